//! Links that open the office once.

use chrono::{DateTime, Utc};
use sqlx::{query, query_as, query_scalar};
use uuid::Uuid;

use crate::{db::Conn, on};

/// A link that was made.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct LinkRow {
    /// What its token is sealed over.
    pub id: Uuid,
    /// Whom it lets in.
    pub staff_id: Uuid,
    /// The code of its kind.
    pub kind: String,
    /// When.
    pub made_at: DateTime<Utc>,
    /// Until when it opens.
    pub expires_at: DateTime<Utc>,
    /// When it did.
    pub used_at: Option<DateTime<Utc>>,
}

/// Writes a link down.
pub async fn make(db: &mut Conn, link: &LinkRow) -> sqlx::Result<()> {
    on!(db, c => query(
        "INSERT INTO staff_link (id, staff_id, kind, made_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(link.id)
    .bind(link.staff_id)
    .bind(&link.kind)
    .bind(link.made_at)
    .bind(link.expires_at)
    .execute(c)
    .await
    .map(|_| ()))
}

/// The link of that identity.
pub async fn by_id(db: &mut Conn, id: Uuid) -> sqlx::Result<Option<LinkRow>> {
    on!(db, c => query_as(
        "SELECT id, staff_id, kind, made_at, expires_at, used_at FROM staff_link WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(c)
    .await)
}

/// Uses a link. False where it was used before, or its time is over: of two who come at once, one gets in.
pub async fn take(db: &mut Conn, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<bool> {
    on!(db, c => query("UPDATE staff_link SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND expires_at > $2")
        .bind(id)
        .bind(now)
        .execute(c)
        .await
        .map(|done| done.rows_affected() == 1))
}

/// No link of this person opens any more.
pub async fn end_all(db: &mut Conn, staff: Uuid, now: DateTime<Utc>) -> sqlx::Result<()> {
    on!(db, c => query(
        "UPDATE staff_link SET expires_at = $2 WHERE staff_id = $1 AND used_at IS NULL AND expires_at > $2",
    )
    .bind(staff)
    .bind(now)
    .execute(c)
    .await
    .map(|_| ()))
}

/// How many links of a kind were made for this person since that moment.
pub async fn made_since(db: &mut Conn, staff: Uuid, kind: &str, since: DateTime<Utc>) -> sqlx::Result<i64> {
    on!(db, c => query_scalar(
        "SELECT COUNT(*) FROM staff_link WHERE staff_id = $1 AND kind = $2 AND made_at > $3",
    )
    .bind(staff)
    .bind(kind)
    .bind(since)
    .fetch_one(c)
    .await)
}

/// Until when the newest invitation of each person opens, of those that were not taken up.
pub async fn invitations(db: &mut Conn) -> sqlx::Result<Vec<(Uuid, DateTime<Utc>)>> {
    on!(db, c => query_as(
        "SELECT staff_id, MAX(expires_at) AS until FROM staff_link
         WHERE kind = 'invitation' AND used_at IS NULL GROUP BY staff_id",
    )
    .fetch_all(c)
    .await)
}

/// Forgets links that have not opened anything since that moment.
pub async fn forget(db: &mut Conn, before: DateTime<Utc>) -> sqlx::Result<u64> {
    on!(db, c => query("DELETE FROM staff_link WHERE expires_at < $1")
        .bind(before)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))
}
