//! A programme's life in a minute, from the evening before the opening to the last thank-you, over the night that
//! takes an hour away; and any life of it, at random.
//!
//! `PARVIS_SOAK_ACTIONS=100000 cargo test --release --test it day::anything` is the long form of the second, and
//! `PARVIS_SOAK_SEED=…` the same life once more.

mod random;

use calcard::icalendar::ICalendar;
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use futures_util::future::join_all;
use mail_parser::{MessageParser, MimeHeaders as _};
use parvis::{
    audit::Actor,
    mail::transport::Kept,
    programme::{Capacity, Draft, DraftSession, QueueMode, RegistrationTime, Status, instant},
    registration::{
        State,
        attendance::{self, Figures, Marked, Mode, list},
        store,
    },
};
use rocket::http::Status as Http;

use crate::{
    builders::{miso, session},
    harness::App,
    mail::value,
};

const ANA: &str = "ana@example.org";
const BEN: &str = "ben@example.org";
const CLEO: &str = "cleo@example.org";
const DAN: &str = "dan@example.org";
const EVE: &str = "eve@example.org";
/// Who comes with the rush.
const CROWD: usize = 24;

/// As a clock in Zurich shows it.
fn clock(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
}

fn lasts(mut session: DraftSession, from: &str, until: &str) -> DraftSession {
    let (from, until) = (clock(from), clock(until));
    (session.session.date, session.session.start) = (from.date(), Some(from.time()));
    session.session.end = Some(until);
    session
}

fn online(mut session: DraftSession) -> DraftSession {
    session.session.online = true;
    session.live.join_url = Some(format!("https://meet.example.org/{}", session.session.slug));
    session
}

/// Seats that are given at once, whatever the programme says.
fn at_once(mut session: DraftSession) -> DraftSession {
    session.live.queue = Some(QueueMode::Promote);
    session
}

/// A weekend: a night over which an hour goes, a talk in the morning after it, a workshop on Monday.
fn weekend() -> Draft {
    let mut draft = miso(vec![
        lasts(session("atelier", 3), "2027-03-29 10:00", "2027-03-29 12:00"),
        lasts(at_once(session("forum", 12)), "2027-03-26 18:00", "2027-03-26 20:00"),
        lasts(online(session("nuit", 9)), "2027-03-27 23:00", "2027-03-28 04:00"),
        lasts(session("causerie", 9), "2027-03-28 11:00", "2027-03-28 12:00"),
    ]);
    draft.programme.starts = NaiveDate::from_ymd_opt(2027, 3, 26).unwrap();
    let rules = &mut draft.programme.rules;
    rules.opens = Some(RegistrationTime::At(clock("2027-03-15 09:00")));
    rules.queue = QueueMode::Offer;
    rules.offer_hours = Some(24);
    rules.quiet = Some(["21:00".to_owned(), "08:00".to_owned()]);
    rules.reminders = vec!["1d".to_owned(), "1h".to_owned()];
    draft
}

fn in_draft<'d>(draft: &'d mut Draft, slug: &str) -> &'d mut DraftSession {
    draft.sessions.iter_mut().find(|one| one.session.slug == slug).unwrap()
}

/// Everything due is done and delivered, and every invariant holds.
async fn settled(app: &App) {
    app.run_due().await;
    app.deliver().await;
    assert_eq!(app.broken().await, Vec::<String>::new(), "at {}", app.now());
}

/// Time passes until clocks in Zurich show that, and nothing else happens.
async fn until(app: &App, time: &str) {
    let then = instant(chrono_tz::Europe::Zurich, clock(time));
    assert!(then >= app.now(), "{time} is over");
    app.pass(then - app.now());
    settled(app).await;
}

async fn leave(app: &App, email: &str, session: &str) {
    let agenda = app.agenda_path(email).await;
    app.post(&format!("{agenda}/cancellations"), &[("session", session)]).await;
}

