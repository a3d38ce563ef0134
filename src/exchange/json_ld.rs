//! schema.org for search engines: a programme as `EventSeries`, a session as `Event`. Public data only.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde_json::{Value, json};

use super::frab;
use crate::{
    calendar::session_url,
    locale::Lang,
    markdown,
    programme::{Session, Status},
    release::{ChangeKind, Field, Release, ReleasedSession},
};

/// What a page knows of a session's seats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seats {
    /// How many may come; `None`: no limit.
    pub capacity: Option<i64>,
    /// How many seats are free now.
    pub left: i64,
    /// Whether one can have a seat.
    pub offered: Offered,
}

/// Whether one can have a seat, as schema.org asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offered {
    /// To whoever registers, or comes.
    Now,
    /// Not any more: there is a queue.
    Full,
    /// Later; from that moment, where it is known.
    Later(Option<DateTime<Utc>>),
    /// Not to the public: closed, by invitation, over.
    No,
    /// On somebody else's page, which knows.
    Elsewhere,
}

/// The programme as one series of events, each with its name, time and page.
pub fn event_series(release: &Release, base_url: &str, lang: Lang) -> Value {
    let programme = &release.programme;
    let page = programme_url(release, base_url, lang);
    let sub_events: Vec<_> = release
        .listed()
        .map(|session| {
            json!({
                "@type": "Event",
                "@id": session_url(base_url, lang, &programme.slug, &session.slug),
                "name": session.title,
                "startDate": start_date(release, session),
                "eventStatus": event_status(release, session),
            })
        })
        .collect();
    let mut series = json!({
        "@context": "https://schema.org",
        "@type": "EventSeries",
        "@id": page,
        "name": programme.title,
        "url": page,
        "startDate": programme.starts,
        "endDate": programme.ends,
        "inLanguage": programme.languages,
        "isAccessibleForFree": true,
        "subEvent": sub_events,
    });
    set(&mut series, "alternateName", text(&programme.tagline));
    set(&mut series, "description", text(&markdown::to_text(&programme.summary)));
    series
}

/// One session. Its online location is its own page: the join address is only for who is confirmed.
pub fn event(
    release: &Release,
    session: &ReleasedSession,
    seats: Option<Seats>,
    base_url: &str,
    lang: Lang,
) -> Value {
    let programme = &release.programme;
    let page = session_url(base_url, lang, &programme.slug, &session.slug);
    let series = programme_url(release, base_url, lang);
    let mut event = json!({
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": page,
        "name": session.title,
        "url": page,
        "startDate": start_date(release, session),
        "eventStatus": event_status(release, session),
        "eventAttendanceMode": attendance_mode(session),
        "isAccessibleForFree": true,
        "offers": offers(session, seats, &page),
        "superEvent": { "@type": "EventSeries", "@id": series, "name": programme.title, "url": series },
    });
    let body = match session.r#abstract.trim() {
        "" => markdown::to_text(&session.description),
        words => words.to_owned(),
    };
    set(&mut event, "description", text(&body));
    set(&mut event, "endDate", end_date(release, session));
    set(&mut event, "previousStartDate", previous_start(release, session));
    set(&mut event, "location", location(release, session, &page));
    set(&mut event, "organizer", organizers(release, session, base_url, lang));
    set(&mut event, "performer", list(&session.speakers));
    set(&mut event, "inLanguage", list(&session.languages));
    set(&mut event, "keywords", list(&session.tags));
    set(&mut event, "about", release.theme_of(session).map(|theme| theme.title.clone().into()));
    if let Some(Seats { capacity: Some(capacity), left, .. }) = seats {
        event["maximumAttendeeCapacity"] = capacity.into();
        event["remainingAttendeeCapacity"] = left.clamp(0, capacity.max(0)).into();
    }
    event
}

fn set(object: &mut Value, key: &str, value: Option<Value>) {
    if let Some(value) = value {
        object[key] = value;
    }
}

fn text(text: &str) -> Option<Value> {
    (!text.is_empty()).then(|| text.into())
}

fn list(words: &[String]) -> Option<Value> {
    (!words.is_empty()).then(|| words.into())
}

fn programme_url(release: &Release, base_url: &str, lang: Lang) -> String {
    format!("{}/{}/{}", base_url.trim_end_matches('/'), lang.code(), release.programme.slug)
}

fn start_date(release: &Release, session: &Session) -> Value {
    match session.start {
        Some(start) => local(release, session.date.and_time(start)),
        None => session.date.to_string().into(),
    }
}

fn end_date(release: &Release, session: &Session) -> Option<Value> {
    let end = session.end?;
    Some(match session.start {
        Some(_) => local(release, end),
        None => end.date().to_string().into(),
    })
}

