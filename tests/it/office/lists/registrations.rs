//! The lists of registrations and people: each narrowing shows exactly who it names, and page after page everybody once.

use chrono::TimeDelta;
use parvis::{identity::Role, registration::store::reach};
use rocket::http::Status;

use super::names;
use crate::{
    builders::{miso, on_day, session},
    harness::{App, Member},
    html::Found,
};

const LIST: &str = "/fr/office/miso/registrations";
const PEOPLE: &str = "/fr/office/miso/people";

/// Registers somebody of that name, who needs this; the address is their name's.
async fn comes(app: &App, name: &str, session: &str, needs: &str) {
    let email = format!("{}@example.org", name.to_lowercase());
    let fields =
        [("name", name), ("email", &email), ("consent", "1"), ("session", session), ("access_needs", needs)];
    assert_eq!(app.post("/fr/miso/register", &fields).await.status, Status::SeeOther, "{name}");
}

/// Registers somebody who has no address.
async fn telephones(desk: &Member<'_>, name: &str, session: &str) {
    let key = name.replace(' ', "-");
    let done = desk.post(PEOPLE, &[("name", name), ("session", session), ("key", &key)]).await;
    assert_eq!(done.status, Status::SeeOther, "{name}: {}", done.body);
}

/// The people of each page of a list, from the first one to the one that leads no further.
async fn pages(member: &Member<'_>, path: &str) -> Vec<Vec<String>> {
    let (mut path, mut pages) = (path.to_owned(), Vec::new());
    loop {
        let page = member.get(&path).await;
        assert_eq!(page.status, Status::Ok, "{path}");
        let found = Found::on(&page.body);
        pages.push(found.texts("tbody th[scope=row] a"));
        assert!(pages.len() < 10, "it has an end: {path}");
        match found.attributes("main a.button[href*='after=']", "href").pop() {
            Some(next) => path = next,
            None => return pages,
        }
    }
}

/// How many are on each page, and who is on them all, by name.
fn counted(pages: Vec<Vec<String>>) -> (Vec<usize>, Vec<String>) {
    let lengths = pages.iter().map(Vec::len).collect();
    let mut all = pages.concat();
    all.sort();
    (lengths, all)
}

