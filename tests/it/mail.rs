//! Mails: from the outbox to a mail server, and what people then have in their hands.

use calcard::icalendar::{ICalendar, ICalendarComponentType};
use chrono::{NaiveDate, TimeDelta};
use futures_util::future::join_all;
use mail_parser::{Message, MessageParser, MimeHeaders as _};
use parvis::{
    db::Pool,
    locale::Lang,
    mail::{
        self, After, Frozen, Item, Kind, Letter, MailData, Outcome, ProgrammeLine, Told,
        outbox::{self, Counts, Delivery, Mark, State, Which},
        render::{Sender, render, render_leaving},
        transport::Mailer,
        worker::{Delivered, Worker},
    },
    programme::{Access, Format, Status},
    view::View,
};
use uuid::Uuid;

use crate::{
    harness::{BASE_URL, Bare},
    smtp::{Blow, SmtpServer, Stage, Trouble},
};

const ADA: &str = "ada@example.org";

pub fn session(slug: &str) -> Frozen {
    let date = NaiveDate::from_ymd_opt(2027, 4, 19).unwrap();
    Frozen {
        slug: slug.to_owned(),
        uid: Uuid::new_v5(&Uuid::NAMESPACE_URL, slug.as_bytes()),
        title: format!("Atelier {slug}"),
        date,
        start: date.and_hms_opt(9, 0, 0).map(|start| start.time()),
        end: date.and_hms_opt(10, 15, 0),
        starts_at: date.and_hms_opt(7, 0, 0).unwrap().and_utc(),
        ends_at: date.and_hms_opt(8, 15, 0).map(|end| end.and_utc()),
        place: "Maison de quartier".to_owned(),
        address: "Rue de l’Exemple 1, Genève".to_owned(),
        geo: None,
        online: true,
        join_url: Some(format!("https://meet.example.org/{slug}")),
        path: format!("/miso/sessions/{slug}"),
        theme: "LAB".to_owned(),
        formats: vec![Format::Workshop],
        tags: Vec::new(),
        description: "Une heure pour essayer.".to_owned(),
        status: Status::Scheduled,
        cancel_reason: String::new(),
        access: vec![Access::Text("boucle magnétique".to_owned())],
        changed_at: date.and_hms_opt(0, 0, 0).unwrap().and_utc() - TimeDelta::days(30),
    }
}

pub fn item(slug: &str, outcome: Outcome) -> Item {
    Item { session: session(slug), outcome, people: 1, sequence: 2, before: None, after: None }
}

pub fn data(items: Vec<Item>) -> MailData {
    MailData {
        programme: ProgrammeLine {
            slug: "miso".to_owned(),
            title: "MISO 2027".to_owned(),
            timezone: chrono_tz::Europe::Zurich,
            contact: Some("info@example.org".to_owned()),
        },
        name: "Ada".to_owned(),
        agenda_token: "agendatoken".to_owned(),
        feed_token: "feedtoken".to_owned(),
        items,
        reminder: None,
        confirm_token: None,
        door_code: None,
        own: mail::Own::default(),
    }
}

pub fn id(n: u128) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + n)
}

pub fn confirmed(n: u128, recipient: &str) -> Letter {
    mail::order(id(n), Lang::Fr, recipient, data(vec![item("a", Outcome::Confirmed)]))
}

pub fn sender() -> Sender {
    Sender::new("Parvis <programme@example.org>", BASE_URL).unwrap()
}

/// Whose claims those of [`worker`] are.
const WORKER: Uuid = Uuid::from_u128(1);

pub fn worker(pool: &Pool, mailer: &Mailer) -> Worker {
    Worker::new(pool.clone(), mailer.clone(), View::new().unwrap(), sender(), WORKER)
}

fn worker_at(app: &Bare, server: &SmtpServer) -> Worker {
    worker(&app.pool, &Mailer::open(&server.url(), "parvis.example.org").unwrap())
}

pub async fn queue(app: &Bare, letters: &[Letter]) {
    let mut tx = app.pool.begin().await.unwrap();
    outbox::queue(&mut tx, letters, app.now()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn counts(app: &Bare) -> Counts {
    outbox::counts(&mut app.pool.acquire().await.unwrap()).await.unwrap()
}

pub async fn rows(app: &Bare) -> Vec<outbox::Row> {
    outbox::list(&mut app.pool.acquire().await.unwrap(), None).await.unwrap()
}

pub fn sent(n: usize) -> Delivered {
    Delivered { sent: n, ..Delivered::default() }
}

pub fn read(raw: &[u8]) -> Message<'_> {
    MessageParser::default().parse(raw).unwrap()
}

/// Every part as `type/subtype` and, for calendars, method and file name.
fn shape(message: &Message<'_>) -> Vec<String> {
    let parts = message.parts.iter().map(|part| {
        let kind = part.content_type().unwrap();
        let method = kind.attribute("method").unwrap_or_default();
        let name = part.attachment_name().unwrap_or_default();
        format!("{}/{} {method} {name}", kind.ctype(), kind.subtype().unwrap_or_default())
            .trim_end()
            .to_owned()
    });
    parts.collect()
}

/// Every calendar of a mail, read by another reader than the one that wrote it.
pub fn calendars(message: &Message<'_>) -> Vec<ICalendar> {
    let is_calendar = |part: &&mail_parser::MessagePart<'_>| {
        part.content_type().is_some_and(|kind| kind.subtype() == Some("calendar"))
    };
    let parts = message.parts.iter().filter(is_calendar);
    parts.map(|part| ICalendar::parse(part.text_contents().unwrap()).unwrap()).collect()
}

