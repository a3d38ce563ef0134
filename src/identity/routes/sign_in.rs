//! Signing in and out. Every refusal is the same, in the same time: nobody learns who works here.

use rocket::{State, form::Form, get, http::CookieJar, post, response::Redirect};
use serde::Serialize;

use super::Device;
use crate::{
    error::Result,
    identity::{password::Hasher, session, store},
    locale::{Lang, text},
    office::{
        Html, Room, frame,
        guard::{self, Signed},
    },
    programme::routes::site::Query,
    registration::person::Email,
    web::{
        form::FormState,
        guards::{RateLimitedLink, SameOrigin},
        reply::{Private, Sent},
        typed::Typed,
    },
};

/// What `identity/sign_in.html` shows.
#[derive(Serialize)]
struct SignInPage {
    action: String,
    next: String,
    /// What has just been done, in words.
    done: Option<String>,
    form: FormState,
}

#[get("/<lang>/office/sign-in", rank = 5)]
pub fn show(
    lang: Lang,
    signed: Option<Signed>,
    query: Query,
    room: Room<'_>,
) -> Result<Private<Result<Html, Redirect>>> {
    let value = |name: &str| query.pairs().find(|(known, _)| *known == name).map_or("", |(_, value)| value);
    if signed.is_some() {
        return Ok(Private(Err(Redirect::to(after(lang, value("next"))))));
    }
    let done = (value("done") == "out").then(|| text(lang, "sign-in-done-out", &[]));
    draw(&room, lang, value("next"), done, FormState::default()).map(Ok).map(Private)
}

#[post("/<lang>/office/sign-in", data = "<typed>", rank = 5)]
#[expect(clippy::too_many_arguments, reason = "guards of one request")]
pub async fn send(
    _same: SameOrigin,
    _limit: RateLimitedLink,
    lang: Lang,
    device: Device,
    typed: Form<Typed>,
    cookies: &CookieJar<'_>,
    hasher: &State<Hasher>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let email = Email::parse(typed.first("email"));
    let person = match &email {
        Ok(email) => store::by_email(&mut room.db().await?, email.as_str()).await?,
        Err(_) => None,
    };
    let person = person.filter(|person| person.disabled_at.is_none());
    let hash = person.as_ref().and_then(|person| person.password.as_deref());
    let is_right = hasher.holds(typed.first("password"), hash).await?;
    let Some(person) = person.filter(|_| is_right) else {
        let mut form = FormState::default();
        form.set("email", typed.first("email"));
        form.refuse("email", text(lang, "sign-in-wrong", &[]));
        return draw(&room, lang, typed.first("next"), None, form).map(Sent::Mistakes).map(Private);
    };
    let mut tx = room.house.pool.begin().await?;
    let token = session::open(&mut tx, &room.house.tokens, person.id, &device.0, room.now).await?;
    tx.commit().await?;
    guard::remember(room.settings, cookies, token);
    Ok(Private(Sent::Done(after(lang, typed.first("next")))))
}

#[post("/<lang>/office/sign-out", rank = 5)]
pub async fn leave(
    _same: SameOrigin,
    signed: Signed,
    lang: Lang,
    cookies: &CookieJar<'_>,
    room: Room<'_>,
) -> Result<Private<Redirect>> {
    let mut tx = room.house.pool.begin().await?;
    store::sessions::end(&mut tx, signed.anybody().id, signed.session).await?;
    tx.commit().await?;
    guard::forget(room.settings, cookies);
    Ok(Private(Redirect::to(format!("/{}/office/sign-in?done=out", lang.code()))))
}

/// Where to go once signed in.
fn after(lang: Lang, next: &str) -> String {
    guard::next_page(next).unwrap_or_else(|| format!("/{}/office", lang.code()))
}

fn draw(room: &Room<'_>, lang: Lang, next: &str, done: Option<String>, form: FormState) -> Result<Html> {
    let layout = frame::outside(room, lang, "/sign-in", text(lang, "sign-in-title", &[]));
    let body = SignInPage {
        action: format!("/{}/office/sign-in", lang.code()),
        next: guard::next_page(next).unwrap_or_default(),
        done,
        form,
    };
    room.draw(layout, body, "identity/sign_in.html")
}
