//! Coming in: with a password, with the code of the second step, with a mailed link.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    attempts::{self, Aim},
    links::{self, LinkKind},
    password::Hasher,
    session,
    store::{self, Row, second_step},
    totp,
};
use crate::{
    db::Conn,
    error::Result,
    registration::{desk::House, person::Email},
    tokens::{LinkKey, Purpose},
};

/// Where somebody comes from.
#[derive(Debug, Clone, Default)]
pub struct Whence {
    /// The address, as far as it is known.
    pub ip: Option<IpAddr>,
    /// What the device calls itself: « Firefox, Linux ».
    pub device: String,
    /// What a device bears on which somebody has signed in before.
    pub known: Option<String>,
}

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// In.
    In(Entered),
    /// The code of the second step is wanted; this token is the device's until then.
    Code(String),
    /// Not right. Nobody learns what.
    Wrong,
    /// Too many attempts: so many seconds too early.
    Slow(u64),
}

/// What the device is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entered {
    /// Who is in.
    pub staff: Uuid,
    /// The session's token.
    pub token: String,
    /// By which the device is known the next time.
    pub device: String,
}

/// With an address and a password. An unknown address takes as long as a known one.
pub async fn with_password(
    house: &House,
    hasher: &Hasher,
    typed: &str,
    password: &str,
    whence: &Whence,
) -> Result<Entry> {
    let now = house.clock.now();
    let email = Email::parse(typed).ok();
    let aimed = email.as_ref().map_or_else(|| typed.trim().to_lowercase(), |email| email.to_string());
    let mut tx = house.pool.begin().await?;
    let person = match &email {
        Some(email) => store::by_email(&mut tx, email.as_str()).await?,
        None => None,
    };
    let person = person.filter(|person| person.disabled_at.is_none());
    let known = person.as_ref().filter(|person| knows(&house.key, person, whence));
    let aims = match known {
        Some(person) => vec![Aim::Device(person.id)],
        None => std::iter::once(Aim::Account(&aimed)).chain(whence.ip.map(Aim::Network)).collect(),
    };
    if let Err(seconds) = attempts::begin(&mut tx, &house.key, &aims, now).await? {
        return Ok(Entry::Slow(seconds));
    }
    // Nothing is held while the password is looked at.
    tx.commit().await?;
    let hash = person.as_ref().and_then(|person| person.password.as_deref());
    let is_right = hasher.holds(password, hash).await?;
    let Some(person) = person.filter(|_| is_right) else { return Ok(Entry::Wrong) };
    let mut tx = house.pool.begin().await?;
    attempts::forgive(&mut tx, &house.key, &aims, now).await?;
    let entry = enter(&mut tx, house, &person, whence, now).await?;
    tx.commit().await?;
    Ok(entry)
}

/// With the code of the second step, or one from paper, after the password: `step` is what [`Entry::Code`] gave.
///
/// # Errors
/// [`Error::OldLink`](crate::error::Error::OldLink) where the password has to be given again.
pub async fn with_code(house: &House, step: &str, typed: &str, whence: &Whence) -> Result<Entry> {
    let now = house.clock.now();
    let mut tx = house.pool.begin().await?;
    let opened = links::open(&mut tx, &house.key, step, LinkKind::Code, now).await?;
    let aim = match knows(&house.key, &opened.person, whence) {
        true => Aim::Device(opened.person.id),
        false => Aim::Code(opened.person.id),
    };
    if let Err(seconds) = attempts::begin(&mut tx, &house.key, &[aim], now).await? {
        return Ok(Entry::Slow(seconds));
    }
    let is_right = takes_code(&mut tx, opened.person.id, typed, now).await?;
    if !is_right || !store::links::take(&mut tx, opened.id, now).await? {
        tx.commit().await?;
        return Ok(Entry::Wrong);
    }
    attempts::forgive(&mut tx, &house.key, &[aim], now).await?;
    let entered = open(&mut tx, house, &opened.person, whence, now).await?;
    tx.commit().await?;
    Ok(Entry::In(entered))
}

/// True where the code is one of this person's that was not taken yet; now it is.
pub async fn takes_code(db: &mut Conn, staff: Uuid, typed: &str, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let known = second_step::of(db, staff).await?;
    let Some(secret) = known.totp_secret else { return Ok(false) };
    match totp::step_of(&secret, typed, known.totp_used, now) {
        Some(step) => second_step::take(db, staff, step).await,
        None => second_step::take_recovery(db, staff, &totp::recovery_hash(typed), now).await,
    }
}

/// With a mailed link. The second step is asked for all the same.
///
/// # Errors
/// [`Error::OldLink`](crate::error::Error::OldLink).
pub async fn with_link(house: &House, token: &str, whence: &Whence) -> Result<Entry> {
    let now = house.clock.now();
    let mut tx = house.pool.begin().await?;
    let opened = links::open(&mut tx, &house.key, token, LinkKind::SignIn, now).await?;
    if !store::links::take(&mut tx, opened.id, now).await? {
        return Err(crate::error::Error::OldLink);
    }
    let entry = enter(&mut tx, house, &opened.person, whence, now).await?;
    tx.commit().await?;
    Ok(entry)
}

/// Lets somebody in who has shown who they are, or asks for the second step.
pub async fn enter(
    db: &mut Conn,
    house: &House,
    person: &Row,
    whence: &Whence,
    now: DateTime<Utc>,
) -> sqlx::Result<Entry> {
    match person.totp_secret {
        Some(_) => links::make(db, house, person.id, LinkKind::Code, now).await.map(Entry::Code),
        None => open(db, house, person, whence, now).await.map(Entry::In),
    }
}

async fn open(
    db: &mut Conn,
    house: &House,
    person: &Row,
    whence: &Whence,
    now: DateTime<Utc>,
) -> sqlx::Result<Entered> {
    let token = session::open(db, &house.tokens, person.id, &whence.device, now).await?;
    let device = house.key.seal(Purpose::Device, person.id, person.device_version);
    Ok(Entered { staff: person.id, token, device })
}

/// True where this person has signed in on this device before.
fn knows(key: &LinkKey, person: &Row, whence: &Whence) -> bool {
    whence.known.as_deref().is_some_and(|token| {
        LinkKey::named(token) == Some(person.id) && key.holds(token, Purpose::Device, person.device_version)
    })
}
