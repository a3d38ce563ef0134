//! One proposal: what it says, what it would change, what was said about it, and what can be done.

use std::collections::HashMap;

use rocket::{form::Form as Posted, get, post};
use serde::Serialize;
use uuid::Uuid;

use super::{find, home, kept, note, open, organisation_name, session_of, side, words};
use crate::{
    db::Conn,
    error::{Error, Result},
    identity,
    locale::{Lang, text},
    office::{
        Html, Right, Room,
        draft::{Here, view::Pill},
        guard::Signed,
        may,
    },
    programme::routes::site::Query,
    proposals::{
        Act, COMMENT_CHARS_MAX, LINES_MAX, Proposal, Side, State, What, difference,
        files::{FILES_MAX, Kind},
        notices, said, state,
        store::{self, files::Kept, lines::Line},
    },
    registration::message::{Lines, typed},
    web::{
        form::FormState,
        guards::SameOrigin,
        reply::{Private, Sent},
        typed::Typed,
    },
};

/// What `office/proposals/one.html` shows.
#[derive(Serialize)]
struct OnePage {
    home: String,
    list: String,
    state: Pill,
    what: String,
    by: String,
    /// Where who proposed through the public call can be answered.
    email: String,
    changed: String,
    done: Option<String>,
    /// What it says; for a change, what stays.
    lines: Vec<words::Line>,
    /// What a change would change.
    differences: Vec<DifferenceLine>,
    is_change: bool,
    /// The session in the draft, for who may change it.
    session: Option<String>,
    /// True where the session that it changes is not there any more.
    gone: bool,
    pictures: Vec<FileLine>,
    material: Vec<FileLine>,
    /// True where files can be added and taken away.
    files_open: bool,
    may_edit: bool,
    may_send: bool,
    may_withdraw: bool,
    may_return: bool,
    decisions: Vec<Decision>,
    talk: Vec<Said>,
    may_comment: bool,
    comment: FormState,
    comment_max: usize,
}

/// A field of a change.
#[derive(Debug, Serialize)]
pub struct DifferenceLine {
    pub field: &'static str,
    pub label: String,
    pub was: String,
    pub is: String,
    pub now: String,
    pub crossed: bool,
    /// True where it is to be taken, until somebody says otherwise.
    pub taken: bool,
}

/// A file of it.
#[derive(Debug, Serialize)]
pub struct FileLine {
    href: String,
    name: String,
    size: String,
    removal: String,
}

/// What the team can do with it.
#[derive(Debug, Serialize)]
struct Decision {
    href: String,
    text: String,
    class: &'static str,
}

/// A line of what was said.
#[derive(Debug, Serialize)]
struct Said {
    who: String,
    team: bool,
    when: String,
    state: Option<Pill>,
    said: String,
}

#[get("/<lang>/office/<slug>/proposals/<id>", rank = 7)]
pub async fn show(
    signed: Signed,
    lang: Lang,
    slug: &str,
    id: &str,
    query: Query,
    room: Room<'_>,
) -> Result<Private<Html>> {
    let here = open(&room, &signed, Right::Propose, lang, slug).await?;
    let mut db = room.db().await?;
    let proposal = find(&mut db, &here, id).await?;
    let words = ["saved", "sent", "said", "withdrawn", "returned", "file", "unfile", "decided", "late"];
    let done = words.into_iter().find(|known| *known == query.value("done"));
    let done = done.map(|word| text(lang, &format!("proposal-done-{word}"), &[]));
    draw(&mut db, &here, &proposal, done, FormState::default()).await.map(Private)
}

#[post("/<lang>/office/<slug>/proposals/<id>/comments", data = "<sent>", rank = 7)]
pub async fn comment(
    _same: SameOrigin,
    signed: Signed,
    lang: Lang,
    slug: &str,
    id: &str,
    sent: Posted<Typed>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let here = open(&room, &signed, Right::Propose, lang, slug).await?;
    let mut tx = room.house.pool.begin().await?;
    let proposal = held(&mut tx, &here, id).await?;
    let me = side(here.staff);
    if !proposal.state.may_comment(me) {
        return Err(Error::NotFound);
    }
    let words = typed(sent.first("comment"), Lines::Many);
    let mut form = FormState::default();
    form.set("comment", words.clone());
    if let Some(wrong) = wrong(&mut tx, lang, &proposal, &words).await? {
        form.refuse("comment", wrong);
        let html = draw(&mut tx, &here, &proposal, None, form).await?;
        return Ok(Private(Sent::Mistakes(html)));
    }
    let line = Line::comment(room.house.tokens.id(room.now), me, Some(here.staff.id), words, room.now);
    store::lines::add(&mut tx, proposal.id, &line).await?;
    notices::note(&mut tx, proposal.id, me.other(), room.now).await?;
    note(&mut tx, &here, proposal.id, "proposal.comment", (None, None)).await?;
    tx.commit().await?;
    Ok(Private(Sent::Done(format!("{}?done=said#talk", home(&here, proposal.id)))))
}

