//! All SQL on releases. Rows are inserted and read, never changed.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::{query, query_as, query_scalar, types::Json};
use uuid::Uuid;

use super::{Change, Release, published::ReleaseNote};
use crate::{audit::Actor, db::Conn, on};

/// Whence a release comes.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'o> {
    /// Who made it.
    pub author: Actor,
    /// The release whose content it has again.
    pub again: Option<i64>,
    /// The form that made it, by what it had shown.
    pub form: Option<&'o str>,
}

/// Writes a release, and whence it comes; the caller holds the programme's lock.
pub async fn insert(
    db: &mut Conn,
    programme: Uuid,
    release: &Release,
    origin: Origin<'_>,
) -> sqlx::Result<()> {
    let note = ReleaseNote::of(release);
    on!(db, c => query(
        "INSERT INTO programme_release (programme_id, number, published_at, note, content, changes, titles, author, author_id, again,
                                        form)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(programme)
    .bind(release.number)
    .bind(release.published_at)
    .bind(&release.note)
    .bind(Json(release))
    .bind(Json(&release.changes))
    .bind(Json(&note.titles))
    .bind(origin.author.code())
    .bind(origin.author.user())
    .bind(origin.again)
    .bind(origin.form)
    .execute(c)
    .await
    .map(|_| ()))
}

/// The newest release of a programme.
pub async fn latest(db: &mut Conn, programme: Uuid) -> sqlx::Result<Option<Release>> {
    let found: Option<(Json<Release>,)> = on!(db, c => query_as(
        "SELECT content FROM programme_release WHERE programme_id = $1 ORDER BY number DESC LIMIT 1",
    )
    .bind(programme)
    .fetch_optional(c)
    .await)?;
    Ok(found.map(|(Json(release),)| release))
}

/// The number of a programme's newest release.
pub async fn newest(db: &mut Conn, programme: Uuid) -> sqlx::Result<Option<i64>> {
    on!(db, c => query_scalar("SELECT MAX(number) FROM programme_release WHERE programme_id = $1")
        .bind(programme)
        .fetch_one(c)
        .await)
}

/// The newest number of each programme that has a release.
pub async fn newest_numbers(db: &mut Conn) -> sqlx::Result<Vec<(Uuid, i64)>> {
    on!(db, c => query_as("SELECT programme_id, MAX(number) FROM programme_release GROUP BY programme_id")
        .fetch_all(c)
        .await)
}

/// What every release said, newest first.
pub async fn notes(db: &mut Conn, programme: Uuid) -> sqlx::Result<Vec<ReleaseNote>> {
    type Row = (i64, DateTime<Utc>, String, Json<Vec<Change>>, Json<BTreeMap<String, String>>);
    let rows: Vec<Row> = on!(db, c => query_as(
        "SELECT number, published_at, note, changes, titles
         FROM programme_release WHERE programme_id = $1 ORDER BY number DESC",
    )
    .bind(programme)
    .fetch_all(c)
    .await)?;
    Ok(rows
        .into_iter()
        .map(|(number, published_at, note, Json(changes), Json(titles))| ReleaseNote {
            number,
            published_at,
            note,
            changes,
            titles,
        })
        .collect())
}

/// A release as the team looks back on it.
#[derive(Debug, Clone, PartialEq)]
pub struct Past {
    /// What it said.
    pub note: ReleaseNote,
    /// Who published it: `user`, `command`; `None` where it is not known.
    pub author: Option<String>,
    /// Who, where it is a user.
    pub author_id: Option<Uuid>,
    /// The release whose content it has again.
    pub again: Option<i64>,
}

type PastRow = (
    i64,
    DateTime<Utc>,
    String,
    Json<Vec<Change>>,
    Json<BTreeMap<String, String>>,
    Option<String>,
    Option<Uuid>,
    Option<i64>,
);

fn past(row: PastRow) -> Past {
    let (number, published_at, note, Json(changes), Json(titles), author, author_id, again) = row;
    Past { note: ReleaseNote { number, published_at, note, changes, titles }, author, author_id, again }
}

/// At most so many releases that are older than that one, newest first.
pub async fn history(
    db: &mut Conn,
    programme: Uuid,
    older_than: Option<i64>,
    limit: i64,
) -> sqlx::Result<Vec<Past>> {
    let rows: Vec<PastRow> = on!(db, c => query_as(
        "SELECT number, published_at, note, changes, titles, author, author_id, again
         FROM programme_release WHERE programme_id = $1 AND number < $2 ORDER BY number DESC LIMIT $3",
    )
    .bind(programme)
    .bind(older_than.unwrap_or(i64::MAX))
    .bind(limit)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(past).collect())
}

/// The release that this form made, by what it had shown.
pub async fn made_by(db: &mut Conn, programme: Uuid, form: &str) -> sqlx::Result<Option<Past>> {
    let row: Option<PastRow> = on!(db, c => query_as(
        "SELECT number, published_at, note, changes, titles, author, author_id, again
         FROM programme_release WHERE programme_id = $1 AND form = $2 ORDER BY number DESC LIMIT 1",
    )
    .bind(programme)
    .bind(form)
    .fetch_optional(c)
    .await)?;
    Ok(row.map(past))
}

/// The numbers of a programme's releases, in order: for `check`.
pub async fn numbers(db: &mut Conn, programme: Uuid) -> sqlx::Result<Vec<i64>> {
    on!(db, c => query_scalar("SELECT number FROM programme_release WHERE programme_id = $1 ORDER BY number")
        .bind(programme)
        .fetch_all(c)
        .await)
}

/// One release whole: for `check`.
pub async fn load(db: &mut Conn, programme: Uuid, number: i64) -> sqlx::Result<Option<Release>> {
    let found: Option<(Json<Release>,)> = on!(db, c =>
        query_as("SELECT content FROM programme_release WHERE programme_id = $1 AND number = $2")
            .bind(programme)
            .bind(number)
            .fetch_optional(c)
            .await)?;
    Ok(found.map(|(Json(release),)| release))
}
