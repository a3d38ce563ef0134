# Le bureau : inscriptions et personnes
mail-order-subject-moved = Changement de session : { $title }
mail-order-intro-moved = L’équipe du programme a changé votre inscription. Voici ce que vous avez désormais, et ce qui est annulé.
phone-shape = N’est pas un numéro de téléphone. Écrivez-le en chiffres, par exemple 022 123 45 67.
office-nav-registrations = Inscriptions
log-action-registration-call = Personne avertie par téléphone
log-action-registration-correct = Nom ou adresse corrigés
log-action-registration-move = Inscription déplacée vers une autre session
log-action-registration-promote = Place donnée à une personne en attente
# Les sessions
office-reg-new = Inscrire quelqu’un
office-reg-sum = { $seats } places prises, { $waiting } en attente.
office-reg-search = Titre ou organisation
office-reg-sort = Trier par
office-reg-sort-day = Jour
office-reg-sort-fill = Remplissage
office-reg-sort-queue = File d’attente
office-reg-show = Montrer
office-reg-show-coming = À venir
office-reg-show-all = Toutes
office-reg-apply = Afficher
office-reg-none = Aucune session ne correspond. Seules les sessions publiées prennent des inscriptions.
office-reg-found =
    { $n ->
        [one] Une session
       *[other] { $n } sessions
    }
office-reg-session = Session
office-reg-state = État
office-reg-seats = Places prises
office-reg-of = { $taken } sur { $capacity }
office-reg-over = Trop de monde
office-reg-over-long = Il y a plus de personnes que de places : la capacité a été réduite. Personne d’autre n’entre avant que le compte soit bon.
office-reg-held = Places réservées
office-reg-held-for = Réservées : { $group }
office-reg-queue = En attente
office-reg-pages = Pages
office-reg-next = Suite de la liste
office-reg-public = page publique
office-reg-excel = Tableau pour Excel
office-reg-write = Écrire à ces personnes
office-reg-csv = Fichier CSV
office-reg-who = Qui est inscrit
office-reg-tabs = État des inscriptions
office-reg-tab-live = Valables
office-reg-tab-confirmed = Confirmées
office-reg-tab-offered = Proposées
office-reg-tab-waiting = En attente
office-reg-tab-cancelled = Annulées
office-reg-tab-needs = Avec des besoins d’accès
office-reg-nobody = Personne ici.
office-reg-people = Personnes
office-reg-since = Inscription
office-reg-attended =
    { $n ->
        [0] absence
        [one] une personne présente
       *[other] { $n } personnes présentes
    }
office-reg-live = Places de cette session
office-reg-at-once = Effet immédiat
office-reg-capacity = Capacité
office-reg-capacity-hint = Nombre de places ; vide : sans limite.
office-reg-capacity-wrong = La capacité est un nombre de 0 à 1 000 000, ou rien.
office-reg-held-hint = Places gardées pour un groupe. Un nom court en minuscules (partner, presse) et un nombre ; 0 ou vide les libère.
office-reg-held-wrong = Chaque groupe a un nom court en minuscules, une fois, et un nombre de places.
office-reg-group = Groupe
office-reg-group-seats = Places
office-reg-save-live = Appliquer maintenant
office-reg-said-live = C’est appliqué. Une place libérée est allée à la première personne en attente.
# Où en est une inscription
office-state-confirmed = Confirmée
office-state-offered = Proposée jusqu’au { $until }
office-state-offered-plain = Proposée
office-state-link = À confirmer par courriel avant le { $until }
office-state-turn-link = Demande à confirmer avant le { $until }
office-state-waiting = En attente, rang { $n }
office-state-waiting-plain = En attente
office-state-cancelled = Annulée
office-refused-too-large = La session n’a que { $n } places en tout.
office-refused-held-gone = Il ne reste que { $n } places réservées à ce groupe.
office-refused-cancelled = Cette session est annulée.
office-refused-unknown = Cette session n’est pas dans ce programme.
# Besoins d’accès
office-needs-title = Besoins d’accès
office-needs-lead =
    { $n ->
        [one] Une personne est attendue. Voici ce dont les personnes inscrites ont besoin.
       *[other] { $n } personnes sont attendues. Voici ce dont les personnes inscrites ont besoin.
    }
