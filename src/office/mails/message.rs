//! Writing to the people of a session, of a theme, of the programme: written, looked at, sent once.

pub(in crate::office) mod form;
mod logged;
mod page;

use std::sync::Arc;

use rocket::{FromForm, Route, form::Form, get, post, routes};
use serde::Serialize;
use uuid::Uuid;

use super::{Answer, Framed, id_of, listing::moment};
use crate::{
    audit::{self, Actor, Entry, Facts},
    db::Conn,
    error::{Error, Result},
    identity::Staff,
    locale::{Lang, text},
    office::{
        Html, Right, Room,
        crossed::Crossed,
        frame::{At, Known},
        guard::Signed,
    },
    programme::{
        self,
        edit::meet::{self, Seen},
    },
    registration::message::{
        PEOPLE_A_DAY_MAX,
        send::{self, Sent},
        store::{self, Message},
    },
    release::published::Published,
    web::{guards::SameOrigin, reply::Private},
};
use form::{FormPage, Typed, cells, crossed};
use logged::{aimed, written};
use page::{draw_message, preview};

pub(super) fn routes() -> Vec<Route> {
    routes![list, new, keep, show, edit, change, framed, send_test, send_all, remove]
}

/// What every page of a programme's messages stands on.
struct Desk {
    known: Known,
    at: At,
    published: Arc<Published>,
}

/// The programme, for who may write to its people; one that was never published has none.
async fn desk(db: &mut Conn, room: &Room<'_>, staff: &Staff, lang: Lang, slug: &str) -> Result<Desk> {
    let (known, at) = At::programme(db, staff, lang, slug, "mails").await?;
    let published = room.house.publications.current(&known.slug).ok_or(Error::NotFound)?;
    Ok(Desk { known, at, published })
}

fn home(lang: Lang, slug: &str) -> String {
    format!("/{}/office/{slug}/mails/messages", lang.code())
}

#[derive(Serialize)]
struct ListPage {
    home: String,
    mails: String,
    messages: Vec<MessageLine>,
    /// False before the first release: nobody can be registered.
    published: bool,
}

#[derive(Serialize)]
struct MessageLine {
    href: String,
    subject: String,
    about: String,
    to: String,
    sent: Option<String>,
    people: i64,
    changed: String,
}

#[get("/<lang>/office/<slug>/mails/messages", rank = 6)]
async fn list(signed: Signed, lang: Lang, slug: &str, room: Room<'_>) -> Result<Private<Html>> {
    let staff = signed.with(Right::ChangeMails)?;
    let mut db = room.db().await?;
    let (known, at) = At::programme(&mut db, staff, lang, slug, "mails").await?;
    let published = room.house.publications.current(&known.slug);
    let messages = match &published {
        Some(published) => store::list(&mut db, published.id).await?,
        None => Vec::new(),
    };
    let line = |message: &Message| {
        let release = &published.as_ref()?.release;
        let content = message.content();
        let zone = release.programme.timezone;
        Some(MessageLine {
            href: format!("{}/{}", home(lang, &known.slug), message.id),
            subject: content
                .words_for(lang, release)
                .map(|(_, words)| words.subject.clone())
                .unwrap_or_default(),
            about: content.about.title(release),
            to: text(lang, &format!("message-to-{}", content.to.code()), &[]),
            sent: message.sent_at.map(|at| moment(lang, zone, at)),
            people: message.recipients,
            changed: moment(lang, zone, message.changed_at),
        })
    };
    let body = ListPage {
        home: home(lang, &known.slug),
        mails: format!("/{}/office/{}/mails", lang.code(), known.slug),
        messages: messages.iter().filter_map(line).collect(),
        published: published.is_some(),
    };
    let layout = at.frame(&room, staff, "/mails/messages", text(lang, "office-messages-title", &[]));
    room.draw(layout, body, "office/mails/messages.html").map(Private)
}

#[get("/<lang>/office/<slug>/mails/messages/new?<about>", rank = 6)]
async fn new(
    signed: Signed,
    lang: Lang,
    slug: &str,
    about: Option<&str>,
    room: Room<'_>,
) -> Result<Private<Html>> {
    let staff = signed.with(Right::ChangeMails)?;
    let desk = desk(&mut room.db().await?, &room, staff, lang, slug).await?;
    let typed = Typed::empty(about.unwrap_or_default(), room.house.tokens.fresh());
    draw_form(&room, staff, &desk, lang, (&typed, Crossed::default()), None).map(Private)
}

