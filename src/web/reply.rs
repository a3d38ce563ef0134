//! Answers that handlers give.

use rocket::{
    Request, Response,
    http::{Header, Status},
    response::{self, Redirect, Responder, content::RawHtml},
};

/// A page behind a secret link: kept by nobody, indexed by nobody, and not compressed.
#[derive(Debug)]
pub struct Private<R>(pub R);

impl<'r, 'o: 'r, R: Responder<'r, 'o>> Responder<'r, 'o> for Private<R> {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'o> {
        Response::build_from(self.0.respond_to(request)?)
            .header(Header::new("Cache-Control", "private, no-store"))
            .header(Header::new("X-Robots-Tag", "noindex"))
            .ok()
    }
}

/// What became of a form in the office.
#[derive(Debug)]
pub enum Sent {
    /// Done: see there.
    Done(String),
    /// The form again: nothing was asked for but a look at it.
    Page(RawHtml<String>),
    /// The form again, with everything that was typed and what is wrong with it.
    Mistakes(RawHtml<String>),
    /// The form again: in the meantime somebody else has changed what it is about.
    Crossed(RawHtml<String>),
    /// The form again, and after how many seconds it can be sent.
    TooOften(RawHtml<String>, u64),
}

impl<'r> Responder<'r, 'static> for Sent {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        match self {
            Sent::Done(there) => Redirect::to(there).respond_to(request),
            Sent::Page(html) => html.respond_to(request),
            Sent::Mistakes(html) => (Status::UnprocessableEntity, html).respond_to(request),
            Sent::Crossed(html) => (Status::Conflict, html).respond_to(request),
            Sent::TooOften(html, seconds) => {
                Response::build_from((Status::TooManyRequests, html).respond_to(request)?)
                    .header(Header::new("Retry-After", seconds.to_string()))
                    .ok()
            }
        }
    }
}
