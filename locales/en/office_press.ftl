# Releases to the press, in the office.

office-nav-press = Press

office-draft-press = Press releases
office-draft-new-press = New press release
office-draft-none-press = There is no press release yet.
office-draft-back-press = Press releases
office-draft-col-press = Date and language
office-draft-part-press = The press release
office-draft-press-state-new = not published yet
office-draft-press-state-differs = changed since it was published
office-draft-press-state-same = published
office-draft-press-write = write this version
office-draft-press-removal-lead = If the press release is published, it leaves the press room with the next release of the programme. A deletion cannot be taken back.
office-draft-press-title = Title
office-draft-press-date = Date
office-draft-press-date-hint = The day that the press release bears. Press releases of the same day in several languages count as one.
office-draft-press-place = Place
office-draft-press-place-hint = Where it is dated from, such as Geneva.
office-draft-press-language = Language
office-draft-press-text = Text
office-draft-press-text-hint = Markdown: **bold**, *italic*, - list, [link](https://example.org).
office-draft-press-slug = Address
office-draft-press-slug-hint = Empty: made from the title. It never changes afterwards.
office-draft-form-text = This text cannot be taken.

log-action-press-add = Press release added
log-action-press-change = Press release changed
log-action-press-remove = Press release deleted
log-field-body = Text
log-field-language = Language
