//! Everybody at once: real HTTP against one session, on both engines.

use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::{StreamExt as _, stream};
use hyper::StatusCode;
use parvis::{
    mail::transport::Mailer,
    registration::{State, desk::House, store},
};
use rocket::fairing::AdHoc;

use crate::{
    builders::{miso, session},
    harness::{TestDb, Time, world},
    http::{Served, Visitor},
};

const PEOPLE: usize = 1_000;
const SEATS: i64 = 200;
/// Requests under way at once.
const AT_ONCE: usize = 64;

/// An application that listens, with the programme `miso` published.
async fn serve(db: &TestDb, seats: i64) -> (Served, House) {
    let time = Time::new();
    let (tell, told) = std::sync::mpsc::channel();
    let rocket = parvis::rocket(db.figment(), world(&time, &Mailer::memory())).unwrap();
    let rocket = rocket.attach(AdHoc::on_liftoff("house", move |rocket| {
        Box::pin(async move { tell.send(rocket.state::<House>().unwrap().clone()).unwrap() })
    }));
    let served = Served::launch(rocket).await;
    let house = told.recv().unwrap();
    let draft = miso(vec![session("ouverture", seats)]);
    let mut tx = house.pool.begin().await.unwrap();
    let now = house.clock.now();
    parvis::programme::store::save(&mut tx, &draft, house.tokens.id(now), now).await.unwrap();
    tx.commit().await.unwrap();
    parvis::publication::publish(&house, "miso", "").await.unwrap();
    parvis::publication::refresh(&house).await.unwrap();
    (served, house)
}

async fn register(visitor: &Visitor, person: usize) -> StatusCode {
    let email = format!("personne-{person}@example.org");
    let fields = [("name", "Ana"), ("email", &email), ("consent", "1"), ("session", "ouverture")];
    visitor.post("/fr/miso/register", &fields).await.status
}

async fn states(house: &House) -> (usize, Vec<i64>, Vec<i64>) {
    let mut db = house.pool.acquire().await.unwrap();
    let id = parvis::programme::store::id_of(&mut db, "miso").await.unwrap().unwrap();
    let release = &house.publications.current("miso").unwrap().release;
    let slugs = release.sessions.iter().map(|session| (session.id, session.slug.clone())).collect();
    let rows = store::report::rows(&mut db, id, &slugs).await.unwrap();
    let of = |state: State| rows.iter().filter(move |row| row.state == state.code());
    let waiting: Vec<_> = of(State::Waiting).filter_map(|row| row.position).collect();
    let confirmed = of(State::Confirmed).count();
    let cancelled = of(State::Cancelled).map(|row| row.people).collect();
    (confirmed, waiting, cancelled)
}

on_both_engines! {
    async fn a_thousand_people_for_two_hundred_seats_get_exactly_those(db: TestDb) {
        let (served, house) = serve(&db, SEATS).await;
        let visitor = served.visitor();

        let answers: Vec<StatusCode> =
            stream::iter(0..PEOPLE).map(|person| register(&visitor, person)).buffer_unordered(AT_ONCE).collect().await;

        assert!(answers.iter().all(|status| *status == StatusCode::SEE_OTHER), "{answers:?}");
        let (confirmed, waiting, cancelled) = states(&house).await;
        assert_eq!(confirmed, 200);
        assert_eq!(waiting, (1..=800).collect::<Vec<i64>>());
        assert_eq!(cancelled, Vec::<i64>::new());
        assert_eq!(parvis::cli::check::broken(&house).await.unwrap(), Vec::<String>::new());
        served.end().await;
    }

    async fn seats_given_back_in_a_rush_go_to_the_first_in_the_queue(db: TestDb) {
        let (served, house) = serve(&db, 50).await;
        let visitor = served.visitor();
        for person in 0..60 {
            assert_eq!(register(&visitor, person).await, StatusCode::SEE_OTHER);
        }
        let agendas = agendas(&house, 40).await;
        let cancelled = AtomicUsize::new(0);

        let come = stream::iter(100..300).map(|person| register(&visitor, person)).buffer_unordered(32);
        let go = stream::iter(agendas).map(|path| {
            let (visitor, cancelled) = (&visitor, &cancelled);
            async move {
            let answer = visitor.post(&format!("{path}/cancellations"), &[("all", "1")]).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
            cancelled.fetch_add(1, Ordering::Relaxed);
        }});
        let go = go.buffer_unordered(8).collect::<Vec<()>>();
        let (come, _) = tokio::join!(come.collect::<Vec<_>>(), go);

        assert!(come.iter().all(|status| *status == StatusCode::SEE_OTHER));
        let (confirmed, waiting, gone) = states(&house).await;
        assert_eq!((confirmed, waiting.len(), gone.len()), (50, 260 - 50 - 40, 40));
        assert_eq!(parvis::cli::check::broken(&house).await.unwrap(), Vec::<String>::new());
        served.end().await;
    }

    async fn without_the_desk_and_its_guard_the_last_seat_is_sold_many_times(db: TestDb) {
        let (served, house) = serve(&db, 1).await;
        let pool = db.pool().await;
        let barrier = std::sync::Arc::new(tokio::sync::Barrier::new(4));

        // What a naive handler does: look, then take, each on its own connection.
        let naive = (0..4).map(|_| {
            let (pool, barrier) = (pool.clone(), std::sync::Arc::clone(&barrier));
            tokio::spawn(async move {
                let mut db = pool.acquire().await.unwrap();
                let seats = store::seats_touched_since(&mut db, None).await.unwrap();
                let free = seats[0].capacity.unwrap() - seats[0].taken;
                barrier.wait().await;
                free > 0
            })
        });
        let sold = futures_util::future::join_all(naive).await.into_iter().filter(|sold| *sold.as_ref().unwrap());
        assert_eq!(sold.count(), 4, "the race is there: four looked, and four would have taken the one seat");

        // The same race at the database's own guard, past the desk: one alone gets through.
        let mut tx = house.pool.begin().await.unwrap();
        let id = house.publications.current("miso").unwrap().release.sessions[0].id;
        let before = store::lock_seats(&mut tx, [id]).await.unwrap().remove(&id).unwrap();
        let after = store::SeatRow { taken: before.taken + 1, ..before.clone() };
        assert!(store::write::move_seats(&mut tx, &[(&before, &after)]).await.unwrap());
        assert!(!store::write::move_seats(&mut tx, &[(&before, &after)]).await.unwrap());
        tx.rollback().await.unwrap();
        served.end().await;
    }
}

/// The agenda links of the first people, as their mails bear them.
async fn agendas(house: &House, people: usize) -> Vec<String> {
    use parvis::tokens::Purpose;
    let mut db = house.pool.acquire().await.unwrap();
    let mut paths = Vec::with_capacity(people);
    for person in 0..people {
        let email = format!("personne-{person}@example.org");
        let person = store::participant_by_email(&mut db, &email).await.unwrap().unwrap();
        paths.push(format!(
            "/fr/agenda/{}",
            house.key.seal(Purpose::Agenda, person.id, person.agenda_version)
        ));
    }
    paths
}
