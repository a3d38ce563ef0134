//! Whom a release would be news to, and what they would be told: by the decisions of [`tell`](super::tell), and written
//! nowhere.
//!
//! Nearly everybody in a session knows the same of it and stands like many others, so they are counted, by the database,
//! and what to tell them is decided once. Those of whom it is not so are taken out and looked at one by one: who has
//! heard less, or more, than the last release says, and who would stand elsewhere by then.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Changed, notes,
    store::{self, Note},
    story::{Releases, Verdict, verdicts},
    tell::can_be_written_to,
};
use crate::{
    db::Conn,
    error::Result,
    mail::{Item, Outcome},
    registration::{
        State,
        decide::Registration,
        desk::House,
        store::{
            SeatRow,
            concerned::{self, Registered},
        },
    },
    release::Release,
};

/// People who are looked at together, so that a large programme takes no more memory than a small one.
const PEOPLE_MAX: usize = 1_000;

/// Where people stand, and how a mail says it to one of them.
const SEATED: &[(State, Outcome)] = &[(State::Confirmed, Outcome::AlreadyConfirmed)];
const QUEUED: &[(State, Outcome)] =
    &[(State::Waiting, Outcome::AlreadyWaiting { position: 1 }), (State::Offered, Outcome::AlreadyOffered)];

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

/// What people would be told if all of it settled now.
#[derive(Default)]
pub struct Foreseen {
    /// How many would get a mail.
    pub people: usize,
    /// What it says, by session and by where they stand.
    pub groups: BTreeMap<(Uuid, State), Many>,
}

/// Registrations of which the same is told.
pub struct Many {
    /// How many.
    pub registrations: usize,
    /// What one of them is told.
    pub item: Item,
}

/// What publishing would tell people.
///
/// # Errors
/// Where the database does not answer.
pub async fn foresee(
    db: &mut Conn,
    house: &House,
    scene: &Scene<'_>,
    now: DateTime<Utc>,
) -> Result<Foreseen> {
    if scene.changed.is_empty() {
        return Ok(Foreseen::default());
    }
    let mut releases = Releases::default();
    for known in [scene.previous, scene.next] {
        releases.take(known);
    }
    let mut foreseen = alike(db, scene, &mut releases, now).await?;
    let mut known: BTreeMap<Uuid, Vec<Note>> = BTreeMap::new();
    for note in store::all(db, scene.programme).await? {
        known.entry(note.participant_id).or_default().push(note);
    }
    let moved = scene.moved.values().map(|registration| registration.participant);
    let apart: BTreeSet<Uuid> = known.keys().copied().chain(moved).collect();
    let apart: Vec<_> = apart.into_iter().collect();
    for people in apart.chunks(PEOPLE_MAX) {
        one_by_one(db, house, scene, &mut releases, &mut foreseen, (people, &known), now).await?;
    }
    foreseen.groups.retain(|_, many| many.registrations > 0);
    Ok(foreseen)
}

/// Everybody, as if each of them knew the last release and stood where they stand.
async fn alike(
    db: &mut Conn,
    scene: &Scene<'_>,
    releases: &mut Releases<'_>,
    now: DateTime<Utc>,
) -> Result<Foreseen> {
    let mut items: HashMap<(Uuid, State), Item> = HashMap::new();
    for changed in scene.changed {
        for (has_seat, standing) in [(true, SEATED), (false, QUEUED)] {
            if !changed.released && !has_seat {
                continue;
            }
            let knowing =
                (scene.previous.number, changed.told_join_url.as_deref(), changed.session, has_seat);
            let Some(story) = releases.story(knowing, scene.seats, now) else { continue };
            for (state, outcome) in standing {
                if let Verdict::Tell(item) = story.verdict(*outcome, 1, 0, None) {
                    items.insert((changed.session, *state), *item);
                }
            }
        }
    }
    let told: BTreeSet<Uuid> = items.keys().map(|(session, _)| *session).collect();
    let told: Vec<_> = told.into_iter().collect();
    let seats_only = told.iter().copied().filter(|session| !items.contains_key(&(*session, State::Waiting)));
    let seats_only: Vec<_> = seats_only.collect();
    let (alike, people) = concerned::alike(db, &told, &seats_only).await?;
    let many = |one: concerned::Alike| {
        let key = (one.session, one.state);
        Some((key, Many { registrations: one.registrations, item: items.remove(&key)? }))
    };
    Ok(Foreseen { people, groups: alike.into_iter().filter_map(many).collect() })
}

/// Takes these people out of those who stand alike, and counts what each of them would be told.
async fn one_by_one(
    db: &mut Conn,
    house: &House,
    scene: &Scene<'_>,
    releases: &mut Releases<'_>,
    foreseen: &mut Foreseen,
    (people, known): (&[Uuid], &BTreeMap<Uuid, Vec<Note>>),
    now: DateTime<Utc>,
) -> Result<()> {
    let live = concerned::live_of(db, people).await?;
    let fresh = notes(house, scene.programme, scene.previous.number, scene.changed, &live, now);
    let of = people.iter().filter_map(|person| known.get(person)).flatten();
    let untold = together(&fresh, of);
    let ids: Vec<_> = untold.iter().map(|note| note.registration_id).collect();
    let mut registered = concerned::registered(db, &ids).await?;
    foreseen.take_out(&fresh, &registered);

    for (id, registration) in scene.moved {
        if let Some(who) = registered.get_mut(id) {
            who.registration = registration.clone();
        }
    }
    releases.read_told(db, scene.programme, &untold).await?;
    let verdicts = verdicts(db, releases, &untold, &registered, scene.seats, now).await?;
    let mut told = HashSet::new();
    for (note, verdict) in untold.iter().zip(verdicts) {
        let who = registered.get(&note.registration_id).filter(|who| can_be_written_to(who));
        let (Verdict::Tell(item), Some(who)) = (verdict, who) else { continue };
        told.insert(note.participant_id);
        let key = (note.session_id, who.registration.state);
        foreseen.groups.entry(key).or_insert(Many { registrations: 0, item: *item }).registrations += 1;
    }
    foreseen.people += told.len();
    Ok(())
}

/// What publishing would note of some people, and what waits to be told of them beside it; nothing of who hears nothing
/// new.
fn together<'n>(fresh: &[Note], known: impl Iterator<Item = &'n Note>) -> Vec<Note> {
    let people: HashSet<Uuid> = fresh.iter().map(|note| note.participant_id).collect();
    let known = known.filter(|note| people.contains(&note.participant_id));
    let mut all: BTreeMap<Uuid, Note> = known.map(|note| (note.registration_id, note.clone())).collect();
    for note in fresh {
        // As `store::put` does: what the person knows stays, and what rested is due again.
        let stands = all.entry(note.registration_id).or_insert_with(|| note.clone());
        stands.due_at = stands.due_at.or(note.due_at);
    }
    all.into_values().filter(|note| note.due_at.is_some()).collect()
}

impl Foreseen {
    /// These notes were counted with those who stand alike, as far as anybody can be written to.
    fn take_out(&mut self, fresh: &[Note], registered: &HashMap<Uuid, Registered>) {
        let mut people = HashSet::new();
        for note in fresh {
            let who = registered.get(&note.registration_id).filter(|who| can_be_written_to(who));
            let Some(who) = who else { continue };
            if let Some(many) = self.groups.get_mut(&(note.session_id, who.registration.state)) {
                many.registrations -= 1;
                people.insert(note.participant_id);
            }
        }
        self.people -= people.len();
    }
}
