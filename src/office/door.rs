//! At the door: who has come, marked on a telephone; also where the network goes away for a while. What a mark means,
//! and which of two counts, is [`attendance::door`](crate::registration::attendance::door)'s to know.

mod live;
mod marks;
mod rows;
mod session;

use chrono::{Days, NaiveDate};
use rocket::{
    Request, Route, get,
    http::Header,
    response::{self, Responder},
    routes,
};
use serde::Serialize;
use uuid::Uuid;

use super::{Html, Right, Room, frame::At, guard::Signed, registrations::published};
use crate::{
    error::Result,
    locale::{self, Lang, text},
    programme::{Status, words},
    registration::attendance::store,
    release::{ReleasedSession, published::Published},
    web::{assets, reply::Private},
};

/// The routes of this area.
pub fn routes() -> Vec<Route> {
    routes![list, session::show, marks::mark, marks::take, marks::count, live::watch]
}

/// For so many days after it a session stands in the list: marks that were made without network come late.
const DAYS_BACK: u64 = 3;

#[derive(Serialize)]
struct DoorsPage {
    days: Vec<Day>,
    /// Those of the last days, folded.
    earlier: Vec<Day>,
    script: &'static str,
    css: &'static str,
    who: Uuid,
}

#[derive(Serialize)]
struct Day {
    heading: String,
    sessions: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    href: String,
    title: String,
    lang: Option<String>,
    time: String,
    place: String,
    /// « En cours », « Terminée »; nothing before.
    now: Option<String>,
    expected: i64,
    /// `None`: nobody has marked it.
    present: Option<i64>,
}

/// The sessions of today, of the next day that has any, and of the last days.
#[get("/<lang>/office/<slug>/door", rank = 6)]
async fn list(signed: Signed, lang: Lang, slug: &str, room: Room<'_>) -> Result<Private<Html>> {
    let staff = signed.with(Right::MarkAttendance)?;
    let mut db = room.db().await?;
    let (known, at) = At::programme(&mut db, staff, lang, slug, "door").await?;
    let published = published(room.house, known.id)?;
    let zone = published.release.programme.timezone;
    let days = days(&published, room.now.with_timezone(&zone).date_naive());
    let ids: Vec<Uuid> = days.iter().flat_map(|(_, sessions)| sessions).map(|session| session.id).collect();
    let (present, expected) = (store::present(&mut db, &ids).await?, store::expected(&mut db, &ids).await?);
    let line = |session: &&ReleasedSession| Line {
        href: format!("/{}/office/{slug}/door/{}", lang.code(), session.slug),
        title: session.title.clone(),
        lang: words::foreign_within(lang, &published.release.programme, session),
        time: time(lang, session),
        place: published.place_of(session).map_or_else(String::new, |place| place.name.clone()),
        now: now(lang, &room, &published, session),
        expected: expected.get(&session.id).copied().unwrap_or_default(),
        present: present.get(&session.id).copied(),
    };
    let day = |(day, sessions): &(When, Vec<&ReleasedSession>)| Day {
        heading: day.heading(lang),
        sessions: sessions.iter().map(line).collect(),
    };
    let (earlier, coming): (Vec<_>, Vec<_>) =
        days.iter().partition(|(when, _)| matches!(when, When::Earlier(_)));
    let body = DoorsPage {
        days: coming.into_iter().map(day).collect(),
        earlier: earlier.into_iter().map(day).collect(),
        script: assets::href("office_door.js"),
        css: assets::href("office_door.css"),
        who: staff.id,
    };
    let layout = at.frame(&room, staff, "/door", text(lang, "office-door-title", &[])).zone(zone);
    room.draw(layout, body, "office/door/list.html").map(Private)
}

/// When people come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    /// Today.
    Today(NaiveDate),
    /// The next day on which there is something.
    Next(NaiveDate),
    /// A day that is over.
    Earlier(NaiveDate),
}

