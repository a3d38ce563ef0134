//! Reminding people of their sessions: what the rule `reminders` of a programme says.
//!
//! Each release is planned: a moment for each session and span ([`plan`]). Whoever finds that a moment has come writes
//! one mail to each person who has a seat, for all sessions of that day, or for those that begin together. What was
//! told is noted in the same transaction, under a key that takes each reminder once: any number of processes may look.

mod plan;
pub mod store;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use uuid::Uuid;

use self::store::{Candidate, Claim, Due, Has, Reminded};
use super::{
    contact::Code,
    decide::Registration,
    desk::House,
    facts::Facts,
    store::{self as seat_store, SeatRow, concerned},
};
use crate::{
    db::Conn,
    error::Result,
    mail::{self, Frozen, Item, Letter, MailData, Outcome, ProgrammeLine, Reminder, Timing, outbox},
    programme::{Status, instant, span::Span},
    release::{self, Release, ReleasedSession},
    tokens::Purpose,
};

/// The version of all links that stop reminders: they are never revoked, and open nothing else.
pub const LINK_VERSION: i64 = 1;
/// How long after its time a reminder may be unwritten; `parvis check` complains later.
pub const LATE: TimeDelta = TimeDelta::minutes(10);

/// People reminded in one transaction: between two, the desk has its turn.
const PEOPLE_MAX: i64 = 200;
/// Transactions of one turn: then others have theirs.
const BATCHES_MAX: usize = 40;
/// Sessions that begin within so long of each other share a mail of hours or minutes before.
const TOGETHER: TimeDelta = TimeDelta::hours(1);

/// Reminds everybody who is due: writes their mails, and says how many. Several processes may do it at once.
///
/// # Errors
/// Where the database fails; what is not written then stays due.
pub async fn remind_due(house: &House, now: DateTime<Utc>) -> Result<usize> {
    plan_anew(house, now).await?;
    let mut db = house.pool.acquire().await?;
    let rows = store::due(&mut db, now).await?;
    drop(db);
    let (mut mails, mut batches) = (0, 0);
    for due in rows {
        let mut after = Some(Uuid::nil());
        while let Some(behind) = after {
            if batches == BATCHES_MAX || house.pool.closing().is_cancelled() {
                return Ok(mails);
            }
            batches += 1;
            let (written, next) = remind_some(house, &due, behind, now).await?;
            (mails, after) = (mails + written, next);
        }
    }
    Ok(mails)
}

/// True for a release of a newer version, or a damaged one: who shows it says so in the log, and others go on.
fn is_unreadable(cause: &sqlx::Error) -> bool {
    matches!(cause, sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_))
}

