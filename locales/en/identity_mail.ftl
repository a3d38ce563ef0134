# Mails to those who work in the office
mail-office-secret = This link works once. Do not pass it on: it opens the office in your name.
mail-invitation-subject = Invitation to the Parvis office
mail-invitation-intro = You are invited to work in the office of Parvis. Open this link within seven days to choose your name and your password:
mail-invitation-act = Accept the invitation
mail-invitation-after = Were you not expecting this invitation? Then do nothing: without you it opens no account.
mail-password-subject = A new password for the Parvis office
mail-password-intro = Somebody, probably you, asked for a new password for the office. Open this link within thirty minutes to choose it:
mail-password-act = Choose a password
mail-password-after = Was it not you? Then do nothing: your password stays as it is.
mail-sign-in-subject = Your link into the Parvis office
mail-sign-in-intro = Somebody, probably you, asked for a link into the office. Open it within thirty minutes:
mail-sign-in-act = Enter the office
mail-sign-in-after = Was it not you? Then do nothing: the link ends by itself.
mail-joining-subject = Confirm that you join the Parvis office
mail-joining-intro = Somebody, probably you, wants to join the office for a partner organisation. The page behind this link says which one; confirm it there within a day:
mail-joining-act = See and confirm
mail-joining-after = Was it not you? Then do nothing: without you nothing happens.
