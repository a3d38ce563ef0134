//! The messages of every language: the same keys, the same values in them, every use answered.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::{
    ast::{Entry, Expression, InlineExpression, Pattern, PatternElement},
    parser,
};
use parvis::{locale::Lang, programme::import::Field};

use crate::source::{files, sources, words_at};

/// A message: the values that it names, and its texts with `¤` where a value stands.
#[derive(Debug, Default)]
struct Message {
    values: BTreeSet<String>,
    texts: Vec<String>,
}

/// The messages of a language, by key.
fn messages(lang: Lang) -> BTreeMap<String, Message> {
    let mut found = BTreeMap::new();
    for (path, text) in files(&format!("locales/{}", lang.code())) {
        let parsed = parser::parse(text.as_str());
        let resource = parsed.unwrap_or_else(|(_, errors)| panic!("{path}: {errors:?}"));
        for entry in resource.body {
            let Entry::Message(message) = entry else { continue };
            let mut read = Message::default();
            if let Some(pattern) = &message.value {
                read_pattern(pattern, &mut read);
            }
            let key = message.id.name.to_owned();
            assert!(found.insert(key, read).is_none(), "{path}: `{}` is there twice", message.id.name);
        }
    }
    found
}

fn read_pattern(pattern: &Pattern<&str>, read: &mut Message) {
    let mut text = String::new();
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => text.push_str(value),
            PatternElement::Placeable { expression } => text.push_str(&read_expression(expression, read)),
        }
    }
    read.texts.push(text);
}

fn read_expression(expression: &Expression<&str>, read: &mut Message) -> String {
    match expression {
        Expression::Select { selector, variants } => {
            read_inline(selector, read);
            variants.iter().for_each(|variant| read_pattern(&variant.value, read));
            "¤".to_owned()
        }
        Expression::Inline(inline) => read_inline(inline, read),
    }
}

fn read_inline(inline: &InlineExpression<&str>, read: &mut Message) -> String {
    match inline {
        InlineExpression::StringLiteral { value } => {
            return fluent_syntax::unicode::unescape_unicode_to_string(value).into();
        }
        InlineExpression::VariableReference { id } => {
            read.values.insert(id.name.to_owned());
        }
        InlineExpression::FunctionReference { arguments, .. } => {
            arguments.positional.iter().for_each(|argument| drop(read_inline(argument, read)));
        }
        InlineExpression::Placeable { expression } => return read_expression(expression, read),
        InlineExpression::NumberLiteral { .. }
        | InlineExpression::MessageReference { .. }
        | InlineExpression::TermReference { .. } => {}
    }
    "¤".to_owned()
}

#[test]
fn every_column_that_a_file_may_have_has_a_name() {
    for lang in Lang::ALL {
        let messages = messages(lang);
        let key = |field: Field| format!("import-field-{}", field.code().replace('_', "-"));
        let without: Vec<_> =
            Field::ALL.into_iter().map(key).filter(|key| !messages.contains_key(key)).collect();
        assert_eq!(without, Vec::<String>::new(), "in {}", lang.code());
    }
}

#[test]
fn every_language_has_the_same_messages_with_the_same_values() {
    let shape =
        |lang| -> BTreeMap<_, _> { messages(lang).into_iter().map(|(key, m)| (key, m.values)).collect() };
    let french = shape(Lang::Fr);
    for lang in Lang::ALL {
        let other = shape(lang);
        let missing: Vec<_> = french.iter().filter(|(key, values)| other.get(*key) != Some(values)).collect();
        let extra: Vec<_> = other.iter().filter(|(key, values)| french.get(*key) != Some(values)).collect();

        assert_eq!((missing, extra), (vec![], vec![]), "only in French, only in {}", lang.code());
    }
}

#[test]
fn a_language_has_the_same_files_as_french() {
    let names = |lang: Lang| -> Vec<_> {
        let folder = format!("locales/{}/", lang.code());
        files(folder.trim_end_matches('/')).into_iter().map(|(path, _)| path.replace(&folder, "")).collect()
    };
    for lang in Lang::ALL {
        assert_eq!(names(lang), names(Lang::Fr), "{}", lang.code());
    }
}

