//! When people are reminded: pure.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::store::Due;
use crate::{
    programme::{Rules, Session, Status, instant, span::Span},
    release::Release,
};

/// When nobody is written to about a day to come, where the programme says nothing else.
const QUIET_DEFAULT: (NaiveTime, NaiveTime) =
    (NaiveTime::from_hms_opt(21, 0, 0).expect("a time"), NaiveTime::from_hms_opt(8, 0, 0).expect("a time"));
/// How long before the quiet hours the last of the day are due: mails take their time.
const BEFORE_QUIET: TimeDelta = TimeDelta::minutes(30);
/// Who has been told of a move so shortly before needs no reminder.
const TOLD_LATELY: TimeDelta = TimeDelta::minutes(30);

/// What a new release changes in a programme's plan.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Plan {
    /// New, or for another beginning.
    pub put: Vec<Due>,
    /// Of sessions that do not take place, and of spans that are no more.
    pub remove: Vec<(Uuid, String)>,
}

/// The plan of a release, against what is planned. People who know a beginning only since its reminder was due are not
/// reminded of it: `settle` is how long it takes until they are told of a move.
pub(super) fn plan(
    programme: Uuid,
    release: &Release,
    known: &[Due],
    settle: TimeDelta,
    now: DateTime<Utc>,
) -> Plan {
    let zone = release.programme.timezone;
    let rules = &release.programme.rules;
    let spans = rules.spans();
    let quiet = quiet(rules);
    let known: HashMap<(Uuid, &str), &Due> =
        known.iter().map(|due| ((due.session_id, due.span.as_str()), due)).collect();
    let mut plan = Plan::default();
    let mut kept = HashSet::new();
    for session in release.sessions.iter().filter(|session| is_timed(session)) {
        for span in &spans {
            let Some(due_at) = due_at(session, *span, zone, quiet) else { continue };
            let starts = session.starts_at(zone);
            let code = span.code();
            let before = known.get(&(session.id, code.as_str())).copied();
            kept.extend(before.map(|before| (before.session_id, before.span.as_str())));
            let done_at = match before {
                Some(before) if before.starts == starts && before.due_at == due_at => continue,
                // Only the hour of the reminder is another.
                Some(before) if before.starts == starts => before.done_at,
                Some(_) => (due_at <= session.changed_at + settle + TOLD_LATELY).then_some(now),
                None if starts <= now => continue,
                None => (due_at <= release.published_at).then_some(now),
            };
            let programme_id = programme;
            plan.put.push(Due { session_id: session.id, span: code, programme_id, starts, due_at, done_at });
        }
    }
    let gone = known.keys().filter(|key| !kept.contains(*key));
    plan.remove = gone.map(|(session, span)| (*session, (*span).to_owned())).collect();
    plan.remove.sort();
    plan
}

/// True where one can be reminded of it: it takes place, and its hour is known.
pub(super) fn is_timed(session: &Session) -> bool {
    session.status == Status::Scheduled && session.start.is_some()
}

/// The programme's quiet hours, or ours.
pub(super) fn quiet(rules: &Rules) -> (NaiveTime, NaiveTime) {
    let parse = |text: &String| NaiveTime::parse_from_str(text, "%H:%M").ok();
    let own = rules.quiet.as_ref().and_then(|[from, until]| parse(from).zip(parse(until)));
    own.unwrap_or(QUIET_DEFAULT)
}

/// True from the first of these times until before the second, over midnight too.
fn is_quiet(time: NaiveTime, (from, until): (NaiveTime, NaiveTime)) -> bool {
    if from <= until { (from..until).contains(&time) } else { time >= from || time < until }
}

/// The end of the quiet hours, where it is quiet now.
pub(super) fn quiet_until(
    now: DateTime<Utc>,
    zone: Tz,
    quiet: (NaiveTime, NaiveTime),
) -> Option<DateTime<Utc>> {
    let local = now.with_timezone(&zone).naive_local();
    if !is_quiet(local.time(), quiet) {
        return None;
    }
    let days = Days::new(u64::from(local.time() >= quiet.1));
    Some(instant(zone, local.date().checked_add_days(days)?.and_time(quiet.1)))
}

/// Days before: on that day, at the hour of the session, or at the nearest hour that is not quiet. Hours and minutes
/// before: exactly.
pub(super) fn due_at(
    session: &Session,
    span: Span,
    zone: Tz,
    quiet: (NaiveTime, NaiveTime),
) -> Option<DateTime<Utc>> {
    match span {
        Span::Minutes(minutes) => Some(session.starts_at(zone) - TimeDelta::minutes(minutes)),
        Span::Days(days) => {
            let day = session.date.checked_sub_days(Days::new(days.unsigned_abs()))?;
            Some(instant(zone, day.and_time(humane(session.start?, quiet))))
        }
    }
}

