//! How the two engines are connected to.

use std::{str::FromStr as _, time::Duration};

use sqlx::{
    Connection as _, Postgres, Sqlite,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{Durability, file};

/// How long a request waits for a connection before it is answered 503.
const ACQUIRE: Duration = Duration::from_secs(2);
/// A connection that was used so lately need not be asked whether it is still there.
const FRESH: Duration = Duration::from_secs(1);
/// Of either kind to PostgreSQL: a command that reads within what it writes, or twice at once, must not wait for itself.
const LEAST: u32 = 2;
/// Prepared statements that a writing connection keeps.
const STATEMENTS: usize = 500;
/// Rows that SQLite's thread reads ahead of whoever asked: with its own 50, a list of a thousand goes to and fro between two
/// threads for a fifth of its time.
const ROWS: usize = 512;
/// What SQLite's writing connection keeps in memory, in kibibytes (a negative `cache_size`).
const WRITER_CACHE: &str = "-65536";
/// The same of each that only reads.
const READER_CACHE: &str = "-8192";
/// How long SQLite waits for another process's write, or a checkpoint, to end; and whoever has the turn to write, for the
/// connection that the one before gives back.
const BUSY: Duration = Duration::from_secs(5);

/// Writing transactions have connections of their own, few and always the same: what such a connection has prepared, and
/// on SQLite what it has read, is still there for the next. A pool gives out in turn all that it has; with one for everything
/// each batch of the desk came to a connection whose cache another's write had emptied.
pub(super) struct Connections<DB: sqlx::Database> {
    pub(super) readers: sqlx::Pool<DB>,
    pub(super) writers: sqlx::Pool<DB>,
}

impl<DB: sqlx::Database> Connections<DB> {
    pub(super) async fn close(&self) {
        futures_util::future::join(self.readers.close(), self.writers.close()).await;
    }
}

pub(super) async fn connect_postgres(url: &str, connections: u32) -> sqlx::Result<Connections<Postgres>> {
    let options = PgConnectOptions::from_str(url)?
        .statement_cache_capacity(STATEMENTS)
        // When registration opens the tables are empty. A plan that PostgreSQL made then and kept reads them from end to
        // end, also when a thousand people are in them.
        .options([("plan_cache_mode", "force_custom_plan")]);
    let some = |connections: u32| {
        PgPoolOptions::new()
            .max_connections(connections.max(LEAST))
            .acquire_timeout(ACQUIRE)
            // One that was used just now is there: asking it first would be one more round trip a transaction.
            .test_before_acquire(false)
            .before_acquire(|conn, about| {
                Box::pin(async move { Ok(about.idle_for < FRESH || conn.ping().await.is_ok()) })
            })
            .connect_with(options.clone())
    };
    let writers = connections / 2;
    Ok(Connections { writers: some(writers).await?, readers: some(connections - writers).await? })
}

pub(super) async fn connect_sqlite(
    url: &str,
    connections: u32,
    durability: Durability,
    make: bool,
) -> sqlx::Result<Connections<Sqlite>> {
    let options = SqliteConnectOptions::from_str(url)?
        .create_if_missing(make)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(match durability {
            Durability::Full => SqliteSynchronous::Full,
            Durability::Off => SqliteSynchronous::Off,
        })
        .busy_timeout(BUSY)
        .row_buffer_size(ROWS);
    file::make_private(options.get_filename());
    let some = |connections: u32, patience: Duration, options: SqliteConnectOptions| {
        SqlitePoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(patience)
            // It is in this process: there is nobody to ask.
            .test_before_acquire(false)
            // Where the disk is full SQLite rolls back by itself; sqlx's own rollback then fails, and it
            // believes for ever that the transaction is open. Such a connection is closed.
            .before_acquire(|conn, _| Box::pin(async move { Ok(!conn.is_in_transaction()) }))
            .connect_with(options)
    };
    let writer = options.clone().statement_cache_capacity(STATEMENTS).pragma("cache_size", WRITER_CACHE);
    let writer = match durability {
        // The disk is waited for after the turn: `durable.rs`, `checkpoint.rs`.
        Durability::Full => writer.synchronous(SqliteSynchronous::Normal).pragma("wal_autocheckpoint", "0"),
        Durability::Off => writer,
    };
    Ok(Connections {
        writers: some(1, BUSY, writer).await?,
        readers: some(connections, ACQUIRE, options.pragma("cache_size", READER_CACHE)).await?,
    })
}
