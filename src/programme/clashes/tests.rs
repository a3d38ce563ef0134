use chrono::{NaiveDate, NaiveTime, TimeDelta, TimeZone as _};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::programme::{Contact, DraftSession, Format, Live, Programme, Rules};

fn monday() -> NaiveDate {
    NaiveDate::from_ymd_opt(2027, 4, 19).unwrap()
}

/// A session on Monday, from one hour to another, that shares nothing with anybody.
fn session(slug: &str, from: u32, to: u32) -> DraftSession {
    let at = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    DraftSession {
        session: Session {
            slug: slug.to_owned(),
            id: Uuid::nil(),
            title: slug.to_owned(),
            theme: None,
            formats: vec![Format::Workshop],
            date: monday(),
            start: Some(at(from)),
            end: Some(monday().and_time(at(to))),
            languages: Vec::new(),
            place: None,
            online: false,
            hosts: Vec::new(),
            speakers: Vec::new(),
            r#abstract: String::new(),
            description: String::new(),
            tags: Vec::new(),
            access: Vec::new(),
            status: Status::Scheduled,
            text_language: None,
            recording: None,
            minutes: String::new(),
            cancel_reason: String::new(),
        },
        live: Live::default(),
    }
}

fn with(mut session: DraftSession, change: impl FnOnce(&mut Session)) -> DraftSession {
    change(&mut session.session);
    session
}

fn draft(sessions: Vec<DraftSession>) -> Draft {
    Draft {
        programme: Programme {
            slug: "miso".to_owned(),
            title: String::new(),
            tagline: String::new(),
            summary: String::new(),
            timezone: Tz::Europe__Zurich,
            languages: Vec::new(),
            starts: monday(),
            ends: monday(),
            contact: Contact::default(),
            rules: Rules::default(),
            call: crate::programme::Call::default(),
        },
        themes: Vec::new(),
        places: Vec::new(),
        organisations: Vec::new(),
        press: Vec::new(),
        sessions,
    }
}

fn found(sessions: Vec<DraftSession>) -> Vec<(Shared, String, String)> {
    let said = |clash: Clash| (clash.shared, clash.name.clone(), clash.sessions.join(" "));
    of(&draft(sessions)).into_iter().map(said).collect()
}

#[test]
fn one_room_one_person_and_one_organisation_are_in_one_place_at_a_time() {
    let in_room = |slug, from, to| with(session(slug, from, to), |it| it.place = Some("aula".to_owned()));
    assert_eq!(
        found(vec![in_room("b", 10, 12), in_room("a", 9, 11), in_room("c", 12, 13)]),
        [(Shared::Place, "aula".to_owned(), "a b".to_owned())],
        "one after the other is no clash"
    );
    let speaks = |slug, name: &str| with(session(slug, 9, 10), |it| it.speakers = vec![name.to_owned()]);
    assert_eq!(
        found(vec![speaks("a", "Ana Élite"), speaks("b", "ana elite "), speaks("c", "Ana")]),
        [(Shared::Speaker, "Ana Élite".to_owned(), "a b".to_owned())]
    );
    let brings = |slug, hosts: &[&str]| {
        with(session(slug, 9, 10), |it| it.hosts = hosts.iter().map(|host| (*host).to_owned()).collect())
    };
    assert_eq!(
        found(vec![brings("a", &["x", "y", "x"]), brings("b", &["z", "x"])]),
        [(Shared::Organisation, "x".to_owned(), "a b".to_owned())]
    );
}

#[test]
fn what_has_no_hour_or_does_not_take_place_is_in_nobody_s_way() {
    let in_room = |slug| with(session(slug, 9, 10), |it| it.place = Some("aula".to_owned()));
    let sessions = vec![
        in_room("a"),
        with(in_room("b"), |it| it.start = None),
        with(in_room("c"), |it| it.status = Status::Cancelled),
        with(in_room("d"), |it| it.status = Status::Withdrawn),
        with(in_room("e"), |it| it.date += TimeDelta::days(1)),
    ];
    assert_eq!(found(sessions), []);
}

#[test]
fn a_crowd_of_one_theme_is_told_once_when_it_is_largest() {
    let of_theme = |slug, from, to| with(session(slug, from, to), |it| it.theme = Some("lab".to_owned()));
    let three = vec![of_theme("a", 9, 12), of_theme("b", 9, 12), of_theme("c", 10, 12)];
    assert_eq!(found(three.clone()), []);

    let mut more = three;
    more.extend([of_theme("d", 10, 11), of_theme("e", 10, 13), of_theme("f", 14, 15)]);

    let clashes = of(&draft(more));
    assert_eq!(clashes.len(), 1);
    assert_eq!(clashes[0].sessions, ["a", "b", "c", "d", "e"]);
    assert_eq!(clashes[0].at, Utc.with_ymd_and_hms(2027, 4, 19, 8, 0, 0).unwrap());
    assert!(clashes[0].concerns("e") && !clashes[0].concerns("f"));
}

proptest! {
    #[test]
    fn every_pair_that_overlaps_in_a_room_is_found_and_no_other(
        hours in prop::collection::vec((0u32..20, 0u32..4), 0..12)
    ) {
        let sessions: Vec<_> = hours
            .iter()
            .enumerate()
            .map(|(at, (from, length))| {
                with(session(&format!("s{at:02}"), *from, from + length), |it| it.place = Some("aula".to_owned()))
            })
            .collect();
        let span = |one: &DraftSession| Span::of(&one.session, Tz::Europe__Zurich).unwrap();
        let mut expected = BTreeSet::new();
        for (at, one) in sessions.iter().enumerate() {
            for other in &sessions[at + 1..] {
                if span(one).overlaps(span(other)) {
                    expected.insert(BTreeSet::from([one.session.slug.clone(), other.session.slug.clone()]));
                }
            }
        }
        let found: BTreeSet<BTreeSet<String>> =
            of(&draft(sessions)).into_iter().map(|clash| clash.sessions.into_iter().collect()).collect();
        prop_assert_eq!(found, expected);
    }
}
