-- The mail that this one repeats: somebody of the team has sent it once more.
ALTER TABLE outbox ADD COLUMN again_of UUID;
CREATE INDEX outbox_again ON outbox (again_of) WHERE again_of IS NOT NULL;
