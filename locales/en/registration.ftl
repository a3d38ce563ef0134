# The form
register-title = Registration
register-title-mistakes = To correct: registration
register-lead = One form for all the sessions you chose. You do not need an account.
register-none = No session is chosen. Tick those that interest you in the programme.
register-none-open = The sessions you chose do not take registrations here. Other sessions in the programme are open to you.
register-sessions = { $n ->
    [one] The session you chose
   *[other] The { $n } sessions you chose
 }
register-sessions-hint = Untick what you no longer want.
register-quoted = “{ $title }”
register-dropped = { $session } is not in this programme, or no longer. We have taken it out of your choice.
register-unknown = { $session } is not in this programme, or no longer. It has been taken out of your choice: send the form without it.
register-too-many = One form takes { $n } sessions at most. Please make two.
register-session-missing = Choose at least one session.
register-full = Full: you will be on the waiting list, position { $n }
register-clash = At the same time as { $titles }
register-overlap-warn = Some of the sessions you chose overlap. You can register all the same; give back later the seats that you do not need.
register-overlap-refuse = Some of the sessions you chose overlap, and this programme asks you to keep one at a time. Untick those that are too many.
register-you = You
register-name = First and last name
register-email = E-mail address
register-email-hint = The confirmation and any changes come to this address.
register-people = For how many people?
register-people-hint = Yourself included, and the same number for each session. Where fewer seats are left, the whole group joins the waiting list.
register-people-option = { $n ->
    [one] 1 person
   *[other] { $n } people
 }
register-people-range = Give a number of people between 1 and { $most }.
register-organisation = Organisation
register-access = What do you need in order to take part?
register-access-hint = Access, sign language, a companion… Only the organisers of the programme and the people who host the sessions you chose read this.
register-long = This is too long: { $most } characters at most.
register-control = This text holds invisible characters. Please type it again instead of pasting it.
register-consent = I agree that this data is used to manage my registrations.
register-consent-hint = It serves nothing else and is erased { $n ->
    [one] 1 day
   *[other] { $n } days
 } after the last session at the latest.
register-privacy = What becomes of your data
register-consent-missing = Without your agreement we cannot register you. Please tick the box.
register-trap = An invisible field was filled in, as robots do. It is empty again: please send the form once more.
register-submit = Register
register-back = Back to the programme
form-busy = We cannot save this yet, and everything you wrote is still here. Wait a few seconds, then send the form again.
register-busy-title = Many people at once
register-busy = We cannot confirm your registration yet, and everything you wrote is still here. Wait a few seconds, then send the form again: sent twice, it counts once.
# Names and addresses
name-empty = Write your first and last name.
name-long = This name is too long: 200 characters at most.
name-control = This name holds invisible characters. Please type it again instead of pasting it.
name-address = A name cannot hold a web or e-mail address.
email-empty = Write your e-mail address.
email-shape = This e-mail address is not complete. It looks like first.last@example.org.
email-local = This address holds characters before the @ that few mail services accept. Please give another one.
email-often = Many forms have just come with this address. Wait a few minutes and send yours again.
email-long = This e-mail address is too long. Please give another one.
# Why a session cannot be had
refusal-unknown = This session is not in this programme, or no longer.
refusal-closed = Registration is closed.
refusal-not-yet = Registration opens on { $day } at { $time }.
refusal-over = The session has already begun.
refusal-invitation = This session is by invitation.
refusal-walk-in = Just come: no registration is needed.
refusal-external = Registration is on another site.
refusal-cancelled = This session is cancelled.
refusal-too-large =
    { $n ->
        [one] This session has only one seat: register one person.
       *[other] This session has only { $n } seats: choose a smaller group.
    }
# What became of a form
order-title = We have your request
order-confirmed = { $n ->
    [one] Your seat is confirmed.
   *[other] Your seats are confirmed.
 }
order-waiting = { $n ->
    [one] The session is full: you are on the waiting list. As soon as a seat is free for you, a message tells you.
   *[other] The sessions are full: you are on the waiting lists. As soon as a seat is free for you, a message tells you.
 }
order-mixed = A part is confirmed; for the rest you are on the waiting list. As soon as a seat is free for you, a message tells you.
order-mail = A message is on its way to the address you gave. If it does not arrive, look among the unwanted mail.
order-later = To see or cancel your registrations later, open the link in our messages.
order-calendar-of = Put “{ $title }” in my calendar
state-confirmed = Seat confirmed
state-waiting = On the waiting list, position { $n }
state-offered = A seat is offered to you
state-cancelled = Registration cancelled
state-withdrawn = Taken out of the programme
# My sessions
agenda-title = My sessions
agenda-empty = No registration at the moment.
agenda-none-to-come = No session to come at the moment.
agenda-done = { $n ->
    [0] Nothing has changed: there was nothing to cancel, or the session has begun.
    [one] It is cancelled, and a message confirms it. Thank you for telling us.
   *[other] { $n } registrations are cancelled, and a message confirms it. Thank you for telling us.
 }
