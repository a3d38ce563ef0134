//! What organisers are told of registrations: lists, and the questions of `parvis check`.

use std::collections::HashMap;

use sqlx::{FromRow, query_as, query_scalar};
use uuid::Uuid;

use crate::{
    db::Conn,
    exchange::csv::RegistrationRow,
    on,
    registration::{State, contact::Code},
};

/// The registrations of a programme by arrival, over ones too. `slugs` names each session; those that it does
/// not name are left out.
pub async fn rows(
    db: &mut Conn,
    programme: Uuid,
    slugs: &HashMap<Uuid, String>,
) -> sqlx::Result<Vec<RegistrationRow>> {
    let rows: Vec<Row> = on!(db, c => query_as(
        "SELECT r.session_id, r.state, r.people, o.name, p.email, o.organisation, o.language, r.created_at, o.access_needs,
                r.awaits IS NULL AS settled, r.attended,
                CASE WHEN p.email IS NULL THEN p.code END AS code,
                ROW_NUMBER() OVER (PARTITION BY r.session_id, r.state, r.awaits ORDER BY r.arrival) AS position
         FROM registration r
         JOIN seat ON seat.session_id = r.session_id
         JOIN registration_order o ON o.id = r.order_id
         JOIN participant p ON p.id = r.participant_id
         WHERE seat.programme_id = $1
         ORDER BY seat.starts, r.session_id, r.arrival",
    )
    .bind(programme)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().filter_map(|row| Some(row.of(slugs.get(&row.session_id)?))).collect())
}

/// The registrations of one session, of that slug, by arrival, over ones too.
pub async fn rows_of(db: &mut Conn, session: Uuid, slug: &str) -> sqlx::Result<Vec<RegistrationRow>> {
    let rows: Vec<Row> = on!(db, c => query_as(
        "SELECT r.session_id, r.state, r.people, o.name, p.email, o.organisation, o.language, r.created_at, o.access_needs,
                r.awaits IS NULL AS settled, r.attended,
                CASE WHEN p.email IS NULL THEN p.code END AS code,
                ROW_NUMBER() OVER (PARTITION BY r.state, r.awaits ORDER BY r.arrival) AS position
         FROM registration r
         JOIN registration_order o ON o.id = r.order_id
         JOIN participant p ON p.id = r.participant_id
         WHERE r.session_id = $1
         ORDER BY r.arrival",
    )
    .bind(session)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|row| row.of(slug)).collect())
}

#[derive(FromRow)]
struct Row {
    session_id: Uuid,
    state: State,
    people: i64,
    name: String,
    email: Option<String>,
    organisation: String,
    language: String,
    created_at: chrono::DateTime<chrono::Utc>,
    access_needs: String,
    settled: bool,
    position: i64,
    attended: Option<i64>,
    code: Option<String>,
}

impl Row {
    fn of(&self, session: &str) -> RegistrationRow {
        RegistrationRow {
            session: session.to_owned(),
            state: self.state.code().to_owned(),
            position: (self.state == State::Waiting && self.settled).then_some(self.position),
            people: self.people,
            name: self.name.clone(),
            email: self.email.clone().unwrap_or_default(),
            organisation: self.organisation.clone(),
            language: self.language.clone(),
            registered_at: self.created_at,
            access_needs: self.access_needs.clone(),
            attended: self.attended,
            code: self.code.as_deref().and_then(Code::parse).map(|code| code.readable()).unwrap_or_default(),
        }
    }
}

