-- The mail came back after the server had taken it: then it is failed, and no late mark makes it sent again.
ALTER TABLE outbox ADD COLUMN bounced_at TIMESTAMPTZ;

-- Since when mails to this address come back: what nobody waits for is not sent there, until the person sends a
-- form again.
ALTER TABLE participant ADD COLUMN undeliverable_at TIMESTAMPTZ;
CREATE INDEX participant_undeliverable ON participant (undeliverable_at) WHERE undeliverable_at IS NOT NULL;

-- One row, that all workers of all processes take mails by where the relay sets a limit (`mail.per_minute`).
CREATE TABLE mail_pace (
    id       BIGINT PRIMARY KEY,
    -- When, with nothing more taken, as many may go at once as ever.
    free_at  TIMESTAMPTZ NOT NULL
);