office-needs-nameless = Sans les noms : le programme ne les montre pas aux partenaires.
office-needs-none = Personne n’a demandé quoi que ce soit.
office-needs-what = Ce qu’il faut
office-needs-printed = État au { $day }
# Les personnes
office-people-title = Personnes
office-people-search = Nom, adresse, code ou téléphone
office-people-only-unreached = Sans courriel seulement
office-people-find = Chercher
office-people-none = Il n’y a encore aucune inscription.
office-people-not-found = Personne ne correspond.
office-people-seats = Places
office-person-title = Une personne
office-person-name = Nom
office-person-contact = Contact
office-person-unreached = aucun courriel ne lui parvient
office-person-unreached-long = Aucun courriel ne parvient à cette personne : pas de confirmation, pas de rappel. Donnez-lui la feuille à emporter ; ce qui change arrive dans la liste d’appels.
office-person-erased = Données effacées
office-person-email = Courriel
office-person-code = Code
office-person-phone = Téléphone
office-person-language = Langue
office-person-organisation = Organisation
office-person-since = Connue depuis
office-person-undeliverable = les courriels reviennent depuis le { $at }
office-person-more = Inscrire à d’autres sessions
office-person-resend = Renvoyer le courriel
office-person-has = Ses inscriptions
office-person-has-nothing = Aucune inscription valable.
office-person-people =
    { $n ->
        [one] pour une personne
       *[other] pour { $n } personnes
    }
office-person-needs = Besoins d’accès : { $needs }
office-person-history = Ce qui s’est passé
office-person-promote = Donner une place libre
office-person-promote-more = Ajouter une place et la donner
office-person-move = Déplacer
office-person-move-to = Vers quelle session ?
office-person-choose = Choisir…
office-person-move-button = Déplacer et avertir
office-person-move-leave = Laisser comme c’est
office-person-cancel = Annuler
office-person-cancel-sure = Annuler et avertir
office-person-cancel-all = Tout annuler
office-person-cancel-all-hint = Toutes les inscriptions aux sessions qui n’ont pas commencé.
office-person-cancel-all-sure = Tout annuler et avertir
office-person-gone = Annulées
office-person-correct = Corriger le nom ou l’adresse
office-person-email-hint = Une nouvelle adresse reçoit aussitôt tout ce que la personne a ; les anciens liens ne mènent plus nulle part.
office-person-save = Enregistrer
office-person-other = Voir la personne qui a cette adresse
office-person-address-taken = Une autre personne a déjà cette adresse. Inscrivez-la plutôt aux sessions, puis annulez-les ici : deux personnes ne sont jamais réunies.
office-person-mails = Ses courriels
office-person-no-mails = Aucun.
office-person-more-mails = Seuls les plus récents sont montrés.
office-person-mail = Courriel
office-person-when = Quand
office-person-nothing-there = Il n’y a plus rien à changer ici : quelqu’un l’a fait entre-temps.
office-person-has-it = La personne a déjà cette session.
office-person-choose-session = Choisissez une session.
office-person-not-waiting = La personne n’attend plus.
office-person-not-resent = Rien n’a été envoyé : la personne n’a pas d’adresse, ou plus d’inscription.
office-person-move-full =
    { $n ->
        [0] Pas de place dans cette session : la personne perdrait la sienne. Rien n’a changé.
        [one] Il ne reste qu’une place dans cette session, ou d’autres attendent : la personne perdrait la sienne. Rien n’a changé.
       *[other] Il ne reste que { $n } places dans cette session, ou d’autres attendent : la personne perdrait la sienne. Rien n’a changé.
    }
