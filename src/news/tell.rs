//! Telling what has settled: one mail a person for all their sessions of a programme.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use uuid::Uuid;

use super::store::{self, Note};
use crate::{
    db::Conn,
    error::Result,
    mail::{self, Frozen, Item, Letter, MailData, Outcome, ProgrammeLine, Told, outbox},
    programme::{self, Status, instant},
    registration::{
        State,
        calls::{self, Call, Reason},
        desk::House,
        store::{
            self as seat_store, SeatRow,
            concerned::{self, Registered},
        },
    },
    release::{self, Release, ReleasedSession},
    tokens::Purpose,
};

/// People told in one transaction: between two, the desk has its turn.
pub(super) const PEOPLE_MAX: i64 = 200;
/// How far the clocks of several machines may be apart.
const CLOCKS: TimeDelta = TimeDelta::minutes(1);

/// Tells everybody what is due: writes their mails, and says how many. Several processes may do it at once.
///
/// # Errors
/// Where the database fails; what is not told then stays due.
pub async fn tell_due(house: &House, now: DateTime<Utc>) -> Result<usize> {
    let mut db = house.pool.acquire().await?;
    let programmes = store::due_programmes(&mut db, now).await?;
    drop(db);
    let mut told = 0;
    for programme in programmes {
        let mut releases = Releases::default();
        while !house.pool.closing().is_cancelled() {
            let Some(mails) = tell_some(house, programme, &mut releases, now).await? else { break };
            told += mails;
            house.mail.notify_one();
        }
    }
    Ok(told)
}

/// Tells some of the people; `None` where nobody is left. Whoever else does it waits for the programme, and then
/// finds the notes gone.
async fn tell_some(
    house: &House,
    programme: Uuid,
    releases: &mut Releases,
    now: DateTime<Utc>,
) -> Result<Option<usize>> {
    let mut tx = house.pool.begin().await?;
    programme::store::hold(&mut tx, programme).await?;
    let people = store::due_people(&mut tx, programme, now, PEOPLE_MAX).await?;
    if people.is_empty() {
        return Ok(None);
    }
    let notes = store::of(&mut tx, programme, &people).await?;
    // Nobody gets or gives back a seat in these sessions until what is told of it is written down.
    let sessions: BTreeSet<_> = notes.iter().map(|note| note.session_id).collect();
    let seats = seat_store::lock_seats(&mut tx, sessions).await?;
    let ids: Vec<_> = notes.iter().map(|note| note.registration_id).collect();
    let registered = concerned::registered(&mut tx, &ids).await?;
    releases.read(&mut tx, programme, &notes).await?;

    let Composed { verdicts, letters } =
        compose(&mut tx, house, releases, &notes, &registered, &seats, now).await?;
    let of = |wanted: fn(&Verdict) -> bool| -> Vec<Uuid> {
        let chosen = notes.iter().zip(&verdicts).filter(|(_, verdict)| wanted(verdict));
        chosen.map(|(note, _)| note.registration_id).collect()
    };
    let calls = calls(house, programme, &notes, &registered, &verdicts, now);
    calls::note(&mut tx, &calls, now).await?;
    outbox::queue(&mut tx, &letters, now).await?;
    store::rest(&mut tx, &of(|verdict| matches!(verdict, Verdict::Rest))).await?;
    store::remove(&mut tx, &of(|verdict| !matches!(verdict, Verdict::Rest))).await?;
    tx.commit().await?;
    Ok(Some(letters.len()))
}

/// What becomes of some notes, and the letters that say it.
pub(super) struct Composed {
    verdicts: Vec<Verdict>,
    pub(super) letters: Vec<Letter>,
}

/// Decides what to tell, and writes the letters; sends and stores nothing.
pub(super) async fn compose(
    db: &mut Conn,
    house: &House,
    releases: &mut Releases,
    notes: &[Note],
    registered: &HashMap<Uuid, Registered>,
    seats: &BTreeMap<Uuid, SeatRow>,
    now: DateTime<Utc>,
) -> Result<Composed> {
    let views = releases.look(notes, registered, seats, now);
    let mailed = mailed(db, notes, &views).await?;
    let verdict = |(note, view): (&Note, Option<View<'_>>)| {
        view.map_or(Verdict::Nothing, |view| decide(view, mailed.get(&note.registration_id)))
    };
    let verdicts: Vec<_> = notes.iter().zip(views).map(verdict).collect();
    let letters = letters(house, releases.current()?, notes, registered, &verdicts, now);
    Ok(Composed { verdicts, letters })
}

/// What becomes of one note.
#[derive(Debug, Clone, PartialEq)]
enum Verdict {
    /// The person is told this.
    Tell(Box<Item>),
    /// Nothing for now; what the person knows is kept.
    Rest,
    /// There is nothing to tell (any more).
    Nothing,
}

