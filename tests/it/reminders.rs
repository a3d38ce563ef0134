//! Reminders: who gets which, when, once; and how one stops them.

use std::time::Instant;

use chrono::{DateTime, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use futures_util::future::join_all;
use mail_parser::{Message, MessageParser};
use parvis::{
    cli::check,
    db::Pool,
    locale::Lang,
    mail::{
        self, Kind, MailData, ProgrammeLine, outbox,
        render::Sender,
        transport::{Kept, Mailer},
        worker::Worker,
    },
    news::tell::tell_due,
    programme::{self, Draft, DraftSession, Rules, Status, instant},
    publication,
    registration::{
        Answer, Cancellation, Cause, Order, Request,
        desk::{self, House},
        erasure,
        person::{Email, Name},
        reminders::{remind_due, store},
        retention,
        seats::SeatBoard,
        store as seat_store,
    },
    release::published::Publications,
    tokens::Tokens,
    view::View,
};
use rocket::http::{ContentType, Header, Status as Http};
use uuid::Uuid;

use crate::{
    builders::{miso, on_day, session},
    harness::{App, BASE_URL, Given, Page, TestDb, Time},
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
        let (time, mailer) = (Time::new(), Mailer::memory());
        let house = house(&db.pool().await, &time, 1).await;
        let sender = Sender::new("Parvis <programme@example.org>", BASE_URL).unwrap();
        let id = Tokens::seeded(99).id(time.now());
        let worker = Worker::new(house.pool.clone(), mailer.clone(), View::new().unwrap(), sender, id);
        Quiet { house, time, mailer, worker, db }
    }
}

async fn house(pool: &Pool, time: &Time, seed: u64) -> House {
    let secret = Some("a secret of more than thirty-two letters");
    let (publications, board) = (Publications::default(), SeatBoard::default());
    House::open(pool.clone(), time.clock(), Tokens::seeded(seed), secret, publications, board).await.unwrap()
}

/// A moment in Zurich.
fn local(text: &str) -> DateTime<Utc> {
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    instant(chrono_tz::Europe::Zurich, local)
}

fn with_rules(sessions: &[&DraftSession], spans: &[&str]) -> Draft {
    let mut draft = miso(sessions.iter().map(|session| (*session).clone()).collect());
    draft.programme.rules =
        Rules { reminders: spans.iter().map(|span| (*span).to_owned()).collect(), ..Rules::default() };
    draft
}

/// The session at another time of its day, for an hour.
fn at(mut session: DraftSession, time: &str) -> DraftSession {
    let start = NaiveTime::parse_from_str(time, "%H:%M").unwrap();
    session.session.start = Some(start);
    session.session.end = Some(session.session.date.and_time(start) + TimeDelta::hours(1));
    session
}

fn online(mut session: DraftSession, join_url: Option<&str>) -> DraftSession {
    session.session.online = true;
    session.live.join_url = join_url.map(str::to_owned);
    session
}

fn status(mut session: DraftSession, status: Status) -> DraftSession {
    session.session.status = status;
    session
}

impl Quiet {
    async fn publish(&self, draft: &Draft) {
        let now = self.time.now();
        let mut tx = self.house.pool.begin().await.unwrap();
        programme::store::save(&mut tx, draft, self.house.tokens.id(now), now).await.unwrap();
        tx.commit().await.unwrap();
        publication::publish(&self.house, "miso", "").await.unwrap();
        self.turn().await;
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
    }

    /// Does what is due at this moment, and delivers it.
    async fn turn(&self) {
        tell_due(&self.house, self.time.now()).await.unwrap();
        remind_due(&self.house, self.time.now()).await.unwrap();
        self.deliver().await;
    }

    fn go(&self, moment: &str) {
        let moment = local(moment);
        assert!(moment >= self.time.now(), "time goes forwards");
        self.time.pass(moment - self.time.now());
    }

    /// Goes to this moment in Zurich and does what is due then.
    async fn at(&self, moment: &str) {
        self.go(moment);
        self.turn().await;
    }

    async fn deliver(&self) {
        while self.worker.deliver_due(self.time.now()).await.unwrap().taken() > 0 {}
    }

    fn mails_to(&self, email: &str) -> Vec<Kept> {
        self.mailer.kept().into_iter().filter(|mail| mail.recipient == email).collect()
    }

    /// The subjects of the reminders so far, without « Rappel : ».
    fn reminders_of(&self, email: &str) -> Vec<String> {
        let mails = self.mails_to(email).into_iter();
        mails
            .filter_map(|mail| Some(mail.subject.strip_prefix("Rappel\u{a0}: ")?.replace('\u{a0}', " ")))
            .collect()
    }

    fn last_to(&self, email: &str) -> Kept {
        self.mails_to(email).pop().expect("a mail")
    }

    async fn broken(&self) -> Vec<String> {
        check::broken(&self.house).await.unwrap()
    }
}

fn read(raw: &[u8]) -> Message<'_> {
    MessageParser::default().parse(raw).unwrap()
}

fn header(mail: &Kept, name: &str) -> String {
    read(&mail.raw).header_raw(name).map_or("", str::trim).replace("\r\n", "")
}

/// The address of the page that stops reminders, as a mail program reads it.
fn stop_path(mail: &Kept) -> String {
    let header = header(mail, "List-Unsubscribe");
    let url = header.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).expect("one address");
    url.strip_prefix(BASE_URL).expect("ours").to_owned()
}

fn says(mail: &Kept, line: &str) -> bool {
    mail.text.lines().any(|known| known.trim() == line)
}

