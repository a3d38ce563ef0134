//! What a release changes for registered people, as they read it and as their calendars take it.

use std::time::Instant;

use calcard::icalendar::{ICalendar, ICalendarComponentType};
use chrono::{NaiveTime, TimeDelta};
use futures_util::future::join_all;
use mail_parser::{MessageParser, MimeHeaders as _};
use parvis::{
    cli::check,
    db::Pool,
    locale::Lang,
    mail::{
        outbox,
        render::Sender,
        transport::{Kept, Mailer},
        worker::Worker,
    },
    news::{store, tell::tell_due},
    programme::{self, Draft, DraftSession, Place, Status},
    publication::{self, Publication},
    registration::{
        Answer, Cancellation, Cause, Order, Request, State,
        desk::{self, House},
        person::{Email, Name},
        seats::SeatBoard,
        store as seat_store,
    },
    release::{ChangeKind, Field, FieldChange, published::Publications},
    tokens::Tokens,
    view::View,
};
use uuid::Uuid;

use crate::{
    builders::{miso, on_day, session},
    harness::{App, BASE_URL, Given, TestDb, Time},
    html::Found,
};

const ANA: &str = "ana@example.org";
const BEN: &str = "ben@example.org";
const NOTHING: Vec<String> = Vec::new();

/// A house without visitors: nothing happens in it but what a test does.
struct Quiet {
    house: House,
    time: Time,
    mailer: Mailer,
    worker: Worker,
    db: TestDb,
}

impl Given for Quiet {
    async fn given(db: TestDb) -> Quiet {
        Quiet::open(db).await
    }
}

async fn house(pool: &Pool, time: &Time, seed: u64) -> House {
    let secret = Some("a secret of more than thirty-two letters");
    let (publications, board) = (Publications::default(), SeatBoard::default());
    House::open(pool.clone(), time.clock(), Tokens::seeded(seed), secret, publications, board).await.unwrap()
}

impl Quiet {
    async fn open(db: TestDb) -> Quiet {
        let (time, mailer) = (Time::new(), Mailer::memory());
        let house = house(&db.pool().await, &time, 1).await;
        let sender = Sender::new("Parvis <programme@example.org>", BASE_URL).unwrap();
        let id = Tokens::seeded(99).id(time.now());
        let worker = Worker::new(house.pool.clone(), mailer.clone(), View::new().unwrap(), sender, id);
        Quiet { house, time, mailer, worker, db }
    }

    async fn publish(&self, sessions: Vec<DraftSession>) -> Publication {
        self.publish_draft(&miso(sessions)).await
    }

    async fn publish_draft(&self, draft: &Draft) -> Publication {
        let done = self.publish_while_mails_wait(draft).await;
        self.deliver().await;
        done
    }

    async fn publish_while_mails_wait(&self, draft: &Draft) -> Publication {
        let now = self.time.now();
        let mut tx = self.house.pool.begin().await.unwrap();
        programme::store::save(&mut tx, draft, self.house.tokens.id(now), now).await.unwrap();
        tx.commit().await.unwrap();
        publication::publish(&self.house, "miso", "").await.unwrap()
    }

    async fn programme(&self) -> Uuid {
        let mut db = self.house.pool.acquire().await.unwrap();
        programme::store::id_of(&mut db, "miso").await.unwrap().unwrap()
    }

    fn order(&self, programme: Uuid, email: &str, lang: Lang, sessions: &[&DraftSession]) -> Request {
        Request::Register(Order {
            programme,
            key: self.house.tokens.fresh(),
            contact: Email::parse(email).unwrap().into(),
            name: Name::parse("Ana Exemple").unwrap(),
            people: 1,
            organisation: String::new(),
            access_needs: String::new(),
            lang,
            sessions: sessions.iter().map(|session| session.session.id).collect(),
            cause: Cause::Form,
            held: None,
        })
    }

    async fn register(&self, email: &str, sessions: &[&DraftSession]) {
        self.register_in(email, Lang::Fr, sessions).await;
    }

    async fn register_in(&self, email: &str, lang: Lang, sessions: &[&DraftSession]) {
        let order = self.order(self.programme().await, email, lang, sessions);
        let answers = desk::work(&self.house, &[order]).await.unwrap();
        assert!(matches!(answers[..], [Answer::Ordered(_)]), "{answers:?}");
        self.deliver().await;
    }

    async fn participant(&self, email: &str) -> Uuid {
        let mut db = self.house.pool.acquire().await.unwrap();
        seat_store::participant_by_email(&mut db, email).await.unwrap().unwrap().id
    }

    async fn leave(&self, email: &str, session: &DraftSession) {
        let participant = self.participant(email).await;
        let sessions = Some(vec![session.session.id]);
        let leaving = Request::Cancel(Cancellation { participant, sessions, cause: Cause::Person });
        desk::work(&self.house, &[leaving]).await.unwrap();
        self.deliver().await;
    }

    /// Lets so many minutes pass, tells what is due and delivers it.
    async fn wait(&self, minutes: i64) {
        self.time.pass(TimeDelta::minutes(minutes));
        tell_due(&self.house, self.time.now()).await.unwrap();
        self.deliver().await;
    }

