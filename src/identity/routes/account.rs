//! One's own account: name, password, the devices on which one is signed in.

use chrono::{DateTime, Utc};
use rocket::{State, form::Form, get, http::CookieJar, post, response::Redirect};
use serde::Serialize;
use uuid::Uuid;

use super::{cookies::Held, mailed};
use crate::{
    db::Conn,
    error::Result,
    identity::{
        Staff,
        attempts::{self, Aim},
        password::{self, Hasher},
        people, session,
        store::{self, second_step, sessions},
    },
    locale::{self, Lang, text},
    office::{Html, Room, frame::At, guard::Signed},
    programme::routes::site::Query,
    registration::person::Name,
    tokens::Purpose,
    web::{
        form::FormState,
        guards::{RateLimitedLink, SameOrigin},
        reply::{Private, Sent},
        typed::Typed,
    },
};

/// What `identity/account.html` shows.
#[derive(Serialize)]
struct AccountPage {
    email: String,
    /// The address of this page; forms stand beneath it.
    home: String,
    done: Option<String>,
    has_password: bool,
    chars_min: usize,
    devices: Vec<Device>,
    /// True where there is another one than this.
    others: bool,
    second_step: bool,
    codes_left: i64,
    form: FormState,
}

/// A device on which the person is signed in.
#[derive(Serialize)]
struct Device {
    id: Uuid,
    name: String,
    since: String,
    seen: String,
    /// True for the one that asks.
    here: bool,
}

/// What has just been done; each has the message `account-done-{word}`.
const DONE: [&str; 5] = ["name", "password", "ended", "second-step-off", "others-ended"];

/// The address of the page, saying what has just been done.
pub(super) fn page(lang: Lang, done: &str) -> String {
    format!("/{}/office/account?done={done}", lang.code())
}

#[get("/<lang>/office/account", rank = 5)]
pub async fn show(signed: Signed, lang: Lang, query: Query, room: Room<'_>) -> Result<Private<Html>> {
    let staff = signed.anybody();
    let mut form = FormState::default();
    form.set("name", staff.name.as_str());
    let done = DONE.into_iter().find(|done| query.value("done") == *done);
    draw(&room, &mut room.db().await?, &signed, lang, done, form).await.map(Private)
}

async fn draw(
    room: &Room<'_>,
    db: &mut Conn,
    signed: &Signed,
    lang: Lang,
    done: Option<&'static str>,
    form: FormState,
) -> Result<Html> {
    let staff = signed.anybody();
    let at = At::office(db, staff, lang, "account").await?;
    let known = second_step::of(db, staff.id).await?;
    let rows = sessions::of(db, staff.id).await?;
    let live: Vec<_> = rows.into_iter().filter(|row| session::is_live(row, room.now)).collect();
    let row = store::by_id(db, staff.id).await?;
    let body = AccountPage {
        email: staff.email.clone(),
        home: format!("/{}/office/account", lang.code()),
        done: done.map(|done| text(lang, &format!("account-done-{done}"), &[])),
        has_password: row.is_some_and(|row| row.password.is_some()),
        chars_min: password::CHARS_MIN,
        others: live.len() > 1,
        devices: live.iter().map(|row| device(row, lang, signed.session)).collect(),
        second_step: known.totp_secret.is_some(),
        codes_left: second_step::recovery_left(db, staff.id).await?,
        form,
    };
    let layout = at.frame(room, staff, "/account", text(lang, "account-title", &[]));
    room.draw(layout, body, "identity/account.html")
}

fn device(row: &sessions::SessionRow, lang: Lang, here: Uuid) -> Device {
    Device {
        id: row.id,
        name: if row.device.is_empty() {
            text(lang, "account-device-unknown", &[])
        } else {
            row.device.clone()
        },
        since: moment(lang, row.created_at),
        seen: moment(lang, row.seen_at),
        here: row.id == here,
    }
}

/// A moment in UTC, which the page says: the office is in no zone of its own.
fn moment(lang: Lang, at: DateTime<Utc>) -> String {
    let at = at.naive_utc();
    format!("{}, {} UTC", locale::date(lang, at.date()), locale::time(lang, at.time()))
}

