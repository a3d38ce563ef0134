# A programme in figures
office-nav-figures = Figures
figures-title = Figures
figures-counted = Registrations counted on { $when }; seats and attendance as they are now.
figures-not-counted = Registrations have not been counted yet: reload the page in a few seconds.
figures-unpublished = Nothing is published yet, so there is nothing to count.
figures-partner = Organisation
figures-all-partners = All organisations
figures-show = Show
figures-all = The whole programme
figures-table = The table
figures-csv = CSV
figures-excel = CSV for Excel
figures-percent = { $n }%
figures-from-to = { $from }–{ $to }%
figures-full = Full
figures-said-fill = { $percent } ({ $taken } of { $seats })
figures-seated-note = { $n } of them with a seat
figures-fill-note = { $percent } of { $seats } limited seats
figures-walk-in-note = { $n } of them without registering
figures-no-shows-note =
    { $n ->
        [0] everybody who was expected came
        [one] one person was expected and did not come
       *[other] { $said } people were expected and did not come
    }
figures-no-theme = No theme
figures-no-partner = No organisation
figures-cancelled = cancelled
figures-withdrawn = withdrawn
figures-pages = Pages of sessions
figures-summary = In short
figures-days = Registrations by day
figures-days-hint = The day on which a registration was made. What was never confirmed by mail is not counted.
figures-themes = Fill by theme
figures-themes-hint = People who have a seat, out of the seats of sessions that have a limit.
figures-formats = Fill by format
figures-formats-hint = A session of two formats counts in both.
figures-partners = Fill by organisation
figures-partners-hint = A session of two organisations counts for both.
figures-fills = Sessions by how full they are
figures-fills-hint = Sessions without a limit are left out.
figures-queues = Longest waiting lists
figures-queues-hint = A registration that waits may be for several people.
figures-endings = Cancellations
figures-endings-hint = What ended registrations: seats given back, taken back, or not taken in time.
figures-attendance = No-shows by theme
figures-attendance-hint = People who had a seat and did not come, in the sessions at which attendance was taken.
figures-languages = Languages
figures-languages-hint = People, by the language of their last form.
figures-few = fewer than { $n }
figures-withheld = not shown
figures-few-hint = Groups of fewer than { $n } people are not counted out, nor is the smallest of the others, from which they could be worked out.
figures-sessions = Session by session
figures-sessions-hint = Who came and who did not is shown only where attendance was taken.
figures-sessions-found =
    { $n ->
        [one] One session
       *[other] { $n } sessions
    }
figures-sort = In the order of
figures-sort-day = days
figures-sort-fill = fill
figures-sort-queue = waiting lists
figures-sort-absent = no-shows
figures-ending-person = Cancelled by the person
figures-ending-organiser = Cancelled or moved by the team
figures-ending-deadline = Seat offered and not taken in time
figures-col-day = Day
figures-col-percent = Fill
figures-col-theme = Theme
figures-col-format = Format
figures-col-organisation = Organisation
figures-col-session = Session
figures-col-ending = Reason
figures-col-language = Language
figures-col-figure = Figure
figures-col-value = Value
figures-col-sessions = Sessions
figures-col-seats = Seats
figures-col-taken = Seats taken
figures-col-fill = Fill
figures-col-waiting = Waiting
figures-col-made = Registrations
figures-col-gone = Cancellations
figures-col-stands = Standing
figures-col-people = Different people
figures-col-seated = People with a seat
figures-col-marked = Sessions with attendance
figures-col-registered = Expected
figures-col-present = Came
figures-col-absent = Did not come
figures-col-no-shows = No-show rate
figures-col-walk-in = Without registering
