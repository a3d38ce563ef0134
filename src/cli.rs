//! The command line: a file a command. Standard output carries results only; everything else goes to standard
//! error. Exit code 1: the command could not do it (`bounce`: 75, try again); 2: it was not understood.

mod attendance;
mod backup;
pub mod bounce;
pub mod check;
mod demo;
mod export;
mod import;
mod mails;
mod publish;
mod registration;
mod serve;
mod session;
mod user;

use std::{error::Error, path::PathBuf, process::ExitCode, time::Duration};

use clap::{Args, Parser, Subcommand};
use indicatif::{ProgressBar, ProgressFinish};
use rocket::figment::Figment;

use crate::{
    clock::Clock,
    config::{Settings, figment},
    db::{Durability, Pool},
    registration::{desk::House, seats::SeatBoard},
    release::published::Publications,
    tokens::Tokens,
};

/// What a command ends with: a sentence for the person who typed it.
type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

/// A self-hosted programme manager for open-innovation months, festivals and hackathons.
#[derive(Parser)]
#[command(version, about, long_about = None)]
struct Line {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// The server (also with no command).
    Serve,
    /// A fresh demo: a month of sessions in the weeks ahead, in a database that is thrown away.
    Demo(demo::Demo),
    /// Read a programme into its draft: a folder, CSV, XLSX, ODS, frab XML or JSON.
    Import(import::Import),
    /// Publish a programme's draft.
    Publish(publish::Publish),
    /// Write a programme, or its registrations, to a file.
    Export(export::Export),
    /// Sessions: what is live beside the release.
    #[command(subcommand)]
    Session(session::Session),
    /// Registrations, for those who call.
    #[command(subcommand)]
    Registration(registration::Registration),
    /// Mark who came to a session, from a list.
    Attendance(attendance::Attendance),
    /// The outbox.
    #[command(subcommand)]
    Mail(mails::Mail),
    /// Who works in the office.
    #[command(subcommand)]
    User(user::User),
    /// Takes in a delivery report (RFC 3464) from standard input: mail servers pipe what comes back.
    Bounce,
    /// A consistent copy of the embedded database, while it is in use.
    Backup(backup::Backup),
    /// Put a copy in the place of the embedded database; the server must be stopped.
    Restore(backup::Restore),
    /// Hold the invariants against this database: a line each that fails, exit 1.
    Check,
    /// Bring the database to this version's tables.
    Migrate,
}

/// Which programme.
#[derive(Args)]
struct Programme {
    /// The programme's slug.
    slug: String,
}

/// Reads the command line and does what it says.
pub fn run() -> ExitCode {
    let line = Line::parse();
    crate::web::log::init("info");
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(cause) => {
            eprintln!("error: {cause}");
            return ExitCode::FAILURE;
        }
    };
    let command = line.command.unwrap_or(Command::Serve);
    // A mail server keeps what it could not hand over.
    let failure = match &command {
        Command::Bounce => ExitCode::from(bounce::TRY_AGAIN),
        _ => ExitCode::FAILURE,
    };
    match runtime.block_on(dispatch(command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            let text = cause.to_string();
            if !text.is_empty() {
                eprintln!("error: {text}");
            }
            failure
        }
    }
}

async fn dispatch(command: Command) -> Outcome {
    match command {
        Command::Serve => serve::run().await,
        Command::Demo(demo) => demo.run().await,
        Command::Import(import) => import.run().await,
        Command::Publish(publish) => publish.run().await,
        Command::Export(export) => export.run().await,
        Command::Session(session) => session.run().await,
        Command::Registration(registration) => registration.run().await,
        Command::Attendance(attendance) => attendance.run().await,
        Command::Mail(mail) => mail.run().await,
        Command::User(user) => user.run().await,
        Command::Bounce => bounce::run().await,
        Command::Backup(backup) => backup.run().await,
        Command::Restore(restore) => restore.run().await,
        Command::Check => check::run().await,
        Command::Migrate => make_pool(&figment()).await.map(|_| ()),
    }
}

