//! One file as it was read, before anybody has said which column is what.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    Format, Imported, Options, Problem, check_slug, csv, frab, frab_json, frab_xml,
    sheet::{self, Sheet},
    table::{Row, Table},
    text,
};
use crate::programme::Draft;

/// A table, and what was guessed in making it.
pub type Read = (Table, Vec<Problem>);

/// What a file holds. It can be kept, and taken into a draft later: nobody has to send the file twice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Source {
    /// The rows of a CSV file, and what was guessed.
    Csv(Table, Vec<Problem>),
    /// The sheets of a workbook.
    Workbook(Vec<Sheet>),
    /// The text of a schedule in XML.
    Xml(String),
    /// The text of a schedule in JSON.
    Json(String),
}

impl Source {
    /// What a file holds, by its content: what it is called is only said back.
    ///
    /// # Errors
    /// What we do not read, or is more than we read.
    pub fn read(file: &str, bytes: &[u8]) -> Result<Source, Vec<Problem>> {
        let source = Source::read_as(file, bytes, Format::guess(std::path::Path::new(""), bytes))?;
        source.refuse_nul(file)?;
        Ok(source)
    }

    /// What is kept holds no U+0000: one of the databases could not keep it, and no text needs it.
    fn refuse_nul(&self, file: &str) -> Result<(), Vec<Problem>> {
        let holds = |text: &String| text.contains('\0');
        let in_rows = |rows: &[Row]| rows.iter().find(|row| row.cells.iter().any(holds)).map(|row| row.line);
        let line = match self {
            Source::Csv(table, _) if table.headings.iter().any(holds) => Some(1),
            Source::Csv(table, _) => in_rows(&table.rows),
            Source::Workbook(sheets) => sheets.iter().find_map(|sheet| in_rows(&sheet.rows)),
            Source::Xml(text) | Source::Json(text) => text.find('\0').map(|at| text::line_of(text, at)),
        };
        match line {
            Some(line) => Err(vec![Problem::new(file, text::NUL_RULE).line(line)]),
            None => Ok(()),
        }
    }

    /// The same for a file of which somebody has said what it is.
    pub(super) fn read_as(file: &str, bytes: &[u8], format: Format) -> Result<Source, Vec<Problem>> {
        let whole = || text::decode(file, bytes).map(|decoded| decoded.text).map_err(|problem| vec![problem]);
        match format {
            Format::Csv => csv::read(file, bytes).map(|(table, notices)| Source::Csv(table, notices)),
            Format::Xlsx | Format::Ods => {
                sheet::read(file, bytes).map(Source::Workbook).map_err(|problem| vec![problem])
            }
            Format::FrabXml => {
                let text = whole()?;
                frab_xml::check(file, &text).map_err(|problem| vec![problem])?;
                Ok(Source::Xml(text))
            }
            Format::FrabJson => {
                let text = whole()?;
                frab_json::check(file, &text).map_err(|problem| vec![problem])?;
                Ok(Source::Json(text))
            }
            Format::Folder => Err(vec![Problem::new(file, "this is a file and no folder")]),
        }
    }

    /// The table of which the columns can be matched, on that sheet or the likely one; `None` for a schedule.
    ///
    /// # Errors
    /// A workbook without a sheet of that name.
    pub fn table(&self, file: &str, sheet: Option<&str>) -> Result<Option<Read>, Problem> {
        match self {
            Source::Csv(table, notices) => Ok(Some((table.clone(), notices.clone()))),
            Source::Workbook(sheets) => sheet::table(file, sheets, sheet).map(Some),
            Source::Xml(_) | Source::Json(_) => Ok(None),
        }
    }

    /// The names of a workbook's sheets that hold anything.
    pub fn sheets(&self) -> Vec<&str> {
        match self {
            Source::Workbook(sheets) => {
                let filled = sheets.iter().filter(|sheet| !sheet.rows.is_empty());
                filled.map(|sheet| sheet.name.as_str()).collect()
            }
            Source::Csv(..) | Source::Xml(_) | Source::Json(_) => Vec::new(),
        }
    }

    /// The sheet that is read where nobody has said another.
    pub fn likely_sheet(&self) -> Option<&str> {
        match self {
            Source::Workbook(sheets) => sheet::likely(sheets).map(|sheet| sheet.name.as_str()),
            Source::Csv(..) | Source::Xml(_) | Source::Json(_) => None,
        }
    }

    /// The draft after the import of this file; see [`super::import`].
    ///
    /// # Errors
    /// Everything that is wrong in the file, not only the first.
    pub fn import(
        &self,
        existing: Option<&Draft>,
        file: &str,
        options: &Options,
        new_id: &mut dyn FnMut() -> Uuid,
    ) -> Result<Imported, Vec<Problem>> {
        let read = self.table(file, options.sheet.as_deref()).map_err(|problem| vec![problem])?;
        self.import_table(existing, file, read.as_ref(), options, new_id)
    }

    /// The same, by a table that was made of this file before; none of a schedule.
    ///
    /// # Errors
    /// Everything that is wrong in the file, not only the first.
    pub fn import_table(
        &self,
        existing: Option<&Draft>,
        file: &str,
        read: Option<&Read>,
        options: &Options,
        new_id: &mut dyn FnMut() -> Uuid,
    ) -> Result<Imported, Vec<Problem>> {
        check_slug(&options.slug)?;
        let schedule = match (self, read) {
            (_, Some(read)) => return csv::import(existing, file, read, options, new_id),
            (Source::Xml(text), None) => frab_xml::parse(file, text)?,
            (Source::Json(text), None) => frab_json::parse(file, text)?,
            (Source::Csv(..) | Source::Workbook(_), None) => {
                return Err(vec![Problem::new(file, "has no table")]);
            }
        };
        frab::import(existing, file, schedule, options, new_id)
    }
}
