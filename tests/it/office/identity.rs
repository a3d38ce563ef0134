//! Coming in, staying in, and everybody who must not: guessed passwords, planted sessions, other sites, old links.

pub mod once;
mod others;

use chrono::TimeDelta;
use parvis::{
    audit::Actor,
    identity::{Role, Staff, password::Hasher, people, session, store, totp},
    locale::Lang,
};
use rocket::http::{ContentType, Header, Status};

use crate::{
    harness::{self, App, BASE_URL, Given, OFFICE_COOKIE, Page, TestDb},
    html::Found,
};

const DEVICE: &str = "__Host-parvis-device";
const STEP: &str = "__Host-parvis-step";
pub const PASSWORD: &str = "cheval batterie agrafe";

/// A visitor's browser: what it was given, it sends.
pub struct Browser<'a> {
    app: &'a App,
    pub cookies: Vec<(String, String)>,
}

impl<'a> Browser<'a> {
    pub fn new(app: &'a App) -> Browser<'a> {
        Browser { app, cookies: Vec::new() }
    }

    pub async fn get(&mut self, path: &str) -> Page {
        let mut request = self.app.client.get(path.to_owned());
        for cookie in &self.cookies {
            request = request.cookie(cookie.clone());
        }
        let page = harness::page(request.dispatch().await).await;
        self.keep(page)
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let mut request = self.app.client.post(path.to_owned()).header(ContentType::Form);
        request = request.header(Header::new("Sec-Fetch-Site", "same-origin"));
        for cookie in &self.cookies {
            request = request.cookie(cookie.clone());
        }
        let page = harness::page(request.body(crate::http::form(fields)).dispatch().await).await;
        self.keep(page)
    }

    pub async fn sign_in(&mut self, email: &str, password: &str) -> Page {
        self.post("/fr/office/sign-in", &[("email", email), ("password", password)]).await
    }

    fn keep(&mut self, page: Page) -> Page {
        for line in set_cookies(&page) {
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            if !line.contains("Max-Age=0") {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        page
    }

    fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// True where the office opens.
    async fn is_in(&mut self) -> bool {
        self.get("/fr/office").await.status == Status::Ok
    }
}

fn set_cookies(page: &Page) -> Vec<&str> {
    let lines = page.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
    lines.map(|(_, value)| value.as_str()).collect()
}

/// Somebody of this role with a password, who has never signed in.
pub async fn hired(app: &App, email: &str, role: Role) -> uuid::Uuid {
    let (now, id) = (app.now(), app.tokens.id(app.now()));
    let staff = Staff {
        id,
        email: email.to_owned(),
        name: "Ana".to_owned(),
        lang: Lang::Fr,
        role,
        organisations: Vec::new(),
    };
    let hash = Hasher::default().hash(PASSWORD, &[7; 16]).await.unwrap();
    let mut tx = app.pool.begin().await.unwrap();
    assert!(store::add(&mut tx, &staff, now).await.unwrap());
    people::set_password(&mut tx, app.house(), id, &hash, None, now).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// The link in the newest mail to this address, without the site's own address.
async fn mailed(app: &App, email: &str) -> String {
    let mails = app.mails_to(email).await;
    let text = &mails.last().expect("a mail to this address").text;
    let link = text.split_whitespace().find(|word| word.starts_with(&format!("{BASE_URL}/")));
    link.expect("a mail bears a link")[BASE_URL.len()..].to_owned()
}

on_both_engines! {
    async fn who_is_invited_chooses_a_name_and_a_password_and_is_in(app: App) {
        let owner = app.signed_in(Role::Owner).await;
        let sent = owner.post("/fr/office/users", &[("email", "Lou@example.org"), ("role", "editor"), ("language", "en")]).await;
        assert_eq!((sent.status, sent.location()), (Status::SeeOther, "/fr/office/users?done=invited"));
        let link = mailed(&app, "lou@example.org").await;
        assert!(link.starts_with("/en/office/invitation/"), "{link}");
        let mut lou = Browser::new(&app);

        // Mail scanners open it as often as they like.
        for _ in 0..3 {
            assert_eq!(lou.get(&link).await.status, Status::Ok);
        }
        let short = lou.post(&link, &[("name", "Lou"), ("password", "short"), ("again", "short")]).await;
        assert_eq!(short.status, Status::UnprocessableEntity);
        assert_eq!(Found::on(&short.body).attributes("input[name=name]", "value"), ["Lou"], "what was typed is kept");
        assert!(!short.body.contains("\"short\""), "and a password is never sent back");
        let other = [("name", "Lou"), ("password", PASSWORD), ("again", "something else here")];
        assert_eq!(lou.post(&link, &other).await.status, Status::UnprocessableEntity);

        let done = lou.post(&link, &[("name", "Lou"), ("password", PASSWORD), ("again", PASSWORD)]).await;
        assert_eq!((done.status, done.location()), (Status::SeeOther, "/en/office"));
        assert!(lou.is_in().await);
        for cookie in set_cookies(&done).iter().filter(|line| !line.contains("Max-Age=0")) {
            for part in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
                assert!(cookie.contains(part), "{cookie}: {part}");
            }
        }
        assert_eq!(Browser::new(&app).get(&link).await.status, Status::NotFound, "it works once");
        assert_eq!(Browser::new(&app).sign_in("lou@example.org", PASSWORD).await.status, Status::SeeOther);
    }

    async fn an_invitation_ends_after_seven_days_and_with_the_next_one(app: App) {
        let owner = app.signed_in(Role::Owner).await;
        owner.post("/fr/office/users", &[("email", "lou@example.org"), ("role", "desk")]).await;
        let first = mailed(&app, "lou@example.org").await;
        let page = owner.get("/fr/office/users").await;
        let people = Found::on(&page.body).links("tbody");
        let (_, person) = people.into_iter().find(|(name, _)| name == "lou@example.org").unwrap();

        owner.post(&format!("{person}/invitation"), &[]).await;
        let second = mailed(&app, "lou@example.org").await;

        assert_ne!(first, second);
        assert_eq!(app.get(&first).await.status, Status::NotFound);
        assert_eq!(app.get(&second).await.status, Status::Ok);
        app.pass(TimeDelta::days(7));
        assert_eq!(app.get(&second).await.status, Status::NotFound);
        let fields = [("name", "Lou"), ("password", PASSWORD), ("again", PASSWORD)];
        assert_eq!(app.post(&second, &fields).await.status, Status::NotFound);
    }

    async fn signing_in_gives_a_session_that_nobody_can_have_planted(app: App) {
        hired(&app, "ana@example.org", Role::Editor).await;
        let planted = "a".repeat(52);
        let mut ana = Browser::new(&app);
        ana.cookies.push((OFFICE_COOKIE.to_owned(), planted.clone()));

        let signed = ana.sign_in("ana@example.org", PASSWORD).await;

        assert_eq!((signed.status, signed.location()), (Status::SeeOther, "/fr/office"));
        let first = ana.cookie(OFFICE_COOKIE).unwrap().to_owned();
        assert_ne!(first, planted);
        ana.post("/fr/office/sign-out", &[]).await;
        assert_eq!(ana.cookie(OFFICE_COOKIE), None);
        ana.sign_in("ana@example.org", PASSWORD).await;
        assert_ne!(ana.cookie(OFFICE_COOKIE), Some(first.as_str()), "another one each time");
        for old in [planted, first] {
            let mut thief = Browser::new(&app);
            thief.cookies.push((OFFICE_COOKIE.to_owned(), old));
            assert!(!thief.is_in().await);
        }
    }

    async fn nobody_learns_who_works_here(app: App) {
        hired(&app, "ana@example.org", Role::Editor).await;
        let gone = hired(&app, "old@example.org", Role::Editor).await;
        let mut tx = app.pool.begin().await.unwrap();
        people::disable(&mut tx, app.house(), Actor::Command, gone, app.now()).await.unwrap();
        tx.commit().await.unwrap();
        let addresses = ["ana@example.org", "old@example.org", "nix@example.org"];

        for path in ["/fr/office/sign-in", "/fr/office/password", "/fr/office/mailed-link"] {
            let mut answers = Vec::new();
            for email in addresses {
                let password = if email == "old@example.org" { PASSWORD } else { "not the password" };
                let mut page = Browser::new(&app).post(path, &[("email", email), ("password", password)]).await;
                page.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("date"));
                answers.push((page.status, page.headers, page.body.replace(email, "…")));
            }
            assert_eq!(answers[0], answers[2], "{path}");
            assert_eq!(answers[1], answers[2], "{path}");
        }
        assert_eq!(app.mails_to("old@example.org").await.len(), 0);
    }

    async fn a_forgotten_password_is_chosen_anew_once_and_ends_every_session(app: App) {
        hired(&app, "ana@example.org", Role::Owner).await;
        let mut elsewhere = Browser::new(&app);
        elsewhere.sign_in("ana@example.org", PASSWORD).await;
        assert!(elsewhere.is_in().await);

        // Whatever host the request was sent to, links begin with ours.
        let forged = app.client.post("/fr/office/password").header(ContentType::Form).header(Header::new("Host", "evil.example.net"));
        let answer = forged.body("email=ana%40example.org").dispatch().await;
        assert_eq!(answer.status(), Status::SeeOther);
        drop(answer);
        settled(&app, "ana@example.org", 1).await;
        let link = mailed(&app, "ana@example.org").await;
        let new = "agrafe batterie cheval";
        let fields = [("password", new), ("again", new)];
        let mut ana = Browser::new(&app);
        let done = ana.post(&link, &fields).await;

        assert_eq!((done.status, done.location()), (Status::SeeOther, "/fr/office"));
        assert!(ana.is_in().await && !elsewhere.is_in().await);
        assert_eq!(ana.post(&link, &fields).await.status, Status::NotFound, "once");
        assert_eq!(Browser::new(&app).sign_in("ana@example.org", PASSWORD).await.status, Status::UnprocessableEntity);
        assert_eq!(Browser::new(&app).sign_in("ana@example.org", new).await.status, Status::SeeOther);

        app.pass(TimeDelta::hours(1));
        app.post("/fr/office/password", &[("email", "ana@example.org")]).await;
        settled(&app, "ana@example.org", 2).await;
        let link = mailed(&app, "ana@example.org").await;
        app.pass(TimeDelta::minutes(30));
        assert_eq!(app.get(&link).await.status, Status::NotFound, "half an hour");
        assert_eq!(app.post(&link, &fields).await.status, Status::NotFound);
    }

    async fn a_partner_comes_in_by_a_mailed_link_and_others_do_not(app: App) {
        hired(&app, "lou@example.org", Role::Partner).await;
        hired(&app, "ana@example.org", Role::Editor).await;
        for email in ["lou@example.org", "ana@example.org"] {
            // Typed again and again: one mail.
            for _ in 0..3 {
                app.post("/fr/office/mailed-link", &[("email", email)]).await;
                settled(&app, email, 1).await;
            }
        }

        let link = mailed(&app, "lou@example.org").await;
        let mut lou = Browser::new(&app);
        assert_eq!(lou.get(&link).await.status, Status::Ok);
        assert!(!lou.is_in().await, "opening it changes nothing");
        let done = lou.post(&link, &[]).await;

        assert_eq!(done.status, Status::SeeOther);
        assert!(lou.is_in().await);
        assert_eq!(lou.post(&link, &[]).await.status, Status::NotFound, "once");
        let other = mailed(&app, "ana@example.org").await;
        assert!(other.starts_with("/fr/office/password/"), "{other}");
        let swapped = other.replace("/password/", "/mailed-link/");
        assert_eq!(app.post(&swapped, &[]).await.status, Status::NotFound, "one purpose each");
    }

    async fn who_guesses_waits_longer_and_longer_and_the_owner_still_gets_in(app: App) {
        hired(&app, "ana@example.org", Role::Owner).await;
        let mut ana = Browser::new(&app);
        ana.sign_in("ana@example.org", PASSWORD).await;
        ana.post("/fr/office/sign-out", &[]).await;
        assert!(ana.cookie(DEVICE).is_some());

        // The same for an address that nobody has.
        for email in ["ana@example.org", "nix@example.org"] {
            let mut thief = Browser::new(&app);
            for guess in 0..6 {
                assert_eq!(thief.sign_in(email, "guess").await.status, Status::UnprocessableEntity, "{guess}");
            }
            let slow = thief.sign_in(email, PASSWORD).await;
            assert_eq!(slow.status, Status::TooManyRequests);
            assert!((1..=6).contains(&slow.header("retry-after").parse::<u32>().unwrap()), "{slow:?}");
            app.pass(TimeDelta::seconds(5));
            assert_eq!(thief.sign_in(email, "guess").await.status, Status::UnprocessableEntity);
            assert_eq!(thief.sign_in(email, "guess").await.status, Status::TooManyRequests);
            app.pass(TimeDelta::seconds(9));
            assert_eq!(thief.sign_in(email, "guess").await.status, Status::TooManyRequests, "twice as long");
        }

        assert_eq!(ana.sign_in("ana@example.org", PASSWORD).await.status, Status::SeeOther, "from a known device");
        app.post("/fr/office/password", &[("email", "ana@example.org")]).await;
        settled(&app, "ana@example.org", 1).await;
        let link = mailed(&app, "ana@example.org").await;
        let mut stranger = Browser::new(&app);
        stranger.post(&link, &[("password", PASSWORD), ("again", PASSWORD)]).await;
        assert!(stranger.is_in().await, "and by mail from anywhere");
        // A device that is known for one person opens nothing of another's.
        hired(&app, "bo@example.org", Role::Editor).await;
        for _ in 0..6 {
            ana.sign_in("bo@example.org", "guess").await;
        }
        assert_eq!(ana.sign_in("bo@example.org", "guess").await.status, Status::TooManyRequests);
        app.pass(TimeDelta::days(1));
        assert_eq!(Browser::new(&app).sign_in("bo@example.org", PASSWORD).await.status, Status::SeeOther);
    }

    async fn a_session_ends_by_itself_and_when_its_owner_says_so(app: App) {
        hired(&app, "ana@example.org", Role::Editor).await;
        let (mut desk, mut phone) = (Browser::new(&app), Browser::new(&app));
        desk.sign_in("ana@example.org", PASSWORD).await;
        phone.sign_in("ana@example.org", PASSWORD).await;

        let account = desk.get("/fr/office/account").await;
        let ends = Found::on(&account.body).attributes("form[action*='/sessions/'][action$='/end']", "action");
        assert_eq!(ends.len(), 1, "not this one");
        desk.post(&ends[0], &[]).await;
        assert!(desk.is_in().await && !phone.is_in().await);

        phone.sign_in("ana@example.org", PASSWORD).await;
        let new = "agrafe batterie cheval";
        let wrong = [("current", "guess"), ("password", new), ("again", new)];
        assert_eq!(desk.post("/fr/office/account/password", &wrong).await.status, Status::UnprocessableEntity);
        let right = [("current", PASSWORD), ("password", new), ("again", new)];
        assert_eq!(desk.post("/fr/office/account/password", &right).await.status, Status::SeeOther);
        assert!(desk.is_in().await && !phone.is_in().await, "the others end");

        app.pass(session::IDLE - TimeDelta::seconds(1));
        assert!(desk.is_in().await);
        app.pass(session::IDLE - TimeDelta::seconds(1));
        assert!(desk.is_in().await, "it was seen in between");
        app.pass(session::IDLE);
        assert!(!desk.is_in().await, "left alone");
        desk.sign_in("ana@example.org", new).await;
        for _ in 0..(session::LIFE.num_hours() / 10) {
            app.pass(TimeDelta::hours(10));
            desk.get("/fr/office").await;
        }
        assert!(!desk.is_in().await, "thirty days are the end");
    }

    async fn a_code_of_the_second_step_is_good_once(app: App) {
        let id = hired(&app, "ana@example.org", Role::Owner).await;
        let mut ana = Browser::new(&app);
        ana.sign_in("ana@example.org", PASSWORD).await;
        let home = "/fr/office/account/second-step";
        ana.post(home, &[]).await;
        let page = ana.get(home).await;
        let secret = Found::on(&page.body).text("code.secret").replace(' ', "");
        let picture = ana.get(&format!("{home}/picture.svg")).await;
        assert_eq!(picture.header("content-type"), "image/svg+xml");
        assert_eq!(picture.header("cache-control"), "private, no-store");
        let wrong = ana.post(&format!("{home}/confirmation"), &[("code", "000000")]).await;
        assert_eq!(wrong.status, Status::UnprocessableEntity);
        let code = totp::code(&secret, app.now()).unwrap();
        let codes = ana.post(&format!("{home}/confirmation"), &[("code", &code)]).await;
        let codes = Found::on(&codes.body).texts(".codes code");
        assert_eq!(codes.len(), 10);
        assert_eq!(ana.get(&format!("{home}/picture.svg")).await.status, Status::NotFound, "shown no more");

        let mut other = Browser::new(&app);
        let asked = other.sign_in("ana@example.org", PASSWORD).await;
        assert_eq!(asked.location(), "/fr/office/sign-in/code");
        assert!(other.cookie(STEP).is_some() && !other.is_in().await, "a password alone is not enough");
        let again = other.post("/fr/office/sign-in/code", &[("code", &code)]).await;
        assert_eq!(again.status, Status::UnprocessableEntity, "it was used when it was set up");
        app.pass(TimeDelta::seconds(60));
        let code = totp::code(&secret, app.now()).unwrap();
        assert_eq!(other.post("/fr/office/sign-in/code", &[("code", &code)]).await.status, Status::SeeOther);
        assert!(other.is_in().await);

        // One from paper, once, however it is typed; and a link by mail asks for the step, too.
        for (typed, status) in [(codes[0].to_uppercase(), Status::SeeOther), (codes[0].clone(), Status::UnprocessableEntity)] {
            let mut lost = Browser::new(&app);
            lost.sign_in("ana@example.org", PASSWORD).await;
            assert_eq!(lost.post("/fr/office/sign-in/code", &[("code", &typed)]).await.status, status);
        }
        app.post("/fr/office/password", &[("email", "ana@example.org")]).await;
        settled(&app, "ana@example.org", 1).await;
        let link = mailed(&app, "ana@example.org").await;
        let mut thief = Browser::new(&app);
        let reset = thief.post(&link, &[("password", PASSWORD), ("again", PASSWORD)]).await;
        assert_eq!(reset.location(), "/fr/office/sign-in/code");
        assert!(!thief.is_in().await);
        let mut slow = Page { status: Status::Ok, headers: Vec::new(), body: String::new() };
        for guess in 0..7 {
            slow = thief.post("/fr/office/sign-in/code", &[("code", &format!("00000{guess}"))]).await;
        }
        assert_eq!(slow.status, Status::TooManyRequests, "a million codes are not tried");

        let owner = app.signed_in(Role::Owner).await;
        owner.post(&format!("/fr/office/users/{id}/second-step-removal"), &[]).await;
        assert_eq!(Browser::new(&app).sign_in("ana@example.org", PASSWORD).await.location(), "/fr/office");
    }
}

/// So many mails to this address are written, at least: they are queued behind the answer.
async fn settled(app: &App, email: &str, mails: usize) {
    app.settle().await;
    let mut db = app.pool.acquire().await.unwrap();
    let found = parvis::mail::outbox::to(&mut db, email).await.unwrap().len();
    assert!(found >= mails, "fewer than {mails} mails to {email}");
}

/// Two applications, each on a database of its own.
struct Houses {
    here: App,
    there: App,
}

impl Given for Houses {
    async fn given(db: TestDb) -> Houses {
        let other = if db.is_sqlite() { TestDb::sqlite().await } else { TestDb::postgres().await.unwrap() };
        Houses { here: App::given(db).await, there: App::given(other).await }
    }
}

on_both_engines! {
    async fn after_signing_in_one_is_sent_to_the_page_that_was_asked_for_and_to_no_other_site(app: App) {
        hired(&app, "ana@example.org", Role::Owner).await;
        let asked = app.get("/fr/office/users?done=role").await;
        assert_eq!(asked.location(), "/fr/office/sign-in?next=%2Ffr%2Foffice%2Fusers%3Fdone%3Drole");

        for (next, there) in [
            ("/fr/office/users?done=role", "/fr/office/users?done=role"),
            ("//evil.example.net", "/fr/office"),
            ("/\\evil.example.net", "/fr/office"),
            ("https://evil.example.net/fr/office", "/fr/office"),
            ("https:/fr/office", "/fr/office"),
            ("%2F%2Fevil.example.net", "/fr/office"),
            ("/fr/office/%2e%2e//evil.example.net", "/fr/office"),
            ("/fr/office\r\nSet-Cookie: a=b", "/fr/office"),
            ("javascript:alert(1)", "/fr/office"),
        ] {
            let mut ana = Browser::new(&app);
            let fields = [("email", "ana@example.org"), ("password", PASSWORD), ("next", next)];
            let signed = ana.post("/fr/office/sign-in", &fields).await;
            assert_eq!((signed.status, signed.location()), (Status::SeeOther, there), "{next}");
            let query = crate::http::form(&[("next", next)]);
            let again = ana.get(&format!("/fr/office/sign-in?{query}")).await;
            assert_eq!((again.status, again.location()), (Status::SeeOther, there), "{next}");
        }
    }

    async fn a_cookie_of_another_house_opens_nothing(houses: Houses) {
        let Houses { here, there } = houses;
        hired(&here, "ana@example.org", Role::Owner).await;
        let mut ana = Browser::new(&here);
        ana.sign_in("ana@example.org", PASSWORD).await;
        assert!(ana.is_in().await);

        let mut thief = Browser { app: &there, cookies: ana.cookies.clone() };

        assert!(!thief.is_in().await);
        for odd in ["", "x", "é", &"a".repeat(4_000), "' OR 1=1 --"] {
            thief.cookies = vec![(OFFICE_COOKIE.to_owned(), odd.to_owned())];
            assert!(!thief.is_in().await, "{odd}");
        }
    }
}
