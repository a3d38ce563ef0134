//! How old the seats are that a page shows while people register.

use std::{
    net::Ipv4Addr,
    time::{Duration, Instant},
};

use parvis::{db::Pool, on};
use sqlx::query_scalar;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::http;

/// Between two looks.
const LOOK: Duration = Duration::from_millis(20);
/// A rush that has not ended by then never will.
const LONGEST: Duration = Duration::from_secs(180);

/// Looks at the pages of one session, and at the database beside them.
pub struct Watch<'w> {
    pub pool: &'w Pool,
    /// Of each process.
    pub ports: &'w [u16],
    /// The page of the session, and its seats.
    pub page: &'w str,
    pub seats: i64,
}

/// What it saw.
#[derive(Default)]
pub struct Seen {
    pub pages: usize,
    /// At most so old was what a page has shown: from the last look at the database that agreed with it to the question.
    pub oldest: Duration,
}

impl Watch<'_> {
    /// Looks until every page shows that so many seats are taken.
    pub async fn until(&self, taken: i64) -> Seen {
        let since = Instant::now();
        let mut seen = Seen::default();
        // When so many were taken in the database at least.
        let mut known: Vec<(Instant, i64)> = vec![(since, 0)];
        loop {
            let asked = Instant::now();
            known.push((asked, self.taken().await));
            let mut all = true;
            for port in self.ports {
                let asked = Instant::now();
                let shown = self.seats - self.left(*port).await;
                seen.pages += 1;
                // It was right at the last look at the database that counted no more than this.
                let right = known.iter().rev().find(|(_, count)| *count <= shown).expect("the first is 0");
                let is_newest = known.last().is_some_and(|(_, count)| *count <= shown);
                if !is_newest {
                    seen.oldest = seen.oldest.max(asked - right.0);
                }
                all &= shown == taken;
            }
            if all {
                return seen;
            }
            assert!(since.elapsed() < LONGEST, "the pages do not show {taken} seats taken");
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn taken(&self) -> i64 {
        let mut db = self.pool.acquire().await.expect("a connection");
        on!(db, c => query_scalar("SELECT COUNT(*) FROM registration WHERE state = 'confirmed'").fetch_one(c).await)
            .expect("a count")
    }

    /// Free seats, as the page tells machines.
    async fn left(&self, port: u16) -> i64 {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.expect("the server is there");
        let request = http::get(self.page, &[("Connection", "close")]);
        stream.write_all(request.as_bytes()).await.expect("it listens");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("it answers");
        let (_, rest) = answer.split_once("\"remainingAttendeeCapacity\":").expect("the seats that are left");
        let number: String = rest.chars().take_while(char::is_ascii_digit).collect();
        number.parse().expect("a number")
    }
}
