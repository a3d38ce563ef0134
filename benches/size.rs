//! How long what people wait for takes, and how much memory the demo holds. `docs/PERFORMANCE.md` says how to
//! read it.
//!
//! ```text
//! cargo bench --bench size [-- --rounds 5]
//! ```

#[path = "support/figures.rs"]
mod figures;
#[path = "support/http.rs"]
mod http;
#[path = "support/server.rs"]
mod server;

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use server::Server;

/// The goals: seconds, seconds, megabytes.
const IMPORT: f64 = 2.0;
const START: f64 = 0.3;
const MEMORY: f64 = 80.0;
/// Pages that the demo shows before its memory is looked at.
const VIEWS: usize = 1_000;
/// What browsers, old programs and robots take.
const CODINGS: [&str; 4] = ["br", "gzip, br", "gzip", "identity"];

fn main() {
    let rounds = figures::option("--rounds", 5.0) as usize;
    let mut rows = vec![["what", "measured", "goal", ""].map(str::to_owned).to_vec()];
    match shared("data/schedules/fosdem-2020.xml") {
        Some(file) => {
            let taken: Vec<_> = (0..rounds).map(|_| import(&file)).collect();
            let (imports, publications): (Vec<f64>, Vec<f64>) = taken.iter().copied().unzip();
            let both = taken.iter().map(|(import, publish)| import + publish).collect();
            rows.push(line("import of fosdem-2020.xml, 872 sessions", figures::median(imports), None, "s"));
            rows.push(line("its publication", figures::median(publications), None, "s"));
            rows.push(line("both", figures::median(both), Some(IMPORT), "s"));
        }
        None => println!("skipped: there is no shared/data/schedules/fosdem-2020.xml"),
    }
    let starts = (0..rounds).map(|_| demo(|_, took| took.as_secs_f64())).collect();
    rows.push(line("start of `parvis demo` to its first answer", figures::median(starts), Some(START), "s"));
    let (fresh, viewed, most) = demo(memory);
    rows.push(line("memory of the demo, fresh", fresh, None, "MB"));
    rows.push(line("after 1,000 page views", viewed, Some(MEMORY), "MB"));
    rows.push(line("at most, so far", most, None, "MB"));
    figures::table(&rows);
}

fn line(what: &str, measured: f64, goal: Option<f64>, unit: &str) -> Vec<String> {
    let verdict = goal.map_or("", |goal| if measured < goal { "met" } else { "MISSED" });
    let goal = goal.map_or(String::new(), |goal| format!("< {goal} {unit}"));
    vec![what.to_owned(), format!("{measured:.3} {unit}"), goal, verdict.to_owned()]
}

/// Seconds that the two commands take, from the start of the process to its end, on a new database.
fn import(file: &Path) -> (f64, f64) {
    let folder = folder();
    let run = |args: &[&str]| {
        let since = Instant::now();
        let status = server::parvis(folder.path(), args, &[]).status().expect("the program runs");
        let log = || std::fs::read_to_string(folder.path().join("log")).unwrap_or_default();
        assert!(status.success(), "parvis {args:?}: {}", log());
        since.elapsed().as_secs_f64()
    };
    let file = file.to_str().expect("a path in UTF-8");
    (run(&["import", file, "--programme", "fosdem-2020"]), run(&["publish", "fosdem-2020"]))
}

/// A demo of its own, and how long it took to answer.
fn demo<T>(look: impl FnOnce(&Server, Duration) -> T) -> T {
    let folder = folder();
    let port = server::free_port();
    let command = server::parvis(folder.path(), &["demo", "--port", &port.to_string()], &[]);
    let (server, took) = Server::start(command, port, "/fr/miso");
    look(&server, took)
}

/// Memory at the start, after a visit to everything that the site's map names, and the most that there was.
fn memory(server: &Server, _: Duration) -> (f64, f64, f64) {
    let fresh = server.memory("VmRSS");
    let map = String::from_utf8(server.get("/sitemap.xml", &[]).body).expect("text");
    let addresses = map.split("<loc>").skip(1).filter_map(|rest| rest.split("</loc>").next());
    let paths: Vec<_> = addresses.filter_map(|address| address.splitn(4, '/').nth(3)).collect();
    for (view, path) in paths.iter().cycle().take(VIEWS).enumerate() {
        let coding = CODINGS[view % CODINGS.len()];
        let answer = server.get(&format!("/{path}"), &[("Accept-Encoding", coding)]);
        assert_eq!(answer.status, 200, "/{path}");
    }
    println!("{} addresses in the map, {VIEWS} views", paths.len());
    (fresh, server.memory("VmRSS"), server.memory("VmHWM"))
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder")
}

/// Real files beside the project.
fn shared(path: &str) -> Option<PathBuf> {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(1);
    above.map(|folder| folder.join("shared").join(path)).find(|file| file.exists())
}
