//! Dates and times as people write them, and the clocks' own gaps.

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _};
use chrono_tz::Tz;

/// What stands in a cell: a day, a time, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    /// The day.
    pub date: Option<NaiveDate>,
    /// The time of day.
    pub time: Option<NaiveTime>,
    /// True for `24:00`, which is the next day's first moment.
    pub midnight_after: bool,
}

impl Moment {
    /// The moment on its own day, else on that one.
    pub fn on(self, day: NaiveDate) -> Option<NaiveDateTime> {
        let date = self.date.unwrap_or(day);
        let date = if self.midnight_after { date.checked_add_days(Days::new(1))? } else { date };
        Some(date.and_time(self.time?))
    }
}

/// A day, a time, or a day and a time: `2021-04-19 10:30`, `19.04.2021 10h30`, `2021-04-19T10:30`.
pub(super) fn moment(text: &str) -> Result<Moment, String> {
    let text = text.trim();
    if let Some((time, midnight_after)) = clock(text) {
        return Ok(Moment { date: None, time: Some(time), midnight_after });
    }
    let whole = match day(text) {
        Ok(date) => return Ok(Moment { date: Some(date), time: None, midnight_after: false }),
        Err(why) => why,
    };
    let mut why = None;
    for (at, c) in text.char_indices().filter(|(_, c)| c.is_whitespace() || matches!(c, 'T' | ',')) {
        let left = text[..at].trim_end().trim_end_matches(['à', ',']).trim_end();
        let left = left.strip_suffix(" at").unwrap_or(left);
        let Some((time, midnight_after)) = clock(text[at + c.len_utf8()..].trim()) else { continue };
        match day(left) {
            Ok(date) => return Ok(Moment { date: Some(date), time: Some(time), midnight_after }),
            Err(reason) => why = why.or(Some(reason)),
        }
    }
    Err(why.unwrap_or(whole))
}

/// A day: `2021-04-19`, `19.04.2021`, `19/04/2021`, `19-04-2021`, `19 avril 2021`.
pub(super) fn day(text: &str) -> Result<NaiveDate, String> {
    const RIGHT: &str = "write it as 2027-04-19 or 19.04.2027";
    let text = text.trim();
    let (year, month, day) = numbers(text).or_else(|| words(text)).ok_or_else(|| {
        if is_short_year(text) {
            "the year needs four digits, as in 19.04.2027".to_owned()
        } else {
            format!("is no date; {RIGHT}")
        }
    })?;
    if !(1900..=2200).contains(&year) {
        return Err(format!("the year {year} cannot be right; {RIGHT}"));
    }
    if !(1..=12).contains(&month) {
        return Err(format!("there is no month {month}; {RIGHT} (the day first)"));
    }
    NaiveDate::from_ymd_opt(year, month, day).ok_or_else(|| {
        let last = last_of(year, month);
        format!("there is no such day: that month has {last} days; {RIGHT}")
    })
}

fn last_of(year: i32, month: u32) -> u32 {
    (28..=31).rev().find(|day| NaiveDate::from_ymd_opt(year, month, *day).is_some()).unwrap_or(28)
}