    async fn deliver(&self) {
        while self.worker.deliver_due(self.time.now()).await.unwrap().taken() > 0 {}
    }

    fn mails_to(&self, email: &str) -> Vec<Kept> {
        self.mailer.kept().into_iter().filter(|mail| mail.recipient == email).collect()
    }

    /// The mails about changes: those that come after so many others.
    fn news_of(&self, email: &str, others: usize) -> Vec<Kept> {
        self.mails_to(email).split_off(others)
    }

    async fn notes(&self) -> Vec<store::Note> {
        let programme = self.programme().await;
        store::all(&mut self.house.pool.acquire().await.unwrap(), programme).await.unwrap()
    }

    async fn broken(&self) -> Vec<String> {
        check::broken(&self.house).await.unwrap()
    }
}

/// A calendar part of a mail, read by other people's readers.
#[derive(Debug, Clone, PartialEq)]
struct Part {
    method: String,
    uid: String,
    sequence: i64,
    status: String,
    summary: String,
    start: String,
    location: String,
    conference: String,
    text: String,
}

/// The attached entries; that of a mail with one stands in it twice.
fn parts(mail: &Kept) -> Vec<Part> {
    let message = MessageParser::default().parse(&mail.raw).unwrap();
    let attached = message.parts.iter().filter(|part| {
        part.content_type().is_some_and(|kind| kind.subtype() == Some("calendar"))
            && part.attachment_name().is_some()
    });
    attached
        .map(|part| {
            let text = part.text_contents().unwrap().to_owned();
            let calendar = ICalendar::parse(&text).unwrap();
            let unfolded = text.replace("\r\n ", "");
            // calcard reads times as values; their text is what calendars compare.
            let raw = |name: &str| {
                let line = unfolded.lines().find(|line| line.starts_with(name)).unwrap_or_default();
                line.split_once(':').map_or("", |(_, value)| value).trim_end().to_owned()
            };
            Part {
                method: part.content_type().unwrap().attribute("method").unwrap().to_owned(),
                uid: value(&calendar, "UID"),
                sequence: raw("SEQUENCE").parse().unwrap(),
                status: value(&calendar, "STATUS"),
                summary: value(&calendar, "SUMMARY"),
                start: raw("DTSTART"),
                location: value(&calendar, "LOCATION"),
                conference: value(&calendar, "CONFERENCE"),
                text: unfolded,
            }
        })
        .collect()
}

fn value(calendar: &ICalendar, name: &str) -> String {
    let is_event = |component: &&calcard::icalendar::ICalendarComponent| {
        component.component_type == ICalendarComponentType::VEvent
    };
    let event = calendar.components.iter().find(is_event).unwrap();
    let entry = event.entries.iter().find(|entry| entry.name.as_str() == name);
    let value = entry.and_then(|entry| entry.values.first().cloned());
    value.and_then(|value| value.into_text()).map(|text| text.into_owned()).unwrap_or_default()
}

/// Method, slug's UID and `SEQUENCE` of each entry.
fn methods(mail: &Kept) -> Vec<(String, String, i64)> {
    parts(mail).into_iter().map(|part| (part.method, part.uid, part.sequence)).collect()
}

fn entry(method: &str, session: &DraftSession, sequence: i64) -> (String, String, i64) {
    (method.to_owned(), session.session.id.to_string(), sequence)
}

/// The session at another hour of its day.
fn at(mut session: DraftSession, hour: u32) -> DraftSession {
    let start = NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    session.session.start = Some(start);
    session.session.end = Some(session.session.date.and_time(start) + TimeDelta::hours(1));
    session
}

fn with(mut session: DraftSession, change: impl FnOnce(&mut DraftSession)) -> DraftSession {
    change(&mut session);
    session
}

fn titled(session: DraftSession, title: &str) -> DraftSession {
    with(session, |session| session.session.title = title.to_owned())
}

fn status(session: DraftSession, status: Status) -> DraftSession {
    with(session, |session| session.session.status = status)
}

fn joined(session: DraftSession, url: Option<&str>) -> DraftSession {
    with(session, |session| {
        session.session.online = true;
        session.live.join_url = url.map(str::to_owned);
    })
}

fn says(mail: &Kept, line: &str) -> bool {
    mail.text.lines().any(|known| known.trim() == line)
}

