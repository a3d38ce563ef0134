//! All SQL on the log. Rows are inserted and read; nothing else is ever done to them.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{FromRow, QueryBuilder, query_scalar, types::Json};
use uuid::Uuid;

use super::Entry;
use crate::{db::Conn, on};

/// Rows of one INSERT: SQLite takes 32,766 values a statement.
const ROWS_MAX: usize = 500;

/// A line as it stands in the log.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Line {
    /// Its identity; they sort by time.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// In which programme.
    pub programme_id: Option<Uuid>,
    /// `user`, `command` or `house`.
    pub actor: String,
    /// Who, where it is a user.
    pub actor_id: Option<Uuid>,
    /// `session.cancel`.
    pub action: String,
    /// `session/forum`.
    pub subject: String,
    /// What it was, field by field.
    pub before: Option<Json<Value>>,
    /// What it is.
    pub after: Option<Json<Value>>,
}

/// Which lines. Everything that is named must hold.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    /// Of that programme.
    pub programme: Option<Uuid>,
    /// By whom.
    pub actor: Option<Who>,
    /// `session.cancel`; or `session`, for all that is done to sessions.
    pub action: Option<String>,
    /// What the subject holds, in lower case.
    pub subject: Option<String>,
    /// Not before that moment.
    pub from: Option<DateTime<Utc>>,
    /// Before that moment.
    pub until: Option<DateTime<Utc>>,
    /// Older than this line: the next page.
    pub older_than: Option<Uuid>,
}

/// By whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// That user.
    User(Uuid),
    /// `command` or `house`.
    Kind(&'static str),
}

/// Writes lines.
pub(super) async fn insert(db: &mut Conn, entries: &[Entry]) -> sqlx::Result<()> {
    for some in entries.chunks(ROWS_MAX) {
        on!(db, c => QueryBuilder::new(
            "INSERT INTO audit_entry (id, at, programme_id, actor, actor_id, action, subject, before, after) ",
        )
        .push_values(some, |mut row, entry| {
            row.push_bind(entry.id)
                .push_bind(entry.at)
                .push_bind(entry.programme)
                .push_bind(entry.actor.code())
                .push_bind(entry.actor.user())
                .push_bind(entry.action)
                .push_bind(&entry.subject)
                .push_bind(entry.before.as_ref().map(|facts| Json(facts.value())))
                .push_bind(entry.after.as_ref().map(|facts| Json(facts.value())));
        })
        .build()
        .execute(c)
        .await
        .map(|_| ()))?;
    }
    Ok(())
}

/// At most so many lines, newest first.
pub async fn lines(db: &mut Conn, filter: &Filter, limit: i64) -> sqlx::Result<Vec<Line>> {
    on!(db, c => {
        let mut select = QueryBuilder::new(
            "SELECT id, at, programme_id, actor, actor_id, action, subject, before, after
             FROM audit_entry WHERE actor IS NOT NULL",
        );
        if let Some(programme) = filter.programme {
            select.push(" AND programme_id = ").push_bind(programme);
        }
        match &filter.actor {
            Some(Who::User(id)) => { select.push(" AND actor_id = ").push_bind(*id); }
            Some(Who::Kind(kind)) => { select.push(" AND actor = ").push_bind(*kind); }
            None => {}
        }
        if let Some(action) = &filter.action {
            match action.contains('.') {
                true => select.push(" AND action = ").push_bind(action),
                false => select.push(" AND action LIKE ").push_bind(format!("{}.%", escaped(action))).push(" ESCAPE '\\'"),
            };
        }
        if let Some(subject) = &filter.subject {
            select.push(" AND subject LIKE ").push_bind(format!("%{}%", escaped(subject))).push(" ESCAPE '\\'");
        }
        if let Some(from) = filter.from {
            select.push(" AND at >= ").push_bind(from);
        }
        if let Some(until) = filter.until {
            select.push(" AND at < ").push_bind(until);
        }
        if let Some(line) = filter.older_than {
            select.push(" AND id < ").push_bind(line);
        }
        select.push(" ORDER BY id DESC LIMIT ").push_bind(limit).build_query_as().fetch_all(c).await
    })
}

/// The actions that the log has, each once: found by jumping through their index, however long the log is.
pub async fn actions(db: &mut Conn) -> sqlx::Result<Vec<String>> {
    let mut found: Vec<String> = on!(db, c => query_scalar(
        "WITH RECURSIVE known (action) AS (
             SELECT MIN(action) FROM audit_entry
             UNION ALL
             SELECT (SELECT MIN(action) FROM audit_entry WHERE action > known.action) FROM known
             WHERE known.action IS NOT NULL
         )
         SELECT action FROM known WHERE action IS NOT NULL",
    )
    .fetch_all(c)
    .await)?;
    found.sort_unstable();
    Ok(found)
}

/// The text, with nothing in it that `LIKE` would take for a sign.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if ['%', '_', '\\'].contains(&c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
