# La boîte aux lettres de la démonstration.
demo-mails-title = Les courriels de la démonstration
demo-mails-intro = Rien ne part d’ici : ce sont les messages que les personnes inscrites auraient reçus, les plus récents d’abord.
demo-mails-to = À { $recipient }
demo-mails-file = le message entier (.eml)
demo-mails-read = Lire le message
