use chrono::TimeZone as _;

use super::{
    report::{FILL_CLASSES, Part, Share, percent, report},
    *,
};
use crate::{exchange::sample, registration::attendance};

fn at(day: u32, hour: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2027, 3, day, hour, 0, 0).unwrap()
}

fn row(person: u128, session: Uuid, made: DateTime<Utc>) -> Row {
    Row {
        participant_id: Uuid::from_u128(person),
        session_id: session,
        state: State::Confirmed,
        created_at: made,
        changed_at: made,
        language: "fr".to_owned(),
        cause: None,
    }
}

fn ended(row: Row, cause: Cause, at: DateTime<Utc>) -> Row {
    Row { state: State::Cancelled, cause: Some(cause), changed_at: at, ..row }
}

fn count(release: &Release, rows: &[Row]) -> Counted {
    let mut counter = Counter::of(release);
    rows.iter().for_each(|row| counter.add(row));
    counter.counted()
}

#[test]
fn people_are_counted_once_and_what_was_never_confirmed_not_at_all() {
    let release = sample::release();
    let (a, b) = (release.sessions[0].id, release.sessions[1].id);
    let english = Row { language: "en".to_owned(), ..row(1, b, at(2, 9)) };
    let counted = count(
        &release,
        &[
            english,
            row(1, a, at(1, 9)),
            ended(row(2, a, at(1, 9)), Cause::Person, at(3, 9)),
            ended(row(3, a, at(1, 9)), Cause::Unconfirmed, at(3, 9)),
            ended(row(2, b, at(1, 9)), Cause::Deadline, at(3, 9)),
        ],
    );

    assert_eq!((counted.all.people, counted.all.seated), (2, 1));
    assert_eq!(counted.all.languages, BTreeMap::from([("en".to_owned(), 1), ("fr".to_owned(), 1)]));
    let days: Vec<_> = counted.all.days.values().map(|day| (day.made, day.gone)).collect();
    assert_eq!(days, [(3, 0), (1, 0), (0, 2)]);
    assert_eq!(counted.sessions[&a].made, 2);
    assert_eq!(counted.sessions[&a].gone, BTreeMap::from([(Ending::Person, 1)]));
    assert_eq!(counted.sessions[&b].gone, BTreeMap::from([(Ending::Deadline, 1)]));
}

#[test]
fn a_day_is_the_programme_s_own_and_a_row_bears_the_same_when_it_is_read_back() {
    let release = sample::release();
    let late = row(1, release.sessions[0].id, at(1, 23));
    let counted = count(&release, &[ended(late, Cause::Organiser, at(2, 22))]);

    // In Zurich it is past midnight.
    let days: Vec<_> = counted.all.days.keys().map(ToString::to_string).collect();
    assert_eq!(days, ["2027-03-02"]);
    let json = serde_json::to_string(&counted).unwrap();
    assert_eq!(serde_json::from_str::<Counted>(&json).unwrap(), counted);
    assert_eq!(serde_json::from_str::<Counted>("{}").unwrap(), Counted::default());
}

#[test]
fn a_programme_is_counted_again_when_something_has_changed_and_some_time_has_passed() {
    let seconds = |n| Some(at(1, 9) + TimeDelta::seconds(n));
    let last = |registrations| When { counted_at: at(1, 9), release_number: 3, registrations };
    let due = |last: Option<When>, release, touched: Option<DateTime<Utc>>, now: Option<DateTime<Utc>>| {
        is_due(last.as_ref(), release, touched, now.unwrap())
    };

    assert!(due(None, 1, None, seconds(0)), "the first time");
    assert!(due(Some(last(0)), 4, None, seconds(0)), "other hosts");
    assert!(!due(Some(last(0)), 2, None, seconds(100)), "another process knows a newer release");
    assert!(!due(Some(last(0)), 3, seconds(1), seconds(4)) && due(Some(last(0)), 3, seconds(1), seconds(5)));
    assert!(due(Some(last(0)), 3, seconds(-29), seconds(5)), "what was on its way when it was counted");
    assert!(!due(Some(last(0)), 3, seconds(-31), seconds(100)), "nothing is new");
    assert!(!due(Some(last(100_000)), 3, seconds(1), seconds(54)));
    assert!(due(Some(last(100_000)), 3, seconds(1), seconds(55)));
}

