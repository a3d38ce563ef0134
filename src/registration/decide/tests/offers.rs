//! Offers and orders to be confirmed: each case that the docstrings settle.

use super::*;
use crate::programme::Confirm;

fn offering(seats: i64) -> Store {
    Store::new(Settings { queue: QueueMode::Offer, ..settings(Some(seats), 0) })
}

fn by_link(seats: i64) -> Store {
    let mut store = Store::new(settings(Some(seats), 0));
    store.rules.rules.confirm = Confirm::Link;
    store
}

fn states(store: &Store, people: u8) -> Vec<Option<State>> {
    (1..=people).map(|person| store.state_of(person)).collect()
}

const CONFIRMED: Option<State> = Some(State::Confirmed);
const OFFERED: Option<State> = Some(State::Offered);
const WAITING: Option<State> = Some(State::Waiting);

#[test]
fn an_offer_passes_on_at_its_deadline_and_who_missed_it_is_told_and_may_come_again() {
    let mut store = offering(1);
    (1..=3).for_each(|person| store.register(person, 1));
    store.cancel(1);
    assert_eq!(states(&store, 3), [None, OFFERED, WAITING]);
    assert_eq!(store.deadline_of(2), Some(TimeDelta::hours(24)));

    store.pass(TimeDelta::hours(24) - TimeDelta::seconds(1));
    assert_eq!(states(&store, 3), [None, OFFERED, WAITING]);
    store.pass(TimeDelta::seconds(1));

    assert_eq!(states(&store, 3), [None, None, OFFERED]);
    assert_eq!(store.accept(2), Answer::TooLate);
    assert_eq!(store.kinds()[3..], [Kind::Cancelled, Kind::Offered, Kind::Expired, Kind::Offered]);
    store.register(2, 1);
    assert_eq!(states(&store, 3), [None, WAITING, OFFERED]);
    assert_eq!(store.broken(), Vec::<String>::new());
}

#[test]
fn an_offer_that_is_declined_goes_to_the_next_at_once_and_no_entry_is_taken_back() {
    let mut store = offering(1);
    (1..=3).for_each(|person| store.register(person, 1));
    store.cancel(1);

    store.cancel(2);

    assert_eq!(states(&store, 3), [None, None, OFFERED]);
    let outcomes: Vec<_> = store.notices.iter().map(|notice| notice.items[0].outcome).collect();
    assert_eq!(outcomes[5], Outcome::Declined);
}

#[test]
fn a_group_is_offered_all_its_seats_or_none_and_is_not_overtaken() {
    let mut store = offering(3);
    store.register(1, 1);
    store.register(2, 2);
    store.register(3, 2);
    store.register(4, 1);
    store.cancel(1);
    assert_eq!(states(&store, 4), [None, CONFIRMED, WAITING, WAITING], "one seat is free, for two");

    store.cancel(2);

    assert_eq!(states(&store, 4), [None, None, OFFERED, OFFERED]);
    assert_eq!(store.seat.taken, 3);
}

#[test]
fn nothing_is_offered_in_quiet_hours_and_nobody_slips_in_before_the_queue() {
    let mut store = offering(1);
    // It is nine o'clock.
    store.rules.rules.quiet = Some(["08:00".to_owned(), "10:30".to_owned()]);
    (1..=2).for_each(|person| store.register(person, 1));
    store.cancel(1);
    store.register(3, 1);
    assert_eq!(states(&store, 3), [None, WAITING, WAITING]);

    store.pass(TimeDelta::minutes(89));
    assert_eq!(states(&store, 3), [None, WAITING, WAITING]);
    store.pass(TimeDelta::minutes(1));

    assert_eq!(states(&store, 3), [None, OFFERED, WAITING]);
}

