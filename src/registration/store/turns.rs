//! The queue of a session, and what has its time: deadlines, and turns that quiet hours kept back.

use std::collections::{HashMap, VecDeque};

use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder, query, query_as, query_scalar};
use uuid::Uuid;

use super::RawRegistration;
use crate::{
    db::{Conn, sizes::push_list},
    locale::Lang,
    on,
    registration::decide::{Deadlines, Participant, Waiting},
};

/// Ids of one statement.
const IDS_MAX: usize = 1_000;

/// The place in the queue of each of these registrations, which wait: 1 for the first.
pub async fn positions(db: &mut Conn, waiting: &[Uuid]) -> sqlx::Result<HashMap<Uuid, i64>> {
    let mut all = HashMap::new();
    for some in waiting.chunks(IDS_MAX) {
        let found: Vec<(Uuid, i64)> = on!(db, c => {
            let mut query = QueryBuilder::new(
                "SELECT mine.id, (SELECT COUNT(*) FROM registration
                                  WHERE session_id = mine.session_id AND state = 'waiting' AND awaits IS NULL
                                    AND arrival <= mine.arrival)
                 FROM registration mine WHERE mine.id IN (",
            );
            push_list(&mut query, some.iter().copied());
            query.push(")").build_query_as().fetch_all(c).await
        })?;
        all.extend(found);
    }
    Ok(all)
}

/// A registration with its person.
#[derive(FromRow)]
struct Row {
    #[sqlx(flatten)]
    registration: RawRegistration,
    email: Option<String>,
    code: Option<String>,
    name: String,
    language: String,
    agenda_version: i64,
    feed_version: i64,
    told_at: Option<DateTime<Utc>>,
}

impl From<Row> for Waiting {
    fn from(row: Row) -> Waiting {
        Waiting {
            participant: Participant {
                id: row.registration.participant_id,
                email: row.email,
                code: row.code,
                name: row.name,
                lang: Lang::parse(&row.language).unwrap_or_default(),
                agenda_version: row.agenda_version,
                feed_version: row.feed_version,
                told_at: row.told_at,
            },
            registration: row.registration.into(),
        }
    }
}

/// The front of a session's queue, in the order of arrival, with who waits there. A group of more than `largest`
/// cannot be served and is not named: it keeps its place until the session is large enough again. Who has not
/// confirmed the order is not in the queue yet.
pub async fn queue(
    db: &mut Conn,
    session: Uuid,
    largest: Option<i64>,
    limit: i64,
) -> sqlx::Result<VecDeque<Waiting>> {
    let rows: Vec<Row> = on!(db, c => query_as(
        "SELECT r.id, r.session_id, r.participant_id, r.order_id, r.state, r.people, r.arrival, r.bumps,
                r.awaits, r.deadline,
                p.email, p.code, p.name, p.language, p.agenda_version, p.feed_version, p.told_at
         FROM registration r JOIN participant p ON p.id = r.participant_id
         WHERE r.session_id = $1 AND r.state = 'waiting' AND r.awaits IS NULL AND r.people <= $2
         ORDER BY r.arrival LIMIT $3",
    )
    .bind(session)
    .bind(largest.unwrap_or(i64::MAX))
    .bind(limit)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(Waiting::from).collect())
}

/// Somebody whose deadline has passed, and the mail that told it.
#[derive(FromRow)]
struct LateRow {
    #[sqlx(flatten)]
    row: Row,
    mail_id: Option<Uuid>,
}

/// At most `limit` registrations of a session whose deadline has passed, the earliest first, each with the mail that
/// told the person how it stands.
pub async fn due(
    db: &mut Conn,
    session: Uuid,
    now: DateTime<Utc>,
    limit: i64,
) -> sqlx::Result<Vec<(Waiting, Option<Uuid>)>> {
    let rows: Vec<LateRow> = on!(db, c => query_as(
        "SELECT r.id, r.session_id, r.participant_id, r.order_id, r.state, r.people, r.arrival, r.bumps,
                r.awaits, r.deadline,
                p.email, p.code, p.name, p.language, p.agenda_version, p.feed_version, p.told_at,
                (SELECT made.mail_id FROM registration_change made
                 WHERE made.registration_id = r.id AND made.after = r.state
                 ORDER BY made.at DESC LIMIT 1) AS mail_id
         FROM registration r JOIN participant p ON p.id = r.participant_id
         WHERE r.session_id = $1 AND r.deadline <= $2
         ORDER BY r.deadline, r.arrival LIMIT $3",
    )
    .bind(session)
    .bind(now)
    .bind(limit)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|late| (Waiting::from(late.row), late.mail_id)).collect())
}

