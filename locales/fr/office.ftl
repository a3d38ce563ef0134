# Le bureau : cadre, accueil
office-name = Bureau
office-nav = Programme en cours
office-programmes = Programmes
office-nav-users = Équipe
office-sign-out = Se déconnecter
office-start-title = Vos programmes
office-start-none = Aucun programme ne vous est encore ouvert.
office-start-first = Il n’y a encore aucun programme. Créez le premier ; ses sessions peuvent venir d’un tableau.
office-start-unpublished = Pas encore publié
office-start-release = Publication { $number }, { $day }, { $time }
office-start-sessions = Sessions
office-start-seats = Places prises
office-start-waiting = En attente
office-start-public = Voir le programme public
office-start-failed =
    { $n ->
        [one] Un message n’est pas parti et attend que quelqu’un s’en occupe.
       *[other] { $n } messages ne sont pas partis et attendent que quelqu’un s’en occupe.
    }
role-owner = Responsable
role-editor = Édition
role-press = Presse
role-desk = Guichet
role-partner = Partenaire
role-funder = Bailleur de fonds
error-not-allowed-title = Cette page ne vous est pas ouverte
error-not-allowed-text = Votre rôle ne comprend pas cette tâche. La personne responsable du bureau peut le changer.
office-kept = Ce que vous aviez écrit ici n’était pas enregistré : le voici. Relisez, puis enregistrez.
office-kept-discard = Ne pas le reprendre
office-kept-elsewhere = Vous vous êtes déconnecté·e dans un autre onglet : ce que vous écrivez ici n’est plus gardé. Avant d’enregistrer, reconnectez-vous dans l’autre onglet.
office-kept-out = Vous n’étiez plus connecté·e : rien n’a été enregistré. Ce que vous avez écrit est gardé dans cet onglet et revient dès que vous vous connectez.
