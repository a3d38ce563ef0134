//! Who is signed in, device by device.

use chrono::{DateTime, Utc};
use sqlx::{query, query_as};
use uuid::Uuid;

use crate::{db::Conn, on};

/// One device on which somebody is signed in.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct SessionRow {
    /// Its identity, which opens nothing.
    pub id: Uuid,
    /// Whose it is.
    pub staff_id: Uuid,
    /// « Firefox, Linux ».
    pub device: String,
    /// When the person signed in.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to a few minutes.
    pub seen_at: DateTime<Utc>,
}

/// Writes down that somebody has signed in.
pub async fn open(db: &mut Conn, session: &SessionRow, token_hash: &str) -> sqlx::Result<()> {
    on!(db, c => query(
        "INSERT INTO staff_session (id, staff_id, token_hash, device, created_at, seen_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(session.id)
    .bind(session.staff_id)
    .bind(token_hash)
    .bind(&session.device)
    .bind(session.created_at)
    .bind(session.seen_at)
    .execute(c)
    .await
    .map(|_| ()))
}

/// The session whose token has this hash.
pub async fn by_hash(db: &mut Conn, token_hash: &str) -> sqlx::Result<Option<SessionRow>> {
    on!(db, c => query_as(
        "SELECT id, staff_id, device, created_at, seen_at FROM staff_session WHERE token_hash = $1",
    )
    .bind(token_hash)
    .fetch_optional(c)
    .await)
}

/// The session of that id.
pub async fn by_id(db: &mut Conn, id: Uuid) -> sqlx::Result<Option<SessionRow>> {
    on!(db, c => query_as("SELECT id, staff_id, device, created_at, seen_at FROM staff_session WHERE id = $1")
        .bind(id)
        .fetch_optional(c)
        .await)
}

/// Every session of a person, the one that was used last first.
pub async fn of(db: &mut Conn, staff: Uuid) -> sqlx::Result<Vec<SessionRow>> {
    on!(db, c => query_as(
        "SELECT id, staff_id, device, created_at, seen_at FROM staff_session WHERE staff_id = $1
         ORDER BY seen_at DESC, id DESC",
    )
    .bind(staff)
    .fetch_all(c)
    .await)
}

/// It was used again.
pub async fn seen(db: &mut Conn, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<()> {
    on!(db, c => query("UPDATE staff_session SET seen_at = $2 WHERE id = $1")
        .bind(id)
        .bind(now)
        .execute(c)
        .await
        .map(|_| ()))
}

/// Ends one session of this person; says whether there was one.
pub async fn end(db: &mut Conn, staff: Uuid, id: Uuid) -> sqlx::Result<bool> {
    on!(db, c => query("DELETE FROM staff_session WHERE id = $1 AND staff_id = $2")
        .bind(id)
        .bind(staff)
        .execute(c)
        .await
        .map(|done| done.rows_affected() == 1))
}

/// Ends all sessions of this person but the one named, if any; says how many.
pub async fn end_others(db: &mut Conn, staff: Uuid, kept: Option<Uuid>) -> sqlx::Result<u64> {
    // No session has the nil id.
    on!(db, c => query("DELETE FROM staff_session WHERE staff_id = $1 AND id <> $2")
        .bind(staff)
        .bind(kept.unwrap_or_default())
        .execute(c)
        .await
        .map(|done| done.rows_affected()))
}

/// Forgets sessions that are over by now; says how many.
pub async fn forget(
    db: &mut Conn,
    seen_before: DateTime<Utc>,
    made_before: DateTime<Utc>,
) -> sqlx::Result<u64> {
    on!(db, c => query("DELETE FROM staff_session WHERE seen_at < $1 OR created_at < $2")
        .bind(seen_before)
        .bind(made_before)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))
}
