//! The programme page: its face, its doors, its filters, its days.

use std::collections::HashSet;

use chrono::NaiveDate;
use serde::Serialize;

use super::{
    opening::{self, OpeningView},
    rows::{Day, Here, Week, days, monday, unparted, weeks},
};
use crate::{
    calendar::{links, links::Links},
    locale::{self, Lang, text},
    programme::{
        Access, Format, Status,
        filter::{Filter, Ignored, Where},
        words,
    },
    release::{Release, ReleasedSession},
};

/// What `templates/programme/programme.html` shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Listing {
    /// The language of the programme's own words, where it is not the page's.
    pub own_lang: Option<String>,
    /// The programme's one line, or else its name.
    pub heading: String,
    /// « Du 19 avril au 14 mai 2027, sur place et en ligne. 87 sessions, 34 organisations. »
    pub facts: String,
    /// Markdown.
    pub summary: String,
    /// What the doors are: weeks or themes.
    pub doors_title: String,
    /// The themes, or the weeks of a programme without themes.
    pub doors: Vec<Door>,
    /// The form of the filters.
    pub form: FilterForm,
    /// True where something is asked.
    pub filtered: bool,
    /// « 3 sessions trouvées »; empty where nothing is asked.
    pub found: String,
    /// What was asked and is not there.
    pub notices: Vec<String>,
    /// The sessions.
    pub weeks: Vec<Week>,
    /// Subscribe, Google, Outlook, file.
    pub calendar: Links,
    /// Its slug, under which the browser remembers what is chosen.
    pub programme: String,
    /// True where a row can be chosen.
    pub choosable: bool,
    /// What one person may have; empty where the programme has no limit.
    pub limits: String,
    /// When registration opens, while the sessions wait for it.
    pub opening: Option<OpeningView>,
    /// Where the form of the chosen goes.
    pub register: String,
    /// The programme's page without filters.
    pub home: String,
    /// True where the programme has a session at all.
    pub has_sessions: bool,
}

/// A week, or a theme.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Door {
    /// 1, 2, 3…; `None` for themes that are no weeks.
    pub number: Option<usize>,
    /// « 19–23 avril ».
    pub dates: Option<String>,
    /// The first day, for machines.
    pub datetime: Option<String>,
    /// The theme's name, or « Semaine 1 ».
    pub title: String,
    /// The theme's page, or the week's first day.
    pub href: String,
    /// « 23 sessions ».
    pub count: String,
    /// `theme-lab`.
    pub class: String,
}

/// The filters as a form, with what was asked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FilterForm {
    /// What was searched for.
    pub q: String,
    /// Always in sight.
    pub main: Vec<Select>,
    /// Behind « Plus de filtres ».
    pub more: Vec<Select>,
    /// « Inscription possible ».
    pub open: bool,
    /// True where one of those behind is used.
    pub more_used: bool,
}

/// One filter.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Select {
    pub name: &'static str,
    pub label: String,
    /// What stands for no filter: « Tous ».
    pub all: String,
    pub options: Vec<Choice>,
}

/// One value of a filter.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub selected: bool,
}

/// The page with what a visitor asks for.
pub fn listing(here: &Here<'_>, filter: &Filter, ignored: &[Ignored]) -> Listing {
    let release = &here.published.release;
    let days = days(here, asked_for(here, filter));
    let count: usize = days.iter().map(|day| day.rows.len()).sum();
    let programme = &release.programme;
    let title = if programme.tagline.is_empty() { &programme.title } else { &programme.tagline };
    let (doors_title, doors) = doors(here);
    Listing {
        own_lang: here.own_words(),
        heading: title.clone(),
        facts: facts(here),
        summary: programme.summary.clone(),
        doors_title,
        doors,
        form: form(here, filter),
        filtered: !filter.is_empty(),
        found: if filter.is_empty() {
            String::new()
        } else {
            text(here.lang, "filter-found", &[("n", count.into())])
        },
        notices: ignored.iter().map(|ignored| notice(here.lang, ignored)).collect(),
        choosable: choosable(&days),
        limits: here.limits(),
        opening: opening::of_programme(here),
        weeks: if filter.is_empty() { weeks(here, days) } else { unparted(days) },
        calendar: links::of_feed(&here.url("/calendar.ics"), &programme.title),
        programme: programme.slug.clone(),
        register: here.href("/register"),
        home: here.href(""),
        has_sessions: release.listed().next().is_some(),
    }
}

