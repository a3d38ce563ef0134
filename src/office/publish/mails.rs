//! One of the mails that publishing would send, as somebody who does not exist would read it.

use rocket::{State, get};
use serde::Serialize;

use crate::{
    error::{Error, Result},
    locale::{Lang, text},
    mail::render::{Sender, render},
    office::{Html, Right, Room, frame::At, guard::Signed},
    publication::preview::preview,
    web::reply::Private,
};

/// What `office/publish_mail.html` shows.
#[derive(Serialize)]
struct MailPage {
    back: String,
    title: String,
    recipient: String,
    subject: String,
    text: String,
}

#[get("/<lang>/office/<slug>/publish/mails/<session>/<kind>", rank = 6)]
pub async fn show(
    signed: Signed,
    lang: Lang,
    slug: &str,
    session: &str,
    kind: &str,
    sender: &State<Sender>,
    room: Room<'_>,
) -> Result<Private<Html>> {
    let staff = signed.with(Right::SeeDraft)?;
    let (_, at) = At::programme(&mut room.db().await?, staff, lang, slug, "publish").await?;
    let preview = preview(room.house, slug).await?;
    let known = preview.draft.sessions.iter().find(|known| known.session.slug == session);
    let known = &known.ok_or(Error::NotFound)?.session;
    let mut groups = preview.mails.groups.iter();
    let group = groups.find(|((id, code), _)| *id == known.id && *code == kind).map(|(_, group)| group);
    let letter = group.ok_or(Error::NotFound)?.sample_in(lang);
    let rendered = render(&letter, room.now, room.view, sender).map_err(Error::Internal)?;
    let body = MailPage {
        back: format!("/{}/office/{slug}/publish#mails", lang.code()),
        title: known.title.clone(),
        recipient: format!("{} <{}>", letter.data.name, letter.recipient),
        subject: rendered.subject,
        text: rendered.text,
    };
    let path = format!("/publish/mails/{session}/{kind}");
    let layout = at.frame(&room, staff, &path, text(lang, "publish-mail-title", &[]));
    room.draw(layout, body, "office/publish_mail.html").map(Private)
}
