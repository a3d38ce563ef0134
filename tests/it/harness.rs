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
    db::{Db, Durability, Pool},
    identity::{self, Membership, Role, Staff},
    locale::Lang,
    mail::{
        outbox,
        render::Sender,
        transport::{Kept, Mailer},
        worker::Worker,
    },
    programme::{self, Draft},
    publication::{self, Publication},
    registration::{desk::House, figures},
    tokens::Tokens,
    view::View,
    world::World,
};
use rocket::{
    figment::Figment,
    http::{ContentType, Header, Method, Status},
    local::asynchronous::{Client, LocalRequest, LocalResponse},
};
use rocket_db_pools::Database as _;
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

    /// On a server that the test has for itself.
    pub fn on(server: &postgres::Own) -> TestDb {
        TestDb { url: server.url.clone(), home: tempfile::tempdir().unwrap(), schema: None }
    }

    pub fn is_sqlite(&self) -> bool {
        self.url.starts_with("sqlite:")
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
        // What an installation without `Rocket.toml` has.
        parvis::config::defaults()
            .merge(("address", "127.0.0.1"))
            .merge(("port", 0))
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

/// A database, a time and tokens, without the application: nothing happens but what the test does.
pub struct Bare {
    pub pool: Pool,
    pub time: Time,
    pub tokens: Tokens,
    pub db: TestDb,
}

impl Bare {
    pub fn now(&self) -> DateTime<Utc> {
        self.time.now()
    }

    pub fn pass(&self, time: TimeDelta) {
        self.time.pass(time);
    }
}

impl Given for Bare {
    async fn given(db: TestDb) -> Bare {
        Bare { pool: db.pool().await, time: Time::new(), tokens: Tokens::seeded(1), db }
    }
}

/// A whole application on an empty database of its own.
pub struct App {
    pub client: Client,
    pub pool: Pool,
    pub time: Time,
    pub tokens: Tokens,
    pub mailer: Mailer,
    pub db: TestDb,
    worker: Worker,
    /// Tasks that run as long as the application.
    loops: usize,
}

impl App {
    pub async fn start(db: TestDb) -> App {
        App::start_with(db, Mailer::memory()).await
    }

    /// With another mailer than the one in memory.
    pub async fn start_with(db: TestDb, mailer: Mailer) -> App {
        let figment = db.figment();
        App::start_on(db, figment, mailer).await
    }

    /// With settings of its own: [`TestDb::figment`] with something merged into it.
    pub async fn start_on(db: TestDb, figment: Figment, mailer: Mailer) -> App {
        let time = Time::new();
        let rocket = parvis::rocket(figment, world(&time, &mailer)).unwrap();
        let client = Client::untracked(rocket).await.unwrap();
        let pool = Pool::clone(Db::fetch(client.rocket()).unwrap());
        let sender = Sender::new("Parvis <programme@example.org>", BASE_URL).unwrap();
        let worker_id = Tokens::seeded(99).id(time.now());
        let worker = Worker::new(pool.clone(), mailer.clone(), View::new().unwrap(), sender, worker_id);
        let loops = pool.tasks().len();
        App { client, pool, time, tokens: Tokens::seeded(2), mailer, db, worker, loops }
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.time.now()
    }

    pub fn pass(&self, time: TimeDelta) {
        self.time.pass(time);
    }

    /// What commands and domain functions work with: this application's own.
    pub fn house(&self) -> &House {
        self.client.rocket().state().unwrap()
    }

    /// Writes a draft and publishes it; pages show it when this returns.
    pub async fn publish(&self, draft: &Draft) -> Publication {
        let mut tx = self.pool.begin().await.unwrap();
        programme::store::save(&mut tx, draft, self.tokens.id(self.now()), self.now()).await.unwrap();
        tx.commit().await.unwrap();
        let done = publication::publish(self.house(), &draft.programme.slug, "").await.unwrap();
        publication::refresh(self.house()).await.unwrap();
        done
    }

    pub async fn get(&self, path: &str) -> Page {
        page(self.client.get(path.to_owned()).dispatch().await).await
    }

    /// Posts a form as a browser does from one of our own pages.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let request = self
            .client
            .post(path.to_owned())
            .header(ContentType::Form)
            .header(Header::new("Sec-Fetch-Site", "same-origin"))
            .body(crate::http::form(fields));
        page(request.dispatch().await).await
    }

    /// Sends the registration form for these sessions of the programme `miso`, in French.
    pub async fn register(&self, email: &str, sessions: &[&str]) -> Page {
        let mut fields = vec![("name", "Ana Exemple"), ("email", email), ("consent", "1")];
        fields.extend(sessions.iter().map(|session| ("session", *session)));
        self.post("/fr/miso/register", &fields).await
    }

    /// Every mail so far to this address, oldest first, once nothing waits any more.
    pub async fn mails_to(&self, email: &str) -> Vec<Kept> {
        self.deliver().await;
        // Where the clock jumps while the application's own worker has a mail in its hands, ours takes it as well:
        // a receiver knows it by its Message-ID, which is the row's.
        let mut seen = std::collections::HashSet::new();
        let kept = self.mailer.kept().into_iter().filter(|mail| mail.recipient.contains(email));
        kept.filter(|mail| seen.insert(mail.id)).collect()
    }

    /// Does what is due by now, beside the application's own loop; it is done when this returns.
    pub async fn run_due(&self) {
        parvis::periodic::run_due(self.house()).await.unwrap();
        figures::count_due(self.house(), self.now(), figures::NO_REST).await.unwrap();
    }

    /// Waits for what requests have left to be done after their answer.
    pub async fn settle(&self) {
        let settled = async {
            while self.pool.tasks().len() > self.loops {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(30), settled).await.expect("it ends");
    }

    /// Delivers what is due, beside the application's own worker.
    pub async fn deliver(&self) {
        loop {
            self.worker.deliver_due(self.now()).await.unwrap();
            let mut db = self.pool.acquire().await.unwrap();
            if outbox::counts(&mut db).await.unwrap().due == 0 {
                return;
            }
            tokio::task::yield_now().await;
        }
    }

    /// Delivers what is due, as far as that works.
    pub async fn try_to_deliver(&self) {
        // What does not work is what the test is about.
        let _ = self.worker.deliver_due(self.now()).await;
    }

    /// The person's own page: the link that their newest mail bears.
    pub async fn agenda_path(&self, email: &str) -> String {
        let mails = self.mails_to(email).await;
        let text = &mails.last().expect("a mail to this address").text;
        let at = text.find("/agenda/").expect("a mail bears the link to the agenda");
        let token: String = text[at + 8..].chars().take_while(char::is_ascii_alphanumeric).collect();
        format!("/fr/agenda/{token}")
    }

    /// Somebody of this role, signed in: `editor@example.org`. A partner speaks for the organisation `collectif` of
    /// `miso`, where that programme is there already.
    pub async fn signed_in(&self, role: Role) -> Member<'_> {
        let email = format!("{}@example.org", role.code());
        let mut tx = self.pool.begin().await.unwrap();
        let id = match identity::store::by_email(&mut tx, &email).await.unwrap() {
            Some(known) => known.id,
            None => {
                let programme = programme::store::id_of(&mut tx, "miso").await.unwrap();
                let own =
                    programme.map(|programme| Membership { programme, organisation: "collectif".to_owned() });
                let organisations = own.filter(|_| role == Role::Partner).into_iter().collect();
                let id = self.tokens.id(self.now());
                let name = format!("Camille {}", role.code());
                let staff = Staff { id, email, name, lang: Lang::Fr, role, organisations };
                assert!(identity::store::add(&mut tx, &staff, self.now()).await.unwrap());
                id
            }
        };
        let token = identity::session::open(&mut tx, &self.tokens, id, "Firefox, Linux", self.now()).await;
        tx.commit().await.unwrap();
        Member { app: self, id, token: token.unwrap() }
    }

    /// Somebody else who is signed in.
    pub fn member(&self, id: uuid::Uuid, token: String) -> Member<'_> {
        Member { app: self, id, token }
    }

    /// The invariants of DESIGN.md section 8, a line each that does not hold.
    pub async fn broken(&self) -> Vec<String> {
        parvis::cli::check::broken(self.house()).await.unwrap()
    }
}

