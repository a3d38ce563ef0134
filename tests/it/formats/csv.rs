//! `sessions.csv` of the public, and its way back.

use chrono::TimeDelta;
use parvis::programme::{
    Access, Capacity, Format as Kind, QueueMode, Registration, RegistrationTime, Status, import,
};

use super::*;
use crate::{
    builders::{first_day, miso, session},
    harness::Page,
};

async fn public(app: &App) -> Page {
    let page = app.get("/fr/miso/sessions.csv").await;
    assert_eq!(page.header("content-type"), "text/csv; charset=utf-8");
    page
}

/// The first cell of each row and the one under a heading.
fn column(csv: &str, heading: &str) -> Vec<(String, String)> {
    let mut reader = ::csv::Reader::from_reader(csv.as_bytes());
    let at = reader.headers().unwrap().iter().position(|found| found == heading).unwrap();
    let rows = reader.records().map(|row| row.unwrap());
    rows.map(|row| (row[0].to_owned(), row[at].to_owned())).collect()
}

fn seed() -> (Format, Files) {
    import::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("seed/miso"), None).unwrap()
}

/// Titles and texts that mean something to a program that they pass through.
const HOSTILE: [&str; 16] = [
    "=1+1",
    "'=1+1",
    "'''@SOMME(A1)",
    "+41 22 000 00 00",
    "-5 %",
    "@tous",
    "'tis the season",
    "L’« été », c’est \"bien\"",
    "a,b;c|d\\",
    "\\|",
    "\u{202e}مرحبا بالعالم",
    "🎪👩‍👩‍👧 fête",
    "<script>alert(1)</script>&amp;",
    "{{ 7 * 7 }}",
    "sep=;",
    "ﬁn\u{a0}: 1\u{202f}000",
];

fn hostile() -> Draft {
    let mut sessions = Vec::new();
    for (number, text) in HOSTILE.iter().enumerate() {
        let mut made = session(&format!("session-{number}"), 10);
        let it = &mut made.session;
        it.title = (*text).to_owned();
        it.r#abstract = format!("{text}\n{text}");
        it.description = format!("{text}\n\n'=2\n\"\n\t- un\n");
        it.description.truncate(it.description.trim_end().len());
        it.speakers = vec![(*text).to_owned(), "Une | deux".to_owned(), "Fin \\".to_owned(), "Z".to_owned()];
        it.tags = vec![(*text).to_owned()];
        it.access = vec![Access::StepFree, Access::Text((*text).to_owned())];
        made.live.held = [((*text).to_owned(), 2), ("presse".to_owned(), 1)].into();
        sessions.push(made);
    }
    let mut draft = miso(sessions);
    let at =
        |day, hour| (first_day() + TimeDelta::days(day)).and_hms_opt(hour, 0, 0).map(RegistrationTime::At);
    draft.programme.rules.capacity = Some(60);
    draft.programme.rules.opens = at(-10, 9);
    for (number, live) in draft.sessions.iter_mut().map(|it| &mut it.live).enumerate() {
        live.join_url = Some("https://visio.example.org/secret".to_owned());
        match number {
            // The same number as the rule is another thing than the rule.
            0 => live.capacity = Capacity::Seats(60),
            1 => live.capacity = Capacity::Rule,
            2 => live.capacity = Capacity::Unlimited,
            3 => live.capacity = Capacity::Seats(0),
            4 => live.registration = Registration::Closed,
            5 => live.registration = Registration::Invitation,
            6 => live.registration = Registration::None,
            7 => live.registration = Registration::External("https://example.org/a?b=c,d;e".to_owned()),
            8 => live.opens = draft.programme.rules.opens,
            9 => (live.opens, live.closes) = (at(-8, 9), at(-1, 12)),
            12 => {
                (live.opens, live.closes) =
                    (RegistrationTime::before("-7d"), RegistrationTime::before("-48h"))
            }
            13 => live.closes = RegistrationTime::before("-30m"),
            10 => live.queue = Some(QueueMode::Promote),
            11 => live.queue = Some(QueueMode::Offer),
            _ => live.held.clear(),
        }
    }
    let it = |draft: &mut Draft, number: usize, change: fn(&mut programme::Session)| {
        change(&mut draft.sessions[number].session);
    };
    it(&mut draft, 0, |it| it.status = Status::Cancelled);
    it(&mut draft, 1, |it| (it.start, it.end) = (None, None));
    it(&mut draft, 2, |it| (it.online, it.place) = (true, None));
    it(&mut draft, 3, |it| it.formats = vec![Kind::OpenDay, Kind::Hackathon]);
    it(&mut draft, 4, |it| it.end = first_day().and_hms_opt(23, 0, 0).map(|end| end + TimeDelta::days(2)));
    it(&mut draft, 5, |it| it.end = first_day().and_hms_opt(1, 30, 0).map(|end| end + TimeDelta::days(1)));
    it(&mut draft, 6, |it| it.end = None);
    it(&mut draft, 7, |it| it.languages = vec!["fr".to_owned(), "gsw".to_owned(), "pt-br".to_owned()]);
    it(&mut draft, 8, |it| it.text_language = Some("en".to_owned()));
    it(&mut draft, 8, |it| it.recording = Some("https://video.example.org/a?b=1&c".to_owned()));
    it(&mut draft, 7, |it| it.minutes = "# Un bilan\n\n=1, « deux »;\ttrois".to_owned());
    it(&mut draft, 9, |it| (it.theme, it.place, it.hosts) = (None, None, Vec::new()));
    draft
}