fn humane(time: NaiveTime, (from, until): (NaiveTime, NaiveTime)) -> NaiveTime {
    if from <= until {
        return if is_quiet(time, (from, until)) { until } else { time };
    }
    let (last, wrapped) = from.overflowing_sub_signed(BEFORE_QUIET);
    let last = if wrapped == 0 { last.max(until) } else { until };
    time.clamp(until, last)
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDate, TimeZone as _};

    use super::*;
    use crate::exchange::sample::session;

    fn at(text: &str) -> NaiveTime {
        NaiveTime::parse_from_str(text, "%H:%M").unwrap()
    }

    #[test]
    fn a_reminder_of_a_day_to_come_keeps_the_quiet_hours() {
        let cases = [
            ("21:00", "08:00", "10:00", "10:00"),
            ("21:00", "08:00", "08:00", "08:00"),
            ("21:00", "08:00", "07:59", "08:00"),
            ("21:00", "08:00", "00:30", "08:00"),
            ("21:00", "08:00", "20:30", "20:30"),
            ("21:00", "08:00", "20:45", "20:30"),
            ("21:00", "08:00", "22:00", "20:30"),
            ("00:10", "00:00", "12:00", "00:00"),
            ("08:15", "08:00", "12:00", "08:00"),
            ("00:00", "07:00", "06:00", "07:00"),
            ("12:00", "14:00", "13:00", "14:00"),
            ("12:00", "14:00", "22:00", "22:00"),
            ("09:00", "09:00", "09:00", "09:00"),
        ];
        for (from, until, time, due) in cases {
            let quiet = (at(from), at(until));
            assert_eq!(humane(at(time), quiet), at(due), "{from}–{until}: {time}");
            assert!(
                !is_quiet(at(due), quiet) || (from, until) == ("00:10", "00:00"),
                "{from}–{until}: {due}"
            );
        }
    }

    #[test]
    fn whoever_begins_later_is_reminded_later_or_at_the_same_moment() {
        let times: Vec<_> =
            (0..24 * 4).map(|quarter| NaiveTime::MIN + TimeDelta::minutes(15 * quarter)).collect();
        for from in &times {
            for until in times.iter().filter(|until| from > until) {
                let due: Vec<_> = times.iter().map(|time| humane(*time, (*from, *until))).collect();
                assert!(due.is_sorted(), "{from}–{until}");
            }
        }
    }

    #[test]
    fn days_are_the_calendar_s_and_hours_are_hours() {
        // In the night to 28 March 2027 the clocks of Zurich jump from 2 to 3.
        let zone = chrono_tz::Europe::Zurich;
        let date = NaiveDate::from_ymd_opt(2027, 3, 28).unwrap();
        let of = |start: &str, span| {
            let session = Session { date, start: Some(at(start)), ..session("a", 1) };
            due_at(&session, span, zone, QUIET_DEFAULT).unwrap().format("%d %H:%M").to_string()
        };

        assert_eq!(of("10:00", Span::Days(1)), "27 09:00");
        assert_eq!(of("10:00", Span::Minutes(60)), "28 07:00");
        assert_eq!(of("03:30", Span::Minutes(60)), "28 00:30");
        assert_eq!(of("03:30", Span::Days(1)), "27 07:00");
        assert_eq!(of("10:00", Span::Days(2)), "26 09:00");
    }
    #[test]
    fn where_an_hour_comes_twice_a_session_begins_in_its_first_and_is_reminded_of_that() {
        // In the night to 31 October 2027 the clocks of Zurich go back from 3 to 2, at 01:00 UTC.
        let zone = chrono_tz::Europe::Zurich;
        let on = |day, start: &str| {
            let date = NaiveDate::from_ymd_opt(2027, 10, day).unwrap();
            Session { date, start: Some(at(start)), ..session("a", 1) }
        };
        let said = |moment: DateTime<Utc>| moment.format("%d %H:%M").to_string();
        let of = |session: &Session, span| said(due_at(session, span, zone, QUIET_DEFAULT).unwrap());

        let twice = on(31, "02:30");
        assert_eq!(said(twice.starts_at(zone)), "31 00:30");
        assert_eq!(of(&twice, Span::Minutes(60)), "30 23:30");
        assert_eq!(of(&twice, Span::Days(1)), "30 06:00", "eight in summer");
        assert_eq!(of(&on(31, "10:00"), Span::Days(1)), "30 08:00", "ten, 25 hours before");
        assert_eq!(of(&on(31, "10:00"), Span::Minutes(60)), "31 08:00");
        let night = zone.with_ymd_and_hms(2027, 10, 30, 23, 0, 0).unwrap().with_timezone(&Utc);
        assert_eq!(quiet_until(night, zone, QUIET_DEFAULT).map(said), Some("31 07:00".to_owned()));
    }
}
