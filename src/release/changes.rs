//! What each release changed, in words: for the change page and the Atom feed. Pure.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use crate::{
    locale::{self, Lang, text},
    programme::{Access, Format, words},
    release::{Change, ChangeKind, Field, FieldChange, published::ReleaseNote},
};

/// How a [`FieldChange`] writes a time.
const RAW_TIME: &str = "%Y-%m-%dT%H:%M";

/// One release, as the change page tells it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReleaseWords {
    /// 1, 2, 3… in a programme.
    pub number: i64,
    /// When it was published.
    pub published_at: DateTime<Utc>,
    /// « lundi 12 avril 2027, 14 h 05 », local to the programme.
    pub when: String,
    /// What the organisers say about it; plain text.
    pub note: String,
    /// What changed, by kind, in the order of [`ChangeKind`]; kinds without a change are left out.
    pub groups: Vec<Group>,
}

/// The changes of one kind.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Group {
    /// The word in message keys.
    pub code: &'static str,
    /// « Déplacées (2) ».
    pub title: String,
    /// One a session.
    pub items: Vec<ChangeWords>,
}

/// One session's change.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChangeWords {
    /// The session's slug.
    pub slug: String,
    /// Its title, as that release had it.
    pub title: String,
    /// What kind of change.
    pub kind: ChangeKind,
    /// « déplacée ».
    pub mark: String,
    /// « Début : lundi 19 avril 2027, 9 h → mardi 20 avril 2027, 10 h », one a field.
    pub details: Vec<String>,
}

/// Puts the notes into words, in their order.
pub fn in_words(lang: Lang, zone: Tz, notes: &[ReleaseNote]) -> Vec<ReleaseWords> {
    notes.iter().map(|note| release(lang, zone, note)).collect()
}

fn release(lang: Lang, zone: Tz, note: &ReleaseNote) -> ReleaseWords {
    let mut groups: Vec<Group> = Vec::new();
    let mut changes: Vec<&Change> = note.changes.iter().collect();
    changes.sort_by_key(|change| change.kind);
    for change in changes {
        let item = words_of(lang, change, note.titles.get(&change.slug));
        match groups.last_mut() {
            Some(group) if group.code == change.kind.code() => group.items.push(item),
            _ => groups.push(Group { code: change.kind.code(), title: String::new(), items: vec![item] }),
        }
    }
    for group in &mut groups {
        group.title = text(lang, &format!("changes-{}", group.code), &[("n", group.items.len().into())]);
    }
    let local = note.published_at.with_timezone(&zone).naive_local();
    ReleaseWords {
        number: note.number,
        published_at: note.published_at,
        when: moment(lang, local),
        note: note.note.clone(),
        groups,
    }
}

/// One change in words. Without a title, the slug stands for it.
pub fn words_of(lang: Lang, change: &Change, title: Option<&String>) -> ChangeWords {
    ChangeWords {
        slug: change.slug.clone(),
        title: title.unwrap_or(&change.slug).clone(),
        kind: change.kind,
        mark: text(lang, &format!("change-{}", change.kind.code()), &[]),
        details: change.fields.iter().map(|field| detail(lang, field)).collect(),
    }
}

fn detail(lang: Lang, change: &FieldChange) -> String {
    match change.field {
        Field::Text => text(lang, "change-text", &[]),
        Field::After => text(lang, "change-after", &[]),
        field => {
            let name = text(lang, &format!("field-{}", code(field)), &[]);
            let (old, new) = (value(lang, field, &change.old), value(lang, field, &change.new));
            let key = match (change.old.is_empty(), change.new.is_empty()) {
                (true, _) => "change-to",
                (false, true) => "change-from",
                (false, false) => "change-from-to",
            };
            let new = same_day(lang, change).unwrap_or(new);
            text(lang, key, &[("field", name.into()), ("old", old.into()), ("new", new.into())])
        }
    }
}

/// The new time alone, where the day stays.
fn same_day(lang: Lang, change: &FieldChange) -> Option<String> {
    let read = |raw: &str| NaiveDateTime::parse_from_str(raw, RAW_TIME).ok();
    match change.field {
        Field::Start | Field::End => {
            let (old, new) = (read(&change.old)?, read(&change.new)?);
            (old.date() == new.date()).then(|| locale::time(lang, new.time()))
        }
        _ => None,
    }
}

fn code(field: Field) -> &'static str {
    match field {
        Field::Title => "title",
        Field::Start => "start",
        Field::End => "end",
        Field::Place => "place",
        Field::Online => "online",
        Field::Hosts => "hosts",
        Field::Speakers => "speakers",
        Field::Language => "language",
        Field::Format => "format",
        Field::Theme => "theme",
        Field::Access => "access",
        Field::Text => "text",
        Field::After => "after",
    }
}

