//! The row `mail_pace`: what all processes together have taken of the relay's limit.

use chrono::{DateTime, Utc};
use sqlx::{query, query_scalar};

use crate::{db::Conn, on};

/// When what was taken is worked off. Holds the row until the end of the transaction: workers take turns.
pub async fn hold(db: &mut Conn, now: DateTime<Utc>) -> sqlx::Result<DateTime<Utc>> {
    on!(db, c => query_scalar(
        "INSERT INTO mail_pace (id, free_at) VALUES (1, $1)
         ON CONFLICT (id) DO UPDATE SET free_at = mail_pace.free_at RETURNING free_at",
    )
    .bind(now)
    .fetch_one(c)
    .await)
}

/// Notes what was taken; after [`hold`].
pub async fn take(db: &mut Conn, free_at: DateTime<Utc>) -> sqlx::Result<()> {
    on!(db, c => query("UPDATE mail_pace SET free_at = $1 WHERE id = 1")
        .bind(free_at)
        .execute(c)
        .await
        .map(|_| ()))
}
