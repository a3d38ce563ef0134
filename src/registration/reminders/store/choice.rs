//! Whether people want reminders, programme by programme.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder, query, query_as};
use uuid::Uuid;

use super::ROWS_MAX;
use crate::{
    db::{Conn, sizes::push_list},
    on,
};

/// Whether somebody wants reminders of a programme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct Choice {
    /// What the link to it names.
    pub id: Uuid,
    /// Whose.
    pub participant_id: Uuid,
    /// Of which programme.
    pub programme_id: Uuid,
    /// Since when they do not.
    pub stopped_at: Option<DateTime<Utc>>,
}

/// The choices of these people, each under its id where it is new: then they want reminders. They stand until the
/// transaction ends. The update that changes nothing makes both engines return, and lock, the row that was there.
pub async fn choices(
    db: &mut Conn,
    programme: Uuid,
    people: &[(Uuid, Uuid)],
) -> sqlx::Result<HashMap<Uuid, Choice>> {
    let mut sorted = people.to_vec();
    sorted.sort_unstable();
    let mut found: HashMap<Uuid, Choice> = HashMap::new();
    for some in sorted.chunks(ROWS_MAX) {
        let rows: Vec<Choice> = on!(db, c => QueryBuilder::new(
            "INSERT INTO reminder_choice (participant_id, id, programme_id) ",
        )
        .push_values(some, |mut row, (person, id)| {
            row.push_bind(*person).push_bind(*id).push_bind(programme);
        })
        .push(
            " ON CONFLICT (participant_id, programme_id) DO UPDATE SET programme_id = excluded.programme_id
              RETURNING id, participant_id, programme_id, stopped_at",
        )
        .build_query_as()
        .fetch_all(c)
        .await)?;
        found.extend(rows.into_iter().map(|choice| (choice.participant_id, choice)));
    }
    Ok(found)
}

/// What somebody was asked to choose, by programme.
pub async fn choices_of(db: &mut Conn, person: Uuid) -> sqlx::Result<Vec<Choice>> {
    on!(db, c => query_as(
        "SELECT id, participant_id, programme_id, stopped_at FROM reminder_choice
         WHERE participant_id = $1 ORDER BY programme_id",
    )
    .bind(person)
    .fetch_all(c)
    .await)
}

/// A choice by its id; `None` also where its person has been erased.
pub async fn choice(db: &mut Conn, id: Uuid) -> sqlx::Result<Option<Choice>> {
    on!(db, c => query_as(
        "SELECT s.id, s.participant_id, s.programme_id, s.stopped_at
         FROM reminder_choice s JOIN participant p ON p.id = s.participant_id
         WHERE s.id = $1 AND p.email IS NOT NULL",
    )
    .bind(id)
    .fetch_optional(c)
    .await)
}

/// No more reminders; the first moment stays.
pub async fn stop(db: &mut Conn, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<()> {
    on!(db, c => query("UPDATE reminder_choice SET stopped_at = $2 WHERE id = $1 AND stopped_at IS NULL")
        .bind(id)
        .bind(now)
        .execute(c)
        .await
        .map(|_| ()))
}

/// Reminders again.
pub async fn resume(db: &mut Conn, id: Uuid) -> sqlx::Result<()> {
    on!(db, c => query("UPDATE reminder_choice SET stopped_at = NULL WHERE id = $1 AND stopped_at IS NOT NULL")
        .bind(id)
        .execute(c)
        .await
        .map(|_| ()))
}

/// The programmes of which somebody wants no reminders, and since when.
pub async fn stopped(db: &mut Conn, person: Uuid) -> sqlx::Result<Vec<(Uuid, DateTime<Utc>)>> {
    on!(db, c => query_as(
        "SELECT programme_id, stopped_at FROM reminder_choice
         WHERE participant_id = $1 AND stopped_at IS NOT NULL ORDER BY stopped_at, programme_id",
    )
    .bind(person)
    .fetch_all(c)
    .await)
}

/// Forgets what somebody chose in these programmes: nothing leads from them there any more.
pub async fn forget(db: &mut Conn, person: Uuid, programmes: &[Uuid]) -> sqlx::Result<()> {
    on!(db, c => {
        let mut delete = QueryBuilder::new("DELETE FROM reminder_choice WHERE participant_id = ");
        delete.push_bind(person).push(" AND programme_id IN (");
        push_list(&mut delete, programmes.iter().copied());
        delete.push(")").build().execute(c).await.map(|_| ())
    })
}
