//! The log as the office reads it: all of it, filtered, a page at a time; and never changed.

use chrono::TimeDelta;
use parvis::{
    audit::{self, Actor, Entry, Facts, store::Filter},
    identity::Role,
};
use rocket::http::{Method, Status};
use serde_json::json;
use uuid::Uuid;

use super::{
    TABLE,
    draft::{form_of, typed},
    fill,
    press::release,
    proposals::{WHOLE, filled, propose, send, two_partners, way},
};
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

    async fn a_line_says_what_it_was_and_is_and_not_what_was_said_to_few(app: App) {
        app.publish(&two_partners(vec![session("s-0", 3)])).await;
        let (owner, partner) = (app.signed_in(Role::Owner).await, app.signed_in(Role::Partner).await);
        let miso = app.house().publications.current("miso").unwrap().id;
        let sentences = |intro| [("intro_fr", intro), ("closing_fr", ""), ("intro_en", ""), ("closing_en", "")];
        let texts = "/fr/office/miso/mails/texts/confirmed";
        for intro in ["Bravo {name} !", "Merci, ana@example.org"] {
            let form = Found::on(&owner.get(texts).await.body).attributes("input[name=seen]", "value");
            let fields = [&sentences(intro)[..], &[("seen", form[0].as_str())]].concat();
            assert_eq!(owner.post(texts, &fields).await.status, Status::SeeOther, "{intro}");
            // Lines of one millisecond stand in any order.
            app.pass(TimeDelta::seconds(1));
        }
        let messages = "/fr/office/miso/mails/messages";
        let message = [("about", "session:s-0"), ("to", "both"), ("subject_fr", "Salle"), ("text_fr", "Chère Ana")];
        let written = owner.post(messages, &message).await.location().to_owned();
        app.pass(TimeDelta::seconds(1));
        let form = Found::on(&owner.get(&format!("{written}/edit")).await.body).attributes("input[name=seen]", "value");
        let others = [("to", "waiting"), ("text_fr", "Cher Bob"), ("seen", form[0].as_str())];
        let anew = [&message[..1], &message[2..3], &others].concat();
        assert_eq!(owner.post(&written, &anew).await.location(), written);
        let home = format!("/fr/office/users/{}/organisations", partner.id);
        let seen = Found::on(&owner.get(&format!("/fr/office/users/{}", partner.id)).await.body);
        let seen = seen.attributes("#f-organisation input[name=seen]", "value").remove(0);
        let ticked = format!("{miso}/voisins");
        let chosen = owner.post(&home, &[("organisation", ticked.as_str()), ("seen", seen.as_str())]).await;
        assert_eq!(chosen.status, Status::SeeOther, "{}", chosen.body);

        let mut db = app.pool.acquire().await.unwrap();
        let all = audit::store::lines(&mut db, &Filter::default(), 50).await.unwrap();
        let said = |action: &str| -> Vec<serde_json::Value> {
            let lines = all.iter().rev().filter(|line| line.action == action);
            lines.map(|line| json!([line.before.as_ref().map(|it| &it.0), line.after.as_ref().map(|it| &it.0)])).collect()
        };
        assert_eq!(said("mail_text.change"), [
            json!([{ "intro": "" }, { "intro": "Bravo {name} !" }]),
            json!([{ "intro": "Bravo {name} !" }, { "intro": "Merci, …" }]),
        ]);
        assert_eq!(said("message.write"), [
            json!([
                { "subject_fr": "", "text_fr": "" },
                { "about": "session:s-0", "readers": "both", "subject_fr": "…", "text_fr": "…" },
            ]),
            json!([
                { "about": "session:s-0", "readers": "both", "text_fr": "…" },
                { "about": "session:s-0", "readers": "waiting", "text_fr": "…" },
            ]),
        ]);
        assert_eq!(said("user.organisations"), [
            json!([{ "organisations": ["miso/collectif"] }, { "organisations": ["miso/voisins"] }]),
        ]);
        drop(db);
        let page = Found::on(&owner.get("/fr/office/log?action=user.organisations").await.body);
        assert_eq!(page.texts("tbody .fact"), ["Organisations\u{a0}: miso/collectif → miso/voisins"]);
    }

    async fn what_stands_around_the_sessions_says_what_it_was_and_is(app: App) {
        let mut draft = two_partners(vec![]);
        draft.press = vec![release("annonce", "fr")];
        app.publish(&draft).await;
        let editor = app.signed_in(Role::Editor).await;
        for (path, action, field, was) in [
            ("themes/lab", "theme.change", "title", "Laboratoire"),
            ("places/maison", "place.change", "name", "Maison des associations"),
            ("organisations/collectif", "organisation.change", "name", "Collectif"),
            ("press/annonce", "press.change", "title", "Communiqué annonce"),
        ] {
            let path = format!("/fr/office/miso/{path}");
            let form = typed(&form_of(&editor.get(&path).await), &[(field, "Autre nom")]);
            let saved = send(&editor, &path, &form).await;
            assert_eq!(saved.location(), format!("{path}?done=saved"), "{}", saved.body);

            let mut db = app.pool.acquire().await.unwrap();
            let filter = Filter { action: Some(action.to_owned()), ..Filter::default() };
            let line = audit::store::lines(&mut db, &filter, 9).await.unwrap().remove(0);
            assert_eq!(line.before.unwrap().0, json!({ field: was }), "{path}");
            assert_eq!(line.after.unwrap().0, json!({ field: "Autre nom" }), "{path}");
        }
    }

    async fn a_proposal_that_is_corrected_says_what_it_was_and_is(app: App) {
        app.publish(&two_partners(vec![])).await;
        let (editor, partner) = (app.signed_in(Role::Editor).await, app.signed_in(Role::Partner).await);
        let one = propose(&partner, &WHOLE).await;
        let others = [("title", "Un jardin pour toutes"), ("description", "Avec Ana Exemple."), ("act", "send")];
        let edit = filled(&editor.get(&format!("{one}/edit")).await, "form.wide", &others);
        assert_eq!(way(&send(&editor, &one, &edit).await), one);

        let mut db = app.pool.acquire().await.unwrap();
        let filter = Filter { action: Some("proposal.change".to_owned()), ..Filter::default() };
        let line = audit::store::lines(&mut db, &filter, 9).await.unwrap().remove(0);

        assert_eq!(line.before.unwrap().0, json!({ "title": "Un jardin commun", "description": "…" }));
        assert_eq!(line.after.unwrap().0, json!({ "title": "Un jardin pour toutes", "description": "…" }));
        let filter = Filter { action: Some("proposal.add".to_owned()), ..Filter::default() };
        let line = audit::store::lines(&mut db, &filter, 9).await.unwrap().remove(0);
        let said = line.after.unwrap().0;
        let said = ["title", "description", "state"].map(|field| said[field].as_str().unwrap());
        assert_eq!(said, ["Un jardin commun", "…", "sent"]);
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
