//! The form of a proposal: a new one, one that is there, a change of a session. It is the draft's own form with the
//! fields in which partners have a word, and is read by the same rules.

use rocket::{form::Form as Posted, get, post};
use serde::Serialize;
use uuid::Uuid;

use super::{
    by, find, home,
    kept::{host_of, keep, new},
    open, own_organisations, session_of, side, words,
};
use crate::{
    db::Conn,
    error::{Error, Result},
    locale::Lang,
    office::{
        Html, Right, Room,
        draft::{
            Here,
            fields::PROPOSAL,
            form::{FormView, OptionView},
        },
        guard::Signed,
    },
    programme::{
        cells::Cells,
        edit::{Mistake, meet::Seen},
    },
    proposals::{
        self, Act, Changed, Proposal, Side, State, Step, What,
        routes::form::{Look, Returned, Shown},
        said, store,
    },
    web::{
        guards::SameOrigin,
        reply::{Private, Sent},
        typed::Typed,
    },
};

/// What `office/proposals/form.html` shows.
#[derive(Serialize)]
struct ProposalForm {
    form: FormView,
    action: String,
    back: String,
    key: String,
    /// Whom one proposes for, where there is a choice.
    organisations: Vec<OptionView>,
    /// Whether it can still be kept without being sent.
    keeps: bool,
    /// What the button that sends it says: the end of a message key; nothing where it cannot be sent any more.
    sends: &'static str,
    lead: String,
    /// Why it cannot be taken at all.
    refused: String,
}