#[post("/<lang>/office/account/name", data = "<typed>", rank = 5)]
pub async fn rename(
    _same: SameOrigin,
    signed: Signed,
    lang: Lang,
    typed: Form<Typed>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    match Name::parse(typed.first("name")) {
        Ok(name) => {
            let mut tx = room.house.pool.begin().await?;
            store::rename(&mut tx, signed.anybody().id, name.as_str()).await?;
            tx.commit().await?;
            Ok(Private(Sent::Done(page(lang, "name"))))
        }
        Err(why) => {
            let mut form = FormState::default();
            form.set("name", typed.first("name"));
            form.refuse("name", text(lang, why.key(), &[]));
            let html = draw(&room, &mut room.db().await?, &signed, lang, None, form).await?;
            Ok(Private(Sent::Mistakes(html)))
        }
    }
}

#[post("/<lang>/office/account/password", data = "<typed>", rank = 5)]
#[expect(clippy::too_many_arguments, reason = "guards of one request")]
pub async fn change_password(
    _same: SameOrigin,
    _limit: RateLimitedLink,
    signed: Signed,
    lang: Lang,
    typed: Form<Typed>,
    cookies: &CookieJar<'_>,
    hasher: &State<Hasher>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let staff = signed.anybody();
    let mut form = FormState::default();
    form.set("name", staff.name.as_str());
    if let Err(seconds) =
        is_own_password(&room, hasher, staff, &mut form, lang, typed.first("current")).await?
    {
        let html = draw(&room, &mut room.db().await?, &signed, lang, None, form).await?;
        return Ok(Private(Sent::TooOften(html, seconds)));
    }
    mailed::takes(&mut form, lang, &typed, &staff.email);
    if !form.errors.is_empty() {
        let html = draw(&room, &mut room.db().await?, &signed, lang, None, form).await?;
        return Ok(Private(Sent::Mistakes(html)));
    }
    let hash = hasher.hash(typed.first("password"), &room.house.tokens.key()).await?;
    let mut tx = room.house.pool.begin().await?;
    people::set_password(&mut tx, room.house, staff.id, &hash, Some(signed.session), room.now).await?;
    // The one on which it was changed stays known.
    let version = store::by_id(&mut tx, staff.id).await?.map_or(0, |row| row.device_version);
    tx.commit().await?;
    Held::Device.keep(room.settings, cookies, room.house.key.seal(Purpose::Device, staff.id, version));
    Ok(Private(Sent::Done(page(lang, "password"))))
}

/// Refuses the field `current` where it is not the person's password. Who has none needs none. `Err`: too many
/// attempts, from a session that somebody may have left open.
pub(super) async fn is_own_password(
    room: &Room<'_>,
    hasher: &Hasher,
    staff: &Staff,
    form: &mut FormState,
    lang: Lang,
    typed: &str,
) -> Result<Result<(), u64>> {
    let mut tx = room.house.pool.begin().await?;
    let hash = store::by_id(&mut tx, staff.id).await?.and_then(|row| row.password);
    let Some(hash) = hash else { return Ok(Ok(())) };
    let aims = [Aim::Device(staff.id)];
    if let Err(seconds) = attempts::begin(&mut tx, &room.house.key, &aims, room.now).await? {
        form.refuse("current", super::sign_in::slow(lang, seconds));
        return Ok(Err(seconds));
    }
    tx.commit().await?;
    if hasher.holds(typed, Some(&hash)).await? {
        let mut tx = room.house.pool.begin().await?;
        attempts::forgive(&mut tx, &room.house.key, &aims, room.now).await?;
        tx.commit().await?;
    } else {
        form.refuse("current", text(lang, "password-not-yours", &[]));
    }
    Ok(Ok(()))
}

#[post("/<lang>/office/account/sessions/<id>/end", rank = 5)]
pub async fn end_session(
    _same: SameOrigin,
    signed: Signed,
    lang: Lang,
    id: &str,
    room: Room<'_>,
) -> Result<Private<Redirect>> {
    if let Ok(id) = id.parse() {
        let mut tx = room.house.pool.begin().await?;
        sessions::end(&mut tx, signed.anybody().id, id).await?;
        tx.commit().await?;
    }
    Ok(Private(Redirect::to(page(lang, "ended"))))
}

#[post("/<lang>/office/account/sessions/end-others", rank = 4)]
pub async fn end_others(
    _same: SameOrigin,
    signed: Signed,
    lang: Lang,
    room: Room<'_>,
) -> Result<Private<Redirect>> {
    let mut tx = room.house.pool.begin().await?;
    sessions::end_others(&mut tx, signed.anybody().id, Some(signed.session)).await?;
    tx.commit().await?;
    Ok(Private(Redirect::to(page(lang, "others-ended"))))
}
