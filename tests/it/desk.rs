//! The queue in front of the desk: it has an end, nobody waits in it for ever, and one bad request spoils no other.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use futures_util::{FutureExt as _, future::join_all};
use parvis::{
    cli::check,
    clock::Clock,
    db::{Pool, counted},
    error::Result,
    locale::Lang,
    on, programme, publication,
    registration::{
        Answer, Cancellation, Cause, Order, Request, State,
        desk::{self, Desk, House, WAITING_MAX},
        person::{Email, Name},
        seats::SeatBoard,
        store,
    },
    release::published::Publications,
    tokens::Tokens,
};
use sqlx::query;
use tokio::time::Instant;
use uuid::Uuid;

use crate::{
    builders::{miso, on_day, session},
    failures::{bea_gets_in, bea_is_told_to_come_back},
    harness::{App, TestDb, Time},
};

/// As the form of that person sends it, for one session.
fn order(programme: Uuid, session: Uuid, person: &str) -> Request {
    order_of(programme, vec![session], person)
}

fn order_of(programme: Uuid, sessions: Vec<Uuid>, person: &str) -> Request {
    Request::Register(Order {
        programme,
        key: format!("form-of-{person}"),
        contact: Email::parse(&format!("{person}@example.org")).unwrap().into(),
        name: Name::parse("Ana Exemple").unwrap(),
        people: 1,
        organisation: String::new(),
        access_needs: String::new(),
        lang: Lang::Fr,
        sessions,
        cause: Cause::Form,
        held: None,
    })
}

/// The programme and session of an address, `miso/ouverture`.
async fn ids(pool: &Pool, programme: &str, slug: &str) -> (Uuid, Uuid) {
    let mut db = pool.acquire().await.unwrap();
    let (id, draft) = programme::store::load(&mut db, programme).await.unwrap().unwrap();
    let found = draft.sessions.iter().find(|one| one.session.slug == slug).unwrap();
    (id, found.session.id)
}

/// The application's own desk, at which forms ask.
fn desk(app: &App) -> &Desk {
    app.client.rocket().state().unwrap()
}

/// How many have registered.
async fn registered(pool: &Pool) -> i64 {
    let mut db = pool.acquire().await.unwrap();
    let counts = parvis::registration::store::counts_by_state(&mut db).await.unwrap();
    counts.iter().map(|(_, count)| count).sum()
}

/// What ended a request, in words.
fn said(answer: &Result<Answer>) -> String {
    match answer {
        Ok(answer) => format!("{answer:?}"),
        Err(cause) => cause.to_string(),
    }
}

