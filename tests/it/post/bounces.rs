//! What mail servers send back, as they write it, and what follows from it.

use std::{
    io::Write as _,
    process::{Command, Output, Stdio},
};

use chrono::TimeDelta;
use parvis::{
    cli::bounce::take_in,
    mail::{
        bounce,
        outbox::{self, Delivery, Mark, State, Which},
    },
    registration::store::{self, reach},
};
use uuid::Uuid;

use crate::{
    builders::{miso, on_day, session},
    harness::{App, TestDb},
};

const ANA: &str = "ana@example.org";
const BEN: &str = "ben@example.org";

/// As Postfix writes it: with the whole mail behind the report.
fn postfix(action: &str, status: &str, to: &str, returned: &str) -> String {
    format!(
        "Return-Path: <>\r\nReceived: by mail.example.net (Postfix)\r\n\tid 4XYZ; Mon,  1 Mar 2027 10:00:00 +0100 (CET)\r\n\
         Date: Mon,  1 Mar 2027 10:00:00 +0100 (CET)\r\nFrom: MAILER-DAEMON@mail.example.net (Mail Delivery System)\r\n\
         Subject: Undelivered Mail Returned to Sender\r\nTo: programme@example.org\r\nAuto-Submitted: auto-replied\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status;\r\n\
         \tboundary=\"4XYZ.1/mail.example.net\"\r\nMessage-Id: <20270301.4XYZ@mail.example.net>\r\n\r\n\
         This is a MIME-encapsulated message.\r\n\r\n--4XYZ.1/mail.example.net\r\n\
         Content-Description: Notification\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
         This is the mail system at host mail.example.net.\r\n\r\n<{to}>: host mx.example.org said: 550 no such user\r\n\r\n\
         --4XYZ.1/mail.example.net\r\nContent-Description: Delivery report\r\n\
         Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.example.net\r\n\
         X-Postfix-Queue-ID: 4XYZ\r\nX-Postfix-Sender: rfc822; programme@example.org\r\n\
         Arrival-Date: Mon,  1 Mar 2027 09:59:00 +0100 (CET)\r\n\r\n\
         Final-Recipient: rfc822; {to}\r\nOriginal-Recipient: rfc822;{to}\r\nAction: {action}\r\nStatus: {status}\r\n\
         Remote-MTA: dns; mx.example.org\r\nDiagnostic-Code: smtp; 550 {status} <{to}>: Recipient address rejected:\r\n\
         \x20   User unknown in local recipient table\r\n\r\n\
         --4XYZ.1/mail.example.net\r\nContent-Description: Undelivered Message\r\nContent-Type: message/rfc822\r\n\r\n\
         {returned}\r\n--4XYZ.1/mail.example.net--\r\n"
    )
}

/// As Exim writes it: line feeds alone, no original recipient, only the headers.
fn exim(status: &str, to: &str, id: Uuid) -> String {
    format!(
        "Received: from Debian-exim by mail.example.net with local id 1abc\n\tMon, 01 Mar 2027 10:00:00 +0100\n\
         X-Failed-Recipients: {to}\nAuto-Submitted: auto-replied\nFrom: Mail Delivery System <Mailer-Daemon@mail.example.net>\n\
         To: programme@example.org\nReferences: <{id}@parvis.example.org>\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=1709283600-eximdsn-1\nMIME-Version: 1.0\n\
         Subject: Mail delivery failed: returning message to sender\n\n--1709283600-eximdsn-1\n\
         Content-type: text/plain; charset=us-ascii\n\nThis message was created automatically by mail delivery software.\n\n\
         --1709283600-eximdsn-1\nContent-type: message/delivery-status\n\nReporting-MTA: dns; mail.example.net\n\n\
         Action: failed\nFinal-Recipient: rfc822;{to}\nStatus: {status}\n\
         Remote-MTA: dns; mx.example.org\nDiagnostic-Code: smtp; 550 No such user\n\n\
         --1709283600-eximdsn-1\nContent-type: text/rfc822-headers\n\n\
         Return-path: <programme@example.org>\nMessage-ID: <{id}@parvis.example.org>\nTo: {to}\nSubject: Inscription\n\n\
         --1709283600-eximdsn-1--\n"
    )
}

