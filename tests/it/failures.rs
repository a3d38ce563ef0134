//! What we stand on goes away for a while: nobody is told a thing that is not true, nothing is lost, and nobody
//! needs to start us again.

use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use futures_util::{
    StreamExt as _,
    future::{join_all, ready},
    stream,
};
use hyper::StatusCode;
use parvis::{
    db::{Conn, Tx},
    mail::{
        outbox::{self, State},
        transport::Mailer,
    },
};
use rocket::http::Status;
use sqlx::{Connection as _, SqliteConnection, query};

use crate::{
    builders::{miso, on_day, session},
    crowd::{Begun, ONCE, nothing_is_lost},
    harness::{App, TestDb},
    html::Found,
    process,
    proxy::Proxy,
    smtp::SmtpServer,
};

const ADA: &str = "ada@example.org";
/// Longer than anybody waits for an answer, whatever has gone.
const PATIENCE: Duration = Duration::from_secs(20);
/// The pages that come from memory. The CSV does not: it asks the draft for its live values.
const FROM_MEMORY: [&str; 5] = [
    "/fr/miso",
    "/en/miso/sessions/ouverture",
    "/fr/miso/themes/lab",
    "/fr/miso/calendar.ics",
    "/fr/miso/register?session=ouverture",
];

/// An application with two sessions, and one person who has registered and has got her mail.
async fn with_ada(app: &App) -> Vec<String> {
    app.publish(&miso(vec![session("ouverture", 50), on_day(session("atelier", 1), 1)])).await;
    let order = app.register(ADA, &["ouverture"]).await;
    assert_eq!(order.status, Status::SeeOther);
    vec![order.location().to_owned(), app.agenda_path(ADA).await]
}

/// What Bea types, in English.
const FORM: [(&str, &str); 8] = [
    ("name", "Bea \"B.\" <Exemple>"),
    ("email", "bea@example.org"),
    ("people", "2"),
    ("organisation", "Collectif & fils"),
    ("access_needs", "deux lignes,\r\nen français"),
    ("consent", "1"),
    ("key", "form-of-bea"),
    ("session", "ouverture"),
];

/// Bea is not told that her form is taken, nor that it is not: nobody may know. Nothing that she typed is lost.
pub async fn bea_is_told_to_come_back(app: &App) {
    let since = Instant::now();
    let page = app.post("/en/miso/register", &FORM).await;

    assert!(since.elapsed() < PATIENCE, "{:?}", since.elapsed());
    assert_eq!((page.status, page.header("retry-after")), (Status::ServiceUnavailable, "5"));
    assert_eq!(page.header("cache-control"), "private, no-store");
    let found = Found::on(&page.body);
    assert_eq!(found.attributes("html", "lang"), ["en"]);
    assert_eq!(
        found.text(".mistakes p"),
        "We cannot confirm your registration yet, and everything you wrote is still here. Wait a few seconds, then send the form again: sent twice, it counts once."
    );
    let mut fields = found.fields("#f-form");
    fields.retain(|(name, _)| FORM.iter().any(|(known, _)| known == name));
    let mut typed = FORM.map(|(name, value)| (name.to_owned(), value.replace('\r', "")));
    fields.iter_mut().for_each(|(_, value)| *value = value.replace('\r', ""));
    fields.sort();
    typed.sort();
    assert_eq!(fields, typed);
}

/// Ada corrects her name, and says how it was: nothing that she types is lost.
async fn ada_keeps_what_she_types(app: &App, agenda: &str, questions: &str) {
    let name = app.post(&format!("{agenda}/name"), &[("name", "Ada \"B.\" <Exemple>")]).await;
    // Who writes without reading first waits for the turn to write, which the test itself has on SQLite.
    let answers = [("rating", "4"), ("takeaway", "Du <b>café</b>"), ("better", "Plus\r\nde temps")];
    let said = if app.db.is_sqlite() { None } else { Some(app.post(questions, &answers).await) };

    for page in [&name].into_iter().chain(&said) {
        assert_eq!((page.status, page.header("retry-after")), (Status::ServiceUnavailable, "5"));
        assert_eq!(page.header("cache-control"), "private, no-store");
        assert!(
            Found::on(&page.body).text(".mistakes p").contains("tout ce que vous avez écrit est encore là")
        );
    }
    let found = Found::on(&name.body);
    assert_eq!(found.attributes("input[name=name]", "value"), ["Ada \"B.\" <Exemple>"]);
    assert_eq!(found.attributes("form.form", "action"), [format!("{agenda}/name")]);
    let Some(said) = said else { return };
    let found = Found::on(&said.body);
    assert_eq!(found.attributes("input[name=rating][checked]", "value"), ["4"]);
    let texts: Vec<_> = found.fields("form.form").into_iter().filter(|(name, _)| name != "rating").collect();
    let texts: Vec<_> = texts.iter().map(|(name, text)| (name.as_str(), text.replace('\r', ""))).collect();
    assert_eq!(texts, [("takeaway", "Du <b>café</b>".to_owned()), ("better", "Plus\nde temps".to_owned())]);
}

