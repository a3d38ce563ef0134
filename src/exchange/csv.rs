//! CSV: the programme as the importer takes it back without a difference, and the registrations.

mod after;

use chrono::{DateTime, NaiveDateTime, NaiveTime, SecondsFormat, Timelike as _, Utc};

use crate::{
    programme::{Capacity, Draft, Live, QueueMode, Registration, RegistrationTime, Session, Status},
    release::Release,
};

pub use after::{AttendanceRow, FeedbackRow, attendance_csv, feedback_csv};

/// The columns of `sessions.csv`, in order (DESIGN.md section 7).
pub const COLUMNS: [&str; 27] = [
    "slug",
    "title",
    "theme",
    "format",
    "date",
    "start",
    "end",
    "language",
    "place",
    "online",
    JOIN_URL,
    "capacity",
    "registration",
    "hosts",
    "speakers",
    "abstract",
    "description",
    "tags",
    "access",
    "status",
    "opens",
    "closes",
    "queue",
    "held",
    "text_language",
    "recording",
    "minutes",
];

/// The column that only organisers get.
const JOIN_URL: &str = "join_url";

/// The columns of the registrations' file (DESIGN.md section 6).
pub const REGISTRATION_COLUMNS: [&str; 11] = [
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
    /// Where to write; empty after erasure.
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
}

/// The published programme, without `join_url`. `live` knows what the seat rows say; a session that it does not
/// know has these cells empty. Withdrawn sessions are left out.
pub fn public_csv(release: &Release, live: &dyn Fn(&Session) -> Option<Live>) -> String {
    let mut table = Table::new(Dialect::Plain);
    table.row(COLUMNS.iter().filter(|column| **column != JOIN_URL).map(|column| (*column).to_owned()));
    for session in release.listed() {
        let cells = cells(session, live(session).as_ref());
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
        table.row(cells(&session.session, Some(&session.live)).into_iter().map(|(_, cell)| cell));
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

/// Each column's heading and text, as the importer reads it; without the `'` of a CSV file before a formula.
pub fn cells(session: &Session, live: Option<&Live>) -> [(&'static str, String); 27] {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let held = |live: &Live| list(live.held.iter().map(|(group, seats)| format!("{group}:{seats}")));
    let cells = [
        session.slug.clone(),
        session.title.clone(),
        text(&session.theme),
        list(session.formats.iter().map(|format| format.code())),
        session.date.to_string(),
        session.start.map(time).unwrap_or_default(),
        end(session),
        list(&session.languages),
        text(&session.place),
        if session.online { "true".to_owned() } else { String::new() },
        live.map(|live| text(&live.join_url)).unwrap_or_default(),
        live.map(|live| capacity(live.capacity)).unwrap_or_default(),
        live.map(|live| registration(&live.registration)).unwrap_or_default(),
        list(&session.hosts),
        list(&session.speakers),
        session.r#abstract.clone(),
        session.description.clone(),
        list(&session.tags),
        list(session.access.iter().map(|access| access.code())),
        status(session.status).to_owned(),
        live.map(|live| of_registration(live.opens)).unwrap_or_default(),
        live.map(|live| of_registration(live.closes)).unwrap_or_default(),
        live.and_then(|live| live.queue).map_or("", queue).to_owned(),
        live.map(held).unwrap_or_default(),
        text(&session.text_language),
        text(&session.recording),
        session.minutes.clone(),
    ];
    let mut columns = COLUMNS.into_iter();
    cells.map(|cell| (columns.next().expect("there are as many columns as cells"), cell))
}

/// Values of one cell parted by `|`; a bar in a value is `\|`. A value that ends in `\` gets a space, which the
/// importer takes off, so that its end and the bar after it are no bar in a value.
fn list<S: AsRef<str>>(values: impl IntoIterator<Item = S>) -> String {
    let value = |value: S| {
        let value = value.as_ref().replace('|', "\\|");
        if value.ends_with('\\') { format!("{value} ") } else { value }
    };
    values.into_iter().map(value).collect::<Vec<_>>().join("|")
}

fn time(time: NaiveTime) -> String {
    let form = if time.second() == 0 { "%H:%M" } else { "%H:%M:%S" };
    time.format(form).to_string()
}

fn of_registration(time: Option<RegistrationTime>) -> String {
    let said = |time: RegistrationTime| time.local().map_or_else(|| time.to_string(), local);
    time.map(said).unwrap_or_default()
}

fn local(at: NaiveDateTime) -> String {
    format!("{}T{}", at.date(), time(at.time()))
}

/// The time alone where the importer finds the same day by itself: an end before the start is the next day's.
fn end(session: &Session) -> String {
    let Some(end) = session.end else { return String::new() };
    let is_before_start = session.start.is_some_and(|start| end.time() < start);
    let expected = if is_before_start { session.date.succ_opt() } else { Some(session.date) };
    match expected == Some(end.date()) {
        true => time(end.time()),
        false => format!("{} {}", end.date(), time(end.time())),
    }
}

fn capacity(capacity: Capacity) -> String {
    match capacity {
        Capacity::Rule => String::new(),
        Capacity::Unlimited => "unlimited".to_owned(),
        Capacity::Seats(seats) => seats.to_string(),
    }
}

fn registration(registration: &Registration) -> String {
    match registration {
        Registration::Open => "open".to_owned(),
        Registration::Closed => "closed".to_owned(),
        Registration::Invitation => "invitation".to_owned(),
        Registration::None => "none".to_owned(),
        Registration::External(address) => address.clone(),
    }
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Scheduled => "",
        Status::Cancelled => "cancelled",
        Status::Withdrawn => "withdrawn",
    }
}

fn queue(queue: QueueMode) -> &'static str {
    match queue {
        QueueMode::Promote => "promote",
        QueueMode::Offer => "offer",
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
