//! What a batch reads, and what it writes: the values between the desk's SQL and its decisions.

use std::collections::{BTreeMap, HashMap, VecDeque};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use crate::{
    locale::Lang,
    mail::{Kind, Outcome, outbox::Journey},
    programme::{Programme, Rules},
    registration::{
        Awaits, Cause, Order, Pending, Settings, State, decide::limits::Commitment, store::SeatRow,
    },
    release::Release,
};

/// A person, as the database knows them.
#[derive(Debug, Clone, PartialEq)]
pub struct Participant {
    /// Who.
    pub id: Uuid,
    /// `None` for who has none, and once erased.
    pub email: Option<String>,
    /// By which organisers find somebody, at the door and where there is no address; `None` until it is given, and once
    /// erased.
    pub code: Option<String>,
    /// The name that the first order gave.
    pub name: String,
    /// The language of mails that answer no form.
    pub lang: Lang,
    /// The version of links to the agenda.
    pub agenda_version: i64,
    /// The version of links to the agenda's feed.
    pub feed_version: i64,
    /// When we last wrote only to say that nothing is new.
    pub told_at: Option<DateTime<Utc>>,
}

impl Participant {
    /// True where nothing says any more who it was.
    pub fn is_erased(&self) -> bool {
        self.email.is_none() && self.code.is_none()
    }
}

/// A person's seat, or turn, in one session.
#[derive(Debug, Clone, PartialEq)]
pub struct Registration {
    /// Which.
    pub id: Uuid,
    /// In what.
    pub session: Uuid,
    /// Whose.
    pub participant: Uuid,
    /// From which form.
    pub order: Uuid,
    /// Where it stands.
    pub state: State,
    /// For how many.
    pub people: i64,
    /// The order of the queue.
    pub arrival: i64,
    /// How often this person left and came back.
    pub bumps: i64,
    /// What the person must still do for it.
    pub pending: Option<Pending>,
}

/// What a programme rules for everybody, as its newest release says it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rulebook {
    /// The zone of its local times.
    pub zone: Tz,
    /// Its rules.
    pub rules: Rules,
}

impl Rulebook {
    /// What this release rules.
    pub fn of(release: &Release) -> Rulebook {
        let Programme { timezone, rules, .. } = &release.programme;
        Rulebook { zone: *timezone, rules: rules.clone() }
    }
}

/// What a batch can touch, read under the locks of its seat rows.
#[derive(Debug, Default)]
pub struct Snapshot {
    /// The seat rows, locked.
    pub seats: BTreeMap<Uuid, SeatRow>,
    /// The rules of their programmes; a programme without a release has none.
    pub rules: HashMap<Uuid, Rulebook>,
    /// By address, or by code ([`Contact::key`](crate::registration::person::Contact::key)).
    pub participants: HashMap<String, Participant>,
    /// Forms that were taken before: programme and key to order.
    pub orders: HashMap<(Uuid, String), Uuid>,
    /// Live registrations by session and participant.
    pub live: HashMap<(Uuid, Uuid), Registration>,
    /// What participants have in sessions that this batch does not hold, by programme and participant: read only
    /// where the programme limits what one person may have.
    pub elsewhere: HashMap<(Uuid, Uuid), Vec<Commitment>>,
    /// The bumps of registrations that are over, by session and participant.
    pub past: HashMap<(Uuid, Uuid), i64>,
    /// The place in the queue of those in `live` who wait.
    pub positions: HashMap<Uuid, i64>,
    /// The front of each session's queue in the order of arrival, as far as this batch can serve it; empty where
    /// nothing is free and nothing comes free.
    pub queues: HashMap<Uuid, VecDeque<Waiting>>,
    /// Where a request names a participant: who that is.
    pub people: HashMap<Uuid, Participant>,
    /// Where [`Request::Due`](crate::registration::Request::Due) names a session: those whose deadline has passed.
    pub due: HashMap<Uuid, Vec<Waiting>>,
    /// By registration: the mail that told those in `due` of their deadline, unless it failed.
    pub journeys: HashMap<Uuid, Journey>,
}

