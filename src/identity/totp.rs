//! The second step: six digits from a telephone (RFC 6238), or one of ten codes on paper.

use chrono::{DateTime, Utc};
use data_encoding::{BASE32_NOPAD, HEXLOWER};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest as _, Sha256};
use totp_rs::{Builder, Totp};

use crate::tokens::Tokens;

/// How many codes there are for who has lost the telephone.
pub const RECOVERY_CODES: usize = 10;

/// A new secret, in base32: 160 bits.
pub fn secret(tokens: &Tokens) -> String {
    BASE32_NOPAD.encode(&tokens.key()[..20])
}

/// The step of time whose code this is: now's, the one before or the one after. A step that is not later than
/// `used` has been taken already: no code is taken twice (RFC 6238, section 5.2).
pub fn step_of(secret: &str, code: &str, used: i64, now: DateTime<Utc>) -> Option<i64> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    if code.len() != 6 || !code.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let step = generator(secret)?.check(&code, now.timestamp().unsigned_abs())?;
    i64::try_from(step).ok().filter(|step| *step > used)
}

/// The code of this moment: what the telephone shows.
pub fn code(secret: &str, now: DateTime<Utc>) -> Option<String> {
    Some(generator(secret)?.generate(now.timestamp().unsigned_abs()).to_string())
}

fn generator(secret: &str) -> Option<Totp> {
    let bytes = BASE32_NOPAD.decode(secret.as_bytes()).ok()?;
    Builder::new().with_secret(bytes).build().ok()
}

/// What the telephone reads from the picture: `otpauth://totp/Parvis:ana@example.org?secret=…`.
pub fn address(secret: &str, email: &str, site: &str) -> String {
    let written = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    format!("otpauth://totp/{0}:{1}?secret={secret}&issuer={0}", written(site), written(email))
}

/// The secret in groups of four, as people type it.
pub fn readable(secret: &str) -> String {
    let groups: Vec<_> = secret.as_bytes().chunks(4).map(String::from_utf8_lossy).collect();
    groups.join(" ")
}

/// Fresh codes for paper, to be shown once.
pub fn recovery_codes(tokens: &Tokens) -> Vec<String> {
    (0..RECOVERY_CODES).map(|_| tokens.code()).collect()
}

/// What stands in the database of such a code. It has 80 random bits: no slow hash is needed.
pub fn recovery_hash(code: &str) -> String {
    let code: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    HEXLOWER.encode(&Sha256::digest(code.to_lowercase().as_bytes()))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_code_is_good_for_its_moment_and_once() {
        // RFC 6238, appendix B: at 59 seconds the last six digits are 287082.
        let secret = BASE32_NOPAD.encode(b"12345678901234567890");
        let at = |seconds| DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);

        assert_eq!(code(&secret, at(59)).as_deref(), Some("287082"));
        assert_eq!(step_of(&secret, "287 082", 0, at(59)), Some(1));
        assert_eq!(step_of(&secret, "287082", 0, at(89)), Some(1), "a slow telephone");
        assert_eq!(step_of(&secret, "287082", 0, at(119)), None, "too late");
        assert_eq!(step_of(&secret, "287082", 1, at(59)), None, "once");
        for wrong in ["", "28708", "2870822", "28708a", "000000"] {
            assert_eq!(step_of(&secret, wrong, 0, at(59)), None, "{wrong}");
        }
        assert_eq!(step_of("not base32!", "287082", 0, at(59)), None);
    }

    #[test]
    fn what_the_telephone_reads_names_house_and_person() {
        assert_eq!(
            address("GEZDGNBV", "ana+1@example.org", "parvis.example.org"),
            "otpauth://totp/parvis%2Eexample%2Eorg:ana%2B1%40example%2Eorg?secret=GEZDGNBV&issuer=parvis%2Eexample%2Eorg"
        );
        assert_eq!(readable("GEZDGNBVGY"), "GEZD GNBV GY");
    }

    #[test]
    fn a_code_on_paper_is_read_however_it_is_typed() {
        let codes = recovery_codes(&Tokens::seeded(1));
        assert_eq!(codes.len(), RECOVERY_CODES);
        let typed = format!(" {}-{} ", codes[0][..8].to_uppercase(), &codes[0][8..]);
        assert_eq!(recovery_hash(&typed), recovery_hash(&codes[0]));
        assert_ne!(recovery_hash(&codes[0]), recovery_hash(&codes[1]));
    }
}
