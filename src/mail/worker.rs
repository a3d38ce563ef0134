//! Who takes mails out of the outbox and has them delivered.
//!
//! [`Worker::deliver_due`] is one step; [`Worker::run`] is the loop around it. No connection to the database is
//! held while a mail server talks, and what became of each mail is written down many at a time.

use std::{
    panic::AssertUnwindSafe,
    pin::pin,
    sync::{Arc, Mutex},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{FutureExt as _, StreamExt as _, stream};
use tokio::{
    sync::Notify,
    time::{Instant, timeout_at},
};
use uuid::Uuid;

use super::{
    crowd::Crowd,
    outbox::{self, CLAIM_SECONDS, Claimed, Delivery, Mark},
    pace::Pace,
    render::{Sender, render_leaving},
    transport::{Admits, DELIVERY, Failure, Mailer, Next, after_failure},
};
use crate::{clock::Clock, db::Pool, error::Result, view::View};

/// Mails claimed at once.
const BATCH: usize = 64;
/// Deliveries under way at once.
const DELIVERIES: usize = 6;
/// How often the outbox is looked at when nobody says that there is something in it.
const LOOK: Duration = Duration::from_secs(1);
/// What became of mails is written down after so long: each time is a commit, which waits for the disk, and on SQLite
/// takes its turn with the desk's. Mails of this time are delivered again should we be killed in it.
const MARK: Duration = Duration::from_millis(20);
/// Between two batches while a crowd stands at the desk: 64 mails a second still leave, of each process. Four times as many
/// made two processes slower than one.
const WALK: Duration = Duration::from_secs(1);
/// After a start that finds mails in hand of the one before, which may have arrived.
const REST: TimeDelta = TimeDelta::seconds(5);
/// A mail whose delivery has not begun so long after the claim is given back: a delivery never outlasts its claim, or
/// another worker would send the same mail meanwhile.
const BEGIN: Duration = Duration::from_secs(10);
const _: () = assert!(BEGIN.as_secs() + DELIVERY.as_secs() < CLAIM_SECONDS.unsigned_abs());

/// Delivers the outbox of one database.
pub struct Worker {
    pool: Pool,
    mailer: Mailer,
    view: View,
    sender: Sender,
    id: Uuid,
    /// What became of mails, while the database cannot be told.
    unmarked: Mutex<Vec<Mark>>,
    pace: Option<Pace>,
    crowd: Crowd,
    /// Nothing may leave before, by the pace or after a death: until then nobody asks the database.
    paused_until: Mutex<Option<DateTime<Utc>>>,
}

/// What one step did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Handed to the server.
    pub sent: usize,
    /// Failed, to be tried again.
    pub retried: usize,
    /// Failed for good.
    pub failed: usize,
    /// Given back: the server was not there, or we are closing.
    pub delayed: usize,
}

impl Delivered {
    /// How many mails the step took.
    pub fn taken(self) -> usize {
        self.sent + self.retried + self.failed + self.delayed
    }

    fn count(&mut self, mark: &Mark) {
        match mark.what {
            Delivery::Sent { .. } => self.sent += 1,
            Delivery::Retry { .. } => self.retried += 1,
            Delivery::Failed { .. } => self.failed += 1,
            Delivery::Released { .. } => self.delayed += 1,
        }
    }
}

impl Worker {
    /// `id` marks this process's claims: the same after each start where [`Worker::run`] is to take back what
    /// it had claimed when it was killed, and never that of another process.
    pub fn new(pool: Pool, mailer: Mailer, view: View, sender: Sender, id: Uuid) -> Worker {
        Worker {
            pool,
            mailer,
            view,
            sender,
            id,
            unmarked: Mutex::default(),
            pace: None,
            crowd: Crowd::default(),
            paused_until: Mutex::default(),
        }
    }

    /// With a limit that it shares with all workers on this database.
    #[must_use]
    pub fn paced(self, pace: Option<Pace>) -> Worker {
        Worker { pace, ..self }
    }