on_both_engines! {
    async fn the_public_file_of_the_seed_is_taken_back_without_a_difference(app: App) {
        let imported = take(None, &seed(), "miso");
        app.publish(&imported.draft).await;

        let csv = public(&app).await.body;

        let draft = stored(&app, "miso").await;
        assert_eq!(column(&csv, "capacity").len(), draft.sessions.len());
        assert!(!csv.contains("join_url") && !csv.contains("visio.example.org"));
        assert!(draft.sessions.iter().any(|it| it.live.join_url.is_some()), "there was something to leave out");
        assert_no_difference(&draft, &one("sessions.csv", csv), "the public CSV");
        assert_no_difference(&draft, &one("a.csv", parvis::exchange::csv::full_csv(&draft, parvis::exchange::csv::Dialect::Plain)), "CSV");
        for path in ["schedule.xml", "schedule.json"] {
            let ours = app.get(&format!("/fr/miso/{path}")).await.body;
            let again = take(Some(&draft), &one(path, ours), "miso");
            assert_eq!(counts(&again), (0, 0, 0), "{path}");
            assert_eq!(by_slug(again.draft), draft, "{path}");
        }
    }

    async fn hostile_texts_and_every_live_setting_come_back_as_they_were(app: App) {
        let draft = by_slug(hostile());
        app.publish(&draft).await;

        let csv = public(&app).await.body;

        assert!(!csv.contains("secret"));
        let starts_a_formula = |cell: &str| cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
        for heading in ["title", "abstract", "description", "speakers", "tags"] {
            assert!(column(&csv, heading).iter().all(|(_, cell)| !starts_a_formula(cell)), "{heading}");
        }
        assert_eq!(stored(&app, "miso").await, draft);
        assert_no_difference(&draft, &one("sessions.csv", csv), "the public CSV");
    }

    async fn our_own_schedules_change_nothing_that_they_cannot_hold(app: App) {
        let mut draft = by_slug(hostile());
        let organisations = &mut draft.organisations;
        organisations.push(programme::Organisation { slug: "sans-site".to_owned(), name: "Sans site".to_owned(), url: String::new(), summary: String::new() });
        // Two rooms of one name are two rooms.
        let mut other = draft.places[0].clone();
        other.slug = "maison-2".to_owned();
        draft.places.push(other);
        draft.sessions[12].session.place = Some("maison-2".to_owned());
        draft.sessions[13].session.hosts = vec!["sans-site".to_owned(), "collectif".to_owned()];
        app.publish(&draft).await;

        for path in ["/fr/miso/schedule.xml", "/en/miso/schedule.xml", "/fr/miso/schedule.json", "/en/miso/schedule.json"] {
            let ours = app.get(path).await.body;
            let again = take(Some(&draft), &one("schedule", ours), "miso");
            let after = by_slug(again.draft.clone());
            for (after, before) in after.sessions.iter().zip(&draft.sessions) {
                assert_eq!(after, before, "{path}");
            }
            assert_eq!((counts(&again), again.missing), ((0, 0, 0), vec!["session-0".to_owned()]), "the cancelled one is not in it");
        }
    }

    async fn our_own_schedule_makes_the_same_sessions_elsewhere(app: App) {
        let draft = take(None, &seed(), "miso").draft;
        app.publish(&draft).await;

        for path in ["/fr/miso/schedule.xml", "/fr/miso/schedule.json"] {
            let made = take(None, &one("schedule", app.get(path).await.body), "autre").draft;
            assert_eq!((&made.programme.title, made.programme.timezone), (&draft.programme.title, draft.programme.timezone));
            assert_eq!(made.themes.iter().map(|it| (&it.title, &it.colour)).collect::<Vec<_>>(), draft.themes.iter().map(|it| (&it.title, &it.colour)).collect::<Vec<_>>());
            for after in &made.sessions {
                let before = draft.sessions.iter().find(|it| it.session.slug == after.session.slug).unwrap();
                let told = |it: &programme::Session| (it.title.clone(), it.date, it.start, it.end, it.speakers.clone(), it.r#abstract.clone(), it.description.clone(), it.formats.first().copied());
                assert_eq!(told(&after.session), told(&before.session), "{path}");
            }
            let there = draft.sessions.iter().filter(|it| it.session.status == Status::Scheduled).count();
            assert_eq!(made.sessions.len(), there, "{path}");
        }
    }

    async fn nobody_reads_a_draft_in_the_public_file(app: App) {
        let mut draft = hostile();
        app.publish(&draft).await;
        let before = public(&app).await.body;
        draft.sessions[0].session.title = "Pas encore".to_owned();
        for it in &mut draft.sessions {
            it.live.capacity = Capacity::Seats(7);
            (it.live.opens, it.live.closes) = (first_day().and_hms_opt(0, 0, 0).map(RegistrationTime::At), None);
            it.live.queue = Some(QueueMode::Offer);
            it.live.registration = Registration::Closed;
            it.live.held = [("amis".to_owned(), 5)].into();
        }
        let mut tx = app.pool.begin().await.unwrap();
        programme::store::save(&mut tx, &draft, app.tokens.id(app.now()), app.now()).await.unwrap();
        tx.commit().await.unwrap();
        app.pass(TimeDelta::hours(1));

        // Another language is another page, which is drawn now.
        let after = app.get("/en/miso/sessions.csv").await.body;

        let seats = |csv: &str| column(csv, "capacity").into_iter().map(|(_, cell)| cell).filter(|cell| cell == "7").count();
        assert_eq!((seats(&before), seats(&after)), (0, 0));
        assert!(!after.contains("Pas encore") && !after.contains("amis"));
        assert_eq!(column(&after, "registration"), column(&before, "registration"));
        app.publish(&draft).await;
        assert_no_difference(&by_slug(draft), &one("sessions.csv", public(&app).await.body), "published");
    }
}
