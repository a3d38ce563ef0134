//! Who gets a seat: pure. The desk reads a [`Snapshot`], decides a whole batch here, and writes the [`Writes`].

mod batch;
mod cancel;
mod confirm;
mod held;
pub mod limits;
mod offers;
mod organiser;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use self::confirm::may_settle;
use super::{
    Answer, Cancellation, Cause, Order, Promoted, Promotion, Refusal, Request, Seats, Settings, State,
    Transfer, Transferred, contact::Contact, store::SeatRow,
};
use crate::{
    mail::{Kind, Outcome},
    programme::{Registration as How, Status},
};
pub use batch::{
    Change, Deadlines, NewOrder, Notice, NoticeItem, Participant, Registration, Rulebook, Snapshot, Waiting,
    Writes,
};
pub use confirm::{LINK_HOLDS, standing};

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
        (
            Status::Scheduled,
            Cause::Form | Cause::Person | Cause::Queue | Cause::Deadline | Cause::Unconfirmed,
        ) => {}
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
            Request::Accept(acceptance) => desk.accept(*acceptance),
            Request::Confirm(confirmation) => desk.confirm(confirmation),
            Request::Transfer(transfer) => desk.transfer(*transfer),
            Request::Promote(promotion) => desk.promote(*promotion),
            Request::Due(session) => desk.due(*session),
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

