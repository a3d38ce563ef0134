-- What registered people are still to be told: a release, or another join address, has changed a session of theirs.
-- A row a registration, from the first change until it is told; what changes again meanwhile is the same row.
CREATE TABLE news (
    registration_id  UUID PRIMARY KEY REFERENCES registration (id),
    -- No foreign keys: PostgreSQL would lock a thousand people while the desk locks some of them in another order.
    participant_id   UUID NOT NULL,
    session_id       UUID NOT NULL,
    programme_id     UUID NOT NULL REFERENCES programme (id),
    -- Since then; other mails may have told more.
    noted_at         TIMESTAMPTZ NOT NULL,
    -- What the person knew: the session as this release has it, and where it was to be joined.
    told_release     BIGINT NOT NULL,
    told_join_url    TEXT,
    -- NULL: nothing to tell for now (who knows that it is cancelled need not hear that it moved), but where it
    -- takes place again, this is still what the person knew.
    due_at           TIMESTAMPTZ
);
CREATE INDEX news_due ON news (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX news_participant ON news (participant_id);
