//! The one form for all chosen sessions.

mod parse;

use serde::Serialize;

use super::typed::{TRAP, Typed};
pub use parse::{Mistakes, is_key, parse};
use parse::{chosen, quoted};

use crate::{
    locale::{Lang, text},
    programme::{
        Confirm, Overlap,
        routes::{
            opening::{self, OpeningView},
            rows::{self, Here, is_web, seat_view},
        },
        words,
    },
    registration::{
        PEOPLE_MAX, Refusal, SESSIONS_MAX,
        clash::{Span, clashes},
        seats::SeatState,
    },
    release::ReleasedSession,
    web::form::FormState,
};

/// The fields, in the order of the form: mistakes are listed in it.
const FIELDS: [&str; 8] =
    ["form", "session", "name", "email", "people", "organisation", "access_needs", "consent"];

/// Why the form is shown.
pub enum Shown<'m> {
    /// Somebody comes from the programme.
    First,
    /// Something is wrong.
    Again(&'m Mistakes),
    /// The desk could not take it now.
    Busy,
}

/// What `registration/form.html` shows.
#[derive(Debug, Serialize)]
pub struct FormPage {
    /// The document's title.
    pub title: String,
    /// The choice as a query, for the twin in the other language.
    #[serde(skip)]
    pub query: String,
    action: String,
    home: String,
    privacy: String,
    slug: String,
    busy: bool,
    /// In the order of the form.
    mistakes: Vec<Link>,
    /// What was dropped, and why.
    notices: Vec<String>,
    /// What one person may have; empty where the programme has no limit.
    limits: String,
    /// When the first of the chosen sessions can be had, where none can be now.
    opening: Option<OpeningView>,
    /// True where that one is all there is to say of each session.
    told: bool,
    /// This form with this choice, to be opened again then.
    again: String,
    /// What to know about overlaps.
    overlap: Option<String>,
    lines: Vec<Line>,
    /// True where there is something to send.
    open: bool,
    form: FormState,
    people: Vec<People>,
    key: String,
    trap: &'static str,
    retention_days: i64,
    /// What comes to the address.
    email_hint: String,
}

#[derive(Debug, Serialize)]
struct Link {
    href: String,
    label: String,
}

#[derive(Debug, Serialize)]
struct People {
    value: i64,
    selected: bool,
}

/// A chosen session.
#[derive(Debug, Serialize)]
struct Line {
    slug: String,
    href: String,
    title: String,
    lang: Option<String>,
    theme: Option<String>,
    datetime: String,
    when: String,
    place: String,
    /// The seats in words.
    seat: String,
    /// True where one joins the queue.
    full: bool,
    few: bool,
    /// `None` where it can be had.
    refusal: Option<String>,
    /// True where it stays ticked although it is refused: another choice, or another day, mends that.
    keeps: bool,
    /// False for one that opens later, beside others that can be had: the form can be sent again as it is.
    ticked: bool,
    /// The opening as a file for a calendar.
    opening: Option<String>,
    external: Option<String>,
    clash: Option<String>,
}

