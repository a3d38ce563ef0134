-- What stands between a person and a session, without a look at the row: to how many people a message goes is counted
-- over everybody.
CREATE INDEX registration_person ON registration (participant_id, session_id, state, awaits);
