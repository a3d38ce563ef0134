//! What the log says of a theme, a place, an organisation, a release to the press.

use crate::{
    audit::{self, Facts},
    programme::{Draft, edit::frame::Kind},
};

pub(super) fn changed(kind: Kind) -> &'static str {
    match kind {
        Kind::Theme => "theme.change",
        Kind::Place => "place.change",
        Kind::Organisation => "organisation.change",
        Kind::Press => "press.change",
    }
}

pub(super) fn added(kind: Kind) -> &'static str {
    match kind {
        Kind::Theme => "theme.add",
        Kind::Place => "place.add",
        Kind::Organisation => "organisation.add",
        Kind::Press => "press.add",
    }
}

pub(super) fn removed(kind: Kind) -> &'static str {
    match kind {
        Kind::Theme => "theme.remove",
        Kind::Place => "place.remove",
        Kind::Organisation => "organisation.remove",
        Kind::Press => "press.remove",
    }
}

/// What the log says of it: where it differs; all of it where it is new or gone.
pub(super) fn differing(kind: Kind, item: &str, before: &Draft, after: &Draft) -> (Facts, Facts) {
    fn facts<T: audit::Logged>(was: Option<&T>, is: Option<&T>) -> (Facts, Facts) {
        match (was, is) {
            (Some(was), Some(is)) => audit::differing(was, is).unwrap_or_default(),
            (was, is) => (was.map(Facts::of).unwrap_or_default(), is.map(Facts::of).unwrap_or_default()),
        }
    }
    match kind {
        Kind::Theme => {
            let of = |draft: &'_ Draft| draft.themes.iter().position(|it| it.slug == item);
            facts(of(before).map(|at| &before.themes[at]), of(after).map(|at| &after.themes[at]))
        }
        Kind::Place => {
            let of = |draft: &'_ Draft| draft.places.iter().position(|it| it.slug == item);
            facts(of(before).map(|at| &before.places[at]), of(after).map(|at| &after.places[at]))
        }
        Kind::Organisation => {
            let of = |draft: &'_ Draft| draft.organisations.iter().position(|it| it.slug == item);
            facts(
                of(before).map(|at| &before.organisations[at]),
                of(after).map(|at| &after.organisations[at]),
            )
        }
        Kind::Press => {
            let of = |draft: &'_ Draft| draft.press.iter().position(|it| it.slug == item);
            facts(of(before).map(|at| &before.press[at]), of(after).map(|at| &after.press[at]))
        }
    }
}