/// A raw value (see [`FieldChange::old`]) as people read it; what cannot be read stands as it is.
fn value(lang: Lang, field: Field, raw: &str) -> String {
    let list = |separator: &str, word: &dyn Fn(&str) -> String| {
        raw.split(separator).map(word).collect::<Vec<_>>().join(", ")
    };
    match field {
        Field::Start | Field::End => time(lang, raw),
        Field::Online => text(lang, if raw == "true" { "change-online" } else { "change-not-online" }, &[]),
        Field::Language => list(", ", &|code| words::language(lang, code)),
        Field::Format => list("|", &|code| {
            Format::parse(code).map_or_else(|| code.to_owned(), |format| words::format(lang, format))
        }),
        Field::Access => list("|", &|code| words::access(lang, &Access::from(code.to_owned()))),
        Field::Title
        | Field::Place
        | Field::Hosts
        | Field::Speakers
        | Field::Theme
        | Field::Text
        | Field::After => raw.to_owned(),
    }
}

fn time(lang: Lang, raw: &str) -> String {
    if let Ok(at) = NaiveDateTime::parse_from_str(raw, RAW_TIME) {
        return moment(lang, at);
    }
    raw.parse::<NaiveDate>().map_or_else(|_| raw.to_owned(), |day| locale::full_date(lang, day))
}

/// « lundi 12 avril 2027, 14 h 05 ».
pub fn moment(lang: Lang, local: NaiveDateTime) -> String {
    format!("{}, {}", locale::full_date(lang, local.date()), locale::time(lang, local.time()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn change(kind: ChangeKind, slug: &str, fields: &[(Field, &str, &str)]) -> Change {
        let fields = fields
            .iter()
            .map(|(field, old, new)| FieldChange { field: *field, old: (*old).into(), new: (*new).into() })
            .collect();
        Change { kind, slug: slug.to_owned(), fields }
    }

    #[test]
    fn a_release_tells_what_is_cancelled_first_and_what_moved_from_where_to_where() {
        let note = ReleaseNote {
            number: 2,
            published_at: "2027-04-12T12:05:00Z".parse().unwrap(),
            note: "Deux nouveautés".to_owned(),
            changes: vec![
                change(ChangeKind::New, "forum", &[]),
                change(
                    ChangeKind::Moved,
                    "atelier",
                    &[
                        (Field::Start, "2027-04-19T09:00", "2027-04-20"),
                        (Field::End, "2027-04-19T10:00", "2027-04-19T10:30"),
                        (Field::Place, "", "Maison des associations"),
                        (Field::Access, "childcare", ""),
                        (Field::Format, "workshop|open-day", "conference"),
                        (Field::Text, "", ""),
                    ],
                ),
                change(ChangeKind::Cancelled, "table", &[]),
            ],
            titles: BTreeMap::from([("forum".to_owned(), "Forum ouvert".to_owned())]),
        };

        let words = in_words(Lang::Fr, chrono_tz::Europe::Zurich, &[note]).remove(0);

        assert_eq!(words.when, "lundi 12\u{a0}avril 2027, 14\u{a0}h\u{a0}05");
        let titles: Vec<_> = words.groups.iter().map(|group| group.title.as_str()).collect();
        assert_eq!(titles, ["Annulée", "Déplacée", "Nouvelle"]);
        assert_eq!(
            words.groups[1].items[0].details,
            [
                "Début\u{a0}: lundi 19\u{a0}avril 2027, 9\u{a0}h → mardi 20\u{a0}avril 2027",
                "Fin\u{a0}: lundi 19\u{a0}avril 2027, 10\u{a0}h → 10\u{a0}h\u{a0}30",
                "Lieu\u{a0}: Maison des associations",
                "Accès\u{a0}: «\u{a0}garde d’enfants\u{a0}» ne figure plus",
                "Format\u{a0}: Atelier, Journée portes ouvertes → Conférence",
                "La présentation a été revue."
            ]
        );
        assert_eq!(words.groups[2].items[0].title, "Forum ouvert");
    }

    #[test]
    fn every_kind_and_field_has_its_words() {
        use Field::*;
        for lang in Lang::ALL {
            for kind in [
                ChangeKind::Cancelled,
                ChangeKind::Withdrawn,
                ChangeKind::Moved,
                ChangeKind::New,
                ChangeKind::Changed,
            ] {
                assert!(locale::has(lang, &format!("change-{}", kind.code())));
                assert!(locale::has(lang, &format!("changes-{}", kind.code())));
            }
            for field in [Title, Start, End, Place, Online, Hosts, Speakers, Language, Format, Theme, Access]
            {
                assert!(locale::has(lang, &format!("field-{}", code(field))), "{field:?}");
            }
        }
    }
}
