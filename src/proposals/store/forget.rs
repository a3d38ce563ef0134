//! Forgetting who proposed through the public call, and what was only kept to decide.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::{FromRow, query, query_as, query_scalar, types::Json};
use uuid::Uuid;

use crate::{
    db::Conn,
    on,
    proposals::{Proposer, State},
};

/// A proposal that is being forgotten: its id, state and title.
type Held = (Uuid, String, String);

/// True where proposals of that programme still name somebody, or have files.
pub async fn is_anything_left(db: &mut Conn, programme: Uuid) -> sqlx::Result<bool> {
    let found: Option<i64> = on!(db, c => query_scalar(
        "SELECT CAST(1 AS BIGINT) FROM proposal p
         WHERE p.programme_id = $1
           AND (p.proposer IS NOT NULL OR EXISTS (SELECT 1 FROM proposal_file f WHERE f.proposal_id = p.id)) LIMIT 1",
    )
    .bind(programme)
    .fetch_optional(c)
    .await)?;
    Ok(found.is_some())
}

/// Forgets who proposed to that programme: their links open no more, and what was said about those proposals is gone.
/// What became of them stays; of what was refused or taken back, only its title.
pub async fn proposers(db: &mut Conn, programme: Uuid) -> sqlx::Result<()> {
    // Of another revision first: what is being written at this moment finds that it has changed, and names nobody again.
    let held: Vec<Held> = on!(db, c => query_as(
        "UPDATE proposal SET revision = revision + 1 WHERE programme_id = $1 AND proposer IS NOT NULL
         RETURNING id, state, title",
    ).bind(programme).fetch_all(c).await)?;
    on!(db, c => query(
        "DELETE FROM proposal_line WHERE state IS NULL AND proposal_id IN (
             SELECT id FROM proposal WHERE programme_id = $1 AND proposer IS NOT NULL)",
    ).bind(programme).execute(c).await.map(|_| ()))?;
    on!(db, c => query(
        "UPDATE proposal_line SET said = '' WHERE said <> '' AND proposal_id IN (
             SELECT id FROM proposal WHERE programme_id = $1 AND proposer IS NOT NULL)",
    ).bind(programme).execute(c).await.map(|_| ()))?;
    on!(db, c => query(
        "UPDATE proposal SET proposer = NULL, email = NULL, tell_partner_at = NULL, link_version = link_version + 1
         WHERE programme_id = $1 AND proposer IS NOT NULL",
    ).bind(programme).execute(c).await.map(|_| ()))?;
    only_titles(db, &held).await
}

/// The same for one address, in every programme; the files of those proposals go too.
pub async fn address(db: &mut Conn, email: &str) -> sqlx::Result<()> {
    let held: Vec<Held> = on!(db, c => query_as(
        "UPDATE proposal SET revision = revision + 1 WHERE email = $1 RETURNING id, state, title",
    ).bind(email).fetch_all(c).await)?;
    on!(db, c => query(
        "DELETE FROM proposal_file WHERE proposal_id IN (SELECT id FROM proposal WHERE email = $1)",
    ).bind(email).execute(c).await.map(|_| ()))?;
    on!(db, c => query(
        "DELETE FROM proposal_line WHERE state IS NULL AND proposal_id IN (
             SELECT id FROM proposal WHERE email = $1)",
    ).bind(email).execute(c).await.map(|_| ()))?;
    on!(db, c => query(
        "UPDATE proposal_line SET said = '' WHERE said <> '' AND proposal_id IN (
             SELECT id FROM proposal WHERE email = $1)",
    ).bind(email).execute(c).await.map(|_| ()))?;
    on!(db, c => query(
        "UPDATE proposal SET proposer = NULL, email = NULL, tell_partner_at = NULL, link_version = link_version + 1
         WHERE email = $1",
    ).bind(email).execute(c).await.map(|_| ()))?;
    only_titles(db, &held).await
}

