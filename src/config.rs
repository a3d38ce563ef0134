//! Our settings: read once, validated, each error names the key and what would be right.

mod mail;
mod network;
#[cfg(test)]
mod tests;

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr},
    num::NonZeroU32,
};

use chrono::TimeDelta;
use rocket::figment::{
    Figment, Profile,
    error::{Actual, Kind},
    providers::{Env, Format as _, Serialized, Toml},
    value::Value,
};
use serde::de::DeserializeOwned;
use url::Url;

pub use self::{
    mail::{DkimSettings, MailSettings},
    network::Network,
};

/// The shortest secret that links are keyed with, in characters.
const SECRET_CHARS_MIN: usize = 32;
/// The longest that personal data is kept after a programme's end.
const RETENTION_DAYS_MAX: i64 = 3_650;

/// How long changes are gathered where nothing else is said.
pub const SETTLE_DEFAULT: TimeDelta = TimeDelta::minutes(10);

/// Where the embedded database stands when nothing else is said.
const DATABASE_DEFAULT: &str = "sqlite://parvis.db";
/// A form of many sessions with long answers fits; Rocket's own 32 KiB would refuse it.
const FORM_LIMIT: &str = "256KiB";
/// A file that is sent to the office (`web/uploads.rs` says where), and the form that carries it.
const FILE_LIMIT: &str = "20MiB";
const FILE_FORM_LIMIT: &str = "21MiB";

/// What holds where nothing is said: Rocket's defaults and, over them, ours. Reads neither a file nor the
/// surroundings.
pub fn defaults() -> Figment {
    // In the profile `default`, where `Rocket.toml` says what holds in all profiles: it goes first.
    Figment::from(rocket::Config::default())
        .merge(Serialized::default("databases.main.url", DATABASE_DEFAULT))
        .merge(Serialized::default("limits.form", FORM_LIMIT))
        .merge(Serialized::default("limits.file", FILE_LIMIT))
        .merge(Serialized::default("limits.data-form", FILE_FORM_LIMIT))
        // Whose address it is, we decide ourselves: `trusted_proxies`.
        .merge(Serialized::default("ip_header", false))
        .select(Profile::from_env_or("ROCKET_PROFILE", rocket::Config::DEFAULT_PROFILE))
}

/// [`defaults`], and over them `Rocket.toml` and `ROCKET_*`, Rocket's own way.
pub fn figment() -> Figment {
    defaults()
        .merge(Toml::file(Env::var_or("ROCKET_CONFIG", "Rocket.toml")).nested())
        .merge(Env::prefixed("ROCKET_").ignore(&["PROFILE"]).global())
}

const KEYS: [&str; 9] = [
    "base_url",
    "mail",
    "metrics_from",
    "rate_limits",
    "retention_days",
    "secret_key",
    "security_contact",
    "settle",
    "trusted_proxies",
];

/// What stands under `[default.parvis]`.
#[derive(Clone, PartialEq)]
pub struct Settings {
    /// Where the site is reached: `https://programme.example.org`, without a slash at its end. All links in mails,
    /// calendars and feeds begin with it.
    pub base_url: String,
    /// What secret links are keyed with; where unset, made once and kept in the database.
    pub secret_key: Option<String>,
    /// How mails leave.
    pub mail: MailSettings,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// Who may read `/metrics`, besides this machine.
    pub metrics_from: Vec<Network>,
    /// After how many days behind a programme's end names and addresses are erased.
    pub retention_days: i64,
    /// How long changes are gathered before people are told.
    pub settle: TimeDelta,
    /// How often one address may send forms.
    pub rate_limits: RateLimits,
    /// Whom to tell about a weakness: a `mailto:` or `https:` address for `security.txt`.
    pub security_contact: Option<String>,
}

/// How many forms one address may send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateLimits {
    /// As many as it likes: for load tests.
    Off,
    /// At once, and then so many a minute.
    PerMinute {
        /// Registrations, cancellations.
        forms: NonZeroU32,
        /// Forms that send a mail to a typed address; sign-in.
        links: NonZeroU32,
    },
}

impl Default for RateLimits {
    fn default() -> RateLimits {
        RateLimits::PerMinute {
            forms: NonZeroU32::new(300).expect("not zero"),
            links: NonZeroU32::new(30).expect("not zero"),
        }
    }
}

