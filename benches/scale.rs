//! A very large programme beside a small one: 10,000 sessions and 1,000,000 registrations, and 80 sessions with
//! 8,000. What the desk takes, how fast somebody's agenda opens, how long a search takes, how much memory is held.
//! `docs/PERFORMANCE.md` says how to read it.
//!
//! ```text
//! cargo bench --bench scale [-- --sessions 10000 --each 100 --on sqlite,postgresql]
//! ```

#![allow(clippy::unwrap_used, reason = "a bench that panics has failed, which is the point")]

#[path = "support/figures.rs"]
mod figures;
#[path = "support/http.rs"]
mod http;
#[path = "support/load.rs"]
mod load;
#[path = "support/populate.rs"]
mod populate;
#[expect(dead_code, reason = "tests ask for a server that is faster and forgets")]
#[path = "../tests/it/postgres.rs"]
mod postgres;
#[path = "support/programme.rs"]
mod programme;
#[path = "support/server.rs"]
mod server;
#[path = "../tests/it/smtp.rs"]
mod smtp;

use std::{path::Path, time::Duration};

use parvis::{
    clock::Clock,
    db::{Durability, Pool},
    on,
    tokens::{LinkKey, Purpose},
};
use sha2::{Digest as _, Sha256};
use sqlx::query_scalar;
use uuid::Uuid;

use load::{Plan, Report};
use server::Server;
use smtp::SmtpServer;

/// Sessions of one person.
const OF_A_PERSON: usize = 10;
/// Of the small programme.
const SMALL: usize = 80;
/// Forms of the rush; into 80 sessions of either programme.
const FORMS: usize = 5_000;
/// How often it is looked whether something is done.
const LOOK: Duration = Duration::from_millis(200);
const SECRET: &str = "a key for the bench alone, of forty letters";
/// Filters that people use, each with a few sessions as its answer.
const SEARCHES: [&str; 5] = [
    "/fr/rush?q=session+77",
    "/fr/rush?q=s%C3%A9ance&day=DAY&open=1",
    "/fr/rush?day=DAY&format=workshop",
    "/fr/rush?q=session-1234",
    "/fr/rush?q=introuvable",
];

/// What was measured of one programme.
struct Measured {
    desk: Report,
    written: f64,
    agenda: Report,
    searches: Report,
    page: Report,
    fresh: f64,
    memory: f64,
}

fn main() {
    if load::was_one() {
        return;
    }
    let sessions = figures::option("--sessions", 10_000.0) as usize;
    let each = figures::option("--each", 100.0) as usize;
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut rows = vec![["what", "on", "small", "large", "ratio", "goal"].map(str::to_owned).to_vec()];
    for engine in
        ["SQLite", "PostgreSQL"].into_iter().filter(|engine| figures::is_wanted(&engine.to_lowercase()))
    {
        let Some(small) = runtime.block_on(on(engine, SMALL, each)) else { continue };
        let Some(large) = runtime.block_on(on(engine, sessions, each)) else { continue };
        rows.extend(compare(engine, &small, &large));
    }
    figures::table(&rows);
}

fn compare(engine: &str, small: &Measured, large: &Measured) -> Vec<Vec<String>> {
    let line = |what: &str, of: fn(&Measured) -> f64, goal: &str| {
        let (small, large) = (of(small), of(large));
        let numbers = [small, large].map(|number| format!("{number:.1}"));
        let start = [what.to_owned(), engine.to_owned()];
        start.into_iter().chain(numbers).chain([format!("{:.2}", large / small), goal.to_owned()]).collect()
    };
    vec![
        line("forms at the desk a second", |m| m.desk.rate(), "0.8"),
        line("their p99, ms", |m| m.desk.p99, ""),
        line("written for a form, kB", |m| m.written, ""),
        line("agenda pages a second", |m| m.agenda.rate(), "0.8"),
        line("their p99, ms", |m| m.agenda.p99, ""),
        line("filters and searches, p99 ms", |m| m.searches.p99, "50 ms"),
        line("the whole programme, p99 ms", |m| m.page.p99, ""),
        line("memory fresh, MB", |m| m.fresh, ""),
        line("memory after all that, MB", |m| m.memory, "400 MB"),
    ]
}

