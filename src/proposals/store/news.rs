//! Whom something new about proposals has still to be told.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, query, query_as, query_scalar, types::Json};
use uuid::Uuid;

use crate::{
    db::Conn,
    on,
    proposals::{Proposer, Side},
};

/// A proposal that has something new for one side.
#[derive(Debug, Clone, PartialEq)]
pub struct New {
    /// Which.
    pub id: Uuid,
    /// In which programme.
    pub programme: Uuid,
    /// Whose.
    pub organisation: Option<String>,
    /// Who proposed it through the public call.
    pub proposer: Option<Proposer>,
    /// Part of what their link is sealed with.
    pub link_version: i64,
    /// Its title.
    pub title: String,
}

/// Tells that side, not before then; where it is to be told already, it stays with that.
pub async fn note(db: &mut Conn, proposal: Uuid, side: Side, at: DateTime<Utc>) -> sqlx::Result<()> {
    match side {
        Side::Team => {
            on!(db, c => query("UPDATE proposal SET tell_team_at = COALESCE(tell_team_at, $2) WHERE id = $1")
            .bind(proposal).bind(at).execute(c).await.map(|_| ()))
        }
        Side::Partner => {
            on!(db, c => query("UPDATE proposal SET tell_partner_at = COALESCE(tell_partner_at, $2) WHERE id = $1")
            .bind(proposal).bind(at).execute(c).await.map(|_| ()))
        }
    }
}

/// That side need not be told: it has just been written to.
pub async fn settle(db: &mut Conn, proposal: Uuid, side: Side) -> sqlx::Result<()> {
    match side {
        Side::Team => on!(db, c => query("UPDATE proposal SET tell_team_at = NULL WHERE id = $1")
            .bind(proposal).execute(c).await.map(|_| ())),
        Side::Partner => on!(db, c => query("UPDATE proposal SET tell_partner_at = NULL WHERE id = $1")
            .bind(proposal).execute(c).await.map(|_| ())),
    }
}

/// True where anybody has to be told by now. Takes no lock.
pub async fn any_due(db: &mut Conn, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let found: Option<i64> = on!(db, c => query_scalar(
        "SELECT CAST(1 AS BIGINT) FROM proposal
         WHERE (tell_team_at <= $1 AND state <> 'draft') OR tell_partner_at <= $1 LIMIT 1",
    )
    .bind(now)
    .fetch_optional(c)
    .await)?;
    Ok(found.is_some())
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    programme_id: Uuid,
    organisation: Option<String>,
    proposer: Option<Json<Proposer>>,
    link_version: i64,
    title: String,
}

/// Claims everything that is new for that side in the programmes where some of it is due: what would follow in a few
/// minutes goes with it. What was taken back to be written on waits until it is sent again: the team hears of no draft.
pub async fn claim(db: &mut Conn, side: Side, now: DateTime<Utc>) -> sqlx::Result<Vec<New>> {
    let rows: Vec<Row> = match side {
        Side::Team => on!(db, c => query_as(
            "UPDATE proposal SET tell_team_at = NULL
             WHERE tell_team_at IS NOT NULL AND state <> 'draft'
               AND programme_id IN (SELECT programme_id FROM proposal WHERE tell_team_at <= $1 AND state <> 'draft')
             RETURNING id, programme_id, organisation, proposer, link_version, title",
        )
        .bind(now)
        .fetch_all(c)
        .await)?,
        Side::Partner => on!(db, c => query_as(
            "UPDATE proposal SET tell_partner_at = NULL
             WHERE tell_partner_at IS NOT NULL
               AND programme_id IN (SELECT programme_id FROM proposal WHERE tell_partner_at <= $1)
             RETURNING id, programme_id, organisation, proposer, link_version, title",
        )
        .bind(now)
        .fetch_all(c)
        .await)?,
    };
    let mut found: Vec<New> = rows
        .into_iter()
        .map(|row| New {
            id: row.id,
            programme: row.programme_id,
            organisation: row.organisation,
            proposer: row.proposer.map(|Json(proposer)| proposer),
            link_version: row.link_version,
            title: row.title,
        })
        .collect();
    found.sort_by_key(|new| new.id);
    Ok(found)
}
