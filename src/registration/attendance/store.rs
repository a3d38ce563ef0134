//! Who came, and the figures of it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder, query, query_as, query_scalar};
use uuid::Uuid;

use crate::{
    db::{Conn, sizes::push_list},
    on,
    registration::{
        State,
        attendance::{Figures, Registered, door::Settled},
    },
};

/// Ids of one statement.
const IDS_MAX: usize = 500;

/// The registrations of a session, live or over, oldest first.
pub async fn of_session(db: &mut Conn, session: Uuid) -> sqlx::Result<Vec<Registered>> {
    on!(db, c => query_as(
        "SELECT r.id, r.participant_id, p.email, p.code, r.state, r.people, r.attended, r.attended_at
         FROM registration r JOIN participant p ON p.id = r.participant_id
         WHERE r.session_id = $1
         ORDER BY r.created_at, r.id",
    )
    .bind(session)
    .fetch_all(c)
    .await)
}

/// Marks these registrations. The caller holds the seat row.
pub async fn write(db: &mut Conn, marks: &[(Uuid, Option<i64>)], now: DateTime<Utc>) -> sqlx::Result<()> {
    let mut by_count: BTreeMap<Option<i64>, Vec<Uuid>> = BTreeMap::new();
    for (id, attended) in marks {
        by_count.entry(*attended).or_default().push(*id);
    }
    for (attended, ids) in by_count {
        for some in ids.chunks(IDS_MAX) {
            on!(db, c => {
                let mut update = QueryBuilder::new("UPDATE registration SET attended = ");
                update.push_bind(attended).push(", attended_at = ").push_bind(now).push(" WHERE id IN (");
                push_list(&mut update, some.iter().copied());
                update.push(")").build().execute(c).await.map(|_| ())
            })?;
        }
    }
    Ok(())
}

/// Marks these registrations as they were at the time that is said with each. The caller holds the seat row.
pub async fn write_settled(db: &mut Conn, settled: &[Settled]) -> sqlx::Result<()> {
    for some in settled.chunks(IDS_MAX) {
        on!(db, c => QueryBuilder::new("WITH settled (id, attended, attended_at) AS (")
            .push_values(some, |mut row, one| {
                row.push_bind(one.registration).push_bind(one.came).push_bind(one.at);
            })
            .push(
                ") UPDATE registration SET attended = settled.attended, attended_at = settled.attended_at
                 FROM settled WHERE registration.id = settled.id",
            )
            .build()
            .execute(c)
            .await
            .map(|_| ()))?;
    }
    Ok(())
}

/// Notes that who came to a session is as it was known at `now`. The caller holds the seat row.
pub async fn touch(db: &mut Conn, session: Uuid, now: DateTime<Utc>) -> sqlx::Result<()> {
    on!(db, c => query("UPDATE registration SET attended_at = $2 WHERE session_id = $1")
        .bind(session)
        .bind(now)
        .execute(c)
        .await
        .map(|_| ()))
}

/// How many of each registration of a session came, and what it counts for: read for a door that is watched.
pub async fn standing(db: &mut Conn, session: Uuid) -> sqlx::Result<Vec<(Uuid, State, i64, Option<i64>)>> {
    on!(db, c => query_as("SELECT id, state, people, attended FROM registration WHERE session_id = $1")
        .bind(session)
        .fetch_all(c)
        .await)
}