/// True where a row of these days can be chosen.
pub fn choosable(days: &[Day]) -> bool {
    days.iter().flat_map(|day| &day.rows).any(|row| row.seat.as_ref().is_some_and(|seat| seat.choose))
}

/// The listed sessions that the filter lets through, by start.
fn asked_for<'p>(here: &Here<'p>, filter: &Filter) -> Vec<&'p ReleasedSession> {
    let release = &here.published.release;
    let found: Option<HashSet<&str>> = (!filter.q.is_empty()).then(|| {
        here.published.find(&filter.q).into_iter().map(|at| release.sessions[at].slug.as_str()).collect()
    });
    release
        .listed()
        .filter(|session| found.as_ref().is_none_or(|found| found.contains(session.slug.as_str())))
        .filter(|session| filter.lets_through(session))
        .filter(|session| !filter.open || here.is_open(session))
        .collect()
}

fn notice(lang: Lang, ignored: &Ignored) -> String {
    let label = if ignored.name == "online" { "where" } else { ignored.name };
    let name = text(lang, &format!("filter-{label}"), &[]);
    text(lang, "filter-ignored", &[("name", name.into()), ("value", ignored.value.clone().into())])
}

/// The programme in two sentences.
pub fn facts(here: &Here<'_>) -> String {
    let release = &here.published.release;
    let dates = words::from_to(here.lang, release.programme.starts, release.programme.ends);
    let (online, on_site) = (
        release.listed().any(|session| session.online),
        release.listed().any(|session| session.place.is_some()),
    );
    let place = match (on_site, online) {
        (true, true) => Some("face-where-both"),
        (false, true) => Some("face-where-online"),
        (true, false) => Some("face-where-site"),
        (false, false) => None,
    };
    let place = place.map(|key| format!(", {}", here.say(key))).unwrap_or_default();
    let count = release.listed().filter(|session| takes_place(session)).count();
    let hosts = here.published.hosting().len();
    let mut sessions = text(here.lang, "face-sessions", &[("n", count.into())]);
    if hosts > 0 {
        sessions = format!("{sessions}, {}", text(here.lang, "face-hosts", &[("n", hosts.into())]));
    }
    format!("{dates}{place}. {sessions}.")
}

fn doors(here: &Here<'_>) -> (String, Vec<Door>) {
    let release = &here.published.release;
    if release.themes.is_empty() {
        return (here.say("programme-doors-weeks"), week_doors(here));
    }
    let weeks = release.themes.iter().all(|theme| theme.starts.is_some());
    let key = if weeks { "programme-doors-weeks" } else { "programme-doors-themes" };
    (here.say(key), theme_doors(here, weeks))
}

fn theme_doors(here: &Here<'_>, numbered: bool) -> Vec<Door> {
    let release = &here.published.release;
    let door = |(at, theme): (usize, &crate::programme::Theme)| Door {
        number: numbered.then_some(at + 1),
        dates: theme.starts.map(|first| locale::date_range(here.lang, first, theme.ends.unwrap_or(first))),
        datetime: theme.starts.map(|first| first.to_string()),
        title: theme.title.clone(),
        href: here.href(&format!("/themes/{}", theme.slug)),
        count: count(here.lang, in_theme(release, &theme.slug).filter(|s| takes_place(s)).count()),
        class: format!("theme-{}", theme.slug),
    };
    release.themes.iter().enumerate().map(door).collect()
}

/// The listed sessions of a theme.
pub fn in_theme<'r>(release: &'r Release, theme: &str) -> impl Iterator<Item = &'r ReleasedSession> {
    release.listed().filter(move |session| session.theme.as_deref() == Some(theme))
}

/// Counts speak of what takes place; lists show what is cancelled, too.
pub fn takes_place(session: &ReleasedSession) -> bool {
    session.status == Status::Scheduled
}

/// A programme within one week needs no doors.
fn week_doors(here: &Here<'_>) -> Vec<Door> {
    let mut weeks: Vec<(NaiveDate, NaiveDate, NaiveDate, usize)> = Vec::new();
    for session in here.published.release.listed() {
        let monday = monday(session.date);
        match weeks.last_mut() {
            Some((week, _, last, count)) if *week == monday => {
                *last = session.date;
                *count += usize::from(takes_place(session));
            }
            _ => weeks.push((monday, session.date, session.date, usize::from(takes_place(session)))),
        }
    }
    if weeks.len() < 2 {
        return Vec::new();
    }
    let door = |(at, (_, first, last, sessions)): (usize, (_, NaiveDate, NaiveDate, usize))| Door {
        number: Some(at + 1),
        dates: Some(locale::date_range(here.lang, first, last)),
        datetime: Some(first.to_string()),
        title: text(here.lang, "week-n", &[("n", (at + 1).into())]),
        href: format!("#week-{first}"),
        count: count(here.lang, sessions),
        class: String::new(),
    };
    weeks.into_iter().enumerate().map(door).collect()
}

