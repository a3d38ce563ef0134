//! Any draft that an importer can have made is written and read back as it was.

use std::collections::HashSet;

use chrono::{NaiveTime, TimeDelta};
use parvis::{
    exchange::csv::{Dialect, full_csv},
    programme::{
        Access, Capacity, DraftSession, Format as Kind, Live, QueueMode, Registration, RegistrationTime,
        Status,
    },
};
use proptest::prelude::*;

use super::*;
use crate::builders::{first_day, miso, session};

/// One line that is not empty: signs that mean something to a reader of tables, and any others.
fn line() -> impl Strategy<Value = String> {
    let text = prop_oneof![
        "['=+@|\\\\\";,:a -]{1,10}",
        "'{0,3}[=+@-]\\PC{0,20}",
        "\\PC{1,40}",
        "[\u{202e}\u{200f}\u{feff}\u{1F600}نص é]{1,8}",
    ];
    text.prop_map(|text| text.trim().to_owned()).prop_filter("is empty", |text| !text.is_empty())
}

/// Lines as the importer keeps them.
fn lines() -> impl Strategy<Value = String> {
    let text = proptest::collection::vec(prop_oneof![line(), "[ \t'=-]{0,4}"], 0..4);
    text.prop_map(|lines| lines.join("\n").trim_end().trim_start_matches('\n').to_owned())
}

fn list() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec(line(), 0..4)
}

fn live() -> impl Strategy<Value = Live> {
    let capacity = prop_oneof![
        Just(Capacity::Rule),
        Just(Capacity::Unlimited),
        (0_i64..=1_000_000).prop_map(Capacity::Seats)
    ];
    let registration = prop_oneof![
        Just(Registration::Open),
        Just(Registration::Closed),
        Just(Registration::Invitation),
        Just(Registration::None),
        Just(Registration::External("https://example.org/a|b?c=\"d\",e;f".to_owned())),
    ];
    let minutes = (0_i64..60_000, 0_i64..9_000);
    let moments = minutes.prop_map(|(opens, length)| {
        let opens = first_day().and_time(NaiveTime::MIN) - TimeDelta::days(40) + TimeDelta::minutes(opens);
        // Summer time skips this hour, and the importer refuses it.
        [opens, opens + TimeDelta::minutes(length)]
            .map(|at| if at.to_string().starts_with("2027-03-28 02") { at + TimeDelta::hours(1) } else { at })
    });
    let moments = (moments, any::<(bool, bool)>()).prop_map(|([opens, closes], (no_opens, no_closes))| {
        let at = RegistrationTime::At;
        ((!no_opens).then_some(at(opens)), (!no_closes).then_some(at(closes.max(opens))))
    });
    let spans = (1_u16..30, 1_u16..24, any::<bool>()).prop_map(|(days, hours, minutes)| {
        let closes = if minutes {
            RegistrationTime::MinutesBefore(hours)
        } else {
            RegistrationTime::HoursBefore(hours)
        };
        (Some(RegistrationTime::DaysBefore(days + 1)), Some(closes))
    });
    let moments = prop_oneof![3 => moments, 1 => spans];
    let queue = prop_oneof![Just(None), Just(Some(QueueMode::Promote)), Just(Some(QueueMode::Offer))];
    let held = proptest::collection::btree_map(line(), 0_i64..1_000, 0..3);
    let join_url = proptest::option::of(Just("https://visio.example.org/x?y=1".to_owned()));
    (join_url, capacity, registration, moments, queue, held).prop_map(
        |(join_url, capacity, registration, (opens, closes), queue, held)| Live {
            join_url,
            capacity,
            registration,
            opens,
            closes,
            queue,
            held,
        },
    )
}

fn any_session() -> impl Strategy<Value = DraftSession> {
    let texts = (line(), lines(), lines(), list(), list(), list());
    let times = (0_i64..25, proptest::option::of(0_u32..24 * 60), proptest::option::of(0_i64..4_000));
    let kinds = proptest::sample::subsequence(Kind::ALL.to_vec(), 1..3);
    (texts, times, kinds, live(), any::<(bool, bool)>()).prop_map(|(texts, times, kinds, live, flags)| {
        let mut made = session("une-session", 1);
        let it = &mut made.session;
        let (title, intro, description, speakers, tags, access) = texts;
        (it.title, it.r#abstract, it.description) = (title, intro, description);
        (it.speakers, it.tags, it.formats) = (speakers, tags, kinds);
        // The importer takes each of them once.
        let mut seen = HashSet::new();
        it.access = access.into_iter().filter(|one| seen.insert(one.clone())).map(Access::from).collect();
        let (day, start, length) = times;
        it.date = first_day() + TimeDelta::days(day);
        let minute = |minute: u32| NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).unwrap();
        it.start = start.map(minute);
        let begins = it.date.and_time(it.start.unwrap_or_default());
        it.end = length.map(|length| begins + TimeDelta::minutes(length));
        (it.online, it.status) = (flags.0, if flags.1 { Status::Cancelled } else { Status::Scheduled });
        made.live = live;
        made
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_draft_is_the_same_after_its_way_through_csv(sessions in proptest::collection::vec(any_session(), 1..3), excel: bool) {
        let mut draft = miso(sessions);
        for (number, session) in draft.sessions.iter_mut().enumerate() {
            session.session.slug = format!("session-{number}");
        }
        let dialect = if excel { Dialect::Excel } else { Dialect::Plain };

        let again = take(Some(&draft), &one("sessions.csv", full_csv(&draft, dialect)), "miso");

        prop_assert_eq!(counts(&again), (0, 0, 0));
        prop_assert_eq!(again.draft, draft);
    }
}
