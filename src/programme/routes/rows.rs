//! Sessions as rows of a day, and their seats in words.

use chrono::{DateTime, Datelike as _, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use crate::{
    locale::{self, Lang, text},
    programme::{Access, Session, Status, words},
    registration::seats::{SeatBoard, SeatState},
    release::{ChangeKind, ReleasedSession, published::Published},
};

/// Up to so many free seats are counted out: « Il reste 4 places ».
pub const FEW_SEATS: i64 = 10;

/// From where a page is drawn: a release, the seats beside it, a language, a moment.
pub struct Here<'p> {
    /// The language of the page.
    pub lang: Lang,
    /// The site's address, without a slash at its end.
    pub base_url: &'p str,
    /// What the public sees.
    pub published: &'p Published,
    /// The programme's seat rows.
    pub seats: &'p SeatBoard,
    /// The moment of the request.
    pub now: DateTime<Utc>,
}

impl Here<'_> {
    /// An address of this programme in the page's language; `path` begins with `/` or is empty.
    pub fn href(&self, path: &str) -> String {
        format!("/{}/{}{path}", self.lang.code(), self.published.slug())
    }

    /// As [`Here::href`], with the site's address: for what leaves the browser.
    pub fn url(&self, path: &str) -> String {
        format!("{}{}", self.base_url, self.href(path))
    }

    /// The language of a session's words, where it is not the page's.
    pub fn words_of(&self, session: &Session) -> Option<String> {
        words::foreign_within(self.lang, &self.published.release.programme, session)
    }

    /// The language of the programme's own words, where it is not the page's.
    pub fn own_words(&self) -> Option<String> {
        words::own_language(self.lang, &self.published.release.programme)
    }

    /// The programme's zone.
    pub fn zone(&self) -> Tz {
        self.published.release.programme.timezone
    }

    /// A message in the page's language.
    pub fn say(&self, key: &str) -> String {
        text(self.lang, key, &[])
    }

    /// What one person may have, where the programme limits it.
    pub fn limits(&self) -> String {
        words::limits(self.lang, &self.published.release.programme.rules)
    }

    /// What a visitor can do about the session now; `None` where its seat row has not been seen yet.
    pub fn state(&self, session: &ReleasedSession) -> Option<SeatState> {
        if session.status != Status::Scheduled {
            return Some(SeatState::Cancelled);
        }
        self.seats.seat(session.id).map(|seat| seat.state(self.now))
    }

    /// True where a seat or a turn can be had with our form.
    pub fn is_open(&self, session: &ReleasedSession) -> bool {
        self.state(session).is_some_and(|state| state.takes_registrations())
    }
}

/// The seat of a session, in words.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SeatView {
    /// « Places libres », « Il reste 4 places », « Complet · liste d’attente (7) »…
    pub text: String,
    /// True where it is worth a colour: few seats are left.
    pub few: bool,
    /// True where our form takes it.
    pub choose: bool,
    /// Where one registers, if that is somebody else's page.
    pub external: Option<String>,
}

/// A seat state in words. Times are local to the programme.
pub fn seat_view(lang: Lang, zone: Tz, state: &SeatState) -> SeatView {
    let say = |key: &str| text(lang, key, &[]);
    let mut few = false;
    let mut external = None;
    let words = match state {
        SeatState::Free { left: Some(left) } if *left <= FEW_SEATS => {
            few = true;
            text(lang, "seat-left", &[("n", (*left).into())])
        }
        SeatState::Free { .. } => say("seat-free"),
        SeatState::Full { waiting } => text(lang, "seat-full", &[("n", (*waiting).into())]),
        SeatState::NotYet { opens } => {
            let opens = opens.with_timezone(&zone).naive_local();
            let at =
                format!("{}, {}", locale::day_month(lang, opens.date()), locale::time(lang, opens.time()));
            text(lang, "seat-not-yet", &[("at", at.into())])
        }
        SeatState::Closed => say("seat-closed"),
        SeatState::Invitation => say("seat-invitation"),
        SeatState::WalkIn => say("seat-walk-in"),
        SeatState::External { url } => {
            external = Some(url.clone()).filter(|url| is_web(url));
            say("seat-external")
        }
        SeatState::Over => say("seat-over"),
        SeatState::Cancelled => say("seat-cancelled"),
        SeatState::Untimed => say("seat-untimed"),
    };
    SeatView { text: words, few, choose: state.takes_registrations(), external }
}

/// True for an address that a link may lead to.
pub fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

/// The sessions of a page: in weeks, or as one run of days.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Week {
    /// « Semaine 1 »; `None`: the days stand for themselves.
    pub title: Option<String>,
    /// « 19–23 avril ».
    pub dates: String,
    /// The first day, for the anchor.
    pub iso: String,
    /// The theme of all its rows, where they have the same one.
    pub theme: Option<String>,
    /// `theme-lab`.
    pub class: String,
    /// By date.
    pub days: Vec<Day>,
}

