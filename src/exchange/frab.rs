//! What frab XML and JSON have in common: identities, days, rooms and times of a release's sessions.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, Offset as _, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    locale::{self, Lang},
    programme::{self, Session, Status},
    release::{Release, ReleasedSession},
};

/// A day may run on into the next by so much; longer sessions do not stretch it.
const NIGHT_HOURS: i64 = 6;

/// One day of the programme: its sessions by room.
pub(super) struct Day<'r> {
    pub date: NaiveDate,
    pub start: DateTime<FixedOffset>,
    pub end: DateTime<FixedOffset>,
    /// In the order of their first session.
    pub rooms: Vec<(String, Vec<&'r ReleasedSession>)>,
}

/// The days that have sessions, in order; the programme's first day where there is none.
pub(super) fn days(release: &Release, lang: Lang) -> Vec<Day<'_>> {
    let mut by_date: BTreeMap<NaiveDate, Vec<&ReleasedSession>> = BTreeMap::new();
    for session in release.sessions.iter().filter(|session| session.status == Status::Scheduled) {
        by_date.entry(session.date).or_default().push(session);
    }
    if by_date.is_empty() {
        by_date.insert(release.programme.starts, Vec::new());
    }
    by_date.into_iter().map(|(date, sessions)| day(release, lang, date, sessions)).collect()
}

fn day<'r>(
    release: &Release,
    lang: Lang,
    date: NaiveDate,
    mut sessions: Vec<&'r ReleasedSession>,
) -> Day<'r> {
    sessions.sort_by_key(|session| (session.start, session.id));
    let midnight = date.and_time(chrono::NaiveTime::MIN);
    let latest = midnight + TimeDelta::hours(24 + NIGHT_HOURS);
    let starts = sessions.iter().map(|session| local_start(session));
    let ends = sessions.iter().map(|session| session.end.unwrap_or(local_start(session)).min(latest));
    let start = starts.min().unwrap_or(midnight);
    let end = ends.max().unwrap_or(midnight).max(start);
    let zone = release.programme.timezone;
    let mut rooms: Vec<(String, Vec<&ReleasedSession>)> = Vec::new();
    for session in sessions {
        let name = room(release, session, lang);
        match rooms.iter_mut().find(|(known, _)| *known == name) {
            Some((_, sessions)) => sessions.push(session),
            None => rooms.push((name, vec![session])),
        }
    }
    Day { date, start: offset(zone, start), end: offset(zone, end), rooms }
}

/// Where it is, in one word: the place, « En ligne », or that this is not known yet.
pub(super) fn room(release: &Release, session: &Session, lang: Lang) -> String {
    match (release.place_of(session), session.online) {
        (Some(place), _) => super::xml_text(&place.name),
        (None, true) => locale::text(lang, "calendar-online", &[]),
        (None, false) => locale::text(lang, "calendar-place-open", &[]),
    }
}

/// Its first moment, local; a session without a start begins with its day.
pub(super) fn local_start(session: &Session) -> NaiveDateTime {
    session.date.and_time(session.start.unwrap_or_default())
}

/// A local time with the zone's offset at that time.
pub(super) fn offset(zone: Tz, local: NaiveDateTime) -> DateTime<FixedOffset> {
    let instant: DateTime<Utc> = programme::instant(zone, local);
    instant.with_timezone(&zone.offset_from_utc_datetime(&instant.naive_utc()).fix())
}

/// `HH:MM` of what really passes from start to end, at most `99:59`, which is what the XML schema takes;
/// `00:00` where no end is known.
pub(super) fn duration(release: &Release, session: &Session) -> String {
    let zone = release.programme.timezone;
    let minutes =
        session.ends_at(zone).map_or(0, |end| (end - session.starts_at(zone)).num_minutes().clamp(0, 5_999));
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// The room's identity in frab files.
pub(super) fn room_guid(release: &Release, room: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{}/rooms/{room}", release.programme.slug).as_bytes())
}

/// A positive number a session, for programs that know nothing else: 31 bits, since some keep no more. The rare
/// number that two would share goes to the older one; our ids rise with time, so that later sessions move none.
pub(super) fn numbers(release: &Release) -> HashMap<Uuid, i64> {
    let mut ids: Vec<Uuid> = release.sessions.iter().map(|session| session.id).collect();
    ids.sort();
    let mut taken = HashSet::new();
    let mut number_of = |id: &Uuid| {
        let hash = Sha256::digest(id.as_bytes());
        let first = u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]);
        let mut number = i64::from(first >> 1).max(1);
        while !taken.insert(number) {
            number = number % i64::from(i32::MAX) + 1;
        }
        number
    };
    ids.iter().map(|id| (*id, number_of(id))).collect()
}

/// The programme's short name: its slug with `_`, at least four characters.
pub(super) fn acronym(release: &Release) -> String {
    format!("{:_<4}", release.programme.slug.replace('-', "_"))
}

/// The kind of session; frab files know one.
pub(super) fn kind(session: &Session) -> &'static str {
    session.formats.first().map_or("other", |format| format.code())
}

/// The hosts that have a site: name and address.
pub(super) fn links<'r>(
    release: &'r Release,
    session: &'r Session,
) -> impl Iterator<Item = (&'r str, String)> {
    release.hosts_of(session).filter_map(|host| {
        let url = url::Url::parse(&host.url).ok().filter(|url| ["http", "https"].contains(&url.scheme()))?;
        Some((host.name.as_str(), url.to_string()))
    })
}

#[cfg(test)]
mod tests;
