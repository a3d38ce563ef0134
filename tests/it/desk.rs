//! The queue in front of the desk: it has an end, nobody waits in it for ever, and one bad request spoils no other.

use futures_util::{FutureExt as _, future::join_all};
use parvis::{
    error::Result,
    locale::Lang,
    on, programme,
    registration::{
        Answer, Cause, Order, Request,
        desk::{Desk, WAITING_MAX},
        person::{Email, Name},
    },
};
use sqlx::query;
use tokio::time::Instant;
use uuid::Uuid;

use crate::{
    builders::{miso, session},
    failures::{bea_gets_in, bea_is_told_to_come_back},
    harness::App,
};

/// As the form of that person sends it, for one session.
fn order(programme: Uuid, session: Uuid, person: &str) -> Request {
    Request::Register(Order {
        programme,
        key: format!("form-of-{person}"),
        contact: Email::parse(&format!("{person}@example.org")).unwrap().into(),
        name: Name::parse("Ana Exemple").unwrap(),
        people: 1,
        organisation: String::new(),
        access_needs: String::new(),
        lang: Lang::Fr,
        sessions: vec![session],
        cause: Cause::Form,
        held: None,
    })
}

/// The programme and session of an address, `miso/ouverture`.
async fn ids(app: &App, programme: &str, slug: &str) -> (Uuid, Uuid) {
    let mut db = app.pool.acquire().await.unwrap();
    let (id, draft) = programme::store::load(&mut db, programme).await.unwrap().unwrap();
    let found = draft.sessions.iter().find(|one| one.session.slug == slug).unwrap();
    (id, found.session.id)
}

/// The application's own desk, at which forms ask.
fn desk(app: &App) -> &Desk {
    app.client.rocket().state().unwrap()
}

/// How many have registered.
async fn registered(app: &App) -> i64 {
    let mut db = app.pool.acquire().await.unwrap();
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
        let (_, session) = ids(&app, "miso", "ouverture").await;
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
        let (programme, session) = ids(&app, "miso", "ouverture").await;
        let desk = desk(&app);
        let (late, in_time) = (order(programme, session, "late"), order(programme, session, "in-time"));

        let (late, in_time) = tokio::join!(desk.ask_until(late, Instant::now()), desk.ask(in_time));

        assert_eq!(said(&late), "busy: waited too long");
        assert!(matches!(in_time, Ok(Answer::Ordered(_))), "{in_time:?}");
        assert_eq!(registered(&app).await, 1);
        assert!(app.mails_to("late@example.org").await.is_empty());
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn of_ten_in_one_batch_the_one_that_cannot_be_decided_fails_alone(app: App) {
        app.publish(&miso(vec![session("ouverture", 50)])).await;
        let mut other = miso(vec![session("ailleurs", 50)]);
        other.programme.slug = "autre".to_owned();
        app.publish(&other).await;
        let (programme, session) = ids(&app, "miso", "ouverture").await;
        let (broken, elsewhere) = ids(&app, "autre", "ailleurs").await;
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
        assert_eq!(registered(&app).await, 9);
        assert_eq!(app.mails_to("p8@example.org").await.len(), 1);
    }
}
