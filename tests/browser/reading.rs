//! Looking for a session, reading about it, the press; on the smallest of phones nothing is cut off.

use crate::{
    builders::seed,
    driver::{Browser, Scheme, Scripts, Size},
    site::{Site, say},
};
use parvis::{locale::Lang, programme::Draft};

/// The demo's programme, with something to tell on the change page.
fn editions() -> [Draft; 2] {
    let mut second = seed();
    let first = &mut second.sessions[0].session;
    first.start = first.start.map(|start| start + chrono::TimeDelta::minutes(15));
    [seed(), second]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visitor_looks_for_a_session_and_a_journalist_for_figures() {
    let Some(browser) = Browser::open(Size::Desktop, Scripts::On, Scheme::Light).await else { return };
    let site = Site::with(&editions()).await;
    browser.goto(&site.url("/fr/miso")).await;
    let all = browser.count("li.session").await;
    // One row: the filters stay in reach while one scrolls.
    let rows = "return new Set([...document.querySelectorAll('.filters form > *')].map(e => Math.round(e.getBoundingClientRect().bottom))).size";
    assert_eq!(browser.script(rows).await, 1);
    site.see(&browser, "read-1-programme").await;

    browser.fill("[name=q]", "quartier").await;
    browser.choose("[name=theme]", "lab").await;
    browser.click(".filters button").await;
    let found = browser.count("li.session").await;
    assert!(found > 0 && found < all, "{found} of {all}");
    site.see(&browser, "read-2-found").await;

    browser.click(".filters summary").await;
    browser.choose("[name=language]", "en").await;
    browser.fill("[name=q]", "zzz").await;
    browser.click(".filters button").await;
    assert_eq!(browser.text(".empty h2").await, say(Lang::Fr, "filter-none-title"));
    site.see(&browser, "read-3-none").await;
    browser.click(".empty a").await;
    assert_eq!(browser.count("li.session").await, all);

    browser.click(".masthead a[href$='/press']").await;
    assert_eq!(browser.text("h1").await, say(Lang::Fr, "press-title"));
    site.see(&browser, "read-4-press").await;
    browser.click(".list h3 a").await;
    site.see(&browser, "read-5-release").await;
    browser.click(".masthead .lang a").await;
    assert_eq!(browser.script("return document.documentElement.lang").await, "en");
    browser.close().await;
    site.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_wider_than_a_small_phone() {
    let Some(browser) = Browser::open(Size::Narrow, Scripts::Off, Scheme::Dark).await else { return };
    let site = Site::with(&editions()).await;
    let pages = [
        ("home", "/fr/"),
        ("programme", "/fr/miso"),
        ("filtered", "/en/miso?q=atelier&access=step-free"),
        ("theme", "/fr/miso/themes/pouvoir-agir"),
        ("session", "/en/miso/sessions/open-data-for-neighbourhoods"),
        ("hackathon", "/fr/miso/sessions/hackathon-du-social"),
        ("organisation", "/fr/miso/organisations/bibliotheques"),
        ("changes", "/en/miso/changes"),
        ("press", "/fr/miso/press"),
        ("form", "/fr/miso/register?session=ouverture-du-mois&session=prospective-prendre-demain-au-serieux"),
        ("privacy", "/fr/privacy"),
    ];
    for (name, path) in pages {
        browser.goto(&site.url(path)).await;
        site.see(&browser, &format!("narrow-{name}")).await;
    }
    browser.close().await;
    site.end().await;
}
