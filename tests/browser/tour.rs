//! A newcomer's walk through everything: from an empty database to a published month, people who were told, a door and
//! its figures. `docs/TOUR.md` tells it; with `PARVIS_WRITE_TOUR=1` its pictures are taken here.

use std::{collections::BTreeSet, env, fs, path::Path, time::Duration};

use chrono::{DateTime, TimeDelta, TimeZone as _, Utc};
use parvis::{identity::Role, locale::Lang, mail::transport::Mailer};

use crate::{
    driver::{Browser, Scheme, Scripts, Size},
    harness::TestDb,
    post::letters,
    site::Site,
    small::small,
    smtp::SmtpServer,
};

const PASSWORD: &str = "a square before a public house";
const NORA: &str = "nora@example.org";
const KIM: &str = "kim@example.org";
/// The session that is moved, whose door is opened.
const CHAIRS: &str = "repair-a-chair-meet-a-neighbour";
/// Who comes in the days after, how many they are, and what they want to see: about two a day.
const CROWD: [(&str, &str, &[&str]); 24] = [
    ("Dana Example", "2", &[CHAIRS, "bread-for-beginners"]),
    ("Elio Sample", "1", &["mend-your-bicycle", "a-map-of-every-step"]),
    ("Fanny Fictive", "1", &[CHAIRS, "draw-the-square-you-want"]),
    ("Goran Pretend", "3", &["bread-for-beginners", "the-long-table"]),
    ("Hana Placeholder", "2", &["cook-what-was-thrown-away", "the-long-table"]),
    ("Ivo Made-Up", "1", &[CHAIRS, "what-a-city-eats-in-a-day"]),
    ("Jola Sample", "4", &["open-gardens-of-the-quarter", "nothing-to-do-day"]),
    ("Karim Example", "2", &["ride-with-confidence", "mend-your-bicycle"]),
    ("Lou Nobody", "2", &[CHAIRS, "forms-without-fear"]),
    ("Maya Invented", "5", &["what-a-city-eats-in-a-day", "cook-what-was-thrown-away"]),
    ("Nils Pretend", "1", &["first-aid-in-an-hour-and-a-second-hour-to-try-it", "ride-with-confidence"]),
    ("Oona Imaginary", "3", &["draw-the-square-you-want", "who-owns-the-courtyard"]),
    ("Pablo Fictive", "1", &[CHAIRS, "mend-your-bicycle"]),
    ("Quinn Sample", "2", &["a-vegetable-bed-on-a-balcony", "bread-for-beginners"]),
    ("Rosa Made-Up", "2", &["forms-without-fear", "first-aid-in-an-hour-and-a-second-hour-to-try-it"]),
    ("Stan Example", "4", &["the-ten-minute-city-honestly", "ride-with-confidence"]),
    ("Tess Nobody", "1", &[CHAIRS, "three-keys-a-house-shared-by-strangers"]),
    ("Ugo Placeholder", "3", &["a-vegetable-bed-on-a-balcony", "cook-what-was-thrown-away"]),
    ("Vera Invented", "2", &["loneliness-is-not-a-diagnosis", "the-doorbell-neighbours-who-look-in"]),
    ("Wim Sample", "5", &["opening-what-is-a-square-for", "the-ten-minute-city-honestly"]),
    ("Xenia Pretend", "2", &["bread-for-beginners", "draw-the-square-you-want"]),
    ("Yann Fictive", "3", &["a-map-of-every-step", "mend-your-bicycle"]),
    ("Zoe Imaginary", "2", &["first-aid-in-an-hour-and-a-second-hour-to-try-it", "closing-what-stays"]),
    ("Anton Example", "1", &[CHAIRS, "free-lunch-two-years-of-an-open-table"]),
];
/// A picture of the tour.
const BYTES_MAX: u64 = 70_000;

