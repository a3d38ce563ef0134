//! What people do behind the link to their agenda, and how they get that link again.

use chrono::{NaiveTime, TimeDelta};
use parvis::{
    mail::transport::Kept,
    programme::{DraftSession, Registration},
    registration::store::{self, report},
    tokens::{LinkKey, Purpose},
};
use rocket::http::{ContentType, Header, Status as Http};
use serde_json::{Value, json};

use crate::{
    builders::{miso, on_day, session},
    harness::{App, Page},
    html::Found,
};

fn states(page: &Page) -> Vec<(String, String)> {
    let found = Found::on(&page.body);
    let titles = found.texts(".agenda :is(h2, h3)");
    titles.into_iter().zip(found.texts(".agenda .state")).collect()
}

fn pair(title: &str, state: &str) -> (String, String) {
    (title.to_owned(), state.to_owned())
}

fn feed_path(agenda: &Page) -> String {
    let address = Found::on(&agenda.body).attributes("a[href^='webcal:']", "href").remove(0);
    let (_, path) = address.split_once("/fr/").unwrap();
    format!("/fr/{path}")
}

/// The mails to this address: a link is looked up behind the answer's back.
async fn mails(app: &App, email: &str) -> Vec<Kept> {
    app.settle().await;
    app.mails_to(email).await
}

async fn ask(app: &App, email: &str) -> Page {
    app.post("/fr/link", &[("email", email)]).await
}

fn closed(mut session: DraftSession) -> DraftSession {
    session.live.registration = Registration::Closed;
    session
}

async fn data(app: &App, agenda: &str) -> Value {
    serde_json::from_str(&app.get(&format!("{agenda}/data.json")).await.body).unwrap()
}

/// The values of one name, wherever they stand.
fn strings(value: &Value, name: &str) -> Vec<String> {
    match value {
        Value::Array(all) => all.iter().flat_map(|one| strings(one, name)).collect(),
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(key, value)| match value {
                Value::String(text) if key == name => vec![text.clone()],
                other => strings(other, name),
            })
            .collect(),
        _ => Vec::new(),
    }
}

