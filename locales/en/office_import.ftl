# The office: import and export
office-nav-import = Import
office-nav-export = Export
import-title = Import a file
import-lead = A table (CSV, Excel, LibreOffice), a frab or pretalx schedule: it is read, matched with the programme and shown to you. Nothing changes before you say so.
import-new-title = A new programme from a file
import-new-lead = A schedule brings its title, its days, its rooms and its themes; a table brings its sessions, and the rest is filled in afterwards.
import-slug = Address of the programme
import-slug-hint = 3 to 100 of a-z, 0-9 and -, for example month-2027
import-slug-taken = There is a programme at this address; import into it from its own page.
import-file = File
import-file-hint = CSV, .xlsx, .ods, frab XML or JSON, pretalx JSON; { $most } MiB at most
import-file-none = Choose a file.
import-file-large = This file is larger than { $most } MiB, or did not arrive whole.
import-read = Read the file
import-waiting = Files that wait
import-waiting-lead = They are kept for an hour, and only you see them.
import-waiting-since =
    { $n ->
        [0] just now
        [one] one minute ago
       *[other] { $n } minutes ago
    }
import-problem-line = Line { $line }: { $message }
import-problem-value = “{ $value }”: { $message }
import-refused = This file cannot be read
import-back = Import
import-kind-csv = CSV table
import-kind-workbook = Workbook
import-kind-xml = XML schedule
import-kind-json = JSON schedule
import-rows =
    { $n ->
        [one] one row
       *[other] { $n } rows
    }
import-columns-title = 1. Which column is what
import-columns-lead = Guessed from the headings and from what stands beneath. Correct what is wrong; it is remembered for the next file with these headings.
import-column = Column
import-column-nameless = Column { $letter }, without heading
import-column-samples = For example
import-column-is = Is
import-column-is-of = What is in the column { $heading }?
import-column-none = not read
import-column-twice = Two columns cannot both be “{ $field }”. Leave one out.
import-sheet = Sheet
import-missing = Withdraw the sessions that the file does not have
import-missing-hint = Their registrations stay as they are. Without this tick they remain in the programme.
import-look = See what would change
import-changes-title = 2. What would change
import-changes-title-only = What would change
import-count-added = added
import-count-changed = changed
import-count-removed = withdrawn
import-count-missing = not in the file
import-nothing = Nothing would change: the draft already says what the file says.
import-mistakes =
    { $n ->
        [one] One mistake: nothing can be imported before it is corrected
       *[other] { $n } mistakes: nothing can be imported before they are corrected
    }
import-mistakes-lead = Correct them in the file and send it again, or match the columns differently.
import-line = Line
import-value = Value
import-why = What is wrong
import-more = … and { $n } more
import-notices = To know
import-made-themes = New themes: { $names }
import-made-places = New places: { $names }
import-made-organisations = New organisations: { $names }
import-still-there = Sessions that the file does not have, and that stay
import-session = Session
import-change = Change
import-was-added = new
import-was-changed = changed
import-was-removed = withdrawn
import-empty-value = empty
import-take =
    { $n ->
        [one] Import one change into the draft
       *[other] Import { $n } changes into the draft
    }
import-take-lead = All or nothing. The public sees it only after the next publication.
import-discard = Drop this file
import-changed-meanwhile = The draft has changed since you looked: nothing was imported. Here is what would change now.
import-done = Imported
import-done-lead = The draft has it; the public sees it after the next publication.
import-again = Import another file
import-to-programme = To the programme
export-title = Export
export-lead = Files of this programme, for other programs and for your own records.
export-draft = The draft
export-release = What is published
export-people = Registrations
export-people-lead = Personal data: keep these files only as long as you need them.
export-unpublished = Nothing is published yet; these files come with the first publication.
export-sessions-xlsx = Sessions, Excel
export-sessions-xlsx-what = Everything the draft says of each session, to edit and import again.
export-sessions-csv = Sessions, CSV
export-sessions-csv-what = The same as a plain table, for programs and scripts.
export-registrations-xlsx = Registrations, Excel
export-registrations-xlsx-what = One row a registration: session, state, person, needs, attendance.
export-registrations-csv = Registrations, CSV
export-registrations-csv-what = The same as a plain table.
export-frab-xml = frab, XML
export-frab-xml-what = For schedule apps and video teams.
export-frab-json = frab, JSON
export-frab-json-what = The same for websites.
export-ics = Calendar, ICS
export-ics-what = Every session, for a calendar program.
export-public-csv = Public table, CSV
export-public-csv-what = What everybody may know, without the addresses to join.
export-too-long = No Excel file can be made: the field “{ $column }” of { $session } is longer than Excel can hold. Take CSV.

