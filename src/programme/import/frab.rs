//! Schedules of frab, pentabarf and pretalx, whichever way they were written, into a draft.
//!
//! Read leniently: what an event lacks is left empty. An event is known by its guid, else its id, which ends
//! the slug of its session, so that the same event is the same session under another title.
//!
//! A schedule that we wrote ourselves is taken at its word: its texts are our Markdown and its guids our own.
//! What frab cannot hold (a second format, a second language, tags, access, hosts without a site, a time that
//! is not known yet) stays as it is in the draft, so that our own schedule changes nothing.

mod event;
mod identity;
mod texts;
mod times;

use chrono::NaiveDate;
use chrono_tz::Tz;
use uuid::Uuid;

use super::{
    Imported, Options, Problem, ZONE_DEFAULT, html,
    merge::{self, Merge, Unknown},
    text, words,
};
use crate::programme::{Contact, Draft, Place, Programme, Rules, Theme};

/// How our own schedules name the program that wrote them.
pub(super) const OURS: &str = "Parvis";

/// A schedule as its file says it.
#[derive(Debug, Default)]
pub(super) struct Schedule {
    /// The program that wrote it.
    pub generator: String,
    pub title: String,
    pub acronym: String,
    pub subtitle: String,
    pub start: String,
    pub end: String,
    pub zone: String,
    /// The time at which a day begins; what starts before it belongs to the night before.
    pub day_change: String,
    pub venue: String,
    pub city: String,
    pub languages: Vec<String>,
    /// Name and colour of each, in order.
    pub tracks: Vec<(String, String)>,
    pub events: Vec<Event>,
}

/// An event as its file says it.
#[derive(Debug, Default, Clone)]
pub(super) struct Event {
    /// Its line, or its place in the tree.
    pub line: Option<u64>,
    pub path: String,
    pub id: String,
    pub guid: String,
    pub slug: String,
    pub url: String,
    pub title: String,
    pub subtitle: String,
    pub track: String,
    pub kind: String,
    pub language: String,
    pub r#abstract: String,
    pub description: String,
    pub persons: Vec<String>,
    pub room: String,
    /// Day and time with an offset; it goes before `day` and `start`.
    pub date: String,
    /// The date of the day in which it stands.
    pub day: String,
    /// When that day begins, where the day says it.
    pub day_start: String,
    pub start: String,
    pub duration: String,
    /// With an offset, in schedules of the second kind and in ours.
    pub end: String,
    /// Words and address of each.
    pub links: Vec<(String, String)>,
}

/// A schedule into a draft, or into nothing: then it makes the programme.
pub(super) fn import(
    existing: Option<&Draft>,
    file: &str,
    schedule: Schedule,
    options: &Options,
    new_id: &mut dyn FnMut() -> Uuid,
) -> Result<Imported, Vec<Problem>> {
    if schedule.events.is_empty() {
        return Err(vec![Problem::new(file, "holds no events; is it a frab schedule?")]);
    }
    let mut notices = Vec::new();
    let zone = match (options.timezone, existing) {
        (Some(zone), _) => zone,
        (None, Some(draft)) => {
            let zone = draft.programme.timezone;
            notices.extend(other_zone(file, &schedule, zone));
            zone
        }
        (None, None) => zone_of(file, &schedule, &mut notices),
    };
    let mut draft = existing.cloned().unwrap_or_else(|| programme(file, &schedule, options, &mut notices));
    draft.programme.timezone = zone;
    let mut merge = Merge::new(file, draft, existing, Unknown::Make);
    merge.notices = notices;
    for (name, colour) in &schedule.tracks {
        track(&mut merge, name, colour);
    }
    let mut reading = event::Reading {
        file,
        schedule: &schedule,
        zone,
        ours: schedule.generator == OURS,
        merge,
        slugs: identity::Slugs::of(existing),
    };
    for event in &schedule.events {
        reading.event(event, new_id);
    }
    let mut merge = reading.merge;
    if existing.is_none() {
        describe(&mut merge.draft, &schedule);
    }
    merge.finish(options.remove_missing)
}

fn track(merge: &mut Merge<'_>, name: &str, colour: &str) {
    let Ok(name) = text::title(&one_line(name)) else { return };
    let count = merge.draft.themes.len();
    if merge.theme(&name).is_err() {
        return;
    }
    // The file's colour is for a theme that the file makes.
    if let (Ok(colour), Some(made)) = (merge::colour(colour), merge.draft.themes.get_mut(count)) {
        made.colour = colour;
    }
}