/// The form as it is shown.
pub fn page(here: &Here<'_>, typed: &Typed, shown: Shown<'_>, retention_days: i64) -> FormPage {
    let lang = here.lang;
    let (sessions, unknown) = chosen(here.published, typed);
    let mut lines: Vec<Line> = sessions.iter().map(|session| line(here, session, &shown)).collect();
    let overlap = mark_clashes(here, &sessions, &mut lines);
    let (mistakes, form) = match shown {
        Shown::First | Shown::Busy => (Vec::new(), state(typed, None)),
        Shown::Again(mistakes) => (list(mistakes, &lines), state(typed, Some(mistakes))),
    };
    let first = matches!(shown, Shown::First);
    let open = lines.iter().any(|line| line.refusal.is_none());
    if !open {
        lines.iter_mut().for_each(|line| line.ticked = true);
    }
    let opening = if open { None } else { opening::first_of(here, &sessions) };
    let told = opening.as_ref().is_some_and(|opening| {
        let is_same = |line: &Line| line.refusal.as_ref() == Some(&opening.sentence);
        lines.iter().all(is_same) && (lines.len() == 1 || opening.calendar == here.href("/opening.ics"))
    });
    let title = if mistakes.is_empty() { "register-title" } else { "register-title-mistakes" };
    let query: Vec<_> = sessions.iter().map(|session| format!("session={}", session.slug)).collect();
    let people = typed.first("people").trim().parse().unwrap_or(1);
    FormPage {
        title: text(lang, title, &[]),
        again: here.href(&format!("/register?{}", query.join("&"))),
        query: query.join("&"),
        limits: here.limits(),
        opening,
        told,
        action: here.href("/register"),
        home: here.href(""),
        privacy: format!("/{}/privacy", lang.code()),
        slug: here.published.slug().to_owned(),
        busy: matches!(shown, Shown::Busy),
        mistakes,
        notices: if first { notices(here, &sessions, &unknown) } else { Vec::new() },
        overlap,
        lines,
        // What somebody typed is never taken away.
        open: open || !first,
        form,
        people: (1..=PEOPLE_MAX).map(|value| People { value, selected: value == people }).collect(),
        key: typed.first("key").to_owned(),
        trap: TRAP,
        retention_days,
        email_hint: match here.published.release.programme.rules.confirm {
            Confirm::Instant => here.say("register-email-hint"),
            Confirm::Link => here.say("register-email-hint-link"),
        },
    }
}

impl FormPage {
    /// The same form on a page of the person's own, who needs not say who they are.
    pub fn of_agenda(self, action: String, home: String, mut notices: Vec<String>) -> FormPage {
        notices.extend(self.notices);
        FormPage { action, home, notices, ..self }
    }
}

fn notices(here: &Here<'_>, sessions: &[&ReleasedSession], unknown: &[String]) -> Vec<String> {
    let dropped = unknown.iter().map(|slug| {
        let session = quoted(here.lang, here.published, slug);
        text(here.lang, "register-dropped", &[("session", session.into())])
    });
    let many = (sessions.len() > SESSIONS_MAX)
        .then(|| text(here.lang, "register-too-many", &[("n", SESSIONS_MAX.into())]));
    dropped.chain(many).collect()
}

fn line(here: &Here<'_>, session: &ReleasedSession, shown: &Shown<'_>) -> Line {
    let lang = here.lang;
    let state = here.state(session);
    let said = match shown {
        Shown::Again(mistakes) => mistakes.sessions.get(&session.id).cloned(),
        Shown::First | Shown::Busy => None,
    };
    let refusal = said.or_else(|| state.as_ref().and_then(SeatState::refusal));
    // Nobody loses what they ticked by sending it too early; a form that is only opened offers what can be had.
    let is_sent = !matches!(shown, Shown::First);
    let keeps = is_sent && refusal.as_ref().is_some_and(Refusal::is_mendable);
    let seat = state.as_ref().map(|state| seat_view(lang, here.zone(), state));
    let (seat, few) = seat.map_or((String::new(), false), |seat| (seat.text, seat.few));
    let position = match &state {
        Some(SeatState::Full { waiting }) => Some(waiting + 1),
        _ => None,
    };
    Line {
        slug: session.slug.clone(),
        href: here.href(&format!("/sessions/{}", session.slug)),
        title: session.title.clone(),
        lang: words::foreign(lang, session),
        theme: session.theme.clone(),
        datetime: rows::datetime(here.zone(), session),
        when: words::when(lang, session),
        place: place(here, session),
        seat: position.map_or(seat, |n| text(lang, "register-full", &[("n", n.into())])),
        full: position.is_some(),
        few,
        external: match &refusal {
            Some(Refusal::External(url)) => Some(url.clone()).filter(|url| is_web(url)),
            _ => None,
        },
        opening: opening::of_session(here, session).map(|opening| opening.calendar),
        keeps,
        ticked: !matches!(refusal, Some(Refusal::NotYet(_))),
        refusal: refusal.map(|refusal| refusal_words(here, &refusal)),
        clash: None,
    }
}

