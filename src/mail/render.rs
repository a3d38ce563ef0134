//! A letter as a message: texts in the person's language, calendar entries, headers. Pure.

mod after;
mod changed;
mod context;
mod door;
mod own;
mod reminder;
mod text;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use data_encoding::BASE64;
use lettre::{
    Address, Message,
    address::Envelope,
    message::{
        Attachment, Mailbox, MultiPart, SinglePart,
        header::{ContentType, HeaderName, HeaderValue},
    },
};
use url::{Host, Url};

use self::{
    context::{Body, Way, body, subject},
    text::{tidy, wrapped},
};
use super::{
    BadSetting, Letter,
    dkim::Dkim,
    invitation::{self, Invitation},
};
use crate::view::View;

/// The longest subject, in characters; mail programs show about 70.
const SUBJECT_CHARS_MAX: usize = 250;
/// The longest name beside an address, in characters.
const NAME_CHARS_MAX: usize = 75;

/// In `mail.bounces`: where the mail's id goes.
const ID_MARK: char = '*';

/// Who writes: the settings `mail.from` and `base_url`; who signs, and where mails come back to.
#[derive(Debug, Clone)]
pub struct Sender {
    from: Mailbox,
    base_url: String,
    host: String,
    dkim: Option<Arc<Dkim>>,
    bounces: Option<String>,
}

impl Sender {
    /// `from` is `info@example.org` or `"MISO" <info@example.org>`; `base_url` is where people find us.
    pub fn new(from: &str, base_url: &str) -> Result<Sender, BadSetting> {
        let wrong_from = || BadSetting {
            key: "parvis.mail.from",
            problem: "not an address; write `info@example.org` or `MISO <info@example.org>`".to_owned(),
        };
        let wrong_url = || BadSetting {
            key: "parvis.base_url",
            problem: "not an address; write `https://programme.example.org`".to_owned(),
        };
        let from: Mailbox = from.trim().parse().map_err(|_| wrong_from())?;
        let email = ascii_address(from.email.as_ref()).ok_or_else(wrong_from)?;
        let url = Url::parse(base_url).map_err(|_| wrong_url())?;
        let host = match url.host() {
            Some(Host::Domain(name)) => name.to_owned(),
            Some(Host::Ipv4(address)) => format!("[{address}]"),
            Some(Host::Ipv6(address)) => format!("[IPv6:{address}]"),
            None => return Err(wrong_url()),
        };
        let base_url = base_url.trim_end_matches('/').to_owned();
        Ok(Sender { from: Mailbox::new(from.name, email), base_url, host, dkim: None, bounces: None })
    }

    /// Signs each mail; an error where receivers would not take it for the sender's signature.
    pub fn signed(self, dkim: Dkim) -> Result<Sender, BadSetting> {
        if !dkim.is_of(self.address()) {
            let problem =
                "not the domain of `mail.from`, nor one above it: nobody would believe the signature";
            return Err(BadSetting { key: "parvis.mail.dkim.domain", problem: problem.to_owned() });
        }
        Ok(Sender { dkim: Some(Arc::new(dkim)), ..self })
    }

    /// Mails that do not arrive come back to this address and not to `mail.from`; a `*` in it becomes the mail's id.
    pub fn with_bounces(self, address: &str) -> Result<Sender, BadSetting> {
        let wrong = || BadSetting {
            key: "parvis.mail.bounces",
            problem: "not an address; write `bounces@example.org` or `bounces+*@example.org`".to_owned(),
        };
        let (local, domain) = address.trim().rsplit_once('@').ok_or_else(wrong)?;
        let domain = idna::domain_to_ascii(domain).map_err(|_| wrong())?;
        let address = format!("{local}@{domain}");
        let sender = Sender { bounces: Some(address), ..self };
        match local.matches(ID_MARK).count() {
            0 | 1 => sender.returns_to(uuid::Uuid::max()).map(|_| sender.clone()).map_err(|_| wrong()),
            _ => Err(wrong()),
        }
    }

    /// Whom servers tell that this mail did not arrive.
    fn returns_to(&self, id: uuid::Uuid) -> Result<Address, lettre::address::AddressError> {
        match &self.bounces {
            Some(address) => address.replace(ID_MARK, &id.to_string()).parse(),
            None => Ok(self.from.email.clone()),
        }
    }

    /// The host of `base_url`: in Message-IDs, and what we call ourselves to mail servers.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The address that we write from, and the organiser of calendar entries.
    pub fn address(&self) -> &str {
        self.from.email.as_ref()
    }

