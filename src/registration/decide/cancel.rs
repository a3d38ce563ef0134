//! Giving back seats and turns: what becomes free goes to the next in the same batch.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{
    Answer, Cancellation, Cause, Change, Desk, Kind, Notice, NoticeItem, Outcome, Registration, Snapshot,
    State, Writes,
};

impl Desk<'_> {
    pub(super) fn cancel(&mut self, cancellation: &Cancellation) -> Answer {
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
                confirms: None,
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
}

pub(super) fn give_back(
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
        // Nobody was sent an entry for what was only held for them.
        if registration.pending.is_some() { Outcome::Declined } else { Outcome::Cancelled }
    } else if registration.pending.is_some() {
        Outcome::LeftQueue
    } else {
        seat.waiting -= 1;
        if let Some(queue) = snapshot.queues.get_mut(&registration.session) {
            queue.retain(|waiting| waiting.registration.id != registration.id);
        }
        Outcome::LeftQueue
    };
    let gone = Registration {
        state: State::Cancelled,
        bumps: registration.bumps + 1,
        pending: None,
        ..registration.clone()
    };
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
