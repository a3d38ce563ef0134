//! Who is concerned when sessions change.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use super::RawRegistration;
use crate::{
    db::{Conn, sizes::push_list},
    locale::Lang,
    on,
    registration::{
        State,
        decide::{Participant, Registration},
    },
};

/// Ids of one statement.
const IDS_MAX: usize = 500;

/// A live registration, as far as it says whom a change concerns.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Live {
    /// Which.
    pub id: Uuid,
    /// Whose.
    pub participant_id: Uuid,
    /// In what.
    pub session_id: Uuid,
    /// Where it stands.
    pub state: State,
}

/// The live registrations in these sessions, by id. Without those that nobody has confirmed: the address may be a
/// stranger's, and who confirms is told what is true then.
pub async fn live(db: &mut Conn, sessions: &[Uuid]) -> sqlx::Result<Vec<Live>> {
    let mut found: Vec<Live> = Vec::new();
    for some in sessions.chunks(IDS_MAX) {
        found.extend(on!(db, c => {
            let mut select = QueryBuilder::new(
                "SELECT id, participant_id, session_id, state FROM registration
                 WHERE state IN ('confirmed', 'waiting', 'offered') AND (awaits IS NULL OR awaits <> 'link')
                   AND session_id IN (",
            );
            push_list(&mut select, some.iter().copied());
            select.push(")").build_query_as::<Live>().fetch_all(c).await
        })?);
    }
    found.sort_by_key(|live| live.id);
    Ok(found)
}

/// Of the registrations that [`live`] gives, those of these people.
pub async fn live_of(db: &mut Conn, sessions: &[Uuid], people: &[Uuid]) -> sqlx::Result<Vec<Live>> {
    let mut found: Vec<Live> = Vec::new();
    for some in people.chunks(IDS_MAX).filter(|_| !sessions.is_empty()) {
        found.extend(on!(db, c => {
            // What they have anywhere stands in an index, and is less than what everybody has in these sessions. `CROSS`
            // keeps SQLite from beginning there.
            let mut select = QueryBuilder::new(
                "WITH theirs AS MATERIALIZED (
                     SELECT participant_id, session_id FROM registration
                     WHERE state IN ('confirmed', 'waiting', 'offered') AND (awaits IS NULL OR awaits <> 'link')
                       AND participant_id IN (",
            );
            push_list(&mut select, some.iter().copied());
            select.push(
                ")) SELECT r.id, r.participant_id, r.session_id, r.state
                 FROM theirs CROSS JOIN registration r
                 WHERE r.participant_id = theirs.participant_id AND r.session_id = theirs.session_id
                   AND r.state IN ('confirmed', 'waiting', 'offered') AND theirs.session_id IN (",
            );
            push_list(&mut select, sessions.iter().copied());
            select.push(")").build_query_as::<Live>().fetch_all(c).await
        })?);
    }
    found.sort_by_key(|live| live.id);
    Ok(found)
}

/// So many registrations of one session stand alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// In what.
    pub session: Uuid,
    /// Where they stand.
    pub state: State,
    /// How many there are.
    pub registrations: usize,
}

/// Of the registrations that [`live`] gives, those of people whom we can write to, counted, and how many people these
/// are: all in the sessions `all`, who has a seat in those of `seats_only`. No session is in both.
pub async fn alike(db: &mut Conn, all: &[Uuid], seats_only: &[Uuid]) -> sqlx::Result<(Vec<Alike>, usize)> {
    let parts = [("('confirmed', 'waiting', 'offered')", all), ("('confirmed')", seats_only)];
    let parts = parts.into_iter().filter(|(_, sessions)| !sessions.is_empty());
    if parts.clone().next().is_none() {
        return Ok((Vec::new(), 0));
    }
    let rows: Vec<(Option<Uuid>, Option<State>, i64)> = on!(db, c => {
        // Materialized: otherwise SQLite goes through them twice.
        let mut select = QueryBuilder::new("WITH them AS MATERIALIZED (");
        for (at, (states, sessions)) in parts.enumerate() {
            select
                .push(if at == 0 { "" } else { " UNION ALL " })
                .push(
                    "SELECT r.session_id, r.state, r.participant_id
                     FROM registration r JOIN participant p ON p.id = r.participant_id
                     WHERE p.email IS NOT NULL AND p.undeliverable_at IS NULL
                       AND (r.awaits IS NULL OR r.awaits <> 'link') AND r.state IN ",
                )
                .push(states)
                .push(" AND r.session_id IN (");
            push_list(&mut select, sessions.iter().copied());
            select.push(")");
        }
        select.push(
            ") SELECT session_id, state, COUNT(*) FROM them GROUP BY session_id, state
             UNION ALL SELECT NULL, NULL, COUNT(DISTINCT participant_id) FROM them",
        );
        select.build_query_as().fetch_all(c).await
    })?;
    let mut people = 0;
    let mut alike = Vec::new();
    for (session, state, count) in rows {
        let count = usize::try_from(count).unwrap_or_default();
        match (session, state) {
            (Some(session), Some(state)) => alike.push(Alike { session, state, registrations: count }),
            _ => people = count,
        }
    }
    Ok((alike, people))
}

/// A registration with its person.
#[derive(Debug, Clone, PartialEq)]
pub struct Registered {
    /// Their seat, or turn.
    pub registration: Registration,
    /// Who they are.
    pub participant: Participant,
    /// The place in the queue, 1 for the first; 0 for who does not wait.
    pub position: i64,
    /// False where mails to the person come back: what nobody waits for is not sent then.
    pub reachable: bool,
}

/// These registrations, live or over, as they stand now.
pub async fn registered(db: &mut Conn, ids: &[Uuid]) -> sqlx::Result<HashMap<Uuid, Registered>> {
    #[derive(FromRow)]
    struct Row {
        #[sqlx(flatten)]
        registration: RawRegistration,
        email: Option<String>,
        code: Option<String>,
        name: String,
        language: String,
        agenda_version: i64,
        feed_version: i64,
        told_at: Option<DateTime<Utc>>,
        position: i64,
        reachable: bool,
    }
    let mut found = HashMap::new();
    for some in ids.chunks(IDS_MAX) {
        let rows: Vec<Row> = on!(db, c => {
            let mut select = QueryBuilder::new(
                "SELECT r.id, r.session_id, r.participant_id, r.order_id, r.state, r.people, r.arrival, r.bumps,
                        r.awaits, r.deadline,
                        p.email, p.code, p.name, p.language, p.agenda_version, p.feed_version, p.told_at,
                        p.undeliverable_at IS NULL AS reachable,
                        CASE WHEN r.state = 'waiting' THEN (
                            SELECT COUNT(*) FROM registration q
                            WHERE q.session_id = r.session_id AND q.state = 'waiting' AND q.awaits IS NULL
                              AND q.arrival <= r.arrival
                        ) ELSE 0 END AS position
                 FROM registration r JOIN participant p ON p.id = r.participant_id
                 WHERE r.id IN (",
            );
            push_list(&mut select, some.iter().copied());
            select.push(")").build_query_as().fetch_all(c).await
        })?;
        found.extend(rows.into_iter().map(|row| {
            let participant = Participant {
                id: row.registration.participant_id,
                email: row.email,
                code: row.code,
                name: row.name,
                lang: Lang::parse(&row.language).unwrap_or_default(),
                agenda_version: row.agenda_version,
                feed_version: row.feed_version,
                told_at: row.told_at,
            };
            let registration = Registration::from(row.registration);
            let (position, reachable) = (row.position, row.reachable);
            (registration.id, Registered { registration, participant, position, reachable })
        }));
    }
    Ok(found)
}

/// One more change of the entries of all who have a seat in these sessions, beside those of the sessions themselves:
/// the next mail about each bears a higher `SEQUENCE`. The caller holds the seat rows.
pub async fn bump_seats(db: &mut Conn, sessions: &[Uuid]) -> sqlx::Result<()> {
    for some in sessions.chunks(IDS_MAX) {
        on!(db, c => {
            let mut update = QueryBuilder::new(
                "UPDATE registration SET bumps = bumps + 1 WHERE state = 'confirmed' AND session_id IN (",
            );
            push_list(&mut update, some.iter().copied());
            update.push(")").build().execute(c).await.map(|_| ())
        })?;
    }
    Ok(())
}
