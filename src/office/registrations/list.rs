//! The sessions of a programme, with how full they are.

use std::{
    cmp::Reverse,
    collections::{BTreeSet, HashMap},
};

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use rocket::{FromForm, get};
use serde::Serialize;
use uuid::Uuid;

use super::{Said, seat};
use crate::{
    error::Result,
    locale::{self, Lang, text},
    office::{
        Html, Right, Room,
        frame::At,
        guard::Signed,
        may,
        pages::{PageLink, Pages},
    },
    programme::words,
    registration::{
        contact::sought,
        seats::Seat,
        store::{self, SeatRow},
    },
    release::{ReleasedSession, published::Published},
    web::reply::Private,
};

/// Sessions of one page.
const PAGE: usize = 100;
/// The longest search that counts, in characters.
const SEARCH_CHARS_MAX: usize = 100;

/// What the list shows, as its address says.
#[derive(Debug, Default, FromForm)]
pub struct Asked<'a> {
    q: Option<&'a str>,
    sort: Option<&'a str>,
    show: Option<&'a str>,
    theme: Option<&'a str>,
    day: Option<&'a str>,
    page: Option<usize>,
}

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Sort {
    /// By the beginning.
    Day,
    /// The fullest first.
    Fill,
    /// The longest queue first.
    Queue,
}

impl Sort {
    fn parse(word: Option<&str>) -> Sort {
        match word {
            Some("fill") => Sort::Fill,
            Some("queue") => Sort::Queue,
            _ => Sort::Day,
        }
    }

    fn code(self) -> &'static str {
        match self {
            Sort::Day => "day",
            Sort::Fill => "fill",
            Sort::Queue => "queue",
        }
    }
}

/// Which sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Show {
    /// Those that are not over.
    Coming,
    /// Every one.
    All,
}

#[derive(Serialize)]
struct SessionsPage {
    q: String,
    sort: Sort,
    show: Show,
    /// Whom somebody must call.
    to_call: i64,
    to_call_href: String,
    people_href: String,
    /// Where somebody is registered; `None` where this person may not.
    new_href: Option<String>,
    total: usize,
    seats: i64,
    waiting: i64,
    rows: Vec<Row>,
    sorts: Vec<Choice>,
    /// By theme and by day; none before the first release.
    filters: Vec<Filter>,
    pages: Vec<PageLink>,
}

#[derive(Serialize)]
struct Filter {
    name: &'static str,
    label: String,
    all: String,
    choices: Vec<Choice>,
}

#[derive(Serialize)]
struct Choice {
    code: String,
    text: String,
    chosen: bool,
}

#[derive(Serialize)]
struct Row {
    href: String,
    title: String,
    lang: Option<String>,
    when: String,
    place: String,
    taken: i64,
    /// `None`: no limit.
    capacity: Option<i64>,
    held: i64,
    waiting: i64,
    state: Said,
    /// More people than seats: the capacity was lowered.
    over: bool,
}

#[get("/<lang>/office/<slug>/registrations?<asked..>", rank = 6)]
pub async fn show(
    signed: Signed,
    lang: Lang,
    slug: &str,
    asked: Asked<'_>,
    room: Room<'_>,
) -> Result<Private<Html>> {
    let staff = signed.with(Right::SeeRegistrations)?;
    let mut db = room.db().await?;
    let (known, at) = At::programme(&mut db, staff, lang, slug, "registrations").await?;
    let below = format!("/{}/office/{slug}", lang.code());
    let to_call = store::calls::count(&mut db, known.id).await?;
    let published = room.house.publications.by_id(known.id);
    let seats: HashMap<Uuid, SeatRow> = store::seats_of(&mut db, known.id)
        .await?
        .into_iter()
        .map(|seat| (seat.settings.session, seat))
        .collect();
    let (sort, show) =
        (Sort::parse(asked.sort), if asked.show == Some("all") { Show::All } else { Show::Coming });
    let q: String = asked.q.unwrap_or_default().trim().chars().take(SEARCH_CHARS_MAX).collect();
    let wanted = Wanted {
        q: &q,
        show,
        sort,
        theme: asked.theme.unwrap_or_default(),
        day: asked.day.unwrap_or_default(),
        now: room.now,
    };
    let found = published.as_deref().map_or_else(Vec::new, |published| chosen(published, &seats, wanted));
    let pages = Pages::of(found.len(), PAGE, asked.page);
    let rows = published.as_deref().map_or_else(Vec::new, |published| {
        let part = pages.part(&found);
        part.map(|(session, seat)| row(lang, &below, published, session, seat, room.now)).collect()
    });
    let href = |number: usize| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("q", &q).append_pair("sort", sort.code());
        query.append_pair("show", if show == Show::All { "all" } else { "coming" });
        for (name, value) in [("theme", wanted.theme), ("day", wanted.day)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        format!("{below}/registrations?{}", query.append_pair("page", &number.to_string()).finish())
    };
    let body = SessionsPage {
        to_call,
        to_call_href: format!("{below}/people/to-call"),
        people_href: format!("{below}/people"),
        new_href: may(staff.role, Right::ChangeRegistrations).then(|| format!("{below}/people/new")),
        total: found.len(),
        seats: seats.values().map(|seat| seat.taken).sum(),
        waiting: seats.values().map(|seat| seat.waiting).sum(),
        rows,
        sorts: [Sort::Day, Sort::Fill, Sort::Queue]
            .map(|one| Choice {
                code: one.code().to_owned(),
                text: text(lang, &format!("office-reg-sort-{}", one.code()), &[]),
                chosen: one == sort,
            })
            .into(),
        pages: pages.links(href),
        filters: published.as_deref().map_or_else(Vec::new, |published| filters(lang, published, wanted)),
        q,
        sort,
        show,
    };
    let title = text(lang, "office-nav-registrations", &[]);
    let layout = at.frame(&room, staff, "/registrations", title).query(&room.query);
    let layout = match published {
        Some(published) => layout.zone(published.release.programme.timezone),
        None => layout,
    };
    room.draw(layout, body, "office/registrations/list.html").map(Private)
}

