//! People who register all at once, and remember what they were told.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use hyper::StatusCode;
use parvis::{
    db::Pool,
    mail::outbox,
    on, programme,
    registration::store::{self, report},
};
use sqlx::query_as;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::{
    builders::{on_day, session},
    harness::TestDb,
    html::Found,
    http::{Answer, Visitor},
    process::{self, Process},
    smtp::{SmtpServer, Trouble},
};

/// Seats of the session that fills up while they come.
const FEW: i64 = 25;
/// How many come at the same time.
const AT_ONCE: usize = 16;
/// How long a mail may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// The sessions of everybody's form: one fills up, one does not.
pub fn sessions() -> Vec<programme::DraftSession> {
    vec![session("pleine", FEW), on_day(session("libre", 100_000), 1)]
}

/// Everything that has come of the forms so far, in rows and in seats.
#[derive(Debug, PartialEq, sqlx::FromRow)]
pub struct Taken {
    pub orders: i64,
    pub registrations: i64,
    pub changes: i64,
    pub mails: i64,
    pub seats: i64,
}

impl Taken {
    pub async fn of(pool: &Pool) -> Taken {
        let mut db = pool.acquire().await.unwrap();
        on!(db, c => query_as(
            "SELECT (SELECT COUNT(*) FROM registration_order) AS orders, (SELECT COUNT(*) FROM registration) AS registrations,
                    (SELECT COUNT(*) FROM registration_change) AS changes, (SELECT COUNT(*) FROM outbox) AS mails,
                    (SELECT CAST(SUM(taken) AS BIGINT) FROM seat) AS seats",
        ).fetch_one(c).await).unwrap()
    }
}

/// A process on SQLite with its mail server, and the first of a crowd in it.
pub struct Begun {
    pub db: TestDb,
    pub pool: Pool,
    pub mails: SmtpServer,
    pub process: Process,
    pub visitor: Visitor,
    pub crowd: Crowd,
}

impl Begun {
    /// Its files can be limited.
    pub async fn on_a_small_disk() -> Begun {
        let (db, pool, mails) = Begun::ready().await;
        let process = Process::serve_on_a_small_disk(&db, &mails.url()).await;
        Begun::with(db, pool, mails, process).await
    }

    /// A mail server that says nothing keeps the worker busy, and so the house open for a while.
    pub async fn with_a_busy_worker() -> Begun {
        let (db, pool, mails) = Begun::ready().await;
        mails.always("personne-0@example.org", Trouble::Stall);
        let process = Process::serve(&db, &mails.url()).await;
        let begun = Begun::with(db, pool, mails, process).await;
        while begun.mails.connections() == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        begun
    }

    async fn ready() -> (TestDb, Pool, SmtpServer) {
        let db = TestDb::sqlite().await;
        let pool = db.pool().await;
        process::publish(&pool, sessions()).await;
        (db, pool, SmtpServer::start().await)
    }

    async fn with(db: TestDb, pool: Pool, mails: SmtpServer, process: Process) -> Begun {
        let (visitor, crowd) = (process.visitor(), Crowd::default());
        assert!(crowd.comes(&visitor).await);
        Begun { db, pool, mails, process, visitor, crowd }
    }
}

/// Everybody so far. Clones are the same crowd.
#[derive(Clone, Default)]
pub struct Crowd(Arc<Notes>);

#[derive(Default)]
struct Notes {
    next: AtomicUsize,
    heard: Mutex<Heard>,
}

#[derive(Default)]
struct Heard {
    /// The order pages of those who were answered with one.
    taken: BTreeMap<usize, String>,
    /// Who was told to come back, with 503.
    sent_away: Vec<usize>,
    /// Who heard nothing, or only a part: the line went dead.
    unheard: Vec<usize>,
    /// Who has given everything back, and was told so.
    left: BTreeSet<usize>,
    /// Whatever else was answered.
    odd: Vec<(usize, StatusCode)>,
}

