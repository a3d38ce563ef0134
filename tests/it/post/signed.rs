//! Signatures (DKIM), read by the verifier of another project after a real trip over SMTP.

use std::{borrow::Borrow, collections::HashMap, hash::Hash, net::IpAddr, sync::Arc, time::Instant};

use mail_auth::{
    AuthenticatedMessage, DkimResult, MX, MessageAuthenticator, Parameters, ResolverCache, Txt,
    common::{parse::TxtRecordParser as _, verify::DomainKey},
};
use parvis::{
    config::Settings,
    locale::Lang,
    mail::{Kind, Letter, MailData, Outcome, dkim::Dkim, render::Sender, transport::Mailer, worker::Worker},
    view::View,
};
use uuid::Uuid;

use crate::{
    harness::{BASE_URL, Bare, TestDb},
    mail::{confirmed, data, id, item, queue, rendered, sent},
    smtp::SmtpServer,
};

const RSA: &str = include_str!("keys/rsa.pem");
const RSA_OLD: &str = include_str!("keys/rsa-old.pem");
const RSA_PUBLIC: &str = include_str!("keys/rsa.txt");
const ED25519: &str = include_str!("keys/ed25519.pem");
const ED25519_PUBLIC: &str = include_str!("keys/ed25519.txt");

fn signing(key: &str) -> Sender {
    let sender = Sender::new("Fête <programme@example.org>", BASE_URL).unwrap();
    sender.signed(Dkim::new("example.org", "p1", key).unwrap()).unwrap()
}

/// What DNS would say, and nobody is asked.
struct Dns(HashMap<String, Txt>);

impl Dns {
    fn with(record: &str) -> Dns {
        let key = Txt::DomainKey(Arc::new(DomainKey::parse(record.as_bytes()).unwrap()));
        Dns(HashMap::from([("p1._domainkey.example.org.".to_owned(), key)]))
    }
}

impl ResolverCache<String, Txt> for Dns {
    fn get<Q: Hash + Eq + ?Sized>(&self, name: &Q) -> Option<Txt>
    where
        String: Borrow<Q>,
    {
        self.0.get(name).cloned()
    }

    fn remove<Q: Hash + Eq + ?Sized>(&self, _: &Q) -> Option<Txt>
    where
        String: Borrow<Q>,
    {
        None
    }

    fn insert(&self, _: String, _: Txt, _: Instant) {}
}

/// Of what no signature needs.
struct Nothing;

macro_rules! nothing {
    ($($key:ty => $value:ty),+) => {$(
        impl ResolverCache<$key, $value> for Nothing {
            fn get<Q: Hash + Eq + ?Sized>(&self, _: &Q) -> Option<$value> where $key: Borrow<Q> { None }
            fn remove<Q: Hash + Eq + ?Sized>(&self, _: &Q) -> Option<$value> where $key: Borrow<Q> { None }
            fn insert(&self, _: $key, _: $value, _: Instant) {}
        }
    )+};
}
nothing!(
    String => Arc<Vec<MX>>,
    String => Arc<Vec<std::net::Ipv4Addr>>,
    String => Arc<Vec<std::net::Ipv6Addr>>,
    IpAddr => Arc<Vec<String>>
);

/// What a receiver makes of it: one result a signature.
async fn verified(raw: &[u8], dns: &Dns) -> Vec<DkimResult> {
    let message = AuthenticatedMessage::parse(raw).unwrap();
    let nobody =
        MessageAuthenticator::new(hickory_resolver_config::nowhere(), hickory_resolver_config::options())
            .unwrap();
    let parameters: Parameters<'_, _, Dns, Nothing, Nothing, Nothing, Nothing> = Parameters {
        params: &message,
        cache_txt: Some(dns),
        cache_mx: None,
        cache_ptr: None,
        cache_ipv4: None,
        cache_ipv6: None,
    };
    nobody.verify_dkim(parameters).await.into_iter().map(|output| output.result().clone()).collect()
}

mod hickory_resolver_config {
    pub use mail_auth::hickory_resolver::config::{ResolverConfig, ResolverOpts};

    pub fn nowhere() -> ResolverConfig {
        ResolverConfig::default()
    }

    pub fn options() -> ResolverOpts {
        ResolverOpts::default()
    }
}

fn rsa_dns() -> Dns {
    Dns::with(&format!("v=DKIM1; k=rsa; p={RSA_PUBLIC}"))
}

