//! The public pages of a programme.

pub mod colours;
pub mod home;
pub mod listing;
pub mod opening;
pub mod rows;
pub mod session;
pub mod site;
#[cfg(test)]
mod tests;
pub mod theme;

use rocket::{Route, get, http::ContentType, routes};

use crate::{
    error::{Error, Result},
    exchange::json_ld,
    locale::{Lang, text},
    markdown,
    programme::{Status, filter::Filter},
    registration::seats::SeatState,
    release::ReleasedSession,
    web::{
        cache::PreparedReply,
        page::{Layout, Page},
    },
};
use site::{Query, Site};

/// Descriptions for search engines are cut there, in characters.
const DESCRIPTION_CHARS_MAX: usize = 300;

/// To be mounted at `/`. Fixed words of other domains (`/fr/link`, `/fr/agenda/…`) have lower ranks and go first.
pub fn routes() -> Vec<Route> {
    routes![home_page, programme_page, session_page, theme_page, organisation_page, style]
}

#[get("/<lang>", rank = 20)]
fn home_page(lang: Lang, site: Site<'_>) -> Result<PreparedReply> {
    site.page_of_all(lang, "/", "programme/home.html", || {
        let layout = Layout::new(site.base_url, lang, "/", text(lang, "home-title", &[])).describe(text(
            lang,
            "home-intro",
            &[],
        ));
        Page { layout, body: home::home(&site, lang) }
    })
}

#[get("/<lang>/<slug>", rank = 20)]
pub(crate) fn programme_page(lang: Lang, slug: &str, query: Query, site: Site<'_>) -> Result<PreparedReply> {
    let published = site.programme(slug)?;
    let (filter, ignored) = Filter::parse(query.pairs(), &published.choices);
    let programme = &published.release.programme;
    let make = |here: &rows::Here<'_>| {
        let layout = site
            .frame(&published, lang, "", programme.title.clone())
            .current("programme")
            .describe(description(&programme.summary, &listing::facts(here)));
        Page { layout, body: listing::listing(here, &filter, &ignored) }
    };
    let template = "programme/programme.html";
    if filter.is_empty() && ignored.is_empty() {
        // Search engines read the whole programme there, and at no other address of it.
        return site.page(&published, lang, "", template, |here| {
            let page = make(here);
            let data = json_ld::event_series(&published.release, site.base_url, lang);
            Page { layout: page.layout.jsonld(&data), body: page.body }
        });
    }
    site.page_once(&published, lang, template, |here| {
        let page = make(here);
        Page { layout: page.layout.query(&query.raw), body: page.body }
    })
}

#[get("/<lang>/<slug>/sessions/<session>", rank = 20)]
pub(crate) fn session_page(lang: Lang, slug: &str, session: &str, site: Site<'_>) -> Result<PreparedReply> {
    let published = site.programme(slug)?;
    let session = public(published.session(session))?;
    let path = format!("/sessions/{}", session.slug);
    site.page(&published, lang, &path, "programme/session.html", |here| {
        let layout = site
            .frame(&published, lang, &path, session.title.clone())
            .current("programme")
            .describe(description(&session.r#abstract, &markdown::to_text(&session.description)))
            .jsonld(&json_ld::event(&published.release, session, seats(here, session), site.base_url, lang));
        Page { layout, body: session::session_page(here, session) }
    })
}

fn seats(here: &rows::Here<'_>, session: &ReleasedSession) -> Option<json_ld::Seats> {
    let seat = here.seats.seat(session.id)?;
    let left = seat.capacity.map_or(0, |capacity| capacity - seat.held - seat.taken);
    Some(json_ld::Seats { capacity: seat.capacity, left, offered: offered(&seat.state(here.now)) })
}

fn offered(state: &SeatState) -> json_ld::Offered {
    match state {
        SeatState::Free { .. } | SeatState::WalkIn => json_ld::Offered::Now,
        SeatState::Full { .. } => json_ld::Offered::Full,
        SeatState::NotYet { opens } => json_ld::Offered::Later(Some(*opens)),
        SeatState::Untimed => json_ld::Offered::Later(None),
        SeatState::Closed | SeatState::Invitation | SeatState::Over | SeatState::Cancelled => {
            json_ld::Offered::No
        }
        SeatState::External { .. } => json_ld::Offered::Elsewhere,
    }
}

/// A withdrawn session is gone; it was there.
pub fn public(session: Option<&ReleasedSession>) -> Result<&ReleasedSession> {
    let session = session.ok_or(Error::NotFound)?;
    match session.status {
        Status::Scheduled | Status::Cancelled => Ok(session),
        Status::Withdrawn => Err(Error::Gone),
    }
}

#[get("/<lang>/<slug>/themes/<theme>", rank = 20)]
pub(crate) fn theme_page(lang: Lang, slug: &str, theme: &str, site: Site<'_>) -> Result<PreparedReply> {
    let published = site.programme(slug)?;
    let theme = published.release.theme(theme).ok_or(Error::NotFound)?;
    let path = format!("/themes/{}", theme.slug);
    site.page(&published, lang, &path, "programme/theme.html", |here| {
        let layout = site
            .frame(&published, lang, &path, theme.title.clone())
            .current("programme")
            .describe(description(&theme.summary, &listing::facts(here)));
        Page { layout, body: theme::theme_page(here, theme) }
    })
}

#[get("/<lang>/<slug>/organisations/<organisation>", rank = 20)]
pub(crate) fn organisation_page(
    lang: Lang,
    slug: &str,
    organisation: &str,
    site: Site<'_>,
) -> Result<PreparedReply> {
    let published = site.programme(slug)?;
    let organisation = published.organisation(organisation).ok_or(Error::NotFound)?;
    let path = format!("/organisations/{}", organisation.slug);
    site.page(&published, lang, &path, "programme/organisation.html", |here| {
        let layout = site
            .frame(&published, lang, &path, organisation.name.clone())
            .current("programme")
            .describe(description(&organisation.summary, &listing::facts(here)));
        Page { layout, body: theme::organisation_page(here, organisation) }
    })
}

#[get("/<lang>/<slug>/colours.css", rank = 10)]
pub(crate) fn style(lang: Lang, slug: &str, site: Site<'_>) -> Result<PreparedReply> {
    let published = site.programme(slug)?;
    let draw = || Ok(colours::css(&published.release.themes).into_bytes());
    site.file(&published, lang, "/colours.css", ContentType::CSS, draw)
}

/// The Markdown in plain words, or else the other text; cut at the end of a word.
pub fn description(summary: &str, other: &str) -> String {
    let text = markdown::to_text(summary);
    let text = if text.is_empty() { other } else { &text };
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= DESCRIPTION_CHARS_MAX {
        return text;
    }
    let cut: String = text.chars().take(DESCRIPTION_CHARS_MAX).collect();
    format!("{}…", cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words))
}
