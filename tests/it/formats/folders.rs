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

    insta::assert_snapshot!(refused(home.path(), ""), @"");
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

    insta::assert_snapshot!(refused(home.path(), ""), @"");
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

    insta::assert_snapshot!(refused(home.path(), ""), @"");
}
