//! Codes of the programme as people read them: formats, access, languages, dates.

use chrono::{Datelike as _, NaiveDate};

use crate::{
    locale::{self, Lang, text},
    programme::{Access, Format, Overlap, Programme, Rules, Session},
};

/// « Atelier », "Workshop".
pub fn format(lang: Lang, format: Format) -> String {
    text(lang, &format!("format-{}", format.code()), &[])
}

/// « Atelier, hackathon »: all the formats of a session, the first one with a capital. "Other" says nothing about a
/// session: it goes where there is a word, and is « Session » where it stands alone.
pub fn formats(lang: Lang, formats: &[Format]) -> String {
    let mut words = formats.iter().filter(|f| **f != Format::Other).map(|f| format(lang, *f));
    let Some(first) = words.next() else {
        return if formats.is_empty() { String::new() } else { text(lang, "format-session", &[]) };
    };
    words.fold(first, |all, word| format!("{all}, {}", word.to_lowercase()))
}

/// « accessible en fauteuil », or the organisers' own words.
pub fn access(lang: Lang, access: &Access) -> String {
    match access {
        Access::Text(text) => text.clone(),
        Access::StepFree
        | Access::SignLanguage
        | Access::HearingLoop
        | Access::Childcare
        | Access::EasyLanguage
        | Access::QuietRoom => text(lang, &format!("access-{}", access.code()), &[]),
    }
}

/// « français », "French"; a code that we have no word for stands as it is.
pub fn language(lang: Lang, code: &str) -> String {
    let key = format!("lang-name-{}", code.to_lowercase());
    if locale::has(lang, &key) { text(lang, &key, &[]) } else { code.to_owned() }
}

/// « français, anglais ».
pub fn languages(lang: Lang, codes: &[String]) -> String {
    codes.iter().map(|code| language(lang, code)).collect::<Vec<_>>().join(", ")
}

/// What one person may have, where the rules limit it: « 5 sessions par semaine au plus… ». Empty where they do not.
pub fn limits(lang: Lang, rules: &Rules) -> String {
    let most = |key: &str, limit: Option<i64>| limit.map(|limit| text(lang, key, &[("n", limit.into())]));
    let one_at_a_time = match rules.overlap {
        Overlap::Warn => None,
        Overlap::Refuse => Some(text(lang, "rule-overlap", &[])),
    };
    let said = [
        most("rule-per-week", rules.per_week),
        most("rule-per-programme", rules.per_programme),
        one_at_a_time,
    ];
    said.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// With a capital at its beginning: « Lundi ».
pub fn capital(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// « Du 19 avril au 14 mai 2027 », « 19 avril 2027 »; both years where they differ.
pub fn from_to(lang: Lang, first: NaiveDate, last: NaiveDate) -> String {
    if first >= last {
        return locale::date(lang, first);
    }
    let from =
        if first.year() == last.year() { locale::day_month(lang, first) } else { locale::date(lang, first) };
    text(lang, "dates-from-to", &[("from", from.into()), ("to", locale::date(lang, last).into())])
}

/// « lundi 19 avril 2027, 9 h – 10 h 15 »; without a start « lundi 19 avril 2027, horaire à préciser ».
pub fn when(lang: Lang, session: &Session) -> String {
    let when = locale::when(lang, session.date, session.start, session.end);
    if session.start.is_some() { when } else { format!("{when}, {}", text(lang, "time-unknown", &[])) }
}

/// The language to mark a session's words with, where the session says one that is not the page's.
pub fn foreign(lang: Lang, session: &Session) -> Option<String> {
    session.text_language.clone().filter(|code| code != lang.code() && is_language_tag(code))
}

/// As [`foreign`]; a session that does not say its language speaks as its programme does.
pub fn foreign_within(lang: Lang, programme: &Programme, session: &Session) -> Option<String> {
    match session.text_language {
        Some(_) => foreign(lang, session),
        None => own_language(lang, programme),
    }
}

/// The language to mark the programme's own words with (titles of themes, summaries), where it is not the page's:
/// the first of its languages.
pub fn own_language(lang: Lang, programme: &Programme) -> Option<String> {
    programme.languages.first().filter(|code| *code != lang.code() && is_language_tag(code)).cloned()
}

/// True for what may stand in a `lang` attribute.
fn is_language_tag(code: &str) -> bool {
    (2..=35).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_words_in_each_language() {
        for lang in Lang::ALL {
            for known in Format::ALL {
                assert!(locale::has(lang, &format!("format-{}", known.code())), "{known:?}");
            }
            for known in Access::KNOWN {
                assert!(locale::has(lang, &format!("access-{}", known.code())), "{known:?}");
            }
        }
        assert_eq!(
            formats(Lang::Fr, &[Format::Workshop, Format::OpenDay]),
            "Atelier, journée portes ouvertes"
        );
        assert_eq!(formats(Lang::Fr, &[Format::Other]), "Session");
        assert_eq!(formats(Lang::Fr, &[Format::Other, Format::RoundTable]), "Table ronde");
        assert_eq!(formats(Lang::Fr, &[]), "");
        assert_eq!(languages(Lang::Fr, &["fr".to_owned(), "tlh".to_owned()]), "français, tlh");
    }

    #[test]
    fn dates_of_a_programme_are_written_once_a_year() {
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
        assert_eq!(
            from_to(Lang::Fr, day(2027, 4, 19), day(2027, 5, 14)),
            "Du 19\u{a0}avril au 14\u{a0}mai 2027"
        );
        assert_eq!(
            from_to(Lang::En, day(2027, 12, 30), day(2028, 1, 2)),
            "30\u{a0}December 2027 to 2\u{a0}January 2028"
        );
        assert_eq!(from_to(Lang::Fr, day(2027, 4, 19), day(2027, 4, 19)), "19\u{a0}avril 2027");
    }
}
