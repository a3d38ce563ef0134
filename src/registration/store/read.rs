//! What the pages of participants show: one order, one agenda.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, query_as, query_scalar};
use uuid::Uuid;

use crate::{
    db::Conn,
    on,
    registration::{Awaits, State},
};

/// A session of an order, as its page shows it: frozen when the form was taken.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct OrderItem {
    /// Which session.
    pub session_id: Uuid,
    /// The place in the queue, 1 for the first; `None` for a seat.
    pub position: Option<i64>,
}

/// An order, with nothing about the person.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct OrderRow {
    /// Of its sessions.
    pub programme_id: Uuid,
    /// Until when the link in its mail confirms it; `None` where none is needed.
    pub confirm_by: Option<DateTime<Utc>>,
}

/// Whose order it is: only for who has the link that travels by mail.
pub async fn participant_of_order(db: &mut Conn, id: Uuid) -> sqlx::Result<Option<Uuid>> {
    on!(db, c => query_scalar("SELECT participant_id FROM registration_order WHERE id = $1")
        .bind(id)
        .fetch_optional(c)
        .await)
}

/// An order and its sessions; `None` where there is no such order.
pub async fn order(db: &mut Conn, id: Uuid) -> sqlx::Result<Option<(OrderRow, Vec<OrderItem>)>> {
    let order: Option<OrderRow> = on!(db, c => query_as(
        "SELECT programme_id, confirm_by FROM registration_order WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(c)
    .await)?;
    let Some(order) = order else { return Ok(None) };
    let items = on!(db, c => query_as(
        "SELECT session_id, position FROM order_item WHERE order_id = $1 ORDER BY session_id",
    )
    .bind(id)
    .fetch_all(c)
    .await)?;
    Ok(Some((order, items)))
}

/// A registration as its own person sees it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Mine {
    /// In what.
    pub session_id: Uuid,
    /// Of which programme.
    pub programme_id: Uuid,
    /// Where it stands.
    pub state: State,
    /// Its id.
    pub id: Uuid,
    /// For how many.
    pub people: i64,
    /// How many came, where it is marked.
    pub attended: Option<i64>,
    /// The person's own cancellations and returns.
    pub bumps: i64,
    /// When its state was last changed.
    pub changed_at: DateTime<Utc>,
    /// The place in the queue, 1 for the first; 0 for who does not wait.
    pub position: i64,
    /// What is still to be done for it, and until when.
    pub awaits: Option<Awaits>,
    /// Not after.
    pub deadline: Option<DateTime<Utc>>,
    /// Where to join online; `None` for everybody who has no seat.
    pub join_url: Option<String>,
}

/// What a person has or had: of each session the live registration, or else the last one that was cancelled.
pub async fn agenda(db: &mut Conn, participant: Uuid) -> sqlx::Result<Vec<Mine>> {
    let rows: Vec<Mine> = on!(db, c => query_as(
        "SELECT r.id, r.session_id, s.programme_id, r.state, r.people, r.attended, r.bumps, r.changed_at,
                r.awaits, r.deadline,
                CASE WHEN r.state = 'waiting' THEN (
                    SELECT COUNT(*) FROM registration q
                    WHERE q.session_id = r.session_id AND q.state = 'waiting' AND q.awaits IS NULL
                      AND q.arrival <= r.arrival
                ) ELSE 0 END AS position,
                CASE WHEN r.state = 'confirmed' THEN s.join_url ELSE NULL END AS join_url
         FROM registration r JOIN seat s ON s.session_id = r.session_id
         WHERE r.participant_id = $1
         ORDER BY s.starts, r.session_id, r.arrival, r.id",
    )
    .bind(participant)
    .fetch_all(c)
    .await)?;
    let mut last: Vec<Mine> = Vec::with_capacity(rows.len());
    for row in rows {
        match last.last_mut().filter(|known| known.session_id == row.session_id) {
            // The rows of a session stand together, in the order in which they were made.
            Some(known) if row.state.is_live() || !known.state.is_live() => *known = row,
            Some(_) => {}
            None => last.push(row),
        }
    }
    Ok(last)
}
