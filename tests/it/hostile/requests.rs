//! Requests that no page of ours makes.

use std::time::{Duration, Instant};

use parvis::mail::transport::Mailer;
use rocket::{
    http::{ContentType, Header, Method, Status},
    local::asynchronous::Client,
};

use crate::{
    builders::{miso, on_day, session},
    crawl::everything_public,
    harness::{App, BASE_URL, TestDb, Time, world},
    html::Found,
    http::form,
};

/// Nobody may keep us busy with one request.
const SOON: Duration = Duration::from_secs(3);

/// On one engine: what is refused here is refused before a database is asked, and public pages come from memory.
async fn app() -> App {
    let app = App::start(TestDb::sqlite().await).await;
    app.publish(&miso(vec![session("ouverture", 50), on_day(session("atelier", 5), 1)])).await;
    app
}

#[tokio::test]
async fn an_unknown_word_in_an_address_is_not_found_and_an_absurd_one_neither() {
    let app = app().await;
    let long = "x".repeat(5_000);
    let unknown = [
        "/xx/miso",
        "/fr/nobody",
        "/fr/miso/themes/nobody",
        "/fr/miso/sessions/nobody",
        "/fr/miso/organisations/nobody",
        "/fr/miso/press/nobody",
        "/fr/miso/sessions/nobody/calendar.ics",
        "/fr/miso/themes/nobody/calendar.ics",
        "/fr/nobody/calendar.ics",
        "/fr/nobody/schedule.xml",
        "/fr/nobody/changes.atom",
        "/fr/nobody/register",
        "/fr/agenda/nobody",
        "/fr/agenda/nobody/calendar.ics",
        "/fr/miso/orders/nobody",
        "/fr/miso/sessions/%FF%FE",
        "/fr/%00",
        "/fr/agenda/%C3%28",
        "/fr/miso/orders/..%2F..%2Fetc%2Fpasswd",
        "/static/..%2f..%2fCargo.toml",
        "/static/%2e%2e/Cargo.toml",
        "/static/../Cargo.toml",
        "/fr/miso/../../etc/passwd",
        "/.git/config",
        "/Rocket.toml",
        "/fr/demo/mails",
        "/demo/mails",
        "/fr/miso/sessions/<script>",
    ];
    let long = [
        "/fr/LONG",
        "/fr/miso/sessions/LONG",
        "/fr/agenda/LONG",
        "/fr/miso/orders/LONG",
        "/static/LONG",
        "/LONG",
    ]
    .map(|path| path.replace("LONG", &long));
    for path in unknown.iter().copied().chain(long.iter().map(String::as_str)) {
        let page = app.get(&path.replace('<', "%3C").replace('>', "%3E")).await;
        assert_eq!(page.status, Status::NotFound, "{path}");
        let found = Found::on(&page.body);
        assert!(!found.links("main").is_empty(), "{path}: no way on");
        assert_eq!(found.count("main script"), 0);
    }
}

#[tokio::test]
async fn any_query_at_all_is_answered_with_the_page() {
    let app = app().await;
    let many: String = (0..500).map(|n| format!("theme=t{n}&session=s{n}&")).collect();
    let queries = [
        "theme=nobody".to_owned(),
        "day=2027-99-99&format=dance&language=xx&org=nobody&access=wings&open=perhaps&online=%F0".to_owned(),
        "q=%FF%FE%00".to_owned(),
        "q=%".to_owned(),
        "q=%3Cscript%3Eevil()%3C/script%3E".to_owned(),
        "q=%7B%7B%201234%20*%205%20%7D%7D".to_owned(),
        "q=title:(".to_owned(),
        "q=%22".to_owned(),
        "q=*".to_owned(),
        "q=a+AND+(+OR+NOT+%5B+TO+%7D".to_owned(),
        "q=-".to_owned(),
        "q=%F0%9F%8E%88".to_owned(),
        "q[]=a&q=b&theme[x].y=1&=&&&=x".to_owned(),
        format!("q={}", "a".repeat(10_000)),
        format!("q={}", "a+".repeat(5_000)),
        format!("q={}", "%C3%A9".repeat(3_000)),
        format!("session={}", "a".repeat(10_000)),
        many.clone(),
        many.replace("theme=", "q="),
        "sessions=../../etc/passwd&page=-1&page=999999999999999999999".to_owned(),
    ];
    let pages = [
        "/fr/miso",
        "/en/miso/themes/lab",
        "/fr/miso/sessions/ouverture",
        "/fr/miso/register",
        "/fr/miso/changes",
        "/fr/miso/press",
        "/fr/miso/calendar.ics",
        "/fr/miso/sessions.csv",
        "/fr/miso/schedule.xml",
        "/fr/miso/colours.css",
        "/fr/",
        "/sitemap.xml",
    ];
    for path in pages {
        for query in &queries {
            let since = Instant::now();
            let page = app.get(&format!("{path}?{query}")).await;
            let short: String = query.chars().take(60).collect();
            assert_eq!(page.status, Status::Ok, "{path}?{short}");
            assert!(since.elapsed() < SOON, "{path}?{short}: {:?}", since.elapsed());
            if page.header("content-type").starts_with("text/html") {
                assert!(!page.body.contains("<script>evil") && !page.body.contains("6170"), "{path}?{short}");
            }
        }
    }
}

