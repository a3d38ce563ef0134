//! Tables of strangers: each imports, or says what is wrong and what would be right.

use std::time::Instant;

use super::*;
use crate::harness::shared;

#[test]
fn strangers_tables_say_what_is_wrong_with_them() {
    let Some(folder) = shared("data/csv/quirks") else { return };
    let said = |file: &str| refused(&folder.join(file), "");

    insta::assert_snapshot!(said("bad.csv"), @"");
    insta::assert_snapshot!(said("dummy_col_shuffled_ragged.csv"), @"");
    insta::assert_snapshot!(said("mac_newlines.csv"), @"");
    insta::assert_snapshot!(said("null_byte.csv"), @"");
    insta::assert_snapshot!(said("optional_quote_characters.csv"), @"");
    insta::assert_snapshot!(said("sheets.xlsx"), @"");
    insta::assert_snapshot!(said("test_date_format.csv"), @"");
    insta::assert_snapshot!(said("test_header_newline.csv"), @"");
    insta::assert_snapshot!(said("test_latin1.csv"), @"");
    insta::assert_snapshot!(said("test_utf8_bom.csv"), @"");
    insta::assert_snapshot!(said("camp99-schedule.csv"), @"");
    insta::assert_snapshot!(said("sendezentrum-31c3-schedule.csv"), @"");
}

#[test]
fn with_a_map_strangers_tables_are_read_as_far_as_they_can_be() {
    let Some(folder) = shared("data/csv/quirks") else { return };
    let said = |file: &str, map: &str| refused(&folder.join(file), map);
    let first = |text: String| text.lines().take(4).collect::<Vec<_>>().join("\n");

    let map = "title = \"Titel\"\nspeakers = \"Teilnehmer\"\nformat = \"\"\n";
    insta::assert_snapshot!(first(said("sendezentrum-31c3-schedule.csv", map)), @"");
    let map = "date = \"day\"\nstart = \"start_hour\"\n";
    insta::assert_snapshot!(first(said("camp99-schedule.csv", map)), @"");
    let map = "title = \"a\"\nslug = \"b\"\n";
    insta::assert_snapshot!(said("null_byte.csv", map), @"");
    insta::assert_snapshot!(said("mac_newlines.csv", "title = \"A\"\ndate = \"b\"\n"), @"");
    insta::assert_snapshot!(said("test_latin1.csv", "title = \"c\"\ndate = \"a\"\n"), @"");
}

#[test]
fn a_real_festivals_dates_that_nobody_can_read_are_said_row_by_row() {
    let Some(path) = shared("data/geneva/opengeneva-2018-events-full.derived.csv") else { return };

    insta::assert_snapshot!(refused(&path, OPEN_GENEVA), @"");

    // With those cells put right, all 28 are there, and a second time nothing changes.
    let mut text = std::fs::read_to_string(&path).unwrap();
    for (wrong, right) in [
        ("14-04 08:30-20:00", "14-04-2018 08:30"),
        ("15-04 08:30-18:30", "15-04-2018 18:30"),
        ("14-04 14:00", "14-04-2018 14:00"),
        ("14-04 18:00", "14-04-2018 18:00"),
        ("14-04 - afternoon", "14-04-2018"),
        ("14-04 evening/night", ""),
        ("10-04 - morning", "10-04-2018"),
        ("11-04- afternoon", ""),
        ("13-04 morning", "13-04-2018"),
        ("14-04 night", ""),
        ("14-04 afternoon", "14-04-2018 16:00"),
    ] {
        text = text.replace(wrong, right);
    }
    let map = Some(ColumnMap::parse("map.toml", OPEN_GENEVA).unwrap());
    let options = Options { slug: "open-geneva".to_owned(), map, ..Options::default() };
    let file = one("og.csv", text);
    let first = run(None, &file, &options).unwrap();
    assert_eq!(counts(&first), (28, 0, 0));
    let again = run(Some(&first.draft), &file, &options).unwrap();
    assert_eq!((counts(&again), again.draft), ((0, 0, 0), first.draft));
}

/// The map of that festival's columns.
pub(super) const OPEN_GENEVA: &str = r#"title = "event_title"
date = "when_start"
start = "when_start"
end = "when_end"
description = "event_description"
hosts = "institution"
place = "location_address"
registration = ""
"#;

#[test]
fn three_thousand_festivals_are_read_quickly_or_said_row_by_row() {
    let Some(path) = shared("data/csv/panorama-des-festivals.csv") else { return };
    let map = "title = \"nom_de_la_manifestation\"\ndate = \"date_debut_ancien\"\nend = \"date_de_fin_ancien\"\n\
               place = \"commune_principale\"\ntags = \"domaine\"\n";
    let clock = Instant::now();

    let problems = refused(&path, map);

    println!("{:?}: {} problems", clock.elapsed(), problems.lines().count());
    println!("{}", problems.lines().take(12).collect::<Vec<_>>().join("\n"));
    assert!(clock.elapsed().as_secs() < 10, "{:?}", clock.elapsed());
}
