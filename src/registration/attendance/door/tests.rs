use proptest::{collection::vec, prelude::*};

use super::*;
use crate::registration::State;

fn id(number: u8) -> Uuid {
    Uuid::from_u128(u128::from(number) + 1)
}

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
}

/// When the door opens, and what time it is.
const OPENS: i64 = 10;
const NOW: i64 = 60;

fn registered(number: u8, people: i64) -> Registered {
    Registered {
        id: id(number),
        participant_id: Uuid::from_u128(1_000 + u128::from(number)),
        email: Some(format!("personne-{number}@example.org")),
        code: None,
        state: State::Confirmed,
        people,
        attended: None,
        attended_at: None,
    }
}

fn mark(number: u8, came: Option<i64>, minute: i64) -> Mark {
    Mark { registration: id(number), came, made_at: at(minute) }
}

/// The registrations after these marks.
fn after(known: &[Registered], marks: &[Mark]) -> Vec<Registered> {
    let settled = settle(known, marks, at(OPENS), at(NOW));
    let is = |one: &Registered| match settled.iter().find(|settled| settled.registration == one.id) {
        Some(now) => Registered { attended: now.came, attended_at: Some(now.at), ..one.clone() },
        None => one.clone(),
    };
    known.iter().map(is).collect()
}

fn attended(known: &[Registered]) -> Vec<Option<i64>> {
    known.iter().map(|one| one.attended).collect()
}

#[test]
fn the_mark_that_was_made_last_counts_whoever_sends_it_first() {
    let known = [registered(0, 1), registered(1, 3)];
    // One telephone has seen both; the other, without network, has taken the first back since.
    let here = [mark(0, Some(1), 20), mark(1, Some(2), 21)];
    let there = [mark(0, None, 30)];

    let one_way = after(&after(&known, &here), &there);
    let other_way = after(&after(&known, &there), &here);

    assert_eq!(attended(&one_way), [None, Some(2)]);
    assert_eq!(one_way, other_way);
}

#[test]
fn a_mark_from_a_clock_that_is_wrong_is_made_between_the_opening_and_now() {
    let known = [registered(0, 1)];
    let early = after(&known, &[mark(0, Some(1), -500)]);
    let late = after(&known, &[mark(0, Some(1), 5_000)]);

    assert_eq!((early[0].attended_at, late[0].attended_at), (Some(at(OPENS)), Some(at(NOW))));
    assert_eq!(made_at(at(NOW), -5), at(NOW));
    assert_eq!(made_at(at(NOW), 60_000), at(NOW - 1));
    assert_eq!(made_at(at(NOW), i64::MAX), at(NOW) - AGE_MAX);
}

#[test]
fn nobody_is_more_people_than_they_said_and_nobody_speaks_for_who_was_erased() {
    let erased = Registered { email: None, ..registered(1, 2) };
    let known = [registered(0, 2), erased];

    let now = after(&known, &[mark(0, Some(9), 20), mark(1, Some(1), 20), mark(7, Some(1), 20)]);

    assert_eq!(attended(&now), [Some(2), None]);
}

fn marks() -> impl Strategy<Value = Vec<Mark>> {
    let one = (0..4_u8, prop::option::of(0..4_i64), 0..80_i64);
    vec(one.prop_map(|(number, came, minute)| mark(number, came, minute)), 0..24)
}

proptest! {
    #[test]
    fn marks_lead_to_the_same_end_in_any_order_in_any_pieces_and_however_often_they_come(
        marks in marks(),
        order in vec(any::<prop::sample::Index>(), 0..48),
        piece in 1..6_usize,
    ) {
        let known: Vec<_> = (0..4).map(|number| registered(number, i64::from(number) + 1)).collect();
        let at_once = after(&known, &marks);

        // Some of them any number of times, then all of them.
        let mut sent: Vec<Mark> = Vec::new();
        if !marks.is_empty() {
            sent.extend(order.iter().map(|index| *index.get(&marks)));
        }
        sent.extend(marks.iter().rev());
        let in_pieces = sent.chunks(piece).fold(known.clone(), |known, some| after(&known, some));

        prop_assert_eq!(&at_once, &in_pieces);
        prop_assert_eq!(&after(&at_once, &marks), &at_once, "again");
        prop_assert!(settle(&at_once, &marks, at(OPENS), at(NOW)).is_empty(), "nothing is left to be written");
        for one in &at_once {
            prop_assert!(one.attended.is_none_or(|came| (0..=one.people).contains(&came)));
            prop_assert!(one.attended_at.is_none_or(|time| time >= at(OPENS) && time <= at(NOW)));
        }
    }
}
