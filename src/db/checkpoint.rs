//! The embedded database's log is put into the database beside the turn to write.
//!
//! SQLite does it by itself, within the commit that finds the log longer than some pages: it writes them all to their places and
//! waits for the disk three times, and whoever wants to write waits along. In a rush that was a quarter of the turn. Here a
//! reading connection does it, some time after a commit; commits go on meanwhile (`wal_checkpoint(PASSIVE)` waits for nobody
//! and nobody for it). Only where commits never pause does the log grow to [`LOG_PAGES`]: then SQLite does the little that is left.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sqlx::{Pool, Sqlite, query};

use super::durable::Durable;

/// How long commits are gathered.
const GATHER: Duration = Duration::from_millis(500);
/// The log's length at which the writer itself puts it into the database: 64 MiB, in pages of 4 KiB.
pub(super) const LOG_PAGES: &str = "16384";

/// What SQLite says where the disk refuses a sync: `SQLITE_IOERR_FSYNC` and `SQLITE_IOERR_DIR_FSYNC`. Whatever else it
/// cannot read or write (a quota, a file that may not grow) leaves the log as it was, and is tried again.
const REFUSED: [i64; 2] = [1034, 1290];

/// Puts the log of one embedded database into it.
pub(super) struct Checkpoints {
    readers: Pool<Sqlite>,
    durable: Arc<Durable>,
    is_due: AtomicBool,
}

impl Checkpoints {
    pub(super) fn by(readers: Pool<Sqlite>, durable: Arc<Durable>) -> Arc<Checkpoints> {
        Arc::new(Checkpoints { readers, durable, is_due: AtomicBool::new(false) })
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
            match query("PRAGMA wal_checkpoint(PASSIVE)").execute(&own.readers).await {
                // Whoever closes last does it.
                Ok(_) | Err(sqlx::Error::PoolClosed) => {}
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
    use super::*;

    #[test]
    fn only_a_sync_that_is_refused_says_that_the_disk_may_have_lost_something() {
        let (write, truncate, full, busy) = ("778", "1546", "13", "5");

        assert!(["1034", "1290"].into_iter().all(is_refused_sync));
        assert!(![write, truncate, full, busy, "10", "", "40001"].into_iter().any(is_refused_sync));
    }
}
