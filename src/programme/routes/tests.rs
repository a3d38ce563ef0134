//! Every public page as a visitor meets it, over a release made by hand: empty, of one session, and of eighty
//! whose every value tries to leave its place.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use rocket::{
    Build, Rocket,
    figment::Figment,
    http::{Header, Status as Code},
    local::blocking::Client,
};
use uuid::Uuid;

use crate::{
    calendar,
    clock::Clock,
    config::Settings,
    exchange,
    locale::Lang,
    press,
    programme::{
        Access, Contact, Format, Organisation, Place, PressRelease, Programme, Registration, Rules, Session,
        Status, Theme,
    },
    registration::seats::{Seat, SeatBoard},
    release::{
        self, Change, ChangeKind, Field, FieldChange, Release, ReleasedSession,
        published::{Publications, Published, ReleaseNote},
    },
    view::View,
    web,
};

/// Tries to leave text, attribute, script element, message and Markdown.
const HOSTILE: &str = "\"><script>alert('x')</script>&{{ 7*7 }}\u{202e}";

fn now() -> DateTime<Utc> {
    "2027-04-12T08:00:00Z".parse().unwrap()
}

fn day(offset: i64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2027, 4, 19).unwrap() + TimeDelta::days(offset)
}

fn id(number: usize) -> Uuid {
    Uuid::from_u128(number as u128 + 1)
}

/// The programme's id in the database.
fn programme_id() -> Uuid {
    Uuid::from_u128(u128::MAX)
}

fn session(number: usize, evil: &str) -> Session {
    let start = (number % 9 != 8).then(|| NaiveTime::from_hms_opt(8 + number as u32 % 10, 30, 0).unwrap());
    let date = day(number as i64 / 4);
    Session {
        slug: format!("s-{number}"),
        id: id(number),
        title: format!("Session {number}{evil}"),
        theme: Some(if number.is_multiple_of(2) { "lab" } else { "sante" }.to_owned()),
        formats: vec![Format::ALL[number % 8]],
        date,
        start,
        end: start.map(|start| date.and_time(start) + TimeDelta::minutes(75)),
        languages: vec!["fr".to_owned(), format!("xx{evil}")],
        place: number.is_multiple_of(3).then(|| "maison".to_owned()),
        online: !number.is_multiple_of(3),
        hosts: vec!["socialup".to_owned()],
        speakers: vec![format!("Équipe{evil}")],
        r#abstract: format!("Une phrase{evil}"),
        description: format!("Un *texte*{evil} [lien](javascript:alert(1))"),
        tags: vec![format!("mot{evil}")],
        access: vec![Access::StepFree, Access::Text(format!("ascenseur{evil}"))],
        status: match number {
            5 => Status::Cancelled,
            6 => Status::Withdrawn,
            _ => Status::Scheduled,
        },
        text_language: Some(if evil.is_empty() { "en".to_owned() } else { evil.to_owned() }),
        cancel_reason: format!("En travaux{evil}"),
        recording: number.is_multiple_of(2).then(|| format!("https://example.org/{evil}")),
        minutes: format!("Le *bilan*{evil}"),
    }
}

