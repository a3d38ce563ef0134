//! The link in the mail of an order that must be confirmed: opening it shows what, a post confirms all of it.

use rocket::{get, post, response::Redirect};
use serde::Serialize;
use uuid::Uuid;

use super::{
    Html, Room,
    agenda::{self, Known},
    offer::{Facts, LIMITED, limited, moment, open_until},
    read,
};
use crate::{
    error::{Error, Result},
    locale::{Lang, text},
    programme::{Status, routes::site::Query},
    registration::{Answer, Awaits, Confirmation, Request as Ask, State, letters::CONFIRM_VERSION},
    tokens::{LinkKey, Purpose},
    web::{
        guards::{RateLimited, SameOrigin},
        reply::Private,
    },
};

/// What `registration/confirm.html` shows.
#[derive(Debug, Serialize)]
struct ConfirmPage {
    action: String,
    home: String,
    /// `open`, `done`, `late`.
    stand: Stand,
    lead: String,
    lines: Vec<Line>,
    /// A rule of the programme does not allow all of it: in words, just after the button was pressed.
    limited: Option<String>,
    /// The form again, with the sessions that are not this person's any more.
    again: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Stand {
    Open,
    Done,
    Late,
}

impl Stand {
    fn title(self) -> &'static str {
        match self {
            Stand::Open => "confirm-title-open",
            Stand::Done => "confirm-title-done",
            Stand::Late => "confirm-title-late",
        }
    }

    fn lead(self) -> &'static str {
        match self {
            Stand::Open => "confirm-lead-open",
            Stand::Done => "confirm-lead-done",
            Stand::Late => "confirm-lead-late",
        }
    }
}

#[derive(Debug, Serialize)]
struct Line {
    facts: Facts,
    class: &'static str,
    state: String,
}

/// What the order named, as it stands now for the person whose address it bears: nobody else has this link.
async fn look(room: &Room<'_>, token: &str) -> Result<(Uuid, Vec<Known>)> {
    if !room.house.key.holds(token, Purpose::Confirm, CONFIRM_VERSION) {
        return Err(Error::OldLink);
    }
    let id = LinkKey::named(token).ok_or(Error::OldLink)?;
    let mut db = room.db().await?;
    let (_, items) = read::order(&mut db, id).await?.ok_or(Error::OldLink)?;
    let participant = read::participant_of_order(&mut db, id).await?.ok_or(Error::OldLink)?;
    let mut mine = agenda::known(read::agenda(&mut db, participant).await?, &room.house.publications);
    mine.retain(|known| items.iter().any(|item| item.session_id == known.mine.session_id));
    Ok((participant, mine))
}

fn awaits_link(known: &Known) -> bool {
    known.mine.awaits == Some(Awaits::Link)
}

#[get("/<lang>/confirm/<token>", rank = 5)]
pub async fn show(lang: Lang, token: &str, query: Query, room: Room<'_>) -> Result<Private<Html>> {
    let (_, mine) = look(&room, token).await?;
    let published = &mine.first().ok_or(Error::OldLink)?.published;
    let zone = published.release.programme.timezone;
    let until =
        mine.iter().filter(|known| awaits_link(known)).filter_map(|known| open_until(known, room.now)).min();
    let gone: Vec<_> = mine.iter().filter(|known| is_gone(known, &room)).collect();
    let stand = match (until, gone.is_empty()) {
        (Some(_), _) => Stand::Open,
        (None, true) => Stand::Done,
        (None, false) => Stand::Late,
    };
    let slugs = gone.iter().filter_map(|known| Some(format!("session={}", known.session()?.slug)));
    let slugs: Vec<_> = slugs.collect();
    let home = format!("/{}/{}", lang.code(), published.slug());
    let values = until.map(|until| moment(lang, zone, until));
    let body = ConfirmPage {
        action: format!("/{}/confirm/{token}", lang.code()),
        again: (stand != Stand::Open && !slugs.is_empty())
            .then(|| format!("{home}/register?{}", slugs.join("&"))),
        limited: limited(lang, &query).filter(|_| stand == Stand::Open),
        home,
        stand,
        lead: text(lang, stand.lead(), values.as_ref().map_or(&[], |values| &values[..])),
        lines: mine.iter().filter_map(|known| line(known, lang, &room)).collect(),
    };
    let title = text(lang, stand.title(), &[]);
    let layout = room.agenda_frame(lang, &format!("/confirm/{token}"), title, &mine).current("");
    room.draw(layout, body, "registration/confirm.html").map(Private)
}

/// True for what the order does not have any more.
fn is_gone(known: &Known, room: &Room<'_>) -> bool {
    known.mine.state == State::Cancelled || (awaits_link(known) && open_until(known, room.now).is_none())
}

fn line(known: &Known, lang: Lang, room: &Room<'_>) -> Option<Line> {
    let say = |key: &str| text(lang, key, &[]);
    let off = known.session()?.status != Status::Scheduled;
    let (class, state) = match known.mine.state {
        _ if off => ("cancelled", say("seat-cancelled")),
        _ if is_gone(known, room) => ("cancelled", say("confirm-gone")),
        State::Waiting if awaits_link(known) => ("waiting", say("order-turn-held")),
        State::Offered if awaits_link(known) => ("offered", say("order-seat-held")),
        State::Offered => ("offered", say("state-offered")),
        State::Waiting => ("waiting", text(lang, "state-waiting", &[("n", known.mine.position.into())])),
        State::Confirmed => ("confirmed", say("state-confirmed")),
        State::Cancelled => ("cancelled", say("state-cancelled")),
    };
    Some(Line { facts: Facts::of(known, lang)?, class, state })
}

#[post("/<lang>/confirm/<token>", rank = 5)]
pub async fn send(
    _same: SameOrigin,
    _limit: RateLimited,
    lang: Lang,
    token: &str,
    room: Room<'_>,
) -> Result<Private<Redirect>> {
    let (participant, mine) = look(&room, token).await?;
    let open = |known: &&Known| awaits_link(known) && open_until(known, room.now).is_some();
    let awaiting = mine.iter().filter(open).count();
    let sessions = mine.iter().map(|known| known.mine.session_id).collect();
    let page = format!("/{}/confirm/{token}", lang.code());
    match room.desk.ask(Ask::Confirm(Confirmation { participant, sessions })).await? {
        // The page says where each session stands now, also where nothing was to be confirmed any more.
        Answer::Confirmed(done) if done.len() < awaiting => {
            Ok(Private(Redirect::to(format!("{page}?{LIMITED}"))))
        }
        Answer::Confirmed(_) => Ok(Private(Redirect::to(page))),
        other => Err(other.unexpected()),
    }
}
