//! Commits that the disk may not have yet.

use std::sync::Arc;

use super::{checkpoint::Checkpoints, durable::Durable};

/// What a commit to SQLite waits for, and what it leaves to be done, after its turn.
#[derive(Clone)]
pub(super) struct Disk {
    pub(super) durable: Arc<Durable>,
    pub(super) checkpoints: Arc<Checkpoints>,
}

/// A commit that the disk may not have yet: nobody is told of it before.
#[must_use = "a power cut may still take it back"]
pub struct Ahead(Option<Disk>);

impl Ahead {
    /// After a commit; `None`: nobody waits for the disk, or it has been waited for.
    pub(super) fn of(disk: Option<Disk>) -> Ahead {
        Ahead(disk)
    }

    /// Waits until the disk has it.
    ///
    /// # Errors
    /// Where the disk refuses: nobody knows whether it will be there after a power cut.
    pub async fn wait(self) -> sqlx::Result<()> {
        let Some(disk) = self.0 else { return Ok(()) };
        disk.durable.wait().await.map_err(sqlx::Error::Io)?;
        disk.checkpoints.after_a_commit();
        Ok(())
    }
}
