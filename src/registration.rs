//! Registering for sessions: states, and the words of the domain. All seats are given out at one [`desk`].

pub mod again;
pub mod attendance;
pub mod calls;
pub mod certificate;
pub mod clash;
pub mod contact;
pub mod correction;
pub mod data;
pub mod decide;
pub mod desk;
pub mod erasure;
mod facts;
pub mod feedback;
pub mod figures;
mod letters;
pub mod link;
pub mod message;
pub mod offers;
pub mod person;
pub mod reminders;
pub mod resend;
pub mod retention;
pub mod routes;
pub mod search;
pub mod seats;
pub mod store;
pub mod thanks;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{locale::Lang, programme::QueueMode};
use contact::Contact;
use person::Name;

/// The most people that one registration can be for.
pub const PEOPLE_MAX: i64 = 5;
/// The most sessions that one form can hold.
pub const SESSIONS_MAX: usize = 50;

/// Where a registration stands.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, sqlx::Type,
)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "TEXT", rename_all = "lowercase")]
pub enum State {
    /// Holds its seats.
    Confirmed,
    /// Has its turn in the queue.
    Waiting,
    /// Holds its seats until a deadline.
    Offered,
    /// Over; stays in the database.
    Cancelled,
}

impl State {
    /// True where seats are taken by it.
    pub fn holds_seats(self) -> bool {
        matches!(self, State::Confirmed | State::Offered)
    }

    /// True where it is the person's one live registration in the session.
    pub fn is_live(self) -> bool {
        !matches!(self, State::Cancelled)
    }

    /// The word in files, columns and message keys.
    pub fn code(self) -> &'static str {
        match self {
            State::Confirmed => "confirmed",
            State::Waiting => "waiting",
            State::Offered => "offered",
            State::Cancelled => "cancelled",
        }
    }
}

/// Who or what changed a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "lowercase")]
pub enum Cause {
    /// A form that was sent.
    Form,
    /// The person, on the agenda page.
    Person,
    /// A seat became free.
    Queue,
    /// An offer was not taken in time.
    Deadline,
    /// The link in the mail of an order was not opened in time. Nobody is told: the address may be a stranger's.
    Unconfirmed,
    /// The organisers.
    Organiser,
}

/// What a person must do by a deadline, or the seat goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "TEXT", rename_all = "lowercase")]
pub enum Awaits {
    /// Take the seat that is offered.
    Acceptance,
    /// Open the link in the mail of the order, and confirm. A seat is held meanwhile; a turn in the queue begins only
    /// then.
    Link,
}

/// What is still to be done by a person, and until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pending {
    /// What.
    pub awaits: Awaits,
    /// Not after.
    pub deadline: DateTime<Utc>,
}

/// One submitted form.
#[derive(Debug, Clone)]
pub struct Order {
    /// The programme of all its sessions.
    pub programme: Uuid,
    /// The same key is the same order.
    pub key: String,
    /// Whose seats.
    pub contact: Contact,
    /// As typed in this form.
    pub name: Name,
    /// 1 to [`PEOPLE_MAX`], the same for each session.
    pub people: i64,
    /// For whom they work, if they said so.
    pub organisation: String,
    /// What they need in order to take part.
    pub access_needs: String,
    /// The language of the page, and so of the mails.
    pub lang: Lang,
    /// In the order of the form, without doubles.
    pub sessions: Vec<Uuid>,
    /// `Form`; `Person`, whom a secret link has let in, and who may be told what they have; or `Organiser`, who may
    /// also fill sessions that are closed or by invitation, and is bound by no limit. Only a form can come from
    /// somebody else than the address says (`rules.confirm`).
    pub cause: Cause,
    /// An organiser's: from the seats that are held back for this group, whoever waits.
    pub held: Option<String>,
}

/// Giving back seats, or turns.
#[derive(Debug, Clone)]
pub struct Cancellation {
    /// Whose.
    pub participant: Uuid,
    /// `None`: all that have not begun.
    pub sessions: Option<Vec<Uuid>>,
    /// `Person` or `Organiser`.
    pub cause: Cause,
}

/// Taking the seat that was offered.
#[derive(Debug, Clone, Copy)]
pub struct Acceptance {
    /// Who.
    pub participant: Uuid,
    /// In what.
    pub session: Uuid,
}

/// Confirming an order by the link in its mail.
#[derive(Debug, Clone)]
pub struct Confirmation {
    /// Whose order it is.
    pub participant: Uuid,
    /// What its form named.
    pub sessions: Vec<Uuid>,
}

/// Giving a seat, or turn, in one session for one in another, at once: the organisers do it.
#[derive(Debug, Clone, Copy)]
pub struct Transfer {
    /// Whose.
    pub participant: Uuid,
    /// From there.
    pub from: Uuid,
    /// To there, in the same programme.
    pub to: Uuid,
}

/// Giving somebody who waits a seat, whoever is before them: the organisers decide it.
#[derive(Debug, Clone, Copy)]
pub struct Promotion {
    /// Who.
    pub participant: Uuid,
    /// In what.
    pub session: Uuid,
    /// From which seats.
    pub seats: Seats,
}

/// Where the seats of a [`Promotion`] come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seats {
    /// From those that are free.
    Free,
    /// From those that are free; the session gets as many more as are missing.
    More,
}

