# What changes, by release
changes-title = What changes
changes-intro = Each release of the programme, and what it changes.
changes-none = Nothing has changed since the programme was first published.
changes-first = The programme is published for the first time.
changes-other = Texts or general information have been revised.
changes-release = Release { $n }
changes-feed = Follow the changes (Atom)
changes-cancelled = { $n ->
    [one] Cancelled
   *[other] Cancelled ({ $n })
 }
changes-withdrawn = { $n ->
    [one] Withdrawn
   *[other] Withdrawn ({ $n })
 }
changes-moved = { $n ->
    [one] Moved
   *[other] Moved ({ $n })
 }
changes-new = { $n ->
    [one] New
   *[other] New ({ $n })
 }
changes-changed = { $n ->
    [one] Changed
   *[other] Changed ({ $n })
 }
change-cancelled = cancelled
change-withdrawn = withdrawn
change-moved = moved
change-new = new
change-changed = changed
change-from-to = { $field }: { $old } → { $new }
change-after = The recording or the minutes have been added or revised.
change-text = The presentation has been revised.
change-to = { $field }: { $new }
change-from = { $field }: no longer “{ $old }”
change-online = online
change-not-online = not online
field-title = Title
field-start = Start
field-end = End
field-place = Place
field-online = Attending online
field-hosts = Host
field-speakers = Speakers
field-language = Language
field-format = Format
field-theme = Theme
field-access = Access
