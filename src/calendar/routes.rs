//! The calendars that anybody subscribes to: programme, theme, session.

use rocket::{Route, get, http::ContentType, routes};

use super::{Filter, programme_feed};
use crate::{
    error::{Error, Result},
    locale::Lang,
    programme::routes::site::Site,
    web::cache::PreparedReply,
};

/// To be mounted at `/`.
pub fn routes() -> Vec<Route> {
    routes![programme, theme, session]
}

#[get("/<lang>/<slug>/calendar.ics", rank = 10)]
fn programme(lang: Lang, slug: &str, site: Site<'_>) -> Result<PreparedReply> {
    feed(&site, lang, slug, "/calendar.ics", Filter::All)
}

#[get("/<lang>/<slug>/themes/<theme>/calendar.ics", rank = 10)]
fn theme(lang: Lang, slug: &str, theme: &str, site: Site<'_>) -> Result<PreparedReply> {
    site.programme(slug)?.release.theme(theme).ok_or(Error::NotFound)?;
    feed(&site, lang, slug, &format!("/themes/{theme}/calendar.ics"), Filter::Theme(theme))
}

/// A withdrawn session stays here, cancelled: who has it in a calendar must learn it.
#[get("/<lang>/<slug>/sessions/<session>/calendar.ics", rank = 10)]
fn session(lang: Lang, slug: &str, session: &str, site: Site<'_>) -> Result<PreparedReply> {
    site.programme(slug)?.session(session).ok_or(Error::NotFound)?;
    feed(&site, lang, slug, &format!("/sessions/{session}/calendar.ics"), Filter::Session(session))
}

fn feed(site: &Site<'_>, lang: Lang, slug: &str, path: &str, filter: Filter<'_>) -> Result<PreparedReply> {
    let published = site.programme(slug)?;
    let calendar = ContentType::new("text", "calendar").with_params(("charset", "utf-8"));
    site.file(&published, lang, path, calendar, || {
        Ok(programme_feed(&published.release, lang, site.base_url, filter).into_bytes())
    })
}
