//! Organisers' texts with placeholders: `Bonjour {name}`. They are no templates: a placeholder is one of a few words, a
//! value is data, and what stands in a value is never looked at again.

use std::collections::BTreeMap;

use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd};

/// What placeholders stand for, by their names.
pub type Values = BTreeMap<String, String>;

/// The placeholders whose value is an address of ours, and so a link. Every other value may be a stranger's words: an
/// address in it stays a word.
const ADDRESSES: [&str; 2] = ["page", "registrations"];

/// The longest that is taken for a placeholder, in characters; a brace that closes later closes nothing.
const NAME_CHARS_MAX: usize = 60;

/// A part of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece<'t> {
    Text(&'t str),
    /// What stands between the braces.
    Placeholder(&'t str),
}

/// What stands between braces in the text and is none of `known`, each once, as it is written there: `{nom}`,
/// `{{name}}`, `{% if %}`.
pub fn unknown(text: &str, known: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    let mut before = "";
    for piece in pieces(text) {
        match piece {
            Piece::Text(words) => before = words,
            Piece::Placeholder(name) => {
                let doubled = before.ends_with('{');
                let written = if doubled { format!("{{{{{name}}}}}") } else { format!("{{{name}}}") };
                if (doubled || !known.contains(&name)) && !found.contains(&written) {
                    found.push(written);
                }
                before = "";
            }
        }
    }
    found
}

/// The text with its values, in one pass. A placeholder without a value stays as it is.
pub fn fill(text: &str, values: &Values) -> String {
    let mut filled = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Piece::Text(words) => filled.push_str(words),
            Piece::Placeholder(name) => match values.get(name) {
                Some(value) => filled.push_str(value),
                None => filled.push_str(&format!("{{{name}}}")),
            },
        }
    }
    filled
}

/// Values go into what the Markdown has become, and so are never read as Markdown. An address of ours becomes a link.
pub(super) fn fill_events<'e>(events: Vec<Event<'e>>, values: &Values) -> Vec<Event<'e>> {
    let mut filled = Vec::with_capacity(events.len());
    let mut in_link = false;
    for event in events {
        match event {
            Event::Text(text) => fill_text(&text, values, in_link, &mut filled),
            Event::Code(text) => filled.push(Event::Code(fill(&text, values).into())),
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                in_link = true;
                let dest_url = fill(&dest_url, values).into();
                filled.push(Event::Start(Tag::Link { link_type, dest_url, title, id }));
            }
            Event::End(TagEnd::Link) => {
                in_link = false;
                filled.push(Event::End(TagEnd::Link));
            }
            other => filled.push(other),
        }
    }
    filled
}

fn fill_text<'e>(text: &str, values: &Values, in_link: bool, filled: &mut Vec<Event<'e>>) {
    for piece in pieces(text) {
        let value = match piece {
            Piece::Text(words) => words.to_owned(),
            Piece::Placeholder(name) => match values.get(name) {
                Some(value) if !in_link && ADDRESSES.contains(&name) && is_address(value) => {
                    let none = || CowStr::from("");
                    let dest_url = CowStr::from(value.clone());
                    let link = Tag::Link { link_type: LinkType::Inline, dest_url, title: none(), id: none() };
                    filled.extend([Event::Start(link), Event::Text(value.clone().into())]);
                    filled.push(Event::End(TagEnd::Link));
                    continue;
                }
                Some(value) => value.clone(),
                None => format!("{{{name}}}"),
            },
        };
        filled.push(Event::Text(value.into()));
    }
}

