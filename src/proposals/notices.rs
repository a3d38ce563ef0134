//! Telling the other side that there is something new: gathered for [`GATHER`], then one mail a person for everything.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    GATHER, Side,
    letters::{self, Reader},
    store::news::{self, New},
};
use crate::{
    db::Conn,
    error::Result,
    identity::{Role, people, store::Row},
    mail::{Letter, outbox},
    programme::{self, Programme},
    registration::desk::House,
    tokens::Purpose,
};

/// The most people who are told of one thing.
const READERS_MAX: usize = 50;

/// There is something new for that side. In the transaction that causes it.
pub async fn note(db: &mut Conn, proposal: Uuid, side: Side, now: DateTime<Utc>) -> sqlx::Result<()> {
    news::note(db, proposal, side, now + GATHER).await
}

/// Tells who has to be told by now.
///
/// # Errors
/// Where nothing was written.
pub async fn tell_due(house: &House, now: DateTime<Utc>) -> Result<()> {
    let mut db = house.pool.acquire().await?;
    if !news::any_due(&mut db, now).await? {
        return Ok(());
    }
    drop(db);
    let mut tx = house.pool.begin().await?;
    let mut written = Vec::new();
    for side in [Side::Team, Side::Partner] {
        let new = news::claim(&mut tx, side, now).await?;
        let mut by_programme: BTreeMap<Uuid, Vec<New>> = BTreeMap::new();
        for one in new {
            by_programme.entry(one.programme).or_default().push(one);
        }
        for (programme, new) in by_programme {
            let Some(draft) = programme::store::frame_of(&mut tx, programme).await? else { continue };
            let programme = draft.programme;
            match side {
                Side::Team => to_team(&mut tx, house, &programme, &new, now, &mut written).await?,
                Side::Partner => to_partners(&mut tx, house, &programme, &new, now, &mut written).await?,
            }
        }
    }
    outbox::queue(&mut tx, &written, now).await?;
    tx.commit().await?;
    house.mail.notify_one();
    Ok(())
}

async fn to_team(
    db: &mut Conn,
    house: &House,
    programme: &Programme,
    new: &[New],
    now: DateTime<Utc>,
    written: &mut Vec<Letter>,
) -> Result<()> {
    let all: Vec<&New> = new.iter().collect();
    for row in people::with_roles(db, &[Role::Owner, Role::Editor]).await?.iter().take(READERS_MAX) {
        written.push(letter(house, programme, &reader(row), (Side::Team, &all), now));
    }
    Ok(())
}

async fn to_partners(
    db: &mut Conn,
    house: &House,
    programme: &Programme,
    new: &[New],
    now: DateTime<Utc>,
    written: &mut Vec<Letter>,
) -> Result<()> {
    let mut by_person: BTreeMap<String, (Reader, Vec<&New>)> = BTreeMap::new();
    let mut by_organisation: BTreeMap<&str, Vec<&New>> = BTreeMap::new();
    for one in new {
        match (&one.organisation, &one.proposer) {
            (Some(organisation), _) => by_organisation.entry(organisation).or_default().push(one),
            (None, Some(proposer)) => {
                let reader = Reader {
                    email: proposer.email.clone(),
                    name: proposer.name.clone(),
                    lang: proposer.lang,
                };
                // Each of these has a link of its own.
                let page = call_page(house, programme, one.id, one.link_version);
                let id = house.tokens.id(now);
                let line = letters::programme_line(programme);
                written.push(letters::news(id, &reader, line, (Side::Partner, &[one]), page));
            }
            (None, None) => {}
        }
    }
    let programme_id = new.first().map(|one| one.programme);
    for (organisation, new) in by_organisation {
        let Some(programme) = programme_id else { continue };
        for row in people::of_organisation(db, programme, organisation).await?.iter().take(READERS_MAX) {
            let known = by_person.entry(row.email.clone()).or_insert_with(|| (reader(row), Vec::new()));
            known.1.extend(&new);
        }
    }
    for (reader, new) in by_person.into_values() {
        written.push(letter(house, programme, &reader, (Side::Partner, &new), now));
    }
    Ok(())
}

fn letter(
    house: &House,
    programme: &Programme,
    reader: &Reader,
    (side, new): (Side, &[&New]),
    now: DateTime<Utc>,
) -> Letter {
    let page = match new {
        [only] => letters::office_page(&programme.slug, only.id),
        _ => format!("office/{}/proposals", programme.slug),
    };
    let line = letters::programme_line(programme);
    letters::news(house.tokens.id(now), reader, line, (side, new), page)
}

/// Who a user of the office is to a mail.
pub fn reader(row: &Row) -> Reader {
    Reader { email: row.email.clone(), name: row.name.clone(), lang: row.lang() }
}

/// Where who proposed through the public call follows their proposal, below the language.
pub fn call_page(house: &House, programme: &Programme, proposal: Uuid, version: i64) -> String {
    let token = house.key.seal(Purpose::Proposal, proposal, version);
    format!("{}/call/{token}", programme.slug)
}
