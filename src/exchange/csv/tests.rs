use proptest::prelude::*;

use super::*;
use crate::{
    exchange::sample::{self, at, day, session},
    programme::{Access, Capacity, DraftSession, QueueMode, Registration, RegistrationTime},
};

fn draft(sessions: Vec<(Session, Live)>) -> Draft {
    let release = sample::release_of(vec![]);
    Draft {
        programme: release.programme,
        themes: release.themes,
        places: release.places,
        organisations: release.organisations,
        press: vec![],
        sessions: sessions.into_iter().map(|(session, live)| DraftSession { session, live }).collect(),
    }
}

fn rows(bytes: &[u8], delimiter: u8) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).delimiter(delimiter).from_reader(bytes);
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// As the importer takes a guard off.
fn unguarded(cell: &str) -> &str {
    match cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        true => cell.strip_prefix('\'').unwrap_or(cell),
        false => cell,
    }
}

fn live() -> Live {
    Live {
        join_url: Some("https://meet.example.org/secret".to_owned()),
        capacity: Capacity::Seats(40),
        registration: Registration::Invitation,
        opens: Some(RegistrationTime::At(at(day(4, 1), 9, 0))),
        closes: Some(RegistrationTime::At(at(day(4, 18), 23, 59))),
        queue: Some(QueueMode::Offer),
        held: [("press".to_owned(), 2), ("partner".to_owned(), 5)].into(),
    }
}

#[test]
fn a_row_holds_every_field_as_the_importer_reads_it() {
    let mut one = session("atelier-du-lab", 1);
    one.languages = vec!["fr".to_owned(), "en".to_owned()];
    one.online = true;
    one.speakers = vec!["a|b".to_owned(), "c".to_owned()];
    one.access = vec![Access::StepFree, Access::Text("boucle".to_owned())];
    one.status = Status::Cancelled;
    one.text_language = Some("en".to_owned());
    one.recording = Some("https://video.example.org/lab".to_owned());
    one.minutes = "Un *banc*.".to_owned();
    one.cancel_reason = "La salle est en travaux.".to_owned();

    let rows = rows(&full_csv(&draft(vec![(one, live())]), Dialect::Plain), b',');

    assert_eq!(rows[0], COLUMNS);
    assert_eq!(
        rows[1],
        [
            "atelier-du-lab",
            "Titre de atelier-du-lab",
            "lab",
            "conference",
            "2027-04-19",
            "09:00",
            "10:15",
            "fr|en",
            "maison",
            "true",
            "https://meet.example.org/secret",
            "40",
            "invitation",
            "asso",
            "a\\|b|c",
            "Deux phrases.",
            "Avec un [lien](https://example.org/x).",
            "logement",
            "step-free|boucle",
            "cancelled",
            "2027-04-01T09:00",
            "2027-04-18T23:59",
            "offer",
            "partner:5|press:2",
            "en",
            "https://video.example.org/lab",
            "Un *banc*.",
            "La salle est en travaux.",
        ]
    );
}

#[test]
fn the_public_file_never_holds_the_join_address() {
    let text = public_csv(&sample::release(), &|_| Some(live()));
    assert!(!text.contains("secret") && !text.contains("join_url"));
    let rows = rows(text.as_bytes(), b',');
    assert_eq!(rows.len(), 1 + 8);
    assert_eq!(rows[0].len(), 27);
    assert_eq!(rows[1][10], "40");
}

#[test]
fn excel_finds_its_bom_and_semicolons() {
    let bytes = full_csv(&draft(vec![(session("un", 1), Live::default())]), Dialect::Excel);
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.starts_with("\u{feff}slug;title;theme;"));
    assert_eq!(rows(text.trim_start_matches('\u{feff}').as_bytes(), b';')[1][0], "un");
}

#[test]
fn registrations_are_listed_and_names_are_no_formulas() {
    let row = RegistrationRow {
        session: "un".to_owned(),
        state: "waiting".to_owned(),
        position: Some(3),
        people: 2,
        name: "=HYPERLINK(\"x\")".to_owned(),
        email: "+a@example.org".to_owned(),
        organisation: "Asso; & Cie;=cmd,\"@x\n-1".to_owned(),
        language: "fr".to_owned(),
        registered_at: sample::published_at(),
        access_needs: "-".to_owned(),
        attended: Some(1),
        code: String::new(),
    };
    let rows = rows(&registrations_csv(&[row], Dialect::Plain), b',');
    assert_eq!(rows[0], REGISTRATION_COLUMNS);
    assert_eq!(
        rows[1],
        [
            "un",
            "waiting",
            "3",
            "2",
            "'=HYPERLINK(\"x\")",
            "'+a@example.org",
            "Asso; & Cie;'=cmd,\"'@x\n'-1",
            "fr",
            "2027-04-01T08:00:00Z",
            "'-",
            "1",
            ""
        ]
    );
}

proptest! {
    #[test]
    fn every_text_comes_back_and_none_is_a_formula(
        title in "['=+@\\t\\r\\n,;|\"a-]{0,8}|\\PC{0,40}", excel in any::<bool>(),
    ) {
        let mut one = session("un", 1);
        one.title = title.clone();
        let (dialect, delimiter) = if excel { (Dialect::Excel, b';') } else { (Dialect::Plain, b',') };
        let bytes = full_csv(&draft(vec![(one, Live::default())]), dialect);
        let cell = rows(&bytes, delimiter)[1][1].clone();
        prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']));
        prop_assert_eq!(unguarded(&cell), title);
    }
}
