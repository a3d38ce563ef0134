//! The programme as organisers edit it: the draft. What the public sees of it is a [`crate::release`].

mod call;
pub mod cells;
pub mod clashes;
pub mod edit;
pub mod filter;
pub mod import;
mod logged;
pub mod press;
mod registration_time;
pub mod routes;
pub mod search;
pub mod session;
pub mod span;
pub mod store;
pub mod words;

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone as _, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

pub use call::{Call, CallState};
pub use registration_time::RegistrationTime;
pub use session::{Access, Capacity, DraftSession, Format, Live, Registration, Session, Status};

/// Programme slugs that would hide an address of ours (DESIGN.md section 5).
pub const RESERVED_SLUGS: [&str; 25] = [
    "agenda",
    "office",
    "static",
    "demo",
    "link",
    "confirm",
    "feedback",
    "certificates",
    "unsubscribe",
    "press",
    "accessibility",
    "privacy",
    // Below the office.
    "sign-in",
    "sign-out",
    "account",
    "users",
    "invitation",
    "join",
    "password",
    "mailed-link",
    "figures-link",
    "programmes",
    "mails",
    "log",
    "import",
];

/// The longest title or name that we take, in characters.
pub const TITLE_CHARS_MAX: usize = 300;
/// The longest text (description, summary) that we take, in characters.
pub const TEXT_CHARS_MAX: usize = 50_000;

/// Everything that organisers edit, as one value. Importing changes it, publishing freezes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// The programme's own settings.
    pub programme: Programme,
    /// In the order of the programme, usually one a week.
    pub themes: Vec<Theme>,
    /// Rooms and addresses.
    pub places: Vec<Place>,
    /// Hosts and partners.
    pub organisations: Vec<Organisation>,
    /// Releases to the press.
    pub press: Vec<PressRelease>,
    /// Every session, withdrawn ones too.
    pub sessions: Vec<DraftSession>,
}

impl Draft {
    /// The day after which it is over.
    pub fn last_day(&self) -> NaiveDate {
        last_day(&self.programme, self.sessions.iter().map(|session| &session.session))
    }
}

/// The last day of a programme of these sessions: its own, or that of a session which takes place later still.
pub fn last_day<'s>(programme: &Programme, sessions: impl Iterator<Item = &'s Session>) -> NaiveDate {
    let held = sessions.filter(|session| session.status == Status::Scheduled);
    held.map(|session| session.date).fold(programme.ends, NaiveDate::max)
}

/// One edition: "MISO 2021".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Programme {
    /// Its identity and its address: `[a-z0-9][a-z0-9-]{2,}`, not one of [`RESERVED_SLUGS`].
    pub slug: String,
    /// Its name.
    pub title: String,
    /// One line under the name.
    #[serde(default)]
    pub tagline: String,
    /// One paragraph that says what this is, in Markdown.
    #[serde(default)]
    pub summary: String,
    /// Every local time of the programme is in this zone.
    pub timezone: Tz,
    /// Languages of the sessions, codes like `fr`.
    pub languages: Vec<String>,
    /// The first day.
    pub starts: NaiveDate,
    /// The last day, included.
    pub ends: NaiveDate,
    /// Whom to write to.
    #[serde(default)]
    pub contact: Contact,
    /// What a session does not say itself.
    #[serde(default)]
    pub rules: Rules,
    /// When anybody may propose sessions.
    #[serde(default, skip_serializing_if = "Call::is_none")]
    pub call: Call,
}

/// Whom participants and journalists write to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// For everybody.
    pub email: Option<String>,
    /// For journalists.
    pub press_email: Option<String>,
    /// For journalists in a hurry.
    pub press_phone: Option<String>,
}

