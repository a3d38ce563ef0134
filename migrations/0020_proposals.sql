-- Links by which people of an organisation join the office as its partners. Their tokens are sealed, not stored.
CREATE TABLE partner_link (
    id            UUID PRIMARY KEY,
    programme_id  UUID NOT NULL REFERENCES programme (id),
    -- Its slug, as in the draft.
    organisation  TEXT NOT NULL,
    made_at       TIMESTAMPTZ NOT NULL,
    expires_at    TIMESTAMPTZ NOT NULL,
    revoked_at    TIMESTAMPTZ
);
-- One at a time.
CREATE UNIQUE INDEX partner_link_open ON partner_link (programme_id, organisation) WHERE revoked_at IS NULL;

-- Sessions that partners propose, and changes to sessions that are there: both wait for the team's word.
CREATE TABLE proposal (
    id               UUID PRIMARY KEY,
    programme_id     UUID NOT NULL REFERENCES programme (id),
    -- Whose it is, by its slug; NULL: it came through the public call.
    organisation     TEXT,
    -- Who wrote it: a user of the office.
    author           UUID,
    -- Who wrote it through the public call: name, address, language. Erased with its time.
    proposer         JSON,
    -- Raised to revoke the proposer's link.
    link_version     BIGINT NOT NULL DEFAULT 1,
    what             TEXT NOT NULL CHECK (what IN ('new', 'change')),
    -- The session that it changes, or that it has become. No foreign key: a session that was never published can go.
    session_id       UUID,
    state            TEXT NOT NULL CHECK (state IN ('draft', 'sent', 'discuss', 'accepted', 'refused', 'withdrawn')),
    -- The fields of the form, as a file would say them.
    content          JSON NOT NULL,
    -- Of a change: the same fields as they were when it was begun.
    base             JSON,
    -- Made by the form: the same key is the same proposal.
    form_key         TEXT NOT NULL UNIQUE,
    -- Raised by each change: what somebody decides on is what they have seen.
    revision         BIGINT NOT NULL DEFAULT 1,
    created_at       TIMESTAMPTZ NOT NULL,
    changed_at       TIMESTAMPTZ NOT NULL,
    sent_at          TIMESTAMPTZ,
    -- Not before then the other side is told that there is something new; NULL: there is nothing to tell.
    tell_team_at     TIMESTAMPTZ,
    tell_partner_at  TIMESTAMPTZ
);
CREATE INDEX proposal_programme ON proposal (programme_id, organisation);
CREATE INDEX proposal_session ON proposal (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX proposal_tell_team ON proposal (tell_team_at) WHERE tell_team_at IS NOT NULL;
CREATE INDEX proposal_tell_partner ON proposal (tell_partner_at) WHERE tell_partner_at IS NOT NULL;

-- What was said about a proposal, and what became of it, in its order.
CREATE TABLE proposal_line (
    id           UUID PRIMARY KEY,
    proposal_id  UUID NOT NULL REFERENCES proposal (id),
    side         TEXT NOT NULL CHECK (side IN ('team', 'partner')),
    -- A user of the office; NULL: who proposed through the public call.
    author       UUID,
    -- What it became with this line; NULL: somebody said something.
    state        TEXT,
    said         TEXT NOT NULL,
    at           TIMESTAMPTZ NOT NULL
);
CREATE INDEX proposal_line_proposal ON proposal_line (proposal_id, id);
