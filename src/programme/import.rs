//! Programmes from files: a folder, CSV, workbooks, frab XML and JSON, pretalx (DESIGN.md section 7).
//!
//! Pure: bytes in, a whole new draft or every problem out. [`read`] alone touches the disk. Nothing is
//! written here, so a file with one wrong row changes nothing.

mod cell;
mod csv;
mod document;
mod folder;
mod frab;
mod frab_json;
mod frab_xml;
mod guess;
mod html;
pub mod kept;
pub mod live;
mod map;
mod merge;
pub(super) mod names;
mod pretalx;
pub mod remembered;
pub mod row;
mod said;
mod sheet;
mod source;
pub mod store;
pub mod table;
mod text;
mod time;
mod words;

pub use guess::{Guess, Known, Sure, guess};
pub use map::{ColumnMap, Field};
pub use said::said;
pub use sheet::Sheet;
pub use source::{Read, Source};
pub use words::plain;

use std::{collections::BTreeMap, fmt, fs, path::Path};

use chrono::{NaiveDate, NaiveDateTime};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Draft, RESERVED_SLUGS, is_slug};

/// The largest file that we read, in bytes.
pub const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// The most rows of a table of sessions, and events of a schedule, that we read.
pub const ROWS_MAX: usize = 20_000;
/// The most columns of a table that we read.
pub const COLUMNS_MAX: usize = 200;
/// The most cells of a table of sessions that we read, empty ones between others too: all of its rows, every field.
pub const CELLS_MAX: usize = 600_000;
/// The most values, or elements, of a schedule that we read.
const VALUES_MAX: usize = 500_000;

/// The zone of a programme whose file names none.
const ZONE_DEFAULT: Tz = Tz::Europe__Zurich;

/// What is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A table of sessions.
    Csv,
    /// The same in a workbook of Excel.
    Xlsx,
    /// The same in a workbook of LibreOffice.
    Ods,
    /// The XML of frab, pretalx and pentabarf.
    FrabXml,
    /// The JSON of frab and pretalx, and of pretalx's API.
    FrabJson,
    /// `programme.toml`, `sessions.csv`, `press/*.md`.
    Folder,
}

impl Format {
    /// Every format, in the order in which they are tried.
    const ALL: [Format; 6] =
        [Format::Csv, Format::Xlsx, Format::Ods, Format::FrabXml, Format::FrabJson, Format::Folder];

    /// The format of a file, from what stands in it, else from its name. A folder is known by [`read`].
    pub fn guess(path: &Path, bytes: &[u8]) -> Format {
        match sheet::kind(bytes) {
            Some(sheet::Kind::Xlsx) => return Format::Xlsx,
            Some(sheet::Kind::Ods) => return Format::Ods,
            None => {}
        }
        let start = text::decode("", bytes).map(|text| text.text).unwrap_or_default();
        match start.trim_start().chars().next() {
            Some('<') => return Format::FrabXml,
            Some('{' | '[') => return Format::FrabJson,
            _ => {}
        }
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        match extension.to_ascii_lowercase().as_str() {
            "xml" => Format::FrabXml,
            "json" => Format::FrabJson,
            _ => Format::Csv,
        }
    }

    /// The format of that word: `csv`, `xlsx`, `ods`, `frab-xml`, `frab-json`, `folder`.
    pub fn parse(word: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.code() == word)
    }

    /// The word on the command line.
    pub fn code(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Xlsx => "xlsx",
            Format::Ods => "ods",
            Format::FrabXml => "frab-xml",
            Format::FrabJson => "frab-json",
            Format::Folder => "folder",
        }
    }
}

/// What the person who imports has said.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The programme to import into.
    pub slug: String,
    /// Which column feeds which field, for headings that we do not know.
    pub map: Option<ColumnMap>,
    /// Which sheet of a workbook, where it is not the first that looks like sessions.
    pub sheet: Option<String>,
    /// The programme's zone, over what the file says.
    pub timezone: Option<Tz>,
    /// Withdraw sessions that the file does not have.
    pub remove_missing: bool,
}