/// Plans the programmes whose newest release is not planned yet.
async fn plan_anew(house: &House, now: DateTime<Utc>) -> Result<()> {
    let mut db = house.pool.acquire().await?;
    let planned = store::planned(&mut db).await?;
    let newest = release::store::newest_numbers(&mut db).await?;
    drop(db);
    for (programme, number) in newest {
        if planned.get(&programme).is_some_and(|planned| *planned >= number) {
            continue;
        }
        let mut tx = house.pool.begin().await?;
        if !store::hold_plan(&mut tx, programme, number).await? {
            continue;
        }
        let release = match release::store::load(&mut tx, programme, number).await {
            Ok(Some(release)) => release,
            Ok(None) => continue,
            Err(cause) if is_unreadable(&cause) => continue,
            Err(cause) => return Err(cause.into()),
        };
        let known = store::plan(&mut tx, programme).await?;
        let plan = plan::plan(programme, &release, &known, house.settle, now);
        store::put(&mut tx, &plan.put).await?;
        store::remove(&mut tx, &plan.remove).await?;
        // What was written for another beginning, and waits for the mail server, is not true any more.
        let sessions: Vec<_> = changed(&release, &known).into_iter().collect();
        let mails = store::mails_about(&mut tx, &sessions, now).await?;
        outbox::take_back(&mut tx, &mails, &sessions, now).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// The planned sessions that begin at another time now, or not at all.
fn changed(release: &Release, known: &[Due]) -> BTreeSet<Uuid> {
    let zone = release.programme.timezone;
    let timed = release.sessions.iter().filter(|session| plan::is_timed(session));
    let starts: HashMap<Uuid, DateTime<Utc>> =
        timed.map(|session| (session.id, session.starts_at(zone))).collect();
    let moved = known.iter().filter(|due| starts.get(&due.session_id) != Some(&due.starts));
    moved.map(|due| due.session_id).collect()
}

/// Takes back unsent reminders of seats that are given back, in the transaction that does it: the mail that says so
/// goes before them.
pub(super) async fn take_back(
    db: &mut Conn,
    written: impl Iterator<Item = &Registration>,
    now: DateTime<Utc>,
) -> Result<()> {
    let gone: HashMap<Uuid, Uuid> =
        written.filter(|one| !one.state.is_live()).map(|one| (one.id, one.session)).collect();
    let ids: Vec<_> = gone.keys().copied().collect();
    let mut of_session: BTreeMap<Uuid, Vec<Uuid>> = BTreeMap::new();
    for (registration, mail) in store::mails_of(db, &ids, now).await? {
        of_session.entry(gone[&registration]).or_default().push(mail);
    }
    for (session, mails) in of_session {
        outbox::take_back(db, &mails, &[session], now).await?;
    }
    Ok(())
}

/// Reminds some of the people of one session: how many mails that were, and behind whom to go on; nobody where there
/// is nothing more to do now.
async fn remind_some(
    house: &House,
    due: &Due,
    behind: Uuid,
    now: DateTime<Utc>,
) -> Result<(usize, Option<Uuid>)> {
    let mut tx = house.pool.begin().await?;
    if !store::hold(&mut tx, due).await? {
        return Ok((0, None));
    }
    let facts = match Facts::of(&mut tx, house, &BTreeSet::from([due.programme_id])).await {
        Ok(facts) => facts,
        Err(cause) if is_unreadable(&cause) => return Ok((0, None)),
        Err(cause) => return Err(cause.into()),
    };
    let Some(release) = facts.release(due.programme_id) else { return Ok((0, None)) };
    let mut window = match look(release, due, now) {
        Look::Unplanned => return Ok((0, None)),
        Look::Quiet { until } => {
            store::wait(&mut tx, due, until).await?;
            tx.commit().await?;
            return Ok((0, None));
        }
        Look::Over => {
            store::finish(&mut tx, due, now).await?;
            tx.commit().await?;
            return Ok((0, None));
        }
        Look::Open(window) => window,
    };
    let people = store::candidates(&mut tx, due, behind, PEOPLE_MAX).await?;
    let Some(last) = people.last().map(|person| person.participant_id) else {
        store::finish(&mut tx, due, now).await?;
        tx.commit().await?;
        return Ok((0, None));
    };
    // Nobody gets or gives back a seat in these sessions until what is said of it is written down.
    let seats = seat_store::lock_seats(&mut tx, window.sessions.iter().map(|session| session.id)).await?;
    window.sessions.retain(|session| stands(release, session, &seats));
    if !window.sessions.iter().any(|session| session.id == due.session_id) {
        // Published this moment: planned anew in the next turn.
        return Ok((0, None));
    }
    let letters = write(&mut tx, house, release, due, &window, &people, &seats, now).await?;
    outbox::queue(&mut tx, &letters, now).await?;
    tx.commit().await?;
    house.mail.notify_one();
    Ok((letters.len(), Some(last)))
}

/// What one mail can tell.
struct Window<'r> {
    timing: Timing,
    /// What begins from here…
    from: DateTime<Utc>,
    /// … until before this.
    until: DateTime<Utc>,
    /// By their beginning.
    sessions: Vec<&'r ReleasedSession>,
}

/// What is to be done about a moment that has come.
enum Look<'r> {
    /// Nothing now: the plan is not that of the release, and will be in the next turn.
    Unplanned,
    /// Nothing in the quiet hours.
    Quiet {
        /// Their end.
        until: DateTime<Utc>,
    },
    /// Nothing any more.
    Over,
    /// People are reminded.
    Open(Window<'r>),
}

fn look<'r>(release: &'r Release, due: &Due, now: DateTime<Utc>) -> Look<'r> {
    let zone = release.programme.timezone;
    let rules = &release.programme.rules;
    let quiet = plan::quiet(rules);
    if due.starts <= now {
        return Look::Over;
    }
    let Some(span) = Span::parse(&due.span) else { return Look::Over };
    let found = release.sessions.iter().find(|session| session.id == due.session_id);
    let Some(session) =
        found.filter(|session| plan::is_timed(session) && session.starts_at(zone) == due.starts)
    else {
        return Look::Unplanned;
    };
    let spans = rules.spans();
    // We come late, and a shorter span has had its time as well: that one says it.
    let is_said_by_another = |session: &ReleasedSession| {
        let shorter = spans.iter().take_while(|other| other.minutes() < span.minutes());
        shorter.filter_map(|other| plan::due_at(session, *other, zone, quiet)).any(|due_at| due_at <= now)
    };
    if is_said_by_another(session) {
        return Look::Over;
    }
    let (timing, from, until) = match span {
        Span::Days(_) => {
            if let Some(until) = plan::quiet_until(now, zone, quiet) {
                return Look::Quiet { until };
            }
            let midnight = |date: chrono::NaiveDate| instant(zone, date.and_time(NaiveTime::MIN));
            let next = session.date.checked_add_days(Days::new(1)).unwrap_or(session.date);
            (Timing::Day, midnight(session.date), midnight(next))
        }
        Span::Minutes(minutes) => {
            (Timing::Soon, due.starts, due.starts + TimeDelta::minutes(minutes).min(TOGETHER))
        }
    };
    let tells = |session: &&ReleasedSession| {
        let starts = session.starts_at(zone);
        plan::is_timed(session)
            && (from..until).contains(&starts)
            && starts > now
            && !is_said_by_another(session)
    };
    let mut sessions: Vec<_> = release.sessions.iter().filter(tells).collect();
    sessions.sort_by_key(|session| (session.starts_at(zone), session.slug.clone()));
    Look::Open(Window { timing, from, until, sessions })
}

