//! The table `retention`, and what would be erased of a programme.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::{FromRow, query, query_as, query_scalar};
use uuid::Uuid;

use crate::{db::Conn, on};

/// The programmes that have days of their own.
pub async fn all_days(db: &mut Conn) -> sqlx::Result<HashMap<Uuid, i64>> {
    let rows: Vec<(Uuid, i64)> =
        on!(db, c => query_as("SELECT programme_id, days FROM retention").fetch_all(c).await)?;
    Ok(rows.into_iter().collect())
}

/// How long this programme keeps personal data; `None`: as long as the house.
pub async fn days(db: &mut Conn, programme: Uuid) -> sqlx::Result<Option<i64>> {
    on!(db, c => query_scalar("SELECT days FROM retention WHERE programme_id = $1")
        .bind(programme)
        .fetch_optional(c)
        .await)
}

/// Keeps personal data so long from now on; `None`: as long as the house.
pub async fn set_days(
    db: &mut Conn,
    programme: Uuid,
    days: Option<i64>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let Some(days) = days else {
        return on!(db, c => query("DELETE FROM retention WHERE programme_id = $1")
            .bind(programme)
            .execute(c)
            .await
            .map(|_| ()));
    };
    on!(db, c => query(
        "INSERT INTO retention (programme_id, days, changed_at) VALUES ($1, $2, $3)
         ON CONFLICT (programme_id) DO UPDATE SET days = excluded.days, changed_at = excluded.changed_at",
    )
    .bind(programme)
    .bind(days)
    .bind(now)
    .execute(c)
    .await
    .map(|_| ()))
}

/// What stands in a programme that says who somebody is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, FromRow)]
pub struct Personal {
    /// People who can still be named.
    pub people: i64,
    /// Of them, who are in another programme too: they stay there, and nothing here leads to them.
    pub elsewhere: i64,
    /// Forms that were sent, as they were typed.
    pub orders: i64,
    /// Answers to the questions after a session that have words.
    pub answers: i64,
}

/// Counts it.
pub async fn personal(db: &mut Conn, programme: Uuid) -> sqlx::Result<Personal> {
    on!(db, c => query_as(
        "SELECT
             (SELECT COUNT(DISTINCT o.participant_id)
              FROM registration_order o JOIN participant p ON p.id = o.participant_id
              WHERE o.programme_id = $1 AND p.erased_at IS NULL) AS people,
             (SELECT COUNT(*) FROM participant
              WHERE erased_at IS NULL
                AND id IN (SELECT participant_id FROM registration_order WHERE programme_id = $1
                           INTERSECT
                           SELECT participant_id FROM registration_order WHERE programme_id <> $1)) AS elsewhere,
             (SELECT COUNT(*) FROM registration_order
              WHERE programme_id = $1 AND (name <> '' OR organisation <> '' OR access_needs <> '')) AS orders,
             (SELECT COUNT(*) FROM feedback
              WHERE programme_id = $1 AND (takeaway <> '' OR better <> '')) AS answers",
    )
    .bind(programme)
    .fetch_one(c)
    .await)
}

/// Who has this address, where they have an order in the programme.
pub async fn person_in(db: &mut Conn, programme: Uuid, email: &str) -> sqlx::Result<Option<Uuid>> {
    on!(db, c => query_scalar(
        "SELECT p.id FROM participant p
         WHERE p.email = $2
           AND EXISTS (SELECT 1 FROM registration_order o WHERE o.participant_id = p.id AND o.programme_id = $1)",
    )
    .bind(programme)
    .bind(email)
    .fetch_optional(c)
    .await)
}

/// True where this person has an order in the programme, and can still be named.
pub async fn is_in(db: &mut Conn, programme: Uuid, participant: Uuid) -> sqlx::Result<bool> {
    let orders: i64 = on!(db, c => query_scalar(
        "SELECT COUNT(*) FROM registration_order o JOIN participant p ON p.id = o.participant_id
         WHERE o.programme_id = $1 AND o.participant_id = $2 AND p.erased_at IS NULL",
    )
    .bind(programme)
    .bind(participant)
    .fetch_one(c)
    .await)?;
    Ok(orders > 0)
}
