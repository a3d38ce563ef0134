//! Registrations over HTTP when registration opens, beside what the database itself can do: plain commits of one
//! row each. On SQLite with `synchronous=FULL`, and on PostgreSQL. `docs/PERFORMANCE.md` says how to read it.
//!
//! ```text
//! cargo bench --bench rush [-- --people 5000]
//! ```

#![allow(clippy::unwrap_used, reason = "a bench that panics has failed, which is the point")]

#[path = "support/figures.rs"]
mod figures;
#[path = "support/http.rs"]
mod http;
#[path = "support/load.rs"]
mod load;
#[expect(dead_code, reason = "tests ask for a server that is faster and forgets")]
#[path = "../tests/it/postgres.rs"]
mod postgres;
#[path = "support/programme.rs"]
mod programme;
#[path = "support/server.rs"]
mod server;

use std::{
    path::Path,
    time::{Duration, Instant},
};

use parvis::{
    clock::Clock,
    db::{Durability, Pool},
    on,
    tokens::Tokens,
};
use sqlx::{query, query_scalar};

use load::{Plan, Report};
use server::Server;

/// Browsers that send at the same time.
const CONNECTIONS: usize = 64;
/// How long the plain commits go on, before and after each rush.
const COMMITS: Duration = Duration::from_secs(2);
/// PostgreSQL commits several at once; SQLite has one writer.
const POSTGRES_WRITERS: usize = 8;

/// One rush.
struct Rush {
    name: &'static str,
    sessions: usize,
    seats: usize,
    people: usize,
    /// Sessions that each form names.
    each: usize,
}

fn main() {
    if load::was_one() {
        return;
    }
    let many = figures::option("--people", 5_000.0) as usize;
    let rushes = [
        Rush { name: "200 seats, 1,000 people", sessions: 1, seats: 200, people: 1_000, each: 1 },
        Rush { name: "80 sessions", sessions: 80, seats: 50, people: many, each: 1 },
        Rush { name: "80 sessions, 3 a form", sessions: 80, seats: 150, people: many, each: 3 },
    ];
    let columns = [
        "rush",
        "database",
        "forms",
        "forms/s",
        "commits/s",
        "ratio",
        "p50 ms",
        "p99 ms",
        "max ms",
        "server µs",
        "mails left",
    ];
    let mut rows = vec![columns.map(str::to_owned).to_vec()];
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for rush in &rushes {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let url = format!("sqlite://{}/rush.db", folder.path().display());
        rows.push(runtime.block_on(rush.run("sqlite", &url, folder.path())));
    }
    for rush in &rushes {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        if let Some(schema) = runtime.block_on(postgres::schema_with(&[])) {
            rows.push(runtime.block_on(rush.run("postgres", &schema.url, folder.path())));
        }
    }
    figures::table(&rows);
}

impl Rush {
    async fn run(&self, name: &str, url: &str, folder: &Path) -> Vec<String> {
        let port = server::free_port();
        let settings = [
            ("ROCKET_PORT", port.to_string()),
            ("ROCKET_DATABASES", format!("{{main={{url={url:?}}}}}")),
            ("ROCKET_PARVIS", "{rate_limits=\"off\"}".to_owned()),
        ];
        programme::publish(folder, &settings, self.sessions, self.seats);
        let (server, _) = Server::start(server::parvis(folder, &["serve"], &settings), port, "/readyz");
        let writers = if name == "sqlite" { 1 } else { POSTGRES_WRITERS };
        let pool = Pool::open(url, 8, Durability::Full).await.unwrap();
        let before = commits(&pool, writers).await;
        let cpu = server.cpu();
        let plan = Plan { port, connections: CONNECTIONS, seconds: None, requests: self.forms() };
        let report = plan.run();
        let cpu = (server.cpu() - cpu) / report.answers as f64 * 1e6;
        let left = self.look(&pool, &report).await;
        let after = commits(&pool, writers).await;
        pool.close().await;
        let commits = (before + after) / 2.0;
        let first = [self.name, name].map(str::to_owned);
        let rest = [
            format!("{}", report.answers),
            format!("{:.0}", report.rate()),
            format!("{commits:.0}"),
            format!("{:.2}", report.rate() / commits),
            format!("{:.1}", report.p50),
            format!("{:.1}", report.p99),
            format!("{:.1}", report.max),
            format!("{cpu:.0}"),
            left.to_string(),
        ];
        first.into_iter().chain(rest).collect()
    }

