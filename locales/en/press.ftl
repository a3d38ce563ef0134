# The press room
press-title = Press room
press-what = What it is
press-themes = The themes, week by week
press-figures = In figures
press-figures-note = Figures of the published programme and of the registrations, up to date.
press-contact = Press contact
press-contact-none = The contact will be given here.
press-releases = Press releases
press-releases-none = No press release at the moment.
press-feed = Follow the press releases (Atom)
press-release = Press release
press-back = All press releases
figure-sessions = { $n ->
    [one] session
   *[other] sessions
 }
figure-partners = { $n ->
    [one] partner organisation
   *[other] partner organisations
 }
figure-formats = { $n ->
    [one] kind of session
   *[other] kinds of sessions
 }
figure-days = { $n ->
    [one] day
   *[other] days
 }
figure-people = { $n ->
    [one] person registered
   *[other] people registered
}
figure-seats = { $n ->
    [one] seat taken
   *[other] seats taken
}
