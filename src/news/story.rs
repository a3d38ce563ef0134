//! What there is to tell of a session: what somebody knew of it against what is true now.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap, hash_map::Entry},
    sync::Arc,
};

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use uuid::Uuid;

use super::store::Note;
use crate::{
    db::Conn,
    error::{Error, Result},
    mail::{Frozen, Item, Outcome, Told, outbox},
    programme::{Status, instant},
    registration::{
        State,
        store::{SeatRow, concerned::Registered},
    },
    release::{self, Release, ReleasedSession},
};

/// How far the clocks of several machines may be apart.
const CLOCKS: TimeDelta = TimeDelta::minutes(1);

/// What becomes of one note.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Verdict {
    /// The person is told this.
    Tell(Box<Item>),
    /// Nothing for now; what the person knows is kept.
    Rest,
    /// There is nothing to tell (any more).
    Nothing,
}

/// What becomes of each of these notes; sends and stores nothing.
pub(super) async fn verdicts(
    db: &mut Conn,
    releases: &mut Releases<'_>,
    notes: &[Note],
    registered: &HashMap<Uuid, Registered>,
    seats: &BTreeMap<Uuid, SeatRow>,
    now: DateTime<Utc>,
) -> Result<Vec<Verdict>> {
    let views = releases.look(notes, registered, seats, now);
    let mailed = mailed(db, notes, &views).await?;
    let verdict = |(note, view): (&Note, Option<View<'_>>)| {
        view.map_or(Verdict::Nothing, |view| decide(&view, mailed.get(&note.registration_id)))
    };
    Ok(notes.iter().zip(views).map(verdict).collect())
}

/// The releases that people know, and the one that stands: each read once.
#[derive(Default)]
pub(super) struct Releases<'r> {
    newest: i64,
    by_number: HashMap<i64, Cow<'r, Release>>,
    /// Sessions of the newest as mails show them, without a join address.
    frozen: HashMap<Uuid, Frozen>,
}

/// What somebody has in a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Holds {
    /// They join, and know where.
    Seat,
    /// They wait, or a seat is offered to them.
    Turn,
}

/// Those who know the same of the same session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Knowing<'n> {
    /// The release that they know.
    pub(super) told_release: i64,
    /// The join address that they know, where they have a seat.
    pub(super) told_join_url: Option<&'n str>,
    /// Which session.
    pub(super) session: Uuid,
    /// What they have in it.
    pub(super) holds: Holds,
}

impl<'r> Releases<'r> {
    /// Reads what is missing. After the programme is held: nobody publishes meanwhile.
    pub(super) async fn read(&mut self, db: &mut Conn, programme: Uuid, notes: &[Note]) -> Result<()> {
        let newest = release::store::newest(db, programme).await?.unwrap_or_default();
        if newest != self.newest {
            self.newest = newest;
            self.frozen.clear();
        }
        self.read_told(db, programme, notes).await
    }

    /// As if that one were the newest; it is not read.
    pub(super) fn take(&mut self, release: &'r Release) {
        self.newest = release.number;
        self.by_number.insert(release.number, Cow::Borrowed(release));
    }

    /// Reads the releases that these notes speak of, and the newest, where they are missing.
    pub(super) async fn read_told(&mut self, db: &mut Conn, programme: Uuid, notes: &[Note]) -> Result<()> {
        let told = notes.iter().map(|note| note.told_release);
        for number in told.chain([self.newest]).collect::<BTreeSet<_>>() {
            if !self.by_number.contains_key(&number)
                && let Some(release) = release::store::load(db, programme, number).await?
            {
                self.by_number.insert(number, Cow::Owned(release));
            }
        }
        Ok(())
    }

    /// The release that stands.
    ///
    /// # Errors
    /// Where it was not read, or there is none.
    pub(super) fn current(&self) -> Result<&Release> {
        let missing = || Error::Internal("news of a programme without a release".to_owned());
        self.by_number.get(&self.newest).map(AsRef::as_ref).ok_or_else(missing)
    }

    /// What there is to tell those who know that; `None` where the session is over, or one of the releases does not
    /// have it.
    pub(super) fn story(
        &mut self,
        Knowing { told_release, told_join_url, session, holds }: Knowing<'_>,
        seats: &BTreeMap<Uuid, SeatRow>,
        now: DateTime<Utc>,
    ) -> Option<Story> {
        let told = self.by_number.get(&told_release)?;
        let current = self.by_number.get(&self.newest)?;
        let (was, is) = (find(told, session)?, find(current, session)?);
        if ends(told, was).max(ends(current, is)) <= now {
            return None;
        }
        let has_seat = holds == Holds::Seat;
        let join_url = seats.get(&session).and_then(|seat| seat.settings.join_url.clone());
        let frozen = self.frozen.entry(session).or_insert_with(|| Frozen::of(current, is, None)).clone();
        Some(Story {
            before: Told::of(told, was, told_join_url.filter(|_| has_seat)),
            session: Frozen { join_url: join_url.filter(|_| has_seat), ..frozen },
            sequence: is.sequence,
        })
    }

