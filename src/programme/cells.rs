//! A session as a row of `sessions.csv` says it: what files hold, and what forms show. The importer reads it back
//! without a difference.

use std::collections::BTreeMap;

use chrono::{NaiveDateTime, NaiveTime, Timelike as _};

use super::{Capacity, Live, QueueMode, Registration, RegistrationTime, Session, Status};

/// The columns of `sessions.csv`, in order (DESIGN.md section 7).
pub const COLUMNS: [&str; 28] = [
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
    "cancel_reason",
];

/// The column that only organisers get.
pub const JOIN_URL: &str = "join_url";

/// What a row, or a form, says: the text of each of its columns.
pub type Cells = BTreeMap<&'static str, String>;

/// The cells of a session, in the order of [`COLUMNS`]; those of what is live are empty where it is not known.
pub fn of_session(session: &Session, live: Option<&Live>) -> [(&'static str, String); 28] {
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
        session.cancel_reason.clone(),
    ];
    let mut columns = COLUMNS.into_iter();
    cells.map(|cell| (columns.next().expect("there are as many columns as cells"), cell))
}

/// Values of one cell parted by `|`; a bar in a value is `\|`. A value that ends in `\` gets a space, which the
/// importer takes off, so that its end and the bar after it are no bar in a value.
pub fn list<S: AsRef<str>>(values: impl IntoIterator<Item = S>) -> String {
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

/// A time of registration; nothing where there is none.
pub fn of_registration(time: Option<RegistrationTime>) -> String {
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

/// The word in files.
pub fn queue(queue: QueueMode) -> &'static str {
    match queue {
        QueueMode::Promote => "promote",
        QueueMode::Offer => "offer",
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use uuid::Uuid;

    use super::*;
    use crate::programme::import::row;

    #[test]
    fn an_end_bears_its_date_only_where_it_must() {
        let time = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
        let at =
            |day, hour, minute| NaiveDate::from_ymd_opt(2027, 4, day).unwrap().and_time(time(hour, minute));
        let end_of = |start: Option<NaiveTime>, end: NaiveDateTime| {
            let mut one = row::blank("un".to_owned(), Uuid::nil()).session;
            (one.date, one.start, one.end) = (at(19, 0, 0).date(), start, Some(end));
            super::end(&one)
        };
        let six = Some(time(18, 0));
        assert_eq!(end_of(six, at(19, 20, 0)), "20:00");
        assert_eq!(end_of(six, at(19, 18, 0)), "18:00");
        assert_eq!(end_of(six, at(20, 0, 30)), "00:30");
        assert_eq!(end_of(six, at(20, 18, 0)), "2027-04-20 18:00");
        assert_eq!(end_of(six, at(21, 17, 0)), "2027-04-21 17:00");
        assert_eq!(end_of(None, at(19, 17, 0)), "17:00");
        assert_eq!(end_of(None, at(20, 17, 0)), "2027-04-20 17:00");
    }
}
