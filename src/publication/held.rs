//! Registering somebody into seats that are held back: the draft holds back fewer, too, so that the next release does
//! not take them from the session again.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::{
    audit::{self, Entry},
    error::{Error, Result},
    programme::{self, Draft},
    registration::{Answer, Order, Request, desk, desk::House, store as seat_store},
};

/// Gives the order its seats from those that are held back for its group, in one transaction with the draft, and with
/// what `entries` writes into the log.
///
/// # Errors
/// [`Error::NotFound`] where there is no such programme.
pub async fn register_held(
    house: &House,
    slug: &str,
    order: Order,
    entries: &(dyn Fn(&[Answer]) -> Vec<Entry> + Sync),
) -> Result<Answer> {
    let now = house.clock.now();
    let sessions = order.sessions.clone();
    let mut tx = house.pool.begin().await?;
    let id = programme::store::lock(&mut tx, slug, now).await?.ok_or(Error::NotFound)?;
    let (_, mut draft) = programme::store::load(&mut tx, slug).await?.ok_or(Error::NotFound)?;
    let before = seat_store::lock_seats(&mut tx, sessions.iter().copied()).await?;
    let (answers, seats) = desk::in_transaction(&mut tx, house, &[Request::Register(order)], now).await?;
    let after = seat_store::lock_seats(&mut tx, sessions).await?;
    for (session, seat) in &before {
        let (was, is) = (&seat.settings.held, after.get(session).map(|seat| &seat.settings.held));
        if let Some(at) = is.and_then(|is| lower(&mut draft, *session, was, is)) {
            programme::store::save_session(&mut tx, id, &draft.sessions[at], now).await?;
        }
    }
    audit::record_all(&mut tx, &entries(&answers)).await?;
    tx.commit().await?;
    house.board.put(seats);
    house.mail.notify_one();
    answers.into_iter().next().ok_or_else(|| Error::Internal("no answer to an order".to_owned()))
}

/// Takes from the draft what is held back no more; what its organisers say beside that, stays. Gives where it stands.
fn lower(
    draft: &mut Draft,
    session: Uuid,
    was: &BTreeMap<String, i64>,
    is: &BTreeMap<String, i64>,
) -> Option<usize> {
    let at = draft.sessions.iter().position(|known| known.session.id == session).filter(|_| was != is)?;
    for (group, held) in &mut draft.sessions[at].live.held {
        let given = was.get(group).unwrap_or(&0) - is.get(group).unwrap_or(&0);
        *held = (*held - given).max(0);
    }
    Some(at)
}
