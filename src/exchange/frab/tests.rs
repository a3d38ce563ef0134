use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::exchange::{
    frab_json::schedule_json,
    frab_xml::schedule_xml,
    sample::{self, BASE_URL, at, day, released, session, shared},
};

/// What `xmllint` says against c3voc's schema; `None` where schema or program are missing.
fn xmllint(xml: &str) -> Option<String> {
    let schema = shared("data/schedules/validators/schedule.xml.xsd")?;
    let spawned = Command::new("xmllint")
        .args(["--noout", "--schema"])
        .arg(schema)
        .arg("-")
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = spawned else {
        println!("skipped: no xmllint");
        return None;
    };
    child.stdin.take().unwrap().write_all(xml.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    Some(String::from_utf8_lossy(&output.stderr).trim().to_owned())
}

fn schema() -> Option<jsonschema::Validator> {
    let text = std::fs::read_to_string(shared("data/schedules/validators/schema.json")?).unwrap();
    let schema: Value = serde_json::from_str(&text).unwrap();
    Some(jsonschema::options().should_validate_formats(true).build(&schema).unwrap())
}

fn mistakes(schema: &jsonschema::Validator, value: &Value) -> Vec<String> {
    schema.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

fn events(schedule: &Value) -> Vec<&Value> {
    let days = schedule["schedule"]["conference"]["days"].as_array().unwrap();
    days.iter()
        .flat_map(|day| day["rooms"].as_object().unwrap().values())
        .flat_map(|sessions| sessions.as_array().unwrap())
        .collect()
}

fn find<'v>(schedule: &'v Value, slug: &str) -> &'v Value {
    events(schedule).into_iter().find(|event| event["slug"] == slug).unwrap()
}

#[test]
fn the_schemas_accept_every_kind_of_session() {
    for lang in Lang::ALL {
        if let Some(said) = xmllint(&schedule_xml(&sample::release(), BASE_URL, lang)) {
            assert_eq!(said, "- validates");
        }
        if let Some(schema) = schema() {
            let none: [String; 0] = [];
            assert_eq!(mistakes(&schema, &schedule_json(&sample::release(), BASE_URL, lang)), none);
        }
    }
}

#[test]
fn the_schemas_accept_what_is_empty_short_or_strange() {
    let mut release = sample::release_of(vec![]);
    release.programme.slug = "a1-".to_owned();
    release.programme.timezone = chrono_tz::CET;
    release.themes[0].slug = "1-lab".to_owned();
    release.themes[0].colour = "rouge".to_owned();
    let empty = release.clone();
    let mut long = session("abc", 1);
    long.end = Some(at(day(5, 14), 9, 0));
    long.languages = vec![];
    long.formats = vec![];
    long.speakers = vec![];
    long.theme = None;
    release.sessions = vec![released(long)];
    for release in [empty, release] {
        if let Some(said) = xmllint(&schedule_xml(&release, BASE_URL, Lang::Fr)) {
            assert_eq!(said, "- validates");
        }
        if let Some(schema) = schema() {
            let none: [String; 0] = [];
            assert_eq!(mistakes(&schema, &schedule_json(&release, BASE_URL, Lang::Fr)), none);
        }
    }
}

#[test]
fn cancelled_and_withdrawn_sessions_are_left_out() {
    let schedule = schedule_json(&sample::release(), BASE_URL, Lang::Fr);
    let mut slugs: Vec<_> = events(&schedule).iter().map(|event| event["slug"].as_str().unwrap()).collect();
    slugs.sort();
    assert_eq!(
        slugs,
        [
            "atelier-du-lab",
            "en-ligne",
            "hostile",
            "les-deux",
            "nuit-du-hackathon",
            "sans-heure",
            "tard-le-soir-0"
        ]
    );
}

#[test]
fn rooms_times_and_lengths_are_local() {
    let schedule = schedule_json(&sample::release(), BASE_URL, Lang::Fr);
    let of = |slug| {
        let event = find(&schedule, slug);
        ["room", "date", "start", "duration"].map(|key| event[key].as_str().unwrap().to_owned())
    };
    assert_eq!(of("atelier-du-lab"), ["La Maison", "2027-04-19T09:00:00+02:00", "09:00", "01:15"]);
    assert_eq!(of("en-ligne"), ["En ligne", "2027-04-19T09:00:00+02:00", "09:00", "00:00"]);
    assert_eq!(of("sans-heure"), ["Lieu à préciser", "2027-04-19T00:00:00+02:00", "00:00", "00:00"]);
    assert_eq!(of("nuit-du-hackathon"), ["La Maison", "2027-04-19T18:00:00+02:00", "18:00", "47:00"]);
    assert_eq!(of("tard-le-soir-0"), ["La Maison", "2027-04-20T22:00:00+02:00", "22:00", "02:30"]);
    let days = schedule["schedule"]["conference"]["days"].as_array().unwrap();
    let ends: Vec<_> = days.iter().map(|day| (day["day_start"].as_str(), day["day_end"].as_str())).collect();
    assert_eq!(
        ends,
        [
            (Some("2027-04-19T00:00:00+02:00"), Some("2027-04-20T06:00:00+02:00")),
            (Some("2027-04-20T22:00:00+02:00"), Some("2027-04-21T00:30:00+02:00")),
        ]
    );
}

