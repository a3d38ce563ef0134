//! The plain-text body as it is read on a screen of 80 columns. Templates are laid out for those who edit them.

/// The longest line, in characters; a link may be longer, and stands alone then.
const LINE_CHARS_MAX: usize = 76;
/// What begins an item, and what its other lines begin with.
const BULLET: &str = "* ";

/// At most one empty line in a row, none at the ends.
pub(super) fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    // `-- ` begins a signature, and its blank is part of it.
    let trimmed = |line: &'_ str| if line == "-- " { line.len() } else { line.trim_end().len() };
    for line in text.trim().lines().map(|line| &line[..trimmed(line)]) {
        if line.is_empty() && tidy.ends_with("\n\n") {
            continue;
        }
        tidy.push_str(line);
        tidy.push('\n');
    }
    tidy
}

/// Lines that fit.
pub(super) fn wrapped(text: &str) -> String {
    let mut wrapped = String::with_capacity(text.len() + text.len() / LINE_CHARS_MAX);
    for line in text.lines() {
        wrap(line, &mut wrapped);
        wrapped.push('\n');
    }
    wrapped
}

/// Breaks a line at blanks. No-break spaces are French typography and hold.
fn wrap(line: &str, wrapped: &mut String) {
    if line.chars().count() <= LINE_CHARS_MAX {
        wrapped.push_str(line);
        return;
    }
    let rest = line.trim_start_matches(' ');
    let mut indent = " ".repeat(line.len() - rest.len());
    wrapped.push_str(&indent);
    let mut width = indent.len();
    if rest.starts_with(BULLET) {
        indent.push_str("  ");
    }
    let mut first = true;
    for word in rest.split(' ') {
        let chars = word.chars().count();
        if first {
            first = false;
        } else if width + 1 + chars > LINE_CHARS_MAX && width > indent.len() {
            wrapped.push('\n');
            wrapped.push_str(&indent);
            width = indent.len();
        } else {
            wrapped.push(' ');
            width += 1;
        }
        wrapped.push_str(word);
        width += chars;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_fit_and_stay_in_their_item() {
        assert_eq!(tidy("\n\na  \n\n\n\nb\n-- \nc\n\n"), "a\n\nb\n-- \nc\n");
        let (a, b, words) = ("a".repeat(40), "b".repeat(40), "mot ".repeat(20));
        let expected = format!("* {a}\n  {b}\n  {}\n  mot mot\n", "mot ".repeat(18).trim_end());
        assert_eq!(wrapped(&format!("* {a} {b}\n  {}", words.trim_end())), expected);
        let held = format!("{}\u{a0}:", "a".repeat(75));
        assert_eq!(wrapped(&format!("x {held} y")), format!("x\n{held}\ny\n"));
        let link = format!("* https://example.org/{}", "a".repeat(80));
        assert_eq!(wrapped(&link), format!("{link}\n"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn no_word_is_lost_and_only_one_word_is_longer_than_a_line(text in "[a-z *\n]{0,600}") {
            let tidied = wrapped(&tidy(&text));
            let words = |text: &str| text.split([' ', '\n']).filter(|w| !w.is_empty()).map(str::to_owned).collect::<Vec<_>>();
            prop_assert_eq!(words(&tidied), words(text.trim()));
            for line in tidied.lines() {
                prop_assert!(line.chars().count() <= 76 || words(line).len() <= 2, "{:?}", line);
            }
        }
    }
}
