//! Posts come from our own pages (DESIGN.md section 10).

use rocket::{
    Request,
    http::Status,
    outcome::Outcome,
    request::{self, FromRequest},
};
use url::Url;

use crate::config::Settings;

/// Taken by every route that changes something. Refuses a form that another site's page sent, with 403.
#[derive(Debug, Clone, Copy)]
pub struct SameOrigin(());

/// What a browser sends about where a request comes from.
#[derive(Debug, Clone, Copy, Default)]
struct Origins<'a> {
    fetch_site: Option<&'a str>,
    origin: Option<&'a str>,
    host: Option<&'a str>,
    base_url: &'a str,
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for SameOrigin {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        let headers = request.headers();
        let origins = Origins {
            fetch_site: headers.get_one("Sec-Fetch-Site"),
            origin: headers.get_one("Origin"),
            host: headers.get_one("Host"),
            base_url: request.rocket().state::<Settings>().map_or("", |settings| &settings.base_url),
        };
        if is_same(origins) {
            Outcome::Success(SameOrigin(()))
        } else {
            Outcome::Error((Status::Forbidden, ()))
        }
    }
}

/// `Sec-Fetch-Site` decides where it is sent; else `Origin`; with neither, the post is no browser's form.
fn is_same(origins: Origins<'_>) -> bool {
    if let Some(site) = origins.fetch_site {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = origins.origin else { return true };
    let Some(origin) = Url::parse(origin).ok().filter(Url::has_host) else { return false };
    let is_ours = Url::parse(origins.base_url).is_ok_and(|base| base.origin() == origin.origin());
    // Behind a proxy we do not know the scheme; the host that was asked must be the origin's.
    let is_asked = origins.host.is_some_and(|host| {
        let asked = Url::parse(&format!("{}://{host}", origin.scheme()));
        matches!(origin.scheme(), "http" | "https")
            && asked.is_ok_and(|asked| asked.origin() == origin.origin())
    });
    is_ours || is_asked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_post_is_taken_from_our_pages_and_from_programs_and_from_nobody_else() {
        let base = Origins {
            base_url: "https://miso.example.org",
            host: Some("127.0.0.1:8000"),
            ..Default::default()
        };
        let site = |fetch_site| Origins { fetch_site: Some(fetch_site), ..base };
        let from = |origin| Origins { origin: Some(origin), ..base };

        for (origins, taken) in [
            (base, true),
            (site("same-origin"), true),
            (site("none"), true),
            (site("same-site"), false),
            (site("cross-site"), false),
            (site(""), false),
            (Origins { origin: Some("https://evil.example.net"), ..site("same-origin") }, true),
            (Origins { origin: Some("https://miso.example.org"), ..site("cross-site") }, false),
            (from("https://miso.example.org"), true),
            (from("https://miso.example.org:443"), true),
            (from("http://127.0.0.1:8000"), true),
            (from("http://127.0.0.1:8001"), false),
            (from("http://miso.example.org"), false),
            (from("https://miso.example.org.evil.example.net"), false),
            (from("https://evil.example.net"), false),
            (from("null"), false),
            (from(""), false),
            (from("javascript:x"), false),
        ] {
            assert_eq!(is_same(origins), taken, "{origins:?}");
        }
    }
}