#[test]
fn every_message_that_is_asked_for_is_there_and_gets_its_values() {
    let known = messages(Lang::Fr);
    let mut found = Vec::new();
    for used in uses() {
        let Use { place, key, values } = used;
        match (key, values) {
            (Key::Whole(key), values) => match (known.get(&key), values) {
                (None, _) => found.push(format!("{place}: no message `{key}`")),
                (Some(message), Some(given)) if !message.values.is_subset(&given) => {
                    found.push(format!("{place}: `{key}` wants {:?}", message.values));
                }
                (Some(_), _) => {}
            },
            (Key::Start(start), _) => {
                if !known.keys().any(|key| key.starts_with(&start)) {
                    found.push(format!("{place}: no message begins with `{start}`"));
                }
            }
        }
    }

    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn every_message_is_asked_for_somewhere() {
    let mut words: Vec<String> = sources().into_iter().flat_map(|source| source.strings).collect();
    for (_, text) in files("templates") {
        // Quotation marks stand within quotation marks here; what is between any two may be a key.
        words.extend(text.split(['"', '\'']).map(str::to_owned));
    }
    let starts: Vec<_> = words.iter().filter_map(|word| begins_a_key(word)).collect();
    let words: BTreeSet<_> = words.iter().map(String::as_str).collect();
    let is_used =
        |key: &String| words.contains(key.as_str()) || starts.iter().any(|start| key.starts_with(start));

    let unused: Vec<_> = messages(Lang::Fr).into_keys().filter(|key| !is_used(key)).collect();

    assert_eq!(unused, Vec::<String>::new(), "take it out of every language");
}

#[test]
fn french_is_set_as_french_is() {
    let mut found = Vec::new();
    for (key, message) in messages(Lang::Fr) {
        for text in &message.texts {
            if let Some(fault) = fault_in_french(text) {
                found.push(format!("{key}: {fault} in « {text} »"));
            }
        }
    }

    assert_eq!(found, Vec::<String>::new());
}

fn fault_in_french(text: &str) -> Option<&'static str> {
    let letters: Vec<char> = text.chars().collect();
    let at = |index: usize| letters.get(index).copied().unwrap_or(' ');
    for (index, letter) in letters.iter().enumerate() {
        let (before, after) = (if index == 0 { '\n' } else { at(index - 1) }, at(index + 1));
        let ends = after.is_whitespace() || after == '»';
        let fault = match letter {
            '\'' if before.is_alphabetic() => "a straight apostrophe",
            '"' => "a straight quotation mark",
            '«' if after != '\u{a0}' => "no U+00A0 after «",
            '»' if before != '\u{a0}' => "no U+00A0 before »",
            ':' if ends && before != '\u{a0}' => "no U+00A0 before a colon",
            ';' | '!' | '?' if ends && !['\u{202f}', '!', '?', '('].contains(&before) => {
                "no U+202F before ; ! ?"
            }
            '.' if before == '.' && after == '.' => "three dots for …",
            _ => continue,
        };
        return Some(fault);
    }
    None
}

/// Where a message is asked for.
struct Use {
    place: String,
    key: Key,
    /// The names of the values that are given, where they stand there.
    values: Option<BTreeSet<String>>,
}

enum Key {
    Whole(String),
    /// The rest is made at run time: `"format-" ~ code`, `format!("format-{code}")`.
    Start(String),
}

fn uses() -> Vec<Use> {
    let mut found = Vec::new();
    for (path, text) in files("templates") {
        for at in words_at(&text, "t(") {
            found.extend(use_in_template(&path, arguments(&text[at + 2..])));
        }
    }
    for source in sources() {
        for at in words_at(&source.code, "text(") {
            found.extend(use_in_source(&source.path, arguments(&source.code[at + 5..])));
        }
    }
    found
}

