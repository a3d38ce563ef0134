//! From what was typed to an order, or to everything that is wrong with it, at once.

use std::collections::{BTreeMap, HashMap};

use data_encoding::BASE32_NOPAD;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::super::typed::{TRAP, Typed};
use crate::{
    locale::{Lang, text},
    programme::{Overlap, Status},
    registration::{
        Cause, Order, PEOPLE_MAX, Refusal, SESSIONS_MAX,
        clash::{Span, clashes},
        person::{Email, Name, is_control},
    },
    release::{ReleasedSession, published::Published},
};

/// The longest name of an organisation, in characters.
pub const ORGANISATION_CHARS_MAX: usize = 200;
/// The longest text about access needs, in characters.
pub const ACCESS_CHARS_MAX: usize = 2_000;
/// The longest key of a form, in characters.
const KEY_CHARS_MAX: usize = 200;

/// Everything that is wrong with a form.
#[derive(Debug, Default, PartialEq)]
pub struct Mistakes {
    /// Sentences, by field.
    pub fields: BTreeMap<&'static str, Vec<String>>,
    /// Sessions that cannot be had.
    pub sessions: HashMap<Uuid, Refusal>,
}

impl Mistakes {
    /// What the desk said.
    pub fn refused(refused: Vec<(Uuid, Refusal)>) -> Mistakes {
        Mistakes { fields: BTreeMap::new(), sessions: refused.into_iter().collect() }
    }

    /// Many forms came with this address, from whomever.
    pub fn too_often(lang: Lang) -> Mistakes {
        let mut mistakes = Mistakes::default();
        mistakes.add("email", text(lang, "email-often", &[]));
        mistakes
    }

    fn add(&mut self, field: &'static str, sentence: String) {
        self.fields.entry(field).or_default().push(sentence);
    }

    fn take<T>(&mut self, field: &'static str, parsed: Result<T, String>) -> Option<T> {
        parsed.map_err(|sentence| self.add(field, sentence)).ok()
    }
}

/// True for what can be the key of a form: ours has 26 letters and digits, a script's can be any short word.
pub fn is_key(text: &str) -> bool {
    !text.is_empty() && text.len() <= KEY_CHARS_MAX && text.bytes().all(|b| b.is_ascii_graphic())
}

/// The same form is the same order. Somebody else's form with the same key is another one, and so is one that a
/// person went back to and chose other sessions in.
fn own_key(key: &str, email: &Email, sessions: &[&ReleasedSession]) -> String {
    let mut digest = Sha256::new();
    for part in [key, email.as_str()] {
        digest.update(part.as_bytes());
        digest.update([0]);
    }
    sessions.iter().for_each(|session| digest.update(session.id.as_bytes()));
    BASE32_NOPAD.encode(&digest.finalize()).to_lowercase()
}

/// The order, or every mistake. Whether seats can be had is the desk's to say.
pub fn parse(published: &Published, lang: Lang, typed: &Typed) -> Result<Order, Mistakes> {
    let say = |key: &str| text(lang, key, &[]);
    let mut mistakes = Mistakes::default();
    let sessions = sessions(published, lang, typed, &mut mistakes);
    let name = mistakes.take("name", Name::parse(typed.first("name")).map_err(|why| say(why.key())));
    let email = mistakes.take("email", Email::parse(typed.first("email")).map_err(|why| say(why.key())));
    let people = mistakes.take("people", people(typed.first("people")).ok_or_else(|| people_range(lang)));
    let organisation = mistakes.take("organisation", organisation(lang, typed.first("organisation")));
    let access_needs = mistakes.take("access_needs", access_needs(lang, typed.first("access_needs")));
    if !typed.is_ticked("consent") {
        mistakes.add("consent", say("register-consent-missing"));
    }
    if !typed.first(TRAP).is_empty() {
        mistakes.add("form", say("register-trap"));
    }
    match (name, email, people, organisation, access_needs) {
        (Some(name), Some(email), Some(people), Some(organisation), Some(access_needs))
            if mistakes == Mistakes::default() =>
        {
            Ok(Order {
                programme: published.id,
                key: own_key(typed.first("key"), &email, &sessions),
                contact: email.into(),
                name,
                people,
                organisation,
                access_needs,
                lang,
                sessions: sessions.iter().map(|session| session.id).collect(),
                cause: Cause::Form,
                held: None,
            })
        }
        _ => Err(mistakes),
    }
}

