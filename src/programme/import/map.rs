//! Which column feeds which field: by its heading, or by a map that somebody wrote.

use std::collections::BTreeMap;

use super::{
    Problem,
    document::{self, Document},
    words,
};

/// The columns of `sessions.csv`, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "DESIGN.md section 7 says each")]
pub enum Field {
    Slug,
    Title,
    Theme,
    Format,
    Date,
    Start,
    End,
    Language,
    Place,
    Online,
    JoinUrl,
    Capacity,
    Registration,
    Hosts,
    Speakers,
    Abstract,
    Description,
    Tags,
    Access,
    Status,
    Opens,
    Closes,
    Queue,
    Held,
    TextLanguage,
    Recording,
    Minutes,
    CancelReason,
}

impl Field {
    /// In the order of our own files.
    pub const ALL: [Field; 28] = [
        Field::Slug,
        Field::Title,
        Field::Theme,
        Field::Format,
        Field::Date,
        Field::Start,
        Field::End,
        Field::Language,
        Field::Place,
        Field::Online,
        Field::JoinUrl,
        Field::Capacity,
        Field::Registration,
        Field::Hosts,
        Field::Speakers,
        Field::Abstract,
        Field::Description,
        Field::Tags,
        Field::Access,
        Field::Status,
        Field::Opens,
        Field::Closes,
        Field::Queue,
        Field::Held,
        Field::TextLanguage,
        Field::Recording,
        Field::Minutes,
        Field::CancelReason,
    ];

    /// The heading in our own files.
    pub fn code(self) -> &'static str {
        match self {
            Field::Slug => "slug",
            Field::Title => "title",
            Field::Theme => "theme",
            Field::Format => "format",
            Field::Date => "date",
            Field::Start => "start",
            Field::End => "end",
            Field::Language => "language",
            Field::Place => "place",
            Field::Online => "online",
            Field::JoinUrl => "join_url",
            Field::Capacity => "capacity",
            Field::Registration => "registration",
            Field::Hosts => "hosts",
            Field::Speakers => "speakers",
            Field::Abstract => "abstract",
            Field::Description => "description",
            Field::Tags => "tags",
            Field::Access => "access",
            Field::Status => "status",
            Field::Opens => "opens",
            Field::Closes => "closes",
            Field::Queue => "queue",
            Field::Held => "held",
            Field::TextLanguage => "text_language",
            Field::Recording => "recording",
            Field::Minutes => "minutes",
            Field::CancelReason => "cancel_reason",
        }
    }

    /// The field of that heading of ours.
    pub fn parse(code: &str) -> Option<Field> {
        Field::ALL.into_iter().find(|field| field.code() == code)
    }

    /// Every heading of ours, for messages.
    pub(super) fn codes() -> String {
        Field::ALL.map(Field::code).join(", ")
    }
}

/// A map from fields to headings: TOML such as `title = "event_title"`.
///
/// One column may feed several fields. A field mapped to `""` is not read, whatever the headings say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnMap {
    file: String,
    headings: BTreeMap<Field, String>,
    /// Where it is said of each column, whatever its heading, this alone holds.
    columns: Option<BTreeMap<Field, usize>>,
}

impl ColumnMap {
    /// The map in a TOML text; `file` is its name for messages.
    ///
    /// # Errors
    /// What is no TOML, names no field of ours, or is no text: all of it.
    pub fn parse(file: &str, text: &str) -> Result<ColumnMap, Vec<Problem>> {
        let mut document = Document::new(file, text, 0);
        let mut headings = BTreeMap::new();
        let root = document.parse();
        let mut section = document::Section::root(&root);
        for field in Field::ALL {
            if let Some(heading) = section.read(&mut document, field.code(), document::text) {
                headings.insert(field, heading);
            }
        }
        section.finish(&mut document);
        document.done(ColumnMap { file: file.to_owned(), headings, columns: None })
    }

    /// The map in which somebody has said of each column what it is; columns that feed nothing are left out.
    pub fn of_columns(columns: impl IntoIterator<Item = (usize, Field)>) -> ColumnMap {
        let columns = columns.into_iter().map(|(column, field)| (field, column)).collect();
        ColumnMap { file: String::new(), headings: BTreeMap::new(), columns: Some(columns) }
    }
}

/// Where each field stands in a row.
#[derive(Debug, Default)]
pub(super) struct Columns {
    at: BTreeMap<Field, usize>,
    /// The headings that feed nothing.
    pub unused: Vec<String>,
}

impl Columns {
    /// The column of a field, where the file has one.
    pub fn of(&self, field: Field) -> Option<usize> {
        self.at.get(&field).copied()
    }

