//! Optional double opt-in (`rules.confirm = "link"`): what a form asks for is the person's once the link in the mail is
//! opened and confirmed.
//!
//! A free seat is held for half an hour. Where the session is full, the turn in the queue begins with the confirmation:
//! until then the row counts nowhere, takes no place from anybody, and goes after the same half hour. So nobody can
//! fill a session, or the front of its queue, with the addresses of others. Who comes by their own page, or through the
//! organisers, is known already and needs no link.
//!
//! Where the mail itself was held up, and not refused, the half hour counts from the moment when it left
//! ([`super::offers`]).

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{
    Desk, Notice, NoticeItem, Participant, Registration,
    limits::{self, Tally},
};
use crate::{
    mail::{Kind, Outcome},
    programme::Confirm,
    registration::{Answer, Awaits, Cause, Confirmation, Order, Pending, State},
};

/// How long a seat is held until the link in the mail is opened.
pub const LINK_HOLDS: TimeDelta = TimeDelta::minutes(30);

/// The longest that a seat is held while its mail waits for the mail server: the address may be nobody's.
pub const LINK_HOLDS_MOST: TimeDelta = TimeDelta::days(1);

/// Where a registration stands that was there before, as a mail says it. `position` is that of who waits.
pub fn standing(had: &Registration, position: i64) -> Outcome {
    match (had.state, had.pending) {
        (State::Offered, Some(Pending { awaits: Awaits::Link, deadline })) => {
            Outcome::SeatToConfirm { until: deadline }
        }
        (State::Offered, _) => Outcome::AlreadyOffered,
        (State::Waiting, Some(Pending { deadline, .. })) => Outcome::TurnToConfirm { until: deadline },
        (State::Waiting, None) => Outcome::AlreadyWaiting { position },
        (State::Confirmed | State::Cancelled, _) => Outcome::AlreadyConfirmed,
    }
}

/// True where this order, which needs no link itself, is as good as what was awaited: who is let in by their own page,
/// or telephones, takes what was offered to them, too.
pub(super) fn may_settle(order: &Order, had: &Registration) -> bool {
    awaits_link(had) || (had.pending.is_some() && order.cause != Cause::Form)
}

/// True where the link in the mail has not been confirmed: nobody knows yet whether the person wants it.
pub(super) fn awaits_link(registration: &Registration) -> bool {
    registration.pending.is_some_and(|pending| pending.awaits == Awaits::Link)
}

