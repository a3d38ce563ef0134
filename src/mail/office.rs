//! Mails to those who work in the office, or propose something to it. Each bears one link; those that let in work once.

use uuid::Uuid;

use super::{Kind, Letter, MailData, Own, PRIORITY_PERSONAL, ProgrammeLine};
use crate::locale::Lang;

/// Mails that a stranger causes, to whatever address they type: after those that people who come wait for.
const PRIORITY_TYPED: i64 = 15;

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

/// Somebody has typed this address to join the office for a partner organisation: where its owner says so, within a day.
/// What they typed as a name is not said: it may be anybody's words.
pub fn joining(id: Uuid, lang: Lang, recipient: &str, token: &str) -> Letter {
    Letter { priority: PRIORITY_TYPED, ..letter(id, Kind::Joining, lang, recipient, "", token) }
}

/// What became of a proposal, or that there is something new about some: in words that are `own`. `page` is where it is
/// looked at, below the language; it may be a secret.
pub fn proposal(
    id: Uuid,
    lang: Lang,
    recipient: &str,
    (programme, name): (ProgrammeLine, &str),
    own: Own,
    page: String,
) -> Letter {
    let data = MailData { programme, own, ..data(name, page) };
    let recipient = recipient.to_owned();
    Letter { id, kind: Kind::Proposal, lang, recipient, data, priority: PRIORITY_PERSONAL }
}

/// The same to an address that somebody has typed: nobody there has said yet that it was them. By no name: that was typed
/// too, and may be anybody's words.
pub fn proposal_typed(
    id: Uuid,
    lang: Lang,
    recipient: &str,
    programme: ProgrammeLine,
    own: Own,
    page: String,
) -> Letter {
    Letter { priority: PRIORITY_TYPED, ..proposal(id, lang, recipient, (programme, ""), own, page) }
}

fn letter(id: Uuid, kind: Kind, lang: Lang, recipient: &str, name: &str, token: &str) -> Letter {
    let data = data(name, token.to_owned());
    Letter { id, kind, lang, recipient: recipient.to_owned(), data, priority: PRIORITY_PERSONAL }
}

fn data(name: &str, token: String) -> MailData {
    MailData {
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
        confirm_token: Some(token),
        door_code: None,
        own: Own::default(),
    }
}
