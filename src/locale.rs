//! Languages of the interface, their messages (Fluent), and how each writes dates and times.

use std::{collections::HashMap, sync::OnceLock};

use chrono::{Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, Timelike as _};
use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use rust_embed::RustEmbed;
use serde::{Deserialize, Serialize};

/// A language of the interface. French first.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type,
)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "TEXT", rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Lang {
    #[default]
    Fr,
    En,
}

impl Lang {
    /// Every language whose texts are complete.
    pub const ALL: [Lang; 2] = [Lang::Fr, Lang::En];

    /// `fr`, `en`: as in addresses, `lang` and `hreflang`.
    pub fn code(self) -> &'static str {
        match self {
            Lang::Fr => "fr",
            Lang::En => "en",
        }
    }

    /// The language of that code.
    pub fn parse(code: &str) -> Option<Lang> {
        Lang::ALL.into_iter().find(|lang| lang.code() == code)
    }

    /// What the language calls itself.
    pub fn own_name(self) -> &'static str {
        match self {
            Lang::Fr => "Français",
            Lang::En => "English",
        }
    }
}

#[derive(RustEmbed)]
#[folder = "locales"]
struct Files;

/// A value in a message.
pub type Value<'a> = FluentValue<'a>;

/// The message of that key, with its values filled in. An unknown key is its own text, and an error in
/// the log; in a debug build it is a panic. A test looks for every key that templates and code use.
pub fn text(lang: Lang, key: &str, values: &[(&str, Value<'_>)]) -> String {
    let bundle = &bundles()[&lang];
    let pattern = bundle.get_message(key).and_then(|message| message.value());
    debug_assert!(pattern.is_some(), "no message `{key}` in {}", lang.code());
    let Some(pattern) = pattern else {
        log::error!("no message `{key}` in {}", lang.code());
        return key.to_owned();
    };
    let args: FluentArgs<'_> = values.iter().map(|(name, value)| (*name, value.clone())).collect();
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned();
    debug_assert!(errors.is_empty(), "message `{key}` in {}: {errors:?}", lang.code());
    if !errors.is_empty() {
        log::error!("message `{key}` in {}: {errors:?}", lang.code());
    }
    text
}

/// True where the language has a message of that key.
pub fn has(lang: Lang, key: &str) -> bool {
    bundles()[&lang].has_message(key)
}

/// Every key of a language, sorted; for the test that compares languages.
pub fn keys(lang: Lang) -> Vec<String> {
    let is_key = |key: &&str| key.starts_with(|c: char| c.is_ascii_lowercase()) && !key.contains(' ');
    let sources = sources(lang);
    let mut keys: Vec<_> = sources
        .iter()
        .flat_map(|source| source.lines())
        .filter_map(|line| Some(line.split_once(" =")?.0))
        .filter(is_key)
        .map(str::to_owned)
        .collect();
    keys.sort();
    keys
}

fn sources(lang: Lang) -> Vec<String> {
    let folder = format!("{}/", lang.code());
    let mut files: Vec<_> = Files::iter().filter(|file| file.starts_with(&folder)).collect();
    files.sort();
    files
        .iter()
        .filter_map(|file| Files::get(file))
        .map(|file| String::from_utf8_lossy(&file.data).into_owned())
        .collect()
}

type Bundle = FluentBundle<FluentResource>;

fn bundles() -> &'static HashMap<Lang, Bundle> {
    static BUNDLES: OnceLock<HashMap<Lang, Bundle>> = OnceLock::new();
    BUNDLES.get_or_init(|| Lang::ALL.into_iter().map(|lang| (lang, bundle(lang))).collect())
}

fn bundle(lang: Lang) -> Bundle {
    let id = lang.code().parse().expect("our codes are language tags");
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    // Isolation marks would stand in mail subjects and calendars; our texts are all left-to-right.
    bundle.set_use_isolating(false);
    for source in sources(lang) {
        match FluentResource::try_new(source) {
            Ok(resource) => {
                if let Err(errors) = bundle.add_resource(resource) {
                    log::error!("messages of {}: {errors:?}", lang.code());
                }
            }
            Err((_, errors)) => log::error!("messages of {}: {errors:?}", lang.code()),
        }
    }
    bundle
}

const WEEKDAYS: [[&str; 7]; 2] = [
    ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
];

const MONTHS: [[&str; 12]; 2] = [
    [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
];

/// « lundi », "Monday".
pub fn weekday(lang: Lang, date: NaiveDate) -> &'static str {
    WEEKDAYS[lang as usize][date.weekday().num_days_from_monday() as usize]
}

/// « avril », "April".
pub fn month(lang: Lang, date: NaiveDate) -> &'static str {
    MONTHS[lang as usize][date.month0() as usize]
}

/// « 1er », « 19 »; "1", "19".
pub fn day_number(lang: Lang, date: NaiveDate) -> String {
    match (lang, date.day()) {
        (Lang::Fr, 1) => "1er".to_owned(),
        (_, day) => day.to_string(),
    }
}

/// « 19 avril », "19 April", held together by no-break spaces.
pub fn day_month(lang: Lang, date: NaiveDate) -> String {
    format!("{}\u{a0}{}", day_number(lang, date), month(lang, date))
}

