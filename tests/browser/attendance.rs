//! At the door, on a telephone: with the network, while it is cut, with the camera, without scripts, by keyboard.

use std::time::Duration;

use parvis::{
    mail::transport::Mailer,
    programme::Draft,
    registration::{attendance, store},
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    builders::{miso, on_day, session},
    driver::{Browser, Scheme, Scripts, Size, schemes},
    harness::TestDb,
    keys::{ENTER, enter, type_into},
    site::Site,
};

const PATIENCE: Duration = Duration::from_secs(20);
const DOOR: &str = "/fr/office/miso/door/atelier";

fn programme(seats: i64) -> Draft {
    let mut workshop = session("atelier", seats);
    workshop.session.title = "Atelier : dessiner la place du village".to_owned();
    miso(vec![workshop, session("forum", 5), on_day(session("suite", 5), 1)])
}

/// An hour before the workshop: Ana with a friend, Ben, Zoé.
async fn site(db: TestDb, browser: &Browser) -> Site {
    let site = Site::on(db, &[programme(6)], Mailer::memory()).await;
    for (name, email, people) in
        [("Ana Exemple", "ana", "2"), ("Ben Exemple", "ben", "1"), ("Zoé Exemple", "zoe", "1")]
    {
        site.register_as(name, &format!("{email}@example.org"), people, "atelier").await;
    }
    site.register_as("Kim Exemple", "kim@example.org", "1", "forum").await;
    site.until(9, 0);
    site.sign_in(browser).await;
    site
}

fn ids(site: &Site) -> (Uuid, Uuid) {
    let published = site.house().publications.current("miso").unwrap();
    (published.id, published.session("atelier").unwrap().id)
}

async fn person(site: &Site, email: &str) -> (Uuid, String) {
    let mut db = site.house().pool.acquire().await.unwrap();
    let person = store::participant_by_email(&mut db, email).await.unwrap().unwrap();
    (person.id, person.code.unwrap())
}

async fn attended(site: &Site, email: &str) -> Option<i64> {
    let (who, _) = person(site, email).await;
    let mut db = site.house().pool.acquire().await.unwrap();
    let mut theirs = store::registrations_of(&mut db, &[who]).await.unwrap();
    theirs.retain(|one| one.session == ids(site).1);
    let all = attendance::store::attended(&mut db, &[theirs[0].id]).await.unwrap();
    all.get(&theirs[0].id).copied()
}

/// Waits until that is so.
pub async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let waits = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waits).await.unwrap_or_else(|_| panic!("not so: {what}"));
}

pub async fn network(browser: &Browser, is_cut: bool) {
    browser.tell("Network.enable", json!({})).await;
    let conditions =
        json!({"offline": is_cut, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1});
    browser.tell("Network.emulateNetworkConditions", conditions).await;
}

fn row(name: &str) -> String {
    format!(".door-row[data-letters*={name}]")
}

async fn says(browser: &Browser, selector: &str, words: &str) {
    until(&format!("`{selector}` says « {words} »"), async || {
        let script = format!("return document.querySelector({selector:?})?.textContent ?? ''");
        browser.script(&script).await.as_str().is_some_and(|text| text.contains(words))
    })
    .await;
}

