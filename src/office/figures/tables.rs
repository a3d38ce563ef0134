//! Which tables there are, and what stands in each.

use std::cmp::Reverse;

use super::grid::{Cell, Grid, Line};
use crate::{
    locale::{self, Lang, text},
    programme::{Status, words},
    registration::figures::report::{self, FILL_CLASSES, Report, Sums},
    release::published::Published,
};

/// Sessions with a queue that are shown.
pub const QUEUES_MAX: usize = 12;

/// A table: its file is `{code}.csv`, its heading on the page `figures-{code}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Everything in a few figures.
    Summary,
    /// Registrations over time.
    Days,
    /// Sessions by how full they are.
    Fills,
    /// By theme.
    Themes,
    /// By format.
    Formats,
    /// By organisation.
    Partners,
    /// The longest queues.
    Queues,
    /// What ended registrations.
    Endings,
    /// Who came and who did not, by theme.
    Attendance,
    /// People by language.
    Languages,
    /// Session by session.
    Sessions,
}

impl What {
    /// In the order of the page.
    pub const ALL: [What; 11] = [
        What::Summary,
        What::Days,
        What::Themes,
        What::Formats,
        What::Partners,
        What::Fills,
        What::Queues,
        What::Endings,
        What::Attendance,
        What::Languages,
        What::Sessions,
    ];

    /// The word in files and message keys.
    pub fn code(self) -> &'static str {
        match self {
            What::Summary => "summary",
            What::Days => "days",
            What::Fills => "fills",
            What::Themes => "themes",
            What::Formats => "formats",
            What::Partners => "partners",
            What::Queues => "queues",
            What::Endings => "endings",
            What::Attendance => "attendance",
            What::Languages => "languages",
            What::Sessions => "sessions",
        }
    }

    /// The table whose file has this name.
    pub fn of_file(name: &str) -> Option<What> {
        let code = name.strip_suffix(".csv")?;
        What::ALL.into_iter().find(|what| what.code() == code)
    }
}

/// Where a session's title leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeadsTo {
    /// To its registrations.
    Registrations,
    /// To its public page.
    Public,
}

/// The whole table.
pub fn grid(what: What, lang: Lang, published: &Published, report: &Report<'_>) -> Grid {
    match what {
        What::Summary => summary(lang, report),
        What::Days => days(lang, report),
        What::Fills => fills(lang, report),
        What::Themes => {
            Grid { lead: &["theme", "title"], columns: SUMS, rows: themes(lang, report, of_sums) }
        }
        What::Formats => formats(lang, report),
        What::Partners => partners(lang, report),
        What::Queues => queues(lang, published, report),
        What::Endings => endings(lang, report),
        What::Attendance => attendance(lang, report),
        What::Languages => languages(lang, report),
        What::Sessions => {
            let lines: Vec<_> = report.sessions.iter().collect();
            sessions(lang, published, &lines, LeadsTo::Public)
        }
    }
}

const SUMS: &[&str] = &["sessions", "seats", "taken", "fill", "waiting", "made", "gone"];

fn of_sums(sums: &Sums) -> Vec<Cell> {
    vec![
        Cell::Number(sums.sessions),
        Cell::number_if(sums.limited > 0, sums.capacity),
        Cell::Number(sums.taken),
        Cell::percent(sums.fill()),
        Cell::Number(sums.waiting),
        Cell::Number(sums.made),
        Cell::Number(sums.gone),
    ]
}

/// A row that the file names by this code, and the page by these words.
fn line(code: &str, label: String, cells: Vec<Cell>) -> Line {
    Line { lead: vec![code.to_owned(), label.clone()], label, cells, ..Line::default() }
}

/// A row that the file names by this code alone.
fn plain_line(code: String, label: String, cells: Vec<Cell>) -> Line {
    Line { lead: vec![code], label, cells, ..Line::default() }
}

