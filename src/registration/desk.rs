//! The one place that gives out seats (DESIGN.md section 2.3): a queue in front of one writer, which takes
//! whatever waits, decides it all in one transaction, commits once, and answers.

pub mod foresee;
mod read;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::{
    sync::{Notify, OwnedSemaphorePermit, Semaphore, mpsc, oneshot},
    time::Instant,
};
use uuid::Uuid;

use super::{
    Answer, Request, attendance, calls,
    decide::{self, Writes},
    facts::Facts,
    reminders,
    seats::{Seat, SeatBoard},
    store::{SeatRow, turns, write},
};
use crate::{
    audit::{self, Entry},
    clock::Clock,
    db::{Ahead, Conn, Pool, Tx},
    error::{Error, Result, is_crossing},
    mail::{crowd::Crowd, outbox},
    release::published::Publications,
    tokens::{LinkKey, Tokens},
};

/// Requests that may wait; the next is told to come back.
pub const WAITING_MAX: usize = 2_048;
/// Requests of one transaction.
const BATCH_MAX: usize = 256;
/// How long a request may wait before it enters a batch.
const DEADLINE: Duration = Duration::from_secs(15);
/// How long one batch may take: longer than SQLite waits for another writer, shorter than people wait.
const WORK: Duration = Duration::from_secs(8);
/// So many in one batch are a crowd: more come than can be written at once.
const CROWD: usize = 8;
/// Batches that wait for the disk while the next is at work: a disk that takes its time must not gather all of them.
const AHEAD_MAX: usize = 8;
/// Between two batches of a crowd before the embedded database, which works on the processors that draw pages: for those who
/// read. Whoever comes meanwhile goes along in the next batch. `docs/PERFORMANCE.md` has what it gives and what it takes.
const REST: Duration = Duration::from_millis(1);
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
    /// Has it walk while people stand at the desk.
    pub crowd: Crowd,
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
    /// written. Where the database did not answer, nobody knows. The same request can be sent again in any case.
    pub async fn ask(&self, request: Request) -> Result<Answer> {
        self.ask_until(request, Instant::now() + DEADLINE).await
    }

    /// [`Desk::ask`] with another deadline: a request that has not entered a batch by then is not decided.
    ///
    /// # Errors
    /// As [`Desk::ask`].
    pub async fn ask_until(&self, request: Request, deadline: Instant) -> Result<Answer> {
        if self.pool.closing().is_cancelled() {
            return Err(Error::Busy("shutting down"));
        }
        let (answer, answered) = oneshot::channel();
        let job = Job { request, deadline, answer };
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
    let ahead = Arc::new(Semaphore::new(AHEAD_MAX));
    let mut batch = Vec::with_capacity(BATCH_MAX);
    let mut looks = house.board.looks();
    loop {
        tokio::select! {
            biased;
            () = closing.cancelled(), if !jobs.is_closed() => jobs.close(),
            taken = jobs.recv_many(&mut batch, BATCH_MAX) => {
                if taken == 0 {
                    return;
                }
                let place = Arc::clone(&ahead).acquire_owned().await.expect("nobody closes it");
                let turn = begin_in_time(&house).await;
                // Whoever came while we waited for our turn to write goes along: the disk is waited for once.
                while batch.len() < BATCH_MAX && let Ok(job) = jobs.try_recv() {
                    batch.push(job);
                }
                let is_crowd = batch.len() >= CROWD;
                if is_crowd {
                    house.crowd.stands();
                }
                answer(&house, std::mem::take(&mut batch), turn, place).await;
                let before = std::mem::replace(&mut looks, house.board.looks());
                if is_crowd && looks > before && house.pool.is_sqlite() {
                    tokio::time::sleep(REST).await;
                }
            }
        }
    }
}

async fn begin_in_time(house: &House) -> Result<Tx> {
    let begun = tokio::time::timeout(WORK, house.pool.begin_at_the_desk()).await;
    Ok(begun.map_err(|_| Error::Busy("the database does not answer"))??)
}

