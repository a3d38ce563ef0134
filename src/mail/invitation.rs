//! The calendar entries of a mail: the same as in the person's feed, as messages to their calendar.

use chrono::{DateTime, Utc};

use super::{Item, Kind, Letter, Outcome, render::Sender};
use crate::{
    calendar::{self, Entry, EntryStatus, Method, words},
    programme::Status,
};

/// One entry, to be attached.
pub(super) struct Invitation {
    pub method: Method,
    pub file_name: String,
    pub text: String,
}

/// A REQUEST for each seat, a CANCEL for each that is no more; nothing for who waits. A reminder has none: the entry is
/// in the calendar, and what changes it is told by its own mail. Neither has a message.
pub(super) fn of(letter: &Letter, queued_at: DateTime<Utc>, sender: &Sender) -> Vec<Invitation> {
    if matches!(letter.kind, Kind::Reminder | Kind::Message) {
        return Vec::new();
    }
    let invitation = |item: &Item| {
        let method = method(letter.kind, item)?;
        Some(Invitation {
            file_name: file_name(&item.session.slug),
            text: calendar::invitation(method, &entry(letter, item, queued_at, sender)),
            method,
        })
    };
    letter.data.items.iter().filter_map(invitation).collect()
}

fn method(kind: Kind, item: &Item) -> Option<Method> {
    // What is over is in the calendar, as it was.
    if kind == Kind::Thanks {
        return None;
    }
    match (item.outcome, item.session.status) {
        (Outcome::Cancelled, _) => Some(Method::Cancel),
        (
            Outcome::Waiting { .. }
            | Outcome::AlreadyWaiting { .. }
            | Outcome::AlreadyOffered
            | Outcome::Offered { .. }
            | Outcome::OfferExpired
            | Outcome::SeatToConfirm { .. }
            | Outcome::TurnToConfirm { .. }
            | Outcome::Declined
            | Outcome::LeftQueue
            | Outcome::OverWeek { .. }
            | Outcome::OverProgramme { .. }
            | Outcome::Overlaps,
            _,
        ) => None,
        (Outcome::Confirmed | Outcome::AlreadyConfirmed | Outcome::Promoted, status) => match status {
            Status::Scheduled => Some(Method::Request),
            Status::Cancelled | Status::Withdrawn => Some(Method::Cancel),
        },
    }
}

fn entry(letter: &Letter, item: &Item, queued_at: DateTime<Utc>, sender: &Sender) -> Entry {
    let (session, lang) = (&item.session, letter.lang);
    let url = format!("{}/{}{}", sender.base_url(), lang.code(), session.path);
    let takes_place = session.status == Status::Scheduled;
    let join_url = session.join_url.as_deref().filter(|_| item.outcome.has_seat() && takes_place);
    Entry {
        uid: session.uid.to_string(),
        sequence: item.sequence,
        stamp: queued_at,
        last_modified: session.changed_at,
        when: words::when(
            session.date,
            session.end,
            session.start.map(|_| session.starts_at),
            session.ends_at,
        ),
        summary: session.title.clone(),
        description: words::description(session.status, join_url, &[&session.description], &url, lang),
        location: words::location([&session.place, &session.address], session.online, join_url, lang),
        geo: session.geo,
        url,
        conference: join_url.map(str::to_owned),
        categories: words::categories(&session.theme, &session.formats, &session.tags, lang),
        status: if takes_place { EntryStatus::Confirmed } else { EntryStatus::Cancelled },
        organizer: Some((letter.data.programme.title.clone(), sender.address().to_owned())),
        attendee: Some((letter.data.name.clone(), letter.recipient.clone())),
    }
}

fn file_name(slug: &str) -> String {
    let plain: String = slug
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' })
        .take(80)
        .collect();
    format!("{plain}.ics")
}
