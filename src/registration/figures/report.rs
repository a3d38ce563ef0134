//! The report: what was counted, what the seat rows say and who came, put together by theme, format, partner and
//! session. Pure.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{Counted, Ending, OfSession, Scope};
use crate::{
    programme::{Format, Organisation, Status, Theme},
    registration::{attendance, seats::Seat},
    release::{ReleasedSession, published::Published},
};

/// Fewer people than this who have something of a person in common could be recognised.
pub const PEOPLE_MIN: i64 = 5;
/// Into so many classes sessions are put by how full they are: five of a fifth each, and the full ones.
pub const FILL_CLASSES: usize = 6;

/// Figures of one session, or of many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// Sessions that take place.
    pub sessions: i64,
    /// Of them, those that have a limit.
    pub limited: i64,
    /// Their seats.
    pub capacity: i64,
    /// People who hold one of these.
    pub limited_taken: i64,
    /// People who hold a seat, also where there is no limit.
    pub taken: i64,
    /// Registrations that wait.
    pub waiting: i64,
    /// Registrations that were made.
    pub made: i64,
    /// Of them, those that ended.
    pub gone: i64,
    /// Sessions at which somebody has marked who came.
    pub marked: i64,
    /// In these: people who had a seat, who came, who did not, who came unannounced.
    pub came: attendance::Figures,
}

impl Sums {
    /// How full, in percent; `None` where nothing has a limit.
    pub fn fill(&self) -> Option<i64> {
        percent(self.limited_taken, self.capacity)
    }

    /// How many of those who had a seat did not come, in percent; `None` where nobody has marked it.
    pub fn no_shows(&self) -> Option<i64> {
        percent(self.came.absent, self.came.registered)
    }

    fn add(&mut self, other: &Sums) {
        self.sessions += other.sessions;
        self.limited += other.limited;
        self.capacity += other.capacity;
        self.limited_taken += other.limited_taken;
        self.taken += other.taken;
        self.waiting += other.waiting;
        self.made += other.made;
        self.gone += other.gone;
        self.marked += other.marked;
        self.came.registered += other.came.registered;
        self.came.present += other.came.present;
        self.came.absent += other.came.absent;
        self.came.walk_in += other.came.walk_in;
    }

    fn of<'s>(all: impl IntoIterator<Item = &'s Sums>) -> Sums {
        let mut sums = Sums::default();
        all.into_iter().for_each(|one| sums.add(one));
        sums
    }
}

/// So many of so many, rounded; `None` of nothing.
pub fn percent(part: i64, whole: i64) -> Option<i64> {
    (whole > 0).then(|| (part * 200 + whole) / (whole * 2))
}

/// People who have something of a person in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// So many.
    People(i64),
    /// Some, and fewer than [`PEOPLE_MIN`].
    Few,
    /// So many that who knows it, and how many all are, could reckon those who are few.
    Withheld,
}

/// A session and its figures.
#[derive(Debug, Clone, Copy)]
pub struct Line<'p> {
    /// Which.
    pub session: &'p ReleasedSession,
    /// Its figures.
    pub sums: Sums,
}

/// What happened on a day, and how many registrations there were until then, without those that had ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayLine {
    /// Local to the programme.
    pub day: NaiveDate,
    /// Registrations that were made.
    pub made: i64,
    /// Registrations that ended.
    pub gone: i64,
    /// What stood in the evening.
    pub stands: i64,
}