/// Returns once the batch is written: the next one is at work while the disk is waited for.
async fn answer(house: &House, jobs: Vec<Job>, turn: Result<Tx>, place: OwnedSemaphorePermit) {
    let (jobs, late): (Vec<_>, Vec<_>) = jobs.into_iter().partition(|job| job.deadline > Instant::now());
    for job in late {
        // Whoever went away hears nothing; that is no failure.
        let _ = job.answer.send(Err(Error::Busy("waited too long")));
    }
    let requests: Vec<_> = jobs.iter().map(|job| job.request.clone()).collect();
    let done = match turn {
        Ok(tx) => work_apart(house, requests.clone(), Some(tx)).await,
        Err(cause) => Err(cause),
    };
    match done {
        Ok(written) => {
            let own = house.clone();
            house.pool.tasks().spawn(async move {
                answer_when_kept(&own, jobs, written).await;
                drop(place);
            });
        }
        Err(cause) if cause.is_passing() => {
            log::warn!("desk: a batch of {} could not be written: {cause}", requests.len());
            refuse(jobs);
        }
        Err(cause) => {
            log::error!("desk: a batch of {} failed and is tried one by one: {cause}", requests.len());
            send(jobs, one_by_one(house, requests).await);
        }
    }
}

fn send(jobs: Vec<Job>, answers: Vec<Result<Answer>>) {
    for (job, answer) in jobs.into_iter().zip(answers) {
        let _ = job.answer.send(answer);
    }
}

fn refuse(jobs: Vec<Job>) {
    for job in jobs {
        let _ = job.answer.send(Err(Error::Busy("the database does not take writes")));
    }
}

async fn answer_when_kept(house: &House, jobs: Vec<Job>, written: Written) {
    match kept_in_time(house, written).await {
        Ok(answers) => send(jobs, answers.into_iter().map(Ok).collect()),
        Err(cause) => {
            log::warn!(
                "desk: a batch of {} was written, and nobody knows whether the disk has it: {cause}",
                jobs.len()
            );
            refuse(jobs);
        }
    }
}

async fn kept_in_time(house: &House, written: Written) -> Result<Vec<Answer>> {
    let kept = tokio::time::timeout(WORK, written.kept(house)).await;
    kept.map_err(|_| Error::Busy("the disk does not answer"))?
}

async fn one_by_one(house: &House, requests: Vec<Request>) -> Vec<Result<Answer>> {
    let mut answers = Vec::with_capacity(requests.len());
    for request in requests {
        let done = async { kept_in_time(house, work_apart(house, vec![request], None).await?).await };
        answers.push(
            done.await.and_then(|mut one| one.pop().ok_or_else(|| Error::Internal("no answer".to_owned()))),
        );
    }
    answers
}

/// In a task of its own, so that a panic ends the batch and not the desk; and not for ever, where a server
/// says nothing any more. If that was in mid-commit, nobody knows what is true: people are told to send the form
/// again, and its key makes it the same order.
async fn work_apart(house: &House, requests: Vec<Request>, begun: Option<Tx>) -> Result<Written> {
    let own = house.clone();
    let mut task = tokio::spawn(async move { work_in(&own, &requests, begun, &|_| Vec::new()).await });
    let Ok(done) = tokio::time::timeout(WORK, &mut task).await else {
        task.abort();
        return Err(Error::Busy("the database does not answer"));
    };
    done.unwrap_or_else(|panic| Err(Error::Internal(format!("the desk panicked: {panic}"))))
}

/// A batch that is committed. Its answers are true once the disk has it.
struct Written {
    answers: Vec<Answer>,
    seats: Vec<Seat>,
    ahead: Ahead,
}

impl Written {
    /// Waits for the disk; then pages may show it, too, and mails go out.
    async fn kept(self, house: &House) -> Result<Vec<Answer>> {
        self.ahead.wait().await?;
        house.board.put(self.seats);
        house.mail.notify_one();
        Ok(self.answers)
    }
}

/// One batch in one transaction. What it answers is true: the commit has been made, and the disk has it.
///
/// # Errors
/// Where nothing was written, or where the disk refuses: then nobody knows. A batch that crossed another process's has been
/// tried again.
pub async fn work(house: &House, requests: &[Request]) -> Result<Vec<Answer>> {
    work_in(house, requests, None, &|_| Vec::new()).await?.kept(house).await
}

/// [`work`] for somebody of the team: what `entries` makes of the answers goes into the log in the same transaction.
///
/// # Errors
/// As [`work`].
pub async fn work_recorded(
    house: &House,
    requests: &[Request],
    entries: &(dyn Fn(&[Answer]) -> Vec<Entry> + Sync),
) -> Result<Vec<Answer>> {
    work_in(house, requests, None, entries).await?.kept(house).await
}

