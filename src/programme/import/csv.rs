//! A table of sessions: a CSV file, a sheet of a workbook, or a part of a folder (DESIGN.md section 7).

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use chrono_tz::Tz;
use uuid::Uuid;

use super::{
    ColumnMap, Imported, Options, Problem, ZONE_DEFAULT, cell, folder,
    map::{Columns, Field},
    merge::{self, Merge, Unknown},
    names::Numbers,
    slug_rule,
    source::Read,
    table::{self, Row, Table, values},
    text, time,
};
use crate::programme::{Capacity, Draft, DraftSession, RegistrationTime, Status, is_slug, slugify};

/// A lone table into a draft, or into nothing: then it makes the programme.
pub(super) fn import(
    existing: Option<&Draft>,
    file: &str,
    (table, notices): &Read,
    options: &Options,
    new_id: &mut dyn FnMut() -> Uuid,
) -> Result<Imported, Vec<Problem>> {
    let draft = match existing {
        Some(existing) => existing.clone(),
        None => empty(options),
    };
    let mut merge = Merge::new(file, draft, existing, Unknown::Make);
    if let Some(zone) = options.timezone {
        merge.draft.programme.timezone = zone;
    } else if existing.is_none() {
        let message =
            format!("no zone is said, so times are taken to be in {ZONE_DEFAULT}; --timezone says another");
        merge.notices.push(Problem::new(file, message));
    }
    merge.notices.extend(notices.iter().cloned());
    take(&mut merge, file, table, options.map.as_ref(), new_id)?;
    if existing.is_none() {
        if merge.draft.sessions.is_empty() && merge.problems.is_empty() {
            let message = "holds no sessions, so there is no programme to make of it";
            merge.problems.push(Problem::new(file, message));
        }
        describe(&mut merge.draft);
        let message =
            format!("made the programme {:?} with the days and languages of its sessions", options.slug);
        merge.notices.push(Problem::new(file, message));
    }
    merge.finish(options.remove_missing)
}

fn empty(options: &Options) -> Draft {
    let words = options.slug.replace('-', " ");
    let mut letters = words.chars();
    let title = letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default();
    let mut draft = folder::empty(options);
    draft.programme.title = title;
    draft.programme.timezone = options.timezone.unwrap_or(ZONE_DEFAULT);
    draft
}

/// Days and languages of a programme that only its sessions tell of.
fn describe(draft: &mut Draft) {
    let days = || draft.sessions.iter().map(|it| it.session.date);
    let last =
        |it: &DraftSession| it.session.end.map_or(it.session.date, |end| end.date()).max(it.session.date);
    let ends = draft.sessions.iter().map(last).max();
    draft.programme.starts = days().min().unwrap_or_default();
    draft.programme.ends = ends.unwrap_or_default();
    let mut languages: Vec<String> = Vec::new();
    for language in draft.sessions.iter().flat_map(|it| &it.session.languages) {
        if !languages.contains(language) {
            languages.push(language.clone());
        }
    }
    draft.programme.languages = languages;
}

/// The table in a file's bytes, and what was guessed.
pub(super) fn read(file: &str, bytes: &[u8]) -> Result<Read, Vec<Problem>> {
    let (whole, notice) = table::decode(file, bytes).map_err(|problem| vec![problem])?;
    let table = table::parse(file, &whole, table::SESSIONS).map_err(|problem| vec![problem])?;
    Ok((table, notice.into_iter().collect()))
}

/// Every row of a file into a draft. What is wrong in the rows is in `merge.problems`.
pub(super) fn sessions(
    merge: &mut Merge<'_>,
    file: &str,
    bytes: &[u8],
    map: Option<&ColumnMap>,
    new_id: &mut dyn FnMut() -> Uuid,
) -> Result<(), Vec<Problem>> {
    let (table, notices) = read(file, bytes)?;
    merge.notices.extend(notices);
    take(merge, file, &table, map, new_id)
}

fn take(
    merge: &mut Merge<'_>,
    file: &str,
    table: &Table,
    map: Option<&ColumnMap>,
    new_id: &mut dyn FnMut() -> Uuid,
) -> Result<(), Vec<Problem>> {
    let broken = table.problems.clone();
    let columns = match columns(file, table, map) {
        Ok(columns) => columns,
        Err(problems) => return Err(problems.into_iter().chain(broken).collect()),
    };
    if !columns.unused.is_empty() {
        let message = format!("columns that are not read: {}", columns.unused.join(", "));
        merge.notices.push(Problem::new(file, message).line(1));
    }
    rows(merge, file, table, &columns, new_id);
    merge.problems.extend(broken);
    merge.problems.sort_by_key(|problem| problem.line);
    Ok(())
}