on_both_engines! {
    async fn a_full_queue_says_so_at_once_and_the_form_keeps_what_was_typed(app: App) {
        app.publish(&miso(vec![session("ouverture", 5_000)])).await;
        let (_, session) = ids(&app.pool, "miso", "ouverture").await;
        let desk = desk(&app);
        let turn = app.pool.begin_at_the_desk().await.unwrap();
        // One is in the desk's hands, waiting for the turn to write; whoever comes now stands in the queue.
        let mut first = Box::pin(desk.ask(Request::Due(session)));
        assert!(first.as_mut().now_or_never().is_none(), "somebody had the turn");
        while desk.waiting() > 0 {
            tokio::task::yield_now().await;
        }
        let ask = || {
            let desk = desk.clone();
            tokio::spawn(async move { desk.ask(Request::Due(session)).await })
        };
        let waiting: Vec<_> = (0..WAITING_MAX).map(|_| ask()).collect();
        while desk.waiting() < WAITING_MAX {
            tokio::task::yield_now().await;
        }

        let last = desk.ask(Request::Due(session)).now_or_never();

        assert_eq!(last.as_ref().map(said).as_deref(), Some("busy: the desk's queue is full"), "without waiting");
        bea_is_told_to_come_back(&app).await;
        turn.rollback().await.unwrap();
        assert_eq!(said(&first.await), "Done");
        for answer in join_all(waiting).await {
            assert_eq!(said(&answer.unwrap()), "Done", "who stood in the queue is served");
        }
        bea_gets_in(&app).await;
    }

    async fn who_waited_past_the_deadline_is_told_so_and_nothing_is_written(app: App) {
        app.publish(&miso(vec![session("ouverture", 50)])).await;
        let (programme, session) = ids(&app.pool, "miso", "ouverture").await;
        let desk = desk(&app);
        let (late, in_time) = (order(programme, session, "late"), order(programme, session, "in-time"));

        let (late, in_time) = tokio::join!(desk.ask_until(late, Instant::now()), desk.ask(in_time));

        assert_eq!(said(&late), "busy: waited too long");
        assert!(matches!(in_time, Ok(Answer::Ordered(_))), "{in_time:?}");
        assert_eq!(registered(&app.pool).await, 1);
        assert!(app.mails_to("late@example.org").await.is_empty());
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn of_ten_in_one_batch_the_one_that_cannot_be_decided_fails_alone(app: App) {
        app.publish(&miso(vec![session("ouverture", 50)])).await;
        let mut other = miso(vec![session("ailleurs", 50)]);
        other.programme.slug = "autre".to_owned();
        app.publish(&other).await;
        let (programme, session) = ids(&app.pool, "miso", "ouverture").await;
        let (broken, elsewhere) = ids(&app.pool, "autre", "ailleurs").await;
        // Its newest release cannot be read: what is asked of this programme fails, however often it is tried.
        let mut db = app.pool.acquire().await.unwrap();
        on!(db, c => query(
            "INSERT INTO programme_release (programme_id, number, published_at, note, content, changes, titles)
             SELECT programme_id, 2, published_at, note, changes, changes, titles FROM programme_release
             WHERE programme_id = $1",
        ).bind(broken).execute(c).await.map(drop)).unwrap();
        drop(db);
        let mut requests: Vec<_> =
            (0..9).map(|person| order(programme, session, &format!("p{person}"))).collect();
        requests.insert(4, order(broken, elsewhere, "unlucky"));
        let desk = desk(&app);

        // All stand before the desk when it gets its turn.
        let turn = app.pool.begin_at_the_desk().await.unwrap();
        let asked = join_all(requests.into_iter().map(|request| desk.ask(request)));
        let (answers, released) = tokio::join!(asked, turn.rollback());
        released.unwrap();

        let (unlucky, lucky): (Vec<_>, Vec<_>) = answers.into_iter().enumerate().partition(|(at, _)| *at == 4);
        assert!(lucky.iter().all(|(_, answer)| matches!(answer, Ok(Answer::Ordered(_)))), "{lucky:?}");
        assert!(matches!(&unlucky[0].1, Err(cause) if !cause.is_passing()), "{unlucky:?}");
        assert_eq!(registered(&app.pool).await, 9);
        assert_eq!(app.mails_to("p8@example.org").await.len(), 1);
    }

    async fn two_hundred_orders_are_written_in_as_many_statements_as_two(app: App) {
        let sessions = vec![session("pleine", 1), on_day(session("petite", 40), 1), on_day(session("grande", 5_000), 2)];
        app.publish(&miso(sessions)).await;
        // In each batch somebody waits already, somebody gets a seat, and somebody new lines up.
        app.register("ana@example.org", &["pleine"]).await;
        app.register("ben@example.org", &["pleine"]).await;
        app.deliver().await;
        let (programme, full) = ids(&app.pool, "miso", "pleine").await;
        let (_, small) = ids(&app.pool, "miso", "petite").await;
        let (_, large) = ids(&app.pool, "miso", "grande").await;
        let batch = |name: &str, size: usize| -> Vec<Request> {
            (0..size).map(|n| order_of(programme, vec![full, small, large], &format!("{name}-{n}"))).collect()
        };
        let (few, many) = (batch("few", 2), batch("many", 200));

        // Of the whole batch: the turn, the locks, what is read, orders, people, registrations, seats, changes, mails.
        let (answered, of_two) = counted(desk::work(app.house(), &few)).await;
        assert_eq!(answered.unwrap().len(), 2);
        let (answered, of_many) = counted(desk::work(app.house(), &many)).await;
        assert_eq!(answered.unwrap().len(), 200);

        assert_eq!(of_many, of_two);
        assert!(of_two < 30, "{of_two} statements for two orders");
        assert_eq!(registered(&app.pool).await, 2 + 3 * 202);
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn a_hundred_who_leave_and_the_hundred_who_get_in_for_them_take_as_many_statements_as_two(app: App) {
        let sessions = vec![session("pleine", 103), on_day(session("suivante", 1), 1)];
        app.publish(&miso(sessions)).await;
        let (programme, full) = ids(&app.pool, "miso", "pleine").await;
        let (_, next) = ids(&app.pool, "miso", "suivante").await;
        let come = |name: &str| -> Vec<Request> {
            (0..103).map(|n| order_of(programme, vec![full, next], &format!("{name}-{n}"))).collect()
        };
        for name in ["seated", "waiting"] {
            desk::work(app.house(), &come(name)).await.unwrap();
        }
        app.deliver().await;
        let mut leave = Vec::new();
        let mut db = app.pool.acquire().await.unwrap();
        for n in 0..103 {
            let email = format!("seated-{n}@example.org");
            let participant = store::participant_by_email(&mut db, &email).await.unwrap().unwrap().id;
            leave.push(Request::Cancel(Cancellation { participant, sessions: None, cause: Cause::Person }));
        }
        drop(db);

        // The first of them has the only seat of the second session; all the others wait there.
        let (first, rest) = leave.split_at(1);
        desk::work(app.house(), first).await.unwrap();
        let (few, many) = rest.split_at(2);
        let (answered, of_two) = counted(desk::work(app.house(), few)).await;
        assert_eq!(answered.unwrap().len(), 2);
        let (answered, of_many) = counted(desk::work(app.house(), many)).await;
        assert_eq!(answered.unwrap().len(), 100);

        assert_eq!(of_many, of_two);
        assert!(of_two < 30, "{of_two} statements for two who leave");
        let mut db = app.pool.acquire().await.unwrap();
        let counts = store::counts_by_state(&mut db).await.unwrap();
        let of = |state| counts.iter().find(|(of, _)| *of == state).map_or(0, |(_, count)| *count);
        assert_eq!((of(State::Confirmed), of(State::Waiting), of(State::Cancelled)), (103 + 1, 102, 206));
        drop(db);
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn who_reads_pages_is_seen_and_who_registers_is_no_reader(app: App) {
        app.publish(&miso(vec![session("ouverture", 50)])).await;
        let looks = || app.house().board.looks();

        for path in ["/fr/miso", "/fr/miso/sessions/ouverture", "/fr/miso"] {
            let before = looks();
            app.get(path).await;
            assert_eq!(looks(), before + 1, "{path}");
        }
        let before = looks();
        app.register("ana@example.org", &["ouverture"]).await;
        assert_eq!(looks(), before);
    }

    async fn a_panic_ends_one_request_and_not_its_batch_and_not_the_desk(db: TestDb) {
        // The clock is read once in each attempt at a batch. Once it is wound up it breaks in the first, which is the
        // whole batch, and in the fourth: the third of those that are then tried one by one.
        let (time, readings) = (Time::new(), Arc::new(AtomicUsize::new(1_000)));
        let (now, read) = (time.clone(), Arc::clone(&readings));
        let clock = Clock::from_fn(move || match read.fetch_add(1, Ordering::SeqCst) {
            0 | 3 => panic!("the clock breaks, as this test has it"),
            _ => now.now(),
        });
        let (pool, tokens) = (db.pool().await, Tokens::seeded(1));
        let (publications, board) = (Publications::default(), SeatBoard::default());
        let house = House::open(pool.clone(), clock, tokens, None, publications, board).await.unwrap();
        let mut tx = pool.begin().await.unwrap();
        let draft = miso(vec![session("ouverture", 50)]);
        programme::store::save(&mut tx, &draft, house.tokens.id(time.now()), time.now()).await.unwrap();
        tx.commit().await.unwrap();
        publication::publish(&house, "miso", "").await.unwrap();
        let (programme, session) = ids(&pool, "miso", "ouverture").await;
        let desk = Desk::open(house.clone());
        let of = |person: usize| order(programme, session, &format!("p{person}"));

        // All stand before the desk when it gets its turn.
        let turn = pool.begin_at_the_desk().await.unwrap();
        readings.store(0, Ordering::SeqCst);
        let asked = join_all((0..5).map(|person| desk.ask(of(person))));
        let (answers, released) = tokio::join!(asked, turn.rollback());
        released.unwrap();

        let took: Vec<_> = answers.iter().map(|answer| matches!(answer, Ok(Answer::Ordered(_)))).collect();
        assert_eq!(took, [true, true, false, true, true], "{answers:?}");
        assert!(said(&answers[2]).contains("panicked"), "{}", said(&answers[2]));
        assert_eq!(readings.load(Ordering::SeqCst), 6, "the batch, and each of the five");
        assert_eq!(registered(&pool).await, 4);
        assert!(desk.is_open());
        // The same form once more, and whoever comes next.
        for person in [2, 5] {
            assert!(matches!(desk.ask(of(person)).await, Ok(Answer::Ordered(_))));
        }
        assert_eq!(registered(&pool).await, 6);
        assert_eq!(check::broken(&house).await.unwrap(), Vec::<String>::new());
    }
}
