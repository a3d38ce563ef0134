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

use sqlx::{Pool, Sqlite, query_as};
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
        let (length, put) = self.checkpoint().await?;
        if length > most && put < length {
            let _turn = self.writer.lock().await;
            self.checkpoint().await?;
        }
        Ok(())
    }

    /// Pages of the log, and how many of them are in the database; reads without a turn, and waits for nobody.
    async fn checkpoint(&self) -> sqlx::Result<(i64, i64)> {
        let (_busy, length, put): (i64, i64, i64) =
            query_as("PRAGMA wal_checkpoint(PASSIVE)").fetch_one(&self.readers).await?;
        Ok((length, put))
    }
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
    use sqlx::query;

    use crate::{
        db::{Durability, Pool as Db},
        on,
    };

    use super::*;

    async fn write(db: &Db, version: u8) {
        let mut tx = db.begin().await.unwrap();
        let set = sqlx::AssertSqlSafe(format!("PRAGMA user_version = {version}"));
        on!(tx, c => query(set).execute(c).await.map(drop)).unwrap();
        tx.commit().await.unwrap();
    }

    fn checkpoints(db: &Db) -> &Checkpoints {
        &db.disk.as_ref().unwrap().checkpoints
    }

    #[tokio::test]
    async fn a_log_is_put_in_beside_the_turn_to_write_and_begins_again() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("log.db").display());
        let db = Db::connect(&url, 2, Durability::Full, true).await.unwrap();
        write(&db, 1).await;

        // Somebody has the turn.
        let turn = db.begin().await.unwrap();
        checkpoints(&db).put_in(LOG_PAGES).await.unwrap();
        turn.rollback().await.unwrap();
        let (length, put) = checkpoints(&db).checkpoint().await.unwrap();
        assert!(length > 0 && put == length, "{put} of {length}");
        write(&db, 2).await;
        let (again, _) = checkpoints(&db).checkpoint().await.unwrap();
        assert!(again <= length, "the log began again: {again} pages after {length}");
        db.close().await;
    }

    #[test]
    fn only_a_sync_that_is_refused_says_that_the_disk_may_have_lost_something() {
        let (write, truncate, full, busy) = ("778", "1546", "13", "5");

        assert!(["1034", "1290"].into_iter().all(is_refused_sync));
        assert!(![write, truncate, full, busy, "10", "", "40001"].into_iter().any(is_refused_sync));
    }
}