fn local(release: &Release, at: NaiveDateTime) -> Value {
    frab::offset(release.programme.timezone, at).to_rfc3339().into()
}

fn event_status(release: &Release, session: &Session) -> &'static str {
    match session.status {
        Status::Cancelled | Status::Withdrawn => "https://schema.org/EventCancelled",
        Status::Scheduled if old_start(release, session).is_some() => "https://schema.org/EventRescheduled",
        Status::Scheduled => "https://schema.org/EventScheduled",
    }
}

/// What this release says the start was before it.
fn old_start<'r>(release: &'r Release, session: &Session) -> Option<&'r str> {
    let is_move = |kind| kind == ChangeKind::Moved;
    let change = release.changes.iter().find(|change| is_move(change.kind) && change.slug == session.slug)?;
    let field = change.fields.iter().find(|field| field.field == Field::Start)?;
    Some(&field.old)
}

fn previous_start(release: &Release, session: &Session) -> Option<Value> {
    if session.status != Status::Scheduled {
        return None;
    }
    let old = old_start(release, session)?;
    let at = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"];
    match at.iter().find_map(|form| NaiveDateTime::parse_from_str(old, form).ok()) {
        Some(at) => Some(local(release, at)),
        None => old.parse::<NaiveDate>().ok().map(|date| date.to_string().into()),
    }
}

fn attendance_mode(session: &Session) -> &'static str {
    match (session.online, session.place.is_some()) {
        (true, false) => "https://schema.org/OnlineEventAttendanceMode",
        (true, true) => "https://schema.org/MixedEventAttendanceMode",
        (false, _) => "https://schema.org/OfflineEventAttendanceMode",
    }
}

fn location(release: &Release, session: &Session, page: &str) -> Option<Value> {
    let place = release.place_of(session).map(|place| {
        let mut location = json!({ "@type": "Place", "name": place.name });
        set(&mut location, "address", text(&place.address));
        if let Some((north, east)) = place.latitude.zip(place.longitude) {
            location["geo"] = json!({ "@type": "GeoCoordinates", "latitude": north, "longitude": east });
        }
        location
    });
    let online = session.online.then(|| json!({ "@type": "VirtualLocation", "url": page }));
    match (place, online) {
        (Some(place), Some(online)) => Some(json!([place, online])),
        (place, online) => place.or(online),
    }
}

fn organizers(release: &Release, session: &Session, base_url: &str, lang: Lang) -> Option<Value> {
    let hosts: Vec<_> = release
        .hosts_of(session)
        .map(|host| {
            let page = format!("{}/organisations/{}", programme_url(release, base_url, lang), host.slug);
            let url = if host.url.is_empty() { page } else { host.url.clone() };
            json!({ "@type": "Organization", "name": host.name, "url": url })
        })
        .collect();
    (!hosts.is_empty()).then(|| hosts.into())
}

