# The form
register-title = Inscription
register-title-mistakes = À corriger : inscription
register-lead = Un seul formulaire pour toutes les sessions choisies. Vous n’avez pas besoin de compte.
register-none = Aucune session n’est choisie. Cochez celles qui vous intéressent dans le programme.
register-none-open = On ne peut pas s’inscrire ici aux sessions choisies. D’autres sessions vous attendent dans le programme.
register-sessions = { $n ->
    [one] La session choisie
   *[other] Les { $n } sessions choisies
 }
register-sessions-hint = Décochez ce que vous ne voulez plus.
register-quoted = « { $title } »
register-dropped = { $session } n’est pas dans ce programme, ou plus. Nous l’avons retirée de votre choix.
register-unknown = { $session } n’est pas dans ce programme, ou plus. La session a été retirée de votre choix : envoyez le formulaire sans elle.
register-too-many = On peut choisir { $n } sessions au plus par formulaire. Faites-en deux.
register-session-missing = Choisissez au moins une session.
register-full = Complet : vous serez en liste d’attente, position { $n }
register-clash = En même temps que { $titles }
register-overlap-warn = Certaines sessions choisies se chevauchent. Vous pouvez vous inscrire quand même ; libérez ensuite les places dont vous n’avez pas besoin.
register-overlap-refuse = Certaines sessions choisies se chevauchent, et ce programme demande de n’en garder qu’une à la fois. Décochez celles qui sont de trop.
register-you = Vous
register-name = Prénom et nom
register-email = Adresse e-mail
register-email-hint = La confirmation et les changements arrivent à cette adresse.
register-people = Pour combien de personnes ?
register-people-hint = Vous compris·e, et le même nombre pour chaque session. S’il reste moins de places, tout le groupe va en liste d’attente.
register-people-option = { $n ->
    [one] 1 personne
   *[other] { $n } personnes
 }
register-people-range = Indiquez un nombre de personnes entre 1 et { $most }.
register-organisation = Organisation
register-access = De quoi avez-vous besoin pour participer ?
register-access-hint = Accès, langue des signes, accompagnement… Seules les personnes qui organisent le programme et celles qui accueillent les sessions choisies le lisent.
register-long = C’est trop long : { $most } caractères au plus.
register-control = Ce texte contient des signes invisibles. Écrivez-le à nouveau, sans le copier d’ailleurs.
register-consent = J’accepte que ces données servent à gérer mes inscriptions.
register-consent-hint = Elles ne servent à rien d’autre et sont effacées au plus tard { $n ->
    [one] 1 jour
   *[other] { $n } jours
 } après la dernière session.
register-privacy = Ce que deviennent vos données
register-consent-missing = Sans votre accord, nous ne pouvons pas enregistrer l’inscription. Cochez la case.
register-trap = Un champ invisible a été rempli, comme le font des robots. Il est à nouveau vide : envoyez le formulaire encore une fois.
register-submit = S’inscrire
register-back = Retour au programme
form-busy = Nous ne pouvons pas encore enregistrer cela, et tout ce que vous avez écrit est encore là. Attendez quelques secondes, puis envoyez le formulaire à nouveau.
register-busy-title = Beaucoup de monde en ce moment
register-busy = Nous ne pouvons pas encore confirmer votre inscription, et tout ce que vous avez écrit est encore là. Attendez quelques secondes, puis envoyez le formulaire à nouveau : envoyé deux fois, il ne compte qu’une fois.
# Names and addresses
name-empty = Écrivez votre prénom et votre nom.
name-long = Ce nom est trop long : 200 caractères au plus.
name-control = Ce nom contient des signes invisibles. Écrivez-le à nouveau, sans le copier d’ailleurs.
name-address = Un nom ne peut pas contenir d’adresse web ou e-mail.
email-empty = Écrivez votre adresse e-mail.
email-shape = Cette adresse e-mail n’est pas complète. Elle ressemble à prenom.nom@example.org.
email-local = Cette adresse contient des signes que peu de messageries acceptent avant le @. Indiquez-en une autre.
email-often = Beaucoup de formulaires viennent d’arriver avec cette adresse. Attendez quelques minutes et envoyez le vôtre à nouveau.
email-long = Cette adresse e-mail est trop longue. Indiquez-en une autre.
# Why a session cannot be had
refusal-unknown = Cette session n’est pas dans ce programme, ou plus.
refusal-closed = Les inscriptions sont closes.
refusal-not-yet = Les inscriptions ouvrent le { $day } à { $time }.
refusal-over = La session a déjà commencé.
refusal-invitation = Cette session est sur invitation.
refusal-walk-in = L’entrée est libre : venez, sans vous inscrire.
refusal-external = L’inscription se fait sur un autre site.
refusal-cancelled = Cette session est annulée.
refusal-too-large =
    { $n ->
        [one] Cette session n’a qu’une place : inscrivez une seule personne.
       *[other] Cette session n’a que { $n } places : choisissez un groupe plus petit.
    }
