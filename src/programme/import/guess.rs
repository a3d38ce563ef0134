//! What each column of a table probably is: by its heading, else by what stands in it. People correct it.

use std::collections::{BTreeMap, HashSet};

use super::{
    cell,
    map::Field,
    table::{Table, values},
    text, time, words,
};
use crate::programme::is_slug;

/// Rows that are looked at.
const ROWS_LOOKED_AT: usize = 200;

/// How sure a guess is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sure {
    /// It looks so from what stands in it.
    Content,
    /// Its heading has such a word in it.
    Word,
    /// Its heading says it.
    Heading,
}

/// What a column probably is.
pub type Guess = Option<(Field, Sure)>;

/// What is known of a column before anybody guesses.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Known {
    /// Nobody has said anything.
    #[default]
    Nothing,
    /// Somebody has said what it is.
    Field(Field),
    /// Somebody has said that it is not read.
    LeftOut,
}

/// A guess for each column of which nothing is known, in their order; a field is guessed once, and none that is known.
pub fn guess(table: &Table, known: &[Known]) -> Vec<Guess> {
    let columns: Vec<Column<'_>> = (0..table.headings.len()).map(|at| Column::of(table, at)).collect();
    let known = (0..columns.len()).map(|at| known.get(at).copied().unwrap_or_default()).collect();
    let mut found = Found { guesses: vec![None; columns.len()], known, taken: BTreeMap::new() };
    for (at, heading) in table.headings.iter().enumerate() {
        if let Some(field) = words::field(heading) {
            found.take(at, field, Sure::Heading, is_ours(heading, field));
        }
    }
    for (at, heading) in table.headings.iter().enumerate() {
        if let Some(field) = words::field_within(heading).filter(|field| columns[at].may_be(*field)) {
            found.take(at, field, Sure::Word, false);
        }
    }
    for rule in RULES {
        let likely =
            columns.iter().enumerate().filter(|(_, column)| !column.values.is_empty() && rule.1(column));
        for (at, _) in likely {
            found.take(at, rule.0, Sure::Content, false);
        }
    }
    found.texts(&columns);
    found.guesses
}

fn is_ours(heading: &str, field: Field) -> bool {
    words::plain(heading) == words::plain(field.code())
}

struct Found {
    guesses: Vec<Guess>,
    known: Vec<Known>,
    taken: BTreeMap<Field, usize>,
}

impl Found {
    fn is_free(&self, at: usize) -> bool {
        self.guesses[at].is_none() && self.known[at] == Known::Nothing
    }

    /// The first column that is a field keeps it, unless a later one bears our own heading.
    fn take(&mut self, at: usize, field: Field, sure: Sure, ours: bool) {
        if !self.is_free(at) || self.known.contains(&Known::Field(field)) {
            return;
        }
        match self.taken.get(&field) {
            Some(before) if ours => self.guesses[*before] = None,
            Some(_) => return,
            None => {}
        }
        self.guesses[at] = Some((field, sure));
        self.taken.insert(field, at);
    }

