//! Every page of the office with 1,000 sessions and 100,000 registrations: how long half of the answers and 99 of 100
//! take, and how many statements one sends to the database. `docs/PERFORMANCE.md` says how to read it.
//!
//! ```text
//! cargo bench --bench office [-- --sessions 1000 --people 10000 --seconds 0.7 --on sqlite,postgres --page publish]
//! ```
//!
//! The whole application, without a socket: what is measured is the answer, as a browser would get it. Each page is asked
//! for so many seconds, one request after the other, while nothing else happens.

#![allow(clippy::unwrap_used, reason = "a bench that panics has failed, which is the point")]

#[path = "support/figures.rs"]
mod figures;
#[path = "support/http.rs"]
mod http;
#[path = "support/large.rs"]
mod large;
#[path = "support/populate.rs"]
mod populate;
#[expect(dead_code, reason = "tests ask for a server that is faster and forgets")]
#[path = "../tests/it/postgres.rs"]
mod postgres;
#[path = "support/programme.rs"]
mod programme;
#[path = "support/server.rs"]
mod server;

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use parvis::{
    clock::Clock,
    identity::{self, Membership, Role, Staff},
    locale::Lang,
    mail::transport::Mailer,
    registration::desk::House,
    tokens::Tokens,
    world::World,
};
use rocket::{
    http::{Header, Method, Status},
    local::asynchronous::Client,
};
use uuid::Uuid;

/// As the program has it.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What a page may take, in milliseconds, for 99 of 100 answers.
const GOAL: f64 = 50.0;
/// Sessions of one person.
const OF_A_PERSON: usize = 10;
/// Sessions that the draft has on another day than the release.
const MOVED: usize = 50;
/// Of these, so many get more seats: who waits there gets in.
const LARGER: usize = 10;
/// So often each page is asked for at least, and at most. Of thirty answers the 99th in a hundred would be the slowest.
const ANSWERS: (usize, usize) = (200, 400);

