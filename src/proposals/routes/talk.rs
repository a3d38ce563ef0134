//! What was said about a proposal, and what has just been done with it, as its pages show it: in the office, and behind
//! the link of the public call.

use serde::Serialize;

use super::words;
use crate::{
    db::Conn,
    error::Result,
    locale::{Lang, text},
    office::draft::view::Pill,
    programme::Draft,
    proposals::{
        COMMENT_CHARS_MAX, LINES_MAX, Proposal, Side,
        store::{self, lines::Line},
    },
};

/// A line of what was said.
#[derive(Debug, Serialize)]
pub struct Said {
    who: String,
    team: bool,
    when: String,
    state: Option<Pill>,
    said: String,
}

impl Said {
    /// The line, said by whom this calls so.
    pub fn of(lang: Lang, draft: &Draft, line: &Line, who: String) -> Said {
        Said {
            who,
            team: line.side() == Side::Team,
            when: words::moment(lang, draft, line.at),
            state: line.state().map(|state| words::pill(lang, state)),
            said: line.said.clone(),
        }
    }
}

/// What a side is called whose people are not named.
pub fn side(lang: Lang, proposal: &Proposal, side: Side) -> String {
    match (side, &proposal.proposer) {
        (Side::Team, _) => text(lang, "proposal-who-team", &[]),
        (Side::Partner, Some(proposer)) => proposer.name.clone(),
        (Side::Partner, None) => text(lang, "proposal-who-partner", &[]),
    }
}

/// Why something cannot be said.
pub async fn wrong(db: &mut Conn, lang: Lang, proposal: &Proposal, words: &str) -> Result<Option<String>> {
    if words.is_empty() {
        return Ok(Some(text(lang, "proposal-comment-empty", &[])));
    }
    if words.chars().count() > COMMENT_CHARS_MAX {
        return Ok(Some(text(lang, "register-long", &[("most", COMMENT_CHARS_MAX.into())])));
    }
    let is_full = store::lines::count(db, proposal.id).await? >= LINES_MAX;
    Ok(is_full.then(|| text(lang, "proposal-comment-many", &[])))
}

/// What has just been done.
#[derive(Debug, Serialize)]
pub struct Notice {
    text: String,
    /// `good`, or `warn` where nothing was done.
    class: &'static str,
}

impl Notice {
    /// Of the word in an address, where it is one of these.
    pub fn of(lang: Lang, known: &[&str], word: &str) -> Option<Notice> {
        let word = known.iter().find(|known| **known == word)?;
        Some(Notice {
            text: text(lang, &format!("proposal-done-{word}"), &[]),
            class: if *word == "late" { "warn" } else { "good" },
        })
    }
}
