//! `/figures`: a programme in figures, for the team, and behind a funder's link; each table as a file. There is nothing to
//! change here, and nobody is named.

mod chart;
mod grid;
mod page;
mod tables;
mod words;

use rocket::{
    FromForm, Responder, Route, get,
    http::{ContentType, Header},
    routes,
};

use super::{
    Html, Right, Room,
    frame::{self, At},
    guard::Signed,
    may,
};
use crate::{
    db::Conn,
    error::{Error, Result},
    exchange::csv::Dialect,
    identity,
    locale::{Lang, text},
    programme::{self, Organisation},
    registration::{
        attendance,
        figures::{
            report::{Part, Report, report},
            store,
        },
    },
    release::published::Published,
    web::{page::Layout, reply::Private},
};
use page::FiguresPage;
use tables::{LeadsTo, What, grid};

/// The routes of this area.
pub fn routes() -> Vec<Route> {
    routes![show, file, show_link, file_of_link]
}

/// Which figures, as the address says.
#[derive(Debug, Default, FromForm)]
pub struct Asked<'a> {
    organisation: Option<&'a str>,
    sort: Option<&'a str>,
    page: Option<usize>,
}

impl Asked<'_> {
    /// Whose; `None` for everybody's, and for a name that nobody has.
    fn partner<'p>(&self, published: &'p Published) -> Option<&'p Organisation> {
        published.organisation(self.organisation?)
    }

    /// Another language shows the same organisation's.
    fn keep(&self, published: &Published, layout: Layout) -> Layout {
        let query = |partner: &Organisation| format!("organisation={}", partner.slug);
        layout.query(&self.partner(published).map(query).unwrap_or_default())
    }
}

/// Where a page of figures stands.
pub struct Place<'r> {
    lang: Lang,
    /// Its address.
    home: String,
    /// True behind a funder's link.
    is_link: bool,
    leads_to: LeadsTo,
    room: &'r Room<'r>,
}

impl Place<'_> {
    async fn draw(
        &self,
        db: &mut Conn,
        published: Option<&Published>,
        asked: &Asked<'_>,
    ) -> Result<FiguresPage> {
        let Some(published) = published else { return Ok(FiguresPage::empty(self)) };
        let partner = asked.partner(published).map(|partner| partner.slug.as_str());
        let report = self.report(db, published, partner).await?;
        FiguresPage::of(self, published, &report, asked)
    }

    /// For who reads behind a link, without what would tell who somebody is.
    async fn report<'p>(
        &self,
        db: &mut Conn,
        published: &'p Published,
        partner: Option<&str>,
    ) -> Result<Report<'p>> {
        let counted = store::counted(db, published.id).await?;
        let came = attendance::store::figures(db, published.id).await?;
        let seats = self.room.house.board.all(published.id);
        let report = report(published, &seats, &came, counted.as_ref(), partner);
        let part = if partner.is_some() { Part::Organisation } else { Part::Whole };
        Ok(if self.is_link { report.without_the_few(part) } else { report })
    }

    async fn file(
        &self,
        db: &mut Conn,
        published: &Published,
        file: &str,
        asked: &Asked<'_>,
        dialect: Option<&str>,
    ) -> Result<Private<Download>> {
        let what = What::of_file(file).ok_or(Error::NotFound)?;
        let partner = asked.partner(published).map(|partner| partner.slug.as_str());
        let report = self.report(db, published, partner).await?;
        let dialect = if dialect == Some("excel") { Dialect::Excel } else { Dialect::Plain };
        // Slugs and a word of ours: nothing in them can end the quotes.
        let slug = programme::slugify(&[published.slug(), partner.unwrap_or_default()].join(" "));
        let name = format!("attachment; filename=\"{slug}-{}.csv\"", what.code());
        Ok(Private(Download {
            bytes: (ContentType::CSV, grid(what, self.lang, published, &report).csv(dialect)),
            disposition: Header::new("Content-Disposition", name),
        }))
    }
}

