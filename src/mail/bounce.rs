//! Mails that come back: what a delivery report (RFC 3464) says, and of which of our mails. Pure.
//!
//! A report is believed only where it bears the id of a mail that we sent (in the headers that it returns, in the
//! envelope id, or in the address that it came to), and then only about that mail: an address alone, anybody can write.

use std::borrow::Cow;

use mail_parser::{Address, HeaderValue, Message, MessageParser, MimeHeaders as _, PartType};
use uuid::Uuid;

use super::transport::scrub;

/// Of what is piped in, so much is looked at: the report stands before the mail that it returns. Anybody can write to
/// that address, and parts can be made that take the square of their length to be read.
pub const REPORT_BYTES_MAX: usize = 256 << 10;
/// Reports in reports (somebody forwards one) that are looked into.
const DEPTH_MAX: usize = 4;
/// Recipients of one report that are looked at; our mails have one.
const RECIPIENTS_MAX: usize = 64;
/// Ids of one report that are looked up.
const IDS_MAX: usize = 8;
/// Characters of a UUID as Message-IDs have it.
const ID_CHARS: usize = 36;

/// What a report says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Ids that may be those of our mails, the likeliest first.
    pub mails: Vec<Uuid>,
    recipients: Vec<Recipient>,
}

/// What it says of one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Recipient {
    addresses: Vec<String>,
    action: Action,
    status: Option<Status>,
    diagnostic: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Action {
    Failed,
    Delayed,
    /// Delivered, relayed, expanded: nothing for us.
    Fine,
}

/// An enhanced status code (RFC 3463): class, subject, detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Status(u16, u16, u16);

/// What became of our mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It did not arrive and will not.
    Failed {
        /// The status and what the server said, without addresses.
        why: String,
        /// True where it is the address that is dead, and not the mail that was too big or not liked.
        dead: bool,
    },
    /// It has not arrived yet.
    Delayed {
        /// As above.
        why: String,
    },
    /// Nothing that must be known.
    Fine,
}

/// Reads a report, as a mail server hands it over. `None` for everything else: an answer, an absence, noise.
pub fn read(raw: &[u8]) -> Option<Report> {
    let mut found = Found::default();
    let message = MessageParser::default().parse(without_envelope_line(raw))?;
    found.look_into(&message, 0);
    take_apart(message);
    if found.recipients.is_empty() {
        return None;
    }
    let Found { returned, envelope, addressed, recipients } = found;
    let mut mails = Vec::new();
    for id in returned.into_iter().chain(envelope).chain(addressed) {
        if mails.len() < IDS_MAX && !mails.contains(&id) {
            mails.push(id);
        }
    }
    Some(Report { mails, recipients })
}

impl Report {
    /// What it says of our mail to this address. Where it does not name it (an alias that led elsewhere), all must
    /// have failed.
    pub fn verdict(&self, recipient: &str) -> Verdict {
        let wanted = comparable(recipient);
        let named: Vec<_> = self.recipients.iter().filter(|one| one.addresses.contains(&wanted)).collect();
        let is = |action: Action| move |one: &&&Recipient| one.action == action;
        let private: Vec<_> = wanted.split('@').take(1).collect();
        if named.is_empty() {
            return match &self.recipients[..] {
                [first, rest @ ..] if rest.iter().all(|one| one.action == first.action) => {
                    first.verdict(&private)
                }
                _ => Verdict::Fine,
            };
        }
        let told = named.iter().find(is(Action::Failed)).or_else(|| named.iter().find(is(Action::Delayed)));
        told.map_or(Verdict::Fine, |one| one.verdict(&private))
    }
}

impl Recipient {
    fn verdict(&self, private: &[&str]) -> Verdict {
        let status = self.status.map(|Status(class, subject, detail)| format!("{class}.{subject}.{detail}"));
        let status = status.unwrap_or_default();
        let why = format!("{status} {}", scrub(&self.diagnostic, private)).trim().to_owned();
        match self.action {
            Action::Failed => Verdict::Failed { why, dead: self.status.is_some_and(Status::is_dead_address) },
            Action::Delayed => Verdict::Delayed { why },
            Action::Fine => Verdict::Fine,
        }
    }
}

impl Status {
    /// `5.1.1 (unknown user)` as 5, 1, 1.
    fn parse(text: &str) -> Option<Status> {
        let mut numbers = text.split([' ', '(', ';']).next()?.split('.').map(|number| number.parse().ok());
        let status = Status(numbers.next()??, numbers.next()??, numbers.next()??);
        (numbers.next().is_none() && matches!(status.0, 2 | 4 | 5)).then_some(status)
    }

