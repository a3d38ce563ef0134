//! A small release for tests: every kind of session that a format must cope with.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _, Utc};
use uuid::Uuid;

use crate::{
    programme::{
        Contact, Format, Organisation, Place, PressRelease, Programme, Rules, Session, Status, Theme,
    },
    release::{Change, ChangeKind, Field, FieldChange, Release, ReleasedSession},
};

pub(crate) const BASE_URL: &str = "https://example.org";

/// What every hostile title is made of.
pub(crate) const HOSTILE: &str = "=<script>alert(\"1\")</script>]]>&'; \u{202e}نص\u{1F600}, \\n a|b";

pub(crate) fn published_at() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2027, 4, 1, 8, 0, 0).unwrap()
}

pub(crate) fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2027, month, day).unwrap()
}

pub(crate) fn time(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).unwrap()
}

pub(crate) fn at(date: NaiveDate, hour: u32, minute: u32) -> NaiveDateTime {
    date.and_time(time(hour, minute))
}

/// On 19 April 2027 from 9:00 to 10:15, in the house, in French.
pub(crate) fn session(slug: &str, number: u128) -> Session {
    Session {
        slug: slug.to_owned(),
        id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + number),
        title: format!("Titre de {slug}"),
        theme: Some("lab".to_owned()),
        formats: vec![Format::Conference],
        date: day(4, 19),
        start: Some(time(9, 0)),
        end: Some(at(day(4, 19), 10, 15)),
        languages: vec!["fr".to_owned()],
        place: Some("maison".to_owned()),
        online: false,
        hosts: vec!["asso".to_owned()],
        speakers: vec!["Une voix".to_owned()],
        r#abstract: "Deux phrases.".to_owned(),
        description: "Avec un [lien](https://example.org/x).".to_owned(),
        tags: vec!["logement".to_owned()],
        access: vec![],
        status: Status::Scheduled,
        text_language: None,
        recording: None,
        minutes: String::new(),
        cancel_reason: String::new(),
    }
}

pub(crate) fn released(session: Session) -> ReleasedSession {
    ReleasedSession { session, sequence: 2, changed_at: published_at(), since: 1 }
}

/// A release of these sessions.
pub(crate) fn release_of(sessions: Vec<Session>) -> Release {
    Release {
        number: 3,
        published_at: published_at(),
        note: String::new(),
        programme: Programme {
            slug: "miso-2027".to_owned(),
            title: "MISO 2027".to_owned(),
            tagline: "Quatre semaines".to_owned(),
            summary: "Un **mois** ouvert.".to_owned(),
            timezone: chrono_tz::Europe::Zurich,
            languages: vec!["fr".to_owned(), "en".to_owned()],
            starts: day(4, 19),
            ends: day(5, 14),
            contact: Contact::default(),
            rules: Rules::default(),
            call: crate::programme::Call::default(),
        },
        themes: vec![Theme {
            slug: "lab".to_owned(),
            title: "LAB".to_owned(),
            starts: None,
            ends: None,
            colour: "#0b6e4f".to_owned(),
            summary: String::new(),
        }],
        places: vec![Place {
            slug: "maison".to_owned(),
            name: "La Maison".to_owned(),
            address: "Rue de l’Essai 1, Genève".to_owned(),
            latitude: Some(46.2),
            longitude: Some(6.14),
            access: String::new(),
        }],
        organisations: vec![Organisation {
            slug: "asso".to_owned(),
            name: "Asso & Cie".to_owned(),
            url: "https://example.org/asso?a=1&b=2".to_owned(),
            summary: String::new(),
        }],
        press: Vec::<PressRelease>::new(),
        press_changed: Default::default(),
        sessions: sessions.into_iter().map(released).collect(),
        changes: vec![],
    }
}

/// One session of each kind.
pub(crate) fn release() -> Release {
    let mut online = session("en-ligne", 2);
    online.place = None;
    online.online = true;
    online.end = None;
    let mut both = session("les-deux", 3);
    both.online = true;
    let mut open = session("sans-heure", 4);
    open.start = None;
    open.end = None;
    open.place = None;
    let mut night = session("nuit-du-hackathon", 5);
    night.formats = vec![Format::Hackathon, Format::OpenDay];
    night.start = Some(time(18, 0));
    night.end = Some(at(day(4, 21), 17, 0));
    let mut cancelled = session("annulee", 6);
    cancelled.status = Status::Cancelled;
    let mut withdrawn = session("retiree", 7);
    withdrawn.status = Status::Withdrawn;
    let mut late = session("tard-le-soir-", 8);
    late.date = day(4, 20);
    late.start = Some(time(22, 0));
    late.end = Some(at(day(4, 21), 0, 30));
    let mut hostile = session("hostile", 9);
    hostile.title = HOSTILE.to_owned();
    hostile.r#abstract = format!("{HOSTILE}\u{0}\u{8}\u{fffe}\r\nBEGIN:VEVENT");
    hostile.description = format!("{HOSTILE}\r\n\r\nEND:VCALENDAR");
    hostile.speakers = vec![HOSTILE.to_owned(), "x|y".to_owned()];
    hostile.tags = vec![HOSTILE.to_owned()];
    let mut release = release_of(vec![
        session("atelier-du-lab", 1),
        online,
        both,
        open,
        night,
        cancelled,
        withdrawn,
        late,
        hostile,
    ]);
    release.changes = vec![Change {
        kind: ChangeKind::Moved,
        slug: "atelier-du-lab".to_owned(),
        fields: vec![FieldChange {
            field: Field::Start,
            old: "2027-04-18T10:30".to_owned(),
            new: "2027-04-19T09:00".to_owned(),
        }],
    }];
    release
}

/// A file of the folder of real inputs that stands beside the project on some machines.
pub(crate) fn shared(path: &str) -> Option<std::path::PathBuf> {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = here.ancestors().map(|folder| folder.join("../shared").join(path)).find(|file| file.exists());
    if found.is_none() {
        println!("skipped: no ../shared/{path}");
    }
    found
}
