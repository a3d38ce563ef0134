//! Who is thanked, for what, and who has been.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{FromRow, QueryBuilder, query_as, query_scalar};
use uuid::Uuid;

use crate::{
    db::{Conn, sizes::push_list},
    on,
    registration::attendance::store::Guest,
};

/// Rows of one statement.
const ROWS_MAX: usize = 1_000;

/// Somebody who is to be thanked for a session.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Thanks {
    /// Their registration.
    pub registration_id: Uuid,
    /// Who.
    pub participant_id: Uuid,
    /// All sessions of it are one mail.
    pub day: NaiveDate,
    /// When they were to be thanked.
    pub due_at: DateTime<Utc>,
}

/// Those of these sessions whose people have not been put down.
pub async fn without_round(db: &mut Conn, sessions: &[Uuid]) -> sqlx::Result<Vec<Uuid>> {
    let mut left: BTreeSet<Uuid> = sessions.iter().copied().collect();
    for some in sessions.chunks(ROWS_MAX) {
        let known: Vec<Uuid> = on!(db, c => {
            let mut select = QueryBuilder::new("SELECT session_id FROM thanks_round WHERE session_id IN (");
            push_list(&mut select, some.iter().copied());
            select.push(")").build_query_scalar().fetch_all(c).await
        })?;
        known.iter().for_each(|id| _ = left.remove(id));
    }
    Ok(left.into_iter().collect())
}

/// Those of these sessions whose people are to be put down by the caller, and by nobody else.
pub async fn open_rounds(db: &mut Conn, sessions: &[Uuid], now: DateTime<Utc>) -> sqlx::Result<Vec<Uuid>> {
    let mut opened: Vec<Uuid> = Vec::new();
    for some in sessions.chunks(ROWS_MAX) {
        opened.extend::<Vec<Uuid>>(
            on!(db, c => QueryBuilder::new("INSERT INTO thanks_round (session_id, at) ")
            .push_values(some, |mut row, id| {
                row.push_bind(*id).push_bind(now);
            })
            .push(" ON CONFLICT (session_id) DO NOTHING RETURNING session_id")
            .build_query_scalar()
            .fetch_all(c)
            .await)?,
        );
    }
    opened.sort();
    Ok(opened)
}

/// Puts people down for a session of that day. Whoever is there already, thanked or not, stays as they are.
pub async fn put(
    db: &mut Conn,
    programme: Uuid,
    day: NaiveDate,
    guests: &[Guest],
    due_at: DateTime<Utc>,
) -> sqlx::Result<()> {
    for some in guests.chunks(ROWS_MAX) {
        on!(db, c => QueryBuilder::new(
            "INSERT INTO thanks (registration_id, participant_id, session_id, programme_id, day, due_at) ",
        )
        .push_values(some, |mut row, guest| {
            row.push_bind(guest.id)
                .push_bind(guest.participant_id)
                .push_bind(guest.session_id)
                .push_bind(programme)
                .push_bind(day)
                .push_bind(due_at);
        })
        .push(" ON CONFLICT (registration_id) DO NOTHING")
        .build()
        .execute(c)
        .await
        .map(|_| ()))?;
    }
    Ok(())
}

