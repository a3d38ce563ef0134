//! One description of a form: what it shows, what it reads, what it compares.

mod field;

use serde::Serialize;

use self::field::{fill, options, other, read};
use super::wrong;
use crate::{
    locale::{self, Lang, text},
    office::crossed::Met,
    programme::{
        Draft,
        cells::Cells,
        edit::{
            Mistake,
            meet::{Seen, Theirs},
        },
    },
    web::typed::Typed,
};

/// How a field is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One line.
    Text,
    /// One short line: a number, a span.
    Short,
    /// Several lines of plain text.
    Area,
    /// Markdown, with a preview.
    Markdown,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// An end: a time, and a day where it is another one.
    End,
    /// One of some.
    Select,
    /// Any of some.
    Checks,
    /// Any of some, and others that are typed, one a line.
    ChecksAndLines,
    /// Yes or no.
    Check,
    /// One value a line.
    Lines,
    /// How one registers: a word, or an address.
    Registration,
    /// Two times.
    Between,
    /// A colour, with how well it can be read.
    Colour,
}

/// One field of a form.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    /// As files name it.
    pub field: &'static str,
    /// How it is written.
    pub kind: Kind,
    /// Whether it may stay empty.
    pub need: Need,
}

/// Whether a field may stay empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// It may.
    Free,
    /// It may not.
    Needed,
}

/// What belongs together.
#[derive(Debug, Clone, Copy)]
pub struct Group {
    /// Its heading is the message `office-draft-part-{name}`.
    pub name: &'static str,
    /// The fields.
    pub fields: &'static [Spec],
    /// In force at once, without a release.
    pub live: Live,
}

/// When what a group says comes into force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Live {
    /// At once.
    AtOnce,
    /// With the next release.
    WithRelease,
}

/// The kind of thing that a form is about, for the keys of its texts.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    /// `session`, `theme`, `place`, `organisation`, `settings`.
    pub thing: &'static str,
    /// Its parts, the most used first.
    pub groups: &'static [Group],
}

impl Form {
    fn specs(&self) -> impl Iterator<Item = &'static Spec> {
        self.groups.iter().flat_map(|group| group.fields)
    }

    /// What is shown for the first time, as it would have been typed.
    pub fn fill(&self, cells: &Cells) -> Typed {
        let mut typed = <Typed as Default>::default();
        for spec in self.specs() {
            fill(&mut typed, spec, cells.get(spec.field).map_or("", String::as_str));
        }
        typed
    }

    /// What was typed, as a file would say it.
    pub fn read(&self, typed: &Typed) -> Cells {
        self.specs().map(|spec| (spec.field, read(typed, spec))).collect()
    }

    /// The form with what only the others changed, and everything else as it was typed.
    pub fn met(&self, typed: &Typed, theirs: &[Theirs]) -> Typed {
        let mut shown = typed.clone();
        for other in theirs.iter().filter(|other| !other.both) {
            if let Some(spec) = self.specs().find(|spec| spec.field == other.field) {
                fill(&mut shown, spec, &other.theirs);
            }
        }
        shown
    }

    /// The form, drawn.
    pub fn view(&self, draw: &Draw<'_>) -> FormView {
        let parts = self.groups.iter().map(|group| Part {
            name: group.name,
            title: text(draw.lang, &format!("office-draft-part-{}", group.name), &[]),
            live: group.live == Live::AtOnce,
            fields: group.fields.iter().map(|spec| self.field(spec, draw)).collect(),
        });
        let has = |field: &str| self.specs().any(|spec| spec.field == field);
        let mistakes = draw.mistakes.iter().map(|mistake| Said {
            // A small form can bring to light what is wrong with a field that it does not have.
            href: if has(mistake.field) { format!("#f-{}", mistake.field) } else { String::new() },
            label: self.label(draw.lang, mistake.field),
            text: wrong::sentence(draw.lang, mistake),
        });
        // As the form goes, not as the alphabet does.
        let crossed =
            self.specs().filter_map(|spec| draw.theirs.iter().find(|other| other.field == spec.field));
        let theirs = crossed.map(|other| Met::of(other, self.label(draw.lang, other.field)));
        FormView {
            parts: parts.collect(),
            mistakes: mistakes.collect(),
            theirs: theirs.collect(),
            seen: draw.seen.to_string(),
            previewed: draw.preview == Preview::Shown,
        }
    }

    /// What a field is called.
    pub fn label(&self, lang: Lang, field: &str) -> String {
        text(lang, &format!("office-draft-{}-{}", self.thing, key(field)), &[])
    }

    fn field(&self, spec: &Spec, draw: &Draw<'_>) -> FieldView {
        let lang = draw.lang;
        let hint = format!("office-draft-{}-{}-hint", self.thing, key(spec.field));
        let typed = draw.typed;
        let value = typed.first(spec.field).to_owned();
        let mistakes = draw.mistakes.iter().filter(|mistake| mistake.field == spec.field);
        let met = draw.theirs.iter().find(|other| other.field == spec.field && other.both);
        // What a browser's own field for days would not show must be shown all the same.
        let is_plain =
            |value: &str, letters: &str| value.chars().all(|c| c.is_ascii_digit() || letters.contains(c));
        FieldView {
            name: spec.field,
            kind: spec.kind.code(),
            label: self.label(lang, spec.field),
            hint: if locale::has(lang, &hint) { text(lang, &hint, &[]) } else { String::new() },
            needed: spec.need == Need::Needed,
            other: typed.first(&other(spec)).to_owned(),
            plain: !is_plain(&value, "-:"),
            other_plain: !is_plain(typed.first(&other(spec)), "-:"),
            options: options(spec, draw),
            mistakes: mistakes.map(|mistake| wrong::sentence(lang, mistake)).collect(),
            crossed: met.is_some(),
            theirs: met.map(|other| other.theirs.clone()).unwrap_or_default(),
            preview: (spec.kind == Kind::Markdown && draw.preview == Preview::Shown).then(|| value.clone()),
            contrast: if spec.kind == Kind::Colour {
                super::fields::contrast(lang, &value)
            } else {
                String::new()
            },
            value,
        }
    }
}

