//! What publishing a draft makes, and whom it concerns. Pure.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::settings;
use crate::{
    news::{self, Changed},
    programme::Draft,
    registration::Settings,
    release::{Release, freeze::freeze},
};

/// A publication before anything is written.
pub(super) struct Plan {
    /// The new release; `None` where the public would see no difference.
    pub(super) release: Option<Release>,
    /// The live settings of every session that the public knows then.
    pub(super) settings: Vec<Settings>,
    /// `None` before the first release: there is nobody to tell.
    pub(super) told: Option<Told>,
}

/// What people know, and of which sessions they must hear something else.
pub(super) struct Told {
    pub(super) release: i64,
    pub(super) changed: BTreeSet<Uuid>,
}

impl Plan {
    pub(super) fn of(
        programme: Uuid,
        draft: &Draft,
        previous: Option<&Release>,
        note: &str,
        now: DateTime<Utc>,
    ) -> Plan {
        let release = freeze(draft, previous, note, now);
        let public = release.as_ref().or(previous);
        let released: HashSet<Uuid> =
            public.iter().flat_map(|release| &release.sessions).map(|session| session.id).collect();
        let sessions = draft.sessions.iter().filter(|session| released.contains(&session.session.id));
        let settings = sessions.map(|session| settings(programme, draft, session)).collect();
        let told = previous.map(|previous| Told {
            release: previous.number,
            changed: release
                .as_ref()
                .map(|release| news::must_be_told(previous, release))
                .unwrap_or_default(),
        });
        Plan { release, settings, told }
    }
}

impl Told {
    /// What is noted for registered people where these settings come into force in the place of those that are known.
    pub(super) fn changed(&self, known: &HashMap<Uuid, Settings>, wanted: &[Settings]) -> Vec<Changed> {
        let other_address = |settings: &&Settings| {
            known.get(&settings.session).is_some_and(|known| known.join_url != settings.join_url)
        };
        let rejoined: BTreeSet<Uuid> = wanted.iter().filter(other_address).map(|one| one.session).collect();
        let changed = self.changed.union(&rejoined).map(|session| Changed {
            session: *session,
            told_join_url: known.get(session).and_then(|known| known.join_url.clone()),
            released: self.changed.contains(session),
            rejoined: rejoined.contains(session),
        });
        changed.collect()
    }
}

/// Settings of sessions that have no seat row yet, and those that differ from the one that they have.
pub(super) fn sorted(
    known: &HashMap<Uuid, Settings>,
    wanted: Vec<Settings>,
) -> (Vec<Settings>, Vec<Settings>) {
    let (mut new, mut changed) = (Vec::new(), Vec::new());
    for wanted in wanted {
        match known.get(&wanted.session) {
            None => new.push(wanted),
            Some(in_force) if *in_force == wanted => {}
            Some(_) => changed.push(wanted),
        }
    }
    (new, changed)
}

/// Names a draft, and the release that it is compared to: another one, where anything in them is another.
pub fn digest(draft: &Draft, previous: Option<i64>) -> String {
    // A draft has nothing that JSON cannot say; the same draft is written the same way.
    let text = serde_json::to_vec(&(draft, previous)).unwrap_or_default();
    data_encoding::HEXLOWER.encode(&Sha256::digest(text)[..16])
}
