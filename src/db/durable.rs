//! Commits of the embedded database that wait for the disk together.
//!
//! With `synchronous=FULL` SQLite waits for the disk inside each commit, holding the only turn to write: on a disk whose
//! sync takes two milliseconds the next batch of the desk waits, too. Here the commit is written to the log
//! (`synchronous=NORMAL`), the turn goes on, and whoever has committed waits until the log has been synced once more: one
//! sync for all who came before it. What [`Durable::wait`] answers is as true as with `FULL`: the log is one file,
//! written from its beginning on, so that what is synced holds all earlier commits. A reader may see a commit some
//! milliseconds before it is on the disk; whoever acts on it (a mail that is claimed) commits again, and waits.
//! `docs/decisions/0009-commits-share-a-sync.md` has the price.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

/// Syncs the log of one embedded database for all who have committed.
pub(super) struct Durable {
    sync: Box<dyn Fn() -> Result<(), NotSynced> + Send + Sync>,
    /// Commits that were written to the log.
    written: AtomicU64,
    /// So many of them are on the disk. Held by who syncs, also where nobody waits for that any more.
    synced: Arc<Mutex<u64>>,
    /// Cancelled once the disk has refused: what it holds nobody knows, until a start reads it again.
    broken: CancellationToken,
}

/// Why the log is not known to be on the disk.
enum NotSynced {
    /// The disk was not asked: there was no file descriptor left, for example. The next sync tells of these commits, too.
    Unasked(io::Error),
    /// The disk was asked and has refused. It says so once, and may have thrown away what it had.
    Refused(io::Error),
}

impl Durable {
    /// For the database of that file, which is there.
    pub(super) fn of(database: &Path) -> Arc<Durable> {
        let log = log_of(database);
        Durable::by(move || sync(&log))
    }

    fn by(sync: impl Fn() -> Result<(), NotSynced> + Send + Sync + 'static) -> Arc<Durable> {
        Arc::new(Durable {
            sync: Box::new(sync),
            written: AtomicU64::new(0),
            synced: Arc::default(),
            broken: CancellationToken::new(),
        })
    }

    /// Somebody has heard that the disk refuses a sync.
    pub(super) fn refuse(&self) {
        self.broken.cancel();
    }

    /// True once the disk has refused: no commit of this process is called durable any more.
    pub(super) fn is_broken(&self) -> bool {
        self.broken.is_cancelled()
    }

    /// Returns once the disk has refused.
    pub(super) async fn is_refused(&self) {
        self.broken.cancelled().await;
    }

    /// Waits until everything that was committed before this call is on the disk.
    ///
    /// # Errors
    /// Where the disk could not be asked, or refuses, now or once before in this process.
    pub(super) async fn wait(self: &Arc<Self>) -> io::Result<()> {
        let mine = self.written.fetch_add(1, Ordering::SeqCst) + 1;
        let mut synced = Arc::clone(&self.synced).lock_owned().await;
        if self.is_broken() {
            return Err(io::Error::other("the disk has refused to keep an earlier commit: start again"));
        }
        // Somebody's sync began after this commit and is over.
        if *synced >= mine {
            return Ok(());
        }
        let all = self.written.load(Ordering::SeqCst);
        let own = Arc::clone(self);
        tokio::task::spawn_blocking(move || {
            (own.sync)().map_err(|not_synced| match not_synced {
                NotSynced::Unasked(cause) => cause,
                NotSynced::Refused(cause) => {
                    own.refuse();
                    cause
                }
            })?;
            *synced = all;
            Ok(())
        })
        .await
        .map_err(io::Error::other)?
    }
}

/// SQLite keeps its log beside the file itself, and not beside a link to it.
fn log_of(database: &Path) -> PathBuf {
    let file = std::fs::canonicalize(database).unwrap_or_else(|_| database.to_owned());
    let mut log = file.into_os_string();
    log.push("-wal");
    PathBuf::from(log)
}

