//! The project's own files, read for the tests that check its rules.

use std::{fs, path::Path};

/// A Rust file of ours, taken apart.
pub struct Source {
    /// From the project's folder: `src/mail/outbox.rs`.
    pub path: String,
    pub text: String,
    /// The text with comments blanked out.
    pub code: String,
    /// The code with the insides of its strings blanked out.
    pub bare: String,
    /// The insides of its string literals, as they are written.
    pub strings: Vec<String>,
    /// True for a file that only tests are built with.
    pub is_test: bool,
}

impl Source {
    fn new(path: String, text: String) -> Source {
        let (code, bare, strings) = take_apart(&text);
        Source { path, text, code, bare, strings, is_test: false }
    }

    /// `mail` for `src/mail.rs` and all of `src/mail/`.
    pub fn domain(&self) -> &str {
        let path = self.path.strip_prefix("src/").unwrap_or(&self.path);
        path.split('/').next().unwrap_or_default().trim_end_matches(".rs")
    }

    /// Every `crate::` path, groups taken apart: `use crate::{a, b::{c, d}}` names `a`, `b::c`, `b::d`.
    /// Those of tests do not count: a test may take its samples from anywhere.
    pub fn names(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut marks = self.bare.match_indices("#[cfg(test)]\nmod ").map(|(at, _)| at);
        let tests = marks.find(|at| opens_a_block(&self.bare[*at..]));
        let built = &self.bare[..tests.unwrap_or(self.bare.len())];
        for (at, _) in built.match_indices("crate::").filter(|_| !self.is_test) {
            let before = self.bare[..at].chars().next_back();
            if before.is_none_or(|c| !is_word(c) && c != '$') {
                tree(&built[at + "crate::".len()..], "", &mut found);
            }
        }
        found
    }

    /// True where `needle` stands in the code as whole words.
    pub fn says(&self, needle: &str) -> bool {
        words_at(&self.bare, needle).next().is_some()
    }
}

/// Every Rust file under `src`, sorted by path.
pub fn sources() -> Vec<Source> {
    let all = files("src").into_iter().filter(|(path, _)| path.ends_with(".rs"));
    let mut all: Vec<_> = all.map(|(path, text)| Source::new(path, text)).collect();
    let tests: Vec<_> = all.iter().flat_map(test_files).collect();
    for source in &mut all {
        source.is_test = tests.contains(&source.path);
    }
    all
}

/// `src/mail/tests.rs` for `#[cfg(test)] mod tests;` in `src/mail.rs`.
fn test_files(source: &Source) -> Vec<String> {
    let folder = source.path.trim_end_matches(".rs");
    let after = source.bare.split("#[cfg(test)]").skip(1);
    let names = after.filter(|rest| !opens_a_block(rest)).filter_map(|rest| {
        let (_, name) = rest.split(';').next()?.rsplit_once("mod ")?;
        Some(format!("{folder}/{name}.rs"))
    });
    names.collect()
}

/// True where `{` comes before `;`.
fn opens_a_block(code: &str) -> bool {
    code.find(['{', ';']).is_some_and(|at| code[at..].starts_with('{'))
}

/// Path and text of every file under a folder of the project, sorted; hidden ones are left out.
pub fn files(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    visit(&root.join(folder), &mut |path| {
        let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        found.push((name, String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned()));
    });
    found.sort();
    found
}

/// Where `needle` stands in `text` as whole words.
pub fn words_at(text: &str, needle: &str) -> impl Iterator<Item = usize> {
    let bounded = |at: &usize| {
        let (before, after) = (text[..*at].chars().next_back(), text[at + needle.len()..].chars().next());
        let (first, last) = (needle.chars().next().unwrap(), needle.chars().next_back().unwrap());
        let is_cut =
            is_word(first) && before.is_some_and(is_word) || is_word(last) && after.is_some_and(is_word);
        !is_cut
    };
    text.match_indices(needle).map(|(at, _)| at).filter(bounded)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn visit(folder: &Path, see: &mut impl FnMut(&Path)) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if path.is_dir() { visit(&path, see) } else { see(&path) }
    }
}

/// Reads one use-tree; returns how much of the text it took.
fn tree(text: &str, prefix: &str, found: &mut Vec<String>) -> usize {
    let mut at = text.len() - text.trim_start().len();
    if text[at..].starts_with('{') {
        at += 1;
        while at < text.len() && !text[at..].starts_with('}') {
            at += tree(&text[at..], prefix, found);
            let rest = &text[at..];
            let gap = rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',').len();
            // What is no use-tree (`as x`, a macro's `$`) is stepped over.
            at += if gap > 0 || rest.starts_with('}') {
                gap
            } else {
                rest.chars().next().map_or(1, char::len_utf8)
            };
        }
        return at + 1;
    }
    let word: String = text[at..].chars().take_while(|c| is_word(*c) || *c == '*' || *c == '#').collect();
    at += word.len();
    let path = if prefix.is_empty() { word.clone() } else { format!("{prefix}::{word}") };
    if !word.is_empty() && text[at..].starts_with("::") {
        return at + 2 + tree(&text[at + 2..], &path, found);
    }
    if !word.is_empty() {
        found.push(path);
    }
    at
}

