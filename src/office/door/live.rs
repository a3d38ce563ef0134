//! How a door stands, as it changes: a stream of events for who asks for one, else once.

use std::{collections::BTreeMap, pin::Pin, sync::Arc, time::Duration};

use futures_util::Stream;
use rocket::{
    Request, Response, Shutdown, get,
    http::{Accept, ContentType, Header, MediaType},
    response::{
        self, Responder,
        stream::{Event, EventStream, stream},
    },
};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    error::{Error, Result},
    identity,
    locale::Lang,
    office::{Right, Room, guard::Signed, may, registrations::Opened},
    registration::{
        attendance::live::{self, Standing, Watching},
        desk::House,
    },
    web::reply::Private,
};

/// How often it is looked whether who watches is still signed in.
const STILL: Duration = Duration::from_secs(3);

/// How things stand, and what of the marks is another one than before.
#[derive(Debug, Serialize)]
pub(super) struct Update {
    present: i64,
    expected: i64,
    waiting: i64,
    free: Option<i64>,
    /// True where `marks` are all that there are: who is not among them is not marked.
    whole: bool,
    marks: BTreeMap<Uuid, Option<i64>>,
}

impl Update {
    /// The standing with these marks, which are some.
    pub(super) fn of(standing: &Standing, marks: BTreeMap<Uuid, Option<i64>>) -> Update {
        Update {
            present: standing.present,
            expected: standing.expected,
            waiting: standing.waiting,
            free: standing.free,
            whole: false,
            marks,
        }
    }

    /// The standing with all its marks.
    fn whole(standing: &Standing) -> Update {
        let marks = standing.marks.iter().map(|(id, came)| (*id, Some(*came))).collect();
        Update { whole: true, ..Update::of(standing, marks) }
    }

    /// What is another one than it was.
    fn since(before: &Standing, standing: &Standing) -> Update {
        let now = standing.marks.iter().filter(|(id, came)| before.marks.get(id) != Some(came));
        let gone = before.marks.keys().filter(|id| !standing.marks.contains_key(id));
        let marks = now.map(|(id, came)| (*id, Some(*came))).chain(gone.map(|id| (*id, None)));
        Update::of(standing, marks.collect())
    }
}

/// Events, or one answer.
pub(super) enum Live {
    /// For `EventSource`.
    Stream(EventStream<Pin<Box<dyn Stream<Item = Event> + Send>>>),
    /// For everybody else.
    Once((ContentType, String)),
}

impl<'r> Responder<'r, 'r> for Live {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'r> {
        match self {
            // nginx would keep events back until it has some kilobytes of them.
            Live::Stream(events) => Response::build_from(events.respond_to(request)?)
                .header(Header::new("X-Accel-Buffering", "no"))
                .ok(),
            Live::Once(answer) => answer.respond_to(request),
        }
    }
}

#[get("/<lang>/office/<slug>/door/<session>/live", rank = 6)]
pub(super) async fn watch(
    signed: Signed,
    lang: Lang,
    slug: &str,
    session: &str,
    accept: Option<&Accept>,
    shutdown: Shutdown,
    room: Room<'_>,
) -> Result<Private<Live>> {
    let staff = signed.with(Right::MarkAttendance)?;
    let mut db = room.db().await?;
    let Opened { known, session: found, .. } =
        Opened::of(&room, &mut db, (staff, lang), (slug, session), "door").await?;
    let standing = live::standing(&mut db, found.id).await?.ok_or(Error::NotFound)?;
    drop(db);
    let wants_events =
        accept.is_some_and(|accept| accept.media_types().any(|kind| *kind == MediaType::EventStream));
    if !wants_events {
        let body = serde_json::to_string(&Update::whole(&standing));
        let body = body.map_err(|cause| Error::Internal(cause.to_string()))?;
        return Ok(Private(Live::Once((ContentType::JSON, body))));
    }
    let busy = Error::Busy("too many doors are watched");
    let watching = room.doors.watch(found.id, staff.id, standing).ok_or(busy)?;
    let events = events(room.house.clone(), signed.session, known.id, watching, shutdown);
    Ok(Private(Live::Stream(EventStream::from(Box::pin(events) as Pin<Box<_>>))))
}

/// How it stands at first, then each change, until the house closes or the person is signed out. No connection to the
/// database is held in between.
fn events(
    house: House,
    device: Uuid,
    programme: Uuid,
    mut watching: Watching,
    mut shutdown: Shutdown,
) -> impl Stream<Item = Event> + Send {
    stream! {
        let mut told: Option<Arc<Standing>> = None;
        let mut still = tokio::time::interval(STILL);
        loop {
            tokio::select! {
                now = watching.changed() => {
                    let update = match &told {
                        Some(before) => Update::since(before, &now),
                        None => Update::whole(&now),
                    };
                    // Numbers and ids.
                    let Ok(update) = serde_json::to_string(&update) else { break };
                    yield Event::data(update);
                    told = Some(now);
                }
                _ = still.tick() => {
                    if !is_still_signed_in(&house, device, programme).await {
                        yield Event::data("").event("out");
                        break;
                    }
                }
                () = house.pool.closing().cancelled() => break,
                () = &mut shutdown => break,
            }
        }
    }
}

/// False once the session has ended, or the person may not do this any more. Where the database does not answer, nobody
/// is sent away: the next look decides.
async fn is_still_signed_in(house: &House, device: Uuid, programme: Uuid) -> bool {
    let Ok(mut db) = house.pool.acquire().await else { return true };
    match identity::session::still(&mut db, device, house.clock.now()).await {
        Ok(Some(staff)) => may(staff.role, Right::MarkAttendance) && staff.belongs_to(programme),
        Ok(None) => false,
        Err(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_what_is_another_one_than_before() {
        let id = |number: u128| Uuid::from_u128(number);
        let standing = |marks: &[(u128, i64)]| Standing {
            marks: marks.iter().map(|(number, came)| (id(*number), *came)).collect(),
            ..Standing::default()
        };
        let (before, now) = (standing(&[(1, 1), (2, 2), (3, 1)]), standing(&[(1, 1), (2, 1), (4, 1)]));

        let update = Update::since(&before, &now);

        assert_eq!(update.marks, [(id(2), Some(1)), (id(3), None), (id(4), Some(1))].into());
        assert_eq!(Update::whole(&now).marks.len(), 3);
    }
}
