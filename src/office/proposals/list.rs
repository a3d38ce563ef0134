//! What is proposed: to the team, what waits for it first; to a partner, their own, and their sessions.

use std::collections::HashMap;

use rocket::get;
use serde::Serialize;
use uuid::Uuid;

use super::{facts, open, organisation_name, own_organisations, side, words};
use crate::{
    error::Result,
    locale::{Lang, text},
    office::{
        Html, Right, Room,
        draft::{Here, view::Pill},
        guard::Signed,
        pages::{PageLink, Pages},
    },
    programme::{CallState, cells::Cells, routes::site::Query},
    proposals::{
        Side, State, What,
        store::list::{self, Listed, Whose},
    },
    web::reply::Private,
};

/// Proposals on one page.
const PAGE: usize = 50;

/// What `office/proposals/list.html` shows.
#[derive(Serialize)]
struct ListPage {
    /// True for who decides.
    team: bool,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    /// Where there are more than one.
    pages: Vec<PageLink>,
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
    let team = side(here.staff) == Side::Team;
    let own = own_organisations(&here);
    let slugs: Vec<&str> = own.iter().map(|(slug, _)| *slug).collect();
    let asked = State::parse(query.value("state"));
    let found = found(&here, if team { Whose::Team } else { Whose::Of(&slugs) }, asked, &query).await?;
    let body = ListPage {
        rows: found.rows,
        tabs: tabs(&here, &found.counts, asked),
        pages: found.pages,
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
    let layout = here.frame("/proposals", here.say(title)).query(&room.query);
    room.draw(layout, body, "office/proposals/list.html").map(Private)
}

/// What a page of the list shows.
#[derive(Default)]
struct Found {
    rows: Vec<Row>,
    counts: HashMap<State, usize>,
    pages: Vec<PageLink>,
}

async fn found(here: &Here<'_>, whose: Whose<'_>, asked: Option<State>, query: &Query) -> Result<Found> {
    let (states, path): (Vec<State>, _) = match (asked, whose) {
        (Some(state), _) => (vec![state], format!("/proposals?state={}&page=", state.code())),
        (None, Whose::Team) => (vec![State::Sent, State::ToDiscuss], "/proposals?page=".to_owned()),
        (None, Whose::Of([])) => return Ok(Found::default()),
        (None, Whose::Of(_)) => (Vec::new(), "/proposals?page=".to_owned()),
    };
    if matches!(whose, Whose::Of([])) {
        return Ok(Found::default());
    }
    let mut db = here.room.db().await?;
    let programme = here.known.id;
    let counts: HashMap<State, usize> = list::counts(&mut db, programme, whose).await?.into_iter().collect();
    let shown = |state: &State| states.is_empty() || states.contains(state);
    let all: usize = counts.iter().filter(|(state, _)| shown(state)).map(|(_, count)| count).sum();
    let pages = Pages::of(all, PAGE, query.value("page").parse().ok());
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let part = (number(pages.before()), number(PAGE));
    let listed = list::page(&mut db, programme, whose, &states, part).await?;
    let ids: Vec<Uuid> = listed.iter().map(|one| one.id).collect();
    let comments: HashMap<Uuid, i64> = list::comments(&mut db, &ids).await?.into_iter().collect();
    Ok(Found {
        rows: listed.iter().map(|one| row(here, one, &comments)).collect(),
        counts,
        pages: pages.links(|number| here.href(&format!("{path}{number}"))),
    })
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

fn tabs(here: &Here<'_>, counts: &HashMap<State, usize>, asked: Option<State>) -> Vec<Tab> {
    let team = side(here.staff) == Side::Team;
    let count = |state: State| counts.get(&state).copied().unwrap_or(0);
    let first = Tab {
        href: here.href("/proposals"),
        text: here.say(if team { "proposals-tab-waiting" } else { "proposals-tab-all" }),
        count: if team { count(State::Sent) + count(State::ToDiscuss) } else { counts.values().sum() },
        current: asked.is_none(),
    };
    let of = |state: State| Tab {
        href: here.href(&format!("/proposals?state={}", state.code())),
        text: here.say(&format!("proposals-tab-{}", state.code())),
        count: count(state),
        current: asked == Some(state),
    };
    let others = State::ALL.map(of).into_iter();
    // Where nothing stands, nobody need read the word.
    let others = others.filter(|tab| tab.count > 0 || tab.current);
    std::iter::once(first).chain(others).collect()
}

fn row(here: &Here<'_>, proposal: &Listed, comments: &HashMap<Uuid, i64>) -> Row {
    let lang = here.lang();
    let by = match (&proposal.organisation, &proposal.proposer) {
        (Some(slug), _) => organisation_name(here, slug),
        (None, Some(proposer)) if proposer.organisation.is_empty() => proposer.name.clone(),
        (None, Some(proposer)) => proposer.organisation.clone(),
        (None, None) => text(lang, "proposal-by-erased", &[]),
    };
    Row {
        href: super::home(here, proposal.id),
        title: words::title(lang, &proposal.title),
        what: match proposal.what {
            What::New => String::new(),
            What::Change => text(lang, "proposal-what-change", &[]),
        },
        organisation: by,
        when: words::when(
            lang,
            &here.draft,
            &Cells::from([("date", proposal.day.clone()), ("start", proposal.begins.clone())]),
        ),
        state: words::pill(lang, proposal.state),
        comments: comments.get(&proposal.id).copied().unwrap_or(0),
        changed: words::moment(lang, &here.draft, proposal.changed_at),
    }
}