#[test]
fn an_open_offer_stands_when_registration_closes_the_mode_changes_or_seats_are_taken_away() {
    let base = || Settings { queue: QueueMode::Offer, ..settings(Some(1), 0) };
    for other in [
        Settings { registration: How::Closed, ..base() },
        Settings { closes: Some(now()), ..base() },
        Settings { queue: QueueMode::Promote, ..base() },
        Settings { capacity: Some(0), ..base() },
    ] {
        let mut store = offering(1);
        (1..=3).for_each(|person| store.register(person, 1));
        store.cancel(1);

        store.ask(&[Request::Set(other)]);
        assert_eq!(store.deadline_of(2), Some(TimeDelta::hours(24)));
        store.now += TimeDelta::hours(23);

        assert_eq!(store.accept(2), Answer::Accepted);
        assert_eq!(states(&store, 3), [None, CONFIRMED, WAITING]);
    }
}

#[test]
fn after_closing_an_offer_that_is_not_taken_passes_on_to_nobody() {
    let closes = Some(now() + TimeDelta::hours(4));
    let mut store = Store::new(Settings { queue: QueueMode::Offer, closes, ..settings(Some(1), 0) });
    (1..=4).for_each(|person| store.register(person, 1));
    store.cancel(1);
    assert_eq!(store.deadline_of(2), Some(TimeDelta::hours(2)));

    store.pass(TimeDelta::hours(2));
    store.pass(TimeDelta::hours(1));
    assert_eq!(states(&store, 4), [None, None, None, OFFERED]);
    store.pass(TimeDelta::hours(1));

    assert_eq!(states(&store, 4), [None; 4]);
    assert_eq!(store.broken(), Vec::<String>::new());
}

#[test]
fn a_session_that_begins_earlier_lowers_the_deadline_and_cancelled_ones_let_nothing_go() {
    let base = || Settings { queue: QueueMode::Offer, ..settings(Some(1), 0) };
    let mut store = offering(1);
    (1..=3).for_each(|person| store.register(person, 1));
    store.cancel(1);

    store.ask(&[Request::Set(Settings { starts: now() + TimeDelta::hours(10), ..base() })]);
    assert_eq!(store.deadline_of(2), Some(TimeDelta::hours(10)));
    store.ask(&[Request::Set(base())]);
    assert_eq!(
        store.deadline_of(2),
        Some(TimeDelta::hours(10)),
        "later again: who was told ten hours knows ten"
    );

    store.ask(&[Request::Set(Settings { status: Status::Cancelled, ..base() })]);
    store.pass(TimeDelta::hours(30));
    assert_eq!(states(&store, 3), [None, OFFERED, WAITING]);
    assert_eq!(store.accept(2), Answer::TooLate);

    store.ask(&[Request::Set(base())]);
    assert_eq!(store.deadline_of(2), Some(TimeDelta::hours(54)), "as if it were offered now");
    assert_eq!(store.accept(2), Answer::Accepted);
    assert_eq!(store.broken(), Vec::<String>::new());
}

#[test]
fn a_seat_that_nobody_confirms_goes_to_the_next_without_a_word() {
    let mut store = by_link(1);
    store.register(1, 1);
    store.register(2, 1);
    assert_eq!(states(&store, 2), [OFFERED, WAITING]);
    assert_eq!(store.confirm(2), Answer::Confirmed(vec![id(SESSION)]));
    assert_eq!((store.state_of(2), store.seat.waiting), (WAITING, 1));

    store.pass(LINK_HOLDS);

    assert_eq!(states(&store, 2), [None, CONFIRMED]);
    assert_eq!(store.kinds(), [Kind::Confirm, Kind::Confirm, Kind::Order, Kind::Promoted]);
    assert_eq!(store.confirm(1), Answer::Confirmed(Vec::new()));
    assert_eq!(store.broken(), Vec::<String>::new());
}

#[test]
fn an_unconfirmed_turn_takes_no_place_and_counts_from_its_confirmation() {
    let mut store = by_link(1);
    store.register(1, 1);
    store.confirm(1);
    store.register(2, 1);
    store.register(3, 1);
    assert_eq!(store.seat.waiting, 0, "nobody can fill a queue with addresses of others");

    store.confirm(3);
    store.confirm(2);
    store.cancel(1);

    assert_eq!(states(&store, 3), [None, WAITING, CONFIRMED]);
    assert_eq!(store.broken(), Vec::<String>::new());
}

