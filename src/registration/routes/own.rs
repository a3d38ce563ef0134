//! What a person does behind the link to their agenda, beside giving back: the name, the links, the data. Each is
//! a post; opening an address changes nothing.

use rocket::{
    Responder,
    form::Form,
    get,
    http::{ContentType, Header},
    post,
    response::Redirect,
};
use serde::Serialize;

use super::{
    Html, Room, Sent, agenda, agenda_of, draw_agenda,
    link::{self, Done},
    read,
    typed::Typed,
};
use crate::{
    db::Conn,
    error::{Error, Result},
    locale::{Lang, text},
    proposals::{self, data::Whole},
    registration::{data, decide::Participant, erasure, person::Name, store::person as store},
    tokens::{LinkKey, Purpose},
    web::{
        form::FormState,
        guards::{RateLimited, SameOrigin},
        page::Layout,
        reply::Private,
    },
};

#[post("/<lang>/agenda/<token>/name", data = "<typed>", rank = 5)]
pub async fn rename(
    _same: SameOrigin,
    _limit: RateLimited,
    lang: Lang,
    token: &str,
    typed: Form<Typed>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    match take_name(&room, lang, token, typed.first("name")).await {
        Err(cause) if cause.is_passing() => {
            log::warn!("a name had to wait: {cause}");
            draw_name(&room, lang, token, typed.first("name")).map(Sent::Busy).map(Private)
        }
        taken => taken.map(Private),
    }
}

async fn take_name(room: &Room<'_>, lang: Lang, token: &str, typed: &str) -> Result<Sent> {
    let mut db = room.db().await?;
    let person = room.person(&mut db, token, Purpose::Agenda).await?;
    match Name::parse(typed) {
        Ok(name) => {
            drop(db);
            let mut tx = room.house.pool.begin().await?;
            store::rename(&mut tx, person.id, name.as_str()).await?;
            tx.commit().await?;
            Ok(Sent::Done(said(lang, token, "name")))
        }
        Err(why) => {
            let mut form = FormState::default();
            form.set("name", typed);
            form.refuse("name", text(lang, why.key(), &[]));
            let asked = agenda::Asked::default();
            draw_agenda(room, &mut db, lang, token, &person, &asked, form).await.map(Sent::Mistakes)
        }
    }
}

/// What `registration/name.html` shows.
#[derive(Debug, Serialize)]
struct NamePage {
    agenda: String,
    form: FormState,
}

/// The name alone, as it was typed: nobody can look at what else the page of the link shows.
fn draw_name(room: &Room<'_>, lang: Lang, token: &str, typed: &str) -> Result<Html> {
    let mut form = FormState::default();
    form.set("name", typed);
    let body = NamePage { agenda: agenda_of(lang, token), form };
    let title = text(lang, "own-title", &[]);
    let layout = Layout::new(&room.settings.base_url, lang, &format!("/agenda/{token}"), title);
    room.draw(layout.robots("noindex").current("agenda"), body, "registration/name.html")
}

#[post("/<lang>/agenda/<token>/feed", rank = 5)]
pub async fn renew_feed(
    _same: SameOrigin,
    _limit: RateLimited,
    lang: Lang,
    token: &str,
    room: Room<'_>,
) -> Result<Private<Redirect>> {
    let mut db = room.db().await?;
    let person = room.person(&mut db, token, Purpose::Agenda).await?;
    drop(db);
    let mut tx = room.house.pool.begin().await?;
    // Of several at once the first revokes; the page shows all of them the address that is right now.
    store::renew_feed(&mut tx, person.id, person.feed_version).await?;
    tx.commit().await?;
    Ok(Private(Redirect::to(said(lang, token, "feed"))))
}

#[post("/<lang>/agenda/<token>/link", rank = 5)]
pub async fn renew_link(
    _same: SameOrigin,
    _limit: RateLimited,
    lang: Lang,
    token: &str,
    room: Room<'_>,
) -> Result<Private<Redirect>> {
    let mut db = room.db().await?;
    let person = room.person(&mut db, token, Purpose::Agenda).await?;
    drop(db);
    crate::registration::link::renew(room.house, &person, lang).await?;
    Ok(link::redirect(Done::Renewed, lang))
}

