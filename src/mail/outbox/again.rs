//! Mails that the team has sent once more: each a mail of its own, which knows the one that it repeats.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, query, query_as, types::Json};
use uuid::Uuid;

use super::{Letter, programme_of};
use crate::{db::Conn, on};

/// A mail that repeats another one.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Repeat {
    /// Which.
    pub id: Uuid,
    /// When it was written down.
    pub queued_at: DateTime<Utc>,
}

/// Writes a letter down that says what mail `of` says, due at once. The organisers' sentences stay those that stand in it:
/// [`super::queue`] would put today's in their place.
pub async fn queue_again(db: &mut Conn, letter: &Letter, of: Uuid, now: DateTime<Utc>) -> sqlx::Result<()> {
    on!(db, c => query(
        "INSERT INTO outbox (id, kind, language, recipient, data, priority, programme, queued_at, due_at, again_of)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)",
    )
    .bind(letter.id)
    .bind(letter.kind.code())
    .bind(letter.lang.code())
    .bind(&letter.recipient)
    .bind(Json(&letter.data))
    .bind(letter.priority)
    .bind(programme_of(letter))
    .bind(now)
    .bind(of)
    .execute(c)
    .await
    .map(|_| ()))
}

/// The mails that repeat this one, in the order in which they were written.
pub async fn repeats(db: &mut Conn, of: Uuid) -> sqlx::Result<Vec<Repeat>> {
    on!(db, c => query_as("SELECT id, queued_at FROM outbox WHERE again_of = $1 ORDER BY queued_at, id")
        .bind(of)
        .fetch_all(c)
        .await)
}
