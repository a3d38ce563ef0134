# The public programme: home
home-title = Programmes
home-intro = Des programmes de sessions ouvertes à toutes et à tous. On s’inscrit sans créer de compte.
home-none-title = Aucun programme pour le moment
home-none = Le prochain programme s’annonce ici.
home-now = En cours
home-next = À venir
home-over = Terminé
home-others = Autres programmes
# The programme page
programme-see = Voir le programme
programme-subscribe = S’abonner au calendrier
programme-doors-weeks = Les semaines
programme-doors-themes = Les thèmes
programme-empty-title = Le programme est en préparation
programme-empty = Les sessions seront annoncées ici.
programme-all = Tout le programme
dates-from-to = Du { $from } au { $to }
face-where-both = sur place et en ligne
face-where-online = en ligne
face-where-site = sur place
face-sessions = { $n ->
    [0] Aucune session pour le moment
    [one] 1 session
   *[other] { $n } sessions
 }
face-hosts = { $n ->
    [one] 1 organisation
   *[other] { $n } organisations
 }
count-sessions = { $n ->
    [0] aucune session
    [one] 1 session
   *[other] { $n } sessions
 }
# Filters
filter-title = Chercher dans le programme
filter-q = Chercher
filter-q-hint = un sujet, une organisation, un lieu
filter-theme = Thème
filter-format = Format
filter-day = Jour
filter-language = Langue
filter-org = Organisation
filter-where = Où
filter-access = Accès
filter-open = Inscription possible
filter-all-m = Tous
filter-all-f = Toutes
filter-everywhere = Partout
filter-any = Indifférent
filter-online = En ligne
filter-on-site = Sur place
filter-more = Plus de filtres
filter-submit = Filtrer
filter-clear = Effacer les filtres
filter-found = { $n ->
    [0] Aucune session ne correspond
    [one] 1 session trouvée
   *[other] { $n } sessions trouvées
 }
filter-ignored = Filtre ignoré : ce programme n’a pas « { $value } » sous « { $name } ».
filter-none-title = Aucune session ne correspond
filter-none = Essayez avec moins de mots ou moins de filtres, ou parcourez tout le programme.
# Choosing
choose = Choisir
register-session = S’inscrire à cette session
register-queue = Rejoindre la liste d’attente
register-external = S’inscrire sur le site de l’organisation
# Seats in words
seat-free = Places libres
seat-left = { $n ->
    [one] Il reste 1 place
   *[other] Il reste { $n } places
 }
seat-full = { $n ->
    [0] Complet · liste d’attente ouverte
   *[other] Complet · liste d’attente ({ $n })
 }
seat-not-yet = Inscription dès le { $at }
seat-closed = Inscriptions closes
seat-invitation = Sur invitation
seat-walk-in = Entrée libre, sans inscription
seat-external = Inscription sur un autre site
seat-over = Terminée
seat-cancelled = Annulée par l’organisation
seat-untimed = Inscription dès que l’horaire est connu
# A session
online = en ligne
time-unknown = horaire à préciser
session-when = Quand
session-where = Où
session-online = En ligne : l’adresse est envoyée avec la confirmation de l’inscription.
session-online-too = Aussi en ligne : l’adresse est envoyée avec la confirmation de l’inscription.
session-place-unknown = Lieu à préciser
session-map = Voir sur une carte (OpenStreetMap)
session-hosts = Proposée par
session-speakers = Avec
session-languages = Langues
session-access = Accès
session-tags = Mots-clés
session-facts = En bref
session-after-title = Après la session
session-recording = Voir l’enregistrement
session-about = Présentation
session-about-none = La présentation suivra.
session-calendar = Dans mon calendrier
session-calendar-hint = « S’abonner » suit les changements. Les autres boutons copient la session telle qu’elle est aujourd’hui.
session-calendar-google = Google Agenda
session-calendar-outlook = Outlook
session-calendar-file = Fichier .ics
session-changed = Ce qui a changé
session-changed-at = Publication { $n }, { $when }
session-cancelled = Cette session est annulée.
session-cancelled-way = Les autres sessions du programme vous sont ouvertes.
session-same-day = Le même jour
session-before = Avant
session-after = Après
# Theme and organisation
theme-label = Thème
theme-label-n = Thème { $n }
theme-none = Aucune session pour ce thème pour le moment.
theme-others = Les autres thèmes
theme-subscribe = S’abonner au calendrier de ce thème
organisation-label = Organisation
organisation-site = Son site
organisation-none = Aucune session de cette organisation pour le moment.
# Formats
format-conference = Conférence
format-workshop = Atelier
format-open-forum = Forum ouvert
format-round-table = Table ronde
format-testimony = Témoignage
format-open-day = Journée portes ouvertes
format-hackathon = Hackathon
format-other = Autre
format-session = Session
# Access
access-step-free = accessible en fauteuil
access-sign-language = langue des signes
access-hearing-loop = boucle magnétique
access-childcare = garde d’enfants
access-easy-language = langage simplifié (FALC)
access-quiet-room = espace calme
# Languages of sessions
lang-name-fr = français
lang-name-en = anglais
lang-name-de = allemand
lang-name-it = italien
lang-name-rm = romanche
lang-name-es = espagnol
lang-name-pt = portugais
lang-name-ar = arabe
lang-name-fa = persan
lang-name-ti = tigrigna
lang-name-so = somali
lang-name-ta = tamoul
lang-name-tr = turc
lang-name-uk = ukrainien
lang-name-ru = russe
lang-name-sq = albanais
lang-name-sr = serbe
lang-name-hr = croate
lang-name-bs = bosnien
lang-name-pl = polonais
lang-name-nl = néerlandais
lang-name-ro = roumain
lang-name-zh = chinois
lang-name-ja = japonais
week-n = Semaine { $n }
session-way = Où vous êtes
session-whole-day = Toutes les sessions de ce jour
calendar-title = Dans votre calendrier
calendar-intro = Abonnez-vous : les changements du programme arrivent tout seuls dans votre calendrier.
calendar-subscribe = S’abonner
# What one person may have
rule-per-week = { $n ->
    [one] Une session par semaine au plus, pour que chacun·e ait une place.
   *[other] { $n } sessions par semaine au plus, pour que chacun·e ait une place.
 }
rule-per-programme = { $n ->
    [one] Une seule session par personne, pour que chacun·e ait une place.
   *[other] { $n } sessions par personne au plus, pour que chacun·e ait une place.
 }
rule-overlap = Une session à la fois : deux sessions à la même heure ne vont pas ensemble.
