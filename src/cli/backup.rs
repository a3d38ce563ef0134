//! `parvis backup` and `parvis restore`: the embedded database, while it is in use and while it is not.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{Outcome, database_url, open_pool};
use crate::{
    config::figment,
    db::{self, Hold},
    files,
};

#[derive(Args)]
pub(super) struct Backup {
    /// Where to write the copy; must not exist yet.
    file: PathBuf,
}

#[derive(Args)]
pub(super) struct Restore {
    /// A copy that `parvis backup` made.
    file: PathBuf,
    /// Replace a database that is there.
    #[arg(long)]
    force: bool,
}

const ONLY_SQLITE: &str =
    "this is for the embedded database (sqlite://FILE); for PostgreSQL use pg_dump and pg_restore";

impl Backup {
    pub(super) async fn run(self) -> Outcome {
        let pool = open_pool(&figment()).await?;
        if !pool.is_sqlite() {
            return Err(ONLY_SQLITE.into());
        }
        if self.file.exists() {
            return Err(format!("{} is there already; name a new file", self.file.display()).into());
        }
        let file = self.file.to_str().ok_or("the file's name must be UTF-8")?;
        pool.copy_to(file).await?;
        println!("{file}");
        Ok(())
    }
}

impl Restore {
    pub(super) async fn run(self) -> Outcome {
        let url = database_url(&figment())?;
        if db::is_postgres(&url) {
            return Err(ONLY_SQLITE.into());
        }
        let path = db::sqlite_file(&url)?;
        if path.exists() && !self.force {
            return Err(
                format!("{} is there already; stop the server and say --force", path.display()).into()
            );
        }
        // Beside it first: a full disk must not leave half a database behind.
        let beside = path.with_extension("restoring");
        let done = self.put(&path, &beside).await;
        if done.is_err() {
            // Best effort: what went wrong is the news.
            let _ = std::fs::remove_file(&beside);
        }
        done?;
        println!("{}", path.display());
        Ok(())
    }

    async fn put(&self, path: &Path, beside: &Path) -> Outcome {
        if std::fs::exists(beside)? {
            std::fs::remove_file(beside)?;
        }
        let mut copy = files::create_new(beside)?;
        let mut file =
            std::fs::File::open(&self.file).map_err(|cause| format!("{}: {cause}", self.file.display()))?;
        std::io::copy(&mut file, &mut copy)?;
        copy.sync_all()?;
        if !db::is_ours(beside).await.unwrap_or(false) {
            return Err(format!("{} is no database of ours", self.file.display()).into());
        }
        // What a running server writes from here on would be lost, and it would not know it.
        let held = if path.exists() { db::hold_alone(path).await? } else { Hold::Unreadable };
        if let Hold::InUse = held {
            return Err(format!("{} is in use; stop the server first", path.display()).into());
        }
        std::fs::rename(beside, path)?;
        for suffix in ["-wal", "-shm"] {
            let mut old = path.to_owned().into_os_string();
            old.push(suffix);
            if std::fs::exists(&old)? {
                std::fs::remove_file(&old)?;
            }
        }
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::File::open(folder)?.sync_all()?;
        }
        Ok(())
    }
}
