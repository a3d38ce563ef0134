//! Tables of strangers: each imports, or says what is wrong and what would be right.

use std::time::Instant;

use super::*;
use crate::harness::shared;

#[test]
fn strangers_tables_say_what_is_wrong_with_them() {
    let Some(folder) = shared("data/csv/quirks") else { return };
    let said = |file: &str| refused(&folder.join(file), "");
    let no_heading = |file: &str, headings: &str| {
        format!(
            "{file}:1: no column is a slug or a title; the headings are {headings:?}, ours are slug, title, theme, \
             format, date, start, end, language, place, online, join_url, capacity, registration, hosts, speakers, \
             abstract, description, tags, access, status, opens, closes, queue, held, text_language, recording, minutes, cancel_reason; \
             --map says which column is what"
        )
    };

    for (file, headings) in [
        ("dummy_col_shuffled_ragged.csv", "b, c, a, d"),
        ("mac_newlines.csv", "a, b, c"),
        ("null_byte.csv", "a, b, c"),
        ("optional_quote_characters.csv", "a, b, c"),
        ("test_date_format.csv", "a"),
        ("test_header_newline.csv", "start end, b, c"),
        ("test_latin1.csv", "a, b, c"),
        ("test_utf8_bom.csv", "foo, bar, baz"),
    ] {
        assert_eq!(said(file), no_heading(file, headings));
    }
    let (first, rows) = (no_heading("bad.csv", "column_a, column_b, column_c"), said("bad.csv"));
    insta::assert_snapshot!(rows.strip_prefix(&first).unwrap(), @r"
bad.csv:2: this row has 4 cells and the headings are 3; a text with the separator in it needs quotes
bad.csv:3: this row has 2 cells and the headings are 3; a text with the separator in it needs quotes
");
    assert!(
        said("sheets.xlsx").starts_with("sheets.xlsx:1: no column is a slug or a title; the headings are ")
    );
    let (weekdays, years) = (said("camp99-schedule.csv"), said("sendezentrum-31c3-schedule.csv"));
    assert_eq!((weekdays.lines().count(), years.lines().count()), (32, 23));
    insta::assert_snapshot!(weekdays.lines().next().unwrap(), @r#"camp99-schedule.csv:2: day "Freitag": is no date; write it as 2027-04-19 or 19.04.2027"#);
    let last: Vec<_> = years.lines().rev().take(2).collect();
    insta::assert_snapshot!(last.join("\n"), @r#"
sendezentrum-31c3-schedule.csv:22: Time End "tbd": is no time; write it as 10:30 or 10h30, or 2027-04-20 12:00 on another day
sendezentrum-31c3-schedule.csv:22: Date "30/12/14": the year needs four digits, as in 19.04.2027
"#);
}

#[test]
fn with_a_map_strangers_tables_are_read_as_far_as_they_can_be() {
    let Some(folder) = shared("data/csv/quirks") else { return };
    let said = |file: &str, map: &str| refused(&folder.join(file), map);
    let first = |text: String| text.lines().take(4).collect::<Vec<_>>().join("\n");

    let map = "title = \"Titel\"\nspeakers = \"Teilnehmer\"\nformat = \"\"\n";
    insta::assert_snapshot!(first(said("sendezentrum-31c3-schedule.csv", map)), @r#"
sendezentrum-31c3-schedule.csv:2: Date "27/12/14": the year needs four digits, as in 19.04.2027
sendezentrum-31c3-schedule.csv:3: Date "27/12/14": the year needs four digits, as in 19.04.2027
sendezentrum-31c3-schedule.csv:4: Date "27/12/14": the year needs four digits, as in 19.04.2027
sendezentrum-31c3-schedule.csv:5: Date "27/12/14": the year needs four digits, as in 19.04.2027
"#);
    let map = "date = \"day\"\nstart = \"start_hour\"\n";
    insta::assert_snapshot!(first(said("camp99-schedule.csv", map)), @r#"
camp99-schedule.csv:2: day "Freitag": is no date; write it as 2027-04-19 or 19.04.2027
camp99-schedule.csv:2: start_hour "12": is no time; write it as 10:30 or 10h30, or leave it empty while it is not known
camp99-schedule.csv:6: day "Freitag": is no date; write it as 2027-04-19 or 19.04.2027
camp99-schedule.csv:6: start_hour "14": is no time; write it as 10:30 or 10h30, or leave it empty while it is not known
"#);
    let map = "title = \"a\"\nslug = \"b\"\n";
    insta::assert_snapshot!(said("null_byte.csv", map), @r#"
null_byte.csv:2: b "2": a slug has 3 to 100 of a-z, 0-9 and -, starts with a letter or digit
null_byte.csv:2: a "\0": holds the control character U+0000; it must be one line of text
null_byte.csv:2: a new session needs a date, and no column is one; the headings are "a, b, c"; --map says which column is what
"#);
    insta::assert_snapshot!(said("mac_newlines.csv", "title = \"A\"\ndate = \"b\"\n"), @r#"
mac_newlines.csv:2: b "2": is no date; write it as 2027-04-19 or 19.04.2027
mac_newlines.csv:3: a "Once upon\na time": holds a line end; it must be one line of text
mac_newlines.csv:3: b "5": is no date; write it as 2027-04-19 or 19.04.2027
"#);
    insta::assert_snapshot!(said("test_latin1.csv", "title = \"c\"\ndate = \"a\"\n"), @r#"
test_latin1.csv:2: a "1": is no date; write it as 2027-04-19 or 19.04.2027
test_latin1.csv:3: a "4": is no date; write it as 2027-04-19 or 19.04.2027
"#);
}

#[test]
fn a_real_festivals_dates_that_nobody_can_read_are_said_row_by_row() {
    let Some(path) = shared("data/geneva/opengeneva-2018-events-full.derived.csv") else { return };

    insta::assert_snapshot!(refused(&path, OPEN_GENEVA), @r#"
opengeneva-2018-events-full.derived.csv:15: when_start "14-04 08:30-20:00": is no date; write it as 2027-04-19 or 19.04.2027
opengeneva-2018-events-full.derived.csv:15: when_end "15-04 08:30-18:30": is no time; write it as 10:30 or 10h30, or 2027-04-20 12:00 on another day
opengeneva-2018-events-full.derived.csv:17: when_start "14-04 14:00": is no date; write it as 2027-04-19 or 19.04.2027
opengeneva-2018-events-full.derived.csv:17: when_end "14-04 18:00": is no time; write it as 10:30 or 10h30, or 2027-04-20 12:00 on another day
opengeneva-2018-events-full.derived.csv:24: when_start "14-04 - afternoon": is no date; write it as 2027-04-19 or 19.04.2027
opengeneva-2018-events-full.derived.csv:24: when_end "14-04 evening/night": is no time; write it as 10:30 or 10h30, or 2027-04-20 12:00 on another day
opengeneva-2018-events-full.derived.csv:25: when_start "10-04 - morning": is no date; write it as 2027-04-19 or 19.04.2027
opengeneva-2018-events-full.derived.csv:25: when_end "11-04- afternoon": is no time; write it as 10:30 or 10h30, or 2027-04-20 12:00 on another day
opengeneva-2018-events-full.derived.csv:28: when_start "13-04 morning": is no date; write it as 2027-04-19 or 19.04.2027
opengeneva-2018-events-full.derived.csv:28: when_end "14-04 night": is no time; write it as 10:30 or 10h30, or 2027-04-20 12:00 on another day
opengeneva-2018-events-full.derived.csv:29: when_end "14-04 afternoon": is no time; write it as 10:30 or 10h30, or 2027-04-20 12:00 on another day
"#);

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

    assert_eq!(problems.lines().count(), 340);
    let is_day = |line: &&str| line.ends_with(": date_debut_ancien \"\": is empty; each session has a day");
    let others: Vec<_> = problems.lines().filter(|line| !is_day(line)).collect();
    insta::assert_snapshot!(others.join("\n"), @r#"panorama-des-festivals.csv:2034: date_de_fin_ancien "2019-05-26": ends before the session's day (2019-06-23)"#);

    // Without those rows, the others are all there, and a second time nothing changes.
    let wrong = |line: &str| line.split(':').nth(1).unwrap().parse::<usize>().unwrap();
    let wrong: std::collections::HashSet<_> = problems.lines().map(wrong).collect();
    let text = std::fs::read_to_string(&path).unwrap();
    let kept = text.lines().enumerate().filter(|(at, _)| !wrong.contains(&(at + 1))).map(|(_, line)| line);
    let file = one("festivals.csv", kept.collect::<Vec<_>>().join("\n"));
    let map = Some(ColumnMap::parse("map.toml", map).unwrap());
    let options = Options { slug: "festivals".to_owned(), map, ..Options::default() };
    let first = run(None, &file, &options).unwrap();
    assert_eq!(counts(&first), (3_136 - 340, 0, 0));
    let again = run(Some(&first.draft), &file, &options).unwrap();
    assert_eq!((counts(&again), again.draft), ((0, 0, 0), first.draft));
    assert!(clock.elapsed().as_secs() < 10, "{:?}", clock.elapsed());
}
