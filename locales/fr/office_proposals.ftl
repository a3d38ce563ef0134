# Propositions des partenaires
office-nav-proposals = Propositions
mail-kind-proposal = Proposition
mail-proposal-subject = Votre proposition
mail-proposal-intro = Il y a du nouveau.
mail-proposal-act = Voir la proposition
mail-proposal-link = Ce message vous est écrit parce qu’il s’agit d’une proposition à laquelle vous prenez part.

proposal-mail-accept-subject = { $session } : votre proposition est acceptée
proposal-mail-accept-text =
    Bonne nouvelle : votre proposition « { $session } » est acceptée. Elle entre dans le programme { $programme } et sera visible à sa prochaine publication.

    Si quelque chose doit encore changer, dites-le sur la page de la proposition.
proposal-mail-discuss-subject = { $session } : une question
proposal-mail-discuss-text =
    Nous avons lu votre proposition « { $session } » pour { $programme } et aimerions en parler avec vous avant de décider.

    Vous pouvez répondre, corriger et renvoyer votre texte sur sa page.
proposal-mail-refuse-subject = { $session } : notre réponse
proposal-mail-refuse-text =
    Merci d’avoir proposé « { $session } » pour { $programme }. Nous ne pouvons pas la retenir.

    Si vous avez des questions, posez-les sur la page de la proposition.
proposal-news-team-subject =
    { $n ->
        [one] Du nouveau dans une proposition
       *[other] Du nouveau dans { $n } propositions
    }
proposal-news-team-text = Des partenaires ont écrit ou changé quelque chose : { $session }
proposal-news-partner-subject =
    { $n ->
        [one] Du nouveau dans votre proposition
       *[other] Du nouveau dans { $n } de vos propositions
    }
proposal-news-partner-text = L’équipe du programme a écrit ou changé quelque chose : { $session }

proposals-title = Propositions
proposals-title-own = Vos propositions
proposals-lead = Ce que les organisations partenaires proposent : de nouvelles sessions, et des changements de celles qui sont au programme.
proposals-lead-own = Vous proposez des sessions pour : { $organisations }.
proposals-lead-nobody = Aucune organisation de ce programme ne vous est attribuée. L’équipe du programme peut le faire.
proposals-back = Propositions
proposals-tabs = Quelles propositions
proposals-tab-waiting = À décider
proposals-tab-all = Toutes
proposals-tab-draft = Brouillons
proposals-tab-sent = Nouvelles
proposals-tab-discuss = À discuter
proposals-tab-accepted = Acceptées
proposals-tab-refused = Refusées
proposals-tab-withdrawn = Retirées
proposals-none = Rien n’attend ici.
proposals-none-own = Rien ici pour le moment.
proposal-col-title = Titre
proposal-col-by = De
proposal-col-when = Quand
proposal-col-state = État
proposal-col-comments = Messages
proposal-col-changed = Dernier changement
proposal-col-registrations = Inscrit·es
proposals-own-sessions = Vos sessions au programme
proposals-own-none = Aucune session de votre organisation n’est encore au programme.
proposals-own-lead = Un changement attend l’accord de l’équipe avant d’entrer dans le programme.
proposals-own-waiting =
    { $n ->
        [one] Une demande en attente
       *[other] { $n } demandes en attente
    }
proposals-own-unpublished = Pas encore publiée
proposals-own-change = Proposer un changement
proposals-own-change-what = Proposer un changement de « { $title } »
proposals-figures = Inscriptions
proposals-figures-registrations = Inscriptions
proposals-no-names = Ce programme montre aux partenaires combien de personnes viennent, mais pas leurs noms.

proposal-untitled = (sans titre)
proposal-title-address = (titre avec une adresse web)
proposal-by-erased = (personne effacée)
proposal-what-new = Nouvelle session
proposal-what-change = Changement d’une session
proposal-state-draft = Brouillon
proposal-state-sent = Envoyée
proposal-state-discuss = À discuter
proposal-state-accepted = Acceptée
proposal-state-refused = Refusée
proposal-state-withdrawn = Retirée
proposal-state-unconfirmed = À confirmer

