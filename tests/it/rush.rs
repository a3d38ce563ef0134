//! Everybody at once: real HTTP against one session, on both engines.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use futures_util::{StreamExt as _, future::join_all, stream};
use hyper::StatusCode;
use parvis::{
    db::Conn,
    mail::transport::Mailer,
    on,
    registration::{State, desk::House, store},
};
use rocket::fairing::AdHoc;
use uuid::Uuid;

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

/// Who waits, in the order of arrival.
async fn in_the_queue(house: &House) -> Vec<String> {
    let mut db = house.pool.acquire().await.unwrap();
    let session = house.publications.current("miso").unwrap().release.sessions[0].id;
    let queue = store::queue(&mut db, session, None, i64::MAX).await.unwrap();
    queue.into_iter().map(|waiting| waiting.participant.email.unwrap()).collect()
}

/// Places in the queue that an order's page told and that are others: what was told, what is true.
async fn told_and_true(house: &House) -> Vec<(i64, i64)> {
    let mut db = house.pool.acquire().await.unwrap();
    let session = house.publications.current("miso").unwrap().release.sessions[0].id;
    let queue = store::queue(&mut db, session, None, i64::MAX).await.unwrap();
    let mut wrong = Vec::new();
    for (place, waiting) in (1..).zip(queue) {
        let (_, items) = store::read::order(&mut db, waiting.registration.order).await.unwrap().unwrap();
        let told = items[0].position.unwrap_or_default();
        if told != place {
            wrong.push((told, place));
        }
    }
    wrong
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
        // Who was answered before is before: those who come one after the other stand so at the end.
        for person in 2_000..2_020 {
            assert_eq!(register(&visitor, person).await, StatusCode::SEE_OTHER);
        }
        let expected: Vec<_> = (2_000..2_020).map(|person| format!("personne-{person}@example.org")).collect();
        assert_eq!(in_the_queue(&house).await[800..], expected);
        assert_eq!(told_and_true(&house).await, Vec::<(i64, i64)>::new(), "the place that was told is the place");
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

    async fn without_the_guard_the_last_seat_is_sold_many_times_and_with_it_once(db: TestDb) {
        let (served, house) = serve(&db, 1).await;
        let pool = db.pool().await;
        let id = house.publications.current("miso").unwrap().release.sessions[0].id;

        // What a naive handler does: look, and then take, each on a connection of its own.
        let looked = Arc::new(tokio::sync::Barrier::new(4));
        let naive = (0..4).map(|_| {
            let (pool, looked) = (pool.clone(), Arc::clone(&looked));
            tokio::spawn(async move {
                let mut db = pool.acquire().await.unwrap();
                let free = free_seats(&mut db, id).await;
                looked.wait().await;
                if free > 0 {
                    take_unguarded(&mut db, id).await;
                }
            })
        });
        join_all(naive).await.into_iter().for_each(|done| done.unwrap());
        let mut db = pool.acquire().await.unwrap();
        assert_eq!(free_seats(&mut db, id).await, -3, "four were sold where there was one");
        give_back_all(&mut db, id).await;

        // The same four at the database's own guard.
        let looked = Arc::new(tokio::sync::Barrier::new(4));
        let guarded = (0..4).map(|_| {
            let (pool, looked) = (pool.clone(), Arc::clone(&looked));
            tokio::spawn(async move {
                let before = seat_row(&mut pool.acquire().await.unwrap(), id).await;
                let after = store::SeatRow { taken: before.taken + 1, ..before.clone() };
                looked.wait().await;
                let mut tx = pool.begin().await.unwrap();
                let sold = store::write::move_seats(&mut tx, &[(&before, &after)]).await.unwrap();
                tx.commit().await.unwrap();
                sold
            })
        });
        let sold = join_all(guarded).await.into_iter().filter(|sold| *sold.as_ref().unwrap()).count();
        assert_eq!((sold, free_seats(&mut db, id).await), (1, 0));
        served.end().await;
    }
}

async fn seat_row(db: &mut Conn, session: Uuid) -> store::SeatRow {
    let seats = store::seats_touched_since(db, None).await.unwrap();
    let programme = seats.iter().find(|seat| seat.session_id == session).unwrap().programme_id;
    let rows = store::seats_of(db, programme).await.unwrap();
    rows.into_iter().find(|row| row.settings.session == session).unwrap()
}

async fn free_seats(db: &mut Conn, session: Uuid) -> i64 {
    seat_row(db, session).await.free().unwrap()
}

async fn take_unguarded(db: &mut Conn, session: Uuid) {
    on!(db, c => sqlx::query("UPDATE seat SET taken = taken + 1 WHERE session_id = $1")
        .bind(session)
        .execute(c)
        .await
        .map(|_| ()))
    .unwrap();
}

async fn give_back_all(db: &mut Conn, session: Uuid) {
    on!(db, c => sqlx::query("UPDATE seat SET taken = 0 WHERE session_id = $1")
        .bind(session)
        .execute(c)
        .await
        .map(|_| ()))
    .unwrap();
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