#[test]
fn a_turn_that_is_confirmed_when_a_seat_is_free_is_that_seat() {
    let mut store = by_link(1);
    store.register(1, 1);
    store.confirm(1);
    store.register(2, 1);
    store.cancel(1);

    store.confirm(2);

    assert_eq!(store.state_of(2), CONFIRMED);
    assert_eq!(store.notices.last().unwrap().items[0].outcome, Outcome::Confirmed);
}

#[test]
fn who_is_known_by_a_link_or_to_the_organisers_needs_no_confirmation() {
    let mut store = by_link(9);
    store.register(1, 1);
    for (person, cause) in [(1, Cause::Organiser), (2, Cause::Organiser), (3, Cause::Person)] {
        let order = Order { cause, ..order(person, 1, &format!("known-{person}")) };
        store.ask(&[Request::Register(order)]);
    }

    assert_eq!(states(&store, 3), [CONFIRMED; 3], "also what a form had left open");
    assert_eq!(store.seat.taken, 3);
}

#[test]
fn organisers_take_an_offer_for_who_telephones_and_a_form_does_not() {
    let mut store = offering(1);
    (1..=2).for_each(|person| store.register(person, 1));
    store.cancel(1);
    store.register(2, 1);
    assert_eq!(states(&store, 2), [None, OFFERED], "anybody can type an address");

    let order = Order { cause: Cause::Organiser, ..order(2, 1, "telephone") };
    store.ask(&[Request::Register(order)]);

    assert_eq!(states(&store, 2), [None, CONFIRMED]);
    assert_eq!((store.seat.taken, store.broken()), (1, Vec::new()));
}

#[test]
fn a_form_that_is_sent_again_leads_to_what_is_still_to_be_confirmed_and_holds_nothing_longer() {
    let mut store = by_link(9);
    store.register(1, 1);
    store.now += TimeDelta::minutes(20);
    store.register(1, 1);

    assert_eq!(store.kinds(), [Kind::Confirm, Kind::Confirm]);
    assert_eq!(store.deadline_of(1), Some(LINK_HOLDS));
    assert_eq!(store.seat.taken, 1);
    store.pass(TimeDelta::minutes(10));
    assert_eq!(store.state_of(1), None);
}

#[test]
fn somebody_of_a_group_has_its_seat_also_where_their_turn_was_not_confirmed() {
    let mut store = Store::new(settings(Some(2), 1));
    store.rules.rules.confirm = Confirm::Link;
    store.register(1, 1);
    store.register(2, 1);
    store.confirm(1);
    assert_eq!(states(&store, 2), [CONFIRMED, WAITING]);

    let by_telephone =
        Order { cause: Cause::Organiser, held: Some("partner".to_owned()), ..order(2, 1, "t") };
    store.ask(&[Request::Register(by_telephone)]);

    assert_eq!(states(&store, 2), [CONFIRMED, CONFIRMED]);
    assert_eq!((store.seat.taken, store.seat.waiting), (2, 0));
    assert_eq!(store.seat.settings.held["partner"], 0);
    assert_eq!(store.broken(), Vec::<String>::new());
}

/// The mail to this person was written now, and leaves after so long; `None`: not yet.
fn mail(store: &mut Store, person: u8, leaves: Option<TimeDelta>) {
    let (of, written) = (store.live_of(person).unwrap().id, store.now);
    let left = leaves.map(|after| written + after);
    store.journeys.insert(of, Journey { written, left, attempts: 0 });
}

#[test]
fn a_seat_is_held_while_the_mail_with_its_link_waits_for_the_mail_server_and_half_an_hour_more() {
    let mut store = by_link(1);
    store.register(1, 1);
    mail(&mut store, 1, None);

    for _ in 0..3 {
        store.pass(LINK_HOLDS);
        assert_eq!(states(&store, 1), [OFFERED]);
    }
    assert_eq!(store.deadline_of(1), Some(TimeDelta::minutes(120)), "from now on, each time");
    let written = now();
    store.journeys.values_mut().for_each(|journey| journey.left = Some(written + TimeDelta::minutes(110)));
    store.pass(LINK_HOLDS);
    assert_eq!(store.deadline_of(1), Some(TimeDelta::minutes(140)), "half an hour after it left");
    store.pass(TimeDelta::minutes(19));
    assert_eq!(states(&store, 1), [OFFERED]);
    store.pass(TimeDelta::minutes(1));

    assert_eq!(states(&store, 1), [None]);
    assert_eq!((store.kinds(), store.broken()), (vec![Kind::Confirm], Vec::new()));
}