fn is_address(value: &str) -> bool {
    (value.starts_with("https://") || value.starts_with("http://")) && !value.contains(char::is_whitespace)
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut from = 0;
    while let Some(open) = rest[from..].find('{').map(|at| from + at) {
        let inside = &rest[open + 1..];
        let close = inside.find(['{', '}', '\n']).filter(|at| inside[*at..].starts_with('}'));
        match close {
            Some(close) if close > 0 && inside[..close].chars().count() <= NAME_CHARS_MAX => {
                if open > 0 {
                    pieces.push(Piece::Text(&rest[..open]));
                }
                pieces.push(Piece::Placeholder(&inside[..close]));
                rest = &inside[close + 1..];
                from = 0;
            }
            _ => from = open + 1,
        }
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::markdown::{to_html_filled, to_text_filled};

    fn values(pairs: &[(&str, &str)]) -> Values {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn what_is_no_placeholder_is_named_as_it_is_written() {
        let known = ["name", "when"];
        assert_eq!(unknown("Bonjour {name}, {when}.", &known), Vec::<String>::new());
        assert_eq!(unknown("{nom} {nom} { name } {Name}", &known), ["{nom}", "{ name }", "{Name}"]);
        assert_eq!(unknown("{{name}} {% if x %}", &known), ["{{name}}", "{% if x %}"]);
        assert_eq!(unknown("{{ 7*7 }} a { b", &known), ["{{ 7*7 }}"]);
        assert_eq!(unknown("{\nname} {} {", &known), Vec::<String>::new());
        assert_eq!(unknown("{name.__init__}", &known), ["{name.__init__}"]);
    }

    #[test]
    fn a_value_is_data_and_is_never_expanded_again() {
        let values = values(&[("name", "{when} {{ 7*7 }} *Ada* <b>"), ("when", "demain")]);
        assert_eq!(fill("{name}, {when}, {other}", &values), "{when} {{ 7*7 }} *Ada* <b>, demain, {other}");
        assert_eq!(
            to_html_filled("**Bonjour** {name}, {when}", 3, &values).trim(),
            "<p><strong>Bonjour</strong> {when} {{ 7*7 }} *Ada* &lt;b&gt;, demain</p>"
        );
        assert_eq!(
            to_text_filled("**Bonjour** {name}, {when}", &values),
            "Bonjour {when} {{ 7*7 }} *Ada* <b>, demain"
        );
    }

    #[test]
    fn an_address_of_ours_is_a_link_and_neither_a_title_nor_a_script_is_one() {
        let title = "https://example.org/gagnez";
        assert_eq!(
            to_html_filled("{session}", 3, &values(&[("session", title)])).trim(),
            format!("<p>{title}</p>"),
            "somebody's title leads nowhere"
        );
        let values = values(&[("page", "https://example.org/a?b=1&c"), ("name", "javascript:alert(1)")]);
        assert_eq!(
            to_html_filled("{page} [là]({page}) [non]({name})", 3, &values).trim(),
            concat!(
                r#"<p><a href="https://example.org/a?b=1&amp;c" rel="nofollow noopener">https://example.org/a?b=1&amp;c</a>"#,
                r#" <a href="https://example.org/a?b=1&amp;c" rel="nofollow noopener">là</a> <a rel="nofollow noopener">non</a></p>"#,
            )
        );
        assert_eq!(to_text_filled("[là]({page})", &values), "là (https://example.org/a?b=1&c)");
    }

    proptest! {
        #[test]
        fn no_value_becomes_anything_but_text(value in "[{}a-z%*_<>\\[\\]()!`\\n #]{0,30}") {
            let values = values(&[("name", &value), ("when", "SECRET")]);
            let html = to_html_filled("a {name} b", 3, &values);
            prop_assert!(!html.contains("SECRET"));
            prop_assert_eq!(html.matches('<').count(), 2, "{}", html);
        }

        #[test]
        fn pieces_put_together_are_the_text(text in "[{}a-z\\n ]{0,40}") {
            let whole: String = pieces(&text)
                .into_iter()
                .map(|piece| match piece {
                    Piece::Text(words) => words.to_owned(),
                    Piece::Placeholder(name) => format!("{{{name}}}"),
                })
                .collect();
            prop_assert_eq!(whole, text);
        }
    }
}
