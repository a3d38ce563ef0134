//! Servers that answer everything with the same bytes, each in a process of its own: `hyper`, which is what the
//! machine can do, and Rocket, which is what the framework leaves of it. A bench starts itself again for them.

use std::{
    convert::Infallible,
    env,
    io::{self, BufRead as _, BufReader, Cursor, Read as _, Write as _},
    net::Ipv4Addr,
    process::{Command, Stdio},
};

use http_body_util::Full;
use hyper::{
    HeaderMap,
    body::Bytes,
    header::{HeaderName, HeaderValue},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use rocket::{
    Build, Data, Request, Response, Rocket, Route,
    fairing::AdHoc,
    http::{Header, Method, Status},
    route::{self, Outcome},
    shield::Shield,
};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

use super::server::{Answer, Server};

/// The first argument of a process that is one of these.
const HYPER: &str = "bare-hyper";
const ROCKET: &str = "bare-rocket";

/// What is answered: this head as a line, and behind it the body.
#[derive(Clone, Serialize, Deserialize)]
struct Head {
    status: u16,
    headers: Vec<(String, String)>,
}

/// `hyper` and its answer, no more.
pub fn hyper(answer: &Answer) -> Server {
    start(HYPER, answer)
}

/// Rocket with one route.
pub fn rocket(answer: &Answer) -> Server {
    start(ROCKET, answer)
}

fn start(word: &str, answer: &Answer) -> Server {
    // `Date` is hyper's own, in all three.
    let headers = answer.headers.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("date")).cloned();
    let head = Head { status: answer.status, headers: headers.collect() };
    let mut child = Command::new(env::current_exe().expect("a bench knows its own file"))
        .arg(word)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it can be started again");
    let mut input = child.stdin.take().expect("piped");
    writeln!(input, "{}", serde_json::to_string(&head).expect("plain data")).expect("it reads");
    input.write_all(&answer.body).expect("it reads");
    drop(input);
    let mut port = String::new();
    BufReader::new(child.stdout.take().expect("piped")).read_line(&mut port).expect("it says its port");
    Server::running(child, port.trim().parse().expect("a port"))
}

/// True where this process was one of them, and has been.
pub fn was_one() -> bool {
    let word = env::args().nth(1).unwrap_or_default();
    if ![HYPER, ROCKET].contains(&word.as_str()) {
        return false;
    }
    let mut input = BufReader::new(io::stdin());
    let mut line = String::new();
    let mut body = Vec::new();
    input.read_line(&mut line).expect("a head");
    input.read_to_end(&mut body).expect("a body");
    let head: Head = serde_json::from_str(&line).expect("a head");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    match word.as_str() {
        HYPER => runtime.block_on(answer_all(&head, body.into())),
        _ => drop(runtime.block_on(one_route(head, body.into()).launch())),
    }
    true
}

async fn answer_all(head: &Head, body: Bytes) {
    let header = |(name, value): &(String, String)| -> (HeaderName, HeaderValue) {
        (name.parse().expect("a header's name"), value.parse().expect("a header's value"))
    };
    let headers: HeaderMap = head.headers.iter().map(header).collect();
    let status = hyper::StatusCode::from_u16(head.status).expect("a status");
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
    println!("{}", listener.local_addr().expect("its address").port());
    loop {
        let (stream, _) = listener.accept().await.expect("a connection");
        stream.set_nodelay(true).expect("a socket");
        let (headers, body) = (headers.clone(), body.clone());
        let service = service_fn(move |_| {
            let mut response = hyper::Response::new(Full::new(body.clone()));
            *response.status_mut() = status;
            *response.headers_mut() = headers.clone();
            async move { Ok::<_, Infallible>(response) }
        });
        // A client that goes away is no failure.
        tokio::spawn(async move {
            http1::Builder::new().serve_connection(TokioIo::new(stream), service).await.ok()
        });
    }
}

/// The one route's answer.
#[derive(Clone)]
struct Same {
    head: Head,
    body: Bytes,
}

fn one_route(head: Head, body: Bytes) -> Rocket<Build> {
    let figment =
        rocket::Config::figment().merge(("port", 0)).merge(("log_level", "off")).merge(("ident", false));
    let route = Route::new(Method::Get, "/<_..>", Same { head, body });
    rocket::custom(figment)
        .attach(Shield::new())
        .mount("/", [route])
        .attach(AdHoc::on_liftoff("port", |rocket| {
            Box::pin(async move { println!("{}", rocket.config().port) })
        }))
}

#[rocket::async_trait]
impl route::Handler for Same {
    async fn handle<'r>(&self, _: &'r Request<'_>, _: Data<'r>) -> Outcome<'r> {
        let mut response = Response::new();
        response.set_status(Status::new(self.head.status));
        for (name, value) in &self.head.headers {
            response.set_header(Header::new(name.clone(), value.clone()));
        }
        response.set_sized_body(self.body.len(), Cursor::new(self.body.clone()));
        response.set_max_chunk_size(self.body.len() + 1);
        Outcome::Success(response)
    }
}
