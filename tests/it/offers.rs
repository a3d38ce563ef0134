//! Seats that are held for the first in the queue, until they are taken or their time is over.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use futures_util::future::join_all;
use parvis::{
    audit::Actor,
    mail::transport::Kept,
    on,
    programme::{Draft, QueueMode},
    publication,
    registration::{State, offers, resend, store},
};
use rocket::http::{ContentType, Header, Status as Http};
use sqlx::query;

use crate::{
    builders::{miso, on_day, session},
    harness::{App, Page},
    html::Found,
    process,
};

const ANA: &str = "ana@example.org";
const BEN: &str = "ben@example.org";
const CLEO: &str = "cleo@example.org";

fn draft() -> Draft {
    let mut draft = miso(vec![session("atelier", 1), on_day(session("forum", 9), 9)]);
    draft.programme.rules.queue = QueueMode::Offer;
    draft
}

/// Ana has given back the one seat: Ben is offered it, Cleo waits.
async fn offered(app: &App) -> String {
    offered_of(app, &draft()).await
}

async fn offered_of(app: &App, draft: &Draft) -> String {
    app.publish(draft).await;
    for email in [ANA, BEN, CLEO] {
        app.register(email, &["atelier"]).await;
    }
    let agenda = app.agenda_path(ANA).await;
    app.post(&format!("{agenda}/cancellations"), &[("all", "1")]).await;
    app.agenda_path(BEN).await
}

async fn last_mail(app: &App, email: &str) -> Kept {
    app.mails_to(email).await.pop().unwrap()
}

async fn subjects(app: &App, email: &str) -> Vec<String> {
    app.mails_to(email).await.into_iter().map(|mail| mail.subject).collect()
}

/// The address of the page that the mail links to, without the site.
fn offer_path(mail: &Kept) -> String {
    let link =
        mail.text.split_whitespace().find(|word| word.contains("/offers/")).expect("a link to take it");
    link[link.find("/fr/").unwrap()..].to_owned()
}

fn state_on(page: &Page) -> String {
    Found::on(&page.body).text(".agenda .state")
}

async fn states(app: &App) -> Vec<Option<State>> {
    let mut db = app.pool.acquire().await.unwrap();
    let mut states = Vec::new();
    for email in [ANA, BEN, CLEO] {
        let person = store::participant_by_email(&mut db, email).await.unwrap().unwrap();
        let all = store::registrations_of(&mut db, &[person.id]).await.unwrap();
        states.push(all.into_iter().find(|one| one.state.is_live()).map(|one| one.state));
    }
    states
}

/// What a Prometheus server reads under these names.
async fn figures<const N: usize>(app: &App, names: [&str; N]) -> [Option<i64>; N] {
    let here = std::net::SocketAddr::from((std::net::Ipv4Addr::LOCALHOST, 4711));
    let text = app.client.get("/metrics").remote(here).dispatch().await.into_string().await.unwrap();
    names.map(|name| {
        let of = |line: &str| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok();
        text.lines().find_map(of)
    })
}

fn calendar(mail: &Kept) -> bool {
    String::from_utf8_lossy(&mail.raw).contains("text/calendar")
}

