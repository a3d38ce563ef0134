//! The page of one session: everything that the public may know about it.

use serde::Serialize;

use super::{
    opening::{self, OpeningView},
    rows::{self, Here, SeatView, is_web},
};
use crate::{
    calendar::{self, links, links::Links},
    locale::{self, Lang, text},
    programme::{Access, Place, Status, words},
    registration::seats::SeatState,
    release::{ReleasedSession, changes},
};

/// What `templates/programme/session.html` shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SessionPage {
    /// Its name.
    pub title: String,
    /// The language of title and texts, where it is not the page's.
    pub text_lang: Option<String>,
    /// `theme-lab`.
    pub class: String,
    /// Its theme.
    pub theme: Option<Link>,
    /// « Atelier, hackathon ».
    pub formats: String,
    /// « lundi 19 avril 2027, 9 h – 10 h 15 ».
    pub when: String,
    /// For machines.
    pub datetime: String,
    /// « heure de Zurich »; empty where no time is known.
    pub zone: String,
    /// Where it is.
    pub place: Option<PlaceView>,
    /// Whether one can attend from home, in a sentence; never the address.
    pub online: Option<String>,
    /// Who brings it.
    pub hosts: Vec<Link>,
    /// Who speaks.
    pub speakers: Vec<String>,
    /// « français, anglais ».
    pub languages: String,
    /// What is there for whom needs it.
    pub access: Vec<String>,
    /// Free words, each a search.
    pub tags: Vec<Link>,
    /// One or two sentences.
    pub r#abstract: String,
    /// Markdown.
    pub description: String,
    /// Where the recording is.
    pub recording: Option<String>,
    /// Markdown: what it has left behind.
    pub minutes: String,
    /// `None` where its seat row has not been seen yet.
    pub seat: Option<SeatView>,
    /// When registration opens, while it has not.
    pub opening: Option<OpeningView>,
    /// Our form, where it takes registrations.
    pub register: Option<String>,
    /// True where the form gives a turn in the queue.
    pub full: bool,
    /// It was announced and does not take place.
    pub cancelled: bool,
    /// Why, where the organisers have said it.
    pub reason: String,
    /// « nouvelle », « déplacée ».
    pub mark: Option<String>,
    /// Subscribe, Google, Outlook, file.
    pub calendar: Links,
    /// What releases changed about it, newest first.
    pub changes: Vec<Changed>,
    /// The session before it on the same day.
    pub before: Option<Neighbour>,
    /// The session after it on the same day.
    pub after: Option<Neighbour>,
    /// All of its day.
    pub day: Link,
    /// The programme.
    pub home: String,
}

/// A word that leads somewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Link {
    pub label: String,
    pub href: String,
}

/// A place, as the page shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct PlaceView {
    pub name: String,
    pub address: String,
    pub access: Vec<String>,
    /// A map of somebody else's, as a link.
    pub map: Option<String>,
}

/// What one release changed about the session.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Changed {
    pub when: String,
    pub mark: String,
    pub details: Vec<String>,
}

/// A session beside this one.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Neighbour {
    pub time: String,
    pub title: String,
    pub href: String,
    pub lang: Option<String>,
}

