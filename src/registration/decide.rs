//! Who gets a seat: pure. The desk reads a [`Snapshot`], decides a whole batch here, and writes the [`Writes`].

mod batch;
mod held;
pub mod limits;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{
    Answer, Cancellation, Cause, Order, Refusal, Request, Settings, State, person::Email, store::SeatRow,
};
use crate::{
    mail::{Kind, Outcome},
    programme::{Registration as How, Status},
};
pub use batch::{
    Change, NewOrder, Notice, NoticeItem, Participant, Registration, Rulebook, Snapshot, Waiting, Writes,
};

/// An address that has everything already is told so at most this often.
const TOLD_AGAIN_AFTER: TimeDelta = TimeDelta::hours(1);

/// Why each session of an order cannot be had; empty where the order can be taken. Full is no reason.
pub fn refusals(seats: &BTreeMap<Uuid, SeatRow>, order: &Order, now: DateTime<Utc>) -> Vec<(Uuid, Refusal)> {
    let refusal = |session: &Uuid| match seats.get(session) {
        Some(seat) if seat.settings.programme == order.programme => {
            refusal(seat, order.cause, now).or_else(|| match &order.held {
                Some(group) => held::gone(seat, group, order.people),
                None => too_large(seat, order.people),
            })
        }
        Some(_) | None => Some(Refusal::Unknown),
    };
    order.sessions.iter().filter_map(|session| Some((*session, refusal(session)?))).collect()
}

/// [`refusals`], and what the order asks too much of by itself.
pub(super) fn refused(snapshot: &Snapshot, order: &Order, now: DateTime<Utc>) -> Vec<(Uuid, Refusal)> {
    let refused = refusals(&snapshot.seats, order, now);
    if refused.is_empty() { limits::alone(snapshot, order) } else { refused }
}

fn refusal(seat: &SeatRow, cause: Cause, now: DateTime<Utc>) -> Option<Refusal> {
    match (seat.settings.status, cause) {
        (Status::Withdrawn, _) => return Some(Refusal::Unknown),
        (Status::Cancelled, _) => return Some(Refusal::Cancelled),
        // Organisers register who calls: also where the form is closed, and while people are arriving.
        (Status::Scheduled, Cause::Organiser) => return None,
        (Status::Scheduled, Cause::Form | Cause::Person | Cause::Queue) => {}
    }
    seat.board().state(now).refusal()
}

/// A group that is larger than the session would wait for ever. One person may always wait: seats that are held
/// back can be given free.
fn too_large(seat: &SeatRow, people: i64) -> Option<Refusal> {
    let seats = seat.settings.capacity?;
    (people > seats.max(1)).then_some(Refusal::TooLarge { seats })
}

/// Decides a batch, request by request in the order of arrival. `snapshot` is changed as seats are given.
pub fn decide(
    snapshot: &mut Snapshot,
    requests: &[Request],
    now: DateTime<Utc>,
    new_id: &mut dyn FnMut() -> Uuid,
) -> (Vec<Answer>, Writes) {
    let mut desk = Desk { snapshot, writes: Writes::default(), now, new_id };
    let answers = requests
        .iter()
        .map(|request| match request {
            Request::Register(order) => desk.register(order),
            Request::Cancel(cancellation) => desk.cancel(cancellation),
            Request::Set(settings) => desk.set(settings),
        })
        .collect();
    (answers, desk.writes)
}

/// False for a group that is larger than the session, since its capacity was lowered: it keeps its turn, and
/// those behind it are served.
fn can_come(seat: &SeatRow, people: i64) -> bool {
    seat.largest().is_none_or(|largest| people <= largest)
}

/// True while the queue of a session is served: not after closing, not once it has begun.
pub fn serves_queue(seat: &Settings, now: DateTime<Utc>) -> bool {
    seat.status == Status::Scheduled
        && seat.timed
        && now < seat.starts
        && seat.registration != How::Closed
        && seat.closes.is_none_or(|closes| now < closes)
}

struct Desk<'d> {
    snapshot: &'d mut Snapshot,
    writes: Writes,
    now: DateTime<Utc>,
    new_id: &'d mut dyn FnMut() -> Uuid,
}

