//! Answers that handlers give.

use rocket::{
    Request, Response,
    http::Header,
    response::{self, Responder},
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
