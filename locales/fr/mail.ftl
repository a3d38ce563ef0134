# Mails
mail-hello = Bonjour,
mail-hello-name = Bonjour { $name },
mail-order-subject-confirmed = Inscription confirmée : { $title }
mail-order-subject-waiting = Liste d’attente : { $title }
mail-order-subject-mixed = Vos inscriptions : { $title }
mail-order-intro-confirmed =
    { $count ->
        [one] Votre inscription est confirmée. L’entrée pour votre agenda est jointe à ce message.
       *[other] Vos inscriptions sont confirmées. Les entrées pour votre agenda sont jointes à ce message.
    }
mail-order-intro-waiting =
    { $count ->
        [one] Cette session est complète : vous êtes sur la liste d’attente. Dès qu’une place se libère pour vous, nous vous écrivons.
       *[other] Ces sessions sont complètes : vous êtes sur leurs listes d’attente. Dès qu’une place se libère pour vous, nous vous écrivons.
    }
mail-order-intro-mixed = Voici où en sont vos inscriptions, session par session. Là où vous êtes sur la liste d’attente, nous vous écrivons dès qu’une place se libère pour vous.
mail-give-back = Un empêchement ? Annulez votre inscription : quelqu’un attend peut-être votre place.
mail-promoted-subject = Une place pour vous : { $title }
mail-promoted-intro =
    { $count ->
        [one] Une place s’est libérée : vous étiez sur la liste d’attente, votre inscription est maintenant confirmée. L’entrée pour votre agenda est jointe à ce message.
       *[other] Des places se sont libérées : vous étiez sur la liste d’attente, vos inscriptions sont maintenant confirmées. Les entrées pour votre agenda sont jointes à ce message.
    }
mail-promoted-give-back = Vous ne pouvez plus venir ? Annulez votre inscription, et la place ira à la personne suivante.
mail-cancelled-subject = Inscription annulée : { $title }
mail-cancelled-intro =
    { $count ->
        [one] Votre inscription est annulée. Si vous ouvrez la pièce jointe, l’entrée disparaît de votre agenda.
       *[other] Vos inscriptions sont annulées. Si vous ouvrez les pièces jointes, les entrées disparaissent de votre agenda.
    }
mail-left-subject = Liste d’attente quittée : { $title }
mail-left-intro =
    { $count ->
        [one] Vous n’êtes plus sur la liste d’attente de cette session.
       *[other] Vous n’êtes plus sur les listes d’attente de ces sessions.
    }
mail-left-mixed-subject = Inscriptions et listes d’attente : { $title }
mail-left-mixed-intro = Voici ce qui est annulé et les listes d’attente que vous avez quittées. Si vous ouvrez ce qui est joint à ce message, les inscriptions annulées disparaissent de votre agenda.
mail-cancelled-again = Si c’est une erreur, inscrivez-vous de nouveau sur la page de la session.
mail-outcome-confirmed = Inscription confirmée
mail-outcome-waiting = Liste d’attente, position { $position }
mail-outcome-already-confirmed = Inscription déjà confirmée auparavant
mail-outcome-already-waiting = Déjà sur la liste d’attente, position { $position }
mail-outcome-promoted = Inscription confirmée
mail-outcome-cancelled = Inscription annulée
mail-outcome-left-queue = Vous avez quitté la liste d’attente
mail-not-taking-place = Cette session n’a pas lieu.
mail-online = En ligne
mail-people = Pour { $count } personnes
mail-join = Pour participer en ligne :
mail-access = Accessibilité :
mail-door = À l’entrée, montrez ce code :
mail-door-picture = Code QR : { $code }
mail-agenda = Voir ou annuler vos inscriptions :
mail-agenda-link = mes inscriptions
mail-feed = S’abonner à votre calendrier, qui reste à jour :
mail-feed-link = mon calendrier
mail-timezone = Horaires : { $zone }.
mail-secret = Ces liens sont personnels : ne transmettez pas ce message.
mail-contact = Une question ? Écrivez à
# The link, asked for or renewed
mail-link-subject = Votre lien personnel : { $title }
mail-link-intro = Voici le lien de votre page « Mes sessions ». Vous y voyez vos inscriptions et pouvez les annuler, en ajouter, corriger votre nom ou effacer vos données.
mail-link-not-asked = Vous n’avez rien demandé ? Quelqu’un a sans doute écrit votre adresse par erreur. Il n’y a rien à faire : ces liens n’arrivent qu’à vous.
# What changed for registered people
mail-outcome-already-offered = Une place vous est proposée : prenez-la sur la page de vos inscriptions.
mail-changed-subject = Changement : { $title }
mail-changed-subject-again = A de nouveau lieu : { $title }
mail-changed-subject-off = N’a pas lieu : { $title }
mail-changed-subject-many = Changements dans vos sessions : { $title }
mail-changed-intro =
    { $count ->
        [one] Une session qui vous concerne a changé. Voici ce qui est nouveau.
       *[other] Des sessions qui vous concernent ont changé. Voici ce qui est nouveau.
    }
