//! In which order a list of the draft stands: what its headings say and do.

use serde::Serialize;

use crate::programme::import::plain;

/// Lines of one page.
pub const PAGE: usize = 50;

/// By which column, and which way: `title`, or `-title` from its end, in an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// The column.
    pub by: &'static str,
    /// From where.
    pub way: Way,
}

/// Which way a column runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The first, the lowest, above.
    Up,
    /// The last, the highest, above.
    Down,
}

impl Order {
    /// What an address says, where it names one of these columns.
    pub fn of(asked: &str, columns: &[&'static str]) -> Option<Order> {
        let (way, name) = match asked.strip_prefix('-') {
            Some(name) => (Way::Down, name),
            None => (Way::Up, asked),
        };
        let by = columns.iter().find(|column| **column == name)?;
        Some(Order { by, way })
    }

    /// As an address says it.
    pub fn code(self) -> String {
        match self.way {
            Way::Up => self.by.to_owned(),
            Way::Down => format!("-{}", self.by),
        }
    }

    /// Turns what was sorted upwards.
    pub fn turn<T>(self, sorted: &mut [T]) {
        if self.way == Way::Down {
            sorted.reverse();
        }
    }
}

/// The heading of a column: a click sorts by it, and another one the other way round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Heading {
    name: &'static str,
    href: String,
    /// For `aria-sort`; empty where the list stands in another order.
    sorted: &'static str,
}

impl Heading {
    /// A column's, where the list stands in the order `now`; `href` gives the address of the list in that order.
    pub fn of(name: &'static str, now: Option<Order>, href: impl Fn(&str) -> String) -> Heading {
        let (sorted, next) = match now.filter(|now| now.by == name).map(|now| now.way) {
            Some(Way::Up) => ("ascending", Way::Down),
            Some(Way::Down) => ("descending", Way::Up),
            None => ("", Way::Up),
        };
        Heading { name, href: href(&Order { by: name, way: next }.code()), sorted }
    }
}

/// True where each word that was searched for begins one of these texts' words, whatever their accents.
pub fn says(texts: &[&str], q: &str) -> bool {
    let said = plain(&texts.join(" "));
    q.is_empty() || plain(q).split(' ').all(|word| said.split(' ').any(|said| said.starts_with(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_sorts_and_turns() {
        let columns = ["time", "title"];
        let heading = |asked: &str| Heading::of("title", Order::of(asked, &columns), str::to_owned);
        for (asked, sorted, next) in [
            ("", "", "title"),
            ("time", "", "title"),
            ("title", "ascending", "-title"),
            ("-title", "descending", "title"),
            ("--title", "", "title"),
            ("nonsense", "", "title"),
        ] {
            let heading = heading(asked);
            assert_eq!((heading.sorted, heading.href.as_str()), (sorted, next), "{asked}");
        }
    }

    #[test]
    fn words_are_found_by_their_beginnings_without_accents() {
        assert!(says(&["Maison des Ateliers", "Été"], "ete MAIS"));
        assert!(!says(&["Maison"], "aison") && says(&["Maison"], ""));
    }
}
