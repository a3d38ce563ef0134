//! What a batch reads before anything is decided: the seat rows under their locks, and all that it can touch.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    super::{
        Cause, Order, Request, State,
        contact::Code,
        decide::{self, Registration, Rulebook, Snapshot, limits},
        facts::Facts,
        store::{
            self, SeatRow,
            newcomers::{self, Newcomer},
            turns,
        },
    },
    House,
};
use crate::{db::Conn, error::Result, mail::outbox};

/// Registrations of one session that are past their deadline and are looked at in one batch.
const DUE_MAX: i64 = 200;

/// Locks what the batch touches, and reads it; with the newest releases of its programmes.
pub(super) async fn read(
    db: &mut Conn,
    house: &House,
    requests: &[Request],
    now: DateTime<Utc>,
) -> Result<(Snapshot, Facts)> {
    let Asked { orders, leaving, coming, set, due, mut sessions } = Asked::of(requests);
    // Which rows a person's seats are in is read before they are locked, and again after.
    let before_the_lock = store::registrations_of(db, &leaving).await?;
    sessions.extend(before_the_lock.iter().filter(|one| one.state.is_live()).map(|one| one.session));

    let mut snapshot =
        Snapshot { seats: store::lock_seats(db, sessions.iter().copied()).await?, ..Snapshot::default() };
    let programmes = snapshot.seats.values().map(|seat| seat.settings.programme).collect();
    let facts = Facts::of(db, house, &programmes).await?;
    snapshot.rules = facts.iter().map(|(programme, release)| (programme, Rulebook::of(release))).collect();
    let keys: Vec<_> = orders.iter().map(|order| (order.programme, order.key.as_str())).collect();
    snapshot.orders = store::known_orders(db, &keys).await?;
    read_people(db, house, &mut snapshot, &orders, &set, now).await?;
    hold_bound(db, &snapshot, requests).await?;
    let named: Vec<Uuid> = leaving.iter().chain(&coming).copied().collect();
    let named = store::participants(db, &named).await?;
    snapshot.people = named.into_iter().map(|person| (person.id, person)).collect();
    read_registrations(db, &mut snapshot).await?;
    read_elsewhere(db, &mut snapshot, requests).await?;
    for session in due {
        read_due(db, &mut snapshot, session, now).await?;
    }
    read_queues(db, &mut snapshot, requests, &leaving).await?;
    Ok((snapshot, facts))
}

/// What the requests of a batch name.
#[derive(Default)]
struct Asked<'r> {
    orders: Vec<&'r Order>,
    /// People who give something back, maybe all that they have.
    leaving: Vec<Uuid>,
    /// People who take what is held for them.
    coming: Vec<Uuid>,
    /// Sessions that get other settings.
    set: Vec<Uuid>,
    /// Sessions in which something has its time.
    due: Vec<Uuid>,
    /// Sessions whose seat rows are known to be needed.
    sessions: BTreeSet<Uuid>,
}

impl<'r> Asked<'r> {
    fn of(requests: &'r [Request]) -> Asked<'r> {
        let mut asked = Asked::default();
        for request in requests {
            match request {
                Request::Register(order) => {
                    asked.orders.push(order);
                    asked.sessions.extend(&order.sessions);
                }
                Request::Cancel(cancellation) => asked.leaving.push(cancellation.participant),
                Request::Set(settings) => asked.set.push(settings.session),
                Request::Accept(acceptance) => {
                    asked.coming.push(acceptance.participant);
                    asked.sessions.insert(acceptance.session);
                }
                Request::Confirm(confirmation) => {
                    asked.coming.push(confirmation.participant);
                    asked.sessions.extend(&confirmation.sessions);
                }
                Request::Transfer(transfer) => {
                    asked.leaving.push(transfer.participant);
                    asked.sessions.extend([transfer.from, transfer.to]);
                }
                Request::Promote(promotion) => {
                    asked.coming.push(promotion.participant);
                    asked.sessions.insert(promotion.session);
                }
                Request::Due(session) => asked.due.push(*session),
            }
        }
        asked.sessions.extend(asked.set.iter().chain(&asked.due));
        for people in [&mut asked.leaving, &mut asked.coming] {
            people.sort();
            people.dedup();
        }
        asked
    }
}

/// Makes participants only for orders that will be taken: a refused form leaves no address behind.
async fn read_people(
    db: &mut Conn,
    house: &House,
    snapshot: &mut Snapshot,
    orders: &[&Order],
    set: &[Uuid],
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
        newcomers.entry(order.contact.key()).or_insert_with(|| Newcomer {
            id: house.tokens.id(now),
            contact: &order.contact,
            code: Code::fresh(&house.tokens),
            name: order.name.as_str(),
            lang: order.lang,
        });
    }
    snapshot.participants = newcomers::upsert(db, &newcomers, now).await?;
    Ok(())
}