struct Walk {
    site: Site,
    smtp: SmtpServer,
    /// At a desk: Nora, who owns the place.
    desk: Browser,
    /// On a telephone: whoever is on the way.
    phone: Browser,
    seen: BTreeSet<String>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newcomer_walks_from_an_empty_database_to_figures() {
    let Some(desk) = Browser::open(Size::Picture, Scripts::On, Scheme::Light).await else { return };
    let phone = Browser::open(Size::Phone, Scripts::On, Scheme::Light).await.unwrap();
    let smtp = SmtpServer::start().await;
    let mailer = Mailer::open(&smtp.url(), "parvis.example.org").unwrap();
    // The other walks take SQLite, or each engine; this one is long, and takes PostgreSQL where there is one.
    let db = match TestDb::postgres().await {
        Some(db) => db,
        None => TestDb::sqlite().await,
    };
    let site = Site::on(db, &[], mailer).await;
    let mut walk = Walk { site, smtp, desk, phone, seen: BTreeSet::new() };

    walk.site.at(geneva(5, 9, 0));
    walk.comes_in().await;
    walk.makes_a_programme().await;
    walk.imports_thirty_sessions().await;
    walk.publishes_first().await;
    walk.the_public_registers().await;
    walk.a_partner_proposes().await;
    walk.accepts_it().await;
    walk.moves_a_session().await;
    walk.publishes_again().await;
    walk.people_are_told().await;
    walk.opens_the_door().await;
    walk.reads_figures().await;

    told(&walk.seen);
    walk.desk.close().await;
    walk.phone.close().await;
    walk.site.end().await;
}

impl Walk {
    fn url(&self, path: &str) -> String {
        self.site.url(&format!("/en/office{path}"))
    }

    /// The page fits, is quiet; and its picture is taken, from one element to another.
    async fn see(&mut self, seat: Seat, name: &str, (from, to): (&str, &str)) {
        let (browser, size) = match seat {
            Seat::Desk => (&self.desk, Size::Picture),
            Seat::Phone => (&self.phone, Size::Phone),
        };
        if env::var("PARVIS_WRITE_TOUR").is_ok_and(|value| value == "1") {
            let (picture, part) = browser.view(size, from, to).await;
            fs::write(folder().join(format!("{name}.png")), small(&picture, part)).unwrap();
        }
        self.site.see(browser, &format!("tour-{name}")).await;
        self.seen.insert(name.to_owned());
    }

    /// Nora signs in on her way to a page: after half a day one does.
    async fn signs_in(&self, seat: Seat, path: &str) {
        let browser = match seat {
            Seat::Desk => &self.desk,
            Seat::Phone => &self.phone,
        };
        // On the telephone somebody else was in.
        browser.tell("Network.clearBrowserCookies", serde_json::json!({})).await;
        browser.goto(&self.url(path)).await;
        browser.fill("[name=email]", NORA).await;
        browser.fill("[name=password]", PASSWORD).await;
        browser.click("main form button").await;
    }

    async fn comes_in(&mut self) {
        self.site.invite(NORA, Role::Owner, Lang::En).await;
        let letter = letters(&self.smtp, NORA, 1).await.remove(0);
        self.desk.goto(&self.site.link_in(&letter.text, "/invitation/")).await;
        self.desk.fill("[name=name]", "Nora Example").await;
        self.desk.fill("[name=password]", PASSWORD).await;
        self.desk.fill("[name=again]", PASSWORD).await;
        self.see(Seat::Desk, "01-invitation", ("body", "main form")).await;
        self.desk.click("main form button").await;

        assert!(self.desk.text(".desk-who").await.contains("Nora Example"));
        self.desk.goto(&self.url("")).await;
        self.see(Seat::Desk, "02-empty", ("body", "main .lead")).await;
    }

    async fn makes_a_programme(&mut self) {
        let desk = &self.desk;
        desk.click("a[href$='/programmes/new']").await;
        desk.fill("#f-title", "A Month on the Square").await;
        desk.fill("#f-slug", "square").await;
        desk.set("#f-starts", "2027-04-19").await;
        desk.set("#f-ends", "2027-05-14").await;
        desk.click(".save button").await;

        desk.fill("#f-tagline", "Four weeks of open doors").await;
        desk.fill("[name='contact.email']", "square@example.org").await;
        desk.click(".save button").await;
        assert!(desk.text(".notice.good").await.starts_with("Saved in the draft"));
    }

