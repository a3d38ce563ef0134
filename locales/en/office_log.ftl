# The log: what was done, by area and verb. Each area writes those of its own actions in its own file.
log-action-draft-import = Programme imported into the draft
log-action-mail-retry = Mails put back for sending
log-action-registration-add = Registration taken
log-action-registration-cancel = Registration cancelled
log-action-registration-resend = Confirmation mail sent again
log-action-release-publish = Programme published
log-action-release-settings = Immediate settings put into force
log-action-session-live = Immediate settings of a session changed
