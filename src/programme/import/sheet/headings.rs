//! A sheet as a table: which row holds the headings, and what cells that are shown as one stand for.

use std::collections::HashSet;

use super::{Area, Sheet, TEXT_BYTES_MAX};
use crate::programme::import::{
    CELLS_MAX, Problem,
    map::Field,
    table::{Row, Table, words_of},
    words,
};

/// Among so many rows that hold anything the headings are looked for: titles and notes stand above them.
const HEADING_ROWS_MAX: usize = 20;

/// What a spreadsheet shows where a formula has failed.
const ERRORS: [&str; 10] = [
    "#REF!",
    "#N/A",
    "#VALUE!",
    "#NAME?",
    "#DIV/0!",
    "#NULL!",
    "#NUM!",
    "#SPILL!",
    "#CALC!",
    "#GETTING_DATA",
];

/// The table on a sheet: on the one that is named, else on the first that looks like sessions. What has been chosen
/// is said beside it.
///
/// # Errors
/// A workbook without a sheet of that name.
pub(in super::super) fn table(
    file: &str,
    sheets: &[Sheet],
    name: Option<&str>,
) -> Result<(Table, Vec<Problem>), Problem> {
    let sheet = match name {
        Some(name) => sheets.iter().find(|sheet| sheet.name == name).ok_or_else(|| {
            Problem::new(file, format!("has no such sheet; it has: {}", names(sheets))).value(name)
        })?,
        None => likely(sheets).ok_or_else(|| Problem::new(file, "is an empty workbook"))?,
    };
    let mut notices = Vec::new();
    if name.is_none() && sheets.len() > 1 {
        let message =
            format!("has several sheets: {}; {} was read, --sheet says another", names(sheets), sheet.name);
        notices.push(Problem::new(file, message));
    }
    if sheet.hidden_rows > 0 {
        let message = format!("hides {} rows, which are read like the others", sheet.hidden_rows);
        notices.push(Problem::new(file, message));
    }
    Ok((table_of(file, sheet), notices))
}

