//! Public pages, drawn once and answered many times (DESIGN.md sections 2.2 and 5).

use std::{
    collections::HashMap,
    io::{Cursor, Write as _},
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock, TryLockError},
};

use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::HEXLOWER;
use rocket::{
    Request, Response,
    http::{ContentType, Header, Status},
    response::{self, Responder},
};
use sha2::{Digest as _, Sha256};

use crate::{error::Result, locale::Lang};

/// How long a page is answered as it is although seats have changed.
const REDRAW: TimeDelta = TimeDelta::milliseconds(500);
/// How many pages are kept; beyond it they are all let go and drawn anew.
const PAGES_MAX: usize = 20_000;
/// Below this, compression gains nothing.
const COMPRESS_BYTES_MIN: usize = 1_024;
/// Brotli's qualities go to 11; 5 takes milliseconds.
const BROTLI_QUALITY: u32 = 5;
/// For what is sent once: a tenth of the time, and a little longer.
const BROTLI_QUALITY_ONCE: u32 = 1;
/// Gzip's levels go to 9.
const GZIP_LEVEL: u32 = 6;
/// For what is sent once.
const GZIP_LEVEL_ONCE: u32 = 1;

/// A drawn page: its bytes, and their compressed forms, each made once when first asked for.
#[derive(Debug)]
pub struct Prepared {
    content_type: ContentType,
    tag: String,
    identity: Vec<u8>,
    /// True where it is compressed for one visitor alone.
    once: bool,
    gzip: OnceLock<Vec<u8>>,
    brotli: OnceLock<Vec<u8>>,
}

/// How the bytes travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Identity,
    Gzip,
    Brotli,
}

impl Encoding {
    fn name(self) -> Option<&'static str> {
        match self {
            Encoding::Identity => None,
            Encoding::Gzip => Some("gzip"),
            Encoding::Brotli => Some("br"),
        }
    }
}

impl Prepared {
    /// A page of that release in that language. For pages that are not kept (filtered lists), as for those that are.
    pub fn new(release: i64, lang: Lang, content_type: ContentType, bytes: Vec<u8>) -> Prepared {
        // A digest instead of the seat epoch: it also moves with the page's own moments and with new templates,
        // and stays where seats changed but nothing on this page did.
        let digest = HEXLOWER.encode(&Sha256::digest(&bytes)[..8]);
        Prepared::tagged(format!("{release}-{}-{digest}", lang.code()), content_type, bytes)
    }

    pub(crate) fn tagged(tag: String, content_type: ContentType, bytes: Vec<u8>) -> Prepared {
        Prepared {
            content_type,
            tag,
            identity: bytes,
            once: false,
            gzip: OnceLock::new(),
            brotli: OnceLock::new(),
        }
    }

    /// The page as it was drawn.
    pub fn bytes(&self) -> &[u8] {
        &self.identity
    }

    fn encoded(&self, encoding: Encoding) -> &[u8] {
        let (gzip_level, brotli_quality) =
            if self.once { (GZIP_LEVEL_ONCE, BROTLI_QUALITY_ONCE) } else { (GZIP_LEVEL, BROTLI_QUALITY) };
        match encoding {
            Encoding::Identity => &self.identity,
            Encoding::Gzip => self.gzip.get_or_init(|| gzip(&self.identity, gzip_level)),
            Encoding::Brotli => self.brotli.get_or_init(|| brotli(&self.identity, brotli_quality)),
        }
    }

    fn etag(&self, encoding: Encoding) -> String {
        match encoding {
            Encoding::Identity => format!("\"{}\"", self.tag),
            Encoding::Gzip => format!("\"{}-gz\"", self.tag),
            Encoding::Brotli => format!("\"{}-br\"", self.tag),
        }
    }

    fn choose(&self, accepted: Option<&str>) -> Encoding {
        if self.identity.len() < COMPRESS_BYTES_MIN { Encoding::Identity } else { choose(accepted) }
    }
}

