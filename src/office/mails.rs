//! The post: what is written and waits, what was sent, what did not arrive; of the whole house, and of one programme.

mod listing;
mod message;
mod one;
mod sample;
mod texts;

use rocket::{
    Request, Route, get,
    http::{ContentType, Status},
    post,
    response::{self, Redirect, Responder, status},
    routes,
};
use uuid::Uuid;

use super::{Html, Right, Room, frame::At, guard::Signed};
use crate::{
    audit::{self, Actor, Entry, Facts},
    error::{Error, Result},
    locale::Lang,
    mail::outbox::{self, Which, seen},
    web::{guards::SameOrigin, reply::Private},
};
use listing::{Asked, Place};
pub(super) use listing::{kind_words, may_read};
pub(super) use message::form::said_of as message_mistake;

/// The routes of this area.
pub fn routes() -> Vec<Route> {
    let own = routes![of_house, of_programme, retry_house, retry_programme];
    [own, one::routes(), message::routes(), texts::routes()].concat()
}

/// What a form is answered with.
pub(super) enum Answer {
    /// The page, with what was typed wrong.
    Wrong(Private<Html>),
    /// The page, with what somebody else has changed in the meantime.
    Crossed(Private<Html>),
    /// It is done: see there.
    Done(String),
}

impl<'r> Responder<'r, 'static> for Answer {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        match self {
            Answer::Wrong(page) => status::Custom(Status::UnprocessableEntity, page).respond_to(request),
            Answer::Crossed(page) => status::Custom(Status::Conflict, page).respond_to(request),
            Answer::Done(there) => Private(Redirect::to(there)).respond_to(request),
        }
    }
}

#[get("/<lang>/office/mails?<asked..>", rank = 5)]
async fn of_house(signed: Signed, lang: Lang, asked: Asked<'_>, room: Room<'_>) -> Result<Private<Html>> {
    let staff = signed.with(Right::SeeMails)?;
    let mut db = room.db().await?;
    let at = At::office(&mut db, staff, lang, "mails").await?;
    let body = listing::page(&mut db, &room, staff, &Place::house(lang, &room), &asked).await?;
    let layout = at.frame(&room, staff, "/mails", crate::locale::text(lang, "office-mails-title", &[]));
    let layout = layout.query(&room.query);
    room.draw(layout, body, "office/mails/list.html").map(Private)
}

#[get("/<lang>/office/<slug>/mails?<asked..>", rank = 6)]
async fn of_programme(
    signed: Signed,
    lang: Lang,
    slug: &str,
    asked: Asked<'_>,
    room: Room<'_>,
) -> Result<Private<Html>> {
    let staff = signed.with(Right::SeeMails)?;
    let mut db = room.db().await?;
    let (known, at) = At::programme(&mut db, staff, lang, slug, "mails").await?;
    let body = listing::page(&mut db, &room, staff, &Place::programme(lang, &room, &known), &asked).await?;
    let layout = at.frame(&room, staff, "/mails", crate::locale::text(lang, "office-mails-title", &[]));
    let layout = layout.query(&room.query);
    room.draw(layout, body, "office/mails/list.html").map(Private)
}

/// Every mail of the house that never left is tried again.
#[post("/<lang>/office/mails/retries", rank = 5)]
async fn retry_house(signed: Signed, _origin: SameOrigin, lang: Lang, room: Room<'_>) -> Result<Redirect> {
    let staff = signed.with(Right::ChangeMails)?;
    let mut tx = room.house.pool.begin().await?;
    let tried = outbox::retry(&mut tx, Which::AllFailed, room.now).await?;
    let entry = Entry::new(&room.house.tokens, room.now, Actor::User(staff.id), "mail.retry", "mail/all")
        .facts(Facts::default(), Facts::default().with("mails", tried));
    audit::record(&mut tx, &entry).await?;
    tx.commit().await?;
    room.house.mail.notify_one();
    Ok(Redirect::to(format!("/{}/office/mails?tried={tried}", lang.code())))
}

/// Every mail of a programme that never left is tried again.
#[post("/<lang>/office/<slug>/mails/retries", rank = 6)]
async fn retry_programme(
    signed: Signed,
    _origin: SameOrigin,
    lang: Lang,
    slug: &str,
    room: Room<'_>,
) -> Result<Redirect> {
    let staff = signed.with(Right::ChangeMails)?;
    let mut tx = room.house.pool.begin().await?;
    let (known, _) = At::programme(&mut tx, staff, lang, slug, "mails").await?;
    let tried = seen::retry_failed_of(&mut tx, &known.slug, room.now).await?;
    let entry = Entry::new(&room.house.tokens, room.now, Actor::User(staff.id), "mail.retry", "mail/all")
        .of(known.id)
        .facts(Facts::default(), Facts::default().with("mails", tried));
    audit::record(&mut tx, &entry).await?;
    tx.commit().await?;
    room.house.mail.notify_one();
    Ok(Redirect::to(format!("/{}/office/{}/mails?tried={tried}", lang.code(), known.slug)))
}

/// The id in an address.
fn id_of(text: &str) -> Result<Uuid> {
    text.parse().map_err(|_| Error::NotFound)
}

/// A mail as a page of its own, inside one of ours: it brings its style and its picture with it, and runs and loads nothing.
#[derive(Debug)]
pub(super) struct Framed(pub String);

impl<'r> Responder<'r, 'static> for Framed {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        let mut response = Private((ContentType::HTML, self.0)).respond_to(request)?;
        response.set_raw_header(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox",
        );
        response.set_raw_header("X-Frame-Options", "SAMEORIGIN");
        Ok(response)
    }
}
