# Les communiqués de presse, dans le bureau.

office-nav-press = Presse

office-draft-press = Communiqués de presse
office-draft-new-press = Nouveau communiqué
office-draft-none-press = Il n’y a pas encore de communiqué.
office-draft-back-press = Communiqués de presse
office-draft-col-press = Date et langue
office-draft-part-press = Le communiqué
office-draft-press-state-new = pas encore publié
office-draft-press-state-differs = modifié depuis la publication
office-draft-press-state-same = publié
office-draft-press-write = écrire cette version
office-draft-press-removal-lead = Si le communiqué est publié, il disparaît de l’espace presse à la prochaine publication. La suppression ne se reprend pas.
office-draft-press-title = Titre
office-draft-press-date = Date
office-draft-press-date-hint = Le jour que porte le communiqué. Des communiqués du même jour en plusieurs langues comptent pour un seul.
office-draft-press-place = Lieu
office-draft-press-place-hint = D’où il est daté, comme Genève.
office-draft-press-language = Langue
office-draft-press-text = Texte
office-draft-press-text-hint = Markdown : **gras**, *italique*, - liste, [lien](https://example.org).
office-draft-press-slug = Adresse
office-draft-press-slug-hint = Vide : tirée du titre. Elle ne change plus ensuite.
office-draft-form-text = Ce texte ne peut pas être pris.

log-action-press-add = Communiqué ajouté
log-action-press-change = Communiqué modifié
log-action-press-remove = Communiqué supprimé
log-field-body = Texte
log-field-language = Langue
