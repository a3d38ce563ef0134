//! What a stranger with bad intentions tries. Each of these once worked.

use std::net::{Ipv4Addr, SocketAddr};

use chrono::{TimeDelta, TimeZone as _, Utc};
use parvis::mail::transport::Mailer;
use rocket::{
    http::{ContentType, Header, Status as Http},
    local::asynchronous::{Client, LocalResponse},
};

use crate::{
    builders::{miso, on_day, session},
    harness::{App, TestDb, world},
    html::Found,
};

const FORM: &str = "/fr/miso/register";

fn sent<'f>(email: &'f str, session: &'f str, key: &'f str) -> [(&'f str, &'f str); 5] {
    [("name", "Ana"), ("email", email), ("consent", "1"), ("session", session), ("key", key)]
}

/// The same house with limits that are in force.
async fn limited(app: &App) -> Client {
    let limits = std::collections::BTreeMap::from([("forms", 300)]);
    let figment = app.db.figment().merge(("parvis.rate_limits", limits));
    Client::untracked(parvis::rocket(figment, world(&app.time, &Mailer::memory())).unwrap()).await.unwrap()
}

/// Sends the form from there.
async fn send_from<'c>(client: &'c Client, from: &str, fields: &[(&str, &str)]) -> LocalResponse<'c> {
    let request = client.post(FORM).header(ContentType::Form).body(crate::http::form(fields));
    request.remote(SocketAddr::new(from.parse().unwrap(), 4711)).dispatch().await
}

