//! The demo's pages over HTTP, beside a bare `hyper` server that answers the identical bytes: how much of what
//! the machine could do is left when it is done by Parvis. `docs/PERFORMANCE.md` says how to read it.
//!
//! ```text
//! cargo bench --bench pages [-- --seconds 1 --rounds 3]
//! ```

#[path = "support/figures.rs"]
mod figures;
#[path = "support/http.rs"]
mod http;
#[path = "support/load.rs"]
mod load;
#[path = "support/server.rs"]
mod server;

use std::{
    convert::Infallible,
    env,
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::Ipv4Addr,
    process::{Command, Stdio},
};

use http_body_util::Full;
use hyper::{
    HeaderMap, Response, StatusCode,
    body::Bytes,
    header::{HeaderName, HeaderValue},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

use load::{Plan, Report};
use server::{Answer, Server};

const PAGES: [(&str, &str); 4] = [
    ("programme", "/fr/miso"),
    ("theme", "/fr/miso/themes/lab"),
    ("session", "/fr/miso/sessions/ouverture-du-mois"),
    ("calendar.ics", "/fr/miso/calendar.ics"),
];
const CONNECTIONS: [usize; 3] = [1, 16, 64];
/// Of the bare server's answers a second, at least.
const GOAL: f64 = 0.6;
/// The first argument of a process that is the bare server.
const BARE: &str = "bare";

fn main() {
    if load::was_one() {
        return;
    }
    if env::args().nth(1).as_deref() == Some(BARE) {
        return bare();
    }
    let seconds = figures::option("--seconds", 1.0);
    let rounds = figures::option("--rounds", 3.0) as usize;
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let port = server::free_port();
    let command = server::parvis(folder.path(), &["demo", "--port", &port.to_string()], &[]);
    let (parvis, _) = Server::start(command, port, "/fr/miso");

    let columns =
        ["page", "answer", "bytes", "conns", "bare/s", "parvis/s", "ratio", "bare µs", "parvis µs", "p99 ms"];
    let mut rows = vec![columns.map(str::to_owned).to_vec()];
    let mut ratios = Vec::new();
    for (name, path) in PAGES {
        for (way, headers) in ways(&parvis, path) {
            let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let answer = parvis.get(path, &headers);
            let bytes = answer.body.len();
            let bare = start_bare(&answer);
            for connections in CONNECTIONS {
                let request = vec![http::get(path, &headers)];
                let cell = compare(&parvis, &bare, answer.status, &request, connections, seconds, rounds);
                ratios.push(cell.ratio);
                let start = [name.to_owned(), way.to_owned(), bytes.to_string(), connections.to_string()];
                rows.push(start.into_iter().chain(cell.columns()).collect());
            }
        }
    }
    figures::table(&rows);
    let lowest = ratios.iter().copied().fold(f64::INFINITY, f64::min);
    let below = ratios.iter().filter(|ratio| **ratio < GOAL).count();
    println!(
        "\nratio: lowest {lowest:.2}, median {:.2}; {below} of {} below the goal of {GOAL}",
        figures::median(ratios.clone()),
        ratios.len()
    );
}

/// What a visitor's browser says, and what it therefore gets.
fn ways(parvis: &Server, path: &str) -> Vec<(&'static str, Vec<(&'static str, String)>)> {
    let accept = |coding: &str| vec![("Accept-Encoding", coding.to_owned())];
    let drawn = parvis.get(path, &[("Accept-Encoding", "br")]);
    let etag = drawn.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("etag")).expect("an ETag");
    let known = [accept("br"), vec![("If-None-Match", etag.1.clone())]].concat();
    vec![("plain", Vec::new()), ("gzip", accept("gzip")), ("br", accept("br")), ("304", known)]
}

/// What one cell of the table was measured to be: medians over the rounds.
struct Cell {
    bare: f64,
    parvis: f64,
    ratio: f64,
    bare_cpu: f64,
    parvis_cpu: f64,
    p99: f64,
}

impl Cell {
    fn columns(&self) -> [String; 6] {
        [
            format!("{:.0}", self.bare),
            format!("{:.0}", self.parvis),
            format!("{:.2}", self.ratio),
            format!("{:.0}", self.bare_cpu),
            format!("{:.0}", self.parvis_cpu),
            format!("{:.1}", self.p99),
        ]
    }
}

/// Turn by turn, so that what else the machine does meets both.
fn compare(
    parvis: &Server,
    bare: &Server,
    status: u16,
    request: &[String],
    connections: usize,
    seconds: f64,
    rounds: usize,
) -> Cell {
    let ask = |server: &Server| -> (Report, f64) {
        let before = server.cpu();
        let plan =
            Plan { port: server.port, connections, seconds: Some(seconds), requests: request.to_vec() };
        let report = plan.run();
        assert_eq!(report.statuses.keys().copied().collect::<Vec<_>>(), [status]);
        let cpu = (server.cpu() - before) / report.answers as f64 * 1e6;
        (report, cpu)
    };
    let turns: Vec<_> = (0..rounds).map(|_| (ask(bare), ask(parvis))).collect();
    let of = |value: fn(&((Report, f64), (Report, f64))) -> f64| {
        figures::median(turns.iter().map(value).collect())
    };
    Cell {
        bare: of(|((bare, _), _)| bare.rate()),
        parvis: of(|(_, (parvis, _))| parvis.rate()),
        ratio: of(|((bare, _), (parvis, _))| parvis.rate() / bare.rate()),
        bare_cpu: of(|((_, cpu), _)| *cpu),
        parvis_cpu: of(|(_, (_, cpu))| *cpu),
        p99: of(|(_, (parvis, _))| parvis.p99),
    }
}

/// The head of the one answer that the bare server gives; the body follows it.
#[derive(Serialize, Deserialize)]
struct BareHead {
    status: u16,
    headers: Vec<(String, String)>,
}

fn start_bare(answer: &Answer) -> Server {
    // `Date` is hyper's own, in both.
    let headers = answer.headers.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("date")).cloned();
    let head = BareHead { status: answer.status, headers: headers.collect() };
    let mut child = Command::new(env::current_exe().expect("a bench knows its own file"))
        .arg(BARE)
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

/// A process that answers everything with the bytes from its standard input.
fn bare() {
    let mut input = BufReader::new(io::stdin());
    let mut line = String::new();
    let mut body = Vec::new();
    input.read_line(&mut line).expect("a head");
    input.read_to_end(&mut body).expect("a body");
    let head: BareHead = serde_json::from_str(&line).expect("a head");
    let headers: HeaderMap = head
        .headers
        .iter()
        .map(|(name, value)| {
            let name: HeaderName = name.parse().expect("a header's name");
            (name, HeaderValue::from_str(value).expect("a header's value"))
        })
        .collect();
    let status = StatusCode::from_u16(head.status).expect("a status");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(answer_all(status, headers, body.into()));
}

async fn answer_all(status: StatusCode, headers: HeaderMap, body: Bytes) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
    println!("{}", listener.local_addr().expect("its address").port());
    loop {
        let (stream, _) = listener.accept().await.expect("a connection");
        stream.set_nodelay(true).expect("a socket");
        let (headers, body) = (headers.clone(), body.clone());
        let service = service_fn(move |_| {
            let mut response = Response::new(Full::new(body.clone()));
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
