//! Addresses that belong to no domain: `/`, what browsers and robots look for, and the two pages about the site.

use rocket::{
    Route, State, get,
    http::{ContentType, Cookie, CookieJar, SameSite},
    response::Redirect,
    routes,
};
use serde::Serialize;

use crate::{
    clock::Clock,
    config::Settings,
    error::{Error, Result},
    locale::{self, Lang},
    view::View,
    web::{
        assets::File,
        cache::PreparedReply,
        guards::Visitor,
        language,
        page::{Layout, Page},
    },
};

/// To be mounted at `/`.
pub fn routes() -> Vec<Route> {
    routes![start, favicon, robots, security, accessibility, privacy]
}

/// To the visitor's language; `/?lang=en` remembers a choice.
#[get("/?<lang>")]
fn start(lang: Option<&str>, visitor: Visitor, cookies: &CookieJar<'_>) -> Redirect {
    let chosen = lang.and_then(Lang::parse);
    if let Some(lang) = chosen {
        cookies.add(
            Cookie::build((language::COOKIE, lang.code()))
                .same_site(SameSite::Lax)
                .http_only(true)
                .permanent()
                .path("/"),
        );
    }
    Redirect::to(format!("/{}/", chosen.unwrap_or(visitor.lang).code()))
}

#[get("/favicon.ico")]
fn favicon() -> Result<File> {
    File::plain("icon.svg")
}

#[get("/robots.txt")]
fn robots(settings: &State<Settings>) -> (ContentType, String) {
    let mut text = "User-agent: *\n".to_owned();
    // Secret links and forms; each of those pages says `noindex` too.
    for path in ["agenda", "confirm", "feedback", "certificates", "unsubscribe", "link", "office"] {
        text.push_str(&format!("Disallow: /*/{path}/\n"));
    }
    for path in ["register", "orders"] {
        text.push_str(&format!("Disallow: /*/*/{path}\n"));
    }
    text.push_str("Disallow: /*/opening.ics\n");
    text.push_str(&format!("\nSitemap: {}/sitemap.xml\n", settings.base_url));
    (ContentType::Plain, text)
}

/// RFC 9116. Nothing stands there where no contact is set.
#[get("/.well-known/security.txt")]
fn security(settings: &State<Settings>, clock: &State<Clock>) -> Result<(ContentType, String)> {
    let contact = settings.security_contact.as_ref().ok_or(Error::NotFound)?;
    let expires = clock.now() + chrono::TimeDelta::days(180);
    let languages = Lang::ALL.map(Lang::code).join(", ");
    let text = format!(
        "Contact: {contact}\nExpires: {}\nPreferred-Languages: {languages}\nCanonical: {}/.well-known/security.txt\n",
        expires.format("%Y-%m-%dT00:00:00Z"),
        settings.base_url
    );
    Ok((ContentType::Plain, text))
}

#[derive(Serialize)]
struct About {
    retention_days: i64,
}

#[get("/<lang>/accessibility")]
fn accessibility(lang: Lang, settings: &State<Settings>, view: &State<View>) -> Result<PreparedReply> {
    about("accessibility", "accessibility-title", lang, settings, view)
}

#[get("/<lang>/privacy")]
fn privacy(lang: Lang, settings: &State<Settings>, view: &State<View>) -> Result<PreparedReply> {
    about("privacy", "privacy-title", lang, settings, view)
}

fn about(name: &str, title: &str, lang: Lang, settings: &Settings, view: &View) -> Result<PreparedReply> {
    let title = locale::text(lang, title, &[]);
    let layout = Layout::new(&settings.base_url, lang, &format!("/{name}"), title);
    let page = Page { layout, body: About { retention_days: settings.retention_days } };
    let html = page.draw(view, &format!("home/{name}.html"))?;
    Ok(PreparedReply::once(0, lang, ContentType::HTML, html.0.into_bytes()))
}