impl Desk<'_> {
    fn register(&mut self, order: &Order) -> Answer {
        let key = (order.programme, order.key.clone());
        if let Some(known) = self.snapshot.orders.get(&key) {
            return Answer::Ordered(*known);
        }
        let refused = refused(self.snapshot, order, self.now);
        if !refused.is_empty() {
            return Answer::Refused(refused);
        }
        let participant = self.participant(&order.email);
        if order.cause == Cause::Person {
            let refused = limits::beside(self.snapshot, order, &participant);
            if !refused.is_empty() {
                return Answer::Refused(refused);
            }
        }
        let mut tally = limits::Tally::of(self.snapshot, order, &participant);
        let id = (self.new_id)();
        let notice = (self.new_id)();
        let mut shown = Vec::with_capacity(order.sessions.len());
        let mut items = Vec::with_capacity(order.sessions.len());
        let mut news = false;
        for session in &order.sessions {
            let place = match order.held {
                Some(_) => None,
                None => self.place_for_a_newcomer(*session, order.people),
            };
            shown.push((*session, place));
            let had = self.snapshot.live.get(&(*session, participant.id)).cloned();
            items.push(match had {
                Some(had) => match self.seat_from_queue(had, order, notice) {
                    Ok(seated) => {
                        news = true;
                        seated
                    }
                    Err(had) => already(&had, &self.snapshot.positions),
                },
                None => {
                    news = true;
                    match tally.refuses(&self.snapshot.seats[session].settings) {
                        Some(outcome) => limits::not_given(order, *session, outcome),
                        None => {
                            tally.add(&self.snapshot.seats[session].settings);
                            self.take(*session, place, order, id, &participant, notice)
                        }
                    }
                }
            });
        }
        self.snapshot.orders.insert(key, id);
        self.writes.orders.push(NewOrder {
            id,
            participant: participant.id,
            order: order.clone(),
            items: shown,
        });
        if news || self.may_tell_again(&participant) {
            self.writes.notices.push(Notice {
                id: notice,
                kind: Kind::Order,
                programme: order.programme,
                participant,
                name: order.name.as_str().to_owned(),
                lang: order.lang,
                items,
            });
        }
        Answer::Ordered(id)
    }

    fn participant(&self, email: &Email) -> Participant {
        // The desk wrote every address of the batch before it decides.
        self.snapshot.participants.get(email.as_str()).cloned().expect("the desk has read this address")
    }

    /// What somebody new would be given: `None` for a seat, or the place in the queue. The same whether or
    /// not the address has the session already (DESIGN.md section 10).
    fn place_for_a_newcomer(&self, session: Uuid, people: i64) -> Option<i64> {
        let seat = &self.snapshot.seats[&session];
        let fits = seat.free().is_none_or(|free| free >= people);
        let comes_before = |waiting: &Waiting| can_come(seat, waiting.registration.people);
        let queued = self.snapshot.queues.get(&session).is_some_and(|queue| queue.iter().any(comes_before));
        (!fits || queued).then_some(seat.waiting + 1)
    }

    fn take(
        &mut self,
        session: Uuid,
        place: Option<i64>,
        order: &Order,
        order_id: Uuid,
        participant: &Participant,
        notice: Uuid,
    ) -> NoticeItem {
        let seat =
            self.snapshot.seats.get_mut(&session).expect("a session that was not refused has a seat row");
        seat.arrivals += 1;
        let state = match place {
            None => {
                seat.taken += order.people;
                held::take(seat, order, &mut self.writes);
                State::Confirmed
            }
            Some(_) => {
                seat.waiting += 1;
                State::Waiting
            }
        };
        let arrival = seat.arrivals;
        let registration = Registration {
            id: (self.new_id)(),
            session,
            participant: participant.id,
            order: order_id,
            state,
            people: order.people,
            arrival,
            // Coming back after a cancellation is one more change of this person's own entry.
            bumps: self.snapshot.past.get(&(session, participant.id)).map_or(0, |past| past + 1),
        };
        let item = NoticeItem {
            session,
            outcome: place.map_or(Outcome::Confirmed, |position| Outcome::Waiting { position }),
            people: order.people,
            bumps: registration.bumps,
        };
        if let (Some(position), Some(queue)) = (place, self.snapshot.queues.get_mut(&session)) {
            self.snapshot.positions.insert(registration.id, position);
            queue.push_back(Waiting { registration: registration.clone(), participant: participant.clone() });
        }
        self.changed(&registration, None, order.cause, participant.email.as_ref().map(|_| notice));
        self.snapshot.live.insert((session, participant.id), registration.clone());
        self.writes.inserted.insert(registration.id, registration);
        item
    }

    fn may_tell_again(&mut self, participant: &Participant) -> bool {
        let now = self.now;
        let known = self.snapshot.participants.values_mut().find(|known| known.id == participant.id);
        let Some(known) = known else { return false };
        if known.told_at.is_some_and(|told| now - told < TOLD_AGAIN_AFTER) {
            return false;
        }
        known.told_at = Some(now);
        self.writes.told.push(participant.id);
        true
    }

    fn cancel(&mut self, cancellation: &Cancellation) -> Answer {
        let Some(participant) = self.snapshot.people.get(&cancellation.participant).cloned() else {
            return Answer::Cancelled(Vec::new());
        };
        let wanted =
            |session: &Uuid| cancellation.sessions.as_ref().is_none_or(|named| named.contains(session));
        let mut given_back: Vec<Registration> = self
            .snapshot
            .live
            .values()
            .filter(|live| live.participant == participant.id && wanted(&live.session))
            .filter(|live| self.may_cancel(live.session, cancellation.cause))
            .cloned()
            .collect();
        given_back.sort_by_key(|registration| registration.session);

        let mut notices: BTreeMap<Uuid, Notice> = BTreeMap::new();
        for registration in &given_back {
            let programme = self.snapshot.seats[&registration.session].settings.programme;
            let notice = notices.entry(programme).or_insert_with(|| Notice {
                id: (self.new_id)(),
                kind: Kind::Cancelled,
                programme,
                name: participant.name.clone(),
                lang: participant.lang,
                participant: participant.clone(),
                items: Vec::new(),
            });
            let told = participant.email.as_ref().map(|_| notice.id);
            notice.items.push(give_back(
                self.snapshot,
                &mut self.writes,
                registration,
                cancellation.cause,
                told,
            ));
        }
        if participant.email.is_some() {
            self.writes.notices.extend(notices.into_values());
        }
        let sessions: Vec<_> = given_back.iter().map(|registration| registration.session).collect();
        for session in &sessions {
            self.serve(*session);
        }
        Answer::Cancelled(sessions)
    }

    fn may_cancel(&self, session: Uuid, cause: Cause) -> bool {
        let Some(seat) = self.snapshot.seats.get(&session) else { return false };
        // What has begun is attended or missed, no longer cancelled.
        cause == Cause::Organiser || self.now < seat.settings.starts || !seat.settings.timed
    }

    fn set(&mut self, settings: &Settings) -> Answer {
        if let Some(seat) = self.snapshot.seats.get_mut(&settings.session) {
            seat.settings = settings.clone();
            self.writes.settings.push(settings.clone());
            self.serve(settings.session);
        }
        Answer::Set
    }

    /// Gives what is free to the first in the queue, in the order of arrival. A group that does not fit is
    /// not overtaken; one that is larger than the session is.
    fn serve(&mut self, session: Uuid) {
        let Some(seat) = self.snapshot.seats.get(&session) else { return };
        if !serves_queue(&seat.settings, self.now) {
            return;
        }
        while let Some(first) = self.next_in_queue(session) {
            let seat = self.snapshot.seats.get_mut(&session).expect("looked at above");
            seat.taken += first.registration.people;
            seat.waiting -= 1;
            self.promote(first);
        }
    }

    /// Takes the first who can come at all out of the queue, if there is room for them now.
    fn next_in_queue(&mut self, session: Uuid) -> Option<Waiting> {
        let seat = self.snapshot.seats.get(&session)?;
        let queue = self.snapshot.queues.get_mut(&session)?;
        let at = queue.iter().position(|waiting| can_come(seat, waiting.registration.people))?;
        let fits = seat.free().is_none_or(|free| free >= queue[at].registration.people);
        if fits { queue.remove(at) } else { None }
    }

    fn promote(&mut self, first: Waiting) {
        let Waiting { mut registration, participant } = first;
        registration.state = State::Confirmed;
        let notice = (self.new_id)();
        let told = participant.email.as_ref().map(|_| notice);
        self.changed(&registration, Some(State::Waiting), Cause::Queue, told);
        self.snapshot.live.insert((registration.session, registration.participant), registration.clone());
        if told.is_some() {
            self.writes.notices.push(Notice {
                id: notice,
                kind: Kind::Promoted,
                programme: self.snapshot.seats[&registration.session].settings.programme,
                name: participant.name.clone(),
                lang: participant.lang,
                participant,
                items: vec![NoticeItem {
                    session: registration.session,
                    outcome: Outcome::Promoted,
                    people: registration.people,
                    bumps: registration.bumps,
                }],
            });
        }
        self.writes.put(registration);
    }

    fn changed(
        &mut self,
        registration: &Registration,
        before: Option<State>,
        cause: Cause,
        notice: Option<Uuid>,
    ) {
        let (registration, after) = (registration.id, registration.state);
        self.writes.changes.push(Change { registration, before, after, cause, notice });
    }
}

