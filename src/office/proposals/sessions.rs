//! Who is registered for a partner's own session: how many, always; who, where the programme says so; and what they need.

use rocket::get;
use serde::Serialize;

use super::open;
use crate::{
    error::{Error, Result},
    locale::{Lang, text},
    office::{
        Html, Right, Room,
        draft::Here,
        guard::Signed,
        registrations::{
            Said, Visible, published, registrations_visible_to, seat, session, session_of, state,
        },
    },
    programme::words,
    registration::{
        State, store,
        store::lists::{self, Which},
    },
    release::{ReleasedSession, published::Published},
    web::reply::Private,
};

/// People whom one page names.
const NAMED_MAX: i64 = 2_000;

/// What `office/proposals/session.html` shows.
#[derive(Serialize)]
struct SessionPage {
    list: String,
    change: String,
    needs: String,
    title: String,
    lang: Option<String>,
    when: String,
    state: Said,
    taken: i64,
    capacity: Option<i64>,
    waiting: i64,
    counts: Vec<Count>,
    /// True where the programme says that partners see names.
    names: bool,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Count {
    label: String,
    registrations: i64,
    people: i64,
}

#[derive(Serialize)]
struct Row {
    name: String,
    organisation: String,
    people: i64,
    state: Said,
}

/// The published session, and what this person sees of its registrations.
///
/// # Errors
/// [`Error::NotFound`] where that is nothing.
fn visible<'p>(
    here: &Here<'_>,
    published: &'p Published,
    slug: &str,
) -> Result<(&'p ReleasedSession, Visible)> {
    let session = session_of(published, slug)?;
    match registrations_visible_to(here.staff, published, session) {
        Visible::Nothing => Err(Error::NotFound),
        visible @ (Visible::Names | Visible::Figures) => Ok((session, visible)),
    }
}

#[get("/<lang>/office/<slug>/proposals/sessions/<session>", rank = 6)]
pub async fn show(
    signed: Signed,
    lang: Lang,
    slug: &str,
    session: &str,
    room: Room<'_>,
) -> Result<Private<Html>> {
    let here = open(&room, &signed, Right::Propose, lang, slug).await?;
    let published = published(room.house, here.known.id)?;
    let (session, visible) = visible(&here, &published, session)?;
    let mut db = room.db().await?;
    let row = store::seat(&mut db, session.id).await?.ok_or(Error::NotFound)?;
    let counts = lists::counts(&mut db, session.id).await?;
    let listed = match visible {
        Visible::Names => lists::of_session(&mut db, session.id, Which::Live, 0, NAMED_MAX).await?,
        Visible::Figures | Visible::Nothing => Vec::new(),
    };
    let zone = published.release.programme.timezone;
    let mut turn = 0;
    let rows = listed.into_iter().map(|one| {
        if one.state == State::Waiting && one.awaits.is_none() {
            turn += 1;
        }
        Row {
            state: state(lang, zone, one.state, one.awaits.zip(one.deadline), turn),
            name: one.name,
            organisation: one.organisation,
            people: one.people,
        }
    });
    let body = SessionPage {
        list: here.href("/proposals"),
        change: here.href(&format!("/proposals/sessions/{}/change", session.slug)),
        needs: here.href(&format!("/proposals/sessions/{}/access-needs", session.slug)),
        title: session.title.clone(),
        lang: words::foreign_within(lang, &published.release.programme, session),
        when: words::when(lang, session),
        state: seat(lang, zone, &row.board(), room.now),
        taken: row.taken,
        capacity: row.settings.capacity,
        waiting: row.waiting,
        counts: counts
            .into_iter()
            .map(|(state, registrations, people)| Count {
                label: text(lang, &format!("office-reg-tab-{}", state.code()), &[]),
                registrations,
                people,
            })
            .collect(),
        names: visible == Visible::Names,
        rows: rows.collect(),
    };
    let path = format!("/proposals/sessions/{}", session.slug);
    let layout = here.frame(&path, body.title.clone()).zone(zone);
    room.draw(layout, body, "office/proposals/session.html").map(Private)
}

/// What the people of the session need, on paper.
#[get("/<lang>/office/<slug>/proposals/sessions/<session>/access-needs", rank = 6)]
pub async fn needs(
    signed: Signed,
    lang: Lang,
    slug: &str,
    session: &str,
    room: Room<'_>,
) -> Result<Private<Html>> {
    let here = open(&room, &signed, Right::Propose, lang, slug).await?;
    let published = published(room.house, here.known.id)?;
    let (session, visible) = visible(&here, &published, session)?;
    let mut db = room.db().await?;
    let home = here.href(&format!("/proposals/sessions/{}", session.slug));
    let body = session::needs_page(&mut db, &room, lang, home, &published, session, visible).await?;
    let path = format!("/proposals/sessions/{}/access-needs", session.slug);
    let layout = here.frame(&path, text(lang, "office-needs-title", &[]));
    let layout = layout.zone(published.release.programme.timezone);
    room.draw(layout, body, "office/registrations/needs.html").map(Private)
}