/// True where the session is in force as this release has it.
fn stands(release: &Release, session: &ReleasedSession, seats: &BTreeMap<Uuid, SeatRow>) -> bool {
    let starts = session.starts_at(release.programme.timezone);
    seats.get(&session.id).is_some_and(|seat| {
        let settings = &seat.settings;
        settings.status == Status::Scheduled && settings.timed && settings.starts == starts
    })
}

/// Notes who is reminded of what, and gives the letters.
#[expect(clippy::too_many_arguments, reason = "what one transaction has read")]
async fn write(
    db: &mut Conn,
    house: &House,
    release: &Release,
    due: &Due,
    window: &Window<'_>,
    people: &[Candidate],
    seats: &BTreeMap<Uuid, SeatRow>,
    now: DateTime<Utc>,
) -> Result<Vec<Letter>> {
    let ids: Vec<_> = people.iter().map(|person| person.participant_id).collect();
    let sessions: Vec<_> = window.sessions.iter().map(|session| session.id).collect();
    let has = store::seats_of(db, &ids, &sessions).await?;
    let before = store::reminded(db, &ids, &due.span, window.from, window.until).await?;
    let fresh: Vec<_> = ids.iter().map(|person| (*person, house.tokens.id(now))).collect();
    let choices = store::choices(db, due.programme_id, &fresh).await?;
    let wanted = |person: &Candidate| {
        choices.get(&person.participant_id).is_some_and(|choice| choice.stopped_at.is_none())
    };
    let people: Vec<_> = people.iter().filter(|person| wanted(person)).copied().collect();

    let starts: HashMap<Uuid, DateTime<Utc>> = window
        .sessions
        .iter()
        .map(|session| (session.id, session.starts_at(release.programme.timezone)))
        .collect();
    let claims = claims(due, window.timing, &people, &has, &before, &starts, &mut || house.tokens.id(now));
    let ours: HashSet<Uuid> = store::claim(db, &due.span, &claims, now).await?.into_iter().collect();
    let told: HashMap<Uuid, Uuid> = claims
        .iter()
        .filter(|claim| ours.contains(&claim.registration_id))
        .filter_map(|claim| Some((claim.registration_id, claim.mail_id?)))
        .collect();
    let registrations: Vec<_> = told.keys().copied().collect();
    let registered = concerned::registered(db, &registrations).await?;

    let mut items: BTreeMap<Uuid, Vec<&concerned::Registered>> = BTreeMap::new();
    for (registration, mail) in &told {
        items.entry(*mail).or_default().extend(registered.get(registration));
    }
    let letter = |(mail, of): (Uuid, Vec<&concerned::Registered>)| {
        let person = &of.first()?.participant;
        let item = |session: &&ReleasedSession| {
            let found = of.iter().find(|one| one.registration.session == session.id)?;
            let join_url = seats.get(&session.id).and_then(|seat| seat.settings.join_url.as_deref());
            Some(Item {
                session: Frozen::of(release, session, join_url),
                outcome: Outcome::Confirmed,
                people: found.registration.people,
                sequence: session.sequence + found.registration.bumps,
                before: None,
                after: None,
            })
        };
        let data = MailData {
            programme: ProgrammeLine::of(release),
            name: person.name.clone(),
            agenda_token: house.key.seal(Purpose::Agenda, person.id, person.agenda_version),
            feed_token: house.key.seal(Purpose::Feed, person.id, person.feed_version),
            items: window.sessions.iter().filter_map(item).collect(),
            reminder: Some(Reminder {
                timing: window.timing,
                stop_token: house.key.seal(Purpose::Reminders, choices.get(&person.id)?.id, LINK_VERSION),
            }),
            confirm_token: None,
            door_code: person.code.as_deref().and_then(Code::parse).map(|code| code.readable()),
            own: mail::Own::default(),
        };
        Some(mail::reminder(mail, person.lang, person.email.as_deref()?, data))
    };
    Ok(items.into_iter().filter_map(letter).collect())
}