office-person-promote-full =
    { $n ->
        [0] Aucune place n’est libre. Vous pouvez en ajouter une.
        [one] Une seule place est libre. Vous pouvez en ajouter.
       *[other] Seules { $n } places sont libres. Vous pouvez en ajouter.
    }
office-person-said-registered = L’inscription est faite.
office-person-said-cancelled = C’est annulé.
office-person-said-moved = La personne a sa place dans l’autre session.
office-person-said-queued = La personne attend son tour dans l’autre session.
office-person-said-promoted = La personne a une place.
office-person-said-resent = Le courriel part de nouveau.
office-person-said-corrected = C’est corrigé.
office-person-said-readdressed = C’est corrigé ; tout est envoyé à la nouvelle adresse.
office-step-confirmed = Confirmée ({ $cause })
office-step-waiting = En attente ({ $cause })
office-step-offered = Place proposée ({ $cause })
office-step-cancelled = Annulée ({ $cause })
office-cause-form = formulaire
office-cause-person = par la personne
office-cause-queue = une place s’est libérée
office-cause-deadline = délai passé
office-cause-unconfirmed = jamais confirmée
office-cause-organiser = par l’équipe
office-mail-due = Part bientôt
office-mail-sent = Envoyé
office-mail-failed = Pas arrivé
# À appeler
office-calls-title = À appeler
office-calls-link = À appeler ({ $n })
office-calls-lead = Ces personnes ne reçoivent pas de courriel. Dites-leur où en sont les choses, puis notez que c’est fait.
office-calls-none = Personne n’attend d’appel.
office-calls-more = D’autres suivent.
office-calls-no-phone = Pas de numéro de téléphone
office-calls-undeliverable = Les courriels à { $email } reviennent.
office-calls-off = N’a pas lieu
office-calls-since = À dire depuis le { $at }
office-calls-told = C’est dit
call-reason-promoted = A obtenu une place.
call-reason-offered = Une place lui est proposée.
call-reason-expired = N’a pas pris sa place à temps : elle est partie.
call-reason-cancelled = L’équipe a annulé son inscription.
call-reason-moved = L’équipe l’a déplacée vers cette session.
call-reason-changed = La session a changé.
# Au téléphone
office-new-title = Inscrire quelqu’un
office-new-lead = Au téléphone ou au guichet, avec ou sans courriel.
office-new-email-hint = Sans courriel, laissez vide : la personne reçoit un code et une feuille à emporter.
office-new-phone-hint = Où l’appeler si quelque chose change.
office-new-held = Places réservées à
office-new-held-none = Aucun groupe
office-new-sessions = Sessions
office-new-none = Il n’y a plus de session à venir.
office-new-has = déjà inscrit·e
office-new-save = Inscrire
office-new-anyway = Inscrire quand même
office-new-leave = Annuler
office-new-warnings = À dire avant d’inscrire
office-new-full = « { $session } » est complète : rang { $n } sur la liste d’attente.
office-new-clash = « { $one } » et « { $other } » sont en même temps.
office-new-refused = { $session } : { $why }
office-new-no-session = Choisissez au moins une session.
office-new-key = Le formulaire est abîmé. Ouvrez-le de nouveau.
office-choice-full =
    { $n ->
        [0] complet
       *[other] complet, { $n } en attente
    }
office-choice-left =
    { $n ->
        [one] une place
       *[other] { $n } places
    }
office-choice-free = places libres
# La feuille à emporter
office-slip-title = Feuille à emporter
office-slip-back = Retour à la personne
office-slip-print = Imprimez cette page : seule la feuille sort.
office-slip-code = Votre code
office-slip-online = En ligne
office-slip-waiting = Vous n’avez pas encore de place : nous vous appelons si une se libère.
office-slip-contact = Une question, un empêchement ?
