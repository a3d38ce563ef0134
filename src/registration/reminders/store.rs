//! All SQL on reminders.

mod choice;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder, query, query_as, query_scalar};
use uuid::Uuid;

pub use self::choice::{Choice, choice, choices, choices_of, forget, resume, stop, stopped};
use crate::{
    db::{Conn, sizes::push_list},
    on,
};

/// Rows of one statement: SQLite takes 32,766 values.
const ROWS_MAX: usize = 2_000;
/// Rows that are looked at in one turn.
const DUE_MAX: i64 = 500;

/// When the people of a session are reminded for one span.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Due {
    /// Which session.
    pub session_id: Uuid,
    /// As `Span::code` writes it.
    pub span: String,
    /// Of which programme.
    pub programme_id: Uuid,
    /// For which beginning.
    pub starts: DateTime<Utc>,
    /// Not before.
    pub due_at: DateTime<Utc>,
    /// When everybody was reminded, or it was seen that nobody needs to be.
    pub done_at: Option<DateTime<Utc>>,
}

/// The release that each programme's reminders are planned from.
pub async fn planned(db: &mut Conn) -> sqlx::Result<HashMap<Uuid, i64>> {
    let rows: Vec<(Uuid, i64)> =
        on!(db, c => query_as("SELECT programme_id, release FROM reminder_plan").fetch_all(c).await)?;
    Ok(rows.into_iter().collect())
}

/// Holds the programme's plan until the transaction ends. False where it is made from this release, or a newer one,
/// already.
pub async fn hold_plan(db: &mut Conn, programme: Uuid, release: i64) -> sqlx::Result<bool> {
    on!(db, c => query(
        "INSERT INTO reminder_plan (programme_id, release) VALUES ($1, $2)
         ON CONFLICT (programme_id) DO UPDATE SET release = excluded.release
         WHERE reminder_plan.release < excluded.release",
    )
    .bind(programme)
    .bind(release)
    .execute(c)
    .await
    .map(|done| done.rows_affected() == 1))
}

/// A programme's plan, by session and span.
pub async fn plan(db: &mut Conn, programme: Uuid) -> sqlx::Result<Vec<Due>> {
    on!(db, c => query_as(
        "SELECT session_id, span, programme_id, starts, due_at, done_at FROM reminder_due
         WHERE programme_id = $1 ORDER BY session_id, span",
    )
    .bind(programme)
    .fetch_all(c)
    .await)
}

/// Writes what is planned, over what was.
pub async fn put(db: &mut Conn, rows: &[Due]) -> sqlx::Result<()> {
    for some in rows.chunks(ROWS_MAX) {
        on!(db, c => QueryBuilder::new(
            "INSERT INTO reminder_due (session_id, span, programme_id, starts, due_at, done_at) ",
        )
        .push_values(some, |mut row, due| {
            row.push_bind(due.session_id)
                .push_bind(due.span.as_str())
                .push_bind(due.programme_id)
                .push_bind(due.starts)
                .push_bind(due.due_at)
                .push_bind(due.done_at);
        })
        .push(
            " ON CONFLICT (session_id, span) DO UPDATE
              SET starts = excluded.starts, due_at = excluded.due_at, done_at = excluded.done_at,
                  waits_until = NULL",
        )
        .build()
        .execute(c)
        .await
        .map(|_| ()))?;
    }
    Ok(())
}

/// Takes out what is not planned any more.
pub async fn remove(db: &mut Conn, rows: &[(Uuid, String)]) -> sqlx::Result<()> {
    for (session, span) in rows {
        on!(db, c => query("DELETE FROM reminder_due WHERE session_id = $1 AND span = $2")
            .bind(*session)
            .bind(span)
            .execute(c)
            .await
            .map(|_| ()))?;
    }
    Ok(())
}

/// What has had its time and is not done, the longest waiting first, at most 500 at once. Asked each second: it reads
/// an index.
pub async fn due(db: &mut Conn, now: DateTime<Utc>) -> sqlx::Result<Vec<Due>> {
    on!(db, c => query_as(
        "SELECT session_id, span, programme_id, starts, due_at, done_at FROM reminder_due
         WHERE done_at IS NULL AND due_at <= $1 AND (waits_until IS NULL OR waits_until <= $1)
         ORDER BY due_at, session_id, span LIMIT $2",
    )
    .bind(now)
    .bind(DUE_MAX)
    .fetch_all(c)
    .await)
}

