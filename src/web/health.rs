//! `/healthz`, `/readyz`, `/metrics`: for whoever runs the house.

use std::{
    fmt::Write as _,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use rocket::{
    Request, Route, State,
    http::{ContentType, Status},
    request::{FromRequest, Outcome},
    routes,
};
use tokio::time::Instant;

use super::guards::Visitor;
use crate::{
    config::Settings,
    error::{Error, Result},
    mail::outbox,
    news,
    registration::{
        desk::{Desk, House},
        reminders, store,
    },
};

/// The routes of this file.
pub fn routes() -> Vec<Route> {
    routes![healthz, readyz, metrics]
}

/// How long ago the last good look at what is published may be: a few looks that a busy database delayed.
const LOOKED_WITHIN: Duration = Duration::from_secs(30);

/// What whoever runs the house reads where a sync was refused.
pub const DISK_REFUSES: &str = "the disk has refused to keep what was written: start again";

/// Signs of life of what works beside the requests. Cheap to clone.
#[derive(Clone)]
pub struct Vital(Arc<Signs>);

struct Signs {
    looked: Mutex<Instant>,
    workers: AtomicUsize,
}

/// The mail worker runs, until this is dropped.
pub struct AtWork(Arc<Signs>);

impl Default for Vital {
    /// What is published was read a moment ago: the server does not start without.
    fn default() -> Vital {
        Vital(Arc::new(Signs { looked: Mutex::new(Instant::now()), workers: AtomicUsize::new(0) }))
    }
}

impl Vital {
    /// What is published, and the seats, could just be read.
    pub fn looked(&self) {
        *self.0.looked.lock().expect("nobody panics while holding this lock") = Instant::now();
    }

    /// The mail worker begins. A panic ends what is given, too.
    #[must_use]
    pub fn worker_runs(&self) -> AtWork {
        self.0.workers.fetch_add(1, Ordering::Relaxed);
        AtWork(Arc::clone(&self.0))
    }

    /// What is wrong at that moment, if anything is.
    fn trouble(&self, now: Instant) -> Option<&'static str> {
        let looked = *self.0.looked.lock().expect("nobody panics while holding this lock");
        if now.duration_since(looked) > LOOKED_WITHIN {
            return Some("what is published cannot be read");
        }
        (self.0.workers.load(Ordering::Relaxed) == 0).then_some("the mail worker has ended")
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        self.0.workers.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Alive: the process answers.
#[rocket::get("/healthz")]
fn healthz() -> &'static str {
    "ok\n"
}

/// Ready: database, releases, desk, mail worker and outbox answer, and shutdown has not begun.
#[rocket::get("/readyz")]
async fn readyz(house: &State<House>, desk: &State<Desk>, vital: &State<Vital>) -> (Status, String) {
    match trouble(house, desk, vital).await {
        None => (Status::Ok, "ok\n".to_owned()),
        Some(trouble) => (Status::ServiceUnavailable, format!("{trouble}\n")),
    }
}

async fn trouble(house: &House, desk: &Desk, vital: &Vital) -> Option<&'static str> {
    // Before all else: this process shuts down for it.
    if house.pool.is_broken() {
        return Some(DISK_REFUSES);
    }
    if house.pool.closing().is_cancelled() {
        return Some("shutting down");
    }
    if !desk.is_open() {
        return Some("the desk is closed");
    }
    let Ok(mut db) = house.pool.acquire().await else { return Some("the database cannot be reached") };
    match outbox::anything_due(&mut db, house.clock.now()).await.map_err(Error::from) {
        Ok(_) => {}
        // A connection that was there a moment ago may have lost its server since.
        Err(cause) if cause.is_passing() => return Some("the database cannot be reached"),
        Err(_) => return Some("the outbox cannot be read"),
    }
    vital.trouble(Instant::now())
}

/// What proxies add, each its own.
const FORWARDED: [&str; 6] =
    ["X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Forwarded-Proto", "X-Forwarded-Host", "Via"];

/// This machine without a proxy between, or a network of `metrics_from`.
struct MayWatch;

#[rocket::async_trait]
impl<'r> FromRequest<'r> for MayWatch {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<MayWatch, ()> {
        let forwarded = FORWARDED.iter().any(|name| request.headers().contains(name));
        let peer = request.remote().map(|peer| peer.ip().to_canonical());
        let here = !forwarded && peer.is_some_and(|peer| peer.is_loopback());
        let named = match (request.rocket().state::<Settings>(), request.guard::<Visitor>().await) {
            (Some(settings), Outcome::Success(visitor)) => {
                visitor.ip.is_some_and(|ip| settings.metrics_from.iter().any(|network| network.contains(ip)))
            }
            _ => false,
        };
        if here || named { Outcome::Success(MayWatch) } else { Outcome::Forward(Status::NotFound) }
    }
}

/// Prometheus text (version 0.0.4).
#[rocket::get("/metrics")]
async fn metrics(_may: MayWatch, house: &State<House>, desk: &State<Desk>) -> Result<(ContentType, String)> {
    let mut db = house.pool.acquire().await?;
    let mails = outbox::counts(&mut db).await?;
    let mut text = String::new();
    let mut gauge = |name: &str, help: &str, value: i64| {
        // Writing to a String cannot fail.
        let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n");
    };
    gauge(
        "parvis_desk_waiting",
        "Requests in front of the desk.",
        i64::try_from(desk.waiting()).unwrap_or(i64::MAX),
    );
    gauge("parvis_mails_due", "Mails to be sent.", mails.due);
    gauge("parvis_mails_failed", "Mails that failed for good: parvis mail list.", mails.failed);
    gauge("parvis_mails_sent", "Mails that were handed over.", mails.sent);
    let oldest = mails.oldest_due.map_or(0, |due| (house.clock.now() - due).num_seconds().max(0));
    gauge("parvis_mails_oldest_due_seconds", "How long the oldest mail has been due.", oldest);
    let untold = news::store::due_before(&mut db, house.clock.now()).await?;
    gauge("parvis_news_due", "Registrations whose session changed, to be told now.", untold);
    let now = house.clock.now();
    let unreminded = reminders::store::due_before(&mut db, now, now).await?;
    gauge("parvis_reminders_due", "Sessions whose people are to be reminded now.", unreminded);
    let late = store::turns::due_before(&mut db, now).await?;
    gauge("parvis_deadlines_due", "Offers and held seats whose time is over, to be passed on now.", late);
    for (state, count) in store::counts_by_state(&mut db).await? {
        gauge(&format!("parvis_registrations_{}", state.code()), "Registrations in this state.", count);
    }
    for published in house.publications.all() {
        let name = published.slug().replace('-', "_");
        gauge(
            &format!("parvis_release_{name}"),
            "The release that this process shows.",
            published.release.number,
        );
    }
    Ok((ContentType::new("text", "plain").with_params([("version", "0.0.4"), ("charset", "utf-8")]), text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_out_that_sees_nothing_and_a_worker_that_has_ended_are_told() {
        let (vital, now) = (Vital::default(), Instant::now());
        assert_eq!(vital.trouble(now), Some("the mail worker has ended"));
        let at_work = vital.worker_runs();
        assert_eq!(vital.trouble(now), None);
        let late = now + LOOKED_WITHIN + Duration::from_secs(1);
        assert_eq!(vital.trouble(late), Some("what is published cannot be read"));
        drop(at_work);
        assert_eq!(vital.trouble(now), Some("the mail worker has ended"));
    }
}
