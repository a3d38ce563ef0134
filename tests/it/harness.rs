//! The application as a test sees it, on either database, at a time of its own.
//!
//! ```ignore
//! on_both_engines! {
//!     async fn a_seat_is_given_once(app: App) {
//!         app.publish(&seats(1)).await;
//!
//!         app.register("a@example.org", "s1").await;
//!         app.pass(TimeDelta::hours(1));
//!
//!         assert_eq!(app.mails().await, …);
//!     }
//! }
//! ```

#![allow(dead_code, unused_macros, reason = "each test binary uses its own part of this")]

use std::{
    path::Path,
    sync::{Arc, Mutex},
};

use chrono::{DateTime, TimeDelta, TimeZone as _, Utc};
use parvis::{
    clock::Clock,
    db::{Durability, Pool},
    tokens::Tokens,
};
use rocket::figment::Figment;
use tempfile::TempDir;

use crate::postgres::{self, Schema};

/// Where the application says that it lives.
pub const BASE_URL: &str = "https://parvis.example.org";
/// Connections of a test's pool: enough to find races, few enough for many tests at once.
const CONNECTIONS: u32 = 8;

/// Makes of each test two, `name::sqlite` and `name::postgres`.
///
/// The argument's type says what is given ([`Given`]): an `App`, or an empty [`TestDb`]. Where no PostgreSQL
/// server can be had, the second one says so and passes; `PARVIS_REQUIRE_POSTGRES=1` makes it fail.
macro_rules! on_both_engines {
    ($($(#[$meta:meta])* async fn $name:ident($($given:ident)+: $type:ty) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            #![allow(unused_imports, reason = "a test may need nothing of its file")]
            use super::*;

            async fn check($($given)+: $type) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let db = $crate::harness::TestDb::sqlite().await;
                check(<$type as $crate::harness::Given>::given(db).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                match $crate::harness::TestDb::postgres().await {
                    Some(db) => check(<$type as $crate::harness::Given>::given(db).await).await,
                    None => println!("skipped: no PostgreSQL server"),
                }
            }
        }
    )+};
}

/// What a test of both engines can ask for.
pub trait Given {
    /// Itself, on that empty database.
    fn given(db: TestDb) -> impl Future<Output = Self>;
}

/// An empty database of its own: a file in a temporary folder, or a schema. Gone when dropped.
pub struct TestDb {
    /// As `databases.main.url` takes it.
    pub url: String,
    /// A folder of the test's own, for the database, mails, and whatever else it writes.
    home: TempDir,
    schema: Option<Schema>,
}

impl TestDb {
    pub async fn sqlite() -> TestDb {
        let home = tempfile::tempdir().unwrap();
        TestDb { url: format!("sqlite://{}/test.db", home.path().display()), home, schema: None }
    }

    /// `None` where no server can be had.
    pub async fn postgres() -> Option<TestDb> {
        let schema = postgres::schema().await?;
        let home = tempfile::tempdir().unwrap();
        Some(TestDb { url: schema.url.clone(), home, schema: Some(schema) })
    }

    pub fn is_sqlite(&self) -> bool {
        self.schema.is_none()
    }

    pub fn folder(&self) -> &Path {
        self.home.path()
    }

    /// A pool of its own on this database, migrated: another process, as it were.
    pub async fn pool(&self) -> Pool {
        Pool::open(&self.url, CONNECTIONS, Durability::Off).await.unwrap()
    }

    /// What the application reads its settings from. Later merges go first.
    pub fn figment(&self) -> Figment {
        rocket::Config::figment()
            .merge(("address", "127.0.0.1"))
            .merge(("port", 0))
            .merge(("ip_header", false))
            .merge(("log_level", "off"))
            .merge(("shutdown.ctrlc", false))
            .merge(("databases.main.url", &self.url))
            .merge(("databases.main.max_connections", CONNECTIONS))
            .merge(("databases.main.synchronous", "off"))
            .merge(("parvis.base_url", BASE_URL))
            .merge(("parvis.rate_limits", "off"))
            .merge(("parvis.mail.url", format!("file:{}", self.folder().join("mails").display())))
            .merge(("parvis.mail.from", "Parvis <programme@example.org>"))
    }
}

impl Given for TestDb {
    async fn given(db: TestDb) -> TestDb {
        db
    }
}

/// The time of a test: Monday 1 March 2027, 09:00 UTC, until it [passes](Time::pass).
#[derive(Clone)]
pub struct Time(Arc<Mutex<DateTime<Utc>>>);

impl Time {
    pub fn new() -> Time {
        Time(Arc::new(Mutex::new(Utc.with_ymd_and_hms(2027, 3, 1, 9, 0, 0).unwrap())))
    }

    pub fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }

    pub fn pass(&self, time: TimeDelta) {
        *self.0.lock().unwrap() += time;
    }

    /// The clock that the application asks.
    pub fn clock(&self) -> Clock {
        let time = self.clone();
        Clock::from_fn(move || time.now())
    }
}

/// A whole application on an empty database of its own.
///
/// For the lead: `start` is where `parvis::rocket(db.figment(), world)` goes, with `World { clock:
/// time.clock(), tokens: Tokens::seeded(1), mailer }`; `client: rocket::local::asynchronous::Client`
/// (tracked) becomes a field here, and `pool` is then `Db::fetch(client.rocket())`. What is said in the
/// product's words (`publish`, `register`, `cancel`, `mails`, `check`) comes below `pass`. A test that needs
/// real connections takes `Served::launch(parvis::rocket(…))` of `http.rs` instead of a `Client`.
pub struct App {
    pub pool: Pool,
    pub time: Time,
    pub tokens: Tokens,
    pub db: TestDb,
}

impl App {
    pub async fn start(db: TestDb) -> App {
        let time = Time::new();
        let pool = db.pool().await;
        App { pool, time, tokens: Tokens::seeded(1), db }
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.time.now()
    }

    pub fn pass(&self, time: TimeDelta) {
        self.time.pass(time);
    }
}

impl Given for App {
    async fn given(db: TestDb) -> App {
        App::start(db).await
    }
}

/// `../shared` beside the project, where real files are. Where it is missing, a test that needs it says so
/// and returns; `PARVIS_REQUIRE_SHARED=1` makes that a failure.
pub fn shared(path: &str) -> Option<std::path::PathBuf> {
    let found = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(1).find_map(|folder| {
        let file = folder.join("shared").join(path);
        file.exists().then_some(file)
    });
    if found.is_none() {
        let required = std::env::var("PARVIS_REQUIRE_SHARED").is_ok_and(|value| value == "1");
        assert!(!required, "PARVIS_REQUIRE_SHARED=1, but there is no shared/{path}");
        println!("skipped: there is no shared/{path}");
    }
    found
}

/// A mail, or any text with header lines, without the lines that vary from run to run.
pub fn without_headers(text: &str, varying: &[&str]) -> String {
    let is_varying = |line: &str| {
        line.split_once(':')
            .is_some_and(|(name, _)| varying.iter().any(|varies| name.eq_ignore_ascii_case(varies)))
    };
    let mut skipping = false;
    let kept = text.lines().filter(|line| {
        // A folded header goes on in lines that begin with a space.
        skipping = if line.starts_with([' ', '\t']) { skipping } else { is_varying(line) };
        !skipping
    });
    kept.collect::<Vec<_>>().join("\n")
}
