//! What somebody has, beside the releases that it stands in.

use std::sync::Arc;

use uuid::Uuid;

use crate::{
    locale::{Lang, text},
    registration::store::read::Mine,
    release::{
        ReleasedSession,
        published::{Publications, Published},
    },
};

/// A registration and the release that its session stands in.
pub struct Known {
    /// What the database says.
    pub mine: Mine,
    /// What the public sees of it.
    pub published: Arc<Published>,
}

impl Known {
    /// The session; [`known`] has looked for it.
    pub fn session(&self) -> Option<&ReleasedSession> {
        self.published.session_by_id(self.mine.session_id)
    }

    /// True where that is what it is called: `programme/session`, a slug, an id.
    pub fn is(&self, name: &str) -> bool {
        let Some(session) = self.session() else { return false };
        match name.split_once('/') {
            Some((programme, slug)) => programme == self.published.slug() && slug == session.slug,
            None => session.slug == name || session.id.to_string() == name,
        }
    }

    /// As the person's forms name it.
    pub(super) fn name(&self, session: &ReleasedSession) -> String {
        format!("{}/{}", self.published.slug(), session.slug)
    }
}

/// What this process has the releases of. Another one may have published a moment ago: that comes within a second.
pub fn known(mine: Vec<Mine>, publications: &Publications) -> Vec<Known> {
    let known = |mine: Mine| {
        let published = publications.by_id(mine.programme_id)?;
        published.session_by_id(mine.session_id)?;
        Some(Known { mine, published })
    };
    mine.into_iter().filter_map(known).collect()
}

/// The programme of all of them, where it is one.
pub fn only_programme(mine: &[Known]) -> Option<&Published> {
    let first = &mine.first()?.published;
    mine.iter().all(|known| known.published.id == first.id).then_some(first)
}

/// What people's programs call the calendar.
pub fn name(mine: &[Known], lang: Lang) -> String {
    match only_programme(mine) {
        Some(published) => {
            let programme = published.release.programme.title.clone();
            text(lang, "agenda-feed-name-of", &[("programme", programme.into())])
        }
        None => text(lang, "agenda-feed-name", &[]),
    }
}

/// The sessions that a form names: `programme/session`, the id, or a slug that only one of them has.
pub fn named(mine: &[Known], names: &[String]) -> Vec<Uuid> {
    let one = |name: &String| {
        let mut found = mine.iter().filter(|known| known.mine.state.is_live() && known.is(name.trim()));
        let first = found.next()?;
        found.next().is_none().then_some(first.mine.session_id)
    };
    names.iter().filter_map(one).collect()
}
