//! Changing a draft by hand: from what stands in a form to a changed draft, or to everything that is wrong, field by
//! field. Pure. A form is read as the file that says the same ([`import::row`]), so that there is one set of rules.
//!
//! [`meet`]: two editors at once. [`series`]: one session, many dates.

pub mod frame;
pub mod meet;
pub mod series;
mod why;

use chrono::{Days, NaiveDate, NaiveDateTime, TimeDelta};
use uuid::Uuid;

use super::{
    Draft, DraftSession, Live, RegistrationTime, Status,
    cells::{self, Cells},
    import::{
        self,
        live::{self, Key},
        names::unused,
        row,
    },
    slugify,
};

pub use why::{Mistake, Why};

/// Fields of a session that are in force at once, with the key of each.
pub const LIVE: [(&str, Key); 7] = [
    ("capacity", Key::Capacity),
    ("held", Key::Held),
    ("registration", Key::Registration),
    ("opens", Key::Opens),
    ("closes", Key::Closes),
    ("queue", Key::Queue),
    ("join_url", Key::JoinUrl),
];

/// What the form of a session shows.
pub fn cells_of(session: &DraftSession) -> Cells {
    cells::of_session(&session.session, Some(&session.live)).into_iter().collect()
}

/// The session of that slug, as a form says it. Its slug, its id and whether it takes place stay: that is not for this
/// form to say. Columns that the form does not have stay as they are.
///
/// # Errors
/// Everything that is wrong.
pub fn change(draft: &Draft, slug: &str, said: &Cells) -> Result<DraftSession, Vec<Mistake>> {
    let Some(before) = draft.sessions.iter().find(|session| session.session.slug == slug) else {
        return Err(vec![Mistake::new("slug", Why::Unknown)]);
    };
    let mut row = cells_of(before);
    row.extend(said.iter().map(|(column, cell)| (*column, cell.clone())));
    for kept in ["slug", "status", "cancel_reason"] {
        row.insert(kept, cells_of(before).remove(kept).unwrap_or_default());
    }
    let read = row::session(draft, &row, &mut Uuid::nil);
    let after = read.map_err(|problems| why::all(&row, &problems))?;
    check(draft, before, &after)?;
    Ok(after)
}

/// A new session, as a form says it. Without a slug it gets one from its title.
///
/// # Errors
/// Everything that is wrong.
pub fn add(draft: &Draft, said: &Cells, id: Uuid) -> Result<DraftSession, Vec<Mistake>> {
    let is_taken = |slug: &str| draft.sessions.iter().any(|session| session.session.slug == slug);
    let text = |column: &str| said.get(column).map_or("", |cell| cell.trim());
    let mut row: Cells = cells::COLUMNS.iter().map(|column| (*column, String::new())).collect();
    row.extend(said.iter().map(|(column, cell)| (*column, cell.clone())));
    row.insert("status", String::new());
    row.insert("cancel_reason", String::new());
    let mut mistakes = Vec::new();
    match text("slug") {
        "" => drop(row.insert("slug", unused(&slugify(text("title")), is_taken))),
        taken if is_taken(taken) => {
            mistakes.push(Mistake::new("slug", Why::Taken));
            // The row must not be read as that session.
            row.insert("slug", unused(taken, is_taken));
        }
        _ => {}
    }
    match row::session(draft, &row, &mut || id) {
        Ok(session) => match check_times(draft, &session) {
            Ok(()) if mistakes.is_empty() => return Ok(session),
            Ok(()) => {}
            Err(mistake) => mistakes.push(mistake),
        },
        Err(problems) => mistakes.extend(why::all(&row, &problems)),
    }
    Err(mistakes)
}

/// The keys of what is live and differs.
pub fn keys(before: &Live, after: &Live) -> Vec<Key> {
    let differs = |key: &Key| match key {
        Key::Capacity => before.capacity != after.capacity,
        Key::Held => before.held != after.held,
        Key::Registration => before.registration != after.registration,
        Key::Opens => before.opens != after.opens,
        Key::Closes => before.closes != after.closes,
        Key::Queue => before.queue != after.queue,
        Key::JoinUrl => before.join_url != after.join_url,
    };
    LIVE.into_iter().map(|(_, key)| key).filter(differs).collect()
}

/// Times of registration that can never be used are refused where somebody says them; those that a file brought are
/// no reason to refuse another title.
fn check(draft: &Draft, before: &DraftSession, after: &DraftSession) -> Result<(), Vec<Mistake>> {
    let of = |one: &DraftSession| (one.live.opens, one.live.closes, one.session.date, one.session.start);
    if of(before) == of(after) {
        return Ok(());
    }
    check_times(draft, after).map_err(|mistake| vec![mistake])
}

fn check_times(draft: &Draft, session: &DraftSession) -> Result<(), Mistake> {
    live::check_times(session, &draft.programme).map_err(|problem| why::of_times(session, &problem))
}

/// A copy of a session on another day: another identity, the same words. What its past has left is not its own.
pub fn copy(original: &DraftSession, slug: String, id: Uuid, date: NaiveDate) -> DraftSession {
    let days = date - original.session.date;
    let mut copy = original.clone();
    let session = &mut copy.session;
    (session.slug, session.id, session.date) = (slug, id, date);
    session.end = session.end.and_then(|end| end.checked_add_signed(days));
    session.status = Status::Scheduled;
    session.cancel_reason.clear();
    session.recording = None;
    session.minutes.clear();
    // At the same hour, so many days later.
    copy.live.opens = copy.live.opens.map(|time| shifted(time, days));
    copy.live.closes = copy.live.closes.map(|time| shifted(time, days));
    copy
}

fn shifted(time: RegistrationTime, days: TimeDelta) -> RegistrationTime {
    match time {
        RegistrationTime::At(local) => RegistrationTime::At(add_days(local, days)),
        RegistrationTime::DaysBefore(_)
        | RegistrationTime::HoursBefore(_)
        | RegistrationTime::MinutesBefore(_) => time,
    }
}

fn add_days(local: NaiveDateTime, days: TimeDelta) -> NaiveDateTime {
    let number = Days::new(days.num_days().unsigned_abs());
    let moved = if days < TimeDelta::zero() {
        local.checked_sub_days(number)
    } else {
        local.checked_add_days(number)
    };
    moved.unwrap_or(local)
}

/// Why a session is cancelled, as the public will read it.
///
/// # Errors
/// What no text may hold.
pub fn reason(said: &str) -> Result<String, Mistake> {
    import::long_text(said).map_err(|problem| why::of_text("cancel_reason", said, &problem))
}

#[cfg(test)]
mod tests;
