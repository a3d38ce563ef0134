//! What stands in the ZIP file of a workbook, looked at before anything is kept of it.
//!
//! Sizes in its directory are only what somebody wrote there, so each part is also inflated once, through a reader that
//! counts, and thrown away. Measured on calamine 0.38: a list of texts that announces 10^12 of them makes it ask for so
//! much memory at once that the process ends; a style sheet of 128 MiB of `<font/>` becomes gigabytes; a cell of 120 MiB
//! is kept four times. All are refused here. Quick-xml, which reads the parts, replaces no entity that a document defines itself; such a document is refused
//! all the same.

use std::io::{self, BufReader, Cursor, Read};

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};
use zip::ZipArchive;

use super::{INFLATED_BYTES_MAX, Kind, PIECE_BYTES_MAX, TEXT_BYTES_MAX, broken, too_much_text};
use crate::programme::import::Problem;

/// Parts of one workbook.
const PARTS_MAX: usize = 10_000;
/// Texts that the cells of a workbook share.
const SHARED_TEXTS_MAX: usize = 1_000_000;
/// Cells of a sheet that are shown as one.
const MERGED_MAX: usize = 100_000;
/// Elements of a part that is neither a sheet nor the list of texts: styles, names, relations.
const ELEMENTS_MAX: usize = 500_000;
/// The first bytes of an entry of the directory.
const ENTRY: &[u8] = b"PK\x01\x02";
const ODS: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";

/// What was seen while counting.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// Rows that are not shown, by the part that holds them.
    pub hidden_rows: Vec<(String, usize)>,
}

pub(super) fn kind(bytes: &[u8]) -> Option<Kind> {
    let mut archive = open(bytes).ok()?;
    let mut start = [0; ODS.len()];
    let is_ods = archive.by_name("mimetype").is_ok_and(|mut part| part.read_exact(&mut start).is_ok());
    if is_ods && start == ODS {
        return Some(Kind::Ods);
    }
    let is_xlsx = archive.index_for_name("[Content_Types].xml").is_some()
        && archive.file_names_raw().any(|name| name.to_ascii_lowercase().ends_with(b"workbook.xml"));
    is_xlsx.then_some(Kind::Xlsx)
}

/// The archive, unless its directory is longer than any workbook's.
pub(super) fn open(bytes: &[u8]) -> Result<ZipArchive<Cursor<&[u8]>>, String> {
    if !bytes.starts_with(b"PK") {
        return Err("it is no ZIP file".to_owned());
    }
    if bytes.windows(ENTRY.len()).filter(|window| *window == ENTRY).count() > PARTS_MAX {
        return Err(format!("it has more than {PARTS_MAX} parts"));
    }
    ZipArchive::new(Cursor::new(bytes)).map_err(|cause| cause.to_string())
}

/// Counts what a workbook holds.
///
/// # Errors
/// A workbook that holds more than we read, or defines its own entities.
pub(super) fn check(file: &str, bytes: &[u8]) -> Result<Found, Problem> {
    let mut archive = open(bytes).map_err(|cause| broken(file, cause))?;
    let mut found = Found::default();
    let (mut left, mut text_left) = (INFLATED_BYTES_MAX, Some(TEXT_BYTES_MAX));
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|cause| broken(file, cause))?;
        let name = String::from_utf8_lossy(part.name_raw()).to_ascii_lowercase();
        if part.size() > left {
            return Err(too_large(file));
        }
        let mut counted = Counted { inner: part, left, piece: usize::MAX, is_over: false, is_long: false };
        let walked = match name.ends_with(".xml") || name.ends_with(".rels") {
            true => walk(&mut counted, &mut text_left).map(|hidden| {
                if hidden > 0 {
                    found.hidden_rows.push((name, hidden));
                }
            }),
            false => io::copy(&mut counted, &mut io::sink()).map(|_| ()).map_err(|cause| cause.to_string()),
        };
        if counted.is_over {
            return Err(too_large(file));
        }
        if counted.is_long {
            let most = PIECE_BYTES_MAX / (1024 * 1024);
            return Err(Problem::new(file, format!("holds a text of more than {most} MiB")));
        }
        if text_left.is_none() {
            return Err(Problem::new(file, too_much_text()));
        }
        walked.map_err(|cause| broken(file, cause))?;
        left = counted.left;
    }
    Ok(found)
}

