//! What one person may have, where the programme's rules limit it; and that nobody learns from a form what an
//! address has.

use chrono::TimeDelta;
use futures_util::future::join_all;
use parvis::{
    on,
    programme::{Confirm, Draft, DraftSession, Overlap, Rules, Status},
    registration::{
        Acceptance, Confirmation, Request,
        desk::{self, House},
        store,
    },
};
use rocket::http::Status as Http;

use crate::{
    builders::{miso, on_day, session},
    harness::{App, Page, TestDb},
    html::Found,
};

const ANA: &str = "ana@example.org";

/// `s0`, `s1`…, each on a day of its own, the first a Monday.
fn days(count: i64) -> Vec<DraftSession> {
    (0..count).map(|day| on_day(session(&format!("s-{day}"), 99), day)).collect()
}

fn ruled(sessions: Vec<DraftSession>, rules: Rules) -> Draft {
    let mut draft = miso(sessions);
    draft.programme.rules = rules;
    draft
}

fn a_week(limit: i64) -> Rules {
    Rules { per_week: Some(limit), ..Rules::default() }
}

fn slugs(from: i64, to: i64) -> Vec<String> {
    (from..=to).map(|day| format!("s-{day}")).collect()
}

async fn register(app: &App, email: &str, sessions: &[String]) -> Page {
    let sessions: Vec<&str> = sessions.iter().map(String::as_str).collect();
    app.register(email, &sessions).await
}

/// Slug and state of each registration of a person, by slug.
async fn has(app: &App, email: &str) -> Vec<String> {
    let mut db = app.pool.acquire().await.unwrap();
    let rows: Vec<(String, String)> = on!(&mut db, c => sqlx::query_as(
        "SELECT s.slug, r.state FROM registration r JOIN session s ON s.id = r.session_id
         JOIN participant p ON p.id = r.participant_id WHERE p.email = $1 ORDER BY s.slug",
    )
    .bind(email)
    .fetch_all(c)
    .await)
    .unwrap();
    rows.into_iter().map(|(slug, state)| format!("{slug} {state}")).collect()
}

async fn count(app: &App, table: &str) -> i64 {
    let mut db = app.pool.acquire().await.unwrap();
    let sql = format!("SELECT COUNT(*) FROM {table}");
    on!(&mut db, c => sqlx::query_scalar(sqlx::AssertSqlSafe(sql.as_str())).fetch_one(c).await).unwrap()
}

/// An order's page as a stranger reads it, without its own link.
fn shown(page: &Page) -> (Vec<String>, Vec<String>) {
    let found = Found::on(&page.body);
    (found.texts(".agenda h2"), found.texts(".agenda .state"))
}

