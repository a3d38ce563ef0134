# Le bureau : importer, exporter
office-nav-import = Importer
office-nav-export = Exporter
import-title = Importer un fichier
import-lead = Un tableau (CSV, Excel, LibreOffice), un programme frab ou pretalx : il est lu, comparé au programme et vous est montré. Rien ne change avant que vous ne le disiez.
import-new-title = Un nouveau programme à partir d’un fichier
import-new-lead = Un programme frab ou pretalx apporte son titre, ses jours, ses salles et ses thèmes ; un tableau apporte ses sessions, et le reste se complète ensuite.
import-slug = Adresse du programme
import-slug-hint = De 3 à 100 signes parmi a-z, 0-9 et -, par exemple mois-2027
import-slug-taken = Il y a déjà un programme à cette adresse ; importez depuis sa propre page.
import-file = Fichier
import-file-hint = CSV, .xlsx, .ods, frab XML ou JSON, JSON de pretalx ; { $most } Mio au plus
import-file-none = Choisissez un fichier.
import-file-large = Ce fichier dépasse { $most } Mio, ou n’est pas arrivé entier.
import-read = Lire le fichier
import-waiting = Fichiers en attente
import-waiting-lead = Ils sont gardés une heure, et vous seul·e les voyez.
import-waiting-since =
    { $n ->
        [0] à l’instant
        [one] il y a une minute
       *[other] il y a { $n } minutes
    }
import-problem-line = Ligne { $line } : { $message }
import-problem-value = « { $value } » : { $message }
import-refused = Ce fichier ne peut pas être lu
import-back = Importer
import-kind-csv = Tableau CSV
import-kind-workbook = Classeur
import-kind-xml = Programme XML
import-kind-json = Programme JSON
import-rows =
    { $n ->
        [one] une ligne
       *[other] { $n } lignes
    }
import-columns-title = 1. Quelle colonne est quoi
import-columns-lead = Deviné d’après les en-têtes et ce qu’il y a dessous. Corrigez ce qui ne va pas ; c’est retenu pour le prochain fichier qui a ces en-têtes.
import-column = Colonne
import-column-nameless = Colonne { $letter }, sans en-tête
import-column-samples = Par exemple
import-column-is = Est
import-column-is-of = Que contient la colonne { $heading } ?
import-column-none = pas lue
import-column-twice = Deux colonnes ne peuvent pas être toutes deux « { $field } ». Laissez-en une de côté.
import-sheet = Feuille
import-missing = Retirer les sessions qui ne sont pas dans le fichier
import-missing-hint = Leurs inscriptions restent telles quelles. Sans cette coche, elles restent au programme.
import-look = Voir ce qui changerait
import-changes-title = 2. Ce qui changerait
import-changes-title-only = Ce qui changerait
import-count-added = ajoutées
import-count-changed = modifiées
import-count-removed = retirées
import-count-missing = hors du fichier
import-nothing = Rien ne changerait : le brouillon dit déjà ce que dit le fichier.
import-mistakes =
    { $n ->
        [one] Une erreur : rien ne peut être importé avant qu’elle soit corrigée
       *[other] { $n } erreurs : rien ne peut être importé avant qu’elles soient corrigées
    }
import-mistakes-lead = Corrigez-les dans le fichier et envoyez-le à nouveau, ou associez les colonnes autrement.
import-line = Ligne
import-value = Valeur
import-why = Ce qui ne va pas
import-more = … et encore { $n }
import-notices = À savoir
import-made-themes = Nouveaux thèmes : { $names }
import-made-places = Nouveaux lieux : { $names }
import-made-organisations = Nouvelles organisations : { $names }
import-still-there = Sessions absentes du fichier, et qui restent
import-session = Session
import-change = Changement
import-was-added = nouvelle
import-was-changed = modifiée
import-was-removed = retirée
import-empty-value = vide
import-take =
    { $n ->
        [one] Importer un changement dans le brouillon
       *[other] Importer { $n } changements dans le brouillon
    }
