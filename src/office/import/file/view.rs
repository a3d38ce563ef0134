//! What the page of a file shows.

use std::sync::Arc;

use serde::Serialize;

use super::{Seen, field_name};
use crate::{
    error::Result,
    locale::{self, Lang, text},
    office::{
        Room,
        draft::{
            brought::{self, ClashView},
            fields,
        },
        import::{
            LIST_MAX, Turn, address,
            changes::{self, Change, Kind},
            imported,
        },
    },
    programme::{
        Draft, DraftSession,
        import::{
            Field, Imported, Problem, Source,
            kept::{self, Outcome},
            said,
            table::Table,
        },
    },
    web::assets,
};

/// Of a value, so that one long text does not fill the page.
const VALUE_CHARS_MAX: usize = 160;
/// Values of a column that are shown.
const SAMPLES: usize = 3;
/// Of one of those.
const SAMPLE_CHARS_MAX: usize = 60;

/// What `office/import_file.html` shows.
#[derive(Debug, Serialize)]
pub struct FilePage {
    /// Our own few lines of style.
    css: &'static str,
    name: String,
    /// « Classeur, 31 lignes ».
    what: String,
    back: String,
    choices: String,
    draft: String,
    deletion: String,
    /// It was taken: what it has done.
    outcome: Option<Sum>,
    programme: String,
    /// The draft was another one than the one looked at.
    changed: bool,
    sheets: Vec<Choice>,
    columns: Vec<ColumnView>,
    /// Two columns are said to be one field.
    twice: Option<String>,
    /// What can be chosen for a programme that the file makes.
    zones: Vec<Choice>,
    /// The zone in which its times were read, in a sentence.
    zone: String,
    remove_missing: bool,
    has_draft: bool,
    seal: String,
    sum: Option<Sum>,
    changes: Vec<ChangeView>,
    more_changes: usize,
    made: Vec<Made>,
    /// What the file would bring into each other's way.
    clashes: ClashView,
    missing: Vec<String>,
    mistakes: Vec<Mistake>,
    /// All of them, also those that are not shown.
    mistakes_all: usize,
    more_mistakes: usize,
    notices: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Sum {
    added: usize,
    changed: usize,
    removed: usize,
    missing: usize,
    all: usize,
}

#[derive(Debug, Serialize)]
struct Choice {
    value: String,
    label: String,
    selected: bool,
}

#[derive(Debug, Serialize)]
struct ColumnView {
    heading: String,
    label: String,
    samples: Vec<String>,
    fields: Vec<Choice>,
    read: bool,
}

#[derive(Debug, Serialize)]
struct ChangeView {
    line: Option<u64>,
    title: String,
    when: String,
    kind: &'static str,
    fields: Vec<FieldView>,
}

#[derive(Debug, Serialize)]
struct FieldView {
    name: String,
    before: String,
    after: String,
}

#[derive(Debug, Serialize)]
struct Made {
    kind: &'static str,
    names: String,
}

#[derive(Debug, Serialize)]
struct Mistake {
    line: Option<u64>,
    column: String,
    value: String,
    message: String,
}

/// The page of a file, with what an import would do as the draft is now.
pub(super) async fn page(
    room: &Room<'_>,
    turn: &Turn,
    lang: Lang,
    seen: Seen,
    changed: bool,
) -> Result<FilePage> {
    let Seen { kept, read, before } = seen;
    let table = read.as_deref().map(|(table, _)| table);
    let here = address(lang, &kept.programme, kept.id);
    let office = format!("/{}/office", lang.code());
    let draft = before.map(|(_, draft)| Arc::new(draft));
    let home = format!("{office}/{}", kept.programme);
    let mut page = FilePage {
        css: assets::href("office_import.css"),
        what: kept.source.as_ref().map(|source| what(lang, source, table)).unwrap_or_default(),
        back: if draft.is_some() { format!("{home}/import") } else { format!("{office}/import") },
        choices: format!("{here}/choices"),
        draft: format!("{here}/draft"),
        deletion: format!("{here}/deletion"),
        outcome: kept.outcome.map(Sum::of),
        programme: home,
        changed,
        sheets: kept
            .source
            .as_ref()
            .map(|source| sheets(source, kept.choices.sheet.as_deref()))
            .unwrap_or_default(),
        columns: columns(lang, table, kept.choices.columns.as_deref().unwrap_or_default()),
        twice: kept.choices.said_twice().map(|field| {
            text(lang, "import-column-twice", &[("field", field_name(lang, field.code()).into())])
        }),
        zones: match draft {
            Some(_) => Vec::new(),
            None => zones(lang, kept.choices.timezone.map(|zone| zone.name())),
        },
        zone: String::new(),
        remove_missing: kept.choices.remove_missing,
        has_draft: draft.is_some(),
        seal: kept::seal(&kept, draft.as_deref()),
        sum: None,
        changes: Vec::new(),
        more_changes: 0,
        made: Vec::new(),
        clashes: ClashView::default(),
        missing: Vec::new(),
        mistakes: Vec::new(),
        mistakes_all: 0,
        more_mistakes: 0,
        notices: Vec::new(),
        name: kept.name.clone(),
    };
    let Some(source) = kept.source.clone().filter(|_| page.twice.is_none()) else { return Ok(page) };
    match imported(room, turn, &kept, source, read, draft.clone()).await? {
        Ok(imported) => page.tell(lang, draft.as_deref(), &imported),
        Err(problems) => page.refuse(lang, &problems),
    }
    Ok(page)
}

impl FilePage {
    fn tell(&mut self, lang: Lang, before: Option<&Draft>, imported: &Imported) {
        let changes = changes::changes(before, imported);
        self.sum = Some(Sum {
            added: imported.added,
            changed: imported.changed,
            removed: imported.removed,
            missing: imported.missing.len(),
            all: changes.len(),
        });
        let slugs: Vec<&str> = changes.iter().map(|change| change.session.session.slug.as_str()).collect();
        self.clashes = brought::by_draft(lang, before, &imported.draft, &slugs);
        self.zone = zone(lang, before, imported);
        self.more_changes = changes.len().saturating_sub(LIST_MAX);
        self.changes = changes.iter().take(LIST_MAX).map(|change| shown(lang, change)).collect();
        let made = changes::made(before, &imported.draft).into_iter().filter(|(_, names)| !names.is_empty());
        self.made = made.map(|(kind, names)| Made { kind, names: short(&names.join(", "), 600) }).collect();
        self.missing = imported.missing.iter().take(LIST_MAX).cloned().collect();
        self.notices = imported.notices.iter().map(|notice| said(lang, &notice.message)).collect();
    }

