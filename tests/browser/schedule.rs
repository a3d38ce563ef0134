//! A whole schedule of somebody else's, imported in the browser and published; then a track of it is withdrawn.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use chrono::{TimeDelta, TimeZone as _, Utc};
use parvis::{mail::transport::Mailer, release::ReleasedSession};
use serde_json::{Value, json};

use crate::{
    driver::{Browser, Scheme, Scripts, Size},
    harness::{TestDb, shared},
    post::{Letter, letters},
    site::Site,
    smtp::SmtpServer,
};

const FILE: &str = "fosdem-2024.xml";
const SESSIONS: usize = 674;
/// How long publishing all of them may take.
const PATIENCE: Duration = Duration::from_secs(30);
const PROGRAMME: &str = "/en/fosdem-2024";
const OFFICE: &str = "/en/office/fosdem-2024";

on_both_engines! {
    async fn a_track_of_a_large_schedule_is_withdrawn_and_who_was_in_it_is_told(db: TestDb) {
        let Some(path) = shared("data/schedules/fosdem-2024.xml") else { return };
        let Some(desk) = Browser::open(Size::Desktop, Scripts::Off, Scheme::Light).await else { return };
        let smtp = SmtpServer::start().await;
        let site = Site::on(db, &[], Mailer::open(&smtp.url(), "parvis.example.org").unwrap()).await;
        site.at(Utc.with_ymd_and_hms(2024, 1, 10, 9, 0, 0).unwrap());
        site.sign_in(&desk).await;

        // The whole of it.
        desk.goto(&site.url("/en/office/import")).await;
        desk.fill("#f-slug", "fosdem-2024").await;
        desk.attach("#f-file", &path).await;
        desk.click("main form button").await;
        assert_eq!(texts(&desk, ".counts dd").await, [&SESSIONS.to_string(), "0", "0"]);
        desk.click("form.save button").await;
        publish(&site, &desk, 1).await;
        let published = site.house().publications.current("fosdem-2024").unwrap();
        let (dns, rust) =
            (of(&published.release.sessions, "dns-devroom"), of(&published.release.sessions, "rust-devroom"));

        // People come: to both tracks, to one of them twice, to the other alone.
        let come = async |who: &str, sessions: &[&ReleasedSession]| {
            let slugs: Vec<_> = sessions.iter().map(|one| one.session.slug.as_str()).collect();
            let (name, email) = (format!("{who} Example"), format!("{who}@example.org"));
            site.register_at(PROGRAMME, (&name, &email, "1"), &slugs).await;
        };
        come("ada", &[dns[0], rust[0]]).await;
        come("ben", &[dns[0]]).await;
        come("ben", &[dns[1]]).await;
        come("chloe", &[rust[0]]).await;
        let known = letters(&smtp, "ben@example.org", 2).await;
        let first = only(&entries(&known[0], "REQUEST"));
        let second = only(&entries(&known[1], "REQUEST"));
        assert_ne!(first, second);
        let ada = letters(&smtp, "ada@example.org", 1).await.remove(0);
        assert!(entries(&ada, "REQUEST").len() == 2 && entries(&ada, "REQUEST").contains_key(&first));
        letters(&smtp, "chloe@example.org", 1).await;

        // A new file, which does not have the track any more.
        let folder = tempfile::tempdir().unwrap();
        let (gone, file) = without_the_track(&fs::read_to_string(&path).unwrap(), folder.path());
        assert_eq!(gone, dns.len());
        desk.goto(&site.url(&format!("{OFFICE}/import"))).await;
        desk.attach("#f-file", &file).await;
        desk.click("main form button").await;
        assert_eq!(texts(&desk, ".counts dd").await, ["0", "0", "0", &gone.to_string()], "they stay");
        desk.click("#remove").await;
        desk.click("#choices button").await;
        assert_eq!(texts(&desk, ".counts dd").await, ["0", "0", &gone.to_string()]);
        desk.click("form.save button").await;

        // The public loses the sessions of the track, and no other. Who is in one of them is written to: two mails.
        desk.goto(&site.url(&format!("{OFFICE}/publish"))).await;
        assert_eq!(texts(&desk, ".sums strong").await[0], gone.to_string());
        assert_eq!(texts(&desk, ".sums li:last-child strong").await, ["2"]);
        assert_eq!(texts(&desk, "#changes summary").await, [format!("Withdrawn ({gone})")]);
        let mut titles: Vec<_> = dns.iter().map(|one| one.session.title.clone()).collect();
        titles.sort_unstable();
        let mut lost = texts(&desk, "#changes .changes > li").await;
        lost.sort_unstable();
        assert_eq!(lost, titles);
        let mut told = told(&desk).await;
        told.sort_unstable();
        let line = |session: &ReleasedSession, seats: &str| {
            let what = "that it no longer takes place";
            [&session.session.title, what, seats, "0"].map(str::to_owned)
        };
        let mut lines = [line(dns[0], "2"), line(dns[1], "1")];
        lines.sort_unstable();
        assert_eq!(told, lines);
        desk.screenshot("schedule-withdrawn").await;
        publish(&site, &desk, 2).await;

        desk.goto(&site.url(PROGRAMME)).await;
        assert_eq!(desk.count("li.session").await, SESSIONS - gone);
        desk.goto(&site.url(&format!("{PROGRAMME}/changes"))).await;
        let mut lost = texts(&desk, "#release-2 .changes > li").await;
        lost.sort_unstable();
        assert_eq!(lost, titles);
        desk.screenshot("schedule-changes").await;

        // What is no more leaves the calendar of whoever had it; what stays, stays in it.
        site.pass(TimeDelta::minutes(11));
        let ada = letters(&smtp, "ada@example.org", 2).await.remove(1);
        assert_eq!(entries(&ada, "CANCEL"), BTreeMap::from([(first.clone(), 1)]), "{}", ada.calendar);
        let names = |session: &ReleasedSession| flat(&ada.text).contains(&flat(&session.session.title));
        assert!(names(dns[0]) && !names(rust[0]), "{}", ada.text);
        let ben = letters(&smtp, "ben@example.org", 3).await.remove(2);
        assert_eq!(entries(&ben, "CANCEL"), BTreeMap::from([(first, 1), (second, 1)]), "{}", ben.calendar);
        for letter in [&ada, &ben] {
            assert!(entries(letter, "REQUEST").is_empty(), "{}", letter.calendar);
        }
        // Nobody else was written to, or is to be: four orders, two that lost something.
        desk.goto(&site.url(&format!("{OFFICE}/mails"))).await;
        let to = texts(&desk, "tbody td:nth-child(2)").await;
        let count = |who: &str| to.iter().filter(|address| *address == who).count();
        let counts = ["ada@example.org", "ben@example.org", "chloe@example.org"].map(count);
        assert_eq!((counts, to.len()), ([2, 3, 1], 6), "{to:?}");
        assert_eq!(smtp.messages().len(), to.len());
        desk.close().await;
        site.end().await;
    }
}

