//! « Mes sessions »: who has lost the link to their agenda has it sent again. The answer never says whether an
//! address is known: it is the same, and comes before anybody has looked.

use rocket::{form::Form, get, post, response::Redirect};
use serde::Serialize;

use super::{Html, Room, Sent, typed::Typed};
use crate::{
    error::{Error, Result},
    locale::{Lang, text},
    programme::routes::site::Query,
    registration::{desk::House, link, person::Email},
    web::{
        form::FormState,
        guards::{RateLimitedLink, SameOrigin},
        page::Layout,
        reply::Private,
    },
};

/// What has just been done; each has the message `link-done-{code}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Done {
    /// A mail is on its way, if anybody is known by the address.
    Sent,
    /// The old link is revoked and the new one on its way.
    Renewed,
    /// The person is erased.
    Erased,
}

impl Done {
    const ALL: [Done; 3] = [Done::Sent, Done::Renewed, Done::Erased];

    fn code(self) -> &'static str {
        match self {
            Done::Sent => "sent",
            Done::Renewed => "renewed",
            Done::Erased => "erased",
        }
    }

    /// The page that says so; nobody's token stands in its address.
    pub fn page(self, lang: Lang) -> String {
        format!("/{}/link?done={}", lang.code(), self.code())
    }
}

/// What `registration/link.html` shows.
#[derive(Debug, Serialize)]
struct LinkPage {
    action: String,
    home: String,
    /// In words.
    done: Option<String>,
    /// False where there is nothing left to send a link to.
    ask: bool,
    form: FormState,
}

#[get("/<lang>/link", rank = 5)]
pub fn show(lang: Lang, query: Query, room: Room<'_>) -> Result<Private<Html>> {
    let word = query.pairs().find(|(name, _)| *name == "done").map(|(_, value)| value);
    let done = Done::ALL.into_iter().find(|done| word == Some(done.code()));
    draw(&room, lang, done, FormState::default()).map(Private)
}

#[post("/<lang>/link", data = "<typed>", rank = 5)]
pub async fn send(
    _same: SameOrigin,
    _limit: RateLimitedLink,
    lang: Lang,
    typed: Form<Typed>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let address = typed.first("email");
    match Email::parse(address) {
        Ok(email) => {
            // Where nothing can be written, nothing is promised, to whomever.
            if room.house.pool.closing().is_cancelled() {
                return Err(Error::Busy("shutting down"));
            }
            drop(room.db().await?);
            let house = room.house.clone();
            // Answered without waiting for it: how long it takes would tell who is known.
            room.house.pool.tasks().spawn(async move { look_up(&house, &email, lang).await });
            Ok(Private(Sent::Done(Done::Sent.page(lang))))
        }
        Err(why) => {
            let mut form = FormState::default();
            form.set("email", address);
            form.refuse("email", text(lang, why.key(), &[]));
            draw(&room, lang, None, form).map(Sent::Mistakes).map(Private)
        }
    }
}

async fn look_up(house: &House, email: &Email, lang: Lang) {
    if let Err(cause) = link::send(house, email, lang).await {
        log::error!("a link that somebody asked for could not be queued: {cause}");
    }
}

/// For other rooms' posts that end here.
pub fn redirect(done: Done, lang: Lang) -> Private<Redirect> {
    Private(Redirect::to(done.page(lang)))
}

fn draw(room: &Room<'_>, lang: Lang, done: Option<Done>, form: FormState) -> Result<Html> {
    let title = text(lang, "link-title", &[]);
    let all = room.house.publications.all();
    let (layout, home) = match all.as_slice() {
        [only] => {
            let programme = &only.release.programme;
            let layout = Layout::new(&room.settings.base_url, lang, "/link", title)
                .programme(&programme.slug, programme.title.clone())
                .release(only.release.number);
            (layout, format!("/{}/{}", lang.code(), programme.slug))
        }
        _ => (Layout::new(&room.settings.base_url, lang, "/link", title), format!("/{}/", lang.code())),
    };
    let body = LinkPage {
        action: format!("/{}/link", lang.code()),
        home,
        done: done.map(|done| text(lang, &format!("link-done-{}", done.code()), &[])),
        ask: done != Some(Done::Erased),
        form,
    };
    room.draw(layout.robots("noindex").current("agenda"), body, "registration/link.html")
}
