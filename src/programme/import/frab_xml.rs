//! The XML of frab, pretalx, and of pentabarf, where events stand in the day and not in a room.

use quick_xml::{
    Reader,
    events::{BytesStart, Event as Xml},
};

use super::{
    Problem, ROWS_MAX, VALUES_MAX,
    frab::{Event, Schedule},
    html,
    text::line_of,
    too_many_values,
};

/// Elements deeper than this are no schedule.
const DEPTH_MAX: usize = 64;

/// Refuses a text that would become more elements than any schedule has: counted before it is kept. Each begins, and most
/// of them end, with a `<`.
pub(super) fn check(file: &str, source: &str) -> Result<(), Problem> {
    match source.bytes().filter(|byte| *byte == b'<').count() > 2 * VALUES_MAX {
        true => Err(Problem::new(file, too_many_values())),
        false => Ok(()),
    }
}

/// The schedule in a text. Unknown elements are passed over.
pub(super) fn parse(file: &str, source: &str) -> Result<Schedule, Vec<Problem>> {
    let mut reader = Reader::from_str(source);
    let config = reader.config_mut();
    config.allow_dangling_amp = true;
    config.allow_unmatched_ends = true;
    let mut state = State { source, ..State::default() };
    loop {
        let from = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let failed = |message: String| vec![Problem::new(file, message).line(line_of(source, from))];
        match reader.read_event() {
            Ok(Xml::Start(start)) => {
                state.open(&start, from);
                if state.schedule.events.len() > ROWS_MAX {
                    return Err(failed(format!(
                        "has more than {ROWS_MAX} events; at most {ROWS_MAX} are read"
                    )));
                }
                if state.path.len() > DEPTH_MAX {
                    return Err(failed("is nested too deeply to be a schedule".to_owned()));
                }
            }
            Ok(Xml::Empty(start)) => {
                state.open(&start, from);
                state.close();
            }
            Ok(Xml::End(_)) => state.close(),
            Ok(Xml::Text(words)) => state.text.push_str(&words.xml10_content()),
            Ok(Xml::CData(words)) => state.text.push_str(&words.xml10_content()),
            Ok(Xml::GeneralRef(name)) => state.reference(&name),
            Ok(Xml::Comment(_) | Xml::Decl(_) | Xml::PI(_) | Xml::DocType(_)) => {}
            Ok(Xml::Eof) => break,
            Err(error) => return Err(failed(format!("is no XML here: {error}"))),
        }
    }
    if !state.path.is_empty() {
        let open = state.path.last().map(String::as_str).unwrap_or_default();
        return Err(vec![Problem::new(
            file,
            format!("ends too soon: <{open}> is never closed; is the file whole?"),
        )]);
    }
    if !state.is_schedule {
        return Err(vec![Problem::new(file, "is XML and no schedule: its root must be <schedule>").line(1)]);
    }
    Ok(state.schedule)
}

#[derive(Default)]
struct State<'s> {
    source: &'s str,
    schedule: Schedule,
    is_schedule: bool,
    /// The names of the elements that are open.
    path: Vec<String>,
    /// Of the element that is open.
    text: String,
    day: String,
    day_start: String,
    room: String,
    event: Option<Event>,
    href: String,
    colour: String,
    name: String,
    /// Lines are counted once, going forward.
    counted: (usize, u64),
}

