//! Pages of the office as they look with nothing in them, with one thing, and with eighty.
//!
//! The tests ask that everything fits. With `PARVIS_LOOK=1` they leave pictures, too: light and dark, in both languages,
//! on a phone, at a desk and on paper. Whoever changes a style sheet looks at `target/screenshots/look-*`.

use parvis::programme::{Capacity, Draft, Organisation, Place, PressRelease, Theme};

use crate::{
    builders::{first_day, miso, on_day, session},
    driver::{Browser, Scheme, Scripts, Size, wants_pictures},
    site::Site,
};

/// Each page of the programme that is looked at, and what its pictures are called. `{person}` is somebody of it.
const PAGES: [(&str, &str); 36] = [
    ("programme", "/../../miso"),
    ("public-session", "/../../miso/sessions/s-0"),
    ("register", "/../../miso/register?session=s-0"),
    ("changes", "/../../miso/changes"),
    ("press-room", "/../../miso/press"),
    ("call", "/../../miso/call"),
    ("start", "/.."),
    ("proposals", "/proposals"),
    ("publish", "/publish"),
    ("releases", "/releases/1"),
    ("sessions", "/sessions"),
    ("session", "/sessions/s-0"),
    ("time", "/sessions/s-0/time"),
    ("new-session", "/new/session"),
    ("themes", "/themes"),
    ("themes-found", "/themes?q=quartier&sort=-sessions"),
    ("theme", "/themes/lab"),
    ("places", "/places"),
    ("places-last", "/places?sort=-name&page=99"),
    ("organisations", "/organisations"),
    ("organisation", "/organisations/collectif"),
    ("press", "/press"),
    ("press-none", "/press?q=zzz"),
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
/// What is not there where there is nothing.
const PARTS: [&str; 3] = ["/s-0", "/lab", "/collectif"];
/// Those that people print.
const ON_PAPER: [(&str, &str); 4] = [
    ("weeks", "/weeks"),
    ("slip", "/people/{person}/slip"),
    ("door", "/door/s-0"),
    ("registered", "/registrations/s-0"),
];

fn programme(number: usize) -> Draft {
    let sessions = (0..i64::try_from(number).unwrap()).map(|at| {
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
    draft.programme.call.opens = Some("2027-02-01T09:00:00".parse().unwrap());
    draft.programme.call.text = "Nous cherchons **des ateliers** pour tous les âges.".to_owned();
    surround(&mut draft, number);
    draft
}

/// So many themes, places and organisations; and a press release for each, every other one without its translation.
fn surround(draft: &mut Draft, number: usize) {
    let (themes, places, organisations) = (&mut draft.themes, &mut draft.places, &mut draft.organisations);
    let (theme, place, organisation) = (themes.remove(0), places.remove(0), organisations.remove(0));
    for at in 0..number {
        let of = |first: &str, name: &str| match at {
            0 => (first.to_owned(), name.to_owned()),
            _ => (
                format!("{first}-{at}"),
                format!("{name} {at}, au coin de la rue des Institutions-Communales"),
            ),
        };
        let (slug, title) = of(&theme.slug, "Quartier");
        let colour = ["#0b6e4f", "#f2c94c", "#7b2d8b"][at % 3].to_owned();
        let starts = theme.starts.filter(|_| at % 4 != 3);
        let ends = theme.ends.filter(|_| at % 4 != 3);
        themes.push(Theme { slug, title, colour, starts, ends, ..theme.clone() });
        let (slug, name) = of(&place.slug, "Maison de quartier");
        let address = if at % 3 == 2 { String::new() } else { place.address.clone() };
        places.push(Place { slug, name, address, ..place.clone() });
        let (slug, name) = of(&organisation.slug, "Collectif");
        organisations.push(Organisation { slug, name, ..organisation.clone() });
        let days = i64::try_from(at).unwrap();
        let french = PressRelease {
            slug: format!("annonce-{at}"),
            title: format!("Un mois pour essayer ce que la ville pourrait être {at}"),
            place: "Genève".to_owned(),
            date: first_day() - chrono::TimeDelta::days(days + 1),
            language: "fr".to_owned(),
            body: "## Pourquoi\n\nUn mois.".to_owned(),
        };
        if at % 2 == 0 {
            let (title, language) = (format!("A month to try things out {at}"), "en".to_owned());
            draft.press.push(PressRelease { title, language, ..french.clone() });
        }
        draft.press.push(french);
    }
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
    fits(browser, name).await;
}

/// The page that is open.
async fn fits(browser: &Browser, name: &str) {
    browser.screenshot(name).await;
    assert_eq!(browser.overflow().await, 0, "{name}: people must scroll sideways");
    let too_large = browser.script(TOO_LARGE).await;
    assert_eq!(too_large, serde_json::json!([]), "{name}: cut off, or over its edge");
}

/// With so many sessions, and so many people in the first of them.
async fn pages(count: usize, size: Size, width: &str) {
    let Some(browser) = Browser::open(size, Scripts::On, Scheme::Light).await else { return };
    let site = Site::with(&[programme(count)]).await;
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
        (None, false) => (!PARTS.iter().any(|part| path.contains(part))).then(|| path.to_owned()),
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

/// What is seen only at its moment, in that order: words that were not saved, what somebody else has changed meanwhile, what
/// is to be published then, and what the log says of it.
async fn moments(size: Size, width: &str) {
    let Some(browser) = Browser::open(size, Scripts::On, Scheme::Light).await else { return };
    let draft = programme(1);
    let site = Site::with(std::slice::from_ref(&draft)).await;
    for at in 0..3 {
        site.register(&format!("p-{at}@example.org"), "s-0").await;
    }
    site.sign_in(&browser).await;
    for (lang, scheme) in [("fr", Scheme::Light), ("en", Scheme::Dark)] {
        browser.prefer(scheme).await;
        let see = async |what: &str| fits(&browser, &format!("look-moment-{what}-{width}-{lang}")).await;
        let form = site.url(&format!("/{lang}/office/miso/sessions/s-0"));
        browser.goto(&form).await;
        browser.fill("[name=title]", &format!("Atelier : habiter ensemble ({lang})")).await;
        browser.fill("[name=abstract]", "Trois lignes.\nQui ne sont pas encore\nenregistrées.").await;
        browser.goto(&form).await;
        browser.find("[data-kept]:not([hidden])").await;
        see("kept").await;

        let mut other = draft.clone();
        let session = &mut other.sessions[0].session;
        session.title = format!("Habiter autrement ({lang})");
        session.start = session.start.map(|start| start + chrono::TimeDelta::hours(2));
        session.end = session.end.map(|end| end + chrono::TimeDelta::hours(2));
        site.save(&other).await;
        browser.click(".save button").await;
        browser.find(".notice.warn[role=alert]").await;
        see("crossed").await;

        browser.click(".save button").await;
        browser.find(".notice.good").await;
        see("saved").await;
        browser.fill("[name=date]", "").await;
        browser.click(".save button").await;
        browser.find(".mistakes").await;
        see("mistakes").await;
        look(&browser, &site, lang, "/publish", &format!("look-moment-publish-{width}-{lang}")).await;
        look(&browser, &site, lang, "/log", &format!("look-moment-log-{width}-{lang}")).await;
    }
    browser.close().await;
    site.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_kept_and_what_crossed_fits_on_a_phone() {
    moments(Size::Phone, "390").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_kept_and_what_crossed_fits_at_a_desk() {
    moments(Size::Desktop, "1280").await;
}
