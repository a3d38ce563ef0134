//! How much one person may have of a programme, where its rules say so: so many sessions a week, so many in all, one
//! at a time. Pure.
//!
//! What a form asks too much of by itself refuses it. What is too much only beside what the address has already is
//! not given, and only the mail says so: a form must not reveal what somebody has. Organisers are not bound.

use std::collections::HashMap;

use chrono::{DateTime, Datelike as _, IsoWeek, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::{NoticeItem, Participant, Rulebook, Snapshot, confirm::awaits_link};
use crate::{
    mail::Outcome,
    programme::{Overlap, Status},
    registration::{Cause, Order, Refusal, Settings, clash::Span},
};

/// A session that somebody has, or asks for, as the rules look at it.
#[derive(Debug, Clone, PartialEq)]
pub struct Commitment {
    /// Which.
    pub session: Uuid,
    /// The first moment.
    pub starts: DateTime<Utc>,
    /// The last, where it is known.
    pub ends: Option<DateTime<Utc>>,
    /// False where its hour is not known yet.
    pub timed: bool,
}

impl Commitment {
    fn of(settings: &Settings) -> Commitment {
        let Settings { session, starts, ends, timed, .. } = *settings;
        Commitment { session, starts, ends, timed }
    }

    fn is_with(&self, other: &Commitment) -> bool {
        let span = |one: &Commitment| Span { start: one.starts, end: one.ends.unwrap_or(one.starts) };
        self.session != other.session && self.timed && other.timed && span(self).overlaps(span(other))
    }
}

/// The rules of a programme that bind a person.
#[derive(Debug, Clone, Copy)]
struct Limits {
    zone: Tz,
    per_week: Option<i64>,
    per_programme: Option<i64>,
    overlap: Overlap,
}

impl Limits {
    /// `None` where nobody is bound, or who asks is not.
    fn on(rules: &HashMap<Uuid, Rulebook>, programme: Uuid, cause: Cause) -> Option<Limits> {
        if cause == Cause::Organiser {
            return None;
        }
        let Rulebook { zone, rules } = rules.get(&programme)?;
        let limits = Limits {
            zone: *zone,
            per_week: rules.per_week,
            per_programme: rules.per_programme,
            overlap: rules.overlap,
        };
        let binds =
            limits.per_week.is_some() || limits.per_programme.is_some() || limits.overlap == Overlap::Refuse;
        binds.then_some(limits)
    }

    fn week(&self, commitment: &Commitment) -> IsoWeek {
        commitment.starts.with_timezone(&self.zone).iso_week()
    }

    fn in_week(&self, week: IsoWeek, all: &[Commitment]) -> i64 {
        count(all.iter().filter(|one| self.week(one) == week))
    }

    /// What is too much, when somebody who has these asks for those, all at once.
    fn too_much(&self, had: &[Commitment], wanted: &[Commitment]) -> Vec<(Uuid, Refusal)> {
        wanted.iter().filter_map(|one| Some((one.session, self.refusal(had, wanted, one)?))).collect()
    }

    fn refusal(&self, had: &[Commitment], wanted: &[Commitment], one: &Commitment) -> Option<Refusal> {
        if self.overlap == Overlap::Refuse {
            if let Some(has) = had.iter().find(|had| had.is_with(one)) {
                return Some(Refusal::Overlaps { has: Some(has.session) });
            }
            if wanted.iter().any(|other| other.is_with(one)) {
                return Some(Refusal::Overlaps { has: None });
            }
        }
        let week = self.week(one);
        let (has, asks) = (self.in_week(week, had), self.in_week(week, wanted));
        if let Some(limit) = self.per_week.filter(|limit| has + asks > *limit) {
            return Some(Refusal::OverWeek { limit, has });
        }
        let (has, asks) = (count(had.iter()), count(wanted.iter()));
        let limit = self.per_programme.filter(|limit| has + asks > *limit)?;
        Some(Refusal::OverProgramme { limit, has })
    }
}

fn count<'c>(some: impl Iterator<Item = &'c Commitment>) -> i64 {
    i64::try_from(some.count()).unwrap_or(i64::MAX)
}