/// Of a server that returns nothing, but was told an envelope id, or wrote to an address with one.
fn bare(to_us: &str, envelope: &str, to: &str) -> String {
    format!(
        "From: postmaster@example.net\nTo: {to_us}\nSubject: Undeliverable\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\
         Content-Type: message/delivery-status\n\nReporting-MTA: dns; a\n{envelope}\nFinal-Recipient: rfc822;{to}\n\
         Action: failed\nStatus: 5.1.10\n\n--b--\n"
    )
}

/// Somebody sends it on, as an attachment.
fn forwarded(report: &str) -> String {
    format!(
        "From: ana@example.com\r\nTo: programme@example.org\r\nSubject: Fwd\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=outer\r\n\r\n--outer\r\nContent-Type: text/plain\r\n\r\nVoir ci-joint.\r\n\
         --outer\r\nContent-Type: message/rfc822\r\n\r\n{report}\r\n--outer--\r\n"
    )
}

const ABSENCE: &str = "From: ana@example.org\r\nTo: programme@example.org\r\nSubject: Absence\r\n\
    Auto-Submitted: auto-replied\r\nIn-Reply-To: <ID@parvis.example.org>\r\nContent-Type: text/plain\r\n\r\n\
    Je suis absente. Final-Recipient: rfc822; ana@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n";

async fn pipe(app: &App, raw: &str) -> String {
    pipe_bytes(app, raw.as_bytes()).await
}

async fn pipe_bytes(app: &App, raw: &[u8]) -> String {
    match bounce::read(raw) {
        Some(report) => take_in(app.house(), &report).await.unwrap(),
        None => "no report".to_owned(),
    }
}

/// A programme of one session, and these people in it, their mails delivered.
async fn registered(app: &App, people: &[&str]) {
    app.publish(&miso(vec![session("a", 50)])).await;
    for person in people {
        app.register(person, &["a"]).await;
        app.mails_to(person).await;
    }
}

async fn row(app: &App, person: &str) -> outbox::Row {
    let rows = outbox::to(&mut app.pool.acquire().await.unwrap(), person).await.unwrap();
    rows.last().unwrap().clone()
}

async fn is_reached(app: &App, person: &str) -> bool {
    let mut db = app.pool.acquire().await.unwrap();
    let participant = store::participant_by_email(&mut db, person).await.unwrap().unwrap();
    let found = store::data::person(&mut db, participant.id).await.unwrap().unwrap();
    found.undeliverable_at.is_none()
}

/// The session moves, and everybody who is to hear of it has heard.
async fn move_to_day(app: &App, day: i64) {
    app.publish(&miso(vec![on_day(session("a", 50), day)])).await;
    app.pass(TimeDelta::minutes(11));
    app.run_due().await;
    app.deliver().await;
}

fn kept(app: &App, person: &str) -> usize {
    app.mailer.kept().iter().filter(|mail| mail.recipient == person).count()
}

fn message_id(row: &outbox::Row) -> String {
    format!("Message-ID: <{}@parvis.example.org>\r\nTo: {}\r\nSubject: x\r\n\r\nx\r\n", row.id, ANA)
}