on_both_engines! {
    async fn who_is_registered_hears_of_a_move_once_it_has_settled_and_the_calendar_follows(app: Quiet) {
        let atelier = session("atelier", 9);
        app.publish(vec![atelier.clone()]).await;
        app.register(ANA, &[&atelier]).await;
        app.register_in(BEN, Lang::En, &[&atelier]).await;
        let mut draft = miso(vec![titled(at(atelier.clone(), 14), "Atelier cuisine")]);
        draft.places[0].name = "Maison de quartier".to_owned();
        app.publish_draft(&draft).await;

        app.wait(9).await;
        let too_early = app.mails_to(ANA).len();
        app.wait(1).await;
        app.wait(60).await;

        let [mail] = &app.news_of(ANA, 1)[..] else { panic!("one mail") };
        let [english] = &app.news_of(BEN, 1)[..] else { panic!("one mail") };
        assert_eq!(too_early, 1);
        assert_eq!(mail.subject, "Changement\u{a0}: Atelier cuisine");
        for line in [
            "Une session qui vous concerne a changé. Voici ce qui est nouveau.",
            "* Atelier cuisine",
            "Nouveau titre\u{a0}: «\u{a0}Atelier cuisine\u{a0}» (avant\u{a0}: «\u{a0}Session atelier\u{a0}»)",
            "Nouvel horaire\u{a0}: lundi 19\u{a0}avril 2027, 14\u{a0}h\u{a0}– 15\u{a0}h (avant\u{a0}: lundi 19\u{a0}avril 2027, 10\u{a0}h\u{a0}– 11\u{a0}h)",
            "Nouveau lieu\u{a0}: Maison de quartier, Rue de l’Exemple 1, Genève (avant\u{a0}: Maison des associations, Rue de l’Exemple 1, Genève)",
            "Votre inscription reste valable.",
        ] {
            assert!(says(mail, line), "{line}\n{}", mail.text);
        }
        let [part] = &parts(mail)[..] else { panic!("one entry") };
        assert_eq!((part.method.as_str(), part.status.as_str(), part.sequence), ("REQUEST", "CONFIRMED", 1));
        assert_eq!(part.uid, atelier.session.id.to_string());
        assert_eq!(parts(&app.mails_to(ANA)[0])[0].uid, part.uid, "the entry that is in the calendar already");
        assert_eq!((part.summary.as_str(), part.start.as_str()), ("Atelier cuisine", "20270419T120000Z"));
        assert!(part.text.contains("PARTSTAT=ACCEPTED") && part.text.contains("RSVP=FALSE"), "{}", part.text);
        assert!(part.text.contains(":mailto:ana@example.org"), "{}", part.text);
        assert_eq!(english.subject, "Changed: Atelier cuisine");
        assert!(says(english, "New time: Monday 19\u{a0}April 2027, 14:00\u{a0}– 15:00 (before: Monday 19\u{a0}April 2027, 10:00\u{a0}– 11:00)"), "{}", english.text);
        assert!(mail.html.contains("Nouvel horaire"), "{}", mail.html);
        assert_eq!(app.notes().await, []);
        assert_eq!(app.broken().await, NOTHING);
    }

    async fn a_confirmation_that_waits_says_what_was_true_when_it_was_written_and_the_news_say_what_is_new(app: Quiet) {
        let atelier = session("atelier", 9);
        app.publish(vec![atelier.clone()]).await;
        let order = app.order(app.programme().await, ANA, Lang::Fr, &[&atelier]);
        desk::work(&app.house, &[order]).await.unwrap();
        let mut draft = miso(vec![titled(at(atelier.clone(), 14), "Atelier cuisine")]);
        draft.places[0].name = "Maison de quartier".to_owned();
        app.publish_while_mails_wait(&draft).await;
        assert_eq!(app.mails_to(ANA).len(), 0, "the mail server was away");

        app.deliver().await;
        app.wait(10).await;
        app.wait(60).await;

        let [confirmation, news] = &app.mails_to(ANA)[..] else { panic!("two mails: {:?}", app.mails_to(ANA)) };
        assert_eq!(confirmation.subject, "Inscription confirmée\u{a0}: Session atelier");
        let (old, place) = ("lundi 19\u{a0}avril 2027, 10\u{a0}h\u{a0}– 11\u{a0}h", "Maison des associations, Rue de l’Exemple 1, Genève");
        for line in ["* Session atelier", old, place] {
            assert!(says(confirmation, line), "{line}\n{}", confirmation.text);
        }
        for new in ["cuisine", "quartier", "14\u{a0}h"] {
            assert!(!confirmation.text.contains(new) && !confirmation.html.contains(new), "{new}: {}", confirmation.text);
        }
        let [then] = &parts(confirmation)[..] else { panic!("one entry") };
        assert_eq!((then.method.as_str(), then.sequence), ("REQUEST", 0));
        assert_eq!((then.summary.as_str(), then.start.as_str()), ("Session atelier", "20270419T080000Z"));
        assert_eq!(then.location, place);

        assert_eq!(news.subject, "Changement\u{a0}: Atelier cuisine");
        for line in [
            "* Atelier cuisine".to_owned(),
            "Nouveau titre\u{a0}: «\u{a0}Atelier cuisine\u{a0}» (avant\u{a0}: «\u{a0}Session atelier\u{a0}»)".to_owned(),
            format!("Nouvel horaire\u{a0}: lundi 19\u{a0}avril 2027, 14\u{a0}h\u{a0}– 15\u{a0}h (avant\u{a0}: {old})"),
            format!("Nouveau lieu\u{a0}: Maison de quartier, Rue de l’Exemple 1, Genève (avant\u{a0}: {place})"),
        ] {
            assert!(says(news, &line), "{line}\n{}", news.text);
        }
        let [now] = &parts(news)[..] else { panic!("one entry") };
        assert_eq!((now.method.as_str(), now.sequence, &now.uid), ("REQUEST", 1, &then.uid));
        assert_eq!((now.summary.as_str(), now.start.as_str()), ("Atelier cuisine", "20270419T120000Z"));
        assert_eq!(app.broken().await, NOTHING);
    }

    async fn who_is_registered_hears_that_the_programme_has_another_time_zone(app: Quiet) {
        let atelier = session("atelier", 9);
        let all_day = with(on_day(session("sans-heure", 9), 1), |draft| {
            (draft.session.start, draft.session.end) = (None, None);
        });
        let mut draft = miso(vec![atelier.clone(), all_day]);
        app.publish_draft(&draft).await;
        app.register(ANA, &[&atelier]).await;
        draft.programme.timezone = chrono_tz::Europe::London;
        let release = app.publish_draft(&draft).await.release.expect("it changed");
        app.wait(10).await;

        let [change] = &release.changes[..] else { panic!("{:?}", release.changes) };
        let [mail] = &app.news_of(ANA, 1)[..] else { panic!("one mail") };
        let [part] = &parts(mail)[..] else { panic!("one entry") };
        assert_eq!((change.kind, change.slug.as_str()), (ChangeKind::Moved, "atelier"));
        assert_eq!(
            change.fields,
            [FieldChange {
                field: Field::Start,
                old: "2027-04-19T09:00".to_owned(),
                new: "2027-04-19T10:00".to_owned()
            }]
        );
        assert!(says(mail, "Nouvel horaire\u{a0}: lundi 19\u{a0}avril 2027, 10\u{a0}h\u{a0}– 11\u{a0}h (avant\u{a0}: lundi 19\u{a0}avril 2027, 9\u{a0}h\u{a0}– 10\u{a0}h)"), "{}", mail.text);
        assert_eq!((part.start.as_str(), part.sequence), ("20270419T090000Z", 1));
    }

    async fn another_address_of_a_place_is_a_move(app: Quiet) {
        let atelier = session("atelier", 9);
        let mut draft = miso(vec![atelier]);
        app.publish_draft(&draft).await;
        draft.places[0].address = "Rue de l’Exemple 2, Genève".to_owned();

        let release = app.publish_draft(&draft).await.release.expect("it changed");

        let [change] = &release.changes[..] else { panic!("{:?}", release.changes) };
        assert_eq!(change.kind, ChangeKind::Moved);
        assert_eq!(
            change.fields,
            [FieldChange {
                field: Field::Place,
                old: "Maison des associations, Rue de l’Exemple 1, Genève".to_owned(),
                new: "Maison des associations, Rue de l’Exemple 2, Genève".to_owned()
            }]
        );
    }

    async fn what_changes_again_before_it_was_told_is_one_mail_and_what_is_taken_back_none(app: Quiet) {
        let (a, b) = (session("a-b-c", 9), on_day(session("d-e-f", 9), 1));
        app.publish(vec![a.clone(), b.clone()]).await;
        app.register(ANA, &[&a]).await;
        app.register(BEN, &[&b]).await;
        app.publish(vec![at(a.clone(), 12), at(b.clone(), 12)]).await;
        app.wait(9).await;
        app.publish(vec![at(a.clone(), 15), b.clone()]).await;
        app.wait(1).await;
        app.wait(30).await;

        let [mail] = &app.news_of(ANA, 1)[..] else { panic!("one mail") };
        assert!(says(mail, "Nouvel horaire\u{a0}: lundi 19\u{a0}avril 2027, 15\u{a0}h\u{a0}– 16\u{a0}h (avant\u{a0}: lundi 19\u{a0}avril 2027, 10\u{a0}h\u{a0}– 11\u{a0}h)"), "{}", mail.text);
        assert_eq!(methods(mail), [entry("REQUEST", &a, 2)]);
        assert_eq!(app.news_of(BEN, 1).len(), 0);
        assert_eq!(app.notes().await, []);
    }

    async fn a_typing_error_is_no_news(app: Quiet) {
        let a = session("a-b-c", 9);
        app.publish(vec![a.clone()]).await;
        app.register(ANA, &[&a]).await;
        let corrected = with(a.clone(), |session| {
            session.session.description = "En *très peu* de mots.".to_owned();
            session.session.speakers = vec!["Ada".to_owned()];
            session.session.tags = vec!["climat".to_owned()];
            session.live.capacity = programme::Capacity::Seats(20);
        });

        assert!(app.publish(vec![corrected]).await.release.is_some());

        assert_eq!(app.notes().await, []);
        app.wait(20).await;
        assert_eq!(app.mails_to(ANA).len(), 1);
    }

    async fn what_does_not_take_place_is_taken_out_of_calendars_and_comes_back_with_its_queue(app: Quiet) {
        let a = session("a-b-c", 1);
        let b = on_day(session("d-e-f", 9), 1);
        app.publish(vec![a.clone(), b.clone()]).await;
        app.register(ANA, &[&a, &b]).await;
        app.register(BEN, &[&a]).await;
        app.publish(vec![status(a.clone(), Status::Cancelled), status(b.clone(), Status::Withdrawn)]).await;
        app.wait(10).await;

        let [off] = &app.news_of(ANA, 1)[..] else { panic!("one mail for both") };
        assert_eq!(off.subject, "Changements dans vos sessions\u{a0}: MISO");
        assert_eq!(methods(off), [entry("CANCEL", &a, 1), entry("CANCEL", &b, 1)]);
        assert_eq!(parts(off)[0].status, "CANCELLED");
        assert!(says(off, "Cette session est annulée.") && says(off, "Cette session a été retirée du programme."), "{}", off.text);
        assert!(!off.text.contains("/sessions/d-e-f"), "a withdrawn session has no page");
        let [waiting] = &app.news_of(BEN, 1)[..] else { panic!("one mail") };
        assert_eq!((waiting.subject.as_str(), methods(waiting)), ("N’a pas lieu\u{a0}: Session a-b-c", vec![]));

        // Who knows that it is off need not hear that it moved; Ana gives back her seat, and nobody is served.
        let later = at(a.clone(), 16);
        app.publish(vec![status(later.clone(), Status::Cancelled), status(b.clone(), Status::Withdrawn)]).await;
        app.wait(10).await;
        app.leave(ANA, &a).await;
        assert_eq!((app.news_of(ANA, 2).len(), app.news_of(BEN, 2).len()), (1, 0), "her own cancellation");
        assert_eq!(app.broken().await, NOTHING);

        app.publish(vec![later.clone(), b.clone()]).await;
        let [promoted] = &app.news_of(BEN, 2)[..] else { panic!("the queue is served on return") };
        assert_eq!(methods(promoted), [entry("REQUEST", &a, 3)]);
        app.wait(10).await;

        let [back] = &app.news_of(ANA, 3)[..] else { panic!("only of what she still has") };
        assert_eq!(back.subject, "A de nouveau lieu\u{a0}: Session d-e-f");
        assert_eq!(methods(back), [entry("REQUEST", &b, 2)]);
        assert_eq!(parts(back)[0].status, "CONFIRMED");
        let [again] = &app.news_of(BEN, 3)[..] else { panic!("one mail") };
        assert!(says(again, "Cette session a de nouveau lieu."), "{}", again.text);
        assert!(says(again, "Nouvel horaire\u{a0}: lundi 19\u{a0}avril 2027, 16\u{a0}h\u{a0}– 17\u{a0}h (avant\u{a0}: lundi 19\u{a0}avril 2027, 10\u{a0}h\u{a0}– 11\u{a0}h)"), "what he knew: {}", again.text);
        assert_eq!(methods(again), [entry("REQUEST", &a, 3)]);
        assert_eq!(app.broken().await, NOTHING);
    }

    async fn a_session_that_was_off_for_a_moment_never_was(app: Quiet) {
        let a = session("a-b-c", 9);
        app.publish(vec![a.clone()]).await;
        app.register(ANA, &[&a]).await;
        app.publish(vec![status(a.clone(), Status::Cancelled)]).await;
        app.wait(5).await;
        app.publish(vec![a.clone()]).await;
        app.wait(30).await;

        assert_eq!(app.mails_to(ANA).len(), 1);
        app.publish(vec![at(a.clone(), 12)]).await;
        app.wait(10).await;
        assert_eq!(methods(&app.news_of(ANA, 1)[0]), [entry("REQUEST", &a, 3)]);
    }

    async fn several_sessions_are_one_mail_with_an_entry_each(app: Quiet) {
        let sessions: Vec<_> = (0..3).map(|n| on_day(session(&format!("s-{n}"), if n == 2 { 0 } else { 9 }), n)).collect();
        app.publish(sessions.clone()).await;
        app.register(ANA, &[&sessions[0], &sessions[1], &sessions[2]]).await;
        let changed = vec![
            status(sessions[0].clone(), Status::Cancelled),
            sessions[1].clone(),
            titled(sessions[2].clone(), "Autrement"),
        ];
        app.publish(changed.clone()).await;
        app.wait(5).await;
        app.publish(vec![changed[0].clone(), at(changed[1].clone(), 12), changed[2].clone()]).await;
        app.wait(5).await;

        let [mail] = &app.news_of(ANA, 1)[..] else { panic!("one mail") };
        assert_eq!(methods(mail), [entry("CANCEL", &sessions[0], 1), entry("REQUEST", &sessions[1], 1)]);
        assert!(says(mail, "Vous restez sur la liste d’attente, position 1."), "{}", mail.text);
        assert!(says(mail, "Ce qui est joint à ce message met votre agenda à jour."), "{}", mail.text);
        app.wait(30).await;
        assert_eq!(app.news_of(ANA, 1).len(), 1);
    }

    async fn who_left_or_was_erased_meanwhile_hears_nothing_and_who_came_back_knows(app: Quiet) {
        let a = session("a-b-c", 1);
        app.publish(vec![a.clone()]).await;
        for email in [ANA, BEN, "cleo@example.org", "dan@example.org"] {
            app.register(email, &[&a]).await;
        }
        app.publish(vec![at(a.clone(), 12)]).await;
        app.leave(BEN, &a).await;
        app.register(BEN, &[&a]).await;
        app.leave("cleo@example.org", &a).await;
        let dan = app.participant("dan@example.org").await;
        let mut tx = app.house.pool.begin().await.unwrap();
        outbox::erase(&mut tx, "dan@example.org", app.time.now()).await.unwrap();
        seat_store::erase::person(&mut tx, dan, app.time.now()).await.unwrap();
        tx.commit().await.unwrap();
        // Ana gives her seat to whoever is first now.
        app.leave(ANA, &a).await;
        app.wait(10).await;

        assert_eq!(app.mails_to(ANA).len(), 2, "her order, her cancellation");
        assert_eq!(app.mails_to("cleo@example.org").len(), 2);
        assert_eq!(app.mails_to("dan@example.org").len(), 1);
        let [.., last] = &app.mails_to(BEN)[..] else { panic!("mails") };
        assert_eq!((last.subject.as_str(), app.mails_to(BEN).len()), ("Liste d’attente\u{a0}: Session a-b-c", 3));
        assert_eq!(app.notes().await, []);
        assert_eq!(app.broken().await, NOTHING);
    }

    async fn who_got_a_seat_meanwhile_gets_the_entry_as_it_is_now(app: Quiet) {
        let a = session("a-b-c", 1);
        app.publish(vec![a.clone()]).await;
        app.register(ANA, &[&a]).await;
        app.register(BEN, &[&a]).await;
        app.publish(vec![at(a.clone(), 12)]).await;
        app.leave(ANA, &a).await;
        app.wait(10).await;

        let [_, promoted, news] = &app.mails_to(BEN)[..] else { panic!("three mails") };
        assert_eq!(methods(promoted), [entry("REQUEST", &a, 1)]);
        assert_eq!(methods(news), [entry("REQUEST", &a, 1)]);
        assert_eq!(parts(promoted)[0].start, parts(news)[0].start);
    }

    async fn what_is_taken_back_is_told_to_those_whom_another_mail_had_told(app: Quiet) {
        let a = session("a-b-c", 1);
        app.publish(vec![a.clone()]).await;
        for email in [ANA, BEN, "cleo@example.org"] {
            app.register(email, &[&a]).await;
        }
        app.publish(vec![at(a.clone(), 12)]).await;
        app.time.pass(TimeDelta::minutes(1));
        app.leave(ANA, &a).await;
        app.time.pass(TimeDelta::minutes(1));
        app.publish(vec![a.clone()]).await;
        app.wait(10).await;

        let [_, promoted, back] = &app.mails_to(BEN)[..] else { panic!("three mails") };
        assert_eq!((methods(promoted), parts(promoted)[0].start.as_str()), (vec![entry("REQUEST", &a, 1)], "20270419T100000Z"));
        assert_eq!((methods(back), parts(back)[0].start.as_str()), (vec![entry("REQUEST", &a, 2)], "20270419T080000Z"));
        assert!(says(back, "Nouvel horaire\u{a0}: lundi 19\u{a0}avril 2027, 10\u{a0}h\u{a0}– 11\u{a0}h (avant\u{a0}: lundi 19\u{a0}avril 2027, 12\u{a0}h\u{a0}– 13\u{a0}h)"), "{}", back.text);
        assert_eq!(app.mails_to("cleo@example.org").len(), 1);
        assert_eq!(app.notes().await, []);
    }

    async fn another_join_address_reaches_those_who_have_a_seat_and_nobody_else(app: Quiet) {
        let (old, new) = ("https://meet.example.org/old", "https://meet.example.org/new");
        let a = joined(session("a-b-c", 1), None);
        app.publish(vec![a.clone()]).await;
        app.register(ANA, &[&a]).await;
        app.register(BEN, &[&a]).await;
        app.publish(vec![joined(a.clone(), Some(old))]).await;
        app.wait(10).await;
        let draft = miso(vec![joined(a.clone(), Some(new))]);
        let settings = publication::settings(app.programme().await, &draft, &draft.sessions[0]);
        publication::set(&app.house, settings).await.unwrap();
        app.wait(10).await;

        let [first, second] = &app.news_of(ANA, 1)[..] else { panic!("two mails") };
        assert!(says(first, "Voici l’adresse pour participer en ligne."), "{}", first.text);
        assert!(says(second, "L’adresse pour participer en ligne a changé\u{a0}: utilisez celle qui suit."));
        assert!(says(second, "Pour participer en ligne\u{a0}:") && says(second, new), "{}", second.text);
        let seen = |mail: &Kept| (parts(mail)[0].sequence, parts(mail)[0].conference.clone());
        assert_eq!((seen(first), seen(second)), ((1, old.to_owned()), (2, new.to_owned())));
        assert_eq!(app.mails_to(BEN).len(), 1);
        app.leave(ANA, &a).await;
        assert_eq!(methods(&app.news_of(ANA, 3)[0]), [entry("CANCEL", &a, 3)], "higher than any before");
        assert_eq!(app.broken().await, NOTHING);
    }

    async fn what_is_over_is_corrected_without_a_mail(app: Quiet) {
        let a = session("a-b-c", 9);
        app.publish(vec![a.clone()]).await;
        app.register(ANA, &[&a]).await;
        app.time.pass(TimeDelta::days(60));
        app.publish(vec![titled(a.clone(), "Le vrai titre")]).await;
        app.wait(10).await;

        assert_eq!((app.mails_to(ANA).len(), app.notes().await), (1, vec![]));
    }

    async fn two_processes_tell_everybody_once_and_check_sees_what_nobody_told(app: Quiet) {
        let a = session("a-b-c", 900);
        app.publish(vec![a.clone()]).await;
        let programme = app.programme().await;
        let orders: Vec<_> = (0..450).map(|n| app.order(programme, &format!("p{n}@example.org"), Lang::Fr, &[&a])).collect();
        for some in orders.chunks(200) {
            desk::work(&app.house, some).await.unwrap();
        }
        app.deliver().await;
        app.publish(vec![at(a.clone(), 12)]).await;
        app.time.pass(TimeDelta::minutes(20));
        assert_eq!(app.broken().await, NOTHING);
        app.time.pass(TimeDelta::seconds(1));
        assert_eq!(app.broken().await, ["5: 450 registered people were not told in time that their session changed"]);

        let mut houses = Vec::new();
        for seed in 2..6 {
            houses.push(house(&app.db.pool().await, &app.time, seed).await);
        }
        let now = app.time.now();
        let told = join_all(houses.iter().map(|house| tell_due(house, now))).await;

        let told: Vec<_> = told.into_iter().map(Result::unwrap).collect();
        assert_eq!(told.iter().sum::<usize>(), 450, "{told:?}");
        let counts = outbox::counts(&mut app.house.pool.acquire().await.unwrap()).await.unwrap();
        assert_eq!((counts.due, counts.sent), (450, 450));
        assert_eq!(app.broken().await, NOTHING);
    }

    async fn a_thousand_people_are_noted_and_told_in_a_few_statements(app: Quiet) {
        let a = session("a-b-c", 500);
        app.publish(vec![a.clone()]).await;
        let programme = app.programme().await;
        let orders: Vec<_> = (0..1_000).map(|n| app.order(programme, &format!("p{n}@example.org"), Lang::Fr, &[&a])).collect();
        for some in orders.chunks(200) {
            desk::work(&app.house, some).await.unwrap();
        }
        let before = outbox::counts(&mut app.house.pool.acquire().await.unwrap()).await.unwrap().due;
        let mut tx = app.house.pool.begin().await.unwrap();
        let draft = miso(vec![at(a.clone(), 12)]);
        programme::store::save(&mut tx, &draft, programme, app.time.now()).await.unwrap();
        tx.commit().await.unwrap();

        let began = Instant::now();
        publication::publish(&app.house, "miso", "").await.unwrap();
        let published = began.elapsed();
        app.time.pass(TimeDelta::minutes(10));
        let told = tell_due(&app.house, app.time.now()).await.unwrap();
        let all = began.elapsed();

        println!("published in {published:?}, everybody told after {all:?}");
        let after = outbox::counts(&mut app.house.pool.acquire().await.unwrap()).await.unwrap().due;
        assert_eq!((told, after - before), (1_000, 1_000));
        // A debug build on a busy machine; a statement a person would take many times that.
        assert!(published.as_secs_f64() < 3.0 && all.as_secs_f64() < 12.0, "{published:?}, {all:?}");
    }

    async fn who_registers_where_the_release_is_not_seen_yet_is_told_the_new_one(app: Quiet) {
        let a = session("a-b-c", 9);
        app.publish(vec![a.clone()]).await;
        let other = house(&app.db.pool().await, &app.time, 7).await;
        publication::refresh(&other).await.unwrap();
        app.publish(vec![at(a.clone(), 12)]).await;

        let order = app.order(app.programme().await, ANA, Lang::Fr, &[&a]);
        desk::work(&other, &[order]).await.unwrap();
        app.wait(10).await;

        let [mail] = &app.mails_to(ANA)[..] else { panic!("one mail") };
        assert_eq!((methods(mail), parts(mail)[0].start.as_str()), (vec![entry("REQUEST", &a, 1)], "20270419T100000Z"));
    }

    async fn the_agenda_and_the_feed_show_what_does_not_take_place_and_the_server_tells_by_itself(app: App) {
        let a = joined(session("a-b-c", 9), Some("https://meet.example.org/a"));
        app.publish(&miso(vec![a.clone()])).await;
        app.register(ANA, &["a-b-c"]).await;
        let agenda = app.agenda_path(ANA).await;
        app.publish(&miso(vec![status(a.clone(), Status::Cancelled)])).await;
        app.pass(TimeDelta::minutes(10));
        while app.mails_to(ANA).await.len() < 2 {
            tokio::task::yield_now().await;
        }

        let page = app.get(&agenda).await;
        let found = Found::on(&page.body);
        assert_eq!(found.texts(".agenda .state"), ["Annulée par l’organisation"]);
        assert!(!page.body.contains("meet.example.org"), "{}", page.body);
        let feed = found.attributes("a[href^='webcal:']", "href").remove(0);
        let feed = app.get(&format!("/fr/{}", feed.split_once("/fr/").unwrap().1)).await.body;
        for line in ["STATUS:CANCELLED", "SEQUENCE:1", &format!("UID:{}", a.session.id)] {
            assert!(feed.lines().any(|known| known == line), "{line}\n{feed}");
        }
        assert_eq!(app.broken().await, NOTHING);
    }
}