import-take-lead = Tout ou rien. Le public ne le voit qu’à la prochaine publication.
import-discard = Abandonner ce fichier
import-changed-meanwhile = Le brouillon a changé entre-temps : rien n’a été importé. Voici ce qui changerait maintenant.
import-done = Importé
import-done-lead = C’est dans le brouillon ; le public le verra à la prochaine publication.
import-again = Importer un autre fichier
import-to-programme = Voir le programme
export-title = Exporter
export-lead = Les fichiers de ce programme, pour d’autres logiciels et pour vos dossiers.
export-draft = Le brouillon
export-release = Ce qui est publié
export-people = Inscriptions
export-people-lead = Données personnelles : gardez ces fichiers seulement le temps nécessaire.
export-unpublished = Rien n’est encore publié ; ces fichiers viendront avec la première publication.
export-sessions-xlsx = Sessions, Excel
export-sessions-xlsx-what = Tout ce que le brouillon dit de chaque session, à modifier puis à importer de nouveau.
export-sessions-csv = Sessions, CSV
export-sessions-csv-what = La même chose en tableau simple, pour des logiciels et des scripts.
export-registrations-xlsx = Inscriptions, Excel
export-registrations-xlsx-what = Une ligne par inscription : session, état, personne, besoins, présence.
export-registrations-csv = Inscriptions, CSV
export-registrations-csv-what = La même chose en tableau simple.
export-frab-xml = frab, XML
export-frab-xml-what = Pour les applications de programme et les équipes vidéo.
export-frab-json = frab, JSON
export-frab-json-what = La même chose pour des sites web.
export-ics = Agenda, ICS
export-ics-what = Toutes les sessions, pour un logiciel d’agenda.
export-public-csv = Tableau public, CSV
export-public-csv-what = Ce que tout le monde peut savoir, sans les adresses de connexion.
export-too-long = Impossible de faire un fichier Excel : le champ « { $column } » de { $session } dépasse ce qu’Excel peut contenir. Prenez le CSV.

# Les champs d’une session
import-field-slug = Identifiant
import-field-title = Titre
import-field-theme = Thème
import-field-format = Format
import-field-date = Jour
import-field-start = Début (heure, ou jour et heure)
import-field-end = Fin
import-field-language = Langues
import-field-place = Lieu
import-field-online = En ligne
import-field-join-url = Adresse de connexion
import-field-capacity = Places
import-field-registration = Inscription
import-field-hosts = Organisations
import-field-speakers = Intervenant·e·s
import-field-abstract = Résumé
import-field-description = Description
import-field-tags = Mots-clés
import-field-access = Accessibilité
import-field-status = État
import-field-opens = Ouverture des inscriptions
import-field-closes = Fermeture des inscriptions
import-field-queue = Liste d’attente
import-field-held = Places réservées
import-field-text-language = Langue des textes
import-field-recording = Enregistrement
import-field-minutes = Compte rendu

