# What changes, by release
changes-title = Ce qui change
changes-intro = Chaque publication du programme, et ce qu’elle change.
changes-none = Rien n’a changé depuis la première publication du programme.
changes-first = Première publication du programme.
changes-other = Des textes ou des informations générales ont été revus.
changes-release = Publication { $n }
changes-feed = Suivre les changements (Atom)
changes-cancelled = { $n ->
    [one] Annulée
   *[other] Annulées ({ $n })
 }
changes-withdrawn = { $n ->
    [one] Retirée
   *[other] Retirées ({ $n })
 }
changes-moved = { $n ->
    [one] Déplacée
   *[other] Déplacées ({ $n })
 }
changes-new = { $n ->
    [one] Nouvelle
   *[other] Nouvelles ({ $n })
 }
changes-changed = { $n ->
    [one] Modifiée
   *[other] Modifiées ({ $n })
 }
change-cancelled = annulée
change-withdrawn = retirée
change-moved = déplacée
change-new = nouvelle
change-changed = modifiée
change-from-to = { $field } : { $old } → { $new }
change-after = L’enregistrement ou le compte rendu a été ajouté ou revu.
change-text = La présentation a été revue.
change-to = { $field } : { $new }
change-from = { $field } : « { $old } » ne figure plus
change-online = en ligne
change-not-online = pas en ligne
field-title = Titre
field-start = Début
field-end = Fin
field-place = Lieu
field-online = Participation à distance
field-hosts = Organisation
field-speakers = Intervenant·es
field-language = Langue
field-format = Format
field-theme = Thème
field-access = Accès
