//! Taking back what is written and not sent: a reminder of what the person has just given back.

use chrono::{DateTime, Utc};
use sqlx::{QueryBuilder, query, types::Json};
use uuid::Uuid;

use super::{MailData, ROWS_MAX};
use crate::{
    db::{Conn, sizes::push_list},
    on,
};

/// Takes these sessions, by UID, out of these mails, as far as they are not sent. One that says nothing any more is
/// emptied, as erasure does it, and not sent. What a worker is sending this moment arrives.
pub async fn take_back(
    db: &mut Conn,
    mails: &[Uuid],
    sessions: &[Uuid],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    for some in mails.chunks(ROWS_MAX) {
        let rows: Vec<(Uuid, Json<serde_json::Value>)> = on!(db, c => {
            let mut select = QueryBuilder::new(
                "SELECT id, data FROM outbox WHERE sent_at IS NULL AND failed_at IS NULL AND id IN (",
            );
            push_list(&mut select, some.iter().copied());
            select.push(") ORDER BY id").build_query_as().fetch_all(c).await
        })?;
        let mut emptied = Vec::new();
        for (id, Json(data)) in rows {
            // A row of another version says what it says.
            let Ok(mut data) = serde_json::from_value::<MailData>(data) else { continue };
            let many = data.items.len();
            data.items.retain(|item| !sessions.contains(&item.session.uid));
            if data.items.is_empty() {
                emptied.push(id);
            } else if data.items.len() < many {
                shorten(db, id, &data).await?;
            }
        }
        empty(db, &emptied, now).await?;
    }
    Ok(())
}

async fn shorten(db: &mut Conn, id: Uuid, data: &MailData) -> sqlx::Result<()> {
    on!(db, c => query("UPDATE outbox SET data = $2 WHERE id = $1 AND sent_at IS NULL")
        .bind(id)
        .bind(Json(data))
        .execute(c)
        .await
        .map(|_| ()))
}

async fn empty(db: &mut Conn, ids: &[Uuid], now: DateTime<Utc>) -> sqlx::Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    on!(db, c => {
        let mut update = QueryBuilder::new(
            "UPDATE outbox
             SET recipient = NULL, data = '{}', claimed_by = NULL, claimed_until = NULL, error = 'taken back', failed_at = ",
        );
        update.push_bind(now).push(" WHERE sent_at IS NULL AND id IN (");
        push_list(&mut update, ids.iter().copied());
        update.push(")").build().execute(c).await.map(|_| ())
    })
}
