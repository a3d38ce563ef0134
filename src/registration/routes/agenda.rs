//! My sessions: what I have, what I had, and how to give it back.

mod known;

use chrono::{DateTime, NaiveDate, Utc};
pub use known::{Known, known, name, named, only_programme};
use serde::Serialize;

use super::{form::same_time, offer};
use crate::{
    calendar::{self, agenda_entry, links},
    locale::{self, Lang, text},
    programme::{
        Status,
        routes::rows::{self, is_web},
        words,
    },
    registration::{
        Awaits, State,
        certificate::Certificate,
        clash::{Span, clashes},
        thanks::FEEDBACK_VERSION,
    },
    release::ReleasedSession,
    tokens::{LinkKey, Purpose},
    web::form::FormState,
};

/// What the address asks to see; nothing is done by it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// So many registrations have just been cancelled.
    pub done: Option<usize>,
    /// The session, or `all`, whose cancellation is to be confirmed.
    pub cancel: Option<String>,
    /// What else has just been done: the end of a key `agenda-said-…`.
    pub said: Option<&'static str>,
}

/// What the address can say that was done.
const SAID: [&str; 4] = ["name", "feed", "added", "taken"];

impl Asked {
    /// From the fields of the address.
    pub fn of<'q>(pairs: impl Iterator<Item = (&'q str, &'q str)>) -> Asked {
        let mut asked = Asked::default();
        for (name, value) in pairs {
            match name {
                "done" => asked.done = value.parse().ok(),
                "cancel" => asked.cancel = Some(value.to_owned()),
                "said" => asked.said = SAID.into_iter().find(|said| *said == value),
                _ => {}
            }
        }
        asked
    }
}

/// What the page's links are made from.
pub struct Links<'l> {
    /// The site's address.
    pub base_url: &'l str,
    /// Seals the links to the questions.
    pub key: &'l LinkKey,
    /// The person's certificates.
    pub certificates: &'l [Certificate],
    /// Of this page.
    pub token: &'l str,
    /// Of the feed.
    pub feed_token: &'l str,
}

/// The page on which reminders of a programme are stopped, or wanted again.
#[derive(Debug, Serialize)]
pub struct Reminders {
    /// There.
    pub href: String,
    /// The programme's name.
    pub programme: String,
}

/// Who looks at it.
pub struct Me<'m> {
    /// Where their mails go.
    pub email: Option<&'m str>,
    /// Where they say whether they want reminders, by programme.
    pub reminders: Vec<Reminders>,
    /// Their name, or what they have just typed instead.
    pub form: FormState,
}

/// What `registration/agenda.html` shows.
#[derive(Debug, Serialize)]
pub struct AgendaPage {
    /// Its own address, below which everything is done.
    agenda: String,
    action: String,
    home: String,
    /// So many registrations have just been cancelled.
    done: Option<usize>,
    /// What else has just been done.
    said: Option<&'static str>,
    email: Option<String>,
    reminders: Vec<Reminders>,
    form: FormState,
    days: Vec<Day>,
    over: Vec<Line>,
    cancelled: Vec<Line>,
    /// Of everything attended, a programme each; where it is more than one session.
    certificates: Vec<Whole>,
    /// What could be given back now.
    cancellable: usize,
    /// True where « cancel all » is to be confirmed.
    cancel_all: bool,
    subscribe: links::Links,
}

/// The certificate of all that was attended in a programme.
#[derive(Debug, Serialize)]
struct Whole {
    programme: String,
    href: String,
}

#[derive(Debug, Serialize)]
struct Day {
    iso: String,
    heading: String,
    lines: Vec<Line>,
}

