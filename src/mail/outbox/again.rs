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
    /// True once it has left, or never will.
    pub has_ended: bool,
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
    on!(db, c => query_as(
        "SELECT id, queued_at, sent_at IS NOT NULL OR failed_at IS NOT NULL AS has_ended
         FROM outbox WHERE again_of = $1 ORDER BY queued_at, id",
    )
    .bind(of)
    .fetch_all(c)
    .await)
}

/// Keeps a mail back that did not leave: it was written once more, for another address.
pub async fn set_aside(db: &mut Conn, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<()> {
    on!(db, c => query("UPDATE outbox SET aborted_at = $2 WHERE id = $1 AND sent_at IS NULL")
        .bind(id)
        .bind(now)
        .execute(c)
        .await
        .map(|_| ()))
}

/// Notes whose mails those to this address are: somebody's whose address is another one now. Of who had it before them it is
/// noted already.
pub async fn note_reader(db: &mut Conn, former: &str, reader: Uuid) -> sqlx::Result<()> {
    on!(db, c => query("UPDATE outbox SET reader = $2 WHERE recipient = $1 AND reader IS NULL")
        .bind(former)
        .bind(reader)
        .execute(c)
        .await
        .map(|_| ()))
}
