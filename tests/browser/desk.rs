//! What the team does each day, by the keyboard alone: signing in with both steps, registering who telephones.

use parvis::{
    identity::{password::Hasher, people, totp},
    mail::transport::Mailer,
    programme::Draft,
};

use crate::{
    builders::{miso, on_day, session},
    driver::{Browser, Scheme, Scripts, Size},
    harness::TestDb,
    keys::{enter, type_into},
    site::{Engine, Site},
};

pub const EMAIL: &str = "camille@example.org";
pub const PASSWORD: &str = "la place du village en avril";

fn programme() -> Draft {
    miso(vec![session("atelier", 3), on_day(session("petite", 1), 1)])
}

/// A site whose owner has a password.
pub async fn site(db: TestDb) -> Site {
    let site = Site::on(db, &[programme()], Mailer::memory()).await;
    let (owner, now) = (site.owner().await, site.now());
    let hash = Hasher::default().hash(PASSWORD, &[7; 16]).await.unwrap();
    let mut tx = site.house().pool.begin().await.unwrap();
    people::set_password(&mut tx, site.house(), owner, &hash, None, now).await.unwrap();
    tx.commit().await.unwrap();
    site
}

/// Walks from field to field and types, then to the button that sends the form.
async fn send(browser: &Browser, fields: &[(&str, &str)], button: &str) {
    for (field, keys) in fields {
        type_into(browser, field, keys).await;
    }
    enter(browser, button).await;
}

async fn signs_in(engine: Engine, size: Size, scheme: Scheme, name: &str) {
    let Some(db) = engine.database().await else { return };
    let Some(browser) = Browser::open(size, Scripts::Off, scheme).await else { return };
    let site = site(db).await;
    browser.goto(&site.url("/fr/office/account/second-step")).await;
    let sign_in = [("[name=email]", EMAIL), ("[name=password]", PASSWORD)];
    send(&browser, &sign_in, "main form button").await;

    // Where one wanted to go; the second step is set up there.
    browser.find("form[action$='/second-step'] button").await;
    enter(&browser, "main form[action$='/second-step'] button").await;
    let secret = browser.text("code.secret").await.replace(' ', "");
    site.see(&browser, &format!("sign-in-1-secret-{name}")).await;
    let code = totp::code(&secret, site.now()).unwrap();
    send(&browser, &[("[name=code]", code.as_str())], "form[action$='/confirmation'] button").await;
    browser.find(".codes code").await;
    enter(&browser, ".desk-who summary").await;
    enter(&browser, "form[action$='/sign-out'] button").await;

    site.pass(chrono::TimeDelta::minutes(2));
    browser.find("[name=password]").await;
    send(&browser, &[("[name=email]", EMAIL), ("[name=password]", "rien de tel")], "main form button").await;
    browser.find(".mistakes").await;
    send(&browser, &[("[name=password]", PASSWORD)], "main form button").await;
    browser.find("[name=code]").await;
    site.see(&browser, &format!("sign-in-2-code-{name}")).await;
    let code = totp::code(&secret, site.now()).unwrap();
    send(&browser, &[("[name=code]", code.as_str())], "main form button").await;
    browser.find(".desk-who form").await;
    assert!(browser.url().await.path().ends_with("/fr/office"), "{}", browser.url().await);
    assert!(browser.text(".desk-who").await.contains("Camille"));
    site.see(&browser, &format!("sign-in-3-in-{name}")).await;
    browser.close().await;
    site.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_signs_in_with_both_steps_on_a_phone() {
    signs_in(Engine::Sqlite, Size::Phone, Scheme::Light, "phone").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_signs_in_with_both_steps_at_a_desk() {
    signs_in(Engine::Postgres, Size::Desktop, Scheme::Dark, "desktop").await;
}

async fn registers_who_telephones(engine: Engine, size: Size, scheme: Scheme, name: &str) {
    let Some(db) = engine.database().await else { return };
    let Some(browser) = Browser::open(size, Scripts::Off, scheme).await else { return };
    let site = site(db).await;
    site.register("bea@example.org", "petite").await;
    site.sign_in(&browser).await;
    browser.goto(&site.url("/fr/office/miso/registrations")).await;
    enter(&browser, "a[href$='/people/new']").await;
    browser.find("[name=phone]").await;
    let fields = [
        ("[name=name]", "Rosa Sans-Courriel"),
        ("[name=phone]", "022 123 45 67"),
        ("[value=atelier]", " "),
        ("[value=petite]", " "),
    ];
    send(&browser, &fields, ".save button").await;

    // What is full is said first.
    browser.find("[role=alert] button").await;
    site.see(&browser, &format!("telephone-1-full-{name}")).await;
    browser.tab().await;
    assert_eq!(browser.script("return document.activeElement.closest('[role=alert]') !== null").await, true);
    browser.enter().await;
    browser.find("a[href$='/slip']").await;
    site.see(&browser, &format!("telephone-2-person-{name}")).await;
    enter(&browser, "a[href$='/slip']").await;

    assert_eq!(browser.text(".slip h1").await, "Rosa Sans-Courriel");
    let code = browser.text(".slip-code strong").await;
    assert_eq!((code.len(), browser.count(".slip-lines li").await), (9, 2), "{code}");
    site.see(&browser, &format!("telephone-3-slip-{name}")).await;
    // What comes out of the printer is the slip, and nothing around it.
    browser.print().await;
    let around = "return [...document.querySelectorAll('.desk, .foot, .crumbs, .no-print')].filter(one => one.checkVisibility()).length";
    assert_eq!(browser.script(around).await, 0);
    site.see(&browser, &format!("telephone-4-paper-{name}")).await;
    browser.prefer(scheme).await;
    // By which the door finds her.
    site.until(9, 30);
    site.sign_in(&browser).await;
    browser.goto(&site.url(&format!("/fr/office/miso/door/atelier?q={code}"))).await;
    assert_eq!(browser.text(".door-row strong").await, "Rosa Sans-Courriel");
    browser.close().await;
    site.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_telephones_is_registered_at_a_desk_and_gets_a_slip() {
    registers_who_telephones(Engine::Sqlite, Size::Desktop, Scheme::Light, "desktop").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_telephones_is_registered_on_a_phone_and_gets_a_slip() {
    registers_who_telephones(Engine::Postgres, Size::Phone, Scheme::Dark, "phone").await;
}