proposal-new = Proposer une session
proposal-for = Pour l’organisation
proposal-lead-new = Dites ce que vous savez déjà. Un brouillon n’est vu que de votre organisation ; envoyez-le quand il est prêt.
proposal-lead-change = Changez ce qui doit changer. L’équipe verra la différence, champ par champ, et décidera ; d’ici là, le programme reste comme il est.
proposal-lead-team = Vous corrigez la proposition d’un partenaire, qui le verra. Elle reste dans le même état.
proposal-button-send = Envoyer la proposition
proposal-button-send-change = Envoyer le changement
proposal-button-send-again = Envoyer la correction
proposal-button-save = Enregistrer
proposal-button-keep = Garder comme brouillon
proposal-too-many = Votre organisation a déjà beaucoup de propositions dans ce programme. Écrivez à l’équipe.
office-draft-part-seats = Places
office-draft-part-people = Qui parle

proposal-done-same = Rien n’a changé : il n’y a rien à proposer.
proposal-done-saved = C’est enregistré.
proposal-done-sent = C’est envoyé à l’équipe du programme. Vous recevrez sa réponse par e-mail.
proposal-done-said = Votre message est là. L’autre côté en sera averti dans les dix minutes.
proposal-done-withdrawn = La proposition est retirée.
proposal-done-returned = La proposition est de nouveau un brouillon.
proposal-done-file = Le fichier est là.
proposal-done-unfile = Le fichier est effacé.
proposal-done-decided = C’est décidé, et le message est parti.
proposal-done-late = La proposition n’est plus dans l’état où vous l’avez vue ; rien n’a été fait.
proposal-late-form = Entre-temps, cette proposition a été décidée ou retirée : elle ne peut plus être envoyée. Tout ce que vous avez écrit est encore ici, pour que vous puissiez le copier ; vous pouvez écrire à l’équipe sur la page de la proposition.
proposal-crossed = Quelqu’un d’autre vient de changer cette proposition. Rien n’a encore été envoyé ; tout ce que vous avez écrit est ici. Envoyez-le encore une fois.

proposal-go-on = Continuer et envoyer
proposal-correct = Corriger
proposal-return = Reprendre
proposal-withdraw = Retirer
proposal-session = La session dans le brouillon
proposal-changed-at = changée le { $when }
proposal-gone = La session que ce changement concerne n’est plus dans le programme.
proposal-decide = À décider
proposal-decide-lead = Chaque décision part avec un message, que vous lisez et changez d’abord.
proposal-act-accept = Accepter
proposal-act-discuss = En discuter
proposal-act-refuse = Refuser
proposal-differences = Ce qui changerait
proposal-differences-none = Le programme le dit déjà : il ne reste aucune différence.
proposal-diff-field = Champ
proposal-diff-was = Au programme
proposal-diff-is = Proposé
proposal-diff-crossed = Changé par quelqu’un d’autre depuis. Avant : { $was }
proposal-says = Ce qui est proposé
proposal-says-nothing = Encore rien.

proposal-files = Image et documents
proposal-files-none = Aucun fichier.
proposal-picture-alt = Image de la proposition
proposal-file-add = Ajouter un fichier
proposal-file-hint = Une image (JPEG, PNG ou WebP) ou un document PDF, de 15 Mo au plus. Une nouvelle image remplace l’ancienne ; le lieu et l’appareil de la prise de vue en sont effacés. Les fichiers sont pour l’équipe et votre organisation : la page publique de la session ne les montre pas.
proposal-file-send = Envoyer le fichier
proposal-file-remove = Effacer
proposal-file-remove-what = Effacer { $name }
proposal-file-size = { $n } Ko
proposal-file-empty = Choisissez un fichier.
proposal-file-large = Le fichier est trop lourd : { $most } Mo au plus.
proposal-file-kind = Ce fichier n’est ni une image JPEG, PNG ou WebP, ni un document PDF.
proposal-file-pixels = L’image a trop de points. Envoyez-en une plus petite.
proposal-file-broken = Ce fichier est abîmé et ne peut pas être lu.
proposal-file-many = Il y a déjà trop de fichiers : { $n } au plus, et { $most } Mo ensemble.

proposal-talk = Échanges
proposal-talk-none = Personne n’a encore rien écrit.
proposal-comment = Votre message
proposal-comment-send = Écrire
proposal-comment-empty = Écrivez un message.
proposal-comment-many = Il y a déjà trop de messages ici.
proposal-who-team = L’équipe du programme
proposal-who-partner = Qui propose

