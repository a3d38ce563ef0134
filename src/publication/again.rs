//! Publishing an older release again: a new release with the old one's content. The old one stays what it is.
//!
//! The draft becomes what the old release was, so that the next publication does not undo it. What is live stays as it
//! is, and so do the programme's rules, by which it is reckoned, and its call for proposals. A session that the old
//! release did not have is withdrawn; its draft keeps everything that stood in it. Themes, places, organisations and
//! releases to the press that came since stay, too: sessions and proposals name them, people speak for them, somebody
//! has written them. The public sees those of them that it has seen.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::{
    CROSSINGS_MAX, Outcome, Wish, not_as_seen,
    plan::digest,
    preview::{Preview, of_draft},
    publish_in,
};
use crate::{
    error::{Error, Result, is_crossing},
    programme::{self, Draft, DraftSession, Programme, Status},
    registration::desk::House,
    release::{self, Release},
};

/// The draft as it is when that release is published again.
fn put_back(draft: &Draft, old: &Release) -> Draft {
    let then: HashMap<Uuid, _> = old.sessions.iter().map(|session| (session.id, &session.session)).collect();
    let sessions = draft.sessions.iter().map(|now| {
        let mut session = match then.get(&now.session.id) {
            Some(then) => (*then).clone(),
            None => programme::Session { status: Status::Withdrawn, ..now.session.clone() },
        };
        // Its identity in files and addresses is for ever, too.
        session.slug.clone_from(&now.session.slug);
        DraftSession { session, live: now.live.clone() }
    });
    Draft {
        programme: Programme {
            slug: draft.programme.slug.clone(),
            rules: draft.programme.rules.clone(),
            call: draft.programme.call.clone(),
            ..old.programme.clone()
        },
        themes: and_since(&old.themes, &draft.themes, |theme| &theme.slug),
        places: and_since(&old.places, &draft.places, |place| &place.slug),
        organisations: and_since(&old.organisations, &draft.organisations, |organisation| &organisation.slug),
        press: and_since(&old.press, &draft.press, |release| &release.slug),
        sessions: sessions.collect(),
    }
}

/// What there was then, and what has come since.
fn and_since<T: Clone>(then: &[T], now: &[T], slug: fn(&T) -> &str) -> Vec<T> {
    let is_new = |one: &&T| !then.iter().any(|old| slug(old) == slug(one));
    then.iter().chain(now.iter().filter(is_new)).cloned().collect()
}

/// What of it is published: nothing that came since and that nobody has published yet.
fn seen_by_the_public(draft: &Draft, old: &Release, newest: Option<&Release>) -> Draft {
    fn keep<'r, T: 'r>(now: &mut Vec<T>, then: impl Iterator<Item = &'r T>, slug: fn(&T) -> &str) {
        let known: HashSet<&str> = then.map(slug).collect();
        now.retain(|one| known.contains(slug(one)));
    }
    let known = [Some(old), newest];
    let known = || known.into_iter().flatten();
    let mut shown = draft.clone();
    keep(&mut shown.themes, known().flat_map(|release| &release.themes), |theme| &theme.slug);
    keep(&mut shown.places, known().flat_map(|release| &release.places), |place| &place.slug);
    keep(&mut shown.organisations, known().flat_map(|release| &release.organisations), |one| &one.slug);
    keep(&mut shown.press, known().flat_map(|release| &release.press), |release| &release.slug);
    shown
}

/// What publishing that release again would do now. Its digest names the draft that it would replace.
///
/// # Errors
/// [`Error::NotFound`] where there is no such programme, or no such release.
pub async fn preview_again(house: &House, slug: &str, number: i64) -> Result<Preview> {
    let mut db = house.pool.acquire().await?;
    let (id, draft) = programme::store::load(&mut db, slug).await?.ok_or(Error::NotFound)?;
    let old = release::store::load(&mut db, id, number).await?.ok_or(Error::NotFound)?;
    let newest = release::store::latest(&mut db, id).await?;
    let shown = seen_by_the_public(&put_back(&draft, &old), &old, newest.as_ref());
    let mut preview = of_draft(&mut db, house, id, shown).await?;
    preview.digest = digest(&draft, preview.previous.as_ref().map(|previous| previous.number));
    Ok(preview)
}

/// Publishes that release again.
///
/// # Errors
/// [`Error::NotFound`] where there is no such programme, or no such release.
pub async fn publish_again(house: &House, slug: &str, number: i64, wish: Wish<'_>) -> Result<Outcome> {
    let mut crossings = 0;
    loop {
        match once(house, slug, number, wish).await {
            Err(cause) if is_crossing(&cause) && crossings < CROSSINGS_MAX => crossings += 1,
            done => return done,
        }
    }
}

async fn once(house: &House, slug: &str, number: i64, wish: Wish<'_>) -> Result<Outcome> {
    let now = house.clock.now();
    let mut tx = house.pool.begin().await?;
    let id = programme::store::lock(&mut tx, slug).await?.ok_or(Error::NotFound)?;
    let (_, draft) = programme::store::load(&mut tx, slug).await?.ok_or(Error::NotFound)?;
    let old = release::store::load(&mut tx, id, number).await?.ok_or(Error::NotFound)?;
    let newest = release::store::latest(&mut tx, id).await?;
    let wish = Wish { again: Some(number), ..wish };
    if wish.seen.is_some_and(|seen| seen != digest(&draft, newest.as_ref().map(|release| release.number))) {
        return not_as_seen(&mut tx, id, wish).await;
    }
    let draft = put_back(&draft, &old);
    programme::store::save(&mut tx, &draft, id, now).await?;
    let shown = seen_by_the_public(&draft, &old, newest.as_ref());
    let (done, seats) = publish_in(&mut tx, house, id, &shown, wish, now).await?;
    tx.commit().await?;
    house.board.put(seats);
    house.mail.notify_one();
    Ok(Outcome::Published(Box::new(done)))
}