/// The first value of a property of the event.
pub fn value(calendar: &ICalendar, name: &str) -> String {
    let event = calendar
        .components
        .iter()
        .find(|component| component.component_type == ICalendarComponentType::VEvent)
        .unwrap();
    let entry = event.entries.iter().find(|entry| entry.name.as_str() == name);
    let value = entry.and_then(|entry| entry.values.first().cloned());
    value.and_then(|value| value.into_text()).map(|text| text.into_owned()).unwrap_or_default()
}

on_both_engines! {
    async fn a_confirmation_reaches_the_mailbox_with_its_calendar_entry(app: Bare) {
        let server = SmtpServer::start().await;
        queue(&app, &[confirmed(1, ADA)]).await;
        let queued_at = app.now();
        app.pass(TimeDelta::minutes(3));

        assert_eq!(worker_at(&app, &server).deliver_due(app.now()).await.unwrap(), sent(1));

        let [received] = &server.messages()[..] else { panic!("one mail") };
        assert_eq!((received.sender.as_str(), received.recipient.as_str()), ("programme@example.org", ADA));
        let message = read(&received.raw);
        assert_eq!(message.subject(), Some("Inscription confirmée\u{a0}: Atelier a"));
        assert_eq!(message.message_id(), Some(format!("{}@parvis.example.org", id(1)).as_str()));
        assert_eq!(message.date().unwrap().to_timestamp(), queued_at.timestamp());
        let from = message.from().unwrap().first().unwrap();
        assert_eq!((from.name(), from.address()), (Some("Parvis"), Some("programme@example.org")));
        let to = message.to().unwrap().first().unwrap();
        assert_eq!((to.name(), to.address()), (Some("Ada"), Some(ADA)));
        assert_eq!(message.reply_to().unwrap().first().unwrap().address(), Some("info@example.org"));
        assert_eq!(message.header_raw("Auto-Submitted").map(str::trim), Some("auto-generated"));
        assert_eq!(message.header_raw("X-Auto-Response-Suppress").map(str::trim), Some("All"));
        assert_eq!(
            shape(&message),
            [
                "multipart/mixed", "multipart/alternative", "text/plain", "text/html",
                "text/calendar REQUEST", "text/calendar REQUEST a.ics",
            ]
        );
        let calendars = calendars(&message);
        assert_eq!(calendars[0], calendars[1]);
        assert_eq!(value(&calendars[0], "UID"), session("a").uid.to_string());
        assert_eq!(value(&calendars[0], "SEQUENCE"), "2");
        assert_eq!(value(&calendars[0], "SUMMARY"), "Atelier a");
        assert_eq!(value(&calendars[0], "ORGANIZER"), "mailto:programme@example.org");
        assert_eq!(value(&calendars[0], "ATTENDEE"), "mailto:ada@example.org");
        assert_eq!(value(&calendars[0], "CONFERENCE"), "https://meet.example.org/a");
        let entry = message.parts[4].text_contents().unwrap();
        assert!(!entry.contains("agendatoken") && !entry.contains("feedtoken"), "{entry}");
        assert_eq!(counts(&app).await, Counts { sent: 1, ..Counts::default() });
    }

    async fn a_lasting_refusal_is_seen_and_retried_by_hand(app: Bare) {
        let server = SmtpServer::start().await;
        let worker = worker_at(&app, &server);
        queue(&app, &[confirmed(1, ADA), confirmed(2, "bob@example.org")]).await;
        server.reject(ADA, 550);

        let done = worker.deliver_due(app.now()).await.unwrap();

        assert_eq!(done, Delivered { sent: 1, failed: 1, ..Delivered::default() });
        let mut db = app.pool.acquire().await.unwrap();
        let failed = outbox::list(&mut db, Some(State::Failed)).await.unwrap();
        assert_eq!(failed.len(), 1);
        assert_eq!(failed[0].error.as_deref(), Some("550 5.1.1 … not now"), "without the address");
        assert_eq!((failed[0].id, failed[0].attempts, failed[0].failed_at), (id(1), 1, Some(app.now())));
        app.pass(TimeDelta::days(1));
        assert_eq!(worker.deliver_due(app.now()).await.unwrap(), Delivered::default());

        server.accept(ADA);
        assert_eq!(outbox::retry(&mut db, Which::AllFailed, app.now()).await.unwrap(), 1);
        drop(db);
        assert_eq!(worker.deliver_due(app.now()).await.unwrap(), sent(1));
        assert_eq!(counts(&app).await, Counts { sent: 2, ..Counts::default() });
    }

    async fn a_busy_server_is_asked_again_in_time(app: Bare) {
        let server = SmtpServer::start().await;
        let worker = worker_at(&app, &server);
        queue(&app, &[confirmed(1, ADA)]).await;
        server.once(ADA, Trouble::Refuse(450));
        server.once(ADA, Trouble::RefuseText(451));
        server.once(ADA, Trouble::Refuse(454));

        for (pause, attempts) in [(10, 1), (30, 2), (300, 3)] {
            let done = worker.deliver_due(app.now()).await.unwrap();
            assert_eq!(done, Delivered { retried: 1, ..Delivered::default() });
            app.pass(TimeDelta::seconds(pause) - TimeDelta::microseconds(1));
            assert_eq!(worker.deliver_due(app.now()).await.unwrap(), Delivered::default(), "not before its time");
            assert_eq!(rows(&app).await[0].attempts, attempts);
            app.pass(TimeDelta::microseconds(1));
        }

        assert_eq!(worker.deliver_due(app.now()).await.unwrap(), sent(1));
        assert_eq!(server.messages().len(), 1);
    }

    async fn a_line_lost_after_the_text_gives_a_double_that_can_be_told(app: Bare) {
        let server = SmtpServer::start().await;
        let worker = worker_at(&app, &server);
        queue(&app, &[confirmed(1, ADA)]).await;
        server.once(ADA, Trouble::DropAfterText);

        assert_eq!(worker.deliver_due(app.now()).await.unwrap(), Delivered { retried: 1, ..Delivered::default() });
        app.pass(TimeDelta::seconds(10));
        assert_eq!(worker.deliver_due(app.now()).await.unwrap(), sent(1));

        let [first, second] = &server.messages()[..] else { panic!("two mails") };
        assert_eq!(read(&first.raw).message_id(), Some(format!("{}@parvis.example.org", id(1)).as_str()));
        assert_eq!(first.raw, second.raw, "a true double");
    }

    async fn a_dead_server_delays_and_loses_nothing(app: Bare) {
        let port = SmtpServer::nobody().await;
        let mailer = Mailer::open(&format!("smtp://127.0.0.1:{port}"), "parvis.example.org").unwrap();
        let worker = worker(&app.pool, &mailer);
        let letters: Vec<_> = (0..40).map(|n| confirmed(n, &format!("p{n}@example.org"))).collect();
        queue(&app, &letters).await;
        let queued_at = app.now();

        for _ in 0..50 {
            let done = worker.deliver_due(app.now()).await.unwrap();
            assert_eq!(done.taken(), done.delayed);
            app.pass(TimeDelta::minutes(1));
        }

        let expected = Counts { due: 40, oldest_due: Some(queued_at), ..Counts::default() };
        assert_eq!(counts(&app).await, expected);
        assert!(rows(&app).await.iter().all(|row| row.attempts == 0 && row.state() == State::Due));

        let server = SmtpServer::start_at(port).await;
        assert_eq!(worker.deliver_due(app.now()).await.unwrap(), sent(1), "one to see");
        assert_eq!(worker.deliver_due(app.now()).await.unwrap(), sent(39), "then all");
        assert_eq!(server.messages().len(), 40);
    }

    async fn a_server_that_shows_us_the_door_counts_as_dead(app: Bare) {
        let server = SmtpServer::start().await;
        let worker = worker_at(&app, &server);
        queue(&app, &[confirmed(1, ADA)]).await;
        for greeting in ["554 No", "421 Later"] {
            server.greet(Some(greeting));
            let done = worker.deliver_due(app.now()).await.unwrap();
            assert_eq!(done, Delivered { delayed: 1, ..Delivered::default() }, "{greeting:?}");
            app.pass(TimeDelta::minutes(2));
        }
        server.greet(None);
        server.want_login("u", "p");
        let wrong = Mailer::open(&format!("smtp://u:wrong@127.0.0.1:{}", server.port()), "a").unwrap();
        let done = self::worker(&app.pool, &wrong).deliver_due(app.now()).await.unwrap();
        assert_eq!(done, Delivered { delayed: 1, ..Delivered::default() });
        assert_eq!(rows(&app).await[0].attempts, 0);

        let right = Mailer::open(&format!("smtp://u:p@127.0.0.1:{}", server.port()), "a").unwrap();
        assert_eq!(self::worker(&app.pool, &right).deliver_due(app.now()).await.unwrap(), sent(1));
    }

    async fn a_mail_for_which_a_login_is_wanted_holds_up_no_other_and_fails_some_day(app: Bare) {
        let server = SmtpServer::start().await;
        let worker = worker_at(&app, &server);
        server.always(ADA, Trouble::Refuse(535));
        server.always("eve@example.org", Trouble::RefuseText(538));
        queue(&app, &[confirmed(1, ADA), confirmed(2, "eve@example.org")]).await;
        app.pass(TimeDelta::seconds(1));
        queue(&app, &[confirmed(3, "bob@example.org")]).await;

        let done = worker.deliver_due(app.now()).await.unwrap();

        assert_eq!(done, Delivered { sent: 1, retried: 2, ..Delivered::default() });
        for _ in 0..40 {
            app.pass(TimeDelta::minutes(30));
            worker.deliver_due(app.now()).await.unwrap();
        }
        let failed: Vec<_> = rows(&app).await.into_iter().filter(|row| row.state() == State::Failed).collect();
        assert_eq!(failed.iter().map(|row| row.attempts).collect::<Vec<_>>(), [30, 30]);
    }

    async fn a_server_that_wants_a_login_of_everybody_is_given_time_and_the_next_mail_is_another(app: Bare) {
        let server = SmtpServer::start().await;
        let worker = worker_at(&app, &server);
        server.want_login("u", "p");
        queue(&app, &[confirmed(1, ADA)]).await;

        let done = worker.deliver_due(app.now()).await.unwrap();
        assert_eq!(done, Delivered { retried: 1, ..Delivered::default() });
        queue(&app, &[confirmed(2, "bob@example.org")]).await;
        assert_eq!(worker.deliver_due(app.now()).await.unwrap(), Delivered::default(), "a pause");

        server.want_no_login();
        app.pass(TimeDelta::seconds(1));
        assert_eq!(worker.deliver_due(app.now()).await.unwrap(), sent(1));
        assert_eq!(server.messages_to("bob@example.org").len(), 1, "she is not in the way");
        app.pass(TimeDelta::minutes(1));
        assert_eq!(worker.deliver_due(app.now()).await.unwrap(), sent(1));
    }

    async fn wherever_a_conversation_goes_wrong_a_mail_is_lost_by_nobody_and_failed_by_its_reader_alone(app: Bare) {
        use Blow::{Answer, Cut};
        use Stage::{Data, End, Greeting, Hello, Recipient, Sender};
        // What it is after the blow: its state, the attempts that count, the copies that have arrived.
        let table = [
            (Greeting, Answer(421), State::Due, 0, 0),
            (Greeting, Answer(554), State::Due, 0, 0),
            (Greeting, Cut, State::Due, 0, 0),
            (Hello, Answer(421), State::Due, 0, 0),
            (Hello, Answer(550), State::Due, 0, 0),
            (Hello, Cut, State::Due, 0, 0),
            (Sender, Answer(451), State::Due, 1, 0),
            // It has not heard yet for whom: this is about us.
            (Sender, Answer(550), State::Due, 1, 0),
            (Sender, Cut, State::Due, 1, 0),
            (Recipient, Answer(450), State::Due, 1, 0),
            (Recipient, Answer(550), State::Failed, 1, 0),
            (Recipient, Cut, State::Due, 1, 0),
            (Data, Answer(451), State::Due, 1, 0),
            (Data, Answer(554), State::Failed, 1, 0),
            (Data, Cut, State::Due, 1, 0),
            (End, Answer(452), State::Due, 1, 0),
            (End, Answer(554), State::Failed, 1, 0),
            (End, Cut, State::Due, 1, 1),
        ];
        for (row, (stage, blow, state, attempts, copies)) in (0..).zip(table) {
            let server = SmtpServer::start().await;
            let worker = worker_at(&app, &server);
            queue(&app, &[confirmed(row, ADA)]).await;
            let stands = async |app: &Bare| {
                let found = rows(app).await.into_iter().find(|mail| mail.id == id(row)).unwrap();
                (found.state(), found.attempts, server.messages().len())
            };
            server.strike(Some((stage, blow)));
            worker.deliver_due(app.now()).await.unwrap();
            assert_eq!(stands(&app).await, (state, attempts, copies), "{stage:?} {blow:?}");

            server.strike(None);
            app.pass(TimeDelta::hours(1));
            worker.deliver_due(app.now()).await.unwrap();
            let (in_the_end, once_more) =
                if state == State::Failed { (State::Failed, 0) } else { (State::Sent, 1) };
            assert_eq!(stands(&app).await, (in_the_end, attempts, copies + once_more), "{stage:?} {blow:?}");
        }
    }

    async fn many_mails_go_over_few_connections_and_each_once(app: Bare) {
        let server = SmtpServer::start().await;
        let worker = worker_at(&app, &server);
        let letters: Vec<_> = (0..300).map(|n| confirmed(n, &format!("p{n}@example.org"))).collect();
        queue(&app, &letters).await;

        let mut delivered = 0;
        while delivered < 300 {
            let done = worker.deliver_due(app.now()).await.unwrap();
            assert!(done.sent > 0, "{done:?}");
            delivered += done.sent;
        }

        let mut recipients: Vec<_> = server.messages().into_iter().map(|mail| mail.recipient).collect();
        recipients.sort();
        let mut expected: Vec<_> = (0..300).map(|n| format!("p{n}@example.org")).collect();
        expected.sort();
        assert_eq!(recipients, expected);
        assert!(server.connections() <= 8, "{} connections", server.connections());
    }

    async fn several_workers_never_take_one_mail_twice(app: Bare) {
        let letters: Vec<_> = (0..100).map(|n| confirmed(n, ADA)).collect();
        queue(&app, &letters).await;

        let claims = join_all((0..8).map(|worker| {
            let (pool, now) = (app.pool.clone(), app.now());
            async move {
                let mut claimed = Vec::new();
                for _ in 0..10 {
                    let mut tx = pool.begin().await.unwrap();
                    claimed.extend(outbox::claim(&mut tx, Uuid::from_u128(worker), now, 7).await.unwrap());
                    tx.commit().await.unwrap();
                }
                claimed
            }
        }))
        .await;

        let mut ids: Vec<_> = claims.iter().flatten().map(|mail| mail.id).collect();
        ids.sort();
        assert_eq!(ids, (0..100).map(id).collect::<Vec<_>>());
    }

    async fn a_claim_ends_after_a_minute_and_a_late_failure_undoes_no_delivery(app: Bare) {
        let (slow, quick) = (Uuid::from_u128(1), Uuid::from_u128(2));
        queue(&app, &[confirmed(1, ADA), confirmed(2, ADA)]).await;
        let mut db = app.pool.begin().await.unwrap();
        assert_eq!(outbox::claim(&mut db, slow, app.now(), 1).await.unwrap().len(), 1);
        assert_eq!(outbox::claim(&mut db, slow, app.now(), 9).await.unwrap().len(), 1, "only the other");
        assert_eq!(outbox::release_own(&mut db, slow).await.unwrap(), 2);
        for given_back in 1..=2 {
            assert_eq!(outbox::claim(&mut db, slow, app.now(), 9).await.unwrap()[0].id, id(given_back));
        }
        app.pass(TimeDelta::seconds(59));
        assert_eq!(outbox::claim(&mut db, quick, app.now(), 9).await.unwrap(), []);
        app.pass(TimeDelta::seconds(1));
        for ended in 1..=2 {
            assert_eq!(outbox::claim(&mut db, quick, app.now(), 9).await.unwrap()[0].id, id(ended));
        }

        let mark = |what| vec![Mark { id: id(1), what }];
        let failed = Delivery::Failed { at: app.now(), error: "late".to_owned() };
        outbox::mark(&mut db, slow, &mark(failed.clone())).await.unwrap();
        outbox::mark(&mut db, quick, &mark(Delivery::Sent { at: app.now() })).await.unwrap();
        outbox::mark(&mut db, quick, &mark(failed)).await.unwrap();
        db.commit().await.unwrap();

        assert_eq!(counts(&app).await, Counts { due: 1, sent: 1, oldest_due: Some(rows(&app).await[0].queued_at), failed: 0 });
    }

    async fn a_mail_that_was_in_hand_when_somebody_was_killed_is_delivered_alone(app: Bare) {
        let (killed, next) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let letters: Vec<_> = (1..=5).map(|n| confirmed(n, ADA)).collect();
        queue(&app, &letters).await;
        let mut db = app.pool.begin().await.unwrap();
        assert_eq!(outbox::claim(&mut db, killed, app.now(), 2).await.unwrap().len(), 2);
        outbox::release_own(&mut db, killed).await.unwrap();

        let mut batches = Vec::new();
        for _ in 0..4 {
            let batch = outbox::claim(&mut db, next, app.now(), 9).await.unwrap();
            batches.push(batch.iter().map(|mail| mail.id).collect::<Vec<_>>());
        }

        assert_eq!(batches, [vec![id(1)], vec![id(2)], vec![id(3), id(4), id(5)], vec![]]);
        // The server was away: it may have arrived all the same.
        let away = Delivery::Released { error: None, may_have_arrived: true };
        outbox::mark(&mut db, next, &[Mark { id: id(2), what: away }]).await.unwrap();
        let again = outbox::claim(&mut db, next, app.now(), 9).await.unwrap();
        assert!(matches!(&again[..], [mail] if mail.id == id(2) && mail.may_have_arrived), "{again:?}");
        db.commit().await.unwrap();
    }

    async fn who_is_killed_again_and_again_right_after_the_start_sends_nothing_each_time(app: Bare) {
        let server = SmtpServer::start().await;
        let mailer = Mailer::open(&server.url(), "parvis.example.org").unwrap();
        queue(&app, &[confirmed(1, ADA)]).await;
        let mut db = app.pool.begin().await.unwrap();
        outbox::claim(&mut db, WORKER, app.now(), 1).await.unwrap();
        db.commit().await.unwrap();

        for _ in 0..3 {
            let next = worker(&app.pool, &mailer);
            next.begin(app.now()).await.unwrap();
            app.pass(TimeDelta::milliseconds(4_999));
            assert_eq!(next.deliver_due(app.now()).await.unwrap(), Delivered::default());
            // It has it in hand, and dies.
            let mut db = app.pool.begin().await.unwrap();
            assert_eq!(outbox::claim(&mut db, WORKER, app.now(), 1).await.unwrap().len(), 1);
            db.commit().await.unwrap();
            // The one after it dies before it has anything in hand.
            let next = worker(&app.pool, &mailer);
            next.begin(app.now()).await.unwrap();
            assert_eq!(next.deliver_due(app.now()).await.unwrap(), Delivered::default());
            let next = worker(&app.pool, &mailer);
            next.begin(app.now()).await.unwrap();
            assert_eq!(next.deliver_due(app.now()).await.unwrap(), Delivered::default());
        }
        let survivor = worker(&app.pool, &mailer);
        survivor.begin(app.now()).await.unwrap();
        app.pass(TimeDelta::seconds(5));
        assert_eq!(survivor.deliver_due(app.now()).await.unwrap(), sent(1));

        assert_eq!(server.messages_to(ADA).len(), 1);
        // With nothing in hand there is nothing to wait for.
        queue(&app, &[confirmed(2, ADA)]).await;
        let started = worker(&app.pool, &mailer);
        started.begin(app.now()).await.unwrap();
        assert_eq!(started.deliver_due(app.now()).await.unwrap(), sent(1));
    }

    async fn erasure_empties_what_names_a_person_and_keeps_the_rest(app: Bare) {
        let server = SmtpServer::start().await;
        let worker = worker_at(&app, &server);
        queue(&app, &[confirmed(1, ADA)]).await;
        assert_eq!(worker.deliver_due(app.now()).await.unwrap(), sent(1));
        queue(&app, &[confirmed(2, ADA), confirmed(3, "bob@example.org")]).await;
        let before = rows(&app).await;

        let mut db = app.pool.acquire().await.unwrap();
        assert_eq!(outbox::erase(&mut db, ADA, app.now()).await.unwrap(), 2);
        assert_eq!(outbox::retry(&mut db, Which::Ids(&[id(1), id(2)]), app.now()).await.unwrap(), 0);
        drop(db);

        assert_eq!(worker.deliver_due(app.now()).await.unwrap(), sent(1), "Bob's alone");
        assert_eq!(server.messages_to(ADA).len(), 1);
        let after = rows(&app).await;
        let kept = |row: &outbox::Row| (row.id, row.kind.clone(), row.queued_at);
        assert_eq!(after.iter().map(kept).collect::<Vec<_>>(), before.iter().map(kept).collect::<Vec<_>>());
        let mut states: Vec<_> = after.iter().map(|row| (row.id, row.recipient.clone(), row.state())).collect();
        states.sort_by_key(|row| row.0);
        assert_eq!(states, [
            (id(1), None, State::Sent),
            (id(2), None, State::Failed),
            (id(3), Some("bob@example.org".to_owned()), State::Sent),
        ]);
        assert_eq!(counts(&app).await, Counts { sent: 2, ..Counts::default() });
    }

    async fn a_mail_that_cannot_be_written_stops_no_other(app: Bare) {
        let server = SmtpServer::start().await;
        let worker = worker_at(&app, &server);
        queue(&app, &[confirmed(1, "no address"), confirmed(2, ADA)]).await;
        let mut db = app.pool.acquire().await.unwrap();
        parvis::on!(db, c => sqlx::query("INSERT INTO outbox (id, kind, language, recipient, data, priority, queued_at, due_at) VALUES ($1, 'order', 'fr', 'eve@example.org', $2, 0, $3, $3)")
            .bind(id(3)).bind(sqlx::types::Json(serde_json::json!({"of": "another version"}))).bind(app.now())
            .execute(c).await.map(drop)).unwrap();
        drop(db);

        let done = worker.deliver_due(app.now()).await.unwrap();

        assert_eq!(done, Delivered { sent: 1, failed: 2, ..Delivered::default() });
        let mut errors: Vec<_> = rows(&app).await.into_iter().filter_map(|row| Some((row.id, row.error?))).collect();
        errors.sort();
        assert_eq!(errors, [
            (id(1), "not written: the recipient is no address".to_owned()),
            (id(3), "not written: data cannot be read".to_owned()),
        ]);
    }

    async fn the_loop_wakes_at_once_and_ends_with_the_pool(app: Bare) {
        let server = SmtpServer::start().await;
        let wake = std::sync::Arc::new(tokio::sync::Notify::new());
        app.pool.tasks().spawn(worker_at(&app, &server).run(app.time.clock(), wake.clone()));
        queue(&app, &[confirmed(1, ADA)]).await;
        wake.notify_one();
        while server.messages().is_empty() {
            tokio::task::yield_now().await;
        }

        app.pool.close().await;

        let pool = app.db.pool().await;
        let counts = outbox::counts(&mut pool.acquire().await.unwrap()).await.unwrap();
        assert_eq!(counts, Counts { sent: 1, ..Counts::default() });
    }
}

