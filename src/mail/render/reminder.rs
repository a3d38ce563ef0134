//! What a reminder says that other mails do not, and how such mails are stopped.

use super::Sender;
use crate::{
    locale::{self, Lang},
    mail::{Letter, Timing},
};

/// The page that stops reminders, and the address that stops them by a post alone.
pub(super) fn stop_url(letter: &Letter, sender: &Sender) -> Option<String> {
    let token = &letter.data.reminder.as_ref()?.stop_token;
    Some(format!("{}/{}/unsubscribe/{token}", sender.base_url(), letter.lang.code()))
}

/// The message above the sessions.
pub(super) fn intro(letter: &Letter) -> &'static str {
    match letter.data.reminder.as_ref().map(|reminder| reminder.timing) {
        Some(Timing::Day | Timing::After) | None => "mail-reminder-intro-day",
        Some(Timing::Soon) => "mail-reminder-intro-soon",
    }
}

/// When the first one begins, with its date: nobody knows when a mail is read. The day alone where there are several
/// of a day; nothing in mails that are no reminders.
pub(super) fn when(letter: &Letter) -> String {
    let (Some(reminder), [first, others @ ..]) = (&letter.data.reminder, &letter.data.items[..]) else {
        return String::new();
    };
    let (lang, session) = (letter.lang, &first.session);
    let day = format!("{} {}", locale::weekday(lang, session.date), locale::day_month(lang, session.date));
    match session.start {
        Some(start) if others.is_empty() || reminder.timing == Timing::Soon => match lang {
            Lang::Fr => format!("{day} à {}", locale::time(lang, start)),
            Lang::En => format!("{day} at {}", locale::time(lang, start)),
        },
        Some(_) | None => day,
    }
}
