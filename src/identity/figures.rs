//! The funder's link: without an account, it reads the figures of one programme until it is revoked.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::store::figures::{self, FiguresRow};
use crate::{
    db::Conn,
    error::{Error, Result},
    registration::desk::House,
    tokens::{LinkKey, Purpose},
};

/// The longest name of a link, in characters.
pub const LABEL_CHARS_MAX: usize = 100;
/// It is revoked in its row.
const VERSION: i64 = 1;

/// Makes a link and gives its identity.
pub async fn make(
    db: &mut Conn,
    house: &House,
    programme: Uuid,
    label: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Uuid> {
    let id = house.tokens.id(now);
    let label = label.to_owned();
    figures::make(db, &FiguresRow { id, programme_id: programme, label, made_at: now, revoked_at: None })
        .await?;
    Ok(id)
}

/// What stands in its address, behind `/{lang}/office/figures-link/`.
pub fn token(key: &LinkKey, id: Uuid) -> String {
    key.seal(Purpose::Figures, id, VERSION)
}

/// The link of this token: it says whose figures may be read. Whoever has it is a [`Role::Funder`](super::Role).
///
/// # Errors
/// [`Error::OldLink`] where it is none, or was revoked.
pub async fn open(db: &mut Conn, key: &LinkKey, token: &str) -> Result<FiguresRow> {
    let id = LinkKey::named(token).filter(|_| key.holds(token, Purpose::Figures, VERSION));
    let row = figures::by_id(db, id.ok_or(Error::OldLink)?).await?;
    row.filter(|row| row.revoked_at.is_none()).ok_or(Error::OldLink)
}
