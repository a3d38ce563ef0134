//! The JSON of frab and pretalx (`schedule.conference.days[].rooms`), and its successor (`schedule.events`).

use serde_json::{Map, Value};

use super::{
    Problem, ROWS_MAX, VALUES_MAX,
    frab::{Event, Schedule},
    pretalx, too_many_values,
};

/// The schedule in a text. Numbers may be texts and texts numbers; unknown keys are passed over.
pub(super) fn parse(file: &str, source: &str) -> Result<Schedule, Vec<Problem>> {
    let root: Value = serde_json::from_str(source).map_err(|error| {
        let message = format!("is no JSON here: {error}");
        vec![
            Problem::new(file, message)
                .line(error.line() as u64)
                .column(format!("column {}", error.column())),
        ]
    })?;
    if let Some(list) = pretalx::listed(&root) {
        return pretalx::schedule(file, list);
    }
    let top = root.get("schedule").unwrap_or(&root);
    let Some(conference) = top.get("conference") else {
        return Err(vec![Problem::new(file, "is JSON and no schedule: it has no schedule.conference")]);
    };
    let mut schedule = Schedule {
        generator: root.get("generator").map(|generator| text(generator, "name")).unwrap_or_default(),
        title: text(conference, "title"),
        acronym: text(conference, "acronym"),
        subtitle: text(conference, "subtitle"),
        start: text(conference, "start"),
        end: text(conference, "end"),
        zone: text(conference, "time_zone_name"),
        day_change: text(conference, "day_change"),
        venue: text(conference, "venue"),
        city: text(conference, "city"),
        languages: list(conference, "languages").iter().map(plain).collect(),
        ..Schedule::default()
    };
    for track in list(conference, "tracks").iter().chain(list(top, "tracks")) {
        let colours = track.get("colors").or(track.get("colours"));
        let colour = colours.map(|colours| text(colours, "light")).filter(|colour| !colour.is_empty());
        schedule.tracks.push((text(track, "name"), colour.unwrap_or_else(|| text(track, "color"))));
    }
    days(conference, &mut schedule);
    let names = slugs(list(conference, "tracks"));
    for (at, found) in list(top, "events").iter().enumerate() {
        let mut event = event(found, format!("events[{at}]"));
        if let Some((_, name)) = names.iter().find(|(slug, _)| *slug == event.track) {
            event.track.clone_from(name);
        }
        schedule.events.push(event);
    }
    refuse_too_many(file, schedule.events.len())?;
    Ok(schedule)
}

/// Refuses a text that would become more values than any schedule has: counted before it is kept, and before room is made
/// for them, each many times its text.
pub(super) fn check(file: &str, source: &str) -> Result<(), Problem> {
    let (mut is_text, mut is_escaped, mut count) = (false, false, 0);
    for byte in source.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_text => is_escaped = true,
            b'"' => is_text = !is_text,
            b',' | b'[' | b'{' if !is_text => count += 1,
            _ => {}
        }
    }
    match count > VALUES_MAX {
        true => Err(Problem::new(file, too_many_values())),
        false => Ok(()),
    }
}

/// More events than any programme has.
pub(super) fn refuse_too_many(file: &str, events: usize) -> Result<(), Vec<Problem>> {
    if events <= ROWS_MAX {
        return Ok(());
    }
    Err(vec![Problem::new(file, format!("has more than {ROWS_MAX} events; at most {ROWS_MAX} are read"))])
}

/// Events of the first kind: in rooms, in days. A room is a key, or an object of a list.
fn days(conference: &Value, schedule: &mut Schedule) {
    for (at, day) in list(conference, "days").iter().enumerate() {
        let nothing = Map::new();
        let rooms = day.get("rooms").and_then(Value::as_object).unwrap_or(&nothing);
        for (room, events) in rooms {
            for (number, found) in events.as_array().into_iter().flatten().enumerate() {
                let mut event = event(found, format!("days[{at}].rooms[{room:?}][{number}]"));
                event.day = text(day, "date");
                event.day_start = text(day, "day_start");
                if event.room.is_empty() {
                    event.room.clone_from(room);
                }
                schedule.events.push(event);
            }
        }
    }
}

fn event(found: &Value, path: String) -> Event {
    let people = list(found, "persons").iter().chain(list(found, "participants"));
    let links = list(found, "links").iter();
    let is_own = |link: &&Value| !matches!(text(link, "type").as_str(), "ORIGIN" | "FEEDBACK");
    let second = text(found, "date").is_empty() && text(found, "start").contains('T');
    Event {
        line: None,
        path,
        id: text(found, "id"),
        guid: text(found, "guid"),
        slug: text(found, "slug"),
        url: text(found, "url"),
        title: text(found, "title"),
        subtitle: text(found, "subtitle"),
        track: text(found, "track"),
        kind: text(found, "type"),
        language: text(found, "language"),
        r#abstract: text(found, "abstract"),
        description: text(found, "description"),
        persons: people.map(person).collect(),
        room: text(found, "room"),
        date: text(found, if second { "start" } else { "date" }),
        day: String::new(),
        day_start: String::new(),
        start: text(found, "start"),
        duration: text(found, "duration"),
        end: text(found, "end"),
        links: links.filter(is_own).map(|link| (text(link, "title"), text(link, "url"))).collect(),
    }
}

pub(super) fn person(person: &Value) -> String {
    let names = ["public_name", "full_public_name", "name"].map(|key| text(person, key));
    names.into_iter().find(|name| !name.is_empty()).unwrap_or_else(|| plain(person))
}

/// Slug and name of each track: events of the second kind name the slug.
fn slugs(tracks: &[Value]) -> Vec<(String, String)> {
    tracks.iter().map(|track| (text(track, "slug"), text(track, "name"))).collect()
}

pub(super) fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

pub(super) fn text(value: &Value, key: &str) -> String {
    value.get(key).map(plain).unwrap_or_default()
}

/// A value as text: of an object its name or slug, or its text in the first language that has one.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Object(map) => {
            let known = ["name", "slug", "en", "fr", "de"].into_iter().find_map(|key| map.get(key)?.as_str());
            known.or_else(|| map.values().find_map(Value::as_str)).unwrap_or_default().to_owned()
        }
        Value::Null | Value::Bool(_) | Value::Array(_) => String::new(),
    }
}
