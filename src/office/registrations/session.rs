//! One session: who has a seat, who waits, what they need; its list as a file, and on paper for its hosts.

use rocket::{
    FromForm, get,
    http::{ContentType, Header},
};
use serde::Serialize;

use super::{Opened, Said, Visible, contact, live, moment, registrations_visible_to, seat, state};
use crate::{
    error::{Error, Result},
    exchange::csv::{self, Dialect},
    locale::{self, Lang, text},
    office::{Html, Right, Room, crossed::Crossed, guard::Signed, may},
    programme::words,
    registration::{
        State, store,
        store::lists::{self, Listed, Which},
    },
    release::{ReleasedSession, published::Published},
    web::{form::FormState, reply::Private},
};

/// Registrations of one page.
const PAGE: i64 = 100;
/// People with needs whom one sheet names.
const NEEDS_MAX: i64 = 2_000;

/// What the list shows, as its address says.
#[derive(Debug, Default, FromForm)]
pub struct Asked<'a> {
    state: Option<&'a str>,
    after: Option<i64>,
    said: Option<&'a str>,
}

impl Asked<'_> {
    fn which(&self) -> Which {
        match self.state {
            Some("confirmed") => Which::In(State::Confirmed),
            Some("waiting") => Which::In(State::Waiting),
            Some("offered") => Which::In(State::Offered),
            Some("cancelled") => Which::In(State::Cancelled),
            Some("needs") => Which::WithNeeds,
            _ => Which::Live,
        }
    }
}

fn code_of(which: Which) -> &'static str {
    match which {
        Which::Live => "live",
        Which::In(state) => state.code(),
        Which::WithNeeds => "needs",
    }
}

#[derive(Serialize)]
struct SessionPage {
    home: String,
    title: String,
    lang: Option<String>,
    when: String,
    place: String,
    public: Option<String>,
    state: Said,
    taken: i64,
    capacity: Option<i64>,
    waiting: i64,
    held: Vec<Held>,
    over: bool,
    /// What was just done.
    said: Option<String>,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    next: Option<String>,
    csv: String,
    excel: String,
    needs: String,
    /// Where it is marked who comes; `None` where this person may not.
    door: Option<String>,
    /// Where a message to its people is begun; `None` where this person may not.
    write: Option<String>,
    /// Where somebody is registered for it; `None` where this person may not change a thing.
    new_href: Option<String>,
    live_action: String,
    form: FormState,
    groups: Vec<live::Group>,
    crossed: Crossed,
}

#[derive(Serialize)]
struct Held {
    group: String,
    seats: i64,
}

#[derive(Serialize)]
struct Tab {
    href: String,
    text: String,
    count: Option<i64>,
    current: bool,
}

/// A line of the list.
#[derive(Serialize)]
struct Row {
    /// `None` once erased.
    href: Option<String>,
    name: String,
    contact: String,
    /// Mails to them come back, or there is no address.
    unreached: bool,
    organisation: String,
    access_needs: String,
    people: i64,
    state: Said,
    attended: Option<i64>,
    since: String,
}

/// Who is registered for it.
#[get("/<lang>/office/<slug>/registrations/<session>?<asked..>", rank = 6)]
pub async fn show(
    signed: Signed,
    lang: Lang,
    slug: &str,
    session: &str,
    asked: Asked<'_>,
    room: Room<'_>,
) -> Result<Private<Html>> {
    draw(&signed, lang, slug, session, &asked, &room, None).await.map(Private)
}