async fn on(engine: &str, sessions: usize, each: usize) -> Option<Measured> {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    if engine == "SQLite" {
        let url = format!("sqlite://{}/scale.db", folder.path().display());
        return Some(measure(&url, folder.path(), sessions, each).await);
    }
    let schema = postgres::schema_with(&[]).await?;
    Some(measure(&schema.url, folder.path(), sessions, each).await)
}

async fn measure(url: &str, folder: &Path, sessions: usize, each: usize) -> Measured {
    let port = server::free_port();
    let mails = SmtpServer::start().await;
    let ours = format!("{{rate_limits=\"off\",secret_key={SECRET:?},mail={{url={:?}}}}}", mails.url());
    let settings = [
        ("ROCKET_PORT", port.to_string()),
        ("ROCKET_DATABASES", format!("{{main={{url={url:?}}}}}")),
        ("ROCKET_PARVIS", ours),
    ];
    let first = programme::publish(folder, &settings, sessions, 2 * each);
    let people =
        populate::populate(url, sessions * each / OF_A_PERSON, OF_A_PERSON, Clock::system().now()).await;
    let (server, _) = Server::start(server::parvis(folder, &["serve"], &settings), port, "/readyz");
    let fresh = server.memory("VmRSS");
    counted(url).await;
    let day = first.to_string();
    let ask = |connections: usize, requests: Vec<String>| {
        let plan = Plan { ports: vec![port], connections, seconds: Some(3.0), requests };
        let report = plan.run();
        assert_eq!(report.statuses.keys().copied().collect::<Vec<_>>(), [200]);
        report
    };
    let agenda = ask(16, people.iter().take(500).map(agenda_of).collect());
    let page = |path: &str| http::get(&path.replace("DAY", &day), &[("Accept-Encoding", "br")]);
    let searches = ask(2, SEARCHES.iter().map(|path| page(path)).collect());
    let whole = ask(2, vec![page("/fr/rush")]);
    let before = server.written();
    let desk = Plan { ports: vec![port], connections: 64, seconds: None, requests: forms(sessions) }.run();
    assert_eq!(desk.statuses.keys().copied().collect::<Vec<_>>(), [303]);
    let written = (server.written() - before) / FORMS as f64;
    Measured { desk, written, agenda, searches, page: whole, fresh, memory: server.memory("VmHWM") }
}

/// Waits until the server has counted all of them for the page of figures, as it has long before it holds so many.
async fn counted(url: &str) {
    let pool = Pool::open(url, 2, Durability::Off).await.expect("the database");
    loop {
        let mut db = pool.acquire().await.expect("a connection");
        let counted: i64 =
            on!(db, c => query_scalar("SELECT COUNT(*) FROM figures").fetch_one(c).await).expect("a count");
        drop(db);
        if counted > 0 {
            break;
        }
        tokio::time::sleep(LOOK).await;
    }
    pool.close().await;
}

fn agenda_of(person: &Uuid) -> String {
    let key = LinkKey::new(Sha256::digest(SECRET.as_bytes()).into());
    http::get(&format!("/fr/agenda/{}", key.seal(Purpose::Agenda, *person, 1)), &[])
}

/// New people, in sessions that lie apart from each other.
fn forms(sessions: usize) -> Vec<String> {
    let form = |person: usize| {
        let (name, email) = (format!("Personne {person}"), format!("personne-{person}@example.org"));
        let session = format!("session-{}", person % SMALL * (sessions / SMALL));
        let fields = [
            ("name", name.as_str()),
            ("email", &email),
            ("people", "1"),
            ("consent", "1"),
            ("session", &session),
        ];
        http::post("/fr/rush/register", &fields)
    };
    (0..FORMS).map(form).collect()
}
