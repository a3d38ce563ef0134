//! A seat that is held for somebody: the page that says until when, and the post that takes it.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use rocket::{get, post, response::Redirect};
use serde::Serialize;
use uuid::Uuid;

use super::{
    Html, Room,
    agenda::{self, Known},
    agenda_of, own, read,
};
use crate::{
    error::{Error, Result},
    locale::{self, Lang, Value, text},
    programme::{
        Status,
        routes::{rows, site::Query},
        words,
    },
    registration::{Acceptance, Answer, Awaits, Request as Ask, State, decide::Participant},
    tokens::Purpose,
    web::{
        guards::{RateLimited, SameOrigin},
        reply::Private,
    },
};

/// What `registration/offer.html` shows.
#[derive(Debug, Serialize)]
struct OfferPage {
    agenda: String,
    action: String,
    stand: Stand,
    lead: String,
    line: Facts,
    people: i64,
    /// A rule of the programme does not allow it: in words, just after the button was pressed.
    limited: Option<String>,
    /// Asks on the agenda whether to give it back.
    decline: String,
}

#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
enum Stand {
    /// A seat is offered.
    Open,
    /// The order is still to be confirmed; this page does it, too.
    Confirm,
    /// The person has the seat.
    Taken,
    /// There is nothing to take.
    Gone,
}

impl Stand {
    /// The messages of title and lead.
    fn keys(self) -> (&'static str, &'static str) {
        match self {
            Stand::Open => ("offer-title-open", "offer-lead-open"),
            Stand::Confirm => ("confirm-title-open", "confirm-lead-open"),
            Stand::Taken => ("offer-title-taken", "offer-lead-taken"),
            Stand::Gone => ("offer-title-gone", "offer-lead-gone"),
        }
    }
}

/// A session on a page about one order or offer.
#[derive(Debug, Serialize)]
pub struct Facts {
    pub href: String,
    pub title: String,
    pub lang: Option<String>,
    pub theme: Option<String>,
    pub datetime: String,
    pub when: String,
    pub place: String,
}

impl Facts {
    /// What the public sees of it; [`agenda::known`] has looked for the session.
    pub fn of(known: &Known, lang: Lang) -> Option<Facts> {
        let (session, published) = (known.session()?, &known.published);
        let place = published.place_of(session).map(|place| place.name.clone());
        let online = session.online.then(|| text(lang, "online", &[]));
        Some(Facts {
            href: format!("/{}/{}/sessions/{}", lang.code(), published.slug(), session.slug),
            title: session.title.clone(),
            lang: words::foreign(lang, session),
            theme: session.theme.clone(),
            datetime: rows::datetime(published.release.programme.timezone, session),
            when: words::when(lang, session),
            place: place.into_iter().chain(online).collect::<Vec<_>>().join(", "),
        })
    }
}

/// The values `day` and `time` of a message.
pub fn moment(lang: Lang, zone: Tz, at: DateTime<Utc>) -> [(&'static str, Value<'static>); 2] {
    let at = at.with_timezone(&zone).naive_local();
    let (day, time) = (locale::full_date(lang, at.date()), locale::time(lang, at.time()));
    [("day", day.into()), ("time", time.into())]
}

/// Until when something can be taken or confirmed; `None` where there is nothing, or not any more. The desk has the
/// last word.
pub fn open_until(known: &Known, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let session = known.session()?;
    let starts = session.starts_at(known.published.release.programme.timezone);
    let open = session.status == Status::Scheduled && now < starts;
    known.mine.deadline.filter(|deadline| open && now < *deadline)
}

/// Where a seat in that session is taken.
pub fn address(lang: Lang, token: &str, session: Uuid) -> String {
    format!("{}/offers/{session}", agenda_of(lang, token))
}

/// The session that the address names, by slug or id: the one that is held, where several are called so.
fn find(mine: Vec<Known>, name: &str) -> Result<Known> {
    let mut named: Vec<_> = mine.into_iter().filter(|known| known.is(name)).collect();
    let at = named.iter().position(|known| known.mine.deadline.is_some()).unwrap_or(0);
    if named.is_empty() { Err(Error::NotFound) } else { Ok(named.swap_remove(at)) }
}

/// Ends the address of a page that says that a rule of the programme did not allow what was asked.
pub const LIMITED: &str = "said=limited";

/// These words, where the address ends so.
pub fn limited(lang: Lang, query: &Query) -> Option<String> {
    let is_said = query.pairs().any(|(name, value)| LIMITED.split_once('=') == Some((name, value)));
    is_said.then(|| text(lang, "confirm-limited", &[]))
}

async fn look(room: &Room<'_>, token: &str, session: &str) -> Result<(Participant, Known)> {
    let mut db = room.db().await?;
    let person = room.person(&mut db, token, Purpose::Agenda).await?;
    let mine = agenda::known(read::agenda(&mut db, person.id).await?, &room.house.publications);
    Ok((person, find(mine, session)?))
}

#[get("/<lang>/agenda/<token>/offers/<session>", rank = 5)]
pub async fn show(
    lang: Lang,
    token: &str,
    session: &str,
    query: Query,
    room: Room<'_>,
) -> Result<Private<Html>> {
    let (_, known) = look(&room, token, session).await?;
    let line = Facts::of(&known, lang).ok_or(Error::NotFound)?;
    let zone = known.published.release.programme.timezone;
    let until = open_until(&known, room.now);
    let stand = match (until, known.mine.awaits, known.mine.state) {
        (Some(_), Some(Awaits::Link), _) => Stand::Confirm,
        (Some(_), _, _) => Stand::Open,
        (None, _, State::Confirmed) => Stand::Taken,
        (None, _, State::Waiting | State::Offered | State::Cancelled) => Stand::Gone,
    };
    let values = until.map(|until| moment(lang, zone, until));
    let (title, lead) = stand.keys();
    let lead = text(lang, lead, values.as_ref().map_or(&[], |values| &values[..]));
    let agenda = agenda_of(lang, token);
    let body = OfferPage {
        action: address(lang, token, known.mine.session_id),
        decline: format!("{agenda}?cancel={}#s-{}", known.mine.session_id, known.mine.session_id),
        people: known.mine.people,
        limited: limited(lang, &query).filter(|_| matches!(stand, Stand::Confirm)),
        agenda,
        stand,
        lead,
        line,
    };
    let title = text(lang, title, &[]);
    let path = format!("/agenda/{token}/offers/{session}");
    let layout = room.agenda_frame(lang, &path, title, std::slice::from_ref(&known));
    room.draw(layout, body, "registration/offer.html").map(Private)
}

#[post("/<lang>/agenda/<token>/offers/<session>", rank = 5)]
pub async fn take(
    _same: SameOrigin,
    _limit: RateLimited,
    lang: Lang,
    token: &str,
    session: &str,
    room: Room<'_>,
) -> Result<Private<Redirect>> {
    let (person, known) = look(&room, token, session).await?;
    let acceptance = Acceptance { participant: person.id, session: known.mine.session_id };
    match room.desk.ask(Ask::Accept(acceptance)).await? {
        Answer::Accepted => Ok(Private(Redirect::to(own::said(lang, token, "taken")))),
        Answer::Confirmed(done) if done.is_empty() => {
            Ok(Private(Redirect::to(format!("{}?{LIMITED}", address(lang, token, known.mine.session_id)))))
        }
        Answer::Confirmed(_) => Ok(Private(Redirect::to(own::said(lang, token, "added")))),
        // That page says why.
        Answer::TooLate => Ok(Private(Redirect::to(address(lang, token, known.mine.session_id)))),
        other => Err(other.unexpected()),
    }
}
