//! Lists of the office: searched without accents, narrowed, sorted both ways, a part of them a page.

mod registrations;

use std::collections::BTreeSet;

use chrono::TimeDelta;
use parvis::{
    identity::Role,
    programme::{Draft, Organisation, Place, PressRelease, Theme},
};
use rocket::http::Status;

use super::press::release;
use crate::{
    builders::{first_day, miso, on_day, session},
    harness::{App, Member},
    html::Found,
};

/// The names of a list's rows, and its `aria-sort`s with the headings that have one.
async fn list(member: &Member<'_>, path: &str) -> (Vec<String>, Vec<String>) {
    let page = member.get(path).await;
    assert_eq!(page.status, Status::Ok, "{path}");
    let found = Found::on(&page.body);
    let sorts = found.attributes("th[aria-sort]", "aria-sort").into_iter();
    let sorts = sorts.zip(found.texts("th[aria-sort]")).map(|(way, name)| format!("{name} {way}"));
    (found.texts("tbody th[scope=row] a"), sorts.collect())
}

async fn names(member: &Member<'_>, path: &str) -> Vec<String> {
    list(member, path).await.0
}

/// Sixty organisations beside the first; the twentieth is on two sessions, and has accents.
fn many() -> Draft {
    let mut draft = miso(vec![session("forum", 3), on_day(session("atelier", 3), 1)]);
    for number in 1..=60 {
        let name =
            if number == 20 { "Œuvre d’été".to_owned() } else { format!("Organisation {number:02}") };
        let slug = format!("org-{number}");
        draft.organisations.push(Organisation { slug, name, ..draft.organisations[0].clone() });
    }
    draft.organisations[20].url = "https://ete.example.org/".to_owned();
    for one in &mut draft.sessions {
        one.session.hosts = vec!["org-20".to_owned()];
    }
    draft.sessions[0].session.hosts.push("org-3".to_owned());
    draft
}

