//! Whom a release would be news to, and what they would be told: by the decisions of [`tell`](super::tell), and written
//! nowhere.
//!
//! Nearly everybody in a session knows the same of it and stands like many others, so they are counted, by the database,
//! and what to tell them is decided once. Those of whom it is not so are taken out and looked at one by one: who has
//! heard less, or more, than the last release says, and who would stand elsewhere by then.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, btree_map::Entry};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Changed, notes,
    store::{self, Note},
    story::{Holds, Knowing, Releases, Verdict, verdicts},
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
/// People whose registrations are asked for by themselves.
const ASKED_FOR_MAX: usize = 500;

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
    let apart = apart(db, house, scene, now).await?;
    let mut alone = Foreseen::default();
    let mut people = apart.into_values().peekable();
    while people.peek().is_some() {
        let some: Vec<_> = people.by_ref().take(PEOPLE_MAX).collect();
        one_by_one(db, scene, &mut releases, (&mut foreseen, &mut alone), &some, now).await?;
    }
    Ok(foreseen.and(alone))
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
        for (holds, standing) in [(Holds::Seat, SEATED), (Holds::Turn, QUEUED)] {
            if !changed.released && holds == Holds::Turn {
                continue;
            }
            let told_join_url = changed.told_join_url.as_deref();
            let knowing = Knowing {
                told_release: scene.previous.number,
                told_join_url,
                session: changed.session,
                holds,
            };
            let Some(story) = releases.story(knowing, scene.seats, now) else { continue };
            for (state, outcome) in standing {
                if let Verdict::Tell(item) = story.verdict(*outcome, 1, 0, None) {
                    items.insert((changed.session, *state), *item);
                }
            }
        }
    }
    let told: BTreeSet<Uuid> = items.keys().map(|(session, _)| *session).collect();
    let is_told = |session: &Uuid| items.contains_key(&(*session, State::Waiting));
    let (all, seats_only): (Vec<Uuid>, Vec<Uuid>) = told.iter().partition(|session| is_told(session));
    let (alike, people) = concerned::alike(db, &all, &seats_only).await?;
    let many = |one: concerned::Alike| {
        let key = (one.session, one.state);
        Some((key, Many { registrations: one.registrations, item: items.remove(&key)? }))
    };
    Ok(Foreseen { people, groups: alike.into_iter().filter_map(many).collect() })
}

/// What is noted of one person.
#[derive(Default)]
struct Noted {
    /// By this publication.
    fresh: Vec<Note>,
    /// Before it, whether it is to be told or rests.
    known: Vec<Note>,
}

/// Who hears something new by this publication, and is not like the others: of whom something is noted already, or who
/// would stand elsewhere.
async fn apart(
    db: &mut Conn,
    house: &House,
    scene: &Scene<'_>,
    now: DateTime<Utc>,
) -> Result<BTreeMap<Uuid, Noted>> {
    let known = store::all(db, scene.programme).await?;
    let moved = scene.moved.values().map(|registration| registration.participant);
    let apart: HashSet<Uuid> = known.iter().map(|note| note.participant_id).chain(moved).collect();
    let sessions: Vec<Uuid> = scene.changed.iter().map(|one| one.session).collect();
    // Few are asked for by themselves; many are found among all who are concerned.
    let mut live = if apart.len() <= ASKED_FOR_MAX {
        concerned::live_of(db, &sessions, &apart.iter().copied().collect::<Vec<_>>()).await?
    } else {
        concerned::live(db, &sessions).await?
    };
    live.retain(|one| apart.contains(&one.participant_id));
    let mut noted: BTreeMap<Uuid, Noted> = BTreeMap::new();
    for note in notes(house, scene.programme, scene.previous.number, scene.changed, &live, now) {
        noted.entry(note.participant_id).or_default().fresh.push(note);
    }
    for note in known {
        if let Some(noted) = noted.get_mut(&note.participant_id) {
            noted.known.push(note);
        }
    }
    Ok(noted)
}

/// Takes these people out of those who stand alike, and counts what each of them would be told.
async fn one_by_one(
    db: &mut Conn,
    scene: &Scene<'_>,
    releases: &mut Releases<'_>,
    (alike, alone): (&mut Foreseen, &mut Foreseen),
    people: &[Noted],
    now: DateTime<Utc>,
) -> Result<()> {
    let untold: Vec<Note> = people.iter().flat_map(Noted::untold).collect();
    let ids: Vec<_> = untold.iter().map(|note| note.registration_id).collect();
    let mut registered = concerned::registered(db, &ids).await?;
    alike.take_out(people.iter().flat_map(|noted| &noted.fresh), &registered);

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
        let many = Many { registrations: 1, item: *item };
        alone.add((note.session_id, who.registration.state), many);
    }
    alone.people += told.len();
    Ok(())
}

impl Noted {
    /// What the person would be told of, as `store::put` has it: what they know stays, and what rested is due again.
    fn untold(&self) -> Vec<Note> {
        let known = self.known.iter().map(|note| (note.registration_id, note.clone()));
        let mut all: BTreeMap<Uuid, Note> = known.collect();
        for note in &self.fresh {
            let stands = all.entry(note.registration_id).or_insert_with(|| note.clone());
            stands.due_at = stands.due_at.or(note.due_at);
        }
        all.into_values().filter(|note| note.due_at.is_some()).collect()
    }
}

impl Foreseen {
    fn add(&mut self, key: (Uuid, State), many: Many) {
        match self.groups.entry(key) {
            Entry::Occupied(mut there) => there.get_mut().registrations += many.registrations,
            Entry::Vacant(new) => {
                new.insert(many);
            }
        }
    }

    /// These notes were counted with those who stand alike, as far as anybody can be written to. Somebody may have come,
    /// or gone, since they were counted.
    fn take_out<'n>(
        &mut self,
        fresh: impl Iterator<Item = &'n Note>,
        registered: &HashMap<Uuid, Registered>,
    ) {
        let mut people = HashSet::new();
        for note in fresh {
            let who = registered.get(&note.registration_id).filter(|who| can_be_written_to(who));
            let Some(who) = who else { continue };
            if let Some(many) = self.groups.get_mut(&(note.session_id, who.registration.state)) {
                many.registrations = many.registrations.saturating_sub(1);
                people.insert(note.participant_id);
            }
        }
        self.people = self.people.saturating_sub(people.len());
    }

    /// Both. What one of a group is told is what somebody of it is told.
    fn and(mut self, alone: Foreseen) -> Foreseen {
        self.people += alone.people;
        self.groups.retain(|_, many| many.registrations > 0);
        for (key, many) in alone.groups {
            self.add(key, many);
        }
        self
    }
}
