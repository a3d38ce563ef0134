//! The table `outbox`: mails written, not yet delivered, and what became of them. All its SQL. Callers commit.

mod again;
mod bounced;
mod counts;
mod journey;
mod list;
mod pace;
pub mod seen;
mod taken_back;
pub mod texts;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{QueryBuilder, query, query_as, query_scalar, types::Json};
use uuid::Uuid;

pub use self::{
    again::{Repeat, note_reader, queue_again, repeats, set_aside},
    bounced::{Posted, bounced, delayed, posted},
    counts::{Counts, counts, failed},
    journey::{Deadline, HELD_UP, Journey, held_up, journeys},
    list::{Row, State, list, to},
    pace::{hold as hold_pace, take as take_pace},
    taken_back::take_back,
};
use super::{Kind, Letter, MailData};
use crate::{
    db::{
        Conn,
        sizes::{filled, push_list},
    },
    locale::Lang,
    on,
    programme::{RESERVED_SLUGS, is_slug},
};

/// How long a claimed mail belongs to one worker; after that, any worker may take it.
pub const CLAIM_SECONDS: i64 = 60;
/// Rows in one statement: well under the 32,766 parameters that SQLite takes.
const ROWS_MAX: usize = 500;

/// Writes mails down, due at once. In the transaction that causes them: then each change has its mail, once.
pub async fn queue(db: &mut Conn, letters: &[Letter], now: DateTime<Utc>) -> sqlx::Result<()> {
    let letters = texts::with_own(db, letters).await?;
    for some in letters.chunks(ROWS_MAX) {
        on!(db, c => {
            let mut insert = QueryBuilder::new(
                "INSERT INTO outbox (id, kind, language, recipient, data, priority, programme, queued_at, due_at) ",
            );
            insert.push_values(filled(some), |mut row, letter| {
                row.push_bind(letter.id)
                    .push_bind(letter.kind.code())
                    .push_bind(letter.lang.code())
                    .push_bind(&letter.recipient)
                    .push_bind(Json(&letter.data))
                    .push_bind(letter.priority)
                    .push_bind(programme_of(letter))
                    .push_bind(now)
                    .push_bind(now);
            });
            // What fills the statement up is a row that stands in it already.
            insert.push(" ON CONFLICT DO NOTHING");
            insert.build().execute(c).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// What the office looks it up by; `None` for a mail of the house.
fn programme_of(letter: &Letter) -> Option<&str> {
    // What stands there instead (`office`) can be no programme's.
    Some(letter.data.programme.slug.as_str()).filter(|slug| is_slug(slug) && !RESERVED_SLUGS.contains(slug))
}

/// A mail that one worker has claimed.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Claimed {
    /// The row's identity.
    pub id: Uuid,
    /// When it was written: its `Date`.
    pub queued_at: DateTime<Utc>,
    /// How often it has failed so far.
    pub attempts: i64,
    kind: String,
    language: String,
    recipient: String,
    // Read as it stands: one row that we cannot read must not stop the others.
    data: Json<serde_json::Value>,
    priority: i64,
    due_at: DateTime<Utc>,
    /// Somebody had it in hand when they were killed: it may have arrived, and is claimed alone.
    #[sqlx(skip)]
    pub may_have_arrived: bool,
}

impl Claimed {
    /// The letter as it was written; an error names the column that cannot be read.
    pub fn letter(&self) -> Result<Letter, &'static str> {
        Ok(Letter {
            id: self.id,
            kind: Kind::parse(&self.kind).ok_or("kind")?,
            lang: Lang::parse(&self.language).ok_or("language")?,
            recipient: self.recipient.clone(),
            data: serde_json::from_value(self.data.0.clone()).map_err(|_| "data")?,
            priority: self.priority,
        })
    }

    /// Where the mail goes.
    pub fn recipient(&self) -> &str {
        &self.recipient
    }

    /// The word of its kind.
    pub fn kind(&self) -> &str {
        &self.kind
    }
}

/// True where [`claim`] would find something. Only reads, so that looking each second costs no write.
pub async fn anything_due(db: &mut Conn, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let due: i64 = on!(db, c => query_scalar(
        "SELECT COUNT(*) FROM (
             SELECT id FROM outbox
             WHERE sent_at IS NULL AND failed_at IS NULL AND due_at <= $1
               AND (claimed_until IS NULL OR claimed_until <= $1) LIMIT 1) AS one",
    )
    .bind(now)
    .fetch_one(c)
    .await)?;
    Ok(due > 0)
}

/// Takes at most `limit` due mails for [`CLAIM_SECONDS`], in the order of priority, due time and age.
///
/// A mail that somebody had in hand when they were killed may have arrived: it is taken alone, so that what becomes of it
/// is written down before the next. Killed again and again, we deliver one mail once more, and not a batch of them each time.
///
/// The test is repeated on purpose: on PostgreSQL a second worker waits for the first one's rows, tests them again
/// and finds them taken. As a subquery the list was run once for each due mail: 250 ms for 3,500 of them.
pub async fn claim(
    db: &mut Conn,
    worker: Uuid,
    now: DateTime<Utc>,
    limit: i64,
) -> sqlx::Result<Vec<Claimed>> {
    let due: Vec<(Uuid, bool)> = on!(db, c => query_as(
        "SELECT id, claimed_by IS NOT NULL FROM outbox
         WHERE sent_at IS NULL AND failed_at IS NULL AND recipient IS NOT NULL AND due_at <= $1
           AND (claimed_until IS NULL OR claimed_until <= $1)
         ORDER BY priority, due_at, id LIMIT $2",
    ).bind(now).bind(limit).fetch_all(c).await)?;
    let may_have_arrived = due.first().is_some_and(|(_, may_have_arrived)| *may_have_arrived);
    let due: Vec<Uuid> = match due.first() {
        None => return Ok(Vec::new()),
        Some((id, true)) => vec![*id],
        Some((_, false)) => {
            due.iter().take_while(|(_, may_have_arrived)| !may_have_arrived).map(|(id, _)| *id).collect()
        }
    };
    let mut batch: Vec<Claimed> = on!(db, c => {
        let mut query = QueryBuilder::new("UPDATE outbox SET claimed_by = ");
        query.push_bind(worker).push(", claimed_until = ").push_bind(now + TimeDelta::seconds(CLAIM_SECONDS));
        query.push(" WHERE sent_at IS NULL AND failed_at IS NULL AND recipient IS NOT NULL AND due_at <= ");
        query.push_bind(now).push(" AND (claimed_until IS NULL OR claimed_until <= ").push_bind(now);
        query.push(") AND id IN (");
        push_list(&mut query, due);
        query.push(") RETURNING id, queued_at, attempts, kind, language, recipient, data, priority, due_at");
        query.build_query_as().fetch_all(c).await
    })?;
    // No engine promises an order for RETURNING.
    batch.sort_by_key(|mail| (mail.priority, mail.due_at, mail.id));
    batch.iter_mut().for_each(|mail| mail.may_have_arrived = may_have_arrived);
    Ok(batch)
}

/// Ends every claim of this worker, whose mails may have arrived. Says how many such mails of it are not seen through, also
/// those whose claim has ended before.
pub async fn release_own(db: &mut Conn, worker: Uuid) -> sqlx::Result<u64> {
    on!(db, c => query(
        "UPDATE outbox SET claimed_until = NULL WHERE claimed_by = $1 AND sent_at IS NULL AND failed_at IS NULL",
    )
        .bind(worker)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))
}