/// A programme in figures, or what one organisation brings to it.
#[derive(Debug, Clone)]
pub struct Report<'p> {
    /// When registrations were counted; `None`: not yet.
    pub counted_at: Option<DateTime<Utc>>,
    /// People who have registered for something, each once.
    pub people: i64,
    /// People who have a seat, each once.
    pub seated: i64,
    /// All sessions together.
    pub sums: Sums,
    /// Days on which anything happened.
    pub days: Vec<DayLine>,
    /// In the order of the programme; what was withdrawn is there where anybody had registered for it.
    pub sessions: Vec<Line<'p>>,
    /// In the order of the programme; `None`: without a theme.
    pub themes: Vec<(Option<&'p Theme>, Sums)>,
    /// A session of two formats counts in both.
    pub formats: Vec<(Format, Sums)>,
    /// By name; a session of two partners counts for both; `None`: of nobody.
    pub partners: Vec<(Option<&'p Organisation>, Sums)>,
    /// What ended registrations.
    pub endings: Vec<(Ending, i64)>,
    /// People by the language of their last form, the most first.
    pub languages: Vec<(String, Share)>,
    /// Sessions with a limit by how full they are.
    pub fills: [i64; FILL_CLASSES],
}

impl Report<'_> {
    /// For readers from outside: who is one of a few is not told by what they have in common. Of a part of the programme
    /// nothing of that kind is told: beside another part, or the whole, it could be reckoned.
    #[must_use]
    pub fn without_the_few(mut self, of: Part) -> Self {
        match of {
            Part::Whole => hide_few(&mut self.languages),
            Part::Organisation => self.languages.clear(),
        }
        self
    }
}

/// How much of a programme a report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    Whole,
    /// What one organisation brings.
    Organisation,
}

/// Hides those who are few, and the smallest of the others; or tells nothing, where that does not hide them.
fn hide_few(shares: &mut Vec<(String, Share)>) {
    let people = |share: &Share| match share {
        Share::People(people) => Some(*people),
        Share::Few | Share::Withheld => None,
    };
    let is_few = |share: &Share| people(share).is_some_and(|people| (1..PEOPLE_MIN).contains(&people));
    let (mut hidden, mut together) = (0, 0);
    for (_, share) in shares.iter_mut().filter(|(_, share)| is_few(share)) {
        together += people(share).unwrap_or_default();
        hidden += 1;
        *share = Share::Few;
    }
    if hidden == 0 {
        return;
    }
    // All of them are told beside it, so one hidden figure could be reckoned, and two that must be one each as well.
    let rest = shares.iter_mut().filter_map(|(_, share)| people(share).map(|people| (people, share)));
    if let Some((withheld, share)) = rest.min_by_key(|(people, _)| *people) {
        together += withheld;
        hidden += 1;
        *share = Share::Withheld;
    }
    // What is withheld is so many at least, and a few are one at least: of six, who are few is one.
    if together < hidden * PEOPLE_MIN {
        shares.clear();
    }
}

/// Puts the report together; for `host`, of what that organisation brings.
pub fn report<'p>(
    published: &'p Published,
    seats: &HashMap<Uuid, Seat>,
    came: &BTreeMap<Uuid, attendance::Figures>,
    counted: Option<&(DateTime<Utc>, Counted)>,
    host: Option<&str>,
) -> Report<'p> {
    let nothing = (OfSession::default(), Scope::default());
    let of_session = |id: &Uuid| counted.and_then(|(_, c)| c.sessions.get(id)).unwrap_or(&nothing.0);
    let scope = counted.and_then(|(_, counted)| match host {
        None => Some(&counted.all),
        Some(host) => counted.hosts.get(host),
    });
    let scope = scope.unwrap_or(&nothing.1);
    let release = &published.release;
    let is_theirs =
        |session: &&ReleasedSession| host.is_none_or(|host| session.hosts.iter().any(|own| own == host));
    let sessions: Vec<Line<'p>> = release
        .sessions
        .iter()
        .filter(is_theirs)
        .map(|session| Line {
            session,
            sums: sums(session, seats.get(&session.id), came.get(&session.id), of_session(&session.id)),
        })
        .filter(|line| line.session.status != Status::Withdrawn || line.sums.made > 0)
        .collect();
    let of = |holds: &dyn Fn(&ReleasedSession) -> bool| {
        Sums::of(sessions.iter().filter(|line| holds(line.session)).map(|line| &line.sums))
    };
    let is_there = |sums: &Sums| *sums != Sums::default();
    let themes = release.themes.iter().map(Some).chain([None]).map(|theme| {
        (theme, of(&|session| session.theme.as_deref() == theme.map(|theme| theme.slug.as_str())))
    });
    let formats = Format::ALL.map(|format| (format, of(&|session| session.formats.contains(&format))));
    Report {
        counted_at: counted.map(|(at, _)| *at),
        people: scope.people,
        seated: scope.seated,
        sums: Sums::of(sessions.iter().map(|line| &line.sums)),
        days: days(scope),
        themes: themes.filter(|(_, sums)| is_there(sums)).collect(),
        formats: formats.into_iter().filter(|(_, sums)| is_there(sums)).collect(),
        partners: partners(published, &sessions),
        endings: Ending::ALL
            .map(|ending| {
                let ended = sessions.iter().filter_map(|line| of_session(&line.session.id).gone.get(&ending));
                (ending, ended.sum::<i64>())
            })
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .collect(),
        languages: languages(scope),
        fills: fills(&sessions),
        sessions,
    }
}

