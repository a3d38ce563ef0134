//! frab's `schedule.json`, as c3voc's JSON schema has it.

use serde_json::{Map, Value, json};

use super::frab;
use crate::{
    calendar::session_url,
    locale::Lang,
    release::{Release, ReleasedSession},
};

/// The release as `schedule.json`. Cancelled and withdrawn sessions are left out.
pub fn schedule_json(release: &Release, base_url: &str, lang: Lang) -> Value {
    let programme = &release.programme;
    let page = format!("{}/{}/{}", base_url.trim_end_matches('/'), lang.code(), programme.slug);
    let numbers = frab::numbers(release);
    let days = frab::days(release, lang);
    let mut rooms: Vec<&str> = Vec::new();
    for (name, _) in days.iter().flat_map(|day| &day.rooms) {
        if !rooms.contains(&name.as_str()) {
            rooms.push(name);
        }
    }
    let rooms: Vec<_> = rooms
        .into_iter()
        .map(|name| json!({ "name": name, "guid": frab::room_guid(release, name) }))
        .collect();
    let days: Vec<_> = days
        .iter()
        .enumerate()
        .map(|(index, day)| {
            let rooms: Map<String, Value> = day
                .rooms
                .iter()
                .map(|(room, sessions)| {
                    let events = sessions
                        .iter()
                        .map(|session| event(release, session, room, numbers[&session.id], base_url, lang));
                    (room.clone(), events.collect())
                })
                .collect();
            json!({
                "index": index + 1,
                "date": day.date,
                "day_start": day.start.to_rfc3339(),
                "day_end": day.end.to_rfc3339(),
                "rooms": rooms,
            })
        })
        .collect();
    let tracks: Vec<_> = release
        .themes
        .iter()
        .map(|theme| json!({ "name": theme.title, "slug": slug(&theme.slug), "color": theme.colour }))
        .collect();
    let mut conference = json!({
        "acronym": frab::acronym(release),
        "title": programme.title,
        "start": programme.starts,
        "end": programme.ends,
        "daysCount": days.len(),
        "timeslot_duration": "00:15",
        "url": page,
        "tracks": tracks,
        "rooms": rooms,
        "days": days,
    });
    let zone = programme.timezone.name();
    if is_zone(zone) {
        conference["time_zone_name"] = zone.into();
    }
    json!({
        "generator": { "name": "Parvis", "version": env!("CARGO_PKG_VERSION") },
        "schedule": { "version": release.number.to_string(), "base_url": page, "conference": conference },
    })
}

fn event(
    release: &Release,
    session: &ReleasedSession,
    room: &str,
    number: i64,
    base_url: &str,
    lang: Lang,
) -> Value {
    let zone = release.programme.timezone;
    let start = frab::local_start(session);
    // With `public_name` for the readers of old, without an `id`: the schema wants one shape or the other.
    let persons: Vec<_> =
        session.speakers.iter().map(|name| json!({ "name": name, "public_name": name })).collect();
    let links: Vec<_> = frab::links(release, session)
        .map(|(name, url)| json!({ "type": "related", "url": url, "title": name }))
        .collect();
    let mut event = json!({
        "guid": session.guid(),
        "id": number,
        "date": frab::offset(zone, start).to_rfc3339(),
        "start": start.format("%H:%M").to_string(),
        "duration": frab::duration(release, session),
        "room": room,
        "slug": slug(&session.slug),
        "url": session_url(base_url, lang, &release.programme.slug, &session.slug),
        "title": session.title,
        "subtitle": null,
        "track": release.theme_of(session).map(|theme| &theme.title),
        "type": frab::kind(session),
        "language": session.languages.first(),
        "abstract": session.r#abstract,
        "description": session.description,
        "persons": persons,
        "links": links,
    });
    if let Some(end) = session.end {
        event["end"] = frab::offset(zone, end).to_rfc3339().into();
    }
    event
}

/// The schema's slug ends in a letter or a digit; ours may end in `-`.
fn slug(slug: &str) -> String {
    match slug.ends_with('-') {
        true => format!("{slug}0"),
        false => slug.to_owned(),
    }
}

/// The schema's zones: `^([A-Z][a-z]+/[A-Z][a-z]+)|UTC$`, which leaves out `CET` and `Etc/GMT+1`.
fn is_zone(name: &str) -> bool {
    let capital_then_small = |part: &str| {
        let mut chars = part.chars();
        chars.next().is_some_and(|c| c.is_ascii_uppercase())
            && chars.next().is_some_and(|c| c.is_ascii_lowercase())
    };
    let all_small = |part: &str| part.chars().skip(1).all(|c| c.is_ascii_lowercase());
    name.ends_with("UTC")
        || name.split_once('/').is_some_and(|(area, city)| {
            capital_then_small(area) && all_small(area) && capital_then_small(city)
        })
}
