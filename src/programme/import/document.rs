//! TOML read key by key, so that every mistake is found in one go, each with its line.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{Problem, text, time};

/// A TOML text and what is wrong in it.
pub(super) struct Document<'i> {
    file: String,
    source: &'i str,
    /// Lines of the file that stand before the text.
    lines_before: u64,
    problems: Vec<Problem>,
}

impl<'i> Document<'i> {
    pub fn new(file: &str, source: &'i str, lines_before: u64) -> Document<'i> {
        Document { file: file.to_owned(), source, lines_before, problems: Vec::new() }
    }

    /// As much of the text as is TOML.
    pub fn parse(&mut self) -> Spanned<DeTable<'i>> {
        let (root, errors) = DeTable::parse_recoverable(self.source);
        for error in errors {
            let at = error.span().map_or(0, |span| span.start);
            let message = format!("is no TOML here: {}", error.message());
            let problem = Problem::new(&self.file, message).line(self.line(at));
            self.problems.push(problem);
        }
        root
    }

    /// True while nothing is wrong.
    pub fn is_right(&self) -> bool {
        self.problems.is_empty()
    }

    /// Something wrong at a byte of the text.
    pub fn wrong(&mut self, at: usize, key: &str, value: Option<&str>, message: impl Into<String>) {
        let mut problem = Problem::new(&self.file, message).line(self.line(at)).column(key);
        problem.value = value.map(str::to_owned);
        self.problems.push(problem);
    }

    fn line(&self, at: usize) -> u64 {
        self.lines_before + text::line_of(self.source, at)
    }

    /// What was read, if nothing was wrong.
    pub fn done<T>(mut self, value: T) -> Result<T, Vec<Problem>> {
        self.problems.sort_by_key(|problem| problem.line);
        if self.problems.is_empty() { Ok(value) } else { Err(self.problems) }
    }
}

/// One table of a document.
pub(super) struct Section<'r, 'i> {
    table: &'r DeTable<'i>,
    /// Where it begins, for what is missing in it.
    pub at: usize,
    /// Its name and a dot, before its keys in messages.
    prefix: String,
    known: Vec<&'static str>,
}

impl<'r, 'i> Section<'r, 'i> {
    pub fn root(root: &'r Spanned<DeTable<'i>>) -> Section<'r, 'i> {
        Section { table: root.get_ref(), at: 0, prefix: String::new(), known: Vec::new() }
    }

    fn get(&mut self, key: &'static str) -> Option<&'r Spanned<DeValue<'i>>> {
        self.known.push(key);
        self.table.iter().find(|(name, _)| name.get_ref().as_ref() == key).map(|(_, value)| value)
    }

