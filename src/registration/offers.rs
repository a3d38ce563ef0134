//! What has its time without anybody asking: offers and held seats whose deadline has passed, and offers that quiet
//! hours kept back.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Request,
    decide::Rulebook,
    desk::{self, House},
    store::turns,
};
use crate::error::Result;

/// Sessions that are looked after in one turn; the others have the next, a second later.
const SESSIONS_MAX: i64 = 64;
/// Sessions of one transaction: between two, the desk has its turn.
const BATCH: usize = 8;

/// Lets go what was not taken or confirmed in time, and offers what is free where quiet hours are over. Says in how
/// many sessions. Several processes may do it at once: the second finds nothing left under the lock of the seat row.
///
/// # Errors
/// Where the database fails; what was not done then stays due.
pub async fn run_due(house: &House, now: DateTime<Utc>) -> Result<usize> {
    let mut db = house.pool.acquire().await?;
    let mut sessions: Vec<Uuid> = turns::sessions_due(&mut db, now, SESSIONS_MAX).await?;
    for (session, programme) in turns::sessions_to_serve(&mut db, now).await? {
        if sessions.len() >= SESSIONS_MAX.unsigned_abs() as usize {
            break;
        }
        if !is_quiet(house, programme, now) && !sessions.contains(&session) {
            sessions.push(session);
        }
    }
    drop(db);
    let mut failed = None;
    for some in sessions.chunks(BATCH) {
        if house.pool.closing().is_cancelled() {
            break;
        }
        let requests: Vec<_> = some.iter().map(|session| Request::Due(*session)).collect();
        match desk::work(house, &requests).await {
            Ok(_) => {}
            Err(cause) if cause.is_passing() => return Err(cause),
            // A release that cannot be read keeps its own sessions waiting, and nobody else's.
            Err(_) => failed = one_by_one(house, requests).await.err().or(failed),
        }
    }
    failed.map_or(Ok(sessions.len()), Err)
}

async fn one_by_one(house: &House, requests: Vec<Request>) -> Result<()> {
    let mut done = Ok(());
    for request in requests {
        done = done.and(desk::work(house, &[request]).await.map(|_| ()));
    }
    done
}

/// By the release in memory; the desk reads the one in force.
fn is_quiet(house: &House, programme: Uuid, now: DateTime<Utc>) -> bool {
    let published = house.publications.by_id(programme);
    published.is_some_and(|published| Rulebook::of(&published.release).is_quiet(now))
}
