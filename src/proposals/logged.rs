//! What the log says of a proposal: where it stood and stands, and what it says otherwise. Pure.

use uuid::Uuid;

use super::{Proposal, Side, files::Media, said::FIELDS};
use crate::{
    audit::{self, Facts},
    programme::cells::Cells,
};

/// What the log keeps as it was said: what a programme is made of. Of the rest, which may speak of people, it says only
/// that it changed.
const KEPT: [&str; 12] = [
    "title",
    "theme",
    "format",
    "date",
    "start",
    "end",
    "place",
    "online",
    "capacity",
    "language",
    "tags",
    "text_language",
];

/// Where two editions of a proposal differ; without the first it is new. What the team was not sent is its writers' own:
/// of that, the log names the fields and nothing else; what is sent the first time is compared with where it began.
pub fn differing(before: Option<&Proposal>, after: &Proposal) -> (Facts, Facts) {
    let is_seen = after.is_seen_by(Side::Team);
    let nothing = Cells::new();
    let was = match before {
        Some(before) if before.is_seen_by(Side::Team) || !is_seen => &before.content,
        Some(_) | None => after.base.as_ref().unwrap_or(&nothing),
    };
    let fields = FIELDS.map(|field| {
        let [was, is] = [was, &after.content].map(|cells| cells.get(field).map_or("", String::as_str));
        (field, was, is)
    });
    let (kept, veiled): (Vec<_>, Vec<_>) =
        fields.into_iter().partition(|(field, ..)| is_seen && KEPT.contains(field));
    let ((kept_was, kept_is), (veiled_was, veiled_is)) =
        (audit::differing_words(kept), audit::differing_veiled(veiled));
    let state = |proposal: &Proposal| Facts::default().with("state", proposal.state.code());
    let (stood, stands) = match before {
        Some(before) if before.state == after.state => Default::default(),
        before => (before.map(state).unwrap_or_default(), state(after)),
    };
    (stood.and(kept_was).and(veiled_was), stands.and(kept_is).and(veiled_is))
}

/// Which file: by the name that the house gave it. What its sender called it may name somebody.
pub fn file(id: Uuid, media: Media, bytes: i64) -> Facts {
    Facts::default().with("file", id).with("media", media.code()).with("bytes", bytes)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::proposals::{State, What};

    fn proposal(state: State, content: &[(&'static str, &str)]) -> Proposal {
        let now = DateTime::UNIX_EPOCH;
        Proposal {
            id: Uuid::nil(),
            programme: Uuid::nil(),
            organisation: Some("collectif".to_owned()),
            author: None,
            proposer: None,
            link_version: 1,
            what: What::New,
            session: None,
            state,
            content: content.iter().map(|(field, cell)| (*field, (*cell).to_owned())).collect(),
            base: None,
            revision: 1,
            created_at: now,
            changed_at: now,
            sent_at: (state == State::Sent).then_some(now),
        }
    }

    fn facts(said: &[(&'static str, &'static str)]) -> Facts {
        said.iter().fold(Facts::default(), |facts, &(field, word)| facts.with(field, word))
    }

    #[test]
    fn words_that_are_corrected_are_kept_and_what_may_speak_of_people_is_named() {
        let before =
            proposal(State::Sent, &[("title", "Forum"), ("place", "aula"), ("description", "Ana lit")]);
        let after = proposal(
            State::Sent,
            &[("title", "Le forum"), ("place", "aula"), ("description", "Ana joue"), ("speakers", "Ana")],
        );

        let said = differing(Some(&before), &after);

        let was = facts(&[("title", "Forum"), ("description", audit::VEIL), ("speakers", "")]);
        let is = facts(&[("title", "Le forum"), ("description", audit::VEIL), ("speakers", audit::VEIL)]);
        assert_eq!(said, (was, is));
    }

    #[test]
    fn a_draft_is_its_writers_own_until_it_is_sent() {
        let first = proposal(State::Draft, &[("title", "Forum")]);
        let second = proposal(State::Draft, &[("title", "Un forum")]);
        let sent = proposal(State::Sent, &[("title", "Un forum")]);

        assert_eq!(
            differing(Some(&first), &second),
            (facts(&[("title", audit::VEIL)]), facts(&[("title", audit::VEIL)]))
        );
        assert_eq!(
            differing(Some(&second), &sent),
            (facts(&[("state", "draft"), ("title", "")]), facts(&[("state", "sent"), ("title", "Un forum")]))
        );
        assert_eq!(
            differing(None, &sent),
            (facts(&[("title", "")]), facts(&[("state", "sent"), ("title", "Un forum")]))
        );
    }

    #[test]
    fn what_is_kept_is_a_field() {
        assert!(KEPT.iter().all(|field| FIELDS.contains(field)));
    }
}
