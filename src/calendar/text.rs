//! What the `icalendar` crate leaves open: clean text before it, right folding after it.

use std::fmt::Write as _;

/// The longest line, in octets, without its CRLF (RFC 5545, section 3.1).
pub(super) const LINE_OCTETS_MAX: usize = 75;

/// Text of one line: what breaks lines is a space, other control characters are gone.
pub(super) fn line(text: &str) -> String {
    cleaned(text, ' ')
}

/// Text of several lines: every kind of line break is `\n`, other control characters are gone.
pub(super) fn lines(text: &str) -> String {
    cleaned(text, '\n')
}

/// Text for a parameter, which knows no escapes: no `"`, no `^`, which RFC 6868 gives a meaning, and no `\`, which
/// some readers take for an escape of the quote behind it.
pub(super) fn parameter(text: &str) -> String {
    line(text).replace('"', "'").replace('\\', "/").replace('^', "").trim().to_owned()
}

/// An address: what may not stand in one is percent-encoded, so that no reader sees a second property in it.
pub(super) fn uri(address: &str) -> String {
    let mut clean = String::with_capacity(address.len());
    for c in address.chars().filter(|c| !c.is_control()) {
        if c.is_ascii_graphic() && !"\"<>\\^`{|}".contains(c) {
            clean.push(c);
        } else {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                write!(clean, "%{byte:02X}").expect("a String takes everything");
            }
        }
    }
    clean
}

/// TEXT as RFC 5545, section 3.3.11 writes it; for properties that the crate writes as they stand.
pub(super) fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace(',', "\\,").replace(';', "\\;").replace('\n', "\\n")
}

/// The crate's text with its folds undone and made again: at most 75 octets a line, never inside a character.
pub(super) fn refold(written: &str) -> String {
    let mut folded = String::with_capacity(written.len() + written.len() / 32);
    for line in written.replace("\r\n ", "").split_terminator("\r\n") {
        fold(line, &mut folded);
    }
    folded
}

fn fold(line: &str, out: &mut String) {
    let mut rest = line;
    let mut room = LINE_OCTETS_MAX;
    while rest.len() > room {
        let cut = rest.floor_char_boundary(room);
        out.push_str(&rest[..cut]);
        out.push_str("\r\n ");
        rest = &rest[cut..];
        room = LINE_OCTETS_MAX - 1;
    }
    out.push_str(rest);
    out.push_str("\r\n");
}

fn cleaned(text: &str, line_break: char) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut before = None;
    for c in text.chars() {
        match c {
            '\n' if before == Some('\r') => {}
            // Readers that split lines as Unicode does take the last five for line breaks, too.
            '\r' | '\n' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => clean.push(line_break),
            '\t' => clean.push(' '),
            c if c.is_control() => {}
            c => clean.push(c),
        }
        before = Some(c);
    }
    clean
}