/// What is live beside the release, for one session: made by publishing, and changed alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Which session.
    pub session: Uuid,
    /// Whose programme.
    pub programme: Uuid,
    /// `None`: no limit.
    pub capacity: Option<i64>,
    /// Seats kept back, by group.
    pub held: std::collections::BTreeMap<String, i64>,
    /// How one registers.
    pub registration: crate::programme::Registration,
    /// Not before.
    pub opens: Option<DateTime<Utc>>,
    /// Not after; the start of the session closes in any case.
    pub closes: Option<DateTime<Utc>>,
    /// How a free seat finds the first in the queue.
    pub queue: QueueMode,
    /// Only for those who are confirmed.
    pub join_url: Option<String>,
    /// The first moment.
    pub starts: DateTime<Utc>,
    /// The last, where it is known.
    pub ends: Option<DateTime<Utc>>,
    /// False: « horaire à préciser », and nobody can register yet.
    pub timed: bool,
    /// Whether it takes place.
    pub status: crate::programme::Status,
}

/// Why a session of an order is refused. One refusal refuses the whole order; full is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Not in this programme.
    Unknown,
    /// Registration is closed, or its time is not known yet.
    Closed,
    /// Registration opens later.
    NotYet(DateTime<Utc>),
    /// It has begun, or is over.
    Over,
    /// By invitation only.
    Invitation,
    /// One simply comes.
    WalkIn,
    /// On somebody else's page.
    External(String),
    /// It does not take place.
    Cancelled,
    /// More people than it has seats for anybody: their turn would never come.
    TooLarge {
        /// So many seats it has.
        seats: i64,
    },
    /// More sessions of one week than the programme allows a person.
    OverWeek {
        /// So many it allows.
        limit: i64,
        /// So many the person has; 0 where the form alone is too much.
        has: i64,
    },
    /// More sessions than the programme allows a person.
    OverProgramme {
        /// So many it allows.
        limit: i64,
        /// As in [`Refusal::OverWeek`].
        has: i64,
    },
    /// At the same time as another session, in a programme that gives one at a time.
    Overlaps {
        /// One that the person has; `None`: one of the same form.
        has: Option<Uuid>,
    },
    /// Not so many seats are held back for that group.
    HeldGone {
        /// So many are left.
        left: i64,
    },
}

impl Refusal {
    /// The end of message keys (`refusal-closed`).
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Unknown => "unknown",
            Refusal::Closed => "closed",
            Refusal::NotYet(_) => "not-yet",
            Refusal::Over => "over",
            Refusal::Invitation => "invitation",
            Refusal::WalkIn => "walk-in",
            Refusal::External(_) => "external",
            Refusal::Cancelled => "cancelled",
            Refusal::TooLarge { .. } => "too-large",
            Refusal::OverWeek { .. } => "over-week",
            Refusal::OverProgramme { .. } => "over-programme",
            Refusal::Overlaps { .. } => "overlaps",
            Refusal::HeldGone { .. } => "held-gone",
        }
    }

    /// True where the session can be had with another choice, or later: who sees it keeps it ticked.
    pub fn is_mendable(&self) -> bool {
        match self {
            Refusal::NotYet(_)
            | Refusal::OverWeek { .. }
            | Refusal::OverProgramme { .. }
            | Refusal::Overlaps { .. } => true,
            Refusal::Unknown
            | Refusal::Closed
            | Refusal::Over
            | Refusal::Invitation
            | Refusal::WalkIn
            | Refusal::External(_)
            | Refusal::Cancelled
            | Refusal::TooLarge { .. }
            | Refusal::HeldGone { .. } => false,
        }
    }
}

/// What somebody asks of the desk.
#[derive(Debug, Clone)]
pub enum Request {
    /// Seats, or turns, in several sessions.
    Register(Order),
    /// Giving them back.
    Cancel(Cancellation),
    /// Other live settings; raising the capacity serves the queue.
    Set(Settings),
    /// Taking what was offered.
    Accept(Acceptance),
    /// Confirming what a form asked for.
    Confirm(Confirmation),
    /// Another session instead of one.
    Transfer(Transfer),
    /// A seat, whoever waits.
    Promote(Promotion),
    /// What has its time in this session: deadlines that have passed, and offers that quiet hours kept back.
    Due(Uuid),
}

/// What the desk answers, after the commit.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// The id of the order: its page says what became of it.
    Ordered(Uuid),
    /// Nothing was written: these sessions, for these reasons.
    Refused(Vec<(Uuid, Refusal)>),
    /// Given back in these sessions; empty where there was nothing (any more).
    Cancelled(Vec<Uuid>),
    /// The settings are in force.
    Set,
    /// The seat is the person's, now or since before.
    Accepted,
    /// There is nothing (any more) to take.
    TooLate,
    /// Seats and turns are the person's now, in these sessions; empty where nothing awaited it (any more).
    Confirmed(Vec<Uuid>),
    /// What became of a [`Transfer`].
    Transferred(Transferred),
    /// What became of a [`Promotion`].
    Promoted(Promoted),
    /// What was due is done.
    Done,
}

/// What became of a [`Transfer`]. Only the first two changed anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Transferred {
    /// They have a seat there.
    Seated,
    /// They had a turn, and have one there.
    Queued,
    /// They have nothing (any more) where they should leave.
    NothingThere,
    /// They have a seat, or turn, where they should go.
    HasIt,
    /// They would lose a seat, and there is none for them.
    Full {
        /// Seats that are free.
        left: i64,
    },
    /// Nobody is registered there now.
    Refused(Refusal),
}

/// What became of a [`Promotion`]. Only the first changed anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Promoted {
    /// They have a seat. `capacity` is another one where seats were added.
    Seated {
        /// The seats of the session now.
        capacity: Option<i64>,
    },
    /// They do not wait (any more).
    NotWaiting,
    /// So few seats are free.
    Full {
        /// Seats that are free.
        left: i64,
    },
    /// The session does not take place, or is over.
    Refused(Refusal),
}

impl Answer {
    /// For who gets the answer to something else than they asked: a mistake of ours.
    pub fn unexpected(self) -> crate::error::Error {
        crate::error::Error::Internal(format!("the desk answered something else: {self:?}"))
    }
}