/// What was read: names, and the bytes of each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files(BTreeMap<String, Vec<u8>>);

impl Files {
    /// One file (CSV, XML, JSON), or a folder's files: `programme.toml`, `sessions.csv`, `press/name.md`.
    pub fn new(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Files {
        Files(files.into_iter().collect())
    }

    fn get(&self, name: &str) -> Option<&[u8]> {
        self.0.get(name).map(Vec::as_slice)
    }

    /// The only file of a format that has one file.
    fn only(&self) -> Result<(&str, &[u8]), Vec<Problem>> {
        match self.0.iter().next() {
            Some((name, bytes)) => Ok((name, bytes)),
            None => Err(vec![Problem::new("import", "there is no file to read")]),
        }
    }
}

/// The draft after the import, and what became of its sessions.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// The whole draft; nothing is written yet.
    pub draft: Draft,
    /// Sessions that were not there.
    pub added: usize,
    /// Sessions of which anything is different, live values too.
    pub changed: usize,
    /// Sessions withdrawn because the file does not have them.
    pub removed: usize,
    /// Slugs of sessions that the file does not have and that stay.
    pub missing: Vec<String>,
    /// Where each session of the file stands: its slug, and the line.
    pub lines: BTreeMap<String, u64>,
    /// What was guessed or left out, and hinders nothing.
    pub notices: Vec<Problem>,
}

/// One thing that is wrong in a file, where it is, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The file's name.
    pub file: String,
    /// The first line is 1.
    pub line: Option<u64>,
    /// The column, or the key, or the place in a tree.
    pub column: Option<String>,
    /// What stands there.
    pub value: Option<String>,
    /// Why it cannot be taken and what could be.
    pub message: String,
}

impl Problem {
    /// A file's, and what is wrong with it.
    pub fn new(file: impl Into<String>, message: impl Into<String>) -> Problem {
        Problem { file: file.into(), line: None, column: None, value: None, message: message.into() }
    }

    /// On that line.
    pub fn line(mut self, line: u64) -> Problem {
        self.line = Some(line);
        self
    }

    /// In that column.
    pub fn column(mut self, column: impl Into<String>) -> Problem {
        self.column = Some(column.into());
        self
    }

    /// Where this stands.
    pub fn value(mut self, value: impl Into<String>) -> Problem {
        self.value = Some(value.into());
        self
    }
}

impl fmt::Display for Problem {
    /// `sessions.csv:12: date "31.02.2027": there is no such day…`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// Of a value, so that one bad cell does not fill the screen.
        const VALUE_CHARS_MAX: usize = 80;

        write!(f, "{}:", self.file.escape_debug())?;
        if let Some(line) = self.line {
            write!(f, "{line}:")?;
        }
        if let Some(column) = &self.column {
            write!(f, " {}", column.escape_debug())?;
        }
        if let Some(value) = &self.value {
            let mut short: String = value.chars().take(VALUE_CHARS_MAX).collect();
            if short.len() < value.len() {
                short.push('…');
            }
            write!(f, " {short:?}")?;
        }
        if self.column.is_some() || self.value.is_some() {
            write!(f, ":")?;
        }
        write!(f, " {}", self.message)
    }
}