/// Sessions whose `taken` or `waiting` is not what their registrations say (invariant 1): the row's two, and the
/// counted two.
pub async fn wrong_counts(db: &mut Conn) -> sqlx::Result<Vec<(Uuid, i64, i64, i64, i64)>> {
    on!(db, c => query_as(
        "SELECT seat.session_id, seat.taken, counted.taken, seat.waiting, counted.waiting
         FROM seat
         JOIN (SELECT seat.session_id,
                      CAST(COALESCE(SUM(CASE WHEN r.state IN ('confirmed', 'offered') THEN r.people END), 0) AS BIGINT)
                          AS taken,
                      CAST(COALESCE(SUM(CASE WHEN r.state = 'waiting' AND r.awaits IS NULL THEN 1 END), 0) AS BIGINT) AS waiting
               FROM seat LEFT JOIN registration r ON r.session_id = seat.session_id
               GROUP BY seat.session_id) counted ON counted.session_id = seat.session_id
         WHERE seat.taken <> counted.taken OR seat.waiting <> counted.waiting
         ORDER BY seat.session_id",
    )
    .fetch_all(c)
    .await)
}

/// Sessions where somebody holds a seat who arrived after somebody who waits (invariant 3). Groups are left out:
/// one that was larger than the session for a while has rightly been passed. So is who was let in by organisers: to
/// seats that were held back.
pub async fn overtaken(db: &mut Conn) -> sqlx::Result<Vec<Uuid>> {
    on!(db, c => query_scalar(
        "SELECT first.session_id
         FROM (SELECT session_id, MIN(arrival) AS arrival FROM registration
               WHERE state = 'waiting' AND awaits IS NULL AND people = 1
               GROUP BY session_id) first
         JOIN seat ON seat.session_id = first.session_id AND seat.status = 'scheduled'
         WHERE EXISTS (SELECT 1 FROM registration r
                       WHERE r.session_id = first.session_id AND r.arrival > first.arrival
                         AND r.state IN ('confirmed', 'offered')
                         AND NOT EXISTS (SELECT 1 FROM registration_change ch
                                         WHERE ch.registration_id = r.id AND ch.cause = 'organiser'
                                           AND ch.after = 'confirmed'))
         ORDER BY first.session_id",
    )
    .fetch_all(c)
    .await)
}

/// Sessions in which somebody has two live registrations (invariant 4).
pub async fn doubled(db: &mut Conn) -> sqlx::Result<Vec<Uuid>> {
    on!(db, c => query_scalar(
        "SELECT r.session_id
         FROM registration r
         WHERE r.state IN ('confirmed', 'waiting', 'offered')
         GROUP BY r.session_id, r.participant_id HAVING COUNT(*) > 1
         ORDER BY r.session_id",
    )
    .fetch_all(c)
    .await)
}

/// The mails that tell changes, by id, and changes that nobody was told though they could be (`None`). An order that
/// was not confirmed in time ends without a mail: the address may be a stranger's. Nor is there one where the person
/// had no address at the time.
pub async fn told_by(db: &mut Conn) -> sqlx::Result<Vec<Option<Uuid>>> {
    on!(db, c => query_scalar(
        "SELECT DISTINCT ch.mail_id
         FROM registration_change ch
         JOIN registration r ON r.id = ch.registration_id
         JOIN participant p ON p.id = r.participant_id
         WHERE ch.mail_id IS NOT NULL OR (p.email IS NOT NULL AND ch.cause <> 'unconfirmed' AND NOT ch.unwritten)",
    )
    .fetch_all(c)
    .await)
}

/// Registrations in a state that no recorded change led to.
pub async fn unrecorded(db: &mut Conn) -> sqlx::Result<i64> {
    on!(db, c => query_scalar(
        "SELECT COUNT(*) FROM registration r
         WHERE NOT EXISTS (SELECT 1 FROM registration_change ch
                           WHERE ch.registration_id = r.id AND ch.after = r.state)",
    )
    .fetch_one(c)
    .await)
}

/// How many registrations stand in each state.
pub async fn counts_by_state(db: &mut Conn) -> sqlx::Result<Vec<(State, i64)>> {
    on!(db, c => query_as("SELECT state, COUNT(*) FROM registration GROUP BY state ORDER BY state").fetch_all(c).await)
}
