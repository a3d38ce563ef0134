//! The log as the office reads it: all of it, filtered, a page at a time; and never changed.

use chrono::TimeDelta;
use parvis::{
    audit::{self, Actor, Entry, Facts, store::Filter},
    identity::Role,
};
use rocket::http::{Method, Status};
use uuid::Uuid;

use super::{TABLE, fill};
use crate::{
    builders::{miso, on_day, session},
    harness::App,
    html::Found,
};

/// Writes a line as an area of the office does.
async fn record(app: &App, actor: Actor, action: &'static str, subject: &str, programme: Option<Uuid>) {
    let subject = audit::subject("session", subject);
    let entry = Entry::new(&app.tokens, app.now(), actor, action, subject);
    let entry = Entry { programme, ..entry };
    let (was, is) = (Facts::default().with("capacity", 20_i64), Facts::default().with("capacity", 30_i64));
    let mut tx = app.pool.begin().await.unwrap();
    audit::record(&mut tx, &entry.facts(was, is)).await.unwrap();
    tx.commit().await.unwrap();
}

async fn miso_id(app: &App) -> Uuid {
    app.publish(&miso(vec![session("s-0", 3), on_day(session("s-1", 3), 1)])).await;
    app.house().publications.current("miso").unwrap().id
}

on_both_engines! {
    async fn the_log_says_who_did_what_and_is_filtered_by_each_of_it(app: App) {
        let miso = miso_id(&app).await;
        let (owner, editor) = (app.signed_in(Role::Owner).await.id, app.signed_in(Role::Editor).await.id);
        app.pass(TimeDelta::days(1));
        record(&app, Actor::User(owner), "session.live", "s-0", Some(miso)).await;
        app.pass(TimeDelta::days(1));
        record(&app, Actor::User(editor), "session.live", "s-1", Some(miso)).await;
        app.pass(TimeDelta::minutes(1));
        record(&app, Actor::House, "release.plan-failed", "s-1", None).await;
        // Nobody stays signed in for two days.
        let (owner, editor) = (app.signed_in(Role::Owner).await, app.signed_in(Role::Editor).await);

        let rows = async |query: &str| -> Vec<String> {
            let page = owner.get(&format!("/fr/office{query}")).await;
            assert_eq!(page.status, Status::Ok, "{query}");
            let found = Found::on(&page.body);
            let (who, what) = (found.texts("tbody td:nth-child(2)"), found.texts("tbody td:nth-child(4)"));
            who.into_iter().zip(what).map(|(who, what)| format!("{who}: {what}")).collect()
        };

        let all = ["Parvis lui-même: session/s-1", "Camille editor: session/s-1", "Camille owner: session/s-0", "Les commandes: release/1"];
        assert_eq!(rows("/log").await, all);
        assert_eq!(rows("/miso/log").await, all[1..]);
        assert_eq!(rows("/log?programme=miso").await, all[1..]);
        assert_eq!(rows(&format!("/log?who={}", editor.id)).await, all[1..2]);
        assert_eq!(rows("/log?who=house").await, all[..1]);
        assert_eq!(rows("/log?who=command").await, all[3..]);
        assert_eq!(rows("/log?action=session.live").await, all[1..3]);
        assert_eq!(rows("/log?action=session&subject=S-0").await, all[2..3]);
        assert_eq!(rows("/log?from=2027-03-02&until=2027-03-02").await, all[2..3], "a day of the programme");
        assert_eq!(rows("/log?from=hier&who=personne&before=x").await, all, "what is no filter is none");
        assert_eq!(rows("/log?subject=%25").await, [] as [&str; 0]);
        let page = Found::on(&owner.get("/fr/office/log").await.body);
        assert_eq!(page.texts("tbody .fact")[0], "Places\u{a0}: 20 → 30");
        assert_eq!(editor.get("/fr/office/miso/log").await.status, Status::Ok);
        assert_eq!(editor.get("/fr/office/autre/log").await.status, Status::NotFound);
    }

    async fn a_long_log_is_read_a_page_after_the_other_and_written_to_a_file_whole(app: App) {
        let miso = miso_id(&app).await;
        let owner = app.signed_in(Role::Owner).await;
        for n in 0..120 {
            app.pass(TimeDelta::seconds(1));
            record(&app, Actor::User(owner.id), "session.live", &format!("n-{n}"), Some(miso)).await;
        }

        let (mut path, mut seen) = ("/fr/office/miso/log?action=session.live".to_owned(), Vec::new());
        loop {
            let page = Found::on(&owner.get(&path).await.body);
            seen.extend(page.texts("tbody td:nth-child(4)"));
            match page.attributes(".pages a[rel=next]", "href").pop() {
                Some(next) => path = next,
                None => break,
            }
        }

        let expected: Vec<_> = (0..120).rev().map(|n| format!("session/n-{n}")).collect();
        assert_eq!(seen, expected);
        let file = owner.get("/fr/office/miso/log.csv?action=session.live").await;
        assert_eq!(file.header("content-disposition"), "attachment; filename=\"miso.csv\"");
        let lines: Vec<_> = file.body.lines().collect();
        assert_eq!(lines.len(), 121);
        assert_eq!(lines[0], "at,programme,who,action,said,subject,before,after");
        let first = format!(
            "{},miso,Camille owner,session.live,Réglages immédiats d’une session modifiés,session/n-119,\"{{\"\"capacity\"\":20}}\",\"{{\"\"capacity\"\":30}}\"",
            app.now().format("%FT%TZ")
        );
        assert_eq!(lines[1], first);
        assert_eq!(owner.get("/fr/office/log.csv").await.status, Status::Ok);
    }

    async fn nothing_that_the_office_can_do_takes_a_line_away(app: App) {
        let miso = miso_id(&app).await;
        let owner = app.signed_in(Role::Owner).await;
        record(&app, Actor::User(owner.id), "session.live", "s-0", Some(miso)).await;
        let read = async || {
            let mut db = app.pool.acquire().await.unwrap();
            audit::store::lines(&mut db, &Filter::default(), 1_000).await.unwrap()
        };
        let before = read().await;
        let id = before[0].id;

        for (method, _, address, _) in TABLE.iter().filter(|(method, ..)| *method == Method::Post) {
            let owner = app.signed_in(Role::Owner).await;
            let id = id.to_string();
            let answer = owner.post(&fill(address), &[("id", &id), ("all", "1"), ("before", "2099-01-01")]).await;
            assert!(answer.status.code < 500, "{method} {address}: {}", answer.status);
        }
        for path in ["/fr/office/log", "/fr/office/miso/log", "/fr/office/log.csv", &format!("/fr/office/log/{id}")] {
            for method in [Method::Post, Method::Put, Method::Patch, Method::Delete] {
                let status = app.client.req(method, path.to_owned()).dispatch().await.status();
                assert!([Status::NotFound, Status::MethodNotAllowed, Status::SeeOther].contains(&status), "{method} {path}: {status}");
            }
        }

        let after = read().await;
        assert!(before.iter().all(|line| after.contains(line)), "lost: {before:?}, left: {after:?}");
    }
}
