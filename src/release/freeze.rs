//! From a draft to a release: freezing, and the differences to the release before. Pure.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use chrono_tz::Tz;

use super::{Change, ChangeKind, Field, FieldChange, Release, ReleasedSession};
use crate::programme::{Call, Draft, PressRelease, Programme, Session, Status};

/// The release that publishing `draft` makes, or `None` where the public would see no difference.
///
/// A session's `SEQUENCE` rises with every change that a person must know: title, time, place, online or
/// not, and whether it takes place. Any change moves `changed_at`.
pub fn freeze(draft: &Draft, previous: Option<&Release>, note: &str, now: DateTime<Utc>) -> Option<Release> {
    let mut release = Release {
        number: previous.map_or(1, |previous| previous.number + 1),
        published_at: now,
        note: note.to_owned(),
        // The call for proposals is in force at once, from the draft.
        programme: Programme { call: Call::default(), ..draft.programme.clone() },
        themes: draft.themes.clone(),
        places: draft.places.clone(),
        organisations: draft.organisations.clone(),
        press: draft.press.clone(),
        press_changed: press_changed(draft, previous, now),
        sessions: Vec::with_capacity(draft.sessions.len()),
        changes: Vec::new(),
    };
    release.press.sort_by(PressRelease::newest_first);
    let before: HashMap<_, _> =
        previous.iter().flat_map(|release| &release.sessions).map(|session| (session.id, session)).collect();
    for draft_session in &draft.sessions {
        let session = &draft_session.session;
        match before.get(&session.id) {
            // What was never public needs no tombstone.
            None if session.status == Status::Withdrawn => {}
            None => release.sessions.push(ReleasedSession {
                session: session.clone(),
                sequence: 0,
                changed_at: now,
                since: release.number,
            }),
            Some(old) => release.sessions.push(carry_on(old, session, previous, &release, now)),
        }
    }
    release.sessions.sort_by(|a, b| {
        (a.date, a.start.is_some(), a.start, &a.title, &a.slug).cmp(&(
            b.date,
            b.start.is_some(),
            b.start,
            &b.title,
            &b.slug,
        ))
    });
    if let Some(previous) = previous {
        release.changes = changes(previous, &release);
        if same_for_the_public(previous, &release) {
            return None;
        }
    }
    Some(release)
}

fn press_changed(
    draft: &Draft,
    previous: Option<&Release>,
    now: DateTime<Utc>,
) -> BTreeMap<String, DateTime<Utc>> {
    let changed = |release: &PressRelease| {
        let before = previous.filter(|previous| previous.press.contains(release));
        let at = before.map_or(Some(now), |previous| previous.press_changed.get(&release.slug).copied());
        Some((release.slug.clone(), at?))
    };
    draft.press.iter().filter_map(changed).collect()
}

fn carry_on(
    old: &ReleasedSession,
    session: &Session,
    previous: Option<&Release>,
    release: &Release,
    now: DateTime<Utc>,
) -> ReleasedSession {
    let place_moved = previous.is_some_and(|previous| {
        let (was, is) = (previous.place_of(old), release.place_of(session));
        was.map(|place| (&place.name, &place.address)) != is.map(|place| (&place.name, &place.address))
    });
    let zone = release.programme.timezone;
    let zone_before = previous.map_or(zone, |previous| previous.programme.timezone);
    // Most sessions are as they were: no zone need be asked what their hours are.
    let is_other = zone != zone_before || old.session != *session;
    let must_know = place_moved || (is_other && matters(&old.session, zone_before) != matters(session, zone));
    let differs = must_know || old.session != *session;
    ReleasedSession {
        session: session.clone(),
        sequence: old.sequence + i64::from(must_know),
        changed_at: if differs { now } else { old.changed_at },
        since: old.since,
    }
}

/// What a person must know about a session that is in the calendar.
fn matters(session: &Session, zone: Tz) -> impl PartialEq + '_ {
    (&session.title, when(session, zone), session.online, session.status)
}

/// When a session is. Under another zone the same hour is another moment.
#[derive(PartialEq)]
enum When {
    Timed(DateTime<Utc>, Option<DateTime<Utc>>),
    Days(NaiveDate, Option<NaiveDateTime>),
}

fn when(session: &Session, zone: Tz) -> When {
    match session.start {
        Some(_) => When::Timed(session.starts_at(zone), session.ends_at(zone)),
        None => When::Days(session.date, session.end),
    }
}

/// True where the programmes do not differ. Older releases hold a call for proposals, which is none of the public's.
pub fn same_programme(old: &Release, new: &Release) -> bool {
    let old = Programme { call: Call::default(), ..old.programme.clone() };
    old == Programme { call: Call::default(), ..new.programme.clone() }
}

/// True where neither a page, a feed nor a file would differ.
fn same_for_the_public(old: &Release, new: &Release) -> bool {
    same_programme(old, new)
        && old.themes == new.themes
        && old.places == new.places
        && old.organisations == new.organisations
        && old.press == new.press
        && old.sessions == new.sessions
}

