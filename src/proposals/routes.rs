//! The public call: anybody proposes a session, without an account, while the programme says so; and follows it behind a
//! secret link that only their mailbox has.

mod call;
pub mod form;
mod mine;
pub mod talk;
pub mod words;

use rocket::{Route, routes};
use uuid::Uuid;

use crate::{
    db::Conn,
    error::{Error, Result},
    locale::Lang,
    office::Room,
    programme::{self, Draft},
    web::page::Layout,
};

/// To be mounted at `/`.
pub fn routes() -> Vec<Route> {
    routes![
        call::show,
        call::send,
        mine::show,
        mine::edit,
        mine::send,
        mine::confirm,
        mine::comment,
        mine::withdraw,
    ]
}

/// The programme of that slug, published or not, without its sessions.
///
/// # Errors
/// [`Error::NotFound`].
async fn frame_of(db: &mut Conn, slug: &str) -> Result<(Uuid, Draft)> {
    let id = programme::store::id_of(db, slug).await?.ok_or(Error::NotFound)?;
    Ok((id, programme::store::frame_of(db, id).await?.ok_or(Error::NotFound)?))
}

/// The same with the themes that the public knows already, and no others; besides, the one that this proposal has.
fn shown_publicly(room: &Room<'_>, id: Uuid, draft: &Draft, known: Option<&str>) -> Draft {
    let published = room.house.publications.by_id(id);
    let mut themes = published.map(|published| published.release.themes.clone()).unwrap_or_default();
    if let Some(theme) = draft.themes.iter().find(|theme| Some(theme.slug.as_str()) == known)
        && !themes.iter().any(|one| one.slug == theme.slug)
    {
        themes.push(theme.clone());
    }
    Draft { themes, ..draft.clone() }
}

/// The frame of a page below the call.
fn layout(room: &Room<'_>, lang: Lang, draft: &Draft, path: &str, title: impl Into<String>) -> Layout {
    let path = format!("/{}/call{path}", draft.programme.slug);
    let layout = Layout::new(&room.settings.base_url, lang, &path, title).robots("noindex");
    layout.zone(draft.programme.timezone)
}
