//! Workbooks of Excel and LibreOffice: each sheet becomes rows of the texts that the importer reads elsewhere.
//!
//! A workbook is a ZIP file that somebody sent us, so nothing in it is believed: what it holds is counted while it is
//! inflated ([`parts`]), before anybody keeps any of it. Formulas are never calculated; what the program that wrote
//! the file had last seen in their place is taken.

mod headings;
mod ods;
mod parts;
#[cfg(test)]
mod tests;
mod value;
mod xlsx;

pub(super) use headings::{likely, table};

use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
};

use serde::{Deserialize, Serialize};

use super::{CELLS_MAX, COLUMNS_MAX, Problem, ROWS_MAX, table::Row};

/// Sheets that are looked at.
pub const SHEETS_MAX: usize = 50;
/// What all parts of a workbook may hold together once they are inflated, in bytes.
pub const INFLATED_BYTES_MAX: u64 = 128 * 1024 * 1024;
/// The texts of all cells together, in bytes; a text that many cells share counts for each.
pub const TEXT_BYTES_MAX: usize = 32 * 1024 * 1024;
/// One text, or what stands in one pair of `<` and `>`, in bytes; of a cell, what comes after it is not read.
pub const PIECE_BYTES_MAX: usize = 1024 * 1024;

/// Who wrote a workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Excel, and what does as Excel does.
    Xlsx,
    /// LibreOffice.
    Ods,
}

/// One sheet of a workbook, as texts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// What its tab says.
    pub name: String,
    /// Its tab is not shown.
    pub hidden: bool,
    /// Rows that hold anything, by their numbers in the sheet.
    pub rows: Vec<Row>,
    /// Cells that are shown as one.
    merged: Vec<Area>,
    /// So many rows are not shown.
    hidden_rows: usize,
}

/// Cells that are shown as one; its first cell holds the text. Counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Area {
    row: u32,
    column: u32,
    last_row: u32,
    last_column: u32,
}

/// The kind of workbook that these bytes are, whatever they are called.
pub(super) fn kind(bytes: &[u8]) -> Option<Kind> {
    parts::kind(bytes)
}

/// Every sheet of a workbook.
///
/// # Errors
/// What is no workbook, is broken, has a password, or holds more than we read.
pub(super) fn read(file: &str, bytes: &[u8]) -> Result<Vec<Sheet>, Problem> {
    let Some(kind) = kind(bytes) else {
        return Err(Problem::new(file, "is no workbook; save it as .xlsx, .ods or CSV (UTF-8)"));
    };
    let found = parts::check(file, bytes)?;
    let read = || match kind {
        Kind::Xlsx => xlsx::read(file, bytes, &found),
        Kind::Ods => ods::read(file, bytes),
    };
    // A crate that trips over a broken file must not take more with it than that file.
    let sheets =
        catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(broken(file, "it is damaged")))?;
    match sheets.iter().any(|sheet| !sheet.rows.is_empty()) {
        true => Ok(sheets),
        false => Err(Problem::new(file, "is an empty workbook; its first row must hold the headings")),
    }
}

fn too_much_text() -> String {
    format!("holds more than {} MiB of text", TEXT_BYTES_MAX / (1024 * 1024))
}

fn broken(file: &str, cause: impl std::fmt::Display) -> Problem {
    let cause: String = cause.to_string().chars().filter(|c| !c.is_control()).take(200).collect();
    Problem::new(file, format!("cannot be read as a workbook: {cause}; open it and save it again"))
}

/// Sheets while they are read; says stop at the first cell too many.
struct Builder<'f> {
    file: &'f str,
    done: Vec<Sheet>,
    sheet: Sheet,
    rows: BTreeMap<u32, Vec<String>>,
    /// Cells of all sheets, with the empty ones before a cell.
    cells: usize,
    text_bytes: usize,
}

impl<'f> Builder<'f> {
    fn new(file: &'f str) -> Builder<'f> {
        Builder {
            file,
            done: Vec::new(),
            sheet: Sheet::default(),
            rows: BTreeMap::new(),
            cells: 0,
            text_bytes: 0,
        }
    }

    fn begin(&mut self, name: &str, hidden: bool) -> Result<(), Problem> {
        if self.done.len() >= SHEETS_MAX {
            return Err(Problem::new(
                self.file,
                format!("has more than {SHEETS_MAX} sheets; at most {SHEETS_MAX} are read"),
            ));
        }
        let name = name.chars().filter(|c| !c.is_control()).take(100).collect();
        self.sheet = Sheet { name, hidden, ..Sheet::default() };
        Ok(())
    }

    /// Takes a cell; rows and columns count from 0. An empty text is no cell.
    fn put(&mut self, row: u32, column: u32, text: &str) -> Result<(), Problem> {
        if text.trim().is_empty() {
            return Ok(());
        }
        let wrong = |message: String| Err(Problem::new(self.file, message).line(u64::from(row) + 1));
        let (at, width) = (row as usize, column as usize + 1);
        if at >= ROWS_MAX {
            return wrong(format!("has more than {ROWS_MAX} rows; at most {ROWS_MAX} are read"));
        }
        if width > COLUMNS_MAX {
            return wrong(format!("has more than {COLUMNS_MAX} columns; at most {COLUMNS_MAX} are read"));
        }
        let cells = self.rows.entry(row).or_default();
        self.cells += width.saturating_sub(cells.len());
        self.text_bytes += text.len();
        if self.cells > CELLS_MAX {
            return wrong(format!("has more than {CELLS_MAX} cells; at most {CELLS_MAX} are read"));
        }
        if self.text_bytes > TEXT_BYTES_MAX {
            return wrong(too_much_text());
        }
        if cells.len() < width {
            cells.resize(width, String::new());
        }
        cells[column as usize] = match text.contains('\r') {
            true => text.replace("\r\n", "\n").replace('\r', "\n"),
            false => text.to_owned(),
        };
        Ok(())
    }

    /// Cells that are shown as one.
    fn merge(&mut self, area: Area) {
        let is_wide = area.last_row > area.row || area.last_column > area.column;
        let is_near = (area.last_row as usize) < ROWS_MAX && (area.last_column as usize) < COLUMNS_MAX;
        if is_wide && is_near && self.sheet.merged.len() < ROWS_MAX {
            self.sheet.merged.push(area);
        }
    }

    fn end(&mut self) {
        let rows = std::mem::take(&mut self.rows).into_iter();
        self.sheet.rows = rows.map(|(row, cells)| Row { line: u64::from(row) + 1, cells }).collect();
        self.done.push(std::mem::take(&mut self.sheet));
    }
}