    /// The value of a key, where it is there and right.
    pub fn read<T>(
        &mut self,
        document: &mut Document<'_>,
        key: &'static str,
        parse: impl FnOnce(&DeValue<'_>) -> Result<T, String>,
    ) -> Option<T> {
        let value = self.get(key)?;
        match parse(value.get_ref()) {
            Ok(parsed) => Some(parsed),
            Err(message) => {
                let raw = value.get_ref().as_str().map(str::to_owned);
                let raw = raw.or_else(|| document.source.get(value.span()).map(str::to_owned));
                document.wrong(value.span().start, &format!("{}{key}", self.prefix), raw.as_deref(), message);
                None
            }
        }
    }

    /// The value of a key that must be there.
    pub fn need<T>(
        &mut self,
        document: &mut Document<'_>,
        key: &'static str,
        parse: impl FnOnce(&DeValue<'_>) -> Result<T, String>,
    ) -> Option<T> {
        if !self.table.iter().any(|(name, _)| name.get_ref().as_ref() == key) {
            self.known.push(key);
            document.wrong(self.at, &format!("{}{key}", self.prefix), None, "is missing here");
            return None;
        }
        self.read(document, key, parse)
    }

    /// A table under a key.
    pub fn table(&mut self, document: &mut Document<'_>, key: &'static str) -> Option<Section<'r, 'i>> {
        let value = self.get(key)?;
        let DeValue::Table(table) = value.get_ref() else {
            document.wrong(value.span().start, key, None, format!("must be a table: [{key}]"));
            return None;
        };
        Some(Section { table, at: value.span().start, prefix: format!("{key}."), known: Vec::new() })
    }

    /// The tables of `[[key]]`, in their order.
    pub fn tables(&mut self, document: &mut Document<'_>, key: &'static str) -> Vec<Section<'r, 'i>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let message = format!("must be tables: [[{key}]]");
        let DeValue::Array(values) = value.get_ref() else {
            document.wrong(value.span().start, key, None, message);
            return Vec::new();
        };
        let mut sections = Vec::new();
        for value in values.iter() {
            match value.get_ref() {
                DeValue::Table(table) => sections.push(Section {
                    table,
                    at: value.span().start,
                    prefix: format!("{key}."),
                    known: Vec::new(),
                }),
                _ => document.wrong(value.span().start, key, None, message.clone()),
            }
        }
        sections
    }

    /// Says which keys nobody has asked for.
    pub fn finish(self, document: &mut Document<'_>) {
        for name in self.table.keys() {
            if !self.known.contains(&name.get_ref().as_ref()) {
                let message = format!("is no key of ours; here stand: {}", self.known.join(", "));
                document.wrong(
                    name.span().start,
                    &format!("{}{}", self.prefix, name.get_ref()),
                    None,
                    message,
                );
            }
        }
    }
}

/// A text as it is.
pub(super) fn text(value: &DeValue<'_>) -> Result<String, String> {
    value.as_str().map(str::to_owned).ok_or_else(|| "must be a text in quotes".to_owned())
}

/// A text that a function takes.
pub(super) fn text_as<T>(
    parse: impl Fn(&str) -> Result<T, String>,
) -> impl Fn(&DeValue<'_>) -> Result<T, String> {
    move |value| parse(&text(value)?)
}

/// Texts, each of which a function takes.
pub(super) fn texts_as<T>(
    parse: impl Fn(&str) -> Result<T, String>,
) -> impl Fn(&DeValue<'_>) -> Result<Vec<T>, String> {
    move |value| {
        let values = value.as_array().ok_or_else(|| "must be a list of texts: [\"a\", \"b\"]".to_owned())?;
        values.iter().map(|value| parse(&text(value.get_ref())?)).collect()
    }
}

/// A whole number between two.
pub(super) fn integer(least: i64, most: i64) -> impl Fn(&DeValue<'_>) -> Result<i64, String> {
    move |value| {
        let number = value.as_integer().and_then(|n| i64::from_str_radix(n.as_str(), n.radix()).ok());
        number
            .filter(|number| (least..=most).contains(number))
            .ok_or_else(|| format!("must be a whole number from {least} to {most}"))
    }
}

/// `true` or `false`.
pub(super) fn yes_or_no(value: &DeValue<'_>) -> Result<bool, String> {
    value.as_bool().ok_or_else(|| "must be true or false".to_owned())
}

/// Degrees between two bounds.
pub(super) fn degrees(most: f64) -> impl Fn(&DeValue<'_>) -> Result<f64, String> {
    move |value| {
        let float = value.as_float().and_then(|number| number.as_str().parse().ok());
        let number = float.or_else(|| value.as_integer()?.as_str().parse().ok());
        number
            .filter(|number: &f64| (-most..=most).contains(number))
            .ok_or_else(|| format!("must be degrees from -{most} to {most}, as 46.2044"))
    }
}

/// A day: `2027-04-19`, or a text that says one.
pub(super) fn date(value: &DeValue<'_>) -> Result<NaiveDate, String> {
    if let Some(text) = value.as_str() {
        return time::day(text);
    }
    let found = value.as_datetime().filter(|found| found.time.is_none()).and_then(|found| found.date);
    found.and_then(day_of).ok_or_else(|| "must be a day: 2027-04-19".to_owned())
}

/// A local time: `2027-04-01T09:00:00`, or a text that says one.
pub(super) fn date_time(value: &DeValue<'_>) -> Result<NaiveDateTime, String> {
    let wrong = || "must be a local day and time without a zone: 2027-04-01T09:00:00".to_owned();
    if let Some(text) = value.as_str() {
        let moment = time::moment(text)?;
        return moment.date.and_then(|date| moment.on(date)).ok_or_else(wrong);
    }
    let found = value.as_datetime().filter(|found| found.offset.is_none()).ok_or_else(wrong)?;
    let date = found.date.and_then(day_of).ok_or_else(wrong)?;
    let clock = found.time.ok_or_else(wrong)?;
    let clock =
        NaiveTime::from_hms_opt(clock.hour.into(), clock.minute.into(), clock.second.unwrap_or(0).into());
    Ok(date.and_time(clock.ok_or_else(wrong)?))
}

fn day_of(date: toml::value::Date) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
}
