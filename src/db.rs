//! One connection type over SQLite and PostgreSQL.
//!
//! Every query is written once, in the SQL that both engines understand, and run through [`on!`].
//! `docs/DATABASE.md` lists that subset and its exceptions.

mod ahead;
mod checkpoint;
mod connections;
mod durable;
mod file;
pub mod sizes;

pub use ahead::Ahead;
use ahead::Disk;
use checkpoint::Checkpoints;
use connections::{Connections, connect_postgres, connect_sqlite};
use durable::Durable;
pub use file::{Hold, hold_alone, is_ours, sqlite_file};

use std::{
    cell::Cell,
    ops::{Deref, DerefMut},
    path::Path,
    sync::{Arc, OnceLock},
    time::Duration,
};

use rocket::figment::Figment;
use sqlx::{
    PgConnection, Postgres, Sqlite, SqliteConnection, Transaction, migrate::Migrator, pool::PoolConnection,
    query, query_scalar,
};
use tokio::{
    sync::{Mutex, OwnedMutexGuard},
    time::Instant,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::files;

/// How long shutdown waits for the desk to answer and the worker to finish, and then for connections to close:
/// together, with Rocket's own grace for slow visitors, less than the ten seconds that containers are given.
const FINISH: Duration = Duration::from_secs(4);
const CLOSE: Duration = Duration::from_secs(1);
/// Two statements, one round trip. Nobody waits longer for the turn, or for a row, than the desk waits for a batch. The
/// first number says what the lock is for, the second which of the database's houses.
const TAKE_TURN: &str =
    "SET LOCAL lock_timeout = '7s'; SELECT pg_advisory_xact_lock(8201, hashtext(current_schema()))";

/// The pool as Rocket knows it.
#[derive(rocket_db_pools::Database)]
#[database("main")]
pub struct Db(Pool);

/// Connections to one database, and the tasks that must end before they close.
#[derive(Clone)]
pub struct Pool {
    engine: Engine,
    /// SQLite has one writer. Taking turns here is fair; its busy handler starved some writers for seconds.
    writer: Arc<Mutex<()>>,
    /// The disk under SQLite; `None`: nobody waits for it.
    disk: Option<Disk>,
    closing: CancellationToken,
    tasks: TaskTracker,
    /// When shutdown no longer waits for tasks; set when it begins.
    finish_by: Arc<OnceLock<Instant>>,
}

#[derive(Clone)]
enum Engine {
    Sqlite(Arc<Connections<Sqlite>>),
    Postgres(Arc<Connections<Postgres>>),
}

/// Whether a commit waits for the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// What was answered is on the disk.
    Full,
    /// For demos and tests: a power cut may lose the last commits (`synchronous=OFF`).
    Off,
}

/// Why a database that must be there cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// No file, or none of our tables in it.
    #[error("there is none yet; `parvis migrate` makes it, and so do `parvis import` and `parvis serve`")]
    Missing,
    /// Not all of our migrations were run.
    #[error("its tables are of an older version; make a backup, stop the server, and run `parvis migrate`")]
    Older,
    /// Migrations were run that we do not know.
    #[error("its tables are of another version of Parvis than this program, probably a newer one")]
    Newer,
    /// Anything else.
    #[error(transparent)]
    Sql(#[from] sqlx::Error),
}

/// A pooled connection or an open transaction. All queries take `&mut Conn`.
pub struct Conn(Kind);

/// An open transaction; dropped without [`Tx::commit`], it rolls back.
pub struct Tx {
    conn: Conn,
    /// Given back after the transaction has ended; fields drop in this order.
    turn: Option<OwnedMutexGuard<()>>,
    disk: Option<Disk>,
}

