//! What partners propose: sessions that the programme does not have yet, and changes to those that it has. Both wait for
//! the team's word; what is accepted goes into the draft by the rules of its forms, and by no others.

pub mod call;
pub mod change;
pub mod data;
pub mod difference;
pub mod domains;
pub mod files;
pub mod forget;
pub mod letters;
pub mod logged;
pub mod notices;
pub mod routes;
pub mod said;
pub mod state;
pub mod store;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

pub use change::{By, Changed, Step, change, comment, log};
pub use state::{Act, Side, State};

use crate::{locale::Lang, programme::cells::Cells, tokens::Tokens};

/// The most proposals that one organisation may have in a programme.
pub const PROPOSALS_MAX: i64 = 200;
/// The most lines of what is said about one proposal.
pub const LINES_MAX: i64 = 300;
/// The longest comment, in characters.
pub const COMMENT_CHARS_MAX: usize = 5_000;
/// How long news of a proposal is gathered before the other side is told.
pub const GATHER: TimeDelta = TimeDelta::minutes(10);

/// What a proposal asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A session that is not there yet.
    New,
    /// Another edition of one that is.
    Change,
}

impl What {
    /// The word in the table, and in message keys.
    pub fn code(self) -> &'static str {
        match self {
            What::New => "new",
            What::Change => "change",
        }
    }
}

/// Who proposed through the public call: no user of the office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposer {
    /// As they call themselves.
    pub name: String,
    /// In its one spelling.
    pub email: String,
    /// For whom they speak, as typed; may be empty.
    pub organisation: String,
    /// The language of their mails.
    pub lang: Lang,
}

/// One proposal.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// Its identity, and its address.
    pub id: Uuid,
    /// In which programme.
    pub programme: Uuid,
    /// Whose it is; `None` for one of the public call.
    pub organisation: Option<String>,
    /// Who wrote it, in the office.
    pub author: Option<Uuid>,
    /// Who wrote it, through the public call; `None` once erased.
    pub proposer: Option<Proposer>,
    /// Part of what the proposer's link is sealed with.
    pub link_version: i64,
    /// What it asks for.
    pub what: What,
    /// The session that it changes, or has become.
    pub session: Option<Uuid>,
    /// Where it stands.
    pub state: State,
    /// The fields of the form.
    pub content: Cells,
    /// Of a change: as they were when it was begun.
    pub base: Option<Cells>,
    /// Raised by each change.
    pub revision: i64,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// When it was changed last.
    pub changed_at: DateTime<Utc>,
    /// When the team got it last.
    pub sent_at: Option<DateTime<Utc>>,
}

impl Proposal {
    /// True where this side sees it: the team, what it was sent.
    pub fn is_seen_by(&self, side: Side) -> bool {
        self.state.is_seen_by(side) && (side == Side::Partner || self.sent_at.is_some())
    }

    /// True while nobody has confirmed, from the mailbox that was typed, that it is theirs. It is a draft to everybody:
    /// the team neither sees it nor hears of it.
    pub fn is_unconfirmed(&self) -> bool {
        self.organisation.is_none() && self.state == State::Draft
    }

    /// Its title as it stands; empty where none was typed yet.
    pub fn title(&self) -> &str {
        self.said("title")
    }

    /// What it says in that field; may be empty.
    pub fn said(&self, field: &str) -> &str {
        self.content.get(field).map_or("", |said| said.trim())
    }
}

/// The same form of the same people is the same proposal: what stands for it, of whose it is (`of`) and of the `key` that the
/// form bears; a form without one is one of its own.
pub fn form_key(tokens: &Tokens, of: &[&[u8]], key: &str) -> String {
    let key = if key.is_empty() { tokens.fresh() } else { key.to_owned() };
    let mut digest = Sha256::new();
    for part in of.iter().copied().chain([key.as_bytes()]) {
        digest.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        digest.update(part);
    }
    data_encoding::HEXLOWER.encode(&digest.finalize())
}
