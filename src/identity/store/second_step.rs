//! The secret of the second step, and the codes for who has lost it.

use chrono::{DateTime, Utc};
use sqlx::{QueryBuilder, query, query_as, query_scalar};
use uuid::Uuid;

use crate::{db::Conn, on};

/// What is known of a person's second step.
#[derive(Debug, Clone, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct SecondStep {
    /// Base32; `None` where it is not used.
    pub totp_secret: Option<String>,
    /// One that is shown and not yet confirmed.
    pub totp_pending: Option<String>,
    /// The last step of time whose code was taken.
    pub totp_used: i64,
}

/// What is known of it.
pub async fn of(db: &mut Conn, staff: Uuid) -> sqlx::Result<SecondStep> {
    let row = on!(db, c => query_as("SELECT totp_secret, totp_pending, totp_used FROM staff WHERE id = $1")
        .bind(staff)
        .fetch_optional(c)
        .await)?;
    Ok(row.unwrap_or_default())
}

/// A secret is shown, to be confirmed with a code of it.
pub async fn begin(db: &mut Conn, staff: Uuid, secret: &str) -> sqlx::Result<()> {
    on!(db, c => query("UPDATE staff SET totp_pending = $2 WHERE id = $1")
        .bind(staff)
        .bind(secret)
        .execute(c)
        .await
        .map(|_| ()))
}

/// It is used from now on; the step of the code that confirmed it is taken. False where it is not the one that waits.
pub async fn confirm(db: &mut Conn, staff: Uuid, secret: &str, step: i64) -> sqlx::Result<bool> {
    on!(db, c => query(
        "UPDATE staff SET totp_secret = $2, totp_pending = NULL, totp_used = $3
         WHERE id = $1 AND totp_pending = $2",
    )
    .bind(staff)
    .bind(secret)
    .bind(step)
    .execute(c)
    .await
    .map(|done| done.rows_affected() == 1))
}

/// Takes the code of that step of time. False where it, or a later one, was taken before.
pub async fn take(db: &mut Conn, staff: Uuid, step: i64) -> sqlx::Result<bool> {
    on!(db, c => query("UPDATE staff SET totp_used = $2 WHERE id = $1 AND totp_used < $2")
        .bind(staff)
        .bind(step)
        .execute(c)
        .await
        .map(|done| done.rows_affected() == 1))
}

/// It is not used any more, and neither are its codes. False where it was not used.
pub async fn remove(db: &mut Conn, staff: Uuid) -> sqlx::Result<bool> {
    on!(db, c => query("DELETE FROM staff_recovery WHERE staff_id = $1").bind(staff).execute(c).await.map(|_| ()))?;
    on!(db, c => query(
        "UPDATE staff SET totp_secret = NULL, totp_pending = NULL WHERE id = $1 AND totp_secret IS NOT NULL",
    )
    .bind(staff)
    .execute(c)
    .await
    .map(|done| done.rows_affected() == 1))
}

/// These codes, hashed, and no other.
pub async fn set_recovery(db: &mut Conn, staff: Uuid, hashes: &[String]) -> sqlx::Result<()> {
    on!(db, c => query("DELETE FROM staff_recovery WHERE staff_id = $1").bind(staff).execute(c).await.map(|_| ()))?;
    on!(db, c => QueryBuilder::new("INSERT INTO staff_recovery (staff_id, code_hash) ")
        .push_values(hashes, |mut row, hash| {
            row.push_bind(staff).push_bind(hash);
        })
        .build()
        .execute(c)
        .await
        .map(|_| ()))
}

/// Uses a code. False where there is none of this hash, or it was used before.
pub async fn take_recovery(db: &mut Conn, staff: Uuid, hash: &str, now: DateTime<Utc>) -> sqlx::Result<bool> {
    on!(db, c => query(
        "UPDATE staff_recovery SET used_at = $3 WHERE staff_id = $1 AND code_hash = $2 AND used_at IS NULL",
    )
    .bind(staff)
    .bind(hash)
    .bind(now)
    .execute(c)
    .await
    .map(|done| done.rows_affected() == 1))
}

/// How many codes are left.
pub async fn recovery_left(db: &mut Conn, staff: Uuid) -> sqlx::Result<i64> {
    on!(db, c => query_scalar("SELECT COUNT(*) FROM staff_recovery WHERE staff_id = $1 AND used_at IS NULL")
        .bind(staff)
        .fetch_one(c)
        .await)
}
