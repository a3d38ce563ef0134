//! One proposal: what it says, what it would change, what was said about it, and what can be done.

use std::collections::HashMap;

use rocket::{form::Form as Posted, get, post};
use serde::Serialize;
use uuid::Uuid;

use super::{by, find, home, open, organisation_name, session_of, side, words};
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
        self, Act, COMMENT_CHARS_MAX, Changed, Proposal, State, Step, What, difference,
        files::{FILES_MAX, Kind},
        routes::talk::{self, Notice, Said},
        said, state,
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
    done: Option<Notice>,
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
    let done = Notice::of(lang, &words, query.value("done"));
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
    if let Some(wrong) = talk::wrong(&mut tx, lang, &proposal, &words).await? {
        // Nobody waits for the turn to write while a page is drawn.
        tx.rollback().await?;
        let mut form = FormState::default();
        form.set("comment", words);
        form.refuse("comment", wrong);
        let html = draw(&mut room.db().await?, &here, &proposal, None, form).await?;
        return Ok(Private(Sent::Mistakes(html)));
    }
    proposals::comment(&mut tx, room.house, &proposal, by(&here), words, room.now).await?;
    tx.commit().await?;
    Ok(Private(Sent::Done(format!("{}?done=said#talk", home(&here, proposal.id)))))
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
    let step = Step::of(&before, by(&here), Some(act));
    match proposals::change(&mut tx, room.house, &before, step, room.now).await? {
        Changed::Done(_) => tx.commit().await?,
        Changed::Late | Changed::Crossed => {
            return Ok(Private(Sent::Done(format!("{there}?done=late"))));
        }
    }
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
    done: Option<Notice>,
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
        Some(_) | None => talk::side(lang, proposal, line.side()),
    };
    Ok(lines.iter().map(|line| Said::of(lang, &here.draft, line, who(line))).collect())
}