    async fn imports_thirty_sessions(&mut self) {
        self.desk.click(".desk-nav a[href$='/square/import']").await;
        self.desk.attach("#f-file", &folder().join("sessions.csv")).await;
        self.desk.click("main form button").await;
        // Each column was understood.
        let unread =
            "return [...document.querySelectorAll('[name=column]')].filter(one => !one.value).length";
        self.desk.find("[name=column]").await;
        assert_eq!(self.desk.script(unread).await, 0);
        self.see(Seat::Desk, "03-columns", ("body", "#choices")).await;
        assert_eq!(self.desk.text(".counts dd").await, "30");
        self.desk.click("form.save button").await;

        assert!(self.desk.text(".notice.good").await.contains("30"));
        self.desk.goto(&self.url("/square/weeks")).await;
        assert_eq!(self.desk.count(".draft-months li").await, 4);
        self.see(Seat::Desk, "04-weeks", ("body", ".week-grid")).await;
    }

    async fn publishes_first(&mut self) {
        self.desk.click(".desk-nav a[href$='/square/publish']").await;
        assert_eq!(self.desk.text(".sums li:first-child strong").await, "30");
        self.desk.fill("[name=note]", "The programme is here.").await;
        self.see(Seat::Desk, "05-publish", ("main .top", "main form.form p button")).await;
        self.desk.click("main form.form p button").await;
        assert_eq!(self.desk.text("h1").await, "Release 1");
    }

    async fn the_public_registers(&mut self) {
        let visitor = &self.phone;
        visitor.goto(&self.site.url("/en/square")).await;
        assert_eq!(visitor.count("li.session").await, 30);
        visitor.click(&format!("input[value={CHAIRS}]")).await;
        visitor.click("input[value=opening-what-is-a-square-for]").await;
        self.see(Seat::Phone, "06-programme", ("#week-2027-04-19", "#week-2027-04-19")).await;
        let visitor = &self.phone;
        visitor.click(".chosen button").await;
        visitor.fill("[name=name]", "Ada Sample").await;
        visitor.fill("[name=email]", "ada@example.org").await;
        visitor.click("[name=consent]").await;
        visitor.click("form button[type=submit]").await;
        assert_eq!(visitor.count(".state.confirmed").await, 2);
        self.see(Seat::Phone, "07-registered", ("body", "footer")).await;
        let first = letters(&self.smtp, "ada@example.org", 1).await.remove(0);
        assert!(first.calendar.contains("DTSTART:20270421T120000Z"), "{}", first.calendar);

        // Others follow, for eleven days.
        let at = "/en/square";
        self.site.register_at(at, ("Ben Invented", "ben@example.org", "2"), &[CHAIRS]).await;
        self.site.register_at(at, ("Chloe Nobody", "chloe@example.org", "1"), &[CHAIRS]).await;
        let mut crowd = CROWD.iter();
        for people in [1, 3, 2, 4, 2, 0, 1, 3, 4, 2, 2] {
            self.site.pass(TimeDelta::days(1));
            for (name, seats, sessions) in crowd.by_ref().take(people) {
                self.site.register_at(at, (name, &address(name), seats), sessions).await;
            }
        }
        assert_eq!(crowd.next(), None, "everybody has come");
    }

    async fn a_partner_proposes(&mut self) {
        self.signs_in(Seat::Desk, "/square/proposals").await;
        self.desk.click(".top .acts a[href$='/partners']").await;
        self.desk.fill("#f-email", KIM).await;
        self.desk.choose("#f-organisation", "wheels-for-all").await;
        self.desk.choose("#f-language", "en").await;
        self.desk.click("section[aria-labelledby=invite] button").await;
        assert!(self.desk.text("[role=status]").await.contains("invit"));

        let letter = letters(&self.smtp, KIM, 1).await.remove(0);
        let phone = &self.phone;
        phone.goto(&self.site.link_in(&letter.text, "/invitation/")).await;
        phone.fill("[name=name]", "Kim Placeholder").await;
        phone.fill("[name=password]", PASSWORD).await;
        phone.fill("[name=again]", PASSWORD).await;
        phone.click("main form button").await;
        phone.goto(&self.url("/square/proposals")).await;
        assert_eq!(phone.text("h1").await, "Your proposals");
        phone.click(".top .button").await;
        phone.fill("#f-title", "Cargo bikes: try one").await;
        phone.choose("#f-theme", "getting-around").await;
        phone.click("input[value=workshop]").await;
        phone.set("#f-date", "2027-05-07").await;
        phone.set("#f-start", "16:00").await;
        phone.set("#f-end", "18:00").await;
        phone.choose("#f-place", "old-tram-depot").await;
        phone.fill("#f-capacity", "15").await;
        phone.fill("#f-abstract", "Six bikes, one car park, a helmet for everybody.").await;
        self.see(Seat::Phone, "08-proposal", ("main .crumbs", "main form")).await;
        self.phone.click("button[value=send]").await;
        assert_eq!(self.phone.text("h1").await, "Cargo bikes: try one");
    }

