# Partners' proposals
office-nav-proposals = Proposals
mail-kind-proposal = Proposal
mail-proposal-subject = Your proposal
mail-proposal-intro = There is something new.
mail-proposal-act = See the proposal
mail-proposal-link = You get this message because it is about a proposal that you take part in.

proposal-mail-accept-subject = { $session }: your proposal is accepted
proposal-mail-accept-text =
    Good news: your proposal “{ $session }” is accepted. It goes into the programme { $programme } and will be public with its next release.

    If anything still has to change, say so on the page of the proposal.
proposal-mail-discuss-subject = { $session }: a question
proposal-mail-discuss-text =
    We have read your proposal “{ $session }” for { $programme } and would like to talk about it with you before we decide.

    You can answer, correct your text and send it again on its page.
proposal-mail-refuse-subject = { $session }: our answer
proposal-mail-refuse-text =
    Thank you for proposing “{ $session }” for { $programme }. We cannot take it.

    If you have questions, ask them on the page of the proposal.
proposal-news-team-subject =
    { $n ->
        [one] News of a proposal
       *[other] News of { $n } proposals
    }
proposal-news-team-text = Partners have written or changed something: { $session }
proposal-news-partner-subject =
    { $n ->
        [one] News of your proposal
       *[other] News of { $n } of your proposals
    }
proposal-news-partner-text = The programme’s team has written or changed something: { $session }

proposals-title = Proposals
proposals-title-own = Your proposals
proposals-lead = What partner organisations propose: new sessions, and changes to those in the programme.
proposals-lead-own = You propose sessions for: { $organisations }.
proposals-lead-nobody = You speak for no organisation of this programme yet. The programme’s team can change that.
proposals-back = Proposals
proposals-tabs = Which proposals
proposals-tab-waiting = To decide
proposals-tab-all = All
proposals-tab-draft = Drafts
proposals-tab-sent = New
proposals-tab-discuss = To discuss
proposals-tab-accepted = Accepted
proposals-tab-refused = Refused
proposals-tab-withdrawn = Withdrawn
proposals-none = Nothing is waiting here.
proposals-none-own = Nothing here for now.
proposal-col-title = Title
proposal-col-by = From
proposal-col-when = When
proposal-col-state = State
proposal-col-comments = Messages
proposal-col-changed = Last change
proposal-col-registrations = Registered
proposals-own-sessions = Your sessions in the programme
proposals-own-none = No session of your organisation is in the programme yet.
proposals-own-lead = A change waits for the team’s agreement before it goes into the programme.
proposals-own-waiting =
    { $n ->
        [one] One request is waiting
       *[other] { $n } requests are waiting
    }
proposals-own-unpublished = Not published yet
proposals-own-change = Propose a change
proposals-own-change-what = Propose a change to “{ $title }”
proposals-figures = Registrations
proposals-figures-registrations = Registrations
proposals-no-names = This programme shows partners how many people come, but not their names.

proposal-untitled = (no title)
proposal-title-address = (title with a web address)
proposal-by-erased = (person erased)
proposal-what-new = New session
proposal-what-change = Change to a session
proposal-state-draft = Draft
proposal-state-sent = Sent
proposal-state-discuss = To discuss
proposal-state-accepted = Accepted
proposal-state-refused = Refused
proposal-state-withdrawn = Withdrawn
proposal-state-unconfirmed = To be confirmed

proposal-new = Propose a session
proposal-for = For the organisation
proposal-lead-new = Say what you know already. A draft is seen by your organisation only; send it when it is ready.
proposal-lead-change = Change what has to change. The team will see the difference, field by field, and decide; until then the programme stays as it is.
proposal-lead-team = You correct a partner’s proposal, and they will see it. It stays in the same state.
proposal-button-send = Send the proposal
proposal-button-send-change = Send the change
proposal-button-send-again = Send the correction
proposal-button-save = Save
proposal-button-keep = Keep as a draft
proposal-too-many = Your organisation has many proposals in this programme already. Write to the team.
office-draft-part-seats = Seats
office-draft-part-people = Who speaks