/// A text without its line breaks: a long title has some in a mail.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Publishes what the draft has: the release of that number.
async fn publish(site: &Site, desk: &Browser, number: u32) {
    desk.goto(&site.url(&format!("{OFFICE}/publish"))).await;
    desk.click("main form.form p button").await;
    // So many sessions take a while, on a machine that has other things to do.
    let since = Instant::now();
    while desk.text("h1").await != format!("Release {number}") {
        assert!(since.elapsed() < PATIENCE, "release {number} is not published");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// The sessions of a theme.
fn of<'r>(sessions: &'r [ReleasedSession], theme: &str) -> Vec<&'r ReleasedSession> {
    sessions.iter().filter(|one| one.session.theme.as_deref() == Some(theme)).collect()
}

/// The schedule without the sessions of the track: how many those are, and where it stands.
fn without_the_track(schedule: &str, folder: &Path) -> (usize, PathBuf) {
    let mut kept = String::new();
    let mut gone = 0;
    for part in schedule.split_inclusive("</event>") {
        match part.find("<event ") {
            Some(at) if part.contains("<track>DNS devroom</track>") => {
                kept.push_str(&part[..at]);
                gone += 1;
            }
            _ => kept.push_str(part),
        }
    }
    let file = folder.join(FILE);
    fs::write(&file, kept).unwrap();
    (gone, file)
}

/// What stands in each of them, also where it is folded away.
async fn texts(desk: &Browser, selector: &str) -> Vec<String> {
    desk.find(selector).await;
    let script =
        format!("return [...document.querySelectorAll({selector:?})].map(one => one.textContent.trim())");
    serde_json::from_value(desk.script(&script).await).unwrap()
}

/// Who will be told what: the session, what it is that they are told, how many have a seat, how many wait.
async fn told(desk: &Browser) -> Vec<[String; 4]> {
    let lines = "return [...document.querySelectorAll('#mails tbody tr')].map(line =>
        [...line.querySelectorAll('th, td')].slice(0, 4).map(cell => cell.textContent.trim()))";
    let lines: Value = desk.script(lines).await;
    assert_ne!(lines, json!([]));
    serde_json::from_value(lines).unwrap()
}

/// The entries that a mail brings under that method: their UIDs, and the SEQUENCE of each.
fn entries(letter: &Letter, method: &str) -> BTreeMap<String, u32> {
    let (mut is_of_it, mut uid, mut sequence, mut found) = (false, "", 0, BTreeMap::new());
    for line in letter.calendar.lines() {
        match line.split_once(':') {
            Some(("METHOD", value)) => is_of_it = value == method,
            Some(("UID", value)) => uid = value,
            Some(("SEQUENCE", value)) => sequence = value.parse().unwrap(),
            Some(("END", "VEVENT")) if is_of_it => {
                found.insert(uid.to_owned(), sequence);
            }
            _ => {}
        }
    }
    found
}

/// The UID of the only entry.
fn only(entries: &BTreeMap<String, u32>) -> String {
    assert_eq!(entries.len(), 1, "{entries:?}");
    entries.keys().next().unwrap().clone()
}