#[test]
fn the_report_of_a_partner_has_their_own_sessions_alone() {
    let mut release = sample::release();
    let host = release.organisations[0].slug.clone();
    for (at, session) in release.sessions.iter_mut().enumerate() {
        session.session.hosts = if at == 0 { vec![host.clone()] } else { Vec::new() };
    }
    let (a, b) = (release.sessions[0].id, release.sessions[1].id);
    let rows = [row(1, a, at(1, 9)), row(1, b, at(1, 9)), row(2, b, at(1, 9))];
    let counted = (at(1, 10), count(&release, &rows));
    let came =
        BTreeMap::from([(a, attendance::Figures { registered: 1, present: 1, absent: 0, walk_in: 2 })]);
    let published = Published::new(Uuid::from_u128(1), release);
    let board = HashMap::new();

    let all = report(&published, &board, &came, Some(&counted), None);
    let own = report(&published, &board, &came, Some(&counted), Some(&host));
    let nobody = report(&published, &board, &came, Some(&counted), Some("nope"));

    assert_eq!((all.people, all.sums.made, all.sums.marked), (2, 3, 1));
    assert_eq!((own.people, own.sums.made, own.sums.came.walk_in), (1, 1, 2));
    assert_eq!(own.partners.len(), 1);
    assert_eq!((nobody.people, nobody.sessions.len()), (0, 0));
    assert_eq!(all.fills, [0; FILL_CLASSES]);
    assert_eq!(report(&published, &board, &came, None, None).counted_at, None);
}

#[test]
fn who_is_one_of_a_few_is_not_told_and_cannot_be_reckoned() {
    let published = Published::new(Uuid::from_u128(1), sample::release());
    let told_of = |part: Part, of: &[(&str, i64)]| {
        let languages = of.iter().map(|(code, people)| ((*code).to_owned(), *people)).collect();
        let all = Scope { languages, ..Scope::default() };
        let counted = (at(1, 10), Counted { all, ..Counted::default() });
        let report = report(&published, &HashMap::new(), &BTreeMap::new(), Some(&counted), None);
        report.without_the_few(part).languages.into_iter().map(|(_, share)| share).collect::<Vec<_>>()
    };

    let told = |of: &[(&str, i64)]| told_of(Part::Whole, of);

    assert_eq!(told(&[("fr", 90), ("en", 5)]), [Share::People(90), Share::People(5)]);
    assert_eq!(told(&[("fr", 90), ("en", 4)]), [Share::Withheld, Share::Few]);
    let three = told(&[("fr", 90), ("en", 40), ("it", 1)]);
    assert_eq!(three, [Share::People(90), Share::Withheld, Share::Few]);
    let four = told(&[("fr", 90), ("en", 40), ("it", 1), ("de", 1)]);
    assert_eq!(four, [Share::People(90), Share::Withheld, Share::Few, Share::Few]);
    assert_eq!(told(&[("fr", 6), ("en", 4)]), [Share::Withheld, Share::Few]);
    for reckoned in [
        // Who is told the sum knows that the larger is five at least.
        &[("fr", 5), ("en", 1)][..],
        &[("fr", 8), ("en", 1)],
        &[("fr", 5), ("en", 4)],
        &[("fr", 1)],
        &[("fr", 4), ("en", 4)],
        &[("fr", 4), ("en", 4), ("it", 4), ("de", 4)],
        &[("fr", 5), ("en", 1), ("it", 1), ("de", 1), ("es", 1), ("pt", 1)],
        &[],
    ] {
        assert_eq!(told(reckoned), [], "{reckoned:?}");
    }
    assert_eq!(told_of(Part::Organisation, &[("fr", 90), ("en", 50)]), [], "the whole is told, less these");
}

#[test]
fn percents_are_rounded() {
    assert_eq!(
        [(1, 3), (2, 3), (1, 2), (3, 2)].map(|(a, b)| percent(a, b)),
        [Some(33), Some(67), Some(50), Some(150)]
    );
    assert_eq!(percent(1, 0), None);
}
