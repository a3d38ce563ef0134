-- What registered people are still to be told: a release, or another join address, has changed a session of theirs.
-- A row a registration, from the first change until it is told; what changes again meanwhile is the same row.
CREATE TABLE news (
    registration_id  UUID PRIMARY KEY REFERENCES registration (id),
    participant_id   UUID NOT NULL REFERENCES participant (id),
    session_id       UUID NOT NULL REFERENCES session (id),
    programme_id     UUID NOT NULL REFERENCES programme (id),
    -- What the person knows: the session as this release has it, and where it was to be joined.
    told_release     BIGINT NOT NULL,
    told_join_url    TEXT,
    -- NULL: nothing to tell for now (who knows that it is cancelled need not hear that it moved), but where it
    -- takes place again, this is still what the person knows.
    due_at           TIMESTAMPTZ
);
CREATE INDEX news_due ON news (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX news_participant ON news (participant_id);
