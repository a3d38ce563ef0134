//! Mails: what they say, the outbox that they wait in, who sends them.
//!
//! A domain makes a [`Letter`] with the function of its mail and hands it to [`outbox::queue`] in its own
//! transaction. It is rendered when it is delivered, from what was frozen then. No store is known here.

mod after;
pub mod bounce;
pub mod crowd;
pub mod dkim;
mod invitation;
mod office;
pub mod outbox;
mod outcome;
pub mod own;
pub mod pace;
mod reminder;
pub mod render;
pub mod transport;
pub mod worker;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use outcome::Outcome;

use crate::{
    locale::Lang,
    programme::{Access, Format, Status},
    release::{Release, ReleasedSession},
};

pub use self::{
    after::{After, thanks},
    office::{invited, joining, mailed_link, new_password, proposal, proposal_typed},
    own::{Own, message},
    reminder::{Reminder, Timing, reminder},
};

/// Mails that one person waits for; a reminder has a higher number.
const PRIORITY_PERSONAL: i64 = 0;

/// A mail as it is written down, before anybody has rendered it.
#[derive(Debug, Clone, PartialEq)]
pub struct Letter {
    /// Its identity: the outbox row's, and so the Message-ID's.
    pub id: Uuid,
    /// What mail it is.
    pub kind: Kind,
    /// The language of the person.
    pub lang: Lang,
    /// An address with an ASCII domain.
    pub recipient: String,
    /// What was true when it was written.
    pub data: MailData,
    /// Lower goes first.
    pub priority: i64,
}

/// What mail it is: one function below and one folder of templates each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// What became of each session of an order.
    Order,
    /// A seat was free and the queue gave it.
    Promoted,
    /// A seat is free and is held for the person, until they take it or a deadline passes.
    Offered,
    /// An offer was not taken in time.
    Expired,
    /// An order waits for the link in this mail.
    Confirm,
    /// A registration is cancelled, by the person or by the organisers.
    Cancelled,
    /// The links to the agenda and its feed: the person asked for them.
    Link,
    /// Sessions are not any more what the person was told.
    Changed,
    /// A day of sessions is over: what they leave behind, and three questions.
    Thanks,
    /// Sessions of the person begin soon.
    Reminder,
    /// Organisers write to the people of their sessions.
    Message,
    /// Somebody is to work in the office: where to choose a name and a password.
    Invitation,
    /// Where to choose another password for the office.
    Password,
    /// Lets a partner into the office.
    SignIn,
    /// Asks whether the mailbox's owner joins the office for a partner organisation.
    Joining,
    /// What became of a proposal, or that there is something new about some.
    Proposal,
}

impl Kind {
    /// Every mail that there is.
    pub const ALL: [Kind; 16] = [
        Kind::Order,
        Kind::Promoted,
        Kind::Offered,
        Kind::Expired,
        Kind::Confirm,
        Kind::Cancelled,
        Kind::Link,
        Kind::Changed,
        Kind::Reminder,
        Kind::Thanks,
        Kind::Message,
        Kind::Invitation,
        Kind::Password,
        Kind::SignIn,
        Kind::Joining,
        Kind::Proposal,
    ];

