//! The mail after a day of sessions.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Kind, Letter, MailData};
use crate::locale::Lang;

/// Nobody waits for it: everything that says where somebody stands goes first.
const PRIORITY_THANKS: i64 = 20;

/// What a session leaves behind, for one person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct After {
    /// Where the recording is.
    pub recording: Option<String>,
    /// The minutes, plain text.
    pub minutes: String,
    /// Opens the three questions about this session.
    pub feedback_token: String,
    /// True where it was marked that the person came; then there is a certificate.
    pub present: bool,
}

/// Thanks for a day: all its sessions in one mail, each with what it leaves behind ([`After`]). Attaches nothing.
pub fn thanks(id: Uuid, lang: Lang, recipient: &str, data: MailData) -> Letter {
    let recipient = recipient.to_owned();
    Letter { id, kind: Kind::Thanks, lang, recipient, data, priority: PRIORITY_THANKS }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{mail, release};

    #[test]
    fn everything_that_somebody_waits_for_goes_before_a_thank_you() {
        let release: release::Release = crate::exchange::sample::release();
        let data = MailData {
            programme: mail::ProgrammeLine::of(&release),
            name: String::new(),
            agenda_token: String::new(),
            feed_token: String::new(),
            items: Vec::new(),
            confirm_token: None,
            door_code: None,
            own: mail::Own::default(),
            reminder: None,
        };
        let id = Uuid::nil();
        let first = mail::order(id, Lang::Fr, "a@example.org", data.clone());
        assert!(first.priority < thanks(id, Lang::Fr, "a@example.org", data).priority);
    }
}
