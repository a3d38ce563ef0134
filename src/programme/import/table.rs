//! CSV as offices write it: any of three separators, any line end, Excel's quoting.

use serde::{Deserialize, Serialize};

use super::{CELLS_MAX, COLUMNS_MAX, Problem, ROWS_MAX, text};

/// What a table may hold.
#[derive(Debug, Clone, Copy)]
pub struct Most {
    /// Rows.
    pub rows: usize,
    /// Cells, empty ones too.
    pub cells: usize,
}

/// The longest text of a cell that is kept to be looked at, in bytes.
const CELL_BYTES_MAX: usize = 1024 * 1024;
/// Of sessions.
pub const SESSIONS: Most = Most { rows: ROWS_MAX, cells: CELLS_MAX };
/// Of registrations: all of a programme that is far larger than any.
pub const REGISTRATIONS: Most = Most { rows: 100_000, cells: 3_000_000 };

/// A file's headings and rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Trimmed.
    pub headings: Vec<String>,
    /// Rows that hold anything.
    pub rows: Vec<Row>,
    /// What is wrong with the other rows.
    pub problems: Vec<Problem>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The line on which it begins; the first is 1.
    pub line: u64,
    /// As many as there are headings.
    pub cells: Vec<String>,
}

/// Reads a text, whose line ends are `\n`. Rows that are no rows of this table are left out and said.
///
/// # Errors
/// A file that holds no headings, or more than `most`.
pub fn parse(file: &str, whole: &str, most: Most) -> Result<Table, Problem> {
    // Excel writes, and takes, a first line that names the separator.
    let hint = whole
        .lines()
        .next()
        .and_then(|line| line.strip_prefix("sep="))
        .map(|rest| rest.trim_end_matches('\n'));
    let skipped = if hint.is_some() { whole.find('\n').map_or(whole.len(), |at| at + 1) } else { 0 };
    let body = &whole[skipped..];
    let separator = match hint.map(str::as_bytes) {
        Some([separator]) => *separator,
        _ => separator(body),
    };
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(body.as_bytes());
    let mut headings: Option<Vec<String>> = None;
    let mut rows = Vec::new();
    let mut problems = Vec::new();
    let mut lines = Lines { text: whole, at: 0, line: 1 };
    let mut record = ::csv::StringRecord::new();
    loop {
        let from = skipped + usize::try_from(reader.position().byte()).unwrap_or(usize::MAX - skipped);
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                problems.push(Problem::new(file, format!("is no CSV: {error}")).line(lines.of(from)));
                break;
            }
        }
        let line = lines.of(from);
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let count = rows.len() + problems.len();
        if let Some(message) = too_many(count, headings.as_ref().map_or(0, Vec::len), most) {
            return Err(Problem::new(file, message).line(line));
        }
        match &headings {
            None if record.len() > COLUMNS_MAX => {
                let message = format!("has more than {COLUMNS_MAX} columns; at most {COLUMNS_MAX} are read");
                return Err(Problem::new(file, message).line(line));
            }
            None => headings = Some(record.iter().map(words_of).collect()),
            Some(headings) => match row(file, line, &record, headings.len()) {
                Ok(row) => rows.push(row),
                Err(problem) => problems.push(problem),
            },
        }
    }
    // A quote that is never closed swallows the rest of the file, which then fits in one cell.
    if let Some(last) = rows.last()
        && body.matches('"').count() % 2 == 1
        && last.cells.iter().any(|cell| cell.contains('\n'))
    {
        let message = "a quote that opens in this row is never closed; double a quote that is part of a text";
        problems.push(Problem::new(file, message).line(last.line));
    }
    match headings {
        Some(headings) => Ok(Table { headings, rows, problems }),
        None => {
            let empty = Problem::new(file, "is empty; its first line must hold the headings");
            Err(problems.pop().unwrap_or(empty))
        }
    }
}

/// A table with one row more, longer than any that is meant.
fn too_many(rows: usize, columns: usize, most: Most) -> Option<String> {
    let Most { rows: rows_max, cells: cells_max } = most;
    if rows >= rows_max {
        return Some(format!("has more than {rows_max} rows; at most {rows_max} are read"));
    }
    (rows.saturating_mul(columns) > cells_max)
        .then(|| format!("has more than {cells_max} cells; at most {cells_max} are read"))
}

