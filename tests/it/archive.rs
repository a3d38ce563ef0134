//! The archive of a programme: files that lead to each other, and to nothing that needs a server.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Cursor, Read as _},
};

use parvis::{
    programme::{Access, PressRelease, Status},
    view::View,
    web::archive,
};
use scraper::{Html, Selector};

use crate::{
    builders::{miso, on_day, seed, session},
    harness::{App, BASE_URL},
};

type Files = BTreeMap<String, Vec<u8>>;

async fn archived(app: &App) -> Files {
    let published = app.house().publications.current("miso").unwrap();
    let mut files = Files::new();
    let keep = |file: archive::File| {
        assert_eq!(files.insert(file.path.clone(), file.bytes), None, "{}: twice", file.path);
        Ok(())
    };
    let count = archive::write(app.house(), &View::new().unwrap(), BASE_URL, &published, keep).await.unwrap();
    assert_eq!(count, files.len());
    files
}

/// The file that a link of that page leads to; `None` for what is not ours.
fn target(page: &str, link: &str) -> Option<(String, String)> {
    let (path, fragment) = link.split_once('#').unwrap_or((link, ""));
    if path.contains(':') || path.starts_with("//") {
        return None;
    }
    if path.is_empty() {
        return Some((page.to_owned(), fragment.to_owned()));
    }
    assert!(!path.starts_with('/') && !path.contains('?'), "{page}: {link}");
    let mut parts: Vec<_> = page.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            ".." => drop(parts.pop().expect("no link leaves the folder")),
            part => parts.push(part),
        }
    }
    Some((parts.join("/"), fragment.to_owned()))
}

/// Every link leads to a file of the archive, and every fragment to something on it.
fn look_at(files: &Files) {
    let selector = |text: &str| Selector::parse(text).unwrap();
    let pages: BTreeMap<_, _> = files
        .iter()
        .filter(|(path, _)| path.ends_with(".html"))
        .map(|(path, bytes)| (path, Html::parse_document(std::str::from_utf8(bytes).unwrap())))
        .collect();
    let ids: BTreeMap<_, BTreeSet<_>> = pages
        .iter()
        .map(|(path, page)| {
            let named = selector("[id]");
            let found = page.select(&named).filter_map(|element| element.attr("id")).map(str::to_owned);
            (path.as_str(), found.collect())
        })
        .collect();
    for (path, page) in &pages {
        for refused in ["form", "input", "button", "script:not([type])", "iframe"] {
            assert!(page.select(&selector(refused)).next().is_none(), "{path}: <{refused}>");
        }
        for element in page.select(&selector("[href], [src]")) {
            let link = element.attr("href").or_else(|| element.attr("src")).unwrap();
            assert!(!link.starts_with(BASE_URL) && !link.starts_with("webcal:"), "{path}: {link}");
            let Some((file, fragment)) = target(path, link) else { continue };
            assert!(files.contains_key(&file), "{path}: {link} leads to {file}, which is not there");
            if !fragment.is_empty() {
                assert!(ids[file.as_str()].contains(&fragment), "{path}: {link}: no #{fragment} on {file}");
            }
        }
    }
}

on_both_engines! {
    async fn every_link_of_the_archive_of_the_seed_leads_to_a_file_of_it(app: App) {
        let draft = seed();
        let sessions = draft.sessions.len();
        assert!(sessions > 90, "{sessions}");
        app.publish(&draft).await;

        let files = archived(&app).await;

        look_at(&files);
        for lang in ["fr", "en"] {
            let pages = files.keys().filter(|path| {
                path.starts_with(&format!("{lang}/miso/sessions/")) && path.ends_with("index.html")
            });
            assert_eq!(pages.count(), sessions);
            for file in [
                "index.html", "changes/index.html", "changes.atom", "press/index.html", "press.atom", "calendar.ics",
                "colours.css", "schedule.xml", "schedule.json", "sessions.csv",
            ] {
                assert!(files.contains_key(&format!("{lang}/miso/{file}")), "{lang}: {file}");
            }
        }
        assert!(files.contains_key("index.html") && files.keys().any(|path| path.starts_with("static/parvis.")));
    }

    async fn an_archive_has_no_way_to_register_and_no_join_address(app: App) {
        let mut online = session("en-ligne", 5);
        online.session.online = true;
        online.live.join_url = Some("https://meet.example.org/secret".to_owned());
        let mut cancelled = on_day(session("annulee", 5), 1);
        cancelled.session.status = Status::Cancelled;
        let mut draft = miso(vec![online, cancelled, on_day(session("retiree", 5), 2)]);
        app.publish(&draft).await;
        app.register("ana@example.org", &["en-ligne"]).await;
        draft.sessions[2].session.status = Status::Withdrawn;
        app.publish(&draft).await;
        let live = app.get("/fr/miso").await.body;
        assert!(live.contains("<form") && live.contains("/fr/link"), "they are there");

        let files = archived(&app).await;

        look_at(&files);
        for (path, bytes) in &files {
            let text = String::from_utf8_lossy(bytes);
            for refused in ["meet.example.org", "ana@example.org", "Ana Exemple", "/register", "/fr/link", "/agenda/"] {
                assert!(!text.contains(refused), "{path}: {refused}");
            }
        }
        assert!(files.contains_key("fr/miso/sessions/annulee/index.html"));
        assert!(!files.contains_key("fr/miso/sessions/retiree/index.html"), "it has no page");
        assert!(files.contains_key("fr/miso/sessions/retiree/calendar.ics"), "calendars learn it");
    }

    async fn hostile_slugs_and_texts_leave_neither_the_folder_nor_their_place(app: App) {
        let mut draft = miso(vec![session("ouverture", 5)]);
        let hostile = "\"><script>alert(1)</script> href=\"/etc/passwd\" {{ 7*7 }}";
        let one = &mut draft.sessions[0].session;
        one.title = hostile.to_owned();
        one.description = format!("{hostile} [x](/fr/../../etc) [y](javascript:alert(1))");
        one.tags = vec![hostile.to_owned()];
        one.access = vec![Access::Text(hostile.to_owned())];
        for (at, slug) in ["../../../evil", "..", "a/b", "c:\\d", ".htaccess", "index.html"].into_iter().enumerate() {
            draft.press.push(PressRelease {
                slug: slug.to_owned(),
                title: format!("{hostile} {at}"),
                place: String::new(),
                date: crate::builders::first_day(),
                language: "fr".to_owned(),
                body: hostile.to_owned(),
            });
        }
        app.publish(&draft).await;

        let files = archived(&app).await;

        for path in files.keys() {
            let plain = path.split('/').all(|part| !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', ':']));
            assert!(plain, "{path}");
        }
        let page = String::from_utf8_lossy(&files["fr/miso/sessions/ouverture/index.html"]).into_owned();
        assert!(!page.contains("<script>alert") && !page.contains("javascript:") && page.contains("{{ 7*7 }}"));
    }

    async fn the_archive_in_one_file_is_the_same(app: App) {
        app.publish(&miso(vec![session("ouverture", 5)])).await;
        let files = archived(&app).await;
        let published = app.house().publications.current("miso").unwrap();
        let (_, bytes) =
            archive::zipped(app.house(), &View::new().unwrap(), BASE_URL, &published).await.unwrap();

        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut unpacked = Files::new();
        for at in 0..zip.len() {
            let mut file = zip.by_index(at).unwrap();
            let name = file.enclosed_name().expect("a plain name").display().to_string();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            unpacked.insert(name.strip_prefix("miso/").unwrap().to_owned(), bytes);
        }
        assert_eq!(unpacked, files);
    }
}
