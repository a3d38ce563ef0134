-- Settings that every process and every backup must share, such as the key of secret links.
CREATE TABLE setting (
    name   TEXT PRIMARY KEY,
    value  TEXT NOT NULL
);

-- A programme as organisers edit it: everything but its sessions, as one document. It is read and written
-- whole (an import, a form), never searched by SQL: docs/decisions/0002.
CREATE TABLE programme (
    id          UUID PRIMARY KEY,
    slug        TEXT NOT NULL UNIQUE,
    content     JSON NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    changed_at  TIMESTAMPTZ NOT NULL
);

-- A session as organisers edit it. Its id is its calendar UID and never changes; a withdrawn session stays.
CREATE TABLE session (
    id            UUID PRIMARY KEY,
    programme_id  UUID NOT NULL REFERENCES programme (id),
    slug          TEXT NOT NULL,
    -- The order of the file.
    position      BIGINT NOT NULL,
    content       JSON NOT NULL,
    changed_at    TIMESTAMPTZ NOT NULL,
    UNIQUE (programme_id, slug)
);

-- What the public saw, release by release. Rows are written once and never changed (invariant 6).
CREATE TABLE programme_release (
    programme_id  UUID NOT NULL REFERENCES programme (id),
    number        BIGINT NOT NULL,
    published_at  TIMESTAMPTZ NOT NULL,
    note          TEXT NOT NULL,
    -- The whole public programme.
    content       JSON NOT NULL,
    -- The differences to the release before, beside the titles that they speak of: the change page reads
    -- these of every release and the content of none.
    changes       JSON NOT NULL,
    titles        JSON NOT NULL,
    PRIMARY KEY (programme_id, number)
);
