//! What somebody to whom nobody can write must be told by telephone: the outbox of those without an address.
//!
//! What they ask for themselves is said while they ask. What happens without them is noted here, in the transaction in
//! which it happens: a seat that came free, a cancellation or a move by the organisers, a session that takes place
//! elsewhere or not at all. A registration has one open note; who calls says how things stand then.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Cause, State,
    decide::{Change, Registration, Writes},
    store::{SeatRow, calls as store},
};
use crate::{db::Conn, error::Result};

/// Why somebody is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, sqlx::Type, serde::Serialize)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "TEXT", rename_all = "lowercase")]
pub enum Reason {
    /// Their turn became a seat.
    Promoted,
    /// A seat is held for them until a deadline.
    Offered,
    /// What was held for them is gone.
    Expired,
    /// The organisers took back their seat, or turn.
    Cancelled,
    /// The organisers gave them this session for another.
    Moved,
    /// The session has changed, or does not take place.
    Changed,
}

impl Reason {
    /// The end of message keys (`call-reason-promoted`).
    pub fn code(self) -> &'static str {
        match self {
            Reason::Promoted => "promoted",
            Reason::Offered => "offered",
            Reason::Expired => "expired",
            Reason::Cancelled => "cancelled",
            Reason::Moved => "moved",
            Reason::Changed => "changed",
        }
    }
}

/// A note that somebody must be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// About which seat, or turn.
    pub registration: Uuid,
    /// Whom.
    pub participant: Uuid,
    /// In what.
    pub session: Uuid,
    /// Of which programme.
    pub programme: Uuid,
    /// Why.
    pub reason: Reason,
}

/// Whom a batch of the desk gives cause to call. `seats` are the rows that it holds.
pub fn of(writes: &Writes, seats: &BTreeMap<Uuid, SeatRow>) -> Vec<Call> {
    let registration = |change: &Change| {
        writes.updated.get(&change.registration).or_else(|| writes.inserted.get(&change.registration))
    };
    let call = |change: &Change| {
        let about: &Registration = registration(change)?;
        Some(Call {
            registration: about.id,
            participant: about.participant,
            session: about.session,
            programme: seats.get(&about.session)?.settings.programme,
            reason: reason(change, writes, about)?,
        })
    };
    writes.changes.iter().filter(|change| change.is_unwritten()).filter_map(call).collect()
}

/// `None` where the person is on the telephone.
fn reason(change: &Change, writes: &Writes, about: &Registration) -> Option<Reason> {
    match (change.cause, change.before, change.after) {
        (Cause::Form | Cause::Person | Cause::Unconfirmed, _, _) => None,
        (Cause::Deadline, _, _) => Some(Reason::Expired),
        (Cause::Queue, _, State::Offered) => Some(Reason::Offered),
        (Cause::Queue, _, _) => Some(Reason::Promoted),
        (Cause::Organiser, _, _) if asks(writes, about) => None,
        // A new row that no order of this batch made is where somebody was moved to.
        (Cause::Organiser, None, _) => Some(Reason::Moved),
        // The seat that is left for another is told with it.
        (Cause::Organiser, Some(_), State::Cancelled) => {
            let came =
                |other: &Registration| other.order == about.order && other.participant == about.participant;
            (!writes.inserted.values().any(came)).then_some(Reason::Cancelled)
        }
        (Cause::Organiser, Some(_), _) => Some(Reason::Promoted),
    }
}

/// True where the person is asking for this session: they are told at once.
fn asks(writes: &Writes, about: &Registration) -> bool {
    writes.orders.iter().any(|order| {
        order.participant == about.participant
            && order.items.iter().any(|(session, _)| *session == about.session)
    })
}

/// Writes down whom to call; an open note about the same seat says the newer reason from now on.
pub async fn note(db: &mut Conn, calls: &[(Uuid, Call)], now: DateTime<Utc>) -> Result<()> {
    Ok(store::put(db, calls, now).await?)
}
