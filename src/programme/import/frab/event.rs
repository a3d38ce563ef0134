//! One event into one session.

use chrono_tz::Tz;
use uuid::Uuid;

use super::{Event, Schedule, identity::Slugs, one_line};
use crate::{
    locale::{self, Lang},
    programme::{
        Session, Status,
        import::{
            Problem,
            merge::{self, Merge},
            text, words,
        },
    },
};

/// A schedule on its way into a draft.
pub(super) struct Reading<'r, 'a> {
    pub file: &'r str,
    pub schedule: &'r Schedule,
    pub zone: Tz,
    /// True for a schedule that we wrote.
    pub ours: bool,
    pub merge: Merge<'a>,
    pub slugs: Slugs,
}

impl Reading<'_, '_> {
    /// Takes an event, or says what is wrong with it.
    pub fn event(&mut self, event: &Event, new_id: &mut dyn FnMut() -> Uuid) {
        let slug = self.slugs.take(event, self.ours, &self.merge);
        let before = self.merge.existing(&slug);
        let mut draft = match before {
            Some(before) => before.clone(),
            None => merge::blank(slug, new_id()),
        };
        if let Err(problem) = self.fill(event, &mut draft.session, before.is_some()) {
            self.merge.problems.push(problem);
            return;
        }
        // Schedules leave cancelled events out; what is in the file again is in the programme again.
        if draft.session.status == Status::Withdrawn {
            draft.session.status = Status::Scheduled;
        }
        self.merge.take(draft, event.line);
    }

    pub(super) fn wrong(
        &self,
        event: &Event,
        column: &str,
        value: &str,
        message: impl Into<String>,
    ) -> Problem {
        let name = match (event.path.as_str(), event.id.as_str()) {
            ("", "") => column.to_owned(),
            ("", id) => format!("event {id} {column}"),
            (path, _) => format!("{path}.{column}"),
        };
        let mut problem = Problem::new(self.file, message).column(name).value(value);
        problem.line = event.line;
        problem
    }

    fn fill(&mut self, event: &Event, session: &mut Session, known: bool) -> Result<(), Problem> {
        let title = self.line(&event.title);
        session.title = text::title(&title).map_err(|why| self.wrong(event, "title", &title, why))?;
        self.times(event, session, known)?;
        let kept = self.ours && known;
        let format = words::format_near(&event.kind);
        if !kept || session.formats.first() != Some(&format) {
            session.formats = vec![format];
        }
        // A language that we do not know is no reason to refuse a schedule.
        let languages = if event.language.trim().is_empty() {
            Vec::new()
        } else {
            words::languages(&event.language).unwrap_or_default()
        };
        if !kept || session.languages.first() != languages.first() {
            session.text_language = match languages.as_slice() {
                [only] => Some(only.clone()),
                _ => None,
            };
            session.languages = languages;
        }
        let names = event.persons.iter().map(|name| self.line(name));
        session.speakers = names.filter(|name| !name.is_empty()).collect();
        self.theme(event, session)?;
        self.room(event, session)?;
        if self.ours {
            self.hosts(event, session)?;
        }
        self.texts(event, session)
    }

    fn theme(&mut self, event: &Event, session: &mut Session) -> Result<(), Problem> {
        let is_named = |slug: &String| {
            self.merge.draft.themes.iter().any(|it| it.slug == *slug && it.title == event.track)
        };
        if !session.theme.as_ref().is_some_and(is_named) {
            session.theme = self.name(event, "track", &event.track, |merge, name| merge.theme(name))?;
        }
        Ok(())
    }

    fn room(&mut self, event: &Event, session: &mut Session) -> Result<(), Problem> {
        let is_named = |slug: &String| {
            self.merge.draft.places.iter().any(|it| it.slug == *slug && it.name == event.room)
        };
        let is_online = matches!(words::plain(&event.room).as_str(), "en ligne" | "online" | "virtual");
        let is_open = || {
            let words = Lang::ALL.map(|lang| locale::text(lang, "calendar-place-open", &[]));
            words.contains(&event.room)
        };
        if session.place.as_ref().is_some_and(is_named) {
            return Ok(());
        }
        if is_online {
            session.online = true;
            session.place = None;
        } else if self.ours && is_open() {
            session.place = None;
        } else {
            session.place = self.name(event, "room", &event.room, |merge, name| merge.place(name))?;
        }
        Ok(())
    }

    /// In our own schedules the links are the hosts that have a site.
    fn hosts(&mut self, event: &Event, session: &mut Session) -> Result<(), Problem> {
        let mut said = Vec::new();
        for (name, site) in &event.links {
            let known = self.merge.draft.organisations.iter().map(|it| it.slug.clone()).collect::<Vec<_>>();
            let slug = self.name(event, "link", name, |merge, name| merge.organisation(name))?;
            let Some(slug) = slug else { continue };
            let made = self.merge.draft.organisations.last_mut().filter(|_| !known.contains(&slug));
            if let (Some(made), Ok(site)) = (made, text::web_address(site)) {
                made.url = site;
            }
            said.push(slug);
        }
        let organisations = &self.merge.draft.organisations;
        let has_site = |slug: &String| organisations.iter().any(|it| it.slug == *slug && !it.url.is_empty());
        if !session.hosts.iter().filter(|slug| has_site(slug)).eq(&said) {
            session.hosts.retain(|slug| !has_site(slug));
            session.hosts.extend(said);
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
        let name = self.line(value);
        if name.is_empty() {
            return Ok(None);
        }
        let found = text::word(&name).and_then(|name| find(&mut self.merge, &name));
        found.map(Some).map_err(|why| self.wrong(event, column, &name, why))
    }

    /// A text of one line: ours as it is, others' brought into form.
    fn line(&self, text: &str) -> String {
        if self.ours { text.trim().to_owned() } else { one_line(text) }
    }
}
