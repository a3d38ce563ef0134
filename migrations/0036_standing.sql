-- How many stand where in a session, and who, without a look at the rows: those of one session lie all over the table.
CREATE INDEX registration_standing ON registration (session_id, state, participant_id, awaits);
