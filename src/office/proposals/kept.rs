//! A new proposal, written down once.

use uuid::Uuid;

use super::{by, facts};
use crate::{
    error::Result,
    office::draft::Here,
    programme::{self, cells::Cells},
    proposals::{
        self, PROPOSALS_MAX, Proposal, Side, State, What, form_key, notices,
        store::{self, lines::Line},
    },
    web::typed::Typed,
};

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
    let organisation = new.organisation.as_deref().unwrap_or_default();
    if store::count(&mut tx, new.programme, organisation).await? >= PROPOSALS_MAX {
        return Ok(None);
    }
    let of = [here.staff.id.as_bytes().as_slice(), here.known.id.as_bytes()];
    let key = form_key(&here.room.house.tokens, &of, sent.first("key"));
    let id = store::add(&mut tx, new, &key).await?;
    if id == new.id {
        let (house, now) = (here.room.house, here.room.now);
        if new.state == State::Sent {
            let by = (by(here).side(), by(here).author());
            let line = Line::became(house.tokens.id(now), by, State::Sent, String::new(), now);
            store::lines::add(&mut tx, id, &line).await?;
            notices::note(&mut tx, id, Side::Team, now).await?;
        }
        let said = proposals::logged::differing(None, new);
        proposals::log(&mut tx, house, by(here), "proposal.add", (new, said), now).await?;
    }
    tx.commit().await?;
    Ok(Some(id))
}
