//! The log: who changed what, and when. A line is written in the transaction of the change, and never again touched:
//! there is no function here that changes or deletes one (`tests/it/log.rs` reads the source for it).
//!
//! It outlives the people whom it speaks of, so it holds nothing personal: subjects are ids and slugs, and what a
//! thing was and is comes as [`Facts`], which can only be made of numbers, words of ours, slugs, of types that say that
//! they may be [`Logged`], and of words that are written for everybody ([`differing_words`]). What is personal or secret
//! in those is veiled before it is written.

mod facts;
pub mod store;
pub mod words;

use chrono::{DateTime, Utc};
use uuid::Uuid;

pub use facts::{Fact, Facts, Logged, VEIL, differing, differing_veiled, differing_words};

use crate::{db::Conn, tokens::Tokens};

/// Who did it. A person is an id: their name and address are `identity`'s to know, and to forget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// Somebody of the team, signed in.
    User(Uuid),
    /// Whoever may run commands on the server.
    Command,
    /// Parvis itself, when something had its time.
    House,
}

impl Actor {
    /// The word in the table, and in message keys.
    pub fn code(self) -> &'static str {
        match self {
            Actor::User(_) => "user",
            Actor::Command => "command",
            Actor::House => "house",
        }
    }

    /// Who, where it is somebody of the team.
    pub fn user(self) -> Option<Uuid> {
        match self {
            Actor::User(id) => Some(id),
            Actor::Command | Actor::House => None,
        }
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its identity; version 7, so that lines sort by time.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// In which programme.
    pub programme: Option<Uuid>,
    /// Who.
    pub actor: Actor,
    /// What was done, `area.verb`: `session.cancel`. Each has its words, `log-action-session-cancel`.
    pub action: &'static str,
    /// To what, `kind/slug` or `kind/id`; see [`subject`].
    pub subject: String,
    /// What it was.
    pub before: Option<Facts>,
    /// What it is.
    pub after: Option<Facts>,
}

impl Entry {
    /// A line that says only who did what to what; [`Entry::of`] and [`Entry::facts`] say more.
    pub fn new(
        tokens: &Tokens,
        now: DateTime<Utc>,
        actor: Actor,
        action: &'static str,
        subject: impl Into<String>,
    ) -> Entry {
        Entry {
            id: tokens.id(now),
            at: now,
            programme: None,
            actor,
            action,
            subject: subject.into(),
            before: None,
            after: None,
        }
    }

    /// In that programme.
    #[must_use]
    pub fn of(self, programme: Uuid) -> Entry {
        Entry { programme: Some(programme), ..self }
    }

    /// With what it was and is. Facts that say nothing are left out.
    #[must_use]
    pub fn facts(self, before: Facts, after: Facts) -> Entry {
        let said = |facts: Facts| Some(facts).filter(|facts| !facts.is_empty());
        Entry { before: said(before), after: said(after), ..self }
    }
}

/// `session/forum`: what a line speaks of. `name` is a slug or an id; whatever else it may be is veiled.
pub fn subject(kind: &'static str, name: impl std::fmt::Display) -> String {
    format!("{kind}/{}", facts::slug_or_veil(&name.to_string()))
}

/// Writes a line into the log, in the caller's transaction.
pub async fn record(db: &mut Conn, entry: &Entry) -> sqlx::Result<()> {
    record_all(db, std::slice::from_ref(entry)).await
}

/// Writes these lines, in the caller's transaction.
pub async fn record_all(db: &mut Conn, entries: &[Entry]) -> sqlx::Result<()> {
    store::insert(db, entries).await
}
