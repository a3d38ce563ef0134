//! Schedules of others.

use super::*;

#[test]
fn a_frab_event_is_the_same_session_under_another_title_and_another_day() {
    let xml = |title: &str, day: &str| {
        format!(
            "<schedule><conference><title>C</title><time_zone_name>Europe/Paris</time_zone_name></conference>\
             <day date='{day}'><room name='A'><event id='7' guid='7a0fc001-e587-47e1-b378-b6ec7e666337'>\
             <start>23:30</start><duration>01:00</duration><title>{title}</title><track>T &amp; U</track>\
             <description>a&#0;b &lt;p&gt;x&lt;/p&gt;</description></event></room></day></schedule>"
        )
    };
    let first = run(None, &one("s.xml", &xml("Un", "2027-04-19")), Format::FrabXml);
    let session = &first.draft.sessions[0].session;
    assert_eq!((session.slug.as_str(), session.description.as_str()), ("un-00-7a0fc001", "ab\n\nx"));
    assert_eq!(session.end, NaiveDate::from_ymd_opt(2027, 4, 20).unwrap().and_hms_opt(0, 30, 0));
    assert_eq!(first.draft.themes[0].title, "T & U");
    assert_eq!(first.draft.programme.timezone, Tz::Europe__Paris);

    let second = run(Some(&first.draft), &one("s.xml", &xml("Autre", "2027-04-20")), Format::FrabXml);
    assert_eq!((counts(&second), second.missing.len()), ((0, 1, 0), 0));
    assert_eq!(second.draft.sessions[0].session.slug, "un-00-7a0fc001");
    assert_eq!(second.draft.sessions[0].session.title, "Autre");
}

#[test]
fn an_event_after_midnight_is_on_the_date_that_it_says_else_in_the_night_after_its_day() {
    let xml = |inside: &str| {
        format!(
            "<schedule><conference><day_change>04:00</day_change></conference><day date='2027-04-19'><room name='A'>\
             <event id='1'><title>Nuit</title><start>00:30</start><duration>01:00</duration>{inside}</event></room></day></schedule>"
        )
    };
    let day = |xml: &str| run(None, &one("s.xml", xml), Format::FrabXml).draft.sessions[0].session.date;
    assert_eq!(day(&xml("")), NaiveDate::from_ymd_opt(2027, 4, 20).unwrap());
    assert_eq!(
        day(&xml("<date>2027-04-20T00:30:00+02:00</date>")),
        NaiveDate::from_ymd_opt(2027, 4, 20).unwrap()
    );
}

#[test]
fn wrong_schedules_are_said_where_they_are_wrong() {
    assert_eq!(
        refused(
            &one(
                "s.xml",
                "<schedule>\n<day date='2027-04-19'>\n<event id='4'><title> </title><start>x</start></event>\n<event id='5'><title>T</title><start>25:00</start></event></day></schedule>"
            ),
            Format::FrabXml
        ),
        [
            "s.xml:3: event 4 title \"\": is empty; it needs 1 to 300 characters",
            "s.xml:4: event 5 start \"25:00\": is no time; it is 10:30",
        ]
    );
    assert_eq!(
        refused(&one("s.xml", "<schedule><day><event>"), Format::FrabXml),
        ["s.xml: ends too soon: <event> is never closed; is the file whole?"]
    );
    assert_eq!(
        refused(&one("s.xml", "<rss/>"), Format::FrabXml),
        ["s.xml:1: is XML and no schedule: its root must be <schedule>"]
    );
    assert_eq!(
        refused(&one("s.json", "{}"), Format::FrabJson),
        ["s.json: is JSON and no schedule: it has no schedule.conference"]
    );
}
