//! Who works in the office: people, their roles, how they come in and stay signed in. What each role may do stands
//! in `office.rs`.

pub mod attempts;
pub mod device;
pub mod figures;
pub mod joining;
pub mod links;
pub mod password;
pub mod people;
pub mod routes;
pub mod session;
pub mod sign_in;
pub mod store;
pub mod totp;

use serde::Serialize;
use uuid::Uuid;

use crate::locale::Lang;

/// What somebody is in the office.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Everything, the other people among it.
    Owner,
    /// The programme, its registrations and its mails.
    Editor,
    /// The press room, and reading the draft.
    Press,
    /// Registrations, and who is there.
    Desk,
    /// Their own organisation's sessions, and nothing else.
    Partner,
    /// No person: who opens a read-only link to the figures.
    Funder,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 6] =
        [Role::Owner, Role::Editor, Role::Press, Role::Desk, Role::Partner, Role::Funder];
    /// The roles that people have.
    pub const OF_PEOPLE: [Role; 5] = [Role::Owner, Role::Editor, Role::Press, Role::Desk, Role::Partner];

    /// The word in the database, on the command line, and in the messages `role-…`.
    pub fn code(self) -> &'static str {
        match self {
            Role::Owner => "owner",
            Role::Editor => "editor",
            Role::Press => "press",
            Role::Desk => "desk",
            Role::Partner => "partner",
            Role::Funder => "funder",
        }
    }

    /// A person's role of that code.
    pub fn parse(code: &str) -> Option<Role> {
        Role::OF_PEOPLE.into_iter().find(|role| role.code() == code)
    }
}

/// Somebody who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    /// Their identity: audit lines name it.
    pub id: Uuid,
    /// Lower case, domain in ASCII.
    pub email: String,
    /// May be empty until the invitation is taken up.
    pub name: String,
    /// The language of the mails that they get.
    pub lang: Lang,
    /// What they are here.
    pub role: Role,
    /// A partner's; empty for everybody else.
    pub organisations: Vec<Membership>,
}

/// A partner's organisation in one programme.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Membership {
    /// The programme.
    pub programme: Uuid,
    /// The organisation's slug in it.
    pub organisation: String,
}

impl Staff {
    /// True where the person speaks for this organisation: a partner for their own, everybody else for all.
    pub fn speaks_for(&self, programme: Uuid, organisation: &str) -> bool {
        self.role != Role::Partner
            || self
                .organisations
                .iter()
                .any(|own| own.programme == programme && own.organisation == organisation)
    }

    /// True where the programme is any of this person's business: for a partner, one with an organisation of theirs.
    pub fn belongs_to(&self, programme: Uuid) -> bool {
        self.role != Role::Partner || self.organisations.iter().any(|own| own.programme == programme)
    }

    /// What to call the person: the name, or the address while there is none.
    pub fn called(&self) -> &str {
        if self.name.is_empty() { &self.email } else { &self.name }
    }
}