on_both_engines! {
    async fn the_day_before_one_mail_tells_all_sessions_of_the_day(app: Quiet) {
        let first = session("premiere", 9);
        let second = at(online(session("seconde", 9), None), "15:30");
        let other_day = on_day(session("lendemain", 9), 1);
        app.publish(&with_rules(&[&second, &first, &other_day], &["1d"])).await;
        app.register(ANA, &[&second, &first, &other_day]).await;
        app.register_in(BEN, Lang::En, &[&second]).await;

        app.at("2027-04-18 09:59").await;
        assert_eq!(app.reminders_of(ANA), NOTHING);
        app.at("2027-04-18 10:00").await;
        app.at("2027-04-18 15:30").await;

        let [_, mail] = &app.mails_to(ANA)[..] else { panic!("one more mail") };
        assert_eq!(mail.subject, "Rappel\u{a0}: MISO, lundi 19\u{a0}avril");
        for line in [
            "Vos places vous attendent lundi 19\u{a0}avril. Voici vos sessions de la journée.",
            "* Session premiere",
            "lundi 19\u{a0}avril 2027, 10\u{a0}h\u{a0}– 11\u{a0}h",
            "Maison des associations, Rue de l’Exemple 1, Genève",
            "* Session seconde",
            "lundi 19\u{a0}avril 2027, 15\u{a0}h\u{a0}30\u{a0}– 16\u{a0}h\u{a0}30",
            "En ligne",
            "Inscription confirmée",
            "L’adresse pour participer en ligne n’est pas encore connue. Elle sera sur la page de vos inscriptions.",
            "Vous ne pouvez plus venir\u{202f}? Annulez votre inscription, et la place ira à la personne suivante.",
        ] {
            assert!(says(mail, line), "{line}\n{}", mail.text);
        }
        assert!(!mail.text.contains("lendemain"), "{}", mail.text);
        assert!(mail.text.find("premiere") < mail.text.find("seconde"), "by time\n{}", mail.text);
        assert!(!String::from_utf8_lossy(&mail.raw).contains("text/calendar"), "the entry is in the calendar already");
        let english = app.last_to(BEN);
        assert_eq!(english.subject, "Reminder: Session seconde, Monday 19\u{a0}April at 15:30");
        assert!(says(&english, "Your seat is waiting for you on Monday 19\u{a0}April at 15:30. Here is what you need to know."));
        app.at("2027-04-19 10:00").await;
        assert_eq!(app.reminders_of(ANA), ["MISO, lundi 19 avril", "Session lendemain, mardi 20 avril à 10 h"]);
        app.at("2027-04-20 12:00").await;
        assert_eq!((app.mails_to(ANA).len(), app.mails_to(BEN).len()), (3, 2));
        assert_eq!(app.broken().await, NOTHING);
    }

    async fn an_hour_before_the_join_link_comes_and_what_begins_together_shares_a_mail(app: Quiet) {
        let link = "https://meet.example.org/a";
        let first = online(session("premiere", 9), Some(link));
        let together = at(session("ensemble", 9), "10:30");
        let later = at(session("ensuite", 9), "11:00");
        app.publish(&with_rules(&[&first, &together, &later], &["1h"])).await;
        app.register(ANA, &[&first, &together, &later]).await;
        app.register(BEN, &[&together]).await;

        app.at("2027-04-19 08:59").await;
        assert_eq!(app.reminders_of(ANA), NOTHING);
        app.at("2027-04-19 09:00").await;
        let mail = app.last_to(ANA);
        app.at("2027-04-19 09:30").await;
        app.at("2027-04-19 10:00").await;
        app.at("2027-04-19 13:00").await;

        assert_eq!(app.reminders_of(ANA), ["MISO, lundi 19 avril à 10 h", "Session ensuite, lundi 19 avril à 11 h"]);
        assert!(says(&mail, "C’est bientôt\u{a0}: vos sessions commencent, la première lundi 19\u{a0}avril à 10\u{a0}h."), "{}", mail.text);
        assert!(says(&mail, "Pour participer en ligne\u{a0}:") && says(&mail, link), "{}", mail.text);
        assert!(mail.html.contains(&format!("href=\"{link}\"")), "{}", mail.html);
        assert!(!mail.text.contains("n’est pas encore connue"), "{}", mail.text);
        assert_eq!(app.reminders_of(BEN), ["Session ensemble, lundi 19 avril à 10 h 30"]);
        assert_eq!(app.broken().await, NOTHING);
    }

    async fn each_span_of_the_rule_is_one_reminder_and_a_rule_without_any_is_none(app: Quiet) {
        let a = session("a-b-c", 9);
        let mut silent = with_rules(&[&a], &[]);
        app.publish(&silent).await;
        app.register(ANA, &[&a]).await;
        app.at("2027-04-10 09:00").await;
        silent.programme.rules.reminders = ["2d", "1d", "30m", "soon"].map(str::to_owned).to_vec();
        app.publish(&silent).await;

        for moment in ["2027-04-17 09:59", "2027-04-17 10:00", "2027-04-18 10:00", "2027-04-19 09:29", "2027-04-19 09:30"] {
            app.at(moment).await;
        }

        let name = "Session a-b-c, lundi 19 avril à 10 h";
        assert_eq!(app.reminders_of(ANA), [name, name, name]);
        assert!(says(&app.last_to(ANA), "C’est bientôt\u{a0}: votre session commence lundi 19\u{a0}avril à 10\u{a0}h."));
    }

    async fn a_rule_that_is_new_reminds_of_nothing_whose_time_has_passed(app: Quiet) {
        let a = session("a-b-c", 9);
        app.publish(&with_rules(&[&a], &[])).await;
        app.register(ANA, &[&a]).await;
        app.at("2027-04-18 12:00").await;
        app.publish(&with_rules(&[&a], &["1d", "1h"])).await;
        app.at("2027-04-18 12:01").await;
        assert_eq!(app.reminders_of(ANA), NOTHING);

        app.at("2027-04-19 09:00").await;
        assert_eq!(app.reminders_of(ANA).len(), 1);
    }

    async fn who_registers_after_the_time_of_a_reminder_gets_none_of_that_span(app: Quiet) {
        let (a, b) = (session("a-b-c", 9), at(session("d-e-f", 9), "16:00"));
        app.publish(&with_rules(&[&a, &b], &["1d", "1h"])).await;
        app.register(ANA, &[&a]).await;
        app.at("2027-04-18 10:00").await;
        app.register(BEN, &[&a]).await;
        app.at("2027-04-18 11:00").await;
        // The mail of her day has come; the confirmation says this one.
        app.register(ANA, &[&b]).await;
        app.at("2027-04-18 16:00").await;
        assert_eq!((app.reminders_of(ANA).len(), app.reminders_of(BEN).len()), (1, 0));

        app.at("2027-04-19 09:00").await;
        app.at("2027-04-19 15:00").await;

        let hour = "Session a-b-c, lundi 19 avril à 10 h";
        assert_eq!(app.reminders_of(ANA), [hour, hour, "Session d-e-f, lundi 19 avril à 16 h"]);
        assert_eq!(app.reminders_of(BEN), [hour]);
    }

    async fn a_session_that_moved_is_reminded_at_its_new_time(app: Quiet) {
        let a = session("a-b-c", 9);
        app.publish(&with_rules(&[&a], &["1d", "1h"])).await;
        app.register(ANA, &[&a]).await;
        app.at("2027-04-18 10:00").await;
        app.at("2027-04-18 12:00").await;
        let moved = at(on_day(a.clone(), 1), "17:00");
        app.publish(&with_rules(&[&moved], &["1d", "1h"])).await;
        for moment in ["2027-04-18 12:10", "2027-04-19 09:00", "2027-04-19 17:00", "2027-04-20 16:00"] {
            app.at(moment).await;
        }

        let new = "Session a-b-c, mardi 20 avril à 17 h";
        assert_eq!(app.reminders_of(ANA), ["Session a-b-c, lundi 19 avril à 10 h", new, new]);
        let subjects: Vec<_> = app.mails_to(ANA).into_iter().map(|mail| mail.subject).collect();
        assert_eq!(subjects[2], "Changement\u{a0}: Session a-b-c");
        assert_eq!(app.broken().await, NOTHING);
    }

    async fn who_was_told_of_a_move_a_moment_ago_is_not_reminded_as_well(app: Quiet) {
        let (a, b) = (session("a-b-c", 9), session("d-e-f", 9));
        app.publish(&with_rules(&[&a, &b], &["1h"])).await;
        app.register(ANA, &[&a]).await;
        app.register(BEN, &[&b]).await;
        app.at("2027-04-19 08:30").await;
        // The news comes at 8:40; an hour before is 9:00 for one of them, and 9:30 for the other.
        app.publish(&with_rules(&[&at(a.clone(), "10:05"), &at(b.clone(), "10:30")], &["1h"])).await;
        for moment in ["2027-04-19 08:40", "2027-04-19 09:00", "2027-04-19 09:05", "2027-04-19 09:30"] {
            app.at(moment).await;
        }

        assert_eq!((app.mails_to(ANA).len(), app.reminders_of(ANA)), (2, NOTHING));
        assert_eq!(app.reminders_of(BEN), ["Session d-e-f, lundi 19 avril à 10 h 30"]);
    }

    async fn another_title_or_place_is_no_reason_for_another_reminder(app: Quiet) {
        let mut a = session("a-b-c", 9);
        app.publish(&with_rules(&[&a], &["1d"])).await;
        app.register(ANA, &[&a]).await;
        app.at("2027-04-18 10:00").await;
        a.session.title = "Un autre titre".to_owned();
        app.publish(&with_rules(&[&a], &["1d"])).await;
        app.at("2027-04-18 10:10").await;
        app.at("2027-04-18 18:00").await;

        assert_eq!(app.reminders_of(ANA).len(), 1);
        assert_eq!(app.mails_to(ANA).len(), 3, "the order, the reminder, the news");
    }

    async fn nobody_is_reminded_of_what_is_cancelled_or_waited_for(app: Quiet) {
        let (left, off, full, mine) =
            (session("partie", 9), session("annulee", 9), session("pleine", 1), at(session("gardee", 9), "11:30"));
        let withdrawn = session("retiree", 9);
        let draft = with_rules(&[&left, &off, &full, &mine, &withdrawn], &["1d", "1h"]);
        app.publish(&draft).await;
        app.register(BEN, &[&full]).await;
        app.register(ANA, &[&left, &off, &full, &mine, &withdrawn]).await;
        app.register("cleo@example.org", &[&left]).await;
        app.register("dan@example.org", &[&left]).await;
        app.at("2027-04-17 09:00").await;
        app.leave(ANA, &left).await;
        let off = status(off, Status::Cancelled);
        let withdrawn = status(withdrawn, Status::Withdrawn);
        app.publish(&with_rules(&[&left, &off, &full, &mine, &withdrawn], &["1d", "1h"])).await;
        let dan = app.participant("dan@example.org").await;
        erasure::erase(&app.house, dan).await.unwrap();
        app.at("2027-04-17 09:10").await;

        for moment in ["2027-04-18 10:00", "2027-04-18 11:30", "2027-04-19 09:00", "2027-04-19 10:30"] {
            app.at(moment).await;
        }

        let only = "Session gardee, lundi 19 avril à 11 h 30";
        assert_eq!(app.reminders_of(ANA), [only, only]);
        let left = "Session partie, lundi 19 avril à 10 h";
        assert_eq!(app.reminders_of("cleo@example.org"), [left, left]);
        assert_eq!(app.reminders_of("dan@example.org"), NOTHING);
        assert_eq!(app.broken().await, NOTHING);
    }

    async fn what_takes_place_again_is_reminded_of_only_where_its_time_is_still_to_come(app: Quiet) {
        let a = session("a-b-c", 9);
        let on = with_rules(&[&a], &["1d", "1h"]);
        app.publish(&on).await;
        app.register(ANA, &[&a]).await;
        app.at("2027-04-18 09:00").await;
        app.publish(&with_rules(&[&status(a.clone(), Status::Cancelled)], &["1d", "1h"])).await;
        app.at("2027-04-18 10:00").await;
        app.at("2027-04-18 12:00").await;
        app.publish(&on).await;
        app.at("2027-04-18 12:30").await;
        assert_eq!(app.reminders_of(ANA), NOTHING, "the news has said it");

        app.at("2027-04-19 09:00").await;
        assert_eq!(app.reminders_of(ANA).len(), 1);
    }

    async fn a_late_reminder_is_sent_while_it_is_of_use_and_only_one(app: Quiet) {
        let (day, hour, never) = (session("jour", 9), session("heure", 9), session("jamais", 9));
        let sessions = [&at(day, "14:00"), &at(hour, "11:30"), &at(never, "10:30")];
        app.publish(&with_rules(&sessions, &["1d", "1h"])).await;
        for (n, session) in sessions.iter().enumerate() {
            app.register(&format!("p{n}@example.org"), &[session]).await;
        }
        app.register(ANA, &sessions).await;
        app.at("2027-04-18 09:00").await;
        // Nobody was at work in between.
        app.at("2027-04-19 10:45").await;

        assert_eq!(app.reminders_of("p0@example.org"), ["Session jour, lundi 19 avril à 14 h"]);
        assert!(says(&app.last_to("p0@example.org"), "Votre place vous attend lundi 19\u{a0}avril à 14\u{a0}h. Voici ce qu’il faut savoir."));
        assert_eq!(app.reminders_of("p1@example.org"), ["Session heure, lundi 19 avril à 11 h 30"]);
        assert!(app.last_to("p1@example.org").text.contains("C’est bientôt"));
        assert_eq!(app.reminders_of("p2@example.org"), NOTHING, "it has begun");
        assert_eq!(app.reminders_of(ANA).len(), 2, "each of what is to come once: {:?}", app.reminders_of(ANA));
        app.at("2027-04-19 13:00").await;
        assert_eq!(app.reminders_of("p0@example.org").len(), 2);
        assert_eq!(app.reminders_of("p1@example.org").len(), 1);
        assert_eq!(app.broken().await, NOTHING);
    }

    async fn the_quiet_hours_are_kept_for_a_day_to_come_and_not_an_hour_before(app: Quiet) {
        let early = at(session("tot", 9), "07:15");
        let late = at(session("tard", 9), "22:00");
        app.publish(&with_rules(&[&early, &late], &["1d", "1h"])).await;
        app.register(ANA, &[&early]).await;
        app.register(BEN, &[&late]).await;
        app.at("2027-04-18 07:59").await;
        assert_eq!(app.reminders_of(ANA), NOTHING);
        app.at("2027-04-18 08:00").await;
        assert_eq!(app.reminders_of(ANA).len(), 1);
        // Nobody is at work at half past eight in the evening.
        app.at("2027-04-18 23:00").await;
        assert_eq!((app.reminders_of(BEN), app.broken().await), (NOTHING, NOTHING));
        app.at("2027-04-19 06:15").await;
        assert_eq!((app.reminders_of(ANA).len(), app.reminders_of(BEN).len()), (2, 0));
        app.at("2027-04-19 08:00").await;
        assert_eq!(app.reminders_of(BEN), ["Session tard, lundi 19 avril à 22 h"]);
    }

    async fn over_the_night_in_which_the_clocks_change_days_are_days_and_hours_are_hours(app: Quiet) {
        // From Saturday to Sunday 28 March 2027 the clocks jump from 2 to 3; the programme begins on 19 April.
        let morning = on_day(session("matin", 9), -22);
        let night = at(on_day(session("nuit", 9), -22), "03:30");
        app.publish(&with_rules(&[&morning, &night], &["1d", "1h"])).await;
        app.register(ANA, &[&morning]).await;
        app.register(BEN, &[&night]).await;
        app.at("2027-03-27 09:59").await;
        assert_eq!(app.reminders_of(ANA), NOTHING);
        app.at("2027-03-27 10:00").await;
        assert_eq!(app.reminders_of(ANA), ["Session matin, dimanche 28 mars à 10 h"]);
        assert_eq!(app.reminders_of(BEN), ["Session nuit, dimanche 28 mars à 3 h 30"], "at eight");
        app.at("2027-03-28 01:29").await;
        assert_eq!(app.reminders_of(BEN).len(), 1);
        app.at("2027-03-28 01:30").await;
        assert_eq!(app.reminders_of(BEN).len(), 2, "half past one is an hour before half past three");
        app.at("2027-03-28 09:00").await;
        assert_eq!(app.reminders_of(ANA).len(), 2);
    }

    async fn two_processes_remind_everybody_once_and_check_sees_who_was_not(app: Quiet) {
        let (a, b) = (session("a-b-c", 900), at(session("d-e-f", 900), "10:30"));
        app.publish(&with_rules(&[&a, &b], &["1d", "1h"])).await;
        let programme = app.programme().await;
        let orders: Vec<_> = (0..450).map(|n| app.order(programme, &format!("p{n}@example.org"), Lang::Fr, &[&a, &b])).collect();
        for some in orders.chunks(150) {
            desk::work(&app.house, some).await.unwrap();
        }
        app.deliver().await;
        app.go("2027-04-18 10:10");
        assert_eq!(app.broken().await, NOTHING);
        app.time.pass(TimeDelta::seconds(1));
        assert_eq!(app.broken().await, ["5: the people of 1 sessions were not reminded in time"]);
        app.go("2027-04-18 10:30");

        let mut houses = Vec::new();
        for seed in 2..6 {
            houses.push(house(&app.db.pool().await, &app.time, seed).await);
        }
        let now = app.time.now();
        let began = Instant::now();
        let written = join_all(houses.iter().map(|house| remind_due(house, now))).await;

        println!("450 people in {:?}", began.elapsed());
        let written: Vec<_> = written.into_iter().map(Result::unwrap).collect();
        let counts = outbox::counts(&mut app.house.pool.acquire().await.unwrap()).await.unwrap();
        assert_eq!((written.iter().sum::<usize>(), counts.due), (450, 450), "{written:?}");
        assert_eq!(app.broken().await, NOTHING);
    }

    async fn a_reminder_that_waits_for_the_mail_server_is_taken_back_with_the_seat_and_dropped_when_it_is_late(app: Quiet) {
        let (a, b) = (session("a-b-c", 9), at(session("d-e-f", 9), "10:30"));
        app.publish(&with_rules(&[&a, &b], &["1h"])).await;
        for email in [ANA, BEN, "cleo@example.org"] {
            app.register(email, &[&a, &b]).await;
        }
        app.register("dan@example.org", &[&a]).await;
        app.go("2027-04-19 09:00");
        remind_due(&app.house, app.time.now()).await.unwrap();
        // Nothing is delivered yet.
        app.leave(ANA, &a).await;
        app.leave(BEN, &a).await;
        app.leave(BEN, &b).await;
        app.deliver().await;

        assert_eq!(app.reminders_of(ANA), ["Session d-e-f, lundi 19 avril à 10 h 30"]);
        assert_eq!(app.reminders_of(BEN), NOTHING);
        assert_eq!(app.reminders_of("cleo@example.org"), ["MISO, lundi 19 avril à 10 h"]);
        assert_eq!(app.broken().await, NOTHING);
        let failed = outbox::counts(&mut app.house.pool.acquire().await.unwrap()).await.unwrap().failed;
        assert_eq!(failed, 0, "nobody needs to look after it");

        let later = at(session("plus-tard", 9), "15:00");
        app.publish(&with_rules(&[&a, &b, &later], &["1h"])).await;
        app.register(ANA, &[&later]).await;
        app.go("2027-04-19 14:00");
        remind_due(&app.house, app.time.now()).await.unwrap();
        app.go("2027-04-19 15:00");
        app.deliver().await;
        assert_eq!(app.reminders_of(ANA).len(), 1, "it has begun");
        let rows = outbox::list(&mut app.house.pool.acquire().await.unwrap(), Some(outbox::State::Failed)).await.unwrap();
        assert!(rows.iter().any(|row| row.error.as_deref() == Some("not written: too late to be of use")), "{rows:?}");
    }

    async fn an_unsent_reminder_of_the_old_time_is_taken_back_when_the_session_moves(app: Quiet) {
        let a = session("a-b-c", 9);
        app.publish(&with_rules(&[&a], &["1d"])).await;
        app.register(ANA, &[&a]).await;
        app.go("2027-04-18 10:00");
        remind_due(&app.house, app.time.now()).await.unwrap();
        let moved = at(a, "18:00");
        app.publish(&with_rules(&[&moved], &["1d"])).await;
        app.at("2027-04-18 10:10").await;
        app.at("2027-04-18 18:00").await;

        assert_eq!(app.reminders_of(ANA), ["Session a-b-c, lundi 19 avril à 18 h"]);
        assert_eq!(app.broken().await, NOTHING);
    }

    async fn a_thousand_reminders_do_not_delay_a_confirmation(app: Quiet) {
        let a = session("a-b-c", 2_000);
        let other = on_day(session("d-e-f", 9), 1);
        app.publish(&with_rules(&[&a, &other], &["1d"])).await;
        let programme = app.programme().await;
        let orders: Vec<_> = (0..1_000).map(|n| app.order(programme, &format!("p{n}@example.org"), Lang::Fr, &[&a])).collect();
        for some in orders.chunks(200) {
            desk::work(&app.house, some).await.unwrap();
        }
        app.deliver().await;
        app.go("2027-04-18 10:00");
        let began = Instant::now();
        let written = remind_due(&app.house, app.time.now()).await.unwrap();
        let took = began.elapsed();
        app.time.pass(TimeDelta::seconds(1));
        let order = app.order(programme, ANA, Lang::Fr, &[&other]);
        desk::work(&app.house, &[order]).await.unwrap();

        app.worker.deliver_due(app.time.now()).await.unwrap();

        println!("1,000 reminders written in {took:?}");
        assert_eq!(written, 1_000);
        assert_eq!(app.mails_to(ANA).len(), 1, "in the first batch of mails");
        // A debug build on a busy machine; a statement a person would take many times that.
        assert!(took.as_secs_f64() < 30.0, "{took:?}");
    }

    async fn a_mail_program_stops_them_with_one_click_and_the_page_gives_them_back(app: App) {
        let (a, b) = (session("a-b-c", 9), on_day(session("d-e-f", 9), 3));
        app.publish(&with_rules(&[&a, &b], &["1d", "1h"])).await;
        app.register(ANA, &["a-b-c", "d-e-f"]).await;
        app.register(BEN, &["a-b-c"]).await;
        let agenda = app.agenda_path(ANA).await;
        let feed = Found::on(&app.get(&agenda).await.body).attributes("a[href^='webcal:']", "href").remove(0);
        let feed = format!("/fr/{}", feed.split_once("/fr/").unwrap().1);
        let entries = app.get(&feed).await.body;
        app.pass(local("2027-04-18 10:00") - app.now());
        app.run_due().await;

        let mails = app.mails_to(ANA).await;
        let mail = mails.last().unwrap();
        let path = stop_path(mail);
        assert_eq!(header(mail, "List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
        assert_eq!(header(&mails[0], "List-Unsubscribe"), "", "a confirmation is no list");
        assert!(says(mail, &format!("{BASE_URL}{path}")), "{}", mail.text);
        assert!(mail.html.contains(&format!("href=\"{BASE_URL}{path}\"")), "{}", mail.html);

        let page = app.get(&path).await;
        assert_eq!(Found::on(&page.body).texts("button[name=reminders]"), ["Arrêter les rappels"]);
        assert_eq!((page.header("cache-control"), page.header("x-robots-tag")), ("private, no-store", "noindex"));
        app.client.head(path.clone()).dispatch().await;
        assert_eq!(Found::on(&app.get(&path).await.body).texts("button[name=reminders]"), ["Arrêter les rappels"], "nothing has changed");

        let foreign = app.client.post(path.clone()).header(ContentType::Form)
            .header(Header::new("Sec-Fetch-Site", "cross-site")).body("List-Unsubscribe=One-Click").dispatch().await;
        assert_eq!(foreign.status(), Http::Forbidden);
        let unclear = app.post(&path, &[("reminders", "maybe")]).await;
        assert_eq!(unclear.status, Http::UnprocessableEntity);
        assert_eq!(Found::on(&unclear.body).texts("button[name=reminders]"), ["Arrêter les rappels"]);

        let clicked = one_click(&app, &path, ContentType::Form, "List-Unsubscribe=One-Click").await;
        assert_eq!(clicked.status, Http::Ok, "no redirect: {}", clicked.location());
        assert_eq!(Found::on(&clicked.body).texts("button[name=reminders]"), ["Recevoir de nouveau les rappels"]);
        assert_eq!(app.get(&feed).await.body, entries, "the calendar is as it was");
        app.pass(local("2027-04-19 09:00") - app.now());
        app.run_due().await;
        assert_eq!(app.mails_to(ANA).await.len(), mails.len());
        assert_eq!(app.mails_to(BEN).await.len(), 3, "nobody else has stopped them");
        let there = Found::on(&app.get(&agenda).await.body).attributes("a[href*='/unsubscribe/']", "href");
        assert_eq!(there, [path.as_str()], "the agenda leads there");
        let data: serde_json::Value = serde_json::from_str(&app.get(&format!("{agenda}/data.json")).await.body).unwrap();
        assert_eq!(data["reminders_stopped"][0]["programme"], "miso");

        // What is about seats comes all the same.
        app.post(&format!("{agenda}/cancellations"), &[("session", "miso/a-b-c")]).await;
        assert_eq!(app.mails_to(ANA).await.len(), mails.len() + 1);
        app.register(ANA, &["a-b-c"]).await;

        let back = app.post(&path, &[("reminders", "again")]).await;
        assert_eq!((back.status, back.location()), (Http::SeeOther, path.as_str()));
        assert_eq!(Found::on(&app.get(&path).await.body).texts("button[name=reminders]"), ["Arrêter les rappels"]);
        app.pass(local("2027-04-21 10:00") - app.now());
        app.run_due().await;
        // The thank-you for the day before comes at the same hour.
        let mut subjects: Vec<_> = app.mails_to(ANA).await.iter().rev().take(2).map(|mail| mail.subject.replace('\u{a0}', " ")).collect();
        subjects.sort();
        assert_eq!(subjects, ["Merci : Session a-b-c", "Rappel : Session d-e-f, jeudi 22 avril à 10 h"]);

        let stopped = app.post(&path, &[("reminders", "stop")]).await;
        assert_eq!(stopped.status, Http::SeeOther);
        let english = app.get(&path.replace("/fr/", "/en/")).await;
        assert_eq!(Found::on(&english.body).texts("button[name=reminders]"), ["Get reminders again"]);
        assert_eq!(app.broken().await, NOTHING);
    }

    async fn the_link_opens_one_door_and_nothing_but_a_post_with_it_acts(app: App) {
        let a = session("a-b-c", 9);
        app.publish(&with_rules(&[&a], &["1d"])).await;
        app.register(ANA, &["a-b-c"]).await;
        let agenda = app.agenda_path(ANA).await;
        app.pass(local("2027-04-18 10:00") - app.now());
        app.run_due().await;
        let path = stop_path(app.mails_to(ANA).await.last().unwrap());
        let token = path.rsplit('/').next().unwrap();
        let multipart = ContentType::new("multipart", "form-data").with_params(("boundary", "b"));
        let parts = "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n";

        for foreign in [format!("/fr/agenda/{token}"), format!("/fr/agenda/{token}/calendar.ics"), agenda.replace("agenda", "unsubscribe")] {
            assert_eq!(app.get(&foreign).await.status, Http::NotFound, "{foreign}");
        }
        for wrong in ["a".repeat(52), "x".to_owned(), format!("{token}a"), token.to_uppercase()] {
            let there = format!("/fr/unsubscribe/{wrong}");
            assert_eq!(app.get(&there).await.status, Http::NotFound);
            assert_eq!(one_click(&app, &there, ContentType::Form, "List-Unsubscribe=One-Click").await.status, Http::NotFound);
        }
        let many = join_all((0..20).map(|_| one_click(&app, &path, multipart.clone(), parts))).await;
        assert!(many.iter().all(|answer| answer.status == Http::Ok), "{:?}", many.iter().map(|one| one.status).collect::<Vec<_>>());
        assert_eq!(Found::on(&app.get(&path).await.body).texts("button[name=reminders]"), ["Recevoir de nouveau les rappels"]);

        app.post(&format!("{agenda}/erasure"), &[("confirm", "1")]).await;
        assert_eq!(app.get(&path).await.status, Http::NotFound, "there is nobody any more");
        assert_eq!(app.post(&path, &[("reminders", "again")]).await.status, Http::NotFound);
    }

    async fn whose_mails_come_back_is_not_reminded_until_they_send_a_form_again(app: Quiet) {
        let a = session("a-b-c", 9);
        app.publish(&with_rules(&[&a], &["2d", "1d"])).await;
        app.register(ANA, &[&a]).await;
        app.register(BEN, &[&a]).await;
        let mut db = app.house.pool.acquire().await.unwrap();
        let now = app.house.clock.now();
        assert!(seat_store::reach::mark_undeliverable(&mut db, ANA, now, now).await.unwrap());
        drop(db);
        app.at("2027-04-17 10:00").await;
        assert_eq!((app.reminders_of(ANA).len(), app.reminders_of(BEN).len()), (0, 1));

        app.register(ANA, &[&a]).await;
        app.at("2027-04-18 10:00").await;
        assert_eq!((app.reminders_of(ANA).len(), app.reminders_of(BEN).len()), (1, 2));
        assert_eq!(app.broken().await, NOTHING);
    }

    async fn nothing_leads_from_a_person_to_reminders_of_a_programme_that_is_forgotten(app: App) {
        app.publish(&with_rules(&[&session("a-b-c", 9)], &["1d"])).await;
        app.register(ANA, &["a-b-c"]).await;
        app.pass(local("2027-04-18 10:00") - app.now());
        app.run_due().await;
        let path = stop_path(app.mails_to(ANA).await.last().unwrap());
        app.post(&path, &[("reminders", "stop")]).await;
        let mut next = with_rules(&[&on_day(session("suite", 9), 400)], &["1d"]);
        (next.programme.slug, next.programme.ends) = ("encore".to_owned(), next.programme.ends + TimeDelta::days(400));
        app.publish(&next).await;
        app.pass(TimeDelta::days(360));
        let fields = [("name", "Ana"), ("email", ANA), ("consent", "1"), ("session", "suite")];
        assert_eq!(app.post("/fr/encore/register", &fields).await.status, Http::SeeOther);
        app.pass(TimeDelta::days(40));

        retention::erase_due(app.house(), 365).await.unwrap();

        assert_eq!(app.get(&path).await.status, Http::NotFound);
        let mut db = app.pool.acquire().await.unwrap();
        let ana = seat_store::participant_by_email(&mut db, ANA).await.unwrap().unwrap().id;
        assert_eq!(store::stopped(&mut db, ana).await.unwrap(), []);
    }
}

/// As a mail provider posts it: no cookies, no word of where it comes from.
async fn one_click(app: &App, path: &str, kind: ContentType, body: &str) -> Page {
    let answer = app.client.post(path.to_owned()).header(kind).body(body).dispatch().await;
    let status = answer.status();
    let headers = answer
        .headers()
        .iter()
        .map(|header| (header.name().to_string(), header.value().to_owned()))
        .collect();
    let body = answer.into_string().await.unwrap_or_default();
    Page { status, headers, body }
}

#[test]
fn hostile_names_stay_data_beside_the_headers_of_one_click() {
    let hostile = "<script>\r\nList-Unsubscribe: <https://evil.example.net>\r\n\r\n{{ 7 * 7 }}";
    for timing in [mail::Timing::Day, mail::Timing::Soon] {
        let data = MailData {
            programme: ProgrammeLine {
                slug: "miso".to_owned(),
                title: hostile.to_owned(),
                timezone: chrono_tz::Europe::Zurich,
                contact: None,
            },
            name: hostile.to_owned(),
            agenda_token: "agendatoken".to_owned(),
            feed_token: "feedtoken".to_owned(),
            items: Vec::new(),
            confirm_token: None,
            door_code: None,
            own: parvis::mail::Own::default(),
            reminder: Some(mail::Reminder { timing, stop_token: "stoptoken".to_owned() }),
        };
        for lang in Lang::ALL {
            let letter = mail::reminder(Uuid::nil(), lang, ANA, data.clone());
            let sender = Sender::new("Parvis <programme@example.org>", BASE_URL).unwrap();
            let rendered =
                mail::render::render(&letter, DateTime::UNIX_EPOCH, &View::new().unwrap(), &sender).unwrap();
            let raw = rendered.message.formatted();
            let message = read(&raw);
            let of = |name: &str| {
                message
                    .headers_raw()
                    .filter(|(known, _)| *known == name)
                    .map(|(_, value)| value.trim())
                    .collect::<Vec<_>>()
            };

            assert_eq!(letter.kind, Kind::Reminder);
            assert_eq!(
                of("List-Unsubscribe"),
                [format!("<{BASE_URL}/{}/unsubscribe/stoptoken>", lang.code())]
            );
            assert_eq!(of("List-Unsubscribe-Post"), ["List-Unsubscribe=One-Click"]);
            assert!(!rendered.html.contains("<script"), "{}", rendered.html);
        }
    }
}

mod whatever_happens {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    const PEOPLE: [&str; 2] = [ANA, BEN];
    const SPANS: [&str; 4] = ["2d", "1d", "1h", "30m"];

    #[derive(Debug, Clone)]
    enum Step {
        Move(usize, i64, u32),
        Status(usize, Status),
        Publish,
        Pass(i64),
        Leave(usize, usize),
        Come(usize, usize),
        Stop(usize),
        Again(usize),
    }

    fn step() -> impl Strategy<Value = Step> {
        let (person, session) = (0..2_usize, 0..3_usize);
        let status = prop_oneof![4 => Just(Status::Scheduled), 1 => Just(Status::Cancelled), 1 => Just(Status::Withdrawn)];
        prop_oneof![
            2 => (session.clone(), -47..-44_i64, 0..96_u32).prop_map(|(s, day, quarter)| Step::Move(s, day, quarter)),
            2 => (session.clone(), status).prop_map(|(s, status)| Step::Status(s, status)),
            4 => Just(Step::Publish),
            8 => (1..500_i64).prop_map(Step::Pass),
            2 => (person.clone(), session.clone()).prop_map(|(p, s)| Step::Leave(p, s)),
            4 => (person.clone(), session).prop_map(|(p, s)| Step::Come(p, s)),
            1 => person.clone().prop_map(Step::Stop),
            1 => person.prop_map(Step::Again),
        ]
    }

    fn edit(draft: &mut DraftSession, day: i64, quarter: u32) {
        *draft = on_day(session(&draft.session.slug, 9), day);
        let time = NaiveTime::MIN + TimeDelta::minutes(15 * i64::from(quarter));
        *draft = at(draft.clone(), &time.format("%H:%M").to_string());
    }

    async fn choose(app: &Quiet, email: &str, wants: bool) {
        let mut tx = app.house.pool.begin().await.unwrap();
        let Some(person) = seat_store::participant_by_email(&mut tx, email).await.unwrap() else { return };
        let choices = store::choices_of(&mut tx, person.id).await.unwrap();
        for choice in choices {
            if wants {
                store::resume(&mut tx, choice.id).await.unwrap();
            } else {
                store::stop(&mut tx, choice.id, app.time.now()).await.unwrap();
            }
        }
        tx.commit().await.unwrap();
    }

    /// The titles and times that a reminder names.
    fn named(mail: &Kept) -> Vec<(String, String)> {
        let lines: Vec<_> = mail.text.lines().map(str::trim).collect();
        let title = |pair: &[&str]| Some((pair[0].strip_prefix("* ")?.to_owned(), pair[1].to_owned()));
        lines.windows(2).filter_map(title).collect()
    }

    async fn walk(steps: Vec<Step>) {
        // On one engine: so many walks are about what is decided; the tests above ask both for each query.
        let app = Quiet::given(TestDb::sqlite().await).await;
        let mut draft = with_rules(&[&session("un", 9), &session("deux", 9), &session("trois", 9)], &SPANS);
        for (n, session) in draft.sessions.iter_mut().enumerate() {
            session.session.slug = format!("{}-x", session.session.slug);
            edit(session, -46, 40 + 2 * u32::try_from(n).unwrap());
        }
        app.publish(&draft).await;
        let mut public = draft.clone();
        let all: Vec<_> = public.sessions.iter().collect();
        for email in PEOPLE {
            app.register(email, &all).await;
        }
        let (mut seen, mut times) = (0, HashMap::new());
        for step in &steps {
            match *step {
                Step::Move(s, day, quarter) => edit(&mut draft.sessions[s], day, quarter),
                Step::Status(s, status) => draft.sessions[s].session.status = status,
                Step::Publish => {
                    app.publish(&draft).await;
                    public = draft.clone();
                }
                Step::Pass(minutes) => {
                    app.time.pass(TimeDelta::minutes(minutes));
                    app.turn().await;
                }
                Step::Come(p, s) => {
                    let order = app.order(app.programme().await, PEOPLE[p], Lang::Fr, &[&public.sessions[s]]);
                    desk::work(&app.house, &[order]).await.unwrap();
                    app.deliver().await;
                }
                Step::Leave(p, s) => {
                    let mut db = app.house.pool.acquire().await.unwrap();
                    let known = seat_store::participant_by_email(&mut db, PEOPLE[p]).await.unwrap();
                    drop(db);
                    if known.is_some() {
                        app.leave(PEOPLE[p], &public.sessions[s]).await;
                        app.deliver().await;
                    }
                }
                Step::Stop(p) => choose(&app, PEOPLE[p], false).await,
                Step::Again(p) => choose(&app, PEOPLE[p], true).await,
            }
            let kept = app.mailer.kept();
            for mail in kept[seen..].iter().filter(|mail| mail.subject.starts_with("Rappel")) {
                is_true(&app, &public, mail, &mut times).await;
            }
            seen = kept.len();
            assert_eq!(app.broken().await, NOTHING);
        }
    }

    /// Everything that it names is to come, stands in the programme so, is a seat of who gets it, and was not said
    /// more often than the rule has spans of that sort.
    async fn is_true(
        app: &Quiet,
        public: &Draft,
        mail: &Kept,
        times: &mut HashMap<(String, String, String, bool), usize>,
    ) {
        let mut db = app.house.pool.acquire().await.unwrap();
        let person = seat_store::participant_by_email(&mut db, &mail.recipient).await.unwrap().unwrap().id;
        let mine = seat_store::registrations_of(&mut db, &[person]).await.unwrap();
        let stopped = store::stopped(&mut db, person).await.unwrap();
        assert_eq!(stopped, [], "{} wants none", mail.recipient);
        let named = named(mail);
        assert!(!named.is_empty(), "{}", mail.text);
        for (title, when) in named {
            let found = public.sessions.iter().find(|draft| draft.session.title == title).unwrap();
            let session = &found.session;
            let starts = session.starts_at(chrono_tz::Europe::Zurich);
            assert!(starts > app.time.now(), "{title} has begun");
            assert_eq!(session.status, Status::Scheduled, "{title}");
            assert_eq!(parvis::locale::when(Lang::Fr, session.date, session.start, session.end), when);
            let seat = mine.iter().any(|one| one.session == session.id && one.state.holds_seats());
            assert!(seat, "{} has no seat in {title}", mail.recipient);
            let soon = mail.text.contains("C’est bientôt");
            assert!(!soon || starts - app.time.now() < TimeDelta::hours(2), "{title}: {when}");
            let count = times.entry((mail.recipient.clone(), title, when, soon)).or_default();
            *count += 1;
        }
        assert!(times.values().all(|count| *count <= 2), "said again: {times:?}");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn each_reminder_is_true_when_it_is_written_and_is_not_said_again(steps in proptest::collection::vec(step(), 20..60)) {
            tokio::runtime::Runtime::new().unwrap().block_on(walk(steps));
        }
    }
}