# What became of a form
order-title = Votre demande est enregistrée
order-confirmed = { $n ->
    [one] Votre place est confirmée.
   *[other] Vos places sont confirmées.
 }
order-waiting = { $n ->
    [one] La session est complète : vous êtes en liste d’attente. Dès qu’une place se libère pour vous, un message vous le dit.
   *[other] Les sessions sont complètes : vous êtes en liste d’attente. Dès qu’une place se libère pour vous, un message vous le dit.
 }
order-mixed = Une partie est confirmée ; pour le reste, vous êtes en liste d’attente. Dès qu’une place se libère pour vous, un message vous le dit.
order-mail = Un message part vers l’adresse que vous avez indiquée. S’il n’arrive pas, regardez parmi les indésirables.
order-later = Pour revoir ou annuler vos inscriptions, ouvrez le lien qui se trouve dans nos messages.
order-calendar-of = Mettre « { $title } » dans mon calendrier
state-confirmed = Place confirmée
state-waiting = En liste d’attente, position { $n }
state-offered = Une place vous est proposée
state-cancelled = Inscription annulée
state-withdrawn = Retirée du programme
# My sessions
agenda-title = Mes sessions
agenda-empty = Aucune inscription pour le moment.
agenda-none-to-come = Aucune session à venir pour le moment.
agenda-done = { $n ->
    [0] Rien n’a changé : il n’y avait rien à annuler, ou la session a déjà commencé.
    [one] C’est annulé, et un message vous le confirme. Merci de l’avoir dit.
   *[other] { $n } inscriptions sont annulées, et un message vous le confirme. Merci de l’avoir dit.
 }
agenda-people = { $n ->
    [one] pour 1 personne
   *[other] pour { $n } personnes
 }
agenda-join = Rejoindre en ligne
agenda-cancel = Annuler
agenda-cancel-sure = { $n ->
    [one] Votre place sera donnée à quelqu’un d’autre.
   *[other] Vos { $n } places seront données à d’autres.
 }
agenda-leave = Quitter la liste d’attente
agenda-leave-sure = Vous perdez votre tour dans la liste d’attente.
agenda-cancel-yes = Oui, annuler
agenda-cancel-all = Tout annuler
agenda-cancel-all-sure = { $n ->
    [one] 1 inscription à venir sera annulée.
   *[other] Vos { $n } inscriptions à venir seront annulées.
 }
