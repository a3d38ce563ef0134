//! Mails about proposals: what the team decides, in words that it has looked at first; and that there is something new.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Act, Side, store::news::New};
use crate::{
    locale::{self, Lang, text},
    mail::{self, Letter, Own, ProgrammeLine},
    markdown::filled,
    programme::Programme,
    registration::{
        message::{Lines, Mistake, typed},
        person::holds_address,
    },
};

/// The longest subject, in characters.
pub const SUBJECT_CHARS_MAX: usize = 150;
/// The longest text, in characters.
pub const TEXT_CHARS_MAX: usize = 10_000;
/// What the team's own words may hold between braces.
pub const PLACEHOLDERS: [&str; 3] = ["name", "programme", "session"];
/// Titles that one mail names.
const TITLES_MAX: usize = 10;

/// Somebody who is written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// Their address.
    pub email: String,
    /// May be empty.
    pub name: String,
    /// In which language the rest of the mail is.
    pub lang: Lang,
}

/// What the team writes: Markdown with [`PLACEHOLDERS`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// One line.
    pub subject: String,
    /// What is said.
    pub text: String,
}

impl Words {
    /// What the house would say of this decision.
    pub fn of(act: Act, lang: Lang) -> Words {
        // A placeholder stands for itself until the mail is rendered.
        let stand = PLACEHOLDERS.map(|name| (name, format!("{{{name}}}").into()));
        Words {
            subject: text(lang, &format!("proposal-mail-{}-subject", act.code()), &stand),
            text: text(lang, &format!("proposal-mail-{}-text", act.code()), &stand),
        }
    }

    /// As somebody has typed them.
    ///
    /// # Errors
    /// What is wrong, by field: `subject`, `text`.
    pub fn parse(subject: &str, text: &str) -> Result<Words, Vec<(&'static str, Mistake)>> {
        let words = Words { subject: typed(subject, Lines::One), text: typed(text, Lines::Many) };
        let looks = [("subject", &words.subject, SUBJECT_CHARS_MAX), ("text", &words.text, TEXT_CHARS_MAX)];
        let wrong: Vec<_> =
            looks.into_iter().filter_map(|(field, said, most)| Some((field, mistake(said, most)?))).collect();
        if wrong.is_empty() { Ok(words) } else { Err(wrong) }
    }
}

fn mistake(said: &str, most: usize) -> Option<Mistake> {
    let unknown = filled::unknown(said, &PLACEHOLDERS);
    if said.is_empty() {
        Some(Mistake::Empty)
    } else if said.chars().count() > most {
        Some(Mistake::Long(most))
    } else {
        (!unknown.is_empty()).then_some(Mistake::Unknown(unknown))
    }
}

/// What a mail says of its programme.
pub fn programme_line(programme: &Programme) -> ProgrammeLine {
    ProgrammeLine {
        slug: programme.slug.clone(),
        title: programme.title.clone(),
        timezone: programme.timezone,
        contact: programme.contact.email.clone(),
    }
}

/// The address of a proposal's page in the office, below the language.
pub fn office_page(programme: &str, proposal: Uuid) -> String {
    format!("office/{programme}/proposals/{proposal}")
}

/// What the team has decided, to one of those who proposed. `words_lang`: the language of the words.
pub fn decided(
    id: Uuid,
    reader: &Reader,
    programme: ProgrammeLine,
    (words, words_lang): (&Words, Lang),
    title: &str,
    page: String,
) -> Letter {
    let own = Own {
        subject: Some(words.subject.clone()),
        intro: Some(words.text.clone()),
        lang: Some(words_lang),
        values: BTreeMap::from([("session".to_owned(), title.to_owned())]),
        ..Own::default()
    };
    mail::proposal(id, reader.lang, &reader.email, (programme, &reader.name), own, page)
}

/// Somebody has typed this address into the form of the public call: behind the link, which only their mailbox has, they
/// confirm it until then, and follow it from then on.
pub fn received(
    id: Uuid,
    (email, lang): (&str, Lang),
    programme: ProgrammeLine,
    until: DateTime<Utc>,
    page: String,
) -> Letter {
    let until = until.with_timezone(&programme.timezone).naive_local();
    let (day, time) = (locale::full_date(lang, until.date()), locale::time(lang, until.time()));
    let stand = [("programme", "{programme}".into()), ("day", day.into()), ("time", time.into())];
    let own = Own {
        subject: Some(text(lang, "proposal-mail-received-subject", &stand)),
        intro: Some(text(lang, "proposal-mail-received-text", &stand)),
        lang: Some(lang),
        ..Own::default()
    };
    mail::proposal_typed(id, lang, email, programme, own, page)
}

/// That there is something new about these proposals, for that side.
pub fn news(
    id: Uuid,
    reader: &Reader,
    programme: ProgrammeLine,
    (side, new): (Side, &[&New]),
    page: String,
) -> Letter {
    let lang = reader.lang;
    let titles: Vec<_> = new
        .iter()
        .take(TITLES_MAX)
        .map(|new| match new.title.as_str() {
            "" => text(lang, "proposal-untitled", &[]),
            // Mail programs make links of it without being asked, and it may be a stranger's.
            title if holds_address(title) => text(lang, "proposal-title-address", &[]),
            title => title.to_owned(),
        })
        .collect();
    let more = if new.len() > TITLES_MAX { " …" } else { "" };
    let n = i64::try_from(new.len()).unwrap_or(i64::MAX);
    let own = Own {
        subject: Some(text(lang, &format!("proposal-news-{}-subject", side.code()), &[("n", n.into())])),
        intro: Some(text(
            lang,
            &format!("proposal-news-{}-text", side.code()),
            &[("n", n.into()), ("session", "{session}".into())],
        )),
        lang: Some(lang),
        values: BTreeMap::from([(
            "session".to_owned(),
            format!("{}{more}", titles.join(&text(lang, "proposal-news-between", &[]))),
        )]),
        ..Own::default()
    };
    mail::proposal(id, lang, &reader.email, (programme, &reader.name), own, page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_house_would_say_can_be_sent_as_it_is() {
        for act in Act::DECISIONS {
            for lang in Lang::ALL {
                let words = Words::of(act, lang);
                assert_eq!(Words::parse(&words.subject, &words.text), Ok(words.clone()), "{words:?}");
                assert!(words.text.contains("{session}"), "{words:?}");
            }
        }
    }

    #[test]
    fn what_is_no_placeholder_is_refused() {
        let wrong = Words::parse("", "{{ 7*7 }} {nom}").unwrap_err();
        assert_eq!(wrong[0], ("subject", Mistake::Empty));
        assert_eq!(wrong[1].0, "text");
        assert!(matches!(&wrong[1].1, Mistake::Unknown(unknown) if unknown.len() == 2));
    }
}
