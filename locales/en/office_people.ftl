# The office: registrations and people
mail-order-subject-moved = Another session: { $title }
mail-order-intro-moved = The programme’s team has changed your registration. Here is what you have from now on, and what is cancelled.
phone-shape = Is no telephone number. Write it in digits, such as 022 123 45 67.
office-nav-registrations = Registrations
log-action-registration-call = Somebody was told by telephone
log-action-registration-correct = Name or address corrected
log-action-registration-move = Registration moved to another session
log-action-registration-promote = Seat given to somebody who waited
# The sessions
office-reg-new = Register somebody
office-reg-sum = { $seats } seats taken, { $waiting } waiting.
office-reg-search = Title or organisation
office-reg-sort = Sort by
office-reg-sort-day = Day
office-reg-sort-fill = How full
office-reg-sort-queue = Waiting list
office-reg-show = Show
office-reg-show-coming = Still to come
office-reg-show-all = All
office-reg-apply = Show
office-reg-none = No session matches. Only published sessions take registrations.
office-reg-found =
    { $n ->
        [one] One session
       *[other] { $n } sessions
    }
office-reg-session = Session
office-reg-state = State
office-reg-seats = Seats taken
office-reg-of = { $taken } of { $capacity }
office-reg-over = Too many
office-reg-over-long = There are more people than seats: the capacity was lowered. Nobody else gets in until the count is right again.
office-reg-held = Held back
office-reg-held-for = Held back: { $group }
office-reg-queue = Waiting
office-reg-pages = Pages
office-reg-next = More of the list
office-reg-public = public page
office-reg-excel = Sheet for Excel
office-reg-write = Write to these people
office-reg-csv = CSV file
office-reg-who = Who is registered
office-reg-tabs = State of the registrations
office-reg-tab-live = Valid
office-reg-tab-confirmed = Confirmed
office-reg-tab-offered = Offered
office-reg-tab-waiting = Waiting
office-reg-tab-cancelled = Cancelled
office-reg-tab-needs = With access needs
office-reg-nobody = Nobody here.
office-reg-people = People
office-reg-since = Registered
office-reg-attended =
    { $n ->
        [0] did not come
        [one] one person came
       *[other] { $n } people came
    }
office-reg-live = Seats of this session
office-reg-at-once = In force at once
office-reg-capacity = Capacity
office-reg-capacity-hint = How many seats; empty: no limit.
office-reg-capacity-wrong = The capacity is a number from 0 to 1,000,000, or nothing.
office-reg-held-hint = Seats that are kept back for a group. A short name in small letters (partner, press) and a number; 0 or nothing frees them.
office-reg-held-wrong = Each group has a short name in small letters, once, and a number of seats.
office-reg-group = Group
office-reg-group-seats = Seats
office-reg-save-live = Put in force now
office-reg-said-live = It is in force. A seat that came free has gone to the first who waited.
# Where a registration stands
office-state-confirmed = Confirmed
office-state-offered = Offered until { $until }
office-state-offered-plain = Offered
office-state-link = To be confirmed by mail before { $until }
office-state-turn-link = Request to be confirmed before { $until }
office-state-waiting = Waiting, number { $n }
office-state-waiting-plain = Waiting
office-state-cancelled = Cancelled
office-refused-too-large = The session has only { $n } seats in all.
office-refused-held-gone = Only { $n } seats are still held back for this group.
office-refused-cancelled = This session is cancelled.
office-refused-unknown = This session is not in this programme.
# Access needs
office-needs-title = Access needs
office-needs-lead =
    { $n ->
        [one] One person is expected. This is what those who are registered need.
       *[other] { $n } people are expected. This is what those who are registered need.
    }
office-needs-nameless = Without names: the programme does not show them to partners.
office-needs-none = Nobody has asked for anything.
office-needs-what = What is needed
office-needs-printed = As of { $day }
# People
office-people-title = People
office-people-search = Name, address, code or telephone
office-people-only-unreached = Without e-mail only
office-people-find = Search
office-people-none = Nobody is registered yet.
office-people-not-found = Nobody matches.
office-people-seats = Seats
office-person-title = A person
office-person-name = Name
office-person-contact = Contact
office-person-unreached = no mail reaches them
office-person-unreached-long = No mail reaches this person: no confirmation, no reminder. Give them the slip; what changes comes into the list of calls.
office-person-erased = Data erased
office-person-email = E-mail
office-person-code = Code
office-person-phone = Telephone
office-person-language = Language
office-person-organisation = Organisation
office-person-since = Known since
office-person-undeliverable = mails have come back since { $at }
office-person-more = Register for other sessions
office-person-resend = Send the mail again
office-person-has = Their registrations
office-person-has-nothing = No valid registration.
office-person-people =
    { $n ->
        [one] for one person
       *[other] for { $n } people
    }