/// « 23 sessions ».
pub fn count(lang: Lang, sessions: usize) -> String {
    text(lang, "count-sessions", &[("n", sessions.into())])
}

fn form(here: &Here<'_>, filter: &Filter) -> FilterForm {
    let options = Options { here, filter };
    let select = |name, label: &str, all: &str, chosen: Option<String>, options: Vec<(String, String)>| {
        let options = options
            .into_iter()
            .map(|(value, label)| Choice { selected: chosen.as_ref() == Some(&value), value, label })
            .collect();
        Select { name, label: here.say(label), all: here.say(all), options }
    };
    let useful =
        |select: &Select| select.options.len() > 1 || select.options.iter().any(|option| option.selected);
    let main = vec![
        select("theme", "filter-theme", "filter-all-m", filter.theme.clone(), options.themes()),
        select(
            "format",
            "filter-format",
            "filter-all-m",
            filter.format.map(|format| format.code().to_owned()),
            options.formats(),
        ),
        select(
            "online",
            "filter-where",
            "filter-everywhere",
            filter.online.map(|online| online.code().to_owned()),
            options.places(),
        ),
    ];
    let more = vec![
        select("day", "filter-day", "filter-all-m", filter.day.map(|day| day.to_string()), options.days()),
        select("language", "filter-language", "filter-all-f", filter.language.clone(), options.languages()),
        select("org", "filter-org", "filter-all-f", filter.org.clone(), options.hosts()),
        select(
            "access",
            "filter-access",
            "filter-any",
            filter.access.as_ref().map(|access| access.code().to_owned()),
            options.accesses(),
        ),
    ];
    FilterForm {
        q: filter.q.clone(),
        main: main.into_iter().filter(useful).collect(),
        more_used: filter.open || more.iter().any(|s| s.options.iter().any(|option| option.selected)),
        more: more.into_iter().filter(useful).collect(),
        open: filter.open,
    }
}

/// What there is to choose from, each as value and words. What was chosen is there, even where nothing is like it.
struct Options<'o> {
    here: &'o Here<'o>,
    filter: &'o Filter,
}

impl Options<'_> {
    fn themes(&self) -> Vec<(String, String)> {
        let themes = self.here.published.release.themes.iter();
        themes.map(|theme| (theme.slug.clone(), theme.title.clone())).collect()
    }

    fn formats(&self) -> Vec<(String, String)> {
        let mut formats = self.here.published.choices.formats.clone();
        formats.extend(self.filter.format.filter(|format| !formats.contains(format)));
        let option = |f: Format| (f.code().to_owned(), words::format(self.here.lang, f));
        formats.into_iter().map(option).collect()
    }

    fn places(&self) -> Vec<(String, String)> {
        if !self.here.published.choices.both_places && self.filter.online.is_none() {
            return Vec::new();
        }
        let option = |one: Where, label: &str| (one.code().to_owned(), self.here.say(label));
        vec![option(Where::Online, "filter-online"), option(Where::OnSite, "filter-on-site")]
    }

    fn days(&self) -> Vec<(String, String)> {
        let lang = self.here.lang;
        let option = |day: &NaiveDate| {
            let words = format!("{} {}", locale::weekday(lang, *day), locale::day_month(lang, *day));
            (day.to_string(), words::capital(&words))
        };
        self.here.published.choices.days.iter().map(option).collect()
    }

    fn languages(&self) -> Vec<(String, String)> {
        let option = |code: &String| (code.clone(), words::capital(&words::language(self.here.lang, code)));
        self.here.published.choices.languages.iter().map(option).collect()
    }

    fn hosts(&self) -> Vec<(String, String)> {
        let published = self.here.published;
        let option = |slug: &String| Some((slug.clone(), published.organisation(slug)?.name.clone()));
        published.choices.organisations.iter().filter_map(option).collect()
    }

    fn accesses(&self) -> Vec<(String, String)> {
        let mut accesses = self.here.published.choices.access.clone();
        accesses.extend(self.filter.access.clone().filter(|access| !accesses.contains(access)));
        let option = |a: &Access| (a.code().to_owned(), words::capital(&words::access(self.here.lang, a)));
        accesses.iter().map(option).collect()
    }
}
