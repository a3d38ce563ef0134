//! What the office reads of registrations: a session's list, people, one person.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder, query_as, query_scalar};
use uuid::Uuid;

use crate::{
    db::Conn,
    on,
    registration::{Awaits, State},
};

/// A registration in the list of its session.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Listed {
    /// Which.
    pub id: Uuid,
    /// Whose.
    pub participant_id: Uuid,
    /// As they call themselves.
    pub name: String,
    /// `None` for who has no address, and after erasure.
    pub email: Option<String>,
    /// By which somebody without an address is known.
    pub code: Option<String>,
    /// Where they are called.
    pub phone: String,
    /// Since when mails to them come back.
    pub undeliverable_at: Option<DateTime<Utc>>,
    /// For whom they work, as typed.
    pub organisation: String,
    /// What they need, as typed.
    pub access_needs: String,
    /// Where it stands.
    pub state: State,
    /// What is still to be done for it.
    pub awaits: Option<Awaits>,
    /// Not after.
    pub deadline: Option<DateTime<Utc>>,
    /// For how many.
    pub people: i64,
    /// The order of the queue.
    pub arrival: i64,
    /// How many came, where it is marked.
    pub attended: Option<i64>,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

/// Which registrations of a session a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those that hold a seat, or have a turn.
    Live,
    /// Those in this state.
    In(State),
    /// Live ones of people who need something in order to take part.
    WithNeeds,
}

impl Which {
    /// Beside the session; in the words of the index where there is one.
    fn condition(self) -> &'static str {
        match self {
            Which::Live => "r.state IN ('confirmed', 'waiting', 'offered')",
            Which::In(State::Confirmed) => "r.state = 'confirmed'",
            Which::In(State::Waiting) => "r.state = 'waiting'",
            Which::In(State::Offered) => "r.state = 'offered'",
            Which::In(State::Cancelled) => "r.state = 'cancelled'",
            Which::WithNeeds => "r.state IN ('confirmed', 'waiting', 'offered') AND o.access_needs <> ''",
        }
    }
}

/// A part of a session's list, in the order of arrival: at most `limit` behind the arrival `after` (0: from the
/// beginning).
pub async fn of_session(
    db: &mut Conn,
    session: Uuid,
    which: Which,
    after: i64,
    limit: i64,
) -> sqlx::Result<Vec<Listed>> {
    on!(db, c => {
        let mut select = QueryBuilder::new(
            "SELECT r.id, r.participant_id, CASE WHEN p.erased_at IS NULL THEN o.name ELSE '' END AS name,
                    p.email, p.code, p.phone, p.undeliverable_at, o.organisation, o.access_needs,
                    r.state, r.awaits, r.deadline, r.people, r.arrival, r.attended, r.created_at
             FROM registration r
             JOIN participant p ON p.id = r.participant_id
             JOIN registration_order o ON o.id = r.order_id
             WHERE r.session_id = ",
        );
        select.push_bind(session).push(" AND r.arrival > ").push_bind(after);
        select.push(" AND ").push(which.condition());
        select.push(" ORDER BY r.arrival LIMIT ").push_bind(limit);
        select.build_query_as().fetch_all(c).await
    })
}

/// How many registrations of a session stand in each state, and for how many people.
pub async fn counts(db: &mut Conn, session: Uuid) -> sqlx::Result<Vec<(State, i64, i64)>> {
    on!(db, c => query_as(
        "SELECT state, COUNT(*), CAST(COALESCE(SUM(people), 0) AS BIGINT)
         FROM registration WHERE session_id = $1 GROUP BY state ORDER BY state",
    )
    .bind(session)
    .fetch_all(c)
    .await)
}

/// Somebody in the list of a programme's people.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Known {
    /// Who.
    pub id: Uuid,
    /// As they call themselves.
    pub name: String,
    /// `None` for who has no address.
    pub email: Option<String>,
    /// By which somebody without an address is known.
    pub code: Option<String>,
    /// Where they are called.
    pub phone: String,
    /// Since when mails to them come back.
    pub undeliverable_at: Option<DateTime<Utc>>,
    /// Seats that they hold in the programme, by session.
    pub seats: i64,
    /// Turns that they have.
    pub waiting: i64,
}

/// Whom a list of people shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whom {
    /// Everybody.
    All,
    /// Those to whom nobody can write: without an address, or with one that sends mails back.
    Unreached,
}

