//! The web layer as a visitor meets it: a small Rocket with nothing but `web::attach` and a few routes of the test.

use rocket::{
    Build, FromForm, Rocket, State,
    fairing::AdHoc,
    figment::{
        Figment,
        providers::{Format as _, Toml},
    },
    form::Form,
    get,
    http::{ContentType, Header, Status},
    local::blocking::{Client, LocalResponse},
    post, routes,
};

use crate::{
    clock::Clock,
    config::Settings,
    error::Error,
    locale::Lang,
    view::View,
    web::{
        self, assets,
        cache::{Key, Pages, PreparedReply, Stamp},
        guards::{RateLimited, SameOrigin, Visitor},
        reply::Private,
    },
};

#[get("/<_lang>/<_programme>/error/<kind>")]
fn fails(_lang: Lang, _programme: &str, kind: &str) -> Result<(), Error> {
    Err(match kind {
        "gone" => Error::Gone,
        "link" => Error::OldLink,
        "busy" => Error::Busy("secret cause"),
        "database" => Error::Database(sqlx::Error::PoolTimedOut),
        "template" => Error::Template(tera::Error::message("secret cause")),
        "internal" => Error::Internal("secret cause".to_owned()),
        _ => Error::NotFound,
    })
}

#[get("/<lang>/<programme>/page", rank = 10)]
fn prepared(
    lang: Lang,
    programme: &str,
    pages: &State<Pages>,
    clock: &State<Clock>,
) -> Result<PreparedReply, Error> {
    let key = Key { programme: programme.to_owned(), lang, path: "page".to_owned() };
    let draw = || Ok((ContentType::HTML, page().into_bytes()));
    pages.get_or_draw(key, Stamp { release: 3, seats: 7, people: 0 }, clock.now(), || None, draw)
}

fn page() -> String {
    "<p>Bonjour</p>".repeat(500)
}

#[get("/<_lang>/agenda/<_token>")]
fn private(_lang: Lang, _token: &str) -> Private<String> {
    Private("mine ".repeat(1_000))
}

#[post("/<_lang>/form")]
fn form(_lang: Lang, _same: SameOrigin, _rate: RateLimited) -> &'static str {
    "taken"
}

#[post("/<_lang>/typed", data = "<form>")]
fn typed(_lang: Lang, form: Form<Typed>) -> String {
    form.into_inner().name
}

#[derive(FromForm)]
struct Typed {
    name: String,
}

#[get("/<_lang>/me")]
fn me(_lang: Lang, visitor: Visitor) -> String {
    visitor.ip.map(|ip| ip.to_string()).unwrap_or_default()
}

fn rocket(settings: &str) -> Rocket<Build> {
    let figment = Figment::from(rocket::Config::default())
        .merge(("log_level", "off"))
        .merge(("ip_header", false))
        .merge(Toml::string(settings));
    let settings = Settings::extract(&figment).unwrap();
    web::attach(rocket::custom(figment), settings)
        .manage(View::new().unwrap())
        .manage(Clock::from_fn(|| chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap()))
        .mount("/", routes![fails, prepared, private, form, typed, me])
}

fn client(settings: &str) -> Client {
    Client::untracked(rocket(settings)).unwrap()
}

fn header<'a>(response: &'a LocalResponse<'_>, name: &str) -> &'a str {
    response.headers().get_one(name).unwrap_or("")
}

#[test]
fn every_answer_carries_the_headers_that_keep_pages_safe() {
    let client = client("[parvis]\nbase_url = 'https://miso.example.org'");
    for path in
        ["/", "/fr/nothing/here", "/fr/miso/page", "/fr/privacy", assets::href("parvis.css"), "/robots.txt"]
    {
        let response = client.get(path).dispatch();
        assert_eq!(
            header(&response, "Content-Security-Policy"),
            "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
            "{path}"
        );
        assert_eq!(header(&response, "X-Content-Type-Options"), "nosniff");
        assert_eq!(header(&response, "Referrer-Policy"), "same-origin");
        assert_eq!(header(&response, "X-Frame-Options"), "DENY");
        assert_eq!(header(&response, "Strict-Transport-Security"), "max-age=31536000");
        assert_ne!(header(&response, "Cache-Control"), "", "{path}");
    }
    let plain = client_without_settings();
    assert_eq!(header(&plain.get("/robots.txt").dispatch(), "Strict-Transport-Security"), "");
}

