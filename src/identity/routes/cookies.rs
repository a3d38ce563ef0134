//! What a browser keeps for us: cookies that scripts cannot read, that other sites' posts do not carry, and that need
//! TLS where we have it.

use rocket::{
    http::{Cookie, CookieJar, SameSite},
    time::Duration,
};

use crate::config::Settings;

/// One of the three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// Who is signed in. The browser forgets it when it is closed; the database forgets it sooner or later.
    Session,
    /// That somebody has signed in here before: [`Aim::Device`](crate::identity::attempts::Aim).
    Device,
    /// That the password was right, and the code of the second step is still to be given.
    Step,
}

/// A known device is known for a year.
const DEVICE_LIFE: Duration = Duration::days(365);

impl Held {
    /// Its name. Behind TLS browsers let nobody but this very host set it, and only as a whole (`__Host-`).
    pub fn name(self, settings: &Settings) -> &'static str {
        let is_https = settings.base_url.starts_with("https:");
        match (self, is_https) {
            (Held::Session, true) => "__Host-parvis-office",
            (Held::Session, false) => "parvis-office",
            (Held::Device, true) => "__Host-parvis-device",
            (Held::Device, false) => "parvis-device",
            (Held::Step, true) => "__Host-parvis-step",
            (Held::Step, false) => "parvis-step",
        }
    }

    /// What the browser sent.
    pub fn value(self, settings: &Settings, cookies: &CookieJar<'_>) -> Option<String> {
        cookies.get(self.name(settings)).map(|cookie| cookie.value().to_owned())
    }

    /// Gives it to the browser.
    pub fn keep(self, settings: &Settings, cookies: &CookieJar<'_>, value: String) {
        cookies.add(self.cookie(settings, value));
    }

    /// Takes it from the browser.
    pub fn drop(self, settings: &Settings, cookies: &CookieJar<'_>) {
        cookies.remove(self.cookie(settings, String::new()));
    }

    fn cookie(self, settings: &Settings, value: String) -> Cookie<'static> {
        let cookie = Cookie::build((self.name(settings), value))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(settings.base_url.starts_with("https:"));
        match self {
            Held::Device => cookie.max_age(DEVICE_LIFE).build(),
            Held::Session | Held::Step => cookie.build(),
        }
    }
}
