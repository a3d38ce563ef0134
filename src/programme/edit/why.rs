//! What is wrong with a field, for who says it in the visitor's language: the importer's own sentences are for files,
//! in English.

use crate::programme::{DraftSession, TEXT_CHARS_MAX, TITLE_CHARS_MAX, cells::Cells, import::Problem};

/// One thing that is wrong in a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The field.
    pub field: &'static str,
    /// What kind of mistake.
    pub why: Why,
    /// What was typed; a name that is not known, a day.
    pub value: String,
}

/// Kinds of mistakes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It is not written as this field is: what would be right depends on the field.
    Form,
    /// There is nothing, and there must be something.
    Empty,
    /// There are more characters than so many.
    TooLong(usize),
    /// It holds a line end, or what no text may hold.
    Control,
    /// There is no such day.
    NoSuchDay,
    /// Summer time skips this hour.
    SummerTime,
    /// It ends before it begins.
    EndsBeforeStart,
    /// Registration closes before it opens.
    ClosesBeforeOpens,
    /// Registration closes after the session has begun.
    ClosesAfterStart,
    /// Registration opens when it has closed.
    OpensTooLate,
    /// It is another one's.
    Taken,
    /// Nothing is called so.
    Unknown,
    /// It stands there twice.
    Twice,
    /// One of two that come together.
    Alone,
    /// Something still bears it.
    InUse,
}

impl Why {
    /// The word in message keys (`office-draft-wrong-empty`).
    pub fn code(self) -> &'static str {
        match self {
            Why::Form => "form",
            Why::Empty => "empty",
            Why::TooLong(_) => "long",
            Why::Control => "control",
            Why::NoSuchDay => "day",
            Why::SummerTime => "summer-time",
            Why::EndsBeforeStart => "ends-before",
            Why::ClosesBeforeOpens => "closes-before",
            Why::ClosesAfterStart => "closes-after",
            Why::OpensTooLate => "opens-late",
            Why::Taken => "taken",
            Why::Unknown => "unknown",
            Why::Twice => "twice",
            Why::Alone => "alone",
            Why::InUse => "in-use",
        }
    }
}

impl Mistake {
    /// In that field.
    pub fn new(field: &'static str, why: Why) -> Mistake {
        Mistake { field, why, value: String::new() }
    }
}

/// What the importer found wrong, each with its field.
pub(super) fn all(said: &Cells, problems: &[Problem]) -> Vec<Mistake> {
    let mistake = |problem: &Problem| {
        let column = problem.column.as_deref().unwrap_or_default();
        let column = ["themes.", "places.", "organisations."]
            .iter()
            .find_map(|section| column.strip_prefix(section))
            .unwrap_or(column);
        // A key that a form does not have is none that a form can get wrong; its first field stands for it.
        let field = said.keys().find(|field| **field == column).or_else(|| said.keys().next())?;
        let value = said.get(field).map_or("", String::as_str);
        Some(Mistake { field, why: kind(&problem.message, value), value: value.trim().to_owned() })
    };
    let mut mistakes: Vec<Mistake> = Vec::new();
    for mistake in problems.iter().filter_map(mistake) {
        if !mistakes.contains(&mistake) {
            mistakes.push(mistake);
        }
    }
    mistakes
}

/// What is wrong with one text.
pub(super) fn of_text(field: &'static str, value: &str, message: &str) -> Mistake {
    Mistake { field, why: kind(message, value), value: value.to_owned() }
}

/// The importer's sentences by what they say; the test holds each of them to it.
fn kind(message: &str, value: &str) -> Why {
    let says = |words: &str| message.contains(words);
    if says("is empty") || says("is missing here") {
        Why::Empty
    } else if says("characters; at most") {
        let long = value.chars().count() > TEXT_CHARS_MAX;
        Why::TooLong(if long { TEXT_CHARS_MAX } else { TITLE_CHARS_MAX })
    } else if says("must be one line of text") || says("only line ends and tabs") {
        Why::Control
    } else if says("there is no such day") || says("there is no month") {
        Why::NoSuchDay
    } else if says("summer time skips it") {
        Why::SummerTime
    } else if says("ends before the session") || says("would end") || says("is before starts") {
        Why::EndsBeforeStart
    } else if says("before it opens") || says("is before opens") {
        Why::ClosesBeforeOpens
    } else if says("of programme.toml; it has") {
        Why::Unknown
    } else if says("twice") {
        Why::Twice
    } else if says("come together or not at all") {
        Why::Alone
    } else {
        Why::Form
    }
}

/// What is wrong with the times of registration taken together.
pub(super) fn of_times(session: &DraftSession, message: &str) -> Mistake {
    let own_closes = if session.live.closes.is_some() { "closes" } else { "opens" };
    let says = |words: &str| message.contains(words);
    let (field, why) = if says("summer time skips it") {
        (if message.starts_with("opens=") { "opens" } else { "closes" }, Why::SummerTime)
    } else if says("before it opens") {
        (own_closes, Why::ClosesBeforeOpens)
    } else if says("after the session begins") {
        ("closes", Why::ClosesAfterStart)
    } else {
        (if session.live.opens.is_some() { "opens" } else { "closes" }, Why::OpensTooLate)
    };
    Mistake::new(field, why)
}
