//! The calendars that anybody subscribes to: programme, theme, session.

use chrono::{DateTime, Utc};
use rocket::{Route, get, http::ContentType, routes};

use super::{Filter, Opening, opening, programme_feed, session_url};
use crate::{
    error::{Error, Result},
    locale::Lang,
    programme::{instant, routes::site::Site},
    release::published::Published,
    web::cache::PreparedReply,
};

/// From when the seconds of a `SEQUENCE` count that comes from a time: 1 January 2020. It fits until 2088.
const SEQUENCE_EPOCH: DateTime<Utc> = DateTime::from_timestamp(1_577_836_800, 0).expect("a moment");

/// To be mounted at `/`.
pub fn routes() -> Vec<Route> {
    routes![programme, theme, session, programme_opening, session_opening]
}

#[get("/<lang>/<slug>/calendar.ics", rank = 10)]
pub(crate) fn programme(lang: Lang, slug: &str, site: Site<'_>) -> Result<PreparedReply> {
    feed(&site, lang, slug, "/calendar.ics", Filter::All)
}

#[get("/<lang>/<slug>/themes/<theme>/calendar.ics", rank = 10)]
pub(crate) fn theme(lang: Lang, slug: &str, theme: &str, site: Site<'_>) -> Result<PreparedReply> {
    site.programme(slug)?.release.theme(theme).ok_or(Error::NotFound)?;
    feed(&site, lang, slug, &format!("/themes/{theme}/calendar.ics"), Filter::Theme(theme))
}

/// A withdrawn session stays here, cancelled: who has it in a calendar must learn it.
#[get("/<lang>/<slug>/sessions/<session>/calendar.ics", rank = 10)]
pub(crate) fn session(lang: Lang, slug: &str, session: &str, site: Site<'_>) -> Result<PreparedReply> {
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

/// The opening that the programme's rule says for all its sessions; it stays here when it is over.
#[get("/<lang>/<slug>/opening.ics", rank = 10)]
fn programme_opening(lang: Lang, slug: &str, site: Site<'_>) -> Result<PreparedReply> {
    let published = site.programme(slug)?;
    let release = &published.release;
    let programme = &release.programme;
    let local = programme.rules.opens.and_then(|opens| opens.local()).ok_or(Error::NotFound)?;
    let entry = Opening {
        of: published.id,
        sequence: release.number,
        stamp: release.published_at,
        opens: instant(programme.timezone, local),
        title: programme.title.clone(),
        url: format!("{}/{}/{slug}", site.base_url, lang.code()),
    };
    moment(&site, &published, lang, "/opening.ics", &entry)
}

/// The opening of one session, which organisers may change at once, beside any release.
#[get("/<lang>/<slug>/sessions/<session>/opening.ics", rank = 10)]
fn session_opening(lang: Lang, slug: &str, session: &str, site: Site<'_>) -> Result<PreparedReply> {
    let published = site.programme(slug)?;
    let session = published.session(session).ok_or(Error::NotFound)?;
    let seat = site.seat(session.id).ok_or(Error::NotFound)?;
    let entry = Opening {
        of: session.id,
        // The row is written whenever the opening is another one, and never with an earlier time.
        sequence: (seat.touched - SEQUENCE_EPOCH).num_seconds(),
        stamp: seat.touched,
        opens: seat.opens.ok_or(Error::NotFound)?,
        title: session.title.clone(),
        url: session_url(site.base_url, lang, slug, &session.slug),
    };
    moment(&site, &published, lang, &format!("/sessions/{}/opening.ics", session.slug), &entry)
}

fn moment(
    site: &Site<'_>,
    published: &Published,
    lang: Lang,
    path: &str,
    entry: &Opening,
) -> Result<PreparedReply> {
    let calendar = ContentType::new("text", "calendar").with_params(("charset", "utf-8"));
    site.kept(published, lang, path, || Ok((calendar, opening(entry, lang).into_bytes())))
}
