//! Publishing: the release and the seat rows, in one transaction; and how processes see what is published.

mod again;
mod live;
mod log;
mod organiser;
mod plan;
pub mod planned;
pub mod preview;
pub mod store;
pub mod warnings;

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use crate::{
    audit::{self, Actor},
    db::Conn,
    error::{Error, Result, is_crossing},
    news,
    programme::{self, Draft, DraftSession, Live, Programme, RegistrationTime, Rules, import::live::Key},
    registration::{
        Request, Settings,
        desk::{self, House},
        seats::Seat,
        store as seat_store,
    },
    release::{
        self, Release,
        published::{Publications, Published},
        store::Origin,
    },
};

pub use again::{preview_again, publish_again};
pub use live::set_live;
pub use organiser::ask;
pub use plan::digest;

use plan::{Plan, Told, sorted};

/// How often a publication that crossed the desk of another process is tried again.
const CROSSINGS_MAX: usize = 4;

/// What publishing did.
#[derive(Debug, Clone, PartialEq)]
pub struct Publication {
    /// The new release; `None` where the public would see no difference.
    pub release: Option<Release>,
    /// Sessions whose live settings came into force.
    pub settings: usize,
}

/// How a draft is to be published.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'w> {
    /// What to say about it on the page of changes.
    pub note: &'w str,
    /// Who wants it.
    pub author: Actor,
    /// The [`digest`] of what they were shown; `None`: whatever stands there.
    pub seen: Option<&'w str>,
    /// The release whose content it is again: [`publish_again`] says it.
    pub again: Option<i64>,
}

/// What became of a [`Wish`].
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It is done.
    Published(Box<Publication>),
    /// It was done before: this very form was sent twice.
    Before {
        /// The release that it made.
        release: i64,
    },
    /// Nothing was done: the draft, or the release that stands, is not what the author was shown.
    Changed,
}

/// Publishes the draft of that slug as it stands, by command.
///
/// # Errors
/// [`Error::NotFound`] where there is no such programme.
pub async fn publish(house: &House, slug: &str, note: &str) -> Result<Publication> {
    let wish = Wish { note, author: Actor::Command, seen: None, again: None };
    match publish_by(house, slug, wish).await? {
        Outcome::Published(done) => Ok(*done),
        Outcome::Changed | Outcome::Before { .. } => {
            Err(Error::Internal("a draft that nobody has seen cannot have changed".to_owned()))
        }
    }
}

/// Publishes the draft of that slug: the release, its seat rows, and what they set in motion, at once.
///
/// # Errors
/// [`Error::NotFound`] where there is no such programme.
pub async fn publish_by(house: &House, slug: &str, wish: Wish<'_>) -> Result<Outcome> {
    let mut crossings = 0;
    loop {
        match once(house, slug, wish).await {
            Err(cause) if is_crossing(&cause) && crossings < CROSSINGS_MAX => crossings += 1,
            done => return done,
        }
    }
}

async fn once(house: &House, slug: &str, wish: Wish<'_>) -> Result<Outcome> {
    let now = house.clock.now();
    let mut tx = house.pool.begin().await?;
    let id = programme::store::lock(&mut tx, slug).await?.ok_or(Error::NotFound)?;
    let (_, draft) = programme::store::load(&mut tx, slug).await?.ok_or(Error::NotFound)?;
    if let Some(seen) = wish.seen
        && seen != digest(&draft, release::store::newest(&mut tx, id).await?)
    {
        return not_as_seen(&mut tx, id, wish).await;
    }
    let (done, seats) = publish_in(&mut tx, house, id, &draft, wish, now).await?;
    tx.commit().await?;
    house.board.put(seats);
    house.mail.notify_one();
    Ok(Outcome::Published(Box::new(done)))
}

/// The draft is not what the author was shown: their form was sent twice, or something has changed.
async fn not_as_seen(db: &mut Conn, programme: Uuid, wish: Wish<'_>) -> Result<Outcome> {
    let Some(seen) = wish.seen else { return Ok(Outcome::Changed) };
    let made = release::store::made_by(db, programme, seen).await?;
    let is_it = |past: &release::store::Past| {
        past.author_id == wish.author.user() && past.again == wish.again && past.note.note == wish.note
    };
    Ok(made.filter(is_it).map_or(Outcome::Changed, |past| Outcome::Before { release: past.note.number }))
}

