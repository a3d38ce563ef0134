//! Links by which people of an organisation join the office.

use chrono::{DateTime, Utc};
use sqlx::{query, query_as, query_scalar};
use uuid::Uuid;

use crate::{db::Conn, on};

/// A link.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct JoiningLink {
    /// What its token is sealed over.
    pub id: Uuid,
    /// In which programme.
    pub programme_id: Uuid,
    /// For which organisation, by its slug.
    pub organisation: String,
    /// Since when.
    pub made_at: DateTime<Utc>,
    /// Until when it opens.
    pub expires_at: DateTime<Utc>,
    /// Since when it does not open any more.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// Writes a link down. False where the organisation has one that is not revoked.
pub async fn make(db: &mut Conn, link: &JoiningLink) -> sqlx::Result<bool> {
    on!(db, c => query(
        "INSERT INTO partner_link (id, programme_id, organisation, made_at, expires_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (programme_id, organisation) WHERE revoked_at IS NULL DO NOTHING",
    )
    .bind(link.id)
    .bind(link.programme_id)
    .bind(&link.organisation)
    .bind(link.made_at)
    .bind(link.expires_at)
    .execute(c)
    .await
    .map(|done| done.rows_affected() == 1))
}

/// The link of that identity.
pub async fn by_id(db: &mut Conn, id: Uuid) -> sqlx::Result<Option<JoiningLink>> {
    on!(db, c => query_as(
        "SELECT id, programme_id, organisation, made_at, expires_at, revoked_at FROM partner_link WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(c)
    .await)
}

/// The links of a programme that are not revoked.
pub async fn of_programme(db: &mut Conn, programme: Uuid) -> sqlx::Result<Vec<JoiningLink>> {
    on!(db, c => query_as(
        "SELECT id, programme_id, organisation, made_at, expires_at, revoked_at FROM partner_link
         WHERE programme_id = $1 AND revoked_at IS NULL",
    )
    .bind(programme)
    .fetch_all(c)
    .await)
}

/// Revokes the organisation's link. False where it has none.
pub async fn revoke(
    db: &mut Conn,
    programme: Uuid,
    organisation: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    on!(db, c => query(
        "UPDATE partner_link SET revoked_at = $3
         WHERE programme_id = $1 AND organisation = $2 AND revoked_at IS NULL",
    )
    .bind(programme)
    .bind(organisation)
    .bind(now)
    .execute(c)
    .await
    .map(|done| done.rows_affected() == 1))
}

/// Somebody who has asked to speak for an organisation, and has not answered from their mailbox yet.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Request {
    /// What the token in their mail is sealed over.
    pub id: Uuid,
    /// By which link they came.
    pub link_id: Uuid,
    /// In its one spelling.
    pub email: String,
    /// What they call themselves.
    pub name: String,
    /// The code of the language of their mails.
    pub language: String,
    /// Since when.
    pub made_at: DateTime<Utc>,
    /// Until when they can answer.
    pub expires_at: DateTime<Utc>,
    /// The mail that asks them.
    pub letter_id: Option<Uuid>,
}