fn summary(lang: Lang, report: &Report<'_>) -> Grid {
    let sums = &report.sums;
    let is_marked = sums.marked > 0;
    let rows = [
        ("made", Cell::Number(sums.made)),
        ("people", Cell::Number(report.people)),
        ("seated", Cell::Number(report.seated)),
        ("sessions", Cell::Number(sums.sessions)),
        ("seats", Cell::number_if(sums.limited > 0, sums.capacity)),
        ("taken", Cell::Number(sums.taken)),
        ("fill", Cell::percent(sums.fill())),
        ("waiting", Cell::Number(sums.waiting)),
        ("gone", Cell::Number(sums.gone)),
        ("present", Cell::number_if(is_marked, sums.came.present)),
        ("absent", Cell::number_if(is_marked, sums.came.absent)),
        ("walk_in", Cell::number_if(is_marked, sums.came.walk_in)),
        ("no_shows", Cell::percent(sums.no_shows())),
    ];
    let rows = rows.into_iter().map(|(code, cell)| {
        let label = text(lang, &format!("figures-col-{}", code.replace('_', "-")), &[]);
        plain_line(code.to_owned(), label, vec![cell])
    });
    Grid { lead: &["figure"], columns: &["value"], rows: rows.collect() }
}

fn days(lang: Lang, report: &Report<'_>) -> Grid {
    let row = |day: &report::DayLine| {
        let cells = vec![Cell::Number(day.made), Cell::Number(day.gone), Cell::Number(day.stands)];
        plain_line(day.day.to_string(), locale::date(lang, day.day), cells)
    };
    Grid { lead: &["day"], columns: &["made", "gone", "stands"], rows: report.days.iter().map(row).collect() }
}

/// « 40 à 59 % »; the last class is what is full.
pub fn fill_class(lang: Lang, class: usize) -> String {
    if class + 1 == FILL_CLASSES {
        return text(lang, "figures-full", &[]);
    }
    let from = i64::try_from(class * 20).unwrap_or_default();
    text(lang, "figures-from-to", &[("from", from.into()), ("to", (from + 19).into())])
}

fn fills(lang: Lang, report: &Report<'_>) -> Grid {
    let row = |(class, sessions): (usize, &i64)| {
        let code = if class + 1 == FILL_CLASSES {
            "100".to_owned()
        } else {
            format!("{}-{}", class * 20, class * 20 + 19)
        };
        plain_line(code, fill_class(lang, class), vec![Cell::Number(*sessions)])
    };
    Grid {
        lead: &["percent"],
        columns: &["sessions"],
        rows: report.fills.iter().enumerate().map(row).collect(),
    }
}

/// What a theme is called.
pub fn theme_title(lang: Lang, theme: Option<&crate::programme::Theme>) -> String {
    theme.map_or_else(|| text(lang, "figures-no-theme", &[]), |theme| theme.title.clone())
}

fn themes(lang: Lang, report: &Report<'_>, cells: fn(&Sums) -> Vec<Cell>) -> Vec<Line> {
    let row = |(theme, sums): &(Option<&crate::programme::Theme>, Sums)| {
        line(theme.map_or("", |theme| &theme.slug), theme_title(lang, *theme), cells(sums))
    };
    report.themes.iter().map(row).collect()
}

fn formats(lang: Lang, report: &Report<'_>) -> Grid {
    let row = |(format, sums): &(crate::programme::Format, Sums)| {
        line(format.code(), words::format(lang, *format), of_sums(sums))
    };
    Grid { lead: &["format", "title"], columns: SUMS, rows: report.formats.iter().map(row).collect() }
}

/// What a partner is called.
pub fn partner_name(lang: Lang, partner: Option<&crate::programme::Organisation>) -> String {
    partner.map_or_else(|| text(lang, "figures-no-partner", &[]), |partner| partner.name.clone())
}

fn partners(lang: Lang, report: &Report<'_>) -> Grid {
    let row = |(partner, sums): &(Option<&crate::programme::Organisation>, Sums)| {
        line(partner.map_or("", |partner| &partner.slug), partner_name(lang, *partner), of_sums(sums))
    };
    Grid { lead: &["organisation", "title"], columns: SUMS, rows: report.partners.iter().map(row).collect() }
}

/// The sessions with the longest queues, the longest first.
pub fn longest<'r, 'p>(report: &'r Report<'p>) -> Vec<&'r report::Line<'p>> {
    let mut queues: Vec<_> = report.sessions.iter().filter(|line| line.sums.waiting > 0).collect();
    queues.sort_by_key(|line| Reverse(line.sums.waiting));
    queues.truncate(QUEUES_MAX);
    queues
}

