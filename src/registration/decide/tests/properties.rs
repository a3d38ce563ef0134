//! The decisions against a simple model: any sequence of actions, with time passing between. `PROPTEST_CASES` makes it
//! longer: 1,500 are more than 100,000 actions.

use proptest::prelude::*;

use super::*;
use crate::programme::{Confirm, Rules};

/// What anybody may do, in any order.
#[derive(Debug, Clone)]
enum Action {
    Register {
        person: u8,
        people: i64,
        cause: Cause,
    },
    Again {
        person: u8,
    },
    Cancel {
        person: u8,
    },
    Accept {
        person: u8,
    },
    Confirm {
        person: u8,
    },
    Due,
    Capacity(Option<i64>),
    Hold(i64),
    Close(bool),
    Mode(QueueMode),
    /// Hours from the first moment to the start.
    Move(i64),
    Status(Status),
}

fn action() -> impl Strategy<Value = Action> {
    let cause = prop_oneof![5 => Just(Cause::Form), 1 => Just(Cause::Person), 1 => Just(Cause::Organiser)];
    let mode = prop_oneof![Just(QueueMode::Promote), Just(QueueMode::Offer)];
    let status = prop_oneof![3 => Just(Status::Scheduled), 1 => Just(Status::Cancelled)];
    prop_oneof![
        12 => (0..30_u8, 1..=3_i64, cause)
            .prop_map(|(person, people, cause)| Action::Register { person, people, cause }),
        2 => (0..30_u8).prop_map(|person| Action::Again { person }),
        7 => (0..30_u8).prop_map(|person| Action::Cancel { person }),
        5 => (0..30_u8).prop_map(|person| Action::Accept { person }),
        5 => (0..30_u8).prop_map(|person| Action::Confirm { person }),
        2 => Just(Action::Due),
        2 => proptest::option::of(0..12_i64).prop_map(Action::Capacity),
        2 => (0..4_i64).prop_map(Action::Hold),
        1 => any::<bool>().prop_map(Action::Close),
        1 => mode.prop_map(Action::Mode),
        1 => (24..720_i64).prop_map(Action::Move),
        1 => status.prop_map(Action::Status),
    ]
}

fn rules() -> impl Strategy<Value = Rules> {
    let confirm = prop_oneof![Just(Confirm::Instant), Just(Confirm::Link)];
    let quiet = proptest::option::of(Just(["21:00".to_owned(), "08:00".to_owned()]));
    (confirm, quiet, proptest::option::of(1..48_i64)).prop_map(|(confirm, quiet, offer_hours)| Rules {
        confirm,
        quiet,
        offer_hours,
        ..Rules::default()
    })
}

/// A batch of requests, as they would wait in front of the desk.
fn requests(batch: &[Action], settings: &mut Settings, step: usize) -> Vec<Request> {
    let request = |(at, action): (usize, &Action)| match action {
        Action::Register { person, people, cause } => {
            let order = order(*person, *people, &format!("{step}-{at}"));
            Request::Register(Order { cause: *cause, ..order })
        }
        // A form that is sent twice: the key of the first step.
        Action::Again { person } => Request::Register(order(*person, 1, "0-0")),
        Action::Cancel { person } => Request::Cancel(Cancellation {
            participant: participant(*person).id,
            sessions: None,
            cause: Cause::Person,
        }),
        Action::Accept { person } => {
            Request::Accept(Acceptance { participant: participant(*person).id, session: id(SESSION) })
        }
        Action::Confirm { person } => Request::Confirm(Confirmation {
            participant: participant(*person).id,
            sessions: vec![id(SESSION)],
        }),
        Action::Due => Request::Due(id(SESSION)),
        Action::Capacity(seats) => {
            settings.capacity = *seats;
            Request::Set(settings.clone())
        }
        Action::Hold(seats) => {
            settings.held.insert("partner".to_owned(), *seats);
            Request::Set(settings.clone())
        }
        Action::Close(closed) => {
            settings.registration = if *closed { How::Closed } else { How::Open };
            Request::Set(settings.clone())
        }
        Action::Mode(mode) => {
            settings.queue = *mode;
            Request::Set(settings.clone())
        }
        Action::Move(hours) => {
            settings.starts = now() + TimeDelta::hours(*hours);
            Request::Set(settings.clone())
        }
        Action::Status(status) => {
            settings.status = *status;
            Request::Set(settings.clone())
        }
    };
    batch.iter().enumerate().map(request).collect()
}

/// What may follow what; and only deadlines and links may end a registration that nobody ended.
fn may_follow(change: &Change) -> bool {
    let by_itself = matches!(change.cause, Cause::Deadline | Cause::Unconfirmed);
    match (change.before, change.after) {
        (None, State::Confirmed | State::Waiting | State::Offered) => !by_itself,
        (Some(State::Waiting), State::Confirmed | State::Offered | State::Waiting) => !by_itself,
        (Some(State::Offered), State::Confirmed) => !by_itself,
        (Some(State::Offered), State::Cancelled) => true,
        (Some(State::Waiting), State::Cancelled) => change.cause != Cause::Deadline,
        (Some(State::Confirmed), State::Cancelled) => !by_itself,
        (_, _) => false,
    }
}