/// True where this programme's rules bind who asks: what they have elsewhere must be read.
pub fn binds(rules: &HashMap<Uuid, Rulebook>, programme: Uuid, cause: Cause) -> bool {
    Limits::on(rules, programme, cause).is_some()
}

/// What the order asks too much of by itself, whoever sends it.
pub(super) fn alone(snapshot: &Snapshot, order: &Order) -> Vec<(Uuid, Refusal)> {
    let Some(limits) = Limits::on(&snapshot.rules, order.programme, order.cause) else { return Vec::new() };
    limits.too_much(&[], &wanted(snapshot, order, |_| true))
}

/// What is too much beside what this person has: for their own page, which may say so.
pub(super) fn beside(snapshot: &Snapshot, order: &Order, person: &Participant) -> Vec<(Uuid, Refusal)> {
    let Some(limits) = Limits::on(&snapshot.rules, order.programme, order.cause) else { return Vec::new() };
    let is_new = |session: Uuid| !has(snapshot, session, person);
    limits.too_much(&theirs(snapshot, order.programme, person), &wanted(snapshot, order, is_new))
}

fn wanted(snapshot: &Snapshot, order: &Order, is_new: impl Fn(Uuid) -> bool) -> Vec<Commitment> {
    let sessions = order.sessions.iter().filter(|session| is_new(**session));
    sessions.filter_map(|session| Some(Commitment::of(&snapshot.seats.get(session)?.settings))).collect()
}

/// True where the session is the person's, whatever its state. What awaits the link in a mail is nobody's yet: anybody
/// can type an address.
fn has(snapshot: &Snapshot, session: Uuid, person: &Participant) -> bool {
    snapshot.live.get(&(session, person.id)).is_some_and(|live| !awaits_link(live))
}

/// What a person has of a programme. What does not take place takes no time.
fn theirs(snapshot: &Snapshot, programme: Uuid, person: &Participant) -> Vec<Commitment> {
    let locked = snapshot.seats.values().map(|seat| &seat.settings).filter(|settings| {
        settings.programme == programme
            && settings.status == Status::Scheduled
            && has(snapshot, settings.session, person)
    });
    let elsewhere = snapshot.elsewhere.get(&(programme, person.id)).into_iter().flatten().cloned();
    locked.map(Commitment::of).chain(elsewhere).collect()
}

/// Counts along while an order is given, session by session.
pub(super) struct Tally {
    bound: Option<(Limits, Vec<Commitment>)>,
}

impl Tally {
    pub(super) fn of(snapshot: &Snapshot, programme: Uuid, cause: Cause, person: &Participant) -> Tally {
        let limits = Limits::on(&snapshot.rules, programme, cause);
        Tally { bound: limits.map(|limits| (limits, theirs(snapshot, programme, person))) }
    }

    /// Why the person cannot have this session too.
    pub(super) fn refuses(&mut self, settings: &Settings) -> Option<Outcome> {
        let (limits, had) = self.bound.as_mut()?;
        let wanted = Commitment::of(settings);
        let outcome = match limits.refusal(had, std::slice::from_ref(&wanted), &wanted)? {
            Refusal::OverWeek { limit, .. } => Outcome::OverWeek { limit },
            Refusal::OverProgramme { limit, .. } => Outcome::OverProgramme { limit },
            Refusal::Overlaps { .. }
            | Refusal::Unknown
            | Refusal::Closed
            | Refusal::NotYet(_)
            | Refusal::Over
            | Refusal::Invitation
            | Refusal::WalkIn
            | Refusal::External(_)
            | Refusal::Cancelled
            | Refusal::TooLarge { .. }
            | Refusal::HeldGone { .. } => Outcome::Overlaps,
        };
        Some(outcome)
    }

    /// The person has this session now.
    pub(super) fn add(&mut self, settings: &Settings) {
        if let Some((_, had)) = &mut self.bound {
            had.push(Commitment::of(settings));
        }
    }
}

