//! What can go wrong with a delivery, and what follows from it. Pure.

use chrono::{DateTime, TimeDelta, Utc};

/// Answers that mean "in a moment" (grey lists, busy servers, full disks): seconds to the next attempt.
const QUICK_SECONDS: [i64; 5] = [10, 30, 60, 300, 900];
/// Every other passing refusal.
const SLOW_SECONDS: [i64; 5] = [60, 120, 300, 900, 1800];
/// Codes that mean "in a moment".
const QUICK_CODES: [u16; 9] = [421, 422, 431, 432, 442, 447, 450, 451, 452];
/// Answers that speak of us and not of the mail: no login, no encryption. Somebody may mend that, so they do not fail a
/// mail at once; they count all the same, or one mail that a server will never take would hold up all the others.
const LOGIN_CODES: [u16; 3] = [530, 535, 538];
/// Refusals of one mail before it fails: about seven hours if quick, thirteen if slow.
pub const ATTEMPTS_MAX: i64 = 30;
/// Lost conversations of one mail before it fails: each may have been delivered all the same.
pub const BROKEN_ATTEMPTS_MAX: i64 = 10;
/// Of what the server said, characters that we keep.
const ANSWER_CHARS_MAX: usize = 200;

/// Why a mail could not be delivered. Never with personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// Nobody was there, or we were not let in. No failure of the mail.
    Unreachable {
        /// The cause.
        why: String,
    },
    /// The server refuses us before it hears to whom the mail goes: it wants a login, or another line, or another sender,
    /// most likely for every mail. Counted, but no mail fails of it; the server is given time as if it were not there.
    NotLetIn {
        /// 5xx.
        code: u16,
        /// What it said, without addresses.
        answer: String,
    },
    /// The server's answer to this mail.
    Refused {
        /// 4xx or 5xx.
        code: u16,
        /// What it said, without addresses.
        answer: String,
    },
    /// The line broke, or nothing came, in the conversation about this mail. It may have been delivered.
    Broken {
        /// The cause.
        why: String,
    },
    /// We cannot write this mail: our own mistake.
    Own {
        /// The cause.
        why: String,
    },
}

impl Failure {
    /// The server's answer in the conversation about a mail.
    pub(super) fn answered(step: Step, code: u16, answer: &str, private: &[&str]) -> Failure {
        let answer = scrub(answer, private);
        match step {
            Step::Sender if code >= 500 => Failure::NotLetIn { code, answer },
            Step::Sender | Step::Mail => Failure::Refused { code, answer },
        }
    }

    /// For the outbox and the log.
    pub fn text(&self) -> String {
        match self {
            Failure::Unreachable { why } => format!("not reached: {why}"),
            Failure::NotLetIn { code, answer } | Failure::Refused { code, answer } => {
                format!("{code} {answer}").trim_end().to_owned()
            }
            Failure::Broken { why } => format!("line lost: {why}"),
            Failure::Own { why } => format!("not written: {why}"),
        }
    }
}

/// Where a conversation about a mail stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// `MAIL`: the server has heard nothing but who we are.
    Sender,
    /// `RCPT`, `DATA`, the text.
    Mail,
}

/// What follows from a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// It counts, and the mail is tried again.
    Retry {
        /// When.
        at: DateTime<Utc>,
    },
    /// It is over, in sight of the organisers.
    Fail,
    /// It does not count; the mail waits until the server is back.
    Wait,
}

/// What follows from a failure of a mail that had failed `attempts` times before.
pub fn after_failure(failure: &Failure, attempts: i64, now: DateTime<Utc>) -> Next {
    let (pauses, attempts_max) = match failure {
        Failure::Unreachable { .. } => return Next::Wait,
        Failure::Own { .. } => return Next::Fail,
        Failure::Broken { .. } => (QUICK_SECONDS, BROKEN_ATTEMPTS_MAX),
        Failure::Refused { code, .. } if QUICK_CODES.contains(code) => (QUICK_SECONDS, ATTEMPTS_MAX),
        Failure::NotLetIn { .. } => (SLOW_SECONDS, i64::MAX),
        Failure::Refused { code: 400..500, .. } => (SLOW_SECONDS, ATTEMPTS_MAX),
        Failure::Refused { code, .. } if LOGIN_CODES.contains(code) => (SLOW_SECONDS, ATTEMPTS_MAX),
        Failure::Refused { .. } => return Next::Fail,
    };
    if attempts >= attempts_max - 1 {
        return Next::Fail;
    }
    let step = usize::try_from(attempts).unwrap_or(0).min(pauses.len() - 1);
    Next::Retry { at: now + TimeDelta::seconds(pauses[step]) }
}

