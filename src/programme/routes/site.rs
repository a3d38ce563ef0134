//! What every public page is drawn from, read off the request once.

use std::sync::Arc;

use chrono::{DateTime, NaiveTime, Utc};
use rocket::{
    Request,
    http::{ContentType, Status},
    outcome::Outcome,
    request::{self, FromRequest},
};
use serde::Serialize;

use super::rows::Here;
use crate::{
    clock::Clock,
    config::Settings,
    error::{Error, Result},
    locale::Lang,
    programme::instant,
    registration::seats::{Seat, SeatBoard},
    release::published::{Publications, Published},
    view::View,
    web::{
        cache::{Key, Pages, PreparedReply, Stamp},
        page::{Layout, Page},
    },
};

/// The published programmes, the seats beside them, the kept pages, and the moment of the request.
#[derive(Clone)]
pub struct Site<'r> {
    /// The site's address, without a slash at its end.
    pub base_url: &'r str,
    /// The moment of the request.
    pub now: DateTime<Utc>,
    publications: &'r Publications,
    seats: &'r SeatBoard,
    view: &'r View,
    pages: &'r Pages,
    shape: Shape,
}

/// What the pages are drawn for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// Visitors of this server.
    Live,
    /// Files that no server of ours answers for.
    Archive,
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Site<'r> {
    type Error = &'static str;

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, Self::Error> {
        match site(request) {
            Some(site) => Outcome::Success(site),
            None => Outcome::Error((Status::InternalServerError, "something is not managed: see `Site`")),
        }
    }
}

fn site<'r>(request: &'r Request<'_>) -> Option<Site<'r>> {
    let rocket = request.rocket();
    Some(Site {
        base_url: rocket.state::<Settings>()?.base_url.as_str(),
        now: rocket.state::<Clock>()?.now(),
        publications: rocket.state::<Publications>()?,
        seats: rocket.state::<SeatBoard>()?,
        view: rocket.state::<View>()?,
        pages: rocket.state::<Pages>()?,
        shape: Shape::Live,
    })
}

impl<'r> Site<'r> {
    /// For pages that are files of their own: without a request, and without what only a server can do.
    pub fn of_archive(
        base_url: &'r str,
        now: DateTime<Utc>,
        publications: &'r Publications,
        seats: &'r SeatBoard,
        view: &'r View,
        pages: &'r Pages,
    ) -> Site<'r> {
        Site { base_url, now, publications, seats, view, pages, shape: Shape::Archive }
    }
}

