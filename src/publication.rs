//! Publishing: the release and the seat rows, in one transaction; and how processes see what is published.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDateTime, Utc};
use uuid::Uuid;

use crate::{
    db::Conn,
    error::{Error, Result},
    programme::{self, Draft, DraftSession, Rules, instant},
    registration::{
        Request, Settings,
        desk::{self, House},
        seats::Seat,
        store as seat_store,
    },
    release::{
        self, Release,
        freeze::freeze,
        published::{Publications, Published},
    },
};

/// What publishing did.
#[derive(Debug, Clone, PartialEq)]
pub struct Publication {
    /// The new release; `None` where the public would see no difference.
    pub release: Option<Release>,
    /// Sessions whose live settings came into force.
    pub settings: usize,
}

/// Publishes the draft of that slug: the release, its seat rows, and what they set in motion, at once.
///
/// # Errors
/// [`Error::NotFound`] where there is no such programme.
pub async fn publish(house: &House, slug: &str, note: &str) -> Result<Publication> {
    let now = house.clock.now();
    let mut tx = house.pool.begin().await?;
    let id = programme::store::lock(&mut tx, slug, now).await?.ok_or(Error::NotFound)?;
    let (_, draft) = programme::store::load(&mut tx, slug).await?.ok_or(Error::NotFound)?;
    let previous = release::store::latest(&mut tx, id).await?;
    let release = freeze(&draft, previous.as_ref(), note, now);
    if let Some(release) = &release {
        release::store::insert(&mut tx, id, release).await?;
    }
    let public = release.as_ref().or(previous.as_ref());
    let released: HashSet<Uuid> =
        public.iter().flat_map(|release| &release.sessions).map(|session| session.id).collect();
    let sessions = draft.sessions.iter().filter(|session| released.contains(&session.session.id));
    let settings: Vec<_> = sessions.map(|session| settings(id, &draft, session)).collect();
    // Mails that this publication causes speak of its own release, not of the one in memory.
    let house = House { publications: Publications::default(), ..house.clone() };
    let (written, seats) = put_settings(&mut tx, &house, id, settings, now).await?;
    tx.commit().await?;
    house.board.put(seats);
    house.mail.notify_one();
    Ok(Publication { release, settings: written })
}

/// Puts other live settings in force, through the desk: a seat that comes free goes to the queue at once.
pub async fn set(house: &House, settings: Settings) -> Result<()> {
    desk::work(house, &[Request::Set(settings)]).await.map(|_| ())
}

/// New seat rows for new sessions; for the others, what differs, decided at the desk.
async fn put_settings(
    db: &mut Conn,
    house: &House,
    programme: Uuid,
    settings: Vec<Settings>,
    now: DateTime<Utc>,
) -> Result<(usize, Vec<Seat>)> {
    let known: HashMap<Uuid, Settings> = seat_store::seats_of(db, programme)
        .await?
        .into_iter()
        .map(|seat| (seat.settings.session, seat.settings))
        .collect();
    let mut requests = Vec::new();
    let mut new = Vec::new();
    for wanted in settings {
        match known.get(&wanted.session) {
            None => {
                seat_store::write::insert_seat(db, &wanted, now).await?;
                new.push(wanted);
            }
            Some(in_force) if *in_force == wanted => {}
            Some(_) => requests.push(Request::Set(wanted)),
        }
    }
    let (_, mut seats) = desk::in_transaction(db, house, &requests, now).await?;
    seats.extend(new.iter().map(|settings| {
        let (settings, touched) = (settings.clone(), now);
        seat_store::SeatRow { settings, taken: 0, waiting: 0, arrivals: 0, touched }.board()
    }));
    Ok((new.len() + requests.len(), seats))
}

/// The live settings of a session under its programme's rules.
pub fn settings(programme: Uuid, draft: &Draft, session: &DraftSession) -> Settings {
    let zone = draft.programme.timezone;
    let rules = &draft.programme.rules;
    let moment = |own: Option<NaiveDateTime>, rule: Option<NaiveDateTime>| {
        own.or(rule).map(|local| instant(zone, local))
    };
    let live = &session.live;
    Settings {
        session: session.session.id,
        programme,
        capacity: live.capacity.under(rules),
        held: live.held.clone(),
        registration: live.registration.clone(),
        opens: moment(live.opens, rules.opens),
        closes: moment(live.closes, rules.closes),
        queue: queue(live.queue, rules),
        join_url: live.join_url.clone(),
        starts: session.session.starts_at(zone),
        ends: session.session.ends_at(zone),
        timed: session.session.start.is_some(),
        status: session.session.status,
    }
}

fn queue(own: Option<programme::QueueMode>, rules: &Rules) -> programme::QueueMode {
    own.unwrap_or(rules.queue)
}

/// Reads what other processes have published, and the seats that they have given out.
pub async fn refresh(house: &House) -> Result<()> {
    let mut db = house.pool.acquire().await?;
    for (id, number) in release::store::newest_numbers(&mut db).await? {
        let known = house.publications.by_id(id).map(|published| published.release.number);
        if known.is_none_or(|known| known < number)
            && let Some(release) = release::store::latest(&mut db, id).await?
        {
            let notes = release::store::notes(&mut db, id).await?;
            house.publications.replace(Published::new(id, release).with_history(notes));
        }
    }
    house.board.refresh(&mut db).await?;
    Ok(())
}

/// Counts the people who are registered, for the press page.
pub async fn count_people(house: &House) -> Result<()> {
    let mut db = house.pool.acquire().await?;
    Ok(house.board.count_people(&mut db).await?)
}
