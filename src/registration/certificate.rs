//! Certificates of attendance: who has one, and what its code vouches for. How it looks is [`crate::certificate`].

pub mod store;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{attendance::store as attendance, desk::House, store as seat_store};
use crate::{
    db::Conn,
    error::{Error, Result},
    release::published::Published,
};
pub use store::Certificate;

/// The letters and digits of a code.
const CODE_CHARS: usize = 16;
/// So many of them in a group, for reading.
const GROUP_CHARS: usize = 4;

/// Gives certificates to who has attended a session, and revokes those of who has not. The caller holds the
/// programme.
pub async fn follow(
    db: &mut Conn,
    house: &House,
    programme: Uuid,
    session: Uuid,
    now: DateTime<Utc>,
) -> Result<()> {
    store::revoke_unfounded(db, programme, session, now).await?;
    let mut fresh = Vec::new();
    let mut give = |participant_id: Uuid, session_id: Option<Uuid>| {
        let code = house.tokens.code();
        fresh.push(Certificate {
            code,
            participant_id,
            programme_id: programme,
            session_id,
            issued_at: now,
            revoked_at: None,
        });
    };
    for attendee in store::attendees(db, programme, session).await? {
        if !attendee.of_session {
            give(attendee.participant_id, Some(session));
        }
        if !attendee.of_programme {
            give(attendee.participant_id, None);
        }
    }
    Ok(store::insert(db, &fresh).await?)
}

/// What a certificate says: the name, and the sessions as the newest release has them.
pub struct Vouched {
    /// The certificate.
    pub certificate: Certificate,
    /// As the person calls themselves.
    pub name: String,
    /// The newest release.
    pub published: Arc<Published>,
    /// What was attended, in the order of its time; never empty.
    pub sessions: Vec<Uuid>,
}

/// What a code is good for.
pub enum Known {
    /// It vouches for this.
    Yes(Box<Vouched>),
    /// It did, and does no more: the attendance was corrected, or the person is erased.
    NoMore,
    /// There is no such code.
    No,
}

/// Looks a code up. Upper case, blanks and hyphens do not matter.
pub async fn look_up(db: &mut Conn, house: &House, typed: &str) -> Result<Known> {
    let Some(code) = plain(typed) else { return Ok(Known::No) };
    let Some(certificate) = store::by_code(db, &code).await? else { return Ok(Known::No) };
    if certificate.revoked_at.is_some() {
        return Ok(Known::NoMore);
    }
    Ok(vouched(db, house, certificate).await?.map_or(Known::NoMore, |vouched| Known::Yes(Box::new(vouched))))
}

/// What a certificate says; `None` where there is nobody, or nothing, to vouch for any more.
pub async fn vouched(db: &mut Conn, house: &House, certificate: Certificate) -> Result<Option<Vouched>> {
    let Some(person) = seat_store::participant(db, certificate.participant_id).await? else {
        return Ok(None);
    };
    if person.is_erased() || person.name.trim().is_empty() {
        return Ok(None);
    }
    let mut sessions =
        attendance::attended_by(db, person.id, certificate.programme_id, house.clock.now()).await?;
    sessions.dedup();
    if let Some(only) = certificate.session_id {
        sessions.retain(|session| *session == only);
    }
    let unread = Error::Busy("a release has not been read yet");
    let published = house.publications.by_id(certificate.programme_id).ok_or(unread)?;
    sessions.retain(|id| published.session_by_id(*id).is_some());
    if sessions.is_empty() {
        return Ok(None);
    }
    Ok(Some(Vouched { certificate, name: person.name, published, sessions }))
}

/// A code as it is stored; `None` for what can be none.
fn plain(typed: &str) -> Option<String> {
    let code: String =
        typed.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_lowercase()).collect();
    let fits = code.len() == CODE_CHARS
        && code.bytes().all(|b| b.is_ascii_lowercase() || (b'2'..=b'7').contains(&b));
    fits.then_some(code)
}

/// A code as people read it: `ABCD-EFGH-IJKL-MNOP`.
pub fn readable(code: &str) -> String {
    let upper: Vec<char> = code.to_ascii_uppercase().chars().collect();
    upper.chunks(GROUP_CHARS).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::Tokens;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = Tokens::seeded(1).code();
        assert_eq!(plain(&code), Some(code.clone()));
        assert_eq!(plain(&format!(" {} ", readable(&code))), Some(code.clone()));
        assert_eq!(readable(&code).len(), CODE_CHARS + 3);
        for wrong in ["", "abc", "abcdefghijklmno1", "abcdefghijklmnopq", "abcdefghijklmnoé"] {
            assert_eq!(plain(wrong), None, "{wrong}");
        }
    }
}
