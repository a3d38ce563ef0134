//! The decisions against a simple model, and the cases that hurt others (field notes, section 3).

use std::collections::{BTreeMap, HashMap, VecDeque};

use chrono::{DateTime, TimeDelta, TimeZone as _, Utc};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{
    locale::Lang,
    programme::{QueueMode, Registration as How, Status},
    registration::{person::Name, store::SeatRow},
};

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2027, 3, 1, 9, 0, 0).unwrap()
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

const PROGRAMME: u128 = 1;
const SESSION: u128 = 2;

fn settings(capacity: Option<i64>, held: i64) -> Settings {
    Settings {
        session: id(SESSION),
        programme: id(PROGRAMME),
        capacity,
        held: BTreeMap::from([("partner".to_owned(), held)]),
        registration: How::Open,
        opens: None,
        closes: None,
        queue: QueueMode::Promote,
        join_url: None,
        starts: now() + TimeDelta::days(30),
        ends: None,
        timed: true,
        status: Status::Scheduled,
    }
}

fn row(settings: Settings) -> SeatRow {
    SeatRow { settings, taken: 0, waiting: 0, arrivals: 0, touched: now() }
}

fn participant(person: u8) -> Participant {
    Participant {
        id: id(1_000 + u128::from(person)),
        email: Some(format!("p{person}@example.org")),
        name: format!("P{person}"),
        lang: Lang::Fr,
        agenda_version: 1,
        feed_version: 1,
        told_at: None,
    }
}

fn order(person: u8, people: i64, key: &str) -> Order {
    Order {
        programme: id(PROGRAMME),
        key: key.to_owned(),
        email: Email::parse(&format!("p{person}@example.org")).unwrap(),
        name: Name::parse("Ana").unwrap(),
        people,
        organisation: String::new(),
        access_needs: String::new(),
        lang: Lang::Fr,
        sessions: vec![id(SESSION)],
        cause: Cause::Form,
        held: None,
    }
}

/// A database of one session in memory: reads a snapshot and keeps what was written, as the desk does.
struct Store {
    seat: SeatRow,
    registrations: BTreeMap<Uuid, Registration>,
    orders: HashMap<(Uuid, String), Uuid>,
    told: Vec<Change>,
    notices: Vec<Notice>,
    ids: u128,
}

impl Store {
    fn new(settings: Settings) -> Store {
        Store {
            seat: row(settings),
            registrations: BTreeMap::new(),
            orders: HashMap::new(),
            told: Vec::new(),
            notices: Vec::new(),
            ids: 10_000,
        }
    }

    fn snapshot(&self) -> Snapshot {
        let people: Vec<_> = (0..=40).map(participant).collect();
        let mut waiting: Vec<_> = self.registrations.values().filter(|r| r.state == State::Waiting).collect();
        waiting.sort_by_key(|registration| registration.arrival);
        let queue: VecDeque<_> = waiting
            .iter()
            .map(|registration| Waiting {
                registration: (*registration).clone(),
                participant: people.iter().find(|p| p.id == registration.participant).unwrap().clone(),
            })
            .collect();
        let key = |r: &Registration| (r.session, r.participant);
        let mut past = HashMap::new();
        for over in self.registrations.values().filter(|r| !r.state.is_live()) {
            let bumps: &mut i64 = past.entry(key(over)).or_default();
            *bumps = (*bumps).max(over.bumps);
        }
        Snapshot {
            elsewhere: HashMap::new(),
            seats: BTreeMap::from([(id(SESSION), self.seat.clone())]),
            rules: HashMap::from([(id(PROGRAMME), Rulebook::default())]),
            participants: people.iter().map(|p| (p.email.clone().unwrap(), p.clone())).collect(),
            orders: self.orders.clone(),
            live: self
                .registrations
                .values()
                .filter(|r| r.state.is_live())
                .map(|r| (key(r), r.clone()))
                .collect(),
            past,
            positions: waiting.iter().zip(1..).map(|(registration, at)| (registration.id, at)).collect(),
            queues: HashMap::from([(id(SESSION), queue)]),
            people: people.iter().map(|p| (p.id, p.clone())).collect(),
        }
    }