fn sums(
    session: &ReleasedSession,
    seat: Option<&Seat>,
    came: Option<&attendance::Figures>,
    counted: &OfSession,
) -> Sums {
    let mut sums = Sums {
        made: counted.made,
        gone: counted.gone.values().sum(),
        marked: i64::from(came.is_some()),
        came: came.copied().unwrap_or_default(),
        ..Sums::default()
    };
    let takes_place = session.status == Status::Scheduled;
    if let Some(seat) = seat.filter(|seat| takes_place && seat.status == Status::Scheduled) {
        let capacity = seat.capacity;
        sums.sessions = 1;
        sums.limited = i64::from(capacity.is_some());
        sums.capacity = capacity.unwrap_or_default();
        sums.limited_taken = if capacity.is_some() { seat.taken } else { 0 };
        sums.taken = seat.taken;
        sums.waiting = seat.waiting;
    }
    sums
}

fn days(scope: &Scope) -> Vec<DayLine> {
    let mut stands = 0;
    let line = |(day, counted): (&NaiveDate, &super::Day)| {
        stands += counted.made - counted.gone;
        DayLine { day: *day, made: counted.made, gone: counted.gone, stands }
    };
    scope.days.iter().map(line).collect()
}

fn partners<'p>(published: &'p Published, sessions: &[Line<'p>]) -> Vec<(Option<&'p Organisation>, Sums)> {
    let mut by_slug: BTreeMap<Option<&str>, Sums> = BTreeMap::new();
    for line in sessions {
        let hosts = published.hosts_of(line.session).map(|host| Some(host.slug.as_str()));
        let hosts: Vec<_> = hosts.collect();
        for host in if hosts.is_empty() { vec![None] } else { hosts } {
            by_slug.entry(host).or_default().add(&line.sums);
        }
    }
    let of = |(slug, sums): (Option<&str>, Sums)| (slug.and_then(|slug| published.organisation(slug)), sums);
    let mut partners: Vec<_> = by_slug.into_iter().map(of).collect();
    partners.sort_by_key(|(host, _)| {
        (host.is_none(), host.map(|host| deunicode::deunicode(&host.name).to_lowercase()))
    });
    partners
}

fn languages(scope: &Scope) -> Vec<(String, Share)> {
    let mut languages: Vec<_> = scope.languages.iter().map(|(code, n)| (code.clone(), *n)).collect();
    languages.sort_by_key(|(_, people)| std::cmp::Reverse(*people));
    languages.into_iter().map(|(code, people)| (code, Share::People(people))).collect()
}

fn fills(sessions: &[Line<'_>]) -> [i64; FILL_CLASSES] {
    let mut fills = [0; FILL_CLASSES];
    for line in sessions {
        let Sums { capacity, limited_taken, .. } = line.sums;
        if capacity > 0 {
            let fifth = usize::try_from(limited_taken * 5 / capacity).unwrap_or_default();
            fills[fifth.min(FILL_CLASSES - 1)] += 1;
        }
    }
    fills
}