/// The page; with the form about its seats as it was sent, where something was wrong with it.
pub(super) async fn draw(
    signed: &Signed,
    lang: Lang,
    slug: &str,
    session: &str,
    asked: &Asked<'_>,
    room: &Room<'_>,
    sent: Option<live::Shown>,
) -> Result<Html> {
    let staff = signed.with(Right::SeeRegistrations)?;
    let mut db = room.db().await?;
    let Opened { at, published, session, .. } =
        Opened::of(room, &mut db, (staff, lang), (slug, session), "registrations").await?;
    let session = &session;
    let row = store::seat(&mut db, session.id).await?.ok_or(Error::NotFound)?;
    let which = asked.which();
    let counts = lists::counts(&mut db, session.id).await?;
    let mut listed =
        lists::of_session(&mut db, session.id, which, asked.after.unwrap_or(0).max(0), PAGE + 1).await?;
    let more = listed.len() > PAGE.unsigned_abs() as usize;
    listed.truncate(PAGE.unsigned_abs() as usize);
    let waits = |one: &&Listed| one.state == State::Waiting && one.awaits.is_none();
    let first = match listed.iter().find(waits) {
        Some(first) => store::positions(&mut db, &[first.id]).await?.remove(&first.id).unwrap_or(1),
        None => 0,
    };
    let below = format!("/{}/office/{slug}", lang.code());
    let home = format!("{below}/registrations/{}", session.slug);
    let zone = published.release.programme.timezone;
    let rows = lines(lang, zone, &below, &listed, first);
    let live::Shown { form, groups, crossed } = sent.unwrap_or_else(|| live::of(&row.settings));
    let may_change = may(staff.role, Right::ChangeRegistrations);
    let body = SessionPage {
        title: session.title.clone(),
        lang: words::foreign_within(lang, &published.release.programme, session),
        when: words::when(lang, session),
        place: published.place_of(session).map_or_else(String::new, |place| place.name.clone()),
        public: published
            .has_page(&session.slug)
            .then(|| format!("/{}/{slug}/sessions/{}", lang.code(), session.slug)),
        state: seat(lang, zone, &row.board(), room.now),
        taken: row.taken,
        capacity: row.settings.capacity,
        waiting: row.waiting,
        held: row
            .settings
            .held
            .iter()
            .map(|(group, seats)| Held { group: group.clone(), seats: *seats })
            .collect(),
        over: row.free().is_some_and(|free| free < 0),
        said: asked.said.filter(|said| *said == "live").map(|_| text(lang, "office-reg-said-live", &[])),
        tabs: tabs(lang, &home, which, &counts),
        next: listed
            .last()
            .filter(|_| more)
            .map(|last| format!("{home}?state={}&after={}", code_of(which), last.arrival)),
        rows,
        csv: format!("{home}/registrations.csv"),
        excel: format!("{home}/registrations.csv?dialect=excel"),
        needs: format!("{home}/access-needs"),
        door: may(staff.role, Right::MarkAttendance).then(|| format!("{below}/door/{}", session.slug)),
        write: may(staff.role, Right::ChangeMails)
            .then(|| format!("{below}/mails/messages/new?about=session:{}", session.slug)),
        new_href: may_change.then(|| format!("{below}/people/new?session={}", session.slug)),
        live_action: format!("{home}/seats"),
        form,
        groups,
        crossed,
        home,
    };
    let layout =
        at.frame(room, staff, &format!("/registrations/{}", session.slug), body.title.clone()).zone(zone);
    let layout = layout.query(&room.query);
    room.draw(layout, body, "office/registrations/session.html")
}

fn tabs(lang: Lang, home: &str, which: Which, counts: &[(State, i64, i64)]) -> Vec<Tab> {
    let count =
        |state: State| counts.iter().find(|(known, ..)| *known == state).map_or(0, |(_, count, _)| *count);
    let live = [State::Confirmed, State::Offered, State::Waiting].map(count).iter().sum();
    [
        (Which::Live, Some(live)),
        (Which::In(State::Confirmed), Some(count(State::Confirmed))),
        (Which::In(State::Offered), Some(count(State::Offered))),
        (Which::In(State::Waiting), Some(count(State::Waiting))),
        (Which::In(State::Cancelled), Some(count(State::Cancelled))),
        (Which::WithNeeds, None),
    ]
    .into_iter()
    // Where nothing is ever offered, nobody need read the word.
    .filter(|(one, count)| *one != Which::In(State::Offered) || *count != Some(0) || *one == which)
    .map(|(one, count)| Tab {
        href: format!("{home}?state={}", code_of(one)),
        text: text(lang, &format!("office-reg-tab-{}", code_of(one)), &[]),
        count,
        current: one == which,
    })
    .collect()
}

fn lines(lang: Lang, zone: chrono_tz::Tz, below: &str, listed: &[Listed], first: i64) -> Vec<Row> {
    let mut position = first - 1;
    listed
        .iter()
        .map(|one| {
            if one.state == State::Waiting && one.awaits.is_none() {
                position += 1;
            }
            let known = one.email.is_some() || one.code.is_some();
            Row {
                href: known.then(|| format!("{below}/people/{}", one.participant_id)),
                name: one.name.clone(),
                contact: contact(one.email.as_deref(), one.code.as_deref(), &one.phone),
                unreached: known && (one.email.is_none() || one.undeliverable_at.is_some()),
                organisation: one.organisation.clone(),
                access_needs: one.access_needs.clone(),
                people: one.people,
                state: state(lang, zone, one.state, one.awaits.zip(one.deadline), position),
                attended: one.attended,
                since: moment(lang, zone, one.created_at),
            }
        })
        .collect()
}

