//! `/publish`: what publishing would change, whom it would be told, and doing it; now, or at a time. `/releases`: what
//! was published, and an older one again ([`history`]).

mod history;
mod mails;
mod page;
mod words;

pub use page::{names, zone};

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use rocket::{Route, form::Form, get, post, response::Redirect, routes};

use super::{Html, Right, Room, frame::At, guard::Signed};
use crate::{
    audit::Actor,
    error::Result,
    identity::Staff,
    locale::{Lang, text},
    programme::{instant, routes::site::Query},
    publication::{
        self, Outcome, Wish,
        planned::{self, Answer},
        preview::preview,
    },
    web::{
        form::FormState,
        guards::SameOrigin,
        reply::{Private, Sent},
        typed::Typed,
    },
};

/// The longest note on a release, in characters.
const NOTE_CHARS_MAX: usize = 1_000;

/// The routes of this area.
pub fn routes() -> Vec<Route> {
    routes![show, publish_now, plan, take_back, mails::show, history::list, history::show, history::again]
}

/// Why the page is shown.
enum Shown {
    /// Somebody looks.
    First,
    /// Something was just done: its word.
    Done(String),
    /// Something is wrong in the form.
    Again(FormState),
    /// What was to be published is not what was shown; and what was.
    Crossed(FormState),
}

#[get("/<lang>/office/<slug>/publish", rank = 6)]
async fn show(signed: Signed, lang: Lang, slug: &str, query: Query, room: Room<'_>) -> Result<Private<Html>> {
    let staff = signed.with(Right::SeeDraft)?;
    let done = query.pairs().find(|(name, _)| *name == "done").map(|(_, value)| value.to_owned());
    let shown = done.map_or(Shown::First, Shown::Done);
    draw(&room, staff, lang, slug, shown).await.map(Private)
}

#[post("/<lang>/office/<slug>/publish", data = "<typed>", rank = 6)]
async fn publish_now(
    _same: SameOrigin,
    signed: Signed,
    lang: Lang,
    slug: &str,
    typed: Form<Typed>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let staff = signed.with(Right::Publish)?;
    At::programme(&mut room.db().await?, staff, lang, slug, "publish").await?;
    let mut form = FormState::default();
    let note = note(lang, &typed, &mut form);
    if !form.errors.is_empty() {
        return draw(&room, staff, lang, slug, Shown::Again(form)).await.map(Sent::Mistakes).map(Private);
    }
    let wish = wish(staff, &note, &typed);
    let there = format!("/{}/office/{slug}", lang.code());
    Ok(Private(match publication::publish_by(room.house, slug, wish).await? {
        Outcome::Published(done) => {
            // Who published sees it at once; other processes within a second.
            publication::refresh(room.house).await?;
            match done.release {
                Some(release) => Sent::Done(format!("{there}/releases/{}?done=published", release.number)),
                None if done.settings > 0 => Sent::Done(format!("{there}/publish?done=settings")),
                None => Sent::Done(format!("{there}/publish?done=nothing")),
            }
        }
        Outcome::Before { release } => Sent::Done(format!("{there}/releases/{release}?done=published")),
        Outcome::Changed => Sent::Crossed(draw(&room, staff, lang, slug, Shown::Crossed(form)).await?),
    }))
}

#[post("/<lang>/office/<slug>/publish/plan", data = "<typed>", rank = 6)]
async fn plan(
    _same: SameOrigin,
    signed: Signed,
    lang: Lang,
    slug: &str,
    typed: Form<Typed>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let staff = signed.with(Right::Publish)?;
    let mut db = room.db().await?;
    let (known, _) = At::programme(&mut db, staff, lang, slug, "publish").await?;
    let zone = zone(&mut db, &known).await?;
    drop(db);
    let mut form = FormState::default();
    let note = note(lang, &typed, &mut form);
    let at = moment(lang, zone, &typed, &mut form);
    let Some(at) = at.filter(|_| form.errors.is_empty()) else {
        return draw(&room, staff, lang, slug, Shown::Again(form)).await.map(Sent::Mistakes).map(Private);
    };
    let answer = planned::plan(room.house, slug, at, wish(staff, &note, &typed)).await?;
    let refused = match answer {
        Answer::Planned => {
            return Ok(Private(Sent::Done(format!("/{}/office/{slug}/publish?done=planned", lang.code()))));
        }
        Answer::Changed => {
            let html = draw(&room, staff, lang, slug, Shown::Crossed(form)).await?;
            return Ok(Private(Sent::Crossed(html)));
        }
        Answer::Taken => text(lang, "publish-plan-taken", &[]),
        Answer::WrongTime => text(lang, "publish-plan-wrong-time", &[]),
    };
    form.refuse("day", refused);
    draw(&room, staff, lang, slug, Shown::Again(form)).await.map(Sent::Mistakes).map(Private)
}

#[post("/<lang>/office/<slug>/publish/plan/withdrawal", rank = 6)]
async fn take_back(
    _same: SameOrigin,
    signed: Signed,
    lang: Lang,
    slug: &str,
    room: Room<'_>,
) -> Result<Private<Redirect>> {
    let staff = signed.with(Right::Publish)?;
    let (known, _) = At::programme(&mut room.db().await?, staff, lang, slug, "publish").await?;
    let was_to_come = planned::take_back(room.house, known.id, Actor::User(staff.id)).await?;
    let done = if was_to_come { "unplanned" } else { "too-late" };
    Ok(Private(Redirect::to(format!("/{}/office/{slug}/publish?done={done}", lang.code()))))
}

fn wish<'w>(staff: &Staff, note: &'w str, typed: &'w Typed) -> Wish<'w> {
    // A form without it has seen nothing; no draft is named so.
    Wish { note, author: Actor::User(staff.id), seen: Some(typed.first("seen")), again: None }
}

/// One paragraph of plain text.
fn note(lang: Lang, typed: &Typed, form: &mut FormState) -> String {
    for field in ["note", "shown", "day", "time"] {
        form.set(field, typed.first(field));
    }
    let clean: String = typed.first("note").chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let note = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    if note.chars().count() > NOTE_CHARS_MAX {
        form.refuse("note", text(lang, "publish-note-long", &[("n", NOTE_CHARS_MAX.into())]));
    }
    note
}

/// The moment that was typed, local to the programme.
fn moment(lang: Lang, zone: Tz, typed: &Typed, form: &mut FormState) -> Option<DateTime<Utc>> {
    let day: Option<NaiveDate> = typed.first("day").trim().parse().ok();
    let time = typed.first("time").trim();
    let time = NaiveTime::parse_from_str(time, "%H:%M").or_else(|_| time.parse()).ok();
    if day.is_none() {
        form.refuse("day", text(lang, "publish-day-wrong", &[]));
    }
    if time.is_none() {
        form.refuse("time", text(lang, "publish-time-wrong", &[]));
    }
    Some(instant(zone, day?.and_time(time?)))
}

async fn draw(room: &Room<'_>, staff: &Staff, lang: Lang, slug: &str, shown: Shown) -> Result<Html> {
    let mut db = room.db().await?;
    let (known, at) = At::programme(&mut db, staff, lang, slug, "publish").await?;
    let around = page::Around::read(&mut db, room, &known).await?;
    drop(db);
    let preview = preview(room.house, slug).await?;
    let body = page::of(lang, &preview, &around, staff.role, shown);
    let layout = at.frame(room, staff, "/publish", text(lang, "publish-title", &[]));
    room.draw(layout, body, "office/publish.html")
}