on_both_engines! {
    async fn a_mail_that_comes_back_for_good_is_failed_in_sight_and_news_spare_the_dead_address(app: App) {
        registered(&app, &[ANA, BEN]).await;
        let mail = row(&app, ANA).await;
        let original = app.mails_to(ANA).await.pop().unwrap();
        let returned = String::from_utf8(original.raw).unwrap();

        let line = pipe(&app, &postfix("failed", "5.1.1", ANA, &returned)).await;

        assert_eq!(
            line,
            format!("mail {} (order) came back: 5.1.1 550 5.1.1 … Recipient address rejected: User unknown in local recipient table", mail.id)
        );
        let failed = row(&app, ANA).await;
        assert_eq!((failed.state(), failed.sent_at, failed.failed_at), (State::Failed, None, Some(app.now())));
        assert!(failed.error.unwrap().starts_with("came back: 5.1.1 550 5.1.1 … Recipient"));
        assert!(!is_reached(&app, ANA).await && is_reached(&app, BEN).await);
        let mut db = app.pool.acquire().await.unwrap();
        assert_eq!(reach::undeliverable(&mut db).await.unwrap(), 1);
        assert_eq!(outbox::counts(&mut db).await.unwrap().failed, 1);
        // It is in nobody's way: not sent again with those that never left, only by its id.
        assert_eq!(outbox::retry(&mut db, Which::AllFailed, app.now()).await.unwrap(), 0);
        drop(db);
        // The same report twice is one.
        pipe(&app, &postfix("failed", "5.1.1", ANA, &returned)).await;
        assert_eq!(row(&app, ANA).await.failed_at, failed.failed_at);

        let before = (kept(&app, ANA), kept(&app, BEN));
        move_to_day(&app, 1).await;
        assert_eq!((kept(&app, ANA), kept(&app, BEN)), (before.0, before.1 + 1), "news to Ben alone");

        // Who sends a form again is written to again.
        app.register(ANA, &["a"]).await;
        assert!(is_reached(&app, ANA).await);
        let before = (app.mails_to(ANA).await.len(), kept(&app, BEN));
        move_to_day(&app, 2).await;
        assert_eq!((kept(&app, ANA), kept(&app, BEN)), (before.0 + 1, before.1 + 1));
        assert_eq!(app.broken().await, Vec::<String>::new());

        let mut db = app.pool.acquire().await.unwrap();
        assert_eq!(outbox::retry(&mut db, Which::Ids(&[mail.id]), app.now()).await.unwrap(), 1);
        drop(db);
        app.deliver().await;
        let rows = outbox::to(&mut app.pool.acquire().await.unwrap(), ANA).await.unwrap();
        assert!(rows.iter().all(|row| row.state() == State::Sent), "{rows:?}");
    }

    async fn each_way_to_name_a_mail_of_ours_is_understood(app: App) {
        let people: Vec<_> = (0..8).map(|n| format!("p{n}@example.org")).collect();
        registered(&app, &people.iter().map(String::as_str).collect::<Vec<_>>()).await;
        let mut ids = Vec::new();
        for person in &people {
            ids.push(row(&app, person).await.id);
        }
        let returned = |n: usize| format!("To: {}\r\nMessage-ID: <{}@old.example.org>\r\n\r\nx", people[n], ids[n]);
        let reports = [
            postfix("failed", "5.1.1", &people[0], &returned(0)),
            postfix("failed", "5.1.1", &people[1], &returned(1)).replace("\r\n", "\n"),
            exim("5.0.0", &people[2], ids[2]),
            format!("From MAILER-DAEMON Mon Mar  1 10:00:00 2027\n{}", exim("5.0.0", &people[3], ids[3])),
            forwarded(&postfix("failed", "5.1.1", &people[4], &returned(4))),
            bare("programme@example.org", &format!("Original-Envelope-Id: {}\n", ids[5]), &people[5]),
            bare(&format!("bounces+{}@example.org", ids[6]), "", &people[6]),
            // An alias that led to a mailbox elsewhere.
            postfix("Failed", "5.1.1 (unknown)", "other@example.net", &returned(7)),
        ];

        for (n, report) in reports.iter().enumerate() {
            let line = pipe(&app, report).await;
            assert!(line.starts_with(&format!("mail {} (order) came back: 5.", ids[n])), "{n}: {line}");
            assert!(!line.contains('@'), "{line}");
            assert_eq!(row(&app, &people[n]).await.state(), State::Failed, "{n}");
            assert!(!is_reached(&app, &people[n]).await, "{n}");
        }
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn what_is_no_lasting_failure_changes_little_or_nothing(app: App) {
        registered(&app, &[ANA]).await;
        let before = row(&app, ANA).await;
        let returned = message_id(&before);
        let absence = ABSENCE.replace("ID", &before.id.to_string());
        for (raw, line) in [
            (postfix("delivered", "2.0.0", ANA, &returned), "nothing to note"),
            (postfix("relayed", "2.0.0", ANA, &returned), "nothing to note"),
            (postfix("expanded", "2.0.0", ANA, &returned), "nothing to note"),
            (absence.clone(), "no report"),
            (forwarded(&absence), "no report"),
            (String::new(), "no report"),
            ("\r\n\r\n".to_owned(), "no report"),
            ("\0\0\0".to_owned(), "no report"),
            // A report of something else: read receipts are reports, too.
            (postfix("failed", "5.1.1", ANA, &returned).replace("delivery-status", "disposition-notification"), "no report"),
            (postfix("exploded", "5.1.1", ANA, &returned), "no report"),
        ] {
            let found = pipe(&app, &raw).await;
            assert!(found.ends_with(line), "{found}");
            assert_eq!(row(&app, ANA).await, before);
        }

        let line = pipe(&app, &postfix("delayed", "4.4.1", ANA, &returned)).await;
        assert!(line.contains("is delayed: 4.4.1"), "{line}");
        let noted = row(&app, ANA).await;
        assert_eq!((noted.state(), noted.sent_at), (State::Sent, before.sent_at));
        assert!(noted.error.unwrap().starts_with("delayed: 4.4.1"));
        assert!(is_reached(&app, ANA).await);

        // Given up after days, a full mailbox, a mail that is not liked: this one failed, the next may arrive.
        for status in ["4.4.7", "5.2.2", "5.7.1"] {
            let line = pipe(&app, &postfix("failed", status, ANA, &returned)).await;
            assert!(line.contains(&format!("came back: {status}")), "{line}");
            assert!(is_reached(&app, ANA).await, "{status}");
        }
        assert_eq!(row(&app, ANA).await.state(), State::Failed);
    }

    async fn a_forged_report_changes_nothing_for_others(app: App) {
        registered(&app, &[ANA, BEN]).await;
        let (ana, ben) = (row(&app, ANA).await, row(&app, BEN).await);
        let nobody = Uuid::from_u128(7);
        for raw in [
            exim("5.1.1", ANA, nobody),
            postfix("failed", "5.1.1", ANA, "To: ana@example.org\r\nSubject: x\r\n\r\nx"),
            bare("ana@example.org", "Original-Envelope-Id: 1\n", ANA),
            bare(&format!("bounces+{nobody}@example.org"), &format!("Original-Envelope-Id: {nobody}\n"), ANA),
        ] {
            assert_eq!(pipe(&app, &raw).await, "a delivery report of no mail of ours; nothing changed");
        }
        // Ben knows the id of his own mail only: whomever he names, it is that mail that came back.
        let line = pipe(&app, &exim("5.1.1", ANA, ben.id)).await;
        assert!(line.starts_with(&format!("mail {} ", ben.id)), "{line}");
        assert_eq!(row(&app, ANA).await, ana);
        assert!(is_reached(&app, ANA).await);
        assert_eq!(row(&app, BEN).await.state(), State::Failed);
    }

    async fn control_characters_in_a_report_reach_neither_database_nor_log(app: App) {
        registered(&app, &[ANA]).await;
        let mail = row(&app, ANA).await;
        let raw = exim("5.1.1", ANA, mail.id)
            .replace("550 No such user", "550 a\0b\u{1b}[31m\rBcc: eve@example.org\n \u{202e}<ana@example.org>ana.x");
        let line = pipe_bytes(&app, raw.as_bytes()).await;
        assert!(!line.contains(|c: char| c.is_control()) && !line.contains("ana") && !line.contains("eve"), "{line:?}");
        let error = row(&app, ANA).await.error.unwrap();
        assert!(!error.contains(|c: char| c.is_control()) && !error.contains('@'), "{error:?}");
        assert!(error.len() < 1_000);
    }

    async fn a_report_that_overtakes_our_own_mark_is_believed(app: App) {
        app.publish(&miso(vec![session("a", 50)])).await;
        app.register(ANA, &["a"]).await;
        let worker = Uuid::from_u128(1);
        let mut tx = app.pool.begin().await.unwrap();
        let claimed = outbox::claim(&mut tx, worker, app.now() + TimeDelta::minutes(2), 9).await.unwrap();
        tx.commit().await.unwrap();
        // The application's own worker may have been quicker; then there is nothing to overtake.
        let mail = row(&app, ANA).await;
        pipe(&app, &exim("5.1.1", ANA, mail.id)).await;
        let mut tx = app.pool.begin().await.unwrap();
        let sent = Mark { id: mail.id, what: Delivery::Sent { at: app.now() } };
        outbox::mark(&mut tx, worker, &[sent]).await.unwrap();
        tx.commit().await.unwrap();

        assert!(claimed.len() <= 1);
        assert_eq!(row(&app, ANA).await.state(), State::Failed);
        assert!(!is_reached(&app, ANA).await);
    }

    async fn a_late_report_does_not_mark_who_has_sent_a_form_since(app: App) {
        registered(&app, &[ANA]).await;
        let old = row(&app, ANA).await;
        app.pass(TimeDelta::hours(2));
        app.register(ANA, &["a"]).await;

        pipe(&app, &exim("5.1.1", ANA, old.id)).await;

        assert!(is_reached(&app, ANA).await, "the newer mail will tell");
    }

    async fn an_erased_person_is_touched_by_no_report(app: App) {
        registered(&app, &[ANA]).await;
        let mail = row(&app, ANA).await;
        let mut db = app.pool.acquire().await.unwrap();
        outbox::erase(&mut db, ANA, app.now()).await.unwrap();
        drop(db);
        let line = pipe(&app, &exim("5.1.1", ANA, mail.id)).await;
        assert_eq!(line, "a delivery report of no mail of ours; nothing changed");
    }
}

/// The program itself, as a mail server runs it.
fn run(db_url: &str, folder: &std::path::Path, input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_parvis"))
        .arg("bounce")
        .current_dir(folder)
        .env_remove("ROCKET_CONFIG")
        .env("ROCKET_DATABASES", format!("{{main={{url=\"{db_url}\"}}}}"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input).unwrap();
    drop(stdin);
    child.wait_with_output().unwrap()
}

on_both_engines! {
    async fn the_command_ends_as_a_mail_server_expects(app: App) {
        registered(&app, &[ANA]).await;
        let mail = row(&app, ANA).await;
        let folder = app.db.folder();

        let absence = run(&app.db.url, folder, ABSENCE.as_bytes());
        assert_eq!(absence.status.code(), Some(0));
        assert_eq!(String::from_utf8_lossy(&absence.stderr), "no delivery report; nothing changed\n");

        // Behind the report comes a mail of twenty megabytes: nobody is cut off in the middle.
        let returned = format!("{}{}", message_id(&mail), "x".repeat(20 << 20));
        let found = run(&app.db.url, folder, postfix("failed", "5.1.1", ANA, &returned).as_bytes());
        assert_eq!(found.status.code(), Some(0), "{}", String::from_utf8_lossy(&found.stderr));
        assert!(found.stdout.is_empty());
        let said = String::from_utf8_lossy(&found.stderr).into_owned();
        assert!(said.contains(&mail.id.to_string()) && !said.contains("ana"), "{said}");
        assert_eq!(row(&app, ANA).await.state(), State::Failed);
    }
}

#[tokio::test]
async fn without_a_database_the_mail_server_is_to_try_again_and_noise_needs_none() {
    // A file is not there or it is; a server that does not answer is in `failures.rs`.
    let db = TestDb::sqlite().await;
    let url = format!("sqlite://{}", db.folder().join("not-there.db").display());
    let report = exim("5.1.1", ANA, Uuid::from_u128(1));

    let failed = run(&url, db.folder(), report.as_bytes());
    assert_eq!(failed.status.code(), Some(75), "EX_TEMPFAIL");
    let said = String::from_utf8_lossy(&failed.stderr).into_owned();
    assert!(said.starts_with("error: ") && !said.contains("ana@"), "{said}");

    let noise = run(&url, db.folder(), &[0, 159, 146, 150, 13, 10, 0].repeat(1000));
    assert_eq!(noise.status.code(), Some(0));
}