fn release(sessions: usize, evil: &str) -> Release {
    let word = |text: &str| format!("{text}{evil}");
    let theme = |slug: &str, offset: i64| Theme {
        slug: slug.to_owned(),
        title: word(slug),
        starts: Some(day(offset)),
        ends: Some(day(offset + 4)),
        colour: word("#0b6e4f"),
        summary: word("Thème"),
    };
    let full = sessions > 0;
    let change = |kind, slug: &str, fields| Change { kind, slug: slug.to_owned(), fields };
    let moved = FieldChange { field: Field::Place, old: word("Ancien lieu"), new: word("Nouveau lieu") };
    Release {
        number: 2,
        published_at: now(),
        note: word("Une note"),
        programme: Programme {
            slug: "miso".to_owned(),
            title: word("MISO"),
            tagline: word("Quatre semaines"),
            summary: word("De quoi il s’agit"),
            timezone: chrono_tz::Europe::Zurich,
            languages: vec!["fr".to_owned()],
            starts: day(0),
            ends: day(25),
            contact: Contact { email: Some(word("info@example.org")), ..Contact::default() },
            rules: Rules::default(),
            call: crate::programme::Call::default(),
        },
        themes: if full { vec![theme("lab", 0), theme("sante", 7)] } else { Vec::new() },
        places: vec![Place {
            slug: "maison".to_owned(),
            name: word("Maison"),
            address: word("Rue des Savoises 15"),
            latitude: Some(46.2),
            longitude: Some(6.14),
            access: word("Ascenseur"),
        }],
        organisations: vec![Organisation {
            slug: "socialup".to_owned(),
            name: word("SocialUp"),
            url: word("javascript:alert(1)"),
            summary: word("Une équipe"),
        }],
        press: if full {
            vec![PressRelease {
                slug: "ouverture".to_owned(),
                title: word("Ouverture"),
                place: word("Genève"),
                date: day(-18),
                language: word("fr"),
                body: word("Le texte"),
            }]
        } else {
            Vec::new()
        },
        press_changed: std::collections::BTreeMap::new(),
        sessions: (0..sessions)
            .map(|number| ReleasedSession {
                session: session(number, evil),
                sequence: 0,
                changed_at: now(),
                since: 1,
            })
            .collect(),
        changes: if full {
            vec![
                change(ChangeKind::New, "s-0", vec![]),
                change(ChangeKind::Moved, "s-1", vec![moved]),
                change(ChangeKind::Withdrawn, "s-6", vec![]),
            ]
        } else {
            Vec::new()
        },
    }
}

fn seat(number: usize) -> Seat {
    Seat {
        session_id: id(number),
        programme_id: programme_id(),
        capacity: (!number.is_multiple_of(4)).then_some(20),
        held: 2,
        taken: [0, 14, 18, 3][number % 4],
        waiting: if number % 4 == 2 { 7 } else { 0 },
        registration: match number % 10 {
            7 => Registration::External("https://example.org/\"><script>".to_owned()),
            9 => Registration::Invitation,
            _ => Registration::Open,
        },
        opens: None,
        closes: None,
        starts: now() + TimeDelta::days(7),
        timed: number % 9 != 8,
        status: Status::Scheduled,
        touched: now(),
    }
}

fn rocket(releases: Vec<Release>) -> Rocket<Build> {
    let figment = Figment::from(rocket::Config::default())
        .merge(("log_level", "off"))
        .merge(("ip_header", false))
        .merge((
            "parvis",
            [("base_url", "https://miso.example.org")]
                .into_iter()
                .collect::<std::collections::HashMap<_, _>>(),
        ));
    let settings = Settings::extract(&figment).unwrap();
    let (publications, seats) = (Publications::default(), SeatBoard::default());
    for release in releases {
        seats.put((0..release.sessions.len()).map(seat));
        let earlier = ReleaseNote { number: 1, changes: vec![], ..ReleaseNote::of(&release) };
        publications.replace(Published::new(programme_id(), release).with_history(vec![earlier]));
    }
    web::attach(rocket::custom(figment), settings)
        .manage(View::new().unwrap())
        .manage(Clock::from_fn(now))
        .manage(publications)
        .manage(seats)
        .mount("/", super::routes())
        .mount("/", release::routes::routes())
        .mount("/", press::routes::routes())
        .mount("/", calendar::routes::routes())
        .mount("/", without_the_database(exchange::routes::routes()))
}

/// The CSV reads the database: `tests/it/formats/csv.rs` has it.
fn without_the_database(mut routes: Vec<rocket::Route>) -> Vec<rocket::Route> {
    routes.retain(|route| route.name.as_deref() != Some("sessions_csv"));
    routes
}

