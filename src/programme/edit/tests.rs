use chrono::{NaiveDate, NaiveTime};
use proptest::prelude::*;

use super::{frame::Kind, *};
use crate::programme::{
    Capacity, Contact, Format, Organisation, Place, PressRelease, Programme, Registration, Rules, Session,
    Theme,
};

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2027, month, day).unwrap()
}

fn draft() -> Draft {
    let place = |slug: &str| Place {
        slug: slug.to_owned(),
        name: format!("Salle {slug}"),
        address: String::new(),
        latitude: Some(46.2),
        longitude: Some(6.14),
        access: String::new(),
    };
    let mut draft = Draft {
        programme: Programme {
            slug: "miso".to_owned(),
            title: "MISO".to_owned(),
            tagline: "Quatre semaines".to_owned(),
            summary: "Un *mois*.\n\nDeux lignes.".to_owned(),
            timezone: chrono_tz::Tz::Europe__Zurich,
            languages: vec!["fr".to_owned(), "en".to_owned()],
            starts: day(3, 1),
            ends: day(4, 30),
            contact: Contact { email: Some("info@example.org".to_owned()), ..Contact::default() },
            call: crate::programme::Call::default(),
            rules: Rules {
                capacity: Some(60),
                opens: Some(RegistrationTime::DaysBefore(30)),
                quiet: Some(["21:00".to_owned(), "08:00".to_owned()]),
                reminders: vec!["1d".to_owned(), "1h".to_owned()],
                per_week: Some(5),
                ..Rules::default()
            },
        },
        themes: vec![Theme {
            slug: "lab".to_owned(),
            title: "Le LAB".to_owned(),
            starts: Some(day(3, 1)),
            ends: None,
            colour: "#0b6e4f".to_owned(),
            summary: "Une semaine.".to_owned(),
        }],
        places: vec![place("aula"), place("jardin")],
        organisations: vec![Organisation {
            slug: "hug".to_owned(),
            name: "Hôpitaux \"universitaires\"".to_owned(),
            url: "https://example.org".to_owned(),
            summary: String::new(),
        }],
        press: vec![PressRelease {
            slug: "ouverture".to_owned(),
            title: "Ça \"commence\"".to_owned(),
            place: "Genève".to_owned(),
            date: day(3, 1),
            language: "gsw".to_owned(),
            body: "+++\n\n- un\n- deux".to_owned(),
        }],
        sessions: Vec::new(),
    };
    let forum = DraftSession {
        session: Session {
            slug: "forum".to_owned(),
            id: Uuid::from_u128(1),
            title: "Forum | ouvert".to_owned(),
            theme: Some("lab".to_owned()),
            formats: vec![Format::OpenForum, Format::Workshop],
            date: day(3, 22),
            start: NaiveTime::from_hms_opt(18, 30, 0),
            end: day(3, 22).and_hms_opt(20, 0, 0),
            languages: vec!["fr".to_owned()],
            place: Some("aula".to_owned()),
            online: true,
            hosts: vec!["hug".to_owned()],
            speakers: vec!["Ana | Élite".to_owned(), "Bo \\".to_owned()],
            r#abstract: "En deux\nlignes".to_owned(),
            description: "# Titre\n\n- un\n- deux".to_owned(),
            tags: vec!["eau".to_owned()],
            access: vec![
                crate::programme::Access::StepFree,
                crate::programme::Access::Text("Chien".to_owned()),
            ],
            status: Status::Scheduled,
            cancel_reason: String::new(),
            text_language: Some("en".to_owned()),
            recording: None,
            minutes: String::new(),
        },
        live: Live {
            join_url: Some("https://example.org/salle".to_owned()),
            capacity: Capacity::Seats(12),
            registration: Registration::External("https://example.org/ici".to_owned()),
            opens: "2027-03-01T09:00:00".parse().ok().map(RegistrationTime::At),
            closes: Some(RegistrationTime::HoursBefore(2)),
            queue: Some(crate::programme::QueueMode::Offer),
            held: [("partner".to_owned(), 5)].into(),
        },
    };
    draft.sessions = vec![forum];
    draft
}

