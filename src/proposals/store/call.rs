//! What came through the public call and awaits its confirmation, and how much of it there is.

use chrono::{DateTime, Utc};
use sqlx::{QueryBuilder, query, query_as, query_scalar};
use uuid::Uuid;

use crate::{
    db::{Conn, sizes::push_list},
    on,
    registration::person::mailbox_of,
};

/// The most that are looked at, or forgotten, at once.
const ROWS_MAX: i64 = 500;

/// What awaits its confirmation: all that its limits look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Which.
    pub id: Uuid,
    /// Of which mailbox.
    pub mailbox: String,
    /// The mail that asks it; `None`: it has not been asked yet.
    pub letter: Option<Uuid>,
}

/// Since when each open proposal of a programme's call stands that came after that moment, but for this one; the oldest
/// first.
pub async fn lately(
    db: &mut Conn,
    programme: Uuid,
    after: DateTime<Utc>,
    but: Uuid,
) -> sqlx::Result<Vec<DateTime<Utc>>> {
    on!(db, c => query_scalar(
        "SELECT created_at FROM proposal
         WHERE programme_id = $1 AND organisation IS NULL AND state IN ('draft', 'sent', 'discuss')
           AND created_at > $2 AND id <> $3
         ORDER BY created_at",
    )
    .bind(programme)
    .bind(after)
    .bind(but)
    .fetch_all(c)
    .await)
}

/// What came through a programme's call since that moment, or has longer than now, and awaits its confirmation, the oldest
/// first. There may be thousands: all of it is read from an index.
pub async fn waiting(
    db: &mut Conn,
    programme: Uuid,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Waiting>> {
    let rows: Vec<(Uuid, String, Option<Uuid>)> = on!(db, c => query_as(
        "SELECT id, email, letter_id FROM proposal
         WHERE programme_id = $1 AND organisation IS NULL AND state = 'draft'
           AND (created_at >= $2 OR confirm_by > $3) AND email IS NOT NULL
         ORDER BY created_at, id",
    )
    .bind(programme)
    .bind(since)
    .bind(now)
    .fetch_all(c)
    .await)?;
    let waiting = |(id, email, letter): (Uuid, String, Option<Uuid>)| Waiting {
        id,
        mailbox: mailbox_of(&email),
        letter,
    };
    Ok(rows.into_iter().map(waiting).collect())
}

/// Of which mailbox is each open proposal of a programme's call that was confirmed; `None` once that is erased.
pub async fn confirmed(db: &mut Conn, programme: Uuid) -> sqlx::Result<Vec<Option<String>>> {
    let emails: Vec<Option<String>> = on!(db, c => query_scalar(
        "SELECT email FROM proposal
         WHERE programme_id = $1 AND organisation IS NULL AND state IN ('sent', 'discuss')",
    )
    .bind(programme)
    .fetch_all(c)
    .await)?;
    Ok(emails.into_iter().map(|email| email.as_deref().map(mailbox_of)).collect())
}

/// Which mail bears the link of this proposal. False where one does already, or it is gone: then none is to be written.
pub async fn bears(db: &mut Conn, proposal: Uuid, letter: Uuid) -> sqlx::Result<bool> {
    on!(db, c => query("UPDATE proposal SET letter_id = $2 WHERE id = $1 AND state = 'draft' AND letter_id IS NULL")
        .bind(proposal)
        .bind(letter)
        .execute(c)
        .await
        .map(|done| done.rows_affected() == 1))
}

/// What nobody has confirmed in time.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Over {
    /// Which.
    pub id: Uuid,
    /// Of which programme.
    pub programme_id: Uuid,
    /// Since when it stands.
    pub created_at: DateTime<Utc>,
    /// The mail that asked for it.
    pub letter_id: Option<Uuid>,
}

/// Those that nobody has confirmed and that came before that moment, and have no longer than now. Takes no lock.
pub async fn over(db: &mut Conn, before: DateTime<Utc>, now: DateTime<Utc>) -> sqlx::Result<Vec<Over>> {
    on!(db, c => query_as(
        "SELECT id, programme_id, created_at, letter_id FROM proposal
         WHERE state = 'draft' AND organisation IS NULL AND created_at < $1
           AND (confirm_by IS NULL OR confirm_by <= $2)
         ORDER BY created_at LIMIT $3",
    )
    .bind(before)
    .bind(now)
    .bind(ROWS_MAX)
    .fetch_all(c)
    .await)
}

/// Its mail was held up: it can be confirmed until then.
pub async fn hold_on(db: &mut Conn, proposal: Uuid, until: DateTime<Utc>) -> sqlx::Result<()> {
    on!(db, c => query("UPDATE proposal SET confirm_by = $2 WHERE id = $1 AND state = 'draft'")
        .bind(proposal)
        .bind(until)
        .execute(c)
        .await
        .map(|_| ()))
}

/// Until when it can be confirmed, where that is longer than any.
pub async fn confirm_by(db: &mut Conn, proposal: Uuid) -> sqlx::Result<Option<DateTime<Utc>>> {
    let found: Option<Option<DateTime<Utc>>> = on!(db, c =>
        query_scalar("SELECT confirm_by FROM proposal WHERE id = $1").bind(proposal).fetch_optional(c).await)?;
    Ok(found.flatten())
}

/// Erases these, where they are still unconfirmed, with everything that hangs on them; gives the mails that bear their
/// links.
pub async fn erase(db: &mut Conn, proposals: &[Uuid]) -> sqlx::Result<Vec<Uuid>> {
    if proposals.is_empty() {
        return Ok(Vec::new());
    }
    // Locked first: who confirms one at this moment is seen, or finds it gone.
    let held: Vec<(Uuid, Option<Uuid>)> = on!(db, c => {
        let mut update = QueryBuilder::new(
            "UPDATE proposal SET link_version = link_version + 1, revision = revision + 1
             WHERE state = 'draft' AND organisation IS NULL AND id IN (",
        );
        push_list(&mut update, proposals.iter().copied());
        update.push(") RETURNING id, letter_id").build_query_as().fetch_all(c).await
    })?;
    if held.is_empty() {
        return Ok(Vec::new());
    }
    for start in [
        "DELETE FROM proposal_line WHERE proposal_id IN (",
        "DELETE FROM proposal_file WHERE proposal_id IN (",
        "DELETE FROM proposal WHERE id IN (",
    ] {
        on!(db, c => {
            let mut delete = QueryBuilder::new(start);
            push_list(&mut delete, held.iter().map(|(id, _)| *id));
            delete.push(")");
            delete.build().execute(c).await.map(|_| ())
        })?;
    }
    Ok(held.into_iter().filter_map(|(_, letter)| letter).collect())
}