/// A setting that is wrong: which, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("setting `{key}`: {problem}")]
pub struct ConfigError {
    /// The key as it is written in `Rocket.toml`: `parvis.base_url`.
    pub key: String,
    /// What is wrong, and what would be right.
    pub problem: String,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("base_url", &self.base_url)
            .field("secret_key", &self.secret_key.as_ref().map(|_| "…"))
            .field("mail", &self.mail)
            .field("trusted_proxies", &self.trusted_proxies)
            .field("metrics_from", &self.metrics_from)
            .field("retention_days", &self.retention_days)
            .field("settle", &self.settle)
            .field("rate_limits", &self.rate_limits)
            .field("security_contact", &self.security_contact)
            .finish()
    }
}

impl Settings {
    /// Reads and checks everything under `parvis`, and where to listen.
    pub fn extract(figment: &Figment) -> Result<Settings, ConfigError> {
        refuse_unknown(figment, "parvis", &KEYS)?;
        refuse_unknown(figment, "parvis.rate_limits", &["forms", "links"])?;
        // Rocket's own, which says of a wrong one only that there is one.
        get::<u16>(figment, "port", "write a number up to 65535, such as 8000")?;
        get::<IpAddr>(
            figment,
            "address",
            "write \"127.0.0.1\", or \"0.0.0.0\" for every address of the machine",
        )?;
        Ok(Settings {
            base_url: base_url(figment)?,
            secret_key: secret_key(figment)?,
            mail: MailSettings::extract(figment)?,
            trusted_proxies: networks(figment, "parvis.trusted_proxies")?,
            metrics_from: networks(figment, "parvis.metrics_from")?,
            retention_days: retention_days(figment)?,
            settle: settle(figment)?,
            rate_limits: rate_limits(figment)?,
            security_contact: security_contact(figment)?,
        })
    }
}

fn wrong(key: &str, problem: impl Into<String>) -> ConfigError {
    ConfigError { key: key.to_owned(), problem: problem.into() }
}

/// The value of a key, or nothing where it is not set; `right` says what would be right.
fn get<T: DeserializeOwned>(figment: &Figment, key: &str, right: &str) -> Result<Option<T>, ConfigError> {
    match figment.extract_inner::<T>(key) {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.missing() && !figment.contains(key) => Ok(None),
        Err(error) => {
            let found = match &error.kind {
                Kind::InvalidType(found, _) | Kind::InvalidValue(found, _) => {
                    format!("{} does not fit", shown(found))
                }
                _ => "does not fit".to_owned(),
            };
            Err(wrong(key, format!("{found}; {right}")))
        }
    }
}

/// A value as it is written in the file.
fn shown(found: &Actual) -> String {
    match found {
        Actual::Bool(value) => value.to_string(),
        Actual::Signed(number) => number.to_string(),
        Actual::Unsigned(number) => number.to_string(),
        Actual::Float(number) => number.to_string(),
        Actual::Str(text) => format!("{text:?}"),
        other => other.to_string(),
    }
}

fn refuse_unknown(figment: &Figment, key: &str, known: &[&str]) -> Result<(), ConfigError> {
    let Ok(Value::Dict(_, values)) = figment.find_value(key) else { return Ok(()) };
    match values.keys().find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(wrong(
            &format!("{key}.{name}"),
            format!("there is no such setting; there are {}", known.join(", ")),
        )),
        None => Ok(()),
    }
}

