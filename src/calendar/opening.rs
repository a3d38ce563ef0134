//! The opening of registration as a calendar entry: a moment to be there, with an alarm before it.

use chrono::{DateTime, TimeDelta, Utc};
use icalendar::{Alarm, Component as _, Event, EventLike as _};
use uuid::Uuid;

use super::{calendar, instant, text};
use crate::locale::{self, Lang};

/// How long before the opening the alarm rings.
const ALARM_BEFORE: TimeDelta = TimeDelta::minutes(10);

/// When registration opens, and for what.
#[derive(Debug, Clone, PartialEq)]
pub struct Opening {
    /// The session's or the programme's id: the entry's own `UID` comes from it, for ever.
    pub of: Uuid,
    /// Raised whenever the opening is another one.
    pub sequence: i64,
    /// When this was last said.
    pub stamp: DateTime<Utc>,
    /// The moment.
    pub opens: DateTime<Utc>,
    /// What the session or the programme is called.
    pub title: String,
    /// The page on which one registers then.
    pub url: String,
}

/// A file with this one entry, as ICS text.
pub fn opening(opening: &Opening, lang: Lang) -> String {
    let title = text::line(&opening.title);
    let summary = locale::text(lang, "calendar-opening", &[("title", title.into())]);
    let mut event = Event::new();
    event
        .uid(&Uuid::new_v5(&opening.of, b"opening").to_string())
        .add_property("SEQUENCE", opening.sequence.max(0).to_string())
        .add_property("DTSTAMP", instant(opening.stamp))
        .add_property("DTSTART", instant(opening.opens))
        // A moment to think of, and nobody is busy for it.
        .add_property("TRANSP", "TRANSPARENT")
        .summary(&summary)
        .description(&text::uri(&opening.url))
        .url(&text::uri(&opening.url))
        .alarm(Alarm::display(&summary, -ALARM_BEFORE));
    let mut calendar = calendar();
    calendar.push(event);
    text::refold(&calendar.to_string())
}
