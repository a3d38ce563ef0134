//! People without an address: registered by telephone, found again by a code, called where others are written to.

use chrono::{TimeDelta, TimeZone as _, Utc};
use parvis::{
    audit::Actor,
    on,
    programme::{Draft, DraftSession, QueueMode, Rules, Status},
    registration::{
        Answer, Cancellation, Cause, Order, Promoted, Promotion, Refusal, Request, Seats, Transfer,
        Transferred,
        attendance::{self, Marked, Mode, list},
        calls::Reason,
        contact::{Code, Contact, Phone},
        desk,
        person::Name,
        resend, retention, store,
        store::lists::{self, Whom},
    },
    tokens::Tokens,
};
use uuid::Uuid;

use crate::{
    builders::{miso, on_day, session},
    harness::App,
};

const ANA: &str = "ana@example.org";

fn code(number: u64) -> Code {
    Code::fresh(&Tokens::seeded(number))
}

fn ids(app: &App, slug: &str) -> (Uuid, Uuid) {
    let published = app.house().publications.current("miso").unwrap();
    (published.id, published.session(slug).unwrap().id)
}

/// Somebody on the telephone, for these sessions.
fn order(app: &App, number: u64, people: i64, sessions: &[&str]) -> Order {
    Order {
        programme: ids(app, sessions[0]).0,
        key: app.house().tokens.fresh(),
        contact: Contact::Code { code: code(number), phone: Phone::parse("022 123 45 67").unwrap() },
        name: Name::parse("Rosa Sans-Courriel").unwrap(),
        people,
        organisation: String::new(),
        access_needs: "Une chaise".to_owned(),
        lang: parvis::locale::Lang::Fr,
        sessions: sessions.iter().map(|slug| ids(app, slug).1).collect(),
        cause: Cause::Organiser,
        held: None,
    }
}

async fn ask(app: &App, request: Request) -> Answer {
    desk::work(app.house(), &[request]).await.unwrap().remove(0)
}

async fn calls_in(app: &App, number: u64, people: i64, sessions: &[&str]) {
    let answer = ask(app, Request::Register(order(app, number, people, sessions))).await;
    assert!(matches!(answer, Answer::Ordered(_)), "{answer:?}");
}

async fn person(app: &App, number: u64) -> Uuid {
    let mut db = app.pool.acquire().await.unwrap();
    store::person::by_code(&mut db, &code(number)).await.unwrap().unwrap()
}

async fn leaves(app: &App, email: &str, slug: &str) {
    let mut db = app.pool.acquire().await.unwrap();
    let participant = store::participant_by_email(&mut db, email).await.unwrap().unwrap().id;
    drop(db);
    let sessions = Some(vec![ids(app, slug).1]);
    ask(app, Request::Cancel(Cancellation { participant, sessions, cause: Cause::Person })).await;
}

/// Session by slug and state of what is registered, in the order of the file.
async fn rows(app: &App) -> Vec<(String, String, String, String)> {
    let published = app.house().publications.current("miso").unwrap();
    let slugs = published.release.sessions.iter().map(|one| (one.id, one.slug.clone())).collect();
    let mut db = app.pool.acquire().await.unwrap();
    let rows = store::report::rows(&mut db, published.id, &slugs).await.unwrap();
    rows.into_iter().map(|row| (row.session, row.state, row.email, row.code)).collect()
}

/// Whom to call, and why.
async fn to_call(app: &App) -> Vec<(Reason, String)> {
    let mut db = app.pool.acquire().await.unwrap();
    let programme = app.house().publications.current("miso").unwrap().id;
    let open = store::calls::open(&mut db, programme, 100).await.unwrap();
    assert_eq!(store::calls::count(&mut db, programme).await.unwrap(), open.len() as i64);
    open.into_iter().map(|one| (one.reason, one.phone)).collect()
}

/// Somebody was called about everything.
async fn all_called(app: &App) {
    let mut tx = app.pool.begin().await.unwrap();
    let programme = app.house().publications.current("miso").unwrap().id;
    for open in store::calls::open(&mut tx, programme, 100).await.unwrap() {
        let by = app.tokens.id(app.now());
        assert!(store::calls::done(&mut tx, programme, open.id, by, app.now()).await.unwrap().is_some());
        assert!(
            store::calls::done(&mut tx, programme, open.id, by, app.now()).await.unwrap().is_none(),
            "once"
        );
    }
    tx.commit().await.unwrap();
}

fn called(reason: Reason) -> (Reason, String) {
    (reason, "022 123 45 67".to_owned())
}

async fn in_order(app: &App) {
    assert_eq!(app.broken().await, Vec::<String>::new());
}

fn until(app: &App, day: u32, hour: u32) {
    let then = chrono_tz::Europe::Zurich.with_ymd_and_hms(2027, 4, day, hour, 0, 0).unwrap();
    app.pass(then.with_timezone(&Utc) - app.now());
}

