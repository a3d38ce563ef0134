//! Answers to the questions after a session. No column leads to a person.

use chrono::NaiveDate;
use sqlx::{FromRow, QueryBuilder, query, query_as, query_scalar};
use uuid::Uuid;

use crate::{
    db::{Conn, sizes::push_list},
    on,
    registration::feedback::Answers,
};

/// Ids of one statement.
const IDS_MAX: usize = 500;

/// What stands under that id.
pub async fn answers(db: &mut Conn, id: Uuid) -> sqlx::Result<Option<Answers>> {
    on!(db, c => query_as("SELECT rating, takeaway, better FROM feedback WHERE id = $1")
        .bind(id)
        .fetch_optional(c)
        .await)
}

/// Writes answers, over those that were there.
pub async fn put(
    db: &mut Conn,
    id: Uuid,
    session: Uuid,
    programme: Uuid,
    answers: &Answers,
    today: NaiveDate,
) -> sqlx::Result<()> {
    on!(db, c => query(
        "INSERT INTO feedback (id, session_id, programme_id, rating, takeaway, better, answered_on)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (id) DO UPDATE
         SET rating = excluded.rating, takeaway = excluded.takeaway, better = excluded.better,
             answered_on = excluded.answered_on",
    )
    .bind(id)
    .bind(session)
    .bind(programme)
    .bind(answers.rating)
    .bind(&answers.takeaway)
    .bind(&answers.better)
    .bind(today)
    .execute(c)
    .await
    .map(|_| ()))
}

/// One answer, as organisers read it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Row {
    /// About what.
    pub session_id: Uuid,
    /// 1 to 5.
    pub rating: Option<i64>,
    /// What the person takes with them.
    pub takeaway: String,
    /// What should be better.
    pub better: String,
    /// The day.
    pub answered_on: NaiveDate,
}

/// All answers of a programme, in an order that says nothing of who answered when.
pub async fn rows(db: &mut Conn, programme: Uuid) -> sqlx::Result<Vec<Row>> {
    on!(db, c => query_as(
        "SELECT session_id, rating, takeaway, better, answered_on FROM feedback
         WHERE programme_id = $1 ORDER BY session_id, id",
    )
    .bind(programme)
    .fetch_all(c)
    .await)
}

/// The registrations of a person: from these the ids of their answers are made.
pub async fn registrations_of(db: &mut Conn, participant: Uuid) -> sqlx::Result<Vec<Uuid>> {
    on!(db, c => query_scalar("SELECT id FROM registration WHERE participant_id = $1 ORDER BY id")
        .bind(participant)
        .fetch_all(c)
        .await)
}

/// Empties the texts under these ids; the figures stay.
pub async fn empty(db: &mut Conn, ids: &[Uuid]) -> sqlx::Result<()> {
    for some in ids.chunks(IDS_MAX) {
        on!(db, c => {
            let mut update =
                QueryBuilder::new("UPDATE feedback SET takeaway = '', better = '' WHERE id IN (");
            push_list(&mut update, some.iter().copied());
            update.push(")").build().execute(c).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// Empties all texts of these programmes.
pub async fn empty_programmes(db: &mut Conn, programmes: &[Uuid]) -> sqlx::Result<()> {
    on!(db, c => {
        let mut update = QueryBuilder::new(
            "UPDATE feedback SET takeaway = '', better = ''
             WHERE (takeaway <> '' OR better <> '') AND programme_id IN (",
        );
        push_list(&mut update, programmes.iter().copied());
        update.push(")").build().execute(c).await.map(|_| ())
    })
}
