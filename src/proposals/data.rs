//! What somebody has proposed through the public call, as a file for that person.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::{
    said,
    store::{self, lines::Line},
};
use crate::{error::Result, programme, registration::desk::House};

/// A file of somebody's data, with what they have proposed.
#[derive(Debug, Serialize)]
pub struct Whole<D> {
    /// The rest of it.
    #[serde(flatten)]
    pub data: D,
    /// What they have proposed.
    pub proposals: Vec<Proposed>,
}

/// The file of somebody who has proposed, and does nothing else here.
#[derive(Debug, Serialize)]
pub struct Proposing {
    /// When it was made.
    pub exported_at: DateTime<Utc>,
}

/// A proposal.
#[derive(Debug, Serialize)]
pub struct Proposed {
    id: Uuid,
    programme: String,
    name: String,
    email: String,
    organisation: String,
    language: &'static str,
    /// `draft`: its confirmation is awaited.
    state: &'static str,
    written_at: DateTime<Utc>,
    changed_at: DateTime<Utc>,
    sent_at: Option<DateTime<Utc>>,
    says: BTreeMap<String, String>,
    talk: Vec<Said>,
}

#[derive(Debug, Serialize)]
struct Said {
    at: DateTime<Utc>,
    by: &'static str,
    state: Option<&'static str>,
    said: String,
}

/// Everything that this address has proposed.
pub async fn of(house: &House, email: &str) -> Result<Vec<Proposed>> {
    let mut db = house.pool.acquire().await?;
    let mut all = Vec::new();
    for (id, programme) in store::forget::of_address(&mut db, email).await? {
        let Some(proposal) = store::find(&mut db, programme, id).await? else { continue };
        let Some(proposer) = &proposal.proposer else { continue };
        let slug = programme::store::frame_of(&mut db, programme).await?;
        all.push(Proposed {
            id,
            programme: slug.map(|draft| draft.programme.slug).unwrap_or_default(),
            name: proposer.name.clone(),
            email: proposer.email.clone(),
            organisation: proposer.organisation.clone(),
            language: proposer.lang.code(),
            state: proposal.state.code(),
            written_at: proposal.created_at,
            changed_at: proposal.changed_at,
            sent_at: proposal.sent_at,
            says: said::kept(&proposal.content),
            talk: store::lines::of(&mut db, id).await?.into_iter().map(line).collect(),
        });
    }
    Ok(all)
}

fn line(line: Line) -> Said {
    Said { at: line.at, by: line.side().code(), state: line.state().map(super::State::code), said: line.said }
}