fn altered(raw: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(raw.to_vec()).unwrap();
    assert!(text.contains(from), "{from:?} in {text}");
    text.replacen(from, to, 1).into_bytes()
}

on_both_engines! {
    async fn what_is_signed_is_believed_after_its_trip_and_what_was_altered_is_not(app: Bare) {
        for (n, (key, dns)) in [
            (RSA, rsa_dns()),
            (ED25519, Dns::with(&format!("v=DKIM1; k=ed25519; p={ED25519_PUBLIC}"))),
        ]
        .into_iter()
        .enumerate()
        {
            let server = SmtpServer::start().await;
            let mailer = Mailer::open(&server.url(), "parvis.example.org").unwrap();
            let worker =
                Worker::new(app.pool.clone(), mailer, View::new().unwrap(), signing(key), Uuid::from_u128(1));
            let mut letter = confirmed(n as u128, "ada@example.org");
            // Long words, blanks at the ends of lines, a dot alone, letters of everywhere.
            letter.data.items[0].session.title = "Été  🎈 ".repeat(40);
            letter.data.items[0].session.description = ".\n..\n \n\t \nFrom me\n".to_owned();
            letter.data.name = "Ada   Exemple, dite « la  Comtesse »".to_owned();
            queue(&app, &[letter]).await;

            assert_eq!(worker.deliver_due(app.now()).await.unwrap(), sent(1));

            let [mail] = &server.messages()[..] else { panic!("one mail") };
            let pass = vec![DkimResult::Pass];
            assert_eq!(verified(&mail.raw, &dns).await, pass, "{}", String::from_utf8_lossy(&mail.raw));
            // A relay may fold and lengthen blanks.
            let folded = altered(&mail.raw, "X-Auto-Response-Suppress: All", "X-Auto-Response-Suppress:\r\n  All");
            assert_eq!(verified(&folded, &dns).await, pass);
            let signed = std::str::from_utf8(&mail.raw).unwrap();
            let (head, _) = signed.split_once("\r\n\r\n").unwrap();
            assert!(head.lines().all(|line| line.len() <= 90 || !line.starts_with([' ', 'D'])), "{head}");
            for (from, to) in [
                ("\r\nSubject: ", "\r\nSubject: Re: "),
                ("To: ", "To: eve@example.org, "),
                ("Content-Type: multipart", "Content-Type: Multipart"),
                ("text/calendar; method=REQUEST", "text/calendar; method=CANCEL"),
                ("From: ", "From: eve@example.org\r\nFrom: "),
                ("From: ", "Reply-To: eve@example.org\r\nFrom: "),
            ] {
                let results = verified(&altered(&mail.raw, from, to), &dns).await;
                assert_ne!(results, pass, "{from:?} to {to:?}");
            }
        }
    }
}

#[tokio::test]
async fn each_kind_of_mail_is_signed_and_the_same_to_the_byte_each_time() {
    let (sender, view, dns) = (signing(RSA), View::new().unwrap(), rsa_dns());
    let queued_at = confirmed(1, "a@example.org").data.items[0].session.changed_at;
    for kind in Kind::ALL {
        for lang in [Lang::Fr, Lang::En] {
            let mut some = vec![item("a", Outcome::Confirmed), item("b", Outcome::AlreadyConfirmed)];
            some.iter_mut().for_each(|item| item.before = Some(item.session.told()));
            let data = MailData { items: some, ..data(Vec::new()) };
            let recipient = "ada@example.org".to_owned();
            let letter = Letter { id: id(1), kind, lang, recipient, data, priority: 0 };
            let raw = |sender: &Sender| {
                parvis::mail::render::render(&letter, queued_at, &view, sender).unwrap().message.formatted()
            };
            let signed = raw(&sender);
            assert_eq!(verified(&signed, &dns).await, [DkimResult::Pass], "{kind:?}");
            assert_eq!(raw(&sender), signed);
            assert_eq!(raw(&signing(RSA_OLD)), signed, "the same key, written as it used to be");
        }
    }
    assert_eq!(verified(&rendered(&confirmed(1, "a@example.org")), &dns).await, []);
}

