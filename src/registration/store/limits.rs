//! What people have of a programme, for the rules that limit it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use crate::{
    db::{Conn, sizes::push_list},
    on,
    registration::decide::limits::Commitment,
};

#[derive(FromRow)]
struct Row {
    programme_id: Uuid,
    participant_id: Uuid,
    session_id: Uuid,
    starts: DateTime<Utc>,
    ends: Option<DateTime<Utc>>,
    timed: bool,
}

/// Programme, person and session of what these people have, or wait for, in these programmes; without what does not
/// take place, and without what awaits the link in a mail. Asks nothing where there is nobody.
pub async fn commitments(
    db: &mut Conn,
    programmes: &BTreeSet<Uuid>,
    people: &BTreeSet<Uuid>,
) -> sqlx::Result<Vec<(Uuid, Uuid, Commitment)>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = on!(db, c => {
        let mut query = QueryBuilder::new(
            "SELECT s.programme_id, r.participant_id, r.session_id, s.starts, s.ends, s.timed
             FROM registration r JOIN seat s ON s.session_id = r.session_id
             WHERE r.state IN ('confirmed', 'waiting', 'offered') AND s.status = 'scheduled'
               AND (r.awaits IS NULL OR r.awaits <> 'link')
               AND r.participant_id IN (",
        );
        push_list(&mut query, people.iter().copied());
        query.push(") AND s.programme_id IN (");
        push_list(&mut query, programmes.iter().copied());
        query.push(")").build_query_as().fetch_all(c).await
    })?;
    let commitment = |row: &Row| Commitment {
        session: row.session_id,
        starts: row.starts,
        ends: row.ends,
        timed: row.timed,
    };
    Ok(rows.iter().map(|row| (row.programme_id, row.participant_id, commitment(row))).collect())
}
