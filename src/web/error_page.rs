//! The page for everything that ends a request: in the visitor's language, with a way on.
//!
//! It asks neither the database nor a session, so that it works when those do not. The cause goes to the log.

use rocket::{
    Catcher, Request, Response, catch, catchers,
    http::{ContentType, Header, Method, Status},
    response::{self, Responder},
};
use serde::Serialize;

use crate::{
    config::Settings,
    error::Error,
    locale::{self, Lang},
    programme::RESERVED_SLUGS,
    release::published::Publications,
    view::View,
    web::{
        language,
        page::{Layout, Page},
        rate_limit,
    },
};

/// After how many seconds a visitor may try again when we are busy.
const RETRY_SECONDS: u64 = 5;

/// What the page says; each has the messages `error-{name}-title` and `error-{name}-text`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    BadRequest,
    Forbidden,
    NotAllowed,
    NotFound,
    Method,
    Gone,
    OldLink,
    TooLarge,
    Unprocessable,
    TooMany,
    Internal,
    Busy,
}

impl Kind {
    fn of(status: Status) -> Kind {
        match status.code {
            401 | 403 => Kind::Forbidden,
            404 => Kind::NotFound,
            405 => Kind::Method,
            410 => Kind::Gone,
            413 => Kind::TooLarge,
            422 => Kind::Unprocessable,
            429 => Kind::TooMany,
            503 => Kind::Busy,
            code if code < 500 => Kind::BadRequest,
            _ => Kind::Internal,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Kind::BadRequest => "bad-request",
            Kind::Forbidden => "forbidden",
            Kind::NotAllowed => "not-allowed",
            Kind::NotFound => "not-found",
            Kind::Method => "method",
            Kind::Gone => "gone",
            Kind::OldLink => "old-link",
            Kind::TooLarge => "too-large",
            Kind::Unprocessable => "unprocessable",
            Kind::TooMany => "too-many",
            Kind::Internal => "internal",
            Kind::Busy => "busy",
        }
    }
}

impl Error {
    fn answer(&self) -> (Status, Kind) {
        match self {
            Error::NotFound => (Status::NotFound, Kind::NotFound),
            Error::Gone => (Status::Gone, Kind::Gone),
            Error::OldLink => (Status::NotFound, Kind::OldLink),
            Error::Forbidden => (Status::Forbidden, Kind::NotAllowed),
            Error::Busy(_) => (Status::ServiceUnavailable, Kind::Busy),
            Error::Database(_) if self.is_passing() => (Status::ServiceUnavailable, Kind::Busy),
            Error::Database(_) | Error::Template(_) | Error::Internal(_) => {
                (Status::InternalServerError, Kind::Internal)
            }
        }
    }
}

impl<'r> Responder<'r, 'static> for Error {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        let (status, kind) = self.answer();
        if status.class().is_server_error() {
            // The route's pattern, never the path: secret links are paths.
            log::error!("{} {}: {self}", request.method(), crate::web::log::route_of(request));
        }
        Ok(page(status, kind, request))
    }
}

/// For what never reaches a handler: an unknown path, a guard that refused, a panic.
pub fn catchers() -> Vec<Catcher> {
    catchers![default]
}

#[catch(default)]
fn default(status: Status, request: &Request<'_>) -> ErrorPage {
    // Rocket says 422 where a part of the path does not parse. That is an address that we do not have.
    let is_path = status == Status::UnprocessableEntity
        && (matches!(request.method(), Method::Get | Method::Head) || language::of_path(request).is_none());
    ErrorPage(if is_path { Status::NotFound } else { status })
}

struct ErrorPage(Status);

impl<'r> Responder<'r, 'static> for ErrorPage {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        Ok(page(self.0, Kind::of(self.0), request))
    }
}

#[derive(Serialize)]
struct Body {
    code: u16,
    heading: String,
    text: String,
    ways: Vec<Way>,
}

#[derive(Serialize)]
struct Way {
    href: String,
    label: String,
}

fn page(status: Status, kind: Kind, request: &Request<'_>) -> Response<'static> {
    let lang = language::of(request);
    let html = draw(status, kind, lang, request);
    let mut response = Response::build();
    response
        .status(status)
        .header(ContentType::HTML)
        .header(Header::new("Cache-Control", "no-store"))
        .header(Header::new("X-Robots-Tag", "noindex"))
        .sized_body(html.len(), std::io::Cursor::new(html));
    let wait = match kind {
        Kind::Busy => Some(RETRY_SECONDS),
        Kind::TooMany => Some(rate_limit::wait_of(request)),
        Kind::BadRequest
        | Kind::Forbidden
        | Kind::NotAllowed
        | Kind::NotFound
        | Kind::Method
        | Kind::Gone
        | Kind::OldLink
        | Kind::TooLarge
        | Kind::Unprocessable
        | Kind::Internal => None,
    };
    if let Some(seconds) = wait {
        response.header(Header::new("Retry-After", seconds.to_string()));
    }
    response.finalize()
}

fn draw(status: Status, kind: Kind, lang: Lang, request: &Request<'_>) -> String {
    let name = kind.name();
    let heading = locale::text(lang, &format!("error-{name}-title"), &[]);
    let text = locale::text(lang, &format!("error-{name}-text"), &[]);
    let base_url = request.rocket().state::<Settings>().map_or("", |settings| settings.base_url.as_str());
    let body = Body { code: status.code, heading, text, ways: ways(kind, lang, request) };
    // The twin of a page that does not exist is the other language's start page.
    let layout = Layout::new(base_url, lang, "/", body.heading.clone()).robots("noindex");
    let page = Page { layout, body };
    let drawn = request.rocket().state::<View>().map(|view| page.draw(view, "errors/error.html"));
    match drawn {
        Some(Ok(html)) => html.0,
        failed => {
            if let Some(Err(error)) = failed {
                log::error!("the error page: {error}");
            }
            // The messages are ours: nothing in them needs escaping.
            format!(
                "<!doctype html><html lang=\"{code}\"><meta charset=\"utf-8\"><title>{heading}</title><h1>{heading}</h1><p>{text}</p><p><a href=\"/{code}/\">Parvis</a></p></html>",
                code = lang.code(),
                heading = page.body.heading,
                text = page.body.text
            )
        }
    }
}

/// Ways on: a new link for an old one, the programme that the address names, and all programmes.
fn ways(kind: Kind, lang: Lang, request: &Request<'_>) -> Vec<Way> {
    let link = (kind == Kind::OldLink).then(|| Way {
        href: format!("/{}/link", lang.code()),
        label: locale::text(lang, "error-way-link", &[]),
    });
    let home = Way { href: format!("/{}/", lang.code()), label: locale::text(lang, "error-way-home", &[]) };
    let path = request.uri().path();
    let mut segments = path.segments().filter(|segment| !segment.is_empty());
    let is_published = |slug: &str| {
        let publications = request.rocket().state::<Publications>();
        publications.is_none_or(|publications| publications.current(slug).is_some())
    };
    let slug = segments.nth(1).filter(|slug| is_slug(slug) && is_published(slug));
    let programme = slug.filter(|_| segments.next().is_some()).map(|slug| Way {
        href: format!("/{}/{slug}", lang.code()),
        label: locale::text(lang, "error-way-programme", &[]),
    });
    link.into_iter().chain(programme).chain([home]).collect()
}

fn is_slug(text: &str) -> bool {
    text.len() >= 3
        && !text.starts_with('-')
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !RESERVED_SLUGS.contains(&text)
}