/// What became of one delivery, to be written down by [`mark`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The row.
    pub id: Uuid,
    /// What happened.
    pub what: Delivery,
}

/// What happened to one claimed mail.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Delivery {
    /// The server has it.
    Sent {
        /// When.
        at: DateTime<Utc>,
    },
    /// It failed and is tried again.
    Retry {
        /// When.
        at: DateTime<Utc>,
        /// Why it failed, without personal data.
        error: String,
    },
    /// It failed for good.
    Failed {
        /// When.
        at: DateTime<Utc>,
        /// Why it failed, without personal data.
        error: String,
    },
    /// It was not tried, or nobody was there: as if it had not been claimed.
    Released {
        /// What stood in the way, if anything.
        error: Option<String>,
        /// It may have arrived before: [`Claimed::may_have_arrived`].
        may_have_arrived: bool,
    },
}

/// Writes down what became of claimed mails, in a few statements of many rows.
///
/// A mail that another worker has taken over meanwhile is only ever marked as sent.
pub async fn mark(db: &mut Conn, worker: Uuid, marks: &[Mark]) -> sqlx::Result<()> {
    let mut alike: BTreeMap<&Delivery, Vec<Uuid>> = BTreeMap::new();
    for mark in marks {
        alike.entry(&mark.what).or_default().push(mark.id);
    }
    for (what, ids) in alike {
        for some in ids.chunks(ROWS_MAX) {
            mark_alike(db, worker, what, some).await?;
        }
    }
    Ok(())
}