#[post("/<lang>/office/<slug>/mails/messages", data = "<typed>", rank = 6)]
async fn keep(
    signed: Signed,
    _origin: SameOrigin,
    lang: Lang,
    slug: &str,
    typed: Form<Typed>,
    room: Room<'_>,
) -> Result<Answer> {
    let staff = signed.with(Right::ChangeMails)?;
    let mut tx = room.house.pool.begin().await?;
    let desk = desk(&mut tx, &room, staff, lang, slug).await?;
    let content = match typed.content(&desk.published.release) {
        Ok(content) => content,
        Err(_) => {
            let form = (&*typed, Crossed::default());
            return draw_form(&room, staff, &desk, lang, form, None).map(Private).map(Answer::Wrong);
        }
    };
    let id = room.house.tokens.id(room.now);
    let key = Some(typed.form_key().to_owned()).filter(|key| !key.is_empty());
    let key = key.unwrap_or_else(|| room.house.tokens.fresh());
    let kept = store::keep(&mut tx, (id, &key), desk.published.id, &content, staff.id, room.now).await?;
    if store::find(&mut tx, desk.published.id, kept).await?.is_none() {
        // The key is another programme's.
        return Err(Error::NotFound);
    }
    if kept == id {
        let facts = written(None, &content);
        note(&mut tx, &room, &desk, kept, staff, ("message.write", facts)).await?;
    }
    tx.commit().await?;
    Ok(Answer::Done(format!("{}/{kept}", home(lang, &desk.known.slug))))
}

#[get("/<lang>/office/<slug>/mails/messages/<id>?<done>", rank = 7)]
async fn show(
    signed: Signed,
    lang: Lang,
    slug: &str,
    id: &str,
    done: Option<&str>,
    room: Room<'_>,
) -> Result<Private<Html>> {
    let staff = signed.with(Right::ChangeMails)?;
    let mut db = room.db().await?;
    let desk = desk(&mut db, &room, staff, lang, slug).await?;
    let message = found(&mut db, &desk, id).await?;
    let notice = match done {
        Some("test") => Some(text(lang, "message-test-sent", &[("email", staff.email.clone().into())])),
        Some("sent") => Some(text(lang, "message-sent", &[("n", message.recipients.into())])),
        Some("already") => Some(text(lang, "message-already", &[])),
        Some(_) | None => None,
    };
    draw_message(&mut db, &room, staff, &desk, lang, &message, (notice, None)).await.map(Private)
}

#[get("/<lang>/office/<slug>/mails/messages/<id>/preview/<reads>", rank = 7)]
async fn framed(
    signed: Signed,
    lang: Lang,
    slug: &str,
    id: &str,
    reads: Lang,
    room: Room<'_>,
) -> Result<Framed> {
    let staff = signed.with(Right::ChangeMails)?;
    let mut db = room.db().await?;
    let desk = desk(&mut db, &room, staff, lang, slug).await?;
    let message = found(&mut db, &desk, id).await?;
    Ok(Framed(preview(&mut db, &room, &desk, &message, reads).await?.0.page()))
}

#[get("/<lang>/office/<slug>/mails/messages/<id>/edit", rank = 7)]
async fn edit(signed: Signed, lang: Lang, slug: &str, id: &str, room: Room<'_>) -> Result<Private<Html>> {
    let staff = signed.with(Right::ChangeMails)?;
    let mut db = room.db().await?;
    let desk = desk(&mut db, &room, staff, lang, slug).await?;
    let message = unsent(found(&mut db, &desk, id).await?)?;
    let form = (&Typed::of(message.content()), Crossed::opened(&cells(message.content())));
    draw_form(&room, staff, &desk, lang, form, Some(message.id)).map(Private)
}

