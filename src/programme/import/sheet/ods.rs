//! LibreOffice's workbooks, read as they stream by.
//!
//! Not by calamine: its reader of this format keeps every cell of every sheet twice, believes what says how often a
//! cell, a row or a space is repeated, goes on for ever at the end of a file that was cut off in a sheet (0.38), and
//! tells neither merged cells nor hidden rows. Tests compare what both make of the same files.

use std::{collections::HashSet, io::BufReader};

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

use super::{
    Area, Builder, PIECE_BYTES_MAX, Sheet, broken,
    parts::{self, Counted},
    value,
};
use crate::programme::import::{CELLS_MAX, COLUMNS_MAX, Problem, ROWS_MAX};

/// Styles of hidden sheets that are looked at.
const STYLES_MAX: usize = 100;
/// Spaces that one mark may stand for.
const SPACES_MAX: usize = 100;

/// The sheets of a workbook that [`super::parts::check`] has let through.
pub(super) fn read(file: &str, bytes: &[u8]) -> Result<Vec<Sheet>, Problem> {
    let mut archive = parts::open(bytes).map_err(|cause| broken(file, cause))?;
    if archive.by_name("META-INF/manifest.xml").is_ok_and(is_encrypted) {
        return Err(Problem::new(file, "is protected with a password; save it without one"));
    }
    let content = archive.by_name("content.xml").map_err(|cause| broken(file, cause))?;
    let mut xml = Reader::from_reader(BufReader::new(Counted::new(content)));
    xml.config_mut().expand_empty_elements = true;
    let mut reading = Reading {
        builder: Builder::new(file),
        style: None,
        hidden_styles: HashSet::new(),
        tables: 0,
        row: Position::default(),
        column: 0,
        kept: Vec::new(),
        cell: None,
        notes: 0,
    };
    let mut buffer = Vec::new();
    let mut depth = 0_usize;
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(|cause| broken(file, cause))? {
            Event::Start(start) => {
                depth += 1;
                reading.open(&start)?;
            }
            Event::Empty(_) => unreachable!("they come as a start and an end"),
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                reading.close(end.name().as_ref())?;
            }
            Event::Text(text) => reading.say(&text.xml10_content()),
            Event::CData(text) => reading.say(&text.xml10_content()),
            Event::GeneralRef(name) => {
                if let Some(c) = super::super::html::reference(&name) {
                    reading.say(c.encode_utf8(&mut [0; 4]));
                }
            }
            Event::Eof if depth == 0 => return Ok(reading.builder.done),
            Event::Eof => return Err(broken(file, "it ends too soon")),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
}

fn is_encrypted(part: impl std::io::Read) -> bool {
    let mut text = String::new();
    let read = std::io::Read::read_to_string(&mut std::io::Read::take(part, 1024 * 1024), &mut text);
    read.is_ok() && text.contains("encryption-data")
}

/// A row, and how many alike follow it.
#[derive(Default)]
struct Position {
    at: u32,
    repeated: u32,
}

/// A cell while it is read.
struct Cell {
    repeated: u32,
    /// Its value, where that is no text.
    value: Option<String>,
    /// Its paragraphs.
    text: String,
    paragraphs: usize,
    /// Under another cell, which is shown over it.
    covered: bool,
}

struct Reading<'f> {
    builder: Builder<'f>,
    /// The style that is being described.
    style: Option<String>,
    hidden_styles: HashSet<String>,
    /// Tables that are open: one in a cell of another is not read.
    tables: usize,
    row: Position,
    column: u32,
    /// The row's cells: column, how often, text.
    kept: Vec<(u32, u32, String)>,
    cell: Option<Cell>,
    /// Notes that are open: what somebody remarked about a cell is not in it.
    notes: usize,
}

