//! Organisers' texts: Markdown in, harmless HTML out (DESIGN.md section 10). Never a template.

pub mod filled;

use std::{
    collections::{BTreeSet, HashSet},
    sync::OnceLock,
};

use ammonia::Builder;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, TextMergeStream, html};

use self::filled::Values;

/// Lists in lists in quotes: nobody reads deeper ones.
const NESTED_MAX: usize = 20;

/// Clean HTML: no script, no style, no picture; links to `http`, `https` and `mailto` only, marked
/// `nofollow noopener`. Its highest headings are of the level `top`, and no level is left out below it, whatever
/// the text begins with.
pub fn to_html(markdown: &str, top: usize) -> String {
    to_html_filled(markdown, top, &Values::new())
}

/// The same with placeholders ([`filled`]), whose values are text, or an address.
pub fn to_html_filled(markdown: &str, top: usize, values: &Values) -> String {
    let options = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES;
    let parser = Parser::new_ext(markdown, options);
    let mut events: Vec<Event<'_>> = if values.is_empty() {
        parser.collect()
    } else {
        filled::fill_events(TextMergeStream::new(parser).collect(), values)
    };
    shallow(&mut events);
    level_headings(&mut events, top);
    let mut rough = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut rough, events.into_iter());
    cleaner().clean(&rough).to_string()
}

/// Takes out what stands in more than [`NESTED_MAX`] others: readers of HTML look through all that is open, again
/// and again. The words stay.
fn shallow(events: &mut Vec<Event<'_>>) {
    let mut open = 0_usize;
    events.retain(|event| match event {
        Event::Start(_) => {
            open += 1;
            open <= NESTED_MAX
        }
        Event::End(_) => {
            open = open.saturating_sub(1);
            open < NESTED_MAX
        }
        _ => true,
    });
}

/// The levels that the text uses, one below the other from `top` on; none more than one deeper than the last.
fn level_headings(events: &mut [Event<'_>], top: usize) {
    let used: BTreeSet<HeadingLevel> = events
        .iter()
        .filter_map(|event| match event {
            Event::Start(Tag::Heading { level, .. }) => Some(*level),
            _ => None,
        })
        .collect();
    let mut last = top.saturating_sub(1);
    for event in events {
        let level = match event {
            Event::Start(Tag::Heading { level, .. }) => {
                let rank = used.iter().take_while(|other| *other < level).count();
                last = (top + rank).min(last + 1);
                level
            }
            Event::End(TagEnd::Heading(level)) => level,
            _ => continue,
        };
        *level = HeadingLevel::try_from(last).unwrap_or(HeadingLevel::H6);
    }
}

/// The words alone, for calendars, plain-text mails and search: links as `text (address)`.
pub fn to_text(markdown: &str) -> String {
    words_of(Parser::new_ext(markdown, Options::ENABLE_STRIKETHROUGH), markdown.len())
}

/// The same with placeholders ([`filled`]).
pub fn to_text_filled(markdown: &str, values: &Values) -> String {
    let parser = Parser::new_ext(markdown, Options::ENABLE_STRIKETHROUGH);
    let events = filled::fill_events(TextMergeStream::new(parser).collect(), values);
    words_of(events.into_iter(), markdown.len())
}

fn words_of<'e>(events: impl Iterator<Item = Event<'e>>, len: usize) -> String {
    let mut text = String::with_capacity(len);
    let mut links = Vec::new();
    for event in events {
        match event {
            Event::Text(words) | Event::Code(words) => text.push_str(&words),
            Event::SoftBreak => text.push(' '),
            Event::HardBreak => text.push('\n'),
            Event::Start(Tag::Item) => text.push_str("– "),
            Event::Start(Tag::Link { dest_url, .. }) => links.push((text.len(), dest_url)),
            Event::End(TagEnd::Link) => {
                if let Some((from, address)) = links.pop()
                    && text[from..] != *address
                {
                    text.push_str(&format!(" ({address})"));
                }
            }
            Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::List(_)) => text.push_str("\n\n"),
            Event::End(TagEnd::Item) => text.push('\n'),
            _ => {}
        }
    }
    text.trim().to_owned()
}

fn cleaner() -> &'static Builder<'static> {
    static CLEANER: OnceLock<Builder<'static>> = OnceLock::new();
    CLEANER.get_or_init(|| {
        let mut builder = Builder::default();
        builder
            .tags(HashSet::from([
                "a",
                "b",
                "blockquote",
                "br",
                "code",
                "del",
                "em",
                "h2",
                "h3",
                "h4",
                "h5",
                "h6",
                "hr",
                "i",
                "li",
                "ol",
                "p",
                "pre",
                "strong",
                "table",
                "tbody",
                "td",
                "th",
                "thead",
                "tr",
                "ul",
            ]))
            .url_schemes(HashSet::from(["http", "https", "mailto"]))
            .url_relative(ammonia::UrlRelative::Deny)
            .link_rel(Some("nofollow noopener"))
            .generic_attributes(HashSet::new());
        builder
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_run_is_gone_and_what_is_said_stays() {
        let html = to_html(
            "Bonjour <script>alert(1)</script> **toi** [x](javascript:alert(1)) <img src=x onerror=y>",
            3,
        );
        assert_eq!(html.trim(), "<p>Bonjour  <strong>toi</strong> <a rel=\"nofollow noopener\">x</a> </p>");
    }

    #[test]
    fn headings_begin_where_the_page_wants_them_and_leave_no_level_out() {
        let levels = |markdown: &str, top: usize| {
            let html = to_html(markdown, top);
            html.match_indices("<h").map(|(at, _)| html[at + 2..at + 3].to_owned()).collect::<String>()
        };
        assert_eq!(levels("## a\n\n## b\n\n### c", 2), "223");
        assert_eq!(levels("# a\n\n#### b\n\n## c", 3), "344");
        assert_eq!(levels("### a\n\n# b\n\n## c", 2), "223");
        assert_eq!(levels("# a\n\n## b\n\n### c\n\n#### d", 4), "4566");
        assert_eq!(to_html("## a *b*\n\n# c", 3), "<h3>a <em>b</em></h3>\n<h3>c</h3>\n");
    }

    #[test]
    fn a_text_that_is_nested_without_end_is_drawn_in_a_moment_and_keeps_its_words() {
        for begins in ["> ", "- ", "1. ", "*a_ ", "[a](", "![", "<b>", "<blockquote>", "<!--", "`a ", "|a"] {
            let text = format!("{}fin", begins.repeat(49_000 / begins.len()));
            let before = std::time::Instant::now();
            let html = to_html(&text, 2);
            assert!(html.contains("fin") || begins == "<!--", "{begins}");
            assert!(before.elapsed().as_secs() < 10, "{begins}: {:?}", before.elapsed());
        }
        assert_eq!(to_html("- a\n  - b", 2), "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n</ul>\n");
    }

    #[test]
    fn plain_text_keeps_words_items_and_addresses() {
        assert_eq!(
            to_text("Venez *nombreux*.\n\n- un [site](https://example.org)\n- deux"),
            "Venez nombreux.\n\n– un site (https://example.org)\n– deux"
        );
    }
}
