# common
og-locale = fr_CH
skip-to-content = Aller au contenu
nav-main = Principale
nav-programme = Programme
nav-changes = Ce qui change
nav-press = Presse
feed-changes = Ce qui change
feed-press = Communiqués de presse
foot-zone = Heures locales (fuseau { $zone })
foot-open-data = Données ouvertes :
foot-programmes = Tous les programmes
foot-accessibility = Accessibilité
foot-privacy = Vos données
accessibility-title = Accessibilité
privacy-title = Vos données
