//! Who delivers: an SMTP server, a folder, or (tests, the demo) memory.
//!
//! The connection and the conversation about one mail are kept apart: a server that cannot be reached, or refuses
//! our login, counts against the transport and never against the mail.

mod failure;
mod setting;
mod smtp;

use std::{
    collections::VecDeque,
    fmt,
    io::ErrorKind,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::{io::AsyncWriteExt as _, time::timeout};
use uuid::Uuid;

pub(super) use self::failure::scrub;
pub use self::failure::{Failure, Next, after_failure};
use self::{setting::Target, smtp::Smtp};
use super::{BadSetting, render::Rendered};
use crate::files;

/// Mails that the memory mailer keeps; older ones are dropped.
const KEPT_MAX: usize = 1000;
/// The longest that a delivery takes, whatever the server does.
pub const DELIVERY: Duration = smtp::DELIVERY;
/// The longest pause between two attempts to reach the server.
const PAUSE_SECONDS_MAX: i64 = 60;

/// Delivers rendered mails. A clone is the same mailer.
#[derive(Clone)]
pub struct Mailer {
    backend: Arc<Backend>,
    breaker: Arc<Mutex<Breaker>>,
}

enum Backend {
    Smtp(Smtp),
    Folder(PathBuf),
    Memory(Mutex<VecDeque<Kept>>),
}

/// A mail that the memory mailer took, for `/demo/mails` and tests.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The outbox row's identity.
    pub id: Uuid,
    /// The address that it went to.
    pub recipient: String,
    /// As people read it.
    pub subject: String,
    /// The plain-text body.
    pub text: String,
    /// The HTML body, a whole page.
    pub html: String,
    /// The whole message, as it would go over the wire.
    pub raw: Vec<u8>,
}

impl Mailer {
    /// From the setting `mail.url`: `smtp://HOST[:PORT][?tls=required|opportunistic|none]`, `smtps://…`, both with
    /// `USER:PASSWORD@`, or `file:FOLDER`. `own_name` is what we call ourselves to the server: the host of `base_url`.
    pub fn open(url: &str, own_name: &str) -> Result<Mailer, BadSetting> {
        Ok(Mailer::with(match setting::parse(url)? {
            Target::Smtp(server) => Backend::Smtp(Smtp::new(server, own_name)),
            Target::Folder(folder) => Backend::Folder(folder),
        }))
    }

    /// As [`Mailer::open`], but a delivery takes no longer than that.
    ///
    /// # Errors
    /// A setting that cannot be used.
    pub fn open_with_patience(url: &str, own_name: &str, whole: Duration) -> Result<Mailer, BadSetting> {
        Ok(Mailer::with(match setting::parse(url)? {
            Target::Smtp(server) => Backend::Smtp(Smtp::new(server, own_name).with_patience(whole)),
            Target::Folder(folder) => Backend::Folder(folder),
        }))
    }

    /// Keeps the last 1,000 mails in memory.
    pub fn memory() -> Mailer {
        Mailer::with(Backend::Memory(Mutex::default()))
    }

    fn with(backend: Backend) -> Mailer {
        Mailer { backend: Arc::new(backend), breaker: Arc::default() }
    }

    /// Every mail that the memory mailer still has, oldest first; nothing for the others.
    pub fn kept(&self) -> Vec<Kept> {
        match &*self.backend {
            Backend::Memory(kept) => {
                kept.lock().expect("nobody panics while holding this lock").iter().cloned().collect()
            }
            Backend::Smtp(_) | Backend::Folder(_) => Vec::new(),
        }
    }

    /// How many mails may be tried now: none while we pause after a failure to reach the server, one to
    /// see whether it is back, else any number.
    pub fn admits(&self, now: DateTime<Utc>) -> Admits {
        self.breaker.lock().expect("nobody panics while holding this lock").admits(now)
    }

    /// Delivers one mail. What the server said, or did not, becomes a [`Failure`].
    pub async fn send(&self, id: Uuid, mail: &Rendered, now: DateTime<Utc>) -> Result<(), Failure> {
        let done = match &*self.backend {
            Backend::Smtp(smtp) => smtp.send(&mail.message).await,
            Backend::Folder(folder) => timeout(DELIVERY, write(folder, id, &mail.message.formatted()))
                .await
                .unwrap_or_else(|_| Err(ErrorKind::TimedOut.into()))
                .map_err(|error| Failure::Unreachable { why: format!("folder: {}", error.kind()) }),
            Backend::Memory(kept) => {
                keep(&mut kept.lock().expect("nobody panics while holding this lock"), id, mail);
                Ok(())
            }
        };
        let mut breaker = self.breaker.lock().expect("nobody panics while holding this lock");
        match &done {
            Err(failure @ (Failure::Unreachable { .. } | Failure::NotLetIn { .. })) => {
                if let Some(pause) = breaker.failed(now) {
                    log::warn!("the mail server: {}; next attempt in {pause} s", failure.text());
                }
            }
            Ok(()) | Err(Failure::Refused { .. } | Failure::Broken { .. } | Failure::Own { .. }) => {
                if breaker.worked() {
                    log::info!("the mail server is back");
                }
            }
        }
        done
    }

