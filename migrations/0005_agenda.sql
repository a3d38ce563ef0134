-- When somebody was last sent the link to their agenda because an address was typed: at most once in a few
-- minutes, so that nobody's mailbox is filled by a stranger.
ALTER TABLE participant ADD COLUMN link_sent_at TIMESTAMPTZ;

-- A person's own orders: for the copy of their data, for erasure, and for the form that is filled in.
CREATE INDEX registration_order_participant ON registration_order (participant_id);
