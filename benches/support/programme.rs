//! A programme folder for a rush, imported and published by the program itself.

#![allow(dead_code, reason = "each bench uses its own part of this")]

use std::{fs, path::Path};

use chrono::{NaiveDate, TimeDelta};
use parvis::clock::Clock;

use super::server;

/// Publishes the programme `rush`: so many sessions of so many seats, in two months; gives its first day.
pub fn publish(folder: &Path, settings: &[(&str, String)], sessions: usize, seats: usize) -> NaiveDate {
    let first: NaiveDate = Clock::system().now().date_naive() + TimeDelta::days(60);
    let last = first + TimeDelta::days(27);
    let programme = format!(
        "slug = \"rush\"\ntitle = \"Rush\"\ntimezone = \"Europe/Zurich\"\nlanguages = [\"fr\"]\n\
         starts = {first}\nends = {last}\n\
         [[organisations]]\nslug = \"collectif\"\nname = \"Collectif\"\n"
    );
    let mut table =
        "slug,title,format,date,start,end,online,capacity,registration,hosts,abstract\n".to_owned();
    for session in 0..sessions {
        let date = first + TimeDelta::days((session % 20) as i64);
        let hour = 9 + session % 9;
        table.push_str(&format!(
            "session-{session},Session {session},workshop,{date},{hour:02}:00,{hour:02}:45,true,{seats},open,\
             collectif,Une séance ouverte à toutes et à tous.\n"
        ));
    }
    take(folder, settings, &programme, &table);
    first
}

/// Publishes the programme `rush` as a canton would have it: so many sessions of so many seats in two months, in eight
/// themes, of forty organisations, at twenty places, in every format, each with some text.
pub fn publish_month(folder: &Path, settings: &[(&str, String)], sessions: usize, seats: usize) {
    let first: NaiveDate = Clock::system().now().date_naive() + TimeDelta::days(30);
    let mut programme = format!(
        "slug = \"rush\"\ntitle = \"Un mois\"\ntimezone = \"Europe/Zurich\"\nlanguages = [\"fr\", \"en\"]\n\
         starts = {first}\nends = {}\n",
        first + TimeDelta::days(59)
    );
    for n in 0..8 {
        programme.push_str(&format!("[[themes]]\nslug = \"theme-{n}\"\ntitle = \"Thème {n}\"\n"));
    }
    for n in 0..20 {
        programme.push_str(&format!("[[places]]\nslug = \"lieu-{n}\"\nname = \"Lieu {n}\"\n"));
    }
    for n in 0..40 {
        let organisation = format!("[[organisations]]\nslug = \"org-{n}\"\nname = \"Organisation {n}\"\n");
        programme.push_str(&organisation);
    }
    let formats = ["conference", "workshop", "open-forum", "round-table", "testimony", "hackathon"];
    let text = "Une séance ouverte à toutes et à tous, pour essayer ensemble. ".repeat(12);
    let mut table =
        "slug,title,theme,format,date,start,end,place,capacity,registration,hosts,abstract,description\n"
            .to_owned();
    for n in 0..sessions {
        let date = first + TimeDelta::days((n % 60) as i64);
        let (hour, theme, place, host) = (9 + n % 9, n % 8, n % 20, n % 40);
        table.push_str(&format!(
            "session-{n},Session {n},theme-{theme},{},{date},{hour:02}:00,{hour:02}:45,lieu-{place},{seats},open,\
             org-{host},Une séance ouverte à toutes et à tous.,\"{text}\"\n",
            formats[n % formats.len()]
        ));
    }
    take(folder, settings, &programme, &table);
}

/// Imports and publishes.
fn take(folder: &Path, settings: &[(&str, String)], programme: &str, table: &str) {
    let draft = folder.join("rush");
    fs::create_dir(&draft).expect("a new folder");
    fs::write(draft.join("programme.toml"), programme).expect("a file");
    fs::write(draft.join("sessions.csv"), table).expect("a file");
    for args in [&["import", "rush", "--programme", "rush"][..], &["publish", "rush"]] {
        let status = server::parvis(folder, args, settings).status().expect("the program runs");
        let log = || fs::read_to_string(folder.join("log")).unwrap_or_default();
        assert!(status.success(), "parvis {args:?}: {}", log());
    }
}