pub fn rendered(letter: &Letter) -> Vec<u8> {
    let queued_at = session("a").changed_at;
    render(letter, queued_at, &View::new().unwrap(), &sender()).unwrap().message.formatted()
}

#[test]
fn one_mail_says_of_each_session_what_became_of_it() {
    let mut group = item("e", Outcome::Confirmed);
    group.people = 3;
    let letter = mail::order(
        id(1),
        Lang::En,
        ADA,
        data(vec![
            item("a", Outcome::Confirmed),
            item("b", Outcome::Waiting { position: 4 }),
            item("c", Outcome::AlreadyConfirmed),
            item("d", Outcome::AlreadyWaiting { position: 1 }),
            group,
        ]),
    );
    let raw = rendered(&letter);
    let message = read(&raw);

    assert_eq!(message.subject(), Some("Your registrations: MISO 2027"));
    assert_eq!(
        shape(&message),
        [
            "multipart/mixed",
            "multipart/alternative",
            "text/plain",
            "text/html",
            "text/calendar REQUEST a.ics",
            "text/calendar REQUEST c.ics",
            "text/calendar REQUEST e.ics",
        ]
    );
    insta::assert_snapshot!(message.body_text(0).unwrap().replace('\r', ""));
    let html = message.body_html(0).unwrap();
    for hidden in ["https://meet.example.org/b", "https://meet.example.org/d"] {
        assert!(!html.contains(hidden) && !message.body_text(0).unwrap().contains(hidden), "{hidden}");
    }
    assert!(html.contains("href=\"https://meet.example.org/a\""), "{html}");
    assert!(html.contains("https://parvis.example.org/en/agenda/agendatoken"), "{html}");
}

