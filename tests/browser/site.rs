//! The application as a browser's visitor finds it, and what must hold wherever they are.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use parvis::{
    audit::Actor,
    identity::{self, Membership, Role, Staff},
    locale::{self, Lang},
    mail::transport::{Kept, Mailer},
    programme::{self, Draft},
    publication,
    registration::{desk::House, store},
};
use rocket::fairing::AdHoc;
use uuid::Uuid;

use crate::{
    builders::first_day,
    driver::Browser,
    harness::{BASE_URL, OFFICE_COOKIE, TestDb, Time, world},
    http::Served,
};

/// How long a mail may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Address and name of who owns the place.
const OWNER: (&str, &str) = ("camille@example.org", "Camille Exemple");

/// Where a site keeps everything. Of two tests of one path each takes another.
#[derive(Debug, Clone, Copy)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// An empty database; `None` where no PostgreSQL server can be had, which is said.
    pub async fn database(self) -> Option<TestDb> {
        match self {
            Engine::Sqlite => Some(TestDb::sqlite().await),
            Engine::Postgres => {
                let db = TestDb::postgres().await;
                if db.is_none() {
                    println!("skipped: no PostgreSQL server");
                }
                db
            }
        }
    }
}

/// An application that listens, with one programme published, and its mailbox.
pub struct Site {
    served: Served,
    house: House,
    time: Time,
    mailer: Mailer,
    // Gone with it.
    _db: TestDb,
}

impl Site {
    /// The programme's first edition, then its second.
    pub async fn with(editions: &[Draft]) -> Site {
        Site::on(TestDb::sqlite().await, editions, Mailer::memory()).await
    }

    /// The same on that database, with mails that go elsewhere than into the memory of the test.
    pub async fn on(db: TestDb, editions: &[Draft], mailer: Mailer) -> Site {
        let time = Time::new();
        let (tell, told) = std::sync::mpsc::channel();
        let rocket = parvis::rocket(db.figment(), world(&time, &mailer)).unwrap();
        let rocket = rocket.attach(AdHoc::on_liftoff("house", move |rocket| {
            Box::pin(async move { tell.send(rocket.state::<House>().unwrap().clone()).unwrap() })
        }));
        let served = Served::launch(rocket).await;
        let house = told.recv().unwrap();
        let (id, now) = (house.tokens.id(house.clock.now()), house.clock.now());
        for draft in editions {
            let mut tx = house.pool.begin().await.unwrap();
            programme::store::save(&mut tx, draft, id, now).await.unwrap();
            tx.commit().await.unwrap();
            publication::publish(&house, &draft.programme.slug, "").await.unwrap();
            publication::refresh(&house).await.unwrap();
        }
        Site { served, house, time, mailer, _db: db }
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.time.now()
    }

    pub fn pass(&self, time: TimeDelta) {
        self.time.pass(time);
    }

    /// It is that moment.
    pub fn at(&self, then: DateTime<Utc>) {
        self.time.pass(then - self.now());
    }

    /// It is that time on the first day of the programme, in Geneva.
    pub fn until(&self, hour: u32, minute: u32) {
        let then = first_day().and_hms_opt(hour, minute, 0).unwrap();
        self.at(then.and_local_timezone(chrono_tz::Europe::Zurich).unwrap().to_utc());
    }

    /// The application's own, for what a test arranges or looks at past the browser.
    pub fn house(&self) -> &House {
        &self.house
    }

    pub fn url(&self, path: &str) -> String {
        self.served.url(path)
    }

