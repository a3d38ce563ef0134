-- What lists and mails say of a proposal, beside its whole text; they are read without it.
ALTER TABLE proposal ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE proposal ADD COLUMN day TEXT NOT NULL DEFAULT '';
ALTER TABLE proposal ADD COLUMN begins TEXT NOT NULL DEFAULT '';
-- The proposer's address, by which they are found and erased; NULL with `proposer`.
ALTER TABLE proposal ADD COLUMN email TEXT;
-- The mail that bears the proposer's link: it goes with a proposal that nobody confirms.
ALTER TABLE proposal ADD COLUMN letter_id UUID;
UPDATE proposal SET
    title = COALESCE(TRIM(content ->> 'title'), ''),
    day = COALESCE(TRIM(content ->> 'date'), ''),
    begins = COALESCE(TRIM(content ->> 'start'), ''),
    email = proposer ->> 'email';
CREATE INDEX proposal_email ON proposal (email) WHERE email IS NOT NULL;
CREATE INDEX proposal_listed ON proposal (programme_id, state, changed_at);
-- Of the public call, what awaits its confirmation.
CREATE INDEX proposal_unconfirmed ON proposal (created_at) WHERE state = 'draft' AND organisation IS NULL;
