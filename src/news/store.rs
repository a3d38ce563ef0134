//! All SQL on news.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder, query_as, query_scalar};
use uuid::Uuid;

use crate::{
    db::{Conn, sizes::push_list},
    on,
};

/// Rows of one statement: SQLite takes 32,766 values.
const ROWS_MAX: usize = 2_000;

/// What one person knows of one session of which there is news.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Note {
    /// Their seat, or turn.
    pub registration_id: Uuid,
    /// Who.
    pub participant_id: Uuid,
    /// In what.
    pub session_id: Uuid,
    /// Of which programme.
    pub programme_id: Uuid,
    /// When it was noted.
    pub noted_at: DateTime<Utc>,
    /// The release that they know.
    pub told_release: i64,
    /// The join address that they know.
    pub told_join_url: Option<String>,
    /// When to tell; `None`: not for now.
    pub due_at: Option<DateTime<Utc>>,
}

/// Writes notes down. One that is there keeps what the person knows and its time; one that rested gets the new time.
/// The update that changes nothing locks the row: whoever tells it meanwhile has told it before, or tells this too.
pub async fn put(db: &mut Conn, notes: &[Note]) -> sqlx::Result<()> {
    for some in notes.chunks(ROWS_MAX) {
        on!(db, c => QueryBuilder::new(
            "INSERT INTO news (registration_id, participant_id, session_id, programme_id, noted_at, told_release,
                               told_join_url, due_at) ",
        )
        .push_values(some, |mut row, note| {
            row.push_bind(note.registration_id)
                .push_bind(note.participant_id)
                .push_bind(note.session_id)
                .push_bind(note.programme_id)
                .push_bind(note.noted_at)
                .push_bind(note.told_release)
                .push_bind(note.told_join_url.as_deref())
                .push_bind(note.due_at);
        })
        .push(" ON CONFLICT (registration_id) DO UPDATE SET due_at = COALESCE(news.due_at, excluded.due_at)")
        .build()
        .execute(c)
        .await
        .map(|_| ()))?;
    }
    Ok(())
}

/// The programmes that have news to tell. Only reads: it is asked each second.
pub async fn due_programmes(db: &mut Conn, now: DateTime<Utc>) -> sqlx::Result<Vec<Uuid>> {
    on!(db, c => query_scalar("SELECT DISTINCT programme_id FROM news WHERE due_at <= $1")
        .bind(now)
        .fetch_all(c)
        .await)
}

/// At most `limit` people of a programme who are to be told something now, those who have waited longest first.
pub async fn due_people(
    db: &mut Conn,
    programme: Uuid,
    now: DateTime<Utc>,
    limit: i64,
) -> sqlx::Result<Vec<Uuid>> {
    on!(db, c => query_scalar(
        "SELECT participant_id FROM news WHERE programme_id = $1 AND due_at <= $2
         GROUP BY participant_id ORDER BY MIN(due_at), participant_id LIMIT $3",
    )
    .bind(programme)
    .bind(now)
    .bind(limit)
    .fetch_all(c)
    .await)
}

/// Everything untold of these people in this programme, also what is not due yet: it goes into the same mail.
pub async fn of(db: &mut Conn, programme: Uuid, people: &[Uuid]) -> sqlx::Result<Vec<Note>> {
    on!(db, c => {
        let mut select = QueryBuilder::new(
            "SELECT registration_id, participant_id, session_id, programme_id, noted_at, told_release, told_join_url, due_at
             FROM news WHERE due_at IS NOT NULL AND programme_id = ",
        );
        select.push_bind(programme).push(" AND participant_id IN (");
        push_list(&mut select, people.iter().copied());
        select.push(") ORDER BY participant_id, registration_id").build_query_as().fetch_all(c).await
    })
}

/// Takes out what is told, or will never be.
pub async fn remove(db: &mut Conn, registrations: &[Uuid]) -> sqlx::Result<()> {
    each(db, "DELETE FROM news WHERE registration_id IN (", registrations).await
}

/// Keeps what these people know, with nothing to tell for now.
pub async fn rest(db: &mut Conn, registrations: &[Uuid]) -> sqlx::Result<()> {
    each(db, "UPDATE news SET due_at = NULL WHERE registration_id IN (", registrations).await
}

async fn each(db: &mut Conn, statement: &'static str, registrations: &[Uuid]) -> sqlx::Result<()> {
    for some in registrations.chunks(ROWS_MAX) {
        on!(db, c => {
            let mut query = QueryBuilder::new(statement);
            push_list(&mut query, some.iter().copied());
            query.push(")").build().execute(c).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// How many notes were due before that moment and are not told: for `/metrics` and `parvis check`.
pub async fn due_before(db: &mut Conn, moment: DateTime<Utc>) -> sqlx::Result<i64> {
    on!(db, c => query_scalar("SELECT COUNT(*) FROM news WHERE due_at < $1").bind(moment).fetch_one(c).await)
}

/// The notes of a programme, resting ones too, by registration: for tests and whoever looks after the house.
pub async fn all(db: &mut Conn, programme: Uuid) -> sqlx::Result<Vec<Note>> {
    on!(db, c => query_as(
        "SELECT registration_id, participant_id, session_id, programme_id, noted_at, told_release, told_join_url, due_at
         FROM news WHERE programme_id = $1 ORDER BY registration_id",
    )
    .bind(programme)
    .fetch_all(c)
    .await)
}