/// Each GET route of a page, and an address of it. `{session}`, `{person}`, `{mail}`, `{figures}` are filled in.
const PAGES: &[(&str, &str)] = &[
    ("/<lang>/office", "/fr/office"),
    ("/<lang>/office/account", "/fr/office/account"),
    ("/<lang>/office/users", "/fr/office/users"),
    ("/<lang>/office/users/<id>", "/fr/office/users/{user}"),
    ("/<lang>/office/log", "/fr/office/log"),
    ("/<lang>/office/mails?<asked..>", "/fr/office/mails"),
    ("/<lang>/office/mails/<id>?<done>", "/fr/office/mails/{mail}"),
    ("/<lang>/office/mails/<id>/page", "/fr/office/mails/{mail}/page"),
    ("/<lang>/office/import", "/fr/office/import"),
    ("/<lang>/office/programmes/new", "/fr/office/programmes/new"),
    ("/<lang>/office/<slug>/sessions", "/fr/office/rush/sessions"),
    ("/<lang>/office/<slug>/sessions", "/fr/office/rush/sessions?q=session+77&look=warnings&sort=title"),
    ("/<lang>/office/<slug>/sessions/<session>", "/fr/office/rush/sessions/{session}"),
    ("/<lang>/office/<slug>/sessions/<session>/time", "/fr/office/rush/sessions/{session}/time"),
    ("/<lang>/office/<slug>/sessions/<session>/<act>", "/fr/office/rush/sessions/{session}/cancellation"),
    ("/<lang>/office/<slug>/sessions/<session>/<act>", "/fr/office/rush/sessions/{session}/series"),
    ("/<lang>/office/<slug>/new/session?<date>", "/fr/office/rush/new/session"),
    ("/<lang>/office/<slug>/<area>", "/fr/office/rush/themes"),
    ("/<lang>/office/<slug>/<area>", "/fr/office/rush/places"),
    ("/<lang>/office/<slug>/<area>", "/fr/office/rush/organisations"),
    ("/<lang>/office/<slug>/<area>/<item>", "/fr/office/rush/themes/theme-1"),
    ("/<lang>/office/<slug>/<area>/<item>/removal", "/fr/office/rush/places/lieu-1/removal"),
    ("/<lang>/office/<slug>/new/<area>", "/fr/office/rush/new/places"),
    ("/<lang>/office/<slug>/settings", "/fr/office/rush/settings"),
    ("/<lang>/office/<slug>/weeks?<week>", "/fr/office/rush/weeks"),
    ("/<lang>/office/<slug>/colours.css", "/fr/office/rush/colours.css"),
    ("/<lang>/office/<slug>/publish", "/fr/office/rush/publish"),
    ("/<lang>/office/<slug>/releases", "/fr/office/rush/releases"),
    ("/<lang>/office/<slug>/releases/<number>", "/fr/office/rush/releases/1"),
    ("/<lang>/office/<slug>/import", "/fr/office/rush/import"),
    ("/<lang>/office/<slug>/export", "/fr/office/rush/export"),
    ("/<lang>/office/<slug>/registrations?<asked..>", "/fr/office/rush/registrations"),
    ("/<lang>/office/<slug>/registrations?<asked..>", "/fr/office/rush/registrations?q=session+77&sort=fill"),
    ("/<lang>/office/<slug>/registrations/<session>?<asked..>", "/fr/office/rush/registrations/{session}"),
    (
        "/<lang>/office/<slug>/registrations/<session>/access-needs",
        "/fr/office/rush/registrations/{session}/access-needs",
    ),
    ("/<lang>/office/<slug>/people?<asked..>", "/fr/office/rush/people"),
    ("/<lang>/office/<slug>/people?<asked..>", "/fr/office/rush/people?q=ancienne+77"),
    ("/<lang>/office/<slug>/people?<asked..>", "/fr/office/rush/people?q=introuvable"),
    ("/<lang>/office/<slug>/people/to-call", "/fr/office/rush/people/to-call"),
    ("/<lang>/office/<slug>/people/new?<asked..>", "/fr/office/rush/people/new"),
    ("/<lang>/office/<slug>/people/<id>?<asked..>", "/fr/office/rush/people/{person}"),
    ("/<lang>/office/<slug>/people/<id>/slip", "/fr/office/rush/people/{person}/slip"),
    ("/<lang>/office/<slug>/mails?<asked..>", "/fr/office/rush/mails"),
    ("/<lang>/office/<slug>/mails?<asked..>", "/fr/office/rush/mails?state=sent&kind=invitation"),
    ("/<lang>/office/<slug>/mails/messages", "/fr/office/rush/mails/messages"),
    ("/<lang>/office/<slug>/mails/messages/new?<about>", "/fr/office/rush/mails/messages/new"),
    ("/<lang>/office/<slug>/mails/messages/<id>?<done>", "/fr/office/rush/mails/messages/{message}"),
    ("/<lang>/office/<slug>/mails/messages/<id>/edit", "/fr/office/rush/mails/messages/{message}/edit"),
    (
        "/<lang>/office/<slug>/mails/messages/<id>/preview/<reads>",
        "/fr/office/rush/mails/messages/{message}/preview/fr",
    ),
    ("/<lang>/office/<slug>/mails/texts", "/fr/office/rush/mails/texts"),
    ("/<lang>/office/<slug>/mails/texts/<code>?<kept>", "/fr/office/rush/mails/texts/confirmed"),
    (
        "/<lang>/office/<slug>/mails/texts/<code>/preview/<reads>",
        "/fr/office/rush/mails/texts/confirmed/preview/fr",
    ),
    ("/<lang>/office/<slug>/data?<done>", "/fr/office/rush/data"),
    ("/<lang>/office/<slug>/data/people/<id>", "/fr/office/rush/data/people/{person}"),
    ("/<lang>/office/<slug>/figures?<asked..>", "/fr/office/rush/figures"),
    ("/<lang>/office/<slug>/figures?<asked..>", "/fr/office/rush/figures?organisation=org-7&sort=fill"),
    ("/<lang>/office/figures-link/<token>?<asked..>", "/fr/office/figures-link/{figures}"),
    ("/<lang>/office/<slug>/log", "/fr/office/rush/log"),
    ("/<lang>/office/<slug>/log", "/fr/office/rush/log?subject=session"),
    ("/<lang>/office/<slug>/door", "/fr/office/rush/door"),
    ("/<lang>/office/<slug>/door/<session>?<asked..>", "/fr/office/rush/door/{session}"),
    ("/<lang>/office/<slug>/door/<session>?<asked..>", "/fr/office/rush/door/{session}?q=ancienne+7"),
    ("/<lang>/office/<slug>/door/<session>/live", "/fr/office/rush/door/{session}/live"),
    ("/<lang>/office/<slug>/proposals", "/fr/office/rush/proposals"),
    ("/<lang>/office/<slug>/proposals", "/fr/office/rush/proposals?state=sent&page=2"),
    ("/<lang>/office/<slug>/proposals/<id>", "/fr/office/rush/proposals/{proposal}"),
    ("/<lang>/office/<slug>/proposals/<id>/edit", "/fr/office/rush/proposals/{proposal}/edit"),
    (
        "/<lang>/office/<slug>/proposals/<id>/decision/<act>",
        "/fr/office/rush/proposals/{proposal}/decision/accept",
    ),
    ("/<lang>/office/<slug>/proposals/partners", "/fr/office/rush/proposals/partners"),
    ("/<lang>/office/<slug>/import/<file>?<changed>", "/fr/office/rush/import/{file}"),
    (
        "/<lang>/office/<slug>/publish/mails/<session>/<kind>",
        "/fr/office/rush/publish/mails/{session}/changed",
    ),
    ("/<lang>/office/account/second-step", "/fr/office/account/second-step"),
];

