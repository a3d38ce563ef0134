//! What has its time: each room's function, one after the other, each second, in every process.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::{
    error::Result,
    news,
    programme::import::store,
    proposals, publication,
    registration::{self, desk::House, reminders, thanks},
};

/// How often it is looked at what is due.
const LOOK: Duration = Duration::from_secs(1);

/// Does everything that is due now. Each step may run in several processes at once.
///
/// # Errors
/// The first room's that failed; the rooms after it have had their turn all the same.
pub async fn run_due(house: &House) -> Result<()> {
    let now = house.clock.now();
    let published = publication::planned::run_due(house, now).await;
    let told = news::tell::tell_due(house, now).await.map(|_| ());
    let passed_on = registration::offers::run_due(house, now).await.map(|_| ());
    let reminded = reminders::remind_due(house, now).await.map(|_| ());
    let thanked = thanks::thank_due(house, now).await.map(|_| ());
    let found = registration::search::write_missing(house).await;
    let proposed = proposals::notices::tell_due(house, now).await;
    let unconfirmed = proposals::call::erase_due(house, now).await;
    let erased = erase_files(house, now).await;
    [published, told, passed_on, reminded, thanked, found, proposed, unconfirmed, erased]
        .into_iter()
        .collect()
}

/// Erases files that were sent to the office and not taken within their hour.
async fn erase_files(house: &House, now: DateTime<Utc>) -> Result<()> {
    let mut db = house.pool.acquire().await?;
    if !store::any_due(&mut db, now).await? {
        return Ok(());
    }
    drop(db);
    let mut tx = house.pool.begin().await?;
    store::erase_due(&mut tx, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Does what is due until the pool closes.
pub async fn run(house: House) {
    let closing = house.pool.closing().clone();
    let mut healthy = true;
    while !closing.is_cancelled() {
        match run_due(&house).await {
            Ok(()) => healthy = true,
            Err(cause) => {
                if healthy {
                    log::error!("what is due could not be done: {cause}");
                }
                healthy = false;
            }
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = closing.cancelled() => {}
        }
    }
}