/// Holds this row until the transaction ends. False where it is done, or planned for another beginning.
pub async fn hold(db: &mut Conn, due: &Due) -> sqlx::Result<bool> {
    on!(db, c => query(
        "UPDATE reminder_due SET span = span
         WHERE session_id = $1 AND span = $2 AND starts = $3 AND done_at IS NULL",
    )
    .bind(due.session_id)
    .bind(&due.span)
    .bind(due.starts)
    .execute(c)
    .await
    .map(|done| done.rows_affected() == 1))
}

/// Nothing is to be done before that moment.
pub async fn wait(db: &mut Conn, due: &Due, until: DateTime<Utc>) -> sqlx::Result<()> {
    on!(db, c => query(
        "UPDATE reminder_due SET waits_until = $4 WHERE session_id = $1 AND span = $2 AND starts = $3",
    )
    .bind(due.session_id)
    .bind(&due.span)
    .bind(due.starts)
    .bind(until)
    .execute(c)
    .await
    .map(|_| ()))
}

/// There is nothing more to do.
pub async fn finish(db: &mut Conn, due: &Due, now: DateTime<Utc>) -> sqlx::Result<()> {
    on!(db, c => query(
        "UPDATE reminder_due SET done_at = $4
         WHERE session_id = $1 AND span = $2 AND starts = $3 AND done_at IS NULL",
    )
    .bind(due.session_id)
    .bind(&due.span)
    .bind(due.starts)
    .bind(now)
    .execute(c)
    .await
    .map(|_| ()))
}

/// Somebody who has a seat and was not reminded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct Candidate {
    /// Who.
    pub participant_id: Uuid,
    /// Since when they have the seat.
    pub changed_at: DateTime<Utc>,
}

/// At most `limit` people behind `after`, by id, who have had a seat in this session since before its reminder was
/// due, can be written to (their mails do not come back), and want to be.
pub async fn candidates(db: &mut Conn, due: &Due, after: Uuid, limit: i64) -> sqlx::Result<Vec<Candidate>> {
    // The first condition on the state is that of the index.
    on!(db, c => query_as(
        "SELECT r.participant_id, r.changed_at
         FROM registration r JOIN participant p ON p.id = r.participant_id
         WHERE r.session_id = $1 AND r.state IN ('confirmed', 'waiting', 'offered') AND r.state = 'confirmed'
           AND r.participant_id > $2 AND r.changed_at < $3 AND p.email IS NOT NULL
           AND p.undeliverable_at IS NULL
           AND NOT EXISTS (SELECT 1 FROM reminder m
                           WHERE m.registration_id = r.id AND m.span = $4 AND m.starts = $5)
           AND NOT EXISTS (SELECT 1 FROM reminder_choice s
                           WHERE s.participant_id = r.participant_id AND s.programme_id = $6
                             AND s.stopped_at IS NOT NULL)
         ORDER BY r.participant_id LIMIT $7",
    )
    .bind(due.session_id)
    .bind(after)
    .bind(due.due_at)
    .bind(&due.span)
    .bind(due.starts)
    .bind(due.programme_id)
    .bind(limit)
    .fetch_all(c)
    .await)
}

/// A seat that somebody has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct Has {
    /// Which registration.
    pub id: Uuid,
    /// Whose.
    pub participant_id: Uuid,
    /// In what.
    pub session_id: Uuid,
}

/// The seats of these people in these sessions. The database is asked for the people alone: for both, it would look for
/// each of them in each session.
pub async fn seats_of(db: &mut Conn, people: &[Uuid], sessions: &[Uuid]) -> sqlx::Result<Vec<Has>> {
    let mut found: Vec<Has> = on!(db, c => {
        let mut select = QueryBuilder::new(
            "SELECT id, participant_id, session_id FROM registration
             WHERE state = 'confirmed' AND participant_id IN (",
        );
        push_list(&mut select, people.iter().copied());
        select.push(")").build_query_as().fetch_all(c).await
    })?;
    let sessions: HashSet<&Uuid> = sessions.iter().collect();
    found.retain(|has| sessions.contains(&has.session_id));
    Ok(found)
}

/// A reminder that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct Reminded {
    /// Whom.
    pub participant_id: Uuid,
    /// Of which registration.
    pub registration_id: Uuid,
    /// For which beginning.
    pub starts: DateTime<Utc>,
    /// When.
    pub at: DateTime<Utc>,
}