/// The programme's rules; a session's own value goes first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// Seats of a session that names no number; `None`: no limit.
    pub capacity: Option<i64>,
    /// What happens when chosen sessions overlap.
    pub overlap: Overlap,
    /// How a free seat finds the first in the queue.
    pub queue: QueueMode,
    /// Whether a seat must be confirmed by a link.
    pub confirm: Confirm,
    /// When registration opens.
    pub opens: Option<RegistrationTime>,
    /// When registration closes; `None`: at the start of each session.
    pub closes: Option<RegistrationTime>,
    /// Most sessions a person a week.
    pub per_week: Option<i64>,
    /// Most sessions a person.
    pub per_programme: Option<i64>,
    /// How long an offer holds, in hours.
    pub offer_hours: Option<i64>,
    /// No offers, and no reminders in days, between these two local times.
    pub quiet: Option<[String; 2]>,
    /// How long before a session people are reminded: `1d`, `1h` ([`span::Span`]).
    pub reminders: Vec<String>,
    /// Whether partners see the names of who is registered for their sessions, and not the figures alone.
    pub partners_see_names: bool,
}

/// What happens when chosen sessions overlap.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Overlap {
    /// The form says so and takes it.
    #[default]
    Warn,
    /// The form refuses.
    Refuse,
}

/// How a free seat finds the first in the queue.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "TEXT", rename_all = "lowercase")]
pub enum QueueMode {
    /// The seat is given, and the mail says how to give it back.
    #[default]
    Promote,
    /// The seat is held for a while and must be taken.
    Offer,
}

/// Whether a seat must be confirmed by a link.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confirm {
    /// The seat is given at once.
    #[default]
    Instant,
    /// The seat is held until the link in the mail is used.
    Link,
}

/// A coloured thread of the programme, usually one a week.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    /// Its identity and its address.
    pub slug: String,
    /// Its name.
    pub title: String,
    /// First day, if it has days of its own.
    pub starts: Option<NaiveDate>,
    /// Last day, included.
    pub ends: Option<NaiveDate>,
    /// `#rrggbb`, lower case.
    #[serde(default = "Theme::default_colour")]
    pub colour: String,
    /// Markdown.
    #[serde(default)]
    pub summary: String,
}

impl Theme {
    /// The colour of a theme that names none: a calm slate.
    pub fn default_colour() -> String {
        "#475569".to_owned()
    }
}

/// A room or an address.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Its identity.
    pub slug: String,
    /// What people call it.
    pub name: String,
    /// Street and town, one line.
    #[serde(default)]
    pub address: String,
    /// WGS 84, degrees north.
    pub latitude: Option<f64>,
    /// WGS 84, degrees east.
    pub longitude: Option<f64>,
    /// How to get in: plain text.
    #[serde(default)]
    pub access: String,
}

/// Who hosts sessions; a partner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    /// Its identity and its address.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Its own site, `http(s)` only.
    #[serde(default)]
    pub url: String,
    /// Markdown.
    #[serde(default)]
    pub summary: String,
}

/// A release to the press: a Markdown file with TOML front matter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PressRelease {
    /// From the file's name; its address.
    pub slug: String,
    /// Its headline.
    pub title: String,
    /// Where it was written.
    #[serde(default)]
    pub place: String,
    /// The day that it bears.
    pub date: NaiveDate,
    /// The language of its text.
    pub language: String,
    /// Markdown.
    pub body: String,
}

/// A local time as an instant. Summer time's doubled hour is its first one (DESIGN.md section 7); a
/// skipped time, which importers refuse, is the moment of the jump's other side.
pub fn instant(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    let found = zone.from_local_datetime(&local).earliest();
    found
        .or_else(|| zone.from_local_datetime(&(local + chrono::TimeDelta::hours(1))).earliest())
        .map_or_else(|| local.and_utc(), |found| found.with_timezone(&Utc))
}

/// True for `[a-z0-9][a-z0-9-]{2,}`, at most 100 characters.
pub fn is_slug(text: &str) -> bool {
    let ok = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    (3..=100).contains(&text.len())
        && text.bytes().next().is_some_and(ok)
        && text.bytes().all(|b| ok(b) || b == b'-')
}

/// A slug from a name: ASCII, lower case, words joined with `-`; at least three characters.
pub fn slugify(name: &str) -> String {
    let ascii = deunicode::deunicode(name).to_lowercase();
    let words: Vec<_> = ascii.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let mut slug: String = words.join("-").chars().take(80).collect();
    while slug.ends_with('-') {
        slug.pop();
    }
    match slug.len() {
        0 => "sans-nom".to_owned(),
        1 | 2 => format!("{slug}-00"),
        _ => slug,
    }
}