/// Why something cannot be said.
pub async fn wrong(db: &mut Conn, lang: Lang, proposal: &Proposal, words: &str) -> Result<Option<String>> {
    if words.is_empty() {
        return Ok(Some(text(lang, "proposal-comment-empty", &[])));
    }
    if words.chars().count() > COMMENT_CHARS_MAX {
        return Ok(Some(text(lang, "register-long", &[("most", COMMENT_CHARS_MAX.into())])));
    }
    let is_full = store::lines::count(db, proposal.id).await? >= LINES_MAX;
    Ok(is_full.then(|| text(lang, "proposal-comment-many", &[])))
}

/// The proposal, which nobody else changes until the transaction ends.
async fn held(db: &mut Conn, here: &Here<'_>, id: &str) -> Result<Proposal> {
    store::hold(db, Uuid::try_parse(id).map_err(|_| Error::NotFound)?).await?;
    find(db, here, id).await
}

#[post("/<lang>/office/<slug>/proposals/<id>/withdrawal", rank = 7)]
pub async fn withdraw(
    _same: SameOrigin,
    signed: Signed,
    lang: Lang,
    slug: &str,
    id: &str,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    act(&signed, &room, lang, (slug, id), Act::Withdraw).await
}

#[post("/<lang>/office/<slug>/proposals/<id>/return", rank = 7)]
pub async fn take_up(
    _same: SameOrigin,
    signed: Signed,
    lang: Lang,
    slug: &str,
    id: &str,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    act(&signed, &room, lang, (slug, id), Act::Return).await
}

/// What a partner does without a word.
async fn act(
    signed: &Signed,
    room: &Room<'_>,
    lang: Lang,
    (slug, id): (&str, &str),
    act: Act,
) -> Result<Private<Sent>> {
    let here = open(room, signed, Right::Propose, lang, slug).await?;
    let mut tx = room.house.pool.begin().await?;
    let before = held(&mut tx, &here, id).await?;
    let there = home(&here, before.id);
    let Some(next) = state::after(before.state, side(here.staff), act) else {
        return Ok(Private(Sent::Done(format!("{there}?done=late"))));
    };
    let after = Proposal { state: next, changed_at: room.now, ..before.clone() };
    store::change(&mut tx, &after, before.revision).await?;
    kept::became(&mut tx, &here, after.id, next, String::new()).await?;
    if before.is_seen_by(Side::Team) && act == Act::Withdraw {
        notices::note(&mut tx, after.id, Side::Team, room.now).await?;
    }
    note(&mut tx, &here, after.id, "proposal.change", (Some(before.state), Some(next))).await?;
    tx.commit().await?;
    let word = if act == Act::Return { "returned" } else { "withdrawn" };
    Ok(Private(Sent::Done(format!("{there}?done={word}"))))
}

/// What the proposal would change of the session as the draft has it now.
pub fn differences(here: &Here<'_>, proposal: &Proposal) -> Vec<DifferenceLine> {
    let lang = here.lang();
    let (Some(base), Some(session)) = (&proposal.base, session_of(here, proposal)) else { return Vec::new() };
    let now = said::of_session(session);
    let value = |field: &str, cell: &str| words::value(lang, &here.draft, field, cell);
    difference::of(base, &proposal.content, &now)
        .into_iter()
        .map(|one| DifferenceLine {
            field: one.field,
            label: words::label(lang, one.field),
            was: value(one.field, &one.was),
            is: value(one.field, &one.is),
            now: value(one.field, &one.now),
            crossed: one.crossed,
            taken: !one.crossed,
        })
        .collect()
}