fn client_without_settings() -> Client {
    client("")
}

#[test]
fn errors_speak_the_language_of_the_address_and_offer_a_way_on() {
    let client = client_without_settings();
    let cases = [
        ("/fr/miso/error/none", 404, "Il n’y a rien à cette adresse", "/fr/miso"),
        ("/en/miso/error/none", 404, "There is nothing at this address", "/en/miso"),
        ("/en/miso/error/gone", 410, "This session was withdrawn from the programme", "/en/miso"),
        ("/fr/miso/error/link", 404, "Ce lien n’est pas ou plus valable", "/fr/"),
        ("/fr/miso/error/busy", 503, "Un instant, s’il vous plaît", "/fr/miso"),
        ("/en/miso/error/database", 503, "One moment, please", "/en/"),
        ("/en/miso/error/template", 500, "A mistake on our side", "/en/"),
        ("/fr/miso/error/internal", 500, "Une erreur de notre côté", "/fr/"),
        ("/xx/agenda/a", 404, "Il n’y a rien à cette adresse", "/fr/"),
        ("/nothing", 404, "Il n’y a rien à cette adresse", "/fr/"),
    ];
    for (path, status, heading, way) in cases {
        let response = client.get(path).dispatch();
        assert_eq!(response.status().code, status, "{path}");
        assert_eq!(response.content_type(), Some(ContentType::HTML));
        assert_eq!(header(&response, "Retry-After"), if status == 503 { "5" } else { "" }, "{path}");
        let html = response.into_string().unwrap();
        assert!(html.contains(&format!("<h1>{heading}</h1>")), "{path}: {html}");
        assert!(html.contains(&format!("href=\"{way}\">")), "{path}: {html}");
        assert!(!html.contains("secret"), "{path}");
    }
}

#[test]
fn an_address_without_language_is_answered_in_the_visitor_s() {
    let client = client_without_settings();
    let english = client.get("/nothing").header(Header::new("Accept-Language", "en-GB, fr;q=0.5")).dispatch();
    assert!(english.into_string().unwrap().contains("There is nothing"));

    let to = |request: rocket::local::blocking::LocalRequest<'_>| {
        let response = request.dispatch();
        (response.status().code, header(&response, "Location").to_owned())
    };
    assert_eq!(to(client.get("/")), (303, "/fr/".to_owned()));
    let browser = Header::new("Accept-Language", "en");
    assert_eq!(to(client.get("/").header(browser.clone())), (303, "/en/".to_owned()));
    assert_eq!(to(client.get("/").header(browser).cookie(("lang", "fr"))), (303, "/fr/".to_owned()));
    let chosen = client.get("/?lang=en").dispatch();
    assert_eq!(header(&chosen, "Location"), "/en/");
    assert!(header(&chosen, "Set-Cookie").starts_with("lang=en;"));
    assert_eq!(to(client.get("/?lang=xx")), (303, "/fr/".to_owned()));
}

#[test]
fn a_prepared_page_is_sent_as_the_visitor_takes_it_and_only_when_it_is_new() {
    let client = client_without_settings();
    let mut tags = Vec::new();
    for (accepts, encoding) in
        [("", ""), ("gzip", "gzip"), ("gzip, deflate, br", "br"), ("br;q=0, gzip", "gzip")]
    {
        let ask = || client.get("/fr/miso/page").header(Header::new("Accept-Encoding", accepts));
        let response = ask().dispatch();
        assert_eq!(header(&response, "Content-Encoding"), encoding, "{accepts}");
        assert_eq!(header(&response, "Vary"), "Accept-Encoding");
        assert_eq!(header(&response, "Cache-Control"), "no-cache");
        let tag = header(&response, "ETag").to_owned();
        assert!(tag.starts_with("\"3-fr-"), "{tag}");
        let bytes = response.into_bytes().unwrap();
        assert_eq!(unpack(encoding, &bytes), page().into_bytes());

        let again = ask().header(Header::new("If-None-Match", format!("\"x\", W/{tag}"))).dispatch();
        assert_eq!(again.status(), Status::NotModified);
        assert_eq!(header(&again, "ETag"), tag);
        assert_eq!(header(&again, "Vary"), "Accept-Encoding");
        assert!(again.into_bytes().unwrap_or_default().is_empty());
        tags.push(tag);
    }
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), 3, "one a coding");
}