/// Where a schedule names another zone than the one in which it is read.
fn other_zone(file: &str, schedule: &Schedule, read: Tz) -> Option<Problem> {
    let named: Tz = schedule.zone.trim().parse().ok().filter(|named| *named != read)?;
    let message = format!(
        "the file names the zone {named}; what bears no offset is taken to be in the programme's, {read}; \
         --timezone says another"
    );
    Some(Problem::new(file, message).column("time_zone_name").value(&schedule.zone))
}

/// The zone of a schedule: the one that it names, else the one that fits its offsets.
fn zone_of(file: &str, schedule: &Schedule, notices: &mut Vec<Problem>) -> Tz {
    if let Ok(zone) = schedule.zone.trim().parse() {
        return zone;
    }
    let candidates = [
        ZONE_DEFAULT,
        Tz::Europe__London,
        Tz::Europe__Athens,
        Tz::Europe__Moscow,
        Tz::America__New_York,
        Tz::America__Chicago,
        Tz::America__Denver,
        Tz::America__Los_Angeles,
        Tz::America__Sao_Paulo,
        Tz::Asia__Kolkata,
        Tz::Asia__Shanghai,
        Tz::Asia__Tokyo,
        Tz::Australia__Sydney,
        Tz::UTC,
    ];
    let offsets: Vec<_> = schedule.events.iter().filter_map(|event| times::instant(&event.date)).collect();
    let zone = candidates.into_iter().find(|zone| times::fit(*zone, &offsets)).unwrap_or(ZONE_DEFAULT);
    let why = if offsets.is_empty() { "times are taken to be in" } else { "the offsets of its events fit" };
    let message = format!("no zone that we know is named; {why} {zone}; --timezone says another");
    let mut notice = Problem::new(file, message).column("time_zone_name");
    notice.value = Some(schedule.zone.clone()).filter(|zone| !zone.is_empty());
    notices.push(notice);
    zone
}

/// The programme that a schedule makes; its days are looked at again when its events are known.
fn programme(file: &str, schedule: &Schedule, options: &Options, notices: &mut Vec<Problem>) -> Draft {
    let named =
        [&schedule.title, &schedule.acronym].into_iter().find_map(|name| text::title(&one_line(name)).ok());
    let title = named.unwrap_or_else(|| {
        notices.push(Problem::new(file, "the conference has no title; the programme's slug is taken"));
        options.slug.clone()
    });
    let languages = schedule.languages.iter().filter_map(|language| words::language(language)).collect();
    let programme = Programme {
        slug: options.slug.clone(),
        title,
        tagline: text::word(&one_line(&schedule.subtitle)).unwrap_or_default(),
        summary: String::new(),
        timezone: ZONE_DEFAULT,
        languages,
        starts: NaiveDate::MIN,
        ends: NaiveDate::MAX,
        contact: Contact::default(),
        rules: Rules::default(),
        call: crate::programme::Call::default(),
    };
    Draft {
        programme,
        themes: Vec::<Theme>::new(),
        places: Vec::<Place>::new(),
        organisations: Vec::new(),
        press: Vec::new(),
        sessions: Vec::new(),
    }
}

/// Days, languages and address of a programme that a schedule made.
fn describe(draft: &mut Draft, schedule: &Schedule) {
    let said = |text: &str| text.get(..10).and_then(|day| day.parse::<NaiveDate>().ok());
    let days = || draft.sessions.iter().map(|it| it.session.date);
    let first = days().chain(said(&schedule.start)).min();
    let last = days().chain(said(&schedule.end)).max();
    draft.programme.starts = first.unwrap_or_default();
    draft.programme.ends = last.unwrap_or_default();
    for language in draft.sessions.iter().flat_map(|it| &it.session.languages) {
        if !draft.programme.languages.contains(language) {
            draft.programme.languages.push(language.clone());
        }
    }
    let parts = [&schedule.venue, &schedule.city].map(|part| one_line(part));
    let address = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    for place in &mut draft.places {
        place.address = text::word(&address).unwrap_or_default();
    }
}

/// A text in one line, without what no text may hold.
fn one_line(text: &str) -> String {
    let spaced: String =
        text.chars().map(|c| if c.is_whitespace() && c != '\u{a0}' { ' ' } else { c }).collect();
    let words: Vec<_> = spaced.split(' ').filter(|word| !word.is_empty()).collect();
    words.join(" ").chars().filter(|c| !c.is_control()).collect()
}