fn said(cells: &[(&'static str, &str)]) -> Cells {
    cells.iter().map(|(field, cell)| (*field, (*cell).to_owned())).collect()
}

fn wrong(cells: &[(&'static str, &str)]) -> Vec<(&'static str, &'static str)> {
    let mistakes = change(&draft(), "forum", &said(cells)).unwrap_err();
    mistakes.iter().map(|mistake| (mistake.field, mistake.why.code())).collect()
}

#[test]
fn a_form_that_is_sent_back_as_it_was_changes_nothing() {
    let draft = draft();
    let forum = &draft.sessions[0];
    assert_eq!(change(&draft, "forum", &cells_of(forum)), Ok(forum.clone()));
    for kind in Kind::ALL {
        let slug = kind.names(&draft)[0].0.to_owned();
        let cells = kind.cells(&draft, &slug).unwrap();
        assert_eq!(cells.keys().len(), kind.fields().len());
        assert_eq!(frame::put(&draft, kind, Some(&slug), &cells), Ok((draft.clone(), slug)), "{kind:?}");
    }
    let settings = frame::settings_of(&draft.programme);
    assert_eq!(settings.keys().len(), frame::SETTINGS.len());
    assert_eq!(frame::settings(&draft.programme, &settings), Ok(draft.programme.clone()));
}

#[test]
fn slug_id_and_status_are_not_for_the_form_to_say() {
    let sent =
        said(&[("slug", "autre"), ("status", "withdrawn"), ("cancel_reason", "x"), ("title", "Autre titre")]);
    let after = change(&draft(), "forum", &sent).unwrap();
    let session = &after.session;
    assert_eq!(
        (session.slug.as_str(), session.id, session.status),
        ("forum", Uuid::from_u128(1), Status::Scheduled)
    );
    assert_eq!((session.title.as_str(), session.cancel_reason.as_str()), ("Autre titre", ""));
}

#[test]
fn every_mistake_is_found_at_once_each_at_its_field() {
    let mut found = wrong(&[
        ("title", " "),
        ("theme", "nope"),
        ("format", "Game Jam"),
        ("date", "2027-02-30"),
        ("start", "demain"),
        ("end", "bientôt"),
        ("language", "klingonais"),
        ("place", "nope"),
        ("online", "peut-être"),
        ("join_url", "javascript:alert(1)"),
        ("capacity", "beaucoup"),
        ("registration", "data:text/html,x"),
        ("hosts", "hug|nope"),
        ("speakers", "a\u{7}"),
        ("opens", "hier"),
        ("closes", "-7w"),
        ("queue", "x"),
        ("held", "partner"),
        ("text_language", "???"),
        ("recording", "ftp://example.org/"),
    ]);
    found.sort_unstable();
    assert_eq!(
        found,
        [
            ("capacity", "form"),
            ("closes", "form"),
            ("date", "day"),
            ("end", "form"),
            ("format", "form"),
            ("held", "form"),
            ("hosts", "unknown"),
            ("join_url", "form"),
            ("language", "form"),
            ("online", "form"),
            ("opens", "form"),
            ("place", "unknown"),
            ("queue", "form"),
            ("recording", "form"),
            ("registration", "form"),
            ("speakers", "control"),
            ("start", "form"),
            ("text_language", "form"),
            ("theme", "unknown"),
            ("title", "empty"),
        ]
    );
}

#[test]
fn each_kind_of_mistake_is_told_by_its_name() {
    let long = "x".repeat(301);
    let longer = "x".repeat(50_001);
    for (cells, expected) in [
        (&[("title", long.as_str())][..], &[("title", "long")][..]),
        (&[("description", longer.as_str())], &[("description", "long")]),
        (&[("minutes", "a\u{0}")], &[("minutes", "control")]),
        (&[("date", "")], &[("date", "empty")]),
        (&[("date", "2027-13-01")], &[("date", "day")]),
        (&[("date", "2027-03-28"), ("start", "02:30"), ("end", "")], &[("start", "summer-time")]),
        (&[("end", "2027-03-21 12:00")], &[("end", "ends-before")]),
        (&[("opens", "2027-03-20"), ("closes", "2027-03-19")], &[("closes", "closes-before")]),
        (&[("closes", "2027-03-23")], &[("closes", "closes-after")]),
        (&[("opens", "2027-03-22 17:00")], &[("closes", "closes-before")]),
        (&[("opens", "2027-03-22 19:00"), ("closes", "")], &[("opens", "opens-late")]),
        (&[("opens", "2027-03-28 02:30"), ("date", "2027-04-01")], &[("opens", "summer-time")]),
        (&[("held", "a:1|a:2")], &[("held", "twice")]),
    ] {
        assert_eq!(wrong(cells), expected, "{cells:?}");
    }
}

#[test]
fn times_that_a_file_brought_are_no_reason_to_refuse_another_title() {
    let mut draft = draft();
    draft.sessions[0].live.closes = "2027-03-25T09:00:00".parse().ok().map(RegistrationTime::At);

    assert!(change(&draft, "forum", &said(&[("title", "Autre")])).is_ok());
    assert!(change(&draft, "forum", &said(&[("date", "2027-03-23")])).is_err());
}

#[test]
fn a_new_session_gets_a_slug_from_its_title_that_nobody_has() {
    let draft = draft();
    let new = |cells: &[(&'static str, &str)]| add(&draft, &said(cells), Uuid::from_u128(2));
    let day = ("date", "2027-03-23");

    assert_eq!(new(&[("title", "Forum"), day]).unwrap().session.slug, "forum-2");
    let other = new(&[("title", "Été à l’eau"), ("slug", "eau"), day, ("status", "cancelled")]).unwrap();
    assert_eq!((other.session.slug.as_str(), other.session.status), ("eau", Status::Scheduled));
    let mistakes = new(&[("title", ""), ("slug", "forum")]).unwrap_err();
    let mut found: Vec<_> = mistakes.iter().map(|mistake| (mistake.field, mistake.why.code())).collect();
    found.sort_unstable();
    assert_eq!(found, [("date", "empty"), ("slug", "taken"), ("title", "empty")]);
    assert_eq!(
        new(&[("title", "X"), ("slug", "É!"), day]).unwrap_err()[0],
        Mistake { field: "slug", why: Why::Form, value: "É!".to_owned() }
    );
}

#[test]
fn what_is_live_is_told_by_its_keys() {
    let before = draft().sessions.remove(0);
    let change = |cells: &[(&'static str, &str)]| {
        let after = change(&draft(), "forum", &said(cells)).unwrap();
        keys(&before.live, &after.live)
    };
    assert_eq!(change(&[("title", "Autre")]), []);
    assert_eq!(change(&[("capacity", "13"), ("held", "")]), [Key::Capacity, Key::Held]);
    assert_eq!(
        change(&[
            ("capacity", ""),
            ("registration", "open"),
            ("opens", ""),
            ("closes", ""),
            ("queue", ""),
            ("join_url", "")
        ])
        .len(),
        6
    );
}

#[test]
fn a_series_keeps_its_local_hour_over_summer_time_and_numbers_its_slugs() {
    let mut draft = draft();
    let mut other = draft.sessions[0].clone();
    other.session.slug = "forum-2".to_owned();
    draft.sessions.push(other);
    let mut ids = 10..;
    let dates =
        series::dates(day(3, 22), series::Every::Weeks(1), series::Until::Times(2), &Default::default());

    let made =
        series::sessions(&draft, &draft.sessions[0], &dates, &mut || Uuid::from_u128(ids.next().unwrap()))
            .unwrap();

    let zone = draft.programme.timezone;
    let told: Vec<_> = made
        .iter()
        .map(|one| {
            (
                one.session.slug.as_str(),
                one.session.starts_at(zone).to_rfc3339(),
                one.session.end.unwrap().to_string(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("forum-3", "2027-03-29T16:30:00+00:00".to_owned(), "2027-03-29 20:00:00".to_owned()),
            ("forum-4", "2027-04-05T16:30:00+00:00".to_owned(), "2027-04-05 20:00:00".to_owned()),
        ],
        "18:30 in Geneva, which was 17:30 UTC on the 22nd"
    );
    assert_ne!(made[0].session.id, made[1].session.id);
    let at = "2027-03-08T09:00:00".parse().ok().map(RegistrationTime::At);
    assert_eq!(made[0].live.opens, at, "a week later, at the same hour");

    draft.sessions[0].session.start = NaiveTime::from_hms_opt(2, 30, 0);
    draft.sessions[0].session.end = None;
    let skipped =
        series::sessions(&draft, &draft.sessions[0], &[day(3, 28)], &mut || Uuid::nil()).unwrap_err();
    assert_eq!((skipped[0].why, skipped[0].value.as_str()), (Why::SummerTime, "2027-03-28"));
}

#[test]
fn themes_places_and_organisations_say_what_is_wrong_and_go_only_when_nobody_bears_them() {
    let draft = draft();
    let wrong = |kind, cells: &[(&'static str, &str)]| {
        let mistakes = frame::put(&draft, kind, None, &said(cells)).unwrap_err();
        mistakes.iter().map(|mistake| (mistake.field, mistake.why.code())).collect::<Vec<_>>()
    };
    assert_eq!(
        wrong(
            Kind::Theme,
            &[
                ("title", "x\ny"),
                ("slug", "lab"),
                ("colour", "rouge"),
                ("starts", "2027-03-02"),
                ("ends", "2027-03-01"),
                ("summary", "")
            ]
        ),
        [("slug", "taken"), ("ends", "ends-before"), ("colour", "form"), ("title", "control")]
    );
    assert_eq!(
        wrong(Kind::Place, &[("name", ""), ("latitude", "91"), ("longitude", "x")]),
        [("latitude", "form"), ("longitude", "form"), ("name", "empty")]
    );
    assert_eq!(
        wrong(Kind::Place, &[("name", "x"), ("latitude", "46"), ("longitude", "")]),
        [("latitude", "alone")]
    );
    assert_eq!(wrong(Kind::Organisation, &[("name", "x"), ("url", "javascript:1")]), [("url", "form")]);

    let (after, slug) = frame::put(&draft, Kind::Theme, None, &said(&[("title", "Le LAB")])).unwrap();
    assert_eq!(
        (slug.as_str(), after.themes[1].colour.as_str()),
        ("le-lab", "#1d4ed8"),
        "a colour that is free"
    );
    assert_eq!(frame::remove(&after, Kind::Theme, "le-lab"), Ok(draft.clone()));
    assert_eq!(frame::remove(&draft, Kind::Theme, "lab").unwrap_err().why, Why::InUse);
    assert_eq!(frame::remove(&draft, Kind::Place, "nope").unwrap_err().why, Why::Unknown);
}

#[test]
fn settings_and_new_programmes_say_everything_that_is_wrong() {
    let draft = draft();
    let cells = said(&[
        ("title", ""),
        ("timezone", "Mars/Olympus"),
        ("starts", "2027-04-02"),
        ("ends", "2027-04-01"),
        ("languages", "fr|klingonais"),
        ("contact.email", "x"),
        ("rules.capacity", "-1"),
        ("rules.per_week", "x"),
        ("rules.quiet", "21:00"),
        ("rules.reminders", "1d|1d"),
        ("rules.opens", "demain"),
    ]);
    let mistakes = frame::settings(&draft.programme, &cells).unwrap_err();
    let mut found: Vec<_> = mistakes.iter().map(|mistake| (mistake.field, mistake.why.code())).collect();
    found.sort_unstable();
    assert_eq!(
        found,
        [
            ("contact.email", "form"),
            ("ends", "ends-before"),
            ("languages", "form"),
            ("rules.capacity", "form"),
            ("rules.opens", "form"),
            ("rules.per_week", "form"),
            ("rules.quiet", "form"),
            ("rules.reminders", "twice"),
            ("timezone", "form"),
            ("title", "empty"),
        ]
    );
    let new = |slug: &str, ends: &str| {
        let cells = said(&[
            ("slug", slug),
            ("title", "Festival"),
            ("timezone", "Europe/Paris"),
            ("starts", "2027-06-01"),
            ("ends", ends),
            ("languages", "fr"),
        ]);
        frame::programme(&cells, |slug| slug == "miso")
    };
    assert_eq!(new("festival", "2027-06-30").unwrap().programme.title, "Festival");
    for (slug, why) in [("miso", Why::Taken), ("office", Why::Form), ("", Why::Empty), ("É", Why::Form)] {
        assert_eq!(new(slug, "2027-06-30").unwrap_err()[0].why, why, "{slug}");
    }
    assert_eq!(new("festival", "").unwrap_err(), [Mistake::new("ends", Why::Empty)]);
}

proptest! {
    #[test]
    fn whatever_is_typed_is_kept_as_a_file_keeps_it_or_refused(
        title in "\\PC{0,20}|[\"\\\\|'\n\t=]{0,8}", text in "(?s).{0,40}", list in prop::collection::vec("[a-z|\\\\é'=]{0,6}", 0..4)
    ) {
        let draft = draft();
        let cells = Cells::from([("title", title), ("description", text), ("tags", cells::list(&list))]);
        if let Ok(after) = change(&draft, "forum", &cells) {
            prop_assert_eq!(change(&draft, "forum", &cells_of(&after)), Ok(after.clone()));
        }
        let names = Cells::from([("name", cells["title"].clone()), ("summary", cells["description"].clone()), ("url", String::new())]);
        if let Ok((after, _)) = frame::put(&draft, Kind::Organisation, Some("hug"), &names) {
            let again = Kind::Organisation.cells(&after, "hug").unwrap();
            prop_assert_eq!(frame::put(&after, Kind::Organisation, Some("hug"), &again), Ok((after.clone(), "hug".to_owned())));
        }
    }
}
