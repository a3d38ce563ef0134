//! The codes of certificates of attendance.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder, query, query_as};
use uuid::Uuid;

use crate::{
    db::{Conn, sizes::push_list},
    on,
};

/// Rows of one statement.
const ROWS_MAX: usize = 1_000;

/// A certificate: of one session, or of all that somebody has attended in a programme.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Certificate {
    /// What is printed on it.
    pub code: String,
    /// Whose.
    pub participant_id: Uuid,
    /// Of which programme.
    pub programme_id: Uuid,
    /// `None`: of the whole programme.
    pub session_id: Option<Uuid>,
    /// Since when.
    pub issued_at: DateTime<Utc>,
    /// Since when no more.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// The certificate of that code, revoked ones too.
pub async fn by_code(db: &mut Conn, code: &str) -> sqlx::Result<Option<Certificate>> {
    on!(db, c => query_as(
        "SELECT code, participant_id, programme_id, session_id, issued_at, revoked_at
         FROM certificate WHERE code = $1",
    )
    .bind(code)
    .fetch_optional(c)
    .await)
}

/// The certificates of a person that are in force.
pub async fn of_person(db: &mut Conn, participant: Uuid) -> sqlx::Result<Vec<Certificate>> {
    on!(db, c => query_as(
        "SELECT code, participant_id, programme_id, session_id, issued_at, revoked_at
         FROM certificate WHERE participant_id = $1 AND revoked_at IS NULL
         ORDER BY issued_at, CASE WHEN session_id IS NULL THEN 1 ELSE 0 END, code",
    )
    .bind(participant)
    .fetch_all(c)
    .await)
}

/// Who has attended a session and can be named, and whether they have its certificate, and the programme's.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Attendee {
    /// Who.
    pub participant_id: Uuid,
    /// True where there is one of this session.
    pub of_session: bool,
    /// True where there is one of the programme.
    pub of_programme: bool,
}

/// Who has attended a session, and what they have.
pub async fn attendees(db: &mut Conn, programme: Uuid, session: Uuid) -> sqlx::Result<Vec<Attendee>> {
    on!(db, c => query_as(
        "SELECT DISTINCT r.participant_id,
                EXISTS (SELECT 1 FROM certificate c WHERE c.participant_id = r.participant_id
                        AND c.session_id = r.session_id AND c.revoked_at IS NULL) AS of_session,
                EXISTS (SELECT 1 FROM certificate c WHERE c.participant_id = r.participant_id
                        AND c.programme_id = $2 AND c.session_id IS NULL AND c.revoked_at IS NULL) AS of_programme
         FROM registration r JOIN participant p ON p.id = r.participant_id
         WHERE r.session_id = $1 AND r.attended > 0 AND p.erased_at IS NULL
         ORDER BY r.participant_id",
    )
    .bind(session)
    .bind(programme)
    .fetch_all(c)
    .await)
}

/// Writes certificates down.
pub async fn insert(db: &mut Conn, certificates: &[Certificate]) -> sqlx::Result<()> {
    for some in certificates.chunks(ROWS_MAX) {
        on!(db, c => QueryBuilder::new(
            "INSERT INTO certificate (code, participant_id, programme_id, session_id, issued_at) ",
        )
        .push_values(some, |mut row, one| {
            row.push_bind(&one.code)
                .push_bind(one.participant_id)
                .push_bind(one.programme_id)
                .push_bind(one.session_id)
                .push_bind(one.issued_at);
        })
        .build()
        .execute(c)
        .await
        .map(|_| ()))?;
    }
    Ok(())
}

/// Revokes the certificates of a session of whoever has not attended it (any more), and of these people that of the
/// programme where they have attended nothing else.
pub async fn revoke_unfounded(
    db: &mut Conn,
    programme: Uuid,
    session: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    on!(db, c => query(
        "UPDATE certificate SET revoked_at = $3
         WHERE programme_id = $1 AND session_id = $2 AND revoked_at IS NULL
           AND NOT EXISTS (SELECT 1 FROM registration r WHERE r.participant_id = certificate.participant_id
                           AND r.session_id = certificate.session_id AND r.attended > 0)",
    )
    .bind(programme)
    .bind(session)
    .bind(now)
    .execute(c)
    .await
    .map(|_| ()))?;
    on!(db, c => query(
        "UPDATE certificate SET revoked_at = $2
         WHERE programme_id = $1 AND session_id IS NULL AND revoked_at IS NULL
           AND participant_id IN (SELECT participant_id FROM certificate WHERE session_id = $3 AND revoked_at = $2)
           AND NOT EXISTS (SELECT 1 FROM registration r JOIN seat s ON s.session_id = r.session_id
                           WHERE r.participant_id = certificate.participant_id
                           AND s.programme_id = $1 AND r.attended > 0)",
    )
    .bind(programme)
    .bind(now)
    .bind(session)
    .execute(c)
    .await
    .map(|_| ()))
}

/// Revokes every certificate of a person, who is erased.
pub async fn revoke_all(db: &mut Conn, participant: Uuid, now: DateTime<Utc>) -> sqlx::Result<()> {
    on!(db, c => query("UPDATE certificate SET revoked_at = $2 WHERE participant_id = $1 AND revoked_at IS NULL")
        .bind(participant)
        .bind(now)
        .execute(c)
        .await
        .map(|_| ()))
}

/// Revokes a person's certificates of these programmes, and gives them to nobody, `nobody` by id.
pub async fn part_with(
    db: &mut Conn,
    participant: Uuid,
    programmes: &[Uuid],
    nobody: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    on!(db, c => {
        let mut update = QueryBuilder::new("UPDATE certificate SET participant_id = ");
        update.push_bind(nobody).push(", revoked_at = COALESCE(revoked_at, ").push_bind(now);
        update.push(") WHERE participant_id = ").push_bind(participant).push(" AND programme_id IN (");
        push_list(&mut update, programmes.iter().copied());
        update.push(")").build().execute(c).await.map(|_| ())
    })
}
