//! Whom mails do not reach.

use chrono::{DateTime, Utc};
use sqlx::{query, query_scalar};
use uuid::Uuid;

use crate::{db::Conn, on};

/// A mail to this address, written at that time, came back for good. Not where the person has sent a form since: what
/// was written then tells. False where that was known, or nobody has the address.
pub async fn mark_undeliverable(
    db: &mut Conn,
    email: &str,
    queued_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    on!(db, c => query(
        "UPDATE participant SET undeliverable_at = $3
         WHERE email = $1 AND undeliverable_at IS NULL AND NOT EXISTS (
             SELECT 1 FROM registration_order o WHERE o.participant_id = participant.id AND o.created_at > $2)",
    )
    .bind(email)
    .bind(queued_at)
    .bind(now)
    .execute(c)
    .await
    .map(|done| done.rows_affected() > 0))
}

/// True where mails to this person come back.
pub async fn comes_back(db: &mut Conn, participant: Uuid) -> sqlx::Result<bool> {
    let marked: Option<bool> = on!(db, c => query_scalar("SELECT undeliverable_at IS NOT NULL FROM participant WHERE id = $1")
        .bind(participant)
        .fetch_optional(c)
        .await)?;
    Ok(marked.unwrap_or(false))
}

/// How many people mails do not reach: for `parvis check`.
pub async fn undeliverable(db: &mut Conn) -> sqlx::Result<i64> {
    on!(db, c => query_scalar("SELECT COUNT(*) FROM participant WHERE undeliverable_at IS NOT NULL")
        .fetch_one(c)
        .await)
}
