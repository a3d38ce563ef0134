# The office: frame, start page
office-name = Office
office-nav = Current programme
office-programmes = Programmes
office-nav-users = Team
office-sign-out = Sign out
office-start-title = Your programmes
office-start-none = No programme is open to you yet.
office-start-first = There is no programme yet. Make the first one; its sessions can come from a table.
office-start-unpublished = Not published yet
office-start-release = Release { $number }, { $day }, { $time }
office-start-sessions = Sessions
office-start-seats = Seats taken
office-start-waiting = Waiting
office-start-public = See the public programme
office-start-failed =
    { $n ->
        [one] One mail could not be sent and needs somebody to look at it.
       *[other] { $n } mails could not be sent and need somebody to look at them.
    }
role-owner = Owner
role-editor = Editor
role-press = Press
role-desk = Desk
role-partner = Partner
role-funder = Funder
error-not-allowed-title = This page is not open to you
error-not-allowed-text = Your role does not include this task. The office’s owner can change it.
office-kept = What you had written here was not saved: here it is. Read it again, then save.
office-kept-discard = Do not take it up
office-kept-elsewhere = You have signed out in another tab: what you write here is no longer kept. Before you save, sign in again in the other tab.
office-kept-out = You were no longer signed in: nothing was saved. What you have written is kept in this tab and comes back as soon as you sign in.