fn client(releases: Vec<Release>) -> Client {
    Client::untracked(rocket(releases)).unwrap()
}

fn get(client: &Client, path: &str) -> (u16, String) {
    let response = client.get(path).dispatch();
    let status = response.status().code;
    (status, response.into_string().unwrap_or_default())
}

/// Addresses of pages and files that answer 200, below `/{lang}/miso`.
fn paths(sessions: usize) -> Vec<String> {
    let mut paths: Vec<String> = [
        "",
        "?q=session",
        "?q=nowhere&theme=dance&day=%FF&format=%22%3E%3Cscript%3E",
        "?open=1&online=1&access=step-free&theme=lab&format=workshop&org=socialup&language=fr&day=2027-04-19",
        "/changes",
        "/press",
        "/colours.css?r=2",
        "/calendar.ics",
        "/schedule.xml",
        "/schedule.json",
        "/changes.atom",
        "/press.atom",
        "/organisations/socialup",
    ]
    .map(str::to_owned)
    .into();
    if sessions > 0 {
        paths.extend(
            [
                "/themes/lab",
                "/themes/sante",
                "/themes/lab/calendar.ics",
                "/press/ouverture",
                "/sessions/s-0/calendar.ics",
            ]
            .map(str::to_owned),
        );
        paths.extend((0..sessions).filter(|n| *n != 6).map(|n| format!("/sessions/s-{n}")));
    }
    paths
}

#[test]
fn every_page_answers_in_each_language_whatever_the_release_holds() {
    for (sessions, evil) in [(0, ""), (1, ""), (80, ""), (80, HOSTILE)] {
        let client = client(vec![release(sessions, evil)]);
        for lang in Lang::ALL {
            let (status, html) = get(&client, &format!("/{}/", lang.code()));
            assert_eq!(status, 200);
            is_sound(&html, "/");
            for path in paths(sessions) {
                let (status, text) = get(&client, &format!("/{}/miso{path}", lang.code()));
                assert_eq!(status, 200, "{path} of {sessions} sessions: {text}");
                if text.starts_with("<!doctype html>") {
                    is_sound(&text, &path);
                }
            }
        }
        assert_eq!(get(&client, "/sitemap.xml").0, 200);
    }
}

/// Nothing of ours is unnamed, nothing of theirs is markup, headings step down one by one.
fn is_sound(html: &str, path: &str) {
    let scripts = html.matches("<script").count();
    let ours = html.matches("<script src=\"/static/").count()
        + html.matches("<script type=\"application/ld+json\">").count();
    assert_eq!(scripts, ours, "{path}: {html}");
    assert!(!html.contains("=\"javascript:"), "{path}");
    assert_eq!(html.matches("<h1").count(), 1, "{path}");
    let mut last = 0;
    for (at, _) in html.match_indices("<h") {
        if let Some(level) = html[at + 2..].chars().next().and_then(|c| c.to_digit(10)) {
            assert!(level <= last + 1, "{path}: h{level} after h{last}");
            last = level;
        }
    }
    let mut ids: Vec<_> = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "{path}: an id stands twice");
}

#[test]
fn hostile_words_are_shown_as_text() {
    let client = client(vec![release(80, HOSTILE)]);
    let (_, html) = get(&client, "/fr/miso/sessions/s-0");
    assert!(html.contains("Session 0&quot;&gt;&lt;script&gt;alert("), "{html}");
    let (_, html) = get(&client, "/fr/miso?theme=%22%3E%3Cscript%3E");
    assert!(html.contains("«\u{a0}&quot;&gt;&lt;script&gt;\u{a0}»"), "the ignored value is shown as text");
}

