//! The door of one session: who is expected, who is there, who is looked for.

use rocket::{FromForm, get};
use serde::Serialize;
use uuid::Uuid;

use super::{
    Door, now,
    rows::{self, Row, Show},
};
use crate::{
    db::Conn,
    error::{Error, Result},
    locale::{Lang, text},
    office::{
        Right, Room,
        guard::Signed,
        may,
        pages::{PageLink, Pages},
        registrations::{Opened, moment},
    },
    programme::{Status, words},
    registration::{
        State,
        attendance::{door, live},
        contact::{Code, sought},
        store::{
            self,
            lists::{self, Which},
        },
    },
    release::{ReleasedSession, published::Published},
    web::{assets, reply::Private},
};

/// People of one page.
const PAGE: usize = 400;
/// Registrations of a session that are looked through.
const REGISTRATIONS_MAX: i64 = 10_000;
/// The longest search that counts, in characters.
const SEARCH_CHARS_MAX: usize = 100;

/// What the page shows, as its address says.
#[derive(Debug, Default, FromForm)]
pub struct Asked<'a> {
    q: Option<&'a str>,
    show: Option<&'a str>,
    page: Option<usize>,
    /// Whom somebody has just marked.
    said: Option<&'a str>,
}

#[derive(Serialize)]
struct DoorPage {
    home: String,
    title: String,
    lang: Option<String>,
    when: String,
    place: String,
    now: Option<String>,
    present: i64,
    expected: i64,
    waiting: i64,
    /// `None`: no limit.
    free: Option<i64>,
    /// Why nobody can be marked.
    closed: Option<String>,
    q: String,
    show: Show,
    page: usize,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    /// Who was marked a moment ago.
    said: Option<Row>,
    /// What is to be said of a code that is none of theirs.
    stranger: Option<Stranger>,
    pages: Vec<PageLink>,
    marks: String,
    live: String,
    people: String,
    walk_ins: WalkIns,
    new_href: Option<String>,
    script: &'static str,
    css: &'static str,
    who: Uuid,
    sign_in: String,
}

/// The field for people who are not registered.
#[derive(Serialize)]
struct WalkIns {
    action: String,
    value: String,
    /// What was typed and is no number.
    mistake: Option<String>,
}

#[derive(Serialize)]
struct Tab {
    href: String,
    text: String,
    current: bool,
}

/// Somebody who is not registered for this session, or nobody at all.
#[derive(Serialize)]
struct Stranger {
    text: String,
    /// Where they are expected.
    doors: Vec<Elsewhere>,
    /// Where they are registered for this session.
    new_href: Option<String>,
}

#[derive(Serialize)]
struct Elsewhere {
    href: String,
    title: String,
    when: String,
}

/// Who comes, and who has come.
#[get("/<lang>/office/<slug>/door/<session>?<asked..>", rank = 6)]
pub(super) async fn show(
    signed: Signed,
    lang: Lang,
    slug: &str,
    session: &str,
    asked: Asked<'_>,
    room: Room<'_>,
) -> Result<Private<Door>> {
    draw(&signed, lang, slug, session, &asked, None, &room).await.map(Private)
}

/// The page; with what was typed as the number of people who are not registered, and is none.
pub(super) async fn draw(
    signed: &Signed,
    lang: Lang,
    slug: &str,
    session: &str,
    asked: &Asked<'_>,
    walk_ins_typed: Option<&str>,
    room: &Room<'_>,
) -> Result<Door> {
    let staff = signed.with(Right::MarkAttendance)?;
    let mut db = room.db().await?;
    let Opened { at, published, session, .. } =
        Opened::of(room, &mut db, (staff, lang), (slug, session), "door").await?;
    let session = &session;
    let standing = live::standing(&mut db, session.id).await?.ok_or(Error::NotFound)?;
    let mut listed = lists::of_session(&mut db, session.id, Which::Live, 0, REGISTRATIONS_MAX).await?;
    let over = Which::In(State::Cancelled);
    listed.extend(lists::of_session(&mut db, session.id, over, 0, REGISTRATIONS_MAX).await?);
    let q: String = asked.q.unwrap_or_default().trim().chars().take(SEARCH_CHARS_MAX).collect();
    let show = Show::parse(asked.show);
    let mut rows = rows::rows(lang, &listed, &sought(&q), show);
    let below = format!("/{}/office/{slug}", lang.code());
    let may_register = may(staff.role, Right::ChangeRegistrations);
    let stranger = match Code::parse(&q).filter(|_| rows.is_empty()) {
        Some(code) => Some(stranger(&mut db, lang, &below, &published, session, &code, may_register).await?),
        None => None,
    };
    let home = format!("{below}/door/{}", session.slug);
    let pages = Pages::of(rows.len(), PAGE, asked.page);
    rows = pages.part(rows).collect();
    let zone = published.release.programme.timezone;
    let body = DoorPage {
        title: session.title.clone(),
        lang: words::foreign_within(lang, &published.release.programme, session),
        when: words::when(lang, session),
        place: published.place_of(session).map_or_else(String::new, |place| place.name.clone()),
        now: now(lang, room, &published, session),
        present: standing.present,
        expected: standing.expected,
        waiting: standing.waiting,
        free: standing.free,
        closed: closed(lang, room, &published, session),
        tabs: Show::ALL.map(|one| tab(lang, &home, &q, one, show)).into(),
        said: said(lang, &listed, asked.said),
        stranger,
        pages: pages.links(|number| address(&home, &q, show, number)),
        marks: format!("{home}/marks"),
        live: format!("{home}/live"),
        people: format!("{below}/registrations/{}", session.slug),
        walk_ins: walk_ins(lang, &home, standing.walk_ins, walk_ins_typed),
        new_href: may_register.then(|| format!("{below}/people/new?session={}", session.slug)),
        script: assets::href("office_door.js"),
        css: assets::href("office_door.css"),
        who: staff.id,
        sign_in: format!("/{}/office/sign-in?next={home}", lang.code()),
        rows,
        q,
        show,
        page: pages.current(),
        home,
    };
    let title = text(lang, "office-door-of", &[("session", session.title.as_str().into())]);
    let layout = at.frame(room, staff, &format!("/door/{}", session.slug), title).zone(zone);
    let layout = layout.query(&room.query);
    room.draw(layout, body, "office/door/session.html").map(Door)
}