proptest! {
    #[test]
    fn the_invariants_hold_after_any_sequence_of_batches(
        capacity in proptest::option::of(0..10_i64),
        rules in rules(),
        mode in prop_oneof![Just(QueueMode::Promote), Just(QueueMode::Offer)],
        batches in proptest::collection::vec((proptest::collection::vec(action(), 1..6), 0..900_i64, any::<bool>()), 1..40),
    ) {
        let mut settings = Settings { queue: mode, ..settings(capacity, 0) };
        let mut store = Store::new(settings.clone());
        store.rules.rules = rules;
        let mut sequence: HashMap<Uuid, i64> = HashMap::new();
        let mut stood: HashMap<Uuid, State> = HashMap::new();
        for (step, (batch, minutes, passes)) in batches.iter().enumerate() {
            let before = store.seat.taken;
            let changes = store.told.len();
            // Half of the batches come in the same minute as those before, with what is due still to be done.
            if *passes {
                store.pass(TimeDelta::minutes(*minutes));
            } else {
                store.now += TimeDelta::minutes(minutes % 3);
            }
            store.ask(&requests(batch, &mut settings, step));
            if store.rules.is_quiet(store.now) || settings.queue == QueueMode::Promote {
                prop_assert_eq!(store.broken(), Vec::<String>::new(), "after {:?}", batch);
            }
            store.pass(TimeDelta::zero());

            prop_assert_eq!(store.broken(), Vec::<String>::new(), "after {:?}", batch);
            let limit = store.seat.settings.capacity.map(|seats| seats - store.seat.settings.held.values().sum::<i64>());
            let lowered = batch.iter().any(|a| matches!(a, Action::Capacity(_) | Action::Hold(_)));
            prop_assert!(
                lowered || limit.is_none_or(|limit| store.seat.taken <= limit.max(before)),
                "oversold: {:?}", store.seat
            );
            for registration in store.registrations.values() {
                let highest = sequence.entry(registration.participant).or_insert(0);
                if registration.state.is_live() {
                    prop_assert!(registration.bumps >= *highest, "a person's SEQUENCE fell");
                }
                *highest = (*highest).max(registration.bumps);
                let late = registration.pending.is_some_and(|pending| pending.deadline <= store.now);
                prop_assert!(!late || settings.status != Status::Scheduled, "held too long: {:?}", registration);
            }
            for change in &store.told[changes..] {
                prop_assert!(may_follow(change), "{:?}", change);
                prop_assert_eq!(stood.insert(change.registration, change.after), change.before);
            }
        }
    }

    #[test]
    fn an_offer_that_is_taken_is_a_seat_and_one_that_is_not_is_gone(
        waiting in 1..8_u8,
        hours in 1..40_i64,
        takes in proptest::collection::vec((any::<bool>(), 0..120_i64), 1..20),
    ) {
        let mut store = Store::new(Settings { queue: QueueMode::Offer, ..settings(Some(1), 0) });
        store.rules.rules.offer_hours = Some(hours);
        (0..=waiting).for_each(|person| store.register(person, 1));
        store.cancel(0);
        for (take, later) in takes {
            let offered = (1..=waiting).find(|person| store.state_of(*person) == Some(State::Offered));
            let Some(person) = offered else { break };
            let deadline = store.live_of(person).unwrap().pending.unwrap().deadline;
            if take {
                store.now += TimeDelta::hours(later);
                let answer = store.accept(person);
                let in_time = store.now < deadline;
                prop_assert_eq!(answer, if in_time { Answer::Accepted } else { Answer::TooLate });
                store.pass(TimeDelta::zero());
                prop_assert_eq!(store.state_of(person), in_time.then_some(State::Confirmed));
                if in_time {
                    prop_assert_eq!(store.accept(person), Answer::Accepted, "twice is once");
                    store.cancel(person);
                }
            } else {
                store.pass(deadline - store.now);
                prop_assert_eq!(store.state_of(person), None);
            }
            prop_assert_eq!(store.broken(), Vec::<String>::new());
        }
    }

    #[test]
    fn a_batch_gives_what_one_by_one_would_have_given(
        capacity in 0..8_i64,
        rules in rules(),
        actions in proptest::collection::vec(action(), 1..30),
    ) {
        let start = |rules: &Rules| {
            let mut store = Store::new(settings(Some(capacity), 0));
            store.rules.rules = rules.clone();
            store
        };
        let mut once = start(&rules);
        once.ask(&requests(&actions, &mut settings(Some(capacity), 0), 0));

        let mut singly = start(&rules);
        for request in requests(&actions, &mut settings(Some(capacity), 0), 0) {
            singly.ask(&[request]);
        }

        let states = |store: &Store| (0..30).map(|person| store.state_of(person)).collect::<Vec<_>>();
        prop_assert_eq!(states(&once), states(&singly));
        prop_assert_eq!(&once.seat, &singly.seat);
    }
}