/// The chosen sessions that the programme has, each once, by start; and the slugs that it does not have, the first
/// [`SESSIONS_MAX`] of them.
pub fn chosen<'p>(published: &'p Published, typed: &Typed) -> (Vec<&'p ReleasedSession>, Vec<String>) {
    let mut unknown: Vec<String> = Vec::new();
    let mut known: BTreeMap<usize, &ReleasedSession> = BTreeMap::new();
    for slug in typed.all("session").iter().map(|slug| slug.trim()).filter(|slug| !slug.is_empty()) {
        let found = published.position(slug).map(|at| (at, &published.release.sessions[at]));
        match found.filter(|(_, session)| session.status != Status::Withdrawn) {
            Some((at, session)) => _ = known.insert(at, session),
            None if unknown.len() == SESSIONS_MAX || unknown.iter().any(|known| known == slug) => {}
            None => unknown.push(slug.to_owned()),
        }
    }
    (known.into_values().collect(), unknown)
}

/// « session-x » or the title of what was withdrawn, in quotation marks, at most so long.
pub fn quoted(lang: Lang, published: &Published, slug: &str) -> String {
    const CHARS_MAX: usize = 100;
    let name = published.session(slug).map_or(slug, |session| &session.title);
    let name: String = name.chars().filter(|c| !is_control(*c)).take(CHARS_MAX).collect();
    text(lang, "register-quoted", &[("title", name.into())])
}

fn sessions<'p>(
    published: &'p Published,
    lang: Lang,
    typed: &Typed,
    mistakes: &mut Mistakes,
) -> Vec<&'p ReleasedSession> {
    let (known, unknown) = chosen(published, typed);
    for slug in &unknown {
        let session = quoted(lang, published, slug);
        mistakes.add("session", text(lang, "register-unknown", &[("session", session.into())]));
    }
    if known.is_empty() && unknown.is_empty() {
        mistakes.add("session", text(lang, "register-session-missing", &[]));
    }
    if known.len() > SESSIONS_MAX {
        mistakes.add("session", text(lang, "register-too-many", &[("n", SESSIONS_MAX.into())]));
    }
    let programme = &published.release.programme;
    match programme.rules.overlap {
        Overlap::Warn => {}
        Overlap::Refuse => {
            let spans: Vec<_> = known.iter().map(|session| Span::of(session, programme.timezone)).collect();
            if clashes(&spans).iter().any(|others| !others.is_empty()) {
                mistakes.add("session", text(lang, "register-overlap-refuse", &[]));
            }
        }
    }
    known
}

fn people(typed: &str) -> Option<i64> {
    match typed.trim() {
        "" => Some(1),
        typed => typed.parse().ok().filter(|people| (1..=PEOPLE_MAX).contains(people)),
    }
}

fn people_range(lang: Lang) -> String {
    text(lang, "register-people-range", &[("most", PEOPLE_MAX.into())])
}

fn organisation(lang: Lang, typed: &str) -> Result<String, String> {
    let typed = typed.trim();
    if typed.chars().any(is_control) {
        return Err(text(lang, "register-control", &[]));
    }
    within(lang, typed, ORGANISATION_CHARS_MAX)
}

fn access_needs(lang: Lang, typed: &str) -> Result<String, String> {
    // Browsers send the lines of a text area with CR LF.
    let typed = typed.trim().replace("\r\n", "\n");
    if typed.chars().any(|c| is_control(c) && c != '\n' && c != '\t') {
        return Err(text(lang, "register-control", &[]));
    }
    within(lang, &typed, ACCESS_CHARS_MAX)
}

fn within(lang: Lang, typed: &str, most: usize) -> Result<String, String> {
    if typed.chars().count() > most {
        return Err(text(lang, "register-long", &[("most", most.into())]));
    }
    Ok(typed.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_without_a_number_is_for_one_person() {
        for (typed, number) in [
            ("", Some(1)),
            ("1", Some(1)),
            (" 5 ", Some(5)),
            ("0", None),
            ("6", None),
            ("-1", None),
            ("x", None),
        ] {
            assert_eq!(people(typed), number, "{typed:?}");
        }
    }

    #[test]
    fn lines_are_kept_where_there_can_be_several_and_nothing_stranger() {
        let lang = Lang::En;
        assert_eq!(access_needs(lang, " a\r\nb\t "), Ok("a\nb".to_owned()));
        assert!(access_needs(lang, "a\u{0}b").is_err());
        assert!(access_needs(lang, "a\u{202e}b").is_err());
        assert!(organisation(lang, "a\nb").is_err());
        assert!(organisation(lang, &"é".repeat(ORGANISATION_CHARS_MAX)).is_ok());
        assert!(organisation(lang, &"é".repeat(ORGANISATION_CHARS_MAX + 1)).is_err());
    }

    #[test]
    fn a_key_is_a_short_word() {
        for (key, taken) in [("abc", true), ("", false), ("a b", false), ("a\0", false), ("é", false)] {
            assert_eq!(is_key(key), taken, "{key:?}");
        }
        assert!(!is_key(&"a".repeat(KEY_CHARS_MAX + 1)));
    }
}