/// `rules.per_week` in a message key.
pub fn key(field: &str) -> String {
    field.replace(['.', '_'], "-")
}

/// Whether Markdown is shown as the public will read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preview {
    /// It is.
    Shown,
    /// It is not.
    Hidden,
}

/// With what a form is drawn.
pub struct Draw<'d> {
    /// The page's language.
    pub lang: Lang,
    /// For what can be chosen.
    pub draft: &'d Draft,
    /// What stands in it.
    pub typed: &'d Typed,
    /// What it has seen.
    pub seen: Seen,
    /// What is wrong.
    pub mistakes: &'d [Mistake],
    /// What others have changed.
    pub theirs: &'d [Theirs],
    /// Whether Markdown is shown.
    pub preview: Preview,
}

/// What `components/office_draft.html` draws.
#[derive(Debug, Clone, Serialize)]
pub struct FormView {
    pub parts: Vec<Part>,
    pub mistakes: Vec<Said>,
    pub theirs: Vec<Met>,
    pub seen: String,
    pub previewed: bool,
}

/// What belongs together.
#[derive(Debug, Clone, Serialize)]
pub struct Part {
    pub name: &'static str,
    pub title: String,
    pub live: bool,
    pub fields: Vec<FieldView>,
}

/// Something wrong, and where.
#[derive(Debug, Clone, Serialize)]
pub struct Said {
    pub href: String,
    pub label: String,
    pub text: String,
}

/// One field, drawn by its kind.
#[derive(Debug, Clone, Serialize)]
pub struct FieldView {
    pub name: &'static str,
    pub kind: &'static str,
    pub label: String,
    pub hint: String,
    pub needed: bool,
    pub value: String,
    /// The second half of a field that has two.
    pub other: String,
    /// True where a browser's own field would not show the value.
    pub plain: bool,
    pub other_plain: bool,
    pub options: Vec<OptionView>,
    pub mistakes: Vec<String>,
    /// Somebody else has changed it as well, to this.
    pub crossed: bool,
    pub theirs: String,
    /// Markdown.
    pub preview: Option<String>,
    pub contrast: String,
}

/// One of what can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OptionView {
    pub value: String,
    pub label: String,
    pub chosen: bool,
}

impl Kind {
    fn code(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Short => "short",
            Kind::Area => "area",
            Kind::Markdown => "markdown",
            Kind::Date => "date",
            Kind::Time => "time",
            Kind::End => "end",
            Kind::Select => "select",
            Kind::Checks => "checks",
            Kind::ChecksAndLines => "checks-and-lines",
            Kind::Check => "check",
            Kind::Lines => "lines",
            Kind::Registration => "registration",
            Kind::Between => "between",
            Kind::Colour => "colour",
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::fields::SESSION, *};
    use crate::programme::{cells, import::table::values};

    #[test]
    fn what_a_form_shows_it_reads_back() {
        let cells: Cells = [
            ("title", "Forum"),
            ("format", "workshop|open-forum"),
            ("date", "2027-03-22"),
            ("start", "18:30"),
            ("end", "2027-03-24 20:00"),
            ("language", "fr|tlh"),
            ("online", "true"),
            ("capacity", "unlimited"),
            ("registration", "https://example.org/ici"),
            ("hosts", "hug|socialup"),
            ("speakers", "Ana \\| Élite|Bo"),
            ("access", "step-free|Chien d’aveugle"),
            ("description", "# A\n\n- b"),
            ("held", "partner:5|press:2"),
        ]
        .map(|(field, cell)| (field, cell.to_owned()))
        .into();

        let read = SESSION.read(&SESSION.fill(&cells));

        for (field, cell) in &cells {
            assert_eq!(&read[field], cell, "{field}");
        }
    }

    proptest! {
        #[test]
        fn lines_and_ticks_are_read_back_whatever_stands_in_them(list in prop::collection::vec("[a-z|\\\\ é]{1,6}", 0..4)) {
            let list: Vec<String> = list.iter().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()).collect();
            let cells = Cells::from([("speakers", cells::list(&list)), ("hosts", cells::list(&list))]);
            let read = SESSION.read(&SESSION.fill(&cells));
            prop_assert_eq!(values(&read["speakers"]), list.clone());
            prop_assert_eq!(values(&read["hosts"]), list);
        }
    }
}