fn reminding(sessions: Vec<DraftSession>) -> Draft {
    let mut draft = miso(sessions);
    draft.programme.rules = Rules { reminders: vec!["1d".to_owned(), "1h".to_owned()], ..Rules::default() };
    draft
}

on_both_engines! {
    async fn a_person_without_an_address_lives_through_a_programme_and_is_called_where_others_get_a_mail(app: App) {
        app.publish(&reminding(vec![session("atelier", 1)])).await;
        app.register(ANA, &["atelier"]).await;
        calls_in(&app, 1, 1, &["atelier"]).await;
        assert_eq!(to_call(&app).await, [], "they are told while they ask");
        in_order(&app).await;

        leaves(&app, ANA, "atelier").await;
        assert_eq!(to_call(&app).await, [called(Reason::Promoted)]);
        in_order(&app).await;
        all_called(&app).await;

        let mut moved = on_day(session("atelier", 1), 1);
        moved.session.place = None;
        app.publish(&reminding(vec![moved])).await;
        app.pass(TimeDelta::minutes(11));
        app.run_due().await;
        assert_eq!(to_call(&app).await, [called(Reason::Changed)]);
        in_order(&app).await;

        until(&app, 20, 9);
        app.run_due().await;
        until(&app, 20, 12);
        app.run_due().await;
        in_order(&app).await;
        let list = list::read("liste.csv", code(1).to_string().as_bytes(), "atelier").unwrap();
        let (programme, atelier) = ids(&app, "atelier");
        let marked =
            attendance::mark(app.house(), Actor::Command, programme, atelier, &list, Mode::Write, app.now()).await.unwrap();
        assert!(matches!(marked, Marked::Done(figures) if figures.present == 1 && figures.walk_in == 0), "{marked:?}");
        until(&app, 21, 12);
        app.run_due().await;
        assert_eq!(
            rows(&app).await,
            [
                ("atelier".to_owned(), "cancelled".to_owned(), ANA.to_owned(), String::new()),
                ("atelier".to_owned(), "confirmed".to_owned(), String::new(), code(1).readable()),
            ]
        );
        assert!(app.mails_to("").await.iter().all(|mail| mail.recipient.contains(ANA)), "nobody else is written to");
        in_order(&app).await;

        app.pass(TimeDelta::days(24 + 366));
        assert_eq!(retention::erase_due(app.house(), 365).await.unwrap(), 2);
        assert_eq!(to_call(&app).await, []);
        assert!(rows(&app).await.iter().all(|(_, _, email, code)| email.is_empty() && code.is_empty()));
        in_order(&app).await;
    }

    async fn an_offer_to_somebody_who_cannot_be_written_to_is_a_seat(app: App) {
        let mut offering = session("atelier", 1);
        offering.live.queue = Some(QueueMode::Offer);
        app.publish(&miso(vec![offering])).await;
        app.register(ANA, &["atelier"]).await;
        calls_in(&app, 1, 1, &["atelier"]).await;

        leaves(&app, ANA, "atelier").await;

        let states: Vec<_> = rows(&app).await.into_iter().map(|(_, state, ..)| state).collect();
        assert_eq!(states, ["cancelled", "confirmed"]);
        assert_eq!(to_call(&app).await, [called(Reason::Promoted)]);
        in_order(&app).await;
    }

    async fn a_session_that_is_cancelled_and_comes_back_is_told_once_as_it_stands(app: App) {
        app.publish(&miso(vec![session("atelier", 2)])).await;
        calls_in(&app, 1, 2, &["atelier"]).await;
        let mut off = session("atelier", 2);
        off.session.status = Status::Cancelled;
        app.publish(&miso(vec![off])).await;
        app.pass(TimeDelta::minutes(11));
        app.run_due().await;
        app.publish(&miso(vec![on_day(session("atelier", 2), 2)])).await;
        app.pass(TimeDelta::minutes(11));
        app.run_due().await;

        assert_eq!(to_call(&app).await, [called(Reason::Changed)]);
        in_order(&app).await;
    }

    async fn who_is_moved_loses_a_seat_for_a_seat_only(app: App) {
        app.publish(&miso(vec![session("plein", 1), session("libre", 2), session("atelier", 3)])).await;
        app.register(ANA, &["plein", "atelier"]).await;
        calls_in(&app, 1, 2, &["atelier"]).await;
        let rosa = person(&app, 1).await;
        let transfer = |from, to| {
            Request::Transfer(Transfer { participant: rosa, from: ids(&app, from).1, to: ids(&app, to).1 })
        };

        let refused = ask(&app, transfer("atelier", "plein")).await;
        assert_eq!(refused, Answer::Transferred(Transferred::Refused(Refusal::TooLarge { seats: 1 })));
        assert_eq!(ask(&app, transfer("libre", "plein")).await, Answer::Transferred(Transferred::NothingThere));
        assert_eq!(ask(&app, transfer("atelier", "libre")).await, Answer::Transferred(Transferred::Seated));
        assert_eq!(to_call(&app).await, [called(Reason::Moved)]);
        assert_eq!(ask(&app, transfer("atelier", "libre")).await, Answer::Transferred(Transferred::NothingThere));
        in_order(&app).await;

        // With an address: one mail that says both. Ana's seat in `libre` is taken by Rosa's two.
        let mut db = app.pool.acquire().await.unwrap();
        let ana = store::participant_by_email(&mut db, ANA).await.unwrap().unwrap().id;
        drop(db);
        let transfer = |from, to| {
            Request::Transfer(Transfer { participant: ana, from: ids(&app, from).1, to: ids(&app, to).1 })
        };
        assert_eq!(ask(&app, transfer("plein", "libre")).await, Answer::Transferred(Transferred::Full { left: 0 }));
        assert_eq!(ask(&app, transfer("plein", "atelier")).await, Answer::Transferred(Transferred::HasIt));
        let before = app.mails_to(ANA).await.len();
        ask(&app, Request::Cancel(Cancellation { participant: rosa, sessions: None, cause: Cause::Organiser })).await;
        assert_eq!(ask(&app, transfer("plein", "libre")).await, Answer::Transferred(Transferred::Seated));
        let mails = app.mails_to(ANA).await;
        assert_eq!(mails.len(), before + 1);
        let text = &mails.last().unwrap().text;
        assert!(text.contains("Session plein") && text.contains("Session libre"), "{text}");
        let raw = String::from_utf8_lossy(&mails.last().unwrap().raw);
        assert!(raw.contains("method=CANCEL") && raw.contains("method=REQUEST"), "{raw}");
        in_order(&app).await;
    }

    async fn organisers_let_somebody_pass_the_queue_and_never_oversell(app: App) {
        app.publish(&miso(vec![session("atelier", 1)])).await;
        app.register(ANA, &["atelier"]).await;
        app.register("ben@example.org", &["atelier"]).await;
        calls_in(&app, 1, 1, &["atelier"]).await;
        let (_, atelier) = ids(&app, "atelier");
        let rosa = person(&app, 1).await;
        let promote = |seats| Request::Promote(Promotion { participant: rosa, session: atelier, seats });

        assert_eq!(ask(&app, promote(Seats::Free)).await, Answer::Promoted(Promoted::Full { left: 0 }));
        let seated = Promoted::Seated { capacity: Some(2) };
        assert_eq!(ask(&app, promote(Seats::More)).await, Answer::Promoted(seated));
        assert_eq!(ask(&app, promote(Seats::More)).await, Answer::Promoted(Promoted::NotWaiting));

        let states: Vec<_> = rows(&app).await.into_iter().map(|(_, state, ..)| state).collect();
        assert_eq!(states, ["confirmed", "waiting", "confirmed"]);
        assert_eq!(to_call(&app).await, [called(Reason::Promoted)]);
        in_order(&app).await;
    }

    async fn people_from_before_the_search_are_found_within_a_moment(app: App) {
        app.publish(&miso(vec![session("atelier", 1)])).await;
        app.register(ANA, &["atelier"]).await;
        let mut tx = app.pool.begin().await.unwrap();
        on!(&mut tx, c => sqlx::query("UPDATE participant SET folded = NULL").execute(c).await.map(|_| ())).unwrap();
        tx.commit().await.unwrap();
        app.run_due().await;

        let mut db = app.pool.acquire().await.unwrap();
        let programme = app.house().publications.current("miso").unwrap().id;
        let words = ["exemple".to_owned()];
        let found = lists::people(&mut db, programme, &words, Whom::All, None, 10).await.unwrap();
        assert_eq!(found.len(), 1);
    }

    async fn a_refused_order_leaves_nobody_behind_and_the_same_code_is_the_same_person(app: App) {
        let mut off = session("annule", 1);
        off.session.status = Status::Cancelled;
        app.publish(&miso(vec![session("atelier", 1), off, session("suite", 1)])).await;

        let refused = ask(&app, Request::Register(order(&app, 1, 1, &["atelier", "annule"]))).await;
        assert!(matches!(refused, Answer::Refused(_)), "{refused:?}");
        let mut db = app.pool.acquire().await.unwrap();
        assert_eq!(store::person::by_code(&mut db, &code(1)).await.unwrap(), None);

        calls_in(&app, 1, 1, &["atelier"]).await;
        calls_in(&app, 1, 1, &["atelier", "suite"]).await;
        assert_eq!(rows(&app).await.len(), 2);
        let (programme, _) = ids(&app, "suite");
        assert!(!resend::resend(app.house(), parvis::audit::Actor::Command, programme, person(&app, 1).await).await.unwrap(), "there is nowhere");
        in_order(&app).await;
    }
}
