# The archive of a programme
archive-intro = L’archive de ce programme : toutes ses sessions, telles qu’elles ont eu lieu.
archive-foot = Archive d’un programme terminé
# The post
office-nav-mails = Courriels
office-nav-data = Données
office-mails-title = Courriels
office-mails-waiting = { $due } en attente, { $failed } en échec
office-mails-tried =
    { $n ->
        [one] Un courriel est remis à l’envoi.
       *[other] { $n } courriels sont remis à l’envoi.
    }
office-mails-retry-all = Réessayer tous les envois en échec
office-mails-by-programme = Par programme
office-mails-newest = Les plus récents
office-mails-state = État
office-mails-any = Tous
office-mails-kind = Courriel
office-mails-to = À
office-mails-day = Jour
office-mails-show = Afficher
office-mails-written = Écrit
office-mails-next = Prochain essai : { $when }
office-mails-older = Plus anciens
office-mails-none-found = Aucun courriel ne correspond.
office-mails-all = Tous les courriels
office-mails-none = Aucun courriel pour l’instant.
office-mails-erased = (effacé)
mail-state-due = En attente
mail-state-sending = En cours d’envoi
mail-state-delayed = Retardé
mail-state-sent = Envoyé
mail-state-failed = En échec
mail-state-bounced = Revenu
mail-state-aborted = Abandonné
mail-state-erased = Effacé
mail-kind-order = Inscription
mail-kind-promoted = Place obtenue
mail-kind-offered = Place proposée
mail-kind-expired = Place non prise
mail-kind-confirm = À confirmer
mail-kind-cancelled = Annulation
mail-kind-link = Lien personnel
mail-kind-changed = Session modifiée
mail-kind-reminder = Rappel
mail-kind-thanks = Remerciement
mail-kind-message = Message
mail-kind-invitation = Invitation au bureau
mail-kind-password = Nouveau mot de passe
mail-kind-sign-in = Lien de connexion
mail-kind-joining = Entrée au bureau
# One mail
office-mail-title = Un courriel
office-mail-retry = Réessayer maintenant
office-mail-abort = Ne pas envoyer
office-mail-retried = Le courriel est remis à l’envoi.
office-mail-aborted = Le courriel ne sera pas envoyé. Vous pouvez changer d’avis : « Réessayer maintenant » l’envoie.
office-mail-too-late = Trop tard : le courriel a changé d’état entre-temps.
office-mail-again = Envoyer encore une fois
office-mail-again-hint = « Envoyer encore une fois » écrit un nouveau courriel de même contenu, à l’adresse actuelle de la personne, tant que tout ce qu’il dit est encore vrai.
office-mail-sent-again = Un nouveau courriel est écrit : le voici.
office-mail-repeats = Copie de
office-mail-original = le premier courriel
office-mail-repeated = Envoyé encore une fois
office-mail-not-again-kind = Ce genre de courriel n’est pas envoyé une seconde fois : il porte un lien qui ne sert qu’une fois ou pas longtemps, ou son moment est passé. Pour un nouveau lien, refaire la demande au même endroit.
office-mail-not-again-on-its-way = Rien n’est parti une seconde fois : ce courriel est encore en route.
office-mail-not-again-never-left = Ce courriel n’est jamais arrivé, et la personne a toujours la même adresse : « Réessayer maintenant » l’envoie.
office-mail-not-again-nobody = Rien n’est envoyé : personne n’est là pour le lire. Ses données sont effacées, ou c’était un essai.
office-mail-not-again-comes-back = Rien n’est envoyé : les courriels à cette adresse reviennent. Corrigez d’abord l’adresse, sur la page de la personne.
office-mail-not-again-changed = Rien n’est envoyé : ce que dit ce courriel n’est plus vrai. Sur la page de la personne, « Renvoyer le courriel » lui dit ce qu’elle a maintenant.
office-mail-language = Langue
office-mail-next = Prochain essai
office-mail-attempts = Essais
office-mail-error = Réponse du serveur
office-mail-read = Tel qu’on le lit
office-mail-masked = Les liens personnels sont masqués : ils n’appartiennent qu’à la personne.
office-mail-subject = Objet :
office-mail-frame = Le courriel
office-mail-plain = En texte simple
office-mail-unreadable = Le contenu de ce courriel est effacé, ou ne peut pas être affiché.
# Messages to the people of sessions
office-messages-title = Écrire aux personnes inscrites
office-messages-intro = Un message aux personnes d’une session, d’un thème ou de tout le programme. Vous le relisez avant l’envoi.
office-messages-none = Aucun message pour l’instant.
office-messages-unpublished = Le programme n’est pas encore publié : personne ne peut y être inscrit.
office-message-new = Nouveau message
office-message-edit = Modifier le message
office-message-title = Message
message-subject = Objet
message-text = Texte
message-about = Au sujet de
message-about-programme = Tout le programme
message-about-themes = Un thème
message-about-sessions = Une session
message-to = À qui
message-to-confirmed = Personnes qui ont une place
message-to-waiting = Personnes en liste d’attente
message-to-both = Personnes qui ont une place ou attendent
message-state = État
message-is-sent =
    { $n ->
        [one] Envoyé à une personne
       *[other] Envoyé à { $n } personnes
    }
