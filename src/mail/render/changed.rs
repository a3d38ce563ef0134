//! What a mail about changes says of each session: what is new, and what was.

use super::one_line;
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
pub(super) fn outcome(item: &Item, lang: Lang) -> String {
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
        | Outcome::Promoted
        | Outcome::Cancelled
        | Outcome::LeftQueue) => super::context::outcome(other, lang),
    }
}

/// A line for each thing that is not as the person was told.
pub(super) fn lines(before: &Told, session: &Frozen, lang: Lang) -> Vec<String> {
    match session.status {
        // Nobody needs to know where what does not take place would have been.
        Status::Cancelled => return vec![locale::text(lang, "calendar-cancelled", &[])],
        Status::Withdrawn => return vec![locale::text(lang, "calendar-withdrawn", &[])],
        Status::Scheduled => {}
    }
    let mut lines = Vec::new();
    if before.status != Status::Scheduled {
        lines.push(locale::text(lang, "mail-changed-again", &[]));
    }
    let now = session.told();
    for (key, say) in [
        ("mail-changed-title", title as fn(&Told, Lang) -> String),
        ("mail-changed-when", when),
        ("mail-changed-where", place),
    ] {
        let (old, new) = (say(before, lang), say(&now, lang));
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

fn title(told: &Told, _: Lang) -> String {
    one_line(&told.title)
}

fn when(told: &Told, lang: Lang) -> String {
    locale::when(lang, told.date, told.start, told.end)
}

fn place(told: &Told, lang: Lang) -> String {
    let parts = [&told.place, &told.address].map(|text| one_line(text));
    let place = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    match (place.is_empty(), told.online) {
        (false, true) => locale::text(lang, "calendar-place-and-online", &[("place", place.into())]),
        (false, false) => place,
        (true, true) => locale::text(lang, "calendar-online", &[]),
        (true, false) => locale::text(lang, "calendar-place-open", &[]),
    }
}
