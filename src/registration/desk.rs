//! The one place that gives out seats (DESIGN.md section 2.3): a queue in front of one writer, which takes
//! whatever waits, decides it all in one transaction, commits once, and answers.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::{
    sync::{Notify, mpsc, oneshot},
    time::Instant,
};
use uuid::Uuid;

use super::{
    Answer, Order, Request,
    decide::{self, Registration, Snapshot, Writes},
    reminders,
    seats::{Seat, SeatBoard},
    store::{self, Newcomer, SeatRow, write},
};
use crate::{
    clock::Clock,
    db::{Conn, Pool},
    error::{Error, Result, is_crossing},
    mail::outbox,
    release::published::Publications,
    tokens::{LinkKey, Tokens},
};

/// Requests that may wait; the next is told to come back.
const WAITING_MAX: usize = 2_048;
/// Requests of one transaction.
const BATCH_MAX: usize = 256;
/// How long a request may wait before it enters a batch.
const DEADLINE: Duration = Duration::from_secs(15);
/// How long one batch may take: longer than SQLite waits for another writer, shorter than people wait.
const WORK: Duration = Duration::from_secs(8);
/// How often a batch that crossed another process's is tried again.
const CROSSINGS_MAX: usize = 4;

/// What the desk works with. Cheap to clone.
#[derive(Clone)]
pub struct House {
    /// The database.
    pub pool: Pool,
    /// The time.
    pub clock: Clock,
    /// Ids.
    pub tokens: Tokens,
    /// Seals the links in mails.
    pub key: LinkKey,
    /// What sessions are called, for mails.
    pub publications: Publications,
    /// Is told what has changed.
    pub board: SeatBoard,
    /// Wakes the mail worker after a commit.
    pub mail: Arc<Notify>,
    /// How long changes are gathered before people are told: [`House::with_settle`].
    pub settle: TimeDelta,
}

/// The entrance. Cheap to clone.
#[derive(Clone)]
pub struct Desk {
    entrance: mpsc::Sender<Job>,
    pool: Pool,
}

struct Job {
    request: Request,
    deadline: Instant,
    answer: oneshot::Sender<Result<Answer>>,
}

impl Desk {
    /// Opens the desk: its task runs until the pool closes, and then answers what waits.
    pub fn open(house: House) -> Desk {
        let (entrance, jobs) = mpsc::channel(WAITING_MAX);
        let pool = house.pool.clone();
        house.pool.tasks().clone().spawn(serve(house, jobs));
        Desk { entrance, pool }
    }

    /// Waits for the answer, which comes after the commit. A request whose asker went away is still decided.
    ///
    /// # Errors
    /// [`Error::Busy`] where the queue is full, the deadline has passed, or shutdown has begun: nothing was
    /// written, and the same request can be sent again.
    pub async fn ask(&self, request: Request) -> Result<Answer> {
        if self.pool.closing().is_cancelled() {
            return Err(Error::Busy("shutting down"));
        }
        let (answer, answered) = oneshot::channel();
        let job = Job { request, deadline: Instant::now() + DEADLINE, answer };
        self.entrance.try_send(job).map_err(|_| Error::Busy("the desk's queue is full"))?;
        answered.await.unwrap_or(Err(Error::Busy("the desk is closed")))
    }

    /// False where the desk's task has ended: `/readyz`.
    pub fn is_open(&self) -> bool {
        !self.entrance.is_closed()
    }

    /// Requests that wait now: `/metrics`.
    pub fn waiting(&self) -> usize {
        WAITING_MAX - self.entrance.capacity()
    }
}

async fn serve(house: House, mut jobs: mpsc::Receiver<Job>) {
    let closing = house.pool.closing().clone();
    let mut batch = Vec::with_capacity(BATCH_MAX);
    loop {
        tokio::select! {
            biased;
            () = closing.cancelled(), if !jobs.is_closed() => jobs.close(),
            taken = jobs.recv_many(&mut batch, BATCH_MAX) => {
                if taken == 0 {
                    return;
                }
                answer(&house, std::mem::take(&mut batch)).await;
            }
        }
    }
}

async fn answer(house: &House, jobs: Vec<Job>) {
    let (jobs, late): (Vec<_>, Vec<_>) = jobs.into_iter().partition(|job| job.deadline > Instant::now());
    for job in late {
        // Whoever went away hears nothing; that is no failure.
        let _ = job.answer.send(Err(Error::Busy("waited too long")));
    }
    let requests: Vec<_> = jobs.iter().map(|job| job.request.clone()).collect();
    let answers = match work_apart(house, requests.clone()).await {
        Ok(answers) => answers.into_iter().map(Ok).collect(),
        Err(cause) if cause.is_passing() => {
            log::warn!("desk: a batch of {} could not be written: {cause}", requests.len());
            requests.iter().map(|_| Err(Error::Busy("the database does not take writes"))).collect()
        }
        Err(cause) => {
            log::error!("desk: a batch of {} failed and is tried one by one: {cause}", requests.len());
            one_by_one(house, requests).await
        }
    };
    for (job, answer) in jobs.into_iter().zip(answers) {
        let _ = job.answer.send(answer);
    }
}

