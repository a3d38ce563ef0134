//! The mail that reminds somebody of their sessions.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Kind, Letter, MailData};
use crate::locale::Lang;

/// Behind every mail that somebody waits for.
const PRIORITY_REMINDER: i64 = 10;

/// What mails around the sessions say: they can be stopped.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reminder {
    /// Whether the day is told, or the hour.
    pub timing: Timing,
    /// Opens the page that stops such mails of the programme, and stops them by itself if it is posted to.
    pub stop_token: String,
}

/// How far from the sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Timing {
    /// Days: all sessions of one day.
    Day,
    /// Hours or minutes: those that begin together.
    Soon,
    /// The sessions are over.
    After,
}

/// The sessions of a day, or those that begin together, shortly before. With no calendar entry; it can be stopped.
pub fn reminder(id: Uuid, lang: Lang, recipient: &str, data: MailData) -> Letter {
    let recipient = recipient.to_owned();
    Letter { id, kind: Kind::Reminder, lang, recipient, data, priority: PRIORITY_REMINDER }
}

impl Letter {
    /// True for a reminder of what has all begun: the mail server was away for too long.
    pub(super) fn is_too_late(&self, now: DateTime<Utc>) -> bool {
        self.kind == Kind::Reminder && self.data.items.iter().all(|item| item.session.starts_at <= now)
    }
}