/// A file to keep.
#[derive(Responder)]
pub struct Download {
    bytes: (ContentType, Vec<u8>),
    disposition: Header<'static>,
}

fn of_team<'r>(room: &'r Room<'_>, staff: &identity::Staff, lang: Lang, slug: &str) -> Place<'r> {
    Place {
        lang,
        home: format!("/{}/office/{slug}/figures", lang.code()),
        is_link: false,
        leads_to: match may(staff.role, Right::SeeRegistrations) {
            true => LeadsTo::Registrations,
            false => LeadsTo::Public,
        },
        room,
    }
}

#[get("/<lang>/office/<slug>/figures?<asked..>", rank = 6)]
async fn show(
    signed: Signed,
    lang: Lang,
    slug: &str,
    asked: Asked<'_>,
    room: Room<'_>,
) -> Result<Private<Html>> {
    let staff = signed.with(Right::SeeFigures)?;
    let mut db = room.db().await?;
    let (known, at) = At::programme(&mut db, staff, lang, slug, "figures").await?;
    let published = room.house.publications.by_id(known.id);
    let place = of_team(&room, staff, lang, &known.slug);
    let body = place.draw(&mut db, published.as_deref(), &asked).await?;
    let layout = at.frame(&room, staff, "/figures", text(lang, "figures-title", &[]));
    let layout = match &published {
        Some(published) => asked.keep(published, layout.zone(published.release.programme.timezone)),
        None => layout,
    };
    room.draw(layout, body, "office/figures/show.html").map(Private)
}

#[get("/<lang>/office/<slug>/figures/<file>?<dialect>&<asked..>", rank = 6)]
async fn file(
    signed: Signed,
    lang: Lang,
    slug: &str,
    file: &str,
    dialect: Option<&str>,
    asked: Asked<'_>,
    room: Room<'_>,
) -> Result<Private<Download>> {
    let staff = signed.with(Right::SeeFigures)?;
    let mut db = room.db().await?;
    let (known, _) = At::programme(&mut db, staff, lang, slug, "figures").await?;
    let published = room.house.publications.by_id(known.id).ok_or(Error::NotFound)?;
    of_team(&room, staff, lang, &known.slug).file(&mut db, &published, file, &asked, dialect).await
}

fn of_link<'r>(room: &'r Room<'_>, lang: Lang, token: &str) -> Place<'r> {
    Place {
        lang,
        home: format!("/{}/office/figures-link/{token}", lang.code()),
        is_link: true,
        leads_to: LeadsTo::Public,
        room,
    }
}

#[get("/<lang>/office/figures-link/<token>?<asked..>", rank = 5)]
async fn show_link(lang: Lang, token: &str, asked: Asked<'_>, room: Room<'_>) -> Result<Private<Html>> {
    let mut db = room.db().await?;
    let link = identity::figures::open(&mut db, &room.house.key, token).await?;
    let published = room.house.publications.by_id(link.programme_id);
    let body = of_link(&room, lang, token).draw(&mut db, published.as_deref(), &asked).await?;
    let title = text(lang, "figures-title", &[]);
    let layout = frame::outside(&room, lang, &format!("/figures-link/{token}"), title);
    let layout = match &published {
        Some(published) => asked.keep(published, layout.zone(published.release.programme.timezone)),
        None => layout,
    };
    room.draw(layout, body, "office/figures/show.html").map(Private)
}

#[get("/<lang>/office/figures-link/<token>/<file>?<dialect>&<asked..>", rank = 5)]
async fn file_of_link(
    lang: Lang,
    token: &str,
    file: &str,
    dialect: Option<&str>,
    asked: Asked<'_>,
    room: Room<'_>,
) -> Result<Private<Download>> {
    let mut db = room.db().await?;
    let link = identity::figures::open(&mut db, &room.house.key, token).await?;
    let published = room.house.publications.by_id(link.programme_id).ok_or(Error::NotFound)?;
    of_link(&room, lang, token).file(&mut db, &published, file, &asked, dialect).await
}
