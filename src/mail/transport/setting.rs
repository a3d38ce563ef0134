//! The setting `mail.url`, read strictly.

use std::{fmt, net::IpAddr, path::PathBuf};

use percent_encoding::percent_decode_str;
use url::{Host, Url};

use crate::mail::BadSetting;

const KEY: &str = "parvis.mail.url";

/// Where mails go.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target {
    Smtp(Server),
    Folder(PathBuf),
}

/// How to reach a mail server.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Server {
    pub host: String,
    pub port: u16,
    pub encryption: Encryption,
    pub login: Option<Login>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encryption {
    /// TLS from the first byte.
    Implicit,
    /// STARTTLS, or nothing.
    Required,
    /// STARTTLS where it is offered.
    Opportunistic,
    None,
}

#[derive(Clone, PartialEq, Eq)]
pub(super) struct Login {
    pub user: String,
    pub password: String,
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Login(…)")
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}, {:?}", self.host, self.port, self.encryption)
    }
}

/// Reads the setting. What is said of a mistake never repeats the value: it may hold a password.
pub(super) fn parse(text: &str) -> Result<Target, BadSetting> {
    if let Some(folder) = text.strip_prefix("file:") {
        return match folder.strip_prefix("//").unwrap_or(folder) {
            "" => Err(wrong("`file:` needs a folder, as in `file:mails`")),
            folder => Ok(Target::Folder(PathBuf::from(folder))),
        };
    }
    let url = Url::parse(text).map_err(|error| {
        wrong(format!(
            "not an address ({error}); write `smtp://HOST`, `smtps://USER:PASSWORD@HOST` or `file:FOLDER`"
        ))
    })?;
    let implicit = match url.scheme() {
        "smtp" => false,
        "smtps" => true,
        _ => return Err(wrong("starts with none of `smtp://`, `smtps://`, `file:`")),
    };
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(|| wrong("names no host"))?;
    let login = login(&url)?;
    let encryption = encryption(&url, implicit)?;
    if login.is_some() && !is_encrypted(encryption) && !is_loopback(&url) {
        return Err(wrong(
            "a password would travel in clear text; write `smtps://…` or add `?tls=required` \
             (without encryption only to a server on this machine)",
        ));
    }
    let port = url.port().unwrap_or(match (encryption, &login) {
        (Encryption::Implicit, _) => 465,
        (Encryption::Required, _) | (_, Some(_)) => 587,
        (Encryption::Opportunistic | Encryption::None, None) => 25,
    });
    // `[::1]` is how an address writes it, `::1` is the host.
    let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    Ok(Target::Smtp(Server { host, port, encryption, login }))
}

fn login(url: &Url) -> Result<Option<Login>, BadSetting> {
    let decoded = |part: &str| {
        percent_decode_str(part)
            .decode_utf8()
            .map(|text| text.into_owned())
            .map_err(|_| wrong("user and password must be UTF-8, special characters written as `%40`"))
    };
    match (url.username(), url.password()) {
        ("", None) => Ok(None),
        (user, Some(password)) => Ok(Some(Login { user: decoded(user)?, password: decoded(password)? })),
        (_, None) => Err(wrong("a user without a password; write `USER:PASSWORD@HOST`")),
    }
}

fn encryption(url: &Url, implicit: bool) -> Result<Encryption, BadSetting> {
    let mut encryption = if implicit { Encryption::Implicit } else { Encryption::None };
    for (key, value) in url.query_pairs() {
        encryption = match (&*key, &*value, implicit) {
            ("tls", _, true) => return Err(wrong("`smtps://` is encrypted as it is; leave `tls` out")),
            ("tls", "required", false) => Encryption::Required,
            ("tls", "opportunistic", false) => Encryption::Opportunistic,
            ("tls", "none", false) => Encryption::None,
            ("tls", ..) => return Err(wrong("`tls` is `required`, `opportunistic` or `none`")),
            _ => return Err(wrong("after `?` only `tls` is known")),
        };
    }
    Ok(encryption)
}

fn is_encrypted(encryption: Encryption) -> bool {
    match encryption {
        Encryption::Implicit | Encryption::Required => true,
        // Whoever sits on the line can take the offer away.
        Encryption::Opportunistic | Encryption::None => false,
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        // Of other schemes than http, `Url` leaves IPv4 addresses as names.
        Some(Host::Domain(name)) => {
            name.eq_ignore_ascii_case("localhost")
                || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn wrong(problem: impl Into<String>) -> BadSetting {
    BadSetting { key: KEY, problem: problem.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(url: &str) -> Server {
        match parse(url).unwrap() {
            Target::Smtp(server) => server,
            Target::Folder(folder) => unreachable!("{}", folder.display()),
        }
    }

    #[test]
    fn each_form_of_the_setting_is_understood() {
        let login = Some(Login { user: "me@example.org".into(), password: "p:/ é".into() });
        let expected = |host: &str, port, encryption, login: &Option<Login>| Server {
            host: host.into(),
            port,
            encryption,
            login: login.clone(),
        };
        assert_eq!(
            server("smtps://me%40example.org:p%3A%2F%20%C3%A9@mail.example.org"),
            expected("mail.example.org", 465, Encryption::Implicit, &login)
        );
        assert_eq!(
            server("smtp://me%40example.org:p%3A%2F%20%C3%A9@mail.example.org?tls=required"),
            expected("mail.example.org", 587, Encryption::Required, &login)
        );
        assert_eq!(
            server("smtp://mail.example.org?tls=opportunistic"),
            expected("mail.example.org", 25, Encryption::Opportunistic, &None)
        );
        assert_eq!(server("smtp://127.0.0.1:2525"), expected("127.0.0.1", 2525, Encryption::None, &None));
        assert_eq!(server("smtp://[::1]:2525"), expected("::1", 2525, Encryption::None, &None));
        for (text, folder) in [("file:mails", "mails"), ("file:/a/b", "/a/b"), ("file:///a/b", "/a/b")] {
            assert_eq!(parse(text), Ok(Target::Folder(folder.into())));
        }
    }

    #[test]
    fn a_password_in_clear_text_leaves_this_machine_never() {
        for url in ["smtp://u:secret@mail.example.org", "smtp://u:secret@10.0.0.1?tls=opportunistic"] {
            let error = parse(url).unwrap_err();
            assert_eq!(error.key, "parvis.mail.url");
            assert!(error.problem.contains("tls=required"), "{error}");
        }
        for url in ["smtp://u:p@localhost", "smtp://u:p@127.0.0.1:25", "smtp://u:p@[::1]?tls=opportunistic"] {
            assert_eq!(server(url).encryption == Encryption::None, !url.contains("tls"), "{url}");
        }
    }

    #[test]
    fn a_mistake_is_named_and_the_password_is_not_repeated() {
        for wrong in [
            "",
            "mail.example.org",
            "http://u:secret@example.org",
            "smtp://",
            "smtp://u@example.org",
            "file:",
            "smtp://u:secret@example.org?tls=yes",
            "smtps://u:secret@example.org?tls=none",
            "smtp://u:secret@localhost:99999",
            "smtp://u:secret@example.org?ssl=1",
        ] {
            let error = parse(wrong).unwrap_err().to_string();
            assert!(error.starts_with("parvis.mail.url: ") && !error.contains("secret"), "{wrong}: {error}");
        }
        assert!(!format!("{:?}", server("smtps://u:secret@example.org")).contains("secret"));
    }
}
