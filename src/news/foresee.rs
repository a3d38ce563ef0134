//! Whom a release would be news to, and what they would be told: the notes that publishing would write, told as
//! [`tell`](super::tell) tells them, and written nowhere.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Changed, notes,
    store::{self, Note},
    tell::{PEOPLE_MAX, Releases, compose},
};
use crate::{
    db::Conn,
    error::Result,
    mail::Letter,
    registration::{
        decide::Registration,
        desk::House,
        store::{SeatRow, concerned},
    },
    release::Release,
};

/// What would stand once it is published.
pub struct Scene<'s> {
    /// Which programme.
    pub programme: Uuid,
    /// The release that people know.
    pub previous: &'s Release,
    /// The one that would be the newest.
    pub next: &'s Release,
    /// What people would have to know.
    pub changed: &'s [Changed],
    /// All seat rows, as they would be.
    pub seats: &'s BTreeMap<Uuid, SeatRow>,
    /// Registrations that would stand elsewhere by then.
    pub moved: &'s BTreeMap<Uuid, Registration>,
}

/// Gives `see` every letter that would be written if all of it settled now; a few hundred people at a time, so that a
/// large programme takes no more memory than a small one.
pub async fn foresee(
    db: &mut Conn,
    house: &House,
    scene: &Scene<'_>,
    now: DateTime<Utc>,
    mut see: impl FnMut(Letter) + Send,
) -> Result<()> {
    let untold = untold(db, house, scene, now).await?;
    if untold.is_empty() {
        return Ok(());
    }
    let mut releases = Releases::default();
    for known in [scene.previous, scene.next] {
        releases.take(known.clone());
    }
    for people in untold.values().collect::<Vec<_>>().chunks(usize::try_from(PEOPLE_MAX).unwrap_or(1)) {
        let notes: Vec<Note> = people.iter().flat_map(|notes| notes.iter().cloned()).collect();
        let ids: Vec<_> = notes.iter().map(|note| note.registration_id).collect();
        let mut registered = concerned::registered(db, &ids).await?;
        for (id, registration) in scene.moved {
            if let Some(who) = registered.get_mut(id) {
                who.registration = registration.clone();
            }
        }
        releases.read_told(db, scene.programme, &notes).await?;
        let told = compose(db, house, &mut releases, &notes, &registered, scene.seats, now).await?;
        told.letters.into_iter().for_each(&mut see);
    }
    Ok(())
}

/// The notes of everybody concerned, by person: what publishing would note, and what waits to be told beside it.
async fn untold(
    db: &mut Conn,
    house: &House,
    scene: &Scene<'_>,
    now: DateTime<Utc>,
) -> Result<BTreeMap<Uuid, Vec<Note>>> {
    let fresh = notes(db, house, scene.programme, scene.previous.number, scene.changed, now).await?;
    let people: BTreeSet<Uuid> = fresh.iter().map(|note| note.participant_id).collect();
    if people.is_empty() {
        return Ok(BTreeMap::new());
    }
    let known = store::all(db, scene.programme).await?;
    let known = known.into_iter().filter(|note| people.contains(&note.participant_id));
    let mut all: HashMap<Uuid, Note> = known.map(|note| (note.registration_id, note)).collect();
    for note in fresh {
        // As `store::put` does: what the person knows stays, and what rested is due again.
        let due_at = note.due_at;
        let stands = all.entry(note.registration_id).or_insert(note);
        stands.due_at = stands.due_at.or(due_at);
    }
    let mut by_person: BTreeMap<Uuid, Vec<Note>> = BTreeMap::new();
    for note in all.into_values().filter(|note| note.due_at.is_some()) {
        by_person.entry(note.participant_id).or_default().push(note);
    }
    for notes in by_person.values_mut() {
        notes.sort_by_key(|note| note.registration_id);
    }
    Ok(by_person)
}
