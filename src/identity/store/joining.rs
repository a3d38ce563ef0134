//! Links by which people of an organisation join the office.

use chrono::{DateTime, Utc};
use sqlx::{query, query_as};
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
