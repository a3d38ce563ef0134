//! The page: figures in large, then what they are made of, each picture with its table.

use std::cmp::Reverse;

use chrono::{Days, NaiveDate};
use serde::Serialize;

use super::{
    Asked, Place,
    chart::{self, Bar, Chart, Column},
    grid::{Cell, Table},
    tables::{self, What, grid},
    words,
};
use crate::{
    error::Result,
    locale::{self, Lang, text},
    office::pages::{PageLink, Pages},
    programme,
    registration::figures::report::{Line, PEOPLE_MIN, Report, Share, Sums},
    release::published::Published,
};

/// Sessions of one page.
const PAGE: usize = 50;
/// The most columns of a chart; where there are more days, a column is several of them.
const COLUMNS_MAX: usize = 92;
/// Partners in a picture; the table has all.
const BARS_MAX: usize = 12;

/// Rows of a table that stands open.
const ROWS_OPEN_MAX: usize = 12;

/// What `office/figures/show.html` shows.
#[derive(Serialize)]
pub struct FiguresPage {
    /// Where the filter is sent to.
    action: String,
    /// The programme's name, on the page behind a link.
    of: Option<String>,
    published: bool,
    /// When it was counted; empty before the first time.
    counted: String,
    partners: Vec<Choice>,
    /// Whose figures they are, where not everybody's.
    partner: Option<String>,
    headline: Vec<Number>,
    summary: Files,
    blocks: Vec<Block>,
    sessions: Option<Sessions>,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
    selected: bool,
}

#[derive(Serialize)]
struct Number {
    value: String,
    label: String,
    note: String,
}

/// The table as a file.
#[derive(Serialize, Default)]
struct Files {
    csv: String,
    excel: String,
}

#[derive(Serialize)]
struct Block {
    name: &'static str,
    title: String,
    hint: String,
    /// On a large screen, on a small one; the same where there is one.
    wide: Option<Chart>,
    narrow: Option<Chart>,
    /// The picture is as wide as the page.
    over_time: bool,
    /// The table is long: it opens when it is wanted.
    long: bool,
    table: Table,
    files: Files,
}

#[derive(Serialize)]
struct Sessions {
    title: String,
    hint: String,
    found: i64,
    sorts: Vec<Choice>,
    organisation: String,
    table: Table,
    files: Files,
    pages: Vec<PageLink>,
}

impl FiguresPage {
    /// Nothing is published yet: there is nothing to count.
    pub fn empty(place: &Place<'_>) -> FiguresPage {
        FiguresPage {
            action: place.home.clone(),
            of: None,
            published: false,
            counted: String::new(),
            partners: Vec::new(),
            partner: None,
            headline: Vec::new(),
            summary: Files::default(),
            blocks: Vec::new(),
            sessions: None,
        }
    }

    /// The report in pictures and tables.
    pub fn of(
        place: &Place<'_>,
        published: &Published,
        report: &Report<'_>,
        asked: &Asked<'_>,
    ) -> Result<FiguresPage> {
        let lang = place.lang;
        let zone = published.release.programme.timezone;
        let partner = asked.partner(published);
        let mut blocks = Vec::new();
        for what in What::ALL {
            // A partner has no other partners.
            if !(what == What::Partners && partner.is_some()) {
                blocks.extend(block(what, place, published, report, asked)?);
            }
        }
        Ok(FiguresPage {
            action: place.home.clone(),
            of: place.is_link.then(|| published.release.programme.title.clone()),
            published: true,
            counted: report.counted_at.map(|at| words::moment(lang, zone, at)).unwrap_or_default(),
            partners: partners(lang, published, asked),
            partner: partner.map(|partner| partner.name.clone()),
            headline: headline(lang, report),
            summary: files(place, published, asked, What::Summary),
            blocks,
            sessions: (!report.sessions.is_empty()).then(|| sessions(place, published, report, asked)),
        })
    }
}

fn partners(lang: Lang, published: &Published, asked: &Asked<'_>) -> Vec<Choice> {
    let chosen = asked.partner(published).map(|partner| partner.slug.as_str());
    let all = Choice {
        value: String::new(),
        label: text(lang, "figures-all-partners", &[]),
        selected: chosen.is_none(),
    };
    let mut each: Vec<_> = published
        .hosting()
        .into_iter()
        .map(|partner| Choice {
            value: partner.slug.clone(),
            label: partner.name.clone(),
            selected: chosen == Some(partner.slug.as_str()),
        })
        .collect();
    each.sort_by_key(|choice| deunicode::deunicode(&choice.label).to_lowercase());
    std::iter::once(all).chain(each).collect()
}