/// Sessions that take place and in which a deadline has passed, the earliest first. Only reads: it is asked each
/// second. What is late is found first, by its index: grouped at once, SQLite goes through all registrations in the order
/// of their sessions.
pub async fn sessions_due(db: &mut Conn, now: DateTime<Utc>, limit: i64) -> sqlx::Result<Vec<Uuid>> {
    on!(db, c => query_scalar(
        "WITH late AS MATERIALIZED (SELECT session_id, deadline FROM registration WHERE deadline <= $1)
         SELECT late.session_id FROM late
         JOIN seat ON seat.session_id = late.session_id AND seat.status = 'scheduled'
         GROUP BY late.session_id ORDER BY MIN(late.deadline), late.session_id LIMIT $2",
    )
    .bind(now)
    .bind(limit)
    .fetch_all(c)
    .await)
}

/// Sessions, with their programmes, that have room for the first in their queue and offer it: what quiet hours kept
/// back. The first group that is not larger than the session decides.
pub async fn sessions_to_serve(db: &mut Conn, now: DateTime<Utc>) -> sqlx::Result<Vec<(Uuid, Uuid)>> {
    on!(db, c => query_as(
        "SELECT seat.session_id, seat.programme_id FROM seat
         WHERE seat.waiting > 0 AND seat.queue = 'offer' AND seat.status = 'scheduled' AND seat.timed
           AND seat.starts > $1 AND seat.registration <> 'closed' AND (seat.closes IS NULL OR seat.closes > $1)
           AND (seat.capacity IS NULL OR seat.capacity - seat.held_total - seat.taken >= (
                SELECT r.people FROM registration r
                WHERE r.session_id = seat.session_id AND r.state = 'waiting' AND r.awaits IS NULL
                  AND r.people <= seat.capacity - seat.held_total
                ORDER BY r.arrival LIMIT 1))
         ORDER BY seat.session_id",
    )
    .bind(now)
    .fetch_all(c)
    .await)
}

/// Moves the open deadlines of a session, whose seat row the caller has locked, as [`Deadlines::moved`] says.
pub async fn move_deadlines(db: &mut Conn, moved: &Deadlines) -> sqlx::Result<()> {
    if let Some(least) = moved.not_before {
        on!(db, c => query(
            "UPDATE registration SET deadline = $2
             WHERE session_id = $1 AND awaits = 'acceptance' AND deadline < $2",
        )
        .bind(moved.session)
        .bind(least)
        .execute(c)
        .await
        .map(|_| ()))?;
    }
    on!(db, c => query("UPDATE registration SET deadline = $2 WHERE session_id = $1 AND deadline > $2")
        .bind(moved.session)
        .bind(moved.not_after)
        .execute(c)
        .await
        .map(|_| ()))
}

/// How many deadlines passed before that moment, in sessions that take place, without anything done: for `/metrics`
/// and `parvis check`.
pub async fn due_before(db: &mut Conn, moment: DateTime<Utc>) -> sqlx::Result<i64> {
    on!(db, c => query_scalar(
        "SELECT COUNT(*) FROM registration r
         JOIN seat ON seat.session_id = r.session_id AND seat.status = 'scheduled'
         WHERE r.deadline < $1",
    )
    .bind(moment)
    .fetch_one(c)
    .await)
}

/// Sessions with a deadline where none belongs, without one where one does, or with one past the start.
pub async fn stray_deadlines(db: &mut Conn) -> sqlx::Result<Vec<Uuid>> {
    on!(db, c => query_scalar(
        "SELECT DISTINCT r.session_id
         FROM registration r JOIN seat ON seat.session_id = r.session_id
         WHERE (r.deadline IS NULL) <> (r.awaits IS NULL)
            OR (r.state = 'offered' AND r.deadline IS NULL)
            OR (r.state IN ('confirmed', 'cancelled') AND r.deadline IS NOT NULL)
            OR (r.state = 'waiting' AND r.awaits = 'acceptance')
            OR r.deadline > seat.starts
         ORDER BY r.session_id",
    )
    .fetch_all(c)
    .await)
}