impl Reading<'_> {
    fn open(&mut self, start: &BytesStart<'_>) -> Result<(), Problem> {
        let name = start.name();
        match name.as_ref() {
            "style:style" => self.style = attribute(start, "style:name"),
            "style:table-properties"
                if attribute(start, "table:display").as_deref() == Some("false")
                    && self.hidden_styles.len() < STYLES_MAX =>
            {
                self.hidden_styles.extend(self.style.clone());
            }
            "table:table" => {
                self.tables += 1;
                if self.tables == 1 {
                    let style = attribute(start, "table:style-name").unwrap_or_default();
                    let name = attribute(start, "table:name").unwrap_or_default();
                    self.builder.begin(&name, self.hidden_styles.contains(&style))?;
                    self.row = Position::default();
                }
            }
            _ if self.tables != 1 => {}
            "table:table-row" => {
                self.row.repeated = count(start, "table:number-rows-repeated");
                self.column = 0;
                let shown = attribute(start, "table:visibility");
                if shown.is_some_and(|shown| matches!(shown.as_str(), "collapse" | "filter")) {
                    self.builder.sheet.hidden_rows += self.row.repeated as usize;
                }
            }
            "table:table-cell" | "table:covered-table-cell" => self.open_cell(start),
            "office:annotation" => self.notes += 1,
            "text:p" if self.notes == 0 => {
                if let Some(cell) = &mut self.cell {
                    cell.paragraphs += 1;
                    if cell.paragraphs > 1 && cell.text.len() < PIECE_BYTES_MAX {
                        cell.text.push('\n');
                    }
                }
            }
            "text:s" => {
                let spaces = count(start, "text:c") as usize;
                self.say(&" ".repeat(spaces.min(SPACES_MAX)));
            }
            "text:tab" => self.say("\t"),
            "text:line-break" => self.say("\n"),
            _ => {}
        }
        Ok(())
    }

    fn open_cell(&mut self, start: &BytesStart<'_>) {
        let (down, right) =
            (count(start, "table:number-rows-spanned"), count(start, "table:number-columns-spanned"));
        if down > 1 || right > 1 {
            let last = |at: u32, more: u32| at.saturating_add(more - 1);
            self.builder.merge(Area {
                row: self.row.at,
                column: self.column,
                last_row: last(self.row.at, down),
                last_column: last(self.column, right),
            });
        }
        self.cell = Some(Cell {
            repeated: count(start, "table:number-columns-repeated"),
            value: value_of(start),
            text: String::new(),
            paragraphs: 0,
            covered: start.name().as_ref() == "table:covered-table-cell",
        });
    }

    /// Text of the cell that is open, where it is text of the cell.
    fn say(&mut self, text: &str) {
        if let (Some(cell), 1, 0) = (&mut self.cell, self.tables, self.notes)
            && cell.paragraphs > 0
            && cell.text.len() < PIECE_BYTES_MAX
        {
            cell.text.push_str(text);
        }
    }

    fn close(&mut self, name: &str) -> Result<(), Problem> {
        match name {
            "table:table" => {
                self.tables = self.tables.saturating_sub(1);
                if self.tables == 0 {
                    self.builder.end();
                }
            }
            _ if self.tables != 1 => {}
            "office:annotation" => self.notes = self.notes.saturating_sub(1),
            "table:table-cell" | "table:covered-table-cell" => {
                let Some(cell) = self.cell.take() else { return Ok(()) };
                let text = cell.value.unwrap_or(cell.text);
                if !cell.covered && !text.trim().is_empty() {
                    // What is too wide is said by the one that is put there, and no room is made for more of it.
                    if self.kept.len() <= COLUMNS_MAX {
                        self.kept.push((self.column, cell.repeated, text));
                    }
                }
                self.column = self.column.saturating_add(cell.repeated);
            }
            "table:table-row" => self.close_row()?,
            _ => {}
        }
        Ok(())
    }

    fn close_row(&mut self) -> Result<(), Problem> {
        let kept = std::mem::take(&mut self.kept);
        if !kept.is_empty() {
            for row in self.row.at..self.row.at.saturating_add(self.row.repeated) {
                for (column, repeated, text) in &kept {
                    for column in *column..column.saturating_add(*repeated) {
                        self.builder.put(row, column, text)?;
                    }
                }
            }
        }
        self.row.at = self.row.at.saturating_add(self.row.repeated);
        Ok(())
    }
}

/// The value of a cell that is no text, as text.
fn value_of(start: &BytesStart<'_>) -> Option<String> {
    match attribute(start, "office:value-type")?.as_str() {
        "date" => attribute(start, "office:date-value").map(|text| value::iso_moment(&text)),
        "time" => attribute(start, "office:time-value").map(|text| value::iso_duration(&text)),
        "boolean" => attribute(start, "office:boolean-value").map(|text| value::boolean(text == "true")),
        "float" | "percentage" | "currency" => {
            attribute(start, "office:value").map(|text| text.parse().map_or(text, value::number))
        }
        _ => None,
    }
}

/// A number that counts from 1; no more than is refused anyway where there are too many.
fn count(start: &BytesStart<'_>, name: &str) -> u32 {
    let said = attribute(start, name).and_then(|text| text.parse::<u32>().ok());
    said.unwrap_or(1).clamp(1, CELLS_MAX.max(ROWS_MAX).max(COLUMNS_MAX) as u32)
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = start.attributes().with_checks(false).flatten().find(|found| found.key.as_ref() == name)?;
    Some(super::super::html::unescaped(&found.value))
}
