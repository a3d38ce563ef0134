# common
og-locale = en_GB
skip-to-content = Skip to the content
nav-main = Main
nav-programme = Programme
nav-changes = What changes
nav-agenda = My sessions
nav-press = Press
feed-changes = What changes
feed-press = Press releases
foot-zone = Times: { $zone }
zone-time = { $city } time
zone-time-vowel = { $city } time
zone-city = { $city }
foot-open-data = Open data:
foot-programmes = All programmes
foot-accessibility = Accessibility
foot-privacy = Your data
accessibility-title = Accessibility
privacy-title = Your data
field-optional = (optional)
field-trap = Leave this field empty
form-mistakes = Please correct this first
chosen-none = Tick the sessions that interest you
chosen-one = 1 session chosen
chosen-many = { $n } sessions chosen
chosen-apart = they do not overlap
chosen-overlap = some of them overlap
chosen-register = Register
accessibility-intro = These pages are made to be read, heard and used by everybody: with a keyboard, with a screen reader, enlarged, in the dark, on a small phone or on paper.
accessibility-goal-title = What we aim for
accessibility-goal = The international rules WCAG 2.2, level AA. Colour never carries information alone, everything works without JavaScript, and mistakes in a form are said next to the field they concern.
accessibility-state-title = Where we are
accessibility-state = Contrasts are checked automatically with each version. There has been no independent audit yet, so faults may remain. The texts, documents and video platforms of partner organisations are not ours.
accessibility-help-title = Something in your way?
accessibility-help = Write to the contact address on the programme’s page. Say which page and which device you use. You can also be registered without using this site.
privacy-intro = You can read everything here without saying who you are. Registering asks for what is needed and no more.
privacy-asked-title = What is asked
privacy-asked = A name and an e-mail address. If you wish, an organisation and what you need in order to take part. This is used to keep your seat, to write to you about your sessions and to prepare for your visit.
privacy-seen-title = Who sees it
privacy-seen = The people who organise the programme and, for each session, those who host it. It is not sold, not published, and not passed on to anybody else.
privacy-kept-title = For how long
privacy-kept =
    { $days ->
        [one] One day
       *[other] { $days } days
    } after the last session of a programme, names and addresses are erased. Only figures remain, which point to nobody. Where a programme keeps them for another time, its registration form says so.
privacy-traces-title = Cookies and statistics
privacy-traces = No visitor statistics, no advertising, nothing loaded from another site. The sessions you tick are remembered by your browser until you close the tab. A cookie remembers the language if you choose it at the entrance of the site. The server’s log notes neither the addresses of personal pages nor your internet address.
privacy-rights-title = Your rights
privacy-rights = Your page “My sessions” gives you a copy of what is recorded about you, and lets you correct your name or erase everything. You can also ask for it: write to the contact address on the programme’s page.
