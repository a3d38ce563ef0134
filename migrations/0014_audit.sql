-- Who changed what, and when: a line for each change that the team makes, in the office or by a command. Written in
-- the transaction of the change, never updated, never deleted.
CREATE TABLE audit_entry (
    -- Version 7: they sort by `at`.
    id            UUID PRIMARY KEY,
    at            TIMESTAMPTZ NOT NULL,
    -- NULL: of no programme. No foreign keys: a line stands whatever becomes of what it speaks of.
    programme_id  UUID,
    actor         TEXT NOT NULL CHECK (actor IN ('user', 'command', 'house')),
    -- The user's; who that is, only `identity` knows.
    actor_id      UUID,
    -- `session.cancel`: the area, and what was done.
    action        TEXT NOT NULL,
    -- `session/forum`: ids and slugs, never an address or a name.
    subject       TEXT NOT NULL,
    -- What it was and what it is, without personal data; NULL where there is nothing to say.
    before        JSON,
    after         JSON
);
CREATE INDEX audit_entry_programme ON audit_entry (programme_id, id);
CREATE INDEX audit_entry_actor ON audit_entry (actor_id, id);
CREATE INDEX audit_entry_action ON audit_entry (action, id);