#[test]
fn who_waits_gets_no_entry_and_who_is_out_gets_a_cancel() {
    let waiting = vec![item("a", Outcome::Waiting { position: 2 })];
    let raw = rendered(&mail::order(id(1), Lang::Fr, ADA, data(waiting)));
    assert_eq!(shape(&read(&raw)), ["multipart/alternative", "text/plain", "text/html"]);
    assert_eq!(read(&raw).subject(), Some("Liste d’attente\u{a0}: Atelier a"));

    let promoted = vec![item("a", Outcome::Promoted)];
    let raw = rendered(&mail::promoted(id(2), Lang::Fr, ADA, data(promoted)));
    assert_eq!(read(&raw).subject(), Some("Une place pour vous\u{a0}: Atelier a"));
    assert_eq!(shape(&read(&raw))[4..], ["text/calendar REQUEST", "text/calendar REQUEST a.ics"]);

    let cancelled = vec![item("a", Outcome::Cancelled)];
    let raw = rendered(&mail::cancelled(id(3), Lang::Fr, ADA, data(cancelled)));
    let message = read(&raw);
    assert_eq!(message.subject(), Some("Inscription annulée\u{a0}: Atelier a"));
    assert_eq!(shape(&message)[4..], ["text/calendar CANCEL", "text/calendar CANCEL a.ics"]);
    assert_eq!(value(&calendars(&message)[0], "STATUS"), "CANCELLED");
    insta::assert_snapshot!(message.body_text(0).unwrap().replace('\r', ""));
    assert!(!message.body_html(0).unwrap().contains("meet.example.org"));
}

