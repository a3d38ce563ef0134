//! Funders' links: made for one programme, revoked.

use rocket::{form::Form, post};
use serde::Serialize;
use uuid::Uuid;

use super::{draw, home};
use crate::{
    audit::{self, Actor, Entry},
    db::Conn,
    error::{Error, Result},
    identity::{figures, store},
    locale::{self, Lang, text},
    office::{Right, Room, frame::At, guard::Signed},
    registration::person::is_control,
    web::{
        form::FormState,
        guards::{RateLimited, SameOrigin},
        reply::{Private, Sent},
        typed::Typed,
    },
};

/// A link that opens.
#[derive(Serialize)]
pub(super) struct Link {
    id: Uuid,
    label: String,
    programme: String,
    since: String,
    /// The whole address, to be passed on.
    address: String,
}

/// The links that open, newest first.
pub(super) async fn links(room: &Room<'_>, db: &mut Conn, lang: Lang, at: &At) -> Result<Vec<Link>> {
    let title = |id: Uuid| at.programmes.iter().find(|known| known.id == id).map(|known| known.title.clone());
    let rows = store::figures::live(db).await?;
    let link = |row: store::figures::FiguresRow| Link {
        id: row.id,
        programme: title(row.programme_id).unwrap_or_default(),
        since: locale::date(lang, row.made_at.date_naive()),
        address: format!(
            "{}/{}/office/figures-link/{}",
            room.settings.base_url,
            lang.code(),
            figures::token(&room.house.key, row.id)
        ),
        label: row.label,
    };
    Ok(rows.into_iter().map(link).collect())
}

#[post("/<lang>/office/users/figures-links", data = "<typed>", rank = 4)]
pub async fn make(
    _same: SameOrigin,
    _limit: RateLimited,
    signed: Signed,
    lang: Lang,
    typed: Form<Typed>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let staff = signed.with(Right::ManageUsers)?;
    let mut tx = room.house.pool.begin().await?;
    let at = At::office(&mut tx, staff, lang, "users").await?;
    let programme = at.programmes.iter().find(|known| known.slug == typed.first("programme"));
    let label = typed.first("label").trim();
    let mut form = FormState::default();
    form.set("label", label);
    form.set("programme", typed.first("programme"));
    let chars = label.chars().count();
    if !(1..=figures::LABEL_CHARS_MAX).contains(&chars) || label.chars().any(is_control) {
        form.refuse("label", text(lang, "figures-link-label-wrong", &[]));
    }
    if programme.is_none() {
        form.refuse("programme", text(lang, "figures-link-programme-wrong", &[]));
    }
    let Some(programme) = programme.filter(|_| form.errors.is_empty()) else {
        return draw(&room, &mut tx, staff, lang, None, form).await.map(Sent::Mistakes).map(Private);
    };
    let id = figures::make(&mut tx, room.house, programme.id, label, room.now).await?;
    let subject = audit::subject("figures-link", id);
    let entry = Entry::new(&room.house.tokens, room.now, Actor::User(staff.id), "figures.link", subject);
    audit::record(&mut tx, &entry.of(programme.id)).await?;
    tx.commit().await?;
    Ok(Private(Sent::Done(format!("{}?done=link", home(lang)))))
}

#[post("/<lang>/office/users/figures-links/<id>/revocation", rank = 4)]
pub async fn revoke(
    _same: SameOrigin,
    _limit: RateLimited,
    signed: Signed,
    lang: Lang,
    id: &str,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let staff = signed.with(Right::ManageUsers)?;
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    let mut tx = room.house.pool.begin().await?;
    if let Some(programme) = store::figures::revoke(&mut tx, id, room.now).await? {
        let subject = audit::subject("figures-link", id);
        let entry =
            Entry::new(&room.house.tokens, room.now, Actor::User(staff.id), "figures.revoke", subject);
        audit::record(&mut tx, &entry.of(programme)).await?;
        tx.commit().await?;
    }
    Ok(Private(Sent::Done(format!("{}?done=revoked", home(lang)))))
}
