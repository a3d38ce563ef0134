# Publish: what would change, whom it would be told
office-nav-publish = Publish
publish-title = Publish
publish-never = This programme has never been published.
publish-standing = Online: release { $n }, { $when }, by { $who }.
publish-author-command = a command on the server
publish-author-gone = somebody who is no longer here
publish-author-unknown = somebody unknown
publish-nothing = The public sees exactly what the draft says: there is nothing to publish.
publish-nothing-first = The draft is empty: there is nothing to publish yet.
publish-crossed-title = Something has changed in the meantime
publish-crossed = The draft, or the release online, is no longer what this page showed. Nothing was published. Here is what would be published now; what is new is marked.
publish-fresh = new
publish-done-published = It is online.
publish-done-settings = The immediate settings are in force. Nothing else has changed for the public.
publish-done-nothing = There was nothing to publish.
publish-done-planned = The publication is planned.
publish-done-unplanned = The planned publication has been taken back.
publish-done-too-late = There is no planned publication any more: it has taken place, or somebody has taken it back.
publish-count-changes = { $n ->
    [one] change for the public
   *[other] changes for the public
 }
publish-count-live = { $n ->
    [one] immediate setting
   *[other] immediate settings
 }
publish-count-warnings = { $n ->
    [one] point to check
   *[other] points to check
 }
publish-count-mails = { $n ->
    [one] mail to send
   *[other] mails to send
 }
publish-warnings = To be checked
publish-warnings-hint = None of this keeps you from publishing.
publish-more = { $n ->
    [one] and one more
   *[other] and { $n } more
 }
publish-changes = What the public will see change
publish-changes-none = Nothing changes for the public.
publish-parts = Also changing:
publish-part-programme = the programme’s presentation or rules
publish-part-themes = themes
publish-part-places = places
publish-part-organisations = organisations
publish-part-press = the press room
publish-live = Immediate settings
publish-live-hint = These values are in no release; they come into force at the same time.
publish-mails-title = Who will be told
publish-mails = { $n ->
    [0] Nobody will be written to.
    [one] One person will be written to.
   *[other] { $n } mails will be sent.
 }
publish-settle = { $n ->
    [0] They leave at once.
    [one] Changes are gathered for a minute before people are told: a correction published meanwhile makes no second mail.
   *[other] Changes are gathered for { $n } minutes before people are told: a correction published meanwhile makes no second mail.
 }
publish-col-session = Session
publish-col-what = They are told
publish-col-seats = Registered
publish-col-waiting = Waiting
publish-col-offered = Seat on hold
publish-col-sample = Example
publish-sample = Read an example
publish-sample-of = Read an example for { $title }
publish-told-cancelled = that it is cancelled
publish-told-withdrawn = that it no longer takes place
publish-told-moved = that it is at another time or place
publish-told-new = that it takes place after all
publish-told-changed = what has changed
publish-told-join = the new address to join
publish-told-promoted = that a seat has come free for them
publish-told-offered = that a seat is held for them, to be confirmed
publish-told-expired = that the held seat has gone to somebody else
publish-do = Publish now, or later
publish-note = Note
publish-note-hint = A sentence or two that the public reads on the page “What changes”.
publish-note-long = The note is too long: { $n } characters at most.
publish-now = Publish now
publish-later = Or at a time of your choice
publish-later-hint = The draft will be published as it stands at that moment, with everything that has changed in it by then. The programme’s time ({ $zone }).
publish-day = Day
publish-time = Time
publish-plan = Plan the publication
publish-day-wrong = Give a day, such as 2027-04-19.
publish-time-wrong = Give a time, such as 09:30.
publish-plan-taken = A publication is planned already: take that one back first.
publish-plan-wrong-time = Choose a moment to come, within a year.
publish-plan-open = Publication planned: { $when } (by { $who }).
publish-plan-how = The draft will be published as it stands at that moment.
publish-plan-withdraw = Take this planned publication back
publish-plan-failed = The publication planned for { $when } did not take place: { $why }
publish-problem-unreadable = the draft, or the last release, cannot be read by this version of the software.
publish-problem-internal = something went wrong; the server’s log has the cause.
publish-mail-title = Example of a mail
publish-mail-hint = What somebody registered for “{ $title }” would read. Name, address and links are made up.
publish-mail-to = To
publish-mail-subject = Subject
releases-title = Releases
releases-hint = Each release stays what it was.
releases-col-number = Release
releases-col-when = When
releases-col-who = By
releases-col-what = What changed
releases-again-of = release { $n } once more
release-changes = What changed
release-again = Publish again
release-again-hint = A new release takes up this one’s content, and so does the draft. Immediate settings (seats, registration, addresses to join) and the programme’s rules stay as they are. Sessions that did not exist then leave the programme; their text stays in the draft. Registered people are told as for any release.
release-again-nothing = The public sees this content already.
release-again-lost = These changes of the draft were never published and will be replaced
release-again-lost-hint = Publish them first if they are to be kept.
release-again-do = Publish release { $n } again
warning-capacity = Fewer seats than registered people ({ $n })
warning-past = On a day that is over ({ $n })
warning-no-place = Neither a place nor online ({ $n })
warning-no-join-url = Online without an address to join ({ $n })
warning-clash-place = Same place, same time ({ $n })
warning-clash-speaker = Same person, same time ({ $n })
warning-clash-organisation = Same organisation, same time ({ $n })
warning-clash-theme = Many sessions of one theme at once ({ $n })
warning-outside-programme = Outside the programme’s dates ({ $n })
warning-outside-theme = Outside the theme’s dates ({ $n })
warning-unknown = A place, theme or organisation that does not exist ({ $n })
warning-no-title = Without a title ({ $n })
warning-no-abstract = Without a presentation ({ $n })
warning-language = Text in another language than the session ({ $n })
warning-press = Press releases missing in a language ({ $n })
warning-detail-theme = { $when }; theme “{ $theme }”
warning-detail-unknown-place = Place: { $name }
warning-detail-unknown-theme = Theme: { $name }
warning-detail-unknown-organisation = Organisation: { $name }
warning-detail-capacity = { $capacity ->
    [one] One seat
   *[other] { $capacity } seats
 }, { $taken ->
    [one] one person
   *[other] { $taken } people
 }
warning-detail-language = Session in { $spoken }, text in { $text }
warning-detail-press = Missing in { $language }
warning-detail-clash = { $when }, with { $others }: { $name }
live-capacity = Seats
live-held = Seats held back
live-registration = Registration
live-opens = Registration opens
live-closes = Registration closes
live-queue = Queue
live-join-url = The address to join changes.
live-no-limit = no limit
live-none = none
live-not-set = not set
live-registration-open = open
live-registration-closed = closed
live-registration-invitation = by invitation
live-registration-none = without registration
live-queue-promote = seat given at once
live-queue-offer = seat offered, to be confirmed
