//! What organisers say in mails in their own words: sentences instead of the house's, and whole messages. Frozen with
//! the letter, as everything that it says; Markdown with placeholders ([`crate::markdown::filled`]), never a template.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Item, Kind, Letter, MailData, Outcome};
use crate::{locale::Lang, markdown::filled::Values};

/// Behind what says where somebody stands, before reminders.
const PRIORITY_MESSAGE: i64 = 5;

/// The longest sentence of a mail that organisers can write, in characters.
pub const SENTENCE_CHARS_MAX: usize = 2_000;

/// What a placeholder can be: the value of each is the reader's own.
pub const PLACEHOLDERS: [&str; 7] =
    ["name", "programme", "session", "when", "place", "page", "registrations"];

/// Where a secret stood, in a mail that somebody else looks at.
pub const MASK: &str = "…";

/// The organisers' own words in a letter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Own {
    /// The subject of a message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Instead of the first sentence; of a message, its text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intro: Option<String>,
    /// Below the sessions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closing: Option<String>,
    /// The language of these words, where it is not the letter's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<Lang>,
    /// What placeholders stand for that no session of the letter says.
    #[serde(skip_serializing_if = "Values::is_empty")]
    pub values: Values,
}

impl Own {
    /// True where the letter says what the house says.
    pub fn is_empty(&self) -> bool {
        *self == Own::default()
    }
}

/// What organisers write to the people of their sessions: subject and text in [`MailData::own`], and the sessions that
/// it is about. Brings no calendar entry: what changes one is told by its own mail.
pub fn message(id: Uuid, lang: Lang, recipient: &str, data: MailData) -> Letter {
    let recipient = recipient.to_owned();
    Letter { id, kind: Kind::Message, lang, recipient, data, priority: PRIORITY_MESSAGE }
}

/// The mails in which organisers can put sentences of their own. Those that protect an address (`link`, `confirm`), and
/// those that say why a rule gave nothing, are the house's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Text {
    /// An order, all of it seats.
    Confirmed,
    /// An order, all of it turns in a queue.
    Waiting,
    /// An order, some seats and some turns.
    Mixed,
    /// A seat from the queue.
    Promoted,
    /// A seat that is held for the first in the queue.
    Offered,
    /// It was not taken in time.
    Expired,
    /// Seats were given back.
    Cancelled,
    /// A release changed sessions.
    Changed,
    /// Before a session.
    Reminder,
    /// The morning after.
    Thanks,
}

impl Text {
    /// In the order in which the office shows them: as people get them.
    pub const ALL: [Text; 10] = [
        Text::Confirmed,
        Text::Waiting,
        Text::Mixed,
        Text::Promoted,
        Text::Offered,
        Text::Expired,
        Text::Cancelled,
        Text::Changed,
        Text::Reminder,
        Text::Thanks,
    ];

    /// The word in tables, addresses and message keys.
    pub fn code(self) -> &'static str {
        match self {
            Text::Confirmed => "confirmed",
            Text::Waiting => "waiting",
            Text::Mixed => "mixed",
            Text::Promoted => "promoted",
            Text::Offered => "offered",
            Text::Expired => "expired",
            Text::Cancelled => "cancelled",
            Text::Changed => "changed",
            Text::Reminder => "reminder",
            Text::Thanks => "thanks",
        }
    }

    /// The text of that code.
    pub fn parse(code: &str) -> Option<Text> {
        Text::ALL.into_iter().find(|text| text.code() == code)
    }

    /// Which sentences a letter takes; `None`: the house's.
    pub fn of(letter: &Letter) -> Option<Text> {
        let items = &letter.data.items;
        let left_queue = |item: &Item| matches!(item.outcome, Outcome::LeftQueue | Outcome::Declined);
        let waits =
            |item: &Item| matches!(item.outcome, Outcome::Waiting { .. } | Outcome::AlreadyWaiting { .. });
        match letter.kind {
            Kind::Order if items.iter().any(|item| item.outcome.is_refused()) => None,
            Kind::Order if items.iter().all(|item| item.outcome.has_seat()) => Some(Text::Confirmed),
            Kind::Order if items.iter().all(waits) => Some(Text::Waiting),
            Kind::Order => Some(Text::Mixed),
            Kind::Promoted => Some(Text::Promoted),
            Kind::Offered => Some(Text::Offered),
            Kind::Expired => Some(Text::Expired),
            Kind::Cancelled if items.iter().any(left_queue) => None,
            Kind::Cancelled => Some(Text::Cancelled),
            Kind::Changed => Some(Text::Changed),
            Kind::Reminder => Some(Text::Reminder),
            Kind::Thanks => Some(Text::Thanks),
            Kind::Confirm
            | Kind::Link
            | Kind::Message
            | Kind::Invitation
            | Kind::Password
            | Kind::SignIn
            | Kind::Joining
            | Kind::Proposal => None,
        }
    }
}

impl MailData {
    /// The same without the secrets of its reader: for who else looks at the mail.
    #[must_use]
    pub fn masked(mut self) -> MailData {
        let mask = || MASK.to_owned();
        (self.agenda_token, self.feed_token) = (mask(), mask());
        self.confirm_token = self.confirm_token.map(|_| mask());
        if let Some(reminder) = &mut self.reminder {
            reminder.stop_token = mask();
        }
        for after in self.items.iter_mut().filter_map(|item| item.after.as_mut()) {
            after.feedback_token = mask();
        }
        self
    }
}
