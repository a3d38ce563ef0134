//! Several processes on one PostgreSQL: any may die, or be started again, at any time. One alone on SQLite may, too.
//! `cargo bench --bench soak` does the same for longer.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use futures_util::future::join_all;

use crate::{
    balancer::Balancer,
    builders::session,
    crowd::{self, Crowd, ONCE, Rush, TWICE, Taken, nothing_is_lost},
    harness::TestDb,
    html::Found,
    process::{self, Process},
    smtp::SmtpServer,
};

/// What one process gives out the others show within a second of the answer; the tests share a machine that is busy.
const SOON: Duration = Duration::from_secs(2);
/// Whatever need not be quick.
const PATIENCE: Duration = Duration::from_secs(10);

/// So many processes at the same database, and a crowd before their doors.
pub struct Machines<'m> {
    db: &'m TestDb,
    mails: &'m SmtpServer,
    processes: Vec<Process>,
}

impl<'m> Machines<'m> {
    pub async fn start(db: &'m TestDb, mails: &'m SmtpServer, count: usize) -> Machines<'m> {
        let mut processes = Vec::new();
        for _ in 0..count {
            processes.push(Process::serve(db, &mails.url()).await);
        }
        Machines { db, mails, processes }
    }

    /// The same crowd at every door.
    fn rush(&self, crowd: &Crowd) -> Vec<Rush> {
        self.processes.iter().map(|process| crowd.rush(&process.visitor())).collect()
    }

    /// Kills one after the other in the rush, each after some more answers, and starts it again. After each death
    /// nothing that was answered is missing and every count is right.
    pub async fn die_in_turn(&mut self, crowd: &Crowd, deaths: usize) {
        for death in 0..deaths {
            let unlucky = death % self.processes.len();
            // Before the rush: who leaves must have a mail, and a rush does not wait for that. In a long run there is nobody
            // left who got in by themselves.
            if death % 4 == 3 && death < 32 {
                crowd.leaves(&self.processes[unlucky].visitor(), self.mails, 3).await;
            }
            let rushes = self.rush(crowd);
            crowd.until_taken(crowd.taken() + 10 + 13 * (death % 4)).await;
            self.processes[unlucky].kill();
            for rush in rushes {
                rush.stop().await;
            }
            process::check(self.db);
            self.again(unlucky).await;
        }
    }

    /// Ends one after the other as a service manager does, and starts it again, while people come to the balancer.
    async fn restart_in_turn(&mut self, crowd: &Crowd, balancer: &Balancer) {
        let mut rushes = vec![crowd.rush(&balancer.visitor())];
        for next in 0..self.processes.len() {
            rushes.push(crowd.rush(&balancer.visitor()));
            crowd.until_taken(crowd.taken() + 20).await;
            self.processes[next].terminate();
            let (status, _) = self.processes[next].ended().await;
            assert_eq!(status.code(), Some(0));
            // Meanwhile the others are asked.
            rushes.push(crowd.rush(&balancer.visitor()));
            crowd.until_taken(crowd.taken() + 20).await;
            self.again(next).await;
        }
        rushes.push(crowd.rush(&balancer.visitor()));
        crowd.until_taken(crowd.taken() + 20).await;
        for rush in rushes {
            rush.stop().await;
        }
    }

    async fn again(&mut self, at: usize) {
        let ended = self.processes.remove(at);
        self.processes.insert(at, ended.again(self.db, &self.mails.url()).await);
    }

    /// Everything that must be true in the end. No mail has come more than so many times.
    pub async fn have_lost_nothing(&self, crowd: &Crowd, copies: usize) {
        nothing_is_lost(crowd, &self.processes[0], &self.db.pool().await, self.mails, copies).await;
        process::check(self.db);
    }

    /// Returns once every process's page has this text in one of these elements, all of them within that time.
    async fn all_show(&self, path: &str, selector: &str, text: &str, within: Duration) {
        let since = Instant::now();
        for process in &self.processes {
            let visitor = process.visitor();
            while !Found::on(visitor.get(path).await.text())
                .texts(selector)
                .iter()
                .any(|one| one.contains(text))
            {
                assert!(since.elapsed() < within, "{path} of {} does not show {text:?}", process.port);
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }
}

#[tokio::test]
async fn one_of_three_processes_is_killed_again_and_again_and_nothing_that_was_answered_is_lost() {
    let Some(db) = TestDb::postgres().await else { return };
    process::publish(&db.pool().await, crowd::sessions()).await;
    let mails = SmtpServer::start().await;
    let crowd = Crowd::default();
    let mut machines = Machines::start(&db, &mails, 3).await;

    machines.die_in_turn(&crowd, 4).await;

    machines.have_lost_nothing(&crowd, TWICE).await;
}

#[tokio::test]
async fn three_processes_behind_a_balancer_are_restarted_in_turn_in_a_rush_without_a_lost_or_doubled_answer()
{
    let Some(db) = TestDb::postgres().await else { return };
    process::publish(&db.pool().await, crowd::sessions()).await;
    let mails = SmtpServer::start().await;
    let crowd = Crowd::default();
    let mut machines = Machines::start(&db, &mails, 3).await;

    let ports = machines.processes.iter().map(|process| process.port).collect();
    let balancer = Balancer::before(ports).await;
    machines.restart_in_turn(&crowd, &balancer).await;

    machines.have_lost_nothing(&crowd, ONCE).await;
}

#[tokio::test]
async fn of_twenty_clicks_on_one_form_half_at_each_of_two_processes_all_lead_to_one_order() {
    let Some(db) = TestDb::postgres().await else { return };
    let pool = db.pool().await;
    process::publish(&pool, vec![session("atelier", 9)]).await;
    let mails = SmtpServer::start().await;
    let machines = Machines::start(&db, &mails, 2).await;
    machines.all_show("/fr/miso/sessions/atelier", "h1", "Session atelier", PATIENCE).await;
    let visitors: Vec<_> = machines.processes.iter().map(Process::visitor).collect();
    let fields = [
        ("name", "Ana Exemple"),
        ("email", "ana@example.org"),
        ("consent", "1"),
        ("session", "atelier"),
        ("people", "2"),
        ("key", "one-form"),
    ];

    let clicks = (0..20).map(|click| visitors[click % 2].post("/fr/miso/register", &fields));
    let answers = join_all(clicks).await;

    let led: Vec<_> = answers.iter().map(|answer| (answer.status.as_u16(), answer.location())).collect();
    let order = answers[0].location();
    assert!(order.starts_with("/fr/miso/orders/"), "{order}");
    assert_eq!(led, [(303, order); 20]);
    for visitor in &visitors {
        let page = visitor.get(order).await;
        assert_eq!(Found::on(page.text()).texts(".agenda .state"), ["Place confirmée"]);
    }
    assert_eq!(Taken::of(&pool).await, Taken { orders: 1, registrations: 1, changes: 1, mails: 1, seats: 2 });
    let since = Instant::now();
    while mails.messages().is_empty() {
        assert!(since.elapsed() < PATIENCE, "the mail does not come");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(mails.messages_to("ana@example.org").len(), 1);
    process::check(&db);
}

#[tokio::test]
async fn what_one_process_gives_out_or_publishes_the_others_show() {
    let Some(db) = TestDb::postgres().await else { return };
    let pool = db.pool().await;
    let house = process::publish(&pool, crowd::sessions()).await;
    let mails = SmtpServer::start().await;
    let machines = Machines::start(&db, &mails, 3).await;
    let left = |seats: u8| format!("\"remainingAttendeeCapacity\":{seats}");
    let facts = "script[type='application/ld+json']";
    machines.all_show("/fr/miso/sessions/pleine", facts, &left(25), PATIENCE).await;

    let crowd = Crowd::default();
    assert!(crowd.comes(&machines.processes[2].visitor()).await);
    machines.all_show("/fr/miso/sessions/pleine", facts, &left(24), SOON).await;

    let mut tx = pool.begin().await.unwrap();
    let now = house.clock.now() + TimeDelta::seconds(1);
    let (id, mut draft) = parvis::programme::store::load(&mut tx, "miso").await.unwrap().unwrap();
    draft.sessions[0].session.title = "Un autre titre".to_owned();
    parvis::programme::store::save(&mut tx, &draft, id, now).await.unwrap();
    tx.commit().await.unwrap();
    parvis::publication::publish(&house, "miso", "").await.unwrap();
    machines.all_show("/fr/miso/sessions/pleine", "h1", "Un autre titre", SOON).await;
}

#[tokio::test]
async fn a_desk_that_gives_up_waiting_for_its_turn_keeps_it_from_nobody() {
    let Some(db) = TestDb::postgres().await else { return };
    let (ours, theirs) = (db.pool().await, db.pool().await);
    let turn = theirs.begin_at_the_desk().await.unwrap();

    let given_up = tokio::time::timeout(Duration::from_millis(200), ours.begin_at_the_desk()).await;
    assert!(given_up.is_err(), "two have the turn");
    turn.commit().await.unwrap();

    let next = tokio::time::timeout(PATIENCE, theirs.begin_at_the_desk()).await;
    assert!(next.is_ok_and(|next| next.is_ok()), "whoever gave up has the turn");
}
