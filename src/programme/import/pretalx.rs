//! pretalx's API: the answers of `/submissions/`, `/talks/` and `/slots/`, of any of its versions, saved as a file.
//!
//! An answer is a page of `results`; some programs save the pages as one list, and that is read too. What is not
//! scheduled, or was refused or withdrawn, is no session yet and is passed over. A relation that the answer holds only
//! as a number (`track: 12`) says nothing that people could read, and is left empty.

use std::collections::HashSet;

use serde_json::Value;

use super::{
    Problem,
    frab::{Event, Schedule},
    frab_json::{list, person, plain, refuse_too_many, text},
};

/// States of a submission that is in the programme.
const IN_PROGRAMME: [&str; 4] = ["", "accepted", "confirmed", "scheduled"];

/// The entries of an answer: its `results`, the list that it is, or the pages that a list holds.
pub(super) fn listed(root: &Value) -> Option<Vec<&Value>> {
    let results = |page: &'_ Value| page.get("results").and_then(Value::as_array).is_some();
    match root {
        Value::Array(pages) if !pages.is_empty() && pages.iter().all(results) => {
            Some(pages.iter().flat_map(|page| list(page, "results")).collect())
        }
        Value::Array(entries) => entries.iter().all(is_entry).then(|| entries.iter().collect()),
        root if results(root) => Some(list(root, "results").iter().collect()),
        _ => None,
    }
}

fn is_entry(entry: &Value) -> bool {
    entry.get("code").is_some() || entry.get("submission").is_some()
}

/// The schedule in the entries of an answer.
pub(super) fn schedule(file: &str, entries: Vec<&Value>) -> Result<Schedule, Vec<Problem>> {
    if !entries.iter().any(|entry| is_entry(entry)) {
        let message = "is JSON and no answer of pretalx's /submissions/ or /slots/: its results have no code";
        return Err(vec![Problem::new(file, message)]);
    }
    refuse_too_many(file, entries.len())?;
    let mut schedule = Schedule::default();
    let mut tracks = HashSet::new();
    for (at, entry) in entries.iter().enumerate() {
        let path = format!("results[{at}]");
        let (submission, slots) = match entry.get("submission") {
            // An entry of `/slots/`, whose submission may be its code alone.
            Some(submission) => (submission, vec![*entry]),
            None => (*entry, slots_of(entry)),
        };
        if !IN_PROGRAMME.contains(&text(submission, "state").as_str()) {
            continue;
        }
        for (number, slot) in slots.iter().filter(|slot| !text(slot, "start").is_empty()).enumerate() {
            let event = event(submission, slot, &path, number);
            if !event.track.is_empty() && tracks.insert(event.track.clone()) {
                let colour = submission.get("track").map(|track| text(track, "color"));
                schedule.tracks.push((event.track.clone(), colour.unwrap_or_default()));
            }
            schedule.events.push(event);
        }
    }
    if schedule.events.is_empty() {
        let message = "holds no submission that is accepted and has a time: ask pretalx for /submissions/?expand=slots.room,speakers,track,submission_type";
        return Err(vec![Problem::new(file, message)]);
    }
    Ok(schedule)
}

fn slots_of(submission: &Value) -> Vec<&Value> {
    match submission.get("slot").filter(|slot| slot.is_object()) {
        Some(slot) => vec![slot],
        None => list(submission, "slots").iter().filter(|slot| slot.is_object()).collect(),
    }
}

fn event(submission: &Value, slot: &Value, path: &str, number: usize) -> Event {
    let code = match submission {
        Value::Object(_) => text(submission, "code"),
        code => plain(code),
    };
    // A submission that is given several times is several sessions.
    let id = if number == 0 { code } else { format!("{code}{}", number + 1) };
    let title = Some(text(submission, "title")).filter(|title| !title.is_empty());
    let speakers = list(submission, "speakers").iter().filter(|speaker| speaker.is_object());
    Event {
        path: path.to_owned(),
        id,
        // An entry of `/slots/` without its submission has a description at most.
        title: title.unwrap_or_else(|| text(slot, "description")),
        track: named(submission, "track"),
        kind: named(submission, "submission_type"),
        language: text(submission, "content_locale"),
        r#abstract: text(submission, "abstract"),
        description: text(submission, "description"),
        persons: speakers.map(person).filter(|name| !name.is_empty()).collect(),
        room: named(slot, "room"),
        date: text(slot, "start"),
        end: text(slot, "end"),
        duration: minutes(slot.get("duration").or(submission.get("duration"))),
        ..Event::default()
    }
}