fn queues(lang: Lang, published: &Published, report: &Report<'_>) -> Grid {
    let row = |line: &report::Line<'_>| {
        let sums = &line.sums;
        Line {
            cells: vec![
                Cell::Number(sums.waiting),
                Cell::Number(sums.taken),
                Cell::number_if(sums.limited > 0, sums.capacity),
            ],
            ..of_session(lang, published, line)
        }
    };
    Grid {
        lead: &["session", "title"],
        columns: &["waiting", "taken", "seats"],
        rows: longest(report).into_iter().map(row).collect(),
    }
}

fn endings(lang: Lang, report: &Report<'_>) -> Grid {
    let row = |(ending, count): &(crate::registration::figures::Ending, i64)| {
        let label = text(lang, &format!("figures-ending-{}", ending.code()), &[]);
        plain_line(ending.code().to_owned(), label, vec![Cell::Number(*count)])
    };
    Grid { lead: &["ending"], columns: &["gone"], rows: report.endings.iter().map(row).collect() }
}

fn attendance(lang: Lang, report: &Report<'_>) -> Grid {
    let cells = |sums: &Sums| {
        vec![
            Cell::Number(sums.marked),
            Cell::Number(sums.came.registered),
            Cell::Number(sums.came.present),
            Cell::Number(sums.came.absent),
            Cell::percent(sums.no_shows()),
            Cell::Number(sums.came.walk_in),
        ]
    };
    let mut rows = themes(lang, report, cells);
    rows.retain(|row| row.cells.first() != Some(&Cell::Number(0)));
    Grid {
        lead: &["theme", "title"],
        columns: &["marked", "registered", "present", "absent", "no_shows", "walk_in"],
        rows,
    }
}

fn languages(lang: Lang, report: &Report<'_>) -> Grid {
    let row = |(code, share): &(String, report::Share)| {
        let label = words::capital(&words::language(lang, code));
        plain_line(code.clone(), label, vec![Cell::share(*share)])
    };
    Grid { lead: &["language"], columns: &["people"], rows: report.languages.iter().map(row).collect() }
}

/// These sessions, in this order.
pub fn sessions(lang: Lang, published: &Published, lines: &[&report::Line<'_>], leads_to: LeadsTo) -> Grid {
    let row = |line: &&report::Line<'_>| {
        let (session, sums) = (line.session, &line.sums);
        let is_marked = sums.marked > 0;
        let below = match leads_to {
            LeadsTo::Registrations => {
                Some(format!("/{}/office/{}/registrations", lang.code(), published.slug()))
            }
            LeadsTo::Public => published
                .has_page(&session.slug)
                .then(|| format!("/{}/{}/sessions", lang.code(), published.slug())),
        };
        Line {
            href: below.map(|below| format!("{below}/{}", session.slug)),
            cells: vec![
                Cell::number_if(sums.limited > 0, sums.capacity),
                Cell::Number(sums.taken),
                Cell::percent(sums.fill()),
                Cell::Number(sums.waiting),
                Cell::Number(sums.made),
                Cell::Number(sums.gone),
                Cell::number_if(is_marked, sums.came.present),
                Cell::number_if(is_marked, sums.came.absent),
                Cell::number_if(is_marked, sums.came.walk_in),
            ],
            ..of_session(lang, published, line)
        }
    };
    Grid {
        lead: &["session", "title"],
        columns: &["seats", "taken", "fill", "waiting", "made", "gone", "present", "absent", "walk_in"],
        rows: lines.iter().map(row).collect(),
    }
}

fn of_session(lang: Lang, published: &Published, line: &report::Line<'_>) -> Line {
    let session = line.session;
    let day = locale::date(lang, session.date);
    let note = match session.status {
        Status::Scheduled => day,
        Status::Cancelled => format!("{day} · {}", text(lang, "figures-cancelled", &[])),
        Status::Withdrawn => format!("{day} · {}", text(lang, "figures-withdrawn", &[])),
    };
    Line {
        lead: vec![session.slug.clone(), session.title.clone()],
        label: session.title.clone(),
        lang: words::foreign_within(lang, &published.release.programme, session),
        note,
        off: session.status != Status::Scheduled,
        ..Line::default()
    }
}
