//! What an import would change, session by session and field by field: pure.

use std::collections::HashMap;

use crate::programme::{Draft, DraftSession, Status, cells, import::Imported};

/// A session that would be another one.
#[derive(Debug, PartialEq)]
pub struct Change<'d> {
    /// What it would be.
    pub session: &'d DraftSession,
    /// Where it stands in the file.
    pub line: Option<u64>,
    /// What happens to it.
    pub kind: Kind,
}

/// What happens to a session.
#[derive(Debug, PartialEq)]
pub enum Kind {
    /// It was not there.
    Added,
    /// These fields differ: the column's name, what it said, what it would say.
    Changed(Vec<Differs>),
    /// It is in the file no more, and goes.
    Removed,
}

/// A field that differs.
#[derive(Debug, PartialEq)]
pub struct Differs {
    /// Its column in our own files.
    pub column: &'static str,
    /// What it said.
    pub before: String,
    /// What it would say.
    pub after: String,
}

/// Every session that would be another one, in the order of the file.
pub fn changes<'d>(before: Option<&Draft>, imported: &'d Imported) -> Vec<Change<'d>> {
    let known: HashMap<&str, &DraftSession> = before
        .iter()
        .flat_map(|draft| &draft.sessions)
        .map(|session| (session.session.slug.as_str(), session))
        .collect();
    let change = |session: &'d DraftSession| {
        let line = imported.lines.get(&session.session.slug).copied();
        let kind = match known.get(session.session.slug.as_str()) {
            None => Kind::Added,
            Some(before) if *before == session => return None,
            Some(before) => {
                let is_gone =
                    session.session.status == Status::Withdrawn && before.session.status != Status::Withdrawn;
                if is_gone { Kind::Removed } else { Kind::Changed(differing(before, session)) }
            }
        };
        Some(Change { session, line, kind })
    };
    imported.draft.sessions.iter().filter_map(change).collect()
}

fn differing(before: &DraftSession, after: &DraftSession) -> Vec<Differs> {
    let texts = |session: &DraftSession| cells::of_session(&session.session, Some(&session.live));
    let pairs = texts(before).into_iter().zip(texts(after));
    pairs
        .filter(|((_, before), (_, after))| before != after)
        .map(|((column, before), (_, after))| Differs { column, before, after })
        .collect()
}

/// The names of themes, places and organisations that the import would make.
pub fn made<'d>(before: Option<&Draft>, after: &'d Draft) -> [(&'static str, Vec<&'d str>); 3] {
    let themes = |draft: &Draft| draft.themes.iter().map(|it| it.slug.clone()).collect::<Vec<_>>();
    let places = |draft: &Draft| draft.places.iter().map(|it| it.slug.clone()).collect::<Vec<_>>();
    let hosts = |draft: &Draft| draft.organisations.iter().map(|it| it.slug.clone()).collect::<Vec<_>>();
    let (themes, places, hosts) =
        before.map(|draft| (themes(draft), places(draft), hosts(draft))).unwrap_or_default();
    [
        (
            "themes",
            after.themes.iter().filter(|it| !themes.contains(&it.slug)).map(|it| it.title.as_str()).collect(),
        ),
        (
            "places",
            after.places.iter().filter(|it| !places.contains(&it.slug)).map(|it| it.name.as_str()).collect(),
        ),
        (
            "organisations",
            after
                .organisations
                .iter()
                .filter(|it| !hosts.contains(&it.slug))
                .map(|it| it.name.as_str())
                .collect(),
        ),
    ]
}
