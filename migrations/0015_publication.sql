-- Who published a release, and whose content it has again; NULL where it is not known, or new.
ALTER TABLE programme_release ADD COLUMN author TEXT;
ALTER TABLE programme_release ADD COLUMN author_id UUID;
ALTER TABLE programme_release ADD COLUMN again BIGINT;

-- Publications at a time: whoever looks first when it has come publishes the draft as it stands then, and marks the
-- row in the same transaction.
CREATE TABLE planned_publication (
    id            UUID PRIMARY KEY,
    programme_id  UUID NOT NULL REFERENCES programme (id),
    due_at        TIMESTAMPTZ NOT NULL,
    note          TEXT NOT NULL,
    -- A user, or nobody: by a command.
    author_id     UUID,
    made_at       TIMESTAMPTZ NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('planned', 'done', 'failed', 'withdrawn')),
    -- When it left `planned`.
    ended_at      TIMESTAMPTZ,
    -- The release that it made; NULL where there was nothing to publish.
    release_number BIGINT,
    -- Why it failed, for the team.
    problem       TEXT
);
-- One plan a programme.
CREATE UNIQUE INDEX planned_publication_one ON planned_publication (programme_id) WHERE state = 'planned';
CREATE INDEX planned_publication_due ON planned_publication (due_at) WHERE state = 'planned';
