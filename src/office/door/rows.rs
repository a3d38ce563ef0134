//! Whom somebody at the door sees: each with the letters by which the page itself finds them. Pure.

use serde::Serialize;
use uuid::Uuid;

use crate::{
    locale::{Lang, text},
    office::registrations::Said,
    registration::{
        State,
        contact::{Code, folded},
        store::lists::Listed,
    },
};

/// Whom a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Show {
    /// Everybody.
    All,
    /// Who has not been seen.
    Missing,
    /// Who is there.
    Present,
}

impl Show {
    /// Every list, in the order of its tabs.
    pub const ALL: [Show; 3] = [Show::All, Show::Missing, Show::Present];

    /// The word in addresses and message keys.
    pub fn code(self) -> &'static str {
        match self {
            Show::All => "all",
            Show::Missing => "missing",
            Show::Present => "present",
        }
    }

    /// The list of that word; every other word is all.
    pub fn parse(word: Option<&str>) -> Show {
        Show::ALL.into_iter().find(|show| Some(show.code()) == word).unwrap_or(Show::All)
    }

    fn takes(self, one: &Listed) -> bool {
        let is_there = one.attended.is_some_and(|came| came > 0);
        match self {
            Show::All => true,
            Show::Missing => !is_there && one.state == State::Confirmed,
            Show::Present => is_there,
        }
    }
}

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The registration.
    pub id: Uuid,
    /// As they call themselves; nothing once erased.
    pub name: String,
    /// For whom they work.
    pub organisation: String,
    /// What they need.
    pub needs: String,
    /// For how many they are registered.
    pub people: i64,
    /// How many are there; 0 where nobody was seen.
    pub came: i64,
    /// How many may be there, a button each.
    pub choices: Vec<i64>,
    /// Where it stands, unless they have a seat.
    pub state: Option<Said>,
    /// By which they are found, as it is stored.
    pub code: String,
    /// Small letters without accents, in which the page looks for what is typed.
    pub letters: String,
}

/// The people of a session as they are shown: those who are sought, of this list, by name. Who gave their seat back is
/// there where they came all the same, or somebody asks for them.
pub fn rows(lang: Lang, listed: &[Listed], sought: &[String], show: Show) -> Vec<Row> {
    let is_sought = |one: &&Listed| {
        let letters = folded(&one.name, one.email.as_deref(), one.code.as_deref(), &one.phone);
        let is_shown = one.state.is_live() || one.attended.is_some_and(|came| came > 0) || !sought.is_empty();
        is_shown && !is_erased(one) && sought.iter().all(|word| letters.contains(word.as_str()))
    };
    let again = |one: &&Listed| {
        let live = |other: &Listed| other.participant_id == one.participant_id && other.state.is_live();
        one.state.is_live() || one.attended.is_some() || !listed.iter().any(live)
    };
    let found = listed.iter().filter(is_sought).filter(again).filter(|one| show.takes(one));
    let mut rows: Vec<_> = found.map(|one| row(lang, one)).collect();
    rows.sort_by(|a, b| (&a.letters, a.id).cmp(&(&b.letters, b.id)));
    rows
}

/// Nobody knows any more who it was.
fn is_erased(one: &Listed) -> bool {
    one.email.is_none() && one.code.is_none()
}

fn row(lang: Lang, one: &Listed) -> Row {
    let code = one.code.as_deref().and_then(Code::parse);
    Row {
        id: one.id,
        name: one.name.clone(),
        organisation: one.organisation.clone(),
        needs: one.access_needs.clone(),
        people: one.people,
        came: one.attended.unwrap_or_default(),
        choices: (1..=one.people).collect(),
        state: state(lang, one.state),
        code: code.as_ref().map_or_else(String::new, |code| code.as_str().to_owned()),
        letters: folded(&one.name, None, one.code.as_deref(), ""),
    }
}

fn state(lang: Lang, state: State) -> Option<Said> {
    let (key, class) = match state {
        State::Confirmed => return None,
        State::Offered => ("office-state-offered-plain", "warn"),
        State::Waiting => ("office-state-waiting-plain", "live"),
        State::Cancelled => ("office-state-cancelled", "off"),
    };
    Some(Said { text: text(lang, key, &[]), class })
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::registration::contact::sought;

    fn listed(number: u128, name: &str, state: State, attended: Option<i64>) -> Listed {
        Listed {
            id: Uuid::from_u128(number),
            participant_id: Uuid::from_u128(number % 10),
            name: name.to_owned(),
            email: Some(format!("personne-{}@example.org", number % 10)),
            code: Some("CFGHKLMQ".to_owned()),
            phone: String::new(),
            undeliverable_at: None,
            organisation: String::new(),
            access_needs: String::new(),
            state,
            awaits: None,
            deadline: None,
            people: 2,
            arrival: 1,
            attended,
            created_at: DateTime::UNIX_EPOCH,
        }
    }

    fn names(listed: &[Listed], typed: &str, show: Show) -> Vec<String> {
        rows(Lang::Fr, listed, &sought(typed), show).into_iter().map(|row| row.name).collect()
    }

    #[test]
    fn people_are_listed_by_name_and_found_without_accents() {
        let all = [
            listed(1, "Zoé", State::Confirmed, None),
            listed(2, "Éloïse", State::Confirmed, Some(2)),
            listed(3, "Denis", State::Waiting, None),
            listed(4, "Farid", State::Cancelled, None),
        ];

        assert_eq!(names(&all, "", Show::All), ["Denis", "Éloïse", "Zoé"]);
        assert_eq!(names(&all, "ELOISE", Show::All), ["Éloïse"]);
        assert_eq!(names(&all, "", Show::Missing), ["Zoé"]);
        assert_eq!(names(&all, "", Show::Present), ["Éloïse"]);
        assert_eq!(names(&all, "farid", Show::All), ["Farid"], "who gave it back and comes all the same");
        assert_eq!(names(&all, "cfgh-klmq", Show::All).len(), 4);
    }

    #[test]
    fn somebody_who_came_back_is_there_once_and_nobody_who_was_erased() {
        let mut erased = listed(5, "", State::Confirmed, None);
        (erased.email, erased.code) = (None, None);
        let all =
            [listed(11, "Ana", State::Cancelled, None), listed(21, "Ana", State::Confirmed, None), erased];

        assert_eq!(names(&all, "ana", Show::All), ["Ana"]);
        assert_eq!(names(&all, "", Show::All), ["Ana"]);
    }
}
