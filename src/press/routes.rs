//! The press page, the releases to the press, and their feed.

use chrono::{DateTime, Utc};
use rocket::{Route, get, http::ContentType, routes};
use serde::Serialize;

use super::{dateline, foreign, press_room};
use crate::{
    error::{Error, Result},
    exchange::atom,
    locale::{Lang, text},
    markdown,
    programme::{PressRelease, instant, routes::description, routes::site::Site},
    release::published::Published,
    web::{cache::PreparedReply, page::Page},
};

/// To be mounted at `/`.
pub fn routes() -> Vec<Route> {
    routes![press_page, release_page, feed]
}

#[get("/<lang>/<slug>/press", rank = 10)]
pub(crate) fn press_page(lang: Lang, slug: &str, site: Site<'_>) -> Result<PreparedReply> {
    let published = site.programme(slug)?;
    site.page_with_people(&published, lang, "/press", "press/index.html", |_, people| {
        let programme = &published.release.programme;
        let layout = site
            .frame(&published, lang, "/press", text(lang, "press-title", &[]))
            .current("press")
            .describe(description(&programme.summary, &programme.tagline));
        Page { layout, body: press_room(&published, lang, people, site.seats_taken(&published)) }
    })
}

/// What `templates/press/release.html` shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct ReleasePage {
    title: String,
    dateline: String,
    iso: String,
    text_lang: Option<String>,
    body: String,
    email: Option<String>,
    phone: Option<String>,
    press: String,
}

#[get("/<lang>/<slug>/press/<release>", rank = 20)]
pub(crate) fn release_page(lang: Lang, slug: &str, release: &str, site: Site<'_>) -> Result<PreparedReply> {
    let published = site.programme(slug)?;
    let release = published.release.press.iter().find(|r| r.slug == release).ok_or(Error::NotFound)?;
    let path = format!("/press/{}", release.slug);
    site.page(&published, lang, &path, "press/release.html", |here| {
        let layout = site
            .frame(&published, lang, &path, release.title.clone())
            .current("press")
            .describe(description(&release.body, &release.title));
        let contact = &published.release.programme.contact;
        let body = ReleasePage {
            title: release.title.clone(),
            dateline: dateline(lang, release),
            iso: release.date.to_string(),
            text_lang: foreign(lang, release),
            body: release.body.clone(),
            email: contact.press_email.clone().or_else(|| contact.email.clone()),
            phone: contact.press_phone.clone(),
            press: here.href("/press"),
        };
        Page { layout, body }
    })
}

#[get("/<lang>/<slug>/press.atom", rank = 10)]
pub(crate) fn feed(lang: Lang, slug: &str, site: Site<'_>) -> Result<PreparedReply> {
    let published = site.programme(slug)?;
    let atom = ContentType::new("application", "atom+xml").with_params(("charset", "utf-8"));
    site.file(&published, lang, "/press.atom", atom, || {
        Ok(atom::text(&press_feed(&published, lang, site.base_url)).into_bytes())
    })
}

/// When a publication last changed it, never before its day: readers show again what moves on.
fn updated(published: &Published, release: &PressRelease, day: DateTime<Utc>) -> DateTime<Utc> {
    published.release.press_changed.get(&release.slug).map_or(day, |changed| day.max(*changed))
}

fn press_feed(published: &Published, lang: Lang, base_url: &str) -> atom::Feed {
    let programme = &published.release.programme;
    let path = format!("{}/{}", lang.code(), programme.slug);
    let born = published.history.last().map_or(published.release.published_at, |note| note.published_at);
    let day_of = |release: &PressRelease| -> DateTime<Utc> {
        instant(programme.timezone, release.date.and_time(chrono::NaiveTime::MIN))
    };
    let entry = |release: &PressRelease| atom::Entry {
        id: atom::id(base_url, born.date_naive(), &format!("{path}/press/{}", release.slug)),
        title: release.title.clone(),
        url: format!("{base_url}/{path}/press/{}", release.slug),
        published: day_of(release),
        updated: updated(published, release, day_of(release)),
        summary: dateline(lang, release),
        html: Some(markdown::to_html(&release.body, 2)),
    };
    atom::Feed {
        id: atom::id(base_url, born.date_naive(), &format!("{path}/press")),
        title: format!("{} – {}", programme.title, text(lang, "press-title", &[])),
        subtitle: programme.tagline.clone(),
        feed_url: format!("{base_url}/{path}/press.atom"),
        page_url: format!("{base_url}/{path}/press"),
        lang: lang.code(),
        author: programme.title.clone(),
        since: born,
        entries: published.release.press.iter().map(entry).collect(),
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::{
        exchange::sample,
        programme::Draft,
        release::{Release, freeze::freeze},
    };

    fn draft(press: &[(&str, &str)]) -> Draft {
        let Release { programme, themes, places, organisations, .. } = sample::release();
        let release = |(slug, body): &(&str, &str)| PressRelease {
            slug: (*slug).to_owned(),
            title: "Titre".to_owned(),
            place: String::new(),
            date: "2027-02-15".parse().unwrap(),
            language: "fr".to_owned(),
            body: (*body).to_owned(),
        };
        let press = press.iter().map(release).collect();
        Draft { programme, themes, places, organisations, press, sessions: Vec::new() }
    }

    #[test]
    fn a_release_to_the_press_moves_on_in_the_feed_when_it_is_changed_and_only_then() {
        let (first, second) = (sample::published_at(), sample::published_at() + TimeDelta::days(2));
        let before = freeze(&draft(&[("a", "Un."), ("b", "Deux.")]), None, "", first).unwrap();
        let after = freeze(&draft(&[("a", "Un."), ("b", "Deux !")]), Some(&before), "", second).unwrap();
        let feed = press_feed(&Published::new(uuid::Uuid::nil(), after), Lang::Fr, sample::BASE_URL);

        let updated: Vec<_> = feed.entries.iter().map(|entry| entry.updated).collect();
        assert_eq!(updated, [first, second]);
    }
}
