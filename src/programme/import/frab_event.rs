//! One event of a schedule to one session.
//!
//! Read leniently: what an event lacks is left empty. An event is known by its guid, else its id, which ends
//! the slug of its session, so that the same event is the same session under another title.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Days, FixedOffset, NaiveDateTime, NaiveTime, TimeDelta};
use chrono_tz::Tz;
use uuid::Uuid;

use super::{
    Problem,
    frab::{Event, Schedule, instant, one_line},
    html,
    merge::{self, Merge},
    names::unused,
    text, time, words,
};
use crate::{
    markdown,
    programme::{DraftSession, Session, Status, TEXT_CHARS_MAX, slugify},
};

/// The longest text that is looked at before it is brought into form, in bytes.
const RAW_BYTES_MAX: usize = 8 * TEXT_CHARS_MAX;

/// A schedule on its way into a draft.
pub(super) struct Reading<'r, 'a> {
    file: &'r str,
    schedule: &'r Schedule,
    zone: Tz,
    merge: Merge<'a>,
    /// Slugs that events of this file have.
    taken: HashSet<String>,
    /// Slugs of existing sessions by their last word, where only one has it.
    by_end: HashMap<String, Option<String>>,
    trusts_ids: bool,
}

impl<'r, 'a> Reading<'r, 'a> {
    pub fn new(file: &'r str, schedule: &'r Schedule, zone: Tz, merge: Merge<'a>) -> Reading<'r, 'a> {
        let mut by_end: HashMap<String, Option<String>> = HashMap::new();
        for slug in merge.slugs() {
            let Some((_, end)) = slug.rsplit_once('-') else { continue };
            let is_first = !by_end.contains_key(end);
            by_end.insert(end.to_owned(), is_first.then(|| slug.to_owned()));
        }
        // A bare number at the end of a slug says little, unless this draft came from this schedule.
        let known = schedule.events.iter().filter(|event| merge.existing(&slug_of(event)).is_some()).count();
        let trusts_ids = known * 2 >= schedule.events.len();
        Reading { file, schedule, zone, merge, taken: HashSet::new(), by_end, trusts_ids }
    }

    /// The draft, with every event in it.
    pub fn done(self) -> Merge<'a> {
        self.merge
    }

    /// The slug of the session that this event was, under whatever title.
    fn renamed(&self, event: &Event) -> Option<String> {
        let is_trusted = guid(event).is_some() || self.trusts_ids;
        self.by_end.get(&identity(event)).filter(|_| is_trusted)?.clone()
    }

    /// Takes an event, or says what is wrong with it.
    pub fn event(&mut self, event: &Event, new_id: &mut dyn FnMut() -> Uuid) {
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
        let slug = slug_of(event);
        let own = event.slug.trim();
        let known = match self.merge.existing(&slug) {
            Some(_) => None,
            // A schedule that we wrote ourselves bears our slugs.
            None => self.renamed(event).or_else(|| self.merge.existing(own).map(|_| own.to_owned())),
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

/// The slug of an event by itself: its words, and what it is known by.
fn slug_of(event: &Event) -> String {
    let identity = identity(event);
    let base = slugify(slug_words(event.slug.trim(), &identity).unwrap_or(&event.title));
    let base: String = base.chars().take(60).collect();
    let base = base.trim_end_matches('-');
    if identity.is_empty() { base.to_owned() } else { format!("{base}-{identity}") }
}

fn guid(event: &Event) -> Option<Uuid> {
    event.guid.trim().parse().ok().filter(|guid: &Uuid| !guid.is_nil())
}

/// What an event is known by: the first eight signs of its guid, else its id; empty where it has neither.
fn identity(event: &Event) -> String {
    match guid(event) {
        Some(guid) => guid.simple().to_string().chars().take(8).collect(),
        None => {
            let id = event.id.trim().to_ascii_lowercase();
            id.chars().filter(char::is_ascii_alphanumeric).take(32).collect()
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
    match (html::is_safe(href), words.is_empty() || words == href) {
        (false, _) => None,
        (true, true) => Some(format!("- <{href}>")),
        (true, false) => Some(format!("- [{words}](<{href}>)")),
    }
}