    /// Says goodbye to the server.
    pub async fn close(&self) {
        match &*self.backend {
            Backend::Smtp(smtp) => smtp.close().await,
            Backend::Folder(_) | Backend::Memory(_) => {}
        }
    }
}

impl fmt::Debug for Mailer {
    // Never the user or password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.backend {
            Backend::Smtp(smtp) => write!(f, "Mailer({smtp:?})"),
            Backend::Folder(folder) => write!(f, "Mailer(file:{})", folder.display()),
            Backend::Memory(_) => f.write_str("Mailer(memory)"),
        }
    }
}

/// A reader of the folder never sees half a mail: it is written aside and renamed.
async fn write(folder: &Path, id: Uuid, mail: &[u8]) -> std::io::Result<()> {
    files::create_folder(folder)?;
    let aside = folder.join(format!(".{id}.part"));
    let written = async {
        // A process that was killed may have left one.
        let _ = tokio::fs::remove_file(&aside).await;
        let mut file = tokio::fs::File::from_std(files::create_new(&aside)?);
        file.write_all(mail).await?;
        file.sync_all().await?;
        tokio::fs::rename(&aside, folder.join(format!("{id}.eml"))).await
    };
    let done = written.await;
    if done.is_err() {
        // The disk may be full; leave nothing behind.
        let _ = tokio::fs::remove_file(&aside).await;
    }
    done
}

fn keep(kept: &mut VecDeque<Kept>, id: Uuid, mail: &Rendered) {
    if kept.len() == KEPT_MAX {
        kept.pop_front();
    }
    kept.push_back(Kept {
        id,
        recipient: mail.message.envelope().to().first().map(ToString::to_string).unwrap_or_default(),
        subject: mail.subject.clone(),
        text: mail.text.clone(),
        html: mail.html.clone(),
        raw: mail.message.formatted(),
    });
}

/// How many mails may be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admits {
    /// The server was not there a moment ago.
    Nothing,
    /// It was not; this one shows whether it is back.
    One,
    /// It is there.
    All,
}

/// After each failure to reach the server the pause doubles: 1, 2, 4 … 60 seconds.
#[derive(Debug, Default)]
struct Breaker {
    failures: u32,
    closed_until: Option<DateTime<Utc>>,
}

impl Breaker {
    fn admits(&self, now: DateTime<Utc>) -> Admits {
        match self.closed_until {
            None => Admits::All,
            // Later than the longest pause only where a clock was set back: nobody waits for that.
            Some(until) if now < until && until <= now + TimeDelta::seconds(PAUSE_SECONDS_MAX) => {
                Admits::Nothing
            }
            Some(_) => Admits::One,
        }
    }

    /// Several deliveries that fail at once are one failure. Gives the seconds to the next attempt.
    fn failed(&mut self, now: DateTime<Utc>) -> Option<i64> {
        if self.admits(now) == Admits::Nothing {
            return None;
        }
        let pause = (1_i64 << self.failures.min(6)).min(PAUSE_SECONDS_MAX);
        self.failures += 1;
        self.closed_until = Some(now + TimeDelta::seconds(pause));
        Some(pause)
    }

    /// True where it had failed before.
    fn worked(&mut self) -> bool {
        let failed = self.failures > 0;
        *self = Breaker::default();
        failed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_doubles_up_to_a_minute_and_ends_with_the_first_success() {
        let mut breaker = Breaker::default();
        let mut now = DateTime::UNIX_EPOCH;
        let mut pauses = Vec::new();
        for _ in 0..8 {
            let pause = breaker.failed(now).unwrap();
            assert_eq!(breaker.failed(now), None, "failures at once are one");
            assert_eq!(breaker.admits(now), Admits::Nothing);
            now += TimeDelta::seconds(pause);
            assert_eq!(breaker.admits(now), Admits::One);
            pauses.push(pause);
        }
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 60, 60]);

        assert!(breaker.worked());
        assert_eq!(breaker.admits(now), Admits::All);
        assert!(!breaker.worked());

        breaker.failed(now).unwrap();
        assert_eq!(breaker.admits(now), Admits::Nothing);
        assert_eq!(breaker.admits(now - TimeDelta::days(1)), Admits::One, "the clock was set back");
    }
}
