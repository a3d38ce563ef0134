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
use parvis::{
    db::{Conn, Pool},
    on,
    registration::store::counts_by_state,
};
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

/// So many batches wait for the disk before the next must wait for them: as `src/registration/desk.rs` has it.
const AHEAD_MAX: i64 = 8;

/// While the file is there, no sync ends.
struct Gate(PathBuf);

impl Gate {
    fn close(&self) {
        fs::write(&self.0, "").unwrap();
    }

    fn open(&self) {
        fs::remove_file(&self.0).unwrap();
    }

    /// From now on every sync fails.
    fn refuse(&self) {
        fs::write(self.beside("refuses"), "").unwrap();
        self.open();
    }

    /// From now on there is no room on it.
    fn fill(&self) {
        fs::write(self.beside("full"), "").unwrap();
    }

    fn make_room(&self) {
        fs::remove_file(self.beside("full")).unwrap();
    }

    fn beside(&self, word: &str) -> String {
        format!("{}-{word}", self.0.display())
    }
}

/// A programme whose server stands on such a disk.
struct Stood {
    db: TestDb,
    pool: Pool,
    mails: SmtpServer,
    gate: Gate,
    process: Process,
    /// Reads what was before Ana: as long as it does, SQLite's log cannot begin again, which it would sync within a commit.
    reader: Conn,
}

impl Stood {
    /// Ana has a seat.
    async fn up() -> Stood {
        let db = TestDb::sqlite().await;
        let pool = db.pool().await;
        process::publish(&pool, vec![session("ouverture", 50)]).await;
        let mails = SmtpServer::start().await;
        let gate = Gate(db.folder().join("gate"));
        let process = Process::serve_on_a_disk(&db, &mails.url(), &library(db.folder()), &gate.0).await;
        process.shows("/fr/miso").await;
        let mut reader = pool.acquire().await.unwrap();
        on!(reader, c => query("BEGIN").execute(c).await.map(drop)).unwrap();
        assert!(counts_by_state(&mut reader).await.unwrap().is_empty());
        let ana = registers(&process.visitor(), "ana").await.unwrap();
        assert_eq!(ana.unwrap().status, StatusCode::SEE_OTHER);
        Stood { db, pool, mails, gate, process, reader }
    }

    async fn read_to_the_end(&mut self) {
        on!(self.reader, c => query("ROLLBACK").execute(c).await.map(drop)).unwrap();
    }

    /// How many registrations are committed, on the disk or not.
    async fn committed(&self) -> i64 {
        let counts = counts_by_state(&mut self.pool.acquire().await.unwrap()).await.unwrap();
        counts.iter().map(|(_, count)| count).sum()
    }

    /// Waits until there are so many.
    async fn has_committed(&self, count: i64) {
        let since = Instant::now();
        while self.committed().await != count {
            assert!(since.elapsed() < PATIENCE, "{} where {count} are to be", self.committed().await);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// These people's forms, each a batch of its own: the next is sent when the last is committed.
    async fn one_after_the_other(&self, people: &[String]) -> Vec<JoinHandle<Result<Answer, String>>> {
        let mut forms = Vec::new();
        for (count, person) in (2..).zip(people) {
            forms.push(registers(&self.process.visitor(), person));
            self.has_committed(count).await;
        }
        forms
    }
}

fn people(count: i64) -> Vec<String> {
    (1..=count).map(|number| format!("bea-{number}")).collect()
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

// PostgreSQL syncs by itself, in a process of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_desk_decides_the_next_while_the_disk_is_waited_for_and_answers_nobody_before() {
    let mut stood = Stood::up().await;

    stood.gate.close();
    let forms = stood.one_after_the_other(&people(3)).await;
    assert!(forms.iter().all(|form| !form.is_finished()), "nobody is answered before the disk has it");
    stood.gate.open();
    stood.read_to_the_end().await;

    for form in forms {
        assert_eq!(form.await.unwrap().unwrap().status, StatusCode::SEE_OTHER);
    }
    process::check(&stood.db);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_says_nothing_holds_up_eight_batches_and_who_it_refuses_sends_the_form_again() {
    let mut stood = Stood::up().await;
    let (people, visitor) = (people(AHEAD_MAX + 1), stood.process.visitor());
    let (last, first) = people.split_last().unwrap();

    stood.gate.close();
    let forms = stood.one_after_the_other(first).await;
    let ninth = registers(&visitor, last);
    while !forms[0].is_finished() {
        let committed = stood.committed().await;
        // Where nobody had gone by then, nobody had made room.
        assert!(forms[0].is_finished() || committed == 1 + AHEAD_MAX, "{committed}: eight, and Ana");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    for (form, person) in forms.into_iter().zip(first) {
        sent_away(&form.await.unwrap().unwrap(), person);
    }
    stood.has_committed(1 + AHEAD_MAX + 1).await;
    stood.gate.refuse();
    sent_away(&ninth.await.unwrap().unwrap(), last);
    stood.read_to_the_end().await;
    let Stood { db, pool, mails, mut process, .. } = stood;
    let (status, _) = process.ended().await;
    assert_eq!(status.code(), Some(1), "a service manager starts again what has failed");

    // Nobody has lost a word, or gets two seats.
    let process = process.again(&db, &mails.url()).await;
    for person in &people {
        let answer = registers(&process.visitor(), person).await.unwrap().unwrap();
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{person}");
    }
    let counts = counts_by_state(&mut pool.acquire().await.unwrap()).await.unwrap();
    assert_eq!(counts.iter().map(|(_, count)| count).sum::<i64>(), 1 + AHEAD_MAX + 1);
    process::check(&db);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_without_room_sends_people_away_and_takes_them_when_there_is_room_again() {
    let mut stood = Stood::up().await;
    stood.read_to_the_end().await;
    let visitor = stood.process.visitor();

    stood.gate.fill();
    for person in people(3) {
        sent_away(&registers(&visitor, &person).await.unwrap().unwrap(), &person);
    }
    assert_eq!(visitor.get("/fr/miso").await.status, StatusCode::OK, "what is there can be read");
    assert_eq!(stood.committed().await, 1, "Ana");
    stood.gate.make_room();

    for (count, person) in (2..).zip(people(3)) {
        assert_eq!(registers(&visitor, &person).await.unwrap().unwrap().status, StatusCode::SEE_OTHER);
        assert_eq!(stood.committed().await, count);
    }
    process::check(&stood.db);
}

/// To come back in a moment, with the form as it was typed.
fn sent_away(answer: &Answer, person: &str) {
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{person}");
    assert!(answer.text().contains(&format!("{person}@example.org")), "{}", answer.text());
}
