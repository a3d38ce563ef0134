//! One field's text: as it is typed in a form, and as a file says it.

use super::{super::fields, Draw, Kind, OptionView, Spec};
use crate::{
    programme::{cells, import::table::values},
    web::typed::Typed,
};

/// The name of the second half of a field.
pub(super) fn other(spec: &Spec) -> String {
    format!("{}_other", spec.field)
}

pub(super) fn fill(typed: &mut Typed, spec: &Spec, cell: &str) {
    let field = spec.field;
    let second = other(spec);
    match spec.kind {
        Kind::Text
        | Kind::Short
        | Kind::Area
        | Kind::Markdown
        | Kind::Date
        | Kind::Time
        | Kind::Select
        | Kind::Colour
        | Kind::Check => typed.set(field, cell),
        Kind::End => {
            let (day, time) = cell.split_once(' ').unwrap_or(("", cell));
            typed.set(field, time);
            typed.set(&second, day);
        }
        Kind::Checks => set_all(typed, field, &values(cell)),
        Kind::ChecksAndLines => {
            let known = fields::fixed(field);
            let (ticked, free): (Vec<_>, Vec<_>) =
                values(cell).into_iter().partition(|value| known.contains(&value.as_str()));
            set_all(typed, field, &ticked);
            typed.set(&second, &free.join("\n"));
        }
        Kind::Lines => typed.set(field, &values(cell).join("\n")),
        Kind::Registration => {
            let is_word = ["", "open", "closed", "invitation", "none"].contains(&cell);
            typed.set(field, if is_word { cell } else { "external" });
            typed.set(&second, if is_word { "" } else { cell });
        }
        Kind::Between => {
            let times = values(cell);
            typed.set(field, times.first().map_or("", String::as_str));
            typed.set(&second, times.get(1).map_or("", String::as_str));
        }
    }
}

fn set_all(typed: &mut Typed, field: &str, values: &[String]) {
    typed.set(field, "");
    for value in values {
        typed.add(field, value);
    }
}

pub(super) fn read(typed: &Typed, spec: &Spec) -> String {
    // Browsers send line ends as CRLF.
    let one = |field: &str| typed.first(field).replace("\r\n", "\n").replace('\r', "\n");
    let second = other(spec);
    let ticked = || typed.all(spec.field).iter().filter(|value| !value.trim().is_empty()).cloned();
    let lines = |field: &str| -> Vec<String> {
        one(field).lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
    };
    match spec.kind {
        Kind::Text | Kind::Short | Kind::Date | Kind::Time | Kind::Select | Kind::Colour => {
            one(spec.field).trim().to_owned()
        }
        Kind::Area | Kind::Markdown => one(spec.field).trim_end().trim_start_matches('\n').to_owned(),
        Kind::Check => if typed.is_ticked(spec.field) { "true" } else { "" }.to_owned(),
        Kind::End => {
            let (time, day) = (one(spec.field), one(&second));
            format!("{} {}", day.trim(), time.trim()).trim().to_owned()
        }
        Kind::Checks => cells::list(ticked()),
        Kind::ChecksAndLines => cells::list(ticked().chain(lines(&second))),
        Kind::Lines => cells::list(lines(spec.field)),
        Kind::Registration => match (typed.first(spec.field).trim(), one(&second).trim()) {
            // Without an address the word stands there, which is none of registration's.
            ("external", "") => "external".to_owned(),
            ("external", address) => address.to_owned(),
            (word, _) => word.to_owned(),
        },
        Kind::Between => cells::list(
            [one(spec.field), one(&second)].iter().map(|time| time.trim()).filter(|time| !time.is_empty()),
        ),
    }
}

/// What can be chosen; what stands there and is none of it is kept.
pub(super) fn options(spec: &Spec, draw: &Draw<'_>) -> Vec<OptionView> {
    let chosen = draw.typed.all(spec.field);
    let choices = match (spec.kind, spec.field) {
        (Kind::Select, "language") => fields::languages(draw.lang, draw.draft),
        (_, field) => fields::choices(field, draw.lang, draw.draft),
    };
    let mut options: Vec<OptionView> = choices
        .into_iter()
        .map(|(value, label)| OptionView { chosen: chosen.contains(&value), value, label })
        .collect();
    let is_choice =
        matches!(spec.kind, Kind::Select | Kind::Checks | Kind::ChecksAndLines | Kind::Registration);
    if is_choice {
        for value in chosen.iter().filter(|value| !value.is_empty()) {
            if !options.iter().any(|option| option.value == *value) {
                options.push(OptionView { value: value.clone(), label: value.clone(), chosen: true });
            }
        }
    }
    options
}
