# Entrer dans le bureau
sign-in-title = Se connecter au bureau
sign-in-email = Adresse e-mail
sign-in-password = Mot de passe
sign-in-submit = Se connecter
sign-in-wrong = L’adresse ou le mot de passe n’est pas juste.
sign-in-done-out = Vous êtes déconnecté·e.
sign-in-done-again = Trop de temps a passé. Donnez votre mot de passe à nouveau.
sign-in-forgotten = Mot de passe oublié
sign-in-mailed = Recevoir un lien pour entrer (partenaires)
sign-in-back = Retour à la connexion
sign-in-slow-seconds =
    { $n ->
        [one] Trop d’essais. Réessayez dans une seconde.
       *[other] Trop d’essais. Réessayez dans { $n } secondes.
    }
sign-in-slow-minutes =
    { $n ->
        [one] Trop d’essais. Réessayez dans une minute, ou demandez un lien par e-mail.
       *[other] Trop d’essais. Réessayez dans { $n } minutes, ou demandez un lien par e-mail.
    }
mailed-link-title = Un lien pour entrer
mailed-link-lead = Les personnes des organisations partenaires entrent sans mot de passe, avec un lien reçu par e-mail.
mailed-link-submit-ask = Envoyer le lien
mailed-link-sent = Si cette adresse a un compte, un message est en route. Le lien vaut trente minutes et ne sert qu’une fois.
mailed-link-enter = Vous entrez dans le bureau comme
mailed-link-submit = Entrer dans le bureau
new-password-title = Un nouveau mot de passe
new-password-lead = Nous vous envoyons un lien pour en choisir un autre.
new-password-choose = Vous choisissez un nouveau mot de passe pour
new-password-submit = Enregistrer et entrer
invitation-title = Bienvenue dans le bureau
invitation-lead = Choisissez votre nom et votre mot de passe. Vous entrerez comme
invitation-submit = Créer mon compte
password-new = Nouveau mot de passe
password-again = Le même, encore une fois
password-current = Mot de passe actuel
password-hint = Au moins { $n } caractères. Une phrase que vous retenez vaut mieux que des signes compliqués.
password-short = Le mot de passe a besoin d’au moins { $n } caractères.
password-long = Le mot de passe est trop long.
password-common = Ce mot de passe est parmi les premiers qu’on essaie. Choisissez-en un autre.
password-differs = Les deux mots de passe ne sont pas les mêmes.
password-not-yours = Ce n’est pas votre mot de passe actuel.
account-title = Mon compte
account-name = Nom
account-save-name = Enregistrer le nom
account-password-title = Mot de passe
account-password-lead = Le changer met fin à vos autres connexions.
account-password-save = Changer le mot de passe
account-password-none = Vous entrez par un lien reçu par e-mail. Vous pouvez aussi choisir un mot de passe.
account-devices-title = Où vous êtes connecté·e
account-device = Appareil
account-device-unknown = Appareil inconnu
account-device-here = cet appareil
account-since = Depuis
account-seen = Vu le
account-end = Déconnecter
account-end-what = Déconnecter : { $device }
account-end-others = Déconnecter tous les autres appareils
account-second-step-title = Seconde étape
account-second-step-on = Un code de votre téléphone est demandé à chaque connexion. Codes de secours restants : { $n }.
account-second-step-off = Une seconde étape protège le bureau même si quelqu’un apprend votre mot de passe.
account-second-step-go = Régler la seconde étape
account-done-name = Votre nom est enregistré.
account-done-password = Votre mot de passe est changé. Vos autres connexions ont pris fin.
account-done-ended = La connexion a pris fin.
account-done-others-ended = Toutes les autres connexions ont pris fin.
account-done-second-step-off = La seconde étape n’est plus demandée.
second-step-title = Seconde étape
second-step-lead = Donnez le code à six chiffres de votre application, ou un code de secours.
second-step-code = Code
second-step-submit = Entrer
second-step-wrong = Ce code n’est pas juste, ou il a déjà servi.
second-step-intro = À chaque connexion, après le mot de passe, le bureau demande un code que votre téléphone affiche. Il faut pour cela une application d’authentification ; il en existe de libres et de gratuites.
second-step-begin = Commencer
second-step-scan = Lisez ce dessin avec l’application, ou tapez-y cette clé :
second-step-picture = Code à lire avec l’application d’authentification
second-step-confirm-lead = Donnez ensuite le code qu’elle affiche.
second-step-confirm = Confirmer
second-step-codes-title = Vos codes de secours
second-step-codes-lead = Imprimez-les ou recopiez-les maintenant : ils ne seront plus montrés. Chacun remplace une fois le téléphone.
second-step-used = La seconde étape est en place.
second-step-renew = Obtenir dix nouveaux codes de secours
second-step-renew-lead = Les codes précédents ne vaudront plus.
second-step-remove = Ne plus demander la seconde étape
second-step-back = Retour à mon compte