enum Kind {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
    SqliteTx(Transaction<'static, Sqlite>),
    PostgresTx(Transaction<'static, Postgres>),
}

/// The engine's own connection, for [`on!`].
#[expect(missing_docs, reason = "the names say it")]
pub enum Raw<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

/// Compiles one expression for both engines: `on!(db, c => query(..).execute(c).await)`.
#[macro_export]
macro_rules! on {
    ($db:expr, $conn:ident => $body:expr) => {
        match $db.raw() {
            $crate::db::Raw::Sqlite($conn) => $body,
            $crate::db::Raw::Postgres($conn) => $body,
        }
    };
}

impl Pool {
    /// Connects, makes what is not there, and migrates. `url` is `sqlite://FILE` or `postgres://…`.
    pub async fn open(url: &str, connections: u32, durability: Durability) -> sqlx::Result<Pool> {
        let pool = Pool::connect(url, connections, durability, true).await?;
        match &pool.engine {
            Engine::Sqlite(engine) => pool.migrator().run(&engine.writers).await?,
            Engine::Postgres(engine) => pool.migrator().run(&engine.writers).await?,
        }
        Ok(pool)
    }

    /// Connects to a database that is there, of whatever version; makes nothing.
    pub async fn open_existing(
        url: &str,
        connections: u32,
        durability: Durability,
    ) -> Result<Pool, OpenError> {
        if !is_postgres(url) && !std::fs::exists(sqlite_file(url)?).unwrap_or(true) {
            return Err(OpenError::Missing);
        }
        let pool = Pool::connect(url, connections, durability, false).await?;
        if pool.versions().await?.is_empty() { Err(OpenError::Missing) } else { Ok(pool) }
    }

    /// Refuses a database whose tables are not those of this version.
    pub async fn is_of_this_version(&self) -> Result<(), OpenError> {
        let theirs = self.versions().await?;
        let mut ours: Vec<i64> = self.migrator().iter().map(|migration| migration.version).collect();
        ours.sort_unstable();
        if theirs == ours {
            Ok(())
        } else if theirs.iter().all(|version| ours.contains(version)) {
            Err(OpenError::Older)
        } else {
            Err(OpenError::Newer)
        }
    }

    /// The migrations that were run on this database, in order; none where it is not ours.
    async fn versions(&self) -> sqlx::Result<Vec<i64>> {
        let mut db = self.acquire().await?;
        let found = on!(db, c =>
            query_scalar("SELECT version FROM _sqlx_migrations WHERE success ORDER BY version").fetch_all(c).await);
        match found {
            // There is no such table, says SQLite, or PostgreSQL.
            Err(sqlx::Error::Database(cause)) if matches!(cause.code().as_deref(), Some("1" | "42P01")) => {
                Ok(Vec::new())
            }
            found => found,
        }
    }

    fn migrator(&self) -> Migrator {
        with_shared(match &self.engine {
            Engine::Sqlite(_) => sqlx::migrate!("./migrations/sqlite"),
            Engine::Postgres(_) => sqlx::migrate!("./migrations/postgres"),
        })
    }

    async fn connect(url: &str, connections: u32, durability: Durability, make: bool) -> sqlx::Result<Pool> {
        let writer = Arc::new(Mutex::new(()));
        let (engine, disk) = if is_postgres(url) {
            (Engine::Postgres(Arc::new(connect_postgres(url, connections).await?)), None)
        } else {
            let connected = connect_sqlite(url, connections, durability, make).await?;
            let durable = Durable::of(&sqlite_file(url)?);
            let disk = match durability {
                Durability::Full => Some(Disk {
                    durable: Arc::clone(&durable),
                    checkpoints: Checkpoints::by(connected.readers.clone(), durable, Arc::clone(&writer)),
                }),
                Durability::Off => None,
            };
            (Engine::Sqlite(Arc::new(connected)), disk)
        };
        Ok(Pool {
            engine,
            writer,
            disk,
            closing: CancellationToken::new(),
            tasks: TaskTracker::new(),
            finish_by: Arc::default(),
        })
    }

    /// A connection for reading, or for one statement.
    pub async fn acquire(&self) -> sqlx::Result<Conn> {
        Ok(Conn(match &self.engine {
            Engine::Sqlite(pool) => Kind::Sqlite(pool.readers.acquire().await?),
            Engine::Postgres(pool) => Kind::Postgres(pool.readers.acquire().await?),
        }))
    }

    /// A writing transaction. On SQLite those of a process take turns.
    pub async fn begin(&self) -> sqlx::Result<Tx> {
        Ok(match &self.engine {
            Engine::Sqlite(pool) => {
                let turn = Arc::clone(&self.writer).lock_owned().await;
                // A deferred SQLite transaction that reads first cannot wait for the write lock.
                let tx = pool.writers.begin_with("BEGIN IMMEDIATE").await?;
                Tx { conn: Conn(Kind::SqliteTx(tx)), turn: Some(turn), disk: self.disk.clone() }
            }
            Engine::Postgres(pool) => {
                Tx { conn: Conn(Kind::PostgresTx(pool.writers.begin().await?)), turn: None, disk: None }
            }
        })
    }

    /// A writing transaction of the desk. On PostgreSQL the desks of several processes take turns, too: a few large
    /// batches are less work than many small ones, and never cross (decision 0015). The turn ends with the transaction,
    /// also with one whose asker no longer waits: it is asked for within the transaction, which then rolls back.
    pub async fn begin_at_the_desk(&self) -> sqlx::Result<Tx> {
        match &self.engine {
            Engine::Sqlite(_) => self.begin().await,
            Engine::Postgres(pool) => {
                let mut tx = pool.writers.begin().await?;
                sqlx::raw_sql(TAKE_TURN).execute(&mut *tx).await?;
                Ok(Tx { conn: Conn(Kind::PostgresTx(tx)), turn: None, disk: None })
            }
        }
    }

    /// True once shutdown has begun: the desk's entrance is closed, `/readyz` says 503.
    pub fn closing(&self) -> &CancellationToken {
        &self.closing
    }

    /// True once the disk under the embedded database has refused to keep what was written: nothing that this process
    /// commits is called durable any more, until it is started again.
    pub fn is_broken(&self) -> bool {
        self.disk.as_ref().is_some_and(|disk| disk.durable.is_broken())
    }

    /// Returns once [`Pool::is_broken`] would say so.
    pub async fn breaks(&self) {
        match &self.disk {
            Some(disk) => disk.durable.is_refused().await,
            None => std::future::pending().await,
        }
    }

    /// Tasks that [`Pool::close`] waits for: the desk, the worker, the watcher.
    pub fn tasks(&self) -> &TaskTracker {
        &self.tasks
    }

    /// Closes the desk's entrance and waits for what is under way; connections stay open for readers.
    pub async fn finish(&self) {
        self.closing.cancel();
        self.tasks.close();
        // Rocket closes once more what a signal has begun to close.
        let by = *self.finish_by.get_or_init(|| Instant::now() + FINISH);
        if tokio::time::timeout_at(by, self.tasks.wait()).await.is_err() {
            // A mail server that says nothing, for example: its mail is delivered after the next start.
            log::warn!("shutdown: a task did not end in {} s", FINISH.as_secs());
        }
    }

    /// [`Pool::finish`], then closes every connection. One that a reader still holds, or whose server says
    /// nothing, ends with the process.
    pub async fn close(&self) {
        self.finish().await;
        let closed = async {
            match &self.engine {
                Engine::Sqlite(pool) => pool.close().await,
                Engine::Postgres(pool) => pool.close().await,
            }
        };
        if tokio::time::timeout(CLOSE, closed).await.is_err() {
            log::warn!("shutdown: a connection did not close in {} s", CLOSE.as_secs());
        }
    }

    /// Writes a consistent copy of the embedded database to a new file, while others use it.
    pub async fn copy_to(&self, file: &str) -> sqlx::Result<()> {
        match &self.engine {
            Engine::Sqlite(pool) => {
                files::create_new(Path::new(file)).map_err(sqlx::Error::Io)?;
                let copied = query("VACUUM INTO $1").bind(file).execute(&pool.writers).await;
                if copied.is_err() {
                    // Half a copy, and ours.
                    let _ = std::fs::remove_file(file);
                }
                copied.map(|_| ())
            }
            Engine::Postgres(_) => Err(sqlx::Error::Configuration("PostgreSQL has its own tools".into())),
        }
    }

    /// True for the embedded database.
    pub fn is_sqlite(&self) -> bool {
        matches!(self.engine, Engine::Sqlite(_))
    }
}

tokio::task_local! {
    /// Statements of the task that [`counted`] runs.
    static STATEMENTS: Cell<u64>;
}

/// Does something, and says how many statements it sent to the database: so that tests can show that a page of many
/// things asks no more often than a page of one.
pub async fn counted<T>(work: impl Future<Output = T>) -> (T, u64) {
    STATEMENTS
        .scope(Cell::new(0), async {
            let done = work.await;
            (done, STATEMENTS.with(Cell::get))
        })
        .await
}

impl Conn {
    /// The engine's own connection, for [`on!`].
    pub fn raw(&mut self) -> Raw<'_> {
        // Nobody counts, but in tests.
        let _ = STATEMENTS.try_with(|count| count.set(count.get() + 1));
        match &mut self.0 {
            Kind::Sqlite(conn) => Raw::Sqlite(conn),
            Kind::Postgres(conn) => Raw::Postgres(conn),
            Kind::SqliteTx(tx) => Raw::Sqlite(tx),
            Kind::PostgresTx(tx) => Raw::Postgres(tx),
        }
    }
}

impl Tx {
    /// Makes everything that was written in this transaction true, at once, and waits until the disk has it.
    pub async fn commit(self) -> sqlx::Result<()> {
        self.commit_ahead().await?.wait().await
    }

