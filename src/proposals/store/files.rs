//! Files of proposals.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, query, query_as};
use uuid::Uuid;

use crate::{
    db::Conn,
    on,
    proposals::files::{Kind, Media, Taken},
};

/// A file, as lists name it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Kept {
    /// Its identity, and its address.
    pub id: Uuid,
    kind: String,
    /// What its sender called it.
    pub name: String,
    media: String,
    /// In bytes.
    pub size: i64,
}

impl Kept {
    /// What it is for.
    pub fn kind(&self) -> Kind {
        if self.kind == Kind::Picture.code() { Kind::Picture } else { Kind::Material }
    }

    /// What it is.
    pub fn media(&self) -> Media {
        // The table's CHECK knows the same words.
        Media::parse(&self.media).unwrap_or(Media::Pdf)
    }
}

/// Writes a file.
pub async fn add(
    db: &mut Conn,
    (id, proposal): (Uuid, Uuid),
    file: &Taken,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    on!(db, c => query(
        "INSERT INTO proposal_file (id, proposal_id, kind, name, media, size, bytes, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(id)
    .bind(proposal)
    .bind(file.media.kind().code())
    .bind(&file.name)
    .bind(file.media.code())
    .bind(i64::try_from(file.bytes.len()).unwrap_or(i64::MAX))
    .bind(&file.bytes)
    .bind(now)
    .execute(c)
    .await
    .map(|_| ()))
}

/// The files of a proposal, in the order in which they came.
pub async fn of(db: &mut Conn, proposal: Uuid) -> sqlx::Result<Vec<Kept>> {
    on!(db, c => query_as(
        "SELECT id, kind, name, media, size FROM proposal_file WHERE proposal_id = $1 ORDER BY id",
    )
    .bind(proposal)
    .fetch_all(c)
    .await)
}

/// One file of that proposal, whole.
pub async fn whole(db: &mut Conn, proposal: Uuid, id: Uuid) -> sqlx::Result<Option<Taken>> {
    let row: Option<(String, String, Vec<u8>)> = on!(db, c => query_as(
        "SELECT name, media, bytes FROM proposal_file WHERE proposal_id = $1 AND id = $2",
    )
    .bind(proposal)
    .bind(id)
    .fetch_optional(c)
    .await)?;
    let taken = |(name, media, bytes): (String, String, Vec<u8>)| {
        Some(Taken { name, media: Media::parse(&media)?, bytes })
    };
    Ok(row.and_then(taken))
}

/// Takes a file of that proposal away. False where it had none of that identity.
pub async fn remove(db: &mut Conn, proposal: Uuid, id: Uuid) -> sqlx::Result<bool> {
    on!(db, c => query("DELETE FROM proposal_file WHERE proposal_id = $1 AND id = $2")
        .bind(proposal)
        .bind(id)
        .execute(c)
        .await
        .map(|done| done.rows_affected() == 1))
}
