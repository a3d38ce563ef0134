//! Saying again what somebody has: a mail that no change causes.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    decide::{self, Notice, NoticeItem},
    desk::House,
    facts::Facts,
    letters, store,
};
use crate::{
    audit::{self, Actor, Entry},
    db::Conn,
    error::Result,
    mail::{Kind, outbox},
};

/// Queues a mail that lists what this person has in this programme. False where that is nothing, or where
/// nobody can be written to.
pub async fn resend(house: &House, actor: Actor, programme: Uuid, participant: Uuid) -> Result<bool> {
    let now = house.clock.now();
    let mut tx = house.pool.begin().await?;
    if !resend_in(&mut tx, house, programme, participant, now).await? {
        return Ok(false);
    }
    let subject = audit::subject("person", participant);
    let entry = Entry::new(&house.tokens, now, actor, "registration.resend", subject).of(programme);
    audit::record(&mut tx, &entry).await?;
    tx.commit().await?;
    house.mail.notify_one();
    Ok(true)
}

async fn resend_in(
    db: &mut Conn,
    house: &House,
    programme: Uuid,
    participant: Uuid,
    now: DateTime<Utc>,
) -> Result<bool> {
    let Some(person) = store::participant(db, participant).await? else { return Ok(false) };
    let seats: BTreeMap<_, _> =
        store::seats_of(db, programme).await?.into_iter().map(|seat| (seat.settings.session, seat)).collect();
    let mut items = Vec::new();
    let mut theirs = store::registrations_of(db, &[participant]).await?;
    theirs.retain(|one| one.state.is_live() && seats.contains_key(&one.session));
    let ids: Vec<Uuid> = theirs.iter().map(|one| one.id).collect();
    let positions = store::positions(db, &ids).await?;
    for registration in theirs {
        let position = positions.get(&registration.id).copied().unwrap_or(1);
        let outcome = decide::standing(&registration, position);
        let (session, people, bumps) = (registration.session, registration.people, registration.bumps);
        items.push(NoticeItem { session, outcome, people, bumps });
    }
    if items.is_empty() || person.email.is_none() {
        return Ok(false);
    }
    let facts = Facts::of(db, house, &BTreeSet::from([programme])).await?;
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
    outbox::queue(db, &letters, now).await?;
    Ok(true)
}