fn is_digits(text: &str, least: usize, most: usize) -> bool {
    (least..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Year, month, day.
fn numbers(text: &str) -> Option<(i32, u32, u32)> {
    let separator = ['-', '.', '/'].into_iter().find(|separator| text.contains(*separator))?;
    let parts: Vec<_> = text.split(separator).map(str::trim).collect();
    let &[first, month, last] = parts.as_slice() else { return None };
    let (year, day) = if is_digits(first, 4, 4) { (first, last) } else { (last, first) };
    if !is_digits(year, 4, 4) || !is_digits(month, 1, 2) || !is_digits(day, 1, 2) {
        return None;
    }
    Some((year.parse().ok()?, month.parse().ok()?, day.parse().ok()?))
}

fn is_short_year(text: &str) -> bool {
    let parts: Vec<_> = text.split(['-', '.', '/']).map(str::trim).collect();
    parts.len() == 3 && parts.iter().all(|part| is_digits(part, 1, 2))
}

/// « lundi 19 avril 2021 », « 1er mai 2021 », "19 April 2021".
fn words(text: &str) -> Option<(i32, u32, u32)> {
    const MONTHS: [(&str, &str); 12] = [
        ("janvier", "january"),
        ("fevrier", "february"),
        ("mars", "march"),
        ("avril", "april"),
        ("mai", "may"),
        ("juin", "june"),
        ("juillet", "july"),
        ("aout", "august"),
        ("septembre", "september"),
        ("octobre", "october"),
        ("novembre", "november"),
        ("decembre", "december"),
    ];
    const DAYS: [&str; 14] = [
        "lundi",
        "mardi",
        "mercredi",
        "jeudi",
        "vendredi",
        "samedi",
        "dimanche",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    let plain = super::words::plain(text);
    let mut parts: Vec<_> = plain.split(' ').collect();
    if parts.first().is_some_and(|first| DAYS.contains(first)) {
        parts.remove(0);
    }
    let &[day, month, year] = parts.as_slice() else { return None };
    let day = day.strip_suffix("er").unwrap_or(day);
    let month = MONTHS.iter().position(|(french, english)| month == *french || month == *english)?;
    if !is_digits(day, 1, 2) || !is_digits(year, 4, 4) {
        return None;
    }
    Some((year.parse().ok()?, u32::try_from(month).ok()? + 1, day.parse().ok()?))
}

/// What is longer is no time of day, however it is written: a description is looked at word by word.
const CLOCK_BYTES_MAX: usize = 40;

/// A time of day: `10:30`, `10h30`, `10 h 30`, `10h`, `10.30`, `2:00 p.m.`; true with it for `24:00`.
pub(super) fn clock(text: &str) -> Option<(NaiveTime, bool)> {
    let text = text.trim();
    if text.len() > CLOCK_BYTES_MAX {
        return None;
    }
    let lower = text.to_lowercase();
    let (body, half) = half_of_day(&lower);
    let separator = ['h', ':', '.'].into_iter().find(|separator| body.contains(*separator));
    let (hour, rest) = match separator {
        Some(separator) => body.split_once(separator)?,
        None if half.is_some() => (body, ""),
        None => return None,
    };
    let (hour, rest) = (hour.trim(), rest.trim());
    let (minute, second) = match rest.split_once(':') {
        Some((minute, second)) if separator == Some(':') => (minute, second),
        Some(_) => return None,
        None if rest.is_empty() && separator != Some(':') && separator != Some('.') => ("00", "00"),
        None => (rest, "00"),
    };
    if !is_digits(hour, 1, 2) || !is_digits(minute, 2, 2) || second != "00" {
        return None;
    }
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    let hour = match half {
        None => hour,
        Some(afternoon) if (1..=12).contains(&hour) || (hour == 0 && !afternoon) => {
            hour % 12 + if afternoon { 12 } else { 0 }
        }
        Some(_) => return None,
    };
    if (hour, minute) == (24, 0) {
        return Some((NaiveTime::MIN, true));
    }
    Some((NaiveTime::from_hms_opt(hour, minute, 0)?, false))
}

/// `p.m.` and its kind taken off; true for the afternoon.
fn half_of_day(text: &str) -> (&str, Option<bool>) {
    for (suffix, afternoon) in [("a.m.", false), ("p.m.", true), ("am", false), ("pm", true)] {
        if let Some(body) = text.strip_suffix(suffix) {
            return (body.trim_end(), Some(afternoon));
        }
    }
    (text, None)
}

/// What a time must look like, for messages.
pub(super) const TIME_RULE: &str = "write it as 10:30 or 10h30";

/// Refuses a local time that summer time skips.
pub(super) fn exists(zone: Tz, local: NaiveDateTime) -> Result<(), String> {
    if zone.from_local_datetime(&local).earliest().is_some() {
        return Ok(());
    }
    Err(format!(
        "this time does not exist on {} in {zone}: summer time skips it; take one an hour later or earlier",
        local.date()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_all_the_forms_of_an_office() {
        let expected = NaiveDate::from_ymd_opt(2021, 4, 9).unwrap();
        for text in [
            "2021-04-09",
            "2021/04/09",
            "09.04.2021",
            "9.4.2021",
            "09/04/2021",
            "09-04-2021",
            "9 avril 2021",
            "vendredi 9 avril 2021",
            "9 April 2021",
        ] {
            assert_eq!(day(text), Ok(expected), "{text}");
        }
        assert_eq!(day("1er mai 2021"), Ok(NaiveDate::from_ymd_opt(2021, 5, 1).unwrap()));
    }

    #[test]
    fn what_is_no_date_says_what_would_be_one() {
        assert_eq!(
            day("31.02.2027"),
            Err("there is no such day: that month has 28 days; write it as 2027-04-19 or 19.04.2027".into())
        );
        assert_eq!(day("27/12/14"), Err("the year needs four digits, as in 19.04.2027".into()));
        for text in
            ["", "t.b.a.", "10-04 - morning", "14-04 08:30-20:00", "12/31/2018", "0019-01-01", "44305"]
        {
            assert!(moment(text).is_err(), "{text}");
        }
    }

    #[test]
    fn times_are_read_in_all_the_forms_of_an_office() {
        let at = |hour, minute| Some((NaiveTime::from_hms_opt(hour, minute, 0).unwrap(), false));
        for text in
            ["10:30", "10h30", "10 h 30", "10\u{a0}h\u{a0}30", "10H30", "10.30", "10:30:00", "10:30 am"]
        {
            assert_eq!(clock(text), at(10, 30), "{text}");
        }
        assert_eq!(clock("9h"), at(9, 0));
        assert_eq!(clock("2:00 p.m."), at(14, 0));
        assert_eq!(clock("12:15 am"), at(0, 15));
        assert_eq!(clock("0:15 am"), at(0, 15));
        assert_eq!(clock("0:15 pm"), None);
        assert_eq!(clock("24:00"), Some((NaiveTime::MIN, true)));
        for text in ["25:00", "10:60", "9", "1030", "10:3", "-1:00", "10:30:30", "13:00 pm", "noon", ""] {
            assert_eq!(clock(text), None, "{text}");
        }
    }

    #[test]
    fn a_cell_may_hold_day_and_time() {
        let expected = Moment {
            date: NaiveDate::from_ymd_opt(2018, 4, 13),
            time: NaiveTime::from_hms_opt(9, 0, 0),
            midnight_after: false,
        };
        for text in [
            "13-04-2018 9:00",
            "2018-04-13T09:00",
            "2018-04-13 09:00:00",
            "13.04.2018, 9 h 00",
            "13 avril 2018 à 9h",
        ] {
            assert_eq!(moment(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn the_hour_that_summer_time_skips_is_a_mistake_and_the_doubled_one_is_not() {
        let zone = Tz::Europe__Zurich;
        let at = |month, day, hour| {
            NaiveDate::from_ymd_opt(2027, month, day).unwrap().and_hms_opt(hour, 30, 0).unwrap()
        };
        assert!(exists(zone, at(3, 28, 2)).is_err());
        assert_eq!(exists(zone, at(3, 28, 3)), Ok(()));
        assert_eq!(exists(zone, at(10, 31, 2)), Ok(()));
    }
}