fn too_large(file: &str) -> Problem {
    let most = INFLATED_BYTES_MAX / (1024 * 1024);
    Problem::new(
        file,
        format!("holds more than {most} MiB once it is unpacked; split it, or save the sheet as CSV (UTF-8)"),
    )
}

/// Goes through one part and keeps nothing; so many rows in it are not shown. Of the text that may be left, takes what
/// stands in it; `None`: there was more.
fn walk<R: Read>(source: &mut Counted<R>, text_left: &mut Option<usize>) -> Result<usize, String> {
    let mut reader = Reader::from_reader(BufReader::new(source));
    reader.config_mut().check_end_names = false;
    let (mut hidden, mut elements, mut texts, mut merged, mut is_long) = (0, 0, 0, 0, false);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        reader.get_mut().get_mut().piece = PIECE_BYTES_MAX;
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(start) | Event::Empty(start)) => {
                let name = start.local_name();
                match name.as_ref() {
                    "worksheet" | "comments" | "document-content" if elements == 0 => is_long = true,
                    "sst" if elements == 0 => {
                        is_long = true;
                        refuse_announced(&start)?;
                    }
                    "si" => texts += 1,
                    "mergeCell" => merged += 1,
                    "row" if is(&start, "hidden", &["1", "true"]) => hidden += 1,
                    _ => {}
                }
                elements += 1;
                let is_much = texts > SHARED_TEXTS_MAX || merged > MERGED_MAX;
                if is_much || (!is_long && elements > ELEMENTS_MAX) {
                    return Err("it holds more than any workbook of a programme".to_owned());
                }
            }
            Ok(event @ (Event::Text(_) | Event::CData(_))) => {
                *text_left = text_left.and_then(|left| left.checked_sub(event.len()));
                if text_left.is_none() {
                    return Err(too_much_text());
                }
            }
            Ok(Event::DocType(_)) => return Err("it defines entities of its own".to_owned()),
            Ok(Event::Eof) => return Ok(hidden),
            Ok(_) => {}
            Err(cause) => return Err(cause.to_string()),
        }
    }
}

/// The list of texts says how many it holds, and who believes it makes room for them.
fn refuse_announced(start: &BytesStart<'_>) -> Result<(), String> {
    let announced =
        start.attributes().with_checks(false).flatten().find(|it| it.key.as_ref() == "uniqueCount");
    match announced.map(|it| it.value.trim().parse::<usize>()) {
        Some(Ok(count)) if count > SHARED_TEXTS_MAX => {
            Err(format!("it announces {count} texts; at most {SHARED_TEXTS_MAX} are read"))
        }
        // What is no number is read by nobody as one.
        Some(Ok(_) | Err(_)) | None => Ok(()),
    }
}

fn is(start: &BytesStart<'_>, attribute: &str, values: &[&str]) -> bool {
    let mut attributes = start.attributes();
    attributes
        .with_checks(false)
        .flatten()
        .any(|it| it.key.as_ref() == attribute && values.contains(&it.value.as_ref()))
}

/// Reads no further than the limit.
pub(super) struct Counted<R> {
    inner: R,
    left: u64,
    /// What may be read before somebody says that it may go on.
    piece: usize,
    /// There was more.
    is_over: bool,
    /// There was more in one piece.
    is_long: bool,
}

impl<R> Counted<R> {
    pub(super) fn new(inner: R) -> Counted<R> {
        Counted { inner, left: INFLATED_BYTES_MAX, piece: usize::MAX, is_over: false, is_long: false }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        match self.left.checked_sub(read as u64) {
            Some(left) => self.left = left,
            None => {
                self.is_over = true;
                return Err(io::Error::other("it is too large"));
            }
        }
        match self.piece.checked_sub(read) {
            Some(piece) => self.piece = piece,
            None => {
                self.is_long = true;
                return Err(io::Error::other("it is too long"));
            }
        }
        Ok(read)
    }
}
