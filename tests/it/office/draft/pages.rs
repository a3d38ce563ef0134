//! What the pages of the draft show: lists that filter, the week, and hostile words as text.

use parvis::{identity::Role, programme::Status};
use rocket::http::Status as Http;
use scraper::{Html, Selector};

use super::{form_of, mistakes, send, typed};
use crate::{
    builders::{miso, on_day, session},
    harness::{App, Page},
};

/// The titles that a list shows, in its order.
fn titles(page: &Page) -> Vec<String> {
    let html = Html::parse_document(&page.body);
    let cells = Selector::parse("tbody th a").unwrap();
    html.select(&cells).map(|cell| cell.text().collect::<String>()).collect()
}

const EVIL: &str = "<script>alert(1)</script>";

on_both_engines! {
    async fn the_list_finds_filters_sorts_and_pages(app: App) {
        let mut sessions: Vec<_> = (0..60).map(|n| on_day(session(&format!("s-{n:02}"), 5), n % 20)).collect();
        sessions[3].session.title = "Été à l’Élan".to_owned();
        sessions[4].session.place = None;
        sessions[5].session.status = Status::Cancelled;
        let mut draft = miso(sessions);
        app.publish(&draft).await;
        draft.sessions[7].session.title = "Autre titre".to_owned();
        let mut tx = app.pool.begin().await.unwrap();
        parvis::programme::store::save_session(&mut tx, parvis::programme::store::id_of(&mut app.pool.acquire().await.unwrap(), "miso").await.unwrap().unwrap(), &draft.sessions[7], app.now()).await.unwrap();
        tx.commit().await.unwrap();
        let editor = app.signed_in(Role::Editor).await;
        let list = async |query: &str| titles(&editor.get(&format!("/fr/office/miso/sessions{query}")).await);

        assert_eq!(list("").await.len(), 50);
        assert_eq!(list("?page=2").await.len(), 10);
        assert_eq!(list("?page=99").await.len(), 10);
        assert_eq!(list("?q=ELAN%20ete").await, ["Été à l’Élan"]);
        assert_eq!(list("?look=differs").await, ["Autre titre"]);
        assert_eq!(list("?state=cancelled").await, ["Session s-05"]);
        assert_eq!(list("?look=warnings&place=none").await, ["Session s-04"]);
        assert_eq!(list("?day=2027-04-19&sort=title").await, ["Session s-00", "Session s-20", "Session s-40"]);
        assert_eq!(list("?theme=nope&format=%3Cb%3E&org=x&sort=zzz&page=-1").await, [""; 0]);
    }

    async fn hostile_words_are_text_on_every_page_of_the_draft_and_the_public(app: App) {
        app.publish(&miso(vec![session("forum", 5)])).await;
        let editor = app.signed_in(Role::Editor).await;
        let evil = format!("x {EVIL} \"><img src=x onerror=alert(1)>");
        let markdown = format!("{EVIL} [lien](javascript:alert(1)) <svg onload=alert(1)>");
        for (path, fields) in [
            ("/fr/office/miso/themes/lab", vec![("title", evil.as_str()), ("summary", &markdown)]),
            ("/fr/office/miso/places/maison", vec![("name", &evil), ("address", &evil), ("access", &evil)]),
            ("/fr/office/miso/organisations/collectif", vec![("name", &evil), ("summary", &markdown)]),
            ("/fr/office/miso/settings", vec![("title", &evil), ("tagline", &evil), ("summary", &markdown), ("contact.press_phone", &evil)]),
            ("/fr/office/miso/sessions/forum", vec![("title", &evil), ("abstract", &evil), ("description", &markdown), ("speakers", &evil), ("tags", &evil), ("access_other", &evil), ("minutes", &markdown), ("held", "<b>:1")]),
            ("/fr/office/miso/sessions/forum/cancellation", vec![("cancel_reason", &evil)]),
        ] {
            let form = form_of(&editor.get(path).await);
            let preview = send(&editor, path, &typed(&form, &[&fields[..], &[("act", "preview")]].concat())).await;
            assert!(!is_hostile(&preview), "preview of {path}: {}", preview.body);
            let saved = send(&editor, path, &typed(&form, &fields)).await;
            assert!(saved.location().contains("?done="), "{path}: {} {:?}", saved.status, mistakes(&saved));
        }
        parvis::publication::publish(app.house(), "miso", "").await.unwrap();
        parvis::publication::refresh(app.house()).await.unwrap();

        for path in ["sessions", "sessions/forum", "sessions/forum/time", "sessions/forum/copy", "sessions/forum/series", "sessions/forum/return", "sessions/forum/withdrawal", "themes", "themes/lab", "themes/lab/removal", "places", "places/maison", "organisations", "organisations/collectif", "settings", "weeks", "new/session"] {
            let page = editor.get(&format!("/fr/office/miso/{path}")).await;
            assert_eq!(page.status, Http::Ok, "{path}");
            assert!(!is_hostile(&page), "{path}: {}", page.body);
        }
        for path in ["/fr/miso", "/fr/miso/sessions/forum", "/fr/miso/themes/lab", "/fr/miso/organisations/collectif"] {
            let page = app.get(path).await;
            assert_eq!(page.status, Http::Ok, "{path}");
            assert!(!is_hostile(&page), "{path}: {}", page.body);
        }
    }

    async fn the_week_shows_its_days_its_clashes_and_where_to_move(app: App) {
        app.publish(&miso(vec![session("forum", 5), session("atelier", 5), on_day(session("soir", 5), 8)])).await;
        let editor = app.signed_in(Role::Editor).await;

        let page = editor.get("/fr/office/miso/weeks?week=2027-04-21").await;

        assert!(page.body.contains("Lundi 19\u{a0}avril") && page.body.contains("Dimanche 25\u{a0}avril"));
        assert!(page.body.contains("même lieu (Maison des associations), même organisation (Collectif) à 10\u{a0}h"), "{}", page.body);
        assert!(page.body.contains("/fr/office/miso/sessions/forum/time"));
        assert!(!page.body.contains("Session soir"));
        assert!(editor.get("/fr/office/miso/weeks?week=2027-04-26").await.body.contains("Session soir"));
        assert_eq!(editor.get("/fr/office/miso/weeks?week=jamais").await.status, Http::Ok);
        let press = app.signed_in(Role::Press).await;
        let read = press.get("/fr/office/miso/weeks").await;
        assert_eq!(read.status, Http::Ok);
        assert!(!read.body.contains("/time\""), "who may only read is offered nothing to change");
    }

    async fn lists_ask_the_database_as_often_for_three_as_for_one(app: App) {
        app.publish(&miso(vec![session("a-0", 5)])).await;
        let paths = ["sessions", "themes", "places", "organisations", "weeks", "sessions/a-0"];
        let editor = app.signed_in(Role::Editor).await;
        let mut once = Vec::new();
        for path in paths {
            once.push(editor.statements(&format!("/fr/office/miso/{path}")).await);
        }
        let mut more = miso(vec![session("a-0", 5), session("b-0", 5), on_day(session("c-0", 5), 1)]);
        for n in 0..2 {
            more.themes.push(parvis::programme::Theme { slug: format!("t-{n}"), ..more.themes[0].clone() });
            more.places.push(parvis::programme::Place { slug: format!("p-{n}"), ..more.places[0].clone() });
            more.organisations.push(parvis::programme::Organisation { slug: format!("o-{n}"), ..more.organisations[0].clone() });
        }
        app.publish(&more).await;

        for (path, once) in paths.iter().zip(once) {
            assert!(once > 0, "{path} asks somebody");
            assert_eq!(editor.statements(&format!("/fr/office/miso/{path}")).await, once, "{path}");
        }
    }
}

/// True where a page holds an element or an address that could run.
pub fn is_hostile(page: &Page) -> bool {
    let html = Html::parse_document(&page.body);
    let scripts = Selector::parse("script:not([src]):not([type=\"application/ld+json\"]), [onerror], [onload], img[src=x], a[href^=\"javascript:\"]").unwrap();
    html.select(&scripts).next().is_some()
}
