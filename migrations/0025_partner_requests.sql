-- Who has asked, by an organisation's link, to speak for it, and has not answered from their mailbox yet: nobody's
-- membership. Their tokens are sealed, not stored; answered or too old, they are gone.
CREATE TABLE partner_request (
    id          UUID PRIMARY KEY,
    link_id     UUID NOT NULL REFERENCES partner_link (id),
    email       TEXT NOT NULL,
    name        TEXT NOT NULL,
    language    TEXT NOT NULL,
    made_at     TIMESTAMPTZ NOT NULL,
    expires_at  TIMESTAMPTZ NOT NULL
);
CREATE INDEX partner_request_link ON partner_request (link_id, email);
