//! What the database itself can do: plain commits of one row of the width of a registration, each for itself, with
//! nothing of Parvis around them. In a process of its own, so that its disk can be as slow as the server's.

use std::{
    env,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use parvis::{clock::Clock, tokens::Tokens};
use rusqlite::Connection;
use sqlx::{Connection as _, PgConnection, query};

use super::server;

/// The first argument of a process that commits.
const WORD: &str = "commits";
/// How long each measurement takes.
const TIME: Duration = Duration::from_secs(2);
/// PostgreSQL commits several at once; SQLite has one writer.
const POSTGRES_WRITERS: usize = 8;
const TABLE: &str =
    "CREATE TABLE IF NOT EXISTS plain (a TEXT PRIMARY KEY, b TEXT, c TEXT, d TEXT, e TEXT, f BIGINT,
                     g BIGINT, h BIGINT, i TEXT, j TEXT)";
const INSERT: &str = "INSERT INTO plain VALUES ($1, $2, '0190a7ae-7c1c-7000-8000-000000000001',
                      '0190a7ae-7c1c-7000-8000-000000000002', 'confirmed', 1, 1, 0,
                      '2027-04-19T08:30:00+00:00', '2027-04-19T08:30:00+00:00')";

/// Where to commit, and how.
#[derive(Clone, Copy)]
pub enum To<'t> {
    /// To a database of its own in that folder, WAL and `synchronous=FULL`; `slow`: each sync takes 2 ms.
    Sqlite { folder: &'t Path, slow: bool },
    /// To that server, over eight connections.
    Postgres(&'t str),
}

impl To<'_> {
    /// Commits a second.
    pub fn rate(self) -> f64 {
        let mut command = Command::new(env::current_exe().expect("a bench knows its own file"));
        command.arg(WORD);
        match self {
            To::Sqlite { folder, .. } => command.arg(folder.join("plain.db")),
            To::Postgres(url) => command.arg(url),
        };
        let slow = matches!(self, To::Sqlite { slow: true, .. });
        let mut command = if slow { server::slowly(command) } else { command };
        let output = command.output().expect("it can be started again");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().parse().expect("a rate")
    }
}

/// True where this process has committed.
pub fn was_one() -> bool {
    let mut args = env::args().skip(1);
    let (Some(word), Some(there)) = (args.next(), args.next()) else { return false };
    if word != WORD {
        return false;
    }
    let since = Instant::now();
    let rows = match there.starts_with("postgres") {
        true => tokio::runtime::Runtime::new().expect("a runtime").block_on(postgres(&there)),
        false => sqlite(Path::new(&there)),
    };
    println!("{}", rows as f64 / since.elapsed().as_secs_f64());
    true
}

fn sqlite(path: &Path) -> usize {
    let db = Connection::open(path).expect("a database");
    db.pragma_update(None, "journal_mode", "wal").expect("WAL");
    db.pragma_update(None, "synchronous", "full").expect("a setting");
    db.execute_batch(TABLE).expect("a table");
    let mut insert = db.prepare(INSERT).expect("an insert");
    let (clock, tokens) = (Clock::system(), Tokens::random());
    let until = Instant::now() + TIME;
    let mut rows = 0;
    while Instant::now() < until {
        let id = tokens.id(clock.now()).to_string();
        insert.execute([&id, &id]).expect("a commit");
        rows += 1;
    }
    rows
}

async fn postgres(url: &str) -> usize {
    let mut first = PgConnection::connect(url).await.expect("a server");
    query(TABLE).execute(&mut first).await.expect("a table");
    let until = Instant::now() + TIME;
    let commits = (0..POSTGRES_WRITERS).map(|_| {
        let url = url.to_owned();
        tokio::spawn(async move {
            let mut db = PgConnection::connect(&url).await.expect("a server");
            let (clock, tokens) = (Clock::system(), Tokens::random());
            let mut rows = 0;
            while Instant::now() < until {
                let id = tokens.id(clock.now()).to_string();
                query(INSERT).bind(&id).bind(&id).execute(&mut db).await.expect("a commit");
                rows += 1;
            }
            rows
        })
    });
    let mut rows = 0;
    for task in commits.collect::<Vec<_>>() {
        rows += task.await.expect("it commits");
    }
    rows
}
