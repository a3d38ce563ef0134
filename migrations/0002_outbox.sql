-- Mails that are written, and what became of each. A row is made in the transaction that causes the mail,
-- so that every state change has its mail, once; it is rendered when it is delivered.
-- Erasure empties `recipient` and `data` and keeps kind, state and times.
CREATE TABLE outbox (
    id UUID NOT NULL PRIMARY KEY, -- the Message-ID comes from it
    kind TEXT NOT NULL,
    language TEXT NOT NULL,
    recipient TEXT,
    data JSON NOT NULL, -- frozen: what was true when it was written
    priority BIGINT NOT NULL, -- lower goes first
    queued_at TIMESTAMPTZ NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0, -- that the mail itself failed; a dead server does not count
    claimed_by UUID,
    claimed_until TIMESTAMPTZ,
    sent_at TIMESTAMPTZ,
    failed_at TIMESTAMPTZ,
    error TEXT, -- of the last attempt; never with personal data
    CHECK (sent_at IS NULL OR failed_at IS NULL)
);

-- What the worker looks for each second: few rows, however many were ever sent.
CREATE INDEX outbox_due ON outbox (priority, due_at, id) WHERE sent_at IS NULL AND failed_at IS NULL;
CREATE INDEX outbox_failed ON outbox (failed_at) WHERE failed_at IS NOT NULL;
CREATE INDEX outbox_recipient ON outbox (recipient);