    /// Writes a draft, past the browser, and does not publish it.
    pub async fn save(&self, draft: &Draft) {
        let (id, now) = (self.house.tokens.id(self.house.clock.now()), self.house.clock.now());
        let mut tx = self.house.pool.begin().await.unwrap();
        programme::store::save(&mut tx, draft, id, now).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// The browser is signed in to the office from now on, as an owner.
    pub async fn sign_in(&self, browser: &Browser) {
        self.sign_in_as(browser, OWNER, Role::Owner).await;
    }

    /// The same as somebody of that role; a partner speaks for the organisation `collectif` of the programme `miso`.
    pub async fn sign_in_as(&self, browser: &Browser, who: (&str, &str), role: Role) {
        let staff = self.member(who, role).await;
        let now = self.house.clock.now();
        let mut tx = self.house.pool.begin().await.unwrap();
        let token = identity::session::open(&mut tx, &self.house.tokens, staff, "Chromium, Linux", now)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        browser.carry(&self.url("/"), OFFICE_COOKIE, &token).await;
    }

    /// Somebody is invited, as `parvis user add` does it.
    pub async fn invite(&self, email: &str, role: Role, lang: Lang) {
        let now = self.house.clock.now();
        let id = self.house.tokens.id(now);
        let (email, name) = (email.to_owned(), String::new());
        let staff = Staff { id, email, name, lang, role, organisations: Vec::new() };
        let mut tx = self.house.pool.begin().await.unwrap();
        let invited = identity::people::invite(&mut tx, &self.house, Actor::Command, &staff, now).await;
        assert!(invited.unwrap().is_some(), "{} is known already", staff.email);
        tx.commit().await.unwrap();
    }

    /// Camille, who owns the place.
    pub async fn owner(&self) -> Uuid {
        self.member(OWNER, Role::Owner).await
    }

    /// Somebody of the team, by address and name: made where they are not known yet.
    async fn member(&self, (email, name): (&str, &str), role: Role) -> Uuid {
        let now = self.house.clock.now();
        let mut tx = self.house.pool.begin().await.unwrap();
        if let Some(known) = identity::store::by_email(&mut tx, email).await.unwrap() {
            return known.id;
        }
        let programme = programme::store::id_of(&mut tx, "miso").await.unwrap();
        let own = programme.map(|programme| Membership { programme, organisation: "collectif".to_owned() });
        let staff = Staff {
            id: self.house.tokens.id(now),
            email: email.to_owned(),
            name: name.to_owned(),
            lang: Lang::Fr,
            role,
            organisations: own.filter(|_| role == Role::Partner).into_iter().collect(),
        };
        assert!(identity::store::add(&mut tx, &staff, now).await.unwrap());
        tx.commit().await.unwrap();
        staff.id
    }

    /// Somebody else registers for a session, past the browser.
    pub async fn register(&self, email: &str, session: &str) {
        self.register_as("Une autre personne", email, "1", session).await;
    }

    /// The same by name, with so many people.
    pub async fn register_as(&self, name: &str, email: &str, people: &str, session: &str) {
        self.register_at("/fr/miso", (name, email, people), &[session]).await;
    }

    /// The same in any programme and language: name, address, how many people.
    pub async fn register_at(&self, programme: &str, who: (&str, &str, &str), sessions: &[&str]) {
        let (name, email, people) = who;
        let mut fields = vec![("name", name), ("email", email), ("people", people), ("consent", "1")];
        fields.extend(sessions.iter().map(|session| ("session", *session)));
        let answer = self.served.visitor().post(&format!("{programme}/register"), &fields).await;
        assert_eq!(answer.status, hyper::StatusCode::SEE_OTHER, "{}", answer.text());
        // Pages show the seats a moment later.
        publication::refresh(&self.house).await.unwrap();
    }

    /// Who has that address, where anybody has.
    pub async fn person(&self, email: &str) -> Option<Uuid> {
        let mut db = self.house.pool.acquire().await.unwrap();
        store::participant_by_email(&mut db, email).await.unwrap().map(|person| person.id)
    }

    /// The mail to this address with that subject, once it is there.
    pub async fn mail(&self, email: &str, subject: &str) -> Kept {
        let found = async {
            loop {
                let mut kept = self.mailer.kept().into_iter();
                match kept.find(|mail| mail.recipient.contains(email) && mail.subject == subject) {
                    Some(mail) => return mail,
                    None => tokio::time::sleep(Duration::from_millis(20)).await,
                }
            }
        };
        let kept =
            || self.mailer.kept().into_iter().map(|mail| (mail.recipient, mail.subject)).collect::<Vec<_>>();
        tokio::time::timeout(PATIENCE, found)
            .await
            .unwrap_or_else(|_| panic!("no « {subject} »: {:?}", kept()))
    }

    /// The link of that kind in a mail, on this machine.
    pub fn link(&self, mail: &Kept, kind: &str) -> String {
        self.link_in(&mail.text, kind)
    }

    /// The link of that kind in the text of a mail, on this machine.
    pub fn link_in(&self, text: &str, kind: &str) -> String {
        let mut lines = text.lines().map(str::trim);
        let link = lines.find(|line| line.starts_with(BASE_URL) && line.contains(kind));
        self.url(&link.unwrap_or_else(|| panic!("no link to {kind} in: {text}"))[BASE_URL.len()..])
    }

    /// Keeps a picture of the page, which must fit into the window, be quiet, and ask nobody else.
    pub async fn see(&self, browser: &Browser, name: &str) {
        browser.screenshot(name).await;
        assert_eq!(browser.overflow().await, 0, "{name}: people must scroll sideways");
        let misdeeds = browser.misdeeds(&self.url("/")).await;
        assert_eq!(misdeeds, Vec::<String>::new(), "{name}");
    }

    pub async fn end(self) {
        self.served.end().await;
    }
}

/// A message without values.
pub fn say(lang: Lang, key: &str) -> String {
    locale::text(lang, key, &[])
}