/// A file that is kept, not shown.
#[derive(rocket::Responder)]
pub struct Download {
    bytes: (ContentType, Vec<u8>),
    disposition: Header<'static>,
}

/// The registrations of one session, as `parvis export --format registrations-csv` writes them.
#[get("/<lang>/office/<slug>/registrations/<session>/registrations.csv?<dialect>", rank = 6)]
pub async fn download(
    signed: Signed,
    lang: Lang,
    slug: &str,
    session: &str,
    dialect: Option<&str>,
    room: Room<'_>,
) -> Result<Private<Download>> {
    let staff = signed.with(Right::SeeRegistrations)?;
    let mut db = room.db().await?;
    let Opened { session, .. } =
        Opened::of(&room, &mut db, (staff, lang), (slug, session), "registrations").await?;
    let dialect = if dialect == Some("excel") { Dialect::Excel } else { Dialect::Plain };
    let rows = store::report::rows_of(&mut db, session.id, &session.slug).await?;
    // A slug is letters, digits and hyphens.
    let name = format!("attachment; filename=\"{}.csv\"", session.slug);
    Ok(Private(Download {
        bytes: (ContentType::CSV, csv::registrations_csv(&rows, dialect)),
        disposition: Header::new("Content-Disposition", name),
    }))
}

/// What `office/registrations/needs.html` shows.
#[derive(Serialize)]
pub struct NeedsPage {
    home: String,
    title: String,
    lang: Option<String>,
    when: String,
    place: String,
    /// Names are shown to who may see them.
    names: bool,
    rows: Vec<Need>,
    /// People who come, with or without needs.
    taken: i64,
    printed: String,
}

#[derive(Serialize)]
struct Need {
    name: String,
    people: i64,
    needs: String,
    waiting: bool,
}

/// What the people of a session need, for its hosts: on paper, by name only for who may see names.
#[get("/<lang>/office/<slug>/registrations/<session>/access-needs", rank = 6)]
pub async fn needs(
    signed: Signed,
    lang: Lang,
    slug: &str,
    session: &str,
    room: Room<'_>,
) -> Result<Private<Html>> {
    let staff = signed.with(Right::SeeRegistrations)?;
    let mut db = room.db().await?;
    let Opened { at, published, session, .. } =
        Opened::of(&room, &mut db, (staff, lang), (slug, session), "registrations").await?;
    let visible = registrations_visible_to(staff, &published, &session);
    let home = format!("/{}/office/{slug}/registrations/{}", lang.code(), session.slug);
    let body = needs_page(&mut db, &room, lang, home, &published, &session, visible).await?;
    let title = text(lang, "office-needs-title", &[]);
    let path = format!("/registrations/{}/access-needs", session.slug);
    let layout = at.frame(&room, staff, &path, title).zone(published.release.programme.timezone);
    room.draw(layout, body, "office/registrations/needs.html").map(Private)
}

/// The sheet; `home` is the page of the session.
///
/// # Errors
/// [`Error::NotFound`] for who sees nothing of it.
pub async fn needs_page(
    db: &mut crate::db::Conn,
    room: &Room<'_>,
    lang: Lang,
    home: String,
    published: &Published,
    session: &ReleasedSession,
    visible: Visible,
) -> Result<NeedsPage> {
    let names = match visible {
        Visible::Names => true,
        Visible::Figures => false,
        Visible::Nothing => return Err(Error::NotFound),
    };
    let listed = lists::of_session(db, session.id, Which::WithNeeds, 0, NEEDS_MAX).await?;
    let row = store::seat(db, session.id).await?.ok_or(Error::NotFound)?;
    let today = room.now.with_timezone(&published.release.programme.timezone).date_naive();
    Ok(NeedsPage {
        home,
        title: session.title.clone(),
        lang: words::foreign_within(lang, &published.release.programme, session),
        when: words::when(lang, session),
        place: published.place_of(session).map_or_else(String::new, |place| place.name.clone()),
        names,
        taken: row.taken,
        rows: listed
            .into_iter()
            .map(|one| Need {
                name: if names { one.name } else { String::new() },
                people: one.people,
                needs: one.access_needs,
                waiting: one.state == State::Waiting,
            })
            .collect(),
        printed: locale::date(lang, today),
    })
}