/// Of these sessions, how many people came, where anybody has marked it.
pub async fn present(db: &mut Conn, sessions: &[Uuid]) -> sqlx::Result<BTreeMap<Uuid, i64>> {
    let mut found = BTreeMap::new();
    for some in sessions.chunks(IDS_MAX) {
        let rows: Vec<(Uuid, i64)> = on!(db, c => {
            let mut select = QueryBuilder::new("SELECT session_id, present + walk_in FROM attendance WHERE session_id IN (");
            push_list(&mut select, some.iter().copied());
            select.push(")").build_query_as().fetch_all(c).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}

/// Nobody has marked who came to a session, after all.
pub async fn drop_figures(db: &mut Conn, session: Uuid) -> sqlx::Result<()> {
    on!(db, c => query("DELETE FROM attendance WHERE session_id = $1").bind(session).execute(c).await.map(|_| ()))
}

/// The figures of a session, over the ones that were there.
pub async fn put_figures(
    db: &mut Conn,
    programme: Uuid,
    session: Uuid,
    figures: Figures,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    on!(db, c => query(
        "INSERT INTO attendance (session_id, programme_id, registered, present, absent, walk_in, marked_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (session_id) DO UPDATE
         SET registered = excluded.registered, present = excluded.present, absent = excluded.absent,
             walk_in = excluded.walk_in, marked_at = excluded.marked_at",
    )
    .bind(session)
    .bind(programme)
    .bind(figures.registered)
    .bind(figures.present)
    .bind(figures.absent)
    .bind(figures.walk_in)
    .bind(now)
    .execute(c)
    .await
    .map(|_| ()))
}

/// Puts right how many had a seat in these sessions, and how many of them did not come, after registrations changed;
/// where nobody has looked who of the registered is there, there is nothing to put right. The caller holds the seat rows.
pub async fn recount(db: &mut Conn, sessions: &[Uuid]) -> sqlx::Result<()> {
    for some in sessions.chunks(IDS_MAX) {
        on!(db, c => {
            let mut update = QueryBuilder::new(
                "UPDATE attendance SET (registered, absent) = (
                     SELECT CAST(COALESCE(SUM(r.people), 0) AS BIGINT),
                            CAST(COALESCE(SUM(r.people - COALESCE(r.attended, 0)), 0) AS BIGINT)
                     FROM registration r WHERE r.session_id = attendance.session_id AND r.state = 'confirmed')
                 WHERE EXISTS (SELECT 1 FROM registration m
                               WHERE m.session_id = attendance.session_id AND m.attended IS NOT NULL)
                   AND session_id IN (",
            );
            push_list(&mut update, some.iter().copied());
            update.push(")").build().execute(c).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// Of these sessions, for how many people there is a seat; sessions without any are left out.
pub async fn expected(db: &mut Conn, sessions: &[Uuid]) -> sqlx::Result<BTreeMap<Uuid, i64>> {
    let mut found = BTreeMap::new();
    for some in sessions.chunks(IDS_MAX) {
        let rows: Vec<(Uuid, i64)> = on!(db, c => {
            let mut select = QueryBuilder::new(
                "SELECT session_id, CAST(SUM(people) AS BIGINT) FROM registration
                 WHERE state = 'confirmed' AND session_id IN (",
            );
            push_list(&mut select, some.iter().copied());
            select.push(") GROUP BY session_id").build_query_as().fetch_all(c).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}

/// What became of a session's seats, as it is stored.
#[derive(FromRow)]
struct Row {
    session_id: Uuid,
    registered: i64,
    present: i64,
    absent: i64,
    walk_in: i64,
}

impl Row {
    fn figures(&self) -> Figures {
        Figures {
            registered: self.registered,
            present: self.present,
            absent: self.absent,
            walk_in: self.walk_in,
        }
    }
}

/// The figures of a programme's sessions that are marked.
pub async fn figures(db: &mut Conn, programme: Uuid) -> sqlx::Result<BTreeMap<Uuid, Figures>> {
    let rows: Vec<Row> = on!(db, c => query_as(
        "SELECT session_id, registered, present, absent, walk_in FROM attendance WHERE programme_id = $1",
    )
    .bind(programme)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|row| (row.session_id, row.figures())).collect())
}

/// The figures of a session; `None` where nobody has marked who came.
pub async fn figures_of(db: &mut Conn, session: Uuid) -> sqlx::Result<Option<Figures>> {
    let row: Option<Row> = on!(db, c => query_as(
        "SELECT session_id, registered, present, absent, walk_in FROM attendance WHERE session_id = $1",
    )
    .bind(session)
    .fetch_optional(c)
    .await)?;
    Ok(row.map(|row| row.figures()))
}

/// A session whose figures are not what its registrations say, in people.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct WrongFigures {
    /// Which.
    pub session_id: Uuid,
    /// Had a seat, say the figures.
    pub registered: i64,
    /// Came, say the figures.
    pub present: i64,
    /// Did not come, say the figures.
    pub absent: i64,
    /// Had a seat, say the registrations; nobody where none of them is marked.
    pub seats: i64,
    /// Came, say the registrations.
    pub came: i64,
    /// Came and had a seat, say the registrations.
    pub seated: i64,
}

/// Sessions whose figures are not what their registrations say, for `parvis check`. One that begins after `until` was
/// moved since it was marked: its figures are put right when somebody marks it again.
pub async fn wrong_figures(db: &mut Conn, until: DateTime<Utc>) -> sqlx::Result<Vec<WrongFigures>> {
    on!(db, c => query_as(
        "SELECT * FROM (
             SELECT a.session_id, a.registered, a.present, a.absent,
                    CASE WHEN COUNT(r.attended) = 0 THEN 0 ELSE
                        CAST(COALESCE(SUM(CASE WHEN r.state = 'confirmed' THEN r.people END), 0) AS BIGINT) END AS seats,
                    CAST(COALESCE(SUM(r.attended), 0) AS BIGINT) AS came,
                    CAST(COALESCE(SUM(CASE WHEN r.state = 'confirmed' THEN r.attended END), 0) AS BIGINT) AS seated
             FROM attendance a
             JOIN seat s ON s.session_id = a.session_id AND s.starts <= $1
             LEFT JOIN registration r ON r.session_id = a.session_id
             GROUP BY a.session_id, a.registered, a.present, a.absent) counted
         WHERE registered <> seats OR present <> came OR absent <> seats - seated
         ORDER BY session_id",
    )
    .bind(until)
    .fetch_all(c)
    .await)
}

/// Whoever came, or had a seat where nobody has marked who came.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Guest {
    /// Their registration.
    pub id: Uuid,
    /// Who they are.
    pub participant_id: Uuid,
    /// In what.
    pub session_id: Uuid,
}

/// Who can be thanked for a session.
pub async fn guests(db: &mut Conn, session: Uuid) -> sqlx::Result<Vec<Guest>> {
    // In two, each with its index: others register meanwhile.
    on!(db, c => query_as(
        "SELECT r.id, r.participant_id, r.session_id
         FROM (SELECT * FROM registration WHERE session_id = $1 AND attended > 0
               UNION ALL SELECT * FROM registration
               WHERE session_id = $1 AND state IN ('confirmed', 'waiting', 'offered')
                 AND state = 'confirmed' AND attended IS NULL
                 AND NOT EXISTS (SELECT 1 FROM attendance a WHERE a.session_id = $1)) r
         JOIN participant p ON p.id = r.participant_id
         WHERE p.email IS NOT NULL
         ORDER BY r.id",
    )
    .bind(session)
    .fetch_all(c)
    .await)
}

/// Of these registrations, how many people came, where it is marked.
pub async fn attended(db: &mut Conn, registrations: &[Uuid]) -> sqlx::Result<BTreeMap<Uuid, i64>> {
    let mut found = BTreeMap::new();
    for some in registrations.chunks(IDS_MAX) {
        let rows: Vec<(Uuid, i64)> = on!(db, c => {
            let mut select = QueryBuilder::new(
                "SELECT id, attended FROM registration WHERE attended IS NOT NULL AND id IN (",
            );
            push_list(&mut select, some.iter().copied());
            select.push(")").build_query_as().fetch_all(c).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}

/// A registration behind a link of its own.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Place {
    /// In what.
    pub session_id: Uuid,
    /// Of which programme.
    pub programme_id: Uuid,
    /// When the session begins.
    pub starts: DateTime<Utc>,
    /// Where it stands.
    pub state: State,
    /// How many came, where it is marked.
    pub attended: Option<i64>,
    /// `None` after erasure.
    pub email: Option<String>,
}

/// A registration by id.
pub async fn place(db: &mut Conn, registration: Uuid) -> sqlx::Result<Option<Place>> {
    on!(db, c => query_as(
        "SELECT r.session_id, s.programme_id, s.starts, r.state, r.attended, p.email
         FROM registration r
         JOIN seat s ON s.session_id = r.session_id
         JOIN participant p ON p.id = r.participant_id
         WHERE r.id = $1",
    )
    .bind(registration)
    .fetch_optional(c)
    .await)
}

/// The sessions of a programme that a person has attended, in the order of their time. Whoever is marked at a door before
/// the session begins has attended it once it has begun.
pub async fn attended_by(
    db: &mut Conn,
    participant: Uuid,
    programme: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Uuid>> {
    on!(db, c => query_scalar(
        "SELECT r.session_id
         FROM registration r JOIN seat s ON s.session_id = r.session_id
         WHERE r.participant_id = $1 AND s.programme_id = $2 AND r.attended > 0 AND s.starts <= $3
         ORDER BY s.starts, r.session_id",
    )
    .bind(participant)
    .bind(programme)
    .bind(now)
    .fetch_all(c)
    .await)
}
