//! `[default.parvis.mail]`.

use std::{fmt, num::NonZeroU32, path::PathBuf};

use super::{ConfigError, Figment, get, refuse_unknown, wrong};

/// How mails leave.
#[derive(Clone, PartialEq, Eq)]
pub struct MailSettings {
    /// `smtp://…`, `smtps://…` or `file:FOLDER`.
    pub url: String,
    /// The sender of every mail: `Parvis <programme@example.org>`.
    pub from: String,
    /// Where mails that do not arrive come back to, if not to the sender.
    pub bounces: Option<String>,
    /// So many mails a minute at most, for all processes together, where the relay takes no more.
    pub per_minute: Option<NonZeroU32>,
    /// How mails are signed.
    pub dkim: Option<DkimSettings>,
}

/// `[default.parvis.mail.dkim]`.
#[derive(Clone, PartialEq, Eq)]
pub struct DkimSettings {
    /// The domain that signs.
    pub domain: String,
    /// The name of the public key in its DNS.
    pub selector: String,
    /// The private key, as PEM: from `key`, or read from `key_file`.
    pub key: String,
    /// Which of the two.
    pub key_setting: &'static str,
}

impl fmt::Debug for MailSettings {
    /// The address of the mail server may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.url.split_once(':').map_or("", |(scheme, _)| scheme);
        f.debug_struct("MailSettings")
            .field("url", &format_args!("{scheme}:…"))
            .field("from", &self.from)
            .field("bounces", &self.bounces)
            .field("per_minute", &self.per_minute)
            .field("dkim", &self.dkim)
            .finish()
    }
}

impl fmt::Debug for DkimSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}._domainkey.{}", self.selector, self.domain)
    }
}

impl MailSettings {
    /// Reads and checks everything under `parvis.mail`.
    pub(super) fn extract(figment: &Figment) -> Result<MailSettings, ConfigError> {
        refuse_unknown(figment, "parvis.mail", &["url", "from", "bounces", "per_minute", "dkim"])?;
        refuse_unknown(figment, "parvis.mail.dkim", &["domain", "selector", "key", "key_file"])?;
        Ok(MailSettings {
            url: url(figment)?,
            from: from(figment)?,
            bounces: get(figment, "parvis.mail.bounces", "write \"bounces@example.org\"")?,
            per_minute: get(figment, "parvis.mail.per_minute", "write a number of mails, at least 1")?,
            dkim: dkim(figment)?,
        })
    }
}

fn url(figment: &Figment) -> Result<String, ConfigError> {
    const URL: &str = "parvis.mail.url";
    const RIGHT: &str = "write \"smtp://host?tls=required\", \"smtps://host\" or \"file:FOLDER\"";
    let url = get::<String>(figment, URL, RIGHT)
        .map_err(|_| wrong(URL, RIGHT))?
        .unwrap_or_else(|| "file:mails".to_owned());
    if !["smtp://", "smtps://", "file:"].iter().any(|scheme| url.starts_with(scheme)) {
        return Err(wrong(URL, RIGHT));
    }
    Ok(url)
}

fn from(figment: &Figment) -> Result<String, ConfigError> {
    const FROM: &str = "parvis.mail.from";
    const RIGHT: &str = "write \"Name <address@example.org>\"";
    let from =
        get::<String>(figment, FROM, RIGHT)?.unwrap_or_else(|| "Parvis <programme@example.org>".to_owned());
    if from.parse::<lettre::message::Mailbox>().is_err() {
        return Err(wrong(FROM, format!("{from:?} is no sender; {RIGHT}")));
    }
    Ok(from)
}

/// A mistake never repeats the key.
fn dkim(figment: &Figment) -> Result<Option<DkimSettings>, ConfigError> {
    const DKIM: &str = "parvis.mail.dkim";
    const KEY: &str = "parvis.mail.dkim.key";
    const FILE: &str = "parvis.mail.dkim.key_file";
    const RIGHT: &str = "write { domain = \"example.org\", selector = \"parvis\", key_file = \"dkim.pem\" }";
    if !figment.contains(DKIM) {
        return Ok(None);
    }
    let text = |name: &str| get::<String>(figment, &format!("{DKIM}.{name}"), RIGHT);
    let missing = |name: &str| wrong(&format!("{DKIM}.{name}"), format!("is missing; {RIGHT}"));
    let domain = text("domain")?.ok_or_else(|| missing("domain"))?;
    let selector = text("selector")?.ok_or_else(|| missing("selector"))?;
    let key = get::<String>(figment, KEY, RIGHT).map_err(|_| wrong(KEY, "is no text; write PEM"))?;
    let file = get::<PathBuf>(figment, FILE, RIGHT)?;
    let (key, key_setting) = match (key, file) {
        (Some(key), None) => (key, KEY),
        (None, Some(file)) => {
            let unread = |cause| wrong(FILE, format!("{} cannot be read: {cause}", file.display()));
            (std::fs::read_to_string(&file).map_err(unread)?, FILE)
        }
        (Some(_), Some(_)) => return Err(wrong(KEY, "stands beside `key_file`; leave one of them out")),
        (None, None) => return Err(missing("key_file")),
    };
    Ok(Some(DkimSettings { domain, selector, key, key_setting }))
}
