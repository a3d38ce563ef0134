//! Offers: a seat that is held for the first in the queue until a deadline.
//!
//! What becomes of an open offer where something else changes:
//! - It holds until its deadline, which is at its making not after the closing, nor the start, of the session.
//! - Where registration is closed meanwhile, or its closing is moved, it stands: the seat was promised. The same where
//!   the session gives seats at once from now on (`queue = "promote"`), or has fewer of them.
//! - Where the session is moved to begin before the deadline, the deadline is its start.
//! - Where the session is cancelled, nothing passes on and nothing can be taken. If it comes back, each open offer
//!   holds as long as one that is made at that moment.
//! - Where its mail was held up on the way to the mail server, it holds as long from the moment when the mail left, and
//!   meanwhile: nobody loses what they could not know of. The same for what awaits the link in a mail, for a day at most.
//!   A mail that waits because it was refused holds nothing: its address may be invented, and be refused for ever.
//! - What was not taken is cancelled, with a mail that says so; the person may join the queue again, at its end.
//! - Somebody without an address is offered nothing: they get the seat, and organisers call them ([`super::super::calls`]).

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{
    Deadlines, Desk, LINK_HOLDS, NoticeItem, Participant, Registration, Rulebook, Waiting, cancel::give_back,
    confirm::LINK_HOLDS_MOST,
};
use crate::{
    mail::{Kind, Outcome},
    programme::{QueueMode, Status},
    registration::{Acceptance, Answer, Awaits, Cause, Confirmation, Pending, Settings, State},
};

/// How long an offer holds where the programme does not say.
const OFFER_HOURS: i64 = 24;
/// The longest time that a rule can give, so that no date overflows.
const OFFER_HOURS_MAX: i64 = 24 * 366;
/// However near the session is, an offer holds so long if there is so much time left.
const OFFER_LEAST: TimeDelta = TimeDelta::minutes(30);

impl Rulebook {
    /// True where no offers are made: between the two times of `quiet`, as clocks in the programme's zone show them.
    pub fn is_quiet(&self, now: DateTime<Utc>) -> bool {
        let Some([from, until]) = &self.rules.quiet else { return false };
        let read = |text: &String| NaiveTime::parse_from_str(text, "%H:%M");
        let (Ok(from), Ok(until)) = (read(from), read(until)) else { return false };
        let time = now.with_timezone(&self.zone).time();
        if from <= until { from <= time && time < until } else { from <= time || time < until }
    }

    /// Until when an offer holds that is made now: `offer_hours`, at most half of the time that is left until the
    /// session begins or registration closes, and not less than half an hour of it.
    pub fn offer_deadline(&self, seat: &Settings, now: DateTime<Utc>) -> DateTime<Utc> {
        let closing = seat.closes.map_or(seat.starts, |closes| closes.min(seat.starts));
        let left = (closing - now).max(TimeDelta::zero());
        let hours = self.rules.offer_hours.unwrap_or(OFFER_HOURS).clamp(1, OFFER_HOURS_MAX);
        let half = TimeDelta::seconds(left.num_seconds() / 2);
        now + TimeDelta::hours(hours).min(half.max(OFFER_LEAST)).min(left)
    }
}

/// What the first in a queue is given.
#[derive(Debug, Clone, Copy)]
pub(super) enum Turn {
    Seat,
    Offer(DateTime<Utc>),
}

impl Turn {
    pub(super) fn state(self) -> (State, Option<Pending>) {
        match self {
            Turn::Seat => (State::Confirmed, None),
            Turn::Offer(deadline) => (State::Offered, Some(Pending { awaits: Awaits::Acceptance, deadline })),
        }
    }
}

