//! The long form of what `tests/it/several.rs` shows: twenty kills of one of three processes in a rush on PostgreSQL,
//! and of the only one on SQLite. After each, `parvis check` is clean; in the end every answer that was given is
//! true, and each person has the mails that are due.
//!
//! ```text
//! cargo bench --bench soak [-- --kills 20]
//! ```
//! The long form of the random actions against the model is
//! `PROPTEST_CASES=20000 cargo test --release --lib registration::decide`.

#![allow(
    clippy::unwrap_used,
    dead_code,
    unused_imports,
    unused_macros,
    reason = "what tests share, in a program that panics as they do"
)]

#[path = "../tests/it/balancer.rs"]
mod balancer;
#[path = "../tests/it/builders.rs"]
mod builders;
#[path = "../tests/it/crowd.rs"]
mod crowd;
#[path = "support/figures.rs"]
mod figures;
#[macro_use]
#[path = "../tests/it/harness.rs"]
mod harness;
#[path = "../tests/it/html.rs"]
mod html;
#[path = "../tests/it/http.rs"]
mod http;
#[path = "../tests/it/postgres.rs"]
mod postgres;
#[path = "../tests/it/process.rs"]
mod process;
#[path = "../tests/it/several.rs"]
mod several;
#[path = "../tests/it/smtp.rs"]
mod smtp;

use std::{collections::HashMap, time::Instant};

use crowd::{Crowd, TWICE};
use harness::TestDb;
use several::Machines;
use smtp::SmtpServer;

#[tokio::main]
async fn main() {
    let kills = figures::option("--kills", 20.0) as usize;
    let mut rows = vec![["on", "kills", "people", "mails", "twice", "seconds"].map(str::to_owned).to_vec()];
    rows.push(soak("SQLite, one process", &TestDb::sqlite().await, 1, kills).await);
    if let Some(db) = TestDb::postgres().await {
        rows.push(soak("PostgreSQL, three processes", &db, 3, kills).await);
    }
    figures::table(&rows);
}

/// A line of what came through.
async fn soak(name: &str, db: &TestDb, processes: usize, kills: usize) -> Vec<String> {
    let since = Instant::now();
    process::publish(&db.pool().await, crowd::sessions()).await;
    let mails = SmtpServer::start().await;
    let crowd = Crowd::default();
    let mut machines = Machines::start(db, &mails, processes).await;
    machines.die_in_turn(&crowd, kills).await;
    machines.have_lost_nothing(&crowd, TWICE).await;
    let received = mails.messages();
    let mut by_person: HashMap<&str, usize> = HashMap::new();
    received.iter().for_each(|mail| *by_person.entry(&mail.recipient).or_default() += 1);
    // The same Message-ID each time: `gets_mail` has looked.
    let times = |times: usize| by_person.values().filter(|count| **count == times).count();
    let numbers = [kills, crowd.taken(), received.len(), times(2)].map(|number| number.to_string());
    let took = format!("{:.0}", since.elapsed().as_secs_f64());
    [name.to_owned()].into_iter().chain(numbers).chain([took]).collect()
}