on_both_engines! {
    async fn attendance_is_taken_while_the_network_is_cut(db: TestDb) {
        let Some(browser) = Browser::open(Size::Phone, Scripts::On, Scheme::Light).await else { return };
        let site = site(db, &browser).await;
        browser.goto(&site.url(DOOR)).await;
        says(&browser, "[data-count=expected]", "4").await;

        // With the network a mark is there at once, and the figures with it.
        browser.click(&format!("{} [data-todo] button", row("ben"))).await;
        says(&browser, "[data-count=present]", "1").await;
        assert_eq!(attended(&site, "ben@example.org").await, Some(1));
        assert_eq!(browser.count("[data-net]:not([hidden])").await, 0, "nothing waits");

        // The clock of the tests stands still, and of two marks of one moment neither is later.
        site.pass(chrono::TimeDelta::minutes(1));
        network(&browser, true).await;
        browser.click(&format!("{} [data-todo] button[value='2']", row("ana"))).await;
        browser.click(&format!("{} [data-todo] button", row("zoe"))).await;
        browser.click(&format!("{} [data-done] button", row("ben"))).await;
        says(&browser, "[data-net-text]", "3 pointages attendent sur ce téléphone").await;
        says(&browser, &format!("{} [data-there]", row("ana")), "2 sur 2").await;
        browser.screenshot("door-cut").await;
        assert_eq!(attended(&site, "ana@example.org").await, None, "nobody knows yet");
        // What waits bears no name.
        let kept = browser.script("return JSON.stringify(localStorage)").await;
        let kept = kept.as_str().unwrap();
        assert!(
            kept.contains("registration") && !kept.contains("Exemple") && !kept.contains("example.org"),
            "{kept}"
        );
        // Somebody else saw Zoé come in a little later, alone.
        let (programme, session) = ids(&site);
        let (zoe, _) = person(&site, "zoe@example.org").await;

        // The page is left and opened again when the network is back; what waited goes by itself.
        network(&browser, false).await;
        browser.goto(&site.url(DOOR)).await;
        until("the marks have arrived", async || {
            attended(&site, "ana@example.org").await == Some(2)
                && attended(&site, "zoe@example.org").await == Some(1)
        })
        .await;
        until("Ben’s mark is taken back", async || attended(&site, "ben@example.org").await.is_none()).await;
        says(&browser, "[data-count=present]", "3").await;
        until("nothing is kept any more", async || browser.script("return localStorage.length").await == 0).await;
        assert_eq!(browser.count("[data-net]:not([hidden])").await, 0);

        // What another telephone marks appears here.
        let mut db = site.house().pool.acquire().await.unwrap();
        let mut theirs = store::registrations_of(&mut db, &[zoe]).await.unwrap();
        theirs.retain(|one| one.session == session);
        drop(db);
        let now = site.now() + chrono::TimeDelta::minutes(1);
        let back = [attendance::door::Mark { registration: theirs[0].id, came: None, made_at: now }];
        let actor = parvis::audit::Actor::Command;
        attendance::door::take(site.house(), actor, programme, session, &back, now).await.unwrap();
        says(&browser, "[data-count=present]", "2").await;
        until("the row says so", async || browser.count(&format!("{}.there", row("zoe"))).await == 0).await;
        // The browser has told of the network that was cut, as it should.
        browser.screenshot("door-live").await;
        browser.close().await;
        site.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_signs_out_at_the_door_is_asked_about_marks_that_wait() {
    let Some(browser) = Browser::open(Size::Phone, Scripts::On, Scheme::Dark).await else { return };
    let site = site(TestDb::sqlite().await, &browser).await;
    browser.goto(&site.url(DOOR)).await;
    says(&browser, "[data-count=expected]", "4").await;
    network(&browser, true).await;
    browser.click(&format!("{} [data-todo] button", row("ben"))).await;
    says(&browser, "[data-net-text]", "Un pointage attend sur ce téléphone").await;
    let sign_out = "document.querySelector('form[action$=\"/sign-out\"] button').click()";

    // Who says no is still there, and so is the mark; it goes when the network is back.
    browser.script(&format!("setTimeout(() => {sign_out})")).await;
    browser.refuse().await;
    says(&browser, "[data-net-text]", "Un pointage attend sur ce téléphone").await;
    network(&browser, false).await;
    until("the mark has arrived", async || attended(&site, "ben@example.org").await == Some(1)).await;
    until("nothing waits", async || browser.count("[data-net]:not([hidden])").await == 0).await;

    // Nothing is asked any more, and the door is closed.
    browser.click(".desk-who summary").await;
    browser.click("form[action$='/sign-out'] button").await;
    browser.find("[name=password]").await;
    browser.screenshot("door-signed-out").await;
    browser.goto(&site.url(DOOR)).await;
    assert!(browser.url().await.path().ends_with("/office/sign-in"));
    assert_eq!(browser.script("return localStorage.length").await, 0);
    browser.close().await;
    site.end().await;
}

/// A camera that shows what the test wants, where Chromium has no reader of codes.
const CAMERA: &str = "
    window.BarcodeDetector = class {
        static async getSupportedFormats() { return ['qr_code']; }
        async detect() { return window.shown ? [{ rawValue: window.shown }] : []; }
    };
    Object.defineProperty(navigator, 'mediaDevices', { value: {
        getUserMedia: async () => {
            const canvas = document.createElement('canvas'), drawn = canvas.getContext('2d');
            setInterval(() => drawn.fillRect(0, 0, 1, 1), 50);
            return canvas.captureStream();
        },
    } });
";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn codes_are_read_by_the_camera_and_typed_where_there_is_none() {
    let Some(browser) = Browser::open(Size::Phone, Scripts::On, Scheme::Light).await else { return };
    let site = site(TestDb::sqlite().await, &browser).await;
    let (_, ben) = person(&site, "ben@example.org").await;
    let (_, zoe) = person(&site, "zoe@example.org").await;
    let (_, kim) = person(&site, "kim@example.org").await;

    // Without a camera that reads, the button is not there; a typed code marks at once.
    browser.goto(&site.url(DOOR)).await;
    says(&browser, "[data-count=expected]", "4").await;
    assert_eq!(browser.count("[data-scan]:not([hidden])").await, 0);
    browser.fill("[name=q]", &format!("{}-{}", zoe[..4].to_lowercase(), &zoe[4..])).await;
    browser.press(ENTER).await;
    says(&browser, "[data-word]", "Zoé Exemple est là.").await;
    until("Zoé is there", async || attended(&site, "zoe@example.org").await == Some(1)).await;

    browser.tell("Page.addScriptToEvaluateOnNewDocument", json!({"source": CAMERA})).await;
    browser.goto(&site.url(DOOR)).await;
    until("there is a camera", async || browser.count("[data-scan]:not([hidden])").await == 1).await;
    browser.click("[data-scan]").await;
    until("it is open", async || browser.count("[data-camera]:not([hidden])").await == 1).await;
    browser.script(&format!("window.shown = {ben:?}")).await;
    says(&browser, "[data-word]", "Ben Exemple est là.").await;
    until("Ben is there", async || attended(&site, "ben@example.org").await == Some(1)).await;
    site.see(&browser, "door-camera").await;
    browser.script(&format!("window.shown = {kim:?}")).await;
    until("the code of another session is asked about", async || browser.url().await.query().is_some()).await;
    assert!(
        browser.text("[role=alert]").await.starts_with("Kim Exemple n’est pas inscrit·e à cette session")
    );
    site.see(&browser, "door-elsewhere").await;
    browser.close().await;
    site.end().await;
}

async fn without_scripts(size: Size, name: &str) {
    let Some(browser) = Browser::open(size, Scripts::Off, Scheme::Dark).await else { return };
    let site = site(TestDb::sqlite().await, &browser).await;
    browser.goto(&site.url("/fr/office/miso/door")).await;
    enter(&browser, ".doors a[href$='/atelier']").await;
    type_into(&browser, "[name=q]", "ben").await;
    browser.enter().await;
    assert_eq!(browser.count(".door-row").await, 1);
    enter(&browser, ".door-todo button").await;

    assert_eq!(browser.text(".door-said [role=status]").await, "Ben Exemple est là.");
    assert_eq!(attended(&site, "ben@example.org").await, Some(1));
    // The field has the focus for the next; the one before can be taken back.
    assert_eq!(browser.script("return document.activeElement.name").await, "q");
    site.see(&browser, &format!("door-keyboard-{name}")).await;
    site.pass(chrono::TimeDelta::seconds(1));
    browser.shift_tab().await;
    assert_eq!(browser.script("return document.activeElement.closest('.door-said') !== null").await, true);
    browser.enter().await;
    assert_eq!(attended(&site, "ben@example.org").await, None);
    browser.close().await;
    site.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_scripts_the_door_is_forms_and_the_keyboard_alone_is_enough() {
    without_scripts(Size::Desktop, "desktop").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_scripts_the_keyboard_alone_is_enough_on_a_phone() {
    without_scripts(Size::Phone, "phone").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_scripts_the_keyboard_alone_is_enough_on_a_phone() {
    let Some(browser) = Browser::open(Size::Phone, Scripts::On, Scheme::Light).await else { return };
    let site = site(TestDb::sqlite().await, &browser).await;
    browser.goto(&site.url(DOOR)).await;
    says(&browser, "[data-count=expected]", "4").await;
    type_into(&browser, "[name=q]", "ana").await;
    until("one is found", async || browser.count(".door-row:not([hidden])").await == 1).await;
    type_into(&browser, &format!("{} [data-todo] button[value='2']", row("ana")), ENTER).await;
    says(&browser, "[data-count=present]", "2").await;
    assert_eq!(attended(&site, "ana@example.org").await, Some(2));

    // What has just been pressed has gone; its counterpart is the next stop, not the top of the page.
    site.pass(chrono::TimeDelta::seconds(1));
    type_into(&browser, &format!("{} [data-done] button", row("ana")), ENTER).await;
    until("it is taken back", async || attended(&site, "ana@example.org").await.is_none()).await;
    site.see(&browser, "door-keyboard-scripts").await;
    browser.close().await;
    site.end().await;
}

async fn look(browser: &Browser, site: &Site, path: &str, name: &str) {
    for lang in ["fr", "en"] {
        for (scheme, word) in schemes() {
            browser.prefer(*scheme).await;
            browser.goto(&site.url(&format!("/{lang}/office/miso/door{path}"))).await;
            if name.starts_with("door-80") {
                says(browser, "[data-count=expected]", "80").await;
            }
            assert_eq!(browser.overflow().await, 0, "{path} is wider than the window");
            browser.screenshot(&format!("{name}-{lang}-{word}")).await;
        }
    }
}

async fn pages(size: Size, width: &str) {
    let Some(browser) = Browser::open(size, Scripts::On, Scheme::Light).await else { return };
    let site = Site::with(&[programme(100)]).await;
    site.until(9, 0);
    site.sign_in(&browser).await;
    look(&browser, &site, "/atelier", &format!("door-0-{width}")).await;
    for at in 0..80 {
        let name = ["Ana Exemple", "Éloïse Modèle-Longue de l’Exemple", "Ben Test", "Zoé Essai"][at % 4];
        site.register_as(&format!("{name} {at}"), &format!("p-{at}@example.org"), "1", "atelier").await;
    }
    site.register_as("Groupe Exemple", "groupe@example.org", "3", "forum").await;
    look(&browser, &site, "", &format!("door-list-{width}")).await;
    look(&browser, &site, "/forum", &format!("door-1-{width}")).await;
    let (_, one) = person(&site, "p-1@example.org").await;
    browser.goto(&site.url(&format!("{DOOR}?q={one}"))).await;
    browser.click(".door-todo button").await;
    look(&browser, &site, "/atelier", &format!("door-80-{width}")).await;
    look(&browser, &site, "/forum?q=ZZZZZZZZ", &format!("door-none-{width}")).await;
    browser.close().await;
    site.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_door_is_read_on_a_phone() {
    pages(Size::Phone, "390").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_door_is_read_on_a_desk() {
    pages(Size::Desktop, "1280").await;
}