on_both_engines! {
    async fn whoever_asks_for_a_link_is_answered_the_same_and_only_who_is_known_is_written_to(app: App) {
        app.publish(&miso(vec![session("atelier", 9)])).await;
        app.register("ana@example.org", &["atelier"]).await;
        mails(&app, "ana@example.org").await;

        let known = ask(&app, " ANA@example.org ").await;
        let again = ask(&app, "ana@example.org").await;
        let stranger = ask(&app, "zoe@example.org").await;
        let after = [app.get(known.location()).await, app.get(stranger.location()).await];

        let said = |page: &Page| (page.status, page.headers.clone(), page.body.clone());
        assert_eq!(said(&known), said(&stranger));
        assert_eq!(said(&known), said(&again));
        assert_eq!(said(&after[0]), said(&after[1]));
        assert_eq!((known.status, known.location()), (Http::SeeOther, "/fr/link?done=sent"));
        assert_eq!(known.header("cache-control"), "private, no-store");
        let mine = mails(&app, "ana@example.org").await;
        assert_eq!(mine.len(), 2, "the confirmation, and one link");
        assert_eq!(app.mails_to("zoe@example.org").await.len(), 0);
        assert_eq!(mine[1].subject, "Votre lien personnel\u{a0}: MISO");
        let agenda = app.agenda_path("ana@example.org").await;
        assert_eq!(states(&app.get(&agenda).await), [pair("Session atelier", "Place confirmée")]);

        app.pass(TimeDelta::minutes(6));
        app.post("/en/link", &[("email", "ana@example.org")]).await;
        assert_eq!(mails(&app, "ana@example.org").await[2].subject, "Your personal link: MISO");
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn an_address_that_is_none_is_said_at_its_field_and_the_navigation_leads_to_the_form(app: App) {
        app.publish(&miso(vec![session("atelier", 9)])).await;

        let form = app.get("/fr/link").await;
        let wrong = ask(&app, "ana@").await;
        let english = app.post("/en/link", &[]).await;

        for path in ["/fr/", "/fr/miso", "/fr/miso/press", "/fr/link", "/fr/nowhere"] {
            let nav = Found::on(&app.get(path).await.body).links("nav");
            assert!(nav.contains(&("Mes sessions".to_owned(), "/fr/link".to_owned())), "{path}: {nav:?}");
        }
        assert_eq!(Found::on(&form.body).fields("main form"), [("email".to_owned(), String::new())]);
        assert_eq!((wrong.status, english.status), (Http::UnprocessableEntity, Http::UnprocessableEntity));
        assert_eq!(Found::on(&wrong.body).attributes("[name=email]", "value"), ["ana@"]);
        assert_eq!(Found::on(&wrong.body).links(".mistakes")[0].1, "#f-email");
        assert_eq!(Found::on(&english.body).text(".mistakes li"), "Write your e-mail address.");
        assert_eq!(app.get("/fr/link?done=sent").await.status, Http::Ok);
        assert_eq!(app.get("/fr/link?done=%3Cb%3E").await.body, form.body, "what we do not say is not said");
    }

    async fn a_name_is_corrected_for_what_comes_and_not_in_what_was_sent(app: App) {
        app.publish(&miso(vec![session("atelier", 9), on_day(session("forum", 9), 1)])).await;
        app.register("ana@example.org", &["atelier"]).await;
        let agenda = app.agenda_path("ana@example.org").await;
        let name = format!("{agenda}/name");

        let done = app.post(&name, &[("name", " Ana Nouvelle <b> ")]).await;
        let wrong = app.post(&name, &[("name", "voir www.example.org")]).await;
        let none = app.post(&name, &[]).await;
        let page = app.get(done.location()).await;
        let data = data(&app, &agenda).await;

        assert_eq!(Found::on(&page.body).attributes("[name=name]", "value"), ["Ana Nouvelle <b>"]);
        assert_eq!(Found::on(&page.body).text(".notice"), "Votre nom est corrigé.");
        assert_eq!((wrong.status, none.status), (Http::UnprocessableEntity, Http::UnprocessableEntity));
        assert_eq!(Found::on(&wrong.body).attributes("[name=name]", "value"), ["voir www.example.org"]);
        assert_eq!(Found::on(&wrong.body).links(".mistakes")[0].1, "#f-name");
        assert_eq!(data["person"]["name"], "Ana Nouvelle <b>");
        assert_eq!(data["orders"][0]["name"], "Ana Exemple");
    }

    async fn a_new_address_of_the_calendar_closes_the_old_one(app: App) {
        app.publish(&miso(vec![session("atelier", 9)])).await;
        app.register("ana@example.org", &["atelier"]).await;
        let agenda = app.agenda_path("ana@example.org").await;
        let old = feed_path(&app.get(&agenda).await);
        assert_eq!(app.get(&old).await.status, Http::Ok);

        let done = app.post(&format!("{agenda}/feed"), &[]).await;
        let new = feed_path(&app.get(done.location()).await);

        assert_ne!(old, new);
        assert_eq!((app.get(&old).await.status, app.get(&new).await.status), (Http::NotFound, Http::Ok));
        let feed = new.strip_suffix("/calendar.ics").unwrap();
        for beneath in ["name", "feed", "link", "erasure", "cancellations", "sessions"] {
            let fields = [("name", "X"), ("confirm", "1"), ("all", "1"), ("session", "miso/atelier")];
            let refused = app.post(&format!("{feed}/{beneath}"), &fields).await;
            assert_eq!(refused.status, Http::NotFound, "the feed only reads: {beneath}");
        }
        assert_eq!(app.get(&format!("{feed}/data.json")).await.status, Http::NotFound);
        assert_eq!(states(&app.get(&agenda).await), [pair("Session atelier", "Place confirmée")]);
    }

    async fn a_link_that_is_replaced_opens_nothing_and_the_new_one_comes_by_mail(app: App) {
        app.publish(&miso(vec![session("atelier", 9)])).await;
        app.register("ana@example.org", &["atelier"]).await;
        let old = app.agenda_path("ana@example.org").await;

        let done = app.post(&format!("{old}/link"), &[]).await;
        let again = app.post(&format!("{old}/link"), &[]).await;
        let new = app.agenda_path("ana@example.org").await;

        assert_eq!((done.status, done.location()), (Http::SeeOther, "/fr/link?done=renewed"));
        assert!(!done.body.contains("/agenda/"), "the new link travels by mail alone");
        assert_eq!(again.status, Http::NotFound);
        let page = app.get(&old).await;
        assert_eq!(page.status, Http::NotFound);
        assert_eq!(
            Found::on(&page.body).links("main")[0],
            ("Recevoir mon lien par e-mail".to_owned(), "/fr/link".to_owned())
        );
        for beneath in ["name", "feed", "erasure", "cancellations", "sessions"] {
            let fields = [("name", "X"), ("confirm", "1"), ("all", "1"), ("session", "miso/atelier")];
            assert_eq!(app.post(&format!("{old}/{beneath}"), &fields).await.status, Http::NotFound, "{beneath}");
        }
        for beneath in ["data.json", "erasure", "sessions"] {
            assert_eq!(app.get(&format!("{old}/{beneath}")).await.status, Http::NotFound, "{beneath}");
        }
        assert_ne!(old, new);
        assert_eq!(states(&app.get(&new).await), [pair("Session atelier", "Place confirmée")]);
        assert_eq!(app.mails_to("ana@example.org").await.len(), 2);
    }

    async fn my_data_is_everything_of_mine_and_nothing_of_anybody_else(app: App) {
        app.publish(&miso(vec![session("atelier", 1), on_day(session("forum", 9), 1)])).await;
        let typed = |name, email, organisation, needs| [
            ("name", name), ("email", email), ("consent", "1"), ("people", "1"), ("session", "atelier"),
            ("session", "forum"), ("organisation", organisation), ("access_needs", needs),
        ];
        app.post("/fr/miso/register", &typed("Ben Autre", "ben@example.org", "Chose", "Du calme")).await;
        app.post("/fr/miso/register", &typed("Ana Exemple", "ana@example.org", "Collectif", "Une rampe")).await;
        let agenda = app.agenda_path("ana@example.org").await;
        app.pass(TimeDelta::minutes(1));
        app.post(&format!("{agenda}/cancellations"), &[("session", "miso/forum")]).await;
        app.deliver().await;

        let page = app.get(&format!("{agenda}/data.json")).await;
        let mut data = data(&app, &agenda).await;

        assert_eq!(page.header("cache-control"), "private, no-store");
        assert_eq!(page.header("content-type"), "application/json");
        assert_eq!(page.header("content-disposition"), "attachment; filename=\"mes-donnees.json\"");
        for other in ["Ben", "ben@", "Chose", "Du calme"] {
            assert!(!page.body.contains(other), "{other}");
        }
        let token = agenda.rsplit('/').next().unwrap();
        assert!(!page.body.contains(token), "a copy opens nothing");
        assert_eq!(data["person"]["email"], "ana@example.org");
        assert_eq!(data["orders"].as_array().unwrap().len(), 1);
        assert_eq!(
            (&data["orders"][0]["organisation"], &data["orders"][0]["access_needs"], &data["orders"][0]["name"]),
            (&json!("Collectif"), &json!("Une rampe"), &json!("Ana Exemple"))
        );
        assert!(data["orders"][0]["consent_at"].is_string());
        let mut shown = strings(&data["orders"], "shown");
        shown.sort();
        assert_eq!(shown, ["confirmed", "waiting"]);
        let registrations = data["registrations"].as_array_mut().unwrap();
        registrations.sort_by_key(|one| one["session"].to_string());
        let states: Vec<_> = registrations
            .iter()
            .map(|one| (one["session"].clone(), one["state"].clone(), strings(&one["changes"], "after")))
            .collect();
        assert_eq!(states, [
            (json!("atelier"), json!("waiting"), vec!["waiting".to_owned()]),
            (json!("forum"), json!("cancelled"), vec!["confirmed".to_owned(), "cancelled".to_owned()]),
        ]);
        assert_eq!(strings(&data["registrations"], "cause"), ["form", "form", "person"]);
        assert_eq!(strings(&data["mails"], "kind"), ["order", "cancelled"]);
        assert_eq!(strings(&data["mails"], "state"), ["sent", "sent"]);
    }

    async fn who_is_erased_leaves_the_seat_to_the_next_and_no_trace(app: App) {
        app.publish(&miso(vec![session("atelier", 1), on_day(session("forum", 9), 1)])).await;
        let fields = [
            ("name", "Ana Exemple"), ("email", "ana@example.org"), ("consent", "1"), ("session", "atelier"),
            ("session", "forum"), ("organisation", "Collectif"), ("access_needs", "Une rampe"),
        ];
        app.post("/fr/miso/register", &fields).await;
        app.register("ben@example.org", &["atelier"]).await;
        let agenda = app.agenda_path("ana@example.org").await;
        let feed = feed_path(&app.get(&agenda).await);
        let erasure = format!("{agenda}/erasure");

        let asked = app.get(&erasure).await;
        let unsure = app.post(&erasure, &[]).await;
        assert_eq!((asked.status, unsure.status), (Http::Ok, Http::UnprocessableEntity));
        assert_eq!(Found::on(&unsure.body).links(".mistakes")[0].1, "#f-confirm");
        assert_eq!(states(&app.get(&agenda).await).len(), 2, "not without a tick");

        let done = app.post(&erasure, &[("confirm", "1")]).await;
        let twice = app.post(&erasure, &[("confirm", "1")]).await;

        assert_eq!((done.status, done.location()), (Http::SeeOther, "/fr/link?done=erased"));
        assert_eq!((twice.status, twice.location()), (done.status, done.location()));
        assert_eq!(Found::on(&app.get(done.location()).await.body).count(".notice.good"), 1);
        for gone in [&agenda, &feed, &erasure, &format!("{agenda}/data.json")] {
            assert_eq!(app.get(gone).await.status, Http::NotFound, "{gone}");
        }
        let ben = app.get(&app.agenda_path("ben@example.org").await).await;
        assert_eq!(states(&ben), [pair("Session atelier", "Place confirmée")]);
        assert_eq!(mails(&app, "ben@example.org").await.len(), 2, "and is told");
        assert_eq!(app.mails_to("ana@example.org").await.len(), 1, "nothing more goes to who is erased");

        let published = app.house().publications.current("miso").unwrap();
        let slugs = published.release.sessions.iter().map(|session| (session.id, session.slug.clone())).collect();
        let mut db = app.pool.acquire().await.unwrap();
        let rows = report::rows(&mut db, published.id, &slugs).await.unwrap();
        let left: Vec<_> = rows
            .iter()
            .map(|row| [&row.state, &row.name, &row.email, &row.organisation, &row.access_needs].map(String::as_str))
            .collect();
        assert_eq!(left, [
            ["cancelled", "", "", "", ""],
            ["confirmed", "Ana Exemple", "ben@example.org", "", ""],
            ["cancelled", "", "", "", ""],
        ]);
        assert_eq!(store::participant_by_email(&mut db, "ana@example.org").await.unwrap(), None);
        let kept = parvis::mail::outbox::list(&mut db, None).await.unwrap();
        let of = |kind: &str| kept.iter().filter(|mail| mail.kind == kind && mail.recipient.is_none()).count();
        assert_eq!((of("order"), of("cancelled"), of("promoted")), (1, 1, 0), "kind, state and times stay");
        drop(db);
        assert_eq!(app.broken().await, Vec::<String>::new());

        // The address is free: whoever has it now is somebody new.
        ask(&app, "ana@example.org").await;
        app.register("ana@example.org", &["forum"]).await;
        let new = app.agenda_path("ana@example.org").await;
        assert_eq!(states(&app.get(&new).await), [pair("Session forum", "Place confirmée")]);
        assert_eq!(app.post(&erasure, &[("confirm", "1")]).await.location(), "/fr/link?done=erased");
        assert_eq!(states(&app.get(&new).await).len(), 1, "the old link erases nobody new");
    }

    async fn one_more_session_needs_one_button(app: App) {
        let sessions = vec![
            session("atelier", 9),
            on_day(session("forum", 9), 1),
            on_day(session("table", 1), 2),
            on_day(closed(session("clos", 9)), 3),
        ];
        app.publish(&miso(sessions)).await;
        app.register("ben@example.org", &["table"]).await;
        let first = [
            ("name", "Ana Exemple"), ("email", "ana@example.org"), ("consent", "1"), ("session", "atelier"),
            ("organisation", "Collectif"), ("access_needs", "Une rampe"),
        ];
        app.post("/fr/miso/register", &first).await;
        let agenda = app.agenda_path("ana@example.org").await;
        app.post(&format!("{agenda}/name"), &[("name", "Ana Nouvelle")]).await;
        let add = format!("{agenda}/sessions");

        let choice = app.get(&add).await;
        let form = app.get(&format!("{add}?session=miso/forum&session=miso/table&session=miso/atelier")).await;
        let fields = Found::on(&form.body).fields("main form");
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let done = app.post(&add, &fields).await;
        let twice = app.post(&add, &fields).await;
        let page = app.get(done.location()).await;

        let offered = Found::on(&choice.body).attributes("[name=session]", "value");
        assert_eq!(offered, ["miso/forum", "miso/table"], "neither what is had nor what is closed");
        let values = |name: &str| -> Vec<_> {
            fields.iter().filter(|(known, _)| *known == name).map(|(_, value)| *value).collect()
        };
        assert_eq!(values("session"), ["miso/forum", "miso/table"]);
        assert_eq!((values("organisation"), values("access_needs")), (vec!["Collectif"], vec!["Une rampe"]));
        assert_eq!((values("name"), values("email")), (vec![], vec![]), "nobody is asked again");
        assert_eq!(
            Found::on(&form.body).text(".notice"),
            "Vous êtes déjà dans «\u{a0}Session atelier\u{a0}»\u{a0}: rien à faire."
        );
        assert_eq!((done.status, twice.location()), (Http::SeeOther, done.location()));
        assert_eq!(states(&page), [
            pair("Session atelier", "Place confirmée"),
            pair("Session forum", "Place confirmée"),
            pair("Session table", "En liste d’attente, position 1"),
        ]);
        assert_eq!(Found::on(&page.body).text(".notice"), "C’est enregistré, et un message vous le confirme.");
        let data = data(&app, &agenda).await;
        assert_eq!(strings(&data["orders"], "name"), ["Ana Exemple", "Ana Nouvelle"]);
        assert_eq!(app.mails_to("ana@example.org").await.len(), 2, "sent twice is one order");
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn one_more_session_that_cannot_be_had_is_said_with_its_reason(app: App) {
        let other = |slug: &str| {
            let mut draft = miso(vec![session("ailleurs", 9)]);
            draft.programme.slug = slug.to_owned();
            draft
        };
        app.publish(&miso(vec![session("atelier", 9), on_day(closed(session("clos", 9)), 1)])).await;
        app.publish(&other("other")).await;
        app.register("ana@example.org", &["atelier"]).await;
        let agenda = app.agenda_path("ana@example.org").await;
        let add = format!("{agenda}/sessions");

        let closed = app.post(&add, &[("session", "miso/clos")]).await;
        let none = app.post(&add, &[]).await;
        let nowhere = app.post(&add, &[("session", "nowhere/x")]).await;
        let unknown = app.post(&add, &[("session", "miso/<b>")]).await;
        let mixed = app.post(&add, &[("session", "miso/atelier"), ("session", "other/ailleurs")]).await;
        let crowd = app.post(&add, &[("session", "other/ailleurs"), ("people", "6")]).await;

        assert_eq!(Found::on(&closed.body).text(".picked .mistake"), "Les inscriptions sont closes.");
        for page in [&closed, &none, &nowhere, &unknown, &mixed, &crowd] {
            assert_eq!(page.status, Http::UnprocessableEntity);
            assert_eq!(page.header("cache-control"), "private, no-store");
            let found = Found::on(&page.body);
            for (_, href) in found.links(".mistakes") {
                assert_eq!(found.count(&format!("[id='{}']", &href[1..])), 1, "{href}");
            }
        }
        for odd in ["?session=nowhere/x", "?session=", "?session=miso/%3Cb%3E&session=%00", "?session=clos"] {
            assert_eq!(app.get(&format!("{add}{odd}")).await.status, Http::Ok, "{odd}");
        }
        assert_eq!(states(&app.get(&agenda).await), [pair("Session atelier", "Place confirmée")]);
        let there = app.post(&add, &[("session", "other/ailleurs"), ("people", "2")]).await;
        assert_eq!(there.status, Http::SeeOther);
        let page = app.get(&agenda).await;
        assert_eq!(states(&page)[1], pair("Session ailleurs", "Place confirmée\u{a0}· pour 2 personnes"));
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn each_session_stands_under_the_heading_of_its_day_and_days_and_hours_in_their_order(app: App) {
        let mut afternoon = session("forum", 9);
        afternoon.session.start = NaiveTime::from_hms_opt(14, 0, 0);
        afternoon.session.end = afternoon.session.end.map(|end| end + TimeDelta::hours(4));
        app.publish(&miso(vec![on_day(session("table", 9), 1), afternoon, session("atelier", 9)])).await;
        app.register("ana@example.org", &["table", "forum", "atelier"]).await;
        let agenda = app.agenda_path("ana@example.org").await;
        /// Id and heading of each day, with what stands under it.
        fn days(page: &Page) -> Vec<(String, String, Vec<String>)> {
            let found = Found::on(&page.body);
            let ids = found.attributes("section[aria-labelledby^='d-']", "aria-labelledby");
            let of = |id: String| {
                let heading = found.text(&format!("section[aria-labelledby='{id}'] > h2[id='{id}']"));
                let titles = found.texts(&format!("section[aria-labelledby='{id}'] h3"));
                (id, heading, titles)
            };
            ids.into_iter().map(of).collect()
        }
        fn day(id: &str, heading: &str, titles: &[&str]) -> (String, String, Vec<String>) {
            (id.to_owned(), heading.to_owned(), titles.iter().map(|title| (*title).to_owned()).collect())
        }

        let french = app.get(&agenda).await;
        let english = app.get(&agenda.replacen("/fr/", "/en/", 1)).await;
        app.post(&format!("{agenda}/cancellations"), &[("session", "miso/table")]).await;
        let without = app.get(&agenda).await;

        let monday = day("d-2027-04-19", "Lundi 19\u{a0}avril 2027", &["Session atelier", "Session forum"]);
        assert_eq!(
            days(&french),
            [monday.clone(), day("d-2027-04-20", "Mardi 20\u{a0}avril 2027", &["Session table"])]
        );
        assert_eq!(days(&english), [
            day("d-2027-04-19", "Monday 19\u{a0}April 2027", &["Session atelier", "Session forum"]),
            day("d-2027-04-20", "Tuesday 20\u{a0}April 2027", &["Session table"]),
        ]);
        assert_eq!(days(&without), [monday], "what is given back is on no day");
        assert_eq!(states(&without).last(), Some(&pair("Session table", "Inscription annulée")));
    }

    async fn who_waits_leaves_the_queue_at_any_time_and_the_words_say_so(app: App) {
        app.publish(&miso(vec![session("atelier", 1)])).await;
        app.register("ben@example.org", &["atelier"]).await;
        app.register("ana@example.org", &["atelier"]).await;
        app.register("zoe@example.org", &["atelier"]).await;
        let agenda = app.agenda_path("ana@example.org").await;

        let page = app.get(&agenda).await;
        app.post(&format!("{agenda}/cancellations"), &[("session", "miso/atelier")]).await;

        let found = Found::on(&page.body);
        assert_eq!(found.text(".agenda summary"), "Quitter la liste d’attente – Session atelier");
        assert_eq!(found.text(".agenda button"), "Oui, quitter la liste d’attente – Session atelier");
        let zoe = app.get(&app.agenda_path("zoe@example.org").await).await;
        assert_eq!(states(&zoe), [pair("Session atelier", "En liste d’attente, position 1")]);
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn somebody_else_s_session_is_no_way_in(app: App) {
        app.publish(&miso(vec![session("atelier", 9), on_day(session("forum", 9), 1)])).await;
        app.register("ana@example.org", &["atelier"]).await;
        app.register("ben@example.org", &["forum"]).await;
        let agenda = app.agenda_path("ana@example.org").await;
        let ben = app.agenda_path("ben@example.org").await;
        let forum = app.house().publications.current("miso").unwrap().session("forum").unwrap().id.to_string();

        for name in ["miso/forum", "forum", forum.as_str(), "miso/<b>", "other/forum"] {
            let done = app.post(&format!("{agenda}/cancellations"), &[("session", name)]).await;
            assert_eq!(
                Found::on(&app.get(done.location()).await.body).text(".notice"),
                "Rien n’a changé\u{a0}: il n’y avait rien à annuler, ou la session a déjà commencé.",
                "{name}"
            );
        }
        assert_eq!(states(&app.get(&ben).await), [pair("Session forum", "Place confirmée")]);
    }

    async fn a_scanner_that_opens_everything_changes_nothing_and_other_sites_send_nothing(app: App) {
        app.publish(&miso(vec![session("atelier", 1), on_day(session("forum", 9), 1)])).await;
        app.register("ana@example.org", &["atelier"]).await;
        let agenda = app.agenda_path("ana@example.org").await;
        let page = app.get(&agenda).await;
        let feed = feed_path(&page);
        let token = agenda.rsplit('/').next().unwrap();
        let beneath = ["name", "feed", "link", "erasure", "cancellations", "sessions"];

        for path in beneath {
            let path = format!("{agenda}/{path}?confirm=1&all=1&name=X&session=miso/forum");
            for _ in 0..2 {
                app.get(&path).await;
                app.client.head(path.clone()).dispatch().await;
            }
        }
        app.client.head("/fr/link?email=ana@example.org").dispatch().await;
        app.get("/fr/link?email=ana@example.org").await;
        for path in beneath {
            let sent = app.client.post(format!("{agenda}/{path}"))
                .header(ContentType::Form)
                .header(Header::new("Sec-Fetch-Site", "cross-site"))
                .body("confirm=1&all=1&name=X&session=miso/forum").dispatch().await.status();
            assert_eq!(sent, Http::Forbidden, "{path}");
        }
        let link = app.client.post("/fr/link")
            .header(ContentType::Form)
            .header(Header::new("Origin", "null"))
            .body("email=ana@example.org").dispatch().await.status();

        assert_eq!(link, Http::Forbidden);
        assert_eq!(app.get(&agenda).await.body, page.body);
        assert_eq!(app.get(&feed).await.status, Http::Ok);
        assert_eq!(app.mails_to("ana@example.org").await.len(), 1);
        let id = LinkKey::named(token).unwrap();
        for wrong in [
            LinkKey::new([9; 32]).seal(Purpose::Agenda, id, 1),
            app.house().key.seal(Purpose::Agenda, id, 2),
            app.house().key.seal(Purpose::Order, id, 1),
            app.house().key.seal(Purpose::Agenda, app.tokens.id(app.now()), 1),
            token.to_uppercase(),
            "x".to_owned(),
        ] {
            for path in beneath {
                let fields = [("confirm", "1"), ("name", "X"), ("all", "1"), ("session", "miso/forum")];
                let refused = app.post(&format!("/fr/agenda/{wrong}/{path}"), &fields).await;
                assert_eq!(refused.status, Http::NotFound, "{wrong} {path}");
            }
            for path in ["data.json", "erasure", "sessions"] {
                assert_eq!(app.get(&format!("/fr/agenda/{wrong}/{path}")).await.status, Http::NotFound);
            }
        }
        assert_eq!(app.get(&agenda).await.body, page.body);
    }

    async fn a_hundred_uses_of_one_link_at_once_are_one(app: App) {
        app.publish(&miso(vec![session("atelier", 1), on_day(session("forum", 9), 1)])).await;
        app.register("ana@example.org", &["atelier"]).await;
        app.register("ben@example.org", &["atelier"]).await;
        mails(&app, "ana@example.org").await;
        let agenda = app.agenda_path("ana@example.org").await;
        let hundred = async |path: String, fields: &[(&str, &str)]| -> Vec<Page> {
            rocket::futures::future::join_all((0..100).map(|_| app.post(&path, fields))).await
        };
        let count = |pages: &[Page], status| pages.iter().filter(|page| page.status == status).count();

        let asked = hundred("/fr/link".to_owned(), &[("email", "ana@example.org")]).await;
        assert_eq!(count(&asked, Http::SeeOther), 100);
        mails(&app, "ana@example.org").await;
        let added = hundred(
            format!("{agenda}/sessions"),
            &[("session", "miso/forum"), ("key", "one-key")],
        ).await;
        assert_eq!(count(&added, Http::SeeOther), 100);
        let feeds = hundred(format!("{agenda}/feed"), &[]).await;
        assert_eq!(count(&feeds, Http::SeeOther), 100);
        assert_eq!(app.mails_to("ana@example.org").await.len(), 3, "an order, a link, an order");
        assert_eq!(states(&app.get(&agenda).await).len(), 2);

        let renewed = hundred(format!("{agenda}/link"), &[]).await;
        assert_eq!(count(&renewed, Http::SeeOther) + count(&renewed, Http::NotFound), 100);
        assert_eq!(app.mails_to("ana@example.org").await.len(), 4, "one new link");
        let agenda = app.agenda_path("ana@example.org").await;

        let erased = hundred(format!("{agenda}/erasure"), &[("confirm", "1")]).await;
        assert_eq!(count(&erased, Http::SeeOther), 100);
        let ben = app.get(&app.agenda_path("ben@example.org").await).await;
        assert_eq!(states(&ben), [pair("Session atelier", "Place confirmée")]);
        assert_eq!(mails(&app, "ben@example.org").await.len(), 2);
        assert_eq!(app.broken().await, Vec::<String>::new());
    }
}
