//! What the pages of the draft show: lists that filter, the week, and hostile words as text.

use std::collections::{BTreeMap, BTreeSet};

use parvis::{
    identity::Role,
    programme::{Format, Organisation, Status, Theme},
};
use rocket::http::Status as Http;
use scraper::{Html, Selector};

use super::{super::press::release, draft_of, form_of, mistakes, send, typed};
use crate::{
    builders::{miso, on_day, session},
    harness::{App, Page},
    html::Found,
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

    async fn the_list_is_narrowed_to_a_theme_an_organisation_and_a_format(app: App) {
        let mut draft = miso(["forum", "eau", "libre"].map(|slug| session(slug, 5)).into());
        draft.themes.push(Theme { slug: "eau".to_owned(), title: "L’eau".to_owned(), ..draft.themes[0].clone() });
        draft.organisations.push(Organisation { slug: "voisins".to_owned(), ..draft.organisations[0].clone() });
        let [_, eau, libre] = &mut draft.sessions[..] else { panic!("three") };
        eau.session.theme = Some("eau".to_owned());
        eau.session.hosts = vec!["voisins".to_owned()];
        eau.session.formats = vec![Format::RoundTable];
        libre.session.theme = None;
        libre.session.hosts.push("voisins".to_owned());
        libre.session.formats.push(Format::OpenDay);
        app.publish(&draft).await;
        let editor = app.signed_in(Role::Editor).await;
        let (forum, eau, libre) = ("Session forum", "Session eau", "Session libre");
        for (query, mut shown) in [
            ("", vec![forum, eau, libre]),
            ("?theme=lab", vec![forum]),
            ("?theme=eau", vec![eau]),
            ("?theme=none", vec![libre]),
            ("?theme=collectif", vec![]),
            ("?org=collectif", vec![forum, libre]),
            ("?org=voisins", vec![eau, libre]),
            ("?org=lab", vec![]),
            ("?format=workshop", vec![forum, libre]),
            ("?format=round-table", vec![eau]),
            ("?format=open-day", vec![libre]),
            ("?format=hackathon", vec![]),
            ("?theme=lab&org=collectif&format=workshop", vec![forum]),
            ("?theme=lab&org=voisins", vec![]),
            ("?org=voisins&format=workshop", vec![libre]),
        ] {
            let page = editor.get(&format!("/fr/office/miso/sessions{query}")).await;
            let mut rows = titles(&page);
            rows.sort();
            shown.sort_unstable();
            assert_eq!(rows, shown, "{query}");
            let chosen = Found::on(&page.body).attributes(".filter option[selected]:not([value=''])", "value");
            let asked = query.trim_start_matches('?').split('&').filter_map(|pair| pair.split_once('='));
            let asked: Vec<_> = asked.map(|(_, value)| value).filter(|value| chosen.contains(&(*value).to_owned())).collect();
            assert_eq!(asked.len(), chosen.len(), "{query} stays chosen: {chosen:?}");
        }
    }

    async fn what_takes_effect_at_once_is_marked_so_and_nothing_else_is(app: App) {
        let mut draft = miso(vec![session("forum", 5)]);
        draft.press = vec![release("annonce", "fr")];
        app.publish(&draft).await;
        let editor = app.signed_in(Role::Editor).await;
        let marked = async |path: &str| {
            let page = editor.get(&format!("/fr/office/miso/{path}")).await;
            assert_eq!(page.status, Http::Ok, "{path}");
            let found = Found::on(&page.body);
            let fields = "fieldset:has(.live-mark) :is(input, select, textarea):not([type=hidden])";
            let names: BTreeSet<_> = found.attributes(fields, "name").into_iter().collect();
            assert!(found.count("form [name=title], form [name=name]") > 0, "{path} has other fields");
            assert_eq!(found.count(".live-mark"), usize::from(!names.is_empty()), "{path}: it stands at a part of the form");
            names.into_iter().collect::<Vec<_>>()
        };
        let live = ["capacity", "closes", "held", "join_url", "opens", "queue", "registration", "registration_other"];
        assert_eq!(marked("sessions/forum").await, live);
        assert_eq!(marked("new/session").await, live);
        assert_eq!(marked("settings").await, ["call.closes", "call.opens", "call.text"]);
        for path in ["themes/lab", "places/maison", "organisations/collectif", "press/annonce", "sessions/forum/copy"] {
            assert_eq!(marked(path).await, [""; 0], "{path}");
        }

        // And so it is: the release finds all of them in force.
        let path = "/fr/office/miso/sessions/forum";
        let changes = [
            ("capacity", "7"), ("held", "presse:2"), ("opens", "-30d"), ("closes", "2027-04-18 12:00"), ("queue", "offer"),
            ("join_url", "https://visio.example.org/salle"), ("registration", "closed"), ("title", "Autre titre"),
        ];
        let saved = send(&editor, path, &typed(&form_of(&editor.get(path).await), &changes)).await;
        assert_eq!(saved.location(), format!("{path}?done=saved"), "{:?}", mistakes(&saved));
        let seat = app.house().board.seat(session("forum", 5).session.id).unwrap();
        assert_eq!((seat.capacity, seat.held), (Some(7), 2));
        assert!(app.get("/fr/miso/sessions/forum").await.body.contains("Session forum"), "the title waits");
        let done = parvis::publication::publish(app.house(), "miso", "").await.unwrap();
        assert_eq!((done.settings, done.release.is_some()), (0, true));
    }

    async fn a_preview_shows_markdown_as_the_public_will_read_it_and_writes_nothing(app: App) {
        let mut draft = miso(vec![session("forum", 5)]);
        draft.press = vec![release("annonce", "fr")];
        app.publish(&draft).await;
        let editor = app.signed_in(Role::Editor).await;
        for (path, field) in [
            ("sessions/forum", "description"), ("sessions/forum", "minutes"), ("themes/lab", "summary"),
            ("organisations/collectif", "summary"), ("settings", "summary"), ("settings", "call.text"), ("press/annonce", "text"),
        ] {
            let path = format!("/fr/office/miso/{path}");
            let form = form_of(&editor.get(&path).await);
            let text = "Tout *nouveau* & [ici](https://example.org/).\r\n\r\n- un";
            let page = send(&editor, &path, &typed(&form, &[(field, text), ("act", "preview")])).await;
            assert_eq!(page.status, Http::Ok, "{path} {field}");
            let found = Found::on(&page.body);
            assert!(found.texts(".draft-preview em").contains(&"nouveau".to_owned()), "{path} {field}: {}", page.body);
            assert_eq!(found.attributes(".draft-preview a[href='https://example.org/']", "href").len(), 1, "{path} {field}");
            let kept: BTreeMap<_, _> = form_of(&page).into_iter().collect();
            assert_eq!(kept[field], text, "{path} {field}: what was typed stays as it was typed");
        }
        let press = app.signed_in(Role::Press).await;
        let form = form_of(&press.get("/fr/office/miso/new/press").await);
        let new = [("title", "x"), ("text", "Du *neuf*."), ("act", "preview")];
        let page = send(&press, "/fr/office/miso/press", &typed(&form, &new)).await;
        assert_eq!(Found::on(&page.body).texts(".draft-preview em"), ["neuf"]);
        assert_eq!(draft_of(&app).await, draft);
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
