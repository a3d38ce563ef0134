//! Changing a proposal, whoever does it: what it says and where it stands, the line on its page, who is told of it, and
//! the line in the log. One way for everybody, so that none of them forgets a part.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Act, Proposal, Side, State, logged, notices, state,
    store::{self, lines::Line},
};
use crate::{
    audit::{self, Actor, Entry, Facts},
    db::Conn,
    programme::cells::Cells,
    registration::desk::House,
};

/// Who does something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Somebody who is signed in to the office, on that side.
    Staff(Side, Uuid),
    /// Who proposed through the public call: no user, and so without a line in the log.
    Proposer,
}

impl By {
    /// On which side they stand.
    pub fn side(self) -> Side {
        match self {
            By::Staff(side, _) => side,
            By::Proposer => Side::Partner,
        }
    }

    /// Who, in the office.
    pub fn author(self) -> Option<Uuid> {
        match self {
            By::Staff(_, id) => Some(id),
            By::Proposer => None,
        }
    }
}

/// What somebody does with a proposal that they have seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Who.
    pub by: By,
    /// What; `None`: what it says is corrected, and it stays where it stands.
    pub act: Option<Act>,
    /// What it says from now on.
    pub content: Cells,
    /// The session that it changes, or becomes.
    pub session: Option<Uuid>,
    /// The words that go with it, on its page.
    pub said: String,
}

impl Step {
    /// That, and everything else as it is.
    pub fn of(seen: &Proposal, by: By, act: Option<Act>) -> Step {
        Step { by, act, content: seen.content.clone(), session: seen.session, said: String::new() }
    }
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// It is done, and stands there now.
    Done(State),
    /// It stands where this cannot be done.
    Late,
    /// It is not any more what was seen: somebody else has changed it since.
    Crossed,
}

/// Changes a proposal as somebody has seen it. The caller commits where it is done, and only there.
pub async fn change(
    db: &mut Conn,
    house: &House,
    seen: &Proposal,
    step: Step,
    now: DateTime<Utc>,
) -> sqlx::Result<Changed> {
    let side = step.by.side();
    let next = match step.act {
        Some(act) => state::after(seen.state, side, act),
        None => seen.state.may_edit(side).then_some(seen.state),
    };
    let Some(next) = next else { return Ok(Changed::Late) };
    let after = Proposal {
        state: next,
        content: step.content,
        session: step.session,
        changed_at: now,
        sent_at: if step.act == Some(Act::Send) { Some(now) } else { seen.sent_at },
        ..seen.clone()
    };
    if !store::change(db, &after, seen.revision).await? {
        return Ok(Changed::Crossed);
    }
    let is_decision = step.act.is_some_and(|act| Act::DECISIONS.contains(&act));
    if is_decision || next != seen.state {
        let by = (side, step.by.author());
        let line = Line::became(house.tokens.id(now), by, next, step.said, now);
        store::lines::add(db, after.id, &line).await?;
    }
    if is_decision {
        // They are written to in the same transaction.
        store::news::settle(db, after.id, Side::Partner).await?;
    } else if after.is_seen_by(side.other()) {
        notices::note(db, after.id, side.other(), now).await?;
    }
    let action = if is_decision { "proposal.decide" } else { "proposal.change" };
    log(db, house, step.by, action, (&after, logged::differing(Some(seen), &after)), now).await?;
    Ok(Changed::Done(next))
}

/// Says something about a proposal; the other side is told. The caller has looked at the words, holds the proposal, and
/// commits.
pub async fn comment(
    db: &mut Conn,
    house: &House,
    proposal: &Proposal,
    by: By,
    said: String,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let line = Line::comment(house.tokens.id(now), by.side(), by.author(), said, now);
    store::lines::add(db, proposal.id, &line).await?;
    notices::note(db, proposal.id, by.side().other(), now).await?;
    log(db, house, by, "proposal.comment", (proposal, Default::default()), now).await
}

/// The line in the log, with what the proposal was and is; none for who is no user.
pub async fn log(
    db: &mut Conn,
    house: &House,
    by: By,
    action: &'static str,
    (proposal, (was, is)): (&Proposal, (Facts, Facts)),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let Some(user) = by.author() else { return Ok(()) };
    let subject = audit::subject("proposal", proposal.id);
    let entry = Entry::new(&house.tokens, now, Actor::User(user), action, subject).of(proposal.programme);
    audit::record(db, &entry.facts(was, is)).await
}
