//! Mails that arrive: signatures, addresses of any alphabet, what comes back, the relay's limit, what is read as text.

mod bounces;
pub mod message;
mod own;
mod signed;
mod words;

use std::{
    num::NonZeroU32,
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use parvis::{
    mail::{
        Letter,
        outbox::{self, Counts},
        pace::Pace,
        render::Sender,
        transport::Mailer,
        worker::{Delivered, Worker},
    },
    view::View,
};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpListener,
};
use uuid::Uuid;

use crate::{
    harness::{BASE_URL, Bare},
    mail::{calendars, confirmed, id, queue, read, rows, sender, sent, value},
    smtp::{SmtpServer, Trouble},
};

const ADA: &str = "ada@example.org";
/// A server that says something, but never comes to an end, is left after so long.
const PATIENCE: Duration = Duration::from_millis(400);

fn worker_of(app: &Bare, mailer: &Mailer, number: u128) -> Worker {
    let id = Uuid::from_u128(number);
    Worker::new(app.pool.clone(), mailer.clone(), View::new().unwrap(), sender(), id)
}

fn per_minute(mails: u32) -> Option<Pace> {
    Some(Pace::per_minute(NonZeroU32::new(mails).unwrap()))
}

/// Where a server begins to speak one letter at a time, for ever.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Drips {
    Greeting,
    Answer(&'static str),
}

/// Its address. Each letter comes long before any pause would be noticed.
async fn dripping(drips: Drips) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(drip(BufReader::new(stream), drips));
        }
    });
    url
}

