//! Erasing a person who asks for it: what they hold goes to the next, and nothing says who they were.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Cancellation, Cause, Request,
    certificate::store as certificate,
    desk::{self, House},
    feedback,
    seats::Seat,
    store::{self, calls, erase},
};
use crate::{
    audit,
    db::Conn,
    error::{Result, is_crossing},
    mail::outbox,
};

/// How often an erasure that crossed a desk's batch is tried again.
const CROSSINGS_MAX: usize = 4;

/// Gives back everything that has not begun, empties the person, their orders and their mails, and revokes their
/// links, all in one transaction. Somebody who is erased already stays as they are.
///
/// # Errors
/// Where nothing was changed.
pub async fn erase(house: &House, participant: Uuid) -> Result<()> {
    erase_noted(house, participant, None).await
}

/// The same at the organisers' hands, with its line in the log.
///
/// # Errors
/// Where nothing was changed.
pub async fn erase_noted(house: &House, participant: Uuid, note: Option<&audit::Entry>) -> Result<()> {
    let mut crossings = 0;
    loop {
        match once(house, participant, note).await {
            Err(cause) if is_crossing(&cause) && crossings < CROSSINGS_MAX => crossings += 1,
            done => return done,
        }
    }
}

async fn once(house: &House, participant: Uuid, note: Option<&audit::Entry>) -> Result<()> {
    let now = house.clock.now();
    let mut tx = house.pool.begin().await?;
    let Some(person) = store::participant(&mut tx, participant).await? else { return Ok(()) };
    if person.is_erased() {
        return Ok(());
    }
    let mut seats = give_back(&mut tx, house, participant, now).await?;
    erase::person(&mut tx, participant, now).await?;
    // From here on the address, and the code, are free. What another desk gave this person a moment before is given back too.
    seats.extend(give_back(&mut tx, house, participant, now).await?);
    erase::orders_of(&mut tx, participant).await?;
    feedback::forget(&mut tx, house, participant).await?;
    certificate::revoke_all(&mut tx, participant, now).await?;
    calls::forget(&mut tx, participant, now).await?;
    if let Some(email) = &person.email {
        outbox::erase(&mut tx, email, now).await?;
    }
    outbox::erase_former(&mut tx, participant, now).await?;
    if let Some(note) = note {
        audit::record(&mut tx, note).await?;
    }
    tx.commit().await?;
    house.board.put(seats);
    house.mail.notify_one();
    Ok(())
}

async fn give_back(db: &mut Conn, house: &House, participant: Uuid, now: DateTime<Utc>) -> Result<Vec<Seat>> {
    let all = Request::Cancel(Cancellation { participant, sessions: None, cause: Cause::Person });
    Ok(desk::in_transaction(db, house, &[all], now).await?.1)
}