/// The page of publishing once more, while everybody concerned has news that waits. Nobody reads the question.
const READ_AGAIN: &str = "/fr/office/rush/publish?while=news-waits";

/// The same for a partner, whose organisation brings `{session}`.
const PAGES_OF_PARTNERS: &[(&str, &str)] = &[
    ("/<lang>/office", "/fr/office"),
    ("/<lang>/office/<slug>/proposals", "/fr/office/rush/proposals"),
    ("/<lang>/office/<slug>/proposals/<id>", "/fr/office/rush/proposals/{proposal}"),
    ("/<lang>/office/<slug>/proposals/new", "/fr/office/rush/proposals/new"),
    ("/<lang>/office/<slug>/proposals/sessions/<session>", "/fr/office/rush/proposals/sessions/{session}"),
    (
        "/<lang>/office/<slug>/proposals/sessions/<session>/change",
        "/fr/office/rush/proposals/sessions/{session}/change",
    ),
    (
        "/<lang>/office/<slug>/proposals/sessions/<session>/access-needs",
        "/fr/office/rush/proposals/sessions/{session}/access-needs",
    ),
];

/// And for somebody who is not signed in.
const PAGES_OF_STRANGERS: &[(&str, &str)] = &[
    ("/<lang>/office/sign-in", "/fr/office/sign-in"),
    ("/<lang>/office/mailed-link", "/fr/office/mailed-link"),
    ("/<lang>/office/password", "/fr/office/password"),
];

/// What became of one page.
struct Measured {
    reader: &'static str,
    path: &'static str,
    /// The first answer of this page: what the pages before have not read comes from the disk.
    first: f64,
    p50: f64,
    p99: f64,
    statements: u64,
    kilobytes: f64,
}

fn main() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut over = 0;
    for engine in ["sqlite", "postgres"].into_iter().filter(|engine| figures::is_wanted(engine)) {
        let Some(measured) = runtime.block_on(on(engine)) else { continue };
        over += measured.iter().filter(|one| one.p99 > GOAL).count();
        let mut rows = vec![
            ["by", engine, "first ms", "p50 ms", "p99 ms", "statements", "KB", "goal 50 ms"]
                .map(str::to_owned)
                .to_vec(),
        ];
        rows.extend(measured.iter().map(row));
        figures::table(&rows);
        println!();
    }
    println!("{over} over the goal");
}

