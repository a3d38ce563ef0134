//! What organisers write to the people of a session, of a theme, or of the whole programme: kept first, looked at, sent
//! once, one mail a person. Texts are Markdown with a few placeholders, and never templates.

pub mod audience;
pub mod send;
pub mod store;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::State;
use crate::{locale::Lang, mail::own::PLACEHOLDERS, markdown::filled, release::Release};

/// The longest subject, in characters.
pub const SUBJECT_CHARS_MAX: usize = 150;
/// The longest text, in characters.
pub const MESSAGE_CHARS_MAX: usize = 10_000;
/// To how many people one user of the office can write in a day: whoever has stolen an account writes to no more.
pub const PEOPLE_A_DAY_MAX: i64 = 3_000;
/// How often a message is sent to its author before it is sent to anybody.
pub const TESTS_MAX: i64 = 20;

/// A message, before and after it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// To the people of what.
    pub about: About,
    /// To which of them.
    pub to: To,
    /// What it says, by language; at least one.
    pub texts: BTreeMap<Lang, Words>,
}

/// What a message is about, by slug.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum About {
    /// Everything.
    Programme,
    /// The sessions of a theme.
    Theme(String),
    /// One session.
    Session(String),
}

impl About {
    /// As a form sends it: `programme`, `theme:lab`, `session:opening`.
    pub fn code(&self) -> String {
        match self {
            About::Programme => "programme".to_owned(),
            About::Theme(slug) => format!("theme:{slug}"),
            About::Session(slug) => format!("session:{slug}"),
        }
    }

    /// What a form has sent, where the programme has it.
    pub fn parse(code: &str, release: &Release) -> Option<About> {
        match code.split_once(':') {
            None if code == "programme" => Some(About::Programme),
            Some(("theme", slug)) => release.theme(slug).map(|theme| About::Theme(theme.slug.clone())),
            Some(("session", slug)) => {
                release.session(slug).map(|session| About::Session(session.slug.clone()))
            }
            None | Some(_) => None,
        }
    }

    /// What it is called.
    pub fn title(&self, release: &Release) -> String {
        let found = match self {
            About::Programme => None,
            About::Theme(slug) => release.theme(slug).map(|theme| theme.title.clone()),
            About::Session(slug) => release.session(slug).map(|session| session.title.clone()),
        };
        found.unwrap_or_else(|| release.programme.title.clone())
    }
}

/// Where the registrations of its readers stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum To {
    /// Those who have a seat.
    Confirmed,
    /// Those who wait, or have an offer.
    Waiting,
    /// All of them.
    Both,
}

impl To {
    /// In the order of the form.
    pub const ALL: [To; 3] = [To::Confirmed, To::Waiting, To::Both];

    /// The word in forms and message keys.
    pub fn code(self) -> &'static str {
        match self {
            To::Confirmed => "confirmed",
            To::Waiting => "waiting",
            To::Both => "both",
        }
    }

    /// The group of that code.
    pub fn parse(code: &str) -> Option<To> {
        To::ALL.into_iter().find(|to| to.code() == code)
    }

    /// True for a registration that stands there.
    pub fn reaches(self, state: State) -> bool {
        match (self, state) {
            (_, State::Cancelled) => false,
            (To::Both, State::Confirmed | State::Waiting | State::Offered) => true,
            (To::Confirmed, state) => state == State::Confirmed,
            (To::Waiting, state) => matches!(state, State::Waiting | State::Offered),
        }
    }
}

/// Subject and text in one language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// One line.
    pub subject: String,
    /// Markdown.
    pub text: String,
}

/// What is wrong with a text that was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mistake {
    /// Nothing stands there, and something must.
    Empty,
    /// More than so many characters.
    Long(usize),
    /// What is between braces and is no placeholder.
    Unknown(Vec<String>),
}

/// Looks a text over that organisers have typed.
///
/// # Errors
/// What is wrong with it.
pub fn look_over(text: &str, chars_max: usize) -> Result<(), Mistake> {
    look(text, chars_max, &PLACEHOLDERS)
}

/// The same for a subject. The personal link has no place there: lists of mails, and servers' logs, show subjects.
///
/// # Errors
/// What is wrong with it.
pub fn look_over_subject(text: &str) -> Result<(), Mistake> {
    let known: Vec<_> = PLACEHOLDERS.into_iter().filter(|name| *name != "registrations").collect();
    look(text, SUBJECT_CHARS_MAX, &known)
}