/// The log is opened each time: where all connections were closed meanwhile, it is another file of that name.
fn sync(log: &Path) -> Result<(), NotSynced> {
    match File::open(log) {
        Ok(log) => log.sync_data().map_err(NotSynced::Refused),
        // SQLite has put everything into the database, synced that, and taken the log away.
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(cause) => Err(NotSynced::Unasked(cause)),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use tokio::task::JoinSet;

    use super::*;

    /// Syncs that begin and end when the test says so.
    fn disk() -> (Arc<Durable>, mpsc::Receiver<()>, mpsc::Sender<Result<(), NotSynced>>) {
        let ((begun, begins), (ends, ended)) = (mpsc::channel(), mpsc::channel());
        let ended = std::sync::Mutex::new(ended);
        let durable = Durable::by(move || {
            begun.send(()).unwrap();
            ended.lock().unwrap().recv().unwrap()
        });
        (durable, begins, ends)
    }

    async fn begun(begins: mpsc::Receiver<()>) -> mpsc::Receiver<()> {
        tokio::task::spawn_blocking(move || {
            begins.recv().unwrap();
            begins
        })
        .await
        .unwrap()
    }

    #[tokio::test]
    async fn a_commit_waits_for_a_sync_that_began_after_it_and_shares_it() {
        let (durable, begins, ends) = disk();
        let wait = |durable: &Arc<Durable>| {
            let durable = Arc::clone(durable);
            async move { durable.wait().await }
        };
        let first = tokio::spawn(wait(&durable));
        let begins = begun(begins).await;

        // These were committed while the first sync was under way: it says nothing of them.
        let mut others = JoinSet::new();
        (0..20).for_each(|_| drop(others.spawn(wait(&durable))));
        while durable.written.load(Ordering::SeqCst) < 21 {
            tokio::task::yield_now().await;
        }
        ends.send(Ok(())).unwrap();
        first.await.unwrap().unwrap();
        let begins = begun(begins).await;
        assert!(others.try_join_next().is_none(), "nobody is answered before the second sync is over");
        ends.send(Ok(())).unwrap();
        while let Some(done) = others.join_next().await {
            done.unwrap().unwrap();
        }

        assert!(begins.try_recv().is_err(), "one sync for all twenty");
    }

    #[tokio::test]
    async fn after_a_refused_sync_nothing_is_called_durable_any_more() {
        let (durable, _begins, ends) = disk();
        ends.send(Err(NotSynced::Refused(io::Error::other("no")))).unwrap();

        assert!(durable.wait().await.is_err());
        assert!(durable.wait().await.is_err(), "without asking the disk, which would say yes now");
        assert!(durable.is_broken());
        durable.is_refused().await;
    }

    #[tokio::test]
    async fn a_disk_that_could_not_be_asked_is_asked_again() {
        let (durable, _begins, ends) = disk();
        ends.send(Err(NotSynced::Unasked(io::Error::other("no file descriptor is left")))).unwrap();
        ends.send(Ok(())).unwrap();

        assert!(durable.wait().await.is_err());
        assert!(!durable.is_broken());
        durable.wait().await.unwrap();
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_cannot_be_synced_is_refused_and_what_cannot_be_opened_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let round = folder.path().join("round-wal");
        std::os::unix::fs::symlink(&round, &round).unwrap();

        assert!(matches!(sync(Path::new("/dev/null")), Err(NotSynced::Refused(_))));
        assert!(matches!(sync(&round), Err(NotSynced::Unasked(_))));
    }

    #[cfg(unix)]
    #[test]
    fn the_log_stands_beside_the_file_that_a_link_leads_to() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().canonicalize().unwrap();
        let (file, link) = (folder.join("real.db"), folder.join("link.db"));
        File::create(&file).unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();

        assert_eq!(log_of(&link), folder.join("real.db-wal"));
    }

    #[test]
    fn a_log_that_is_gone_has_nothing_left_to_sync() {
        let folder = tempfile::tempdir().unwrap();

        assert!(sync(&folder.path().join("none-wal")).is_ok());
    }
}