impl State<'_> {
    fn open(&mut self, start: &BytesStart<'_>, from: usize) {
        let name = start.local_name().as_ref().to_owned();
        // Some write HTML into a text without escaping it: its tags are part of the text.
        if self.is_in_text() {
            self.text.push_str(&format!("<{name}>"));
            self.path.push(name);
            return;
        }
        match name.as_str() {
            "schedule" if self.path.is_empty() => self.is_schedule = true,
            "generator" if self.path.len() == 1 => self.schedule.generator = attribute(start, "name"),
            "day" => {
                self.day = attribute(start, "date");
                self.day_start = attribute(start, "start");
                self.room.clear();
            }
            "room" if self.event.is_none() => self.room = attribute(start, "name"),
            "event" => {
                self.event = Some(Event {
                    line: Some(self.line(from)),
                    id: attribute(start, "id"),
                    guid: attribute(start, "guid"),
                    day: self.day.clone(),
                    day_start: self.day_start.clone(),
                    room: self.room.clone(),
                    ..Event::default()
                });
            }
            "link" => self.href = attribute(start, "href"),
            "track" if self.event.is_none() => {
                self.colour = attribute(start, "color");
                self.name = attribute(start, "name");
            }
            _ => {}
        }
        self.path.push(name);
        self.text.clear();
    }

    fn is_in_text(&self) -> bool {
        self.event.is_some()
            && self.path.iter().any(|name| matches!(name.as_str(), "abstract" | "description"))
    }

    fn line(&mut self, byte: usize) -> u64 {
        let (at, line) = self.counted;
        let to = byte.clamp(at, self.source.len());
        let line = line + self.source.as_bytes()[at..to].iter().filter(|byte| **byte == b'\n').count() as u64;
        self.counted = (to, line);
        line + 1
    }

    fn reference(&mut self, name: &str) {
        match html::reference(name) {
            Some(c) => self.text.push(c),
            // A control character that XML forbids is left out; a name that we do not know stays.
            None if name.starts_with('#') => {}
            None => {
                self.text.push('&');
                self.text.push_str(name);
                self.text.push(';');
            }
        }
    }

    fn close(&mut self) {
        let Some(name) = self.path.pop() else { return };
        if self.is_in_text() {
            self.text.push_str(&format!("</{name}>"));
            return;
        }
        let text = std::mem::take(&mut self.text);
        let parent = self.path.last().map(String::as_str).unwrap_or_default();
        match (name.as_str(), &mut self.event) {
            ("event", event) => self.schedule.events.extend(event.take()),
            (name, Some(event)) if parent == "event" => set(event, name, text),
            ("person", Some(event)) => event.persons.push(text),
            ("link", Some(event)) => event.links.push((text, std::mem::take(&mut self.href))),
            ("track", None) => {
                let name = if self.name.is_empty() { text } else { std::mem::take(&mut self.name) };
                self.schedule.tracks.push((name, std::mem::take(&mut self.colour)));
            }
            (name, None) if parent == "conference" => conference(&mut self.schedule, name, text),
            _ => {}
        }
    }
}

fn conference(schedule: &mut Schedule, name: &str, text: String) {
    match name {
        "title" => schedule.title = text,
        "acronym" => schedule.acronym = text,
        "subtitle" => schedule.subtitle = text,
        "start" => schedule.start = text.trim().to_owned(),
        "end" => schedule.end = text.trim().to_owned(),
        "time_zone_name" => schedule.zone = text,
        "day_change" => schedule.day_change = text,
        "venue" => schedule.venue = text,
        "city" => schedule.city = text,
        _ => {}
    }
}

fn set(event: &mut Event, name: &str, text: String) {
    match name {
        "slug" => event.slug = text,
        "url" => event.url = text,
        "title" => event.title = text,
        "subtitle" => event.subtitle = text,
        "track" => event.track = text,
        "type" => event.kind = text,
        "language" => event.language = text,
        "abstract" => event.r#abstract = text,
        "description" => event.description = text,
        "room" if !text.trim().is_empty() => event.room = text,
        "date" => event.date = text,
        "start" => event.start = text,
        "duration" => event.duration = text,
        _ => {}
    }
}

/// The value of an attribute, or nothing.
fn attribute(start: &BytesStart<'_>, name: &str) -> String {
    let found =
        start.attributes().with_checks(false).flatten().find(|found| found.key.local_name().as_ref() == name);
    found.map(|found| html::unescaped(&found.value)).unwrap_or_default()
}
