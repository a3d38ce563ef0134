//! How fast one may try: whoever fails again and again waits longer and longer, and never longer than a quarter of
//! an hour.
//!
//! What is counted is the address that is aimed at, and the network that it comes from. A device on which the person
//! has signed in before has a count of its own ([`Aim::Device`]): however often a stranger tries, its owner gets in.
//! So does who follows a link from their mailbox, which asks for no password and so counts nowhere.

use std::net::{IpAddr, Ipv6Addr};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::store::attempts::{self, AttemptRow};
use crate::{
    db::Conn,
    tokens::{LinkKey, Purpose},
};

/// The longest wait.
const WAIT_MAX: TimeDelta = TimeDelta::minutes(15);
/// The first wait; each failure doubles it.
const WAIT_FIRST: TimeDelta = TimeDelta::seconds(5);
/// After so long without a failure all is forgotten.
pub const MEMORY: TimeDelta = TimeDelta::hours(24);

/// What an attempt aims at, or comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim<'a> {
    /// An address that was typed, known or not.
    Account(&'a str),
    /// A person, from a device on which they have signed in before.
    Device(Uuid),
    /// The code of the second step, behind a right password.
    Code(Uuid),
    /// Where it comes from; a whole office may share it.
    Network(IpAddr),
}

impl Aim<'_> {
    /// Failures that cost no time.
    fn free(self) -> i64 {
        match self {
            Aim::Account(_) | Aim::Device(_) | Aim::Code(_) => 5,
            Aim::Network(_) => 40,
        }
    }

    /// Under which it stands in the database: whoever reads it there learns no address.
    fn alias(self, key: &LinkKey) -> Uuid {
        let name = match self {
            Aim::Account(email) => format!("account:{email}"),
            Aim::Device(id) => format!("device:{id}"),
            Aim::Code(id) => format!("code:{id}"),
            Aim::Network(ip) => format!("network:{}", network(ip)),
        };
        key.alias(Purpose::SignIn, Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()))
    }
}

/// One connection has a whole /64 of IPv6 addresses to itself.
fn network(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() & (u128::MAX << 64))),
        ip => ip,
    }
}

/// How long the next attempt waits after so many failures.
fn wait_after(failures: i64, free: i64) -> TimeDelta {
    let over = failures.saturating_sub(free);
    match u32::try_from(over.saturating_sub(1).min(16)) {
        Ok(doublings) if over > 0 => {
            let factor = 2_i32.checked_pow(doublings).unwrap_or(i32::MAX);
            WAIT_FIRST.checked_mul(factor).map_or(WAIT_MAX, |wait| wait.min(WAIT_MAX))
        }
        Ok(_) | Err(_) => TimeDelta::zero(),
    }
}

/// Counts an attempt before anybody knows whether it is right, so that a hundred at once are a hundred. `Err`: so many
/// seconds too early; the caller then gives its transaction up.
pub async fn begin(
    db: &mut Conn,
    key: &LinkKey,
    aims: &[Aim<'_>],
    now: DateTime<Utc>,
) -> sqlx::Result<Result<(), u64>> {
    let mut aliases: Vec<_> = aims.iter().map(|aim| (aim.alias(key), aim.free())).collect();
    // Always in one order, so that two transactions never wait for each other.
    aliases.sort();
    for (alias, free) in aliases {
        let row = attempts::hold(db, alias, now).await?;
        if now < row.free_at {
            let wait = (row.free_at - now).num_seconds().unsigned_abs() + 1;
            return Ok(Err(wait));
        }
        let failures = if now - row.last_at >= MEMORY { 1 } else { row.failures + 1 };
        let next = AttemptRow { failures, free_at: now + wait_after(failures, free), last_at: now };
        attempts::set(db, alias, &next).await?;
    }
    Ok(Ok(()))
}

/// The attempt was right: what it aimed at is forgiven all, where it came from this one.
pub async fn forgive(db: &mut Conn, key: &LinkKey, aims: &[Aim<'_>], now: DateTime<Utc>) -> sqlx::Result<()> {
    let mut aliases: Vec<_> =
        aims.iter().map(|aim| (aim.alias(key), matches!(aim, Aim::Network(_)))).collect();
    aliases.sort();
    for (alias, is_shared) in aliases {
        let row = attempts::hold(db, alias, now).await?;
        let failures = if is_shared { (row.failures - 1).max(0) } else { 0 };
        attempts::set(db, alias, &AttemptRow { failures, free_at: now, last_at: now }).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_doubles_the_wait_up_to_a_quarter_of_an_hour() {
        let waits = |failures: i64| wait_after(failures, 5).num_seconds();

        assert_eq!([0, 1, 5].map(waits), [0, 0, 0]);
        assert_eq!([6, 7, 8, 9].map(waits), [5, 10, 20, 40]);
        assert_eq!([13, 14, 50, i64::MAX].map(waits), [640, 900, 900, 900]);
    }

    #[test]
    fn an_alias_is_another_one_in_another_house_and_for_another_aim() {
        let (here, there) = (LinkKey::new([1; 32]), LinkKey::new([2; 32]));
        let id = Uuid::nil();
        let aims = [Aim::Account("a@example.org"), Aim::Device(id), Aim::Code(id)];
        let mut aliases: Vec<_> = aims.iter().map(|aim| aim.alias(&here)).collect();
        aliases.push(aims[0].alias(&there));
        aliases.sort();
        aliases.dedup();

        assert_eq!(aliases.len(), 4);
        let ip = |text: &str| Aim::Network(text.parse().unwrap()).alias(&here);
        assert_eq!(ip("2001:db8::1"), ip("2001:db8::2"));
        assert_ne!(ip("192.0.2.1"), ip("192.0.2.2"));
    }
}
