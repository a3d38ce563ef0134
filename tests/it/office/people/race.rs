//! The office, the form and promotions at the same moment, over real HTTP.

use futures_util::{StreamExt as _, future::BoxFuture, stream};
use hyper::StatusCode;
use parvis::{
    identity::{self, Role, Staff},
    locale::Lang,
    mail::transport::Mailer,
    registration::{desk::House, store},
};
use rocket::fairing::AdHoc;
use uuid::Uuid;

use crate::{
    builders::{miso, on_day, session},
    harness::{OFFICE_COOKIE, TestDb, Time, world},
    html::Found,
    http::{Answer, Served, Visitor, form},
};

const SEATS: i64 = 20;
/// Requests under way at once.
const AT_ONCE: usize = 12;
/// How often somebody at the desk reads what is full, and says so, before they give up.
const TRIES_MAX: usize = 60;

async fn serve(db: &TestDb) -> (Served, House, String) {
    let time = Time::new();
    let (tell, told) = std::sync::mpsc::channel();
    let rocket = parvis::rocket(db.figment(), world(&time, &Mailer::memory())).unwrap();
    let rocket = rocket.attach(AdHoc::on_liftoff("house", move |rocket| {
        Box::pin(async move { tell.send(rocket.state::<House>().unwrap().clone()).unwrap() })
    }));
    let served = Served::launch(rocket).await;
    let house = told.recv().unwrap();
    let draft = miso(vec![session("ouverture", SEATS), on_day(session("suite", 5), 1)]);
    let now = house.clock.now();
    let mut tx = house.pool.begin().await.unwrap();
    parvis::programme::store::save(&mut tx, &draft, house.tokens.id(now), now).await.unwrap();
    let staff = Staff {
        id: house.tokens.id(now),
        email: "desk@example.org".to_owned(),
        name: "Camille".to_owned(),
        lang: Lang::Fr,
        role: Role::Desk,
        organisations: Vec::new(),
    };
    assert!(identity::store::add(&mut tx, &staff, now).await.unwrap());
    let token =
        identity::session::open(&mut tx, &house.tokens, staff.id, "Firefox, Linux", now).await.unwrap();
    tx.commit().await.unwrap();
    parvis::publication::publish(&house, "miso", "").await.unwrap();
    parvis::publication::refresh(&house).await.unwrap();
    (served, house, format!("{OFFICE_COOKIE}={token}"))
}

/// Somebody of the team, in a browser.
#[derive(Clone)]
struct Office {
    visitor: Visitor,
    cookie: String,
}

impl Office {
    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("sec-fetch-site", "same-origin"),
            ("cookie", self.cookie.as_str()),
        ];
        let path = format!("/fr/office/miso/people{path}");
        self.visitor.send("POST", &path, &headers, form(fields).into()).await.unwrap()
    }

    /// Reads what is full, says so, and registers.
    async fn telephones(&self, number: usize) -> StatusCode {
        let (name, key) = (format!("Rosa {number}"), format!("k{number}"));
        let mut seen = String::new();
        for _ in 0..TRIES_MAX {
            let fields = [
                ("name", name.as_str()),
                ("session", "ouverture"),
                ("key", key.as_str()),
                ("seen", seen.as_str()),
            ];
            let answer = self.post("", &fields).await;
            if answer.status != StatusCode::OK {
                return answer.status;
            }
            seen = Found::on(answer.text()).attributes("input[name=seen]", "value").remove(0);
        }
        StatusCode::OK
    }
}

async fn registers(visitor: &Visitor, number: usize) -> StatusCode {
    let email = format!("personne-{number}@example.org");
    let fields = [("name", "Ana"), ("email", &email), ("consent", "1"), ("session", "ouverture")];
    visitor.post("/fr/miso/register", &fields).await.status
}

async fn id_of(house: &House, number: usize) -> Uuid {
    let mut db = house.pool.acquire().await.unwrap();
    let email = format!("personne-{number}@example.org");
    store::participant_by_email(&mut db, &email).await.unwrap().unwrap().id
}

on_both_engines! {
    async fn the_office_the_form_and_promotions_at_once_oversell_nothing(db: TestDb) {
        let (served, house, cookie) = serve(&db).await;
        let visitor = served.visitor();
        let office = Office { visitor: visitor.clone(), cookie };
        for number in 0..40 {
            assert_eq!(registers(&visitor, number).await, StatusCode::SEE_OTHER);
        }
        let mut ids = Vec::new();
        for number in 0..40 {
            ids.push(id_of(&house, number).await);
        }

        let mut work: Vec<BoxFuture<'_, StatusCode>> = Vec::new();
        for number in 0..30 {
            work.push(Box::pin(registers(&visitor, 100 + number)));
            work.push(Box::pin(office.telephones(number)));
            let (id, own) = (ids[number], office.clone());
            work.push(Box::pin(async move {
                let fields = [("session", "ouverture"), ("from", "ouverture"), ("to", "suite")];
                let path = match number % 3 {
                    0 => "cancellations",
                    1 => "transfers",
                    _ => "promotions",
                };
                own.post(&format!("/{id}/{path}"), &fields).await.status
            }));
            let (id, own) = (ids[10 + number], office.clone());
            work.push(Box::pin(async move {
                let seats = if number % 6 == 0 { "more" } else { "free" };
                own.post(&format!("/{id}/promotions"), &[("session", "ouverture"), ("seats", seats)]).await.status
            }));
        }
        let answers: Vec<_> = stream::iter(work).buffer_unordered(AT_ONCE).collect().await;

        let decided = [StatusCode::SEE_OTHER, StatusCode::UNPROCESSABLE_ENTITY];
        assert!(answers.iter().all(|status| decided.contains(status)), "{answers:?}");
        let mut db = house.pool.acquire().await.unwrap();
        let programme = parvis::programme::store::id_of(&mut db, "miso").await.unwrap().unwrap();
        for seat in store::seats_of(&mut db, programme).await.unwrap() {
            assert!(seat.free().unwrap() >= 0, "{seat:?}");
        }
        drop(db);
        assert_eq!(parvis::cli::check::broken(&house).await.unwrap(), Vec::<String>::new());
        served.end().await;
    }
}