/// The differences between two releases, in the order of the new one.
pub fn changes(old: &Release, new: &Release) -> Vec<Change> {
    let before: HashMap<_, _> = old.sessions.iter().map(|session| (session.id, session)).collect();
    new.sessions
        .iter()
        .filter_map(|session| match before.get(&session.id) {
            None => Some(Change { kind: ChangeKind::New, slug: session.slug.clone(), fields: Vec::new() }),
            Some(was) => change(old, was, new, session),
        })
        .collect()
}

fn change(old: &Release, was: &Session, new: &Release, is: &Session) -> Option<Change> {
    let fields = if is.status == Status::Withdrawn { Vec::new() } else { fields(old, was, new, is) };
    let moved = |change: &FieldChange| {
        matches!(change.field, Field::Start | Field::End | Field::Place | Field::Online)
    };
    let kind = match (was.status, is.status) {
        (Status::Withdrawn, Status::Withdrawn) => return None,
        (_, Status::Withdrawn) => ChangeKind::Withdrawn,
        (Status::Scheduled, Status::Cancelled) => ChangeKind::Cancelled,
        (Status::Cancelled | Status::Withdrawn, Status::Scheduled) => ChangeKind::New,
        (Status::Withdrawn, Status::Cancelled) => ChangeKind::Cancelled,
        (Status::Scheduled, Status::Scheduled) | (Status::Cancelled, Status::Cancelled) => {
            if fields.iter().any(moved) {
                ChangeKind::Moved
            } else if fields.is_empty() {
                return None;
            } else {
                ChangeKind::Changed
            }
        }
    };
    Some(Change { kind, slug: is.slug.clone(), fields })
}

fn fields(old: &Release, was: &Session, new: &Release, is: &Session) -> Vec<FieldChange> {
    let mut fields = Vec::new();
    let mut tell = |field, old: String, new: String| {
        if old != new {
            fields.push(FieldChange { field, old, new });
        }
    };
    tell(Field::Title, was.title.clone(), is.title.clone());
    let (zone, zone_before) = (new.programme.timezone, old.programme.timezone);
    tell(Field::Start, start(was, zone_before, zone), start(is, zone, zone));
    // An end that moves along with its start is no news of its own.
    if length(was) != length(is) {
        tell(Field::End, end(was), end(is));
    }
    tell(Field::Place, place(old, was), place(new, is));
    tell(Field::Online, was.online.to_string(), is.online.to_string());
    tell(Field::Hosts, hosts(old, was), hosts(new, is));
    tell(Field::Speakers, was.speakers.join(", "), is.speakers.join(", "));
    tell(Field::Language, was.languages.join(", "), is.languages.join(", "));
    tell(Field::Format, formats(was), formats(is));
    tell(Field::Theme, theme(old, was), theme(new, is));
    tell(Field::Access, access(was), access(is));
    // Where it is cancelled now, that is the news, and not its reason.
    let other_reason = was.status == is.status && was.reason() != is.reason();
    if other_reason
        || (&was.r#abstract, &was.description, &was.tags) != (&is.r#abstract, &is.description, &is.tags)
    {
        // The texts themselves would be two pages of a person's time; that they differ is enough.
        fields.push(FieldChange { field: Field::Text, old: String::new(), new: String::new() });
    }
    if (&was.recording, &was.minutes) != (&is.recording, &is.minutes) {
        fields.push(FieldChange { field: Field::After, old: String::new(), new: String::new() });
    }
    fields
}

/// The start as a clock in the zone `seen` shows it.
fn start(session: &Session, zone: Tz, seen: Tz) -> String {
    match session.start {
        Some(start) => {
            let local = if zone == seen {
                session.date.and_time(start)
            } else {
                session.starts_at(zone).with_timezone(&seen).naive_local()
            };
            local.format("%Y-%m-%dT%H:%M").to_string()
        }
        None => session.date.to_string(),
    }
}

fn end(session: &Session) -> String {
    session.end.map(|end| end.format("%Y-%m-%dT%H:%M").to_string()).unwrap_or_default()
}

fn length(session: &Session) -> Option<chrono::TimeDelta> {
    Some(session.end? - session.date.and_time(session.start?))
}

fn place(release: &Release, session: &Session) -> String {
    let parts = release.place_of(session).map(|place| [place.name.trim(), place.address.trim()]);
    let said = parts.into_iter().flatten().filter(|part| !part.is_empty());
    said.collect::<Vec<_>>().join(", ")
}

fn theme(release: &Release, session: &Session) -> String {
    release.theme_of(session).map(|theme| theme.title.clone()).unwrap_or_default()
}

fn hosts(release: &Release, session: &Session) -> String {
    release.hosts_of(session).map(|host| host.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn formats(session: &Session) -> String {
    session.formats.iter().map(|format| format.code()).collect::<Vec<_>>().join("|")
}

fn access(session: &Session) -> String {
    session.access.iter().map(|access| access.code()).collect::<Vec<_>>().join("|")
}
