//! What visitors meet: the one form, the order page, the agenda, the agenda's feed.
//!
//! Opening a page changes nothing; every registration and cancellation goes to the [`Desk`]. A session is named `programme/session` in the
//! agenda's forms; a bare slug or the session's id will do where it is clear which one is meant.

mod add;
mod agenda;
mod certificate;
mod confirm;
mod feed;
mod feedback;
mod form;
mod link;
mod offer;
mod order;
mod own;
mod unsubscribe;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use rocket::{
    Request, Response, Route,
    form::Form,
    get,
    http::{ContentType, Header, Status},
    outcome::Outcome,
    post,
    request::{self, FromRequest},
    response::{self, Redirect, Responder, content::RawHtml},
    routes,
};
use serde::Serialize;

use super::{
    Answer, Cancellation, Cause, Order, Request as Ask, SESSIONS_MAX,
    decide::Participant,
    desk::{Desk, House},
    person::Email,
    store::{self, read},
};
use crate::{
    config::Settings,
    db::Conn,
    error::{Error, Result},
    locale::Lang,
    programme::routes::{rows::Here, site::Query},
    release::published::Published,
    tokens::{LinkKey, Purpose},
    view::View,
    web::{
        form::FormState,
        guards::{RateLimited, SameOrigin, Visitor},
        page::{Layout, Page},
        rate_limit::Limits,
        reply::Private,
        typed,
    },
};
use typed::Typed;

/// After how many seconds a form may be sent again when the desk is busy.
const RETRY_SECONDS: u64 = 5;
/// An order's link is never revoked: it opens nothing but that order.
const ORDER_VERSION: i64 = 1;

/// The routes of this room. `agenda` goes before programmes' slugs, which can never be that word.
pub fn routes() -> Vec<Route> {
    routes![
        show_form,
        send_form,
        show_order,
        show_agenda,
        cancel,
        show_feed,
        add::show,
        add::send,
        link::show,
        link::send,
        offer::show,
        offer::take,
        confirm::show,
        confirm::send,
        own::rename,
        own::renew_feed,
        own::renew_link,
        own::export,
        own::ask_erasure,
        own::erase,
        feedback::show,
        feedback::send,
        certificate::of_session,
        certificate::of_programme,
        certificate::ask,
        certificate::verify,
        unsubscribe::show,
        unsubscribe::send,
    ]
}

type Html = RawHtml<String>;

/// What these pages are made from, read off the request once.
struct Room<'r> {
    settings: &'r Settings,
    view: &'r View,
    house: &'r House,
    desk: &'r Desk,
    limits: &'r Limits,
    now: DateTime<Utc>,
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Room<'r> {
    type Error = &'static str;

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, Self::Error> {
        match room(request) {
            Some(room) => Outcome::Success(room),
            None => Outcome::Error((Status::InternalServerError, "something is not managed: see `Room`")),
        }
    }
}

fn room<'r>(request: &'r Request<'_>) -> Option<Room<'r>> {
    let rocket = request.rocket();
    let house = rocket.state::<House>()?;
    Some(Room {
        settings: rocket.state::<Settings>()?,
        view: rocket.state::<View>()?,
        house,
        desk: rocket.state::<Desk>()?,
        limits: rocket.state::<Limits>()?,
        now: house.clock.now(),
    })
}

impl Room<'_> {
    fn programme(&self, slug: &str) -> Result<Arc<Published>> {
        self.house.publications.current(slug).ok_or(Error::NotFound)
    }

    /// For how long what is typed is kept after the end.
    fn kept_days(&self, published: &Published) -> i64 {
        self.house.board.kept_days(published.id).unwrap_or(self.settings.retention_days)
    }

    async fn db(&self) -> Result<Conn> {
        Ok(self.house.pool.acquire().await?)
    }

    /// The frame of a page that belongs to the programme and to no search engine.
    fn frame(&self, published: &Published, lang: Lang, path: &str, title: String) -> Layout {
        let programme = &published.release.programme;
        Layout::new(&self.settings.base_url, lang, &format!("/{}{path}", programme.slug), title)
            .programme(&programme.slug, programme.title.clone())
            .release(published.release.number)
            .zone(programme.timezone)
            .robots("noindex")
    }

    /// The frame of a page behind the link to somebody's agenda: of their programme, where it is one.
    fn agenda_frame(&self, lang: Lang, path: &str, title: String, mine: &[agenda::Known]) -> Layout {
        let layout = Layout::new(&self.settings.base_url, lang, path, title);
        let layout = match agenda::only_programme(mine) {
            Some(published) => {
                let programme = &published.release.programme;
                layout
                    .programme(&programme.slug, programme.title.clone())
                    .release(published.release.number)
                    .zone(programme.timezone)
            }
            None => layout,
        };
        layout.robots("noindex").current("agenda")
    }

    fn draw<T: Serialize>(&self, layout: Layout, body: T, template: &str) -> Result<Html> {
        Page { layout, body }.draw(self.view, template)
    }

    /// The person whose link this is.
    async fn person(&self, db: &mut Conn, token: &str, purpose: Purpose) -> Result<Participant> {
        let id = LinkKey::named(token).ok_or(Error::OldLink)?;
        let person = store::participant(db, id).await?.ok_or(Error::OldLink)?;
        let version = match purpose {
            Purpose::Agenda => person.agenda_version,
            Purpose::Feed => person.feed_version,
            Purpose::Order
            | Purpose::Confirm
            | Purpose::Feedback
            | Purpose::Reminders
            | Purpose::Invitation
            | Purpose::NewPassword
            | Purpose::SignIn
            | Purpose::SecondStep
            | Purpose::Device
            | Purpose::Figures
            | Purpose::Joining
            | Purpose::Request
            | Purpose::Proposal => return Err(Error::OldLink),
        };
        if self.house.key.holds(token, purpose, version) { Ok(person) } else { Err(Error::OldLink) }
    }
}