impl Desk<'_> {
    /// True for an order that anybody could have typed, where the programme wants more.
    pub(super) fn needs_link(&self, order: &Order) -> bool {
        let rule = self.snapshot.rules.get(&order.programme).map(|book| book.rules.confirm);
        order.cause == Cause::Form && rule.unwrap_or_default() == Confirm::Link
    }

    /// What a registration of this order awaits.
    pub(super) fn link_of(&self, order: &Order, starts: DateTime<Utc>) -> Option<Pending> {
        let deadline = (self.now + LINK_HOLDS).min(starts);
        self.needs_link(order).then_some(Pending { awaits: Awaits::Link, deadline })
    }

    /// All that awaits the link in these sessions, at once and in one mail.
    pub(super) fn confirm(&mut self, confirmation: &Confirmation) -> Answer {
        let Some(person) = self.snapshot.people.get(&confirmation.participant).cloned() else {
            return Answer::Confirmed(Vec::new());
        };
        let mut awaiting: Vec<Registration> = confirmation
            .sessions
            .iter()
            .filter_map(|session| self.snapshot.live.get(&(*session, person.id)))
            .filter(|live| awaits_link(live) && self.is_in_time(live))
            .cloned()
            .collect();
        awaiting.sort_by_key(|live| (self.snapshot.seats[&live.session].settings.starts, live.session));
        awaiting.dedup_by_key(|live| live.session);
        let told = person.email.as_ref().map(|_| (self.new_id)());
        let (mut sessions, mut items) = (Vec::new(), Vec::new());
        let mut tally = awaiting.first().map(|first| {
            let programme = self.snapshot.seats[&first.session].settings.programme;
            Tally::of(self.snapshot, programme, Cause::Person, &person)
        });
        for live in awaiting {
            // What nobody had confirmed counted for nobody: it may be too much beside what was confirmed since. It
            // goes when its half hour is over.
            let settings = &self.snapshot.seats[&live.session].settings;
            let refused = tally.as_mut().and_then(|tally| tally.refuses(settings));
            items.push(match refused {
                Some(outcome) => limits::not_given(live.session, live.people, outcome),
                None => {
                    tally.iter_mut().for_each(|tally| tally.add(settings));
                    sessions.push(live.session);
                    self.settle(live, Cause::Person, told)
                }
            });
        }
        // Pressed again and again, what cannot be given is said once.
        if !sessions.is_empty() || (!items.is_empty() && self.may_tell_again(&person)) {
            self.tell_as(told, Kind::Order, person, items);
        }
        Answer::Confirmed(sessions)
    }

    /// What awaited the link is the person's: the seat that was held, or what somebody who comes now would get.
    pub(super) fn settle(&mut self, live: Registration, cause: Cause, told: Option<Uuid>) -> NoticeItem {
        let (session, before) = (live.session, live.state);
        let place = match before {
            State::Waiting => self.place_for_a_newcomer(session, live.people),
            State::Offered | State::Confirmed | State::Cancelled => None,
        };
        let seat =
            self.snapshot.seats.get_mut(&session).expect("live registrations are read with their seat");
        let mut settled = Registration { pending: None, ..live };
        if before == State::Waiting {
            seat.arrivals += 1;
            settled.arrival = seat.arrivals;
        }
        match (before, place) {
            (State::Waiting, Some(_)) => seat.waiting += 1,
            (State::Waiting, None) => seat.taken += settled.people,
            (State::Offered | State::Confirmed | State::Cancelled, _) => {}
        }
        settled.state = if place.is_some() { State::Waiting } else { State::Confirmed };
        if let (Some(position), Some(person)) = (place, self.somebody(settled.participant)) {
            self.line_up(&settled, &person, position);
        }
        let item = NoticeItem {
            session,
            outcome: place.map_or(Outcome::Confirmed, |position| Outcome::Waiting { position }),
            people: settled.people,
            bumps: settled.bumps,
        };
        self.changed(&settled, Some(before), cause, told);
        self.snapshot.live.insert((session, settled.participant), settled.clone());
        self.writes.put(settled);
        item
    }

    /// The address of somebody whom the batch has read.
    pub(super) fn email_of(&self, id: Uuid) -> Option<String> {
        self.somebody(id)?.email
    }

    fn somebody(&self, id: Uuid) -> Option<Participant> {
        let known = || self.snapshot.participants.values().find(|person| person.id == id);
        self.snapshot.people.get(&id).or_else(known).cloned()
    }

    /// Writes to somebody in their own language; `None` where nobody can.
    pub(super) fn tell(&mut self, kind: Kind, person: Participant, items: Vec<NoticeItem>) -> Option<Uuid> {
        let told = person.email.as_ref().map(|_| (self.new_id)());
        self.tell_as(told, kind, person, items);
        told
    }

    /// A mail whose id is in changes already.
    pub(super) fn tell_as(
        &mut self,
        told: Option<Uuid>,
        kind: Kind,
        participant: Participant,
        items: Vec<NoticeItem>,
    ) {
        let Some((id, first)) = told.zip(items.first()) else { return };
        let programme = self.snapshot.seats[&first.session].settings.programme;
        let (name, lang) = (participant.name.clone(), participant.lang);
        self.writes.notices.push(Notice {
            id,
            kind,
            programme,
            participant,
            name,
            lang,
            items,
            confirms: None,
        });
    }
}