fn row(one: &Measured) -> Vec<String> {
    vec![
        one.path.to_owned(),
        one.reader.to_owned(),
        format!("{:.1}", one.first),
        format!("{:.1}", one.p50),
        format!("{:.1}", one.p99),
        one.statements.to_string(),
        format!("{:.0}", one.kilobytes),
        if one.p99 > GOAL { "MISSED" } else { "" }.to_owned(),
    ]
}

async fn on(engine: &str) -> Option<Vec<Measured>> {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    if engine == "sqlite" {
        let url = format!("sqlite://{}/office.db", folder.path().display());
        return Some(measure(&url, folder.path()).await);
    }
    let schema = postgres::schema_with(&[]).await?;
    Some(measure(&schema.url, folder.path()).await)
}

async fn measure(url: &str, folder: &Path) -> Vec<Measured> {
    let sessions = figures::option("--sessions", 1_000.0) as usize;
    let people = figures::option("--people", 10_000.0) as usize;
    let settings = [
        ("ROCKET_DATABASES", format!("{{main={{url={url:?}}}}}")),
        ("ROCKET_PARVIS", "{rate_limits=\"off\"}".to_owned()),
    ];
    // Of a hundred, 90 have a seat, 5 wait and 5 have left (`large::weeks_of_work`): the sessions are full.
    let seats = people * OF_A_PERSON / sessions * 9 / 10;
    programme::publish_month(folder, &settings, sessions, seats);
    let now = Clock::system().now();
    let persons = populate::populate(url, people, OF_A_PERSON, now).await;
    large::weeks_of_work(url, now).await;
    let client = start(url, folder).await;
    let house = client.rocket().state::<House>().unwrap();
    // What is counted now and then is there, as it is in a process that has run for a minute.
    parvis::registration::figures::count_due(house, now, parvis::registration::figures::NO_REST)
        .await
        .unwrap();
    let owner = Reader::come(house, Role::Owner, Vec::new()).await;
    let user = owner.id;
    let own = house.publications.current("rush").unwrap().id;
    let membership = Membership { programme: own, organisation: "org-37".to_owned() };
    let partner = Reader::come(house, Role::Partner, vec![membership]).await;
    large::moves(house, MOVED, LARGER).await;
    let known = [
        ("{session}", "session-77".to_owned()),
        ("{user}", user.to_string()),
        ("{person}", persons[persons.len() / 2].to_string()),
        ("{mail}", large::MAIL.to_string()),
        ("{message}", large::message(house, user).await.to_string()),
        ("{figures}", large::link(house).await),
        ("{proposal}", large::proposals(house, user, partner.id).await.to_string()),
        ("{file}", owner.sends(&client, folder.join("rush/sessions.csv")).await),
    ];
    let mut measured = Vec::new();
    let word = std::env::args().skip_while(|arg| arg != "--page").nth(1).unwrap_or_default();
    let readers = [(Some(&owner), PAGES), (Some(&partner), PAGES_OF_PARTNERS), (None, PAGES_OF_STRANGERS)];
    for (reader, pages) in readers {
        for (_, path) in pages.iter().filter(|(_, path)| path.contains(&word)) {
            measured.push(page(&client, reader, path, &known).await);
        }
    }
    if READ_AGAIN.contains(&*word) {
        // Somebody has published it, and looks at what they have changed since, before anybody was told.
        parvis::publication::publish(house, "rush", "").await.unwrap();
        large::moves(house, MOVED, 0).await;
        measured.push(page(&client, Some(&owner), READ_AGAIN, &known).await);
    }
    let is_page = |route: &&rocket::Route| {
        route.method == Method::Get && route.uri.path().starts_with("/<lang>/office")
    };
    for route in client.rocket().routes().filter(is_page) {
        let mut known = readers.iter().flat_map(|(_, pages)| pages.iter());
        if !known.any(|(known, _)| *known == route.uri.as_str()) {
            println!("not measured: {}", route.uri);
        }
    }
    measured
}