mod whatever_is_published {
    use proptest::prelude::*;

    use super::*;

    #[derive(Debug, Clone)]
    enum Step {
        Move(usize, u32),
        Title(usize, u8),
        Place(usize, bool),
        Status(usize, Status),
        Join(usize, Option<u8>),
        Publish,
        Pass(i64),
        Leave(usize),
        Come(usize),
    }

    fn step() -> impl Strategy<Value = Step> {
        let session = 0..2_usize;
        let status = prop_oneof![3 => Just(Status::Scheduled), 1 => Just(Status::Cancelled), 1 => Just(Status::Withdrawn)];
        prop_oneof![
            2 => (session.clone(), 9..12_u32).prop_map(|(s, hour)| Step::Move(s, hour)),
            1 => (session.clone(), 0..2_u8).prop_map(|(s, title)| Step::Title(s, title)),
            1 => (session.clone(), any::<bool>()).prop_map(|(s, place)| Step::Place(s, place)),
            2 => (session.clone(), status).prop_map(|(s, status)| Step::Status(s, status)),
            2 => (session.clone(), proptest::option::of(0..2_u8)).prop_map(|(s, join)| Step::Join(s, join)),
            5 => Just(Step::Publish),
            4 => (1..12_i64).prop_map(Step::Pass),
            1 => session.clone().prop_map(Step::Leave),
            2 => session.prop_map(Step::Come),
        ]
    }

