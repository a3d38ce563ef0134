//! The log of the office as a file.

use super::{Dialect, Table, unparted};

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRow {
    /// When, `2027-03-01T09:00:00Z`.
    pub at: String,
    /// The programme's slug; empty for the whole office.
    pub programme: String,
    /// Who did it.
    pub who: String,
    /// `session.cancel`.
    pub action: String,
    /// The same in words.
    pub said: String,
    /// `session/forum`.
    pub subject: String,
    /// What it was, as JSON.
    pub before: String,
    /// What it is, as JSON.
    pub after: String,
}

/// The lines, in their order.
pub fn log_csv(rows: &[LogRow]) -> Vec<u8> {
    let mut table = Table::new(Dialect::Plain);
    table.row(["at", "programme", "who", "action", "said", "subject", "before", "after"].map(str::to_owned));
    for row in rows {
        let texts = [&row.programme, &row.who, &row.action, &row.said, &row.subject, &row.before, &row.after];
        table.row([row.at.clone()].into_iter().chain(texts.map(|text| unparted(text))));
    }
    table.into_bytes()
}
