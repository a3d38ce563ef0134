//! The page behind an organisation's link: who comes says who they are, and goes on in their mailbox. The answer is the
//! same, whether anybody has the address, and given before anybody has looked.

use rocket::{form::Form, get, post};
use serde::Serialize;

use crate::{
    db::Conn,
    error::{Error, Result},
    identity::{
        Membership,
        joining::{self, How, Newcomer},
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
    let house = room.house.clone();
    let newcomer = Newcomer { email, name: Some(name), lang };
    // Answered without waiting for it: how long it takes would tell who is known.
    room.house.pool.tasks().spawn(async move {
        if let Err(cause) = joining::bring(&house, &newcomer, &of, How::ByLink).await {
            log::error!("somebody who joins could not be let in: {cause}");
        }
    });
    Ok(Private(Sent::Done(format!("/{}/office/join/{token}?done=sent", lang.code()))))
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
    let draft = programme::store::frame_of(db, of.programme).await?.ok_or(Error::OldLink)?;
    let organisation = draft.organisations.iter().find(|one| one.slug == of.organisation);
    let body = JoinPage {
        action: format!("/{}/office/join/{token}", lang.code()),
        // One that was taken out of the programme has nobody who could join it.
        organisation: organisation.ok_or(Error::OldLink)?.name.clone(),
        programme: draft.programme.title,
        done,
        form,
    };
    let layout = frame::outside(room, lang, &format!("/join/{token}"), text(lang, "join-title", &[]));
    room.draw(layout, body, "identity/join.html")
}