fn give_back(
    snapshot: &mut Snapshot,
    writes: &mut Writes,
    registration: &Registration,
    cause: Cause,
    notice: Option<Uuid>,
) -> NoticeItem {
    let seat =
        snapshot.seats.get_mut(&registration.session).expect("live registrations are read with their seat");
    let outcome = if registration.state.holds_seats() {
        seat.taken -= registration.people;
        Outcome::Cancelled
    } else {
        seat.waiting -= 1;
        if let Some(queue) = snapshot.queues.get_mut(&registration.session) {
            queue.retain(|waiting| waiting.registration.id != registration.id);
        }
        Outcome::LeftQueue
    };
    let gone =
        Registration { state: State::Cancelled, bumps: registration.bumps + 1, ..registration.clone() };
    snapshot.live.remove(&(gone.session, gone.participant));
    snapshot.past.insert((gone.session, gone.participant), gone.bumps);
    let item = NoticeItem { session: gone.session, outcome, people: gone.people, bumps: gone.bumps };
    writes.changes.push(Change {
        registration: gone.id,
        before: Some(registration.state),
        after: State::Cancelled,
        cause,
        notice,
    });
    writes.put(gone);
    item
}

fn already(had: &Registration, positions: &HashMap<Uuid, i64>) -> NoticeItem {
    let outcome = if had.state.holds_seats() {
        Outcome::AlreadyConfirmed
    } else {
        Outcome::AlreadyWaiting { position: positions.get(&had.id).copied().unwrap_or(1) }
    };
    NoticeItem { session: had.session, outcome, people: had.people, bumps: had.bumps }
}
