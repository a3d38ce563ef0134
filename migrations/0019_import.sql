-- Files that somebody has sent and not taken yet: matching columns, and looking at what would change, needs no second
-- upload. Seen by nobody else, erased after an hour.
CREATE TABLE import_file (
    id          UUID PRIMARY KEY,
    user_id     UUID NOT NULL,
    -- The programme's slug; there may be no programme of it yet.
    programme   TEXT NOT NULL,
    -- What the file is called, to be said back.
    name        TEXT NOT NULL,
    -- Rows, or the text of a schedule; `null` once it was taken.
    content     JSON NOT NULL,
    -- SHA-256 of its bytes.
    digest      TEXT NOT NULL,
    -- Which sheet, which column is what, whether what is missing goes.
    choices     JSON NOT NULL,
    -- What became of it; NULL: nothing yet.
    outcome     JSON,
    created_at  TIMESTAMPTZ NOT NULL
);
CREATE INDEX import_file_user ON import_file (user_id, created_at);
CREATE INDEX import_file_created ON import_file (created_at);

-- How somebody has matched the columns of a programme's files, by the set of their headings: next time nobody has to.
CREATE TABLE import_columns (
    programme   TEXT NOT NULL,
    -- SHA-256 of the headings, folded and sorted.
    headings    TEXT NOT NULL,
    columns     JSON NOT NULL,
    changed_at  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (programme, headings)
);
