//! Erasure: the rows stay, with their states and times, and say nothing of a person any more.

use chrono::{DateTime, Utc};
use sqlx::{QueryBuilder, query};
use uuid::Uuid;

use crate::{db::Conn, on};

/// Empties what was typed in the orders of these programmes.
pub async fn orders(db: &mut Conn, programmes: &[Uuid]) -> sqlx::Result<()> {
    on!(db, c => {
        let mut update = QueryBuilder::new(
            "UPDATE registration_order SET name = '', organisation = '', access_needs = ''
             WHERE (name <> '' OR organisation <> '' OR access_needs <> '') AND programme_id IN (",
        );
        let mut list = update.separated(", ");
        programmes.iter().for_each(|id| { list.push_bind(*id); });
        update.push(")").build().execute(c).await.map(|_| ())
    })
}

/// People, with their addresses, all of whose orders are in these programmes.
pub async fn people_with_nothing_but(
    db: &mut Conn,
    programmes: &[Uuid],
) -> sqlx::Result<Vec<(Uuid, String)>> {
    on!(db, c => {
        let mut select = QueryBuilder::new(
            "SELECT p.id, p.email FROM participant p
             WHERE p.email IS NOT NULL AND NOT EXISTS (
                 SELECT 1 FROM registration_order o
                 WHERE o.participant_id = p.id AND o.programme_id NOT IN (",
        );
        let mut list = select.separated(", ");
        programmes.iter().for_each(|id| { list.push_bind(*id); });
        select.push(")) ORDER BY p.id").build_query_as().fetch_all(c).await
    })
}

/// Empties what was typed in every order of this person.
pub async fn orders_of(db: &mut Conn, participant: Uuid) -> sqlx::Result<()> {
    on!(db, c => query(
        "UPDATE registration_order SET name = '', organisation = '', access_needs = ''
         WHERE (name <> '' OR organisation <> '' OR access_needs <> '') AND participant_id = $1",
    )
    .bind(participant)
    .execute(c)
    .await
    .map(|_| ()))
}

/// Empties a person: no address, no name, and every link to the agenda is revoked. Once: somebody who is erased
/// stays as they are.
pub async fn person(db: &mut Conn, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<()> {
    on!(db, c => query(
        "UPDATE participant
         SET email = NULL, name = '', erased_at = $2, agenda_version = agenda_version + 1,
             feed_version = feed_version + 1
         WHERE id = $1 AND email IS NOT NULL",
    )
    .bind(id)
    .bind(now)
    .execute(c)
    .await
    .map(|_| ()))
}
