//! `/demo/mails`: what the demo would have sent.

use rocket::{Route, State, get, http::ContentType, response::content::RawHtml, routes};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    config::Settings,
    error::{Error, Result},
    locale::{self, Lang},
    mail::transport::Mailer,
    view::View,
    web::{
        guards::Visitor,
        page::{Layout, Page},
        reply::Private,
    },
};

/// How many mails the page lists.
const SHOWN_MAX: usize = 100;

pub(super) fn routes() -> Vec<Route> {
    routes![list, one, raw]
}

#[derive(Serialize)]
struct Mail {
    id: Uuid,
    recipient: String,
    subject: String,
    text: String,
}

#[derive(Serialize)]
struct Mailbox {
    mails: Vec<Mail>,
}

#[get("/demo/mails")]
fn list(
    visitor: Visitor,
    mailer: &State<Mailer>,
    view: &State<View>,
    settings: &State<Settings>,
) -> Result<Private<RawHtml<String>>> {
    let mails = mailer.kept().into_iter().rev().take(SHOWN_MAX).map(|kept| Mail {
        id: kept.id,
        recipient: kept.recipient,
        subject: kept.subject,
        text: kept.text,
    });
    show(visitor.lang, mails.collect(), view, settings)
}

#[get("/demo/mails/<id>")]
fn one(
    id: &str,
    visitor: Visitor,
    mailer: &State<Mailer>,
    view: &State<View>,
    settings: &State<Settings>,
) -> Result<Private<RawHtml<String>>> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    let kept = mailer.kept().into_iter().find(|kept| kept.id == id).ok_or(Error::NotFound)?;
    let mail = Mail { id, recipient: kept.recipient, subject: kept.subject, text: kept.text };
    show(visitor.lang, vec![mail], view, settings)
}

/// The message as it would go over the wire, for a mail program to open.
#[get("/demo/mails/<id>/message.eml", rank = 1)]
fn raw(id: &str, mailer: &State<Mailer>) -> Result<Private<(ContentType, Vec<u8>)>> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    let kept = mailer.kept().into_iter().find(|kept| kept.id == id).ok_or(Error::NotFound)?;
    Ok(Private((ContentType::new("message", "rfc822"), kept.raw)))
}

fn show(lang: Lang, mails: Vec<Mail>, view: &View, settings: &Settings) -> Result<Private<RawHtml<String>>> {
    let title = locale::text(lang, "demo-mails-title", &[]);
    let layout = Layout::new(&settings.base_url, lang, "/", title).robots("noindex");
    Page { layout, body: Mailbox { mails } }.draw(view, "cli/mails.html").map(Private)
}
