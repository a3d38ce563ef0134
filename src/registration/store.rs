//! All SQL on seats, participants, orders and registrations.

pub mod calls;
pub mod concerned;
pub mod data;
pub mod erase;
pub mod limits;
pub mod lists;
pub mod newcomers;
pub mod person;
pub mod reach;
pub mod read;
pub mod report;
pub mod turns;
pub mod write;

pub use turns::{positions, queue};

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder, query_as, types::Json};
use uuid::Uuid;

pub use report::counts_by_state;

use super::{
    Awaits, Pending, Settings, State,
    decide::{Participant, Registration},
    seats::Seat,
};
use crate::{
    db::{Conn, Raw, sizes::push_list},
    locale::Lang,
    on,
    programme::{QueueMode, Registration as How, Status},
};

/// A seat row: the live settings, and what is taken.
#[derive(Debug, Clone, PartialEq)]
pub struct SeatRow {
    /// What organisers set.
    pub settings: Settings,
    /// People who hold a seat.
    pub taken: i64,
    /// Registrations that wait.
    pub waiting: i64,
    /// The last number of arrival that was given out.
    pub arrivals: i64,
    /// When the row was last written.
    pub touched: DateTime<Utc>,
}

impl SeatRow {
    /// Seats that anybody can have; negative where the capacity was lowered below what is taken; `None`: no limit.
    pub fn free(&self) -> Option<i64> {
        let held: i64 = self.settings.held.values().sum();
        self.settings.capacity.map(|capacity| capacity - held - self.taken)
    }

    /// Seats for anybody, taken or not: a group that is larger can never come. `None`: no limit.
    pub fn largest(&self) -> Option<i64> {
        let held: i64 = self.settings.held.values().sum();
        self.settings.capacity.map(|capacity| capacity - held)
    }

    /// What pages need of it.
    pub fn board(&self) -> Seat {
        let settings = &self.settings;
        Seat {
            session_id: settings.session,
            programme_id: settings.programme,
            capacity: settings.capacity,
            held: settings.held.values().sum(),
            taken: self.taken,
            waiting: self.waiting,
            registration: settings.registration.clone(),
            opens: settings.opens,
            closes: settings.closes,
            starts: settings.starts,
            timed: settings.timed,
            status: settings.status,
            touched: self.touched,
        }
    }
}

/// A seat row as it stands in the table.
#[derive(FromRow)]
struct RawSeat {
    session_id: Uuid,
    programme_id: Uuid,
    capacity: Option<i64>,
    held: Json<BTreeMap<String, i64>>,
    taken: i64,
    waiting: i64,
    registration: String,
    external_url: Option<String>,
    opens: Option<DateTime<Utc>>,
    closes: Option<DateTime<Utc>>,
    queue: QueueMode,
    join_url: Option<String>,
    starts: DateTime<Utc>,
    ends: Option<DateTime<Utc>>,
    timed: bool,
    status: Status,
    arrivals: i64,
    touched: DateTime<Utc>,
}

impl From<RawSeat> for SeatRow {
    fn from(row: RawSeat) -> SeatRow {
        SeatRow {
            settings: Settings {
                session: row.session_id,
                programme: row.programme_id,
                capacity: row.capacity,
                held: row.held.0,
                registration: how(&row.registration, row.external_url),
                opens: row.opens,
                closes: row.closes,
                queue: row.queue,
                join_url: row.join_url,
                starts: row.starts,
                ends: row.ends,
                timed: row.timed,
                status: row.status,
            },
            taken: row.taken,
            waiting: row.waiting,
            arrivals: row.arrivals,
            touched: row.touched,
        }
    }
}

fn how(word: &str, url: Option<String>) -> How {
    match word {
        "open" => How::Open,
        "invitation" => How::Invitation,
        "none" => How::None,
        "external" => How::External(url.unwrap_or_default()),
        // The table's CHECK knows no other word.
        _ => How::Closed,
    }
}

