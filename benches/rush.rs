//! Registrations over HTTP when registration opens, beside what the database itself can do: plain commits of one
//! row each. On SQLite with `synchronous=FULL`, also on a disk whose sync takes 2 ms, and on PostgreSQL with one
//! process and with two. Mails go out meanwhile, to a mail server in this process. Then as many people come once more
//! while somebody reads the programme without a rest: what is left of the reader's rate. Last, how old the seats are that
//! pages show while people register.
//! `docs/PERFORMANCE.md` says how to read it.
//!
//! ```text
//! cargo bench --bench rush [-- --people 5000 --on sqlite,slow,postgres,two]
//! ```

#![allow(clippy::unwrap_used, reason = "a bench that panics has failed, which is the point")]

#[path = "support/age.rs"]
mod age;
#[path = "support/commits.rs"]
mod commits;
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
#[path = "../tests/it/smtp.rs"]
mod smtp;

use std::path::Path;

use parvis::{
    db::{Durability, Pool},
    on,
};
use sqlx::query_scalar;

use age::Watch;
use commits::To;
use load::{Plan, Report};
use server::Server;
use smtp::SmtpServer;

/// Browsers that send at the same time.
const CONNECTIONS: usize = 64;
/// How long the programme page is read before the rush, in seconds.
const CALM: f64 = 2.0;
const PAGE: &str = "/fr/rush";
const SESSION: &str = "/fr/rush/sessions/session-0";

/// One rush.
struct Rush {
    name: &'static str,
    sessions: usize,
    seats: usize,
    people: usize,
    /// Sessions that each form names.
    each: usize,
}

/// What the rush meets.
#[derive(Clone, Copy, PartialEq, Eq)]
enum On {
    Sqlite { slow: bool },
    Postgres { processes: usize },
}

impl On {
    const ALL: [On; 4] = [
        On::Sqlite { slow: false },
        On::Sqlite { slow: true },
        On::Postgres { processes: 1 },
        On::Postgres { processes: 2 },
    ];

    /// As `--on` names it.
    fn word(self) -> &'static str {
        match self {
            On::Sqlite { slow: false } => "sqlite",
            On::Sqlite { slow: true } => "slow",
            On::Postgres { processes: 1 } => "postgres",
            On::Postgres { .. } => "two",
        }
    }

    fn name(self) -> &'static str {
        match self {
            On::Sqlite { slow: false } => "SQLite",
            On::Sqlite { slow: true } => "SQLite, sync 2 ms",
            On::Postgres { processes: 1 } => "PostgreSQL",
            On::Postgres { .. } => "PostgreSQL, two",
        }
    }
}

fn main() {
    if load::was_one() || commits::was_one() {
        return;
    }
    let many = figures::option("--people", 5_000.0) as usize;
    let rushes = [
        Rush { name: "200 seats, 1,000 people", sessions: 1, seats: 200, people: 1_000, each: 1 },
        Rush { name: "one session", sessions: 1, seats: 200, people: many, each: 1 },
        Rush { name: "80 sessions", sessions: 80, seats: 50, people: many, each: 1 },
        Rush { name: "80 sessions, 3 a form", sessions: 80, seats: 150, people: many, each: 3 },
    ];
    let columns = [
        "rush",
        "on",
        "forms",
        "forms/s",
        "commits/s",
        "ratio",
        "p50 ms",
        "p99 ms",
        "max ms",
        "server µs",
        "mails left",
        "page kept",
        "forms/s while read",
    ];
    let mut rows = vec![columns.map(str::to_owned).to_vec()];
    let ages = ["seats on pages", "seats taken", "pages read", "oldest ms"];
    let mut ages = vec![ages.map(str::to_owned).to_vec()];
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for on in On::ALL.into_iter().filter(|on| figures::is_wanted(on.word())) {
        if on == (On::Sqlite { slow: true }) && !server::can_be_slow() {
            println!("skipped: a disk whose sync takes 2 ms (there is no C compiler)");
            continue;
        }
        for rush in &rushes {
            rows.extend(runtime.block_on(rush.on(on)));
        }
        let rush = Rush { name: "seats", sessions: 1, seats: many, people: many, each: 1 };
        ages.extend(runtime.block_on(rush.watched(on)));
    }
    figures::table(&rows);
    println!();
    figures::table(&ages);
}

/// Where a rush takes place.
struct Ground {
    url: String,
    servers: Vec<Server>,
}

impl Rush {
    /// The same rush while somebody compares pages of the session with the database, fifty times a second.
    async fn watched(&self, on: On) -> Option<Vec<String>> {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let schema = match on {
            On::Sqlite { .. } => None,
            On::Postgres { .. } => Some(postgres::schema_with(&[]).await?),
        };
        let url = match &schema {
            None => format!("sqlite://{}/rush.db", folder.path().display()),
            Some(schema) => schema.url.clone(),
        };
        let mails = SmtpServer::start().await;
        let ground = self.open(on, &url, folder.path(), &mails);
        let pool = Pool::open(&ground.url, 2, Durability::Full).await.unwrap();
        let (ports, seats) = (ground.ports(), self.seats as i64);
        let watch = Watch { pool: &pool, ports: &ports, page: SESSION, seats };
        watch.until(0).await;

        let load = ground.plan(self.forms(0)).start();
        let seen = watch.until(seats).await;
        let report = load.report();

        assert_eq!(report.statuses.keys().copied().collect::<Vec<_>>(), [303], "{report:?}");
        pool.close().await;
        let oldest = format!("{:.0}", seen.oldest.as_secs_f64() * 1e3);
        Some(vec![on.name().to_owned(), seats.to_string(), seen.pages.to_string(), oldest])
    }

