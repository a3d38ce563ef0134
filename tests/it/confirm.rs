//! Orders that count once the link in their mail is confirmed (`rules.confirm = "link"`).

use chrono::TimeDelta;
use futures_util::future::join_all;
use mail_parser::MessageParser;
use parvis::{
    locale::Lang,
    mail::{
        outbox,
        transport::{Kept, Mailer},
    },
    programme::{Confirm, Draft},
    registration::{
        Cause, Order, Request, State, desk,
        person::{Email, Name},
        store,
    },
};
use rocket::http::Status as Http;

use crate::{
    builders::{miso, on_day, session},
    harness::{App, Page, TestDb},
    html::Found,
    smtp::SmtpServer,
};

const ANA: &str = "ana@example.org";
const BEN: &str = "ben@example.org";

fn draft() -> Draft {
    let mut draft = miso(vec![session("atelier", 1), on_day(session("forum", 9), 9)]);
    draft.programme.rules.confirm = Confirm::Link;
    draft
}

fn confirm_path(mail: &Kept) -> String {
    let link =
        mail.text.split_whitespace().find(|word| word.contains("/confirm/")).expect("a link to confirm");
    link[link.find("/fr/").unwrap()..].to_owned()
}

async fn last_mail(app: &App, email: &str) -> Kept {
    app.mails_to(email).await.pop().unwrap()
}

fn states(page: &Page) -> Vec<String> {
    Found::on(&page.body).texts(".agenda .state")
}

/// The live registrations of a person: state, and whether something is still to be done.
async fn has(app: &App, email: &str) -> Vec<(State, bool)> {
    let mut db = app.pool.acquire().await.unwrap();
    let person = store::participant_by_email(&mut db, email).await.unwrap().unwrap();
    let all = store::registrations_of(&mut db, &[person.id]).await.unwrap();
    let live = all.into_iter().filter(|one| one.state.is_live());
    live.map(|one| (one.state, one.pending.is_some())).collect()
}

/// How often a mail to this address was refused.
async fn attempts(app: &App, email: &str) -> i64 {
    let mut db = app.pool.acquire().await.unwrap();
    outbox::to(&mut db, email).await.unwrap().iter().map(|row| row.attempts).sum()
}

fn calendar(mail: &Kept) -> bool {
    String::from_utf8_lossy(&mail.raw).contains("text/calendar")
}

