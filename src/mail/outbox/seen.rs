//! The outbox as the office looks through it: by state, kind, recipient and day, the newest first; and what is done
//! about one mail.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder, query, query_as, types::Json};
use uuid::Uuid;

use super::{Letter, list::Row};
use crate::{
    db::{Conn, sizes::push_list},
    locale::Lang,
    mail::Kind,
    on,
};

/// Where a mail stands, as exactly as anybody wants to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Will be sent in a moment.
    Due,
    /// A worker has it in its hands.
    Sending,
    /// Has failed, or waits for a server, and is tried again.
    Delayed,
    /// The mail server has it.
    Sent,
    /// Will not be sent until somebody tries it again.
    Failed,
    /// The mail server had it, and it came back.
    Bounced,
    /// Kept back by the organisers.
    Aborted,
    /// Its reader was erased before it was sent, or what it said was taken back.
    Erased,
}

impl Standing {
    /// In the order in which people look for them.
    pub const ALL: [Standing; 8] = [
        Standing::Due,
        Standing::Sending,
        Standing::Delayed,
        Standing::Failed,
        Standing::Bounced,
        Standing::Aborted,
        Standing::Sent,
        Standing::Erased,
    ];

    /// The word in addresses and message keys.
    pub fn code(self) -> &'static str {
        match self {
            Standing::Due => "due",
            Standing::Sending => "sending",
            Standing::Delayed => "delayed",
            Standing::Sent => "sent",
            Standing::Failed => "failed",
            Standing::Bounced => "bounced",
            Standing::Aborted => "aborted",
            Standing::Erased => "erased",
        }
    }

    /// The state of that code.
    pub fn parse(code: &str) -> Option<Standing> {
        Standing::ALL.into_iter().find(|standing| standing.code() == code)
    }

    /// True where trying again can do something.
    pub fn can_be_tried(self) -> bool {
        matches!(self, Standing::Delayed | Standing::Failed | Standing::Bounced | Standing::Aborted)
    }

    /// True where nothing more happens to it by itself, and it still says something.
    pub fn has_ended(self) -> bool {
        matches!(self, Standing::Sent | Standing::Failed | Standing::Bounced | Standing::Aborted)
    }

    /// True where it can still be kept back.
    pub fn can_be_aborted(self) -> bool {
        matches!(self, Standing::Due | Standing::Delayed)
    }
}

/// Which mails are looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of one programme.
    pub programme: Option<String>,
    /// In one state.
    pub standing: Option<Standing>,
    /// Of one kind.
    pub kind: Option<Kind>,
    /// Of none of these.
    pub without: Vec<Kind>,
    /// To one address.
    pub recipient: Option<String>,
    /// Written from then on.
    pub from: Option<DateTime<Utc>>,
    /// Written before then.
    pub until: Option<DateTime<Utc>>,
    /// Older than this mail: the next page.
    pub before: Option<Uuid>,
}

/// A mail in the list.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Seen {
    /// What the command sees as well.
    #[sqlx(flatten)]
    pub row: Row,
    /// Of which programme; `None` for those of before the office.
    pub programme: Option<String>,
    claimed_until: Option<DateTime<Utc>>,
    bounced_at: Option<DateTime<Utc>>,
}

impl Seen {
    /// Where it stands.
    pub fn standing(&self, now: DateTime<Utc>) -> Standing {
        let row = &self.row;
        match (row.sent_at, row.failed_at) {
            (Some(_), _) => Standing::Sent,
            (None, Some(_)) if row.recipient.is_none() => Standing::Erased,
            (None, Some(_)) if row.aborted_at.is_some() => Standing::Aborted,
            (None, Some(_)) if self.bounced_at.is_some() => Standing::Bounced,
            (None, Some(_)) => Standing::Failed,
            (None, None) if self.claimed_until.is_some_and(|until| until > now) => Standing::Sending,
            (None, None) if row.attempts > 0 || row.error.is_some() || row.due_at > now => Standing::Delayed,
            (None, None) => Standing::Due,
        }
    }
}

