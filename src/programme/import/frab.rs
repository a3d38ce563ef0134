//! Schedules of frab, pentabarf and pretalx, whichever way they were written, into a draft.
//!
//! Read leniently: what an event lacks is left empty. An event is known by its guid, else its id, which ends
//! the slug of its session, so that the same event is the same session under another title.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Offset as _, TimeDelta};
use chrono_tz::Tz;
use uuid::Uuid;

use super::{
    Imported, Options, Problem, ZONE_DEFAULT, html,
    merge::{self, Merge, Unknown},
    names::unused,
    text, time, words,
};
use crate::{
    markdown,
    programme::{
        Contact, Draft, DraftSession, Place, Programme, Rules, Session, Status, TEXT_CHARS_MAX, Theme,
        slugify,
    },
};

/// A schedule as its file says it.
#[derive(Debug, Default)]
pub(super) struct Schedule {
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
    pub rooms: Vec<String>,
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
    /// With an offset, in schedules of the second kind.
    pub end: String,
    /// Words and address of each.
    pub links: Vec<(String, String)>,
}

/// The longest text that is looked at before it is brought into form, in bytes.
const RAW_BYTES_MAX: usize = 8 * TEXT_CHARS_MAX;

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
        (None, Some(draft)) => draft.programme.timezone,
        (None, None) => zone_of(file, &schedule, &mut notices),
    };
    let mut draft = existing.cloned().unwrap_or_else(|| programme(file, &schedule, options, &mut notices));
    draft.programme.timezone = zone;
    let mut merge = Merge::new(file, draft, existing, Unknown::Make);
    merge.notices = notices;
    for (name, colour) in &schedule.tracks {
        track(&mut merge, name, colour);
    }
    let mut reading =
        Reading { file, schedule: &schedule, zone, merge, taken: HashSet::new(), by_end: HashMap::new() };
    reading.learn_slugs(existing);
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
    let offsets: Vec<_> = schedule.events.iter().filter_map(|event| instant(&event.date)).collect();
    let fits = |zone: &Tz| offsets.iter().all(|at| at.with_timezone(zone).offset().fix() == *at.offset());
    let zone = candidates.into_iter().find(fits).unwrap_or(ZONE_DEFAULT);
    let why = if offsets.is_empty() { "times are taken to be in" } else { "the offsets of its events fit" };
    let message = format!("no zone that we know is named; {why} {zone}; --timezone says another");
    let mut notice = Problem::new(file, message).column("time_zone_name");
    notice.value = Some(schedule.zone.clone()).filter(|zone| !zone.is_empty());
    notices.push(notice);
    zone
}

