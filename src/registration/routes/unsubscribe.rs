//! Stopping reminders of a programme, and getting them again: behind the link of each reminder, without any other
//! secret. Opening it changes nothing; mail programs that offer one click post to it (RFC 8058), and are many people
//! at few addresses: the link itself is what limits them, and a post that changes nothing writes nothing.

use rocket::{form::Form, get, post};
use serde::Serialize;
use uuid::Uuid;

use super::{Html, Room, Sent, agenda::Reminders, typed::Typed};
use crate::{
    db::Conn,
    error::{Error, Result},
    locale::{Lang, text},
    registration::reminders::{
        LINK_VERSION,
        store::{self, Choice},
    },
    tokens::{LinkKey, Purpose},
    web::{guards::SameOrigin, page::Layout, reply::Private},
};

/// What `registration/unsubscribe.html` shows.
#[derive(Debug, Serialize)]
struct UnsubscribePage {
    action: String,
    home: String,
    /// Of which programme.
    programme: String,
    /// True where reminders are sent.
    on: bool,
    /// True where nobody knows what was asked.
    unclear: bool,
}

/// What a post asks for.
enum Asked {
    /// A mail program does, in one click.
    StopAtOnce,
    /// The page's form.
    Stop,
    /// The page's form.
    Again,
    /// Nothing that we know.
    Nothing,
}

impl Asked {
    fn of(typed: &Typed) -> Asked {
        match typed.first("reminders") {
            "stop" => Asked::Stop,
            "again" => Asked::Again,
            "" if typed.first("List-Unsubscribe").eq_ignore_ascii_case("One-Click") => Asked::StopAtOnce,
            _ => Asked::Nothing,
        }
    }

    fn changes(&self, choice: &Choice) -> bool {
        match self {
            Asked::Stop | Asked::StopAtOnce => choice.stopped_at.is_none(),
            Asked::Again => choice.stopped_at.is_some(),
            Asked::Nothing => false,
        }
    }
}

#[get("/<lang>/unsubscribe/<token>", rank = 5)]
pub async fn show(lang: Lang, token: &str, room: Room<'_>) -> Result<Private<Html>> {
    let choice = choice(&room, token).await?;
    draw(&room, lang, token, &choice, Shown::State).map(Private)
}

#[post("/<lang>/unsubscribe/<token>", data = "<typed>", rank = 5)]
pub async fn send(
    _same: SameOrigin,
    lang: Lang,
    token: &str,
    typed: Form<Typed>,
    room: Room<'_>,
) -> Result<Private<Result<Html, Sent>>> {
    let choice = choice(&room, token).await?;
    let asked = Asked::of(&typed);
    if matches!(asked, Asked::Nothing) {
        let html = draw(&room, lang, token, &choice, Shown::Unclear)?;
        return Ok(Private(Err(Sent::Mistakes(html))));
    }
    // Writers take turns: who posts the same again and again takes nobody's.
    if asked.changes(&choice) {
        // Giving them back needs somebody who reads the page; only so can they be stopped once more.
        let wait = matches!(asked, Asked::Again).then(|| room.limits.wait_of_mailbox(&choice.id.to_string()));
        if let Some(seconds) = wait.flatten() {
            let html = draw(&room, lang, token, &choice, Shown::State)?;
            return Ok(Private(Err(Sent::TooOften(html, seconds))));
        }
        let mut tx = room.house.pool.begin().await?;
        match asked {
            Asked::Stop | Asked::StopAtOnce => store::stop(&mut tx, choice.id, room.now).await?,
            Asked::Again => store::resume(&mut tx, choice.id).await?,
            Asked::Nothing => {}
        }
        tx.commit().await?;
    }
    if matches!(asked, Asked::StopAtOnce) {
        // Mail programs follow no redirect.
        let stopped = Choice { stopped_at: choice.stopped_at.or(Some(room.now)), ..choice };
        return Ok(Private(Ok(draw(&room, lang, token, &stopped, Shown::State)?)));
    }
    Ok(Private(Err(Sent::Done(page_of(lang, token)))))
}

/// These pages for somebody, one of each programme that has reminded them.
pub async fn of(room: &Room<'_>, db: &mut Conn, lang: Lang, person: Uuid) -> Result<Vec<Reminders>> {
    let link = |choice: &Choice| {
        let published = room.house.publications.by_id(choice.programme_id)?;
        let token = room.house.key.seal(Purpose::Reminders, choice.id, LINK_VERSION);
        let programme = published.release.programme.title.clone();
        Some(Reminders { href: page_of(lang, &token), programme })
    };
    Ok(store::choices_of(db, person).await?.iter().filter_map(link).collect())
}

async fn choice(room: &Room<'_>, token: &str) -> Result<Choice> {
    if !room.house.key.holds(token, Purpose::Reminders, LINK_VERSION) {
        return Err(Error::OldLink);
    }
    let id = LinkKey::named(token).ok_or(Error::OldLink)?;
    store::choice(&mut room.db().await?, id).await?.ok_or(Error::OldLink)
}

fn page_of(lang: Lang, token: &str) -> String {
    format!("/{}/unsubscribe/{token}", lang.code())
}

enum Shown {
    State,
    Unclear,
}

fn draw(room: &Room<'_>, lang: Lang, token: &str, choice: &Choice, shown: Shown) -> Result<Html> {
    let title = text(lang, "reminders-title", &[]);
    let path = format!("/unsubscribe/{token}");
    let layout = Layout::new(&room.settings.base_url, lang, &path, title);
    let (layout, home, programme) = match room.house.publications.by_id(choice.programme_id) {
        Some(published) => {
            let programme = &published.release.programme;
            let layout =
                layout.programme(&programme.slug, programme.title.clone()).release(published.release.number);
            (layout, format!("/{}/{}", lang.code(), programme.slug), programme.title.clone())
        }
        None => (layout, format!("/{}/", lang.code()), String::new()),
    };
    let body = UnsubscribePage {
        action: page_of(lang, token),
        home,
        programme,
        on: choice.stopped_at.is_none(),
        unclear: matches!(shown, Shown::Unclear),
    };
    room.draw(layout.robots("noindex").current("agenda"), body, "registration/unsubscribe.html")
}
