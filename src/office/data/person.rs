//! One person's data, when they ask the organisers for it: a copy, and erasure.

use rocket::{FromForm, Route, form::Form, get, http::ContentType, post, routes};
use serde::Serialize;
use uuid::Uuid;

use super::{Download, home};
use crate::{
    audit::{self, Actor, Entry},
    db::Conn,
    error::{Error, Result},
    identity::Staff,
    locale::{Lang, text},
    office::{
        Html, Right, Room,
        frame::{At, Known},
        guard::Signed,
        mails::Answer,
    },
    registration::{data, erasure, person::Email, retention::store, store as seats},
    web::{form::FormState, guards::SameOrigin, reply::Private},
};

pub(super) fn routes() -> Vec<Route> {
    routes![find, show, copy, erase]
}

#[derive(FromForm)]
struct Wanted {
    #[field(default = String::new())]
    email: String,
}

/// Finds who has that address in this programme. A post, so that no address stands in an address.
#[post("/<lang>/office/<slug>/data/people", data = "<typed>", rank = 6)]
async fn find(
    signed: Signed,
    _origin: SameOrigin,
    lang: Lang,
    slug: &str,
    typed: Form<Wanted>,
    room: Room<'_>,
) -> Result<Answer> {
    let staff = signed.with(Right::EraseData)?;
    let mut db = room.db().await?;
    let (known, at) = At::programme(&mut db, staff, lang, slug, "data").await?;
    let wrong = match Email::parse(&typed.email) {
        Ok(email) => match store::person_in(&mut db, known.id, email.as_str()).await? {
            Some(person) => {
                return Ok(Answer::Done(format!("{}/people/{person}", home(lang, &known))));
            }
            None => text(lang, "data-person-none", &[]),
        },
        Err(wrong) => text(lang, wrong.key(), &[]),
    };
    let mut form = FormState::default();
    form.set("email", typed.email.clone());
    form.refuse("email", wrong);
    super::draw(&mut db, &room, staff, (&known, &at), lang, form, None).await.map(Private).map(Answer::Wrong)
}

/// What `office/data/person.html` shows.
#[derive(Serialize)]
struct PersonPage {
    home: String,
    here: String,
    name: String,
    email: String,
    /// Registrations that are not over.
    live: usize,
    form: FormState,
}

#[get("/<lang>/office/<slug>/data/people/<id>", rank = 7)]
async fn show(signed: Signed, lang: Lang, slug: &str, id: &str, room: Room<'_>) -> Result<Private<Html>> {
    let staff = signed.with(Right::EraseData)?;
    let mut db = room.db().await?;
    let (known, at) = At::programme(&mut db, staff, lang, slug, "data").await?;
    let id = here(&mut db, &known, id).await?;
    draw(&mut db, &room, staff, (&known, &at), lang, id, FormState::default()).await.map(Private)
}

async fn draw(
    db: &mut Conn,
    room: &Room<'_>,
    staff: &Staff,
    (known, at): (&Known, &At),
    lang: Lang,
    id: Uuid,
    form: FormState,
) -> Result<Html> {
    let person = seats::participant(db, id).await?.ok_or(Error::NotFound)?;
    let registrations = seats::registrations_of(db, &[id], None).await?;
    let body = PersonPage {
        home: home(lang, known),
        here: format!("{}/people/{id}", home(lang, known)),
        name: person.name,
        email: person.email.unwrap_or_default(),
        live: registrations.iter().filter(|registration| registration.state.is_live()).count(),
        form,
    };
    let layout = at.frame(room, staff, &format!("/data/people/{id}"), text(lang, "data-person-title", &[]));
    room.draw(layout, body, "office/data/person.html")
}

/// The file that the person's own page gives.
#[get("/<lang>/office/<slug>/data/people/<id>/data.json", rank = 7)]
async fn copy(signed: Signed, lang: Lang, slug: &str, id: &str, room: Room<'_>) -> Result<Private<Download>> {
    let staff = signed.with(Right::EraseData)?;
    let mut tx = room.house.pool.begin().await?;
    let (known, _) = At::programme(&mut tx, staff, lang, slug, "data").await?;
    let id = here(&mut tx, &known, id).await?;
    // Who has taken somebody's data with them stands in the log, though nothing has changed.
    audit::record(&mut tx, &entry(&room, staff, &known, id, "person.copy")).await?;
    tx.commit().await?;
    let data = data::of(room.house, id).await?;
    let bytes = serde_json::to_vec_pretty(&data).map_err(|cause| Error::Internal(cause.to_string()))?;
    Ok(Private(Download { name: format!("{id}.json"), content_type: ContentType::JSON, bytes }))
}

/// Erases the person, everywhere; their address has to be typed.
#[post("/<lang>/office/<slug>/data/people/<id>/erasure", data = "<typed>", rank = 7)]
async fn erase(
    signed: Signed,
    _origin: SameOrigin,
    lang: Lang,
    slug: &str,
    id: &str,
    typed: Form<Wanted>,
    room: Room<'_>,
) -> Result<Answer> {
    let staff = signed.with(Right::EraseData)?;
    let mut db = room.db().await?;
    let (known, at) = At::programme(&mut db, staff, lang, slug, "data").await?;
    let id = here(&mut db, &known, id).await?;
    let person = seats::participant(&mut db, id).await?.ok_or(Error::NotFound)?;
    let confirmed = match &person.email {
        Some(known) => Email::parse(&typed.email).is_ok_and(|email| email.as_str() == known),
        // Registered by telephone.
        None => typed.email.trim() == person.name,
    };
    if !confirmed {
        let mut form = FormState::default();
        form.set("email", typed.email.clone());
        form.refuse("email", text(lang, "data-person-confirm-wrong", &[]));
        let html = draw(&mut db, &room, staff, (&known, &at), lang, id, form).await?;
        return Ok(Answer::Wrong(Private(html)));
    }
    drop(db);
    erasure::erase_noted(room.house, id, Some(&entry(&room, staff, &known, id, "person.erase"))).await?;
    Ok(Answer::Done(format!("{}?done=person", home(lang, &known))))
}

fn entry(room: &Room<'_>, staff: &Staff, known: &Known, id: Uuid, action: &'static str) -> Entry {
    let subject = audit::subject("person", id);
    Entry::new(&room.house.tokens, room.now, Actor::User(staff.id), action, subject).of(known.id)
}

/// The person, where they are in this programme: nobody looks up those of another by their ids.
async fn here(db: &mut Conn, known: &Known, id: &str) -> Result<Uuid> {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    if store::is_in(db, known.id, id).await? { Ok(id) } else { Err(Error::NotFound) }
}
