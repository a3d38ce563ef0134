//! Signing mails (DKIM, RFC 6376, and RFC 8463 for Ed25519). Pure: the same mail always gets the same signature, so that
//! a mail that is delivered twice is the same to the byte. `docs/decisions/0007` says why it is ours.

use std::fmt;

use data_encoding::BASE64;
use ring::signature::{Ed25519KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use sha2::{Digest as _, Sha256};

use super::BadSetting;
use crate::tokens;

/// What is signed where it is there.
const SIGNED: [&str; 13] = [
    "from",
    "to",
    "reply-to",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "content-language",
    "auto-submitted",
    "list-unsubscribe",
    "list-unsubscribe-post",
];
/// Named once more than they are there: then nobody can add another.
const NO_OTHER: [&str; 7] =
    ["from", "to", "reply-to", "subject", "date", "list-unsubscribe", "list-unsubscribe-post"];
/// Base64 of a signature, a line.
const LINE_CHARS: usize = 72;
/// The most characters of a name in DNS.
const NAME_CHARS_MAX: usize = 253;

const DOMAIN: &str = "parvis.mail.dkim.domain";
const SELECTOR: &str = "parvis.mail.dkim.selector";
/// The key's own name, where it was read from a file, is said by who read it.
pub(super) const KEY: &str = "parvis.mail.dkim.key";

/// Signs for one domain.
pub struct Dkim {
    domain: String,
    selector: String,
    key: Key,
}

enum Key {
    Rsa(RsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl fmt::Debug for Dkim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Dkim({}._domainkey.{})", self.selector, self.domain)
    }
}

impl Dkim {
    /// `key` is what `openssl genrsa` or `openssl genpkey` writes: RSA of 2,048 to 4,096 bits, or Ed25519; or the 32
    /// bytes of an Ed25519 key in base64. What is said of a mistake never repeats the key.
    pub fn new(domain: &str, selector: &str, key: &str) -> Result<Dkim, BadSetting> {
        let wrong = |key, problem: &str| BadSetting { key, problem: problem.to_owned() };
        let right = "not a domain; write `example.org`, the domain of `mail.from` or one above it";
        let domain = idna::domain_to_ascii_strict(domain.trim()).map_err(|_| wrong(DOMAIN, right))?;
        if !is_name(&domain) || !domain.contains('.') {
            return Err(wrong(DOMAIN, right));
        }
        let selector = selector.trim().to_ascii_lowercase();
        if !is_name(&selector) {
            return Err(wrong(
                SELECTOR,
                "not a name; write what stands before `._domainkey` in DNS, such as `parvis`",
            ));
        }
        Ok(Dkim { domain, selector, key: Key::read(key)? })
    }

    /// True where receivers take this signature for one of that sender (DMARC, relaxed): its domain, or one below.
    pub fn is_of(&self, address: &str) -> bool {
        let domain = address.rsplit_once('@').map_or(address, |(_, domain)| domain).to_lowercase();
        domain == self.domain || domain.ends_with(&format!(".{}", self.domain))
    }

    /// The value of `DKIM-Signature` for a message as it goes over the wire. `made_at` is in seconds.
    pub fn sign(&self, message: &[u8], made_at: i64) -> String {
        let (head, body) = parts(message);
        let headers = headers(head);
        let mut names: Vec<&str> = Vec::new();
        let mut signed = String::new();
        for name in SIGNED {
            for (_, value) in headers.iter().filter(|(known, _)| known == name) {
                names.push(name);
                signed.push_str(&format!("{name}:{value}\r\n"));
            }
        }
        names.extend(NO_OTHER);
        let body_hash = BASE64.encode(&Sha256::digest(relaxed_body(body)));
        let value = format!(
            "v=1; a={}; c=relaxed/relaxed; d={}; s={};\r\n t={made_at};\r\n h={};\r\n bh={body_hash};\r\n b=",
            self.key.algorithm(),
            self.domain,
            self.selector,
            folded(&names),
        );
        signed.push_str("dkim-signature:");
        signed.push_str(&relaxed_value(&value));
        let signature = BASE64.encode(&self.key.sign(signed.as_bytes()));
        let lines: Vec<_> = signature.as_bytes().chunks(LINE_CHARS).map(String::from_utf8_lossy).collect();
        value + &lines.join("\r\n ")
    }
}

impl Key {
    fn read(text: &str) -> Result<Key, BadSetting> {
        let wrong = |problem: &str| BadSetting { key: KEY, problem: problem.to_owned() };
        let right = "no private key that can be used: write PEM, as `openssl genrsa 2048` gives it, RSA of 2048 to 4096 \
                     bits or Ed25519";
        let Some((label, der)) = pem(text) else {
            let seed = BASE64.decode(text.trim().as_bytes()).map_err(|_| wrong(right))?;
            return Ed25519KeyPair::from_seed_unchecked(&seed).map(Key::Ed25519).map_err(|_| wrong(right));
        };
        let key = match label.as_str() {
            "RSA PRIVATE KEY" => RsaKeyPair::from_der(&der).ok().map(Key::Rsa),
            "PRIVATE KEY" => RsaKeyPair::from_pkcs8(&der)
                .ok()
                .map(Key::Rsa)
                .or_else(|| Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).ok().map(Key::Ed25519)),
            "ENCRYPTED PRIVATE KEY" => return Err(wrong("is encrypted; write it without a passphrase")),
            "PUBLIC KEY" | "RSA PUBLIC KEY" => {
                return Err(wrong("is the public key; that one goes into DNS, the private one here"));
            }
            _ => None,
        };
        key.ok_or_else(|| wrong(right))
    }

    fn algorithm(&self) -> &'static str {
        match self {
            Key::Rsa(_) => "rsa-sha256",
            Key::Ed25519(_) => "ed25519-sha256",
        }
    }

    fn sign(&self, text: &[u8]) -> Vec<u8> {
        match self {
            Key::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &tokens::blinding(), text, &mut signature)
                    .expect("the key was checked when it was read, and the place is as long as its modulus");
                signature
            }
            // RFC 8463 signs the hash.
            Key::Ed25519(pair) => pair.sign(&Sha256::digest(text)).as_ref().to_vec(),
        }
    }
}