/// Bea sends her form once more, and has her seats, once.
pub async fn bea_gets_in(app: &App) {
    let since = Instant::now();
    let mut answer = app.post("/en/miso/register", &FORM).await;
    // A connection that has gone bad may have to be found out first.
    while answer.status != Status::SeeOther {
        assert!(since.elapsed() < PATIENCE, "{}", answer.status);
        assert_eq!(answer.status, Status::ServiceUnavailable);
        tokio::time::sleep(Duration::from_millis(50)).await;
        answer = app.post("/en/miso/register", &FORM).await;
    }
    let again = app.post("/en/miso/register", &FORM).await;
    assert_eq!(again.location(), answer.location());
    let mut order = app.get(answer.location()).await;
    // So may one of those that only read.
    while order.status == Status::ServiceUnavailable && since.elapsed() < PATIENCE {
        tokio::time::sleep(Duration::from_millis(50)).await;
        order = app.get(answer.location()).await;
    }
    assert_eq!(Found::on(&order.body).texts("li.confirmed h2"), ["Session ouverture"]);
    assert_eq!(app.mails_to("bea@example.org").await.len(), 1);
    assert_eq!(app.broken().await, Vec::<String>::new());
}

async fn is_ready(app: &App) -> (u16, String) {
    let ready = app.get("/readyz").await;
    (ready.status.code, ready.body)
}

/// Everything that can be said from memory is said, quickly; the rest is a page that says to come back.
async fn only_memory_answers(app: &App, links: &[String]) {
    let since = Instant::now();
    for page in join_all(FROM_MEMORY.map(|path| app.get(path))).await {
        assert_eq!(page.status, Status::Ok);
    }
    assert!(since.elapsed() < Duration::from_secs(2), "{:?}", since.elapsed());
    assert_eq!(app.get("/healthz").await.status, Status::Ok);
    for page in join_all(links.iter().map(|path| app.get(path))).await {
        assert_eq!((page.status, page.header("retry-after")), (Status::ServiceUnavailable, "5"));
        assert_eq!(Found::on(&page.body).text("h1"), "Un instant, s’il vous plaît");
    }
    assert_eq!(is_ready(app).await, (503, "the database cannot be reached\n".to_owned()));
}

on_both_engines! {
    async fn without_a_free_connection_one_is_told_to_come_back_and_keeps_what_was_typed(app: App) {
        let links = with_ada(&app).await;
        let questions = crate::after::feedback_link(&app, ADA, "ouverture").await;
        // Those that read, and those that write.
        let (readers, writers) = if app.db.is_sqlite() { (8, 1) } else { (4, 4) };
        let held: Vec<Conn> = join_all((0..readers).map(|_| async { app.pool.acquire().await.unwrap() })).await;
        let writing: Vec<Tx> = join_all((0..writers).map(|_| async { app.pool.begin().await.unwrap() })).await;

        tokio::join!(
            bea_is_told_to_come_back(&app),
            only_memory_answers(&app, &links),
            ada_keeps_what_she_types(&app, &links[1], &questions)
        );

        drop((held, writing));
        assert_eq!(app.post(&format!("{}/name", links[1]), &[("name", "Ada B.")]).await.status, Status::SeeOther);
        assert_eq!(is_ready(&app).await, (200, "ok\n".to_owned()));
        bea_gets_in(&app).await;
    }

    async fn a_mail_server_that_is_gone_delays_and_loses_nothing(db: TestDb) {
        let port = SmtpServer::nobody().await;
        let mailer = Mailer::open(&format!("smtp://127.0.0.1:{port}"), "parvis.example.org").unwrap();
        let app = App::start_with(db, mailer).await;
        app.publish(&miso(vec![session("ouverture", 50), on_day(session("atelier", 1), 1)])).await;

        assert_eq!(app.register(ADA, &["ouverture"]).await.status, Status::SeeOther);
        assert_eq!(app.register("bea@example.org", &["ouverture", "atelier"]).await.status, Status::SeeOther);

        // Tried for days, and never an attempt of the mail's own.
        for hours in 0..48 {
            app.try_to_deliver().await;
            app.pass(TimeDelta::hours(hours));
        }
        let mut db = app.pool.acquire().await.unwrap();
        let waiting = outbox::list(&mut db, None).await.unwrap();
        let states: Vec<_> = waiting.iter().map(|row| (row.state(), row.attempts)).collect();
        assert_eq!(states, [(State::Due, 0), (State::Due, 0)]);
        assert!(waiting.iter().any(|row| row.error.is_some()), "nobody would see why");
        assert_eq!(is_ready(&app).await, (200, "ok\n".to_owned()));

        let server = SmtpServer::start_at(port).await;
        app.pass(TimeDelta::minutes(2));
        let since = Instant::now();
        while server.messages().len() < 2 {
            assert!(since.elapsed() < PATIENCE);
            app.try_to_deliver().await;
            app.pass(TimeDelta::seconds(1));
        }
        app.try_to_deliver().await;
        let mut sent: Vec<_> = server.messages().into_iter().map(|mail| mail.recipient).collect();
        sent.sort();
        assert_eq!(sent, [ADA, "bea@example.org"]);
        assert_eq!(app.broken().await, Vec::<String>::new());
    }
}