#[test]
fn a_mail_that_left_at_once_or_failed_holds_nothing_longer() {
    for leaves in [Some(Some(TimeDelta::seconds(90))), None] {
        let mut store = by_link(1);
        store.register(1, 1);
        if let Some(leaves) = leaves {
            mail(&mut store, 1, leaves);
        }
        store.pass(LINK_HOLDS);
        assert_eq!(states(&store, 1), [None], "{leaves:?}");
    }
}

#[test]
fn what_nobody_can_have_confirmed_is_held_for_a_day_and_not_past_the_start() {
    let mut far = by_link(1);
    let mut near = Store::new(Settings { starts: now() + TimeDelta::minutes(100), ..settings(Some(1), 0) });
    near.rules.rules.confirm = Confirm::Link;
    for store in [&mut far, &mut near] {
        store.register(1, 1);
        mail(store, 1, None);
    }

    let held = |store: &mut Store| {
        while store.state_of(1).is_some() {
            store.pass(TimeDelta::minutes(10));
            assert!(store.deadline_of(1).is_none_or(|until| until <= store.seat.settings.starts - now()));
        }
        store.now - now()
    };
    assert_eq!(held(&mut far), TimeDelta::days(1));
    assert_eq!(held(&mut near), TimeDelta::minutes(100));
}

#[test]
fn an_offer_of_which_nobody_can_know_yet_holds_as_one_that_is_made_when_its_mail_leaves() {
    let mut store = offering(1);
    (1..=3).for_each(|person| store.register(person, 1));
    store.cancel(1);
    mail(&mut store, 2, None);

    store.pass(TimeDelta::hours(24));
    assert_eq!(states(&store, 3), [None, OFFERED, WAITING]);
    assert_eq!(store.deadline_of(2), Some(TimeDelta::hours(48)));
    let left = now() + TimeDelta::hours(30);
    store.journeys.values_mut().for_each(|journey| journey.left = Some(left));
    store.pass(TimeDelta::hours(24));
    assert_eq!(store.deadline_of(2), Some(TimeDelta::hours(54)));
    assert_eq!(store.accept(2), Answer::Accepted);

    store.seat.settings.starts = store.now + TimeDelta::hours(4);
    store.cancel(2);
    mail(&mut store, 3, None);
    while store.state_of(3).is_some() {
        store.pass(TimeDelta::minutes(10));
    }
    assert_eq!(store.now, store.seat.settings.starts, "never past the start");
    assert_eq!(store.broken(), Vec::<String>::new());
}

#[test]
fn a_mail_that_its_address_refuses_holds_nothing_longer_unless_it_leaves_in_time() {
    let refused = |store: &mut Store, person| {
        mail(store, person, None);
        store.journeys.values_mut().for_each(|journey| journey.attempts = 5);
    };
    let mut invented = by_link(1);
    invented.register(1, 1);
    refused(&mut invented, 1);
    invented.pass(LINK_HOLDS);
    assert_eq!(states(&invented, 1), [None], "for ever with 450");

    let mut queue = offering(1);
    (1..=3).for_each(|person| queue.register(person, 1));
    queue.cancel(1);
    refused(&mut queue, 2);
    queue.pass(TimeDelta::hours(24));
    assert_eq!(states(&queue, 3), [None, None, OFFERED], "the next has waited long enough");

    let mut grey = by_link(1);
    grey.register(1, 1);
    refused(&mut grey, 1);
    let left = now() + TimeDelta::minutes(20);
    grey.journeys.values_mut().for_each(|journey| journey.left = Some(left));
    grey.pass(LINK_HOLDS);
    assert_eq!(grey.deadline_of(1), Some(TimeDelta::minutes(50)), "a list that is grey at first");
    for store in [invented, queue, grey] {
        assert_eq!(store.broken(), Vec::<String>::new());
    }
}
