//! Forgetting who proposed through the public call.

use sqlx::{query, query_scalar};
use uuid::Uuid;

use crate::{db::Conn, on};

/// The programmes to which somebody has proposed who is still named.
pub async fn with_proposers(db: &mut Conn) -> sqlx::Result<Vec<Uuid>> {
    on!(db, c => query_scalar("SELECT DISTINCT programme_id FROM proposal WHERE proposer IS NOT NULL")
        .fetch_all(c)
        .await)
}

/// Forgets who proposed to that programme; their links open no more.
pub async fn proposers(db: &mut Conn, programme: Uuid) -> sqlx::Result<()> {
    on!(db, c => query(
        "UPDATE proposal SET proposer = NULL, link_version = link_version + 1
         WHERE programme_id = $1 AND proposer IS NOT NULL",
    )
    .bind(programme)
    .execute(c)
    .await
    .map(|_| ()))
}
