//! The fields of a proposal: which there are, and how they are kept. They are the columns of a file, so that what is
//! accepted is read as a file would be.

use std::collections::BTreeMap;

use crate::programme::{
    Draft, DraftSession,
    cells::{self, Cells},
    edit::{self, Mistake},
};

/// What partners can say of a session, in the order of the form. The rest (registration, queue, whose it is) is the
/// team's.
pub const FIELDS: [&str; 17] = [
    "title",
    "theme",
    "format",
    "date",
    "start",
    "end",
    "place",
    "online",
    "join_url",
    "capacity",
    "speakers",
    "language",
    "abstract",
    "description",
    "tags",
    "text_language",
    "access",
];

/// The columns that a partner has no word in, as the team would leave them.
const HOSTS: &str = "hosts";

/// What the session says in those fields.
pub fn of_session(session: &DraftSession) -> Cells {
    only(edit::cells_of(session))
}

/// Only those fields, each of them there, without the one character that no table holds.
pub fn only(said: Cells) -> Cells {
    FIELDS
        .iter()
        .map(|field| (*field, said.get(field).map(|cell| cell.replace('\0', "")).unwrap_or_default()))
        .collect()
}

/// As the table keeps it.
pub fn kept(said: &Cells) -> BTreeMap<String, String> {
    said.iter().map(|(field, cell)| ((*field).to_owned(), cell.clone())).collect()
}

/// As the table has it; what is no field of ours is left out.
pub fn read(kept: &BTreeMap<String, String>) -> Cells {
    only(cells::COLUMNS.iter().filter_map(|field| Some((*field, kept.get(*field)?.clone()))).collect())
}

/// The session that a proposal would add, with whose it is.
///
/// # Errors
/// Everything that is wrong, by the rules of the draft's own form.
pub fn add(
    draft: &Draft,
    said: &Cells,
    organisation: Option<&str>,
    id: uuid::Uuid,
) -> Result<DraftSession, Vec<Mistake>> {
    let mut row = said.clone();
    row.insert(HOSTS, organisation.map(|slug| cells::list([slug])).unwrap_or_default());
    row.insert("registration", "open".to_owned());
    edit::add(draft, &row, id)
}

/// The session of that slug as a proposal would change it.
///
/// # Errors
/// Everything that is wrong, by the rules of the draft's own form.
pub fn change(draft: &Draft, slug: &str, said: &Cells) -> Result<DraftSession, Vec<Mistake>> {
    edit::change(draft, slug, said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_is_a_column_and_is_kept_as_it_was_said() {
        assert!(FIELDS.iter().all(|field| cells::COLUMNS.contains(field)));
        let said = only(Cells::from([("title", "Fo\0rum".to_owned()), ("slug", "x".to_owned())]));

        assert_eq!((said.len(), said["title"].as_str()), (FIELDS.len(), "Forum"));
        assert_eq!(read(&kept(&said)), said);
        let odd = BTreeMap::from([("title".to_owned(), "A".to_owned()), ("nope".to_owned(), "B".to_owned())]);
        assert_eq!(read(&odd)["title"], "A");
    }
}
