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
    proposals::{
        self,
        data::{Proposing, Whole},
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
            // Who has only proposed something is found by it.
            None => match proposals::forget::with_address(&mut db, known.id, email.as_str()).await? {
                Some(proposal) => {
                    return Ok(Answer::Done(format!("{}/people/{proposal}", home(lang, &known))));
                }
                None => text(lang, "data-person-none", &[]),
            },
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
    let person = here(&mut db, &known, id).await?;
    draw(&mut db, &room, staff, (&known, &at), lang, &person, FormState::default()).await.map(Private)
}

async fn draw(
    db: &mut Conn,
    room: &Room<'_>,
    staff: &Staff,
    (known, at): (&Known, &At),
    lang: Lang,
    person: &Person,
    form: FormState,
) -> Result<Html> {
    let id = person.id;
    let registrations = match person.what {
        What::Participant => seats::registrations_of(db, &[id]).await?,
        What::Proposer => Vec::new(),
    };
    let body = PersonPage {
        home: home(lang, known),
        here: format!("{}/people/{id}", home(lang, known)),
        name: person.name.clone(),
        email: person.email.clone().unwrap_or_default(),
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
    let person = here(&mut tx, &known, id).await?;
    let id = person.id;
    // Who has taken somebody's data with them stands in the log, though nothing has changed.
    audit::record(&mut tx, &entry(&room, staff, &known, id, "person.copy")).await?;
    tx.commit().await?;
    let proposals = match &person.email {
        Some(email) => proposals::data::of(room.house, email).await?,
        None => Vec::new(),
    };
    let bytes = match person.what {
        What::Participant => {
            serde_json::to_vec_pretty(&Whole { data: data::of(room.house, id).await?, proposals })
        }
        What::Proposer => {
            serde_json::to_vec_pretty(&Whole { data: Proposing { exported_at: room.now }, proposals })
        }
    };
    let bytes = bytes.map_err(|cause| Error::Internal(cause.to_string()))?;
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
    let person = here(&mut db, &known, id).await?;
    let confirmed = match &person.email {
        Some(known) => Email::parse(&typed.email).is_ok_and(|email| email.as_str() == known),
        // Registered by telephone.
        None => typed.email.trim() == person.name,
    };
    if !confirmed {
        let mut form = FormState::default();
        form.set("email", typed.email.clone());
        form.refuse("email", text(lang, "data-person-confirm-wrong", &[]));
        let html = draw(&mut db, &room, staff, (&known, &at), lang, &person, form).await?;
        return Ok(Answer::Wrong(Private(html)));
    }
    drop(db);
    let note = entry(&room, staff, &known, person.id, "person.erase");
    match (person.what, &person.email) {
        (What::Participant, email) => {
            // First: afterwards nobody knows the address any more.
            if let Some(email) = email {
                proposals::forget::erase_person(room.house, email, None).await?;
            }
            erasure::erase_noted(room.house, person.id, Some(&note)).await?;
        }
        (What::Proposer, Some(email)) => {
            proposals::forget::erase_person(room.house, email, Some(&note)).await?;
        }
        (What::Proposer, None) => return Err(Error::NotFound),
    }
    Ok(Answer::Done(format!("{}?done=person", home(lang, &known))))
}

fn entry(room: &Room<'_>, staff: &Staff, known: &Known, id: Uuid, action: &'static str) -> Entry {
    let subject = audit::subject("person", id);
    Entry::new(&room.house.tokens, room.now, Actor::User(staff.id), action, subject).of(known.id)
}

/// Somebody whose data the programme has.
struct Person {
    what: What,
    /// A participant's own, or that of one of their proposals.
    id: Uuid,
    name: String,
    /// `None` for who was registered by telephone.
    email: Option<String>,
}

/// How the programme knows them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    /// They have registered for something.
    Participant,
    /// They have only proposed something, through the public call.
    Proposer,
}

/// The person, where they are in this programme: nobody looks up those of another by their ids.
async fn here(db: &mut Conn, known: &Known, id: &str) -> Result<Person> {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    if store::is_in(db, known.id, id).await? {
        let person = seats::participant(db, id).await?.ok_or(Error::NotFound)?;
        return Ok(Person { what: What::Participant, id, name: person.name, email: person.email });
    }
    let proposer = proposals::store::forget::proposer(db, known.id, id).await?.ok_or(Error::NotFound)?;
    Ok(Person { what: What::Proposer, id, name: proposer.name, email: Some(proposer.email) })
}