/// A file to keep.
#[derive(Responder)]
pub struct Download {
    json: (ContentType, String),
    disposition: Header<'static>,
}

#[get("/<lang>/agenda/<token>/data.json", rank = 5)]
pub async fn export(lang: Lang, token: &str, room: Room<'_>) -> Result<Private<Download>> {
    let mut db = room.db().await?;
    let person = room.person(&mut db, token, Purpose::Agenda).await?;
    drop(db);
    let proposals = match &person.email {
        Some(email) => proposals::data::of(room.house, email).await?,
        None => Vec::new(),
    };
    let data = Whole { data: data::of(room.house, person.id).await?, proposals };
    let json = serde_json::to_string_pretty(&data).map_err(|cause| Error::Internal(cause.to_string()))?;
    let name = text(lang, "own-file", &[]);
    Ok(Private(Download {
        json: (ContentType::JSON, json),
        disposition: Header::new("Content-Disposition", format!("attachment; filename=\"{name}.json\"")),
    }))
}

/// What `registration/erasure.html` shows.
#[derive(Debug, Serialize)]
struct ErasurePage {
    action: String,
    agenda: String,
    data: String,
    email: Option<String>,
    /// So many registrations are given back.
    cancellable: usize,
    form: FormState,
}

#[get("/<lang>/agenda/<token>/erasure", rank = 5)]
pub async fn ask_erasure(lang: Lang, token: &str, room: Room<'_>) -> Result<Private<Html>> {
    let mut db = room.db().await?;
    let person = room.person(&mut db, token, Purpose::Agenda).await?;
    draw_erasure(&room, &mut db, lang, token, person, FormState::default()).await.map(Private)
}

#[post("/<lang>/agenda/<token>/erasure", data = "<typed>", rank = 5)]
pub async fn erase(
    _same: SameOrigin,
    _limit: RateLimited,
    lang: Lang,
    token: &str,
    typed: Form<Typed>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let mut db = room.db().await?;
    let person = match room.person(&mut db, token, Purpose::Agenda).await {
        Ok(person) => person,
        // Sent twice: what was asked for is done.
        Err(Error::OldLink) if was_erased(&room, &mut db, token).await? => {
            return Ok(Private(Sent::Done(Done::Erased.page(lang))));
        }
        Err(cause) => return Err(cause),
    };
    if !typed.is_ticked("confirm") {
        let mut form = FormState::default();
        form.refuse("confirm", text(lang, "erasure-confirm-missing", &[]));
        let html = draw_erasure(&room, &mut db, lang, token, person, form).await?;
        return Ok(Private(Sent::Mistakes(html)));
    }
    drop(db);
    // First: afterwards nobody knows the address any more.
    if let Some(email) = &person.email {
        proposals::forget::erase_person(room.house, email, None).await?;
    }
    erasure::erase(room.house, person.id).await?;
    Ok(Private(Sent::Done(Done::Erased.page(lang))))
}

/// True for the link that was right until its person was erased.
async fn was_erased(room: &Room<'_>, db: &mut Conn, token: &str) -> Result<bool> {
    let Some(id) = LinkKey::named(token) else { return Ok(false) };
    let Some(person) = super::store::participant(db, id).await? else { return Ok(false) };
    Ok(person.is_erased() && room.house.key.holds(token, Purpose::Agenda, person.agenda_version - 1))
}

async fn draw_erasure(
    room: &Room<'_>,
    db: &mut Conn,
    lang: Lang,
    token: &str,
    person: Participant,
    form: FormState,
) -> Result<Html> {
    let mine = agenda::known(read::agenda(db, person.id).await?, &room.house.publications);
    let agenda = agenda_of(lang, token);
    let body = ErasurePage {
        action: format!("{agenda}/erasure"),
        data: format!("{agenda}/data.json"),
        cancellable: agenda::cancellable(&mine, room.now),
        email: person.email,
        agenda,
        form,
    };
    let title = text(lang, "erasure-title", &[]);
    let layout = room.agenda_frame(lang, &format!("/agenda/{token}/erasure"), title, &mine);
    room.draw(layout, body, "registration/erasure.html")
}

/// The agenda, which says what has been done: the message `agenda-said-{what}`.
pub fn said(lang: Lang, token: &str, what: &str) -> String {
    format!("{}?said={what}", agenda_of(lang, token))
}
