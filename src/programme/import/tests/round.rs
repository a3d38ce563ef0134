//! What an exporter writes by the contract comes back without a difference.
//!
//! The writer here is the contract read a second time, so that reader and writer are not one mistake.

use chrono::{NaiveDateTime, NaiveTime};
use proptest::option;

use super::*;

/// The public CSV has no `join_url`.
pub(super) fn written(draft: &Draft, separator: u8) -> String {
    let mut writer = ::csv::WriterBuilder::new().delimiter(separator).from_writer(Vec::new());
    writer.write_record(HEAD.split(',').filter(|name| *name != "join_url")).unwrap();
    for session in &draft.sessions {
        writer.write_record(row(session).iter().map(|cell| guarded(cell))).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

fn row(DraftSession { session, live }: &DraftSession) -> Vec<String> {
    let moment =
        |at: Option<NaiveDateTime>| at.map(|at| at.format("%Y-%m-%dT%H:%M").to_string()).unwrap_or_default();
    let end = session.end.map(|end| match end.date() == session.date {
        true => end.format("%H:%M").to_string(),
        false => end.format("%Y-%m-%d %H:%M").to_string(),
    });
    vec![
        session.slug.clone(),
        session.title.clone(),
        session.theme.clone().unwrap_or_default(),
        bars(session.formats.iter().map(|format| format.code())),
        session.date.to_string(),
        session.start.map(|start| start.format("%H:%M").to_string()).unwrap_or_default(),
        end.unwrap_or_default(),
        bars(session.languages.iter().map(String::as_str)),
        session.place.clone().unwrap_or_default(),
        if session.online { "true".to_owned() } else { String::new() },
        match live.capacity {
            Capacity::Rule => String::new(),
            Capacity::Unlimited => "unlimited".to_owned(),
            Capacity::Seats(seats) => seats.to_string(),
        },
        match &live.registration {
            Registration::Open => "open".to_owned(),
            Registration::Closed => "closed".to_owned(),
            Registration::Invitation => "invitation".to_owned(),
            Registration::None => "none".to_owned(),
            Registration::External(url) => url.clone(),
        },
        bars(session.hosts.iter().map(String::as_str)),
        bars(session.speakers.iter().map(String::as_str)),
        session.r#abstract.clone(),
        session.description.clone(),
        bars(session.tags.iter().map(String::as_str)),
        bars(session.access.iter().map(Access::code)),
        if session.status == Status::Cancelled { "cancelled".to_owned() } else { String::new() },
        moment(live.opens),
        moment(live.closes),
        match live.queue {
            None => String::new(),
            Some(QueueMode::Promote) => "promote".to_owned(),
            Some(QueueMode::Offer) => "offer".to_owned(),
        },
        bars(
            live.held
                .iter()
                .map(|(group, seats)| format!("{group}:{seats}"))
                .collect::<Vec<_>>()
                .iter()
                .map(String::as_str),
        ),
        session.text_language.clone().unwrap_or_default(),
    ]
}

fn bars<'a>(values: impl Iterator<Item = &'a str>) -> String {
    values.map(|value| value.replace('|', "\\|")).collect::<Vec<_>>().join("|")
}

fn guarded(cell: &str) -> String {
    if cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

fn words() -> impl Strategy<Value = String> {
    "[=+@'#*é«»\"|,;:a-z0-9🙂-]{1,12}( [a-zé|\",;-]{1,8}){0,3}"
        .prop_filter("no bar after a backslash", |text| !text.contains('\\'))
}

fn lines() -> impl Strategy<Value = String> {
    "([=+@'*é\"|,;a-z0-9-]{1,9}[ \\n\\t]{0,2}){0,6}".prop_map(|text| text.trim().to_owned())
}

fn moment() -> impl Strategy<Value = NaiveDateTime> {
    // May: no clock changes then.
    (1u32..31, 0u32..24, 0u32..60).prop_map(|(day, hour, minute)| {
        NaiveDate::from_ymd_opt(2027, 5, day).unwrap().and_hms_opt(hour, minute, 0).unwrap()
    })
}

prop_compose! {
    fn public()(
        title in words(),
        begins in moment(),
        start in option::of(Just(())),
        minutes in option::of(0i64..4000),
        online in any::<bool>(),
        formats in proptest::sample::subsequence(Kind::ALL.to_vec(), 1..4),
        languages in proptest::sample::subsequence(vec!["fr", "en", "de-ch", "gsw"], 0..3),
        speakers in proptest::collection::vec(words(), 0..3),
        access in proptest::sample::subsequence(Access::KNOWN.to_vec(), 0..3),
        short in lines(),
        long in lines(),
        is_cancelled in any::<bool>(),
    ) -> Session {
        let start: Option<NaiveTime> = start.map(|()| begins.time());
        let from = begins.date().and_time(start.unwrap_or_default());
        Session {
            title: title.trim().to_owned(),
            formats,
            date: begins.date(),
            start,
            end: minutes.map(|minutes| from + chrono::TimeDelta::minutes(minutes)),
            languages: languages.into_iter().map(str::to_owned).collect(),
            online,
            tags: speakers.clone(),
            speakers,
            r#abstract: short,
            description: long,
            access,
            status: if is_cancelled { Status::Cancelled } else { Status::Scheduled },
            ..merge::blank("ete".to_owned(), Uuid::from_u128(1)).session
        }
    }
}

prop_compose! {
    fn live()(
        capacity in prop_oneof![Just(Capacity::Rule), Just(Capacity::Unlimited), (0i64..500).prop_map(Capacity::Seats)],
        registration in prop_oneof![
            Just(Registration::Open),
            Just(Registration::Closed),
            Just(Registration::Invitation),
            Just(Registration::None),
            Just(Registration::External("https://example.org/x?a=b|c".to_owned())),
        ],
        opens in option::of(moment()),
        queue in option::of(prop_oneof![Just(QueueMode::Promote), Just(QueueMode::Offer)]),
        held in proptest::collection::btree_map("[a-z]{1,5}(:[a-z|]{1,3})?", 0i64..9, 0..3),
    ) -> Live {
        Live { join_url: Some("https://example.org/join".to_owned()), capacity, registration, opens, closes: None, queue, held }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_session_comes_back_as_it_was(session in public(), live in live(), separator in prop_oneof![Just(b','), Just(b';')]) {
        let mut draft = csv(None, "slug,title,date\nete,x,2027-05-01\n").draft;
        draft.sessions = vec![DraftSession { session, live }];
        let text = written(&draft, separator);
        let again = csv(Some(&draft), &text);
        prop_assert_eq!(&again.draft.sessions, &draft.sessions, "{}", text);
        prop_assert_eq!(counts(&again), (0, 0, 0));
    }
}