fn instant(text: &str) -> Option<DateTime<FixedOffset>> {
    DateTime::parse_from_rfc3339(text.trim()).ok()
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

/// A schedule on its way into a draft.
struct Reading<'r, 'a> {
    file: &'r str,
    schedule: &'r Schedule,
    zone: Tz,
    merge: Merge<'a>,
    /// Slugs that events of this file have.
    taken: HashSet<String>,
    /// Slugs of existing sessions by their last word, where only one has it.
    by_end: HashMap<String, Option<String>>,
}

impl Reading<'_, '_> {
    fn learn_slugs(&mut self, existing: Option<&Draft>) {
        for session in existing.iter().flat_map(|draft| &draft.sessions) {
            let slug = &session.session.slug;
            let Some((_, end)) = slug.rsplit_once('-') else { continue };
            let first = self.by_end.contains_key(end);
            self.by_end.insert(end.to_owned(), (!first).then(|| slug.clone()));
        }
    }

    fn event(&mut self, event: &Event, new_id: &mut dyn FnMut() -> Uuid) {
        let slug = self.slug(event);
        let before = self.merge.existing(&slug);
        let mut draft = match before {
            Some(before) => before.clone(),
            None => merge::blank(slug.clone(), new_id()),
        };
        if let Err(problem) = self.fill(event, &mut draft.session) {
            self.merge.problems.push(problem);
            return;
        }
        // Schedules leave cancelled events out; what is in the file again is in the programme again.
        if draft.session.status == Status::Withdrawn {
            draft.session.status = Status::Scheduled;
        }
        self.merge.take(DraftSession { session: draft.session, live: draft.live });
    }

    /// The slug of an event's session: the same for the same guid or id.
    fn slug(&mut self, event: &Event) -> String {
        let own = event.slug.trim();
        let identity = identity(event);
        let words = slug_words(own, &identity);
        let base = slugify(words.unwrap_or(&event.title));
        let base: String = base.chars().take(60).collect();
        let base = base.trim_end_matches('-');
        let slug = if identity.is_empty() { base.to_owned() } else { format!("{base}-{identity}") };
        let known = match (self.merge.existing(&slug), self.by_end.get(&identity)) {
            (Some(_), _) => None,
            (None, Some(Some(renamed))) => Some(renamed.clone()),
            // A schedule that we wrote ourselves bears our slugs.
            (None, _) => self.merge.existing(own).map(|_| own.to_owned()),
        };
        let slug = known.filter(|known| !self.taken.contains(known)).unwrap_or(slug);
        let slug = unused(&slug, |slug| self.taken.contains(slug));
        self.taken.insert(slug.clone());
        slug
    }

    fn wrong(&self, event: &Event, column: &str, value: &str, message: impl Into<String>) -> Problem {
        let name = match (event.path.as_str(), event.id.as_str()) {
            ("", "") => column.to_owned(),
            ("", id) => format!("event {id} {column}"),
            (path, _) => format!("{path}.{column}"),
        };
        let mut problem = Problem::new(self.file, message).column(name).value(value);
        problem.line = event.line;
        problem
    }

    fn fill(&mut self, event: &Event, session: &mut Session) -> Result<(), Problem> {
        let title = one_line(&event.title);
        session.title = text::title(&title).map_err(|why| self.wrong(event, "title", &title, why))?;
        let (begins, ends) = self.times(event)?;
        session.date = begins.date();
        session.start = Some(begins.time());
        session.end = ends;
        session.formats = vec![words::format_near(&event.kind)];
        // A language that we do not know is no reason to refuse a schedule.
        session.languages = if event.language.trim().is_empty() {
            Vec::new()
        } else {
            words::languages(&event.language).unwrap_or_default()
        };
        session.text_language = match session.languages.as_slice() {
            [only] => Some(only.clone()),
            _ => None,
        };
        session.speakers =
            event.persons.iter().map(|name| one_line(name)).filter(|name| !name.is_empty()).collect();
        session.theme = self.name(event, "track", &event.track, |merge, name| merge.theme(name))?;
        self.room(event, session)?;
        self.texts(event, session)
    }

    fn room(&mut self, event: &Event, session: &mut Session) -> Result<(), Problem> {
        let is_online = matches!(words::plain(&event.room).as_str(), "en ligne" | "online" | "virtual");
        if is_online {
            session.online = true;
            session.place = None;
        } else {
            session.place = self.name(event, "room", &event.room, |merge, name| merge.place(name))?;
        }
        Ok(())
    }

    fn name(
        &mut self,
        event: &Event,
        column: &str,
        value: &str,
        find: impl FnOnce(&mut Merge<'_>, &str) -> Result<String, String>,
    ) -> Result<Option<String>, Problem> {
        let name = one_line(value);
        if name.is_empty() {
            return Ok(None);
        }
        let found = text::word(&name).and_then(|name| find(&mut self.merge, &name));
        found.map(Some).map_err(|why| self.wrong(event, column, &name, why))
    }

    /// The abstract is plain and short; a long one without a description is the description.
    fn texts(&self, event: &Event, session: &mut Session) -> Result<(), Problem> {
        /// What still fits into a list of sessions.
        const ABSTRACT_CHARS: usize = 400;

        for (column, raw) in [("abstract", &event.r#abstract), ("description", &event.description)] {
            if raw.len() > RAW_BYTES_MAX {
                let why = format!("has {} bytes; at most {TEXT_CHARS_MAX} characters are taken", raw.len());
                return Err(self.wrong(event, column, raw, why));
            }
        }
        let subtitle = one_line(&event.subtitle);
        let intro = html::to_markdown(&event.r#abstract);
        let plain = markdown::to_text(&intro);
        let mut description = html::to_markdown(&event.description);
        let is_long = plain.chars().count() > ABSTRACT_CHARS || plain.contains("\n\n");
        let short = if description.is_empty() && is_long {
            description = intro;
            String::new()
        } else {
            plain
        };
        let parts: Vec<_> = [subtitle, short].into_iter().filter(|part| !part.is_empty()).collect();
        let links: Vec<_> = event.links.iter().filter_map(|(words, href)| link(words, href)).collect();
        if !links.is_empty() {
            let space = if description.is_empty() { "" } else { "\n\n" };
            description = format!("{description}{space}{}", links.join("\n"));
        }
        session.r#abstract =
            text::long(&parts.join("\n\n")).map_err(|why| self.wrong(event, "abstract", "", why))?;
        session.description =
            text::long(&description).map_err(|why| self.wrong(event, "description", "", why))?;
        Ok(())
    }

    /// Start and end, local to the programme.
    fn times(&self, event: &Event) -> Result<(NaiveDateTime, Option<NaiveDateTime>), Problem> {
        let local = |at: DateTime<FixedOffset>| at.with_timezone(&self.zone).naive_local();
        let begins = match instant(&event.date) {
            Some(at) => local(at),
            None => self.begins(event)?,
        };
        time::exists(self.zone, begins).map_err(|why| self.wrong(event, "start", &event.start, why))?;
        let ends = match (instant(&event.end), instant(&event.date)) {
            (Some(end), _) => Some(local(end)),
            (None, at) => {
                let length = length(&event.duration).ok_or_else(|| {
                    self.wrong(
                        event,
                        "duration",
                        &event.duration,
                        "is no duration; it is hours and minutes: 00:45",
                    )
                })?;
                match (length.is_zero(), at) {
                    (true, _) => None,
                    // Across the change of the clocks, an hour of the event is an hour.
                    (false, Some(at)) => at.checked_add_signed(length).map(local),
                    (false, None) => begins.checked_add_signed(length),
                }
            }
        };
        let ends = ends.filter(|ends| *ends > begins);
        Ok((begins, ends))
    }

    /// Day and start, where no instant says both; what starts before the day's change is in the night after it.
    fn begins(&self, event: &Event) -> Result<NaiveDateTime, Problem> {
        let said = if event.date.trim().is_empty() { &event.day } else { &event.date };
        let moment = time::moment(said);
        let moment = moment.map_err(|why| self.wrong(event, "date", said, why))?;
        let day =
            moment.date.ok_or_else(|| self.wrong(event, "date", said, "has no day; it is 2027-04-19"))?;
        if let Some(at) = moment.on(day) {
            return Ok(at);
        }
        let start = time::clock(&event.start).map(|(start, _)| start);
        let start =
            start.ok_or_else(|| self.wrong(event, "start", &event.start, "is no time; it is 10:30"))?;
        let change = day_change(&event.day_start).or_else(|| day_change(&self.schedule.day_change));
        let is_night = change.is_some_and(|change| start < change);
        let day = if is_night { day.checked_add_days(Days::new(1)).unwrap_or(day) } else { day };
        Ok(day.and_time(start))
    }
}

/// The time in `09:00:00`, `09:00`, or `2019-08-21T09:00:00+02:00`.
fn day_change(text: &str) -> Option<NaiveTime> {
    match instant(text) {
        Some(at) => Some(at.naive_local().time()),
        None => time::clock(text).map(|(time, _)| time),
    }
}

/// `00:45`, `01:30:00`; an empty one is none.
fn length(text: &str) -> Option<TimeDelta> {
    let text = text.trim();
    if text.is_empty() {
        return Some(TimeDelta::zero());
    }
    let parts: Option<Vec<i64>> =
        text.split(':').map(|part| part.parse().ok().filter(|number| (0..=9999).contains(number))).collect();
    match parts?.as_slice() {
        [minutes] => Some(TimeDelta::minutes(*minutes)),
        [hours, minutes] => Some(TimeDelta::minutes(hours * 60 + minutes)),
        [hours, minutes, seconds] => Some(TimeDelta::seconds((hours * 60 + minutes) * 60 + seconds)),
        _ => None,
    }
}

/// What an event is known by: the first eight signs of its guid, else its id; empty where it has neither.
fn identity(event: &Event) -> String {
    match event.guid.trim().parse::<Uuid>() {
        Ok(guid) if !guid.is_nil() => guid.simple().to_string().chars().take(8).collect(),
        Ok(_) | Err(_) => {
            let kept = event.id.trim().to_ascii_lowercase();
            kept.chars().filter(char::is_ascii_alphanumeric).take(32).collect()
        }
    }
}

/// An event's own slug, where it is words and does not bear its number already.
fn slug_words<'s>(slug: &'s str, identity: &str) -> Option<&'s str> {
    let is_words = slug.len() >= 3
        && slug
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_'))
        && slug.contains(|c: char| c.is_ascii_lowercase());
    let has_number = slug
        .split(['-', '_'])
        .any(|word| word == identity || (word.len() >= 3 && word.bytes().all(|byte| byte.is_ascii_digit())));
    (is_words && !has_number).then_some(slug)
}

fn link(words: &str, href: &str) -> Option<String> {
    let href = href.trim();
    let words = one_line(words).replace(['[', ']', '\\', '<', '>', '`', '*'], "");
    match (html::is_safe(href), words.is_empty()) {
        (false, _) => None,
        (true, true) => Some(format!("- <{href}>")),
        (true, false) => Some(format!("- [{words}](<{href}>)")),
    }
}

/// A text in one line, without what no text may hold.
fn one_line(text: &str) -> String {
    let spaced: String =
        text.chars().map(|c| if c.is_whitespace() && c != '\u{a0}' { ' ' } else { c }).collect();
    let words: Vec<_> = spaced.split(' ').filter(|word| !word.is_empty()).collect();
    words.join(" ").chars().filter(|c| !c.is_control()).collect()
}

/// Rooms by name, for readers of either format.
pub(super) fn distinct(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut seen = BTreeMap::new();
    names.into_iter().filter(|name| seen.insert(name.clone(), ()).is_none()).collect()
}
