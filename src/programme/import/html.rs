//! HTML that other systems keep in their texts, as Markdown: no tag stays.

mod reference;
mod tag;

use std::fmt::Write as _;

pub(super) use reference::{reference, unescaped};
use tag::{BLOCKS, HIDDEN, Tag, skip_to_end, tag};

/// Markdown of a text that is HTML, Markdown, or Markdown with bits of HTML.
pub(super) fn to_markdown(text: &str) -> String {
    let text = super::text::without_controls(&text.replace("\r\n", "\n").replace('\r', "\n"));
    let is_html = has_blocks(&text);
    if !is_html && !text.contains('<') {
        return tidy(&text);
    }
    let mut writer = Writer { is_html, ..Writer::default() };
    let mut rest = text.as_str();
    while let Some(at) = rest.find('<') {
        writer.text(&rest[..at]);
        rest = &rest[at..];
        match tag(rest) {
            Some((tag, after)) => {
                rest = after;
                if HIDDEN.contains(&tag.name.as_str()) && !tag.closes {
                    rest = skip_to_end(rest, &tag.name);
                } else {
                    writer.tag(&tag);
                }
            }
            None => {
                // Where Markdown would take it for HTML, it must be a sign.
                let next = rest[1..].chars().next();
                let is_sign = next.is_none_or(|c| !c.is_ascii_alphabetic() && !matches!(c, '/' | '!' | '?'));
                let is_address = rest.starts_with("<http://") || rest.starts_with("<https://");
                let stays = writer.is_verbatim() || (!is_html && (is_sign || is_address));
                writer.raw(if stays { "<" } else { "\\<" });
                rest = &rest[1..];
            }
        }
    }
    writer.text(rest);
    tidy(&writer.out)
}

fn has_blocks(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        match tag(rest) {
            Some((tag, _)) if BLOCKS.contains(&tag.name.as_str()) => return true,
            _ => rest = &rest[1..],
        }
    }
    false
}

#[derive(Default)]
struct Writer {
    out: String,
    /// White space is one space and signs of Markdown are letters.
    is_html: bool,
    /// Of the list items that are open: the next number, or none for dots.
    lists: Vec<Option<u32>>,
    links: Vec<(usize, Option<String>)>,
    pre: u32,
    code: u32,
}

impl Writer {
    fn is_verbatim(&self) -> bool {
        self.pre > 0 || self.code > 0
    }

