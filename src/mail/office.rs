//! Mails to those who work in the office. Each bears one link, which works once.

use uuid::Uuid;

use super::{Kind, Letter, MailData, Own, PRIORITY_PERSONAL, ProgrammeLine};
use crate::locale::Lang;

/// Somebody is to work in the office: where to choose a name and a password, within seven days.
pub fn invited(id: Uuid, lang: Lang, recipient: &str, name: &str, token: &str) -> Letter {
    letter(id, Kind::Invitation, lang, recipient, name, token)
}

/// Where to choose another password, within half an hour.
pub fn new_password(id: Uuid, lang: Lang, recipient: &str, name: &str, token: &str) -> Letter {
    letter(id, Kind::Password, lang, recipient, name, token)
}

/// Lets a partner in, within half an hour.
pub fn mailed_link(id: Uuid, lang: Lang, recipient: &str, name: &str, token: &str) -> Letter {
    letter(id, Kind::SignIn, lang, recipient, name, token)
}

fn letter(id: Uuid, kind: Kind, lang: Lang, recipient: &str, name: &str, token: &str) -> Letter {
    let data = MailData {
        // The office stands where a programme would: `/fr/office`.
        programme: ProgrammeLine {
            slug: "office".to_owned(),
            title: "Parvis".to_owned(),
            timezone: chrono_tz::UTC,
            contact: None,
        },
        name: name.to_owned(),
        agenda_token: String::new(),
        feed_token: String::new(),
        items: Vec::new(),
        reminder: None,
        confirm_token: Some(token.to_owned()),
        door_code: None,
        own: Own::default(),
    };
    Letter { id, kind, lang, recipient: recipient.to_owned(), data, priority: PRIORITY_PERSONAL }
}
