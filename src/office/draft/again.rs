//! A form for something new that is sent again, because its answer never came, makes nothing a second time.
//!
//! The form carries a `key`. What it makes is named after the programme, who sent it, that key, and what was typed: the
//! same form sent twice is the same thing; one that was taken back and filled in otherwise is another.

use uuid::Uuid;

use super::Here;
use crate::{programme::cells::Cells, web::typed::Typed};

/// The hidden field that it stands in.
pub const KEY: &str = "key";

/// The identity of the `number`th thing that this form makes. A form without a key makes something new each time.
pub fn identity(here: &Here<'_>, sent: &Typed, what: &str, said: &Cells, number: usize) -> Uuid {
    match sent.first(KEY) {
        "" => here.room.house.tokens.id(here.room.now),
        key => named(here.known.id, &format!("{}/{key}/{what}/{number}", here.staff.id), said),
    }
}

/// The slug of the session that has this identity.
pub fn made_before(here: &[crate::programme::DraftSession], identity: Uuid) -> Option<String> {
    here.iter().find(|one| one.session.id == identity).map(|one| one.session.slug.clone())
}

/// A UUIDv5 (RFC 9562, section 5.5). Lengths keep one field's end from being the next one's beginning.
fn named(programme: Uuid, form: &str, said: &Cells) -> Uuid {
    let part = |text: &str| format!("{}:{text}", text.len());
    let said = said.iter().flat_map(|(field, cell)| [part(field), part(cell)]);
    let name: String = std::iter::once(part(form)).chain(said).collect();
    Uuid::new_v5(&programme, name.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_form_is_the_same_thing_and_any_other_is_another() {
        let cells = |title: &str, text: &str| {
            Cells::from([("abstract", text.to_owned()), ("title", title.to_owned())])
        };
        let one = named(Uuid::nil(), "ana/k1", &cells("Forum", "a"));

        assert_eq!(named(Uuid::nil(), "ana/k1", &cells("Forum", "a")), one);
        for (programme, form, said) in [
            (Uuid::max(), "ana/k1", cells("Forum", "a")),
            (Uuid::nil(), "ana/k2", cells("Forum", "a")),
            (Uuid::nil(), "ana/k1", cells("Forum", "b")),
            (Uuid::nil(), "ana/k1", cells("Foru", "ma")),
        ] {
            assert_ne!(named(programme, form, &said), one, "{form} {said:?}");
        }
    }
}
