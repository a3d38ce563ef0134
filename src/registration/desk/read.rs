//! What a batch reads before anything is decided: the seat rows under their locks, and all that it can touch.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    super::{
        Order, Request,
        decide::{self, Registration, Rulebook, Snapshot, limits},
        facts::Facts,
        store::{self, Newcomer, SeatRow},
    },
    House,
};
use crate::{db::Conn, error::Result};

/// Locks what the batch touches, and reads it; with the newest releases of its programmes.
pub(super) async fn read(
    db: &mut Conn,
    house: &House,
    requests: &[Request],
    now: DateTime<Utc>,
) -> Result<(Snapshot, Facts)> {
    let orders: Vec<&Order> = requests
        .iter()
        .filter_map(|request| match request {
            Request::Register(order) => Some(order),
            Request::Cancel(_) | Request::Set(_) => None,
        })
        .collect();
    let leaving: BTreeSet<Uuid> = requests
        .iter()
        .filter_map(|request| match request {
            Request::Cancel(cancellation) => Some(cancellation.participant),
            Request::Register(_) | Request::Set(_) => None,
        })
        .collect();
    let leaving: Vec<Uuid> = leaving.into_iter().collect();

    let mut sessions: BTreeSet<Uuid> =
        orders.iter().flat_map(|order| order.sessions.iter().copied()).collect();
    let set: Vec<Uuid> = requests
        .iter()
        .filter_map(|request| match request {
            Request::Set(settings) => Some(settings.session),
            Request::Register(_) | Request::Cancel(_) => None,
        })
        .collect();
    sessions.extend(&set);
    // Which rows a person's seats are in is read before they are locked, and again after.
    let before_the_lock = store::registrations_of(db, &leaving, None).await?;
    sessions.extend(before_the_lock.iter().filter(|one| one.state.is_live()).map(|one| one.session));

    let mut snapshot =
        Snapshot { seats: store::lock_seats(db, sessions.iter().copied()).await?, ..Snapshot::default() };
    let programmes = snapshot.seats.values().map(|seat| seat.settings.programme).collect();
    let facts = Facts::of(db, house, &programmes).await?;
    snapshot.rules = facts.iter().map(|(programme, release)| (programme, Rulebook::of(release))).collect();
    let keys: Vec<_> = orders.iter().map(|order| (order.programme, order.key.as_str())).collect();
    snapshot.orders = store::known_orders(db, &keys).await?;
    read_people(db, house, &mut snapshot, &orders, &set, &leaving, now).await?;
    let locked: Vec<_> = snapshot.seats.keys().copied().collect();
    read_registrations(db, &mut snapshot, &locked, &leaving).await?;
    read_elsewhere(db, &mut snapshot, &orders).await?;
    read_queues(db, &mut snapshot, requests, &leaving).await?;
    Ok((snapshot, facts))
}

/// Makes participants only for orders that will be taken: a refused form leaves no address behind.
async fn read_people(
    db: &mut Conn,
    house: &House,
    snapshot: &mut Snapshot,
    orders: &[&Order],
    set: &[Uuid],
    leaving: &[Uuid],
    now: DateTime<Utc>,
) -> Result<()> {
    // What another request of the batch sets in force may open what is closed now.
    let may_open = |order: &Order| order.sessions.iter().any(|session| set.contains(session));
    let taken = orders.iter().filter(|order| {
        !snapshot.orders.contains_key(&(order.programme, order.key.clone()))
            && (may_open(order) || decide::refused(snapshot, order, now).is_empty())
    });
    let mut newcomers: BTreeMap<&str, Newcomer<'_>> = BTreeMap::new();
    for order in taken {
        newcomers.entry(order.email.as_str()).or_insert_with(|| Newcomer {
            id: house.tokens.id(now),
            email: order.email.as_str(),
            name: order.name.as_str(),
            lang: order.lang,
        });
    }
    snapshot.participants = store::upsert_participants(db, &newcomers, now).await?;
    for id in leaving {
        snapshot.people.extend(store::participant(db, *id).await?.map(|person| (*id, person)));
    }
    Ok(())
}

