# Messages à qui travaille dans le bureau
mail-office-secret = Ce lien ne sert qu’une fois. Ne le transmettez à personne : il ouvre le bureau à votre nom.
mail-invitation-subject = Invitation au bureau Parvis
mail-invitation-intro = Vous êtes invité·e à travailler dans le bureau de Parvis. Ouvrez ce lien dans les sept jours pour choisir votre nom et votre mot de passe :
mail-invitation-act = Accepter l’invitation
mail-invitation-after = Vous n’attendiez pas cette invitation ? Ne faites rien : sans vous, elle n’ouvre aucun compte.
mail-password-subject = Un nouveau mot de passe pour le bureau Parvis
mail-password-intro = Quelqu’un, sans doute vous, a demandé un nouveau mot de passe pour le bureau. Ouvrez ce lien dans les trente minutes pour le choisir :
mail-password-act = Choisir un mot de passe
mail-password-after = Ce n’était pas vous ? Ne faites rien : votre mot de passe reste le même.
mail-sign-in-subject = Votre lien pour entrer dans le bureau Parvis
mail-sign-in-intro = Quelqu’un, sans doute vous, a demandé un lien pour entrer dans le bureau. Ouvrez-le dans les trente minutes :
mail-sign-in-act = Entrer dans le bureau
mail-sign-in-after = Ce n’était pas vous ? Ne faites rien : le lien cessera de lui-même.
mail-joining-subject = Confirmez que vous rejoignez le bureau Parvis
mail-joining-intro = Quelqu’un, sans doute vous, veut rejoindre le bureau au nom d’une organisation partenaire. La page derrière ce lien dit laquelle ; confirmez-y votre demande dans les 24 heures :
mail-joining-act = Voir et confirmer
mail-joining-after = Ce n’était pas vous ? Ne faites rien : sans vous, il ne se passe rien.
