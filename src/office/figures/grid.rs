//! Tables of figures: one for the page and for the file, so that both say the same.

use serde::Serialize;

use super::words::{number, percent};
use crate::{
    exchange::csv::{Dialect, figures_csv},
    locale::{Lang, text},
    registration::figures::report::{PEOPLE_MIN, Share},
};

/// A table before it is written.
#[derive(Debug, Default)]
pub struct Grid {
    /// What the first columns of the file are called; on the page they are the row's heading.
    pub lead: &'static [&'static str],
    /// The other columns: their headings are `figures-col-{code}`.
    pub columns: &'static [&'static str],
    /// In their order.
    pub rows: Vec<Line>,
}

/// A row.
#[derive(Debug, Default)]
pub struct Line {
    /// As the file says it, one for each column of `lead`.
    pub lead: Vec<String>,
    /// As the page says it.
    pub label: String,
    /// The language of the label, where it is not the page's.
    pub lang: Option<String>,
    /// Beneath the label.
    pub note: String,
    /// Where more is said about it.
    pub href: Option<String>,
    /// It does not count (any more).
    pub off: bool,
    /// One for each column.
    pub cells: Vec<Cell>,
}

/// A figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// So many.
    Number(i64),
    /// So many in a hundred.
    Percent(i64),
    /// There is none: no limit, nobody has marked it.
    None,
    /// Some, and so few that they could be recognised.
    Few,
    /// It would tell how many these few are.
    Withheld,
}

impl Cell {
    /// Where it is known.
    pub fn percent(known: Option<i64>) -> Cell {
        known.map_or(Cell::None, Cell::Percent)
    }

    /// Where it means something.
    pub fn number_if(means: bool, number: i64) -> Cell {
        if means { Cell::Number(number) } else { Cell::None }
    }

    /// As a reader may know it.
    pub fn share(share: Share) -> Cell {
        match share {
            Share::People(people) => Cell::Number(people),
            Share::Few => Cell::Few,
            Share::Withheld => Cell::Withheld,
        }
    }

    /// For people.
    pub fn said(self, lang: Lang) -> String {
        match self {
            Cell::Number(n) => number(lang, n),
            Cell::Percent(n) => percent(lang, n),
            Cell::None => "–".to_owned(),
            Cell::Few => text(lang, "figures-few", &[("n", PEOPLE_MIN.into())]),
            Cell::Withheld => text(lang, "figures-withheld", &[]),
        }
    }

    fn plain(self) -> String {
        match self {
            Cell::Number(n) | Cell::Percent(n) => n.to_string(),
            Cell::None => String::new(),
            Cell::Few => format!("<{PEOPLE_MIN}"),
            Cell::Withheld => "withheld".to_owned(),
        }
    }
}

/// A table, as a template writes it.
#[derive(Debug, Serialize)]
pub struct Table {
    /// What its rows are.
    head: String,
    heads: Vec<String>,
    rows: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Row {
    label: String,
    lang: Option<String>,
    note: String,
    href: Option<String>,
    off: bool,
    cells: Vec<String>,
}

impl Grid {
    /// For a page.
    pub fn table(self, lang: Lang) -> Table {
        let heading = |code: &&str| text(lang, &format!("figures-col-{}", code.replace('_', "-")), &[]);
        let row = |line: Line| Row {
            label: line.label,
            lang: line.lang,
            note: line.note,
            href: line.href,
            off: line.off,
            cells: line.cells.into_iter().map(|cell| cell.said(lang)).collect(),
        };
        Table {
            head: self.lead.first().map(heading).unwrap_or_default(),
            heads: self.columns.iter().map(heading).collect(),
            rows: self.rows.into_iter().map(row).collect(),
        }
    }

    /// For a file.
    pub fn csv(self, dialect: Dialect) -> Vec<u8> {
        let headings: Vec<&str> = self.lead.iter().chain(self.columns).copied().collect();
        let row = |line: Line| line.lead.into_iter().chain(line.cells.into_iter().map(Cell::plain)).collect();
        figures_csv(&headings, &self.rows.into_iter().map(row).collect::<Vec<_>>(), dialect)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_and_file_say_the_same_and_no_cell_is_a_formula() {
        let grid = || Grid {
            lead: &["theme", "title"],
            columns: &["taken", "fill"],
            rows: vec![Line {
                lead: vec!["lab".to_owned(), "=1+1;=2".to_owned()],
                label: "=1+1;=2".to_owned(),
                cells: vec![Cell::Number(12_345), Cell::None],
                ..Line::default()
            }],
        };
        let file = String::from_utf8(grid().csv(Dialect::Plain)).unwrap();
        assert_eq!(file, "theme,title,taken,fill\r\nlab,'=1+1;'=2,12345,\r\n");
        let table = grid().table(Lang::En);
        assert_eq!(table.rows[0].cells, ["12,345", "–"]);
    }
}