/// A heading on one line.
pub(super) fn words_of(heading: &str) -> String {
    heading.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn row(file: &str, line: u64, record: &::csv::StringRecord, width: usize) -> Result<Row, Problem> {
    // Before anything is copied.
    if record.iter().any(|cell| cell.len() > CELL_BYTES_MAX) {
        let most = CELL_BYTES_MAX / (1024 * 1024);
        return Err(Problem::new(file, format!("holds a text of more than {most} MiB")).line(line));
    }
    let mut cells: Vec<_> = record.iter().map(unguarded).map(str::to_owned).collect();
    while cells.len() > width && cells.last().is_some_and(|cell| cell.trim().is_empty()) {
        cells.pop();
    }
    if cells.len() != width {
        let message = format!(
            "this row has {} cells and the headings are {width}; a text with the separator in it needs quotes",
            cells.len()
        );
        return Err(Problem::new(file, message).line(line));
    }
    Ok(Row { line, cells })
}

/// Takes off one `'` of those that keep a spreadsheet from taking a text for a formula; the exporter writes one
/// more wherever it finds this shape. A CR has become `\n` by now.
fn unguarded(cell: &str) -> &str {
    match cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\n']) {
        true => cell.strip_prefix('\'').unwrap_or(cell),
        false => cell,
    }
}

/// The separator that stands most often, outside quotes, in the first line that holds anything.
fn separator(text: &str) -> u8 {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in text.trim_start_matches('\n').bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            _ if quoted => {}
            _ => counts.iter_mut().filter(|(separator, _)| *separator == byte).for_each(|(_, n)| *n += 1),
        }
    }
    // The first of equals: a comma.
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(separator, _)| separator)
}

/// Counts lines as the reader goes on.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of the first thing at or after a byte: empty lines before a row are not its own.
    fn of(&mut self, byte: usize) -> u64 {
        let bytes = self.text.as_bytes();
        let mut to = byte.clamp(self.at, bytes.len());
        while bytes.get(to) == Some(&b'\n') {
            to += 1;
        }
        self.line += bytes[self.at..to].iter().filter(|byte| **byte == b'\n').count() as u64;
        self.at = to;
        self.line
    }
}

/// The values of a cell, parted by `|`; `\|` is a bar. Trimmed, without empty ones.
pub fn values(cell: &str) -> Vec<String> {
    let mut values = vec![String::new()];
    let mut chars = cell.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.peek() == Some(&'|') => {
                chars.next();
                values.last_mut().expect("there is always one").push('|');
            }
            '|' => values.push(String::new()),
            other => values.last_mut().expect("there is always one").push(other),
        }
    }
    values.iter().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()).collect()
}

/// The text of a CSV file, and a notice where its encoding was guessed.
///
/// # Errors
/// What is no text.
pub fn decode(file: &str, bytes: &[u8]) -> Result<(String, Option<Problem>), Problem> {
    let decoded = text::decode(file, bytes)?;
    let notice =
        decoded.guessed.map(|name| Problem::new(file, format!("is not UTF-8 and was read as {name}")));
    Ok((decoded.text, notice))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<(u64, Vec<String>)> {
        parse("t.csv", text, SESSIONS).unwrap().rows.into_iter().map(|row| (row.line, row.cells)).collect()
    }

    fn line(line: u64, cells: &[&str]) -> (u64, Vec<String>) {
        (line, cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    #[test]
    fn comma_semicolon_and_tab_are_found_by_the_headings() {
        for text in ["a,b\n1,2\n", "a;b\n1;2\n", "a\tb\n1\t2\n", "sep=;\na;b\n1;2\n"] {
            assert_eq!(cells(text)[0].1, ["1", "2"], "{text:?}");
        }
        assert_eq!(cells("\"a;;;\",b\n1,2\n")[0].1, ["1", "2"]);
    }

    #[test]
    fn rows_bear_the_line_on_which_they_begin() {
        assert_eq!(
            cells("a,b\n\n1,\"x\ny\"\n\n\n2,z\n,\n3,w"),
            [line(3, &["1", "x\ny"]), line(7, &["2", "z"]), line(9, &["3", "w"])]
        );
    }

    #[test]
    fn the_formula_guard_is_taken_off_once_and_only_where_it_guards() {
        assert_eq!(
            cells("a,b,c,d,e\n'=1+1,''=2,'tis,=3,'''a\n"),
            [line(2, &["=1+1", "'=2", "'tis", "=3", "'''a"])]
        );
    }

    #[test]
    fn ragged_rows_and_open_quotes_are_said_with_their_line() {
        let table = parse("t.csv", "a,b\n1\n1,2,3\n1,2,,\n", SESSIONS).unwrap();
        assert_eq!(table.problems.iter().map(|p| p.line).collect::<Vec<_>>(), [Some(2), Some(3)]);
        assert_eq!(table.rows.len(), 1, "the others are looked at all the same");
        let table = parse("t.csv", "a,b\n1,2\n3,\"open\n4,5\n", SESSIONS).unwrap();
        assert_eq!(table.problems[0].line, Some(3));
    }

    #[test]
    fn values_are_parted_by_bars_and_a_guarded_bar_is_one() {
        assert_eq!(values("a | b\\|c||"), ["a", "b|c"]);
        assert!(values("").is_empty());
    }
}
