# Entrer dans le bureau
sign-in-title = Se connecter au bureau
sign-in-email = Adresse e-mail
sign-in-password = Mot de passe
sign-in-submit = Se connecter
sign-in-wrong = L’adresse ou le mot de passe n’est pas juste.
sign-in-done-out = Vous êtes déconnecté·e.
