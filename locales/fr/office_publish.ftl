# Publish: what would change, whom it would be told
office-nav-publish = Publier
publish-title = Publier
publish-never = Ce programme n’a encore jamais été publié.
publish-standing = En ligne : publication { $n }, { $when }, par { $who }.
publish-author-command = une commande sur le serveur
publish-author-gone = une personne qui n’est plus là
publish-author-unknown = une personne inconnue
publish-nothing = Le public voit exactement ce que dit le brouillon : il n’y a rien à publier.
publish-nothing-first = Le brouillon est vide : il n’y a encore rien à publier.
publish-crossed-title = Quelque chose a changé entre-temps
publish-crossed = Le brouillon, ou la publication en ligne, n’est plus ce que cette page montrait. Rien n’a été publié. Voici ce qui le serait maintenant ; ce qui est nouveau porte une marque.
publish-fresh = nouveau
publish-done-published = C’est en ligne.
publish-done-settings = Les réglages immédiats sont en vigueur. Pour le public, rien d’autre n’a changé.
publish-done-nothing = Il n’y avait rien à publier.
publish-done-planned = La publication est prévue.
publish-done-unplanned = La publication prévue est retirée.
publish-done-too-late = Il n’y a plus de publication prévue : elle a déjà eu lieu, ou quelqu’un l’a retirée.
publish-count-changes = { $n ->
    [one] changement pour le public
   *[other] changements pour le public
 }
publish-count-live = { $n ->
    [one] réglage immédiat
   *[other] réglages immédiats
 }
publish-count-warnings = { $n ->
    [one] point à vérifier
   *[other] points à vérifier
 }
publish-count-mails = { $n ->
    [one] message à envoyer
   *[other] messages à envoyer
 }
publish-warnings = À vérifier
publish-warnings-hint = Rien de tout cela n’empêche de publier.
publish-more = { $n ->
    [one] et une autre
   *[other] et { $n } autres
 }
publish-changes = Ce que le public verra changer
publish-changes-none = Pour le public, rien ne change.
publish-parts = Changent aussi :
publish-part-programme = la présentation ou les règles du programme
publish-part-themes = les thèmes
publish-part-places = les lieux
publish-part-organisations = les organisations
publish-part-press = l’espace presse
publish-live = Réglages immédiats
publish-live-hint = Ces valeurs ne font pas partie d’une publication ; elles entrent en vigueur en même temps.
publish-mails-title = Qui sera prévenu
publish-mails = { $n ->
    [0] Personne ne recevra de message.
    [one] Une personne recevra un message.
   *[other] { $n } messages partiront.
 }
publish-settle = { $n ->
    [0] Ils partent aussitôt.
    [one] Les changements sont rassemblés pendant une minute avant d’être annoncés : une correction publiée entre-temps ne donne pas de second message.
   *[other] Les changements sont rassemblés pendant { $n } minutes avant d’être annoncés : une correction publiée entre-temps ne donne pas de second message.
 }
