//! Headers of every answer (DESIGN.md section 10).

use rocket::{
    Request, Response,
    fairing::{Fairing, Info, Kind},
    http::Header,
};

use crate::config::Settings;

const POLICY: &str =
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Rocket copies a body into pieces, each with a wake-up of two tasks; its own size, 4 KiB, takes a page of
/// 100 KB ten times the processor that these take. At most three of them stand in memory for a slow reader.
const PIECE_BYTES_MAX: usize = 256 * 1024;

/// Sets them.
pub struct Headers {
    is_https: bool,
}

impl Headers {
    /// `Strict-Transport-Security` where `base_url` is `https`.
    pub fn new(settings: &Settings) -> Headers {
        Headers { is_https: settings.base_url.starts_with("https:") }
    }
}

#[rocket::async_trait]
impl Fairing for Headers {
    fn info(&self) -> Info {
        Info { name: "headers", kind: Kind::Response }
    }

    async fn on_response<'r>(&self, _: &'r Request<'_>, response: &mut Response<'r>) {
        for (name, value) in [
            ("Content-Security-Policy", POLICY),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "same-origin"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
            // `frame-ancestors`, for browsers that do not know it. Rocket's shield would say `SAMEORIGIN`.
            ("X-Frame-Options", "DENY"),
        ] {
            // A mail inside a page of the office has a policy of its own, which is narrower; the door has a camera.
            let has_own =
                matches!(name, "Content-Security-Policy" | "X-Frame-Options" | "Permissions-Policy")
                    && response.headers().contains(name);
            if !has_own {
                response.set_header(Header::new(name, value));
            }
        }
        if self.is_https {
            response.set_header(Header::new("Strict-Transport-Security", "max-age=31536000"));
        }
        // One byte more than the body: the piece that finds its end then needs no memory of its own.
        let size = response.body().preset_size().unwrap_or(PIECE_BYTES_MAX);
        response.set_max_chunk_size((size + 1).min(PIECE_BYTES_MAX));
        if !response.headers().contains("Cache-Control") {
            response.set_header(Header::new("Cache-Control", "no-cache"));
        }
    }
}