fn refusal_words(here: &Here<'_>, refusal: &Refusal) -> String {
    let lang = here.lang;
    match refusal {
        Refusal::NotYet(opens) => opening::sentence(lang, here.zone(), *opens),
        Refusal::TooLarge { seats } => text(lang, "refusal-too-large", &[("n", (*seats).into())]),
        Refusal::OverWeek { limit, has: 0 } => text(lang, "refusal-over-week", &[("n", (*limit).into())]),
        Refusal::OverProgramme { limit, has: 0 } => {
            text(lang, "refusal-over-programme", &[("n", (*limit).into())])
        }
        Refusal::OverWeek { limit, has } => {
            text(lang, "refusal-over-week-has", &[("n", (*limit).into()), ("has", (*has).into())])
        }
        Refusal::OverProgramme { limit, has } => {
            text(lang, "refusal-over-programme-has", &[("n", (*limit).into()), ("has", (*has).into())])
        }
        Refusal::Overlaps { has: Some(other) } => {
            let other = here.published.session_by_id(*other).map_or("", |session| session.title.as_str());
            text(lang, "refusal-overlaps-has", &[("session", other.into())])
        }
        Refusal::Overlaps { has: None } => text(lang, "register-overlap-refuse", &[]),
        Refusal::Unknown
        | Refusal::Closed
        | Refusal::Over
        | Refusal::Invitation
        | Refusal::WalkIn
        | Refusal::External(_)
        | Refusal::Cancelled
        | Refusal::HeldGone { .. } => text(lang, &format!("refusal-{}", refusal.code()), &[]),
    }
}

/// « Maison du Lac, en ligne ».
fn place(here: &Here<'_>, session: &ReleasedSession) -> String {
    let place = here.published.place_of(session).map(|place| place.name.clone());
    let online = session.online.then(|| here.say("online"));
    place.into_iter().chain(online).collect::<Vec<_>>().join(", ")
}

/// Says of each line which others are at the same time; gives what to know about it.
fn mark_clashes(here: &Here<'_>, sessions: &[&ReleasedSession], lines: &mut [Line]) -> Option<String> {
    let spans: Vec<_> = sessions
        .iter()
        .zip(&*lines)
        .map(|(session, line)| {
            Span::of(session, here.zone()).filter(|_| line.refusal.is_none() || line.keeps)
        })
        .collect();
    let clashes = clashes(&spans);
    for (line, others) in lines.iter_mut().zip(&clashes) {
        let titles = others.iter().map(|other| sessions[*other].title.as_str());
        line.clash = same_time(here.lang, titles);
    }
    if clashes.iter().all(Vec::is_empty) {
        return None;
    }
    Some(here.say(match here.published.release.programme.rules.overlap {
        Overlap::Warn => "register-overlap-warn",
        Overlap::Refuse => "register-overlap-refuse",
    }))
}

/// « En même temps que « A », « B » »; nothing where there is no other.
pub fn same_time<'t>(lang: Lang, titles: impl Iterator<Item = &'t str>) -> Option<String> {
    let titles: Vec<_> =
        titles.map(|title| text(lang, "register-quoted", &[("title", title.into())])).collect();
    (!titles.is_empty()).then(|| text(lang, "register-clash", &[("titles", titles.join(", ").into())]))
}

fn state(typed: &Typed, mistakes: Option<&Mistakes>) -> FormState {
    let mut form = FormState::default();
    for field in ["name", "email", "organisation", "access_needs"] {
        form.set(field, typed.first(field));
    }
    if typed.is_ticked("consent") {
        form.set("consent", "1");
    }
    for (field, sentences) in mistakes.iter().flat_map(|mistakes| &mistakes.fields) {
        sentences.iter().for_each(|sentence| form.refuse(field, sentence));
    }
    form
}

/// Every mistake with the place to mend it.
fn list(mistakes: &Mistakes, lines: &[Line]) -> Vec<Link> {
    let mut list = Vec::new();
    for field in FIELDS {
        let sentences = mistakes.fields.get(field).into_iter().flatten();
        list.extend(sentences.map(|label| Link { href: format!("#f-{field}"), label: label.clone() }));
        if field == "session" {
            let refused = lines.iter().filter_map(|line| Some((line, line.refusal.as_ref()?)));
            list.extend(refused.map(|(line, refusal)| Link {
                href: format!("#s-{}", line.slug),
                label: format!("{} – {refusal}", line.title),
            }));
        }
    }
    list
}
