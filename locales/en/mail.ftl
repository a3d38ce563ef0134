# Mails
mail-hello = Hello,
mail-hello-name = Hello { $name },
mail-order-subject-confirmed = Registration confirmed: { $title }
mail-order-subject-waiting = Waiting list: { $title }
mail-order-subject-mixed = Your registrations: { $title }
mail-order-intro-confirmed =
    { $count ->
        [one] Your registration is confirmed. The entry for your calendar is attached.
       *[other] Your registrations are confirmed. The entries for your calendar are attached.
    }
mail-order-intro-waiting =
    { $count ->
        [one] This session is full: you are on the waiting list. We write to you as soon as there is a seat for you.
       *[other] These sessions are full: you are on their waiting lists. We write to you as soon as there is a seat for you.
    }
mail-order-intro-mixed = Here is where your registrations stand, session by session. Where you are on the waiting list, we write to you as soon as there is a seat for you.
mail-give-back = Something came up? Please cancel: somebody may be waiting for your seat.
mail-promoted-subject = A seat for you: { $title }
mail-promoted-intro =
    { $count ->
        [one] A seat became free: you were on the waiting list, and your registration is now confirmed. The entry for your calendar is attached.
       *[other] Seats became free: you were on the waiting list, and your registrations are now confirmed. The entries for your calendar are attached.
    }
mail-promoted-give-back = You cannot come any more? Please cancel, and the seat goes to the next person.
mail-cancelled-subject = Registration cancelled: { $title }
mail-cancelled-intro =
    { $count ->
        [one] Your registration is cancelled. Opening the attachment takes the entry out of your calendar.
       *[other] Your registrations are cancelled. Opening the attachments takes the entries out of your calendar.
    }
mail-left-subject = Left the waiting list: { $title }
mail-left-intro =
    { $count ->
        [one] You are no longer on the waiting list for this session.
       *[other] You are no longer on the waiting lists for these sessions.
    }
mail-left-mixed-subject = Registrations and waiting lists: { $title }
mail-left-mixed-intro = Here is what is cancelled, and which waiting lists you have left. Opening what is attached takes the cancelled registrations out of your calendar.
mail-cancelled-again = If this is a mistake, register again on the page of the session.
mail-outcome-confirmed = Registration confirmed
mail-outcome-waiting = Waiting list, position { $position }
mail-outcome-already-confirmed = Registration already confirmed before
mail-outcome-already-waiting = Already on the waiting list, position { $position }
mail-outcome-promoted = Registration confirmed
mail-outcome-cancelled = Registration cancelled
mail-outcome-left-queue = You have left the waiting list
mail-not-taking-place = This session does not take place.
mail-online = Online
mail-people = For { $count } people
mail-join = To join online:
mail-access = Accessibility:
mail-door = At the door, show this code:
mail-door-picture = QR code: { $code }
mail-agenda = See or cancel your registrations:
mail-agenda-link = my registrations
mail-feed = Subscribe to your calendar, which stays up to date:
mail-feed-link = my calendar
mail-timezone = Times: { $zone }.
mail-secret = These links are yours alone: do not forward this message.
mail-contact = A question? Write to
# The link, asked for or renewed
mail-link-subject = Your personal link: { $title }
mail-link-intro = Here is the link to your page “My sessions”. There you see your registrations and can cancel them, add others, correct your name or erase your data.
mail-link-not-asked = You did not ask for this? Somebody probably typed your address by mistake. There is nothing to do: these links come to you alone.
# What changed for registered people
mail-outcome-already-offered = A seat is held for you: take it on the page of your registrations.
mail-changed-subject = Changed: { $title }
mail-changed-subject-again = Takes place again: { $title }
mail-changed-subject-off = Does not take place: { $title }
mail-changed-subject-many = Changes in your sessions: { $title }
mail-changed-intro =
    { $count ->
        [one] A session that concerns you has changed. Here is what is new.
       *[other] Sessions that concern you have changed. Here is what is new.
    }
mail-changed-title = New title: “{ $new }” (before: “{ $old }”)
mail-changed-when = New time: { $new } (before: { $old })
mail-changed-where = New place: { $new } (before: { $old })
mail-changed-reason = Reason: { $reason }
mail-changed-again = This session takes place again.
mail-changed-join-new = Here is the address to join online.
mail-changed-join-other = The address to join online has changed: use the one below.
mail-changed-join-gone = The address to join online that we gave you is no longer valid.
mail-changed-seat = Your registration stays valid.
mail-changed-waiting = You stay on the waiting list, position { $position }.
mail-changed-off = You need not do anything. If the session takes place again, we will write to you, and your registration will count again.
mail-changed-calendar = What is attached to this message brings your calendar up to date.
# After the sessions
mail-thanks-subject = Thank you: { $title }
mail-thanks-intro =
    { $count ->
        [one] Thank you for taking part in this session. Below are three questions: your answers help us do better.
       *[other] Thank you for taking part in these sessions. Below are three questions about each: your answers help us do better.
    }