/// The first attempt in the transaction that has been begun, if one has.
async fn work_in(
    house: &House,
    requests: &[Request],
    mut begun: Option<Tx>,
    entries: &(dyn Fn(&[Answer]) -> Vec<Entry> + Sync),
) -> Result<Written> {
    let mut crossings = 0;
    loop {
        let tx = match begun.take() {
            Some(tx) => tx,
            None => house.pool.begin_at_the_desk().await?,
        };
        match once(house, requests, tx, entries).await {
            Err(cause) if is_crossing(&cause) && crossings < CROSSINGS_MAX => crossings += 1,
            done => return done,
        }
    }
}

async fn once(
    house: &House,
    requests: &[Request],
    mut tx: Tx,
    entries: &(dyn Fn(&[Answer]) -> Vec<Entry> + Sync),
) -> Result<Written> {
    let now = house.clock.now();
    let (answers, seats) = in_transaction(&mut tx, house, requests, now).await?;
    audit::record_all(&mut tx, &entries(&answers)).await?;
    let ahead = tx.commit_ahead().await?;
    Ok(Written { answers, seats, ahead })
}

/// The work between begin and commit, for a caller that writes something else in the same transaction.
/// Gives the answers, and the seat rows for the board once it is committed.
pub async fn in_transaction(
    db: &mut Conn,
    house: &House,
    requests: &[Request],
    now: DateTime<Utc>,
) -> Result<(Vec<Answer>, Vec<Seat>)> {
    let (mut snapshot, facts) = read::read(db, house, requests, now).await?;
    let before = snapshot.seats.clone();
    let mut new_id = || house.tokens.id(now);
    let (answers, writes) = decide::decide(&mut snapshot, requests, now, &mut new_id);
    for (session, seat) in &mut snapshot.seats {
        if before[session] != *seat {
            // Never back, whatever the clocks of several machines say.
            seat.touched = seat.touched.max(now);
        }
    }
    store_all(db, house, &facts, &before, &snapshot.seats, &writes, now).await?;
    Ok((answers, snapshot.seats.values().map(SeatRow::board).collect()))
}

async fn store_all(
    db: &mut Conn,
    house: &House,
    facts: &Facts,
    before: &BTreeMap<Uuid, SeatRow>,
    after: &BTreeMap<Uuid, SeatRow>,
    writes: &Writes,
    now: DateTime<Utc>,
) -> Result<()> {
    for settings in &writes.settings {
        let touched = after.get(&settings.session).map_or(now, |seat| seat.touched);
        write::update_settings(db, settings, touched).await?;
    }
    for deadlines in &writes.deadlines {
        turns::move_deadlines(db, deadlines).await?;
    }
    if !write::insert_orders(db, &writes.orders, now).await? {
        return Err(Error::Internal("another process has taken one of these forms".to_owned()));
    }
    write::update_registrations(db, &writes.updated, now).await?;
    if !write::insert_registrations(db, &writes.inserted, now).await? {
        return Err(Error::Internal("somebody was registered twice for a session".to_owned()));
    }
    attendance::store::recount(db, &at_the_door(after, writes, now)).await?;
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
    let to_call: Vec<_> =
        calls::of(writes, after).into_iter().map(|call| (house.tokens.id(now), call)).collect();
    calls::note(db, &to_call, now).await?;
    let letters = super::letters::write(house, facts, &writes.notices, after);
    outbox::queue(db, &letters, now).await?;
    Ok(())
}

/// The sessions of changed registrations whose door is open: somebody may have marked who came, and counted them. None
/// in an opening rush.
fn at_the_door(seats: &BTreeMap<Uuid, SeatRow>, writes: &Writes, now: DateTime<Utc>) -> Vec<Uuid> {
    let changed: BTreeSet<Uuid> = writes
        .updated
        .values()
        .chain(writes.inserted.values())
        .map(|registration| registration.session)
        .collect();
    let is_open = |session: &Uuid| {
        seats.get(session).is_some_and(|seat| attendance::door::opens(seat.settings.starts) <= now)
    };
    changed.into_iter().filter(is_open).collect()
}