/// What became of a form.
enum Sent {
    /// See there.
    Done(String),
    /// The form again, with what is wrong.
    Mistakes(Html),
    /// The form again: whether it was written is not known everywhere (a line lost in mid-commit), and the same form can be
    /// sent a little later. Its key makes it one order.
    Busy(Html),
    /// The form again, and after how many seconds it can be sent.
    TooOften(Html, u64),
}

impl<'r> Responder<'r, 'static> for Sent {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        match self {
            Sent::Done(there) => Redirect::to(there).respond_to(request),
            Sent::Mistakes(html) => (Status::UnprocessableEntity, html).respond_to(request),
            Sent::Busy(html) => Response::build_from((Status::ServiceUnavailable, html).respond_to(request)?)
                .header(Header::new("Retry-After", RETRY_SECONDS.to_string()))
                .ok(),
            Sent::TooOften(html, seconds) => {
                Response::build_from((Status::TooManyRequests, html).respond_to(request)?)
                    .header(Header::new("Retry-After", seconds.to_string()))
                    .ok()
            }
        }
    }
}

#[get("/<lang>/<slug>/register", rank = 10)]
fn show_form(lang: Lang, slug: &str, query: Query, room: Room<'_>) -> Result<Private<Html>> {
    let published = room.programme(slug)?;
    let chosen = query.pairs().filter(|(name, _)| matches!(*name, "session" | "session[]"));
    let mut typed = <Typed as Default>::default();
    for (_, session) in chosen {
        typed.add("session", session);
    }
    typed.set("people", "1");
    typed.set("key", &room.house.tokens.fresh());
    draw_form(&room, &published, lang, &typed, form::Shown::First).map(Private)
}

#[post("/<lang>/<slug>/register", data = "<typed>", rank = 10)]
async fn send_form(
    _same: SameOrigin,
    _limit: RateLimited,
    lang: Lang,
    slug: &str,
    typed: Form<Typed>,
    visitor: Visitor,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let published = room.programme(slug)?;
    let mut typed = typed.into_inner();
    if !form::is_key(typed.first("key")) {
        typed.set("key", &room.house.tokens.fresh());
    }
    let order = match form::parse(&published, lang, &typed) {
        Ok(order) => order,
        Err(mistakes) => {
            typed.set(typed::TRAP, "");
            let html = draw_form(&room, &published, lang, &typed, form::Shown::Again(&mistakes))?;
            return Ok(Private(Sent::Mistakes(html)));
        }
    };
    let mailbox = order.contact.email().map(Email::mailbox);
    let wait = mailbox.as_deref().and_then(|mailbox| room.limits.wait_of_sender(mailbox, visitor.ip));
    if let Some(seconds) = wait {
        let mistakes = form::Mistakes::too_often(lang);
        let html = draw_form(&room, &published, lang, &typed, form::Shown::Again(&mistakes))?;
        return Ok(Private(Sent::TooOften(html, seconds)));
    }
    let sent = register(&room, &published, lang, &typed, order).await?;
    if let (Sent::Done(_), Some(mailbox)) = (&sent, mailbox) {
        room.limits.count_mail(&mailbox);
    }
    Ok(Private(sent))
}

async fn register(
    room: &Room<'_>,
    published: &Published,
    lang: Lang,
    typed: &Typed,
    order: Order,
) -> Result<Sent> {
    match room.desk.ask(Ask::Register(order)).await {
        Ok(Answer::Ordered(id)) => {
            let token = room.house.key.seal(Purpose::Order, id, ORDER_VERSION);
            Ok(Sent::Done(format!("/{}/{}/orders/{token}", lang.code(), published.slug())))
        }
        Ok(Answer::Refused(refused)) => {
            let mistakes = form::Mistakes::refused(refused);
            draw_form(room, published, lang, typed, form::Shown::Again(&mistakes)).map(Sent::Mistakes)
        }
        Ok(other) => Err(other.unexpected()),
        Err(cause) if cause.is_passing() => {
            log::warn!("an order had to wait: {cause}");
            draw_form(room, published, lang, typed, form::Shown::Busy).map(Sent::Busy)
        }
        Err(cause) => Err(cause),
    }
}