    /// True where no mail will ever arrive there. A full mailbox (5.2.2), a mail that is too big, badly made or not
    /// liked (5.2.3, 5.3, 5.5, 5.6, 5.7) says nothing about the next one.
    fn is_dead_address(self) -> bool {
        matches!(self, Status(5, 0 | 1 | 4, _) | Status(5, 2, 0 | 1 | 4))
    }
}

/// Drops mails in mails one after the other: dropped as they stand, each would need a piece of the stack, and a mail
/// that was made for it would end the program.
fn take_apart(message: Message<'_>) {
    let mut left = vec![message];
    while let Some(message) = left.pop() {
        left.extend(message.parts.into_iter().filter_map(|part| match part.body {
            PartType::Message(inner) => Some(inner),
            _ => None,
        }));
    }
}

/// What is found on the way through a message.
#[derive(Default)]
struct Found {
    returned: Vec<Uuid>,
    envelope: Vec<Uuid>,
    addressed: Vec<Uuid>,
    recipients: Vec<Recipient>,
}

impl Found {
    fn look_into(&mut self, message: &Message<'_>, depth: usize) {
        self.addressed.extend(ids_of_addresses(message));
        // Some servers return nothing and answer our mail instead.
        self.addressed.extend(
            [message.in_reply_to(), message.references()].into_iter().flat_map(texts).filter_map(id_of),
        );
        for part in &message.parts {
            let kind = part.content_type().map(|kind| (kind.ctype(), kind.subtype().unwrap_or_default()));
            match (kind, &part.body) {
                (_, PartType::Message(inner)) => {
                    self.returned.extend(inner.message_id().and_then(id_of));
                    if depth < DEPTH_MAX {
                        self.look_into(inner, depth + 1);
                    }
                }
                (Some(("message", "delivery-status" | "global-delivery-status")), _) => {
                    self.status_part(part.contents());
                }
                (Some(("text" | "message", "rfc822-headers" | "global-headers")), _) => {
                    let headers = MessageParser::default().parse_headers(part.contents());
                    let id = headers.and_then(|headers| headers.message_id().and_then(id_of));
                    self.returned.extend(id);
                }
                _ => {}
            }
        }
    }

    /// Groups of fields, parted by empty lines: first of the mail, then of each recipient.
    fn status_part(&mut self, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
        let is_gap = |line: &str| line.trim().is_empty();
        let mut groups: Vec<String> = vec![String::new()];
        for line in text.lines() {
            if !is_gap(line) {
                let group = groups.last_mut().expect("there is one from the beginning");
                group.push_str(line);
                group.push_str("\r\n");
            } else if groups.last().is_some_and(|group| !group.is_empty()) {
                groups.push(String::new());
            }
        }
        for group in groups.iter().filter(|group| !group.is_empty()) {
            let fields = format!("{group}\r\n");
            let Some(fields) = MessageParser::default().parse_headers(&fields) else { continue };
            let field = |name: &'static str| {
                fields.header(name).and_then(HeaderValue::as_text).map(str::trim).unwrap_or_default()
            };
            self.envelope.extend(id_in(field("Original-Envelope-Id")));
            let action = match field("Action").to_ascii_lowercase().as_str() {
                "failed" => Action::Failed,
                "delayed" => Action::Delayed,
                "delivered" | "relayed" | "expanded" => Action::Fine,
                _ => continue,
            };
            if self.recipients.len() < RECIPIENTS_MAX {
                let addresses = ["Original-Recipient", "Final-Recipient"].map(|name| typed(field(name)));
                self.recipients.push(Recipient {
                    addresses: addresses.iter().map(|address| comparable(address)).collect(),
                    action,
                    status: Status::parse(field("Status")),
                    diagnostic: typed(field("Diagnostic-Code")).to_owned(),
                });
            }
        }
    }
}

/// `rfc822; a@example.org` without its type.
fn typed(field: &str) -> &str {
    field.split_once(';').map_or(field, |(_, value)| value).trim()
}

/// As we keep addresses: lower case, the domain in ASCII.
fn comparable(address: &str) -> String {
    let address = address.trim().trim_matches(['<', '>']).to_lowercase();
    match address.rsplit_once('@') {
        Some((local, domain)) => match idna::domain_to_ascii(domain) {
            Ok(domain) => format!("{local}@{domain}"),
            Err(_) => address,
        },
        None => address,
    }
}

