//! The link to somebody's agenda, by mail: because the address was typed, or because the person revoked the old one.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{
    decide::{Notice, Participant},
    desk::House,
    facts::Facts,
    letters,
    person::Email,
    store::{self, person},
};
use crate::{
    db::Conn,
    error::Result,
    locale::Lang,
    mail::{Kind, outbox},
};

/// An address is sent its link at most this often, however often it is typed.
pub const SENT_AGAIN_AFTER: TimeDelta = TimeDelta::minutes(5);

/// Queues a mail with the links of whoever has this address. False where nobody has, or where such a mail has
/// just been written. Whoever typed the address must learn neither.
pub async fn send(house: &House, email: &Email, lang: Lang) -> Result<bool> {
    let now = house.clock.now();
    let mut tx = house.pool.begin().await?;
    let Some(id) = person::claim_link(&mut tx, email.as_str(), now, now - SENT_AGAIN_AFTER).await? else {
        return Ok(false);
    };
    let queued = queue(&mut tx, house, id, lang, now).await?;
    tx.commit().await?;
    house.mail.notify_one();
    Ok(queued)
}

/// Revokes the link that was just used, and queues a mail with a fresh one. False where somebody has done so in
/// the same moment: of several, one mail is sent.
pub async fn renew(house: &House, participant: &Participant, lang: Lang) -> Result<bool> {
    let now = house.clock.now();
    let mut tx = house.pool.begin().await?;
    if !person::renew_agenda(&mut tx, participant.id, participant.agenda_version).await? {
        return Ok(false);
    }
    queue(&mut tx, house, participant.id, lang, now).await?;
    tx.commit().await?;
    house.mail.notify_one();
    Ok(true)
}

/// In the name of the programme that the person was last interested in.
async fn queue(db: &mut Conn, house: &House, id: Uuid, lang: Lang, now: DateTime<Utc>) -> Result<bool> {
    let Some(participant) = store::participant(db, id).await? else { return Ok(false) };
    let Some(last) = person::last_order(db, id).await? else { return Ok(false) };
    let facts = Facts::of(db, house, &BTreeSet::from([last.programme_id])).await?;
    let notice = Notice {
        id: house.tokens.id(now),
        kind: Kind::Link,
        programme: last.programme_id,
        name: participant.name.clone(),
        lang,
        participant,
        items: Vec::new(),
        confirms: None,
    };
    let letters = letters::write(house, &facts, &[notice], &BTreeMap::new());
    outbox::queue(db, &letters, now).await?;
    Ok(!letters.is_empty())
}
