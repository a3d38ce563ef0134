//! The organisers' back office: what each role may do, and a file an area beneath. The office owns no tables: it calls
//! the functions that everybody calls.
//!
//! **To add an area**: `office/<area>.rs` with `routes()`, a line in [`routes`], a line in [`frame::PROGRAMME`], its
//! pages in `every_page.rs` and each of its routes in the table of `tests/it/office.rs`. Ranks: 5 where the address
//! holds no programme, 6 where it does, 7 and more where a word and a slug could stand at the same place.

mod crossed;
pub mod data;
mod door;
pub(crate) mod draft;
mod export;
mod figures;
pub mod frame;
pub mod guard;
mod import;
mod log;
pub mod mails;
mod pages;
mod people;
pub(crate) mod proposals;
mod publish;
pub mod registrations;
mod start;
mod users;

use chrono::{DateTime, Utc};
use rocket::{
    Request, Route,
    http::{Method, Status},
    outcome::Outcome,
    request::{self, FromRequest},
    response::content::RawHtml,
};
use serde::Serialize;

use crate::{
    config::Settings,
    db::Conn,
    error::Result,
    identity::Role,
    registration::{
        attendance::live::Doors,
        desk::{Desk, House},
    },
    view::View,
    web::{
        page::{Layout, Page},
        rate_limit::Limits,
    },
};

/// Something that can be done in the office.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Right {
    /// Read the draft.
    SeeDraft,
    /// Change it, and what is live beside it.
    EditDraft,
    /// Make a release of it.
    Publish,
    /// Read a file into it.
    Import,
    /// Read who is registered for what.
    SeeRegistrations,
    /// Register, move, cancel.
    ChangeRegistrations,
    /// Say who has come.
    MarkAttendance,
    /// Read the figures.
    SeeFigures,
    /// Read the outbox.
    SeeMails,
    /// Change the texts of mails, write to people, try again, give up.
    ChangeMails,
    /// Write for the press.
    WritePress,
    /// Decide on what partners propose.
    Review,
    /// Propose, for one's own organisation.
    Propose,
    /// Say who works here, and as what.
    ManageUsers,
    /// Read who changed what.
    SeeLog,
    /// Erase personal data before its time.
    EraseData,
}

impl Right {
    /// Every right.
    pub const ALL: [Right; 16] = [
        Right::SeeDraft,
        Right::EditDraft,
        Right::Publish,
        Right::Import,
        Right::SeeRegistrations,
        Right::ChangeRegistrations,
        Right::MarkAttendance,
        Right::SeeFigures,
        Right::SeeMails,
        Right::ChangeMails,
        Right::WritePress,
        Right::Review,
        Right::Propose,
        Right::ManageUsers,
        Right::SeeLog,
        Right::EraseData,
    ];
}

/// What each role may do. A partner's right reaches their own organisation's things only:
/// [`Staff::speaks_for`](crate::identity::Staff::speaks_for).
pub fn may(role: Role, right: Right) -> bool {
    match role {
        Role::Owner => true,
        Role::Editor => !matches!(right, Right::ManageUsers | Right::EraseData),
        Role::Press => matches!(right, Right::SeeDraft | Right::WritePress | Right::SeeFigures),
        Role::Desk => matches!(
            right,
            Right::SeeRegistrations | Right::ChangeRegistrations | Right::MarkAttendance | Right::SeeMails
        ),
        Role::Partner => matches!(right, Right::Propose),
        Role::Funder => matches!(right, Right::SeeFigures),
    }
}

/// The routes of every area.
pub fn routes() -> Vec<Route> {
    [
        start::routes(),
        publish::routes(),
        log::routes(),
        registrations::routes(),
        door::routes(),
        proposals::routes(),
        draft::routes(),
        mails::routes(),
        data::routes(),
        import::routes(),
        export::routes(),
        figures::routes(),
        users::routes(),
    ]
    .concat()
}

/// A page, drawn.
pub type Html = RawHtml<String>;

/// What the office's pages are made from, read off the request once.
pub struct Room<'r> {
    /// Our settings.
    pub settings: &'r Settings,
    /// The templates.
    pub view: &'r View,
    /// What domain functions work with.
    pub house: &'r House,
    /// Gives out seats.
    pub desk: &'r Desk,
    /// How often forms may be sent.
    pub limits: &'r Limits,
    /// The doors that are watched.
    pub doors: &'r Doors,
    /// The moment of the request.
    pub now: DateTime<Utc>,
    /// What a page was asked for, as it stood in the address: the language switch keeps it
    /// ([`Layout::query`]). Empty where a form was sent.
    pub query: String,
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Room<'r> {
    type Error = &'static str;

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, Self::Error> {
        match room(request) {
            Some(room) => Outcome::Success(room),
            None => Outcome::Error((Status::InternalServerError, "something is not managed: see `Room`")),
        }
    }
}

fn room<'r>(request: &'r Request<'_>) -> Option<Room<'r>> {
    let rocket = request.rocket();
    let house = rocket.state::<House>()?;
    let query = request.uri().query().filter(|_| request.method() != Method::Post);
    // What was just done is not done again in the other language.
    let stays = |part: &&str| !["done=", "said="].iter().any(|name| part.starts_with(name));
    let query = query.map(|query| query.as_str().split('&').filter(stays).collect::<Vec<_>>().join("&"));
    Some(Room {
        settings: rocket.state::<Settings>()?,
        view: rocket.state::<View>()?,
        house,
        desk: rocket.state::<Desk>()?,
        limits: rocket.state::<Limits>()?,
        doors: rocket.state::<Doors>()?,
        now: house.clock.now(),
        query: query.unwrap_or_default(),
    })
}

impl Room<'_> {
    /// A connection, for reading. What writes begins a transaction: `room.house.pool.begin()`.
    pub async fn db(&self) -> Result<Conn> {
        Ok(self.house.pool.acquire().await?)
    }

    /// The page as HTML.
    pub fn draw<T: Serialize>(&self, layout: Layout, body: T, template: &str) -> Result<Html> {
        Page { layout, body }.draw(self.view, template)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_do_what_its_work_is_and_nothing_else() {
        let rights =
            |role| -> Vec<Right> { Right::ALL.into_iter().filter(|right| may(role, *right)).collect() };

        assert_eq!(rights(Role::Owner), Right::ALL);
        assert_eq!(rights(Role::Editor).len(), Right::ALL.len() - 2);
        assert!(!may(Role::Editor, Right::ManageUsers) && !may(Role::Editor, Right::EraseData));
        assert_eq!(rights(Role::Press), [Right::SeeDraft, Right::SeeFigures, Right::WritePress]);
        assert_eq!(
            rights(Role::Desk),
            [Right::SeeRegistrations, Right::ChangeRegistrations, Right::MarkAttendance, Right::SeeMails]
        );
        assert_eq!(rights(Role::Partner), [Right::Propose]);
        assert_eq!(rights(Role::Funder), [Right::SeeFigures]);
    }
}