#[test]
fn who_leaves_a_queue_is_told_of_no_attachment() {
    let (left, cancelled) = (item("a", Outcome::LeftQueue), item("b", Outcome::Cancelled));
    let raw = rendered(&mail::cancelled(id(1), Lang::Fr, ADA, data(vec![left.clone()])));
    let message = read(&raw);
    assert_eq!(message.subject(), Some("Liste d’attente quittée\u{a0}: Atelier a"));
    assert_eq!(shape(&message), ["multipart/alternative", "text/plain", "text/html"]);
    let text = message.body_text(0).unwrap().replace('\r', "");
    assert_eq!(
        text.lines().nth(2),
        Some("Vous n’êtes plus sur la liste d’attente de cette session."),
        "{text}"
    );

    let raw = rendered(&mail::cancelled(id(2), Lang::Fr, ADA, data(vec![left, cancelled])));
    let message = read(&raw);
    assert_eq!(message.subject(), Some("Inscriptions et listes d’attente\u{a0}: MISO 2027"));
    assert!(shape(&message).contains(&"text/calendar CANCEL b.ics".to_owned()), "{:?}", shape(&message));
}

#[test]
fn a_mail_that_leaves_late_says_no_hour_that_is_past_or_nearly_so() {
    let written = session("a").starts_at - TimeDelta::days(9);
    let half_past = written + TimeDelta::minutes(30);
    let said = |lang, outcome, after: TimeDelta| {
        let letter = mail::confirm(id(1), lang, ADA, data(vec![item("a", outcome)]));
        let (view, leaves) = (View::new().unwrap(), written + after);
        let mail = render_leaving(&letter, written, leaves, &view, &sender()).unwrap();
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        (words(&mail.text), words(&mail.html))
    };
    for (outcome, in_french, in_english) in [
        (
            Outcome::SeatToConfirm { until: half_past },
            "dit si la place est encore gardée, et jusqu’à quand",
            "whether the seat is still held, and until when",
        ),
        (
            Outcome::TurnToConfirm { until: half_past },
            "dit si vous pouvez encore prendre un tour dans la liste d’attente, et jusqu’à quand",
            "whether you can still take a turn on the waiting list, and until when",
        ),
        (
            Outcome::Offered { until: half_past },
            "dit si la place est encore gardée pour vous, et jusqu’à quand",
            "whether the seat is still held for you, and until when",
        ),
    ] {
        for (lang, hour, late) in [(Lang::Fr, "9 h 30", in_french), (Lang::En, "9:30", in_english)] {
            for (minutes, is_late) in [(0, false), (1, false), (2, true), (29, true), (160, true)] {
                let (text, html) = said(lang, outcome, TimeDelta::minutes(minutes));
                let found = [&text, &html].map(|said| (said.contains(hour), said.contains(late)));
                assert_eq!(found, [(!is_late, is_late); 2], "{minutes}: {text}");
            }
        }
    }

    let tomorrow = Outcome::Offered { until: written + TimeDelta::hours(24) };
    for (minutes, is_late) in [(160, false), (23 * 60 + 30, false), (23 * 60 + 31, true), (25 * 60, true)] {
        let (text, _) = said(Lang::Fr, tomorrow, TimeDelta::minutes(minutes));
        assert_eq!(text.contains("jusqu’au dimanche 11 avril 2027 à 9 h"), !is_late, "{minutes}: {text}");
    }
}

