//! All SQL on publications at a time.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, query, query_as, query_scalar};
use uuid::Uuid;

use crate::{db::Conn, on};

/// Where a plan stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "lowercase")]
pub enum State {
    /// Its time is to come.
    Planned,
    /// It was published, or there was nothing to publish.
    Done,
    /// It could not be published; somebody must look.
    Failed,
    /// It was taken back.
    Withdrawn,
}

/// A publication at a time.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Planned {
    /// Its identity.
    pub id: Uuid,
    /// Of which programme.
    pub programme_id: Uuid,
    /// When.
    pub due_at: DateTime<Utc>,
    /// What to say about the release.
    pub note: String,
    /// Who planned it.
    pub author_id: Option<Uuid>,
    /// When it was planned.
    pub made_at: DateTime<Utc>,
    /// Where it stands.
    pub state: State,
    /// When that was.
    pub ended_at: Option<DateTime<Utc>>,
    /// The release that it made.
    pub release_number: Option<i64>,
    /// Why it failed, in a word.
    pub problem: Option<String>,
}

/// Writes a plan. False where the programme has one already.
pub(super) async fn insert(db: &mut Conn, plan: &Planned) -> sqlx::Result<bool> {
    on!(db, c => query(
        "INSERT INTO planned_publication (id, programme_id, due_at, note, author_id, made_at, state)
         VALUES ($1, $2, $3, $4, $5, $6, 'planned')
         ON CONFLICT (programme_id) WHERE state = 'planned' DO NOTHING",
    )
    .bind(plan.id)
    .bind(plan.programme_id)
    .bind(plan.due_at)
    .bind(&plan.note)
    .bind(plan.author_id)
    .bind(plan.made_at)
    .execute(c)
    .await
    .map(|done| done.rows_affected() > 0))
}

/// Moves a plan out of `planned`. False where it is there no more: somebody else was first.
pub(super) async fn end(
    db: &mut Conn,
    id: Uuid,
    state: State,
    problem: Option<&str>,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    on!(db, c => query(
        "UPDATE planned_publication SET state = $2, problem = $3, ended_at = $4 WHERE id = $1 AND state = 'planned'",
    )
    .bind(id)
    .bind(state)
    .bind(problem)
    .bind(now)
    .execute(c)
    .await
    .map(|done| done.rows_affected() > 0))
}

/// Says which release a plan has made.
pub(super) async fn made(db: &mut Conn, id: Uuid, release: Option<i64>) -> sqlx::Result<()> {
    on!(db, c => query("UPDATE planned_publication SET release_number = $2 WHERE id = $1")
        .bind(id)
        .bind(release)
        .execute(c)
        .await
        .map(|_| ()))
}

/// The plans whose time has come. Only reads: it is asked each second.
pub(super) async fn due(db: &mut Conn, now: DateTime<Utc>) -> sqlx::Result<Vec<Planned>> {
    on!(db, c => query_as(
        "SELECT id, programme_id, due_at, note, author_id, made_at, state, ended_at, release_number, problem
         FROM planned_publication WHERE state = 'planned' AND due_at <= $1 ORDER BY due_at, id",
    )
    .bind(now)
    .fetch_all(c)
    .await)
}

/// The plan of a programme that was made last, whatever became of it.
pub async fn last(db: &mut Conn, programme: Uuid) -> sqlx::Result<Option<Planned>> {
    on!(db, c => query_as(
        "SELECT id, programme_id, due_at, note, author_id, made_at, state, ended_at, release_number, problem
         FROM planned_publication WHERE programme_id = $1 ORDER BY id DESC LIMIT 1",
    )
    .bind(programme)
    .fetch_optional(c)
    .await)
}

/// How many plans were due before that moment and are still to come: for `parvis check`.
pub async fn due_before(db: &mut Conn, moment: DateTime<Utc>) -> sqlx::Result<i64> {
    on!(db, c => query_scalar(
        "SELECT COUNT(*) FROM planned_publication WHERE state = 'planned' AND due_at < $1",
    )
    .bind(moment)
    .fetch_one(c)
    .await)
}
