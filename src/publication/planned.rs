//! Publishing at a time: a row until then, and whoever looks first publishes the draft as it stands.
//!
//! The row leaves `planned` in the transaction that publishes, under the programme's lock: two processes, or one that
//! was killed and came back, publish once. What cannot be published stands in the row as a word, and the page says it.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

pub use super::store::{Planned, State, due_before, last};
use super::{Publication, Wish, plan::digest, publish_in, store};
use crate::{
    audit::{self, Actor, Entry, Facts},
    error::{Error, Result, is_crossing},
    programme,
    registration::desk::House,
    release,
};

/// The furthest a publication can be planned ahead.
pub const AHEAD_MAX: TimeDelta = TimeDelta::days(366);
/// How long after its time a plan may still be to come; `parvis check` complains later.
pub const LATE: TimeDelta = TimeDelta::minutes(1);

/// What became of the wish to publish later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It is planned; so it is where this wish was heard before: a double click, an answer that never came.
    Planned,
    /// The draft, or the release that stands, is not what the author was shown.
    Changed,
    /// There is a plan already.
    Taken,
    /// That moment is not in the time to come, or more than a year away.
    WrongTime,
}

/// Plans a publication of the draft of that slug.
///
/// # Errors
/// [`Error::NotFound`] where there is no such programme.
pub async fn plan(house: &House, slug: &str, due_at: DateTime<Utc>, wish: Wish<'_>) -> Result<Answer> {
    let now = house.clock.now();
    if due_at <= now || now + AHEAD_MAX < due_at {
        return Ok(Answer::WrongTime);
    }
    let mut tx = house.pool.begin().await?;
    let id = programme::store::id_of(&mut tx, slug).await?.ok_or(Error::NotFound)?;
    programme::store::hold(&mut tx, id).await?;
    let is_this = |plan: &Planned| {
        plan.state == State::Planned
            && (plan.due_at, plan.note.as_str(), plan.author_id) == (due_at, wish.note, wish.author.user())
    };
    if store::last(&mut tx, id).await?.is_some_and(|plan| is_this(&plan)) {
        return Ok(Answer::Planned);
    }
    let draft = programme::store::load_by_id(&mut tx, id).await?.ok_or(Error::NotFound)?;
    if let Some(seen) = wish.seen
        && seen != digest(&draft, release::store::newest(&mut tx, id).await?)
    {
        return Ok(Answer::Changed);
    }
    let plan = Planned {
        id: house.tokens.id(now),
        programme_id: id,
        due_at,
        note: wish.note.to_owned(),
        author_id: wish.author.user(),
        made_at: now,
        state: State::Planned,
        ended_at: None,
        release_number: None,
        problem: None,
    };
    if !store::insert(&mut tx, &plan).await? {
        return Ok(Answer::Taken);
    }
    let facts = Facts::default().with("due_at", due_at);
    audit::record(
        &mut tx,
        &line(house, wish.author, "release.plan", &plan, now).facts(Facts::default(), facts),
    )
    .await?;
    tx.commit().await?;
    Ok(Answer::Planned)
}

/// Takes a plan of that programme back. False where it is not to come (any more).
pub async fn take_back(house: &House, programme: Uuid, actor: Actor) -> Result<bool> {
    let now = house.clock.now();
    let mut tx = house.pool.begin().await?;
    programme::store::hold(&mut tx, programme).await?;
    let Some(plan) = store::last(&mut tx, programme).await? else { return Ok(false) };
    if !store::end(&mut tx, plan.id, State::Withdrawn, None, now).await? {
        return Ok(false);
    }
    audit::record(&mut tx, &line(house, actor, "release.unplan", &plan, now)).await?;
    tx.commit().await?;
    Ok(true)
}

/// Publishes what has its time. Several processes may do it at once.
///
/// # Errors
/// Where the database fails; the plan then stays, and is tried again.
pub async fn run_due(house: &House, now: DateTime<Utc>) -> Result<()> {
    let mut db = house.pool.acquire().await?;
    let due = store::due(&mut db, now).await?;
    drop(db);
    for plan in due {
        match run(house, &plan, now).await {
            Ok(_) => {}
            Err(cause) if cause.is_passing() || is_crossing(&cause) => return Err(cause),
            Err(cause) => {
                log::error!("a planned publication failed: {cause}");
                fail(house, &plan, problem(&cause), now).await?;
            }
        }
    }
    Ok(())
}

/// `None` where somebody else was first.
async fn run(house: &House, plan: &Planned, now: DateTime<Utc>) -> Result<Option<Publication>> {
    let mut tx = house.pool.begin().await?;
    programme::store::hold(&mut tx, plan.programme_id).await?;
    if !store::end(&mut tx, plan.id, State::Done, None, now).await? {
        return Ok(None);
    }
    let draft = programme::store::load_by_id(&mut tx, plan.programme_id).await?.ok_or(Error::NotFound)?;
    let author = plan.author_id.map_or(Actor::Command, Actor::User);
    let wish = Wish { note: &plan.note, author, seen: None, again: None };
    let (done, seats) = publish_in(&mut tx, house, plan.programme_id, &draft, wish, now).await?;
    store::made(&mut tx, plan.id, done.release.as_ref().map(|release| release.number)).await?;
    tx.commit().await?;
    house.board.put(seats);
    house.mail.notify_one();
    Ok(Some(done))
}

async fn fail(house: &House, plan: &Planned, problem: &'static str, now: DateTime<Utc>) -> Result<()> {
    let mut tx = house.pool.begin().await?;
    if store::end(&mut tx, plan.id, State::Failed, Some(problem), now).await? {
        let facts = Facts::default().with("problem", problem);
        let line = line(house, Actor::House, "release.plan-failed", plan, now);
        audit::record(&mut tx, &line.facts(Facts::default(), facts)).await?;
    }
    Ok(tx.commit().await?)
}

/// The word for the page: `publish-problem-unreadable`.
fn problem(cause: &Error) -> &'static str {
    match cause {
        Error::Database(sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_)) => "unreadable",
        _ => "internal",
    }
}

fn line(house: &House, actor: Actor, action: &'static str, plan: &Planned, now: DateTime<Utc>) -> Entry {
    Entry::new(&house.tokens, now, actor, action, audit::subject("plan", plan.id)).of(plan.programme_id)
}