proposal-done-same = Nothing has changed: there is nothing to propose.
proposal-done-saved = It is saved.
proposal-done-sent = It is with the programme’s team. You will get their answer by e-mail.
proposal-done-said = Your message is there. The other side will be told within ten minutes.
proposal-done-withdrawn = The proposal is withdrawn.
proposal-done-returned = The proposal is a draft again.
proposal-done-file = The file is there.
proposal-done-unfile = The file is erased.
proposal-done-decided = It is decided, and the message is on its way.
proposal-done-late = The proposal is not any more as you have seen it; nothing was done.
proposal-late-form = Meanwhile this proposal was decided, or taken back: it cannot be sent any more. Everything that you have typed is still here, so that you can copy it; you can write to the team on the page of the proposal.
proposal-crossed = Somebody else has just changed this proposal. Nothing was sent yet; everything that you have typed is here. Send it once more.

proposal-go-on = Go on and send
proposal-correct = Correct
proposal-return = Take up again
proposal-withdraw = Withdraw
proposal-session = The session in the draft
proposal-changed-at = changed { $when }
proposal-gone = The session that this would change is not in the programme any more.
proposal-decide = To decide
proposal-decide-lead = Each decision goes out with a message, which you read and change first.
proposal-act-accept = Accept
proposal-act-discuss = Discuss
proposal-act-refuse = Refuse
proposal-differences = What would change
proposal-differences-none = The programme says so already: no difference is left.
proposal-diff-field = Field
proposal-diff-was = In the programme
proposal-diff-is = Proposed
proposal-diff-crossed = Changed by somebody else since. Before: { $was }
proposal-says = What is proposed
proposal-says-nothing = Nothing yet.

proposal-files = Picture and documents
proposal-files-none = No file.
proposal-picture-alt = Picture of the proposal
proposal-file-add = Add a file
proposal-file-hint = A picture (JPEG, PNG or WebP) or a PDF document, 15 MB at most. A new picture takes the place of the old one; where and with what it was taken is erased from it. Files are for the team and your organisation: the public page of the session does not show them.
proposal-file-send = Send the file
proposal-file-remove = Erase
proposal-file-remove-what = Erase { $name }
proposal-file-size = { $n } KB
proposal-file-empty = Choose a file.
proposal-file-large = The file is too large: { $most } MB at most.
proposal-file-kind = This file is neither a JPEG, PNG or WebP picture nor a PDF document.
proposal-file-pixels = The picture has too many pixels. Send a smaller one.
proposal-file-broken = This file is damaged and cannot be read.
proposal-file-many = There are too many files already: { $n } at most, and { $most } MB together.

proposal-talk = What was said
proposal-talk-none = Nobody has written anything yet.
proposal-comment = Your message
proposal-comment-send = Write
proposal-comment-empty = Write a message.
proposal-comment-many = There are too many messages here already.
proposal-who-team = The programme’s team
proposal-who-partner = Who proposes

proposal-decide-accept = The session goes into the draft; the public will see it with the next release.
proposal-decide-discuss = The proposal waits for an answer from who proposes.
proposal-decide-refuse = The proposal does not go into the programme. You can still discuss it later.
proposal-decide-button-accept = Accept and send the message
proposal-decide-button-discuss = Send the question
proposal-decide-button-refuse = Refuse and send the message
proposal-decide-crossed = The proposal has been changed since you read it. Nothing was decided.
proposal-decide-look = Read it again
proposal-clashes-not-yet = Nothing has been accepted or sent yet.
proposal-clashes-way = You can accept it all the same.
proposal-decide-wrong = The draft cannot take it like this
proposal-take = What you take
proposal-take-hint = What you do not tick stays as it is in the programme.
proposal-mail = The message
proposal-mail-to =
    { $n ->
        [one] It goes to one person.
       *[other] It goes to { $n } people.
    }
proposal-mail-nobody = Nobody can get it: it stays on the page of the proposal.
proposal-mail-preview = See the message
proposal-mail-reads = The message, as it will be read
proposal-mail-recipient = To

partners-title = Partners
partners-lead = Who speaks for which organisation. A link is given to an organisation: who opens it says their name and address, and comes in by their mailbox.
partners-none = The programme has no organisation yet.
partners-organisation = Organisation
partners-people = People
partners-nobody = Nobody
partners-more =
    { $n ->
        [one] and one more
       *[other] and { $n } more
    }
partners-link = Invitation link
partners-link-of = Invitation link of { $name }
partners-until = until { $day }
partners-over = Its time is over
partners-no-link = None
partners-make = Make a link
partners-make-what = Make a link for { $name }
partners-renew = Change the link
partners-renew-what = Change the link of { $name }
partners-revoke = Revoke
partners-revoke-what = Revoke the link of { $name }
partners-invite-title = Invite by e-mail
partners-invite-lead = The person gets a message that opens the office to them, for this organisation only.
partners-organisation-unknown = Choose an organisation from the list.
partners-done-link = The link is ready. The one before opens nothing any more.
partners-done-revoked = The link opens nothing any more. Who came by it stays.
partners-done-invited = If this address can be invited, a message is on its way.

