//! What a person changes about themselves: the name, the links.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, query, query_as, query_scalar};
use uuid::Uuid;

use crate::{
    db::Conn,
    on,
    registration::contact::{Code, folded},
};

/// Another name for this person; what was typed in earlier orders stays. An erased person has none.
pub async fn rename(db: &mut Conn, id: Uuid, name: &str) -> sqlx::Result<()> {
    let written: Option<(Option<String>, Option<String>, String)> = on!(db, c => query_as(
        "UPDATE participant SET name = $2, folded = NULL WHERE id = $1 AND erased_at IS NULL
         RETURNING email, code, phone",
    )
    .bind(id)
    .bind(name)
    .fetch_optional(c)
    .await)?;
    let Some((email, code, phone)) = written else { return Ok(()) };
    let letters = folded(name, email.as_deref(), code.as_deref(), &phone);
    on!(db, c => query("UPDATE participant SET folded = $2 WHERE id = $1 AND name = $3")
        .bind(id)
        .bind(letters)
        .bind(name)
        .execute(c)
        .await
        .map(|_| ()))
}

/// Revokes the feed's links of this version. False where somebody has just done so.
pub async fn renew_feed(db: &mut Conn, id: Uuid, version: i64) -> sqlx::Result<bool> {
    on!(db, c => query("UPDATE participant SET feed_version = feed_version + 1 WHERE id = $1 AND feed_version = $2")
        .bind(id)
        .bind(version)
        .execute(c)
        .await
        .map(|done| done.rows_affected() == 1))
}

/// Revokes the agenda's links of this version. False where somebody has just done so.
pub async fn renew_agenda(db: &mut Conn, id: Uuid, version: i64) -> sqlx::Result<bool> {
    on!(db, c => query(
        "UPDATE participant SET agenda_version = agenda_version + 1 WHERE id = $1 AND agenda_version = $2",
    )
    .bind(id)
    .bind(version)
    .execute(c)
    .await
    .map(|done| done.rows_affected() == 1))
}

/// Who has this address, if their link was not sent after `before`: then it is noted as sent now. Of several
/// at once only one is given the person.
pub async fn claim_link(
    db: &mut Conn,
    email: &str,
    now: DateTime<Utc>,
    before: DateTime<Utc>,
) -> sqlx::Result<Option<Uuid>> {
    on!(db, c => query_scalar(
        "UPDATE participant SET link_sent_at = $2
         WHERE email = $1 AND (link_sent_at IS NULL OR link_sent_at <= $3)
         RETURNING id",
    )
    .bind(email)
    .bind(now)
    .bind(before)
    .fetch_optional(c)
    .await)
}

/// What somebody typed last, besides name and address.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct LastOrder {
    /// In which programme.
    pub programme_id: Uuid,
    /// For whom they work, if they said so.
    pub organisation: String,
    /// What they need in order to take part.
    pub access_needs: String,
}

/// The newest order of a person; everybody whom we know has made one.
pub async fn last_order(db: &mut Conn, participant: Uuid) -> sqlx::Result<Option<LastOrder>> {
    on!(db, c => query_as(
        "SELECT programme_id, organisation, access_needs FROM registration_order
         WHERE participant_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1",
    )
    .bind(participant)
    .fetch_optional(c)
    .await)
}

/// Who was given this code.
pub async fn by_code(db: &mut Conn, code: &Code) -> sqlx::Result<Option<Uuid>> {
    on!(db, c => query_scalar("SELECT id FROM participant WHERE code = $1")
        .bind(code.as_str())
        .fetch_optional(c)
        .await)
}

/// What the office corrects about somebody.
pub struct Corrected<'c> {
    /// Another name, or the same.
    pub name: &'c str,
    /// Their address, where they have one; nobody loses one.
    pub email: Option<&'c str>,
    /// Where they are called.
    pub phone: &'c str,
}

/// Writes down what is corrected. Where the address is another one, every link that travelled to the one before is
/// revoked, and the new one has sent nothing back yet. False where the person is erased.
///
/// # Errors
/// A unique violation where somebody else has that address.
pub async fn correct(db: &mut Conn, id: Uuid, is: &Corrected<'_>) -> sqlx::Result<bool> {
    let code: Option<(Option<String>, Option<String>)> = on!(db, c => query_as(
        "UPDATE participant SET name = name WHERE id = $1 AND erased_at IS NULL RETURNING email, code",
    )
    .bind(id)
    .fetch_optional(c)
    .await)?;
    let Some((was, code)) = code else { return Ok(false) };
    let email = is.email.or(was.as_deref());
    let letters = folded(is.name, email, code.as_deref(), is.phone);
    let another = i64::from(email != was.as_deref());
    on!(db, c => query(
        "UPDATE participant
         SET name = $2, email = $3, phone = $4, folded = $5, agenda_version = agenda_version + $6,
             feed_version = feed_version + $6,
             undeliverable_at = CASE WHEN $6 = 1 THEN NULL ELSE undeliverable_at END
         WHERE id = $1 AND erased_at IS NULL",
    )
    .bind(id)
    .bind(is.name)
    .bind(email)
    .bind(is.phone)
    .bind(letters)
    .bind(another)
    .execute(c)
    .await
    .map(|_| ()))?;
    Ok(true)
}