async fn mark_alike(db: &mut Conn, worker: Uuid, what: &Delivery, ids: &[Uuid]) -> sqlx::Result<()> {
    on!(db, c => {
        let mut update = QueryBuilder::new("UPDATE outbox SET claimed_until = NULL, ");
        if !matches!(what, Delivery::Released { may_have_arrived: true, .. }) {
            update.push("claimed_by = NULL, ");
        }
        match what {
            Delivery::Sent { at } => {
                update.push("error = NULL, failed_at = NULL, sent_at = ").push_bind(*at);
            }
            Delivery::Retry { at, error } => {
                update.push("attempts = attempts + 1, error = ").push_bind(error);
                update.push(", due_at = ").push_bind(*at);
            }
            Delivery::Failed { at, error } => {
                update.push("attempts = attempts + 1, error = ").push_bind(error);
                update.push(", failed_at = ").push_bind(*at);
            }
            Delivery::Released { error, .. } => {
                update.push("error = COALESCE(").push_bind(error).push(", error)");
            }
        }
        update.push(" WHERE sent_at IS NULL");
        match what {
            // It may have come back already.
            Delivery::Sent { .. } => drop(update.push(" AND bounced_at IS NULL")),
            Delivery::Retry { .. } | Delivery::Failed { .. } | Delivery::Released { .. } => {
                update.push(" AND claimed_by = ").push_bind(worker);
            }
        }
        update.push(" AND id IN (");
        push_list(&mut update, ids.iter().copied());
        update.push(")");
        update.build().execute(c).await.map(|_| ())
    })
}

/// Which mails to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which<'a> {
    /// Every one that never left. One that came back is sent again by its id: its address would send it back once more;
    /// so is one that was aborted.
    AllFailed,
    /// These, failed or waiting.
    Ids(&'a [Uuid]),
}

/// Makes mails due now, with all their attempts before them; says how many. A sent mail is not sent again, an
/// erased one never.
pub async fn retry(db: &mut Conn, which: Which<'_>, now: DateTime<Utc>) -> sqlx::Result<u64> {
    let chunks: Vec<Option<&[Uuid]>> = match which {
        Which::AllFailed => vec![None],
        Which::Ids(ids) => ids.chunks(ROWS_MAX).map(Some).collect(),
    };
    let mut retried = 0;
    for ids in chunks {
        retried += on!(db, c => {
            let mut update = QueryBuilder::new(
                "UPDATE outbox
                 SET failed_at = NULL, bounced_at = NULL, aborted_at = NULL, error = NULL, attempts = 0, due_at = ",
            );
            update.push_bind(now).push(" WHERE sent_at IS NULL AND recipient IS NOT NULL");
            match ids {
                None => {
                    update.push(" AND failed_at IS NOT NULL AND bounced_at IS NULL AND aborted_at IS NULL");
                }
                Some(ids) => {
                    update.push(" AND id IN (");
                    push_list(&mut update, ids.iter().copied());
                    update.push(")");
                }
            }
            update.build().execute(c).await.map(|done| done.rows_affected())
        })?;
    }
    Ok(retried)
}

/// Empties address and data of a person's mails; kind, state and times stay, and nothing of it is sent.
pub async fn erase(db: &mut Conn, recipient: &str, now: DateTime<Utc>) -> sqlx::Result<u64> {
    on!(db, c => emptying(now).push("recipient = ").push_bind(recipient).build().execute(c).await
        .map(|done| done.rows_affected()))
}

/// The same for mails to an address that was theirs before: [`note_reader`].
pub async fn erase_former(db: &mut Conn, reader: Uuid, now: DateTime<Utc>) -> sqlx::Result<u64> {
    on!(db, c => emptying(now).push("recipient IS NOT NULL AND reader = ").push_bind(reader).build().execute(c).await
        .map(|done| done.rows_affected()))
}