/// Reads a file or a folder from the disk. Without a format, it is guessed.
///
/// # Errors
/// What cannot be opened, is larger than [`FILE_BYTES_MAX`], or is a folder where a file is needed.
pub fn read(path: &Path, format: Option<Format>) -> Result<(Format, Files), Vec<Problem>> {
    let is_folder = path.is_dir();
    match format {
        None | Some(Format::Folder) if is_folder => Ok((Format::Folder, read_folder(path)?)),
        // Who names the folder's own file means the folder.
        None | Some(Format::Folder) if path.file_name().is_some_and(|name| name == "programme.toml") => {
            Ok((Format::Folder, read_folder(path.parent().unwrap_or(Path::new(".")))?))
        }
        Some(Format::Folder) => Err(vec![Problem::new(
            path.display().to_string(),
            "this is no folder; a programme folder holds programme.toml and sessions.csv",
        )]),
        Some(Format::Csv | Format::Xlsx | Format::Ods | Format::FrabXml | Format::FrabJson) if is_folder => {
            Err(vec![Problem::new(
                path.display().to_string(),
                "this is a folder; name a file in it, or use --format folder",
            )])
        }
        None | Some(Format::Csv | Format::Xlsx | Format::Ods | Format::FrabXml | Format::FrabJson) => {
            let name = path
                .file_name()
                .map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
            let bytes = read_file(path, &name).map_err(|problem| vec![problem])?;
            let format = format.unwrap_or_else(|| Format::guess(path, &bytes));
            Ok((format, Files::new([(name, bytes)])))
        }
    }
}

fn read_folder(path: &Path) -> Result<Files, Vec<Problem>> {
    let mut names = vec!["programme.toml".to_owned(), "sessions.csv".to_owned()];
    if let Ok(press) = fs::read_dir(path.join("press")) {
        let files = press.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
        names.extend(files.filter(|name| name.ends_with(".md")).map(|name| format!("press/{name}")));
    }
    let mut files = BTreeMap::new();
    let mut problems = Vec::new();
    for name in names {
        match read_file(&path.join(&name), &name) {
            Ok(bytes) => drop(files.insert(name, bytes)),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(Files(files)) } else { Err(problems) }
}

fn read_file(path: &Path, name: &str) -> Result<Vec<u8>, Problem> {
    let failed = |error: std::io::Error| Problem::new(name, format!("cannot be read: {error}"));
    let size = fs::metadata(path).map_err(failed)?.len();
    if size > FILE_BYTES_MAX {
        return Err(Problem::new(name, format!("has {size} bytes; at most {FILE_BYTES_MAX} are read")));
    }
    fs::read(path).map_err(failed)
}

/// The draft after the import of these files into the existing one, or into nothing.
///
/// Existing sessions keep their `id`, found by their slug; `new_id` makes those of new ones.
///
/// # Errors
/// Everything that is wrong in the files, not only the first.
pub fn import(
    existing: Option<&Draft>,
    files: &Files,
    format: Format,
    options: &Options,
    new_id: &mut dyn FnMut() -> Uuid,
) -> Result<Imported, Vec<Problem>> {
    check_slug(&options.slug)?;
    if format == Format::Folder {
        return folder::import(existing, files, options, new_id);
    }
    let (name, bytes) = files.only()?;
    Source::read_as(name, bytes, format)?.import(existing, name, options, new_id)
}

/// Refuses what can be no programme's slug.
fn check_slug(slug: &str) -> Result<(), Vec<Problem>> {
    if is_slug(slug) && !RESERVED_SLUGS.contains(&slug) {
        return Ok(());
    }
    Err(vec![Problem::new("--programme", slug_rule()).value(slug)])
}

/// The day that a text says, as files may write it.
pub fn day(text: &str) -> Option<NaiveDate> {
    time::day(text).ok()
}

/// False for a local time that summer time skips.
pub fn exists(zone: Tz, local: NaiveDateTime) -> bool {
    time::exists(zone, local).is_ok()
}

/// Several lines, as a cell may hold them.
///
/// # Errors
/// A sentence that says what would be right.
pub fn long_text(cell: &str) -> Result<String, String> {
    text::long(cell)
}

fn too_many_values() -> String {
    format!("has more than {VALUES_MAX} values; at most {VALUES_MAX} are read")
}

/// What a slug must look like, for messages.
fn slug_rule() -> String {
    format!(
        "a slug has 3 to 100 of a-z, 0-9 and -, starts with a letter or digit, and a programme's is none of: {}",
        RESERVED_SLUGS.join(", ")
    )
}

#[cfg(test)]
mod tests;
