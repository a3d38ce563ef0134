//! The programme for other programs: frab XML and JSON, CSV, and the map of the site.

use rocket::{Route, get, http::ContentType, routes};

use super::{csv, frab_json, frab_xml};
use crate::{
    error::{Error, Result},
    locale::Lang,
    programme::{Capacity, Live, Session, routes::site::Site},
    registration::seats::Seat,
    release::published::Published,
    web::cache::PreparedReply,
};

/// The most addresses that one map may hold (sitemaps.org).
const SITEMAP_MAX: usize = 50_000;

/// To be mounted at `/`.
pub fn routes() -> Vec<Route> {
    routes![schedule_xml, schedule_json, sessions_csv, sitemap]
}

#[get("/<lang>/<slug>/schedule.xml", rank = 10)]
fn schedule_xml(lang: Lang, slug: &str, site: Site<'_>) -> Result<PreparedReply> {
    let published = site.programme(slug)?;
    let xml = ContentType::new("application", "xml").with_params(("charset", "utf-8"));
    site.file(&published, lang, "/schedule.xml", xml, || {
        Ok(frab_xml::schedule_xml(&published.release, site.base_url, lang).into_bytes())
    })
}

#[get("/<lang>/<slug>/schedule.json", rank = 10)]
fn schedule_json(lang: Lang, slug: &str, site: Site<'_>) -> Result<PreparedReply> {
    let published = site.programme(slug)?;
    site.file(&published, lang, "/schedule.json", ContentType::JSON, || {
        let schedule = frab_json::schedule_json(&published.release, site.base_url, lang);
        serde_json::to_vec(&schedule).map_err(|error| Error::Internal(error.to_string()))
    })
}

#[get("/<lang>/<slug>/sessions.csv", rank = 10)]
fn sessions_csv(lang: Lang, slug: &str, site: Site<'_>) -> Result<PreparedReply> {
    let published = site.programme(slug)?;
    site.kept(&published, lang, "/sessions.csv", || {
        let live = |session: &Session| site.seat(session.id).map(|seat| public_live(&published, &seat));
        Ok((ContentType::CSV, csv::public_csv(&published.release, &live).into_bytes()))
    })
}

/// What everybody may know of a seat row: how many may come, and how one registers. Groups that seats are kept
/// for are the organisers' own affair, and times that are the programme's stand in the programme.
fn public_live(published: &Published, seat: &Seat) -> Live {
    let programme = &published.release.programme;
    let local =
        |moment: chrono::DateTime<chrono::Utc>| moment.with_timezone(&programme.timezone).naive_local();
    Live {
        capacity: match seat.capacity {
            capacity if capacity == programme.rules.capacity => Capacity::Rule,
            None => Capacity::Unlimited,
            Some(seats) => Capacity::Seats(seats),
        },
        registration: seat.registration.clone(),
        opens: seat.opens.map(local).filter(|opens| Some(*opens) != programme.rules.opens),
        closes: seat.closes.map(local).filter(|closes| Some(*closes) != programme.rules.closes),
        ..Live::default()
    }
}

/// Every public page in every language.
#[get("/sitemap.xml")]
fn sitemap(site: Site<'_>) -> Result<PreparedReply> {
    let mut lines = Vec::new();
    for lang in Lang::ALL {
        lines.push(line(&format!("{}/{}/", site.base_url, lang.code()), None));
    }
    for published in site.programmes() {
        for lang in Lang::ALL {
            lines.extend(of_programme(&published, lang, site.base_url));
        }
    }
    lines.truncate(SITEMAP_MAX);
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{}</urlset>\n",
        lines.concat()
    );
    let content_type = ContentType::new("application", "xml").with_params(("charset", "utf-8"));
    Ok(PreparedReply::once(0, Lang::Fr, content_type, xml.into_bytes()))
}

fn of_programme(published: &Published, lang: Lang, base_url: &str) -> Vec<String> {
    let release = &published.release;
    let home = format!("{base_url}/{}/{}", lang.code(), release.programme.slug);
    let since = Some(release.published_at.date_naive());
    let mut lines = vec![
        line(&home, since),
        line(&format!("{home}/changes"), since),
        line(&format!("{home}/press"), since),
    ];
    lines.extend(release.themes.iter().map(|theme| line(&format!("{home}/themes/{}", theme.slug), since)));
    lines.extend(release.listed().map(|session| {
        line(&format!("{home}/sessions/{}", session.slug), Some(session.changed_at.date_naive()))
    }));
    lines
        .extend(published.hosting().iter().map(|o| line(&format!("{home}/organisations/{}", o.slug), since)));
    lines.extend(release.press.iter().map(|r| line(&format!("{home}/press/{}", r.slug), Some(r.date))));
    lines
}

/// Addresses hold nothing but what slugs and the site's own address hold; `&` is escaped all the same.
fn line(url: &str, changed: Option<chrono::NaiveDate>) -> String {
    let changed = changed.map(|day| format!("<lastmod>{day}</lastmod>")).unwrap_or_default();
    format!("<url><loc>{}</loc>{changed}</url>\n", url.replace('&', "&amp;").replace('<', "&lt;"))
}
