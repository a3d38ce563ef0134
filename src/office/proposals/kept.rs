//! A new proposal, written down once.

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{facts, note, side};
use crate::{
    db::Conn,
    error::Result,
    office::draft::Here,
    programme::{self, cells::Cells},
    proposals::{
        PROPOSALS_MAX, Proposal, Side, State, What, notices,
        store::{self, lines::Line},
    },
    web::typed::Typed,
};

/// A line with which it became something.
pub async fn became(
    db: &mut Conn,
    here: &Here<'_>,
    proposal: Uuid,
    state: State,
    words: String,
) -> Result<()> {
    let by = (side(here.staff), Some(here.staff.id));
    let line = Line::became(here.room.house.tokens.id(here.room.now), by, state, words, here.room.now);
    Ok(store::lines::add(db, proposal, &line).await?)
}

/// The organisation in whose name this person changes a session.
pub fn host_of(here: &Here<'_>, session: &programme::DraftSession) -> Option<String> {
    facts::is_own(here, session).then(|| {
        let own = |host: &&String| here.staff.speaks_for(here.known.id, host);
        session.session.hosts.iter().find(own).cloned()
    })?
}

/// A new proposal of this person.
pub fn new(
    here: &Here<'_>,
    (what, session): (What, Option<Uuid>),
    organisation: &str,
    state: State,
    content: Cells,
    base: Option<Cells>,
) -> Proposal {
    let now = here.room.now;
    Proposal {
        id: here.room.house.tokens.id(now),
        programme: here.known.id,
        organisation: Some(organisation.to_owned()),
        author: Some(here.staff.id),
        proposer: None,
        link_version: 1,
        what,
        session,
        state,
        content,
        base,
        revision: 1,
        created_at: now,
        changed_at: now,
        sent_at: (state == State::Sent).then_some(now),
    }
}

/// Writes a new proposal; `None` where the organisation has as many as it may have.
pub async fn keep(here: &Here<'_>, new: &Proposal, sent: &Typed) -> Result<Option<Uuid>> {
    let mut tx = here.room.house.pool.begin().await?;
    // Counts are true until the commit, and a session has one open change an organisation.
    programme::store::hold(&mut tx, new.programme).await?;
    if let (What::Change, Some(session), Some(organisation)) = (new.what, new.session, &new.organisation)
        && let Some(open) = store::open_change(&mut tx, new.programme, session, organisation).await?
    {
        return Ok(Some(open));
    }
    if store::count(&mut tx, new.programme, new.organisation.as_deref()).await? >= PROPOSALS_MAX {
        return Ok(None);
    }
    let id = store::add(&mut tx, new, &own_key(here, sent)).await?;
    if id == new.id {
        if new.state == State::Sent {
            became(&mut tx, here, id, State::Sent, String::new()).await?;
            notices::note(&mut tx, id, Side::Team, here.room.now).await?;
        }
        note(&mut tx, here, id, "proposal.add", (None, Some(new.state))).await?;
    }
    tx.commit().await?;
    Ok(Some(id))
}

/// The same form of the same person is the same proposal; a form without a key is one of its own.
fn own_key(here: &Here<'_>, sent: &Typed) -> String {
    let key = Some(sent.first("key")).filter(|key| !key.is_empty());
    let key = key.map_or_else(|| here.room.house.tokens.fresh(), str::to_owned);
    let mut digest = Sha256::new();
    digest.update(here.staff.id.as_bytes());
    digest.update(here.known.id.as_bytes());
    digest.update(key.as_bytes());
    data_encoding::HEXLOWER.encode(&digest.finalize())
}
