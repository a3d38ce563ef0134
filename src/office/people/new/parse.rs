//! What was typed in the form for who telephones.

use crate::{
    locale::{Lang, text},
    registration::{
        Cause, Order, PEOPLE_MAX, SESSIONS_MAX,
        contact::{Contact, Phone},
        person::{Email, Name, is_control},
        store::lists::Person,
    },
    release::{ReleasedSession, published::Published},
    web::{form::FormState, typed::Typed},
};

/// The longest organisation, in characters.
const ORGANISATION_CHARS_MAX: usize = 200;
/// The longest access needs, in characters.
const ACCESS_CHARS_MAX: usize = 2_000;
/// The longest key, in characters.
const KEY_CHARS_MAX: usize = 64;

/// What was asked for, without by what the person is known.
#[derive(Debug, Clone)]
pub(super) struct Parsed {
    /// A new person's address, if they have one.
    pub email: Option<Email>,
    /// Where a new person is called.
    pub phone: Phone,
    name: Name,
    people: i64,
    organisation: String,
    access_needs: String,
    lang: Lang,
    sessions: Vec<uuid::Uuid>,
    held: Option<String>,
    key: String,
}

impl Parsed {
    /// The order that this makes.
    pub fn order(&self, programme: uuid::Uuid, contact: Contact) -> Order {
        Order {
            programme,
            key: self.key.clone(),
            contact,
            name: self.name.clone(),
            people: self.people,
            organisation: self.organisation.clone(),
            access_needs: self.access_needs.clone(),
            lang: self.lang,
            sessions: self.sessions.clone(),
            cause: Cause::Organiser,
            held: self.held.clone(),
        }
    }
}

/// The form as it was typed.
pub(super) fn form(typed: &Typed) -> FormState {
    let mut form = FormState::default();
    for field in ["name", "email", "phone", "organisation", "access_needs"] {
        form.set(field, typed.first(field));
    }
    form
}

/// What was typed, or everything that is wrong with it. Whom we know needs no address and no name.
pub(super) fn parse(
    published: &Published,
    lang: Lang,
    typed: &Typed,
    person: Option<&Person>,
    key: &str,
) -> Result<Parsed, FormState> {
    let mut form = form(typed);
    let say = |key: &str| text(lang, key, &[]);
    let name = match person {
        Some(person) => Name::parse(&person.name),
        None => Name::parse(typed.first("name")),
    };
    let name = name.map_err(|why| form.refuse("name", say(why.key()))).ok();
    let email = match typed.first("email").trim() {
        "" => Some(None),
        _ if person.is_some() => Some(None),
        typed => Email::parse(typed).map_err(|why| form.refuse("email", say(why.key()))).ok().map(Some),
    };
    let phone = match person {
        Some(person) => Phone::parse(&person.phone).ok().or_else(|| Some(Phone::default())),
        None => Phone::parse(typed.first("phone")).map_err(|_| form.refuse("phone", say("phone-shape"))).ok(),
    };
    let people = people(typed.first("people"));
    if people.is_none() {
        form.refuse("people", text(lang, "register-people-range", &[("most", PEOPLE_MAX.into())]));
    }
    let organisation = line(typed.first("organisation"), ORGANISATION_CHARS_MAX);
    if organisation.is_none() {
        form.refuse("organisation", text(lang, "register-long", &[("most", ORGANISATION_CHARS_MAX.into())]));
    }
    let access_needs = lines(typed.first("access_needs"), ACCESS_CHARS_MAX);
    if access_needs.is_none() {
        form.refuse("access_needs", text(lang, "register-long", &[("most", ACCESS_CHARS_MAX.into())]));
    }
    let sessions = chosen(published, typed);
    if sessions.is_empty() {
        form.refuse("session", say("office-new-no-session"));
    }
    if sessions.len() > SESSIONS_MAX {
        form.refuse("session", text(lang, "register-too-many", &[("n", SESSIONS_MAX.into())]));
    }
    let held = Some(typed.first("held").trim()).filter(|held| !held.is_empty()).map(str::to_owned);
    let is_key = key.len() <= KEY_CHARS_MAX && key.bytes().all(|b| b.is_ascii_graphic());
    if !is_key {
        form.refuse("form", say("office-new-key"));
    }
    match (name, email, phone, people, organisation, access_needs) {
        (Some(name), Some(email), Some(phone), Some(people), Some(organisation), Some(access_needs))
            if form.errors.is_empty() =>
        {
            Ok(Parsed {
                email,
                phone,
                name,
                people,
                organisation,
                access_needs,
                lang: Lang::parse(typed.first("language")).unwrap_or(lang),
                sessions: sessions.iter().map(|session| session.id).collect(),
                held,
                key: key.to_owned(),
            })
        }
        _ => Err(form),
    }
}

/// The sessions that were ticked and that there are, each once, by start.
fn chosen<'p>(published: &'p Published, typed: &Typed) -> Vec<&'p ReleasedSession> {
    let zone = published.release.programme.timezone;
    let ticked = typed.all("session");
    let all = published.release.sessions.iter();
    let mut found: Vec<_> = all.filter(|session| ticked.contains(&session.slug)).collect();
    found.sort_by_key(|session| (session.starts_at(zone), session.slug.as_str()));
    found
}

fn people(typed: &str) -> Option<i64> {
    match typed.trim() {
        "" => Some(1),
        typed => typed.parse().ok().filter(|people| (1..=PEOPLE_MAX).contains(people)),
    }
}

/// One line of text; `None` for what is longer, or holds other signs.
fn line(typed: &str, most: usize) -> Option<String> {
    let typed = typed.trim();
    let fits = typed.chars().count() <= most && !typed.chars().any(is_control);
    fits.then(|| typed.to_owned())
}

/// Lines of text.
fn lines(typed: &str, most: usize) -> Option<String> {
    // Browsers send the lines of a text area with CR LF.
    let typed = typed.trim().replace("\r\n", "\n");
    let fits =
        typed.chars().count() <= most && !typed.chars().any(|c| is_control(c) && c != '\n' && c != '\t');
    fits.then_some(typed)
}
