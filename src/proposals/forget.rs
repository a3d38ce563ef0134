//! Who proposed through the public call is forgotten with its time, or when they ask, as who registers is: name and address
//! go, and the link with them, and what was said about it; what was proposed, and what became of it, stays.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use super::{call, store::forget};
use crate::{
    audit::{self, Entry},
    db::Conn,
    error::Result,
    identity::joining,
    mail::{Kind, outbox},
    programme::{self, Draft},
    registration::{desk::House, retention},
    release::Release,
};

/// How long the files of what was refused, or taken back, are kept: so long it can be thought over.
pub const FILES_KEPT: TimeDelta = TimeDelta::days(90);

/// Erases, in programmes that are over for as long as they say, or else as the house says, who proposed, every file, and
/// the mails of those that were never published; and everywhere the files of what was refused or taken back long ago.
///
/// # Errors
/// Where nothing was erased.
pub async fn erase_due(house: &House, house_days: i64) -> Result<()> {
    let now = house.clock.now();
    let mut db = house.pool.acquire().await?;
    let over = over(&mut db, house, house_days, now).await?;
    let has_old_files = forget::has_old_files(&mut db, now - FILES_KEPT).await?;
    drop(db);
    if over.is_empty() && !has_old_files {
        return Ok(());
    }
    let mut tx = house.pool.begin().await?;
    forget::old_files(&mut tx, now - FILES_KEPT).await?;
    erase_programmes(&mut tx, &over, now).await?;
    Ok(tx.commit().await?)
}

/// The programmes whose time is over and that still have something, published or not: id and slug.
async fn over(
    db: &mut Conn,
    house: &House,
    house_days: i64,
    now: DateTime<Utc>,
) -> Result<Vec<(Uuid, String)>> {
    let own: HashMap<Uuid, i64> = retention::store::all_days(db).await?;
    let mut over = Vec::new();
    for (id, slug, _) in programme::store::titles(db).await? {
        if !forget::is_anything_left(db, id).await? && outbox::personal_of(db, &slug).await? == 0 {
            continue;
        }
        let Some(draft) = programme::store::load_by_id(db, id).await? else { continue };
        let days = own.get(&id).copied().unwrap_or(house_days);
        let published = house.publications.by_id(id);
        let release = published.as_ref().map(|published| &published.release);
        if due_at(&draft, release, days).is_some_and(|due| due <= now) {
            over.push((id, slug));
        }
    }
    Ok(over)
}

/// When who proposed to a programme is forgotten, if that is kept for so many days after its last one.
pub fn due_at(draft: &Draft, release: Option<&Release>, days: i64) -> Option<DateTime<Utc>> {
    retention::due_after(draft.programme.timezone, last_day(draft, release), days)
}

/// The last day of a programme to those who propose: that of the draft. Whoever shortens the draft takes nothing from
/// those who come to what is published.
pub fn last_day(draft: &Draft, release: Option<&Release>) -> NaiveDate {
    release.map_or(draft.last_day(), |release| release.last_day().max(draft.last_day()))
}

/// Erases who proposed to these programmes (id and slug), the files, and the mails: not only those that were published
/// have some. The caller commits.
pub async fn erase_programmes(
    db: &mut Conn,
    programmes: &[(Uuid, String)],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    for (programme, slug) in programmes {
        let unconfirmed = forget::unconfirmed_in(db, *programme).await?;
        call::erase(db, &unconfirmed, now).await?;
        forget::proposers(db, *programme).await?;
        forget::files_of(db, *programme).await?;
        joining::forget_programme(db, *programme).await?;
        outbox::erase_of(db, slug, now).await?;
    }
    Ok(())
}

/// Erases the person of that address from everything that they have proposed or asked to join, and the mails about it;
/// with a line in the log where somebody of the team does it. Their other mails, about what they come to, stay.
///
/// # Errors
/// Where nothing was erased.
pub async fn erase_person(house: &House, email: &str, note: Option<&Entry>) -> Result<()> {
    let now = house.clock.now();
    let mut db = house.pool.acquire().await?;
    let has_proposed = !forget::of_address(&mut db, email).await?.is_empty();
    let has_asked = joining::has_asked(&mut db, email).await?;
    drop(db);
    if !has_proposed && !has_asked && note.is_none() {
        return Ok(());
    }
    let mut tx = house.pool.begin().await?;
    let unconfirmed = forget::unconfirmed_of(&mut tx, email).await?;
    let (programmes, unconfirmed): (BTreeSet<Uuid>, Vec<Uuid>) = unconfirmed.into_iter().unzip();
    call::erase(&mut tx, &unconfirmed, now).await?;
    forget::address(&mut tx, email).await?;
    outbox::erase_kind(&mut tx, email, Kind::Proposal, now).await?;
    if joining::forget(&mut tx, email).await? {
        // Their links open nothing any more.
        outbox::erase_kind(&mut tx, email, Kind::Joining, now).await?;
    }
    if let Some(note) = note {
        audit::record(&mut tx, note).await?;
    }
    tx.commit().await?;
    // The same mailbox has other spellings.
    call::ask_next(house, &programmes, now).await
}

/// One of the proposals of this address in that programme, where it has any.
pub async fn with_address(db: &mut Conn, programme: Uuid, email: &str) -> sqlx::Result<Option<Uuid>> {
    let all = forget::of_address(db, email).await?;
    Ok(all.into_iter().find(|(_, of)| *of == programme).map(|(id, _)| id))
}
