-- Who came to a session, and who had given it back: a list is marked, and people are thanked, while others register.
-- Without these each session reads all registrations of all programmes. No row of a rush is in them.
CREATE INDEX registration_attended ON registration (session_id, participant_id) WHERE attended IS NOT NULL;
CREATE INDEX registration_gone ON registration (session_id) WHERE state = 'cancelled';

-- A person's certificates: each view of their agenda lists them. And a session's, when its list is corrected.
CREATE INDEX certificate_participant ON certificate (participant_id);
CREATE INDEX certificate_of ON certificate (session_id) WHERE session_id IS NOT NULL;
