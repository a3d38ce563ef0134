//! Confirmations with their calendar entries: rendered, and rendered and sent over SMTP from the outbox of a database,
//! beside the same bytes sent raw. `docs/PERFORMANCE.md` says how to read it.
//!
//! ```text
//! cargo bench --bench mail [-- --mails 10000]
//! ```

#![allow(clippy::unwrap_used, reason = "a bench that panics has failed, which is the point")]

#[path = "support/figures.rs"]
mod figures;
#[expect(dead_code, reason = "tests ask for a server that is faster and forgets")]
#[path = "../tests/it/postgres.rs"]
mod postgres;
#[path = "support/sink.rs"]
mod sink;

use std::time::Instant;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use parvis::{
    db::{Durability, Pool},
    locale::Lang,
    mail::{
        self, Frozen, Item, Letter, MailData, Outcome, ProgrammeLine,
        dkim::Dkim,
        outbox,
        render::{Sender, render},
        transport::Mailer,
        worker::Worker,
    },
    programme::{Access, Format, Status},
    tokens::Tokens,
    view::View,
};
use uuid::Uuid;

use sink::Sink;

/// Deliveries of the worker that are under way at once.
const CONNECTIONS: usize = 6;
/// Written in one transaction, as a rush would.
const WRITTEN_AT_ONCE: usize = 100;

