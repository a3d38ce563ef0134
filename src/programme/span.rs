//! How long before a session people are reminded: `2d`, `1h`, `30m`.

use std::ops::RangeInclusive;

use super::Rules;

/// The days that a reminder can come before.
const DAYS: RangeInclusive<i64> = 1..=30;
/// The hours; more are days.
const HOURS: RangeInclusive<i64> = 1..=23;
/// The minutes; more are hours.
const MINUTES: RangeInclusive<i64> = 5..=180;
/// Reminders of one session: more are a nuisance.
pub const SPANS_MAX: usize = 4;

/// How long before a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Span {
    /// So many days of the calendar before its day: one mail for all sessions of that day.
    Days(i64),
    /// So many minutes before its beginning.
    Minutes(i64),
}

impl Span {
    /// Reads `2d`, `1h`, `30m`; `None` for anything else, and for what is too short or too long.
    pub fn parse(text: &str) -> Option<Span> {
        let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
        let is_plain = number.bytes().all(|byte| byte.is_ascii_digit());
        let number: i64 = number.parse().ok().filter(|_| is_plain)?;
        match unit {
            "d" if DAYS.contains(&number) => Some(Span::Days(number)),
            "h" if HOURS.contains(&number) => Some(Span::Minutes(number * 60)),
            "m" if MINUTES.contains(&number) => Some(Span::Minutes(number)),
            _ => None,
        }
    }

    /// One spelling for each length: `60m` is `1h`.
    pub fn code(self) -> String {
        match self {
            Span::Days(days) => format!("{days}d"),
            Span::Minutes(minutes) if minutes % 60 == 0 => format!("{}h", minutes / 60),
            Span::Minutes(minutes) => format!("{minutes}m"),
        }
    }

    /// For comparing: a day as 24 hours.
    pub fn minutes(self) -> i64 {
        match self {
            Span::Days(days) => days * 24 * 60,
            Span::Minutes(minutes) => minutes,
        }
    }

    /// What can be written, for who has written something else.
    pub fn rule() -> &'static str {
        "must be days (\"1d\" to \"30d\"), hours (\"1h\" to \"23h\") or minutes (\"5m\" to \"180m\")"
    }
}

impl Rules {
    /// The spans of `reminders`, each once, the shortest first. What no importer would take any more is left out.
    pub fn spans(&self) -> Vec<Span> {
        let mut spans: Vec<_> = self.reminders.iter().filter_map(|text| Span::parse(text)).collect();
        spans.sort_by_key(|span| span.minutes());
        spans.dedup();
        spans
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_days_hours_or_minutes_and_has_one_spelling() {
        for (text, code) in
            [("1d", "1d"), ("30d", "30d"), ("1h", "1h"), ("60m", "1h"), ("90m", "90m"), ("05m", "5m")]
        {
            assert_eq!(Span::parse(text).map(Span::code).as_deref(), Some(code), "{text}");
        }
        for wrong in [
            "",
            "d",
            "1",
            "0d",
            "31d",
            "24h",
            "4m",
            "181m",
            "-1d",
            "+1d",
            "1 d",
            "1D",
            "1é",
            "é",
            "1w",
            "99999999999999999999d",
        ] {
            assert_eq!(Span::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_programme_has_each_span_once_the_shortest_first() {
        let texts = ["1d", "60m", "1h", "30m", "soon", "2d"].map(str::to_owned);
        let rules = Rules { reminders: texts.to_vec(), ..Rules::default() };

        assert_eq!(rules.spans(), [Span::Minutes(30), Span::Minutes(60), Span::Days(1), Span::Days(2)]);
    }
}