fn unpack(encoding: &str, bytes: &[u8]) -> Vec<u8> {
    use std::io::Read as _;
    let mut plain = Vec::new();
    match encoding {
        "gzip" => flate2::read::GzDecoder::new(bytes).read_to_end(&mut plain).unwrap(),
        "br" => brotli::Decompressor::new(bytes, 4096).read_to_end(&mut plain).unwrap(),
        _ => return bytes.to_vec(),
    };
    plain
}

#[test]
fn head_gives_the_headers_of_the_page_without_the_page() {
    let client = client_without_settings();
    for path in ["/fr/miso/page", "/fr/privacy", "/robots.txt"] {
        let page = client.get(path).dispatch();
        let head = client.head(path).dispatch();
        assert_eq!(head.status(), page.status());
        let lines = |response: &LocalResponse<'_>| {
            let mut lines: Vec<_> = response.headers().iter().map(|header| header.to_string()).collect();
            lines.sort();
            lines
        };
        assert_eq!(lines(&head), lines(&page), "{path}");
        assert_eq!(head.body().preset_size(), page.body().preset_size(), "{path}");
        assert!(head.into_bytes().unwrap_or_default().is_empty());
    }
}

/// Over a real connection, where Rocket writes the length: the head of an answer, and what follows it.
fn exchange(method: &str, path: &str, headers: &str) -> (String, Vec<u8>) {
    use std::io::{Read as _, Write as _};
    let runtime = rocket::tokio::runtime::Runtime::new().unwrap();
    let (port, listening) = std::sync::mpsc::channel();
    let server = rocket("port = 0\nshutdown = { ctrlc = false }")
        .attach(AdHoc::on_liftoff("port", |rocket| {
            Box::pin(async move { port.send(rocket.config().port).unwrap() })
        }));
    runtime.spawn(server.launch());
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", listening.recv().unwrap())).unwrap();
    write!(stream, "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n")
        .unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    (String::from_utf8(bytes[..end].to_vec()).unwrap().to_lowercase(), bytes[end + 4..].to_vec())
}

#[test]
fn on_the_wire_head_and_304_have_the_length_of_the_page_and_no_body() {
    let (head, body) = exchange("GET", "/fr/miso/page", "Accept-Encoding: gzip\r\n");
    let length = format!("content-length: {}\r\n", body.len());
    assert!(format!("{head}\r\n").contains(&length), "{head}");
    let tag = head.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap();

    let (head, body) = exchange("HEAD", "/fr/miso/page", "Accept-Encoding: gzip\r\n");
    assert!(head.starts_with("http/1.1 200") && format!("{head}\r\n").contains(&length), "{head}");
    assert!(body.is_empty());

    let known = format!("Accept-Encoding: gzip\r\nIf-None-Match: {tag}\r\n");
    let (head, body) = exchange("GET", "/fr/miso/page", &known);
    assert!(head.starts_with("http/1.1 304") && format!("{head}\r\n").contains(&length), "{head}");
    assert!(body.is_empty());
}

#[test]
fn a_form_that_is_too_long_or_unreadable_is_refused_with_a_page() {
    let client = client("[limits]\nform = '1KiB'");
    let send = |body: String| {
        let response = client.post("/en/typed").header(ContentType::Form).body(body).dispatch();
        (response.status().code, response.into_string().unwrap_or_default())
    };
    assert_eq!(send("name=a".to_owned()).0, 200);
    let (status, html) = send(format!("name={}", "a".repeat(3_000)));
    assert_eq!(status, 413);
    assert!(html.contains("<h1>This is too long</h1>"), "{html}");
    let (status, html) = send("nothing=a".to_owned());
    assert_eq!(status, 422);
    assert!(html.contains("<h1>The form could not be read</h1>"), "{html}");
}

#[test]
fn a_slash_at_the_end_changes_nothing() {
    let client = client_without_settings();
    let page = |path: &'static str| client.get(path).dispatch().into_string().unwrap();
    assert_eq!(page("/fr/privacy/"), page("/fr/privacy"));
    assert_eq!(client.get("/fr/miso/page/").dispatch().status(), Status::Ok);
}

