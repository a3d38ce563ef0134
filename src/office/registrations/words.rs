//! How the office says where a registration, or a seat, stands.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use crate::{
    locale::{self, Lang, text},
    programme::routes::rows::seat_view,
    registration::{
        Awaits, Refusal, State,
        calls::Reason,
        contact::Code,
        seats::{Seat, SeatState},
    },
};

/// Something in words, with the class of the pill that shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Said {
    /// The words.
    pub text: String,
    /// `good`, `warn`, `live`, `off`, or nothing.
    pub class: &'static str,
}

/// « 3 mars 2027, 9 h 05 ».
pub fn moment(lang: Lang, zone: Tz, at: DateTime<Utc>) -> String {
    let local = at.with_timezone(&zone).naive_local();
    format!("{}, {}", locale::date(lang, local.date()), locale::time(lang, local.time()))
}

/// « Confirmée », « En attente, 3e », « Place proposée jusqu’au… ».
pub fn state(
    lang: Lang,
    zone: Tz,
    state: State,
    pending: Option<(Awaits, DateTime<Utc>)>,
    position: i64,
) -> Said {
    let until = |key: &str, deadline| text(lang, key, &[("until", moment(lang, zone, deadline).into())]);
    let (text, class) = match (state, pending) {
        (State::Confirmed, _) => (text(lang, "office-state-confirmed", &[]), "good"),
        (State::Offered, Some((Awaits::Link, at))) => (until("office-state-link", at), "warn"),
        (State::Offered, Some((Awaits::Acceptance, at))) => (until("office-state-offered", at), "warn"),
        (State::Offered, None) => (text(lang, "office-state-offered-plain", &[]), "warn"),
        (State::Waiting, Some((_, at))) => (until("office-state-turn-link", at), "off"),
        (State::Waiting, None) => (text(lang, "office-state-waiting", &[("n", position.into())]), "live"),
        (State::Cancelled, _) => (text(lang, "office-state-cancelled", &[]), "off"),
    };
    Said { text, class }
}

/// Whether one can register for a session, in words.
pub fn seat(lang: Lang, zone: Tz, seat: &Seat, now: DateTime<Utc>) -> Said {
    let state = seat.state(now);
    let class = match &state {
        SeatState::Free { .. } => "good",
        SeatState::Full { .. } => "warn",
        SeatState::NotYet { .. } | SeatState::Invitation | SeatState::External { .. } | SeatState::WalkIn => {
            "live"
        }
        SeatState::Closed | SeatState::Over | SeatState::Cancelled | SeatState::Untimed => "off",
    };
    Said { text: seat_view(lang, zone, &state).text, class }
}

/// Why nobody is registered for a session, said to who works here.
pub fn refused(lang: Lang, refusal: &Refusal) -> String {
    match refusal {
        Refusal::TooLarge { seats } => text(lang, "office-refused-too-large", &[("n", (*seats).into())]),
        Refusal::HeldGone { left } => text(lang, "office-refused-held-gone", &[("n", (*left).into())]),
        Refusal::Cancelled => text(lang, "office-refused-cancelled", &[]),
        // Organisers are bound by nothing else.
        Refusal::Unknown
        | Refusal::Closed
        | Refusal::NotYet(_)
        | Refusal::Over
        | Refusal::Invitation
        | Refusal::WalkIn
        | Refusal::External(_)
        | Refusal::OverWeek { .. }
        | Refusal::OverProgramme { .. }
        | Refusal::Overlaps { .. } => text(lang, "office-refused-unknown", &[]),
    }
}

/// How somebody is reached: the address; else the code, and the telephone.
pub fn contact(email: Option<&str>, code: Option<&str>, phone: &str) -> String {
    let code = code.and_then(Code::parse).map(|code| code.readable());
    let parts = [email.map(str::to_owned), code.filter(|_| email.is_none()), Some(phone.to_owned())];
    let said: Vec<_> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    said.join(" · ")
}

/// Why somebody must be called.
pub fn call_reason(lang: Lang, reason: Reason) -> String {
    text(lang, &format!("call-reason-{}", reason.code()), &[])
}
