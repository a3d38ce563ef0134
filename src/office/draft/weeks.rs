//! A week at a glance, and the month above it: a column a day, sessions downwards, what is in each other's way marked.

use std::collections::BTreeMap;

use chrono::{Datelike as _, Days, NaiveDate, Weekday};
use rocket::get;
use serde::Serialize;

use super::{Here, brought::ClashView, view};
use crate::{
    error::Result,
    locale::{self, Lang, text},
    office::{Html, Right, Room, guard::Signed},
    programme::{
        DraftSession, Status,
        clashes::{self, Clash},
        words,
    },
    web::reply::Private,
};

/// Weeks of a programme that the page names: more are no month.
const WEEKS_MAX: usize = 60;

/// What `office/draft_weeks.html` shows.
#[derive(Serialize)]
struct WeeksPage {
    /// « Semaine du 19 au 25 avril 2027 ».
    heading: String,
    weeks: Vec<Week>,
    before: Option<String>,
    after: Option<String>,
    days: Vec<Day>,
    /// Those of the week.
    clashes: ClashView,
    colours: String,
}

#[derive(Serialize)]
struct Week {
    label: String,
    href: String,
    count: String,
    /// Clashes that it has.
    warns: bool,
    current: bool,
}

#[derive(Serialize)]
struct Day {
    iso: String,
    label: String,
    new: Option<String>,
    slots: Vec<Slot>,
}

#[derive(Serialize)]
struct Slot {
    title: String,
    href: Option<String>,
    /// The small form that moves it.
    time_href: Option<String>,
    time: String,
    /// For machines.
    datetime: String,
    place: String,
    theme: Option<String>,
    clash: bool,
    off: bool,
}

#[get("/<lang>/office/<slug>/weeks?<week>", rank = 6)]
pub async fn show(
    signed: Signed,
    lang: Lang,
    slug: &str,
    week: Option<&str>,
    room: Room<'_>,
) -> Result<Private<Html>> {
    let here = Here::open(&room, &signed, Right::SeeDraft, lang, slug, "weeks").await?;
    let shown: Vec<&DraftSession> =
        here.draft.sessions.iter().filter(|one| one.session.status != Status::Withdrawn).collect();
    let asked = week.and_then(|week| week.parse::<NaiveDate>().ok()).map(monday);
    let first = asked.unwrap_or_else(|| start(&here, &shown));
    let all = clashes::of(&here.draft);
    let mut counts: BTreeMap<NaiveDate, usize> = BTreeMap::new();
    for week in weeks_of(&here, first) {
        counts.insert(week, 0);
    }
    for one in &shown {
        *counts.entry(monday(one.session.date)).or_default() += 1;
    }
    let known: Vec<NaiveDate> = counts.keys().copied().collect();
    let at = known.iter().position(|week| *week == first);
    let neighbour = |at: Option<usize>| at.and_then(|at| known.get(at)).map(|week| href(&here, *week));
    let own = all.iter().filter(|clash| monday_of(&here, clash) == first);
    let last = first.checked_add_days(Days::new(6)).unwrap_or(first);
    let body = WeeksPage {
        heading: text(lang, "office-draft-week", &[("days", words::from_to(lang, first, last).into())]),
        weeks: counts
            .iter()
            .take(WEEKS_MAX)
            .map(|(week, count)| Week {
                label: label(lang, *week),
                href: href(&here, *week),
                count: text(
                    lang,
                    "office-draft-count",
                    &[("n", i64::try_from(*count).unwrap_or(i64::MAX).into())],
                ),
                warns: all.iter().any(|clash| monday_of(&here, clash) == *week),
                current: *week == first,
            })
            .collect(),
        before: neighbour(at.and_then(|at| at.checked_sub(1))),
        after: neighbour(at.map(|at| at + 1)),
        days: (0..7)
            .filter_map(|day| first.checked_add_days(Days::new(day)))
            .map(|day| column(&here, day, &shown, &all))
            .collect(),
        clashes: ClashView::dated(lang, &here.draft, own),
        colours: here.colours(),
    };
    let layout = here.frame("/weeks", here.say("office-draft-weeks"));
    let layout = layout.query(&format!("week={first}"));
    room.draw(layout, body, "office/draft_weeks.html").map(Private)
}

fn href(here: &Here<'_>, week: NaiveDate) -> String {
    here.href(&format!("/weeks?week={week}"))
}

/// The Monday of a day's week.
fn monday(day: NaiveDate) -> NaiveDate {
    let back = u64::from(day.weekday().days_since(Weekday::Mon));
    day.checked_sub_days(Days::new(back)).unwrap_or(day)
}

fn monday_of(here: &Here<'_>, clash: &Clash) -> NaiveDate {
    monday(clash.at.with_timezone(&here.draft.programme.timezone).date_naive())
}

/// The week that is now, if the programme is on; else its first.
fn start(here: &Here<'_>, shown: &[&DraftSession]) -> NaiveDate {
    let programme = &here.draft.programme;
    let today = here.room.now.with_timezone(&programme.timezone).date_naive();
    let first = shown.iter().map(|one| one.session.date).min().unwrap_or(programme.starts);
    let is_on = (programme.starts..=programme.ends).contains(&today);
    monday(if is_on { today } else { first })
}

/// The weeks of the programme, and the one that is shown.
fn weeks_of(here: &Here<'_>, shown: NaiveDate) -> Vec<NaiveDate> {
    let programme = &here.draft.programme;
    let mut weeks = vec![shown];
    let mut week = monday(programme.starts);
    while week <= programme.ends && weeks.len() < WEEKS_MAX {
        weeks.push(week);
        let Some(next) = week.checked_add_days(Days::new(7)) else { break };
        week = next;
    }
    weeks
}

/// « 19–25 avril ».
fn label(lang: Lang, week: NaiveDate) -> String {
    locale::date_range(lang, week, week.checked_add_days(Days::new(6)).unwrap_or(week))
}

fn column(here: &Here<'_>, day: NaiveDate, shown: &[&DraftSession], all: &[Clash]) -> Day {
    let lang = here.lang();
    let mut today: Vec<&&DraftSession> = shown.iter().filter(|one| one.session.date == day).collect();
    today.sort_by_key(|one| (one.session.start.is_some(), one.session.start, one.session.title.clone()));
    let slot = |one: &&&DraftSession| {
        let session = &one.session;
        let below =
            |path: &str| here.may_edit().then(|| here.href(&format!("/sessions/{}{path}", session.slug)));
        let time = match session.start {
            Some(start) => locale::time_range(lang, day.and_time(start), session.end),
            None => text(lang, "time-unknown", &[]),
        };
        Slot {
            title: session.title.clone(),
            href: below(""),
            time_href: below("/time"),
            time,
            datetime: match session.start {
                Some(start) => day.and_time(start).format("%Y-%m-%dT%H:%M").to_string(),
                None => day.to_string(),
            },
            place: view::place(lang, &here.draft, one),
            theme: session.theme.clone(),
            clash: all.iter().any(|clash| clash.concerns(&session.slug)),
            off: session.status != Status::Scheduled,
        }
    };
    Day {
        iso: day.to_string(),
        label: words::capital(&format!("{} {}", locale::weekday(lang, day), locale::day_month(lang, day))),
        new: here.may_edit().then(|| here.href(&format!("/new/session?date={day}"))),
        slots: today.iter().map(slot).collect(),
    }
}