#[post("/<lang>/office/<slug>/mails/messages/<id>", data = "<typed>", rank = 7)]
async fn change(
    signed: Signed,
    _origin: SameOrigin,
    lang: Lang,
    slug: &str,
    id: &str,
    typed: Form<Typed>,
    room: Room<'_>,
) -> Result<Answer> {
    let staff = signed.with(Right::ChangeMails)?;
    let mut tx = room.house.pool.begin().await?;
    let desk = desk(&mut tx, &room, staff, lang, slug).await?;
    let message = held(&mut tx, &desk, id).await?;
    let Ok(content) = typed.content(&desk.published.release) else {
        let form = (&*typed, Crossed::again(&typed.seen().to_string()));
        let html = draw_form(&room, staff, &desk, lang, form, Some(message.id))?;
        return Ok(Answer::Wrong(Private(html)));
    };
    let theirs = meet::meet(&typed.seen(), &cells(message.content()), &cells(&content));
    if message.sent_at.is_none() && !theirs.is_empty() {
        let crossed = crossed(message.content(), &theirs, &desk.published.release, lang);
        let form = (&typed.met(&theirs), crossed);
        let html = draw_form(&room, staff, &desk, lang, form, Some(message.id))?;
        return Ok(Answer::Crossed(Private(html)));
    }
    let there = format!("{}/{}", home(lang, &desk.known.slug), message.id);
    if !store::change(&mut tx, message.id, desk.published.id, &content, room.now).await? {
        return Ok(Answer::Done(format!("{there}?done=already")));
    }
    if *message.content() != content {
        let facts = written(Some(message.content()), &content);
        note(&mut tx, &room, &desk, message.id, staff, ("message.write", facts)).await?;
    }
    tx.commit().await?;
    Ok(Answer::Done(there))
}

/// What a button beside a message sends along: which words stood there.
#[derive(Debug, FromForm)]
struct Looked {
    #[field(default = String::new())]
    seen: String,
}

impl Looked {
    /// True where the message still says what its sender has looked at. A form without it has seen nothing.
    fn at(&self, message: &Message) -> bool {
        self.seen == Seen::of(&cells(message.content())).to_string()
    }
}

/// The message as somebody else has left it: nothing was done with it.
async fn not_as_shown(
    db: &mut Conn,
    room: &Room<'_>,
    staff: &Staff,
    desk: &Desk,
    lang: Lang,
    message: &Message,
) -> Result<Answer> {
    let refused = Some(text(lang, "message-crossed", &[]));
    let html = draw_message(db, room, staff, desk, lang, message, (None, refused)).await?;
    Ok(Answer::Crossed(Private(html)))
}

#[post("/<lang>/office/<slug>/mails/messages/<id>/tests", data = "<looked>", rank = 7)]
async fn send_test(
    signed: Signed,
    _origin: SameOrigin,
    lang: Lang,
    slug: &str,
    id: &str,
    looked: Form<Looked>,
    room: Room<'_>,
) -> Result<Answer> {
    let staff = signed.with(Right::ChangeMails)?;
    let mut tx = room.house.pool.begin().await?;
    let desk = desk(&mut tx, &room, staff, lang, slug).await?;
    let message = held(&mut tx, &desk, id).await?;
    if !looked.at(&message) {
        return not_as_shown(&mut tx, &room, staff, &desk, lang, &message).await;
    }
    let author = (staff.email.as_str(), staff.called());
    let sent = send::send_to_author(&mut tx, room.house, &desk.published, &message, author, room.now).await?;
    if !sent {
        let refused = Some(text(lang, "message-tests-none", &[]));
        let html = draw_message(&mut tx, &room, staff, &desk, lang, &message, (None, refused)).await?;
        return Ok(Answer::Wrong(Private(html)));
    }
    tx.commit().await?;
    room.house.mail.notify_one();
    Ok(Answer::Done(format!("{}/{}?done=test", home(lang, &desk.known.slug), message.id)))
}