agenda-cancel-all-yes = Oui, tout annuler
agenda-subscribe-title = Dans mon calendrier
agenda-subscribe = Votre calendrier suit alors vos inscriptions et leurs changements. Son adresse n’est que pour vous : ne la transmettez pas.
agenda-cancelled = Annulé
agenda-over = Passé
agenda-feed-name = Mes sessions
agenda-feed-name-of = Mes sessions – { $programme }
agenda-feed-waiting = Vous êtes en liste d’attente pour cette session.
# The link to the agenda, asked for
link-title = Mes sessions
link-lead = Votre page personnelle s’ouvre avec un lien, sans compte ni mot de passe. Indiquez votre adresse : nous vous envoyons ce lien.
link-email-hint = Celle que vous avez indiquée en vous inscrivant. Elle ne sert qu’à cet envoi.
link-submit = Recevoir mon lien
link-done-sent = Si des inscriptions existent pour cette adresse, un message part avec le lien. S’il n’arrive pas dans quelques minutes, regardez parmi les indésirables ou essayez une autre adresse.
link-done-renewed = Votre ancien lien ne s’ouvre plus. Un message avec le nouveau part vers votre adresse.
link-done-erased = C’est fait : ce que vous aviez réservé est libéré, vos données sont effacées et vos liens ne s’ouvrent plus.
order-link = Recevoir ce lien à nouveau
# My sessions: what one does oneself
agenda-leave-yes = Oui, quitter la liste d’attente
agenda-said-name = Votre nom est corrigé.
agenda-said-feed = L’ancienne adresse du calendrier ne s’ouvre plus. Abonnez-vous à nouveau avec les boutons ci-dessous.
agenda-said-added = C’est enregistré, et un message vous le confirme.
own-title = Vous
own-email = Les messages arrivent à { $email }.
own-name-hint = Pour les messages et les inscriptions à venir. Ce que vous avez écrit dans une demande déjà envoyée reste tel quel.
own-name-submit = Enregistrer le nom
own-data = Télécharger mes données
own-file = mes-donnees
own-back = Retour à mes sessions
own-feed = Changer l’adresse du calendrier
own-feed-sure = L’adresse actuelle ne s’ouvrira plus, ni chez vous ni chez quelqu’un d’autre. Il faudra vous abonner à nouveau.
own-feed-yes = Oui, changer l’adresse
own-link = Remplacer le lien de cette page
own-link-sure = Utile si quelqu’un d’autre connaît ce lien. Il ne s’ouvrira plus, et le nouveau vous arrive par e-mail.
own-link-yes = Oui, remplacer le lien
erasure-title = Effacer mes données
erasure-lead = Voici ce qui se passe si vous effacez vos données. On ne peut pas revenir en arrière.
erasure-cancels = { $n ->
    [one] Votre inscription à venir est annulée, et la place va à quelqu’un d’autre.
   *[other] Vos { $n } inscriptions à venir sont annulées, et les places vont à d’autres.
 }
erasure-empties = L’adresse { $email }, votre nom et tout ce que vous avez écrit dans vos demandes sont effacés. Il ne reste que des chiffres, qui ne désignent personne.
erasure-revokes = Cette page et votre calendrier ne s’ouvrent plus.
erasure-no-mail = Aucun message ne part plus vers vous, pas même pour confirmer. Retirez vous-même de votre calendrier ce qui s’y trouve.
erasure-copy = Vous pouvez d’abord en garder une copie :
erasure-confirm = Oui, je veux annuler mes inscriptions et effacer mes données.
erasure-confirm-missing = Cochez la case pour confirmer l’effacement.
erasure-submit = Effacer définitivement
# My sessions: one more
add-title = Ajouter une session
add-lead = Cochez ce qui vous intéresse. Vous n’avez plus à écrire votre nom ni votre adresse.
add-none = On ne peut s’inscrire à aucune autre session pour le moment.
add-missing = Choisissez au moins une session du programme.
add-programme = Voir le programme en détail
add-continue = Continuer
add-others = Choisir d’autres sessions
add-already = Vous êtes déjà dans « { $session } » : rien à faire.
add-form-lead = L’inscription se fait à votre nom, et la confirmation arrive à votre adresse.
add-consent = En vous inscrivant, vous acceptez que ces données servent à gérer vos inscriptions. Elles sont effacées au plus tard { $n ->
    [one] 1 jour
   *[other] { $n } jours
 } après la dernière session.