/// The page of a session.
pub fn session_page(here: &Here<'_>, session: &ReleasedSession) -> SessionPage {
    let lang = here.lang;
    let row = rows::row(here, session);
    let state = here.state(session);
    let can_choose = state.as_ref().is_some_and(SeatState::takes_registrations);
    let programme = &here.published.release.programme;
    let (before, after) = neighbours(here, session);
    SessionPage {
        title: session.title.clone(),
        text_lang: row.lang,
        class: session.theme.as_ref().map(|theme| format!("theme-{theme}")).unwrap_or_default(),
        theme: here.published.release.theme_of(session).map(|theme| Link {
            label: theme.title.clone(),
            href: here.href(&format!("/themes/{}", theme.slug)),
        }),
        formats: row.tag,
        when: words::capital(&words::when(lang, session)),
        datetime: row.datetime,
        zone: session.start.map(|_| locale::zone(lang, programme.timezone.name())).unwrap_or_default(),
        place: here.published.place_of(session).map(|place| place_view(lang, place, &session.access)),
        online: session.online.then(|| match (session.status, &session.place) {
            // Nobody is sent an address any more.
            (Status::Cancelled | Status::Withdrawn, _) => words::capital(&here.say("online")),
            (Status::Scheduled, _) if matches!(state, Some(SeatState::Over)) => {
                words::capital(&here.say("online"))
            }
            (Status::Scheduled, Some(_)) => here.say("session-online-too"),
            (Status::Scheduled, None) => here.say("session-online"),
        }),
        hosts: here
            .published
            .hosts_of(session)
            .map(|host| Link {
                label: host.name.clone(),
                href: here.href(&format!("/organisations/{}", host.slug)),
            })
            .collect(),
        speakers: session.speakers.clone(),
        languages: words::capital(&words::languages(lang, &session.languages)),
        access: session.access.iter().map(|access| words::capital(&words::access(lang, access))).collect(),
        tags: session
            .tags
            .iter()
            .map(|tag| Link { label: tag.clone(), href: here.href(&format!("?q={}", encode(tag))) })
            .collect(),
        r#abstract: session.r#abstract.clone(),
        description: session.description.clone(),
        recording: session.recording.clone().filter(|url| is_web(url)),
        minutes: session.minutes.clone(),
        register: can_choose.then(|| here.href(&format!("/register?session={}", session.slug))),
        full: matches!(state, Some(SeatState::Full { .. })),
        seat: row.seat,
        opening: opening::of_session(here, session),
        cancelled: session.status == Status::Cancelled,
        reason: session.reason().to_owned(),
        mark: row.mark,
        calendar: links::of_entry(
            &calendar::entry(&here.published.release, session, lang, here.base_url),
            &here.url(&format!("/sessions/{}/calendar.ics", session.slug)),
        ),
        changes: changed(here, session),
        before,
        after,
        day: Link { label: here.say("session-same-day"), href: here.href(&format!("?day={}", session.date)) },
        home: here.href(""),
    }
}

/// For the value of a query.
pub fn encode(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// What the session itself says about access is not said again.
fn place_view(lang: Lang, place: &Place, said: &[Access]) -> PlaceView {
    let map = place.latitude.zip(place.longitude).map(|(north, east)| {
        format!("https://www.openstreetmap.org/?mlat={north}&mlon={east}#map=17/{north}/{east}")
    });
    PlaceView {
        name: place.name.clone(),
        address: place.address.clone(),
        // Plain text, in which the words that filters know may stand between bars, as in a session's row.
        access: place
            .access
            .split('|')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(|part| Access::from(part.to_owned()))
            .filter(|access| !said.contains(access))
            .map(|access| words::capital(&words::access(lang, &access)))
            .collect(),
        map: map.filter(|map| is_web(map)),
    }
}

fn changed(here: &Here<'_>, session: &ReleasedSession) -> Vec<Changed> {
    let zone = here.zone();
    let of_release = |note: &crate::release::published::ReleaseNote| {
        let change = note.changes.iter().find(|change| change.slug == session.slug)?;
        let words = changes::words_of(here.lang, change, None);
        let when = changes::moment(here.lang, note.published_at.with_timezone(&zone).naive_local());
        let when = text(here.lang, "session-changed-at", &[("n", note.number.into()), ("when", when.into())]);
        Some(Changed { when, mark: words.mark, details: words.details })
    };
    here.published.history.iter().filter_map(of_release).collect()
}

fn neighbours(here: &Here<'_>, session: &ReleasedSession) -> (Option<Neighbour>, Option<Neighbour>) {
    let day: Vec<&ReleasedSession> = here
        .published
        .release
        .listed()
        .filter(|other| {
            other.date == session.date && other.status == Status::Scheduled || other.id == session.id
        })
        .collect();
    let neighbour = |other: &&ReleasedSession| Neighbour {
        time: rows::time(here.lang, other),
        title: other.title.clone(),
        href: here.href(&format!("/sessions/{}", other.slug)),
        lang: here.words_of(other),
    };
    let Some(at) = day.iter().position(|other| other.id == session.id) else { return (None, None) };
    (at.checked_sub(1).and_then(|at| day.get(at)).map(neighbour), day.get(at + 1).map(neighbour))
}
