-- Which release a programme's reminders are planned from: where a newer one stands, they are planned anew.
CREATE TABLE reminder_plan (
    programme_id  UUID PRIMARY KEY REFERENCES programme (id),
    release       BIGINT NOT NULL
);

-- When the people of a session are reminded, a row for each span of the programme's rule: whoever looks each second
-- for what is due reads an index, however many sessions and people there are.
CREATE TABLE reminder_due (
    session_id    UUID NOT NULL REFERENCES session (id),
    -- As the rule names it: `1d`, `1h`.
    span          TEXT NOT NULL,
    programme_id  UUID NOT NULL REFERENCES programme (id),
    -- For which beginning: a session that moves is planned anew.
    starts        TIMESTAMPTZ NOT NULL,
    due_at        TIMESTAMPTZ NOT NULL,
    -- Nobody was at work then, and now the hours are quiet: not before this.
    waits_until   TIMESTAMPTZ,
    -- Everybody is reminded, or nobody needs to be any more.
    done_at       TIMESTAMPTZ,
    PRIMARY KEY (session_id, span)
);
CREATE INDEX reminder_due_next ON reminder_due (due_at) WHERE done_at IS NULL;
CREATE INDEX reminder_due_programme ON reminder_due (programme_id);

-- Who was reminded of what: a registration is reminded of one beginning once a span, whoever does it.
CREATE TABLE reminder (
    registration_id  UUID NOT NULL REFERENCES registration (id),
    span             TEXT NOT NULL,
    starts           TIMESTAMPTZ NOT NULL,
    -- NULL: it is not said, because a mail has told the person's day and they came to this session after it.
    mail_id          UUID,
    at               TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (registration_id, span, starts)
);

-- Whether a person wants reminders of a programme; made with the first one, whose link to stop them names this row.
CREATE TABLE reminder_choice (
    id              UUID PRIMARY KEY,
    -- No foreign key: PostgreSQL would lock people whom the desk locks in another order.
    participant_id  UUID NOT NULL,
    programme_id    UUID NOT NULL REFERENCES programme (id),
    -- NULL: they are sent.
    stopped_at      TIMESTAMPTZ,
    UNIQUE (participant_id, programme_id)
);
