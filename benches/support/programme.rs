//! A programme folder for a rush, imported and published by the program itself.

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
    let draft = folder.join("rush");
    fs::create_dir(&draft).expect("a new folder");
    fs::write(draft.join("programme.toml"), programme).expect("a file");
    fs::write(draft.join("sessions.csv"), table).expect("a file");
    for args in [&["import", "rush", "--programme", "rush"][..], &["publish", "rush"]] {
        let status = server::parvis(folder, args, settings).status().expect("the program runs");
        let log = || fs::read_to_string(folder.join("log")).unwrap_or_default();
        assert!(status.success(), "parvis {args:?}: {}", log());
    }
    first
}
