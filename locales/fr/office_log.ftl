# The log: what was done, by area and verb. Each area writes those of its own actions in its own file.
log-action-draft-import = Programme importé dans le brouillon
log-action-mail-retry = Courriels remis à l’envoi
log-action-registration-add = Inscription prise
log-action-registration-cancel = Inscription annulée
log-action-registration-resend = Courriel de confirmation renvoyé
log-action-release-publish = Programme publié
log-action-release-settings = Réglages immédiats mis en vigueur
log-action-session-live = Réglages immédiats d’une session modifiés
