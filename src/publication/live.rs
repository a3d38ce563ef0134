//! What is live, changed alone and at once, by somebody of the team; and the draft with it.

use uuid::Uuid;

use super::set_keys_in;
use crate::{
    audit::{self, Actor, Entry},
    error::{Error, Result},
    programme::{self, Live, import::live::Key},
    registration::{Settings, desk::House, store},
};

/// What changes live settings: it is shown what is in force, and gives the keys that it has set, or why nothing is to
/// be changed.
pub type Change<'c, R> = dyn Fn(&Settings, &mut Live) -> std::result::Result<Vec<Key>, R> + Sync + 'c;

/// Changes live settings of the session of that id, as `change` says. Written into the draft, put in force through the
/// desk, and into the log: one transaction, and nobody changes them between what `change` is shown and what is written.
///
/// # Errors
/// [`Error::NotFound`] where the programme has no such session, or has never published it.
pub async fn set_live<R: Send>(
    house: &House,
    actor: Actor,
    slug: &str,
    session: Uuid,
    change: &Change<'_, R>,
) -> Result<std::result::Result<(), R>> {
    let now = house.clock.now();
    let mut tx = house.pool.begin().await?;
    programme::store::lock(&mut tx, slug).await?.ok_or(Error::NotFound)?;
    let (id, mut draft) = programme::store::load(&mut tx, slug).await?.ok_or(Error::NotFound)?;
    let known = draft.sessions.iter_mut().find(|known| known.session.id == session).ok_or(Error::NotFound)?;
    let in_force = store::seat(&mut tx, session).await?.ok_or(Error::NotFound)?.settings;
    let before = known.live.clone();
    let keys = match change(&in_force, &mut known.live) {
        Ok(keys) => keys,
        Err(refused) => return Ok(Err(refused)),
    };
    let Some((was, is)) = audit::differing(&before, &known.live) else { return Ok(Ok(())) };
    programme::store::save_session(&mut tx, id, known, now).await?;
    let seats = set_keys_in(&mut tx, house, id, known, &keys, now).await?;
    let subject = audit::subject("session", &known.session.slug);
    let entry = Entry::new(&house.tokens, now, actor, "session.live", subject);
    audit::record(&mut tx, &entry.of(id).facts(was, is)).await?;
    tx.commit().await?;
    house.board.put(seats);
    house.mail.notify_one();
    Ok(Ok(()))
}
