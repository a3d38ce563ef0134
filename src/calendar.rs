//! Sessions as calendar entries: ICS text, pure.
//!
//! One session is one `UID` for ever; what people must know raises `SEQUENCE`; what does not take place stays
//! as `STATUS:CANCELLED` (DESIGN.md sections 2.5 and 9). Times are written in UTC. The `icalendar` crate writes
//! the properties; [`text`] cleans what goes in and folds what comes out.

pub mod links;
mod opening;
pub mod routes;
pub mod sessions;
mod text;
pub mod words;

use chrono::{DateTime, NaiveDate, Utc};
use icalendar::{Calendar, Component as _, Event, EventLike as _, Parameter, Property};

pub use opening::{Opening, opening};
pub use sessions::{Filter, Personal, agenda_entry, entry, programme_feed, session_url};

const PRODUCT: &str = "-//Parvis//Parvis//FR";

/// How often a programme's feeds ask to be read again, in hours.
pub const REFRESH_HOURS: u32 = 1;

/// A calendar that people subscribe to.
#[derive(Debug, Clone, PartialEq)]
pub struct Feed {
    /// What the subscriber's program calls it.
    pub name: String,
    /// One line about it; may be empty.
    pub description: String,
    /// The page that shows the same.
    pub url: String,
    /// In the order in which they are written.
    pub entries: Vec<Entry>,
    /// When what it says was last changed as a whole: `LAST-MODIFIED` of the calendar.
    pub stamp: DateTime<Utc>,
    /// How often programs should read it again, in hours.
    pub refresh: u32,
}

/// One thing in a calendar.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its identity, for ever: the session's id.
    pub uid: String,
    /// Raised with every change that a person must know.
    pub sequence: i64,
    /// `DTSTAMP`: when this version was made.
    pub stamp: DateTime<Utc>,
    /// When its session was last changed in any way.
    pub last_modified: DateTime<Utc>,
    /// When it is.
    pub when: When,
    /// The session's title, exactly.
    pub summary: String,
    /// Plain text of several lines.
    pub description: String,
    /// One line; may be empty.
    pub location: String,
    /// Degrees north and east.
    pub geo: Option<(f64, f64)>,
    /// The session's page.
    pub url: String,
    /// Where to join online; only for a person who is confirmed.
    pub conference: Option<String>,
    /// Theme, formats, tags.
    pub categories: Vec<String>,
    /// Whether it takes place.
    pub status: EntryStatus,
    /// Name and address of who invites.
    pub organizer: Option<(String, String)>,
    /// Name and address of who is invited; written in invitations only.
    pub attendee: Option<(String, String)>,
}

/// When an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// From a moment, to another where one is known.
    Timed {
        /// The first moment.
        start: DateTime<Utc>,
        /// The last. `None`, or one that is not after the start: written without `DTEND`, since RFC 5545 wants
        /// it later than the start and programs then show a moment.
        end: Option<DateTime<Utc>>,
    },
    /// Whole days: « horaire à préciser ».
    AllDay {
        /// The first day.
        date: NaiveDate,
        /// The day after the last, as in `DTEND`.
        end: NaiveDate,
    },
}

/// Whether an entry takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum EntryStatus {
    Confirmed,
    Tentative,
    Cancelled,
}

/// What a message to one person asks of that person's calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Put it in, or bring what is there up to date.
    Request,
    /// Take it out.
    Cancel,
}

impl Method {
    /// The word in the text, and in the `method` parameter of the mail part.
    pub fn name(self) -> &'static str {
        match self {
            Method::Request => "REQUEST",
            Method::Cancel => "CANCEL",
        }
    }
}

/// A calendar to subscribe to, as ICS text.
pub fn feed(feed: &Feed) -> String {
    // No METHOD: with one, RFC 5546, section 3.2.1 wants an ORGANIZER in each entry, and some programs take a feed
    // that has one for a message to be answered.
    let mut calendar = calendar();
    let name = text::line(&feed.name);
    let refresh = format!("PT{}H", feed.refresh.max(1));
    calendar
        // The crate knows no RFC 7986 property: it writes NAME as it stands.
        .append_property(Property::new("NAME", text::escape(&name)))
        .append_property(Property::new("X-WR-CALNAME", name))
        .append_property(Property::new("URL", text::uri(&feed.url)))
        .append_property(Property::new("LAST-MODIFIED", instant(feed.stamp)))
        .append_property(
            Property::new("REFRESH-INTERVAL", &refresh).add_parameter("VALUE", "DURATION").done(),
        )
        .append_property(Property::new("X-PUBLISHED-TTL", refresh));
    if !feed.description.is_empty() {
        let description = text::line(&feed.description);
        calendar.description(&description);
    }
    for entry in &feed.entries {
        // What everybody may read names nobody as invited.
        calendar.push(event(entry, entry.status));
    }
    text::refold(&calendar.to_string())
}