fn offers(session: &Session, seats: Option<Seats>, page: &str) -> Value {
    let mut offer = json!({ "@type": "Offer", "price": 0, "priceCurrency": "CHF", "url": page });
    if session.status != Status::Scheduled {
        offer["availability"] = "https://schema.org/Discontinued".into();
    } else if let Some(seats) = seats {
        let word = match seats.offered {
            Offered::Now => Some("InStock"),
            Offered::Full => Some("SoldOut"),
            Offered::Later(_) => Some("PreOrder"),
            Offered::No => Some("OutOfStock"),
            Offered::Elsewhere => None,
        };
        set(&mut offer, "availability", word.map(|word| format!("https://schema.org/{word}").into()));
        if let Offered::Later(Some(from)) = seats.offered {
            offer["validFrom"] = from.to_rfc3339().into();
        }
    }
    offer
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::sample::{self, BASE_URL, session};

    fn of(slug: &str, seats: Option<Seats>) -> Value {
        let release = sample::release();
        event(&release, release.session(slug).unwrap(), seats, BASE_URL, Lang::Fr)
    }

    #[test]
    fn a_session_says_all_that_search_engines_ask_for() {
        let mut release = sample::release_of(vec![session("atelier-du-lab", 1)]);
        release.sessions[0].session.online = true;
        let page = "https://example.org/fr/miso-2027/sessions/atelier-du-lab";
        let seats = Seats { capacity: Some(40), left: 4, offered: Offered::Now };
        assert_eq!(
            event(&release, &release.sessions[0], Some(seats), "https://example.org/", Lang::Fr),
            json!({
                "@context": "https://schema.org",
                "@type": "Event",
                "@id": page,
                "name": "Titre de atelier-du-lab",
                "description": "Deux phrases.",
                "url": page,
                "startDate": "2027-04-19T09:00:00+02:00",
                "endDate": "2027-04-19T10:15:00+02:00",
                "eventStatus": "https://schema.org/EventScheduled",
                "eventAttendanceMode": "https://schema.org/MixedEventAttendanceMode",
                "location": [
                    {
                        "@type": "Place",
                        "name": "La Maison",
                        "address": "Rue de l’Essai 1, Genève",
                        "geo": { "@type": "GeoCoordinates", "latitude": 46.2, "longitude": 6.14 },
                    },
                    { "@type": "VirtualLocation", "url": page },
                ],
                "organizer": [
                    { "@type": "Organization", "name": "Asso & Cie", "url": "https://example.org/asso?a=1&b=2" },
                ],
                "performer": ["Une voix"],
                "inLanguage": ["fr"],
                "keywords": ["logement"],
                "about": "LAB",
                "isAccessibleForFree": true,
                "offers": {
                    "@type": "Offer",
                    "price": 0,
                    "priceCurrency": "CHF",
                    "url": page,
                    "availability": "https://schema.org/InStock",
                },
                "maximumAttendeeCapacity": 40,
                "remainingAttendeeCapacity": 4,
                "superEvent": {
                    "@type": "EventSeries",
                    "@id": "https://example.org/fr/miso-2027",
                    "name": "MISO 2027",
                    "url": "https://example.org/fr/miso-2027",
                },
            })
        );
    }

    #[test]
    fn what_moved_was_cancelled_or_is_full_says_so() {
        let moved = of("atelier-du-lab", None);
        assert_eq!(moved["eventStatus"], "https://schema.org/EventRescheduled");
        assert_eq!(moved["previousStartDate"], "2027-04-18T10:30:00+02:00");
        assert_eq!(of("annulee", None)["eventStatus"], "https://schema.org/EventCancelled");
        let full = of("les-deux", Some(Seats { capacity: Some(10), left: -2, offered: Offered::Full }));
        assert_eq!(full["offers"]["availability"], "https://schema.org/SoldOut");
        assert_eq!(full["remainingAttendeeCapacity"], 0);
        let unlimited = of("les-deux", Some(Seats { capacity: None, left: 0, offered: Offered::Now }));
        assert_eq!(unlimited["offers"]["availability"], "https://schema.org/InStock");
        assert_eq!(unlimited.get("maximumAttendeeCapacity"), None);
    }

    #[test]
    fn what_cannot_be_had_is_not_offered() {
        let opens = "2027-04-05T06:00:00Z".parse().unwrap();
        for (offered, word) in [
            (Offered::No, json!("https://schema.org/OutOfStock")),
            (Offered::Later(Some(opens)), json!("https://schema.org/PreOrder")),
            (Offered::Later(None), json!("https://schema.org/PreOrder")),
            (Offered::Elsewhere, Value::Null),
        ] {
            let event = of("les-deux", Some(Seats { capacity: Some(10), left: 4, offered }));
            assert_eq!(event["offers"]["availability"], word, "{offered:?}");
            let from =
                if offered == Offered::Later(Some(opens)) { json!(opens.to_rfc3339()) } else { Value::Null };
            assert_eq!(event["offers"]["validFrom"], from, "{offered:?}");
        }
    }

    #[test]
    fn an_online_session_leads_to_its_page_and_a_day_without_an_hour_is_a_day() {
        let page = "https://example.org/fr/miso-2027/sessions/en-ligne";
        assert_eq!(of("en-ligne", None)["location"], json!({ "@type": "VirtualLocation", "url": page }));
        assert_eq!(of("sans-heure", None)["startDate"], "2027-04-19");
        assert_eq!(of("sans-heure", None).get("location"), None);
    }

    #[test]
    fn the_series_names_every_session_that_pages_list() {
        let release = sample::release();
        let series = event_series(&release, BASE_URL, Lang::En);
        assert_eq!(series["@type"], "EventSeries");
        assert_eq!(series["description"], "Un mois ouvert.");
        assert_eq!((&series["startDate"], &series["endDate"]), (&json!("2027-04-19"), &json!("2027-05-14")));
        assert_eq!(series["subEvent"].as_array().unwrap().len(), release.listed().count());
        assert_eq!(
            series["subEvent"][0],
            json!({
                "@type": "Event",
                "@id": "https://example.org/en/miso-2027/sessions/atelier-du-lab",
                "name": "Titre de atelier-du-lab",
                "startDate": "2027-04-19T09:00:00+02:00",
                "eventStatus": "https://schema.org/EventRescheduled",
            })
        );
    }
}