agenda-people = { $n ->
    [one] for 1 person
   *[other] for { $n } people
 }
agenda-join = Join online
agenda-cancel = Cancel
agenda-cancel-sure = { $n ->
    [one] Your seat will be given to somebody else.
   *[other] Your { $n } seats will be given to others.
 }
agenda-leave = Leave the waiting list
agenda-leave-sure = You lose your turn in the queue.
agenda-cancel-yes = Yes, cancel
agenda-cancel-all = Cancel all
agenda-cancel-all-sure = { $n ->
    [one] 1 registration to come will be cancelled.
   *[other] Your { $n } registrations to come will be cancelled.
 }
agenda-cancel-all-yes = Yes, cancel all
agenda-subscribe-title = In my calendar
agenda-subscribe = Your calendar then follows your registrations and their changes. Its address is for you alone: do not pass it on.
agenda-cancelled = Cancelled
agenda-over = Over
agenda-feed-name = My sessions
agenda-feed-name-of = My sessions – { $programme }
agenda-feed-waiting = You are on the waiting list for this session.
# The link to the agenda, asked for
link-title = My sessions
link-lead = Your own page opens with a link, without account or password. Give your address and we send you that link.
link-email-hint = The one you gave when you registered. It is used for this message only.
link-submit = Send me my link
link-done-sent = If there are registrations for this address, a message with the link is on its way. If it does not arrive within a few minutes, look among the unwanted mail or try another address.
link-done-renewed = Your old link no longer opens. A message with the new one is on its way to your address.
link-done-erased = It is done: what you had booked is free again, your data is erased, and your links no longer open.
order-link = Send me this link again
# My sessions: what one does oneself
agenda-leave-yes = Yes, leave the waiting list
agenda-said-name = Your name is corrected.
agenda-said-feed = The old address of the calendar no longer opens. Subscribe again with the buttons below.
agenda-said-added = It is recorded, and a message confirms it.
own-title = You
own-email = Messages go to { $email }.
own-name-hint = For messages and registrations to come. What you wrote in a form that was sent stays as it is.
own-name-submit = Save the name
own-data = Download my data
own-file = my-data
own-back = Back to my sessions
own-feed = Change the address of the calendar
own-feed-sure = The present address will no longer open, neither for you nor for anybody else. You will have to subscribe again.
own-feed-yes = Yes, change the address
own-link = Replace the link to this page
own-link-sure = Useful if somebody else knows this link. It will no longer open, and the new one comes to you by e-mail.
own-link-yes = Yes, replace the link
erasure-title = Erase my data
erasure-lead = This is what happens if you erase your data. It cannot be undone.
erasure-cancels = { $n ->
    [one] Your registration to come is cancelled, and the seat goes to somebody else.
   *[other] Your { $n } registrations to come are cancelled, and the seats go to others.
 }
erasure-empties = The address { $email }, your name and everything you wrote in your forms are erased. Only figures remain, which point to nobody.
erasure-revokes = This page and your calendar no longer open.
erasure-no-mail = No more messages go to you, not even to confirm. Please take what is in your calendar out yourself.
erasure-copy = You can keep a copy first:
erasure-confirm = Yes, I want to cancel my registrations and erase my data.
erasure-confirm-missing = Tick the box to confirm the erasure.
erasure-submit = Erase for good
# My sessions: one more
add-title = Add a session
add-lead = Tick what interests you. You need not write your name and address again.
add-none = No other session takes registrations at the moment.
add-missing = Choose at least one session of the programme.
add-programme = See the programme in detail
add-continue = Continue
add-others = Choose other sessions
add-already = You are in “{ $session }” already: nothing to do.
add-form-lead = The registration is in your name, and the confirmation comes to your address.
add-consent = By registering you agree that this data is used to manage your registrations. It is erased { $n ->
    [one] 1 day
   *[other] { $n } days
 } after the last session at the latest.
agenda-present = You were there
agenda-absent = You were not there
agenda-certificate = Certificate (PDF)
agenda-certificate-all = Certificate for all your sessions of { $programme } (PDF)
agenda-recording = Recording
agenda-feedback = Give feedback
feedback-title = Your feedback
feedback-lead = Three questions; answer those that you like. With this link you can change your answers later.
feedback-rating = How was this session?
feedback-rating-1 = 1 – not for me at all
feedback-rating-2 = 2 – rather disappointing
feedback-rating-3 = 3 – all right
feedback-rating-4 = 4 – good
feedback-rating-5 = 5 – excellent
feedback-takeaway = What will you take away from it?
feedback-better = What should be better?
feedback-submit = Send
feedback-done = Thank you! Your answers are saved.
feedback-nothing = Answer at least one question.
feedback-rating-unknown = Choose a mark from 1 to 5.
feedback-long = This answer is too long: { $n } characters at most.
feedback-privacy = Your answers are kept without your name or address. Do not write anything that says who you are. If you erase your data, your texts are erased too; only the mark remains, as a figure.
certificate-title = Certificate of attendance
certificate-says = This is to certify that
certificate-attended =
    { $n ->
        [one] took part in the following session:
       *[other] took part in the following sessions:
    }
