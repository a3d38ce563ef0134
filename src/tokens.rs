//! Random identifiers and keyed secret links; seeded in tests.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use sha2::Sha256;
use uuid::Uuid;

/// Letters and digits that nobody takes for each other, on paper or on the telephone, and that make no word.
pub const SPOKEN_LETTERS: &[u8; 17] = b"CFGHKLMQRTWX34679";
/// So many of them are a code: 7 thousand million codes.
pub const SPOKEN_CHARS: usize = 8;

/// Where all randomness comes from; cheap to clone.
#[derive(Clone)]
pub struct Tokens(Arc<Mutex<StdRng>>);

impl Tokens {
    /// From the operating system's randomness.
    pub fn random() -> Tokens {
        Tokens(Arc::new(Mutex::new(rand::make_rng())))
    }

    /// The same sequence for the same seed, so that tests can name what comes.
    pub fn seeded(seed: u64) -> Tokens {
        Tokens(Arc::new(Mutex::new(StdRng::seed_from_u64(seed))))
    }

    /// A UUIDv7 (RFC 9562, section 5.7): sorts by `now`, to the millisecond.
    pub fn id(&self, now: DateTime<Utc>) -> Uuid {
        let mut random = [0; 10];
        self.fill(&mut random);
        uuid::Builder::from_unix_timestamp_millis(now.timestamp_millis().unsigned_abs(), &random).into_uuid()
    }

    /// 32 random bytes: a signing key.
    pub fn key(&self) -> [u8; 32] {
        let mut key = [0; 32];
        self.fill(&mut key);
        key
    }

    /// 26 characters of a-z and 2-7 (128 bits): the `key` of a form.
    pub fn fresh(&self) -> String {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        BASE32_NOPAD.encode(&bytes).to_lowercase()
    }

    /// 16 characters of a-z and 2-7 (80 bits): short enough to be typed from paper, too many to be guessed.
    pub fn code(&self) -> String {
        let mut bytes = [0; 10];
        self.fill(&mut bytes);
        BASE32_NOPAD.encode(&bytes).to_lowercase()
    }

    /// [`SPOKEN_CHARS`] of [`SPOKEN_LETTERS`]: a name for somebody, to be said on the telephone and printed large. It
    /// opens nothing.
    pub fn spoken(&self) -> String {
        let mut bytes = [0; SPOKEN_CHARS];
        self.fill(&mut bytes);
        bytes
            .iter()
            .map(|byte| char::from(SPOKEN_LETTERS[usize::from(*byte) % SPOKEN_LETTERS.len()]))
            .collect()
    }

    fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().expect("nobody panics while holding this lock").fill(bytes);
    }
}

/// What a secret link may do. Each purpose has its own links; none opens another's door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The page of one order.
    Order,
    /// A participant's own page.
    Agenda,
    /// A participant's calendar feed; only reads.
    Feed,
    /// The questions after a session.
    Feedback,
    /// Whether a participant is reminded of a programme's sessions.
    Reminders,
    /// Confirms one order: it travels by mail alone.
    Confirm,
    /// Lets somebody new into the office.
    Invitation,
    /// Chooses another password for the office.
    NewPassword,
    /// Lets a partner into the office.
    SignIn,
    /// A right password was given and the code of the second step was not yet.
    SecondStep,
    /// A device on which somebody has signed in to the office before.
    Device,
    /// Reads the figures of one programme.
    Figures,
    /// Joins the office for one organisation.
    Joining,
    /// Answers, from the mailbox that somebody has typed, that they join the office for an organisation.
    Request,
    /// Follows what somebody proposed through the public call.
    Proposal,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Purpose::Order => "order",
            Purpose::Agenda => "agenda",
            Purpose::Feed => "feed",
            Purpose::Feedback => "feedback",
            Purpose::Reminders => "reminders",
            Purpose::Confirm => "confirm",
            Purpose::Invitation => "invitation",
            Purpose::NewPassword => "new-password",
            Purpose::SignIn => "sign-in",
            Purpose::SecondStep => "second-step",
            Purpose::Device => "device",
            Purpose::Figures => "figures",
            Purpose::Joining => "joining",
            Purpose::Request => "request",
            Purpose::Proposal => "proposal",
        }
    }
}

/// Links count from 1.
const ALIAS_VERSION: i64 = -1;

