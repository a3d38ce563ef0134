//! What a line of the log says of a thing, without what is personal or secret in it.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

/// Stands where something is not written into the log: that it changed can be seen, not what it was.
pub const VEIL: &str = "…";
/// The longest text that a line keeps of one field, in characters; the rest is left out.
pub const FACT_CHARS_MAX: usize = 300;
/// The most entries of one list that a line keeps.
const LIST_MAX: usize = 50;
/// How much of what two long texts both say is kept before they part, in characters.
const CONTEXT_CHARS: usize = 40;
/// Fields that speak of people, or that not everybody of the team may read.
const VEILED: [&str; 12] = [
    "access_needs",
    "address_line",
    "email",
    "join_url",
    "participant_name",
    "password",
    "phone",
    "press_email",
    "press_phone",
    "secret",
    "speakers",
    "token",
];

/// A type of which the log may keep what it says: the programme and its parts, which are made to be published.
///
/// A person, an order, an answer to a questionnaire is none, and a test looks that none becomes one.
pub trait Logged: Serialize {}

impl<T: Logged> Logged for Option<T> {}
impl<T: Logged> Logged for Vec<T> {}

/// One value that says nothing of a person.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact(Value);

impl From<i64> for Fact {
    fn from(number: i64) -> Fact {
        Fact(number.into())
    }
}

impl From<usize> for Fact {
    fn from(number: usize) -> Fact {
        Fact(number.into())
    }
}

impl From<u64> for Fact {
    fn from(number: u64) -> Fact {
        Fact(number.into())
    }
}

impl From<bool> for Fact {
    fn from(flag: bool) -> Fact {
        Fact(flag.into())
    }
}

impl From<Uuid> for Fact {
    fn from(id: Uuid) -> Fact {
        Fact(id.to_string().into())
    }
}

impl From<DateTime<Utc>> for Fact {
    fn from(at: DateTime<Utc>) -> Fact {
        Fact(at.format("%FT%TZ").to_string().into())
    }
}

impl From<NaiveDate> for Fact {
    fn from(day: NaiveDate) -> Fact {
        Fact(day.to_string().into())
    }
}

impl From<NaiveDateTime> for Fact {
    fn from(local: NaiveDateTime) -> Fact {
        Fact(local.format("%FT%H:%M").to_string().into())
    }
}

/// A word of the program's own: a state, a kind.
impl From<&'static str> for Fact {
    fn from(word: &'static str) -> Fact {
        Fact(word.into())
    }
}

impl<T: Into<Fact>> From<Option<T>> for Fact {
    fn from(value: Option<T>) -> Fact {
        Fact(value.map_or(Value::Null, |value| value.into().0))
    }
}

impl Fact {
    /// A slug, or a few parted by `|`; what is none is veiled.
    pub fn slug(text: &str) -> Fact {
        Fact(slug_or_veil(text).into())
    }

    /// Slugs, each as of [`Fact::slug`].
    pub fn slugs<'s>(list: impl IntoIterator<Item = &'s str>) -> Fact {
        Fact(list.into_iter().map(|text| Value::from(slug_or_veil(text))).collect())
    }

    /// Whatever it is, it is not written down; only that it is there.
    pub fn veiled() -> Fact {
        Fact(VEIL.into())
    }
}

/// What a thing is, field by field.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts(Map<String, Value>);

impl Facts {
    /// With one more field.
    #[must_use]
    pub fn with(mut self, field: &'static str, fact: impl Into<Fact>) -> Facts {
        self.0.insert(field.to_owned(), veil(field, fact.into().0));
        self
    }

    /// With everything that these say, too.
    #[must_use]
    pub fn and(mut self, others: Facts) -> Facts {
        self.0.extend(others.0);
        self
    }

    /// Everything that a thing says: it is new, or gone. What is empty is left out.
    pub fn of(thing: &impl Logged) -> Facts {
        let mut fields = flat(thing);
        fields.retain(|_, value| !is_empty(value));
        Facts(veiled(fields))
    }

    /// True where there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As the table has it.
    pub(super) fn value(&self) -> Value {
        Value::Object(self.0.clone())
    }
}

