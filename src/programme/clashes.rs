//! Which sessions of a draft are in each other's way: one room for two, somebody who would have to be in two places,
//! more of one theme at once than anybody can choose from. Pure; a clash warns, and refuses nothing.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{Draft, Session, Status, import::plain};

/// So many sessions of one theme may run side by side; more take each other's public away.
pub const PARALLEL_MAX: usize = 3;
/// Clashes of one kind beyond which a draft is not looked through any further: the first ones say what is wrong.
const CLASHES_MAX: usize = 500;

/// When somebody is busy. Without an end: that moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first moment.
    pub start: DateTime<Utc>,
    /// Not any more.
    pub end: DateTime<Utc>,
}

impl Span {
    /// When the session is; `None` where it has no hour, or does not take place.
    pub fn of(session: &Session, zone: Tz) -> Option<Span> {
        match session.status {
            Status::Cancelled | Status::Withdrawn => return None,
            Status::Scheduled => {}
        }
        session.start?;
        let start = session.starts_at(zone);
        Some(Span { start, end: session.ends_at(zone).unwrap_or(start).max(start) })
    }

    /// True where one cannot be at both from beginning to end. One after the other is no overlap.
    pub fn overlaps(self, other: Span) -> bool {
        self.start == other.start || (self.start < other.end && other.start < self.end)
    }
}

/// What sessions that run at the same time have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shared {
    /// One place for both.
    Place,
    /// One person speaks in both.
    Speaker,
    /// One organisation brings both.
    Organisation,
    /// More than [`PARALLEL_MAX`] of one theme.
    Theme,
}

impl Shared {
    /// The word in message keys (`office-draft-clash-place`).
    pub fn code(self) -> &'static str {
        match self {
            Shared::Place => "place",
            Shared::Speaker => "speaker",
            Shared::Organisation => "organisation",
            Shared::Theme => "theme",
        }
    }
}

/// Sessions that are in each other's way.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Clash {
    /// The first moment at which all of them run.
    pub at: DateTime<Utc>,
    /// What they share.
    pub shared: Shared,
    /// The slug of the place, organisation or theme; the speaker as the first session writes the name.
    pub name: String,
    /// Their slugs, the one that begins first first: two, or all of a theme that run then.
    pub sessions: Vec<String>,
}

impl Clash {
    /// True where that session is one of them.
    pub fn concerns(&self, slug: &str) -> bool {
        self.sessions.iter().any(|session| session == slug)
    }
}

/// Every clash of a draft, in the order of time. What has no hour, or does not take place, is in nobody's way.
pub fn of(draft: &Draft) -> Vec<Clash> {
    let zone = draft.programme.timezone;
    let mut timed: Vec<Timed<'_>> = draft
        .sessions
        .iter()
        .filter_map(|one| Some(Timed { span: Span::of(&one.session, zone)?, session: &one.session }))
        .collect();
    timed.sort_by(|a, b| (a.span.start, &a.session.slug).cmp(&(b.span.start, &b.session.slug)));

    let mut clashes = pairs(Shared::Place, &timed, |session| session.place.iter().cloned().collect());
    clashes.extend(pairs(Shared::Speaker, &timed, |session| session.speakers.clone()));
    clashes.extend(pairs(Shared::Organisation, &timed, |session| session.hosts.clone()));
    clashes.extend(crowds(&timed));
    clashes.sort();
    clashes
}

#[derive(Clone, Copy)]
struct Timed<'d> {
    span: Span,
    session: &'d Session,
}

/// What is compared, and how it was written first.
type Grouped<'t, 'd> = BTreeMap<String, (String, Vec<&'t Timed<'d>>)>;

/// Two of the same name at the same time.
fn pairs(shared: Shared, timed: &[Timed<'_>], names: impl Fn(&Session) -> Vec<String>) -> Vec<Clash> {
    let mut groups: Grouped<'_, '_> = BTreeMap::new();
    for one in timed {
        let names = names(one.session);
        let mut seen = BTreeSet::new();
        for name in names {
            // A name is the same with and without its accents; slugs are what they are.
            let key = if shared == Shared::Speaker { plain(&name) } else { name.clone() };
            if !key.is_empty() && seen.insert(key.clone()) {
                groups.entry(key).or_insert_with(|| (name, Vec::new())).1.push(one);
            }
        }
    }
    let mut clashes = Vec::new();
    for (name, group) in groups.into_values() {
        for (at, first) in group.iter().enumerate() {
            // Sorted by their start: who begins after the end of the first one is in nobody's way any more.
            let later = group[at + 1..].iter();
            let overlapping = later.take_while(|later| first.span.overlaps(later.span));
            for second in overlapping {
                if clashes.len() == CLASHES_MAX {
                    return clashes;
                }
                clashes.push(Clash {
                    at: second.span.start,
                    shared,
                    name: name.clone(),
                    sessions: vec![first.session.slug.clone(), second.session.slug.clone()],
                });
            }
        }
    }
    clashes
}

/// More sessions of a theme at once than [`PARALLEL_MAX`]: once a crowd, when it is largest.
fn crowds(timed: &[Timed<'_>]) -> Vec<Clash> {
    let mut themes: BTreeMap<&str, Vec<&Timed<'_>>> = BTreeMap::new();
    for one in timed {
        if let Some(theme) = &one.session.theme {
            themes.entry(theme).or_default().push(one);
        }
    }
    let mut clashes: Vec<Clash> = Vec::new();
    for (theme, group) in themes {
        let mut running: Vec<&Timed<'_>> = Vec::new();
        let mut told: Option<usize> = None;
        for one in group {
            running.retain(|other| other.span.overlaps(one.span));
            running.push(one);
            if running.len() <= PARALLEL_MAX {
                told = None;
                continue;
            }
            let sessions: Vec<String> = running.iter().map(|one| one.session.slug.clone()).collect();
            let clash = Clash { at: one.span.start, shared: Shared::Theme, name: theme.to_owned(), sessions };
            match told {
                Some(at) if clashes[at].sessions.len() < clash.sessions.len() => clashes[at] = clash,
                Some(_) => {}
                None if clashes.len() == CLASHES_MAX => return clashes,
                None => {
                    told = Some(clashes.len());
                    clashes.push(clash);
                }
            }
        }
    }
    clashes
}

#[cfg(test)]
mod tests;
