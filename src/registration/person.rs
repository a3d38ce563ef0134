//! E-mail addresses and names, parsed once at the door and trusted below.

use std::fmt;

/// An e-mail address: lower case, domain in ASCII, at most 254 characters (RFC 5321, section 4.5.3.1).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Email(String);

/// Why a text is no address that we take; each has a message `email-…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAnEmail {
    /// Nothing was typed.
    Empty,
    /// No `@`, a blank inside, a domain without a dot…
    Shape,
    /// Quoted or non-ASCII before the `@`: allowed by some standard, delivered by few servers.
    Local,
    /// Longer than mail servers take.
    Long,
}

impl NotAnEmail {
    /// The message key.
    pub fn key(self) -> &'static str {
        match self {
            NotAnEmail::Empty => "email-empty",
            NotAnEmail::Shape => "email-shape",
            NotAnEmail::Local => "email-local",
            NotAnEmail::Long => "email-long",
        }
    }
}

impl Email {
    /// The address in its one spelling; blanks around it are dropped.
    pub fn parse(text: &str) -> Result<Email, NotAnEmail> {
        let text = text.trim();
        if text.is_empty() {
            return Err(NotAnEmail::Empty);
        }
        let (local, domain) = text.rsplit_once('@').ok_or(NotAnEmail::Shape)?;
        if local.is_empty() || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(NotAnEmail::Shape);
        }
        if !local.is_ascii() || local.contains(['"', '\\']) {
            return Err(NotAnEmail::Local);
        }
        let atom = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~-".contains(c);
        if local.split('.').any(|part| part.is_empty() || !part.chars().all(atom)) {
            return Err(NotAnEmail::Shape);
        }
        let domain = idna::domain_to_ascii_strict(domain).map_err(|_| NotAnEmail::Shape)?;
        let label = |part: &str| {
            !part.is_empty()
                && part.len() <= 63
                && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        };
        let top = domain.rsplit('.').next().unwrap_or_default();
        if !domain.contains('.') || !domain.split('.').all(label) || top.chars().all(|c| c.is_ascii_digit()) {
            return Err(NotAnEmail::Shape);
        }
        let address = format!("{}@{domain}", local.to_ascii_lowercase());
        if address.len() > 254 || local.len() > 64 {
            return Err(NotAnEmail::Long);
        }
        Ok(Email(address))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A person's name: 1 to 200 characters, one line, no web address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name(String);

/// Why a text is no name that we take; each has a message `name-…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAName {
    /// Nothing was typed.
    Empty,
    /// More than 200 characters.
    Long,
    /// A line break or another control character.
    Control,
    /// A web address: our mails must not carry somebody's advertisement.
    Address,
}

impl NotAName {
    /// The message key.
    pub fn key(self) -> &'static str {
        match self {
            NotAName::Empty => "name-empty",
            NotAName::Long => "name-long",
            NotAName::Control => "name-control",
            NotAName::Address => "name-address",
        }
    }
}

/// The longest name, in characters.
pub const NAME_CHARS_MAX: usize = 200;

impl Name {
    /// The name, with blanks around it dropped.
    pub fn parse(text: &str) -> Result<Name, NotAName> {
        let text = text.trim();
        if text.is_empty() {
            return Err(NotAName::Empty);
        }
        if text.chars().count() > NAME_CHARS_MAX {
            return Err(NotAName::Long);
        }
        if text.chars().any(is_control) {
            return Err(NotAName::Control);
        }
        if holds_address(text) {
            return Err(NotAName::Address);
        }
        Ok(Name(text.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Control characters, and the marks that turn the direction of what follows.
pub fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Endings that mail programs make links of without being asked.
const LINKED_DOMAINS: [&str; 30] = [
    "app", "biz", "ch", "click", "club", "cn", "co", "com", "de", "dev", "eu", "fr", "gl", "info", "io",
    "it", "link", "ly", "me", "net", "online", "org", "ru", "shop", "site", "tk", "top", "uk", "xyz",
    "example",
];

/// True for `https://…`, `www.…`, and words such as `example.org` or `example.org/x`, which mail programs
/// make links of. « J. P. Dupont », "St.Gallen" and "Dr.Who" are names.
fn holds_address(text: &str) -> bool {
    let lower = text.to_lowercase();
    if lower.contains("://") || lower.contains("www.") {
        return true;
    }
    lower.split([' ', ',', ';', '(', ')', '<', '>']).any(|word| {
        // The part that would be a host: after `@`, before `/`.
        let word = word.rsplit('@').next().unwrap_or(word);
        let host = word.split(['/', ':', '?', '#']).next().unwrap_or(word);
        let Some((before, top)) = host.rsplit_once('.') else { return false };
        before.len() >= 2 && LINKED_DOMAINS.contains(&top)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_spelling() {
        for (typed, kept) in [
            (" Ana@Example.ORG ", "ana@example.org"),
            ("ana+miso@example.org", "ana+miso@example.org"),
            ("ana@zürich.example.org", "ana@xn--zrich-kva.example.org"),
        ] {
            assert_eq!(Email::parse(typed).unwrap().as_str(), kept);
        }
    }

    #[test]
    fn what_cannot_be_delivered_is_refused_with_its_reason() {
        for (typed, why) in [
            ("", NotAnEmail::Empty),
            ("ana", NotAnEmail::Shape),
            ("@example.org", NotAnEmail::Shape),
            ("ana@localhost", NotAnEmail::Shape),
            ("ana@[127.0.0.1]", NotAnEmail::Shape),
            ("ana@127.0.0.1", NotAnEmail::Shape),
            ("a b@example.org", NotAnEmail::Shape),
            ("a..b@example.org", NotAnEmail::Shape),
            ("a@b@example.org", NotAnEmail::Shape),
            ("a\r\nBcc:x@example.org", NotAnEmail::Shape),
            ("\"a b\"@example.org", NotAnEmail::Shape),
            ("\"ab\"@example.org", NotAnEmail::Local),
            ("ané@example.org", NotAnEmail::Local),
            (&format!("{}@example.org", "a".repeat(65)), NotAnEmail::Long),
        ] {
            assert_eq!(Email::parse(typed), Err(why), "{typed:?}");
        }
    }

    #[test]
    fn names_of_people_pass_and_advertisements_do_not() {
        for name in ["Ana", "J. P. Dupont", "Zoë O’Neill-García", "李小龍", "Dr.Who", "St.Gallen"] {
            assert!(Name::parse(name).is_ok(), "{name}");
        }
        for name in
            ["Gagnez https://x.example", "www.x", "voir example.org", "example.com/x", "a@example.org"]
        {
            assert_eq!(Name::parse(name), Err(NotAName::Address), "{name}");
        }
        assert_eq!(Name::parse("a\nb"), Err(NotAName::Control));
        assert_eq!(Name::parse("a\u{202e}b"), Err(NotAName::Control));
        assert_eq!(Name::parse(&"a".repeat(201)), Err(NotAName::Long));
        assert_eq!(Name::parse("  "), Err(NotAName::Empty));
    }
}