    fn refuse(&mut self, lang: Lang, problems: &[Problem]) {
        self.mistakes_all = problems.len();
        self.more_mistakes = problems.len().saturating_sub(LIST_MAX);
        let mistake = |problem: &Problem| Mistake {
            line: problem.line,
            column: short(problem.column.as_deref().unwrap_or_default(), SAMPLE_CHARS_MAX),
            value: short(problem.value.as_deref().unwrap_or_default(), VALUE_CHARS_MAX),
            message: said(lang, &problem.message),
        };
        self.mistakes = problems.iter().take(LIST_MAX).map(mistake).collect();
    }
}

impl Sum {
    fn of(outcome: Outcome) -> Sum {
        let Outcome { added, changed, removed } = outcome;
        Sum { added, changed, removed, missing: 0, all: added + changed + removed }
    }
}

fn what(lang: Lang, source: &Source, table: Option<&Table>) -> String {
    let kind = match source {
        Source::Csv(..) => "import-kind-csv",
        Source::Workbook(_) => "import-kind-workbook",
        Source::Xml(_) => "import-kind-xml",
        Source::Json(_) => "import-kind-json",
    };
    let kind = text(lang, kind, &[]);
    match table {
        Some(table) => format!("{kind}, {}", text(lang, "import-rows", &[("n", table.rows.len().into())])),
        None => kind,
    }
}

fn sheets(source: &Source, chosen: Option<&str>) -> Vec<Choice> {
    let shown = chosen.or(source.likely_sheet());
    let names = source.sheets();
    if names.len() < 2 {
        return Vec::new();
    }
    let choice =
        |name: &str| Choice { value: name.to_owned(), label: name.to_owned(), selected: shown == Some(name) };
    names.into_iter().map(choice).collect()
}

/// Every zone, after what the file says itself.
fn zones(lang: Lang, chosen: Option<&str>) -> Vec<Choice> {
    let own = (String::new(), text(lang, "import-zone-of-file", &[]));
    let choice = |(value, label): (String, String)| Choice {
        selected: chosen.unwrap_or_default() == value,
        value,
        label,
    };
    std::iter::once(own).chain(fields::zones(lang)).map(choice).collect()
}

/// « Les heures du fichier sont lues en heure de Zurich (Europe/Zurich) ».
fn zone(lang: Lang, before: Option<&Draft>, imported: &Imported) -> String {
    let name = imported.draft.programme.timezone.name();
    let key = if before.is_some() { "import-zone-programme" } else { "import-zone-taken" };
    text(lang, key, &[("name", name.into()), ("zone", locale::zone(lang, name).into())])
}

fn columns(lang: Lang, table: Option<&Table>, chosen: &[String]) -> Vec<ColumnView> {
    let Some(table) = table else { return Vec::new() };
    let names: Vec<_> =
        Field::ALL.iter().map(|field| (field.code(), field_name(lang, field.code()))).collect();
    let column = |(at, heading): (usize, &String)| {
        let code = chosen.get(at).map_or("", String::as_str);
        let heading = match heading.is_empty() {
            true => text(lang, "import-column-nameless", &[("letter", letter(at).into())]),
            false => short(heading, SAMPLE_CHARS_MAX),
        };
        let cells = table.rows.iter().filter_map(|row| row.cells.get(at)).map(|cell| cell.trim());
        let samples = cells.filter(|cell| !cell.is_empty()).take(SAMPLES);
        let none = Choice {
            value: String::new(),
            label: text(lang, "import-column-none", &[]),
            selected: code.is_empty(),
        };
        let fields = names.iter().map(|(value, label)| Choice {
            value: (*value).to_owned(),
            label: label.clone(),
            selected: *value == code,
        });
        ColumnView {
            label: text(lang, "import-column-is-of", &[("heading", heading.as_str().into())]),
            heading,
            samples: samples.map(|cell| short(cell, SAMPLE_CHARS_MAX)).collect(),
            fields: std::iter::once(none).chain(fields).collect(),
            read: !code.is_empty(),
        }
    };
    table.headings.iter().enumerate().map(column).collect()
}

/// `A` … `Z`, `AA`: what spreadsheets call a column.
fn letter(at: usize) -> String {
    let last = char::from(b'A' + u8::try_from(at % 26).unwrap_or_default());
    if at < 26 { last.to_string() } else { format!("{}{last}", letter(at / 26 - 1)) }
}

fn shown(lang: Lang, change: &Change<'_>) -> ChangeView {
    let DraftSession { session, .. } = change.session;
    let (kind, fields) = match &change.kind {
        Kind::Added => ("added", Vec::new()),
        Kind::Removed => ("removed", Vec::new()),
        Kind::Changed(fields) => ("changed", fields.iter().collect()),
    };
    let empty = || text(lang, "import-empty-value", &[]);
    let value = |value: &str| if value.is_empty() { empty() } else { short(value, VALUE_CHARS_MAX) };
    let field = |field: &changes::Differs| FieldView {
        name: field_name(lang, field.column),
        before: value(&field.before),
        after: value(&field.after),
    };
    ChangeView {
        line: change.line,
        title: short(&session.title, VALUE_CHARS_MAX),
        when: locale::when(lang, session.date, session.start, session.end),
        kind,
        fields: fields.into_iter().map(field).collect(),
    }
}

/// The beginning of a text that is longer.
fn short(text: &str, chars: usize) -> String {
    let mut short: String = text.chars().take(chars).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_bear_the_letters_of_a_spreadsheet() {
        assert_eq!([0, 25, 26, 51, 52, 701, 702].map(letter), ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }

    #[test]
    fn a_long_text_is_cut_between_letters() {
        assert_eq!((short("été", 2), short("été", 3)), ("ét…".to_owned(), "été".to_owned()));
    }
}