#[test]
fn a_page_behind_a_secret_link_is_kept_by_nobody() {
    let client = client_without_settings();
    let response = client.get("/fr/agenda/abc").header(Header::new("Accept-Encoding", "gzip, br")).dispatch();
    assert_eq!(header(&response, "Cache-Control"), "private, no-store");
    assert_eq!(header(&response, "X-Robots-Tag"), "noindex");
    assert_eq!(header(&response, "Content-Encoding"), "");
    assert_eq!(header(&response, "ETag"), "");
}

#[test]
fn a_form_from_another_site_is_refused_with_a_page() {
    let client = client_without_settings();
    let send = |name: &'static str, value: &'static str| {
        let response = client.post("/en/form").header(Header::new(name, value)).dispatch();
        (response.status().code, response.into_string().unwrap())
    };
    assert_eq!(client.post("/en/form").dispatch().status(), Status::Ok);
    assert_eq!(send("Sec-Fetch-Site", "same-origin").0, 200);
    let (status, html) = send("Sec-Fetch-Site", "cross-site");
    assert_eq!(status, 403);
    assert!(html.contains("<h1>This was refused</h1>"));
    assert_eq!(send("Origin", "null").0, 403);
    assert_eq!(send("Origin", "https://evil.example.net").0, 403);
    assert_eq!(send("Origin", "http://localhost:8000").0, 200);
}

#[test]
fn who_sends_too_many_forms_is_asked_to_wait() {
    let client = client("[parvis.rate_limits]\nforms = 2");
    let send = |ip: &str| {
        let response = client.post("/fr/form").remote(format!("{ip}:1").parse().unwrap()).dispatch();
        (response.status().code, header(&response, "Retry-After").to_owned())
    };
    assert_eq!([send("192.0.2.1").0, send("192.0.2.1").0], [200, 200]);
    let (status, wait) = send("192.0.2.1");
    assert_eq!(status, 429);
    assert!((1..=31).contains(&wait.parse::<u64>().unwrap()), "{wait}");
    assert_eq!(send("192.0.2.2").0, 200);

    let free = self::client("[parvis]\nrate_limits = 'off'");
    for _ in 0..400 {
        let response = free.post("/fr/form").remote("192.0.2.1:1".parse().unwrap()).dispatch();
        assert_eq!(response.status(), Status::Ok);
    }
}

#[test]
fn a_forwarded_address_is_believed_from_our_proxy_alone() {
    let client = client("[parvis]\ntrusted_proxies = ['127.0.0.1']");
    let seen = |peer: &str| {
        let request = client
            .get("/fr/me")
            .header(Header::new("X-Forwarded-For", "203.0.113.1, 198.51.100.7"))
            .header(Header::new("X-Real-IP", "203.0.113.2"))
            .remote(peer.parse().unwrap());
        request.dispatch().into_string().unwrap()
    };
    assert_eq!(seen("127.0.0.1:9"), "198.51.100.7");
    assert_eq!(seen("192.0.2.9:9"), "192.0.2.9");
}

#[test]
fn static_files_carry_a_hash_and_an_older_hash_still_finds_the_file() {
    let client = client_without_settings();
    let href = assets::href("parvis.css");
    let response = client.get(href).dispatch();
    assert_eq!(response.status(), Status::Ok);
    assert_eq!(response.content_type(), Some(ContentType::CSS));
    assert_eq!(client.get("/static/parvis.000000000000.css").dispatch().status(), Status::Ok);
    for missing in ["/static/nothing.000000000000.css", "/static/parvis.css", "/static/.keep"] {
        assert_eq!(client.get(missing).dispatch().status(), Status::NotFound, "{missing}");
    }
}

#[test]
fn robots_and_researchers_find_what_they_look_for() {
    let client =
        client("[parvis]\nbase_url='https://a.example.org'\nsecurity_contact='mailto:s@example.org'");
    let robots = client.get("/robots.txt").dispatch().into_string().unwrap();
    assert!(robots.ends_with("\nSitemap: https://a.example.org/sitemap.xml\n"), "{robots}");
    let text = client.get("/.well-known/security.txt").dispatch().into_string().unwrap();
    assert_eq!(
        text,
        "Contact: mailto:s@example.org\nExpires: 2027-07-14T00:00:00Z\nPreferred-Languages: fr, en\n\
         Canonical: https://a.example.org/.well-known/security.txt\n"
    );
    let none = client_without_settings();
    assert_eq!(none.get("/.well-known/security.txt").dispatch().status(), Status::NotFound);
}