    /// [`Tx::commit`] without the disk: the turn to write goes on, and what is given waits.
    pub async fn commit_ahead(self) -> sqlx::Result<Ahead> {
        match self.conn.0 {
            Kind::SqliteTx(tx) => {
                tx.commit().await?;
                drop(self.turn);
                Ok(Ahead::of(self.disk))
            }
            // It has waited by itself.
            Kind::PostgresTx(tx) => tx.commit().await.map(|()| Ahead::of(None)),
            Kind::Sqlite(_) | Kind::Postgres(_) => unreachable!("`Pool::begin` makes only transactions"),
        }
    }

    /// Takes everything back. Dropping does the same, later.
    pub async fn rollback(self) -> sqlx::Result<()> {
        match self.conn.0 {
            Kind::SqliteTx(tx) => tx.rollback().await,
            Kind::PostgresTx(tx) => tx.rollback().await,
            Kind::Sqlite(_) | Kind::Postgres(_) => unreachable!("`Pool::begin` makes only transactions"),
        }
    }
}

impl Deref for Tx {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}

#[rocket::async_trait]
impl rocket_db_pools::Pool for Pool {
    type Connection = Conn;
    type Error = rocket_db_pools::Error<sqlx::Error>;

    async fn init(figment: &Figment) -> Result<Self, Self::Error> {
        let config: rocket_db_pools::Config = figment.extract()?;
        let durability = match figment.extract_inner::<String>("synchronous").as_deref() {
            Ok("off") => Durability::Off,
            _ => Durability::Full,
        };
        let connections = u32::try_from(config.max_connections).unwrap_or(u32::MAX);
        Pool::open(&config.url, connections, durability).await.map_err(rocket_db_pools::Error::Init)
    }

    async fn get(&self) -> Result<Conn, Self::Error> {
        self.acquire().await.map_err(rocket_db_pools::Error::Get)
    }

    async fn close(&self) {
        Pool::close(self).await;
    }
}

/// True for the address of a PostgreSQL database.
pub fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres:") || url.starts_with("postgresql:")
}

/// The migrations that both engines share, plus the engine's own, in the order of their versions.
fn with_shared(own: Migrator) -> Migrator {
    let shared = sqlx::migrate!("./migrations");
    Migrator::with_migrations(shared.iter().chain(own.iter()).cloned().collect())
}
