//! Proposals as lists name them: what a line shows and no more, a page at a time.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder, types::Json};
use uuid::Uuid;

use crate::{
    db::{Conn, sizes::push_list},
    on,
    proposals::{Proposer, State, What},
};

/// Whose proposals are listed.
#[derive(Debug, Clone, Copy)]
pub enum Whose<'w> {
    /// What the team was sent.
    Team,
    /// Those of these organisations; at least one.
    Of(&'w [&'w str]),
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    what: String,
    organisation: Option<String>,
    proposer: Option<Json<Proposer>>,
    title: String,
    day: String,
    begins: String,
    state: String,
    changed_at: DateTime<Utc>,
}

/// A proposal in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// Which.
    pub id: Uuid,
    /// What it asks for.
    pub what: What,
    /// Whose; `None` for one of the public call.
    pub organisation: Option<String>,
    /// Who wrote it through the public call; `None` once erased.
    pub proposer: Option<Proposer>,
    /// May be empty.
    pub title: String,
    /// Its day, as a file would say it; may be empty.
    pub day: String,
    /// Its hour, as a file would say it; may be empty.
    pub begins: String,
    /// Where it stands.
    pub state: State,
    /// When it was changed last.
    pub changed_at: DateTime<Utc>,
}

impl Row {
    fn listed(self) -> Listed {
        Listed {
            id: self.id,
            what: if self.what == What::Change.code() { What::Change } else { What::New },
            organisation: self.organisation,
            proposer: self.proposer.map(|Json(proposer)| proposer),
            title: self.title,
            day: self.day,
            begins: self.begins,
            state: State::parse(&self.state).unwrap_or(State::Withdrawn),
            changed_at: self.changed_at,
        }
    }
}

/// Says whose, in a query that has a `WHERE` already.
macro_rules! push_whose {
    ($query:expr, $whose:expr) => {
        match $whose {
            Whose::Team => {
                // What is being written is its writers' own, and so is what was never sent.
                $query.push(" AND state <> 'draft' AND sent_at IS NOT NULL");
            }
            Whose::Of(organisations) => {
                $query.push(" AND organisation IN (");
                push_list(&mut $query, organisations.iter().map(|slug| (*slug).to_owned()));
                $query.push(")");
            }
        }
    };
}

/// Those of a programme that stand in one of these states (none: in any), the one that was changed last first.
pub async fn page(
    db: &mut Conn,
    programme: Uuid,
    whose: Whose<'_>,
    states: &[State],
    (skip, most): (i64, i64),
) -> sqlx::Result<Vec<Listed>> {
    let rows: Vec<Row> = on!(db, c => {
        let mut select = QueryBuilder::new(
            "SELECT id, what, organisation, proposer, title, day, begins, state, changed_at
             FROM proposal WHERE programme_id = ",
        );
        select.push_bind(programme);
        push_whose!(select, whose);
        if !states.is_empty() {
            select.push(" AND state IN (");
            push_list(&mut select, states.iter().map(|state| state.code()));
            select.push(")");
        }
        select.push(" ORDER BY changed_at DESC, id LIMIT ").push_bind(most).push(" OFFSET ").push_bind(skip);
        select.build_query_as().fetch_all(c).await
    })?;
    Ok(rows.into_iter().map(Row::listed).collect())
}

/// How many of a programme stand in each state.
pub async fn counts(db: &mut Conn, programme: Uuid, whose: Whose<'_>) -> sqlx::Result<Vec<(State, usize)>> {
    let rows: Vec<(String, i64)> = on!(db, c => {
        let mut select = QueryBuilder::new("SELECT state, COUNT(*) FROM proposal WHERE programme_id = ");
        select.push_bind(programme);
        push_whose!(select, whose);
        select.push(" GROUP BY state").build_query_as().fetch_all(c).await
    })?;
    let count = |(state, count): (String, i64)| {
        Some((State::parse(&state)?, usize::try_from(count).unwrap_or(usize::MAX)))
    };
    Ok(rows.into_iter().filter_map(count).collect())
}

/// How many lines each of these proposals has in which somebody said something.
pub async fn comments(db: &mut Conn, proposals: &[Uuid]) -> sqlx::Result<Vec<(Uuid, i64)>> {
    if proposals.is_empty() {
        return Ok(Vec::new());
    }
    on!(db, c => {
        let mut select = QueryBuilder::new(
            "SELECT proposal_id, COUNT(*) FROM proposal_line WHERE said <> '' AND proposal_id IN (",
        );
        push_list(&mut select, proposals.iter().copied());
        select.push(") GROUP BY proposal_id").build_query_as().fetch_all(c).await
    })
}