#[test]
fn offers_and_orders_to_be_confirmed_say_until_when_and_bring_no_entry() {
    let until = session("a").starts_at - TimeDelta::hours(1);
    for (make, outcome, token, wanted) in [
        (
            mail::offered as fn(Uuid, Lang, &str, MailData) -> Letter,
            Outcome::Offered { until },
            None,
            [
                "A seat is free, take it: Atelier a",
                "Seat held for you until Monday 19 April 2027 at 8:00",
                "/offers/",
            ],
        ),
        (
            mail::confirm,
            Outcome::SeatToConfirm { until },
            Some("confirmtoken"),
            [
                "Confirm your registration: Atelier a",
                "Seat held, to be confirmed before Monday 19 April 2027 at 8:00",
                "/en/confirm/confirmtoken",
            ],
        ),
        (
            mail::confirm,
            Outcome::TurnToConfirm { until },
            Some("confirmtoken"),
            [
                "Confirm your registration: Atelier a",
                "Full: your turn on the waiting list begins",
                "/en/confirm/confirmtoken",
            ],
        ),
        (
            mail::expired,
            Outcome::OfferExpired,
            None,
            ["The seat is no longer held: Atelier a", "Seat not taken in time", "Register again on its page"],
        ),
    ] {
        let data = MailData { confirm_token: token.map(str::to_owned), ..data(vec![item("a", outcome)]) };
        let raw = rendered(&make(id(1), Lang::En, ADA, data));
        let message = read(&raw);

        assert_eq!(message.subject(), Some(wanted[0]));
        assert_eq!(shape(&message), ["multipart/alternative", "text/plain", "text/html"]);
        let (text, html) = (message.body_text(0).unwrap(), message.body_html(0).unwrap());
        for said in &wanted[1..] {
            let text = text.replace('\u{a0}', " ");
            assert!(text.contains(said) && html.replace('\u{a0}', " ").contains(said), "{said}: {text}");
        }
        assert!(!text.contains("meet.example.org"), "only for who has a seat");
    }
}

