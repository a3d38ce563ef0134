//! The office by the keyboard alone, without scripts: importing, proposing, reviewing, publishing, moving, writing to
//! people; at a desk and on a telephone. Signing in and registering who telephones are in `desk.rs`, the door in
//! `attendance.rs`.

use std::{fs, time::Duration};

use chrono::{NaiveDate, NaiveTime};
use parvis::{
    identity::Role,
    locale::{Lang, text},
    mail::transport::Mailer,
};

use crate::{
    builders::{first_day, miso, on_day, session},
    driver::{Browser, Scheme, Scripts, Size},
    harness::TestDb,
    keys::{DOWN, enter, type_into, walk_through, walk_to},
    site::{Engine, Site, say},
};

const TABLE: &str = "titre;jour;début;fin;lieu;partenaire\n\
    Atelier des rues;21.04.2027;14h00;16h00;Maison des associations;Collectif\n\
    Une table ronde;22.04.2027;18h30;20h00;Maison des associations;Collectif\n";

/// Four sessions on four days.
async fn site(db: TestDb) -> Site {
    let draft = miso((0..4).map(|at| on_day(session(&format!("s-{at}"), 12), at)).collect());
    Site::on(db, &[draft], Mailer::memory()).await
}

async fn imports(engine: Engine, size: Size, name: &str) {
    let Some(db) = engine.database().await else { return };
    let Some(browser) = Browser::open(size, Scripts::Off, Scheme::Light).await else { return };
    let site = site(db).await;
    site.sign_in(&browser).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("programme.csv");
    fs::write(&file, TABLE).unwrap();
    browser.goto(&site.url("/fr/office/miso/sessions")).await;
    enter(&browser, ".desk-nav a[href$='/import']").await;
    walk_to(&browser, "#f-file").await;
    // What the system's own window would answer.
    browser.attach("#f-file", &file).await;
    enter(&browser, "main form button").await;
    browser.find("form.save button").await;
    site.see(&browser, &format!("keyboard-import-{name}")).await;
    enter(&browser, "form.save button").await;

    assert!(browser.text(".notice.good").await.contains('2'));
    browser.close().await;
    site.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_table_is_imported_by_keyboard_at_a_desk() {
    imports(Engine::Postgres, Size::Desktop, "desktop").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_table_is_imported_by_keyboard_on_a_phone() {
    imports(Engine::Sqlite, Size::Phone, "phone").await;
}

async fn proposes_reviews_and_publishes(engine: Engine, size: Size, name: &str) {
    let Some(db) = engine.database().await else { return };
    let Some(browser) = Browser::open(size, Scripts::Off, Scheme::Dark).await else { return };
    let site = site(db).await;
    site.sign_in_as(&browser, ("partenaire@example.org", "Dominique Exemple"), Role::Partner).await;
    browser.goto(&site.url("/fr/office/miso/proposals")).await;
    enter(&browser, ".top .button").await;
    type_into(&browser, "#f-title", "Un jardin commun").await;
    walk_to(&browser, "#f-date").await;
    browser.type_day(first_day() + chrono::TimeDelta::days(2)).await;
    walk_to(&browser, "#f-start").await;
    browser.type_time(NaiveTime::from_hms_opt(18, 30, 0).unwrap()).await;
    site.see(&browser, &format!("keyboard-propose-{name}")).await;
    enter(&browser, "button[value=send]").await;
    assert_eq!(browser.text(".top .pill").await, say(Lang::Fr, "proposal-state-sent"));
    site.see(&browser, &format!("keyboard-proposed-{name}")).await;

    site.sign_in(&browser).await;
    browser.goto(&site.url("/fr/office/miso/sessions")).await;
    enter(&browser, ".desk-nav a[href$='/proposals']").await;
    enter(&browser, "tbody th a").await;
    enter(&browser, "a[href$='/decision/accept']").await;
    type_into(&browser, "[name=subject]", " !").await;
    enter(&browser, "button[value=send]").await;
    assert_eq!(browser.text(".notice.good").await, say(Lang::Fr, "proposal-done-decided"));

    enter(&browser, ".desk-nav a[href$='/publish']").await;
    type_into(&browser, "[name=note]", "Une session de plus").await;
    enter(&browser, "main form.form p button").await;
    assert_eq!(browser.text("h1").await, "Publication 2");
    browser.goto(&site.url("/fr/miso/sessions/un-jardin-commun")).await;
    assert_eq!(browser.text("h1").await, "Un jardin commun");
    browser.close().await;
    site.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_is_proposed_reviewed_and_published_by_keyboard_at_a_desk() {
    proposes_reviews_and_publishes(Engine::Sqlite, Size::Desktop, "desktop").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_is_proposed_reviewed_and_published_by_keyboard_on_a_phone() {
    proposes_reviews_and_publishes(Engine::Postgres, Size::Phone, "phone").await;
}

async fn moves_and_writes(engine: Engine, size: Size, name: &str) {
    let Some(db) = engine.database().await else { return };
    let Some(browser) = Browser::open(size, Scripts::Off, Scheme::Light).await else { return };
    let site = site(db).await;
    site.register("ana@example.org", "s-0").await;
    site.sign_in(&browser).await;

    // To a day on which nothing else is.
    browser.goto(&site.url("/fr/office/miso/sessions")).await;
    enter(&browser, ".desk-nav a[href$='/weeks']").await;
    enter(&browser, ".draft-move[href*='/s-0/']").await;
    walk_to(&browser, "#f-date").await;
    browser.type_day(NaiveDate::from_ymd_opt(2027, 4, 29).unwrap()).await;
    site.see(&browser, &format!("keyboard-move-{name}")).await;
    enter(&browser, ".save button").await;
    enter(&browser, ".desk-nav a[href$='/publish']").await;
    assert!(browser.text("#changes").await.contains("29 avril"), "{}", browser.text("#changes").await);

    // To who is registered for the first one; nobody is in the others.
    enter(&browser, ".desk-nav a[href$='/mails']").await;
    enter(&browser, ".top a[href$='/messages']").await;
    enter(&browser, ".top a[href$='/new']").await;
    walk_to(&browser, "#f-about").await;
    let about = "return document.querySelector('#f-about').selectedOptions[0].textContent";
    for _ in 0..10 {
        if browser.script(about).await.as_str().unwrap().contains("Session s-0") {
            break;
        }
        browser.press(DOWN).await;
    }
    type_into(&browser, "#f-subject_fr", "Une note pour demain").await;
    type_into(&browser, "#f-text_fr", "Bonjour {name}, apportez de quoi écrire.").await;
    site.see(&browser, &format!("keyboard-message-{name}")).await;
    enter(&browser, ".save button").await;
    let about = browser.text("h1").await;
    assert!(about.contains("Session s-0"), "{about}");
    enter(&browser, "form[action$='/tests'] button").await;
    assert!(!browser.text(".notice[role=status]").await.is_empty());
    site.see(&browser, &format!("keyboard-tested-{name}")).await;
    enter(&browser, "form[action$='/sending'] button").await;
    let sent = text(Lang::Fr, "message-people", &[("n", 1.into())]);
    assert_eq!(browser.text("section[aria-labelledby=who] strong").await, sent);
    assert!(site.mail("ana@example.org", "Une note pour demain").await.text.contains("apportez"));
    browser.close().await;
    site.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_is_moved_and_people_are_written_to_by_keyboard_at_a_desk() {
    moves_and_writes(Engine::Postgres, Size::Desktop, "desktop").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_is_moved_and_people_are_written_to_by_keyboard_on_a_phone() {
    moves_and_writes(Engine::Sqlite, Size::Phone, "phone").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_area_of_the_office_is_in_sight_on_a_phone_when_it_has_the_focus() {
    let Some(browser) = Browser::open(Size::Phone, Scripts::Off, Scheme::Light).await else { return };
    let site = site(TestDb::sqlite().await).await;
    site.sign_in(&browser).await;
    browser.goto(&site.url("/fr/office/miso/sessions")).await;
    let row = "const row = document.querySelector('.desk-nav ul'); return row.scrollWidth - row.clientWidth";
    assert!(browser.script(row).await.as_i64().unwrap() > 390, "there is something to scroll");

    let areas = browser.count(".desk-nav li").await;
    for at in 1..=areas {
        let area = format!(".desk-nav li:nth-child({at}) a");
        walk_to(&browser, &area).await;
        whole(&browser, &area).await;
    }
    browser.screenshot("keyboard-areas-phone").await;
    for at in (1..areas).rev() {
        browser.shift_tab().await;
        let area = format!(".desk-nav li:nth-child({at}) a");
        assert_eq!(browser.script("return document.activeElement.matches('.desk-nav a')").await, true);
        whole(&browser, &area).await;
    }
    browser.close().await;
    site.end().await;
}

/// The whole element is in the window, and not only its middle.
async fn whole(browser: &Browser, selector: &str) {
    let whole = format!(
        "const box = document.querySelector({selector:?}).getBoundingClientRect();
        return box.left >= 0 && box.right <= innerWidth && box.top >= 0 && box.bottom <= innerHeight"
    );
    for _ in 0..50 {
        if browser.script(&whole).await == true {
            return;
        }
        // The window follows the focus with its next picture.
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("`{selector}` has the focus, out of sight");
}

/// Pages with something that stays in the window while one scrolls, or scrolls of itself; and the longest forms.
const LONG: [&str; 16] = [
    "/fr/miso",
    "/fr/miso/register?session=s-0&session=s-1",
    "/fr/office/miso/sessions",
    "/fr/office/miso/sessions/s-0",
    "/fr/office/miso/settings",
    "/fr/office/miso/weeks",
    "/fr/office/miso/people/new",
    "/fr/office/miso/registrations/s-0",
    "/fr/office/miso/mails/messages/new",
    "/fr/office/miso/door/s-0",
    "/fr/office/miso/figures",
    "/fr/office/miso/publish",
    "/fr/office/miso/mails/texts/confirmed",
    "/fr/office/miso/data",
    "/fr/office/miso/log",
    "/fr/office/users",
];

async fn nothing_is_hidden(size: Size) {
    let Some(browser) = Browser::open(size, Scripts::Off, Scheme::Light).await else { return };
    let sessions =
        |later: i64| (0..12).map(|at| on_day(session(&format!("s-{at}"), 12), at / 2 + later)).collect();
    let site = Site::with(&[miso(sessions(0))]).await;
    for at in 0..6 {
        site.register(&format!("p-{at}@example.org"), "s-0").await;
    }
    site.until(9, 30);
    site.sign_in(&browser).await;
    // There is something to publish, and something to take into the draft.
    site.save(&miso(sessions(1))).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("programme.csv");
    fs::write(&file, TABLE).unwrap();
    browser.goto(&site.url("/fr/office/miso/import")).await;
    browser.attach("#f-file", &file).await;
    browser.click("main form button").await;
    browser.find("form.save button").await;
    let import = browser.url().await.path().to_owned();
    let person = format!("/fr/office/miso/people/{}", site.person("p-0@example.org").await.unwrap());
    for path in LONG.into_iter().chain([&*import, &*person]) {
        browser.goto(&site.url(path)).await;
        let stops = walk_through(&browser).await;
        assert!(stops > 5, "{path} has {stops} stops");
    }
    browser.close().await;
    site.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_lies_over_what_has_the_focus_at_a_desk() {
    nothing_is_hidden(Size::Desktop).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_lies_over_what_has_the_focus_on_a_phone() {
    nothing_is_hidden(Size::Phone).await;
}