    fn ask(&mut self, requests: &[Request]) -> Vec<Answer> {
        let mut snapshot = self.snapshot();
        let ids = &mut self.ids;
        let mut new_id = || {
            *ids += 1;
            id(*ids)
        };
        let (answers, writes) = decide(&mut snapshot, requests, now(), &mut new_id);
        self.seat = snapshot.seats.remove(&id(SESSION)).unwrap();
        for registration in writes.updated.into_values().chain(writes.inserted.into_values()) {
            self.registrations.insert(registration.id, registration);
        }
        for new in &writes.orders {
            self.orders.insert((new.order.programme, new.order.key.clone()), new.id);
        }
        self.told.extend(writes.changes);
        self.notices.extend(writes.notices);
        answers
    }

    fn register(&mut self, person: u8, people: i64) {
        self.ids += 1;
        let key = format!("k{}", self.ids);
        self.ask(&[Request::Register(order(person, people, &key))]);
    }

    fn cancel(&mut self, person: u8) {
        let cancellation =
            Cancellation { participant: participant(person).id, sessions: None, cause: Cause::Person };
        self.ask(&[Request::Cancel(cancellation)]);
    }

    fn state_of(&self, person: u8) -> Option<State> {
        let of_person = |r: &&Registration| r.participant == participant(person).id && r.state.is_live();
        self.registrations.values().find(of_person).map(|registration| registration.state)
    }

    /// The invariants of DESIGN.md section 8, in words; empty where they hold.
    fn broken(&self) -> Vec<String> {
        let mut broken = Vec::new();
        let live = |state: State| self.registrations.values().filter(move |r| r.state == state);
        let taken: i64 = live(State::Confirmed).map(|registration| registration.people).sum();
        let waiting = live(State::Waiting).count();
        if (taken, waiting) != (self.seat.taken, usize::try_from(self.seat.waiting).unwrap()) {
            broken.push(format!("1: counted {taken} and {waiting}, the row says {:?}", self.seat));
        }
        let largest = self.seat.largest();
        let can_come =
            |registration: &&Registration| largest.is_none_or(|largest| registration.people <= largest);
        let first = live(State::Waiting).filter(can_come).min_by_key(|registration| registration.arrival);
        if let Some(first) = first
            && self.seat.free().is_none_or(|free| free >= first.people)
            && serves_queue(&self.seat.settings, now())
        {
            broken.push("2: somebody waits while a seat is free".to_owned());
        }
        // A group that was larger than the session for a while has rightly been passed.
        let alone = live(State::Waiting).filter(|registration| registration.people == 1);
        if let Some(first) = alone.min_by_key(|registration| registration.arrival)
            && live(State::Confirmed).any(|registration| registration.arrival > first.arrival)
        {
            broken.push("3: somebody was overtaken".to_owned());
        }
        let mut people: Vec<_> = self.registrations.values().filter(|r| r.state.is_live()).collect();
        people.sort_by_key(|registration| registration.participant);
        if people.windows(2).any(|pair| pair[0].participant == pair[1].participant) {
            broken.push("4: somebody has two live registrations".to_owned());
        }
        let notices: Vec<_> = self.notices.iter().map(|notice| notice.id).collect();
        if self.told.iter().any(|change| change.notice.is_none_or(|told| !notices.contains(&told))) {
            broken.push("5: a change that nobody was told".to_owned());
        }
        broken
    }
}

/// What anybody may do, in any order.
#[derive(Debug, Clone)]
enum Action {
    Register { person: u8, people: i64 },
    Again { person: u8 },
    Cancel { person: u8 },
    Capacity(Option<i64>),
    Hold(i64),
    Close(bool),
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        6 => (0..30_u8, 1..=3_i64).prop_map(|(person, people)| Action::Register { person, people }),
        1 => (0..30_u8).prop_map(|person| Action::Again { person }),
        4 => (0..30_u8).prop_map(|person| Action::Cancel { person }),
        1 => proptest::option::of(0..12_i64).prop_map(Action::Capacity),
        1 => (0..4_i64).prop_map(Action::Hold),
        1 => any::<bool>().prop_map(Action::Close),
    ]
}