/// The tasks of people who come one after the other until nobody answers any more, or until they are told to stop.
pub struct Rush {
    tasks: JoinSet<()>,
    over: Arc<AtomicBool>,
}

impl Crowd {
    /// Lets people come, each once, until lines go dead.
    pub fn rush(&self, visitor: &Visitor) -> Rush {
        let mut tasks = JoinSet::new();
        let over = Arc::new(AtomicBool::new(false));
        for _ in 0..AT_ONCE {
            let (crowd, visitor, over) = (self.clone(), visitor.clone(), Arc::clone(&over));
            tasks.spawn(async move { while !over.load(Ordering::Relaxed) && crowd.comes(&visitor).await {} });
        }
        Rush { tasks, over }
    }

    /// The next one comes. False where nobody answers.
    pub async fn comes(&self, visitor: &Visitor) -> bool {
        self.is_answered(visitor, self.0.next.fetch_add(1, Ordering::Relaxed)).await
    }

    async fn is_answered(&self, visitor: &Visitor, person: usize) -> bool {
        let answer = register(visitor, person).await;
        let mut heard = self.0.heard.lock().unwrap();
        match answer {
            Ok(answer) if answer.status == StatusCode::SEE_OTHER => {
                heard.taken.insert(person, answer.location().to_owned());
            }
            Ok(answer) if answer.status == StatusCode::SERVICE_UNAVAILABLE => {
                assert_eq!(answer.header("retry-after"), "5");
                heard.sent_away.push(person);
            }
            Ok(answer) => heard.odd.push((person, answer.status)),
            Err(_) => {
                heard.unheard.push(person);
                return false;
            }
        }
        true
    }

