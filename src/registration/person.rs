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

    /// The mailbox that the address leads to with most services: without its `+tag` and the dots before the `@`.
    /// Only for counting: elsewhere they may be two people's.
    pub fn mailbox(&self) -> String {
        mailbox_of(&self.0)
    }
}

/// The same of an address that was parsed before it was written down.
pub fn mailbox_of(address: &str) -> String {
    let (local, domain) = address.split_once('@').unwrap_or((address, ""));
    let name = local.split('+').next().unwrap_or(local).replace('.', "");
    format!("{name}@{domain}")
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
const LINKED_DOMAINS: &str = " ai app art asia bank best bid biz blog buzz cam ca cash cat cc cfd ch chat city click cloud \
    club cn co com cyou date design dev digital edu email es eu example exchange expert fi finance fit fr fun gg gift gifts \
    gl gov group gy help host icu info ink io ir it jp kim kr li life link live lol lt ltd lu lv ly market me media mobi \
    money monster mx net news nl nu one online ooo org page party pay ph pics pk pl plus pm press pro pub pw quest re ren rest \
    review rip rocks ru run sbs sh shop site social software solutions space st store stream su support surf swiss tech tel \
    tk today tools top trade tv tw ua uk us vc video vip wang watch web website wiki win work works world ws wtf xin xyz \
    zip zone ";

/// True for `https://…`, `www.…`, and words such as `example.org` or `x.co/y`, which mail programs make links of,
/// whatever stands around them. « J. P. Dupont », "St.Gallen" and "Dr.Who" are names.
pub fn holds_address(text: &str) -> bool {
    // Some programs take the full stops of East Asian scripts for dots.
    let lower = text.to_lowercase().replace(['\u{3002}', '\u{ff0e}', '\u{ff61}'], ".");
    if ["://", "www.", "mailto:", "tel:"].iter().any(|start| lower.contains(start)) {
        return true;
    }
    let in_host = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let mut rest = lower.as_str();
    while let Some(start) = rest.find(in_host) {
        let word = &rest[start..];
        let end = word.find(|c: char| !in_host(c)).unwrap_or(word.len());
        let host = word[..end].trim_matches('.');
        if is_linked(host, word[end..].starts_with('/')) {
            return true;
        }
        rest = &word[end..];
    }
    false
}

fn is_linked(host: &str, has_path: bool) -> bool {
    let Some((before, top)) = host.rsplit_once('.') else { return false };
    // « M.me » and "A.Co" are no hosts; « t.co/x » is.
    let is_top = top.len() >= 2 && LINKED_DOMAINS.split_whitespace().any(|known| known == top);
    (has_path && top.len() >= 2) || (is_top && before.len() >= 2)
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
        for name in [
            "Ana",
            "J. P. Dupont",
            "Zoë O’Neill-García",
            "李小龍",
            "Dr.Who",
            "St.Gallen",
            "M.me Dupont",
            "Jean.de La Tour",
            "A/B Muster",
        ] {
            assert!(Name::parse(name).is_ok(), "{name}");
        }
        for name in [
            "Gagnez https://x.example",
            "www.x",
            "voir example.org",
            "example.com/x",
            "a@example.org",
            "Gagnez sur evil.com!",
            "evil.com.",
            "«evil.com»",
            "[evil.com]",
            "evil.com|x",
            "evil.com\u{a0}x",
            "evil.store",
            "t.co/abc",
            "evil.quelconque/x",
            "EVIL。com",
            "voir evil.com…",
            "tel:+41",
            "'evil.ch'",
        ] {
            assert_eq!(Name::parse(name), Err(NotAName::Address), "{name}");
        }
        assert_eq!(Name::parse("a\nb"), Err(NotAName::Control));
        assert_eq!(Name::parse("a\u{202e}b"), Err(NotAName::Control));
        assert_eq!(Name::parse(&"a".repeat(201)), Err(NotAName::Long));
        assert_eq!(Name::parse("  "), Err(NotAName::Empty));
    }
}