on_both_engines! {
    async fn themes_places_and_organisations_are_searched_sorted_and_paged(app: App) {
        app.publish(&many()).await;
        let editor = app.signed_in(Role::Press).await;
        let path = "/fr/office/miso/organisations";
        let rows = async |query: &str| {
            let page = editor.get(&format!("{path}{query}")).await;
            Found::on(&page.body).texts("tbody th[scope=row] small")
        };
        assert_eq!(rows("").await[..3], ["collectif", "org-1", "org-2"], "as the programme has them");
        assert_eq!((rows("").await.len(), rows("?page=2").await.len(), rows("?page=99").await.len()), (50, 11, 11));
        assert_eq!(rows("?q=OEUVRE+ete").await, ["org-20"]);
        assert_eq!(rows("?q=org-20").await, ["org-20"]);
        assert_eq!(rows("?q=rien").await, Vec::<String>::new());
        assert_eq!(rows("?sort=-name").await[..2], ["org-60", "org-59"]);
        assert_eq!(rows("?sort=-sessions").await[..2], ["org-20", "org-3"]);
        assert_eq!(rows("?sort=sessions&page=2").await.last().unwrap(), "org-20");

        let (_, sorts) = list(&editor, &format!("{path}?sort=-sessions")).await;
        assert_eq!(sorts, ["Sessions descending"]);
        let page = editor.get(&format!("{path}?q=organisation&sort=name")).await.body;
        let found = Found::on(&page);
        assert_eq!(found.attributes("th[aria-sort] a", "href"), [format!("{path}?q=organisation&sort=-name")]);
        assert_eq!(found.links(".pages"), [("2".to_owned(), format!("{path}?q=organisation&sort=name&page=2"))]);
        for area in ["themes", "places"] {
            let page = editor.get(&format!("/fr/office/miso/{area}?q=rien&sort=-name&page=x")).await;
            assert!(page.body.contains("Rien ne correspond.") && page.body.contains("0 sur 1"), "{area}: {}", page.body);
        }
    }

    async fn themes_and_places_are_found_by_their_words_sorted_both_ways_and_paged(app: App) {
        let mut draft = miso(vec![session("forum", 3), on_day(session("atelier", 3), 1)]);
        for number in 1..=60 {
            let slug = format!("n-{number:02}");
            let title = if number == 20 { "L’Été à l’œuvre".to_owned() } else { format!("Numéro {number:02}") };
            draft.themes.push(Theme { slug: slug.clone(), title: title.clone(), ..draft.themes[0].clone() });
            draft.places.push(Place { slug, name: title, ..draft.places[0].clone() });
        }
        draft.themes[30].summary = "Une semaine de forêts.".to_owned();
        draft.places[30].address = "Chemin des Forêts 3, Carouge".to_owned();
        // One bears none, one bears one, the one in the middle two.
        for (at, slug) in [(0, "n-40"), (1, "n-40")] {
            draft.sessions[at].session.theme = Some(slug.to_owned());
            draft.sessions[at].session.place = Some(slug.to_owned());
        }
        draft.sessions.push(on_day(session("fin", 3), 2));
        app.publish(&draft).await;
        let press = app.signed_in(Role::Press).await;
        for (area, first) in [("themes", "lab"), ("places", "maison")] {
            let path = format!("/fr/office/miso/{area}");
            let rows = async |query: &str| {
                let page = press.get(&format!("{path}{query}")).await;
                assert_eq!(page.status, Status::Ok, "{area}{query}");
                Found::on(&page.body).texts("tbody th[scope=row] small")
            };
            let (one, two) = (rows("").await, rows("?page=2").await);
            assert_eq!((one.len(), two.len(), &one[..2]), (50, 11, &[first.to_owned(), "n-01".to_owned()][..]), "{area}");
            let each: BTreeSet<_> = one.iter().chain(&two).collect();
            assert_eq!(each.len(), 61, "{area}: each on one page");
            assert_eq!(rows("?q=OEUVRE+ete").await, ["n-20"], "{area}");
            assert_eq!(rows("?q=forets").await, ["n-30"], "{area}: what it says of itself");
            assert_eq!(rows("?q=n-07").await, ["n-07"], "{area}");
            assert_eq!(rows("?q=hiver").await, Vec::<String>::new(), "{area}");
            assert_eq!(rows("?sort=-name").await[..2], ["n-60", "n-59"], "{area}");
            assert_eq!(rows("?sort=-name&page=2").await.len(), 11, "{area}");
            assert_eq!(rows("?sort=-sessions").await[..2], ["n-40", first], "{area}");
            assert_eq!(rows("?sort=sessions&page=2").await[9..], [first, "n-40"], "{area}");
            let found = Found::on(&press.get(&format!("{path}?q=numero&sort=-name")).await.body);
            assert_eq!(found.links(".pages"), [("2".to_owned(), format!("{path}?q=numero&sort=-name&page=2"))], "{area}");
            assert_eq!(found.attributes("th[aria-sort] a", "href"), [format!("{path}?q=numero&sort=name")], "{area}");
        }
    }

    async fn releases_to_the_press_are_found_by_their_words_and_sorted_by_day(app: App) {
        let mut draft = miso(vec![session("forum", 3)]);
        let later = PressRelease { date: first_day() + TimeDelta::days(1), ..release("bilan", "fr") };
        draft.press = vec![later, PressRelease { body: "À Carouge.".to_owned(), ..release("annonce", "fr") }];
        app.publish(&draft).await;
        let press = app.signed_in(Role::Press).await;
        let path = "/fr/office/miso/press";
        let (annonce, bilan) = ("Communiqué annonce", "Communiqué bilan");
        for (query, shown) in [
            ("", vec![bilan, annonce]),
            ("?q=carouge", vec![annonce]),
            ("?q=COMMUNIQUE+bil", vec![bilan]),
            ("?sort=press", vec![annonce, bilan]),
            ("?sort=-press", vec![bilan, annonce]),
            ("?sort=-name", vec![bilan, annonce]),
            ("?sort=sessions", vec![bilan, annonce]),
        ] {
            assert_eq!(names(&press, &format!("{path}{query}")).await, shown, "{query}");
        }
        let (_, sorts) = list(&press, &format!("{path}?sort=-press")).await;
        assert_eq!(sorts, ["Date et langue descending"]);
    }

    async fn the_sessions_of_the_draft_are_sorted_both_ways(app: App) {
        app.publish(&miso(vec![session("forum", 3), on_day(session("atelier", 3), 1)])).await;
        let editor = app.signed_in(Role::Editor).await;
        let path = "/fr/office/miso/sessions";
        let (forum, atelier) = ("Session forum", "Session atelier");
        for (sort, order, says) in [
            ("", [forum, atelier], "Quand ascending"),
            ("?sort=-time", [atelier, forum], "Quand descending"),
            ("?sort=title", [atelier, forum], "Session ascending"),
            ("?sort=-title", [forum, atelier], "Session descending"),
            ("?sort=nonsense", [forum, atelier], "Quand ascending"),
        ] {
            let (rows, sorts) = list(&editor, &format!("{path}{sort}")).await;
            assert_eq!((rows, sorts), (order.map(str::to_owned).into(), vec![says.to_owned()]), "{sort}");
        }
        let page = editor.get(&format!("{path}?q=session&sort=title")).await.body;
        let found = Found::on(&page);
        assert_eq!(found.attributes("th[aria-sort] a", "href"), [format!("{path}?q=session&sort=-title")]);
        assert_eq!(found.attributes(".filter input[name=sort]", "value"), ["title"], "filtering keeps the order");
    }

    async fn the_other_language_shows_the_same_part_of_a_list(app: App) {
        app.publish(&miso(vec![session("forum", 3)])).await;
        let owner = app.signed_in(Role::Owner).await;
        for path in [
            "office/miso/registrations?q=forum&sort=fill&theme=lab",
            "office/miso/registrations/forum?state=waiting",
            "office/miso/people?q=ana%26b",
            "office/miso/people/new?session=forum",
            "office/miso/mails?state=sent&to=ana%40example.org",
            "office/mails?kind=order",
            "office/miso/log?subject=session",
            "office/log?subject=session",
            "office/miso/proposals?state=accepted",
            "office/miso/door/forum?q=ana",
            "office/miso/sessions?q=forum",
            "office/miso/themes?q=lab",
        ] {
            let page = owner.get(&format!("/fr/{path}")).await;
            assert_eq!(page.status, Status::Ok, "{path}");
            let twins = Found::on(&page.body).attributes("a[hreflang=en]", "href");
            assert!(!twins.is_empty() && twins.iter().all(|href| *href == format!("/en/{path}")), "{path}: {twins:?}");
        }
    }

    async fn registrations_are_narrowed_to_a_theme_and_a_day(app: App) {
        let mut draft = miso(vec![session("forum", 3), on_day(session("atelier", 3), 1), on_day(session("eau", 3), 1)]);
        draft.themes.push(Theme { slug: "eau".to_owned(), title: "L’eau".to_owned(), ..draft.themes[0].clone() });
        draft.sessions[2].session.theme = Some("eau".to_owned());
        app.publish(&draft).await;
        let desk = app.signed_in(Role::Desk).await;
        let path = "/fr/office/miso/registrations";
        let (forum, atelier, eau) = ("Session forum", "Session atelier", "Session eau");
        for (query, shown) in [
            ("", vec![forum, atelier, eau]),
            ("?theme=eau", vec![eau]),
            ("?theme=lab", vec![forum, atelier]),
            ("?day=2027-04-20", vec![atelier, eau]),
            ("?theme=lab&day=2027-04-20", vec![atelier]),
            ("?theme=nonsense", vec![]),
            ("?day=nonsense", vec![]),
        ] {
            assert_eq!(names(&desk, &format!("{path}{query}")).await, shown, "{query}");
        }
        let page = desk.get(&format!("{path}?theme=eau&day=2027-04-20")).await.body;
        let chosen = Found::on(&page).attributes(".filter option[selected]", "value");
        assert!(chosen.contains(&"eau".to_owned()) && chosen.contains(&"2027-04-20".to_owned()), "{chosen:?}");

        // A day that is over is offered with all sessions, and stays chosen where it was.
        app.pass(TimeDelta::days(49) + TimeDelta::hours(12));
        let desk = app.signed_in(Role::Desk).await;
        let days = async |query: &str| {
            let page = desk.get(&format!("{path}{query}")).await.body;
            Found::on(&page).attributes("select[name=day] option", "value")
        };
        assert_eq!(days("").await, ["", "2027-04-20"]);
        assert_eq!(days("?show=all").await, ["", "2027-04-19", "2027-04-20"]);
        assert_eq!(days("?day=2027-04-19").await, ["", "2027-04-19", "2027-04-20"]);
    }
}