/// Writes a request down.
pub async fn ask(db: &mut Conn, request: &Request) -> sqlx::Result<()> {
    on!(db, c => query(
        "INSERT INTO partner_request (id, link_id, email, name, language, made_at, expires_at, letter_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(request.id)
    .bind(request.link_id)
    .bind(&request.email)
    .bind(&request.name)
    .bind(&request.language)
    .bind(request.made_at)
    .bind(request.expires_at)
    .bind(request.letter_id)
    .execute(c)
    .await
    .map(|_| ()))
}

/// The request of that identity.
pub async fn request(db: &mut Conn, id: Uuid) -> sqlx::Result<Option<Request>> {
    on!(db, c => query_as(
        "SELECT id, link_id, email, name, language, made_at, expires_at, letter_id FROM partner_request WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(c)
    .await)
}

/// Who is waited for by that link, the oldest first.
pub async fn waiting(db: &mut Conn, link: Uuid, now: DateTime<Utc>) -> sqlx::Result<Vec<Request>> {
    on!(db, c => query_as(
        "SELECT id, link_id, email, name, language, made_at, expires_at, letter_id FROM partner_request
         WHERE link_id = $1 AND expires_at > $2 ORDER BY made_at, id",
    )
    .bind(link)
    .bind(now)
    .fetch_all(c)
    .await)
}

/// That address is not waited for any more by that link. False where it was not: of two answers at once, one counts.
pub async fn answered(db: &mut Conn, link: Uuid, email: &str) -> sqlx::Result<bool> {
    on!(db, c => query("DELETE FROM partner_request WHERE link_id = $1 AND email = $2")
        .bind(link)
        .bind(email)
        .execute(c)
        .await
        .map(|done| done.rows_affected() > 0))
}

/// Whether anybody of that address is waited for.
pub async fn has_asked(db: &mut Conn, email: &str) -> sqlx::Result<bool> {
    let found: Option<i64> = on!(db, c => query_scalar(
        "SELECT CAST(1 AS BIGINT) FROM partner_request WHERE email = $1 LIMIT 1",
    )
    .bind(email)
    .fetch_optional(c)
    .await)?;
    Ok(found.is_some())
}

/// Forgets what that address has asked for. False where that was nothing.
pub async fn forget(db: &mut Conn, email: &str) -> sqlx::Result<bool> {
    on!(db, c => query("DELETE FROM partner_request WHERE email = $1")
        .bind(email)
        .execute(c)
        .await
        .map(|done| done.rows_affected() > 0))
}

/// Forgets who has asked to speak for an organisation of that programme.
pub async fn forget_programme(db: &mut Conn, programme: Uuid) -> sqlx::Result<()> {
    on!(db, c => query(
        "DELETE FROM partner_request WHERE link_id IN (SELECT id FROM partner_link WHERE programme_id = $1)",
    )
    .bind(programme)
    .execute(c)
    .await
    .map(|_| ()))
}

/// Requests whose time has passed.
pub async fn over(db: &mut Conn, now: DateTime<Utc>) -> sqlx::Result<Vec<Request>> {
    on!(db, c => query_as(
        "SELECT id, link_id, email, name, language, made_at, expires_at, letter_id FROM partner_request
         WHERE expires_at <= $1 ORDER BY id",
    )
    .bind(now)
    .fetch_all(c)
    .await)
}

/// Its mail was held up: it can be answered until then.
pub async fn hold_on(db: &mut Conn, request: Uuid, until: DateTime<Utc>) -> sqlx::Result<()> {
    on!(db, c => query("UPDATE partner_request SET expires_at = $2 WHERE id = $1")
        .bind(request)
        .bind(until)
        .execute(c)
        .await
        .map(|_| ()))
}

/// Forgets requests that nobody has answered in time.
pub async fn forget_requests(db: &mut Conn, now: DateTime<Utc>) -> sqlx::Result<()> {
    on!(db, c => query("DELETE FROM partner_request WHERE expires_at <= $1").bind(now).execute(c).await.map(|_| ()))
}

/// The programmes in which anybody speaks for an organisation, or can come to do so.
pub async fn programmes(db: &mut Conn) -> sqlx::Result<Vec<Uuid>> {
    on!(db, c => query_scalar(
        "SELECT programme_id FROM staff_organisation
         UNION
         SELECT programme_id FROM partner_link WHERE revoked_at IS NULL",
    )
    .fetch_all(c)
    .await)
}

/// The organisations of a programme for which anybody speaks, or can come to do so.
pub async fn organisations(db: &mut Conn, programme: Uuid) -> sqlx::Result<Vec<String>> {
    on!(db, c => query_scalar(
        "SELECT organisation FROM staff_organisation WHERE programme_id = $1
         UNION
         SELECT organisation FROM partner_link WHERE programme_id = $1 AND revoked_at IS NULL",
    )
    .bind(programme)
    .fetch_all(c)
    .await)
}

/// Nobody speaks for that organisation any more; says how many did.
pub async fn leave(db: &mut Conn, programme: Uuid, organisation: &str) -> sqlx::Result<u64> {
    on!(db, c => query("DELETE FROM staff_organisation WHERE programme_id = $1 AND organisation = $2")
        .bind(programme)
        .bind(organisation)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))
}
