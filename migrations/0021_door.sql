-- Whoever is registered has a code by which they are found at the door, those with an address as well. People from
-- before have none, and are given one: these are they.
CREATE INDEX participant_uncoded ON participant (id) WHERE code IS NULL AND erased_at IS NULL;