fn database_url(figment: &Figment) -> Result<String, String> {
    const RIGHT: &str = "write \"sqlite://FILE\" or \"postgres://user:password@host/name\"";
    figment.extract_inner("databases.main.url").map_err(|_| format!("setting `databases.main.url`: {RIGHT}"))
}

/// How often the sign of work under way moves.
const TICK: Duration = Duration::from_millis(100);
/// Connections of one command.
const CONNECTIONS: u32 = 2;

/// The database, made where it is not there, and migrated.
async fn make_pool(figment: &Figment) -> Result<Pool, Box<dyn Error + Send + Sync>> {
    Ok(Pool::open(&database_url(figment)?, CONNECTIONS, Durability::Full).await.map_err(not_opened)?)
}

/// The database, which must be there: a command in the wrong folder must not make one.
async fn open_pool(figment: &Figment) -> Result<Pool, Box<dyn Error + Send + Sync>> {
    let url = database_url(figment)?;
    Ok(Pool::open_existing(&url, CONNECTIONS, Durability::Full).await.map_err(not_opened)?)
}

/// Names the setting that says where the database is, never a password.
fn not_opened(cause: impl std::fmt::Display) -> String {
    format!("the database of `databases.main.url` could not be opened: {cause}")
}

/// Everything that domain functions work with, on a database of this version that is there.
async fn open_house() -> Result<House, Box<dyn Error + Send + Sync>> {
    let figment = figment();
    let pool = open_pool(&figment).await?;
    pool.is_of_this_version().await.map_err(not_opened)?;
    house_on(pool, &figment).await
}

/// The same for commands that may be the first on a database.
async fn make_house() -> Result<House, Box<dyn Error + Send + Sync>> {
    let figment = figment();
    house_on(make_pool(&figment).await?, &figment).await
}

async fn house_on(pool: Pool, figment: &Figment) -> Result<House, Box<dyn Error + Send + Sync>> {
    let settings = Settings::extract(figment)?;
    let house = House::open(
        pool,
        Clock::system(),
        Tokens::random(),
        settings.secret_key.as_deref(),
        Publications::default(),
        SeatBoard::default(),
    );
    Ok(house.await?.with_settle(settings.settle))
}

fn unknown_programme(slug: &str) -> String {
    format!(
        "there is no programme `{slug}` in this database; `parvis import PATH --programme {slug}` makes one"
    )
}

/// Slugs that a message names.
const NAMED_MAX: usize = 20;

/// That there is no such thing, and which there are.
fn unknown_among<'s>(what: String, known: impl IntoIterator<Item = &'s str>) -> String {
    let mut known: Vec<_> = known.into_iter().collect();
    known.sort_unstable();
    let more = known.len().saturating_sub(NAMED_MAX);
    let named = known.iter().take(NAMED_MAX).copied().collect::<Vec<_>>().join(", ");
    match (known.is_empty(), more) {
        (true, _) => format!("{what}; it has none"),
        (false, 0) => format!("{what}; it has: {named}"),
        (false, more) => format!("{what}; it has: {named} and {more} more"),
    }
}

/// Shows on a terminal that work goes on; in a pipe nothing. What is written meanwhile comes after its end.
fn progress(what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new_spinner().with_message(what).with_finish(ProgressFinish::AndClear);
    if !bar.is_hidden() {
        bar.enable_steady_tick(TICK);
    }
    bar
}

/// Writes to the file, or to standard output.
fn write_out(output: Option<&PathBuf>, bytes: &[u8]) -> Outcome {
    use std::io::Write as _;
    match output {
        Some(path) => {
            std::fs::write(path, bytes).map_err(|cause| format!("{}: {cause}", path.display()).into())
        }
        None => match std::io::stdout().write_all(bytes) {
            // Who reads only the beginning has what they wanted.
            Err(cause) if cause.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            done => Ok(done?),
        },
    }
}
