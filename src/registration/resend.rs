//! Saying again what somebody has: a mail that no change causes.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::{
    decide::{self, Notice, NoticeItem},
    desk::House,
    facts::Facts,
    letters, store,
};
use crate::{
    error::Result,
    mail::{Kind, outbox},
};

/// Queues a mail that lists what this person has in this programme. False where that is nothing, or where
/// nobody can be written to.
pub async fn resend(house: &House, programme: Uuid, participant: Uuid) -> Result<bool> {
    let now = house.clock.now();
    let mut tx = house.pool.begin().await?;
    let Some(person) = store::participant(&mut tx, participant).await? else { return Ok(false) };
    let seats: BTreeMap<_, _> = store::seats_of(&mut tx, programme)
        .await?
        .into_iter()
        .map(|seat| (seat.settings.session, seat))
        .collect();
    let mut items = Vec::new();
    for registration in store::registrations_of(&mut tx, &[participant], None).await? {
        if !registration.state.is_live() || !seats.contains_key(&registration.session) {
            continue;
        }
        let position = store::position(&mut tx, registration.session, registration.arrival).await?;
        let outcome = decide::standing(&registration, position);
        let (session, people, bumps) = (registration.session, registration.people, registration.bumps);
        items.push(NoticeItem { session, outcome, people, bumps });
    }
    if items.is_empty() || person.email.is_none() {
        return Ok(false);
    }
    let facts = Facts::of(&mut tx, house, &BTreeSet::from([programme])).await?;
    let notice = Notice {
        id: house.tokens.id(now),
        kind: Kind::Order,
        programme,
        name: person.name.clone(),
        lang: person.lang,
        participant: person,
        items,
        confirms: None,
    };
    let letters = letters::write(house, &facts, &[notice], &seats);
    outbox::queue(&mut tx, &letters, now).await?;
    tx.commit().await?;
    house.mail.notify_one();
    Ok(true)
}
