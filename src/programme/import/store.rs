//! All SQL on `import_file` and `import_columns`. Callers commit.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{query, query_as, query_scalar, types::Json};
use uuid::Uuid;

use super::{
    Source,
    kept::{Choices, Kept, Outcome, Waiting},
    remembered::Matched,
};
use crate::{db::Conn, on};

/// How long a file is kept.
pub const KEPT: TimeDelta = TimeDelta::hours(1);
/// Files that one person may have waiting; the oldest goes for a further one.
pub const WAITING_MAX: i64 = 5;
/// Kinds of files, each with headings of its own, of which we look how somebody has matched them.
const MATCHINGS_MAX: i64 = 50;

/// Keeps a file.
pub async fn keep(db: &mut Conn, file: &Kept) -> sqlx::Result<()> {
    on!(db, c => query(
        "INSERT INTO import_file (id, user_id, programme, name, content, digest, choices, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(file.id)
    .bind(file.user)
    .bind(&file.programme)
    .bind(&file.name)
    .bind(Json(&file.source))
    .bind(&file.digest)
    .bind(Json(&file.choices))
    .bind(file.created_at)
    .execute(c)
    .await
    .map(|_| ()))
}

/// Lets a person's oldest files go, so that there is room for one more.
pub async fn make_room(db: &mut Conn, user: Uuid) -> sqlx::Result<()> {
    on!(db, c => query(
        "DELETE FROM import_file WHERE user_id = $1 AND id NOT IN (
             SELECT id FROM import_file WHERE user_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2
         )",
    )
    .bind(user)
    .bind(WAITING_MAX - 1)
    .execute(c)
    .await
    .map(|_| ()))
}

type Row = (String, Json<Option<Arc<Source>>>, String, Json<Choices>, Option<Json<Outcome>>, DateTime<Utc>);

/// That file, where it is this person's and for that programme, and its hour is not over.
pub async fn find(
    db: &mut Conn,
    id: Uuid,
    user: Uuid,
    programme: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Kept>> {
    let found: Option<Row> = on!(db, c => query_as(
        "SELECT name, content, digest, choices, outcome, created_at FROM import_file
         WHERE id = $1 AND user_id = $2 AND programme = $3 AND created_at > $4",
    )
    .bind(id)
    .bind(user)
    .bind(programme)
    .bind(now - KEPT)
    .fetch_optional(c)
    .await)?;
    Ok(found.map(|(name, Json(source), digest, Json(choices), outcome, created_at)| Kept {
        id,
        user,
        programme: programme.to_owned(),
        name,
        source,
        digest,
        choices,
        outcome: outcome.map(|Json(outcome)| outcome),
        created_at,
    }))
}

/// This person's files for that programme that wait to be taken, the newest first.
pub async fn waiting(
    db: &mut Conn,
    user: Uuid,
    programme: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Waiting>> {
    let rows: Vec<(Uuid, String, DateTime<Utc>)> = on!(db, c => query_as(
        "SELECT id, name, created_at FROM import_file
         WHERE user_id = $1 AND programme = $2 AND created_at > $3 AND outcome IS NULL
         ORDER BY created_at DESC, id DESC",
    )
    .bind(user)
    .bind(programme)
    .bind(now - KEPT)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(id, name, since)| Waiting { id, name, since }).collect())
}

/// Writes down what somebody has chosen for a file.
pub async fn choose(db: &mut Conn, id: Uuid, choices: &Choices) -> sqlx::Result<()> {
    on!(db, c => query("UPDATE import_file SET choices = $2 WHERE id = $1")
        .bind(id)
        .bind(Json(choices))
        .execute(c)
        .await
        .map(|_| ()))
}

/// The file was taken: what became of it stays for its hour, what it held goes. False where somebody was faster.
pub async fn taken(db: &mut Conn, id: Uuid, outcome: &Outcome) -> sqlx::Result<bool> {
    let done = on!(db, c => query(
        "UPDATE import_file SET content = $3, outcome = $2 WHERE id = $1 AND outcome IS NULL",
    )
    .bind(id)
    .bind(Json(outcome))
    .bind(Json(None::<Source>))
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(done == 1)
}

/// Lets a file go.
pub async fn discard(db: &mut Conn, id: Uuid) -> sqlx::Result<()> {
    on!(db, c => query("DELETE FROM import_file WHERE id = $1").bind(id).execute(c).await.map(|_| ()))
}

/// True where some file's hour is over.
pub async fn any_due(db: &mut Conn, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let due: Option<i64> = on!(db, c =>
        query_scalar("SELECT CAST(1 AS BIGINT) FROM import_file WHERE created_at <= $1 LIMIT 1")
            .bind(now - KEPT)
            .fetch_optional(c)
            .await)?;
    Ok(due.is_some())
}

/// Erases every file whose hour is over.
pub async fn erase_due(db: &mut Conn, now: DateTime<Utc>) -> sqlx::Result<u64> {
    on!(db, c => query("DELETE FROM import_file WHERE created_at <= $1")
        .bind(now - KEPT)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))
}

/// How somebody has matched columns of this programme's files: first under these very headings, then the newest.
pub async fn matched(db: &mut Conn, programme: &str, headings: &str) -> sqlx::Result<Vec<Matched>> {
    let found: Vec<Json<Matched>> = on!(db, c => query_scalar(
        "SELECT columns FROM import_columns WHERE programme = $1
         ORDER BY CASE WHEN headings = $2 THEN 0 ELSE 1 END, changed_at DESC, headings LIMIT $3",
    )
    .bind(programme)
    .bind(headings)
    .bind(MATCHINGS_MAX)
    .fetch_all(c)
    .await)?;
    Ok(found.into_iter().map(|Json(matched)| matched).collect())
}

/// Remembers it for the next file with these headings.
pub async fn remember(
    db: &mut Conn,
    programme: &str,
    headings: &str,
    matched: &Matched,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    on!(db, c => query(
        "INSERT INTO import_columns (programme, headings, columns, changed_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (programme, headings)
         DO UPDATE SET columns = excluded.columns, changed_at = excluded.changed_at",
    )
    .bind(programme)
    .bind(headings)
    .bind(Json(matched))
    .bind(now)
    .execute(c)
    .await
    .map(|_| ()))
}