/// Names parted by colons, in lines that fit.
fn folded(names: &[&str]) -> String {
    let (mut folded, mut width) = (String::new(), 0);
    for (at, name) in names.iter().enumerate() {
        if at > 0 {
            folded.push(':');
        }
        if width + name.len() > LINE_CHARS {
            folded.push_str("\r\n ");
            width = 0;
        }
        folded.push_str(name);
        width += name.len() + 1;
    }
    folded
}

/// The first PEM block: its label, and what it holds.
fn pem(text: &str) -> Option<(String, Vec<u8>)> {
    let (_, rest) = text.split_once("-----BEGIN ")?;
    let (label, rest) = rest.split_once("-----")?;
    let (body, _) = rest.split_once("-----END ")?;
    let body: String = body.split_whitespace().collect();
    Some((label.to_owned(), BASE64.decode(body.as_bytes()).unwrap_or_default()))
}

/// Labels of letters, digits and hyphens, parted by dots.
fn is_name(name: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    name.len() <= NAME_CHARS_MAX && name.split('.').all(is_label)
}

/// Head and body, without the empty line between them.
fn parts(message: &[u8]) -> (&[u8], &[u8]) {
    match message.windows(4).position(|four| four == b"\r\n\r\n") {
        Some(at) => (&message[..at + 2], &message[at + 4..]),
        None => (message, &[]),
    }
}

/// Names in lower case beside their relaxed values, in their order; those of one name from the last to the first, as
/// they are signed.
fn headers(head: &[u8]) -> Vec<(String, String)> {
    let head = String::from_utf8_lossy(head);
    let mut found: Vec<(String, String)> = Vec::new();
    for line in head.split("\r\n").filter(|line| !line.is_empty()) {
        match (line.starts_with([' ', '\t']), found.last_mut()) {
            (true, Some((_, value))) => value.push_str(line),
            _ => {
                let (name, value) = line.split_once(':').unwrap_or((line, ""));
                found.push((name.trim_end().to_ascii_lowercase(), value.to_owned()));
            }
        }
    }
    found.iter_mut().for_each(|(_, value)| *value = relaxed_value(value));
    found.reverse();
    found
}

