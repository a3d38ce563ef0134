# The press room
press-title = Espace presse
press-what = De quoi il s’agit
press-themes = Les thèmes, semaine par semaine
press-figures = En chiffres
press-figures-note = Chiffres du programme publié et des inscriptions, à jour.
press-contact = Contact presse
press-contact-none = Le contact sera indiqué ici.
press-releases = Communiqués
press-releases-none = Aucun communiqué pour le moment.
press-feed = Suivre les communiqués (Atom)
press-release = Communiqué de presse
press-back = Tous les communiqués
figure-sessions = { $n ->
    [one] session
   *[other] sessions
 }
figure-partners = { $n ->
    [one] organisation partenaire
   *[other] organisations partenaires
 }
figure-formats = { $n ->
    [one] forme de session
   *[other] formes de sessions
 }
figure-days = { $n ->
    [one] jour
   *[other] jours
 }
figure-people = { $n ->
    [one] personne inscrite
   *[other] personnes inscrites
}
figure-seats = { $n ->
    [one] place réservée
   *[other] places réservées
}