async fn drip(mut stream: BufReader<tokio::net::TcpStream>, drips: Drips) -> std::io::Result<()> {
    let mut line = String::new();
    let mut dry = drips != Drips::Greeting;
    stream.write_all(if dry { b"220 a\r\n" } else { b"220-" }).await?;
    while dry && stream.read_line(&mut line).await? > 0 {
        dry = !matches!(drips, Drips::Answer(verb) if line.starts_with(verb));
        let answer = if !dry {
            "250-"
        } else if line.starts_with("DATA") {
            "354 a\r\n"
        } else {
            "250 a\r\n"
        };
        stream.write_all(answer.as_bytes()).await?;
        line.clear();
    }
    loop {
        stream.write_all(b"x").await?;
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

on_both_engines! {
    async fn a_server_that_speaks_for_ever_is_left_before_another_worker_may_claim_the_mail(app: Bare) {
        for (n, drips) in [Drips::Greeting, Drips::Answer("EHLO"), Drips::Answer("MAIL"), Drips::Answer("RCPT")]
            .into_iter()
            .enumerate()
        {
            queue(&app, &[confirmed(n as u128, ADA)]).await;
            let mailer = Mailer::open_with_patience(&dripping(drips).await, "a.example.org", PATIENCE).unwrap();
            let since = Instant::now();
            let done = worker_of(&app, &mailer, 1).deliver_due(app.now()).await.unwrap();

            assert!(since.elapsed() < PATIENCE * 5, "{drips:?}: {:?}", since.elapsed());
            let expected = match drips {
                Drips::Greeting | Drips::Answer("EHLO") => Delivered { delayed: 1, ..Delivered::default() },
                Drips::Answer(_) => Delivered { retried: 1, ..Delivered::default() },
            };
            assert_eq!(done, expected, "{drips:?}");
            // What waits for its next time is not in the way of the next server.
            let mut db = app.pool.acquire().await.unwrap();
            outbox::erase(&mut db, ADA, app.now()).await.unwrap();
        }
    }

    async fn connections_that_fell_silent_do_not_add_up(app: Bare) {
        let server = SmtpServer::start().await;
        let mailer = Mailer::open_with_patience(&server.url(), "a.example.org", PATIENCE).unwrap();
        let worker = worker_of(&app, &mailer, 1);
        let letters: Vec<_> = (0..6).map(|n| confirmed(n, &format!("p{n}@example.org"))).collect();
        queue(&app, &letters).await;
        assert_eq!(worker.deliver_due(app.now()).await.unwrap(), sent(6));

        // All kept lines are dead now, and so is the server.
        drop(server);
        queue(&app, &[confirmed(10, ADA)]).await;
        let since = Instant::now();
        let done = worker.deliver_due(app.now()).await.unwrap();

        assert_eq!(done, Delivered { delayed: 1, ..Delivered::default() });
        assert!(since.elapsed() < PATIENCE * 5, "{:?}", since.elapsed());
    }

    async fn a_stalling_server_delays_its_mail_and_no_longer_than_that(app: Bare) {
        let server = SmtpServer::start().await;
        server.once(ADA, Trouble::Stall);
        let mailer = Mailer::open_with_patience(&server.url(), "a.example.org", PATIENCE).unwrap();
        let worker = worker_of(&app, &mailer, 1);
        queue(&app, &[confirmed(1, ADA), confirmed(2, "bob@example.org")]).await;

        let done = worker.deliver_due(app.now()).await.unwrap();

        assert_eq!(done, Delivered { sent: 1, retried: 1, ..Delivered::default() });
        assert_eq!(rows(&app).await.iter().filter_map(|row| row.error.clone()).collect::<Vec<_>>(), [
            "line lost: no answer in time"
        ]);
        app.pass(TimeDelta::seconds(10));
        assert_eq!(worker.deliver_due(app.now()).await.unwrap(), sent(1));
        assert_eq!(server.messages_to(ADA).len(), 1);
    }

    async fn no_more_mails_leave_in_a_minute_than_the_relay_takes_however_many_workers_there_are(app: Bare) {
        let mailer = Mailer::memory();
        let workers = [1, 2, 3].map(|n| worker_of(&app, &mailer, n).paced(per_minute(120)));
        let letters: Vec<_> = (0..400).map(|n| confirmed(n, ADA)).collect();
        queue(&app, &letters).await;

        let mut a_minute = Vec::new();
        for _ in 0..3 {
            let mut delivered = 0;
            for _ in 0..60 {
                let looks = workers.iter().map(|worker| worker.deliver_due(app.now()));
                for done in futures_util::future::join_all(looks).await {
                    delivered += done.unwrap().sent;
                }
                app.pass(TimeDelta::seconds(1));
            }
            a_minute.push(delivered);
        }

        assert!(a_minute.iter().all(|sent| (117..=120).contains(sent)), "{a_minute:?}");
        let mut ids: Vec<_> = mailer.kept().iter().map(|mail| mail.id).collect();
        assert!(ids.is_sorted(), "in their order");
        ids.dedup();
        assert_eq!(ids.len(), a_minute.iter().sum::<usize>(), "each once");
    }

    async fn with_a_limit_what_a_person_waits_for_still_goes_first(app: Bare) {
        let mailer = Mailer::memory();
        let worker = worker_of(&app, &mailer, 1).paced(per_minute(10));
        let mass = |n| Letter { priority: 10, ..confirmed(n, ADA) };
        queue(&app, &(0..10).map(mass).collect::<Vec<_>>()).await;
        assert_eq!(worker.deliver_due(app.now()).await.unwrap(), sent(1));

        queue(&app, &[confirmed(50, ADA)]).await;
        assert_eq!(worker.deliver_due(app.now()).await.unwrap(), Delivered::default(), "not before its time");
        app.pass(TimeDelta::seconds(6));
        assert_eq!(worker.deliver_due(app.now()).await.unwrap(), sent(1));
        app.pass(TimeDelta::seconds(6));
        assert_eq!(worker.deliver_due(app.now()).await.unwrap(), sent(1));

        let kept: Vec<_> = mailer.kept().iter().map(|mail| mail.id).collect();
        assert_eq!(kept, [id(0), id(50), id(1)]);
        let counts = outbox::counts(&mut app.pool.acquire().await.unwrap()).await.unwrap();
        assert_eq!((counts.due, counts.sent), (8, 3));
    }

    async fn addresses_of_any_alphabet_travel_as_every_server_takes_them(app: Bare) {
        let server = SmtpServer::start().await;
        let mailer = Mailer::open(&server.url(), "parvis.example.org").unwrap();
        let sender = Sender::new("Fête <fete@fête.example.org>", BASE_URL).unwrap();
        let worker = Worker::new(app.pool.clone(), mailer, View::new().unwrap(), sender, Uuid::from_u128(1));
        // The address of a form is kept so (`registration::person`); what was kept otherwise goes all the same.
        let letters = ["jean@xn--exmple-cua.org", "jean@exämple.org"].map(|to| {
            let mut letter = confirmed(to.len() as u128, to);
            letter.data.programme.contact = Some("info@exämple.org".to_owned());
            letter
        });
        queue(&app, &letters).await;

        assert_eq!(worker.deliver_due(app.now()).await.unwrap(), sent(2));

        for mail in server.messages() {
            assert_eq!(mail.sender, "fete@xn--fte-fma.example.org");
            assert_eq!(mail.recipient, "jean@xn--exmple-cua.org");
            assert!(mail.raw.is_ascii());
            let message = read(&mail.raw);
            let from = message.from().unwrap().first().unwrap();
            assert_eq!((from.name(), from.address()), (Some("Fête"), Some("fete@xn--fte-fma.example.org")));
            assert_eq!(message.to().unwrap().first().unwrap().address(), Some("jean@xn--exmple-cua.org"));
            assert_eq!(message.reply_to().unwrap().first().unwrap().address(), Some("info@xn--exmple-cua.org"));
            let entry = &calendars(&message)[0];
            assert_eq!(value(entry, "ORGANIZER"), "mailto:fete@xn--fte-fma.example.org");
            assert!(value(entry, "ATTENDEE").starts_with("mailto:jean@"));
        }
    }

    async fn mails_come_back_to_an_address_of_their_own(app: Bare) {
        let server = SmtpServer::start().await;
        let mailer = Mailer::open(&server.url(), "parvis.example.org").unwrap();
        let sender = sender().with_bounces("bounces+*@bücher.example").unwrap();
        let worker = Worker::new(app.pool.clone(), mailer, View::new().unwrap(), sender, Uuid::from_u128(1));
        queue(&app, &[confirmed(1, ADA)]).await;

        assert_eq!(worker.deliver_due(app.now()).await.unwrap(), sent(1));

        let [mail] = &server.messages()[..] else { panic!("one mail") };
        assert_eq!(mail.sender, format!("bounces+{}@xn--bcher-kva.example", id(1)));
        assert_eq!(read(&mail.raw).from().unwrap().first().unwrap().address(), Some("programme@example.org"));
        assert_eq!(outbox::counts(&mut app.pool.acquire().await.unwrap()).await.unwrap(), Counts {
            sent: 1,
            ..Counts::default()
        });
    }
}

on_both_engines! {
    async fn what_is_typed_with_an_international_domain_is_kept_and_written_to_in_ascii(app: crate::harness::App) {
        app.publish(&crate::builders::miso(vec![crate::builders::session("a", 5)])).await;

        app.register("Jean@Exämple.org", &["a"]).await;

        let mails = app.mails_to("@").await;
        assert_eq!(
            mails.iter().map(|mail| mail.recipient.as_str()).collect::<Vec<_>>(),
            ["jean@xn--exmple-cua.org"]
        );
        // Whichever way it is typed, it is the same person.
        app.register("jean@xn--exmple-cua.org", &["a"]).await;
        assert_eq!(app.broken().await, Vec::<String>::new());
        let mut db = app.pool.acquire().await.unwrap();
        let known =
            parvis::registration::store::participant_by_email(&mut db, "jean@xn--exmple-cua.org").await.unwrap();
        assert!(known.is_some());
    }
}

#[test]
fn a_wrong_address_for_what_comes_back_is_named_with_its_setting() {
    for wrong in
        ["bounces", "", "a b@example.org", "*+*@example.org", "a@example.org\r\nRCPT TO:<b@example.org>"]
    {
        let error = sender().with_bounces(wrong).unwrap_err();
        assert_eq!(error.key, "parvis.mail.bounces", "{wrong:?}");
    }
}