/// A batch of requests, as they would wait in front of the desk.
fn requests(batch: &[Action], settings: &mut Settings, step: usize) -> Vec<Request> {
    let request = |(at, action): (usize, &Action)| match action {
        Action::Register { person, people } => {
            Request::Register(order(*person, *people, &format!("{step}-{at}")))
        }
        // A form that is sent twice: the key of the first step.
        Action::Again { person } => Request::Register(order(*person, 1, "0-0")),
        Action::Cancel { person } => Request::Cancel(Cancellation {
            participant: participant(*person).id,
            sessions: None,
            cause: Cause::Person,
        }),
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
    };
    batch.iter().enumerate().map(request).collect()
}

proptest! {
    #[test]
    fn the_invariants_hold_after_any_sequence_of_batches(
        capacity in proptest::option::of(0..10_i64),
        batches in proptest::collection::vec(proptest::collection::vec(action(), 1..6), 1..40),
    ) {
        let mut settings = settings(capacity, 0);
        let mut store = Store::new(settings.clone());
        let mut sequence: HashMap<Uuid, i64> = HashMap::new();
        for (step, batch) in batches.iter().enumerate() {
            let before = store.seat.taken;
            store.ask(&requests(batch, &mut settings, step));

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
            }
        }
    }

    #[test]
    fn a_batch_gives_what_one_by_one_would_have_given(
        capacity in 0..8_i64,
        actions in proptest::collection::vec(action(), 1..30),
    ) {
        let mut once = Store::new(settings(Some(capacity), 0));
        once.ask(&requests(&actions, &mut settings(Some(capacity), 0), 0));

        let mut singly = Store::new(settings(Some(capacity), 0));
        for request in requests(&actions, &mut settings(Some(capacity), 0), 0) {
            singly.ask(&[request]);
        }

        let states = |store: &Store| (0..30).map(|person| store.state_of(person)).collect::<Vec<_>>();
        prop_assert_eq!(states(&once), states(&singly));
        prop_assert_eq!(&once.seat, &singly.seat);
    }
}

#[test]
fn who_leaves_gives_the_seat_to_the_first_and_not_to_the_newest() {
    let mut store = Store::new(settings(Some(1), 0));
    store.register(1, 1);
    store.register(2, 1);
    store.register(3, 1);

    store.cancel(1);

    let states = [1, 2, 3].map(|person| store.state_of(person));
    assert_eq!(states, [None, Some(State::Confirmed), Some(State::Waiting)]);
}

#[test]
fn a_group_that_does_not_fit_is_not_overtaken() {
    let mut store = Store::new(settings(Some(3), 0));
    store.register(1, 3);
    store.register(2, 2);
    store.register(3, 1);
    let one_seat = Settings { capacity: Some(4), ..settings(Some(4), 0) };

    store.ask(&[Request::Set(one_seat)]);
    store.register(4, 1);

    let states = [2, 3, 4].map(|person| store.state_of(person));
    assert_eq!(states, [Some(State::Waiting); 3], "one seat is free, and the group of two is first");

    store.ask(&[Request::Set(Settings { capacity: Some(6), ..settings(Some(6), 0) })]);
    let states = [2, 3, 4].map(|person| store.state_of(person));
    assert_eq!(states, [Some(State::Confirmed), Some(State::Confirmed), Some(State::Waiting)]);
}

#[test]
fn nobody_is_promoted_after_closing_or_once_it_has_begun() {
    for closed in [
        Settings { registration: How::Closed, ..settings(Some(1), 0) },
        Settings { closes: Some(now()), ..settings(Some(1), 0) },
        Settings { starts: now(), ..settings(Some(1), 0) },
        Settings { status: Status::Cancelled, ..settings(Some(1), 0) },
    ] {
        let mut store = Store::new(settings(Some(1), 0));
        store.register(1, 1);
        store.register(2, 1);
        store.ask(&[Request::Set(Settings { capacity: Some(2), ..closed })]);
        assert_eq!(store.state_of(2), Some(State::Waiting));
    }
}