#[derive(Debug, Serialize)]
struct Line {
    /// `programme/session`.
    name: String,
    /// An id of the page's own.
    anchor: String,
    href: String,
    title: String,
    lang: Option<String>,
    theme: Option<String>,
    datetime: String,
    /// Within its day: the hours alone.
    time: String,
    when: String,
    place: String,
    programme: String,
    /// `confirmed`, `waiting`, `offered`, `cancelled`.
    class: &'static str,
    /// The same in words.
    state: String,
    people: i64,
    join: Option<String>,
    clash: Option<String>,
    calendar: Option<links::Links>,
    /// Where what is held for the person is taken.
    take: Option<String>,
    /// True where that is an order to be confirmed.
    to_confirm: bool,
    can_cancel: bool,
    /// True where its cancellation is to be confirmed.
    confirm: bool,
    /// In words, where it is marked whether the person came.
    attendance: Option<String>,
    recording: Option<String>,
    /// The questions about it.
    feedback: Option<String>,
    certificate: Option<String>,
    #[serde(skip)]
    date: NaiveDate,
    #[serde(skip)]
    chapter: Chapter,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Chapter {
    ToCome,
    Over,
    Cancelled,
}

/// The page of the person whose registrations these are.
pub fn page(
    mine: &[Known],
    lang: Lang,
    now: DateTime<Utc>,
    links: &Links<'_>,
    asked: &Asked,
    me: Me<'_>,
) -> AgendaPage {
    let spans: Vec<_> = mine.iter().map(|known| busy(known, now)).collect();
    let clashes = clashes(&spans);
    let mut lines = Vec::with_capacity(mine.len());
    for (known, others) in mine.iter().zip(&clashes) {
        let Some(session) = known.session() else { continue };
        let mut line = line(known, session, lang, now, links.base_url);
        if line.chapter == Chapter::Over {
            line.after(known, session, lang, links);
        }
        let titles = others.iter().filter_map(|other| mine[*other].session());
        line.clash = same_time(lang, titles.map(|session| session.title.as_str()));
        line.take =
            offer::open_until(known, now).map(|_| offer::address(lang, links.token, known.mine.session_id));
        line.confirm = asked.cancel.as_deref().is_some_and(|name| known.is(name));
        lines.push(line);
    }
    let cancellable = cancellable(mine, now);
    let (to_come, rest): (Vec<_>, Vec<_>) =
        lines.into_iter().partition(|line| line.chapter == Chapter::ToCome);
    let (over, cancelled) = rest.into_iter().partition(|line| line.chapter == Chapter::Over);
    let page = format!("/{}/agenda/{}", lang.code(), links.token);
    let feed = format!("{}/{}/agenda/{}/calendar.ics", links.base_url, lang.code(), links.feed_token);
    AgendaPage {
        action: format!("{page}/cancellations"),
        home: only_programme(mine)
            .map_or_else(|| format!("/{}/", lang.code()), |one| format!("/{}/{}", lang.code(), one.slug())),
        done: asked.done,
        said: asked.said,
        email: me.email.map(str::to_owned),
        reminders: me.reminders,
        form: me.form,
        agenda: page,
        days: days(lang, to_come),
        over,
        cancelled,
        certificates: whole(mine, lang, links),
        cancellable,
        cancel_all: asked.cancel.as_deref() == Some("all"),
        subscribe: calendar::links::of_feed(&feed, &name(mine, lang)),
    }
}

fn days(lang: Lang, lines: Vec<Line>) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    for line in lines {
        let iso = line.date.to_string();
        match days.last_mut().filter(|day| day.iso == iso) {
            Some(day) => day.lines.push(line),
            None => {
                let heading = words::capital(&locale::full_date(lang, line.date));
                days.push(Day { iso, heading, lines: vec![line] });
            }
        }
    }
    days
}

/// When the person is taken by it: not where it is over, given back, or does not take place.
fn busy(known: &Known, now: DateTime<Utc>) -> Option<Span> {
    let span = Span::of(known.session()?, known.published.release.programme.timezone)?;
    (known.mine.state.is_live() && now < span.end).then_some(span)
}

fn chapter(known: &Known, session: &ReleasedSession, now: DateTime<Utc>) -> Chapter {
    let zone = known.published.release.programme.timezone;
    if !known.mine.state.is_live() || session.status != Status::Scheduled {
        return Chapter::Cancelled;
    }
    // Without an end, until the day is over.
    let last = session.ends_at(zone).unwrap_or_else(|| {
        let next = session.date.succ_opt().unwrap_or(session.date);
        crate::programme::instant(zone, next.and_time(chrono::NaiveTime::MIN))
    });
    if now < last { Chapter::ToCome } else { Chapter::Over }
}

/// How many registrations could be given back now.
pub fn cancellable(mine: &[Known], now: DateTime<Utc>) -> usize {
    mine.iter().filter(|known| known.session().is_some_and(|session| can_cancel(known, session, now))).count()
}

/// The desk has the last word: what has begun is attended or missed, no longer cancelled.
fn can_cancel(known: &Known, session: &ReleasedSession, now: DateTime<Utc>) -> bool {
    let zone = known.published.release.programme.timezone;
    chapter(known, session, now) == Chapter::ToCome
        && (session.start.is_none() || now < session.starts_at(zone))
}

