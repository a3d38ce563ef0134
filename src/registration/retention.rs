//! Personal data is erased `retention_days` after the end of a programme; the figures stay (DESIGN.md section 10).

use chrono::{DateTime, Days, TimeDelta, Utc};
use uuid::Uuid;

use super::{
    certificate::store as certificate,
    desk::House,
    feedback::store as feedback,
    reminders::store as reminders,
    store::{calls, erase},
    thanks::store as thanks,
};
use crate::{
    error::Result,
    mail::outbox,
    programme::{Programme, instant},
};

/// Erases what is due, person by person: what was typed in orders of programmes that are over for so long, and
/// who it was. Somebody who has an order elsewhere keeps that one alone; what they had in the old programmes
/// is nobody's from then on. Mails of that age go too. Says how many people.
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
    outbox::erase_before(&mut tx, now - TimeDelta::days(retention_days), now).await?;
    erase::orders(&mut tx, &over).await?;
    feedback::empty_programmes(&mut tx, &over).await?;
    let people = erase::people_in(&mut tx, &over).await?;
    for person in &people {
        // Locked first: an order that is being written for this person now is seen below, or finds them gone.
        let Some(email) = erase::lock_person(&mut tx, *person).await? else { continue };
        if erase::has_orders_outside(&mut tx, *person, &over).await? {
            let nobody = house.tokens.id(now);
            erase::part_with(&mut tx, *person, &over, nobody, now).await?;
            certificate::part_with(&mut tx, *person, &over, nobody, now).await?;
            thanks::part_with(&mut tx, *person, &over, nobody).await?;
            reminders::forget(&mut tx, *person, &over).await?;
        } else {
            if let Some(email) = email {
                outbox::erase(&mut tx, &email, now).await?;
            }
            erase::person(&mut tx, *person, now).await?;
            certificate::revoke_all(&mut tx, *person, now).await?;
            calls::forget(&mut tx, *person, now).await?;
        }
    }
    tx.commit().await?;
    Ok(people.len())
}

fn is_due(programme: &Programme, retention_days: i64, now: DateTime<Utc>) -> bool {
    let days = Days::new(retention_days.unsigned_abs().saturating_add(1));
    let due = programme.ends.checked_add_days(days);
    due.is_some_and(|due| instant(programme.timezone, due.and_time(chrono::NaiveTime::MIN)) <= now)
}