    /// Returns once so many have been taken in all.
    pub async fn until_taken(&self, people: usize) {
        let since = Instant::now();
        while self.taken() < people {
            assert!(since.elapsed() < PATIENCE, "only {} of {people} were taken", self.taken());
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    pub fn taken(&self) -> usize {
        self.0.heard.lock().unwrap().taken.len()
    }

    pub fn sent_away(&self) -> usize {
        self.0.heard.lock().unwrap().sent_away.len()
    }

    /// What was answered besides 303 and 503, which must be nothing.
    pub fn odd(&self) -> Vec<(usize, StatusCode)> {
        self.0.heard.lock().unwrap().odd.clone()
    }

    /// Everybody who has no order page sends the same form, with the same key, once more. Gives how many.
    pub async fn again(&self, visitor: &Visitor) -> usize {
        let people: Vec<usize> = {
            let mut heard = self.0.heard.lock().unwrap();
            let unheard = std::mem::take(&mut heard.unheard);
            unheard.into_iter().chain(std::mem::take(&mut heard.sent_away)).collect()
        };
        for person in &people {
            assert!(self.is_answered(visitor, *person).await, "nobody answers");
        }
        people.len()
    }

    /// So many of those who got the seats that are few give everything back, by the link in their mail: what is written to
    /// them, and to those who get in for it, is on its way when this returns.
    pub async fn leaves(&self, visitor: &Visitor, mails: &SmtpServer, people: usize) {
        let since = Instant::now();
        let mut left = 0;
        while left < people {
            assert!(since.elapsed() < PATIENCE, "only {left} have a mail");
            let here: Vec<usize> = {
                let heard = self.0.heard.lock().unwrap();
                heard.taken.keys().filter(|person| !heard.left.contains(person)).copied().collect()
            };
            for person in here {
                let Some(mail) = mails.messages_to(&email(person)).pop() else { continue };
                if !self.got_in(visitor, person).await {
                    continue;
                }
                let cancellations = format!("{}/cancellations", agenda(&mail.raw));
                let answer = visitor.post(&cancellations, &[("all", "1")]).await;
                if answer.status == StatusCode::SERVICE_UNAVAILABLE {
                    continue;
                }
                assert_eq!(answer.status, StatusCode::SEE_OTHER, "{person} gives back");
                self.0.heard.lock().unwrap().left.insert(person);
                left += 1;
                if left == people {
                    return;
                }
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// True where their order page says that they have one of the few seats.
    async fn got_in(&self, visitor: &Visitor, person: usize) -> bool {
        let page = self.0.heard.lock().unwrap().taken[&person].clone();
        let page = visitor.get(&page).await;
        Found::on(page.text()).texts("li.confirmed h2 a").contains(&"Session pleine".to_owned())
    }

    /// Each order page says what the database says; each person has each session once, and nobody else has any. Who has left
    /// has nothing any more, and whoever got in for it a seat; their pages say what was when they came.
    pub async fn is_kept(&self, visitor: &Visitor, pool: &Pool) {
        let told = self.0.heard.lock().unwrap().taken.clone();
        let mut pages = BTreeMap::new();
        for (person, path) in &told {
            let page = visitor.get(path).await;
            assert_eq!(page.status, StatusCode::OK, "the order page of {person}");
            let found = Found::on(page.text());
            let states = |state: &str| {
                let sessions = found.texts(&format!("li.{state} h2 a"));
                sessions.into_iter().map(|title| (title, state.to_owned())).collect::<Vec<_>>()
            };
            let mut all = [states("confirmed"), states("waiting")].concat();
            all.sort();
            pages.insert(email(*person), all);
        }
        let left: BTreeSet<String> = self.0.heard.lock().unwrap().left.iter().copied().map(email).collect();
        for (_, recipient, kind) in written(pool).await {
            if kind == "promoted" {
                let page = pages.get_mut(&recipient).expect("somebody who came");
                assert_eq!(page[1], ("Session pleine".to_owned(), "waiting".to_owned()));
                "confirmed".clone_into(&mut page[1].1);
            }
        }
        for one in left.iter().filter_map(|address| pages.remove(address)) {
            assert_eq!(one.len(), 2);
        }
        let (gone, there): (BTreeMap<_, _>, BTreeMap<_, _>) =
            registrations(pool).await.into_iter().partition(|(address, _)| left.contains(address));
        assert!(gone.values().flatten().all(|(_, state)| state == "cancelled"), "{gone:?}");
        assert_eq!(gone.len(), left.len());
        let other: Vec<_> =
            there.iter().filter(|(address, rows)| pages.get(*address) != Some(rows)).collect();
        assert_eq!((other, there.len()), (Vec::new(), pages.len()));
    }

    /// The mail server has every mail that is due, each at most so many times, and no other: everybody who has an order page
    /// was written to of the order once, and once more who has given it back; as many have got in as have left.
    pub async fn gets_mail(&self, server: &SmtpServer, pool: &Pool, copies: usize) {
        let since = Instant::now();
        while outbox::counts(&mut pool.acquire().await.unwrap()).await.unwrap().due > 0 {
            assert!(since.elapsed() < PATIENCE, "some mails still wait");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let written = written(pool).await;
        let mut came: BTreeMap<String, usize> = BTreeMap::new();
        for mail in server.messages() {
            *came.entry(message_id(&mail.raw)).or_default() += 1;
        }
        let ids: BTreeSet<&String> = written.iter().map(|(id, ..)| id).collect();
        assert_eq!(came.keys().collect::<BTreeSet<_>>(), ids, "each mail came, and no other");
        assert!(came.values().all(|times| *times <= copies), "{came:?}");

        let heard = self.0.heard.lock().unwrap();
        let of = |kind: &str| -> Vec<&String> {
            let of_kind = written.iter().filter(|(_, _, of)| of == kind);
            of_kind.map(|(_, recipient, _)| recipient).collect()
        };
        let addresses = |people: Vec<usize>| people.into_iter().map(email).collect::<BTreeSet<_>>();
        assert_eq!(once(of("order")), addresses(heard.taken.keys().copied().collect()));
        assert_eq!(once(of("cancelled")), addresses(heard.left.iter().copied().collect()));
        assert_eq!(once(of("promoted")).len(), heard.left.len(), "for each who has left another gets in");
    }
}

/// These addresses, none of which stands there twice.
fn once(addresses: Vec<&String>) -> BTreeSet<String> {
    let all: BTreeSet<String> = addresses.iter().copied().cloned().collect();
    assert_eq!(all.len(), addresses.len(), "{addresses:?}");
    all
}

/// Every mail that was ever written, and not taken back: the first half of its Message-ID, its address, its kind.
async fn written(pool: &Pool) -> Vec<(String, String, String)> {
    let mut db = pool.acquire().await.unwrap();
    let rows: Vec<(Uuid, String, String)> = on!(db, c => query_as(
        "SELECT id, recipient, kind FROM outbox WHERE recipient IS NOT NULL",
    ).fetch_all(c).await)
    .unwrap();
    rows.into_iter().map(|(id, recipient, kind)| (id.to_string(), recipient, kind)).collect()
}

impl Rush {
    /// Returns when the last one has heard something, or nothing.
    pub async fn end(self) {
        self.tasks.join_all().await;
    }

    /// Nobody comes any more; returns when the last one has heard something, or nothing.
    pub async fn stop(self) {
        self.over.store(true, Ordering::Relaxed);
        self.end().await;
    }
}

/// Where no process died without a word each mail comes once.
pub const ONCE: usize = 1;
/// Who is killed between a mail server's word and writing it down sends that mail once more.
pub const TWICE: usize = 2;

/// Everything that must be true after the worst is over, and the server runs again. No mail has come more than so many
/// times.
pub async fn nothing_is_lost(
    crowd: &Crowd,
    process: &Process,
    pool: &Pool,
    mails: &SmtpServer,
    copies: usize,
) {
    let visitor = process.visitor();
    crowd.again(&visitor).await;
    assert_eq!((crowd.odd(), crowd.sent_away()), (Vec::new(), 0));
    crowd.is_kept(&visitor, pool).await;
    crowd.gets_mail(mails, pool, copies).await;
}

async fn register(visitor: &Visitor, person: usize) -> Result<Answer, String> {
    let (email, key) = (email(person), format!("form-of-person-{person}"));
    let fields = [
        ("name", "Ana Exemple"),
        ("email", &email),
        ("consent", "1"),
        ("key", &key),
        ("session", "pleine"),
        ("session", "libre"),
    ];
    visitor.try_post("/fr/miso/register", &fields).await
}

fn email(person: usize) -> String {
    format!("personne-{person}@example.org")
}

/// Title and state of every registration, by address.
async fn registrations(pool: &Pool) -> BTreeMap<String, Vec<(String, String)>> {
    let mut db = pool.acquire().await.unwrap();
    let id = programme::store::id_of(&mut db, "miso").await.unwrap().unwrap();
    let mut all: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    let slugs = sessions().into_iter().map(|one| (one.session.id, one.session.slug)).collect();
    for row in report::rows(&mut db, id, &slugs).await.unwrap() {
        all.entry(row.email).or_default().push((format!("Session {}", row.session), row.state));
    }
    let counted: i64 = store::counts_by_state(&mut db).await.unwrap().iter().map(|(_, count)| count).sum();
    assert_eq!(all.values().map(|rows| i64::try_from(rows.len()).unwrap()).sum::<i64>(), counted);
    all.values_mut().for_each(|rows| rows.sort());
    all
}

/// The first half: it is the row's.
fn message_id(raw: &[u8]) -> String {
    let message = mail_parser::MessageParser::default().parse(raw).unwrap();
    message.message_id().unwrap().split('@').next().unwrap().to_owned()
}

/// The way to their sessions, as their mail has it.
fn agenda(raw: &[u8]) -> String {
    let message = mail_parser::MessageParser::default().parse(raw).unwrap();
    let text = message.body_text(0).unwrap().into_owned();
    let at = text.find("/agenda/").expect("a mail bears the link to the agenda");
    let token: String = text[at + 8..].chars().take_while(char::is_ascii_alphanumeric).collect();
    format!("/fr/agenda/{token}")
}
