//! One session, many dates: every day, on some days of the week, every so many weeks, until a day or so many times. Each is a
//! session of its own, at the same local hour whatever summer time does.

use std::collections::BTreeSet;

use chrono::{Datelike as _, Days, NaiveDate};
use uuid::Uuid;

use super::{Mistake, Why, copy};
use crate::programme::{Draft, DraftSession, import};

/// Sessions of one series beyond which a number is a slip of the hand.
pub const SERIES_MAX: usize = 60;
/// How far a series may reach, in days.
const DAYS_MAX: u64 = 3 * 366;

/// On which days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    /// Every day.
    Day,
    /// On these days of the week, Monday first.
    On([bool; 7]),
    /// The same day, every so many weeks: 1 is every week.
    Weeks(u8),
}

/// When it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// On that day, included.
    Day(NaiveDate),
    /// After so many sessions besides the first.
    Times(usize),
}

/// The days after `first` on which the series takes place, without those that are left out. At most [`SERIES_MAX`].
pub fn dates(first: NaiveDate, every: Every, until: Until, skip: &BTreeSet<NaiveDate>) -> Vec<NaiveDate> {
    let step = match every {
        Every::Day | Every::On(_) => 1,
        Every::Weeks(weeks) => 7 * u64::from(weeks.max(1)),
    };
    let times = match until {
        Until::Day(_) => SERIES_MAX,
        Until::Times(times) => times.min(SERIES_MAX),
    };
    let last = match until {
        Until::Day(last) => last,
        Until::Times(_) => NaiveDate::MAX,
    };
    let is_free = |day: &NaiveDate| match every {
        Every::On(days) => days[day.weekday().num_days_from_monday() as usize] && !skip.contains(day),
        Every::Day | Every::Weeks(_) => !skip.contains(day),
    };
    (1..)
        .map(|number: u64| number * step)
        .take_while(|days| *days <= DAYS_MAX)
        .map_while(|days| first.checked_add_days(Days::new(days)))
        .take_while(|day| *day <= last)
        .filter(is_free)
        .take(times)
        .collect()
}

/// The sessions of a series beside the one that it is made from, each with a number in its slug.
///
/// # Errors
/// An hour that summer time skips on one of the days.
pub fn sessions(
    draft: &Draft,
    original: &DraftSession,
    dates: &[NaiveDate],
    new_id: &mut dyn FnMut() -> Uuid,
) -> Result<Vec<DraftSession>, Vec<Mistake>> {
    let mut taken: BTreeSet<String> = draft.sessions.iter().map(|one| one.session.slug.clone()).collect();
    let mut made = Vec::new();
    let mut mistakes = Vec::new();
    let mut number = 2;
    // Room for the number: a slug has a hundred letters at most.
    let base: String = original.session.slug.chars().take(95).collect();
    for date in dates {
        let slug = loop {
            let slug = format!("{base}-{number}");
            number += 1;
            if taken.insert(slug.clone()) {
                break slug;
            }
        };
        let session = copy(original, slug, new_id(), *date);
        let starts = session.session.start.map(|start| date.and_time(start));
        let moments = starts.into_iter().chain(session.session.end);
        if moments.into_iter().any(|local| !import::exists(draft.programme.timezone, local)) {
            mistakes.push(Mistake { value: date.to_string(), ..Mistake::new("skip", Why::SummerTime) });
        }
        made.push(session);
    }
    if mistakes.is_empty() { Ok(made) } else { Err(mistakes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2027, month, day).unwrap()
    }

    fn made(first: NaiveDate, every: Every, until: Until, skip: &[NaiveDate]) -> Vec<String> {
        let skip = skip.iter().copied().collect();
        dates(first, every, until, &skip).iter().map(|day| day.format("%m-%d").to_string()).collect()
    }

    #[test]
    fn a_series_comes_every_week_every_day_or_on_some_days_of_the_week() {
        let monday = day(3, 1);
        assert_eq!(made(monday, Every::Weeks(1), Until::Times(3), &[]), ["03-08", "03-15", "03-22"]);
        assert_eq!(made(monday, Every::Weeks(2), Until::Day(day(4, 1)), &[]), ["03-15", "03-29"]);
        assert_eq!(
            made(day(3, 4), Every::On([true, true, true, true, true, false, false]), Until::Times(3), &[]),
            ["03-05", "03-08", "03-09"]
        );
        assert_eq!(made(monday, Every::Day, Until::Day(day(3, 4)), &[day(3, 3)]), ["03-02", "03-04"]);
        assert_eq!(made(monday, Every::Weeks(1), Until::Times(2), &[day(3, 8)]), ["03-15", "03-22"]);
        assert_eq!(made(monday, Every::Day, Until::Day(day(2, 1)), &[]), [""; 0]);
        assert_eq!(made(monday, Every::Day, Until::Times(usize::MAX), &[]).len(), SERIES_MAX);
        assert_eq!(made(monday, Every::Weeks(255), Until::Times(60), &[]), [""; 0], "five years are too far");
    }
}