/// Takes out whoever was put down for a session, has not been written to, and is none of these.
pub async fn keep_only(db: &mut Conn, session: Uuid, registrations: &BTreeSet<Uuid>) -> sqlx::Result<()> {
    let waiting: Vec<Uuid> = on!(db, c => query_scalar(
        "SELECT registration_id FROM thanks WHERE session_id = $1 AND due_at IS NOT NULL",
    )
    .bind(session)
    .fetch_all(c)
    .await)?;
    let gone: Vec<_> = waiting.into_iter().filter(|id| !registrations.contains(id)).collect();
    for some in gone.chunks(ROWS_MAX) {
        on!(db, c => {
            let mut delete = QueryBuilder::new("DELETE FROM thanks WHERE registration_id IN (");
            push_list(&mut delete, some.iter().copied());
            delete.push(")").build().execute(c).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// The programmes that have people to thank. Only reads: it is asked each second.
pub async fn due_programmes(db: &mut Conn, now: DateTime<Utc>) -> sqlx::Result<Vec<Uuid>> {
    on!(db, c => query_scalar("SELECT DISTINCT programme_id FROM thanks WHERE due_at <= $1")
        .bind(now)
        .fetch_all(c)
        .await)
}

/// At most `limit` people of a programme who are to be thanked now.
pub async fn due_people(
    db: &mut Conn,
    programme: Uuid,
    now: DateTime<Utc>,
    limit: i64,
) -> sqlx::Result<Vec<Uuid>> {
    on!(db, c => query_scalar(
        "SELECT participant_id FROM thanks WHERE programme_id = $1 AND due_at <= $2
         GROUP BY participant_id ORDER BY participant_id LIMIT $3",
    )
    .bind(programme)
    .bind(now)
    .bind(limit)
    .fetch_all(c)
    .await)
}

/// Everything for which these people are still to be thanked.
pub async fn of(db: &mut Conn, programme: Uuid, people: &[Uuid]) -> sqlx::Result<Vec<Thanks>> {
    on!(db, c => {
        let mut select = QueryBuilder::new(
            "SELECT registration_id, participant_id, day, due_at FROM thanks
             WHERE due_at IS NOT NULL AND programme_id = ",
        );
        select.push_bind(programme).push(" AND participant_id IN (");
        push_list(&mut select, people.iter().copied());
        select.push(") ORDER BY registration_id").build_query_as().fetch_all(c).await
    })
}

/// These registrations are done with, and that mail said so; none where there was nothing to send.
pub async fn done(db: &mut Conn, told: &[(Uuid, Option<Uuid>)]) -> sqlx::Result<()> {
    let mut by_mail: std::collections::BTreeMap<Option<Uuid>, Vec<Uuid>> = std::collections::BTreeMap::new();
    for (registration, mail) in told {
        by_mail.entry(*mail).or_default().push(*registration);
    }
    for (mail, registrations) in by_mail {
        for some in registrations.chunks(ROWS_MAX) {
            on!(db, c => {
                let mut update = QueryBuilder::new("UPDATE thanks SET due_at = NULL, mail_id = ");
                update.push_bind(mail).push(" WHERE registration_id IN (");
                push_list(&mut update, some.iter().copied());
                update.push(")").build().execute(c).await.map(|_| ())
            })?;
        }
    }
    Ok(())
}

/// What a person was put down for in these programmes is nobody's, `nobody` by id, from then on.
pub async fn part_with(
    db: &mut Conn,
    participant: Uuid,
    programmes: &[Uuid],
    nobody: Uuid,
) -> sqlx::Result<()> {
    on!(db, c => {
        let mut update = QueryBuilder::new("UPDATE thanks SET due_at = NULL, participant_id = ");
        update.push_bind(nobody).push(" WHERE participant_id = ").push_bind(participant);
        update.push(" AND programme_id IN (");
        push_list(&mut update, programmes.iter().copied());
        update.push(")").build().execute(c).await.map(|_| ())
    })
}

/// How many thanks were due before that moment and are not written: for `parvis check`.
pub async fn due_before(db: &mut Conn, moment: DateTime<Utc>) -> sqlx::Result<i64> {
    on!(db, c => query_scalar("SELECT COUNT(*) FROM thanks WHERE due_at < $1").bind(moment).fetch_one(c).await)
}

/// The mails that thanked for a session, one a registration: for tests and whoever looks after the house.
pub async fn mails(db: &mut Conn, session: Uuid) -> sqlx::Result<Vec<(Uuid, Option<Uuid>)>> {
    on!(db, c => query_as("SELECT registration_id, mail_id FROM thanks WHERE session_id = $1 ORDER BY registration_id")
        .bind(session)
        .fetch_all(c)
        .await)
}