/// Only the fields in which two editions of a thing differ: as they were, and as they are. `None` where none does.
pub fn differing<T: Logged>(before: &T, after: &T) -> Option<(Facts, Facts)> {
    let (mut was, mut is) = (flat(before), flat(after));
    let same: Vec<_> =
        was.iter().filter(|(field, value)| is.get(*field) == Some(value)).map(|(f, _)| f.clone()).collect();
    for field in same {
        was.remove(&field);
        is.remove(&field);
    }
    for (field, old) in &mut was {
        if let (Value::String(old), Some(Value::String(new))) = (old, is.get_mut(field)) {
            (*old, *new) = parted(old, new);
        }
    }
    // What is compared is what was said; only what is kept is veiled.
    let (was, is) = (Facts(veiled(was)), Facts(veiled(is)));
    (!was.is_empty() || !is.is_empty()).then_some((was, is))
}

/// The same for words by the name of their field, as they were and as they are. Only for what is written to be read by
/// everybody, or is part of a programme: these are kept as they stand (a test says where they come from).
pub fn differing_words<'w>(
    fields: impl IntoIterator<Item = (&'static str, &'w str, &'w str)>,
) -> (Facts, Facts) {
    let changed = fields.into_iter().filter(|(_, was, is)| was != is);
    changed.fold(Default::default(), |(before, after): (Facts, Facts), (field, was, is)| {
        let (was, is) = parted(was, is);
        (before.with(field, Fact(was.into())), after.with(field, Fact(is.into())))
    })
}

/// The same for words that are not the log's to keep: which of them differ, and where nothing stands.
pub fn differing_veiled<'w>(
    fields: impl IntoIterator<Item = (&'static str, &'w str, &'w str)>,
) -> (Facts, Facts) {
    let fact = |text: &str| if text.is_empty() { Fact("".into()) } else { Fact::veiled() };
    let changed = fields.into_iter().filter(|(_, was, is)| was != is);
    changed.fold(Default::default(), |(before, after): (Facts, Facts), (field, was, is)| {
        (before.with(field, fact(was)), after.with(field, fact(is)))
    })
}

/// Every field by its path, `live.capacity`.
fn flat(thing: &impl Logged) -> Map<String, Value> {
    let mut fields = Map::new();
    // What is no object (a number, a list) is one field without a name of its own.
    let value = serde_json::to_value(thing).unwrap_or_default();
    flatten("", value, &mut fields);
    fields
}

fn flatten(path: &str, value: Value, fields: &mut Map<String, Value>) {
    match value {
        Value::Object(inner) if !inner.is_empty() || path.is_empty() => {
            for (name, value) in inner {
                let path = if path.is_empty() { name } else { format!("{path}.{name}") };
                flatten(&path, value, fields);
            }
        }
        value => {
            fields.insert(if path.is_empty() { "value".to_owned() } else { path.to_owned() }, value);
        }
    }
}

fn veiled(fields: Map<String, Value>) -> Map<String, Value> {
    fields.into_iter().map(|(path, value)| (path.clone(), veil(&path, value))).collect()
}

