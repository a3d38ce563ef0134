//! The newest releases of the programmes that a transaction speaks of: what their sessions are called, and what
//! their rules are.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use uuid::Uuid;

use super::desk::House;
use crate::{
    db::Conn,
    release::{self, Release, ReleasedSession, published::Published},
};

/// Releases by programme. A programme that has none is missing.
#[derive(Default)]
pub struct Facts(HashMap<Uuid, Source>);

enum Source {
    Memory(Arc<Published>),
    Read(Box<Release>),
}

impl Facts {
    /// The releases of these programmes that are the newest in this transaction. Read under the locks of seat rows,
    /// they are in force: a publication holds the same rows.
    pub async fn of(db: &mut Conn, house: &House, programmes: &BTreeSet<Uuid>) -> sqlx::Result<Facts> {
        let mut facts = Facts::default();
        for programme in programmes {
            let newest = newest(db, house, *programme).await?;
            facts.0.extend(newest.map(|source| (*programme, source)));
        }
        Ok(facts)
    }

    /// As if that release were the programme's newest.
    pub fn under(programme: Uuid, release: Release) -> Facts {
        Facts(HashMap::from([(programme, Source::Read(Box::new(release)))]))
    }

    /// The programme's newest release.
    pub fn release(&self, programme: Uuid) -> Option<&Release> {
        self.0.get(&programme).map(Source::release)
    }

    /// A session of that release, with what mails say of it ([`Published::plain_text`]).
    pub fn session(&self, programme: Uuid, id: Uuid) -> Option<(&ReleasedSession, String)> {
        match self.0.get(&programme)? {
            Source::Memory(published) => {
                Some((published.session_by_id(id)?, published.plain_text(id)?.to_owned()))
            }
            Source::Read(release) => {
                let session = release.sessions.iter().find(|session| session.id == id)?;
                Some((session, session.plain_text()))
            }
        }
    }

    /// Every programme with its newest release.
    pub fn iter(&self) -> impl Iterator<Item = (Uuid, &Release)> {
        self.0.iter().map(|(programme, source)| (*programme, source.release()))
    }
}

async fn newest(db: &mut Conn, house: &House, programme: Uuid) -> sqlx::Result<Option<Source>> {
    let number = release::store::newest(db, programme).await?;
    let in_memory = house.publications.by_id(programme);
    if let Some(published) = in_memory.filter(|published| Some(published.release.number) == number) {
        return Ok(Some(Source::Memory(published)));
    }
    // The command line keeps nothing in memory, and a server may not have seen what another process has just
    // published: people concerned were noted under the locks that we hold now.
    let read = release::store::latest(db, programme).await?;
    Ok(read.map(|release| Source::Read(Box::new(release))))
}

impl Source {
    fn release(&self) -> &Release {
        match self {
            Source::Memory(published) => &published.release,
            Source::Read(release) => release,
        }
    }
}
