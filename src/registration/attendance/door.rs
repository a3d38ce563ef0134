//! Who is there, marked one by one at the door: by several people, each with a telephone that hears of the network only
//! now and then. A mark says when it was made; whichever of a registration's marks was made last is what counts,
//! whoever sent it, in whatever order and however often it came.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{Held, Registered, count, follow, hold, store};
use crate::{
    audit::{self, Actor, Entry, Facts},
    db::Conn,
    error::{Result, is_crossing},
    registration::desk::House,
};

/// So long before a session begins somebody can be at its door.
pub const OPENS_BEFORE: TimeDelta = TimeDelta::hours(12);
/// Marks that are sent at once.
pub const MARKS_MAX: usize = 500;
/// For so long a telephone keeps a mark that it could not send.
pub const AGE_MAX: TimeDelta = TimeDelta::days(7);
/// How often something that crossed another transaction is tried again.
const CROSSINGS_MAX: usize = 4;

/// People who came without being registered, at most: more is a slip of the finger.
pub const WALK_INS_MAX: i64 = 9_999;

/// Somebody was seen at the door, or was not after all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Which registration.
    pub registration: Uuid,
    /// How many of its people are there; `None`: it was a mistake, nobody has been seen.
    pub came: Option<i64>,
    /// When it was made, by the clock of this server: [`made_at`].
    pub made_at: DateTime<Utc>,
}

/// When a mark was made that a telephone says to be so many milliseconds old. Its own clock may be wrong; how long it has
/// kept the mark it knows.
pub fn made_at(now: DateTime<Utc>, age_millis: i64) -> DateTime<Utc> {
    now - TimeDelta::milliseconds(age_millis.clamp(0, AGE_MAX.num_milliseconds()))
}

/// When the first can be marked.
pub fn opens(starts: DateTime<Utc>) -> DateTime<Utc> {
    starts - OPENS_BEFORE
}

/// What became of marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// How each registration that was named stands now. What was named and is not of this session, or of somebody who is
    /// erased, is not among them.
    Done(BTreeMap<Uuid, Option<i64>>),
    /// It is too early: from then on.
    NotYet(DateTime<Utc>),
    /// The session does not take place.
    Off,
    /// The programme has published no such session.
    Unknown,
}

/// Takes marks that were made at the door of a session. Who is there gets a certificate, and is thanked when it is time.
/// The same marks again change nothing.
///
/// # Errors
/// Where the database fails; nothing is changed then.
pub async fn take(
    house: &House,
    actor: Actor,
    programme: Uuid,
    session: Uuid,
    marks: &[Mark],
    now: DateTime<Utc>,
) -> Result<Taken> {
    let mut crossings = 0;
    loop {
        match once(house, actor, programme, session, marks, now).await {
            Err(cause) if is_crossing(&cause) && crossings < CROSSINGS_MAX => crossings += 1,
            done => return done,
        }
    }
}

async fn once(
    house: &House,
    actor: Actor,
    programme: Uuid,
    session: Uuid,
    marks: &[Mark],
    now: DateTime<Utc>,
) -> Result<Taken> {
    let mut tx = house.pool.begin().await?;
    let opens = match hold_open(&mut tx, programme, session, now).await? {
        Ok(opens) => opens,
        Err(refused) => return Ok(refused),
    };
    let known = store::of_session(&mut tx, session).await?;
    let settled = settle(&known, marks, opens, now);
    let new: HashMap<Uuid, Option<i64>> = settled.iter().map(|one| (one.registration, one.came)).collect();
    let decided: Vec<_> =
        known.iter().map(|one| (one, new.get(&one.id).copied().unwrap_or(one.attended))).collect();
    let named = |one: &&(&Registered, Option<i64>)| {
        !one.0.is_erased() && marks.iter().any(|mark| mark.registration == one.0.id)
    };
    let standing = decided.iter().filter(named).map(|(one, came)| (one.id, *came)).collect();
    if settled.is_empty() {
        return Ok(Taken::Done(standing));
    }
    store::write_settled(&mut tx, &settled).await?;
    let changed: Vec<_> = settled.iter().filter(|one| one.before != one.came).collect();
    if !changed.is_empty() {
        let walk_in = store::figures_of(&mut tx, session).await?.map_or(0, |figures| figures.walk_in);
        put(&mut tx, programme, session, &decided, walk_in, now).await?;
        follow(&mut tx, house, programme, session, now).await?;
        let line = |one: &&Settled| {
            let subject = audit::subject("person", one.participant);
            let after = Facts::default().with("session", session).with("present", one.came);
            Entry::new(&house.tokens, now, actor, "attendance.mark", subject)
                .of(programme)
                .facts(Facts::default().with("present", one.before), after)
        };
        audit::record_all(&mut tx, &changed.iter().map(line).collect::<Vec<_>>()).await?;
    }
    tx.commit().await?;
    Ok(Taken::Done(standing))
}