/// The word of a way to register, as the table has it.
pub fn how_code(registration: &How) -> &'static str {
    match registration {
        How::Open => "open",
        How::Closed => "closed",
        How::Invitation => "invitation",
        How::None => "none",
        How::External(_) => "external",
    }
}

/// Locks the seat rows of a batch, in the order of their ids, and reads them: one statement, however many there
/// are. The caller commits soon: others wait for these rows.
pub async fn lock_seats(
    db: &mut Conn,
    sessions: impl IntoIterator<Item = Uuid>,
) -> sqlx::Result<BTreeMap<Uuid, SeatRow>> {
    let sessions: std::collections::BTreeSet<_> = sessions.into_iter().collect();
    if sessions.is_empty() {
        return Ok(BTreeMap::new());
    }
    let lock = row_lock(db);
    let rows: Vec<RawSeat> = on!(db, c => {
        let mut query = QueryBuilder::new(
            "SELECT session_id, programme_id, capacity, held, taken, waiting, registration, external_url,
                    opens, closes, queue, join_url, starts, ends, timed, status, arrivals, touched
             FROM seat WHERE session_id IN (",
        );
        push_list(&mut query, sessions.iter().copied());
        query.push(") ORDER BY session_id ").push(lock).build_query_as().fetch_all(c).await
    })?;
    Ok(rows.into_iter().map(|row| (row.session_id, SeatRow::from(row))).collect())
}

/// What makes a SELECT lock its rows, in its order. SQLite's writing transactions hold the only lock from their
/// beginning. A write for each row would be one text for both, and a round trip for each row under the lock.
fn row_lock(db: &mut Conn) -> &'static str {
    match db.raw() {
        Raw::Sqlite(_) => "",
        Raw::Postgres(_) => "FOR UPDATE",
    }
}

/// The seat rows written since that moment; all of them for `None`.
pub async fn seats_touched_since(db: &mut Conn, since: Option<DateTime<Utc>>) -> sqlx::Result<Vec<Seat>> {
    let rows: Vec<RawSeat> = on!(db, c => query_as(
        "SELECT session_id, programme_id, capacity, held, taken, waiting, registration, external_url,
                opens, closes, queue, join_url, starts, ends, timed, status, arrivals, touched
         FROM seat WHERE touched > $1",
    )
    .bind(since.unwrap_or(DateTime::UNIX_EPOCH))
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|row| SeatRow::from(row).board()).collect())
}

/// The seat row of a session, without its lock.
pub async fn seat(db: &mut Conn, session: Uuid) -> sqlx::Result<Option<SeatRow>> {
    let row: Option<RawSeat> = on!(db, c => query_as(
        "SELECT session_id, programme_id, capacity, held, taken, waiting, registration, external_url,
                opens, closes, queue, join_url, starts, ends, timed, status, arrivals, touched
         FROM seat WHERE session_id = $1",
    )
    .bind(session)
    .fetch_optional(c)
    .await)?;
    Ok(row.map(SeatRow::from))
}

/// The seat rows of a programme.
pub async fn seats_of(db: &mut Conn, programme: Uuid) -> sqlx::Result<Vec<SeatRow>> {
    let rows: Vec<RawSeat> = on!(db, c => query_as(
        "SELECT session_id, programme_id, capacity, held, taken, waiting, registration, external_url,
                opens, closes, queue, join_url, starts, ends, timed, status, arrivals, touched
         FROM seat WHERE programme_id = $1 ORDER BY session_id",
    )
    .bind(programme)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(SeatRow::from).collect())
}

#[derive(FromRow)]
struct RawParticipant {
    id: Uuid,
    email: Option<String>,
    code: Option<String>,
    name: String,
    language: String,
    agenda_version: i64,
    feed_version: i64,
    told_at: Option<DateTime<Utc>>,
}