/// What the office's cookie is called where `BASE_URL` is https.
pub const OFFICE_COOKIE: &str = "__Host-parvis-office";

/// Somebody who is signed in to the office, in a browser of their own.
pub struct Member<'a> {
    app: &'a App,
    pub id: uuid::Uuid,
    /// The value of the cookie.
    pub token: String,
}

impl Member<'_> {
    pub async fn get(&self, path: &str) -> Page {
        page(self.request(Method::Get, path).dispatch().await).await
    }

    pub async fn head(&self, path: &str) -> Page {
        page(self.request(Method::Head, path).dispatch().await).await
    }

    /// How many statements the page sends to the database: as many for one thing as for many.
    pub async fn statements(&self, path: &str) -> u64 {
        let (page, count) = parvis::db::counted(self.get(path)).await;
        assert_eq!(page.status, Status::Ok, "{path}");
        count
    }

    /// Posts a form as a browser does from one of our own pages.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let form = self.request(Method::Post, path).header(ContentType::Form);
        page(form.body(crate::http::form(fields)).dispatch().await).await
    }

    /// A request from one of our own pages, with this session, for what a form cannot say: files, other headers.
    pub fn request(&self, method: Method, path: &str) -> LocalRequest<'_> {
        let request = self.app.client.req(method, path.to_owned());
        request
            .cookie((OFFICE_COOKIE, self.token.clone()))
            .header(Header::new("Sec-Fetch-Site", "same-origin"))
    }
}

/// The outside world of a test: its clock, seeded tokens, its mailbox.
pub fn world(time: &Time, mailer: &Mailer) -> World {
    World { clock: time.clock(), tokens: Tokens::seeded(1), mailer: mailer.clone() }
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Page {
    pub status: Status,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Page {
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value)
    }

    /// Where the answer sends the visitor.
    pub fn location(&self) -> &str {
        self.header("location")
    }
}

pub async fn page(answer: LocalResponse<'_>) -> Page {
    let status = answer.status();
    let headers = answer
        .headers()
        .iter()
        .map(|header| (header.name().to_string(), header.value().to_owned()))
        .collect();
    let body = answer.into_bytes().await.unwrap_or_default();
    Page { status, headers, body: String::from_utf8_lossy(&body).into_owned() }
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
