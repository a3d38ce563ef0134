//! The frame of an office page: the programme that it is about, the navigation that the role opens, the other
//! programmes.

use uuid::Uuid;

use super::{Right, Room, may};
use crate::{
    db::Conn,
    error::{Error, Result},
    identity::{Role, Staff},
    locale::Lang,
    programme,
    web::page::{Layout, NavItem, OfficeFrame, ProgrammeLink},
};

/// A word of the navigation: its text is the message `office-nav-{name}`.
#[derive(Debug, Clone, Copy)]
pub struct Area {
    /// Its name; a page of it says so to [`At`].
    pub name: &'static str,
    /// Who sees the word.
    pub right: Right,
    /// Below the programme, or below the office.
    pub address: &'static str,
}

/// What can be done in a programme, in the order of the navigation. A line an area.
pub const PROGRAMME: &[Area] = &[
    Area { name: "sessions", right: Right::SeeDraft, address: "sessions" },
    Area { name: "weeks", right: Right::SeeDraft, address: "weeks" },
    Area { name: "themes", right: Right::SeeDraft, address: "themes" },
    Area { name: "places", right: Right::SeeDraft, address: "places" },
    Area { name: "organisations", right: Right::SeeDraft, address: "organisations" },
    Area { name: "press", right: Right::SeeDraft, address: "press" },
    Area { name: "settings", right: Right::EditDraft, address: "settings" },
    Area { name: "proposals", right: Right::Propose, address: "proposals" },
    Area { name: "registrations", right: Right::SeeRegistrations, address: "registrations" },
    Area { name: "door", right: Right::MarkAttendance, address: "door" },
    Area { name: "figures", right: Right::SeeFigures, address: "figures" },
    Area { name: "publish", right: Right::SeeDraft, address: "publish" },
    Area { name: "import", right: Right::Import, address: "import" },
    Area { name: "export", right: Right::SeeDraft, address: "export" },
    Area { name: "mails", right: Right::SeeMails, address: "mails" },
    Area { name: "data", right: Right::SeeDraft, address: "data" },
    Area { name: "log", right: Right::SeeLog, address: "log" },
];

/// What can be done in the whole office.
pub const SITE: &[Area] = &[
    Area { name: "users", right: Right::ManageUsers, address: "users" },
    Area { name: "mails", right: Right::SeeMails, address: "mails" },
    Area { name: "log", right: Right::SeeLog, address: "log" },
];

/// A programme that there is in the office, published or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its identity.
    pub id: Uuid,
    /// Its address.
    pub slug: String,
    /// Its name in the draft.
    pub title: String,
}

/// Where a page stands in the office.
#[derive(Debug, Clone)]
pub struct At {
    /// The language of the page.
    pub lang: Lang,
    /// The programme that it is about; for a page of the whole office, none.
    pub programme: Option<Known>,
    /// Every programme that is this person's business.
    pub programmes: Vec<Known>,
    area: &'static str,
}

impl At {
    /// A page of the whole office.
    pub async fn office(db: &mut Conn, staff: &Staff, lang: Lang, area: &'static str) -> Result<At> {
        Ok(At { lang, programme: None, programmes: programmes(db, staff).await?, area })
    }

    /// A page about the programme of that slug, in this area of the navigation.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is none, or none that is this person's business: nobody learns which.
    pub async fn programme(
        db: &mut Conn,
        staff: &Staff,
        lang: Lang,
        slug: &str,
        area: &'static str,
    ) -> Result<(Known, At)> {
        let programmes = programmes(db, staff).await?;
        let known = programmes.iter().find(|known| known.slug == slug).cloned().ok_or(Error::NotFound)?;
        Ok((known.clone(), At { lang, programme: Some(known), programmes, area }))
    }

    /// The frame of the page at `path`, which begins with `/` below the programme (`/sessions`), or below the office.
    pub fn frame(&self, room: &Room<'_>, staff: &Staff, path: &str, title: impl Into<String>) -> Layout {
        let below = self.programme.as_ref().map(|known| format!("/{}", known.slug)).unwrap_or_default();
        let mut layout =
            Layout::new(&room.settings.base_url, self.lang, &format!("/office{below}{path}"), title)
                .robots("noindex")
                .current(self.area);
        layout.office = Some(OfficeFrame {
            id: staff.id,
            who: staff.called().to_owned(),
            role: staff.role.code(),
            programme: self.programme.as_ref().map(|known| link(self.lang, staff.role, known)),
            programmes: self.programmes.iter().map(|known| link(self.lang, staff.role, known)).collect(),
            nav: match &self.programme {
                Some(known) => items(self.lang, staff.role, PROGRAMME, &format!("/{}", known.slug)),
                None => Vec::new(),
            },
            site: items(self.lang, staff.role, SITE, ""),
        });
        layout
    }
}

/// The frame of a page for who is not signed in.
pub fn outside(room: &Room<'_>, lang: Lang, path: &str, title: impl Into<String>) -> Layout {
    Layout::new(&room.settings.base_url, lang, &format!("/office{path}"), title).robots("noindex")
}

/// The programmes that are this person's business.
pub async fn programmes(db: &mut Conn, staff: &Staff) -> Result<Vec<Known>> {
    let all = programme::store::titles(db).await?;
    let mine = all.into_iter().filter(|(id, ..)| staff.belongs_to(*id));
    Ok(mine.map(|(id, slug, title)| Known { id, slug, title }).collect())
}

/// Where somebody of this role begins in a programme: the first area that is open to them.
pub fn first_address(lang: Lang, role: Role, slug: &str) -> Option<String> {
    let area = PROGRAMME.iter().find(|area| may(role, area.right))?;
    Some(format!("/{}/office/{slug}/{}", lang.code(), area.address))
}

fn link(lang: Lang, role: Role, known: &Known) -> ProgrammeLink {
    let href = first_address(lang, role, &known.slug);
    let href = href.unwrap_or_else(|| format!("/{}/office/{}", lang.code(), known.slug));
    ProgrammeLink { slug: known.slug.clone(), title: known.title.clone(), href }
}

fn items(lang: Lang, role: Role, areas: &[Area], below: &str) -> Vec<NavItem> {
    let open = areas.iter().filter(|area| may(role, area.right));
    open.map(|area| NavItem {
        name: area.name,
        href: format!("/{}/office{below}/{}", lang.code(), area.address),
    })
    .collect()
}