fn base_url(figment: &Figment) -> Result<String, ConfigError> {
    const KEY: &str = "parvis.base_url";
    const RIGHT: &str = "write an absolute address such as \"https://programme.example.org\"";
    let Some(text) = get::<String>(figment, KEY, RIGHT)? else { return Ok(own_address(figment)) };
    let url = Url::parse(&text).map_err(|_| wrong(KEY, format!("{text:?} is no address; {RIGHT}")))?;
    let is_plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() || !is_plain {
        return Err(wrong(KEY, format!("{text:?} does not fit; {RIGHT}")));
    }
    if url.path() != "/" {
        return Err(wrong(
            KEY,
            format!("{text:?} has a path, and the site needs a host of its own; {RIGHT}"),
        ));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// Where the server listens, which is right on one's own machine.
fn own_address(figment: &Figment) -> String {
    let port = figment.extract_inner::<u16>("port").unwrap_or(8000);
    let address = figment.extract_inner::<IpAddr>("address").unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    match address {
        address if address.is_unspecified() || address.is_loopback() => format!("http://localhost:{port}"),
        IpAddr::V4(address) => format!("http://{address}:{port}"),
        IpAddr::V6(address) => format!("http://[{address}]:{port}"),
    }
}

fn secret_key(figment: &Figment) -> Result<Option<String>, ConfigError> {
    const KEY: &str = "parvis.secret_key";
    let right = format!("write at least {SECRET_CHARS_MIN} random characters, or leave it out");
    let key = get::<String>(figment, KEY, &right).map_err(|_| wrong(KEY, &right))?;
    match key {
        Some(key) if key.chars().count() < SECRET_CHARS_MIN => {
            Err(wrong(KEY, format!("has {} characters; {right}", key.chars().count())))
        }
        key => Ok(key),
    }
}

fn networks(figment: &Figment, key: &str) -> Result<Vec<Network>, ConfigError> {
    const RIGHT: &str = "write a list such as [\"127.0.0.1\", \"10.0.0.0/8\", \"::1\"]";
    let texts = get::<Vec<String>>(figment, key, RIGHT)?.unwrap_or_default();
    texts
        .iter()
        .map(|text| {
            text.parse().map_err(|()| wrong(key, format!("{text:?} is no address or network; {RIGHT}")))
        })
        .collect()
}

fn retention_days(figment: &Figment) -> Result<i64, ConfigError> {
    const KEY: &str = "parvis.retention_days";
    let right = format!("write a number of days from 1 to {RETENTION_DAYS_MAX}");
    let days = get::<i64>(figment, KEY, &right)?.unwrap_or(365);
    if (1..=RETENTION_DAYS_MAX).contains(&days) {
        Ok(days)
    } else {
        Err(wrong(KEY, format!("{days} does not fit; {right}")))
    }
}

fn settle(figment: &Figment) -> Result<TimeDelta, ConfigError> {
    const KEY: &str = "parvis.settle";
    const RIGHT: &str = "write a number with its unit: \"30s\", \"10m\", \"1h\", \"1d\"";
    let Some(text) = get::<String>(figment, KEY, RIGHT)? else { return Ok(SETTLE_DEFAULT) };
    parse_duration(&text).ok_or_else(|| wrong(KEY, format!("{text:?} does not fit; {RIGHT}")))
}

/// `30s`, `10m`, `1h`, `2d`; at most a year.
pub fn parse_duration(text: &str) -> Option<TimeDelta> {
    let text = text.trim();
    let unit = text.chars().last()?;
    let number: u32 = text[..text.len() - unit.len_utf8()].trim_end().parse().ok()?;
    let seconds = i64::from(number)
        * match unit {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            _ => return None,
        };
    TimeDelta::try_seconds(seconds).filter(|delta| *delta <= TimeDelta::days(366))
}

fn rate_limits(figment: &Figment) -> Result<RateLimits, ConfigError> {
    const KEY: &str = "parvis.rate_limits";
    const RIGHT: &str = "write { forms = 300, links = 30 } (forms a minute and address), or \"off\"";
    if let Ok(Value::String(_, text)) = figment.find_value(KEY) {
        return match text.as_str() {
            "off" => Ok(RateLimits::Off),
            _ => Err(wrong(KEY, format!("{text:?} does not fit; {RIGHT}"))),
        };
    }
    let RateLimits::PerMinute { forms, links } = RateLimits::default() else { return Ok(RateLimits::Off) };
    match figment.find_value(KEY) {
        Ok(Value::Dict(..)) => Ok(RateLimits::PerMinute {
            forms: get(figment, "parvis.rate_limits.forms", RIGHT)?.unwrap_or(forms),
            links: get(figment, "parvis.rate_limits.links", RIGHT)?.unwrap_or(links),
        }),
        Ok(_) => Err(wrong(KEY, RIGHT)),
        Err(_) => Ok(RateLimits::default()),
    }
}

fn security_contact(figment: &Figment) -> Result<Option<String>, ConfigError> {
    const KEY: &str = "parvis.security_contact";
    const RIGHT: &str = "write \"mailto:security@example.org\" or an https address";
    let Some(text) = get::<String>(figment, KEY, RIGHT)? else { return Ok(None) };
    match Url::parse(&text) {
        Ok(url) if matches!(url.scheme(), "mailto" | "https") => Ok(Some(url.to_string())),
        _ => Err(wrong(KEY, format!("{text:?} does not fit; {RIGHT}"))),
    }
}
