//! How often one address may send forms. Generous: a whole office can share one address.

use std::{
    collections::HashMap,
    hash::Hash,
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::{Mutex, MutexGuard},
    time::{Duration, Instant},
};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock as _};
use rocket::{
    Request,
    http::Status,
    outcome::Outcome,
    request::{self, FromRequest},
};

use crate::{config::RateLimits, web::guards::client_ip};

/// Above so many remembered addresses, those that may send again are forgotten.
const ADDRESSES_MAX: usize = 10_000;
/// The same for mailboxes: half a city may register within the few minutes for which each is remembered.
const MAILBOXES_MAX: usize = 100_000;
/// Mails that forms cause to one mailbox at once, and then an hour: its owner may never have asked.
const MAILBOX_AN_HOUR: u32 = 40;
/// So long each of them counts.
const MAIL_COUNTS: Duration = Duration::from_secs(3_600).checked_div(MAILBOX_AN_HOUR).expect("not zero");
/// Forms with one mailbox's address from one place at once, and then an hour: nobody alone keeps its owner from sending
/// theirs.
const FROM_ONE_PLACE_AN_HOUR: NonZeroU32 = NonZeroU32::new(MAILBOX_AN_HOUR / 2).expect("not zero");
/// Proposals through public calls from one place at once, and then an hour. Fewer than a call asks mailboxes about in its own
/// time ([`ASKED_MAX`](crate::proposals::call::ASKED_MAX)): nobody alone keeps the others waiting.
const PROPOSALS_AN_HOUR: NonZeroU32 = NonZeroU32::new(20).expect("not zero");
/// Behind so long a wait a visitor is not told the exact number.
const WAIT_SECONDS_MAX: u64 = 3_600;

/// The counters. Managed state.
#[derive(Debug)]
pub struct Limits {
    forms: Option<DefaultKeyedRateLimiter<IpAddr>>,
    links: Option<DefaultKeyedRateLimiter<IpAddr>>,
    senders: Option<DefaultKeyedRateLimiter<(String, IpAddr)>>,
    mailboxes: Option<Mailboxes>,
    proposals: Option<DefaultKeyedRateLimiter<IpAddr>>,
}

impl Limits {
    /// Counters from the setting `rate_limits`.
    pub fn new(limits: RateLimits) -> Limits {
        let limiter = |n: NonZeroU32| RateLimiter::keyed(Quota::per_minute(n));
        match limits {
            RateLimits::Off => {
                Limits { forms: None, links: None, senders: None, mailboxes: None, proposals: None }
            }
            RateLimits::PerMinute { forms, links } => Limits {
                forms: Some(limiter(forms)),
                links: Some(limiter(links)),
                senders: Some(RateLimiter::keyed(Quota::per_hour(FROM_ONE_PLACE_AN_HOUR))),
                mailboxes: Some(Mailboxes::default()),
                proposals: Some(RateLimiter::keyed(Quota::per_hour(PROPOSALS_AN_HOUR))),
            },
        }
    }
}

impl Limits {
    /// Seconds until another form may cause a mail to this mailbox, whoever sends it; `None`: now, and this counts.
    pub fn wait_of_mailbox(&self, mailbox: &str) -> Option<u64> {
        let mailboxes = self.mailboxes.as_ref()?;
        let wait = mailboxes.wait(mailbox, Instant::now());
        if wait.is_none() {
            mailboxes.count(mailbox, Instant::now());
        }
        wait
    }

    /// Seconds until another form with this mailbox's address may come from there; `None`: now, and this counts as one
    /// from there. A mail that it causes is told to [`Limits::count_mail`].
    pub fn wait_of_sender(&self, mailbox: &str, ip: Option<IpAddr>) -> Option<u64> {
        let key = ip.map(|ip| (mailbox.to_owned(), network(ip, SITE_BITS)));
        let of_place = key.and_then(|key| wait_of_key(self.senders.as_ref(), &key, MAILBOXES_MAX));
        of_place.or_else(|| self.mailboxes.as_ref()?.wait(mailbox, Instant::now()))
    }

    /// A mail to this mailbox was caused.
    pub fn count_mail(&self, mailbox: &str) {
        if let Some(mailboxes) = &self.mailboxes {
            mailboxes.count(mailbox, Instant::now());
        }
    }

    /// Seconds until another proposal may come from there; `None`: now, and this counts.
    pub fn wait_of_proposals(&self, ip: IpAddr) -> Option<u64> {
        wait_of_key(self.proposals.as_ref(), &network(ip, SITE_BITS), ADDRESSES_MAX)
    }
}

/// When the mails that were caused to each mailbox do not count any more. Other than the limiters it can be asked without
/// counting.
#[derive(Debug, Default)]
struct Mailboxes(Mutex<HashMap<String, Instant>>);

impl Mailboxes {
    fn known(&self) -> MutexGuard<'_, HashMap<String, Instant>> {
        self.0.lock().expect("nobody panics while holding this lock")
    }

    fn wait(&self, mailbox: &str, now: Instant) -> Option<u64> {
        let counts_until = *self.known().get(mailbox)?;
        let most = now + MAIL_COUNTS * (MAILBOX_AN_HOUR - 1);
        (counts_until > most).then(|| ((counts_until - most).as_secs() + 1).min(WAIT_SECONDS_MAX))
    }

    fn count(&self, mailbox: &str, now: Instant) {
        let mut known = self.known();
        if known.len() > MAILBOXES_MAX {
            known.retain(|_, counts_until| *counts_until > now);
        }
        let counts_until = known.entry(mailbox.to_owned()).or_insert(now);
        *counts_until = (*counts_until).max(now) + MAIL_COUNTS;
    }
}

