//! The seat board: what each session's seat row says, in memory, for pages. The desk never decides on it.

use std::{
    collections::HashMap,
    sync::{
        Arc, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{Refusal, figures, retention, store};
use crate::{
    db::Conn,
    programme::{Registration, Status},
};

/// What stands in a session's seat row, as this process last saw it.
#[derive(Debug, Clone, PartialEq)]
pub struct Seat {
    /// Whose seats.
    pub session_id: Uuid,
    /// In which programme.
    pub programme_id: Uuid,
    /// `None`: no limit.
    pub capacity: Option<i64>,
    /// Kept back for groups.
    pub held: i64,
    /// People who hold a seat.
    pub taken: i64,
    /// Registrations that wait.
    pub waiting: i64,
    /// How one registers.
    pub registration: Registration,
    /// Not before.
    pub opens: Option<DateTime<Utc>>,
    /// Not after.
    pub closes: Option<DateTime<Utc>>,
    /// The start of the session, or of its day.
    pub starts: DateTime<Utc>,
    /// False: « horaire à préciser ».
    pub timed: bool,
    /// Whether it takes place.
    pub status: Status,
    /// When the row was last written.
    pub touched: DateTime<Utc>,
}

/// The state of a session's seats as a visitor needs it.
#[derive(Debug, Clone, PartialEq)]
pub enum SeatState {
    /// One can register; `left`: so many seats, `None`: no limit.
    Free {
        /// Seats that are free.
        left: Option<i64>,
    },
    /// One can join the queue.
    Full {
        /// Registrations before the next.
        waiting: i64,
    },
    /// Registration opens later.
    NotYet {
        /// When.
        opens: DateTime<Utc>,
    },
    /// Registration is closed.
    Closed,
    /// By invitation only.
    Invitation,
    /// One simply comes.
    WalkIn,
    /// On somebody else's page.
    External {
        /// There.
        url: String,
    },
    /// It has begun, or is over.
    Over,
    /// It does not take place.
    Cancelled,
    /// Its time is not known yet.
    Untimed,
}

impl SeatState {
    /// Why our form takes nobody; `None` where it does.
    pub fn refusal(&self) -> Option<Refusal> {
        match self {
            SeatState::Free { .. } | SeatState::Full { .. } => None,
            SeatState::NotYet { opens } => Some(Refusal::NotYet(*opens)),
            SeatState::Closed | SeatState::Untimed => Some(Refusal::Closed),
            SeatState::Invitation => Some(Refusal::Invitation),
            SeatState::WalkIn => Some(Refusal::WalkIn),
            SeatState::External { url } => Some(Refusal::External(url.clone())),
            SeatState::Over => Some(Refusal::Over),
            SeatState::Cancelled => Some(Refusal::Cancelled),
        }
    }

    /// True where our form takes registrations.
    pub fn takes_registrations(&self) -> bool {
        matches!(self, SeatState::Free { .. } | SeatState::Full { .. })
    }
}

impl Seat {
    /// What a visitor can do at `now`.
    pub fn state(&self, now: DateTime<Utc>) -> SeatState {
        if self.status != Status::Scheduled {
            return SeatState::Cancelled;
        }
        if !self.timed {
            return SeatState::Untimed;
        }
        if now >= self.starts {
            return SeatState::Over;
        }
        match &self.registration {
            Registration::Closed => return SeatState::Closed,
            Registration::Invitation => return SeatState::Invitation,
            Registration::None => return SeatState::WalkIn,
            Registration::External(url) => return SeatState::External { url: url.clone() },
            Registration::Open => {}
        }
        if let Some(opens) = self.opens.filter(|opens| now < *opens) {
            return SeatState::NotYet { opens };
        }
        if self.closes.is_some_and(|closes| now >= closes) {
            return SeatState::Closed;
        }
        match self.capacity {
            None => SeatState::Free { left: None },
            Some(capacity) => {
                let left = capacity - self.held - self.taken;
                // Behind a queue nobody overtakes, even where a seat is free for a smaller group.
                if left > 0 && self.waiting == 0 {
                    SeatState::Free { left: Some(left) }
                } else {
                    SeatState::Full { waiting: self.waiting }
                }
            }
        }
    }

    /// The next moment at which [`Seat::state`] changes by itself.
    pub fn next_moment(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        [self.opens, self.closes, Some(self.starts)]
            .into_iter()
            .flatten()
            .filter(|moment| *moment > now)
            .min()
    }
}

/// The seats of all programmes in memory; cheap to clone.
#[derive(Clone, Default)]
pub struct SeatBoard(Arc<RwLock<Board>>);

#[derive(Default)]
struct Board {
    seats: HashMap<Uuid, Seat>,
    newest: Option<DateTime<Utc>>,
    /// When it was last looked what others have written.
    looked: Option<DateTime<Utc>>,
    /// When everything was last read.
    whole: Option<DateTime<Utc>>,
    epochs: HashMap<Uuid, u64>,
    /// People registered, by programme: counted now and then, for the press.
    people: HashMap<Uuid, i64>,
    /// For how many days programmes keep personal data that do not keep it as long as the house.
    kept_days: HashMap<Uuid, i64>,
    /// How often a page was asked for that says what seats there are.
    looks: AtomicU64,
}

/// How far back the board looks again: clocks of several machines differ, and a batch of the desk bears the time
/// at which it began, which may be many seconds before its commit.
const OVERLAP: TimeDelta = TimeDelta::seconds(30);

/// How often everything is read again.
const WHOLE: TimeDelta = TimeDelta::seconds(60);

impl Board {
    /// Rows that were written before then have been seen; `None`: read everything. A programme that was published in one
    /// go is not read again each second for as long as nothing happens. What a clock that is far behind has written, or a
    /// transaction that took longer than any should, is found when everything is read.
    fn unseen_since(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let newest = self.newest?.min(now);
        let whole = self.whole?;
        if now < whole || now - whole >= WHOLE {
            return None;
        }
        let looked = self.looked.map_or(newest, |looked| looked.min(now) - OVERLAP);
        Some(newest.max(looked) - OVERLAP)
    }
}

impl SeatBoard {
    /// The seat row of that session.
    pub fn seat(&self, session: Uuid) -> Option<Seat> {
        self.read().seats.get(&session).cloned()
    }

    /// A number that is another one whenever a seat of that programme is: the same in every process.
    pub fn epoch(&self, programme: Uuid) -> u64 {
        let board = self.read();
        board.looks.fetch_add(1, Ordering::Relaxed);
        board.epochs.get(&programme).copied().unwrap_or(0)
    }

    /// How often [`SeatBoard::epoch`] was asked, as each public page does: while it grows, people read.
    pub fn looks(&self) -> u64 {
        self.read().looks.load(Ordering::Relaxed)
    }

    /// The seats of a programme, by session.
    pub fn all(&self, programme: Uuid) -> HashMap<Uuid, Seat> {
        let board = self.read();
        let of_programme = board.seats.values().filter(|seat| seat.programme_id == programme);
        of_programme.map(|seat| (seat.session_id, seat.clone())).collect()
    }

    /// When a seat of that programme was last written.
    pub fn touched(&self, programme: Uuid) -> Option<DateTime<Utc>> {
        let board = self.read();
        let of_programme = board.seats.values().filter(|seat| seat.programme_id == programme);
        of_programme.map(|seat| seat.touched).max()
    }

    /// The next moment at which a seat state of that programme changes by itself.
    pub fn next_moment(&self, programme: Uuid, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let board = self.read();
        let of_programme = board.seats.values().filter(|seat| seat.programme_id == programme);
        of_programme.filter_map(|seat| seat.next_moment(now)).min()
    }

    /// People who are registered in a programme, each once, as they were last counted.
    pub fn people(&self, programme: Uuid) -> i64 {
        self.read().people.get(&programme).copied().unwrap_or(0)
    }

    /// For how many days after its end a programme keeps personal data; `None`: as long as the house.
    pub fn kept_days(&self, programme: Uuid) -> Option<i64> {
        self.read().kept_days.get(&programme).copied()
    }

    /// The same, as it has just been written.
    pub fn put_kept_days(&self, programme: Uuid, days: Option<i64>) {
        let mut board = self.0.write().expect("nobody panics while holding this lock");
        match days {
            Some(days) => board.kept_days.insert(programme, days),
            None => board.kept_days.remove(&programme),
        };
    }

    /// Reads how many people each programme has, as they were last counted, and for how long they are known.
    pub async fn read_people(&self, db: &mut Conn) -> sqlx::Result<()> {
        let people = figures::store::people(db).await?;
        let kept_days = retention::store::all_days(db).await?;
        let mut board = self.0.write().expect("nobody panics while holding this lock");
        board.people = people.into_iter().collect();
        board.kept_days = kept_days;
        Ok(())
    }

    /// Takes over rows that this process has just written, or read.
    pub fn put(&self, seats: impl IntoIterator<Item = Seat>) {
        let mut board = self.0.write().expect("nobody panics while holding this lock");
        for seat in seats {
            let known = board.seats.get(&seat.session_id);
            // A row that was read before another was written must not bring the old one back.
            if known.is_some_and(|known| known.touched > seat.touched || *known == seat) {
                continue;
            }
            let before = known.map_or(0, fingerprint);
            let epoch = board.epochs.entry(seat.programme_id).or_default();
            *epoch ^= before ^ fingerprint(&seat);
            board.newest = board.newest.max(Some(seat.touched));
            board.seats.insert(seat.session_id, seat);
        }
    }

    /// Reads what other processes have written since the last look. Where a clock was ahead of ours for a while, what
    /// it wrote is read again each time, and hides nothing that is written now.
    pub async fn refresh(&self, db: &mut Conn, now: DateTime<Utc>) -> sqlx::Result<()> {
        let since = self.read().unseen_since(now);
        let seats = store::seats_touched_since(db, since).await?;
        self.put(seats);
        let mut board = self.0.write().expect("nobody panics while holding this lock");
        board.looked = Some(now);
        if since.is_none() {
            board.whole = Some(now);
        }
        Ok(())
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, Board> {
        self.0.read().expect("nobody panics while holding this lock")
    }
}

/// A number for a row's content. Combined by exclusive or, it makes the epoch independent of order and process.
fn fingerprint(seat: &Seat) -> u64 {
    use sha2::{Digest as _, Sha256};
    let digest = Sha256::digest(format!("{seat:?}").as_bytes());
    u64::from_be_bytes(digest[..8].try_into().expect("eight bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_were_written_in_one_go_are_not_read_for_ever() {
        let at = |seconds: i64| DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);
        let board = |newest: i64, looked: Option<i64>| Board {
            newest: Some(at(newest)),
            looked: looked.map(at),
            whole: Some(looked.map_or(at(newest), at)),
            ..Board::default()
        };

        assert_eq!(Board::default().unseen_since(at(100)), None);
        assert_eq!(board(100, None).unseen_since(at(101)), Some(at(70)));
        assert_eq!(board(100, Some(101)).unseen_since(at(102)), Some(at(70)), "batches may be under way");
        assert_eq!(board(100, Some(500)).unseen_since(at(501)), Some(at(440)), "long after");
        // A minute later everything is read: the process stood still, somebody's clock is far behind, ours went back.
        assert_eq!(board(100, Some(500)).unseen_since(at(560)), None);
        assert_eq!(board(9_000, Some(9_000)).unseen_since(at(200)), None);
    }
}
