//! Organisers' texts: Markdown in, harmless HTML out (DESIGN.md section 10). Never a template.

use std::{collections::HashSet, sync::OnceLock};

use ammonia::Builder;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html};

/// Clean HTML: no script, no style, no picture, no heading above the page's own; links to `http`, `https` and
/// `mailto` only, marked `nofollow noopener`.
pub fn to_html(markdown: &str) -> String {
    let mut rough = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(
        &mut rough,
        Parser::new_ext(markdown, Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES),
    );
    cleaner().clean(&rough).to_string()
}

/// The words alone, for calendars, plain-text mails and search: links as `text (address)`.
pub fn to_text(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    let mut links = Vec::new();
    for event in Parser::new_ext(markdown, Options::ENABLE_STRIKETHROUGH) {
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
                "h3",
                "h4",
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
        );
        assert_eq!(html.trim(), "<p>Bonjour  <strong>toi</strong> <a rel=\"nofollow noopener\">x</a> </p>");
    }

    #[test]
    fn plain_text_keeps_words_items_and_addresses() {
        assert_eq!(
            to_text("Venez *nombreux*.\n\n- un [site](https://example.org)\n- deux"),
            "Venez nombreux.\n\n– un site (https://example.org)\n– deux"
        );
    }
}