message-is-draft = Brouillon
message-languages-hint = Chaque personne reçoit le texte de sa langue. S’il manque, elle reçoit l’autre. Une langue suffit. Le courriel commence de lui-même par « Bonjour » et le nom, et finit par les sessions de la personne.
message-placeholders = Ce que vous pouvez insérer
message-markdown = Texte simple, avec un peu de Markdown : **gras**, *italique*, listes, [lien](https://example.org). Entre accolades, les mots ci-dessous sont remplacés pour chaque personne.
message-look = Relire
message-back = Retour sans enregistrer
message-who = Qui le reçoit
message-people =
    { $n ->
        [one] Une personne
       *[other] { $n } personnes
    }
message-people-more = Plus de { $max } personnes
message-people-more-hint = Une personne du bureau peut écrire à { $max } personnes par jour, et ce message part en une seule fois : choisissez un thème ou une session.
message-share = { $language } : { $n }
message-share-other = { $reads } : { $n } (texte reçu : { $gets })
message-reply-to = Les réponses arrivent à { $contact }.
message-reply-none = Le programme n’a pas d’adresse de contact : les réponses arrivent à l’adresse d’envoi.
message-next = Et maintenant
message-test = M’envoyer un essai
message-test-hint = À { $email }. Encore { $n } essais possibles.
message-test-sent = L’essai est parti vers { $email }.
message-tests-none = Ce message a déjà été essayé trop souvent. Créez-en un nouveau.
message-edit = Modifier
message-remove = Jeter
message-send =
    { $n ->
        [one] Envoyer à une personne
       *[other] Envoyer à { $n } personnes
    }
message-send-hint = Part une seule fois. Vous pouvez encore écrire à { $left } personnes aujourd’hui, sur { $max } par jour.
message-nobody = Personne ne correspond : rien à envoyer.
message-too-many = Ce message irait à { $people } personnes. Il vous en reste { $left } aujourd’hui, sur { $max } par jour : choisissez un thème ou une session, ou attendez demain.
message-sent =
    { $n ->
        [one] Le message est en route vers une personne.
       *[other] Le message est en route vers { $n } personnes.
    }
message-crossed = Quelqu’un d’autre a modifié ce message depuis que vous l’avez ouvert. Le voici tel qu’il est maintenant ; rien n’a été fait. Relisez-le, puis recommencez.
message-already = Ce message était déjà envoyé. Rien n’est parti une seconde fois.
message-sent-at = envoyé le { $when }
message-to-call = À appeler
message-to-call-hint = Aucun courriel n’atteint ces personnes.
message-to-call-more =
    { $n ->
        [one] Et une autre.
       *[other] Et { $n } autres.
    }
message-call-no-address = sans adresse
message-call-comes-back = les courriels reviennent
message-preview = Aperçu – { $language }
message-preview-to = Tel que { $email } le recevrait.
message-preview-nobody = Personne ne lit cette langue parmi les destinataires.
message-wrong-empty = Il manque quelque chose ici.
message-wrong-long = Au plus { $max } caractères.
message-wrong-unknown = Inconnu : { $unknown }. Possibles : { $known }.
placeholder-name = le nom de la personne
placeholder-programme = le titre du programme
placeholder-session = le titre de la session
placeholder-when = le jour et l’heure
placeholder-place = le lieu
placeholder-page = l’adresse de la page de la session
placeholder-registrations = le lien personnel vers « Mes sessions »
# Texts of mails
office-texts-title = Textes des courriels
office-texts-intro = Vos propres phrases dans les courriels de ce programme. Ce que vous laissez vide reste le texte de la maison. Les courriels de lien personnel et de confirmation protègent les adresses : leur texte ne change pas. L’objet et le corps sont toujours ceux de la maison : ils disent ce qui s’est passé, dans chaque cas.
office-texts-mail = Courriel
office-texts-when = Quand
office-texts-own = Vos phrases
office-texts-house = Texte de la maison
office-text-hint = Vaut pour les courriels écrits dès maintenant. Ceux qui attendent déjà restent tels quels.
office-text-house = Texte de la maison :
office-text-intro = À la place de cette phrase
office-text-closing = Sous les sessions
office-text-keep = Enregistrer
office-text-kept = Enregistré.
office-text-sample-name = Ada Exemple
office-text-sample-place = Ancien lieu
mail-text-confirmed = Inscription confirmée
mail-text-waiting = Liste d’attente
mail-text-mixed = Places et listes d’attente
mail-text-promoted = Place obtenue depuis la liste d’attente
mail-text-offered = Place proposée
mail-text-expired = Proposition échue
mail-text-cancelled = Inscription annulée
mail-text-changed = Session modifiée
mail-text-reminder = Rappel
mail-text-thanks = Remerciement
mail-text-when-confirmed = Aussitôt, si toutes les sessions ont une place.
mail-text-when-waiting = Aussitôt, si toutes les sessions sont complètes.
mail-text-when-mixed = Aussitôt, si certaines sessions sont complètes.
mail-text-when-promoted = Quand une place se libère et revient à la personne.
mail-text-when-offered = Quand une place est tenue pour la personne jusqu’à une échéance.
mail-text-when-expired = Quand cette échéance est passée.
mail-text-when-cancelled = Quand la personne ou l’organisation annule.
mail-text-when-changed = Quand une publication change l’heure, le lieu ou la tenue d’une session.
mail-text-when-reminder = Avant la session, selon la règle du programme.
mail-text-when-thanks = Le lendemain matin, aussi aux personnes dont la présence n’est pas notée.
# The life of data
office-data-title = Données personnelles
data-intro = Ce que le programme sait des personnes, jusqu’à quand, et ce qui reste.
data-when = Jusqu’à quand
data-due =
    { $days ->
        [one] Les noms et adresses des personnes inscrites, et les courriels, sont effacés le { $day }, un jour après la fin.
       *[other] Les noms et adresses des personnes inscrites, et les courriels, sont effacés le { $day }, { $days } jours après la fin.
    }
data-due-now = Les noms et adresses des personnes inscrites, et les courriels, devaient être effacés le { $day } : ils le sont dans l’heure.
data-ends = Dernier jour de ce qui est publié : { $day }
data-unpublished = Le programme n’a jamais été publié : personne n’y est inscrit. Ses courriels sont effacés avec les propositions.
data-proposed-too = Les noms et adresses des personnes qui ont proposé quelque chose, et leurs fichiers, sont effacés le même jour.
data-proposed-due =
    { $days ->
        [one] Les noms et adresses des personnes qui ont proposé quelque chose, et leurs fichiers, sont effacés le { $day }, un jour après la fin du brouillon.
       *[other] Les noms et adresses des personnes qui ont proposé quelque chose, et leurs fichiers, sont effacés le { $day }, { $days } jours après la fin du brouillon.
    }
data-proposed-due-now = Les noms et adresses des personnes qui ont proposé quelque chose, et leurs fichiers, devaient être effacés le { $day } : ils le sont dans l’heure.
data-draft-ends = Dernier jour du brouillon : { $day }
data-days = Durée de conservation, en jours
data-days-hint = Vide : { $days } jours, comme toute la maison.
data-days-keep = Enregistrer
data-days-kept = La durée est enregistrée.
data-days-wrong = Un nombre de jours entre 1 et { $max }, ou rien.
data-days-promise = Le formulaire d’inscription annonce cette durée. Les personnes déjà inscrites ont lu la précédente : ne l’allongez pas sans le leur dire.
data-what = Ce qui sera effacé
data-people = Personnes
data-orders = Formulaires
data-mails = Courriels
data-answers = Réponses écrites
data-proposers = Personnes qui ont proposé quelque chose
data-elsewhere =
    { $n ->
        [one] Une de ces personnes est aussi dans un autre programme, et y reste.
       *[other] { $n } de ces personnes sont aussi dans un autre programme, et y restent.
    }
data-stays = Les nombres restent : inscriptions, présences, évaluations.
data-archive = Archive du programme
data-archive-hint = Toutes les pages publiques, dans chaque langue, comme fichiers à ouvrir sans serveur ou à poser sur n’importe quel site. Sans formulaire, sans donnée personnelle.
data-archive-take = Télécharger l’archive (ZIP)
data-person = Les données d’une personne
data-person-hint = Quand quelqu’un demande une copie de ses données, ou leur effacement.
data-person-email = Adresse e-mail
data-person-find = Chercher
data-person-none = Aucune inscription à ce programme avec cette adresse.
data-person-title = Données d’une personne
data-person-copy = Copie
data-person-copy-hint = Le même fichier que la page « Mes sessions » donne à la personne. Remettez-le à elle seule.
data-person-copy-take = Télécharger (JSON)
data-person-erase = Effacement
data-person-erase-hint =
    { $n ->
        [one] Le nom, l’adresse et les courriels sont effacés, dans tous les programmes. Son inscription est annulée et sa place revient à la personne suivante.
       *[other] Le nom, l’adresse et les courriels sont effacés, dans tous les programmes. Ses { $n } inscriptions sont annulées et ses places reviennent aux personnes suivantes.
    }
data-person-confirm = Pour confirmer, écrivez l’adresse (ou le nom, s’il n’y en a pas)
data-person-confirm-wrong = Ce n’est pas l’adresse de cette personne.
data-person-erase-now = Effacer cette personne
data-person-erased = La personne est effacée.
data-erase = Tout effacer maintenant
data-erase-hint = Efface sans retour ce qui est compté ci-dessus, avant l’échéance.
data-erase-slug = Pour confirmer, écrivez « { $slug } »
data-erase-slug-wrong = Écrivez exactement « { $slug } ».
data-erase-early = Le programme n’est pas terminé. Effacer quand même : on ne pourra plus écrire à personne.
data-erase-early-wrong = Le programme n’est pas terminé : confirmez que vous voulez effacer quand même.
data-erase-now = Tout effacer
data-erased = Les données personnelles du programme sont effacées. Les nombres restent.
# The log
log-action-mail-again = Courriel envoyé encore une fois
log-action-mail-abort = Courriel abandonné
log-action-message-write = Message écrit
log-action-message-send = Message envoyé
log-action-message-remove = Message jeté
log-action-mail-text-change = Texte d’un courriel modifié
log-action-data-retention = Durée de conservation modifiée
log-action-data-erase = Données personnelles effacées
log-action-person-copy = Copie des données d’une personne prise
log-action-person-erase = Personne effacée