    fn edit(draft: &mut Draft, step: &Step) {
        match *step {
            Step::Move(s, hour) => draft.sessions[s] = at(draft.sessions[s].clone(), hour),
            Step::Title(s, title) => draft.sessions[s].session.title = format!("Titre {title}"),
            Step::Place(s, first) => {
                draft.sessions[s].session.place = Some(if first { "maison" } else { "autre" }.to_owned());
            }
            Step::Status(s, status) => draft.sessions[s].session.status = status,
            Step::Join(s, join) => {
                draft.sessions[s].live.join_url = join.map(|n| format!("https://meet.example.org/{n}"));
            }
            Step::Publish | Step::Pass(_) | Step::Leave(_) | Step::Come(_) => {}
        }
    }

    async fn walk(steps: Vec<Step>) {
        // On one engine: so many walks are about what is decided; the tests above ask both for each query.
        let app = Quiet::open(TestDb::sqlite().await).await;
        let mut draft = miso(vec![session("a-b-c", 9), on_day(session("d-e-f", 9), 1)]);
        draft.places.push(Place {
            slug: "autre".to_owned(),
            name: "Ailleurs".to_owned(),
            ..draft.places[0].clone()
        });
        for session in &mut draft.sessions {
            session.session.online = true;
        }
        app.publish_draft(&draft).await;
        let mut public = draft.clone();
        app.register(ANA, &[&draft.sessions[0], &draft.sessions[1]]).await;
        for step in &steps {
            edit(&mut draft, step);
            match step {
                Step::Publish => {
                    app.publish_draft(&draft).await;
                    public = draft.clone();
                }
                Step::Pass(minutes) => app.wait(*minutes).await,
                Step::Leave(s) => app.leave(ANA, &draft.sessions[*s]).await,
                Step::Come(s) if public.sessions[*s].session.status == Status::Scheduled => {
                    app.register(ANA, &[&public.sessions[*s]]).await;
                }
                Step::Move(..)
                | Step::Title(..)
                | Step::Place(..)
                | Step::Status(..)
                | Step::Join(..)
                | Step::Come(_) => {}
            }
            assert_eq!(app.broken().await, NOTHING);
        }
        app.wait(10).await;
        app.wait(10).await;

        let entries: Vec<Part> = app.mails_to(ANA).iter().flat_map(parts).collect();
        let mine = app.participant(ANA).await;
        let mut db = app.house.pool.acquire().await.unwrap();
        let mine = seat_store::registrations_of(&mut db, &[mine]).await.unwrap();
        for session in &public.sessions {
            let id = session.session.id;
            let of: Vec<_> = entries.iter().filter(|part| part.uid == id.to_string()).collect();
            assert!(of.windows(2).all(|two| two[0].sequence <= two[1].sequence), "SEQUENCE fell: {of:?}");
            let last = of.last().expect("the first order brought an entry");
            let has_seat = mine.iter().any(|one| one.session == id && one.state == State::Confirmed);
            if !has_seat || session.session.status != Status::Scheduled {
                assert_eq!(last.method, "CANCEL", "{of:?}");
                continue;
            }
            let place = if session.session.place.as_deref() == Some("autre") { "Ailleurs" } else { "Maison" };
            let start =
                session.session.starts_at(chrono_tz::Europe::Zurich).format("%Y%m%dT%H%M%SZ").to_string();
            let join = session.live.join_url.clone().unwrap_or_default();
            assert_eq!(
                (&last.method[..], &last.summary, &last.start, &last.conference),
                ("REQUEST", &session.session.title, &start, &join)
            );
            assert!(last.location.starts_with(place), "{last:?}");
            for pair in of.windows(2).filter(|two| two[0].sequence == two[1].sequence) {
                let content = |part: &Part| {
                    (part.method.clone(), part.summary.clone(), part.start.clone(), part.conference.clone())
                };
                assert_eq!(content(pair[0]), content(pair[1]), "another entry under the same SEQUENCE");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_last_entry_that_was_mailed_is_the_session_as_it_stands(steps in proptest::collection::vec(step(), 1..25)) {
            tokio::runtime::Runtime::new().unwrap().block_on(walk(steps));
        }
    }
}