# Fields of a session
import-field-slug = Identifier (slug)
import-field-title = Title
import-field-theme = Theme
import-field-format = Format
import-field-date = Day
import-field-start = Start (time, or day and time)
import-field-end = End
import-field-language = Languages
import-field-place = Place
import-field-online = Online
import-field-join-url = Address to join
import-field-capacity = Seats
import-field-registration = Registration
import-field-hosts = Organisations
import-field-speakers = Speakers
import-field-abstract = Summary
import-field-description = Description
import-field-tags = Keywords
import-field-access = Accessibility
import-field-status = State
import-field-opens = Registration opens
import-field-closes = Registration closes
import-field-queue = Waiting list
import-field-held = Seats held
import-field-text-language = Language of the texts
import-field-recording = Recording
import-field-minutes = Report

# The importer's own sentences: src/programme/import/said.rs finds a sentence again by these
said-format = { $a } is no format; it is one or more, parted by |, of: { $b }
said-language-one = is no language; write a code such as fr
said-languages = is no language; write codes such as fr, en, de, it, parted by |
said-yes-no = is neither yes nor no; write true, or leave it empty
said-seats = is no number of seats; write 0 to { $a }, unlimited, or nothing for the programme's rule
said-registration = must be open, closed, invitation, none, or a web address (https://…)
said-status = must be empty or cancelled
said-queue = must be promote, offer, or empty for the programme's rule
said-held = { $a } is no group and number; write it as partner:5|press:2
said-held-twice = names the group { $a } twice
said-no-day-moment = has no day; write it as 2027-04-01T09:00
said-span = is no time before the start; write -7d, -48h or -30m (days, hours, minutes), or 2027-04-01T09:00
said-end-time = is no time; write it as 10:30 or 10h30, or 2027-04-20 12:00 on another day
said-ends-before-start = ends before the session begins ({ $a })
said-ends-before-day = ends before the session's day ({ $a })
said-end-no-time = has no time; write it as 10:30, or 2027-04-20 12:00 on another day
said-no-title-column = no column is a slug or a title; the headings are { $a }, ours are { $b }
said-no-sessions = holds no sessions, so there is no programme to make of it
said-no-zone = no zone is said, so times are taken to be in { $a }
said-made-programme = made the programme { $a } with the days and languages of its sessions
said-unused = columns that are not read: { $a }
said-slug = a slug has 3 to 100 of a-z, 0-9 and -, starts with a letter or digit
said-slug-programme = a slug has 3 to 100 of a-z, 0-9 and -, starts with a letter or digit, and a programme's is none of: { $a }
said-slug-twice = stands on line { $a } already; each session has a slug of its own
said-slug-empty = is empty; each session has a slug
said-held-more = { $a } keeps back { $b } of { $c } seats, so nobody gets in
said-lacks-column = a new session needs a { $a }, and no column is one; the headings are { $b }
said-day-empty = is empty; each session has a day
said-no-day = has no day; write it as 2027-04-19
said-start-time = is no time; write it as 10:30 or 10h30, or leave it empty while it is not known
said-midnight = is the end of the day; write 00:00 on the next day
said-other-day = is on { $a } and the session's day is { $b }; write the time alone
said-no-time = has no time; write it as 10:30 or 10h30
said-would-end = the session would end ({ $a }) before it begins ({ $b })
said-closes-early = registration closes ({ $a }) before it opens ({ $b })
said-date = is no date; write it as 2027-04-19 or 19.04.2027
said-short-year = the year needs four digits, as in 19.04.2027
said-year = the year { $a } cannot be right; write it as 2027-04-19 or 19.04.2027
said-month = there is no month { $a }; write it as 2027-04-19 or 19.04.2027 (the day first)
said-day = there is no such day: that month has { $a } days; write it as 2027-04-19 or 19.04.2027
said-skipped = this time does not exist on { $a } in { $b }: summer time skips it; take one an hour later or earlier
said-is-zip = this is a ZIP file and no workbook that we read (.xlsx, .ods); save it as .xlsx, .ods or CSV (UTF-8) first
said-is-xls = this is an old Excel file (.xls), or one with a password; save it as .xlsx, .ods or CSV (UTF-8) first
said-is-other = this is { $a }; save it as .xlsx, .ods or CSV (UTF-8) first
said-encoding = starts like { $a } and is not; save it as UTF-8
said-mixed = this byte is not UTF-8 and the rest of the file is; save the file as UTF-8
said-title-empty = is empty; it needs 1 to 300 characters
said-line-end = holds a line end; it must be one line of text
said-tab = holds a tab; it must be one line of text
said-control = holds the control character { $a }; it must be one line of text
said-nul = holds the control character U+0000, which stands in no text; save it again with the program that wrote it
said-control-long = holds the control character { $a }; only line ends and tabs may stand between letters
said-long = has { $a } characters; at most { $b } are taken
said-address = is no web address; write it as https://example.org/page
said-guessed = is not UTF-8 and was read as { $a }
said-csv = is no CSV: { $a }
said-quote = a quote that opens in this row is never closed; double a quote that is part of a text
said-empty = is empty; its first line must hold the headings
said-ragged = this row has { $a } cells and the headings are { $b }; a text with the separator in it needs quotes
said-rows = has more than { $a } rows; at most { $b } are read
said-columns = has more than { $a } columns; at most { $b } are read
said-cells = has more than { $a } cells; at most { $b } are read
said-sheets = has more than { $a } sheets; at most { $b } are read
said-events = has more than { $a } events; at most { $b } are read
said-outside = sessions lie outside the programme's days { $a } to { $b }, as { $c } on { $d }
said-two-columns = is the { $a } as { $b } in column { $c } is; keep one
said-no-events = holds no events; is it a frab schedule?
said-zone-fits = no zone that we know is named; the offsets of its events fit { $a }
said-zone-taken = no zone that we know is named; times are taken to be in { $a }
said-no-conference = the conference has no title; the programme's slug is taken
said-duration = is no duration; it is hours and minutes: 00:45
said-frab-day = has no day; it is 2027-04-19
said-frab-time = is no time; it is 10:30
said-json = is no JSON here: { $a }
said-json-other = is JSON and no schedule: it has no schedule.conference
said-pretalx-none = holds no submission that is accepted and has a time: ask pretalx for /submissions/?expand=slots.room,speakers,track,submission_type
said-pretalx-other = is JSON and no answer of pretalx's /submissions/ or /slots/: its results have no code
said-deep = is nested too deeply to be a schedule
said-xml = is no XML here: { $a }
said-xml-end = ends too soon: <{ $a }> is never closed; is the file whole?
said-xml-other = is XML and no schedule: its root must be <schedule>
said-no-workbook = is no workbook; save it as .xlsx, .ods or CSV (UTF-8)
said-workbook-headings = is an empty workbook; its first row must hold the headings
said-workbook-empty = is an empty workbook
said-workbook-broken = cannot be read as a workbook: { $a }; open it and save it again
said-workbook-text = holds more than { $a } MiB of text
said-workbook-large = holds more than { $a } MiB once it is unpacked; split it, or save the sheet as CSV (UTF-8)
said-workbook-password = is protected with a password; save it without one
said-no-sheet = has no such sheet; it has: { $a }
said-several-sheets = has several sheets: { $a }; { $b } was read
said-hidden-rows = hides { $a } rows, which are read like the others
said-formula = is an error of the spreadsheet; correct the formula, or write the value itself
