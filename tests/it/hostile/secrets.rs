//! What the public must not see, and who may see it.

use parvis::programme::{Draft, PressRelease, Status as SessionStatus, Theme};
use rocket::http::{ContentType, Header, Status};

use crate::{
    builders::{first_day, miso, on_day, session},
    crawl::everything_public,
    harness::{App, Page},
    html::Found,
};

const ROOM: &str = "https://visio.example.org/salle-secrete-7f3a";
/// In every text of what is not published.
const DRAFT: &str = "Encorebrouillon";

async fn save(app: &App, draft: &Draft) {
    let mut tx = app.pool.begin().await.unwrap();
    parvis::programme::store::save(&mut tx, draft, app.tokens.id(app.now()), app.now()).await.unwrap();
    tx.commit().await.unwrap();
    parvis::publication::refresh(app.house()).await.unwrap();
}

fn edited(draft: &Draft) -> Draft {
    let mut edited = draft.clone();
    let mut added = on_day(session("cachee", 5), 2);
    added.session.title = format!("{DRAFT} ajoutée");
    edited.sessions[0].session.title = format!("{DRAFT} renommée");
    edited.sessions[0].session.description = DRAFT.to_owned();
    edited.sessions[0].session.tags = vec![DRAFT.to_owned()];
    edited.sessions.push(added);
    edited.programme.tagline = DRAFT.to_owned();
    edited.organisations[0].summary = DRAFT.to_owned();
    edited.places[0].address = DRAFT.to_owned();
    edited.themes.push(Theme {
        slug: "cache".to_owned(),
        title: DRAFT.to_owned(),
        starts: None,
        ends: None,
        colour: "#0b6e4f".to_owned(),
        summary: DRAFT.to_owned(),
    });
    edited.press.push(PressRelease {
        slug: "cachee".to_owned(),
        title: DRAFT.to_owned(),
        place: String::new(),
        date: first_day(),
        language: "fr".to_owned(),
        body: DRAFT.to_owned(),
    });
    edited
}

async fn pages_with(app: &App, word: &str) -> Vec<String> {
    let pages = everything_public(app).await;
    pages.into_iter().filter(|(_, page)| page.body.contains(word)).map(|(path, _)| path).collect()
}

on_both_engines! {
    async fn the_join_address_is_for_those_who_are_confirmed_and_in_no_public_answer(app: App) {
        let mut online = session("en-ligne", 1);
        online.session.online = true;
        online.live.join_url = Some(ROOM.to_owned());
        app.publish(&miso(vec![online, on_day(session("autre", 5), 1)])).await;
        let order = app.register("ana@example.org", &["en-ligne"]).await;
        let queue = app.register("bea@example.org", &["en-ligne"]).await;
        let agendas = [app.agenda_path("ana@example.org").await, app.agenda_path("bea@example.org").await];

        assert_eq!(pages_with(&app, "salle-secrete").await, Vec::<String>::new());
        for path in ["/fr/miso/register?session=en-ligne", order.location(), queue.location()] {
            assert!(!app.get(path).await.body.contains("salle-secrete"), "{path}");
        }
        for query in ["visio", "salle-secrete", "7f3a", "salle"] {
            let found = Found::on(&app.get(&format!("/fr/miso?q={query}")).await.body);
            assert_eq!(found.count("main a[href*='/sessions/']"), 0, "one can guess at it by searching");
        }
        let mut seen = Vec::new();
        for (agenda, email) in agendas.iter().zip(["ana@example.org", "bea@example.org"]) {
            let page = app.get(agenda).await;
            let feed = Found::on(&page.body).attributes("a[href^='webcal:']", "href").remove(0);
            let feed = app.get(&feed[feed.find("/fr/").unwrap()..]).await;
            assert_eq!(feed.header("content-type"), "text/calendar; charset=utf-8");
            let mail = app.mails_to(email).await.remove(0);
            let unfolded = feed.body.replace("\r\n ", "");
            seen.push((unfolded.contains(ROOM), mail.text.contains(ROOM)));
        }
        assert_eq!(seen, [(true, true), (false, false)]);
    }

    async fn what_is_only_in_the_draft_is_nowhere_until_it_is_published(app: App) {
        let draft = miso(vec![session("ouverture", 5), on_day(session("atelier", 5), 1)]);
        app.publish(&draft).await;
        let before = everything_public(&app).await.len();
        save(&app, &edited(&draft)).await;

        assert_eq!(pages_with(&app, DRAFT).await, Vec::<String>::new());
        assert_eq!(everything_public(&app).await.len(), before);
        let found = app.get(&format!("/fr/miso?q={DRAFT}")).await;
        assert_eq!((found.status, Found::on(&found.body).count("main a[href*='/sessions/']")), (Status::Ok, 0));
        for path in [
            "/fr/miso/sessions/cachee", "/fr/miso/sessions/cachee/calendar.ics", "/fr/miso/themes/cache",
            "/fr/miso/themes/cache/calendar.ics", "/fr/miso/press/cachee",
        ] {
            assert_eq!(app.get(path).await.status, Status::NotFound, "{path}");
        }
        assert_eq!(app.register("ana@example.org", &["cachee"]).await.status, Status::UnprocessableEntity);

        app.publish(&edited(&draft)).await;
        let shown = pages_with(&app, DRAFT).await;
        for path in ["/fr/miso", "/en/miso/sessions/cachee", "/fr/miso/press/cachee", "/fr/miso/changes", "/fr/miso/schedule.xml", "/fr/miso/sessions.csv", "/fr/miso/calendar.ics"] {
            assert!(shown.contains(&path.to_owned()), "{path} would not show a leak: {shown:?}");
        }
        assert_eq!(app.register("ana@example.org", &["cachee"]).await.status, Status::SeeOther);
    }

    async fn a_withdrawn_session_is_gone_and_says_so(app: App) {
        let mut draft = miso(vec![session("ouverture", 5), on_day(session("retiree", 5), 1)]);
        app.publish(&draft).await;
        app.register("ana@example.org", &["retiree"]).await;
        draft.sessions[1].session.status = SessionStatus::Withdrawn;
        app.publish(&draft).await;

        for path in ["/fr/miso/sessions/retiree", "/en/miso/sessions/retiree"] {
            let gone = app.get(path).await;
            assert_eq!(gone.status, Status::Gone);
            assert_ne!(Found::on(&gone.body).text("h1"), Found::on(&app.get("/fr/miso/sessions/nobody").await.body).text("h1"));
            assert!(Found::on(&gone.body).links("main").iter().any(|(_, href)| href.ends_with("/miso")), "a way on");
            assert_eq!(app.client.head(path).dispatch().await.status(), Status::Gone);
        }
        assert!(!app.get("/sitemap.xml").await.body.contains("retiree"));
        assert_eq!(Found::on(&app.get("/fr/miso").await.body).count("a[href$='/sessions/retiree']"), 0);
        assert_eq!(app.register("bea@example.org", &["retiree"]).await.status, Status::UnprocessableEntity);
        assert_eq!(app.get(&app.agenda_path("ana@example.org").await).await.status, Status::Ok);
    }
}

