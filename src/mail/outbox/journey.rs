//! When mails were written, and when they left: for what waits for its reader.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::ROWS_MAX;
use crate::{
    db::{Conn, sizes::filled},
    on,
};

/// A mail on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Journey {
    /// When it was written.
    pub written: DateTime<Utc>,
    /// When the server took it; `None`: it waits.
    pub left: Option<DateTime<Utc>>,
    /// How often it was refused, or its line lost; a server that is away counts nothing.
    pub attempts: i64,
}

/// A mail that was longer on its way to the mail server was held up.
pub const HELD_UP: TimeDelta = TimeDelta::minutes(2);

/// The journeys of those of these mails that wait or have left. What failed, came back or was aborted makes none.
pub async fn journeys(db: &mut Conn, ids: &[Uuid]) -> sqlx::Result<HashMap<Uuid, Journey>> {
    type Row = (Uuid, DateTime<Utc>, Option<DateTime<Utc>>, i64);
    let mut found = HashMap::new();
    for some in ids.chunks(ROWS_MAX) {
        let rows: Vec<Row> = on!(db, c => {
            let mut select = QueryBuilder::new(
                "SELECT id, queued_at, sent_at, attempts FROM outbox WHERE failed_at IS NULL AND id IN (",
            );
            let mut list = select.separated(", ");
            filled(some.iter().copied()).into_iter().for_each(|id| { list.push_bind(id); });
            select.push(")").build_query_as().fetch_all(c).await
        })?;
        let journey = |(id, written, left, attempts)| (id, Journey { written, left, attempts });
        found.extend(rows.into_iter().map(journey));
    }
    Ok(found)
}