/// Publishes this draft in the caller's transaction, which holds the programme. Gives the seat rows for the board once
/// it is committed.
async fn publish_in(
    db: &mut Conn,
    house: &House,
    id: Uuid,
    draft: &Draft,
    wish: Wish<'_>,
    now: DateTime<Utc>,
) -> Result<(Publication, Vec<Seat>)> {
    let previous = release::store::latest(db, id).await?;
    let Plan { release, settings, told } = Plan::of(id, draft, previous.as_ref(), wish.note, now);
    if let Some(release) = &release {
        let origin = Origin { author: wish.author, again: wish.again, form: wish.seen };
        release::store::insert(db, id, release, origin).await?;
    }
    // Mails that this publication causes speak of its own release, not of the one in memory.
    let house = House { publications: Publications::default(), ..house.clone() };
    let (settings, seats) = put_settings(db, &house, id, settings, told, now).await?;
    let done = Publication { release, settings };
    let lines = log::lines(&house, id, &draft.programme.slug, &done, wish, now);
    audit::record_all(db, &lines).await?;
    Ok((done, seats))
}

/// Puts other live settings in force, through the desk: a seat that comes free goes to the queue at once, and who has
/// a seat will be told of another join address.
pub async fn set(house: &House, settings: Settings) -> Result<()> {
    let now = house.clock.now();
    let mut tx = house.pool.begin().await?;
    let seats = set_in(&mut tx, house, settings, now).await?;
    tx.commit().await?;
    house.board.put(seats);
    house.mail.notify_one();
    Ok(())
}

/// [`set`], for a caller that writes something else in the same transaction. Gives the seat row for the board once
/// it is committed; none for a session that no release has yet.
pub async fn set_in(
    db: &mut Conn,
    house: &House,
    settings: Settings,
    now: DateTime<Utc>,
) -> Result<Vec<Seat>> {
    let programme = settings.programme;
    programme::store::hold(db, programme).await?;
    let known: HashMap<Uuid, Settings> = seat_store::lock_seats(db, [settings.session])
        .await?
        .into_iter()
        .map(|(session, seat)| (session, seat.settings))
        .collect();
    let newest = release::store::newest(db, programme).await?;
    let told = newest.map(|release| Told { release, changed: BTreeSet::new() });
    note(db, house, programme, told, &known, std::slice::from_ref(&settings), now).await?;
    let (_, seats) = desk::in_transaction(db, house, &[Request::Set(settings)], now).await?;
    Ok(seats)
}

/// Puts these live settings of a session in force as its draft says them, and no others: what else the draft says
/// waits for its release. Where the session leaves one to the programme, the rules of the last release hold.
/// Gives what [`set_in`] gives.
pub async fn set_keys_in(
    db: &mut Conn,
    house: &House,
    programme: Uuid,
    session: &DraftSession,
    keys: &[Key],
    now: DateTime<Utc>,
) -> Result<Vec<Seat>> {
    programme::store::hold(db, programme).await?;
    let id = session.session.id;
    let in_force = seat_store::lock_seats(db, [id]).await?.remove(&id);
    let (Some(in_force), Some(release)) = (in_force, release::store::latest(db, programme).await?) else {
        return Ok(Vec::new());
    };
    let mut said = settings_under(programme, &release.programme, session);
    // Before the start that is in force, not before one that only the draft has.
    let Programme { timezone, rules, .. } = &release.programme;
    (said.opens, said.closes) = times(&session.live, rules, *timezone, in_force.settings.starts);
    set_in(db, house, overlaid(in_force.settings, said, keys), now).await
}

/// True for a session that was ever published: it has a seat row, and the public knows it.
pub async fn is_known(db: &mut Conn, programme: Uuid, session: Uuid) -> Result<bool> {
    programme::store::hold(db, programme).await?;
    Ok(!seat_store::lock_seats(db, [session]).await?.is_empty())
}

/// What is in force, with these keys as `said` has them.
fn overlaid(mut in_force: Settings, said: Settings, keys: &[Key]) -> Settings {
    for key in keys {
        match key {
            Key::Capacity => in_force.capacity = said.capacity,
            Key::Held => in_force.held.clone_from(&said.held),
            Key::Registration => in_force.registration.clone_from(&said.registration),
            Key::Opens => in_force.opens = said.opens,
            Key::Closes => in_force.closes = said.closes,
            Key::Queue => in_force.queue = said.queue,
            Key::JoinUrl => in_force.join_url.clone_from(&said.join_url),
        }
    }
    in_force
}

/// Notes what registered people must hear, under the locks of the seat rows: of each session, somebody is
/// registered before and noted, or afterwards and told at once.
async fn note(
    db: &mut Conn,
    house: &House,
    programme: Uuid,
    told: Option<Told>,
    known: &HashMap<Uuid, Settings>,
    wanted: &[Settings],
    now: DateTime<Utc>,
) -> Result<()> {
    // Before the first release there is nobody.
    let Some(told) = told else { return Ok(()) };
    let changed = told.changed(known, wanted);
    news::note(db, house, programme, told.release, &changed, now).await
}

