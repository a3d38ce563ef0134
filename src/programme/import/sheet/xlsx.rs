//! Excel's workbooks, a cell at a time: calamine's other way makes room for every cell between the first and the last.

use std::io::Cursor;

use calamine::{DataRef, Dimensions, Reader as _, SheetType, SheetVisible, Xlsx, XlsxError};

use super::{Area, Builder, Sheet, broken, parts::Found, value};
use crate::programme::import::Problem;

/// The sheets of a workbook that [`super::parts::check`] has let through.
pub(super) fn read(file: &str, bytes: &[u8], found: &Found) -> Result<Vec<Sheet>, Problem> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|cause| said(file, &cause))?;
    let mut builder = Builder::new(file);
    let sheets = book.sheets_metadata().to_vec();
    let epoch = if book.has_1904_epoch() { value::Epoch::Of1904 } else { value::Epoch::Of1900 };
    for sheet in sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet) {
        builder.begin(&sheet.name, sheet.visible != SheetVisible::Visible)?;
        for area in book.merge_cells_by_sheet_name(&sheet.name).map_err(|cause| said(file, &cause))? {
            builder.merge(area.into());
        }
        let mut cells = match book.worksheet_cells_reader(&sheet.name) {
            Ok(cells) => cells,
            Err(XlsxError::NotAWorksheet(_)) => continue,
            Err(cause) => return Err(said(file, &cause)),
        };
        while let Some(cell) = cells.next_cell().map_err(|cause| said(file, &cause))? {
            let (row, column) = cell.get_position();
            builder.put(row, column, &text(cell.get_value(), epoch))?;
        }
        builder.end();
    }
    // Which part is which sheet is not told; most workbooks have the rows of one sheet hidden.
    let hidden_rows = found.hidden_rows.iter().map(|(_, rows)| rows).sum();
    builder.done.iter_mut().for_each(|sheet| sheet.hidden_rows = hidden_rows);
    Ok(builder.done)
}

impl From<Dimensions> for Area {
    fn from(area: Dimensions) -> Area {
        let ((row, column), (last_row, last_column)) = (area.start, area.end);
        Area { row, column, last_row, last_column }
    }
}

fn text(cell: &DataRef<'_>, epoch: value::Epoch) -> String {
    match cell {
        DataRef::Empty => String::new(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => value::number(*number),
        DataRef::Bool(yes) => value::boolean(*yes),
        DataRef::DateTime(at) if at.is_duration() => value::duration(at.as_f64()),
        DataRef::DateTime(at) => value::moment(at.as_f64(), epoch),
        DataRef::DateTimeIso(text) => value::iso_moment(text),
        DataRef::DurationIso(text) => value::iso_duration(text),
        DataRef::Error(error) => error.to_string(),
    }
}

fn said(file: &str, cause: &XlsxError) -> Problem {
    match cause {
        XlsxError::Password => Problem::new(file, "is protected with a password; save it without one"),
        cause => broken(file, cause),
    }
}
