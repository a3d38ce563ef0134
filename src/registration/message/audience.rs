//! Who gets a message: who is reached, in which language, and who must be called instead. Pure.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{Content, store::Reader};
use crate::{locale::Lang, release::Release};

/// Who gets a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Audience {
    /// Those who get a mail, each once, with their registrations that it is about.
    pub reached: Vec<Person>,
    /// Those whom no mail reaches.
    pub to_call: Vec<ToCall>,
}

/// Somebody who gets a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub participant: Uuid,
    /// Which language they read.
    pub reads: Lang,
    /// What of theirs the message is about.
    pub registrations: Vec<Uuid>,
}

/// Somebody whom no mail reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToCall {
    /// Who.
    pub participant: Uuid,
    /// What they are called.
    pub name: String,
    /// Why.
    pub why: Why,
}

/// Why no mail reaches somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// They were registered without an address.
    NoAddress,
    /// Mails to their address come back.
    ComesBack,
}

impl Why {
    /// The word in message keys.
    pub fn code(self) -> &'static str {
        match self {
            Why::NoAddress => "no-address",
            Why::ComesBack => "comes-back",
        }
    }
}

/// How many read one language, and which text they get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// What they read.
    pub reads: Lang,
    /// What they get.
    pub gets: Lang,
    /// So many.
    pub people: usize,
}

impl Audience {
    /// Of these registrations, those that the message is for. `readers` stand person by person.
    pub fn of(content: &Content, readers: &[Reader]) -> Audience {
        let mut audience = Audience::default();
        for theirs in readers.chunk_by(|a, b| a.participant_id == b.participant_id) {
            let about = theirs.iter().filter(|reader| content.to.reaches(reader.state));
            let registrations: Vec<_> = about.map(|reader| reader.id).collect();
            let (false, reader) = (registrations.is_empty(), &theirs[0]) else { continue };
            let participant = reader.participant_id;
            let why = match &reader.email {
                None => Some(Why::NoAddress),
                Some(_) if !reader.reachable => Some(Why::ComesBack),
                Some(_) => None,
            };
            match why {
                Some(why) => {
                    audience.to_call.push(ToCall { participant, name: reader.name.clone(), why });
                }
                None => {
                    let reads = Lang::parse(&reader.language).unwrap_or_default();
                    audience.reached.push(Person { participant, reads, registrations });
                }
            }
        }
        audience
    }

    /// How many get which text.
    pub fn shares(&self, content: &Content, release: &Release) -> Vec<Share> {
        let mut counted: BTreeMap<Lang, usize> = BTreeMap::new();
        for person in &self.reached {
            *counted.entry(person.reads).or_default() += 1;
        }
        let share = |(reads, people): (Lang, usize)| {
            Some(Share { reads, gets: content.words_for(reads, release)?.0, people })
        };
        counted.into_iter().filter_map(share).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registration::{
        State,
        message::{About, To},
    };

    fn reader(person: u128, state: State, email: Option<&str>) -> Reader {
        Reader {
            id: Uuid::from_u128(person * 100),
            state,
            participant_id: Uuid::from_u128(person),
            email: email.map(str::to_owned),
            name: format!("P{person}"),
            language: "en".to_owned(),
            reachable: person != 3,
        }
    }

    #[test]
    fn each_person_gets_one_mail_and_who_has_no_address_is_called() {
        let content = |to| Content { about: About::Programme, to, texts: BTreeMap::new() };
        let mut second = reader(1, State::Waiting, Some("a@example.org"));
        second.id = Uuid::from_u128(101);
        let readers = [
            reader(1, State::Confirmed, Some("a@example.org")),
            second,
            reader(2, State::Confirmed, None),
            reader(3, State::Confirmed, Some("c@example.org")),
            reader(4, State::Offered, Some("d@example.org")),
        ];

        let both = Audience::of(&content(To::Both), &readers);
        let ids = |audience: &Audience| -> Vec<_> {
            audience
                .reached
                .iter()
                .map(|person| (person.participant.as_u128(), person.registrations.len()))
                .collect()
        };
        assert_eq!(ids(&both), [(1, 2), (4, 1)]);
        assert_eq!(
            both.to_call.iter().map(|one| one.why).collect::<Vec<_>>(),
            [Why::NoAddress, Why::ComesBack]
        );
        assert_eq!(ids(&Audience::of(&content(To::Confirmed), &readers)), [(1, 1)]);
        assert_eq!(ids(&Audience::of(&content(To::Waiting), &readers)), [(1, 1), (4, 1)]);
    }
}
