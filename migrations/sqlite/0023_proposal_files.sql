-- Pictures and material that belong to a proposal. In the database: a backup has them, and every process.
CREATE TABLE proposal_file (
    id           UUID PRIMARY KEY,
    proposal_id  UUID NOT NULL REFERENCES proposal (id),
    kind         TEXT NOT NULL CHECK (kind IN ('picture', 'material')),
    -- What its sender called it: shown, never trusted.
    name         TEXT NOT NULL,
    -- Found from the content.
    media        TEXT NOT NULL CHECK (media IN ('image/jpeg', 'image/png', 'application/pdf')),
    size         BIGINT NOT NULL,
    bytes        BLOB NOT NULL,
    created_at   TIMESTAMPTZ NOT NULL
);
CREATE INDEX proposal_file_proposal ON proposal_file (proposal_id, id);