#[test]
fn a_capacity_lowered_below_what_is_taken_throws_nobody_out() {
    let mut store = Store::new(settings(Some(3), 0));
    (1..=3).for_each(|person| store.register(person, 1));

    store.ask(&[Request::Set(settings(Some(1), 0))]);
    store.register(4, 1);
    store.cancel(1);

    assert_eq!([2, 3].map(|person| store.state_of(person)), [Some(State::Confirmed); 2]);
    assert_eq!(store.state_of(4), Some(State::Waiting), "two are still in one seat");
}

#[test]
fn an_address_that_has_the_session_is_shown_what_a_stranger_would_be_and_told_the_truth() {
    let mut store = Store::new(settings(Some(1), 0));
    store.register(1, 1);
    let mut snapshot = store.snapshot();

    let (_, writes) = decide(&mut snapshot, &[Request::Register(order(1, 1, "again"))], now(), &mut || id(7));

    assert_eq!(writes.orders[0].items, [(id(SESSION), Some(1))], "as anybody: the session is full");
    assert_eq!(writes.notices[0].items[0].outcome, Outcome::AlreadyConfirmed);
    assert_eq!((writes.inserted.len(), writes.changes.len()), (0, 0), "nothing is doubled");

    let (_, writes) = decide(&mut snapshot, &[Request::Register(order(1, 1, "more"))], now(), &mut || id(8));
    assert_eq!(writes.notices, [], "at most one an hour");
}

#[test]
fn one_closed_session_refuses_the_whole_order() {
    let mut store = Store::new(Settings { registration: How::Closed, ..settings(Some(1), 0) });

    let answers = store.ask(&[Request::Register(order(1, 1, "k"))]);

    assert_eq!(answers, [Answer::Refused(vec![(id(SESSION), Refusal::Closed)])]);
    assert_eq!(store.registrations.len(), 0);
}

#[test]
fn coming_back_raises_the_persons_sequence_above_the_cancellation() {
    let mut store = Store::new(settings(Some(1), 0));
    store.register(1, 1);
    store.cancel(1);
    store.register(1, 1);

    let bumps: Vec<_> = store.notices.iter().map(|notice| notice.items[0].bumps).collect();
    assert_eq!(bumps, [0, 1, 2]);
}

#[test]
fn a_group_that_is_larger_than_the_session_is_refused_and_blocks_nobody() {
    let mut store = Store::new(settings(Some(4), 0));
    let answers = store.ask(&[Request::Register(order(1, 5, "k"))]);
    assert_eq!(answers, [Answer::Refused(vec![(id(SESSION), Refusal::TooLarge { seats: 4 })])]);

    store.register(2, 4);
    store.register(3, 3);
    store.register(4, 1);
    store.ask(&[Request::Set(settings(Some(2), 0))]);
    store.cancel(2);

    let states = [3, 4].map(|person| store.state_of(person));
    assert_eq!(states, [Some(State::Waiting), Some(State::Confirmed)], "three can never come into two seats");
    store.ask(&[Request::Set(settings(Some(4), 0))]);
    assert_eq!(store.state_of(3), Some(State::Confirmed), "and come first once there is room again");
}

#[test]
fn who_comes_and_goes_in_one_batch_leaves_the_seat_to_who_came_between() {
    let mut store = Store::new(settings(Some(1), 0));
    let leave = Cancellation { participant: participant(1).id, sessions: None, cause: Cause::Person };

    store.ask(&[
        Request::Register(order(1, 1, "a")),
        Request::Register(order(2, 1, "b")),
        Request::Cancel(leave),
    ]);

    assert_eq!([1, 2].map(|person| store.state_of(person)), [None, Some(State::Confirmed)]);
}
