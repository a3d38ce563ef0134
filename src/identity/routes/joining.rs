//! The page behind an organisation's link: who comes says who they are, and goes on in their mailbox. The answer is the
//! same, whether anybody has the address, and given before anybody has looked. The page behind the link in the mail: who
//! has the mailbox joins, by its form; opening it changes nothing.

use rocket::{form::Form, get, http::CookieJar, post};
use serde::Serialize;
use tokio::sync::Semaphore;

use super::mailed::{Asks, Behind, come_in};
use crate::{
    db::Conn,
    error::{Error, Result},
    identity::{
        Membership,
        joining::{self, Newcomer},
        sign_in::Whence,
    },
    locale::{Lang, text},
    office::{Html, Room, frame},
    programme::{self, routes::site::Query},
    registration::person::{Email, Name},
    web::{
        form::FormState,
        guards::{RateLimitedLink, SameOrigin},
        reply::{Private, Sent},
        typed::Typed,
    },
};

/// How many who have typed an address are looked at at once; who comes on top gets the same answer, and no mail.
static TURNS: Semaphore = Semaphore::const_new(16);

/// What `identity/join.html` shows.
#[derive(Serialize)]
struct JoinPage {
    action: String,
    organisation: String,
    programme: String,
    done: bool,
    form: FormState,
}

/// Why the page is shown.
enum Shown {
    /// Somebody is to say who they are.
    Form(FormState),
    /// They have said it.
    Done,
}

#[get("/<lang>/office/join/<token>", rank = 5)]
pub async fn show(lang: Lang, token: &str, query: Query, room: Room<'_>) -> Result<Private<Html>> {
    let mut db = room.db().await?;
    let of = joining::open(&mut db, &room.house.key, token, room.now).await?;
    let shown = if query.value("done") == "sent" { Shown::Done } else { Shown::Form(FormState::default()) };
    draw(&mut db, &room, lang, (token, &of), shown).await.map(Private)
}

#[post("/<lang>/office/join/<token>", data = "<typed>", rank = 5)]
pub async fn send(
    _same: SameOrigin,
    _limit: RateLimitedLink,
    lang: Lang,
    token: &str,
    typed: Form<Typed>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let mut db = room.db().await?;
    let of = joining::open(&mut db, &room.house.key, token, room.now).await?;
    let mut form = FormState::default();
    for field in ["name", "email"] {
        form.set(field, typed.first(field));
    }
    let name =
        Name::parse(typed.first("name")).map_err(|why| form.refuse("name", text(lang, why.key(), &[])));
    let email =
        Email::parse(typed.first("email")).map_err(|why| form.refuse("email", text(lang, why.key(), &[])));
    let (Ok(name), Ok(email)) = (name, email) else {
        let html = draw(&mut db, &room, lang, (token, &of), Shown::Form(form)).await?;
        return Ok(Private(Sent::Mistakes(html)));
    };
    if let Some(seconds) = room.limits.wait_of_mailbox(&email.mailbox()) {
        form.refuse("email", text(lang, "email-often", &[]));
        let html = draw(&mut db, &room, lang, (token, &of), Shown::Form(form)).await?;
        return Ok(Private(Sent::TooOften(html, seconds)));
    }
    // Where nothing can be written, nothing is promised, to whomever.
    if room.house.pool.closing().is_cancelled() {
        return Err(Error::Busy("shutting down"));
    }
    let (house, link) = (room.house.clone(), token.to_owned());
    let newcomer = Newcomer { email, name: Some(name), lang };
    // Answered without waiting for it: how long it takes would tell who is known.
    match TURNS.try_acquire() {
        Ok(turn) => {
            room.house.pool.tasks().spawn(async move {
                let _turn = turn;
                if let Err(cause) = joining::ask(&house, &newcomer, &link).await {
                    log::error!("somebody who joins could not be asked: {cause}");
                }
            });
        }
        Err(_) => log::warn!("too many join at once: one of them was not asked"),
    }
    Ok(Private(Sent::Done(format!("/{}/office/join/{token}?done=sent", lang.code()))))
}

#[get("/<lang>/office/joining/<token>", rank = 5)]
pub async fn show_answer(lang: Lang, token: &str, room: Room<'_>) -> Result<Private<Html>> {
    let mut db = room.db().await?;
    let (request, of) = joining::asked(&mut db, &room.house.key, token, room.now).await?;
    let (organisation, programme) = names(&mut db, &of).await?;
    let values = [("organisation", organisation.into()), ("programme", programme.into())];
    let behind = Behind {
        path: format!("/joining/{token}"),
        title: "join-title",
        submit: "join-answer-submit",
        asks: Asks::Nothing,
    };
    let lead = text(lang, "join-answer-lead", &values);
    behind.draw(&room, lang, lead, request.email, FormState::default()).map(Private)
}

#[post("/<lang>/office/joining/<token>", rank = 5)]
pub async fn answer(
    _same: SameOrigin,
    _limit: RateLimitedLink,
    lang: Lang,
    token: &str,
    whence: Whence,
    cookies: &CookieJar<'_>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let entry = joining::answer(room.house, token, &whence).await?;
    come_in(&room, lang, cookies, entry).map(Private)
}

/// What organisation and programme are called.
///
/// # Errors
/// [`Error::OldLink`] where the organisation was taken out of the programme: it has nobody who could join it.
async fn names(db: &mut Conn, of: &Membership) -> Result<(String, String)> {
    let draft = programme::store::frame_of(db, of.programme).await?.ok_or(Error::OldLink)?;
    let organisation = draft.organisations.into_iter().find(|one| one.slug == of.organisation);
    Ok((organisation.ok_or(Error::OldLink)?.name, draft.programme.title))
}

async fn draw(
    db: &mut Conn,
    room: &Room<'_>,
    lang: Lang,
    (token, of): (&str, &Membership),
    shown: Shown,
) -> Result<Html> {
    let (done, form) = match shown {
        Shown::Form(form) => (false, form),
        Shown::Done => (true, FormState::default()),
    };
    let (organisation, programme) = names(db, of).await?;
    let body = JoinPage {
        action: format!("/{}/office/join/{token}", lang.code()),
        organisation,
        programme,
        done,
        form,
    };
    let layout = frame::outside(room, lang, &format!("/join/{token}"), text(lang, "join-title", &[]));
    room.draw(layout, body, "identity/join.html")
}
