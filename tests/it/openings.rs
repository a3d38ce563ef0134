//! Registration that opens and closes at a time, or so long before the session; and what people see before.

use std::process::{Command, Output};

use calcard::icalendar::{ICalendar, ICalendarComponentType};
use chrono::{DateTime, TimeDelta, Utc};
use parvis::{
    on,
    programme::{DraftSession, RegistrationTime},
};
use rocket::http::Status as Http;

use crate::{
    builders::{first_day, miso, on_day, session},
    harness::{App, BASE_URL},
    html::Found,
};

fn at(day: i64, hour: u32) -> RegistrationTime {
    RegistrationTime::At((first_day() + TimeDelta::days(day)).and_hms_opt(hour, 0, 0).unwrap())
}

fn before(text: &str) -> Option<RegistrationTime> {
    Some(RegistrationTime::before(text).unwrap())
}

fn opening(mut session: DraftSession, opens: RegistrationTime) -> DraftSession {
    session.live.opens = Some(opens);
    session
}

async fn times(app: &App, slug: &str) -> [Option<String>; 2] {
    let mut db = app.pool.acquire().await.unwrap();
    let (opens, closes): (Option<DateTime<Utc>>, Option<DateTime<Utc>>) = on!(&mut db, c => sqlx::query_as(
        "SELECT seat.opens, seat.closes FROM seat JOIN session s ON s.id = seat.session_id WHERE s.slug = $1",
    )
    .bind(slug)
    .fetch_one(c)
    .await)
    .unwrap();
    [opens, closes].map(|time| time.map(|time| time.format("%m-%d %H:%M").to_string()))
}

fn said(opens: &str, closes: &str) -> [Option<String>; 2] {
    [opens, closes].map(|time| Some(time.to_owned()))
}

fn set(app: &App, values: &[&str]) -> Result<String, String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parvis"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ROCKET_")) {
        command.env_remove(name);
    }
    let Output { status, stdout, stderr } = command
        .args([&["session", "set", "miso", "atelier"], values].concat())
        .current_dir(app.db.folder())
        .env("ROCKET_DATABASES", format!("{{main={{url={:?}}}}}", app.db.url))
        .env(
            "ROCKET_PARVIS",
            "{base_url=\"https://example.org\",mail={url=\"file:mails\",from=\"a@example.org\"}}",
        )
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    if status.success() { Ok(text(stdout)) } else { Err(text(stderr)) }
}

type Properties = Vec<(String, String)>;

/// What an independent parser reads: every property of the one event, and of its alarm.
fn read(ics: &str) -> (Properties, Properties) {
    let calendar = ICalendar::parse(ics).unwrap_or_else(|error| panic!("{error:?} in {ics}"));
    let only = |kind: ICalendarComponentType| {
        let mut found = calendar.components.iter().filter(|part| part.component_type == kind);
        let pairs = found.next().unwrap().entries.iter().map(|entry| {
            let value = entry.values.first().and_then(|value| value.clone().into_text()).unwrap_or_default();
            (entry.name.as_str().to_owned(), value.into_owned())
        });
        assert!(found.next().is_none());
        pairs.collect()
    };
    (only(ICalendarComponentType::VEvent), only(ICalendarComponentType::VAlarm))
}

/// A line as it stands in the file, without its name.
fn line<'i>(ics: &'i str, name: &str) -> &'i str {
    ics.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default()
}

fn value<'p>(properties: &'p [(String, String)], name: &str) -> &'p str {
    properties.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
}

