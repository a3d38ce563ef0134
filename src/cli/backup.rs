//! `parvis backup` and `parvis restore`: the embedded database, while it is in use and while it is not.

use std::path::PathBuf;

use clap::Args;

use super::{Outcome, database_url, figment, open_pool};
use crate::files;

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
    pub(super) fn run(self) -> Outcome {
        let url = database_url(&figment());
        let Some(path) = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:")) else {
            return Err(ONLY_SQLITE.into());
        };
        let path = PathBuf::from(path.split('?').next().unwrap_or(path));
        let mut head = [0; 16];
        let readable = std::fs::File::open(&self.file)
            .and_then(|mut file| std::io::Read::read_exact(&mut file, &mut head));
        if readable.is_err() || head != *b"SQLite format 3\0" {
            return Err(format!("{} is no database of ours", self.file.display()).into());
        }
        if path.exists() && !self.force {
            return Err(
                format!("{} is there already; stop the server and say --force", path.display()).into()
            );
        }
        // Beside it first: a full disk must not leave half a database behind.
        let beside = path.with_extension("restoring");
        if std::fs::exists(&beside)? {
            std::fs::remove_file(&beside)?;
        }
        let mut copy = files::create_new(&beside)?;
        std::io::copy(&mut std::fs::File::open(&self.file)?, &mut copy)?;
        copy.sync_all()?;
        for suffix in ["-wal", "-shm"] {
            let mut old = path.clone().into_os_string();
            old.push(suffix);
            if std::fs::exists(&old)? {
                std::fs::remove_file(&old)?;
            }
        }
        std::fs::rename(&beside, &path)?;
        println!("{}", path.display());
        Ok(())
    }
}
