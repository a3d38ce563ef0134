-- Who cannot be written to, few among many: counting those who can need not read every person.
CREATE INDEX participant_unreachable ON participant (id) WHERE email IS NULL OR undeliverable_at IS NOT NULL;
