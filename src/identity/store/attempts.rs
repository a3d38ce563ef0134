//! Sign-ins that failed.

use chrono::{DateTime, Utc};
use sqlx::{query, query_as};
use uuid::Uuid;

use crate::{db::Conn, on};

/// How often it has failed, and from when on the next is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct AttemptRow {
    /// One after the other.
    pub failures: i64,
    /// Before this moment none is tried.
    pub free_at: DateTime<Utc>,
    /// When the last one was.
    pub last_at: DateTime<Utc>,
}

/// The row of this alias, which nobody else can change until the transaction ends. It is made where there is none.
pub async fn hold(db: &mut Conn, alias: Uuid, now: DateTime<Utc>) -> sqlx::Result<AttemptRow> {
    on!(db, c => query_as(
        "INSERT INTO sign_in_attempt (alias, failures, free_at, last_at) VALUES ($1, 0, $2, $2)
         ON CONFLICT (alias) DO UPDATE SET failures = sign_in_attempt.failures
         RETURNING failures, free_at, last_at",
    )
    .bind(alias)
    .bind(now)
    .fetch_one(c)
    .await)
}

/// What stands there from now on.
pub async fn set(db: &mut Conn, alias: Uuid, row: &AttemptRow) -> sqlx::Result<()> {
    on!(db, c => query("UPDATE sign_in_attempt SET failures = $2, free_at = $3, last_at = $4 WHERE alias = $1")
        .bind(alias)
        .bind(row.failures)
        .bind(row.free_at)
        .bind(row.last_at)
        .execute(c)
        .await
        .map(|_| ()))
}

/// Forgets what has not failed since that moment.
pub async fn forget(db: &mut Conn, before: DateTime<Utc>) -> sqlx::Result<u64> {
    on!(db, c => query("DELETE FROM sign_in_attempt WHERE last_at < $1")
        .bind(before)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))
}
