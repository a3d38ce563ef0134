# Coming into the office
sign-in-title = Sign in to the office
sign-in-email = E-mail address
sign-in-password = Password
sign-in-submit = Sign in
sign-in-wrong = The address or the password is not right.
sign-in-done-out = You have signed out.
