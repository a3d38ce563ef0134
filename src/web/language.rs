//! Which language a visitor reads: the page's address says it; elsewhere a cookie, then the browser.

use rocket::Request;

use crate::locale::Lang;

/// The cookie that remembers a choice made at `/?lang=…`.
pub const COOKIE: &str = "lang";

/// The language of the request's address.
pub fn of_path(request: &Request<'_>) -> Option<Lang> {
    request.uri().path().segments().get(0).and_then(Lang::parse)
}

/// The language of the request: its path's, else the cookie's, else the browser's, else French.
pub fn of(request: &Request<'_>) -> Lang {
    of_path(request).unwrap_or_else(|| of_visitor(request))
}

/// The language of the visitor, whatever the path says.
pub fn of_visitor(request: &Request<'_>) -> Lang {
    request
        .cookies()
        .get(COOKIE)
        .and_then(|cookie| Lang::parse(cookie.value()))
        .or_else(|| accepted(request.headers().get_one("Accept-Language")?))
        .unwrap_or_default()
}

/// The best of ours in an `Accept-Language` (RFC 9110, section 12.5.4): the highest `q`, then the first.
fn accepted(header: &str) -> Option<Lang> {
    let mut best: Option<(f32, Lang)> = None;
    for part in header.split(',') {
        let (range, rest) = part.split_once(';').unwrap_or((part, ""));
        let quality = rest.trim().strip_prefix("q=").map_or(1.0, |q| q.trim().parse::<f32>().unwrap_or(0.0));
        let primary = range.trim().split('-').next().unwrap_or_default().to_ascii_lowercase();
        let Some(lang) = (if primary == "*" { Some(Lang::default()) } else { Lang::parse(&primary) }) else {
            continue;
        };
        if quality > 0.0 && best.is_none_or(|(highest, _)| quality > highest) {
            best = Some((quality, lang));
        }
    }
    best.map(|(_, lang)| lang)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_s_first_wish_that_we_can_meet_is_met() {
        for (header, lang) in [
            ("en", Some(Lang::En)),
            ("en-GB,en;q=0.9,fr;q=0.8", Some(Lang::En)),
            ("de-CH, fr;q=0.7, en;q=0.9", Some(Lang::En)),
            ("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", Some(Lang::Fr)),
            ("de;q=0.9", None),
            ("en;q=0", None),
            ("*", Some(Lang::Fr)),
            ("en;q=x,,;;", None),
            ("", None),
        ] {
            assert_eq!(accepted(header), lang, "{header}");
        }
    }
}
