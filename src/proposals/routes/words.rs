//! Fields of a proposal in words, as people read them and not as files have them.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::Serialize;

use crate::{
    locale::{self, Lang, text},
    office::draft::{
        fields::{PROPOSAL, choices},
        form::OptionView,
        view::Pill,
    },
    programme::{Draft, cells::Cells, import::table::values},
    proposals::{Proposal, State, said::FIELDS},
};

/// One field that says something.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    /// What it is called.
    pub label: String,
    /// What it says.
    pub text: String,
    /// True for Markdown.
    pub markdown: bool,
}

/// Every field that says something, in the order of the form.
pub fn lines(lang: Lang, draft: &Draft, said: &Cells) -> Vec<Line> {
    let line = |field: &&'static str| {
        let text = value(lang, draft, field, said.get(field).map_or("", String::as_str));
        (!text.is_empty()).then(|| Line {
            label: label(lang, field),
            text,
            markdown: *field == "description",
        })
    };
    FIELDS.iter().filter_map(line).collect()
}

/// What a field is called.
pub fn label(lang: Lang, field: &str) -> String {
    PROPOSAL.label(lang, field)
}

/// What a cell says.
pub fn value(lang: Lang, draft: &Draft, field: &str, cell: &str) -> String {
    let cell = cell.trim();
    if cell.is_empty() {
        return String::new();
    }
    match field {
        "theme" | "place" | "format" | "access" | "language" => {
            let known = choices(field, lang, draft);
            let named = |value: String| {
                known.iter().find(|(code, _)| *code == value).map_or(value.clone(), |(_, word)| word.clone())
            };
            values(cell).into_iter().map(named).collect::<Vec<_>>().join(", ")
        }
        "speakers" | "tags" => values(cell).join(", "),
        "online" => text(lang, if cell == "true" { "log-yes" } else { "log-no" }, &[]),
        "date" => cell.parse::<NaiveDate>().map_or_else(
            |_| cell.to_owned(),
            |date| crate::programme::words::capital(&locale::full_date(lang, date)),
        ),
        "start" => clock(lang, cell),
        "end" => match cell.split_once(' ') {
            Some((day, time)) => match day.parse::<NaiveDate>() {
                Ok(day) => format!("{}, {}", locale::full_date(lang, day), clock(lang, time)),
                Err(_) => cell.to_owned(),
            },
            None => clock(lang, cell),
        },
        _ => cell.to_owned(),
    }
}

fn clock(lang: Lang, cell: &str) -> String {
    NaiveTime::parse_from_str(cell, "%H:%M").map_or_else(|_| cell.to_owned(), |time| locale::time(lang, time))
}

/// « mardi 20 avril 2027, 18 h », as far as it is said.
pub fn when(lang: Lang, draft: &Draft, said: &Cells) -> String {
    let field = |field: &str| value(lang, draft, field, said.get(field).map_or("", String::as_str));
    let parts = [field("date"), field("start")];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// A title, or that there is none yet.
pub fn title(lang: Lang, title: &str) -> String {
    if title.is_empty() { text(lang, "proposal-untitled", &[]) } else { title.to_owned() }
}

/// Where it stands.
pub fn pill(lang: Lang, state: State) -> Pill {
    let class = match state {
        State::Draft => "",
        State::Sent => "live",
        State::ToDiscuss => "warn",
        State::Accepted => "good",
        State::Refused | State::Withdrawn => "off",
    };
    Pill { text: text(lang, &format!("proposal-state-{}", state.code()), &[]), class }
}

/// Where that proposal stands: one of the call that nobody has confirmed is no draft to its writer.
pub fn pill_of(lang: Lang, proposal: &Proposal) -> Pill {
    if proposal.is_unconfirmed() {
        Pill { text: text(lang, "proposal-state-unconfirmed", &[]), class: "warn" }
    } else {
        pill(lang, proposal.state)
    }
}

/// « 12 avril 2027, 14 h 05 ».
pub fn moment(lang: Lang, draft: &Draft, at: DateTime<Utc>) -> String {
    let local = at.with_timezone(&draft.programme.timezone).naive_local();
    format!("{}, {}", locale::date(lang, local.date()), locale::time(lang, local.time()))
}

/// Organisations to choose from.
pub fn organisations(own: &[(&str, &str)], chosen: &str) -> Vec<OptionView> {
    own.iter()
        .map(|(slug, name)| OptionView {
            value: (*slug).to_owned(),
            label: (*name).to_owned(),
            chosen: *slug == chosen,
        })
        .collect()
}
