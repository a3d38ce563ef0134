//! The table `figures`, and what is counted into it.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder, query, query_as, types::Json};
use uuid::Uuid;

use super::Counted;
use crate::{
    db::{Conn, sizes::push_list},
    on,
    registration::{Cause, State},
};

/// A registration, as far as it is counted.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Row {
    /// Whose: a number that stays when nobody knows any more who it was.
    pub participant_id: Uuid,
    /// In what.
    pub session_id: Uuid,
    /// Where it stands.
    pub state: State,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed: for what is over, when it ended.
    pub changed_at: DateTime<Utc>,
    /// The language of the form.
    pub language: String,
    /// By what it ended.
    pub cause: Option<Cause>,
}

/// The registrations for these sessions, live and over, in no order. Those that still await the link in their mail are
/// left out: the address may be a stranger's.
pub async fn rows(db: &mut Conn, sessions: &[Uuid]) -> sqlx::Result<Vec<Row>> {
    if sessions.is_empty() {
        return Ok(Vec::new());
    }
    on!(db, c => {
        let mut select = QueryBuilder::new(
            "SELECT r.participant_id, r.session_id, r.state, r.created_at, r.changed_at, o.language,
                    CASE WHEN r.state = 'cancelled' THEN (
                        SELECT ch.cause FROM registration_change ch
                        WHERE ch.registration_id = r.id AND ch.after = 'cancelled'
                        ORDER BY ch.at DESC, ch.id DESC LIMIT 1
                    ) END AS cause
             FROM registration r JOIN registration_order o ON o.id = r.order_id
             WHERE (r.awaits IS NULL OR r.awaits <> 'link') AND r.session_id IN (",
        );
        push_list(&mut select, sessions.iter().copied());
        select.push(")").build_query_as().fetch_all(c).await
    })
}

/// When a programme was last counted, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    /// The moment.
    pub counted_at: DateTime<Utc>,
    /// The release that said who brings which session.
    pub release_number: i64,
    /// How many registrations were looked at.
    pub registrations: i64,
}

/// When each programme was last counted.
pub async fn when(db: &mut Conn) -> sqlx::Result<HashMap<Uuid, When>> {
    let rows: Vec<(Uuid, DateTime<Utc>, i64, i64)> = on!(db, c => query_as(
        "SELECT programme_id, counted_at, release_number, registrations FROM figures",
    )
    .fetch_all(c)
    .await)?;
    let when = |(id, counted_at, release_number, registrations)| {
        (id, When { counted_at, release_number, registrations })
    };
    Ok(rows.into_iter().map(when).collect())
}

/// How many people have a registration of each programme, as they were last counted.
pub async fn people(db: &mut Conn) -> sqlx::Result<Vec<(Uuid, i64)>> {
    on!(db, c => query_as("SELECT programme_id, people FROM figures").fetch_all(c).await)
}

/// The figures of a programme, and when they were counted; `None` before the first time.
pub async fn counted(db: &mut Conn, programme: Uuid) -> sqlx::Result<Option<(DateTime<Utc>, Counted)>> {
    let row: Option<(DateTime<Utc>, Json<Counted>)> = on!(db, c => query_as(
        "SELECT counted_at, counts FROM figures WHERE programme_id = $1",
    )
    .bind(programme)
    .fetch_optional(c)
    .await)?;
    Ok(row.map(|(at, counted)| (at, counted.0)))
}

/// Keeps the figures of a programme; those that another process has counted since stay.
pub async fn keep(db: &mut Conn, programme: Uuid, when: When, counted: &Counted) -> sqlx::Result<()> {
    on!(db, c => query(
        "INSERT INTO figures (programme_id, counted_at, release_number, registrations, people, counts)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (programme_id) DO UPDATE
         SET counted_at = excluded.counted_at, release_number = excluded.release_number,
             registrations = excluded.registrations, people = excluded.people,
             counts = excluded.counts
         WHERE figures.counted_at <= excluded.counted_at",
    )
    .bind(programme)
    .bind(when.counted_at)
    .bind(when.release_number)
    .bind(when.registrations)
    .bind(counted.all.live)
    .bind(Json(counted))
    .execute(c)
    .await
    .map(|_| ()))
}