fn headline(lang: Lang, report: &Report<'_>) -> Vec<Number> {
    let sums = &report.sums;
    let label = |code: &str| text(lang, &format!("figures-col-{code}"), &[]);
    let n = |count: i64| words::number(lang, count);
    let mut all = vec![
        Number { value: n(sums.made), label: label("made"), note: String::new() },
        Number {
            value: n(report.people),
            label: label("people"),
            note: text(lang, "figures-seated-note", &[("n", n(report.seated).into())]),
        },
        Number {
            value: n(sums.taken),
            label: label("taken"),
            note: match sums.fill() {
                Some(fill) => text(
                    lang,
                    "figures-fill-note",
                    &[("percent", words::percent(lang, fill).into()), ("seats", n(sums.capacity).into())],
                ),
                None => String::new(),
            },
        },
        Number { value: n(sums.waiting), label: label("waiting"), note: String::new() },
        Number { value: n(sums.gone), label: label("gone"), note: String::new() },
    ];
    if let Some(no_shows) = sums.no_shows() {
        all.push(Number {
            value: n(sums.came.present + sums.came.walk_in),
            label: label("present"),
            note: text(lang, "figures-walk-in-note", &[("n", n(sums.came.walk_in).into())]),
        });
        all.push(Number {
            value: words::percent(lang, no_shows),
            label: label("no-shows"),
            note: text(
                lang,
                "figures-no-shows-note",
                &[("n", sums.came.absent.into()), ("said", n(sums.came.absent).into())],
            ),
        });
    }
    all
}

fn files(place: &Place<'_>, published: &Published, asked: &Asked<'_>, what: What) -> Files {
    let address = |dialect: &str| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if let Some(partner) = asked.partner(published) {
            query.append_pair("organisation", &partner.slug);
        }
        if !dialect.is_empty() {
            query.append_pair("dialect", dialect);
        }
        let query = query.finish();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{}/{}.csv{mark}{query}", place.home, what.code())
    };
    Files { csv: address(""), excel: address("excel") }
}

/// A picture and its table; `None` where there is nothing to show.
fn block(
    what: What,
    place: &Place<'_>,
    published: &Published,
    report: &Report<'_>,
    asked: &Asked<'_>,
) -> Result<Option<Block>> {
    let lang = place.lang;
    let title = text(lang, &format!("figures-{}", what.code()), &[]);
    let (wide, narrow) = match what {
        // They stand in large, and at the end.
        What::Summary | What::Sessions => return Ok(None),
        What::Days if report.days.is_empty() => return Ok(None),
        What::Days => {
            let columns = over_time(lang, report);
            let chart = |size| chart::columns(title.clone(), size, &columns);
            (Some(chart((1_000, 260))?), Some(chart((380, 220))?))
        }
        What::Fills => {
            let columns: Vec<_> = report
                .fills
                .iter()
                .enumerate()
                .map(|(class, sessions)| Column {
                    label: tables::fill_class(lang, class),
                    value: *sessions,
                    said: format!("{} – {sessions}", tables::fill_class(lang, class)),
                })
                .collect();
            (Some(chart::columns(title.clone(), (440, 220), &columns)?), None)
        }
        What::Themes
        | What::Formats
        | What::Partners
        | What::Queues
        | What::Endings
        | What::Attendance
        | What::Languages => (Some(chart::bars(title.clone(), &bars(what, lang, report))?), None),
    };
    let grid = grid(what, lang, published, report);
    let is_empty = grid.rows.is_empty() || (what == What::Fills && report.fills.iter().all(|n| *n == 0));
    if is_empty {
        return Ok(None);
    }
    Ok(Some(Block {
        name: what.code(),
        title,
        hint: hint(what, lang, report),
        wide,
        narrow,
        over_time: what == What::Days,
        long: grid.rows.len() > ROWS_OPEN_MAX,
        table: grid.table(lang),
        files: files(place, published, asked, what),
    }))
}

/// What a table counts, and what it does not say.
fn hint(what: What, lang: Lang, report: &Report<'_>) -> String {
    let hint = text(lang, &format!("figures-{}-hint", what.code()), &[]);
    let hides = what == What::Languages && report.languages.iter().any(|(_, share)| *share == Share::Few);
    if hides {
        format!("{hint} {}", text(lang, "figures-few-hint", &[("n", PEOPLE_MIN.into())]))
    } else {
        hint
    }
}

/// A column for each day from the first on which anything happened to the last, or for as many days as make few enough.
fn over_time(lang: Lang, report: &Report<'_>) -> Vec<Column> {
    let (Some(first), Some(last)) = (report.days.first(), report.days.last()) else { return Vec::new() };
    let days = usize::try_from((last.day - first.day).num_days() + 1).unwrap_or(1);
    let step = days.div_ceil(COLUMNS_MAX);
    let mut made = vec![0; days.div_ceil(step)];
    for day in &report.days {
        let at = usize::try_from((day.day - first.day).num_days()).unwrap_or_default() / step;
        made[at] += day.made;
    }
    let later = |date: NaiveDate, days: usize| date.checked_add_days(Days::new(days as u64)).unwrap_or(date);
    let column = |(at, made): (usize, i64)| {
        let from = later(first.day, at * step);
        let until = later(from, step - 1).min(last.day);
        let span = locale::date_range(lang, from, until);
        Column {
            label: short_day(lang, from),
            value: made,
            said: format!("{span} – {}", words::number(lang, made)),
        }
    };
    made.into_iter().enumerate().map(column).collect()
}

