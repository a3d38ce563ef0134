//! When registration opens, on pages that are read before: the day, the hour, and an entry for one's calendar.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use super::rows::Here;
use crate::{
    locale::{self, Lang, text},
    registration::seats::SeatState,
    release::ReleasedSession,
};

/// What a page says of an opening that lies ahead.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OpeningView {
    /// « Les inscriptions ouvrent le jeudi 1er avril 2027 à 9 h. »
    pub sentence: String,
    /// For machines.
    pub datetime: String,
    /// The calendar entry, as a file.
    pub calendar: String,
}

impl OpeningView {
    fn of(here: &Here<'_>, opens: DateTime<Utc>, calendar: String) -> OpeningView {
        OpeningView {
            sentence: sentence(here.lang, here.zone(), opens),
            datetime: opens.with_timezone(&here.zone()).to_rfc3339(),
            calendar,
        }
    }
}

/// « Les inscriptions ouvrent le jeudi 1er avril 2027 à 9 h. »
pub fn sentence(lang: Lang, zone: Tz, opens: DateTime<Utc>) -> String {
    let opens = opens.with_timezone(&zone).naive_local();
    let (day, time) = (locale::full_date(lang, opens.date()), locale::time(lang, opens.time()));
    text(lang, "refusal-not-yet", &[("day", day.into()), ("time", time.into())])
}

/// The opening of a session; `None` where it is open, or will not be.
pub fn of_session(here: &Here<'_>, session: &ReleasedSession) -> Option<OpeningView> {
    match here.state(session) {
        Some(SeatState::NotYet { opens }) => {
            let calendar = here.href(&format!("/sessions/{}/opening.ics", session.slug));
            Some(OpeningView::of(here, opens, calendar))
        }
        _ => None,
    }
}

/// The opening that the programme's own rule says, while a session waits for it.
pub fn of_programme(here: &Here<'_>) -> Option<OpeningView> {
    let opens = rule(here)?;
    let waits = |session: &ReleasedSession| {
        here.state(session)
            .is_some_and(|state| matches!(state, SeatState::NotYet { opens: at } if at == opens))
    };
    let waits = here.published.release.listed().any(waits);
    waits.then(|| OpeningView::of(here, opens, here.href("/opening.ics")))
}

/// The first opening of these sessions: the programme's entry where all wait for its rule.
pub fn first_of(here: &Here<'_>, sessions: &[&ReleasedSession]) -> Option<OpeningView> {
    let opening = |session: &&ReleasedSession| match here.state(session) {
        Some(SeatState::NotYet { opens }) => Some((opens, session.slug.clone())),
        _ => None,
    };
    let (opens, slug) = sessions.iter().filter_map(opening).min()?;
    let path = if rule(here) == Some(opens) {
        "/opening.ics".to_owned()
    } else {
        format!("/sessions/{slug}/opening.ics")
    };
    Some(OpeningView::of(here, opens, here.href(&path)))
}

/// When the rule opens registration, if it names one moment for all.
fn rule(here: &Here<'_>) -> Option<DateTime<Utc>> {
    let local = here.published.release.programme.rules.opens?.local()?;
    Some(crate::programme::instant(here.zone(), local))
}
