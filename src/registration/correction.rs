//! Correcting who somebody is: a name that was misheard, an address that sends mails back, or the first address of who
//! had none.

use uuid::Uuid;

use super::{
    contact::Phone,
    person::{Email, Name},
    store::{self, person},
};
use crate::{
    db::Conn,
    error::{Error, Result},
    mail::outbox,
};

/// What is right.
#[derive(Debug, Clone)]
pub struct Correction {
    /// The name; what was typed in orders stays.
    pub name: Name,
    /// The address; `None` leaves it as it is: nobody loses one.
    pub email: Option<Email>,
    /// Where they are called.
    pub phone: Phone,
}

/// What became of it. Only the first two changed anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Corrected {
    /// It is written down.
    Done,
    /// It is written down, and mails go to another address from now on: the caller sends what they have there.
    Readdressed,
    /// Somebody else has this address. Two people are never made one: what one has may clash with what the other has,
    /// and a slip of the hand would give a stranger somebody's sessions. The organisers register the sessions for that
    /// person, and give back these.
    AddressTaken {
        /// Who has it.
        by: Uuid,
    },
    /// There is nobody any more.
    Nobody,
}

/// Corrects a person, in the caller's transaction; nothing is to be committed where the answer is a no.
///
/// # Errors
/// [`Error::Busy`] where two people were given the same address in the same moment.
pub async fn correct(db: &mut Conn, participant: Uuid, is: &Correction) -> Result<Corrected> {
    let Some(was) = store::participant(db, participant).await? else { return Ok(Corrected::Nobody) };
    if was.is_erased() {
        return Ok(Corrected::Nobody);
    }
    if let Some(email) = &is.email
        && let Some(other) = store::participant_by_email(db, email.as_str()).await?
        && other.id != participant
    {
        return Ok(Corrected::AddressTaken { by: other.id });
    }
    let corrected = person::Corrected {
        name: is.name.as_str(),
        email: is.email.as_ref().map(Email::as_str),
        phone: is.phone.as_str(),
    };
    let written = person::correct(db, participant, &corrected).await.map_err(|cause| {
        let doubled = cause.as_database_error().is_some_and(|error| error.is_unique_violation());
        if doubled { Error::Busy("somebody else was given this address a moment ago") } else { cause.into() }
    })?;
    let another = is.email.as_ref().is_some_and(|email| was.email.as_deref() != Some(email.as_str()));
    if let (true, true, Some(former)) = (written, another, &was.email) {
        outbox::note_reader(db, former, participant).await?;
    }
    Ok(match (written, another) {
        (false, _) => Corrected::Nobody,
        (true, true) => Corrected::Readdressed,
        (true, false) => Corrected::Done,
    })
}