    async fn accepts_it(&mut self) {
        self.desk.click(".desk-nav a[href$='/square/proposals']").await;
        self.desk.click("tbody th a").await;
        self.see(Seat::Desk, "09-review", ("main .crumbs", "section[aria-labelledby=says]")).await;
        self.desk.click("a[href$='/decision/accept']").await;
        self.desk.click("button[value=send]").await;
        assert!(self.desk.text(".notice").await.contains("It is decided"));
        let letter = letters(&self.smtp, KIM, 2).await.remove(1);
        assert_eq!(letter.subject, "Cargo bikes: try one: your proposal is accepted");
    }

    async fn moves_a_session(&mut self) {
        let desk = &self.desk;
        desk.goto(&self.url("/square/weeks?week=2027-04-19")).await;
        desk.click(&format!("a.draft-move[href$='/{CHAIRS}/time']")).await;
        desk.set("#f-date", "2027-04-22").await;
        desk.set("#f-start", "12:30").await;
        desk.set("#f-end", "15:30").await;
        desk.click(".save button").await;
        // The same partner is busy at noon.
        let clash = desk.text(".notice.warn li").await;
        assert!(clash.contains("Neighbours’ Workshop") && clash.contains("courtyard"), "{clash}");
        self.see(Seat::Desk, "10-move", ("main .crumbs", ".save")).await;
        let desk = &self.desk;
        desk.set("#f-date", "2027-04-23").await;
        desk.set("#f-start", "15:00").await;
        desk.set("#f-end", "18:00").await;
        desk.click(".save button").await;
        assert!(self.desk.text("[role=status]").await.starts_with("Saved in the draft"));
    }

    async fn publishes_again(&mut self) {
        self.desk.goto(&self.url("/square/publish")).await;
        // One new session, one moved; whoever has a seat for the chairs, or waits for one, is written to.
        assert_eq!(self.desk.text(".sums li:first-child strong").await, "2");
        assert_eq!(self.desk.text(".sums li:last-child strong").await, "10");
        let told = self.desk.text("#mails tbody").await;
        assert!(told.contains("Repair a chair") && told.contains("at another time or place"), "{told}");
        self.see(Seat::Desk, "11-differences", ("main .top", "#mails table")).await;
        self.desk.click("#mails tbody a").await;
        assert!(self.desk.text(".letter").await.contains("Friday 23 April"));
        self.see(Seat::Desk, "12-mail", ("main .crumbs", ".letter")).await;
        self.desk.goto(&self.url("/square/publish")).await;
        self.desk.fill("[name=note]", "A session more, and the chairs have a new day.").await;
        self.desk.click("main form.form p button").await;
        assert_eq!(self.desk.text("h1").await, "Release 2");
        self.desk.goto(&self.site.url("/en/square/sessions/cargo-bikes-try-one")).await;
        assert_eq!(self.desk.text("h1").await, "Cargo bikes: try one");
    }

    async fn people_are_told(&mut self) {
        self.site.pass(TimeDelta::minutes(11));
        for email in ["ada@example.org", "ben@example.org", "chloe@example.org"] {
            let letter = letters(&self.smtp, email, 2).await.remove(1);
            assert!(letter.text.contains("Friday 23 April"), "{}", letter.text);
            assert!(letter.calendar.contains("DTSTART:20270423T130000Z"), "{}", letter.calendar);
            assert!(letter.calendar.contains("SEQUENCE:1"), "{}", letter.calendar);
        }
        // One seat was too few: who waits is told, too, and keeps the calendar empty.
        let waits = letters(&self.smtp, &address("Anton Example"), 2).await.remove(1);
        assert!(waits.text.contains("Friday 23 April"), "{}", waits.text);
        assert_eq!(waits.calendar, "");
        // Whoever comes to something else hears nothing.
        letters(&self.smtp, &address("Goran Pretend"), 1).await;
    }