/// A day of a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Day {
    #[serde(skip)]
    date: NaiveDate,
    /// `2027-04-19`.
    pub iso: String,
    /// « Lundi ».
    pub weekday: String,
    /// « 19 ».
    pub number: String,
    /// « avril », with the year where it is not the programme's.
    pub month: String,
    /// The theme of all its rows, where they have the same one.
    pub theme: Option<String>,
    /// `theme-lab`, where all its rows have the same theme.
    pub class: Option<String>,
    /// By start.
    pub rows: Vec<Row>,
}

/// A session in a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// Its identity in the form.
    pub slug: String,
    /// Its page.
    pub href: String,
    /// Its name.
    pub title: String,
    /// The language of the title, where it is not the page's.
    pub lang: Option<String>,
    /// Classes: `session`, `theme-lab`, `cancelled`.
    pub class: String,
    /// « 9 h – 10 h 15 », « horaire à préciser ».
    pub time: String,
    /// For machines.
    pub datetime: String,
    /// Its end, for machines; empty where none is known.
    pub until: String,
    /// Its formats.
    pub tag: String,
    /// Hosts, place, access…
    pub what: Vec<String>,
    /// « nouvelle », « déplacée ».
    pub mark: Option<String>,
    /// `None` where its seat row has not been seen yet.
    pub seat: Option<SeatView>,
    /// Its theme's name.
    pub theme: Option<String>,
    /// `theme-lab`.
    pub theme_class: Option<String>,
}

/// Groups sessions, which are by start, into days.
pub fn days<'s>(here: &Here<'_>, sessions: impl IntoIterator<Item = &'s ReleasedSession>) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    let mut last: Option<NaiveDate> = None;
    for session in sessions {
        if last != Some(session.date) {
            days.push(day(here, session.date));
            last = Some(session.date);
        }
        if let Some(day) = days.last_mut() {
            day.rows.push(row(here, session));
        }
    }
    for day in &mut days {
        let first = day.rows.first().and_then(|row| row.theme.clone());
        if first.is_some() && day.rows.iter().all(|row| row.theme == first) {
            day.theme = first;
            day.class = day.rows.first().and_then(|row| row.theme_class.clone());
        } else {
            // The colour never speaks alone: where the day does not say the theme, each row does.
            for row in &mut day.rows {
                row.what.extend(row.theme.clone());
            }
        }
    }
    days
}

/// The days as one run, without a word about weeks.
pub fn unparted(days: Vec<Day>) -> Vec<Week> {
    if days.is_empty() {
        return Vec::new();
    }
    vec![Week {
        title: None,
        dates: String::new(),
        iso: String::new(),
        theme: None,
        class: String::new(),
        days,
    }]
}

/// The days by calendar week; within one week, as one run.
pub fn weeks(here: &Here<'_>, days: Vec<Day>) -> Vec<Week> {
    let Some(first) = days.first().map(|day| monday(day.date)) else { return Vec::new() };
    if days.iter().all(|day| monday(day.date) == first) {
        return unparted(days);
    }
    let mut runs: Vec<Vec<Day>> = Vec::new();
    for day in days {
        match runs.last_mut() {
            Some(run) if run.iter().all(|other| monday(other.date) == monday(day.date)) => run.push(day),
            _ => runs.push(vec![day]),
        }
    }
    runs.into_iter().enumerate().map(|(at, days)| week(here, at + 1, days)).collect()
}

fn week(here: &Here<'_>, number: usize, mut days: Vec<Day>) -> Week {
    let (first, last) = (days.first().map(|day| day.date), days.last().map(|day| day.date));
    let theme = days.first().and_then(|day| day.theme.clone());
    let one = theme.is_some() && days.iter().all(|day| day.theme == theme);
    let class = days.first().and_then(|day| day.class.clone()).filter(|_| one).unwrap_or_default();
    if one {
        // Said once, above.
        days.iter_mut().for_each(|day| day.theme = None);
    }
    Week {
        title: Some(text(here.lang, "week-n", &[("n", number.into())])),
        dates: first
            .zip(last)
            .map(|(first, last)| locale::date_range(here.lang, first, last))
            .unwrap_or_default(),
        iso: first.map(|first| first.to_string()).unwrap_or_default(),
        theme: theme.filter(|_| one),
        class,
        days,
    }
}

/// The Monday of a day's week.
pub fn monday(day: NaiveDate) -> NaiveDate {
    day - TimeDelta::days(i64::from(day.weekday().num_days_from_monday()))
}

