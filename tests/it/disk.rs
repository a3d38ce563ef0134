//! What is answered is on the disk, and nobody waits longer for that than for a sync: on a disk that syncs when the test
//! says so.
#![cfg(target_os = "linux")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use hyper::StatusCode;
use parvis::{db::Pool, on, registration::store::counts_by_state};
use sqlx::query;
use tokio::task::JoinHandle;

use crate::{
    builders::session,
    harness::TestDb,
    http::{Answer, Visitor},
    process::{self, Process},
    smtp::SmtpServer,
};

const PATIENCE: Duration = Duration::from_secs(30);

/// While the file is there, no sync ends.
struct Gate(PathBuf);

impl Gate {
    fn close(&self) {
        fs::write(&self.0, "").unwrap();
    }

    fn open(&self) {
        fs::remove_file(&self.0).unwrap();
    }
}

/// The disk, as a library that is put before the server's: Rust itself needs a C compiler.
fn library(folder: &Path) -> PathBuf {
    let library = folder.join("gate.so");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/disk/gate.c");
    let made = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(source).status();
    assert!(made.unwrap().success(), "a C compiler makes the disk");
    library
}

fn registers(visitor: &Visitor, person: &str) -> JoinHandle<Result<Answer, String>> {
    let (visitor, person) = (visitor.clone(), person.to_owned());
    tokio::spawn(async move {
        let email = format!("{person}@example.org");
        let fields = [
            ("name", "Ana Exemple"),
            ("email", email.as_str()),
            ("consent", "1"),
            ("key", person.as_str()),
            ("session", "ouverture"),
        ];
        visitor.try_post("/fr/miso/register", &fields).await
    })
}

/// Waits until so many registrations are committed, on the disk or not.
async fn committed(pool: &Pool, count: i64) {
    let since = Instant::now();
    loop {
        let counts = counts_by_state(&mut pool.acquire().await.unwrap()).await.unwrap();
        if counts.iter().map(|(_, count)| count).sum::<i64>() == count {
            return;
        }
        assert!(since.elapsed() < PATIENCE, "{counts:?} where {count} are to be");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

// PostgreSQL syncs by itself, in a process of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_desk_decides_the_next_while_the_disk_is_waited_for_and_answers_nobody_before() {
    let db = TestDb::sqlite().await;
    let pool = db.pool().await;
    process::publish(&pool, vec![session("ouverture", 50)]).await;
    let mails = SmtpServer::start().await;
    let gate = Gate(db.folder().join("gate"));
    let process = Process::serve_on_a_disk(&db, &mails.url(), &library(db.folder()), &gate.0).await;
    process.shows("/fr/miso").await;
    let visitor = process.visitor();
    // While somebody reads what was before Ana, SQLite's log cannot begin again, which it would sync within a commit.
    let mut reader = pool.acquire().await.unwrap();
    on!(reader, c => query("BEGIN").execute(c).await.map(drop)).unwrap();
    assert!(counts_by_state(&mut reader).await.unwrap().is_empty());
    assert_eq!(registers(&visitor, "ana").await.unwrap().unwrap().status, StatusCode::SEE_OTHER);

    gate.close();
    let mut forms = Vec::new();
    for (count, person) in (2..).zip(["bea", "cleo", "dina"]) {
        forms.push(registers(&visitor, person));
        // Each is a batch of its own: the next form is sent when the last is committed.
        committed(&pool, count).await;
    }
    assert!(forms.iter().all(|form| !form.is_finished()), "nobody is answered before the disk has it");
    gate.open();
    on!(reader, c => query("ROLLBACK").execute(c).await.map(drop)).unwrap();

    for form in forms {
        assert_eq!(form.await.unwrap().unwrap().status, StatusCode::SEE_OTHER);
    }
    process::check(&db);
}