#[test]
fn what_is_not_there_is_404_and_what_was_there_is_410() {
    let client = client(vec![release(80, "")]);
    for path in [
        "/fr/other",
        "/fr/miso/sessions/none",
        "/fr/miso/themes/none",
        "/fr/miso/organisations/none",
        "/fr/miso/press/none",
        "/fr/miso/themes/none/calendar.ics",
        "/fr/miso/sessions/none/calendar.ics",
        "/xx/miso",
    ] {
        assert_eq!(get(&client, path).0, 404, "{path}");
    }
    let (status, html) = get(&client, "/fr/miso/sessions/s-6");
    assert_eq!(status, 410);
    assert!(html.contains("href=\"/fr/miso\""), "a way on");
    let (status, ics) = get(&client, "/fr/miso/sessions/s-6/calendar.ics");
    assert_eq!((status, ics.contains("STATUS:CANCELLED")), (200, true), "calendars must learn it");
}

#[test]
fn the_programme_says_seats_marks_and_what_is_off() {
    let client = client(vec![release(80, "")]);
    let (_, html) = get(&client, "/fr/miso");
    for words in [
        "Places libres",
        "Il reste 4\u{a0}places",
        "Complet · liste d’attente (7)",
        "Sur invitation",
        "Annulée par l’organisation",
        "Inscription dès que l’horaire est connu",
        "<span class=\"mark\">nouvelle</span>",
        "<span class=\"mark\">déplacée</span>",
        "Du 19\u{a0}avril au 14\u{a0}mai 2027, sur place et en ligne. 78 sessions, 1 organisation.",
        "<a href=\"/fr/miso/sessions/s-0\" lang=\"en\">",
        "horaire à préciser",
    ] {
        assert!(html.contains(words), "{words} is missing");
    }
    assert!(!html.contains("s-6\""), "withdrawn");
    assert!(!html.contains("value=\"s-5\""), "a cancelled session cannot be chosen");
}

#[test]
fn filters_are_shown_again_and_counted() {
    let client = client(vec![release(80, "")]);
    let (_, html) = get(&client, "/en/miso?q=session&format=workshop&online=1&day=2031-01-01");
    assert!(html.contains("value=\"session\""));
    assert!(html.contains("<option value=\"workshop\" selected>"));
    assert!(html.contains("<option value=\"1\" selected>"));
    assert!(html.contains("Filter ignored: this programme has no “2031-01-01” under “Day”."));
    assert!(html.contains("<strong>7 sessions found</strong>"), "{html}");

    let (_, html) = get(&client, "/fr/miso?q=introuvable");
    assert!(html.contains("Aucune session ne correspond") && html.contains("Tout le programme"));
}

#[test]
fn a_page_is_tagged_and_answers_304() {
    let client = client(vec![release(1, "")]);
    let first = client.get("/fr/miso").dispatch();
    let tag = first.headers().get_one("ETag").unwrap().to_owned();
    let again = client.get("/fr/miso").header(Header::new("If-None-Match", tag)).dispatch();
    assert_eq!(again.status(), Code::NotModified);
    assert_eq!(client.head("/fr/miso").dispatch().status(), Code::Ok);
    assert_eq!(client.get("/fr/miso/").dispatch().status(), Code::Ok);
}

#[test]
fn a_site_without_a_programme_says_so() {
    let (status, html) = get(&client(Vec::new()), "/fr/");
    assert_eq!(status, 200);
    assert!(html.contains("Aucun programme pour le moment"));
}

#[test]
fn the_current_programme_goes_first_then_the_next_then_the_last() {
    let at = |slug: &str, offset: i64| {
        let mut release = release(0, "");
        release.programme.slug = slug.to_owned();
        (release.programme.starts, release.programme.ends) = (day(offset), day(offset + 3));
        release
    };
    let publications = Publications::default();
    for release in [at("past", -60), at("before", -90), at("next", 3), at("later", 90), at("now", -8)] {
        publications.replace(Published::new(Uuid::nil(), release));
    }
    let order: Vec<_> = publications.current_first(now()).iter().map(|p| p.slug().to_owned()).collect();
    assert_eq!(order, ["now", "next", "later", "past", "before"]);
}