on_both_engines! {
    async fn a_span_before_the_start_moves_with_the_session(app: App) {
        let mut atelier = session("atelier", 9);
        (atelier.live.opens, atelier.live.closes) = (before("-7d"), before("-2h"));
        let mut draft = miso(vec![atelier, on_day(session("forum", 9), 1)]);
        draft.programme.rules.opens = before("-48h");
        app.publish(&draft).await;

        assert_eq!(times(&app, "atelier").await, said("04-12 08:00", "04-19 06:00"));
        assert_eq!(times(&app, "forum").await, [Some("04-18 08:00".to_owned()), None]);
        for session in &mut draft.sessions {
            session.session.date += TimeDelta::days(3);
            session.session.end = session.session.end.map(|end| end + TimeDelta::days(3));
        }
        app.publish(&draft).await;
        assert_eq!(times(&app, "atelier").await, said("04-15 08:00", "04-22 06:00"));
        assert_eq!(times(&app, "forum").await, [Some("04-21 08:00".to_owned()), None]);
    }

    async fn registration_opens_and_closes_at_those_moments(app: App) {
        let mut atelier = session("atelier", 9);
        (atelier.live.opens, atelier.live.closes) = (before("-7d"), before("-2h"));
        app.publish(&miso(vec![atelier])).await;
        let opens: DateTime<Utc> = "2027-04-12T08:00:00Z".parse().unwrap();
        let closes: DateTime<Utc> = "2027-04-19T06:00:00Z".parse().unwrap();
        let mut answers = Vec::new();
        for (n, moment) in [opens - TimeDelta::seconds(1), opens, closes - TimeDelta::seconds(1), closes].into_iter().enumerate() {
            app.pass(moment - app.now());
            answers.push(app.register(&format!("p{n}@example.org"), &["atelier"]).await.status);
        }

        assert_eq!(answers, [Http::UnprocessableEntity, Http::SeeOther, Http::SeeOther, Http::UnprocessableEntity]);
    }

    async fn spans_are_set_alone_and_what_makes_no_sense_is_refused(app: App) {
        app.publish(&miso(vec![session("atelier", 9)])).await;

        assert!(set(&app, &["opens=-7d", "closes=-2h"]).is_ok());
        assert_eq!(times(&app, "atelier").await, said("04-12 08:00", "04-19 06:00"));
        for (values, why) in [
            (&["closes=-8d"][..], "registration closes (2027-04-11 10:00:00) before it opens (2027-04-12 10:00:00)"),
            (&["closes=-7d"], "registration opens (2027-04-12 10:00:00) when it has closed (2027-04-12 10:00:00)"),
            (&["closes=2027-04-19T11:00"], "registration closes (2027-04-19 11:00:00) after the session begins (2027-04-19 10:00:00)"),
            (&["closes=", "opens=2027-04-19T10:00"], "registration opens (2027-04-19 10:00:00) when it has closed (2027-04-19 10:00:00)"),
            (&["opens=-7w"], "opens=-7w: is no time before the start; write -7d, -48h or -30m"),
        ] {
            let refused = set(&app, values).unwrap_err();
            assert!(refused.contains(why), "{values:?}: {refused}");
        }
        assert_eq!(times(&app, "atelier").await, said("04-12 08:00", "04-19 06:00"), "nothing was changed");
        assert!(set(&app, &["closes=2027-04-19T10:00"]).is_ok(), "until the start");
        assert!(set(&app, &["opens=", "closes="]).is_ok());
        assert_eq!(times(&app, "atelier").await, [None, None]);
    }

    async fn a_span_that_is_set_leans_on_the_start_that_is_published(app: App) {
        let draft = miso(vec![session("atelier", 9)]);
        app.publish(&draft).await;
        let mut moved = draft.clone();
        moved.sessions[0] = on_day(session("atelier", 9), 2);
        let mut tx = app.pool.begin().await.unwrap();
        parvis::programme::store::save(&mut tx, &moved, app.tokens.id(app.now()), app.now()).await.unwrap();
        tx.commit().await.unwrap();

        set(&app, &["opens=-7d"]).unwrap();

        assert_eq!(times(&app, "atelier").await[0].as_deref(), Some("04-12 08:00"));
        parvis::publication::publish(app.house(), "miso", "").await.unwrap();
        assert_eq!(times(&app, "atelier").await[0].as_deref(), Some("04-14 08:00"));
    }

    async fn before_the_opening_a_page_says_when_and_has_an_entry_for_the_calendar(app: App) {
        let mut draft = miso(vec![opening(session("atelier", 9), at(-7, 9)), on_day(session("forum", 9), 1)]);
        draft.programme.rules.opens = Some(at(-14, 9));
        app.publish(&draft).await;

        let page = Found::on(&app.get("/fr/miso/sessions/atelier").await.body);
        assert_eq!(page.text(".offer time"), "Les inscriptions ouvrent le lundi 12\u{a0}avril 2027 à 9\u{a0}h.");
        assert_eq!(page.attributes(".offer a", "href"), ["/fr/miso/sessions/atelier/opening.ics"]);
        let programme = Found::on(&app.get("/en/miso").await.body);
        assert_eq!(programme.text(".offer time"), "Registration opens on Monday 5\u{a0}April 2027 at 9:00.");
        assert_eq!(programme.attributes(".offer a", "href"), ["/en/miso/opening.ics"]);

        let file = app.get("/fr/miso/sessions/atelier/opening.ics").await;
        assert_eq!((file.status, file.header("content-type")), (Http::Ok, "text/calendar; charset=utf-8"));
        let (event, alarm) = read(&file.body);
        let url = format!("{BASE_URL}/fr/miso/sessions/atelier");
        assert_eq!(value(&event, "SUMMARY"), "Ouverture des inscriptions\u{a0}: Session atelier");
        assert_eq!((line(&file.body, "DTSTART:"), value(&event, "URL")), ("20270412T070000Z", url.as_str()));
        assert_eq!(value(&alarm, "DESCRIPTION"), value(&event, "SUMMARY"));
        assert_eq!((line(&file.body, "ACTION:"), line(&file.body, "TRIGGER:")), ("DISPLAY", "-PT600S"));
        assert!(file.body.lines().all(|line| line.len() <= 76), "{}", file.body);
        let english = app.get("/en/miso/sessions/atelier/opening.ics").await.body;
        assert_eq!(value(&read(&english).0, "UID"), value(&event, "UID"), "one entry in each language");
        let whole = app.get("/fr/miso/opening.ics").await.body;
        assert_eq!((line(&whole, "DTSTART:"), line(&whole, "SEQUENCE:")), ("20270405T070000Z", "1"));
        let (whole, _) = read(&whole);
        let session_entry = app.get("/fr/miso/sessions/atelier/calendar.ics").await.body;
        let uids = [value(&event, "UID"), value(&whole, "UID")];
        assert!(uids[0] != uids[1] && uids.iter().all(|uid| !uid.is_empty() && !session_entry.contains(uid)));

        // Another opening, set alone: the same entry, brought up to date.
        app.pass(TimeDelta::minutes(1));
        draft.sessions[0] = opening(session("atelier", 9), at(-8, 9));
        assert_eq!(app.publish(&draft).await.release, None, "beside any release");
        let moved = app.get("/fr/miso/sessions/atelier/opening.ics").await.body;
        assert_eq!((value(&read(&moved).0, "UID"), line(&moved, "DTSTART:")), (uids[0], "20270411T070000Z"));
        let sequence = |ics: &str| line(ics, "SEQUENCE:").parse::<i64>().unwrap();
        assert!(sequence(&moved) > sequence(&file.body) && sequence(&moved) < i64::from(i32::MAX));

        // Then it is open, and nobody is told to wait.
        app.pass(TimeDelta::days(45));
        let open = Found::on(&app.get("/fr/miso/sessions/atelier").await.body);
        assert_eq!((open.count(".offer time"), open.count(".offer a.button")), (0, 1));
        assert_eq!(Found::on(&app.get("/fr/miso").await.body).count(".face .offer"), 0);
    }

    async fn what_has_no_opening_has_no_entry_for_it(app: App) {
        app.publish(&miso(vec![session("atelier", 9)])).await;

        for path in ["/fr/miso/opening.ics", "/fr/miso/sessions/atelier/opening.ics", "/fr/miso/sessions/nulle/opening.ics"] {
            assert_eq!(app.get(path).await.status, Http::NotFound, "{path}");
        }
        assert_eq!(Found::on(&app.get("/fr/miso/sessions/atelier").await.body).count(".offer time"), 0);
    }

    async fn a_form_that_is_opened_too_early_says_when_and_keeps_the_choice(app: App) {
        app.publish(&miso(vec![
            opening(session("atelier", 9), at(-7, 9)),
            opening(on_day(session("forum", 9), 1), at(-6, 9)),
            on_day(session("ouverte", 9), 2),
        ]))
        .await;
        let address = "/fr/miso/register?session=atelier&session=forum";

        let early = Found::on(&app.get(address).await.body);
        let mixed = Found::on(&app.get(&format!("{address}&session=ouverte")).await.body);
        let sent = app.register("ana@example.org", &["atelier", "forum"]).await;
        let some = app.register("ana@example.org", &["atelier", "ouverte"]).await;

        assert_eq!(early.text(".lead"), "Les inscriptions ouvrent le lundi 12\u{a0}avril 2027 à 9\u{a0}h.");
        assert_eq!(early.count("[name=email]"), 0, "no form that can only fail");
        let acts = early.links(".acts");
        assert_eq!(acts[0].1, "/fr/miso/sessions/atelier/opening.ics");
        assert_eq!(acts[1].1, address, "the choice can be opened again");
        assert_eq!(early.texts(".picked .mistake").len(), 2, "each says its own moment");
        let one = Found::on(&app.get("/fr/miso/register?session=forum").await.body);
        assert_eq!(one.texts(".picked .mistake"), [""; 0], "the page has said it");
        assert_eq!(mixed.attributes("[name=session][checked]", "value"), ["ouverte"]);
        assert_eq!(mixed.count("[name=email]"), 1);
        assert_eq!((sent.status, some.status), (Http::UnprocessableEntity, Http::UnprocessableEntity));
        let sent = Found::on(&sent.body);
        assert_eq!(sent.attributes("[name=session][checked]", "value"), ["atelier", "forum"], "nothing is lost");
        assert_eq!(sent.attributes("[name=email]", "value"), ["ana@example.org"]);
        let some = Found::on(&some.body);
        assert_eq!(some.attributes("[name=session]", "value"), ["atelier", "ouverte"]);
        assert_eq!(some.attributes("[name=session][checked]", "value"), ["ouverte"], "as it is, it can be sent now");
        // At the hour, the same address is the form.
        app.pass("2027-04-13T07:00:00Z".parse::<DateTime<Utc>>().unwrap() - app.now());
        let open = Found::on(&app.get(&acts[1].1).await.body);
        assert_eq!(open.attributes("[name=session][checked]", "value"), ["atelier", "forum"]);
    }
}
