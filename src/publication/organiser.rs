//! What organisers ask of the desk, with its line in the log: all in one transaction. Where the desk changes what is
//! live (seats that were held back are given, a session gets one more), the draft says the same from then on, so that
//! the next release does not take it back.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::{
    audit::{self, Entry},
    db::Conn,
    error::{Error, Result, is_crossing},
    programme::{self, Capacity, Draft},
    registration::{
        Answer, Request, Seats, Settings,
        desk::{self, House},
        seats::Seat,
        store as seat_store,
    },
};

/// How often something that crossed another process's batch is tried again.
const CROSSINGS_MAX: usize = 4;

/// Asks the desk, and writes what the answer means into the log: `entries` gives the lines, none where nothing was
/// changed.
///
/// # Errors
/// Where nothing was written.
pub async fn ask(
    house: &House,
    slug: &str,
    request: Request,
    entries: &(dyn Fn(&[Answer]) -> Vec<Entry> + Sync),
) -> Result<Answer> {
    let mut crossings = 0;
    loop {
        match once(house, slug, &request, entries).await {
            Err(cause) if is_crossing(&cause) && crossings < CROSSINGS_MAX => crossings += 1,
            done => return done,
        }
    }
}

async fn once(
    house: &House,
    slug: &str,
    request: &Request,
    entries: &(dyn Fn(&[Answer]) -> Vec<Entry> + Sync),
) -> Result<Answer> {
    let mut tx = house.pool.begin().await?;
    let (answer, seats) = in_transaction(&mut tx, house, slug, request).await?;
    audit::record_all(&mut tx, &entries(std::slice::from_ref(&answer))).await?;
    tx.commit().await?;
    house.board.put(seats);
    house.mail.notify_one();
    Ok(answer)
}

/// The work between begin and commit.
async fn in_transaction(
    db: &mut Conn,
    house: &House,
    slug: &str,
    request: &Request,
) -> Result<(Answer, Vec<Seat>)> {
    let now = house.clock.now();
    let live = live_in(request);
    if live.is_empty() {
        return one(desk::in_transaction(db, house, std::slice::from_ref(request), now).await?);
    }
    let id = programme::store::lock(db, slug).await?.ok_or(Error::NotFound)?;
    let (_, mut draft) = programme::store::load(db, slug).await?.ok_or(Error::NotFound)?;
    let before = seat_store::lock_seats(db, live.iter().copied()).await?;
    let answered = desk::in_transaction(db, house, std::slice::from_ref(request), now).await?;
    let after = seat_store::lock_seats(db, live).await?;
    for (session, was) in &before {
        let Some(is) = after.get(session) else { continue };
        if let Some(at) = follow(&mut draft, &was.settings, &is.settings) {
            programme::store::save_session(db, id, &draft.sessions[at], now).await?;
        }
    }
    one(answered)
}

fn one((answers, seats): (Vec<Answer>, Vec<Seat>)) -> Result<(Answer, Vec<Seat>)> {
    let answer = answers.into_iter().next();
    let answer = answer.ok_or_else(|| Error::Internal("no answer from the desk".to_owned()))?;
    Ok((answer, seats))
}

/// The sessions whose live settings the answer may change.
fn live_in(request: &Request) -> BTreeSet<Uuid> {
    match request {
        Request::Register(order) if order.held.is_some() => order.sessions.iter().copied().collect(),
        Request::Promote(promotion) if promotion.seats == Seats::More => BTreeSet::from([promotion.session]),
        Request::Register(_)
        | Request::Promote(_)
        | Request::Cancel(_)
        | Request::Set(_)
        | Request::Accept(_)
        | Request::Confirm(_)
        | Request::Transfer(_)
        | Request::Due(_) => BTreeSet::new(),
    }
}

/// Carries into the draft what the desk changed, and nothing else: what its organisers say beside that, stays. Gives
/// where it stands.
fn follow(draft: &mut Draft, was: &Settings, is: &Settings) -> Option<usize> {
    let at = draft.sessions.iter().position(|known| known.session.id == was.session)?;
    if (was.capacity, &was.held) == (is.capacity, &is.held) {
        return None;
    }
    let live = &mut draft.sessions[at].live;
    if was.capacity != is.capacity {
        live.capacity = is.capacity.map_or(Capacity::Unlimited, Capacity::Seats);
    }
    for (group, held) in &mut live.held {
        let given = was.held.get(group).unwrap_or(&0) - is.held.get(group).unwrap_or(&0);
        *held = (*held - given).max(0);
    }
    Some(at)
}
