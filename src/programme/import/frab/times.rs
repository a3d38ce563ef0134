//! When an event begins and ends, local to the programme.

use chrono::{
    DateTime, Days, FixedOffset, NaiveDateTime, NaiveTime, Offset as _, TimeDelta, Timelike as _, Utc,
};
use chrono_tz::Tz;

use super::{Event, event::Reading};
use crate::programme::{
    self, Session,
    import::{Problem, time},
};

/// What `duration` can say at most: `99:59`.
const MINUTES_MAX: i64 = 5_999;

impl Reading<'_, '_> {
    /// Sets day, start and end; `known`: the session was there before.
    pub(super) fn times(&self, event: &Event, session: &mut Session, known: bool) -> Result<(), Problem> {
        let (begins, ends) = self.said(event)?;
        let (begins, ends) = (to_the_minute(begins), ends.map(to_the_minute));
        let starts_as_before = known && session.date.and_time(session.start.unwrap_or_default()) == begins;
        if self.ours && starts_as_before {
            // Midnight also stands for a time that is not known, and `99:59` for all that is longer.
            if event.end.trim().is_empty() && self.minutes_said(session) == minutes(&event.duration) {
                return Ok(());
            }
            session.end = ends;
            return Ok(());
        }
        let is_open = self.ours && begins.time() == NaiveTime::MIN && ends.is_none();
        session.date = begins.date();
        session.start = (!is_open).then_some(begins.time());
        session.end = ends;
        Ok(())
    }

    /// The length of a session as our own schedules say it.
    fn minutes_said(&self, session: &Session) -> Option<i64> {
        let length =
            |end: DateTime<Utc>| (end - session.starts_at(self.zone)).num_minutes().clamp(0, MINUTES_MAX);
        Some(session.ends_at(self.zone).map_or(0, length))
    }

    /// Start and end.
    fn said(&self, event: &Event) -> Result<(NaiveDateTime, Option<NaiveDateTime>), Problem> {
        let local = |at: DateTime<FixedOffset>| at.with_timezone(&self.zone).naive_local();
        let begins = match instant(&event.date) {
            Some(at) => local(at),
            None => self.begins(event)?,
        };
        time::exists(self.zone, begins).map_err(|why| self.wrong(event, "start", &event.start, why))?;
        if let Some(end) = instant(&event.end) {
            let end = local(end);
            let is_none = end < begins || (end == begins && !self.ours);
            return Ok((begins, (!is_none).then_some(end)));
        }
        let length = length(&event.duration).ok_or_else(|| {
            let why = "is no duration; it is hours and minutes: 00:45";
            self.wrong(event, "duration", &event.duration, why)
        })?;
        // Across the change of the clocks, an hour of the event is an hour.
        let from = instant(&event.date).map(|at| at.to_utc());
        let from = from.unwrap_or_else(|| programme::instant(self.zone, begins));
        let ends = from.checked_add_signed(length).map(|at| at.with_timezone(&self.zone).naive_local());
        Ok((begins, ends.filter(|ends| !length.is_zero() && *ends > begins)))
    }

    /// Day and start, where no instant says both; what starts before the day's change is in the night after it.
    fn begins(&self, event: &Event) -> Result<NaiveDateTime, Problem> {
        let said = if event.date.trim().is_empty() { &event.day } else { &event.date };
        let moment = time::moment(said);
        let moment = moment.map_err(|why| self.wrong(event, "date", said, why))?;
        let day =
            moment.date.ok_or_else(|| self.wrong(event, "date", said, "has no day; it is 2027-04-19"))?;
        if let Some(at) = moment.on(day) {
            return Ok(at);
        }
        let start = time::clock(&event.start).map(|(start, _)| start);
        let start =
            start.ok_or_else(|| self.wrong(event, "start", &event.start, "is no time; it is 10:30"))?;
        let change = day_change(&event.day_start).or_else(|| day_change(&self.schedule.day_change));
        let is_night = change.is_some_and(|change| start < change);
        let day = if is_night { day.checked_add_days(Days::new(1)).unwrap_or(day) } else { day };
        Ok(day.and_time(start))
    }
}

/// The moment that a text says with an offset.
pub(super) fn instant(text: &str) -> Option<DateTime<FixedOffset>> {
    DateTime::parse_from_rfc3339(text.trim()).ok()
}

/// True where a zone has these offsets at these moments.
pub(super) fn fit(zone: Tz, offsets: &[DateTime<FixedOffset>]) -> bool {
    offsets.iter().all(|at| at.with_timezone(&zone).offset().fix() == *at.offset())
}

/// Sessions begin and end on a minute.
fn to_the_minute(at: NaiveDateTime) -> NaiveDateTime {
    at.with_second(0).and_then(|at| at.with_nanosecond(0)).unwrap_or(at)
}

/// The time in `09:00:00`, `09:00`, or `2019-08-21T09:00:00+02:00`.
fn day_change(text: &str) -> Option<NaiveTime> {
    match instant(text) {
        Some(at) => Some(at.naive_local().time()),
        None => time::clock(text).map(|(time, _)| time),
    }
}

fn minutes(text: &str) -> Option<i64> {
    length(text).map(|length| length.num_minutes())
}

/// `00:45`, `01:30:00`; an empty one is none.
fn length(text: &str) -> Option<TimeDelta> {
    let text = text.trim();
    if text.is_empty() {
        return Some(TimeDelta::zero());
    }
    let parts: Option<Vec<i64>> =
        text.split(':').map(|part| part.parse().ok().filter(|number| (0..=9999).contains(number))).collect();
    match parts?.as_slice() {
        [minutes] => Some(TimeDelta::minutes(*minutes)),
        [hours, minutes] => Some(TimeDelta::minutes(hours * 60 + minutes)),
        [hours, minutes, seconds] => Some(TimeDelta::seconds((hours * 60 + minutes) * 60 + seconds)),
        _ => None,
    }
}
