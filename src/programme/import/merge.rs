//! A draft that takes sessions from a file: what stays, what is new, what the file does not have.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use uuid::Uuid;

use super::{Imported, Problem, names::Names};
use crate::programme::{
    Draft, DraftSession, Format as Kind, Live, Organisation, Place, Session, Status, Theme,
};

/// What happens with a theme, place or organisation that nobody has said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unknown {
    /// It is made.
    Make,
    /// It is a mistake.
    Refuse,
}

/// The draft while it is made.
pub(super) struct Merge<'a> {
    file: &'a str,
    /// Everything but the sessions.
    pub draft: Draft,
    before: Option<&'a Draft>,
    by_slug: HashMap<&'a str, &'a DraftSession>,
    unknown: Unknown,
    themes: Names,
    places: Names,
    organisations: Names,
    added: usize,
    changed: usize,
    lines: BTreeMap<String, u64>,
    /// What is wrong so far.
    pub problems: Vec<Problem>,
    /// What hinders nothing.
    pub notices: Vec<Problem>,
}

impl<'a> Merge<'a> {
    /// A draft without sessions, to be filled; `before` is the one that it replaces.
    pub fn new(file: &'a str, draft: Draft, before: Option<&'a Draft>, unknown: Unknown) -> Merge<'a> {
        let sessions = before.map_or(&[][..], |before| &before.sessions);
        Merge {
            file,
            before,
            by_slug: sessions.iter().map(|session| (session.session.slug.as_str(), session)).collect(),
            unknown,
            themes: Names::of(draft.themes.iter().map(|it| (it.slug.as_str(), it.title.as_str()))),
            places: Names::of(draft.places.iter().map(|it| (it.slug.as_str(), it.name.as_str()))),
            organisations: Names::of(
                draft.organisations.iter().map(|it| (it.slug.as_str(), it.name.as_str())),
            ),
            draft: Draft { sessions: Vec::new(), ..draft },
            added: 0,
            changed: 0,
            lines: BTreeMap::new(),
            problems: Vec::new(),
            notices: Vec::new(),
        }
    }

    /// The session of that slug before the import.
    pub fn existing(&self, slug: &str) -> Option<&'a DraftSession> {
        self.by_slug.get(slug).copied()
    }

    /// Takes a session of the file, which stands on that line.
    pub fn take(&mut self, session: DraftSession, line: Option<u64>) {
        if let Some(line) = line {
            self.lines.insert(session.session.slug.clone(), line);
        }
        match self.existing(&session.session.slug) {
            None => self.added += 1,
            Some(before) if *before != session => self.changed += 1,
            Some(_) => {}
        }
        self.draft.sessions.push(session);
    }

    /// The slug of a theme, by slug or title.
    pub fn theme(&mut self, text: &str) -> Result<String, String> {
        if let Some(slug) = self.themes.find(text) {
            return Ok(slug.to_owned());
        }
        self.may_make("theme", &self.draft.themes.iter().map(|it| it.slug.as_str()).collect::<Vec<_>>())?;
        let slug = self.themes.make(text);
        self.draft.themes.push(Theme {
            slug: slug.clone(),
            title: text.to_owned(),
            starts: None,
            ends: None,
            colour: free_colour(&self.draft.themes),
            summary: String::new(),
        });
        Ok(slug)
    }

    /// The slug of a place, by slug or name.
    pub fn place(&mut self, text: &str) -> Result<String, String> {
        if let Some(slug) = self.places.find(text) {
            return Ok(slug.to_owned());
        }
        self.may_make("place", &self.draft.places.iter().map(|it| it.slug.as_str()).collect::<Vec<_>>())?;
        let slug = self.places.make(text);
        self.draft.places.push(Place {
            slug: slug.clone(),
            name: text.to_owned(),
            address: String::new(),
            latitude: None,
            longitude: None,
            access: String::new(),
        });
        Ok(slug)
    }

    /// The slug of an organisation, by slug or name.
    pub fn organisation(&mut self, text: &str) -> Result<String, String> {
        if let Some(slug) = self.organisations.find(text) {
            return Ok(slug.to_owned());
        }
        let known: Vec<_> = self.draft.organisations.iter().map(|it| it.slug.as_str()).collect();
        self.may_make("organisation", &known)?;
        let slug = self.organisations.make(text);
        self.draft.organisations.push(Organisation {
            slug: slug.clone(),
            name: text.to_owned(),
            url: String::new(),
            summary: String::new(),
        });
        Ok(slug)
    }

    fn may_make(&self, what: &str, known: &[&str]) -> Result<(), String> {
        match self.unknown {
            Unknown::Make => Ok(()),
            Unknown::Refuse if known.is_empty() => {
                Err(format!("is no {what} of programme.toml; it has none"))
            }
            Unknown::Refuse => Err(format!("is no {what} of programme.toml; it has: {}", known.join(", "))),
        }
    }

    /// The whole draft: the file's sessions in its order, then those that it does not have.
    pub fn finish(mut self, remove_missing: bool) -> Result<Imported, Vec<Problem>> {
        if !self.problems.is_empty() {
            let mut seen = BTreeSet::new();
            self.problems.retain(|problem| seen.insert(problem.to_string()));
            return Err(self.problems);
        }
        let (removed, missing) = self.keep_missing(remove_missing);
        self.keep_what_sessions_name();
        self.tell_days();
        let Merge { draft, added, changed, lines, notices, .. } = self;
        Ok(Imported { draft, added, changed, removed, missing, lines, notices })
    }

    /// Nothing that people may be registered for is ever deleted.
    fn keep_missing(&mut self, remove: bool) -> (usize, Vec<String>) {
        let here: BTreeSet<String> = self.draft.sessions.iter().map(|it| it.session.slug.clone()).collect();
        let before = self.before.map_or(&[][..], |before| &before.sessions);
        let (mut removed, mut missing) = (0, Vec::new());
        for session in before.iter().filter(|session| !here.contains(&session.session.slug)) {
            let mut kept = session.clone();
            match (kept.session.status, remove) {
                (Status::Withdrawn, _) => {}
                (Status::Scheduled | Status::Cancelled, true) => {
                    kept.session.status = Status::Withdrawn;
                    removed += 1;
                }
                (Status::Scheduled | Status::Cancelled, false) => missing.push(kept.session.slug.clone()),
            }
            self.draft.sessions.push(kept);
        }
        (removed, missing)
    }

    /// A folder may have dropped a theme that a session which stayed still bears.
    fn keep_what_sessions_name(&mut self) {
        let Some(before) = self.before else { return };
        let draft = &mut self.draft;
        for theme in &before.themes {
            let is_named = || draft.sessions.iter().any(|it| it.session.theme.as_ref() == Some(&theme.slug));
            if !draft.themes.iter().any(|it| it.slug == theme.slug) && is_named() {
                draft.themes.push(theme.clone());
            }
        }
        for place in &before.places {
            let is_named = || draft.sessions.iter().any(|it| it.session.place.as_ref() == Some(&place.slug));
            if !draft.places.iter().any(|it| it.slug == place.slug) && is_named() {
                draft.places.push(place.clone());
            }
        }
        for host in &before.organisations {
            let is_named = || draft.sessions.iter().any(|it| it.session.hosts.contains(&host.slug));
            if !draft.organisations.iter().any(|it| it.slug == host.slug) && is_named() {
                draft.organisations.push(host.clone());
            }
        }
    }

    fn tell_days(&mut self) {
        let (starts, ends) = (self.draft.programme.starts, self.draft.programme.ends);
        let outside: BTreeMap<NaiveDate, &str> = (self.draft.sessions.iter())
            .filter(|it| {
                it.session.status == Status::Scheduled && !(starts..=ends).contains(&it.session.date)
            })
            .map(|it| (it.session.date, it.session.slug.as_str()))
            .collect();
        if let Some((date, slug)) = outside.first_key_value() {
            let message =
                format!("sessions lie outside the programme's days {starts} to {ends}, as {slug} on {date}");
            self.notices.push(Problem::new(self.file, message));
        }
    }
}

