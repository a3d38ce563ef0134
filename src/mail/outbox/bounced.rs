//! Mails that came back after the server had taken them.

use chrono::{DateTime, Utc};
use sqlx::{query, query_as};
use uuid::Uuid;

use crate::{db::Conn, on};

/// A mail that may have come back.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Posted {
    /// The row's identity.
    pub id: Uuid,
    /// What mail it is.
    pub kind: String,
    /// To whom.
    pub recipient: String,
    /// When it was written.
    pub queued_at: DateTime<Utc>,
}

/// The mail of that id, where its recipient was not erased. Locks nothing: what is written next looks again.
pub async fn posted(db: &mut Conn, id: Uuid) -> sqlx::Result<Option<Posted>> {
    on!(db, c => query_as(
        "SELECT id, kind, recipient, queued_at FROM outbox WHERE id = $1 AND recipient IS NOT NULL",
    )
    .bind(id)
    .fetch_optional(c)
    .await)
}

/// It came back for good: failed, in sight of the organisers, until somebody tries it again. False where that was
/// known. The worker's own mark may come after the report: then it changes nothing.
pub async fn bounced(db: &mut Conn, id: Uuid, error: &str, now: DateTime<Utc>) -> sqlx::Result<bool> {
    on!(db, c => query(
        "UPDATE outbox
         SET sent_at = NULL, failed_at = $2, bounced_at = $2, error = $3, claimed_by = NULL, claimed_until = NULL
         WHERE id = $1 AND bounced_at IS NULL AND recipient IS NOT NULL",
    )
    .bind(id)
    .bind(now)
    .bind(error)
    .execute(c)
    .await
    .map(|done| done.rows_affected() > 0))
}

/// It is on its way for longer than usual: only noted.
pub async fn delayed(db: &mut Conn, id: Uuid, error: &str) -> sqlx::Result<bool> {
    on!(db, c => query(
        "UPDATE outbox SET error = $2
         WHERE id = $1 AND sent_at IS NOT NULL AND recipient IS NOT NULL",
    )
    .bind(id)
    .bind(error)
    .execute(c)
    .await
    .map(|done| done.rows_affected() > 0))
}