on_both_engines! {
    async fn seats_are_held_until_the_link_in_the_mail_is_confirmed(app: App) {
        app.publish(&draft()).await;
        let order = app.get(app.register(ANA, &["atelier", "forum"]).await.location()).await;
        let mail = last_mail(&app, ANA).await;
        let path = confirm_path(&mail);
        assert_eq!(has(&app, ANA).await, [(State::Offered, true); 2]);

        // Scanners open every link.
        let page = app.get(&path).await;
        app.get(&path).await;
        assert_eq!(has(&app, ANA).await, [(State::Offered, true); 2]);
        let action = Found::on(&page.body).attributes("form[method=post]", "action").remove(0);
        let sent = app.post(&action, &[]).await;
        let done = app.get(sent.location()).await;
        let again = app.post(&action, &[]).await;

        assert_eq!(Found::on(&order.body).text("h1"), "Encore un pas\u{a0}: confirmez votre demande");
        assert!(Found::on(&order.body).text(".lead").contains("avant le lundi 1er\u{a0}mars 2027 à 10\u{a0}h\u{a0}30"), "{}", order.body);
        assert_eq!(states(&order), ["Place gardée jusqu’à ce que vous confirmiez"; 2]);
        assert_eq!(Found::on(&order.body).count(".agenda-links"), 0, "no calendar entry yet");
        assert_eq!(mail.subject, "Confirmez votre inscription\u{a0}: MISO");
        assert!(!calendar(&mail));
        assert_eq!((page.status, page.header("cache-control")), (Http::Ok, "private, no-store"));
        assert_eq!((page.header("x-robots-tag"), Found::on(&page.body).count("button")), ("noindex", 1));
        assert_eq!(Found::on(&done.body).text("h1"), "C’est confirmé");
        assert_eq!(states(&done), ["Place confirmée"; 2]);
        assert_eq!((sent.location(), sent.location()), (path.as_str(), again.location()), "again is the same page");
        assert_eq!(has(&app, ANA).await, [(State::Confirmed, false); 2]);
        let mails = app.mails_to(ANA).await;
        assert_eq!(mails.len(), 2, "one mail for all of them");
        assert!(calendar(&mails[1]) && mails[1].text.contains("Inscription confirmée"), "{}", mails[1].text);
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn what_is_not_confirmed_in_half_an_hour_goes_to_the_next_and_nobody_is_written_to(app: App) {
        app.publish(&draft()).await;
        app.register("stranger@example.org", &["atelier"]).await;
        app.register(BEN, &["atelier"]).await;
        let path = confirm_path(&last_mail(&app, "stranger@example.org").await);
        app.post(&confirm_path(&last_mail(&app, BEN).await), &[]).await;
        assert_eq!(has(&app, BEN).await, [(State::Waiting, false)]);

        app.pass(TimeDelta::minutes(30));
        app.run_due().await;

        assert_eq!(has(&app, "stranger@example.org").await, []);
        assert_eq!(has(&app, BEN).await, [(State::Confirmed, false)]);
        assert_eq!(app.mails_to("stranger@example.org").await.len(), 1, "the address may be a stranger's");
        let late = app.get(&path).await;
        assert_eq!((late.status, Found::on(&late.body).text("h1").as_str()), (Http::Ok, "Trop tard pour confirmer"));
        assert!(Found::on(&late.body).links(".acts").contains(&(
            "S’inscrire de nouveau".to_owned(),
            "/fr/miso/register?session=atelier".to_owned()
        )));
        let sent = app.post(&path, &[]).await;
        assert_eq!((sent.status, sent.location()), (Http::SeeOther, path.as_str()));
        assert_eq!(has(&app, "stranger@example.org").await, []);
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn who_registers_while_the_mail_server_is_away_has_half_an_hour_from_when_the_mail_leaves(db: TestDb) {
        let port = SmtpServer::nobody().await;
        let mailer = Mailer::open(&format!("smtp://127.0.0.1:{port}"), "parvis.example.org").unwrap();
        let app = App::start_with(db, mailer).await;
        app.publish(&draft()).await;
        app.register(ANA, &["atelier"]).await;
        for _ in 0..3 {
            app.pass(TimeDelta::minutes(40));
            app.try_to_deliver().await;
            app.run_due().await;
            assert_eq!(has(&app, ANA).await, [(State::Offered, true)]);
            assert_eq!(app.broken().await, Vec::<String>::new());
        }

        let server = SmtpServer::start_at(port).await;
        app.pass(TimeDelta::minutes(2));
        while server.messages().is_empty() {
            app.pass(TimeDelta::seconds(1));
            app.try_to_deliver().await;
        }
        app.pass(TimeDelta::minutes(29));
        app.run_due().await;

        let mail = MessageParser::default().parse(&server.messages()[0].raw).unwrap().into_owned();
        let text = mail.body_text(0).unwrap();
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains("Ce message est parti en retard") && !words.contains("confirmer avant"), "{text}");
        let link = text.split_whitespace().find(|word| word.contains("/confirm/")).unwrap();
        app.post(&link[link.find("/fr/").unwrap()..], &[]).await;
        assert_eq!(has(&app, ANA).await, [(State::Confirmed, false)]);
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn an_address_that_is_refused_for_ever_holds_a_seat_for_half_an_hour_and_no_longer(db: TestDb) {
        let server = SmtpServer::start().await;
        server.reject(ANA, 450);
        let mailer = Mailer::open(&server.url(), "parvis.example.org").unwrap();
        let app = App::start_with(db, mailer).await;
        app.publish(&draft()).await;
        app.register(ANA, &["atelier"]).await;
        while attempts(&app, ANA).await == 0 {
            app.try_to_deliver().await;
        }
        app.pass(TimeDelta::minutes(29));
        app.run_due().await;
        assert_eq!(has(&app, ANA).await, [(State::Offered, true)]);

        app.pass(TimeDelta::minutes(1));
        app.run_due().await;

        assert_eq!(has(&app, ANA).await, []);
        let mut db = app.pool.acquire().await.unwrap();
        assert_eq!(outbox::counts(&mut db).await.unwrap().due, 1, "its mail still waits");
        drop(db);
        app.register(BEN, &["atelier"]).await;
        assert_eq!(has(&app, BEN).await, [(State::Offered, true)], "the seat is another's");
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn a_turn_in_the_queue_begins_with_the_confirmation(app: App) {
        app.publish(&draft()).await;
        app.register(ANA, &["atelier"]).await;
        app.post(&confirm_path(&last_mail(&app, ANA).await), &[]).await;
        let order = app.get(app.register("first@example.org", &["atelier"]).await.location()).await;
        app.register(BEN, &["atelier"]).await;
        let form = app.get("/fr/miso/register?session=atelier").await;

        app.post(&confirm_path(&last_mail(&app, BEN).await), &[]).await;
        app.post(&confirm_path(&last_mail(&app, "first@example.org").await), &[]).await;

        assert_eq!(states(&order), ["Complet\u{a0}: en liste d’attente dès que vous confirmez"]);
        assert_eq!(
            Found::on(&form.body).text(".full"),
            "Complet\u{a0}: vous serez en liste d’attente, position 1",
            "who has not confirmed counts nowhere"
        );
        assert!(last_mail(&app, BEN).await.text.contains("Liste d’attente, position 1"));
        assert!(last_mail(&app, "first@example.org").await.text.contains("Liste d’attente, position 2"));
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn the_page_of_an_order_says_nothing_of_what_the_address_has(app: App) {
        app.publish(&draft()).await;
        app.register(ANA, &["forum"]).await;
        app.post(&confirm_path(&last_mail(&app, ANA).await), &[]).await;

        let known = app.register(ANA, &["forum"]).await;
        let stranger = app.register("zoe@example.org", &["forum"]).await;
        let (known, stranger) = (app.get(known.location()).await, app.get(stranger.location()).await);

        let texts = |page: &Page| Found::on(&page.body).texts("main :is(h1, h2, p)");
        assert_eq!(texts(&known), texts(&stranger));
        let mail = last_mail(&app, ANA).await;
        assert!(mail.text.contains("Inscription déjà confirmée auparavant"), "the mailbox hears the truth");
        assert_eq!(has(&app, ANA).await, [(State::Confirmed, false)]);
        // Nor what has become of it since.
        let before = texts(&stranger);
        app.post(&confirm_path(&last_mail(&app, "zoe@example.org").await), &[]).await;
        let order = app.register("zoe@example.org", &["forum"]).await;
        assert_eq!(texts(&app.get(order.location()).await), before);
    }

    async fn the_link_confirms_its_own_order_and_opens_no_other_door(app: App) {
        app.publish(&draft()).await;
        let order = app.register(ANA, &["atelier"]).await.location().to_owned();
        app.register(BEN, &["forum"]).await;
        let order = order.rsplit('/').next().unwrap().to_owned();
        let agenda = app.agenda_path(ANA).await;
        let agenda = agenda.rsplit('/').next().unwrap().to_owned();
        let confirm = confirm_path(&last_mail(&app, ANA).await).rsplit('/').next().unwrap().to_owned();

        for wrong in [&order, &agenda, &"x".to_owned(), &confirm.to_uppercase()] {
            assert_eq!(app.get(&format!("/fr/confirm/{wrong}")).await.status, Http::NotFound, "{wrong}");
            assert_eq!(app.post(&format!("/fr/confirm/{wrong}"), &[]).await.status, Http::NotFound, "{wrong}");
        }
        assert_eq!(app.get(&format!("/fr/agenda/{confirm}")).await.status, Http::NotFound);
        assert_eq!(app.get(&format!("/fr/miso/orders/{confirm}")).await.status, Http::NotFound);
        assert_eq!(has(&app, ANA).await, [(State::Offered, true)]);
        app.post(&format!("/fr/confirm/{confirm}"), &[]).await;
        assert_eq!(has(&app, ANA).await, [(State::Confirmed, false)]);
        assert_eq!(has(&app, BEN).await, [(State::Offered, true)]);
    }

    async fn a_link_confirmed_a_hundred_times_at_once_is_one_mail(app: App) {
        app.publish(&draft()).await;
        app.register(ANA, &["atelier", "forum"]).await;
        let path = confirm_path(&last_mail(&app, ANA).await);

        let answers = join_all((0..100).map(|_| app.post(&path, &[]))).await;

        assert!(answers.iter().all(|answer| answer.status == Http::SeeOther));
        assert_eq!(app.mails_to(ANA).await.len(), 2);
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn who_is_let_in_by_their_own_page_or_by_organisers_needs_no_link(app: App) {
        app.publish(&draft()).await;
        app.register(ANA, &["forum"]).await;
        let agenda = app.agenda_path(ANA).await;
        let to_confirm = app.get(&agenda).await;
        let added = app.post(&format!("{agenda}/sessions"), &[("session", "miso/atelier"), ("people", "1")]).await;
        let published = app.house().publications.current("miso").unwrap();
        let order = Order {
            programme: published.id,
            key: "by-telephone".to_owned(),
            contact: Email::parse(BEN).unwrap().into(),
            name: Name::parse("Ben").unwrap(),
            people: 1,
            organisation: String::new(),
            access_needs: String::new(),
            lang: Lang::Fr,
            sessions: vec![published.session("forum").unwrap().id],
            held: None,
                        cause: Cause::Organiser,
        };
        desk::work(app.house(), &[Request::Register(order)]).await.unwrap();

        assert_eq!(states(&to_confirm), ["À confirmer avant le lundi 1er\u{a0}mars 2027 à 10\u{a0}h\u{a0}30"]);
        assert_eq!(added.status, Http::SeeOther, "{}", added.body);
        assert_eq!(has(&app, BEN).await, [(State::Confirmed, false)]);
        let mine = has(&app, ANA).await;
        assert!(mine.contains(&(State::Confirmed, false)) && mine.contains(&(State::Offered, true)), "{mine:?}");
        let words = Found::on(&to_confirm.body).texts(".agenda .confirm summary");
        assert_eq!(words, ["Annuler – Session forum"], "nobody offered it: it is not declined");
        // And the button of that page confirms as the link does.
        let take = Found::on(&app.get(&agenda).await.body).attributes("form[action*='/offers/']", "action");
        app.post(&take[0], &[]).await;
        assert_eq!(has(&app, ANA).await, [(State::Confirmed, false); 2]);
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn who_was_typed_by_somebody_else_gives_it_back_or_hears_no_more(app: App) {
        app.publish(&draft()).await;
        app.register(ANA, &["atelier"]).await;
        let agenda = app.agenda_path(ANA).await;
        let feed = Found::on(&app.get(&agenda).await.body).attributes("a[href^='webcal:']", "href").remove(0);
        let feed = app.get(&feed[feed.find("/fr/").unwrap()..]).await.body;
        let mut moved = draft();
        moved.sessions[0].session.title = "Autre titre".to_owned();
        app.publish(&moved).await;
        app.pass(TimeDelta::minutes(15));
        app.run_due().await;
        assert_eq!(app.mails_to(ANA).await.len(), 1, "no news of what was never confirmed");
        assert!(!feed.contains("BEGIN:VEVENT"), "{feed}");

        app.post(&format!("{agenda}/cancellations"), &[("all", "1")]).await;
        app.register(BEN, &["atelier"]).await;

        assert_eq!(has(&app, ANA).await, []);
        assert_eq!(has(&app, BEN).await, [(State::Offered, true)], "the seat is free at once");
        assert_eq!(app.broken().await, Vec::<String>::new());
    }
}
