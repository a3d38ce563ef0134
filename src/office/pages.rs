//! Long lists, a page at a time: which page is shown, and the links to each.

use serde::Serialize;

/// A link to a page of a list.
#[derive(Debug, Serialize)]
pub struct PageLink {
    number: usize,
    href: String,
    current: bool,
}

/// The page of a list that is shown.
#[derive(Debug, Clone, Copy)]
pub struct Pages {
    /// Things of one page.
    size: usize,
    /// How many pages there are, at least one.
    count: usize,
    /// Counted from one.
    current: usize,
}

impl Pages {
    /// Of a list of so many things the page that was asked for, or the nearest that there is.
    pub fn of(all: usize, size: usize, asked: Option<usize>) -> Pages {
        let count = all.div_ceil(size).max(1);
        Pages { size, count, current: asked.unwrap_or(1).clamp(1, count) }
    }

    /// Its number.
    pub fn current(self) -> usize {
        self.current
    }

    /// How many things stand on the pages before it.
    pub fn before(self) -> usize {
        (self.current - 1) * self.size
    }

    /// Its things, of all of the list.
    pub fn part<T>(self, all: impl IntoIterator<Item = T>) -> impl Iterator<Item = T> {
        all.into_iter().skip(self.before()).take(self.size)
    }

    /// The links; none where there is one page only.
    pub fn links(self, href: impl Fn(usize) -> String) -> Vec<PageLink> {
        let link = |number| PageLink { number, href: href(number), current: number == self.current };
        if self.count > 1 { (1..=self.count).map(link).collect() } else { Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_there_is_not_is_the_nearest_one_and_one_page_needs_no_links() {
        let shown = |all: usize, asked| {
            let pages = Pages::of(all, 50, asked);
            (pages.current(), pages.part(0..all).count(), pages.links(|number| number.to_string()).len())
        };
        assert_eq!(shown(0, None), (1, 0, 0));
        assert_eq!(shown(50, Some(2)), (1, 50, 0));
        assert_eq!(shown(53, Some(0)), (1, 50, 2));
        assert_eq!(shown(53, Some(2)), (2, 3, 2));
        assert_eq!(shown(53, Some(99)), (2, 3, 2));
    }
}
