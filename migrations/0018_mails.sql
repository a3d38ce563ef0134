-- What the office looks mails up by. Mails that were written before have none: they stand in the list of all.
ALTER TABLE outbox ADD COLUMN programme TEXT;
-- The organisers have kept it back: then it is failed as well, and nobody needs to look at it.
ALTER TABLE outbox ADD COLUMN aborted_at TIMESTAMPTZ;
-- The newest first, of one programme: ids sort by time.
CREATE INDEX outbox_programme ON outbox (programme, id);

-- Sentences of the organisers in the mails of a programme, instead of the house's. What is not here, or is empty, is
-- the house's.
CREATE TABLE mail_text (
    programme   TEXT NOT NULL REFERENCES programme (slug),
    language    TEXT NOT NULL,
    -- In which mail: `confirmed`, `reminder`.
    mail        TEXT NOT NULL,
    -- Instead of its first sentence.
    intro       TEXT NOT NULL,
    -- Below its sessions.
    closing     TEXT NOT NULL,
    changed_at  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (programme, language, mail)
);

-- What organisers write to the people of sessions: a row from the first time that it is kept, so that it can be looked
-- at before it is sent, and is sent once.
CREATE TABLE message (
    id            UUID PRIMARY KEY,
    programme_id  UUID NOT NULL REFERENCES programme (id),
    -- Made by the form: the same key is the same message.
    form_key      TEXT NOT NULL UNIQUE,
    -- To whom, and what is said in each language: read and written whole.
    content       JSON NOT NULL,
    -- Whose it is: a user of the office.
    author        UUID NOT NULL,
    changed_at    TIMESTAMPTZ NOT NULL,
    -- How often it was sent to its author, to be looked at.
    tests         BIGINT NOT NULL DEFAULT 0,
    -- NULL: not yet.
    sent_at       TIMESTAMPTZ,
    sent_by       UUID,
    -- How many people it was written to.
    recipients    BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX message_programme ON message (programme_id, id);
-- How much somebody has sent in a day.
CREATE INDEX message_sent ON message (sent_by, sent_at) WHERE sent_at IS NOT NULL;

-- How long a programme keeps personal data after its end, in days, where it is not as long as the house's setting.
CREATE TABLE retention (
    programme_id  UUID PRIMARY KEY REFERENCES programme (id),
    days          BIGINT NOT NULL CHECK (days BETWEEN 1 AND 3650),
    changed_at    TIMESTAMPTZ NOT NULL
);
