# The archive of a programme
archive-intro = The archive of this programme: all its sessions, as they took place.
archive-foot = Archive of a finished programme
# The post
office-nav-mails = Mails
office-nav-data = Data
office-mails-title = Mails
office-mails-waiting = { $due } waiting, { $failed } failed
office-mails-tried =
    { $n ->
        [one] One mail will be tried again.
       *[other] { $n } mails will be tried again.
    }
office-mails-retry-all = Try all failed mails again
office-mails-by-programme = By programme
office-mails-newest = The newest
office-mails-state = State
office-mails-any = Any
office-mails-kind = Mail
office-mails-to = To
office-mails-day = Day
office-mails-show = Show
office-mails-written = Written
office-mails-next = Next attempt: { $when }
office-mails-older = Older ones
office-mails-none-found = No mail matches.
office-mails-all = All mails
office-mails-none = No mails yet.
office-mails-erased = (erased)
mail-state-due = Waiting
mail-state-sending = Being sent
mail-state-delayed = Delayed
mail-state-sent = Sent
mail-state-failed = Failed
mail-state-bounced = Came back
mail-state-aborted = Aborted
mail-state-erased = Erased
mail-kind-order = Registration
mail-kind-promoted = Seat from the waiting list
mail-kind-offered = Seat offered
mail-kind-expired = Seat not taken
mail-kind-confirm = To be confirmed
mail-kind-cancelled = Cancellation
mail-kind-link = Personal link
mail-kind-changed = Session changed
mail-kind-reminder = Reminder
mail-kind-thanks = Thank you
mail-kind-message = Message
mail-kind-invitation = Invitation to the office
mail-kind-password = New password
mail-kind-sign-in = Sign-in link
mail-kind-joining = Joining the office
# One mail
office-mail-title = A mail
office-mail-retry = Try again now
office-mail-abort = Do not send
office-mail-retried = The mail will be tried again.
office-mail-aborted = The mail will not be sent. You can change your mind: “Try again now” sends it.
office-mail-too-late = Too late: the mail’s state has changed meanwhile.
office-mail-again = Send once more
office-mail-again-hint = “Send once more” writes a new mail with the same content, to the person’s present address, as long as all that it says is still true.
office-mail-sent-again = A new mail is written: here it is.
office-mail-repeats = Copy of
office-mail-original = the first mail
office-mail-repeated = Sent once more
office-mail-not-again-kind = Mails of this kind are not sent a second time: they bear a link that is good once or not for long, or their time has passed. Another link is asked for where the first one was.
office-mail-not-again-on-its-way = Nothing was sent a second time: this mail is still on its way.
office-mail-not-again-never-left = This mail never arrived, and the person still has the same address: “Try again now” sends it.
office-mail-not-again-nobody = Nothing was sent: nobody is there to read it. Their data is erased, or it was a test.
office-mail-not-again-comes-back = Nothing was sent: mails to this address come back. Correct the address first, on the person’s page.
office-mail-not-again-changed = Nothing was sent: what this mail says is not true any more. On the person’s page, “Send the mail again” tells them what they have now.
office-mail-language = Language
office-mail-next = Next attempt
office-mail-attempts = Attempts
office-mail-error = The server’s answer
office-mail-read = As it is read
office-mail-masked = Personal links are masked: they are the person’s alone.
office-mail-subject = Subject:
office-mail-frame = The mail
office-mail-plain = In plain text
office-mail-unreadable = The content of this mail is erased, or cannot be shown.
# Messages to the people of sessions
office-messages-title = Write to people
office-messages-intro = A message to the people of a session, of a theme or of the whole programme. You look at it before it is sent.
office-messages-none = No messages yet.
office-messages-unpublished = The programme is not published yet: nobody can be registered.
office-message-new = New message
office-message-edit = Change the message
office-message-title = Message
message-subject = Subject
message-text = Text
message-about = About
message-about-programme = The whole programme
message-about-themes = A theme
message-about-sessions = A session
message-to = To whom
message-to-confirmed = People who have a seat
message-to-waiting = People on the waiting list
message-to-both = People who have a seat or wait
message-state = State
message-is-sent =
    { $n ->
        [one] Sent to one person
       *[other] Sent to { $n } people
    }