#[test]
fn hostile_names_and_titles_stay_data() {
    let hostile = "<script>alert(1)</script>\r\nBcc: eve@example.org\r\n\r\n\"; \u{202e}' {{ 7 * 7 }} 🎈";
    for (lang, long) in [(Lang::Fr, 1), (Lang::En, 200)] {
        let hostile = hostile.repeat(long);
        let mut data = data(vec![item("a", Outcome::Confirmed), item("b", Outcome::Waiting { position: 1 })]);
        data.name = hostile.clone();
        data.programme.title = hostile.clone();
        data.programme.contact = Some(format!("{hostile}@example.org"));
        for item in &mut data.items {
            item.session.title = hostile.clone();
            item.session.place = hostile.clone();
            item.session.description = hostile.clone();
            item.session.theme = hostile.clone();
            item.session.join_url = Some("javascript:alert(1)".to_owned());
            item.session.access = vec![Access::Text(hostile.clone())];
        }
        for kind in Kind::ALL {
            for mut items in [data.items.clone(), data.items[..1].to_vec()] {
                if kind == Kind::Changed {
                    for item in &mut items {
                        let told = Told { title: format!("autre {hostile}"), ..item.session.told() };
                        item.before = Some(Told { place: String::new(), ..told });
                    }
                }
                if kind == Kind::Thanks {
                    let after = |recording: &str| After {
                        recording: Some(recording.to_owned()),
                        minutes: format!("{hostile}\n{hostile}"),
                        feedback_token: "questions".to_owned(),
                        present: true,
                    };
                    for (item, recording) in items.iter_mut().zip(["javascript:alert(1)", &hostile]) {
                        item.after = Some(after(recording));
                    }
                }
                let data = MailData { items, ..data.clone() };
                let letter = Letter { id: id(1), kind, lang, recipient: ADA.to_owned(), data, priority: 0 };
                let raw = rendered(&letter);
                let message = read(&raw);

                assert_eq!(message.bcc(), None);
                assert_eq!(message.to().unwrap().iter().count(), 1);
                assert_eq!(message.to().unwrap().first().unwrap().address(), Some(ADA));
                assert_eq!(message.from().unwrap().iter().count(), 1);
                assert_eq!(message.reply_to(), None, "no address, no Reply-To");
                assert!(message.subject().unwrap().chars().count() <= 250);
                let mut names: Vec<_> = message.headers().iter().map(|header| header.name()).collect();
                names.sort_unstable();
                assert_eq!(
                    names,
                    [
                        "Auto-Submitted",
                        "Content-Language",
                        "Content-Type",
                        "Date",
                        "From",
                        "MIME-Version",
                        "Message-ID",
                        "Subject",
                        "To",
                        "X-Auto-Response-Suppress",
                    ]
                );
                assert!(raw.is_ascii() && raw.split(|b| *b == b'\n').all(|line| line.len() < 999));
                let html = message.body_html(0).unwrap();
                assert!(!html.contains("<script") && !html.contains("href=\"javascript"), "{html}");
                assert!(!html.contains("49"), "a name is no template");
                for calendar in calendars(&message) {
                    assert_eq!(calendar.components.len(), 2, "a calendar and its event");
                }
            }
        }
    }
}