/// The page; with the comment as it was sent, where something was wrong with it.
pub async fn draw(
    db: &mut Conn,
    here: &Here<'_>,
    proposal: &Proposal,
    done: Option<String>,
    comment: FormState,
) -> Result<Html> {
    let lang = here.lang();
    let me = side(here.staff);
    let there = home(here, proposal.id);
    let files = store::files::of(db, proposal.id).await?;
    let talk = talk(db, here, proposal).await?;
    let is_open_change = proposal.what == What::Change && proposal.state.is_open();
    let session = session_of(here, proposal);
    let may_edit = proposal.state.may_edit(me);
    let (by, email) = match (&proposal.organisation, &proposal.proposer) {
        (Some(slug), _) => (organisation_name(here, slug), String::new()),
        (None, Some(proposer)) => (
            [proposer.name.as_str(), proposer.organisation.as_str()]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(", "),
            proposer.email.clone(),
        ),
        (None, None) => (text(lang, "proposal-by-erased", &[]), String::new()),
    };
    let (pictures, material): (Vec<_>, Vec<_>) = files.iter().partition(|file| file.kind() == Kind::Picture);
    let can = |act: Act| state::after(proposal.state, me, act).is_some();
    let body = OnePage {
        list: here.href("/proposals"),
        state: words::pill(lang, proposal.state),
        what: text(lang, &format!("proposal-what-{}", proposal.what.code()), &[]),
        by,
        email,
        changed: words::moment(lang, &here.draft, proposal.changed_at),
        done,
        lines: words::lines(lang, &here.draft, &proposal.content),
        differences: if is_open_change { differences(here, proposal) } else { Vec::new() },
        is_change: is_open_change,
        session: session
            .filter(|_| may(here.staff.role, Right::EditDraft))
            .map(|one| here.href(&format!("/sessions/{}", one.session.slug))),
        gone: is_open_change && session.is_none(),
        pictures: pictures.iter().map(|file| file_line(&there, lang, file)).collect(),
        material: material.iter().map(|file| file_line(&there, lang, file)).collect(),
        files_open: may_edit && files.len() < FILES_MAX,
        may_edit,
        may_send: can(Act::Send) && proposal.state == State::Draft,
        may_withdraw: can(Act::Withdraw),
        may_return: can(Act::Return),
        decisions: Act::DECISIONS
            .into_iter()
            .filter(|act| can(*act) && may(here.staff.role, Right::Review))
            .map(|act| Decision {
                href: format!("{there}/decision/{}", act.code()),
                text: text(lang, &format!("proposal-act-{}", act.code()), &[]),
                class: if act == Act::Accept { "button" } else { "button plain" },
            })
            .collect(),
        talk,
        may_comment: proposal.state.may_comment(me),
        comment,
        comment_max: COMMENT_CHARS_MAX,
        home: there,
    };
    let layout = here.frame(&format!("/proposals/{}", proposal.id), words::title(lang, proposal.title()));
    let layout = layout.zone(here.draft.programme.timezone);
    here.room.draw(layout, body, "office/proposals/one.html")
}

/// A file, as a list of the page at `home` names it.
pub fn file_line(home: &str, lang: Lang, file: &Kept) -> FileLine {
    let kilobytes = (file.size / 1024).max(1);
    FileLine {
        href: format!("{home}/files/{}", file.id),
        name: file.name.clone(),
        size: text(lang, "proposal-file-size", &[("n", kilobytes.into())]),
        removal: format!("{home}/files/{}/removal", file.id),
    }
}

async fn talk(db: &mut Conn, here: &Here<'_>, proposal: &Proposal) -> Result<Vec<Said>> {
    let lang = here.lang();
    let lines = store::lines::of(db, proposal.id).await?;
    let names: HashMap<Uuid, String> = identity::store::names(db)
        .await?
        .into_iter()
        .map(|(id, name, email)| (id, if name.is_empty() { email } else { name }))
        .collect();
    let me = side(here.staff);
    let who = |line: &Line| match line.author.and_then(|id| names.get(&id)) {
        // To who proposes, the team is one: who of it says something is not theirs to know by address.
        Some(name) if line.side() == me || !name.contains('@') => name.clone(),
        Some(_) | None => match (line.side(), &proposal.proposer) {
            (Side::Team, _) => text(lang, "proposal-who-team", &[]),
            (Side::Partner, Some(proposer)) => proposer.name.clone(),
            (Side::Partner, None) => text(lang, "proposal-who-partner", &[]),
        },
    };
    Ok(lines
        .iter()
        .map(|line| Said {
            who: who(line),
            team: line.side() == Side::Team,
            when: words::moment(lang, &here.draft, line.at),
            state: line.state().map(|state| words::pill(lang, state)),
            said: line.said.clone(),
        })
        .collect())
}