/// Servers repeat addresses in what they say; words with one, or with anything in `private`, are left out.
pub(in crate::mail) fn scrub(answer: &str, private: &[&str]) -> String {
    let private: Vec<_> = private.iter().map(|word| word.to_lowercase()).filter(|w| !w.is_empty()).collect();
    let is_private = |word: &str| {
        let word = word.to_lowercase();
        word.contains('@') || private.iter().any(|private| word.contains(private.as_str()))
    };
    let words: Vec<_> = answer
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .map(|word| if is_private(word) { "…" } else { word })
        .collect();
    words.join(" ").chars().take(ANSWER_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(code: u16) -> Failure {
        Failure::Refused { code, answer: String::new() }
    }

    fn pauses(failure: &Failure) -> (Vec<i64>, i64) {
        let now = DateTime::UNIX_EPOCH;
        let mut pauses = Vec::new();
        for attempts in 0.. {
            match after_failure(failure, attempts, now) {
                Next::Retry { at } => pauses.push((at - now).num_seconds()),
                Next::Fail => return (pauses[..6].to_vec(), attempts + 1),
                Next::Wait => unreachable!("a refusal never waits"),
            }
        }
        unreachable!("every mail fails some day")
    }

    #[test]
    fn busy_servers_are_asked_again_soon_others_later() {
        for code in [421, 422, 431, 432, 442, 447, 450, 451, 452] {
            assert_eq!(pauses(&refused(code)), (vec![10, 30, 60, 300, 900, 900], 30), "{code}");
        }
        for code in [400, 420, 454, 459] {
            assert_eq!(pauses(&refused(code)), (vec![60, 120, 300, 900, 1800, 1800], 30), "{code}");
        }
        let broken = Failure::Broken { why: String::new() };
        assert_eq!(pauses(&broken), (vec![10, 30, 60, 300, 900, 900], 10));
    }

    #[test]
    fn a_lasting_refusal_fails_at_once_and_an_absent_server_never_does() {
        let now = DateTime::UNIX_EPOCH;
        for code in [500, 550, 552, 554] {
            assert_eq!(after_failure(&refused(code), 0, now), Next::Fail, "{code}");
        }
        let away = Failure::Unreachable { why: String::new() };
        assert_eq!(after_failure(&away, 1_000_000, now), Next::Wait);
    }

    #[test]
    fn a_server_that_wants_a_login_is_given_time_and_no_mail_is_tried_for_ever() {
        for code in LOGIN_CODES {
            let later = Failure::answered(Step::Mail, code, "", &[]);
            assert_eq!(later, refused(code));
            assert_eq!(pauses(&later), (vec![60, 120, 300, 900, 1800, 1800], 30), "{code}");
        }
    }

    #[test]
    fn a_server_that_has_heard_of_no_reader_yet_fails_no_mail() {
        let now = DateTime::UNIX_EPOCH;
        for code in LOGIN_CODES.into_iter().chain([550, 554]) {
            let of_us = Failure::answered(Step::Sender, code, "", &[]);
            assert_eq!(of_us, Failure::NotLetIn { code, answer: String::new() });
            for (attempts, seconds) in [(0, 60), (4, 1_800), (1_000_000, 1_800)] {
                let at = now + TimeDelta::seconds(seconds);
                assert_eq!(after_failure(&of_us, attempts, now), Next::Retry { at }, "{code}");
            }
        }
        assert_eq!(Failure::answered(Step::Sender, 451, "", &[]), refused(451));
    }

    #[test]
    fn what_is_kept_of_an_answer_names_nobody() {
        let failure = Failure::answered(
            Step::Mail,
            550,
            "5.1.1 <Ada@example.org>: no user ada.l here,\r\nask postmaster@example.org, Lovelace!",
            &["ada", "Lovelace"],
        );
        assert_eq!(failure.text(), "550 5.1.1 … no user … here, ask … …");
        assert_eq!(Failure::answered(Step::Mail, 550, &"x".repeat(9999), &[]).text().len(), 204);
    }
}