office-person-needs = Access needs: { $needs }
office-person-history = What happened
office-person-promote = Give a free seat
office-person-promote-more = Add a seat and give it
office-person-move = Move
office-person-move-to = To which session?
office-person-choose = Choose…
office-person-move-button = Move and tell
office-person-move-leave = Leave as it is
office-person-cancel = Cancel
office-person-cancel-sure = Cancel and tell
office-person-cancel-all = Cancel everything
office-person-cancel-all-hint = All registrations for sessions that have not begun.
office-person-cancel-all-sure = Cancel everything and tell
office-person-gone = Cancelled
office-person-correct = Correct name or address
office-person-email-hint = A new address is sent at once what the person has; the links of before lead nowhere any more.
office-person-save = Save
office-person-other = See the person who has this address
office-person-address-taken = Another person has this address already. Register that person for the sessions and cancel them here: two people are never made one.
office-person-mails = Their mails
office-person-no-mails = None.
office-person-more-mails = Only the newest are shown.
office-person-mail = Mail
office-person-when = When
office-person-nothing-there = There is nothing to change here any more: somebody has done it meanwhile.
office-person-has-it = The person has this session already.
office-person-choose-session = Choose a session.
office-person-not-waiting = The person does not wait any more.
office-person-not-resent = Nothing was sent: the person has no address, or no registration any more.
office-person-move-full =
    { $n ->
        [0] No seat in that session: the person would lose theirs. Nothing has changed.
        [one] Only one seat is left in that session, or others wait: the person would lose theirs. Nothing has changed.
       *[other] Only { $n } seats are left in that session, or others wait: the person would lose theirs. Nothing has changed.
    }
office-person-promote-full =
    { $n ->
        [0] No seat is free. You can add one.
        [one] Only one seat is free. You can add some.
       *[other] Only { $n } seats are free. You can add some.
    }
office-person-said-registered = They are registered.
office-person-said-cancelled = It is cancelled.
office-person-said-moved = The person has a seat in the other session.
office-person-said-queued = The person waits for their turn in the other session.
office-person-said-promoted = The person has a seat.
office-person-said-resent = The mail is sent again.
office-person-said-corrected = It is corrected.
office-person-said-readdressed = It is corrected; everything is sent to the new address.
office-step-confirmed = Confirmed ({ $cause })
office-step-waiting = Waiting ({ $cause })
office-step-offered = Seat offered ({ $cause })
office-step-cancelled = Cancelled ({ $cause })
office-cause-form = form
office-cause-person = by the person
office-cause-queue = a seat came free
office-cause-deadline = too late
office-cause-unconfirmed = never confirmed
office-cause-organiser = by the team
office-mail-due = Leaves soon
office-mail-sent = Sent
office-mail-failed = Did not arrive
# To call
office-calls-title = To call
office-calls-link = To call ({ $n })
office-calls-lead = These people get no mail. Tell them how things stand, then note that it is done.
office-calls-none = Nobody waits for a call.
office-calls-more = Others follow.
office-calls-no-phone = No telephone number
office-calls-undeliverable = Mails to { $email } come back.
office-calls-off = Does not take place
office-calls-since = To be told since { $at }
office-calls-told = They have been told
call-reason-promoted = Was given a seat.
call-reason-offered = Is offered a seat.
call-reason-expired = Did not take their seat in time: it is gone.
call-reason-cancelled = The team has cancelled their registration.
call-reason-moved = The team has moved them to this session.
call-reason-changed = The session has changed.
# On the telephone
office-new-title = Register somebody
office-new-lead = On the telephone or at the desk, with or without e-mail.
office-new-email-hint = Without e-mail, leave it empty: the person gets a code and a slip to take home.
office-new-phone-hint = Where to call them if something changes.
office-new-held = Seats held back for
office-new-held-none = No group
office-new-sessions = Sessions
office-new-none = There is no session to come any more.
office-new-has = registered already
office-new-save = Register
office-new-anyway = Register all the same
office-new-leave = Cancel
office-new-warnings = To be said before you register
office-new-full = “{ $session }” is full: number { $n } on the waiting list.
office-new-clash = “{ $one }” and “{ $other }” are at the same time.
office-new-refused = { $session }: { $why }
office-new-no-session = Choose at least one session.
office-new-key = The form is damaged. Please open it again.
office-choice-full =
    { $n ->
        [0] full
       *[other] full, { $n } waiting
    }
office-choice-left =
    { $n ->
        [one] one seat
       *[other] { $n } seats
    }
office-choice-free = free seats
# The slip to take home
office-slip-title = Slip to take home
office-slip-back = Back to the person
office-slip-print = Print this page: only the slip comes out.
office-slip-code = Your code
office-slip-online = Online
office-slip-waiting = You have no seat yet: we call you if one comes free.
office-slip-contact = A question, something came up?