#[test]
fn addresses_with_an_international_domain_go_through() {
    let letter = confirmed(1, "ada@xn--bcher-kva.example");
    let message = rendered(&letter);
    assert_eq!(read(&message).to().unwrap().first().unwrap().address(), Some("ada@xn--bcher-kva.example"));
}

#[tokio::test]
async fn a_folder_gets_whole_files_and_memory_what_a_page_can_show() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("not/there/yet");
    let letter = confirmed(1, ADA);
    let now = session("a").changed_at;
    let mail = render(&letter, now, &View::new().unwrap(), &sender()).unwrap();

    let mailer = Mailer::open(&format!("file:{}", folder.display()), "parvis.example.org").unwrap();
    mailer.send(letter.id, &mail, now).await.unwrap();
    mailer.send(letter.id, &mail, now).await.unwrap();
    let files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(files, [format!("{}.eml", id(1)).as_str()]);
    assert_eq!(std::fs::read(folder.join(&files[0])).unwrap(), mail.message.formatted());

    let memory = Mailer::memory();
    memory.send(letter.id, &mail, now).await.unwrap();
    let [kept] = &memory.kept()[..] else { panic!("one mail") };
    assert_eq!((kept.recipient.as_str(), kept.raw.as_slice()), (ADA, mail.message.formatted().as_slice()));
    assert!(kept.html.contains("agendatoken") && kept.text.contains("agendatoken"));
}
