//! What other settings would set in motion: read and decided as the desk does, and written nowhere.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    super::{
        Request, Settings,
        decide::{self, Registration, Rulebook},
        facts::Facts,
        letters,
        store::SeatRow,
    },
    House, read,
};
use crate::{db::Conn, error::Result, mail::Letter, release::Release};

/// What would be.
#[derive(Default)]
pub struct Foreseen {
    /// The mails of the queues that are served.
    pub letters: Vec<Letter>,
    /// Registrations that would stand elsewhere, by id.
    pub registrations: BTreeMap<Uuid, Registration>,
    /// The seat rows as they would be.
    pub seats: BTreeMap<Uuid, SeatRow>,
}

/// What the desk would do if these settings were put in force with that release. Takes no lock that it keeps: meanwhile
/// somebody may register, and then it is a little different.
pub async fn foresee(
    db: &mut Conn,
    house: &House,
    programme: Uuid,
    release: &Release,
    settings: &[Settings],
    now: DateTime<Utc>,
) -> Result<Foreseen> {
    if settings.is_empty() {
        return Ok(Foreseen::default());
    }
    let requests: Vec<_> = settings.iter().cloned().map(Request::Set).collect();
    let (mut snapshot, _) = read::read(db, house, &requests, now).await?;
    snapshot.rules.insert(programme, Rulebook::of(release));
    let facts = Facts::under(programme, release.clone());
    let (_, writes) = decide::decide(&mut snapshot, &requests, now, &mut || house.tokens.id(now));
    Ok(Foreseen {
        letters: letters::write(house, &facts, &writes.notices, &snapshot.seats),
        registrations: writes.updated,
        seats: snapshot.seats,
    })
}
