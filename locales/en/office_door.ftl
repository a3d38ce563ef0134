# At the door: who is there
office-nav-door = At the door
log-action-attendance-mark = Attendance marked at the door
log-action-attendance-list = Attendance marked from a list
log-field-present = Present
log-field-absent = Absent
log-action-attendance-walk-ins = People without a registration counted
log-field-walk-in = Without registration
office-door-title = At the door
office-door-lead = Choose the session at whose door you are. People can be marked from twelve hours before it begins.
office-door-of = At the door: { $session }
office-door-open = Mark who is here
office-door-today = Today, { $day }
office-door-none = Nothing takes place today.
office-door-earlier = The last days
office-door-running = Going on
office-door-over = Over
office-door-sum-present = { $present } of { $expected }
office-door-sum-expected =
    { $n ->
        [0] nobody expected
        [one] one person expected
       *[other] { $n } people expected
    }
# One session
office-door-counts = How the door stands
office-door-present = Here
office-door-expected = Expected
office-door-free = Free seats
office-door-no-limit = No limit
office-door-early = People can be marked from { $at }.
office-door-off = This session does not take place: nobody is marked.
office-door-search = Name or code
office-door-find = Find
office-door-scan = Scan
office-door-camera = Picture of the camera
office-door-camera-off = Close the camera
office-door-no-camera = There is no camera to be had. Type the code, or the name.
office-door-shown = Who is shown
office-door-show-all = Everybody
office-door-show-missing = Not here yet
office-door-show-present = Here
office-door-everybody = Clear the search
office-door-people = People
office-door-nobody = Nobody is registered for this session.
office-door-nobody-found = Nobody matches. Try a part of the name, or the code.
office-door-nobody-missing = Nobody is missing any more.
office-door-nobody-present = Nobody is here yet.
office-door-mark = Is here
office-door-how-many = How many are here with { $name }?
office-door-there = Here
office-door-there-of = { $n } of { $people }
office-door-undo = Undo
office-door-seen = # is here.
office-door-seen-before = # was here already.
office-door-seen-one = { $name } is here.
office-door-seen-many = { $name } is here: { $n } of { $people }.
office-door-not-in-list = This code is not in the list. Try again once the network is back.
office-door-code-unknown = No registration has the code { $code }. Check it, or look for the name.
office-door-code-elsewhere = { $name } is not registered for this session, but for:
office-door-code-nowhere = { $name } has a seat in no session.
office-door-register-them = Register this person here
office-door-newcomers = Somebody has registered in the meantime.
office-door-reload = Show the list as it is now
office-door-walk-in = Without a registration
office-door-walk-in-text = Where there is a seat left, register the person: they appear in the list, with their code. If not, count them here.
office-door-walk-in-count = How many people are here without being registered
office-door-walk-in-save = Note this number
office-door-walk-in-wrong = Write a number, from 0 to { $most }.
office-door-registrations = All registrations
# What waits on the telephone
office-door-waits-one = One mark waits on this phone and will go by itself.
office-door-waits-many = # marks wait on this phone and will go by themselves.
office-door-offline = No network. Go on, and leave this page open.
office-door-out = You are no longer signed in.
office-door-sign-in = Sign in
office-door-leaving = # marks are not sent yet and would be lost. Sign out all the same?
office-door-unread = These marks could not be read.
office-door-unknown = This registration no longer exists: nothing was marked.