agenda-present = Vous y étiez
agenda-absent = Vous n’y étiez pas
agenda-certificate = Attestation (PDF)
agenda-certificate-all = Attestation pour toutes vos sessions de { $programme } (PDF)
agenda-recording = Enregistrement
agenda-feedback = Donner mon avis
feedback-title = Votre avis
feedback-lead = Trois questions ; répondez à celles que vous voulez. Avec ce lien, vous pouvez changer vos réponses plus tard.
feedback-rating = Comment était cette session ?
feedback-rating-1 = 1 – pas du tout pour moi
feedback-rating-2 = 2 – plutôt décevante
feedback-rating-3 = 3 – correcte
feedback-rating-4 = 4 – bonne
feedback-rating-5 = 5 – excellente
feedback-takeaway = Que retenez-vous de cette session ?
feedback-better = Que faudrait-il améliorer ?
feedback-submit = Envoyer
feedback-done = Merci ! Vos réponses sont enregistrées.
feedback-nothing = Répondez à une question au moins.
feedback-rating-unknown = Choisissez une note de 1 à 5.
feedback-long = Cette réponse est trop longue : { $n } caractères au plus.
feedback-privacy = Vos réponses sont gardées sans votre nom ni votre adresse. N’y écrivez rien qui dise qui vous êtes. Si vous effacez vos données, vos textes sont effacés aussi ; seule la note reste, sous forme de chiffre.
certificate-title = Attestation de participation
certificate-says = Il est attesté que
certificate-attended =
    { $n ->
        [one] a pris part à la session suivante :
       *[other] a pris part aux sessions suivantes :
    }
certificate-issued = Attestation établie le { $date }.
certificate-code = Code : { $code }
certificate-verify = Chacun·e peut vérifier cette attestation à l’adresse suivante :
certificate-file = attestation
certificate-page-title = Vérifier une attestation
certificate-lead = Écrivez le code qui figure sur l’attestation : la page dira ce qu’il atteste.
certificate-code-name = Code
certificate-code-hint = Seize lettres et chiffres, par exemple ABCD‑EFGH‑IJKL‑MNOP.
certificate-submit = Vérifier
certificate-true = Ce code est valable. Voici ce qu’il atteste.
certificate-name = Nom
certificate-sessions = A pris part à
certificate-programme = Programme
certificate-issued-on = Établie le
certificate-name-hint = Le nom est celui que la personne a donné elle-même ; personne n’a contrôlé son identité.
certificate-unknown = Ce code n’est pas connu. Vérifiez qu’il est écrit comme sur l’attestation.
certificate-no-more = Cette attestation ne peut plus être vérifiée : elle a été retirée, ou la personne a effacé ses données.
# Stopping reminders
reminders-title = Rappels
reminders-on = « { $programme } » : vous recevez des rappels avant vos sessions, et un message après.
reminders-off = « { $programme } » : vous ne recevez plus de rappels avant vos sessions, ni de messages après.
reminders-seats = Les messages sur vos places continuent : confirmation, liste d’attente, changement d’horaire ou de lieu, annulation.
reminders-unclear = Nous n’avons pas compris ce qui était demandé. Rien n’a changé.
reminders-stop = Arrêter les rappels
reminders-again = Recevoir de nouveau les rappels
reminders-of = Rappels : { $programme }
# Limits a person, and seats that are held back
refusal-over-week = { $n ->
    [one] Une session par semaine au plus, pour que chacun·e ait une place. Gardez celle que vous préférez.
   *[other] { $n } sessions par semaine au plus, pour que chacun·e ait une place. Décochez celles qui sont de trop.
 }