    /// Finds each field's column, by the map first and then by the headings.
    pub fn find(file: &str, headings: &[String], map: Option<&ColumnMap>) -> Result<Columns, Vec<Problem>> {
        let mut columns = Columns::default();
        if let Some(said) = map.and_then(|map| map.columns.as_ref()) {
            columns.at =
                said.iter().filter(|(_, at)| **at < headings.len()).map(|(f, at)| (*f, *at)).collect();
            return Ok(columns);
        }
        let mut problems = Vec::new();
        let mut mapped = Vec::new();
        for (field, heading) in map.iter().flat_map(|map| &map.headings) {
            let found = headings
                .iter()
                .position(|found| found == heading)
                .or_else(|| headings.iter().position(|found| words::plain(found) == words::plain(heading)));
            match found {
                _ if heading.is_empty() => mapped.push(*field),
                Some(at) => {
                    mapped.push(*field);
                    columns.at.insert(*field, at);
                }
                None => problems.push(
                    Problem::new(
                        map.map_or("", |map| map.file.as_str()),
                        format!("{file} has no such column; it has: {}", headings.join(", ")),
                    )
                    .column(field.code())
                    .value(heading),
                ),
            }
        }
        for (at, heading) in headings.iter().enumerate() {
            if columns.at.values().any(|used| *used == at) {
                continue;
            }
            match words::field(heading) {
                Some(field) if mapped.contains(&field) => {}
                Some(field) => columns.take(file, field, at, headings, &mut problems),
                None if heading.is_empty() => {}
                None => columns.unused.push(heading.clone()),
            }
        }
        if problems.is_empty() { Ok(columns) } else { Err(problems) }
    }

    /// Our own heading goes before another word for the same.
    fn take(
        &mut self,
        file: &str,
        field: Field,
        at: usize,
        headings: &[String],
        problems: &mut Vec<Problem>,
    ) {
        let Some(before) = self.of(field) else {
            self.at.insert(field, at);
            return;
        };
        match (is_ours(&headings[before], field), is_ours(&headings[at], field)) {
            (true, false) => self.unused.push(headings[at].clone()),
            (false, true) => {
                self.unused.push(headings[before].clone());
                self.at.insert(field, at);
            }
            (true, true) | (false, false) => problems.push(
                Problem::new(
                    file,
                    format!(
                        "is the {} as {:?} in column {} is; keep one, or say which with --map",
                        field.code(),
                        headings[before],
                        before + 1
                    ),
                )
                .line(1)
                .column(format!("column {}", at + 1))
                .value(&headings[at]),
            ),
        }
    }
}

fn is_ours(heading: &str, field: Field) -> bool {
    words::plain(heading) == words::plain(field.code())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headings(text: &str) -> Vec<String> {
        text.split(',').map(str::to_owned).collect()
    }

    #[test]
    fn a_map_lets_one_column_feed_several_fields_and_silences_another() {
        let map = ColumnMap::parse(
            "map.toml",
            "title = \"event_title\"\ndate = \"when_start\"\nstart = \"when_start\"\nformat = \"\"\n",
        )
        .unwrap();
        let columns =
            Columns::find("x.csv", &headings("event_title,when_start,type,place"), Some(&map)).unwrap();
        assert_eq!(columns.of(Field::Title), Some(0));
        assert_eq!(columns.of(Field::Date), Some(1));
        assert_eq!(columns.of(Field::Start), Some(1));
        assert_eq!(columns.of(Field::Format), None);
        assert_eq!(columns.of(Field::Place), Some(3));
    }

    #[test]
    fn everything_wrong_in_a_map_is_said_at_once() {
        let problems = ColumnMap::parse("map.toml", "titel = \"a\"\ndate = 3\n").unwrap_err();
        let lines: Vec<_> = problems.iter().map(|problem| problem.line).collect();
        assert_eq!(lines, [Some(1), Some(2)]);
        let map = ColumnMap::parse("map.toml", "title = \"gone\"").unwrap();
        let problems = Columns::find("x.csv", &headings("a,b"), Some(&map)).unwrap_err();
        assert_eq!(
            problems[0].to_string(),
            "map.toml: title \"gone\": x.csv has no such column; it has: a, b"
        );
    }

    #[test]
    fn two_columns_for_one_field_are_a_mistake_unless_one_is_ours() {
        assert!(Columns::find("x", &headings("title,date,date"), None).is_err());
        let columns = Columns::find("x", &headings("nom,title,date"), None).unwrap();
        assert_eq!((columns.of(Field::Title), columns.unused), (Some(1), vec!["nom".to_owned()]));
    }
}