/// Where these people stand in a session.
async fn stand<const N: usize>(app: &App, slug: &str, people: [&str; N]) -> [Option<State>; N] {
    let session = app.house().publications.current("miso").unwrap().session(slug).unwrap().id;
    let mut db = app.pool.acquire().await.unwrap();
    let mut found = [None; N];
    for (email, found) in people.iter().zip(&mut found) {
        let Some(person) = store::participant_by_email(&mut db, email).await.unwrap() else { continue };
        let all = store::registrations_of(&mut db, &[person.id]).await.unwrap();
        *found =
            all.into_iter().find(|one| one.session == session && one.state.is_live()).map(|one| one.state);
    }
    found
}

/// People with a seat, and in the queue.
async fn counts(app: &App, slug: &str) -> (i64, i64) {
    let published = app.house().publications.current("miso").unwrap();
    let session = published.session(slug).unwrap().id;
    let seats = store::seats_of(&mut app.pool.acquire().await.unwrap(), published.id).await.unwrap();
    let seat = seats.into_iter().find(|seat| seat.settings.session == session).unwrap();
    (seat.taken, seat.waiting)
}

/// Method, session, `SEQUENCE`, beginning and end of each calendar entry of a mail.
fn entries(mail: &Kept, draft: &Draft) -> Vec<String> {
    let message = MessageParser::default().parse(&mail.raw).unwrap();
    let attached = message.parts.iter().filter(|part| {
        part.content_type().is_some_and(|kind| kind.subtype() == Some("calendar"))
            && part.attachment_name().is_some()
    });
    let entry = |part: &mail_parser::MessagePart<'_>| {
        let text = part.text_contents().unwrap();
        let calendar = ICalendar::parse(text).unwrap();
        let uid = value(&calendar, "UID");
        let session = draft.sessions.iter().find(|one| one.session.id.to_string() == uid).unwrap();
        let number = calendar.components.iter().flat_map(|part| &part.entries);
        let number = number.filter(|entry| entry.name.as_str() == "SEQUENCE");
        let number = number.flat_map(|entry| &entry.values).find_map(|value| value.as_integer()).unwrap();
        // calcard reads times as values; their text is what calendars compare.
        let line = |name: &str| {
            let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
            line.split_once(':').map_or("", |(_, value)| value).trim_end().to_owned()
        };
        let method = part.content_type().unwrap().attribute("method").unwrap();
        format!("{method} {} {number} {}–{}", session.session.slug, line("DTSTART"), line("DTEND"))
    };
    attached.map(entry).collect()
}

/// Every mail to somebody: its subject, and beneath it its calendar entries.
async fn mailbox(app: &App, email: &str, draft: &Draft) -> Vec<String> {
    let mut lines = Vec::new();
    for mail in app.mails_to(email).await {
        lines.push(mail.subject.replace('\u{a0}', " "));
        lines.extend(entries(&mail, draft).into_iter().map(|entry| format!("  {entry}")));
    }
    lines
}

