//! The demo's programme: `seed/miso`, moved into the weeks ahead; and an edition before it, so that there are
//! changes to show.

use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use rust_embed::RustEmbed;
use uuid::Uuid;

use crate::programme::{
    Draft, RegistrationTime, Status,
    import::{self, Files, Format, Options},
};

#[derive(RustEmbed)]
#[folder = "seed/miso"]
struct Seed;

/// How far ahead the first Monday lies, at least.
const DAYS_AHEAD: u64 = 10;

/// The programme as it is now, its first day a Monday in the weeks ahead of `now`.
///
/// # Errors
/// What is wrong in the seed's files: a mistake of ours, caught by a test.
pub(super) fn read(now: DateTime<Utc>, new_id: &mut dyn FnMut() -> Uuid) -> Result<Draft, String> {
    let files = Files::new(
        Seed::iter().filter_map(|name| Some((name.to_string(), Seed::get(&name)?.data.into_owned()))),
    );
    let options = Options { slug: "miso".to_owned(), ..Options::default() };
    let imported = import::import(None, &files, Format::Folder, &options, new_id)
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
    let mut draft = imported.draft;
    let today = now.with_timezone(&draft.programme.timezone).date_naive();
    let earliest = today + Days::new(DAYS_AHEAD);
    let monday = earliest + Days::new((7 - u64::from(earliest.weekday().num_days_from_monday())) % 7);
    let by = monday - draft.programme.starts;
    shift(&mut draft, by);
    // What was said to the press was said before today.
    for release in &mut draft.press {
        release.date = release.date.min(today - Days::new(1));
    }
    Ok(draft)
}

/// Moves everything that bears a date by whole days; the seed's texts name days of the week only.
fn shift(draft: &mut Draft, by: TimeDelta) {
    let day = |date: &mut NaiveDate| *date += by;
    let moment = |time: &mut NaiveDateTime| *time += by;
    day(&mut draft.programme.starts);
    day(&mut draft.programme.ends);
    // What is said as a span before the start moves with the start.
    let of_registration = |time: &mut RegistrationTime| {
        if let RegistrationTime::At(local) = time {
            moment(local);
        }
    };
    draft.programme.rules.opens.iter_mut().for_each(of_registration);
    draft.programme.rules.closes.iter_mut().for_each(of_registration);
    for theme in &mut draft.themes {
        theme.starts.iter_mut().chain(theme.ends.iter_mut()).for_each(day);
    }
    for release in &mut draft.press {
        day(&mut release.date);
    }
    for session in &mut draft.sessions {
        day(&mut session.session.date);
        session.session.end.iter_mut().for_each(moment);
        session.live.opens.iter_mut().chain(session.live.closes.iter_mut()).for_each(of_registration);
    }
}

/// The programme as it was published first: without its newest sessions, some at another time, none cancelled.
pub(super) fn first_edition(draft: &Draft) -> Draft {
    let mut first = draft.clone();
    let mut at = 0;
    first.sessions.retain(|_| {
        at += 1;
        at % 19 != 7
    });
    for (at, draft_session) in first.sessions.iter_mut().enumerate() {
        let session = &mut draft_session.session;
        session.status = Status::Scheduled;
        match at % 23 {
            4 => {
                session.start = session.start.map(|start| start - TimeDelta::minutes(30));
                session.end = session.end.map(|end| end - TimeDelta::minutes(30));
            }
            11 => session.speakers.clear(),
            _ => {}
        }
    }
    first
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;

    use super::*;
    use crate::tokens::Tokens;

    fn draft(now: DateTime<Utc>) -> Draft {
        let tokens = Tokens::seeded(1);
        read(now, &mut || tokens.id(now)).unwrap()
    }

    #[test]
    fn the_demo_lies_in_the_weeks_ahead_whatever_the_day() {
        for day in 1..=28 {
            let now = Utc.with_ymd_and_hms(2026, 2, day, 12, 0, 0).unwrap();
            let draft = draft(now);
            let ahead = (draft.programme.starts - now.date_naive()).num_days();
            assert!((10..17).contains(&ahead), "{ahead} days");
            assert_eq!(draft.programme.starts.weekday(), chrono::Weekday::Mon);
            assert!(draft.sessions.iter().all(|session| session.session.date >= draft.programme.starts));
        }
    }

    #[test]
    fn the_demo_is_a_whole_month() {
        let draft = draft(Utc.with_ymd_and_hms(2026, 2, 1, 12, 0, 0).unwrap());
        assert!(draft.sessions.len() >= 80, "{} sessions", draft.sessions.len());
        assert!(draft.organisations.len() >= 20);
        assert_eq!(draft.themes.len(), 4);
        assert!(draft.sessions.iter().any(|session| session.session.status == Status::Cancelled));
        let first = first_edition(&draft);
        assert!(first.sessions.len() < draft.sessions.len());
    }
}
