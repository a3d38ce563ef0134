//! How much one person may have of a programme, where its rules say so: so many sessions a week, so many in all, one
//! at a time. Pure.
//!
//! What a form asks too much of by itself refuses it. What is too much only beside what the address has already is
//! not given, and only the mail says so: a form must not reveal what somebody has. Organisers are not bound.

use std::collections::HashMap;

use chrono::{DateTime, Datelike as _, IsoWeek, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::{NoticeItem, Participant, Rulebook, Snapshot};
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
    /// `None` where nobody is bound, or this order's sender is not.
    fn on(rules: &HashMap<Uuid, Rulebook>, order: &Order) -> Option<Limits> {
        match order.cause {
            Cause::Organiser => return None,
            Cause::Form | Cause::Person | Cause::Queue => {}
        }
        let Rulebook { zone, rules } = rules.get(&order.programme)?;
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

/// The programmes whose rules bind somebody of this order: what they have elsewhere must be read.
pub fn binds(rules: &HashMap<Uuid, Rulebook>, order: &Order) -> bool {
    Limits::on(rules, order).is_some()
}

/// What the order asks too much of by itself, whoever sends it.
pub(super) fn alone(snapshot: &Snapshot, order: &Order) -> Vec<(Uuid, Refusal)> {
    let Some(limits) = Limits::on(&snapshot.rules, order) else { return Vec::new() };
    limits.too_much(&[], &wanted(snapshot, order, |_| true))
}

/// What is too much beside what this person has: for their own page, which may say so.
pub(super) fn beside(snapshot: &Snapshot, order: &Order, person: &Participant) -> Vec<(Uuid, Refusal)> {
    let Some(limits) = Limits::on(&snapshot.rules, order) else { return Vec::new() };
    let is_new = |session: Uuid| !snapshot.live.contains_key(&(session, person.id));
    limits.too_much(&theirs(snapshot, order, person), &wanted(snapshot, order, is_new))
}

fn wanted(snapshot: &Snapshot, order: &Order, is_new: impl Fn(Uuid) -> bool) -> Vec<Commitment> {
    let sessions = order.sessions.iter().filter(|session| is_new(**session));
    sessions.filter_map(|session| Some(Commitment::of(&snapshot.seats.get(session)?.settings))).collect()
}

/// What a person has of the order's programme, whatever its state. What does not take place takes no time.
fn theirs(snapshot: &Snapshot, order: &Order, person: &Participant) -> Vec<Commitment> {
    let locked = snapshot.seats.values().map(|seat| &seat.settings).filter(|settings| {
        settings.programme == order.programme
            && settings.status == Status::Scheduled
            && snapshot.live.contains_key(&(settings.session, person.id))
    });
    let elsewhere = snapshot.elsewhere.get(&(order.programme, person.id)).into_iter().flatten().cloned();
    locked.map(Commitment::of).chain(elsewhere).collect()
}

/// Counts along while an order is given, session by session.
pub(super) struct Tally {
    bound: Option<(Limits, Vec<Commitment>)>,
}

impl Tally {
    pub(super) fn of(snapshot: &Snapshot, order: &Order, person: &Participant) -> Tally {
        let limits = Limits::on(&snapshot.rules, order);
        Tally { bound: limits.map(|limits| (limits, theirs(snapshot, order, person))) }
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
pub(super) fn not_given(order: &Order, session: Uuid, outcome: Outcome) -> NoticeItem {
    NoticeItem { session, outcome, people: order.people, bumps: 0 }
}
