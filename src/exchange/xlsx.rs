//! Excel's workbooks: the sessions as the importer takes them back without a difference, and the registrations.
//!
//! Every text is written as a text, so that no program takes it for a formula, whatever it begins with.

use chrono::{DateTime, NaiveDate, NaiveTime, Timelike as _, Utc};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::csv::{COLUMNS, REGISTRATION_COLUMNS, RegistrationRow, attendance};
use crate::programme::{Draft, Status, cells};

/// The longest text that a cell of Excel holds, in characters.
pub const CELL_CHARS_MAX: usize = 32_767;

/// Why no workbook was written.
#[derive(Debug, thiserror::Error)]
pub enum CannotWrite {
    /// Excel cuts longer texts off, and importing such a file would cut them off here.
    #[error(
        "the {column} of {row} has more than {CELL_CHARS_MAX} characters, which Excel cannot hold; take CSV"
    )]
    TooLong {
        /// The session's slug.
        row: String,
        /// The column's heading.
        column: &'static str,
    },
    /// Anything else.
    #[error("no workbook could be written: {0}")]
    Other(#[from] XlsxError),
}

/// The draft, with everything that the importer reads. Withdrawn sessions are left out, as in
/// [`super::csv::full_csv`].
///
/// # Errors
/// A text that is too long for Excel.
pub fn sessions_xlsx(draft: &Draft, now: DateTime<Utc>) -> Result<Vec<u8>, CannotWrite> {
    let mut book = book(now)?;
    let mut sheet = Sheet::begin(&mut book, "sessions", &COLUMNS)?;
    for session in draft.sessions.iter().filter(|session| session.session.status != Status::Withdrawn) {
        sheet.row += 1;
        for (column, (heading, text)) in (0..).zip(cells::of_session(&session.session, Some(&session.live))) {
            if text.chars().count() > CELL_CHARS_MAX {
                let row = session.session.slug.clone();
                return Err(CannotWrite::TooLong { row, column: heading });
            }
            match heading {
                "date" => sheet.date(column, session.session.date, text)?,
                "start" => sheet.time(column, session.session.start, text)?,
                "capacity" => sheet.number(column, text)?,
                _ => sheet.text(column, text)?,
            }
        }
    }
    Ok(book.save_to_buffer()?)
}

/// The registrations, one a row. A text that Excel cannot hold whole is cut off: nobody reads this file back.
///
/// # Errors
/// More rows than Excel has.
pub fn registrations_xlsx(rows: &[RegistrationRow], now: DateTime<Utc>) -> Result<Vec<u8>, CannotWrite> {
    let mut book = book(now)?;
    let mut sheet = Sheet::begin(&mut book, "registrations", &REGISTRATION_COLUMNS)?;
    for row in rows {
        sheet.row += 1;
        let number = |number: i64| number.to_string();
        sheet.text(0, row.session.clone())?;
        sheet.text(1, row.state.clone())?;
        sheet.number(2, row.position.map(number).unwrap_or_default())?;
        sheet.number(3, number(row.people))?;
        sheet.text(4, row.name.clone())?;
        sheet.text(5, row.email.clone())?;
        sheet.text(6, row.organisation.clone())?;
        sheet.text(7, row.language.clone())?;
        // With its zone, as in CSV: Excel's own times have none.
        sheet.text(8, row.registered_at.format("%Y-%m-%dT%H:%M:%SZ").to_string())?;
        sheet.text(9, row.access_needs.chars().take(CELL_CHARS_MAX).collect())?;
        sheet.text(10, attendance(row.attended, row.people))?;
        sheet.text(11, row.code.clone())?;
    }
    Ok(book.save_to_buffer()?)
}

/// An empty workbook, which says when it was made: the crate would read the clock.
fn book(now: DateTime<Utc>) -> Result<Workbook, XlsxError> {
    let made = ExcelDateTime::from_timestamp(now.timestamp())?;
    let mut book = Workbook::new();
    book.set_properties(&DocProperties::new().set_author("Parvis").set_creation_datetime(&made));
    Ok(book)
}

struct Sheet<'b> {
    sheet: &'b mut Worksheet,
    row: u32,
    date: Format,
    time: Format,
    text: Format,
}

impl Sheet<'_> {
    /// A sheet with these headings, which stay in sight.
    fn begin<'b>(book: &'b mut Workbook, name: &str, headings: &[&str]) -> Result<Sheet<'b>, XlsxError> {
        let sheet = book.add_worksheet();
        sheet.set_name(name)?;
        sheet.set_freeze_panes(1, 0)?;
        let bold = Format::new().set_bold();
        for (column, heading) in (0..).zip(headings) {
            sheet.write_string_with_format(0, column, *heading, &bold)?;
            let width = match *heading {
                "title" | "name" | "email" => 36,
                "abstract" | "description" | "minutes" | "access_needs" => 48,
                _ => 14,
            };
            sheet.set_column_width(column, width)?;
        }
        Ok(Sheet {
            sheet,
            row: 0,
            date: Format::new().set_num_format("yyyy-mm-dd"),
            time: Format::new().set_num_format("hh:mm"),
            // What somebody types over it stays a text too.
            text: Format::new().set_num_format("@"),
        })
    }

    fn text(&mut self, column: u16, text: String) -> Result<(), XlsxError> {
        if !text.is_empty() {
            self.sheet.write_string_with_format(self.row, column, text, &self.text)?;
        }
        Ok(())
    }

    /// A number where the text is one.
    fn number(&mut self, column: u16, text: String) -> Result<(), XlsxError> {
        match text.parse::<i32>() {
            Ok(number) => self.sheet.write_number(self.row, column, number).map(|_| ()),
            Err(_) => self.text(column, text),
        }
    }

    fn date(&mut self, column: u16, date: NaiveDate, text: String) -> Result<(), XlsxError> {
        use chrono::Datelike as _;
        let day = |part: u32| u8::try_from(part).unwrap_or_default();
        let year = u16::try_from(date.year()).unwrap_or_default();
        match ExcelDateTime::from_ymd(year, day(date.month()), day(date.day())) {
            Ok(date) => {
                self.sheet.write_datetime_with_format(self.row, column, &date, &self.date).map(|_| ())
            }
            // A year that Excel does not know.
            Err(_) => self.text(column, text),
        }
    }

    fn time(&mut self, column: u16, time: Option<NaiveTime>, text: String) -> Result<(), XlsxError> {
        let Some(time) = time.filter(|time| time.second() == 0) else { return self.text(column, text) };
        let minute = u8::try_from(time.minute()).unwrap_or_default();
        let time = ExcelDateTime::from_hms(u16::try_from(time.hour()).unwrap_or_default(), minute, 0)?;
        self.sheet.write_datetime_with_format(self.row, column, &time, &self.time).map(|_| ())
    }
}
