-- How many of a registration's people came: NULL where nobody has marked it, 0 where nobody came.
ALTER TABLE registration ADD COLUMN attended BIGINT CHECK (attended BETWEEN 0 AND 5);
ALTER TABLE registration ADD COLUMN attended_at TIMESTAMPTZ;

-- The figures of a session once its attendance is marked, in people. They stay when who it was is erased.
CREATE TABLE attendance (
    session_id    UUID PRIMARY KEY,
    programme_id  UUID NOT NULL REFERENCES programme (id),
    -- Who had a seat; who came, with or without one; who had a seat and did not come; who came unannounced.
    registered    BIGINT NOT NULL,
    present       BIGINT NOT NULL,
    absent        BIGINT NOT NULL,
    walk_in       BIGINT NOT NULL CHECK (walk_in >= 0),
    marked_at     TIMESTAMPTZ NOT NULL
);
CREATE INDEX attendance_programme ON attendance (programme_id);

-- The sessions whose people have been put down for a thank-you: once each, by one process.
CREATE TABLE thanks_round (
    session_id  UUID PRIMARY KEY,
    at          TIMESTAMPTZ NOT NULL
);

-- Who is thanked for what. The row stays, so that nobody is thanked twice.
CREATE TABLE thanks (
    registration_id  UUID PRIMARY KEY,
    participant_id   UUID NOT NULL,
    session_id       UUID NOT NULL,
    programme_id     UUID NOT NULL REFERENCES programme (id),
    -- The day, local to the programme: one mail for all of it.
    day              DATE NOT NULL,
    -- NULL: it is done.
    due_at           TIMESTAMPTZ,
    -- NULL where there was nothing to send.
    mail_id          UUID
);
CREATE INDEX thanks_due ON thanks (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX thanks_participant ON thanks (participant_id);

-- Answers to the three questions. The id is made from the registration's with the key of links: no column leads from
-- an answer to a person, and the link in the mail finds it again. Erasure empties the texts.
CREATE TABLE feedback (
    id            UUID PRIMARY KEY,
    session_id    UUID NOT NULL,
    programme_id  UUID NOT NULL REFERENCES programme (id),
    rating        BIGINT CHECK (rating BETWEEN 1 AND 5),
    takeaway      TEXT NOT NULL,
    better        TEXT NOT NULL,
    -- No hour: it would tell who answered.
    answered_on   DATE NOT NULL
);
CREATE INDEX feedback_programme ON feedback (programme_id);

-- The codes of certificates of attendance: of one session, or (session NULL) of all that a person has attended in a
-- programme. Revoked where attendance is taken back, or the person is erased.
CREATE TABLE certificate (
    code            TEXT PRIMARY KEY,
    participant_id  UUID NOT NULL,
    programme_id    UUID NOT NULL REFERENCES programme (id),
    session_id      UUID,
    issued_at       TIMESTAMPTZ NOT NULL,
    revoked_at      TIMESTAMPTZ
);
CREATE UNIQUE INDEX certificate_session ON certificate (participant_id, session_id)
    WHERE session_id IS NOT NULL AND revoked_at IS NULL;
CREATE UNIQUE INDEX certificate_programme ON certificate (participant_id, programme_id)
    WHERE session_id IS NULL AND revoked_at IS NULL;
