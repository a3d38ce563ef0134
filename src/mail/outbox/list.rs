//! The outbox as organisers and people see it.

use chrono::{DateTime, Utc};
use sqlx::{QueryBuilder, query_as};
use uuid::Uuid;

use crate::{db::Conn, on};

/// Mails in one list.
const LIST_MAX: i64 = 1000;

/// Where a mail stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Waits to be delivered, now or later.
    Due,
    /// Handed to the mail server.
    Sent,
    /// Failed for good, until somebody retries it.
    Failed,
    /// Kept back by the organisers, until somebody retries it.
    Aborted,
}

impl State {
    /// The word in `parvis mail list`.
    pub fn code(self) -> &'static str {
        match self {
            State::Due => "due",
            State::Sent => "sent",
            State::Failed => "failed",
            State::Aborted => "aborted",
        }
    }

    fn condition(self) -> &'static str {
        match self {
            State::Due => "sent_at IS NULL AND failed_at IS NULL",
            State::Sent => "sent_at IS NOT NULL",
            State::Failed => "failed_at IS NOT NULL AND aborted_at IS NULL",
            State::Aborted => "aborted_at IS NOT NULL AND sent_at IS NULL",
        }
    }
}

/// A mail as organisers see it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    /// The row's identity.
    pub id: Uuid,
    /// What mail it is.
    pub kind: String,
    /// In which language.
    pub language: String,
    /// To whom; `None` after erasure.
    pub recipient: Option<String>,
    /// When it was written.
    pub queued_at: DateTime<Utc>,
    /// When it is tried next.
    pub due_at: DateTime<Utc>,
    /// How often it has failed.
    pub attempts: i64,
    /// When the server took it.
    pub sent_at: Option<DateTime<Utc>>,
    /// When it failed for good.
    pub failed_at: Option<DateTime<Utc>>,
    /// When organisers kept it back.
    pub aborted_at: Option<DateTime<Utc>>,
    /// Of the last attempt; never with personal data.
    pub error: Option<String>,
}

impl Row {
    /// Where it stands.
    pub fn state(&self) -> State {
        match (self.sent_at, self.failed_at, self.aborted_at) {
            (Some(_), ..) => State::Sent,
            (None, Some(_), Some(_)) => State::Aborted,
            (None, Some(_), None) => State::Failed,
            (None, None, _) => State::Due,
        }
    }
}

/// The newest mails, at most 1,000: of one state, or (`None`) of all.
pub async fn list(db: &mut Conn, state: Option<State>) -> sqlx::Result<Vec<Row>> {
    let condition = state.map_or("TRUE", State::condition);
    on!(db, c => {
        let mut select = QueryBuilder::new(
            "SELECT id, kind, language, recipient, queued_at, due_at, attempts, sent_at, failed_at, aborted_at, error
             FROM outbox WHERE ",
        );
        select.push(condition).push(" ORDER BY queued_at DESC, id DESC LIMIT ").push_bind(LIST_MAX);
        select.build_query_as().fetch_all(c).await
    })
}

/// Every mail to this person, oldest first.
pub async fn to(db: &mut Conn, recipient: &str) -> sqlx::Result<Vec<Row>> {
    on!(db, c => query_as(
        "SELECT id, kind, language, recipient, queued_at, due_at, attempts, sent_at, failed_at, aborted_at, error
         FROM outbox WHERE recipient = $1 ORDER BY queued_at, id",
    )
    .bind(recipient)
    .fetch_all(c)
    .await)
}
