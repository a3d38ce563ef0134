//! The demo's pages over HTTP, beside a bare `hyper` server that answers the identical bytes: how much of what
//! the machine could do is left when it is done by Parvis. A Rocket that does nothing but answer these bytes stands
//! between them, and tells what is ours of the difference. `docs/PERFORMANCE.md` says how to read it.
//!
//! ```text
//! cargo bench --bench pages [-- --seconds 1 --rounds 3]
//! ```

#[path = "support/bare.rs"]
mod bare;
#[path = "support/figures.rs"]
mod figures;
#[path = "support/http.rs"]
mod http;
#[path = "support/load.rs"]
mod load;
#[path = "support/server.rs"]
mod server;

use load::{Plan, Report};
use server::Server;

const PAGES: [(&str, &str); 4] = [
    ("programme", "/fr/miso"),
    ("theme", "/fr/miso/themes/lab"),
    ("session", "/fr/miso/sessions/ouverture-du-mois"),
    ("calendar.ics", "/fr/miso/calendar.ics"),
];
const CONNECTIONS: [usize; 3] = [1, 16, 64];
/// Of the bare server's answers a second, at least.
const GOAL: f64 = 0.6;

fn main() {
    if load::was_one() || bare::was_one() {
        return;
    }
    let seconds = figures::option("--seconds", 1.0);
    let rounds = figures::option("--rounds", 3.0) as usize;
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let port = server::free_port();
    let command = server::parvis(folder.path(), &["demo", "--port", &port.to_string()], &[]);
    let (parvis, _) = Server::start(command, port, "/fr/miso");

    let columns = [
        "page",
        "answer",
        "bytes",
        "conns",
        "hyper/s",
        "rocket/s",
        "parvis/s",
        "ratio",
        "to rocket",
        "µs of each",
        "p99 ms",
    ];
    let mut rows = vec![columns.map(str::to_owned).to_vec()];
    let (mut ratios, mut to_rocket) = (Vec::new(), Vec::new());
    for (name, path) in PAGES {
        for (way, headers) in ways(&parvis, path) {
            let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let answer = parvis.get(path, &headers);
            let bytes = answer.body.len();
            let (hyper, rocket) = (bare::hyper(&answer), bare::rocket(&answer));
            for connections in CONNECTIONS {
                let request = vec![http::get(path, &headers)];
                let turn = Turn { status: answer.status, request, connections, seconds };
                let cell = turn.compare([&hyper, &rocket, &parvis], rounds);
                ratios.push(cell.ratio);
                to_rocket.push(cell.to_rocket);
                let start = [name.to_owned(), way.to_owned(), bytes.to_string(), connections.to_string()];
                rows.push(start.into_iter().chain(cell.columns()).collect());
            }
        }
    }
    figures::table(&rows);
    let lowest = ratios.iter().copied().fold(f64::INFINITY, f64::min);
    let below = ratios.iter().filter(|ratio| **ratio < GOAL).count();
    println!(
        "\nratio to hyper: lowest {lowest:.2}, median {:.2}; {below} of {} below the goal of {GOAL}; to Rocket: median {:.2}",
        figures::median(ratios.clone()),
        ratios.len(),
        figures::median(to_rocket)
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

/// What each server is asked in its turn.
struct Turn {
    status: u16,
    request: Vec<String>,
    connections: usize,
    seconds: f64,
}

/// What one cell of the table was measured to be: medians over the rounds.
struct Cell {
    /// Answers a second, by server.
    rates: [f64; 3],
    /// Of the bare `hyper`, of the bare Rocket.
    ratio: f64,
    to_rocket: f64,
    /// Microseconds of processor time a request, by server.
    cpu: [f64; 3],
    p99: f64,
}

impl Cell {
    fn columns(&self) -> Vec<String> {
        let rates = self.rates.iter().map(|rate| format!("{rate:.0}"));
        let rest = [
            format!("{:.2}", self.ratio),
            format!("{:.2}", self.to_rocket),
            self.cpu.map(|cpu| format!("{cpu:.0}")).join(" "),
            format!("{:.1}", self.p99),
        ];
        rates.chain(rest).collect()
    }
}

/// The report, and microseconds of processor time a request.
type Asked = (Report, f64);

impl Turn {
    /// Turn by turn, so that what else the machine does meets all.
    fn compare(&self, servers: [&Server; 3], rounds: usize) -> Cell {
        let turns: Vec<_> = (0..rounds).map(|_| servers.map(|server| self.ask(server))).collect();
        let median = |value: fn(&[Asked; 3]) -> f64| figures::median(turns.iter().map(value).collect());
        Cell {
            rates: [
                median(|turn| turn[0].0.rate()),
                median(|turn| turn[1].0.rate()),
                median(|turn| turn[2].0.rate()),
            ],
            ratio: median(|turn| turn[2].0.rate() / turn[0].0.rate()),
            to_rocket: median(|turn| turn[2].0.rate() / turn[1].0.rate()),
            cpu: [median(|turn| turn[0].1), median(|turn| turn[1].1), median(|turn| turn[2].1)],
            p99: median(|turn| turn[2].0.p99),
        }
    }

    fn ask(&self, server: &Server) -> Asked {
        let before = server.cpu();
        let (connections, seconds) = (self.connections, Some(self.seconds));
        let report =
            Plan { ports: vec![server.port], connections, seconds, requests: self.request.clone() }.run();
        assert_eq!(report.statuses.keys().copied().collect::<Vec<_>>(), [self.status]);
        let cpu = (server.cpu() - before) / report.answers as f64 * 1e6;
        (report, cpu)
    }
}