const SAFE: [(&str, &str); 7] = [
    (
        "content-security-policy",
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ("strict-transport-security", "max-age=31536000"),
];

#[track_caller]
fn is_safe(what: &str, page: &Page) {
    for (name, value) in SAFE {
        assert_eq!(page.header(name), value, "{what}: {name}");
    }
    let cookies = page.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie")).count();
    assert_eq!(cookies, 0, "{what}");
}

on_both_engines! {
    async fn every_kind_of_answer_carries_what_keeps_it_safe(app: App) {
        let mut draft = miso(vec![session("ouverture", 5), on_day(session("retiree", 5), 1)]);
        app.publish(&draft).await;
        draft.sessions[1].session.status = SessionStatus::Withdrawn;
        app.publish(&draft).await;
        let order = app.register("ana@example.org", &["ouverture"]).await;
        let agenda = app.agenda_path("ana@example.org").await;

        for (path, page) in everything_public(&app).await {
            is_safe(&path, &page);
            assert!(!page.header("cache-control").is_empty(), "{path}");
        }
        is_safe("303", &order);
        let secret =
            [order.location().to_owned(), agenda.clone(), "/fr/miso/register?session=ouverture".to_owned()];
        for path in secret {
            let page = app.get(&path).await;
            is_safe(&path, &page);
            assert_eq!(page.header("cache-control"), "private, no-store", "{path}");
            assert_eq!(page.header("x-robots-tag"), "noindex", "{path}");
        }
        let too_long = "x".repeat(300 * 1024);
        let errors = [
            (Status::NotFound, app.get("/fr/miso/sessions/nobody").await),
            (Status::NotFound, app.get("/static/nobody.css").await),
            (Status::NotFound, app.get("/fr/agenda/nobody").await),
            (Status::Gone, app.get("/fr/miso/sessions/retiree").await),
            (Status::UnprocessableEntity, app.post("/fr/miso/register", &[]).await),
            (Status::PayloadTooLarge, app.post("/fr/miso/register", &[("name", &too_long)]).await),
            (Status::Ok, app.get("/healthz").await),
            (Status::Ok, app.get("/readyz").await),
        ];
        for (status, page) in errors {
            assert_eq!(page.status, status);
            is_safe(&status.to_string(), &page);
        }
        let foreign = app.client.post("/fr/miso/register").header(ContentType::Form);
        let foreign = foreign.header(Header::new("Sec-Fetch-Site", "cross-site")).dispatch().await;
        assert_eq!(foreign.status(), Status::Forbidden);
        assert!(SAFE.iter().all(|(name, value)| foreign.headers().get_one(name) == Some(value)));
        app.pool.close().await;
        let closed = app.get(&agenda).await;
        assert_eq!(closed.status, Status::ServiceUnavailable);
        is_safe("503", &closed);
    }
}
