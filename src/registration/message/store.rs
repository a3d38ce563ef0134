//! The table `message`, and who reads one.

pub mod outlook;

use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder, query, query_as, query_scalar, types::Json};
use uuid::Uuid;

use super::Content;
use crate::{
    db::{Conn, sizes::push_list},
    on,
};

/// The most messages in one list.
const LIST_MAX: i64 = 200;
/// Ids of one statement.
const IDS_MAX: usize = 500;

/// A message, sent or not.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Message {
    /// Which.
    pub id: Uuid,
    /// Who wrote it.
    pub author: Uuid,
    /// When it was last written.
    pub changed_at: DateTime<Utc>,
    /// How often it was sent to its author.
    pub tests: i64,
    /// When it was sent; `None`: not yet.
    pub sent_at: Option<DateTime<Utc>>,
    /// Who sent it.
    pub sent_by: Option<Uuid>,
    /// To how many people.
    pub recipients: i64,
    content: Json<Content>,
}

impl Message {
    /// To whom, and what it says.
    pub fn content(&self) -> &Content {
        &self.content.0
    }
}

/// Keeps a message that is new; the same form gives the same one, whose id this is.
pub async fn keep(
    db: &mut Conn,
    (id, form_key): (Uuid, &str),
    programme: Uuid,
    content: &Content,
    author: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<Uuid> {
    on!(db, c => query_scalar(
        "INSERT INTO message (id, programme_id, form_key, content, author, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (form_key) DO UPDATE SET form_key = message.form_key
         RETURNING id",
    )
    .bind(id)
    .bind(programme)
    .bind(form_key)
    .bind(Json(content))
    .bind(author)
    .bind(now)
    .fetch_one(c)
    .await)
}

/// Writes a message anew. False where it is sent, or is none of the programme's.
pub async fn change(
    db: &mut Conn,
    id: Uuid,
    programme: Uuid,
    content: &Content,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    on!(db, c => query(
        "UPDATE message SET content = $3, changed_at = $4
         WHERE id = $1 AND programme_id = $2 AND sent_at IS NULL",
    )
    .bind(id)
    .bind(programme)
    .bind(Json(content))
    .bind(now)
    .execute(c)
    .await
    .map(|done| done.rows_affected() > 0))
}

/// Throws a message away that is not sent. False where there is none.
pub async fn discard(db: &mut Conn, id: Uuid, programme: Uuid) -> sqlx::Result<bool> {
    on!(db, c => query("DELETE FROM message WHERE id = $1 AND programme_id = $2 AND sent_at IS NULL")
        .bind(id)
        .bind(programme)
        .execute(c)
        .await
        .map(|done| done.rows_affected() > 0))
}

/// The message of that id, where it is the programme's.
pub async fn find(db: &mut Conn, programme: Uuid, id: Uuid) -> sqlx::Result<Option<Message>> {
    on!(db, c => query_as(
        "SELECT id, author, changed_at, tests, sent_at, sent_by, recipients, content
         FROM message WHERE id = $1 AND programme_id = $2",
    )
    .bind(id)
    .bind(programme)
    .fetch_optional(c)
    .await)
}

/// The messages of a programme, the newest first.
pub async fn list(db: &mut Conn, programme: Uuid) -> sqlx::Result<Vec<Message>> {
    on!(db, c => query_as(
        "SELECT id, author, changed_at, tests, sent_at, sent_by, recipients, content
         FROM message WHERE programme_id = $1 ORDER BY id DESC LIMIT $2",
    )
    .bind(programme)
    .bind(LIST_MAX)
    .fetch_all(c)
    .await)
}

/// Notes that it is sent. Of several at once only one hears `true`.
pub async fn claim(
    db: &mut Conn,
    id: Uuid,
    by: Uuid,
    recipients: i64,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    on!(db, c => query(
        "UPDATE message SET sent_at = $3, sent_by = $2, recipients = $4 WHERE id = $1 AND sent_at IS NULL",
    )
    .bind(id)
    .bind(by)
    .bind(now)
    .bind(recipients)
    .execute(c)
    .await
    .map(|done| done.rows_affected() > 0))
}

/// To how many people somebody has written since that moment.
pub async fn written_to_since(db: &mut Conn, user: Uuid, since: DateTime<Utc>) -> sqlx::Result<i64> {
    on!(db, c => query_scalar(
        "SELECT CAST(COALESCE(SUM(recipients), 0) AS BIGINT) FROM message
         WHERE sent_by = $1 AND sent_at IS NOT NULL AND sent_at > $2",
    )
    .bind(user)
    .bind(since)
    .fetch_one(c)
    .await)
}

/// Counts a mail to the author. False where there were as many as may be.
pub async fn count_test(db: &mut Conn, id: Uuid, tests_max: i64) -> sqlx::Result<bool> {
    on!(db, c => query("UPDATE message SET tests = tests + 1 WHERE id = $1 AND tests < $2")
        .bind(id)
        .bind(tests_max)
        .execute(c)
        .await
        .map(|done| done.rows_affected() > 0))
}

/// A live registration of somebody who may be written to.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Reader {
    /// Which registration.
    pub id: Uuid,
    /// Where it stands.
    pub state: crate::registration::State,
    /// Whose.
    pub participant_id: Uuid,
    /// `None`: registered by telephone.
    pub email: Option<String>,
    /// As the person is called.
    pub name: String,
    /// Which they read.
    pub language: String,
    /// False where mails come back.
    pub reachable: bool,
}

/// Everybody with a live registration in these sessions, in the order of people and then registrations. Without orders
/// that nobody has confirmed: the address may be a stranger's. Erased people are nobody any more.
pub async fn readers(db: &mut Conn, sessions: &[Uuid]) -> sqlx::Result<Vec<Reader>> {
    let mut found: Vec<Reader> = Vec::new();
    for some in sessions.chunks(IDS_MAX) {
        found.extend(on!(db, c => {
            let mut select = QueryBuilder::new(
                "SELECT r.id, r.state, r.participant_id, p.email, p.name, p.language,
                        p.undeliverable_at IS NULL AS reachable
                 FROM registration r JOIN participant p ON p.id = r.participant_id
                 WHERE r.state IN ('confirmed', 'waiting', 'offered') AND (r.awaits IS NULL OR r.awaits <> 'link')
                   AND p.erased_at IS NULL AND r.session_id IN (",
            );
            push_list(&mut select, some.iter().copied());
            select.push(")").build_query_as::<Reader>().fetch_all(c).await
        })?);
    }
    found.sort_by_key(|reader| (reader.participant_id, reader.id));
    Ok(found)
}
