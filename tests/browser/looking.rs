//! Pages of the office as they look with nothing in them, with one thing, and with eighty.
//!
//! The tests ask that everything fits. With `PARVIS_LOOK=1` they leave pictures, too: light and dark, in both languages,
//! on a phone, at a desk and on paper. Whoever changes a style sheet looks at `target/screenshots/look-*`.

use parvis::programme::{Capacity, Draft};

use crate::{
    builders::{first_day, miso, on_day, session},
    driver::{Browser, Scheme, Scripts, Size, wants_pictures},
    site::Site,
};

/// Each page of the programme that is looked at, and what its pictures are called. `{person}` is somebody of it.
const PAGES: [(&str, &str); 27] = [
    ("programme", "/../../miso"),
    ("public-session", "/../../miso/sessions/s-0"),
    ("register", "/../../miso/register?session=s-0"),
    ("changes", "/../../miso/changes"),
    ("start", "/.."),
    ("proposals", "/proposals"),
    ("publish", "/publish"),
    ("releases", "/releases/1"),
    ("sessions", "/sessions"),
    ("session", "/sessions/s-0"),
    ("time", "/sessions/s-0/time"),
    ("new-session", "/new/session"),
    ("themes", "/themes"),
    ("places", "/places"),
    ("weeks", "/weeks"),
    ("settings", "/settings"),
    ("registrations", "/registrations"),
    ("registered", "/registrations/s-0"),
    ("people", "/people"),
    ("new-person", "/people/new"),
    ("to-call", "/people/to-call"),
    ("person", "/people/{person}"),
    ("slip", "/people/{person}/slip"),
    ("figures", "/figures"),
    ("mails", "/mails"),
    ("data", "/data"),
    ("log", "/log"),
];
/// Those that people print.
const ON_PAPER: [(&str, &str); 4] = [
    ("weeks", "/weeks"),
    ("slip", "/people/{person}/slip"),
    ("door", "/door/s-0"),
    ("registered", "/registrations/s-0"),
];

fn programme(sessions: i64) -> Draft {
    let sessions = (0..sessions).map(|at| {
        let mut one = on_day(session(&format!("s-{at}"), 12), at / 4);
        one.session.title = match at % 3 {
            0 => format!(
                "Atelier {at} : habiter ensemble, se déplacer, prendre soin des autres et de soi-même"
            ),
            1 => format!("Table ronde {at}"),
            _ => format!("L’institutionnalisation anticonstitutionnelle {at}"),
        };
        if at % 7 == 6 {
            one.live.capacity = Capacity::Unlimited;
        }
        one
    });
    let mut draft = miso(sessions.collect());
    draft.programme.ends = first_day() + chrono::TimeDelta::days(25);
    draft
}

/// What does not fit: whatever is wider or higher than its box and cannot be scrolled there, a line each. What is meant
/// for those who hear it alone is as small as it can be, and a name in the bar may end in an ellipsis.
const TOO_LARGE: &str = "
    const lines = [];
    for (const one of document.querySelectorAll('body *')) {
        const style = getComputedStyle(one);
        if (!one.checkVisibility() || one.closest('.sr, .trap, thead:not(:has(a)), svg, iframe') || style.display === 'inline') continue;
        if (one.matches('input, select, textarea, option') || style.textOverflow === 'ellipsis') continue;
        const scrolls = kind => ['auto', 'scroll'].includes(kind);
        const wide = !scrolls(style.overflowX) && one.scrollWidth > one.clientWidth + 1;
        const high = !scrolls(style.overflowY) && style.overflowY !== 'visible' && one.scrollHeight > one.clientHeight + 1;
        if (one.clientWidth > 0 && (wide || high) && !one.closest('.skip')) {
            lines.push(`${one.scrollWidth} × ${one.scrollHeight} in ${one.clientWidth} × ${one.clientHeight}: ${one.outerHTML.slice(0, 140)}`);
        }
    }
    return lines";

async fn look(browser: &Browser, site: &Site, lang: &str, path: &str, name: &str) {
    browser.goto(&site.url(&format!("/{lang}/office/miso{path}"))).await;
    browser.screenshot(name).await;
    assert_eq!(browser.overflow().await, 0, "{name}: people must scroll sideways");
    let too_large = browser.script(TOO_LARGE).await;
    assert_eq!(too_large, serde_json::json!([]), "{name}: cut off, or over its edge");
}

/// With so many sessions, and so many people in the first of them.
async fn pages(count: usize, size: Size, width: &str) {
    let Some(browser) = Browser::open(size, Scripts::On, Scheme::Light).await else { return };
    let site = Site::with(&[programme(i64::try_from(count).unwrap())]).await;
    for at in 0..count {
        let name = ["Ana Exemple", "Éloïse Modèle-Longue de l’Exemple", "Ben Test", "Zoé Essai"][at % 4];
        let people = if at % 5 == 4 { "3" } else { "1" };
        site.register_as(&format!("{name} {at}"), &format!("p-{at}@example.org"), people, "s-0").await;
    }
    site.until(9, 0);
    site.sign_in(&browser).await;
    let person = site.person("p-0@example.org").await;
    let filled = |path: &str| match (&person, path.contains("{person}")) {
        (Some(person), _) => Some(path.replace("{person}", &person.to_string())),
        (None, true) => None,
        (None, false) => (!path.contains("/s-0")).then(|| path.to_owned()),
    };
    for (name, path) in PAGES {
        let Some(path) = filled(path) else { continue };
        look(&browser, &site, "fr", &path, &format!("look-{count}-{name}-{width}-fr-light")).await;
        if wants_pictures() {
            browser.prefer(Scheme::Dark).await;
            look(&browser, &site, "en", &path, &format!("look-{count}-{name}-{width}-en-dark")).await;
            browser.prefer(Scheme::Light).await;
        }
    }
    if matches!(size, Size::Desktop) && wants_pictures() {
        browser.print().await;
        for (name, path) in ON_PAPER {
            let Some(path) = filled(path) else { continue };
            look(&browser, &site, "fr", &path, &format!("look-{count}-{name}-paper")).await;
        }
    }
    browser.close().await;
    site.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_fits_on_a_phone_with_nothing_one_thing_and_eighty() {
    for count in [0, 1, 80] {
        pages(count, Size::Phone, "390").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_fits_at_a_desk_with_nothing_one_thing_and_eighty() {
    for count in [0, 1, 80] {
        pages(count, Size::Desktop, "1280").await;
    }
}
