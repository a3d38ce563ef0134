//! Whom organisers must call.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder, query, query_as, query_scalar};
use uuid::Uuid;

use crate::{
    db::Conn,
    on,
    registration::{
        State,
        calls::{Call, Reason},
    },
};

/// Rows of one statement.
const ROWS_MAX: usize = 500;

/// Notes whom to call, each with its new id. Where a note about the same registration is open, it says the newer
/// reason; that the session has changed is told with any other.
pub async fn put(db: &mut Conn, calls: &[(Uuid, Call)], now: DateTime<Utc>) -> sqlx::Result<()> {
    // One row a registration in a statement: the last counts.
    let mut last: std::collections::BTreeMap<Uuid, &(Uuid, Call)> = std::collections::BTreeMap::new();
    for one in calls {
        last.insert(one.1.registration, one);
    }
    let rows: Vec<_> = last.into_values().collect();
    for some in rows.chunks(ROWS_MAX) {
        on!(db, c => QueryBuilder::new(
            "INSERT INTO call (id, registration_id, participant_id, session_id, programme_id, reason, at) ",
        )
        .push_values(some, |mut row, (id, call)| {
            row.push_bind(*id)
                .push_bind(call.registration)
                .push_bind(call.participant)
                .push_bind(call.session)
                .push_bind(call.programme)
                .push_bind(call.reason)
                .push_bind(now);
        })
        .push(
            " ON CONFLICT (registration_id) WHERE done_at IS NULL DO UPDATE
              SET reason = CASE WHEN excluded.reason = 'changed' THEN call.reason ELSE excluded.reason END,
                  at = excluded.at",
        )
        .build()
        .execute(c)
        .await
        .map(|_| ()))?;
    }
    Ok(())
}

/// Somebody to call.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct ToCall {
    /// Which note.
    pub id: Uuid,
    /// Whom.
    pub participant_id: Uuid,
    /// In what.
    pub session_id: Uuid,
    /// Why.
    pub reason: Reason,
    /// Since when.
    pub at: DateTime<Utc>,
    /// Their name.
    pub name: String,
    /// Where they are called; empty where nobody knows.
    pub phone: String,
    /// `None` for who has an address.
    pub email: Option<String>,
    /// Since when mails to that address come back.
    pub undeliverable_at: Option<DateTime<Utc>>,
    /// Where their registration stands.
    pub state: State,
}

/// Whom to call in a programme, those first who have waited longest: at most `limit` of them.
pub async fn open(db: &mut Conn, programme: Uuid, limit: i64) -> sqlx::Result<Vec<ToCall>> {
    on!(db, c => query_as(
        "SELECT call.id, call.participant_id, call.session_id, call.reason, call.at, p.name, p.phone, p.email,
                p.undeliverable_at, r.state
         FROM call
         JOIN participant p ON p.id = call.participant_id AND p.erased_at IS NULL
         JOIN registration r ON r.id = call.registration_id
         WHERE call.programme_id = $1 AND call.done_at IS NULL
         ORDER BY call.at, call.id LIMIT $2",
    )
    .bind(programme)
    .bind(limit)
    .fetch_all(c)
    .await)
}

/// What one person must be told in a programme.
pub async fn open_of(db: &mut Conn, programme: Uuid, person: Uuid) -> sqlx::Result<Vec<ToCall>> {
    on!(db, c => query_as(
        "SELECT call.id, call.participant_id, call.session_id, call.reason, call.at, p.name, p.phone, p.email,
                p.undeliverable_at, r.state
         FROM call
         JOIN participant p ON p.id = call.participant_id AND p.erased_at IS NULL
         JOIN registration r ON r.id = call.registration_id
         WHERE call.participant_id = $2 AND call.programme_id = $1 AND call.done_at IS NULL
         ORDER BY call.at, call.id",
    )
    .bind(programme)
    .bind(person)
    .fetch_all(c)
    .await)
}

/// How many people are to be called in a programme.
pub async fn count(db: &mut Conn, programme: Uuid) -> sqlx::Result<i64> {
    on!(db, c => query_scalar(
        "SELECT COUNT(*) FROM call JOIN participant p ON p.id = call.participant_id AND p.erased_at IS NULL
         WHERE call.programme_id = $1 AND call.done_at IS NULL",
    )
    .bind(programme)
    .fetch_one(c)
    .await)
}

/// Somebody was called: the person, and the session; `None` where it was done, or is no note of this programme.
pub async fn done(
    db: &mut Conn,
    programme: Uuid,
    id: Uuid,
    by: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<(Uuid, Uuid)>> {
    on!(db, c => query_as(
        "UPDATE call SET done_at = $4, done_by = $3 WHERE id = $2 AND programme_id = $1 AND done_at IS NULL
         RETURNING participant_id, session_id",
    )
    .bind(programme)
    .bind(id)
    .bind(by)
    .bind(now)
    .fetch_optional(c)
    .await)
}

/// The notes about a person are about nobody any more.
pub async fn forget(db: &mut Conn, person: Uuid, now: DateTime<Utc>) -> sqlx::Result<()> {
    on!(db, c => query("UPDATE call SET done_at = $2 WHERE participant_id = $1 AND done_at IS NULL")
        .bind(person)
        .bind(now)
        .execute(c)
        .await
        .map(|_| ()))
}

/// Registrations that changed without the person, who has no address, and without a note that they must be called: for
/// `parvis check`.
pub async fn missing(db: &mut Conn) -> sqlx::Result<i64> {
    on!(db, c => query_scalar(
        "SELECT COUNT(*) FROM registration_change ch
         WHERE ch.unwritten AND ch.cause IN ('queue', 'deadline')
           AND NOT EXISTS (SELECT 1 FROM call WHERE call.registration_id = ch.registration_id AND call.at >= ch.at)",
    )
    .fetch_one(c)
    .await)
}
