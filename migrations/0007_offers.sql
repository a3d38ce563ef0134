-- By when a person must act, and how: take a seat that is offered (`acceptance`), or open the link in the mail of an
-- order (`link`: a seat that is held, or a turn that does not count yet). NULL for all others.
ALTER TABLE registration ADD COLUMN awaits TEXT CHECK (awaits IN ('acceptance', 'link'));
ALTER TABLE registration ADD COLUMN deadline TIMESTAMPTZ;
-- What is due is looked for each second.
CREATE INDEX registration_deadline ON registration (deadline) WHERE deadline IS NOT NULL;
-- Sessions with a queue that quiet hours may have kept from being served: looked for each second, too.
CREATE INDEX seat_offering ON seat (session_id) WHERE waiting > 0 AND queue = 'offer';
-- Until when the link in the mail of this order confirms it; NULL where none is needed.
ALTER TABLE registration_order ADD COLUMN confirm_by TIMESTAMPTZ;
