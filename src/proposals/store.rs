//! All SQL on proposals. Callers begin and commit.

pub mod call;
pub mod files;
pub mod forget;
pub mod lines;
pub mod list;
pub mod news;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::{FromRow, query, query_as, query_scalar, types::Json};
use uuid::Uuid;

use super::{Proposal, Proposer, State, What, said};
use crate::{db::Conn, on};

#[derive(FromRow)]
struct Row {
    id: Uuid,
    programme_id: Uuid,
    organisation: Option<String>,
    author: Option<Uuid>,
    proposer: Option<Json<Proposer>>,
    link_version: i64,
    what: String,
    session_id: Option<Uuid>,
    state: String,
    content: Json<BTreeMap<String, String>>,
    base: Option<Json<BTreeMap<String, String>>>,
    revision: i64,
    created_at: DateTime<Utc>,
    changed_at: DateTime<Utc>,
    sent_at: Option<DateTime<Utc>>,
}

impl Row {
    fn proposal(self) -> Proposal {
        Proposal {
            id: self.id,
            programme: self.programme_id,
            organisation: self.organisation,
            author: self.author,
            proposer: self.proposer.map(|Json(proposer)| proposer),
            link_version: self.link_version,
            // The table's CHECK knows the same words.
            what: if self.what == What::Change.code() { What::Change } else { What::New },
            session: self.session_id,
            state: State::parse(&self.state).unwrap_or(State::Withdrawn),
            content: said::read(&self.content.0),
            base: self.base.map(|Json(base)| said::read(&base)),
            revision: self.revision,
            created_at: self.created_at,
            changed_at: self.changed_at,
            sent_at: self.sent_at,
        }
    }
}

/// Writes a proposal that is new; `key` is its form's. Gives its identity, or that of the one that had this key before.
pub async fn add(db: &mut Conn, new: &Proposal, key: &str) -> sqlx::Result<Uuid> {
    on!(db, c => query(
        "INSERT INTO proposal (id, programme_id, organisation, author, proposer, link_version, what, session_id,
                               state, content, base, form_key, revision, created_at, changed_at, sent_at, title,
                               day, begins, email)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
         ON CONFLICT (form_key) DO NOTHING",
    )
    .bind(new.id)
    .bind(new.programme)
    .bind(&new.organisation)
    .bind(new.author)
    .bind(new.proposer.as_ref().map(Json))
    .bind(new.link_version)
    .bind(new.what.code())
    .bind(new.session)
    .bind(new.state.code())
    .bind(Json(said::kept(&new.content)))
    .bind(new.base.as_ref().map(|base| Json(said::kept(base))))
    .bind(key)
    .bind(new.revision)
    .bind(new.created_at)
    .bind(new.changed_at)
    .bind(new.sent_at)
    .bind(new.title())
    .bind(new.said("date"))
    .bind(new.said("start"))
    .bind(new.proposer.as_ref().map(|proposer| &proposer.email))
    .execute(c)
    .await
    .map(|_| ()))?;
    on!(db, c => query_scalar("SELECT id FROM proposal WHERE form_key = $1").bind(key).fetch_one(c).await)
}

/// The proposal of that identity, in that programme.
pub async fn find(db: &mut Conn, programme: Uuid, id: Uuid) -> sqlx::Result<Option<Proposal>> {
    let row: Option<Row> = on!(db, c => query_as(
        "SELECT id, programme_id, organisation, author, proposer, link_version, what, session_id, state, content,
                base, revision, created_at, changed_at, sent_at
         FROM proposal WHERE id = $1 AND programme_id = $2",
    )
    .bind(id)
    .bind(programme)
    .fetch_optional(c)
    .await)?;
    Ok(row.map(Row::proposal))
}

/// How many proposals an organisation has in a programme.
pub async fn count(db: &mut Conn, programme: Uuid, organisation: &str) -> sqlx::Result<i64> {
    on!(db, c => query_scalar("SELECT COUNT(*) FROM proposal WHERE programme_id = $1 AND organisation = $2")
        .bind(programme)
        .bind(organisation)
        .fetch_one(c)
        .await)
}

/// The change of that session by that organisation that is still open.
pub async fn open_change(
    db: &mut Conn,
    programme: Uuid,
    session: Uuid,
    organisation: &str,
) -> sqlx::Result<Option<Uuid>> {
    on!(db, c => query_scalar(
        "SELECT id FROM proposal
         WHERE programme_id = $1 AND session_id = $2 AND organisation = $3 AND what = 'change'
           AND state IN ('draft', 'sent', 'discuss')
         ORDER BY id LIMIT 1",
    )
    .bind(programme)
    .bind(session)
    .bind(organisation)
    .fetch_optional(c)
    .await)
}

/// Writes what a proposal says and where it stands by now, over that revision of it. False where there is a newer one:
/// somebody else has changed it meanwhile.
pub async fn change(db: &mut Conn, after: &Proposal, seen: i64) -> sqlx::Result<bool> {
    on!(db, c => query(
        "UPDATE proposal
         SET content = $3, state = $4, session_id = $5, changed_at = $6, sent_at = $7, title = $8, day = $9, begins = $10,
             revision = revision + 1
         WHERE id = $1 AND revision = $2",
    )
    .bind(after.id)
    .bind(seen)
    .bind(Json(said::kept(&after.content)))
    .bind(after.state.code())
    .bind(after.session)
    .bind(after.changed_at)
    .bind(after.sent_at)
    .bind(after.title())
    .bind(after.said("date"))
    .bind(after.said("start"))
    .execute(c)
    .await
    .map(|done| done.rows_affected() == 1))
}

/// Holds the proposal until the transaction ends: the count of its lines stays true.
pub async fn hold(db: &mut Conn, id: Uuid) -> sqlx::Result<()> {
    on!(db, c => query("UPDATE proposal SET revision = revision WHERE id = $1").bind(id).execute(c).await.map(|_| ()))
}

/// Its files change: held until the transaction ends, and of another revision. False where it is decided, or gone.
pub async fn touch(db: &mut Conn, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<bool> {
    on!(db, c => query(
        "UPDATE proposal SET revision = revision + 1, changed_at = $2
         WHERE id = $1 AND state IN ('draft', 'sent', 'discuss')",
    )
    .bind(id)
    .bind(now)
    .execute(c)
    .await
    .map(|done| done.rows_affected() == 1))
}
