//! A table of figures as a file.

use super::{Dialect, Table, unparted};

/// A table with these headings. All rows are as long as they are.
pub fn figures_csv(headings: &[&str], rows: &[Vec<String>], dialect: Dialect) -> Vec<u8> {
    let mut table = Table::new(dialect);
    table.row(headings.iter().map(|heading| (*heading).to_owned()));
    for row in rows {
        table.row(row.iter().map(|cell| unparted(cell)));
    }
    table.into_bytes()
}
