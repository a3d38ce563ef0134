//! `parvis check`: the invariants of DESIGN.md section 8 against a database.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Outcome, open_house};
use crate::{
    db::Conn,
    error::Result,
    mail::outbox,
    news,
    programme::{self, QueueMode},
    publication,
    registration::{
        Settings, attendance,
        decide::{Rulebook, serves_queue},
        desk::House,
        reminders, store, thanks,
    },
    release,
};

/// How long after its time something may still be undone.
const LATE: TimeDelta = TimeDelta::minutes(1);

pub(super) async fn run() -> Outcome {
    let house = open_house().await?;
    let found = broken(&house).await?;
    let mut db = house.pool.acquire().await?;
    let mails = outbox::counts(&mut db).await?;
    if mails.failed > 0 {
        eprintln!("warning: {} mails failed for good; parvis mail list --state failed", mails.failed);
    }
    let unreached = store::reach::undeliverable(&mut db).await?;
    if unreached > 0 {
        eprintln!(
            "warning: mails to {unreached} people come back: news, reminders and thanks are not sent to them"
        );
    }
    for line in oversold(&house).await? {
        eprintln!("warning: {line}");
    }
    for line in &found {
        println!("{line}");
    }
    // Each line has said what is wrong; the exit code says that something is.
    if found.is_empty() { Ok(()) } else { Err("".into()) }
}

/// A line for each invariant that does not hold.
pub async fn broken(house: &House) -> Result<Vec<String>> {
    let mut db = house.pool.acquire().await?;
    let mut found = Vec::new();
    for (session, taken, counted, waiting, queued) in store::report::wrong_counts(&mut db).await? {
        found.push(format!(
            "1: {session}: the seat row says {taken} taken and {waiting} waiting, the registrations {counted} and {queued}"
        ));
    }
    queues(&mut db, house, &mut found).await?;
    deadlines(&mut db, house.clock.now(), &mut found).await?;
    for session in store::report::overtaken(&mut db).await? {
        found.push(format!("3: {session}: somebody in the queue was overtaken"));
    }
    for session in store::report::doubled(&mut db).await? {
        found.push(format!("4: {session}: somebody has two live registrations"));
    }
    mails(&mut db, &mut found).await?;
    let late = news::store::due_before(&mut db, house.clock.now() - news::LATE).await?;
    if late > 0 {
        found.push(format!("5: {late} registered people were not told in time that their session changed"));
    }
    let late =
        publication::planned::due_before(&mut db, house.clock.now() - publication::planned::LATE).await?;
    if late > 0 {
        found.push(format!("9: {late} programmes were not published at their time"));
    }
    let late = thanks::store::due_before(&mut db, house.clock.now() - news::LATE).await?;
    if late > 0 {
        found.push(format!("5: {late} people were not thanked in time"));
    }
    // Their doors are open: what changes from now on is counted.
    let open = house.clock.now() + attendance::door::OPENS_BEFORE;
    for wrong in attendance::store::wrong_figures(&mut db, open).await? {
        found.push(format!(
            "8: {}: the figures say that {} had a seat, {} came and {} did not; the registrations say {}, {} and {}",
            wrong.session_id,
            wrong.registered,
            wrong.present,
            wrong.absent,
            wrong.seats,
            wrong.came,
            wrong.seats - wrong.seated
        ));
    }
    reminded(&mut db, house, &mut found).await?;
    releases(&mut db, &mut found).await?;
    Ok(found)
}

/// A line for each session with more people than seats: the organisers lowered its capacity, or keep back too many.
async fn oversold(house: &House) -> Result<Vec<String>> {
    let mut db = house.pool.acquire().await?;
    let mut found = Vec::new();
    for slug in programme::store::slugs(&mut db).await? {
        let Some(id) = programme::store::id_of(&mut db, &slug).await? else { continue };
        let sessions = release::store::latest(&mut db, id).await?.map_or(Vec::new(), |it| it.sessions);
        for seat in store::seats_of(&mut db, id).await? {
            let (Some(missing @ ..0), Some(capacity)) = (seat.free(), seat.settings.capacity) else {
                continue;
            };
            let session = sessions.iter().find(|session| session.id == seat.settings.session);
            let name = session.map_or(seat.settings.session.to_string(), |session| session.slug.clone());
            found.push(format!(
                "{slug}: {name} has {capacity} seats, {} taken and {} held: {} too many",
                seat.taken,
                capacity - seat.taken - missing,
                -missing
            ));
        }
    }
    Ok(found)
}

