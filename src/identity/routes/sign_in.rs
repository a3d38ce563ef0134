//! Signing in and out. Every refusal is the same, in the same time: nobody learns who works here.

use rocket::{
    State,
    form::Form,
    get,
    http::{CookieJar, Header},
    post,
    response::Redirect,
};
use serde::Serialize;

use super::{after, code_page, cookies::Held, let_in};
use crate::{
    error::{Error, Result},
    identity::{
        links::{self, LinkKind},
        password::Hasher,
        sign_in::{self, Entry, Whence},
        store,
    },
    locale::{Lang, text},
    office::{
        Html, Room, frame,
        guard::{self, Signed},
    },
    programme::routes::site::Query,
    web::{
        form::FormState,
        guards::{RateLimitedLink, SameOrigin},
        reply::{Private, Sent},
        typed::Typed,
    },
};

/// What `identity/sign_in.html` and `identity/code.html` show.
#[derive(Serialize)]
struct SignInPage {
    action: String,
    next: String,
    /// What has just been done, in words.
    done: Option<String>,
    /// Other ways in.
    password: String,
    mailed: String,
    form: FormState,
}

#[get("/<lang>/office/sign-in", rank = 5)]
pub fn show(
    lang: Lang,
    signed: Option<Signed>,
    query: Query,
    room: Room<'_>,
) -> Result<Private<Result<Html, Redirect>>> {
    if signed.is_some() {
        return Ok(Private(Err(Redirect::to(after(lang, query.value("next"))))));
    }
    let done = match query.value("done") {
        "out" => Some(text(lang, "sign-in-done-out", &[])),
        "again" => Some(text(lang, "sign-in-done-again", &[])),
        _ => None,
    };
    draw(&room, lang, Step::Password, query.value("next"), done, FormState::default()).map(Ok).map(Private)
}

#[post("/<lang>/office/sign-in", data = "<typed>", rank = 5)]
#[expect(clippy::too_many_arguments, reason = "guards of one request")]
pub async fn send(
    _same: SameOrigin,
    _limit: RateLimitedLink,
    lang: Lang,
    whence: Whence,
    typed: Form<Typed>,
    cookies: &CookieJar<'_>,
    hasher: &State<Hasher>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let (email, next) = (typed.first("email"), typed.first("next"));
    let entry = sign_in::with_password(room.house, hasher, email, typed.first("password"), &whence).await?;
    let mut form = FormState::default();
    form.set("email", email);
    let sent = match entry {
        Entry::In(entered) => {
            let_in(room.settings, cookies, entered);
            Sent::Done(after(lang, next))
        }
        Entry::Code(step) => {
            Held::Step.keep(room.settings, cookies, step);
            Sent::Done(code_page(lang, next))
        }
        Entry::Wrong => {
            form.refuse("email", text(lang, "sign-in-wrong", &[]));
            Sent::Mistakes(draw(&room, lang, Step::Password, next, None, form)?)
        }
        Entry::Slow(seconds) => {
            form.refuse("email", slow(lang, seconds));
            Sent::TooOften(draw(&room, lang, Step::Password, next, None, form)?, seconds)
        }
    };
    Ok(Private(sent))
}

/// « Réessayez dans 40 secondes. »
pub(super) fn slow(lang: Lang, seconds: u64) -> String {
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    match seconds {
        ..120 => text(lang, "sign-in-slow-seconds", &[("n", seconds.into())]),
        _ => text(lang, "sign-in-slow-minutes", &[("n", (seconds / 60 + 1).into())]),
    }
}

#[get("/<lang>/office/sign-in/code", rank = 5)]
pub async fn show_code(
    lang: Lang,
    query: Query,
    cookies: &CookieJar<'_>,
    room: Room<'_>,
) -> Result<Private<Result<Html, Redirect>>> {
    let step = Held::Step.value(room.settings, cookies).unwrap_or_default();
    let mut db = room.db().await?;
    match links::open(&mut db, &room.house.key, &step, LinkKind::Code, room.now).await {
        Ok(_) => {}
        Err(Error::OldLink) => return Ok(Private(Err(Redirect::to(again(lang))))),
        Err(cause) => return Err(cause),
    }
    draw(&room, lang, Step::Code, query.value("next"), None, FormState::default()).map(Ok).map(Private)
}

#[post("/<lang>/office/sign-in/code", data = "<typed>", rank = 5)]
pub async fn send_code(
    _same: SameOrigin,
    _limit: RateLimitedLink,
    lang: Lang,
    whence: Whence,
    typed: Form<Typed>,
    cookies: &CookieJar<'_>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let step = Held::Step.value(room.settings, cookies).unwrap_or_default();
    let next = typed.first("next");
    let mut form = FormState::default();
    let sent = match sign_in::with_code(room.house, &step, typed.first("code"), &whence).await {
        Ok(Entry::In(entered)) => {
            let_in(room.settings, cookies, entered);
            Sent::Done(after(lang, next))
        }
        Ok(Entry::Slow(seconds)) => {
            form.refuse("code", slow(lang, seconds));
            Sent::TooOften(draw(&room, lang, Step::Code, next, None, form)?, seconds)
        }
        Ok(Entry::Wrong | Entry::Code(_)) => {
            form.refuse("code", text(lang, "second-step-wrong", &[]));
            Sent::Mistakes(draw(&room, lang, Step::Code, next, None, form)?)
        }
        Err(Error::OldLink) => Sent::Done(again(lang)),
        Err(cause) => return Err(cause),
    };
    Ok(Private(sent))
}

/// The password has to be given once more.
fn again(lang: Lang) -> String {
    format!("/{}/office/sign-in?done=again", lang.code())
}

#[post("/<lang>/office/sign-out", rank = 5)]
pub async fn leave(
    _same: SameOrigin,
    signed: Signed,
    lang: Lang,
    cookies: &CookieJar<'_>,
    room: Room<'_>,
) -> Result<Private<Left>> {
    let mut tx = room.house.pool.begin().await?;
    store::sessions::end(&mut tx, signed.anybody().id, signed.session).await?;
    tx.commit().await?;
    Held::Session.drop(room.settings, cookies);
    Ok(Private(Left {
        there: Redirect::to(format!("/{}/office/sign-in?done=out", lang.code())),
        forget: Header::new("Clear-Site-Data", "\"storage\""),
    }))
}

/// Nobody is signed in here any more: what pages of the office have kept on this device goes, too.
#[derive(rocket::Responder)]
pub struct Left {
    there: Redirect,
    forget: Header<'static>,
}

#[derive(Clone, Copy)]
enum Step {
    Password,
    Code,
}

fn draw(
    room: &Room<'_>,
    lang: Lang,
    step: Step,
    next: &str,
    done: Option<String>,
    form: FormState,
) -> Result<Html> {
    let (path, title, template) = match step {
        Step::Password => ("/sign-in", "sign-in-title", "identity/sign_in.html"),
        Step::Code => ("/sign-in/code", "second-step-title", "identity/code.html"),
    };
    let layout = frame::outside(room, lang, path, text(lang, title, &[]));
    let home = format!("/{}/office", lang.code());
    let body = SignInPage {
        action: format!("/{}/office{path}", lang.code()),
        next: guard::next_page(next).unwrap_or_default(),
        done,
        password: format!("{home}/password"),
        mailed: format!("{home}/mailed-link"),
        form,
    };
    room.draw(layout, body, template)
}
