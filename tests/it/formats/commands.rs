//! The commands as a person types them: the real program, in a folder of its own.

use std::{
    collections::BTreeSet,
    fs,
    io::Cursor,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use calamine::{Reader as _, Xlsx};
use parvis::on;
use sqlx::{Connection as _, query, query_as};

use super::{schedules::xmllint, tables::OPEN_GENEVA};
use crate::harness::{TestDb, shared};

/// A folder in which somebody types commands, and their database.
struct Desk {
    db: TestDb,
    url: String,
}

/// What a command left: standard output, standard error, exit code.
struct Said {
    out: String,
    err: String,
    code: Option<i32>,
}

impl Desk {
    fn new(db: TestDb) -> Desk {
        let url = db.url.clone();
        Desk { db, url }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.db.folder().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), text).unwrap();
    }

    /// Types `parvis` and these words.
    fn types(&self, words: &[&str]) -> Said {
        let Output { status, stdout, stderr } = self.runs(words);
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Said { out: text(stdout), err: text(stderr), code: status.code() }
    }

    /// The same, where what it says may be no text.
    fn runs(&self, words: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_parvis"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ROCKET_")) {
            command.env_remove(name);
        }
        command
            .args(words)
            .current_dir(self.db.folder())
            .env("ROCKET_DATABASES", format!("{{main={{url={:?}}}}}", self.url))
            .env(
                "ROCKET_PARVIS",
                "{base_url=\"https://example.org\",mail={url=\"file:mails\",from=\"a@example.org\"}}",
            );
        command.output().unwrap()
    }

    /// What it says on standard output, where it can do it.
    #[track_caller]
    fn does(&self, words: &[&str]) -> String {
        let said = self.types(words);
        assert_eq!(said.code, Some(0), "{words:?}: {}{}", said.out, said.err);
        said.out
    }

    /// What it says on standard error, where it cannot; standard output stays empty.
    #[track_caller]
    fn cannot(&self, words: &[&str]) -> String {
        let said = self.types(words);
        assert_eq!((said.code, said.out.as_str()), (Some(1), ""), "{words:?}: {}", said.err);
        said.err
    }

    /// A programme of three sessions far ahead, published.
    fn publishes_a_programme(&self) {
        self.write("miso/programme.toml", PROGRAMME);
        self.write("miso/sessions.csv", SESSIONS);
        assert_eq!(self.does(&["import", "miso", "--programme", "miso"]), "added 3, changed 0, removed 0\n");
        assert_eq!(self.does(&["publish", "miso"]), "release 1\n");
    }
}

/// What is in force of the session `atelier`, but its seats.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
struct Seat {
    registration: String,
    join_url: Option<String>,
    starts: chrono::DateTime<chrono::Utc>,
    timed: bool,
    status: String,
    held_total: i64,
}

async fn seat(desk: &Desk) -> Seat {
    let pool = desk.db.pool().await;
    let mut conn = pool.acquire().await.unwrap();
    let seat = on!(conn, c => query_as(
        "SELECT s.registration, s.join_url, s.starts, s.timed, s.status, s.held_total
         FROM seat s JOIN session d ON d.id = s.session_id WHERE d.slug = 'atelier'",
    ).fetch_one(c).await);
    seat.unwrap()
}

/// The machine's own clock runs in these tests.
const PROGRAMME: &str = r#"slug = "miso"
title = "MISO"
timezone = "Europe/Zurich"
languages = ["fr", "en"]
starts = 2099-04-20
ends = 2099-05-15
[rules]
capacity = 60
[[themes]]
slug = "lab"
title = "LAB"
"#;

const SESSIONS: &str = "slug,title,theme,date,start,end,capacity,registration,online,join_url
atelier,Atelier,lab,2099-04-20,10:00,12:00,2,open,,
forum,Forum,lab,2099-04-21,14:00,16:00,,closed,true,https://visio.example.org/forum
visite,Visite,,2099-04-22,,,,none,,
";

