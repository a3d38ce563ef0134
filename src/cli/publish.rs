//! `parvis publish`: makes a release of a draft.

use clap::Args;

use super::{Outcome, Programme, open_house, progress, unknown_programme};
use crate::{error::Error, publication, release::ChangeKind};

#[derive(Args)]
pub(super) struct Publish {
    #[command(flatten)]
    programme: Programme,
    /// What to say about this release on the page of changes.
    #[arg(long, default_value = "")]
    note: String,
}

impl Publish {
    pub(super) async fn run(self) -> Outcome {
        let house = open_house().await?;
        let slug = &self.programme.slug;
        let bar = progress("publish");
        let published = publication::publish(&house, slug, &self.note).await;
        bar.finish_and_clear();
        let done = match published {
            Err(Error::NotFound) => return Err(unknown_programme(slug).into()),
            done => done?,
        };
        let Some(release) = done.release else {
            if done.settings > 0 {
                eprintln!("live settings of {} sessions are in force", done.settings);
            }
            println!("no change");
            return Ok(());
        };
        let kinds = [
            ChangeKind::New,
            ChangeKind::Moved,
            ChangeKind::Cancelled,
            ChangeKind::Changed,
            ChangeKind::Withdrawn,
        ];
        for kind in kinds {
            let count = release.changes.iter().filter(|change| change.kind == kind).count();
            if count > 0 {
                eprintln!("{}: {count}", kind.code());
            }
        }
        println!("release {}", release.number);
        Ok(())
    }
}