/// Every row into a draft, column by column.
pub(super) fn rows(
    merge: &mut Merge<'_>,
    file: &str,
    table: &Table,
    columns: &Columns,
    new_id: &mut dyn FnMut() -> Uuid,
) {
    let (seen, lacking) = (HashMap::new(), BTreeMap::new());
    let mut reading = Reading { file, table, columns, merge, seen, numbers: Numbers::default(), lacking };
    for row in &table.rows {
        reading.row(row, new_id);
    }
    reading.tell_lacking();
}

/// Where each field stands. A table without a slug or a title is none of ours.
fn columns(file: &str, table: &Table, map: Option<&ColumnMap>) -> Result<Columns, Vec<Problem>> {
    let columns = Columns::find(file, &table.headings, map)?;
    if columns.of(Field::Slug).is_none() && columns.of(Field::Title).is_none() {
        let message = format!(
            "no column is a slug or a title; the headings are {:?}, ours are {}; --map says which column is what",
            table.headings.join(", "),
            Field::codes()
        );
        return Err(vec![Problem::new(file, message).line(1)]);
    }
    Ok(columns)
}

/// A table on its way into a draft.
struct Reading<'r, 'a> {
    file: &'r str,
    table: &'r Table,
    columns: &'r Columns,
    merge: &'r mut Merge<'a>,
    /// Slugs of the rows so far, and their lines.
    seen: HashMap<String, u64>,
    numbers: Numbers,
    /// Columns that new sessions need and the table does not have, and the first line that needs them.
    lacking: BTreeMap<Field, u64>,
}

impl Reading<'_, '_> {
    fn row(&mut self, row: &Row, new_id: &mut dyn FnMut() -> Uuid) {
        let mut cells = Cells {
            file: self.file,
            headings: &self.table.headings,
            columns: self.columns,
            row,
            problems: Vec::new(),
        };
        let slug = self.slug(&mut cells);
        let before = slug.as_deref().and_then(|slug| self.merge.existing(slug));
        let mut session = match before {
            Some(before) => before.clone(),
            None => merge::blank(slug.clone().unwrap_or_default(), new_id()),
        };
        // What is in the file is in the programme again; a status column goes first.
        if session.session.status == Status::Withdrawn {
            session.session.status = Status::Scheduled;
        }
        texts(&mut cells, &mut session);
        self.names(&mut cells, &mut session);
        times(&mut cells, &mut session, self.merge.draft.programme.timezone);
        live(&mut cells, &mut session, self.merge.draft.programme.timezone);
        opening(&mut cells, &session, self.merge.draft.programme.timezone);
        if before.is_none() {
            for field in [Field::Title, Field::Date] {
                let is_said = field == Field::Date && session.session.date != NaiveDate::default();
                if self.columns.of(field).is_none() && !is_said {
                    self.lacking.entry(field).or_insert(row.line);
                }
            }
        }
        self.tell_held(row.line, &session);
        self.merge.problems.append(&mut cells.problems);
        if slug.is_some() {
            self.merge.take(session, Some(row.line));
        }
    }

    /// The session's slug; without one in the file, from its title.
    fn slug(&mut self, cells: &mut Cells<'_>) -> Option<String> {
        let line = cells.row.line;
        if let Some(slug) = cells.raw(Field::Slug).map(str::trim).filter(|slug| !slug.is_empty()) {
            if !is_slug(slug) {
                cells.wrong(Field::Slug, slug_rule().split(", and a programme's").next().unwrap_or_default());
                return None;
            }
            if let Some(first) = self.seen.insert(slug.to_owned(), line) {
                cells.wrong(
                    Field::Slug,
                    format!("stands on line {first} already; each session has a slug of its own"),
                );
                self.seen.insert(slug.to_owned(), first);
                return None;
            }
            return Some(slug.to_owned());
        }
        let title = cells.raw(Field::Title).map(str::trim).filter(|title| !title.is_empty());
        let Some(title) = title else {
            if self.columns.of(Field::Title).is_none() {
                cells.wrong(Field::Slug, "is empty; each session has a slug");
            }
            return None;
        };
        let slug = self.numbers.unused(&slugify(title), |slug| self.seen.contains_key(slug));
        self.seen.insert(slug.clone(), line);
        Some(slug)
    }