/// « lundi 19 avril 2027 », "Monday 19 April 2027".
pub fn full_date(lang: Lang, date: NaiveDate) -> String {
    format!("{} {} {}", weekday(lang, date), day_month(lang, date), date.year())
}

/// « 19 avril 2027 », "19 April 2027".
pub fn date(lang: Lang, date: NaiveDate) -> String {
    format!("{} {}", day_month(lang, date), date.year())
}

/// « 19–23 avril », « 28 avril – 2 mai », « 19 avril ».
pub fn date_range(lang: Lang, first: NaiveDate, last: NaiveDate) -> String {
    if first >= last {
        day_month(lang, first)
    } else if (first.year(), first.month()) == (last.year(), last.month()) {
        format!("{}–{}", day_number(lang, first), day_month(lang, last))
    } else {
        format!("{} – {}", day_month(lang, first), day_month(lang, last))
    }
}

/// « 9 h », « 10 h 30 »; "9:00", "10:30".
pub fn time(lang: Lang, time: NaiveTime) -> String {
    match (lang, time.minute()) {
        (Lang::Fr, 0) => format!("{}\u{a0}h", time.hour()),
        (Lang::Fr, minute) => format!("{}\u{a0}h\u{a0}{minute:02}", time.hour()),
        (Lang::En, minute) => format!("{}:{minute:02}", time.hour()),
    }
}

/// « 9 h – 10 h 15 »; an end on a later day bears its date: « 18 h – dimanche 9 mai, 17 h ».
pub fn time_range(lang: Lang, start: NaiveDateTime, end: Option<NaiveDateTime>) -> String {
    let from = time(lang, start.time());
    match end {
        None => from,
        // Until the small hours is still the same evening.
        Some(end) if end.date() == start.date() || (end - start).num_hours() < 12 => {
            format!("{from}\u{a0}– {}", time(lang, end.time()))
        }
        Some(end) => format!(
            "{from}\u{a0}– {} {}, {}",
            weekday(lang, end.date()),
            day_month(lang, end.date()),
            time(lang, end.time())
        ),
    }
}

/// « heure de Zurich », "Zurich time", from an IANA name; a zone that is no city's stands as it is.
pub fn zone(lang: Lang, name: &str) -> String {
    let Some((area, city)) = name.rsplit_once('/').filter(|(area, _)| *area != "Etc") else {
        return name.to_owned();
    };
    let city = match (area, city) {
        ("Europe", _) => text(lang, "zone-city", &[("city", city.into())]),
        (_, city) => city.replace('_', " "),
    };
    let key = if city.starts_with(['A', 'E', 'I', 'O', 'U']) { "zone-time-vowel" } else { "zone-time" };
    text(lang, key, &[("city", city.into())])
}

/// « lundi 19 avril 2027, 9 h – 10 h 15 », or the day alone where no start is known.
pub fn when(lang: Lang, date: NaiveDate, start: Option<NaiveTime>, end: Option<NaiveDateTime>) -> String {
    match start {
        None => full_date(lang, date),
        Some(start) => format!("{}, {}", full_date(lang, date), time_range(lang, date.and_time(start), end)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2027, month, day).unwrap()
    }

    #[test]
    fn a_zone_is_named_by_its_city() {
        assert_eq!(zone(Lang::Fr, "Europe/Zurich"), "heure de Zurich");
        assert_eq!(zone(Lang::En, "Europe/Zurich"), "Zurich time");
        assert_eq!(zone(Lang::Fr, "Europe/London"), "heure de Londres");
        assert_eq!(zone(Lang::Fr, "Europe/Athens"), "heure d’Athènes");
        assert_eq!(zone(Lang::En, "America/New_York"), "New York time");
        assert_eq!(zone(Lang::Fr, "UTC"), "UTC");
        assert_eq!(zone(Lang::Fr, "Etc/GMT+1"), "Etc/GMT+1");
    }

    #[test]
    fn dates_and_times_are_written_as_each_language_writes_them() {
        let at = |h, m| day(4, 19).and_hms_opt(h, m, 0).unwrap();
        assert_eq!(full_date(Lang::Fr, day(5, 1)), "samedi 1er\u{a0}mai 2027");
        assert_eq!(date_range(Lang::Fr, day(4, 19), day(4, 23)), "19–23\u{a0}avril");
        assert_eq!(date_range(Lang::En, day(4, 28), day(5, 2)), "28\u{a0}April – 2\u{a0}May");
        assert_eq!(time_range(Lang::Fr, at(9, 0), Some(at(10, 15))), "9\u{a0}h\u{a0}– 10\u{a0}h\u{a0}15");
        assert_eq!(time_range(Lang::En, at(9, 0), Some(at(10, 15))), "9:00\u{a0}– 10:15");
        assert_eq!(
            time_range(Lang::Fr, at(18, 0), Some(day(4, 21).and_hms_opt(17, 0, 0).unwrap())),
            "18\u{a0}h\u{a0}– mercredi 21\u{a0}avril, 17\u{a0}h"
        );
    }
}