join-title = Join the office
join-lead = You join { $organisation } for { $programme }. Say who you are; you will confirm it from your mailbox, without a password.
join-submit = Send me my link
join-sent = A message is on its way.
join-sent-more = Open the link in it within a day, and confirm. Nothing comes? This address may be that of somebody of the team already: write to them.
join-answer-lead = You join { $organisation } for { $programme }, and enter the office, as
join-answer-submit = Join and enter

log-action-proposal-add = Proposal written
log-action-proposal-change = Proposal changed
log-action-proposal-comment = Message about a proposal
log-action-proposal-file = File added to a proposal
log-action-proposal-unfile = File of a proposal erased
log-action-proposal-decide = Proposal decided
log-action-partner-link = Invitation link made
log-action-partner-unlink = Invitation link revoked
log-action-partner-join = Somebody has joined an organisation
log-action-partner-end = Nobody speaks for an organisation any more: it was taken out

office-draft-part-partners = Partners
office-draft-settings-rules-partners-see-names = Partners see the names of those registered for their sessions
office-draft-settings-rules-partners-see-names-hint = Otherwise they see only how many come. In force with the next release; tell those who register.
office-draft-form-rules-partners-see-names = Tick the box, or not.

proposal-news-between = {"; "}
proposal-mail-received-subject = { $programme }: confirm your proposal
proposal-mail-received-text =
    Somebody, probably you, has proposed a session for { $programme }. Open the link below and confirm it by { $time } on { $day }: only then the programme’s team gets it.

    The link is yours alone. It opens your proposal, to follow it, correct it and answer. It was not you? Do nothing, or erase it there: after that time it is gone, and so is your address.
proposals-call-not-yet = The public call opens on { $when }.
proposals-call-until = The public call is open until { $when }.
proposals-call-open = The public call is open.
proposals-call-over = The public call is over since { $when }.
proposals-call-page = Its page
call-title = Call for proposals
call-opens = Opens on { $day }, { $time }
call-closes = Open until { $day }, { $time }
call-over = Over since { $day }, { $time }
call-who = Who proposes
call-email-hint = You will get a link there, by which you confirm and follow your proposal.
call-organisation = Organisation
call-consent = I agree that what I write here is read by the programme’s team, and published if my proposal is accepted.
call-consent-missing = Without your agreement we cannot take your proposal.
call-full = The call has got too many proposals. Write to the programme’s team.
call-often = Many proposals have just come from your network. Wait a few minutes and send yours again.
call-later = Many proposals are coming in just now. Wait a few minutes and send yours again.
call-full-domain = Many proposals from addresses of the same domain already wait for the programme’s team to decide. Wait until it has decided one of them, or write to it.
call-full-mailbox = This address has several proposals already that the programme’s team has not decided yet. Wait until it has decided one of them, or write to it.
call-sent = One step is left: confirm your proposal from your mailbox.
call-sent-more = We have sent a message to the address that you gave. Open its link within two days and confirm; only then the programme’s team gets your proposal.
call-erased = The proposal is erased, and the address with it.
call-another = Propose another session
call-mine = Keep this link to yourself: it can correct your proposal.
call-confirm-title = Confirm your proposal
call-confirm-lead = The programme’s team has not got it yet. Confirm it before { $when }; after that it is erased. It was not you? Then erase it.
call-confirm = Confirm and send to the team
call-erase = Erase it
office-draft-part-call = Public call for proposals
office-draft-settings-call-opens = Opens
office-draft-settings-call-opens-hint = 2027-01-15 09:00. Empty: no call. From then on anybody can propose a session, without an account, and sees the programme’s title and this text, also before the first release; of the themes, those that are published.
office-draft-settings-call-closes = Closes
office-draft-settings-call-closes-hint = 2027-02-28 18:00. Empty: until you change it.
office-draft-settings-call-text = What you are looking for
office-draft-settings-call-text-hint = Markdown.
office-draft-form-call-opens = Write day and time like this: 2027-01-15 09:00.
office-draft-form-call-closes = Write day and time like this: 2027-02-28 18:00.
office-draft-form-call-text = This text cannot be taken.
