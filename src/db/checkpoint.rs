//! The embedded database's log is put into the database beside the turn to write.
//!
//! SQLite does it by itself, within the commit that finds the log longer than some pages: it writes them all to their places and
//! waits for the disk three times, and whoever wants to write waits along. In a rush that was a quarter of the turn. Here a
//! reading connection does it, some time after a commit; commits go on meanwhile (`wal_checkpoint(PASSIVE)` waits for nobody
//! and nobody for it). Only where commits never pause does the log grow to [`LOG_PAGES`]: then the little that is left is done in a turn to write.
//! Never by SQLite itself, which would tell nobody that the disk has refused.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sqlx::{Pool, Row as _, Sqlite, SqliteConnection, query};
use tokio::sync::Mutex;

use super::durable::Durable;

/// How long commits are gathered.
const GATHER: Duration = Duration::from_millis(500);
/// The log's length at which writers wait until it is in the database: 64 MiB, in pages of 4 KiB.
const LOG_PAGES: i64 = 16_384;

/// What SQLite says where the disk refuses a sync: `SQLITE_IOERR_FSYNC` and `SQLITE_IOERR_DIR_FSYNC`. Whatever else it
/// cannot read or write (a quota, a file that may not grow) leaves the log as it was, and is tried again.
const REFUSED: [i64; 2] = [1034, 1290];

/// Puts the log of one embedded database into it.
pub(super) struct Checkpoints {
    readers: Pool<Sqlite>,
    durable: Arc<Durable>,
    /// The turn to write of this process.
    writer: Arc<Mutex<()>>,
    is_due: AtomicBool,
}

impl Checkpoints {
    pub(super) fn by(
        readers: Pool<Sqlite>,
        durable: Arc<Durable>,
        writer: Arc<Mutex<()>>,
    ) -> Arc<Checkpoints> {
        Arc::new(Checkpoints { readers, durable, writer, is_due: AtomicBool::new(false) })
    }

    /// Something was committed: sees to it that it is in the database before long. Waits for nothing.
    pub(super) fn after_a_commit(self: &Arc<Self>) {
        if self.is_due.swap(true, Ordering::SeqCst) {
            return;
        }
        let own = Arc::clone(self);
        tokio::spawn(async move {
            tokio::time::sleep(GATHER).await;
            // From here on a commit asks for the next one.
            own.is_due.store(false, Ordering::SeqCst);
            match own.put_in(LOG_PAGES).await {
                // Whoever closes last does it.
                Ok(()) | Err(sqlx::Error::PoolClosed) => {}
                Err(cause) => {
                    log::warn!("the log could not be put into the database: {cause}");
                    // The system says it once, to whoever syncs first: our own sync would hear that all is well.
                    if is_refused(&cause) {
                        own.durable.refuse();
                    }
                }
            }
        });
    }

    /// Puts in what there is; where the log is longer than `most` pages, all of it, so that it begins again at its beginning.
    async fn put_in(&self, most: i64) -> sqlx::Result<()> {
        // Before the turn: nobody holds it and waits for a connection.
        let mut reader = self.readers.acquire().await?;
        let (length, put) = checkpoint(&mut reader).await?;
        if length > most && put < length {
            self.put_in_the_rest(&mut reader).await?;
        }
        Ok(())
    }

    /// In a turn to write, so that nothing comes to it meanwhile.
    async fn put_in_the_rest(&self, reader: &mut SqliteConnection) -> sqlx::Result<(i64, i64)> {
        let _turn = self.writer.lock().await;
        checkpoint(reader).await
    }
}

/// Puts in what no reader still needs where it is; gives the pages of the log, and how many of them are in the database.
async fn checkpoint(reader: &mut SqliteConnection) -> sqlx::Result<(i64, i64)> {
    // Whether somebody was in the way, and these two.
    let answer = query("PRAGMA wal_checkpoint(PASSIVE)").fetch_one(reader).await?;
    Ok((answer.try_get(1)?, answer.try_get(2)?))
}

fn is_refused(cause: &sqlx::Error) -> bool {
    let code = cause.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| is_refused_sync(&code))
}

fn is_refused_sync(code: &str) -> bool {
    code.parse::<i64>().is_ok_and(|code| REFUSED.contains(&code))
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use crate::db::{Durability, Pool as Db, Raw};

    use super::*;

    async fn write(db: &Db, version: u8) {
        let mut tx = db.begin().await.unwrap();
        let set = sqlx::AssertSqlSafe(format!("PRAGMA user_version = {version}"));
        let Raw::Sqlite(c) = tx.raw() else { unreachable!("the database is a file") };
        query(set).execute(c).await.unwrap();
        tx.commit().await.unwrap();
    }

    fn checkpoints(db: &Db) -> &Checkpoints {
        &db.disk.as_ref().unwrap().checkpoints
    }

    /// A database with one page in its log, and a reader's connection to it.
    async fn database(folder: &std::path::Path) -> (Db, sqlx::pool::PoolConnection<Sqlite>) {
        let url = format!("sqlite://{}", folder.join("log.db").display());
        let db = Db::connect(&url, 3, Durability::Full, true).await.unwrap();
        write(&db, 1).await;
        let reader = checkpoints(&db).readers.acquire().await.unwrap();
        (db, reader)
    }

    #[tokio::test]
    async fn a_short_log_is_put_in_beside_the_turn_to_write() {
        let folder = tempfile::tempdir().unwrap();
        let (db, mut reader) = database(folder.path()).await;
        let turn = db.begin().await.unwrap();

        checkpoints(&db).put_in(LOG_PAGES).await.unwrap();

        turn.rollback().await.unwrap();
        let (length, put) = checkpoint(&mut reader).await.unwrap();
        assert!(length > 0 && put == length, "{put} of {length}");
    }

    #[tokio::test]
    async fn what_a_reader_kept_out_of_a_long_log_is_put_in_once_the_turn_to_write_is_free() {
        let folder = tempfile::tempdir().unwrap();
        let (db, mut reader) = database(folder.path()).await;
        // Reads the log as it is; what is written from here on cannot be put in before it ends.
        let mut snapshot = checkpoints(&db).readers.begin().await.unwrap();
        let read = query("PRAGMA user_version").fetch_one(&mut *snapshot).await.unwrap();
        assert_eq!(read.get::<i64, _>(0), 1);
        write(&db, 2).await;
        let (length, put) = checkpoint(&mut reader).await.unwrap();
        assert!(put < length, "{put} of {length}");
        let turn = db.begin().await.unwrap();

        let mut rest = Box::pin(checkpoints(&db).put_in_the_rest(&mut reader));
        assert!(rest.as_mut().now_or_never().is_none(), "somebody has the turn");
        snapshot.rollback().await.unwrap();
        turn.rollback().await.unwrap();

        let (length, put) = rest.await.unwrap();
        assert!(length > 0 && put == length, "{put} of {length}");
    }

    #[test]
    fn only_a_sync_that_is_refused_says_that_the_disk_may_have_lost_something() {
        let (write, truncate, full, busy) = ("778", "1546", "13", "5");

        assert!(["1034", "1290"].into_iter().all(is_refused_sync));
        assert!(![write, truncate, full, busy, "10", "", "40001"].into_iter().any(is_refused_sync));
    }
}
