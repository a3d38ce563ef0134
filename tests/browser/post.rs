//! Mails as their receivers have them: what the mail server of the tests took in, read by somebody else's parser.

use std::time::Duration;

use mail_parser::{MessageParser, MimeHeaders as _};

use crate::smtp::SmtpServer;

/// How long a mail may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A mail that has arrived.
#[derive(Debug)]
pub struct Letter {
    pub subject: String,
    pub text: String,
    /// The calendar entries that came with it; empty where there are none.
    pub calendar: String,
}

/// Every mail to that address, oldest first, once there are so many.
///
/// # Panics
/// Where they do not come, or more than those.
pub async fn letters(smtp: &SmtpServer, recipient: &str, count: usize) -> Vec<Letter> {
    let arrive = async {
        while smtp.messages_to(recipient).len() < count {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let arrived = tokio::time::timeout(PATIENCE, arrive).await.is_ok();
    let all: Vec<_> = smtp.messages_to(recipient).iter().map(|mail| read(&mail.raw)).collect();
    let subjects: Vec<_> = all.iter().map(|letter| &letter.subject).collect();
    assert!(arrived && all.len() == count, "{count} mails to {recipient}, not {subjects:?}");
    all
}

fn read(raw: &[u8]) -> Letter {
    let message = MessageParser::default().parse(raw).unwrap();
    let is_calendar = |part: &&mail_parser::MessagePart<'_>| {
        part.content_type().is_some_and(|kind| kind.subtype().is_some_and(|subtype| subtype == "calendar"))
    };
    let entries =
        message.parts.iter().filter(is_calendar).map(|part| String::from_utf8_lossy(part.contents()));
    let calendar = entries.collect::<Vec<_>>().join("\n");
    Letter {
        subject: message.subject().unwrap_or_default().to_owned(),
        // Some spaces keep what belongs together on one line.
        text: message.body_text(0).unwrap_or_default().replace(['\u{a0}', '\u{202f}'], " "),
        // Lines are folded after 75 bytes.
        calendar: calendar.replace("\r\n ", "").replace("\n ", ""),
    }
}