/// What is asked for.
#[derive(Clone, Copy)]
struct Wanted<'w> {
    q: &'w str,
    show: Show,
    sort: Sort,
    /// The slug of a theme, a day, or nothing.
    theme: &'w str,
    day: &'w str,
    now: DateTime<Utc>,
}

impl Wanted<'_> {
    /// True for a session that is not over, or where all are shown.
    fn is_shown(&self, session: &ReleasedSession, zone: Tz) -> bool {
        let ends = session.ends_at(zone).unwrap_or(session.starts_at(zone));
        self.show == Show::All || ends >= self.now
    }
}

/// What the list can be narrowed to: themes, and the days of the sessions that it shows.
fn filters(lang: Lang, published: &Published, wanted: Wanted<'_>) -> Vec<Filter> {
    let zone = published.release.programme.timezone;
    let shown = published.release.sessions.iter().filter(|session| wanted.is_shown(session, zone));
    let days: BTreeSet<NaiveDate> =
        shown.map(|session| session.date).chain(wanted.day.parse::<NaiveDate>()).collect();
    let days = days.into_iter().map(|day| (day.to_string(), locale::full_date(lang, day)));
    let themes = published.release.themes.iter().map(|theme| (theme.slug.clone(), theme.title.clone()));
    let filter = |name: &'static str, chosen: &str, choices: Vec<(String, String)>| Filter {
        name,
        label: text(lang, &format!("office-draft-filter-{name}"), &[]),
        all: text(lang, &format!("office-draft-all-{name}"), &[]),
        choices: choices
            .into_iter()
            .map(|(code, text)| Choice { chosen: code == chosen, code, text })
            .collect(),
    };
    vec![filter("theme", wanted.theme, themes.collect()), filter("day", wanted.day, days.collect())]
}

/// The sessions that the list is about, in its order.
fn chosen<'p>(
    published: &'p Published,
    seats: &'p HashMap<Uuid, SeatRow>,
    wanted: Wanted<'_>,
) -> Vec<(&'p ReleasedSession, &'p SeatRow)> {
    let zone = published.release.programme.timezone;
    let words = sought(wanted.q);
    let matches = |session: &ReleasedSession| {
        let hosts = published.hosts_of(session).map(|host| host.name.as_str()).collect::<Vec<_>>().join(" ");
        let letters = deunicode::deunicode(&format!("{} {hosts}", session.title)).to_lowercase();
        words.iter().all(|word| letters.contains(word.as_str()))
    };
    let is_within = |session: &ReleasedSession| {
        wanted.is_shown(session, zone)
            && (wanted.theme.is_empty() || session.theme.as_deref() == Some(wanted.theme))
            && (wanted.day.is_empty() || session.date.to_string() == wanted.day)
    };
    let mut found: Vec<_> = published
        .release
        .sessions
        .iter()
        .filter(|session| is_within(session) && (words.is_empty() || matches(session)))
        .filter_map(|session| Some((session, seats.get(&session.id)?)))
        .collect();
    // The release has them by day; sorting keeps that among equals.
    match wanted.sort {
        Sort::Day => found.sort_by_key(|(session, _)| session.starts_at(zone)),
        Sort::Fill => found.sort_by_key(|(_, seat)| Reverse(fill(seat))),
        Sort::Queue => found.sort_by_key(|(_, seat)| Reverse(seat.waiting)),
    }
    found
}

/// How full a session is, in thousandths; without a limit it is never full.
fn fill(seat: &SeatRow) -> i64 {
    match seat.largest() {
        None => 0,
        Some(seats @ ..=0) => i64::from(seat.taken > 0 || seats < 0) * 2_000,
        Some(seats) => seat.taken * 1_000 / seats,
    }
}

fn row(
    lang: Lang,
    below: &str,
    published: &Published,
    session: &ReleasedSession,
    row: &SeatRow,
    now: chrono::DateTime<chrono::Utc>,
) -> Row {
    let board: Seat = row.board();
    Row {
        href: format!("{below}/registrations/{}", session.slug),
        title: session.title.clone(),
        lang: words::foreign_within(lang, &published.release.programme, session),
        when: words::when(lang, session),
        place: published.place_of(session).map_or_else(String::new, |place| place.name.clone()),
        taken: row.taken,
        capacity: row.settings.capacity,
        held: board.held,
        waiting: row.waiting,
        state: seat(lang, published.release.programme.timezone, &board, now),
        over: row.free().is_some_and(|free| free < 0),
    }
}
