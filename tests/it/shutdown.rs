//! SIGTERM: who was accepted is answered, who comes later is told so, and nothing is lost.

use std::time::Duration;

use hyper::StatusCode;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{
    crowd::{self, Begun, Crowd, ONCE, nothing_is_lost},
    harness::TestDb,
    process::{self, Process},
    smtp::SmtpServer,
};

/// Containers get ten seconds before they are killed; the tests share a machine that is busy.
const SOON: Duration = Duration::from_secs(9);

on_both_engines! {
    async fn a_rush_that_is_ended_by_a_signal_loses_nothing(db: TestDb) {
        let pool = db.pool().await;
        process::publish(&pool, crowd::sessions()).await;
        let mails = SmtpServer::start().await;
        let mut process = Process::serve(&db, &mails.url()).await;
        let crowd = Crowd::default();

        let rush = crowd.rush(&process.visitor());
        crowd.until_taken(30).await;
        process.terminate();
        let (status, took) = process.ended().await;
        rush.end().await;

        assert_eq!(status.code(), Some(0));
        assert!(took < SOON, "{took:?}");
        process::check(&db);
        let process = process.again(&db, &mails.url()).await;
        // Whatever the desk has decided was also answered: nobody has a seat and does not know it.
        crowd.is_kept(&process.visitor(), &pool).await;
        nothing_is_lost(&crowd, &process, &pool, &mails, ONCE).await;
        process::check(&db);
    }
}

#[tokio::test]
async fn a_form_that_was_on_its_way_is_answered_and_newcomers_are_told_to_come_back() {
    let Begun { db, pool, mails, mut process, visitor, crowd } = Begun::with_a_busy_worker().await;
    let mut slow = HalfAForm::sent(process.port).await;

    process.terminate();
    while visitor.get("/readyz").await.status != StatusCode::SERVICE_UNAVAILABLE {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }

    let ready = visitor.get("/readyz").await;
    assert_eq!((ready.status, ready.text()), (StatusCode::SERVICE_UNAVAILABLE, "shutting down\n"));
    assert_eq!(visitor.get("/fr/miso").await.status, StatusCode::OK);
    assert!(crowd.comes(&visitor).await);
    assert_eq!((crowd.sent_away(), crowd.odd()), (1, Vec::new()));
    let answer = slow.finish().await;
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    assert!(answer.contains("\r\nretry-after: 5\r\n"), "{answer}");
    let (status, took) = process.ended().await;
    assert_eq!(status.code(), Some(0));
    assert!(took < SOON, "{took:?}");

    mails.accept("personne-0@example.org");
    let process = process.again(&db, &mails.url()).await;
    nothing_is_lost(&crowd, &process, &pool, &mails, ONCE).await;
    process::check(&db);
}

/// A form of which only the beginning has arrived.
struct HalfAForm {
    line: TcpStream,
    rest: String,
}

impl HalfAForm {
    async fn sent(port: u16) -> HalfAForm {
        let body = "name=Ana&email=lente%40example.org&consent=1&session=libre";
        let (first, rest) = body.split_at(20);
        let head = format!(
            "POST /fr/miso/register HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{first}",
            body.len()
        );
        let mut line = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        line.write_all(head.as_bytes()).await.unwrap();
        HalfAForm { line, rest: rest.to_owned() }
    }

    /// The answer, with the names of its headers in lower case.
    async fn finish(&mut self) -> String {
        self.line.write_all(self.rest.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        self.line.read_to_end(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer).to_ascii_lowercase().replacen("http", "HTTP", 1)
    }
}
