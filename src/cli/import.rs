//! `parvis import`: a file, or a folder, into a draft. Nothing is written if a row is wrong.

use std::path::PathBuf;

use chrono_tz::Tz;
use clap::Args;

use uuid::Uuid;

use super::{Outcome, make_house, progress};
use crate::{
    audit::{self, Actor, Entry, Facts},
    identity::joining,
    programme::{
        self, Draft,
        import::{self, ColumnMap, Format, Imported, Options, Problem},
    },
    registration::desk::House,
};

#[derive(Args)]
pub(super) struct Import {
    /// A programme folder, or a CSV, XLSX, ODS, frab XML or JSON file, or one of pretalx's API.
    path: PathBuf,
    /// The programme to import into; made if there is none of that slug.
    #[arg(long, value_name = "SLUG")]
    programme: String,
    /// What the file is, where its content does not say it.
    #[arg(long, value_parser = ["csv", "xlsx", "ods", "frab-xml", "frab-json", "folder"])]
    format: Option<String>,
    /// A TOML file that names the column of each field: `title = "event_title"`.
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
    /// Which sheet of a workbook, where it is not the first that looks like sessions.
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// The time zone of a file that names none, such as Europe/Zurich.
    #[arg(long, value_name = "ZONE")]
    timezone: Option<Tz>,
    /// Withdraw sessions that the file does not have.
    #[arg(long)]
    remove_missing: bool,
    /// Say what would change, and write nothing.
    #[arg(long)]
    dry_run: bool,
}

impl Import {
    pub(super) async fn run(self) -> Outcome {
        let format = self.format.as_deref().and_then(Format::parse);
        let (format, files) = import::read(&self.path, format).map_err(|problems| told(&problems))?;
        let map = match &self.map {
            Some(path) => {
                let text =
                    std::fs::read_to_string(path).map_err(|cause| format!("{}: {cause}", path.display()))?;
                Some(
                    ColumnMap::parse(&path.display().to_string(), &text)
                        .map_err(|problems| told(&problems))?,
                )
            }
            None => None,
        };
        let options = Options {
            slug: self.programme.clone(),
            map,
            sheet: self.sheet.clone(),
            timezone: self.timezone,
            remove_missing: self.remove_missing,
        };

        let house = make_house().await?;
        let bar = progress("import");
        let imported = loop {
            let now = house.clock.now();
            // Read, and compared, without a lock: forms go on being answered meanwhile.
            let mut db = house.pool.acquire().await?;
            let existing = programme::store::load(&mut db, &self.programme).await?;
            drop(db);
            let mut new_id = || house.tokens.id(now);
            let draft = existing.as_ref().map(|(_, draft)| draft);
            let imported =
                import::import(draft, &files, format, &options, &mut new_id).map_err(|problems| {
                    bar.finish_and_clear();
                    told(&problems)
                })?;
            if self.dry_run || save(&house, &self.programme, &existing, &imported).await? {
                break imported;
            }
        };
        bar.finish_and_clear();
        for notice in &imported.notices {
            eprintln!("note: {notice}");
        }
        for slug in &imported.missing {
            eprintln!("note: `{slug}` is not in the file and stays; --remove-missing withdraws it");
        }
        if self.dry_run {
            eprintln!("nothing was written: this is what it would be");
        }
        println!("added {}, changed {}, removed {}", imported.added, imported.changed, imported.removed);
        Ok(())
    }
}

/// Writes the draft, unless the one that it was made from has changed meanwhile: then it writes nothing, and the
/// answer is false.
async fn save(
    house: &House,
    slug: &str,
    before: &Option<(Uuid, Draft)>,
    imported: &Imported,
) -> Result<bool, crate::error::Error> {
    let now = house.clock.now();
    let mut tx = house.pool.begin().await?;
    // Another import into the same programme waits.
    programme::store::lock(&mut tx, slug).await?;
    if programme::store::load(&mut tx, slug).await? != *before {
        tx.rollback().await?;
        return Ok(false);
    }
    let id = programme::store::save(&mut tx, &imported.draft, house.tokens.id(now), now).await?;
    if before.as_ref().is_none_or(|(_, before)| *before != imported.draft) {
        let counts = Facts::default()
            .with("added", imported.added)
            .with("changed", imported.changed)
            .with("removed", imported.removed);
        let subject = audit::subject("programme", slug);
        let entry = Entry::new(&house.tokens, now, Actor::Command, "draft.import", subject);
        audit::record(&mut tx, &entry.of(id).facts(Facts::default(), counts)).await?;
        let organisations = imported.draft.organisations.iter();
        let organisations: Vec<&str> = organisations.map(|one| one.slug.as_str()).collect();
        joining::end_gone(&mut tx, house, Actor::Command, id, &organisations, now).await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// Every problem on a line of its own, and how many they are.
fn told(problems: &[Problem]) -> String {
    for problem in problems {
        eprintln!("{problem}");
    }
    match problems.len() {
        1 => "one problem; nothing was written".to_owned(),
        many => format!("{many} problems; nothing was written"),
    }
}