    /// One that walks while such a crowd is there.
    #[must_use]
    pub fn walking_in(self, crowd: Crowd) -> Worker {
        Worker { crowd, ..self }
    }

    /// Delivers until the pool closes: when woken, and each second. Ends after what is under way has ended.
    pub async fn run(self, clock: Clock, wake: Arc<Notify>) {
        let closing = self.pool.closing().clone();
        let mut healthy = true;
        if let Err(error) = self.begin(clock.now()).await {
            log::warn!("the outbox, at the start: {error}");
        }
        while !closing.is_cancelled() {
            match self.step(clock.now()).await {
                // There may be more. What was alone may have arrived before we were killed: it is seen through first.
                Ok((done, was_alone)) if done.taken() > 0 && done.delayed == 0 => {
                    if !was_alone && self.crowd.is_there() {
                        tokio::select! {
                            () = tokio::time::sleep(WALK) => {}
                            () = closing.cancelled() => {}
                        }
                    }
                    continue;
                }
                Ok(_) => {
                    if !healthy {
                        log::info!("the outbox can be read again");
                    }
                    healthy = true;
                }
                Err(error) => {
                    if healthy {
                        log::error!("the outbox: {error}");
                    }
                    healthy = false;
                }
            }
            tokio::select! {
                () = wake.notified(), if healthy => {}
                () = tokio::time::sleep(LOOK) => {}
                () = closing.cancelled() => {}
            }
        }
        if let Err(error) = self.give_back().await {
            log::warn!("the outbox, at the end: {error}");
        }
        self.mailer.close().await;
    }

    /// Takes back what it had in hand when it was killed. As long as there is any, it sends nothing for [`REST`]: a server that
    /// dies at each start does not send the same mail at each.
    pub async fn begin(&self, now: DateTime<Utc>) -> Result<()> {
        if self.give_back().await? > 0 {
            self.pause_until(now + REST);
        }
        Ok(())
    }

    /// Takes at most one batch of due mails, has them delivered and writes down what became of each.
    ///
    /// An error is the database's; what became of mails meanwhile is kept and written down by the next step,
    /// before anything else is taken.
    pub async fn deliver_due(&self, now: DateTime<Utc>) -> Result<Delivered> {
        Ok(self.step(now).await?.0)
    }

    /// What was done, and whether it was one mail that may have arrived before.
    async fn step(&self, now: DateTime<Utc>) -> Result<(Delivered, bool)> {
        self.write_marks().await?;
        let paused_until = *self.paused_until.lock().expect("nobody panics while holding this lock");
        // Not for longer than a minute, whatever becomes of the clock.
        if paused_until.is_some_and(|until| now < until && until - now <= TimeDelta::minutes(1)) {
            return Ok((Delivered::default(), false));
        }
        // The claim counts from here.
        let begin_until = Instant::now() + BEGIN;
        let limit = match self.mailer.admits(now) {
            Admits::Nothing => return Ok((Delivered::default(), false)),
            Admits::One => 1,
            Admits::All => BATCH,
        };
        let claimed = self.claim(now, limit).await?;
        let was_alone = claimed.iter().any(|mail| mail.may_have_arrived);
        let delivering = stream::iter(claimed).map(|mail| self.deliver(mail, now, begin_until));
        let mut marks = pin!(delivering.buffer_unordered(DELIVERIES));
        let mut delivered = Delivered::default();
        let mut write_at = Instant::now() + MARK;
        loop {
            match timeout_at(write_at, marks.next()).await {
                Ok(Some(mark)) => {
                    delivered.count(&mark);
                    self.unmarked.lock().expect("nobody panics while holding this lock").push(mark);
                }
                Ok(None) => break,
                Err(_) => {
                    // The mails that are under way are seen through, whatever the database says; what it could
                    // not be told is told with the next.
                    self.write_marks().await.ok();
                    write_at = Instant::now() + MARK;
                }
            }
        }
        self.write_marks().await.map(|()| (delivered, was_alone))
    }