publish-col-session = Session
publish-col-what = On leur dit
publish-col-seats = Inscrites
publish-col-waiting = En attente
publish-col-offered = Place réservée
publish-col-sample = Exemple
publish-sample = Lire un exemple
publish-sample-of = Lire un exemple pour { $title }
publish-told-cancelled = qu’elle est annulée
publish-told-withdrawn = qu’elle n’a plus lieu
publish-told-moved = qu’elle a lieu à un autre moment ou ailleurs
publish-told-new = qu’elle a finalement lieu
publish-told-changed = ce qui a changé
publish-told-join = la nouvelle adresse de connexion
publish-told-promoted = qu’une place s’est libérée pour elles
publish-told-offered = qu’une place leur est réservée, à confirmer
publish-told-expired = que la place réservée est passée à quelqu’un d’autre
publish-do = Publier maintenant, ou plus tard
publish-note = Note
publish-note-hint = Une phrase ou deux, que le public lit sur la page « Ce qui change ».
publish-note-long = La note est trop longue : { $n } signes au plus.
publish-now = Publier maintenant
publish-later = Ou à une heure choisie
publish-later-hint = Sera publié le brouillon tel qu’il sera à ce moment-là, avec tout ce qui y aura changé d’ici là. Heure du programme ({ $zone }).
publish-day = Jour
publish-time = Heure
publish-plan = Prévoir la publication
publish-day-wrong = Indiquez un jour, par exemple 2027-04-19.
publish-time-wrong = Indiquez une heure, par exemple 09:30.
publish-plan-taken = Une publication est déjà prévue : retirez-la d’abord.
publish-plan-wrong-time = Choisissez un moment à venir, dans l’année.
publish-plan-open = Publication prévue : { $when } (par { $who }).
publish-plan-how = Sera publié le brouillon tel qu’il sera à ce moment-là.
publish-plan-withdraw = Retirer cette publication prévue
publish-plan-failed = La publication prévue pour { $when } n’a pas eu lieu : { $why }
publish-problem-unreadable = le brouillon, ou la dernière publication, ne peut pas être lu par cette version du logiciel.
publish-problem-internal = une erreur s’est produite ; la cause est dans le journal du serveur.
publish-mail-title = Exemple de message
publish-mail-hint = Ce que lirait une personne inscrite à « { $title } ». Le nom, l’adresse et les liens sont inventés.
publish-mail-to = À
publish-mail-subject = Objet
releases-title = Publications
releases-hint = Chaque publication reste telle qu’elle était.
releases-col-number = Publication
releases-col-when = Quand
releases-col-who = Par
releases-col-what = Ce qui a changé
releases-again-of = reprend la publication { $n }
release-changes = Ce qui a changé
release-again = Publier de nouveau
release-again-hint = Une nouvelle publication reprend le contenu de celle-ci, et le brouillon aussi. Les réglages immédiats (places, inscriptions, adresses de connexion) et les règles du programme restent comme ils sont. Les sessions qui n’existaient pas alors sont retirées du programme ; leur texte reste dans le brouillon. Les personnes inscrites sont prévenues comme pour toute publication.
release-again-nothing = Le public voit déjà ce contenu.
release-again-lost = Ces modifications du brouillon, jamais publiées, seront remplacées
release-again-lost-hint = Publiez-les d’abord si elles doivent être gardées.
release-again-do = Publier de nouveau la publication { $n }
warning-capacity = Moins de places que de personnes inscrites ({ $n })
warning-past = À une date passée ({ $n })
warning-no-place = Ni lieu, ni participation à distance ({ $n })
warning-no-join-url = À distance, sans adresse de connexion ({ $n })
warning-clash-place = Même lieu, même heure ({ $n })
warning-clash-speaker = Même personne, même heure ({ $n })
warning-clash-organisation = Même organisation, même heure ({ $n })
warning-clash-theme = Beaucoup de sessions d’un thème à la fois ({ $n })
warning-outside-programme = Hors des dates du programme ({ $n })
warning-outside-theme = Hors des dates du thème ({ $n })
warning-unknown = Lieu, thème ou organisation qui n’existe pas ({ $n })
warning-no-title = Sans titre ({ $n })
warning-no-abstract = Sans présentation ({ $n })
warning-language = Texte dans une autre langue que la session ({ $n })
warning-press = Communiqués qui manquent dans une langue ({ $n })
warning-detail-theme = { $when } ; thème « { $theme } »
warning-detail-unknown-place = Lieu : { $name }
warning-detail-unknown-theme = Thème : { $name }
warning-detail-unknown-organisation = Organisation : { $name }
warning-detail-capacity = { $capacity ->
    [one] Une place
   *[other] { $capacity } places
 }, { $taken ->
    [one] une personne
   *[other] { $taken } personnes
 }
warning-detail-language = Session en { $spoken }, texte en { $text }
warning-detail-press = Manque en { $language }
warning-detail-clash = { $when }, avec { $others } : { $name }
live-capacity = Places
live-held = Places mises de côté
live-registration = Inscription
live-opens = Ouverture des inscriptions
live-closes = Clôture des inscriptions
live-queue = Liste d’attente
live-join-url = L’adresse de connexion change.
live-no-limit = sans limite
live-none = aucune
live-not-set = non fixée
live-registration-open = ouverte
live-registration-closed = fermée
live-registration-invitation = sur invitation
live-registration-none = sans inscription
live-queue-promote = place donnée d’office
live-queue-offer = place proposée, à confirmer
