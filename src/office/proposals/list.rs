//! What is proposed: to the team, what waits for it first; to a partner, their own, and their sessions.

use std::collections::HashMap;

use rocket::get;
use serde::Serialize;
use uuid::Uuid;

use super::{facts, is_seen, open, organisation_name, own_organisations, side, words};
use crate::{
    error::Result,
    locale::{Lang, text},
    office::{
        Html, Right, Room,
        draft::{Here, view::Pill},
        guard::Signed,
    },
    programme::{CallState, routes::site::Query},
    proposals::{Proposal, Side, State, store},
    web::reply::Private,
};

/// What `office/proposals/list.html` shows.
#[derive(Serialize)]
struct ListPage {
    /// True for who decides.
    team: bool,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    /// Where one proposes; `None` for the team, which has the draft.
    new: Option<String>,
    /// Who speaks for which organisation; `None` for partners.
    partners: Option<String>,
    /// A partner's own sessions.
    sessions: Vec<facts::Line>,
    /// The public call, in words, and its address; for the team, where there is one.
    call: String,
    call_href: String,
    /// For whom a partner speaks, in words.
    organisations: String,
    done: Option<String>,
}

#[derive(Serialize)]
struct Tab {
    href: String,
    text: String,
    count: usize,
    current: bool,
}

#[derive(Serialize)]
struct Row {
    href: String,
    title: String,
    /// A change of a session, in words; empty for a new one.
    what: String,
    organisation: String,
    when: String,
    state: Pill,
    comments: i64,
    changed: String,
}

#[get("/<lang>/office/<slug>/proposals", rank = 6)]
pub async fn show(
    signed: Signed,
    lang: Lang,
    slug: &str,
    query: Query,
    room: Room<'_>,
) -> Result<Private<Html>> {
    let here = open(&room, &signed, Right::Propose, lang, slug).await?;
    let mut db = room.db().await?;
    let mut all = store::list(&mut db, here.known.id).await?;
    all.retain(|proposal| is_seen(&here, proposal));
    let comments: HashMap<Uuid, i64> =
        store::lines::counts(&mut db, here.known.id).await?.into_iter().collect();
    let team = side(here.staff) == Side::Team;
    let asked = State::parse(query.value("state"));
    let tabs = tabs(&here, &all, asked);
    let is_shown = |proposal: &&Proposal| match asked {
        Some(state) => proposal.state == state,
        None => !team || matches!(proposal.state, State::Sent | State::ToDiscuss),
    };
    let own = own_organisations(&here);
    let body = ListPage {
        rows: all.iter().filter(is_shown).map(|one| row(&here, one, &comments)).collect(),
        tabs,
        new: (!team && !own.is_empty()).then(|| here.href("/proposals/new")),
        partners: team.then(|| here.href("/proposals/partners")),
        sessions: if team { Vec::new() } else { facts::own(&here) },
        organisations: if team {
            String::new()
        } else {
            own.iter().map(|(_, name)| *name).collect::<Vec<_>>().join(", ")
        },
        call: if team { call(&here) } else { String::new() },
        call_href: format!("/{}/{}/call", lang.code(), here.known.slug),
        done: (query.value("done") == "same").then(|| here.say("proposal-done-same")),
        team,
    };
    let title = if team { "proposals-title" } else { "proposals-title-own" };
    let layout = here.frame("/proposals", here.say(title));
    room.draw(layout, body, "office/proposals/list.html").map(Private)
}

/// How the public call stands; nothing where there is none.
fn call(here: &Here<'_>) -> String {
    let programme = &here.draft.programme;
    let say = |key: &str, at: chrono::DateTime<chrono::Utc>| {
        text(here.lang(), key, &[("when", words::moment(here.lang(), &here.draft, at).into())])
    };
    match programme.call.state(programme.timezone, here.room.now) {
        CallState::None => String::new(),
        CallState::NotYet(at) => say("proposals-call-not-yet", at),
        CallState::Open(Some(at)) => say("proposals-call-until", at),
        CallState::Open(None) => here.say("proposals-call-open"),
        CallState::Over(at) => say("proposals-call-over", at),
    }
}

fn tabs(here: &Here<'_>, all: &[Proposal], asked: Option<State>) -> Vec<Tab> {
    let team = side(here.staff) == Side::Team;
    let waits = |proposal: &&Proposal| matches!(proposal.state, State::Sent | State::ToDiscuss);
    let first = Tab {
        href: here.href("/proposals"),
        text: here.say(if team { "proposals-tab-waiting" } else { "proposals-tab-all" }),
        count: if team { all.iter().filter(waits).count() } else { all.len() },
        current: asked.is_none(),
    };
    let of = |state: State| Tab {
        href: here.href(&format!("/proposals?state={}", state.code())),
        text: here.say(&format!("proposals-tab-{}", state.code())),
        count: all.iter().filter(|one| one.state == state).count(),
        current: asked == Some(state),
    };
    let others = State::ALL.map(of).into_iter();
    // Where nothing stands, nobody need read the word.
    let others = others.filter(|tab| tab.count > 0 || tab.current);
    std::iter::once(first).chain(others).collect()
}

fn row(here: &Here<'_>, proposal: &Proposal, comments: &HashMap<Uuid, i64>) -> Row {
    let lang = here.lang();
    let by = match (&proposal.organisation, &proposal.proposer) {
        (Some(slug), _) => organisation_name(here, slug),
        (None, Some(proposer)) if proposer.organisation.is_empty() => proposer.name.clone(),
        (None, Some(proposer)) => proposer.organisation.clone(),
        (None, None) => text(lang, "proposal-by-erased", &[]),
    };
    Row {
        href: super::home(here, proposal.id),
        title: words::title(lang, proposal.title()),
        what: match proposal.what {
            crate::proposals::What::New => String::new(),
            crate::proposals::What::Change => text(lang, "proposal-what-change", &[]),
        },
        organisation: by,
        when: words::when(lang, &here.draft, &proposal.content),
        state: words::pill(lang, proposal.state),
        comments: comments.get(&proposal.id).copied().unwrap_or(0),
        changed: words::moment(lang, &here.draft, proposal.changed_at),
    }
}
