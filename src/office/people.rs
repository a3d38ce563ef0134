//! People: found by name, address, code or telephone; what each has; registering who calls.

mod changes;
mod new;
mod person;
mod slip;

use rocket::{FromForm, Route, get, post, response::Redirect, routes};
use serde::Serialize;
use uuid::Uuid;

use super::{
    Html, Right, Room,
    frame::At,
    guard::Signed,
    may,
    registrations::{Said, call_reason, contact, moment, state},
};
use crate::{
    audit::{self, Actor, Entry},
    db::Conn,
    error::{Error, Result},
    locale::{Lang, text},
    programme::words,
    registration::{
        State,
        contact::sought,
        store::{
            self,
            calls::ToCall,
            lists::{self, Known, Person, Whom},
        },
    },
    release::published::Published,
    web::{guards::SameOrigin, reply::Private},
};

/// The routes of this area.
pub(super) fn routes() -> Vec<Route> {
    routes![
        list,
        to_call,
        called,
        new::ask,
        new::register,
        person::show,
        slip::show,
        changes::cancel,
        changes::transfer,
        changes::promote,
        changes::resend,
        changes::correct,
    ]
}

/// People of one page.
const PAGE: i64 = 50;
/// People to call on one page: the others follow when these are told.
const CALLS_MAX: i64 = 200;

/// What the list shows, as its address says.
#[derive(Debug, Default, FromForm)]
struct Asked<'a> {
    q: Option<&'a str>,
    whom: Option<&'a str>,
    after: Option<&'a str>,
}

#[derive(Serialize)]
struct PeoplePage {
    q: String,
    /// True where only those are shown to whom nobody can write.
    unreached: bool,
    new_href: Option<String>,
    to_call: i64,
    to_call_href: String,
    rows: Vec<Row>,
    next: Option<String>,
    /// True for who looked for somebody.
    searched: bool,
}

#[derive(Serialize)]
struct Row {
    href: String,
    name: String,
    contact: String,
    unreached: bool,
    seats: i64,
    waiting: i64,
}

/// Somebody to whom no mail goes: without an address, or with one that sends mails back.
fn is_unreached(email: Option<&str>, undeliverable: bool) -> bool {
    email.is_none() || undeliverable
}

#[get("/<lang>/office/<slug>/people?<asked..>", rank = 6)]
async fn list(
    signed: Signed,
    lang: Lang,
    slug: &str,
    asked: Asked<'_>,
    room: Room<'_>,
) -> Result<Private<Html>> {
    let staff = signed.with(Right::SeeRegistrations)?;
    let mut db = room.db().await?;
    let (known, at) = At::programme(&mut db, staff, lang, slug, "registrations").await?;
    let below = format!("/{}/office/{slug}/people", lang.code());
    let q: String = asked.q.unwrap_or_default().trim().chars().take(200).collect();
    let words = sought(&q);
    let whom = if asked.whom == Some("unreached") { Whom::Unreached } else { Whom::All };
    let after = asked.after.and_then(|after| Uuid::parse_str(after).ok());
    let mut people = lists::people(&mut db, known.id, &words, whom, after, PAGE + 1).await?;
    let more = people.len() > PAGE.unsigned_abs() as usize;
    people.truncate(PAGE.unsigned_abs() as usize);
    let body = PeoplePage {
        to_call: store::calls::count(&mut db, known.id).await?,
        to_call_href: format!("{below}/to-call"),
        new_href: may(staff.role, Right::ChangeRegistrations).then(|| format!("{below}/new")),
        next: people.last().filter(|_| more).map(|last| next(&below, &q, whom, last.id)),
        rows: people.iter().map(|known| row(&below, known)).collect(),
        unreached: whom == Whom::Unreached,
        searched: !words.is_empty(),
        q,
    };
    let layout = at.frame(&room, staff, "/people", text(lang, "office-people-title", &[])).query(&room.query);
    room.draw(layout, body, "office/people/list.html").map(Private)
}

fn next(below: &str, q: &str, whom: Whom, after: Uuid) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("q", q);
    if whom == Whom::Unreached {
        query.append_pair("whom", "unreached");
    }
    format!("{below}?{}", query.append_pair("after", &after.to_string()).finish())
}

fn row(below: &str, known: &Known) -> Row {
    Row {
        href: format!("{below}/{}", known.id),
        name: known.name.clone(),
        contact: contact(known.email.as_deref(), known.code.as_deref(), &known.phone),
        unreached: is_unreached(known.email.as_deref(), known.undeliverable_at.is_some()),
        seats: known.seats,
        waiting: known.waiting,
    }
}

