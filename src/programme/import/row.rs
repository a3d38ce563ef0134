//! What a form of the office says, read as the file that says the same: one row of `sessions.csv`, one table of
//! `programme.toml`, one file of `press/`. So there is one reader, with one set of rules, and what a form takes, an export gives back.

use std::fmt::Write as _;

use uuid::Uuid;

use super::{
    Options, Problem, csv,
    document::{Document, Section},
    folder,
    map::Columns,
    merge::{Merge, Unknown},
    table::{Row, Table, values},
};
use crate::programme::{
    Draft, DraftSession, Organisation, Place, PressRelease, Programme, Theme, cells::Cells,
};

/// The name of the file that a form would be.
const FORM: &str = "form";

pub use super::merge::blank;

/// The session that these cells make of the one of their slug, or a new one. Themes, places and organisations must be
/// known to the draft.
///
/// # Errors
/// Everything that is wrong, each with its column.
pub fn session(
    draft: &Draft,
    cells: &Cells,
    new_id: &mut dyn FnMut() -> Uuid,
) -> Result<DraftSession, Vec<Problem>> {
    let table = Table {
        headings: cells.keys().map(|column| (*column).to_owned()).collect(),
        rows: vec![Row { line: 1, cells: cells.values().cloned().collect() }],
        problems: Vec::new(),
    };
    let columns = Columns::find(FORM, &table.headings, None)?;
    let mut merge = Merge::new(FORM, draft.clone(), Some(draft), Unknown::Refuse);
    csv::rows(&mut merge, FORM, &table, &columns, new_id);
    match merge.draft.sessions.pop() {
        Some(session) if merge.problems.is_empty() => Ok(session),
        _ => Err(merge.problems),
    }
}

/// The theme that these cells make.
///
/// # Errors
/// Everything that is wrong, each with its key.
pub fn theme(draft: &Draft, cells: &Cells) -> Result<Theme, Vec<Problem>> {
    // The colour of one that names none is free among those that are there.
    let mut cells = cells.clone();
    if cells.get("colour").is_none_or(|colour| colour.trim().is_empty()) {
        cells.insert("colour", super::merge::free_colour(&draft.themes));
    }
    one("themes", &cells, folder::themes)
}

/// The place that these cells make.
///
/// # Errors
/// Everything that is wrong, each with its key.
pub fn place(cells: &Cells) -> Result<Place, Vec<Problem>> {
    one("places", cells, folder::places)
}

/// The organisation that these cells make.
///
/// # Errors
/// Everything that is wrong, each with its key.
pub fn organisation(cells: &Cells) -> Result<Organisation, Vec<Problem>> {
    one("organisations", cells, folder::organisations)
}

/// The release to the press that these cells make: what stands before its text in a file, its `text`, and its `slug`.
///
/// # Errors
/// Everything that is wrong, each with its key.
pub fn press(draft: &Draft, cells: &Cells) -> Result<PressRelease, Vec<Problem>> {
    let mut front = cells.clone();
    let mut take = |key: &str| front.remove(key).unwrap_or_default();
    let (slug, body) = (take("slug"), take("text"));
    let language = folder::own_language(&draft.programme);
    folder::press_release(FORM, &slug, (&toml(&front), &body), language).map_err(|problems| {
        // What is a file's name in a folder is a field here.
        let at_its_field = |problem: Problem| match problem.column.as_deref() {
            Some(folder::FILE_NAME) => problem.column("slug"),
            Some(_) | None => problem,
        };
        problems.into_iter().map(at_its_field).collect()
    })
}

/// The programme's own settings, as these cells say them: `contact.email`, `rules.capacity`.
///
/// # Errors
/// Everything that is wrong, each with its key.
pub fn programme(slug: &str, cells: &Cells) -> Result<Programme, Vec<Problem>> {
    let top = |cells: &Cells, section: &str| -> Cells {
        let own = cells.iter().filter_map(|(key, cell)| match key.split_once('.') {
            Some((of, key)) if of == section => Some((key, cell.clone())),
            None if section.is_empty() => Some((*key, cell.clone())),
            Some(_) | None => None,
        });
        own.collect()
    };
    let mut source = toml(&top(cells, ""));
    for section in ["contact", "rules", "call"] {
        let _ = write!(source, "[{section}]\n{}", toml(&top(cells, section)));
    }
    let mut document = Document::new(FORM, &source, 0);
    let root = document.parse();
    let mut section = Section::root(&root);
    let options = Options { slug: slug.to_owned(), ..Options::default() };
    let mut draft = folder::empty(&options);
    folder::programme(&mut document, &mut section, None, &mut draft.programme);
    section.finish(&mut document);
    document.done(draft.programme)
}

/// A draft that nobody has said anything of.
pub fn empty() -> Draft {
    folder::empty(&Options::default())
}

/// The only thing of a document that holds one.
fn one<T>(
    kind: &'static str,
    cells: &Cells,
    read: impl FnOnce(&mut Document<'_>, Vec<Section<'_, '_>>) -> Vec<T>,
) -> Result<T, Vec<Problem>> {
    let source = format!("[[{kind}]]\n{}", toml(cells));
    let mut document = Document::new(FORM, &source, 0);
    let root = document.parse();
    let mut section = Section::root(&root);
    let sections = section.tables(&mut document, kind);
    let mut found = read(&mut document, sections);
    let found = document.done(found.pop())?;
    Ok(found.expect("what has a slug is read, and what has none has been refused"))
}

/// Keys that hold several texts.
const LISTS: [&str; 3] = ["languages", "quiet", "reminders"];
/// Keys that hold numbers.
const NUMBERS: [&str; 6] = ["capacity", "per_week", "per_programme", "offer_hours", "latitude", "longitude"];
/// Keys that say yes or no.
const FLAGS: [&str; 1] = ["partners_see_names"];
/// Keys of which it is said that they are empty, rather than missing.
const NEEDED: [&str; 5] = ["slug", "title", "name", "timezone", "languages"];

/// Keys and values, a line each. What is empty is left out.
fn toml(cells: &Cells) -> String {
    let mut source = String::new();
    for (key, cell) in cells {
        if cell.trim().is_empty() && !NEEDED.contains(key) {
            continue;
        }
        let is_number = NUMBERS.contains(key) && cell.trim().parse::<f64>().is_ok_and(f64::is_finite);
        let value = if LISTS.contains(key) {
            format!("[{}]", values(cell).iter().map(|value| text(value)).collect::<Vec<_>>().join(", "))
        } else if is_number {
            number(cell.trim())
        } else if FLAGS.contains(key) && ["true", "false"].contains(&cell.trim()) {
            cell.trim().to_owned()
        } else {
            text(cell)
        };
        let _ = writeln!(source, "{key} = {value}");
    }
    source
}

/// As TOML writes numbers: no sign before a plus, digits on both sides of the point.
fn number(cell: &str) -> String {
    match cell.parse::<i64>() {
        Ok(whole) => whole.to_string(),
        Err(_) => cell.parse::<f64>().map_or_else(|_| text(cell), |number| format!("{number:?}")),
    }
}

/// A text between quotes. JSON's escapes are TOML's, save for DEL.
fn text(cell: &str) -> String {
    serde_json::Value::from(cell).to_string().replace('\u{7f}', "\\u007f")
}