#[tokio::test]
async fn a_filter_that_we_do_not_know_is_said_and_ignored() {
    let app = app().await;
    let all = Found::on(&app.get("/fr/miso").await.body).count("a[href*='/sessions/']");

    let page = Found::on(&app.get("/fr/miso?theme=nobody").await.body);

    assert_eq!(page.count("a[href*='/sessions/']"), all);
    assert!(page.text("main").contains("nobody"), "{:?}", page.texts("main .notice"));
}

#[tokio::test]
async fn a_forged_host_is_believed_by_no_page_and_no_mail() {
    let app = app().await;
    let forged = || {
        [
            Header::new("Host", "evil.example.net"),
            Header::new("X-Forwarded-Host", "evil.example.net"),
            Header::new("Forwarded", "host=evil.example.net;proto=http"),
            Header::new("X-Forwarded-Proto", "http"),
        ]
    };
    for path in everything_public(&app).await.into_keys().chain(["/".to_owned(), "/fr/nobody".to_owned()]) {
        let mut request = app.client.get(path.clone());
        forged().into_iter().for_each(|header| request.add_header(header));
        let answer = request.dispatch().await;
        let location = answer.headers().get_one("location").unwrap_or_default().to_owned();
        let body = answer.into_string().await.unwrap_or_default();
        assert!(!body.contains("evil.example.net") && !location.contains("evil.example.net"), "{path}");
    }
    let canonical = Found::on(&app.get("/fr/miso").await.body).attributes("link[rel=canonical]", "href");
    assert_eq!(canonical, [format!("{BASE_URL}/fr/miso")]);

    let fields = [("name", "Ana"), ("email", "ana@example.org"), ("consent", "1"), ("session", "ouverture")];
    let mut request = app.client.post("/fr/miso/register").header(ContentType::Form).body(form(&fields));
    forged().into_iter().for_each(|header| request.add_header(header));
    let answer = request.dispatch().await;
    assert_eq!(answer.status(), Status::SeeOther);
    assert!(answer.headers().get_one("location").unwrap().starts_with("/fr/miso/orders/"));
    let mail = app.mails_to("ana@example.org").await.remove(0);
    let raw = String::from_utf8_lossy(&mail.raw).into_owned();
    assert!(!raw.contains("evil.example.net") && mail.text.contains(&format!("{BASE_URL}/fr/agenda/")));
}

#[tokio::test]
async fn no_address_sends_a_visitor_to_somebody_else() {
    let app = app().await;
    for path in [
        "//evil.example.net",
        "//evil.example.net/",
        "/\\evil.example.net/",
        "/%2F%2Fevil.example.net/",
        "/fr//evil.example.net/",
        "/fr/miso//evil.example.net/",
        "/?lang=//evil.example.net",
        "/?lang=fr%0d%0aSet-Cookie:a=b",
        "/?next=https://evil.example.net",
        "/fr/miso/?next=//evil.example.net",
    ] {
        let page = app.get(path).await;
        assert!(page.status.code < 500, "{path}");
        let there = page.location();
        assert!(there.is_empty() || there == "/fr/" || there.starts_with("/fr/miso"), "{path}: {there}");
        assert!(
            !page.headers.iter().any(|(_, value)| value.contains("evil") || value.contains("a=b")),
            "{path}"
        );
    }
}

on_both_engines! {
    async fn a_form_of_another_site_is_refused_wherever_it_is_sent_to(app: App) {
        app.publish(&miso(vec![session("ouverture", 50)])).await;
        assert_eq!(app.register("ana@example.org", &["ouverture"]).await.status, Status::SeeOther);
        let agenda = app.agenda_path("ana@example.org").await;
        let posts = [
            ("/fr/miso/register".to_owned(), "name=Bea&email=bea%40example.org&consent=1&session=ouverture"),
            (format!("{agenda}/cancellations"), "all=1"),
        ];
        let before = app.get(&agenda).await.body;
        let foreign: [&[(&str, &str)]; 7] = [
            &[("Sec-Fetch-Site", "cross-site")],
            &[("Sec-Fetch-Site", "same-site")],
            &[("Sec-Fetch-Site", "cross-site"), ("Origin", BASE_URL)],
            &[("Sec-Fetch-Site", "")],
            &[("Origin", "https://evil.example.net")],
            &[("Origin", "null")],
            &[("Origin", "http://parvis.example.org")],
        ];
        for (path, body) in &posts {
            for headers in foreign {
                let mut request = app.client.post(path.clone()).header(ContentType::Form).body(body);
                for (name, value) in headers {
                    request.add_header(Header::new(*name, *value));
                }
                assert_eq!(request.dispatch().await.status(), Status::Forbidden, "{path} {headers:?}");
            }
        }
        assert_eq!(app.get(&agenda).await.body, before);
        assert_eq!(app.mails_to("bea@example.org").await.len(), 0);

        let ours: [&[(&str, &str)]; 4] =
            [&[("Sec-Fetch-Site", "same-origin")], &[("Sec-Fetch-Site", "none")], &[("Origin", BASE_URL)], &[]];
        for headers in ours {
            let (path, body) = &posts[0];
            let mut request = app.client.post(path.clone()).header(ContentType::Form).body(body);
            for (name, value) in headers {
                request.add_header(Header::new(*name, *value));
            }
            assert_eq!(request.dispatch().await.status(), Status::SeeOther, "{headers:?}");
        }
    }
}

