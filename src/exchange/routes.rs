//! The programme for other programs: frab XML and JSON, CSV, and the map of the site.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use rocket::{Route, State, get, http::ContentType, routes};

use super::{csv, frab_json, frab_xml};
use crate::{
    error::{Error, Result},
    locale::Lang,
    programme::{self, Capacity, Live, RegistrationTime, Session, routes::site::Site},
    registration::{self, Settings, desk::House},
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
pub(crate) fn schedule_xml(lang: Lang, slug: &str, site: Site<'_>) -> Result<PreparedReply> {
    let published = site.programme(slug)?;
    let xml = ContentType::new("application", "xml").with_params(("charset", "utf-8"));
    site.file(&published, lang, "/schedule.xml", xml, || {
        Ok(frab_xml::schedule_xml(&published.release, site.base_url, lang).into_bytes())
    })
}

#[get("/<lang>/<slug>/schedule.json", rank = 10)]
pub(crate) fn schedule_json(lang: Lang, slug: &str, site: Site<'_>) -> Result<PreparedReply> {
    let published = site.programme(slug)?;
    site.file(&published, lang, "/schedule.json", ContentType::JSON, || {
        let schedule = frab_json::schedule_json(&published.release, site.base_url, lang);
        serde_json::to_vec(&schedule).map_err(|error| Error::Internal(error.to_string()))
    })
}

#[get("/<lang>/<slug>/sessions.csv", rank = 10)]
pub(crate) async fn sessions_csv(
    lang: Lang,
    slug: &str,
    site: Site<'_>,
    house: &State<House>,
) -> Result<PreparedReply> {
    let published = site.programme(slug)?;
    let place = site.place(&published, lang, "/sessions.csv");
    if let Some(kept) = site.fresh(&place) {
        return Ok(kept);
    }
    let mut db = house.pool.acquire().await?;
    let mut written = programme::store::lives(&mut db, published.id).await?;
    let rows = registration::store::seats_of(&mut db, published.id).await?;
    drop(db);
    let mut in_force = HashMap::with_capacity(rows.len());
    for row in rows {
        let session = row.settings.session;
        in_force.insert(session, public_live(&published, written.remove(&session), row.settings));
    }
    site.kept_at(&published, place, || {
        let live = |session: &Session| in_force.get(&session.id).cloned();
        Ok((ContentType::CSV, csv::public_csv(&published.release, &live).into_bytes()))
    })
}

/// What is in force for a session, in the words in which its organisers wrote it: "the rule" stays the rule. What
/// the draft says and no publication has put in force yet is nobody's business, and neither is the join address.
fn public_live(published: &Published, written: Option<Live>, in_force: Settings) -> Live {
    let programme = &published.release.programme;
    let (zone, rules) = (programme.timezone, &programme.rules);
    let written = written.unwrap_or_default();
    let moment =
        |own: Option<RegistrationTime>, rule: Option<RegistrationTime>, at: Option<DateTime<Utc>>| {
            let said = own.or(rule).map(|time| time.instant(zone, in_force.starts));
            let local = |at: DateTime<Utc>| RegistrationTime::At(at.with_timezone(&zone).naive_local());
            if said == at { own } else { at.map(local) }
        };
    let capacity = match in_force.capacity {
        seats if written.capacity.under(rules) == seats => written.capacity,
        None => Capacity::Unlimited,
        Some(seats) => Capacity::Seats(seats),
    };
    let queue_as_written = written.queue.unwrap_or(rules.queue) == in_force.queue;
    Live {
        join_url: None,
        capacity,
        registration: in_force.registration,
        opens: moment(written.opens, rules.opens, in_force.opens),
        closes: moment(written.closes, rules.closes, in_force.closes),
        queue: if queue_as_written { written.queue } else { Some(in_force.queue) },
        held: in_force.held,
    }
}

/// Every public page in every language.
#[get("/sitemap.xml")]
fn sitemap(site: Site<'_>) -> Result<PreparedReply> {
    let xml = ContentType::new("application", "xml").with_params(("charset", "utf-8"));
    site.of_all(Lang::Fr, "/sitemap.xml", || Ok((xml, map(&site).into_bytes())))
}

fn map(site: &Site<'_>) -> String {
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
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{}</urlset>\n",
        lines.concat()
    )
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
