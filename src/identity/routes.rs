//! Coming into the office and going out of it; one's own account.

mod account;
pub mod cookies;
mod joining;
mod mailed;
mod second_step;
mod sign_in;

use rocket::{
    Request, Route,
    http::{CookieJar, Status},
    outcome::Outcome,
    request::{self, FromRequest},
    routes,
};

use super::{
    device,
    sign_in::{Entered, Whence},
};
use crate::{config::Settings, locale::Lang, office::guard, web::guards::client_ip};
use cookies::Held;

/// The routes of this room.
pub fn routes() -> Vec<Route> {
    routes![
        sign_in::show,
        sign_in::send,
        sign_in::leave,
        sign_in::show_code,
        sign_in::send_code,
        joining::show,
        joining::send,
        joining::show_answer,
        joining::answer,
        mailed::ask_password,
        mailed::send_password,
        mailed::ask_link,
        mailed::send_link,
        mailed::show_invitation,
        mailed::take_invitation,
        mailed::show_password,
        mailed::take_password,
        mailed::show_link,
        mailed::take_link,
        account::show,
        account::rename,
        account::change_password,
        account::end_session,
        account::end_others,
        second_step::show,
        second_step::begin,
        second_step::picture,
        second_step::confirm,
        second_step::renew_codes,
        second_step::remove,
    ]
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Whence {
    type Error = &'static str;

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, Self::Error> {
        let Some(settings) = request.rocket().state::<Settings>() else {
            return Outcome::Error((Status::InternalServerError, "the settings are not managed"));
        };
        Outcome::Success(Whence {
            ip: client_ip(request),
            device: device::name(request.headers().get_one("User-Agent").unwrap_or_default()),
            known: Held::Device.value(settings, request.cookies()),
        })
    }
}

/// The device gets its session, and is known the next time.
fn let_in(settings: &Settings, cookies: &CookieJar<'_>, entered: Entered) {
    Held::Session.keep(settings, cookies, entered.token);
    Held::Device.keep(settings, cookies, entered.device);
    Held::Step.drop(settings, cookies);
}

/// Where to go once signed in.
fn after(lang: Lang, next: &str) -> String {
    guard::next_page(next).unwrap_or_else(|| format!("/{}/office", lang.code()))
}

/// The same, asking for the code first.
fn code_page(lang: Lang, next: &str) -> String {
    let page = format!("/{}/office/sign-in/code", lang.code());
    match guard::next_page(next) {
        Some(next) => {
            let query =
                url::form_urlencoded::Serializer::new(String::new()).append_pair("next", &next).finish();
            format!("{page}?{query}")
        }
        None => page,
    }
}
