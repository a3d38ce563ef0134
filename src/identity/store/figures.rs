//! Read-only links to a programme's figures.

use chrono::{DateTime, Utc};
use sqlx::{query, query_as};
use uuid::Uuid;

use crate::{db::Conn, on};

/// A link that was made.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct FiguresRow {
    /// What its token is sealed over.
    pub id: Uuid,
    /// Whose figures.
    pub programme_id: Uuid,
    /// For whom.
    pub label: String,
    /// When.
    pub made_at: DateTime<Utc>,
    /// Since when it opens nothing.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// Writes a link down.
pub async fn make(db: &mut Conn, row: &FiguresRow) -> sqlx::Result<()> {
    on!(db, c => query("INSERT INTO figures_link (id, programme_id, label, made_at) VALUES ($1, $2, $3, $4)")
        .bind(row.id)
        .bind(row.programme_id)
        .bind(&row.label)
        .bind(row.made_at)
        .execute(c)
        .await
        .map(|_| ()))
}

/// The link of that identity.
pub async fn by_id(db: &mut Conn, id: Uuid) -> sqlx::Result<Option<FiguresRow>> {
    on!(db, c => query_as("SELECT id, programme_id, label, made_at, revoked_at FROM figures_link WHERE id = $1")
        .bind(id)
        .fetch_optional(c)
        .await)
}

/// Every link that opens, newest first.
pub async fn live(db: &mut Conn) -> sqlx::Result<Vec<FiguresRow>> {
    on!(db, c => query_as(
        "SELECT id, programme_id, label, made_at, revoked_at FROM figures_link
         WHERE revoked_at IS NULL ORDER BY made_at DESC, id DESC",
    )
    .fetch_all(c)
    .await)
}

/// It opens nothing any more. The programme that it was of; `None` where it was revoked before.
pub async fn revoke(db: &mut Conn, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<Option<Uuid>> {
    on!(db, c => sqlx::query_scalar(
        "UPDATE figures_link SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING programme_id",
    )
    .bind(id)
    .bind(now)
    .fetch_optional(c)
    .await)
}
