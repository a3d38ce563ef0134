//! Coming into the office and going out of it.

mod sign_in;

use rocket::{
    Request, Route,
    outcome::Outcome,
    request::{self, FromRequest},
    routes,
};

use super::device;

/// The routes of this room.
pub fn routes() -> Vec<Route> {
    routes![sign_in::show, sign_in::send, sign_in::leave]
}

/// What the visitor's device calls itself, in words.
pub struct Device(pub String);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Device {
    type Error = std::convert::Infallible;

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, Self::Error> {
        Outcome::Success(Device(device::name(request.headers().get_one("User-Agent").unwrap_or_default())))
    }
}
