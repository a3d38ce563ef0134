//! Where the calendar buttons lead: subscribe, Google, Outlook, file.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use super::{Entry, When};

/// What an address on another's site may carry of a description, in characters: longer ones are refused there.
const DETAILS_CHARS_MAX: usize = 1_000;

/// Everything but what RFC 3986 leaves as it is; a space is `%20`, since Outlook shows a `+`.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Addresses behind the buttons of one feed or session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Links {
    /// Subscribes in the program that the visitor's system has for calendars.
    pub webcal: String,
    /// Google Calendar: subscribes to a feed, or fills in an entry.
    pub google: String,
    /// Outlook on the web: subscribes to a feed, or fills in an entry.
    pub outlook: String,
    /// The `.ics` itself.
    pub file: String,
}

/// The buttons of a feed at that address, which people's programs will call by that name.
pub fn of_feed(feed_url: &str, name: &str) -> Links {
    let webcal = webcal(feed_url);
    Links {
        google: address("https://calendar.google.com/calendar/render", &[("cid", &webcal)]),
        outlook: address(
            "https://outlook.live.com/calendar/0/addfromweb",
            &[("url", feed_url), ("name", name)],
        ),
        webcal,
        file: feed_url.to_owned(),
    }
}

/// The buttons of one session, whose own calendar is at that address.
pub fn of_entry(entry: &Entry, feed_url: &str) -> Links {
    Links {
        webcal: webcal(feed_url),
        google: google(entry),
        outlook: outlook(entry),
        file: feed_url.to_owned(),
    }
}

/// The same address in the scheme that opens a calendar program.
pub fn webcal(feed_url: &str) -> String {
    match feed_url.split_once("://") {
        Some((_, rest)) => format!("webcal://{rest}"),
        None => feed_url.to_owned(),
    }
}

fn google(entry: &Entry) -> String {
    let moment = |moment: DateTime<Utc>| moment.format("%Y%m%dT%H%M%SZ").to_string();
    let day = |day: NaiveDate| day.format("%Y%m%d").to_string();
    let dates = match entry.when {
        When::Timed { start, end } => format!("{}/{}", moment(start), moment(end.unwrap_or(start))),
        When::AllDay { date, end } => format!("{}/{}", day(date), day(end)),
    };
    address(
        "https://calendar.google.com/calendar/render",
        &[
            ("action", "TEMPLATE"),
            ("text", &entry.summary),
            ("dates", &dates),
            ("details", &details(entry)),
            ("location", &entry.location),
        ],
    )
}

fn outlook(entry: &Entry) -> String {
    let moment = |moment: DateTime<Utc>| moment.to_rfc3339_opts(SecondsFormat::Secs, true);
    let (start, end, all_day) = match entry.when {
        When::Timed { start, end } => (moment(start), moment(end.unwrap_or(start)), "false"),
        When::AllDay { date, end } => (date.to_string(), end.to_string(), "true"),
    };
    // Outlook reads the body as HTML.
    let body =
        details(entry).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\n', "<br>");
    address(
        "https://outlook.live.com/calendar/0/deeplink/compose",
        &[
            ("path", "/calendar/action/compose"),
            ("rru", "addevent"),
            ("subject", &entry.summary),
            ("startdt", &start),
            ("enddt", &end),
            ("allday", all_day),
            ("body", &body),
            ("location", &entry.location),
        ],
    )
}

/// The description, cut at its limit; the page's address is always whole.
fn details(entry: &Entry) -> String {
    if entry.description.chars().count() <= DETAILS_CHARS_MAX {
        return entry.description.clone();
    }
    let cut: String = entry.description.chars().take(DETAILS_CHARS_MAX).collect();
    format!("{}…\n\n{}", cut.trim_end(), entry.url)
}

fn address(base: &str, values: &[(&str, &str)]) -> String {
    let query: Vec<_> =
        values.iter().map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, VALUE))).collect();
    format!("{base}?{}", query.join("&"))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use chrono::TimeZone as _;

    use super::*;
    use crate::calendar::EntryStatus;

    fn entry(when: When) -> Entry {
        let stamp = Utc.with_ymd_and_hms(2027, 4, 1, 8, 0, 0).unwrap();
        Entry {
            uid: "u".to_owned(),
            sequence: 0,
            stamp,
            last_modified: stamp,
            when,
            summary: "Lab & café #1 + plus".to_owned(),
            description: "a < b\n100 %".to_owned(),
            location: "Salle A, rue de l’Essai 1".to_owned(),
            geo: None,
            url: "https://example.org/fr/miso/sessions/lab".to_owned(),
            conference: None,
            categories: vec![],
            status: EntryStatus::Confirmed,
            organizer: None,
            attendee: None,
        }
    }

    fn query(address: &str) -> HashMap<String, String> {
        assert!(!address.contains('+') && address.is_ascii(), "{address}");
        url::Url::parse(address).unwrap().query_pairs().into_owned().collect()
    }

    #[test]
    fn what_an_entry_says_arrives_whole_behind_both_buttons() {
        let start = Utc.with_ymd_and_hms(2027, 4, 19, 7, 0, 0).unwrap();
        let end = start + chrono::TimeDelta::minutes(75);
        let links = of_entry(
            &entry(When::Timed { start, end: Some(end) }),
            "https://example.org/fr/miso/sessions/lab/calendar.ics",
        );

        let google = query(&links.google);
        let outlook = query(&links.outlook);

        assert_eq!(google["text"], "Lab & café #1 + plus");
        assert_eq!(google["dates"], "20270419T070000Z/20270419T081500Z");
        assert_eq!(google["details"], "a < b\n100 %");
        assert_eq!(google["location"], "Salle A, rue de l’Essai 1");
        assert_eq!(outlook["subject"], "Lab & café #1 + plus");
        assert_eq!(outlook["startdt"], "2027-04-19T07:00:00Z");
        assert_eq!(outlook["enddt"], "2027-04-19T08:15:00Z");
        assert_eq!(outlook["body"], "a &lt; b<br>100 %");
        assert_eq!(links.webcal, "webcal://example.org/fr/miso/sessions/lab/calendar.ics");
    }

    #[test]
    fn a_day_without_an_hour_is_a_day_there_too() {
        let date = NaiveDate::from_ymd_opt(2027, 4, 19).unwrap();
        let links = of_entry(&entry(When::AllDay { date, end: date.succ_opt().unwrap() }), "http://h/c.ics");
        assert_eq!(query(&links.google)["dates"], "20270419/20270420");
        assert_eq!(query(&links.outlook)["allday"], "true");
        assert_eq!(query(&links.outlook)["startdt"], "2027-04-19");
    }

    #[test]
    fn a_feed_is_subscribed_to_and_not_copied() {
        let links = of_feed("https://example.org/fr/miso/calendar.ics", "MISO & Co");
        assert_eq!(query(&links.google)["cid"], "webcal://example.org/fr/miso/calendar.ics");
        assert_eq!(query(&links.outlook)["url"], "https://example.org/fr/miso/calendar.ics");
        assert_eq!(query(&links.outlook)["name"], "MISO & Co");
    }

    #[test]
    fn a_long_description_is_cut_and_still_leads_to_the_page() {
        let mut long = entry(When::AllDay { date: NaiveDate::MIN, end: NaiveDate::MIN });
        long.description = "é".repeat(5_000);
        assert_eq!(
            details(&long),
            format!("{}…\n\nhttps://example.org/fr/miso/sessions/lab", "é".repeat(1_000))
        );
    }
}