#[tokio::test]
async fn a_form_of_any_shape_is_taken_or_refused_with_a_page_and_soon() {
    let app = app().await;
    let big = format!("name={}", "x".repeat(300 * 1024));
    let many = "a=b&".repeat(60_000);
    let sessions = "session=ouverture&".repeat(10_000);
    let strange: String = (0..8_000).map(|n| format!("session=s{n}&")).collect();
    let multipart = "--x\r\nContent-Disposition: form-data; name=\"name\"; filename=\"a.html\"\r\nContent-Type: text/html\r\n\r\n<script>\r\n--x--\r\n";
    let cases = [
        ("application/x-www-form-urlencoded", big.as_str(), Status::PayloadTooLarge),
        ("application/x-www-form-urlencoded", &many, Status::UnprocessableEntity),
        ("application/x-www-form-urlencoded", &sessions, Status::UnprocessableEntity),
        ("application/x-www-form-urlencoded", &strange, Status::UnprocessableEntity),
        ("application/x-www-form-urlencoded", "", Status::UnprocessableEntity),
        ("application/x-www-form-urlencoded", "name=%FF%FE&email=%00", Status::UnprocessableEntity),
        ("application/x-www-form-urlencoded", "&&&===&=%", Status::UnprocessableEntity),
        (
            "application/x-www-form-urlencoded",
            "people=99999999999999999999&people=-1&name=a&email=a%40example.org&consent=1&session=ouverture",
            Status::UnprocessableEntity,
        ),
        ("multipart/form-data; boundary=x", multipart, Status::UnprocessableEntity),
    ];
    for (kind, body, status) in cases {
        let since = Instant::now();
        let request = app.client.post("/fr/miso/register").header(Header::new("Content-Type", kind));
        let answer = request.header(Header::new("Sec-Fetch-Site", "same-origin")).body(body).dispatch().await;
        let short: String = body.chars().take(40).collect();
        assert_eq!(answer.status(), status, "{kind} {short}");
        let page = answer.into_string().await.unwrap();
        assert!(since.elapsed() < SOON, "{kind} {short}: {:?}", since.elapsed());
        assert_eq!(Found::on(&page).count("h1"), 1, "{kind} {short}");
    }
    for kind in ["application/json", "text/plain", "image/png", "nonsense"] {
        let request = app.client.post("/fr/miso/register").header(Header::new("Content-Type", kind));
        let answer = request.body("{}").dispatch().await;
        assert!(answer.status().class().is_client_error(), "{kind}: {}", answer.status());
    }
    for method in [Method::Put, Method::Delete, Method::Patch, Method::Options, Method::Trace, Method::Post] {
        let answer = app.client.req(method, "/fr/miso/sessions/ouverture").dispatch().await;
        assert!(answer.status().class().is_client_error(), "{method}: {}", answer.status());
    }
}

#[tokio::test]
async fn a_forwarded_address_that_nobody_vouches_for_does_not_help_who_sends_too_many_forms() {
    // There is no such programme: no engine is asked.
    let db = TestDb::sqlite().await;
    let figment = db.figment().merge(("parvis.rate_limits.forms", 3)).merge(("parvis.rate_limits.links", 1));
    let rocket = parvis::rocket(figment, world(&Time::new(), &Mailer::memory())).unwrap();
    let client = Client::untracked(rocket).await.unwrap();
    let mut statuses = Vec::new();
    for n in 0..4 {
        let request = client.post("/fr/nobody/register").remote("192.0.2.7:4711".parse().unwrap());
        let answer = request
            .header(ContentType::Form)
            .header(Header::new("X-Forwarded-For", format!("198.51.100.{n}")))
            .header(Header::new("X-Real-IP", format!("198.51.100.{n}")))
            .dispatch()
            .await;
        statuses.push((answer.status().code, answer.headers().get_one("retry-after").is_some()));
    }
    assert_eq!(statuses, [(404, false), (404, false), (404, false), (429, true)]);
}
