# The public programme: home
home-title = Programmes
home-intro = Programmes of sessions open to everybody. No account is needed to register.
home-none-title = No programme at the moment
home-none = The next programme will be announced here.
home-now = Under way
home-next = To come
home-over = Over
home-others = Other programmes
# The programme page
programme-see = See the programme
programme-subscribe = Subscribe to the calendar
programme-doors-weeks = The weeks
programme-doors-themes = The themes
programme-empty-title = The programme is being prepared
programme-empty = Sessions will be announced here.
programme-all = The whole programme
dates-from-to = { $from } to { $to }
face-where-both = on site and online
face-where-online = online
face-where-site = on site
face-sessions = { $n ->
    [0] No session yet
    [one] 1 session
   *[other] { $n } sessions
 }
face-hosts = { $n ->
    [one] 1 organisation
   *[other] { $n } organisations
 }
count-sessions = { $n ->
    [0] no session
    [one] 1 session
   *[other] { $n } sessions
 }
# Filters
filter-title = Search the programme
filter-q = Search
filter-q-hint = a subject, an organisation, a place
filter-theme = Theme
filter-format = Format
filter-day = Day
filter-language = Language
filter-org = Organisation
filter-where = Where
filter-access = Access
filter-open = Registration possible
filter-all-m = All
filter-all-f = All
filter-everywhere = Everywhere
filter-any = Any
filter-online = Online
filter-on-site = On site
filter-more = More filters
filter-submit = Filter
filter-clear = Clear the filters
filter-found = { $n ->
    [0] No session matches
    [one] 1 session found
   *[other] { $n } sessions found
 }
filter-ignored = Filter ignored: this programme has no “{ $value }” under “{ $name }”.
filter-none-title = No session matches
filter-none = Try fewer words or fewer filters, or look through the whole programme.
# Choosing
choose = Choose
register-session = Register for this session
register-queue = Join the waiting list
register-external = Register on the organisation’s site
# Seats in words
seat-free = Seats available
seat-left = { $n ->
    [one] 1 seat left
   *[other] { $n } seats left
 }
seat-full = { $n ->
    [0] Full · waiting list open
   *[other] Full · waiting list ({ $n })
 }
seat-not-yet = Registration from { $at }
seat-closed = Registration closed
seat-invitation = By invitation
seat-walk-in = Walk in, no registration
seat-external = Registration on another site
seat-over = Over
seat-cancelled = Cancelled by the organisers
seat-untimed = Registration once the time is known
# A session
online = online
time-unknown = time to be announced
session-when = When
session-where = Where
session-online = Online: the address comes with the confirmation of your registration.
session-online-too = Also online: the address comes with the confirmation of your registration.
session-place-unknown = Place to be announced
session-map = See on a map (OpenStreetMap)
session-hosts = Offered by
session-speakers = With
session-languages = Languages
session-access = Access
session-tags = Keywords
session-facts = At a glance
session-after-title = After the session
session-recording = See the recording
session-about = About this session
session-about-none = The presentation will follow.
session-calendar = In my calendar
session-calendar-hint = “Subscribe” follows changes. The other buttons copy the session as it is today.
session-calendar-google = Google Calendar
session-calendar-outlook = Outlook
session-calendar-file = .ics file
session-changed = What has changed
session-changed-at = Release { $n }, { $when }
session-cancelled = This session is cancelled.
session-cancelled-way = The other sessions of the programme are open to you.
session-same-day = The same day
session-before = Before
session-after = After
# Theme and organisation
theme-label = Theme
theme-label-n = Theme { $n }
theme-none = No session in this theme at the moment.
theme-others = The other themes
theme-subscribe = Subscribe to this theme’s calendar
organisation-label = Organisation
organisation-site = Its site
organisation-none = No session by this organisation at the moment.
# Formats
format-conference = Conference
format-workshop = Workshop
format-open-forum = Open forum
format-round-table = Round table
format-testimony = Testimony
format-open-day = Open day
format-hackathon = Hackathon
format-other = Other
format-session = Session
# Access
access-step-free = step-free
access-sign-language = sign language
access-hearing-loop = hearing loop
access-childcare = childcare
access-easy-language = easy language
access-quiet-room = quiet room
# Languages of sessions
lang-name-fr = French
lang-name-en = English
lang-name-de = German
lang-name-it = Italian
lang-name-rm = Romansh
lang-name-es = Spanish
lang-name-pt = Portuguese
lang-name-ar = Arabic
lang-name-fa = Persian
lang-name-ti = Tigrinya
lang-name-so = Somali
lang-name-ta = Tamil
lang-name-tr = Turkish
lang-name-uk = Ukrainian
lang-name-ru = Russian
lang-name-sq = Albanian
lang-name-sr = Serbian
lang-name-hr = Croatian
lang-name-bs = Bosnian
lang-name-pl = Polish
lang-name-nl = Dutch
lang-name-ro = Romanian
lang-name-zh = Chinese
lang-name-ja = Japanese
week-n = Week { $n }
session-way = Where you are
session-whole-day = All the sessions of this day
calendar-title = In your calendar
calendar-intro = Subscribe, and what changes in the programme reaches your calendar by itself.
calendar-subscribe = Subscribe
# What one person may have
rule-per-week = { $n ->
    [one] One session a week at most, so that everybody gets a seat.
   *[other] { $n } sessions a week at most, so that everybody gets a seat.
 }
rule-per-programme = { $n ->
    [one] One session a person, so that everybody gets a seat.
   *[other] { $n } sessions a person at most, so that everybody gets a seat.
 }
rule-overlap = One session at a time: two sessions at the same hour do not go together.