#[test]
fn an_event_is_written_exactly_so() {
    let release = sample::release_of(vec![session("atelier-du-lab", 1)]);
    let xml = schedule_xml(&release, BASE_URL, Lang::Fr);
    let from = xml.find("<event").unwrap();
    let to = xml.find("</event>").unwrap();
    let number = numbers(&release)[&release.sessions[0].id];
    let lines: Vec<_> = xml[from..to].lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let first = format!("<event guid=\"{}\" id=\"{number}\">", release.sessions[0].guid());
    assert_eq!(
        lines,
        [
            first.as_str(),
            "<date>2027-04-19T09:00:00+02:00</date>",
            "<start>09:00</start>",
            "<duration>01:15</duration>",
            "<room>La Maison</room>",
            "<slug>atelier-du-lab</slug>",
            "<url>https://example.org/fr/miso-2027/sessions/atelier-du-lab</url>",
            "<title>Titre de atelier-du-lab</title>",
            "<subtitle></subtitle>",
            "<track>LAB</track>",
            "<type>conference</type>",
            "<language>fr</language>",
            "<abstract>Deux phrases.</abstract>",
            "<description>Avec un [lien](https://example.org/x).</description>",
            "<persons>",
            "<person>Une voix</person>",
            "</persons>",
            "<links>",
            "<link href=\"https://example.org/asso?a=1&amp;b=2\">Asso &amp; Cie</link>",
            "</links>",
        ]
    );
}

#[test]
fn identities_stay_when_sessions_come_and_go() {
    let all = sample::release();
    let mut fewer = all.clone();
    fewer.sessions.remove(3);
    let (all_numbers, fewer_numbers) = (numbers(&all), numbers(&fewer));
    for session in &fewer.sessions {
        assert_eq!(fewer_numbers[&session.id], all_numbers[&session.id]);
        assert!((1..=i64::from(i32::MAX)).contains(&all_numbers[&session.id]));
    }
    assert_eq!(all.sessions[0].guid().get_version_num(), 5);
}

#[test]
fn an_hour_that_summer_time_takes_away_is_not_counted() {
    let mut short = session("nuit-courte", 1);
    short.date = day(3, 28);
    short.start = Some(sample::time(1, 0));
    short.end = Some(at(day(3, 28), 4, 0));
    let release = sample::release_of(vec![short]);
    assert_eq!(duration(&release, &release.sessions[0]), "02:00");
}

proptest! {
    #[test]
    fn what_is_typed_is_read_back_from_xml(title in any::<String>(), word in any::<String>()) {
        let mut one = session("atelier-du-lab", 1);
        one.title = title.clone();
        one.r#abstract = format!("{word}{}", sample::HOSTILE);
        let mut release = sample::release_of(vec![one]);
        release.places[0].name = word;

        let xml = schedule_xml(&release, BASE_URL, Lang::Fr);

        let mut reader = quick_xml::Reader::from_str(&xml);
        let (mut depth, mut read, mut is_title, mut count) = (0_i32, String::new(), false, 0);
        loop {
            use quick_xml::events::Event;
            match reader.read_event().unwrap() {
                Event::Start(start) => {
                    depth += 1;
                    is_title = start.name().as_ref() == "title" && depth == 5;
                    count += i32::from(start.name().as_ref() == "event");
                }
                Event::End(_) => {
                    depth -= 1;
                    is_title = false;
                }
                Event::Text(text) if is_title => read.push_str(&text),
                Event::GeneralRef(entity) if is_title => {
                    let entity = format!("&{};", &*entity);
                    read.push_str(&quick_xml::escape::unescape(&entity).unwrap());
                }
                Event::Eof => break,
                _ => {}
            }
        }
        prop_assert_eq!((depth, count), (0, 1));
        prop_assert_eq!(read, crate::exchange::xml_text(&title));
    }
}
