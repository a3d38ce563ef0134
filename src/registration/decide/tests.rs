//! The cases that hurt others (field notes, section 3), against a database of one session in memory.

mod offers;
mod properties;

use std::collections::{BTreeMap, HashMap, VecDeque};

use chrono::{DateTime, TimeDelta, TimeZone as _, Utc};
use uuid::Uuid;

use super::*;
use crate::{
    locale::Lang,
    mail::outbox::Journey,
    programme::{QueueMode, Registration as How, Status},
    registration::{
        Acceptance, Confirmation, Pending,
        person::{Email, Name},
        store::SeatRow,
    },
};

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2027, 3, 1, 9, 0, 0).unwrap()
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

const PROGRAMME: u128 = 1;
const SESSION: u128 = 2;

pub(super) fn settings(capacity: Option<i64>, held: i64) -> Settings {
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
        code: None,
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
        contact: Email::parse(&format!("p{person}@example.org")).unwrap().into(),
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
    now: DateTime<Utc>,
    rules: Rulebook,
    /// Of registrations whose mail is said to have one.
    journeys: HashMap<Uuid, Journey>,
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
            now: now(),
            rules: Rulebook::default(),
            journeys: HashMap::new(),
        }
    }

    /// What the desk would read for these requests.
    fn snapshot(&self, requests: &[Request]) -> Snapshot {
        let people: Vec<_> = (0..=40).map(participant).collect();
        let mut waiting: Vec<_> = self.waiting().collect();
        waiting.sort_by_key(|registration| registration.arrival);
        let with_person = |registration: &Registration| Waiting {
            registration: registration.clone(),
            participant: people.iter().find(|p| p.id == registration.participant).unwrap().clone(),
        };
        let queue: VecDeque<_> = waiting.iter().map(|registration| with_person(registration)).collect();
        let asks_due = requests.iter().any(|request| matches!(request, Request::Due(_)));
        let is_late = |r: &&Registration| r.pending.is_some_and(|pending| pending.deadline <= self.now);
        let late = self.registrations.values().filter(|r| asks_due && is_late(r));
        let key = |r: &Registration| (r.session, r.participant);
        let mut past = HashMap::new();
        for over in self.registrations.values().filter(|r| !r.state.is_live()) {
            let bumps: &mut i64 = past.entry(key(over)).or_default();
            *bumps = (*bumps).max(over.bumps);
        }
        Snapshot {
            elsewhere: HashMap::new(),
            seats: BTreeMap::from([(id(SESSION), self.seat.clone())]),
            rules: HashMap::from([(id(PROGRAMME), self.rules.clone())]),
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
            due: HashMap::from([(id(SESSION), late.map(with_person).collect())]),
            journeys: self.journeys.clone(),
        }
    }

    fn ask(&mut self, requests: &[Request]) -> Vec<Answer> {
        let mut snapshot = self.snapshot(requests);
        let ids = &mut self.ids;
        let mut new_id = || {
            *ids += 1;
            id(*ids)
        };
        let (answers, writes) = decide(&mut snapshot, requests, self.now, &mut new_id);
        self.seat = snapshot.seats.remove(&id(SESSION)).unwrap();
        for deadlines in &writes.deadlines {
            for registration in self.registrations.values_mut() {
                registration.pending = registration.pending.map(|pending| deadlines.moved(pending));
            }
        }
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

    fn waiting(&self) -> impl Iterator<Item = &Registration> {
        self.registrations.values().filter(|r| r.state == State::Waiting && r.pending.is_none())
    }

    fn accept(&mut self, person: u8) -> Answer {
        let acceptance = Acceptance { participant: participant(person).id, session: id(SESSION) };
        self.ask(&[Request::Accept(acceptance)]).remove(0)
    }

    fn confirm(&mut self, person: u8) -> Answer {
        let confirmation = Confirmation { participant: participant(person).id, sessions: vec![id(SESSION)] };
        self.ask(&[Request::Confirm(confirmation)]).remove(0)
    }

    /// Time passes, and what is due is done, as it is each second.
    fn pass(&mut self, time: TimeDelta) {
        self.now += time;
        self.ask(&[Request::Due(id(SESSION))]);
    }

    fn live_of(&self, person: u8) -> Option<&Registration> {
        let of_person = |r: &&Registration| r.participant == participant(person).id && r.state.is_live();
        self.registrations.values().find(of_person)
    }

    fn deadline_of(&self, person: u8) -> Option<TimeDelta> {
        Some(self.live_of(person)?.pending?.deadline - now())
    }

    fn kinds(&self) -> Vec<Kind> {
        self.notices.iter().map(|notice| notice.kind).collect()
    }

    fn state_of(&self, person: u8) -> Option<State> {
        self.live_of(person).map(|registration| registration.state)
    }

    /// The invariants of DESIGN.md section 8, in words; empty where they hold.
    fn broken(&self) -> Vec<String> {
        let mut broken = Vec::new();
        let live = |state: State| self.registrations.values().filter(move |r| r.state == state);
        let holds = || live(State::Confirmed).chain(live(State::Offered));
        let taken: i64 = holds().map(|registration| registration.people).sum();
        let waiting = self.waiting().count();
        if (taken, waiting) != (self.seat.taken, usize::try_from(self.seat.waiting).unwrap()) {
            broken.push(format!("1: counted {taken} and {waiting}, the row says {:?}", self.seat));
        }
        let largest = self.seat.largest();
        let can_come =
            |registration: &&Registration| largest.is_none_or(|largest| registration.people <= largest);
        let first = self.waiting().filter(can_come).min_by_key(|registration| registration.arrival);
        if let Some(first) = first
            && self.seat.free().is_none_or(|free| free >= first.people)
            && serves_queue(&self.seat.settings, self.now)
            && !(self.seat.settings.queue == QueueMode::Offer && self.rules.is_quiet(self.now))
        {
            broken.push("2: somebody waits while a seat is free".to_owned());
        }
        // A group that was larger than the session for a while has rightly been passed.
        let alone = self.waiting().filter(|registration| registration.people == 1);
        if let Some(first) = alone.min_by_key(|registration| registration.arrival)
            && holds().any(|registration| registration.arrival > first.arrival)
        {
            broken.push("3: somebody was overtaken".to_owned());
        }
        let mut people: Vec<_> = self.registrations.values().filter(|r| r.state.is_live()).collect();
        people.sort_by_key(|registration| registration.participant);
        if people.windows(2).any(|pair| pair[0].participant == pair[1].participant) {
            broken.push("4: somebody has two live registrations".to_owned());
        }
        let notices: Vec<_> = self.notices.iter().map(|notice| notice.id).collect();
        let untold = |change: &Change| change.notice.is_none_or(|told| !notices.contains(&told));
        if self.told.iter().any(|change| untold(change) && change.cause != Cause::Unconfirmed) {
            broken.push("5: a change that nobody was told".to_owned());
        }
        for registration in self.registrations.values() {
            let fits = match (registration.state, registration.pending) {
                (State::Offered, Some(Pending { deadline, .. })) => deadline <= self.seat.settings.starts,
                (State::Waiting, Some(Pending { awaits, .. })) => awaits == crate::registration::Awaits::Link,
                (State::Confirmed | State::Waiting | State::Cancelled, None) => true,
                (State::Offered, None) | (State::Confirmed | State::Cancelled, Some(_)) => false,
            };
            if !fits {
                broken.push(format!("a deadline is missing, or stands where none belongs: {registration:?}"));
            }
        }
        broken
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
    let mut snapshot = store.snapshot(&[]);

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
