//! What only organisers do: moving somebody to another session, and giving a seat to somebody who waits, whoever is
//! before them. Neither oversells: a seat must be free, or the session gets one more.

use uuid::Uuid;

use super::{
    Cause, Desk, NoticeItem, Outcome, Participant, Promoted, Promotion, Refusal, Registration, SeatRow,
    Seats, State, Transfer, Transferred, cancel::give_back, refusal, too_large,
};
use crate::{mail::Kind, programme::Status};

impl Desk<'_> {
    /// Both at once and in one mail. Who has a seat loses it for a seat only; who waits gets what somebody who comes
    /// now would get.
    pub(super) fn transfer(&mut self, transfer: Transfer) -> super::Answer {
        super::Answer::Transferred(self.try_transfer(transfer))
    }

    fn try_transfer(&mut self, transfer: Transfer) -> Transferred {
        let Transfer { participant, from, to } = transfer;
        let Some(person) = self.snapshot.people.get(&participant).cloned() else {
            return Transferred::NothingThere;
        };
        let Some(had) = self.snapshot.live.get(&(from, participant)).cloned() else {
            return Transferred::NothingThere;
        };
        if self.snapshot.live.contains_key(&(to, participant)) {
            return Transferred::HasIt;
        }
        if let Some(refused) = self.refuses_transfer(from, to, had.people) {
            return Transferred::Refused(refused);
        }
        let place = self.place_for_a_newcomer(to, had.people);
        if had.state.holds_seats() && place.is_some() {
            return Transferred::Full { left: self.left(to) };
        }
        let told = person.email.as_ref().map(|_| (self.new_id)());
        let gone = give_back(self.snapshot, &mut self.writes, &had, Cause::Organiser, told);
        let came = self.come(&had, to, place, &person, told);
        self.tell_as(told, Kind::Order, person, vec![came, gone]);
        self.serve(from);
        if place.is_some() { Transferred::Queued } else { Transferred::Seated }
    }

    fn refuses_transfer(&self, from: Uuid, to: Uuid, people: i64) -> Option<Refusal> {
        let (Some(left), Some(seat)) = (self.snapshot.seats.get(&from), self.snapshot.seats.get(&to)) else {
            return Some(Refusal::Unknown);
        };
        if left.settings.programme != seat.settings.programme {
            return Some(Refusal::Unknown);
        }
        refusal(seat, Cause::Organiser, self.now).or_else(|| too_large(seat, people))
    }

    /// The seats that anybody could have now.
    fn left(&self, session: Uuid) -> i64 {
        self.snapshot.seats.get(&session).and_then(SeatRow::free).unwrap_or(0).max(0)
    }

    /// A seat, or a turn, in another session for what somebody had: from the same form.
    fn come(
        &mut self,
        had: &Registration,
        to: Uuid,
        place: Option<i64>,
        person: &Participant,
        told: Option<Uuid>,
    ) -> NoticeItem {
        let seat = self.snapshot.seats.get_mut(&to).expect("a session that was not refused has a seat row");
        seat.arrivals += 1;
        match place {
            None => seat.taken += had.people,
            Some(_) => seat.waiting += 1,
        }
        let registration = Registration {
            id: (self.new_id)(),
            session: to,
            participant: person.id,
            order: had.order,
            state: if place.is_none() { State::Confirmed } else { State::Waiting },
            people: had.people,
            arrival: seat.arrivals,
            bumps: self.snapshot.past.get(&(to, person.id)).map_or(0, |past| past + 1),
            pending: None,
        };
        if let Some(position) = place {
            self.line_up(&registration, person, position);
        }
        self.changed(&registration, None, Cause::Organiser, told);
        let item = NoticeItem {
            session: to,
            outcome: place.map_or(Outcome::Confirmed, |position| Outcome::Waiting { position }),
            people: registration.people,
            bumps: registration.bumps,
        };
        self.snapshot.live.insert((to, person.id), registration.clone());
        self.writes.inserted.insert(registration.id, registration);
        item
    }

    /// A seat for somebody who waits, or to whom one was offered, whoever is before them.
    pub(super) fn promote(&mut self, promotion: Promotion) -> super::Answer {
        super::Answer::Promoted(self.try_promote(promotion))
    }

    fn try_promote(&mut self, promotion: Promotion) -> Promoted {
        let Promotion { participant, session, seats } = promotion;
        let Some(person) = self.snapshot.people.get(&participant).cloned() else {
            return Promoted::NotWaiting;
        };
        let live = self.snapshot.live.get(&(session, participant)).cloned();
        let Some(had) = live.filter(|live| live.state == State::Waiting || live.pending.is_some()) else {
            return Promoted::NotWaiting;
        };
        let Some(seat) = self.snapshot.seats.get_mut(&session) else { return Promoted::NotWaiting };
        match seat.settings.status {
            Status::Scheduled => {}
            Status::Cancelled => return Promoted::Refused(Refusal::Cancelled),
            Status::Withdrawn => return Promoted::Refused(Refusal::Unknown),
        }
        if had.state == State::Waiting {
            let missing = seat.free().map_or(0, |free| had.people - free).max(0);
            match (missing, seats) {
                (0, _) => {}
                (_, Seats::Free) => return Promoted::Full { left: self.left(session) },
                (_, Seats::More) => {
                    seat.settings.capacity = seat.settings.capacity.map(|capacity| capacity + missing);
                    self.writes.settings.push(seat.settings.clone());
                }
            }
            if had.pending.is_none() {
                seat.waiting -= 1;
            }
            seat.taken += had.people;
        }
        let capacity = seat.settings.capacity;
        if let Some(queue) = self.snapshot.queues.get_mut(&session) {
            queue.retain(|waiting| waiting.registration.id != had.id);
        }
        let seated = Registration { state: State::Confirmed, pending: None, ..had.clone() };
        let item =
            NoticeItem { session, outcome: Outcome::Promoted, people: seated.people, bumps: seated.bumps };
        let told = self.tell(Kind::Promoted, person, vec![item]);
        self.changed(&seated, Some(had.state), Cause::Organiser, told);
        self.snapshot.live.insert((session, participant), seated.clone());
        self.writes.put(seated);
        Promoted::Seated { capacity }
    }
}