impl From<RawParticipant> for Participant {
    fn from(row: RawParticipant) -> Participant {
        Participant {
            id: row.id,
            email: row.email,
            code: row.code,
            name: row.name,
            lang: Lang::parse(&row.language).unwrap_or_default(),
            agenda_version: row.agenda_version,
            feed_version: row.feed_version,
            told_at: row.told_at,
        }
    }
}

/// A person by id.
pub async fn participant(db: &mut Conn, id: Uuid) -> sqlx::Result<Option<Participant>> {
    Ok(participants(db, &[id]).await?.pop())
}

/// Those of these people who are there.
pub async fn participants(db: &mut Conn, ids: &[Uuid]) -> sqlx::Result<Vec<Participant>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found: Vec<RawParticipant> = on!(db, c => {
        let mut query = QueryBuilder::new(
            "SELECT id, email, code, name, language, agenda_version, feed_version, told_at FROM participant WHERE id IN (",
        );
        push_list(&mut query, ids.iter().copied());
        query.push(")").build_query_as().fetch_all(c).await
    })?;
    Ok(found.into_iter().map(Participant::from).collect())
}

/// A person by address.
pub async fn participant_by_email(db: &mut Conn, email: &str) -> sqlx::Result<Option<Participant>> {
    let found: Option<RawParticipant> = on!(db, c => query_as(
        "SELECT id, email, code, name, language, agenda_version, feed_version, told_at FROM participant WHERE email = $1",
    )
    .bind(email)
    .fetch_optional(c)
    .await)?;
    Ok(found.map(Participant::from))
}

/// The orders that these keys have made before.
pub async fn known_orders(
    db: &mut Conn,
    keys: &[(Uuid, &str)],
) -> sqlx::Result<HashMap<(Uuid, String), Uuid>> {
    let mut by_programme: BTreeMap<Uuid, Vec<&str>> = BTreeMap::new();
    for (programme, key) in keys {
        by_programme.entry(*programme).or_default().push(key);
    }
    let mut known = HashMap::new();
    for (programme, keys) in by_programme {
        let rows: Vec<(String, Uuid)> = on!(db, c => {
            let mut query = QueryBuilder::new("SELECT form_key, id FROM registration_order WHERE programme_id = ");
            query.push_bind(programme).push(" AND form_key IN (");
            push_list(&mut query, keys);
            query.push(")").build_query_as().fetch_all(c).await
        })?;
        known.extend(rows.into_iter().map(|(key, id)| ((programme, key), id)));
    }
    Ok(known)
}

#[derive(FromRow)]
struct RawRegistration {
    id: Uuid,
    session_id: Uuid,
    participant_id: Uuid,
    order_id: Uuid,
    state: State,
    people: i64,
    arrival: i64,
    bumps: i64,
    awaits: Option<Awaits>,
    deadline: Option<DateTime<Utc>>,
}

impl From<RawRegistration> for Registration {
    fn from(row: RawRegistration) -> Registration {
        Registration {
            id: row.id,
            session: row.session_id,
            participant: row.participant_id,
            order: row.order_id,
            state: row.state,
            people: row.people,
            arrival: row.arrival,
            bumps: row.bumps,
            pending: row.awaits.zip(row.deadline).map(|(awaits, deadline)| Pending { awaits, deadline }),
        }
    }
}

/// Every registration, live or over, of these people. Sessions are for the caller to choose: asked for both, SQLite reads
/// whoever is registered in them.
pub async fn registrations_of(db: &mut Conn, participants: &[Uuid]) -> sqlx::Result<Vec<Registration>> {
    if participants.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<RawRegistration> = on!(db, c => {
        let mut query = QueryBuilder::new(
            "SELECT id, session_id, participant_id, order_id, state, people, arrival, bumps, awaits, deadline
             FROM registration WHERE participant_id IN (",
        );
        push_list(&mut query, participants.iter().copied());
        query.push(") ORDER BY created_at, id").build_query_as().fetch_all(c).await
    })?;
    Ok(rows.into_iter().map(Registration::from).collect())
}
