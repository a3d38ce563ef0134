//! One live value from text, as `parvis session set` and a cell of the CSV say it.

use super::cell;
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
