//! Atom feeds: what changed in a programme, and its releases to the press. Words come from the caller.

use atom_syndication as atom;
use chrono::{DateTime, NaiveDate, Utc};

use super::xml_text;

/// A feed.
#[derive(Debug, Clone, PartialEq)]
pub struct Feed {
    /// Its identity, for ever: [`id`].
    pub id: String,
    /// Its name.
    pub title: String,
    /// One line under it; may be empty.
    pub subtitle: String,
    /// Where the feed itself is.
    pub feed_url: String,
    /// The page that shows the same.
    pub page_url: String,
    /// The language of its words.
    pub lang: &'static str,
    /// Who says all this: the programme's title.
    pub author: String,
    /// When there is no entry: since when it has been so.
    pub since: DateTime<Utc>,
    /// Newest first.
    pub entries: Vec<Entry>,
}

/// One entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its identity, for ever: [`id`].
    pub id: String,
    /// Its headline.
    pub title: String,
    /// Its page.
    pub url: String,
    /// When it was published.
    pub published: DateTime<Utc>,
    /// When its words last changed.
    pub updated: DateTime<Utc>,
    /// Plain text of a line or two; may be empty.
    pub summary: String,
    /// The whole of it, as clean HTML.
    pub html: Option<String>,
}

/// A name for ever, as RFC 4151 makes them: `tag:example.org,2027-04-01:fr/miso-2027/changes/3`. The host is that of
/// `base_url`; the day is one on which the thing already was ours, and must not change.
pub fn id(base_url: &str, day: NaiveDate, path: &str) -> String {
    let url = url::Url::parse(base_url).ok();
    let host = url.as_ref().and_then(|url| url.host_str()).unwrap_or("localhost");
    format!("tag:{host},{day}:{path}")
}

/// The feed as Atom text. Its time is its newest entry's.
pub fn text(feed: &Feed) -> String {
    let updated = feed.entries.iter().map(|entry| entry.updated).max().unwrap_or(feed.since);
    let document = atom::Feed {
        id: xml_text(&feed.id),
        title: plain(&feed.title),
        subtitle: (!feed.subtitle.is_empty()).then(|| plain(&feed.subtitle)),
        updated: updated.fixed_offset(),
        authors: vec![atom::Person { name: xml_text(&feed.author), ..atom::Person::default() }],
        generator: Some(atom::Generator { value: "Parvis".to_owned(), ..atom::Generator::default() }),
        links: vec![
            link("self", "application/atom+xml", &feed.feed_url),
            link("alternate", "text/html", &feed.page_url),
        ],
        lang: Some(feed.lang.to_owned()),
        entries: feed.entries.iter().map(entry).collect(),
        ..atom::Feed::default()
    };
    let written = document.write_to(Vec::new()).expect("a Vec takes everything");
    String::from_utf8(written).expect("what we wrote was text")
}

fn entry(entry: &Entry) -> atom::Entry {
    let content = entry.html.as_ref().map(|html| atom::Content {
        value: Some(xml_text(html)),
        content_type: Some("html".to_owned()),
        ..atom::Content::default()
    });
    atom::Entry {
        id: xml_text(&entry.id),
        title: plain(&entry.title),
        published: Some(entry.published.fixed_offset()),
        updated: entry.updated.fixed_offset(),
        links: vec![link("alternate", "text/html", &entry.url)],
        summary: (!entry.summary.is_empty()).then(|| plain(&entry.summary)),
        content,
        ..atom::Entry::default()
    }
}

fn plain(text: &str) -> atom::Text {
    atom::Text::plain(xml_text(text))
}

fn link(rel: &str, mime_type: &str, href: &str) -> atom::Link {
    atom::Link {
        rel: rel.to_owned(),
        mime_type: Some(mime_type.to_owned()),
        href: xml_text(href),
        ..atom::Link::default()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::exchange::sample::{HOSTILE, published_at};

    fn feed(entries: Vec<Entry>) -> Feed {
        Feed {
            id: "tag:example.org,2027-04-01:fr/miso-2027/changes".to_owned(),
            title: "MISO 2027 : changements".to_owned(),
            subtitle: String::new(),
            feed_url: "https://example.org/fr/miso-2027/changes.atom".to_owned(),
            page_url: "https://example.org/fr/miso-2027/changes".to_owned(),
            lang: "fr",
            author: "MISO 2027".to_owned(),
            since: published_at(),
            entries,
        }
    }

    fn an_entry(title: &str) -> Entry {
        Entry {
            id: "tag:example.org,2027-04-01:fr/miso-2027/changes/3".to_owned(),
            title: title.to_owned(),
            url: "https://example.org/fr/miso-2027/changes#r3".to_owned(),
            published: published_at(),
            updated: published_at() + chrono::TimeDelta::hours(1),
            summary: "Deux sessions déplacées".to_owned(),
            html: Some("<ul><li>a &amp; b</li></ul>".to_owned()),
        }
    }

    #[test]
    fn a_feed_is_written_exactly_so() {
        let text = text(&feed(vec![an_entry("Publication 3 <b>&")]));
        assert_eq!(
            text.replace("><", ">\n<").lines().collect::<Vec<_>>(),
            [
                "<?xml version=\"1.0\"?>",
                "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"fr\">",
                "<title>MISO 2027 : changements</title>",
                "<id>tag:example.org,2027-04-01:fr/miso-2027/changes</id>",
                "<updated>2027-04-01T09:00:00+00:00</updated>",
                "<author>",
                "<name>MISO 2027</name>",
                "</author>",
                "<generator>Parvis</generator>",
                "<link href=\"https://example.org/fr/miso-2027/changes.atom\" rel=\"self\" \
                 type=\"application/atom+xml\"/>",
                "<link href=\"https://example.org/fr/miso-2027/changes\" rel=\"alternate\" type=\"text/html\"/>",
                "<entry>",
                "<title>Publication 3 &lt;b&gt;&amp;</title>",
                "<id>tag:example.org,2027-04-01:fr/miso-2027/changes/3</id>",
                "<updated>2027-04-01T09:00:00+00:00</updated>",
                "<link href=\"https://example.org/fr/miso-2027/changes#r3\" rel=\"alternate\" type=\"text/html\"/>",
                "<published>2027-04-01T08:00:00+00:00</published>",
                "<summary>Deux sessions déplacées</summary>",
                "<content type=\"html\">&lt;ul&gt;&lt;li&gt;a &amp;amp; b&lt;/li&gt;&lt;/ul&gt;</content>",
                "</entry>",
                "</feed>",
            ]
        );
    }

    #[test]
    fn a_feed_without_entries_has_a_time_all_the_same() {
        assert!(text(&feed(vec![])).contains("<updated>2027-04-01T08:00:00+00:00</updated>"));
    }

    #[test]
    fn names_are_for_ever() {
        let day = published_at().date_naive();
        assert_eq!(
            id("https://miso.example.org:8000/", day, "fr/miso-2027/changes/3"),
            "tag:miso.example.org,2027-04-01:fr/miso-2027/changes/3"
        );
    }

    proptest! {
        #[test]
        fn every_title_is_read_back(title in any::<String>()) {
            let title = format!("x{title}{HOSTILE}\u{8}x");
            let text = text(&feed(vec![an_entry(&title)]));
            let read = atom::Feed::read_from(text.as_bytes()).unwrap();
            prop_assert_eq!(read.entries.len(), 1);
            prop_assert_eq!(&read.entries[0].title.value, &xml_text(&title));
        }
    }
}
