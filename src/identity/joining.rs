//! How people of a partner organisation come into the office: by a link that the team gives to the organisation, and
//! everybody there may use; or invited by their address. Whoever types an address learns nothing of it.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{
    Membership, Role, Staff,
    links::{self, LinkKind},
    people,
    store::{
        self,
        joining::{self, JoiningLink},
    },
};
use crate::{
    audit::{self, Actor, Entry},
    db::Conn,
    error::{Error, Result},
    locale::Lang,
    registration::{
        desk::House,
        person::{Email, Name},
    },
    tokens::{LinkKey, Purpose},
};

/// How long an organisation's link opens.
pub const LIFE: TimeDelta = TimeDelta::days(60);
/// The most people who speak for one organisation.
pub const PEOPLE_MAX: usize = 50;
/// Links have no further version: each has an id of its own.
const VERSION: i64 = 1;

/// Makes the organisation's link; one that it had opens no more.
pub async fn renew(
    db: &mut Conn,
    house: &House,
    actor: Actor,
    of: &Membership,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    joining::revoke(db, of.programme, &of.organisation, now).await?;
    let link = JoiningLink {
        id: house.tokens.id(now),
        programme_id: of.programme,
        organisation: of.organisation.clone(),
        made_at: now,
        expires_at: now + LIFE,
        revoked_at: None,
    };
    joining::make(db, &link).await?;
    record(db, house, actor, "partner.link", of, now).await
}

/// The organisation's link opens no more. Who came by it stays.
pub async fn revoke(
    db: &mut Conn,
    house: &House,
    actor: Actor,
    of: &Membership,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    if joining::revoke(db, of.programme, &of.organisation, now).await? {
        record(db, house, actor, "partner.unlink", of, now).await?;
    }
    Ok(())
}

/// What is given to the organisation.
pub fn token(key: &LinkKey, link: &JoiningLink) -> String {
    key.seal(Purpose::Joining, link.id, VERSION)
}

/// For which organisation this token joins.
///
/// # Errors
/// [`Error::OldLink`] where it is none, over, or revoked.
pub async fn open(db: &mut Conn, key: &LinkKey, token: &str, now: DateTime<Utc>) -> Result<Membership> {
    let id = LinkKey::named(token).filter(|_| key.holds(token, Purpose::Joining, VERSION));
    let link = joining::by_id(db, id.ok_or(Error::OldLink)?).await?;
    let link = link.filter(|link| link.revoked_at.is_none() && now < link.expires_at);
    let link = link.ok_or(Error::OldLink)?;
    Ok(Membership { programme: link.programme_id, organisation: link.organisation })
}

/// How somebody comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// By the organisation's link: they wait at their mailbox, and their mail lets them in.
    ByLink,
    /// The team has named them: their mail invites them, within days.
    Invited(Actor),
}

/// Somebody who is to speak for an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newcomer {
    /// Where their mail goes.
    pub email: Email,
    /// What they are called; the team may not know it.
    pub name: Option<Name>,
    /// The language of their mails.
    pub lang: Lang,
}

/// Lets somebody speak for an organisation, and writes them the mail that lets them in. Whoever works here as something
/// else, or is kept out, stays as they are and gets none; whoever asked must not learn which.
pub async fn bring(house: &House, newcomer: &Newcomer, of: &Membership, how: How) -> Result<()> {
    let now = house.clock.now();
    let mut tx = house.pool.begin().await?;
    let known = store::by_email(&mut tx, newcomer.email.as_str()).await?;
    if store::of_organisation(&mut tx, of.programme, &of.organisation).await?.len() >= PEOPLE_MAX {
        return Ok(());
    }
    match (known, how) {
        (None, How::Invited(actor)) => {
            let staff = staff(house, newcomer, of, now);
            people::invite(&mut tx, house, actor, &staff, now).await?;
        }
        (None, How::ByLink) => {
            let staff = staff(house, newcomer, of, now);
            store::add(&mut tx, &staff, now).await?;
            record(&mut tx, house, Actor::User(staff.id), "partner.join", of, now).await?;
            if let Some(row) = store::by_id(&mut tx, staff.id).await? {
                links::send(&mut tx, house, &row, LinkKind::SignIn, newcomer.lang, now).await?;
            }
        }
        (Some(row), how) if row.role() == Role::Partner && row.disabled_at.is_none() => {
            let actor = match how {
                How::ByLink => Actor::User(row.id),
                How::Invited(actor) => actor,
            };
            if !store::memberships(&mut tx, row.id).await?.contains(of) {
                store::join(&mut tx, row.id, of).await?;
                record(&mut tx, house, actor, "partner.join", of, now).await?;
            }
            if !links::was_sent(&mut tx, row.id, LinkKind::SignIn, now).await? {
                links::send(&mut tx, house, &row, LinkKind::SignIn, row.lang(), now).await?;
            }
        }
        (Some(_), _) => return Ok(()),
    }
    tx.commit().await?;
    house.mail.notify_one();
    Ok(())
}

fn staff(house: &House, newcomer: &Newcomer, of: &Membership, now: DateTime<Utc>) -> Staff {
    Staff {
        id: house.tokens.id(now),
        email: newcomer.email.to_string(),
        name: newcomer.name.as_ref().map(|name| name.as_str().to_owned()).unwrap_or_default(),
        lang: newcomer.lang,
        role: Role::Partner,
        organisations: vec![of.clone()],
    }
}

async fn record(
    db: &mut Conn,
    house: &House,
    actor: Actor,
    action: &'static str,
    of: &Membership,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let subject = audit::subject("organisation", &of.organisation);
    audit::record(db, &Entry::new(&house.tokens, now, actor, action, subject).of(of.programme)).await
}

/// The links of a programme, by organisation.
pub async fn of_programme(db: &mut Conn, programme: Uuid) -> sqlx::Result<Vec<JoiningLink>> {
    joining::of_programme(db, programme).await
}
