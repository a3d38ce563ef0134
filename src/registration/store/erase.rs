//! Erasure: the rows stay, with their states and times, and say nothing of a person any more.

use chrono::{DateTime, Utc};
use sqlx::{QueryBuilder, query, query_scalar};
use uuid::Uuid;

use super::row_lock;
use crate::{
    db::{Conn, sizes::push_list},
    on,
};

/// Empties what was typed in the orders of these programmes.
pub async fn orders(db: &mut Conn, programmes: &[Uuid]) -> sqlx::Result<()> {
    on!(db, c => {
        let mut update = QueryBuilder::new(
            "UPDATE registration_order SET name = '', organisation = '', access_needs = ''
             WHERE (name <> '' OR organisation <> '' OR access_needs <> '') AND programme_id IN (",
        );
        push_list(&mut update, programmes.iter().copied());
        update.push(")").build().execute(c).await.map(|_| ())
    })
}

/// People who can still be named and have an order in one of these programmes.
pub async fn people_in(db: &mut Conn, programmes: &[Uuid]) -> sqlx::Result<Vec<Uuid>> {
    on!(db, c => {
        let mut select = QueryBuilder::new(
            "SELECT DISTINCT o.participant_id
             FROM registration_order o JOIN participant p ON p.id = o.participant_id
             WHERE p.erased_at IS NULL AND o.programme_id IN (",
        );
        push_list(&mut select, programmes.iter().copied());
        select.push(") ORDER BY o.participant_id").build_query_scalar().fetch_all(c).await
    })
}

/// Holds a person, who can still be named, until the transaction ends; their address, where they have one. `None`
/// where nobody knows any more who it was.
pub async fn lock_person(db: &mut Conn, id: Uuid) -> sqlx::Result<Option<Option<String>>> {
    on!(db, c => query_scalar(
        "UPDATE participant SET email = email WHERE id = $1 AND erased_at IS NULL RETURNING email",
    )
    .bind(id)
    .fetch_optional(c)
    .await)
}

/// Holds these people, who can still be named, until the transaction ends; in the order of their ids, so that no two
/// who do this wait for each other.
pub async fn lock_people(db: &mut Conn, people: &[Uuid]) -> sqlx::Result<()> {
    if people.is_empty() {
        return Ok(());
    }
    let lock = row_lock(db);
    on!(db, c => {
        let mut select = QueryBuilder::new("SELECT id FROM participant WHERE erased_at IS NULL AND id IN (");
        push_list(&mut select, people.iter().copied());
        select.push(") ORDER BY id ").push(lock).build().fetch_all(c).await.map(|_| ())
    })
}

/// True where the person has an order in another programme than these.
pub async fn has_orders_outside(db: &mut Conn, id: Uuid, programmes: &[Uuid]) -> sqlx::Result<bool> {
    let outside: i64 = on!(db, c => {
        let mut count =
            QueryBuilder::new("SELECT COUNT(*) FROM registration_order WHERE participant_id = ");
        count.push_bind(id).push(" AND programme_id NOT IN (");
        push_list(&mut count, programmes.iter().copied());
        count.push(")").build_query_scalar().fetch_one(c).await
    })?;
    Ok(outside > 0)
}

/// Gives what a person had in these programmes to nobody, `nobody` by id: the figures count them as before, and
/// nothing leads to the person, who goes on elsewhere.
pub async fn part_with(
    db: &mut Conn,
    id: Uuid,
    programmes: &[Uuid],
    nobody: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    on!(db, c => query(
        "INSERT INTO participant (id, email, name, folded, language, created_at, erased_at)
         SELECT $2, NULL, '', '', language, $3, $3 FROM participant WHERE id = $1",
    )
    .bind(id)
    .bind(nobody)
    .bind(now)
    .execute(c)
    .await
    .map(|_| ()))?;
    on!(db, c => {
        let mut update = QueryBuilder::new("UPDATE registration SET participant_id = ");
        update.push_bind(nobody).push(" WHERE participant_id = ").push_bind(id);
        update.push(" AND order_id IN (SELECT id FROM registration_order WHERE programme_id IN (");
        push_list(&mut update, programmes.iter().copied());
        update.push("))").build().execute(c).await.map(|_| ())
    })?;
    on!(db, c => {
        let mut update = QueryBuilder::new("UPDATE registration_order SET participant_id = ");
        update.push_bind(nobody).push(" WHERE participant_id = ").push_bind(id);
        update.push(" AND programme_id IN (");
        push_list(&mut update, programmes.iter().copied());
        update.push(")").build().execute(c).await.map(|_| ())
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

/// Empties a person: no address, no code, no name, and every link to the agenda is revoked. Once: somebody who is erased
/// stays as they are.
pub async fn person(db: &mut Conn, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<()> {
    on!(db, c => query(
        "UPDATE participant
         SET email = NULL, code = NULL, phone = '', name = '', folded = '', erased_at = $2, undeliverable_at = NULL,
             agenda_version = agenda_version + 1, feed_version = feed_version + 1
         WHERE id = $1 AND erased_at IS NULL",
    )
    .bind(id)
    .bind(now)
    .execute(c)
    .await
    .map(|_| ()))
}