/// A session of which nothing is known.
pub fn blank(slug: String, id: Uuid) -> DraftSession {
    DraftSession {
        session: Session {
            slug,
            id,
            title: String::new(),
            theme: None,
            formats: vec![Kind::Other],
            date: NaiveDate::default(),
            start: None,
            end: None,
            languages: Vec::new(),
            place: None,
            online: false,
            hosts: Vec::new(),
            speakers: Vec::new(),
            r#abstract: String::new(),
            description: String::new(),
            tags: Vec::new(),
            access: Vec::new(),
            status: Status::Scheduled,
            text_language: None,
            recording: None,
            minutes: String::new(),
            cancel_reason: String::new(),
        },
        live: Live::default(),
    }
}

/// Colours of themes that bring none: apart from each other, and dark enough for white text on them (WCAG 1.4.3).
const COLOURS: [&str; 12] = [
    "#0b6e4f", "#1d4ed8", "#b45309", "#7e22ce", "#be123c", "#0e7490", "#4d7c0f", "#9d174d", "#4338ca",
    "#92400e", "#115e59", "#475569",
];

/// The first colour that no theme has; when all are taken, they begin again.
pub(super) fn free_colour(themes: &[Theme]) -> String {
    let free = COLOURS.into_iter().find(|colour| !themes.iter().any(|theme| theme.colour == *colour));
    free.unwrap_or(COLOURS[themes.len() % COLOURS.len()]).to_owned()
}

/// `#rrggbb`, in lower case.
pub(super) fn colour(text: &str) -> Result<String, String> {
    let text = text.trim().to_lowercase();
    let digits = text.strip_prefix('#').unwrap_or_default();
    if digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        Ok(text)
    } else {
        Err("is no colour; write it as #0b6e4f".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_text_can_be_read_on_every_colour_of_ours() {
        for colour in COLOURS {
            let part = |at: usize| f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            let linear = |c: f64| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) };
            let light = 0.2126 * linear(part(1)) + 0.7152 * linear(part(3)) + 0.0722 * linear(part(5));
            assert!(1.05 / (light + 0.05) >= 4.5, "{colour}");
        }
    }
}
