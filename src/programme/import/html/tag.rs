//! The tags of a text: which of them HTML knows, and what stands in them.

use super::unescaped;

/// Elements that HTML knows and texts of events use; other things between `<` and `>` are no tags.
const ELEMENTS: [&str; 42] = [
    "a",
    "abbr",
    "article",
    "b",
    "blockquote",
    "br",
    "center",
    "cite",
    "code",
    "dd",
    "del",
    "div",
    "dl",
    "dt",
    "em",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "tt",
    "u",
    "ul",
];

/// Elements whose content is not for people.
pub(super) const HIDDEN: [&str; 5] = ["script", "style", "iframe", "object", "head"];

/// The longest tag that we take for one, in bytes.
const TAG_BYTES_MAX: usize = 4096;

/// Elements that break lines.
pub(super) const BLOCKS: [&str; 18] = [
    "p",
    "div",
    "section",
    "article",
    "center",
    "ul",
    "ol",
    "dl",
    "dt",
    "dd",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "table",
];

/// A start or end tag.
pub(super) struct Tag {
    pub name: String,
    pub closes: bool,
    pub href: Option<String>,
}

/// The tag with which a text begins, and what comes after it. A comment is a tag without a name.
pub(super) fn tag(text: &str) -> Option<(Tag, &str)> {
    if let Some(rest) = text.strip_prefix("<!--") {
        let after = rest.find("-->").map_or("", |at| &rest[at + 3..]);
        return Some((Tag { name: String::new(), closes: false, href: None }, after));
    }
    let inner = text.strip_prefix('<')?;
    let closes = inner.starts_with('/');
    let inner = inner.strip_prefix('/').unwrap_or(inner);
    let length = inner.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inner.len());
    let name = inner[..length].to_ascii_lowercase();
    let is_known = |list: &[&str]| list.contains(&name.as_str());
    if !is_known(&ELEMENTS)
        && !is_known(&HIDDEN)
        && !is_known(&["table", "tbody", "thead", "tr", "td", "th", "html", "body"])
    {
        return None;
    }
    if !inner[length..].starts_with(|c: char| c.is_whitespace() || matches!(c, '>' | '/')) {
        return None;
    }
    let end = inner.bytes().take(TAG_BYTES_MAX).position(|byte| byte == b'>')?;
    let href = (name == "a" && !closes).then(|| attribute(&inner[length..end], "href")).flatten();
    Some((Tag { name, closes, href }, &inner[end + 1..]))
}

fn attribute(attributes: &str, name: &str) -> Option<String> {
    let lower = attributes.to_ascii_lowercase();
    let at = lower.find(&format!("{name}="))? + name.len() + 1;
    let value = attributes[at..].trim_start();
    let value = match value.chars().next()? {
        quote @ ('"' | '\'') => value[1..].split(quote).next()?,
        _ => value.split(char::is_whitespace).next()?,
    };
    Some(unescaped(value.trim()))
}

/// What comes after the end of a hidden element.
pub(super) fn skip_to_end<'t>(text: &'t str, name: &str) -> &'t str {
    let mut rest = text;
    while let Some(at) = rest.find("</") {
        rest = &rest[at + 2..];
        if rest.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)) {
            return rest.find('>').map_or("", |close| &rest[close + 1..]);
        }
    }
    ""
}
