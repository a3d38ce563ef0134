//! The public call: when anybody may propose sessions, without an account.

use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::instant;

/// What organisers say of it. It is in force as the draft has it: a call comes before the first release.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Call {
    /// Local; without it there is no call.
    pub opens: Option<NaiveDateTime>,
    /// Local; `None`: until it is changed.
    pub closes: Option<NaiveDateTime>,
    /// What is looked for, Markdown.
    pub text: String,
}

/// Whether one can propose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallState {
    /// There is no call.
    None,
    /// Not yet: from then on.
    NotYet(DateTime<Utc>),
    /// One can, until then where that is said.
    Open(Option<DateTime<Utc>>),
    /// Not any more, since then.
    Over(DateTime<Utc>),
}

impl Call {
    /// True where nothing is said.
    pub fn is_none(&self) -> bool {
        *self == Call::default()
    }

    /// Whether one can propose now.
    pub fn state(&self, zone: Tz, now: DateTime<Utc>) -> CallState {
        let Some(opens) = self.opens.map(|local| instant(zone, local)) else { return CallState::None };
        let closes = self.closes.map(|local| instant(zone, local));
        match closes {
            Some(closes) if closes <= now => CallState::Over(closes),
            _ if now < opens => CallState::NotYet(opens),
            closes => CallState::Open(closes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_open_from_its_first_moment_until_before_its_last() {
        let local = |text: &str| Some(text.parse::<NaiveDateTime>().unwrap());
        let at = |text: &str| instant(chrono_tz::Europe::Zurich, text.parse().unwrap());
        let call = Call {
            opens: local("2027-03-01T09:00:00"),
            closes: local("2027-03-31T18:00:00"),
            text: String::new(),
        };
        let state = |now: &str| call.state(chrono_tz::Europe::Zurich, at(now));

        assert_eq!(state("2027-03-01T08:59:59"), CallState::NotYet(at("2027-03-01T09:00:00")));
        assert_eq!(state("2027-03-01T09:00:00"), CallState::Open(Some(at("2027-03-31T18:00:00"))));
        assert_eq!(state("2027-03-31T17:59:59"), CallState::Open(Some(at("2027-03-31T18:00:00"))));
        assert_eq!(state("2027-03-31T18:00:00"), CallState::Over(at("2027-03-31T18:00:00")));
        let endless = Call { closes: None, ..call };
        assert_eq!(endless.state(chrono_tz::UTC, at("2030-01-01T00:00:00")), CallState::Open(None));
        assert_eq!(Call::default().state(chrono_tz::UTC, at("2030-01-01T00:00:00")), CallState::None);
    }
}