fn gzip(bytes: &[u8], level: u32) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(level));
    writer.write_all(bytes).expect("a vector takes what is written");
    writer.finish().expect("a vector takes what is written")
}

fn brotli(bytes: &[u8], quality: u32) -> Vec<u8> {
    let mut packed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut packed, 4096, quality, 22);
    writer.write_all(bytes).expect("a vector takes what is written");
    drop(writer);
    packed
}

/// The best of what the visitor's `Accept-Encoding` takes (RFC 9110, section 12.5.3).
fn choose(accepted: Option<&str>) -> Encoding {
    let accepted = accepted.unwrap_or_default();
    let quality = |name: &str| -> f32 {
        let named = |wanted: &str| {
            accepted.split(',').find_map(|part| {
                let (coding, rest) = part.split_once(';').unwrap_or((part, ""));
                let found = coding.trim().eq_ignore_ascii_case(wanted);
                found.then(|| rest.trim().strip_prefix("q=").map_or(1.0, |q| q.trim().parse().unwrap_or(0.0)))
            })
        };
        named(name).or_else(|| named("*")).unwrap_or(0.0)
    };
    let (br, gz) = (quality("br"), quality("gzip"));
    if br > 0.0 && br >= gz {
        Encoding::Brotli
    } else if gz > 0.0 {
        Encoding::Gzip
    } else {
        Encoding::Identity
    }
}

/// Answers a prepared page: the encoding that the visitor takes, or 304 where the visitor has it already.
#[derive(Debug, Clone)]
pub struct PreparedReply(pub Arc<Prepared>);

impl PreparedReply {
    /// A page that is not kept.
    pub fn once(release: i64, lang: Lang, content_type: ContentType, bytes: Vec<u8>) -> PreparedReply {
        let prepared = Prepared { once: true, ..Prepared::new(release, lang, content_type, bytes) };
        PreparedReply(Arc::new(prepared))
    }

    pub(crate) fn respond(self, request: &Request<'_>, cache_control: &'static str) -> Response<'static> {
        let encoding = self.0.choose(request.headers().get_one("Accept-Encoding"));
        let etag = self.0.etag(encoding);
        let mut response = Response::new();
        response.set_header(Header::new("Vary", "Accept-Encoding"));
        response.set_header(Header::new("Cache-Control", cache_control));
        response.set_header(Header::new("ETag", etag.clone()));
        if knows(request, &etag) {
            response.set_status(Status::NotModified);
        } else {
            response.set_header(self.0.content_type.clone());
            if let Some(name) = encoding.name() {
                response.set_header(Header::new("Content-Encoding", name));
            }
        }
        // Rocket strips the body of a 304 and of an answer to HEAD, and keeps its length.
        let body = Body { prepared: self.0, encoding };
        response.set_sized_body(body.as_ref().len(), Cursor::new(body));
        response
    }
}

fn knows(request: &Request<'_>, etag: &str) -> bool {
    request
        .headers()
        .get("If-None-Match")
        .flat_map(|list| list.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.trim_start_matches("W/") == etag)
}

/// Sends the prepared bytes without copying them.
struct Body {
    prepared: Arc<Prepared>,
    encoding: Encoding,
}

impl AsRef<[u8]> for Body {
    fn as_ref(&self) -> &[u8] {
        self.prepared.encoded(self.encoding)
    }
}

impl<'r> Responder<'r, 'static> for PreparedReply {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        Ok(self.respond(request, "no-cache"))
    }
}

/// Which page.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    /// The programme's slug; empty for a page of no programme.
    pub programme: String,
    /// The language of the page.
    pub lang: Lang,
    /// The address below the programme.
    pub path: String,
}

/// What the page was drawn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// The number of the release; for a page of no programme, the sum of all of them. It never falls.
    pub release: i64,
    /// Rises whenever a seat count in memory changes.
    pub seats: u64,
    /// People who are registered, where the page counts them; 0 elsewhere.
    pub people: i64,
}

