# Les chiffres d’un programme
office-nav-figures = Chiffres
figures-title = Chiffres
figures-counted = Inscriptions comptées le { $when } ; places et présences, à l’instant.
figures-not-counted = Les inscriptions n’ont pas encore été comptées : rechargez la page dans quelques secondes.
figures-unpublished = Rien n’est encore publié : il n’y a encore rien à compter.
figures-partner = Organisation
figures-all-partners = Toutes les organisations
figures-show = Afficher
figures-all = Tout le programme
figures-table = Le tableau
figures-csv = CSV
figures-excel = CSV pour Excel
figures-percent = { $n } %
figures-from-to = { $from }–{ $to } %
figures-full = Complet
figures-said-fill = { $percent } ({ $taken } sur { $seats })
figures-seated-note = dont { $n } avec une place
figures-fill-note = { $percent } de { $seats } places limitées
figures-walk-in-note = dont { $n } sans inscription
figures-no-shows-note =
    { $n ->
        [0] toutes les personnes attendues sont venues
        [one] une personne attendue n’est pas venue
       *[other] { $said } personnes attendues ne sont pas venues
    }
figures-no-theme = Sans thème
figures-no-partner = Sans organisation
figures-cancelled = annulée
figures-withdrawn = retirée
figures-pages = Pages des sessions
figures-summary = En bref
figures-days = Inscriptions par jour
figures-days-hint = Le jour où l’inscription a été faite. Ce qui n’a jamais été confirmé par courriel n’est pas compté.
figures-themes = Remplissage par thème
figures-themes-hint = Personnes qui ont une place, sur les places des sessions qui en ont un nombre limité.
figures-formats = Remplissage par format
figures-formats-hint = Une session de deux formats compte dans les deux.
figures-partners = Remplissage par organisation
figures-partners-hint = Une session de deux organisations compte pour les deux.
figures-fills = Sessions selon leur remplissage
figures-fills-hint = Les sessions sans limite n’y sont pas.
figures-queues = Listes d’attente les plus longues
figures-queues-hint = Une inscription en attente peut être pour plusieurs personnes.
figures-endings = Annulations
figures-endings-hint = Ce qui a mis fin aux inscriptions : places rendues, places reprises, places non acceptées à temps.
figures-attendance = Absences par thème
figures-attendance-hint = Personnes qui avaient une place et ne sont pas venues, dans les sessions où les présences ont été notées.
figures-languages = Langues
figures-languages-hint = Les personnes, selon la langue de leur dernier formulaire.
figures-few = moins de { $n }
figures-withheld = non indiqué
figures-few-hint = Un groupe de moins de { $n } personnes n’est pas chiffré, ni le plus petit des autres, qui permettrait de le calculer.
figures-sessions = Session par session
figures-sessions-hint = Présences et absences n’y figurent que là où elles ont été notées.
figures-sessions-found =
    { $n ->
        [one] Une session
       *[other] { $n } sessions
    }
figures-sort = Dans l’ordre
figures-sort-day = des jours
figures-sort-fill = du remplissage
figures-sort-queue = des listes d’attente
figures-sort-absent = des absences
figures-ending-person = Annulées par la personne
figures-ending-organiser = Annulées ou déplacées par l’équipe
figures-ending-deadline = Place offerte et non prise à temps
figures-col-day = Jour
figures-col-percent = Remplissage
figures-col-theme = Thème
figures-col-format = Format
figures-col-organisation = Organisation
figures-col-session = Session
figures-col-ending = Raison
figures-col-language = Langue
figures-col-figure = Chiffre
figures-col-value = Valeur
figures-col-sessions = Sessions
figures-col-seats = Places
figures-col-taken = Places prises
figures-col-fill = Remplissage
figures-col-waiting = En attente
figures-col-made = Inscriptions
figures-col-gone = Annulations
figures-col-stands = En cours
figures-col-people = Personnes différentes
figures-col-seated = Personnes avec une place
figures-col-marked = Sessions notées
figures-col-registered = Attendues
figures-col-present = Présentes
figures-col-absent = Absentes
figures-col-no-shows = Taux d’absence
figures-col-walk-in = Sans inscription
