//! Addresses of the site as files of a folder, and the links between them. Pure.

use std::collections::BTreeSet;

/// What links are turned by.
pub(super) struct Links<'l> {
    /// The site's address.
    pub base_url: &'l str,
    /// The programme's slug: where a link leads whose page is not here.
    pub home: &'l str,
    /// Every address that has a file.
    pub known: &'l BTreeSet<String>,
}

impl Links<'_> {
    /// Where an address stands: `/fr/miso/press` is `fr/miso/press/index.html`, `/fr/miso/calendar.ics` is itself, so
    /// that a server of files answers the old addresses. `None` where a part of it is no plain name.
    pub fn file_of(&self, path: &str) -> Option<String> {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let is_plain = |part: &&str| {
            !part.starts_with('.')
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
        };
        if !parts.iter().all(is_plain) {
            return None;
        }
        let is_file = ["ics", "css", "xml", "json", "csv", "atom", "svg"];
        let last = parts.last().copied().unwrap_or_default();
        match last.rsplit_once('.') {
            Some((_, extension)) if is_file.contains(&extension) => Some(parts.join("/")),
            _ => Some([parts.as_slice(), &["index.html"]].concat().join("/")),
        }
    }

    /// The page, with its links as they lead from the file `from`.
    pub fn relative(&self, from: &str, html: &str) -> String {
        let mut turned = String::with_capacity(html.len());
        let mut rest = html;
        while let Some(at) = next_link(rest) {
            let (before, value) = rest.split_at(at);
            turned.push_str(before);
            let end = value.find('"').unwrap_or(value.len());
            turned.push_str(&self.turned(from, &value[..end]));
            rest = &value[end..];
        }
        turned.push_str(rest);
        turned
    }

    /// One address, as it is written in an attribute.
    fn turned(&self, from: &str, value: &str) -> String {
        let own = value.strip_prefix(self.base_url).filter(|rest| rest.is_empty() || rest.starts_with('/'));
        let local =
            own.or_else(|| Some(value).filter(|value| value.starts_with('/') && !value.starts_with("//")));
        let Some(local) = local else { return value.to_owned() };
        let (address, fragment) = match local.split_once('#') {
            Some((address, fragment)) => (address, format!("#{fragment}")),
            None => (local, String::new()),
        };
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let path = path.trim_end_matches('/');
        let lang = path.split('/').nth(1).unwrap_or_default();
        // The days of the programme stand on its page, one below the other.
        let fragment = match query.strip_prefix("day=") {
            Some(day) if fragment.is_empty() => format!("#day-{day}"),
            _ => fragment,
        };
        let is_entrance = path.split('/').count() <= 2;
        let to = match () {
            () if path.starts_with("/static/") => self.file_of(path),
            () if self.known.contains(path) => self.file_of(path),
            () if is_entrance => self.file_of(path),
            () => {
                log::warn!("a link of the archive has no page there, and leads to the programme: {path}");
                self.file_of(&format!("/{lang}/{}", self.home))
            }
        };
        format!("{}{fragment}", to.map_or_else(String::new, |to| way(from, &to)))
    }
}

/// Where the next address begins that a page leads to.
fn next_link(html: &str) -> Option<usize> {
    [" href=\"", " src=\""].iter().filter_map(|name| Some(html.find(name)? + name.len())).min()
}

/// The way from one file to another: `../../index.html`.
fn way(from: &str, to: &str) -> String {
    let folder: Vec<&str> = from.split('/').collect();
    let folder = &folder[..folder.len() - 1];
    let target: Vec<&str> = to.split('/').collect();
    let shared = folder.iter().zip(&target[..target.len() - 1]).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", folder.len() - shared);
    up.chain(target[shared..].iter().copied()).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> BTreeSet<String> {
        ["/fr/miso", "/fr/miso/press", "/fr/miso/calendar.ics", "/fr/miso/colours.css"]
            .map(str::to_owned)
            .into()
    }

    #[test]
    fn addresses_are_files_and_none_leaves_the_folder() {
        let known = known();
        let links = Links { base_url: "https://x.example.org", home: "miso", known: &known };
        assert_eq!(links.file_of("/fr/miso").as_deref(), Some("fr/miso/index.html"));
        assert_eq!(links.file_of("/fr/miso/calendar.ics").as_deref(), Some("fr/miso/calendar.ics"));
        assert_eq!(links.file_of("").as_deref(), Some("index.html"));
        // A slug may have a dot in it only where it is no extension of ours.
        assert_eq!(links.file_of("/fr/miso/press/v1.2").as_deref(), Some("fr/miso/press/v1.2/index.html"));
        for wrong in [
            "/fr/../../etc",
            "/fr/..",
            "/fr/.htaccess",
            "/fr/a\\b",
            "/fr/a:b",
            "/fr/é",
            "/fr/%2e%2e",
            "/a/\0",
        ] {
            assert_eq!(links.file_of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn links_lead_from_file_to_file() {
        let known = known();
        let links = Links { base_url: "https://x.example.org", home: "miso", known: &known };
        for (link, turned) in [
            ("/fr/miso", "../index.html"),
            ("/fr/miso/", "../index.html"),
            ("/fr/miso?day=2027-04-19", "../index.html#day-2027-04-19"),
            ("/fr/miso#calendar", "../index.html#calendar"),
            ("/fr/miso/calendar.ics", "../calendar.ics"),
            ("/fr/miso/colours.css?r=3", "../colours.css"),
            ("https://x.example.org/fr/miso/calendar.ics", "../calendar.ics"),
            ("/fr/", "../../index.html"),
            ("/", "../../../index.html"),
            ("/static/parvis.0123.css", "../../../static/parvis.0123.css"),
            ("/fr/miso/none", "../index.html"),
            ("#main", "#main"),
            ("https://x.example.org.evil.example.net/", "https://x.example.org.evil.example.net/"),
            ("//cdn.example.net/x", "//cdn.example.net/x"),
            ("mailto:a@example.org", "mailto:a@example.org"),
        ] {
            let html = format!("<a class=\"x\" href=\"{link}\">y</a>");
            assert_eq!(
                links.relative("fr/miso/press/index.html", &html),
                format!("<a class=\"x\" href=\"{turned}\">y</a>")
            );
        }
    }
}
