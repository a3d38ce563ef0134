//! Doors that are watched: who is there, as it changes, told to everybody who stands at the same door. One look a second
//! for all of them, none while nobody watches; marks of other processes are seen by it, too.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use serde::Serialize;
use tokio::{
    sync::{Notify, watch},
    time::MissedTickBehavior,
};
use uuid::Uuid;

use super::store;
use crate::{
    db::{Conn, Pool},
    error::Result,
    registration::{State, store as seat_store},
};

/// Who watches at once, in this process.
pub const WATCHERS_MAX: usize = 100;
/// Doors that one person of the team watches at once: a browser has six connections, and pages need some.
pub const DOORS_MAX: usize = 4;
/// How often it is looked.
const LOOK: Duration = Duration::from_secs(1);

/// How a door stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// People who are there, with or without a seat.
    pub present: i64,
    /// Of them, those who are not registered.
    pub walk_ins: i64,
    /// People who have a seat.
    pub expected: i64,
    /// Registrations that wait.
    pub waiting: i64,
    /// Seats that are free; `None`: no limit.
    pub free: Option<i64>,
    /// How many of each registration are there, where it is marked.
    pub marks: BTreeMap<Uuid, i64>,
}

/// How the door of a session stands now; `None` where there is no such session.
pub async fn standing(db: &mut Conn, session: Uuid) -> Result<Option<Standing>> {
    let Some(seat) = seat_store::seat(db, session).await? else { return Ok(None) };
    let walk_ins = store::figures_of(db, session).await?.map_or(0, |figures| figures.walk_in);
    let mut standing = Standing {
        waiting: seat.waiting,
        free: seat.free().map(|free| free.max(0)),
        present: walk_ins,
        walk_ins,
        ..Standing::default()
    };
    for (id, state, people, came) in store::standing(db, session).await? {
        if state == State::Confirmed {
            standing.expected += people;
        }
        standing.present += came.unwrap_or_default();
        standing.marks.extend(came.map(|came| (id, came)));
    }
    Ok(Some(standing))
}

/// The doors that are watched in this process; cheap to clone.
#[derive(Clone, Default)]
pub struct Doors(Arc<Inner>);

#[derive(Default)]
struct Inner {
    open: Mutex<Open>,
    wake: Notify,
}

#[derive(Default)]
struct Open {
    doors: HashMap<Uuid, Door>,
    /// How many doors each of the team watches.
    watchers: HashMap<Uuid, usize>,
    /// Doors at which something may be another one than it was.
    stale: BTreeSet<Uuid>,
}

struct Door {
    watchers: usize,
    tell: watch::Sender<Arc<Standing>>,
}

/// Somebody who watches a door, until it is dropped.
pub struct Watching {
    doors: Doors,
    session: Uuid,
    who: Uuid,
    told: watch::Receiver<Arc<Standing>>,
}

impl Doors {
    /// Watches a session's door, which stood so a moment ago. `None` where too many watch already, or this person too many.
    pub fn watch(&self, session: Uuid, who: Uuid, standing: Standing) -> Option<Watching> {
        let mut open = self.open();
        let all: usize = open.watchers.values().sum();
        let own = open.watchers.get(&who).copied().unwrap_or_default();
        if all >= WATCHERS_MAX || own >= DOORS_MAX {
            return None;
        }
        // Others who watch may have been told newer things since it was read.
        let new = || Door { watchers: 0, tell: watch::Sender::new(Arc::new(standing)) };
        let door = open.doors.entry(session).or_insert_with(new);
        door.watchers += 1;
        let mut told = door.tell.subscribe();
        told.mark_changed();
        open.watchers.insert(who, own + 1);
        drop(open);
        self.look_now(session);
        Some(Watching { doors: self.clone(), session, who, told })
    }

    /// Something was marked at this door: look there at once.
    pub fn look_now(&self, session: Uuid) {
        self.open().stale.insert(session);
        self.0.wake.notify_one();
    }

    /// How many watch.
    pub fn watchers(&self) -> usize {
        self.open().watchers.values().sum()
    }

