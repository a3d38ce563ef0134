//! Everything that is recorded about one person, for the person.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, query_as};
use uuid::Uuid;

use crate::{
    db::Conn,
    on,
    registration::{Awaits, State},
};

/// The person.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
#[expect(missing_docs, reason = "columns of `participant`")]
pub struct PersonRow {
    pub email: Option<String>,
    pub code: Option<String>,
    pub phone: String,
    pub name: String,
    pub language: String,
    pub created_at: DateTime<Utc>,
    pub told_at: Option<DateTime<Utc>>,
    pub link_sent_at: Option<DateTime<Utc>>,
    pub undeliverable_at: Option<DateTime<Utc>>,
}

/// Whose data it is.
pub async fn person(db: &mut Conn, id: Uuid) -> sqlx::Result<Option<PersonRow>> {
    on!(db, c => query_as(
        "SELECT email, code, phone, name, language, created_at, told_at, link_sent_at, undeliverable_at
         FROM participant WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(c)
    .await)
}

/// A form that was sent.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
#[expect(missing_docs, reason = "columns of `registration_order`")]
pub struct OrderRow {
    pub id: Uuid,
    pub programme_id: Uuid,
    pub name: String,
    pub people: i64,
    pub organisation: String,
    pub access_needs: String,
    pub language: String,
    pub consent_at: Option<DateTime<Utc>>,
    pub confirm_by: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

/// The forms of a person, oldest first.
pub async fn orders(db: &mut Conn, person: Uuid) -> sqlx::Result<Vec<OrderRow>> {
    on!(db, c => query_as(
        "SELECT id, programme_id, name, people, organisation, access_needs, language, consent_at, confirm_by, created_at
         FROM registration_order WHERE participant_id = $1 ORDER BY created_at, id",
    )
    .bind(person)
    .fetch_all(c)
    .await)
}

/// What the page of an order showed of one session.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
#[expect(missing_docs, reason = "columns of `order_item`")]
pub struct ItemRow {
    pub order_id: Uuid,
    pub session_id: Uuid,
    pub shown: String,
    pub position: Option<i64>,
}

/// What the pages of a person's orders showed.
pub async fn items(db: &mut Conn, person: Uuid) -> sqlx::Result<Vec<ItemRow>> {
    on!(db, c => query_as(
        "SELECT i.order_id, i.session_id, i.shown, i.position
         FROM order_item i JOIN registration_order o ON o.id = i.order_id
         WHERE o.participant_id = $1 ORDER BY i.order_id, i.session_id",
    )
    .bind(person)
    .fetch_all(c)
    .await)
}

/// A registration, live or over.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
#[expect(missing_docs, reason = "columns of `registration`")]
pub struct RegistrationRow {
    pub id: Uuid,
    pub session_id: Uuid,
    pub programme_id: Uuid,
    pub order_id: Uuid,
    pub state: State,
    pub people: i64,
    pub awaits: Option<Awaits>,
    pub deadline: Option<DateTime<Utc>>,
    pub attended: Option<i64>,
    pub created_at: DateTime<Utc>,
    pub changed_at: DateTime<Utc>,
}

/// The registrations of a person, oldest first.
pub async fn registrations(db: &mut Conn, person: Uuid) -> sqlx::Result<Vec<RegistrationRow>> {
    on!(db, c => query_as(
        "SELECT r.id, r.session_id, s.programme_id, r.order_id, r.state, r.people, r.awaits, r.deadline, r.attended,
                r.created_at, r.changed_at
         FROM registration r JOIN seat s ON s.session_id = r.session_id
         WHERE r.participant_id = $1 ORDER BY r.created_at, r.id",
    )
    .bind(person)
    .fetch_all(c)
    .await)
}

/// A change of a registration's state.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
#[expect(missing_docs, reason = "columns of `registration_change`")]
pub struct ChangeRow {
    pub registration_id: Uuid,
    pub before: Option<String>,
    pub after: String,
    pub cause: String,
    pub at: DateTime<Utc>,
}

/// The changes of a person's registrations, oldest first.
pub async fn changes(db: &mut Conn, person: Uuid) -> sqlx::Result<Vec<ChangeRow>> {
    on!(db, c => query_as(
        "SELECT ch.registration_id, ch.before, ch.after, ch.cause, ch.at
         FROM registration_change ch JOIN registration r ON r.id = ch.registration_id
         WHERE r.participant_id = $1 ORDER BY ch.at, ch.id",
    )
    .bind(person)
    .fetch_all(c)
    .await)
}
