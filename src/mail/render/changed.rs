//! What a mail about changes says of each session: what is new, and what was.

use chrono_tz::Tz;

use super::{context::Way, one_line};
use crate::{
    locale::{self, Lang, Value},
    mail::{Frozen, Item, Outcome, Told},
    programme::Status,
};

/// The message that is the subject.
pub(super) fn subject(items: &[Item]) -> &'static str {
    let [only] = items else { return "mail-changed-subject-many" };
    let was = only.before.as_ref().map_or(Status::Scheduled, |before| before.status);
    match (was, only.session.status) {
        (_, Status::Cancelled | Status::Withdrawn) => "mail-changed-subject-off",
        (Status::Cancelled | Status::Withdrawn, Status::Scheduled) => "mail-changed-subject-again",
        (Status::Scheduled, Status::Scheduled) => "mail-changed-subject",
    }
}

/// Where the person's registration stands now.
pub(super) fn outcome(item: &Item, way: Way, zone: Tz, lang: Lang) -> String {
    if item.session.status != Status::Scheduled {
        return locale::text(lang, "mail-changed-off", &[]);
    }
    match item.outcome {
        Outcome::AlreadyConfirmed => locale::text(lang, "mail-changed-seat", &[]),
        Outcome::AlreadyWaiting { position } => {
            locale::text(lang, "mail-changed-waiting", &[("position", Value::from(position))])
        }
        other @ (Outcome::Confirmed
        | Outcome::Waiting { .. }
        | Outcome::AlreadyOffered
        | Outcome::Offered { .. }
        | Outcome::OfferExpired
        | Outcome::SeatToConfirm { .. }
        | Outcome::TurnToConfirm { .. }
        | Outcome::Declined
        | Outcome::Promoted
        | Outcome::Cancelled
        | Outcome::LeftQueue
        | Outcome::OverWeek { .. }
        | Outcome::OverProgramme { .. }
        | Outcome::Overlaps) => super::context::outcome(other, way, zone, lang),
    }
}

/// A line for each thing that is not as the person was told, times in the programme's zone.
pub(super) fn lines(before: &Told, session: &Frozen, zone: Tz, lang: Lang) -> Vec<String> {
    match session.status {
        // Nobody needs to know where what does not take place would have been.
        Status::Cancelled => {
            let mut lines = vec![locale::text(lang, "calendar-cancelled", &[])];
            let reason = one_line(&session.cancel_reason);
            if !reason.is_empty() {
                lines.push(locale::text(lang, "mail-changed-reason", &[("reason", reason.into())]));
            }
            return lines;
        }
        Status::Withdrawn => return vec![locale::text(lang, "calendar-withdrawn", &[])],
        Status::Scheduled => {}
    }
    let mut lines = Vec::new();
    if before.status != Status::Scheduled {
        lines.push(locale::text(lang, "mail-changed-again", &[]));
    }
    let now = session.told();
    for (key, say) in [
        ("mail-changed-title", title as fn(&Told, Tz, Lang) -> String),
        ("mail-changed-when", when),
        ("mail-changed-where", place),
    ] {
        let (old, new) = (say(before, zone, lang), say(&now, zone, lang));
        if old != new {
            lines.push(locale::text(lang, key, &[("old", old.into()), ("new", new.into())]));
        }
    }
    let join = match (&before.join_url, &session.join_url) {
        (old, new) if old == new => None,
        (None, _) => Some("mail-changed-join-new"),
        (Some(_), Some(_)) => Some("mail-changed-join-other"),
        (Some(_), None) => Some("mail-changed-join-gone"),
    };
    lines.extend(join.map(|key| locale::text(lang, key, &[])));
    lines
}

fn title(told: &Told, _: Tz, _: Lang) -> String {
    one_line(&told.title)
}

/// In that zone: the programme's own may have been another one when the person was told.
fn when(told: &Told, zone: Tz, lang: Lang) -> String {
    let Some(start) = told.starts_at.map(|start| start.with_timezone(&zone).naive_local()) else {
        return locale::when(lang, told.date, told.start, told.end);
    };
    let end = told.ends_at.map(|end| end.with_timezone(&zone).naive_local());
    locale::when(lang, start.date(), Some(start.time()), end)
}

fn place(told: &Told, _: Tz, lang: Lang) -> String {
    let parts = [&told.place, &told.address].map(|text| one_line(text));
    let place = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    match (place.is_empty(), told.online) {
        (false, true) => locale::text(lang, "mail-place-and-online", &[("place", place.into())]),
        (false, false) => place,
        (true, true) => locale::text(lang, "calendar-online", &[]),
        (true, false) => locale::text(lang, "calendar-place-open", &[]),
    }
}