    /// Where people find us, without a slash at the end.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }
}

/// A letter, ready to go.
#[derive(Debug, Clone)]
pub struct Rendered {
    /// As it goes over the wire.
    pub message: Message,
    /// As people read it.
    pub subject: String,
    /// The plain-text body; in the message its lines are broken to fit.
    pub text: String,
    /// The HTML body, a whole page.
    pub html: String,
    /// The picture that it shows: how it calls it, and the PNG.
    picture: Option<(String, Vec<u8>)>,
}

impl Rendered {
    /// The HTML body for who looks at it outside of a mail program: with its picture within it.
    pub fn page(&self) -> String {
        match &self.picture {
            Some((address, png)) => {
                self.html.replace(address, &format!("data:image/png;base64,{}", BASE64.encode(png)))
            }
            None => self.html.clone(),
        }
    }
}

/// Renders a letter that leaves when it is written.
///
/// An error names the template, or that the address is none; never what stands in it.
pub fn render(
    letter: &Letter,
    queued_at: DateTime<Utc>,
    view: &View,
    sender: &Sender,
) -> Result<Rendered, String> {
    render_leaving(letter, queued_at, queued_at, view, sender)
}

/// Renders a letter that leaves then: the same letter always gives the same bytes, so that a second delivery is a true
/// double. One that leaves late does not say any more until when something is held.
///
/// # Errors
/// As [`render`].
pub fn render_leaving(
    letter: &Letter,
    queued_at: DateTime<Utc>,
    leaves: DateTime<Utc>,
    view: &View,
    sender: &Sender,
) -> Result<Rendered, String> {
    let body = body(letter, Way { written: queued_at, leaves }, sender);
    let subject = cut(&one_line(&subject(letter, sender, view)?), SUBJECT_CHARS_MAX);
    let text = tidy(&template(letter, "body.txt", view, &body)?);
    let html = template(letter, "body.html", view, &body)?;
    let invitations = invitation::of(letter, queued_at, sender);
    let picture = door::code(letter).and_then(door::picture);
    let parts = parts(letter, wrapped(&text), &html, picture.as_deref(), &invitations);
    let mut message =
        headers(letter, queued_at, sender, &subject)?.multipart(parts).map_err(|error| error.to_string())?;
    if let Some(dkim) = &sender.dkim {
        let name = HeaderName::new_from_ascii_str("DKIM-Signature");
        let value = dkim.sign(&message.formatted(), queued_at.timestamp());
        // It is folded already.
        message.headers_mut().insert_raw(HeaderValue::dangerous_new_pre_encoded(name, value.clone(), value));
    }
    let picture = picture.map(|png| (door::address(letter), png));
    Ok(Rendered { message, subject, text, html, picture })
}

fn template(letter: &Letter, file: &str, view: &View, body: &Body) -> Result<String, String> {
    let name = format!("mail/{}/{file}", letter.kind.code());
    view.render(&name, letter.lang, body).map_err(|_| format!("template {name}"))
}

