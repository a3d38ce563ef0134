//! Settings as operators write them.

use rocket::figment::providers::{Format as _, Toml};

use super::*;

fn settings(toml: &str) -> Result<Settings, ConfigError> {
    Settings::extract(&Figment::from(Toml::string(toml)))
}

#[test]
fn without_settings_everything_has_a_value_that_works_on_one_s_own_machine() {
    let found = settings("address = '0.0.0.0'\nport = 4711").unwrap();
    assert_eq!(
        found,
        Settings {
            base_url: "http://localhost:4711".to_owned(),
            secret_key: None,
            mail: MailSettings {
                url: "file:mails".to_owned(),
                from: "Parvis <programme@example.org>".to_owned(),
                bounces: None,
                per_minute: None,
                dkim: None,
            },
            trusted_proxies: vec![],
            metrics_from: vec![],
            retention_days: 365,
            settle: TimeDelta::minutes(10),
            rate_limits: RateLimits::default(),
            security_contact: None,
        }
    );
    assert_eq!(settings("address = '::1'").unwrap().base_url, "http://localhost:8000");
    assert_eq!(settings("address = '2001:db8::1'").unwrap().base_url, "http://[2001:db8::1]:8000");
}

#[test]
fn what_is_set_is_taken() {
    let found = settings(
        "[parvis]\nbase_url = 'https://miso.example.org/'\nsettle = '90s'\nretention_days = 30\n\
         trusted_proxies = ['10.0.0.0/8', '::1']\nrate_limits = { links = 5 }\n[parvis.mail]\nurl = 'smtps://h'",
    )
    .unwrap();
    assert_eq!(found.base_url, "https://miso.example.org");
    assert_eq!(found.settle, TimeDelta::seconds(90));
    assert_eq!(found.retention_days, 30);
    assert_eq!(found.trusted_proxies.len(), 2);
    assert_eq!(found.mail.url, "smtps://h");
    let (forms, links) = (NonZeroU32::new(300).unwrap(), NonZeroU32::new(5).unwrap());
    assert_eq!(found.rate_limits, RateLimits::PerMinute { forms, links });
    assert_eq!(settings("[parvis]\nrate_limits = 'off'").unwrap().rate_limits, RateLimits::Off);
}

#[test]
fn a_wrong_setting_is_named_with_what_would_be_right() {
    for (toml, message) in [
        (
            "base_url = 'miso.example.org'",
            "setting `parvis.base_url`: \"miso.example.org\" is no address; write an absolute address such as \"https://programme.example.org\"",
        ),
        (
            "base_url = 'ftp://a'",
            "setting `parvis.base_url`: \"ftp://a\" does not fit; write an absolute address such as \"https://programme.example.org\"",
        ),
        (
            "base_url = 'https://a.example.org/b'",
            "setting `parvis.base_url`: \"https://a.example.org/b\" has a path, and the site needs a host of its own; write an absolute address such as \"https://programme.example.org\"",
        ),
        (
            "base_url = 7",
            "setting `parvis.base_url`: 7 does not fit; write an absolute address such as \"https://programme.example.org\"",
        ),
        (
            "secret_key = 'secret'",
            "setting `parvis.secret_key`: has 6 characters; write at least 32 random characters, or leave it out",
        ),
        (
            "secret_key = 1234567890",
            "setting `parvis.secret_key`: write at least 32 random characters, or leave it out",
        ),
        (
            "mail.url = 'mail.example.org'",
            "setting `parvis.mail.url`: write \"smtp://host?tls=required\", \"smtps://host\" or \"file:FOLDER\"",
        ),
        (
            "mail.from = 'Parvis'",
            "setting `parvis.mail.from`: \"Parvis\" is no sender; write \"Name <address@example.org>\"",
        ),
        (
            "trusted_proxies = ['10.0.0.0/33']",
            "setting `parvis.trusted_proxies`: \"10.0.0.0/33\" is no address or network; write a list such as [\"127.0.0.1\", \"10.0.0.0/8\", \"::1\"]",
        ),
        (
            "metrics_from = '127.0.0.1'",
            "setting `parvis.metrics_from`: \"127.0.0.1\" does not fit; write a list such as [\"127.0.0.1\", \"10.0.0.0/8\", \"::1\"]",
        ),
        (
            "retention_days = 0",
            "setting `parvis.retention_days`: 0 does not fit; write a number of days from 1 to 3650",
        ),
        (
            "settle = '10'",
            "setting `parvis.settle`: \"10\" does not fit; write a number with its unit: \"30s\", \"10m\", \"1h\", \"1d\"",
        ),
        (
            "rate_limits = 'on'",
            "setting `parvis.rate_limits`: \"on\" does not fit; write { forms = 300, links = 30 } (forms a minute and address), or \"off\"",
        ),
        (
            "rate_limits = { forms = 0 }",
            "setting `parvis.rate_limits.forms`: 0 does not fit; write { forms = 300, links = 30 } (forms a minute and address), or \"off\"",
        ),
        (
            "security_contact = 'me'",
            "setting `parvis.security_contact`: \"me\" does not fit; write \"mailto:security@example.org\" or an https address",
        ),
        (
            "retention = 3",
            "setting `parvis.retention`: there is no such setting; there are base_url, mail, metrics_from, rate_limits, retention_days, secret_key, security_contact, settle, trusted_proxies",
        ),
        (
            "mail.form = 'x'",
            "setting `parvis.mail.form`: there is no such setting; there are url, from, bounces, per_minute, dkim",
        ),
    ] {
        assert_eq!(settings(&format!("[parvis]\n{toml}")).unwrap_err().to_string(), message);
    }
}

#[test]
fn where_to_listen_is_a_setting_that_is_named_too() {
    for (port, address, message) in [
        (
            "81430",
            "127.0.0.1",
            "setting `port`: 81430 does not fit; write a number up to 65535, such as 8000",
        ),
        (
            "'abc'",
            "127.0.0.1",
            "setting `port`: \"abc\" does not fit; write a number up to 65535, such as 8000",
        ),
        (
            "8000",
            "nowhere",
            "setting `address`: does not fit; write \"127.0.0.1\", or \"0.0.0.0\" for every address of the machine",
        ),
    ] {
        let toml = format!("[default]\nport = {port}\naddress = '{address}'");
        let figment = defaults().merge(Toml::string(&toml).nested());
        assert_eq!(Settings::extract(&figment).unwrap_err().to_string(), message);
    }
}

#[test]
fn settings_can_be_logged_without_telling_a_secret() {
    let found = settings(
        "[parvis]\nsecret_key = 'hunter2hunter2hunter2hunter2hunter2'\nmail.url = 'smtps://me:hunter2@h'",
    );
    let text = format!("{:?}", found.unwrap());
    assert!(!text.contains("hunter2"), "{text}");
    assert!(text.contains("secret_key: Some(\"…\")") && text.contains("url: smtps:…"), "{text}");
}