/// `key="…", n=4`
fn use_in_template(path: &str, arguments: Vec<&str>) -> Option<Use> {
    let named: Vec<_> = arguments.iter().filter_map(|argument| argument.split_once('=')).collect();
    let (_, key) = named.iter().find(|(name, _)| name.trim() == "key")?;
    let mut quoted = key.trim().split(['"', '\'']);
    let start = quoted.nth(1)?.to_owned();
    let is_whole =
        key.trim().starts_with(['"', '\'']) && quoted.next().is_some_and(|rest| rest.trim().is_empty());
    let names = named.iter().map(|(name, _)| name.trim().to_owned()).filter(|name| name != "key").collect();
    let key = if is_whole && quoted.next().is_none() { Key::Whole(start) } else { Key::Start(start) };
    Some(Use { place: path.to_owned(), key, values: Some(names) })
}

/// `lang, "…", &[("n", n.into())]`
fn use_in_source(path: &str, arguments: Vec<&str>) -> Option<Use> {
    let [lang, key, rest @ ..] = arguments.as_slice() else { return None };
    if !lang.to_lowercase().contains("lang") {
        return None;
    }
    let key = key.trim();
    let inside = key.split('"').nth(1)?;
    let key = match key.strip_prefix('"') {
        Some(_) => Key::Whole(inside.to_owned()),
        None if key.starts_with("&format!") => Key::Start(inside.split('{').next()?.to_owned()),
        None => return None,
    };
    let values = rest.first().filter(|values| values.trim_start().starts_with("&[")).map(|values| {
        values.split("(\"").skip(1).filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())).collect()
    });
    Some(Use { place: path.to_owned(), key, values })
}

/// What stands between commas, up to the bracket that closes.
fn arguments(text: &str) -> Vec<&str> {
    let (mut found, mut from, mut depth, mut quote) = (Vec::new(), 0, 0, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"') => quote = Some('"'),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') if depth > 0 => depth -= 1,
            (None, ')' | ']' | '}') => {
                found.push(&text[from..at]);
                break;
            }
            (None, ',') if depth == 0 => {
                found.push(&text[from..at]);
                from = at + 1;
            }
            (None, _) => {}
        }
    }
    found.retain(|argument| !argument.trim().is_empty());
    found
}

/// `format-` of `format-{code}` and of `format-`.
fn begins_a_key(word: &str) -> Option<&str> {
    let start = word.split('{').next()?;
    let is_key =
        start.len() > 1 && start.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    (is_key && start.ends_with('-')).then_some(start)
}

#[test]
fn uses_are_read_from_templates_and_code() {
    let given = |use_: Option<Use>| {
        use_.map(|use_| (matches!(use_.key, Key::Whole(_)), use_.values.map(|v| v.len())))
    };

    let whole = use_in_template("", arguments("key=\"seats-left\", n=row.left + f(1, 2)) }}"));
    let start = use_in_template("", arguments("key=\"format-\" ~ code) }}"));
    let code =
        use_in_source("", arguments("lang, \"seats-left\", &[(\"n\", n.into()), (\"of\", 2.into())]);"));
    let made = use_in_source("", arguments("self.lang, &format!(\"format-{code}\"), &[])"));
    let other = use_in_source("", arguments("&mut page, \"Title\")"));

    assert_eq!(given(whole), Some((true, Some(1))));
    assert_eq!(given(start), Some((false, Some(0))));
    assert_eq!(given(code), Some((true, Some(2))));
    assert_eq!(given(made), Some((false, Some(0))));
    assert!(given(other).is_none());
}

#[test]
fn faults_of_french_typography_are_found() {
    let right = "L’inscription\u{a0}: « complet\u{a0}» ? Non\u{202f}! À 10:30, https://example.org/?q"
        .replace("« ", "«\u{a0}");

    assert_eq!(fault_in_french(&right.replace(" ? ", "\u{202f}? ")), None);
    assert_eq!(fault_in_french("L'inscription"), Some("a straight apostrophe"));
    assert_eq!(fault_in_french("Lieu :"), Some("no U+00A0 before a colon"));
    assert_eq!(fault_in_french("Non!"), Some("no U+202F before ; ! ?"));
}