/// Something that somebody must be told.
#[derive(Serialize)]
struct Call {
    /// Where it is noted as told.
    action: String,
    person: String,
    name: String,
    phone: String,
    /// An address, which sends mails back.
    email: Option<String>,
    reason: String,
    session: String,
    lang: Option<String>,
    /// The session as it stands now.
    when: String,
    place: String,
    off: bool,
    state: Said,
    since: String,
}

/// The notes in words; those of sessions that are in no release any more are left out.
fn calls(lang: Lang, below: &str, published: &Published, open: &[ToCall]) -> Vec<Call> {
    let zone = published.release.programme.timezone;
    let call = |one: &ToCall| {
        let session = published.session_by_id(one.session_id)?;
        Some(Call {
            action: format!("{below}/to-call/{}", one.id),
            person: format!("{below}/{}", one.participant_id),
            name: one.name.clone(),
            phone: one.phone.clone(),
            email: one.email.clone(),
            reason: call_reason(lang, one.reason),
            session: session.title.clone(),
            lang: words::foreign_within(lang, &published.release.programme, session),
            when: words::when(lang, session),
            place: published.place_of(session).map_or_else(String::new, |place| place.name.clone()),
            off: session.status != crate::programme::Status::Scheduled,
            state: match one.state {
                // Where in the queue is looked up on the person's page.
                State::Waiting => Said { text: text(lang, "office-state-waiting-plain", &[]), class: "live" },
                other => state(lang, zone, other, None, 0),
            },
            since: moment(lang, zone, one.at),
        })
    };
    open.iter().filter_map(call).collect()
}

#[derive(Serialize)]
struct ToCallPage {
    people_href: String,
    calls: Vec<Call>,
    may_change: bool,
    /// There are more.
    more: bool,
}

#[get("/<lang>/office/<slug>/people/to-call", rank = 6)]
async fn to_call(signed: Signed, lang: Lang, slug: &str, room: Room<'_>) -> Result<Private<Html>> {
    let staff = signed.with(Right::SeeRegistrations)?;
    let mut db = room.db().await?;
    let (known, at) = At::programme(&mut db, staff, lang, slug, "registrations").await?;
    let below = format!("/{}/office/{slug}/people", lang.code());
    let open = store::calls::open(&mut db, known.id, CALLS_MAX).await?;
    let published = room.house.publications.by_id(known.id);
    let body = ToCallPage {
        calls: published.as_deref().map_or_else(Vec::new, |published| calls(lang, &below, published, &open)),
        may_change: may(staff.role, Right::ChangeRegistrations),
        more: open.len() >= CALLS_MAX.unsigned_abs() as usize,
        people_href: below,
    };
    let layout = at.frame(&room, staff, "/people/to-call", text(lang, "office-calls-title", &[]));
    let layout = match published {
        Some(published) => layout.zone(published.release.programme.timezone),
        None => layout,
    };
    room.draw(layout, body, "office/people/to_call.html").map(Private)
}

/// Somebody was told. Sent twice, it is told once.
#[post("/<lang>/office/<slug>/people/to-call/<call>?<back>", rank = 5)]
async fn called(
    _same: SameOrigin,
    signed: Signed,
    lang: Lang,
    slug: &str,
    call: &str,
    back: Option<&str>,
    room: Room<'_>,
) -> Result<Private<Redirect>> {
    let staff = signed.with(Right::ChangeRegistrations)?;
    let (known, _) = At::programme(&mut room.db().await?, staff, lang, slug, "registrations").await?;
    let id = Uuid::parse_str(call).map_err(|_| Error::NotFound)?;
    let mut tx = room.house.pool.begin().await?;
    let below = format!("/{}/office/{slug}/people", lang.code());
    let mut there = format!("{below}/to-call");
    if let Some((person, session)) = store::calls::done(&mut tx, known.id, id, staff.id, room.now).await? {
        let subject = audit::subject("person", person);
        let entry =
            Entry::new(&room.house.tokens, room.now, Actor::User(staff.id), "registration.call", subject);
        let facts = audit::Facts::default().with("session", session);
        audit::record(&mut tx, &entry.of(known.id).facts(audit::Facts::default(), facts)).await?;
        tx.commit().await?;
        if back == Some("person") {
            there = format!("{below}/{person}");
        }
    }
    Ok(Private(Redirect::to(there)))
}

/// The person of that id, if they are this programme's.
async fn find(db: &mut Conn, programme: Uuid, id: &str) -> Result<Person> {
    let id = Uuid::parse_str(id).map_err(|_| Error::NotFound)?;
    lists::person(db, programme, id).await?.ok_or(Error::NotFound)
}
