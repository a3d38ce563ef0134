//! Our style sheet, script and pictures: inside the binary, under names that change with their content.

use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, OnceLock},
};

use data_encoding::HEXLOWER;
use rocket::{
    Request, Route, get,
    http::ContentType,
    response::{self, Responder},
    routes,
};
use rust_embed::RustEmbed;
use sha2::{Digest as _, Sha256};

use crate::{
    error::Error,
    web::cache::{Prepared, PreparedReply},
};

#[derive(RustEmbed)]
#[folder = "static"]
struct Files;

struct Asset {
    href: String,
    prepared: Arc<Prepared>,
}

/// `/static/parvis.0123456789ab.css`: what pages link to. A name that we do not have is answered with `/`, and an
/// error in the log.
pub fn href(name: &str) -> &'static str {
    assets().get(name).map_or_else(
        || {
            log::error!("no static file `{name}`");
            "/"
        },
        |asset| asset.href.as_str(),
    )
}

/// The file of that name, for who keeps it elsewhere.
pub fn bytes(name: &str) -> Option<Vec<u8>> {
    assets().get(name).map(|asset| asset.prepared.bytes().to_vec())
}

/// To be mounted at `/static`.
pub fn routes() -> Vec<Route> {
    routes![file]
}

/// The file, for ever where the name is today's; a page drawn by the release before may still ask for an older one.
#[get("/<name>")]
fn file(name: &str) -> Result<File, Error> {
    let plain = without_hash(name).ok_or(Error::NotFound)?;
    let asset = assets().get(plain.as_str()).ok_or(Error::NotFound)?;
    let immutable = asset.href.ends_with(name) && !cfg!(debug_assertions);
    let prepared = if cfg!(debug_assertions) { on_disk(&plain, asset) } else { Some(asset.prepared.clone()) };
    Ok(File { reply: PreparedReply(prepared.ok_or(Error::NotFound)?), immutable })
}

/// The file as it is now: what is still the same has been compressed already.
fn on_disk(name: &str, known: &Asset) -> Option<Arc<Prepared>> {
    let (hash, prepared) = read(name)?;
    Some(if known.href.contains(&hash) { known.prepared.clone() } else { prepared })
}

pub(crate) struct File {
    reply: PreparedReply,
    immutable: bool,
}

impl File {
    /// A file under its plain name (`/favicon.ico`).
    pub(crate) fn plain(name: &str) -> Result<File, Error> {
        let asset = assets().get(name).ok_or(Error::NotFound)?;
        Ok(File { reply: PreparedReply(asset.prepared.clone()), immutable: false })
    }
}

impl<'r> Responder<'r, 'static> for File {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        Ok(self.reply.respond(
            request,
            if self.immutable {
                "public, max-age=31536000, immutable"
            } else {
                "public, max-age=0, must-revalidate"
            },
        ))
    }
}

/// `parvis.0123456789ab.css` → `parvis.css`.
fn without_hash(name: &str) -> Option<String> {
    let (rest, extension) = name.rsplit_once('.')?;
    let (stem, _) = rest.rsplit_once('.')?;
    Some(format!("{stem}.{extension}"))
}

fn assets() -> &'static HashMap<String, Asset> {
    static ASSETS: OnceLock<HashMap<String, Asset>> = OnceLock::new();
    ASSETS.get_or_init(|| {
        Files::iter()
            .filter_map(|name| {
                let (hash, prepared) = read(&name)?;
                let (stem, extension) = name.rsplit_once('.')?;
                let href = format!("/static/{stem}.{hash}.{extension}");
                Some((name.to_string(), Asset { href, prepared }))
            })
            .collect()
    })
}

fn read(name: &str) -> Option<(String, Arc<Prepared>)> {
    let bytes = Files::get(name)?.data.into_owned();
    let hash = HEXLOWER.encode(&Sha256::digest(&bytes)[..6]);
    let extension = Path::new(name).extension()?.to_str()?;
    let content_type = ContentType::from_extension(extension).unwrap_or(ContentType::Binary);
    Some((hash.clone(), Arc::new(Prepared::tagged(hash, content_type, bytes))))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The custom properties of a `:root` block that are plain colours.
    fn colours(block: &str) -> HashMap<&str, [f64; 3]> {
        let channel = |hex: &str, at: usize| {
            let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        block
            .lines()
            .filter_map(|line| line.trim().strip_prefix("--")?.strip_suffix(';')?.split_once(": #"))
            .map(|(name, hex)| (name, [channel(hex, 0), channel(hex, 2), channel(hex, 4)]))
            .collect()
    }

    /// WCAG 2.2, "contrast ratio".
    fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
        let luminance = |[r, g, b]: [f64; 3]| 0.2126 * r + 0.7152 * g + 0.0722 * b;
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_colour_of_text_can_be_read_on_every_ground_by_day_and_by_night() {
        let css = String::from_utf8(Files::get("parvis.css").unwrap().data.into_owned()).unwrap();
        let blocks: Vec<_> =
            css.split(":root {").skip(1).filter(|block| block.trim_start().contains("--paper:")).collect();
        assert_eq!(blocks.len(), 2, "light and dark");
        for block in blocks {
            let colours = colours(block.split('}').next().unwrap());
            for text in ["ink", "soft", "accent", "warn", "good", "theme-ink"] {
                for ground in ["paper", "sheet"] {
                    let ratio = contrast(colours[text], colours[ground]);
                    assert!(ratio >= 4.5, "{text} on {ground}: {ratio:.2}");
                }
            }
            let ratio = contrast(colours["paper"], colours["ink"]);
            assert!(ratio >= 7.0, "the bar and the buttons: {ratio:.2}");
        }
    }
}