on_both_engines! {
    async fn a_form_that_asks_for_too_much_is_refused_with_a_sentence_at_each_session_and_keeps_what_was_typed(app: App) {
        app.publish(&ruled(days(9), a_week(5))).await;

        let refused = register(&app, ANA, &slugs(0, 7)).await;

        assert_eq!(refused.status, Http::UnprocessableEntity);
        let page = Found::on(&refused.body);
        let sentence = "5 sessions par semaine au plus, pour que chacun·e ait une place. Décochez celles qui sont de trop.";
        assert_eq!(page.texts(".picked .mistake"), vec![sentence; 7], "the eighth is in another week");
        assert_eq!(page.attributes("[name=session][checked]", "value"), slugs(0, 7), "nothing that was ticked is lost");
        assert_eq!(page.attributes("[name=email]", "value"), [ANA]);
        assert_eq!(page.count(".mistakes a"), 7);
        assert_eq!(count(&app, "participant").await, 0, "a refused form leaves no address behind");
        let mended = register(&app, ANA, &slugs(3, 7)).await;
        assert_eq!(mended.status, Http::SeeOther);
        assert_eq!(has(&app, ANA).await.len(), 5);
    }

    async fn two_sessions_at_one_time_are_refused_where_the_rule_says_so(app: App) {
        let rules = Rules { overlap: Overlap::Refuse, ..Rules::default() };
        app.publish(&ruled(vec![session("atelier", 9), session("forum", 9), on_day(session("seul", 9), 1)], rules)).await;

        let refused = app.register(ANA, &["atelier", "forum", "seul"]).await;

        assert_eq!(refused.status, Http::UnprocessableEntity);
        let page = Found::on(&refused.body);
        assert_eq!(page.texts(".clash").len(), 2);
        assert_eq!(page.attributes("[name=session][checked]", "value"), ["atelier", "forum", "seul"]);
        assert_eq!(has(&app, ANA).await, Vec::<String>::new());
    }

    async fn what_is_too_much_beside_what_somebody_has_is_told_by_the_mail_alone(app: App) {
        let mut sessions = days(9);
        sessions.push(session("en-meme-temps", 9));
        app.publish(&ruled(sessions, Rules { overlap: Overlap::Refuse, ..a_week(5) })).await;
        register(&app, ANA, &slugs(0, 3)).await;

        let theirs = app.register(ANA, &["s-4", "s-5", "s-7"]).await;
        let newcomers = app.register("new@example.org", &["s-4", "s-5", "s-7"]).await;
        let at_once = app.register(ANA, &["en-meme-temps"]).await;

        assert_eq!((theirs.status, newcomers.status), (Http::SeeOther, Http::SeeOther));
        assert_eq!(
            shown(&app.get(theirs.location()).await),
            shown(&app.get(newcomers.location()).await),
            "the page shows what a newcomer was given"
        );
        let given = ["s-0", "s-1", "s-2", "s-3", "s-4", "s-7"].map(|slug| format!("{slug} confirmed"));
        assert_eq!(has(&app, ANA).await, given, "the sixth of the week is not given, the others are");
        assert_eq!(at_once.status, Http::SeeOther);
        let mut mails = app.mails_to(ANA).await;
        // They leave side by side: the one about the last form is known by its subject.
        mails.sort_by_key(|mail| mail.subject.contains("Pas d’inscription"));
        let sixth = "Pas d’inscription\u{a0}: ce programme permet 5 sessions par semaine, et vous les avez déjà cette semaine-là.";
        assert!(mails[1].text.contains(sixth), "{}", mails[1].text);
        assert!(mails[1].text.contains("Une règle du programme, la même pour tout le monde"), "{}", mails[1].text);
        let raw = String::from_utf8_lossy(&mails[1].raw);
        assert_eq!(raw.matches("method=REQUEST").count(), 2, "entries for what was given, and none for the sixth");
        let text = &mails[2].text;
        assert!(text.contains("vous avez déjà une session à la même heure"), "{text}");
        assert!(mails[2].subject.contains("Pas d’inscription"), "{}", mails[2].subject);
        assert_eq!(mails.len(), 3);
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn who_gives_a_session_back_may_have_another_and_what_does_not_take_place_counts_for_nothing(app: App) {
        let mut draft = ruled(days(7), a_week(2));
        app.publish(&draft).await;
        register(&app, ANA, &slugs(0, 1)).await;
        register(&app, ANA, &slugs(2, 2)).await;
        assert_eq!(has(&app, ANA).await, ["s-0 confirmed", "s-1 confirmed"]);
        let agenda = app.agenda_path(ANA).await;

        app.post(&format!("{agenda}/cancellations"), &[("session", "miso/s-0")]).await;
        register(&app, ANA, &slugs(3, 3)).await;
        draft.sessions[1].session.status = Status::Cancelled;
        app.publish(&draft).await;
        register(&app, ANA, &slugs(4, 5)).await;

        assert_eq!(
            has(&app, ANA).await,
            ["s-0 cancelled", "s-1 confirmed", "s-3 confirmed", "s-4 confirmed"]
        );
    }

    async fn the_limit_of_the_whole_programme_counts_seats_and_turns_and_the_organisers_are_not_bound(app: App) {
        let mut sessions = days(20);
        sessions[0] = on_day(session("s-0", 1), 0);
        app.publish(&ruled(sessions, Rules { per_programme: Some(3), ..Rules::default() })).await;
        register(&app, "first@example.org", &slugs(0, 0)).await;

        register(&app, ANA, &slugs(0, 0)).await;
        register(&app, ANA, &slugs(8, 9)).await;
        register(&app, ANA, &slugs(10, 10)).await;
        let too_many = register(&app, "ben@example.org", &slugs(0, 3)).await;

        assert_eq!(has(&app, ANA).await, ["s-0 waiting", "s-8 confirmed", "s-9 confirmed"]);
        assert_eq!(too_many.status, Http::UnprocessableEntity);
        assert!(Found::on(&too_many.body).texts(".picked .mistake")[0].starts_with("3 sessions par personne au plus"));
        // People who call.
        let order = parvis::registration::Order {
            programme: app.house().publications.current("miso").unwrap().id,
            key: "call".to_owned(),
            contact: parvis::registration::person::Email::parse(ANA).unwrap().into(),
            name: parvis::registration::person::Name::parse("Ana").unwrap(),
            people: 1,
            organisation: String::new(),
            access_needs: String::new(),
            lang: parvis::locale::Lang::Fr,
            sessions: (11..19).map(|day| session(&format!("s-{day}"), 9).session.id).collect(),
            cause: parvis::registration::Cause::Organiser,
            held: None,
        };
        parvis::registration::desk::work(app.house(), &[parvis::registration::Request::Register(order)]).await.unwrap();
        assert_eq!(has(&app, ANA).await.len(), 11);
    }

    async fn behind_the_secret_link_the_page_itself_says_what_is_too_much(app: App) {
        let mut sessions = days(9);
        sessions.push(session("en-meme-temps", 9));
        app.publish(&ruled(sessions, Rules { overlap: Overlap::Refuse, ..a_week(2) })).await;
        register(&app, ANA, &slugs(0, 0)).await;
        let agenda = app.agenda_path(ANA).await;
        let path = format!("{agenda}/sessions");

        let asked = app.get(&format!("{path}?session=miso/s-1&session=miso/s-2")).await;
        let refused = app.post(&path, &[("session", "miso/s-1"), ("session", "miso/s-2")]).await;
        let at_once = app.post(&path, &[("session", "miso/en-meme-temps")]).await;
        let given = app.post(&path, &[("session", "miso/s-1"), ("session", "miso/s-7")]).await;

        let rule = "2 sessions par semaine au plus, pour que chacun·e ait une place. \
                    Une session à la fois\u{a0}: deux sessions à la même heure ne vont pas ensemble.";
        assert_eq!(Found::on(&asked.body).texts(".notice"), [rule]);
        assert_eq!(refused.status, Http::UnprocessableEntity);
        let page = Found::on(&refused.body);
        let sentence = "2 sessions par semaine au plus, avec celles que vous avez déjà cette semaine-là (il y en a 1).";
        assert_eq!(page.texts(".picked .mistake"), vec![sentence; 2]);
        assert_eq!(page.attributes("[name=session][checked]", "value"), ["miso/s-1", "miso/s-2"]);
        assert_eq!(
            Found::on(&at_once.body).text(".picked .mistake"),
            "Vous avez déjà «\u{a0}Session s-0\u{a0}» à la même heure, et ce programme donne une place à la fois."
        );
        assert_eq!(given.status, Http::SeeOther);
        assert_eq!(has(&app, ANA).await, ["s-0 confirmed", "s-1 confirmed", "s-7 confirmed"]);
        let data: serde_json::Value =
            serde_json::from_str(&app.get(&format!("{agenda}/data.json")).await.body).unwrap();
        assert!(data["orders"].as_array().unwrap().iter().all(|order| order["consent_at"].is_string()), "{data}");
    }

    async fn the_rule_is_said_before_it_refuses_anybody(app: App) {
        app.publish(&ruled(days(2), Rules { per_programme: Some(1), ..a_week(5) })).await;

        let said = async |path: &str, selector: &str| Found::on(&app.get(path).await.body).text(selector);

        let fr = "5 sessions par semaine au plus, pour que chacun·e ait une place. \
                  Une seule session par personne, pour que chacun·e ait une place.";
        let en = "5 sessions a week at most, so that everybody gets a seat. One session a person, so that everybody gets a seat.";
        assert_eq!(said("/fr/miso", ".chosen small").await, fr);
        assert_eq!(said("/en/miso/themes/lab", ".chosen small").await, en);
        assert_eq!(said("/fr/miso/register?session=s-0", ".notice").await, fr);
        assert_eq!(said("/en/miso/register?session=s-0", ".notice").await, en);
        let order = app.register(ANA, &["s-0"]).await;
        let page = app.get(order.location()).await.body;
        assert!(page.contains("c’est le message qui dit ce qui est confirmé"), "{page}");
    }

    async fn two_processes_give_one_address_no_more_than_its_limit(db: TestDb) {
        let app = App::start(db).await;
        app.publish(&ruled((0..20).map(|n| on_day(session(&format!("s-{n}"), 99), n % 7)).collect(), a_week(5))).await;
        // Another process on the same database: its own pool, its own desk.
        let pool = app.db.pool().await;
        let other = parvis::registration::desk::House { pool, ..app.house().clone() };
        let programme = app.house().publications.current("miso").unwrap().id;
        let order = |n: i64| parvis::registration::Request::Register(parvis::registration::Order {
            programme,
            key: format!("key-{n}"),
            contact: parvis::registration::person::Email::parse(ANA).unwrap().into(),
            name: parvis::registration::person::Name::parse("Ana").unwrap(),
            people: 1,
            organisation: String::new(),
            access_needs: String::new(),
            lang: parvis::locale::Lang::Fr,
            sessions: vec![session(&format!("s-{n}"), 99).session.id],
            cause: parvis::registration::Cause::Form,
            held: None,
        });

        let houses = [app.house().clone(), other];
        let asked = join_all((0..20).map(|n| {
            let (house, request) = (houses[usize::try_from(n).unwrap() % 2].clone(), order(n));
            tokio::spawn(async move { parvis::registration::desk::work(&house, &[request]).await.map(|_| ()) })
        }))
        .await;

        assert!(asked.iter().all(|done| matches!(done, Ok(Ok(())))), "{asked:?}");
        assert_eq!(has(&app, ANA).await.len(), 5);
        assert_eq!(app.mails_to(ANA).await.len(), 20, "each order has its mail");
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn what_was_not_confirmed_is_confirmed_within_the_limit_by_the_link_and_by_the_own_page_alike(app: App) {
        app.publish(&ruled(days(3), Rules { confirm: Confirm::Link, ..a_week(1) })).await;
        for n in 0..3 {
            register(&app, ANA, &slugs(n, n)).await;
        }
        let agenda = app.agenda_path(ANA).await;
        let buttons = Found::on(&app.get(&agenda).await.body).attributes("form[action*='/offers/']", "action");
        assert_eq!(buttons.len(), 3);

        for button in [&buttons[0], &buttons[1], &buttons[2], &buttons[2]] {
            app.post(button, &[]).await;
        }
        let page = app.post(&buttons[1], &[]).await;
        let page = app.get(page.location()).await;

        assert_eq!(has(&app, ANA).await, ["s-0 confirmed", "s-1 offered", "s-2 offered"]);
        assert_eq!(Found::on(&page.body).text(".notice"), "Ce n’est pas possible\u{a0}: une règle du programme, la même pour tout le monde, ne permet pas d’en avoir davantage. \
             Pour changer de session, annulez-en d’abord une autre.");
        let mut mails = app.mails_to(ANA).await;
        // They leave side by side.
        mails.sort_by_key(|mail| mail.subject.starts_with("Pas d’inscription"));
        assert_eq!(mails.len(), 5, "three to confirm, the one that is confirmed, and once that the others are too many");
        assert!(mails[4].subject.starts_with("Pas d’inscription"), "{}", mails[4].subject);
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn two_processes_confirm_no_more_than_the_limit(db: TestDb) {
        let app = App::start(db).await;
        app.publish(&ruled(days(7), Rules { confirm: Confirm::Link, ..a_week(2) })).await;
        for n in 0..7 {
            register(&app, ANA, &slugs(n, n)).await;
        }
        let pool = app.db.pool().await;
        let houses = [app.house().clone(), House { pool, ..app.house().clone() }];
        let participant = {
            let mut db = app.pool.acquire().await.unwrap();
            store::participant_by_email(&mut db, ANA).await.unwrap().unwrap().id
        };

        let asked = join_all((0..7).map(|n| {
            let house = houses[n % 2].clone();
            let session = session(&format!("s-{n}"), 99).session.id;
            let request = match n % 3 {
                0 => Request::Accept(Acceptance { participant, session }),
                _ => Request::Confirm(Confirmation { participant, sessions: vec![session] }),
            };
            tokio::spawn(async move { desk::work(&house, &[request]).await.map(|_| ()) })
        }))
        .await;

        assert!(asked.iter().all(|done| matches!(done, Ok(Ok(())))), "{asked:?}");
        let confirmed = has(&app, ANA).await.iter().filter(|line| line.ends_with(" confirmed")).count();
        assert_eq!(confirmed, 2);
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn a_week_is_one_of_the_programme_s_own_zone(app: App) {
        // Sunday 23:30 and Monday 00:30 in Zurich: both Sunday in UTC.
        let mut sunday = on_day(session("dimanche", 9), 6);
        sunday.session.start = chrono::NaiveTime::from_hms_opt(23, 30, 0);
        sunday.session.end = None;
        let mut monday = on_day(session("lundi", 9), 7);
        monday.session.start = chrono::NaiveTime::from_hms_opt(0, 30, 0);
        monday.session.end = None;
        app.publish(&ruled(vec![sunday, monday], a_week(1))).await;

        let taken = app.register(ANA, &["dimanche", "lundi"]).await;

        assert_eq!(taken.status, Http::SeeOther);
        app.pass(TimeDelta::minutes(1));
        assert_eq!(has(&app, ANA).await.len(), 2);
    }
}
