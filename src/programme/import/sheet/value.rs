//! Values of spreadsheets as the texts that people would have typed.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta, Timelike as _};

const DAY_SECONDS: i64 = 86_400;

/// From which day a workbook counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Epoch {
    /// Excel's own; it takes 1900 for a leap year.
    Of1900,
    /// Of old Macintoshes.
    Of1904,
}

/// A number without the noise of its binary form: `80`, `0.5`.
pub(super) fn number(number: f64) -> String {
    // 15 digits are what a spreadsheet shows and keeps.
    match format!("{number:.14e}").parse::<f64>() {
        Ok(rounded) => rounded.to_string(),
        Err(_) => number.to_string(),
    }
}

/// Yes or no, as the importer reads it.
pub(super) fn boolean(value: bool) -> String {
    if value { "true".to_owned() } else { "false".to_owned() }
}

/// Days since the epoch, and a part of a day: `2027-04-19`, `2027-04-19 10:30`; a part of a day alone is `10:30`.
pub(super) fn moment(serial: f64, epoch: Epoch) -> String {
    let Some(seconds) = seconds(serial).filter(|seconds| *seconds >= 0) else { return number(serial) };
    let (days, rest) = (seconds / DAY_SECONDS, seconds % DAY_SECONDS);
    if days == 0 {
        return clock(rest);
    }
    let first = match epoch {
        // The 29 February 1900, which was none, is the sixtieth day.
        Epoch::Of1900 if days >= 60 => NaiveDate::from_ymd_opt(1899, 12, 30),
        Epoch::Of1900 => NaiveDate::from_ymd_opt(1899, 12, 31),
        Epoch::Of1904 => NaiveDate::from_ymd_opt(1904, 1, 1),
    };
    let date = first.and_then(|first| first.checked_add_signed(TimeDelta::try_days(days)?));
    match date {
        Some(date) if rest == 0 => date.to_string(),
        Some(date) => format!("{date} {}", clock(rest)),
        None => number(serial),
    }
}

/// Days as hours and minutes, more than a day's too: `36:00`.
pub(super) fn duration(serial: f64) -> String {
    match seconds(serial).filter(|seconds| *seconds >= 0) {
        Some(seconds) => clock(seconds),
        None => number(serial),
    }
}

/// Rounded: a time such as 9:20 is no number that ends.
fn seconds(serial: f64) -> Option<i64> {
    /// The end of the year 9999.
    const SERIAL_MAX: f64 = 2_958_466.0;
    #[expect(clippy::cast_possible_truncation, reason = "it was looked at that it fits")]
    (serial.abs() < SERIAL_MAX).then(|| (serial * DAY_SECONDS as f64).round() as i64)
}

fn clock(seconds: i64) -> String {
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    match seconds {
        0 => format!("{hours:02}:{minutes:02}"),
        _ => format!("{hours:02}:{minutes:02}:{seconds:02}"),
    }
}

/// `2027-04-19`, `2027-04-19T10:30:00`, with parts of a second or not; anything else stays as it is.
pub(super) fn iso_moment(text: &str) -> String {
    let text = text.trim().trim_end_matches('Z');
    let Ok(at) = text.parse::<NaiveDateTime>() else { return text.to_owned() };
    let at = match at.nanosecond() {
        0 => at,
        nanosecond => at + TimeDelta::seconds(i64::from(nanosecond >= 500_000_000)),
    };
    let seconds = i64::from(at.num_seconds_from_midnight());
    if seconds == 0 { at.date().to_string() } else { format!("{} {}", at.date(), clock(seconds)) }
}

/// `PT09H30M00S` as `09:30`; anything else stays as it is.
pub(super) fn iso_duration(text: &str) -> String {
    parse_duration(text.trim()).map_or_else(|| text.to_owned(), clock)
}

fn parse_duration(text: &str) -> Option<i64> {
    let (days, time) = text.strip_prefix('P')?.split_once('T')?;
    let mut seconds = match days.strip_suffix('D') {
        Some(days) => days.parse::<u16>().ok()?.into(),
        None if days.is_empty() => 0,
        None => return None,
    } * DAY_SECONDS;
    let mut rest = time;
    for (unit, length) in [('H', 3_600), ('M', 60), ('S', 1)] {
        let Some((number, after)) = rest.split_once(unit) else { continue };
        // A separator of any locale before the parts of a second.
        let whole = number.split(['.', ',']).next().unwrap_or(number);
        seconds += i64::from(whole.parse::<u32>().ok()?) * length;
        rest = after;
    }
    rest.is_empty().then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_times_of_excel_are_local_ones() {
        for (serial, text) in [
            (42_670.0, "2016-10-27"),
            (42_670.388_888_888_9, "2016-10-27 09:20"),
            (0.388_888_888_888_889, "09:20"),
            (0.0, "00:00"),
            (0.999_999_999, "1900-01-01"),
            (1.0, "1900-01-01"),
            (59.0, "1900-02-28"),
            (61.0, "1900-03-01"),
            (46_496.999_988_425_9, "2027-04-19 23:59:59"),
            (-1.0, "-1"),
            (
                1e300,
                "1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
            ),
        ] {
            assert_eq!(moment(serial, Epoch::Of1900), text, "{serial}");
        }
        assert_eq!(moment(41_208.0, Epoch::Of1904), "2016-10-27", "1462 days later");
        assert_eq!(moment(0.5, Epoch::Of1904), "12:00");
        assert_eq!(moment(f64::NAN, Epoch::Of1900), "NaN");
    }

    #[test]
    fn lengths_of_time_may_be_longer_than_a_day() {
        assert_eq!(duration(1.5), "36:00");
        assert_eq!(iso_duration("PT36H00M00S"), "36:00");
        assert_eq!(iso_duration("PT09H20M00.000000001S"), "09:20");
        assert_eq!(iso_duration("P1DT1H"), "25:00");
        for odd in ["", "P", "PT", "PTxH", "PT99999999999H", "9:00", "PT1H2"] {
            let _ = iso_duration(odd);
        }
        assert_eq!(iso_duration("9:00"), "9:00");
    }

    #[test]
    fn days_of_libreoffice_are_days() {
        assert_eq!(iso_moment("2016-10-27"), "2016-10-27");
        assert_eq!(iso_moment("2016-10-27T09:20:00"), "2016-10-27 09:20");
        assert_eq!(iso_moment("2016-10-27T09:19:59.999999999"), "2016-10-27 09:20");
        assert_eq!(iso_moment("2016-10-27T00:00:00Z"), "2016-10-27");
        assert_eq!(iso_moment("next week"), "next week");
    }

    #[test]
    fn numbers_have_no_noise() {
        assert_eq!(number(80.0), "80");
        assert_eq!(number(0.1 + 0.2), "0.3");
        assert_eq!(number(-2.5), "-2.5");
        assert_eq!(number(1_000_000.0), "1000000");
    }
}
