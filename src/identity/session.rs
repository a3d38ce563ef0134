//! Being signed in: a random token in a cookie, its hash in the database, two limits of time.

use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::{BASE32_NOPAD, HEXLOWER};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{
    Role, Staff,
    store::{self, sessions},
};
use crate::{db::Conn, tokens::Tokens};

/// Who has not been seen for so long signs in again.
pub const IDLE: TimeDelta = TimeDelta::hours(12);
/// Who has been signed in for so long signs in again.
pub const LIFE: TimeDelta = TimeDelta::days(30);
/// That somebody was seen is written down this often: reading a page then seldom writes.
const SEEN_AGAIN_AFTER: TimeDelta = TimeDelta::minutes(5);
/// Characters of a token.
const TOKEN_CHARS: usize = 52;

/// Somebody who is signed in, and on which device.
#[derive(Debug, Clone)]
pub struct Session {
    /// The person.
    pub staff: Staff,
    /// This device's session.
    pub id: Uuid,
}

/// Signs somebody in on a device, and gives the token for its cookie: always a new one, so that nobody's own token
/// can have been planted before.
pub async fn open(
    db: &mut Conn,
    tokens: &Tokens,
    staff: Uuid,
    device: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<String> {
    let token = BASE32_NOPAD.encode(&tokens.key()).to_lowercase();
    let device = device.to_owned();
    let row =
        sessions::SessionRow { id: tokens.id(now), staff_id: staff, device, created_at: now, seen_at: now };
    sessions::open(db, &row, &hash(&token)).await?;
    Ok(token)
}

/// Whose token this is, if they are still signed in. Says `true` beside it where it is time to write down that they
/// were seen: [`sessions::seen`].
pub async fn find(db: &mut Conn, token: &str, now: DateTime<Utc>) -> sqlx::Result<Option<(Session, bool)>> {
    if token.len() != TOKEN_CHARS {
        return Ok(None);
    }
    let Some(row) = sessions::by_hash(db, &hash(token)).await? else { return Ok(None) };
    let is_due = now - row.seen_at >= SEEN_AGAIN_AFTER;
    Ok(of(db, &row, now).await?.map(|staff| (Session { staff, id: row.id }, is_due)))
}

/// Who is signed in on that device, if they still are: for what goes on after a request was answered.
pub async fn still(db: &mut Conn, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<Option<Staff>> {
    match sessions::by_id(db, id).await? {
        Some(row) => of(db, &row, now).await,
        None => Ok(None),
    }
}

/// Whose session it is, while it lasts.
async fn of(db: &mut Conn, row: &sessions::SessionRow, now: DateTime<Utc>) -> sqlx::Result<Option<Staff>> {
    if !is_live(row, now) {
        return Ok(None);
    }
    let person = store::by_id(db, row.staff_id).await?;
    let Some(person) = person.filter(|person| person.disabled_at.is_none()) else { return Ok(None) };
    let organisations = match person.role() {
        Role::Partner => store::memberships(db, person.id).await?,
        Role::Owner | Role::Editor | Role::Press | Role::Desk | Role::Funder => Vec::new(),
    };
    Ok(Some(person.staff(organisations)))
}

/// True until one of the two limits is reached.
pub fn is_live(row: &sessions::SessionRow, now: DateTime<Utc>) -> bool {
    now - row.seen_at < IDLE && now - row.created_at < LIFE
}

/// What stands in the database of a token. It has 256 random bits: no salt, no slow hash is needed.
fn hash(token: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(token.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_when_it_is_left_alone_and_at_last_anyway() {
        let made = DateTime::UNIX_EPOCH;
        let row = |seen: TimeDelta| sessions::SessionRow {
            id: Uuid::nil(),
            staff_id: Uuid::nil(),
            device: String::new(),
            created_at: made,
            seen_at: made + seen,
        };
        let second = TimeDelta::seconds(1);

        assert!(is_live(&row(TimeDelta::zero()), made + IDLE - second));
        assert!(!is_live(&row(TimeDelta::zero()), made + IDLE));
        assert!(is_live(&row(LIFE - second), made + LIFE - second));
        assert!(!is_live(&row(LIFE - second), made + LIFE));
    }
}