/// The same for those of their mails that are of this kind.
pub async fn erase_kind(db: &mut Conn, recipient: &str, kind: Kind, now: DateTime<Utc>) -> sqlx::Result<u64> {
    on!(db, c => emptying(now).push("recipient = ").push_bind(recipient).push(" AND kind = ").push_bind(kind.code())
        .build().execute(c).await.map(|done| done.rows_affected()))
}

/// The same for every mail of no programme written before that moment.
pub async fn erase_before(db: &mut Conn, before: DateTime<Utc>, now: DateTime<Utc>) -> sqlx::Result<u64> {
    on!(db, c => emptying(now).push("recipient IS NOT NULL AND programme IS NULL AND queued_at < ")
        .push_bind(before).build().execute(c).await.map(|done| done.rows_affected()))
}

/// The same for every mail of a programme.
pub async fn erase_of(db: &mut Conn, programme: &str, now: DateTime<Utc>) -> sqlx::Result<u64> {
    on!(db, c => emptying(now).push("recipient IS NOT NULL AND programme = ").push_bind(programme).build()
        .execute(c).await.map(|done| done.rows_affected()))
}

/// The same for these mails.
pub async fn erase_these(db: &mut Conn, ids: &[Uuid], now: DateTime<Utc>) -> sqlx::Result<()> {
    for some in ids.chunks(ROWS_MAX) {
        on!(db, c => {
            let mut update = emptying(now);
            update.push("recipient IS NOT NULL AND id IN (");
            push_list(&mut update, some.iter().copied());
            update.push(")");
            update.build().execute(c).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// How many mails of a programme still say to whom they are.
pub async fn personal_of(db: &mut Conn, programme: &str) -> sqlx::Result<i64> {
    on!(db, c => query_scalar("SELECT COUNT(*) FROM outbox WHERE programme = $1 AND recipient IS NOT NULL")
        .bind(programme)
        .fetch_one(c)
        .await)
}

fn emptying<DB: sqlx::Database>(now: DateTime<Utc>) -> QueryBuilder<DB>
where
    DateTime<Utc>: sqlx::Encode<'static, DB> + sqlx::Type<DB>,
{
    let mut update = QueryBuilder::new(
        "UPDATE outbox
         SET recipient = NULL, data = '{}', claimed_by = NULL, claimed_until = NULL,
             error = CASE WHEN sent_at IS NULL AND failed_at IS NULL THEN 'erased' ELSE error END,
             failed_at = CASE WHEN sent_at IS NULL THEN COALESCE(failed_at, ",
    );
    update.push_bind(now).push(") END WHERE ");
    update
}

/// What was written to these people since that moment, by address. Erased mails say nothing any more.
pub async fn written_since(
    db: &mut Conn,
    recipients: &[&str],
    since: DateTime<Utc>,
) -> sqlx::Result<Vec<(String, DateTime<Utc>, MailData)>> {
    let mut found = Vec::new();
    for some in recipients.chunks(ROWS_MAX) {
        let rows: Vec<(String, DateTime<Utc>, Json<serde_json::Value>)> = on!(db, c => {
            let mut select = QueryBuilder::new("SELECT recipient, queued_at, data FROM outbox WHERE queued_at >= ");
            select.push_bind(since).push(" AND recipient IN (");
            push_list(&mut select, some.iter().copied());
            select.push(")").build_query_as().fetch_all(c).await
        })?;
        // A row of another version tells us nothing.
        let read = |(recipient, at, Json(data))| Some((recipient, at, serde_json::from_value(data).ok()?));
        found.extend(rows.into_iter().filter_map(read));
    }
    Ok(found)
}

/// How many of these mails are not here: for `parvis check`.
pub async fn missing(db: &mut Conn, ids: &[Uuid]) -> sqlx::Result<usize> {
    let mut missing = ids.len();
    for chunk in ids.chunks(ROWS_MAX) {
        let here: i64 = on!(db, c => {
            let mut query = QueryBuilder::new("SELECT COUNT(*) FROM outbox WHERE id IN (");
            push_list(&mut query, chunk.iter().copied());
            query.push(")").build_query_scalar().fetch_one(c).await
        })?;
        missing -= usize::try_from(here).unwrap_or(0);
    }
    Ok(missing)
}