/// Says how many people are there without being registered: all of them, so that saying it twice counts them once.
///
/// # Errors
/// Where the database fails; nothing is changed then.
pub async fn count_walk_ins(
    house: &House,
    actor: Actor,
    programme: Uuid,
    session: Uuid,
    people: i64,
    now: DateTime<Utc>,
) -> Result<Taken> {
    let mut tx = house.pool.begin().await?;
    if let Err(refused) = hold_open(&mut tx, programme, session, now).await? {
        return Ok(refused);
    }
    let people = people.clamp(0, WALK_INS_MAX);
    let before = store::figures_of(&mut tx, session).await?.map_or(0, |figures| figures.walk_in);
    if before != people {
        let known = store::of_session(&mut tx, session).await?;
        let stands: Vec<_> = known.iter().map(|one| (one, one.attended)).collect();
        put(&mut tx, programme, session, &stands, people, now).await?;
        let facts = |people: i64| Facts::default().with("walk_in", people);
        let entry =
            Entry::new(&house.tokens, now, actor, "attendance.walk-ins", audit::subject("session", session));
        audit::record(&mut tx, &entry.of(programme).facts(facts(before), facts(people))).await?;
    }
    tx.commit().await?;
    Ok(Taken::Done(BTreeMap::new()))
}

/// Locks what marking a session touches ([`hold`]), and says since when its door is open; or why nobody is marked there.
async fn hold_open(
    db: &mut Conn,
    programme: Uuid,
    session: Uuid,
    now: DateTime<Utc>,
) -> Result<std::result::Result<DateTime<Utc>, Taken>> {
    let opens = match hold(db, programme, session).await? {
        Held::Seat(seat) => opens(seat.settings.starts),
        Held::Off => return Ok(Err(Taken::Off)),
        Held::Unknown => return Ok(Err(Taken::Unknown)),
    };
    Ok(if now < opens { Err(Taken::NotYet(opens)) } else { Ok(opens) })
}

/// Writes the figures of a session; none where nobody has marked anything.
async fn put(
    db: &mut Conn,
    programme: Uuid,
    session: Uuid,
    stands: &[(&Registered, Option<i64>)],
    walk_in: i64,
    now: DateTime<Utc>,
) -> Result<()> {
    if walk_in == 0 && stands.iter().all(|(_, came)| came.is_none()) {
        return Ok(store::drop_figures(db, session).await?);
    }
    Ok(store::put_figures(db, programme, session, count(stands, walk_in), now).await?)
}

/// What a registration is, once its marks are settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settled {
    /// Which.
    pub registration: Uuid,
    /// Whose.
    pub participant: Uuid,
    /// What it was.
    pub before: Option<i64>,
    /// What it is.
    pub came: Option<i64>,
    /// Since when.
    pub at: DateTime<Utc>,
}

/// Settles marks with what is known: of each registration the mark counts that was made last. Only what is another one
/// then, or the same since later. A mark was made between `opens` and `now`, whatever it says; of two of the same moment
/// the one counts that has seen more people. Nobody speaks for who was erased.
fn settle(known: &[Registered], marks: &[Mark], opens: DateTime<Utc>, now: DateTime<Utc>) -> Vec<Settled> {
    let mut last: HashMap<Uuid, (DateTime<Utc>, Option<i64>)> = HashMap::new();
    for mark in marks {
        let made = (mark.made_at.clamp(opens, now), mark.came);
        let known = last.entry(mark.registration).or_insert(made);
        *known = made.max(*known);
    }
    let settled = |one: &Registered| {
        let (at, came) = last.get(&one.id).copied().filter(|_| !one.is_erased())?;
        let came = came.map(|came| came.clamp(0, one.people));
        let is_later = (Some(at), came) > (one.attended_at, one.attended);
        is_later.then_some(Settled {
            registration: one.id,
            participant: one.participant_id,
            before: one.attended,
            came,
            at,
        })
    };
    known.iter().filter_map(settled).collect()
}
