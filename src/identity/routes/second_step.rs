//! The second step, for who wants it: a secret for the telephone, confirmed with a code of it; ten codes for paper,
//! shown once.

use qrcodegen::{QrCode, QrCodeEcc};
use rocket::{State, form::Form, get, http::ContentType, post};
use serde::Serialize;

use super::account;
use crate::{
    audit::{self, Actor, Entry},
    error::{Error, Result},
    identity::{Staff, password::Hasher, people, store::second_step, totp},
    locale::{Lang, text},
    office::{Html, Room, frame::At, guard::Signed},
    web::{
        form::FormState,
        guards::{RateLimitedLink, SameOrigin},
        reply::{Private, Sent},
        typed::Typed,
    },
};

/// What `identity/second_step.html` shows.
#[derive(Serialize)]
struct SecondStepPage {
    /// The address of this page; forms stand beneath it.
    home: String,
    account: String,
    /// True where it is used already.
    used: bool,
    /// A secret that waits for its first code, as people type it, and the picture of it.
    secret: Option<String>,
    picture: String,
    /// Codes for paper; this is the only time that they are shown.
    codes: Vec<String>,
    has_password: bool,
    form: FormState,
}

#[get("/<lang>/office/account/second-step", rank = 5)]
pub async fn show(signed: Signed, lang: Lang, room: Room<'_>) -> Result<Private<Html>> {
    draw(&room, signed.anybody(), lang, Vec::new(), FormState::default()).await.map(Private)
}

async fn draw(
    room: &Room<'_>,
    staff: &Staff,
    lang: Lang,
    codes: Vec<String>,
    form: FormState,
) -> Result<Html> {
    let mut db = room.db().await?;
    let at = At::office(&mut db, staff, lang, "account").await?;
    let known = second_step::of(&mut db, staff.id).await?;
    let row = crate::identity::store::by_id(&mut db, staff.id).await?;
    let home = format!("/{}/office/account/second-step", lang.code());
    let body = SecondStepPage {
        account: format!("/{}/office/account", lang.code()),
        used: known.totp_secret.is_some(),
        secret: known.totp_pending.as_deref().map(totp::readable),
        picture: format!("{home}/picture.svg"),
        home,
        codes,
        has_password: row.is_some_and(|row| row.password.is_some()),
        form,
    };
    let layout = at.frame(room, staff, "/account/second-step", text(lang, "second-step-title", &[]));
    room.draw(layout, body, "identity/second_step.html")
}

/// A new secret waits for its first code; until then the one before holds, or none.
#[post("/<lang>/office/account/second-step", rank = 5)]
pub async fn begin(_same: SameOrigin, signed: Signed, lang: Lang, room: Room<'_>) -> Result<Private<Sent>> {
    let mut tx = room.house.pool.begin().await?;
    let staff = signed.anybody();
    // Who uses it already takes it off first, with the password.
    if second_step::of(&mut tx, staff.id).await?.totp_secret.is_none() {
        second_step::begin(&mut tx, staff.id, &totp::secret(&room.house.tokens)).await?;
        tx.commit().await?;
    }
    Ok(Private(Sent::Done(format!("/{}/office/account/second-step", lang.code()))))
}

/// What the telephone reads.
#[get("/<lang>/office/account/second-step/picture.svg", rank = 5)]
pub async fn picture(signed: Signed, lang: Lang, room: Room<'_>) -> Result<Private<(ContentType, String)>> {
    // The picture is the same in each language; its address says one as all do.
    let _ = lang;
    let staff = signed.anybody();
    let known = second_step::of(&mut room.db().await?, staff.id).await?;
    let secret = known.totp_pending.ok_or(Error::NotFound)?;
    let site = room.settings.base_url.split("//").last().unwrap_or("Parvis");
    let svg = drawn(&totp::address(&secret, &staff.email, site))?;
    Ok(Private((ContentType::SVG, svg)))
}

/// Dark on white, whatever the page's colours are, with the quiet border that readers need.
fn drawn(text: &str) -> Result<String> {
    const BORDER: i32 = 4;
    let code = QrCode::encode_text(text, QrCodeEcc::Medium)
        .map_err(|_| Error::Internal("too much for a QR code".to_owned()))?;
    let size = code.size() + 2 * BORDER;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            path.push_str(&format!("M{},{}h1v1h-1z", x + BORDER, y + BORDER));
        }
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" shape-rendering=\"crispEdges\"><rect width=\"{size}\" height=\"{size}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>"
    ))
}

