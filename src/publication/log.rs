//! What the log says of a publication.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Publication, Wish};
use crate::{
    audit::{self, Entry, Facts},
    registration::desk::House,
    release::ChangeKind,
};

/// One line; none where publishing changed nothing.
pub(super) fn lines(
    house: &House,
    programme: Uuid,
    slug: &str,
    done: &Publication,
    wish: Wish<'_>,
    now: DateTime<Utc>,
) -> Vec<Entry> {
    let (action, subject) = match (&done.release, done.settings) {
        (Some(release), _) => ("release.publish", audit::subject("release", release.number)),
        (None, 0) => return Vec::new(),
        (None, _) => ("release.settings", audit::subject("programme", slug)),
    };
    let mut after = Facts::default().with("settings", done.settings);
    for kind in ChangeKind::ALL {
        let changes = done.release.iter().flat_map(|release| &release.changes);
        let count = changes.filter(|change| change.kind == kind).count();
        if count > 0 {
            after = after.with(kind.code(), count);
        }
    }
    if let Some(again) = wish.again {
        after = after.with("again", again);
    }
    vec![
        Entry::new(&house.tokens, now, wish.author, action, subject)
            .of(programme)
            .facts(Facts::default(), after),
    ]
}