    fn raw(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn text(&mut self, text: &str) {
        if !self.is_html && self.pre == 0 {
            self.raw(text);
            return;
        }
        let text = unescaped(text);
        if self.pre > 0 {
            self.raw(&text);
            return;
        }
        for c in text.chars() {
            match c {
                c if c.is_whitespace() && c != '\u{a0}' => {
                    if !self.out.is_empty() && !self.out.ends_with([' ', '\n']) {
                        self.out.push(' ');
                    }
                }
                '\\' | '*' | '`' | '[' | ']' | '<' if self.code == 0 => {
                    self.out.push('\\');
                    self.out.push(c);
                }
                // At the start of a line these would make a heading, a quote, a list.
                '#' | '>' | '-' | '+'
                    if self.code == 0 && (self.out.is_empty() || self.out.ends_with('\n')) =>
                {
                    self.out.push('\\');
                    self.out.push(c);
                }
                c => self.out.push(c),
            }
        }
    }

    fn line(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    fn paragraph(&mut self) {
        // Inside an item a paragraph would end the list.
        if !self.lists.is_empty() {
            return;
        }
        self.line();
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    fn tag(&mut self, tag: &Tag) {
        match (tag.name.as_str(), tag.closes) {
            ("br", _) if self.pre > 0 => self.raw("\n"),
            ("br", _) if self.is_html && self.lists.is_empty() => self.raw("  \n"),
            ("br", _) => self.raw(if self.is_html { " " } else { "\n" }),
            ("hr", _) => {
                self.paragraph();
                self.raw("---\n\n");
            }
            ("pre", false) => {
                self.paragraph();
                self.line();
                self.raw("```\n");
                self.pre += 1;
            }
            ("pre", true) if self.pre > 0 => {
                self.pre -= 1;
                self.line();
                self.raw("```\n\n");
            }
            ("ul" | "ol", false) => {
                if self.lists.is_empty() {
                    self.paragraph();
                }
                self.lists.push((tag.name == "ol").then_some(1));
            }
            ("ul" | "ol", true) => {
                self.lists.pop();
                self.line();
                self.paragraph();
            }
            ("li", false) => self.item(),
            ("h1" | "h2" | "h3" | "h4" | "h5" | "h6", false) => {
                self.paragraph();
                self.line();
                self.raw("### ");
            }
            ("a", false) => {
                self.links.push((self.out.len(), tag.href.clone()));
            }
            ("a", true) => self.link(),
            ("em" | "i" | "cite", _) if self.is_html && !self.is_verbatim() => self.mark("*", tag.closes),
            ("strong" | "b", _) if self.is_html && !self.is_verbatim() => self.mark("**", tag.closes),
            ("code" | "tt" | "kbd", false) if self.pre == 0 => {
                self.raw("`");
                self.code += 1;
            }
            ("code" | "tt" | "kbd", true) if self.pre == 0 && self.code > 0 => {
                self.raw("`");
                self.code -= 1;
            }
            ("tr", _) => self.line(),
            ("td" | "th", true) => self.raw(" "),
            (name, _) if BLOCKS.contains(&name) && self.pre == 0 => self.paragraph(),
            _ => {}
        }
    }

    fn item(&mut self) {
        self.line();
        let depth = self.lists.len().saturating_sub(1);
        let bullet = match self.lists.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                format!("{}. ", *number - 1)
            }
            Some(None) | None => "- ".to_owned(),
        };
        self.raw(&"   ".repeat(depth.min(4)));
        self.raw(&bullet);
    }

    /// Emphasis must touch its words in Markdown: white space goes outside.
    fn mark(&mut self, mark: &str, closes: bool) {
        if !closes {
            self.raw(mark);
            return;
        }
        let had_space = self.out.ends_with(' ');
        self.out.truncate(self.out.trim_end_matches(' ').len());
        if self.out.ends_with(mark) {
            self.out.truncate(self.out.len() - mark.len());
        } else {
            self.raw(mark);
        }
        if had_space {
            self.raw(" ");
        }
    }

    fn link(&mut self) {
        let Some((from, href)) = self.links.pop() else { return };
        let Some(href) = href.filter(|href| is_safe(href)) else { return };
        let words = self.out.get(from..).unwrap_or_default().trim().to_owned();
        if words.contains('\n') || from > self.out.len() {
            return;
        }
        let space = if self.out[from..].starts_with(' ') { " " } else { "" };
        self.out.truncate(from);
        let plain = words.replace('\\', "");
        if words.is_empty() || plain == href {
            let _ = write!(self.out, "{space}<{href}>");
        } else {
            let _ = write!(self.out, "{space}[{words}](<{href}>)");
        }
    }
}

/// A link that Markdown can hold between `<` and `>` and that leads to the web or a mailbox.
pub(super) fn is_safe(href: &str) -> bool {
    let is_web = ["http://", "https://", "mailto:"].iter().any(|scheme| href.starts_with(scheme));
    is_web && !href.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '\\'))
}

/// No white space at line ends (but Markdown's break), at most one empty line, none at the ends.
fn tidy(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        let end = line.trim_end();
        let breaks = line.ends_with("  ") && !end.is_empty();
        if end.is_empty() && lines.last().is_none_or(|last| last.is_empty()) {
            continue;
        }
        lines.push(if breaks { format!("{end}  ") } else { end.to_owned() });
    }
    lines.join("\n").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_becomes_markdown_without_a_tag() {
        let html = "\n<p>In this <em>talk</em>, see <a href=\"https://example.org/a?b=1&amp;c\">AIGLX</a> &amp; 2*3.\n</p>\n\
                    <ul><li>one</li>\n<li><p>two</p></li></ul><h2>More</h2><pre><code>let x = a<b;</code></pre><script>alert(1)</script>";
        assert_eq!(
            to_markdown(html),
            "In this *talk*, see [AIGLX](<https://example.org/a?b=1&c>) & 2\\*3.\n\n- one\n- two\n\n### More\n\n```\nlet x = a<b;\n```"
        );
    }

    #[test]
    fn markdown_stays_and_its_bits_of_html_go() {
        assert_eq!(to_markdown("* un\r\n* deux **trois**"), "* un\n* deux **trois**");
        assert_eq!(to_markdown("A:<br /><br />* un<br />* deux"), "A:\n\n* un\n* deux");
        assert_eq!(
            to_markdown("a < b, <https://example.org>, Vec<u8>"),
            "a < b, <https://example.org>, Vec\\<u8>"
        );
    }

    #[test]
    fn what_could_run_leads_nowhere() {
        assert_eq!(to_markdown("<p><a href=\"javascript:alert(1)\">x</a><img src=x onerror=y></p>"), "x");
        assert!(
            !crate::markdown::to_html(&to_markdown("<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"), 3)
                .contains("<script")
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in "[<>/a-z&;#*\\[\\]`\" \n=:pléul]{0,200}") {
            to_markdown(&text);
        }
    }
}
