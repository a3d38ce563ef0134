//! Export: the programme, and its registrations, as files of others.

use rocket::{
    Responder, Route, get,
    http::{ContentType, Header, Status},
    routes,
};
use serde::Serialize;

use super::{Html, Right, Room, frame::At, guard::Signed, may};
use crate::{
    error::{Error, Result},
    exchange::{
        csv::{self, Dialect, RegistrationRow},
        xlsx::{self, CannotWrite},
    },
    identity::Staff,
    locale::{Lang, text},
    programme::{self, Draft},
    registration::store::report,
    web::reply::Private,
};

/// The routes of this area.
pub fn routes() -> Vec<Route> {
    routes![show, file]
}

#[derive(Serialize)]
struct ExportPage {
    draft: Vec<File>,
    /// None where nothing is published.
    release: Vec<File>,
    /// None where that is not this person's business.
    people: Vec<File>,
    /// Why there is no workbook.
    too_long: Option<String>,
}

/// A file, and what it is for: its words are `export-{name}` and `export-{name}-what`.
#[derive(Serialize)]
struct File {
    name: &'static str,
    href: String,
}

/// A file to keep.
#[derive(Responder)]
pub struct Download {
    bytes: (ContentType, Vec<u8>),
    disposition: Header<'static>,
}

#[get("/<lang>/office/<slug>/export", rank = 6)]
async fn show(signed: Signed, lang: Lang, slug: &str, room: Room<'_>) -> Result<Private<Html>> {
    let staff = signed.with(Right::SeeDraft)?;
    page(&room, staff, lang, slug, None).await.map(Private)
}

async fn page(
    room: &Room<'_>,
    staff: &Staff,
    lang: Lang,
    slug: &str,
    too_long: Option<String>,
) -> Result<Html> {
    let (known, at) = At::programme(&mut room.db().await?, staff, lang, slug, "export").await?;
    let here = format!("/{}/office/{}/export", lang.code(), known.slug);
    let public = format!("/{}/{}", lang.code(), known.slug);
    let file =
        |base: &str, name: &'static str, address: &str| File { name, href: format!("{base}/{address}") };
    let is_published = room.house.publications.current(&known.slug).is_some();
    let release = match is_published {
        true => vec![
            file(&public, "ics", "calendar.ics"),
            file(&public, "frab-xml", "schedule.xml"),
            file(&public, "frab-json", "schedule.json"),
            file(&public, "public-csv", "sessions.csv"),
        ],
        false => Vec::new(),
    };
    let people = match may(staff.role, Right::SeeRegistrations) {
        true => vec![
            file(&here, "registrations-xlsx", "registrations.xlsx"),
            file(&here, "registrations-csv", "registrations.csv"),
        ],
        false => Vec::new(),
    };
    let draft =
        vec![file(&here, "sessions-xlsx", "sessions.xlsx"), file(&here, "sessions-csv", "sessions.csv")];
    let layout = at.frame(room, staff, "/export", text(lang, "export-title", &[]));
    room.draw(layout, ExportPage { draft, release, people, too_long }, "office/export.html")
}

/// A file, or the page that says why there is none.
#[derive(Responder)]
pub enum Answer {
    File(Box<Private<Download>>),
    Page((Status, Private<Html>)),
}

/// The sessions are for who sees the draft; who is registered for what is for who sees registrations.
#[get("/<lang>/office/<slug>/export/<file>", rank = 6)]
async fn file(signed: Signed, lang: Lang, slug: &str, file: &str, room: Room<'_>) -> Result<Answer> {
    if let Some(kind) = Kind::parse(file, "registrations") {
        let staff = signed.with(Right::SeeRegistrations)?;
        let bytes = registrations(&room, staff, lang, slug, kind).await?;
        return Ok(Answer::File(Box::new(Private(download(slug, file, kind, bytes)))));
    }
    let staff = signed.with(Right::SeeDraft)?;
    let kind = Kind::parse(file, "sessions").ok_or(Error::NotFound)?;
    let draft = draft(&room, staff, lang, slug).await?.1;
    let written = match kind {
        Kind::Csv => Ok(csv::full_csv(&draft, Dialect::Plain)),
        Kind::Xlsx => xlsx::sessions_xlsx(&draft, room.now),
    };
    match written {
        Ok(bytes) => Ok(Answer::File(Box::new(Private(download(slug, file, kind, bytes))))),
        Err(CannotWrite::TooLong { row, column }) => {
            let field = text(lang, &format!("import-field-{}", column.replace('_', "-")), &[]);
            let values = [("column", field.as_str().into()), ("session", row.as_str().into())];
            let why = text(lang, "export-too-long", &values);
            let html = page(&room, staff, lang, slug, Some(why)).await?;
            Ok(Answer::Page((Status::UnprocessableEntity, Private(html))))
        }
        Err(CannotWrite::Other(cause)) => Err(Error::Internal(cause.to_string())),
    }
}

async fn registrations(
    room: &Room<'_>,
    staff: &Staff,
    lang: Lang,
    slug: &str,
    kind: Kind,
) -> Result<Vec<u8>> {
    let (id, draft) = draft(room, staff, lang, slug).await?;
    let sessions = draft.sessions.iter().map(|session| &session.session);
    let slugs = sessions.map(|session| (session.id, session.slug.clone())).collect();
    let rows: Vec<RegistrationRow> = report::rows(&mut room.db().await?, id, &slugs).await?;
    match kind {
        Kind::Csv => Ok(csv::registrations_csv(&rows, Dialect::Plain)),
        Kind::Xlsx => {
            xlsx::registrations_xlsx(&rows, room.now).map_err(|cause| Error::Internal(cause.to_string()))
        }
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Csv,
    Xlsx,
}

impl Kind {
    /// The kind of `{name}.csv` and `{name}.xlsx`.
    fn parse(file: &str, name: &str) -> Option<Kind> {
        match file.strip_prefix(name)? {
            ".csv" => Some(Kind::Csv),
            ".xlsx" => Some(Kind::Xlsx),
            _ => None,
        }
    }

    fn content_type(self) -> ContentType {
        match self {
            Kind::Csv => ContentType::CSV,
            Kind::Xlsx => {
                ContentType::new("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
            }
        }
    }
}

async fn draft(room: &Room<'_>, staff: &Staff, lang: Lang, slug: &str) -> Result<(uuid::Uuid, Draft)> {
    let mut db = room.db().await?;
    At::programme(&mut db, staff, lang, slug, "export").await?;
    programme::store::load(&mut db, slug).await?.ok_or(Error::NotFound)
}

fn download(slug: &str, file: &str, kind: Kind, bytes: Vec<u8>) -> Download {
    // A slug of a programme and a name of ours: nothing in them can end the quotes.
    let disposition = format!("attachment; filename=\"{}-{file}\"", programme::slugify(slug));
    Download {
        bytes: (kind.content_type(), bytes),
        disposition: Header::new("Content-Disposition", disposition),
    }
}
