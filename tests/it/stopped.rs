//! PostgreSQL itself is stopped, and started again, while people register at two processes.

use std::time::{Duration, Instant};

use hyper::StatusCode;

use crate::{
    crowd::{self, Crowd, ONCE, nothing_is_lost},
    harness::TestDb,
    postgres::Own,
    process::{self, Process},
    smtp::SmtpServer,
};

/// The tests share a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_server_that_is_stopped_and_started_in_a_rush_delays_people_and_loses_nothing() {
    let Some(mut server) = Own::start().await else { return };
    let db = TestDb::on(&server);
    process::publish(&db.pool().await, crowd::sessions()).await;
    let mails = SmtpServer::start().await;
    let crowd = Crowd::default();
    let processes = [Process::serve(&db, &mails.url()).await, Process::serve(&db, &mails.url()).await];
    let rushes = processes.each_ref().map(|process| crowd.rush(&process.visitor()));

    for stop in [Own::stop, Own::crash] {
        crowd.until_taken(crowd.taken() + 30).await;
        let before = crowd.sent_away();
        stop(&mut server);
        until(|| crowd.sent_away() > before).await;
        for process in &processes {
            let visitor = process.visitor();
            assert_eq!(visitor.get("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
            assert_eq!(visitor.get("/fr/miso").await.status, StatusCode::OK, "the programme is in memory");
        }
        server.again();
    }
    crowd.until_taken(crowd.taken() + 30).await;
    for rush in rushes {
        rush.stop().await;
    }

    nothing_is_lost(&crowd, &processes[0], &db.pool().await, &mails, ONCE).await;
    process::check(&db);
}

async fn until(condition: impl Fn() -> bool) {
    let since = Instant::now();
    while !condition() {
        assert!(since.elapsed() < PATIENCE, "nobody is told to come back");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
