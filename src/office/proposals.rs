//! Partners' proposals: the partner's own view (what they propose, their sessions, who is registered for those), and the
//! team's (what waits, what is decided with which mail, who speaks for which organisation).
//!
//! A partner sees their own organisation's things; of everybody else's nobody learns that they are there.

mod decide;
mod facts;
mod files;
mod form;
mod kept;
mod list;
mod one;
mod partners;
mod sessions;

use rocket::{Route, routes};
use uuid::Uuid;

use super::{Right, Room, draft::Here, guard::Signed};
use crate::{
    db::Conn,
    error::{Error, Result},
    identity::{Role, Staff},
    locale::Lang,
    proposals::{By, Proposal, Side, routes::words, store},
};

/// The routes of this area.
pub fn routes() -> Vec<Route> {
    routes![
        list::show,
        form::show_new,
        form::send_new,
        form::show,
        form::send,
        form::show_change,
        form::send_change,
        one::show,
        one::comment,
        one::withdraw,
        one::take_up,
        files::take,
        files::serve,
        files::remove,
        decide::show,
        decide::send,
        partners::show,
        partners::renew,
        partners::revoke,
        partners::invite,
        sessions::show,
        sessions::needs,
    ]
}

/// On which side of a proposal somebody stands.
fn side(staff: &Staff) -> Side {
    match staff.role {
        Role::Partner => Side::Partner,
        Role::Owner | Role::Editor | Role::Press | Role::Desk | Role::Funder => Side::Team,
    }
}

/// The programme, for who has that right in it.
async fn open<'r>(
    room: &'r Room<'r>,
    signed: &'r Signed,
    right: Right,
    lang: Lang,
    slug: &str,
) -> Result<Here<'r>> {
    Here::open(room, signed, right, lang, slug, "proposals").await
}

/// The organisations of the programme for which this person speaks: slug and name.
fn own_organisations<'h>(here: &'h Here<'_>) -> Vec<(&'h str, &'h str)> {
    let all = here.draft.organisations.iter();
    let own = all.filter(|one| here.staff.speaks_for(here.known.id, &one.slug));
    own.map(|one| (one.slug.as_str(), one.name.as_str())).collect()
}

/// What an organisation is called; its slug, where it is not in the programme any more.
fn organisation_name(here: &Here<'_>, slug: &str) -> String {
    let found = here.draft.organisations.iter().find(|one| one.slug == slug);
    found.map_or_else(|| slug.to_owned(), |one| one.name.clone())
}

/// True where this person sees it.
fn is_seen(here: &Here<'_>, proposal: &Proposal) -> bool {
    let is_own = match &proposal.organisation {
        Some(organisation) => here.staff.speaks_for(here.known.id, organisation),
        None => side(here.staff) == Side::Team,
    };
    is_own && proposal.is_seen_by(side(here.staff))
}

/// The proposal of that id.
///
/// # Errors
/// [`Error::NotFound`] where there is none that this person sees: nobody learns which.
async fn find(db: &mut Conn, here: &Here<'_>, id: &str) -> Result<Proposal> {
    let id = Uuid::try_parse(id).map_err(|_| Error::NotFound)?;
    let found = store::find(db, here.known.id, id).await?;
    found.filter(|proposal| is_seen(here, proposal)).ok_or(Error::NotFound)
}

/// The session that it changes, or has become, as the draft has it; `None` where there is none, or none any more.
fn session_of<'h>(here: &'h Here<'_>, proposal: &Proposal) -> Option<&'h crate::programme::DraftSession> {
    let id = proposal.session?;
    here.draft.sessions.iter().find(|one| one.session.id == id)
}

/// The address of a proposal's page.
fn home(here: &Here<'_>, proposal: Uuid) -> String {
    here.href(&format!("/proposals/{proposal}"))
}

/// Who does something here.
fn by(here: &Here<'_>) -> By {
    By::Staff(side(here.staff), here.staff.id)
}
