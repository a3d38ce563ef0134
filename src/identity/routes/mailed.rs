//! What is asked for by mail, and the pages behind those links. Opening one changes nothing: its form does, once.
//! Who asks is answered the same, whether anybody has the address, and before anybody has looked.

use rocket::{State, form::Form, get, http::CookieJar, post};
use serde::Serialize;

use super::{code_page, cookies::Held, let_in};
use crate::{
    db::Conn,
    error::{Error, Result},
    identity::{
        links::{self, LinkKind, Opened},
        password::{self, Hasher},
        people,
        sign_in::{self, Entry, Whence},
        store,
    },
    locale::{Lang, text},
    office::{Html, Room, frame},
    programme::routes::site::Query,
    registration::person::{Email, Name},
    web::{
        form::FormState,
        guards::{RateLimitedLink, SameOrigin},
        reply::{Private, Sent},
        typed::Typed,
    },
};

/// What `identity/ask.html` shows.
#[derive(Serialize)]
struct AskPage {
    action: String,
    back: String,
    lead: String,
    done: Option<String>,
    form: FormState,
}

/// What `identity/choose.html` shows.
#[derive(Serialize)]
struct ChoosePage {
    action: String,
    lead: String,
    email: String,
    /// What the form asks for.
    asks: Asks,
    submit: String,
    chars_min: usize,
    form: FormState,
}

/// The page behind a link that came by mail.
pub(super) struct Behind {
    /// Below the office.
    pub path: String,
    /// A message key, as the next one.
    pub title: &'static str,
    /// What its button says.
    pub submit: &'static str,
    /// What its form asks for.
    pub asks: Asks,
}