/// The pages that are kept. Managed state.
#[derive(Debug, Default)]
pub struct Pages(RwLock<HashMap<Key, Arc<Slot>>>);

/// One page's place: what is answered, and who is drawing it anew.
#[derive(Debug, Default)]
struct Slot {
    kept: RwLock<Option<Kept>>,
    drawing: Mutex<()>,
}

#[derive(Debug, Clone)]
struct Kept {
    prepared: Arc<Prepared>,
    stamp: Stamp,
    drawn: DateTime<Utc>,
    next_moment: Option<DateTime<Utc>>,
}

impl Kept {
    fn is_fresh(&self, stamp: Stamp, now: DateTime<Utc>) -> bool {
        let counts = |stamp: Stamp| (stamp.seats, stamp.people);
        let unchanged =
            counts(self.stamp) == counts(stamp) && self.next_moment.is_none_or(|moment| now < moment);
        self.stamp.release == stamp.release && (unchanged || (now - self.drawn).abs() < REDRAW)
    }
}

impl Pages {
    /// None yet.
    pub fn new() -> Pages {
        Pages::default()
    }

    /// The kept page, or a new one: at once for a new release, at most twice a second where seats have changed or
    /// `next_moment` (the page's next start or opening) has come. While one request draws, others are answered
    /// with what there is. What `draw` refuses is not kept.
    pub fn get_or_draw(
        &self,
        key: Key,
        stamp: Stamp,
        now: DateTime<Utc>,
        next_moment: impl FnOnce() -> Option<DateTime<Utc>>,
        draw: impl FnOnce() -> Result<(ContentType, Vec<u8>)>,
    ) -> Result<PreparedReply> {
        let lang = key.lang;
        let slot = self.slot(key);
        if let Some(kept) = slot.kept().filter(|kept| kept.is_fresh(stamp, now)) {
            return Ok(PreparedReply(kept.prepared));
        }
        let _turn = match slot.drawing.try_lock() {
            Ok(turn) => turn,
            Err(TryLockError::Poisoned(turn)) => turn.into_inner(),
            Err(TryLockError::WouldBlock) => {
                if let Some(kept) = slot.kept().filter(|kept| kept.stamp.release == stamp.release) {
                    return Ok(PreparedReply(kept.prepared));
                }
                let turn = slot.turn();
                if let Some(kept) = slot.kept().filter(|kept| kept.is_fresh(stamp, now)) {
                    return Ok(PreparedReply(kept.prepared));
                }
                turn
            }
        };
        let (content_type, bytes) = draw()?;
        let prepared = Arc::new(Prepared::new(stamp.release, lang, content_type, bytes));
        slot.keep(Kept { prepared: Arc::clone(&prepared), stamp, drawn: now, next_moment: next_moment() });
        Ok(PreparedReply(prepared))
    }

    /// The kept page, where nothing has changed since: for who must ask the database before drawing.
    pub fn fresh(&self, key: &Key, stamp: Stamp, now: DateTime<Utc>) -> Option<PreparedReply> {
        let slot = Arc::clone(self.0.read().unwrap_or_else(PoisonError::into_inner).get(key)?);
        let kept = slot.kept().filter(|kept| kept.is_fresh(stamp, now))?;
        Some(PreparedReply(kept.prepared))
    }

    fn slot(&self, key: Key) -> Arc<Slot> {
        if let Some(slot) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Arc::clone(slot);
        }
        let mut slots = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= PAGES_MAX {
            slots.clear();
        }
        Arc::clone(slots.entry(key).or_default())
    }
}

impl Slot {
    fn kept(&self) -> Option<Kept> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A request that still holds an older release does not put the newer page away.
    fn keep(&self, new: Kept) {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if kept.as_ref().is_none_or(|old| old.stamp.release <= new.stamp.release) {
            *kept = Some(new);
        }
    }

    fn turn(&self) -> MutexGuard<'_, ()> {
        self.drawing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