    fn forms(&self) -> Vec<String> {
        let form = |person: usize| {
            let (name, email) = (format!("Personne {person}"), format!("personne-{person}@example.org"));
            // Steps of 27 visit all 80 sessions, and no form names one twice.
            let chosen = (0..self.each).map(|n| format!("session-{}", (person + n * 27) % self.sessions));
            let chosen: Vec<_> = chosen.collect();
            let mut fields =
                vec![("name", name.as_str()), ("email", &email), ("people", "1"), ("consent", "1")];
            fields.extend(chosen.iter().map(|session| ("session", session.as_str())));
            http::post("/fr/rush/register", &fields)
        };
        (0..self.people).map(form).collect()
    }

    /// A rush whose outcome is wrong has no speed. Gives the mails that still wait.
    async fn look(&self, pool: &Pool, report: &Report) -> i64 {
        assert_eq!(report.statuses.keys().copied().collect::<Vec<_>>(), [303], "{report:?}");
        let mut db = pool.acquire().await.unwrap();
        let left: i64 = on!(db, c => query_scalar("SELECT COUNT(*) FROM outbox WHERE sent_at IS NULL").fetch_one(c).await).unwrap();
        let confirmed: i64 = on!(db, c => query_scalar("SELECT COUNT(*) FROM registration WHERE state = 'confirmed'").fetch_one(c).await).unwrap();
        let all: i64 =
            on!(db, c => query_scalar("SELECT COUNT(*) FROM registration").fetch_one(c).await).unwrap();
        assert_eq!(all as usize, self.people * self.each);
        assert_eq!(confirmed as usize, (self.people * self.each).min(self.sessions * self.seats));
        left
    }
}

/// Plain commits a second: a row of the width of a registration, each in its own transaction.
async fn commits(pool: &Pool, writers: usize) -> f64 {
    let mut db = pool.acquire().await.unwrap();
    on!(db, c => query(
        "CREATE TABLE IF NOT EXISTS plain (
             id UUID PRIMARY KEY, session_id UUID NOT NULL, participant_id UUID NOT NULL, order_id UUID NOT NULL,
             state TEXT NOT NULL, people BIGINT NOT NULL, arrival BIGINT NOT NULL, bumps BIGINT NOT NULL,
             created_at TIMESTAMPTZ NOT NULL, changed_at TIMESTAMPTZ NOT NULL)"
    ).execute(c).await.map(|_| ())).unwrap();
    drop(db);
    let since = Instant::now();
    let until = since + COMMITS;
    let tasks: Vec<_> = (0..writers).map(|_| tokio::spawn(commit_until(pool.clone(), until))).collect();
    let mut rows = 0;
    for task in tasks {
        rows += task.await.unwrap();
    }
    f64::from(rows) / since.elapsed().as_secs_f64()
}

async fn commit_until(pool: Pool, until: Instant) -> u32 {
    let (clock, tokens) = (Clock::system(), Tokens::random());
    let mut rows = 0;
    while Instant::now() < until {
        let now = clock.now();
        let mut tx = pool.begin().await.unwrap();
        on!(tx, c => query("INSERT INTO plain VALUES ($1, $2, $3, $4, 'confirmed', 1, $5, 0, $6, $6)")
            .bind(tokens.id(now))
            .bind(tokens.id(now))
            .bind(tokens.id(now))
            .bind(tokens.id(now))
            .bind(i64::from(rows))
            .bind(now)
            .execute(c)
            .await
            .map(|_| ()))
        .unwrap();
        tx.commit().await.unwrap();
        rows += 1;
    }
    rows
}
