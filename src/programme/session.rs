//! A session: what the public sees of it, and what is live beside the release.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{QueueMode, RegistrationTime, Rules, instant};
use crate::markdown;

/// A session as organisers edit it: what the public will see, and what is live beside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DraftSession {
    /// What a release holds.
    #[serde(flatten)]
    pub session: Session,
    /// What the seat row holds.
    pub live: Live,
}

/// One dated thing to attend, as the public sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// Its identity in files and addresses.
    pub slug: String,
    /// Its identity in the database and, for ever, in calendars (the `UID`).
    pub id: Uuid,
    /// Its name.
    pub title: String,
    /// The slug of its theme.
    pub theme: Option<String>,
    /// One or more.
    pub formats: Vec<Format>,
    /// The day, local to the programme.
    pub date: NaiveDate,
    /// `None`: « horaire à préciser ».
    pub start: Option<NaiveTime>,
    /// Local; may be on a later day. `None`: no end is known.
    pub end: Option<NaiveDateTime>,
    /// Languages spoken.
    pub languages: Vec<String>,
    /// The slug of its place; with `online`, it is both.
    pub place: Option<String>,
    /// True where one can attend from home.
    pub online: bool,
    /// Slugs of the organisations that bring it.
    pub hosts: Vec<String>,
    /// Who speaks, as text.
    pub speakers: Vec<String>,
    /// One or two sentences, plain text.
    pub r#abstract: String,
    /// Markdown.
    pub description: String,
    /// Free words.
    pub tags: Vec<String>,
    /// What is there for whom needs it.
    pub access: Vec<Access>,
    /// Whether it takes place.
    pub status: Status,
    /// Why it does not take place, in plain text: what the pages and the mails say of it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cancel_reason: String,
    /// The language of title and texts, where it is not the page's.
    pub text_language: Option<String>,
    /// Where the recording is; known afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording: Option<String>,
    /// What it has left behind, Markdown; written afterwards.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub minutes: String,
}

impl Session {
    /// What it is about, without marks: why it is off, the abstract and the description, as mails and calendars say it.
    pub fn plain_text(&self) -> String {
        let texts = [
            self.reason().to_owned(),
            self.r#abstract.trim().to_owned(),
            markdown::to_text(&self.description),
        ];
        let texts: Vec<_> = texts.into_iter().filter(|text| !text.is_empty()).collect();
        texts.join("\n\n")
    }
}

/// What stands in the seat row, can be changed at once, and is in no release (DESIGN.md section 2.1).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Live {
    /// Where to join online. Only for those who are confirmed.
    pub join_url: Option<String>,
    /// How many may come.
    pub capacity: Capacity,
    /// How one registers.
    pub registration: Registration,
    /// Overrides the programme's.
    pub opens: Option<RegistrationTime>,
    /// Overrides the programme's.
    pub closes: Option<RegistrationTime>,
    /// Overrides the programme's.
    pub queue: Option<QueueMode>,
    /// Seats kept back, by group.
    pub held: BTreeMap<String, i64>,
}

/// How many may come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Capacity {
    /// The programme's rule; without a rule, no limit.
    #[default]
    Rule,
    /// No limit.
    Unlimited,
    /// So many.
    Seats(i64),
}

impl Capacity {
    /// Seats under these rules; `None`: no limit.
    pub fn under(self, rules: &Rules) -> Option<i64> {
        match self {
            Capacity::Rule => rules.capacity,
            Capacity::Unlimited => None,
            Capacity::Seats(seats) => Some(seats),
        }
    }
}

/// How one registers for a session.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Registration {
    /// With our form.
    #[default]
    Open,
    /// Not (any more).
    Closed,
    /// By invitation only.
    Invitation,
    /// One simply comes.
    None,
    /// On somebody else's page.
    External(String),
}

/// What kind of session it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Format {
    Conference,
    Workshop,
    OpenForum,
    RoundTable,
    Testimony,
    OpenDay,
    Hackathon,
    Other,
}

impl Format {
    /// In the order in which filters show them.
    pub const ALL: [Format; 8] = [
        Format::Conference,
        Format::Workshop,
        Format::OpenForum,
        Format::RoundTable,
        Format::Testimony,
        Format::OpenDay,
        Format::Hackathon,
        Format::Other,
    ];

    /// The word in files, addresses and message keys (`format-open-forum`).
    pub fn code(self) -> &'static str {
        match self {
            Format::Conference => "conference",
            Format::Workshop => "workshop",
            Format::OpenForum => "open-forum",
            Format::RoundTable => "round-table",
            Format::Testimony => "testimony",
            Format::OpenDay => "open-day",
            Format::Hackathon => "hackathon",
            Format::Other => "other",
        }
    }

    /// The format of that code.
    pub fn parse(code: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.code() == code)
    }
}

/// What is there for whom needs it. Six kinds that filters know, and free text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Access {
    StepFree,
    SignLanguage,
    HearingLoop,
    Childcare,
    EasyLanguage,
    QuietRoom,
    /// Shown as it was written.
    Text(String),
}

impl Access {
    /// The six that filters know.
    pub const KNOWN: [Access; 6] = [
        Access::StepFree,
        Access::SignLanguage,
        Access::HearingLoop,
        Access::Childcare,
        Access::EasyLanguage,
        Access::QuietRoom,
    ];

    /// The word in files, addresses and message keys (`access-step-free`), or the free text.
    pub fn code(&self) -> &str {
        match self {
            Access::StepFree => "step-free",
            Access::SignLanguage => "sign-language",
            Access::HearingLoop => "hearing-loop",
            Access::Childcare => "childcare",
            Access::EasyLanguage => "easy-language",
            Access::QuietRoom => "quiet-room",
            Access::Text(text) => text,
        }
    }
}

impl From<String> for Access {
    fn from(text: String) -> Access {
        Access::KNOWN.into_iter().find(|known| known.code() == text).unwrap_or(Access::Text(text))
    }
}

impl From<Access> for String {
    fn from(access: Access) -> String {
        access.code().to_owned()
    }
}

/// Whether a session takes place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "TEXT", rename_all = "lowercase")]
pub enum Status {
    /// It does.
    #[default]
    Scheduled,
    /// It was announced and does not. Stays on the pages and in the feeds.
    Cancelled,
    /// It left the programme: 410 on its page, `STATUS:CANCELLED` in the feeds.
    Withdrawn,
}

impl Session {
    /// Its identity in frab files, for ever: a UUIDv5 of its UID.
    pub fn guid(&self) -> Uuid {
        Uuid::new_v5(&Uuid::NAMESPACE_OID, self.id.to_string().as_bytes())
    }

    /// Why it does not take place; nothing where it does, or where nobody has said it.
    pub fn reason(&self) -> &str {
        match self.status {
            Status::Cancelled => self.cancel_reason.trim(),
            Status::Scheduled | Status::Withdrawn => "",
        }
    }

    /// Its first moment; a session without a start begins with its day.
    pub fn starts_at(&self, zone: Tz) -> DateTime<Utc> {
        instant(zone, self.date.and_time(self.start.unwrap_or_default()))
    }

    /// Its last moment, where one is known.
    pub fn ends_at(&self, zone: Tz) -> Option<DateTime<Utc>> {
        self.end.map(|end| instant(zone, end))
    }
}