    async fn opens_the_door(&mut self) {
        self.site.at(geneva(23, 14, 40));
        self.signs_in(Seat::Phone, "/square/door").await;
        self.phone.click(&format!(".doors a[href$='/{CHAIRS}']")).await;
        for (name, people) in [("ben", 2), ("ada", 1), ("fanny", 1), ("ivo", 1), ("pablo", 1)] {
            self.is_here(name, people).await;
        }
        until(async || self.phone.text("[data-count=present]").await == "6").await;
        self.see(Seat::Phone, "13-door", ("main .crumbs", ".door-list")).await;
        // Some come late, others do not come.
        for (name, people) in [("dana", 2), ("lou", 2)] {
            self.is_here(name, people).await;
        }
        until(async || self.phone.text("[data-count=present]").await == "10").await;
    }

    /// A touch that leads nowhere: the page stays.
    async fn is_here(&self, name: &str, people: u8) {
        let button = format!(".door-row[data-letters*={name}] [data-todo] button[value='{people}']");
        self.phone.find(&button).await;
        self.phone.script(&format!("document.querySelector({button:?}).click()")).await;
    }

    async fn reads_figures(&mut self) {
        self.site.at(geneva(23, 20, 0));
        let eve = ("Eve Sample", "eve@example.org", "1");
        self.site.register_at("/en/square", eve, &["closing-what-stays"]).await;
        self.signs_in(Seat::Desk, "/square/figures").await;
        // They are counted now and then.
        let desk = &self.desk;
        until(async || {
            desk.goto(&self.url("/square/figures")).await;
            desk.text("main .top p").await.contains("23 April 2027, 20:00")
        })
        .await;
        let numbers = "return [...document.querySelectorAll('.counts.large dd')].map(one => one.textContent)";
        // Registrations, people, seats, in the queue, given back; who came, and how many of those expected did not.
        let numbers = desk.script(numbers).await;
        assert_eq!(numbers, serde_json::json!(["53", "28", "115", "1", "0", "10", "17%"]));
        let session = desk.text("#figures-sessions ~ .table").await;
        assert!(session.contains("Repair a chair"), "{session}");
        self.see(Seat::Desk, "14-figures", ("#figures-summary", "section:has(#figures-days)")).await;
        self.see(Seat::Desk, "15-fill", ("#figures-formats", "section:has(#figures-formats)")).await;
    }
}

/// Whose window.
#[derive(Debug, Clone, Copy)]
enum Seat {
    Desk,
    Phone,
}

/// A day of April 2027, local time, where it is two hours later than in UTC.
fn geneva(day: u32, hour: u32, minute: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2027, 4, day, hour - 2, minute, 0).unwrap()
}

/// Waits until that is so.
async fn until(mut is_so: impl AsyncFnMut() -> bool) {
    let waits = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), waits).await.expect("it does not become so");
}

/// Where somebody of the crowd reads mail.
fn address(name: &str) -> String {
    let first = name.split(' ').next().unwrap_or_default();
    format!("{}@example.org", first.to_lowercase())
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/tour"))
}

/// The page of the tour shows what was seen, and nothing else; its pictures are there, and small.
fn told(seen: &BTreeSet<String>) {
    let page = fs::read_to_string(folder().with_file_name("TOUR.md")).unwrap();
    let shown = page.split("\"tour/").skip(1).filter_map(|rest| rest.split_once(".png"));
    let shown: BTreeSet<_> = shown.map(|(name, _)| name.to_owned()).collect();
    assert_eq!(&shown, seen, "docs/TOUR.md shows, the walk has seen");
    for name in seen {
        let bytes = fs::metadata(folder().join(format!("{name}.png"))).unwrap().len();
        assert!(bytes < BYTES_MAX, "{name} has {bytes} bytes");
    }
}
