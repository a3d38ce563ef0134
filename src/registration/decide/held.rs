//! Seats that are held back for a group: given to somebody of it, whoever waits.

use uuid::Uuid;

use super::{Cause, Desk, NoticeItem, Order, Outcome, Refusal, Registration, SeatRow, State, Writes};

/// Why that group has not so many seats of its own.
pub(super) fn gone(seat: &SeatRow, group: &str, people: i64) -> Option<Refusal> {
    let left = seat.settings.held.get(group).copied().unwrap_or(0);
    (people > left).then_some(Refusal::HeldGone { left })
}

/// The seats of this order are held back no more: they are taken.
pub(super) fn take(seat: &mut SeatRow, order: &Order, writes: &mut Writes) {
    lower(seat, order, order.people, writes);
}

fn lower(seat: &mut SeatRow, order: &Order, people: i64, writes: &mut Writes) {
    let Some(left) = order.held.as_ref().and_then(|group| seat.settings.held.get_mut(group)) else { return };
    *left -= people;
    writes.settings.push(seat.settings.clone());
}

impl Desk<'_> {
    /// Somebody of the group who waits, or has not confirmed their turn, gets the seats that are held back for it;
    /// anybody else keeps what they had.
    pub(super) fn seat_from_queue(
        &mut self,
        had: Registration,
        order: &Order,
        notice: Uuid,
    ) -> Result<NoticeItem, Registration> {
        let Some(seat) = self.snapshot.seats.get_mut(&had.session) else { return Err(had) };
        let group = order.held.as_ref().filter(|_| had.state == State::Waiting);
        if group.is_none_or(|group| gone(seat, group, had.people).is_some()) {
            return Err(had);
        }
        if had.pending.is_none() {
            seat.waiting -= 1;
        }
        seat.taken += had.people;
        lower(seat, order, had.people, &mut self.writes);
        if let Some(queue) = self.snapshot.queues.get_mut(&had.session) {
            queue.retain(|waiting| waiting.registration.id != had.id);
        }
        let seated = Registration { state: State::Confirmed, pending: None, ..had };
        let told = self.email_of(seated.participant).map(|_| notice);
        self.changed(&seated, Some(State::Waiting), Cause::Organiser, told);
        self.snapshot.live.insert((seated.session, seated.participant), seated.clone());
        let item = NoticeItem {
            session: seated.session,
            outcome: Outcome::Promoted,
            people: seated.people,
            bumps: seated.bumps,
        };
        self.writes.put(seated);
        Ok(item)
    }
}