fn headers(
    letter: &Letter,
    queued_at: DateTime<Utc>,
    sender: &Sender,
    subject: &str,
) -> Result<lettre::message::MessageBuilder, String> {
    let to = ascii_address(&letter.recipient).ok_or("the recipient is no address")?;
    let programme = &letter.data.programme;
    let from = sender.returns_to(letter.id).map_err(|error| error.to_string())?;
    let envelope = Envelope::new(Some(from), vec![to.clone()]).map_err(|error| error.to_string())?;
    let from_name = sender.from.name.as_deref().unwrap_or(&programme.title);
    let mut message = Message::builder()
        .envelope(envelope)
        .message_id(Some(format!("<{}@{}>", letter.id, sender.host)))
        .date(queued_at.into())
        .from(Mailbox::new(display_name(from_name), sender.from.email.clone()))
        .to(Mailbox::new(display_name(&letter.data.name), to))
        .subject(subject);
    if let Some(contact) = programme.contact.as_deref().and_then(ascii_address) {
        message = message.reply_to(Mailbox::new(display_name(&programme.title), contact));
    }
    for (name, value) in [
        (HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated"),
        (HeaderName::new_from_ascii_str("X-Auto-Response-Suppress"), "All"),
        (HeaderName::new_from_ascii_str("Content-Language"), letter.lang.code()),
    ] {
        message = message.raw_header(HeaderValue::new(name, value.to_owned()));
    }
    // One click, without a page (RFC 8058).
    if let Some(url) = reminder::stop_url(letter, sender) {
        for (name, value) in [
            (HeaderName::new_from_ascii_str("List-Unsubscribe"), format!("<{url}>")),
            (
                HeaderName::new_from_ascii_str("List-Unsubscribe-Post"),
                "List-Unsubscribe=One-Click".to_owned(),
            ),
        ] {
            message = message.raw_header(HeaderValue::new(name, value));
        }
    }
    Ok(message)
}

/// An address as every server takes it: its domain in ASCII. `None` for what is none, or needs a server that takes
/// other letters before the `@`.
fn ascii_address(text: &str) -> Option<Address> {
    let (local, domain) = text.trim().rsplit_once('@')?;
    let domain = idna::domain_to_ascii(domain).ok()?;
    local.is_ascii().then(|| Address::new(local, domain).ok())?
}

/// Text and HTML, with the picture that it shows; the only calendar entry as a third alternative; all entries attached.
fn parts(
    letter: &Letter,
    text: String,
    html: &str,
    picture: Option<&[u8]>,
    invitations: &[Invitation],
) -> MultiPart {
    let alternatives = MultiPart::alternative()
        .boundary(format!("alternative-{}", letter.id))
        .singlepart(SinglePart::plain(text));
    let html = SinglePart::html(html.to_owned());
    let mut alternatives = match picture {
        Some(png) => {
            let picture = Attachment::new_inline(door::id(letter)).body(png.to_vec(), png_type());
            let related = MultiPart::related().boundary(format!("related-{}", letter.id));
            alternatives.multipart(related.singlepart(html).singlepart(picture))
        }
        None => alternatives.singlepart(html),
    };
    if let [only] = invitations {
        let part = SinglePart::builder().content_type(calendar_type(only)).body(only.text.clone());
        alternatives = alternatives.singlepart(part);
    }
    if invitations.is_empty() {
        return alternatives;
    }
    let mixed = MultiPart::mixed().boundary(format!("mixed-{}", letter.id)).multipart(alternatives);
    invitations.iter().fold(mixed, |mixed, invitation| {
        let attachment = Attachment::new(invitation.file_name.clone());
        mixed.singlepart(attachment.body(invitation.text.clone(), calendar_type(invitation)))
    })
}

fn png_type() -> ContentType {
    ContentType::parse("image/png").expect("a type and a subtype")
}

fn calendar_type(invitation: &Invitation) -> ContentType {
    ContentType::parse(&format!("text/calendar; method={}; charset=utf-8", invitation.method.name()))
        .expect("the methods are plain words")
}

/// A name beside an address; none if nothing is left of it. Without what parts addresses from each other,
/// since not every program reads quotes.
fn display_name(name: &str) -> Option<String> {
    let name = one_line(name).replace(['@', ':', ',', ';', '"', '<', '>', '\\'], " ");
    let name = cut(&one_line(&name), NAME_CHARS_MAX);
    (!name.is_empty()).then_some(name)
}

/// One line of visible text: no control characters, none that turn the direction of what follows.
fn one_line(text: &str) -> String {
    let visible: String = text
        .chars()
        .map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c })
        .filter(|c| !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'))
        .collect();
    // No-break spaces are French typography and stay.
    visible.split([' ', '\t']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn cut(text: &str, chars_max: usize) -> String {
    match text.char_indices().nth(chars_max - 1) {
        Some((end, last)) if text.len() > end + last.len_utf8() => format!("{}…", text[..end].trim_end()),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_subjects_are_one_line_of_visible_text() {
        assert_eq!(one_line("a\r\nBcc: b\u{0}\u{202e}c\u{2028} d\u{a0}: e"), "a Bcc: b c d\u{a0}: e");
        assert_eq!(display_name("Ada <a@b>, \"Lady\"; \r\nX: y"), Some("Ada a b Lady X y".to_owned()));
        assert_eq!(display_name(" \r\n\"\" "), None);
        assert_eq!(cut("éééé", 4), "éééé");
        assert_eq!(cut("ééééé", 4), "ééé…");
    }

    #[test]
    fn a_wrong_setting_is_named_with_its_key() {
        assert_eq!(Sender::new("nobody", "https://example.org").unwrap_err().key, "parvis.mail.from");
        assert_eq!(Sender::new("a@example.org", "example.org").unwrap_err().key, "parvis.base_url");
        let sender = Sender::new("Fête <a@bücher.example>", "https://example.org:8000/").unwrap();
        assert_eq!(sender.address(), "a@xn--bcher-kva.example");
        assert_eq!((sender.host(), sender.base_url()), ("example.org", "https://example.org:8000"));
    }
}
