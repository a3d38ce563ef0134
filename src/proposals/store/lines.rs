//! What was said about proposals, and what became of them.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, query, query_as, query_scalar};
use uuid::Uuid;

use crate::{
    db::Conn,
    on,
    proposals::{LINES_MAX, Side, State},
};

/// A line.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Line {
    /// Its identity; lines sort by it.
    pub id: Uuid,
    side: String,
    /// Who, in the office.
    pub author: Option<Uuid>,
    state: Option<String>,
    /// What they said; may be empty where it became something.
    pub said: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl Line {
    /// A line that somebody has said.
    pub fn comment(id: Uuid, side: Side, author: Option<Uuid>, said: String, at: DateTime<Utc>) -> Line {
        Line { id, side: side.code().to_owned(), author, state: None, said, at }
    }

    /// A line with which it became something.
    pub fn became(
        id: Uuid,
        (side, author): (Side, Option<Uuid>),
        state: State,
        said: String,
        at: DateTime<Utc>,
    ) -> Line {
        Line { state: Some(state.code().to_owned()), ..Line::comment(id, side, author, said, at) }
    }

    /// Who speaks.
    pub fn side(&self) -> Side {
        if self.side == Side::Team.code() { Side::Team } else { Side::Partner }
    }

    /// What it became with this line.
    pub fn state(&self) -> Option<State> {
        self.state.as_deref().and_then(State::parse)
    }
}

/// Writes a line.
pub async fn add(db: &mut Conn, proposal: Uuid, line: &Line) -> sqlx::Result<()> {
    on!(db, c => query(
        "INSERT INTO proposal_line (id, proposal_id, side, author, state, said, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(line.id)
    .bind(proposal)
    .bind(&line.side)
    .bind(line.author)
    .bind(&line.state)
    .bind(&line.said)
    .bind(line.at)
    .execute(c)
    .await
    .map(|_| ()))
}

/// The newest lines of a proposal, in their order.
pub async fn of(db: &mut Conn, proposal: Uuid) -> sqlx::Result<Vec<Line>> {
    let mut newest: Vec<Line> = on!(db, c => query_as(
        "SELECT id, side, author, state, said, at FROM proposal_line WHERE proposal_id = $1
         ORDER BY id DESC LIMIT $2",
    )
    .bind(proposal)
    // What became of it is always written, also where nobody may say anything more.
    .bind(LINES_MAX * 2)
    .fetch_all(c)
    .await)?;
    newest.reverse();
    Ok(newest)
}

/// How many lines a proposal has.
pub async fn count(db: &mut Conn, proposal: Uuid) -> sqlx::Result<i64> {
    on!(db, c => query_scalar("SELECT COUNT(*) FROM proposal_line WHERE proposal_id = $1")
        .bind(proposal)
        .fetch_one(c)
        .await)
}
