# The demo's mailbox.
demo-mails-title = The demo’s mails
demo-mails-intro = Nothing leaves from here: these are the messages that registered people would have received, newest first.
demo-mails-to = To { $recipient }
demo-mails-file = the whole message (.eml)
demo-mails-read = Read the message