# Les phrases de l’importateur : src/programme/import/said.rs
said-format = { $a } n’est pas un format ; en écrire un ou plusieurs, séparés par |, parmi : { $b }
said-language-one = n’est pas une langue ; écrire un code comme fr
said-languages = n’est pas une langue ; écrire des codes comme fr, en, de, it, séparés par |
said-yes-no = n’est ni oui ni non ; écrire oui, ou laisser vide
said-seats = n’est pas un nombre de places ; écrire de 0 à { $a }, « illimité », ou rien pour suivre la règle du programme
said-registration = doit être open, closed, invitation, none, ou une adresse web (https://…)
said-status = doit être vide ou « annulé »
said-queue = doit être promote, offer, ou vide pour suivre la règle du programme
said-held = { $a } n’est pas un groupe et un nombre ; écrire comme partner:5|press:2
said-held-twice = nomme deux fois le groupe { $a }
said-no-day-moment = n’a pas de jour ; écrire 2027-04-01T09:00
said-span = n’est pas une durée avant le début ; écrire -7j, -48h ou -30m (jours, heures, minutes), ou 2027-04-01T09:00
said-end-time = n’est pas une heure ; écrire 10:30 ou 10h30, ou 2027-04-20 12:00 pour un autre jour
said-ends-before-start = finit avant le début de la session ({ $a })
said-ends-before-day = finit avant le jour de la session ({ $a })
said-end-no-time = n’a pas d’heure ; écrire 10:30, ou 2027-04-20 12:00 pour un autre jour
said-no-title-column = aucune colonne n’est le titre ni l’identifiant ; les en-têtes sont { $a }, les nôtres { $b }
said-no-sessions = ne contient aucune session : il n’y a pas de programme à en faire
said-no-zone = aucun fuseau horaire n’est indiqué : les heures sont comprises comme { $a }
said-made-programme = crée le programme { $a } avec les jours et les langues de ses sessions
said-unused = colonnes qui ne sont pas lues : { $a }
said-slug = un identifiant a de 3 à 100 signes parmi a-z, 0-9 et -, et commence par une lettre ou un chiffre
said-slug-programme = un identifiant a de 3 à 100 signes parmi a-z, 0-9 et -, commence par une lettre ou un chiffre, et celui d’un programme n’est aucun de : { $a }
said-slug-twice = est déjà à la ligne { $a } ; chaque session a son propre identifiant
said-slug-empty = est vide ; chaque session a un identifiant
said-held-more = { $a } réserve { $b } places sur { $c } : personne ne peut s’inscrire
said-lacks-column = une nouvelle session a besoin de « { $a } », et aucune colonne ne l’est ; les en-têtes sont { $b }
said-day-empty = est vide ; chaque session a un jour
said-no-day = n’a pas de jour ; écrire 2027-04-19
said-start-time = n’est pas une heure ; écrire 10:30 ou 10h30, ou laisser vide tant qu’elle n’est pas connue
said-midnight = est la fin du jour ; écrire 00:00 le jour suivant
said-other-day = est le { $a } alors que la session est le { $b } ; écrire l’heure seule
said-no-time = n’a pas d’heure ; écrire 10:30 ou 10h30
said-would-end = la session finirait ({ $a }) avant de commencer ({ $b })
said-closes-early = les inscriptions ferment ({ $a }) avant d’ouvrir ({ $b })
said-date = n’est pas une date ; écrire 2027-04-19 ou 19.04.2027
said-short-year = l’année a besoin de quatre chiffres, comme dans 19.04.2027
said-year = l’année { $a } ne peut pas être juste ; écrire 2027-04-19 ou 19.04.2027
said-month = le mois { $a } n’existe pas ; écrire 2027-04-19 ou 19.04.2027 (le jour d’abord)
said-day = ce jour n’existe pas : ce mois a { $a } jours ; écrire 2027-04-19 ou 19.04.2027
said-skipped = cette heure n’existe pas le { $a } ({ $b }) : l’heure d’été la saute ; en prendre une plus tôt ou plus tard
said-is-zip = c’est un fichier ZIP et pas un classeur ; l’enregistrer d’abord en .xlsx, .ods ou CSV (UTF-8)
said-is-xls = c’est un ancien fichier Excel (.xls), ou protégé par un mot de passe ; l’enregistrer d’abord en .xlsx, .ods ou CSV (UTF-8)
said-is-other = ce fichier ({ $a }) n’est pas un tableau ; l’enregistrer d’abord en .xlsx, .ods ou CSV (UTF-8)
said-encoding = commence comme { $a } et n’en est pas ; l’enregistrer en UTF-8
said-mixed = ce signe n’est pas en UTF-8 alors que le reste du fichier l’est ; enregistrer le fichier en UTF-8
said-title-empty = est vide ; il faut de 1 à 300 signes
said-line-end = contient un retour à la ligne ; il faut une seule ligne
said-tab = contient une tabulation ; il faut une seule ligne
said-control = contient le caractère de contrôle { $a } ; il faut une ligne de texte
said-nul = contient le caractère de contrôle U+0000, qui n’est dans aucun texte ; l’enregistrer à nouveau avec le logiciel qui l’a écrit
said-control-long = contient le caractère de contrôle { $a } ; seuls des retours à la ligne et des tabulations sont permis
said-long = a { $a } signes ; au plus { $b } sont acceptés
said-address = n’est pas une adresse web ; écrire comme https://example.org/page
said-guessed = n’est pas en UTF-8 et a été lu comme { $a }
said-csv = n’est pas un CSV : { $a }
said-quote = un guillemet ouvert dans cette ligne n’est jamais fermé ; doubler un guillemet qui fait partie du texte
said-empty = est vide ; la première ligne doit contenir les en-têtes
said-ragged = cette ligne a { $a } cellules pour { $b } en-têtes ; un texte qui contient le séparateur a besoin de guillemets
said-rows = a plus de { $a } lignes ; au plus { $b } sont lues
said-columns = a plus de { $a } colonnes ; au plus { $b } sont lues
said-cells = a plus de { $a } cellules ; au plus { $b } sont lues
said-sheets = a plus de { $a } feuilles ; au plus { $b } sont lues
said-events = a plus de { $a } sessions ; au plus { $b } sont lues
said-outside = des sessions sont hors des jours du programme, du { $a } au { $b }, comme { $c } le { $d }
said-two-columns = est « { $a } » comme { $b } en colonne { $c } ; n’en garder qu’une
said-no-events = ne contient aucune session ; est-ce bien un programme au format frab ?
said-zone-fits = aucun fuseau connu n’est nommé ; les décalages de ses sessions correspondent à { $a }
said-zone-taken = aucun fuseau connu n’est nommé ; les heures sont comprises comme { $a }
said-no-conference = la conférence n’a pas de titre ; l’identifiant du programme est repris
said-duration = n’est pas une durée ; ce sont des heures et des minutes : 00:45
said-frab-day = n’a pas de jour ; écrire 2027-04-19
said-frab-time = n’est pas une heure ; écrire 10:30
said-json = n’est pas du JSON à cet endroit : { $a }
said-json-other = est du JSON et pas un programme : schedule.conference manque
said-pretalx-none = ne contient aucune proposition acceptée qui ait une heure : demander à pretalx /submissions/?expand=slots.room,speakers,track,submission_type
said-pretalx-other = est du JSON et pas une réponse de /submissions/ ou /slots/ de pretalx : ses résultats n’ont pas de code
said-deep = est trop imbriqué pour être un programme
said-xml = n’est pas du XML à cet endroit : { $a }
said-xml-end = finit trop tôt : <{ $a }> n’est jamais fermé ; le fichier est-il entier ?
said-xml-other = est du XML et pas un programme : la racine doit être <schedule>
said-no-workbook = n’est pas un classeur ; l’enregistrer en .xlsx, .ods ou CSV (UTF-8)
said-workbook-headings = est un classeur vide ; sa première ligne doit contenir les en-têtes
said-workbook-empty = est un classeur vide
said-workbook-broken = ne peut pas être lu comme un classeur ({ $a }) ; l’ouvrir et l’enregistrer à nouveau
said-workbook-text = contient plus de { $a } Mio de texte
said-workbook-large = contient plus de { $a } Mio une fois décompressé ; le partager, ou enregistrer la feuille en CSV (UTF-8)
said-workbook-password = est protégé par un mot de passe ; l’enregistrer sans
said-no-sheet = n’a pas cette feuille ; il a : { $a }
said-several-sheets = a plusieurs feuilles : { $a } ; { $b } est lue
said-hidden-rows = cache { $a } lignes, qui sont lues comme les autres
said-formula = est une erreur du tableur ; corriger la formule, ou écrire la valeur elle-même
