//! Who gets a message: who is reached, in which language, and who must be called instead. Pure.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{
    Content, PEOPLE_A_DAY_MAX,
    store::{
        Reader,
        outlook::{Group, Unreached},
    },
};
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
}

/// Whom a message would reach, in figures.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outlook {
    /// People who get a mail, by what they read.
    pub reached: BTreeMap<Lang, i64>,
    /// The first of those whom no mail reaches.
    pub to_call: Vec<ToCall>,
    /// How many of them there are beside those.
    pub to_call_more: i64,
}

/// How many read one language, and which text they get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// What they read.
    pub reads: Lang,
    /// What they get.
    pub gets: Lang,
    /// So many.
    pub people: i64,
}

impl Outlook {
    /// What the database has counted, and the first of those who are to be called.
    pub fn of(groups: &[Group], first: Vec<Unreached>) -> Outlook {
        let mut outlook = Outlook::default();
        for group in groups {
            let reads = Lang::parse(&group.language).unwrap_or_default();
            *outlook.reached.entry(reads).or_default() += group.people;
        }
        let call = |one: &Unreached| ToCall {
            participant: one.id,
            name: one.name.clone(),
            why: if one.no_address { Why::NoAddress } else { Why::ComesBack },
        };
        outlook.to_call = first.iter().map(call).collect();
        let named = i64::try_from(outlook.to_call.len()).unwrap_or(i64::MAX);
        outlook.to_call_more = first.first().map_or(0, |one| one.of_all - named);
        outlook
    }

    /// How many get a mail; where they are [`too_many`](Outlook::too_many), there are more.
    pub fn people(&self) -> i64 {
        self.reached.values().sum()
    }

    /// True where one user can write to them in no day: they are not counted any further.
    pub fn too_many(&self) -> bool {
        self.people() > PEOPLE_A_DAY_MAX
    }

    /// How many get which text.
    pub fn shares(&self, content: &Content, release: &Release) -> Vec<Share> {
        let share = |(reads, people): (&Lang, &i64)| {
            Some(Share { reads: *reads, gets: content.words_for(*reads, release)?.0, people: *people })
        };
        self.reached.iter().filter_map(share).collect()
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

    #[test]
    fn an_outlook_counts_whom_mails_reach_and_names_the_first_of_the_others() {
        let group = |language: &str, people| Group { language: language.to_owned(), people };
        let one = Unreached { id: Uuid::from_u128(1), name: "P1".to_owned(), no_address: true, of_all: 5 };
        let outlook = Outlook::of(&[group("fr", 3), group("en", 2)], vec![one]);

        assert_eq!(outlook.people(), 5);
        assert_eq!((outlook.to_call[0].why, outlook.to_call_more), (Why::NoAddress, 4));
        let words = super::super::Words::default();
        let content =
            Content { about: About::Programme, to: To::Both, texts: BTreeMap::from([(Lang::En, words)]) };
        let shares = outlook.shares(&content, &crate::exchange::sample::release());
        let told: Vec<_> = shares.iter().map(|share| (share.reads, share.gets, share.people)).collect();
        assert_eq!(told, [(Lang::Fr, Lang::En, 3), (Lang::En, Lang::En, 2)]);
    }

    #[test]
    fn whoever_is_more_than_one_user_can_write_to_in_a_day_is_too_many() {
        let of = |people| Outlook::of(&[Group { language: "fr".to_owned(), people }], Vec::new());

        assert!(!of(PEOPLE_A_DAY_MAX).too_many());
        assert!(of(PEOPLE_A_DAY_MAX + 1).too_many());
    }
}
