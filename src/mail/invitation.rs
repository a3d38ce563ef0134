//! The calendar entries of a mail: the same as in the person's feed, as messages to their calendar.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Frozen, Item, Letter, Outcome, render::Sender};
use crate::{
    calendar::{self, Entry, EntryStatus, Method, When},
    locale::{self, Lang},
    programme::Status,
};

/// One entry, to be attached.
pub(super) struct Invitation {
    pub method: Method,
    pub file_name: String,
    pub text: String,
}

/// A REQUEST for each seat, a CANCEL for each that is no more; nothing for who waits.
pub(super) fn of(letter: &Letter, queued_at: DateTime<Utc>, sender: &Sender) -> Vec<Invitation> {
    let invitation = |item: &Item| {
        let method = method(item)?;
        Some(Invitation {
            file_name: file_name(&item.session.slug),
            text: calendar::invitation(method, &entry(letter, item, queued_at, sender)),
            method,
        })
    };
    letter.data.items.iter().filter_map(invitation).collect()
}

fn method(item: &Item) -> Option<Method> {
    match (item.outcome, item.session.status) {
        (Outcome::Cancelled, _) => Some(Method::Cancel),
        (
            Outcome::Waiting { .. }
            | Outcome::AlreadyWaiting { .. }
            | Outcome::AlreadyOffered
            | Outcome::LeftQueue,
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
        when: when(session),
        summary: session.title.clone(),
        description: description(session, lang, join_url, &url),
        location: location(session, lang, join_url),
        geo: session.geo,
        url,
        conference: join_url.map(str::to_owned),
        categories: categories(session, lang),
        status: if takes_place { EntryStatus::Confirmed } else { EntryStatus::Cancelled },
        organizer: Some((letter.data.programme.title.clone(), sender.address().to_owned())),
        attendee: Some((letter.data.name.clone(), letter.recipient.clone())),
    }
}

fn when(session: &Frozen) -> When {
    if session.start.is_some() {
        return When::Timed { start: session.starts_at, end: session.ends_at };
    }
    let last = session.end.map_or(session.date, |end| end.date().max(session.date));
    When::AllDay { date: session.date, end: last.checked_add_signed(TimeDelta::days(1)).unwrap_or(last) }
}

fn location(session: &Frozen, lang: Lang, join_url: Option<&str>) -> String {
    let parts = [session.place.trim(), session.address.trim()];
    let place = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    match (place.is_empty(), session.online) {
        (false, true) => locale::text(lang, "calendar-place-and-online", &[("place", place.into())]),
        (false, false) => place,
        (true, true) => join_url.map_or_else(|| locale::text(lang, "calendar-online", &[]), str::to_owned),
        (true, false) => String::new(),
    }
}

fn categories(session: &Frozen, lang: Lang) -> Vec<String> {
    let formats =
        session.formats.iter().map(|format| locale::text(lang, &format!("format-{}", format.code()), &[]));
    let mut words: Vec<String> = Vec::new();
    for word in std::iter::once(session.theme.clone()).chain(formats).chain(session.tags.iter().cloned()) {
        if !word.trim().is_empty() && !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

fn description(session: &Frozen, lang: Lang, join_url: Option<&str>, url: &str) -> String {
    let state = match session.status {
        Status::Scheduled => String::new(),
        Status::Cancelled => locale::text(lang, "calendar-cancelled", &[]),
        Status::Withdrawn => locale::text(lang, "calendar-withdrawn", &[]),
    };
    let join = join_url.map(|url| locale::text(lang, "calendar-join", &[("url", url.into())]));
    let parts = [state, join.unwrap_or_default(), session.description.clone(), url.to_owned()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n")
}

fn file_name(slug: &str) -> String {
    let plain: String = slug
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' })
        .take(80)
        .collect();
    format!("{plain}.ics")
}
