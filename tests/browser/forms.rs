//! A long form outlives a connection that is lost and a session that ends; and is nobody else's.

use std::time::Duration;

use chrono::TimeDelta;
use parvis::{identity::Role, programme};

use crate::{
    attendance::{network, until},
    desk::{EMAIL, PASSWORD, site},
    driver::{Browser, Scheme, Scripts, Size},
    harness::TestDb,
    site::Site,
};

const NEW: &str = "/fr/office/miso/new/session";
const KEPT: &str = "[data-kept]:not([hidden])";

async fn value(browser: &Browser, field: &str) -> String {
    browser.find(&format!("[name='{field}']")).await;
    let script = format!("return document.querySelector(\"[name='{field}']\").value");
    browser.script(&script).await.as_str().unwrap().to_owned()
}

async fn kept(browser: &Browser) -> i64 {
    let script = "return Object.keys(sessionStorage).filter(key => key.startsWith('parvis:form')).length";
    browser.script(script).await.as_i64().unwrap()
}

async fn titles(site: &Site) -> Vec<String> {
    let mut db = site.house().pool.acquire().await.unwrap();
    let (_, draft) = programme::store::load(&mut db, "miso").await.unwrap().unwrap();
    draft.sessions.into_iter().map(|one| one.session.title).collect()
}

