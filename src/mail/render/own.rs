//! What stands for the placeholders in the organisers' own words: what this letter's reader has.

use super::{
    context::{place_of, url},
    one_line,
};
use crate::{
    locale,
    mail::{Frozen, Letter},
    markdown::{self, filled::Values},
};

/// Between several sessions.
const BETWEEN: &str = " ; ";

/// The values of every placeholder ([`crate::mail::own::PLACEHOLDERS`]), each one line. `base` is the site's address
/// with its language.
pub(super) fn values(letter: &Letter, base: &str) -> Values {
    let data = &letter.data;
    let each = |say: &dyn Fn(&Frozen) -> String| {
        let mut said: Vec<_> = data.items.iter().map(|item| say(&item.session)).collect();
        said.retain(|said| !said.is_empty());
        said.dedup();
        said.join(BETWEEN)
    };
    let when = |session: &Frozen| locale::when(letter.lang, session.date, session.start, session.end);
    let page = match data.items.as_slice() {
        [only] => url(&only.session, base),
        _ => format!("{base}/{}", data.programme.slug),
    };
    let values = [
        ("name", one_line(&data.name)),
        ("programme", one_line(&data.programme.title)),
        ("session", each(&|session| one_line(&session.title))),
        ("when", each(&when)),
        ("place", each(&place_of)),
        ("page", page),
        ("registrations", format!("{base}/agenda/{}", data.agenda_token)),
    ]
    .map(|(name, value)| (name.to_owned(), value));
    let given = data.own.values.iter().map(|(name, value)| (name.clone(), one_line(value)));
    values.into_iter().chain(given).collect()
}

/// In plain words.
pub(super) fn plain(own: &str, values: &Values) -> String {
    markdown::to_text_filled(own, values)
}
