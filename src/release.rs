//! What the public sees: a release is one frozen, numbered programme that knows what changed since the last.

pub mod changes;
pub mod freeze;
pub mod published;
pub mod routes;
pub mod store;

use std::{collections::BTreeMap, ops::Deref};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::programme::{Organisation, Place, PressRelease, Programme, Session, Status, Theme, last_day};

/// One immutable publication of a programme. Stored as one JSON document; never changed (invariant 6).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Release {
    /// 1, 2, 3… in a programme.
    pub number: i64,
    /// When it was published.
    pub published_at: DateTime<Utc>,
    /// What the organisers say about it.
    #[serde(default)]
    pub note: String,
    /// The programme's own settings.
    pub programme: Programme,
    /// In the order of the programme.
    pub themes: Vec<Theme>,
    /// Rooms and addresses.
    pub places: Vec<Place>,
    /// Hosts and partners.
    pub organisations: Vec<Organisation>,
    /// Releases to the press, newest first.
    pub press: Vec<PressRelease>,
    /// When a publication last changed each of them, by slug. Those of older files are not known.
    #[serde(default)]
    pub press_changed: BTreeMap<String, DateTime<Utc>>,
    /// By start, then title. Cancelled and withdrawn ones stay, so that feeds can say so.
    pub sessions: Vec<ReleasedSession>,
    /// What is different from the release before; empty in the first.
    pub changes: Vec<Change>,
}

/// A session in a release: what the public sees, and the counters of its calendar entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReleasedSession {
    /// What the public sees.
    #[serde(flatten)]
    pub session: Session,
    /// Raised by every change that a person must know (RFC 5545, section 3.8.7.4). Never falls.
    pub sequence: i64,
    /// When a release last changed it in any way: `LAST-MODIFIED`, and `dateModified`.
    pub changed_at: DateTime<Utc>,
    /// The number of the release that brought it.
    pub since: i64,
}

impl Deref for ReleasedSession {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.session
    }
}

/// One difference between two releases, as people will read it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// What kind of difference.
    pub kind: ChangeKind,
    /// The session's slug.
    pub slug: String,
    /// What differs, each with its old and new value; empty for new and withdrawn sessions.
    #[serde(default)]
    pub fields: Vec<FieldChange>,
}

/// The kinds of difference, in the order in which the change page shows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// It does not take place any more.
    Cancelled,
    /// It left the programme.
    Withdrawn,
    /// Another time or place.
    Moved,
    /// It was not in the release before, or takes place after all.
    New,
    /// Something else that is worth telling.
    Changed,
}

impl ChangeKind {
    /// All of them, in that order.
    pub const ALL: [ChangeKind; 5] = [
        ChangeKind::Cancelled,
        ChangeKind::Withdrawn,
        ChangeKind::Moved,
        ChangeKind::New,
        ChangeKind::Changed,
    ];

    /// The word in message keys (`change-moved`).
    pub fn code(self) -> &'static str {
        match self {
            ChangeKind::Cancelled => "cancelled",
            ChangeKind::Withdrawn => "withdrawn",
            ChangeKind::Moved => "moved",
            ChangeKind::New => "new",
            ChangeKind::Changed => "changed",
        }
    }
}

/// One field that differs. Values are raw (slugs, ISO times); pages put them into words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldChange {
    /// Which field.
    pub field: Field,
    /// What it was; a time as `2021-04-19T10:30` or, without a start, `2021-04-19`; a place as its name and
    /// address.
    pub old: String,
    /// What it is.
    pub new: String,
}

/// The fields whose changes are told one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Field {
    Title,
    Start,
    End,
    Place,
    Online,
    Hosts,
    Speakers,
    Language,
    Format,
    Theme,
    Access,
    Text,
    /// The recording or the minutes: what is left behind.
    After,
}

impl Release {
    /// The session of that slug, whatever its status.
    pub fn session(&self, slug: &str) -> Option<&ReleasedSession> {
        self.sessions.iter().find(|session| session.slug == slug)
    }

    /// Sessions that pages list: scheduled and cancelled, not withdrawn.
    pub fn listed(&self) -> impl Iterator<Item = &ReleasedSession> {
        self.sessions.iter().filter(|session| session.status != Status::Withdrawn)
    }

    /// The day after which it is over: the programme's last, or that of a session which takes place later still.
    pub fn last_day(&self) -> NaiveDate {
        last_day(&self.programme, self.sessions.iter().map(|session| &session.session))
    }

    /// The theme of that slug.
    pub fn theme(&self, slug: &str) -> Option<&Theme> {
        self.themes.iter().find(|theme| theme.slug == slug)
    }

    /// The place of that slug.
    pub fn place(&self, slug: &str) -> Option<&Place> {
        self.places.iter().find(|place| place.slug == slug)
    }

    /// The organisation of that slug.
    pub fn organisation(&self, slug: &str) -> Option<&Organisation> {
        self.organisations.iter().find(|organisation| organisation.slug == slug)
    }

    /// The place of a session, where it has one.
    pub fn place_of(&self, session: &Session) -> Option<&Place> {
        session.place.as_deref().and_then(|slug| self.place(slug))
    }

    /// The theme of a session, where it has one.
    pub fn theme_of(&self, session: &Session) -> Option<&Theme> {
        session.theme.as_deref().and_then(|slug| self.theme(slug))
    }

    /// The organisations that bring a session, in its order.
    pub fn hosts_of<'r>(&'r self, session: &'r Session) -> impl Iterator<Item = &'r Organisation> {
        session.hosts.iter().filter_map(|slug| self.organisation(slug))
    }
}
