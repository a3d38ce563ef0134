//! One live value from text, as `parvis session set` and a cell of the CSV say it.

use chrono_tz::Tz;

use super::{cell, time};
use crate::programme::Live;

/// Sets `capacity`, `held`, `registration`, `opens`, `closes`, `queue` or `join_url`; an empty value clears.
///
/// # Errors
/// A sentence that says what would be right.
pub fn set(live: &mut Live, key: &str, value: &str) -> Result<(), String> {
    let done = match key {
        "capacity" => cell::capacity(value).map(|value| live.capacity = value),
        "held" => cell::held(value).map(|value| live.held = value),
        "registration" => cell::registration(value).map(|value| live.registration = value),
        "opens" => cell::opens(value).map(|value| live.opens = value),
        "closes" => cell::closes(value).map(|value| live.closes = value),
        "queue" => cell::queue(value).map(|value| live.queue = value),
        "join_url" => cell::join_url(value).map(|value| live.join_url = value),
        _ => Err("one of capacity, held, registration, opens, closes, queue, join_url".to_owned()),
    };
    done.map_err(|right| format!("{key}={value}: {right}"))
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
