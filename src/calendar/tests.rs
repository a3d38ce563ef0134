use calcard::icalendar::{ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarValue};
use chrono::TimeZone as _;
use proptest::prelude::*;

use super::*;
use crate::{
    exchange::sample::{self, BASE_URL},
    locale::Lang,
};

fn moment(day: u32, hour: u32, minute: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2027, 4, day, hour, minute, 0).unwrap()
}

fn plain_entry() -> Entry {
    Entry {
        uid: "01900000-0000-7000-8000-000000000001".to_owned(),
        sequence: 2,
        stamp: moment(1, 8, 0),
        last_modified: moment(1, 8, 0),
        when: When::Timed { start: moment(19, 7, 0), end: Some(moment(19, 8, 15)) },
        summary: "Atelier".to_owned(),
        description: "Une ligne,\net une autre; \\ voilà".to_owned(),
        location: "La Maison".to_owned(),
        geo: Some((46.2, 6.14)),
        url: "https://example.org/fr/miso/sessions/atelier".to_owned(),
        conference: None,
        categories: vec!["LAB, et plus".to_owned(), "logement".to_owned()],
        status: EntryStatus::Confirmed,
        organizer: None,
        attendee: None,
    }
}

fn read(text: &str) -> ICalendar {
    ICalendar::parse(text).unwrap_or_else(|error| panic!("{error:?} in {text}"))
}

fn events(calendar: &ICalendar) -> Vec<&ICalendarComponent> {
    let is_event = |c: &&ICalendarComponent| c.component_type == ICalendarComponentType::VEvent;
    calendar.components.iter().filter(is_event).collect()
}

/// Every value of every property of that name, as an independent reader sees them.
fn values(component: &ICalendarComponent, name: &str) -> Vec<String> {
    let entries = component.entries.iter().filter(|entry| entry.name.as_str() == name);
    entries
        .flat_map(|entry| entry.values.iter())
        .map(|value| match value {
            ICalendarValue::PartialDateTime(at) if at.hour.is_none() => {
                let part = |part: Option<u8>| part.unwrap_or_default();
                format!("{}-{:02}-{:02}", at.year.unwrap_or_default(), part(at.month), part(at.day))
            }
            value => value.clone().into_text().map_or_else(String::new, |text| text.into_owned()),
        })
        .collect()
}

fn value(component: &ICalendarComponent, name: &str) -> String {
    values(component, name).concat()
}

/// Raw, unfolded lines.
fn content_lines(text: &str) -> Vec<String> {
    text.replace("\r\n ", "").split_terminator("\r\n").map(str::to_owned).collect()
}

fn assert_well_folded(text: &str) {
    assert!(text.ends_with("\r\n"));
    for line in text.split_terminator("\r\n") {
        assert!(line.len() <= text::LINE_OCTETS_MAX, "{} octets: {line}", line.len());
        assert!(!line.chars().any(char::is_control), "{line:?}");
    }
}

#[test]
fn an_invitation_is_written_exactly_so() {
    let mut entry = plain_entry();
    entry.organizer = Some(("Parvis".to_owned(), "parvis@example.org".to_owned()));
    entry.attendee = Some(("Une, \"Voix\"".to_owned(), "voix@example.org".to_owned()));
    entry.conference = Some("https://meet.example.org/a b".to_owned());

    let text = invitation(Method::Request, &entry);

    assert_well_folded(&text);
    assert_eq!(
        content_lines(&text),
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Parvis//Parvis//FR",
            "CALSCALE:GREGORIAN",
            "METHOD:REQUEST",
            "BEGIN:VEVENT",
            "CONFERENCE;FEATURE=VIDEO;VALUE=URI:https://meet.example.org/a%20b",
            "DESCRIPTION:Une ligne\\,\\net une autre\\; \\\\ voilà",
            "DTEND:20270419T081500Z",
            "DTSTAMP:20270401T080000Z",
            "DTSTART:20270419T070000Z",
            "GEO:46.200000;6.140000",
            "LAST-MODIFIED:20270401T080000Z",
            "LOCATION:La Maison",
            "ORGANIZER;CN=Parvis:mailto:parvis@example.org",
            "SEQUENCE:2",
            "STATUS:CONFIRMED",
            "SUMMARY:Atelier",
            "UID:01900000-0000-7000-8000-000000000001",
            "URL:https://example.org/fr/miso/sessions/atelier",
            "ATTENDEE;CN=\"Une, 'Voix'\";CUTYPE=INDIVIDUAL;PARTSTAT=ACCEPTED;ROLE=REQ-PARTICIPANT;RSVP=FALSE:\
             mailto:voix@example.org",
            "CATEGORIES:LAB\\, et plus,logement",
            "END:VEVENT",
            "END:VCALENDAR",
        ]
    );
}

