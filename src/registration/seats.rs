//! Seats as this process last saw them. (Stands in until the desk's own is merged.)

use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::programme::{Registration, Status};

/// What stands in a session's seat row, as this process last saw it.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "stands in")]
pub struct Seat {
    pub session_id: Uuid,
    pub capacity: Option<i64>,
    pub held: i64,
    pub taken: i64,
    pub waiting: i64,
    pub registration: Registration,
    pub opens: Option<DateTime<Utc>>,
    pub closes: Option<DateTime<Utc>>,
    pub starts: DateTime<Utc>,
    pub timed: bool,
    pub status: Status,
}

/// What a visitor can do about a session.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "stands in")]
pub enum SeatState {
    Free { left: Option<i64> },
    Full { waiting: i64 },
    NotYet { opens: DateTime<Utc> },
    Closed,
    Invitation,
    WalkIn,
    External { url: String },
    Over,
    Cancelled,
    Untimed,
}

impl Seat {
    /// What a visitor can do about it now.
    pub fn state(&self, now: DateTime<Utc>) -> SeatState {
        match (&self.registration, self.status) {
            (_, Status::Cancelled | Status::Withdrawn) => return SeatState::Cancelled,
            _ if self.starts <= now => return SeatState::Over,
            (Registration::Closed, _) => return SeatState::Closed,
            (Registration::Invitation, _) => return SeatState::Invitation,
            (Registration::None, _) => return SeatState::WalkIn,
            (Registration::External(url), _) => return SeatState::External { url: url.clone() },
            (Registration::Open, _) if !self.timed => return SeatState::Untimed,
            (Registration::Open, _) => {}
        }
        if let Some(opens) = self.opens.filter(|opens| now < *opens) {
            return SeatState::NotYet { opens };
        }
        if self.closes.is_some_and(|closes| closes <= now) {
            return SeatState::Closed;
        }
        match self.capacity.map(|capacity| capacity - self.held - self.taken) {
            Some(left) if left <= 0 || self.waiting > 0 => SeatState::Full { waiting: self.waiting },
            left => SeatState::Free { left },
        }
    }
}

/// All seats, by programme. Cheap to clone.
#[derive(Clone, Default)]
pub struct SeatBoard(Arc<RwLock<HashMap<String, HashMap<Uuid, Seat>>>>);

impl SeatBoard {
    /// Puts a programme's seats on the board.
    pub fn put(&self, programme: &str, seats: impl IntoIterator<Item = Seat>) {
        let seats = seats.into_iter().map(|seat| (seat.session_id, seat)).collect();
        self.0.write().expect("nobody panics while holding this lock").insert(programme.to_owned(), seats);
    }

    /// One seat row.
    pub fn seat(&self, id: Uuid) -> Option<Seat> {
        self.0
            .read()
            .expect("nobody panics while holding this lock")
            .values()
            .find_map(|all| all.get(&id).cloned())
    }

    /// Rises with every change of a programme's seats.
    pub fn epoch(&self, _programme: &str) -> u64 {
        0
    }

    /// When a session next opens, closes or starts.
    pub fn next_moment(&self, programme: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let moments = |seat: Seat| [seat.opens, seat.closes, Some(seat.starts)].into_iter().flatten();
        self.all(programme).into_values().flat_map(moments).filter(|moment| *moment > now).min()
    }

    /// Every seat row of a programme.
    pub fn all(&self, programme: &str) -> HashMap<Uuid, Seat> {
        self.0
            .read()
            .expect("nobody panics while holding this lock")
            .get(programme)
            .cloned()
            .unwrap_or_default()
    }
}