/// Of those that were refused or taken back, everything but the title is erased: descriptions and speakers say who it was.
async fn only_titles(db: &mut Conn, held: &[Held]) -> sqlx::Result<()> {
    let over = [State::Refused.code(), State::Withdrawn.code()];
    for (id, _, title) in held.iter().filter(|(_, state, _)| over.contains(&state.as_str())) {
        let content = BTreeMap::from([("title", title)]);
        on!(db, c => query("UPDATE proposal SET content = $2, base = NULL WHERE id = $1")
            .bind(*id)
            .bind(Json(&content))
            .execute(c)
            .await
            .map(|_| ()))?;
    }
    Ok(())
}

/// Erases the files of every proposal of a programme.
pub async fn files_of(db: &mut Conn, programme: Uuid) -> sqlx::Result<()> {
    on!(db, c => query(
        "DELETE FROM proposal_file WHERE proposal_id IN (SELECT id FROM proposal WHERE programme_id = $1)",
    ).bind(programme).execute(c).await.map(|_| ()))
}

/// True where a proposal that was refused, or taken back, before that moment still has files. Takes no lock.
pub async fn has_old_files(db: &mut Conn, before: DateTime<Utc>) -> sqlx::Result<bool> {
    let found: Option<i64> = on!(db, c => query_scalar(
        "SELECT CAST(1 AS BIGINT) FROM proposal_file f JOIN proposal p ON p.id = f.proposal_id
         WHERE p.state IN ('refused', 'withdrawn') AND p.changed_at < $1 LIMIT 1",
    )
    .bind(before)
    .fetch_optional(c)
    .await)?;
    Ok(found.is_some())
}

/// Erases those files.
pub async fn old_files(db: &mut Conn, before: DateTime<Utc>) -> sqlx::Result<()> {
    on!(db, c => query(
        "DELETE FROM proposal_file WHERE proposal_id IN (
             SELECT id FROM proposal WHERE state IN ('refused', 'withdrawn') AND changed_at < $1)",
    )
    .bind(before)
    .execute(c)
    .await
    .map(|_| ()))
}

/// Those of the proposals of this address that nobody has confirmed, each after its programme.
pub async fn unconfirmed_of(db: &mut Conn, email: &str) -> sqlx::Result<Vec<(Uuid, Uuid)>> {
    on!(db, c => query_as(
        "SELECT programme_id, id FROM proposal WHERE email = $1 AND state = 'draft' AND organisation IS NULL",
    )
    .bind(email)
    .fetch_all(c)
    .await)
}

/// Those of one programme that nobody has confirmed.
pub async fn unconfirmed_in(db: &mut Conn, programme: Uuid) -> sqlx::Result<Vec<Uuid>> {
    on!(db, c => query_scalar(
        "SELECT id FROM proposal WHERE programme_id = $1 AND state = 'draft' AND organisation IS NULL",
    )
    .bind(programme)
    .fetch_all(c)
    .await)
}

/// What somebody has proposed, with the programme that it is in, the oldest first.
pub async fn of_address(db: &mut Conn, email: &str) -> sqlx::Result<Vec<(Uuid, Uuid)>> {
    on!(db, c => query_as("SELECT id, programme_id FROM proposal WHERE email = $1 ORDER BY created_at, id")
        .bind(email)
        .fetch_all(c)
        .await)
}

/// Who proposed it, where that is known still.
pub async fn proposer(db: &mut Conn, programme: Uuid, proposal: Uuid) -> sqlx::Result<Option<Proposer>> {
    #[derive(FromRow)]
    struct Row {
        proposer: Option<Json<Proposer>>,
    }
    let row: Option<Row> = on!(db, c => query_as(
        "SELECT proposer FROM proposal WHERE id = $1 AND programme_id = $2",
    )
    .bind(proposal)
    .bind(programme)
    .fetch_optional(c)
    .await)?;
    Ok(row.and_then(|row| row.proposer).map(|Json(proposer)| proposer))
}

/// How many people a programme's proposals still name.
pub async fn count(db: &mut Conn, programme: Uuid) -> sqlx::Result<i64> {
    on!(db, c => query_scalar("SELECT COUNT(DISTINCT email) FROM proposal WHERE programme_id = $1")
        .bind(programme)
        .fetch_one(c)
        .await)
}