refusal-over-week-has = { $n ->
    [one] Une session par semaine au plus, et vous en avez déjà une cette semaine-là.
   *[other] { $n } sessions par semaine au plus, avec celles que vous avez déjà cette semaine-là (il y en a { $has }).
 }
refusal-over-programme = { $n ->
    [one] Une seule session par personne, pour que chacun·e ait une place. Gardez celle que vous préférez.
   *[other] { $n } sessions par personne au plus, pour que chacun·e ait une place. Décochez celles qui sont de trop.
 }
refusal-over-programme-has = { $n ->
    [one] Une seule session par personne, et vous en avez déjà une.
   *[other] { $n } sessions par personne au plus, avec celles que vous avez déjà (il y en a { $has }).
 }
refusal-overlaps-has = Vous avez déjà « { $session } » à la même heure, et ce programme donne une place à la fois.
refusal-held-gone = Il ne reste pas assez de places réservées à ce groupe.
order-limits = Si cette adresse a déjà d’autres inscriptions, c’est le message qui dit ce qui est confirmé.
# Before registration opens
opening-calendar = Mettre l’ouverture dans mon calendrier
opening-keep = Votre choix reste sur cette page : revenez-y à ce moment-là.
opening-again = Afficher à nouveau cette page
# Offers, and orders to be confirmed
offer-title-open = Une place pour vous
offer-title-taken = La place est à vous
offer-title-gone = Cette place n’est plus gardée
offer-lead-open = Nous gardons cette place pour vous jusqu’au { $day } à { $time }. Elle est à vous dès que vous appuyez sur le bouton.
offer-lead-taken = Votre place est confirmée : il n’y a plus rien à faire.
offer-lead-gone = Il n’y a pas, ou plus, de place gardée pour vous dans cette session : le délai est passé, ou vous l’avez rendue.
offer-take = Prendre la place
offer-again = Pour vous inscrire de nouveau ou rejoindre la liste d’attente :
agenda-decline = Refuser la place
agenda-decline-sure = { $n ->
    [one] La place ira tout de suite à la personne suivante.
   *[other] Les { $n } places iront tout de suite aux personnes suivantes.
 }
agenda-decline-yes = Oui, refuser
agenda-said-taken = La place est à vous, et un message vous le confirme.
agenda-feed-offered = Une place est gardée pour vous : prenez-la sur la page de vos inscriptions.
state-offered-until = Place gardée pour vous jusqu’au { $day } à { $time }
state-to-confirm = À confirmer avant le { $day } à { $time }
order-title-confirm = Encore un pas : confirmez votre demande
order-confirm = Regardez votre messagerie : ouvrez le lien que nous vous envoyons et confirmez avant le { $day } à { $time }. Sans confirmation, la demande s’efface.
order-seat-held = Place gardée jusqu’à ce que vous confirmiez
order-turn-held = Complet : en liste d’attente dès que vous confirmez
confirm-title-open = Confirmez votre demande
confirm-title-done = C’est confirmé
confirm-title-late = Trop tard pour confirmer
confirm-lead-open = Voici ce que vous avez demandé. Appuyez sur le bouton avant le { $day } à { $time } : sans cela, la demande s’efface.
confirm-lead-done = Votre demande est confirmée. Voici où elle en est.
confirm-lead-late = Le délai est passé, ou vous avez annulé : ce qui n’était pas confirmé est libéré. Vous pouvez vous inscrire de nouveau.
confirm-submit = Confirmer ma demande
confirm-again = S’inscrire de nouveau
confirm-not-asked = Vous n’avez rien demandé ? Fermez cette page : la demande s’efface d’elle-même.
confirm-limited = Ce n’est pas possible : une règle du programme, la même pour tout le monde, ne permet pas d’en avoir davantage. Pour changer de session, annulez-en d’abord une autre.
confirm-gone = N’est plus gardée pour vous
register-email-hint-link = Un lien arrive à cette adresse : ouvrez-le et confirmez dans la demi-heure, sinon la demande s’efface.
