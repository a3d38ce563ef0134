# common
og-locale = fr_CH
skip-to-content = Aller au contenu
nav-main = Principale
nav-programme = Programme
nav-changes = Ce qui change
nav-agenda = Mes sessions
nav-press = Presse
feed-changes = Ce qui change
feed-press = Communiqués de presse
foot-zone = Horaires : { $zone }
zone-time = heure de { $city }
zone-time-vowel = heure d’{ $city }
zone-city = { $city ->
    [Athens] Athènes
    [Brussels] Bruxelles
    [Copenhagen] Copenhague
    [Lisbon] Lisbonne
    [London] Londres
    [Vienna] Vienne
    [Warsaw] Varsovie
   *[other] { $city }
 }
foot-open-data = Données ouvertes :
foot-programmes = Tous les programmes
foot-accessibility = Accessibilité
foot-privacy = Vos données
accessibility-title = Accessibilité
privacy-title = Vos données
field-optional = (facultatif)
field-trap = Laissez ce champ vide
form-mistakes = À corriger
chosen-none = Cochez les sessions qui vous intéressent
chosen-one = 1 session choisie
chosen-many = { $n } sessions choisies
chosen-apart = elles ne se chevauchent pas
chosen-overlap = certaines se chevauchent
chosen-register = S’inscrire
accessibility-intro = Ces pages sont faites pour être lues, entendues et parcourues par tout le monde, au clavier, au lecteur d’écran, en grand, en sombre, sur un petit téléphone ou sur papier.
accessibility-goal-title = Ce que nous visons
accessibility-goal = Les règles internationales WCAG 2.2, niveau AA. Les couleurs ne portent jamais seules une information, tout fonctionne sans JavaScript, et les erreurs d’un formulaire sont dites à côté du champ concerné.
accessibility-state-title = Où nous en sommes
accessibility-state = Les contrastes sont vérifiés automatiquement à chaque version. Aucun audit indépendant n’a encore eu lieu ; il peut rester des défauts. Les textes, les documents et les plateformes de visioconférence des organisations partenaires ne dépendent pas de nous.
accessibility-help-title = Une difficulté ?
accessibility-help = Écrivez à l’adresse de contact indiquée sur la page du programme. Dites quelle page et quel appareil vous utilisez. On peut aussi vous inscrire sans que vous passiez par ce site.
privacy-intro = On peut tout lire ici sans dire qui l’on est. Une inscription demande le strict nécessaire.
privacy-asked-title = Ce qui est demandé
privacy-asked = Un nom et une adresse e-mail. Si vous le souhaitez, une organisation et ce dont vous avez besoin pour participer. Ces informations servent à vous réserver une place, à vous écrire au sujet de vos sessions et à préparer votre accueil.
privacy-seen-title = Qui les voit
privacy-seen = Les personnes qui organisent le programme, et pour chaque session celles qui l’accueillent. Elles ne sont ni vendues, ni publiées, ni transmises à des tiers.
privacy-kept-title = Combien de temps
privacy-kept =
    { $days ->
        [one] Un jour
       *[other] { $days } jours
    } après la dernière session d’un programme, les noms et les adresses sont effacés. Seuls restent des nombres, qui ne désignent personne. Si un programme les garde pendant un autre délai, son formulaire d’inscription l’indique.
privacy-traces-title = Cookies et mesures d’audience
privacy-traces = Aucune mesure d’audience, aucune publicité, aucun contenu chargé d’un autre site. Les sessions que vous cochez sont retenues par votre navigateur jusqu’à la fermeture de l’onglet. Un cookie retient la langue si vous la choisissez à l’entrée du site. Le journal du serveur ne note ni les adresses des pages personnelles, ni votre adresse internet.
privacy-rights-title = Vos droits
privacy-rights = Votre page « Mes sessions » vous donne une copie de ce qui est enregistré sur vous, et vous permet de corriger votre nom ou de tout effacer. Vous pouvez aussi le demander : écrivez à l’adresse de contact indiquée sur la page du programme.