fn names(sheets: &[Sheet]) -> String {
    sheets.iter().map(|sheet| sheet.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// The first sheet whose headings name a title or a slug, of those that are shown; else the first that holds anything.
pub(in super::super) fn likely(sheets: &[Sheet]) -> Option<&Sheet> {
    let is_table = |sheet: &&Sheet| known(sheet).is_some_and(|fields| fields.is_session());
    let filled = || sheets.iter().filter(|sheet| !sheet.rows.is_empty());
    let shown = || filled().filter(|sheet| !sheet.hidden);
    shown()
        .find(is_table)
        .or_else(|| filled().find(is_table))
        .or_else(|| shown().next())
        .or_else(|| filled().next())
}

/// The fields that a row names.
struct Known {
    row: usize,
    fields: HashSet<Field>,
}

impl Known {
    fn is_session(&self) -> bool {
        self.fields.contains(&Field::Title) || self.fields.contains(&Field::Slug)
    }
}

/// The row near the top that names most fields, the first of equals.
fn known(sheet: &Sheet) -> Option<Known> {
    let rows = sheet.rows.iter().take(HEADING_ROWS_MAX).enumerate();
    let known = rows.map(|(row, cells)| Known {
        row,
        fields: cells.cells.iter().filter_map(|cell| words::field(cell)).collect(),
    });
    // The last of equals is taken by `max_by_key`; they come backwards.
    let known: Vec<_> = known.collect();
    known.into_iter().rev().max_by_key(|known| known.fields.len()).filter(|known| !known.fields.is_empty())
}

fn table_of(file: &str, sheet: &Sheet) -> Table {
    let filled = |row: &Row| row.cells.iter().filter(|cell| !cell.trim().is_empty()).count();
    let heading = known(sheet).map(|known| known.row).or_else(|| {
        // Nothing that we know: then what has more than one word in a row.
        sheet.rows.iter().take(HEADING_ROWS_MAX).position(|row| filled(row) > 1)
    });
    let Some(at) = heading.or(if sheet.rows.is_empty() { None } else { Some(0) }) else {
        return Table { headings: Vec::new(), rows: Vec::new(), problems: Vec::new() };
    };
    let (head, body) = (&sheet.rows[at], &sheet.rows[at + 1..]);
    let above =
        at.checked_sub(1).and_then(|above| sheet.rows.get(above)).filter(|row| row.line + 1 == head.line);
    let filled_rows = filled_down(sheet, head.line, body);
    let width = sheet.rows[at..].iter().map(|row| row.cells.len()).max().unwrap_or_default();
    let groups = groups(sheet, head, above, width);
    let headings = groups.iter().map(|group| words_of(&group.heading)).collect();
    let mut problems = Vec::new();
    let rows = filled_rows.iter().map(|row| {
        let cells: Vec<_> = groups.iter().map(|group| group.cell(row)).collect();
        for (cell, group) in cells.iter().zip(&groups).filter(|(cell, _)| ERRORS.contains(&cell.as_str())) {
            let message = "is an error of the spreadsheet; correct the formula, or write the value itself";
            problems
                .push(Problem::new(file, message).line(row.line).column(group.heading.clone()).value(cell));
        }
        Row { line: row.line, cells }
    });
    let rows = rows.filter(|row| row.cells.iter().any(|cell| !cell.trim().is_empty())).collect();
    Table { headings, rows, problems }
}

/// What is written once for several rows holds for each of them, as long as that is no more than a sheet may hold.
fn filled_down(sheet: &Sheet, head: u64, body: &[Row]) -> Vec<Row> {
    let mut rows = body.to_vec();
    let (mut cells, mut bytes) = (CELLS_MAX, TEXT_BYTES_MAX);
    for area in sheet.merged.iter().filter(|area| area.last_row > area.row && u64::from(area.row) + 1 > head)
    {
        let line = |row: u32| u64::from(row) + 1;
        let first = rows.partition_point(|row| row.line < line(area.row));
        let column = area.column as usize;
        let Some(text) =
            rows.get(first).filter(|row| row.line == line(area.row)).and_then(|row| row.cells.get(column))
        else {
            continue;
        };
        let text = text.clone();
        for row in rows[first + 1..].iter_mut().take_while(|row| row.line <= line(area.last_row)) {
            let (Some(cells_left), Some(bytes_left)) =
                (cells.checked_sub(column + 1), bytes.checked_sub(text.len()))
            else {
                return rows;
            };
            (cells, bytes) = (cells_left, bytes_left);
            if row.cells.len() <= column {
                row.cells.resize(column + 1, String::new());
            }
            row.cells[column].clone_from(&text);
        }
    }
    rows
}

/// Columns that one heading stands above: a person a column under « Intervenants ».
struct Group {
    heading: String,
    first: usize,
    last: usize,
}

impl Group {
    /// What stands there; of several cells the different ones, parted by `|`.
    fn cell(&self, row: &Row) -> String {
        let cells = row.cells.get(self.first..).unwrap_or_default();
        let mut kept: Vec<&str> = Vec::new();
        for cell in cells.iter().take(self.last - self.first + 1).map(|cell| cell.trim_end()) {
            if !cell.trim().is_empty() && !kept.contains(&cell) {
                kept.push(cell);
            }
        }
        match kept.as_slice() {
            [] => String::new(),
            [one] => (*one).to_owned(),
            several => several.join("|"),
        }
    }
}

fn groups(sheet: &Sheet, head: &Row, above: Option<&Row>, width: usize) -> Vec<Group> {
    let text = |row: &Row, column: usize| row.cells.get(column).map_or("", String::as_str).trim().to_owned();
    let is_on =
        |area: &&Area, row: &Row| u64::from(area.row) + 1 == row.line && area.last_column > area.column;
    let mut groups = Vec::new();
    let mut column = 0;
    while column < width {
        let starts_here = |area: &&Area| area.column as usize == column;
        let own = sheet.merged.iter().filter(|area| is_on(area, head)).find(starts_here);
        let over = above.and_then(|above| {
            let area = sheet.merged.iter().filter(|area| is_on(area, above)).find(starts_here)?;
            // Only where it says more than what stands under it.
            let under = column..=area.last_column as usize;
            let heading = text(above, column);
            let says_more = words::field(&heading).is_some()
                && under.into_iter().all(|column| words::field(&text(head, column)).is_none());
            says_more.then_some((area, heading))
        });
        let (heading, last) = match (own, over) {
            (_, Some((area, heading))) => (heading, area.last_column as usize),
            (Some(area), None) => (text(head, column), area.last_column as usize),
            (None, None) => (text(head, column), column),
        };
        let last = last.min(width - 1);
        groups.push(Group { heading, first: column, last });
        column = last + 1;
    }
    // Columns without a word, at the end, are what was once filled.
    let is_empty = |group: &Group| {
        group.heading.is_empty()
            && !sheet.rows.iter().any(|row| row.line > head.line && !group.cell(row).is_empty())
    };
    while groups.last().is_some_and(is_empty) {
        groups.pop();
    }
    groups
}
