//! Programme folders: the seed, and one with a mistake in each file.

use std::fs;

use parvis::programme::import;
use tempfile::TempDir;

use super::*;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join("press")).unwrap();
    for (name, text) in files {
        fs::write(home.path().join(name), text).unwrap();
    }
    home
}

#[test]
fn the_seed_is_taken_without_a_word() {
    let seed = Path::new(env!("CARGO_MANIFEST_DIR")).join("seed/miso");
    let files = import::read(&seed, None).unwrap();

    let first = take(None, &files, "miso");

    assert_eq!(said(&first.notices), "");
    assert!(first.added >= 80 && first.draft.organisations.len() >= 20 && first.draft.themes.len() == 4);
    let again = take(Some(&first.draft), &files, "miso");
    assert_eq!((counts(&again), &again.draft), ((0, 0, 0), &first.draft));
}

#[test]
fn a_mistake_in_each_file_is_said_at_once_with_its_place_and_what_would_be_right() {
    let home = folder(&[
        (
            "programme.toml",
            r##"slug = "miso"
title = "MISO"
timezone = "Europe/Genève"
languages = ["fr", "klingon"]
starts = 2027-04-19
ends = 2027-05-14
contact = { email = "info" }
[rules]
capacity = "soixante"
overlap = "perhaps"
quiet = ["21:00"]
[[themes]]
slug = "lab"
title = "Le LAB"
colour = "vert"
[[places]]
slug = "rive"
name = ""
latitude = 146.2
longitude = 6
[[organisations]]
slug = "h"
name = "Hôpitaux"
"##,
        ),
        (
            "sessions.csv",
            "slug,title,theme,format,date,start,end,place,capacity,registration,opens,held,access\n\
             une,Une,labo,Jeu,19 avril,9h75,,,beaucoup,,,,\n\
             deux,Deux,lab,,31.04.2027,10:00,11:00,rive,-3,peut-être,hier,x,\n\
             deux,,lab,,2027-04-20,10:00,2027-04-19 11:00,salle 9,,,,,\n\
             trois,Trois,lab,2027-04-20\n",
        ),
        ("press/ouverture.md", "+++\ntitle = \"\"\ndate = 2027-02-30\nauthor = \"x\"\n+++\nBonjour.\n"),
        ("press/Annonce générale.md", "+++\ntitle = \"A\"\ndate = \"bientôt\"\n+++\n"),
    ]);

    insta::assert_snapshot!(refused(home.path(), ""), @r#"
programme.toml:3: timezone "Europe/Genève": is no time zone; write it as Europe/Zurich
programme.toml:4: languages "[\"fr\", \"klingon\"]": is no language; write a code such as fr
programme.toml:7: contact.email "info": is no e-mail address; write it as info@example.org
programme.toml:9: rules.capacity "soixante": must be a whole number from 0 to 1000000
programme.toml:10: rules.overlap "perhaps": must be "warn" or "refuse"
programme.toml:11: rules.quiet "[\"21:00\"]": must be two times: ["21:00", "08:00"]
programme.toml:15: themes.colour "vert": is no colour; write it as #0b6e4f
programme.toml:16: places.latitude: latitude and longitude come together or not at all
programme.toml:18: places.name "": is empty; it needs 1 to 300 characters
programme.toml:19: places.latitude "146.2": must be degrees from -90 to 90, as 46.2044
programme.toml:22: organisations.slug "h": is no slug; a slug has 3 to 100 of a-z, 0-9 and -, starts with a letter or digit, and a programme's is none of: agenda, office, static, demo, link, confirm, feedback, certificates, unsubscribe, press, accessibility, privacy, sign-in, sign-out, account, users, invitation, join, password, mailed-link, figures-link, programmes, mails, log, import
press/Annonce générale.md:2: file name "Annonce générale": is no slug; a slug has 3 to 100 of a-z, 0-9 and -, starts with a letter or digit, and a programme's is none of: agenda, office, static, demo, link, confirm, feedback, certificates, unsubscribe, press, accessibility, privacy, sign-in, sign-out, account, users, invitation, join, password, mailed-link, figures-link, programmes, mails, log, import
press/Annonce générale.md:3: date "bientôt": is no date; write it as 2027-04-19 or 19.04.2027
press/ouverture.md:2: title "": is empty; it needs 1 to 300 characters
press/ouverture.md:3: is no TOML here: invalid date, expected day between 01 and 28
press/ouverture.md:3: date "2027-02-30": must be a day: 2027-04-19
press/ouverture.md:4: author: is no key of ours; here stand: title, place, date, language
sessions.csv:2: format "Jeu": "Jeu" is no format; it is one or more, parted by |, of: conference, workshop, open-forum, round-table, testimony, open-day, hackathon, other
sessions.csv:2: date "19 avril": is no date; write it as 2027-04-19 or 19.04.2027
sessions.csv:2: start "9h75": is no time; write it as 10:30 or 10h30, or leave it empty while it is not known
sessions.csv:2: capacity "beaucoup": is no number of seats; write 0 to 1000000, unlimited, or nothing for the programme's rule
sessions.csv:3: date "31.04.2027": there is no such day: that month has 30 days; write it as 2027-04-19 or 19.04.2027
sessions.csv:3: capacity "-3": is no number of seats; write 0 to 1000000, unlimited, or nothing for the programme's rule
sessions.csv:3: registration "peut-être": must be open, closed, invitation, none, or a web address (https://…)
sessions.csv:3: held "x": "x" is no group and number; write it as partner:5|press:2
sessions.csv:3: opens "hier": is no date; write it as 2027-04-19 or 19.04.2027
sessions.csv:4: slug "deux": stands on line 3 already; each session has a slug of its own
sessions.csv:4: title "": is empty; it needs 1 to 300 characters
sessions.csv:4: end "2027-04-19 11:00": ends before the session begins (2027-04-20 10:00:00)
sessions.csv:5: this row has 4 cells and the headings are 13; a text with the separator in it needs quotes
"#);
}

#[test]
fn names_are_judged_although_something_else_is_wrong_in_programme_toml() {
    let home = folder(&[
        (
            "programme.toml",
            "title = \"MISO\"\ntimezone = \"Europe/Zurich\"\nlanguages = []\nstarts = 2027-04-19\nends = 2027-04-01\n[[themes]]\nslug = \"lab\"\n",
        ),
        ("sessions.csv", "slug,title,date,theme,place\nune,Une,2027-04-19,labo,rive\n"),
    ]);

    insta::assert_snapshot!(refused(home.path(), ""), @r#"
programme.toml:1: ends "2027-04-01": is before starts (2027-04-19)
programme.toml:6: themes.title: is missing here
sessions.csv:2: theme "labo": is no theme of programme.toml; it has: lab
sessions.csv:2: place "rive": is no place of programme.toml; it has none
"#);
}

#[test]
fn a_file_that_is_missing_or_no_text_is_said_by_its_name() {
    let home = folder(&[("programme.toml", "title = \"MISO\"\n")]);
    assert_eq!(
        said(&import::read(home.path(), None).unwrap_err()),
        "sessions.csv: cannot be read: No such file or directory (os error 2)"
    );
    fs::write(home.path().join("sessions.csv"), b"PK\x03\x04").unwrap();
    fs::write(home.path().join("programme.toml"), b"\xff\xfe\x00").unwrap();

    insta::assert_snapshot!(refused(home.path(), ""), @r"
programme.toml: starts like UTF-16LE and is not; save it as UTF-8
sessions.csv: this is a ZIP file and no workbook that we read (.xlsx, .ods); save it as .xlsx, .ods or CSV (UTF-8) first
");
}
