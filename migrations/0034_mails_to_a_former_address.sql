-- Whose mail it is, where their address is another one by now: who is erased leaves none behind.
ALTER TABLE outbox ADD COLUMN reader UUID;
CREATE INDEX outbox_reader ON outbox (reader) WHERE reader IS NOT NULL;
