//! What is live, changed alone and at once, by somebody of the team; and the draft with it.

use uuid::Uuid;

use super::set_keys_in;
use crate::{
    audit::{self, Actor, Entry},
    error::{Error, Result},
    programme::{self, Live, import::live::Key},
    registration::desk::House,
};

/// Changes live settings of the session of that id: `change` says what, and gives the keys that it has set. Written
/// into the draft, put in force through the desk, and into the log: one transaction.
///
/// # Errors
/// [`Error::NotFound`] where the programme has no such session.
pub async fn set_live(
    house: &House,
    actor: Actor,
    slug: &str,
    session: Uuid,
    change: &(dyn Fn(&mut Live) -> Vec<Key> + Sync),
) -> Result<()> {
    let now = house.clock.now();
    let mut tx = house.pool.begin().await?;
    programme::store::lock(&mut tx, slug).await?.ok_or(Error::NotFound)?;
    let (id, mut draft) = programme::store::load(&mut tx, slug).await?.ok_or(Error::NotFound)?;
    let known = draft.sessions.iter_mut().find(|known| known.session.id == session).ok_or(Error::NotFound)?;
    let before = known.live.clone();
    let keys = change(&mut known.live);
    let Some((was, is)) = audit::differing(&before, &known.live) else { return Ok(()) };
    programme::store::save_session(&mut tx, id, known, now).await?;
    let seats = set_keys_in(&mut tx, house, id, known, &keys, now).await?;
    let subject = audit::subject("session", &known.session.slug);
    let entry = Entry::new(&house.tokens, now, actor, "session.live", subject);
    audit::record(&mut tx, &entry.of(id).facts(was, is)).await?;
    tx.commit().await?;
    house.board.put(seats);
    house.mail.notify_one();
    Ok(())
}