message-is-draft = Draft
message-languages-hint = Each person gets the text in their language. Where it is missing, they get the other one. One language is enough. The mail begins by itself with a greeting and the name, and ends with the person’s sessions.
message-placeholders = What you can insert
message-markdown = Plain text, with a little Markdown: **bold**, *italic*, lists, [link](https://example.org). In braces, the words below are replaced for each person.
message-look = Look at it
message-back = Back without saving
message-who = Who gets it
message-people =
    { $n ->
        [one] One person
       *[other] { $n } people
    }
message-people-more = More than { $max } people
message-people-more-hint = One user of the office can write to { $max } people a day, and this message goes out in one go: choose a theme or a session.
message-share = { $language }: { $n }
message-share-other = { $reads }: { $n } (text received: { $gets })
message-reply-to = Answers go to { $contact }.
message-reply-none = The programme has no contact address: answers go to the sender’s address.
message-next = What now
message-test = Send a test to myself
message-test-hint = To { $email }. { $n } more tests are possible.
message-test-sent = The test is on its way to { $email }.
message-tests-none = This message has been tested too often. Write a new one.
message-edit = Change
message-remove = Throw away
message-send =
    { $n ->
        [one] Send to one person
       *[other] Send to { $n } people
    }
message-send-hint = It is sent once. You can write to { $left } more people today, of { $max } a day.
message-nobody = Nobody matches: there is nothing to send.
message-too-many = This message would go to { $people } people. You have { $left } left today, of { $max } a day: choose a theme or a session, or wait until tomorrow.
message-sent =
    { $n ->
        [one] The message is on its way to one person.
       *[other] The message is on its way to { $n } people.
    }
message-crossed = Somebody else has changed this message since you opened it. Here it is as it stands now; nothing was done. Read it again, then try once more.
message-already = This message had been sent already. Nothing was sent a second time.
message-sent-at = sent on { $when }
message-to-call = To call
message-to-call-hint = No mail reaches these people.
message-to-call-more =
    { $n ->
        [one] And one more.
       *[other] And { $n } more.
    }
message-call-no-address = no address
message-call-comes-back = mails come back
message-preview = Preview – { $language }
message-preview-to = As { $email } would get it.
message-preview-nobody = None of the recipients reads this language.
message-wrong-empty = Something is missing here.
message-wrong-long = At most { $max } characters.
message-wrong-unknown = Unknown: { $unknown }. Possible: { $known }.
placeholder-name = the person’s name
placeholder-programme = the programme’s title
placeholder-session = the session’s title
placeholder-when = day and time
placeholder-place = the place
placeholder-page = the address of the session’s page
placeholder-registrations = the personal link to “My sessions”
# Texts of mails
office-texts-title = Texts of mails
office-texts-intro = Your own sentences in this programme’s mails. What you leave empty stays the house’s text. Mails with the personal link, and those to be confirmed, protect addresses: their text does not change. Subject and body are always the house’s: they say what has happened, in every case.
office-texts-mail = Mail
office-texts-when = When
office-texts-own = Your sentences
office-texts-house = The house’s text
office-text-hint = Holds for mails written from now on. Those that wait already stay as they are.
office-text-house = The house’s text:
office-text-intro = Instead of this sentence
office-text-closing = Below the sessions
office-text-keep = Save
office-text-kept = Saved.
office-text-sample-name = Ada Example
office-text-sample-place = Former place
mail-text-confirmed = Registration confirmed
mail-text-waiting = Waiting list
mail-text-mixed = Seats and waiting lists
mail-text-promoted = Seat from the waiting list
mail-text-offered = Seat offered
mail-text-expired = Offer expired
mail-text-cancelled = Registration cancelled
mail-text-changed = Session changed
mail-text-reminder = Reminder
mail-text-thanks = Thank you
mail-text-when-confirmed = At once, where every session has a seat.
mail-text-when-waiting = At once, where every session is full.
mail-text-when-mixed = At once, where some sessions are full.
mail-text-when-promoted = When a seat becomes free and goes to the person.
mail-text-when-offered = When a seat is held for the person until a deadline.
mail-text-when-expired = When that deadline has passed.
mail-text-when-cancelled = When the person or the organisers cancel.
mail-text-when-changed = When a release changes a session’s time or place, or whether it takes place.
mail-text-when-reminder = Before the session, by the programme’s rule.
mail-text-when-thanks = The morning after, also to people whose attendance is not marked.
# The life of data
office-data-title = Personal data
data-intro = What the programme knows of people, until when, and what stays.
data-when = Until when
data-due =
    { $days ->
        [one] Who has registered, and the mails, are erased on { $day }, one day after the end.
       *[other] Who has registered, and the mails, are erased on { $day }, { $days } days after the end.
    }
data-due-now = Who has registered, and the mails, have been due since { $day }: they are erased within the hour.
data-ends = Last day of what is published: { $day }
data-unpublished = The programme has never been published: nobody is registered. Its mails go with the proposals.
data-proposed-too = Who has proposed something, and the files sent, go on the same day.
data-proposed-due =
    { $days ->
        [one] Who has proposed something, and the files sent, are erased by themselves on { $day }, one day after the end of the draft.
       *[other] Who has proposed something, and the files sent, are erased by themselves on { $day }, { $days } days after the end of the draft.
    }
data-proposed-due-now = Who has proposed something, and the files sent, have been due since { $day }: they are erased within the hour.
data-draft-ends = Last day of the draft: { $day }
data-days = Kept for, in days
data-days-hint = Empty: { $days } days, as in the whole house.
data-days-keep = Save
data-days-kept = Saved.
data-days-wrong = A number of days from 1 to { $max }, or nothing.
data-days-promise = The registration form says this number. People who are registered have read the earlier one: do not make it longer without telling them.
data-what = What will be erased
data-people = People
data-orders = Forms
data-mails = Mails
data-answers = Written answers
data-proposers = People who proposed something
data-elsewhere =
    { $n ->
        [one] One of these people is in another programme too, and stays there.
       *[other] { $n } of these people are in another programme too, and stay there.
    }
data-stays = Figures stay: registrations, attendance, ratings.
data-archive = Archive of the programme
data-archive-hint = All public pages, in each language, as files to be opened without a server or put on any site. Without forms, without personal data.
data-archive-take = Download the archive (ZIP)
data-person = One person’s data
data-person-hint = When somebody asks for a copy of their data, or for its erasure.
data-person-email = E-mail address
data-person-find = Find
data-person-none = Nobody is registered in this programme with that address.
data-person-title = A person’s data
data-person-copy = Copy
data-person-copy-hint = The same file that the page “My sessions” gives to the person. Give it to them alone.
data-person-copy-take = Download (JSON)
data-person-erase = Erasure
data-person-erase-hint =
    { $n ->
        [one] Name, address and mails are erased, in all programmes. Their registration is cancelled and the seat goes to the next person.
       *[other] Name, address and mails are erased, in all programmes. Their { $n } registrations are cancelled and the seats go to the next people.
    }
data-person-confirm = To confirm, type the address (or the name, where there is none)
data-person-confirm-wrong = That is not this person’s address.
data-person-erase-now = Erase this person
data-person-erased = The person is erased.
data-erase = Erase everything now
data-erase-hint = Erases what is counted above, before its time, with no way back.
data-erase-slug = To confirm, type “{ $slug }”
data-erase-slug-wrong = Type exactly “{ $slug }”.
data-erase-early = The programme is not over. Erase all the same: nobody can be written to any more.
data-erase-early-wrong = The programme is not over: confirm that you want to erase all the same.
data-erase-now = Erase everything
data-erased = The programme’s personal data is erased. Figures stay.
# The log
log-action-mail-again = Mail sent once more
log-action-mail-abort = Mail aborted
log-action-message-write = Message written
log-action-message-send = Message sent
log-action-message-remove = Message thrown away
log-action-mail-text-change = Text of a mail changed
log-action-data-retention = Retention changed
log-action-data-erase = Personal data erased
log-action-person-copy = Copy of a person’s data taken
log-action-person-erase = Person erased