/// Without comments; without the insides of strings, too; those insides.
fn take_apart(text: &str) -> (String, String, Vec<String>) {
    let (mut code, mut bare, mut strings) = (String::new(), String::new(), Vec::new());
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let (length, kind) = next_piece(rest, text[..at].chars().next_back());
        let piece = &rest[..length];
        let blank: String = piece.chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
        match kind {
            Piece::Comment => {
                code.push_str(&blank);
                bare.push_str(&blank);
            }
            Piece::String => {
                let from = piece.find('"').map_or(0, |at| at + 1);
                let to = piece.rfind('"').unwrap_or(piece.len()).max(from);
                strings.push(piece[from..to].to_owned());
                code.push_str(piece);
                bare.push_str(&blank);
            }
            Piece::Code => {
                code.push_str(piece);
                bare.push_str(piece);
            }
        }
        at += length;
    }
    (code, bare, strings)
}

enum Piece {
    Comment,
    String,
    Code,
}

fn next_piece(rest: &str, before: Option<char>) -> (usize, Piece) {
    let first = rest.chars().next().map_or(1, char::len_utf8);
    if rest.starts_with("//") {
        return (rest.find('\n').unwrap_or(rest.len()), Piece::Comment);
    }
    if rest.starts_with("/*") {
        return (rest.find("*/").map_or(rest.len(), |end| end + 2), Piece::Comment);
    }
    if let Some(inside) = rest.strip_prefix('"') {
        return (1 + closing_quote(inside), Piece::String);
    }
    if rest.starts_with('r') && before.is_none_or(|c| !is_word(c) || c == 'b') {
        let hashes = rest[1..].len() - rest[1..].trim_start_matches('#').len();
        if rest[1 + hashes..].starts_with('"') {
            let end = format!("\"{}", "#".repeat(hashes));
            let inside = &rest[2 + hashes..];
            let length = inside.find(&end).map_or(inside.len(), |at| at + end.len());
            return (2 + hashes + length, Piece::String);
        }
    }
    if let Some(quoted) = rest.strip_prefix('\'') {
        let mut letters = quoted.chars();
        match letters.next() {
            Some('\\') => {
                let end = quoted[2..].find('\'').map_or(quoted.len(), |at| at + 3);
                return (1 + end, Piece::Code);
            }
            // A letter between quotes; anything else is a lifetime.
            Some(letter) if letters.next() == Some('\'') => return (2 + letter.len_utf8(), Piece::Code),
            _ => {}
        }
    }
    (first, Piece::Code)
}

fn closing_quote(inside: &str) -> usize {
    let mut is_escaped = false;
    for (at, c) in inside.char_indices() {
        match c {
            '"' if !is_escaped => return at + 1,
            '\\' => is_escaped = !is_escaped,
            _ => is_escaped = false,
        }
    }
    inside.len()
}

#[test]
fn a_source_is_taken_apart_into_code_comments_and_strings() {
    let text = concat!(
        "// rocket \"here\"\nuse crate::{db::Pool, mail::{self, outbox}, web as w};\n",
        "let a = \"on!(\\\"\"; let c = '\"'; let r = r#\"SELECT \"x\"\"#; fn f<'a>() {} /* Utc::now */ crate::cli::run();"
    );

    let source = Source::new("src/press/kit.rs".to_owned(), text.to_owned());

    assert_eq!(source.domain(), "press");
    assert_eq!(source.names(), ["db::Pool", "mail::self", "mail::outbox", "web", "as", "w", "cli::run"]);
    assert_eq!(source.strings, ["on!(\\\"", "SELECT \"x\""]);
    assert!(!source.says("rocket") && !source.says("on!(") && !source.says("Utc::now"));
    let with_tests = Source::new(
        "src/a.rs".to_owned(),
        "use crate::b;\n#[cfg(test)]\nmod sample;\n#[cfg(test)]\nmod tests {\n use crate::c;\n}".to_owned(),
    );
    assert_eq!(
        (with_tests.names(), test_files(&with_tests)),
        (vec!["b".to_owned()], vec!["src/a/sample.rs".to_owned()])
    );
    assert!(source.says("fn f<'a>()") && !source.says("ocket"));
}