/// These mails, the newest first, at most `limit`.
pub async fn page(db: &mut Conn, filter: &Filter, now: DateTime<Utc>, limit: i64) -> sqlx::Result<Vec<Seen>> {
    on!(db, c => {
        let mut select = QueryBuilder::new(
            "SELECT id, kind, language, recipient, queued_at, due_at, attempts, sent_at, failed_at, aborted_at, error,
                    programme, claimed_until, bounced_at
             FROM outbox WHERE TRUE",
        );
        if let Some(programme) = &filter.programme {
            select.push(" AND programme = ").push_bind(programme);
        }
        if let Some(kind) = filter.kind {
            select.push(" AND kind = ").push_bind(kind.code());
        }
        if !filter.without.is_empty() {
            select.push(" AND kind NOT IN (");
            push_list(&mut select, filter.without.iter().map(|kind| kind.code()));
            select.push(")");
        }
        if let Some(recipient) = &filter.recipient {
            select.push(" AND recipient = ").push_bind(recipient);
        }
        if let Some(from) = filter.from {
            select.push(" AND queued_at >= ").push_bind(from).push(" AND id >= ").push_bind(first_id_of(from));
        }
        if let Some(until) = filter.until {
            select.push(" AND queued_at < ").push_bind(until).push(" AND id < ").push_bind(first_id_of(until));
        }
        if let Some(before) = filter.before {
            select.push(" AND id < ").push_bind(before);
        }
        match filter.standing {
            None => {}
            Some(Standing::Sent) => drop(select.push(" AND sent_at IS NOT NULL")),
            Some(Standing::Erased) => {
                select.push(" AND failed_at IS NOT NULL AND sent_at IS NULL AND recipient IS NULL");
            }
            Some(Standing::Aborted) => {
                select.push(" AND failed_at IS NOT NULL AND recipient IS NOT NULL AND aborted_at IS NOT NULL");
            }
            Some(Standing::Bounced) => {
                select.push(" AND failed_at IS NOT NULL AND recipient IS NOT NULL AND aborted_at IS NULL AND bounced_at IS NOT NULL");
            }
            Some(Standing::Failed) => {
                select.push(" AND failed_at IS NOT NULL AND recipient IS NOT NULL AND aborted_at IS NULL AND bounced_at IS NULL");
            }
            Some(Standing::Sending) => {
                select.push(" AND sent_at IS NULL AND failed_at IS NULL AND claimed_until > ").push_bind(now);
            }
            Some(Standing::Delayed) => {
                select.push(" AND sent_at IS NULL AND failed_at IS NULL AND (claimed_until IS NULL OR claimed_until <= ");
                select.push_bind(now).push(") AND (attempts > 0 OR error IS NOT NULL OR due_at > ").push_bind(now);
                select.push(")");
            }
            Some(Standing::Due) => {
                select.push(" AND sent_at IS NULL AND failed_at IS NULL AND (claimed_until IS NULL OR claimed_until <= ");
                select.push_bind(now).push(") AND attempts = 0 AND error IS NULL AND due_at <= ").push_bind(now);
            }
        }
        select.push(" ORDER BY id DESC LIMIT ").push_bind(limit).build_query_as().fetch_all(c).await
    })
}

/// The lowest id that is made from that moment on (RFC 9562, section 5.7): days of a long list are found by the index.
fn first_id_of(moment: DateTime<Utc>) -> Uuid {
    let millis = moment.timestamp_millis().unsigned_abs();
    Uuid::from_u128(u128::from(millis) << 80)
}

/// A mail, and what it says.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Whole {
    /// As in the list.
    #[sqlx(flatten)]
    pub seen: Seen,
    /// The mail that it repeats.
    pub again_of: Option<Uuid>,
    data: Json<serde_json::Value>,
    priority: i64,
}

impl Whole {
    /// The first of those that say the same: of this one, if it repeats none.
    pub fn root(&self) -> Uuid {
        self.again_of.unwrap_or(self.seen.row.id)
    }

