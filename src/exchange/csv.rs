//! CSV: the programme as the importer takes it back without a difference, and the registrations.

mod after;
mod figures;
mod log;

use chrono::{DateTime, SecondsFormat, Utc};

use crate::{
    programme::{
        Draft, Live, Session, Status,
        cells::{JOIN_URL, of_session},
    },
    release::Release,
};

pub use crate::programme::cells::COLUMNS;
pub use after::{AttendanceRow, FeedbackRow, attendance_csv, feedback_csv};
pub use figures::figures_csv;
pub use log::{LogRow, log_csv};

/// The columns of the registrations' file (DESIGN.md section 6).
pub const REGISTRATION_COLUMNS: [&str; 12] = [
    "session",
    "state",
    "position",
    "people",
    "name",
    "email",
    "organisation",
    "language",
    "registered_at",
    "access_needs",
    "attendance",
    "code",
];

/// For which program a file is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Dialect {
    /// Commas, UTF-8 without BOM.
    #[default]
    Plain,
    /// Semicolons, UTF-8 with BOM: what Excel opens with a double click in this country.
    Excel,
}

/// One registration, as an organiser's list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistrationRow {
    /// The session's slug.
    pub session: String,
    /// `confirmed`, `waiting`, `offered`, `cancelled`.
    pub state: String,
    /// Its place in the queue.
    pub position: Option<i64>,
    /// How many come.
    pub people: i64,
    /// Who registered; empty after erasure.
    pub name: String,
    /// Where to write; empty for who has no address, and after erasure.
    pub email: String,
    /// Where the person works, as typed.
    pub organisation: String,
    /// The language of the person's mails.
    pub language: String,
    /// When.
    pub registered_at: DateTime<Utc>,
    /// What the person needs, as typed.
    pub access_needs: String,
    /// How many came; `None` where nobody has marked it.
    pub attended: Option<i64>,
    /// By which somebody without an address is known; empty for others.
    pub code: String,
}

/// The published programme, without `join_url`. `live` knows what the seat rows say; a session that it does not
/// know has these cells empty. Withdrawn sessions are left out.
pub fn public_csv(release: &Release, live: &dyn Fn(&Session) -> Option<Live>) -> String {
    let mut table = Table::new(Dialect::Plain);
    table.row(COLUMNS.iter().filter(|column| **column != JOIN_URL).map(|column| (*column).to_owned()));
    for session in release.listed() {
        let cells = of_session(session, live(session).as_ref());
        table.row(cells.into_iter().filter(|(column, _)| *column != JOIN_URL).map(|(_, cell)| cell));
    }
    String::from_utf8(table.into_bytes()).expect("what we wrote was text")
}

/// The draft, with everything that the importer reads. Withdrawn sessions are left out: a session that a file
/// does not name stays as it is.
pub fn full_csv(draft: &Draft, dialect: Dialect) -> Vec<u8> {
    let mut table = Table::new(dialect);
    table.row(COLUMNS.map(str::to_owned));
    for session in draft.sessions.iter().filter(|session| session.session.status != Status::Withdrawn) {
        table.row(of_session(&session.session, Some(&session.live)).into_iter().map(|(_, cell)| cell));
    }
    table.into_bytes()
}

/// The registrations, one a row.
pub fn registrations_csv(rows: &[RegistrationRow], dialect: Dialect) -> Vec<u8> {
    let mut table = Table::new(dialect);
    table.row(REGISTRATION_COLUMNS.map(str::to_owned));
    for row in rows {
        table.row([
            row.session.clone(),
            row.state.clone(),
            row.position.map(|position| position.to_string()).unwrap_or_default(),
            row.people.to_string(),
            unparted(&row.name),
            row.email.clone(),
            unparted(&row.organisation),
            row.language.clone(),
            row.registered_at.to_rfc3339_opts(SecondsFormat::Secs, true),
            unparted(&row.access_needs),
            attendance(row.attended, row.people),
            row.code.clone(),
        ]);
    }
    table.into_bytes()
}

/// `present`, `absent`; a number where some of a group came.
pub(super) fn attendance(attended: Option<i64>, people: i64) -> String {
    match attended {
        None => String::new(),
        Some(0) => "absent".to_owned(),
        Some(came) if came < people => came.to_string(),
        Some(_) => "present".to_owned(),
    }
}

/// A cell that a spreadsheet would take for a formula gets a `'` in front, and so does one that looks as if it
/// had got one: so the importer always knows whether to take one off.
fn guarded(cell: String) -> String {
    let bare = cell.trim_start_matches('\'');
    match bare.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        true => format!("'{cell}"),
        false => cell,
    }
}

/// A program that takes another separator than ours parts a text where it likes; what then begins a cell must be
/// no formula either. For files that nobody reads back.
fn unparted(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '=' | '+' | '-' | '@') && safe.ends_with([',', ';', '\t', '\r', '\n', '"']) {
            safe.push('\'');
        }
        safe.push(c);
    }
    safe
}

struct Table(csv::Writer<Vec<u8>>);

impl Table {
    fn new(dialect: Dialect) -> Table {
        let (start, delimiter) = match dialect {
            Dialect::Plain => (Vec::new(), b','),
            Dialect::Excel => ("\u{feff}".as_bytes().to_vec(), b';'),
        };
        let terminator = csv::Terminator::CRLF;
        let mut builder = csv::WriterBuilder::new();
        Table(builder.delimiter(delimiter).terminator(terminator).from_writer(start))
    }

    fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        let cells: Vec<_> = cells.into_iter().map(guarded).collect();
        self.0.write_record(cells).expect("a Vec takes everything, and rows are of one length");
    }

    fn into_bytes(self) -> Vec<u8> {
        self.0.into_inner().expect("a Vec takes everything")
    }
}

#[cfg(test)]
mod tests;