/// Every file of a folder and of those in it, by its way from there.
fn files_below(folder: &Path) -> BTreeSet<String> {
    let mut files = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.insert(path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    files
}

const ANA: &str = "ana@example.org";

on_both_engines! {
    async fn a_real_schedule_is_imported_published_and_exported(db: TestDb) {
        let desk = Desk::new(db);
        let Some(file) = shared("data/schedules/fosdem-2020.xml") else { return };
        let import = ["import", file.to_str().unwrap(), "--programme", "fosdem-2020"];

        let dry = desk.types(&[&import[..], &["--dry-run"]].concat());
        assert_eq!((dry.out.as_str(), dry.code), ("added 872, changed 0, removed 0\n", Some(0)), "{}", dry.err);
        assert!(dry.err.contains("nothing was written"), "{}", dry.err);
        assert!(desk.cannot(&["publish", "fosdem-2020"]).contains("there is no programme `fosdem-2020`"), "nothing was written");

        assert_eq!(desk.does(&import), "added 872, changed 0, removed 0\n");
        assert_eq!(desk.does(&import), "added 0, changed 0, removed 0\n");
        assert_eq!(desk.does(&["publish", "fosdem-2020", "--note", "Ouvert"]), "release 1\n");
        assert_eq!(desk.does(&["publish", "fosdem-2020"]), "no change\n");

        assert_eq!(desk.does(&["export", "fosdem-2020", "--format", "csv", "-o", "sessions.csv"]), "");
        assert_eq!(desk.does(&["import", "sessions.csv", "--programme", "fosdem-2020"]), "added 0, changed 0, removed 0\n");
        let xml = desk.does(&["export", "fosdem-2020", "--format", "frab-xml"]);
        if let Some(said) = xmllint(&xml) {
            assert_eq!(said, "- validates");
        }
        desk.write("schedule.xml", &xml);
        assert_eq!(desk.does(&["import", "schedule.xml", "--programme", "fosdem-2020"]), "added 0, changed 0, removed 0\n");
        assert_eq!(desk.does(&["publish", "fosdem-2020"]), "no change\n");
    }

    async fn a_wrong_file_writes_nothing_and_says_everything(db: TestDb) {
        let desk = Desk::new(db);
        let Some(file) = shared("data/geneva/opengeneva-2018-events-full.derived.csv") else { return };
        desk.write("map.toml", OPEN_GENEVA);

        let said = desk.cannot(&["import", file.to_str().unwrap(), "--programme", "open-geneva", "--map", "map.toml"]);

        let rows = said.lines().filter(|line| line.starts_with("opengeneva-2018-events-full.derived.csv:")).count();
        assert_eq!(said.lines().last(), Some(format!("error: {rows} problems; nothing was written").as_str()));
        assert!(desk.cannot(&["export", "open-geneva", "--format", "csv"]).starts_with("error: there is no programme `open-geneva`"));
    }

    async fn every_format_is_exported_and_nothing_else_stands_on_standard_output(db: TestDb) {
        let desk = Desk::new(db);
        desk.publishes_a_programme();
        desk.does(&["registration", "add", "miso", "atelier", "--email", ANA, "--name", "=Ana; Exemple"]);
        let known = desk.types(&["export", "miso", "--format", "none"]).err;
        let known = known.split_once("[possible values: ").unwrap().1.split(']').next().unwrap();
        let mut left: BTreeSet<_> = known.split(", ").collect();
        let mut export = |format: &str| {
            left.remove(format);
            desk.does(&["export", "miso", "--format", format])
        };

        let csv = export("csv");
        assert!(csv.starts_with("slug,title,theme,") && csv.contains("https://visio.example.org/forum"));
        let excel = desk.does(&["export", "miso", "--format", "csv", "--excel"]);
        assert!(excel.starts_with("\u{feff}slug;title;theme;"));
        assert!(export("ics").starts_with("BEGIN:VCALENDAR\r\n") && export("ics").ends_with("END:VCALENDAR\r\n"));
        assert!(export("frab-xml").starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"));
        let json: serde_json::Value = serde_json::from_str(&export("frab-json")).unwrap();
        assert_eq!(json["schedule"]["conference"]["title"], "MISO");
        let json: serde_json::Value = serde_json::from_str(&export("json")).unwrap();
        assert_eq!(json["number"], 1);
        for public in ["ics", "frab-xml", "frab-json", "json"] {
            assert!(!export(public).contains("visio.example.org"), "{public}");
        }
        let registrations = export("registrations-csv");
        let rows: Vec<_> = registrations.lines().collect();
        assert_eq!(rows[0], "session,state,position,people,name,email,organisation,language,registered_at,access_needs,attendance,code");
        assert!(rows[1].starts_with("atelier,confirmed,,1,'=Ana; Exemple,ana@example.org,,fr,20"), "{}", rows[1]);
        assert_eq!(rows.len(), 2);
        assert_eq!(export("attendance-csv"), "session,registered,present,absent,walk_in\r\n", "nobody has come yet");
        assert_eq!(export("feedback-csv"), "session,answered_on,rating,takeaway,better\r\n");

        let column = |format: &str, sheet: &str, column: u32| {
            let Output { status, stdout, stderr } = desk.runs(&["export", "miso", "--format", format]);
            assert_eq!((status.code(), &*String::from_utf8_lossy(&stderr)), (Some(0), ""), "{format}");
            let mut book = Xlsx::new(Cursor::new(stdout)).unwrap();
            let cells = book.worksheet_range(sheet).unwrap();
            (0..=cells.end().unwrap().0).map(|row| cells.get_value((row, column)).unwrap().to_string()).collect::<Vec<_>>()
        };
        assert_eq!(column("xlsx", "sessions", 0), ["slug", "atelier", "forum", "visite"]);
        assert_eq!(column("registrations-xlsx", "registrations", 4), ["name", "=Ana; Exemple"]);

        assert!(desk.cannot(&["export", "miso", "--format", "html"]).contains("name it with `-o FOLDER`"));
        let said = desk.does(&["export", "miso", "--format", "html", "-o", "archive"]);
        let files = files_below(&desk.path("archive"));
        assert_eq!(said, format!("{} files\n", files.len()));
        assert!(files.contains("index.html"), "{files:?}");
        let page = fs::read_to_string(desk.path("archive/fr/miso/index.html")).unwrap();
        assert!(page.contains("<h1>MISO") && page.contains("Atelier") && !page.contains("visio.example.org"), "{page}");

        for format in ["xlsx", "registrations-xlsx", "html"] {
            assert!(left.remove(format), "{format}");
        }
        assert_eq!(left, BTreeSet::new(), "each format is exported here");
    }

    async fn live_settings_are_changed_at_once_and_the_next_release_keeps_them(db: TestDb) {
        let desk = Desk::new(db);
        desk.publishes_a_programme();
        let set = |values: &[&str]| desk.types(&[&["session", "set", "miso", "atelier"], values].concat());

        assert_eq!(set(&["capacity=80", "held=partner:5"]).out, "capacity 80, held 5, taken 0, waiting 0\n");
        assert_eq!(set(&["capacity=unlimited", "held="]).out, "capacity unlimited, held 0, taken 0, waiting 0\n");
        assert_eq!(set(&["capacity="]).out, "capacity 60, held 0, taken 0, waiting 0\n");
        let wrong = set(&["capacity=beaucoup", "registration=peut-être", "salle=4", "rien"]);
        assert_eq!((wrong.out.as_str(), wrong.code), ("", Some(1)));
        insta::allow_duplicates! { insta::assert_snapshot!(wrong.err, @r"
error: capacity=beaucoup: is no number of seats; write 0 to 1000000, unlimited, or nothing for the programme's rule
registration=peut-être: must be open, closed, invitation, none, or a web address (https://…)
salle=4: one of capacity, held, registration, opens, closes, queue, join_url
`rien`: write KEY=VALUE
"); }
        let wrong = set(&["opens=2099-04-02T09:00", "closes=2099-04-01"]);
        assert_eq!(wrong.err, "error: registration closes (2099-04-01 23:59:00) before it opens (2099-04-02 09:00:00)\n");
        assert!(set(&["opens=2099-03-29T02:30"]).err.contains("this time does not exist on 2099-03-29 in Europe/Zurich"));
        assert_eq!(desk.does(&["publish", "miso"]), "no change\n");
        assert!(desk.cannot(&["session", "set", "miso", "rien", "capacity=1"]).contains("has no session `rien`"));
        assert!(desk.cannot(&["session", "set", "rien", "atelier", "capacity=1"]).contains("no programme `rien`"));
    }

    async fn a_live_setting_is_in_force_at_once_and_the_rest_of_the_draft_is_not(db: TestDb) {
        let desk = Desk::new(db);
        desk.publishes_a_programme();
        let draft = SESSIONS.replace("10:00,12:00,2,open,,", "16:00,18:00,5,closed,true,https://visio.example.org/a");
        desk.write("miso/sessions.csv", &draft);
        desk.write("miso/programme.toml", &PROGRAMME.replace("capacity = 60", "capacity = 30"));
        assert_eq!(desk.does(&["import", "miso", "--programme", "miso"]), "added 0, changed 1, removed 0\n");
        let before = seat(&desk).await;

        let held = desk.does(&["session", "set", "miso", "atelier", "held=press:1"]);
        assert_eq!(held, "capacity 2, held 1, taken 0, waiting 0\n", "the seats of the draft are not in force");
        assert_eq!(seat(&desk).await, Seat { held_total: 1, ..before.clone() });
        // The rule of the last release, not of the draft.
        let ruled = desk.does(&["session", "set", "miso", "atelier", "capacity=", "held="]);
        assert_eq!(ruled, "capacity 60, held 0, taken 0, waiting 0\n");
        assert_eq!(seat(&desk).await, before);

        assert_eq!(desk.does(&["publish", "miso"]), "release 2\n");
        let after = seat(&desk).await;
        assert_eq!((after.registration.as_str(), after.starts - before.starts), ("closed", chrono::TimeDelta::hours(6)));
        assert_eq!(after.join_url.as_deref(), Some("https://visio.example.org/a"));
    }

    async fn a_command_in_the_wrong_folder_makes_no_database(db: TestDb) {
        let desk = Desk::new(db);

        for words in [
            &["check"][..],
            &["backup", "copy.db"],
            &["publish", "miso"],
            &["export", "miso", "--format", "csv"],
            &["session", "set", "miso", "atelier", "capacity=1"],
            &["registration", "resend", "miso", ANA],
            &["mail", "list"],
        ] {
            assert!(desk.cannot(words).contains("there is none yet; `parvis migrate` makes it"), "{words:?}");
        }

        assert_eq!(fs::read_dir(desk.db.folder()).unwrap().count(), 0);
        assert_eq!(desk.does(&["migrate"]), "");
        assert_eq!(desk.does(&["check"]), "");
    }

    async fn a_database_of_another_version_is_refused_and_can_be_copied(db: TestDb) {
        let desk = Desk::new(db);
        desk.does(&["migrate"]);
        let pool = desk.db.pool().await;
        let mut conn = pool.acquire().await.unwrap();
        let newest = "(SELECT MAX(version) FROM _sqlx_migrations)";
        for (change, why) in [
            (format!("UPDATE _sqlx_migrations SET version = 9999 WHERE version = {newest}"), "another version"),
            (format!("DELETE FROM _sqlx_migrations WHERE version = {newest}"), "an older version"),
        ] {
            on!(conn, c => query(sqlx::AssertSqlSafe(change)).execute(c).await.map(drop)).unwrap();
            assert!(desk.cannot(&["check"]).contains(why), "{why}");
        }
        if desk.db.is_sqlite() {
            assert_eq!(desk.does(&["backup", "copy.db"]), "copy.db\n", "before `parvis migrate`, one wants a copy");
        }
    }

    async fn who_only_reads_waits_for_nobody_who_writes(db: TestDb) {
        let desk = Desk::new(db);
        desk.publishes_a_programme();
        let pool = desk.db.pool().await;
        let mut writer = pool.begin().await.unwrap();
        parvis::programme::store::lock(&mut writer, "miso").await.unwrap();

        let before = desk.does(&["export", "miso", "--format", "csv"]);
        assert_eq!(desk.does(&["import", "miso", "--programme", "miso", "--dry-run"]), "added 0, changed 0, removed 0\n");

        writer.rollback().await.unwrap();
        assert_eq!(desk.does(&["export", "miso", "--format", "csv"]), before);
    }

    async fn what_was_attended_is_not_cancelled_unless_it_is_named(db: TestDb) {
        let desk = Desk::new(db);
        desk.publishes_a_programme();
        desk.does(&["registration", "add", "miso", "atelier", "forum", "--email", ANA, "--name", "Ana"]);
        let pool = desk.db.pool().await;
        let mut conn = pool.acquire().await.unwrap();
        let past = chrono::DateTime::UNIX_EPOCH;
        on!(conn, c => query("UPDATE seat SET starts = $1 WHERE capacity = 2").bind(past).execute(c).await.map(drop)).unwrap();

        assert_eq!(desk.does(&["registration", "cancel", "miso", ANA]), "cancelled 1\n", "the forum");
        assert_eq!(desk.does(&["registration", "cancel", "miso", ANA]), "cancelled 0\n");
        assert_eq!(desk.does(&["registration", "cancel", "miso", ANA, "atelier"]), "cancelled 1\n");
    }

    async fn a_session_with_more_people_than_seats_is_a_warning(db: TestDb) {
        let desk = Desk::new(db);
        desk.publishes_a_programme();
        desk.does(&["registration", "add", "miso", "atelier", "--email", ANA, "--name", "Ana", "--people", "2"]);
        assert_eq!(desk.types(&["check"]).err, "");

        desk.does(&["session", "set", "miso", "atelier", "capacity=1", "held=press:1"]);

        let check = desk.types(&["check"]);
        assert_eq!((check.out.as_str(), check.code), ("", Some(0)), "the organisers wanted it so");
        assert_eq!(check.err, "warning: miso: atelier has 1 seats, 2 taken and 1 held: 2 too many\n");
    }

    async fn people_who_call_are_registered_queued_cancelled_and_told(db: TestDb) {
        let desk = Desk::new(db);
        desk.publishes_a_programme();
        let add = |email: &str, sessions: &[&str]| {
            let words = [&["registration", "add", "miso"], sessions, &["--email", email, "--name", "Une Personne"]].concat();
            desk.types(&words)
        };

        assert_eq!(add(ANA, &["atelier", "forum"]).out, "atelier confirmed\nforum confirmed\n", "closed to the form, not to the organisers");
        assert_eq!(add("b@example.org", &["atelier"]).out, "atelier confirmed\n");
        assert_eq!(add("c@example.org", &["atelier"]).out, "atelier waiting 1\n");
        assert_eq!(desk.does(&["registration", "cancel", "miso", ANA, "atelier"]), "cancelled 1\n");
        assert_eq!(desk.does(&["registration", "cancel", "miso", ANA]), "cancelled 1\n", "all that is left");
        assert_eq!(desk.does(&["registration", "resend", "miso", "b@example.org"]), "queued 1\n");
        assert_eq!(desk.does(&["check"]), "");

        for (words, why) in [
            (&["registration", "add", "miso", "rien", "--email", ANA, "--name", "A"][..], "published no session `rien`; it has: atelier, forum"),
            (&["registration", "add", "miso", "atelier", "--email", "ana", "--name", "A"], "error: "),
            (&["registration", "add", "miso", "atelier", "--email", ANA, "--name", "A", "--people", "6"], "--people: 1 to 5"),
            (&["registration", "cancel", "miso", "nobody@example.org"], "nobody of that address"),
            (&["registration", "resend", "miso", "nobody@example.org"], "nobody of that address"),
            (&["registration", "cancel", "miso", "CFGH-KLMQ"], "nobody has that code"),
        ] {
            assert!(desk.cannot(words).contains(why), "{words:?}");
        }

        let added = desk.does(&["registration", "add", "miso", "forum", "--phone", "022 123 45 67", "--name", "Rosa"]);
        let code = added.lines().last().unwrap().strip_prefix("code ").unwrap();
        assert!(desk.cannot(&["registration", "resend", "miso", code]).contains("no address"));
        assert_eq!(desk.does(&["registration", "cancel", "miso", &code.to_lowercase()]), "cancelled 1\n");

        // Every column but the ids and the times.
        let listed = desk.does(&["mail", "list", "--state", "due"]);
        let mails: Vec<_> = listed.lines().map(|line| line.split('\t').collect::<Vec<_>>()).collect();
        assert!(mails.iter().all(|mail| mail.len() == 8), "{listed}");
        let mut told: Vec<_> = mails.iter().map(|mail| mail[1..5].join(" ")).collect();
        told.sort();
        assert_eq!(
            told,
            [
                "due cancelled ana@example.org 0",
                "due cancelled ana@example.org 0",
                "due order ana@example.org 0",
                "due order b@example.org 0",
                "due order b@example.org 0",
                "due order c@example.org 0",
                "due promoted c@example.org 0",
            ]
        );
    }

    async fn a_failed_mail_is_seen_and_tried_again(db: TestDb) {
        let desk = Desk::new(db);
        desk.publishes_a_programme();
        desk.does(&["registration", "add", "miso", "atelier", "--email", ANA, "--name", "Ana"]);
        assert_eq!(desk.does(&["mail", "retry"]), "retried 0\n");
        assert_eq!(desk.does(&["mail", "list", "--state", "failed"]), "");
        let pool = desk.db.pool().await;
        let mut conn = pool.acquire().await.unwrap();
        on!(conn, c => query("UPDATE outbox SET failed_at = due_at, error = '550 no such user'").execute(c).await.map(drop)).unwrap();

        let failed = desk.does(&["mail", "list", "--state", "failed"]);
        let check = desk.types(&["check"]);
        assert!(failed.contains("\tfailed\t") && failed.trim_end().ends_with("550 no such user"), "{failed}");
        assert_eq!((check.out.as_str(), check.code), ("", Some(0)), "a warning is no failure");
        assert!(check.err.contains("warning: 1 mails failed for good"), "{}", check.err);
        assert_eq!(desk.does(&["mail", "retry", failed.split('\t').next().unwrap()]), "retried 1\n");
        assert_eq!(desk.does(&["mail", "list"]).matches("\tdue\t").count(), 1);

        // What does not hold is a line each, and exit 1.
        on!(conn, c => query("UPDATE seat SET taken = 2 WHERE taken = 1").execute(c).await.map(drop)).unwrap();
        let check = desk.types(&["check"]);
        assert_eq!(check.code, Some(1));
        assert_eq!((check.out.lines().count(), check.out.starts_with("1: ")), (1, true), "{}", check.out);
    }

    async fn a_database_is_copied_while_it_is_in_use_and_put_back(db: TestDb) {
        let mut desk = Desk::new(db);
        desk.publishes_a_programme();
        if !desk.db.is_sqlite() {
            assert!(desk.cannot(&["backup", "copy.db"]).contains("use pg_dump"));
            assert!(desk.cannot(&["restore", "copy.db"]).contains("use pg_dump"));
            return;
        }
        let pool = desk.db.pool().await;
        let in_use = pool.begin().await.unwrap();
        assert_eq!(desk.does(&["backup", "copy.db"]), "copy.db\n");
        in_use.rollback().await.unwrap();
        assert!(desk.cannot(&["backup", "copy.db"]).contains("copy.db is there already"));
        let before = desk.does(&["export", "miso", "--format", "csv"]);

        desk.url = format!("sqlite://{}", desk.path("put-back.db").display());
        assert_eq!(desk.does(&["restore", "copy.db"]), format!("{}\n", desk.path("put-back.db").display()));
        assert_eq!(desk.does(&["export", "miso", "--format", "csv"]), before);
        assert_eq!(desk.does(&["publish", "miso"]), "no change\n");
        assert!(desk.cannot(&["restore", "copy.db"]).contains("stop the server and say --force"));
        assert_eq!(desk.does(&["restore", "copy.db", "--force"]), format!("{}\n", desk.path("put-back.db").display()));
        let restored = desk.types(&["restore", "copy.db", "--force"]);
        assert_eq!((restored.err.as_str(), restored.code), ("", Some(0)));
        desk.write("other.db", "no database");
        assert!(desk.cannot(&["restore", "other.db", "--force"]).contains("no database of ours"));
        // A database of somebody else's.
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(desk.path("else.db")).create_if_missing(true);
        let mut other = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
        query("CREATE TABLE cat (name TEXT)").execute(&mut other).await.unwrap();
        other.close().await.unwrap();
        assert!(desk.cannot(&["restore", "else.db", "--force"]).contains("no database of ours"));
        assert_eq!(desk.does(&["check"]), "");

        // In use, by somebody who only waits.
        desk.url = desk.db.url.clone();
        assert!(desk.cannot(&["restore", "copy.db", "--force"]).contains("is in use; stop the server first"));
        assert_eq!(desk.does(&["check"]), "", "and it is as it was");
        pool.close().await;
        desk.does(&["restore", "copy.db", "--force"]);
        assert_eq!(desk.does(&["export", "miso", "--format", "csv"]), before);
        // What is broken can be replaced, and its log is not read into the copy.
        desk.write("test.db", "no database any more, and long enough to look like one");
        desk.write("test.db-wal", "old");
        desk.does(&["restore", "copy.db", "--force"]);
        assert!(!desk.path("test.db-wal").exists() && !desk.path("test.restoring").exists());
        assert_eq!(desk.does(&["export", "miso", "--format", "csv"]), before);
    }
}

#[test]
fn what_is_not_understood_is_said_with_exit_2() {
    let said = |words: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_parvis")).args(words).output().unwrap();
        (output.status.code(), output.stdout.is_empty())
    };

    assert_eq!(said(&["imprt"]), (Some(2), true));
    assert_eq!(said(&["import", "x"]), (Some(2), true), "no --programme");
    assert_eq!(said(&["import", "x", "--programme", "miso", "--format", "xls"]), (Some(2), true));
    assert_eq!(said(&["import", "x", "--programme", "miso", "--timezone", "Europe/Genève"]), (Some(2), true));
    assert_eq!(said(&["session", "set", "miso", "atelier"]), (Some(2), true), "nothing to set");
}
