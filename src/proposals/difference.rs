//! What a proposed change would change: field by field, beside what others have changed since it was begun. Pure.

use super::said::FIELDS;
use crate::programme::{
    cells::Cells,
    edit::meet::{self, Seen},
};

/// One field that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Which.
    pub field: &'static str,
    /// As it was when the change was begun.
    pub was: String,
    /// As it is proposed.
    pub is: String,
    /// As the draft has it now.
    pub now: String,
    /// Somebody else has changed it since, to something else: only one of both can stay.
    pub crossed: bool,
}

/// What the proposal changes, in the order of the form. What the draft says already is no difference.
pub fn of(base: &Cells, said: &Cells, now: &Cells) -> Vec<Difference> {
    let theirs = meet::meet(&Seen::of(base), now, said);
    let cell = |cells: &Cells, field: &str| cells.get(field).cloned().unwrap_or_default();
    let one = |field: &&'static str| {
        let (was, is, now) = (cell(base, field), cell(said, field), cell(now, field));
        let crossed = theirs.iter().any(|other| other.field == *field && other.both);
        (was != is && now != is).then_some(Difference { field, was, is, now, crossed })
    };
    FIELDS.iter().filter_map(one).collect()
}

/// The fields to change: those of the differences that are taken, as they are proposed. What only others have changed
/// stays as they have it.
pub fn taken(differences: &[Difference], fields: &[String]) -> Cells {
    let is_taken = |one: &&Difference| fields.iter().any(|field| field == one.field);
    differences.iter().filter(is_taken).map(|one| (one.field, one.is.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(title: &str, place: &str, theme: &str) -> Cells {
        [("title", title), ("place", place), ("theme", theme)]
            .map(|(field, cell)| (field, cell.to_owned()))
            .into()
    }

    #[test]
    fn only_what_the_partner_changed_is_a_difference_and_what_both_changed_is_said() {
        let base = cells("Forum", "aula", "lab");
        let now = cells("Le forum", "salle", "lab");
        let said = cells("Forum ouvert", "aula", "sante");

        let found = of(&base, &said, &now);

        let fields: Vec<_> = found.iter().map(|one| (one.field, one.crossed)).collect();
        assert_eq!(fields, [("title", true), ("theme", false)], "their place is not taken back");
        let title = ["title".to_owned(), "nope".to_owned()];
        assert_eq!(taken(&found, &title), Cells::from([("title", "Forum ouvert".to_owned())]));
        assert_eq!(of(&base, &said, &said), [], "it says so already");
    }
}