impl Desk<'_> {
    /// What the queue of this session gives now; `None` in quiet hours.
    pub(super) fn turn(&self, seat: &Settings) -> Option<Turn> {
        let rulebook = || self.snapshot.rules.get(&seat.programme).cloned().unwrap_or_default();
        match seat.queue {
            QueueMode::Promote => Some(Turn::Seat),
            QueueMode::Offer => {
                let rules = rulebook();
                (!rules.is_quiet(self.now)).then(|| Turn::Offer(rules.offer_deadline(seat, self.now)))
            }
        }
    }

    /// A seat, or the offer of one, for the first in the queue.
    pub(super) fn give(&mut self, first: Waiting, turn: Turn) {
        let Waiting { mut registration, participant } = first;
        // An offer of which nobody can write would lapse in silence: it is a seat, and somebody calls.
        let turn = if participant.email.is_none() { Turn::Seat } else { turn };
        let (kind, outcome) = match turn {
            Turn::Seat => (Kind::Promoted, Outcome::Promoted),
            Turn::Offer(until) => (Kind::Offered, Outcome::Offered { until }),
        };
        (registration.state, registration.pending) = turn.state();
        let item = NoticeItem {
            session: registration.session,
            outcome,
            people: registration.people,
            bumps: registration.bumps,
        };
        let told = self.tell(kind, participant, vec![item]);
        self.changed(&registration, Some(State::Waiting), Cause::Queue, told);
        self.snapshot.live.insert((registration.session, registration.participant), registration.clone());
        self.writes.put(registration);
    }

    /// Takes what is held for the person: an offer, or what awaits the link in a mail; their own page proves as much.
    pub(super) fn accept(&mut self, acceptance: Acceptance) -> Answer {
        let Acceptance { participant, session } = acceptance;
        let Some(person) = self.snapshot.people.get(&participant).cloned() else { return Answer::TooLate };
        let Some(live) = self.snapshot.live.get(&(session, participant)).cloned() else {
            return Answer::TooLate;
        };
        let Some(pending) = live.pending else {
            return if live.state == State::Confirmed { Answer::Accepted } else { Answer::TooLate };
        };
        if !self.is_in_time(&live) {
            return Answer::TooLate;
        }
        match pending.awaits {
            Awaits::Acceptance => {
                self.take_offer(live, person);
                Answer::Accepted
            }
            // Bound by the limits that bind who opens the link.
            Awaits::Link => self.confirm(&Confirmation { participant, sessions: vec![session] }),
        }
    }

    fn take_offer(&mut self, offered: Registration, person: Participant) {
        let taken = Registration { state: State::Confirmed, pending: None, ..offered };
        let item = NoticeItem {
            session: taken.session,
            outcome: Outcome::Promoted,
            people: taken.people,
            bumps: taken.bumps,
        };
        let told = self.tell(Kind::Promoted, person, vec![item]);
        self.changed(&taken, Some(State::Offered), Cause::Person, told);
        self.snapshot.live.insert((taken.session, taken.participant), taken.clone());
        self.writes.put(taken);
    }

    /// True while what is pending can be done: before its deadline and the start, and while the session takes place.
    pub(super) fn is_in_time(&self, registration: &Registration) -> bool {
        let Some(seat) = self.snapshot.seats.get(&registration.session) else { return false };
        let settings = &seat.settings;
        registration.pending.is_some_and(|pending| self.now < pending.deadline)
            && self.now < settings.starts
            && settings.status == Status::Scheduled
    }

    /// Lets go what was not done in time, and serves the queue.
    pub(super) fn due(&mut self, session: Uuid) -> Answer {
        let scheduled = |seat: &super::SeatRow| seat.settings.status == Status::Scheduled;
        if self.snapshot.seats.get(&session).is_some_and(scheduled) {
            for late in self.snapshot.due.remove(&session).unwrap_or_default() {
                let key = (session, late.registration.participant);
                // The batch may have changed it since it was read.
                let is_late = |live: &&Registration| {
                    live.id == late.registration.id
                        && live.pending.is_some_and(|pending| pending.deadline <= self.now)
                };
                if let Some(live) = self.snapshot.live.get(&key).filter(is_late).cloned() {
                    match self.longer(&live) {
                        Some(pending) => self.hold_on(live, pending),
                        None => self.lapse(&live, late.participant),
                    }
                }
            }
            self.serve(session);
        }
        Answer::Done
    }

    /// What is still to be done where the mail that told it was held up: as if it had been written when it left, or
    /// now. `None` where that changes nothing any more, and where it waits because it was refused.
    fn longer(&self, late: &Registration) -> Option<Pending> {
        let (pending, journey) = (late.pending?, self.snapshot.journeys.get(&late.id)?);
        let left = journey.held_up_until(self.now)?;
        let seat = &self.snapshot.seats.get(&late.session)?.settings;
        let deadline = match pending.awaits {
            Awaits::Acceptance => self
                .snapshot
                .rules
                .get(&seat.programme)
                .cloned()
                .unwrap_or_default()
                .offer_deadline(seat, left),
            Awaits::Link => (left + LINK_HOLDS).min(journey.written + LINK_HOLDS_MOST).min(seat.starts),
        };
        (deadline > self.now).then_some(Pending { deadline, ..pending })
    }

    fn hold_on(&mut self, live: Registration, pending: Pending) {
        let held = Registration { pending: Some(pending), ..live };
        self.snapshot.live.insert((held.session, held.participant), held.clone());
        self.writes.put(held);
    }

    fn lapse(&mut self, registration: &Registration, participant: Participant) {
        match registration.pending.map(|pending| pending.awaits) {
            Some(Awaits::Acceptance) => {
                let told = participant.email.as_ref().map(|_| (self.new_id)());
                let item = give_back(self.snapshot, &mut self.writes, registration, Cause::Deadline, told);
                let item = NoticeItem { outcome: Outcome::OfferExpired, ..item };
                self.tell_as(told, Kind::Expired, participant, vec![item]);
            }
            // The address may be a stranger's: it has had one mail, and that was enough.
            Some(Awaits::Link) => {
                give_back(self.snapshot, &mut self.writes, registration, Cause::Unconfirmed, None);
            }
            None => {}
        }
    }

    /// Open deadlines follow the session: see above.
    pub(super) fn keep_deadlines(&mut self, was: &Settings, is: &Settings) {
        let back = was.status != Status::Scheduled && is.status == Status::Scheduled;
        if !back && is.starts >= was.starts {
            return;
        }
        let rules = self.snapshot.rules.get(&is.programme).cloned().unwrap_or_default();
        let deadlines = Deadlines {
            session: is.session,
            not_before: back.then(|| rules.offer_deadline(is, self.now)),
            not_after: is.starts,
        };
        let known = self.snapshot.live.values_mut();
        let written = self.writes.inserted.values_mut().chain(self.writes.updated.values_mut());
        for registration in known.chain(written).filter(|known| known.session == is.session) {
            registration.pending = registration.pending.map(|pending| deadlines.moved(pending));
        }
        self.writes.deadlines.push(deadlines);
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;

    use super::*;
    use crate::programme::Rules;

    fn at(hour: u32, minute: u32) -> DateTime<Utc> {
        chrono_tz::Europe::Zurich.with_ymd_and_hms(2027, 4, 19, hour, minute, 0).unwrap().with_timezone(&Utc)
    }

    fn quiet(from: &str, until: &str) -> Rulebook {
        let quiet = Some([from.to_owned(), until.to_owned()]);
        Rulebook { zone: chrono_tz::Europe::Zurich, rules: Rules { quiet, ..Rules::default() } }
    }

    #[test]
    fn quiet_hours_are_those_of_the_clocks_in_the_programmes_zone() {
        let night = quiet("21:00", "08:00");
        let hours: Vec<_> = (0..24).filter(|hour| night.is_quiet(at(*hour, 0))).collect();
        assert_eq!(hours, [0, 1, 2, 3, 4, 5, 6, 7, 21, 22, 23]);
        assert!(night.is_quiet(at(7, 59)) && !night.is_quiet(at(20, 59)));

        let noon = quiet("12:00", "13:30");
        assert!(!noon.is_quiet(at(11, 59)) && noon.is_quiet(at(13, 29)) && !noon.is_quiet(at(13, 30)));
        assert!(!quiet("08:00", "08:00").is_quiet(at(8, 0)), "from eight to eight is never");
        assert!(!Rulebook::default().is_quiet(at(3, 0)));
    }

    #[test]
    fn an_offer_holds_less_long_the_nearer_the_session_is_and_never_past_its_start_or_closing() {
        let book = |hours| Rulebook {
            rules: Rules { offer_hours: hours, ..Rules::default() },
            ..Rulebook::default()
        };
        let now = at(9, 0);
        let seat = |starts: TimeDelta, closes: Option<TimeDelta>| Settings {
            starts: now + starts,
            closes: closes.map(|closes| now + closes),
            ..super::super::tests::settings(Some(1), 0)
        };
        let holds = |hours, starts, closes| book(hours).offer_deadline(&seat(starts, closes), now) - now;
        let (h, m) = (TimeDelta::hours, TimeDelta::minutes);

        assert_eq!(holds(None, TimeDelta::days(30), None), h(24));
        assert_eq!(holds(Some(6), TimeDelta::days(30), None), h(6));
        assert_eq!(holds(None, h(10), None), h(5), "half of what is left");
        assert_eq!(holds(None, h(10), Some(h(4))), h(2), "until it closes");
        assert_eq!(holds(None, h(4), Some(h(10))), h(2), "until it begins");
        assert_eq!(holds(None, m(50), None), m(30), "half an hour at least");
        assert_eq!(holds(None, m(20), None), m(20), "never past the start");
        assert_eq!(holds(Some(i64::MAX), TimeDelta::days(3), None), h(36));
        assert_eq!(holds(None, -h(1), None), TimeDelta::zero());
    }
    #[test]
    fn when_summer_time_ends_quiet_hours_are_what_clocks_show_and_an_offer_holds_real_hours() {
        // In the night to 31 October 2027 the clocks of Zurich go back from 3 to 2, at 01:00 UTC.
        let utc = |day, hour, minute| Utc.with_ymd_and_hms(2027, 10, day, hour, minute, 0).unwrap();
        let night = quiet("21:00", "08:00");
        assert!(!night.is_quiet(utc(30, 18, 59)) && night.is_quiet(utc(30, 19, 0)), "21 is 19 UTC in summer");
        assert!(night.is_quiet(utc(31, 6, 59)) && !night.is_quiet(utc(31, 7, 0)), "and 8 is 7 UTC in winter");
        let until_half_past_two = quiet("21:00", "02:30");
        let shown = [(0, 29), (0, 30), (0, 59), (1, 0), (1, 29), (1, 30)];
        let is_quiet = shown.map(|(hour, minute)| until_half_past_two.is_quiet(utc(31, hour, minute)));
        assert_eq!(is_quiet, [true, false, false, true, true, false], "two o'clock comes twice");

        let book = Rulebook { zone: chrono_tz::Europe::Zurich, ..Rulebook::default() };
        let starts = crate::programme::instant(
            book.zone,
            chrono::NaiveDate::from_ymd_opt(2027, 11, 15).unwrap().and_hms_opt(10, 0, 0).unwrap(),
        );
        let seat = Settings { starts, ..super::super::tests::settings(Some(1), 0) };
        assert_eq!(book.offer_deadline(&seat, utc(30, 10, 0)), utc(31, 10, 0), "noon, then eleven");
        let at_half_past_two = Settings { starts: utc(31, 0, 30), ..seat };
        assert_eq!(book.offer_deadline(&at_half_past_two, utc(30, 23, 50)), utc(31, 0, 20));
    }
}