/// A form that is being taken.
struct Form<'o> {
    order: &'o Order,
    id: Uuid,
    participant: Participant,
    /// The mail that answers it.
    notice: Uuid,
    /// True where the mail's link must be confirmed first.
    by_link: bool,
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
        let participant = self.participant(&order.contact);
        if order.cause == Cause::Person {
            let refused = limits::beside(self.snapshot, order, &participant);
            if !refused.is_empty() {
                return Answer::Refused(refused);
            }
        }
        let mut tally = limits::Tally::of(self.snapshot, order.programme, order.cause, &participant);
        let form = Form {
            order,
            id: (self.new_id)(),
            notice: (self.new_id)(),
            by_link: self.needs_link(order),
            participant,
        };
        let mut shown = Vec::with_capacity(order.sessions.len());
        let mut items = Vec::with_capacity(order.sessions.len());
        let mut news = false;
        for session in &order.sessions {
            let place = match order.held {
                Some(_) => None,
                None => self.place_for_a_newcomer(*session, order.people),
            };
            shown.push((*session, place));
            let (item, is_news) = self.one(&form, *session, place, &mut tally);
            items.push(item);
            news |= is_news;
        }
        self.snapshot.orders.insert(key, form.id);
        self.writes.orders.push(NewOrder {
            id: form.id,
            participant: form.participant.id,
            order: order.clone(),
            items: shown,
            confirm_by: form.by_link.then(|| self.now + LINK_HOLDS),
        });
        let id = form.id;
        if news || self.may_tell_again(&form.participant) {
            self.answer_form(form, items);
        }
        Answer::Ordered(id)
    }

    /// One session of a form: what became of it, and whether that is news to the person.
    fn one(
        &mut self,
        form: &Form<'_>,
        session: Uuid,
        place: Option<i64>,
        tally: &mut limits::Tally,
    ) -> (NoticeItem, bool) {
        let Form { order, participant, notice, .. } = form;
        let had = self.snapshot.live.get(&(session, participant.id)).cloned();
        let is_theirs = had.as_ref().is_some_and(|had| !confirm::awaits_link(had));
        let settings = &self.snapshot.seats[&session].settings;
        if !is_theirs && let Some(outcome) = tally.refuses(settings) {
            return (limits::not_given(session, order.people, outcome), true);
        }
        match had {
            Some(had) => match self.seat_from_queue(had, order, *notice) {
                Ok(seated) => (seated, true),
                Err(had) if !form.by_link && may_settle(order, &had) => {
                    if !is_theirs {
                        tally.add(&self.snapshot.seats[&session].settings);
                    }
                    (self.settle(had, order.cause, participant.email.as_ref().map(|_| *notice)), true)
                }
                Err(had) => (already(&had, &self.snapshot.positions), false),
            },
            None => {
                tally.add(settings);
                (self.take(form, session, place), true)
            }
        }
    }

    fn answer_form(&mut self, form: Form<'_>, items: Vec<NoticeItem>) {
        let confirms = items.iter().any(|item| item.outcome.is_to_confirm()).then_some(form.id);
        self.writes.notices.push(Notice {
            id: form.notice,
            kind: if confirms.is_some() { Kind::Confirm } else { Kind::Order },
            programme: form.order.programme,
            participant: form.participant,
            name: form.order.name.as_str().to_owned(),
            lang: form.order.lang,
            items,
            confirms,
        });
    }

    fn participant(&self, contact: &Contact) -> Participant {
        // The desk wrote every person of the batch before it decides.
        self.snapshot.participants.get(contact.key()).cloned().expect("the desk has read this person")
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

    fn take(&mut self, form: &Form<'_>, session: Uuid, place: Option<i64>) -> NoticeItem {
        let Form { order, participant, .. } = form;
        let seat =
            self.snapshot.seats.get_mut(&session).expect("a session that was not refused has a seat row");
        seat.arrivals += 1;
        let (arrival, starts) = (seat.arrivals, seat.settings.starts);
        let pending = self.link_of(order, starts);
        let seat = self.snapshot.seats.get_mut(&session).expect("looked at above");
        let state = match (place, pending) {
            (None, None) => State::Confirmed,
            (None, Some(_)) => State::Offered,
            (Some(_), _) => State::Waiting,
        };
        if place.is_none() {
            seat.taken += order.people;
            held::take(seat, order, &mut self.writes);
        } else if pending.is_none() {
            seat.waiting += 1;
        }
        let registration = Registration {
            id: (self.new_id)(),
            session,
            participant: participant.id,
            order: form.id,
            state,
            people: order.people,
            arrival,
            // Coming back after a cancellation is one more change of this person's own entry.
            bumps: self.snapshot.past.get(&(session, participant.id)).map_or(0, |past| past + 1),
            pending,
        };
        let item = NoticeItem {
            session,
            outcome: match (place, pending) {
                (_, Some(_)) => standing(&registration, 0),
                (None, None) => Outcome::Confirmed,
                (Some(position), None) => Outcome::Waiting { position },
            },
            people: order.people,
            bumps: registration.bumps,
        };
        if let (Some(position), None) = (place, pending) {
            self.line_up(&registration, participant, position);
        }
        self.changed(&registration, None, order.cause, participant.email.as_ref().map(|_| form.notice));
        self.snapshot.live.insert((session, participant.id), registration.clone());
        self.writes.inserted.insert(registration.id, registration);
        item
    }

    fn line_up(&mut self, registration: &Registration, participant: &Participant, position: i64) {
        self.snapshot.positions.insert(registration.id, position);
        if let Some(queue) = self.snapshot.queues.get_mut(&registration.session) {
            queue.push_back(Waiting { registration: registration.clone(), participant: participant.clone() });
        }
    }

    /// True at most once an hour a person: a mail that brings nothing new.
    fn may_tell_again(&mut self, participant: &Participant) -> bool {
        let now = self.now;
        let Snapshot { participants, people, .. } = &mut *self.snapshot;
        let rows = participants.values_mut().chain(people.values_mut());
        let mut rows: Vec<_> = rows.filter(|known| known.id == participant.id).collect();
        let lately = |told: DateTime<Utc>| now - told < TOLD_AGAIN_AFTER;
        if rows.is_empty() || rows.iter().any(|known| known.told_at.is_some_and(lately)) {
            return false;
        }
        rows.iter_mut().for_each(|known| known.told_at = Some(now));
        self.writes.told.push(participant.id);
        true
    }

    fn set(&mut self, settings: &Settings) -> Answer {
        if let Some(seat) = self.snapshot.seats.get_mut(&settings.session) {
            let was = std::mem::replace(&mut seat.settings, settings.clone());
            self.writes.settings.push(settings.clone());
            self.keep_deadlines(&was, settings);
            self.serve(settings.session);
        }
        Answer::Set
    }

    /// Gives what is free to the first in the queue, in the order of arrival, or offers it to them. A group that does
    /// not fit is not overtaken; one that is larger than the session is.
    fn serve(&mut self, session: Uuid) {
        let Some(seat) = self.snapshot.seats.get(&session) else { return };
        if !serves_queue(&seat.settings, self.now) {
            return;
        }
        let Some(turn) = self.turn(&seat.settings) else { return };
        while let Some(first) = self.next_in_queue(session) {
            let seat = self.snapshot.seats.get_mut(&session).expect("looked at above");
            seat.taken += first.registration.people;
            seat.waiting -= 1;
            self.give(first, turn);
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

fn already(had: &Registration, positions: &HashMap<Uuid, i64>) -> NoticeItem {
    let outcome = standing(had, positions.get(&had.id).copied().unwrap_or(1));
    NoticeItem { session: had.session, outcome, people: had.people, bumps: had.bumps }
}
