//! `parvis export`: a programme, or its registrations, in the formats of others.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use uuid::Uuid;

use super::{Outcome, Programme, open_house, progress, unknown_programme, write_out};
use crate::{
    calendar::sessions::{Filter, programme_feed},
    config::{self, Settings},
    db::Conn,
    error::Result as HouseResult,
    exchange::{
        csv::{self, Dialect},
        frab_json, frab_xml, xlsx,
    },
    files,
    locale::Lang,
    programme::{self, Draft},
    publication,
    registration::{
        attendance::store as attendance, desk::House, feedback::store as feedback, figures,
        store::report as registrations,
    },
    release::{self, Release},
    view::View,
    web::archive,
};

#[derive(Args)]
pub(super) struct Export {
    #[command(flatten)]
    programme: Programme,
    /// What to write.
    #[arg(long, value_enum)]
    format: Format,
    /// For Excel: `;` between the cells, and a byte order mark.
    #[arg(long)]
    excel: bool,
    /// Where to write; standard output where it is left out. For `html` a folder, which is made.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// The draft's sessions, with the join addresses.
    Csv,
    /// The same as a workbook of Excel.
    Xlsx,
    /// The last release, as frab's schedule.xml.
    FrabXml,
    /// The last release, as frab's schedule.json.
    FrabJson,
    /// The last release, as a calendar.
    Ics,
    /// The last release, whole.
    Json,
    /// Who is registered for what. Personal data: keep it as short as you can.
    RegistrationsCsv,
    /// The same as a workbook of Excel.
    RegistrationsXlsx,
    /// Who came, in figures.
    AttendanceCsv,
    /// What people say of the sessions, without their names.
    FeedbackCsv,
    /// The last release as web pages for any server of files, or for none: an archive.
    Html,
}

impl Export {
    pub(super) async fn run(self) -> Outcome {
        let house = open_house().await?;
        let base_url = Settings::extract(&config::figment())?.base_url;
        let slug = &self.programme.slug;
        if matches!(self.format, Format::Html) {
            let folder =
                self.output.as_deref().ok_or("`--format html` writes a folder: name it with `-o FOLDER`")?;
            return archive(&house, &base_url, slug, folder).await;
        }
        let dialect = if self.excel { Dialect::Excel } else { Dialect::Plain };
        let mut db = house.pool.acquire().await?;
        let Some((id, draft)) = programme::store::load(&mut db, slug).await? else {
            return Err(unknown_programme(slug).into());
        };
        let released = release::store::latest(&mut db, id).await?;
        let lang = draft.programme.languages.iter().find_map(|code| Lang::parse(code)).unwrap_or_default();
        let release = || -> Result<&Release, String> {
            released
                .as_ref()
                .ok_or_else(|| format!("`{slug}` has no release yet; `parvis publish {slug}` makes one"))
        };
        let bytes = match self.format {
            Format::Csv => csv::full_csv(&draft, dialect),
            Format::Xlsx => xlsx::sessions_xlsx(&draft, house.clock.now())?,
            Format::FrabXml => frab_xml::schedule_xml(release()?, &base_url, lang).into_bytes(),
            Format::FrabJson => {
                serde_json::to_vec_pretty(&frab_json::schedule_json(release()?, &base_url, lang))?
            }
            Format::Ics => programme_feed(release()?, lang, &base_url, Filter::All).into_bytes(),
            Format::Json => serde_json::to_vec_pretty(release()?)?,
            Format::RegistrationsCsv => {
                csv::registrations_csv(&registered(&mut db, id, &draft).await?, dialect)
            }
            Format::RegistrationsXlsx => {
                xlsx::registrations_xlsx(&registered(&mut db, id, &draft).await?, house.clock.now())?
            }
            Format::AttendanceCsv => csv::attendance_csv(&figures(&mut db, id, &draft).await?, dialect),
            Format::FeedbackCsv => csv::feedback_csv(&answers(&mut db, id, &draft).await?, dialect),
            Format::Html => return Err("`html` is a folder".into()),
        };
        if let (Format::RegistrationsCsv | Format::RegistrationsXlsx | Format::FeedbackCsv, Some(file)) =
            (self.format, &self.output)
        {
            // One that is there keeps its rights.
            let _ = files::create_new(file);
        }
        write_out(self.output.as_ref(), &bytes)
    }
}

/// Writes the pages into that folder. What was there before under the same names is written over.
async fn archive(house: &House, base_url: &str, slug: &str, folder: &Path) -> Outcome {
    publication::refresh(house).await?;
    figures::count_due(house, house.clock.now(), figures::NO_REST).await?;
    publication::read_people(house).await?;
    let Some(published) = house.publications.current(slug) else {
        let mut db = house.pool.acquire().await?;
        return Err(match programme::store::id_of(&mut db, slug).await? {
            Some(_) => format!("`{slug}` has no release yet; `parvis publish {slug}` makes one"),
            None => unknown_programme(slug),
        }
        .into());
    };
    let bar = progress("drawing pages");
    let files = archive::write(house, &View::new()?, base_url, &published, |file| {
        let path = folder.join(&file.path);
        let told =
            |cause: std::io::Error| crate::error::Error::Internal(format!("{}: {cause}", path.display()));
        path.parent().map_or(Ok(()), std::fs::create_dir_all).map_err(told)?;
        std::fs::write(&path, &file.bytes).map_err(told)
    })
    .await?;
    drop(bar);
    println!("{files} files");
    Ok(())
}

async fn registered(db: &mut Conn, id: Uuid, draft: &Draft) -> HouseResult<Vec<csv::RegistrationRow>> {
    let sessions = draft.sessions.iter().map(|session| &session.session);
    let slugs = sessions.map(|session| (session.id, session.slug.clone())).collect();
    Ok(registrations::rows(db, id, &slugs).await?)
}

/// In the order of the programme; sessions that nobody has marked are left out.
async fn figures(db: &mut Conn, id: Uuid, draft: &Draft) -> HouseResult<Vec<csv::AttendanceRow>> {
    let figures = attendance::figures(db, id).await?;
    let row = |session: &programme::Session| {
        let known = figures.get(&session.id)?;
        Some(csv::AttendanceRow {
            session: session.slug.clone(),
            registered: known.registered,
            present: known.present,
            absent: known.absent,
            walk_in: known.walk_in,
        })
    };
    Ok(draft.sessions.iter().filter_map(|session| row(&session.session)).collect())
}

/// In the order of the programme.
async fn answers(db: &mut Conn, id: Uuid, draft: &Draft) -> HouseResult<Vec<csv::FeedbackRow>> {
    let answers = feedback::rows(db, id).await?;
    let mut rows = Vec::with_capacity(answers.len());
    for session in draft.sessions.iter().map(|session| &session.session) {
        let about = answers.iter().filter(|answer| answer.session_id == session.id);
        rows.extend(about.map(|answer| csv::FeedbackRow {
            session: session.slug.clone(),
            answered_on: answer.answered_on,
            rating: answer.rating,
            takeaway: answer.takeaway.clone(),
            better: answer.better.clone(),
        }));
    }
    Ok(rows)
}