/// What each person is to be reminded of: everything of the window that they were not reminded of before. Who came to
/// this session after a mail had told their day is noted and not written to: the confirmation has said it.
fn claims(
    due: &Due,
    timing: Timing,
    people: &[Candidate],
    has: &[Has],
    before: &[Reminded],
    starts: &HashMap<Uuid, DateTime<Utc>>,
    new_id: &mut dyn FnMut() -> Uuid,
) -> Vec<Claim> {
    let mut of: HashMap<Uuid, Vec<&Has>> = HashMap::new();
    has.iter().for_each(|one| of.entry(one.participant_id).or_default().push(one));
    let known: HashSet<(Uuid, DateTime<Utc>)> =
        before.iter().map(|one| (one.registration_id, one.starts)).collect();
    let mut claims = Vec::new();
    for person in people {
        let theirs = of.get(&person.participant_id).map_or(&[][..], Vec::as_slice);
        // Given back this moment.
        let Some(own) = theirs.iter().find(|one| one.session_id == due.session_id) else { continue };
        let day_was_told = timing == Timing::Day
            && before
                .iter()
                .any(|one| one.participant_id == person.participant_id && one.at <= person.changed_at);
        if day_was_told {
            claims.push(Claim { registration_id: own.id, starts: due.starts, mail_id: None });
            continue;
        }
        let mail_id = Some(new_id());
        let beginning = |one: &&&Has| Some((one.id, *starts.get(&one.session_id)?));
        let news = theirs.iter().filter_map(|one| beginning(&one)).filter(|one| !known.contains(one));
        claims.extend(news.map(|(registration_id, starts)| Claim { registration_id, starts, mail_id }));
    }
    claims
}
