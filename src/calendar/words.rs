//! What an entry says of its session: the same in every feed and in every mail.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};

use super::When;
use crate::{
    locale::{self, Lang},
    programme::{Format, Status},
};

/// From its first moment to its last; whole days where the hour is not known (`starts_at` is `None`). `end` is local.
pub fn when(
    date: NaiveDate,
    end: Option<NaiveDateTime>,
    starts_at: Option<DateTime<Utc>>,
    ends_at: Option<DateTime<Utc>>,
) -> When {
    if let Some(start) = starts_at {
        return When::Timed { start, end: ends_at };
    }
    let last = end.map_or(date, |end| end.date().max(date));
    When::AllDay { date, end: last.checked_add_signed(TimeDelta::days(1)).unwrap_or(last) }
}

/// Where to go: name and address of the place; without one, where to join.
pub fn location(place: [&str; 2], online: bool, join_url: Option<&str>, lang: Lang) -> String {
    let parts = place.map(str::trim).into_iter().filter(|part| !part.is_empty());
    let place = parts.collect::<Vec<_>>().join(", ");
    match (place.is_empty(), online) {
        (false, true) => locale::text(lang, "calendar-place-and-online", &[("place", place.into())]),
        (false, false) => place,
        (true, online) => match join_url {
            Some(address) => address.to_owned(),
            None if online => locale::text(lang, "calendar-online", &[]),
            None => String::new(),
        },
    }
}

/// Theme, formats and tags, each once.
pub fn categories(theme: &str, formats: &[Format], tags: &[String], lang: Lang) -> Vec<String> {
    let formats = formats.iter().map(|format| locale::text(lang, &format!("format-{}", format.code()), &[]));
    let mut words: Vec<String> = Vec::new();
    for word in std::iter::once(theme.to_owned()).chain(formats).chain(tags.iter().cloned()) {
        if !word.trim().is_empty() && !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

/// Whether it takes place, how to join, what it is about, and its page.
pub fn description(status: Status, join_url: Option<&str>, texts: &[&str], url: &str, lang: Lang) -> String {
    // Some programs show a cancelled entry like any other: the first line says it.
    let state = match status {
        Status::Scheduled => String::new(),
        Status::Cancelled => locale::text(lang, "calendar-cancelled", &[]),
        Status::Withdrawn => locale::text(lang, "calendar-withdrawn", &[]),
    };
    let join =
        join_url.map(|url| locale::text(lang, "calendar-join", &[("url", url.into())])).unwrap_or_default();
    let parts = [state.as_str(), join.as_str()].into_iter().chain(texts.iter().copied()).chain([url]);
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_without_a_place_leads_to_where_one_joins() {
        let join = Some("https://meet.example.org/a");
        for (place, online, join, said) in [
            (["La Maison", "Rue 1"], false, join, "La Maison, Rue 1"),
            (["La Maison", " "], true, join, "La Maison (et en ligne)"),
            (["", ""], true, join, "https://meet.example.org/a"),
            (["", ""], false, join, "https://meet.example.org/a"),
            (["", ""], true, None, "En ligne"),
            (["", ""], false, None, ""),
        ] {
            assert_eq!(location(place, online, join, Lang::Fr), said, "{place:?} {online} {join:?}");
        }
    }
}
