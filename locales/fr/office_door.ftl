# À l’entrée : qui est là
office-nav-door = À l’entrée
log-action-attendance-mark = Présence pointée à l’entrée
log-action-attendance-walk-ins = Personnes sans inscription comptées
log-action-attendance-list = Présences pointées d’après une liste
log-field-present = Présentes
log-field-absent = Absentes
log-field-walk-in = Sans inscription
office-door-title = À l’entrée
office-door-lead = Choisissez la session devant laquelle vous êtes. Le pointage ouvre douze heures avant son début.
office-door-of = À l’entrée : { $session }
office-door-open = Pointer les présences
office-door-today = Aujourd’hui, { $day }
office-door-none = Rien n’a lieu aujourd’hui.
office-door-earlier = Ces derniers jours
office-door-running = En cours
office-door-over = Terminée
office-door-sum-present = { $present } sur { $expected }
office-door-sum-expected =
    { $n ->
        [0] personne d’attendu
        [one] une personne attendue
       *[other] { $n } personnes attendues
    }
# Une session
office-door-counts = Où en est l’entrée
office-door-present = Présentes
office-door-expected = Attendues
office-door-free = Places libres
office-door-no-limit = Sans limite
office-door-early = Le pointage ouvre le { $at }.
office-door-off = Cette session n’a pas lieu : personne n’est pointé.
office-door-search = Nom ou code
office-door-find = Chercher
office-door-scan = Scanner
office-door-camera = Image de la caméra
office-door-camera-off = Fermer la caméra
office-door-no-camera = La caméra n’est pas disponible. Tapez le code ou le nom.
office-door-shown = Qui est montré
office-door-show-all = Tout le monde
office-door-show-missing = Pas encore là
office-door-show-present = Présentes
office-door-everybody = Effacer la recherche
office-door-people = Personnes
office-door-nobody = Personne n’est inscrit à cette session.
office-door-nobody-found = Personne ne correspond. Essayez une partie du nom, ou le code.
office-door-nobody-missing = Il ne manque plus personne.
office-door-nobody-present = Personne n’est encore là.
office-door-mark = Est là
office-door-how-many = Combien sont là avec { $name } ?
office-door-there = Est là
office-door-there-of = { $n } sur { $people }
office-door-undo = Annuler
office-door-seen = # est là.
office-door-seen-before = # était déjà là.
office-door-seen-one = { $name } est là.
office-door-seen-many = { $name } est là : { $n } sur { $people }.
office-door-not-in-list = Ce code n’est pas dans la liste. Réessayez quand le réseau est revenu.
office-door-code-unknown = Aucune inscription ne porte le code { $code }. Vérifiez-le, ou cherchez le nom.
office-door-code-elsewhere = { $name } n’est pas inscrit·e à cette session, mais à :
office-door-code-nowhere = { $name } n’a de place dans aucune session.
office-door-register-them = Inscrire cette personne ici
office-door-newcomers = Quelqu’un s’est inscrit entre-temps.
office-door-reload = Afficher la liste à jour
office-door-walk-in = Sans inscription
office-door-walk-in-text = S’il reste une place, inscrivez la personne : elle apparaît dans la liste, avec son code. Sinon, comptez-la ici.
office-door-walk-in-count = Combien de personnes sont là sans être inscrites
office-door-walk-in-save = Noter ce nombre
office-door-walk-in-wrong = Écrivez un nombre, de 0 à { $most }.
office-door-registrations = Toutes les inscriptions
# Ce qui attend sur le téléphone
office-door-waits-one = Un pointage attend sur ce téléphone et partira tout seul.
office-door-waits-many = # pointages attendent sur ce téléphone et partiront tout seuls.
office-door-offline = Pas de réseau. Continuez, et laissez cette page ouverte.
office-door-out = Vous n’êtes plus connecté·e.
office-door-sign-in = Se connecter
office-door-leaving = # pointages ne sont pas encore envoyés et seraient perdus. Se déconnecter quand même ?
office-door-unread = Ces pointages n’ont pas pu être lus.
office-door-unknown = Cette inscription n’existe plus : sa présence n’a pas été notée.
