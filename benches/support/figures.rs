//! Numbers as people read them, and what stands on the command line.

#![allow(dead_code, reason = "each bench uses its own part of this")]

use std::env;

/// The one in the middle.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// `--seconds 2` as 2, behind `cargo bench --bench NAME --`.
pub fn option(name: &str, default: f64) -> f64 {
    let mut args = env::args().skip_while(|arg| arg != name).skip(1);
    args.next().map_or(default, |value| value.parse().unwrap_or_else(|_| panic!("{name} takes a number")))
}

/// True unless `--on` names others: `--on slow,two`.
pub fn is_wanted(name: &str) -> bool {
    let named = env::args().skip_while(|arg| arg != "--on").nth(1);
    named.is_none_or(|named| named.split(',').any(|one| one == name))
}

/// Columns as wide as what stands in them; the first to the left, numbers to the right.
pub fn table(rows: &[Vec<String>]) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width =
        |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    for row in rows {
        let cells = row.iter().enumerate().map(|(at, cell)| match at {
            0 => format!("{cell:<width$}", width = widths[at]),
            _ => format!("{cell:>width$}", width = widths[at]),
        });
        println!("{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
}