on_both_engines! {
    async fn a_free_seat_is_offered_by_mail_and_taken_with_one_button(app: App) {
        let agenda = offered(&app).await;
        let mail = last_mail(&app, BEN).await;
        let path = offer_path(&mail);

        // Scanners open every link.
        let page = app.get(&path).await;
        app.get(&path).await;
        assert_eq!(states(&app).await, [None, Some(State::Offered), Some(State::Waiting)]);
        let before = app.get(&agenda).await;
        let action = Found::on(&page.body).attributes("form[method=post]", "action").remove(0);
        let taken = app.post(&action, &[]).await;
        let after = app.get(taken.location()).await;
        let again = app.post(&action, &[]).await;
        let page_after = app.get(&path).await;

        assert_eq!(mail.subject, "Une place est libre, prenez-la\u{a0}: Session atelier");
        assert!(mail.text.contains("Place gardée pour vous jusqu’au mardi 2\u{a0}mars 2027 à 10\u{a0}h"), "{}", mail.text);
        assert!(!calendar(&mail), "there is no seat yet");
        assert_eq!((page.status, page.header("cache-control")), (Http::Ok, "private, no-store"));
        assert_eq!(Found::on(&page.body).text("h1"), "Une place pour vous");
        assert_eq!(Found::on(&page.body).count("button"), 1, "one button");
        assert_eq!(state_on(&before), "Place gardée pour vous jusqu’au mardi 2\u{a0}mars 2027 à 10\u{a0}h");
        assert_eq!((taken.status, again.status), (Http::SeeOther, Http::SeeOther));
        assert_eq!(Found::on(&after.body).text(".notice"), "La place est à vous, et un message vous le confirme.");
        assert_eq!(state_on(&after), "Place confirmée");
        assert_eq!(Found::on(&page_after.body).text("h1"), "La place est à vous");
        let confirmed = last_mail(&app, BEN).await;
        assert_eq!(confirmed.subject, "Une place pour vous\u{a0}: Session atelier");
        assert!(calendar(&confirmed));
        assert_eq!(app.mails_to(BEN).await.len(), 3, "waiting, offered, confirmed: taking it twice is once");
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn an_offer_that_is_not_taken_passes_on_once_however_many_processes_look(app: App) {
        offered(&app).await;
        let path = offer_path(&last_mail(&app, BEN).await);
        app.pass(TimeDelta::hours(24));
        let now = app.now();

        let looked = join_all((0..6).map(|_| offers::run_due(app.house(), now))).await;

        assert!(looked.iter().all(Result::is_ok), "{looked:?}");
        assert_eq!(states(&app).await, [None, None, Some(State::Offered)]);
        assert_eq!(subjects(&app, BEN).await[2..], ["La place n’est plus gardée\u{a0}: Session atelier"]);
        assert_eq!(subjects(&app, CLEO).await[1..], ["Une place est libre, prenez-la\u{a0}: Session atelier"]);
        assert!(!calendar(&last_mail(&app, BEN).await), "no entry was ever sent");
        let late = app.get(&path).await;
        assert_eq!((late.status, Found::on(&late.body).text("h1").as_str()), (Http::Ok, "Cette place n’est plus gardée"));
        assert_eq!(Found::on(&late.body).count("button"), 0);
        let refused = app.post(&path, &[]).await;
        assert!(refused.location().contains("/offers/"), "{:?}", refused.headers);
        assert_eq!(states(&app).await, [None, None, Some(State::Offered)]);
        app.register(BEN, &["atelier"]).await;
        assert_eq!(states(&app).await, [None, Some(State::Waiting), Some(State::Offered)], "at the end of the queue");
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn nothing_is_offered_in_quiet_hours_and_all_at_once_when_they_end(app: App) {
        let mut draft = draft();
        // It is ten in Zurich.
        draft.programme.rules.quiet = Some(["09:30".to_owned(), "11:00".to_owned()]);
        offered_of(&app, &draft).await;
        app.run_due().await;
        assert_eq!(states(&app).await, [None, Some(State::Waiting), Some(State::Waiting)]);
        let form = app.get("/fr/miso/register?session=atelier").await;
        assert_eq!(Found::on(&form.body).text(".full"), "Complet\u{a0}: vous serez en liste d’attente, position 3");
        assert_eq!(app.broken().await, Vec::<String>::new());

        app.pass(TimeDelta::minutes(59));
        app.run_due().await;
        assert_eq!(states(&app).await, [None, Some(State::Waiting), Some(State::Waiting)]);
        app.pass(TimeDelta::minutes(1));
        app.run_due().await;

        assert_eq!(states(&app).await, [None, Some(State::Offered), Some(State::Waiting)]);
        assert_eq!(app.mails_to(BEN).await.len(), 2);
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn a_rule_that_a_release_changes_is_in_force_within_a_second(app: App) {
        let mut draft = draft();
        draft.programme.rules.quiet = Some(["00:00".to_owned(), "23:59".to_owned()]);
        offered_of(&app, &draft).await;
        assert_eq!(states(&app).await, [None, Some(State::Waiting), Some(State::Waiting)]);

        draft.programme.rules.quiet = None;
        draft.programme.rules.offer_hours = Some(2);
        draft.programme.tagline = "Autrement".to_owned();
        app.publish(&draft).await;
        app.run_due().await;

        let text = last_mail(&app, BEN).await.text;
        assert!(text.contains("jusqu’au lundi 1er\u{a0}mars 2027 à 12\u{a0}h"), "{text}");
    }

    async fn a_link_used_a_hundred_times_at_once_is_one_seat_and_one_mail(app: App) {
        offered(&app).await;
        let path = offer_path(&last_mail(&app, BEN).await);

        let answers = join_all((0..100).map(|_| app.post(&path, &[]))).await;

        assert!(answers.iter().all(|answer| answer.location().ends_with("said=taken")));
        assert_eq!(app.mails_to(BEN).await.len(), 3);
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn another_link_another_session_or_another_site_takes_nothing(app: App) {
        let agenda = offered(&app).await;
        let path = offer_path(&last_mail(&app, BEN).await);
        let session = path.rsplit('/').next().unwrap().to_owned();
        let cleo = app.agenda_path(CLEO).await;
        let feed = last_mail(&app, BEN).await.text;
        let feed = feed.split("/calendar.ics").next().unwrap().rsplit('/').next().unwrap().to_owned();

        for wrong in [
            format!("/fr/agenda/{feed}/offers/{session}"),
            format!("/fr/agenda/x/offers/{session}"),
            format!("{agenda}/offers/forum"),
            format!("{agenda}/offers/%3Cb%3E"),
        ] {
            assert_eq!(app.post(&wrong, &[]).await.status, Http::NotFound, "{wrong}");
            assert_eq!(app.get(&wrong).await.status, Http::NotFound, "{wrong}");
        }
        let waits = app.post(&format!("{cleo}/offers/atelier"), &[]).await;
        assert!(waits.location().contains("/offers/"), "who waits has nothing to take");
        let foreign = app
            .client
            .post(path.clone())
            .header(ContentType::Form)
            .header(Header::new("Sec-Fetch-Site", "cross-site"))
            .dispatch()
            .await;
        assert_eq!(foreign.status(), Http::Forbidden);

        assert_eq!(states(&app).await, [None, Some(State::Offered), Some(State::Waiting)]);
        app.post(&format!("{agenda}/offers/atelier"), &[]).await;
        assert_eq!(states(&app).await, [None, Some(State::Confirmed), Some(State::Waiting)], "by its name, too");
    }

    async fn a_session_that_is_moved_tells_who_is_offered_a_seat_and_lowers_the_deadline(app: App) {
        offered(&app).await;
        let mut moved = draft();
        let today = app.now().date_naive();
        for at in &mut moved.sessions[..1] {
            at.session.date = today;
            at.session.start = chrono::NaiveTime::from_hms_opt(18, 0, 0);
            at.session.end = None;
        }
        moved.programme.starts = today;
        app.publish(&moved).await;
        assert_eq!(app.broken().await, Vec::<String>::new(), "no deadline past the start");
        app.pass(TimeDelta::minutes(10));
        app.run_due().await;

        let mail = last_mail(&app, BEN).await;
        assert_eq!(mail.subject, "Changement\u{a0}: Session atelier");
        assert!(mail.text.contains("Une place vous est proposée"), "{}", mail.text);
        assert!(!calendar(&mail));
        // Ten past ten in Zurich; it begins at 18.
        app.pass(TimeDelta::hours(8));
        app.run_due().await;
        assert_eq!(states(&app).await, [None, None, Some(State::Waiting)], "it has begun: nobody is offered anything");
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn what_was_offered_stands_when_seats_are_given_at_once_from_now_on(app: App) {
        offered(&app).await;
        let mut promote = draft();
        promote.programme.rules.queue = QueueMode::Promote;
        app.publish(&promote).await;
        app.run_due().await;
        assert_eq!(states(&app).await, [None, Some(State::Offered), Some(State::Waiting)]);

        app.pass(TimeDelta::hours(24));
        app.run_due().await;

        assert_eq!(states(&app).await, [None, None, Some(State::Confirmed)]);
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn who_erases_everything_gives_up_the_offer_and_the_next_is_served(app: App) {
        let agenda = offered(&app).await;

        app.post(&format!("{agenda}/erasure"), &[("confirm", "1")]).await;

        let mut db = app.pool.acquire().await.unwrap();
        assert_eq!(store::participant_by_email(&mut db, BEN).await.unwrap(), None);
        drop(db);
        assert_eq!(subjects(&app, CLEO).await.last().unwrap(), "Une place est libre, prenez-la\u{a0}: Session atelier");
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn every_list_and_file_knows_an_offer(app: App) {
        let agenda = offered(&app).await;
        let published = app.house().publications.current("miso").unwrap();
        let mut db = app.pool.acquire().await.unwrap();
        let ben = store::participant_by_email(&mut db, BEN).await.unwrap().unwrap();
        let slugs = published.release.sessions.iter().map(|one| (one.id, one.slug.clone())).collect();
        let rows = store::report::rows(&mut db, published.id, &slugs).await.unwrap();
        let counts = store::counts_by_state(&mut db).await.unwrap();
        drop(db);
        let data: serde_json::Value =
            serde_json::from_str(&app.get(&format!("{agenda}/data.json")).await.body).unwrap();
        let feed = Found::on(&app.get(&agenda).await.body).attributes("a[href^='webcal:']", "href").remove(0);
        let feed = app.get(&feed[feed.find("/fr/").unwrap()..]).await.body.replace("\r\n ", "");
        resend::resend(app.house(), Actor::Command, published.id, ben.id).await.unwrap();

        let listed: Vec<_> = rows.iter().map(|row| (row.state.as_str(), row.position)).collect();
        assert_eq!(listed, [("cancelled", None), ("offered", None), ("waiting", Some(1))]);
        assert!(counts.contains(&(State::Offered, 1)), "{counts:?}");
        let registration = &data["registrations"][0];
        assert_eq!((&registration["state"], &registration["awaits"]), (&"offered".into(), &"acceptance".into()));
        assert_eq!(registration["deadline"], "2027-03-02T09:00:00Z");
        assert!(feed.contains("STATUS:TENTATIVE") && feed.contains("Une place est gardée pour vous"), "{feed}");
        let again = last_mail(&app, BEN).await;
        assert!(again.text.contains("Une place vous est proposée"), "{}", again.text);
        let page = app.get("/fr/miso/sessions/atelier").await.body;
        assert!(page.contains("Complet"), "a seat that is held is not free");
    }

    async fn settings_changed_alone_offer_at_once(app: App) {
        let mut at_once = draft();
        at_once.programme.rules.queue = QueueMode::Promote;
        app.publish(&at_once).await;
        for email in [ANA, BEN, CLEO] {
            app.register(email, &["atelier"]).await;
        }
        let published = app.house().publications.current("miso").unwrap();
        let id = published.session("atelier").unwrap().id;
        let seats = store::seats_of(&mut app.pool.acquire().await.unwrap(), published.id).await.unwrap();
        let mut settings = seats.into_iter().find(|seat| seat.settings.session == id).unwrap().settings;
        settings.queue = QueueMode::Offer;
        settings.capacity = Some(2);

        publication::set(app.house(), settings).await.unwrap();

        assert_eq!(states(&app).await, [Some(State::Confirmed), Some(State::Offered), Some(State::Waiting)]);
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn what_watches_the_server_sees_offers_and_deadlines_that_nobody_passes_on(app: App) {
        const NAMES: [&str; 3] =
            ["parvis_registrations_offered", "parvis_registrations_waiting", "parvis_deadlines_due"];
        offered(&app).await;
        let session = app.house().publications.current("miso").unwrap().session("atelier").unwrap().id;
        assert_eq!(figures(&app, NAMES).await, [Some(1), Some(1), Some(0)]);

        // Somebody holds the seats, and nobody comes through.
        let mut stuck = app.pool.begin().await.unwrap();
        store::lock_seats(&mut stuck, [session]).await.unwrap();
        app.pass(TimeDelta::hours(24) + TimeDelta::seconds(90));
        assert_eq!(figures(&app, NAMES).await, [Some(1), Some(1), Some(1)]);
        assert_eq!(app.broken().await, ["2: 1 seats or turns are held past their deadline"]);
        stuck.rollback().await.unwrap();
        app.run_due().await;

        assert_eq!(figures(&app, NAMES).await, [Some(1), None, Some(0)]);
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn every_figure_that_operators_are_told_to_watch_is_there(app: App) {
        let book = include_str!("../../docs/OPERATIONS.md");
        let is_of_a_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        // A name may be said with what it counts: `parvis_x{kind="…"}`.
        let names: BTreeSet<&str> = book
            .split('`')
            .filter(|word| word.starts_with("parvis_"))
            .map(|word| word.split('{').next().unwrap_or(word))
            .collect();
        assert!(names.iter().all(|name| name.chars().all(is_of_a_name)), "{names:?}");
        assert!(names.len() >= 6, "{names:?}");

        offered(&app).await;

        for name in names {
            assert_ne!(figures(&app, [name]).await, [None], "{name}");
        }
    }

    async fn a_deadline_that_stands_where_none_belongs_is_said(app: App) {
        offered(&app).await;
        let session = app.house().publications.current("miso").unwrap().session("atelier").unwrap().id;
        let said = [format!("2: {session}: a deadline is missing, or stands where none belongs")];
        let mut db = app.pool.acquire().await.unwrap();
        let (soon, far) = (app.now() + TimeDelta::hours(1), app.now() + TimeDelta::days(300));

        for (wrong, deadline) in [
            ("UPDATE registration SET deadline = $1 WHERE state = 'offered'", far),
            ("UPDATE registration SET deadline = $1, awaits = NULL WHERE state = 'offered'", soon),
            ("UPDATE registration SET deadline = $1 WHERE state = 'cancelled'", soon),
        ] {
            on!(db, c => query(wrong).bind(deadline).execute(c).await.map(drop)).unwrap();
            assert_eq!(app.broken().await, said, "{wrong}");
            let mend = "UPDATE registration SET deadline = $1, awaits = 'acceptance' WHERE state = 'offered'";
            on!(db, c => query(mend).bind(soon).execute(c).await.map(drop)).unwrap();
            let mend = "UPDATE registration SET deadline = NULL WHERE state = 'cancelled'";
            on!(db, c => query(mend).execute(c).await.map(drop)).unwrap();
            assert_eq!(app.broken().await, Vec::<String>::new(), "{wrong}");
        }
    }

    async fn one_session_offers_its_seats_from_the_command_on_and_the_others_do_not(app: App) {
        let mut draft = draft();
        draft.programme.rules.queue = QueueMode::Promote;
        app.publish(&draft).await;
        for email in [ANA, BEN, CLEO] {
            app.register(email, &["atelier"]).await;
        }
        let set = |values: &[&str]| {
            let done = process::run(&app.db, &[&["session", "set", "miso", "atelier"], values].concat());
            let text = |bytes| String::from_utf8(bytes).unwrap();
            (done.status.code(), text(done.stdout), text(done.stderr))
        };
        let seats = |taken, waiting| format!("capacity 1, held 0, taken {taken}, waiting {waiting}\n");

        assert_eq!(set(&["queue=offer"]), (Some(0), seats(1, 2), String::new()));
        let agenda = app.agenda_path(ANA).await;
        app.post(&format!("{agenda}/cancellations"), &[("all", "1")]).await;
        assert_eq!(states(&app).await, [None, Some(State::Offered), Some(State::Waiting)]);

        let (code, out, error) = set(&["queue=parfois"]);
        assert_eq!((code, out.as_str()), (Some(1), ""));
        assert!(error.contains("queue=parfois") && error.contains("promote") && error.contains("offer"), "{error}");
        // As the programme says, again: what was offered stands, and the next are given their seats.
        assert_eq!(set(&["queue="]), (Some(0), seats(1, 1), String::new()));
        let agenda = app.agenda_path(BEN).await;
        app.post(&format!("{agenda}/cancellations"), &[("all", "1")]).await;
        assert_eq!(states(&app).await, [None, None, Some(State::Confirmed)]);
        assert_eq!(app.broken().await, Vec::<String>::new());
    }
}
