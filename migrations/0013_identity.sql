-- Somebody who works in the office. Never deleted: what they did names them.
CREATE TABLE staff (
    id              UUID PRIMARY KEY,
    -- Lower case, domain in ASCII.
    email           TEXT NOT NULL UNIQUE,
    name            TEXT NOT NULL,
    language        TEXT NOT NULL,
    role            TEXT NOT NULL CHECK (role IN ('owner', 'editor', 'press', 'desk', 'partner')),
    -- argon2id, as a PHC string. NULL: none, and the person comes in by a mailed link.
    password        TEXT,
    -- The secret of the second step (TOTP, base32); NULL where it is not used.
    totp_secret     TEXT,
    -- One that is shown and not yet confirmed.
    totp_pending    TEXT,
    -- The last step of time whose code was taken: no code is taken twice.
    totp_used       BIGINT NOT NULL DEFAULT 0,
    -- Raised to forget every device from which this person signed in.
    device_version  BIGINT NOT NULL DEFAULT 1,
    created_at      TIMESTAMPTZ NOT NULL,
    disabled_at     TIMESTAMPTZ
);

-- For which organisations a partner speaks. The organisation is named by its slug, as in the draft.
CREATE TABLE staff_organisation (
    staff_id      UUID NOT NULL REFERENCES staff (id),
    programme_id  UUID NOT NULL REFERENCES programme (id),
    organisation  TEXT NOT NULL,
    PRIMARY KEY (staff_id, programme_id, organisation)
);

-- Who is signed in, device by device. The token in the cookie stands here as its hash: who reads the table cannot
-- sign in with it.
CREATE TABLE staff_session (
    id          UUID PRIMARY KEY,
    staff_id    UUID NOT NULL REFERENCES staff (id),
    token_hash  TEXT NOT NULL UNIQUE,
    -- « Firefox, Linux »: so that the person knows which one to end.
    device      TEXT NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    seen_at     TIMESTAMPTZ NOT NULL
);
CREATE INDEX staff_session_staff ON staff_session (staff_id);

-- Links that open the office once: an invitation, a new password, a sign-in by mail; and the moment between a right
-- password and the code of the second step. Their tokens are sealed, not stored.
CREATE TABLE staff_link (
    id          UUID PRIMARY KEY,
    staff_id    UUID NOT NULL REFERENCES staff (id),
    kind        TEXT NOT NULL CHECK (kind IN ('invitation', 'reset', 'sign_in', 'code')),
    made_at     TIMESTAMPTZ NOT NULL,
    expires_at  TIMESTAMPTZ NOT NULL,
    used_at     TIMESTAMPTZ
);
CREATE INDEX staff_link_staff ON staff_link (staff_id);

-- Codes for who has lost the telephone that makes them: each works once, and stands here hashed.
CREATE TABLE staff_recovery (
    staff_id   UUID NOT NULL REFERENCES staff (id),
    code_hash  TEXT NOT NULL,
    used_at    TIMESTAMPTZ,
    PRIMARY KEY (staff_id, code_hash)
);

-- Sign-ins that failed, by what they came from or aimed at (an alias: it names nobody), so that the next has to wait.
CREATE TABLE sign_in_attempt (
    alias     UUID PRIMARY KEY,
    failures  BIGINT NOT NULL,
    -- Before this moment none is tried.
    free_at   TIMESTAMPTZ NOT NULL,
    last_at   TIMESTAMPTZ NOT NULL
);
CREATE INDEX sign_in_attempt_last ON sign_in_attempt (last_at);

-- A funder's link to the figures of one programme: it only reads, until it is revoked.
CREATE TABLE figures_link (
    id            UUID PRIMARY KEY,
    programme_id  UUID NOT NULL REFERENCES programme (id),
    -- For whom it was made.
    label         TEXT NOT NULL,
    made_at       TIMESTAMPTZ NOT NULL,
    revoked_at    TIMESTAMPTZ
);
CREATE INDEX figures_link_programme ON figures_link (programme_id);