    /// The letter, for who looks at it: without the secrets of its reader. `None` where it is erased, or of another
    /// version.
    pub fn letter(&self) -> Option<Letter> {
        let letter = self.unmasked()?;
        Some(Letter { data: letter.data.masked(), ..letter })
    }

    /// The letter with the secrets of its reader, for who writes to them again: nobody else reads it.
    pub fn unmasked(&self) -> Option<Letter> {
        let row = &self.seen.row;
        let data: crate::mail::MailData = serde_json::from_value(self.data.0.clone()).ok()?;
        Some(Letter {
            id: row.id,
            kind: Kind::parse(&row.kind)?,
            lang: Lang::parse(&row.language)?,
            recipient: row.recipient.clone()?,
            data,
            priority: self.priority,
        })
    }
}

/// The mail of that id; of that programme, where one is named.
pub async fn one(db: &mut Conn, id: Uuid, programme: Option<&str>) -> sqlx::Result<Option<Whole>> {
    on!(db, c => {
        let mut select = QueryBuilder::new(
            "SELECT id, kind, language, recipient, queued_at, due_at, attempts, sent_at, failed_at, aborted_at, error,
                    programme, claimed_until, bounced_at, again_of, data, priority
             FROM outbox WHERE id = ",
        );
        select.push_bind(id);
        if let Some(programme) = programme {
            select.push(" AND programme = ").push_bind(programme);
        }
        select.build_query_as().fetch_optional(c).await
    })
}

/// How many mails wait, and how many need somebody.
#[derive(Debug, Clone, Default, PartialEq, Eq, FromRow)]
pub struct Waiting {
    /// Of which programme; `None` for those of before the office.
    pub programme: Option<String>,
    /// Not sent yet.
    pub due: i64,
    /// Failed or came back.
    pub failed: i64,
}

/// The programmes whose mails wait or need somebody. What is sent is not counted: there may be a great many.
pub async fn waiting(db: &mut Conn) -> sqlx::Result<Vec<Waiting>> {
    // Grouped outside: grouped within, SQLite reads each mail of a programme, sent or not, in the order of the group.
    on!(db, c => query_as(
        "SELECT programme, CAST(COALESCE(SUM(due), 0) AS BIGINT) AS due, CAST(COALESCE(SUM(failed), 0) AS BIGINT) AS failed
         FROM (
             SELECT programme, 1 AS due, 0 AS failed FROM outbox WHERE sent_at IS NULL AND failed_at IS NULL
             UNION ALL
             SELECT programme, 0 AS due, 1 AS failed FROM outbox
             WHERE failed_at IS NOT NULL AND recipient IS NOT NULL AND aborted_at IS NULL
         ) AS counted
         GROUP BY programme",
    )
    .fetch_all(c)
    .await)
}

/// Keeps a mail back that is not sent yet. False where it is sent, failed, or in a worker's hands: then nothing changes.
pub async fn abort(db: &mut Conn, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<bool> {
    on!(db, c => query(
        "UPDATE outbox
         SET failed_at = $2, aborted_at = $2, error = 'aborted', claimed_by = NULL, claimed_until = NULL
         WHERE id = $1 AND sent_at IS NULL AND failed_at IS NULL AND (claimed_until IS NULL OR claimed_until <= $2)",
    )
    .bind(id)
    .bind(now)
    .execute(c)
    .await
    .map(|done| done.rows_affected() > 0))
}

/// Makes every mail of a programme due again that never left, as [`super::retry`] does it; says how many.
pub async fn retry_failed_of(db: &mut Conn, programme: &str, now: DateTime<Utc>) -> sqlx::Result<u64> {
    on!(db, c => query(
        "UPDATE outbox
         SET failed_at = NULL, error = NULL, attempts = 0, due_at = $2
         WHERE programme = $1 AND sent_at IS NULL AND recipient IS NOT NULL
           AND failed_at IS NOT NULL AND bounced_at IS NULL AND aborted_at IS NULL",
    )
    .bind(programme)
    .bind(now)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))
}
