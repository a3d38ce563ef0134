//! What a release changes for registered people: noted in the transaction that publishes it, gathered while it
//! settles, told in one mail a person ([`tell`]).
//!
//! A note says only what the person knows already. What is new is looked up when it is told, so that a change
//! that was taken back is none, and who has left meanwhile hears nothing.

pub mod foresee;
pub mod store;
mod story;
pub mod tell;

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::{
    db::Conn,
    error::Result,
    registration::{
        State,
        desk::House,
        store::concerned::{self, Live},
    },
    release::Release,
};

/// How long after its time news may still be untold; `parvis check` complains later.
pub const LATE: TimeDelta = TimeDelta::minutes(10);

/// A session of which people must hear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Which.
    pub session: Uuid,
    /// Where it was to be joined until now.
    pub told_join_url: Option<String>,
    /// True where the new release says something else: for everybody who is registered, and who waits.
    pub released: bool,
    /// True where it is to be joined elsewhere: for those alone who have a seat.
    pub rejoined: bool,
}

/// The sessions whose change people must know: those whose `SEQUENCE` the new release has raised. What is new in
/// the programme has nobody yet.
pub fn must_be_told(previous: &Release, release: &Release) -> BTreeSet<Uuid> {
    let before: HashMap<Uuid, i64> =
        previous.sessions.iter().map(|session| (session.id, session.sequence)).collect();
    let rose =
        |id: &Uuid, sequence: i64| before.get(id).is_some_and(|before_sequence| *before_sequence < sequence);
    release
        .sessions
        .iter()
        .filter(|session| rose(&session.id, session.sequence))
        .map(|session| session.id)
        .collect()
}

/// Notes for everybody concerned that there is news, to be told once it has settled. `told_release` is what they
/// know. Who has untold news already keeps the first note.
///
/// The caller holds the programme and the seat rows of these sessions, and puts the change in force in the same
/// transaction: whoever registers later is told the new facts at once.
pub async fn note(
    db: &mut Conn,
    house: &House,
    programme: Uuid,
    told_release: i64,
    changed: &[Changed],
    now: DateTime<Utc>,
) -> Result<()> {
    let sessions: Vec<_> = changed.iter().map(|one| one.session).collect();
    let live = concerned::live(db, &sessions).await?;
    let notes = notes(house, programme, told_release, changed, &live, now);
    store::put(db, &notes).await?;
    // No release says the join address. That it changes raises the person's own number at once: the entry of any mail
    // from now on is another one.
    let rejoined: Vec<_> = changed.iter().filter(|one| one.rejoined).map(|one| one.session).collect();
    concerned::bump_seats(db, &rejoined).await?;
    Ok(())
}

/// A note for each of these registrations, all of them in sessions that have changed, that this concerns.
fn notes(
    house: &House,
    programme: Uuid,
    told_release: i64,
    changed: &[Changed],
    live: &[Live],
    now: DateTime<Utc>,
) -> Vec<store::Note> {
    let changed: HashMap<Uuid, &Changed> = changed.iter().map(|one| (one.session, one)).collect();
    let concerned = live.iter().filter_map(|live| {
        let one = changed.get(&live.session_id)?;
        (one.released || live.state == State::Confirmed).then_some((live, *one))
    });
    let note = |(live, one): (&Live, &Changed)| store::Note {
        registration_id: live.id,
        participant_id: live.participant_id,
        session_id: live.session_id,
        programme_id: programme,
        noted_at: now,
        told_release,
        told_join_url: one.told_join_url.clone(),
        due_at: Some(now + house.settle),
    };
    concerned.map(note).collect()
}