/// The value as it may be kept under that name.
fn veil(path: &str, value: Value) -> Value {
    let name = path.rsplit('.').next().unwrap_or(path);
    if VEILED.contains(&name) && !is_empty(&value) {
        return VEIL.into();
    }
    match value {
        Value::String(text) => plain(&text).into(),
        Value::Array(list) => {
            let more = (list.len() > LIST_MAX).then(|| Value::from(VEIL));
            list.into_iter().take(LIST_MAX).map(|value| veil(path, value)).chain(more).collect()
        }
        Value::Object(inner) => {
            inner.into_iter().map(|(name, value)| (name.clone(), veil(&name, value))).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(inner) => inner.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// The beginning of a text, without the addresses of people that somebody wrote into it.
fn plain(text: &str) -> String {
    let text = unaddressed(text);
    match text.char_indices().nth(FACT_CHARS_MAX) {
        Some((at, _)) => format!("{}{VEIL}", text[..at].trim_end()),
        None => text,
    }
}

/// Two long texts that part late, from a little before they do: their beginnings would say that nothing has changed.
fn parted(was: &str, is: &str) -> (String, String) {
    let (was, is) = (unaddressed(was), unaddressed(is));
    let alike = was.chars().zip(is.chars()).take_while(|(was, is)| was == is).count();
    let chars = was.chars().count().max(is.chars().count());
    if chars <= FACT_CHARS_MAX || alike < FACT_CHARS_MAX / 2 {
        return (was, is);
    }
    let from = |text: &str| {
        let rest: String = text.chars().skip(alike - CONTEXT_CHARS).collect();
        format!("{VEIL}{rest}")
    };
    (from(&was), from(&is))
}

fn unaddressed(text: &str) -> String {
    let words = text.split_inclusive(char::is_whitespace).map(|word| {
        if !word.contains('@') {
            return word.to_owned();
        }
        let space = &word[word.trim_end().len()..];
        format!("{VEIL}{space}")
    });
    words.collect()
}

/// The text, where it can only be slugs, ids or numbers.
pub(super) fn slug_or_veil(text: &str) -> &str {
    let is_slug = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_./|:".contains(c);
    if text.chars().all(is_slug) { text } else { VEIL }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Serialize)]
    struct Thing {
        title: String,
        speakers: Vec<String>,
        live: Inner,
    }

    #[derive(Serialize)]
    struct Inner {
        capacity: Option<i64>,
        join_url: Option<String>,
    }

    impl Logged for Thing {}

    fn thing(capacity: i64, address: &str) -> Thing {
        Thing {
            title: "Forum".to_owned(),
            speakers: vec!["Ana Exemple".to_owned()],
            live: Inner { capacity: Some(capacity), join_url: Some(address.to_owned()) },
        }
    }

    #[test]
    fn two_editions_say_only_where_they_differ_and_secrets_only_that_they_do() {
        let (before, after) = (thing(20, "https://a.example.org"), thing(30, "https://b.example.org"));

        let (was, is) = differing(&before, &after).unwrap();

        assert_eq!(was.value(), json!({ "live.capacity": 20, "live.join_url": VEIL }));
        assert_eq!(is.value(), json!({ "live.capacity": 30, "live.join_url": VEIL }));
        assert_eq!(differing(&before, &before), None);
    }

    #[test]
    fn a_whole_thing_is_kept_without_its_people() {
        let kept = Facts::of(&thing(20, ""));

        assert_eq!(kept.value(), json!({ "title": "Forum", "speakers": VEIL, "live.capacity": 20 }));
    }

    #[test]
    fn an_address_in_a_text_is_not_kept_and_a_long_text_is_cut() {
        assert_eq!(plain("Écrire à ana@example.org, merci"), "Écrire à … merci");
        let long = plain(&"mot ".repeat(200));
        assert_eq!(long.chars().count(), FACT_CHARS_MAX);
        assert!(long.ends_with("mot…"));
    }

    #[test]
    fn of_long_texts_the_log_keeps_where_they_part_and_never_an_address() {
        let (same, address) = ("mot ".repeat(100), "ana@example.org");
        let (was, is) = (format!("{same}{address} lundi"), format!("{same}{address} mardi {same}"));

        let (before, after) = differing_words([("closing", was.as_str(), is.as_str()), ("intro", "", "")]);

        let said = |facts: &Facts| facts.value()["closing"].as_str().unwrap().to_owned();
        assert!(said(&before).starts_with(VEIL) && said(&before).ends_with("mot … lundi"), "{before:?}");
        assert!(said(&after).contains("mot … mardi mot") && said(&after).ends_with("…"), "{after:?}");
        assert!(said(&after).chars().count() <= FACT_CHARS_MAX + 1);
        assert_eq!(before.value().as_object().unwrap().len(), 1, "only what differs");
        let whole = Thing { title: was, speakers: Vec::new(), ..thing(1, "") };
        let (was, _) = differing(&whole, &Thing { title: is, speakers: Vec::new(), ..thing(1, "") }).unwrap();
        assert!(was.value()["title"].as_str().unwrap().ends_with("mot … lundi"), "{was:?}");
    }

    #[test]
    fn words_that_are_not_the_log_s_are_named_and_not_kept() {
        let (before, after) = differing_veiled([("text_fr", "", "Chère Ana"), ("text_en", "Hi", "Hi")]);

        assert_eq!(before.value(), json!({ "text_fr": "" }));
        assert_eq!(after.value(), json!({ "text_fr": VEIL }));
    }

    #[test]
    fn what_is_no_slug_is_no_subject() {
        assert_eq!(super::super::subject("session", "forum-2"), "session/forum-2");
        assert_eq!(super::super::subject("person", "ana@example.org"), "person/…");
        assert_eq!(
            Facts::default().with("group", Fact::slug("Ana Exemple")).value(),
            json!({ "group": VEIL })
        );
        let slugs = Fact::slugs(["miso/collectif", "Ana Exemple"]);
        assert_eq!(Facts::default().with("of", slugs).value(), json!({ "of": ["miso/collectif", VEIL] }));
    }
}