/// People of a programme, those first whom we have known for the shortest time: at most `limit` of them behind `after`
/// (`None`: from the beginning). Each of `words` stands in their [letters](crate::registration::contact::folded).
pub async fn people(
    db: &mut Conn,
    programme: Uuid,
    words: &[String],
    whom: Whom,
    after: Option<Uuid>,
    limit: i64,
) -> sqlx::Result<Vec<Known>> {
    on!(db, c => {
        // First who it is, then what they have: the counts are made for those alone who are shown.
        let mut select = QueryBuilder::new(
            "SELECT p.id, p.name, p.email, p.code, p.phone, p.undeliverable_at,
                    (SELECT COUNT(*) FROM registration r JOIN seat s ON s.session_id = r.session_id
                     WHERE r.participant_id = p.id AND s.programme_id = ",
        );
        select.push_bind(programme).push(
            "       AND r.state IN ('confirmed', 'offered')) AS seats,
                    (SELECT COUNT(*) FROM registration r JOIN seat s ON s.session_id = r.session_id
                     WHERE r.participant_id = p.id AND s.programme_id = ",
        );
        select.push_bind(programme).push(
            "       AND r.state = 'waiting' AND r.awaits IS NULL) AS waiting
             FROM (SELECT id, name, email, code, phone, undeliverable_at FROM participant
                   WHERE erased_at IS NULL ",
        );
        for word in words {
            // Letters and digits only: nothing in them is a sign of LIKE.
            select.push(" AND folded LIKE ").push_bind(format!("%{word}%"));
        }
        match whom {
            Whom::All => {}
            Whom::Unreached => { select.push(" AND (email IS NULL OR undeliverable_at IS NOT NULL)"); }
        }
        if let Some(after) = after {
            select.push(" AND id < ").push_bind(after);
        }
        select.push(
            "       AND EXISTS (SELECT 1 FROM registration_order o
                                WHERE o.participant_id = participant.id AND o.programme_id = ",
        );
        select.push_bind(programme).push(") ORDER BY id DESC LIMIT ").push_bind(limit);
        select.push(") p ORDER BY p.id DESC").build_query_as().fetch_all(c).await
    })
}

/// A person, as the office sees them.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Person {
    /// Who.
    pub id: Uuid,
    /// As they call themselves.
    pub name: String,
    /// `None` for who has no address.
    pub email: Option<String>,
    /// By which somebody without an address is known.
    pub code: Option<String>,
    /// Where they are called.
    pub phone: String,
    /// The language of their mails.
    pub language: String,
    /// Since when mails to them come back.
    pub undeliverable_at: Option<DateTime<Utc>>,
    /// Since when we know them.
    pub created_at: DateTime<Utc>,
}

/// A person who has an order in this programme, and is not erased; `None` for everybody else: nobody learns which.
pub async fn person(db: &mut Conn, programme: Uuid, id: Uuid) -> sqlx::Result<Option<Person>> {
    on!(db, c => query_as(
        "SELECT id, name, email, code, phone, language, undeliverable_at, created_at FROM participant
         WHERE id = $2 AND erased_at IS NULL
           AND EXISTS (SELECT 1 FROM registration_order o WHERE o.participant_id = $2 AND o.programme_id = $1)",
    )
    .bind(programme)
    .bind(id)
    .fetch_optional(c)
    .await)
}

/// What somebody has or had in a programme.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Theirs {
    /// Which.
    pub id: Uuid,
    /// In what.
    pub session_id: Uuid,
    /// Where it stands.
    pub state: State,
    /// For how many.
    pub people: i64,
    /// What is still to be done for it.
    pub awaits: Option<Awaits>,
    /// Not after.
    pub deadline: Option<DateTime<Utc>>,
    /// How many came, where it is marked.
    pub attended: Option<i64>,
    /// The place in the queue, 1 for the first; 0 for who does not wait.
    pub position: i64,
    /// As typed in the order.
    pub name: String,
    /// For whom they work, as typed.
    pub organisation: String,
    /// What they need, as typed.
    pub access_needs: String,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

/// The registrations of a person in a programme, live and over, by the session's start.
pub async fn theirs(db: &mut Conn, programme: Uuid, person: Uuid) -> sqlx::Result<Vec<Theirs>> {
    on!(db, c => query_as(
        "SELECT r.id, r.session_id, r.state, r.people, r.awaits, r.deadline, r.attended,
                CASE WHEN r.state = 'waiting' THEN (
                    SELECT COUNT(*) FROM registration q
                    WHERE q.session_id = r.session_id AND q.state = 'waiting' AND q.awaits IS NULL
                      AND q.arrival <= r.arrival
                ) ELSE 0 END AS position,
                o.name, o.organisation, o.access_needs, r.created_at
         FROM registration r
         JOIN seat s ON s.session_id = r.session_id AND s.programme_id = $1
         JOIN registration_order o ON o.id = r.order_id
         WHERE r.participant_id = $2
         ORDER BY s.starts, r.session_id, r.arrival, r.id",
    )
    .bind(programme)
    .bind(person)
    .fetch_all(c)
    .await)
}

/// The sessions in which somebody has a seat or a turn.
pub async fn live_of(db: &mut Conn, person: Uuid) -> sqlx::Result<Vec<Uuid>> {
    on!(db, c => query_scalar(
        "SELECT session_id FROM registration
         WHERE participant_id = $1 AND state IN ('confirmed', 'waiting', 'offered') ORDER BY session_id",
    )
    .bind(person)
    .fetch_all(c)
    .await)
}
