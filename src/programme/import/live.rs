//! One live value from text, as `parvis session set` and a cell of the CSV say it.

use chrono_tz::Tz;

use super::{cell, time};
use crate::programme::Live;

/// What can be changed alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields of `Live`")]
pub enum Key {
    Capacity,
    Held,
    Registration,
    Opens,
    Closes,
    Queue,
    JoinUrl,
}

impl Key {
    fn parse(word: &str) -> Result<Key, String> {
        match word {
            "capacity" => Ok(Key::Capacity),
            "held" => Ok(Key::Held),
            "registration" => Ok(Key::Registration),
            "opens" => Ok(Key::Opens),
            "closes" => Ok(Key::Closes),
            "queue" => Ok(Key::Queue),
            "join_url" => Ok(Key::JoinUrl),
            _ => Err("one of capacity, held, registration, opens, closes, queue, join_url".to_owned()),
        }
    }
}

/// Sets `capacity`, `held`, `registration`, `opens`, `closes`, `queue` or `join_url`, and says which; an empty value
/// clears.
///
/// # Errors
/// A sentence that says what would be right.
pub fn set(live: &mut Live, key: &str, value: &str) -> Result<Key, String> {
    let wrong = |right: String| format!("{key}={value}: {right}");
    let known = Key::parse(key).map_err(wrong)?;
    match known {
        Key::Capacity => cell::capacity(value).map(|value| live.capacity = value),
        Key::Held => cell::held(value).map(|value| live.held = value),
        Key::Registration => cell::registration(value).map(|value| live.registration = value),
        Key::Opens => cell::opens(value).map(|value| live.opens = value),
        Key::Closes => cell::closes(value).map(|value| live.closes = value),
        Key::Queue => cell::queue(value).map(|value| live.queue = value),
        Key::JoinUrl => cell::address(value).map(|value| live.join_url = value),
    }
    .map_err(wrong)?;
    Ok(known)
}

/// What is wrong with the times of registration taken together: one that summer time skips, or a closing before
/// the opening.
///
/// # Errors
/// A sentence that says what would be right.
pub fn check_times(live: &Live, zone: Tz) -> Result<(), String> {
    for (key, moment) in [("opens", live.opens), ("closes", live.closes)] {
        if let Some(moment) = moment {
            time::exists(zone, moment).map_err(|why| format!("{key}={moment}: {why}"))?;
        }
    }
    match (live.opens, live.closes) {
        (Some(opens), Some(closes)) if closes < opens => {
            Err(format!("registration closes ({closes}) before it opens ({opens})"))
        }
        _ => Ok(()),
    }
}
