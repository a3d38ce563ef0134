//! A programme in figures. Registrations are counted now and then, into one row without a person in it; the [`report`]
//! is drawn from that row, from the seat board and from who came. Erasure changes none of them: a registration stays,
//! with its state and its times, and so does the number of whose it was, which leads to nobody any more.

pub mod report;
pub mod store;

use std::{
    collections::{BTreeMap, HashMap},
    time::{Duration, Instant},
};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Cause, State, desk::House};
use crate::{
    error::Result,
    release::{Release, published::Published},
};
use store::{Row, When};

/// At least so long lies between two counts of a programme, and so much more for each thousand registrations: a small
/// one is counted while one looks, a hundred thousand once a minute.
const PAUSE: TimeDelta = TimeDelta::seconds(5);
const PAUSE_PER_THOUSAND: TimeDelta = TimeDelta::milliseconds(500);
/// How often it is looked at what is due.
const LOOK: Duration = Duration::from_secs(1);
/// What is written bears the time at which its batch began, which may be so long before its commit.
const IN_FLIGHT: TimeDelta = TimeDelta::seconds(30);
/// Sessions whose registrations are read at once.
const SESSIONS_AT_ONCE: usize = 48;
/// So many times as long as it looked at some, a count rests beside people: a million registrations are looked at in about
/// a minute.
pub const REST: u32 = 4;
/// A count that stands in nobody's way: a command's, a test's.
pub const NO_REST: u32 = 0;

/// What was counted of a programme.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counted {
    /// All of it.
    pub all: Scope,
    /// What each organisation brings, by its slug.
    pub hosts: BTreeMap<String, Scope>,
    /// Each session that anybody has registered for.
    pub sessions: BTreeMap<Uuid, OfSession>,
}

/// What was counted of a programme, or of what one organisation brings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Scope {
    /// People who have registered for something, each once; those who have left are among them.
    pub people: i64,
    /// People who have a seat, each once.
    pub seated: i64,
    /// People who have a seat, or wait for one, each once.
    pub live: i64,
    /// Days, local to the programme, on which anything happened.
    pub days: BTreeMap<NaiveDate, Day>,
    /// People by the language of their last form.
    pub languages: BTreeMap<String, i64>,
}

/// What happened on a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// Registrations that were made.
    pub made: i64,
    /// Registrations that ended: given back, taken back, run out.
    pub gone: i64,
}

/// What was counted of a session.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OfSession {
    /// Registrations that were made.
    pub made: i64,
    /// Those that ended, by what ended them.
    pub gone: BTreeMap<Ending, i64>,
}

/// What ended a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ending {
    /// The person gave it back.
    Person,
    /// The organisers took it back, or moved the person.
    Organiser,
    /// What was offered was not taken in time.
    Deadline,
}

impl Ending {
    /// In the order in which they are shown.
    pub const ALL: [Ending; 3] = [Ending::Person, Ending::Organiser, Ending::Deadline];

    /// The word in files and message keys (`figures-ending-person`).
    pub fn code(self) -> &'static str {
        match self {
            Ending::Person => "person",
            Ending::Organiser => "organiser",
            Ending::Deadline => "deadline",
        }
    }

    /// `None` for an order that nobody has confirmed: it never was a registration.
    fn of(cause: Cause) -> Option<Ending> {
        match cause {
            Cause::Person | Cause::Form => Some(Ending::Person),
            Cause::Organiser | Cause::Queue => Some(Ending::Organiser),
            Cause::Deadline => Some(Ending::Deadline),
            Cause::Unconfirmed => None,
        }
    }
}

/// Counts until the pool closes, in a task of its own: a large programme takes a while.
pub async fn run(house: House) {
    let closing = house.pool.closing().clone();
    let mut healthy = true;
    while !closing.is_cancelled() {
        match count_due(&house, house.clock.now(), REST).await {
            Ok(()) => healthy = true,
            Err(cause) => {
                if healthy {
                    log::error!("registrations could not be counted: {cause}");
                }
                healthy = false;
            }
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = closing.cancelled() => {}
        }
    }
}

/// Counts every programme of which something has changed since it was last counted; `rest` as for [`counted`].
///
/// # Errors
/// Where the database fails; what was counted before stays.
pub async fn count_due(house: &House, now: DateTime<Utc>, rest: u32) -> Result<()> {
    let mut db = house.pool.acquire().await?;
    let known = store::when(&mut db).await?;
    drop(db);
    let mut due: Vec<_> = house.publications.all();
    due.retain(|published| {
        let touched = house.board.touched(published.id);
        is_due(known.get(&published.id), published.release.number, touched, now)
    });
    // Who is small is not kept waiting by who is large, nor by whose count fails.
    due.sort_by_key(|published| known.get(&published.id).map_or(0, |when| when.registrations));
    let mut all = Ok(());
    for published in due {
        all = all.and(count(house, &published, now, rest).await);
    }
    all
}