/// « 3.4. » as it is written in tables.
fn short_day(lang: Lang, day: NaiveDate) -> String {
    match lang {
        Lang::Fr => day.format("%-d.%-m.").to_string(),
        Lang::En => format!("{} {}", day.format("%-d"), &locale::month(lang, day)[..3]),
    }
}

fn bars(what: What, lang: Lang, report: &Report<'_>) -> Vec<Bar> {
    let n = |count: i64| words::number(lang, count);
    let fill = |label: String, sums: &Sums| {
        let (taken, seats) = (sums.limited_taken, sums.capacity);
        let percent = words::percent(lang, sums.fill()?);
        let said = text(
            lang,
            "figures-said-fill",
            &[("taken", n(taken).into()), ("seats", n(seats).into()), ("percent", percent.into())],
        );
        Some(Bar { label, said, part: taken, whole: seats })
    };
    let share = |label: String, part: i64, whole: i64| Bar { label, said: n(part), part, whole };
    match what {
        What::Themes => {
            report.themes.iter().filter_map(|(t, sums)| fill(tables::theme_title(lang, *t), sums)).collect()
        }
        What::Formats => {
            let title = |format| programme::words::format(lang, format);
            report.formats.iter().filter_map(|(format, sums)| fill(title(*format), sums)).collect()
        }
        What::Partners => {
            let mut largest: Vec<_> = report.partners.iter().collect();
            largest.sort_by_key(|(_, sums)| Reverse(sums.limited_taken));
            largest.truncate(BARS_MAX);
            largest.into_iter().filter_map(|(p, sums)| fill(tables::partner_name(lang, *p), sums)).collect()
        }
        What::Queues => {
            let longest = tables::longest(report);
            let most = longest.first().map_or(0, |line| line.sums.waiting);
            longest.iter().map(|line| share(line.session.title.clone(), line.sums.waiting, most)).collect()
        }
        What::Endings => {
            let label = |code: &str| text(lang, &format!("figures-ending-{code}"), &[]);
            let all = report.endings.iter().map(|(_, count)| count).sum();
            report.endings.iter().map(|(ending, count)| share(label(ending.code()), *count, all)).collect()
        }
        What::Attendance => {
            let bar = |(theme, sums): &(Option<&programme::Theme>, Sums)| {
                let said = Cell::Percent(sums.no_shows()?).said(lang);
                let (part, whole) = (sums.came.absent, sums.came.registered);
                Some(Bar { label: tables::theme_title(lang, *theme), said, part, whole })
            };
            report.themes.iter().filter_map(bar).collect()
        }
        What::Languages => {
            let label = |code: &str| programme::words::capital(&programme::words::language(lang, code));
            let bar = |(code, of): &(String, Share)| Bar {
                label: label(code),
                said: Cell::share(*of).said(lang),
                part: if let Share::People(people) = of { *people } else { 0 },
                whole: report.people,
            };
            report.languages.iter().map(bar).collect()
        }
        What::Summary | What::Days | What::Fills | What::Sessions => Vec::new(),
    }
}

const SORTS: [&str; 4] = ["day", "fill", "queue", "absent"];

fn sessions(place: &Place<'_>, published: &Published, report: &Report<'_>, asked: &Asked<'_>) -> Sessions {
    let lang = place.lang;
    let sort = SORTS.into_iter().find(|sort| Some(*sort) == asked.sort).unwrap_or(SORTS[0]);
    let mut lines: Vec<&Line<'_>> = report.sessions.iter().collect();
    // The release has them by day; sorting keeps that among equals.
    match sort {
        "fill" => lines.sort_by_key(|line| Reverse(line.sums.fill())),
        "queue" => lines.sort_by_key(|line| Reverse(line.sums.waiting)),
        "absent" => lines.sort_by_key(|line| Reverse((line.sums.no_shows(), line.sums.came.absent))),
        _ => {}
    }
    let pages = Pages::of(lines.len(), PAGE, asked.page);
    let part: Vec<_> = pages.part(lines.iter().copied()).collect();
    let organisation = asked.partner(published).map_or("", |partner| &partner.slug).to_owned();
    let href = |number: usize| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("organisation", &organisation).append_pair("sort", sort);
        let query = query.append_pair("page", &number.to_string()).finish();
        format!("{}?{query}#figures-sessions", place.home)
    };
    Sessions {
        title: text(lang, "figures-sessions", &[]),
        hint: text(lang, "figures-sessions-hint", &[]),
        found: i64::try_from(lines.len()).unwrap_or(i64::MAX),
        sorts: SORTS
            .map(|code| Choice {
                value: code.to_owned(),
                label: text(lang, &format!("figures-sort-{code}"), &[]),
                selected: code == sort,
            })
            .into(),
        table: tables::sessions(lang, published, &part, place.leads_to).table(lang),
        files: files(place, published, asked, What::Sessions),
        pages: pages.links(href),
        organisation,
    }
}