fn line(known: &Known, session: &ReleasedSession, lang: Lang, now: DateTime<Utc>, base_url: &str) -> Line {
    let Known { mine, published } = known;
    let release = &published.release;
    let zone = release.programme.timezone;
    let chapter = chapter(known, session, now);
    let (class, state) = state(known, session, lang, now);
    let href = format!("/{}/{}/sessions/{}", lang.code(), published.slug(), session.slug);
    let place = published.place_of(session).map(|place| place.name.clone());
    let online = session.online.then(|| text(lang, "online", &[]));
    let to_come = chapter == Chapter::ToCome;
    let join = mine.join_url.clone().filter(|url| to_come && is_web(url));
    let calendar = (to_come && mine.state == State::Confirmed).then(|| {
        let personal = calendar::Personal { join_url: mine.join_url.as_deref(), ..Default::default() };
        let entry = agenda_entry(release, session, lang, base_url, &personal);
        links::of_entry(&entry, &format!("{base_url}{href}/calendar.ics"))
    });
    Line {
        name: known.name(session),
        anchor: format!("s-{}", session.id),
        href,
        title: session.title.clone(),
        lang: words::foreign(lang, session),
        theme: session.theme.clone(),
        datetime: rows::datetime(zone, session),
        time: rows::time(lang, session),
        when: words::when(lang, session),
        place: place.into_iter().chain(online).collect::<Vec<_>>().join(", "),
        programme: release.programme.title.clone(),
        class,
        state,
        people: mine.people,
        join,
        clash: None,
        calendar,
        take: None,
        to_confirm: mine.awaits == Some(Awaits::Link),
        can_cancel: can_cancel(known, session, now),
        confirm: false,
        attendance: None,
        recording: None,
        feedback: None,
        certificate: None,
        date: session.date,
        chapter,
    }
}

impl Line {
    /// What there is of a session that is over.
    fn after(&mut self, known: &Known, session: &ReleasedSession, lang: Lang, links: &Links<'_>) {
        let mine = &known.mine;
        self.recording = session.recording.clone().filter(|url| is_web(url));
        self.attendance = mine
            .attended
            .map(|people| text(lang, if people > 0 { "agenda-present" } else { "agenda-absent" }, &[]));
        let was_there = mine.attended.map_or(mine.state == State::Confirmed, |people| people > 0);
        self.feedback = was_there.then(|| {
            let token = links.key.seal(Purpose::Feedback, mine.id, FEEDBACK_VERSION);
            format!("/{}/feedback/{token}", lang.code())
        });
        let has_one = links.certificates.iter().any(|one| one.session_id == Some(session.id));
        self.certificate = has_one.then(|| {
            let agenda = super::agenda_of(lang, links.token);
            format!("{agenda}/certificates/{}/{}.pdf", known.published.slug(), session.slug)
        });
    }
}

/// The programmes of which more than one session was attended.
fn whole(mine: &[Known], lang: Lang, links: &Links<'_>) -> Vec<Whole> {
    let of = |one: &Certificate| {
        let mut attended = mine.iter().filter(|known| {
            known.published.id == one.programme_id && known.mine.attended.is_some_and(|people| people > 0)
        });
        let published = &attended.next()?.published;
        attended.next()?;
        let agenda = super::agenda_of(lang, links.token);
        Some(Whole {
            programme: published.release.programme.title.clone(),
            href: format!("{agenda}/certificates/{}.pdf", published.slug()),
        })
    };
    links.certificates.iter().filter(|one| one.session_id.is_none()).filter_map(of).collect()
}

fn state(known: &Known, session: &ReleasedSession, lang: Lang, now: DateTime<Utc>) -> (&'static str, String) {
    let say = |key: &str| text(lang, key, &[]);
    let state = known.mine.state;
    if let (Some(until), Some(awaits)) = (offer::open_until(known, now), known.mine.awaits) {
        let key = match awaits {
            Awaits::Acceptance => "state-offered-until",
            Awaits::Link => "state-to-confirm",
        };
        let zone = known.published.release.programme.timezone;
        return (state.code(), text(lang, key, &offer::moment(lang, zone, until)));
    }
    match (state, session.status) {
        (State::Cancelled, _) => ("cancelled", say("state-cancelled")),
        (_, Status::Cancelled) => ("cancelled", say("seat-cancelled")),
        (_, Status::Withdrawn) => ("cancelled", say("state-withdrawn")),
        (State::Confirmed, Status::Scheduled) => (state.code(), say("state-confirmed")),
        (State::Offered, Status::Scheduled) => (state.code(), say("state-offered")),
        (State::Waiting, Status::Scheduled) => {
            (state.code(), text(lang, "state-waiting", &[("n", known.mine.position.into())]))
        }
    }
}
