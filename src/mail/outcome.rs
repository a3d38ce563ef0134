//! What a mail says became of a registration.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What became of a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// A seat.
    Confirmed,
    /// A turn in the queue.
    Waiting {
        /// 1 is the first.
        position: i64,
    },
    /// The seat was there before this order.
    AlreadyConfirmed,
    /// The turn was there before this order.
    AlreadyWaiting {
        /// 1 is the first.
        position: i64,
    },
    /// A seat was held for the person before, until they take it.
    AlreadyOffered,
    /// A seat is held for the person.
    Offered {
        /// Until then.
        until: DateTime<Utc>,
    },
    /// A seat was held for the person, and they did not take it.
    OfferExpired,
    /// A seat that is held until the order is confirmed.
    SeatToConfirm {
        /// Until then.
        until: DateTime<Utc>,
    },
    /// A turn in the queue that begins once the order is confirmed.
    TurnToConfirm {
        /// Not after.
        until: DateTime<Utc>,
    },
    /// A seat that was held for the person was given back: no entry was ever sent for it.
    Declined,
    /// A turn became a seat.
    Promoted,
    /// A seat was given back.
    Cancelled,
    /// A turn was given back: no entry was ever sent for it.
    LeftQueue,
    /// Not given: the person has so many sessions of that week already.
    OverWeek {
        /// So many the programme allows.
        limit: i64,
    },
    /// Not given: the person has so many sessions already.
    OverProgramme {
        /// So many the programme allows.
        limit: i64,
    },
    /// Not given: the person has another session at that time.
    Overlaps,
}

impl Outcome {
    /// True where the order must be confirmed first.
    pub fn is_to_confirm(self) -> bool {
        matches!(self, Outcome::SeatToConfirm { .. } | Outcome::TurnToConfirm { .. })
    }

    /// True where the person has a seat: they get the join address and a calendar entry.
    pub fn has_seat(self) -> bool {
        match self {
            Outcome::Confirmed | Outcome::AlreadyConfirmed | Outcome::Promoted => true,
            Outcome::Waiting { .. }
            | Outcome::AlreadyWaiting { .. }
            | Outcome::AlreadyOffered
            | Outcome::Offered { .. }
            | Outcome::OfferExpired
            | Outcome::SeatToConfirm { .. }
            | Outcome::TurnToConfirm { .. }
            | Outcome::Declined
            | Outcome::Cancelled
            | Outcome::LeftQueue
            | Outcome::OverWeek { .. }
            | Outcome::OverProgramme { .. }
            | Outcome::Overlaps => false,
        }
    }

    /// True where a rule of the programme gave the person nothing.
    pub fn is_refused(self) -> bool {
        matches!(self, Outcome::OverWeek { .. } | Outcome::OverProgramme { .. } | Outcome::Overlaps)
    }
}
