//! Who a message would reach, in figures and in one example: what a page shows of tens of thousands of readers.

use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use crate::{
    db::{Conn, sizes::push_list},
    on,
    registration::message::To,
};

/// Whose registrations a message is about.
#[derive(Debug, Clone, Copy)]
pub enum Among<'s> {
    /// Those for any session of this programme.
    Programme(Uuid),
    /// Those for one of these.
    Sessions(&'s [Uuid]),
}

/// People of one language whom mails reach.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Group {
    /// What they read.
    pub language: String,
    /// How many.
    pub people: i64,
}

/// Somebody whom no mail reaches.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Unreached {
    /// How many there are of them.
    pub of_all: i64,
    /// Who.
    pub id: Uuid,
    /// What they are called.
    pub name: String,
    /// False where mails to them come back.
    pub no_address: bool,
}

/// Without orders that nobody has confirmed: the address may be a stranger's.
fn live(to: To) -> &'static str {
    match to {
        To::Confirmed => "r.state = 'confirmed' AND (r.awaits IS NULL OR r.awaits <> 'link')",
        To::Waiting => "r.state IN ('waiting', 'offered') AND (r.awaits IS NULL OR r.awaits <> 'link')",
        To::Both => {
            "r.state IN ('confirmed', 'waiting', 'offered') AND (r.awaits IS NULL OR r.awaits <> 'link')"
        }
    }
}

/// `AND` whoever `p` is has such a registration. For a whole programme each person is asked once, whatever number of
/// registrations there are (`registration_person` answers alone); for a few sessions it begins with theirs. `CROSS JOIN`
/// keeps SQLite to that order.
macro_rules! has_one {
    ($select:ident, $to:expr, $among:expr) => {
        match $among {
            Among::Programme(programme) => {
                $select
                    .push(
                        " AND EXISTS (SELECT 1 FROM registration r CROSS JOIN seat s
                                      WHERE s.session_id = r.session_id AND r.participant_id = p.id
                                        AND s.programme_id = ",
                    )
                    .push_bind(programme)
                    .push(" AND ")
                    .push(live($to))
                    .push(")");
            }
            // A theme that has no session yet: an empty list is no SQL for PostgreSQL.
            Among::Sessions([]) => {
                $select.push(" AND FALSE");
            }
            Among::Sessions(sessions) => {
                $select.push(" AND p.id IN (SELECT r.participant_id FROM registration r WHERE ");
                $select.push(live($to)).push(" AND r.session_id IN (");
                push_list(&mut $select, sessions.iter().copied());
                $select.push("))");
            }
        }
    };
}

/// `AND` that person has such a registration: looked up for one person after the other. `EXISTS` says the same, but PostgreSQL
/// makes a join of it that reads every registration before it answers about anybody.
macro_rules! has_one_each {
    ($select:ident, $person:literal, $to:expr, $programme:expr) => {
        $select
            .push(concat!(
                " AND (SELECT r.session_id FROM registration r CROSS JOIN seat s
                       WHERE s.session_id = r.session_id AND r.participant_id = ",
                $person,
                " AND s.programme_id = ",
            ))
            .push_bind($programme)
            .push(" AND ")
            .push(live($to))
            .push(" LIMIT 1) IS NOT NULL")
    };
}

/// How many people with such a registration mails reach, by language. After `limit` people nobody is counted any more.
///
/// Of a whole programme nearly everybody has a seat: those who have ever ordered something there are asked one by one,
/// until there are enough. Who waits are few: the engine looks for them first.
pub async fn reached(db: &mut Conn, to: To, among: Among<'_>, limit: i64) -> sqlx::Result<Vec<Group>> {
    on!(db, c => {
        let mut select =
            QueryBuilder::new("SELECT one.language, COUNT(*) AS people FROM (SELECT p.language FROM ");
        match (to, among) {
            (To::Confirmed | To::Both, Among::Programme(programme)) => {
                select
                    .push("(SELECT participant_id FROM registration_order WHERE programme_id = ")
                    .push_bind(programme)
                    .push(" GROUP BY participant_id) o CROSS JOIN participant p WHERE p.id = o.participant_id");
                has_one_each!(select, "o.participant_id", to, programme);
            }
            (To::Waiting, Among::Programme(_)) | (_, Among::Sessions(_)) => {
                select.push("participant p WHERE TRUE");
                has_one!(select, to, among);
            }
        }
        select
            .push(" AND p.erased_at IS NULL AND p.email IS NOT NULL AND p.undeliverable_at IS NULL LIMIT ")
            .push_bind(limit)
            .push(") one GROUP BY one.language");
        select.build_query_as().fetch_all(c).await
    })
}

/// Those of them whom no mail reaches, at most `limit`, each with how many there are.
pub async fn unreached(db: &mut Conn, to: To, among: Among<'_>, limit: i64) -> sqlx::Result<Vec<Unreached>> {
    on!(db, c => {
        let mut select = QueryBuilder::new(
            "SELECT p.id, p.name, p.email IS NULL AS no_address, COUNT(*) OVER () AS of_all FROM participant p
             WHERE p.erased_at IS NULL AND (p.email IS NULL OR p.undeliverable_at IS NOT NULL)",
        );
        match (to, among) {
            (To::Confirmed | To::Both, Among::Programme(programme)) => {
                has_one_each!(select, "p.id", to, programme);
            }
            (To::Waiting, Among::Programme(_)) | (_, Among::Sessions(_)) => has_one!(select, to, among),
        }
        select.push(" ORDER BY p.id LIMIT ").push_bind(limit).build_query_as().fetch_all(c).await
    })
}

/// The first of them who reads that language and whom mails reach, with the registrations that it is about.
pub async fn first(
    db: &mut Conn,
    to: To,
    among: Among<'_>,
    language: &str,
) -> sqlx::Result<Option<(Uuid, Vec<Uuid>)>> {
    let person: Option<(Uuid,)> = on!(db, c => {
        let mut select = QueryBuilder::new(
            "SELECT p.id FROM participant p
             WHERE p.erased_at IS NULL AND p.email IS NOT NULL AND p.undeliverable_at IS NULL AND p.language = ",
        );
        select.push_bind(language);
        has_one!(select, to, among);
        select.push(" ORDER BY p.id LIMIT 1").build_query_as().fetch_optional(c).await
    })?;
    let Some((person,)) = person else { return Ok(None) };
    let all: Vec<(Uuid, Uuid, Uuid)> = on!(db, c => {
        let mut select = QueryBuilder::new(
            "SELECT r.id, r.session_id, s.programme_id FROM registration r CROSS JOIN seat s
             WHERE s.session_id = r.session_id AND r.participant_id = ",
        );
        select.push_bind(person).push(" AND ").push(live(to)).push(" ORDER BY r.id");
        select.build_query_as().fetch_all(c).await
    })?;
    let is_about = |(_, session, programme): &(Uuid, Uuid, Uuid)| match among {
        Among::Programme(wanted) => *programme == wanted,
        Among::Sessions(sessions) => sessions.contains(session),
    };
    Ok(Some((person, all.into_iter().filter(is_about).map(|(id, ..)| id).collect())))
}