mail-changed-title = Nouveau titre : « { $new } » (avant : « { $old } »)
mail-changed-when = Nouvel horaire : { $new } (avant : { $old })
mail-changed-where = Nouveau lieu : { $new } (avant : { $old })
mail-changed-reason = Motif : { $reason }
mail-changed-again = Cette session a de nouveau lieu.
mail-changed-join-new = Voici l’adresse pour participer en ligne.
mail-changed-join-other = L’adresse pour participer en ligne a changé : utilisez celle qui suit.
mail-changed-join-gone = L’adresse pour participer en ligne que nous vous avions donnée n’est plus valable.
mail-changed-seat = Votre inscription reste valable.
mail-changed-waiting = Vous restez sur la liste d’attente, position { $position }.
mail-changed-off = Vous n’avez rien à faire. Si la session a de nouveau lieu, nous vous l’écrirons, et votre inscription comptera de nouveau.
mail-changed-calendar = Ce qui est joint à ce message met votre agenda à jour.
# After the sessions
mail-thanks-subject = Merci : { $title }
mail-thanks-intro =
    { $count ->
        [one] Merci d’avoir pris part à cette session. Vous trouvez plus bas trois questions : vos réponses aident à faire mieux.
       *[other] Merci d’avoir pris part à ces sessions. Vous trouvez plus bas trois questions pour chacune : vos réponses aident à faire mieux.
    }
mail-thanks-intro-unmarked =
    { $count ->
        [one] Cette session a eu lieu. Vous y étiez ? Merci ! Vous trouvez plus bas trois questions : vos réponses aident à faire mieux.
       *[other] Ces sessions ont eu lieu. Vous y étiez ? Merci ! Vous trouvez plus bas trois questions pour chacune : vos réponses aident à faire mieux.
    }
mail-thanks-present = Votre présence est notée
mail-thanks-registered = Vous y aviez une place
mail-thanks-recording = L’enregistrement :
mail-thanks-minutes = Le compte rendu :
mail-thanks-feedback = Trois questions, sans compte et sans votre nom :
mail-thanks-feedback-link = donner mon avis
mail-thanks-stop = Ne plus recevoir ces messages, ni de rappels, pour ce programme (les messages sur vos places continuent) :
mail-thanks-stop-link = arrêter ces messages
mail-thanks-certificate = Vous trouvez votre attestation de participation (PDF) sur la page de vos inscriptions.
# Reminders: before a session
mail-reminder-subject = Rappel : { $title }, { $when }
mail-reminder-intro-day =
    { $count ->
        [one] Votre place vous attend { $when }. Voici ce qu’il faut savoir.
       *[other] Vos places vous attendent { $when }. Voici vos sessions de la journée.
    }
mail-reminder-intro-soon =
    { $count ->
        [one] C’est bientôt : votre session commence { $when }.
       *[other] C’est bientôt : vos sessions commencent, la première { $when }.
    }
