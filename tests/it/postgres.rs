//! One PostgreSQL server a test process, and a schema in it for each test; and servers of one test alone, which it stops.
//!
//! `PARVIS_TEST_POSTGRES_URL` names a server that is already there; without it, one is started from the
//! installed server programs, in a temporary folder, reached by a socket in that folder only.
//! A watchdog shell holds the other end of a pipe to this process: however the process ends, the pipe
//! closes, the server is stopped and its folder removed.

use std::{
    env, fs,
    io::{self, Write as _},
    os::unix::{fs::MetadataExt as _, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{self, Child, ChildStdin, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use url::Url;

/// How long a server may take to answer for the first time.
const START: Duration = Duration::from_secs(60);

/// A schema of its own for one test. On a server that is not ours it is removed with this value.
pub struct Schema {
    /// With the schema as its search path, as `databases.main.url` takes it.
    pub url: String,
    name: String,
    server: &'static Server,
}

/// A server of one test alone, which can be stopped under load and started again.
pub struct Own {
    /// As `databases.main.url` takes it.
    pub url: String,
    home: PathBuf,
    watchdog: ChildStdin,
}

impl Own {
    /// `None` where no server can be had.
    pub async fn start() -> Option<Own> {
        // Says, or panics, where there are no programs.
        server(&FAST).as_ref()?;
        // What was committed is in the log when it is answered: also a server that is stopped at once has it.
        let started = start(&programs()?, &["-c", "fsync=off"]).expect("the server starts");
        Some(Own { url: started.url.into(), home: started.home, watchdog: started.watchdog })
    }

    /// Ends every connection and stops (`pg_ctl stop -m fast`).
    pub fn stop(&mut self) {
        self.leaves("stop");
    }

    /// Stops without a checkpoint, as where the machine dies (`-m immediate`).
    pub fn crash(&mut self) {
        self.leaves("crash");
    }

    pub fn again(&mut self) {
        self.say("start");
        self.until(is_ready);
    }

    fn leaves(&mut self, word: &str) {
        self.say(word);
        self.until(|home| !home.join("data/postmaster.pid").exists());
    }

    fn say(&mut self, word: &str) {
        writeln!(self.watchdog, "{word}").expect("the watchdog lives");
    }

    fn until(&self, condition: impl Fn(&Path) -> bool) {
        let since = Instant::now();
        while !condition(&self.home) {
            assert!(since.elapsed() < START, "the server does not do as it is told");
            thread::sleep(Duration::from_millis(20));
        }
    }
}

/// A server that was started, and is stopped when the pipe is closed.
struct Started {
    url: Url,
    home: PathBuf,
    watchdog: ChildStdin,
}

struct Server {
    url: Url,
    /// Open as long as this process lives; `None` for a server that is not ours.
    watchdog: Option<ChildStdin>,
}

/// What a server of tests is told: nothing in it outlives them.
const FAST: [&str; 6] = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"];

/// A new, empty schema, or `None` where no server can be had, which is said once, in one line.
///
/// # Panics
/// Where `PARVIS_REQUIRE_POSTGRES=1` and no server can be had.
pub async fn schema() -> Option<Schema> {
    schema_with(&FAST).await
}

/// As [`schema`], in a server with these settings: the first call of a process decides. Benches give none, and
/// so have commits that wait for the disk.
pub async fn schema_with(settings: &[&str]) -> Option<Schema> {
    static NUMBER: AtomicU64 = AtomicU64::new(1);
    let server = server(settings).as_ref()?;
    let name = format!("test_{}_{}", process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    // A schema of that name can be left from a process of the same number that was killed.
    run(&server.url, &format!("DROP SCHEMA IF EXISTS {name} CASCADE")).await.unwrap();
    run(&server.url, &format!("CREATE SCHEMA {name}")).await.unwrap();
    let mut url = server.url.clone();
    url.query_pairs_mut().append_pair("options[search_path]", &name);
    Some(Schema { url: url.into(), name, server })
}

impl Drop for Schema {
    fn drop(&mut self) {
        if self.server.watchdog.is_some() {
            return; // The whole server goes.
        }
        let (url, name) = (self.server.url.clone(), self.name.clone());
        // A runtime cannot be entered from a test's own; a connection that is still open must not block us.
        let dropping = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let statement = format!("SET lock_timeout = '2s'; DROP SCHEMA IF EXISTS {name} CASCADE");
            runtime.block_on(run(&url, &statement))
        });
        if !matches!(dropping.join(), Ok(Ok(()))) {
            say(&format!("PostgreSQL: schema {} is still there", self.name));
        }
    }
}

async fn run(url: &Url, statements: &str) -> sqlx::Result<()> {
    let mut connection = PgConnection::connect(url.as_str()).await?;
    sqlx::raw_sql(AssertSqlSafe(statements.to_owned())).execute(&mut connection).await?;
    connection.close().await
}

fn server(settings: &[&str]) -> &'static Option<Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    let server = SERVER.get_or_init(|| match given_or_started(settings) {
        Ok(server) => Some(server),
        Err(reason) => {
            say(&format!("skipped: the tests on PostgreSQL ({reason})"));
            None
        }
    });
    let required = env::var("PARVIS_REQUIRE_POSTGRES").is_ok_and(|value| value == "1");
    assert!(server.is_some() || !required, "PARVIS_REQUIRE_POSTGRES=1, but there is no PostgreSQL server");
    server
}