#[tokio::test]
async fn the_way_to_unsubscribe_is_signed_where_there_is_one_and_nobody_can_add_one_that_is_not() {
    let dkim = Dkim::new("example.org", "p1", RSA).unwrap();
    let message = "From: a@example.org\r\nTo: b@example.org\r\nSubject: x\r\nDate: Mon, 1 Mar 2027 09:00:00 +0000\r\n\
        List-Unsubscribe: <https://example.org/unsubscribe/1>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\r\nx\r\n";
    let signed = format!("DKIM-Signature: {}\r\n{message}", dkim.sign(message.as_bytes(), 1_803_891_600));
    assert_eq!(verified(signed.as_bytes(), &rsa_dns()).await, [DkimResult::Pass], "{signed}");
    for (from, to) in [("unsubscribe/1", "unsubscribe/2"), ("=One-Click", "=Two-Clicks")] {
        let results = verified(&altered(signed.as_bytes(), from, to), &rsa_dns()).await;
        assert_ne!(results, [DkimResult::Pass], "{to}");
    }
    for added in [
        "Subject: y\r\n",
        "Date: y\r\n",
        "Reply-To: eve@example.org\r\n",
        "To: eve@example.org\r\n",
        "List-Unsubscribe: <https://example.com>\r\n",
    ] {
        let results = verified(format!("{added}{signed}").as_bytes(), &rsa_dns()).await;
        assert_ne!(results, [DkimResult::Pass], "{added}");
    }
}

#[test]
fn a_signature_nobody_would_believe_is_refused_at_the_start() {
    let sender = Sender::new("programme@example.com", BASE_URL).unwrap();
    let error = sender.signed(Dkim::new("example.org", "p1", RSA).unwrap()).unwrap_err();
    assert_eq!(error.key, "parvis.mail.dkim.domain");
}

#[tokio::test]
async fn a_wrong_key_is_named_at_the_start_and_never_shown() {
    // A folder and settings: nobody opens the database.
    let db = TestDb::sqlite().await;
    let file = |name: &str, text: &str| {
        let path = db.folder().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let (good, bad) = (file("good.pem", RSA), file("bad.pem", &RSA.replace("MII", "MIJ")));
    let of = |settings: &[(&str, &str)]| -> Result<String, String> {
        let figment = settings.iter().fold(db.figment(), |figment, (key, value)| {
            figment.merge((format!("parvis.mail.dkim.{key}"), *value))
        });
        let settings = Settings::extract(&figment).map_err(|error| error.to_string())?;
        parvis::sender(&settings).map_err(|error| error.to_string())?;
        Ok(format!("{settings:?}"))
    };
    let (domain, selector) = (("domain", "example.org"), ("selector", "p1"));

    let shown = of(&[domain, selector, ("key_file", &good)]).unwrap();
    assert!(shown.contains("p1._domainkey.example.org") && !shown.contains("PRIVATE"), "{shown}");
    of(&[domain, selector, ("key", ED25519)]).unwrap();

    for (settings, begins) in [
        (vec![domain, selector], "setting `parvis.mail.dkim.key_file`: is missing; "),
        (vec![domain, ("key_file", &good)], "setting `parvis.mail.dkim.selector`: is missing; "),
        (vec![selector, ("key_file", &good)], "setting `parvis.mail.dkim.domain`: is missing; "),
        (
            vec![domain, selector, ("key_file", "/not/there")],
            "setting `parvis.mail.dkim.key_file`: /not/there cannot be read: ",
        ),
        (
            vec![domain, selector, ("key_file", &bad)],
            "parvis.mail.dkim.key_file: no private key that can be used",
        ),
        (
            vec![domain, selector, ("key", &RSA[..900])],
            "parvis.mail.dkim.key: no private key that can be used",
        ),
        (
            vec![domain, selector, ("key", RSA), ("key_file", &good)],
            "setting `parvis.mail.dkim.key`: stands beside",
        ),
        (
            vec![("domain", "example.com"), selector, ("key", RSA)],
            "parvis.mail.dkim.domain: not the domain of",
        ),
        (vec![domain, ("selector", "a b"), ("key", RSA)], "parvis.mail.dkim.selector: not a name"),
        (vec![domain, selector, ("key", RSA), ("bits", "2048")], "setting `parvis.mail.dkim.bits`"),
    ] {
        let error = of(&settings).unwrap_err();
        assert!(error.starts_with(begins), "{error}");
        assert!(!error.contains("BEGIN") && !error.contains(&RSA[40..60]), "{error}");
    }
}
