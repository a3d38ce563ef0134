//! How many mails there are.

use chrono::{DateTime, Utc};
use sqlx::{query_as, query_scalar};

use crate::{db::Conn, on};

/// How many mails there are of each state, for `/metrics` and `parvis check`.
#[derive(Debug, Clone, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Counts {
    /// Waiting to be delivered, now or later.
    pub due: i64,
    /// Failed for good and in need of somebody; erased and aborted ones need nobody.
    pub failed: i64,
    /// Handed to the mail server.
    pub sent: i64,
    /// When the one that waits longest was written.
    pub oldest_due: Option<DateTime<Utc>>,
}

/// How many failed for good and need somebody.
pub async fn failed(db: &mut Conn) -> sqlx::Result<i64> {
    on!(db, c => query_scalar(
        "SELECT COUNT(*) FROM outbox WHERE failed_at IS NOT NULL AND recipient IS NOT NULL AND aborted_at IS NULL",
    )
    .fetch_one(c)
    .await)
}

/// Counts the mails.
pub async fn counts(db: &mut Conn) -> sqlx::Result<Counts> {
    on!(db, c => query_as(
        "SELECT COUNT(*) FILTER (WHERE sent_at IS NULL AND failed_at IS NULL) AS due,
                COUNT(*) FILTER (
                    WHERE failed_at IS NOT NULL AND recipient IS NOT NULL AND aborted_at IS NULL) AS failed,
                COUNT(*) FILTER (WHERE sent_at IS NOT NULL) AS sent,
                MIN(CASE WHEN sent_at IS NULL AND failed_at IS NULL THEN queued_at END) AS oldest_due
         FROM outbox",
    )
    .fetch_one(c)
    .await)
}
