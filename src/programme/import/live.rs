//! One live value from text, as `parvis session set` and a cell of the CSV say it.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{cell, time};
use crate::programme::{DraftSession, Live, Programme, RegistrationTime};

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

/// Refuses a closing before the opening, as far as the session says both itself.
///
/// # Errors
/// A sentence that says what would be right.
pub fn check_order(session: &DraftSession, zone: Tz) -> Result<(), String> {
    let starts = session.session.starts_at(zone);
    let local = |time: RegistrationTime| time.instant(zone, starts).with_timezone(&zone).naive_local();
    match (session.live.opens.map(local), session.live.closes.map(local)) {
        (Some(opens), Some(closes)) if closes < opens => {
            Err(format!("registration closes ({closes}) before it opens ({opens})"))
        }
        _ => Ok(()),
    }
}

/// What is wrong with the times of registration taken together, for who sets them alone: one that summer time skips,
/// an opening that is not before the closing, or either after the start, under the programme's rules.
///
/// # Errors
/// A sentence that says what would be right.
pub fn check_times(session: &DraftSession, programme: &Programme) -> Result<(), String> {
    let (zone, rules, live) = (programme.timezone, &programme.rules, &session.live);
    for (key, time) in [("opens", live.opens), ("closes", live.closes)] {
        if let Some(local) = time.and_then(RegistrationTime::local) {
            time::exists(zone, local).map_err(|why| format!("{key}={local}: {why}"))?;
        }
    }
    check_order(session, zone)?;
    let starts = session.session.starts_at(zone);
    let local = |moment: DateTime<Utc>| moment.with_timezone(&zone).naive_local();
    let begins = local(starts);
    let moment = |time: RegistrationTime| time.instant(zone, starts);
    let is_timed = session.session.start.is_some();
    if let Some(closes) = live.closes.map(moment).filter(|closes| is_timed && *closes > starts) {
        let closes = local(closes);
        return Err(format!(
            "registration closes ({closes}) after the session begins ({begins}); leave closes empty to close then"
        ));
    }
    // The start closes in any case, whatever the programme's rule says.
    let closes = live.closes.or(rules.closes).map_or(starts, moment).min(starts);
    match live.opens.or(rules.opens).map(moment) {
        Some(opens) if is_timed && opens >= closes => {
            let (opens, closes) = (local(opens), local(closes));
            Err(format!("registration opens ({opens}) when it has closed ({closes}): nobody could register"))
        }
        _ => Ok(()),
    }
}
