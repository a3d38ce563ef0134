//! The real program in a process of its own: for what happens to a process and not within it.

use std::{
    path::Path,
    process::{Child, Command, ExitStatus, Output, Stdio},
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use hyper::StatusCode;
use parvis::{
    clock::Clock,
    db::Pool,
    programme::{Draft, DraftSession},
    publication,
    registration::{desk::House, seats::SeatBoard},
    release::published::Publications,
    tokens::Tokens,
};

use crate::{
    builders::{first_day, miso},
    harness::{BASE_URL, TestDb},
    http::Visitor,
};

/// How long a process may take to start, or to end: it shares the machine with all other tests.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running `parvis serve`. Killed when dropped.
pub struct Process {
    child: Child,
    pub port: u16,
}

impl Process {
    /// Starts it on a free port, in the test's own folder; returns when it answers. `mail` is `mail.url`.
    pub async fn serve(db: &TestDb, mail: &str) -> Process {
        Process::start(db, mail, free_port().await, Command::new(env!("CARGO_BIN_EXE_parvis"))).await
    }

    /// Where signal `XFSZ` is ignored, as a full disk sends none: [`Process::limit_files`] then ends in errors. What it
    /// has to say stands in `server.log`.
    pub async fn serve_on_a_small_disk(db: &TestDb, mail: &str) -> Process {
        let mut command = Command::new("sh");
        let script = r#"trap "" XFSZ; exec "$0" "$@" 2>server.log"#;
        command.args(["-c", script, env!("CARGO_BIN_EXE_parvis")]);
        Process::start(db, mail, free_port().await, command).await
    }

    /// On the disk of that library, which is put before the server's own, and whose gate that file is.
    pub async fn serve_on_a_disk(db: &TestDb, mail: &str, library: &Path, gate: &Path) -> Process {
        let mut command = Command::new("env");
        let named = |name: &str, path: &Path| format!("{name}={}", path.display());
        command.args([named("LD_PRELOAD", library), named("PARVIS_GATE", gate)]);
        command.arg(env!("CARGO_BIN_EXE_parvis"));
        Process::start(db, mail, free_port().await, command).await
    }

    /// After it has ended: the same once more, at the same port.
    pub async fn again(self, db: &TestDb, mail: &str) -> Process {
        Process::start(db, mail, self.port, Command::new(env!("CARGO_BIN_EXE_parvis"))).await
    }

    async fn start(db: &TestDb, mail: &str, port: u16, mut command: Command) -> Process {
        surroundings(&mut command, db, mail).env("ROCKET_PORT", port.to_string()).arg("serve");
        Process::once_it_answers(command, port).await
    }

    async fn once_it_answers(mut command: Command, port: u16) -> Process {
        let mut process = Process { child: command.spawn().unwrap(), port };
        let since = Instant::now();
        let visitor = process.visitor();
        while visitor.try_get("/healthz").await.is_err() {
            assert_eq!(process.child.try_wait().unwrap(), None, "the server ended before it answered");
            assert!(since.elapsed() < PATIENCE, "the server does not answer");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        process
    }

    pub fn visitor(&self) -> Visitor {
        Visitor::to(self.port)
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// SIGKILL: not a line of ours runs any more.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// No file that it writes may become larger, as on a full disk; `None`: there is room again.
    pub fn limit_files(&self, bytes: Option<u64>) {
        let limit = bytes.map_or("unlimited".to_owned(), |bytes| bytes.to_string());
        let mut prlimit = Command::new("prlimit");
        prlimit.args(["--pid", &self.id().to_string(), &format!("--fsize={limit}:unlimited")]);
        assert!(prlimit.status().unwrap().success());
    }

    /// Waits until it has that page: what others publish is seen within seconds.
    pub async fn shows(&self, path: &str) {
        let (since, visitor) = (Instant::now(), self.visitor());
        while visitor.get(path).await.status != 200 {
            assert!(since.elapsed() < PATIENCE, "{path} does not come");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// SIGTERM, as a service manager says it.
    pub fn terminate(&self) {
        let told = Command::new("kill").arg("-TERM").arg(self.id().to_string()).status().unwrap();
        assert!(told.success());
    }

    /// How it ended, and how long that took.
    pub async fn ended(&mut self) -> (ExitStatus, Duration) {
        ended(&mut self.child).await
    }
}

/// How a program ends that was told to, and how long that takes.
pub async fn ended(child: &mut Child) -> (ExitStatus, Duration) {
    let since = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return (status, since.elapsed());
        }
        assert!(since.elapsed() < PATIENCE, "the server does not end");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended long ago.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn free_port() -> u16 {
    crate::smtp::SmtpServer::nobody().await
}

/// Runs a command of the program to its end, on that database.
pub fn run(db: &TestDb, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parvis"));
    let command = surroundings(&mut command, db, "file:mails").args(arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap()
}

/// `parvis check`, which must have nothing to say.
pub fn check(db: &TestDb) {
    let checked = run(db, &["check"]);
    let said = String::from_utf8_lossy(&checked.stdout);
    assert_eq!(
        (checked.status.code(), &*said),
        (Some(0), ""),
        "{}",
        String::from_utf8_lossy(&checked.stderr)
    );
}

/// Settings come from here alone, and nothing is written outside the test's folder.
fn surroundings<'c>(command: &'c mut Command, db: &TestDb, mail: &str) -> &'c mut Command {
    let kept = ["PATH", "TMPDIR", "LLVM_PROFILE_FILE", "RUST_LOG"];
    let kept = kept.into_iter().filter_map(|name| Some((name, std::env::var_os(name)?)));
    let kept: Vec<_> = kept.collect();
    command
        .env_clear()
        .envs(kept)
        .env("ROCKET_ADDRESS", "127.0.0.1")
        .env("ROCKET_DATABASES", format!("{{main={{url={:?}}}}}", db.url))
        .env(
            "ROCKET_PARVIS",
            format!(
                "{{base_url={BASE_URL:?},rate_limits=\"off\",mail={{url={mail:?},from=\"Parvis <programme@example.org>\"}}}}"
            ),
        )
        .current_dir(db.folder())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(if std::env::var_os("RUST_LOG").is_some() { Stdio::inherit() } else { Stdio::null() })
}

/// Publishes the programme `miso` with these sessions, moved into the weeks after today: processes read the
/// machine's clock.
pub async fn publish(pool: &Pool, sessions: Vec<DraftSession>) -> House {
    let house = House::open(
        pool.clone(),
        Clock::system(),
        Tokens::random(),
        None,
        Publications::default(),
        SeatBoard::default(),
    );
    let house = house.await.unwrap();
    let now = house.clock.now();
    let draft = moved(miso(sessions), now.date_naive() + TimeDelta::days(30) - first_day());
    let mut tx = pool.begin().await.unwrap();
    parvis::programme::store::save(&mut tx, &draft, house.tokens.id(now), now).await.unwrap();
    tx.commit().await.unwrap();
    publication::publish(&house, "miso", "").await.unwrap();
    house
}

fn moved(mut draft: Draft, by: TimeDelta) -> Draft {
    draft.programme.starts += by;
    draft.programme.ends += by;
    for theme in &mut draft.themes {
        theme.starts = theme.starts.map(|day| day + by);
        theme.ends = theme.ends.map(|day| day + by);
    }
    for session in &mut draft.sessions {
        session.session.date += by;
        session.session.end = session.session.end.map(|end| end + by);
    }
    draft
}

#[tokio::test]
async fn a_settings_file_is_heard_and_what_it_leaves_out_is_as_in_any_installation() {
    let db = TestDb::sqlite().await;
    let port = free_port().await;
    let settings = format!(
        "[default]\nport = {port}\n[default.databases.main]\nurl = \"sqlite://elsewhere.db\"\n\
         [default.parvis]\nbase_url = {BASE_URL:?}\nrate_limits = \"off\"\n"
    );
    std::fs::write(db.folder().join("Rocket.toml"), settings).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_parvis"));
    surroundings(&mut command, &db, "file:mails").env_remove("ROCKET_DATABASES").env_remove("ROCKET_PARVIS");

    let process = Process::once_it_answers(command, port).await;
    let large = process.visitor().post("/fr/miso/register", &[("access_needs", &"é".repeat(30_000))]).await;

    let there = |name: &str| db.folder().join(name).exists();
    assert_eq!((there("elsewhere.db"), there("parvis.db")), (true, false));
    // There is no such programme; Rocket's own limit would have refused the form before.
    assert_eq!(large.status, StatusCode::NOT_FOUND);
}
