//! All SQL on who works in the office. Callers begin and commit.

pub mod attempts;
pub mod figures;
pub mod joining;
pub mod links;
pub mod second_step;
pub mod sessions;

use chrono::{DateTime, Utc};
use sqlx::{query, query_as, query_scalar};
use uuid::Uuid;

use super::{Membership, Role, Staff};
use crate::{db::Conn, locale::Lang, on};

/// Somebody, as the table has them.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    /// Their identity.
    pub id: Uuid,
    /// Lower case, domain in ASCII.
    pub email: String,
    /// May be empty.
    pub name: String,
    language: String,
    role: String,
    /// A PHC string.
    pub password: Option<String>,
    /// Base32, where the second step is used.
    pub totp_secret: Option<String>,
    /// Part of what a known device's cookie is sealed with.
    pub device_version: i64,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// Since when they may not come in any more.
    pub disabled_at: Option<DateTime<Utc>>,
}

impl Row {
    /// What they are.
    pub fn role(&self) -> Role {
        // The table's CHECK knows the same words; what neither knows may do the least.
        Role::parse(&self.role).unwrap_or(Role::Partner)
    }

    /// The language of their mails.
    pub fn lang(&self) -> Lang {
        Lang::parse(&self.language).unwrap_or_default()
    }

    /// The person, with these memberships.
    pub fn staff(&self, organisations: Vec<Membership>) -> Staff {
        Staff {
            id: self.id,
            email: self.email.clone(),
            name: self.name.clone(),
            lang: self.lang(),
            role: self.role(),
            organisations,
        }
    }
}