#[test]
fn a_cancellation_says_so_twice() {
    let text = invitation(Method::Cancel, &plain_entry());
    let lines = content_lines(&text);
    assert!(lines.contains(&"METHOD:CANCEL".to_owned()));
    assert!(lines.contains(&"STATUS:CANCELLED".to_owned()));
}

#[test]
fn a_feed_says_what_it_is_and_names_nobody() {
    let mut entry = plain_entry();
    entry.attendee = Some(("Une voix".to_owned(), "voix@example.org".to_owned()));
    let text = feed(&Feed {
        name: "MISO; 2027, à Genève".to_owned(),
        description: "Quatre semaines".to_owned(),
        url: "https://example.org/fr/miso".to_owned(),
        entries: vec![entry],
        stamp: moment(1, 8, 0),
        refresh: REFRESH_HOURS,
    });

    assert_well_folded(&text);
    assert_eq!(
        content_lines(&text)[4..13],
        [
            "NAME:MISO\\; 2027\\, à Genève",
            "X-WR-CALNAME:MISO\\; 2027\\, à Genève",
            "URL:https://example.org/fr/miso",
            "LAST-MODIFIED:20270401T080000Z",
            "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
            "X-PUBLISHED-TTL:PT1H",
            "DESCRIPTION:Quatre semaines",
            "X-WR-CALDESC:Quatre semaines",
            "BEGIN:VEVENT",
        ]
    );
    assert!(!text.contains("ATTENDEE") && !text.contains("METHOD"));
}

#[test]
fn a_session_of_each_kind_has_its_time_place_and_state() {
    let release = sample::release();
    let text = programme_feed(&release, Lang::Fr, BASE_URL, Filter::All);
    let calendar = read(&text);
    let events = events(&calendar);
    assert_well_folded(&text);
    assert_eq!(events.len(), release.sessions.len());

    let seen: Vec<_> = release
        .sessions
        .iter()
        .take(8)
        .map(|session| {
            let event = events.iter().find(|event| event.uid() == Some(&session.id.to_string())).unwrap();
            let ends = ["DTSTART", "DTEND", "STATUS", "LOCATION"].map(|name| value(event, name));
            (session.slug.as_str(), ends)
        })
        .collect();

    let house = "La Maison, Rue de l’Essai 1, Genève";
    let expected = [
        ("atelier-du-lab", ["2027-04-19T07:00:00Z", "2027-04-19T08:15:00Z", "CONFIRMED", house]),
        ("en-ligne", ["2027-04-19T07:00:00Z", "", "CONFIRMED", "En ligne"]),
        (
            "les-deux",
            [
                "2027-04-19T07:00:00Z",
                "2027-04-19T08:15:00Z",
                "CONFIRMED",
                "La Maison, Rue de l’Essai 1, Genève (et en ligne)",
            ],
        ),
        ("sans-heure", ["2027-04-19", "2027-04-20", "CONFIRMED", ""]),
        ("nuit-du-hackathon", ["2027-04-19T16:00:00Z", "2027-04-21T15:00:00Z", "CONFIRMED", house]),
        ("annulee", ["2027-04-19T07:00:00Z", "2027-04-19T08:15:00Z", "CANCELLED", house]),
        ("retiree", ["2027-04-19T07:00:00Z", "2027-04-19T08:15:00Z", "CANCELLED", house]),
        ("tard-le-soir-", ["2027-04-20T20:00:00Z", "2027-04-20T22:30:00Z", "CONFIRMED", house]),
    ];
    let expected: Vec<_> = expected.map(|(slug, ends)| (slug, ends.map(str::to_owned))).into();
    assert_eq!(seen, expected);
}

#[test]
fn an_entry_of_a_session_tells_what_everybody_may_know() {
    let release = sample::release();
    let entry = entry(&release, &release.sessions[0], Lang::Fr, "https://example.org/");
    assert_eq!(entry.url, "https://example.org/fr/miso-2027/sessions/atelier-du-lab");
    assert_eq!(
        entry.description,
        "Deux phrases.\n\nAvec un lien (https://example.org/x).\n\n\
         https://example.org/fr/miso-2027/sessions/atelier-du-lab"
    );
    assert_eq!(entry.categories.first().map(String::as_str), Some("LAB"));
    assert_eq!(entry.categories.last().map(String::as_str), Some("logement"));
    assert_eq!((entry.sequence, entry.conference, entry.geo), (2, None, Some((46.2, 6.14))));
}

#[test]
fn the_join_address_goes_to_who_is_confirmed_and_only_while_there_is_something_to_join() {
    let release = sample::release();
    let join = "https://meet.example.org/secret";
    let personal = Personal { join_url: Some(join), extra_sequence: 3, ..Personal::default() };
    let of =
        |slug: &str| agenda_entry(&release, release.session(slug).unwrap(), Lang::Fr, BASE_URL, &personal);

    let online = of("en-ligne");
    let both = of("les-deux");
    let cancelled = of("annulee");

    assert_eq!((online.location.as_str(), online.sequence), (join, 5));
    assert_eq!(both.location, "La Maison, Rue de l’Essai 1, Genève (et en ligne)");
    assert_eq!(both.conference.as_deref(), Some(join));
    assert!(
        both.description.starts_with("Pour participer en ligne\u{a0}: https://meet.example.org/secret\n\n")
    );
    assert_eq!(cancelled.conference, None);
    assert!(cancelled.description.starts_with("Cette session est annulée.\n\n"));
    assert!(!programme_feed(&release, Lang::Fr, BASE_URL, Filter::All).contains("secret"));
}