    /// The word in the outbox, and the folder of its templates.
    pub fn code(self) -> &'static str {
        match self {
            Kind::Order => "order",
            Kind::Promoted => "promoted",
            Kind::Offered => "offered",
            Kind::Expired => "expired",
            Kind::Confirm => "confirm",
            Kind::Cancelled => "cancelled",
            Kind::Link => "link",
            Kind::Changed => "changed",
            Kind::Thanks => "thanks",
            Kind::Reminder => "reminder",
            Kind::Message => "message",
            Kind::Invitation => "invitation",
            Kind::Password => "password",
            Kind::SignIn => "sign_in",
            Kind::Joining => "joining",
            Kind::Proposal => "proposal",
        }
    }

    /// The mail of that code.
    pub fn parse(code: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// One mail for an order of any number of sessions, saying of each what became of it. Sending a
/// confirmation again is this mail too.
pub fn order(id: Uuid, lang: Lang, recipient: &str, data: MailData) -> Letter {
    personal(id, Kind::Order, lang, recipient, data)
}

/// A seat was free and the queue gave it to this person.
pub fn promoted(id: Uuid, lang: Lang, recipient: &str, data: MailData) -> Letter {
    personal(id, Kind::Promoted, lang, recipient, data)
}

/// A seat is free and is held for this person: until when, and where to take it.
pub fn offered(id: Uuid, lang: Lang, recipient: &str, data: MailData) -> Letter {
    personal(id, Kind::Offered, lang, recipient, data)
}

/// An offer was not taken in time and has gone to the next; how to join the queue again.
pub fn expired(id: Uuid, lang: Lang, recipient: &str, data: MailData) -> Letter {
    personal(id, Kind::Expired, lang, recipient, data)
}

/// An order that counts once its link is confirmed ([`MailData::confirm_token`]): somebody has typed this address.
pub fn confirm(id: Uuid, lang: Lang, recipient: &str, data: MailData) -> Letter {
    personal(id, Kind::Confirm, lang, recipient, data)
}

/// One or several registrations are cancelled, by the person or by the organisers; takes the entries out
/// of the person's calendar.
pub fn cancelled(id: Uuid, lang: Lang, recipient: &str, data: MailData) -> Letter {
    personal(id, Kind::Cancelled, lang, recipient, data)
}

/// The links to the person's agenda and feed, because they asked for them or revoked the old ones. Names no
/// session.
pub fn link(id: Uuid, lang: Lang, recipient: &str, data: MailData) -> Letter {
    personal(id, Kind::Link, lang, recipient, data)
}

/// What a release, or another join address, changes for this person: all their sessions in one mail, old and new;
/// brings the entries of their seats up to date, and takes out what does not take place. Each item says what the
/// person knew ([`Item::before`]).
pub fn changed(id: Uuid, lang: Lang, recipient: &str, data: MailData) -> Letter {
    personal(id, Kind::Changed, lang, recipient, data)
}

fn personal(id: Uuid, kind: Kind, lang: Lang, recipient: &str, data: MailData) -> Letter {
    Letter { id, kind, lang, recipient: recipient.to_owned(), data, priority: PRIORITY_PERSONAL }
}

/// What a mail says, frozen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MailData {
    /// The programme that it is about.
    pub programme: ProgrammeLine,
    /// What the person called themselves in this order; may be empty.
    pub name: String,
    /// Opens the person's own page. Stands in the mail and in no calendar entry.
    pub agenda_token: String,
    /// Opens the person's calendar feed, which only reads.
    pub feed_token: String,
    /// The sessions that it is about, in the order in which to name them.
    pub items: Vec<Item>,
    /// What a reminder and a thank-you say: how to stop them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminder: Option<Reminder>,
    /// Opens the page that confirms the order; in a mail of the office, the page that lets in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm_token: Option<String>,
    /// What is shown at the door, as people read it: `CFGH-KLMQ`. It opens nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub door_code: Option<String>,
    /// What organisers say in their own words. A letter is given theirs when it is written down ([`outbox::queue`]).
    #[serde(default, skip_serializing_if = "Own::is_empty")]
    pub own: Own,
}

/// What a mail says about its programme.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProgrammeLine {
    /// Its address.
    pub slug: String,
    /// Its name.
    pub title: String,
    /// All times of the mail are in this zone.
    pub timezone: Tz,
    /// Whom to answer.
    pub contact: Option<String>,
}

impl ProgrammeLine {
    /// What a mail says about the programme of this release.
    pub fn of(release: &Release) -> ProgrammeLine {
        let programme = &release.programme;
        ProgrammeLine {
            slug: programme.slug.clone(),
            title: programme.title.clone(),
            timezone: programme.timezone,
            contact: programme.contact.email.clone(),
        }
    }
}

/// One session of a mail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// The session as it was.
    pub session: Frozen,
    /// What became of the registration.
    pub outcome: Outcome,
    /// For how many.
    pub people: i64,
    /// The person's `SEQUENCE`: the session's plus what happened to their own entry alone.
    pub sequence: i64,
    /// What the person was told before, in a mail that tells what changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Told>,
    /// What is left behind, in a mail that says thank you.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<After>,
}

/// What a person was told of a session, as far as it matters when it changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "as in `Frozen`")]
pub struct Told {
    pub title: String,
    pub date: NaiveDate,
    pub start: Option<NaiveTime>,
    pub end: Option<NaiveDateTime>,
    /// `None` where the hour was not known.
    #[serde(default)]
    pub starts_at: Option<DateTime<Utc>>,
    #[serde(default)]
    pub ends_at: Option<DateTime<Utc>>,
    pub place: String,
    pub address: String,
    pub online: bool,
    pub join_url: Option<String>,
    pub status: Status,
}

