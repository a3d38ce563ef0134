//! Who asks, as far as a request tells: the address behind our own proxies, and nobody else's word for it.

use std::net::IpAddr;

use rocket::{
    Request,
    outcome::Outcome,
    request::{self, FromRequest},
};

pub use super::{origin::SameOrigin, rate_limit::RateLimited, rate_limit::RateLimitedLink};
use crate::{
    config::{Network, Settings},
    locale::Lang,
    web::language,
};

/// A visitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visitor {
    /// The address of the visitor: the peer's, or what a trusted proxy says of it. `None` in some tests only.
    pub ip: Option<IpAddr>,
    /// The language that the visitor reads, for where the path does not say it.
    pub lang: Lang,
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Visitor {
    type Error = std::convert::Infallible;

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, Self::Error> {
        Outcome::Success(Visitor { ip: client_ip(request), lang: language::of(request) })
    }
}

/// The address of the visitor behind the proxies that the settings trust.
pub fn client_ip(request: &Request<'_>) -> Option<IpAddr> {
    let peer = request.remote()?.ip();
    let trusted = request.rocket().state::<Settings>().map_or(&[][..], |settings| &settings.trusted_proxies);
    let forwarded: Vec<&str> = request.headers().get("X-Forwarded-For").collect();
    Some(last_untrusted(peer, &forwarded, trusted))
}

/// Each proxy adds the address that it saw at the end of `X-Forwarded-For`; what stands before the last address
/// that is none of our proxies' was written by anybody.
fn last_untrusted(peer: IpAddr, forwarded: &[&str], trusted: &[Network]) -> IpAddr {
    let is_trusted = |ip: IpAddr| trusted.iter().any(|network| network.contains(ip));
    let mut seen = peer.to_canonical();
    let hops: Vec<&str> = forwarded.iter().flat_map(|header| header.split(',')).collect();
    for hop in hops.iter().rev() {
        if !is_trusted(seen) {
            break;
        }
        // Not an address: the proxy that we trust vouches for nothing further.
        let Some(ip) = parse_hop(hop) else { break };
        seen = ip;
    }
    seen
}

/// `192.0.2.7`, `192.0.2.7:4711`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:4711`.
fn parse_hop(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let bare = hop.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(hop);
    bare.parse::<IpAddr>()
        .ok()
        .or_else(|| Some(hop.parse::<std::net::SocketAddr>().ok()?.ip()))
        .map(|ip| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_trusted_proxy_s_word_is_taken_and_only_its_last() {
        let trusted: Vec<Network> = ["10.0.0.0/8", "::1"].map(|text| text.parse().unwrap()).into();
        for (peer, forwarded, client) in [
            ("192.0.2.7", &[][..], "192.0.2.7"),
            ("192.0.2.7", &["198.51.100.1"], "192.0.2.7"),
            ("10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["203.0.113.9, 198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["203.0.113.9, 198.51.100.1, 10.0.0.2"], "198.51.100.1"),
            ("10.0.0.1", &["203.0.113.9", "198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["203.0.113.9, nonsense"], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.1:4711"], "198.51.100.1"),
            ("::1", &["[2001:db8::5]:4711"], "2001:db8::5"),
            ("::1", &["[2001:db8::5]"], "2001:db8::5"),
            ("::ffff:10.0.0.1", &["::ffff:198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ] {
            let seen = last_untrusted(peer.parse().unwrap(), forwarded, &trusted);
            assert_eq!(seen, client.parse::<IpAddr>().unwrap(), "{peer} {forwarded:?}");
        }
    }
}