/// Which form it is.
enum Of<'o> {
    New,
    Known(&'o Proposal),
    Session(&'o str),
}

#[get("/<lang>/office/<slug>/proposals/new", rank = 6)]
pub async fn show_new(signed: Signed, lang: Lang, slug: &str, room: Room<'_>) -> Result<Private<Sent>> {
    let here = open(&room, &signed, Right::Propose, lang, slug).await?;
    if side(here.staff) == Side::Team {
        // Who has the draft writes into it.
        return Ok(Private(Sent::Done(here.href("/new/session"))));
    }
    let mut cells = Cells::new();
    cells.insert("language", here.draft.programme.languages.first().cloned().unwrap_or_default());
    let typed = PROPOSAL.fill(&said::only(cells));
    draw(&here, &Of::New, &Shown::first(&typed, Seen::default())).map(Sent::Page).map(Private)
}

#[post("/<lang>/office/<slug>/proposals", data = "<sent>", rank = 6)]
pub async fn send_new(
    _same: SameOrigin,
    signed: Signed,
    lang: Lang,
    slug: &str,
    sent: Posted<Typed>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let here = open(&room, &signed, Right::Propose, lang, slug).await?;
    if side(here.staff) == Side::Team {
        return Ok(Private(Sent::Done(here.href("/new/session"))));
    }
    let own = own_organisations(&here);
    let chosen = own.iter().find(|(slug, _)| *slug == sent.first("organisation")).or(own.first());
    // Nobody proposes for nobody.
    let Some((organisation, _)) = chosen else { return Err(Error::NotFound) };
    let state = if sent.first("act") == "draft" { State::Draft } else { State::Sent };
    let check = |content: &Cells| {
        if state == State::Draft {
            return Ok(());
        }
        said::add(&here.draft, content, Some(organisation), Uuid::nil()).map(|_| ())
    };
    let nothing = Cells::new();
    let form = Returned::of(&PROPOSAL, &sent, said::only(PROPOSAL.read(&sent)), &nothing);
    let content = match form.looked_at(check, |shown| draw(&here, &Of::New, shown))? {
        Look::Good(content) => content,
        Look::Answer(answer) => return Ok(Private(answer)),
    };
    let new = new(&here, (What::New, None), organisation, state, content, None);
    match keep(&here, &new, &sent).await? {
        Some(id) => Ok(done(&here, id, state)),
        None => too_many(&here, &Of::New, &sent),
    }
}

#[get("/<lang>/office/<slug>/proposals/<id>/edit", rank = 7)]
pub async fn show(signed: Signed, lang: Lang, slug: &str, id: &str, room: Room<'_>) -> Result<Private<Html>> {
    let here = open(&room, &signed, Right::Propose, lang, slug).await?;
    let proposal = editable(&mut room.db().await?, &here, id).await?;
    let typed = PROPOSAL.fill(&proposal.content);
    let shown = Shown::first(&typed, Seen::of(&proposal.content));
    draw(&here, &Of::Known(&proposal), &shown).map(Private)
}

async fn editable(db: &mut Conn, here: &Here<'_>, id: &str) -> Result<Proposal> {
    let proposal = find(db, here, id).await?;
    if proposal.state.may_edit(side(here.staff)) { Ok(proposal) } else { Err(Error::NotFound) }
}

#[post("/<lang>/office/<slug>/proposals/<id>", data = "<sent>", rank = 7)]
pub async fn send(
    _same: SameOrigin,
    signed: Signed,
    lang: Lang,
    slug: &str,
    id: &str,
    sent: Posted<Typed>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let here = open(&room, &signed, Right::Propose, lang, slug).await?;
    // Nobody waits for the turn to write while pages are drawn.
    let before = find(&mut room.db().await?, &here, id).await?;
    let content = match looked_at(&here, &before, &sent)? {
        Look::Good(content) => content,
        Look::Answer(answer) => return Ok(Private(answer)),
    };
    let me = side(here.staff);
    let sends = before.state != State::Draft || sent.first("act") != "draft";
    // The team corrects, and leaves it where it stands.
    let act = (me == Side::Partner && sends).then_some(Act::Send);
    if content == before.content && (act.is_none() || before.state == State::Sent) {
        return Ok(done(&here, before.id, State::Draft));
    }
    let mut tx = room.house.pool.begin().await?;
    let step = Step { content, ..Step::of(&before, by(&here), act) };
    match proposals::change(&mut tx, room.house, &before, step, room.now).await? {
        Changed::Done(next) => {
            tx.commit().await?;
            Ok(done(&here, before.id, next))
        }
        Changed::Late | Changed::Crossed => {
            tx.rollback().await?;
            // Somebody was faster by a moment: it is looked at again as it is now, once.
            let now = find(&mut room.db().await?, &here, id).await?;
            let shown = match looked_at(&here, &now, &sent)? {
                Look::Answer(answer) => return Ok(Private(answer)),
                Look::Good(_) => Shown::first(&sent, Seen::of(&now.content)),
            };
            let shown = Shown { refused: Some("proposal-crossed"), ..shown };
            let html = draw(&here, &Of::Known(&now), &shown)?;
            Ok(Private(Sent::Crossed(html)))
        }
    }
}

/// Looks at the form of a proposal that was sent, beside the proposal as it is now.
fn looked_at(here: &Here<'_>, before: &Proposal, sent: &Typed) -> Result<Look> {
    let form = Returned::of(&PROPOSAL, sent, said::only(PROPOSAL.read(sent)), &before.content);
    let again = |shown: &Shown<'_>| draw(here, &Of::Known(before), shown);
    if !before.state.may_edit(side(here.staff)) {
        return form.late(again);
    }
    let sends = before.state != State::Draft || sent.first("act") != "draft";
    form.looked_at(|content| if sends { checked(here, before, content) } else { Ok(()) }, again)
}

/// What the programme's own rules say of it.
fn checked(here: &Here<'_>, before: &Proposal, content: &Cells) -> std::result::Result<(), Vec<Mistake>> {
    match (before.what, session_of(here, before)) {
        (What::Change, Some(session)) => {
            said::change(&here.draft, &session.session.slug, content).map(|_| ())
        }
        // The session is gone; the team will see it.
        (What::Change, None) => Ok(()),
        (What::New, _) => {
            said::add(&here.draft, content, before.organisation.as_deref(), Uuid::nil()).map(|_| ())
        }
    }
}

#[get("/<lang>/office/<slug>/proposals/sessions/<session>/change", rank = 6)]
pub async fn show_change(
    signed: Signed,
    lang: Lang,
    slug: &str,
    session: &str,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let here = open(&room, &signed, Right::Propose, lang, slug).await?;
    let known = here.session(session)?;
    if side(here.staff) == Side::Team {
        return Ok(Private(Sent::Done(here.href(&format!("/sessions/{session}")))));
    }
    let Some(organisation) = host_of(&here, known) else { return Err(Error::NotFound) };
    let mut db = room.db().await?;
    let open = store::open_change(&mut db, here.known.id, known.session.id, &organisation).await?;
    if let Some(open) = open {
        return Ok(Private(Sent::Done(format!("{}/edit", home(&here, open)))));
    }
    let base = said::of_session(known);
    let typed = PROPOSAL.fill(&base);
    let shown = Shown::first(&typed, Seen::of(&base));
    draw(&here, &Of::Session(session), &shown).map(Sent::Page).map(Private)
}

#[post("/<lang>/office/<slug>/proposals/sessions/<session>", data = "<sent>", rank = 6)]
pub async fn send_change(
    _same: SameOrigin,
    signed: Signed,
    lang: Lang,
    slug: &str,
    session: &str,
    sent: Posted<Typed>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let here = open(&room, &signed, Right::Propose, lang, slug).await?;
    let known = here.session(session)?;
    let Some(organisation) = host_of(&here, known).filter(|_| side(here.staff) == Side::Partner) else {
        return Err(Error::NotFound);
    };
    let of = Of::Session(session);
    let base = said::of_session(known);
    let state = if sent.first("act") == "draft" { State::Draft } else { State::Sent };
    let check = |content: &Cells| {
        if state == State::Draft || *content == base {
            return Ok(());
        }
        said::change(&here.draft, session, content).map(|_| ())
    };
    let form = Returned::of(&PROPOSAL, &sent, said::only(PROPOSAL.read(&sent)), &base);
    let content = match form.looked_at(check, |shown| draw(&here, &of, shown))? {
        Look::Good(content) => content,
        Look::Answer(answer) => return Ok(Private(answer)),
    };
    if content == base {
        return Ok(Private(Sent::Done(here.href("/proposals?done=same"))));
    }
    let id = known.session.id;
    let new = new(&here, (What::Change, Some(id)), &organisation, state, content, Some(base));
    match keep(&here, &new, &sent).await? {
        Some(id) => Ok(done(&here, id, state)),
        None => too_many(&here, &of, &sent),
    }
}

fn done(here: &Here<'_>, id: Uuid, state: State) -> Private<Sent> {
    let word = if state == State::Draft { "saved" } else { "sent" };
    let word = if side(here.staff) == Side::Team { "saved" } else { word };
    Private(Sent::Done(format!("{}?done={word}", home(here, id))))
}

/// The organisation has as many as it may have.
fn too_many(here: &Here<'_>, of: &Of<'_>, sent: &Typed) -> Result<Private<Sent>> {
    let shown = Shown::first(sent, Seen::parse(sent.first("seen")));
    let shown = Shown { refused: Some("proposal-too-many"), ..shown };
    draw(here, of, &shown).map(Sent::Mistakes).map(Private)
}

fn draw(here: &Here<'_>, of: &Of<'_>, shown: &Shown<'_>) -> Result<Html> {
    let lang = here.lang();
    let team = side(here.staff) == Side::Team;
    let own = own_organisations(here);
    let (path, action, back, title, keeps, sends, lead) = match of {
        Of::New => {
            let title = here.say("proposal-new");
            (
                "/proposals/new".to_owned(),
                "/proposals".to_owned(),
                "/proposals".to_owned(),
                title,
                true,
                "send",
                "new",
            )
        }
        Of::Session(session) => {
            let known = here.session(session)?.session.title.clone();
            let way = format!("/proposals/sessions/{session}");
            (format!("{way}/change"), way, "/proposals".to_owned(), known, true, "send-change", "change")
        }
        Of::Known(one) => {
            let way = format!("/proposals/{}", one.id);
            let title = words::title(lang, one.title());
            let sends = match one.state {
                // What was typed is there to be kept elsewhere.
                State::Accepted | State::Refused | State::Withdrawn => "",
                State::Draft => "send",
                State::Sent | State::ToDiscuss if team => "save",
                State::Sent | State::ToDiscuss => "send-again",
            };
            let keeps = one.state == State::Draft;
            let lead = match one.what {
                _ if team => "team",
                What::New => "new",
                What::Change => "change",
            };
            (format!("{way}/edit"), way.clone(), way, title, keeps, sends, lead)
        }
    };
    let body = ProposalForm {
        form: PROPOSAL.view(&shown.draw(lang, &here.draft)),
        action: here.href(&action),
        back: here.href(&back),
        key: match shown.typed.first("key") {
            "" => here.room.house.tokens.fresh(),
            key => key.to_owned(),
        },
        organisations: match of {
            Of::New if own.len() > 1 => words::organisations(&own, shown.typed.first("organisation")),
            _ => Vec::new(),
        },
        keeps,
        sends,
        lead: here.say(&format!("proposal-lead-{lead}")),
        refused: shown.refused.map_or_else(String::new, |key| here.say(key)),
    };
    let layout = here.frame(&path, title);
    here.room.draw(layout, body, "office/proposals/form.html")
}
