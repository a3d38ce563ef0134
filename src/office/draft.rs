//! The draft: lists and forms for everything that a programme folder can say, the weeks at a glance, new programmes.
//!
//! A form is described once ([`form::Spec`]) and drawn, read and compared from that; what it says is read by
//! [`programme::edit`](crate::programme::edit), which is the importer. Writing is in [`save`].

mod acts;
mod again;
pub mod brought;
pub mod fields;
pub mod form;
mod items;
mod list;
mod made;
mod order;
pub(super) mod save;
mod session;
mod settings;
pub mod view;
mod weeks;
pub(super) mod wrong;

use std::sync::Arc;

use rocket::{Route, get, http::ContentType, routes};

pub use self::items::press_in_language;
use super::{
    Html, Right, Room,
    frame::{At, Known},
    guard::Signed,
    may,
};
use crate::{
    error::{Error, Result},
    identity::Staff,
    locale::{Lang, text},
    programme::{self, Draft, DraftSession, routes::colours},
    release::published::Published,
    web::{
        page::Layout,
        reply::{Private, Sent},
    },
};

/// The routes of this area.
pub fn routes() -> Vec<Route> {
    routes![
        list::show,
        session::show,
        session::send,
        session::show_new,
        session::send_new,
        session::show_time,
        session::send_time,
        acts::show,
        acts::send,
        items::list::show,
        items::show,
        items::send,
        items::show_new,
        items::send_new,
        items::removal::show,
        items::removal::remove,
        settings::show,
        settings::send,
        made::show,
        made::send,
        weeks::show,
        show_colours,
    ]
}

/// What a form of the draft is answered with.
#[derive(rocket::Responder)]
enum Answer {
    /// Done, or to be corrected.
    Sent(Sent),
    /// The form again, with what it would look like: nothing was asked for but that.
    Page(Html),
}

impl Answer {
    fn done(there: String) -> Answer {
        Answer::Sent(Sent::Done(there))
    }

    fn mistakes(html: Html) -> Answer {
        Answer::Sent(Sent::Mistakes(html))
    }
}

/// A programme's draft, and who looks at it.
pub(crate) struct Here<'r> {
    pub(super) room: &'r Room<'r>,
    pub(super) staff: &'r Staff,
    pub(super) at: At,
    pub(super) known: Known,
    pub(super) draft: Draft,
    /// What the public sees of it, if anything.
    pub(super) published: Option<Arc<Published>>,
}

impl<'r> Here<'r> {
    /// The draft of that slug, for a page in that area of the navigation.
    pub(super) async fn open(
        room: &'r Room<'r>,
        signed: &'r Signed,
        right: Right,
        lang: Lang,
        slug: &str,
        area: &'static str,
    ) -> Result<Here<'r>> {
        let staff = signed.with(right)?;
        let mut db = room.db().await?;
        let (known, at) = At::programme(&mut db, staff, lang, slug, area).await?;
        let (_, draft) = programme::store::load(&mut db, slug).await?.ok_or(Error::NotFound)?;
        let published = room.house.publications.current(slug);
        Ok(Here { room, staff, at, known, draft, published })
    }

    pub(super) fn lang(&self) -> Lang {
        self.at.lang
    }

    pub(super) fn say(&self, key: &str) -> String {
        text(self.at.lang, key, &[])
    }

    /// True where this person may change the draft; others read it.
    fn may_edit(&self) -> bool {
        may(self.staff.role, Right::EditDraft)
    }

    /// An address below the programme's office: `href("/sessions")`.
    pub(super) fn href(&self, path: &str) -> String {
        format!("/{}/office/{}{path}", self.at.lang.code(), self.known.slug)
    }

    pub(super) fn frame(&self, path: &str, title: impl Into<String>) -> Layout {
        let frame = self.at.frame(self.room, self.staff, path, title);
        frame.zone(self.draft.programme.timezone)
    }

    /// The colours of the draft's themes, also of those that no release has.
    pub(super) fn colours(&self) -> String {
        self.href("/colours.css")
    }

    pub(super) fn session(&self, slug: &str) -> Result<&DraftSession> {
        self.draft.sessions.iter().find(|one| one.session.slug == slug).ok_or(Error::NotFound)
    }
}

#[get("/<lang>/office/<slug>/colours.css", rank = 6)]
async fn show_colours(
    signed: Signed,
    lang: Lang,
    slug: &str,
    room: Room<'_>,
) -> Result<Private<(ContentType, String)>> {
    let here = Here::open(&room, &signed, Right::SeeDraft, lang, slug, "sessions").await?;
    Ok(Private((ContentType::CSS, colours::css(&here.draft.themes))))
}
