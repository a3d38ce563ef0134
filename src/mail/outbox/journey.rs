//! When mails were written, and when they left: for what waits for its reader.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
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
}

/// The journeys of those of these mails that wait or have left. What failed, came back or was aborted makes none.
pub async fn journeys(db: &mut Conn, ids: &[Uuid]) -> sqlx::Result<HashMap<Uuid, Journey>> {
    let mut found = HashMap::new();
    for some in ids.chunks(ROWS_MAX) {
        let rows: Vec<(Uuid, DateTime<Utc>, Option<DateTime<Utc>>)> = on!(db, c => {
            let mut select = QueryBuilder::new(
                "SELECT id, queued_at, sent_at FROM outbox WHERE failed_at IS NULL AND id IN (",
            );
            let mut list = select.separated(", ");
            filled(some.iter().copied()).into_iter().for_each(|id| { list.push_bind(id); });
            select.push(")").build_query_as().fetch_all(c).await
        })?;
        found.extend(rows.into_iter().map(|(id, written, left)| (id, Journey { written, left })));
    }
    Ok(found)
}