/// On one line, blanks as one each, none at the ends (RFC 6376, section 3.4.2).
fn relaxed_value(value: &str) -> String {
    let words = value.split([' ', '\t', '\r', '\n']).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// Blanks as one each, none at the ends of lines, no empty lines at the end (section 3.4.4).
fn relaxed_body(body: &[u8]) -> Vec<u8> {
    let mut relaxed = Vec::with_capacity(body.len() + 2);
    let mut rest = body;
    let mut end = 0;
    while !rest.is_empty() {
        let (line, after) = match rest.windows(2).position(|two| two == b"\r\n") {
            Some(at) => (&rest[..at], &rest[at + 2..]),
            None => (rest, &rest[rest.len()..]),
        };
        let (begin, mut blank) = (relaxed.len(), false);
        for byte in line {
            match byte {
                b' ' | b'\t' => blank = true,
                byte => {
                    if std::mem::take(&mut blank) {
                        relaxed.push(b' ');
                    }
                    relaxed.push(*byte);
                }
            }
        }
        let empty = relaxed.len() == begin;
        relaxed.extend_from_slice(b"\r\n");
        if !empty {
            end = relaxed.len();
        }
        rest = after;
    }
    relaxed.truncate(end);
    relaxed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_blanks_a_relay_may_change_is_not_signed() {
        // The examples of RFC 6376, section 3.4.5.
        assert_eq!(relaxed_body(b" C \r\nD \t E\r\n\r\n\r\n"), b" C\r\nD E\r\n");
        assert_eq!(relaxed_body(b"\t \tC\r\n"), b" C\r\n");
        assert_eq!(relaxed_body(b""), b"");
        assert_eq!(relaxed_body(b"\r\n\r\n"), b"");
        assert_eq!(relaxed_body(b"a\r\n\r\nb"), b"a\r\n\r\nb\r\n");
        assert_eq!(relaxed_body(b"a\r\n  \r\n\r\n"), b"a\r\n");
        assert_eq!(
            headers(b"A: X\r\nB : Y\t\r\n\tZ  \r\n"),
            [("b".to_owned(), "Y Z".to_owned()), ("a".to_owned(), "X".to_owned())]
        );
    }

    #[test]
    fn a_mistake_is_named_with_its_setting_and_no_key_is_repeated() {
        let seed = BASE64.encode(&[7; 32]);
        let new = |domain: &str, selector: &str, key: &str| Dkim::new(domain, selector, key);
        assert!(new("exämple.org", "P1", &seed).is_ok());
        for (found, key) in [
            (new("example", "p", &seed), DOMAIN),
            (new("", "p", &seed), DOMAIN),
            (new("example.org\r\nX: y", "p", &seed), DOMAIN),
            (new("example.org; h=from", "p", &seed), DOMAIN),
            (new("example.org", "", &seed), SELECTOR),
            (new("example.org", "p; x=1", &seed), SELECTOR),
            (new("example.org", "p", "secret"), KEY),
            (new("example.org", "p", &BASE64.encode(b"secret")), KEY),
            (
                new("example.org", "p", "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----"),
                KEY,
            ),
            (new("example.org", "p", "-----BEGIN PUBLIC KEY-----\nc2VjcmV0\n-----END PUBLIC KEY-----"), KEY),
        ] {
            let error = found.unwrap_err();
            assert_eq!(error.key, key);
            assert!(!error.to_string().contains("secret") && !error.to_string().contains("c2Vjc"), "{error}");
        }
        assert!(!format!("{:?}", new("example.org", "p", &seed).unwrap()).contains(&seed));
    }

    #[test]
    fn a_signature_is_of_its_domain_and_those_below() {
        let dkim = Dkim::new("example.org", "p", &BASE64.encode(&[7; 32])).unwrap();
        assert!(dkim.is_of("a@example.org") && dkim.is_of("a@mail.Example.org"));
        assert!(!dkim.is_of("a@badexample.org") && !dkim.is_of("a@org"));
    }
}
