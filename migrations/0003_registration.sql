-- What is live beside the release, one row a session: the desk decides on this row, and its lock is the
-- session's. `touched` lets other processes see what changed.
CREATE TABLE seat (
    session_id    UUID PRIMARY KEY REFERENCES session (id),
    programme_id  UUID NOT NULL REFERENCES programme (id),
    -- NULL: no limit.
    capacity      BIGINT CHECK (capacity >= 0),
    -- Seats kept back, by group: {"partner": 5}; and their sum.
    held          JSON NOT NULL,
    held_total    BIGINT NOT NULL CHECK (held_total >= 0),
    -- People who hold a seat, and registrations that wait: kept so that nobody counts under the lock.
    taken         BIGINT NOT NULL DEFAULT 0 CHECK (taken >= 0),
    waiting       BIGINT NOT NULL DEFAULT 0 CHECK (waiting >= 0),
    registration  TEXT NOT NULL CHECK (registration IN ('open', 'closed', 'invitation', 'none', 'external')),
    external_url  TEXT,
    opens         TIMESTAMPTZ,
    closes        TIMESTAMPTZ,
    queue         TEXT NOT NULL CHECK (queue IN ('promote', 'offer')),
    join_url      TEXT,
    -- From the release, so that the desk needs no other table.
    starts        TIMESTAMPTZ NOT NULL,
    ends          TIMESTAMPTZ,
    timed         BOOLEAN NOT NULL,
    status        TEXT NOT NULL CHECK (status IN ('scheduled', 'cancelled', 'withdrawn')),
    -- The next number of arrival: clocks of several machines differ, this row does not.
    arrivals      BIGINT NOT NULL DEFAULT 0,
    touched       TIMESTAMPTZ NOT NULL
);
CREATE INDEX seat_touched ON seat (touched);
CREATE INDEX seat_programme ON seat (programme_id);

-- A person known by an e-mail address; no account. Erasure empties the address and the name.
CREATE TABLE participant (
    id              UUID PRIMARY KEY,
    -- Lower case, domain in ASCII.
    email           TEXT UNIQUE,
    name            TEXT NOT NULL,
    language        TEXT NOT NULL,
    -- Raised to revoke every link to the agenda, or to its feed.
    agenda_version  BIGINT NOT NULL DEFAULT 1,
    feed_version    BIGINT NOT NULL DEFAULT 1,
    -- When we last wrote only to say that nothing is new: at most once an hour.
    told_at         TIMESTAMPTZ,
    created_at      TIMESTAMPTZ NOT NULL,
    erased_at       TIMESTAMPTZ
);

-- One submitted form. The same key is the same order: a double click, a reload, a lost answer.
CREATE TABLE registration_order (
    id              UUID PRIMARY KEY,
    programme_id    UUID NOT NULL REFERENCES programme (id),
    form_key        TEXT NOT NULL,
    participant_id  UUID NOT NULL REFERENCES participant (id),
    -- As typed in this form: it never renames the participant.
    name            TEXT NOT NULL,
    people          BIGINT NOT NULL CHECK (people BETWEEN 1 AND 5),
    organisation    TEXT NOT NULL,
    access_needs    TEXT NOT NULL,
    language        TEXT NOT NULL,
    -- NULL where the organisers registered somebody.
    consent_at      TIMESTAMPTZ,
    created_at      TIMESTAMPTZ NOT NULL,
    UNIQUE (programme_id, form_key)
);

-- What the page of an order shows, frozen: it must not change with what the address already has.
CREATE TABLE order_item (
    order_id    UUID NOT NULL REFERENCES registration_order (id),
    session_id  UUID NOT NULL REFERENCES session (id),
    shown       TEXT NOT NULL CHECK (shown IN ('confirmed', 'waiting')),
    -- The place in the queue, 1 for the first; NULL for a seat.
    position    BIGINT,
    PRIMARY KEY (order_id, session_id)
);

-- A participant's seat, or turn, in one session. Nothing registered is ever deleted.
CREATE TABLE registration (
    id              UUID PRIMARY KEY,
    session_id      UUID NOT NULL REFERENCES session (id),
    participant_id  UUID NOT NULL REFERENCES participant (id),
    order_id        UUID NOT NULL REFERENCES registration_order (id),
    state           TEXT NOT NULL CHECK (state IN ('confirmed', 'waiting', 'offered', 'cancelled')),
    people          BIGINT NOT NULL CHECK (people BETWEEN 1 AND 5),
    -- From seat.arrivals: the order of the queue.
    arrival         BIGINT NOT NULL,
    -- How often this person left and came back: added to the session's SEQUENCE, so that a seat taken
    -- again after a CANCEL is believed.
    bumps           BIGINT NOT NULL,
    created_at      TIMESTAMPTZ NOT NULL,
    changed_at      TIMESTAMPTZ NOT NULL
);
-- One live registration a person and session (invariant 4); ON CONFLICT repeats this WHERE.
CREATE UNIQUE INDEX registration_live ON registration (session_id, participant_id)
    WHERE state IN ('confirmed', 'waiting', 'offered');
CREATE INDEX registration_queue ON registration (session_id, arrival) WHERE state = 'waiting';
CREATE INDEX registration_participant ON registration (participant_id);

-- Every change of a registration's state, and the mail that told it (invariant 5).
CREATE TABLE registration_change (
    id               UUID PRIMARY KEY,
    registration_id  UUID NOT NULL REFERENCES registration (id),
    -- NULL: it was made.
    before           TEXT,
    after            TEXT NOT NULL,
    -- `form`, `person`, `queue`, `organiser`.
    cause            TEXT NOT NULL,
    -- NULL where nobody can be written to.
    mail_id          UUID,
    at               TIMESTAMPTZ NOT NULL
);
CREATE INDEX registration_change_registration ON registration_change (registration_id);