/// One letter a person, its sessions in the order of their time.
fn letters(
    house: &House,
    release: &Release,
    notes: &[Note],
    registered: &HashMap<Uuid, Registered>,
    verdicts: &[Verdict],
    now: DateTime<Utc>,
) -> Vec<Letter> {
    let mut items: BTreeMap<Uuid, (&Registered, Vec<Item>)> = BTreeMap::new();
    for (note, verdict) in notes.iter().zip(verdicts) {
        if let (Verdict::Tell(item), Some(who)) = (verdict, registered.get(&note.registration_id))
            && can_be_written_to(who)
        {
            items.entry(note.participant_id).or_insert_with(|| (who, Vec::new())).1.push((**item).clone());
        }
    }
    let letter = |(who, mut items): (&Registered, Vec<Item>)| {
        let person = &who.participant;
        items.sort_by(|a, b| {
            (a.session.starts_at, &a.session.slug).cmp(&(b.session.starts_at, &b.session.slug))
        });
        let data = MailData {
            programme: ProgrammeLine::of(release),
            name: person.name.clone(),
            agenda_token: house.key.seal(Purpose::Agenda, person.id, person.agenda_version),
            feed_token: house.key.seal(Purpose::Feed, person.id, person.feed_version),
            items,
            reminder: None,
            confirm_token: None,
            door_code: None,
            own: mail::Own::default(),
        };
        Some(mail::changed(house.tokens.id(now), person.lang, person.email.as_deref()?, data))
    };
    items.into_values().filter_map(letter).collect()
}

/// False for who has no address, or one that sends mails back: they are called.
fn can_be_written_to(who: &Registered) -> bool {
    who.reachable && who.participant.email.is_some()
}

/// Whom to call, since nobody can write to them.
fn calls(
    house: &House,
    programme: Uuid,
    notes: &[Note],
    registered: &HashMap<Uuid, Registered>,
    verdicts: &[Verdict],
    now: DateTime<Utc>,
) -> Vec<(Uuid, Call)> {
    let call = |(note, verdict): (&Note, &Verdict)| {
        let who = registered.get(&note.registration_id)?;
        let call = Call {
            registration: note.registration_id,
            participant: note.participant_id,
            session: note.session_id,
            programme,
            reason: Reason::Changed,
        };
        let is_told = matches!(verdict, Verdict::Tell(_)) && !can_be_written_to(who);
        is_told.then(|| (house.tokens.id(now), call))
    };
    notes.iter().zip(verdicts).filter_map(call).collect()
}

/// The releases that people know, and the one that stands: each read once.
#[derive(Default)]
pub(super) struct Releases {
    newest: i64,
    by_number: HashMap<i64, Release>,
    /// Sessions of the newest as mails show them, without a join address.
    frozen: HashMap<Uuid, Frozen>,
}

impl Releases {
    /// Reads what is missing. After the programme is held: nobody publishes meanwhile.
    async fn read(&mut self, db: &mut Conn, programme: Uuid, notes: &[Note]) -> Result<()> {
        let newest = release::store::newest(db, programme).await?.unwrap_or_default();
        if newest != self.newest {
            self.newest = newest;
            self.frozen.clear();
        }
        self.read_told(db, programme, notes).await
    }

    /// As if that one were the newest; it is not read.
    pub(super) fn take(&mut self, release: Release) {
        self.newest = release.number;
        self.by_number.insert(release.number, release);
    }

    /// Reads the releases that these notes speak of, and the newest, where they are missing.
    pub(super) async fn read_told(&mut self, db: &mut Conn, programme: Uuid, notes: &[Note]) -> Result<()> {
        let told = notes.iter().map(|note| note.told_release);
        for number in told.chain([self.newest]).collect::<BTreeSet<_>>() {
            if !self.by_number.contains_key(&number)
                && let Some(release) = release::store::load(db, programme, number).await?
            {
                self.by_number.insert(number, release);
            }
        }
        Ok(())
    }

    fn current(&self) -> Result<&Release> {
        let missing = || crate::error::Error::Internal("news of a programme without a release".to_owned());
        self.by_number.get(&self.newest).ok_or_else(missing)
    }