impl Behind {
    /// Draws it, for who has this address.
    pub fn draw(
        self,
        room: &Room<'_>,
        lang: Lang,
        lead: String,
        email: String,
        form: FormState,
    ) -> Result<Html> {
        let body = ChoosePage {
            action: format!("/{}/office{}", lang.code(), self.path),
            lead,
            email,
            asks: self.asks,
            submit: text(lang, self.submit, &[]),
            chars_min: password::CHARS_MIN,
            form,
        };
        let layout = frame::outside(room, lang, &self.path, text(lang, self.title, &[]));
        room.draw(layout, body, "identity/choose.html")
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Asks {
    NameAndPassword,
    Password,
    Nothing,
}

#[get("/<lang>/office/password", rank = 5)]
pub fn ask_password(lang: Lang, query: Query, room: Room<'_>) -> Result<Private<Html>> {
    ask(&room, lang, LinkKind::Reset, &query, FormState::default()).map(Private)
}

#[post("/<lang>/office/password", data = "<typed>", rank = 5)]
pub async fn send_password(
    _same: SameOrigin,
    _limit: RateLimitedLink,
    lang: Lang,
    typed: Form<Typed>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    send(&room, lang, LinkKind::Reset, &typed).await.map(Private)
}

#[get("/<lang>/office/mailed-link", rank = 5)]
pub fn ask_link(lang: Lang, query: Query, room: Room<'_>) -> Result<Private<Html>> {
    ask(&room, lang, LinkKind::SignIn, &query, FormState::default()).map(Private)
}

#[post("/<lang>/office/mailed-link", data = "<typed>", rank = 5)]
pub async fn send_link(
    _same: SameOrigin,
    _limit: RateLimitedLink,
    lang: Lang,
    typed: Form<Typed>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    send(&room, lang, LinkKind::SignIn, &typed).await.map(Private)
}

async fn send(room: &Room<'_>, lang: Lang, kind: LinkKind, typed: &Typed) -> Result<Sent> {
    let address = typed.first("email");
    let email = match Email::parse(address) {
        Ok(email) => email,
        Err(why) => {
            let mut form = FormState::default();
            form.set("email", address);
            form.refuse("email", text(lang, why.key(), &[]));
            let nothing = Query { fields: Vec::new(), raw: String::new() };
            return ask(room, lang, kind, &nothing, form).map(Sent::Mistakes);
        }
    };
    // Where nothing can be written, nothing is promised, to whomever.
    if room.house.pool.closing().is_cancelled() {
        return Err(Error::Busy("shutting down"));
    }
    drop(room.db().await?);
    let house = room.house.clone();
    // Answered without waiting for it: how long it takes would tell who is known.
    room.house.pool.tasks().spawn(async move {
        if let Err(cause) = links::send_to(&house, &email, kind).await {
            log::error!("a link that somebody asked for could not be queued: {cause}");
        }
    });
    Ok(Sent::Done(format!("/{}/office/{}?done=sent", lang.code(), kind.page())))
}

fn ask(room: &Room<'_>, lang: Lang, kind: LinkKind, query: &Query, form: FormState) -> Result<Html> {
    let (title, lead) = match kind {
        LinkKind::SignIn | LinkKind::Code => ("mailed-link-title", "mailed-link-lead"),
        LinkKind::Reset | LinkKind::Invitation => ("new-password-title", "new-password-lead"),
    };
    let path = format!("/{}", kind.page());
    let body = AskPage {
        action: format!("/{}/office{path}", lang.code()),
        back: format!("/{}/office/sign-in", lang.code()),
        lead: text(lang, lead, &[]),
        done: (query.value("done") == "sent").then(|| text(lang, "mailed-link-sent", &[])),
        form,
    };
    let layout = frame::outside(room, lang, &path, text(lang, title, &[]));
    room.draw(layout, body, "identity/ask.html")
}

#[get("/<lang>/office/invitation/<token>", rank = 5)]
pub async fn show_invitation(lang: Lang, token: &str, room: Room<'_>) -> Result<Private<Html>> {
    let opened = invited(&mut room.db().await?, &room, token).await?;
    let mut form = FormState::default();
    form.set("name", opened.person.name.as_str());
    choose(&room, lang, LinkKind::Invitation, token, &opened, form).map(Private)
}

#[post("/<lang>/office/invitation/<token>", data = "<typed>", rank = 5)]
#[expect(clippy::too_many_arguments, reason = "guards of one request")]
pub async fn take_invitation(
    _same: SameOrigin,
    _limit: RateLimitedLink,
    lang: Lang,
    token: &str,
    whence: Whence,
    typed: Form<Typed>,
    cookies: &CookieJar<'_>,
    hasher: &State<Hasher>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let opened = invited(&mut room.db().await?, &room, token).await?;
    let mut form = FormState::default();
    form.set("name", typed.first("name"));
    let name =
        Name::parse(typed.first("name")).map_err(|why| form.refuse("name", text(lang, why.key(), &[])));
    let is_good = takes(&mut form, lang, &typed, &opened.person.email);
    let Ok(name) = name.and_then(|name| if is_good { Ok(name) } else { Err(()) }) else {
        let html = choose(&room, lang, LinkKind::Invitation, token, &opened, form)?;
        return Ok(Private(Sent::Mistakes(html)));
    };
    let hash = hasher.hash(typed.first("password"), &room.house.tokens.key()).await?;
    let mut tx = room.house.pool.begin().await?;
    used(&mut tx, &room, &opened).await?;
    store::rename(&mut tx, opened.person.id, name.as_str()).await?;
    people::set_password(&mut tx, room.house, opened.person.id, &hash, None, room.now).await?;
    let entry = enter(&mut tx, &room, &opened, &whence).await?;
    tx.commit().await?;
    come_in(&room, lang, cookies, entry).map(Private)
}

/// Who has a password already was invited before.
async fn invited(db: &mut Conn, room: &Room<'_>, token: &str) -> Result<Opened> {
    let opened = links::open(db, &room.house.key, token, LinkKind::Invitation, room.now).await?;
    if opened.person.password.is_some() { Err(Error::OldLink) } else { Ok(opened) }
}

#[get("/<lang>/office/password/<token>", rank = 5)]
pub async fn show_password(lang: Lang, token: &str, room: Room<'_>) -> Result<Private<Html>> {
    let opened =
        links::open(&mut room.db().await?, &room.house.key, token, LinkKind::Reset, room.now).await?;
    choose(&room, lang, LinkKind::Reset, token, &opened, FormState::default()).map(Private)
}

#[post("/<lang>/office/password/<token>", data = "<typed>", rank = 5)]
#[expect(clippy::too_many_arguments, reason = "guards of one request")]
pub async fn take_password(
    _same: SameOrigin,
    _limit: RateLimitedLink,
    lang: Lang,
    token: &str,
    whence: Whence,
    typed: Form<Typed>,
    cookies: &CookieJar<'_>,
    hasher: &State<Hasher>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let opened =
        links::open(&mut room.db().await?, &room.house.key, token, LinkKind::Reset, room.now).await?;
    let mut form = FormState::default();
    if !takes(&mut form, lang, &typed, &opened.person.email) {
        let html = choose(&room, lang, LinkKind::Reset, token, &opened, form)?;
        return Ok(Private(Sent::Mistakes(html)));
    }
    let hash = hasher.hash(typed.first("password"), &room.house.tokens.key()).await?;
    let mut tx = room.house.pool.begin().await?;
    used(&mut tx, &room, &opened).await?;
    people::set_password(&mut tx, room.house, opened.person.id, &hash, None, room.now).await?;
    let entry = enter(&mut tx, &room, &opened, &whence).await?;
    tx.commit().await?;
    come_in(&room, lang, cookies, entry).map(Private)
}

#[get("/<lang>/office/mailed-link/<token>", rank = 5)]
pub async fn show_link(lang: Lang, token: &str, room: Room<'_>) -> Result<Private<Html>> {
    let opened =
        links::open(&mut room.db().await?, &room.house.key, token, LinkKind::SignIn, room.now).await?;
    choose(&room, lang, LinkKind::SignIn, token, &opened, FormState::default()).map(Private)
}

#[post("/<lang>/office/mailed-link/<token>", rank = 5)]
pub async fn take_link(
    _same: SameOrigin,
    _limit: RateLimitedLink,
    lang: Lang,
    token: &str,
    whence: Whence,
    cookies: &CookieJar<'_>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let entry = sign_in::with_link(room.house, token, &whence).await?;
    come_in(&room, lang, cookies, entry).map(Private)
}

/// The link is used up; who comes second finds it so.
async fn used(db: &mut Conn, room: &Room<'_>, opened: &Opened) -> Result<()> {
    if store::links::take(db, opened.id, room.now).await? { Ok(()) } else { Err(Error::OldLink) }
}

/// Lets the person in as they are by now, with the new password.
async fn enter(db: &mut Conn, room: &Room<'_>, opened: &Opened, whence: &Whence) -> Result<Entry> {
    let person = store::by_id(db, opened.person.id).await?.ok_or(Error::OldLink)?;
    Ok(sign_in::enter(db, room.house, &person, whence, room.now).await?)
}

/// True where the password can be taken and was typed twice alike.
pub(super) fn takes(form: &mut FormState, lang: Lang, typed: &Typed, email: &str) -> bool {
    let chosen = typed.first("password");
    if let Err(why) = password::check(chosen, email) {
        let least = i64::try_from(password::CHARS_MIN).unwrap_or(i64::MAX);
        form.refuse("password", text(lang, why.key(), &[("n", least.into())]));
    } else if chosen != typed.first("again") {
        form.refuse("again", text(lang, "password-differs", &[]));
    }
    !form.errors.contains_key("password") && !form.errors.contains_key("again")
}

/// Lets somebody in who has shown who they are, or asks for the second step.
pub(super) fn come_in(room: &Room<'_>, lang: Lang, cookies: &CookieJar<'_>, entry: Entry) -> Result<Sent> {
    match entry {
        Entry::In(entered) => {
            let_in(room.settings, cookies, entered);
            Ok(Sent::Done(format!("/{}/office", lang.code())))
        }
        Entry::Code(step) => {
            Held::Step.keep(room.settings, cookies, step);
            Ok(Sent::Done(code_page(lang, "")))
        }
        Entry::Wrong | Entry::Slow(_) => Err(Error::OldLink),
    }
}

fn choose(
    room: &Room<'_>,
    lang: Lang,
    kind: LinkKind,
    token: &str,
    opened: &Opened,
    form: FormState,
) -> Result<Html> {
    let (title, lead, submit, asks) = match kind {
        LinkKind::Invitation => {
            ("invitation-title", "invitation-lead", "invitation-submit", Asks::NameAndPassword)
        }
        LinkKind::Reset => {
            ("new-password-title", "new-password-choose", "new-password-submit", Asks::Password)
        }
        LinkKind::SignIn | LinkKind::Code => {
            ("mailed-link-title", "mailed-link-enter", "mailed-link-submit", Asks::Nothing)
        }
    };
    let behind = Behind { path: format!("/{}/{token}", kind.page()), title, submit, asks };
    behind.draw(room, lang, text(lang, lead, &[]), opened.person.email.clone(), form)
}