impl Site<'_> {
    /// The published programme of that slug.
    pub fn programme(&self, slug: &str) -> Result<Arc<Published>> {
        self.publications.current(slug).ok_or(Error::NotFound)
    }

    /// Every published programme, the current one first.
    pub fn programmes(&self) -> Vec<Arc<Published>> {
        self.publications.current_first(self.now)
    }

    /// The seat row of a session; `None` where it has not been seen yet.
    pub fn seat(&self, session: uuid::Uuid) -> Option<Seat> {
        self.seats.seat(session)
    }

    /// People who hold a seat in a session of the programme.
    pub fn seats_taken(&self, published: &Published) -> i64 {
        self.seats.all(published.id).values().map(|seat| seat.taken).sum()
    }

    /// The frame of a page of the programme; `path` stands below the programme.
    pub fn frame(&self, published: &Published, lang: Lang, path: &str, title: impl Into<String>) -> Layout {
        let programme = &published.release.programme;
        let layout = Layout::new(self.base_url, lang, &format!("/{}{path}", programme.slug), title)
            .programme(&programme.slug, programme.title.clone())
            .release(published.release.number)
            .zone(programme.timezone);
        match self.shape {
            Shape::Live => layout,
            Shape::Archive => layout.archived(),
        }
    }

    /// A page that is kept until the release, the seats, or one of its moments change. What `path` names must
    /// have been looked up before, so that unknown addresses do not fill the cache.
    pub fn page<T: Serialize>(
        &self,
        published: &Published,
        lang: Lang,
        path: &str,
        template: &str,
        make: impl FnOnce(&Here<'_>) -> Page<T>,
    ) -> Result<PreparedReply> {
        self.kept(published, lang, path, || {
            let html = self.with_here(published, lang, make).draw(self.view, template)?;
            Ok((ContentType::HTML, html.0.into_bytes()))
        })
    }

    /// A page that tells how many people are registered: as [`Site::page`], and drawn again when they are counted
    /// anew.
    pub fn page_with_people<T: Serialize>(
        &self,
        published: &Published,
        lang: Lang,
        path: &str,
        template: &str,
        make: impl FnOnce(&Here<'_>, i64) -> Page<T>,
    ) -> Result<PreparedReply> {
        let people = self.seats.people(published.id);
        let (key, stamp) = self.place(published, lang, path);
        self.kept_at(published, (key, Stamp { people, ..stamp }), || {
            let html =
                self.with_here(published, lang, |here| make(here, people)).draw(self.view, template)?;
            Ok((ContentType::HTML, html.0.into_bytes()))
        })
    }

    /// A page that is drawn for this request alone.
    pub fn page_once<T: Serialize>(
        &self,
        published: &Published,
        lang: Lang,
        template: &str,
        make: impl FnOnce(&Here<'_>) -> Page<T>,
    ) -> Result<PreparedReply> {
        let html = self.with_here(published, lang, make).draw(self.view, template)?;
        let number = published.release.number;
        Ok(PreparedReply::once(number, lang, ContentType::HTML, html.0.into_bytes()))
    }

    /// A page of all programmes, kept until one has a new release, or a day begins.
    pub fn page_of_all<T: Serialize>(
        &self,
        lang: Lang,
        path: &str,
        template: &str,
        make: impl FnOnce() -> Page<T>,
    ) -> Result<PreparedReply> {
        self.of_all(lang, path, || Ok((ContentType::HTML, make().draw(self.view, template)?.0.into_bytes())))
    }

    /// Any bytes that stand on all programmes, kept as [`Site::page_of_all`] keeps them.
    pub fn of_all(
        &self,
        lang: Lang,
        path: &str,
        draw: impl FnOnce() -> Result<(ContentType, Vec<u8>)>,
    ) -> Result<PreparedReply> {
        let all = self.publications.all();
        let release = all.iter().map(|published| published.release.number).sum();
        let key = Key { programme: String::new(), lang, path: path.to_owned() };
        let next_day = || all.iter().filter_map(|published| next_day(published, self.now)).min();
        self.pages.get_or_draw(key, Stamp { release, seats: 0, people: 0 }, self.now, next_day, draw)
    }

    /// Any bytes, kept as [`Site::page`] keeps them.
    pub fn kept(
        &self,
        published: &Published,
        lang: Lang,
        path: &str,
        draw: impl FnOnce() -> Result<(ContentType, Vec<u8>)>,
    ) -> Result<PreparedReply> {
        self.kept_at(published, self.place(published, lang, path), draw)
    }

    /// Which page, and what it stands on now: for who must ask the database before drawing, [`Site::fresh`] first
    /// and [`Site::kept_at`] after. Seats that change in between leave a page that is drawn again.
    pub fn place(&self, published: &Published, lang: Lang, path: &str) -> (Key, Stamp) {
        let key = Key { programme: published.slug().to_owned(), lang, path: path.to_owned() };
        let seats = self.seats.epoch(published.id);
        (key, Stamp { release: published.release.number, seats, people: 0 })
    }

    /// The kept page, where nothing has changed since.
    pub fn fresh(&self, (key, stamp): &(Key, Stamp)) -> Option<PreparedReply> {
        self.pages.fresh(key, *stamp, self.now)
    }

    /// As [`Site::kept`], for a place that was found before.
    pub fn kept_at(
        &self,
        published: &Published,
        (key, stamp): (Key, Stamp),
        draw: impl FnOnce() -> Result<(ContentType, Vec<u8>)>,
    ) -> Result<PreparedReply> {
        let next_moment = || self.seats.next_moment(published.id, self.now);
        self.pages.get_or_draw(key, stamp, self.now, next_moment, draw)
    }

    /// A file that is drawn from the release alone: no seat changes it.
    pub fn file(
        &self,
        published: &Published,
        lang: Lang,
        path: &str,
        content_type: ContentType,
        draw: impl FnOnce() -> Result<Vec<u8>>,
    ) -> Result<PreparedReply> {
        let key = Key { programme: published.slug().to_owned(), lang, path: path.to_owned() };
        let stamp = Stamp { release: published.release.number, seats: 0, people: 0 };
        self.pages.get_or_draw(key, stamp, self.now, || None, || Ok((content_type, draw()?)))
    }

    fn with_here<T>(&self, published: &Published, lang: Lang, make: impl FnOnce(&Here<'_>) -> T) -> T {
        make(&Here { lang, base_url: self.base_url, published, seats: self.seats, now: self.now })
    }
}

/// The first moment of the day after this one, where the programme is.
fn next_day(published: &Published, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let zone = published.release.programme.timezone;
    let next = now.with_timezone(&zone).date_naive().succ_opt()?;
    Some(instant(zone, next.and_time(NaiveTime::MIN)))
}

/// The fields of the address, as they came; none is ever refused.
pub struct Query {
    /// Names and values, decoded.
    pub fields: Vec<(String, String)>,
    /// As it stood in the address.
    pub raw: String,
}

impl Query {
    /// Names and values.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The first value of that name, or nothing.
    pub fn value(&self, name: &str) -> &str {
        self.pairs().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Query {
    type Error = std::convert::Infallible;

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, Self::Error> {
        let fields = |query: rocket::http::uri::Query<'_>| {
            query.segments().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
        };
        let query = request.uri().query();
        Outcome::Success(Query {
            fields: query.map(fields).unwrap_or_default(),
            raw: query.map(|query| query.as_str().to_owned()).unwrap_or_default(),
        })
    }
}
