//! A form of a proposal that comes back, from behind the call's link or in the office: what comes of it, and how it is
//! shown again. Nothing that was typed is lost.

use crate::{
    error::Result,
    locale::Lang,
    office::{
        Html,
        draft::form::{Draw, Form, Preview},
    },
    programme::{
        Draft,
        cells::Cells,
        edit::{
            Mistake,
            meet::{self, Seen, Theirs},
        },
    },
    web::{reply::Sent, typed::Typed},
};

/// How a form is shown.
pub struct Shown<'s> {
    /// What stands in it.
    pub typed: &'s Typed,
    /// What it has seen.
    pub seen: Seen,
    /// What is wrong.
    pub mistakes: &'s [Mistake],
    /// What others have changed.
    pub theirs: &'s [Theirs],
    /// Whether Markdown is shown.
    pub preview: Preview,
    /// Why it cannot be taken at all: a message key.
    pub refused: Option<&'static str>,
}

impl<'s> Shown<'s> {
    /// With nothing to be said about it.
    pub fn first(typed: &'s Typed, seen: Seen) -> Shown<'s> {
        Shown { typed, seen, mistakes: &[], theirs: &[], preview: Preview::Hidden, refused: None }
    }

    /// With what its fields are drawn.
    pub fn draw(&self, lang: Lang, draft: &'s Draft) -> Draw<'s> {
        Draw {
            lang,
            draft,
            typed: self.typed,
            seen: self.seen.clone(),
            mistakes: self.mistakes,
            theirs: self.theirs,
            preview: self.preview,
        }
    }
}

/// What comes of looking at a form.
pub enum Look {
    /// It can be kept, or sent.
    Good(Cells),
    /// The form again.
    Answer(Sent),
}

/// A form that was sent.
pub struct Returned<'r> {
    fields: &'r Form,
    typed: &'r Typed,
    seen: Seen,
    content: Cells,
    now: &'r Cells,
}

impl<'r> Returned<'r> {
    /// With these fields and this content, about what stands like `now`.
    pub fn of(fields: &'r Form, typed: &'r Typed, content: Cells, now: &'r Cells) -> Returned<'r> {
        Returned { fields, typed, seen: Seen::parse(typed.first("seen")), content, now }
    }

    /// It was decided meanwhile.
    ///
    /// # Errors
    /// Where it cannot be drawn.
    pub fn late(self, draw: impl Fn(&Shown<'_>) -> Result<Html>) -> Result<Look> {
        let shown = Shown { refused: Some("proposal-late-form"), ..Shown::first(self.typed, self.seen) };
        draw(&shown).map(Sent::Crossed).map(Look::Answer)
    }

    /// Looks at it: whether it is to be previewed, whether somebody else has changed the same, what `check` has against it.
    ///
    /// # Errors
    /// Where it cannot be drawn again.
    pub fn looked_at(
        self,
        check: impl Fn(&Cells) -> std::result::Result<(), Vec<Mistake>>,
        draw: impl Fn(&Shown<'_>) -> Result<Html>,
    ) -> Result<Look> {
        let shown = Shown::first(self.typed, self.seen.clone());
        if self.typed.first("act") == "preview" {
            let shown = Shown { preview: Preview::Shown, ..shown };
            return draw(&shown).map(Sent::Page).map(Look::Answer);
        }
        let theirs = meet::meet(&self.seen, self.now, &self.content);
        if !theirs.is_empty() {
            let met = self.fields.met(self.typed, &theirs);
            let shown = Shown { theirs: &theirs, ..Shown::first(&met, Seen::of(self.now)) };
            return draw(&shown).map(Sent::Crossed).map(Look::Answer);
        }
        if let Err(mistakes) = check(&self.content) {
            let shown = Shown { mistakes: &mistakes, ..shown };
            return draw(&shown).map(Sent::Mistakes).map(Look::Answer);
        }
        Ok(Look::Good(self.content))
    }
}