/// What the people of a batch have in the sessions that are locked.
async fn read_registrations(db: &mut Conn, snapshot: &mut Snapshot) -> Result<()> {
    let named = snapshot.people.keys().copied();
    let people: BTreeSet<Uuid> =
        snapshot.participants.values().map(|person| person.id).chain(named).collect();
    let people: Vec<_> = people.into_iter().collect();
    let mut theirs = store::registrations_of(db, &people).await?;
    theirs.retain(|one| snapshot.seats.contains_key(&one.session));
    for registration in theirs {
        let key = (registration.session, registration.participant);
        if !registration.state.is_live() {
            let past = snapshot.past.entry(key).or_default();
            *past = (*past).max(registration.bumps);
            continue;
        }
        snapshot.live.insert(key, registration);
    }
    let waits = |one: &&Registration| one.state == State::Waiting && one.pending.is_none();
    let waiting: Vec<Uuid> = snapshot.live.values().filter(waits).map(|one| one.id).collect();
    snapshot.positions = store::positions(db, &waiting).await?;
    Ok(())
}

/// Reads whose deadline in this session has passed, and whether they can have known of it.
async fn read_due(db: &mut Conn, snapshot: &mut Snapshot, session: Uuid, now: DateTime<Utc>) -> Result<()> {
    let due = turns::due(db, session, now, DUE_MAX).await?;
    let mails: Vec<_> = due.iter().filter_map(|(_, mail)| *mail).collect();
    let journeys = outbox::journeys(db, &mails).await?;
    let mut late = Vec::with_capacity(due.len());
    for (waiting, mail) in due {
        let registration = &waiting.registration;
        snapshot.live.insert((session, registration.participant), registration.clone());
        let journey = mail.and_then(|mail| journeys.get(&mail));
        snapshot.journeys.extend(journey.map(|journey| (registration.id, *journey)));
        late.push(waiting);
    }
    snapshot.due.insert(session, late);
    Ok(())
}

/// Programme, cause and person of a request that gives somebody more than they had.
fn more(snapshot: &Snapshot, request: &Request) -> Option<(Uuid, Cause, Uuid)> {
    let of = |session: &Uuid| snapshot.seats.get(session).map(|seat| seat.settings.programme);
    match request {
        Request::Register(order) => {
            let person = snapshot.participants.get(order.contact.key())?;
            Some((order.programme, order.cause, person.id))
        }
        Request::Accept(acceptance) => {
            Some((of(&acceptance.session)?, Cause::Person, acceptance.participant))
        }
        Request::Confirm(confirmation) => {
            let programme = confirmation.sessions.iter().find_map(of)?;
            Some((programme, Cause::Person, confirmation.participant))
        }
        // Organisers are bound by no limit.
        Request::Transfer(_) | Request::Promote(_) => None,
        Request::Cancel(_) | Request::Set(_) | Request::Due(_) => None,
    }
}

/// The programmes and people of [`more`] whom a rule limits.
fn bound<'b>(snapshot: &'b Snapshot, requests: &'b [Request]) -> impl Iterator<Item = (Uuid, Uuid)> + 'b {
    requests.iter().filter_map(|request| {
        let (programme, cause, person) = more(snapshot, request)?;
        limits::binds(&snapshot.rules, programme, cause).then_some((programme, person))
    })
}

/// Locks whom a rule limits, so that no other process gives them anything meanwhile. Who sent an order is locked since
/// [`read_people`].
async fn hold_bound(db: &mut Conn, snapshot: &Snapshot, requests: &[Request]) -> Result<()> {
    let held: BTreeSet<Uuid> = snapshot.participants.values().map(|person| person.id).collect();
    let people: BTreeSet<Uuid> = bound(snapshot, requests).map(|(_, person)| person).collect();
    let people: Vec<Uuid> = people.difference(&held).copied().collect();
    Ok(store::erase::lock_people(db, &people).await?)
}

/// Reads what people have besides, where a rule of their programme asks. They are locked.
async fn read_elsewhere(db: &mut Conn, snapshot: &mut Snapshot, requests: &[Request]) -> Result<()> {
    let (programmes, people): (BTreeSet<_>, BTreeSet<_>) = bound(snapshot, requests).unzip();
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
                Request::Due(due) if *due == session => {
                    let late = snapshot.due.get(&session).into_iter().flatten();
                    freed += late.map(|late| late.registration.people + 1).sum::<i64>();
                }
                Request::Set(_)
                | Request::Register(_)
                | Request::Cancel(_)
                | Request::Accept(_)
                | Request::Confirm(_)
                | Request::Transfer(_)
                | Request::Promote(_)
                | Request::Due(_) => {}
            }
        }
        let goes = |live: &&Registration| live.session == session && leaving.contains(&live.participant);
        freed += snapshot.live.values().filter(goes).map(|live| live.people + 1).sum::<i64>();
        // `None` (no limit) is the most.
        let most =
            |values: Vec<Option<i64>>| values.into_iter().try_fold(0, |most, value| Some(most.max(value?)));
        let free = most(states.iter().map(SeatRow::free).collect());
        // A session may have more seats than there are people.
        let all = free.map(|free| free.saturating_add(freed));
        let rows = all.map_or(i64::MAX, |all| if all > 0 { all.saturating_add(1) } else { 0 });
        Reach { rows, largest: most(states.iter().map(SeatRow::largest).collect()) }
    }
}
