//! Where a proposal stands, and what may become of it. Pure.

/// Where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// Being written; the team does not see it.
    Draft,
    /// The team has it.
    Sent,
    /// The team has a question, or a wish.
    ToDiscuss,
    /// It is in the draft of the programme.
    Accepted,
    /// The team does not take it.
    Refused,
    /// Who proposed it took it back.
    Withdrawn,
}

impl State {
    /// Every one, as lists show them: what waits for the team first.
    pub const ALL: [State; 6] =
        [State::Sent, State::ToDiscuss, State::Draft, State::Accepted, State::Refused, State::Withdrawn];

    /// The word in the table, in addresses, and in message keys (`proposal-state-sent`).
    pub fn code(self) -> &'static str {
        match self {
            State::Draft => "draft",
            State::Sent => "sent",
            State::ToDiscuss => "discuss",
            State::Accepted => "accepted",
            State::Refused => "refused",
            State::Withdrawn => "withdrawn",
        }
    }

    /// The state of that code.
    pub fn parse(code: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.code() == code)
    }

    /// True while something can still become of it.
    pub fn is_open(self) -> bool {
        matches!(self, State::Draft | State::Sent | State::ToDiscuss)
    }

    /// True where this side sees it: what is being written is its writers' own.
    pub fn is_seen_by(self, side: Side) -> bool {
        side == Side::Partner || self != State::Draft
    }

    /// True where this side may change what it says, and its files.
    pub fn may_edit(self, side: Side) -> bool {
        self.is_open() && self.is_seen_by(side)
    }

    /// True where this side may say something about it.
    pub fn may_comment(self, side: Side) -> bool {
        // What is being written has nobody to talk to; what was refused may be asked about.
        self.is_seen_by(side) && !matches!(self, State::Draft | State::Withdrawn)
    }
}

/// Who does something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// Who decides.
    Team,
    /// Who proposes.
    Partner,
}

impl Side {
    /// The word in the table, and in message keys.
    pub fn code(self) -> &'static str {
        match self {
            Side::Team => "team",
            Side::Partner => "partner",
        }
    }

    /// The other one.
    pub fn other(self) -> Side {
        match self {
            Side::Team => Side::Partner,
            Side::Partner => Side::Team,
        }
    }
}

/// What can be done with a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// Give it to the team: for the first time, or corrected.
    Send,
    /// Take it back.
    Withdraw,
    /// Write on, what was taken back.
    Return,
    /// Ask for something.
    Discuss,
    /// Take it into the draft.
    Accept,
    /// Do not take it.
    Refuse,
}

impl Act {
    /// Every one.
    pub const ALL: [Act; 6] = [Act::Send, Act::Withdraw, Act::Return, Act::Discuss, Act::Accept, Act::Refuse];
    /// What the team decides, each with a mail.
    pub const DECISIONS: [Act; 3] = [Act::Accept, Act::Discuss, Act::Refuse];

    /// The word in addresses, and in message keys.
    pub fn code(self) -> &'static str {
        match self {
            Act::Send => "send",
            Act::Withdraw => "withdrawal",
            Act::Return => "return",
            Act::Discuss => "discuss",
            Act::Accept => "accept",
            Act::Refuse => "refuse",
        }
    }

    /// The decision of that code.
    pub fn decision(code: &str) -> Option<Act> {
        Act::DECISIONS.into_iter().find(|act| act.code() == code)
    }
}

/// What a proposal that stands there becomes when that side does this; `None` where it may not be done.
pub fn after(state: State, side: Side, act: Act) -> Option<State> {
    let is_with_team = matches!(state, State::Sent | State::ToDiscuss);
    match (side, act) {
        (Side::Partner, Act::Send) => state.is_open().then_some(State::Sent),
        (Side::Partner, Act::Withdraw) => state.is_open().then_some(State::Withdrawn),
        (Side::Partner, Act::Return) => (state == State::Withdrawn).then_some(State::Draft),
        // A refusal can be thought over; what is in the draft is changed there.
        (Side::Team, Act::Discuss) => (is_with_team || state == State::Refused).then_some(State::ToDiscuss),
        (Side::Team, Act::Accept) => is_with_team.then_some(State::Accepted),
        (Side::Team, Act::Refuse) => is_with_team.then_some(State::Refused),
        (Side::Partner, Act::Discuss | Act::Accept | Act::Refuse)
        | (Side::Team, Act::Send | Act::Withdraw | Act::Return) => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn side() -> impl Strategy<Value = Side> {
        prop_oneof![Just(Side::Team), Just(Side::Partner)]
    }

    fn act() -> impl Strategy<Value = Act> {
        prop::sample::select(Act::ALL.to_vec())
    }

    proptest! {
        #[test]
        fn whatever_is_done_in_whatever_order_each_side_keeps_to_its_own(
            acts in prop::collection::vec((side(), act()), 0..40),
        ) {
            let mut state = State::Draft;
            for (side, act) in acts {
                let Some(next) = after(state, side, act) else { continue };
                prop_assert!(state.is_seen_by(side), "nobody acts on what they do not see");
                match side {
                    Side::Partner => prop_assert!(matches!(next, State::Sent | State::Withdrawn | State::Draft)),
                    Side::Team => prop_assert!(Act::DECISIONS.contains(&act)),
                }
                prop_assert_ne!(state, State::Accepted, "what is in the programme stays accepted");
                prop_assert!(next != State::Accepted || matches!(state, State::Sent | State::ToDiscuss));
                state = next;
            }
        }

        #[test]
        fn what_is_open_can_be_taken_back_and_written_on(acts in prop::collection::vec((side(), act()), 0..40)) {
            let state = acts.into_iter().fold(State::Draft, |state, (side, act)| {
                after(state, side, act).unwrap_or(state)
            });
            if state.is_open() {
                let back = after(state, Side::Partner, Act::Withdraw).unwrap();
                let draft = after(back, Side::Partner, Act::Return).unwrap();
                prop_assert_eq!(after(draft, Side::Partner, Act::Send), Some(State::Sent));
            }
        }
    }

    #[test]
    fn each_state_is_found_by_its_code_and_a_draft_is_its_writers_own() {
        for state in State::ALL {
            assert_eq!(State::parse(state.code()), Some(state));
            assert!(state.is_seen_by(Side::Partner));
        }
        assert!(!State::Draft.is_seen_by(Side::Team) && !State::Draft.may_edit(Side::Team));
        assert!(!State::Accepted.may_edit(Side::Partner) && State::Accepted.may_comment(Side::Partner));
    }
}
