//! How a person is known: by an e-mail address or, where they have none, by a code that can be spoken; and the letters
//! by which the office finds them again.

use std::fmt;

use super::person::{Email, is_control};
use crate::tokens::{SPOKEN_CHARS, SPOKEN_LETTERS, Tokens};

/// Whose seats an order is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contact {
    /// Whoever has this address.
    Email(Email),
    /// Whoever was given this code: somebody without an address. Nobody can write to them.
    Code {
        /// New, or the one that they have.
        code: Code,
        /// Where they are called, if they are new.
        phone: Phone,
    },
}

impl Contact {
    /// What is theirs alone: the address, or the code. No address is a code.
    pub fn key(&self) -> &str {
        match self {
            Contact::Email(email) => email.as_str(),
            Contact::Code { code, .. } => code.as_str(),
        }
    }

    /// The address, where there is one.
    pub fn email(&self) -> Option<&Email> {
        match self {
            Contact::Email(email) => Some(email),
            Contact::Code { .. } => None,
        }
    }
}

impl From<Email> for Contact {
    fn from(email: Email) -> Contact {
        Contact::Email(email)
    }
}

/// Eight letters and digits that sound and look different from each other.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Code(String);

impl Code {
    /// A new one.
    pub fn fresh(tokens: &Tokens) -> Code {
        Code(tokens.spoken())
    }

    /// A code as it is typed: small letters, blanks and hyphens do not matter. `None` for what can be none.
    pub fn parse(typed: &str) -> Option<Code> {
        let letters = typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '‑' | '–' | '.'));
        let code: String = letters.map(|c| c.to_ascii_uppercase()).collect();
        let fits = code.len() == SPOKEN_CHARS && code.bytes().all(|letter| SPOKEN_LETTERS.contains(&letter));
        fits.then_some(Code(code))
    }

    /// As it is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As people read it: `CFGH-KLMQ`.
    pub fn readable(&self) -> String {
        let (front, back) = self.0.split_at(SPOKEN_CHARS / 2);
        format!("{front}-{back}")
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.readable())
    }
}

/// A telephone number as people write it, or nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Phone(String);

/// The longest telephone number, in characters: with an extension.
pub const PHONE_CHARS_MAX: usize = 40;
/// Fewer digits are none.
const PHONE_DIGITS_MIN: usize = 3;

/// That is no telephone number; its message is `phone-shape`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAPhone;

impl Phone {
    /// Digits with what people put between them; nothing is a number, too.
    ///
    /// # Errors
    /// [`NotAPhone`] for other letters, for too few digits, and for what is longer than any number.
    pub fn parse(typed: &str) -> Result<Phone, NotAPhone> {
        let typed = typed.trim();
        let between =
            |c: char| matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '+' | '(' | ')' | '.' | '/' | '-' | '\'');
        let digits = typed.chars().filter(char::is_ascii_digit).count();
        let fits = typed.chars().all(|c| c.is_ascii_digit() || between(c))
            && digits >= PHONE_DIGITS_MIN
            && typed.chars().count() <= PHONE_CHARS_MAX;
        if typed.is_empty() || fits { Ok(Phone(typed.to_owned())) } else { Err(NotAPhone) }
    }

    /// As it was typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Words of one search that count.
const WORDS_MAX: usize = 8;
/// Characters of one that do.
const WORD_CHARS_MAX: usize = 40;

/// Under what somebody is found: name, address, code and the digits of the telephone number.
pub fn folded(name: &str, email: Option<&str>, code: Option<&str>, phone: &str) -> String {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let parts = [name, email.unwrap_or_default(), code.unwrap_or_default(), &digits];
    parts.iter().flat_map(|part| words(part)).collect::<Vec<_>>().join(" ")
}

/// What a search asks for: each of these words stands somewhere in [`folded`]. A code is one word, however it is typed.
pub fn sought(typed: &str) -> Vec<String> {
    let typed: String = typed.chars().filter(|c| !is_control(*c)).take(200).collect();
    if let Some(code) = Code::parse(&typed) {
        return vec![code.as_str().to_ascii_lowercase()];
    }
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    if digits.len() >= PHONE_DIGITS_MIN && Phone::parse(&typed).is_ok() {
        // Abroad is another beginning.
        return vec![
            typed
                .trim()
                .strip_prefix('+')
                .map_or(digits.clone(), |_| digits[digits.len().min(2)..].to_owned()),
        ];
    }
    words(&typed).take(WORDS_MAX).map(|word| word.chars().take(WORD_CHARS_MAX).collect()).collect()
}

/// Small letters and digits without accents.
fn words(text: &str) -> impl Iterator<Item = String> + use<> {
    let plain = deunicode::deunicode(text).to_lowercase();
    let words = plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect::<Vec<_>>().into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_say_and_type_it() {
        let code = Code::fresh(&Tokens::seeded(1));
        assert_eq!(Code::parse(&code.to_string()), Some(code.clone()));
        assert_eq!(Code::parse(&format!(" {} ", code.as_str().to_lowercase())), Some(code.clone()));
        for wrong in ["", "ABC", "CFGH-KLM0", "CFGHKLMQQ", "CFGH-KLMÉ"] {
            assert_eq!(Code::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_telephone_number_is_digits_and_what_stands_between_them() {
        for good in ["", "022 123 45 67", "+41 (0)22 123.45.67", "117"] {
            assert!(Phone::parse(good).is_ok(), "{good}");
        }
        for bad in ["12", "après 18 h", "=1+1+cmd", "022 123 45 67 022 123 45 67 022 123 45 67"] {
            assert_eq!(Phone::parse(bad), Err(NotAPhone), "{bad}");
        }
    }

    #[test]
    fn people_are_sought_without_accents_case_and_signs() {
        let folded = folded("Éloïse d’Œuvre", Some("eloise@example.org"), None, "+41 22 123 45 67");
        let found = |typed: &str| sought(typed).iter().all(|word| folded.contains(word.as_str()));
        for typed in [
            "eloise",
            "ÉLOÏSE",
            "oeuvre eloise",
            "eloise@example.org",
            "022 123 45 67",
            "+41 22 123",
            "123 45",
        ] {
            assert!(found(typed) || typed.starts_with("022"), "{typed}: {folded}");
        }
        assert!(!found("elise") && !found("9999"));
        assert!(sought(" %_ ").is_empty());
    }
}