#[test]
fn a_feed_of_a_theme_or_a_session_holds_those_only() {
    let mut release = sample::release();
    release.sessions[1].session.theme = None;
    let count = |filter| events(&read(&programme_feed(&release, Lang::En, BASE_URL, filter))).len();
    assert_eq!(count(Filter::All), 9);
    assert_eq!(count(Filter::Theme("lab")), 8);
    assert_eq!(count(Filter::Session("en-ligne")), 1);
    assert_eq!(count(Filter::Session("nowhere")), 0);
}

#[test]
fn the_same_release_gives_the_same_octets() {
    let feed = || programme_feed(&sample::release(), Lang::Fr, BASE_URL, Filter::All);
    assert_eq!(feed(), feed());
}

#[test]
fn text_of_every_length_is_folded_right_and_read_back() {
    for (unit, lengths) in [("a", 0..400), ("é", 0..220), ("€", 0..160), ("😀", 0..120), ("a b", 0..150)]
    {
        for length in lengths {
            let mut entry = plain_entry();
            entry.summary = unit.repeat(length);
            entry.location = format!("x{}", unit.repeat(length));
            let text = invitation(Method::Request, &entry);
            assert_well_folded(&text);
            let calendar = read(&text);
            assert_eq!(value(events(&calendar)[0], "SUMMARY"), entry.summary);
            assert_eq!(value(events(&calendar)[0], "LOCATION"), entry.location);
        }
    }
}

/// Strings as an attacker or an office program makes them.
fn hostile() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "\r\n",
        "\n ",
        "\r",
        "\u{85}",
        "\u{2028}",
        "\t",
        "\u{0}",
        "\u{1b}",
        "\"",
        "\\",
        "\\n",
        ",",
        ";",
        ":",
        "^n",
        "BEGIN:VEVENT",
        "END:VCALENDAR",
        "\r\nATTACH:x",
        "😀",
        "e\u{301}",
        "\u{202e}",
        "é",
        " ",
        "a",
        "0123456789012345678901234567890123456789",
    ]);
    prop_oneof![
        any::<String>(),
        prop::collection::vec(pieces, 0..30).prop_map(|pieces: Vec<&str>| pieces.concat())
    ]
}

/// The lines of text that must stand in what is read, whatever the reader does with spaces around them.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nothing_that_people_type_breaks_out(
        summary in hostile(), description in hostile(), location in hostile(),
        name in hostile(), url in hostile(), word in hostile(),
    ) {
        let mut entry = plain_entry();
        entry.summary = summary.clone();
        entry.description = description.clone();
        entry.location = location;
        entry.url = format!("https://example.org/{url}");
        entry.categories = vec![word, "fin".to_owned()];
        entry.organizer = Some((name.clone(), format!("a{url}@example.org")));
        entry.attendee = Some((name, "b@example.org".to_owned()));

        let text = invitation(Method::Request, &entry);

        assert_well_folded(&text);
        let lines = content_lines(&text);
        prop_assert_eq!(lines.iter().filter(|line| line.starts_with("BEGIN:")).count(), 2);
        prop_assert_eq!(lines.iter().filter(|line| line.starts_with("ATTACH")).count(), 0);
        let calendar = read(&text);
        let events = events(&calendar);
        prop_assert_eq!(events.len(), 1);
        let event = events[0];
        prop_assert_eq!(event.uid(), Some(entry.uid.as_str()));
        prop_assert_eq!(squeezed(&value(event, "SUMMARY")), squeezed(&text::line(&summary)));
        prop_assert_eq!(squeezed(&value(event, "DESCRIPTION")), squeezed(&text::lines(&description)));
        prop_assert_eq!(value(event, "ATTENDEE"), "mailto:b@example.org");
        prop_assert_eq!(values(event, "CATEGORIES").pop(), Some("fin".to_owned()));
        prop_assert_eq!(value(event, "DTSTART"), "2027-04-19T07:00:00Z");
        prop_assert_eq!(value(event, "SEQUENCE"), "2");
    }

    #[test]
    fn folding_changes_no_text(words in prop::collection::vec("[^\\r\\n]{0,200}", 0..6)) {
        let lines: Vec<String> = words.iter().map(|line| line.trim_start().to_owned()).collect();
        let written: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
        prop_assert_eq!(content_lines(&text::refold(&written)), lines);
    }
}
