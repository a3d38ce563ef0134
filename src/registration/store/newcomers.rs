//! People whom the desk may have to make, and the letters by which the office finds them.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use sqlx::{QueryBuilder, query_as, query_scalar};
use uuid::Uuid;

use super::RawParticipant;
use crate::{
    db::Conn,
    locale::Lang,
    on,
    registration::{
        contact::{Code, Contact, folded},
        decide::Participant,
    },
};

/// Somebody who may be new: how they are known, and what their first order says.
pub struct Newcomer<'n> {
    /// The id where they are new.
    pub id: Uuid,
    /// By what they are known.
    pub contact: &'n Contact,
    /// Where they have an address: the code by which they are found at the door, until they have one.
    pub code: Code,
    /// As typed.
    pub name: &'n str,
    /// Of the form.
    pub lang: Lang,
}

/// The participants of these contacts, by [`Contact::key`]: made where they are new, reachable again where mails came
/// back. The update makes both engines return, and lock, the row that was there. Sorted, so that two desks do not
/// deadlock: first by address, then by code.
pub async fn upsert(
    db: &mut Conn,
    newcomers: &BTreeMap<&str, Newcomer<'_>>,
    now: DateTime<Utc>,
) -> sqlx::Result<HashMap<String, Participant>> {
    let (addressed, others): (Vec<_>, Vec<_>) =
        newcomers.values().partition(|newcomer| newcomer.contact.email().is_some());
    let mut found = HashMap::new();
    for person in by_address(db, &addressed, now).await? {
        found.extend(person.email.clone().map(|email| (email, person)));
    }
    for person in by_code(db, &others, now).await? {
        found.extend(person.code.clone().map(|code| (code, person)));
    }
    Ok(found)
}

async fn by_address(
    db: &mut Conn,
    newcomers: &[&Newcomer<'_>],
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Participant>> {
    if newcomers.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<RawParticipant> = on!(db, c => QueryBuilder::new(
        "INSERT INTO participant (id, email, code, name, folded, language, created_at) ",
    )
    .push_values(newcomers, |mut row, newcomer| {
        let (email, code) = (newcomer.contact.key(), newcomer.code.as_str());
        row.push_bind(newcomer.id)
            .push_bind(email)
            .push_bind(code)
            .push_bind(newcomer.name)
            .push_bind(folded(newcomer.name, Some(email), Some(code), ""))
            .push_bind(newcomer.lang.code())
            .push_bind(now);
    })
    .push(
        " ON CONFLICT (email) DO UPDATE
          SET undeliverable_at = NULL, code = COALESCE(participant.code, excluded.code),
              folded = CASE WHEN participant.code IS NULL THEN NULL ELSE participant.folded END ",
    )
    .push("RETURNING id, email, code, name, language, agenda_version, feed_version, told_at")
    .build_query_as()
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(Participant::from).collect())
}

async fn by_code(
    db: &mut Conn,
    newcomers: &[&Newcomer<'_>],
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Participant>> {
    if newcomers.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<RawParticipant> = on!(db, c => QueryBuilder::new(
        "INSERT INTO participant (id, code, phone, name, folded, language, created_at) ",
    )
    .push_values(newcomers, |mut row, newcomer| {
        let code = newcomer.contact.key();
        let phone = match newcomer.contact {
            Contact::Code { phone, .. } => phone.as_str(),
            Contact::Email(_) => "",
        };
        row.push_bind(newcomer.id)
            .push_bind(code)
            .push_bind(phone)
            .push_bind(newcomer.name)
            .push_bind(folded(newcomer.name, None, Some(code), phone))
            .push_bind(newcomer.lang.code())
            .push_bind(now);
    })
    .push(" ON CONFLICT (code) WHERE code IS NOT NULL DO UPDATE SET undeliverable_at = NULL ")
    .push("RETURNING id, email, code, name, language, agenda_version, feed_version, told_at")
    .build_query_as()
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(Participant::from).collect())
}

/// True where somebody has no code yet. Only reads: it is asked each second.
pub async fn some_uncoded(db: &mut Conn) -> sqlx::Result<bool> {
    on!(db, c => query_scalar("SELECT EXISTS (SELECT 1 FROM participant WHERE code IS NULL AND erased_at IS NULL)")
        .fetch_one(c)
        .await)
}

/// At most `limit` people who have no code yet: from before there was one for everybody, or made by an older process.
pub async fn uncoded(db: &mut Conn, limit: i64) -> sqlx::Result<Vec<Uuid>> {
    on!(db, c => query_scalar(
        "SELECT id FROM participant WHERE code IS NULL AND erased_at IS NULL ORDER BY id LIMIT $1",
    )
    .bind(limit)
    .fetch_all(c)
    .await)
}

/// Gives these people these codes, where they have none yet; under what they are found is then to be written anew.
///
/// # Errors
/// A unique violation where one of the codes is somebody's.
pub async fn give_codes(db: &mut Conn, codes: &[(Uuid, Code)]) -> sqlx::Result<()> {
    on!(db, c => QueryBuilder::new("WITH given (id, code) AS (")
        .push_values(codes, |mut row, (id, code)| {
            row.push_bind(*id).push_bind(code.as_str());
        })
        .push(
            ") UPDATE participant SET code = given.code, folded = NULL FROM given
             WHERE participant.id = given.id AND participant.code IS NULL AND participant.erased_at IS NULL",
        )
        .build()
        .execute(c)
        .await
        .map(|_| ()))
}

/// Somebody as they are written down.
#[derive(sqlx::FromRow)]
struct Written {
    id: Uuid,
    name: String,
    email: Option<String>,
    code: Option<String>,
    phone: String,
}

/// True where it is missing of somebody under what they are found. Only reads: it is asked each second.
pub async fn some_unfolded(db: &mut Conn) -> sqlx::Result<bool> {
    on!(db, c => query_scalar("SELECT EXISTS (SELECT 1 FROM participant WHERE folded IS NULL)").fetch_one(c).await)
}

/// Writes down under what at most `limit` people are found who have it not yet: people from before the column, or made
/// by an older process. Says how many. Each row only as it was read: who is renamed meanwhile has it already.
pub async fn fold(db: &mut Conn, limit: i64) -> sqlx::Result<usize> {
    let rows: Vec<Written> = on!(db, c => query_as(
        "SELECT id, name, email, code, phone FROM participant WHERE folded IS NULL ORDER BY id LIMIT $1",
    )
    .bind(limit)
    .fetch_all(c)
    .await)?;
    if rows.is_empty() {
        return Ok(0);
    }
    on!(db, c => QueryBuilder::new("WITH written (id, name, folded) AS (")
        .push_values(&rows, |mut row, one| {
            let letters = folded(&one.name, one.email.as_deref(), one.code.as_deref(), &one.phone);
            row.push_bind(one.id).push_bind(one.name.as_str()).push_bind(letters);
        })
        .push(
            ") UPDATE participant SET folded = written.folded FROM written
             WHERE participant.id = written.id AND participant.name = written.name AND participant.folded IS NULL",
        )
        .build()
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(rows.len())
}
