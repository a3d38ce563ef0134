//! Personal data is erased `retention_days` after the end of a programme; the figures stay (DESIGN.md section 10).

use chrono::{DateTime, Days, Utc};
use uuid::Uuid;

use super::{desk::House, store::erase};
use crate::{error::Result, mail::outbox, programme::instant};

/// Erases what is due: names, needs and organisations of orders in programmes that are over for so long, and
/// people who have nothing elsewhere, with the mails that were sent to them. Says how many people.
pub async fn erase_due(house: &House, retention_days: i64) -> Result<usize> {
    let now = house.clock.now();
    let over: Vec<Uuid> = house
        .publications
        .all()
        .iter()
        .filter(|published| is_due(&published.release.programme, retention_days, now))
        .map(|published| published.id)
        .collect();
    if over.is_empty() {
        return Ok(0);
    }
    let mut tx = house.pool.begin().await?;
    erase::orders(&mut tx, &over).await?;
    let people = erase::people_with_nothing_but(&mut tx, &over).await?;
    for (id, email) in &people {
        outbox::erase(&mut tx, email, now).await?;
        erase::person(&mut tx, *id, now).await?;
    }
    tx.commit().await?;
    Ok(people.len())
}

fn is_due(programme: &crate::programme::Programme, retention_days: i64, now: DateTime<Utc>) -> bool {
    let days = Days::new(retention_days.unsigned_abs().saturating_add(1));
    let due = programme.ends.checked_add_days(days);
    due.is_some_and(|due| instant(programme.timezone, due.and_time(chrono::NaiveTime::MIN)) <= now)
}