fn given_or_started(settings: &[&str]) -> Result<Server, String> {
    if let Ok(url) = env::var("PARVIS_TEST_POSTGRES_URL") {
        let url = Url::parse(&url).map_err(|error| format!("PARVIS_TEST_POSTGRES_URL: {error}"))?;
        return Ok(Server { url, watchdog: None });
    }
    let programs = programs().ok_or("no server programs found; Debian: apt-get install postgresql")?;
    let started = start(&programs, settings)
        .map_err(|reason| format!("the server in {} did not start: {reason}", programs.display()))?;
    Ok(Server { url: started.url, watchdog: Some(started.watchdog) })
}

/// The folder of `postgres` and `initdb`; Debian keeps them off the PATH. The newest version first.
fn programs() -> Option<PathBuf> {
    let mut installed: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    installed.sort();
    let on_path = env::var_os("PATH").unwrap_or_default();
    let on_path = env::split_paths(&on_path).filter_map(|folder| {
        // The name on the PATH may be a link into the folder of all server programs.
        Some(fs::canonicalize(folder.join("postgres")).ok()?.parent()?.to_owned())
    });
    let mut folders = installed.into_iter().rev().map(|(_, folder)| folder).chain(on_path);
    folders.find(|folder| folder.join("postgres").is_file() && folder.join("initdb").is_file())
}

/// `$1` the folder of the programs, `$2` the temporary folder, then settings. Standard input is the pipe to the tests.
///
/// The order of text is that of a French server where ICU is there: a query that relies on SQLite's order
/// of bytes is found here and not by an operator.
const WATCHDOG: &str = r#"
cd "$2" || exit 1
trap : INT TERM HUP
bin=$1 home=$2
shift 2
init() { "$bin/initdb" -D data -U parvis -A trust -E UTF8 --no-sync "$@" </dev/null >>log 2>&1; }
init --locale=C --locale-provider=icu --icu-locale=fr || { rm -rf data; init --locale=C; } || exit 1
run() {
    "$bin/postgres" -D data -k "$home" -c listen_addresses= -c port=5432 -c max_connections=200 "$@" </dev/null >>log 2>&1 &
    server=$!
}
run "$@"
# Each line is a word to the server; the end of the pipe is the end of the tests.
while read -r word; do
    case $word in
        stop) kill -INT "$server"; wait "$server" ;;
        crash) kill -QUIT "$server"; wait "$server" ;;
        start) run "$@" ;;
    esac
done
# Again and again: a server that is just starting does not listen to it yet.
while kill -QUIT "$server" 2>/dev/null; do sleep 0.1; done
rm -rf "$home"
"#;

fn start(programs: &Path, settings: &[&str]) -> Result<Started, String> {
    let home = tempfile::Builder::new().prefix("parvis-pg-").tempdir().map_err(|error| error.to_string())?;
    let mut command = Command::new("sh");
    command.args(["-c", WATCHDOG, "sh"]).arg(programs).arg(home.path()).args(settings);
    // A group of its own: Ctrl-C in the terminal must not end the watchdog before its work.
    command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    if fs::metadata(home.path()).map_err(|error| error.to_string())?.uid() == 0 {
        // PostgreSQL refuses to run as root.
        let (user, group) = plain_user().ok_or("no plain user to run it as")?;
        std::os::unix::fs::chown(home.path(), Some(user), Some(group)).map_err(|error| error.to_string())?;
        command.uid(user).gid(group);
    }
    let mut child = command.spawn().map_err(|error| format!("sh: {error}"))?;
    let watchdog = child.stdin.take().expect("it was asked to be piped");
    wait_until_ready(&mut child, home.path())?;
    // From here on the watchdog removes the folder.
    let home = home.keep();
    let mut url = Url::parse("postgres://parvis@localhost/postgres?sslmode=disable").expect("a constant");
    url.query_pairs_mut().append_pair("host", &home.to_string_lossy());
    Ok(Started { url, home, watchdog })
}

/// `postmaster.pid` says `ready` in its eighth line, which is what `pg_ctl -w` waits for, too.
fn is_ready(home: &Path) -> bool {
    let status = fs::read_to_string(home.join("data/postmaster.pid")).unwrap_or_default();
    status.lines().nth(7).is_some_and(|line| line.trim() == "ready")
}

fn wait_until_ready(child: &mut Child, home: &Path) -> Result<(), String> {
    let since = Instant::now();
    while since.elapsed() < START {
        if is_ready(home) {
            return Ok(());
        }
        if child.try_wait().is_ok_and(|ended| ended.is_some()) {
            break;
        }
        thread::sleep(Duration::from_millis(20));
    }
    let log = fs::read_to_string(home.join("log")).unwrap_or_default();
    Err(log.lines().last().unwrap_or("it wrote no log").to_owned())
}

/// User and group of the first of these that the machine has.
fn plain_user() -> Option<(u32, u32)> {
    let users = fs::read_to_string("/etc/passwd").ok()?;
    ["postgres", "nobody"].iter().find_map(|name| {
        let mut fields = users
            .lines()
            .map(|line| line.split(':'))
            .find_map(|mut fields| (fields.next() == Some(name)).then_some(fields))?;
        let user = fields.nth(1)?.parse().ok()?;
        Some((user, fields.next()?.parse().ok()?))
    })
}

/// Straight to standard error: the test runner keeps what `eprintln!` says.
fn say(line: &str) {
    writeln!(io::stderr(), "{line}").ok();
}
