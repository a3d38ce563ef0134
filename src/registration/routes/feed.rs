//! A person's sessions as a calendar to subscribe to.

use chrono::{DateTime, Utc};

use super::agenda::{Known, name, only_programme};
use crate::{
    calendar::{self, EntryStatus, Feed, Personal, REFRESH_HOURS, agenda_entry},
    locale::{self, Lang},
    registration::{Awaits, State},
};

/// The calendar of what somebody has or had: seats with the way in, turns as tentative, and what is over as
/// cancelled, so that programs take it out. It names no secret link: entries are passed on.
pub fn text(mine: &[Known], lang: Lang, base_url: &str, now: DateTime<Utc>) -> String {
    let entries: Vec<_> = mine
        .iter()
        // Not before the order is confirmed.
        .filter(|known| known.mine.awaits != Some(Awaits::Link))
        .filter_map(|known| {
            let release = &known.published.release;
            let stamp = known.mine.changed_at.max(release.published_at);
            let personal = Personal {
                join_url: known.mine.join_url.as_deref(),
                extra_sequence: known.mine.bumps,
                stamp: Some(stamp),
                ..Personal::default()
            };
            let mut entry = agenda_entry(release, known.session()?, lang, base_url, &personal);
            entry.last_modified = entry.last_modified.max(known.mine.changed_at);
            entry.status = match (known.mine.state, entry.status) {
                (_, EntryStatus::Cancelled) | (State::Cancelled, _) => EntryStatus::Cancelled,
                (State::Confirmed, status) => status,
                (State::Waiting | State::Offered, _) => EntryStatus::Tentative,
            };
            if entry.status == EntryStatus::Tentative {
                let waiting = match known.mine.state {
                    State::Offered => locale::text(lang, "agenda-feed-offered", &[]),
                    State::Confirmed | State::Waiting | State::Cancelled => {
                        locale::text(lang, "agenda-feed-waiting", &[])
                    }
                };
                entry.description = format!("{waiting}\n\n{}", entry.description);
            }
            Some(entry)
        })
        .collect();
    let stamp = entries.iter().map(|entry| entry.stamp.max(entry.last_modified)).max().unwrap_or(now);
    calendar::feed(&Feed {
        name: name(mine, lang),
        description: String::new(),
        url: page(mine, lang, base_url),
        entries,
        stamp,
        refresh: REFRESH_HOURS,
    })
}

/// The page of the one programme, or of all: never the agenda, whose link is secret.
fn page(mine: &[Known], lang: Lang, base_url: &str) -> String {
    match only_programme(mine) {
        Some(published) => format!("{base_url}/{}/{}", lang.code(), published.slug()),
        None => format!("{base_url}/{}/", lang.code()),
    }
}