    /// What each note is about; `None` where it is about nothing any more: who has left, was erased, or comes too
    /// late.
    fn look<'r>(
        &mut self,
        notes: &[Note],
        registered: &'r HashMap<Uuid, Registered>,
        seats: &BTreeMap<Uuid, SeatRow>,
        now: DateTime<Utc>,
    ) -> Vec<Option<View<'r>>> {
        let view = |note: &Note| {
            let told = self.by_number.get(&note.told_release)?;
            let current = self.by_number.get(&self.newest)?;
            let who = registered.get(&note.registration_id)?;
            let was = session(told, note.session_id)?;
            let is = session(current, note.session_id)?;
            let over = ends(told, was).max(ends(current, is)) <= now;
            let gone = !who.registration.state.is_live() || who.participant.is_erased();
            if over || gone {
                return None;
            }
            let join_url = seats.get(&note.session_id).and_then(|seat| seat.settings.join_url.as_deref());
            let frozen =
                self.frozen.entry(note.session_id).or_insert_with(|| Frozen::of(current, is, None)).clone();
            let seat = who.registration.state == State::Confirmed;
            Some(View {
                before: Told::of(told, was, note.told_join_url.as_deref().filter(|_| seat)),
                session: Frozen { join_url: join_url.filter(|_| seat).map(str::to_owned), ..frozen },
                sequence: is.sequence,
                who,
            })
        };
        notes.iter().map(view).collect()
    }
}

/// A session as somebody knew it when it was noted, and as it is now.
struct View<'r> {
    before: Told,
    session: Frozen,
    sequence: i64,
    who: &'r Registered,
}

impl View<'_> {
    /// True where, by the note alone, there is nothing to tell.
    fn is_quiet(&self) -> bool {
        let off = |status: Status| status != Status::Scheduled;
        self.before == self.session.told() || (off(self.before.status) && off(self.session.status))
    }
}

/// What other mails have told since the notes were written, by registration: a form that was sent again, a seat from
/// the queue. Asked only where the note itself gives nothing to tell: what was taken back may have been told so.
async fn mailed(db: &mut Conn, notes: &[Note], views: &[Option<View<'_>>]) -> Result<HashMap<Uuid, Told>> {
    let mut quiet: HashMap<(&str, Uuid), (&Note, &View<'_>)> = HashMap::new();
    for (note, view) in notes.iter().zip(views) {
        if let Some(view) = view.as_ref().filter(|view| view.is_quiet())
            && let Some(email) = view.who.participant.email.as_deref()
        {
            quiet.insert((email, note.session_id), (note, view));
        }
    }
    let Some(since) = quiet.values().map(|(note, _)| note.noted_at).min() else { return Ok(HashMap::new()) };
    let people: BTreeSet<&str> = quiet.keys().map(|(email, _)| *email).collect();
    let people: Vec<_> = people.into_iter().collect();
    let mut newest: HashMap<Uuid, (i64, DateTime<Utc>, Told)> = HashMap::new();
    for (recipient, at, data) in outbox::written_since(db, &people, since - CLOCKS).await? {
        for item in data.items {
            let Some((note, view)) = quiet.get(&(recipient.as_str(), item.session.uid)) else { continue };
            let known = newest.get(&note.registration_id);
            // The entry that a calendar believes.
            if known.is_some_and(|(sequence, told_at, _)| (*sequence, *told_at) > (item.sequence, at)) {
                continue;
            }
            let mut told = item.session.told();
            if !item.outcome.has_seat() {
                told.join_url.clone_from(&view.session.join_url);
            }
            newest.insert(note.registration_id, (item.sequence, at, told));
        }
    }
    Ok(newest.into_iter().map(|(registration, (_, _, told))| (registration, told)).collect())
}

fn session(release: &Release, id: Uuid) -> Option<&ReleasedSession> {
    release.sessions.iter().find(|session| session.id == id)
}

/// The last moment of a session; without an end, that of its day.
fn ends(release: &Release, session: &ReleasedSession) -> DateTime<Utc> {
    let zone = release.programme.timezone;
    let next = session.date.checked_add_days(Days::new(1)).unwrap_or(session.date);
    session.ends_at(zone).unwrap_or_else(|| instant(zone, next.and_time(NaiveTime::MIN)))
}

/// What to tell somebody. `mailed` is what another mail has told meanwhile, where the note alone is quiet.
fn decide(view: View<'_>, mailed: Option<&Told>) -> Verdict {
    let quiet = view.is_quiet();
    let View { before, session, sequence, who } = view;
    let before = mailed.cloned().filter(|_| quiet).unwrap_or(before);
    let registration = &who.registration;
    let outcome = match registration.state {
        State::Confirmed => Outcome::AlreadyConfirmed,
        State::Waiting => Outcome::AlreadyWaiting { position: who.position },
        State::Offered => Outcome::AlreadyOffered,
        State::Cancelled => return Verdict::Nothing,
    };
    if before == session.told() {
        return Verdict::Nothing;
    }
    let takes_place = session.status == Status::Scheduled;
    if before.status != Status::Scheduled && !takes_place {
        return Verdict::Rest;
    }
    let join_url = session.join_url.clone().filter(|_| takes_place);
    Verdict::Tell(Box::new(Item {
        session: Frozen { join_url, ..session },
        outcome,
        people: registration.people,
        sequence: sequence + registration.bumps,
        before: Some(before),
        after: None,
    }))
}