proposal-decide-accept = La session entre dans le brouillon ; le public la verra à la prochaine publication.
proposal-decide-discuss = La proposition attend une réponse de qui propose.
proposal-decide-refuse = La proposition n’entre pas dans le programme. Vous pourrez encore en discuter plus tard.
proposal-decide-button-accept = Accepter et envoyer le message
proposal-decide-button-discuss = Envoyer la question
proposal-decide-button-refuse = Refuser et envoyer le message
proposal-decide-crossed = La proposition a été changée depuis que vous l’avez lue. Rien n’a été décidé.
proposal-decide-look = La relire
proposal-clashes-not-yet = Rien n’est encore accepté ni envoyé.
proposal-clashes-way = Vous pouvez accepter quand même.
proposal-decide-wrong = Le brouillon ne peut pas la prendre ainsi
proposal-take = Ce que vous prenez
proposal-take-hint = Ce que vous ne cochez pas reste comme au programme.
proposal-mail = Le message
proposal-mail-to =
    { $n ->
        [one] Il va à une personne.
       *[other] Il va à { $n } personnes.
    }
proposal-mail-nobody = Personne ne peut le recevoir : il reste sur la page de la proposition.
proposal-mail-preview = Voir le message
proposal-mail-reads = Le message, tel qu’il sera lu
proposal-mail-recipient = À

partners-title = Partenaires
partners-lead = Qui parle pour quelle organisation. Un lien se donne à une organisation : qui l’ouvre dit son nom et son adresse, et entre par sa messagerie.
partners-none = Le programme n’a pas encore d’organisation.
partners-organisation = Organisation
partners-people = Personnes
partners-nobody = Personne
partners-more =
    { $n ->
        [one] et une autre
       *[other] et { $n } autres
    }
partners-link = Lien d’invitation
partners-link-of = Lien d’invitation de { $name }
partners-until = jusqu’au { $day }
partners-over = Son temps est passé
partners-no-link = Aucun
partners-make = Créer un lien
partners-make-what = Créer un lien pour { $name }
partners-renew = Changer de lien
partners-renew-what = Changer de lien pour { $name }
partners-revoke = Révoquer
partners-revoke-what = Révoquer le lien de { $name }
partners-invite-title = Inviter par e-mail
partners-invite-lead = La personne reçoit un message qui lui ouvre le bureau, pour cette organisation seulement.
partners-organisation-unknown = Choisissez une organisation de la liste.
partners-done-link = Le lien est prêt. Celui d’avant n’ouvre plus rien.
partners-done-revoked = Le lien n’ouvre plus rien. Qui est déjà entré reste.
partners-done-invited = Si cette adresse peut être invitée, un message est en route.

join-title = Rejoindre le bureau
join-lead = Vous rejoignez { $organisation } pour { $programme }. Dites qui vous êtes ; vous le confirmerez depuis votre messagerie, sans mot de passe.
join-submit = Recevoir mon lien
join-sent = Un message est en route.
join-sent-more = Ouvrez le lien qu’il contient dans les 24 heures, et confirmez. Rien ne vient ? Cette adresse est peut-être déjà celle de quelqu’un de l’équipe : écrivez-lui.
join-answer-lead = Vous rejoignez { $organisation } pour { $programme }, et entrez dans le bureau, en tant que
join-answer-submit = Rejoindre et entrer

log-action-proposal-add = Proposition écrite
log-action-proposal-change = Proposition changée
log-action-proposal-comment = Message sur une proposition
log-action-proposal-file = Fichier ajouté à une proposition
log-action-proposal-unfile = Fichier d’une proposition effacé
log-action-proposal-decide = Proposition décidée
log-action-partner-link = Lien d’invitation créé
log-action-partner-unlink = Lien d’invitation révoqué
log-action-partner-join = Une personne a rejoint une organisation
log-action-partner-end = Plus personne ne parle pour une organisation : elle a été retirée