    /// Short texts that are all different are titles, long ones describe.
    fn texts(&mut self, columns: &[Column<'_>]) {
        let free = |found: &Found, at: usize| found.is_free(at) && !columns[at].is_personal();
        let title = columns.iter().enumerate().filter(|(at, column)| {
            free(self, *at)
                && (6..=150).contains(&column.mean())
                && column.different() * 10 >= column.values.len() * 9
        });
        if let Some((at, _)) = title.max_by_key(|(_, column)| column.mean()) {
            self.take(at, Field::Title, Sure::Content, false);
        }
        let long = columns.iter().enumerate().filter(|(at, column)| free(self, *at) && column.mean() > 150);
        if let Some((at, _)) = long.max_by_key(|(_, column)| column.mean()) {
            self.take(at, Field::Description, Sure::Content, false);
        }
    }
}

type Rule = (Field, fn(&Column<'_>) -> bool);

/// What a field's values look like, the surest first.
const RULES: [Rule; 8] = [
    (Field::Date, |column| {
        column.mostly(|value| time::moment(value).is_ok_and(|moment| moment.date.is_some()))
    }),
    (Field::Start, |column| column.mostly(|value| time::clock(value).is_some())),
    (Field::End, |column| column.mostly(|value| time::clock(value).is_some())),
    (Field::Status, |column| column.mostly(|value| cell::status(value).is_ok())),
    (Field::Format, |column| column.mostly(|value| cell::formats(value).is_ok())),
    (Field::Language, |column| {
        column.mostly(|value| {
            value.len() <= 40
                && values(value).iter().all(|it| {
                    words::languages(it)
                        .is_ok_and(|codes| codes.iter().all(|code| KNOWN_LANGUAGES.contains(&code.as_str())))
                })
        })
    }),
    (Field::JoinUrl, |column| {
        column.mostly(|value| text::web_address(value).is_ok_and(|url| is_meeting(&url)))
    }),
    (Field::Capacity, |column| {
        column.mostly(|value| value.parse::<u32>().is_ok_and(|seats| (1..=5_000).contains(&seats)))
            && column.repeats()
    }),
];

/// Codes that are also words elsewhere («de», "it") are believed only where the whole column is such codes.
const KNOWN_LANGUAGES: [&str; 14] =
    ["fr", "en", "de", "it", "es", "pt", "ar", "sq", "ti", "tr", "uk", "nl", "rm", "gsw"];

fn is_meeting(url: &str) -> bool {
    let host = url.split('/').nth(2).unwrap_or_default();
    ["zoom.", "teams.", "meet.", "jitsi", "webex", "bbb.", "bigbluebutton"]
        .iter()
        .any(|word| host.contains(word))
}

/// The values of a column that is looked at.
struct Column<'t> {
    values: Vec<&'t str>,
}

impl<'t> Column<'t> {
    fn of(table: &'t Table, at: usize) -> Column<'t> {
        let cells = table.rows.iter().filter_map(|row| row.cells.get(at)).map(|cell| cell.trim());
        Column { values: cells.filter(|cell| !cell.is_empty()).take(ROWS_LOOKED_AT).collect() }
    }

    /// Nine in ten are so. Most columns are told from the first few.
    fn mostly(&self, is_so: impl Fn(&str) -> bool) -> bool {
        self.values.iter().filter(|value| !is_so(value)).nth(self.values.len() / 10).is_none()
    }

    fn mean(&self) -> usize {
        self.values.iter().map(|value| value.chars().count()).sum::<usize>() / self.values.len().max(1)
    }

    fn different(&self) -> usize {
        self.values.iter().collect::<HashSet<_>>().len()
    }

    /// Numbers that count something come again; numbers of things do not.
    fn repeats(&self) -> bool {
        self.different() < self.values.len()
    }

    /// Addresses of people belong into no programme.
    fn is_personal(&self) -> bool {
        self.mostly(|value| value.contains('@') && !value.contains(char::is_whitespace))
            && !self.values.is_empty()
    }

    /// A word in a heading is believed unless what stands under it says otherwise.
    fn may_be(&self, field: Field) -> bool {
        if self.values.is_empty() {
            return true;
        }
        match field {
            Field::Slug => self.mostly(is_slug) && self.different() == self.values.len(),
            Field::Date => self.mostly(|value| time::moment(value).is_ok_and(|moment| moment.date.is_some())),
            Field::Start | Field::End => self.mostly(|value| time::moment(value).is_ok()),
            Field::Capacity => self.mostly(|value| cell::capacity(value).is_ok()),
            Field::JoinUrl | Field::Recording => self.mostly(|value| text::web_address(value).is_ok()),
            Field::Language | Field::TextLanguage => self.mostly(|value| cell::languages(value).is_ok()),
            Field::Format => self.mostly(|value| cell::formats(value).is_ok()),
            Field::Status => self.mostly(|value| cell::status(value).is_ok()),
            Field::Registration => self.mostly(|value| cell::registration(value).is_ok()),
            Field::Online => self.mostly(|value| cell::online(value).is_ok()),
            Field::Queue => self.mostly(|value| cell::queue(value).is_ok()),
            Field::Held => self.mostly(|value| cell::held(value).is_ok()),
            Field::Opens => self.mostly(|value| cell::opens(value).is_ok()),
            Field::Closes => self.mostly(|value| cell::closes(value).is_ok()),
            Field::Title
            | Field::Theme
            | Field::Place
            | Field::Hosts
            | Field::Speakers
            | Field::Abstract
            | Field::Description
            | Field::Tags
            | Field::Access
            | Field::Minutes
            | Field::CancelReason => !self.is_personal(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programme::import::table::{SESSIONS, parse};

    fn guessed(csv: &str) -> Vec<Option<&'static str>> {
        let table = parse("t.csv", csv, SESSIONS).unwrap();
        guess(&table, &[]).into_iter().map(|guess| guess.map(|(field, _)| field.code())).collect()
    }

    #[test]
    fn headings_are_understood_in_three_languages_and_with_more_words() {
        assert_eq!(
            guessed(
                "Titre de l’atelier,Date de la séance,Heure début,Heure fin,Nom du lieu,Nb de places,Intervenant·e·s\nUne,19.4.2027,9h,10h,Hall,30,A. Rochat\n"
            ),
            [
                Some("title"),
                Some("date"),
                Some("start"),
                Some("end"),
                Some("place"),
                Some("capacity"),
                Some("speakers")
            ]
        );
        assert_eq!(
            guessed(
                "Titel,Datum,Uhrzeit,Ort,Beschreibung,Vortragende\nEins,19.4.2027,09:00,Halle,Worum es geht,A. Rochat\n"
            ),
            [
                Some("title"),
                Some("date"),
                Some("start"),
                Some("place"),
                Some("description"),
                Some("speakers")
            ]
        );
    }

    #[test]
    fn columns_without_a_word_are_known_by_what_stands_in_them() {
        assert_eq!(
            guessed(
                "a,b,c,d,e,f,g\n\
                     Café des aidants,2027-04-19,09:00,10:30,fr,atelier,contact@example.org\n\
                     Cartographier le quartier,2027-04-20,14:00,16:00,en,conférence,contact@example.org\n"
            ),
            [Some("title"), Some("date"), Some("start"), Some("end"), Some("language"), Some("format"), None]
        );
    }

    #[test]
    fn a_column_is_what_nine_in_ten_of_its_values_are() {
        let days = |wrong: usize| {
            let cell = |n: usize| if n < wrong { "bientôt".to_owned() } else { format!("{}.4.2027", n + 1) };
            let rows: Vec<_> = (0..20).map(|n| format!("Une séance {n},{}", cell(n))).collect();
            guessed(&format!("titre,x\n{}\n", rows.join("\n")))
        };
        assert_eq!(days(2), [Some("title"), Some("date")]);
        assert_eq!(days(3), [Some("title"), None]);
    }

    #[test]
    fn what_is_known_is_guessed_neither_again_nor_otherwise() {
        let table = parse("t.csv", "titre,résumé,lieu,salle\nUne,Long,Hall,Haute\n", SESSIONS).unwrap();
        let known = [Known::Field(Field::Description), Known::Nothing, Known::LeftOut, Known::Nothing];
        let fields: Vec<_> = guess(&table, &known).into_iter().map(|it| it.map(|(field, _)| field)).collect();
        assert_eq!(fields, [None, Some(Field::Abstract), None, Some(Field::Place)]);
    }

    #[test]
    fn a_word_that_its_cells_contradict_is_not_believed_and_a_field_is_guessed_once() {
        assert_eq!(
            guessed("titre,date de naissance,titre court\nUne,avril,U\n"),
            [Some("title"), None, None]
        );
        assert_eq!(guessed("nom,title\nA,B\n"), [None, Some("title")]);
        assert_eq!(guessed("ID,titre\n7,Une\n"), [None, Some("title")]);
        assert_eq!(guessed("ID,titre\n1001,Une\n1002,Deux\n"), [Some("slug"), Some("title")]);
    }
}
