# Coming into the office
sign-in-title = Sign in to the office
sign-in-email = E-mail address
sign-in-password = Password
sign-in-submit = Sign in
sign-in-wrong = The address or the password is not right.
sign-in-done-out = You have signed out.
sign-in-done-again = Too much time has passed. Please give your password again.
sign-in-forgotten = Forgotten password
sign-in-mailed = Get a link to come in (partners)
sign-in-back = Back to sign in
sign-in-slow-seconds =
    { $n ->
        [one] Too many attempts. Try again in one second.
       *[other] Too many attempts. Try again in { $n } seconds.
    }
sign-in-slow-minutes =
    { $n ->
        [one] Too many attempts. Try again in one minute, or ask for a link by e-mail.
       *[other] Too many attempts. Try again in { $n } minutes, or ask for a link by e-mail.
    }
mailed-link-title = A link to come in
mailed-link-lead = People of partner organisations come in without a password, by a link that they get by e-mail.
mailed-link-submit-ask = Send the link
mailed-link-sent = If this address has an account, a mail is on its way. The link is good for thirty minutes and works once.
mailed-link-enter = You are about to enter the office as
mailed-link-submit = Enter the office
new-password-title = A new password
new-password-lead = We send you a link to choose another one.
new-password-choose = You are choosing a new password for
new-password-submit = Save and enter
invitation-title = Welcome to the office
invitation-lead = Choose your name and your password. You will come in as
invitation-submit = Create my account
password-new = New password
password-again = The same once more
password-current = Current password
password-hint = At least { $n } characters. A sentence that you remember is better than complicated signs.
password-short = The password needs at least { $n } characters.
password-long = The password is too long.
password-common = This password is among the first that people try. Choose another one.
password-differs = The two passwords are not the same.
password-not-yours = This is not your current password.
account-title = My account
account-name = Name
account-save-name = Save the name
account-password-title = Password
account-password-lead = Changing it signs you out everywhere else.
account-password-save = Change the password
account-password-none = You come in by a mailed link. You can choose a password, too.
account-devices-title = Where you are signed in
account-device = Device
account-device-unknown = Unknown device
account-device-here = this device
account-since = Since
account-seen = Last seen
account-end = Sign out
account-end-what = Sign out: { $device }
account-end-others = Sign out all other devices
account-second-step-title = Second step
account-second-step-on = A code from your telephone is asked for at each sign-in. Recovery codes left: { $n }.
account-second-step-off = A second step protects the office even if somebody learns your password.
account-second-step-go = Set up the second step
account-done-name = Your name is saved.
account-done-password = Your password is changed. You are signed out everywhere else.
account-done-ended = That device is signed out.
account-done-others-ended = All other devices are signed out.
account-done-second-step-off = The second step is not asked for any more.
second-step-title = Second step
second-step-lead = Give the six-digit code of your app, or a recovery code.
second-step-code = Code
second-step-submit = Enter
second-step-wrong = This code is not right, or it was used before.
second-step-intro = At each sign-in, after the password, the office asks for a code that your telephone shows. You need an authenticator app for it; there are free ones that want no account.
second-step-begin = Begin
second-step-scan = Read this picture with the app, or type this key into it:
second-step-picture = Code to be read with the authenticator app
second-step-confirm-lead = Then give the code that it shows.
second-step-confirm = Confirm
second-step-codes-title = Your recovery codes
second-step-codes-lead = Print them or copy them now: they will not be shown again. Each stands in for the telephone once.
second-step-used = The second step is in place.
second-step-renew = Get ten new recovery codes
second-step-renew-lead = The codes before will not work any more.
second-step-remove = Do not ask for the second step any more
second-step-back = Back to my account