mail-thanks-intro-unmarked =
    { $count ->
        [one] This session has taken place. Were you there? Thank you! Below are three questions: your answers help us do better.
       *[other] These sessions have taken place. Were you there? Thank you! Below are three questions about each: your answers help us do better.
    }
mail-thanks-present = Your attendance is recorded
mail-thanks-registered = You had a seat
mail-thanks-recording = The recording:
mail-thanks-minutes = The minutes:
mail-thanks-feedback = Three questions, without an account and without your name:
mail-thanks-feedback-link = give my feedback
mail-thanks-stop = Stop such messages, and reminders, of this programme (messages about your seats still come):
mail-thanks-stop-link = stop these messages
mail-thanks-certificate = Your certificate of attendance (PDF) is on the page of your registrations.
# Reminders: before a session
mail-reminder-subject = Reminder: { $title }, { $when }
mail-reminder-intro-day =
    { $count ->
        [one] Your seat is waiting for you on { $when }. Here is what you need to know.
       *[other] Your seats are waiting for you on { $when }. Here are your sessions of the day.
    }
mail-reminder-intro-soon =
    { $count ->
        [one] Soon now: your session begins on { $when }.
       *[other] Soon now: your sessions begin, the first one on { $when }.
    }
mail-reminder-join-later = The address for joining online is not known yet. It will be on the page of your registrations.
mail-reminder-stop = Stop reminders of this programme (messages about your seats still come):
mail-reminder-stop-link = stop reminders
# Rules of a programme that limit what one person has
mail-order-subject-refused = Not registered: { $title }
mail-order-intro-refused =
    { $count ->
        [one] Your request has arrived, but a rule of the programme, the same for everybody, does not allow this registration. To change sessions, cancel another one first.
       *[other] Your request has arrived, but a rule of the programme, the same for everybody, does not allow these registrations. To change sessions, cancel another one first.
    }
mail-order-intro-limits = Here is where your registrations stand, session by session. A rule of the programme, the same for everybody, does not allow all that you asked for. To change sessions, cancel another one first.
mail-outcome-over-week =
    { $limit ->
        [one] Not registered: this programme allows one session a week, and you have one that week already.
       *[other] Not registered: this programme allows { $limit } sessions a week, and you have them that week already.
    }
mail-outcome-over-programme =
    { $limit ->
        [one] Not registered: this programme allows one session a person, and you have it already.
       *[other] Not registered: this programme allows { $limit } sessions a person, and you have them already.
    }
mail-outcome-overlaps = Not registered: you have a session at the same time already.
# Offers, and orders to be confirmed
mail-offered-subject = A seat is free, take it: { $title }
mail-offered-intro = A seat has come free, and you are first on the waiting list. We hold it for you: take it before the time given, or it goes to the next person.
mail-offered-take = Take the seat:
mail-offered-link = open the page and confirm
mail-offered-decline = You do not want it any more? Decline it on the page of your registrations: somebody else will have it at once.
mail-expired-subject = The seat is no longer held: { $title }
mail-expired-intro = We offered you a seat and did not hear from you in time. We no longer hold it for you, and you are no longer on the waiting list.
mail-expired-again = Still interested in this session? Register again on its page: you take a turn at the end of the waiting list.
mail-confirm-subject = Confirm your registration: { $title }
mail-confirm-intro = Somebody has just sent a registration with your address. Nothing is settled yet: open the page below and confirm within half an hour.
mail-confirm-open = Confirm the registration:
mail-confirm-link = open the page and confirm
mail-confirm-not-asked = You did not ask for this? Somebody probably typed your address by mistake. Do nothing: the request goes away by itself.
mail-outcome-offered = Seat held for you until { $day } at { $time }
mail-outcome-offer-expired = Seat not taken in time
mail-outcome-declined = You declined the seat
mail-outcome-seat-to-confirm = Seat held, to be confirmed before { $day } at { $time }
mail-outcome-turn-to-confirm = Full: your turn on the waiting list begins when you confirm, by { $day } at { $time } at the latest
mail-outcome-offered-late = This message left late: the page below says whether the seat is still held for you, and until when
mail-outcome-seat-to-confirm-late = This message left late: the page that confirms says whether the seat is still held, and until when
mail-outcome-turn-to-confirm-late = This message left late: the page that confirms says whether you can still take a turn on the waiting list, and until when
# Mails that arrive
mail-place-and-online = { $place }, and online
# What organisers write to the people of their sessions
mail-message-subject = A message from { $programme }
mail-message-intro = The organisers have a message for you.
