//! Registrations, session by session: who comes, who waits, how many seats there are. Everything that changes one goes
//! through the desk.

mod list;
mod live;
pub mod session;
mod words;

use std::sync::Arc;

use rocket::{Route, routes};

pub use words::{Said, call_reason, contact, moment, refused, seat, state};

use super::{
    Right, Room,
    frame::{At, Known},
    may,
};
use crate::{
    db::Conn,
    error::{Error, Result},
    identity::{Role, Staff},
    locale::Lang,
    programme::Session,
    registration::desk::House,
    release::{ReleasedSession, published::Published},
};

/// The routes of this area.
pub fn routes() -> Vec<Route> {
    [
        routes![list::show, session::show, session::download, session::needs, live::set,],
        super::people::routes(),
    ]
    .concat()
}

/// What somebody of the team sees of the registrations for a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visible {
    /// Who it is, and what they typed.
    Names,
    /// How many.
    Figures,
    /// Nothing: it is not their business.
    Nothing,
}

/// What this person sees of the registrations for this session: who works at the desk, all; a partner, those of their
/// own organisation's sessions, and names only where the programme's rules say so.
pub fn registrations_visible_to(staff: &Staff, published: &Published, session: &Session) -> Visible {
    if may(staff.role, Right::SeeRegistrations) {
        return Visible::Names;
    }
    let own = |organisation: &String| staff.speaks_for(published.id, organisation);
    match staff.role {
        Role::Partner if session.hosts.iter().any(own) => {
            if published.release.programme.rules.partners_see_names {
                Visible::Names
            } else {
                Visible::Figures
            }
        }
        Role::Partner | Role::Owner | Role::Editor | Role::Press | Role::Desk | Role::Funder => {
            Visible::Nothing
        }
    }
}

/// The release of a programme: registrations are for what is published.
///
/// # Errors
/// [`Error::NotFound`] where nothing is published yet.
pub fn published(house: &House, programme: uuid::Uuid) -> Result<Arc<Published>> {
    house.publications.by_id(programme).ok_or(Error::NotFound)
}

/// A session of the release; withdrawn ones too, for they keep their registrations.
///
/// # Errors
/// [`Error::NotFound`].
pub fn session_of<'p>(published: &'p Published, slug: &str) -> Result<&'p ReleasedSession> {
    published.session(slug).ok_or(Error::NotFound)
}

/// A session of a release, as an address names it.
pub struct Opened {
    /// The programme that it is of.
    pub known: Known,
    /// Where a page about it stands.
    pub at: At,
    /// The release.
    pub published: Arc<Published>,
    /// The session.
    pub session: ReleasedSession,
}

impl Opened {
    /// The session of those slugs, for a page in this area.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is none, none is published, or it is not this person's business.
    pub async fn of(
        room: &Room<'_>,
        db: &mut Conn,
        (staff, lang): (&Staff, Lang),
        (slug, session): (&str, &str),
        area: &'static str,
    ) -> Result<Opened> {
        let (known, at) = At::programme(db, staff, lang, slug, area).await?;
        let published = published(room.house, known.id)?;
        let session = session_of(&published, session)?.clone();
        Ok(Opened { known, at, published, session })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{exchange::sample, identity::Membership, locale::Lang};

    fn staff(role: Role, programme: Uuid, organisation: &str) -> Staff {
        Staff {
            id: Uuid::from_u128(1),
            email: "a@example.org".to_owned(),
            name: String::new(),
            lang: Lang::Fr,
            role,
            organisations: vec![Membership { programme, organisation: organisation.to_owned() }],
        }
    }

    #[test]
    fn a_partner_sees_figures_of_their_own_sessions_and_names_where_the_programme_says_so() {
        let (id, other) = (Uuid::from_u128(7), Uuid::from_u128(8));
        let mut release = sample::release();
        let session = release.sessions[0].session.clone();
        let host = session.hosts[0].clone();
        let published = Published::new(id, release.clone());
        release.programme.rules.partners_see_names = true;
        let open = Published::new(id, release);
        let sees =
            |staff: &Staff, published: &Published| registrations_visible_to(staff, published, &session);

        assert_eq!(sees(&staff(Role::Partner, id, &host), &published), Visible::Figures);
        assert_eq!(sees(&staff(Role::Partner, id, &host), &open), Visible::Names);
        assert_eq!(sees(&staff(Role::Partner, id, "other"), &open), Visible::Nothing);
        assert_eq!(
            sees(&staff(Role::Partner, other, &host), &open),
            Visible::Nothing,
            "of another programme"
        );
        assert_eq!(sees(&staff(Role::Desk, id, ""), &published), Visible::Names);
        assert_eq!(sees(&staff(Role::Press, id, &host), &open), Visible::Nothing);
        assert_eq!(sees(&staff(Role::Funder, id, &host), &open), Visible::Nothing);
    }
}
