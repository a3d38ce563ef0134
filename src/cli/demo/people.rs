//! The demo's visitors: some sessions are full, with a queue; where free seats are offered, somebody has left.

use uuid::Uuid;

use crate::{
    error::Result,
    locale::Lang,
    programme::{Draft, DraftSession, QueueMode, Registration, Status},
    registration::{
        Cancellation, Cause, Order, Request,
        desk::{self, House},
        person::{Email, Name},
        store,
    },
};

/// How many people come for a few sessions each.
const VISITORS: usize = 240;
/// How many sessions are full.
const FULL: usize = 6;
/// How many wait behind each of those.
const QUEUE: i64 = 7;
/// How many leave a full session whose queue offers what is free.
const LEAVING: usize = 2;
/// Seats of the largest session that is filled.
const SMALL: i64 = 20;

/// Registers people through the desk, as the form does.
pub(super) async fn register(house: &House, programme: Uuid, draft: &Draft) -> Result<()> {
    let open: Vec<&DraftSession> = draft.sessions.iter().filter(|session| is_open(session)).collect();
    let mut orders = Vec::new();
    let small = open.iter().filter(|session| seats(draft, session).is_some_and(|seats| seats <= SMALL));
    let mut leaving = Vec::new();
    for session in small.take(FULL) {
        if session.live.queue == Some(QueueMode::Offer) {
            leaving.extend((0..LEAVING).map(|n| (email(orders.len() + n), session.session.id)));
        }
        let held: i64 = session.live.held.values().sum();
        for _ in 0..seats(draft, session).unwrap_or(0) - held + QUEUE {
            orders.push(order(house, programme, orders.len(), vec![session.session.id]));
        }
    }
    for visitor in 0..VISITORS {
        // Spread over the month, the same in each demo.
        let mut chosen: Vec<_> =
            (0..=visitor % 4).map(|n| open[(visitor * 7 + n * 31) % open.len()].session.id).collect();
        chosen.sort();
        chosen.dedup();
        orders.push(order(house, programme, orders.len(), chosen));
    }
    for batch in orders.chunks(200) {
        desk::work(house, batch).await?;
    }
    for (email, session) in leaving {
        leave(house, &email, session).await?;
    }
    Ok(())
}

/// What comes free is offered to the next, as yesterday: the first offers have just run out when the demo starts.
async fn leave(house: &House, email: &str, session: Uuid) -> Result<()> {
    let person = store::participant_by_email(&mut house.pool.acquire().await?, email).await?;
    let Some(person) = person else { return Ok(()) };
    let sessions = Some(vec![session]);
    let leaving = Cancellation { participant: person.id, sessions, cause: Cause::Person };
    desk::work(house, &[Request::Cancel(leaving)]).await.map(|_| ())
}

fn email(number: usize) -> String {
    format!("visite-{number}@example.org")
}

fn is_open(session: &DraftSession) -> bool {
    let live = &session.live;
    session.session.status == Status::Scheduled
        && session.session.start.is_some()
        && live.registration == Registration::Open
        && live.opens.is_none()
        && live.closes.is_none()
}

fn seats(draft: &Draft, session: &DraftSession) -> Option<i64> {
    session.live.capacity.under(&draft.programme.rules)
}

fn order(house: &House, programme: Uuid, number: usize, sessions: Vec<Uuid>) -> Request {
    Request::Register(Order {
        programme,
        key: house.tokens.fresh(),
        contact: Email::parse(&email(number)).expect("an address of ours").into(),
        name: Name::parse(&format!("Visite {number}")).expect("a name of ours"),
        people: if number % 11 == 5 { 2 } else { 1 },
        organisation: String::new(),
        access_needs: String::new(),
        lang: if number.is_multiple_of(9) { Lang::En } else { Lang::Fr },
        sessions,
        cause: Cause::Form,
        held: None,
    })
}
