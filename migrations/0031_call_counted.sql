-- Whoever proposes through a public call is counted among thousands that nobody has confirmed yet: without their texts,
-- which stand before these columns in each row, only from here.
CREATE INDEX proposal_called ON proposal (programme_id, organisation, state, created_at, id, email, letter_id);
