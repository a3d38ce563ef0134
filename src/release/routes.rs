//! What changed, by release: the page and the feed.

use rocket::{Route, get, http::ContentType, routes};
use serde::Serialize;

use super::{
    changes::{self, ReleaseWords},
    published::Published,
};
use crate::{
    error::Result,
    exchange::atom,
    locale::{Lang, text},
    programme::routes::site::Site,
    web::{cache::PreparedReply, page::Page},
};

/// To be mounted at `/`.
pub fn routes() -> Vec<Route> {
    routes![changes_page, changes_feed]
}

/// What `templates/release/changes.html` shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct ChangesPage {
    releases: Vec<Told>,
    /// Of releases after the first; without any, nothing has changed.
    several: bool,
    /// The programme.
    home: String,
    feed: String,
}

/// A release, and whether each session that it names still has a page.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Told {
    #[serde(flatten)]
    words: ReleaseWords,
    first: bool,
    /// Slugs of sessions without a page (any more).
    gone: Vec<String>,
}

#[get("/<lang>/<slug>/changes", rank = 10)]
pub(crate) fn changes_page(lang: Lang, slug: &str, site: Site<'_>) -> Result<PreparedReply> {
    let published = site.programme(slug)?;
    site.page(&published, lang, "/changes", "release/changes.html", |here| {
        let layout = site
            .frame(&published, lang, "/changes", text(lang, "changes-title", &[]))
            .current("changes")
            .describe(text(lang, "changes-intro", &[]));
        let releases: Vec<_> = changes::in_words(lang, here.zone(), &published.history)
            .into_iter()
            .map(|words| told(&published, words))
            .collect();
        let body = ChangesPage {
            several: releases.len() > 1,
            releases,
            home: here.href(""),
            feed: here.href("/changes.atom"),
        };
        Page { layout, body }
    })
}

fn told(published: &Published, words: ReleaseWords) -> Told {
    let gone = words
        .groups
        .iter()
        .flat_map(|group| &group.items)
        .filter(|item| !published.has_page(&item.slug))
        .map(|item| item.slug.clone())
        .collect();
    Told { first: words.number == 1, gone, words }
}

#[get("/<lang>/<slug>/changes.atom", rank = 10)]
pub(crate) fn changes_feed(lang: Lang, slug: &str, site: Site<'_>) -> Result<PreparedReply> {
    let published = site.programme(slug)?;
    let atom = ContentType::new("application", "atom+xml").with_params(("charset", "utf-8"));
    site.file(&published, lang, "/changes.atom", atom, || {
        Ok(atom::text(&feed(&published, lang, site.base_url)).into_bytes())
    })
}

fn feed(published: &Published, lang: Lang, base_url: &str) -> atom::Feed {
    let programme = &published.release.programme;
    let path = format!("{}/{}", lang.code(), programme.slug);
    let page = format!("{base_url}/{path}/changes");
    // A programme's first day, in the day that all its names bear, would move with the programme.
    let born = published.history.last().map_or(published.release.published_at, |note| note.published_at);
    let day = born.date_naive();
    let entry = |words: ReleaseWords| atom::Entry {
        id: atom::id(base_url, day, &format!("{path}/changes/{}", words.number)),
        title: title(lang, &words),
        url: format!("{page}#release-{}", words.number),
        published: words.published_at,
        updated: words.published_at,
        summary: words.note.clone(),
        html: Some(html(&words, &format!("{base_url}/{path}"))),
    };
    atom::Feed {
        id: atom::id(base_url, day, &format!("{path}/changes")),
        title: format!("{} – {}", programme.title, text(lang, "changes-title", &[])),
        subtitle: text(lang, "changes-intro", &[]),
        feed_url: format!("{base_url}/{path}/changes.atom"),
        page_url: page.clone(),
        lang: lang.code(),
        author: programme.title.clone(),
        since: born,
        entries: changes::in_words(lang, programme.timezone, &published.history)
            .into_iter()
            .map(entry)
            .collect(),
    }
}

/// « Publication 3 : déplacées (2), nouvelle ».
fn title(lang: Lang, words: &ReleaseWords) -> String {
    let number = text(lang, "changes-release", &[("n", words.number.into())]);
    let groups: Vec<_> = words.groups.iter().map(|group| group.title.as_str()).collect();
    let what = match (words.number, groups.is_empty()) {
        (_, false) => groups.join(", "),
        (1, true) => text(lang, "changes-first", &[]),
        (_, true) => text(lang, "changes-other", &[]),
    };
    format!("{number} – {what}")
}

fn html(words: &ReleaseWords, programme_url: &str) -> String {
    let mut html = String::new();
    for group in &words.groups {
        html.push_str(&format!("<h3>{}</h3><ul>", escape(&group.title)));
        for item in &group.items {
            let url = format!("{programme_url}/sessions/{}", item.slug);
            html.push_str(&format!("<li><a href=\"{}\">{}</a>", escape(&url), escape(&item.title)));
            for detail in &item.details {
                html.push_str(&format!("<br>{}", escape(detail)));
            }
            html.push_str("</li>");
        }
        html.push_str("</ul>");
    }
    html
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
