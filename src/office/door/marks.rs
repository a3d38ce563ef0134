//! Marks as they come in: one from a form, or some that a telephone has kept.

use rocket::{
    Data, Request,
    data::ToByteUnit as _,
    form::Form,
    http::{ContentType, Status},
    post,
    response::{self, Redirect, Responder},
};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{
    Door,
    live::Update,
    rows::Show,
    session::{self, Asked, address, too_early},
};
use crate::{
    audit::Actor,
    error::{Error, Result},
    identity::Staff,
    locale::{Lang, text},
    office::{Right, Room, guard::Signed, registrations::Opened},
    registration::attendance::{
        door::{self, MARKS_MAX, Mark, Taken, WALK_INS_MAX},
        live,
    },
    web::{guards::SameOrigin, reply::Private, typed::Typed},
};

/// What a telephone sends at once, in bytes: [`MARKS_MAX`] of them, with room.
const BODY_BYTES_MAX: u64 = 128 * 1024;

/// What became of a form.
pub(super) enum Marked {
    /// It counts: see there.
    Done(String),
    /// The page, which says why not.
    Refused(Door),
}

impl<'r> Responder<'r, 'static> for Marked {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        match self {
            Marked::Done(there) => Redirect::to(there).respond_to(request),
            Marked::Refused(page) => (Status::UnprocessableEntity, page).respond_to(request),
        }
    }
}

async fn door_of(room: &Room<'_>, staff: &Staff, lang: Lang, session: (&str, &str)) -> Result<Opened> {
    Opened::of(room, &mut room.db().await?, (staff, lang), session, "door").await
}

/// Marks one registration, now. Sent twice, it is the same.
#[post("/<lang>/office/<slug>/door/<session>/marks", data = "<typed>", rank = 6)]
pub(super) async fn mark(
    _same: SameOrigin,
    signed: Signed,
    lang: Lang,
    slug: &str,
    session: &str,
    typed: Form<Typed>,
    room: Room<'_>,
) -> Result<Private<Marked>> {
    let staff = signed.with(Right::MarkAttendance)?;
    let door = door_of(&room, staff, lang, (slug, session)).await?;
    let registration = Uuid::parse_str(typed.first("registration")).map_err(|_| Error::NotFound)?;
    let came = match typed.first("came").trim() {
        "" => None,
        people => Some(people.parse().map_err(|_| Error::NotFound)?),
    };
    let mark = Mark { registration, came, made_at: room.now };
    let taken =
        door::take(room.house, Actor::User(staff.id), door.known.id, door.session.id, &[mark], room.now)
            .await?;
    match taken {
        Taken::Done(standing) if standing.contains_key(&registration) => {
            room.doors.look_now(door.session.id);
            let home = format!("/{}/office/{slug}/door/{}", lang.code(), door.session.slug);
            let there = if typed.first("q").trim().is_empty() {
                let page = typed.first("page").parse().unwrap_or(1);
                let list = address(&home, "", Show::parse(Some(typed.first("show"))), page);
                format!("{list}#r-{registration}")
            } else {
                // Whoever was looked for is found: the field is free for the next.
                format!("{home}?said={registration}")
            };
            Ok(Private(Marked::Done(there)))
        }
        Taken::Done(_) | Taken::Unknown => Err(Error::NotFound),
        // The page says it.
        Taken::NotYet(_) | Taken::Off => {
            let page = session::draw(&signed, lang, slug, session, &Asked::default(), None, &room).await?;
            Ok(Private(Marked::Refused(page)))
        }
    }
}