fn is_due(
    last: Option<&When>,
    release_number: i64,
    touched: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> bool {
    let Some(last) = last else { return true };
    let thousands = i32::try_from(last.registrations / 1_000).unwrap_or(i32::MAX);
    let pause = PAUSE + PAUSE_PER_THOUSAND * thousands;
    let has_changed = touched.is_some_and(|touched| touched > last.counted_at - IN_FLIGHT);
    last.release_number < release_number || (has_changed && now - last.counted_at >= pause)
}

async fn count(house: &House, published: &Published, now: DateTime<Utc>, rest: u32) -> Result<()> {
    let Some((registrations, counted)) = counted(house, &published.release, rest).await? else {
        return Ok(());
    };
    let when = When { counted_at: now, release_number: published.release.number, registrations };
    let mut tx = house.pool.begin().await?;
    store::keep(&mut tx, published.id, when, &counted).await?;
    tx.commit().await?;
    Ok(())
}

/// Counts the registrations for the sessions of this release: how many were looked at, and the figures. Nobody waits for
/// it: between two looks it rests, `rest` times as long as it looked, and people have the processor. `None` where the pool
/// closes meanwhile.
pub async fn counted(house: &House, release: &Release, rest: u32) -> sqlx::Result<Option<(i64, Counted)>> {
    let sessions: Vec<Uuid> = release.sessions.iter().map(|session| session.id).collect();
    let mut counter = Counter::of(release);
    for some in sessions.chunks(SESSIONS_AT_ONCE) {
        let since = Instant::now();
        let rows = store::rows(&mut house.pool.acquire().await?, some).await?;
        rows.iter().for_each(|row| counter.add(row));
        tokio::select! {
            () = tokio::time::sleep(since.elapsed() * rest) => {}
            () = house.pool.closing().cancelled() => return Ok(None),
        }
    }
    Ok(Some((counter.looked_at, counter.counted())))
}

/// Counts, a registration after the other.
struct Counter<'r> {
    zone: Tz,
    hosts: HashMap<Uuid, &'r [String]>,
    all: Tally,
    of_hosts: BTreeMap<&'r str, Tally>,
    sessions: BTreeMap<Uuid, OfSession>,
    looked_at: i64,
}

/// A scope while it is counted: people by number, so that each is counted once.
#[derive(Default)]
struct Tally {
    people: HashMap<Uuid, Who>,
    days: BTreeMap<NaiveDate, Day>,
}

struct Who {
    seated: bool,
    live: bool,
    last: DateTime<Utc>,
    language: String,
}

impl<'r> Counter<'r> {
    fn of(release: &'r Release) -> Counter<'r> {
        let hosts = release.sessions.iter().map(|session| (session.id, session.hosts.as_slice()));
        Counter {
            zone: release.programme.timezone,
            hosts: hosts.collect(),
            all: Tally::default(),
            of_hosts: BTreeMap::new(),
            sessions: BTreeMap::new(),
            looked_at: 0,
        }
    }

    fn add(&mut self, row: &Row) {
        self.looked_at += 1;
        let ending = match (row.state, row.cause) {
            (State::Cancelled, Some(cause)) => match Ending::of(cause) {
                Some(ending) => Some(ending),
                None => return,
            },
            (State::Cancelled, None) => Some(Ending::Person),
            (State::Confirmed | State::Waiting | State::Offered, _) => None,
        };
        let session = self.sessions.entry(row.session_id).or_default();
        session.made += 1;
        if let Some(ending) = ending {
            *session.gone.entry(ending).or_default() += 1;
        }
        let day = |at: DateTime<Utc>| at.with_timezone(&self.zone).date_naive();
        let (made, gone) = (day(row.created_at), ending.map(|_| day(row.changed_at)));
        self.all.add(row, made, gone);
        for host in self.hosts.get(&row.session_id).copied().unwrap_or_default() {
            self.of_hosts.entry(host).or_default().add(row, made, gone);
        }
    }

    fn counted(self) -> Counted {
        let hosts = self.of_hosts.into_iter().map(|(host, tally)| (host.to_owned(), tally.scope()));
        Counted { all: self.all.scope(), hosts: hosts.collect(), sessions: self.sessions }
    }
}

impl Tally {
    fn add(&mut self, row: &Row, made: NaiveDate, gone: Option<NaiveDate>) {
        self.days.entry(made).or_default().made += 1;
        if let Some(gone) = gone {
            self.days.entry(gone).or_default().gone += 1;
        }
        let new = || Who { seated: false, live: false, last: row.created_at, language: row.language.clone() };
        let who = self.people.entry(row.participant_id).or_insert_with(new);
        who.seated |= row.state.holds_seats();
        who.live |= row.state.is_live();
        if row.created_at > who.last {
            (who.last, who.language) = (row.created_at, row.language.clone());
        }
    }

    fn scope(self) -> Scope {
        let mut scope = Scope { days: self.days, ..Scope::default() };
        for who in self.people.into_values() {
            scope.people += 1;
            scope.seated += i64::from(who.seated);
            scope.live += i64::from(who.live);
            *scope.languages.entry(who.language).or_default() += 1;
        }
        scope
    }
}

#[cfg(test)]
mod tests;
