//! One line a request: the route's pattern, the status, the milliseconds. Never a path's parameters or a query:
//! secret links are paths.

use std::time::Instant;

use rocket::{
    Data, Request, Response,
    fairing::{Fairing, Info, Kind},
};

/// Writes the line, at the level `info`, under the target `parvis::request`.
pub struct RequestLog;

#[derive(Clone, Copy)]
struct Started(Instant);

#[rocket::async_trait]
impl Fairing for RequestLog {
    fn info(&self) -> Info {
        Info { name: "request log", kind: Kind::Request | Kind::Response }
    }

    async fn on_request(&self, request: &mut Request<'_>, _: &mut Data<'_>) {
        request.local_cache(|| Started(Instant::now()));
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, response: &mut Response<'r>) {
        let Started(at) = *request.local_cache(|| Started(Instant::now()));
        log::info!(
            target: "parvis::request",
            "{} {} {} {} ms",
            request.method(),
            route_of(request),
            response.status().code,
            at.elapsed().as_millis()
        );
    }
}

/// `/<lang>/agenda/<token>`; `-` where no route took the request.
pub fn route_of(request: &Request<'_>) -> String {
    request.route().map_or_else(|| "-".to_owned(), |route| route.uri.path().to_owned())
}

/// Sets the logger up: `level` for our own lines (`info`), overridden by `RUST_LOG`. Rocket's own targets are
/// silent, as they name paths.
pub fn init(level: &str) {
    let spec = std::env::var("RUST_LOG").unwrap_or_else(|_| format!("warn,parvis={level}"));
    let logger = env_logger::Builder::new()
        .parse_filters(&spec)
        .filter_module("rocket", log::LevelFilter::Off)
        .filter_module("_", log::LevelFilter::Off)
        .try_init();
    if let Err(error) = logger {
        log::warn!("a logger is already there: {error}");
    }
}