    /// What each note is about; `None` where it is about nothing any more: who has left, was erased, or comes too
    /// late.
    fn look<'n, 'w>(
        &mut self,
        notes: &'n [Note],
        registered: &'w HashMap<Uuid, Registered>,
        seats: &BTreeMap<Uuid, SeatRow>,
        now: DateTime<Utc>,
    ) -> Vec<Option<View<'w>>> {
        // Many know the same.
        let mut stories: HashMap<Knowing<'n>, Option<Arc<Story>>> = HashMap::new();
        let view = |note: &'n Note| {
            let who = registered.get(&note.registration_id)?;
            if !who.registration.state.is_live() || who.participant.is_erased() {
                return None;
            }
            let knowing = Knowing {
                told_release: note.told_release,
                told_join_url: note.told_join_url.as_deref(),
                session: note.session_id,
                holds: if who.registration.state == State::Confirmed { Holds::Seat } else { Holds::Turn },
            };
            let story = match stories.entry(knowing) {
                Entry::Occupied(known) => known.get().clone(),
                Entry::Vacant(new) => new.insert(self.story(knowing, seats, now).map(Arc::new)).clone(),
            };
            Some(View { story: story?, who })
        };
        notes.iter().map(view).collect()
    }
}

/// A session as somebody knew it when it was noted, and as it is now.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Story {
    before: Told,
    session: Frozen,
    sequence: i64,
}

impl Story {
    /// True where, by the note alone, there is nothing to tell.
    fn is_quiet(&self) -> bool {
        let off = |status: Status| status != Status::Scheduled;
        self.before == self.session.told() || (off(self.before.status) && off(self.session.status))
    }

    /// What to tell somebody who stands like that. `mailed` is what another mail has told meanwhile, where the note
    /// alone is quiet.
    pub(super) fn verdict(
        &self,
        outcome: Outcome,
        people: i64,
        bumps: i64,
        mailed: Option<&Told>,
    ) -> Verdict {
        let before = mailed.filter(|_| self.is_quiet()).unwrap_or(&self.before);
        if *before == self.session.told() {
            return Verdict::Nothing;
        }
        let takes_place = self.session.status == Status::Scheduled;
        if before.status != Status::Scheduled && !takes_place {
            return Verdict::Rest;
        }
        let join_url = self.session.join_url.clone().filter(|_| takes_place);
        Verdict::Tell(Box::new(Item {
            session: Frozen { join_url, ..self.session.clone() },
            outcome,
            people,
            sequence: self.sequence + bumps,
            before: Some(before.clone()),
            after: None,
        }))
    }
}

/// A story, and whose it is.
struct View<'r> {
    story: Arc<Story>,
    who: &'r Registered,
}

/// What other mails have told since the notes were written, by registration: a form that was sent again, a seat from
/// the queue. Asked only where the note itself gives nothing to tell: what was taken back may have been told so.
async fn mailed(db: &mut Conn, notes: &[Note], views: &[Option<View<'_>>]) -> Result<HashMap<Uuid, Told>> {
    let mut quiet: HashMap<(&str, Uuid), (&Note, &Story)> = HashMap::new();
    for (note, view) in notes.iter().zip(views) {
        if let Some(view) = view.as_ref().filter(|view| view.story.is_quiet())
            && let Some(email) = view.who.participant.email.as_deref()
        {
            quiet.insert((email, note.session_id), (note, &view.story));
        }
    }
    let Some(since) = quiet.values().map(|(note, _)| note.noted_at).min() else { return Ok(HashMap::new()) };
    let people: BTreeSet<&str> = quiet.keys().map(|(email, _)| *email).collect();
    let people: Vec<_> = people.into_iter().collect();
    let mut newest: HashMap<Uuid, (i64, DateTime<Utc>, Told)> = HashMap::new();
    for (recipient, at, data) in outbox::written_since(db, &people, since - CLOCKS).await? {
        for item in data.items {
            let Some((note, story)) = quiet.get(&(recipient.as_str(), item.session.uid)) else { continue };
            let known = newest.get(&note.registration_id);
            // The entry that a calendar believes.
            if known.is_some_and(|(sequence, told_at, _)| (*sequence, *told_at) > (item.sequence, at)) {
                continue;
            }
            let mut told = item.session.told();
            if !item.outcome.has_seat() {
                told.join_url.clone_from(&story.session.join_url);
            }
            newest.insert(note.registration_id, (item.sequence, at, told));
        }
    }
    Ok(newest.into_iter().map(|(registration, (_, _, told))| (registration, told)).collect())
}

fn find(release: &Release, id: Uuid) -> Option<&ReleasedSession> {
    release.sessions.iter().find(|session| session.id == id)
}

/// The last moment of a session; without an end, that of its day.
fn ends(release: &Release, session: &ReleasedSession) -> DateTime<Utc> {
    let zone = release.programme.timezone;
    let next = session.date.checked_add_days(Days::new(1)).unwrap_or(session.date);
    session.ends_at(zone).unwrap_or_else(|| instant(zone, next.and_time(NaiveTime::MIN)))
}

fn decide(view: &View<'_>, mailed: Option<&Told>) -> Verdict {
    let registration = &view.who.registration;
    let outcome = match registration.state {
        State::Confirmed => Outcome::AlreadyConfirmed,
        State::Waiting => Outcome::AlreadyWaiting { position: view.who.position },
        State::Offered => Outcome::AlreadyOffered,
        State::Cancelled => return Verdict::Nothing,
    };
    view.story.verdict(outcome, registration.people, registration.bumps, mailed)
}