/// Somebody in a queue, or with a deadline.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiting {
    /// Their turn.
    pub registration: Registration,
    /// Who they are.
    pub participant: Participant,
}

/// Everything that a batch writes, in a few statements of many rows.
#[derive(Debug, Default)]
pub struct Writes {
    /// New orders, each with what its page shows.
    pub orders: Vec<NewOrder>,
    /// Registrations that are new, by id, as they stand at the end of the batch.
    pub inserted: BTreeMap<Uuid, Registration>,
    /// Registrations that were there, by id, as they stand at the end of the batch.
    pub updated: BTreeMap<Uuid, Registration>,
    /// What happened to registrations, in order.
    pub changes: Vec<Change>,
    /// Other settings for seat rows.
    pub settings: Vec<Settings>,
    /// Deadlines of registrations that were there, as other settings move them.
    pub deadlines: Vec<Deadlines>,
    /// What people must be told.
    pub notices: Vec<Notice>,
    /// Whom we told that nothing is new.
    pub told: Vec<Uuid>,
}

/// A form that was taken.
#[derive(Debug, Clone)]
pub struct NewOrder {
    /// Which.
    pub id: Uuid,
    /// Whose.
    pub participant: Uuid,
    /// As it was sent.
    pub order: Order,
    /// What its page shows: session, and the place in the queue or `None` for a seat.
    pub items: Vec<(Uuid, Option<i64>)>,
    /// Until when the link in its mail confirms it; `None` where none is needed.
    pub confirm_by: Option<DateTime<Utc>>,
}

/// How the open deadlines of a session move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// Of which session.
    pub session: Uuid,
    /// Offers hold until then, at least.
    pub not_before: Option<DateTime<Utc>>,
    /// Nothing holds longer.
    pub not_after: DateTime<Utc>,
}

impl Deadlines {
    /// What becomes of one deadline.
    pub fn moved(&self, pending: Pending) -> Pending {
        let raised = match (pending.awaits, self.not_before) {
            (Awaits::Acceptance, Some(least)) => pending.deadline.max(least),
            (Awaits::Acceptance | Awaits::Link, _) => pending.deadline,
        };
        Pending { deadline: raised.min(self.not_after), ..pending }
    }
}

/// One change of a registration's state.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Which.
    pub registration: Uuid,
    /// `None`: it was made.
    pub before: Option<State>,
    /// Where it stands now.
    pub after: State,
    /// Who or what did it.
    pub cause: Cause,
    /// The notice that tells it; `None` where nobody can be written to.
    pub notice: Option<Uuid>,
}

impl Change {
    /// True where the person has no address: no mail tells it, and none is missing.
    pub fn is_unwritten(&self) -> bool {
        // The address of an order that nobody has confirmed may be a stranger's.
        self.notice.is_none() && self.cause != Cause::Unconfirmed
    }
}

/// What one person must be told: one mail.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// The id of its outbox row.
    pub id: Uuid,
    /// Why it is written.
    pub kind: Kind,
    /// In whose programme.
    pub programme: Uuid,
    /// To whom.
    pub participant: Participant,
    /// The name that it greets.
    pub name: String,
    /// Its language.
    pub lang: Lang,
    /// Session by session.
    pub items: Vec<NoticeItem>,
    /// The order that its link confirms.
    pub confirms: Option<Uuid>,
}

/// What became of one session.
#[derive(Debug, Clone, PartialEq)]
pub struct NoticeItem {
    /// Which session.
    pub session: Uuid,
    /// What became of it.
    pub outcome: Outcome,
    /// For how many.
    pub people: i64,
    /// Added to the session's `SEQUENCE`.
    pub bumps: i64,
}

impl Writes {
    /// Keeps the registration's last state, in the statement that it belongs to.
    pub(super) fn put(&mut self, registration: Registration) {
        let rows =
            if self.inserted.contains_key(&registration.id) { &mut self.inserted } else { &mut self.updated };
        rows.insert(registration.id, registration);
    }
}