    async fn on(&self, on: On) -> Option<Vec<String>> {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        match on {
            On::Sqlite { slow } => {
                let url = format!("sqlite://{}/rush.db", folder.path().display());
                Some(self.run(on, &url, folder.path(), To::Sqlite { folder: folder.path(), slow }).await)
            }
            On::Postgres { .. } => {
                let schema = postgres::schema_with(&[]).await?;
                Some(self.run(on, &schema.url, folder.path(), To::Postgres(&schema.url)).await)
            }
        }
    }

    async fn run(&self, on: On, url: &str, folder: &Path, plain: To<'_>) -> Vec<String> {
        let mails = SmtpServer::start().await;
        let ground = self.open(on, url, folder, &mails);
        let before = plain.rate();
        let calm = ground.reading(CALM).run();
        let cpu = ground.cpu();
        let report = ground.plan(self.forms(0)).run();
        let cpu = (ground.cpu() - cpu) / report.answers as f64 * 1e6;
        let left = self.look(&ground, &report, 1).await;
        // Longer than any rush: it is ended with it.
        let reading = ground.reading(600.0).start();
        let again = ground.plan(self.forms(self.people)).run();
        let meanwhile = reading.end();
        self.look(&ground, &again, 2).await;
        // The mails that are left are none of the baseline's business.
        drop(ground);
        let commits = (before + plain.rate()) / 2.0;
        let first = [self.name, on.name()].map(str::to_owned);
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
            format!("{:.2}", meanwhile.rate() / calm.rate()),
            format!("{:.0}", again.rate()),
        ];
        first.into_iter().chain(rest).collect()
    }

    /// Publishes the programme, and starts the servers.
    fn open(&self, on: On, url: &str, folder: &Path, mails: &SmtpServer) -> Ground {
        let settings = |port: u16| {
            [
                ("ROCKET_PORT", port.to_string()),
                ("ROCKET_DATABASES", format!("{{main={{url={url:?}}}}}")),
                ("ROCKET_PARVIS", format!("{{rate_limits=\"off\",mail={{url={:?}}}}}", mails.url())),
            ]
        };
        programme::publish(folder, &settings(0), self.sessions, self.seats);
        let processes = if let On::Postgres { processes } = on { processes } else { 1 };
        let start = |_| {
            let port = server::free_port();
            let command = server::parvis(folder, &["serve"], &settings(port));
            let is_slow = on == (On::Sqlite { slow: true });
            let command = if is_slow { server::slowly(command) } else { command };
            Server::start(command, port, "/readyz").0
        };
        let servers = (0..processes).map(start).collect();
        Ground { url: url.to_owned(), servers }
    }

    fn forms(&self, first: usize) -> Vec<String> {
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
        (first..first + self.people).map(form).collect()
    }

    /// A rush whose outcome is wrong has no speed: everybody of so many rushes is in. Gives the mails that still wait.
    async fn look(&self, ground: &Ground, report: &Report, rushes: usize) -> i64 {
        assert_eq!(report.statuses.keys().copied().collect::<Vec<_>>(), [303], "{report:?}");
        let pool = Pool::open(&ground.url, 2, Durability::Full).await.unwrap();
        let mut db = pool.acquire().await.unwrap();
        let left: i64 = on!(db, c => query_scalar("SELECT COUNT(*) FROM outbox WHERE sent_at IS NULL").fetch_one(c).await).unwrap();
        let confirmed: i64 = on!(db, c => query_scalar("SELECT COUNT(*) FROM registration WHERE state = 'confirmed'").fetch_one(c).await).unwrap();
        let all: i64 =
            on!(db, c => query_scalar("SELECT COUNT(*) FROM registration").fetch_one(c).await).unwrap();
        drop(db);
        pool.close().await;
        let people = rushes * self.people * self.each;
        assert_eq!(all as usize, people);
        assert_eq!(confirmed as usize, people.min(self.sessions * self.seats));
        left
    }
}

impl Ground {
    fn ports(&self) -> Vec<u16> {
        self.servers.iter().map(|server| server.port).collect()
    }

    fn cpu(&self) -> f64 {
        self.servers.iter().map(Server::cpu).sum()
    }

    /// Each form once.
    fn plan(&self, requests: Vec<String>) -> Plan {
        Plan { ports: self.ports(), connections: CONNECTIONS, seconds: None, requests }
    }

    /// One reader of the programme, who never rests.
    fn reading(&self, seconds: f64) -> Plan {
        let page = http::get(PAGE, &[("Accept-Encoding", "br")]);
        Plan {
            ports: self.ports()[..1].to_vec(),
            connections: 1,
            seconds: Some(seconds),
            requests: vec![page],
        }
    }
}
