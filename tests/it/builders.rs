//! Drafts with only the fields that matter to a test.

use std::path::Path;

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use parvis::{
    programme::{
        Capacity, Contact, Draft, DraftSession, Format, Live, Organisation, Place, Programme, Rules, Session,
        Status, Theme,
        import::{self, Options},
    },
    tokens::Tokens,
};

/// The first day of the programme of tests: seven weeks after the time of a test.
pub fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2027, 4, 19).unwrap()
}

/// The programme `miso` with these sessions.
pub fn miso(sessions: Vec<DraftSession>) -> Draft {
    Draft {
        programme: Programme {
            slug: "miso".to_owned(),
            title: "MISO".to_owned(),
            tagline: "Quatre semaines".to_owned(),
            summary: "Un mois de sessions.".to_owned(),
            timezone: chrono_tz::Europe::Zurich,
            languages: vec!["fr".to_owned(), "en".to_owned()],
            starts: first_day(),
            ends: NaiveDate::from_ymd_opt(2027, 5, 14).unwrap(),
            contact: Contact {
                email: Some("info@example.org".to_owned()),
                press_email: Some("presse@example.org".to_owned()),
                press_phone: None,
            },
            rules: Rules::default(),
            call: parvis::programme::Call::default(),
        },
        themes: vec![Theme {
            slug: "lab".to_owned(),
            title: "Laboratoire".to_owned(),
            starts: Some(first_day()),
            ends: Some(first_day() + TimeDelta::days(4)),
            colour: "#0b6e4f".to_owned(),
            summary: "Une semaine.".to_owned(),
        }],
        places: vec![Place {
            slug: "maison".to_owned(),
            name: "Maison des associations".to_owned(),
            address: "Rue de l’Exemple 1, Genève".to_owned(),
            latitude: Some(46.2),
            longitude: Some(6.14),
            access: String::new(),
        }],
        organisations: vec![Organisation {
            slug: "collectif".to_owned(),
            name: "Collectif".to_owned(),
            url: "https://collectif.example.org".to_owned(),
            summary: String::new(),
        }],
        press: Vec::new(),
        sessions,
    }
}

/// A session of so many seats; its id comes from its slug, so that two editions have the same one. The first
/// begins on the first day at 10:00, local time, and lasts an hour.
pub fn session(slug: &str, seats: i64) -> DraftSession {
    let start = NaiveTime::from_hms_opt(10, 0, 0).unwrap();
    let seed = slug.bytes().fold(7_u64, |seed, byte| seed.wrapping_mul(31).wrapping_add(u64::from(byte)));
    DraftSession {
        session: Session {
            slug: slug.to_owned(),
            id: Tokens::seeded(seed).id(chrono::DateTime::UNIX_EPOCH),
            title: format!("Session {slug}"),
            theme: Some("lab".to_owned()),
            formats: vec![Format::Workshop],
            date: first_day(),
            start: Some(start),
            end: Some(first_day().and_time(start) + TimeDelta::hours(1)),
            languages: vec!["fr".to_owned()],
            place: Some("maison".to_owned()),
            online: false,
            hosts: vec!["collectif".to_owned()],
            speakers: Vec::new(),
            r#abstract: "En deux mots.".to_owned(),
            description: "En *beaucoup* de mots.".to_owned(),
            tags: Vec::new(),
            access: Vec::new(),
            status: Status::Scheduled,
            text_language: None,
            recording: None,
            minutes: String::new(),
            cancel_reason: String::new(),
        },
        live: Live { capacity: Capacity::Seats(seats), ..Live::default() },
    }
}

/// The same session on another day of the programme, 0 for the first.
pub fn on_day(mut session: DraftSession, day: i64) -> DraftSession {
    session.session.date += TimeDelta::days(day);
    session.session.end = session.session.end.map(|end| end + TimeDelta::days(day));
    session
}

/// `seed/miso`, as it stands: its dates lie after the time of a test.
pub fn seed() -> Draft {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seed/miso");
    let (format, files) = import::read(&folder, Some(import::Format::Folder)).unwrap();
    let options = Options { slug: "miso".to_owned(), ..Options::default() };
    let tokens = Tokens::seeded(7);
    let mut id = || tokens.id(chrono::DateTime::UNIX_EPOCH);
    import::import(None, &files, format, &options, &mut id).unwrap().draft
}