/// Counts who came without being registered.
#[post("/<lang>/office/<slug>/door/<session>/walk-ins", data = "<typed>", rank = 6)]
pub(super) async fn count(
    _same: SameOrigin,
    signed: Signed,
    lang: Lang,
    slug: &str,
    session: &str,
    typed: Form<Typed>,
    room: Room<'_>,
) -> Result<Private<Marked>> {
    let staff = signed.with(Right::MarkAttendance)?;
    let door = door_of(&room, staff, lang, (slug, session)).await?;
    let said = typed.first("people").trim();
    let people = said.parse().ok().filter(|people| (0..=WALK_INS_MAX).contains(people));
    let taken = match people {
        Some(people) => {
            door::count_walk_ins(
                room.house,
                Actor::User(staff.id),
                door.known.id,
                door.session.id,
                people,
                room.now,
            )
            .await?
        }
        None => {
            let asked = Asked::default();
            let page = session::draw(&signed, lang, slug, session, &asked, Some(said), &room).await?;
            return Ok(Private(Marked::Refused(page)));
        }
    };
    match taken {
        Taken::Done(_) => {
            room.doors.look_now(door.session.id);
            let home = format!("/{}/office/{slug}/door/{}", lang.code(), door.session.slug);
            Ok(Private(Marked::Done(format!("{home}#walk-in"))))
        }
        Taken::Unknown => Err(Error::NotFound),
        // The page says it.
        Taken::NotYet(_) | Taken::Off => {
            let page = session::draw(&signed, lang, slug, session, &Asked::default(), None, &room).await?;
            Ok(Private(Marked::Refused(page)))
        }
    }
}

/// Marks that a telephone has kept, each with its age: how many milliseconds ago it was made.
#[derive(Deserialize)]
struct Kept {
    marks: Vec<KeptMark>,
}

#[derive(Deserialize)]
struct KeptMark {
    registration: Uuid,
    came: Option<i64>,
    ago: i64,
}

/// Takes marks that were kept, and says how things stand then. What cannot be taken is said with a sentence, and need not
/// be sent again.
#[post("/<lang>/office/<slug>/door/<session>/marks", format = "json", data = "<sent>", rank = 5)]
pub(super) async fn take(
    _same: SameOrigin,
    signed: Signed,
    lang: Lang,
    slug: &str,
    session: &str,
    sent: Data<'_>,
    room: Room<'_>,
) -> Result<Private<(Status, (ContentType, String))>> {
    let staff = signed.with(Right::MarkAttendance)?;
    let door = door_of(&room, staff, lang, (slug, session)).await?;
    let refused = |why: String| {
        let body = json!({ "refused": why }).to_string();
        Ok(Private((Status::UnprocessableEntity, (ContentType::JSON, body))))
    };
    let Some(kept) = read(sent).await else { return refused(text(lang, "office-door-unread", &[])) };
    let mark = |kept: &KeptMark| Mark {
        registration: kept.registration,
        came: kept.came,
        made_at: door::made_at(room.now, kept.ago),
    };
    let marks: Vec<_> = kept.marks.iter().map(mark).collect();
    match door::take(room.house, Actor::User(staff.id), door.known.id, door.session.id, &marks, room.now)
        .await?
    {
        Taken::Done(settled) => {
            room.doors.look_now(door.session.id);
            let standing =
                live::standing(&mut room.db().await?, door.session.id).await?.ok_or(Error::NotFound)?;
            let update = Update::of(&standing, settled);
            let body = serde_json::to_string(&update).map_err(|cause| Error::Internal(cause.to_string()))?;
            Ok(Private((Status::Ok, (ContentType::JSON, body))))
        }
        Taken::NotYet(opens) => refused(too_early(lang, door.published.release.programme.timezone, opens)),
        Taken::Off => refused(text(lang, "office-door-off", &[])),
        Taken::Unknown => refused(text(lang, "office-door-unknown", &[])),
    }
}

/// What was sent; `None` for what is too much, or is none.
async fn read(sent: Data<'_>) -> Option<Kept> {
    let body = sent.open(BODY_BYTES_MAX.bytes()).into_string().await.ok()?;
    if !body.is_complete() {
        return None;
    }
    let kept: Kept = serde_json::from_str(&body).ok()?;
    (kept.marks.len() <= MARKS_MAX).then_some(kept)
}
