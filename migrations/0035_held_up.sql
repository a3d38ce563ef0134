-- Until when a proposal of the public call awaits its confirmation whose mail was held up on its way; NULL: as long as any.
ALTER TABLE proposal ADD COLUMN confirm_by TIMESTAMPTZ;
-- The mail that bears the request's link.
ALTER TABLE partner_request ADD COLUMN letter_id UUID;