    async fn claim(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<Claimed>> {
        let mut db = self.pool.acquire().await?;
        if !outbox::anything_due(&mut db, now).await? {
            return Ok(Vec::new());
        }
        drop(db);
        let mut tx = self.pool.begin().await?;
        let mut limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut taken = None;
        if let Some(pace) = self.pace {
            let free_at = outbox::hold_pace(&mut tx, now).await?;
            let room = pace.room(free_at, now);
            if room.mails == 0 {
                self.pause_until(room.next_at);
                return Ok(Vec::new());
            }
            limit = limit.min(room.mails);
            taken = Some((pace, free_at));
        }
        let claimed = outbox::claim(&mut tx, self.id, now, limit).await?;
        if let Some((pace, free_at)) = taken {
            outbox::take_pace(&mut tx, pace.after(free_at, claimed.len(), now)).await?;
        }
        tx.commit().await?;
        Ok(claimed)
    }

    async fn write_marks(&self) -> Result<()> {
        let marks =
            std::mem::take(&mut *self.unmarked.lock().expect("nobody panics while holding this lock"));
        if marks.is_empty() {
            return Ok(());
        }
        let done = async {
            let mut tx = self.pool.begin().await?;
            outbox::mark(&mut tx, self.id, &marks).await?;
            tx.commit().await
        };
        let done = done.await;
        if done.is_err() {
            self.unmarked.lock().expect("nobody panics while holding this lock").extend(marks);
        }
        Ok(done?)
    }

    fn pause_until(&self, until: DateTime<Utc>) {
        *self.paused_until.lock().expect("nobody panics while holding this lock") = Some(until);
    }

    /// Says how many may have arrived, and are not seen through.
    async fn give_back(&self) -> Result<u64> {
        self.write_marks().await?;
        let mut tx = self.pool.begin().await?;
        let claims = outbox::release_own(&mut tx, self.id).await?;
        tx.commit().await?;
        Ok(claims)
    }

    async fn deliver(&self, mail: Claimed, now: DateTime<Utc>, begin_until: Instant) -> Mark {
        let too_late = Instant::now() > begin_until;
        if too_late || self.pool.closing().is_cancelled() || self.mailer.admits(now) == Admits::Nothing {
            return Mark {
                id: mail.id,
                what: Delivery::Released { error: None, may_have_arrived: mail.may_have_arrived },
            };
        }
        // A mail that breaks our own code must not stop the others.
        let sent = AssertUnwindSafe(self.send(&mail, now)).catch_unwind().await;
        let sent = sent.unwrap_or_else(|_| Err(Failure::Own { why: "a panic".to_owned() }));
        Mark { id: mail.id, what: what_became(&mail, sent, now) }
    }

    async fn send(&self, mail: &Claimed, now: DateTime<Utc>) -> Result<(), Failure> {
        let own = |why: String| Failure::Own { why };
        let letter = mail.letter().map_err(|column| own(format!("{column} cannot be read")))?;
        if letter.is_too_late(now) {
            return Err(own("too late to be of use".to_owned()));
        }
        let rendered = render_leaving(&letter, mail.queued_at, now, &self.view, &self.sender).map_err(own)?;
        self.mailer.send(mail.id, &rendered, now).await
    }
}

fn what_became(mail: &Claimed, sent: Result<(), Failure>, now: DateTime<Utc>) -> Delivery {
    let Err(failure) = sent else { return Delivery::Sent { at: now } };
    let error = failure.text();
    match after_failure(&failure, mail.attempts, now) {
        Next::Wait => Delivery::Released { error: Some(error), may_have_arrived: mail.may_have_arrived },
        Next::Retry { at } => {
            log::info!("mail {} ({}) is tried again at {at}: {error}", mail.id, mail.kind());
            Delivery::Retry { at, error }
        }
        Next::Fail => {
            log::error!("mail {} ({}) failed: {error}", mail.id, mail.kind());
            Delivery::Failed { at: now, error }
        }
    }
}