certificate-issued = Issued on { $date }.
certificate-code = Code: { $code }
certificate-verify = Anybody can verify this certificate at the following address:
certificate-file = certificate
certificate-page-title = Verify a certificate
certificate-lead = Type the code that stands on the certificate: the page will say what it certifies.
certificate-code-name = Code
certificate-code-hint = Sixteen letters and digits, for example ABCD‑EFGH‑IJKL‑MNOP.
certificate-submit = Verify
certificate-true = This code is valid. Here is what it certifies.
certificate-name = Name
certificate-sessions = Took part in
certificate-programme = Programme
certificate-issued-on = Issued on
certificate-name-hint = The name is the one that the person gave; nobody has checked who they are.
certificate-unknown = This code is not known. Check that it is written as on the certificate.
certificate-no-more = This certificate can no longer be verified: it was withdrawn, or the person has erased their data.
# Stopping reminders
reminders-title = Reminders
reminders-on = “{ $programme }”: you get reminders before your sessions, and a message after them.
reminders-off = “{ $programme }”: you get no more reminders before your sessions, and no messages after them.
reminders-seats = Messages about your seats still come: confirmation, waiting list, another time or place, cancellation.
reminders-unclear = We did not understand what was asked. Nothing has changed.
reminders-stop = Stop reminders
reminders-again = Get reminders again
reminders-of = Reminders: { $programme }
# Limits a person, and seats that are held back
refusal-over-week = { $n ->
    [one] One session a week at most, so that everybody gets a seat. Keep the one that you like best.
   *[other] { $n } sessions a week at most, so that everybody gets a seat. Untick those that are too many.
 }
refusal-over-week-has = { $n ->
    [one] One session a week at most, and you have one that week already.
   *[other] { $n } sessions a week at most, with those that you have that week already (there are { $has }).
 }
refusal-over-programme = { $n ->
    [one] One session a person, so that everybody gets a seat. Keep the one that you like best.
   *[other] { $n } sessions a person at most, so that everybody gets a seat. Untick those that are too many.
 }
refusal-over-programme-has = { $n ->
    [one] One session a person, and you have one already.
   *[other] { $n } sessions a person at most, with those that you have already (there are { $has }).
 }
refusal-overlaps-has = You have “{ $session }” at the same time already, and this programme gives one seat at a time.
refusal-held-gone = Not so many seats are held for this group any more.
order-limits = If this address has other registrations already, the message says what is confirmed.
# Before registration opens
opening-calendar = Put the opening in my calendar
opening-keep = Your choice stays on this page: come back to it then.
opening-again = Show this page again
# Offers, and orders to be confirmed
offer-title-open = A seat for you
offer-title-taken = The seat is yours
offer-title-gone = This seat is no longer held
offer-lead-open = We hold this seat for you until { $day } at { $time }. It is yours as soon as you press the button.
offer-lead-taken = Your seat is confirmed: there is nothing left to do.
offer-lead-gone = No seat is held for you in this session, or not any more: its time has passed, or you gave it back.
offer-take = Take the seat
offer-again = To register again or join the waiting list:
agenda-decline = Decline the seat
agenda-decline-sure = { $n ->
    [one] The seat goes to the next person at once.
   *[other] The { $n } seats go to the next people at once.
 }
agenda-decline-yes = Yes, decline
agenda-said-taken = The seat is yours, and a message confirms it.
agenda-feed-offered = A seat is held for you: take it on the page of your registrations.
state-offered-until = Seat held for you until { $day } at { $time }
state-to-confirm = To be confirmed before { $day } at { $time }
order-title-confirm = One more step: confirm your registration
order-confirm = Look in your mailbox: open the link that we send you and confirm before { $day } at { $time }. Without that, the request goes away.
order-seat-held = Seat held until you confirm
order-turn-held = Full: on the waiting list as soon as you confirm
confirm-title-open = Confirm your registration
confirm-title-done = It is confirmed
confirm-title-late = Too late to confirm
confirm-lead-open = This is what you asked for. Press the button before { $day } at { $time }, or the request goes away.
confirm-lead-done = Your registration is confirmed. Here is where it stands.
confirm-lead-late = The time has passed, or you cancelled: what was not confirmed is given free. You can register again.
confirm-submit = Confirm my registration
confirm-again = Register again
confirm-not-asked = You did not ask for this? Close this page: the request goes away by itself.
confirm-limited = This is not possible: a rule of the programme, the same for everybody, does not allow you to have more. To change sessions, cancel another one first.
confirm-gone = No longer held for you
register-email-hint-link = A link comes to this address: open it and confirm within half an hour, or the request goes away.