/// Why nobody can be marked: it does not take place, or it is too early.
fn closed(lang: Lang, room: &Room<'_>, published: &Published, session: &ReleasedSession) -> Option<String> {
    if session.status != Status::Scheduled {
        return Some(text(lang, "office-door-off", &[]));
    }
    let zone = published.release.programme.timezone;
    let opens = door::opens(session.starts_at(zone));
    (room.now < opens).then(|| too_early(lang, zone, opens))
}

/// « Le pointage ouvre le… ».
pub(super) fn too_early(lang: Lang, zone: chrono_tz::Tz, opens: chrono::DateTime<chrono::Utc>) -> String {
    text(lang, "office-door-early", &[("at", moment(lang, zone, opens).into())])
}

/// Who was just marked, so that it can be seen, and taken back.
fn said(lang: Lang, listed: &[lists::Listed], said: Option<&str>) -> Option<Row> {
    let id = Uuid::parse_str(said?).ok()?;
    let one: Vec<_> = listed.iter().filter(|one| one.id == id && one.attended.is_some()).cloned().collect();
    rows::rows(lang, &one, &[], Show::Present).pop()
}

/// The field with what is known, or with what was typed and what would be right.
fn walk_ins(lang: Lang, home: &str, known: i64, typed: Option<&str>) -> WalkIns {
    let most = door::WALK_INS_MAX;
    WalkIns {
        action: format!("{home}/walk-ins"),
        value: typed.map_or_else(|| known.to_string(), str::to_owned),
        mistake: typed.map(|_| text(lang, "office-door-walk-in-wrong", &[("most", most.into())])),
    }
}

fn tab(lang: Lang, home: &str, q: &str, one: Show, shown: Show) -> Tab {
    Tab {
        href: address(home, q, one, 1),
        text: text(lang, &format!("office-door-show-{}", one.code()), &[]),
        current: one == shown,
    }
}

/// The page with this search, of this list.
pub(super) fn address(home: &str, q: &str, show: Show, page: usize) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    if !q.is_empty() {
        query.append_pair("q", q);
    }
    if show != Show::All {
        query.append_pair("show", show.code());
    }
    if page > 1 {
        query.append_pair("page", &page.to_string());
    }
    let query = query.finish();
    if query.is_empty() { home.to_owned() } else { format!("{home}?{query}") }
}

/// Whose code that is, who is not expected here.
async fn stranger(
    db: &mut Conn,
    lang: Lang,
    below: &str,
    published: &Published,
    session: &ReleasedSession,
    code: &Code,
    may_register: bool,
) -> Result<Stranger> {
    let unknown = || Stranger {
        text: text(lang, "office-door-code-unknown", &[("code", code.readable().into())]),
        doors: Vec::new(),
        new_href: None,
    };
    let Some(id) = store::person::by_code(db, code).await? else { return Ok(unknown()) };
    let Some(person) = lists::person(db, published.id, id).await? else { return Ok(unknown()) };
    let theirs = lists::theirs(db, published.id, person.id).await?;
    let seats = theirs.iter().filter(|one| one.state.holds_seats());
    let doors: Vec<_> = seats
        .filter_map(|one| published.session_by_id(one.session_id))
        .map(|other| Elsewhere {
            href: format!("{below}/door/{}?q={}", other.slug, code.as_str()),
            title: other.title.clone(),
            when: words::when(lang, other),
        })
        .collect();
    let key = if doors.is_empty() { "office-door-code-nowhere" } else { "office-door-code-elsewhere" };
    Ok(Stranger {
        text: text(lang, key, &[("name", person.name.as_str().into())]),
        doors,
        new_href: may_register
            .then(|| format!("{below}/people/new?session={}&person={}", session.slug, person.id)),
    })
}