async fn queues(db: &mut Conn, house: &House, found: &mut Vec<String>) -> Result<()> {
    let now = house.clock.now();
    for slug in programme::store::slugs(db).await? {
        let Some(id) = programme::store::id_of(db, &slug).await? else { continue };
        let release = release::store::latest(db, id).await?;
        let rules = release.as_ref().map(Rulebook::of).unwrap_or_default();
        for seat in store::seats_of(db, id).await? {
            if seat.waiting == 0 || !serves_queue(&seat.settings, now) || rests(&rules, &seat.settings, now) {
                continue;
            }
            let first = store::queue(db, seat.settings.session, seat.largest(), 1).await?.pop_front();
            let fits = |people| seat.free().is_none_or(|free| free >= people);
            if first.is_some_and(|first| fits(first.registration.people)) {
                found.push(format!(
                    "2: {slug}: somebody waits while a seat is free in {}",
                    seat.settings.session
                ));
            }
        }
    }
    Ok(())
}

/// True where no offers are made now, or were not until a moment ago.
fn rests(rules: &Rulebook, seat: &Settings, now: DateTime<Utc>) -> bool {
    seat.queue == QueueMode::Offer && (rules.is_quiet(now) || rules.is_quiet(now - LATE))
}

/// Deadlines: each where it belongs, and what is over has gone to the next.
async fn deadlines(db: &mut Conn, now: DateTime<Utc>, found: &mut Vec<String>) -> Result<()> {
    for session in store::turns::stray_deadlines(db).await? {
        found.push(format!("2: {session}: a deadline is missing, or stands where none belongs"));
    }
    let late = store::turns::due_before(db, now - LATE).await?;
    if late > 0 {
        found.push(format!("2: {late} seats or turns are held past their deadline"));
    }
    Ok(())
}

async fn mails(db: &mut Conn, found: &mut Vec<String>) -> Result<()> {
    let told = store::report::told_by(db).await?;
    let untold = told.iter().filter(|mail| mail.is_none()).count();
    if untold > 0 {
        found.push("5: a change of a registration has no mail".to_owned());
    }
    let told: Vec<_> = told.into_iter().flatten().collect();
    let missing = outbox::missing(db, &told).await?;
    if missing > 0 {
        found.push(format!("5: {missing} mails that tell a change are not in the outbox"));
    }
    let uncalled = store::calls::missing(db).await?;
    if uncalled > 0 {
        found.push(format!(
            "5: {uncalled} changes of people without an address are on no list of whom to call"
        ));
    }
    let unrecorded = store::report::unrecorded(db).await?;
    if unrecorded > 0 {
        found.push(format!("5: {unrecorded} registrations stand where no recorded change left them"));
    }
    Ok(())
}

async fn reminded(db: &mut Conn, house: &House, found: &mut Vec<String>) -> Result<()> {
    let now = house.clock.now();
    let late = reminders::store::due_before(db, now - reminders::LATE, now).await?;
    if late > 0 {
        found.push(format!("5: the people of {late} sessions were not reminded in time"));
    }
    let mails = reminders::store::mails(db).await?;
    let missing = outbox::missing(db, &mails).await?;
    if missing > 0 {
        found.push(format!("5: {missing} mails that remind are not in the outbox"));
    }
    Ok(())
}

async fn releases(db: &mut Conn, found: &mut Vec<String>) -> Result<()> {
    for slug in programme::store::slugs(db).await? {
        let Some(id) = programme::store::id_of(db, &slug).await? else { continue };
        let known = programme::store::session_ids(db, id).await?;
        let mut sequences: HashMap<uuid::Uuid, i64> = HashMap::new();
        for (expected, number) in (1..).zip(release::store::numbers(db, id).await?) {
            if number != expected {
                found.push(format!("6: {slug}: release {expected} is missing"));
                break;
            }
            let Some(release) = release::store::load(db, id, number).await? else { continue };
            for session in &release.sessions {
                if !known.contains(&session.id) {
                    found.push(format!("6: {slug}: the UID of {} is another one now", session.slug));
                }
                let before = sequences.insert(session.id, session.sequence);
                if before.is_some_and(|before| before > session.sequence) {
                    found.push(format!("6: {slug}: SEQUENCE of {} fell in release {number}", session.slug));
                }
            }
        }
    }
    Ok(())
}