/// What a relation is called; nothing where it is only a number.
fn named(value: &Value, key: &str) -> String {
    match value.get(key) {
        Some(Value::Object(map)) => map.get("name").map_or_else(|| plain(&value[key]), plain),
        Some(Value::String(text)) => text.clone(),
        Some(_) | None => String::new(),
    }
}

/// A number of minutes, as frab writes lengths.
fn minutes(value: Option<&Value>) -> String {
    let minutes = value.and_then(Value::as_u64).filter(|minutes| *minutes < 100 * 60);
    minutes.map(|minutes| format!("{:02}:{:02}", minutes / 60, minutes % 60)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(root: &Value) -> Result<Schedule, Vec<Problem>> {
        schedule("p.json", listed(root).expect("an answer"))
    }

    fn titles(root: &Value) -> Vec<String> {
        read(root).unwrap().events.into_iter().map(|event| event.title).collect()
    }

    #[test]
    fn the_older_api_says_names_in_languages() {
        let answer = json!({ "count": 1, "next": null, "results": [{
            "code": "ABCDEF", "title": "Une", "state": "confirmed",
            "submission_type": { "en": "Workshop" }, "track": { "en": "Lab" },
            "speakers": [{ "code": "X", "name": "A. Rochat" }], "content_locale": "fr", "duration": 90,
            "slot": { "start": "2027-04-19T10:00:00+02:00", "end": "2027-04-19T11:30:00+02:00", "room": { "en": "Hall" } },
        }] });
        let schedule = read(&answer).unwrap();
        let event = &schedule.events[0];
        let said = [
            &event.id,
            &event.track,
            &event.kind,
            &event.room,
            &event.language,
            &event.persons[0],
            &event.duration,
        ];
        assert_eq!(said, ["ABCDEF", "Lab", "Workshop", "Hall", "fr", "A. Rochat", "01:30"]);
    }

    #[test]
    fn the_newer_api_says_objects_or_numbers() {
        let answer = json!({ "results": [{
            "code": "ABCDEF", "title": "Une", "state": "confirmed", "track": { "id": 3, "name": { "en": "Lab" }, "color": "#0b6e4f" },
            "submission_type": 4, "speakers": ["XYZ"],
            "slots": [
                { "id": 1, "start": "2027-04-19T10:00:00+02:00", "end": null, "room": { "id": 1, "name": { "en": "Hall" } } },
                { "id": 2, "start": "2027-04-20T10:00:00+02:00", "end": null, "room": 1 },
                { "id": 3, "start": null, "room": null },
            ],
        }] });
        let schedule = read(&answer).unwrap();
        assert_eq!(schedule.tracks, [("Lab".to_owned(), "#0b6e4f".to_owned())]);
        let ids: Vec<_> =
            schedule.events.iter().map(|it| (it.id.as_str(), it.room.as_str(), it.persons.len())).collect();
        assert_eq!(ids, [("ABCDEF", "Hall", 0), ("ABCDEF2", "", 0)]);
    }

    #[test]
    fn slots_name_their_submission() {
        let answer = json!([{ "results": [
            { "id": 1, "start": "2027-04-19T10:00:00Z", "submission": { "code": "ABC", "title": "Une", "state": "confirmed" } },
            { "id": 2, "start": "2027-04-19T12:00:00Z", "submission": null, "description": { "fr": "Pause" } },
        ] }, { "results": [{ "code": "DEF", "title": "Deux", "slot": { "start": "2027-04-19T13:00:00Z" } }] }]);
        assert_eq!(titles(&answer), ["Une", "Pause", "Deux"]);
    }

    #[test]
    fn what_is_not_in_the_programme_is_no_session_and_a_file_without_any_says_so() {
        let slot = json!({ "start": "2027-04-19T10:00:00Z" });
        let refused = json!({ "results": [
            { "code": "A", "title": "Refused", "state": "rejected", "slot": slot },
            { "code": "B", "title": "No time yet", "state": "confirmed", "slot": null },
        ] });
        assert!(read(&refused).unwrap_err()[0].message.starts_with("holds no submission"));
        assert!(read(&json!({ "results": [{ "name": "x" }] })).is_err());
        assert!(listed(&json!({ "schedule": {} })).is_none());
        assert!(listed(&json!([1, 2])).is_none());
    }
}