async fn one_by_one(house: &House, requests: Vec<Request>) -> Vec<Result<Answer>> {
    let mut answers = Vec::with_capacity(requests.len());
    for request in requests {
        let answer = work_apart(house, vec![request]).await;
        answers.push(
            answer.and_then(|mut one| one.pop().ok_or_else(|| Error::Internal("no answer".to_owned()))),
        );
    }
    answers
}

/// In a task of its own, so that a panic ends the batch and not the desk; and not for ever, where a server
/// says nothing any more. If that was in mid-commit, nobody knows what is true: people are told to send the form
/// again, and its key makes it the same order.
async fn work_apart(house: &House, requests: Vec<Request>) -> Result<Vec<Answer>> {
    let own = house.clone();
    let mut task = tokio::spawn(async move { work(&own, &requests).await });
    let Ok(done) = tokio::time::timeout(WORK, &mut task).await else {
        task.abort();
        return Err(Error::Busy("the database does not answer"));
    };
    done.unwrap_or_else(|panic| Err(Error::Internal(format!("the desk panicked: {panic}"))))
}

/// One batch in one transaction. What it answers is true: the commit has been made.
///
/// # Errors
/// Where nothing was written. A batch that crossed another process's has been tried again.
pub async fn work(house: &House, requests: &[Request]) -> Result<Vec<Answer>> {
    let mut crossings = 0;
    loop {
        match once(house, requests).await {
            Err(cause) if is_crossing(&cause) && crossings < CROSSINGS_MAX => crossings += 1,
            done => return done,
        }
    }
}

async fn once(house: &House, requests: &[Request]) -> Result<Vec<Answer>> {
    let now = house.clock.now();
    let mut tx = house.pool.begin().await?;
    let (answers, seats) = in_transaction(&mut tx, house, requests, now).await?;
    tx.commit().await?;
    house.board.put(seats);
    house.mail.notify_one();
    Ok(answers)
}

/// The work between begin and commit, for a caller that writes something else in the same transaction.
/// Gives the answers, and the seat rows for the board once it is committed.
pub async fn in_transaction(
    db: &mut Conn,
    house: &House,
    requests: &[Request],
    now: DateTime<Utc>,
) -> Result<(Vec<Answer>, Vec<Seat>)> {
    let mut snapshot = read(db, house, requests, now).await?;
    let before = snapshot.seats.clone();
    let mut new_id = || house.tokens.id(now);
    let (answers, writes) = decide::decide(&mut snapshot, requests, now, &mut new_id);
    for (session, seat) in &mut snapshot.seats {
        if before[session] != *seat {
            // Never back, whatever the clocks of several machines say.
            seat.touched = seat.touched.max(now);
        }
    }
    store_all(db, house, &before, &snapshot.seats, &writes, now).await?;
    Ok((answers, snapshot.seats.values().map(SeatRow::board).collect()))
}

async fn read(db: &mut Conn, house: &House, requests: &[Request], now: DateTime<Utc>) -> Result<Snapshot> {
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
    let keys: Vec<_> = orders.iter().map(|order| (order.programme, order.key.as_str())).collect();
    snapshot.orders = store::known_orders(db, &keys).await?;
    read_people(db, house, &mut snapshot, &orders, &set, &leaving, now).await?;
    let locked: Vec<_> = snapshot.seats.keys().copied().collect();
    read_registrations(db, &mut snapshot, &locked, &leaving).await?;
    read_queues(db, &mut snapshot, requests, &leaving).await?;
    Ok(snapshot)
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
            && (may_open(order) || decide::refusals(&snapshot.seats, order, now).is_empty())
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

async fn store_all(
    db: &mut Conn,
    house: &House,
    before: &BTreeMap<Uuid, SeatRow>,
    after: &BTreeMap<Uuid, SeatRow>,
    writes: &Writes,
    now: DateTime<Utc>,
) -> Result<()> {
    for settings in &writes.settings {
        let touched = after.get(&settings.session).map_or(now, |seat| seat.touched);
        write::update_settings(db, settings, touched).await?;
    }
    write::insert_orders(db, &writes.orders, now).await?;
    write::update_registrations(db, &writes.updated, now).await?;
    if !write::insert_registrations(db, &writes.inserted, now).await? {
        return Err(Error::Internal("somebody was registered twice for a session".to_owned()));
    }
    let moved: Vec<_> = after
        .iter()
        .map(|(session, seat)| (&before[session], seat))
        .filter(|(was, is)| (was.taken, was.waiting, was.arrivals) != (is.taken, is.waiting, is.arrivals))
        .collect();
    if !write::move_seats(db, &moved).await? {
        return Err(Error::Internal("the database's guard refused to oversell a session".to_owned()));
    }
    let changes: Vec<_> = writes.changes.iter().map(|change| (house.tokens.id(now), change)).collect();
    write::insert_changes(db, &changes, now).await?;
    write::mark_told(db, &writes.told, now).await?;
    reminders::take_back(db, writes.updated.values(), now).await?;
    let letters = super::letters::write(db, house, &writes.notices, after).await?;
    outbox::queue(db, &letters, now).await?;
    Ok(())
}