impl When {
    fn heading(self, lang: Lang) -> String {
        let said = |date: NaiveDate| words::capital(&locale::full_date(lang, date));
        match self {
            When::Today(date) => {
                text(lang, "office-door-today", &[("day", locale::full_date(lang, date).into())])
            }
            When::Next(date) | When::Earlier(date) => said(date),
        }
    }
}

/// Whose doors there are: today, on the next day, on the last days; each in the order of time.
fn days(published: &Published, today: NaiveDate) -> Vec<(When, Vec<&ReleasedSession>)> {
    let zone = published.release.programme.timezone;
    let takes_place = |session: &&ReleasedSession| session.status == Status::Scheduled;
    let last =
        |session: &ReleasedSession| session.end.map_or(session.date, |end| end.date()).max(session.date);
    let mut all: Vec<_> = published.release.sessions.iter().filter(takes_place).collect();
    all.sort_by_key(|session| (session.starts_at(zone), session.slug.as_str()));
    let on = |day: NaiveDate| -> Vec<&ReleasedSession> {
        all.iter().copied().filter(|session| session.date <= day && day <= last(session)).collect()
    };
    let next = all.iter().map(|session| session.date).filter(|date| *date > today).min();
    let mut days = vec![(When::Today(today), on(today))];
    days.extend(next.map(|date| (When::Next(date), on(date))));
    let back = (1..=DAYS_BACK).filter_map(|back| today.checked_sub_days(Days::new(back)));
    // What goes on today stands there.
    let over =
        |day: NaiveDate| all.iter().copied().filter(|session| last(session) == day).collect::<Vec<_>>();
    days.extend(back.map(|day| (When::Earlier(day), over(day))).filter(|(_, sessions)| !sessions.is_empty()));
    days
}

/// « 9 h – 10 h 15 », or that nobody knows yet.
fn time(lang: Lang, session: &ReleasedSession) -> String {
    match session.start {
        Some(start) => locale::time_range(lang, session.date.and_time(start), session.end),
        None => text(lang, "time-unknown", &[]),
    }
}

/// Whether it goes on, or is over; nothing before.
fn now(lang: Lang, room: &Room<'_>, published: &Published, session: &ReleasedSession) -> Option<String> {
    let zone = published.release.programme.timezone;
    if session.start.is_none() || room.now < session.starts_at(zone) {
        return None;
    }
    let is_over = session.ends_at(zone).is_some_and(|ends| ends <= room.now);
    Some(text(lang, if is_over { "office-door-over" } else { "office-door-running" }, &[]))
}

/// The door of a session: it may use the camera, and no other page may.
pub(super) struct Door(Html);

impl<'r> Responder<'r, 'static> for Door {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        let mut response = self.0.respond_to(request)?;
        response
            .set_header(Header::new("Permissions-Policy", "camera=(self), geolocation=(), microphone=()"));
        Ok(response)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::sample;

    #[test]
    fn doors_are_those_of_today_then_of_the_next_day_then_of_the_last_days() {
        let release = sample::release();
        let mut days_of: Vec<NaiveDate> = release
            .sessions
            .iter()
            .filter(|session| session.status == Status::Scheduled)
            .map(|session| session.date)
            .collect();
        days_of.sort();
        let (first, published) = (days_of[0], Published::new(Uuid::from_u128(1), release));
        let slugs = |found: &[(When, Vec<&ReleasedSession>)]| -> Vec<(When, usize)> {
            found.iter().map(|(when, sessions)| (*when, sessions.len())).collect()
        };

        let before = days(&published, first.pred_opt().unwrap());
        assert_eq!(slugs(&before)[0], (When::Today(first.pred_opt().unwrap()), 0));
        assert_eq!(slugs(&before)[1].0, When::Next(first));
        let on = days(&published, first);
        assert!(!on[0].1.is_empty() && on[0].0 == When::Today(first));
    }
}