/// An application behind a line to PostgreSQL that can fail; `None` where there is no PostgreSQL.
async fn behind_a_line() -> Option<(App, Proxy)> {
    let Some(mut db) = TestDb::postgres().await else {
        println!("skipped: no PostgreSQL server");
        return None;
    };
    let proxy = Proxy::to(&db.url).await;
    db.url.clone_from(&proxy.url);
    Some((App::start(db).await, proxy))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_server_that_is_gone_is_waited_for() {
    let Some((app, proxy)) = behind_a_line().await else { return };
    let links = with_ada(&app).await;

    proxy.cut();
    bea_is_told_to_come_back(&app).await;
    only_memory_answers(&app, &links).await;
    proxy.restore();

    bea_gets_in(&app).await;
    assert_eq!(is_ready(&app).await, (200, "ok\n".to_owned()));
}

async fn forty_come(app: &App) -> Vec<Status> {
    let people = (0..40).map(|person| async move {
        app.register(&format!("personne-{person}@example.org"), &["atelier"]).await.status
    });
    join_all(people).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_server_that_says_nothing_any_more_holds_nobody_up() {
    let Some((app, proxy)) = behind_a_line().await else { return };
    let links = with_ada(&app).await;

    // In the middle of transactions.
    let since = Instant::now();
    let (answers, ()) = tokio::join!(forty_come(&app), async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        proxy.silence();
    });
    assert!(since.elapsed() < PATIENCE, "{:?}", since.elapsed());
    let known = [Status::SeeOther, Status::ServiceUnavailable];
    assert!(answers.iter().all(|status| known.contains(status)), "{answers:?}");
    bea_is_told_to_come_back(&app).await;
    only_memory_answers(&app, &links).await;
    proxy.restore();

    bea_gets_in(&app).await;
    let answers = forty_come(&app).await;
    assert!(answers.iter().all(|status| *status == Status::SeeOther), "{answers:?}");
    assert_eq!(is_ready(&app).await, (200, "ok\n".to_owned()));
    assert_eq!(app.broken().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rush_in_which_the_server_ends_every_connection_loses_nothing() {
    let Some((app, proxy)) = behind_a_line().await else { return };
    with_ada(&app).await;
    let (through, sent_away) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let over = AtomicBool::new(false);

    let people = stream::iter(0..).take_while(|_| ready(!over.load(Ordering::Relaxed))).map(|person| {
        let (app, through, sent_away) = (&app, &through, &sent_away);
        async move {
            let email = format!("personne-{person}@example.org");
            let status = app.register(&email, &["ouverture"]).await.status;
            let heard = if status == Status::SeeOther { through } else { sent_away };
            heard.fetch_add(1, Ordering::Relaxed);
            (email, status)
        }
    });
    let rush = people.buffer_unordered(16).collect::<Vec<_>>();
    let cutting = async {
        let since = Instant::now();
        let enough = |heard: &AtomicUsize| heard.load(Ordering::Relaxed) >= 30;
        while !enough(&through) || !enough(&sent_away) {
            assert!(since.elapsed() < PATIENCE, "{through:?} came through, {sent_away:?} were sent away");
            tokio::time::sleep(Duration::from_millis(40)).await;
            proxy.cut();
            tokio::time::sleep(Duration::from_millis(15)).await;
            proxy.restore();
        }
        over.store(true, Ordering::Relaxed);
    };
    let (answers, ()) = tokio::join!(rush, cutting);

    let people = i64::try_from(answers.len()).unwrap();
    for (email, status) in answers {
        match status {
            Status::SeeOther => {}
            Status::ServiceUnavailable => {
                // Sent again, as the page says. A line that was cut a moment ago is found out by whoever asks next.
                let since = Instant::now();
                while app.register(&email, &["ouverture"]).await.status != Status::SeeOther {
                    assert!(since.elapsed() < PATIENCE, "{email} is sent away for ever");
                }
            }
            odd => panic!("{odd}"),
        }
    }
    // A reader's line that was cut a moment ago is found out by whoever asks next.
    let since = Instant::now();
    let broken = loop {
        match parvis::cli::check::broken(app.house()).await {
            Ok(broken) => break broken,
            Err(cause) => assert!(since.elapsed() < Duration::from_secs(5), "{cause}"),
        }
    };
    assert_eq!(broken, Vec::<String>::new());
    let mut db = app.pool.acquire().await.unwrap();
    let counts = parvis::registration::store::counts_by_state(&mut db).await.unwrap();
    assert_eq!(counts.iter().map(|(_, count)| count).sum::<i64>(), 1 + people, "and Ada");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_program_that_keeps_the_file_locked_is_waited_for_and_then_one_is_told_so() {
    let app = App::start(TestDb::sqlite().await).await;
    let links = with_ada(&app).await;
    let mut other = SqliteConnection::connect(&app.db.url).await.unwrap();
    query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();

    bea_is_told_to_come_back(&app).await;
    // Readers are held up by no writer.
    for path in links.iter().map(String::as_str).chain(FROM_MEMORY) {
        assert_eq!(app.get(path).await.status, Status::Ok);
    }

    query("ROLLBACK").execute(&mut other).await.unwrap();
    bea_gets_in(&app).await;
}

#[tokio::test]
async fn a_disk_that_is_full_sends_people_away_until_there_is_room_again() {
    let Begun { db, pool, mails, process, visitor, crowd } = Begun::on_a_small_disk().await;

    // No file may grow any more: what a full disk does to the write-ahead log.
    let log = std::fs::metadata(db.folder().join("test.db-wal")).unwrap().len();
    process.limit_files(Some(log + 50_000));
    while crowd.sent_away() < 5 {
        assert!(crowd.comes(&visitor).await);
        assert!(crowd.taken() < 1_000, "the disk is not full");
    }
    assert_eq!(crowd.odd(), Vec::new());
    assert_eq!(visitor.get("/fr/miso").await.status, StatusCode::OK);
    process::check(&db);

    process.limit_files(None);
    assert!(crowd.comes(&visitor).await);
    nothing_is_lost(&crowd, &process, &pool, &mails, ONCE).await;
    process::check(&db);
}

#[tokio::test]
async fn a_quota_that_is_met_while_the_log_is_put_into_the_database_is_over_when_it_is_raised() {
    let Begun { db, pool, mails, process, visitor, crowd } = Begun::on_a_small_disk().await;

    // Once the log has been put into it, the database may not grow any more. Commits go to the log as long as it is shorter.
    let file = || std::fs::metadata(db.folder().join("test.db")).unwrap().len();
    let said = || std::fs::read_to_string(db.folder().join("server.log")).unwrap();
    let since = Instant::now();
    while file() < 200_000 {
        assert!(since.elapsed() < PATIENCE, "the log is not put into the database: {}", said());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    process.limit_files(Some(file()));
    while !said().contains("the log could not be put into the database") {
        assert!(since.elapsed() < PATIENCE, "the database still grows: {}", said());
        assert!(crowd.comes(&visitor).await);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    process.limit_files(None);

    let taken = crowd.taken();
    while crowd.taken() == taken {
        assert!(since.elapsed() < PATIENCE + PATIENCE, "nobody gets in any more: {}", said());
        assert!(crowd.comes(&visitor).await);
    }
    assert_eq!(visitor.get("/readyz").await.status, StatusCode::OK);
    nothing_is_lost(&crowd, &process, &pool, &mails, ONCE).await;
    process::check(&db);
}

#[tokio::test]
async fn a_disk_that_refuses_to_keep_what_was_written_ends_the_process_and_the_next_goes_on() {
    let Begun { db, pool, mails, mut process, visitor, crowd } = Begun::with_a_busy_worker().await;

    // What stands at the log's name now cannot be synced; the log itself goes on under another.
    let (log, aside) = (db.folder().join("test.db-wal"), db.folder().join("aside"));
    std::fs::rename(&log, &aside).unwrap();
    std::os::unix::fs::symlink("/dev/null", &log).unwrap();
    assert!(crowd.comes(&visitor).await);

    assert_eq!((crowd.taken(), crowd.sent_away(), crowd.odd()), (1, 1, Vec::new()));
    let ready = visitor.get("/readyz").await;
    let why = "the disk has refused to keep what was written: start again\n";
    assert_eq!((ready.status, ready.text()), (StatusCode::SERVICE_UNAVAILABLE, why));
    let (status, _) = process.ended().await;
    assert_eq!(status.code(), Some(1), "a service manager starts again what has failed");

    std::fs::rename(&aside, &log).unwrap();
    mails.accept("personne-0@example.org");
    let process = process.again(&db, &mails.url()).await;
    nothing_is_lost(&crowd, &process, &pool, &mails, ONCE).await;
    process::check(&db);
}
