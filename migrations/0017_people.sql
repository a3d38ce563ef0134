-- Somebody without an address is known by a code that is short enough to be spoken: it stands on their slip. Kept once
-- it is given, also where they get an address later; erasure empties it.
ALTER TABLE participant ADD COLUMN code TEXT;
CREATE UNIQUE INDEX participant_code ON participant (code) WHERE code IS NOT NULL;
-- Where such a person is called; empty where they have no telephone either.
ALTER TABLE participant ADD COLUMN phone TEXT NOT NULL DEFAULT '';

-- Name, address, code and telephone in small letters without accents, for the office's search. NULL: not written down
-- yet (people from before this column, or made by an older process).
ALTER TABLE participant ADD COLUMN folded TEXT;
CREATE INDEX participant_unfolded ON participant (id) WHERE folded IS NULL;

-- True where the person had no address when it happened: no mail tells it, and none is missing (invariant 5).
ALTER TABLE registration_change ADD COLUMN unwritten BOOLEAN NOT NULL DEFAULT FALSE;

-- The list of a session in the office, and what an organiser's order gives: in the order of arrival.
CREATE INDEX registration_arrival ON registration (session_id, arrival);
-- The people of a programme, newest order first.
CREATE INDEX registration_order_programme ON registration_order (programme_id, participant_id);

-- What somebody to whom nobody can write must be told by telephone: the seat that came free for them, the session that
-- moved. One open row a registration; what happens meanwhile is told with it, as it stands then.
CREATE TABLE call (
    id               UUID PRIMARY KEY,
    registration_id  UUID NOT NULL REFERENCES registration (id),
    -- No foreign key: PostgreSQL would lock people whom the desk locks in another order.
    participant_id   UUID NOT NULL,
    session_id       UUID NOT NULL,
    programme_id     UUID NOT NULL REFERENCES programme (id),
    reason           TEXT NOT NULL CHECK (reason IN ('promoted', 'offered', 'expired', 'cancelled', 'moved', 'changed')),
    at               TIMESTAMPTZ NOT NULL,
    -- When it was told, and by whom in the office. NULL: it is still to be told.
    done_at          TIMESTAMPTZ,
    done_by          UUID
);
CREATE UNIQUE INDEX call_open ON call (registration_id) WHERE done_at IS NULL;
CREATE INDEX call_programme ON call (programme_id, at) WHERE done_at IS NULL;
CREATE INDEX call_participant ON call (participant_id);
