//! Which session an event is: the same for the same guid or id, whatever its title.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::Event;
use crate::programme::{
    Draft,
    import::{merge::Merge, names::Numbers},
    is_slug, slugify,
};

/// Slugs that are known, and those that events of this file have.
pub(super) struct Slugs {
    taken: HashSet<String>,
    numbers: Numbers,
    /// Slugs of existing sessions by their last word, where only one has it.
    by_end: HashMap<String, Option<String>>,
    /// Slugs of existing sessions by the guid that our own schedules give them.
    by_guid: HashMap<Uuid, String>,
}

impl Slugs {
    /// Those of a draft's sessions.
    pub fn of(existing: Option<&Draft>) -> Slugs {
        let mut slugs = Slugs {
            taken: HashSet::new(),
            numbers: Numbers::default(),
            by_end: HashMap::new(),
            by_guid: HashMap::new(),
        };
        for session in existing.iter().flat_map(|draft| &draft.sessions) {
            let session = &session.session;
            slugs.by_guid.insert(session.guid(), session.slug.clone());
            let Some((_, end)) = session.slug.rsplit_once('-') else { continue };
            let first = slugs.by_end.contains_key(end);
            slugs.by_end.insert(end.to_owned(), (!first).then(|| session.slug.clone()));
        }
        slugs
    }

    /// The slug of an event's session. `ours`: its slug is one of ours, and is kept.
    pub fn take(&mut self, event: &Event, ours: bool, merge: &Merge<'_>) -> String {
        let own = event.slug.trim();
        let address = event.url.trim().rsplit('/').next().unwrap_or_default();
        let identity = identity(event);
        let slug = match ours {
            // The address bears the slug whole; the file's own field takes only some slugs.
            true if is_slug(address) => address.to_owned(),
            true | false => made(event, &identity),
        };
        let is_there = |slug: &str| merge.existing(slug).map(|_| slug.to_owned());
        let guid = event.guid.trim().parse::<Uuid>().ok();
        let known = guid
            .and_then(|guid| self.by_guid.get(&guid).cloned())
            .or_else(|| is_there(&slug))
            .or_else(|| self.by_end.get(&identity).cloned().flatten().filter(|_| !identity.is_empty()))
            .or_else(|| is_there(own));
        let slug = known.filter(|known| !self.taken.contains(known)).unwrap_or(slug);
        let slug = self.numbers.unused(&slug, |slug| self.taken.contains(slug));
        self.taken.insert(slug.clone());
        slug
    }
}

/// A slug of an event's words, with what it is known by at its end.
fn made(event: &Event, identity: &str) -> String {
    let words = slug_words(event.slug.trim(), identity);
    let base = slugify(words.unwrap_or(&event.title));
    let base: String = base.chars().take(60).collect();
    let base = base.trim_end_matches('-');
    if identity.is_empty() { base.to_owned() } else { format!("{base}-{identity}") }
}

/// What an event is known by: the first eight signs of its guid, else its id; empty where it has neither.
fn identity(event: &Event) -> String {
    match event.guid.trim().parse::<Uuid>() {
        Ok(guid) if !guid.is_nil() => guid.simple().to_string().chars().take(8).collect(),
        Ok(_) | Err(_) => {
            let kept = event.id.trim().to_ascii_lowercase();
            kept.chars().filter(char::is_ascii_alphanumeric).take(32).collect()
        }
    }
}

/// An event's own slug, where it is words and does not bear its number already.
fn slug_words<'s>(slug: &'s str, identity: &str) -> Option<&'s str> {
    let is_words = slug.len() >= 3
        && slug
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_'))
        && slug.contains(|c: char| c.is_ascii_lowercase());
    let has_number = slug
        .split(['-', '_'])
        .any(|word| word == identity || (word.len() >= 3 && word.bytes().all(|byte| byte.is_ascii_digit())));
    (is_words && !has_number).then_some(slug)
}
