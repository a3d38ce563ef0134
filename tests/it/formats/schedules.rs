//! Real schedules, whole: in, published, on the pages, in every file, and in again.

use std::{
    collections::BTreeSet,
    io::Write as _,
    process::{Command, Stdio},
};

use calcard::icalendar::{ICalendar, ICalendarComponentType};
use parvis::{
    exchange::csv::{Dialect, full_csv},
    programme::import,
};
use rocket::http::Status;
use serde_json::Value;

use super::*;
use crate::{harness::shared, html::Found};

/// What `xmllint` says against c3voc's schema; `None` where it is not there.
pub(super) fn xmllint(xml: &str) -> Option<String> {
    let schema = shared("data/schedules/validators/schedule.xml.xsd")?;
    let mut command = Command::new("xmllint");
    command.args(["--noout", "--schema"]).arg(schema).arg("-");
    let spawned = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
    let Ok(mut child) = spawned else {
        let required = std::env::var("PARVIS_REQUIRE_SHARED").is_ok_and(|value| value == "1");
        assert!(!required, "PARVIS_REQUIRE_SHARED=1, but there is no xmllint; Debian: libxml2-utils");
        println!("skipped: there is no xmllint");
        return None;
    };
    child.stdin.take().unwrap().write_all(xml.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    Some(String::from_utf8_lossy(&output.stderr).trim().to_owned())
}

/// What c3voc's JSON schema has against a schedule.
pub(super) fn mistakes(schedule: &Value) -> Option<Vec<String>> {
    let schema = std::fs::read_to_string(shared("data/schedules/validators/schema.json")?).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let schema = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    Some(schema.iter_errors(schedule).map(|error| format!("{}: {error}", error.instance_path())).collect())
}

/// The UIDs of a calendar's events, as another program reads them.
fn uids(text: &str) -> BTreeSet<String> {
    let calendar = ICalendar::parse(text).unwrap();
    let events =
        calendar.components.iter().filter(|part| part.component_type == ICalendarComponentType::VEvent);
    events.map(|event| event.uid().unwrap().to_owned()).collect()
}

/// The events of a `schedule.json`.
fn events(schedule: &Value) -> Vec<&Value> {
    let days = schedule["schedule"]["conference"]["days"].as_array().unwrap();
    let rooms = days.iter().flat_map(|day| day["rooms"].as_object().unwrap().values());
    rooms.flat_map(|events| events.as_array().unwrap()).collect()
}

async fn get(app: &App, path: &str) -> String {
    let page = app.get(path).await;
    assert_eq!(page.status, Status::Ok, "{path}");
    page.body
}

/// The line that a schedule walks: in, published, on the page and in every file with all its sessions, and each
/// of our own files in again without a difference.
async fn walks_the_whole_way(app: App, file: &str, sessions: usize) {
    let Some(path) = shared(&format!("data/schedules/{file}")) else { return };
    let files = import::read(&path, None).unwrap();
    let first = take(None, &files, "schedule");
    assert_eq!(counts(&first), (sessions, 0, 0));
    assert_eq!(app.publish(&first.draft).await.release.map(|release| release.number), Some(1));

    let page = get(&app, "/fr/schedule").await;
    let links = Found::on(&page).attributes("ul.sessions a[href*='/sessions/']", "href");
    assert_eq!(links.into_iter().collect::<BTreeSet<_>>().len(), sessions, "on the page");
    assert_eq!(uids(&get(&app, "/fr/schedule/calendar.ics").await).len(), sessions, "in the calendar");
    let xml = get(&app, "/fr/schedule/schedule.xml").await;
    assert_eq!(xml.matches("<event ").count(), sessions, "in schedule.xml");
    if let Some(said) = xmllint(&xml) {
        assert_eq!(said, "- validates");
    }
    let json = get(&app, "/fr/schedule/schedule.json").await;
    let schedule: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(events(&schedule).len(), sessions, "in schedule.json");
    assert_eq!(mistakes(&schedule).unwrap_or_default(), Vec::<String>::new());

    let draft = stored(&app, "schedule").await;
    assert_eq!(draft, by_slug(first.draft), "as it was read");
    assert_no_difference(&draft, &files, "the same file again");
    assert!(app.publish(&draft).await.release.is_none(), "nothing new to publish");
    assert_no_difference(&draft, &one("a.csv", full_csv(&draft, Dialect::Plain)), "CSV");
    assert_no_difference(
        &draft,
        &one("c.csv", get(&app, "/en/schedule/sessions.csv").await),
        "the public CSV",
    );
    assert_no_difference(&draft, &one("d.xml", xml), "our schedule.xml");
    assert_no_difference(&draft, &one("e.json", json), "our schedule.json");
    // The large ones once each.
    if sessions > 100 {
        return;
    }
    assert_no_difference(&draft, &one("b.csv", full_csv(&draft, Dialect::Excel)), "CSV for Excel");
    let english = get(&app, "/en/schedule/schedule.xml").await;
    assert_no_difference(&draft, &one("f.xml", english), "our schedule.xml in English");
}

on_both_engines! {
    async fn fosdem_2007(app: App) {
        walks_the_whole_way(app, "fosdem-2007.xml", 215).await;
    }

    async fn fosdem_2012(app: App) {
        walks_the_whole_way(app, "fosdem-2012.xml", 442).await;
    }

    async fn fosdem_2020(app: App) {
        walks_the_whole_way(app, "fosdem-2020.xml", 872).await;
    }

    async fn fosdem_2024(app: App) {
        walks_the_whole_way(app, "fosdem-2024.xml", 674).await;
    }

    async fn chaos_camp_2019(app: App) {
        walks_the_whole_way(app, "voc-frab-camp2019.json", 79).await;
    }

    async fn rc3(app: App) {
        walks_the_whole_way(app, "voc-pretalx-rc3.json", 48).await;
    }

    async fn democon(app: App) {
        walks_the_whole_way(app, "voc-pretalx-democon.json", 36).await;
    }

    async fn a_schedule_of_the_second_kind(app: App) {
        walks_the_whole_way(app, "voc-hub-schedule2.json", 2).await;
    }

    async fn what_is_no_valid_schedule_to_others_is_read_leniently(app: App) {
        walks_the_whole_way(app, "voc-invalid-example.json", 1).await;
    }
}