    fn names(&mut self, cells: &mut Cells<'_>, session: &mut DraftSession) {
        let merge = &mut *self.merge;
        let session = &mut session.session;
        let one = |cell: &str, find: &mut dyn FnMut(&str) -> Result<String, String>| match text::word(cell)? {
            name if name.is_empty() => Ok(None),
            name => find(&name).map(Some),
        };
        cells.set(Field::Theme, &mut session.theme, |cell| one(cell, &mut |name| merge.theme(name)));
        cells.set(Field::Place, &mut session.place, |cell| one(cell, &mut |name| merge.place(name)));
        cells.set(Field::Hosts, &mut session.hosts, |cell| {
            let mut hosts: Vec<String> = Vec::new();
            let mut wrong = Vec::new();
            for name in values(cell) {
                match text::word(&name).and_then(|name| merge.organisation(&name)) {
                    Ok(slug) if hosts.contains(&slug) => {}
                    Ok(slug) => hosts.push(slug),
                    Err(why) => wrong.push(format!("{name:?} {why}")),
                }
            }
            if wrong.is_empty() { Ok(hosts) } else { Err(wrong.join("; ")) }
        });
    }

    fn tell_held(&mut self, line: u64, session: &DraftSession) {
        let held: i64 = session.live.held.values().sum();
        if let Capacity::Seats(seats) = session.live.capacity
            && held > seats
        {
            let message =
                format!("{} keeps back {held} of {seats} seats, so nobody gets in", session.session.slug);
            self.merge.notices.push(Problem::new(self.file, message).line(line));
        }
    }

    fn tell_lacking(&mut self) {
        for (field, line) in &self.lacking {
            let message = format!(
                "a new session needs a {}, and no column is one; the headings are {:?}; --map says which column is what",
                field.code(),
                self.table.headings.join(", ")
            );
            self.merge.problems.push(Problem::new(self.file, message).line(*line));
        }
    }
}

/// The cells of one row, and what is wrong with them.
struct Cells<'r> {
    file: &'r str,
    headings: &'r [String],
    columns: &'r Columns,
    row: &'r Row,
    problems: Vec<Problem>,
}

impl<'r> Cells<'r> {
    /// What stands there; `None` where the column is absent.
    fn raw(&self, field: Field) -> Option<&'r str> {
        self.row.cells.get(self.columns.of(field)?).map(String::as_str)
    }

    /// Sets a value from its cell; leaves it where the column is absent or the cell is wrong.
    fn set<T>(&mut self, field: Field, value: &mut T, parse: impl FnOnce(&str) -> Result<T, String>) {
        match self.raw(field).map(parse) {
            Some(Ok(parsed)) => *value = parsed,
            Some(Err(message)) => self.wrong(field, message),
            None => {}
        }
    }

    fn wrong(&mut self, field: Field, message: impl Into<String>) {
        let mut problem = Problem::new(self.file, message).line(self.row.line);
        if let Some(column) = self.columns.of(field) {
            problem = problem.column(&self.headings[column]).value(&self.row.cells[column]);
        }
        self.problems.push(problem);
    }
}