fn draw_form(
    room: &Room<'_>,
    published: &Published,
    lang: Lang,
    typed: &Typed,
    shown: form::Shown<'_>,
) -> Result<Html> {
    let here =
        Here { lang, base_url: &room.settings.base_url, published, seats: &room.house.board, now: room.now };
    let body = form::page(&here, typed, shown, room.kept_days(published));
    let layout = room.frame(published, lang, "/register", body.title.clone()).query(&body.query);
    room.draw(layout, body, "registration/form.html")
}

#[get("/<lang>/<slug>/orders/<token>", rank = 10)]
async fn show_order(lang: Lang, slug: &str, token: &str, room: Room<'_>) -> Result<Private<Html>> {
    let published = room.programme(slug)?;
    if !room.house.key.holds(token, Purpose::Order, ORDER_VERSION) {
        return Err(Error::OldLink);
    }
    let id = LinkKey::named(token).ok_or(Error::OldLink)?;
    let (order, items) = read::order(&mut room.db().await?, id).await?.ok_or(Error::OldLink)?;
    if order.programme_id != published.id {
        return Err(Error::NotFound);
    }
    let body = order::page(&published, lang, &order, &items, &room.settings.base_url);
    let title = order::title(&order, lang);
    let layout = room.frame(&published, lang, &format!("/orders/{token}"), title);
    room.draw(layout, body, "registration/order.html").map(Private)
}

#[get("/<lang>/agenda/<token>", rank = 5)]
async fn show_agenda(lang: Lang, token: &str, query: Query, room: Room<'_>) -> Result<Private<Html>> {
    let mut db = room.db().await?;
    let person = room.person(&mut db, token, Purpose::Agenda).await?;
    let asked = agenda::Asked::of(query.pairs());
    let mut form = FormState::default();
    form.set("name", person.name.as_str());
    draw_agenda(&room, &mut db, lang, token, &person, &asked, form).await.map(Private)
}

async fn draw_agenda(
    room: &Room<'_>,
    db: &mut Conn,
    lang: Lang,
    token: &str,
    person: &Participant,
    asked: &agenda::Asked,
    form: FormState,
) -> Result<Html> {
    let mine = agenda::known(read::agenda(db, person.id).await?, &room.house.publications);
    let feed_token = room.house.key.seal(Purpose::Feed, person.id, person.feed_version);
    let certificates = super::certificate::store::of_person(db, person.id).await?;
    let links = agenda::Links {
        base_url: &room.settings.base_url,
        key: &room.house.key,
        certificates: if person.name.trim().is_empty() { &[] } else { &certificates },
        token,
        feed_token: &feed_token,
    };
    let reminders = unsubscribe::of(room, db, lang, person.id).await?;
    let me = agenda::Me { email: person.email.as_deref(), reminders, form };
    let body = agenda::page(&mine, lang, room.now, &links, asked, me);
    let title = crate::locale::text(lang, "agenda-title", &[]);
    let layout = room.agenda_frame(lang, &format!("/agenda/{token}"), title, &mine);
    room.draw(layout, body, "registration/agenda.html")
}

/// The address of somebody's agenda.
fn agenda_of(lang: Lang, token: &str) -> String {
    format!("/{}/agenda/{token}", lang.code())
}

#[post("/<lang>/agenda/<token>/cancellations", data = "<typed>", rank = 5)]
async fn cancel(
    _same: SameOrigin,
    _limit: RateLimited,
    lang: Lang,
    token: &str,
    typed: Form<Typed>,
    room: Room<'_>,
) -> Result<Private<Redirect>> {
    let mut db = room.db().await?;
    let person = room.person(&mut db, token, Purpose::Agenda).await?;
    let sessions = if typed.is_ticked("all") {
        None
    } else {
        let mine = read::agenda(&mut db, person.id).await?;
        Some(agenda::named(&agenda::known(mine, &room.house.publications), typed.all("session")))
    };
    // Back before the desk wants one of its own.
    drop(db);
    let cancellation = Cancellation { participant: person.id, sessions, cause: Cause::Person };
    match room.desk.ask(Ask::Cancel(cancellation)).await? {
        Answer::Cancelled(sessions) => {
            let back = format!("{}?done={}", agenda_of(lang, token), sessions.len().min(SESSIONS_MAX));
            Ok(Private(Redirect::to(back)))
        }
        other => Err(other.unexpected()),
    }
}

#[get("/<lang>/agenda/<token>/calendar.ics", rank = 5)]
async fn show_feed(lang: Lang, token: &str, room: Room<'_>) -> Result<Private<(ContentType, String)>> {
    let mut db = room.db().await?;
    let person = room.person(&mut db, token, Purpose::Feed).await?;
    let mine = read::agenda(&mut db, person.id).await?;
    let mine = agenda::known(mine, &room.house.publications);
    let text = feed::text(&mine, lang, &room.settings.base_url, room.now);
    let ics = ContentType::new("text", "calendar").with_params(("charset", "utf-8"));
    Ok(Private((ics, text)))
}
