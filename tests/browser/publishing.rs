//! Publishing from the office, as one sees it: nothing, one and eighty differences, on a phone and on a desk, light and
//! dark, in French and in English.

use chrono::TimeDelta;
use parvis::programme::{Capacity, Draft, Status};

use crate::{
    builders::{first_day, miso, on_day, session},
    driver::{Browser, Scheme, Scripts, Size, schemes},
    site::Site,
};

/// A month of eighty sessions, some of which are spoilt.
fn month(number: i64) -> Draft {
    let sessions = (0..80).map(|at| {
        let mut one = on_day(session(&format!("s-{at}"), 12), at / 4);
        one.session.title = format!("Atelier {at} : habiter, se déplacer, prendre soin");
        one.session.theme = None;
        one.session.hosts.clear();
        one.session.end = one.session.end.map(|end| end + TimeDelta::minutes(at % 3 * 30));
        one
    });
    let mut draft = miso(sessions.take(usize::try_from(number).unwrap()).collect());
    draft.programme.ends = first_day() + TimeDelta::days(25);
    draft
}

/// The same, with something else in each session.
fn changed(mut draft: Draft, how_many: usize) -> Draft {
    for (at, one) in draft.sessions.iter_mut().enumerate().take(how_many) {
        match at % 5 {
            0 => *one = on_day(one.clone(), 1),
            1 => one.session.status = Status::Cancelled,
            2 => one.session.title.push_str(" (complet)"),
            3 => (one.session.place, one.live.capacity) = (None, Capacity::Seats(1)),
            _ => one.session.status = Status::Withdrawn,
        }
    }
    draft
}

async fn look(browser: &Browser, site: &Site, path: &str, name: &str) {
    for lang in ["fr", "en"] {
        for (scheme, word) in schemes() {
            browser.prefer(*scheme).await;
            browser.goto(&site.url(&format!("/{lang}/office/{path}"))).await;
            assert_eq!(browser.overflow().await, 0, "{path} is wider than the window");
            browser.screenshot(&format!("publish-{name}-{lang}-{word}")).await;
        }
    }
}

async fn pages(size: Size, name: &str) {
    let Some(browser) = Browser::open(size, Scripts::Off, Scheme::Light).await else { return };
    let site = Site::with(&[month(80)]).await;
    site.sign_in(&browser).await;
    for at in [0, 1, 2, 3, 5] {
        site.register("ana@example.org", &format!("s-{at}")).await;
        site.register("ben@example.org", &format!("s-{at}")).await;
    }

    look(&browser, &site, "miso/publish", &format!("0-{name}")).await;
    site.save(&changed(month(80), 1)).await;
    look(&browser, &site, "miso/publish", &format!("1-{name}")).await;
    look(&browser, &site, "miso/publish/mails/s-0/changed", &format!("mail-{name}")).await;
    site.save(&changed(month(80), 80)).await;
    look(&browser, &site, "miso/publish", &format!("80-{name}")).await;

    browser.goto(&site.url("/fr/office/miso/publish")).await;
    browser.fill("textarea[name=note]", "Un mois de mai plus court que prévu").await;
    browser.click("main form.form p button").await;
    assert_eq!(browser.text("h1").await, "Publication 2");
    look(&browser, &site, "miso/releases/2?done=published", &format!("done-{name}")).await;
    look(&browser, &site, "miso/releases/1", &format!("again-{name}")).await;
    look(&browser, &site, "miso/releases", &format!("releases-{name}")).await;
    look(&browser, &site, "miso/log", &format!("log-{name}")).await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn publishing_is_read_and_done_on_a_desk() {
    pages(Size::Desktop, "1280").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn publishing_is_read_and_done_on_a_phone() {
    pages(Size::Phone, "390").await;
}
