//! `parvis attendance`: who came to a session, from a list. Again with a corrected list, it corrects.

use std::{io::Read as _, path::PathBuf};

use clap::Args;

use super::{Outcome, open_house, unknown_among, unknown_programme};
use crate::{
    audit::Actor,
    programme::{
        self,
        import::{FILE_BYTES_MAX, Problem},
    },
    registration::attendance::{self, Marked, Mode, list},
    release,
};

#[derive(Args)]
pub(super) struct Attendance {
    /// The programme's slug.
    slug: String,
    /// The session's slug.
    session: String,
    /// Who came: one address a line (`+3`: three people who are not registered); or a table with a column `email`;
    /// or the export of registrations with a column `present`. `-`: standard input. Whoever has a seat and is not in
    /// it did not come.
    file: PathBuf,
    /// Say what it would be, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Nobody came: without this, a list of nobody is a mistake.
    #[arg(long)]
    nobody: bool,
}

impl Attendance {
    pub(super) async fn run(self) -> Outcome {
        let house = open_house().await?;
        let now = house.clock.now();
        let mut db = house.pool.acquire().await?;
        let id = programme::store::id_of(&mut db, &self.slug).await?;
        let id = id.ok_or_else(|| unknown_programme(&self.slug))?;
        let release = release::store::latest(&mut db, id).await?;
        let unknown = || {
            let what = format!("`{}` has published no session `{}`", self.slug, self.session);
            let sessions = release.iter().flat_map(|release| release.listed());
            unknown_among(what, sessions.map(|session| session.slug.as_str()))
        };
        let session =
            release.as_ref().and_then(|release| release.session(&self.session)).ok_or_else(unknown)?;
        drop(db);
        let (name, bytes) = self.read()?;
        let list = list::read(&name, &bytes, &self.session).map_err(|problems| lines(&problems))?;
        if list.is_of_nobody() && !self.nobody {
            return Err(format!("{name}: nobody is marked present; write --nobody if nobody came").into());
        }
        list.notices.iter().for_each(|notice| eprintln!("{notice}"));
        let mode = if self.dry_run { Mode::Try } else { Mode::Write };
        match attendance::mark(&house, Actor::Command, id, session.id, &list, mode, now).await? {
            Marked::Done(figures) => {
                if self.dry_run {
                    eprintln!("nothing was written");
                }
                println!(
                    "present {}, absent {}, walk-in {}",
                    figures.present, figures.absent, figures.walk_in
                );
                Ok(())
            }
            Marked::NotYet(starts) => {
                let there = starts.with_timezone(&release.map_or(chrono_tz::UTC, |it| it.programme.timezone));
                Err(format!("`{}` begins on {}", self.session, there.format("%Y-%m-%d at %H:%M")).into())
            }
            Marked::Off => Err(format!("`{}` does not take place", self.session).into()),
            Marked::Unknown => Err(unknown().into()),
            Marked::Wrong(problems) => Err(lines(&problems).into()),
        }
    }

    fn read(&self) -> Result<(String, Vec<u8>), String> {
        let name = self.file.display().to_string();
        let mut bytes = Vec::new();
        let read = if name == "-" {
            std::io::stdin().take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes)
        } else {
            let file = std::fs::File::open(&self.file);
            file.and_then(|file| file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes))
        };
        read.map_err(|cause| format!("{name}: {cause}"))?;
        if bytes.len() as u64 > FILE_BYTES_MAX {
            return Err(format!("{name}: is larger than {} MiB", FILE_BYTES_MAX >> 20));
        }
        Ok((name, bytes))
    }
}

fn lines(problems: &[Problem]) -> String {
    let said: Vec<_> = problems.iter().map(Problem::to_string).collect();
    format!("{}\nnothing was written", said.join("\n"))
}