on_both_engines! {
    async fn a_key_that_somebody_else_has_used_opens_nothing_of_theirs_and_loses_nothing(app: App) {
        app.publish(&miso(vec![session("atelier", 9), on_day(session("forum", 9), 1)])).await;

        let theirs = app.post(FORM, &sent("ana@example.org", "atelier", "1")).await;
        let guessed = app.post(FORM, &sent("eve@example.org", "forum", "1")).await;
        let more = app.post(FORM, &sent("ana@example.org", "forum", "1")).await;
        let again = app.post(FORM, &sent("ANA@example.org", "atelier", "1")).await;

        let titles = |body: &str| Found::on(body).texts(".agenda :is(h2, h3)");
        assert_ne!(guessed.location(), theirs.location());
        assert_eq!(titles(&app.get(guessed.location()).await.body), ["Session forum"]);
        assert_eq!(titles(&app.get(more.location()).await.body), ["Session forum"], "went back and chose another");
        assert_eq!(again.location(), theirs.location(), "the same form is the same order");
        assert_eq!(app.mails_to("eve@example.org").await.len(), 1);
    }

    async fn one_mailbox_is_sent_so_many_forms_an_hour_and_no_more_whatever_its_tags(app: App) {
        app.publish(&miso(vec![session("atelier", 500)])).await;
        let limited = limited(&app).await;
        let send = async |from: &str, email: String| {
            let answer = send_from(&limited, from, &sent(&email, "atelier", "")).await;
            (answer.status(), answer.headers().get_one("Retry-After").is_some(), answer.into_string().await)
        };

        for n in 0..40 {
            let from = if n < 20 { "192.0.2.7" } else { "2001:db8:1::7" };
            assert_eq!(send(from, format!("vic.tim+{n}@example.org")).await.0, Http::SeeOther, "{n}");
        }
        let (status, says_when, page) = send("198.51.100.7", "victim@example.org".to_owned()).await;
        let other = send("192.0.2.7", "other@example.org".to_owned()).await;

        assert_eq!((status, says_when, other.0), (Http::TooManyRequests, true, Http::SeeOther));
        assert_eq!(Found::on(&page.unwrap()).attributes("#f-email", "value"), ["victim@example.org"]);
        assert!(app.mails_to("victim@example.org").await.is_empty());
    }

    async fn who_sends_forms_with_somebody_s_address_does_not_keep_them_from_sending_theirs(app: App) {
        app.publish(&miso(vec![session("atelier", 500), on_day(session("petite", 1), 1)])).await;
        let limited = limited(&app).await;
        let send = async |from: &str, session: &str, people: &str| {
            let mut form = sent("ana@example.org", session, "").to_vec();
            form.push(("people", people));
            send_from(&limited, from, &form).await.status()
        };

        for n in 0..20 {
            let from = ["2001:db8:1:1::7", "2001:db8:1:2::7"][n % 2];
            assert_eq!(send(from, "atelier", "1").await, Http::SeeOther, "{n}");
        }
        assert_eq!(send("2001:db8:1:3::7", "atelier", "1").await, Http::TooManyRequests, "one site");
        for n in 0..60 {
            let from = format!("192.0.2.{}", n / 20);
            assert_eq!(send(&from, "petite", "2").await, Http::UnprocessableEntity, "it causes no mail: {n}");
        }

        assert_eq!(send("198.51.100.7", "atelier", "1").await, Http::SeeOther);
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn a_session_with_more_seats_than_can_be_counted_is_still_given_out(app: App) {
        app.publish(&miso(vec![session("atelier", i64::MAX)])).await;

        app.register("ana@example.org", &["atelier"]).await;
        let agenda = app.agenda_path("ana@example.org").await;
        app.post(&format!("{agenda}/cancellations"), &[("all", "1")]).await;
        app.register("ben@example.org", &["atelier"]).await;

        assert_eq!(app.mails_to("ben@example.org").await.len(), 1);
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn a_clock_that_was_ahead_for_a_moment_hides_nothing_that_others_write_afterwards(app: App) {
        app.publish(&miso(vec![session("atelier", 9), on_day(session("forum", 9), 1)])).await;
        let other = limited(&app).await;
        app.pass(TimeDelta::days(1));
        app.register("ana@example.org", &["atelier"]).await;
        app.pass(-TimeDelta::days(1));

        let body = crate::http::form(&sent("ben@example.org", "forum", ""));
        let answer = other.post(FORM).header(ContentType::Form).body(body).dispatch().await;
        parvis::publication::refresh(app.house()).await.unwrap();

        assert_eq!(answer.status(), Http::SeeOther);
        let programme = app.house().publications.all().remove(0).id;
        let mut taken: Vec<_> = app.house().board.all(programme).values().map(|seat| seat.taken).collect();
        taken.sort_unstable();
        assert_eq!(taken, [1, 1]);
    }

    async fn thousands_of_sessions_that_do_not_exist_get_a_short_answer(app: App) {
        app.publish(&miso(vec![session("atelier", 9)])).await;
        let names: Vec<_> = (0..2_500).map(|n| format!("x{n}")).collect();
        let fields: Vec<_> = names.iter().map(|name| ("session", name.as_str())).collect();

        let answer = app.post(FORM, &fields).await;
        let asked = app.get(&format!("{FORM}?session={}", names.join("&session="))).await;

        assert_eq!((answer.status, asked.status), (Http::UnprocessableEntity, Http::Ok));
        let named = Found::on(&answer.body).texts(".mistakes li").len();
        assert_eq!(named, 50 + 3, "so many sessions as a form can hold; name, address, consent");
        assert!(asked.body.len() < 50_000, "{}", asked.body.len());
    }

    async fn who_posts_to_the_link_of_a_reminder_again_and_again_keeps_no_writer_waiting(app: App) {
        let mut draft = miso(vec![session("atelier", 9)]);
        draft.programme.rules.reminders = vec!["1d".to_owned()];
        app.publish(&draft).await;
        app.register("ana@example.org", &["atelier"]).await;
        app.pass(Utc.with_ymd_and_hms(2027, 4, 18, 8, 0, 0).unwrap() - app.now());
        app.run_due().await;
        let mail = app.mails_to("ana@example.org").await.pop().unwrap();
        let path = mail.text.split_whitespace().find(|word| word.contains("/unsubscribe/")).expect("a link");
        let path = &path[path.find("/fr/").unwrap()..];
        let limited = limited(&app).await;
        let post = async |body: &'static str| {
            limited.post(path.to_owned()).header(ContentType::Form).body(body).dispatch().await.status()
        };
        const CLICK: &str = "List-Unsubscribe=One-Click";

        assert_eq!(post(CLICK).await, Http::Ok);
        // Somebody writes, and on one of the engines nobody else can meanwhile.
        let writing = app.pool.begin().await.unwrap();
        for body in [CLICK, "reminders=stop", CLICK] {
            let again = tokio::time::timeout(std::time::Duration::from_secs(1), post(body)).await;
            assert!(again.is_ok_and(|status| status != Http::ServiceUnavailable), "{body}: it had nothing to write");
        }
        drop(writing);

        let mut given = 0;
        while post("reminders=again").await == Http::SeeOther && given < 100 {
            assert_eq!(post(CLICK).await, Http::Ok, "a stop is never refused");
            given += 1;
        }
        assert_eq!(given, 40);
        assert_eq!(post(CLICK).await, Http::Ok);
    }

    async fn figures_are_not_shown_behind_a_proxy_that_says_so_in_any_way_and_mails_not_outside_the_demo(app: App) {
        let ask = async |header: Option<(&'static str, &'static str)>| {
            let mut request = app.client.get("/metrics").remote(SocketAddr::from((Ipv4Addr::LOCALHOST, 4711)));
            if let Some((name, value)) = header {
                request.add_header(Header::new(name, value));
            }
            request.dispatch().await.status()
        };

        assert_eq!(ask(None).await, Http::Ok);
        for name in ["X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Forwarded-Proto", "X-Forwarded-Host", "Via"] {
            assert_eq!(ask(Some((name, "127.0.0.1"))).await, Http::NotFound, "{name}");
        }
        assert_eq!(app.get("/demo/mails").await.status, Http::NotFound);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn what_holds_names_addresses_and_links_is_read_by_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    use crate::process::{Process, run};

    // The database is a file on SQLite alone.
    let db = TestDb::sqlite().await;
    let of = |name: &str| std::fs::metadata(db.folder().join(name)).unwrap().permissions().mode() & 0o777;
    std::os::unix::fs::symlink(db.folder().join("elsewhere"), db.folder().join("link")).unwrap();
    let server = Process::serve(&db, "file:mails").await;
    crate::process::publish(&db.pool().await, vec![session("atelier", 9)]).await;
    server.shows("/fr/miso/sessions/atelier").await;
    let sent = server.visitor().post(FORM, &sent("ana@example.org", "atelier", "")).await;
    let mail = loop {
        let mail = std::fs::read_dir(db.folder().join("mails")).into_iter().flatten().flatten().next();
        if let Some(mail) = mail.filter(|mail| mail.path().extension().is_some_and(|end| end == "eml")) {
            break mail.file_name();
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    };
    let copied = run(&db, &["backup", "copy.db"]);
    let again = run(&db, &["backup", "copy.db"]);
    let through = run(&db, &["backup", "link"]);
    let people = run(&db, &["export", "miso", "--format", "registrations-csv", "-o", "people.csv"]);

    assert_eq!(sent.status, 303);
    assert_eq!((copied.status.code(), people.status.code()), (Some(0), Some(0)));
    assert_eq!((again.status.code(), through.status.code()), (Some(1), Some(1)), "never over anything");
    let modes = ["test.db", "test.db-wal", "copy.db", "people.csv", "mails"].map(of);
    assert_eq!(modes, [0o600, 0o600, 0o600, 0o600, 0o700]);
    assert_eq!(of(&format!("mails/{}", mail.display())), 0o600);
}

#[tokio::test]
async fn a_form_of_a_hundred_kilobytes_is_read_in_an_empty_folder_too() {
    // There is no such programme: no engine is asked.
    let db = TestDb::sqlite().await;
    let server = crate::process::Process::serve(&db, "file:mails").await;

    let sent =
        server.visitor().post("/fr/nothing/register", &[("access_needs", "é".repeat(20_000).as_str())]).await;

    assert_eq!(sent.status, 404, "and not 413");
}