on_both_engines! {
    async fn a_programme_lives_and_every_invariant_holds_at_each_step(app: App) {
        let mut draft = weekend();

        // The evening before: everybody sees it, nobody can register.
        until(&app, "2027-03-14 20:00").await;
        app.publish(&draft).await;
        assert_eq!(app.register(ANA, &["atelier"]).await.status, Http::UnprocessableEntity);
        until(&app, "2027-03-15 08:59").await;
        assert_eq!(app.register(ANA, &["atelier"]).await.status, Http::UnprocessableEntity);

        // Nine o'clock: those whom we follow are first, and the rush is at their heels.
        until(&app, "2027-03-15 09:00").await;
        app.register(ANA, &["atelier", "nuit", "causerie"]).await;
        app.register(BEN, &["atelier", "nuit"]).await;
        app.register("hugo@example.org", &["atelier"]).await;
        app.register(CLEO, &["atelier"]).await;
        app.register(DAN, &["atelier", "causerie"]).await;
        app.register(EVE, &["atelier", "nuit"]).await;
        let guests: Vec<_> = (0..CROWD).map(|guest| format!("guest{guest}@example.org")).collect();
        let pages = join_all(guests.iter().map(|guest| app.register(guest, &["forum", "atelier"]))).await;
        assert!(pages.iter().all(|page| page.status == Http::SeeOther));
        settled(&app).await;
        assert_eq!(counts(&app, "atelier").await, (3, 3 + 24));
        assert_eq!(counts(&app, "forum").await, (12, 12));

        // Three more chairs are found, two of them for the press.
        in_draft(&mut draft, "forum").live.capacity = Capacity::Seats(15);
        in_draft(&mut draft, "forum").live.held.insert("press".to_owned(), 2);
        app.publish(&draft).await;
        settled(&app).await;
        assert_eq!(counts(&app, "forum").await, (13, 11));

        // The workshop moves to the afternoon, and whoever registers while the news settle knows it already.
        until(&app, "2027-03-16 15:00").await;
        *in_draft(&mut draft, "atelier") =
            lasts(in_draft(&mut draft, "atelier").clone(), "2027-03-29 14:00", "2027-03-29 16:00");
        app.publish(&draft).await;
        settled(&app).await;
        until(&app, "2027-03-16 15:10").await;

        // Ana cannot come on Monday, and changes her mind about the night, twice.
        until(&app, "2027-03-17 10:00").await;
        leave(&app, ANA, "atelier").await;
        leave(&app, ANA, "nuit").await;
        settled(&app).await;
        assert_eq!(stand(&app, "atelier", [ANA, CLEO, DAN]).await, [None, Some(State::Offered), Some(State::Waiting)]);
        app.register(ANA, &["nuit"]).await;
        settled(&app).await;

        // Cleo does not answer, Dan does.
        until(&app, "2027-03-18 09:59").await;
        assert_eq!(stand(&app, "atelier", [CLEO, DAN]).await, [Some(State::Offered), Some(State::Waiting)]);
        until(&app, "2027-03-18 10:00").await;
        assert_eq!(stand(&app, "atelier", [CLEO, DAN]).await, [None, Some(State::Offered)]);
        let agenda = app.agenda_path(DAN).await;
        app.post(&format!("{agenda}/offers/atelier"), &[]).await;
        settled(&app).await;
        assert_eq!(stand(&app, "atelier", [CLEO, DAN, EVE]).await, [None, Some(State::Confirmed), Some(State::Waiting)]);

        // Who speaks on Sunday morning is ill; Friday goes by.
        until(&app, "2027-03-25 09:00").await;
        in_draft(&mut draft, "causerie").session.status = Status::Cancelled;
        app.publish(&draft).await;
        settled(&app).await;
        until(&app, "2027-03-25 09:10").await;
        for time in ["2027-03-25 18:00", "2027-03-26 17:00", "2027-03-26 20:30"] {
            until(&app, time).await;
        }

        // Saturday: the night is announced the day before at an hour at which people read, and an hour before.
        until(&app, "2027-03-27 10:00").await;
        until(&app, "2027-03-27 22:00").await;
        // It is late, and nobody is offered anything.
        leave(&app, BEN, "atelier").await;
        settled(&app).await;
        assert_eq!(stand(&app, "atelier", [BEN, DAN, EVE]).await, [None, Some(State::Confirmed), Some(State::Waiting)]);

        // The night: at two it is three. Quiet hours end when the clocks say eight, nine hours later and not ten.
        let evening = app.now();
        until(&app, "2027-03-28 01:59").await;
        until(&app, "2027-03-28 03:00").await;
        assert_eq!(app.now() - evening, TimeDelta::hours(4));
        until(&app, "2027-03-28 07:59").await;
        assert_eq!(stand(&app, "atelier", [EVE]).await, [Some(State::Waiting)]);
        until(&app, "2027-03-28 08:00").await;
        assert_eq!(app.now() - evening, TimeDelta::hours(9));
        assert_eq!(stand(&app, "atelier", [EVE]).await, [Some(State::Offered)]);
        // Half of the thirty hours that are left, and no more than that.
        let offer = app.mails_to(EVE).await.pop().unwrap().text;
        assert!(offer.contains("jusqu’au dimanche 28\u{a0}mars 2027 à 23\u{a0}h"), "{offer}");
        until(&app, "2027-03-28 14:00").await;
        let agenda = app.agenda_path(EVE).await;
        app.post(&format!("{agenda}/offers/atelier"), &[]).await;
        settled(&app).await;

        // Monday: the last reminders, the workshop, and the list of who came.
        until(&app, "2027-03-29 10:00").await;
        until(&app, "2027-03-29 13:00").await;
        until(&app, "2027-03-29 16:30").await;
        let published = app.house().publications.current("miso").unwrap();
        let workshop = published.session("atelier").unwrap().id;
        let came = list::read("liste.csv", format!("{DAN}\n{EVE}\n+1\n").as_bytes(), "atelier").unwrap();
        let marked = attendance::mark(app.house(), Actor::Command, published.id, workshop, &came, Mode::Write, app.now()).await;
        let figures = Figures { registered: 3, present: 2, absent: 1, walk_in: 1 };
        assert_eq!(marked.unwrap(), Marked::Done(figures));
        settled(&app).await;

        // The morning after, thanks go to those who came.
        until(&app, "2027-03-30 10:00").await;
        until(&app, "2027-04-30 10:00").await;

        let mut told = Vec::new();
        for email in [ANA, BEN, CLEO, DAN, EVE] {
            told.push(email.to_owned());
            told.extend(mailbox(&app, email, &draft).await.into_iter().map(|line| format!("  {line}")));
        }
        insta::allow_duplicates! { insta::assert_snapshot!(told.join("\n"), @r"
        ana@example.org
          Inscription confirmée : MISO
            REQUEST nuit 0 20270327T220000Z–20270328T020000Z
            REQUEST causerie 0 20270328T090000Z–20270328T100000Z
            REQUEST atelier 0 20270329T080000Z–20270329T100000Z
          Changement : Session atelier
            REQUEST atelier 1 20270329T120000Z–20270329T140000Z
          Inscription annulée : Session atelier
            CANCEL atelier 2 20270329T120000Z–20270329T140000Z
          Inscription annulée : Session nuit
            CANCEL nuit 1 20270327T220000Z–20270328T020000Z
          Inscription confirmée : Session nuit
            REQUEST nuit 2 20270327T220000Z–20270328T020000Z
          N’a pas lieu : Session causerie
            CANCEL causerie 1 20270328T090000Z–20270328T100000Z
          Rappel : Session nuit, samedi 27 mars à 23 h
          Rappel : Session nuit, samedi 27 mars à 23 h
          Merci : Session nuit
        ben@example.org
          Inscription confirmée : MISO
            REQUEST nuit 0 20270327T220000Z–20270328T020000Z
            REQUEST atelier 0 20270329T080000Z–20270329T100000Z
          Changement : Session atelier
            REQUEST atelier 1 20270329T120000Z–20270329T140000Z
          Rappel : Session nuit, samedi 27 mars à 23 h
          Rappel : Session nuit, samedi 27 mars à 23 h
          Inscription annulée : Session atelier
            CANCEL atelier 2 20270329T120000Z–20270329T140000Z
          Merci : Session nuit
        cleo@example.org
          Liste d’attente : Session atelier
          Changement : Session atelier
          Une place est libre, prenez-la : Session atelier
          La place n’est plus gardée : Session atelier
        dan@example.org
          Vos inscriptions : MISO
            REQUEST causerie 0 20270328T090000Z–20270328T100000Z
          Changement : Session atelier
          Une place est libre, prenez-la : Session atelier
          Une place pour vous : Session atelier
            REQUEST atelier 1 20270329T120000Z–20270329T140000Z
          N’a pas lieu : Session causerie
            CANCEL causerie 1 20270328T090000Z–20270328T100000Z
          Rappel : Session atelier, lundi 29 mars à 14 h
          Rappel : Session atelier, lundi 29 mars à 14 h
          Merci : Session atelier
        eve@example.org
          Vos inscriptions : MISO
            REQUEST nuit 0 20270327T220000Z–20270328T020000Z
          Changement : Session atelier
          Rappel : Session nuit, samedi 27 mars à 23 h
          Rappel : Session nuit, samedi 27 mars à 23 h
          Une place est libre, prenez-la : Session atelier
          Une place pour vous : Session atelier
            REQUEST atelier 1 20270329T120000Z–20270329T140000Z
          Merci : Session nuit
          Rappel : Session atelier, lundi 29 mars à 14 h
          Merci : Session atelier
        "); }
    }

    async fn anything_may_happen_in_any_order_and_every_invariant_holds(app: App) {
        random::life(&app).await;
    }
}
