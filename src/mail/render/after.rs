//! What a session leaves behind, in the words of the mail that says thank you.

use serde::Serialize;

use super::{cut, one_line};
use crate::{
    locale::{self, Lang},
    mail::{After, Item},
};

/// The most of the minutes that stands in the mail, in characters; the rest is on the session's page.
const MINUTES_CHARS_MAX: usize = 600;

/// What the templates find.
#[derive(Debug, Serialize)]
pub(super) struct Left {
    recording: Option<String>,
    /// Paragraphs.
    minutes: Vec<String>,
    feedback_url: String,
}

pub(super) fn left(after: &After, base: &str) -> Left {
    let minutes = cut(after.minutes.trim(), MINUTES_CHARS_MAX);
    Left {
        recording: after.recording.as_deref().filter(|url| super::context::is_web_address(url)).map(one_line),
        minutes: minutes.lines().map(one_line).filter(|line| !line.is_empty()).collect(),
        feedback_url: format!("{base}/feedback/{}", after.feedback_token),
    }
}

/// The first sentence: who is not known to have come may not have.
pub(super) fn intro(items: &[Item]) -> &'static str {
    match items.iter().any(|item| item.after.as_ref().is_some_and(|after| after.present)) {
        true => "mail-thanks-intro",
        false => "mail-thanks-intro-unmarked",
    }
}

/// Whether the person came, as far as we know.
pub(super) fn outcome(after: &After, lang: Lang) -> String {
    locale::text(lang, if after.present { "mail-thanks-present" } else { "mail-thanks-registered" }, &[])
}
