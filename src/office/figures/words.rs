//! Figures as each language writes them.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::locale::{self, Lang, text};

/// « 12 345 », "12,345".
pub fn number(lang: Lang, number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let between = match lang {
        Lang::Fr => '\u{202f}',
        Lang::En => ',',
    };
    let mut said = String::from(if number < 0 { "−" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            said.push(between);
        }
        said.push(digit);
    }
    said
}

/// « 84 % », "84%".
pub fn percent(lang: Lang, number: i64) -> String {
    text(lang, "figures-percent", &[("n", self::number(lang, number).into())])
}

/// « 3 mars 2027, 10 h 05 », local to the programme.
pub fn moment(lang: Lang, zone: Tz, at: DateTime<Utc>) -> String {
    let local = at.with_timezone(&zone).naive_local();
    format!("{}, {}", locale::date(lang, local.date()), locale::time(lang, local.time()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        let all = [0, 999, 1_000, 1_234_567, -12_345];
        assert_eq!(all.map(|n| number(Lang::En, n)), ["0", "999", "1,000", "1,234,567", "−12,345"]);
        assert_eq!(number(Lang::Fr, 1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(percent(Lang::Fr, 84), "84\u{a0}%");
        assert_eq!(percent(Lang::En, 84), "84%");
    }
}
