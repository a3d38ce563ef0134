//! What all routes share: pages, answers, forms, guards, error pages, static files, headers.

pub mod archive;
pub mod assets;
pub mod cache;
pub mod error_page;
pub mod form;
pub mod guards;
pub mod headers;
pub mod health;
pub mod language;
pub mod log;
pub mod origin;
pub mod page;
pub mod rate_limit;
pub mod reply;
pub mod routes;
#[cfg(test)]
mod tests;
pub mod typed;
pub mod uploads;

use rocket::{Build, Rocket, request::FromParam, shield::Shield};

use crate::{config::Settings, locale::Lang};

/// Everything of the web layer that stands beside the domains' own routes: headers on every answer, the request
/// log, static files, error pages, `/`, `robots.txt`, `security.txt`, and the two pages about the site itself.
///
/// `View` and `Clock` must be managed by the caller; `Settings` are managed here.
pub fn attach(rocket: Rocket<Build>, settings: Settings) -> Rocket<Build> {
    rocket
        // Rocket's own headers would be made for each answer and then replaced by ours.
        .attach(Shield::new())
        .attach(headers::Headers::new(&settings))
        .attach(log::RequestLog)
        .attach(uploads::Uploads)
        .manage(rate_limit::Limits::new(settings.rate_limits))
        .manage(cache::Pages::new())
        .manage(settings)
        .mount("/", routes::routes())
        .mount("/static", assets::routes())
        .register("/", error_page::catchers())
}

/// The first segment of every page's address. What is no language of ours lets the route pass.
impl<'r> FromParam<'r> for Lang {
    type Error = ();

    fn from_param(param: &'r str) -> Result<Lang, ()> {
        Lang::parse(param).ok_or(())
    }
}
