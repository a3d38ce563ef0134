//! Lines of the log in words, and as rows of a file.

use std::collections::BTreeSet;

use chrono::{NaiveDateTime, SecondsFormat};
use serde_json::Value;

use crate::{
    audit::store::Line,
    exchange::csv::LogRow,
    locale::{self, Lang, text},
    office::frame::At,
};

/// « 12 avril 2027, 14 h 05 ».
pub fn moment(lang: Lang, local: NaiveDateTime) -> String {
    format!("{}, {}", locale::date(lang, local.date()), locale::time(lang, local.time()))
}

/// « capacity : 20 → 30 », a field each.
pub fn facts(lang: Lang, line: &Line) -> Vec<String> {
    let (before, after) =
        (object(line.before.as_ref().map(|json| &json.0)), object(line.after.as_ref().map(|json| &json.0)));
    let fields: BTreeSet<&String> = before.iter().chain(&after).flat_map(|object| object.keys()).collect();
    let said = |field: &String| {
        let field_name = name(lang, field);
        let of = |object: Option<&serde_json::Map<String, Value>>| {
            object.and_then(|object| object.get(field)).map(|value| in_words(lang, value))
        };
        match (of(before), of(after)) {
            (Some(old), Some(new)) => text(
                lang,
                "log-fact",
                &[("field", field_name.into()), ("old", old.into()), ("new", new.into())],
            ),
            (Some(old), None) => {
                text(lang, "log-fact-gone", &[("field", field_name.into()), ("old", old.into())])
            }
            (None, new) => {
                let new = new.unwrap_or_default();
                text(lang, "log-fact-new", &[("field", field_name.into()), ("new", new.into())])
            }
        }
    };
    fields.into_iter().map(said).collect()
}

/// « Places » for `live.capacity.seats`; a field without words of its own stands for itself.
fn name(lang: Lang, field: &str) -> String {
    let last = field.strip_prefix("live.").unwrap_or(field).split('.').next().unwrap_or(field);
    let key = format!("log-field-{}", last.replace('_', "-"));
    if locale::has(lang, &key) { text(lang, &key, &[]) } else { field.to_owned() }
}

fn object(value: Option<&Value>) -> Option<&serde_json::Map<String, Value>> {
    value.and_then(Value::as_object)
}

fn in_words(lang: Lang, value: &Value) -> String {
    let nothing = || text(lang, "log-nothing", &[]);
    match value {
        Value::Null => nothing(),
        Value::Bool(true) => text(lang, "log-yes", &[]),
        Value::Bool(false) => text(lang, "log-no", &[]),
        Value::Number(number) => number.to_string(),
        Value::String(said) if said.is_empty() => nothing(),
        Value::String(said) => said.clone(),
        Value::Array(list) if list.is_empty() => nothing(),
        Value::Array(list) => list.iter().map(|one| in_words(lang, one)).collect::<Vec<_>>().join(", "),
        Value::Object(_) => value.to_string(),
    }
}

/// The line as a row of a file: times as instants, facts as they are stored.
pub fn row(lang: Lang, line: &Line, who: &str, at: &At) -> LogRow {
    let programme = at.programmes.iter().find(|known| Some(known.id) == line.programme_id);
    let json = |value: Option<&Value>| value.map(Value::to_string).unwrap_or_default();
    LogRow {
        at: line.at.to_rfc3339_opts(SecondsFormat::Secs, true),
        programme: programme.map_or(String::new(), |known| known.slug.clone()),
        who: who.to_owned(),
        action: line.action.clone(),
        said: crate::audit::words::action(lang, &line.action),
        subject: line.subject.clone(),
        before: json(line.before.as_ref().map(|json| &json.0)),
        after: json(line.after.as_ref().map(|json| &json.0)),
    }
}