/// What the mail says of a session that was not given.
pub(super) fn not_given(session: Uuid, people: i64, outcome: Outcome) -> NoticeItem {
    NoticeItem { session, outcome, people, bumps: 0 }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use chrono::{TimeDelta, TimeZone as _};
    use proptest::prelude::*;

    use super::*;
    use crate::{
        locale::Lang,
        programme::{QueueMode, Registration as How, Rules},
        registration::{
            Answer, Cancellation, Request,
            decide::decide,
            person::{Email, Name},
            store::SeatRow,
        },
    };

    const PROGRAMME: Uuid = Uuid::from_u128(1);
    const ANA: Uuid = Uuid::from_u128(2);

    fn now() -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2027, 3, 1, 9, 0, 0).unwrap()
    }

    fn session(number: u32) -> Uuid {
        Uuid::from_u128(100 + u128::from(number))
    }

    /// The session of that number: every six hours, four hours long, from a Monday on.
    fn settings(number: u32) -> Settings {
        let starts =
            Utc.with_ymd_and_hms(2027, 4, 19, 0, 0, 0).unwrap() + TimeDelta::hours(6 * i64::from(number / 2));
        Settings {
            session: session(number),
            programme: PROGRAMME,
            capacity: None,
            held: BTreeMap::new(),
            registration: How::Open,
            opens: None,
            closes: None,
            queue: QueueMode::Promote,
            join_url: None,
            starts,
            ends: Some(starts + TimeDelta::hours(4)),
            timed: true,
            status: Status::Scheduled,
        }
    }

    fn snapshot(rules: &Rules) -> Snapshot {
        let row = |number| SeatRow {
            settings: settings(number),
            taken: 0,
            waiting: 0,
            arrivals: 0,
            touched: now(),
        };
        let ana = Participant {
            id: ANA,
            email: Some("ana@example.org".to_owned()),
            code: None,
            name: "Ana".to_owned(),
            lang: Lang::Fr,
            agenda_version: 1,
            feed_version: 1,
            told_at: None,
        };
        Snapshot {
            seats: (0..120).map(|number| (session(number), row(number))).collect(),
            rules: HashMap::from([(PROGRAMME, Rulebook { zone: Tz::UTC, rules: rules.clone() })]),
            participants: HashMap::from([("ana@example.org".to_owned(), ana.clone())]),
            people: HashMap::from([(ANA, ana)]),
            ..Snapshot::default()
        }
    }

    fn order(key: usize, cause: Cause, sessions: &BTreeSet<u32>) -> Order {
        Order {
            programme: PROGRAMME,
            key: key.to_string(),
            contact: Email::parse("ana@example.org").unwrap().into(),
            name: Name::parse("Ana").unwrap(),
            people: 1,
            organisation: String::new(),
            access_needs: String::new(),
            lang: Lang::Fr,
            sessions: sessions.iter().map(|number| session(*number)).collect(),
            cause,
            held: None,
        }
    }

    /// True where nobody with these has more than the rules allow.
    fn holds(rules: &Rules, has: &BTreeSet<u32>) -> bool {
        let mut weeks: BTreeMap<u32, i64> = BTreeMap::new();
        has.iter().for_each(|number| *weeks.entry(number / 56).or_default() += 1);
        let clash = has.iter().any(|number| number % 2 == 0 && has.contains(&(number + 1)));
        weeks.values().all(|count| rules.per_week.is_none_or(|limit| *count <= limit))
            && rules.per_programme.is_none_or(|limit| has.len() as i64 <= limit)
            && (rules.overlap == Overlap::Warn || !clash)
    }

    #[derive(Debug, Clone)]
    enum Step {
        Order(Cause, BTreeSet<u32>),
        Leave(u32),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let cause = prop_oneof![Just(Cause::Form), Just(Cause::Person)];
        let sessions = proptest::collection::btree_set(0_u32..120, 1..6);
        let step = prop_oneof![
            4 => (cause, sessions).prop_map(|(cause, sessions)| Step::Order(cause, sessions)),
            1 => (0_u32..120).prop_map(Step::Leave),
        ];
        proptest::collection::vec(step, 1..30)
    }

    proptest! {
        /// One batch of orders and cancellations, against sets of numbers.
        #[test]
        fn nobody_ever_has_more_than_the_rules_allow_and_all_that_they_allow_is_given(
            steps in steps(),
            per_week in proptest::option::of(1_i64..6),
            per_programme in proptest::option::of(1_i64..10),
            refuse: bool,
        ) {
            let overlap = if refuse { Overlap::Refuse } else { Overlap::Warn };
            let rules = Rules { per_week, per_programme, overlap, ..Rules::default() };
            let requests: Vec<_> = steps.iter().enumerate().map(|(key, step)| match step {
                Step::Order(cause, sessions) => Request::Register(order(key, *cause, sessions)),
                Step::Leave(number) => Request::Cancel(Cancellation {
                    participant: ANA,
                    sessions: Some(vec![session(*number)]),
                    cause: Cause::Person,
                }),
            }).collect();
            let mut snapshot = snapshot(&rules);
            let mut ids = 10_000_u128;
            let mut new_id = || { ids += 1; Uuid::from_u128(ids) };
            let (answers, _) = decide(&mut snapshot, &requests, now(), &mut new_id);

            let mut has: BTreeSet<u32> = BTreeSet::new();
            for (step, answer) in steps.iter().zip(&answers) {
                match step {
                    Step::Leave(number) => { has.remove(number); }
                    Step::Order(cause, sessions) => {
                        let union: BTreeSet<u32> = has.union(sessions).copied().collect();
                        // What is there before, as it is, breaks no rule; so only what is new can.
                        let refused = !holds(&rules, sessions) || (*cause == Cause::Person && !holds(&rules, &union));
                        prop_assert_eq!(matches!(answer, Answer::Refused(_)), refused, "{:?} beside {:?}", step, has);
                        if refused { continue }
                        for number in sessions {
                            let mut more = has.clone();
                            more.insert(*number);
                            if holds(&rules, &more) { has = more; }
                        }
                    }
                }
                prop_assert!(holds(&rules, &has));
            }
            let given: BTreeSet<Uuid> = snapshot.live.keys().map(|(session, _)| *session).collect();
            prop_assert_eq!(given, has.iter().map(|number| session(*number)).collect::<BTreeSet<_>>());
        }
    }

    #[test]
    fn a_programme_without_limits_and_an_organiser_make_nothing_be_read() {
        let rules = |rules| HashMap::from([(PROGRAMME, Rulebook { zone: Tz::UTC, rules })]);
        let a_week = Rules { per_week: Some(5), ..Rules::default() };

        assert!(!binds(&rules(Rules::default()), PROGRAMME, Cause::Form));
        assert!(!binds(&HashMap::new(), PROGRAMME, Cause::Form));
        assert!(!binds(&rules(a_week.clone()), PROGRAMME, Cause::Organiser));
        assert!(binds(&rules(a_week.clone()), PROGRAMME, Cause::Form));
        assert!(binds(&rules(a_week), PROGRAMME, Cause::Person));
    }

    #[test]
    fn what_was_taken_elsewhere_counts_too() {
        let rules = Rules { per_week: Some(2), ..Rules::default() };
        let mut snapshot = snapshot(&rules);
        let elsewhere = Commitment { session: Uuid::from_u128(9), ..Commitment::of(&settings(4)) };
        snapshot.elsewhere.insert((PROGRAMME, ANA), vec![elsewhere]);
        let asks = |cause| Request::Register(order(1, cause, &BTreeSet::from([0, 2])));
        let mut ids = 10_000_u128;
        let mut new_id = || {
            ids += 1;
            Uuid::from_u128(ids)
        };

        let (own_page, _) = decide(&mut snapshot, &[asks(Cause::Person)], now(), &mut new_id);
        let (form, writes) = decide(&mut snapshot, &[asks(Cause::Form)], now(), &mut new_id);

        let over = |number| (session(number), Refusal::OverWeek { limit: 2, has: 1 });
        assert_eq!(own_page, [Answer::Refused(vec![over(0), over(2)])]);
        assert!(matches!(form.as_slice(), [Answer::Ordered(_)]));
        let outcomes: Vec<_> = writes.notices[0].items.iter().map(|item| item.outcome).collect();
        assert_eq!(outcomes, [Outcome::Confirmed, Outcome::OverWeek { limit: 2 }]);
        assert_eq!(
            writes.orders[0].items,
            [(session(0), None), (session(2), None)],
            "as a newcomer would be given"
        );
    }
}