/// Adds somebody. False where the address is known already.
pub async fn add(db: &mut Conn, staff: &Staff, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let added = on!(db, c => query(
        "INSERT INTO staff (id, email, name, language, role, created_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (email) DO NOTHING",
    )
    .bind(staff.id)
    .bind(&staff.email)
    .bind(&staff.name)
    .bind(staff.lang.code())
    .bind(staff.role.code())
    .bind(now)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    for membership in staff.organisations.iter().filter(|_| added == 1) {
        join(db, staff.id, membership).await?;
    }
    Ok(added == 1)
}

/// The person speaks for this organisation, too.
pub async fn join(db: &mut Conn, staff: Uuid, membership: &Membership) -> sqlx::Result<()> {
    on!(db, c => query(
        "INSERT INTO staff_organisation (staff_id, programme_id, organisation) VALUES ($1, $2, $3)
         ON CONFLICT (staff_id, programme_id, organisation) DO NOTHING",
    )
    .bind(staff)
    .bind(membership.programme)
    .bind(&membership.organisation)
    .execute(c)
    .await
    .map(|_| ()))
}

/// Whoever has this address, which is in its one spelling.
pub async fn by_email(db: &mut Conn, email: &str) -> sqlx::Result<Option<Row>> {
    on!(db, c => query_as(
        "SELECT id, email, name, language, role, password, totp_secret, device_version, created_at, disabled_at
         FROM staff WHERE email = $1",
    )
    .bind(email)
    .fetch_optional(c)
    .await)
}

/// Somebody, by their identity.
pub async fn by_id(db: &mut Conn, id: Uuid) -> sqlx::Result<Option<Row>> {
    on!(db, c => query_as(
        "SELECT id, email, name, language, role, password, totp_secret, device_version, created_at, disabled_at
         FROM staff WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(c)
    .await)
}

/// Everybody, in the order in which they came.
pub async fn all(db: &mut Conn) -> sqlx::Result<Vec<Row>> {
    on!(db, c => query_as(
        "SELECT id, email, name, language, role, password, totp_secret, device_version, created_at, disabled_at
         FROM staff ORDER BY created_at, id",
    )
    .fetch_all(c)
    .await)
}

/// What people are called, by identity: for pages that say who did something.
pub async fn names(db: &mut Conn) -> sqlx::Result<Vec<(Uuid, String, String)>> {
    on!(db, c => query_as("SELECT id, name, email FROM staff").fetch_all(c).await)
}

/// For which organisations this person speaks, sorted.
pub async fn memberships(db: &mut Conn, staff: Uuid) -> sqlx::Result<Vec<Membership>> {
    let rows: Vec<(Uuid, String)> = on!(db, c => query_as(
        "SELECT programme_id, organisation FROM staff_organisation WHERE staff_id = $1",
    )
    .bind(staff)
    .fetch_all(c)
    .await)?;
    let mut found: Vec<_> =
        rows.into_iter().map(|(programme, organisation)| Membership { programme, organisation }).collect();
    found.sort();
    Ok(found)
}

/// Sets a password (a PHC string).
pub async fn set_password(db: &mut Conn, staff: Uuid, password: &str) -> sqlx::Result<()> {
    on!(db, c => query("UPDATE staff SET password = $2 WHERE id = $1")
        .bind(staff)
        .bind(password)
        .execute(c)
        .await
        .map(|_| ()))
}

/// What this person is called from now on.
pub async fn rename(db: &mut Conn, staff: Uuid, name: &str) -> sqlx::Result<()> {
    on!(db, c => query("UPDATE staff SET name = $2 WHERE id = $1")
        .bind(staff)
        .bind(name)
        .execute(c)
        .await
        .map(|_| ()))
}

/// How many owners can come in.
pub async fn owners(db: &mut Conn) -> sqlx::Result<i64> {
    on!(db, c => query_scalar("SELECT COUNT(*) FROM staff WHERE role = 'owner' AND disabled_at IS NULL")
        .fetch_one(c)
        .await)
}

/// No owner changes until the transaction ends.
pub async fn hold_owners(db: &mut Conn) -> sqlx::Result<()> {
    on!(db, c => query("UPDATE staff SET role = role WHERE role = 'owner'").execute(c).await.map(|_| ()))
}

/// What this person is from now on.
pub async fn set_role(db: &mut Conn, staff: Uuid, role: Role) -> sqlx::Result<()> {
    on!(db, c => query("UPDATE staff SET role = $2 WHERE id = $1")
        .bind(staff)
        .bind(role.code())
        .execute(c)
        .await
        .map(|_| ()))
}

/// Keeps this person out from now on. False where they were kept out before.
pub async fn disable(db: &mut Conn, staff: Uuid, now: DateTime<Utc>) -> sqlx::Result<bool> {
    on!(db, c => query("UPDATE staff SET disabled_at = $2 WHERE id = $1 AND disabled_at IS NULL")
        .bind(staff)
        .bind(now)
        .execute(c)
        .await
        .map(|done| done.rows_affected() == 1))
}

/// Lets this person in again. False where they could come in before.
pub async fn enable(db: &mut Conn, staff: Uuid) -> sqlx::Result<bool> {
    on!(db, c => query("UPDATE staff SET disabled_at = NULL WHERE id = $1 AND disabled_at IS NOT NULL")
        .bind(staff)
        .execute(c)
        .await
        .map(|done| done.rows_affected() == 1))
}

/// This person speaks for nobody any more.
pub async fn leave_all(db: &mut Conn, staff: Uuid) -> sqlx::Result<()> {
    on!(db, c => query("DELETE FROM staff_organisation WHERE staff_id = $1").bind(staff).execute(c).await.map(|_| ()))
}

/// Every device of this person is strange again.
pub async fn forget_devices(db: &mut Conn, staff: Uuid) -> sqlx::Result<()> {
    on!(db, c => query("UPDATE staff SET device_version = device_version + 1 WHERE id = $1")
        .bind(staff)
        .execute(c)
        .await
        .map(|_| ()))
}

/// Who can come in and speaks for that organisation, in the order in which they came.
pub async fn of_organisation(db: &mut Conn, programme: Uuid, organisation: &str) -> sqlx::Result<Vec<Row>> {
    on!(db, c => query_as(
        "SELECT s.id, s.email, s.name, s.language, s.role, s.password, s.totp_secret, s.device_version, s.created_at,
                s.disabled_at
         FROM staff s JOIN staff_organisation o ON o.staff_id = s.id
         WHERE o.programme_id = $1 AND o.organisation = $2 AND s.role = 'partner' AND s.disabled_at IS NULL
         ORDER BY s.created_at, s.id",
    )
    .bind(programme)
    .bind(organisation)
    .fetch_all(c)
    .await)
}

/// Every membership of everybody.
pub async fn all_memberships(db: &mut Conn) -> sqlx::Result<Vec<(Uuid, Uuid, String)>> {
    on!(db, c => query_as("SELECT staff_id, programme_id, organisation FROM staff_organisation")
        .fetch_all(c)
        .await)
}
