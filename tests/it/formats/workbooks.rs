//! Workbooks in and out: a real one of each kind, and ours, which change nothing.

use chrono::{DateTime, NaiveDate, NaiveTime};
use parvis::exchange::{csv::RegistrationRow, xlsx};

use super::*;
use crate::{
    builders::{miso, session},
    harness::shared,
};

#[test]
fn a_real_workbook_of_excel_and_of_libreoffice_brings_its_sessions() {
    for file in ["voc-schedule-example.xlsx", "voc-schedule-example.ods"] {
        let Some(path) = shared(&format!("data/schedules/{file}")) else { return };
        let read = import::read(&path, None).unwrap();
        let imported = take(None, &read, "og-kongress");

        assert_eq!(counts(&imported), (13, 0, 0), "{file}");
        let first =
            imported.draft.sessions.iter().find(|it| it.session.title.starts_with("Wie „Frag")).unwrap();
        let day = NaiveDate::from_ymd_opt(2016, 10, 27).unwrap();
        assert_eq!(
            (first.session.date, first.session.start),
            (day, NaiveTime::from_hms_opt(11, 45, 0)),
            "{file}"
        );
        assert_eq!(first.session.speakers.len(), 2, "{file}: two columns under one heading");
        assert_eq!(imported.draft.places.len(), 2, "{file}");
        assert_eq!(imported.lines[&first.session.slug], 7, "{file}");
        // The same again changes nothing.
        assert_eq!(counts(&take(Some(&imported.draft), &read, "og-kongress")), (0, 0, 0), "{file}");
    }
}

on_both_engines! {
    async fn our_own_workbook_changes_nothing(app: App) {
        let mut draft = miso((0..40).map(|n| session(&format!("s-{n}"), 3)).collect());
        let odd = &mut draft.sessions[0];
        odd.session.title = "=HYPERLINK(\"https://example.org\")".to_owned();
        odd.session.description = "'quoted\n\n- _x0041_ <b> & \u{e9} \u{1f389}".to_owned();
        odd.session.speakers = vec!["A | B".to_owned(), "@name".to_owned()];
        odd.session.tags = vec!["+1".to_owned()];
        app.publish(&draft).await;
        let before = stored(&app, "miso").await;

        let bytes = xlsx::sessions_xlsx(&before, DateTime::UNIX_EPOCH).unwrap();

        assert_no_difference(&before, &one("miso.xlsx", bytes), "XLSX");
    }
}

#[test]
fn a_text_that_excel_would_cut_off_makes_no_workbook() {
    let mut draft = miso(vec![session("s-0", 3)]);
    draft.sessions[0].session.description = "a".repeat(40_000);

    let refused = xlsx::sessions_xlsx(&draft, DateTime::UNIX_EPOCH).unwrap_err();

    assert_eq!(
        refused.to_string(),
        "the description of s-0 has more than 32767 characters, which Excel cannot hold; take CSV"
    );
}

#[test]
fn a_name_in_the_registrations_is_a_text_and_no_formula() {
    use calamine::{Data, Reader as _, Xlsx};
    let row = RegistrationRow {
        session: "s-0".to_owned(),
        state: "confirmed".to_owned(),
        position: None,
        people: 2,
        name: "=cmd|' /C calc'!A0".to_owned(),
        email: "a@example.org".to_owned(),
        organisation: "+41".to_owned(),
        language: "fr".to_owned(),
        registered_at: DateTime::UNIX_EPOCH,
        access_needs: "\u{1}@SUM(A1)".to_owned(),
        attended: Some(1),
        code: "abcd-efgh".to_owned(),
    };

    let bytes = xlsx::registrations_xlsx(&[row], DateTime::UNIX_EPOCH).unwrap();

    let mut book = Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
    let formulas = book.worksheet_formula("registrations").unwrap();
    assert_eq!(formulas.used_cells().count(), 0);
    let cells = book.worksheet_range("registrations").unwrap();
    let text = |column| cells.get_value((1, column)).cloned().unwrap();
    assert_eq!(text(4), Data::String("=cmd|' /C calc'!A0".to_owned()));
    assert_eq!(text(6), Data::String("+41".to_owned()));
    assert_eq!(text(3), Data::Float(2.0));
}

#[test]
fn ten_thousand_rows_are_read_and_more_than_twenty_thousand_are_refused() {
    let csv = |rows: usize| {
        let rows: String =
            (0..rows).map(|row| format!("s-{row:06},Séance {row},2027-04-19,10:30\n")).collect();
        one("t.csv", format!("slug,titre,jour,début\n{rows}"))
    };
    let options = Options { slug: "miso".to_owned(), ..Options::default() };

    assert_eq!(counts(&run(None, &csv(10_000), &options).unwrap()), (10_000, 0, 0));
    assert_eq!(
        said(&run(None, &csv(20_001), &options).unwrap_err()),
        "t.csv:20002: has more than 20000 rows; at most 20000 are read"
    );
}