async fn read_registrations(
    db: &mut Conn,
    snapshot: &mut Snapshot,
    locked: &[Uuid],
    leaving: &[Uuid],
) -> Result<()> {
    let people: BTreeSet<Uuid> =
        snapshot.participants.values().map(|person| person.id).chain(leaving.iter().copied()).collect();
    let people: Vec<_> = people.into_iter().collect();
    for registration in store::registrations_of(db, &people, Some(locked)).await? {
        let key = (registration.session, registration.participant);
        if !registration.state.is_live() {
            let past = snapshot.past.entry(key).or_default();
            *past = (*past).max(registration.bumps);
            continue;
        }
        if !registration.state.holds_seats() {
            let position = store::position(db, registration.session, registration.arrival).await?;
            snapshot.positions.insert(registration.id, position);
        }
        snapshot.live.insert(key, registration);
    }
    Ok(())
}

/// Reads what people have besides, where a rule of their programme asks. Their own rows are locked since
/// [`read_people`], so that no other process gives them anything meanwhile.
async fn read_elsewhere(db: &mut Conn, snapshot: &mut Snapshot, orders: &[&Order]) -> Result<()> {
    let bound = orders.iter().filter(|order| limits::binds(&snapshot.rules, order));
    let (mut programmes, mut people) = (BTreeSet::new(), BTreeSet::new());
    for order in bound {
        if let Some(person) = snapshot.participants.get(order.email.as_str()) {
            programmes.insert(order.programme);
            people.insert(person.id);
        }
    }
    for (programme, person, commitment) in store::limits::commitments(db, &programmes, &people).await? {
        if !snapshot.seats.contains_key(&commitment.session) {
            snapshot.elsewhere.entry((programme, person)).or_default().push(commitment);
        }
    }
    Ok(())
}

/// Reads as much of each queue as this batch can serve: what is free, and what it may free.
async fn read_queues(
    db: &mut Conn,
    snapshot: &mut Snapshot,
    requests: &[Request],
    leaving: &[Uuid],
) -> Result<()> {
    let seats: Vec<SeatRow> = snapshot.seats.values().cloned().collect();
    for seat in seats {
        let session = seat.settings.session;
        let reach = Reach::of(&seat, snapshot, requests, leaving);
        let queue = match reach.rows {
            rows if rows > 0 && seat.waiting > 0 => store::queue(db, session, reach.largest, rows).await?,
            // Newcomers of this batch line up here.
            _ => VecDeque::new(),
        };
        snapshot.queues.insert(session, queue);
    }
    Ok(())
}

/// How far into a queue a batch can reach.
struct Reach {
    /// Rows of the queue.
    rows: i64,
    /// The largest group that can come, under any settings of the batch; `None`: any.
    largest: Option<i64>,
}

impl Reach {
    fn of(seat: &SeatRow, snapshot: &Snapshot, requests: &[Request], leaving: &[Uuid]) -> Reach {
        let session = seat.settings.session;
        let mut states = vec![seat.clone()];
        let mut freed = 0;
        for request in requests {
            match request {
                Request::Set(settings) if settings.session == session => {
                    states.push(SeatRow { settings: settings.clone(), ..seat.clone() });
                }
                // Somebody who comes and goes in one batch frees what they took; a turn that is left is one row.
                Request::Register(order) if !leaving.is_empty() && order.sessions.contains(&session) => {
                    freed += order.people + 1;
                }
                Request::Set(_) | Request::Register(_) | Request::Cancel(_) => {}
            }
        }
        let goes = |live: &&Registration| live.session == session && leaving.contains(&live.participant);
        freed += snapshot.live.values().filter(goes).map(|live| live.people + 1).sum::<i64>();
        // `None` (no limit) is the most.
        let most =
            |values: Vec<Option<i64>>| values.into_iter().try_fold(0, |most, value| Some(most.max(value?)));
        let free = most(states.iter().map(SeatRow::free).collect());
        let rows = free.map_or(i64::MAX, |free| if free + freed > 0 { free + freed + 1 } else { 0 });
        Reach { rows, largest: most(states.iter().map(SeatRow::largest).collect()) }
    }
}