fn texts(cells: &mut Cells<'_>, draft: &mut DraftSession) {
    let session = &mut draft.session;
    cells.set(Field::Title, &mut session.title, text::title);
    cells.set(Field::Format, &mut session.formats, cell::formats);
    cells.set(Field::Language, &mut session.languages, cell::languages);
    cells.set(Field::Online, &mut session.online, cell::online);
    cells.set(Field::Speakers, &mut session.speakers, cell::list);
    cells.set(Field::Abstract, &mut session.r#abstract, text::long);
    cells.set(Field::Description, &mut session.description, text::long);
    cells.set(Field::Tags, &mut session.tags, cell::list);
    cells.set(Field::Access, &mut session.access, cell::access);
    cells.set(Field::Status, &mut session.status, cell::status);
    cells.set(Field::TextLanguage, &mut session.text_language, cell::language);
    cells.set(Field::Recording, &mut session.recording, cell::address);
    cells.set(Field::Minutes, &mut session.minutes, text::long);
    cells.set(Field::CancelReason, &mut session.cancel_reason, text::long);
}

fn live(cells: &mut Cells<'_>, draft: &mut DraftSession, zone: Tz) {
    let live = &mut draft.live;
    cells.set(Field::JoinUrl, &mut live.join_url, cell::address);
    cells.set(Field::Capacity, &mut live.capacity, cell::capacity);
    cells.set(Field::Registration, &mut live.registration, cell::registration);
    cells.set(Field::Queue, &mut live.queue, cell::queue);
    cells.set(Field::Held, &mut live.held, cell::held);
    let in_zone = |time: Option<RegistrationTime>| match time.and_then(RegistrationTime::local) {
        Some(local) => time::exists(zone, local).map(|()| time),
        None => Ok(time),
    };
    cells.set(Field::Opens, &mut live.opens, |text| cell::opens(text).and_then(in_zone));
    cells.set(Field::Closes, &mut live.closes, |text| cell::closes(text).and_then(in_zone));
}

/// Looked at when the session's own time is known, which a span leans on.
fn opening(cells: &mut Cells<'_>, draft: &DraftSession, zone: Tz) {
    if let Err(why) = super::live::check_order(draft, zone) {
        let field = if cells.raw(Field::Closes).is_some() { Field::Closes } else { Field::Opens };
        cells.wrong(field, why);
    }
}

/// Day, start and end, which lean on each other.
fn times(cells: &mut Cells<'_>, draft: &mut DraftSession, zone: Tz) {
    let session = &mut draft.session;
    let before = session.date;
    let problems = cells.problems.len();
    cells.set(Field::Date, &mut session.date, |text| match text.trim() {
        "" => Err("is empty; each session has a day".to_owned()),
        text => time::moment(text)?.date.ok_or_else(|| "has no day; write it as 2027-04-19".to_owned()),
    });
    let date_is_wrong = cells.problems.len() > problems;
    start(cells, draft);
    let session = &mut draft.session;
    if date_is_wrong {
        // Whether it fits cannot be said; whether it can be read can.
        if cells.columns.of(Field::End) != cells.columns.of(Field::Date) {
            cells.set(Field::End, &mut session.end, |text| cell::end_moment(text).map(|_| None));
        }
        return;
    }
    match cells.raw(Field::End) {
        Some(_) => {
            let (date, start) = (session.date, session.start);
            cells.set(Field::End, &mut session.end, |text| cell::end(text, date, start));
        }
        // A session that moves to another day takes its end along.
        None => session.end = session.end.and_then(|end| end.checked_add_signed(session.date - before)),
    }
    let begins = session.start.map(|start| session.date.and_time(start));
    let field = |field, other| if cells.columns.of(field).is_some() { field } else { other };
    let (start_field, end_field) =
        (field(Field::Start, Field::Date), field(Field::End, field(Field::Start, Field::Date)));
    if let Some(Err(why)) = begins.map(|begins| time::exists(zone, begins)) {
        cells.wrong(start_field, why);
    }
    if let Some(Err(why)) = session.end.map(|end| time::exists(zone, end)) {
        cells.wrong(end_field, why);
    }
    if let (Some(begins), Some(end)) = (begins, session.end)
        && end < begins
    {
        cells.wrong(end_field, format!("the session would end ({end}) before it begins ({begins})"));
    }
}

fn start(cells: &mut Cells<'_>, draft: &mut DraftSession) {
    let session = &mut draft.session;
    let shares_column = cells.columns.of(Field::Start) == cells.columns.of(Field::Date);
    let has_date = cells.columns.of(Field::Date).is_some();
    let mut date = session.date;
    cells.set(Field::Start, &mut session.start, |text| {
        let text = text.trim();
        if text.is_empty() {
            return if has_date { Ok(None) } else { Err("is empty; each session has a day".to_owned()) };
        }
        let moment = time::moment(text).map_err(|why| {
            if has_date && !shares_column && why.contains("is no date") {
                format!("is no time; {}, or leave it empty while it is not known", time::TIME_RULE)
            } else {
                why
            }
        })?;
        if moment.midnight_after {
            return Err("is the end of the day; write 00:00 on the next day".to_owned());
        }
        match moment.date {
            Some(own) if has_date && own != date && !shares_column => {
                return Err(format!("is on {own} and the session's day is {date}; write the time alone"));
            }
            Some(own) => date = own,
            None => {}
        }
        if moment.time.is_none() && has_date && !shares_column {
            return Err(format!("has no time; {}", time::TIME_RULE));
        }
        Ok(moment.time)
    });
    session.date = date;
}