#[post("/<lang>/office/account/second-step/confirmation", data = "<typed>", rank = 5)]
pub async fn confirm(
    _same: SameOrigin,
    _limit: RateLimitedLink,
    signed: Signed,
    lang: Lang,
    typed: Form<Typed>,
    room: Room<'_>,
) -> Result<Private<Result<Html, Sent>>> {
    let staff = signed.anybody();
    let mut tx = room.house.pool.begin().await?;
    let secret = second_step::of(&mut tx, staff.id).await?.totp_pending.unwrap_or_default();
    let step = totp::step_of(&secret, typed.first("code"), 0, room.now);
    let is_right = match step {
        Some(step) => second_step::confirm(&mut tx, staff.id, &secret, step).await?,
        None => false,
    };
    if !is_right {
        drop(tx);
        let mut form = FormState::default();
        form.refuse("code", text(lang, "second-step-wrong", &[]));
        let html = draw(&room, staff, lang, Vec::new(), form).await?;
        return Ok(Private(Err(Sent::Mistakes(html))));
    }
    let codes = fresh_codes(&room, &mut tx, staff).await?;
    let subject = audit::subject("user", staff.id);
    let entry =
        Entry::new(&room.house.tokens, room.now, Actor::User(staff.id), "user.second-step-on", subject);
    audit::record(&mut tx, &entry).await?;
    tx.commit().await?;
    draw(&room, staff, lang, codes, FormState::default()).await.map(Ok).map(Private)
}

async fn fresh_codes(room: &Room<'_>, db: &mut crate::db::Conn, staff: &Staff) -> Result<Vec<String>> {
    let codes = totp::recovery_codes(&room.house.tokens);
    let hashes: Vec<_> = codes.iter().map(|code| totp::recovery_hash(code)).collect();
    second_step::set_recovery(db, staff.id, &hashes).await?;
    Ok(codes.iter().map(|code| totp::readable(code)).collect())
}

/// Ten other codes; those before open nothing any more.
#[post("/<lang>/office/account/second-step/codes", data = "<typed>", rank = 5)]
pub async fn renew_codes(
    _same: SameOrigin,
    _limit: RateLimitedLink,
    signed: Signed,
    lang: Lang,
    typed: Form<Typed>,
    hasher: &State<Hasher>,
    room: Room<'_>,
) -> Result<Private<Result<Html, Sent>>> {
    let staff = signed.anybody();
    if let Some(refused) = refused(&room, hasher, staff, lang, &typed).await? {
        return Ok(Private(Err(refused)));
    }
    let mut tx = room.house.pool.begin().await?;
    if second_step::of(&mut tx, staff.id).await?.totp_secret.is_none() {
        return Err(Error::NotFound);
    }
    let codes = fresh_codes(&room, &mut tx, staff).await?;
    tx.commit().await?;
    draw(&room, staff, lang, codes, FormState::default()).await.map(Ok).map(Private)
}

#[post("/<lang>/office/account/second-step/removal", data = "<typed>", rank = 5)]
pub async fn remove(
    _same: SameOrigin,
    _limit: RateLimitedLink,
    signed: Signed,
    lang: Lang,
    typed: Form<Typed>,
    hasher: &State<Hasher>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let staff = signed.anybody();
    if let Some(refused) = refused(&room, hasher, staff, lang, &typed).await? {
        return Ok(Private(refused));
    }
    let mut tx = room.house.pool.begin().await?;
    people::remove_second_step(&mut tx, room.house, Actor::User(staff.id), staff.id, room.now).await?;
    tx.commit().await?;
    Ok(Private(Sent::Done(account::page(lang, "second-step-off"))))
}

/// The form again where the password is not the person's own: a session left open is not enough.
async fn refused(
    room: &Room<'_>,
    hasher: &Hasher,
    staff: &Staff,
    lang: Lang,
    typed: &Typed,
) -> Result<Option<Sent>> {
    let mut form = FormState::default();
    let tried =
        account::is_own_password(room, hasher, staff, &mut form, lang, typed.first("current")).await?;
    if form.errors.is_empty() {
        return Ok(None);
    }
    let html = draw(room, staff, lang, Vec::new(), form).await?;
    Ok(Some(match tried {
        Ok(()) => Sent::Mistakes(html),
        Err(seconds) => Sent::TooOften(html, seconds),
    }))
}