async fn start(url: &str, folder: &Path) -> Client {
    let figment = parvis::config::defaults()
        .merge(("port", 0))
        .merge(("log_level", "off"))
        .merge(("shutdown.ctrlc", false))
        .merge(("databases.main.url", url))
        .merge(("parvis.base_url", "https://parvis.example.org"))
        .merge(("parvis.rate_limits", "off"))
        .merge(("parvis.mail.url", format!("file:{}", folder.join("mails").display())))
        .merge(("parvis.mail.from", "Parvis <programme@example.org>"));
    let world = World { clock: Clock::system(), tokens: Tokens::random(), mailer: Mailer::memory() };
    Client::untracked(parvis::rocket(figment, world).unwrap()).await.unwrap()
}

/// Somebody who is signed in.
struct Reader {
    id: Uuid,
    role: Role,
    token: String,
}

impl Reader {
    async fn come(house: &House, role: Role, organisations: Vec<Membership>) -> Reader {
        let now = house.clock.now();
        let staff = Staff {
            id: house.tokens.id(now),
            email: format!("{}@example.org", role.code()),
            name: "Camille Exemple".to_owned(),
            lang: Lang::Fr,
            role,
            organisations,
        };
        let mut tx = house.pool.begin().await.unwrap();
        identity::store::add(&mut tx, &staff, now).await.unwrap();
        let token = identity::session::open(&mut tx, &house.tokens, staff.id, "Bench", now).await.unwrap();
        tx.commit().await.unwrap();
        Reader { id: staff.id, role, token }
    }

    fn cookie(&self) -> (&'static str, String) {
        ("__Host-parvis-office", self.token.clone())
    }

    /// Sends a table to be imported, as a browser does; gives what its page is called by.
    async fn sends(&self, client: &Client, table: PathBuf) -> String {
        let line = "--line";
        let mut body = format!(
            "{line}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"sessions.csv\"\r\n\
             Content-Type: text/csv\r\n\r\n"
        )
        .into_bytes();
        body.extend(std::fs::read(table).unwrap());
        body.extend(format!("\r\n{line}--\r\n").into_bytes());
        let request = client.post("/fr/office/rush/import").cookie(self.cookie());
        let request = request
            .header(Header::new("Content-Type", "multipart/form-data; boundary=line"))
            .header(Header::new("Sec-Fetch-Site", "same-origin"));
        let answer = request.body(body).dispatch().await;
        assert_eq!(answer.status(), Status::SeeOther);
        let there = answer.headers().get_one("Location").unwrap();
        there.rsplit('/').next().unwrap().to_owned()
    }
}

async fn page(
    client: &Client,
    reader: Option<&Reader>,
    path: &'static str,
    known: &[(&str, String)],
) -> Measured {
    let address = known.iter().fold(path.to_owned(), |path, (name, value)| path.replace(name, value));
    let get = async || {
        let request = client.get(address.clone());
        let request = match reader {
            Some(reader) => request.cookie(reader.cookie()),
            None => request,
        };
        let answer = request.dispatch().await;
        assert_eq!(answer.status(), Status::Ok, "{address}");
        answer.into_bytes().await.unwrap_or_default().len()
    };
    let begun = Instant::now();
    let (bytes, statements) = parvis::db::counted(get()).await;
    let first = begun.elapsed().as_secs_f64() * 1_000.0;
    let seconds = Duration::from_secs_f64(figures::option("--seconds", 0.7));
    let since = Instant::now();
    let mut times = Vec::new();
    while times.len() < ANSWERS.0 || (times.len() < ANSWERS.1 && since.elapsed() < seconds) {
        let one = Instant::now();
        get().await;
        times.push(one.elapsed().as_secs_f64() * 1_000.0);
    }
    times.sort_by(f64::total_cmp);
    let at = |part: f64| times[((times.len() - 1) as f64 * part).round() as usize];
    Measured {
        reader: reader.map_or("nobody", |reader| reader.role.code()),
        path,
        first,
        p50: at(0.5),
        p99: at(0.99),
        statements,
        kilobytes: bytes as f64 / 1024.0,
    }
}