/// The id of `<id@host>`. The host may have been another one then.
fn id_of(message_id: &str) -> Option<Uuid> {
    let (id, _) = message_id.trim().trim_matches(['<', '>']).split_once('@')?;
    (id.len() == ID_CHARS).then(|| id.parse().ok())?
}

/// The first id that stands anywhere in it.
fn id_in(text: &str) -> Option<Uuid> {
    text.as_bytes()
        .windows(ID_CHARS)
        .find_map(|window| std::str::from_utf8(window).ok().and_then(|text| text.parse().ok()))
}

/// Ids in the addresses that a report came to: where `mail.bounces` has a `*`.
fn ids_of_addresses(message: &Message<'_>) -> Vec<Uuid> {
    let to = message.to().into_iter().flat_map(Address::iter).filter_map(|one| one.address.as_deref());
    let added = ["Delivered-To", "X-Original-To", "Envelope-To"];
    let added = added.into_iter().filter_map(|name| message.header_raw(name));
    to.chain(added).filter_map(id_in).collect()
}

fn texts<'m>(value: &'m HeaderValue<'_>) -> Vec<&'m str> {
    match value {
        HeaderValue::Text(text) => vec![text],
        HeaderValue::TextList(list) => list.iter().map(Cow::as_ref).collect(),
        _ => Vec::new(),
    }
}

/// Mail servers put `From address time` before a message that they pipe.
fn without_envelope_line(raw: &[u8]) -> &[u8] {
    if !raw.starts_with(b"From ") {
        return raw;
    }
    raw.iter().position(|byte| *byte == b'\n').map_or(&[], |end| &raw[end + 1..])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_status_is_of_the_address_or_of_the_mail() {
        for (text, dead) in [
            ("5.1.1", true),
            ("5.1.10 (no such domain)", true),
            ("5.0.0", true),
            ("5.2.1", true),
            ("5.4.4", true),
            ("5.2.2", false),
            ("5.3.4", false),
            ("5.7.1", false),
            ("4.4.7", false),
        ] {
            assert_eq!(Status::parse(text).map(Status::is_dead_address), Some(dead), "{text}");
        }
        for text in ["", "5", "5.1", "5.1.x", "5.1.1.1", "9.1.1", "-5.1.1"] {
            assert_eq!(Status::parse(text), None, "{text}");
        }
    }

    #[test]
    fn addresses_compare_as_we_keep_them() {
        assert_eq!(comparable(" <Ada@Bücher.Example> "), "ada@xn--bcher-kva.example");
        assert_eq!(typed("rfc822; ada@example.org"), "ada@example.org");
        assert_eq!(without_envelope_line(b"From a@b Mon\nTo: c\n"), b"To: c\n");
        assert_eq!(without_envelope_line(b"From a@b"), b"");
    }

    /// A mail in a mail in a mail, as deep as a report may be long.
    #[test]
    fn mails_in_mails_are_no_depth_that_ends_us() {
        for level in
            ["Content-Type: message/rfc822\n\n", "Content-Type: multipart/digest; boundary=a\n\n--a\n\n"]
        {
            let deep = level.repeat(REPORT_BYTES_MAX / level.len());
            assert_eq!(read(deep.as_bytes()), None);
        }
    }

    /// Parts that name a boundary which never comes are looked for to the end, each.
    #[test]
    fn a_report_made_to_be_slow_is_read_soon() {
        let endless = "Content-Type: multipart/x; boundary=zz\n\nx\n--b\n";
        let address = "a@example.org, ";
        let group = "Action: failed\n\n";
        for (head, piece) in [
            ("Content-Type: multipart/mixed; boundary=b\n\n--b\n", endless),
            ("To: ", address),
            ("References: ", "<a@b> "),
            ("Content-Type: message/delivery-status\n\n", group),
        ] {
            let slow = head.to_owned() + &piece.repeat(REPORT_BYTES_MAX / piece.len());
            let began = std::time::Instant::now();
            read(slow.as_bytes());
            let took = began.elapsed();
            eprintln!("{piece:?} {took:?}");
            assert!(took < std::time::Duration::from_secs(20), "{piece:?}: {took:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn noise_is_no_report_and_breaks_nothing(
            head in "[ -~\n]{0,200}",
            bytes in prop::collection::vec(any::<u8>(), 0..400),
        ) {
            read(&bytes);
            let status = [
                b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n",
                head.as_bytes(),
                b"\n\n",
                &bytes[..],
                b"\n--b--\n",
            ];
            if let Some(report) = read(&status.concat()) {
                report.verdict("ada@example.org");
            }
        }
    }
}