    /// Looks until the pool closes. No connection is held in between.
    pub async fn run(self, pool: Pool) {
        let closing = pool.closing().clone();
        let mut healthy = true;
        let mut look = tokio::time::interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while !closing.is_cancelled() {
            let stale = std::mem::take(&mut self.open().stale);
            match self.look(&pool, stale).await {
                Ok(()) => healthy = true,
                Err(cause) => {
                    if healthy {
                        log::warn!("doors that are watched could not be read: {cause}");
                    }
                    healthy = false;
                }
            }
            let some = !self.open().doors.is_empty();
            tokio::select! {
                _ = look.tick(), if some => {
                    let mut open = self.open();
                    // Other processes mark, too.
                    open.stale = open.doors.keys().copied().collect();
                }
                () = self.0.wake.notified() => {}
                () = closing.cancelled() => {}
            }
        }
    }

    async fn look(&self, pool: &Pool, stale: BTreeSet<Uuid>) -> Result<()> {
        let watched: Vec<Uuid> = {
            let open = self.open();
            stale.into_iter().filter(|session| open.doors.contains_key(session)).collect()
        };
        if watched.is_empty() {
            return Ok(());
        }
        let mut db = pool.acquire().await?;
        for session in watched {
            let Some(now) = standing(&mut db, session).await? else { continue };
            if let Some(door) = self.open().doors.get(&session) {
                door.tell.send_if_modified(|told| replace(told, Arc::new(now)));
            }
        }
        Ok(())
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.0.open.lock().expect("nobody panics while holding this lock")
    }
}

fn replace(told: &mut Arc<Standing>, now: Arc<Standing>) -> bool {
    let is_new = *told != now;
    *told = now;
    is_new
}

impl Watching {
    /// How the door stands, once that is another one than was told before; at first at once.
    pub async fn changed(&mut self) -> Arc<Standing> {
        // Whoever tells lives as long as somebody watches.
        let _ = self.told.changed().await;
        self.told.borrow_and_update().clone()
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let mut open = self.doors.open();
        if let Some(door) = open.doors.get_mut(&self.session) {
            door.watchers -= 1;
            if door.watchers == 0 {
                open.doors.remove(&self.session);
            }
        }
        if let Some(own) = open.watchers.get_mut(&self.who) {
            *own -= 1;
            if *own == 0 {
                open.watchers.remove(&self.who);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_watch_and_no_more_and_who_goes_makes_room() {
        let doors = Doors::default();
        let id = |number: usize| Uuid::from_u128(number as u128);
        let watch = |session, who| doors.watch(id(session), id(who), Standing::default());

        let own: Vec<_> = (0..DOORS_MAX).map(|_| watch(1, 1).unwrap()).collect();
        assert!(watch(2, 1).is_none(), "one person");
        let others: Vec<_> = (DOORS_MAX..WATCHERS_MAX).map(|at| watch(at, at + 10).unwrap()).collect();
        assert!(watch(1, 9_999).is_none(), "all together");
        assert_eq!(doors.watchers(), WATCHERS_MAX);
        drop((own, others));
        assert_eq!((doors.watchers(), doors.open().doors.len()), (0, 0));
        assert!(watch(1, 1).is_some());
    }

    #[tokio::test]
    async fn who_watches_hears_at_once_how_it_stands_and_then_what_changes() {
        let doors = Doors::default();
        let session = Uuid::from_u128(1);
        let stands = |present| Standing { present, ..Standing::default() };
        let mut one = doors.watch(session, Uuid::from_u128(2), stands(1)).unwrap();
        assert_eq!(one.changed().await.present, 1);

        let mut other = doors.watch(session, Uuid::from_u128(3), stands(0)).unwrap();
        assert_eq!(other.changed().await.present, 1, "what it read may be older than what was told");
        doors.open().doors[&session].tell.send_if_modified(|told| replace(told, Arc::new(stands(2))));

        assert_eq!((one.changed().await.present, other.changed().await.present), (2, 2));
    }
}