/// The key of all secret links: HMAC-SHA256 over purpose, id and version (RFC 2104).
#[derive(Clone)]
pub struct LinkKey([u8; 32]);

impl LinkKey {
    /// A key from `Tokens::key`, or from the setting `secret_key`.
    pub fn new(key: [u8; 32]) -> LinkKey {
        LinkKey(key)
    }

    /// 52 lower-case letters and digits: the id (16 bytes) and a 128-bit seal.
    ///
    /// Raising `version` revokes every link made with the one before.
    pub fn seal(&self, purpose: Purpose, id: Uuid, version: i64) -> String {
        let mut bytes = [0; 32];
        bytes[..16].copy_from_slice(id.as_bytes());
        bytes[16..].copy_from_slice(&self.mac(purpose, id, version).finalize().into_bytes()[..16]);
        BASE32_NOPAD.encode(&bytes).to_lowercase()
    }

    /// The id that a link names, before its seal has been looked at. `None` for what is no link of ours.
    pub fn named(token: &str) -> Option<Uuid> {
        Some(Uuid::from_bytes(decode(token)?[..16].try_into().ok()?))
    }

    /// True where the seal is ours for this purpose and version. Compared in constant time.
    pub fn holds(&self, token: &str, purpose: Purpose, version: i64) -> bool {
        let Some(bytes) = decode(token) else { return false };
        let Some(id) = LinkKey::named(token) else { return false };
        self.mac(purpose, id, version).verify_truncated_left(&bytes[16..]).is_ok()
    }

    /// Another id, which only who has the key can make from this one: what is stored under it names nobody.
    pub fn alias(&self, purpose: Purpose, id: Uuid) -> Uuid {
        // No link has this version.
        let mac = self.mac(purpose, id, ALIAS_VERSION).finalize().into_bytes();
        uuid::Builder::from_custom_bytes(mac[..16].try_into().expect("the MAC has 32 bytes")).into_uuid()
    }

    fn mac(&self, purpose: Purpose, id: Uuid, version: i64) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(purpose.name().as_bytes());
        mac.update(&[0]);
        mac.update(id.as_bytes());
        mac.update(&version.to_be_bytes());
        mac
    }
}

fn decode(token: &str) -> Option<Vec<u8>> {
    // Only the spelling that we write: one link, one address.
    if token.len() != 52 || token.bytes().any(|b| b.is_ascii_uppercase()) {
        return None;
    }
    BASE32_NOPAD.decode(token.to_uppercase().as_bytes()).ok()
}

/// What blinds the arithmetic of an RSA signature, so that its time tells nothing of the key; the signature is the same
/// each time.
pub fn blinding() -> impl ring::rand::SecureRandom {
    ring::rand::SystemRandom::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id() -> Uuid {
        Tokens::seeded(7).id(DateTime::UNIX_EPOCH)
    }

    #[test]
    fn a_link_opens_only_its_own_door_and_only_until_it_is_revoked() {
        let key = LinkKey::new([1; 32]);
        let link = key.seal(Purpose::Agenda, id(), 3);

        assert_eq!(LinkKey::named(&link), Some(id()));
        assert!(key.holds(&link, Purpose::Agenda, 3));
        assert!(!key.holds(&link, Purpose::Feed, 3), "another purpose");
        assert!(!key.holds(&link, Purpose::Agenda, 4), "revoked");
        assert_ne!(key.alias(Purpose::Agenda, id()), key.alias(Purpose::Feed, id()));
        assert_ne!(key.alias(Purpose::Agenda, id()), LinkKey::new([2; 32]).alias(Purpose::Agenda, id()));
        assert!(!LinkKey::new([2; 32]).holds(&link, Purpose::Agenda, 3), "another house");
    }

    #[test]
    fn a_link_changed_in_any_place_is_refused() {
        let key = LinkKey::new([1; 32]);
        let link = key.seal(Purpose::Order, id(), 1);

        for place in 0..link.len() {
            let mut wrong = link.clone().into_bytes();
            wrong[place] = if wrong[place] == b'a' { b'b' } else { b'a' };
            assert!(!key.holds(&String::from_utf8(wrong).unwrap(), Purpose::Order, 1));
        }
        for wrong in ["", "a", "é", &link.to_uppercase(), &format!("{link}a")] {
            assert!(!key.holds(wrong, Purpose::Order, 1), "{wrong}");
        }
    }
}