impl Told {
    /// The session as this release has it. `join_url` is that of a person who has a seat.
    pub fn of(release: &Release, session: &ReleasedSession, join_url: Option<&str>) -> Told {
        let place = release.place_of(session);
        let zone = release.programme.timezone;
        Told {
            title: session.title.clone(),
            date: session.date,
            start: session.start,
            end: session.end,
            starts_at: session.start.map(|_| session.starts_at(zone)),
            ends_at: session.start.and_then(|_| session.ends_at(zone)),
            place: place.map(|place| place.name.clone()).unwrap_or_default(),
            address: place.map(|place| place.address.clone()).unwrap_or_default(),
            online: session.online,
            join_url: join_url.map(str::to_owned),
            status: session.status,
        }
    }
}

/// A session as it was when the mail was written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Frozen {
    /// Its identity in addresses.
    pub slug: String,
    /// Its identity in calendars, for ever.
    pub uid: Uuid,
    /// Its name.
    pub title: String,
    /// The day, local to the programme.
    pub date: NaiveDate,
    /// `None`: the hour is not known yet.
    pub start: Option<NaiveTime>,
    /// Local; may be on a later day.
    pub end: Option<NaiveDateTime>,
    /// Its first moment.
    pub starts_at: DateTime<Utc>,
    /// Its last moment, where one is known.
    pub ends_at: Option<DateTime<Utc>>,
    /// The place's name, or empty.
    pub place: String,
    /// The place's address, or empty.
    pub address: String,
    /// Degrees north and east, where they are known.
    pub geo: Option<(f64, f64)>,
    /// True where one can attend from home.
    pub online: bool,
    /// Where to join; shown only to those who have a seat.
    pub join_url: Option<String>,
    /// Its page, without base address and language: `/miso-2021/sessions/opening`.
    pub path: String,
    /// The title of its theme, or empty.
    pub theme: String,
    /// One or more.
    pub formats: Vec<Format>,
    /// Free words.
    pub tags: Vec<String>,
    /// Abstract and description, plain text.
    pub description: String,
    /// Whether it takes place.
    pub status: Status,
    /// Why not, where the organisers have said it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cancel_reason: String,
    /// What is there for whom needs it.
    pub access: Vec<Access>,
    /// When a release last changed it.
    pub changed_at: DateTime<Utc>,
}

impl Frozen {
    /// What who reads this mail knows then.
    pub fn told(&self) -> Told {
        Told {
            title: self.title.clone(),
            date: self.date,
            start: self.start,
            end: self.end,
            starts_at: self.start.map(|_| self.starts_at),
            ends_at: self.start.and(self.ends_at),
            place: self.place.clone(),
            address: self.address.clone(),
            online: self.online,
            join_url: self.join_url.clone(),
            status: self.status,
        }
    }

    /// The session as this release has it. `join_url` comes from its seat row.
    pub fn of(release: &Release, session: &ReleasedSession, join_url: Option<&str>) -> Frozen {
        Frozen::with_text(release, session, session.plain_text(), join_url)
    }

    /// The same where [`Session::plain_text`](crate::programme::Session::plain_text) is at hand.
    pub fn with_text(
        release: &Release,
        session: &ReleasedSession,
        description: String,
        join_url: Option<&str>,
    ) -> Frozen {
        let zone = release.programme.timezone;
        let place = release.place_of(session);
        let cancel_reason = session.reason().to_owned();
        Frozen {
            slug: session.slug.clone(),
            uid: session.id,
            title: session.title.clone(),
            date: session.date,
            start: session.start,
            end: session.end,
            starts_at: session.starts_at(zone),
            ends_at: session.ends_at(zone),
            place: place.map(|place| place.name.clone()).unwrap_or_default(),
            address: place.map(|place| place.address.clone()).unwrap_or_default(),
            geo: place.and_then(|place| place.latitude.zip(place.longitude)),
            online: session.online,
            join_url: join_url.map(str::to_owned),
            path: format!("/{}/sessions/{}", release.programme.slug, session.slug),
            theme: release.theme_of(session).map(|theme| theme.title.clone()).unwrap_or_default(),
            formats: session.formats.clone(),
            tags: session.tags.clone(),
            description,
            status: session.status,
            cancel_reason,
            access: session.access.clone(),
            changed_at: session.changed_at,
        }
    }
}

/// A setting of ours that cannot be used as it is; names its key, never a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {problem}")]
pub struct BadSetting {
    /// `parvis.mail.url`, `parvis.mail.from`, `parvis.base_url`.
    pub key: &'static str,
    /// What is wrong, and what would be right.
    pub problem: String,
}

impl BadSetting {
    /// A private key that cannot be used is named as it was given: in the settings, or in a file.
    #[must_use]
    pub fn of_key(self, setting: &'static str) -> BadSetting {
        if self.key == dkim::KEY { BadSetting { key: setting, ..self } } else { self }
    }
}
