-- A programme's figures as they were last counted, without a person in them: there are too many registrations to count
-- them for each reader, and what was counted stays when who it was is erased.
CREATE TABLE figures (
    programme_id    UUID PRIMARY KEY REFERENCES programme (id),
    counted_at      TIMESTAMPTZ NOT NULL,
    -- The release that said who brings which session.
    release_number  BIGINT NOT NULL,
    -- So many were looked at: the more, the longer until the next time.
    registrations   BIGINT NOT NULL,
    -- By session, and for the programme and each partner by day and language.
    counts          JSON NOT NULL
);

-- How many mails of a programme name somebody: counted for the page that says what will be erased.
CREATE INDEX outbox_personal ON outbox (programme) WHERE recipient IS NOT NULL;
