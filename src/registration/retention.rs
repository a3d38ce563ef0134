//! Personal data is erased so many days after the last day of a programme: its own, else the setting `retention_days`; the
//! figures stay (DESIGN.md section 10).

pub mod store;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::{
    certificate::store as certificate,
    desk::House,
    feedback::store as feedback,
    reminders::store as reminders,
    store::{calls, erase},
    thanks::store as thanks,
};
use crate::{db::Conn, error::Result, mail::outbox, programme::instant, release::Release};

/// The longest that a programme may keep personal data after its end, in days.
pub const DAYS_MAX: i64 = 3_650;

/// Erases what is due: in the programmes that are over for as long as they say, or else as the house says; and the
/// house's own mails (invitations, sign-in links), which belong to no programme, when they are as old as the house says.
/// Says how many people.
pub async fn erase_due(house: &House, house_days: i64) -> Result<usize> {
    let now = house.clock.now();
    let mut db = house.pool.acquire().await?;
    let own = store::all_days(&mut db).await?;
    drop(db);
    let over: Vec<(Uuid, String)> = house
        .publications
        .all()
        .iter()
        .filter(|published| {
            let days = own.get(&published.id).copied().unwrap_or(house_days);
            due_at(&published.release, days).is_some_and(|due| due <= now)
        })
        .map(|published| (published.id, published.slug().to_owned()))
        .collect();
    let mut tx = house.pool.begin().await?;
    outbox::erase_before(&mut tx, now - TimeDelta::days(house_days), now).await?;
    let people = if over.is_empty() { 0 } else { erase_programmes(&mut tx, house, &over, now).await? };
    tx.commit().await?;
    Ok(people)
}

/// Erases who was in these programmes (id and slug), person by person: what was typed in their orders, and who it was.
/// Somebody who has an order elsewhere keeps that one alone; what they had in these programmes is nobody's from then on.
/// The programmes' mails go too; figures stay. The caller commits.
pub async fn erase_programmes(
    db: &mut Conn,
    house: &House,
    programmes: &[(Uuid, String)],
    now: DateTime<Utc>,
) -> Result<usize> {
    let over: Vec<Uuid> = programmes.iter().map(|(id, _)| *id).collect();
    for (_, slug) in programmes {
        outbox::erase_of(db, slug, now).await?;
    }
    erase::orders(db, &over).await?;
    feedback::empty_programmes(db, &over).await?;
    let people = erase::people_in(db, &over).await?;
    for person in &people {
        // Locked first: an order that is being written for this person now is seen below, or finds them gone.
        let Some(email) = erase::lock_person(db, *person).await? else { continue };
        if erase::has_orders_outside(db, *person, &over).await? {
            let nobody = house.tokens.id(now);
            erase::part_with(db, *person, &over, nobody, now).await?;
            certificate::part_with(db, *person, &over, nobody, now).await?;
            thanks::part_with(db, *person, &over, nobody).await?;
            reminders::forget(db, *person, &over).await?;
        } else {
            if let Some(email) = email {
                outbox::erase(db, &email, now).await?;
            }
            outbox::erase_former(db, *person, now).await?;
            erase::person(db, *person, now).await?;
            certificate::revoke_all(db, *person, now).await?;
            calls::forget(db, *person, now).await?;
        }
    }
    Ok(people.len())
}

/// When the data of this programme goes, if it is kept for so many days after its last one.
pub fn due_at(release: &Release, days: i64) -> Option<DateTime<Utc>> {
    due_after(release.programme.timezone, release.last_day(), days)
}

/// The end of the day that is so many days after this one.
pub fn due_after(zone: Tz, last: NaiveDate, days: i64) -> Option<DateTime<Utc>> {
    let days = Days::new(days.unsigned_abs().saturating_add(1));
    Some(instant(zone, last.checked_add_days(days)?.and_time(chrono::NaiveTime::MIN)))
}

/// True where the last day of the programme has passed.
pub fn is_over(release: &Release, now: DateTime<Utc>) -> bool {
    due_at(release, 0).is_some_and(|end| end <= now)
}
