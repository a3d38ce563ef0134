//! Two people at one form: how a page says what somebody else has changed since the form was opened. What that is, is
//! decided by [`meet`](crate::programme::edit::meet).

use serde::Serialize;

use crate::programme::{
    cells::Cells,
    edit::meet::{Seen, Theirs},
};

/// What a form has seen, as it carries it, and what others have changed since: nothing, as a rule.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Crossed {
    /// For the hidden field `seen`.
    pub seen: String,
    /// For `components/crossed.html`.
    pub theirs: Vec<Met>,
}

/// What somebody else has changed, field by field.
#[derive(Debug, Clone, Serialize)]
pub struct Met {
    /// Where the field is.
    pub href: String,
    /// What it is called.
    pub label: String,
    /// What they wrote.
    pub theirs: String,
    /// What stands in the form that came back.
    pub typed: String,
    /// Whether the second has changed it as well.
    pub both: bool,
}

impl Met {
    /// One field, under the name that its form gives it.
    pub fn of(other: &Theirs, label: String) -> Met {
        Met {
            href: format!("#f-{}", other.field),
            label,
            theirs: other.theirs.clone(),
            typed: other.typed.clone(),
            both: other.both,
        }
    }
}

impl Crossed {
    /// A form that is opened now.
    pub fn opened(now: &Cells) -> Crossed {
        Crossed { seen: Seen::of(now).to_string(), theirs: Vec::new() }
    }

    /// A form that comes back for another reason: it has seen what it had seen.
    pub fn again(seen: &str) -> Crossed {
        Crossed { seen: Seen::parse(seen).to_string(), theirs: Vec::new() }
    }

    /// A form that has met another change, and has seen it now.
    pub fn met(now: &Cells, theirs: &[Theirs], label: impl Fn(&str) -> String) -> Crossed {
        let theirs = theirs.iter().map(|other| Met::of(other, label(other.field))).collect();
        Crossed { theirs, ..Crossed::opened(now) }
    }
}