/// Sends the form without waiting for a page: where the network is cut, there is none of ours.
async fn save(browser: &Browser) {
    browser.script("setTimeout(() => document.querySelector('.save button').click())").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_form_is_given_back_when_the_server_was_not_there() {
    let Some(browser) = Browser::open(Size::Phone, Scripts::On, Scheme::Light).await else { return };
    let site = site(TestDb::sqlite().await).await;
    site.sign_in(&browser).await;
    browser.goto(&site.url(NEW)).await;
    browser.fill("[name=title]", "Un atelier d’écriture").await;
    browser.script("document.querySelector('[name=date]').value = '2027-04-21'").await;
    browser.fill("[name=abstract]", "Trois lignes.").await;
    network(&browser, true).await;
    save(&browser).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    network(&browser, false).await;

    browser.goto(&site.url(NEW)).await;
    browser.find(KEPT).await;
    assert_eq!(value(&browser, "title").await, "Un atelier d’écriture");
    assert_eq!(value(&browser, "date").await, "2027-04-21");
    browser.screenshot("form-kept").await;
    assert_eq!(browser.overflow().await, 0);

    // Given up, it is as the server shows it, and stays so.
    browser.click("[data-kept-discard]").await;
    assert_eq!(value(&browser, "title").await, "");
    browser.goto(&site.url(NEW)).await;
    assert_eq!((browser.count(KEPT).await, value(&browser, "title").await.as_str()), (0, ""));

    // Saved, it is forgotten; what the server refuses is on the page already.
    browser.fill("[name=title]", "Un forum").await;
    save(&browser).await;
    browser.find(".mistakes").await;
    assert_eq!((browser.count(KEPT).await, value(&browser, "title").await.as_str()), (0, "Un forum"));
    browser.script("document.querySelector('[name=date]').value = '2027-04-21'").await;
    browser.fill("[name=abstract]", "Deux lignes.").await;
    browser.script("document.querySelector('[name=start]').value = '18:30'").await;
    save(&browser).await;
    browser.find(".notice.good").await;
    assert_eq!(kept(&browser).await, 0);
    assert_eq!(titles(&site).await, ["Session atelier", "Session petite", "Un forum"]);
    browser.goto(&site.url(NEW)).await;
    assert_eq!((browser.count(KEPT).await, value(&browser, "title").await.as_str()), (0, ""));
    browser.close().await;
    site.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_form_is_given_back_to_who_signs_in_again_and_to_nobody_else() {
    let Some(browser) = Browser::open(Size::Desktop, Scripts::On, Scheme::Dark).await else { return };
    let site = site(TestDb::sqlite().await).await;
    site.sign_in(&browser).await;
    let page = "/fr/office/miso/sessions/atelier";
    browser.goto(&site.url(page)).await;
    browser.fill("[name=title]", "Atelier du soir").await;
    browser.fill("[name=abstract]", "Une longue accroche.").await;
    // Longer than a session may be idle.
    site.pass(TimeDelta::days(2));
    browser.click(".save button").await;

    browser.find("[data-kept-out]:not([hidden])").await;
    browser.screenshot("form-signed-out").await;
    browser.fill("[name=email]", EMAIL).await;
    browser.fill("[name=password]", PASSWORD).await;
    browser.click("main form button").await;
    browser.find(KEPT).await;
    assert_eq!(value(&browser, "title").await, "Atelier du soir");
    assert_eq!(value(&browser, "abstract").await, "Une longue accroche.");
    browser.screenshot("form-given-back").await;
    browser.click(".save button").await;
    browser.find(".notice.good").await;
    assert_eq!(titles(&site).await, ["Atelier du soir", "Session petite"]);
    assert_eq!(kept(&browser).await, 0);

    // Somebody else in the same tab finds nothing of it, nor does who signs in after somebody has signed out.
    browser.fill("[name=title]", "À moi seule").await;
    assert_eq!(kept(&browser).await, 1);
    site.sign_in_as(&browser, ("lou@example.org", "Lou Exemple"), Role::Editor).await;
    browser.goto(&site.url(page)).await;
    assert_eq!((kept(&browser).await, browser.count(KEPT).await), (0, 0));
    assert_eq!(value(&browser, "title").await, "Atelier du soir");
    browser.fill("[name=title]", "À Lou").await;
    assert_eq!(kept(&browser).await, 1);
    browser.click(".desk-who summary").await;
    browser.click("form[action$='/sign-out'] button").await;
    browser.find("[name=password]").await;
    assert_eq!(kept(&browser).await, 0);
    browser.close().await;
    site.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_signs_out_in_one_tab_leaves_nothing_of_the_forms_in_the_others() {
    let Some(browser) = Browser::open(Size::Desktop, Scripts::On, Scheme::Light).await else { return };
    let site = site(TestDb::sqlite().await).await;
    site.sign_in(&browser).await;
    // Three tabs: a form that stays open, one that was left for a page without our script, and the one that signs out.
    let open = browser.tab_of_now().await;
    browser.goto(&site.url(NEW)).await;
    browser.fill("[name=title]", "Une phrase à moi").await;
    assert_eq!(kept(&browser).await, 1);
    let left = browser.another_tab().await;
    browser.goto(&site.url(NEW)).await;
    browser.fill("[name=title]", "Une autre phrase").await;
    browser.goto(&site.url("/fr/miso")).await;
    assert_eq!(kept(&browser).await, 1);
    browser.another_tab().await;
    browser.goto(&site.url("/fr/office")).await;
    browser.click(".desk-who summary").await;
    browser.click("form[action$='/sign-out'] button").await;
    browser.find("[name=password]").await;

    // The form says so, and keeps nothing more of what is written there.
    browser.to_tab(&open).await;
    until("it is forgotten in the open form", async || kept(&browser).await == 0).await;
    assert_eq!(browser.count("[data-kept-elsewhere]:not([hidden])").await, 1);
    browser.screenshot("form-signed-out-elsewhere").await;
    assert_eq!(browser.overflow().await, 0);
    browser.fill("[name=title]", "Encore un mot").await;
    assert_eq!(kept(&browser).await, 0);
    // Whoever comes next in the tab that was elsewhere, the same person too, finds an empty form.
    browser.to_tab(&left).await;
    site.sign_in(&browser).await;
    browser.goto(&site.url(NEW)).await;
    assert_eq!((kept(&browser).await, browser.count(KEPT).await), (0, 0));
    assert_eq!(value(&browser, "title").await, "");
    // And what they write is kept again. A browser that does not hear `Clear-Site-Data` has the moment alone.
    browser.fill("[name=title]", "Après").await;
    assert_eq!(kept(&browser).await, 1);
    browser.goto(&site.url("/fr/miso")).await;
    browser.script("localStorage.setItem('parvis:signed-out', Date.now())").await;
    browser.goto(&site.url(NEW)).await;
    assert_eq!((kept(&browser).await, value(&browser, "title").await.as_str()), (0, ""));
    browser.close().await;
    site.end().await;
}