fn look(text: &str, chars_max: usize, known: &[&str]) -> Result<(), Mistake> {
    if text.chars().count() > chars_max {
        return Err(Mistake::Long(chars_max));
    }
    let unknown = filled::unknown(text, known);
    if unknown.is_empty() { Ok(()) } else { Err(Mistake::Unknown(unknown)) }
}

/// What was typed, without what no text holds: control characters, and the two signs of a line's end that forms send.
/// `one_line`s lose their breaks as well.
pub fn typed(text: &str, lines: Lines) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let breaks = |c: char| matches!(c, '\n' | '\u{2028}' | '\u{2029}');
    let kept = text.chars().filter_map(|c| match (lines, c) {
        (Lines::One, c) if breaks(c) || c == '\t' => Some(' '),
        (Lines::Many, '\n' | '\t') => Some(c),
        (_, c) if super::person::is_control(c) => None,
        (_, c) => Some(c),
    });
    kept.collect::<String>().trim().to_owned()
}

/// Whether a field has one line or many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    /// A subject.
    One,
    /// A text.
    Many,
}

impl Content {
    /// The sessions that it is about, by id; cancelled ones too, since their people may have to be told something.
    pub fn sessions(&self, release: &Release) -> Vec<uuid::Uuid> {
        let is_about = |session: &&crate::release::ReleasedSession| match &self.about {
            About::Programme => true,
            About::Theme(theme) => session.theme.as_ref() == Some(theme),
            About::Session(slug) => session.slug == *slug,
        };
        release.sessions.iter().filter(is_about).map(|session| session.id).collect()
    }

    /// The text that a reader of this language gets, and its language: their own, else the first of the programme's
    /// that there is.
    pub fn words_for(&self, reads: Lang, release: &Release) -> Option<(Lang, &Words)> {
        let own = release.programme.languages.iter().filter_map(|code| Lang::parse(code));
        let order = std::iter::once(reads).chain(own).chain(Lang::ALL);
        order.into_iter().find_map(|lang| Some((lang, self.texts.get(&lang)?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_keeps_its_lines_and_loses_what_no_text_holds() {
        assert_eq!(typed(" a\r\nb\rc\u{0}\u{202e} \n", Lines::Many), "a\nb\nc");
        assert_eq!(typed("a\r\nBcc: x\u{2028}y", Lines::One), "a Bcc: x y");
    }

    #[test]
    fn a_text_with_what_is_no_placeholder_is_refused() {
        assert_eq!(look_over("Bonjour {name}, {when}", 100), Ok(()));
        assert_eq!(look_over("{nom}", 100), Err(Mistake::Unknown(vec!["{nom}".to_owned()])));
        assert_eq!(look_over("éé", 1), Err(Mistake::Long(1)));
        assert_eq!(look_over("{registrations}", 100), Ok(()));
        let secret = Err(Mistake::Unknown(vec!["{registrations}".to_owned()]));
        assert_eq!(look_over_subject("{name} {registrations}"), secret);
    }

    #[test]
    fn people_get_their_language_or_the_programme_s_first() {
        let release = crate::exchange::sample::release();
        let words = |subject: &str| Words { subject: subject.to_owned(), text: String::new() };
        let mut content =
            Content { about: About::Programme, to: To::Both, texts: [(Lang::En, words("en"))].into() };
        assert_eq!(content.words_for(Lang::Fr, &release).unwrap().0, Lang::En);
        content.texts.insert(Lang::Fr, words("fr"));
        assert_eq!(content.words_for(Lang::Fr, &release).unwrap().1.subject, "fr");
        assert_eq!(content.words_for(Lang::En, &release).unwrap().1.subject, "en");
    }

    #[test]
    fn what_a_form_sends_names_what_the_programme_has() {
        let release = crate::exchange::sample::release();
        let slug = release.sessions[0].slug.clone();
        for about in [About::Programme, About::Session(slug)] {
            assert_eq!(About::parse(&about.code(), &release), Some(about));
        }
        for wrong in ["", "theme:none", "session:../x", "x:programme"] {
            assert_eq!(About::parse(wrong, &release), None);
        }
    }
}