fn main() {
    if sink::was_one() {
        return;
    }
    let many = figures::option("--mails", 10_000.0) as usize;
    let now = NaiveDate::from_ymd_opt(2027, 3, 1).unwrap().and_hms_opt(9, 0, 0).unwrap().and_utc();
    let letters = letters(many, now);
    let plain = Sender::new("MISO <programme@example.org>", "https://programme.example.org").unwrap();
    let signed = |key: &str| plain.clone().signed(Dkim::new("example.org", "p1", key).unwrap()).unwrap();
    let senders = [
        ("unsigned", plain.clone()),
        ("RSA 2048", signed(include_str!("../tests/it/post/keys/rsa.pem"))),
        ("Ed25519", signed(include_str!("../tests/it/post/keys/ed25519.pem"))),
    ];
    let view = View::new().unwrap();
    let sink = Sink::start();

    let example = render(&letters[0], now, &view, &plain).unwrap().message.formatted();
    let raw = || sink.raw(&example, many, CONNECTIONS);
    raw();
    let before = raw();
    let mut rates = Vec::new();
    for (name, sender) in &senders {
        let since = Instant::now();
        for letter in &letters {
            render(letter, now, &view, sender).unwrap().message.formatted();
        }
        rates.push((format!("rendered, {name}"), "-", many as f64 / since.elapsed().as_secs_f64()));
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for (name, sender) in &senders {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let url = format!("sqlite://{}/mail.db", folder.path().display());
        let rate = runtime.block_on(sent(&url, &letters, sender, sink.port, now));
        rates.push((format!("rendered and sent, {name}"), "sqlite", rate));
    }
    if let Some(schema) = runtime.block_on(postgres::schema_with(&[])) {
        let rate = runtime.block_on(sent(&schema.url, &letters, &plain, sink.port, now));
        rates.push(("rendered and sent, unsigned".to_owned(), "postgres", rate));
    }
    let baseline = (before + raw()) / 2.0;

    println!("{many} mails of {} bytes, {CONNECTIONS} connections", example.len());
    let mut rows = vec![["what", "database", "mails/s", "ratio"].map(str::to_owned).to_vec()];
    rows.push(vec![
        "the same bytes, raw".to_owned(),
        "-".to_owned(),
        format!("{baseline:.0}"),
        "1.00".to_owned(),
    ]);
    for (what, database, rate) in rates {
        rows.push(vec![what, database.to_owned(), format!("{rate:.0}"), format!("{:.2}", rate / baseline)]);
    }
    figures::table(&rows);
}

/// From rows of the outbox to the answers of the server, marks included; mails a second.
async fn sent(url: &str, letters: &[Letter], sender: &Sender, port: u16, now: DateTime<Utc>) -> f64 {
    let pool = Pool::open(url, 8, Durability::Full).await.unwrap();
    for some in letters.chunks(WRITTEN_AT_ONCE) {
        let mut tx = pool.begin().await.unwrap();
        outbox::queue(&mut tx, some, now).await.unwrap();
        tx.commit().await.unwrap();
    }
    let mailer = Mailer::open(&format!("smtp://127.0.0.1:{port}"), "programme.example.org").unwrap();
    let worker = Worker::new(pool.clone(), mailer, View::new().unwrap(), sender.clone(), Uuid::from_u128(1));
    let since = Instant::now();
    let mut done = 0;
    while done < letters.len() {
        let step = worker.deliver_due(now).await.unwrap();
        assert_eq!(step.sent, step.taken(), "the sink takes everything");
        assert!(step.sent > 0, "nothing is due, but {} mails are not sent", letters.len() - done);
        done += step.sent;
    }
    let rate = done as f64 / since.elapsed().as_secs_f64();
    pool.close().await;
    rate
}

/// Of one session each, every third of three; half of them in English.
fn letters(many: usize, now: DateTime<Utc>) -> Vec<Letter> {
    let tokens = Tokens::seeded(1);
    let letter = |n: usize| {
        let sessions = if n.is_multiple_of(3) { 3 } else { 1 };
        let data = MailData {
            programme: ProgrammeLine {
                slug: "miso".to_owned(),
                title: "Mois de l’innovation sociale ouverte 2027".to_owned(),
                timezone: chrono_tz::Europe::Zurich,
                contact: Some("info@example.org".to_owned()),
            },
            name: format!("Personne Exemple {n}"),
            agenda_token: "a".repeat(52),
            feed_token: "f".repeat(52),
            items: (0..sessions).map(|at| item((n + at) % 80, now)).collect(),
            confirm_token: None,
            door_code: None,
            own: parvis::mail::Own::default(),
            reminder: None,
        };
        let lang = if n.is_multiple_of(2) { Lang::Fr } else { Lang::En };
        mail::order(tokens.id(now), lang, &format!("personne.{n}@example.org"), data)
    };
    (0..many).map(letter).collect()
}

fn item(n: usize, now: DateTime<Utc>) -> Item {
    let starts_at = now + TimeDelta::days(40) + TimeDelta::hours(i64::try_from(n).unwrap());
    let ends_at = starts_at + TimeDelta::minutes(90);
    let local = |at: DateTime<Utc>| at.with_timezone(&chrono_tz::Europe::Zurich).naive_local();
    let session = Frozen {
        slug: format!("session-{n}"),
        uid: Uuid::from_u128(n as u128),
        title: format!("Comment faire une place à chaque personne dans la ville ? Atelier {n}"),
        date: local(starts_at).date(),
        start: Some(local(starts_at).time()),
        end: Some(local(ends_at)),
        starts_at,
        ends_at: Some(ends_at),
        place: "Maison des associations".to_owned(),
        address: "Rue de l’Exemple 1, 1205 Genève".to_owned(),
        geo: Some((46.2, 6.14)),
        online: true,
        join_url: Some(format!("https://meet.example.org/session-{n}")),
        path: format!("/miso/sessions/session-{n}"),
        theme: "LAB d’innovation sociale ouverte".to_owned(),
        formats: vec![Format::Workshop],
        tags: vec!["ville".to_owned(), "inclusion".to_owned()],
        description: "Une heure et demie pour essayer ensemble, à partir de situations vécues. ".repeat(8),
        status: Status::Scheduled,
        cancel_reason: String::new(),
        access: vec![Access::Text("boucle magnétique".to_owned())],
        changed_at: now - TimeDelta::days(3),
    };
    Item { session, outcome: Outcome::Confirmed, people: 1, sequence: 2, before: None, after: None }
}
