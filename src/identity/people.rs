//! Who works here, changed: invited, given another role, kept out, let in again. The last owner stays one.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Membership, Role, Staff,
    links::{self, LinkKind},
    store::{self, second_step, sessions},
};
use crate::{
    audit::{self, Actor, Entry, Fact, Facts},
    db::Conn,
    error::Result,
    programme,
    registration::desk::House,
};

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// Done.
    Done,
    /// Nobody has this id.
    Unknown,
    /// Without this owner nobody could let anybody in.
    LastOwner,
}

/// Somebody new, who is sent an invitation. `None` where the address is known already; else the link's token.
pub async fn invite(
    db: &mut Conn,
    house: &House,
    actor: Actor,
    staff: &Staff,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<String>> {
    if !store::add(db, staff, now).await? {
        return Ok(None);
    }
    let Some(row) = store::by_id(db, staff.id).await? else { return Ok(None) };
    let mut after = Facts::default().with("role", staff.role.code());
    if !staff.organisations.is_empty() {
        after = after.and(named(db, &staff.organisations).await?);
    }
    record(db, house, actor, "user.invite", staff.id, (Facts::default(), after), now).await?;
    links::send(db, house, &row, LinkKind::Invitation, staff.lang, now).await.map(Some)
}

/// Gives somebody another role.
pub async fn set_role(
    db: &mut Conn,
    house: &House,
    actor: Actor,
    id: Uuid,
    role: Role,
    now: DateTime<Utc>,
) -> sqlx::Result<Changed> {
    let Some((person, is_last)) = held(db, id).await? else { return Ok(Changed::Unknown) };
    if is_last && role != Role::Owner {
        return Ok(Changed::LastOwner);
    }
    if person.role() != role {
        store::set_role(db, id, role).await?;
        let facts = |role: Role| Facts::default().with("role", role.code());
        record(db, house, actor, "user.role", id, (facts(person.role()), facts(role)), now).await?;
    }
    Ok(Changed::Done)
}

/// Keeps somebody out: every session and link of theirs ends with it.
pub async fn disable(
    db: &mut Conn,
    house: &House,
    actor: Actor,
    id: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<Changed> {
    let Some((_, is_last)) = held(db, id).await? else { return Ok(Changed::Unknown) };
    if is_last {
        return Ok(Changed::LastOwner);
    }
    if store::disable(db, id, now).await? {
        end_everything(db, id, now).await?;
        record(db, house, actor, "user.disable", id, Default::default(), now).await?;
    }
    Ok(Changed::Done)
}

/// Lets somebody in again, as before.
pub async fn enable(
    db: &mut Conn,
    house: &House,
    actor: Actor,
    id: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<Changed> {
    if store::by_id(db, id).await?.is_none() {
        return Ok(Changed::Unknown);
    }
    if store::enable(db, id).await? {
        record(db, house, actor, "user.enable", id, Default::default(), now).await?;
    }
    Ok(Changed::Done)
}

/// Says for which organisations somebody speaks.
pub async fn set_organisations(
    db: &mut Conn,
    house: &House,
    actor: Actor,
    id: Uuid,
    organisations: &[Membership],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let before = store::memberships(db, id).await?;
    let is_same = before.len() == organisations.len() && organisations.iter().all(|one| before.contains(one));
    if is_same {
        return Ok(());
    }
    store::leave_all(db, id).await?;
    for membership in organisations {
        store::join(db, id, membership).await?;
    }
    let facts = (named(db, &before).await?, named(db, organisations).await?);
    record(db, house, actor, "user.organisations", id, facts, now).await
}

/// These organisations as the log says them: `miso/collectif`, in one order.
async fn named(db: &mut Conn, organisations: &[Membership]) -> sqlx::Result<Facts> {
    let programmes = programme::store::titles(db).await?;
    let name = |of: &Membership| {
        let slug = programmes.iter().find(|(id, ..)| *id == of.programme).map(|(_, slug, _)| slug.clone());
        format!("{}/{}", slug.unwrap_or_else(|| of.programme.to_string()), of.organisation)
    };
    let mut names: Vec<_> = organisations.iter().map(name).collect();
    names.sort();
    Ok(Facts::default().with("organisations", Fact::slugs(names.iter().map(String::as_str))))
}

/// Who can come in and has one of these roles, in the order in which they came.
pub async fn with_roles(db: &mut Conn, roles: &[Role]) -> sqlx::Result<Vec<store::Row>> {
    let mut all = store::all(db).await?;
    all.retain(|row| row.disabled_at.is_none() && roles.contains(&row.role()));
    Ok(all)
}

/// Who can come in and speaks for that organisation as a partner, in the order in which they came.
pub async fn of_organisation(
    db: &mut Conn,
    programme: Uuid,
    organisation: &str,
) -> sqlx::Result<Vec<store::Row>> {
    store::of_organisation(db, programme, organisation).await
}

/// Takes the second step off, for who has lost the telephone and the codes.
pub async fn remove_second_step(
    db: &mut Conn,
    house: &House,
    actor: Actor,
    id: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let removed = second_step::remove(db, id).await?;
    if removed {
        record(db, house, actor, "user.second-step-off", id, Default::default(), now).await?;
    }
    Ok(removed)
}

/// Another password: every other session ends, every link, and what devices are known.
pub async fn set_password(
    db: &mut Conn,
    house: &House,
    id: Uuid,
    hash: &str,
    kept: Option<Uuid>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    store::set_password(db, id, hash).await?;
    sessions::end_others(db, id, kept).await?;
    store::links::end_all(db, id, now).await?;
    store::forget_devices(db, id).await?;
    record(db, house, Actor::User(id), "user.password", id, Default::default(), now).await
}

/// Forgets what is over: sessions, links, attempts.
pub async fn tidy(house: &House) -> Result<()> {
    let now = house.clock.now();
    let mut tx = house.pool.begin().await?;
    sessions::forget(&mut tx, now - super::session::IDLE, now - super::session::LIFE).await?;
    store::attempts::forget(&mut tx, now - super::attempts::MEMORY).await?;
    // Until then a page can say that an invitation is over.
    store::links::forget(&mut tx, now - chrono::TimeDelta::days(90)).await?;
    super::joining::tidy(&mut tx, house, now).await?;
    Ok(tx.commit().await?)
}

/// The person, and whether they are the only owner who can come in; owners cannot change until the transaction ends.
async fn held(db: &mut Conn, id: Uuid) -> sqlx::Result<Option<(store::Row, bool)>> {
    store::hold_owners(db).await?;
    let Some(person) = store::by_id(db, id).await? else { return Ok(None) };
    let is_owner = person.role() == Role::Owner && person.disabled_at.is_none();
    let is_last = is_owner && store::owners(db).await? <= 1;
    Ok(Some((person, is_last)))
}

async fn end_everything(db: &mut Conn, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<()> {
    sessions::end_others(db, id, None).await?;
    store::links::end_all(db, id, now).await?;
    store::forget_devices(db, id).await
}

async fn record(
    db: &mut Conn,
    house: &House,
    actor: Actor,
    action: &'static str,
    id: Uuid,
    (before, after): (Facts, Facts),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let entry = Entry::new(&house.tokens, now, actor, action, audit::subject("user", id));
    audit::record(db, &entry.facts(before, after)).await
}
