//! The embedded database's file: made for its owner alone, and held alone while a copy takes its place.

use std::{
    path::{Path, PathBuf},
    str::FromStr as _,
    time::Duration,
};

use sqlx::{Connection as _, SqliteConnection, query, query_scalar, sqlite::SqliteConnectOptions};

use crate::files;

/// How long a restore waits for another process to let go.
const ALONE: Duration = Duration::from_secs(1);
/// Result codes of SQLite (sqlite3.h).
const SQLITE_BUSY: i32 = 5;
const SQLITE_LOCKED: i32 = 6;
const SQLITE_CORRUPT: i32 = 11;
const SQLITE_NOTADB: i32 = 26;

/// Makes the file of a new embedded database; SQLite gives the journals beside it the same rights.
pub(super) fn make_private(file: &Path) {
    // `file:…` is a database in memory.
    if !file.to_string_lossy().starts_with("file:") && !file.exists() {
        // Why it cannot be made, SQLite will say in a moment.
        let _ = files::create_new(file);
    }
}

/// The file of an embedded database.
pub fn sqlite_file(url: &str) -> sqlx::Result<PathBuf> {
    Ok(SqliteConnectOptions::from_str(url)?.get_filename().to_owned())
}

/// Whether an embedded database can be had for oneself.
pub enum Hold {
    /// Nobody else uses it, or can, until this is dropped. Everything stands in the file itself.
    Alone(SqliteConnection),
    /// Another process has it open.
    InUse,
    /// It is no database any more, so that nobody can be asked.
    Unreadable,
}

/// Takes the database of that file for oneself. A process that has it open, also one that only waits for requests,
/// keeps it from leaving the write-ahead log.
pub async fn hold_alone(file: &Path) -> sqlx::Result<Hold> {
    let held = async {
        let options = SqliteConnectOptions::new().filename(file).busy_timeout(ALONE);
        let mut conn = SqliteConnection::connect_with(&options).await?;
        let mode: String = query_scalar("PRAGMA journal_mode = DELETE").fetch_one(&mut conn).await?;
        query("BEGIN EXCLUSIVE").execute(&mut conn).await?;
        Ok(if mode == "delete" { Hold::Alone(conn) } else { Hold::InUse })
    };
    match held.await {
        Err(sqlx::Error::Database(cause)) => match primary(cause.code().as_deref()) {
            SQLITE_BUSY | SQLITE_LOCKED => Ok(Hold::InUse),
            SQLITE_CORRUPT | SQLITE_NOTADB => Ok(Hold::Unreadable),
            _ => Err(sqlx::Error::Database(cause)),
        },
        done => done,
    }
}

/// True for a file with our tables in it. Nothing is written, not even beside it.
pub async fn is_ours(file: &Path) -> sqlx::Result<bool> {
    let options = SqliteConnectOptions::new().filename(file).read_only(true).immutable(true);
    let mut conn = SqliteConnection::connect_with(&options).await?;
    let found: sqlx::Result<i64> = query_scalar(
        "SELECT COUNT(*) FROM sqlite_master
         WHERE type = 'table' AND name IN ('_sqlx_migrations', 'programme', 'seat', 'registration', 'outbox')",
    )
    .fetch_one(&mut conn)
    .await;
    match found {
        Ok(found) => Ok(found == 5),
        Err(sqlx::Error::Database(_)) => Ok(false),
        Err(cause) => Err(cause),
    }
}

/// The result code of SQLite without what its extended codes add.
fn primary(code: Option<&str>) -> i32 {
    code.and_then(|code| code.parse::<i32>().ok()).map_or(0, |code| code & 0xff)
}
