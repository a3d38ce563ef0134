//! When registration opens or closes: at a local time, or so long before the session begins.

use std::fmt;

use chrono::{DateTime, Days, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::instant;

/// A local time, or a span before the start of each session: `2027-04-01T09:00:00`, `-7d`, `-48h`, `-30m`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum RegistrationTime {
    /// Then, whatever becomes of the session.
    At(NaiveDateTime),
    /// So many days before, at the hour of the start: days of the calendar, also over a change of summer time.
    DaysBefore(u16),
    /// So many hours before.
    HoursBefore(u16),
    /// So many minutes before.
    MinutesBefore(u16),
}

impl RegistrationTime {
    /// The moment, for a session that begins then.
    pub fn instant(self, zone: Tz, starts: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            RegistrationTime::At(local) => instant(zone, local),
            RegistrationTime::DaysBefore(days) => {
                let local = starts.with_timezone(&zone).naive_local();
                local.checked_sub_days(Days::new(days.into())).map_or(starts, |local| instant(zone, local))
            }
            RegistrationTime::HoursBefore(hours) => starts - TimeDelta::hours(hours.into()),
            RegistrationTime::MinutesBefore(minutes) => starts - TimeDelta::minutes(minutes.into()),
        }
    }

    /// The local time, where it is one.
    pub fn local(self) -> Option<NaiveDateTime> {
        match self {
            RegistrationTime::At(local) => Some(local),
            RegistrationTime::DaysBefore(_)
            | RegistrationTime::HoursBefore(_)
            | RegistrationTime::MinutesBefore(_) => None,
        }
    }

    /// The span of `-7d`, `-48h`, `-30m`. `None` for everything else.
    pub fn before(text: &str) -> Option<RegistrationTime> {
        let span = text.strip_prefix(['-', '\u{2212}'])?;
        let (unit, number) = span.char_indices().next_back().map(|(at, unit)| (unit, &span[..at]))?;
        if !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let number = number.parse().ok().filter(|number| *number > 0)?;
        match unit {
            'd' | 'j' => Some(RegistrationTime::DaysBefore(number)),
            'h' => Some(RegistrationTime::HoursBefore(number)),
            'm' => Some(RegistrationTime::MinutesBefore(number)),
            _ => None,
        }
    }
}

impl fmt::Display for RegistrationTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RegistrationTime::At(local) => write!(f, "{}", local.format("%Y-%m-%dT%H:%M:%S%.f")),
            RegistrationTime::DaysBefore(days) => write!(f, "-{days}d"),
            RegistrationTime::HoursBefore(hours) => write!(f, "-{hours}h"),
            RegistrationTime::MinutesBefore(minutes) => write!(f, "-{minutes}m"),
        }
    }
}

impl From<RegistrationTime> for String {
    fn from(time: RegistrationTime) -> String {
        time.to_string()
    }
}

impl TryFrom<String> for RegistrationTime {
    type Error = String;

    fn try_from(text: String) -> Result<RegistrationTime, String> {
        let at = || NaiveDateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%.f").ok();
        RegistrationTime::before(&text)
            .or_else(|| at().map(RegistrationTime::At))
            .ok_or_else(|| format!("{text:?} is neither a local time nor a span before the start"))
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_span_is_a_number_and_a_unit_after_a_minus() {
        for (text, read) in [
            ("-7d", Some(RegistrationTime::DaysBefore(7))),
            ("-7j", Some(RegistrationTime::DaysBefore(7))),
            ("\u{2212}48h", Some(RegistrationTime::HoursBefore(48))),
            ("-30m", Some(RegistrationTime::MinutesBefore(30))),
            ("7d", None),
            ("-0d", None),
            ("-d", None),
            ("--7d", None),
            ("-+7d", None),
            ("-7w", None),
            ("-7é", None),
            ("-99999d", None),
            ("", None),
            ("-", None),
        ] {
            assert_eq!(RegistrationTime::before(text), read, "{text}");
        }
    }

    #[test]
    fn days_are_days_of_the_calendar_and_hours_are_hours() {
        // Summer time began on 28 March.
        let starts = Utc.with_ymd_and_hms(2027, 4, 1, 8, 0, 0).unwrap();
        let before = |time: RegistrationTime| time.instant(Tz::Europe__Zurich, starts).to_rfc3339();

        assert_eq!(before(RegistrationTime::DaysBefore(7)), "2027-03-25T09:00:00+00:00", "10:00, too");
        assert_eq!(before(RegistrationTime::HoursBefore(168)), "2027-03-25T08:00:00+00:00");
        assert_eq!(before(RegistrationTime::MinutesBefore(30)), "2027-04-01T07:30:00+00:00");
    }

    proptest! {
        #[test]
        fn what_was_said_is_kept_as_it_was_said(number in 1u16.., unit in 0..4, seconds in 0i64..4_000_000_000) {
            let time = match unit {
                0 => RegistrationTime::DaysBefore(number),
                1 => RegistrationTime::HoursBefore(number),
                2 => RegistrationTime::MinutesBefore(number),
                _ => RegistrationTime::At(DateTime::from_timestamp(seconds, 0).unwrap().naive_utc()),
            };
            let json = serde_json::to_string(&time).unwrap();
            prop_assert_eq!(serde_json::from_str::<RegistrationTime>(&json).unwrap(), time);
        }

        #[test]
        fn no_span_makes_a_time_fail(number in 1u16.., unit in "[dhm]", seconds in -60_000_000_000i64..200_000_000_000) {
            let time = RegistrationTime::before(&format!("-{number}{unit}")).unwrap();
            let starts = DateTime::from_timestamp(seconds, 0).unwrap();
            prop_assert!(time.instant(Tz::Europe__Zurich, starts) < starts);
        }
    }

    #[test]
    fn a_time_is_stored_as_it_always_was() {
        let at = "2027-04-01T09:00:00".parse::<NaiveDateTime>().unwrap();
        assert_eq!(
            serde_json::to_value(RegistrationTime::At(at)).unwrap(),
            serde_json::to_value(at).unwrap()
        );
    }
}
