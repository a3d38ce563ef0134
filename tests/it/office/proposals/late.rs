//! A mail that was held up on its way takes nothing of the time that its reader has.

use chrono::TimeDelta;
use mail_parser::MessageParser;
use parvis::{
    identity::{joining, people},
    mail::transport::Mailer,
    proposals::call,
};
use rocket::http::Status;

use super::{
    call::{CALL, open},
    confirm,
    joining::{join, link as joining_link},
    to_call, two_partners, way,
};
use crate::{
    harness::{App, BASE_URL, TestDb},
    smtp::SmtpServer,
};

/// An application whose mail server is away, and at which port it will be.
async fn without_a_mail_server(db: TestDb) -> (App, u16) {
    let port = SmtpServer::nobody().await;
    let mailer = Mailer::open(&format!("smtp://127.0.0.1:{port}"), "parvis.example.org").unwrap();
    (App::start_with(db, mailer).await, port)
}

/// What of the house's own runs each second, and each hour.
async fn run_due(app: &App) {
    app.run_due().await;
    people::tidy(app.house()).await.unwrap();
}

/// Time passes, and the mail server stays away.
async fn pass(app: &App, time: TimeDelta) {
    app.try_to_deliver().await;
    app.pass(time);
    app.try_to_deliver().await;
    run_due(app).await;
}

/// The link in the newest mail to this address, once the server takes it.
async fn link(app: &App, server: &SmtpServer, email: &str, part: &str) -> String {
    for _ in 0..600 {
        app.try_to_deliver().await;
        if let Some(mail) = server.messages_to(email).pop() {
            let message = MessageParser::default().parse(&mail.raw).unwrap();
            let text = message.body_text(0).unwrap().into_owned();
            let word = text.split_whitespace().find(|word| word.contains(part)).unwrap();
            return word[BASE_URL.len()..].to_owned();
        }
        app.pass(TimeDelta::seconds(1));
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("no mail to {email}");
}

on_both_engines! {
    async fn a_proposal_whose_mail_was_held_up_has_its_two_days_from_when_it_left(db: TestDb) {
        let (app, port) = without_a_mail_server(db).await;
        open(&app).await;
        way(&app.post(CALL, &to_call("lou@example.org")).await);
        pass(&app, call::CONFIRM_WITHIN - TimeDelta::hours(1)).await;
        pass(&app, TimeDelta::hours(2)).await;
        let server = SmtpServer::start_at(port).await;
        let link = link(&app, &server, "lou@example.org", "/call/").await;
        app.try_to_deliver().await;

        pass(&app, TimeDelta::hours(46)).await;

        assert_eq!(app.get(&link).await.status, Status::Ok, "four days after it was typed");
        assert_eq!(way(&confirm(&app, &link).await), link);
    }

    async fn a_request_whose_mail_was_held_up_has_its_day_from_when_it_left(db: TestDb) {
        let (app, port) = without_a_mail_server(db).await;
        app.publish(&two_partners(vec![])).await;
        let way_in = joining_link(&app, "voisins").await;
        join(&app, &way_in, "a@example.org").await;
        app.settle().await;
        pass(&app, joining::ANSWER_WITHIN - TimeDelta::hours(1)).await;
        pass(&app, TimeDelta::hours(2)).await;
        let server = SmtpServer::start_at(port).await;
        let link = link(&app, &server, "a@example.org", "/office/").await;
        app.try_to_deliver().await;

        pass(&app, TimeDelta::hours(23)).await;
        assert_eq!(app.get(&link).await.status, Status::Ok, "two days after it was typed");
        pass(&app, TimeDelta::hours(2)).await;
        assert_eq!(app.get(&link).await.status, Status::NotFound);
    }

    async fn what_is_asked_by_a_mail_that_never_leaves_waits_no_longer_than_that(db: TestDb) {
        let (app, _) = without_a_mail_server(db).await;
        open(&app).await;
        way(&app.post(CALL, &to_call("lou@example.org")).await);
        let way_in = joining_link(&app, "collectif").await;
        join(&app, &way_in, "a@example.org").await;
        app.settle().await;
        let waiting = async || {
            let mut db = app.pool.acquire().await.unwrap();
            let proposed = parvis::proposals::forget::with_address(
                &mut db, app.house().publications.current("miso").unwrap().id, "lou@example.org").await.unwrap();
            (proposed.is_some(), joining::has_asked(&mut db, "a@example.org").await.unwrap())
        };

        pass(&app, TimeDelta::hours(71)).await;
        assert_eq!(waiting().await, (true, true));
        pass(&app, TimeDelta::hours(2)).await;
        assert_eq!(waiting().await, (true, false));
        pass(&app, TimeDelta::hours(24)).await;
        assert_eq!(waiting().await, (false, false));
    }
}