on_both_engines! {
    async fn registrations_are_found_without_accents_and_the_fullest_or_the_longest_queue_stands_first(app: App) {
        let mut draft = miso(vec![
            session("elan", 4),
            on_day(session("atelier", 4), 1),
            on_day(session("suite", 1), 2),
            on_day(session("forum", 1), 3),
        ]);
        draft.sessions[0].session.title = "Été à l’Élan".to_owned();
        app.publish(&draft).await;
        for (name, session) in [
            ("Ana", "atelier"), ("Ben", "atelier"), ("Cleo", "suite"), ("Dan", "suite"), ("Eva", "forum"), ("Fay", "forum"), ("Gil", "forum"),
        ] {
            comes(&app, name, session, "").await;
        }
        let desk = app.signed_in(Role::Desk).await;
        let (elan, atelier, suite, forum) = ("Été à l’Élan", "Session atelier", "Session suite", "Session forum");
        for (query, shown) in [
            ("", vec![elan, atelier, suite, forum]),
            ("?q=ELAN+ete", vec![elan]),
            ("?q=elan+hiver", vec![]),
            ("?q=session", vec![atelier, suite, forum]),
            ("?q=Collectif", vec![elan, atelier, suite, forum]),
            ("?sort=fill", vec![suite, forum, atelier, elan]),
            ("?sort=queue", vec![forum, suite, elan, atelier]),
            ("?sort=queue&q=session", vec![forum, suite, atelier]),
            ("?sort=nonsense", vec![elan, atelier, suite, forum]),
        ] {
            assert_eq!(names(&desk, &format!("{LIST}{query}")).await, shown, "{query}");
        }
        let page = Found::on(&desk.get(&format!("{LIST}?sort=queue")).await.body);
        assert_eq!(page.attributes("select[name=sort] option[selected]", "value"), ["queue"]);
        assert_eq!(page.texts("tbody td[data-label='En attente']"), ["2", "1", "0", "0"]);
    }

    async fn each_state_of_a_session_shows_who_stands_in_it_and_nobody_else(app: App) {
        app.publish(&miso(vec![session("atelier", 3), on_day(session("suite", 3), 1)])).await;
        for (name, needs) in [("Ada", "Une rampe"), ("Bea", "Une boucle"), ("Cy", ""), ("Dan", "Une chaise"), ("Eve", ""), ("Fay", "Des sous-titres")] {
            comes(&app, name, "atelier", needs).await;
        }
        comes(&app, "Zoe", "suite", "Une place").await;
        let agenda = app.agenda_path("bea@example.org").await;
        // Dan has the seat that Bea gives back.
        app.post(&format!("{agenda}/cancellations"), &[("session", "miso/atelier")]).await;
        let desk = app.signed_in(Role::Desk).await;
        let path = format!("{LIST}/atelier");
        for (query, shown) in [
            ("", vec!["Ada", "Cy", "Dan", "Eve", "Fay"]),
            ("?state=live", vec!["Ada", "Cy", "Dan", "Eve", "Fay"]),
            ("?state=confirmed", vec!["Ada", "Cy", "Dan"]),
            ("?state=waiting", vec!["Eve", "Fay"]),
            ("?state=cancelled", vec!["Bea"]),
            ("?state=offered", vec![]),
            ("?state=needs", vec!["Ada", "Dan", "Fay"]),
        ] {
            assert_eq!(names(&desk, &format!("{path}{query}")).await, shown, "{query}");
        }
        let tabs = Found::on(&desk.get(&format!("{path}?state=waiting")).await.body);
        assert_eq!(tabs.attributes("[aria-labelledby=who] a[aria-current=true]", "href"), [format!("{path}?state=waiting")]);
        let counts = tabs.texts("section[aria-labelledby=who] nav a");
        let counts: Vec<_> = counts.iter().filter_map(|tab| tab.rsplit_once(' ')).map(|(_, count)| count).collect();
        assert_eq!(counts[..4], ["(5)", "(3)", "(2)", "(1)"], "{counts:?}");
    }

    async fn a_long_list_of_registrations_is_read_page_after_page_and_each_is_on_one_of_them(app: App) {
        app.publish(&miso(vec![session("atelier", 101), on_day(session("suite", 3), 1)])).await;
        let everybody: Vec<_> = (0..101).map(|n| format!("P{n:03}")).collect();
        for name in &everybody {
            comes(&app, name, "atelier", "").await;
        }
        comes(&app, "Attend", "atelier", "").await;
        let desk = app.signed_in(Role::Desk).await;
        let path = format!("{LIST}/atelier");

        let confirmed = pages(&desk, &format!("{path}?state=confirmed")).await;
        let live = pages(&desk, &path).await;

        assert_eq!((confirmed[0].len(), confirmed.concat()), (100, everybody.clone()), "in the order of arrival");
        assert_eq!(live.concat(), [&everybody[..], &["Attend".to_owned()]].concat());
        assert_eq!(pages(&desk, &format!("{path}?state=waiting")).await, [["Attend"]]);
    }

    async fn people_are_read_page_after_page_and_whom_no_mail_reaches_are_those_without_an_address_that_works(app: App) {
        app.publish(&miso(vec![session("atelier", 100)])).await;
        let desk = app.signed_in(Role::Desk).await;
        // Known for the longest time, they stand at the end.
        for name in ["Revient", "Ana"] {
            comes(&app, name, "atelier", "").await;
            app.pass(TimeDelta::seconds(1));
        }
        let mut unreached: Vec<_> = (0..50).map(|n| format!("Appelle {n:02}")).collect();
        for name in &unreached {
            telephones(&desk, name, "atelier").await;
        }
        app.mails_to("revient@example.org").await;
        let mut tx = app.pool.begin().await.unwrap();
        assert!(reach::mark_undeliverable(&mut tx, "revient@example.org", app.now(), app.now()).await.unwrap());
        tx.commit().await.unwrap();
        let list = async |query: &str| counted(pages(&desk, &format!("{PEOPLE}{query}")).await);
        unreached.push("Revient".to_owned());
        let mut everybody = [&unreached[..], &["Ana".to_owned()]].concat();
        everybody.sort();

        assert_eq!(list("").await, (vec![50, 2], everybody));
        assert_eq!(list("?whom=unreached").await, (vec![50, 1], unreached.clone()));
        assert_eq!(list("?whom=unreached&q=ana").await, (vec![0], vec![]));
        assert_eq!(list("?q=ana").await, (vec![1], vec!["Ana".to_owned()]));
        assert_eq!(list("?whom=unreached&q=REVIENT").await, (vec![1], vec!["Revient".to_owned()]));
        assert_eq!(list("?q=appelle").await, (vec![50], unreached[..50].to_vec()), "a full page leads nowhere");
        let page = desk.get(&format!("{PEOPLE}?whom=unreached")).await;
        assert_eq!(Found::on(&page.body).count("input[name=whom][checked]"), 1);
    }
}