/// New seat rows for new sessions; for the others, what differs, decided at the desk.
async fn put_settings(
    db: &mut Conn,
    house: &House,
    programme: Uuid,
    settings: Vec<Settings>,
    told: Option<Told>,
    now: DateTime<Utc>,
) -> Result<(usize, Vec<Seat>)> {
    let known: HashMap<Uuid, Settings> = seat_store::seats_of(db, programme)
        .await?
        .into_iter()
        .map(|seat| (seat.settings.session, seat.settings))
        .collect();
    let (new, changed) = sorted(&known, settings);
    for wanted in &new {
        seat_store::write::insert_seat(db, wanted, now).await?;
    }
    // All at once and in the order of their ids: the desk of another process locks some of them, too.
    let concerned = told.iter().flat_map(|told| &told.changed).copied();
    let concerned: Vec<Uuid> = concerned.chain(changed.iter().map(|settings| settings.session)).collect();
    seat_store::lock_seats(db, concerned).await?;
    note(db, house, programme, told, &known, &changed, now).await?;
    let requests: Vec<_> = changed.into_iter().map(Request::Set).collect();
    let (_, mut seats) = desk::in_transaction(db, house, &requests, now).await?;
    seats.extend(new.iter().map(|settings| {
        let (settings, touched) = (settings.clone(), now);
        seat_store::SeatRow { settings, taken: 0, waiting: 0, arrivals: 0, touched }.board()
    }));
    Ok((new.len() + requests.len(), seats))
}

/// The live settings of a session under its programme's rules.
pub fn settings(programme: Uuid, draft: &Draft, session: &DraftSession) -> Settings {
    settings_under(programme, &draft.programme, session)
}

fn settings_under(programme: Uuid, of: &Programme, session: &DraftSession) -> Settings {
    let zone = of.timezone;
    let rules = &of.rules;
    let live = &session.live;
    let starts = session.session.starts_at(zone);
    let (opens, closes) = times(live, rules, zone, starts);
    Settings {
        session: session.session.id,
        programme,
        capacity: live.capacity.under(rules),
        held: live.held.clone(),
        registration: live.registration.clone(),
        opens,
        closes,
        queue: queue(live.queue, rules),
        join_url: live.join_url.clone(),
        starts,
        ends: session.session.ends_at(zone),
        timed: session.session.start.is_some(),
        status: session.session.status,
    }
}

/// When registration opens and closes for a session that begins then.
fn times(
    live: &Live,
    rules: &Rules,
    zone: Tz,
    starts: DateTime<Utc>,
) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
    let moment = |own: Option<RegistrationTime>, rule: Option<RegistrationTime>| {
        own.or(rule).map(|time| time.instant(zone, starts))
    };
    (moment(live.opens, rules.opens), moment(live.closes, rules.closes))
}

fn queue(own: Option<programme::QueueMode>, rules: &Rules) -> programme::QueueMode {
    own.unwrap_or(rules.queue)
}

/// Reads what other processes have published, and the seats that they have given out. Gives the releases, by
/// programme and number, that cannot be read: pages of those programmes show the one before, if there is one.
///
/// # Errors
/// Where the database does not answer.
pub async fn refresh(house: &House) -> Result<Vec<(Uuid, i64)>> {
    let mut db = house.pool.acquire().await?;
    let mut unreadable = Vec::new();
    for (id, number) in release::store::newest_numbers(&mut db).await? {
        let known = house.publications.by_id(id).map(|published| published.release.number);
        if known.is_none_or(|known| known < number) {
            match newest(&mut db, id).await {
                Ok(Some(published)) => house.publications.replace(published),
                Ok(None) => {}
                // Written by a newer version, or damaged: no reason to hide all the others.
                Err(sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_)) => {
                    unreadable.push((id, number))
                }
                Err(cause) => return Err(cause.into()),
            }
        }
    }
    house.board.refresh(&mut db, house.clock.now()).await?;
    Ok(unreadable)
}

async fn newest(db: &mut Conn, programme: Uuid) -> sqlx::Result<Option<Published>> {
    let Some(release) = release::store::latest(db, programme).await? else { return Ok(None) };
    let notes = release::store::notes(db, programme).await?;
    Ok(Some(Published::new(programme, release).with_history(notes)))
}

/// Reads how many people are registered, for the press page.
pub async fn read_people(house: &House) -> Result<()> {
    let mut db = house.pool.acquire().await?;
    Ok(house.board.read_people(&mut db).await?)
}