#[post("/<lang>/office/<slug>/mails/messages/<id>/sending", data = "<looked>", rank = 7)]
async fn send_all(
    signed: Signed,
    _origin: SameOrigin,
    lang: Lang,
    slug: &str,
    id: &str,
    looked: Form<Looked>,
    room: Room<'_>,
) -> Result<Answer> {
    let staff = signed.with(Right::ChangeMails)?;
    let mut tx = room.house.pool.begin().await?;
    let desk = desk(&mut tx, &room, staff, lang, slug).await?;
    let message = held(&mut tx, &desk, id).await?;
    if !looked.at(&message) {
        return not_as_shown(&mut tx, &room, staff, &desk, lang, &message).await;
    }
    let sent = send::send(&mut tx, room.house, &desk.published, &message, staff.id, room.now).await?;
    let (done, refused) = match sent {
        Sent::Done { people } => {
            let facts = (Facts::default(), aimed(message.content()).with("people", people));
            note(&mut tx, &room, &desk, message.id, staff, ("message.send", facts)).await?;
            ("sent", None)
        }
        Sent::Already => ("already", None),
        Sent::Nobody => ("", Some(text(lang, "message-nobody", &[]))),
        Sent::TooMany { people, left } => {
            let values = [("people", people.into()), ("left", left.into()), ("max", PEOPLE_A_DAY_MAX.into())];
            ("", Some(text(lang, "message-too-many", &values)))
        }
    };
    if refused.is_some() {
        let html = draw_message(&mut tx, &room, staff, &desk, lang, &message, (None, refused)).await?;
        return Ok(Answer::Wrong(Private(html)));
    }
    tx.commit().await?;
    room.house.mail.notify_one();
    Ok(Answer::Done(format!("{}/{}?done={done}", home(lang, &desk.known.slug), message.id)))
}

#[post("/<lang>/office/<slug>/mails/messages/<id>/removal", data = "<looked>", rank = 7)]
async fn remove(
    signed: Signed,
    _origin: SameOrigin,
    lang: Lang,
    slug: &str,
    id: &str,
    looked: Form<Looked>,
    room: Room<'_>,
) -> Result<Answer> {
    let staff = signed.with(Right::ChangeMails)?;
    let mut tx = room.house.pool.begin().await?;
    let desk = desk(&mut tx, &room, staff, lang, slug).await?;
    let message = unsent(held(&mut tx, &desk, id).await?)?;
    if !looked.at(&message) {
        return not_as_shown(&mut tx, &room, staff, &desk, lang, &message).await;
    }
    if store::discard(&mut tx, message.id, desk.published.id).await? {
        let facts = (aimed(message.content()), Facts::default());
        note(&mut tx, &room, &desk, message.id, staff, ("message.remove", facts)).await?;
    }
    tx.commit().await?;
    Ok(Answer::Done(home(lang, &desk.known.slug)))
}

async fn found(db: &mut Conn, desk: &Desk, id: &str) -> Result<Message> {
    store::find(db, desk.published.id, id_of(id)?).await?.ok_or(Error::NotFound)
}

/// The same, for who is about to change or send it: nobody else does until the transaction ends.
async fn held(db: &mut Conn, desk: &Desk, id: &str) -> Result<Message> {
    programme::store::hold(db, desk.published.id).await?;
    found(db, desk, id).await
}

fn unsent(message: Message) -> Result<Message> {
    if message.sent_at.is_none() { Ok(message) } else { Err(Error::NotFound) }
}

async fn note(
    db: &mut Conn,
    room: &Room<'_>,
    desk: &Desk,
    id: Uuid,
    staff: &Staff,
    (action, (before, after)): (&'static str, (Facts, Facts)),
) -> Result<()> {
    let subject = audit::subject("message", id);
    let entry = Entry::new(&room.house.tokens, room.now, Actor::User(staff.id), action, subject)
        .of(desk.published.id)
        .facts(before, after);
    Ok(audit::record(db, &entry).await?)
}

fn draw_form(
    room: &Room<'_>,
    staff: &Staff,
    desk: &Desk,
    lang: Lang,
    form: (&Typed, Crossed),
    message: Option<Uuid>,
) -> Result<Html> {
    let list = home(lang, &desk.known.slug);
    let action = message.map_or_else(|| list.clone(), |id| format!("{list}/{id}"));
    let body = FormPage::of(form, &desk.published.release, lang, list, action);
    let (path, title) = match message {
        Some(id) => (format!("/mails/messages/{id}/edit"), "office-message-edit"),
        None => ("/mails/messages/new".to_owned(), "office-message-new"),
    };
    let layout = desk.at.frame(room, staff, &path, text(lang, title, &[]));
    room.draw(layout, body, "office/mails/message_form.html")
}