/// Seconds until an address may send again.
fn wait(limiter: Option<&DefaultKeyedRateLimiter<IpAddr>>, ip: IpAddr) -> Option<u64> {
    wait_of_key(limiter, &network(ip, CONNECTION_BITS), ADDRESSES_MAX)
}

fn wait_of_key<K: Hash + Eq + Clone>(
    limiter: Option<&DefaultKeyedRateLimiter<K>>,
    key: &K,
    most: usize,
) -> Option<u64> {
    let limiter = limiter?;
    if limiter.len() > most {
        limiter.retain_recent();
    }
    let refused = limiter.check_key(key).err()?;
    let seconds = refused.wait_time_from(limiter.clock().now()).as_secs() + 1;
    Some(seconds.min(WAIT_SECONDS_MAX))
}

/// One connection has a whole /64 of IPv6 addresses to itself.
const CONNECTION_BITS: u32 = 64;
/// And whoever asks for more than one is given a /48.
const SITE_BITS: u32 = 48;

/// Who has this address has all that begin with so many of its bits, where it is of IPv6.
fn network(ip: IpAddr, bits: u32) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() & (u128::MAX << (128 - bits)))),
        ip => ip,
    }
}

#[derive(Clone, Copy, Default)]
struct Wait(Option<u64>);

/// For the 429 page: what the guard of this request found.
pub(crate) fn wait_of(request: &Request<'_>) -> u64 {
    request.local_cache(Wait::default).0.unwrap_or(60)
}

/// Taken by routes that a form is sent to. Refuses with 429 and `Retry-After`.
#[derive(Debug, Clone, Copy)]
pub struct RateLimited(());

/// Taken by routes that send a mail to whatever address is typed (`/{lang}/link`), and by sign-in.
#[derive(Debug, Clone, Copy)]
pub struct RateLimitedLink(());

fn guard(
    request: &Request<'_>,
    limiter: impl FnOnce(&Limits) -> Option<&DefaultKeyedRateLimiter<IpAddr>>,
) -> Result<(), Status> {
    let Some(ip) = client_ip(request) else { return Ok(()) };
    let Some(limits) = request.rocket().state::<Limits>() else { return Err(Status::InternalServerError) };
    match wait(limiter(limits), ip) {
        None => Ok(()),
        Some(seconds) => {
            request.local_cache(|| Wait(Some(seconds)));
            Err(Status::TooManyRequests)
        }
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for RateLimited {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        match guard(request, |limits| limits.forms.as_ref()) {
            Ok(()) => Outcome::Success(RateLimited(())),
            Err(status) => Outcome::Error((status, ())),
        }
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for RateLimitedLink {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        match guard(request, |limits| limits.links.as_ref()) {
            Ok(()) => Outcome::Success(RateLimitedLink(())),
            Err(status) => Outcome::Error((status, ())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_sends_too_often_waits_and_others_do_not() {
        let limits = Limits::new(RateLimits::PerMinute {
            forms: NonZeroU32::new(2).unwrap(),
            links: NonZeroU32::new(1).unwrap(),
        });
        let forms = limits.forms.as_ref();
        let here = "2001:db8:1:1::1".parse().unwrap();
        let same_house = "2001:db8:1:1::2".parse().unwrap();
        let there = "2001:db8:1:2::1".parse().unwrap();

        assert_eq!([wait(forms, here), wait(forms, same_house), wait(forms, there)], [None, None, None]);
        assert!((1..=31).contains(&wait(forms, here).unwrap()));
        assert_eq!(wait(limits.links.as_ref(), here), None, "another counter");
        for _ in 0..PROPOSALS_AN_HOUR.get() {
            assert_eq!(limits.wait_of_proposals(here), None);
        }
        assert!(limits.wait_of_proposals(there).is_some(), "the same site");
        assert_eq!(limits.wait_of_proposals("2001:db8:2::1".parse().unwrap()), None);
        assert_eq!(wait(Limits::new(RateLimits::Off).forms.as_ref(), here), None);
    }

    #[test]
    fn a_mailbox_is_asked_for_without_counting_and_has_room_again_as_time_passes() {
        let (mailboxes, now) = (Mailboxes::default(), Instant::now());
        for _ in 0..MAILBOX_AN_HOUR {
            assert_eq!((mailboxes.wait("ana", now), mailboxes.wait("ana", now)), (None, None));
            mailboxes.count("ana", now);
        }
        assert_eq!((mailboxes.wait("ana", now), mailboxes.wait("ben", now)), (Some(91), None));
        assert_eq!(mailboxes.wait("ana", now + MAIL_COUNTS), None);
        mailboxes.count("ana", now + MAIL_COUNTS);
        assert_eq!(mailboxes.wait("ana", now + MAIL_COUNTS), Some(91), "one at a time");
        mailboxes.count("ana", now + Duration::from_secs(7_200));
        assert_eq!(mailboxes.known()["ana"], now + Duration::from_secs(7_200) + MAIL_COUNTS);
    }
}