fn day(here: &Here<'_>, date: NaiveDate) -> Day {
    let lang = here.lang;
    let month = locale::month(lang, date);
    let programme = &here.published.release.programme;
    let said = (programme.starts.year()..=programme.ends.year()).contains(&date.year());
    Day {
        date,
        iso: date.to_string(),
        weekday: words::capital(locale::weekday(lang, date)),
        number: locale::day_number(lang, date),
        month: if said { month.to_owned() } else { format!("{month} {}", date.year()) },
        theme: None,
        class: None,
        rows: Vec::new(),
    }
}

/// A session as a row.
pub fn row(here: &Here<'_>, session: &ReleasedSession) -> Row {
    let lang = here.lang;
    let cancelled = session.status == Status::Cancelled;
    let mut class = String::from("session");
    if let Some(theme) = &session.theme {
        class.push_str(" theme-");
        class.push_str(theme);
    }
    if cancelled {
        class.push_str(" cancelled");
    }
    Row {
        slug: session.slug.clone(),
        href: here.href(&format!("/sessions/{}", session.slug)),
        title: session.title.clone(),
        lang: here.words_of(session),
        class,
        time: time(lang, session),
        datetime: datetime(here.zone(), session),
        until: session
            .ends_at(here.zone())
            .map(|end| end.with_timezone(&here.zone()).to_rfc3339())
            .unwrap_or_default(),
        tag: words::formats(lang, &session.formats),
        what: what(here, session),
        mark: (!cancelled).then(|| here.published.mark(&session.slug)).flatten().and_then(
            |kind| match kind {
                ChangeKind::New | ChangeKind::Moved => Some(here.say(&format!("change-{}", kind.code()))),
                ChangeKind::Cancelled | ChangeKind::Withdrawn | ChangeKind::Changed => None,
            },
        ),
        seat: here.state(session).map(|state| seat_view(lang, here.zone(), &state)),
        theme: here.published.release.theme_of(session).map(|theme| theme.title.clone()),
        theme_class: session.theme.as_ref().map(|theme| format!("theme-{theme}")),
    }
}

/// « 9 h – 10 h 15 », « horaire à préciser ».
pub fn time(lang: Lang, session: &Session) -> String {
    match session.start {
        Some(start) => locale::time_range(lang, session.date.and_time(start), session.end),
        None => text(lang, "time-unknown", &[]),
    }
}

/// `2027-04-19T09:00:00+02:00`, or the day alone.
pub fn datetime(zone: Tz, session: &Session) -> String {
    match session.start {
        Some(_) => session.starts_at(zone).with_timezone(&zone).to_rfc3339(),
        None => session.date.to_string(),
    }
}

fn what(here: &Here<'_>, session: &Session) -> Vec<String> {
    let mut what: Vec<String> = here.published.hosts_of(session).map(|host| host.name.clone()).collect();
    // A host that receives at home is not said twice.
    let place = here.published.place_of(session).map(|place| place.name.clone());
    what.extend(place.filter(|name| !what.contains(name)).into_iter().collect::<Vec<_>>());
    if session.online {
        what.push(here.say("online"));
    }
    if here.published.choices.languages.len() > 1 && !session.languages.is_empty() {
        what.push(words::languages(here.lang, &session.languages));
    }
    what.extend(session.access.iter().map(|access: &Access| words::access(here.lang, access)));
    what
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seat_is_said_in_words() {
        let say = |state: SeatState| seat_view(Lang::Fr, chrono_tz::Europe::Zurich, &state).text;

        assert_eq!(say(SeatState::Free { left: None }), "Places libres");
        assert_eq!(say(SeatState::Free { left: Some(11) }), "Places libres");
        assert_eq!(say(SeatState::Free { left: Some(4) }), "Il reste 4\u{a0}places");
        assert_eq!(say(SeatState::Free { left: Some(1) }), "Il reste 1\u{a0}place");
        assert_eq!(say(SeatState::Full { waiting: 7 }), "Complet · liste d’attente (7)");
        assert_eq!(say(SeatState::Full { waiting: 0 }), "Complet · liste d’attente ouverte");
        let opens = "2027-04-01T07:00:00Z".parse().unwrap();
        assert_eq!(say(SeatState::NotYet { opens }), "Inscription dès le 1er\u{a0}avril, 9\u{a0}h");
    }

    #[test]
    fn a_foreign_page_is_linked_only_where_it_is_a_page() {
        let link = |url: &str| {
            seat_view(Lang::En, chrono_tz::UTC, &SeatState::External { url: url.to_owned() }).external
        };
        assert_eq!(link("https://example.org/a"), Some("https://example.org/a".to_owned()));
        assert_eq!(link("javascript:alert(1)"), None);
    }
}