mail-reminder-join-later = L’adresse pour participer en ligne n’est pas encore connue. Elle sera sur la page de vos inscriptions.
mail-reminder-stop = Ne plus recevoir de rappels pour ce programme (les messages sur vos places continuent) :
mail-reminder-stop-link = arrêter les rappels
# Rules of a programme that limit what one person has
mail-order-subject-refused = Pas d’inscription : { $title }
mail-order-intro-refused =
    { $count ->
        [one] Votre demande est arrivée, mais une règle du programme, la même pour tout le monde, ne permet pas cette inscription. Pour changer de session, annulez-en d’abord une autre.
       *[other] Votre demande est arrivée, mais une règle du programme, la même pour tout le monde, ne permet pas ces inscriptions. Pour changer de session, annulez-en d’abord une autre.
    }
mail-order-intro-limits = Voici où en sont vos inscriptions, session par session. Une règle du programme, la même pour tout le monde, ne permet pas tout ce que vous avez demandé. Pour changer de session, annulez-en d’abord une autre.
mail-outcome-over-week =
    { $limit ->
        [one] Pas d’inscription : ce programme permet une session par semaine, et vous en avez déjà une cette semaine-là.
       *[other] Pas d’inscription : ce programme permet { $limit } sessions par semaine, et vous les avez déjà cette semaine-là.
    }
mail-outcome-over-programme =
    { $limit ->
        [one] Pas d’inscription : ce programme permet une seule session par personne, et vous l’avez déjà.
       *[other] Pas d’inscription : ce programme permet { $limit } sessions par personne, et vous les avez déjà.
    }
mail-outcome-overlaps = Pas d’inscription : vous avez déjà une session à la même heure.
# Offers, and orders to be confirmed
mail-offered-subject = Une place est libre, prenez-la : { $title }
mail-offered-intro = Une place s’est libérée, et vous êtes la première personne sur la liste d’attente. Nous la gardons pour vous : prenez-la avant l’heure indiquée, sinon elle ira à la personne suivante.
mail-offered-take = Prendre la place :
mail-offered-link = ouvrir la page et confirmer
mail-offered-decline = Vous n’en voulez plus ? Refusez-la sur la page de vos inscriptions : quelqu’un d’autre l’aura tout de suite.
mail-expired-subject = La place n’est plus gardée : { $title }
mail-expired-intro = Nous vous avions proposé une place, et nous n’avons pas reçu votre accord à temps. Nous ne la gardons plus pour vous, et vous n’êtes plus sur la liste d’attente.
mail-expired-again = La session vous intéresse encore ? Inscrivez-vous de nouveau sur sa page : vous reprenez un tour à la fin de la liste d’attente.
mail-confirm-subject = Confirmez votre inscription : { $title }
mail-confirm-intro = Une demande d’inscription vient d’être envoyée avec votre adresse. Rien n’est encore acquis : ouvrez la page ci-dessous et confirmez dans la demi-heure.
mail-confirm-open = Confirmer la demande :
mail-confirm-link = ouvrir la page et confirmer
mail-confirm-not-asked = Vous n’avez rien demandé ? Quelqu’un a sans doute écrit votre adresse par erreur. Ne faites rien : la demande s’efface d’elle-même.
mail-outcome-offered = Place gardée pour vous jusqu’au { $day } à { $time }
mail-outcome-offer-expired = Place non prise à temps
mail-outcome-declined = Vous avez refusé la place
mail-outcome-seat-to-confirm = Place gardée, à confirmer avant le { $day } à { $time }
mail-outcome-turn-to-confirm = Complet : votre tour dans la liste d’attente commence quand vous confirmez, au plus tard le { $day } à { $time }
mail-outcome-offered-late = Ce message est parti en retard : la page ci-dessous dit si la place est encore gardée pour vous, et jusqu’à quand
mail-outcome-seat-to-confirm-late = Ce message est parti en retard : la page de confirmation dit si la place est encore gardée, et jusqu’à quand
mail-outcome-turn-to-confirm-late = Ce message est parti en retard : la page de confirmation dit si vous pouvez encore prendre un tour dans la liste d’attente, et jusqu’à quand
# Mails that arrive
mail-place-and-online = { $place }, et en ligne
# What organisers write to the people of their sessions
mail-message-subject = Un message de { $programme }
mail-message-intro = L’organisation a un message pour vous.