/// A message to one person's calendar, as ICS text: the `text/calendar` part of a mail.
pub fn invitation(method: Method, entry: &Entry) -> String {
    let status = match method {
        Method::Request => entry.status,
        Method::Cancel => EntryStatus::Cancelled,
    };
    let mut event = event(entry, status);
    if let Some((name, address)) = &entry.attendee {
        event.append_multi_property(attendee(name, address));
    }
    let mut calendar = calendar();
    calendar.append_property(("METHOD", method.name()));
    calendar.push(event);
    text::refold(&calendar.to_string())
}

fn calendar() -> Calendar {
    let mut calendar = Calendar::empty();
    calendar
        .append_property(("VERSION", "2.0"))
        .append_property(("PRODID", PRODUCT))
        .append_property(("CALSCALE", "GREGORIAN"));
    calendar
}

fn event(entry: &Entry, status: EntryStatus) -> Event {
    let mut event = Event::new();
    event
        .uid(&text::line(&entry.uid))
        .add_property("SEQUENCE", entry.sequence.max(0).to_string())
        .add_property("DTSTAMP", instant(entry.stamp))
        .add_property("LAST-MODIFIED", instant(entry.last_modified))
        .summary(&text::line(&entry.summary))
        .url(&text::uri(&entry.url))
        .status(match status {
            EntryStatus::Confirmed => icalendar::EventStatus::Confirmed,
            EntryStatus::Tentative => icalendar::EventStatus::Tentative,
            EntryStatus::Cancelled => icalendar::EventStatus::Cancelled,
        });
    add_when(&mut event, entry.when);
    if !entry.description.is_empty() {
        event.description(&text::lines(&entry.description));
    }
    if !entry.location.is_empty() {
        event.location(&text::line(&entry.location));
    }
    if let Some((north, east)) = entry.geo {
        event.add_property("GEO", format!("{north:.6};{east:.6}"));
    }
    let categories: Vec<_> = entry.categories.iter().map(|word| text::line(word)).collect();
    if !categories.is_empty() {
        event.categories(categories);
    }
    if let Some(address) = &entry.conference {
        event.append_property(
            Property::new("CONFERENCE", text::uri(address))
                .add_parameter("FEATURE", "VIDEO")
                .add_parameter("VALUE", "URI")
                .done(),
        );
    }
    if let Some((name, address)) = &entry.organizer {
        event.append_property(person("ORGANIZER", name, address));
    }
    event
}

fn add_when(event: &mut Event, when: When) {
    match when {
        When::Timed { start, end } => {
            event.add_property("DTSTART", instant(start));
            if let Some(end) = end.filter(|end| *end > start) {
                event.add_property("DTEND", instant(end));
            }
        }
        When::AllDay { date, end } => {
            event.append_property(day("DTSTART", date)).append_property(day("DTEND", end));
            // A day without an hour must not make the person busy from midnight to midnight.
            event.add_property("TRANSP", "TRANSPARENT");
        }
    }
}

fn day(key: &str, date: NaiveDate) -> Property {
    Property::new(key, date.format("%Y%m%d").to_string()).add_parameter("VALUE", "DATE").done()
}

fn instant(moment: DateTime<Utc>) -> String {
    moment.format("%Y%m%dT%H%M%SZ").to_string()
}

fn person(key: &str, name: &str, address: &str) -> Property {
    let mut property = Property::new(key, text::uri(&format!("mailto:{address}")));
    let name = text::parameter(name);
    if !name.is_empty() {
        property.append_parameter(Parameter::new("CN", &name));
    }
    property.done()
}

fn attendee(name: &str, address: &str) -> Property {
    person("ATTENDEE", name, address)
        .add_parameter("CUTYPE", "INDIVIDUAL")
        .add_parameter("PARTSTAT", "ACCEPTED")
        .add_parameter("ROLE", "REQ-PARTICIPANT")
        .add_parameter("RSVP", "FALSE")
        .done()
}

#[cfg(test)]
mod tests;
