//! Bytes to text: what offices' programs write, and what no text may hold.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::Problem;
use crate::programme::{TEXT_CHARS_MAX, TITLE_CHARS_MAX};

/// A file's text, and how it was read.
#[derive(Debug)]
pub(super) struct Decoded {
    /// Line ends are `\n`; no BOM.
    pub text: String,
    /// The encoding that was taken where the file does not say it.
    pub guessed: Option<&'static str>,
}

/// Text from UTF-8, UTF-16 or Windows-1252.
pub(super) fn decode(file: &str, bytes: &[u8]) -> Result<Decoded, Problem> {
    if let Some(kind) = other_kind(bytes) {
        return Err(Problem::new(
            file,
            format!("this is {kind}; save it as .xlsx, .ods or CSV (UTF-8) first"),
        ));
    }
    let (encoding, guessed, bytes) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, false, &bytes[length..]),
        None => (guess(bytes), true, bytes),
    };
    if encoding == UTF_8 && std::str::from_utf8(bytes).is_err() {
        return Err(mixed(file, bytes));
    }
    if encoding == WINDOWS_1252 && is_mostly_utf8(bytes) {
        return Err(mixed(file, bytes));
    }
    let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes) else {
        return Err(Problem::new(
            file,
            format!("starts like {} and is not; save it as UTF-8", encoding.name()),
        ));
    };
    let text = if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.into() };
    Ok(Decoded { text, guessed: (guessed && encoding != UTF_8).then_some(encoding.name()) })
}

/// Files that people take for a table, by their first bytes.
fn other_kind(bytes: &[u8]) -> Option<&'static str> {
    let kinds: [(&[u8], &str); 4] = [
        (b"PK\x03\x04", "a ZIP file and no workbook that we read (.xlsx, .ods)"),
        (b"\xd0\xcf\x11\xe0", "an old Excel file (.xls), or one with a password"),
        (b"%PDF", "a PDF"),
        (b"\x1f\x8b", "a gzip file"),
    ];
    kinds.into_iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, kind)| kind)
}

/// UTF-16 shows by the zeros in every second byte; what is not UTF-8 is Excel's Windows-1252.
fn guess(bytes: &[u8]) -> &'static Encoding {
    let head = &bytes[..bytes.len().min(4096)];
    let zeros = |first: usize| head.iter().skip(first).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, pairs) = (zeros(0), zeros(1), head.len() / 2);
    if pairs >= 2 && odd * 3 > pairs && even * 20 < pairs {
        UTF_16LE
    } else if pairs >= 2 && even * 3 > pairs && odd * 20 < pairs {
        UTF_16BE
    } else if std::str::from_utf8(bytes).is_ok() {
        UTF_8
    } else {
        WINDOWS_1252
    }
}

/// True where most letters beyond ASCII are good UTF-8: then a broken one is damage, not another encoding.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad
}

fn mixed(file: &str, bytes: &[u8]) -> Problem {
    let valid = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
    let line = bytes[..valid].iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
    let wrong: Vec<_> = bytes[valid..].iter().take(3).map(|byte| format!("{byte:02X}")).collect();
    Problem::new(file, "this byte is not UTF-8 and the rest of the file is; save the file as UTF-8")
        .line(line)
        .value(wrong.join(" "))
}

/// The line on which a byte of a text stands.
pub(super) fn line_of(text: &str, byte: usize) -> u64 {
    text.as_bytes()[..byte.min(text.len())].iter().filter(|byte| **byte == b'\n').count() as u64 + 1
}

/// What a file must not hold that is to be kept.
pub(super) const NUL_RULE: &str = "holds the control character U+0000, which stands in no text; save it again with the program that wrote it";

/// A title or name, trimmed: 1 to 300 characters in one line.
pub(super) fn title(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("is empty; it needs 1 to 300 characters".to_owned());
    }
    word(text)
}

/// One line that may be empty, trimmed.
pub(super) fn word(text: &str) -> Result<String, String> {
    let text = text.trim();
    if let Some(found) = text.chars().find(|c| c.is_control()) {
        return Err(format!("holds {}; it must be one line of text", name(found)));
    }
    at_most(text, TITLE_CHARS_MAX)
}

/// Several lines, trimmed of empty ones before and white space after.
pub(super) fn long(text: &str) -> Result<String, String> {
    let text = text.trim_end().trim_start_matches('\n');
    if let Some(found) = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        return Err(format!("holds {}; only line ends and tabs may stand between letters", name(found)));
    }
    at_most(text, TEXT_CHARS_MAX)
}

/// The text without what no text may hold.
pub(super) fn without_controls(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

fn at_most(text: &str, max: usize) -> Result<String, String> {
    match text.chars().count() {
        count if count > max => Err(format!("has {count} characters; at most {max} are taken")),
        _ => Ok(text.to_owned()),
    }
}

fn name(control: char) -> String {
    match control {
        '\n' => "a line end".to_owned(),
        '\t' => "a tab".to_owned(),
        other => format!("the control character U+{:04X}", u32::from(other)),
    }
}

/// An address of the web, as it was written.
pub(super) fn web_address(text: &str) -> Result<String, String> {
    let wrong = || "is no web address; write it as https://example.org/page".to_owned();
    let text = word(text)?;
    let url = url::Url::parse(&text).map_err(|_| wrong())?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Err(wrong());
    }
    if text.contains(char::is_whitespace) {
        return Err(wrong());
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> String {
        decode("f", bytes).unwrap().text
    }

    fn utf_16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to_bytes).collect()
    }

    #[test]
    fn every_encoding_of_an_office_reads_the_same() {
        let text = "slug;title\nete;Été à Genève\n";
        assert_eq!(read(text.as_bytes()), text);
        assert_eq!(read(format!("\u{feff}{text}").as_bytes()), text);
        assert_eq!(read(&utf_16(&format!("\u{feff}{text}"), u16::to_le_bytes)), text);
        assert_eq!(read(&utf_16(&format!("\u{feff}{text}"), u16::to_be_bytes)), text);
        assert_eq!(read(&utf_16(text, u16::to_le_bytes)), text);
        assert_eq!(read(&utf_16(text, u16::to_be_bytes)), text);
        assert_eq!(read(b"slug;title\r\nete;\xc9t\xe9 \xe0 Gen\xe8ve\r\n"), text);
        assert_eq!(read(text.replace('\n', "\r").as_bytes()), text);
    }

    #[test]
    fn one_broken_letter_in_utf_8_is_said_with_its_line() {
        let problem = decode("f.csv", b"\xc3\xa9t\xc3\xa9\n\xc3\xa9\nt\xe9l\n").unwrap_err();
        assert_eq!((problem.line, problem.value.as_deref()), (Some(3), Some("E9 6C 0A")));
    }

    #[test]
    fn a_spreadsheet_is_told_from_text() {
        assert!(decode("x", b"PK\x03\x04rest").unwrap_err().message.starts_with("this is a ZIP file"));
    }

    #[test]
    fn only_web_addresses_are_web_addresses() {
        assert_eq!(
            web_address(" https://example.org/a?b=c#d "),
            Ok("https://example.org/a?b=c#d".to_owned())
        );
        for wrong in [
            "javascript:alert(1)",
            "mailto:a@example.org",
            "example.org",
            "http://",
            "https://a b",
            "",
            "//x",
        ] {
            assert!(web_address(wrong).is_err(), "{wrong}");
        }
    }
}