office-draft-part-partners = Partenaires
office-draft-settings-rules-partners-see-names = Les partenaires voient les noms des personnes inscrites à leurs sessions
office-draft-settings-rules-partners-see-names-hint = Sinon, ils voient seulement combien de personnes viennent. Vaut dès la prochaine publication ; dites-le aux personnes qui s’inscrivent.
office-draft-form-rules-partners-see-names = Cochez la case, ou non.

proposal-news-between = {" ; "}
proposal-mail-received-subject = { $programme } : confirmez votre proposition
proposal-mail-received-text =
    Quelqu’un, sans doute vous, a proposé une session pour { $programme }. Ouvrez le lien ci-dessous et confirmez-la au plus tard le { $day } à { $time } : alors seulement, l’équipe du programme la recevra.

    Ce lien est à vous seul·e. Il ouvre votre proposition, pour la suivre, la corriger et répondre. Ce n’était pas vous ? Ne faites rien, ou effacez-la depuis cette page : passé ce délai, elle n’existe plus, et votre adresse non plus.
proposals-call-not-yet = L’appel public ouvre le { $when }.
proposals-call-until = L’appel public est ouvert jusqu’au { $when }.
proposals-call-open = L’appel public est ouvert.
proposals-call-over = L’appel public est clos depuis le { $when }.
proposals-call-page = Sa page
call-title = Appel à propositions
call-opens = Ouvre { $day }, à { $time }
call-closes = Ouvert jusqu’à { $day }, { $time }
call-over = Clos depuis { $day }, { $time }
call-who = Qui propose
call-email-hint = Vous y recevrez un lien, par lequel vous confirmez et suivez votre proposition.
call-organisation = Organisation
call-consent = J’accepte que ce que j’écris ici soit lu par l’équipe du programme, et publié si ma proposition est acceptée.
call-consent-missing = Sans votre accord, nous ne pouvons pas prendre votre proposition.
call-full = L’appel a reçu trop de propositions. Écrivez à l’équipe du programme.
call-often = Beaucoup de propositions viennent d’arriver de votre réseau. Attendez quelques minutes et envoyez la vôtre à nouveau.
call-later = Beaucoup de propositions arrivent en ce moment. Attendez quelques minutes et envoyez la vôtre à nouveau.
call-full-domain = Beaucoup de propositions d’adresses du même domaine attendent déjà que l’équipe du programme se prononce. Attendez qu’elle l’ait fait pour l’une d’elles, ou écrivez-lui.
call-full-mailbox = Cette adresse a déjà plusieurs propositions sur lesquelles l’équipe du programme ne s’est pas encore prononcée. Attendez qu’elle l’ait fait pour l’une d’elles, ou écrivez-lui.
call-sent = Il reste une étape : confirmez votre proposition depuis votre messagerie.
call-sent-more = Nous avons envoyé un message à l’adresse que vous avez donnée. Ouvrez son lien dans les deux jours et confirmez ; alors seulement, l’équipe du programme recevra votre proposition.
call-erased = La proposition est effacée, et l’adresse avec elle.
call-another = Proposer une autre session
call-mine = Gardez ce lien pour vous : il permet de corriger votre proposition.
call-confirm-title = Confirmer votre proposition
call-confirm-lead = L’équipe du programme ne l’a pas encore. Confirmez-la avant le { $when } ; ensuite elle sera effacée. Ce n’était pas vous ? Alors effacez-la.
call-confirm = Confirmer et envoyer à l’équipe
call-erase = Effacer la proposition
office-draft-part-call = Appel public à propositions
office-draft-settings-call-opens = Ouverture
office-draft-settings-call-opens-hint = 2027-01-15 09:00. Vide : pas d’appel. Dès lors, chacun·e peut proposer une session, sans compte, et voit le titre du programme et ce texte, même avant la première publication, et, parmi les thèmes, seulement ceux qui sont publiés.
office-draft-settings-call-closes = Clôture
office-draft-settings-call-closes-hint = 2027-02-28 18:00. Vide : jusqu’à ce que vous le changiez.
office-draft-settings-call-text = Ce que vous cherchez
office-draft-settings-call-text-hint = Markdown.
office-draft-form-call-opens = Écrivez le jour et l’heure ainsi : 2027-01-15 09:00.
office-draft-form-call-closes = Écrivez le jour et l’heure ainsi : 2027-02-28 18:00.
office-draft-form-call-text = Ce texte ne peut pas être pris.
