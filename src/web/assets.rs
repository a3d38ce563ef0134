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

/// To be mounted at `/static`.
pub fn routes() -> Vec<Route> {
    routes![file]
}

/// The file, for ever where the name is today's; a page drawn by the release before may still ask for an older one.
#[get("/<name>")]
fn file(name: &str) -> Result<File, Error> {
    let (plain, hash) = split(name).ok_or(Error::NotFound)?;
    let asset = assets().get(plain.as_str()).ok_or(Error::NotFound)?;
    let immutable = asset.href.ends_with(name) && !cfg!(debug_assertions);
    let prepared =
        if cfg!(debug_assertions) { read(&plain).ok_or(Error::NotFound)?.1 } else { asset.prepared.clone() };
    let _ = hash;
    Ok(File { reply: PreparedReply(prepared), immutable })
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

/// `parvis.0123456789ab.css` → `parvis.css` and the hash.
fn split(name: &str) -> Option<(String, &str)> {
    let (rest, extension) = name.rsplit_once('.')?;
    let (stem, hash) = rest.rsplit_once('.')?;
    Some((format!("{stem}.{extension}"), hash))
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