/// What these people were reminded of for this span, of all that begins from `from` until before `until`.
pub async fn reminded(
    db: &mut Conn,
    people: &[Uuid],
    span: &str,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> sqlx::Result<Vec<Reminded>> {
    on!(db, c => {
        let mut select = QueryBuilder::new(
            "SELECT r.participant_id, m.registration_id, m.starts, m.at
             FROM registration r JOIN reminder m ON m.registration_id = r.id
             WHERE m.span = ",
        );
        select.push_bind(span).push(" AND m.starts >= ").push_bind(from);
        select.push(" AND m.starts < ").push_bind(until).push(" AND r.participant_id IN (");
        push_list(&mut select, people.iter().copied());
        select.push(")").build_query_as().fetch_all(c).await
    })
}

/// A reminder that is to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// Of which registration.
    pub registration_id: Uuid,
    /// For which beginning.
    pub starts: DateTime<Utc>,
    /// The mail that says it; `None` where it is not said, because the day was told before.
    pub mail_id: Option<Uuid>,
}

/// Notes these reminders, and gives the registrations that nobody has reminded before: those alone may be told.
pub async fn claim(
    db: &mut Conn,
    span: &str,
    claims: &[Claim],
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Uuid>> {
    // In one order in every process: no two wait for each other.
    let mut sorted = claims.to_vec();
    sorted.sort_by_key(|claim| (claim.registration_id, claim.starts));
    let mut ours = Vec::new();
    for some in sorted.chunks(ROWS_MAX) {
        ours.extend(on!(db, c => QueryBuilder::new(
            "INSERT INTO reminder (registration_id, span, starts, mail_id, at) ",
        )
        .push_values(some, |mut row, claim| {
            row.push_bind(claim.registration_id)
                .push_bind(span)
                .push_bind(claim.starts)
                .push_bind(claim.mail_id)
                .push_bind(now);
        })
        .push(" ON CONFLICT (registration_id, span, starts) DO NOTHING RETURNING registration_id")
        .build_query_scalar::<Uuid>()
        .fetch_all(c)
        .await)?);
    }
    Ok(ours)
}

/// Registration and mail of what reminds of these registrations, of what has not begun: it may not be sent yet.
/// Sorted by mail, so that no two who take back wait for each other.
pub async fn mails_of(
    db: &mut Conn,
    registrations: &[Uuid],
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<(Uuid, Uuid)>> {
    let mut found: Vec<(Uuid, Uuid)> = Vec::new();
    for some in registrations.chunks(ROWS_MAX) {
        found.extend::<Vec<(Uuid, Uuid)>>(on!(db, c => {
            let mut select = QueryBuilder::new(
                "SELECT DISTINCT registration_id, mail_id FROM reminder WHERE mail_id IS NOT NULL AND starts > ",
            );
            select.push_bind(now).push(" AND registration_id IN (");
            push_list(&mut select, some.iter().copied());
            select.push(")").build_query_as::<(Uuid, Uuid)>().fetch_all(c).await
        })?);
    }
    found.sort_by_key(|(registration, mail)| (*mail, *registration));
    Ok(found)
}

/// The mails that remind of these sessions, of what has not begun.
pub async fn mails_about(db: &mut Conn, sessions: &[Uuid], now: DateTime<Utc>) -> sqlx::Result<Vec<Uuid>> {
    let mut found = Vec::new();
    for some in sessions.chunks(ROWS_MAX) {
        found.extend(on!(db, c => {
            let mut select = QueryBuilder::new(
                "SELECT DISTINCT m.mail_id FROM registration r JOIN reminder m ON m.registration_id = r.id
                 WHERE r.state IN ('confirmed', 'waiting', 'offered') AND m.mail_id IS NOT NULL AND m.starts > ",
            );
            select.push_bind(now).push(" AND r.session_id IN (");
            push_list(&mut select, some.iter().copied());
            select.push(")").build_query_scalar::<Uuid>().fetch_all(c).await
        })?);
    }
    Ok(found)
}

/// Every reminder's mail: for `parvis check`.
pub async fn mails(db: &mut Conn) -> sqlx::Result<Vec<Uuid>> {
    on!(db, c => query_scalar("SELECT DISTINCT mail_id FROM reminder WHERE mail_id IS NOT NULL").fetch_all(c).await)
}

/// How many sessions that are still to begin had reminders due before that moment, and not everybody has one: for
/// `parvis check`.
pub async fn due_before(db: &mut Conn, moment: DateTime<Utc>, now: DateTime<Utc>) -> sqlx::Result<i64> {
    on!(db, c => query_scalar(
        "SELECT COUNT(DISTINCT session_id) FROM reminder_due
         WHERE done_at IS NULL AND due_at < $1 AND (waits_until IS NULL OR waits_until < $1) AND starts > $2",
    )
    .bind(moment)
    .bind(now)
    .fetch_one(c)
    .await)
}
