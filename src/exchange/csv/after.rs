//! What organisers learn afterwards: who came, in figures, and what people say.

use chrono::NaiveDate;

use super::{Dialect, Table, unparted};

/// The figures of one session, in people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttendanceRow {
    /// The session's slug.
    pub session: String,
    /// Had a seat.
    pub registered: i64,
    /// Came, of those who are known.
    pub present: i64,
    /// Had a seat and did not come.
    pub absent: i64,
    /// Came without having registered.
    pub walk_in: i64,
}

/// One person's answers, without the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedbackRow {
    /// The session's slug.
    pub session: String,
    /// The day.
    pub answered_on: NaiveDate,
    /// 1 to 5.
    pub rating: Option<i64>,
    /// What the person takes with them.
    pub takeaway: String,
    /// What should be better.
    pub better: String,
}

/// The figures, one session a row.
pub fn attendance_csv(rows: &[AttendanceRow], dialect: Dialect) -> Vec<u8> {
    let mut table = Table::new(dialect);
    table.row(["session", "registered", "present", "absent", "walk_in"].map(str::to_owned));
    for row in rows {
        let numbers = [row.registered, row.present, row.absent, row.walk_in].map(|number| number.to_string());
        table.row([row.session.clone()].into_iter().chain(numbers));
    }
    table.into_bytes()
}

/// The answers, one person's about one session a row.
pub fn feedback_csv(rows: &[FeedbackRow], dialect: Dialect) -> Vec<u8> {
    let mut table = Table::new(dialect);
    table.row(["session", "answered_on", "rating", "takeaway", "better"].map(str::to_owned));
    for row in rows {
        table.row([
            row.session.clone(),
            row.answered_on.to_string(),
            row.rating.map(|rating| rating.to_string()).unwrap_or_default(),
            unparted(&row.takeaway),
            unparted(&row.better),
        ]);
    }
    table.into_bytes()
}
